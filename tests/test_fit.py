"""Fitting to labelled pages: the fixtures, and forests of few trees, which grow in seconds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from cleaner import Cleaner, fit
from cleaner.cli import main
from cleaner.evaluate import evaluate, figures
from cleaner.labelled import read_rows

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture(scope="module", autouse=True)
def few_trees() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for settings in (fit.LINES, fit.PAGE, fit.TITLE, fit.END):
            patch.setitem(settings, "iterations", 12)
        yield


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixtures of some languages that have a headline, as labelled pages of a site each."""
    file = tmp_path_factory.mktemp("data") / "pages.jsonl"
    pages = [
        facts.with_suffix(".txt")
        for lang in ("de", "en", "es", "fr", "it")
        for facts in (FIXTURES / lang).glob("*.json")
    ]
    rows = [
        {
            "id": page.stem,
            "text": page.read_text(encoding="utf-8"),
            "gold": page.with_suffix(".body.txt").read_text(encoding="utf-8"),
            "title": json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))["title"],
            "lang": page.parent.name,
            "domain": f"{page.stem}.example",
            "tier": "page",
        }
        for page in sorted(pages)
    ]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return file


def test_fitting_repeats_itself_and_its_weights_find_the_bodies(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = list(read_rows(data))
    fit.write(fit.fit(rows), tmp_path / "a.json")
    run = CliRunner().invoke(main, ["fit", str(data), "-o", "b.json"])
    assert run.exit_code == 0, run.output
    assert run.stderr.endswith("written: b.json\n")
    assert {path.name for path in tmp_path.iterdir()} == {"a.json", "b.json"}
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    means = figures(evaluate(rows, Cleaner(model=tmp_path / "a.json").explain).verdicts["tier page"])
    assert means["docs"] == len(rows)
    assert means["lost"] < 0.05
    assert means["removed"] > 0.9


def test_sites_not_seen_are_measured(data: Path) -> None:
    run = CliRunner().invoke(main, ["evaluate", str(data), "--folds", "2", "--json"])
    assert run.exit_code == 0, run.output
    assert "group 2 of 2: dial" in run.stderr
    found = json.loads(run.stdout)["tier page"]
    assert found["docs"] == len(list(read_rows(data)))
    assert found["f1"] > 0.8


@pytest.mark.parametrize("change", [{"title": ""}, {"weight": 0}, {"domain": "one.example"}, None])
def test_what_is_missing_is_said(data: Path, tmp_path: Path, change: dict[str, object] | None) -> None:
    rows = (
        [] if change is None else [json.loads(line) | change for line in data.read_text(encoding="utf-8").splitlines()]
    )
    file = tmp_path / "few.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    run = CliRunner().invoke(main, ["fit", str(file), "-o", str(tmp_path / "w.json")])
    assert run.exit_code == 1
    assert f"Error: {len(rows)} pages of " in run.stderr
    assert "there must be body, boilerplate and headlines" in run.stderr


def test_lines_that_are_all_alike_are_no_task() -> None:
    matrix = np.random.default_rng(1).random((3, 8), np.float32)
    for wanted, weight, said in (
        (np.ones(8, bool), np.ones(8), "8 of 8 lines are body"),
        (np.arange(8) < 2, np.zeros(8), "0 of 0 lines are body"),
        (np.arange(8) < 1, np.arange(8.0) < 2, "1 of 2 lines are body"),
    ):
        with pytest.raises(ValueError, match=said):
            fit.grow(fit.Task(matrix, wanted, weight, ("a", "b", "c"), fit.TITLE))
