"""A run of a corpus: tasks, workers, kills and engines change nothing; and the step for datatrove's own pipelines."""

from __future__ import annotations

import gzip
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from corpora import ALL, bodies, html, json_rows, lines, page, rows, run, tree

import cleaner
from cleaner.cli import main
from cleaner.cli_options import plainly
from cleaner.corpus import Settings, clean_corpus
from cleaner.corpus.plan import Plan

# Tasks, workers and kills change nothing


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of several formats, with errors, that is cut into some thirty tasks of 4,000 bytes."""
    source = tmp_path_factory.mktemp("mixed")
    given = lines(rows(60))
    (source / "a.jsonl").write_bytes(given[:9000] + b"\nbroken\n" + given[9000:])
    (source / "b.jsonl.gz").write_bytes(gzip.compress(lines(rows(9, 100)), mtime=0))
    pq.write_table(pa.Table.from_pylist(rows(40, 200)), source / "c.parquet", row_group_size=4)
    (source / "d").mkdir()
    for n in range(12):
        (source / "d" / f"{n}.txt").write_text(page(n), encoding="utf-8")
    (source / "d" / "bad.txt").write_bytes(b"\xff")
    return source


@pytest.fixture(scope="module")
def uncut(mixed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("uncut") / "out"
    run(mixed, out, Settings(ALL.columns, keep_removed=True), task_bytes=4000)
    return tree(out)


def test_tasks_and_workers_change_nothing(mixed: Path, uncut: dict[str, bytes], tmp_path: Path) -> None:
    settings = Settings(ALL.columns, keep_removed=True)
    run(mixed, tmp_path / "one", settings)
    summary = run(mixed, tmp_path / "two", settings, workers=2, task_bytes=4000)
    one, two = tree(tmp_path / "one"), tree(tmp_path / "two")
    assert two == uncut
    # a file of Parquet is the same rows in the same groups; the bytes of its pages depend on how it was put together
    for name in one.keys() - {"data/c.parquet"}:
        assert one[name] == two[name], name
    tables = [pq.read_table(tmp_path / name / "data" / "c.parquet") for name in ("one", "two")]
    assert tables[0].equals(tables[1])
    assert json_rows(tmp_path / "two" / "data" / "a.jsonl")[3]["id"] == "3"
    assert summary["rows"]["out"] == 60 - 1 + 9 + 40 + 12


KILLED = """
import os, signal, sys
from cleaner.corpus import Columns, Settings, clean_corpus

source, out, at, what = sys.argv[1:]
left = int(at)

