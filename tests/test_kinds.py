"""Labelled pages of invented sites, six and more a language: forums, shops, lists, offices, articles and others (fixtures/pages.jsonl)."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner import Cleaner
from cleaner.evaluate import Report, evaluate, figures
from cleaner.labelled import Row, read_rows
from cleaner.language import KNOWN

PAGES = Path(__file__).parents[1] / "fixtures" / "pages.jsonl"
# Shares of the text that go at most: bounds that only go down. Posts and lists' items are what the weights know least (docs/accuracy.md).
MOST_LOST = {"article": 0.005, "forum": 0.17, "listing": 0.17, "product": 0.012, "service": 0.025}


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return list(read_rows(PAGES))


@pytest.fixture(scope="module")
def report(rows: list[Row]) -> Report:
    return evaluate(rows, Cleaner().explain)


def test_each_language_has_pages_of_each_kind(rows: list[Row]) -> None:
    assert {row.lang for row in rows} == KNOWN
    assert all({row.source for row in rows if row.lang == lang} > MOST_LOST.keys() for lang in KNOWN)
    assert len({row.domain for row in rows}) == len(rows)


@pytest.mark.parametrize(("kind", "most_lost"), MOST_LOST.items())
def test_no_more_text_goes_than_before(report: Report, kind: str, most_lost: float) -> None:
    assert figures(report.verdicts[f"own      from {kind}"])["lost"] < most_lost
