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

from cleaner.context import FAR, NAMES, ROW
from cleaner.ending import ENDING, end_of, endings
from cleaner.features import PROSE, Matrix, Seen
from cleaner.lexicon import Lexicon
from cleaner.lines import Flags, Integers, Page
from cleaner.path import Costs, Evidence, settle
from cleaner.trees import UNIT, Trees
from cleaner.verdicts import VERDICTS, verdicts
from cleaner.wording import WORDING, wording

# What the forest of the first stage is asked about, and those of the second.
BY_LINE = NAMES + WORDING
BY_PAGE = BY_LINE + VERDICTS
WEIGHTS = Path(str(resources.files("cleaner") / "weights" / "default.json"))


class Dial(StrEnum):
    """How bold the decision is."""

    DEFAULT = "default"
    RECALL = "recall"
    PRECISION = "precision"


@dataclass(frozen=True)
class Model:
    """Fitted weights: a lexicon, a forest for each stage, one for headlines, one for the body's end, and the settings of the decoding."""

    lexicon: Lexicon
    lines: Trees
    page: Trees
    title: Trees
    title_above: int
    ending: Trees
    ending_above: dict[str, int]
    dial: dict[str, tuple[int, int]]
    obey: int
    costs: Costs

    def judge(self, matrix: Matrix, seen: Seen, dial: Dial) -> Judged:
        """What the forests say of each line, at a setting of the dial."""
        width, whole = matrix[ROW["width"]], np.empty((len(BY_PAGE), matrix.shape[1]), np.float32)
        by_line = whole[: len(BY_LINE)]
        by_line[: len(NAMES)] = matrix
        by_line[len(NAMES) :] = wording(seen.said, width)
        first = self.lines.judge(by_line)
        rows = whole[len(BY_LINE) :] = verdicts(first, width, seen.stems)
        near = headline_places(rows)
        title = np.full(len(first), NO_TITLE)
        title[near] = self.title.judge(whole[:, near])
        share = rows[_PAGE_VERDICT].astype(np.float64) / 200
        return Judged(self.page.judge(whole), dial_adds(share, self.dial[dial]), title, rows)


@dataclass(frozen=True)
class Judged:
    """What the forests of lines say of a page.

    Attributes:
        odds: log-odds of body, for each line.
        added: what the dial adds to them.
        title: log-odds of headline; ``NO_TITLE`` where none is looked for.
        verdict_rows: what the first verdicts say around each line, a row for each of ``VERDICTS``.
    """

    odds: Integers
    added: Integers
    title: Integers
    verdict_rows: Matrix


@dataclass(frozen=True)
class Decision:
    """The labelling of a page.

    Attributes:
        keep: the lines that stay.
        odds: how sure that is, in log-odds of body.
        title: the line that is the headline, or -1.
        begin: the lines before this one stand above the headline, and those of them that would have stayed went for it; 0 where none did.
        end: the first of the lines that would have stayed if the body did not end above it; the number of lines where it does not.
    """

    keep: Flags
    odds: Integers
    title: int
    begin: int
    end: int


class WeightsError(ValueError):
    """A weights file that cannot be used."""


# What is missing on a machine (an extra, a file of weights) is no fault of a page: where many are cleaned it is raised.
MISSING = (ImportError, WeightsError)


