"""The scripts of docs/engines.md, run as they stand: the same pages give the same bytes through every engine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from itertools import cycle, islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import cleaner
from cleaner import Cleaner
from cleaner.arrow import COLUMNS, clean_batch
from cleaner.integrations.datasets import clean as clean_dataset
from cleaner.integrations.spark import clean as clean_frame

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "engines.md").read_text(encoding="utf-8")
SCRIPTS = dict(re.findall(r"^## ([^\n]+)\n(?:(?!^## ).)*?^```python\n(.*?)^```", GUIDE, re.M | re.S))
# So many pages go through each engine; fewer for a quick look.
PAGES = int(os.environ.get("CLEANER_PAGES", "2000"))
LANGUAGES, SHORT = ("it", "es", "en"), 1_600
# Quiet engines, without a network, that do not look for others of their kind.
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "RAY_AUTH_MODE": "disabled",
    "RAY_USAGE_STATS_ENABLED": "0",
    "SPARK_LOCAL_IP": "127.0.0.1",
}


@pytest.fixture(scope="module")
def pages() -> pa.Table:
    """Short pages of the fixtures, over and over, with a number; some have no text, most have a language."""
    files = [path for lang in LANGUAGES for path in sorted((ROOT / "fixtures" / lang).glob("*.txt"))]
    files = [path for path in files if path.stat().st_size < SHORT]
    rows = [
        {
            "id": number,
            "text": None if number % 50 == 49 else file.read_text(encoding="utf-8") + f"\n\n© {number}",
            "lang": None if number % 50 == 25 else file.parent.name,
        }
        for number, file in enumerate(islice(cycle(files), PAGES))
    ]
    return pa.Table.from_pylist(rows)


@pytest.fixture(scope="module")
def wanted(pages: pa.Table) -> dict[int, dict[str, Any]]:
    """What ``explain`` says of each page."""
    return {row["id"]: _wanted(row) for row in pages.to_pylist()}


def _wanted(row: dict[str, Any]) -> dict[str, Any]:
    if row["text"] is None:
        return row | dict.fromkeys(name for name in COLUMNS if name != "lang")
    document = cleaner.explain(row["text"], row["lang"])
    removed = [span.to_dict() for span in document.spans if not span.kept]
    return {
        "id": row["id"],
        "text": document.text,
        "lang": row["lang"] or document.lang,
        "title": document.title,
        "author": document.author,
        "date": document.date,
        "removed": [{name: value for name, value in span.items() if name != "kept"} for span in removed],
        "removed_share": (len(row["text"]) - len(document.text)) / len(row["text"]),
        "error": None,
    }


def same(cleaned: pa.Table, wanted: dict[int, dict[str, Any]]) -> bool:
    rows = {row["id"]: row for row in cleaned.to_pylist()}
    assert len(cleaned) == len(rows) == len(wanted)
    assert next((row for row in rows.values() if row != wanted[row["id"]]), None) is None
    return True


def test_the_guide_has_a_script_for_every_engine() -> None:
    assert list(SCRIPTS) == ["pyarrow", "Hugging Face datasets", "Ray Data", "Spark", "Polars", "DuckDB"]


@pytest.mark.parametrize("engine", SCRIPTS)
def test_an_engine_gives_what_clean_gives(
    engine: str, pages: pa.Table, wanted: dict[int, dict[str, Any]], tmp_path: Path
) -> None:
    if engine == "Spark" and not shutil.which("java"):
        pytest.skip("Spark needs Java")
    pq.write_table(pages, tmp_path / "pages.parquet", row_group_size=60)
    (tmp_path / "script.py").write_text(SCRIPTS[engine], encoding="utf-8")
    home = {"HF_HOME": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT), "PYSPARK_PYTHON": sys.executable}
    run = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        env=os.environ | QUIET | home,
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert run.returncode == 0, run.stderr
    assert same(pq.read_table(tmp_path / "cleaned.parquet"), wanted)


def test_a_batch_gives_what_clean_gives(pages: pa.Table, wanted: dict[int, dict[str, Any]]) -> None:
    assert same(clean_batch(pages, lang="lang"), wanted)


datasets.disable_progress_bars()
PLAIN = "The mill has reopened after nine years, and bread is sold there again."
PAGE = f"Share on Facebook\n\n{PLAIN}"


def refuses_late(text: str) -> str:
    if "late" in text:
        raise LookupError("too late")
    return "en"


def test_datasets_know_the_types_of_columns_that_begin_with_nulls() -> None:
    pages = datasets.Dataset.from_dict({"text": [None] * 5 + [PAGE, PLAIN + " It is late."], "number": [*"1231231"]})
    pages = pages.cast_column("number", datasets.ClassLabel(names=[*"123"]))
    options = {"cleaner": Cleaner(detector=refuses_late)}
    for format_ in (None, "arrow"):
        cleaned = pages.with_format(format_).map(clean_dataset, batched=True, batch_size=2, fn_kwargs=options)
        cleaned = cleaned.with_format(None)
        assert cleaned.features["number"] == pages.features["number"]
        assert cleaned.features["error"] == datasets.Value("string")
        assert cleaned["text"][:] == [None] * 5 + [PLAIN, PLAIN + " It is late."]
        assert cleaned["error"][:] == [None] * 6 + ["LookupError: too late"]


def test_datasets_that_are_streamed() -> None:
    pages = datasets.Dataset.from_dict({"text": [PAGE, PLAIN, PAGE], "lang": ["en", None, "en"], "id": [1, 2, 3]})
    options = {"lang": "lang"}
    wanted = pages.map(clean_dataset, batched=True, fn_kwargs=options).to_list()
    streamed = pages.to_iterable_dataset().map(clean_dataset, batched=True, batch_size=2, fn_kwargs=options)
    assert list(streamed) == wanted
    assert [row["id"] for row in wanted] == [1, 2, 3]


def test_datasets_in_other_formats_are_refused() -> None:
    pages = datasets.Dataset.from_dict({"text": [PAGE]})
    for format_ in ("numpy", "pandas"):
        with pytest.raises(TypeError, match=r"with_format\(None\)"):
            pages.with_format(format_).map(clean_dataset, batched=True)


def test_the_fingerprint_of_datasets_is_stable(tmp_path: Path) -> None:
    """The fingerprint is of the settings and of nothing that differs between two processes."""
    script = """
from datasets import Dataset
from cleaner import Cleaner
from cleaner.integrations.datasets import clean
strict = Cleaner(keep={"title", "byline", "dateline", "caption"})
for options in ({"lang": "lang", "cleaner": strict}, {"lang": "lang"}):
    pages = Dataset.from_dict({"text": ["A mill."], "lang": ["en"]})
    print(pages.map(clean, batched=True, fn_kwargs=options)._fingerprint)
    strict.clean("A mill.", "en", "https://mill.example/")
"""
    prints = set()
    for seed in ("1", "2"):
        env = os.environ | QUIET | {"HF_HOME": str(tmp_path), "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        run = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
        prints.add(run.stdout)
    assert len(prints) == 1
    assert len(set(prints.pop().split())) == 2


def test_spark_says_at_once_what_is_wrong() -> None:
    frame: Any = SimpleNamespace(columns=["id", "text", "date"])
    with pytest.raises(ValueError, match="'date' already"):
        clean_frame(frame)
    with pytest.raises(KeyError, match="no column 'page'"):
        clean_frame(frame, text="page")
