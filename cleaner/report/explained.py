"""Explained pages side by side: the source with what went struck through, and the body."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from cleaner.document import Document
from cleaner.report.markup import Html, data, element, page
from cleaner.report.places import Places
from cleaner.report.struck import Struck, kinds_of, legend, paragraphs
from cleaner.rules import Pack


def explained_page(documents: Sequence[tuple[str, Document]], own: Iterable[Pack] = ()) -> str:
    """One HTML page that shows documents, each source beside its body.

    Args:
        documents: names and documents, shown in this order.
        own: packs other than the library's whose rules the documents may name.

    Example:
        >>> import cleaner
        >>> shown = explained_page([("page.txt", cleaner.explain("All rights reserved", lang="en"))])
        >>> '<del dir="auto">All rights reserved</del>' in shown
        True
    """
    struck = Struck(Places(own))
    lines: Counter[str] = Counter()
    for _, document in documents:
        lines += kinds_of(document.source, document.spans)
    only = documents[0][0] if len(documents) == 1 else ""
    return page(
        f"{only or f'{len(documents)} pages'} · cleaner",
        element("a", "Skip to the pages", href="#pages", class_="skip"),
        element("header", element("h1", only or f"{len(documents)} pages explained"), _index(documents), legend(lines)),
        element(
            "main",
            *[
                _section(number, name, document, struck, bool(only))
                for number, (name, document) in enumerate(documents)
            ],
            id="pages",
            tabindex=-1,
        ),
        element("p", class_="said", role="status"),
        data("texts", [document.text for _, document in documents]),
    )


def _index(documents: Sequence[tuple[str, Document]]) -> Html | None:
    if len(documents) == 1:
        return None
    links = [
        element("li", element("a", name, href=f"#page-{number}"), f" {_share(document)}")
        for number, (name, document) in enumerate(documents)
    ]
    return element("nav", element("ol", *links), aria_label="Pages")


def _section(number: int, name: str, document: Document, struck: Struck, alone: bool) -> Html:
    facts = {"Language": document.lang, "Title": document.title, "Author": document.author, "Date": document.date}
    found = [
        element("div", element("dt", term), element("dd", fact, dir="auto")) for term, fact in facts.items() if fact
    ]
    kept = element("div", element("dt", "Kept"), element("dd", _share(document)))
    heading = None if alone else element("h2", name)
    copy = element("button", "Copy body", type="button", class_="copy", data_text=number)
    return element(
        "section",
        heading,
        element("dl", *found, kept, class_="facts"),
        element(
            "div",
            element(
                "article",
                element("h3", "Source"),
                struck.source(document.source, document.spans, document.lang),
                class_="panel",
            ),
            element(
                "article",
                element("div", element("h3", "Body"), copy, class_="bar"),
                paragraphs(document.text, document.lang)
                if document.text
                else element("p", "Nothing is left.", class_="none"),
                class_="panel body",
                tabindex=0,
                aria_label=f"Body of {name}",
            ),
            class_="panels",
        ),
        id=f"page-{number}",
        class_="page",
    )


def _share(document: Document) -> str:
    """How much of a document's source is its body, in words."""
    kept, all_ = len(document.text), len(document.source)
    return f"{kept:,} of {all_:,} characters" + (f" ({kept / all_:.0%})" if all_ else "")
