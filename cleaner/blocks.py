"""An HTML tree as lines of text, a block a line, and what the tree says of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from lxml.etree import iterwalk

Integers = npt.NDArray[np.int64]

# Elements that stand within a line; all others begin and end one.
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd mark nobr q rp rt ruby s samp small span "
    "strike strong sub sup time tt u var wbr".split()
)
# Elements whose text is not shown, or is a control's.
_UNSEEN = frozenset(
    "audio canvas datalist embed head iframe input link map math meta noscript object option script select style svg "
    "template textarea title video".split()
)
_CELLS = frozenset(("td", "th"))
# What kind of block a line is: each has a number of its own.
_TAGS = {tag: number for number, tag in enumerate("div p li td tr dt dd pre blockquote button label summary figcaption".split())}
HEADING = {f"h{level}": len(_TAGS) + level - 1 for level in range(1, 7)}
OTHER_TAG = len(_TAGS) + 6

# What a block stands in, by its elements' names and roles ...
_AREAS = {
    "nav": ("nav", "navigation", "menu", "menubar", "tablist"),
    "header": ("header", "banner"),
    "footer": ("footer", "contentinfo"),
    "aside": ("aside", "complementary"),
    "main": ("main",),
    "article": ("article",),
    "form": ("form", "search"),
    "list": ("ul", "ol", "dl"),
    "table": ("table",),
    "figure": ("figure",),
    "dialog": ("dialog", "alertdialog", "alert"),
}
# ... and by the words in their classes and ids.
_WORDS = {
    "comments": r"comment|disqus|respon[ds]|repl(?:y|ies)",
    "posts": r"post|message|thread|topic|answer|question|discussion|forum",
    "side": r"side|widget|rail|aside",
    "related": r"relat|recomm|similar|teaser|promo|sponsor|advert|\bads?\b|popular|trending|upsell|carousel|slider|also",
    "social": r"shar|social|follow|newsletter|subscri|sign-?up|login|signin",
    "menu": r"nav|menu|crumb|pagin|pager|toc|toolbar|skip|filter|facet|sort",
    "foot": r"foot|copyright|legal|cookie|consent|gdpr|privacy|modal|popup|overlay|dialog",
    "head": r"header|masthead|topbar|top-bar|banner|hero",
    "meta": r"meta|byline|author|date|tag|categor|caption|credit|avatar|user|profile|rating|vote|stat",
    "text": r"content|article|body|entry|story|text|descri|detail|prose|markdown|document|rst|main|copy",
    "items": r"card|item|tile|result|list|grid|product|collection",
    "buy": r"price|cart|basket|buy|stock|shipping|review|spec",
}
AREAS = tuple(_AREAS) + tuple(f"class_{word}" for word in _WORDS) + ("hidden",)
_BIT = {name: 1 << number for number, name in enumerate(AREAS)}
_AREA_OF = {element: _BIT[area] for area, elements in _AREAS.items() for element in elements}
_WORD_PATTERN = re.compile("|".join(f"(?P<class_{word}>{pattern})" for word, pattern in _WORDS.items()))
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


@dataclass(frozen=True)
class Blocks:
    """The lines of a page as its tree has them.

    Attributes:
        lines: the text of each.
        tag: the number of the kind of element that each is.
        areas: what each stands in, as bits of ``AREAS``.
        linked: how many of its characters are links.
        depth: how many block elements it stands in.
        path: a number for the names and classes of all of these: blocks of a list have the same.
        box: the innermost block element of each.
        parent: for each block element the one that it stands in; the first is its own.
    """

    lines: list[str]
    tag: Integers
    areas: Integers
    linked: Integers
    depth: Integers
    path: Integers
    box: Integers
    parent: Integers

    def only(self, lines: Integers) -> Blocks:
        """Some of the lines."""
        return Blocks(
            [self.lines[line] for line in lines.tolist()],
            *(column[lines] for column in (self.tag, self.areas, self.linked, self.depth, self.path, self.box)),
            self.parent,
        )


def of_lines(lines: list[str]) -> Blocks:
    """Lines that stand in no tree."""
    nothing = np.zeros(len(lines), np.int64)
    return Blocks(lines, nothing + _TAGS["p"], *[nothing] * 5, np.zeros(1, np.int64))


@lru_cache(maxsize=20_000)
def _words_in(names: str) -> int:
    """The bits for words in a class or an id."""
    bits = 0
    for found in _WORD_PATTERN.finditer(names):
        bits |= _BIT[found.lastgroup or "hidden"]
    return bits


def _areas_of(element: Any, tag: str) -> int:
    get = element.get
    bits = _AREA_OF.get(tag, 0)
    if not element.attrib:
        return bits
    if role := get("role"):
        bits |= _AREA_OF.get(role, 0)
    if tag != "body" and (names := f"{get('class') or ''} {get('id') or ''}"[:200].lower()) != " ":
        bits |= _words_in(names)
    style = get("style")
    if get("hidden") is not None or get("aria-hidden") == "true" or (style and _HIDDEN_STYLE.search(style)):
        bits |= _BIT["hidden"]
    return bits


def _is_plain(row: Any) -> bool:
    """Whether a table's row holds cells of words alone: then it is one line; else it lays out a page."""
    return all(element.tag in _INLINE or element.tag in _CELLS for element in row.iterdescendants("*"))


