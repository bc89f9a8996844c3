"""Where the body ends: features of the place before each line that stays, for a forest that says whether any body follows.

The forests of lines judge each by what stands near it; under a short article the next one, or a page of comments, looks like more of
the same. What tells are the two sides: how the lines up to a place differ from those after it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cleaner.context import ROW, shifted
from cleaner.features import PROSE, Matrix
from cleaner.lines import Flags, Integers
from cleaner.path import SACRED, Evidence
from cleaner.trees import UNIT
from cleaner.verdicts import VERDICTS

# What is compared on the two sides: means by width.
_SHAPES = (
    *("ends_sentence", "ends_ellipsis", "starts_rule", "repeated", "digits", "capitals", "quotes"),
    *("stop_density", "chrome_density", "hint", "menu"),
)
_SPOKEN = ("verdict", "shares_part", "shares_often")
_MADE = ("odds", "prose", "dated", "short", "width")
_MEANS = (*_SHAPES, *_SPOKEN, *_MADE)
# Log-odds above which lines are counted.
_LEVELS = (1, 2, 3, 4, 5)
_BESIDE = (-3, -2, -1, 1, 2, 3)
# A line is likely to be text from these odds on.
_LIKELY = 4
# Characters; a longer line counts no more.
_WIDEST = 400
_SINCE = ("gone", "obeyed", "sections")
ENDING = (
    *(f"{name}_{side}" for name in _MEANS for side in ("before", "after")),
    *(f"{name}_{side}" for name in ("best_odds", "lines", "mass") for side in ("before", "after")),
    "mass_share_after",
    *(f"lines_over{level}_after" for level in _LEVELS),
    *(f"mass_over{level}_after" for level in _LEVELS),
    "odds",
    *(f"odds{by:+d}" for by in _BESIDE),
    *(f"{name}_{where}" for name in _SINCE for where in ("between", "since_likely", "before", "after")),
)
_VERDICT = {name: number for number, name in enumerate(VERDICTS)}


def endings(matrix: Matrix, verdict_rows: Matrix, odds: Integers, keep: Flags, evidence: Evidence) -> Matrix:
    """Features of the places before the lines that stay: a row for each of ``ENDING``, a column for each such line.

    Args:
        matrix: the page's features.
        verdict_rows: what the first verdicts say around its lines.
        odds: the log-odds of each line, without what the dial adds.
        keep: the lines that stay.
        evidence: what weighs beside the odds.
    """
    lines = np.flatnonzero(keep)
    number = len(lines)
    own = np.clip(odds[lines] / UNIT, -8, 12)
    width = matrix[ROW["width"], lines]
    weight = np.minimum(width, _WIDEST) + 10.0
    made = (
        own,
        evidence.prose[lines],
        matrix[ROW["clocks"], lines] + matrix[ROW["dates"], lines] > 0,
        width < PROSE / 2,
        weight,
    )
    shapes = (*matrix[_SHAPE_ROWS][:, lines], *verdict_rows[_SPOKEN_ROWS][:, lines], *made)
    masses = np.array((*(shape * weight for shape in shapes), weight))
    before, after = _sides(masses)
    means = np.stack((before[:-1] / np.maximum(before[-1], 1), after[:-1] / after[-1]), axis=1)
    best = np.maximum.accumulate(own)
    over = own > np.array(_LEVELS)[:, None]
    _, lines_over = _sides(over.astype(np.float64))
    _, mass_over = _sides(over * weight)
    # what goes is counted up to each line
    gone = np.array((~keep, evidence.obeyed, evidence.section))
    up_to = np.concatenate((np.zeros((3, 1), np.int64), gone.cumsum(axis=1)), axis=1)
    at, end = up_to[:, lines], up_to[:, -1:]
    places = np.arange(number)
    likely = np.concatenate(([-1], np.maximum.accumulate(np.where(own > _LIKELY, places, -1))[:-1]))
    since = (
        at - at[:, np.maximum(places - 1, 0)],
        at - at[:, np.maximum(likely, 0)],
        at - at[:, :1],
        end - at,
    )
    rows = (
        means.reshape(2 * len(_MEANS), number),
        np.array(
            (
                np.concatenate(([-9.0], best[:-1])),
                np.maximum.accumulate(own[::-1])[::-1],
                places,
                number - places,
                before[-1],
                after[-1],
                after[-1] / masses[-1].sum(),
            )
        ),
        lines_over,
        mass_over / after[-1],
        own[None],
        shifted(own + 20, _BESIDE),
        np.stack(since, axis=1).reshape(len(_SINCE) * 4, number),
    )
    return np.concatenate(rows, dtype=np.float32)


# Log-odds without what the dial adds: where a line with so many follows, the body has not ended. With less, fewer teasers of full sentences go.
SURE = 2 * UNIT
# A text of which fewer lines go is a body already, and goes on to its last line. On labelled sites that the weights had not seen a fifth of what the
# step loses of extracted text, and three quarters of what it loses of reference bodies, was of such texts, and next to nothing of its gain.
TOUCHED = 2
# So many lines, at least, stand after an end: one alone is as often a note of the author's. It costs .0003 of F1 on all visible and on extracted text,
# and saves a fifth of what the step loses, and gains as much, on main content.
FEWEST = 2
# And so much text stands before it, in characters: of a line ``_WIDEST`` at most, and ten more. It moves F1 by .0001, saves a tenth of what is lost
# of extracted text and 13 lines of our own pages; 600 cost .0003 of F1 on all visible and .0006 on extracted text.
SHORTEST = 400
_BEST_AFTER, _LINES_AFTER, _PROSE_AFTER, _BETWEEN, _BEFORE = (
    ENDING.index(name) for name in ("best_odds_after", "lines_after", "prose_after", "gone_between", "mass_before")
)


def end_of(over: Integers, rows: Matrix, sentence: Flags, gone: int, above: int) -> int:
    """The first place where the body ends; -1 where it does not.

    Its odds are above a bound, which is higher where running text would go, enough text stands before it, no line after it is sure, and it is not
    right before a sentence that follows what stays: a body goes on over those.

    Args:
        over: the log-odds of each place that no body follows.
        rows: its features.
        sentence: whether the line below is a sentence that nothing speaks against.
        gone: how many lines of the page go already.
        above: the bound.
    """
    if gone < TOUCHED:
        return -1
    ends = over > above + SACRED * rows[_PROSE_AFTER]
    ends &= (rows[_BEST_AFTER] * UNIT < SURE) & (rows[_LINES_AFTER] >= FEWEST)
    ends &= ~(sentence & (rows[_BETWEEN] == 0)) & (rows[_BEFORE] >= SHORTEST)
    return int(np.argmax(ends)) if ends.any() else -1


_SHAPE_ROWS = [ROW[name] for name in _SHAPES]
_SPOKEN_ROWS = [_VERDICT[name] for name in _SPOKEN]


def _sides(rows: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The sums of rows over the lines before each line, and from it on."""
    up_to = np.cumsum(rows, axis=1)
    return up_to - rows, up_to[:, -1:] - up_to + rows
