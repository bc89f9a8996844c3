"""The files that people name on the command line: read, decoded, and told apart as text or HTML."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.decoding import by_mark, decode

if TYPE_CHECKING:
    from cleaner.document import Document
    from cleaner.pipeline import Cleaner

# Files of these names are HTML, whatever they hold; of others so many bytes are looked at.
_HTML_SUFFIXES = (".html", ".htm", ".xhtml")
_LOOKED_AT = 20_000
# Elements that a page, or a piece of one, begins with.
_ELEMENTS = (
    "(?:head|title|meta|link|base|script|style|noscript|body|header|nav|main|article|section|aside|footer|div|p|h[1-6]"
    "|ul|ol|dl|table|form|figure|blockquote|center)"
)
# How HTML begins, behind comments and byte order marks. Text may begin with one word in angle brackets: a tag that is no page's
# first for certain has attributes with values, or none, and there is another behind it.
_HTML = re.compile(
    rf"""(?:[\s\ufeff]|<!--.*?-->)*+
    (?:<!doctype\s+html|<\?xml\s|<html[\s>]|<{_ELEMENTS}(?:\s[^>=]*=[^>]*|\s*/?)>.*?</?{_ELEMENTS}[\s/>])""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)


def documents(
    files: Sequence[str], cleaner: Cleaner, lang: str | None, url: str | None
) -> Iterator[tuple[str, Document | None]]:
    """Each file's document; None, after a line on standard error, where it cannot be read."""
    for name in files:
        try:
            data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        except OSError as error:
            folder = f"it is a folder; name the files in it: {name.rstrip('/')}/*" if Path(name).is_dir() else ""
            _complain(f"{name}: {folder or error.strerror or error}")
            yield name, None
            continue
        if _is_html(data, name):
            yield name, cleaner.explain_html(data, lang, url)
        else:
            yield name, cleaner.explain(_decoded(data, name), lang, url)


def _is_html(data: bytes, name: str) -> bool:
    """Whether a file is called HTML, or begins as HTML does."""
    return name.lower().endswith(_HTML_SUFFIXES) or _HTML.match(decode(data[:_LOOKED_AT])) is not None


def _decoded(data: bytes, name: str) -> str:
    """A file's text, in the encoding of its byte order mark, else in UTF-8; where it is not that, a line on standard error says
    what to do."""
    if (marked := by_mark(data)) is not None:
        return marked
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        remedy = f"iconv -f WINDOWS-1252 -t UTF-8 {name}" if b"\0" not in data else "is it a text file?"
        _complain(f"{name}: not UTF-8 at byte {error.start:,}, read with � for what is not; {remedy}")
        return data.decode("utf-8", "replace")


def _complain(what: str) -> None:
    print(f"cleaner: {what}", file=sys.stderr)


def printable(text: str) -> str:
    """Text that any stream takes: lone surrogates, which UTF-8 has no form for, become replacement characters."""
    return text.encode("utf-8", "replace").decode("utf-8")
