"""A pattern's source as a tree of pieces: what its compiled form cannot be asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import regex

# How patterns are compiled.
FLAGS = regex.IGNORECASE | regex.VERSION0
# Characters that stand for themselves and that nothing repeats are one token.
_TOKEN = regex.compile(
    r"[^\\\[(){}?*+.|^$]+(?![?*+{])"
    r"|\\L<\w+>|\\[pP]\{[^}]*\}|\\x[\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]"
    r"|\((?:\?(?:P<\w+>|-i:|:|>|<?[=!]))?|(?:[?*+]|\{\d+(?:,\d*)?\}|\{,\d+\})[+?]?|.",
    regex.DOTALL,
)
_GROUPS = "(…), (?:…), (?P<name>…), (?>…), (?-i:…), (?=…), (?!…), (?<=…), (?<!…)"
# Nobody writes more; what reads a tree does so group in group.
MOST_NESTED = 50
NO_WIDTH = frozenset(("^", "$", r"\b", r"\B"))
_MAY_LACK = ("?", "*", "{0", "{,")


@dataclass(slots=True)
class Piece:
    """A part of a pattern.

    Attributes:
        token: as written; of a group how it opens.
        branches: a group's, each a sequence of pieces.
        repeated: how often, as written; "" of what stands there once.
    """

    token: str
    branches: list[list[Piece]] = field(default_factory=list)
    repeated: str = ""

    @property
    def may_lack(self) -> bool:
        """Whether it may stand there no times."""
        return self.repeated.startswith(_MAY_LACK)

    @property
    def looks_around(self) -> bool:
        """Whether it is a group that takes up nothing of the line."""
        return self.token[0] == "(" and self.token[-1] in "=!"

    @property
    def literal(self) -> str:
        """The characters that it stands for where it may be no others, and otherwise ""."""
        if self.token[0] != "\\":
            return self.token if self.token not in NO_WIDTH and self.token[0] not in "([." else ""
        if self.token[1] in "xu" and len(self.token) > 2:
            return chr(int(self.token[2:], 16))
        return self.token[1] if not self.token[1].isalnum() else ""


def parse(source: str) -> list[list[Piece]]:
    """The branches of a pattern.

    Raises:
        ValueError: where it has a group of a kind that no pack may have, a brace that stands for itself, or more than
            ``MOST_NESTED`` groups in one another. Other mistakes are left to the compiler.
    """
    open_groups: list[list[list[Piece]]] = [[[]]]
    for token in _TOKEN.findall(source):
        branches = open_groups[-1]
        branch = branches[-1]
        if token == "|":
            branches.append([])
        elif token == ")" and len(open_groups) > 1:
            open_groups.pop()
        elif token[0] in "?*+{":
            if token == "{":
                raise ValueError(r"a brace is written \{")
            if branch:
                branch[-1] = (
                    Piece("(?:", [[branch[-1]]], token) if branch[-1].repeated else replace(branch[-1], repeated=token)
                )
            elif len(open_groups) > 1 and token[0] != "+":
                raise ValueError(f"({token}… is none of the groups {_GROUPS}")
        else:
            branch.append(Piece(token))
            if token[0] == "(":
                if len(open_groups) > MOST_NESTED:
                    raise ValueError(f"groups in groups, more than {MOST_NESTED} deep")
                branch[-1].branches.append([])
                open_groups.append(branch[-1].branches)
    return open_groups[0]
