"""The decision over an HTML page: which lines are its main text, and what kind of page it is."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from cleaner.blocks import Blocks
from cleaner.candidates import bare
from cleaner.decide import Dial, WeightsError
from cleaner.features import Matrix
from cleaner.lines import Flags, Integers
from cleaner.trees import UNIT, Trees

HTML_WEIGHTS = Path(str(resources.files("cleaner") / "weights" / "html.json"))
# What ``favor_recall`` and ``favor_precision`` add to the log-odds of body.
DIAL = {Dial.DEFAULT: 0, Dial.RECALL: UNIT, Dial.PRECISION: -UNIT}
# The odds from which a line stays. On a page that is no article it is less clear what belongs to the text, and to lose it costs more
# than to keep some chrome, a sentence most of all: by folds over sites, where the last costs no F1.
BAR, BAR_ELSE, BAR_PROSE = (round(math.log(likely / (1 - likely)) * UNIT) for likely in (0.5, 0.4, 0.35))
# characters; a line as long as this that was said elsewhere is the same text for another screen, a pull quote or a preview
_REPEATED = 40


# Kinds of page whose lines one forest judges: there are too few pages of each to learn it by itself.
_FAMILY = {"documentation": "guide", "service": "guide", "collection": "shelf", "listing": "shelf", "product": "shelf"}


def family_of(kind: str) -> str:
    """The family of a kind of page; a kind of its own is one of its own."""
    return _FAMILY.get(kind, kind)


@dataclass(frozen=True)
class HtmlModel:
    """Fitted weights: a forest that judges lines for each family of kinds of page, and one that tells each kind; and the lines' features."""

    names: tuple[str, ...]
    lines: dict[str, Trees]
    kinds: dict[str, Trees]

    def judge(self, matrix: Matrix) -> tuple[Integers, str | None]:
        """Log-odds of body for each line, and the likeliest kind of page; None where the weights know of no kinds.

        Each family's forest counts as much as the page is likely to be of its family: experts and a gate (Jacobs, Jordan, Nowlan and
        Hinton, "Adaptive Mixtures of Local Experts", 1991).
        """
        page = about_page(matrix, self.names)
        kinds = {kind: int(forest.judge(page)[0]) for kind, forest in self.kinds.items()}
        most = max(kinds.values(), default=0)
        likely = dict.fromkeys(self.lines, 0.0 if kinds else 1.0)
        for kind, odds in kinds.items():
            likely[family_of(kind)] += math.exp((odds - most) / UNIT)
        total = sum(likely.values())
        # whole parts of UNIT, so that the sum over forests is exact
        parts = {family: round(share / total * UNIT) for family, share in likely.items()}
        judged = sum(part * self.lines[family].judge(matrix) for family, part in parts.items() if part)
        return np.asarray(judged) // UNIT, max(kinds, key=kinds.__getitem__, default=None)


@lru_cache(maxsize=8)
def read_html_model(path: Path, names: tuple[str, ...]) -> HtmlModel:
    """A weights file, as ``cleaner fit --html`` writes it; read once in a process.

    Raises:
        WeightsError: where the file is missing, broken or made for other features.
    """
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        lines, kinds = (
            {name: Trees.read(forest, asked) for name, forest in data[part].items()}
            for part, asked in (("lines", names), ("kinds", page_names(names)))
        )
        if set(lines) != (set(map(family_of, kinds)) or {""}):
            raise ValueError(f"forests for {sorted(lines)}, but kinds {sorted(kinds)}")
        return HtmlModel(names, lines, kinds)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(f"{path}: not a weights file of this version: {error!r}") from None


def choose(odds: Integers, kind: str | None, prose: Flags, dial: Dial) -> Flags:
    """The lines that stay on a page of a kind; ``prose`` are those of running text."""
    stay: Flags = odds + DIAL[dial] > (BAR if kind == "article" else np.where(prose, BAR_PROSE, BAR_ELSE))
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


def page_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names of the rows of ``about_page``, from those of the lines' features."""
    return (*names, *(f"{name}_of_found" for name in names))


def about_page(matrix: Matrix, names: Sequence[str]) -> Matrix:
    """The page as one column: the means of its lines' features, over all lines and over those that trafilatura takes.

    A line counts by its width, up to a paragraph's.
    """
    counted = np.minimum(matrix[names.index("width")].astype(np.float64), 400)
    found = counted * (matrix[names.index("found")] > 0)
    means = [(matrix * weight).sum(axis=1) / max(float(weight.sum()), 1.0) for weight in (counted, found)]
    return np.concatenate(means).astype(np.float32)[:, None]
