"""A line is turned away before its pattern is tried only where the pattern must fail."""

from __future__ import annotations

from collections import defaultdict

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from cleaner.match import Matcher
from cleaner.pieces import FLAGS, parse
from cleaner.prefilter import caseless, literals, opening
from cleaner.rules import built_in, names


def _has(text: str, needed: tuple[str, ...]) -> bool:
    return not needed or any(literal in caseless(text) for literal in needed)


LISTS = {"month": ("January", "Jan", "Mai")}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("No Comments", ("no comments",)),
        (r"^\W*posted by\b.{3,40}$", ("posted by",)),
        ("(?:share|tweet)(?: this)?", ("share", "tweet")),
        ("colou?rs", ("colo",)),
        ("a+bc", ("bc",)),
        ("a|", ()),
        ("(?:abc)?d", ("d",)),
        ("(?:abc){0,2}|d", ()),
        ("(?!not this)that", ("that",)),
        ("(?=.*needed)an?y", ("needed",)),
        ("no(?=th)thing", ("nothing",)),
        (r"\d[|:]\d", (":", "|")),
        (r"\d[a-c]\d", ()),
        (r"[^abc]", ()),
        (r"\x41\u0042\.", ("ab.",)),
        (r"(x)\1", ("x",)),
        (r"\d \L<month>", ("jan", "january", "mai")),
        (r"^(?:\L<month>|\d)$", ()),
    ],
)
def test_what_a_text_must_have_for_a_pattern_to_match(source: str, expected: tuple[str, ...]) -> None:
    assert literals(parse(source), LISTS) == expected


PIECES = [
    "a",
    "k",
    "İ",
    "ß",
    "σ",
    ".",
    r"\.",
    r"\w",
    "[ab]",
    "[^k]",
    r"\L<month>",
    "(?:ab|k)",
    "(?-i:K)",
    "(a|)",
    "(?=a)",
    "(?!b)",
    r"\b",
]


@given(
    st.lists(
        st.tuples(st.sampled_from(PIECES), st.sampled_from(["", "", "?", "*", "+", "{0,2}", "{2}"])),
        min_size=1,
        max_size=5,
    ),
    st.booleans(),
    st.integers(0, 4),
    st.text("abkAKİıi\u0307ßẞσςΣ.|\u212a January", max_size=12),
)
def test_no_match_is_turned_away(pieces: list[tuple[str, str]], anchored: bool, bar: int, text: str) -> None:
    parts = [piece + ("" if piece in (r"\b", "(?=a)", "(?!b)") else repeated) for piece, repeated in pieces]
    if 0 < bar < len(parts):
        parts.insert(bar, "|")
    source = "^" * anchored + "".join(parts)
    if regex.compile(source, FLAGS, ignore_unused=True, cache_pattern=False, **LISTS).search(text):
        needed, may_open = literals(parse(source), LISTS), opening(parse(source), LISTS)
        assert _has(text, needed)
        assert may_open is None or may_open(text)


def test_characters_that_differ_in_case_alone_are_one() -> None:
    plane = "".join(chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000)
    cased = [character for character in plane if character.swapcase() != character or caseless(character) != character]
    alike = defaultdict(set)
    for character in cased:
        alike[caseless(character)].add(character)
    for character in cased:
        same = regex.findall(regex.escape(character), "".join(cased), FLAGS)
        assert set(same) <= alike[caseless(character)]


@pytest.mark.parametrize("name", names())
def test_no_example_is_turned_away_from_a_pattern_that_matches_it(name: str) -> None:
    pack = built_in(name)
    matcher = Matcher([pack])
    turned_away = []
    for number, rule in enumerate(pack.rules):
        for pattern in matcher.patterns(number):
            pieces, lists = parse(pattern.pattern), pattern.named_lists
            needed, may_open = literals(pieces, lists), opening(pieces, lists)
            for line in filter(pattern.search, (*rule.examples, *rule.counterexamples)):
                if not _has(line, needed) or not (may_open is None or may_open(line)):
                    turned_away.append((rule.id, line))
    assert turned_away == []
