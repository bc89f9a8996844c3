"""What is said on the lines and around them, by the lexicon: features of both stages of the decision."""

from __future__ import annotations

import numpy as np

from cleaner.context import Column, Sums, both_sides, shifted
from cleaner.features import Matrix
from cleaner.lexicon import Said
from cleaner.trees import UNIT

_AROUND = (-2, -1, 1, 2)
_REACHES = (3, 8)
WORDING = (
    "said",
    "known",
    *(f"said{by:+d}" for by in _AROUND),
    *(f"said_{side}{reach}" for reach in _REACHES for side in ("before", "after")),
)
# Characters; a longer line says no more about those around it.
_WIDEST = 200


def wording(said: Said, width: Column) -> Matrix:
    """What is said on and around each line: a row for each of ``WORDING``, a column for each line."""
    odds = said[0]
    # whole numbers from -100 to 100, so that all sums over lines are exact
    verdict: Column = np.rint(100 * odds / (UNIT + np.abs(odds))).astype(np.float32)
    weight: Column = np.minimum(width, _WIDEST)
    around = Sums(np.array((verdict * weight, weight)), max(_REACHES)).over(both_sides(_REACHES))
    blocks = (said, shifted(verdict + 101, _AROUND), around[:, 0] / np.maximum(around[:, 1], 1))
    return np.concatenate(blocks, dtype=np.float32)
