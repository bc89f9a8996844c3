"""A page once it has been decided on: what stays, and the account of what went."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from cleaner.assemble import Cut, Piece, account, blanks_left, joined, kept_pieces
from cleaner.context import ROW, evidence
from cleaner.decide import Decision
from cleaner.document import Kind, Span
from cleaner.features import Matrix, Seen
from cleaner.hits import Hits
from cleaner.lines import Flags, Integers, Page, split
from cleaner.match import Matcher
from cleaner.metadata import author_of, date_of, speaks_of_author
from cleaner.rules import Effect
from cleaner.trees import UNIT

# Before these there is no space.
_CLOSING = ".,;:!?)]”»"
_METADATA = (Kind.BYLINE, Kind.DATELINE)
# How strongly an effect gives a removed line its kind: the first one present names it.
_NAMING = (Effect.LINE, Effect.SECTION, Effect.TAIL, Effect.HEAD, Effect.INLINE, Effect.HINT)


@dataclass(frozen=True)
class Reading:
    """Everything that is known of a page once it has been decided on.

    ``later`` holds for lines that went only when what was left was read again: that reading, and the line's number in it.
    """

    seen: Seen
    matcher: Matcher
    matrix: Matrix
    decision: Decision
    cuts: tuple[Cut, ...]
    kept_kinds: frozenset[str]
    later: dict[int, tuple[Reading, int]] = field(default_factory=dict)

    @property
    def page(self) -> Page:
        return self.seen.page

    @property
    def hits(self) -> Hits:
        return self.seen.hits

    @cached_property
    def rule_of(self) -> Integers:
        """The rule that names each line, or -1: whole hits before partial ones, stronger effects before weaker."""
        rules = np.full(len(self.page), -1, np.int64)
        effect = self.matcher.effects[self.hits.rule]
        for wanted in reversed(_NAMING):
            of = effect == Matcher.EFFECTS.index(wanted)
            for whole in (False, True):
                chosen = np.flatnonzero(of & (self.hits.whole == whole))[::-1]
                rules[self.hits.line[chosen]] = self.hits.rule[chosen]
        return rules

    def reason(self, line: int) -> tuple[Kind, str]:
        """The kind of a removed line, and the rule or else the evidence."""
        if line in self.later:
            reading, number = self.later[line]
            return reading.reason(number)
        if line == self.decision.title:
            return Kind.TITLE, "headline: " + evidence(self.matrix[:, line])
        number = int(self.rule_of[line])
        if number >= 0:
            rule = self.matcher.rules[number]
            return rule.kind, rule.id
        said = evidence(self.matrix[:, line])
        if line < self.decision.begin:
            said = f"above the headline: {said}"
        elif line >= self.decision.end:
            said = f"after the body's end: {said}"
        return self.kind_around(line), said

    def kind_around(self, line: int) -> Kind:
        """The kind of a line that no rule names: that of the section that it stands in, else by its place."""
        if (heading := self._heading_of[line]) >= 0:
            return self.matcher.rules[int(self.rule_of[heading])].kind
        listed = self.matrix[ROW["short_run"], line] > 0 and line < self.decision.end
        return Kind.NAVIGATION if listed else Kind.RELATED

    @cached_property
    def _heading_of(self) -> Integers:
        """For each line the last one that a rule knows as a section's heading in the stretch of removed lines up to it, or -1."""
        line, gone = np.arange(len(self.page)), ~self.decision.keep
        headings = gone & (self.matrix[ROW["section"]] > 0) & (self.rule_of >= 0)
        heading = np.maximum.accumulate(np.where(headings, line, -1))
        kept = np.maximum.accumulate(np.where(gone, -1, line))
        return np.where(heading > kept, heading, -1)

    def score(self, line: int) -> float:
        """How likely a line is chrome."""
        if line in self.later:
            reading, number = self.later[line]
            return reading.score(number)
        return round(1 / (1 + float(np.exp(np.clip(self.decision.odds[line] / UNIT, -30, 30)))), 4)

    @cached_property
    def keep(self) -> Flags:
        """The lines that stay: the body, and lines of the kinds to keep."""
        keep = self.decision.keep.copy()
        keep[list(self.later)] = False
        if self.kept_kinds:
            keep[[line for line in np.flatnonzero(~keep).tolist() if self.reason(line)[0] in self.kept_kinds]] = True
        return keep

    def left(self, look: Callable[[Page], Seen]) -> Seen | None:
        """What is to be seen of the text that is left; None where nothing went, or nothing is left. ``look`` looks at a page anew."""
        if self.cuts:
            # a line that lost a piece is another line
            text = self.text()
            return look(split(text)) if text else None
        lines = np.flatnonzero(self.keep)
        if len(lines) in (0, len(self.page)):
            return None
        return self.seen.only(lines, blanks_left(self.page, lines))

    def without(self, again: Reading) -> Reading:
        """This reading, less what a reading of the text that it leaves takes out."""
        lines = np.flatnonzero(self.keep).tolist()
        gone = {lines[number]: (again, number) for number in np.flatnonzero(~again.keep).tolist()}
        lengths = [piece.end - piece.start for piece in self.pieces]
        ends = np.cumsum(lengths)

        def place(at: int) -> int:
            piece = int(np.searchsorted(ends, at, side="right"))
            return self.pieces[piece].end - int(ends[piece]) + at

        cuts = [replace(cut, start=place(cut.start), end=place(cut.end - 1) + 1) for cut in again.cuts]
        starts = [cut.start for cut in cuts]

        def inside(cut: Cut) -> bool:
            number = bisect_right(starts, cut.start) - 1
            return number >= 0 and cut.end <= cuts[number].end

        old = [cut for cut in self.cuts if not inside(cut)]
        merged = tuple(sorted([*old, *cuts], key=lambda cut: cut.start))
        return replace(self, cuts=merged, later=self.later | gone)

    @cached_property
    def pieces(self) -> list[Piece]:
        return kept_pieces(self.page, self.keep, self.cuts)

    def text(self) -> str:
        return joined(self.page, self.pieces)

    def spans(self) -> tuple[Span, ...]:
        return account(self.page, self.pieces, self.cuts, self.score, self.reason)

    def title(self) -> str | None:
        """The headline: the line that was taken for it, at the first reading or a later one."""
        if self.decision.title >= 0:
            return self.page.line(self.decision.title)
        of_later = (line for line, (reading, number) in self.later.items() if number == reading.decision.title)
        line = next(of_later, None)
        return None if line is None else self.page.line(line)

    def author_and_date(self) -> tuple[str | None, str | None]:
        """From the first lines that rules know as byline or dateline, those nearest to the headline first."""
        kinds = [Matcher.KINDS.index(kind) for kind in _METADATA]
        wanted = np.flatnonzero(np.isin(self.matcher.kinds[self.hits.rule], kinds)).tolist()
        near, body = max(self.decision.title, 0), next(iter(np.flatnonzero(self.decision.keep).tolist()), 0)
        wanted.sort(key=lambda hit: (abs(int(self.hits.line[hit]) - near), int(self.hits.rule[hit])))
        author = date = None
        for hit in wanted:
            number, line = int(self.hits.rule[hit]), int(self.hits.line[hit])
            rule, written = self.matcher.rules[number], self.page.line(line)
            of_teaser = self._heading_of[line] > body
            if not speaks_of_author(rule) or of_teaser or (self.decision.keep[line] and line not in self.later):
                continue
            author = author or author_of(
                written, rule, self.matcher, number, int(self.hits.end[hit] - self.page.first[line])
            )
            date = date or date_of(written, self.matcher)
        return author, date