def read_blocks(root: Any) -> Blocks:
    """The lines of a tree, in order."""
    rows: list[tuple[str, int, int, int, int, int, int]] = []
    parent = [0]
    paths: dict[tuple[int, str, str], int] = {}
    parts: list[str] = []
    linked = links = 0
    in_row = False
    # tag number, areas, depth, path, box, whether space counts
    here = (OTHER_TAG, 0, 0, 0, 0, False)
    stack = [here]

    def flush() -> None:
        nonlocal linked
        if parts:
            said = "".join(parts)
            tag, areas, depth, path, box, preformatted = here
            if preformatted:
                rows.extend(
                    (line.rstrip(), tag, areas, linked, depth, path, box) for line in said.splitlines()
                )
            elif text := " ".join(said.split()):
                rows.append((text, tag, areas, linked, depth, path, box))
            parts.clear()
        linked = 0

    walk = iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if not isinstance(tag, str) or tag in _UNSEEN:
                walk.skip_subtree()
                continue
            if tag == "a":
                links += 1
            elif tag in _CELLS and in_row:
                parts.append(" | " if parts else "")
            elif tag not in _INLINE:
                flush()
                if tag != "br" and tag != "hr":
                    in_row = in_row or (tag == "tr" and _is_plain(element))
                    own = _areas_of(element, tag)
                    key = (here[3], tag, element.get("class") or "")
                    path = paths.setdefault(key, len(paths) + 1)
                    parent.append(here[4])
                    number = _TAGS.get(tag, HEADING.get(tag, OTHER_TAG))
                    here = (number, here[1] | own, here[2] + 1, path, len(parent) - 1, here[5] or tag == "pre")
                    stack.append(here)
            if text := element.text:
                parts.append(text)
                linked += len(text) if links else 0
            continue
        if isinstance(tag, str) and tag not in _UNSEEN:
            if tag == "a":
                links -= 1
            elif tag not in _INLINE and not (tag in _CELLS and in_row):
                flush()
                if tag != "br" and tag != "hr":
                    in_row = in_row and tag != "tr"
                    stack.pop()
                    here = stack[-1]
        if element is not root and (tail := element.tail):
            parts.append(tail)
            linked += len(tail) if links else 0
    flush()
    columns = np.array([row[1:] for row in rows], np.int64).reshape(len(rows), 6).T
    return Blocks([row[0] for row in rows], *columns, np.array(parent, np.int64))