def hook(event, arguments):
    global left
    if event in ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir") and str(arguments[0]).startswith(out):
        left -= what in str(arguments[:2])
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hook)
clean_corpus(source, out, Settings(Columns("text", "lang", "url", "id"), keep_removed=True), task_bytes=4000)
"""


def killed(source: Path, out: Path, at: int, what: str = "") -> int:
    """Runs until the ``at``-th change of a file of the run whose name holds ``what``, and is killed there."""
    return subprocess.run([sys.executable, "-c", KILLED, source, out, str(at), what], check=False).returncode


def test_ten_kills_lose_and_double_nothing(mixed: Path, uncut: dict[str, bytes], tmp_path: Path) -> None:
    out = tmp_path / "out"
    draw = random.Random(6)
    for at in [1, *(draw.randrange(5, 60) for _ in range(6))]:
        assert killed(mixed, out, at) == -signal.SIGKILL
        assert not (out / "summary.json").exists()
    # and while the run is being finished: at the errors, at a file put together of parts, at the very end
    assert killed(mixed, out, 2, "/errors.jsonl") in (-signal.SIGKILL, 0)
    for at, what in ((1, f"{out}/errors.jsonl"), (1, f"{out}/data/a.jsonl"), (3, "/parts/")):
        killed(mixed, out, at, what)
    run(mixed, out, Settings(ALL.columns, keep_removed=True), task_bytes=4000)
    assert tree(out) == uncut
    assert not list((out / "run").glob("tmp/*"))


def test_a_killed_worker_is_noticed(mixed: Path, uncut: dict[str, bytes], tmp_path: Path) -> None:
    """datatrove's own pool would wait for ever."""
    script = """
import os, signal, sys, threading, time
from multiprocessing import active_children
from pathlib import Path
from cleaner.corpus import Columns, Settings, clean_corpus

def kill():
    while not list(Path(sys.argv[2]).glob("run/completions/*")):
        time.sleep(0.01)
    os.kill(active_children()[0].pid, signal.SIGKILL)

if __name__ == "__main__":
    threading.Thread(target=kill, daemon=True).start()
    try:
        clean_corpus(sys.argv[1], sys.argv[2], Settings(Columns("text", "lang", "url", "id"), True), workers=2, task_bytes=4000)
    except ChildProcessError as error:
        sys.exit(str(error))
"""
    (tmp_path / "script.py").write_text(script)
    said = subprocess.run(
        [sys.executable, tmp_path / "script.py", mixed, tmp_path / "out"], capture_output=True, text=True, check=False
    )
    assert said.returncode == 1
    assert "a worker was killed" in said.stderr
    run(mixed, tmp_path / "out", Settings(ALL.columns, keep_removed=True), task_bytes=4000)
    assert tree(tmp_path / "out") == uncut


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_task_that_fails_is_said_in_one_line(tmp_path: Path, workers: str) -> None:
    source, out = tmp_path / "pages.jsonl", tmp_path / "out"
    source.write_bytes(lines(rows(3)))
    Plan(out / "run").make(source, [source.name], Settings())
    (out / "data").touch()  # where a folder has to be
    command = [sys.executable, "-m", "cleaner", "corpus", source, out, "--workers", workers]
    failed = subprocess.run(command, capture_output=True, text=True, check=False)
    said = [line for line in failed.stderr.splitlines() if "cleaning" not in line]  # but for the bar
    assert failed.returncode == 1
    (line,) = filter(None, said)
    assert line.startswith("Error: task 0 failed on pages.jsonl: ")
    assert line.endswith("; the same command goes on from there")
    assert "Traceback" in (out / "run" / "logs" / "task_00000.log").read_text()
    (out / "data").unlink()
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert "rows" in (out / "run" / "logs" / "task_00000.log").read_text()
    assert len(json_rows(out / "data" / "pages.jsonl")) == 3


WORKERS_END = """
import sys, threading, time
from multiprocessing import active_children
from cleaner.corpus import clean_corpus

def tell():
    while len(active_children()) < 2:
        time.sleep(0.01)
    time.sleep(1)
    print(*[child.pid for child in active_children()], flush=True)

if __name__ == "__main__":
    threading.Thread(target=tell, daemon=True).start()
    clean_corpus(sys.argv[1], sys.argv[2], workers=2, task_bytes=1)
"""