def cuts_of(page: Page, matcher: Matcher, hits: Hits, keep: frozenset[str]) -> tuple[Cut, ...]:
    """The pieces of lines that inline rules cut, in order, none over another, with the spaces that they leave."""
    inline = np.flatnonzero((matcher.effects[hits.rule] == Matcher.EFFECTS.index(Effect.INLINE)) & ~hits.whole)
    if not len(inline):
        return ()
    text = page.text
    cuts: list[Cut] = []
    for hit in sorted(inline.tolist(), key=lambda hit: (int(hits.start[hit]), -int(hits.end[hit]))):
        rule, line = matcher.rules[int(hits.rule[hit])], int(hits.line[hit])
        start, end = int(hits.start[hit]), int(hits.end[hit])
        first, last = int(page.first[line]), int(page.last[line])
        if rule.kind in keep or (cuts and start < cuts[-1].end):
            continue
        if end == last:
            end = int(page.end[line])
            start = first + len(text[first:start].rstrip())
        else:
            start, end = _within(text, first, start, end, last)
        if start < end:  # a pattern may match spaces alone, or nothing
            cuts.append(Cut(start, end, rule.kind, rule.id))
    return tuple(cuts)


def _within(text: str, first: int, start: int, end: int, last: int) -> tuple[int, int]:
    """A cut inside a line, with one of the spaces around it: words do not run together, and no space is left before a comma."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start > first and not text[start - 1].isspace():
        return start, end
    while end < last and text[end].isspace():
        end += 1
    if end < last and text[end] in _CLOSING:
        while start > first and text[start - 1].isspace():
            start -= 1
    return start, end
