"""Files to rows. What cannot be read is a row too: one with an error, which says where it stands and why."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterator, Sequence
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

    ``line`` is how many lines stand before it; ``part`` is its number where the file is split, and ``taken`` are then those names in
    JSON lines, of the whole file, that new columns could have.
    """

    file: str
    start: int = 0
    end: int | None = None
    line: int = 0
    part: int | None = None
    taken: Sequence[str] = ()


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
        yield Row(dict(place), error=said(error))


def objects(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines, as far as it can be read."""
    rows = read(path.parent, Piece(path.name), Columns())
    return (row.data for row in rows if row.data is not None)


def _folder(path: Path, piece: Piece, columns: Columns, place: Place) -> Iterator[Row]:
    """A folder that could not be looked into when the run was planned: why not."""
    os.listdir(path)
    raise OSError("it could not be read when the run was planned")
    yield


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
        return Row(place, error=said(error))
    if not isinstance(data, dict):
        return Row(place, error=f"not an object but {type(data).__name__}")
    row = Row(place, data=data)
    if columns.text in data:
        _fill(row, columns, data.get)
    else:
        row.error = _no_column(columns.text, data)
    return row


def _csv(path: Path, piece: Piece, columns: Columns, place: Place) -> Iterator[Row]:
    place["line"] = 1
    with _csv_file(path) as file:
        rows = csv.reader(file, strict=True)
        names = _header(rows)
        if names is None:
            return
        check_columns(columns, names)
        while True:
            place["line"] = rows.line_num + 1
            try:
                fields = _fields(rows)
            except csv.Error as error:
                yield Row(dict(place), error=said(error))
                continue
            if fields is None:
                return
            if fields:
                yield _csv_row(names, fields, columns, dict(place))


def _csv_file(path: Path) -> IO[str]:
    """A file of CSV as text; bytes that are no UTF-8 become lone surrogates, so that only the row that has them fails."""
    return io.TextIOWrapper(opened(path), "utf-8-sig", "surrogateescape", newline="")


def _fields(rows: Iterator[list[str]]) -> list[str] | None:
    """The next row, of any length. The limit of lengths is the whole process's, so it is put back."""
    limit = csv.field_size_limit(_FIELD)
    try:
        return next(rows, None)
    finally:
        csv.field_size_limit(limit)


def _header(rows: Iterator[list[str]]) -> list[str] | None:
    names = _fields(rows)
    if names and not _is_utf_8(names):
        raise ValueError("the header is not UTF-8")
    return names


def csv_header(path: Path) -> list[str]:
    """The names of a file's columns; none where it is empty.

    Raises:
        Exception: where it cannot be read so far.
    """
    with _csv_file(path) as file:
        return _header(csv.reader(file, strict=True)) or []


def _is_utf_8(fields: list[str]) -> bool:
    try:
        "".join(fields).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _csv_row(names: list[str], fields: list[str], columns: Columns, place: Place) -> Row:
    row = Row(place, data=fields)
    if len(fields) != len(names):
        row.error = f"{len(fields)} fields where the header has {len(names)}"
        return row
    if not _is_utf_8(fields):
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
    from cleaner.corpus.parquet import batches, names

    check_columns(columns, names(path))
    for first, batch in batches(path, piece.start, piece.end, _BATCH, place):
        for number in range(batch.num_rows):
            place["row"] = first + number
            row = Row(dict(place), data=(batch, number))
            try:
                _fill(row, columns, lambda name, row=row: row.data[0].column(name)[row.data[1]].as_py())  # type: ignore[misc]
            except UnicodeDecodeError as error:
                row.error = said(error)
            yield row


_Reader = Callable[[Path, Piece, Columns, Place], Iterator[Row]]
_READERS: dict[str, _Reader] = {
    "": _folder,
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


def check_columns(columns: Columns, names: list[str]) -> None:
    """Raises ValueError where a column that was asked for is not among those of a file, or is there twice."""
    for column in (columns.text, columns.lang, columns.url, columns.id):
        if column and column not in names:
            raise ValueError(_no_column(column, names))
        if column and names.count(column) > 1:
            raise ValueError(f"{names.count(column)} columns named {column!r}")


def _no_column(column: str, names: Any) -> str:
    return f"no column {column!r} among {', '.join(map(repr, names)) or 'none'}"


def said(error: Exception) -> str:
    """An error in one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
