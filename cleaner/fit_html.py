"""Fits the weights of HTML pages to labelled ones (``cleaner fit --html``). Needs the extra ``[fit]``, as ``cleaner fit`` does."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cleaner.choice import HtmlModel, about_page, repeats
from cleaner.context import ROW
from cleaner.features import Matrix
from cleaner.fit import Progress, Task, grow
from cleaner.html import look_at, parse
from cleaner.labelled_html import Floats, HtmlRow, label
from cleaner.layout import layout
from cleaner.pipeline import Cleaner
from cleaner.trees import Trees

# By five folds over sites on the development pages: more and deeper trees know the pages of their sites, and others no better.
LINES = {"iterations": 300, "depth": 6, "learning_rate": 0.03}
KINDS = {"iterations": 150, "depth": 4, "learning_rate": 0.1}
# Words; the body of a page counts as at least so many, and a line as at most so much of it.
_LEAST, _MOST = 50, 0.3
# All chrome of a page together counts as at most twice its body.
_CHROME = 2.0


@dataclass(frozen=True)
class HtmlTable:
    """The lines of all pages, and the pages.

    Attributes:
        matrix: a column for each line.
        names: of its rows.
        share: how much of each line is body.
        weight: how much each line counts.
        starts: where each page begins, and where the last ends.
        pages: a column for each page.
        site: a number for the site of each page.
        kind: the kind of each page.
    """

    matrix: Matrix
    names: tuple[str, ...]
    share: Floats
    weight: Floats
    starts: list[int]
    pages: Matrix
    site: list[int]
    kind: list[str]


def tabulate_html(rows: Iterable[HtmlRow], cleaner: Cleaner) -> HtmlTable:
    """Pages to a table; the cleaner reads their text, and its weights had better not have seen their sites."""
    parts: list[tuple[Matrix, Floats, Floats, Matrix, int, str]] = []
    names: tuple[str, ...] = ()
    for row in rows:
        _, sight, of_page = look_at(cleaner, parse(row.html), None, None)
        if not of_page or not sight.blocks.lines:
            continue
        matrix, names = layout(sight)
        share, count = label(sight.blocks.lines, row.gold)
        again = repeats(sight.blocks, np.ones(len(share), bool))
        page = about_page(matrix, sight.reading.matrix[ROW["width"]])
        parts.append(
            (
                matrix,
                share,
                _weights(share, np.where(again, 0, count)) * ~again,
                page,
                zlib.crc32(row.site.encode()),
                row.page_type,
            )
        )
    matrices, shares, weights, pages, sites, kinds = zip(*parts, strict=True)
    return HtmlTable(
        matrix=np.concatenate(matrices, axis=1),
        names=names,
        share=np.concatenate(shares),
        weight=np.concatenate(weights),
        starts=[0, *np.cumsum([len(share) for share in shares]).tolist()],
        pages=np.concatenate(pages, axis=1),
        site=list(sites),
        kind=list(kinds),
    )


def _weights(share: Floats, count: Floats) -> Floats:
    """How much each line of a page counts: its words as a part of the body, less where it is half body and half not."""
    body = max(float((share * count).sum()), _LEAST)
    weight = np.minimum((count + 1) / body, _MOST)
    chrome = share < 0.5
    weight[chrome] *= min(1.0, _CHROME / max(float(weight[chrome].sum()), 0.1))
    weighed: Floats = weight * np.abs(2 * share - 1)
    return weighed


def fit_html(table: HtmlTable, say: Progress = lambda _: None, held: Sequence[bool] | None = None) -> dict[str, Any]:
    """Weights for labelled HTML pages, in the form of the weights file.

    Args:
        table: the pages.
        say: called with what is being done.
        held: which pages to leave out.

    Raises:
        ImportError: naming the extra, where CatBoost is missing.
    """
    left_out = np.array(held if held is not None else [False] * len(table.site))
    of_lines = np.repeat(left_out, np.diff(table.starts))
    say("lines")
    lines = grow(Task(table.matrix, table.share >= 0.5, table.weight, table.names, LINES).without(of_lines))
    kind, once = np.array(table.kind), np.where(left_out, 0.0, 1.0)
    kinds = {}
    for name in sorted(set(table.kind) - {""}):
        say(f"kind: {name}")
        kinds[name] = grow(Task(table.pages, kind == name, once, table.names, KINDS))
    return {
        "about": "Fitted by `cleaner fit --html`; log-odds in parts of 256. See docs/html.md.",
        "lines": lines,
        "kinds": kinds,
    }


def model_of(weights: dict[str, Any], names: tuple[str, ...]) -> HtmlModel:
    """Weights as they are used."""
    kinds = {kind: Trees.read(forest, names) for kind, forest in weights["kinds"].items()}
    return HtmlModel(Trees.read(weights["lines"], names), kinds)


def write_html(weights: dict[str, Any], path: Path | str) -> None:
    """Writes weights as a file that reads well: a tree a line."""

    def forest(data: dict[str, Any]) -> str:
        trees = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in data["trees"])
        return f'{{"depth": {data["depth"]}, "bias": {data["bias"]}, "trees": [\n{trees}\n]}}'

    kinds = ",\n".join(f'"{kind}": {forest(data)}' for kind, data in weights["kinds"].items())
    text = f'{{\n"about": {json.dumps(weights["about"])},\n"lines": {forest(weights["lines"])},\n"kinds": {{\n{kinds}\n}}\n}}\n'
    Path(path).write_text(text, encoding="utf-8")
