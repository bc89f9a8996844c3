"""The decision over the whole page: evidence to log-odds, log-odds to the best labelling of all its lines.

Two stages, as in jusText (Pomikálek 2011): each line is judged by itself and what stands near it, then again knowing the
first verdicts on all the others; then the cheapest path through the page (Viterbi 1967) settles where masthead, body, inserts,
sections and footer begin and end.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.features import FAR, PROSE, Column, Matrix, shifted, since, until, window
from cleaner.lines import Flags, Integers, Words
from cleaner.trees import UNIT, Trees

WEIGHTS = Path(str(resources.files("cleaner") / "weights" / "default.json"))


class Dial(StrEnum):
    """How bold the decision is."""

    DEFAULT = "default"
    RECALL = "recall"
    PRECISION = "precision"


@dataclass(frozen=True)
class Costs:
    """What a change of state costs, in parts of ``UNIT`` log-odds.

    ``begin``: from masthead to body; ``leave``: from body to an insert, a section or the footer; ``resume``: back to body;
    ``resume_section``: back to body where a rule opened the section.
    """

    begin: int
    leave: int
    resume: int
    resume_section: int


@dataclass(frozen=True)
class Model:
    """Fitted weights: a forest for each stage, one for headlines, and the settings of the decoding."""

    lines: Trees
    page: Trees
    title: Trees
    title_above: int
    dial: dict[str, tuple[int, int]]
    obey: int
    costs: Costs

    def judge(self, matrix: Matrix, names: tuple[str, ...], words: Words, dial: Dial) -> tuple[Integers, Integers]:
        """Log-odds of body, at a setting of the dial, and of headline, for each line."""
        first = self.lines.judge(matrix)
        rows = verdicts(first, matrix[names.index("width")], words)[0]
        whole = np.concatenate((matrix, rows))
        near = headline_places(rows)
        title = np.full(len(first), NO_TITLE)
        title[near] = self.title.judge(whole[:, near])
        return dialled(self.page.judge(whole), rows[_PAGE_VERDICT], self.dial[dial]), title


@dataclass(frozen=True)
class Decision:
    """The labelling of a page: which lines stay, how sure (log-odds of body), and which one is the headline (or -1)."""

    keep: Flags
    odds: Integers
    title: int


class WeightsError(ValueError):
    """A weights file that cannot be used."""


def read_model(path: Path | str, names: tuple[str, ...]) -> Model:
    """Reads a weights file, as ``cleaner fit`` writes it.

    Raises:
        WeightsError: where the file is missing, broken or made for other features.
    """
    try:
        data: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
        both = names + VERDICTS
        return Model(
            lines=Trees.read(data["lines"], names),
            page=Trees.read(data["page"], both),
            title=Trees.read(data["title"], both),
            title_above=int(data["title_above"]),
            dial={dial: (int(data["dial"][dial][0]), int(data["dial"][dial][1])) for dial in Dial},
            obey=int(data["obey"]),
            costs=Costs(**{key: int(value) for key, value in data["costs"].items()}),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(f"{path}: not a weights file of this version: {error!r}") from None


@lru_cache(maxsize=8)
def model_at(path: Path, names: tuple[str, ...]) -> Model:
    """A weights file, read once in a process."""
    return read_model(path, names)


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


_PAGE_VERDICT, _IN_STRETCH = VERDICTS.index("page_verdict"), VERDICTS.index("in_stretch")
# Nearly all headlines stand this close to where the body seems to begin: so many lines before it, or after.
TITLE_BEFORE, TITLE_AFTER = 40, 6


def headline_places(verdict_rows: Matrix) -> slice:
    """The lines among which the headline is looked for."""
    begin = int(np.argmax(verdict_rows[_IN_STRETCH])) if verdict_rows.shape[1] else 0
    return slice(max(0, begin - TITLE_BEFORE), begin + TITLE_AFTER)


def dialled(odds: Integers, page_verdict: Column, setting: tuple[int, int]) -> Integers:
    """Odds with the dial's addition: the first of the setting on a page that is all chrome, the second on one that is all body."""
    low, high = setting
    added: Integers = np.rint(low + (high - low) * (page_verdict.astype(np.float64) / 200)).astype(np.int64)
    return odds + added


def by_rules(matrix: Matrix, names: tuple[str, ...]) -> Integers:
    """Log-odds of body where no weights are loaded: what rules and sections alone make certain, everything else kept."""
    row = dict(zip(names, matrix, strict=True))
    prose = (row["width"] >= PROSE) & (row["ends_sentence"] > 0) & (row["obeyed"] == 0)
    odds = np.full(matrix.shape[1], 2 * UNIT)
    odds[prose] += 3 * UNIT
    odds[(row["menu"] > 0) | (row["hint"] > 0)] -= UNIT
    odds[(row["since_section"] < FAR) & (row["since_section"] <= row["since_text"])] -= 3 * UNIT
    odds[(row["since_tail"] < FAR) & ~prose] -= 4 * UNIT
    odds[(row["until_head"] < FAR) & ~prose] -= 4 * UNIT
    return odds


