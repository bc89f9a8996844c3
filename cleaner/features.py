"""Shallow text features of a page's lines: what can be seen of each by itself, without reading, and what the rules say of it.

After Kohlschütter, Fankhauser and Nejdl, "Boilerplate Detection Using Shallow Text Features" (WSDM 2010): lengths and densities.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.characters import (
    BRACKET,
    COMMA,
    DIGIT,
    FINAL,
    LOWER,
    NEWLINE,
    NOTHING,
    QUOTE,
    RULE,
    RUNNING,
    SIGN,
    SPACE,
    SYMBOL,
    UPPER,
    WIDE,
)
from cleaner.document import Kind
from cleaner.hits import Hits
from cleaner.lexicon import Lexicon, Said
from cleaner.lines import WIDE_AS, Flags, Integers, Page, split
from cleaner.match import Matcher
from cleaner.rules import Effect
from cleaner.words import Stems, stems_of, terms_of

Matrix = npt.NDArray[np.float32]

PROSE = 80  # characters (ideographs count twice): a line of running text has at least so many, and a sentence's end
# A Thai word has some five letters, vowel signs counted.
RUNNING_AS = 5
_GROUPS: tuple[tuple[Kind, ...], ...] = (
    (Kind.NAVIGATION, Kind.PAGINATION, Kind.TAGS, Kind.COUNTER),
    (Kind.RELATED,),
    (Kind.SHARE, Kind.NEWSLETTER, Kind.PAYWALL, Kind.COMMENTS, Kind.AUTHOR_BIO),
    (Kind.COPYRIGHT, Kind.LEGAL, Kind.COOKIE, Kind.NOTICE, Kind.ADVERTISING),
    (Kind.BYLINE, Kind.DATELINE, Kind.TITLE),
    (Kind.CREDIT, Kind.CAPTION),
)
_GROUP = np.array(
    [next((number for number, kinds in enumerate(_GROUPS) if kind in kinds), len(_GROUPS)) for kind in Kind]
)
_EFFECT = {effect: number for number, effect in enumerate(Matcher.EFFECTS)}
_OBEYED = [_EFFECT[effect] for effect in (Effect.LINE, Effect.SECTION, Effect.HEAD, Effect.TAIL)]
_NAMED = (Effect.HEAD, Effect.TAIL, Effect.HINT, Effect.INLINE, Effect.BODY)
GROUP_NAMES = ("navigation", "related", "social", "legal", "byline", "credit")


@dataclass(frozen=True)
class Seen:
    """A page and what was seen of its lines one by one; what stands around them is not in it.

    Attributes:
        own: a row for each feature of ``OWN``, a column for each line.
        same: for each line a number that it shares with the lines of the same words.
        said: what the lexicon knows of each line's words.
    """

    page: Page
    hits: Hits
    own: Matrix
    same: Integers
    stems: Stems
    said: Said

    def only(self, lines: Integers, blanks: Integers) -> Seen:
        """Some of the lines, with other numbers of blank lines before each."""
        own = self.own[:, lines]
        own[_BLANKS] = blanks
        return Seen(
            page=self.page.only(lines, blanks),
            hits=self.hits.only(lines, len(self.page)),
            own=own,
            same=self.same[lines],
            stems=self.stems.only(lines, len(self.page)),
            said=self.said[:, lines],
        )


def look(page: Page, matcher: Matcher, lexicon: Lexicon | None) -> Seen:
    """What can be seen of a page's lines one by one; without weights there is no lexicon."""
    said = lexicon.said(terms_of(page), len(page)) if lexicon else nothing_said(page)
    return seen(page, matcher.match(page), said, matcher)


def nothing_said(page: Page) -> Said:
    """What is known of each line's words without a lexicon."""
    return np.zeros((2, len(page)), np.int64)


def seen(page: Page, hits: Hits, said: Said, matcher: Matcher) -> Seen:
    """What can be seen of a page's lines, once the rules have been matched and the words looked up."""
    columns = _of_lines(page, hits) | _of_rules(page, hits, matcher.effects[hits.rule], matcher.kinds[hits.rule])
    own = np.empty((len(columns), len(page)), np.float32)
    for row, column in zip(own, columns.values(), strict=True):
        row[:] = column
    return Seen(page, hits, own, _same(page), stems_of(page), said)


