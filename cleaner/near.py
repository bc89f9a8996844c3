"""Lines that a pattern nearly matches, derived from the pattern: those on which a bad one backtracks without end.

A pattern backtracks without end where one repeated piece of a line can be taken in many ways and what must follow is missing
(Davis and others, "The impact of regular expression denial of service in practice", ESEC/FSE 2018). So for each thing that a pattern
repeats there are lines with all that stands before it, the thing itself again and again, and a wrong end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, islice, product

import regex

from cleaner.pieces import FLAGS, Piece, parse

# No page has it and no pattern asks for it.
WRONG = "\0"
# What a class of characters is tried with, and a repetition that may be longer than this is one without end.
_CANDIDATES = "a1 A-.,:'’!|/()[]\"«»©éßяЯअ日本年あ한ئ\t_@#€"
_MANY = 4
_MOST_REPEATED = 24


def near_misses(pattern: regex.Pattern[str], length: int) -> Iterator[str]:
    """Lines of at most ``length`` characters that match a pattern for long, and then do not.

    The pattern's characters follow the wrong end: ``regex`` gives a line up at once that lacks one.

    >>> list(near_misses(regex.compile("^No b+!"), 12))
    ['No bbbbbbbb\\x00', 'No bb\\x00No b!\\x00']
    """
    branches, lists = parse(pattern.pattern), pattern.named_lists
    whole = next(iter(_samples(Piece("(", branches), lists)), "")
    found: dict[str, None] = {}
    for before, samples in islice(_repeated(branches, "", lists), _MOST_REPEATED):
        for sample, end in product(samples, (WRONG, WRONG + whole + WRONG)):
            line = before + sample * (length // len(sample))
            found[line[: max(0, length - len(end))] + end] = None
    yield from found


def _is_many(quantifier: str) -> bool:
    if quantifier[:1] != "{":
        return quantifier[:1] in ("*", "+")
    most = quantifier.strip("{}?+").split(",")[-1]
    return not most or int(most) >= _MANY


def _repeated(
    branches: Sequence[Sequence[Piece]], before: str, lists: Mapping[str, frozenset[str]]
) -> Iterator[tuple[str, list[str]]]:
    """For each repeated piece what may stand before it, and some things that it may be."""
    for branch in branches:
        so_far = before
        for piece in branch:
            if _is_many(piece.repeated):
                samples = [sample for sample in dict.fromkeys(_samples(piece, lists)) if sample]
                if len(samples) > 1:
                    samples.append("".join(samples))
                yield so_far, samples
            yield from _repeated(piece.branches, so_far, lists)
            so_far += next(iter(_samples(piece, lists)), "")


def _samples(piece: Piece, lists: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """A few strings that a piece matches: one or two for a class, one for each branch of a group."""
    if piece.looks_around:
        return
    if piece.branches:
        for branch in piece.branches:
            yield "".join(next(iter(_samples(part, lists)), "") for part in branch)
    elif piece.token.startswith(r"\L<"):
        yield from sorted(lists[piece.token[3:-1]])[:1]
    elif piece.token not in "^$":
        yield from _matched_by(piece.token)


@lru_cache(maxsize=4096)
def _matched_by(token: str) -> tuple[str, ...]:
    """The first and the last of the candidates that a token matches; characters that stand for themselves."""
    if token[0] not in "\\[.":
        return (token,)
    try:
        one = regex.compile(token, FLAGS)
    except regex.error:  # such as a reference to a group
        return ()
    matched = [character for character in chain(token[-1:], _CANDIDATES) if one.fullmatch(character)]
    return tuple(dict.fromkeys((*matched[:1], *matched[-1:])))
