"""Runs the examples of the documentation as a reader would, and compares what they show.

Collected are the fenced blocks of Markdown files: ``python`` runs, ``pycon`` runs and shows values, ``sh`` runs, ``console`` runs
and shows what is printed, ``json`` and ``toml`` are read. The blocks of one file share a folder and their names, in order. In what is shown, … stands for
anything, and alone on a line for any number of lines. ``<!-- not run: reason -->`` right before a block leaves it out.

python tests/tools/examples.py          # says which examples show something else
python tests/tools/examples.py --write  # puts in what is printed now, but where … shortens it
"""

from __future__ import annotations

import doctest
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
RUN = ("python", "pycon", "sh", "console", "json", "toml")
SHOWN = ("text", "html", "")
_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NOT_RUN = re.compile(r"<!-- not run: (.+) -->\n+\Z")
_MISSING = re.compile(r"No module named '(\w+)")
# Packages that examples may need and that a machine need not have.
OPTIONAL = (
    "airflow",
    "dagster",
    "datasets",
    "datatrove",
    "duckdb",
    "matplotlib",
    "pyarrow",
    "pyspark",
    "ray",
    "spacy",
    "tld",
)


class FailedError(AssertionError):
    """An example that does not run."""


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and where it stands."""

    file: Path
    start: int
    language: str
    text: str
    not_run: str

    @property
    def where(self) -> str:
        line = self.file.read_text(encoding="utf-8").count("\n", 0, self.start) + 1
        return f"{self.file.relative_to(ROOT)}, line {line}"


def blocks(file: Path) -> list[Block]:
    """The fenced blocks of a file."""
    written = file.read_text(encoding="utf-8")
    found = []
    for fence in _FENCE.finditer(written):
        left_out = _NOT_RUN.search(written, 0, fence.start())
        found.append(Block(file, fence.start(2), fence[1], fence[2], left_out[1] if left_out else ""))
    return found


@dataclass
class Reader:
    """One who follows a file from its beginning, in a folder of its own, with the names that are known so far."""

    folder: Path
    names: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        furnish(self.folder)
        self.names["__name__"] = "__main__"

    def follow(self, block: Block) -> Iterator[tuple[int, int, str]]:
        """Runs a block; yields where what it shows begins and ends, with what comes out instead, where that differs."""
        if block.language == "json":
            json.loads(block.text)
        elif block.language == "toml":
            tomllib.loads(block.text)
        elif block.language == "python":
            with redirect_stdout(StringIO()):
                exec(compile(block.text, block.where, "exec"), self.names)
        elif block.language == "pycon":
            yield from self._session(block)
        elif block.language == "sh":
            self._shell(block.text, block.where, may_fail=False)
        elif block.language == "console":
            for command, shown, start in dialogue(block.text):
                said = self._shell(command, block.where)
                if not like(shown, said):
                    yield start, start + len(shown), said

    def _session(self, block: Block) -> Iterator[tuple[int, int, str]]:
        for example in doctest.DocTestParser().parse(block.text):
            if isinstance(example, str):
                if example.strip():  # output ends at a blank line: what follows would be compared with nothing
                    raise FailedError(f"{block.where}: neither code nor output: {example.strip()}")
                continue
            one = doctest.DocTest([example], self.names, block.where, str(block.file), 0, None)
            runner = _Session()
            runner.run(one, clear_globs=False)
            self.names.update(one.globs)
            if runner.said is not None:
                lines = block.text.splitlines(True)
                start = sum(map(len, lines[: example.lineno + example.source.count("\n")]))
                yield start, start + len(example.want), runner.said

    def _shell(self, command: str, where: str, may_fail: bool = True) -> str:
        environment = os.environ | {
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
            "COLUMNS": "100",
        }
        done = subprocess.run(
            ["bash", "-ec", command],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
        )
        said = done.stdout.decode()
        if (done.returncode and not may_fail) or done.returncode > 2:
            raise FailedError(f"{where}: {command.strip()} ends with {done.returncode}: {said}")
        return said


class _Session(doctest.DocTestRunner):
    """Runs one example of a session; ``said`` is what came out, where that is not what is shown."""

    def __init__(self) -> None:
        super().__init__(optionflags=doctest.ELLIPSIS)
        self.said: str | None = None

    def report_failure(self, _out: Any, _test: doctest.DocTest, _example: doctest.Example, got: str) -> None:
        self.said = got

    def report_unexpected_exception(
        self, _out: Any, test: doctest.DocTest, example: doctest.Example, info: Any
    ) -> None:
        raise FailedError(f"{test.name}: {example.source.strip()} raises {info[0].__name__}: {info[1]}") from info[1]


def dialogue(text: str) -> Iterator[tuple[str, str, int]]:
    """The commands of a console block (``$``, going on after a backslash), what is shown of their output, and where that begins."""
    for part in re.finditer(r"^\$ ((?:.*\\\n)*.*\n)((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
        yield part[1], part[2], part.start(2)


def like(shown: str, said: str) -> bool:
    """Whether a text is what is shown of it: … stands for anything, alone on a line for any number of lines."""
    pattern = "".join(
        r"(?:.*\n)*" if line.strip() == "…" else ".*".join(map(re.escape, line.split("…"))) + "\n"
        for line in shown.strip("\n").split("\n")
    )
    return re.fullmatch(pattern, said.strip("\n") + "\n") is not None


def furnish(folder: Path) -> None:
    """Puts into a folder what the examples find in a clone, and programs; all else they make themselves."""
    (folder / "fixtures").symlink_to(ROOT / "fixtures")
    (folder / "pyproject.toml").symlink_to(ROOT / "pyproject.toml")
    (folder / "bin").mkdir()
    for name, line in {"cleaner": "-m cleaner", "python": "", "pip": f"{Path(__file__).parent / 'no_pip.py'}"}.items():
        program = folder / "bin" / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {line} "$@"\n', encoding="utf-8")
        program.chmod(0o755)


def lacking(error: BaseException) -> str:
    """The optional package for want of which an example does not run; "" where that is not why."""
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    missing = missing or (found[1] if (found := _MISSING.search(str(error))) else "")
    return missing if missing in OPTIONAL else ""


def main() -> int:
    wrong = 0
    for file in FILES:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            reader, written, moved = Reader(Path(folder)), file.read_text(encoding="utf-8"), 0
            for block in blocks(file):
                if block.not_run:
                    continue
                try:
                    for start, end, said in list(reader.follow(block)):
                        wrong += 1
                        print(f"{block.where} shows something else; it printed:\n{said}")
                        if "…" not in block.text[start:end]:
                            at = block.start + moved
                            now = said.strip("\n") + "\n"
                            written = written[: at + start] + now + written[at + end :]
                            moved += len(now) - (end - start)
                except Exception as error:
                    wrong += not lacking(error)
                    print(f"{block.where}: " + (f"needs {lacking(error)}" if lacking(error) else repr(error)))
            os.chdir(ROOT)
        if "--write" in sys.argv:
            file.write_text(written, encoding="utf-8")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
