"""HTML in front of the path: trafilatura reads the page, the cleaner cleans what it read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cleaner.document import Document

if TYPE_CHECKING:
    from cleaner.pipeline import Cleaner

# A page larger than this is cut here: lxml needs some twenty times a page's size in memory.
MAX_HTML = 50_000_000


def explain_html(cleaner: Cleaner, html: str | bytes, lang: str | None = None, url: str | None = None) -> Document:
    """What ``Cleaner.explain_html`` does.

    The page's own lines say title, author and date where they do; else its metadata.
    """
    if not isinstance(html, str | bytes):
        raise TypeError(f"html must be a str or bytes, not {type(html).__name__}")
    read = _read(html[:MAX_HTML], url)
    stated = lang or read.get("language") or None
    document = cleaner._explain_titled(read.get("text") or "", read.get("title"), stated, url)
    return replace(
        document,
        title=document.title or read.get("title"),
        author=document.author or read.get("author"),
        date=document.date or read.get("date"),
    )


def _read(html: str | bytes, url: str | None) -> dict[str, Any]:
    """The text and the metadata that trafilatura finds; nothing where it finds nothing."""
    from trafilatura import bare_extraction

    if not html.strip():
        return {}
    try:
        found = bare_extraction(html, url=url, favor_recall=True, include_comments=False, with_metadata=True)
    except Exception:  # whatever the page holds, a page without a body is the answer
        return {}
    return {} if found is None else found if isinstance(found, dict) else dict(found.as_dict())
