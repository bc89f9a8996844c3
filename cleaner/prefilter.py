"""What a line must have for a pattern to match, read from the pattern's source: how it opens, and literals.

Neither test may fail where the pattern matches; where it does, the pattern is neither tried nor, the first time, compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import cast

import regex

Opening = Callable[[str], regex.Match[str] | None]
Lists = Mapping[str, Iterable[str]]

# How patterns are compiled.
FLAGS = regex.IGNORECASE | regex.VERSION0

_ANCHOR = regex.compile(r"\^(\\W\*(?![+?]))?")
# A pattern's tokens: characters that stand for themselves and that nothing repeats are one.
TOKEN = regex.compile(
    r"[^\\\[(){}?*+.|^$]+(?![?*+{])"
    r"|\\L<\w+>|\\[pP]\{[^}]*\}|\\x[\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]"
    r"|\((?:\?(?:P<\w+>|-i:|:|>|<?[=!]))?|(?:[?*+]|\{\d+(?:,\d*)?\}|\{,\d+\})[+?]?|.",
    regex.DOTALL,
)
_NO_WIDTH = {"^", "$", r"\b", r"\B"}
_MAY_LACK = ("?", "*", "{0", "{,")
# More literals than this take as long to look for as the pattern does.
MOST_LITERALS = 48
# One of a few signs, as between a date and a name.
_SIGNS = regex.compile(r"\[(-?[^\\\-^\[\]]{1,8}-?)\]")


def opening(source: str, lists: Lists) -> Opening | None:
    """A test of a line's first characters (signs, and what follows them) that fails only where the pattern must fail.

    None where there is none: the pattern is not anchored, may begin with anything, or has what ``_begins`` does not know.
    """
    anchor = _ANCHOR.match(source)
    if not anchor:
        return None
    tokens = TOKEN.findall(source, anchor.end())[::-1]
    try:
        found, empty = _begins(tokens, lists, outermost=True)
        if empty or tokens:
            return None
        test = regex.compile("|".join(dict.fromkeys(found)), FLAGS, cache_pattern=False)
    except (ValueError, IndexError, regex.error):
        return None
    return cast(Opening, test.search if anchor[1] else test.match)


def _begins(tokens: list[str], lists: Lists, outermost: bool = False) -> tuple[list[str], bool]:
    """What the first character of a group may be, as patterns, and whether the group may be empty; takes its tokens.

    Raises:
        ValueError: where that cannot be told.
    """
    found: list[str] = []
    some_empty, empty = False, True  # one of the branches before this one; this one so far
    while tokens and (token := tokens.pop()) != ")":
        if token == "|" and not outermost:
            some_empty, empty = some_empty or empty, True
            continue
        own, optional = (
            [token if token[0] in "\\[." else token[0]],
            token in _NO_WIDTH or token[-2:] in ("?=", "?!", "<=", "<!"),
        )
        if token[0] == "(":
            own, may_be_empty = _begins(tokens, lists)
            own, optional = [f"(?-i:{each})" if "-i" in token else each for each in own], optional or may_be_empty
            # what has to follow begins the line as well; "(?=.*\d)" tells nothing of how
            optional &= token != "(?=" or may_be_empty or "." in own
        elif token.startswith(r"\L<"):
            own = [regex.escape(first) for first in sorted({word[0] for word in lists[token[3:-1]]})]
        elif not optional and (token[0] in "|?*+{" or "[:" in token[1:] or (token[0] == "\\" and _unknown(token))):
            raise ValueError(token)
        if tokens and tokens[-1][0] in "?*+{":
            optional |= tokens.pop().startswith(_MAY_LACK)
        if empty:
            found += own if token not in _NO_WIDTH else []
            empty = optional
    return found, some_empty or empty


def _unknown(escape: str) -> bool:
    return escape[1].isalnum() and escape[1] not in "dDwWsS" and not (escape[1] in "pPxu" and len(escape) > 2)


def caseless(text: str) -> str:
    """One form for all that patterns take for one another, whose case they do not mind; character by character.

    Beside case that is İ, I and ı: what tells them apart is taken out.

    >>> caseless("İstanbul'da SIĞINMACI") == caseless("istanbul'da sığınmacı")
    True
    """
    return text.casefold().replace("ı", "i").replace("\u0307", "")


def literals(source: str, lists: Lists) -> tuple[str, ...]:
    """Caseless strings of which any text that the pattern matches has at least one; none where there are no such strings.

    >>> literals(r"^\\W*(?:share|follow)(?: us)? on \\S+$", {})
    ('follow', 'share')
    """
    found = set(map(caseless, _required(TOKEN.findall(source)[::-1], lists)))
    return tuple(sorted(found)) if len(found) <= MOST_LITERALS and all(found) else ()


def _required(tokens: list[str], lists: Lists) -> list[str]:
    """The best literals of which all that a group matches has one, none where there are none such; takes the group's tokens."""
    branches: list[list[str]] = []
    needed: list[list[str]] = []  # of this branch: of each there must be one
    run = ""  # of characters that follow one another in it
    while tokens and (token := tokens.pop()) != ")":
        own: list[str] = []
        if token in _NO_WIDTH:
            continue
        if token == "|":
            branches.append(_best([*needed, [run]]))
            needed, run = [], ""
            continue
        if token[0] == "(":
            inner = _required(tokens, lists)
            own = [] if token[-1] == "!" else inner
        elif token.startswith(r"\L<"):
            own = list(lists[token[3:-1]])
        elif token[0] == "[":
            signs = _SIGNS.fullmatch(token)
            own = list(signs[1]) if signs else []
        elif literal := _literal(token):
            if not (tokens and tokens[-1][0] in "?*+{"):
                run += literal
                continue
            own = [literal]
        repeated = tokens.pop() if tokens and tokens[-1][0] in "?*+{" else ""
        if not repeated.startswith(_MAY_LACK):
            needed.append(own)
        if token[-2:] not in ("?=", "?!", "<=", "<!"):  # what looks around stands between no two characters
            needed.append([run])
            run = ""
    branches.append(_best([*needed, [run]]))
    return [literal for found in branches for literal in found] if all(branches) else []


def _literal(token: str) -> str:
    """The characters that a token stands for; empty where it may be several."""
    if token[0] != "\\":
        return token if token != "." else ""
    if token[1] in "xu" and len(token) > 2:
        return chr(int(token[2:], 16))
    return token[1] if not token[1].isalnum() else ""


def _best(needed: Iterable[list[str]]) -> list[str]:
    """Those whose shortest is longest, and of such the fewest; none where each may be missed."""
    return max((found for found in needed if found and all(found)), key=_worth, default=[])


def _worth(literals: list[str]) -> tuple[int, int]:
    return min(map(len, literals)), -len(literals)
