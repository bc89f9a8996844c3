"""Files to rows. What cannot be read is a row too: one with an error, which says where it stands and why."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cleaner.corpus.formats import format_of, opened
from cleaner.document import Document

Place = dict[str, Any]
# Rows of Parquet that are read together.
_BATCH = 256
# A field of CSV may be as long as a C long can say everywhere; csv's own limit is 131,072 characters.
_FIELD = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns that are read; None where there is none to read."""

    text: str = "text"
    lang: str | None = None
    url: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A file, or a part of one: bytes of JSON lines, rows of Parquet.

    ``line`` is how many lines stand before it; ``part`` is its number where the file is split.
    """

    file: str
    start: int = 0
    end: int | None = None
    line: int = 0
    part: int | None = None


@dataclass(slots=True)
class Row:
    """A row as it was read, and what became of it.

    ``text`` is None where the column is null, bytes or ``html`` where the page is HTML; ``data`` is the whole row in its format's own
    form; ``skip`` marks a record of an archive that is no page.
    """

    place: Place
    text: str | bytes | None = None
    lang: str | None = None
    url: str | None = None
    id: str | None = None
    data: Any = None
    html: bool = False
    skip: bool = False
    error: str | None = None
    page: Document | None = None


class NoColumnError(ValueError):
    """The file has no column of the name that was asked for."""


def read(source: Path, piece: Piece, columns: Columns) -> Iterator[Row]:
    """The rows of a piece of a file, in order.

    Where the file cannot be read, or no further, the last row says so.

    Args:
        source: the folder that ``piece.file`` is in.
        piece: what to read.
        columns: the columns to read it by.
    """
    place: Place = {"file": piece.file}
    try:
        yield from _READERS[format_of(piece.file) or ""](source / piece.file, piece, columns, place)
    except ImportError:
        raise
    except Exception as error:
        yield Row(dict(place), error=_said(error))


def _jsonl(path: Path, piece: Piece, columns: Columns, place: Place) -> Iterator[Row]:
    with opened(path) as file:
        offset, line = piece.start, piece.line
        if offset:
            file.seek(offset)
        while piece.end is None or offset < piece.end:
            line += 1
            place.update(line=line, offset=offset)
            raw = file.readline()
            if not raw:
                return
            offset += len(raw)
            if line == 1:
                raw = raw.removeprefix(b"\xef\xbb\xbf")
            if raw.strip():
                yield _json_row(raw, columns, dict(place))


def _json_row(raw: bytes, columns: Columns, place: Place) -> Row:
    try:
        data = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        return Row(place, error=_said(error))
    if not isinstance(data, dict):
        return Row(place, error=f"not an object but {type(data).__name__}")
    if columns.text not in data:
        return Row(place, error=_no_column(columns.text, data))
    row = Row(place, data=data)
    _fill(row, columns, data.get)
    return row


def _csv(path: Path, piece: Piece, columns: Columns, place: Place) -> Iterator[Row]:
    with _csv_file(path) as file:
        rows = csv.reader(file, strict=True)
        names = next(rows, None)
        if names is None:
            return
        _check(columns, names)
        while True:
            place["line"] = rows.line_num + 1
            try:
                fields = next(rows, None)
            except csv.Error as error:
                yield Row(dict(place), error=_said(error))
                continue
            if fields is None:
                return
            if fields:
                yield _csv_row(names, fields, columns, dict(place))


def _csv_file(path: Path) -> IO[str]:
    """A file of CSV as text; bytes that are no UTF-8 become lone surrogates, so that only the row that has them fails."""
    csv.field_size_limit(_FIELD)
    return io.TextIOWrapper(opened(path), "utf-8-sig", "surrogateescape", newline="")


def csv_header(path: Path) -> list[str]:
    """The names of a file's columns; none where it is empty."""
    with _csv_file(path) as file:
        return next(csv.reader(file, strict=True), [])


def _csv_row(names: list[str], fields: list[str], columns: Columns, place: Place) -> Row:
    row = Row(place, data=fields)
    if len(fields) != len(names):
        row.error = f"{len(fields)} fields where the header has {len(names)}"
        return row
    try:
        "".join(fields).encode("utf-8")
    except UnicodeEncodeError:
        row.error = "not UTF-8"
        return row
    _fill(row, columns, dict(zip(names, fields, strict=True)).get)
    return row


def _text(path: Path, piece: Piece, columns: Columns, place: Place) -> Iterator[Row]:
    with opened(path) as file:
        yield Row(dict(place), text=file.read().decode("utf-8"))


def _html(path: Path, piece: Piece, columns: Columns, place: Place) -> Iterator[Row]:
    with opened(path) as file:
        yield Row(dict(place), text=file.read(), html=True)


def _warc(path: Path, piece: Piece, columns: Columns, place: Place) -> Iterator[Row]:
    from cleaner.corpus.archive import records

    with opened(path) as file:
        for found in records(file, place):
            yield Row(dict(place), **found)


def _parquet(path: Path, piece: Piece, columns: Columns, place: Place) -> Iterator[Row]:
    from cleaner.corpus.parquet import batches

    for first, batch in batches(path, piece.start, piece.end, _BATCH, place):
        _check(columns, batch.schema.names)
        for number in range(batch.num_rows):
            place["row"] = first + number
            row = Row(dict(place), data=(batch, number))
            try:
                _fill(row, columns, lambda name, row=row: row.data[0].column(name)[row.data[1]].as_py())  # type: ignore[misc]
            except UnicodeDecodeError as error:
                row.error = _said(error)
            yield row


_Reader = Callable[[Path, Piece, Columns, Place], Iterator[Row]]
_READERS: dict[str, _Reader] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "text": _text,
    "html": _html,
    "warc": _warc,
    "parquet": _parquet,
}


def _fill(row: Row, columns: Columns, get: Callable[[str], Any]) -> None:
    """Puts a row's columns where they belong; what is no text is an error."""
    for name in ("id", "text", "lang", "url"):
        column = getattr(columns, name)
        value = get(column) if column else None
        if name == "id" and value is not None:
            value = str(value)
        if value is not None and not isinstance(value, str):
            row.error = f"{column!r} is not text but {type(value).__name__}"
            return
        setattr(row, name, value)


def _check(columns: Columns, names: list[str]) -> None:
    for column in (columns.text, columns.lang, columns.url, columns.id):
        if column and column not in names:
            raise NoColumnError(_no_column(column, names))
        if column and names.count(column) > 1:
            raise ValueError(f"{names.count(column)} columns named {column!r}")


def _no_column(column: str, names: Any) -> str:
    return f"no column {column!r} among {', '.join(map(repr, names))}"


def _said(error: Exception) -> str:
    """An error in one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
