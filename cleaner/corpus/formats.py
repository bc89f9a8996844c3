"""Which files a corpus has, what they are, and how they are opened, so that they hold the same bytes every time."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

# Suffixes, after .gz or .zst has been taken off, and the formats that they stand for.
FORMATS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".warc": "warc",
    ".wet": "warc",
}
_COMPRESSED = (".gz", ".zst")
# Compressed bytes that are handed to the decompressor together: one block of zeros becomes some 16,000 times as much.
_BLOCK = 1 << 14


def format_of(name: str) -> str | None:
    """The format of a file, by its name; None where it is none of a corpus.

    >>> format_of("news/2024.jsonl.zst"), format_of("CC-MAIN-00001.warc.wet.gz"), format_of("README.md")
    ('jsonl', 'warc', None)
    """
    stem, suffix = os.path.splitext(name.lower())
    found = FORMATS.get(os.path.splitext(stem)[1] if suffix in _COMPRESSED else suffix)
    return None if found == "parquet" and suffix in _COMPRESSED else found


def output_name(name: str) -> str:
    """The name of a file's cleaned rows: its own, but HTML becomes text, and web archives JSON lines.

    >>> output_name("a/page.html"), output_name("x.warc.wet.gz"), output_name("x.jsonl.gz")
    ('a/page.html.txt', 'x.warc.wet.jsonl.gz', 'x.jsonl.gz')
    """
    new = {"html": ".txt", "warc": ".jsonl"}.get(format_of(name) or "", "")
    stem, suffix = os.path.splitext(name)
    return stem + new + suffix if suffix.lower() in _COMPRESSED else name + new


def walk(folder: Path, apart: Path | None = None) -> tuple[list[str], list[str]]:
    """The files in a folder and in those that it holds or links to, each folder once; and the folders that cannot be read.

    Args:
        folder: where to look; names are relative to it.
        apart: a folder that is not looked into.

    Raises:
        OSError: where ``folder`` itself cannot be read.
    """
    os.scandir(folder).close()
    files: list[str] = []
    errors: list[OSError] = []
    seen = {os.path.realpath(apart)} if apart else set()
    for place, inside, names in os.walk(folder, onerror=errors.append, followlinks=True):
        inside.sort()
        real = os.path.realpath(place)
        if real in seen:  # a link leads round in a circle, or to what is read by another name
            inside.clear()
            continue
        seen.add(real)
        files += [(Path(place) / name).relative_to(folder).as_posix() for name in names]
    return sorted(files), sorted(Path(error.filename).relative_to(folder).as_posix() for error in errors)


def opened(path: str | Path) -> IO[bytes]:
    """A file for reading; gzip and Zstandard, of any number of members, are read to the end, or raise EOFError."""
    suffix = os.path.splitext(str(path))[1].lower()
    if suffix == ".gz":
        return gzip.open(path, "rb")  # type: ignore[return-value]
    if suffix == ".zst":
        return io.BufferedReader(_Blocks(open(path, "rb")))
    return open(path, "rb")


class _Blocks(io.RawIOBase):
    """A Zstandard file, decompressed. zstandard's own reader takes a truncated file for a whole one."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._blocks, self._left = file, decompressed(file), b""

    def close(self) -> None:
        self._file.close()
        super().close()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._left = block
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size


def decompressed(file: IO[bytes]) -> Iterator[bytes]:
    """What a Zstandard file holds, block by block, of any number of frames; EOFError where it is truncated."""
    zstandard = _zstandard()
    data = file.read(_BLOCK)
    while data:
        frame = zstandard.ZstdDecompressor(max_window_size=2**31).decompressobj()
        yield frame.decompress(data)
        while not frame.eof:
            data = file.read(_BLOCK)
            if not data:
                raise EOFError("the compressed file ended before its end was reached")
            yield frame.decompress(data)
        data = frame.unused_data or file.read(_BLOCK)


def _zstandard() -> Any:
    try:
        import zstandard
    except ImportError:
        raise ImportError(
            "files in .zst need the package zstandard: pip install 'boilerplate-cleaner[corpus]'"
        ) from None
    return zstandard


@contextmanager
def written(path: Path, folder: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name when it is whole, and not before; until then it grows in ``folder``.

    Two processes that write the same file do not meet: each has a file of its own until it is renamed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    growing = folder / uuid4().hex
    try:
        with open(growing, "xb") as raw, _compressor(raw, path.suffix.lower()) as file:
            yield file
        path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(growing, path)
    finally:
        growing.unlink(missing_ok=True)


@contextmanager
def _compressor(raw: Any, suffix: str) -> Iterator[Any]:
    if suffix == ".gz":
        with gzip.GzipFile("", "wb", 6, raw, mtime=0) as file:  # no name and no time: the same bytes every time
            yield file
    elif suffix == ".zst":
        with _zstandard().ZstdCompressor().stream_writer(raw, closefd=False) as file:
            yield file
    else:
        yield raw
