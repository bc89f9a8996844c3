"""Web archives: which records of WARC and WET files are pages, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

_HTML = ("text/html", "application/xhtml+xml")


def records(file: IO[bytes], place: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each record's page as the fields of a row; ``place`` says where it stands.

    A record that holds no page is marked ``skip``; one that cannot be decoded has an ``error``.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
    except ImportError:
        raise ImportError("web archives need the package warcio: pip install 'boilerplate-cleaner[corpus]'") from None

    archive = ArchiveIterator(_Strict(file))
    number = -1
    while True:
        number += 1
        place["record"] = number
        record = next(archive, None)
        if record is None:
            return
        place["offset"] = archive.offset
        yield _page(record)


class _Strict:
    """A file whose end, where it comes too early, is an error: warcio takes EOFError for the end of the archive.

    It is read as far as it goes: ``read`` would lose what stands before the error in the same block.
    """

    def __init__(self, file: Any) -> None:
        self._file = file
        self.tell = file.tell

    def read(self, size: int = -1) -> bytes:
        try:
            return bytes(self._file.read1(size))
        except EOFError as error:
            raise OSError(str(error)) from None


def _page(record: Any) -> dict[str, Any]:
    if record.format != "warc":  # warcio takes what it does not know for ARC, the format before WARC
        raise ValueError("no WARC record")
    headers = record.rec_headers
    type_ = _type(record)
    conversion = record.rec_type == "conversion"
    if record.rec_type not in ("response", "resource", "conversion") or (
        type_ not in _HTML and not (type_ == "text/plain" and record.rec_type != "response")
    ):
        return {"skip": True}
    payload = record.content_stream().read()
    if getattr(record.raw_stream, "limit", 0):
        raise EOFError("the archive ended before the record's end was reached")
    about = {"id": headers.get_header("WARC-Record-ID"), "url": headers.get_header("WARC-Target-URI")}
    found = about | {"data": about | {"warc_date": headers.get_header("WARC-Date")}}
    try:
        text = payload.decode("utf-8") if type_ == "text/plain" else readable(payload, _charset(record))
    except UnicodeError as error:
        return found | {"error": f"{type(error).__name__}: {error}"}
    return found | {"text": text, "html": not conversion and type_ in _HTML}


def _type(record: Any) -> str:
    """What a record says that its payload is."""
    stated = record.rec_headers.get_header("WARC-Identified-Payload-Type")
    if not stated and record.http_headers:
        stated = record.http_headers.get_header("Content-Type")
    return (stated or record.rec_headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()


def _charset(record: Any) -> str | None:
    stated = (record.http_headers.get_header("Content-Type") or "") if record.http_headers else ""
    return stated.lower().partition("charset=")[2].strip(" \"';") or None


def readable(html: bytes, charset: str | None) -> str | bytes:
    """A page of HTML as it is handed to the cleaner: as text where only its charset says how to read it, else as it came.

    Raises:
        UnicodeError: where it is text in no encoding that it states or that can be detected.
    """
    from trafilatura.utils import detect_encoding

    for encoding in ("utf-8", charset):
        try:
            if encoding:
                text = html.decode(encoding)
                return html if encoding == "utf-8" else text
        except (LookupError, UnicodeDecodeError):
            continue
    for encoding in detect_encoding(html):
        try:
            html.decode(encoding)
            return html
        except (LookupError, UnicodeDecodeError):
            continue
    raise UnicodeError("no encoding fits its bytes")
