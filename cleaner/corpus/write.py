"""Rows to files: the format that they came in, under the name that they came under."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Container, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import IO, Any, Protocol

from cleaner.corpus.formats import format_of, output_name, written
from cleaner.corpus.read import Piece, Row, csv_header, objects, said
from cleaner.document import Document, removed_share

# The columns that rows gain.
NEW = ("lang", "title", "author", "date", "removed_share")


class Output:
    """The folder of a run: where everything is.

    Args:
        folder: the run's folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run = folder / "run"

    def place(self, what: str, piece: Piece) -> Path:
        """Where the cleaned (``data``) or the removed rows of a piece go."""
        whole = self.whole(what, piece)
        if piece.part is None:
            return whole
        return self.run / "parts" / whole.relative_to(self.folder) / f"{piece.part:06d}"

    def whole(self, what: str, piece: Piece) -> Path:
        """Where those of its file go."""
        return self.folder / what / (output_name(piece.file) + (".jsonl" if what == "removed" else ""))

    def of_task(self, what: str, rank: int) -> Path:
        """Where a task's ``errors`` or ``tallies`` go."""
        return self.run / what / f"{rank:06d}"

    @property
    def summary(self) -> Path:
        """What says that a run is complete."""
        return self.folder / "summary.json"

    def writing(self, path: Path) -> AbstractContextManager[IO[bytes]]:
        """A file that appears when it is whole."""
        return written(path, self.run / "tmp")


def free_name(name: str, taken: Container[str]) -> str:
    """A name for what is new: put behind ``cleaner_`` as often as it takes to be no other's.

    >>> free_name("date", {"date", "cleaner_date"})
    'cleaner_cleaner_date'
    """
    while name in taken:
        name = f"cleaner_{name}"
    return name


def new_names(taken: Container[str]) -> list[str]:
    """The names of the new columns in a file."""
    return [free_name(name, taken) for name in NEW]


def like_new(path: Path) -> list[str]:
    """The names in a file of JSON lines that new columns could have: of all its rows, as each may have others."""
    return sorted({name for data in objects(path) for name in data if name.endswith(NEW)})


def value_of(page: Document | None, name: str) -> Any:
    """What a new column says of a page."""
    if page is None:
        return None
    if name == "removed_share":
        return removed_share(page)
    return getattr(page, name)


def json_line(value: Any) -> bytes:
    """A value as a line of JSON; escaped where it holds lone surrogates, which UTF-8 has no form for."""
    try:
        return json.dumps(value, ensure_ascii=False).encode("utf-8") + b"\n"
    except UnicodeEncodeError:
        return json.dumps(value).encode("ascii") + b"\n"


class Writer(Protocol):
    """What takes the rows of a piece."""

    def write(self, row: Row) -> None:
        """Writes a row."""

    def close(self) -> None:
        """Writes what has been held back."""


class _Lines:
    """Rows as JSON lines."""

    def __init__(self, file: IO[bytes], head: Any, text: str) -> None:
        self._file, self._head, self._text = file, head, text

    def write(self, row: Row) -> None:
        body = row.page.text if row.page else None
        new = {called: value_of(row.page, name) for name, called in zip(NEW, self._head, strict=True)}
        self._file.write(json_line(row.data | {self._text: body} | new))

    def close(self) -> None:
        pass


class _Archive(_Lines):
    """Records as JSON lines; their text is called text, whatever other files call it."""

    def __init__(self, file: IO[bytes], head: Any, text: str) -> None:
        super().__init__(file, head, "text")


class _Csv(_Lines):
    """Rows of CSV, in the form of RFC 4180."""

    def __init__(self, file: IO[bytes], head: Any, text: str) -> None:
        super().__init__(file, head, text)
        if head:
            self._line([*head, *new_names(head)])

    def write(self, row: Row) -> None:
        fields = list(row.data)
        fields[self._head.index(self._text)] = row.page.text if row.page else ""
        self._line(fields + [value_of(row.page, name) for name in NEW])

    def _line(self, fields: list[Any]) -> None:
        line = io.StringIO(newline="")
        csv.writer(line).writerow(fields)
        self._file.write(line.getvalue().encode("utf-8"))


