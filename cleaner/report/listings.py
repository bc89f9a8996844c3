"""A run's lists: rules, sites, lines, pages, errors. Each entry is found by the search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cleaner.document import Kind, Span
from cleaner.report.markup import Html, element, together
from cleaner.report.overview import Summary, share
from cleaner.report.places import Places
from cleaner.report.plots import percent, table
from cleaner.report.struck import Struck, colour_of, kinds_of

Entry = Mapping[str, Any]


def rules(summary: Summary, places: Places | None) -> Html:
    """The rules by how often they removed something, each with its most frequent lines."""
    rows = [
        (
            _named(rule["rule"], places.find(rule["rule"]) if places else None),
            _kind(rule["kind"]),
            rule["spans"],
            rule["characters"],
            _top(rule["lines"]),
        )
        for rule in summary["rules"]
    ]
    return table(("Rule", "Kind", "Lines", "Characters", "Most often"), rows, "Rules by lines removed", entries=True)


def sites(summary: Summary) -> Html:
    """The sites by characters removed, each with its most frequent lines."""
    rows = [
        (
            site["site"],
            site["rows"],
            site["removed"],
            share(site["removed"], site["characters"]),
            _top(site["lines"]),
        )
        for site in summary["sites"]
    ]
    head = ("Site", "Rows", "Characters removed", "Of its own", "Most often")
    return table(head, rows, "Sites by characters removed", entries=True)


def lines(summary: Summary) -> Html:
    """The lines removed most often in the whole run."""
    rows = [
        (element("bdi", line["text"]), line["count"], _kind(line["kind"]), line["rule"]) for line in summary["lines"]
    ]
    return table(("Line", "Times", "Kind", "Rule"), rows, "Lines by how often they were removed", entries=True)


def errors(summary: Summary) -> Html:
    """The first rows that could not be read, and why."""
    rows = [(place_of(error), error.get("id"), error["reason"]) for error in summary["errors"]]
    return table(("Place", "Id", "Reason"), rows, "Rows that could not be read", entries=True)


def pages(listed: Iterable[Entry], struck: Struck) -> Html:
    """Pages to open, each with what went struck through."""
    return element("div", *[_page(page, struck) for page in listed], class_="listed")


def kinds_shown(summary: Summary) -> Counter[str]:
    """How many removed lines of each kind the shown pages have."""
    shown = [page for listed in summary["pages"].values() for page in listed]
    return sum((kinds_of(page["source"], _spans(page)) for page in shown), Counter[str]())


def place_of(row: Entry) -> str:
    """Where a row stands in the input.

    >>> place_of({"file": "a/b.jsonl", "line": 3})
    'a/b.jsonl, line 3'
    """
    inside = next((f", {unit} {row[unit]}" for unit in ("line", "row", "record") if unit in row), "")
    return f"{row['file']}{inside}"


def _page(page: Entry, struck: Struck) -> Html:
    url = page["url"]
    facts = {"Language": page["lang"], "Place": place_of(page), "Id": page["id"]}
    found = [element("div", element("dt", name), element("dd", str(fact))) for name, fact in facts.items() if fact]
    if url:
        # other schemes than the web's stay text: one might be a script's
        link = (
            element("a", url, href=url, rel="noreferrer noopener") if url.startswith(("http://", "https://")) else url
        )
        found.append(element("div", element("dt", "Address"), element("dd", link)))
    return element(
        "details",
        element(
            "summary",
            element("span", percent(share(page["removed"], page["characters"])), class_="share"),
            element("bdi", page["title"] or url or place_of(page)),
            element("span", f"{page['removed']:,} of {page['characters']:,} characters", class_="soft"),
        ),
        element("dl", *found, class_="facts"),
        struck.source(page["source"], _spans(page), page["lang"]),
        element("p", "Only the first part of the page is shown.", class_="none") if page["cut"] else None,
        class_="entry panel",
    )


def _spans(page: Entry) -> list[Span]:
    return [Span(start, end, kept, Kind(kind), rule, score) for start, end, kept, kind, rule, score in page["spans"]]


def _top(found: Sequence[Entry]) -> Html | None:
    """The most frequent line, the others to open."""
    items = [(element("bdi", line["text"]), element("span", f" × {line['count']:,}", class_="soft")) for line in found]
    if len(items) <= 1:
        return together(items[0]) if items else None
    more = element("span", f" and {len(items) - 1} more", class_="soft")
    rest = [element("li", *item) for item in items]
    return element("details", element("summary", items[0][0], more), element("ol", *rest, class_="top"))


def _named(rule: str, place: str | None) -> Html:
    return element("span", element("code", rule) if place else rule, element("small", place) if place else None)


def _kind(kind: str) -> Html:
    return element("span", kind, class_=f"kind {colour_of(kind)}")