BY_RULES = Costs(begin=0, leave=UNIT // 2, resume=UNIT // 2, resume_section=2 * UNIT)
OBEY_RULES = 12 * UNIT


def decide(
    matrix: Matrix, names: tuple[str, ...], words: Words, model: Model | None, dial: Dial = Dial.DEFAULT
) -> Decision:
    """The best labelling of a page's lines."""
    if model:
        odds, title = model.judge(matrix, names, words, dial)
        obey, costs, above = model.obey, model.costs, model.title_above
    else:
        odds, obey, costs, above = by_rules(matrix, names), OBEY_RULES, BY_RULES, 0
        title = np.full(len(odds), NO_TITLE)
    row = names.index
    obeyed = (matrix[row("obeyed")] > 0) & (matrix[row("body")] == 0)
    odds = odds - obey * obeyed
    section = (matrix[row("section")] > 0) & obeyed
    spoken_against = obeyed | (matrix[row("menu")] > 0) | (matrix[row("hint")] > 0)
    keep = guard(best_path(odds, section, costs), spoken_against, section)
    headline = headline_of(title, keep, obeyed, matrix[row("is_byline")] > 0, above)
    if headline >= 0:
        keep[headline] = False
    return Decision(keep, odds, headline)


# What a headline gains where it stands right above a byline or the body.
ABOVE_TEXT = 2 * UNIT
NO_TITLE = -(1 << 30)


def headline_of(title: Integers, keep: Flags, obeyed: Flags, byline: Flags, above: int) -> int:
    """The line that is the headline: the likeliest one that no rule takes for something else; -1 where none is likely enough."""
    if not len(title):
        return -1
    leads = np.concatenate((byline[1:], [False]))
    body = np.flatnonzero(keep)
    if len(body) and body[0] > 0:
        leads[body[0] - 1] = True
    odds = np.where(obeyed, NO_TITLE, title + ABOVE_TEXT * (leads & ~keep))
    best = int(np.argmax(odds))
    return best if odds[best] >= above else -1


# A subheading, a quotation, a list of a few items: shapes that chrome has too, and that stand between paragraphs.
GUARDED = 6


def guard(keep: Flags, spoken_against: Flags, section: Flags) -> Flags:
    """Gives back the short lines between body lines that nothing but their shape speaks against.

    A gap of at most ``GUARDED`` lines between body lines keeps those that no rule and no menu label hits, unless a rule opens a section in
    it. On the labelled pages such lines are 0.1 % of all chrome, and a third as much again of body.
    """
    body = np.flatnonzero(keep)
    gaps = np.diff(body) - 1
    given = keep.copy()
    for place in np.flatnonzero((gaps > 0) & (gaps <= GUARDED)).tolist():
        gap = slice(int(body[place]) + 1, int(body[place + 1]))
        if not section[gap].any():
            given[gap] = ~spoken_against[gap]
    return given


def best_path(odds: Integers, section: Flags, costs: Costs) -> Flags:
    """Which lines are body on the cheapest path through the page.

    States: masthead, body, insert, section (an insert that a rule opened), footer. A footer is an insert that
    nothing follows, so it needs no state of its own; a masthead is one that nothing precedes.
    """
    lines = len(odds)
    if not lines:
        return np.zeros(0, bool)
    # inside a run of one sign and without a section's heading no change of state pays, so the path goes from run to run
    sign = odds > 0
    breaks = np.concatenate(([0], np.flatnonzero((sign[1:] != sign[:-1]) | section[1:]) + 1))
    gains = np.add.reduceat(odds, breaks).tolist()
    opens = section[breaks].tolist()
    never = -(1 << 60)
    # the best score of a path that ends in masthead, body, insert, section
    best = (0, never, never, never)
    came: list[tuple[int, int, int, int]] = []
    first = True
    for gain, opened in zip(gains, opens, strict=True):
        head, body, insert, sect = best
        to_body = (
            (body, 1),
            (head - (0 if first else costs.begin), 0),
            (insert - costs.resume, 2),
            (sect - costs.resume_section, 3),
        )
        score, source = max(to_body, key=_score)
        left = body - costs.leave
        if opened:  # a heading turns whatever runs into its section
            to_insert, to_section = (never, 2), max(((sect, 3), (left, 1), (insert, 2)), key=_score)
        else:
            to_insert, to_section = max(((insert, 2), (left, 1)), key=_score), (sect, 3)
        best = (head, score + gain, to_insert[0], to_section[0])
        came.append((0, source, to_insert[1], to_section[1]))
        first = False
    state = max(range(4), key=best.__getitem__)
    path = [0] * len(came)
    for place in range(len(came) - 1, -1, -1):
        path[place] = state
        state = came[place][state]
    return np.repeat(np.array(path) == 1, np.diff(np.append(breaks, lines)))


def _score(way: tuple[int, int]) -> int:
    return way[0]
