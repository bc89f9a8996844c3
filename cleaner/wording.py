"""What is said on the lines and around them, by the lexicon: features of both stages of the decision."""

from __future__ import annotations

import numpy as np

from cleaner.context import Column, Sums, shifted
from cleaner.features import Matrix
from cleaner.lexicon import Said
from cleaner.trees import UNIT

_AROUND = (-2, -1, 1, 2)
_REACHES = (3, 8)
_SIDES = (("before", -1), ("after", 1))
WORDING = (
    "said",
    "known",
    *(f"said{by:+d}" for by in _AROUND),
    *(f"said_{side}{reach}" for reach in _REACHES for side, _ in _SIDES),
)
# Characters; a longer line says no more about those around it.
_WIDEST = 200


def wording(said: Said, width: Column) -> Matrix:
    """What is said on and around each line: a row for each of ``WORDING``, a column for each line."""
    odds = said[0]
    # whole numbers from -100 to 100, so that all sums over lines are exact
    verdict: Column = np.rint(100 * odds / (UNIT + np.abs(odds))).astype(np.float32)
    weight: Column = np.minimum(width, _WIDEST)
    sums = Sums(np.stack((verdict * weight, weight)), max(_REACHES))
    around = [sums.over(reach, -1) if side < 0 else sums.over(-1, reach) for reach in _REACHES for _, side in _SIDES]
    blocks = (
        said,
        *(shifted(verdict + 101, by)[None] for by in _AROUND),
        np.stack([masses / np.maximum(weights, 1) for masses, weights in around]),
    )
    return np.concatenate(blocks, dtype=np.float32)
