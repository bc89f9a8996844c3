"""Lines and cuts to the text that is left, and to the account of what went."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from cleaner.document import Kind, Span
from cleaner.lines import Flags, Integers, Page, visible


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of a kept line that goes: its place in the source, its kind and the rule that cut it."""

    start: int
    end: int
    kind: Kind
    rule: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the source that stays, from the first of some lines to the last, with the separators that stay."""

    start: int
    end: int


def kept_pieces(page: Page, keep: Flags, cuts: Sequence[Cut]) -> list[Piece]:
    """The stretches of the source that stay.

    Where nothing goes, that is the whole source. Else blank lines at both ends go too, and of several separators that a removal
    leaves beside each other one stays: the one that the page uses most.
    """
    text = page.text
    if keep.all() and not cuts:
        return [Piece(0, len(text))] if text else []
    lines = np.flatnonzero(keep)
    if not len(lines):
        return []
    firsts, lasts = _stretches(lines)
    start, end = page.start, page.end
    taken = iter(_first_separators(page, firsts, lasts))
    pieces: list[Piece] = []
    begin = int(start[firsts[0]])
    for number, last in enumerate(lasts):
        stop = int(end[last])
        if number + 1 == len(lasts):
            pieces += _without(Piece(begin, stop), cuts)
            break
        following = firsts[number + 1]
        take_before = next(taken)
        pieces += _without(Piece(begin, int(start[last + 1]) if take_before else stop), cuts)
        begin = int(start[following]) if take_before else int(end[following - 1])
    return pieces


def _stretches(lines: Integers) -> tuple[list[int], list[int]]:
    """The first and the last line of each stretch of lines that stand side by side."""
    breaks = np.flatnonzero(np.diff(lines) > 1)
    return lines[np.concatenate(([0], breaks + 1))].tolist(), lines[np.append(breaks, len(lines) - 1)].tolist()


def _first_separators(page: Page, firsts: Sequence[int], lasts: Sequence[int]) -> Iterable[bool]:
    """For each gap between stretches of lines that stay, whether of its separators the first one stays, else the last."""
    text, start, end = page.text, page.start, page.end
    usual = _usual_separator(page) if len(firsts) > 1 else ""
    for last, following in zip(lasts, firsts[1:], strict=False):
        before = text[end[last] : start[last + 1]]
        after = text[end[following - 1] : start[following]]
        yield before == usual or (after != usual and len(before) >= len(after))


def blanks_left(page: Page, lines: Integers) -> Integers:
    """The blank lines right before each of the lines that stay, once the others have gone."""
    blanks = page.blanks[lines]
    blanks[:1] = 0
    firsts, lasts = _stretches(lines)
    for last, following, first in zip(lasts, firsts[1:], _first_separators(page, firsts, lasts), strict=False):
        if first:
            blanks[lines.searchsorted(following)] = page.blanks[last + 1]
    return blanks


def _usual_separator(page: Page) -> str:
    """What stands between two lines of the page most often."""
    gaps = zip(page.end[:-1].tolist(), page.start[1:].tolist(), strict=True)
    counts = Counter(page.text[a:b] for a, b in gaps)
    return max(counts, key=lambda gap: (counts[gap], gap)) if counts else "\n"


def _without(piece: Piece, cuts: Sequence[Cut]) -> Iterable[Piece]:
    """A piece without the cuts that lie in it; cuts are in order, none over another."""
    begin = piece.start
    number = bisect_left(cuts, piece.start, key=lambda cut: cut.start)
    while number < len(cuts) and cuts[number].end <= piece.end:
        if cuts[number].start > begin:
            yield Piece(begin, cuts[number].start)
        begin = cuts[number].end
        number += 1
    if begin < piece.end:
        yield Piece(begin, piece.end)


def joined(page: Page, pieces: Sequence[Piece]) -> str:
    """The text of the pieces."""
    if len(pieces) == 1 and pieces[0] == Piece(0, len(page.text)):
        return page.text
    return "".join(page.text[piece.start : piece.end] for piece in pieces)


Reason = Callable[[int], tuple[Kind, str]]
Score = Callable[[int], float]


def account(page: Page, pieces: Sequence[Piece], cuts: Sequence[Cut], score: Score, reason: Reason) -> tuple[Span, ...]:
    """The whole source as spans, in order: the kept pieces, and what lies between them line by line, cut by cut.

    ``score`` gives for a line how likely it is chrome, ``reason`` the kind and the rule of a removed one.
    """
    spans: list[Span] = []
    at = 0
    ahead = deque(cuts)
    for piece in [*pieces, Piece(len(page.text), len(page.text))]:
        while ahead and ahead[0].end <= piece.start:
            cut = ahead.popleft()
            if at <= cut.start:
                spans += _removed(page, at, cut.start, score, reason)
                spans.append(Span(cut.start, cut.end, False, cut.kind, cut.rule, 1.0))
                at = cut.end
        spans += _removed(page, at, piece.start, score, reason)
        if piece.end > piece.start:
            spans.append(Span(piece.start, piece.end, True, Kind.BODY, "", _mean_score(page, piece, score)))
        at = piece.end
    return tuple(spans)


def _removed(page: Page, begin: int, end: int, score: Score, reason: Reason) -> Iterable[Span]:
    """The spans of a removed stretch: a line each, with the separators that go with it."""
    first, after = np.searchsorted(page.start, (begin, end)).tolist()
    bounds = [begin, *page.start[first + 1 : after].tolist(), end]
    for line, start, stop in zip(range(first, after), bounds, bounds[1:], strict=False):
        yield Span(start, stop, False, *reason(line), score(line))
    if first == after and begin < end:
        # what a cut has left of a line, or nothing but blanks
        said = first > 0 and bool(visible(page.classes[begin:end]).any())
        yield (
            Span(begin, end, False, *reason(first - 1), score(first - 1))
            if said
            else Span(begin, end, False, Kind.BLANK, "", 1.0)
        )


def _mean_score(page: Page, piece: Piece, score: Callable[[int], float]) -> float:
    low, high = np.searchsorted(page.start, piece.start, side="right") - 1, np.searchsorted(page.start, piece.end)
    lines = range(max(int(low), 0), int(high))
    return round(1 - sum(map(score, lines)) / len(lines), 4) if lines else 1.0
