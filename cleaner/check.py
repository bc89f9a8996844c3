"""Do a pack's rules do what their examples say?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cleaner.lines import split
from cleaner.match import Matcher
from cleaner.rules import Pack, PackError, Rule


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


# A pattern sees at most so much of a line, and may take so long on it (seconds); a sound one takes a thousandth of that.
SEEN = 600
PATIENCE = 0.5


def _slow(matcher: Matcher, number: int, rule: Rule, file: str) -> Iterator[PackError]:
    """Patterns that backtrack without end on lines that nearly match: examples repeated, cut short, with a wrong end."""
    nears = [
        near
        for line in rule.examples
        for near in (line * 20, (line + " ") * 20 + "\0", line[:-1] * 20 + "!", line + " " * SEEN + "\0")
    ]
    for pattern in matcher.patterns(number):
        for near in (*nears, "1" * SEEN, "a" * SEEN, "a " * SEEN, ". " * SEEN):
            try:
                pattern.search(near[: SEEN - 1] + "\0", timeout=PATIENCE)
            except TimeoutError:
                yield PackError(
                    file, rule.id, f"pattern {pattern.pattern[:60]!r} takes too long on a line that nearly matches"
                )
                break
