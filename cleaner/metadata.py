"""Author and date from the lines that the rules know as bylines and datelines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import regex

from cleaner.characters import fold
from cleaner.match import Matcher
from cleaner.rules import Effect, Rule

# A time or a count is often glued to the year: "May 3, 201910:30 am".
_NUMBER = regex.compile(r"(?:19|20)\p{Nd}{2}|\p{Nd}++")
# Days and months of one or two figures, years of two or four, and the same sign twice.
_NUMERIC = regex.compile(
    r"(?<![\p{Nd}./-])(\p{Nd}{4}|\p{Nd}{1,2})\s?(?:([./-])\s?(\p{Nd}{1,2})\s?\2|[年년]\s?(\p{Nd}{1,2})\s?[月월])"
    r"\s?(\p{Nd}{4}|\p{Nd}{1,2})(?!\p{Nd})"
)
_TIME = regex.compile(r"(?<!\p{Nd})\p{Nd}{1,2}(?:\s?[:hH點点時时시]\s?|\.)\p{Nd}{2}(?!\p{Nd})(?:[:.分]\p{Nd}{2})?")
_WORD_NEXT = regex.compile(r"\s\p{L}")
# What stands around a month's name belongs to it within so many characters.
_BEFORE, _AFTER = 20, 20
_EDGES = " \t\u00a0,;:|•·–—-/()[]*©\"'“”"
_AFTER_AUTHOR = regex.compile(r"\s?[|•·]|\s[–—-]\s|,\s|\s{2,}|\t|\s?\p{Nd}")
_LONGEST_NAME = 60
# Years of the Buddhist era run 543 ahead (Thailand's official calendar).
_BUDDHIST = range(2440, 2640)
_BUDDHIST_AHEAD = 543


class _Number(NamedTuple):
    """A number on a line: how many figures it has, and whether a word follows, so that it counts something."""

    value: int
    figures: int
    counts: bool

    @property
    def is_day(self) -> bool:
        return self.figures <= 2 and 1 <= self.value <= 31


_NO_NUMBER = _Number(0, 0, counts=False)


def author_of(line: str, rule: Rule, matcher: Matcher, number: int, end: int) -> str | None:
    """The person on a byline: the pattern's ``author`` group, or what follows the phrase that ends at ``end``."""
    for pattern, written in product(matcher.patterns(number), (line, " ".join(line.split()))):
        if "author" in pattern.groupindex and (found := pattern.search(written)) and found["author"]:
            return str(found["author"]).strip(_EDGES) or None
    if any(phrase.open_end for phrase in rule.phrases):
        rest = line[end:].strip(_EDGES)
        name = _AFTER_AUTHOR.split(rest, maxsplit=1)[0].strip(_EDGES)
        return name if 0 < len(name) <= _LONGEST_NAME else None
    return None


def date_of(line: str, matcher: Matcher) -> str | None:
    """The first date on a line, as ``YYYY-MM-DD``; None where there is none, or no whole one.

    Numeric dates are read day first, except where that cannot be; English ones month first.
    """
    if found := _NUMERIC.search(line):
        one, two, three = int(found[1]), int(found[3] or found[4]), int(found[5])
        if len(found[1]) == 4:
            return _iso(one, two, three)
        month_first = (one <= 12 and any(pack.name == "en" for pack in matcher.packs)) or two > 12
        return _iso(three, one, two) if month_first else _iso(three, two, one)
    if not _NUMBER.search(line):
        return None
    # a time says neither year nor day
    folded = _TIME.sub(lambda time: " " * len(time[0]), fold(line))
    named = list(_months_on(folded, matcher))
    ends = [0, *(end for _, end, _ in named)]
    starts = [*(start for start, _, _ in named[1:]), len(folded)]
    for (start, end, month), after_last, next_one in zip(named, ends, starts, strict=False):
        before = _numbers(folded, max(after_last, start - _BEFORE), start)
        after = _numbers(folded, end, min(next_one, end + _AFTER))
        if written := _around(before, month, after):
            return written
    return None


def _numbers(text: str, start: int, end: int) -> list[_Number]:
    """The numbers that begin in a stretch of a text."""
    found = (number for number in _NUMBER.finditer(text, start) if number.start() < end)
    return [_Number(int(number[0]), len(number[0]), bool(_WORD_NEXT.match(text, number.end()))) for number in found]


def _months_on(folded: str, matcher: Matcher) -> Iterable[tuple[int, int, int]]:
    """The names of months on a line, in its order, none inside another: where each begins, where it ends, and its number."""
    found = set[tuple[int, int, int]]()
    for month, names in _months(matcher):
        for name in names:
            at = folded.find(name)
            while at >= 0:
                if not _inside_word(folded, at, at + len(name)):
                    found.add((at, -at - len(name), month))
                at = folded.find(name, at + 1)
    last = 0
    for start, end, month in sorted(found):
        if start >= last:
            last = -end
            yield start, last, month


def _months(matcher: Matcher) -> Iterable[tuple[int, tuple[str, ...]]]:
    for pack in matcher.packs:
        yield from enumerate(_folded(pack.calendar.months), 1)


@lru_cache(maxsize=128)
def _folded(months: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(fold, names)) for names in months)


def _inside_word(text: str, start: int, end: int) -> bool:
    return (start > 0 and text[start - 1].isalpha() and text[start].isalpha()) or (
        end < len(text) and text[end].isalpha() and text[end - 1].isalpha()
    )


def _around(before: list[_Number], month: int, after: list[_Number]) -> str | None:
    """A date from the numbers before and after a month's name: 2019 May 3, 2019 3 May, May 3, 2019, 3 May 2019, 3 May 19."""
    *_, early, last = [_NO_NUMBER, _NO_NUMBER, *before]
    first, late, *_ = [*after, _NO_NUMBER, _NO_NUMBER]
    # before the month only four figures are a year: two are the minutes of a time
    for year, day in ((last, first), (early, last), (late, first), (first, last)):
        if year.figures == 4 and day.is_day:
            return _iso(year.value, month, day.value)
    for year, day in ((first, last), (late, first)):
        if year.figures == 2 and not year.counts and day.is_day:
            return _iso(year.value, month, day.value)
    return None


def _iso(year: int, month: int, day: int) -> str | None:
    if year < 100:
        year += 2000 if year < 50 else 1900
    if year in _BUDDHIST:
        year -= _BUDDHIST_AHEAD
    try:
        return date(year, month, day).isoformat() if 1800 <= year <= 2200 else None
    except ValueError:
        return None


def speaks_of_author(rule: Rule) -> bool:
    """Whether a rule marks a line that may name the author or the date: those in sections and inside text do not."""
    return rule.effect not in (Effect.SECTION, Effect.BODY, Effect.SAID)