def test_workers_end_with_who_started_them(mixed: Path, tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(WORKERS_END)
    command = [sys.executable, tmp_path / "script.py", mixed, tmp_path / "out"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout
        workers = [int(pid) for pid in started.stdout.readline().split()]
        started.kill()
    assert len(workers) == 2
    until = time.monotonic() + 60
    while any(map(_alive, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(_alive, workers))


def _alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be asked how does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_reader_that_has_read_enough_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("A page of the ferry.\n" * 20_000, encoding="utf-8")
    command = f"{sys.executable} -m cleaner clean --lang en {' '.join(['page.txt'] * 3)} | head -n 1"
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("A page of the ferry.\n", "")


def test_a_file_that_ends_too_early_is_said_plainly() -> None:
    @click.command()
    @plainly
    def command() -> None:
        raise EOFError("the file ended")

    assert CliRunner().invoke(command).stderr == "Error: the file ended\n"


# datatrove, and the engines that it brings


def test_the_step_between_a_reader_and_a_writer(tmp_path: Path) -> None:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    from cleaner.integrations.datatrove import Clean

    given = [row | {"date": "yesterday"} for row in rows(6)]
    given[5]["url"] = 5
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "pages.jsonl").write_bytes(lines(given))
    pipeline = [
        JsonlReader(str(tmp_path / "in")),
        Clean(lang="lang", url="url"),
        JsonlWriter(str(tmp_path / "out"), compression=None),
    ]
    stats = LocalPipelineExecutor(pipeline, logging_dir=str(tmp_path / "logs")).run()
    found = json_rows(tmp_path / "out" / "00000.jsonl")
    assert [row["text"] for row in found] == [*bodies(given[:5]), given[5]["text"]]
    known = found[0]["metadata"]
    assert (known["lang"], known["cleaner_lang"], known["date"]) == ("en", "en", "yesterday")
    assert known["removed"][0]["kind"] == "navigation"
    assert found[5]["metadata"]["error"] == "TypeError: url must be a str or None, not int"
    counted = {name: stat.total for name, stat in stats.stats[1].stats.items()}
    assert (counted["changed"], counted["failed"]) == (5, 1)
    assert sum(size for name, size in counted.items() if name.startswith("removed_")) == sum(
        len(row["text"]) - len(body) for row, body in zip(given[:5], bodies(given[:5]), strict=True)
    )


def test_the_step_takes_html_and_settings() -> None:
    from datatrove.data import Document

    from cleaner.integrations.datatrove import Clean

    made = cleaner.Cleaner(keep={"copyright"})
    (read_,) = Clean(html=True).run([Document(html(3), "3")])
    (kept,) = Clean(made).run([Document(page(3), "3")])
    assert read_.text == cleaner.clean_html(html(3))
    assert kept.text == made.clean(page(3))


def test_the_step_overwrites_nothing() -> None:
    from datatrove.data import Document

    from cleaner.integrations.datatrove import Clean

    known = {"lang": "mine", "cleaner_lang": "mine too"}
    (found,) = Clean().run([Document(page(3), "3", metadata=dict(known))])
    assert found.metadata | known == found.metadata
    assert found.metadata["cleaner_cleaner_lang"] == "en"


@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning"
)  # a warning of Ray's that becomes an error leaves datatrove waiting for ever
def test_on_ray(mixed: Path, uncut: dict[str, bytes], tmp_path: Path) -> None:
    ray = pytest.importorskip("ray")
    try:
        run(
            mixed,
            tmp_path / "out",
            Settings(ALL.columns, keep_removed=True),
            workers=2,
            engine="ray",
            task_bytes=40_000,
        )
    finally:
        ray.shutdown()
    assert tree(tmp_path / "out")["data/a.jsonl"] == uncut["data/a.jsonl"]
    assert tree(tmp_path / "out")["summary.json"] == uncut["summary.json"]


@pytest.fixture
def slurm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A queue that runs what it is given at once: what a cluster's commands do, as far as datatrove asks them."""
    commands = tmp_path / "bin"
    commands.mkdir()
    (commands / "sbatch").write_text(
        """#!/bin/sh
for script; do :; done
last=$(sed -n 's/^#SBATCH --array=0-\\([0-9]*\\).*/\\1/p' "$script")
for task in $(seq 0 "$last"); do
  SLURM_ARRAY_TASK_ID=$task SLURM_NODELIST=here sh "$script" >> "$0.log" 2>&1
done
echo Submitted batch job 1
"""
    )
    (commands / "srun").write_text('#!/bin/sh\nshift 3\nexec "$@"\n')
    (commands / "scontrol").write_text("#!/bin/sh\necho here\n")
    for command in commands.iterdir():
        command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{commands}:{Path(sys.executable).parent}:{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    return commands


def test_on_slurm(slurm: Path, mixed: Path, uncut: dict[str, bytes], tmp_path: Path) -> None:
    options = {"partition": "cpu", "time": "1:00:00"}
    with pytest.raises(TypeError, match="partition"):
        clean_corpus(mixed, tmp_path / "out", engine="slurm")
    settings = Settings(ALL.columns, keep_removed=True)
    out = tmp_path / "cleaned"
    run(mixed, out, settings, workers=2, engine="slurm", engine_options=options, task_bytes=40_000)
    assert (slurm / "sbatch.log").exists()
    assert tree(out)["data/a.jsonl"] == uncut["data/a.jsonl"]
    assert tree(out)["summary.json"] == uncut["summary.json"]


def test_what_sites_repeat_is_learned_first_and_used(tmp_path: Path) -> None:
    line = "The Valley Sentinel keeps the lamps lit in nine villages"
    given = [
        {
            "text": f"{line}\n\nThe ferry number {number} of {name} sails again since Monday, and the whole island came down to see it leave.",
            "url": f"https://www.sentinel.example.org/{number}",
        }
        for number, name in enumerate(["Ashe", "Brook", "Cairn", "Dale", "Elm", "Ford", "Glen", "Holm"])
    ]
    source, out, sites = tmp_path / "pages.jsonl", tmp_path / "out", tmp_path / "sites"
    source.write_bytes(lines(given))
    command = ["corpus", str(source), str(out), "--url", "url", "--learn", str(sites)]
    for _ in range(2):  # the second time the run is complete, and nothing is learned anew
        assert CliRunner().invoke(main, command).exit_code == 0
        assert [pack.name for pack in sites.iterdir()] == ["example.org.toml"]
        found = [row["text"] for row in json_rows(out / "data" / "pages.jsonl")]
        assert found == [row["text"].split("\n\n")[1] for row in given]
    without = CliRunner().invoke(main, [*command[:3], "--learn", str(sites)])
    assert without.exit_code == 1
    assert "--url" in without.output


def sentinels(path: Path) -> Path:
    """Pages of a site that repeats a line."""
    story = "The ferry number {} of {} sails again since Monday, and the whole island came down to see it leave."
    names = ["Ashe", "Brook", "Cairn", "Dale", "Elm", "Ford", "Glen", "Holm"]
    texts = [f"The Sentinel keeps the lamps lit\n\n{story.format(n, name)}" for n, name in enumerate(names)]
    path.write_bytes(lines([{"text": text, "url": "https://www.sentinel.example.org/"} for text in texts]))
    return path


def corpus(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["corpus", *map(str, arguments)])
    return done.exit_code, done.stderr


def test_what_is_wrong_is_said_before_anything_is_learned(tmp_path: Path) -> None:
    source, out, sites = sentinels(tmp_path / "pages.jsonl"), tmp_path / "out", tmp_path / "sites"
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    for given, said in (
        ((source, out, "--url", "address"), "no column 'address'"),
        ((source, out, "--url", "url", "--lang", "lang"), "no column 'lang'"),
        ((source, tmp_path / "full", "--url", "url"), "is not empty"),
        ((source, out, "--url", "url", "--recall", "--precision"), "precision"),
    ):
        code, error = corpus(*given, "--learn", sites)
        assert (code, said in error) == (1, True), error
        assert not sites.exists()
        assert not out.exists()
    for inside in (out, out / "sites", tmp_path / "sub" / ".." / "out" / "sites"):
        code, error = corpus(source, out, "--url", "url", "--learn", inside)
        assert (code, "learn into a folder beside it" in error) == (1, True), error
        assert not out.exists()


def test_packs_that_are_there_are_kept_and_said(tmp_path: Path) -> None:
    source, sites = sentinels(tmp_path / "pages.jsonl"), tmp_path / "sites"
    command = [source, "--url", "url", "--learn"]
    assert corpus(tmp_path / "pages.jsonl", tmp_path / "one", *command[1:], sites)[0] == 0
    code, said = corpus(source, tmp_path / "two", *command[1:], f"{sites}/")
    assert code == 0
    assert "0 site packs learned" in said
    assert f"1 site packs that {sites}/ has were kept as they are" in said
    # the same setting, written otherwise
    assert corpus(source, tmp_path / "two", *command[1:], sites)[0] == 0


def test_a_file_that_the_run_bears_does_not_end_what_is_learned(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    sentinels(tmp_path / "in" / "a.jsonl")
    (tmp_path / "in" / "b.jsonl.gz").write_bytes(gzip.compress(lines(rows(40)))[:-40])
    with pytest.warns(UserWarning, match="b.jsonl.gz"):
        code, said = corpus(tmp_path / "in", tmp_path / "out", "--url", "url", "--learn", tmp_path / "sites")
    assert code == 0, said
    assert [pack.name for pack in (tmp_path / "sites").iterdir()] == ["example.org.toml"]
