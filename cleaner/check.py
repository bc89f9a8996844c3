"""Do a pack's rules do what their examples say?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cleaner.lines import split
from cleaner.match import Matcher
from cleaner.rules import Pack, PackError, Rule


def check(pack: Pack, family: Sequence[Pack]) -> Iterator[PackError]:
    """Everything that is wrong with a pack, with its rules as they work among ``family`` (the pack and its parents).

    An example must be hit by its rule, a counterexample must not.
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


def _examples(matcher: Matcher, number: int, rule: Rule, file: str) -> Iterator[PackError]:
    for line, wanted in [(line, True) for line in rule.examples] + [(line, False) for line in rule.counterexamples]:
        hits = matcher.match(split(line))
        if (number in hits.rule) is not wanted:
            yield PackError(file, rule.id, f"{'misses its example' if wanted else 'hits its counterexample'} {line!r}")
