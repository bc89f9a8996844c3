"""The report of a corpus run: one page from the ``summary.json`` that ``cleaner corpus`` leaves."""

from __future__ import annotations

import json
from pathlib import Path

from cleaner.report import listings, overview
from cleaner.report.markup import Html, element, page
from cleaner.report.overview import Summary
from cleaner.report.places import Places
from cleaner.report.struck import Struck, legend

VERSION = 1


def report_page(folder: str | Path) -> str:
    """The HTML page of a finished run.

    Args:
        folder: what ``cleaner corpus`` wrote to.

    Raises:
        FileNotFoundError: where there is no finished run: the summary is what a run writes last.
        ValueError: where the summary is none, or of another version.
    """
    file = Path(folder) / "summary.json"
    if not file.is_file():
        raise FileNotFoundError(f"{file} is missing: no run of `cleaner corpus` has finished there")
    try:
        summary = json.loads(file.read_bytes())
        version = summary["version"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"{file} is no summary of `cleaner corpus`: {error!r}") from None
    if version != VERSION:
        raise ValueError(f"{file} is of version {version!r}, and this release reads version {VERSION}: run it again")
    try:
        return _page(Path(folder).resolve().name, summary)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{file} is damaged: {error!r}") from None


def _page(name: str, summary: Summary) -> str:
    # a pack of the run's own may have the library's rule ids and other lines: then no place is said
    struck = Struck(Places() if not summary["settings"]["packs"] else None)
    sections = [
        ("kinds", "By kind", [overview.kinds(summary)]),
        ("languages", "By language", [overview.languages(summary)]),
        ("shares", "Rows by share removed", [overview.shares(summary)]),
        ("rules", "Rules", [listings.rules(summary, struck.places)]),
        ("sites", "Sites", [listings.sites(summary)] if summary["sites"] else []),
        ("lines", "Lines removed most often", [listings.lines(summary)]),
        ("most", "Pages that lost the most", [legend(listings.kinds_shown(summary)), *_pages(summary, "most", struck)]),
        ("least", "Pages that lost the least", _pages(summary, "least", struck)),
        ("sample", "A sample of pages that lost something", _pages(summary, "sample", struck)),
        ("errors", "Errors", [listings.errors(summary)] if summary["errors"] else []),
    ]
    shown = [(key, title, content) for key, title, content in sections if content]
    contents = [element("li", element("a", title, href=f"#{key}")) for key, title, _ in shown]
    return page(
        f"{name} · cleaner",
        element("a", "Skip to the figures", href="#figures", class_="skip"),
        element("header", element("h1", f"Corpus run: {name}"), overview.tiles(summary), overview.settings(summary)),
        element("nav", element("ul", *contents), aria_label="Sections"),
        _search(),
        element(
            "main",
            *[element("section", element("h2", title), *content, id=key) for key, title, content in shown],
            id="figures",
            tabindex=-1,
        ),
        element("p", class_="said", role="status"),
    )


def _pages(summary: Summary, which: str, struck: Struck) -> list[Html]:
    listed = summary["pages"][which]
    return [listings.pages(listed, struck)] if listed else []


def _search() -> Html:
    return element(
        "label",
        "Search rules, sites, lines, pages and errors ",
        element("input", type="search", class_="search", autocomplete="off", spellcheck="false"),
        class_="searching",
    )
