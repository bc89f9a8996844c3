"""The documentation: every example runs and shows what comes out, every command is one, every page is reached."""

from __future__ import annotations

import contextlib
import itertools
import re
import shlex
from pathlib import Path

import click
import pytest
from tools.examples import FILES, ROOT, RUN, SHOWN, Reader, blocks, lacking, like
from tools.plots import PLOTS, shown

from cleaner.cli import main

NAMES = [str(file.relative_to(ROOT)) for file in FILES]


@pytest.fixture(params=FILES, ids=NAMES)
def file(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def test_examples_run_and_show_what_comes_out(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    reader, lacks = Reader(tmp_path), set()
    for block in blocks(file):
        assert block.language in (*RUN, *SHOWN), f"{block.where}: {block.language} is not run"
        if block.not_run or block.language in SHOWN:
            continue
        try:
            different = [said for _, _, said in reader.follow(block)]
        except Exception as error:
            if not lacking(error):
                raise
            lacks.add(lacking(error))
            continue
        assert not different, f"{block.where} shows something else; it printed:\n" + "\n".join(different)
    if lacks:
        pytest.skip(f"all but the examples that need {', '.join(sorted(lacks))} ran")


def test_commands_that_are_only_shown_exist(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands on labelled pages (``DATA``) take minutes: they are read as the command line reads them, not run."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATA", "pages.jsonl", "weights.json", "page.txt"):
        (tmp_path / name).touch()
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    for line in re.findall(r"(?:^    |`)((?:cleaner|python) [^`\n]+)", file.read_text(encoding="utf-8"), re.MULTILINE):
        program, name, *arguments = shlex.split(line)
        if program == "python":
            assert name == "-m" or (ROOT / name).is_file(), line
        elif not name.startswith("-"):
            with click.Context(main) as context, contextlib.suppress(click.MissingParameter):
                main.commands[name].make_context(name, arguments, context)


def test_links_lead_somewhere(file: Path) -> None:
    for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", file.read_text(encoding="utf-8")):
        assert (file.parent / link).exists(), link


def test_lists_and_tables_follow_a_blank_line(file: Path) -> None:
    """Else the site shows them as running text, though other readers of Markdown do not."""
    lines = re.sub(r"^```.*?^```$", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL).split("\n")
    begins, allowed = re.compile(r"(- |\* |\d+\. |\|)"), re.compile(r"(- |\* |\d+\. |\||#|  |$)")
    wrong = [line for before, line in itertools.pairwise(lines) if begins.match(line) and not allowed.match(before)]
    assert not wrong


@pytest.mark.parametrize(
    ("shown", "said", "same"),
    [
        ("one\n", "one\n", True),
        ("one\n", "one\ntwo\n", False),
        ("", "one\n", False),
        ("one …\n", "one and so on\n", True),
        ("one …\n", "two\n", False),
        ("one\n…\nfour\n", "one\ntwo\nthree\nfour\n", True),
        ("one\n…\nfour\n", "one\ntwo\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_what_is_shown_is_compared(shown: str, said: str, same: bool) -> None:
    assert like(shown, said) is same


@pytest.mark.parametrize("plot", PLOTS)
def test_plots_show_the_figures_of_their_tables(plot: str) -> None:
    figures, _ = PLOTS[plot]
    assert shown(plot) == figures(), "python tests/tools/plots.py draws it anew"
