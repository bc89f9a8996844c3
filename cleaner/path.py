"""The cheapest path through a page: which lines are body, once every line has its odds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from cleaner.context import FAR, ROW, Column, shifted, since, until
from cleaner.features import PROSE, Matrix
from cleaner.lines import Flags, Integers
from cleaner.trees import UNIT


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


# A sentence has at least so many characters, counted as for ``PROSE``. Among the labelled sites, a fifth that the weights had not seen lost as
# much body with it as without, and .0002 of F1 on all visible text; sentences written to look like chrome stay.
SENTENCE = 20
_WEIGHED = (
    "obeyed",
    "body",
    "is_byline",
    "hint",
    "section",
    "menu",
    "words",
    "digit_count",
    "repeated",
    "width",
    "ends_sentence",
    "stop",
    "line",
    "from_end",
    "since_text",
    "until_text",
    "ends_sentence-1",
)


@dataclass(frozen=True)
class Evidence:
    """What weighs on the path beside the odds, for each line.

    Attributes:
        obeyed: a rule that is obeyed takes the line out.
        section: such a rule opens a section with it.
        spoken_against: a rule, a hint or a menu label hits it.
        sentence: it is a sentence, of ``SENTENCE`` characters or more.
        prose: it is running text that ends a sentence, or belongs to a list that the text makes.
        closing: a section was opened after the page's last full stop that nothing speaks against, and it stands in or after that.
    """

    obeyed: Flags
    section: Flags
    spoken_against: Flags
    sentence: Flags
    prose: Flags
    closing: Flags

    @classmethod
    def of(cls, matrix: Matrix) -> Evidence:
        """The evidence in a page's features, or in those of many pages."""
        row = {name: matrix[ROW[name]] for name in _WEIGHED}
        obeyed = (row["obeyed"] > 0) & (row["body"] == 0)
        # a bare date is a hint; beside a byline, or alone between headline and text, it is the article's
        byline, dated = obeyed & (row["is_byline"] > 0), (row["hint"] > 0) & (row["is_byline"] > 0)
        first = (row["line"] >= 1) & (row["line"] <= 2) & (row["since_text"] >= FAR) & (row["until_text"] == 1)
        alone = (row["ends_sentence-1"] == 0) & ~shifted(dated, range(2, 6)).any(axis=0)
        obeyed |= dated & (shifted(byline, (-1, 1)).any(axis=0) | (first & alone))
        ended = (row["width"] >= SENTENCE) & (row["ends_sentence"] > 0)
        sentence = ended & (row["stop"] > 0)
        listed = _of_lists(row, byline, obeyed, sentence & ~obeyed)
        obeyed &= ~listed
        section = (row["section"] > 0) & obeyed
        spoken_against = obeyed | (row["menu"] > 0) | (row["hint"] > 0)
        ended &= ~spoken_against
        opened, said = since(section), since(ended)
        return cls(
            obeyed=obeyed,
            section=section,
            spoken_against=spoken_against,
            sentence=sentence,
            prose=(sentence & (row["width"] >= PROSE)) | listed,
            closing=(opened < said) & (said <= row["line"]) & (until(ended) > row["from_end"]),
        )

    @property
    def unspoken_sentence(self) -> Flags:
        """The sentences that nothing speaks against."""
        unspoken: Flags = self.sentence & ~self.spoken_against
        return unspoken

    def lines(self, begin: int, end: int) -> Evidence:
        """The evidence of some lines."""
        these = slice(begin, end)
        return Evidence(*(getattr(self, field.name)[these] for field in fields(self)))


# What stands amid the text has a sentence within so many lines, before and after; several are so many; and a label has so many words at most.
_AMID, _SEVERAL, _LABEL = 8, 3, 4


def _of_lists(row: Mapping[str, Column], byline: Flags, obeyed: Flags, text: Flags) -> Flags:
    """Which obeyed lines belong to a list that the text makes: several on the page, each other words, each amid the text's sentences.

    The makers of books, games or songs, undated; and names of networks and buttons as subheadings, or in a glossary.
    """
    back, on = since(text), until(text)
    amid = (back <= np.minimum(row["line"], _AMID)) & (on <= np.minimum(row["from_end"], _AMID))
    headings = obeyed & (row["words"] <= _LABEL) & (on == 1)
    alike = np.array((byline, headings)) & amid & (row["digit_count"] == 0) & (row["repeated"] == 1)
    page = np.cumsum(row["line"] == 0)
    several = [np.bincount(page[each], minlength=len(page) + 1)[page] >= _SEVERAL for each in alike]
    listed: Flags = (alike & several).any(axis=0)
    return listed


# What a line of running text gains: to lose a sentence is worse than to keep one too many. On the labelled pages it moves F1 along
# the dial and not off it; on languages of which few pages are labelled it keeps paragraphs that stand among chrome.
SACRED = UNIT


# What a line lacks in a section that nothing but such lines follow: teasers under an article of short lines look like more of these. Five groups
# of labelled sites, that the weights had not seen, gained .0002 of F1 on main content and .0006 on extracted text, and lost nothing for it.
CLOSING = 3 * UNIT


def settle(odds: Integers, evidence: Evidence, obey: int, costs: Costs) -> Flags:
    """Which lines stay."""
    settled = odds + SACRED * evidence.prose - obey * evidence.obeyed - CLOSING * evidence.closing
    keep = guard(best_path(settled, evidence.section, costs), evidence.spoken_against, evidence.section)
    return without_strays(extend(keep, evidence.unspoken_sentence), odds, evidence.obeyed)


# So many lines after the text a stretch has to have a line of such odds; one that a rule takes out counts as so many.
STRAY, OBEYED, SURE = 12, 4, 3 * UNIT // 2


def without_strays(keep: Flags, odds: Integers, obeyed: Flags) -> Flags:
    """Takes out what stands apart, after the main text and ``STRAY`` or more lines that go, without a line that is nearly surely text.

    The main text is the run of body lines whose odds are the greatest in all.
    """
    begin, end = np.flatnonzero(np.diff(np.concatenate(([False], keep, [False])))).reshape(-1, 2).T
    left = keep.copy()
    if len(begin):
        sums = np.concatenate(([0], np.cumsum(odds)))
        apart = np.concatenate(([0], np.cumsum(np.where(obeyed, OBEYED, 1))))
        for run in range(int(np.argmax(sums[end] - sums[begin])) + 1, len(begin)):
            if apart[begin[run]] - apart[end[run - 1]] >= STRAY and odds[begin[run] : end[run]].max() < SURE:
                left[begin[run] : end[run]] = False
    return left


def extend(keep: Flags, sentence: Flags) -> Flags:
    """Lets each run of body lines go on over the sentences right after it: the page's last paragraphs stand among chrome."""
    lines = np.arange(len(keep))
    # the last line that is neither body nor a sentence, and the last that is body: which is nearer?
    neither = np.maximum.accumulate(np.where(~keep & ~sentence, lines, -1))
    body = np.maximum.accumulate(np.where(keep, lines, -1))
    extended: Flags = keep | (sentence & (body > neither))
    return extended


# A subheading, a quotation, a list of a few items: shapes that chrome has too, and that stand between paragraphs.
GUARDED = 10


def guard(keep: Flags, spoken_against: Flags, section: Flags) -> Flags:
    """Gives back the short lines between body lines that nothing but their shape speaks against.

    A gap of at most ``GUARDED`` lines between body lines keeps those that no rule and no menu label hits, unless a rule opens a section in
    it. On the labelled pages such lines are some 0.2 % of all chrome.
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
