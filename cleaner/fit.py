"""Fits the weights of the decision to labelled pages (``cleaner fit``). Needs the extra ``[fit]``: CatBoost trains, nothing of it is needed later."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.context import ROW
from cleaner.decide import BY_LINE, BY_PAGE, BY_RULES, Dial, dial_adds, headline_places
from cleaner.dial import OBEY, dial_figures, set_dial, tier_figures
from cleaner.ending import ENDING
from cleaner.evaluate import Report, evaluate
from cleaner.features import Matrix
from cleaner.fit_ending import NO_ENDING, has_both, kept, places_of, set_ending
from cleaner.fit_lexicon import Lexicographer, written
from cleaner.labelled import Row
from cleaner.lines import Integers
from cleaner.pipeline import Cleaner
from cleaner.table import Table, tabulate
from cleaner.trees import UNIT, Trees
from cleaner.verdicts import verdicts
from cleaner.wording import WORDING, wording

Floats = npt.NDArray[np.float64]
Progress = Callable[[str], None]

SEED = 20
FOLDS = 4
# Chosen by five folds over sites on the development pages; more trees gain little and cost time on every page.
LINES = {"iterations": 160, "depth": 8, "learning_rate": 0.12}
PAGE = {"iterations": 160, "depth": 8, "learning_rate": 0.12}
TITLE = {"iterations": 40, "depth": 6, "learning_rate": 0.2}
END = {"iterations": 150, "depth": 6, "learning_rate": 0.1}
_ALWAYS = {
    "border_count": 64,
    "rsm": 0.3,
    "l2_leaf_reg": 5,
    "bootstrap_type": "Bernoulli",
    "subsample": 0.6,
    "random_seed": SEED,
    "verbose": 0,
    "allow_writing_files": False,  # it would keep a diary in the folder that it is run in
}
# A headline is asked for, not body, but to keep one harms little: it weighs so much less than a body line.
HEADLINE_WEIGHT = 0.15


def weigh(table: Table) -> Floats:
    """How much each line counts: its tokens as a share of its page's body, as the measure has it, by the page's weight."""
    page = table.page
    body = np.bincount(page, table.tokens * (table.label == 0), len(table.starts) - 1)
    weight = (table.tokens + 2.0) / np.maximum(body, 50)[page]
    weight *= np.select([table.label < 0, table.label == 2], [0.0, HEADLINE_WEIGHT], 1.0)
    return np.minimum(weight, 0.5) * table.weight[page]


@dataclass(frozen=True)
class Task:
    """What a forest is to tell, and from what.

    Attributes:
        matrix: a column for each line.
        wanted: the lines that it is to tell from the others.
        weight: how much each counts; those of weight 0 are not shown to it.
        names: of the matrix's rows.
        settings: of the library that trains.
        what: the lines that it is to tell, in words.
    """

    matrix: Matrix
    wanted: npt.NDArray[np.bool_]
    weight: Floats
    names: Sequence[str]
    settings: dict[str, Any]
    what: str = "lines are body"

    def without(self, held: npt.NDArray[np.bool_]) -> Task:
        """The same without some lines."""
        return replace(self, weight=np.where(held, 0, self.weight))


def grow(task: Task) -> dict[str, Any]:
    """A forest for a task, in the form of the weights file.

    Raises:
        ImportError: naming the extra, where CatBoost is missing.
        ValueError: where there are too few lines, or all are wanted, or none, or all are alike.
    """
    try:
        from catboost import CatBoostClassifier, CatBoostError
    except ImportError:
        raise ImportError("fitting needs CatBoost: pip install 'boilerplate-cleaner[fit]'") from None
    import tempfile

    used, names = task.weight > 0, task.names
    wanted = task.wanted[used].astype(int)
    model = CatBoostClassifier(**task.settings, **_ALWAYS)
    try:
        model.fit(np.ascontiguousarray(task.matrix[:, used].T), wanted, sample_weight=task.weight[used])
    except CatBoostError as error:
        raise ValueError(
            f"{wanted.sum()} of {len(wanted)} {task.what}: no weights can be fitted to that; there must be some that are and "
            f"some that are not, on different pages (CatBoost says: {error})"
        ) from None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "forest.json"
        model.save_model(str(file), format="json")
        grown = json.loads(file.read_text(encoding="utf-8"))
    scale, (bias,) = grown["scale_and_bias"]
    depth = int(task.settings["depth"])
    trees = []
    for tree in grown["oblivious_trees"]:
        questions = [
            [names[split["float_feature_index"]], float(np.float32(split["border"]))] for split in tree["splits"] or []
        ]
        leaves = [round(scale * value * UNIT) for value in tree["leaf_values"]]
        if len(questions) < depth:  # a tree that stopped early: questions that nothing answers with yes
            questions += [[names[0], 3.0e38]] * (depth - len(questions))
            leaves += [0] * (2**depth - len(leaves))
        trees.append({"questions": questions, "leaves": leaves})
    return {"depth": depth, "bias": round(bias * UNIT), "trees": trees}


def fold_of(table: Table) -> Integers:
    """For each line the group of sites that its page is set aside with."""
    return (table.site % 1009 % FOLDS)[table.page]


def wording_across(table: Table, writer: Lexicographer, weight: Floats, say: Progress) -> Matrix:
    """What is said on and around each line, by a lexicon that has not seen its site: a row for each of ``WORDING``."""
    rows = np.empty((len(WORDING), len(table.label)), np.float32)
    width = table.matrix[ROW["width"]]
    fold = fold_of(table)
    for number in range(FOLDS):
        say(f"fold {number + 1} of {FOLDS}")
        held = fold == number
        lexicon = writer.fit(table.label == 0, np.where(held, 0, weight))
        for (a, b), terms in zip(table.spans(), table.terms, strict=True):
            if b > a and held[a]:
                rows[:, a:b] = wording(lexicon.said(terms, b - a), width[a:b])
    return rows


def odds_across(fold: Integers, task: Task, say: Progress) -> Integers:
    """For each line the odds by a forest that has not seen its site; ``fold`` is the group of sites that it is set aside with."""
    odds = np.zeros(len(fold), np.int64)
    for number in range(FOLDS):
        say(f"fold {number + 1} of {FOLDS}")
        held = fold == number
        forest = grow(task.without(held))
        odds[held] = Trees.read(forest, task.names).judge(task.matrix[:, held])
    return odds


def fit(rows: Sequence[Row], say: Progress = lambda _: None) -> dict[str, Any]:
    """Weights for labelled pages, in the form of the weights file.

    The forests of the second stage learn from verdicts of the first on sites that those had not seen, and the settings of the dial
    are chosen on pages that none of them had.

    Args:
        rows: the labelled pages.
        say: called with what is being done.

    Raises:
        ValueError: where the pages are too few, or of too few sites to set some aside.
        ImportError: naming the extra, where CatBoost is missing.
    """
    say("reading")
    if not rows or not _is_enough(table := tabulate(rows)):
        raise ValueError(
            f"{len(rows)} pages of {len({row.domain for row in rows})} sites are too few to fit weights to: in all but each "
            f"{FOLDS}th part of the sites ('domain') there must be body, boilerplate and headlines ('title', or "
            "the label T); pages of 'weight' 0 do not count"
        )
    weight = weigh(table)
    body, headline = table.label == 0, table.label == 2

    fold = fold_of(table)

    def across(what: str, task: Task, fold: Integers = fold) -> tuple[dict[str, Any], Integers]:
        """A forest for all pages, and for each line the odds by one that has not seen its site."""
        odds = odds_across(fold, task, lambda step: say(f"{what}: {step}"))
        say(f"{what}: all pages")
        return grow(task), odds

    writer = Lexicographer(table)
    said = wording_across(table, writer, weight, lambda step: say(f"lexicon: {step}"))
    say("lexicon: all pages")
    lexicon = written(writer.fit(body, weight), (text for row in rows for text in (row.text, row.gold)))
    matrix = np.concatenate((table.matrix, said))
    lines, first = across("lines", Task(matrix, body, weight, BY_LINE, LINES))
    matrix = with_verdicts(table, matrix, first)
    page, odds = across("page", Task(matrix, body, weight, BY_PAGE, PAGE))
    of_page = table.weight * table.tells_of_headlines / np.maximum(np.diff(table.starts), 20)
    flat = (table.label >= 0) * of_page[table.page]
    title, title_odds = across("title", Task(matrix, headline, flat, BY_PAGE, TITLE, "lines are headlines"))
    share = page_shares(table, matrix)
    say("dial")
    dial = set_dial(table, odds, share)
    for setting, figures in dial_figures(table, odds, share, dial):
        say(f"across sites, {setting}: {figures}")
    places = places_of(table, matrix[len(BY_LINE) :], odds, dial_adds(share[table.page], dial[Dial.DEFAULT]))
    if has_both(places, fold[places.line]):
        task = Task(places.matrix, places.over, places.weight, ENDING, END, "places are after the body")
        ending, over = across("ending", task, fold[places.line])
    else:
        ending, over = NO_ENDING, np.full(len(places.line), NO_ENDING["bias"])
    ending_above = set_ending(table, places, over)
    say(
        f"across sites, where the body ends: {tier_figures(table, kept(table, places, over, ending_above[Dial.DEFAULT]))}"
    )
    return {
        "about": "Fitted by `cleaner fit`; log-odds in parts of 256. See docs/accuracy.md.",
        "title_above": _title_above(table, title_odds, matrix[len(BY_LINE) :]),
        "obey": OBEY,
        "costs": BY_RULES.__dict__,
        "dial": dial,
        "lexicon": lexicon,
        "lines": lines,
        "page": page,
        "title": title,
        "ending_above": ending_above,
        "ending": ending,
    }


def _is_enough(table: Table) -> bool:
    """Whether lines of each label count, whatever group of sites is set aside."""
    fold, counts = fold_of(table), table.weight[table.page] > 0
    return all({0, 1, 2} <= {*table.label[counts & (fold != held)].tolist()} for held in range(FOLDS))


def with_verdicts(table: Table, matrix: Matrix, odds: Integers) -> Matrix:
    """The features of the first stage, and below them what its odds say around each line."""
    width = table.matrix[ROW["width"]]
    said = [verdicts(odds[a:b], width[a:b], stems) for (a, b), stems in zip(table.spans(), table.stems, strict=True)]
    return np.concatenate((matrix, np.concatenate(said, axis=1)))


def page_shares(table: Table, matrix: Matrix) -> Floats:
    """For each page how much of it the first verdicts take for body, from 0 to 1."""
    firsts = np.minimum(table.starts[:-1], len(table.label) - 1)
    shares: Floats = matrix[BY_PAGE.index("page_verdict")][firsts].astype(np.float64) / 200
    return shares


def _title_above(table: Table, odds: Integers, verdict_rows: Matrix) -> int:
    """The odds above which the likeliest line of a page is its headline four times in five."""
    found = []
    for (a, b), tells in zip(table.spans(), table.tells_of_headlines.tolist(), strict=True):
        if not tells:
            continue
        near = headline_places(verdict_rows[:, a:b])
        of, label = odds[a:b][near], table.label[a:b][near]
        if len(of):
            best = int(np.argmax(of))
            found.append((int(of[best]), label[best] == 2 or label[best] < 0))
    found.sort(reverse=True)
    right = np.cumsum([ok for _, ok in found]) / np.arange(1, len(found) + 1)
    enough = np.flatnonzero(right >= 0.8)
    return found[int(enough[-1])][0] if len(enough) else UNIT * 100


def write(weights: dict[str, Any], path: Path | str) -> None:
    """Writes weights as a file that reads well: a term or a tree a line."""
    forests = {key: weights[key] for key in ("lines", "page", "title", "ending")}
    lexicon = weights["lexicon"]
    head = {key: value for key, value in weights.items() if key not in ("lexicon", *forests)}
    parts = [f'"{key}": {json.dumps(value)}' for key, value in head.items()]
    terms = ",\n".join(f"{json.dumps(term, ensure_ascii=False)}: {odds}" for term, odds in lexicon["terms"].items())
    parts.append(f'"lexicon": {{"bias": {lexicon["bias"]}, "terms": {{\n{terms}\n}}}}')
    for key, forest in forests.items():
        trees = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in forest["trees"])
        parts.append(f'"{key}": {{"depth": {forest["depth"]}, "bias": {forest["bias"]}, "trees": [\n{trees}\n]}}')
    Path(path).write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def across_folds(rows: Sequence[Row], folds: int, dial: dict[str, Any], say: Progress) -> Report:
    """Measures on sites that the weights have not seen: for each group of sites, weights fitted on all the others.

    Args:
        rows: the labelled pages.
        folds: how many groups; a site is in one of them, whole.
        dial: ``favor_recall`` and ``favor_precision``, as for ``Cleaner``.
        say: called with what is being done.
    """
    import tempfile

    report = Report()
    for number in range(folds):
        seen = [row for row in rows if zlib.crc32(row.domain.encode()) % folds != number]
        held = [row for row in rows if zlib.crc32(row.domain.encode()) % folds == number]
        with tempfile.TemporaryDirectory() as folder:
            weights = Path(folder) / "weights.json"
            write(fit(seen, lambda what, at=number + 1: say(f"group {at} of {folds}: {what}")), weights)  # type: ignore[misc]
            evaluate(held, Cleaner(model=weights, **dial).explain, report)
    return report
