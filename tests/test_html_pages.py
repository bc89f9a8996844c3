"""Every page under ``fixtures/html/`` is told for what it is and keeps its main text; new ones are found by themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import cleaner

PAGES = sorted((Path(__file__).parents[1] / "fixtures" / "html").glob("*.html"))


@pytest.fixture(params=PAGES, ids=lambda path: path.stem)
def page(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    path = Path(request.param)
    return path.read_text(encoding="utf-8"), json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def test_there_is_a_page_of_each_kind() -> None:
    kinds = {json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["kind"] for path in PAGES}
    assert kinds == {"article", "collection", "documentation", "forum", "listing", "product", "service"}


def test_the_main_text_is_kept_word_for_word_in_order(page: tuple[str, dict[str, Any]]) -> None:
    html, wanted = page
    body = set(wanted["body"])
    assert [line for line in cleaner.clean_html(html).split("\n") if line in body] == wanted["body"]


def test_the_chrome_goes(page: tuple[str, dict[str, Any]]) -> None:
    html, wanted = page
    lines = cleaner.explain_html(html).source.split("\n")
    assert set(wanted["gone"]) <= {part for line in lines for part in (line, *line.split(" | "))}
    assert not set(wanted["gone"]) & set(cleaner.clean_html(html).split("\n"))


def test_the_kind_of_page_is_told(page: tuple[str, dict[str, Any]]) -> None:
    html, wanted = page
    document = cleaner.explain_html(html)
    assert document.page_kind == document.to_dict()["page_kind"] == wanted["kind"]


def test_title_author_date_and_language(page: tuple[str, dict[str, Any]]) -> None:
    html, wanted = page
    document = cleaner.explain_html(html)
    facts = {name: wanted[name] for name in ("title", "author", "date", "lang") if name in wanted}
    assert {name: getattr(document, name) for name in facts} == facts


def test_the_account_is_the_source_again(page: tuple[str, dict[str, Any]]) -> None:
    document = cleaner.explain_html(page[0])
    pieces = [(document.source[span.start : span.end], span.kept) for span in document.spans]
    assert "".join(piece for piece, _ in pieces) == document.source
    assert "".join(piece for piece, kept in pieces if kept) == document.text
