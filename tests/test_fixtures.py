"""Every page under ``fixtures/`` comes back as its body; new ones are found by themselves."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

import cleaner
from cleaner.pipeline import matcher_for
from cleaner.table import calls_of

FIXTURES = Path(__file__).parents[1] / "fixtures"
# lines of the body that may go where a page is interrupted, a page: a floor, as those in floors.json are
MOST_LOST = 0.06
PAGES = sorted(path for path in FIXTURES.glob("*/*.txt") if not path.name.endswith(".body.txt"))


def ids(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


@pytest.fixture(params=PAGES, ids=ids)
def page(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def body_of(page: Path) -> str:
    return page.with_suffix(".body.txt").read_text(encoding="utf-8")


def test_there_are_pages() -> None:
    assert PAGES


def test_the_body_comes_back_word_for_word(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert cleaner.clean(text, lang=page.parent.name) == body_of(page)


def test_the_language_need_not_be_given(page: Path) -> None:
    """Whatever pack a page is routed to, no line of its body is lost."""
    kept = cleaner.clean(page.read_text(encoding="utf-8")).splitlines()
    lost = [line for line in body_of(page).splitlines() if line.strip() and line not in kept]
    assert not lost


def test_title_author_and_date(page: Path) -> None:
    facts = page.with_suffix(".json")
    if not facts.exists():
        pytest.skip("the page has none")
    wanted = json.loads(facts.read_text(encoding="utf-8"))
    document = cleaner.explain(page.read_text(encoding="utf-8"), lang=page.parent.name)
    assert {key: getattr(document, key) for key in wanted} == wanted


def test_the_body_alone_comes_back_identical(page: Path) -> None:
    body = body_of(page)
    assert cleaner.clean(body, lang=page.parent.name) == body


def test_every_removed_line_has_a_kind_and_a_reason(page: Path) -> None:
    document = cleaner.explain(page.read_text(encoding="utf-8"), lang=page.parent.name)
    removed = [span for span in document.spans if not span.kept and document.source[span.start : span.end].strip()]
    assert all(span.rule and span.kind != cleaner.Kind.BODY for span in removed)


def interrupted(page: Path) -> list[str]:
    """The page with a call to read something else, and a headline, between two lines of its body: at up to four places."""
    lines, body = page.read_text(encoding="utf-8").splitlines(), body_of(page).splitlines()
    teasers = (line for line in lines if line not in body and 20 < len(line) < 80)
    said = ["", calls_of(matcher_for(page.parent.name))[0], "", next(teasers, "1823 – 1824"), ""]
    filled = [(number, line) for number, line in enumerate(lines) if line.strip()]
    places = [above for (above, line), (_, after) in pairwise(filled) if {line, after} <= {*body}]
    return ["\n".join(lines[: at + 1] + said + lines[at + 1 :]) for at in places[:: max(1, len(places) // 4)]]


def test_a_call_between_paragraphs_takes_next_to_nothing_with_it() -> None:
    """Weights that knew calls only under articles lost .5 lines a page so."""
    pages = lost = 0
    for page in PAGES:
        kept = Counter(line for line in body_of(page).splitlines() if line.strip())
        for text in interrupted(page):
            pages += 1
            lost += (kept - Counter(cleaner.clean(text, lang=page.parent.name).splitlines())).total()
    assert pages > 500
    assert lost / pages < MOST_LOST, f"{lost} lines on {pages} pages"
