"""What a line must have for a pattern to match, read from the pattern's source: how it opens, and literals.

Neither test may fail where the pattern matches; where it does, the pattern is neither tried nor, the first time, compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import cast

import regex

from cleaner.pieces import FLAGS, NO_WIDTH, Piece

Opening = Callable[[str], regex.Match[str] | None]
Branches = Sequence[Sequence[Piece]]
Lists = Mapping[str, Iterable[str]]

# More literals than this take as long to look for as the pattern does.
MOST_LITERALS = 48
# One of a few signs, as between a date and a name.
_SIGNS = regex.compile(r"\[(-?[^\\\-^\[\]]{1,8}-?)\]")


def opening(branches: Branches, lists: Lists) -> Opening | None:
    """A test of a line's first characters (signs, and what follows them) that fails only where the pattern must fail.

    None where there is none: the pattern is not anchored, may begin with anything, or has what ``_begins`` does not know.
    """
    first, *others = branches
    if others or not first or first[0].token != "^":
        return None
    pieces = first[1:]
    signs = pieces[:1] == [Piece(r"\W", repeated="*")]
    try:
        found, empty = _begins([pieces[signs:]], lists)
        if empty:
            return None
        test = _any_of(frozenset(found))
    except (ValueError, regex.error):
        return None
    return cast(Opening, test.search if signs else test.match)


@lru_cache(maxsize=1 << 12)
def _any_of(patterns: frozenset[str]) -> regex.Pattern[str]:
    """Many patterns open alike, so their tests are one."""
    return regex.compile("|".join(sorted(patterns)), FLAGS, cache_pattern=False)


def _begins(branches: Branches, lists: Lists) -> tuple[list[str], bool]:
    """What the first character of a group may be, as patterns, and whether the group may be empty.

    Raises:
        ValueError: where that cannot be told.
    """
    found: list[str] = []
    some_empty = False
    for branch in branches:
        for piece in branch:
            own, may_be_empty = _begins_with(piece, lists)
            found += own
            if not may_be_empty:
                break
        else:
            some_empty = True
    return found, some_empty


def _begins_with(piece: Piece, lists: Lists) -> tuple[list[str], bool]:
    """The same of a piece."""
    token = piece.token
    optional = piece.may_lack or token in NO_WIDTH or piece.looks_around
    if token in NO_WIDTH:
        return [], True
    if piece.branches:
        own, may_be_empty = _begins(piece.branches, lists)
        own = [f"(?-i:{each})" if "-i" in token else each for each in own]
        # what has to follow begins the line as well; "(?=.*\d)" tells nothing of how
        follows = token == "(?=" and not may_be_empty and "." not in own
        return own, not follows and (optional or may_be_empty)
    if token.startswith(r"\L<"):
        return [regex.escape(first) for first in sorted({word[0] for word in lists[token[3:-1]]})], optional
    if not optional and ("[:" in token[1:] or (token[0] == "\\" and _unknown(token))):
        raise ValueError(token)
    return [token if token[0] in "\\[." else token[0]], optional


def _unknown(escape: str) -> bool:
    return escape[1].isalnum() and escape[1] not in "dDwWsS" and not (escape[1] in "pPxu" and len(escape) > 2)


def caseless(text: str) -> str:
    """One form for all that patterns take for one another, whose case they do not mind; character by character.

    Beside case that is İ, I and ı: what tells them apart is taken out.

    >>> caseless("İstanbul'da SIĞINMACI") == caseless("istanbul'da sığınmacı")
    True
    """
    return text.casefold().replace("ı", "i").replace("\u0307", "")


def literals(branches: Branches, lists: Lists) -> tuple[str, ...]:
    """Caseless strings of which any text that the pattern matches has at least one; none where there are no such strings.

    >>> from cleaner.pieces import parse
    >>> literals(parse(r"^\\W*(?:share|follow)(?: us)? on \\S+$"), {})
    ('follow', 'share')
    """
    found = set(map(caseless, _required(branches, lists)))
    return tuple(sorted(found)) if len(found) <= MOST_LITERALS and all(found) else ()


def _required(branches: Branches, lists: Lists) -> list[str]:
    """The best literals of which all that a group matches has one; none where there are none such."""
    of_branches = [_best(_needed(branch, lists)) for branch in branches]
    return [literal for found in of_branches for literal in found] if all(of_branches) else []


def _needed(branch: Sequence[Piece], lists: Lists) -> Iterator[list[str]]:
    """Literals of each of which all that a branch matches has one."""
    run = ""  # of characters that follow one another
    for piece in branch:
        if piece.token in NO_WIDTH:
            continue
        if (literal := piece.literal) and not piece.repeated:
            run += literal
            continue
        if not piece.may_lack:
            yield [literal] if literal else _among(piece, lists)
        if not piece.looks_around:  # which stands between no two characters
            yield [run]
            run = ""
    yield [run]


def _among(piece: Piece, lists: Lists) -> list[str]:
    """Literals of which what a piece matches has one."""
    if piece.branches:
        return _required(piece.branches, lists) if piece.token[-1] != "!" else []
    if piece.token.startswith(r"\L<"):
        return list(lists[piece.token[3:-1]])
    signs = _SIGNS.fullmatch(piece.token)
    return list(signs[1]) if signs else []


def _best(needed: Iterable[list[str]]) -> list[str]:
    """Those whose shortest is longest, and of such the fewest; none where each may be missed."""
    return max((found for found in needed if found and all(found)), key=_worth, default=[])


def _worth(literals: list[str]) -> tuple[int, int]:
    return min(map(len, literals)), -len(literals)
