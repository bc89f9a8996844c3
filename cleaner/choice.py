"""The decision over an HTML page: which lines are its main text, and what kind of page it is."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from cleaner.blocks import Blocks
from cleaner.candidates import bare
from cleaner.context import Column
from cleaner.decide import Dial, WeightsError
from cleaner.features import Matrix
from cleaner.lines import Flags, Integers
from cleaner.trees import UNIT, Trees

HTML_WEIGHTS = Path(str(resources.files("cleaner") / "weights" / "html.json"))
# What ``favor_recall`` and ``favor_precision`` add to the log-odds of body.
DIAL = {Dial.DEFAULT: 0, Dial.RECALL: UNIT, Dial.PRECISION: -UNIT}
# The odds from which a line stays. On a page that is no article it is less clear what belongs to its text, and to lose it costs more
# than to keep some chrome; by folds over sites.
BAR, BAR_ELSE = 0, round(math.log(0.4 / 0.6) * UNIT)
# characters; a line as long as this that was said elsewhere is the same text for another screen, a pull quote or a preview
_REPEATED = 40


@dataclass(frozen=True)
class HtmlModel:
    """Fitted weights: a forest that judges lines, and one for each kind of page."""

    lines: Trees
    kinds: dict[str, Trees]


@lru_cache(maxsize=8)
def read_html_model(path: Path, names: tuple[str, ...]) -> HtmlModel:
    """A weights file, as ``cleaner fit --html`` writes it; read once in a process.

    Raises:
        WeightsError: where the file is missing, broken or made for other features.
    """
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return HtmlModel(
            Trees.read(data["lines"], names),
            {kind: Trees.read(forest, names) for kind, forest in data["kinds"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(f"{path}: not a weights file of this version: {error!r}") from None


def choose(odds: Integers, kind: str, dial: Dial) -> Flags:
    """The lines that stay on a page of a kind."""
    stay: Flags = odds + DIAL[dial] > (BAR if kind == "article" else BAR_ELSE)
    return stay


def repeats(blocks: Blocks, stay: Flags) -> Flags:
    """The long lines among those that stay that say what an earlier one in another place says: a refrain stays."""
    first: dict[str, int] = {}
    again = np.zeros(len(stay), bool)
    within = blocks.parent[blocks.box].tolist()
    for line in np.flatnonzero(stay).tolist():
        text = bare(blocks.lines[line])
        if len(text) >= _REPEATED:
            again[line] = within[first.setdefault(text, line)] != within[line]
    return again


def about_page(matrix: Matrix, width: Column) -> Matrix:
    """The page as one column: the means of its lines' features, a line counting by its width up to a paragraph's."""
    counted = np.minimum(width.astype(np.float64), 400)
    sums = (matrix * counted).sum(axis=1)
    mean: Matrix = (sums / max(float(counted.sum()), 1.0)).astype(np.float32)[:, None]
    return mean


def kind_of(matrix: Matrix, width: Column, model: HtmlModel) -> str:
    """The likeliest kind of page."""
    page = about_page(matrix, width)
    odds = {kind: int(forest.judge(page)[0]) for kind, forest in model.kinds.items()}
    return max(odds, key=lambda kind: odds[kind])
