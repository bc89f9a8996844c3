"""Do a pack's rules do what their examples say?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import regex

from cleaner.lines import split
from cleaner.match import FREE, Matcher
from cleaner.near import WRONG, near_misses
from cleaner.rules import Pack, PackError, Rule


def check(pack: Pack, matcher: Matcher) -> Iterator[PackError]:
    """Everything that is wrong with a pack, with its rules as they work in ``matcher``, that of the pack and its parents.

    An example must be hit by its rule, a counterexample must not, and no pattern may take long to fail; of a pack with
    a pattern that is none, only that is told.
    """
    numbers: Mapping[str, int] = {rule.id: number for number, rule in enumerate(matcher.rules)}
    sound = True
    for rule in pack.rules:
        try:
            matcher.patterns(numbers[rule.id])
        except PackError as error:
            yield PackError(pack.file, rule.id, error.reason)
            sound = False
    if not sound:
        return
    hits = hits_alone(matcher, [line for rule in pack.rules for line in (*rule.examples, *rule.counterexamples)])
    for rule in pack.rules:
        yield from _examples(rule, numbers[rule.id], hits, pack.file)
        yield from _slow(matcher, numbers[rule.id], rule, pack.file)


def _examples(rule: Rule, number: int, hits: Mapping[str, frozenset[int]], file: str) -> Iterator[PackError]:
    for line, wanted in [(line, True) for line in rule.examples] + [(line, False) for line in rule.counterexamples]:
        if (number in hits[line]) is not wanted:
            yield PackError(file, rule.id, f"{'misses its example' if wanted else 'hits its counterexample'} {line!r}")


# Stands between lines that are matched together, so that none is an answer to the one before it.
_APART = "\n.\n"


def hits_alone(matcher: Matcher, lines: Sequence[str]) -> dict[str, frozenset[int]]:
    """The numbers of the rules that hit each of some lines when it stands alone: all on one page, which takes a page's time."""
    page = split(_APART.join(lines))
    found = matcher.match(page)
    begins = np.cumsum([0, *(len(line) + len(_APART) for line in lines)])
    of_line: dict[str, set[int]] = {line: set() for line in lines}
    for place, rule in zip(begins.searchsorted(page.first[found.line], "right") - 1, found.rule.tolist(), strict=True):
        of_line[lines[place]].add(rule)
    return {line: frozenset(rules) for line, rules in of_line.items()}


# A pattern sees at most so much of a line, and may take so long on it (seconds of processor time).
SEEN = 600
PATIENCE = 0.25


def _slow(matcher: Matcher, number: int, rule: Rule, file: str) -> Iterator[PackError]:
    """Patterns that backtrack without end on lines that they nearly match, and on examples repeated, cut short, with a wrong end."""
    seen = SEEN if rule.effect in FREE else min(SEEN, rule.limit)
    nears = [
        near[: seen - 1] + WRONG
        for line in rule.examples
        for near in (line * 20, (line + " ") * 20, line[:-1] * 20 + "!", line + " " * SEEN)
    ]
    for pattern in matcher.patterns(number):
        # other threads' work counts as well in processor time: so a second look before it is refused
        if any(
            _takes_long(pattern, near) and _takes_long(pattern, near) for near in (*near_misses(pattern, seen), *nears)
        ):
            yield PackError(
                file, rule.id, f"pattern {pattern.pattern[:60]!r} takes too long on a line that nearly matches"
            )


def _takes_long(pattern: regex.Pattern[str], line: str) -> bool:
    try:
        pattern.search(line, timeout=PATIENCE)
    except TimeoutError:
        return True
    return False
