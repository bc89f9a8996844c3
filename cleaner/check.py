"""Do a pack's rules do what their examples say?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import regex

from cleaner.lines import split
from cleaner.match import Matcher
from cleaner.near import WRONG, near_misses
from cleaner.rules import Effect, Pack, PackError, Rule


def check(pack: Pack, family: Sequence[Pack]) -> Iterator[PackError]:
    """Everything that is wrong with a pack, with its rules as they work among ``family`` (the pack and its parents).

    An example must be hit by its rule, a counterexample must not, and no pattern may take long to fail.
    """
    matcher = Matcher(family)
    numbers: Mapping[str, int] = {rule.id: number for number, rule in enumerate(matcher.rules)}
    for rule in pack.rules:
        number = numbers[rule.id]
        try:
            matcher.patterns(number)
        except PackError as error:
            yield PackError(pack.file, rule.id, error.reason)
            continue
        yield from _examples(matcher, number, rule, pack.file)
        yield from _slow(matcher, number, rule, pack.file)


def _examples(matcher: Matcher, number: int, rule: Rule, file: str) -> Iterator[PackError]:
    for line, wanted in [(line, True) for line in rule.examples] + [(line, False) for line in rule.counterexamples]:
        hits = matcher.match(split(line))
        if (number in hits.rule) is not wanted:
            yield PackError(file, rule.id, f"{'misses its example' if wanted else 'hits its counterexample'} {line!r}")


# A pattern sees at most so much of a line, and may take so long on it (seconds of processor time).
SEEN = 600
PATIENCE = 0.25


def _slow(matcher: Matcher, number: int, rule: Rule, file: str) -> Iterator[PackError]:
    """Patterns that backtrack without end on lines that they nearly match, and on examples repeated, cut short, with a wrong end."""
    seen = SEEN if rule.effect in (Effect.INLINE, Effect.BODY) else min(SEEN, rule.limit)
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
