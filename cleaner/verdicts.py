"""What the first verdicts say around each line: the features of the second stage."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cleaner.features import FAR, PROSE, Column, Matrix, shifted, since, until, window
from cleaner.lines import Flags, Integers, Words
from cleaner.trees import UNIT


def verdicts(odds: Integers, width: Column, words: Words) -> tuple[Matrix, tuple[str, ...]]:
    """What the first verdicts say around each line: a row for each feature, and the features' names.

    Among them is the stretch of lines with the greatest sum of verdicts, after Pasternack and Roth, "Extracting Article Text from the
    Web with Maximum Subsequence Segmentation" (WWW 2009).
    """
    # whole numbers from -100 to 100, so that all sums over lines are exact
    verdict: Column = np.rint(100 * odds / (UNIT + np.abs(odds))).astype(np.float32)
    lines = len(verdict)
    weight: Column = np.minimum(width, 400) + np.float32(10)
    body: Column = (verdict + np.float32(100)) * weight
    rows: dict[str, Column] = {"verdict": verdict}
    for by in (-3, -2, -1, 1, 2, 3):
        rows[f"verdict{by:+d}"] = shifted(verdict + 101, by)
    for reach in (3, 6, 12, 30):
        for side, before, after in (("before", reach, -1), ("after", -1, reach)):
            mass = window(body, before, after)
            rows[f"body_{side}{reach}"] = mass
            rows[f"verdict_{side}{reach}"] = np.divide(
                mass, np.maximum(window(weight, before, after), 1), dtype=np.float32
            )
    total = max(float(body.sum(dtype=np.float64)), 1.0)
    rows["body_share_before"] = ((np.cumsum(body, dtype=np.float64) - body) / total).astype(np.float32)
    sure = (verdict > 40) & (width >= PROSE / 2)
    unlikely = verdict < -60
    rows |= {
        "since_sure": since(sure),
        "until_sure": until(sure),
        "since_unlikely": since(unlikely),
        "until_unlikely": until(unlikely),
        "best_before": np.maximum.accumulate(verdict),
        "best_after": np.maximum.accumulate(verdict[::-1])[::-1],
    }
    gain: npt.NDArray[np.float64] = np.multiply(verdict + 35, weight, dtype=np.float64)
    low, high = greatest_stretch(gain)
    places = np.arange(lines)
    rows |= {
        "in_stretch": ((places >= low) & (places < high)).astype(np.float32),
        "from_stretch": np.clip(places - low, -FAR, FAR).astype(np.float32),
        "to_stretch": np.clip(high - places, -FAR, FAR).astype(np.float32),
        "inside_stretch": ((places - low) / max(high - low, 1)).astype(np.float32),
    }
    whole = {
        "page_stretch": high - low,
        "page_stretch_gain": float(gain[low:high].sum()),
        "page_verdict": total / max(float(weight.sum(dtype=np.float64)), 1.0),
        "page_body": total,
    }
    rows |= {name: np.full(lines, value, np.float32) for name, value in whole.items()}
    rows |= _vocabulary((verdict > 40) & (width >= PROSE), words)
    return np.stack(list(rows.values())), tuple(rows)


def _vocabulary(body: Flags, words: Words) -> dict[str, Column]:
    """How far each line speaks of what the lines judged body speak of: teasers of other articles do not."""
    lines = len(body)
    distinct, number = np.unique(words.stems, return_inverse=True)
    # each word once a line
    pairs = np.unique(number.astype(np.int64) * max(lines, 1) + words.line)
    word, line = pairs // max(lines, 1), pairs % max(lines, 1)
    on_body = np.bincount(word, body[line], len(distinct))
    elsewhere = on_body[word] - body[line]
    anywhere = np.bincount(word, minlength=len(distinct))[word] > 1
    said = np.bincount(line, minlength=lines)
    shared = np.bincount(line, elsewhere > 0, lines)
    several = np.maximum(said, 1)
    rows = {
        "says": said,
        "shares": shared,
        "shares_part": shared / several,
        "shares_often": np.bincount(line, np.minimum(elsewhere, 5), lines) / several,
        "shares_anywhere": np.bincount(line, anywhere, lines) / several,
        "page_words": np.full(lines, len(distinct)),
        "page_sure_lines": np.full(lines, body.sum()),
    }
    columns = {name: np.asarray(row, np.float32) for name, row in rows.items()}
    for side, before, after in (("before", 3, -1), ("after", -1, 3)):
        around = np.maximum(window(columns["says"], before, after), 1)
        columns[f"shares_{side}"] = np.divide(window(columns["shares"], before, after), around, dtype=np.float32)
    return columns


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


VERDICTS = verdicts(
    np.zeros(1, np.int64), np.zeros(1, np.float32), Words(np.zeros(0, np.uint64), np.zeros(0, np.int64))
)[1]
