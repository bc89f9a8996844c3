"""Parquet: rows by number, columns as they are, and parts put together again. Other columns never leave Arrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from cleaner.corpus.read import Row
from cleaner.corpus.write import NEW, new_names, value_of

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError:
    raise ImportError("Parquet needs the package pyarrow: pip install 'boilerplate-cleaner[corpus]'") from None

# Bytes of rows, in memory, that make a row group of what is written.
_GROUP = 32 << 20
# A row group larger than a task is cut into so many at most: each of them decodes it up to its end.
_CUTS = 16


def names(path: Path) -> list[str]:
    """The names of a file's columns."""
    return list(pq.read_schema(path).names)


def cuts(path: Path, size: int) -> list[tuple[int, int, int]]:
    """Stretches of rows of about ``size`` bytes: first row, row after the last, bytes."""
    found: list[tuple[int, int, int]] = []
    with pq.ParquetFile(path) as file:
        start = row = held = 0
        for number in range(file.metadata.num_row_groups):
            group = file.metadata.row_group(number)
            parts = min(_CUTS, max(1, group.total_byte_size // size), max(1, group.num_rows))
            for part in range(parts):
                held += group.total_byte_size // parts
                end = row + group.num_rows * (part + 1) // parts
                if held >= size:
                    found.append((start, end, held))
                    start, held = end, 0
            row += group.num_rows
        if start < row or not found:
            found.append((start, row, held))
    return found


def batches(
    path: Path, start: int, end: int | None, size: int, place: dict[str, Any]
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The rows from ``start`` to before ``end``, so many at a time, each batch with the number of its first row."""
    with pq.ParquetFile(path) as file:
        end = file.metadata.num_rows if end is None else end
        row, groups, skipped = 0, [], 0
        for number in range(file.metadata.num_row_groups):
            after = row + file.metadata.row_group(number).num_rows
            if after <= start:
                skipped = after
            elif row < end:
                groups.append(number)
            row = after
        row = place["row"] = max(skipped, start)
        at = skipped
        for batch in file.iter_batches(size, groups) if groups else ():
            first, last = max(start - at, 0), min(end - at, batch.num_rows)
            if first < last:
                yield at + first, batch.slice(first, last - first)
                place["row"] = at + last
            at += batch.num_rows


class Head:
    """What the rows of a file are written by: the columns that it has, and behind them the new ones.

    Raises:
        Exception: where the file cannot be read, has no column of the text, or is one that cannot be written.
    """

    def __init__(self, source: Path, text: str) -> None:
        with pq.ParquetFile(source) as read:
            schema, self.codec = read.schema_arrow, _codec(read.metadata)
        self.at = schema.names.index(text)
        field = schema.field(self.at)
        if pa.types.is_dictionary(field.type):  # bodies are each their own
            schema = schema.set(self.at, field.with_type(field.type.value_type))
        for name, called in zip(NEW, new_names(schema.names), strict=True):
            schema = schema.append(pa.field(called, pa.float64() if name == "removed_share" else pa.string()))
        self.schema = schema
        self.writer(pa.BufferOutputStream()).close()

    def writer(self, file: Any) -> Any:
        return pq.ParquetWriter(file, self.schema, compression=self.codec)


class Writer:
    """Rows of one Parquet file to another."""

    def __init__(self, file: IO[bytes], head: Head, text: str) -> None:
        self._at, self._schema = head.at, head.schema
        self._rows: list[Row] = []
        self._tables: list[pa.Table] = []
        self._writer = head.writer(file)

    def write(self, row: Row) -> None:
        if self._rows and self._rows[-1].data[0] is not row.data[0]:
            self._batch()
        self._rows.append(row)

    def close(self) -> None:
        with self._writer:
            self._batch()
            self._group()

    def _batch(self) -> None:
        """The rows of one batch become a table: its columns, but for the text, and the new ones."""
        if not self._rows:
            return
        pages = [row.page for row in self._rows]
        columns = _rows_of(self._rows[0].data[0], [row.data[1] for row in self._rows]).columns
        columns += [[value_of(page, name) for page in pages] for name in NEW]
        columns[self._at] = [page.text if page else None for page in pages]
        arrays = [
            pa.array(column, field.type) if isinstance(column, list) else column
            for column, field in zip(columns, self._schema, strict=True)
        ]
        self._tables.append(pa.Table.from_arrays(arrays, schema=self._schema))
        self._rows = []
        if sum(table.nbytes for table in self._tables) >= _GROUP:
            self._group()

    def _group(self) -> None:
        if self._tables:
            self._writer.write_table(pa.concat_tables(self._tables))
            self._tables = []


def _rows_of(batch: pa.RecordBatch, numbers: Sequence[int]) -> pa.Table:
    """Some rows of a batch, in order. Arrow takes rows of some types only; slices are of all."""
    breaks = [at for at in range(1, len(numbers)) if numbers[at] != numbers[at - 1] + 1]
    bounds = zip([0, *breaks], [*breaks, len(numbers)], strict=True)
    return pa.Table.from_batches([batch.slice(numbers[first], after - first) for first, after in bounds])


def join(parts: Sequence[Path], file: IO[bytes]) -> None:
    """Parts of one file put together, in groups of rows of their own size."""
    with pq.ParquetFile(parts[0]) as first:
        writer = pq.ParquetWriter(file, first.schema_arrow, compression=_codec(first.metadata))
    held: list[pa.Table] = []
    with writer:
        for part in parts:
            with pq.ParquetFile(part) as read:
                for group in range(read.metadata.num_row_groups):
                    held.append(read.read_row_group(group))
                    if sum(table.nbytes for table in held) >= _GROUP:
                        writer.write_table(pa.concat_tables(held))
                        held = []
        if held:
            writer.write_table(pa.concat_tables(held))


def _codec(metadata: Any) -> str:
    """The compression of a file's first column, where it can be written; else Parquet's usual one."""
    if metadata.num_row_groups and metadata.num_columns:
        codec = str(metadata.row_group(0).column(0).compression).lower()
        if codec in ("uncompressed", "gzip", "zstd", "brotli", "lz4"):
            return "none" if codec == "uncompressed" else codec
    return "snappy"