@lru_cache(maxsize=8)
def read_model(path: Path) -> Model:
    """A weights file, as ``cleaner fit`` writes it; read once in a process.

    Raises:
        WeightsError: where the file is missing, broken or made for other features.
    """
    try:
        data: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
        return Model(
            lexicon=Lexicon.read(data["lexicon"]),
            lines=Trees.read(data["lines"], BY_LINE),
            page=Trees.read(data["page"], BY_PAGE),
            title=Trees.read(data["title"], BY_PAGE),
            title_above=int(data["title_above"]),
            ending=Trees.read(data["ending"], ENDING),
            ending_above={dial: int(data["ending_above"][dial]) for dial in Dial},
            dial={dial: (int(data["dial"][dial][0]), int(data["dial"][dial][1])) for dial in Dial},
            obey=int(data["obey"]),
            costs=Costs(**{key: int(value) for key, value in data["costs"].items()}),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(f"{path}: not a weights file of this version: {error!r}") from None


_PAGE_VERDICT, _IN_STRETCH = VERDICTS.index("page_verdict"), VERDICTS.index("in_stretch")
# Nearly all headlines stand this close to where the body seems to begin: so many lines before it, or after.
TITLE_BEFORE, TITLE_AFTER = 40, 6


def headline_places(verdict_rows: Matrix) -> slice:
    """The lines among which the headline is looked for."""
    begin = int(np.argmax(verdict_rows[_IN_STRETCH])) if verdict_rows.shape[1] else 0
    return slice(max(0, begin - TITLE_BEFORE), begin + TITLE_AFTER)


def dial_adds(share: npt.NDArray[np.float64], setting: tuple[int, int]) -> Integers:
    """What the dial adds to odds: the first of the setting on a page that is all chrome, the second on one that is all body.

    ``share`` is how much of the page the first verdicts take for body, from 0 to 1.
    """
    low, high = setting
    added: Integers = np.rint(low + (high - low) * share).astype(np.int64)
    return added


def by_rules(matrix: Matrix) -> Integers:
    """Log-odds of body where no weights are loaded: what rules and sections alone make certain, everything else kept."""
    row = dict(zip(NAMES, matrix, strict=True))
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
    matrix: Matrix,
    seen: Seen,
    model: Model | None,
    dial: Dial = Dial.DEFAULT,
    headline: int | None = None,
    ends: bool = True,
) -> Decision:
    """The best labelling of a page's lines.

    Args:
        matrix: the page's features.
        seen: what is to be seen of its lines.
        model: the weights; without them the rules decide.
        dial: how bold the decision is.
        headline: the headline's line where that is known (-1: there is none), else it is looked for.
        ends: whether the body's end is looked for.
    """
    evidence = Evidence.of(matrix)
    if model:
        judged, obey, above = model.judge(matrix, seen, dial), model.obey, model.title_above
        odds, title = judged.odds + judged.added, judged.title
        keep = settle(odds, evidence, obey, model.costs)
        end, over = _end(matrix, judged, keep, evidence, model, dial) if ends else (len(keep), 0)
        odds[end:][keep[end:]] = -over
        keep[end:] = False
    else:
        odds, obey, above, end = by_rules(matrix), OBEY_RULES, 0, matrix.shape[1]
        title = np.full(len(odds), NO_TITLE)
        keep = settle(odds, evidence, obey, BY_RULES)
    begin = 0
    if headline is None:
        # a text of which nothing else goes may as well begin with a subheading: so do one in three of those, once they are cleaned
        title[(matrix[ROW["words"]] == 0) | _closed(seen.page)] = NO_TITLE
        headline = -1 if keep.all() else headline_of(title, keep, evidence, matrix[ROW["is_byline"]] > 0, above)
        if model and dial != Dial.RECALL:
            begin = masthead(headline, keep, odds)
            odds[:begin][keep[:begin]] = -CHROME_ABOVE
            keep[:begin] = False
    if headline >= 0:
        keep[headline] = False
    return Decision(keep, odds - obey * evidence.obeyed, headline, begin, end)


def _end(matrix: Matrix, judged: Judged, keep: Flags, evidence: Evidence, model: Model, dial: Dial) -> tuple[int, int]:
    """The first line after the body's end, and the log-odds that what stays from there on is none of it."""
    lines = np.flatnonzero(keep)
    if not len(lines):
        return len(keep), 0
    rows = endings(matrix, judged.verdict_rows, judged.odds, keep, evidence)
    over, sentence = model.ending.judge(rows), evidence.unspoken_sentence[lines]
    place = end_of(over, rows, sentence, len(keep) - len(lines), model.ending_above[dial])
    return (len(keep), 0) if place < 0 else (int(lines[place]), int(over[place]))


# What stays above the headline goes where none of it has such odds. On labelled sites that the weights had not seen it brought .0013 of F1 on all
# visible text and .0006 on main content, for .0001 of the body: lists of contents, kickers. Of the lines 95 in 100 were chrome: those are their odds.
SURE_ABOVE, CHROME_ABOVE = 2 * UNIT, 3 * UNIT


def masthead(headline: int, keep: Flags, odds: Integers) -> int:
    """The first line that is not above the headline, where lines stay that are, and are to go; else 0."""
    above = np.flatnonzero(keep[: max(headline, 0)])
    return headline if len(above) and odds[above].max() < SURE_ABOVE else 0


def _closed(page: Page) -> Flags:
    """Which lines end in a full stop: three in four of those that were taken for a headline were none."""
    last, before = page.codes[page.last - 1], page.codes[np.maximum(page.last - 2, page.first)]
    closed: Flags = ((last == 0x2E) & (before != 0x2E)) | (last == 0x3002)
    return closed


# What a headline gains where it stands right above a byline or the body.
ABOVE_TEXT = 2 * UNIT
# And what it lacks where the line was to stay: a subheading is not to be taken for the headline.
IN_BODY = 2 * UNIT
NO_TITLE = -(1 << 30)


def headline_of(title: Integers, keep: Flags, evidence: Evidence, byline: Flags, above: int) -> int:
    """The line that is the headline: the likeliest one that no rule, hint or menu label takes for something else; -1 where none is likely enough.

    A sentence that was to stay is none: it is a standfirst, or the first paragraph of a page without a headline. Nor is what stands between a
    byline and a line that by itself is as likely a headline.
    """
    if not len(title):
        return -1
    leads = np.concatenate((byline[1:], [False]))
    above_byline = leads & np.concatenate((evidence.obeyed[1:], [False]))
    body = np.flatnonzero(keep)
    if len(body) and body[0] > 0:
        leads[body[0] - 1] = True
    standing = np.where(keep, -IN_BODY * ~above_byline, ABOVE_TEXT * leads)
    title = np.where(evidence.spoken_against | (evidence.prose & keep), NO_TITLE, title)
    odds = title + standing
    best = int(np.argmax(odds))
    if odds[best] < above:
        return -1
    # on sites not seen: 32 standfirsts (of 10 sites) that were taken for the headline below which they stood, for 5 headlines right above a byline
    return best - 1 if best and above_byline[best] and title[best - 1] >= title[best] else best
