"""The lexicon: a page's terms, how they are written, and what they add up to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.features import look
from cleaner.fit_lexicon import SITES, Lexicographer, spellings, written
from cleaner.labelled import Row
from cleaner.lexicon import Lexicon, numbers_of_terms
from cleaner.lines import split
from cleaner.pipeline import matcher_for
from cleaner.table import tabulate
from cleaner.words import stems_of, terms_of

PAGE = "Share this page\n\nThe mill has 12 wheels.\nShare"
CHINESE = "分享到微博\n12月的磨坊"


def said(lexicon: Lexicon, text: str) -> list[list[int]]:
    page = split(text)
    return lexicon.said(terms_of(page), len(page)).tolist()


@given(st.text() | st.text(st.sampled_from("aéß9²三のไทय़\u0301 \n'-.")))
def test_a_term_has_the_number_of_what_is_written(text: str) -> None:
    page = split(text)
    terms = terms_of(page)
    written = spellings(page)
    assert numbers_of_terms(written).tolist() == terms.term.tolist()
    assert len(terms.line) == len(written)
    assert (np.bincount(terms.line, minlength=len(page)) != 1).all()  # a word, its beginning and its end


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Café no. 15", ["cafe", "no", "00", "^ cafe", "cafe no", "no 00", "00 $"]),
        ("分享", ["分", "享", "^ 分", "分 享", "享 $"]),
        ("!\nword", ["word", "^ word", "word $"]),
    ],
)
def test_terms_are_words_and_pairs(text: str, written: list[str]) -> None:
    assert spellings(split(text)) == written


def test_a_line_adds_up_what_its_terms_say_each_once() -> None:
    lexicon = Lexicon.read({"bias": 5, "terms": {"share": -100, "share $": -30, "^ the": 40, "00": 7, "分 享": -9}})
    assert said(lexicon, PAGE) == [[-95, 52, -125], [1, 2, 2]]
    assert said(lexicon, "share, share and share again") == [[-95], [1]]
    assert said(lexicon, CHINESE) == [[-4, 12], [1, 1]]
    assert said(lexicon, "") == [[], []]


def test_a_lexicon_may_be_empty() -> None:
    assert said(Lexicon.read({"bias": 3, "terms": {}}), PAGE) == [[3, 3, 3], [0, 0, 0]]


@given(st.lists(st.integers(0, 2**64 - 1), unique=True), st.lists(st.integers(0, 2**64 - 1)))
def test_terms_are_found_whatever_their_numbers(known: list[int], sought: list[int]) -> None:
    odds = {number: place + 1 for place, number in enumerate(known)}
    lexicon = Lexicon.of(np.array(known, np.uint64), np.arange(len(known)) + 1, 0)
    place, found = lexicon._find(np.array(sought + known, np.uint64))
    assert [int(lexicon.odds[at]) if fine else None for at, fine in zip(place, found, strict=True)] == [
        odds.get(number) for number in sought + known
    ]


@pytest.mark.parametrize("term", ["", "one two three", "two  spaces", " space"])
def test_what_is_no_term_is_refused(term: str) -> None:
    with pytest.raises(ValueError, match="one word or two"):
        numbers_of_terms(["word", term])


def test_without_weights_nothing_is_said() -> None:
    assert look(split(PAGE), matcher_for("en"), None).said.tolist() == [[0, 0, 0], [0, 0, 0]]


def test_a_lexicon_is_learned_from_labelled_pages() -> None:
    rows = [
        Row(
            id=str(site),
            text=f"Share this page\n\nThe mill on hill {site} has wheels.\n\nRead more",
            labels=("B", "", "C", "", "B"),
            gold=f"The mill on hill {site} has wheels.",
            lang="en",
            domain=f"{site}.example",
            source="",
            tier="page",
        )
        for site in range(SITES + 2)
    ]
    table = tabulate(rows)
    lexicon = Lexicographer(table).fit(table.label == 0, np.ones(len(table.label)))
    weights = written(lexicon, (row.text for row in rows))
    odds = weights["terms"]
    assert odds["share"] < 0 < odds["mill"]
    assert odds["read more"] < 0 < odds["wheels $"]
    assert list(odds) == sorted(odds)
    again = Lexicon.read(weights)
    assert (again.term.tolist(), again.odds.tolist()) == (lexicon.term.tolist(), lexicon.odds.tolist())
    few = tabulate(rows[: SITES - 1])  # words of too few sites
    assert not len(Lexicographer(few).fit(few.label == 0, np.ones(len(few.label))).term)


@pytest.mark.parametrize(
    ("first", "second", "met"),
    [
        ("umbrella", "umbrellas", True),
        ("old", "old", False),  # too short to speak of anything
        ("우산을", "우산이", True),  # a syllable a sign
        ("ספר", "ספר", True),  # no vowels
        ("جلد", "جلد", True),
        ("من", "من", False),
        ("古桥", "古桥", True),
    ],
)
def test_words_that_speak_of_the_same(first: str, second: str, met: bool) -> None:
    stems = stems_of(split(f"{first}\n{second}"))
    assert (len(np.unique(stems.stem)) < len(stems.stem)) is met
