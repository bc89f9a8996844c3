"""The measure: the figures of the published scorer, and labels made from reference bodies."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from cleaner import Cleaner, table
from cleaner.characters import fold
from cleaner.cli import main
from cleaner.evaluate import evaluate, figures, judge, kept_tokens
from cleaner.fit import weigh
from cleaner.labelled import DataError, labels_from, read_rows

TEXT = "Home\n\nThe bridge was opened in May, and the whole valley came.\n\nShare on Facebook\n\nNobody had believed it would be finished."
GOLD = "The bridge was opened in May, and the whole valley came.\nNobody had believed it would be finished."
DATA = os.environ.get("CLEANER_DATA")


def rows_file(tmp_path: Path, *rows: object) -> Path:
    file = tmp_path / "pages.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as out:
        out.writelines((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)
    return file


def test_labels_come_from_the_reference_body() -> None:
    assert labels_from(TEXT, GOLD, "Home") == ["T", "", "C", "", "B", "", "C"]


def test_figures_of_one_page(tmp_path: Path) -> None:
    (row,) = read_rows(rows_file(tmp_path, {"text": TEXT, "gold": GOLD, "lang": "en"}))
    assert judge(row, GOLD).f1 == 1
    assert judge(row, GOLD).lost == 0
    nothing = judge(row, "")
    assert (nothing.removed, nothing.lost, nothing.f1) == (1, 1, 0)
    everything = judge(row, TEXT)
    assert (everything.removed, everything.lost) == (0, 0)
    assert everything.f1 == pytest.approx(2 * (18 / 22) / (18 / 22 + 1))


def test_parts_of_lines_count() -> None:
    assert kept_tokens(["one two three", "four"], "two three\nfour") == [2, 1]
    assert kept_tokens(["a b", "a b", "c"], "a b\nc") == [2, 0, 1]
    assert kept_tokens(["a b"], "made up\na b") == [2]


@pytest.mark.parametrize(
    "broken",
    [
        "not json",
        "[]",
        '{"gold": "x"}',
        '{"text": "a\\nb", "labels": ["C"]}',
        '{"text": "a"}',
        '{"text": "a", "gold": "a", "weight": "1"}',
        '{"text": "a", "gold": "a", "weight": -1}',
        '{"text": "a", "gold": "a", "weight": NaN}',
        '{"text": 1, "gold": "a"}',
        '{"text": "a", "gold": 1}',
        '{"text": "a", "gold": 1, "labels": ["C"]}',
        '{"text": "a", "gold": "a", "title": ["a"]}',
        '{"text": "a", "gold": "a", "lang": 1}',
        '{"text": "a", "labels": 1}',
        '{"text": "a", "labels": "C"}',
        '{"text": "a", "labels": {"C": 1}}',
        '{"text": "a", "labels": ["X"]}',
        '{"text": "a", "labels": [["C"]]}',
        "[" * 100_000,
    ],
)
def test_broken_rows_are_named(tmp_path: Path, broken: str) -> None:
    with pytest.raises(DataError, match="line 2"):
        list(read_rows(rows_file(tmp_path, {"text": TEXT, "gold": GOLD}, broken)))


def test_a_page_with_undecided_lines_and_no_headline_tells_nothing_of_headlines(tmp_path: Path) -> None:
    labels = (["T", "C"], ["M", "C"], ["T", "M"], ["B", "C"])
    pages = [{"text": "Home\nThe bridge was opened.", "labels": both, "lang": "en", "id": both} for both in labels]
    found = table.tabulate(list(read_rows(rows_file(tmp_path, *pages))))
    told = found.tells_of_headlines[~np.isin(found.tier, (table.GOLD, table.TWIN))]
    assert told.tolist() == [True, False, True, True]
    assert found.tells_of_headlines[found.tier == table.GOLD].all()


def test_a_third_of_the_pages_have_a_form_with_a_call_between_lines_of_their_body(tmp_path: Path) -> None:
    said = [f"The keeper of lamp {number} said that the glass had come from Genoa." for number in range(6)]
    page = {"text": "\n".join(["Ferry sails again after the winter", *said]), "labels": ["B"] + ["C"] * 6, "lang": "en"}
    pages = [page | {"id": str(number)} for number in range(60)]
    found = table.tabulate(list(read_rows(rows_file(tmp_path, *pages))))
    labels = [
        found.label[a:b].tolist() for (a, b), tier in zip(found.spans(), found.tier, strict=True) if tier == table.TWIN
    ]
    called = [of for of in labels if len(of) > 7]
    assert 10 < len(called) < 30
    assert all(of[:1] + of[-1:] == [1, 0] and of.count(0) == 6 and of[1:].count(1) in (1, 2) for of in called)


def test_a_page_counts_by_its_weight(tmp_path: Path) -> None:
    pages = [{"text": TEXT, "gold": GOLD, "lang": "en", "id": str(number)} for number in range(6)]
    once, twice = (
        weigh(table.tabulate(list(read_rows(rows_file(tmp_path, *[page | {"weight": weight} for page in pages])))))
        for weight in (1, 2)
    )
    assert once.any()
    assert (twice == 2 * once).all()


def test_the_command(tmp_path: Path) -> None:
    file = rows_file(tmp_path, {"text": TEXT, "gold": GOLD, "lang": "en", "tier": "page", "source": "own"})
    run = CliRunner().invoke(main, ["evaluate", str(file), "--worst", "2"])
    assert run.exit_code == 0, run.output
    assert "tier page" in run.output
    assert "gold loss" in run.output
    run = CliRunner().invoke(main, ["evaluate", str(file), "--json", "--rules-only"])
    assert json.loads(run.output)["tier page"]["docs"] == 1


def test_a_page_without_boilerplate_has_no_share_of_it_removed(tmp_path: Path) -> None:
    file = rows_file(tmp_path, {"text": GOLD, "gold": GOLD, "lang": "en", "tier": "page"})
    run = CliRunner().invoke(main, ["evaluate", str(file), "--json"])
    figures_of = json.loads(run.output, parse_constant=pytest.fail)["tier page"]
    assert (figures_of["removed"], figures_of["f1"]) == (None, 1)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("--lang it,es", "none of its 1 pages is asked for; they are of tier 'page'; lang 'en'; source ''"),
        ("--tier nope", "none of its 1 pages"),
        ("--source mine", "none of its 1 pages"),
        ("--folds -1", "-1 is not in the range x>=2"),
        ("--folds 1", "1 is not in the range x>=2"),
        ("--folds 2 --rules-only", "--folds and --rules-only exclude each other"),
        ("--folds 2 --weights w.json", "--folds and --weights exclude each other"),
        ("--weights w.json --rules-only", "--weights and --rules-only exclude each other"),
        ("--folds 2 --recall --precision", "favor_recall and favor_precision exclude each other"),
    ],
)
def test_what_cannot_be_measured_is_refused(
    asked: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("w.json").touch()
    rows_file(tmp_path, {"text": TEXT, "gold": GOLD, "lang": "en", "tier": "page"})
    run = CliRunner().invoke(main, ["evaluate", "pages.jsonl.gz", *asked.split()])
    assert run.exit_code
    assert said in run.stderr
    assert not run.stdout


def test_no_pages_are_no_perfect_score(tmp_path: Path) -> None:
    run = CliRunner().invoke(main, ["evaluate", str(rows_file(tmp_path))])
    assert run.exit_code == 1
    assert "pages.jsonl.gz: there are no pages in it" in run.stderr


@pytest.mark.skipif(not DATA, reason="CLEANER_DATA names no labelled pages")
def test_figures_are_those_of_the_published_scorer() -> None:
    assert DATA
    spec = importlib.util.spec_from_file_location("score", Path(DATA) / "score.py")
    assert spec
    assert spec.loader
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    file = Path(DATA) / "dev.jsonl.gz"
    cleaner = Cleaner()
    theirs, _ = score.run(list(score.read(file))[::40], cleaner.clean, True)
    report = evaluate(list(read_rows(file))[::40], cleaner.explain)
    for tier in ("page", "dclm", "fineweb"):
        wanted = [verdict for row, verdict in theirs if row["tier"] == tier]
        ours = figures(report.verdicts[f"tier {tier}"])
        for figure in ("removed", "lost", "f1"):
            assert ours[figure] == pytest.approx(score.mean([verdict[figure] for verdict in wanted]), abs=5e-5)
        assert ours["hurt"] == pytest.approx(score.mean([float(verdict["lost"] > 0.02) for verdict in wanted]))


@pytest.mark.skipif(not DATA, reason="CLEANER_DATA names no labelled pages")
def test_routing_on_pages_whose_language_is_known() -> None:
    """At least 98 % of the pages whose language the reference states go to its packs."""
    assert DATA
    rows = [row for row in read_rows(Path(DATA) / "dev.jsonl.gz") if row.source in ("daniel", "fundus", "hand")][::7]
    cleaner = Cleaner()
    right = [(cleaner.explain(row.text).lang or "")[:2] == (row.lang or "")[:2] for row in rows]
    assert sum(right) >= 0.98 * len(right)


@pytest.mark.skipif(not DATA, reason="CLEANER_DATA names no labelled pages")
def test_cleaning_twice_changes_nothing_on_nearly_all_pages() -> None:
    assert DATA
    rows = list(read_rows(Path(DATA) / "dev.jsonl.gz"))[::20]
    cleaner = Cleaner()
    once = [(cleaner.clean(row.text, row.lang), row.lang) for row in rows]
    same = [cleaner.clean(text, lang) == text for text, lang in once]
    assert sum(same) >= 0.995 * len(same)


@pytest.mark.skipif(not DATA, reason="CLEANER_DATA names no labelled pages")
def test_a_page_has_one_headline_however_often_it_stands_there() -> None:
    assert DATA
    for row in list(read_rows(Path(DATA) / "dev.jsonl.gz"))[::20]:
        document = Cleaner().explain(row.text, row.lang)
        titles = [row.text[span.start : span.end] for span in document.spans if span.rule.startswith("headline")]
        said = {fold(line).strip() for title in titles for line in title.splitlines() if line.strip()}
        assert len(said) <= 1, (row.id, row.tier, said)
