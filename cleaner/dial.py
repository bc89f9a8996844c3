"""The settings of the dial, chosen on odds of sites that the weights have not seen, and what they reach there."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from cleaner.decide import BY_RULES, Dial, dial_adds
from cleaner.evaluate import HURT
from cleaner.lines import Flags, Integers
from cleaner.path import Evidence, settle
from cleaner.table import GOLD, TWIN, Table
from cleaner.trees import UNIT

Floats = npt.NDArray[np.float64]

# The default setting keeps the mean loss of body, and the share of pages that lose more than 2 % of it, at or below so much on
# each tier, and takes the best F1 that this leaves; the others a part of it, or a multiple. They are measured on one reading of each
# page, before its end is looked for.
LOST_AT_MOST = {"page": 0.0135, "dclm": 0.008, "fineweb": 0.006}
HURT_AT_MOST = {"page": 0.1, "dclm": 0.064, "fineweb": 0.046}
ELSE_LOST, ELSE_HURT = 0.01, 0.08
LOST_TIMES = {Dial.DEFAULT: 1.0, Dial.RECALL: 0.35, Dial.PRECISION: 3.0}
# What a rule that is obeyed takes from the odds: more than any page adds.
OBEY = 16 * UNIT


def set_dial(table: Table, odds: Integers, share: Floats) -> dict[str, tuple[int, int]]:
    """What each setting adds to the odds of body, on pages that are all chrome and on pages that are all body.

    Args:
        table: the pages.
        odds: for each line, by weights that have not seen its site.
        share: for each page, how much of it the first verdicts take for body, from 0 to 1.
    """
    evidence = Evidence.of(table.matrix)
    steps = range(-UNIT, 5 * UNIT, UNIT // 4)
    measured = [measure(table, _keep(table, odds + added, evidence)) for added in steps]
    f1, lost = (np.stack([m[which] for m in measured]) for which in (0, 1))
    pages = np.arange(len(share))
    tiers = {tier: table.tier == tier for tier in np.unique(table.tier).tolist() if tier not in (GOLD, TWIN)}
    best: dict[Dial, tuple[float, tuple[int, int]]] = {}
    for low in steps:
        for high in steps:
            at = np.rint((low + (high - low) * share + UNIT) / (UNIT // 4)).astype(int)
            means = {tier: (f1[at[of], pages[of]].mean(), lost[at[of], pages[of]]) for tier, of in tiers.items()}
            mean = sum(mean_f1 for mean_f1, _ in means.values())
            for setting, times in LOST_TIMES.items():
                fine = all(
                    losses.mean() <= times * LOST_AT_MOST.get(tier, ELSE_LOST)
                    and (losses > HURT).mean() <= times * HURT_AT_MOST.get(tier, ELSE_HURT)
                    for tier, (_, losses) in means.items()
                )
                if fine and (setting not in best or mean > best[setting][0]):
                    best[setting] = (mean, (low, high))
    return {str(setting): best[setting][1] if setting in best else (max(steps), max(steps)) for setting in Dial}


def dial_figures(
    table: Table, odds: Integers, share: Floats, dial: dict[str, tuple[int, int]]
) -> Iterable[tuple[str, str]]:
    """What each setting reaches on sites that the weights had not seen, tier by tier; the body's end is looked for later."""
    evidence = Evidence.of(table.matrix)
    for setting, both in dial.items():
        yield setting, tier_figures(table, _keep(table, odds + dial_adds(share[table.page], both), evidence))


def tier_figures(table: Table, keep: Flags) -> str:
    """What is reached where some lines stay, tier by tier."""
    f1, lost = measure(table, keep)
    tiers = [(tier, table.tier == tier) for tier in np.unique(table.tier).tolist() if tier != TWIN]
    return "; ".join(
        f"{tier} F1 {f1[of].mean():.4f} lost {lost[of].mean():.4f} hurt {(lost[of] > HURT).mean():.3f}"
        for tier, of in tiers
    )


def _keep(table: Table, odds: Integers, evidence: Evidence) -> Flags:
    """The lines that stay at some odds."""
    lines = [settle(odds[a:b], evidence.lines(a, b), OBEY, BY_RULES) for a, b in table.spans()]
    return np.concatenate(lines)


def measure(table: Table, keep: Flags) -> tuple[Floats, Floats]:
    """F1 and the share of body lost of each page, where some lines stay."""
    page, pages = table.page, len(table.starts) - 1
    chrome = table.label == 1
    body = np.bincount(page, table.tokens * (table.label == 0), pages)
    kept = np.bincount(page, table.tokens * ((table.label == 0) & keep), pages)
    left = np.bincount(page, table.tokens * (chrome & keep), pages)
    recall = np.where(body > 0, kept / np.maximum(body, 1), 1)
    precision = kept / np.maximum(kept + left, 1)
    return 2 * precision * recall / np.maximum(precision + recall, 1e-9), 1 - recall
