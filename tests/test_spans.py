"""Exactness, for any text whatsoever."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.lines import split

CHROME = [
    "Share on Facebook",
    "All rights reserved",
    "12 Comments",
    "Home > News",
    "Read more",
    "On Fire",
    "Leggi anche",
    "2 | 3 | 4",
    "© 2019 Esempio",
    "Skip to content",
]
PROSE = [
    "The bridge was opened in May, and the whole valley came to see it before the rain set in.",
    "Nella giornata di ieri il ponte è stato riaperto, ha detto il sindaco ai giornalisti presenti.",
    "「橋は五月に開通した」と、村の人々は静かに語った。そして誰もが帰っていった。",
]
SEPARATORS = ["\n", "\n\n", "\r\n", "\r", "\u2028", "\n \n", "\x0b", "\u2029\n"]
texts = st.text() | st.text(alphabet=st.characters(categories=["Cs", "Lu", "Ll", "Po", "Zs", "Cc", "Mn", "Nd"]))
pages = st.lists(
    st.tuples(st.sampled_from(CHROME + PROSE) | st.text(max_size=40), st.sampled_from(SEPARATORS)), max_size=25
).map(lambda parts: "".join(line + separator for line, separator in parts))
LANGUAGES = st.sampled_from([None, "en", "it", "zh", "xx"])


def check(text: str, lang: str | None) -> None:
    document = cleaner.explain(text, lang=lang)
    spans = document.spans
    assert [span.start for span in spans] == [0, *[span.end for span in spans]][: len(spans)]
    assert (spans[-1].end if spans else 0) == len(text)
    assert all(span.start < span.end for span in spans)
    assert "".join(text[span.start : span.end] for span in spans if span.kept) == document.text
    assert cleaner.clean(text, lang=lang) == document.text == str(document)
    if all(span.kept for span in spans):
        assert document.text == text


@settings(max_examples=300, deadline=None)
@given(texts | pages, LANGUAGES)
def test_spans_partition_the_source_and_kept_ones_are_the_text(text: str, lang: str | None) -> None:
    check(text, lang)


@settings(max_examples=200, deadline=None)
@given(pages, LANGUAGES)
def test_lines_out_are_lines_in_in_order(text: str, lang: str | None) -> None:
    source, kept = split(text), split(cleaner.clean(text, lang=lang))
    lines = iter([source.line(i) for i in range(len(source))])
    assert all(any(kept.line(i) in line for line in lines) for i in range(len(kept)))


@settings(max_examples=200, deadline=None)
@given(pages, LANGUAGES)
def test_no_blank_line_leads_or_trails_where_something_went(text: str, lang: str | None) -> None:
    out = cleaner.clean(text, lang=lang)
    page = split(out)
    if out != text and out:
        assert page.start[0] == 0
        assert page.end[-1] == len(out)


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_lines_have_exact_places(text: str) -> None:
    page = split(text)
    for number in range(len(page)):
        start, end, first, last = (int(places[number]) for places in (page.start, page.end, page.first, page.last))
        assert 0 <= start <= first < last <= end <= len(text)
        assert page.line(number) == text[first:last]
    gaps = "".join(text[a:b] for a, b in zip([0, *page.end.tolist()], [*page.start.tolist(), len(text)], strict=True))
    assert not any(character.isalnum() for character in gaps)


def test_broken_and_extreme_texts() -> None:
    for text in (
        "",
        "\n",
        "\ud800",
        "\ud83d" * 10,
        "\x00" * 100,
        "\r" * 1000,
        "a" * 1_000_000,
        "\u2028" * 5,
        "\ufeffBOM",
        "é" * 5,
        "𝒳" * 100,
        "\u200b\u200b",
    ):
        check(text, None)
        check(text, "en")


def test_separators_where_something_went() -> None:
    body = "The bridge was opened in May, and the whole valley came to see it, though it rained all day."
    two = "Nobody had believed that it would ever be finished, the miller said, and he laughed about it."
    assert cleaner.clean(f"{body}\n\nShare on Facebook\n\n{two}", lang="en") == f"{body}\n\n{two}"
    assert cleaner.clean(f"{body}\nShare on Facebook\n{two}", lang="en") == f"{body}\n{two}"
    assert cleaner.clean(f"\n\n{body}\n\n{two}\n\n\n", lang="en") == f"\n\n{body}\n\n{two}\n\n\n"
    assert cleaner.clean(f"\n\n{body}\n\nShare on Facebook\n\n{two}\n\n\n", lang="en") == f"{body}\n\n{two}"
    assert cleaner.clean(f"{body}\r\n\r\nShare on Facebook\r\n\r\n{two}", lang="en") == f"{body}\r\n\r\n{two}"


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("The mill (new window) is open.", "The mill is open."),
        ("The mill (new window). It is open.", "The mill. It is open."),
        ("The mill(new window) is open.", "The mill is open."),
        ("(new window) The mill is open.", "The mill is open."),
        ("The mill is open. (new window)", "The mill is open."),
    ],
)
def test_a_piece_that_is_cut_leaves_one_space_between_words(line: str, left: str, tmp_path: Path) -> None:
    for pattern in (r"\(new window\)", r"\s?\(new window\)\s?"):
        (tmp_path / "house.toml").write_text(
            f'[navigation.window]\neffect = "inline"\npatterns = [\'{pattern}\']\nneeds = ["window"]\n'
            'examples = ["The mill (new window) is open."]\ncounterexamples = ["A new window."]\n',
            encoding="utf-8",
        )
        assert cleaner.Cleaner(packs=[tmp_path / "house.toml"], model=None).clean(line, lang="en") == left
