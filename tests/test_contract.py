"""The public contract."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

import cleaner
from cleaner import Cleaner, Document, Kind, Span

FIXTURES = Path(__file__).parents[1] / "fixtures"
ITALIAN = (FIXTURES / "it" / "antidiplomatico.txt").read_text(encoding="utf-8")
SPANISH = (FIXTURES / "es" / "putin-maduro.txt").read_text(encoding="utf-8")
BODY = (FIXTURES / "it" / "antidiplomatico.body.txt").read_text(encoding="utf-8")


def test_the_italian_page() -> None:
    document = cleaner.explain(ITALIAN)
    assert document.text == BODY
    assert document.lang == "it"
    assert document.title == "Putin e Maduro non hanno discusso delle basi russe in Venezuela"
    assert document.author == "La Redazione de l'AntiDiplomatico"
    assert document.date == "2022-01-21"
    rules = {ITALIAN[span.start : span.end].strip(): (span.kind, span.rule) for span in document.spans if not span.kept}
    assert rules["On Fire"] == (Kind.RELATED, "it.related.on-fire")
    assert rules["Le più recenti da Mondo Multipolare"][0] == Kind.RELATED
    assert rules["Copyright L'Antiplomatico 2013 all rights reserved"][0] == Kind.COPYRIGHT
    registration = next(line for line in rules if line.startswith("L'AntiDiplomatico è una testata"))
    assert rules[registration][0] == Kind.LEGAL
    assert all(kind and rule for kind, rule in rules.values())


def test_the_spanish_page_is_body_from_end_to_end() -> None:
    assert cleaner.clean(SPANISH) == SPANISH
    assert cleaner.clean(SPANISH, lang="es") == SPANISH


def test_values() -> None:
    document = cleaner.explain(ITALIAN)
    assert isinstance(document, Document)
    assert all(isinstance(span, Span) and 0 <= span.score <= 1 for span in document.spans)
    assert json.loads(json.dumps(document.to_dict()))["spans"][0]["kind"] == "title"
    assert str(document) == document.text


def test_keep_leaves_kinds_in() -> None:
    kept = Cleaner(keep={"title"}).clean(ITALIAN)
    assert kept.startswith("Putin e Maduro non hanno discusso")
    assert "21 Gennaio 2022 14:30" not in kept
    assert kept.endswith(BODY)
    assert "On Fire" in Cleaner(keep=[Kind.RELATED]).clean(ITALIAN)


@pytest.mark.parametrize("tag", ["it", "ita", "ita_Latn", "IT", "it-IT"])
def test_tags_as_data_sets_write_them(tag: str) -> None:
    assert cleaner.clean(ITALIAN, lang=tag) == BODY


@pytest.mark.parametrize("wrong", [None, 3, b"bytes", ["list"]])
def test_wrong_types(wrong: object) -> None:
    with pytest.raises(TypeError, match="text must be a str"):
        cleaner.clean(wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        cleaner.explain_html(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="lang must be"):
        cleaner.clean("text", lang=3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="url must be"):
        cleaner.clean("text", url=3)  # type: ignore[arg-type]


def test_settings_that_are_none() -> None:
    with pytest.raises(ValueError, match="detector is"):
        Cleaner(detector="oracle")
    with pytest.raises(ValueError, match="exclude each other"):
        Cleaner(favor_recall=True, favor_precision=True)
    with pytest.raises(ValueError, match="no kind; there are body, title"):
        Cleaner(keep={"titel"})
    with pytest.raises(TypeError, match="keep is a list or a set"):
        Cleaner(keep="title")
    with pytest.raises(ValueError, match="not a weights file"):
        Cleaner(model="nowhere.json").clean("text")
    for workers in (0, True, 2.0):
        with pytest.raises(ValueError, match="workers is a number from 1"):
            Cleaner().clean_many(["text"], workers=workers)  # type: ignore[arg-type]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("single", ["Ciao a tutti", b"Ciao a tutti", Path("page.txt")])
def test_clean_many_is_for_many(single: Any, workers: int) -> None:
    with pytest.raises(TypeError, match=f"texts is a list or an iterable, not a single {type(single).__name__}"):
        Cleaner().clean_many(single, workers=workers)


def test_an_unknown_language_gets_the_common_rules() -> None:
    document = cleaner.explain("Ein Satz.\n\nAll rights reserved", lang="xx-unknown")
    assert document.spans[-1].rule == "common.copyright.bare"


def test_the_dial_only_moves_one_way() -> None:
    def kept(cleaner: Cleaner) -> int:
        return len(cleaner.clean(ITALIAN))

    assert kept(Cleaner(favor_recall=True)) >= kept(Cleaner()) >= kept(Cleaner(favor_precision=True))


def test_without_weights_rules_alone_decide_and_lose_nothing() -> None:
    kept = Cleaner(model=None).clean(ITALIAN)
    assert all(line in kept for line in BODY.splitlines())
    assert "On Fire" not in kept
    assert "all rights reserved" not in kept


def test_a_cleaner_can_be_pickled() -> None:
    copy = pickle.loads(pickle.dumps(Cleaner(keep={"title"})))
    assert copy.explain(ITALIAN).to_dict() == Cleaner(keep={"title"}).explain(ITALIAN).to_dict()


def test_a_document_can_be_pickled_and_copied() -> None:
    document = cleaner.explain(ITALIAN)
    wanted = document.to_dict()
    for copy in (pickle.loads(pickle.dumps(cleaner.explain(ITALIAN))), deepcopy(document)):
        assert copy == document
        assert copy.to_dict() == wanted


def test_clean_many_keeps_the_order() -> None:
    texts = [ITALIAN, SPANISH, "", "All rights reserved"] * 40
    wanted = [cleaner.clean(text) for text in texts]
    assert list(Cleaner().clean_many(texts)) == wanted
    assert list(Cleaner().clean_many(iter(texts), workers=2)) == wanted


def test_clean_many_shows_progress(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(Cleaner().clean_many([SPANISH], progress=True)) == [SPANISH]
    assert "cleaning" in capsys.readouterr().err


def test_importing_loads_nothing_heavy() -> None:
    heavy = ("trafilatura", "lxml", "langdetect", "numpy", "pyarrow", "catboost", "rich", "click", "regex")
    code = f"import cleaner, sys; print([name for name in {heavy!r} if name in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_cleaning_text_loads_no_html_library_and_given_the_language_no_detector() -> None:
    code = "import cleaner, sys; cleaner.clean('All rights reserved', lang='en'); print([n for n in ('trafilatura', 'lxml', 'langdetect', 'rich') if n in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


@pytest.mark.parametrize("workers", [1, 2])
def test_what_was_cleaned_before_an_error_is_handed_out(workers: int) -> None:
    def texts() -> Iterator[str]:
        yield from ["Share on Facebook\n\nThe mill has reopened after nine years of work."] * 50
        raise OSError("the disk is gone")

    for source, error, count in ((texts(), OSError, 50), (["The mill is open."] * 40 + [None], TypeError, 40)):
        found = []
        with pytest.raises(error):
            found.extend(cleaned for cleaned in Cleaner().clean_many(source, "en", workers=workers))
        assert len(found) == count


@pytest.mark.parametrize(
    "setting", [{"model": 5}, {"model": True}, {"html_model": None}, {"html_model": 3.5}, {"detector": 4}]
)
def test_settings_of_a_wrong_type_are_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=next(iter(setting))):
        Cleaner(**setting)


def test_a_detector_that_says_no_tag_is_named() -> None:
    with pytest.raises(TypeError, match="detector"):
        Cleaner(detector=lambda text: ("en", 0.9)).clean("The mill by the river has reopened after nine years.")