def closings(page: Page) -> tuple[Flags, Flags, Flags]:
    """Which lines end a sentence, which in an ellipsis, and which are running text in a script that sets no stops (Thai)."""
    counts = page.histogram.T
    # Thai sets sentences apart by spaces, and ends none with a stop
    unstopped = (counts[RUNNING] > counts[LOWER : RUNNING + 1].sum(0) // 2) & (page.width >= PROSE)
    closing, last = page.codes[page.last - 1], page.classes[page.last - 1]
    before_last = page.classes[np.maximum(page.last - 2, page.first)]
    ends = np.where((last == QUOTE) | (last == BRACKET), before_last, last)
    final_run = (ends == FINAL) & (page.classes[np.maximum(page.last - 3, page.first)] == FINAL)
    ellipsis = (closing == 0x2026) | (final_run & (before_last == FINAL))
    return ((ends == FINAL) | unstopped) & ~ellipsis, ellipsis, unstopped


def _of_lines(page: Page, hits: Hits) -> dict[str, npt.NDArray[Any]]:
    """What a line shows by itself."""
    counts = page.histogram.T
    characters = counts.sum(0)
    ink = np.maximum(characters - counts[SPACE] - counts[NOTHING] - counts[NEWLINE], 1)
    letters = counts[LOWER : RUNNING + 1].sum(0)
    folded, lines = page.folded, len(page)
    words = (
        np.bincount(folded.line[folded.begins], minlength=lines)
        + counts[WIDE] // WIDE_AS
        + counts[RUNNING] // RUNNING_AS
    )
    several = np.maximum(words, 1)
    ends_sentence, ellipsis, unstopped = closings(page)
    finals = counts[FINAL] + np.where(unstopped, counts[SPACE] + 1, 0)
    capital = folded.begins[folded.classes[folded.begins] == UPPER]
    capitals = np.bincount(folded.line[capital], minlength=lines)
    opening, closing = page.codes[page.first], page.codes[page.last - 1]
    first, last = page.classes[page.first], page.classes[page.last - 1]
    clocks, dates = _between_digits(page, ":"), _between_digits(page, "./-")
    return {
        "width": page.width,
        "words": words,
        "word_length": (letters - counts[WIDE] - counts[RUNNING]) / several,
        "digits": counts[DIGIT] / ink,
        "digit_count": counts[DIGIT],
        "uppercase": counts[UPPER] / np.maximum(counts[UPPER] + counts[LOWER], 1),
        "capitals": capitals / several,
        "rules": counts[RULE],
        "commas": counts[COMMA],
        "finals": finals,
        "quotes": counts[QUOTE],
        "brackets": counts[BRACKET],
        "signs": counts[SIGN],
        "symbols": counts[SYMBOL],
        "spaces": counts[SPACE] / several,
        "ends_sentence": ends_sentence,
        "ends_ellipsis": ellipsis,
        "ends_colon": closing == 0x3A,
        "starts_lower": first == LOWER,
        "starts_digit": first == DIGIT,
        "starts_rule": first == RULE,
        "starts_bar": opening == 0x7C,
        "starts_quote": first == QUOTE,
        "ends_digit": last == DIGIT,
        "clocks": clocks,
        "dates": dates,
        "starts_clock": (clocks > 0) & (first == DIGIT),
        "indent": page.first - page.start,
        "blanks": page.blanks,
        "stop": hits.stop,
        "stop_density": hits.stop / several,
        "chrome": hits.chrome,
        "chrome_density": hits.chrome / several,
        "menu": hits.menu,
        "tiled": hits.tiled,
    }


def _between_digits(page: Page, signs: str) -> Integers:
    """How many of some signs stand between two digits, as in times and dates, for each line."""
    places = np.flatnonzero(reduce(np.logical_or, [page.codes[1:-1] == ord(sign) for sign in signs])) + 1
    fine = (page.classes[places - 1] == DIGIT) & (page.classes[places + 1] == DIGIT)
    return np.bincount(page.line_of[places[fine]], minlength=len(page))


def _same(page: Page) -> Integers:
    """For each line a number that it shares with the lines of the same words, in folded form."""
    folded = page.folded
    codes = folded.codes.astype("<u2", copy=False).tobytes()
    low, high = folded.where.searchsorted(page.first).tolist(), folded.where.searchsorted(page.last).tolist()
    numbers: dict[bytes, int] = {}
    found = [numbers.setdefault(codes[2 * a : 2 * b], len(numbers)) for a, b in zip(low, high, strict=True)]
    return np.array(found, np.int64)


def _of_rules(page: Page, hits: Hits, effect: Integers, kind: Integers) -> dict[str, npt.NDArray[Any]]:
    """What the rules say of a line: by effect, and by group of kinds."""
    lines, inline = len(page), _EFFECT[Effect.INLINE]
    hit, whole = np.zeros((2, len(_EFFECT), lines), bool)
    hit[effect, hits.line] = True
    whole[effect[hits.whole], hits.line[hits.whole]] = True
    grouped = np.zeros((len(_GROUPS) + 1, lines), bool)
    named = effect != inline
    grouped[_GROUP[kind[named]], hits.line[named]] = True
    # a piece that is the whole line
    columns = {"obeyed": hit[_OBEYED].any(0) | whole[inline], "obeyed_whole": whole[[*_OBEYED, inline]].any(0)}
    columns |= {str(name): hit[_EFFECT[name]] for name in _NAMED}
    # "Read also: The bridge is open" and "12 comments" open no section: one is its own teaser, the other stands in mastheads
    columns["section"] = whole[_EFFECT[Effect.SECTION]] & (page.histogram[:, DIGIT] == 0)
    return columns | {f"is_{name}": row for name, row in zip(GROUP_NAMES, grouped[:-1], strict=True)}


def _names() -> tuple[str, ...]:
    nothing = np.zeros(0, np.int64)
    page, hits = split(""), Hits.none()
    return (*_of_lines(page, hits), *_of_rules(page, hits, nothing, nothing))


OWN = _names()
_BLANKS = OWN.index("blanks")
