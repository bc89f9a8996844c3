"""A run's tasks: which pieces of which files each reads. Planned once, kept in the run's folder, and the same for whoever goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from itertools import islice
from pathlib import Path
from typing import Any

from cleaner import __version__
from cleaner.corpus.formats import format_of, output_name, walk, written
from cleaner.corpus.read import Columns, Piece, check_columns, csv_header, objects
from cleaner.corpus.settings import Settings
from cleaner.corpus.write import like_new

# What a task reads: a 64th of the input, but 1 to 8 MB; and of very large inputs a 1024th.
_LEAST, _MOST, _SMALL, _LARGE = 1 << 20, 8 << 20, 64, 1024
# What opening a file costs, in bytes of cleaning: so a task has not too many.
_OPENING = 1 << 10
_BLOCK = 1 << 20
# Names of files of no known format that the summary lists.
_LISTED = 100
# Rows that are looked at before a run, for the columns that it asks for.
_LOOKED_AT = 100


class Plan:
    """The tasks of a run, in ``folder``.

    Args:
        folder: where the run keeps its state.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def exists(self) -> bool:
        return (self.folder / "plan.json").exists()

    def about(self) -> dict[str, Any]:
        """What was planned: settings, fingerprint of the input, numbers of tasks and files, names of files passed over."""
        found: dict[str, Any] = json.loads((self.folder / "plan.json").read_text(encoding="utf-8"))
        return found

    def tasks(self) -> Iterator[list[Piece]]:
        """The pieces of each task, in the order of the input."""
        with open(self.folder / "tasks.jsonl", encoding="utf-8") as file:
            for line in file:
                yield [Piece(*fields) for fields in json.loads(line)]

    def task(self, rank: int) -> list[Piece]:
        """The pieces of one task."""
        return next(islice(self.tasks(), rank, None))

    def look(self, source: Path, settings: Settings) -> list[str]:
        """The names of the input's files, sorted.

        Raises:
            ValueError: where what is planned already was for another input or other settings, where there is nothing to read, or
                where the first rows have no column of a name asked for.
            OSError: where the input cannot be read.
        """
        names = _names(source, self.folder.parent)
        if self.exists:
            _same(self.about(), _asked(source, names, settings))
        elif not any(map(format_of, names)):
            raise ValueError(f"no file of a known format in {root(source)}")
        else:
            known = [name for name in names if _is_read(name)]
            _check_outputs(known)
            _check_columns(root(source), known, settings.columns)
        return names

    def make(self, source: Path, names: list[str], settings: Settings, task_bytes: int | None = None) -> None:
        """Plans a run of the files that ``look`` has found, unless it is planned."""
        if self.exists:
            return
        asked, source = _asked(source, names, settings), root(source)
        known = [name for name in names if _is_read(name)]
        size = task_bytes or _size(sum((source / name).stat().st_size for name in known))
        count = 0
        with written(self.folder / "tasks.jsonl", self.folder / "tmp") as file:
            for task in _tasks(source, known, size):
                file.write(json.dumps([astuple(piece) for piece in task]).encode() + b"\n")
                count += 1
        other = [name for name in names if not _is_read(name)]
        counted = {"tasks": count, "files": len(known), "skipped": {"files": len(other), "names": other[:_LISTED]}}
        with written(self.folder / "plan.json", self.folder / "tmp") as file:
            file.write(json.dumps(asked | counted, indent=1).encode())


def _asked(source: Path, names: list[str], settings: Settings) -> dict[str, Any]:
    """What a run is asked to do, and with what: it goes on with the same alone."""
    packs = [file for place in (*settings.packs, *settings.sites) for file in _files(Path(place))]
    return {
        "cleaner": __version__,
        "settings": settings.to_dict(),
        "input": _fingerprint(root(source), [name for name in names if _is_read(name)]),
        "packs": _fingerprint(Path(), packs),
    }


def root(source: Path) -> Path:
    """The folder that the names of files are relative to: the source, or that of a source that is a file."""
    return source.parent if source.is_file() else source


def _names(source: Path, out: Path) -> list[str]:
    """The names of the input's files, and those of folders that cannot be read, with a stroke at their end."""
    if source.is_file():
        return [source.name]
    files, unread = walk(source, out)
    return sorted([*files, *(f"{folder}/" for folder in unread)])