class _Text(_Lines):
    """The text alone."""

    def write(self, row: Row) -> None:
        if row.page:
            self._file.write(row.page.text.encode("utf-8", "replace"))


def _parquet(file: IO[bytes], head: Any, text: str) -> Writer:
    from cleaner.corpus.parquet import Writer as Parquet

    return Parquet(file, head, text)


_WRITERS: dict[str, Callable[[IO[bytes], Any, str], Writer]] = {
    "jsonl": _Lines,
    "csv": _Csv,
    "warc": _Archive,
    "text": _Text,
    "html": _Text,
    "parquet": _parquet,
}


def _head(source: Path, piece: Piece, text: str) -> Any:
    """What a writer must know of a file before its rows: the names of the new columns, or of those that are there.

    Raises:
        Exception: where the file cannot be read so far.
    """
    format_ = format_of(piece.file)
    if format_ == "jsonl":
        return new_names(like_new(source) if piece.part is None else piece.taken)
    if format_ == "csv":
        return csv_header(source)
    if format_ == "parquet":
        from cleaner.corpus.parquet import Head

        return Head(source, text)
    return NEW


class PieceWriter:
    """Takes the rows of a piece; its files appear when it is left, whole.

    A file with no good row is written too, with its header or schema, where that can be read; a page that is a file is not.

    Args:
        output: the run's folder.
        source: the folder that the piece's file is in.
        piece: the piece.
        text: the name of the column with the text.
        keep_removed: whether to write what was taken out.

    Attributes:
        error: why the piece's rows cannot be written; None where they can.
    """

    def __init__(self, output: Output, source: Path, piece: Piece, text: str, keep_removed: bool) -> None:
        self._output, self._piece, self._keep_removed = output, piece, keep_removed
        self._source, self._text = source / piece.file, text
        self._format = format_of(piece.file)
        self._stack = ExitStack()
        self._writer: Writer | None = None
        self._removed: IO[bytes] | None = None
        self.error: str | None = None

    def __enter__(self) -> PieceWriter:
        if self._format not in (None, "text", "html"):
            self._open()
        return self

    def __exit__(self, *error: Any) -> None:
        if error[0]:
            self._stack.__exit__(*error)
            return
        with self._stack:
            if self._writer:
                self._writer.close()

    def write(self, row: Row) -> None:
        """Writes a row, and beside it what was taken out; the row says why where it cannot be written."""
        if not self._writer and not self.error:
            self._open()
        row.error = self.error
        if not self._writer:
            return
        self._writer.write(row)
        if self._removed and row.page and row.page.text != row.page.source:
            self._removed.write(json_line(_removed(row, row.page)))

    def _open(self) -> None:
        try:
            head = _head(self._source, self._piece, self._text)
        except ImportError:
            raise
        except Exception as error:
            self.error = said(error)
            return
        with ExitStack() as stack:
            file = stack.enter_context(self._output.writing(self._output.place("data", self._piece)))
            self._writer = _WRITERS[self._format or ""](file, head, self._text)
            if self._keep_removed:
                place = self._output.place("removed", self._piece)
                self._removed = stack.enter_context(self._output.writing(place))
            self._stack = stack.pop_all()


def _removed(row: Row, page: Document) -> dict[str, Any]:
    spans = [span.to_dict() | {"text": page.source[span.start : span.end]} for span in page.spans if not span.kept]
    for span in spans:
        del span["kept"]
    return row.place | {"id": row.id, "url": row.url, "lang": page.lang, "removed": spans}


def error_of(row: Row) -> dict[str, Any]:
    """A row that failed, as the errors file has it."""
    return row.place | ({"id": row.id} if row.id is not None else {}) | {"reason": row.error}


def join(parts: Sequence[Path], piece: Piece, what: str, file: IO[bytes]) -> None:
    """The parts of a file put together, in order."""
    if format_of(piece.file) == "parquet" and what == "data":
        from cleaner.corpus.parquet import join as join_parquet

        join_parquet(parts, file)
        return
    for part in parts:
        with open(part, "rb") as read:
            shutil.copyfileobj(read, file, 1 << 20)
