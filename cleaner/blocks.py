"""An HTML tree as lines of text, a block a line, and what the tree says of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from lxml.etree import iterwalk

from cleaner.lines import split_lines

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
_BREAKS = frozenset(("br", "hr"))
_CELLS = frozenset(("td", "th"))
# The text of links to a heading itself.
_ANCHORS = frozenset("¶#§🔗")
# What kind of block a line is: each has a number of its own.
_TAGS = {
    tag: number
    for number, tag in enumerate("div p li td tr dt dd pre blockquote button label summary figcaption".split())
}
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
    "posts": r"post",
    "thread": r"message|thread|topic|answer|question|discussion|forum",
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
            lines=[self.lines[line] for line in lines.tolist()],
            tag=self.tag[lines],
            areas=self.areas[lines],
            linked=self.linked[lines],
            depth=self.depth[lines],
            path=self.path[lines],
            box=self.box[lines],
            parent=self.parent,
        )

    def stretches(self) -> tuple[list[int], list[int]]:
        """For each block element its first line and its last, those of the elements in it included."""
        first, last = [len(self.lines)] * len(self.parent), [-1] * len(self.parent)
        for line, box in enumerate(self.box.tolist()):
            first[box], last[box] = min(first[box], line), line
        above = self.parent.tolist()
        for box in range(len(above) - 1, 0, -1):
            outer = above[box]
            first[outer], last[outer] = min(first[outer], first[box]), max(last[outer], last[box])
        return first, last


def of_lines(lines: list[str]) -> Blocks:
    """Lines that stand in no tree."""
    no = np.zeros(len(lines), np.int64)
    return Blocks(lines, no + _TAGS["p"], no, no, no, no, no, np.zeros(1, np.int64))


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


class _Place(NamedTuple):
    """Where the walk is: what is known of the innermost block element."""

    tag: int
    areas: int
    depth: int
    path: int
    box: int
    preformatted: bool


class _Walk:
    """Collects the lines on a walk through the tree: text is gathered until a block element begins or ends."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.rows: list[tuple[int, int, int, int, int, int]] = []
        self.parent = [0]
        self.paths: dict[tuple[int, str, str], int] = {}
        self.places = [_Place(OTHER_TAG, 0, 0, 0, 0, False)]
        self.parts: list[tuple[str, bool]] = []
        self.links = 0
        self.row: Any = None

    def begin(self, element: Any, tag: str) -> None:
        if tag == "a":
            self.links += 1
        elif tag in _CELLS and self.row is not None:
            self.parts.append((" | " if self.parts else "", False))
        elif tag not in _INLINE:
            self.end_line()
            if tag not in _BREAKS:
                self.enter(element, tag)
        text = element.text
        if text and not (tag == "a" and text.strip() in _ANCHORS):
            self.say(text)

    def end(self, element: Any, tag: str) -> None:
        if tag == "a":
            self.links -= 1
        elif tag not in _INLINE and not (tag in _CELLS and self.row is not None):
            self.end_line()
            if tag not in _BREAKS:
                self.places.pop()
                self.row = None if element is self.row else self.row

    def enter(self, element: Any, tag: str) -> None:
        if tag == "tr" and self.row is None and _is_plain(element):
            self.row = element
        outer = self.places[-1]
        path = self.paths.setdefault((outer.path, tag, element.get("class") or ""), len(self.paths) + 1)
        self.parent.append(outer.box)
        self.places.append(
            _Place(
                tag=_TAGS.get(tag, HEADING.get(tag, OTHER_TAG)),
                areas=outer.areas | _areas_of(element, tag),
                depth=outer.depth + 1,
                path=path,
                box=len(self.parent) - 1,
                preformatted=outer.preformatted or tag == "pre",
            )
        )

    def say(self, text: str) -> None:
        self.parts.append((text, self.links > 0))

    def end_line(self) -> None:
        if not self.parts:
            return
        place = self.places[-1]
        lines = _lines_of(self.parts) if place.preformatted else [self.parts]
        for parts in lines:
            text = "".join(text for text, _ in parts)
            text = text.rstrip() if place.preformatted else " ".join(text.split())
            if text or place.preformatted:
                linked = sum(len(text) for text, is_link in parts if is_link)
                self.texts.append(text)
                self.rows.append((place.tag, place.areas, linked, place.depth, place.path, place.box))
        self.parts.clear()


def _lines_of(parts: list[tuple[str, bool]]) -> list[list[tuple[str, bool]]]:
    """The parts of each line of preformatted text."""
    lines: list[list[tuple[str, bool]]] = [[]]
    for text, is_link in parts:
        first, *more = split_lines(text)
        lines[-1].append((first, is_link))
        lines += [[(piece, is_link)] for piece in more]
    return lines


def read_blocks(root: Any) -> Blocks:
    """The lines of a tree, in order."""
    walk = _Walk()
    steps = iterwalk(root, events=("start", "end"))
    for event, element in steps:
        tag = element.tag
        seen = isinstance(tag, str) and tag not in _UNSEEN
        if event == "start" and seen:
            walk.begin(element, tag)
        elif event == "start":
            steps.skip_subtree()
        else:
            if seen:
                walk.end(element, tag)
            if element is not root and element.tail:
                walk.say(element.tail)
    walk.end_line()
    columns: Integers = np.array(walk.rows, np.int64).reshape(len(walk.rows), 6).T
    return Blocks(
        lines=walk.texts,
        tag=columns[0],
        areas=columns[1],
        linked=columns[2],
        depth=columns[3],
        path=columns[4],
        box=columns[5],
        parent=np.array(walk.parent, np.int64),
    )
