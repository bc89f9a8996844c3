"""Web archives: which records of WARC and WET files are pages, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any

from cleaner.corpus.formats import decompressed
from cleaner.decoding import decode

_HTML = ("text/html", "application/xhtml+xml")
# What a server may have done to a page to send it. Other words in that place, such as utf-8, mean nothing.
_OF_WARCIO = ("gzip", "deflate")
_CODINGS = (*_OF_WARCIO, "x-gzip", "compress", "x-compress", "br", "zstd")
# Bytes that are passed over together.
_BLOCK = 1 << 16


class _EndsError(OSError):
    """The file cannot be read any further."""


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
        except Exception as error:
            raise _EndsError(str(error)) from None


def records(file: IO[bytes], place: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each record's page as the fields of a row; ``place`` says where it stands.

    A record that holds no page is marked ``skip``; one that is broken has an ``error``, and the next is looked for behind it.

    Raises:
        OSError: where the file cannot be read any further.
        ImportError: where a package is missing that reads it.
    """
    try:
        from warcio.archiveiterator import WARCIterator
    except ImportError:
        raise ImportError("web archives need the package warcio: pip install 'boilerplate-cleaner[corpus]'") from None

    archive = WARCIterator(_Strict(file), no_record_parse=True)
    number, record, broken = -1, None, False
    while True:
        number += 1
        place["record"] = number
        try:
            if broken:
                archive = _behind(archive, record)
            record, broken = None, False
            place["offset"] = archive.offset
            record = next(archive, None)
            place["offset"] = archive.offset
            found = None if record is None else _page(record)
        except ImportError:
            raise
        except _EndsError as error:
            raise OSError(str(error)) from None
        except Exception as error:
            place["offset"] = archive.offset
            found, broken = {"error": f"{type(error).__name__}: {' '.join(str(error).split())}"}, True
        if found is None:
            return
        yield found


def _behind(archive: Any, record: Any) -> Any:
    """The archive from the next record on, after a broken one; warcio itself goes no further."""
    while record and record.length and record.raw_stream.read(_BLOCK):
        pass
    line = archive.reader.readline(_BLOCK)
    while line and not line.startswith(b"WARC/"):
        line = archive.reader.readline(_BLOCK)
    rest = type(archive)(archive.fh, no_record_parse=True)
    rest.reader, rest.next_line = archive.reader, line
    rest.offset = archive.fh.tell() - archive.reader.rem_length() - len(line)
    return rest


def _page(record: Any) -> dict[str, Any]:
    headers = record.rec_headers
    if not (headers.get_header("Content-Length") or "").strip().isdecimal():
        raise ValueError("a record without its length: no Content-Length, or none that is a number")
    about = {"id": headers.get_header("WARC-Record-ID"), "url": headers.get_header("WARC-Target-URI")}
    if record.rec_type == "response" and (about["url"] or "http:").startswith(("http:", "https:")):
        record.http_headers = _http(record)
    type_ = _type(record)
    conversion = record.rec_type == "conversion"
    if record.rec_type not in ("response", "resource", "conversion") or (
        type_ not in _HTML and not (type_ == "text/plain" and record.rec_type != "response")
    ):
        return {"skip": True}
    payload = _payload(record)
    if record.raw_stream.limit:
        raise EOFError("the archive ended before the record's end was reached")
    found = about | {"data": about | {"warc_date": headers.get_header("WARC-Date")}}
    try:
        text = payload.decode("utf-8") if type_ == "text/plain" else decode(payload, _charset(record))
    except UnicodeError as error:
        return found | {"error": f"{type(error).__name__}: {error}"}
    return found | {"text": text, "html": not conversion and type_ in _HTML}


def _http(record: Any) -> Any:
    """The headers with which a server sent a page; None where the record is empty."""
    from warcio.statusandheaders import StatusAndHeadersParser

    return StatusAndHeadersParser(["HTTP/"], verify=False).parse(record.raw_stream) if record.length else None


def _payload(record: Any) -> bytes:
    """What a record holds, as it was before it was coded to be sent.

    Raises:
        Exception: where nothing here reads its coding, or it is broken.
        ImportError: where a package is missing that reads it.
    """
    coding = ""
    if record.http_headers:
        coding = (record.http_headers.get_header("Content-Encoding") or "").strip().lower()
        if coding not in _OF_WARCIO:
            record.http_headers.remove_header("Content-Encoding")  # what warcio knows of br fails with today's brotli
    data: bytes = record.content_stream().read()
    try:
        return _undone(coding, data)
    except ImportError:
        raise
    except Exception:
        if data.lstrip()[:1] == b"<":  # a crawler has undone it, and left the header as it was
            return data
        raise


def _undone(coding: str, data: bytes) -> bytes:
    if coding == "br":
        try:
            import brotli
        except ImportError:
            raise ImportError(
                "pages in br need the package brotli: pip install 'boilerplate-cleaner[corpus]'"
            ) from None
        return bytes(brotli.decompress(data))
    if coding == "zstd":
        return b"".join(decompressed(BytesIO(data)))
    if coding not in _OF_WARCIO and any(part.strip() in _CODINGS for part in coding.split(",")):
        raise ValueError(f"nothing here reads its Content-Encoding {coding!r}")
    return data


def _type(record: Any) -> str:
    """What a record says that its payload is."""
    stated = record.rec_headers.get_header("WARC-Identified-Payload-Type")
    if not stated and record.http_headers:
        stated = record.http_headers.get_header("Content-Type")
    return (stated or record.rec_headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()


def _charset(record: Any) -> str | None:
    """The charset that a server stated."""
    stated = (record.http_headers.get_header("Content-Type") or "") if record.http_headers else ""
    return stated.lower().partition("charset=")[2].partition(";")[0].strip(" \"'") or None