def _is_read(name: str) -> bool:
    """Whether a task reads a file; that of a folder that cannot be read says so."""
    return format_of(name) is not None or name.endswith("/")


def _files(place: Path) -> list[str]:
    return [str(file) for file in (sorted(place.glob("*.toml")) if place.is_dir() else [place])]


def _fingerprint(folder: Path, names: Iterable[str]) -> str:
    """A digest of files' names, sizes and times of change."""
    digest = hashlib.sha256()
    for name in names:
        stat = (folder / name).stat()
        digest.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _same(planned: dict[str, Any], asked: dict[str, Any]) -> None:
    for name, now in asked["settings"].items():
        then = planned["settings"].get(name)
        if then != now:
            raise ValueError(
                f"the run there was begun with {name} = {then!r}, not {now!r}: go on with that, or elsewhere"
            )
    for name, said in (
        ("cleaner", "by another version of the library"),
        ("packs", "with packs that have been changed since"),
        ("input", "on files that have been changed since"),
    ):
        if planned[name] != asked[name]:
            raise ValueError(f"the run there was begun {said}: begin anew elsewhere")


def _check_outputs(names: list[str]) -> None:
    """Refuses a run of which two files would be written to one."""
    written_to: dict[str, str] = {}
    for name in names:
        other = written_to.setdefault(output_name(name), name)
        if other != name:
            raise ValueError(f"{other} and {name} would both be written to {output_name(name)}: rename one")


def _check_columns(source: Path, names: list[str], columns: Columns) -> None:
    """Refuses a run where the first file that has columns has none of a name that was asked for."""
    for name in names:
        found = _columns(source / name)
        if found:
            try:
                check_columns(columns, found)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None
            return


def _columns(path: Path) -> list[str]:
    """The names of a file's columns, of JSON lines those in its first; none where it has none, or cannot be read."""
    format_ = format_of(path.name)
    try:
        if format_ == "jsonl":
            return list(dict.fromkeys(name for data in islice(objects(path), _LOOKED_AT) for name in data))
        if format_ == "csv":
            return csv_header(path)
        if format_ == "parquet":
            from cleaner.corpus.parquet import names

            return names(path)
    except ImportError:
        raise
    except Exception:  # the task that reads it says what is wrong with it
        return []
    return []


def _size(total: int) -> int:
    return max(min(max(total // _SMALL, _LEAST), _MOST), total // _LARGE)


def _tasks(source: Path, names: list[str], size: int) -> Iterator[list[Piece]]:
    """Pieces in the order of the input, so many together as make a task."""
    task: list[Piece] = []
    held = 0
    for name in names:
        for piece, weight in _pieces(source, name, size):
            task.append(piece)
            held += weight
            if held >= size:
                yield task
                task, held = [], 0
    if task:
        yield task


def _pieces(source: Path, name: str, size: int) -> Iterator[tuple[Piece, int]]:
    """A file, or the parts that it can be cut into, with their bytes."""
    path = source / name
    total = path.stat().st_size
    found: list[tuple[int, int, int, int]] = []
    taken: list[str] = []
    if format_of(name) == "jsonl" and total >= 2 * size and path.suffix.lower() not in (".gz", ".zst"):
        found, taken = list(_cut_lines(path, total, size)), like_new(path)
    elif format_of(name) == "parquet":
        from cleaner.corpus.parquet import cuts

        try:
            found = [(start, end, 0, weight) for start, end, weight in cuts(path, size)]
        except Exception:  # the task that reads it says what is wrong with it
            found = []
    if len(found) < 2:
        yield Piece(name), total + _OPENING
        return
    for part, (start, end, line, weight) in enumerate(found):
        yield Piece(name, start, end, line, part, taken), weight


def _cut_lines(path: Path, total: int, size: int) -> Iterator[tuple[int, int, int, int]]:
    """Stretches of whole lines: first byte, byte after the last, lines before, bytes."""
    start = line = 0
    with open(path, "rb") as file:
        while start < total:
            file.seek(min(start + size, total) - 1)
            file.readline()
            end = file.tell()
            yield start, end, line, end - start
            file.seek(start)
            while start < end:
                block = file.read(min(_BLOCK, end - start))
                if not block:
                    return
                line += block.count(b"\n")
                start += len(block)
