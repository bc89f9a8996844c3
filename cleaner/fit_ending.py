"""Fits the forest that says where the body ends, to pages of sites that the weights of their lines have not seen."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.decide import BY_RULES, Dial
from cleaner.dial import LOST_TIMES, OBEY, measure
from cleaner.ending import end_of, endings
from cleaner.evaluate import HURT
from cleaner.features import Matrix
from cleaner.lines import Flags, Integers
from cleaner.path import Evidence, settle
from cleaner.table import GOLD, TWIN, Table
from cleaner.trees import UNIT

Floats = npt.NDArray[np.float64]

# So large a share of the pages of each tier, at most, may lose more than 2 % of their body because of the step, by default.
HURT_MORE = 0.0075
# What a place counts: one after which no body follows, the chrome that stays there as a share of the body, up to MOST and not below LEAST;
# any other BODY. Of a page with more places than MANY each counts less. Five forms tried by five folds over sites differ little.
_MOST, _LEAST, _BODY, _MANY = 0.5, 0.01, 0.1, 30
# A page's twin and its reference body alone count so much of the page itself.
_BESIDE = 0.5
# Odds that no place has, and the forest of pages on which nothing stays after the body.
NEVER = 64 * UNIT
NO_ENDING: dict[str, Any] = {"depth": 1, "bias": -NEVER, "trees": []}


@dataclass(frozen=True)
class Places:
    """The places before the lines that stay, of all pages of a table.

    Attributes:
        line: the line below each, by its number in the table.
        matrix: a row for each of ``ENDING``.
        sentence: whether that line is a sentence that nothing speaks against.
        over: whether no body follows.
        weight: how much each counts.
    """

    line: Integers
    matrix: Matrix
    sentence: Flags
    over: Flags
    weight: Floats


def places_of(table: Table, verdict_rows: Matrix, odds: Integers, added: Integers) -> Places:
    """The places of all pages, by odds of sites that the weights have not seen and what the dial adds to them."""
    evidence, body, chrome = Evidence.of(table.matrix), table.label == 0, table.label == 1
    counts = table.weight * np.where(np.isin(table.tier, (GOLD, TWIN)), _BESIDE, 1)
    parts = []
    for (a, b), of_page in zip(table.spans(), counts.tolist(), strict=True):
        on_page = evidence.lines(a, b)
        keep = settle(odds[a:b] + added[a:b], on_page, OBEY, BY_RULES)
        if not keep.any():
            continue
        at = a + np.flatnonzero(keep)
        text, rest = (table.tokens[at] * of[at] for of in (body, chrome))
        over = _after(text) == 0
        gain = np.clip(_after(rest) / (text.sum() + 50), 0, _MOST) + _LEAST
        weight = np.where(over, gain, _BODY) * min(1, _MANY / len(at)) * of_page
        rows = endings(table.matrix[:, a:b], verdict_rows[:, a:b], odds[a:b], keep, on_page)
        parts.append(Places(at, rows, on_page.unspoken_sentence[keep], over, weight))
    return Places(*(np.concatenate([getattr(part, field.name) for part in parts], axis=-1) for field in fields(Places)))


def has_both(places: Places, fold: Integers) -> bool:
    """Whether there are places with and without body below them, whatever group of sites is set aside."""
    return all(len(np.unique(places.over[fold != held])) == 2 for held in np.unique(fold))


def _after(tokens: Integers) -> Integers:
    """How many tokens stand from each line on."""
    return tokens[::-1].cumsum()[::-1]


def set_ending(table: Table, places: Places, over: Integers) -> dict[str, int]:
    """Above which odds the body has ended, for each setting of the dial: where all is to be kept it never does.

    Args:
        table: the pages.
        places: their places.
        over: the odds of each that no body follows, by a forest that has not seen its site.
    """
    tiers = [table.tier == tier for tier in np.unique(table.tier).tolist() if tier not in (GOLD, TWIN)]

    def hurt(above: int) -> Floats:
        lost = measure(table, kept(table, places, over, above))[1]
        return np.array([(lost[of] > HURT).mean() for of in tiers])

    first, steps = hurt(NEVER), range(6 * UNIT, 0, -UNIT // 4)
    above = dict.fromkeys(map(str, Dial), NEVER)
    for setting in (Dial.DEFAULT, Dial.PRECISION):
        for step in steps:
            if (hurt(step) - first > LOST_TIMES[setting] * HURT_MORE).any():
                break
            above[str(setting)] = step
    return above


def kept(table: Table, places: Places, over: Integers, above: int) -> Flags:
    """The lines that stay once each page ends where its body does."""
    keep = np.zeros(len(table.label), bool)
    keep[places.line] = True
    page = table.page[places.line]
    begins = np.searchsorted(page, np.arange(len(table.starts)))
    for number, (begin, end) in enumerate(zip(begins[:-1].tolist(), begins[1:].tolist(), strict=True)):
        gone = int(table.starts[number + 1] - table.starts[number]) - (end - begin)
        of_page = places.matrix[:, begin:end]
        place = end_of(over[begin:end], of_page, places.sentence[begin:end], gone, above)
        if place >= 0:
            keep[places.line[begin + place] : table.starts[number + 1]] = False
    return keep
