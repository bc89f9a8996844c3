"""Any input: a result in time that grows in line with the input, and never an exception."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner import Cleaner, PackError
from cleaner.rules import with_parents

BODY = "The bridge was opened in May, and the whole valley came to see it before the rain set in."
CHROME = "Share on Facebook"
RULES = [rule for name in ("common", "en") for rule in with_parents(name, {})[-1].rules]

INPUTS: dict[str, Callable[[int], str]] = {
    "a line without spaces": lambda n: "x" * n,
    "blank lines": lambda n: "\n" * n,
    "lines of one character": lambda n: "x\n" * (n // 2),
    "the same chrome line": lambda n: (CHROME + "\n") * (n // 18),
    "body and chrome in turn": lambda n: (BODY + "\n" + CHROME + "\n") * (n // 108),
    "every rule's examples": lambda n: "\n".join(line for rule in RULES for line in rule.examples) * (n // 20_000 + 1),
    "nested brackets": lambda n: "(" * (n // 2) + ")" * (n // 2),
    "nested quotes": lambda n: "«\"'" * (n // 3),
    "combining marks": lambda n: "e\u0301\u0300" * (n // 3),
    "zero-width characters": lambda n: "a\u200b\u200d" * (n // 3),
    "random Unicode": lambda n: "".join(map(chr, random.Random(1).choices(range(0x110000), k=n))),
    "random bytes as Latin-1": lambda n: random.Random(2).randbytes(n).decode("latin-1"),
    "digits": lambda n: "12.05.2019 " * (n // 11),
    "one line of all literals": lambda n: (
        " ".join(phrase.words for rule in RULES for phrase in rule.phrases) * (n // 20_000 + 1)
    ),
}


def seconds(text: str) -> float:
    """Processor time, the lesser of two runs."""
    best = float("inf")
    for _ in range(2):
        begun = time.process_time()
        cleaner.clean(text, lang="en")
        best = min(best, time.process_time() - begun)
    return best


@pytest.mark.parametrize("make", INPUTS.values(), ids=list(INPUTS))
def test_time_grows_in_line_with_the_length(make: Callable[[int], str]) -> None:
    """Ten times the length: quadratic time would be ten times too long, and three times leaves room for caches and other users."""
    small, large = make(100_000), make(1_000_000)
    cleaner.clean(small, lang="en")
    assert seconds(large) / seconds(small) * len(small) / len(large) <= 3


def test_a_line_of_ten_megabytes() -> None:
    text = "word " * 2_000_000
    assert cleaner.clean(text, lang="en") == text


def test_a_pattern_that_backtracks_without_end_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "it.toml"
    rule = "patterns = ['^(?:(?:a|a)+)+$']\nneeds = ['a']\nexamples = ['a']\ncounterexamples = ['b']\n"
    file.write_text('language = "it"\n[tags.x]\n' + rule, encoding="utf-8")
    with pytest.raises(PackError, match="takes too long"):
        Cleaner(packs=[file])


HTML = [
    "",
    " ",
    "<",
    "<html>",
    "<html></html>",
    "<!-- never closed",
    "<?xml version='1.0'?><p>text</p>",
    "<base href='//['><a href='x'>" + BODY + "</a>",
    "\x00" * 1000,
    "<p>" + "\x00".join(BODY) + "</p>",
    "<div>" * 20_000 + BODY,
    "<p>\ud800" + BODY + "</p>",
    b"\xff\xfe\x00<p>" + BODY.encode("utf-16-le"),
    b"<meta charset='koi8-r'><p>" + BODY.encode(),
    b"<meta charset='no-such'><p>" + BODY.encode(),
    bytes(range(256)) * 100,
]


@pytest.mark.parametrize("html", HTML, ids=range(len(HTML)))
@pytest.mark.filterwarnings("ignore")
def test_any_html_gives_a_document(html: str | bytes) -> None:
    document = cleaner.explain_html(html)
    assert "".join(document.source[s.start : s.end] for s in document.spans) == document.source


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40), st.text(max_size=30))
def test_any_tag_and_any_address(tag: str, url: str) -> None:
    assert cleaner.clean(BODY, lang=tag or None, url=url) == BODY


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_a_detector_that_says_anything(said: str) -> None:
    assert Cleaner(detector=lambda _: said).clean(BODY) == BODY
