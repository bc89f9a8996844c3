"""What trafilatura takes for the main text of a page, and which of the page's lines are in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]

# A line of at least so many letters and digits may stand inside a longer one of a candidate.
_LONG = 20
_SIGNS = re.compile(r"[^\w\n|]+|_+")


def candidate(tree: Any, url: str | None) -> str:
    """What trafilatura finds at its default setting, comments included; the tree stays as it is.

    Its other settings were tried beside it and told the forest nothing more.
    """
    from trafilatura import bare_extraction

    try:
        found: Any = bare_extraction(copy(tree), url=url)  # older versions prune the tree that they are handed
    except Exception:  # whatever the page holds: it finds nothing
        return ""
    read = found if found is None or isinstance(found, dict) else found.as_dict()
    parts = [] if read is None else [read["text"], read["comments"]]
    return "\n".join(part for part in parts if part)


def bare(text: str) -> str:
    """Letters and digits alone, in lower case, line by line; bars between a table's cells stay."""
    return _SIGNS.sub("", text.lower())


def in_candidate(lines: Sequence[str], candidate: str) -> Flags:
    """Which of the lines, handed in as ``bare`` has them, a candidate has."""
    said = bare(candidate)
    own = {cell for line in said.split("\n") for cell in (line.replace("|", ""), *line.split("|"))}
    whole = said.replace("\n", "").replace("|", "")
    return np.array([line != "" and (line in own or (len(line) >= _LONG and line in whole)) for line in lines], bool)


def is_of_page(candidate: str, lines: Sequence[str]) -> bool:
    """Whether a candidate was read from the page's visible lines, and not from data in its scripts.

    Args:
        candidate: what trafilatura found.
        lines: the visible lines, as ``bare`` has them.
    """
    whole = "".join(lines)
    said = [bare(line).replace("|", "") for line in candidate.split("\n")]
    pieces = [line[at : at + _LONG] for line in said for at in range(0, len(line), _LONG)]
    pieces = pieces[:: len(pieces) // _ASKED + 1]
    missing = sum(len(piece) for piece in pieces if piece not in whole)
    return len(candidate) < _ENOUGH or missing <= sum(map(len, pieces)) / 2


# characters; data shorter than this are not worth the page's own lines
_ENOUGH = 200
# Pieces that are looked for, evenly spread: each costs a search through the page.
_ASKED = 500
