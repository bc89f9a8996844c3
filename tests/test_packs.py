"""The packs say what they do, and the format refuses what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleaner import Cleaner, PackError, clean
from cleaner.check import check, hits_alone
from cleaner.language import KNOWN
from cleaner.match import Matcher
from cleaner.pipeline import MATCHERS
from cleaner.rules import PACKS, Effect, Pack, Phrase, built_in, names, read_pack, with_parents

GOOD = """
language = "it"
[related.example]
effect = "section"
phrases = ["Ancora dal nostro archivio"]
examples = ["Ancora dal nostro archivio"]
counterexamples = ["Ancora dal nostro archivio non era uscito nulla di simile."]
"""
RULE = GOOD.split("\n", 2)[2]


# the end of a sentence, in any script, with a quotation mark or a bracket behind it
SENTENCE = re.compile(r"[.!?…。！？।۔؟][”\"»’)」]?$")


def sentences(pack: Pack) -> Iterator[str]:
    """The sentences that a pack's rules are warned of; where a rule tells speech they are its examples."""
    for rule in pack.rules:
        if rule.effect != Effect.BODY:
            yield from filter(SENTENCE.search, rule.examples if rule.effect is Effect.SAID else rule.counterexamples)


@pytest.mark.parametrize("name", names())
def test_every_example_is_hit_and_no_sentence_that_a_rule_is_warned_of(name: str) -> None:
    family = with_parents(name, {})
    matcher, pack = Matcher(family), next(pack for pack in family if pack.name == name)
    assert [str(error) for error in check(pack, matcher)] == []
    taken = [
        (line, matcher.rules[number].id)
        for line, hits in hits_alone(matcher, list(sentences(pack))).items()
        for number in hits
        if matcher.rules[number].effect not in (Effect.HINT, Effect.BODY, Effect.SAID)
    ]
    assert taken == []


@pytest.mark.parametrize("lang", sorted(KNOWN))
def test_the_sentences_that_rules_are_warned_of_stay_among_paragraphs(lang: str) -> None:
    pages = (Path(__file__).parents[1] / "fixtures" / lang).glob("*.body.txt")
    longest = max((page.read_text(encoding="utf-8") for page in pages), key=len)
    first, second, third, *_ = sorted(longest.split("\n"), key=len, reverse=True)
    lost = [
        line
        for line in sentences(built_in(lang))
        if line not in clean("\n\n".join((first, second, line, third)), lang=lang)
    ]
    assert lost == []


def test_every_language_that_langdetect_knows_has_a_pack() -> None:
    assert set(names()) >= KNOWN
    assert len(KNOWN) == 55


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_a_language_has_enough_rules_and_phrases(name: str) -> None:
    packs = [pack for pack in with_parents(name, {}) if pack.name != "common"]
    assert sum(len(pack.rules) for pack in packs) >= 25
    assert sum(len(rule.phrases) for pack in packs for rule in pack.rules) >= 60
    assert all(len(pack.stop) >= 40 for pack in packs if pack.name == name)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("not toml", "not valid TOML"),
        (RULE.replace('effect = "section"', 'effect = "explode"'), "effect 'explode' is none of"),
        (RULE.replace("phrases", "phases"), "unknown key 'phases'"),
        (RULE.replace("[related.example]", "[relatde.example]"), "'relatde' is neither"),
        ('[body.x]\neffect = "said"\nphrases = ["disse …"]\n' + RULE.split("\n", 3)[3], "told by patterns alone"),
        (RULE.split("counterexamples")[0], "needs examples and counterexamples"),
        (RULE.replace('phrases = ["Ancora dal nostro archivio"]', "patterns = ['^Ancora']"), "'needs'"),
        (
            RULE.replace('phrases = ["Ancora dal nostro archivio"]', "patterns = ['^(Ancora']\nneeds = ['ancora']"),
            "pattern",
        ),
        (
            RULE.replace('phrases = ["Ancora dal nostro archivio"]', "patterns = ['^{moth}']\nneeds = ['ancora']"),
            "{moth}",
        ),
        (RULE.replace('phrases = ["Ancora dal', 'phrases = ["Ancora … dal'), "only at its start or end"),
        (RULE.replace('["Ancora dal nostro archivio"]', "[]", 1), "neither phrases nor patterns"),
        (RULE.replace('["Ancora dal nostro archivio"]', '"Ancora"', 1), "list of strings"),
        (RULE.replace('examples = ["Ancora', 'examples = ["Mai'), "misses its example"),
        (
            RULE.replace('["Ancora dal nostro archivio non', '["Ancora dal nostro archivio", "non'),
            "hits its counterexample",
        ),
        ('inherits = ["atlantis"]\n' + RULE, "no pack 'atlantis'"),
        ('words = { stop = ["a"], stopp = ["b"] }\n' + RULE, "unknown key 'stopp'"),
    ],
)
def test_a_broken_pack_is_refused_with_file_and_reason(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as refused:
        Cleaner(packs=[file])
    assert reason in str(refused.value)
    assert "broken.toml" in str(refused.value) or "related.example" in str(refused.value)


def test_a_missing_pack_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"missing\.toml"):
        Cleaner(packs=[tmp_path / "missing.toml"])


