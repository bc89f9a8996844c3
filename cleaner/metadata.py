"""Author and date from the lines that the rules know as bylines and datelines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import regex

from cleaner.characters import fold
from cleaner.match import Matcher
from cleaner.rules import Effect, Rule

_NUMBERS = regex.compile(r"\p{Nd}{1,4}")
_NUMERIC = regex.compile(
    r"(?<![\p{Nd}./-])(\p{Nd}{1,4})\s?[./年년-]\s?(\p{Nd}{1,2})\s?[./月월-]\s?(\p{Nd}{1,4})(?![\p{Nd}])"
)
_EDGES = " \t\u00a0,;:|•·–—-/()[]*©\"'“”"
_AFTER_AUTHOR = regex.compile(r"\s?[|•·]|\s[–—-]\s|,\s|\s{2,}|\t|\s?\p{Nd}")
_LONGEST_NAME = 60
_YEAR = 1000
# Years of the Buddhist era run 543 ahead (Thailand's official calendar).
_BUDDHIST = range(2440, 2640)
_BUDDHIST_AHEAD = 543


def author_of(line: str, rule: Rule, matcher: Matcher, number: int, end: int) -> str | None:
    """The person on a byline: the pattern's ``author`` group, or what follows the phrase that ends at ``end``."""
    for pattern in matcher.patterns(number):
        if "author" in pattern.groupindex and (found := pattern.search(line)) and found["author"]:
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
        one, two, three = (int(number) for number in found.groups())
        if one > 31:
            return _iso(one, two, three)
        month_first = (matcher.packs[-1].name == "en" and one <= 12) or two > 12
        return _iso(three, one, two) if month_first else _iso(three, two, one)
    if not _NUMBERS.search(line):
        return None
    folded = fold(line)
    for month, names in _months(matcher):
        for name in names:
            at = folded.find(name)
            while at >= 0:
                if not _inside_word(folded, at, at + len(name)):
                    end = at + len(name)
                    if written := _around(_numbers(folded, at - 20, at), month, _numbers(folded, end, end + 14)):
                        return written
                at = folded.find(name, at + 1)
    return None


def _numbers(text: str, start: int, end: int) -> list[int]:
    """The numbers that begin in a stretch of a text."""
    return [int(found[0]) for found in _NUMBERS.finditer(text, max(start, 0), end + 4) if found.start() < end]


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


def _around(before: list[int], month: int, after: list[int]) -> str | None:
    """A date from the numbers before and after a month's name: 3 May 2019, May 3, 2019, 2019 May 3, 2019 3 May."""
    # a year before the month has four digits: two are the minutes of a time
    if before and before[-1] >= _YEAR and after:
        return _iso(before[-1], month, after[0])
    if len(before) > 1 and before[-2] >= _YEAR:
        return _iso(before[-2], month, before[-1])
    if before and before[-1] <= 31 and after:
        return _iso(after[0], month, before[-1])
    return _iso(after[1], month, after[0]) if len(after) > 1 else None


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
    return rule.effect not in (Effect.SECTION, Effect.BODY)
