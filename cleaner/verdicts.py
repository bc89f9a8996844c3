"""What the first verdicts say around each line: the features of the second stage."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cleaner.context import FAR, Column, Sums, both_sides, shifted, since, until
from cleaner.features import PROSE, Matrix
from cleaner.lines import Flags, Integers
from cleaner.trees import UNIT
from cleaner.words import Stems

_AROUND = (-3, -2, -1, 1, 2, 3)
_REACHES = (3, 6, 12, 30)
# Lines before and after a line, to compare its words with theirs.
_BESIDE = 3
VERDICTS = (
    "verdict",
    *(f"verdict{by:+d}" for by in _AROUND),
    *(f"body_{side}{reach}" for reach in _REACHES for side in ("before", "after")),
    *(f"verdict_{side}{reach}" for reach in _REACHES for side in ("before", "after")),
    "body_share_before",
    *("since_sure", "since_unlikely", "until_sure", "until_unlikely", "best_before", "best_after"),
    *("in_stretch", "from_stretch", "to_stretch", "inside_stretch"),
    *("says", "shares", "shares_part", "shares_often", "shares_anywhere", "shares_before", "shares_after"),
    *("page_stretch", "page_stretch_gain", "page_verdict", "page_body", "page_words", "page_sure_lines"),
)


def verdicts(odds: Integers, width: Column, stems: Stems) -> Matrix:
    """What the first verdicts say around each line: a row for each of ``VERDICTS``, a column for each line.

    Among them is the stretch of lines with the greatest sum of verdicts, after Pasternack and Roth, "Extracting Article Text from the
    Web with Maximum Subsequence Segmentation" (WWW 2009).
    """
    # whole numbers from -100 to 100, so that all sums over lines are exact
    verdict: Column = np.rint(100 * odds / (UNIT + np.abs(odds))).astype(np.float32)
    weight: Column = np.minimum(width, 400) + np.float32(10)
    body: Column = (verdict + np.float32(100)) * weight
    around = Sums(np.array((body, weight)), max(_REACHES)).over(both_sides(_REACHES)).astype(np.float32)
    masses, weights = around[:, 0], around[:, 1]
    before = np.cumsum(body, dtype=np.float64) - body
    total = max(float(body.sum(dtype=np.float64)), 1.0)
    marks = np.array(((verdict > 40) & (width >= PROSE / 2), verdict < -60))
    gain: npt.NDArray[np.float64] = np.multiply(verdict + 35, weight, dtype=np.float64)
    low, high = greatest_stretch(gain)
    places = np.arange(len(verdict))
    stretch = (
        (places >= low) & (places < high),
        np.clip(places - low, -FAR, FAR),
        np.clip(high - places, -FAR, FAR),
        (places - low) / max(high - low, 1),
    )
    sure = (verdict > 40) & (width >= PROSE)
    spoken, several = _vocabulary(sure, stems)
    page = (
        high - low,
        float(gain[low:high].sum()),
        total / max(float(weight.sum(dtype=np.float64)), 1.0),
        total,
        several,
        int(sure.sum()),
    )
    blocks = (
        verdict[None],
        shifted(verdict + 101, _AROUND),
        masses,
        masses / np.maximum(weights, 1),
        (before / total)[None],
        since(marks),
        until(marks),
        np.array((np.maximum.accumulate(verdict), np.maximum.accumulate(verdict[::-1])[::-1])),
        np.array(stretch),
        spoken,
        np.repeat(np.array(page)[:, None], len(verdict), axis=1),
    )
    return np.concatenate(blocks, dtype=np.float32)


def _vocabulary(body: Flags, stems: Stems) -> tuple[Matrix, int]:
    """How far each line speaks of what the lines judged body speak of: teasers of other articles do not. And how many words there are."""
    lines = len(body)
    word, line = stems.stem, stems.line
    on_lines = np.bincount(word)
    elsewhere = np.bincount(word, body[line])[word] - body[line]
    anywhere = on_lines[word] > 1
    said = np.bincount(line, minlength=lines)
    shared = np.bincount(line, elsewhere > 0, lines)
    several = np.maximum(said, 1)
    beside = Sums(np.array((said, shared)), _BESIDE).over(both_sides([_BESIDE]))
    (says_before, shares_before), (says_after, shares_after) = beside
    rows = (
        said,
        shared,
        shared / several,
        np.bincount(line, np.minimum(elsewhere, 5), lines) / several,
        np.bincount(line, anywhere, lines) / several,
        shares_before / np.maximum(says_before, 1),
        shares_after / np.maximum(says_after, 1),
    )
    return np.array(rows, np.float32), int(np.count_nonzero(on_lines))


def greatest_stretch(gain: npt.NDArray[np.float64]) -> tuple[int, int]:
    """The run of lines whose gains sum to the most, as the place of its first line and the place after its last.

    >>> greatest_stretch(np.array([-1.0, 2.0, -1.0, 3.0, -5.0]))
    (1, 4)
    """
    if not len(gain):
        return 0, 0
    sums = np.concatenate(([0.0], np.cumsum(gain)))
    lowest = np.minimum.accumulate(sums)
    rise = sums - lowest
    high = int(np.argmax(rise))
    low = int(np.flatnonzero(sums[: high + 1] == lowest[high])[-1])
    return low, high
