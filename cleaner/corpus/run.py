"""A run from plan to summary: begun anew, or gone on with where it stopped."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby, islice
from pathlib import Path
from threading import Event, Thread
from typing import Any

from cleaner import __version__
from cleaner.corpus.plan import Plan, root
from cleaner.corpus.settings import Settings
from cleaner.corpus.tally import VERSION, Tally
from cleaner.corpus.write import Output, join, json_line

# Errors that the summary shows; errors.jsonl has them all.
_ERRORS_SHOWN = 20
_EVERY = 0.5  # seconds between two looks at how many tasks are done


def clean_corpus(
    source: str | Path,
    out: str | Path,
    settings: Settings | None = None,
    *,
    workers: int = 1,
    engine: str = "local",
    engine_options: Mapping[str, Any] | None = None,
    progress: bool = False,
    task_bytes: int | None = None,
) -> dict[str, Any] | None:
    """Cleans a file or a folder of files into a folder; goes on where a run there stopped.

    ``out/data`` has the cleaned rows under the input's names, ``out/errors.jsonl`` what could not be read or cleaned, and
    ``out/summary.json``, written last, the figures: rows in are rows out and errors.

    Args:
        source: a file or folder of Parquet, JSONL, CSV, text, HTML, WARC or WET.
        out: the folder to write to: new, empty, or of a run that stopped.
        settings: what to do; all defaults where None.
        workers: processes, or on a cluster tasks at a time.
        engine: ``"local"``, ``"ray"`` or ``"slurm"``: datatrove's executors.
        engine_options: arguments for that executor, such as ``partition`` and ``time`` for Slurm.
        progress: whether to show a bar on standard error.
        task_bytes: how much of the input a task reads, in bytes; by the size of the input where None.

    Returns:
        The summary; None where tasks are still to be run, as with Slurm, which runs them later: the same call, when they are
        done, finishes the run.

    Raises:
        ValueError: where a run in ``out`` was begun otherwise, a column is missing, or there is nothing to read.
        OSError: where a task failed, as where files cannot be written, or a worker was killed; the same call goes on.
        ImportError: where a package of the extra ``[corpus]`` is missing.
    """
    if not isinstance(workers, int) or workers < 1:
        raise ValueError(f"workers is a number from 1, not {workers!r}")
    source, output, settings = Path(source).absolute(), Output(Path(out).absolute()), settings or Settings()
    plan = Plan(output.run)
    plan.make(source, check(source, output.folder, settings), settings, task_bytes)
    about = plan.about()
    if not output.summary.exists():
        if not _run(root(source), output, settings, about["tasks"], workers, engine, engine_options or {}, progress):
            return None
        _finish(plan, output, settings, about)
    found: dict[str, Any] = json.loads(output.summary.read_text(encoding="utf-8"))
    return found


def check(source: str | Path, out: str | Path, settings: Settings) -> list[str]:
    """The names of the files to read, after all that can be checked before anything is written: folders, settings, columns.

    Raises:
        ValueError, OSError, ImportError: as ``clean_corpus`` does.
    """
    source, output = Path(source).absolute(), Output(Path(out).absolute())
    plan = Plan(output.run)
    if not source.exists():
        raise FileNotFoundError(f"there is no {source}")
    here, there = root(source).resolve(), output.folder.resolve()
    if (there.is_relative_to(here) and source.is_dir()) or (source.is_dir() and here.is_relative_to(there)):
        raise ValueError("the folder to read and the folder to write must not lie in each other")
    if output.folder.exists() and not plan.exists:
        if not output.folder.is_dir():
            raise NotADirectoryError(f"{output.folder} is no folder")
        if any(path.name != "run" for path in output.folder.iterdir()):
            raise ValueError(f"{output.folder} is not empty, and holds no run to go on with")
    settings.cleaner()
    return plan.look(source, settings)


def _run(
    source: Path,
    output: Output,
    settings: Settings,
    tasks: int,
    workers: int,
    engine: str,
    options: Mapping[str, Any],
    progress: bool,
) -> bool:
    """Runs what has not been run; whether all has been."""
    try:
        from cleaner.corpus.engines import executor
        from cleaner.corpus.steps import CleanRows, Read, Write
    except ModuleNotFoundError as error:
        raise ImportError(f"corpora need {error.name}: pip install 'boilerplate-cleaner[corpus]'") from None

    steps = [Read(source, output, settings), CleanRows(settings), Write(source, output, settings)]
    runner = executor(engine, steps, tasks, workers, str(output.run), options)
    if runner.get_incomplete_ranks():
        with _shown(output.run / "completions", tasks) if progress else _silent():
            runner.run()
    missing = len(runner.get_incomplete_ranks())
    if missing and engine != "slurm":
        raise ChildProcessError(
            f"{missing} of {tasks} tasks failed; {output.run / 'logs'} says why, the same command goes on"
        )
    return not missing


def _finish(plan: Plan, output: Output, settings: Settings, about: dict[str, Any]) -> None:
    """Puts parts together, and the errors and figures of all tasks; the summary comes last, and says that all is there."""
    tally = Tally(together=True)
    with output.writing(output.folder / "errors.jsonl") as errors:
        for rank in range(about["tasks"]):
            errors.write(output.of_task("errors", rank).read_bytes())
            tally.load(output.of_task("tallies", rank))
    split = (piece for task in plan.tasks() for piece in task if piece.part is not None)
    for _, group in groupby(split, key=lambda piece: piece.file):
        pieces = list(group)
        for what in ("data", "removed"):
            parts = [part for part in (output.place(what, piece) for piece in pieces) if part.exists()]
            if parts:
                with output.writing(output.whole(what, pieces[0])) as file:
                    join(parts, pieces[0], what, file)
    with open(output.folder / "errors.jsonl", encoding="utf-8") as file:
        shown = [json.loads(line) for line in islice(file, _ERRORS_SHOWN)]
    summary = {
        "version": VERSION,
        "cleaner": __version__,
        "settings": settings.to_dict(),
        "files": about["files"],
        "skipped": about["skipped"] | {"records": tally.counts["skipped"]},
        **tally.summary(),
        "errors": shown,
    }
    with output.writing(output.summary) as out:
        out.write(json_line(summary))
    for name in ("parts", "errors", "tallies", "tmp"):
        shutil.rmtree(output.run / name, ignore_errors=True)


@contextmanager
def _silent() -> Iterator[None]:
    yield


@contextmanager
def _shown(completions: Path, tasks: int) -> Iterator[None]:
    """A bar of the tasks that are done, whoever runs them."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        SpinnerColumn(),
        "cleaning",
        BarColumn(),
        MofNCompleteColumn(),
        "tasks",
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    stop = Event()

    def look() -> None:
        while not stop.wait(_EVERY):
            bar.update(shown, completed=done())

    def done() -> int:
        return len(list(completions.iterdir())) if completions.is_dir() else 0

    with bar:
        shown = bar.add_task("cleaning", total=tasks, completed=done())
        looking = Thread(target=look, daemon=True)
        looking.start()
        try:
            yield
        finally:
            stop.set()
            looking.join()
            bar.update(shown, completed=done())
