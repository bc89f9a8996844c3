"""Fits the weights of HTML pages to labelled ones (``cleaner fit --html``). Needs the extra ``[fit]``, as ``cleaner fit`` does."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from cleaner.choice import about_page, family_of, page_names, repeats
from cleaner.features import Matrix
from cleaner.fit import Progress, Task, grow
from cleaner.html import look_at, parse
from cleaner.labelled_html import Floats, HtmlRow, label
from cleaner.layout import layout
from cleaner.pipeline import Cleaner

# By five folds over sites on the development pages: more and deeper trees know the pages of their sites, and others no better. (Kinds
# with 150 trees: .8658 instead of .8656; a collection of our own and listings were a tie then.)
LINES = {"iterations": 150, "depth": 6, "learning_rate": 0.06}
KINDS = {"iterations": 200, "depth": 4, "learning_rate": 0.1}
# The forest that tells the only kind of page there is.
_CERTAIN: dict[str, Any] = {"depth": 1, "bias": 0, "trees": []}
# Words; the body of a page counts as at least so many, and a line as at most so much of it.
_LEAST, _MOST = 50, 0.3
# All chrome of a page together counts as at most twice its body.
_CHROME = 2.0
# What a page of another family counts for a family's forest, by folds over sites: there are too few pages to do without them.
_ELSE = 0.3


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
    """Pages to a table; the cleaner reads their text, and its weights had better not have seen their sites.

    Raises:
        ValueError: where no page has any text.
    """
    parts: list[tuple[Matrix, Floats, Floats, Matrix, int, str]] = []
    names: tuple[str, ...] = ()
    for row in rows:
        _, sight, of_page = look_at(cleaner, parse(row.html), None, None)
        if not of_page or not sight.blocks.lines:
            continue
        matrix, names = layout(sight)
        share, count = label(sight.blocks.lines, row.gold)
        again = repeats(sight.blocks, np.ones(len(share), bool))
        page = about_page(matrix, names)
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
    if not parts:
        raise ValueError("no pages with text to fit weights to")
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
        ValueError: where the pages are too few, all is body, or none, or all are alike.
    """
    left_out = np.array(held if held is not None else [False] * len(table.site))
    of_lines = np.repeat(left_out, np.diff(table.starts))
    task = Task(table.matrix, table.share >= 0.5, table.weight, table.names, LINES).without(of_lines)
    kind = np.array(table.kind)
    shown = np.where(left_out | (kind == ""), 0.0, 1.0)
    names = sorted(set(kind[shown > 0].tolist()))
    family = np.array([family_of(name) for name in table.kind])
    lines, kinds = {}, {}
    for name in sorted(set(map(family_of, names))) or [""]:
        say(f"lines: {name}")
        # a page of no stated kind counts in full everywhere
        share = np.where((family == name) | (family == ""), 1.0, _ELSE)
        lines[name] = grow(replace(task, weight=task.weight * np.repeat(share, np.diff(table.starts))))
    for name in names:
        say(f"kind: {name}")
        one_of_many = Task(
            table.pages, kind == name, shown, page_names(table.names), KINDS, f"pages are of the kind {name}"
        )
        kinds[name] = grow(one_of_many) if len(names) > 1 else _CERTAIN
    return {
        "about": "Fitted by `cleaner fit --html`; log-odds in parts of 256. See docs/html.md.",
        "lines": lines,
        "kinds": kinds,
    }


def write_html(weights: dict[str, Any], path: Path | str) -> None:
    """Writes weights as a file that reads well: a tree a line."""

    def forest(data: dict[str, Any]) -> str:
        trees = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in data["trees"])
        return f'{{"depth": {data["depth"]}, "bias": {data["bias"]}, "trees": [\n{trees}\n]}}'

    parts = [f'"about": {json.dumps(weights["about"])}']
    for part in ("lines", "kinds"):
        forests = ",\n".join(f"{json.dumps(name)}: {forest(data)}" for name, data in weights[part].items())
        parts.append(f'"{part}": {{\n{forests}\n}}')
    text = "{\n" + ",\n".join(parts) + "\n}\n"
    Path(path).write_text(text, encoding="utf-8")
