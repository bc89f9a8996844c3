"""Measures a cleaner on labelled pages (``cleaner evaluate``): what it removed, what it lost, and which rule is to blame."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cleaner.document import Document
from cleaner.labelled import BODY, CHROME, Row, read_rows, tokens

Clean = Callable[[str, str | None], Document]
# A page is hurt where it loses more than this share of its body.
HURT = 0.02
# How far ahead a kept line is looked for before it counts as made up.
AHEAD = 400


@dataclass(frozen=True, slots=True)
class Verdict:
    """One page's figures.

    Attributes:
        removed: share of its chrome's tokens that went; None where it has none.
        lost: share of its body's tokens that went.
        f1: F1 of "this token is body" over the tokens that are left.
    """

    removed: float | None
    lost: float
    f1: float


@dataclass(slots=True)
class Report:
    """The figures of all pages, and the lines that were most often wrong."""

    verdicts: dict[str, list[Verdict]] = field(default_factory=lambda: defaultdict(list))
    worst: list[tuple[float, str]] = field(default_factory=list)
    wrongly_removed: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrongly_kept: Counter[tuple[str, str]] = field(default_factory=Counter)
    gold_tokens: int = 0
    gold_lost: int = 0
    characters: int = 0
    seconds: float = 0.0
    calibration: Counter[tuple[int, bool]] = field(default_factory=Counter)

    @property
    def gold_loss(self) -> float:
        """The share of tokens lost when the reference bodies are cleaned by themselves."""
        return self.gold_lost / max(1, self.gold_tokens)

    @property
    def speed(self) -> float:
        """Million characters a second."""
        return self.characters / self.seconds / 1e6 if self.seconds else 0.0


def kept_tokens(lines: Sequence[str], output: str) -> list[int]:
    """How many tokens of each line stand in the output, both read in order.

    The output is all that is looked at, so that any cleaner can be measured, one without spans too.
    """
    said = [found for found in map(tokens, output.split("\n")) if found]
    wanted = [tokens(line) for line in lines]
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, words in enumerate(wanted):
        places[tuple(words)].append(number)
    kept, at = [0] * len(wanted), 0
    for number, words in enumerate(wanted):
        while words and at < len(said):
            now = said[at]
            if now == words:
                kept[number] = len(words)
                at += 1
                break
            later = any(place > number for place in places.get(tuple(now), ()))
            if _inside(now, words) and not later:
                kept[number] += len(now)  # a part of the line stayed
                at += 1
                continue
            ahead = wanted[number + 1 : number + AHEAD]
            if later or any(_inside(now, other) for other in ahead):
                break  # it belongs to a later line: this one went
            at += 1  # the cleaner made it up
    return kept


def _inside(part: list[str], whole: list[str]) -> bool:
    return len(part) < len(whole) and any(
        whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1)
    )


def judge(row: Row, output: str) -> Verdict:
    """A page's figures; only body and boilerplate lines count."""
    lines = row.text.split("\n")
    total, kept = Counter[str](), Counter[str]()
    for line, label, stayed in zip(lines, row.labels, kept_tokens(lines, output), strict=True):
        count = len(tokens(line))
        total[label] += count
        kept[label] += min(stayed, count)
    left = kept[BODY] + kept[CHROME]
    precision = kept[BODY] / left if left else 0.0
    recall = kept[BODY] / total[BODY] if total[BODY] else 1.0
    return Verdict(
        removed=1 - kept[CHROME] / total[CHROME] if total[CHROME] else None,
        lost=1 - recall,
        f1=2 * precision * recall / (precision + recall) if precision + recall else 0.0,
    )


def choose(data: Path | str, tier: str | None = None, lang: str | None = None, source: str | None = None) -> list[Row]:
    """The rows of a labelled file that are of a tier, of one of some languages (``it,es``), from a source.

    Raises:
        DataError: where the file is not as it must be.
        ValueError: where there are none.
    """
    every = list(read_rows(data))
    wanted = lang.split(",") if lang else None
    rows = [
        row
        for row in every
        if tier in (None, row.tier) and source in (None, row.source) and (not wanted or row.lang in wanted)
    ]
    if not every:
        raise ValueError(f"{data}: there are no pages in it")
    if not rows:
        there = ((name, sorted({repr(getattr(row, name)) for row in every})) for name in ("tier", "lang", "source"))
        said = "; ".join(f"{name} {', '.join(found)}" for name, found in there)
        raise ValueError(f"{data}: none of its {len(every)} pages is asked for; they are of {said}")
    return rows


def evaluate(rows: Iterable[Row], clean: Clean, report: Report | None = None) -> Report:
    """Cleans labelled pages and their reference bodies, and counts; into a report that exists, where one is given."""
    report = report or Report()
    golds: dict[str, Row] = {}
    for row in rows:
        begun = time.perf_counter()
        document = clean(row.text, row.lang)
        report.seconds += time.perf_counter() - begun
        report.characters += len(row.text)
        verdict = judge(row, document.text)
        for group in (f"tier {row.tier}", f"{row.tier:8s} lang {row.lang}", f"{row.tier:8s} from {row.source}"):
            report.verdicts[group].append(verdict)
        report.worst.append((verdict.lost, f"{row.id} [{row.lang}, {row.tier}]"))
        _blame(report, row, document)
        golds[row.id] = row
    for row in golds.values():
        kept = sum(kept_tokens(row.gold.split("\n"), clean(row.gold, row.lang).text))
        count = len(tokens(row.gold))
        report.gold_tokens += count
        report.gold_lost += count - min(count, kept)
    report.worst.sort(reverse=True)
    return report


def _blame(report: Report, row: Row, document: Document) -> None:
    """Counts the wrong lines with what decided, and the removed ones by score."""
    labels = iter(_labelled_lines(row))
    label_at = list(labels)
    at = 0
    for span in document.spans:
        written = document.source[span.start : span.end]
        said = written.strip()
        # separators that go with a line may stand before it
        begin = span.start + len(written) - len(written.lstrip())
        while at + 1 < len(label_at) and label_at[at + 1][0] <= begin:
            at += 1
        if span.kept:
            for start, label, line in label_at[at:]:
                if start >= span.end:
                    break
                if label == CHROME and line:
                    report.wrongly_kept[line[:100], ""] += 1
            continue
        label = label_at[at][1]
        if said and label in (BODY, CHROME):
            report.calibration[min(9, int(span.score * 10)), label == CHROME] += 1
            if label == BODY:
                report.wrongly_removed[said[:100], span.rule] += 1


def _labelled_lines(row: Row) -> Iterator[tuple[int, str, str]]:
    at = 0
    for line, label in zip(row.text.split("\n"), row.labels, strict=True):
        yield at, label, line.strip()
        at += len(line) + 1


def mean(values: Iterable[float | None]) -> float:
    """The mean of the values that there are; not a number where there are none."""
    there = [value for value in values if value is not None]
    return sum(there) / len(there) if there else float("nan")


def figures(verdicts: Sequence[Verdict]) -> dict[str, float]:
    """The means that are reported of some pages."""
    return {
        "docs": len(verdicts),
        "removed": mean(verdict.removed for verdict in verdicts),
        "lost": mean(verdict.lost for verdict in verdicts),
        "f1": mean(verdict.f1 for verdict in verdicts),
        "hurt": mean(float(verdict.lost > HURT) for verdict in verdicts),
    }
