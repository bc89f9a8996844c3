"""What does each part of the decision bring? Rules, features, the lexicon, and the page as a whole, on sites that the weights have not seen.

    python tests/tools/ablation.py DATA.jsonl.gz

Needs the extra [fit]. Pages are read once each, and each variant adds to its odds what makes its mean loss of body on each tier that of the
default setting at most: so the F1 are those of the same harm.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable

import numpy as np

from cleaner.context import ROW
from cleaner.decide import BY_LINE, BY_PAGE, BY_RULES, OBEY_RULES, by_rules
from cleaner.dial import LOST_AT_MOST, OBEY, measure
from cleaner.ending import ENDING
from cleaner.features import GROUP_NAMES
from cleaner.fit import END, LINES, PAGE, Task, fold_of, odds_across, weigh, with_verdicts, wording_across
from cleaner.fit_ending import kept, places_of, set_ending
from cleaner.fit_lexicon import Lexicographer
from cleaner.labelled import read_rows
from cleaner.path import Evidence, settle
from cleaner.table import Table, tabulate
from cleaner.trees import UNIT

# What rules and word lists say of a line; function words belong to the shallow features.
OF_RULES = (
    *("obeyed", "obeyed_whole", "head", "tail", "hint", "inline", "body", "section"),
    *(f"is_{name}" for name in GROUP_NAMES),
    *("chrome", "chrome_density", "menu", "tiled"),
)
# And features of what stands around a line whose names speak of these.
AROUND = ("suspect", "section", "related", "social", "tail", "head", "byline", "legal", "obeyed")

# What is added to the odds, in turn.
STEPS = range(-2 * UNIT, 6 * UNIT, UNIT // 2)


def without_rules(table: Table) -> np.ndarray:
    """The features with nothing of what the rules say, of a line or of those around it."""
    matrix = table.matrix.copy()
    told = [row for name, row in ROW.items() if name.rstrip("+-12") in OF_RULES or any(part in name for part in AROUND)]
    matrix[told] = 0
    return matrix


def odds_of(table: Table, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each line's odds by forests that have not seen its site: line by line, and knowing the first verdicts on the page; and these verdicts."""
    body, weight = table.label == 0, weigh(table)
    fold = fold_of(table)
    first = odds_across(fold, Task(matrix, body, weight, BY_LINE, LINES), say)
    whole = with_verdicts(table, matrix, first)
    return first, odds_across(fold, Task(whole, body, weight, BY_PAGE, PAGE), say), whole[len(BY_LINE) :]


def by_path(table: Table, odds: np.ndarray, evidence: Evidence, obey: int) -> Callable[[int], np.ndarray]:
    """The lines that the path through each page leaves, by what is added to their odds."""
    return lambda added: np.concatenate(
        [settle(odds[a:b] + added, evidence.lines(a, b), obey, BY_RULES) for a, b in table.spans()]
    )


def to_the_end(table: Table, odds: np.ndarray, verdict_rows: np.ndarray) -> Callable[[int], np.ndarray]:
    """The same, up to where the body ends, by a forest that has not seen the page's site."""

    def keep(added: int) -> np.ndarray:
        places = places_of(table, verdict_rows, odds, np.full(len(odds), added))
        task = Task(places.matrix, places.over, places.weight, ENDING, END)
        over = odds_across(fold_of(table)[places.line], task, say)
        return kept(table, places, over, set_ending(table, places, over)["default"])

    return keep


def report(name: str, table: Table, keep_by: Callable[[int], np.ndarray], steps: Iterable[int] = STEPS) -> None:
    """A row of the table: each tier at the boldest setting that loses no more than the default may."""
    tiers = {tier: [(0.0, 0.0, 0.0)] for tier in LOST_AT_MOST}
    for added in steps:
        f1, lost = measure(table, keep_by(added))
        for tier, bound in LOST_AT_MOST.items():
            of = table.tier == tier
            if lost[of].mean() <= bound:
                tiers[tier].append((f1[of].mean(), lost[of].mean(), (lost[of] > 0.02).mean()))
    cells = ["{:.4f} / {:.4f} / {:.3f}".format(*max(found)) for found in tiers.values()]
    print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def main() -> None:
    table = tabulate(list(read_rows(sys.argv[1])))
    evidence = Evidence.of(table.matrix)
    bare = without_rules(table)
    none = Evidence.of(bare)
    said = wording_across(table, Lexicographer(table), weigh(table), say)
    silent = np.zeros_like(said)
    print("| | " + " | ".join(f"{tier} F1 / lost / hurt" for tier in LOST_AT_MOST) + " |")
    print("|---|" + "---|" * len(LOST_AT_MOST))
    report("rules alone", table, by_path(table, by_rules(table.matrix), evidence, OBEY_RULES))
    _, odds, _ = odds_of(table, np.concatenate((bare, silent)))
    report("features alone", table, by_path(table, odds, none, 0))
    _, odds, _ = odds_of(table, np.concatenate((table.matrix, silent)))
    report("rules and features", table, by_path(table, odds, evidence, OBEY))
    first, odds, verdict_rows = odds_of(table, np.concatenate((table.matrix, said)))
    report("all, line by line", table, lambda added: first + added - OBEY * evidence.obeyed > 0)
    report("all, over the page", table, by_path(table, odds, evidence, OBEY))
    report("and where the body ends", table, to_the_end(table, odds, verdict_rows), STEPS[4:12])


if __name__ == "__main__":
    main()
