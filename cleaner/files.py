"""The files that people name on the command line: read, decoded, and told apart as text or HTML."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.document import Document
    from cleaner.pipeline import Cleaner

# What a page's first characters look like where it is HTML and not text.
_HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml", b"<div", b"<article", b"<p>", b"<p ")
_LOOKED_AT = 2000


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
        start = data[:_LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if start.startswith(_HTML_STARTS):
            yield name, cleaner.explain_html(data, lang, url)
        else:
            yield name, cleaner.explain(_decoded(data, name), lang, url)


def _decoded(data: bytes, name: str) -> str:
    """A file's text; where it is not UTF-8, a line on standard error says what to do."""
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
