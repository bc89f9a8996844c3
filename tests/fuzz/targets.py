"""What holds for any input: one function for each door into the library, from bytes."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import cleaner
from cleaner import Cleaner, Document, PackError

LANGUAGES = (None, "en", "it", "ja", "th", "xx")
PAGE = (
    "Leggi anche\nIl ponte è stato riaperto ieri mattina, dopo nove anni di lavori e tre rinvii.\nShare on Facebook\n"
)


def whole(document: Document) -> None:
    """Kept and removed spans, in order, are the source; the kept ones are the text."""
    source, spans = document.source, document.spans
    assert [span.start for span in spans] == [0, *(span.end for span in spans)][: len(spans)]
    assert (spans[-1].end if spans else 0) == len(source)
    assert all(span.start < span.end and 0 <= span.score <= 1 for span in spans)
    assert "".join(source[span.start : span.end] for span in spans if span.kept) == document.text


def _characters(data: bytes) -> str:
    """Bytes as text of any kind: UTF-8 where they are, and all of Unicode, lone surrogates too, where they are not."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return (
            data[: len(data) // 2 * 2].decode("utf-16-le", "surrogatepass") if len(data) % 3 else data.decode("latin-1")
        )


def text(data: bytes) -> None:
    """The first byte chooses the language."""
    lang = LANGUAGES[data[0] % len(LANGUAGES)] if data else None
    page = _characters(data[1:])
    document = cleaner.explain(page, lang=lang)
    whole(document)
    assert cleaner.clean(page, lang=lang) == document.text


def html(data: bytes) -> None:
    """The first byte chooses between bytes and a string."""
    page: str | bytes = data[1:] if data[:1] > b"\x7f" else _characters(data[1:])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the parsers, about the page
        document = cleaner.explain_html(page)
    whole(document)


def packs(data: bytes) -> None:
    """A pack is refused with a reason, or it works."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "it.toml"
        file.write_bytes(data)
        own = refused = None
        try:
            own = Cleaner(packs=[file])
        except PackError as error:
            refused = error
        if own:
            whole(own.explain(PAGE, lang="it"))
        else:
            assert str(file) in str(refused)
            assert len(str(refused)) < 1_000


def tags(data: bytes) -> None:
    """A tag and an address, apart from each other by a line break."""
    tag, _, url = _characters(data).partition("\n")
    document = cleaner.explain(PAGE, lang=tag or None, url=url or None)
    whole(document)
    assert document.lang is None or isinstance(document.lang, str)


TARGETS = {target.__name__: target for target in (text, html, packs, tags)}