def test_an_enormous_pack_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "large.toml"
    file.write_text("# " + "x" * 2_100_000, encoding="utf-8")
    with pytest.raises(PackError, match="larger than"):
        read_pack(file)


ARTICLE = """Il ponte è stato riaperto ieri mattina, dopo nove anni di lavori e tre rinvii della giunta comunale.

Alla cerimonia hanno partecipato gli abitanti delle due rive, che da anni chiedevano un passaggio sicuro.

Il sindaco ha ricordato gli operai che vi hanno lavorato anche di notte, nei mesi più freddi dell'anno."""


def test_a_users_pack_replaces_the_librarys(tmp_path: Path) -> None:
    file = tmp_path / "it.toml"
    file.write_text(GOOD, encoding="utf-8")
    page = ARTICLE + "\n\nAncora dal nostro archivio"
    document = Cleaner(packs=[file]).explain(page, lang="it")
    assert document.text == ARTICLE
    assert document.spans[-1].rule == "it.related.example"


def test_a_site_pack_is_used_on_its_site_alone(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    site = 'sites = ["esempio.it"]' + GOOD.replace('language = "it"', "").replace(
        "Ancora dal nostro archivio", "La bottega del lunedì"
    )
    file.write_text(site, encoding="utf-8")
    page = ARTICLE + "\n\nLa bottega del lunedì"
    cleaner = Cleaner(sites=[file])
    for url in ("https://www.esempio.it/articolo", "http://notizie.esempio.it/x", "esempio.it/y"):
        assert cleaner.explain(page, lang="it", url=url).spans[-1].rule == "mine.related.example"
    for url in ("https://altro.it/", "https://nonesempio.it/", "nonsense://[", ""):
        assert "mine." not in str(cleaner.explain(page, lang="it", url=url).spans)


def test_a_folder_of_site_packs(tmp_path: Path) -> None:
    site = GOOD.replace('language = "it"', "").replace("Ancora dal nostro archivio", "La bottega del lunedì")
    (tmp_path / "esempio.it.toml").write_text(site, encoding="utf-8")
    document = Cleaner(sites=[tmp_path]).explain(
        ARTICLE + "\n\nLa bottega del lunedì", lang="it", url="https://esempio.it/a"
    )
    assert document.spans[-1].rule == "esempio.it.related.example"


def test_phrases() -> None:
    assert Phrase.parse("… tutti i diritti riservati …") == Phrase("tutti i diritti riservati", True, True)
    assert Phrase.parse("Commenti") == Phrase("Commenti", False, False)


def test_no_pack_is_read_before_it_is_needed_and_none_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    from cleaner import rules
    from cleaner.pipeline import _built_in_matcher

    read: list[str] = []
    really = rules.read_pack

    def counting(path: Path | str) -> rules.Pack:
        read.append(Path(path).stem)
        return really(path)

    monkeypatch.setattr(rules, "read_pack", counting)
    rules.built_in.cache_clear()
    _built_in_matcher.cache_clear()
    for _ in range(3):
        Cleaner().clean(ARTICLE, lang="it")
        Cleaner().clean(ARTICLE, lang="es")
    assert sorted(read) == ["common", "es", "iberian", "it"]


def test_a_pack_that_inherits_its_own_name_adds_to_the_librarys(tmp_path: Path) -> None:
    file = tmp_path / "it.toml"
    file.write_text('inherits = ["it"]' + GOOD, encoding="utf-8")
    page = ARTICLE + "\n\nAncora dal nostro archivio\n\nRiproduzione riservata"
    assert Cleaner(packs=[file]).explain(page, lang="it").text == ARTICLE
    file.write_text(GOOD, encoding="utf-8")
    rules = {span.rule for span in Cleaner(packs=[file]).explain(page, lang="it").spans}
    assert "it.related.example" in rules
    assert not any(rule.startswith("it.copyright") for rule in rules)


def test_a_copy_of_a_pack_is_sound_and_needs_no_calendar_beside_it(tmp_path: Path) -> None:
    (tmp_path / "it.toml").write_bytes((PACKS / "it.toml").read_bytes())
    page = ARTICLE + "\n\nPubblicato il 3 maggio 2019 alle 10:15"
    assert Cleaner(packs=[tmp_path / "it.toml"]).explain(page, lang="it").date == "2019-05-03"


def test_a_pack_of_another_language_is_used_for_it_alone_and_one_of_none_for_all(tmp_path: Path) -> None:
    page = ARTICLE + "\n\nAncora dal nostro archivio"
    for name, used in (("eu", ["eu"]), ("house", ["eu", "it", "fr"])):
        file = tmp_path / f"{name}.toml"
        file.write_text(GOOD.replace('language = "it"', ""), encoding="utf-8")
        own = Cleaner(packs=[file])
        found = [tag for tag in ("eu", "it", "fr") if f"{name}.related.example" in str(own.explain(page, tag).spans)]
        assert found == used


def test_sites_of_packs_of_one_language_are_told_apart(tmp_path: Path) -> None:
    files = []
    for site in ("uno.example", "due.example"):
        files.append(tmp_path / f"{site}.toml")
        rule = GOOD.replace("Ancora dal nostro archivio", f"La bottega di {site[:3]}")
        files[-1].write_text(f'sites = ["{site}"]' + rule, encoding="utf-8")
    page = ARTICLE + "\n\nLa bottega di uno\n\nLa bottega di due"
    for order in (files, files[::-1]):
        own = Cleaner(sites=order)
        for site in ("uno.example", "due.example", "uno.example"):
            hit = [s for s in own.explain(page, "it", f"https://{site}/a").spans if s.rule == "it.related.example"]
            assert [page[s.start : s.end].strip()[-3:] for s in hit] == [site[:3]]


def test_what_is_no_site_is_said(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    for site in ("https://www.esempio.it:8080/", "WWW.esempio.it."):
        file.write_text(f'sites = ["{site}"]' + GOOD, encoding="utf-8")
        page = ARTICLE + "\n\nAncora dal nostro archivio"
        assert Cleaner(sites=[file]).explain(page, "it", "https://esempio.it/a").text == ARTICLE
    file.write_text('sites = ["mine"]' + GOOD, encoding="utf-8")
    with pytest.raises(PackError, match="'mine' is no site"):
        Cleaner(sites=[file])
    with pytest.warns(UserWarning, match="called after its site"):
        Cleaner(sites=[tmp_path])


def test_many_sites_cost_little_more_than_their_rules(tmp_path: Path) -> None:
    for number in range(2 * MATCHERS):
        (tmp_path / f"site{number}.example.toml").write_text(GOOD.replace('language = "it"', ""), encoding="utf-8")
    own = Cleaner(sites=[tmp_path])
    for number in range(2 * MATCHERS):
        matcher = own._matcher("it", f"https://site{number}.example")
        assert matcher.rules[-1].id == f"site{number}.example.related.example"
    assert len(own._matchers._held) == MATCHERS
