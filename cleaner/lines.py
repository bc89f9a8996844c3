"""Text to lines with exact offsets, and the folded copy of a page that rules are matched against."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.characters import (
    CLASSES,
    HANGUL,
    LINE_ENDS,
    LOWER,
    MARK,
    NEWLINE,
    NOTHING,
    RUNNING,
    SPACE,
    WIDE,
    is_word,
    tables,
)

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# Two ideographs or syllables say about as much as a word of five letters and its space.
WIDE_AS = 2
_LINE_END = re.compile(f"\r\n|[{LINE_ENDS}]")
_ZERO = np.zeros(1, np.int64)


@dataclass(frozen=True)
class Folded:
    """A page in folded form, without invisible characters and with each run of spaces as one.

    ``codes`` are UTF-16 units (a character each), ``where`` their places in the source, ``classes`` what they are there, ``line`` the
    line of each (-1 outside lines), ``word`` whether each belongs to a word that spaces set apart, ``begins`` and ``ends`` where those
    words begin and end, and ``letters`` how many letters stand before each place (one entry more than ``codes``).
    """

    codes: npt.NDArray[np.uint16]
    where: Integers
    classes: npt.NDArray[np.uint8]
    line: Integers
    word: Flags
    begins: Integers
    ends: Integers
    letters: Integers


@dataclass(frozen=True)
class Page:
    """A text and its lines.

    Lines end at LF, CR LF, CR, VT, FF, NEL and the Unicode separators U+2028 and U+2029. Only lines with something
    visible on them are listed; blank ones count in ``blanks``, the number of blank lines right before each line.

    Attributes:
        start, end: where each line begins and ends, without its terminator.
        first, last: where its visible text begins and ends; the indent is ``first - start``.
    """

    text: str
    codes: npt.NDArray[np.uint16]
    classes: npt.NDArray[np.uint8]
    start: Integers
    end: Integers
    first: Integers
    last: Integers
    blanks: Integers

    def __len__(self) -> int:
        return len(self.start)

    def line(self, index: int) -> str:
        """A line's visible text."""
        return self.text[self.first[index] : self.last[index]]

    @cached_property
    def line_of(self) -> Integers:
        """For each character its line, or -1 where it stands on none (terminators, blank lines, indents)."""
        return self._numbered - 1

    @cached_property
    def _numbered(self) -> Integers:
        """For each character its line counted from 1, or 0: lines and the stretches between them, laid out in turn."""
        numbers, bounds = np.zeros((2, 2 * len(self) + 2), np.int64)
        numbers[1:-1:2] = np.arange(1, len(self) + 1)
        bounds[1:-1:2], bounds[2:-1:2], bounds[-1] = self.first, self.last, len(self.codes)
        return np.repeat(numbers[:-1], np.diff(bounds))

    @cached_property
    def histogram(self) -> Integers:
        """How many characters of each class each line has: one row a line, one column a class."""
        cells = self._numbered * CLASSES
        cells += self.classes
        return np.bincount(cells, minlength=(len(self) + 1) * CLASSES)[CLASSES:].reshape(len(self), CLASSES)

    @cached_property
    def width(self) -> Integers:
        """The characters of each line, ideographs and syllables counted twice."""
        wide: Integers = self.histogram[:, WIDE] + self.histogram[:, HANGUL]
        return self.last - self.first + (WIDE_AS - 1) * wide

    @cached_property
    def folded(self) -> Folded:
        """The folded copy of the page."""
        where = np.flatnonzero((self.classes != NOTHING) & (self.classes != MARK))
        codes = tables()[1].take(self.codes.take(where))
        space = codes == 0x20
        single = np.ones(len(where), bool)
        single[1:] = ~(space[1:] & space[:-1])
        if not single.all():
            where, codes = where[single], codes[single]
        classes = self.classes.take(where)
        letters = np.zeros(len(where) + 1, np.int64)
        np.cumsum(classes - np.uint8(LOWER) <= RUNNING - LOWER, out=letters[1:])
        word = is_word(classes)
        begins, ends = word.copy(), word.copy()
        begins[1:] &= ~word[:-1]
        ends[:-1] &= ~word[1:]
        return Folded(
            codes=codes,
            where=where,
            classes=classes,
            line=self.line_of.take(where),
            word=word,
            begins=np.flatnonzero(begins),
            ends=np.flatnonzero(ends) + 1,
            letters=letters,
        )

    def only(self, lines: Integers, blanks: Integers) -> Page:
        """The page with some of its lines alone, and other numbers of blank lines before each."""
        start, end, first, last = (places[lines] for places in (self.start, self.end, self.first, self.last))
        return Page(self.text, self.codes, self.classes, start, end, first, last, blanks)


def distinct(numbers: Integers) -> Integers:
    """Each number once, in order; several times as fast as ``numpy.unique`` on a page's worth of them."""
    ordered = np.sort(numbers)
    new = np.ones(len(ordered), bool)
    new[1:] = ordered[1:] != ordered[:-1]
    return ordered[new]


def among(values: npt.NDArray[Any], few: npt.NDArray[Any]) -> Flags:
    """Which values are one of a few; several times as fast as ``numpy.isin`` on a page's worth of them."""
    found: Flags = (values == few[:, None]).any(axis=0)
    return found


def renumbered(line: Integers, lines: Integers, of: int) -> tuple[Flags, Integers]:
    """What stands on some of a page's lines, of which there are ``of``: which entries stay, and their lines' new numbers."""
    number = np.full(of, -1)
    number[lines] = np.arange(len(lines))
    new = number[line]
    stay = new >= 0
    return stay, new[stay]


def codes_of(text: str) -> npt.NDArray[np.uint16]:
    """A text's code points, one for each character; those past the Basic Multilingual Plane as 0xFFFF."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.dtype("<u2"))
    if len(units) == len(text):  # the usual case, in a fifth of the time
        return units.astype(np.uint16, copy=False)
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.dtype("<u4"))
    return np.minimum(points, np.uint32(0xFFFF)).astype(np.uint16)


def visible(classes: npt.NDArray[np.uint8]) -> Flags:
    """Which characters can be seen."""
    seen: Flags = (classes != SPACE) & (classes != NEWLINE) & (classes != NOTHING)
    return seen


def split_lines(text: str) -> list[str]:
    """A piece of text as lines, blank ones too, without their ends, which are a ``Page``'s; ``str.splitlines`` takes others for ends, too.

    >>> split_lines("one\\r\\ntwo\\x1cstill two\\x85")
    ['one', 'two\\x1cstill two', '']
    """
    return _LINE_END.split(text)


def split(text: str) -> Page:
    """A text's lines, with their exact places.

    >>> page = split("one\\n\\n  two ")
    >>> [page.line(i) for i in range(len(page))], page.blanks.tolist()
    (['one', 'two'], [0, 1])
    """
    classes_of = tables()[0]
    codes = codes_of(text)
    classes = classes_of.take(codes)
    breaks = np.flatnonzero(classes == NEWLINE)
    after = breaks + 1
    carriage = codes[breaks] == 0x0D
    if carriage.any():
        # CR LF is one terminator: its CR ends the line, and the next begins after its LF
        pair = carriage & (codes.take(after, mode="clip") == 0x0A)
        own = np.concatenate(([True], ~pair[:-1]))
        breaks, after = breaks[own], (after + pair)[own]
    starts = np.concatenate((_ZERO, after))
    ends = np.concatenate((breaks, [len(codes)]))
    ink = np.flatnonzero(visible(classes))
    low, high = ink.searchsorted(starts), ink.searchsorted(ends)
    lines = np.flatnonzero(high > low)
    blanks = lines.copy()
    blanks[1:] -= lines[:-1] + 1
    return Page(
        text=text,
        codes=codes,
        classes=classes,
        start=starts[lines],
        end=ends[lines],
        first=ink[low[lines]] if len(lines) else lines,
        last=ink[high[lines] - 1] + 1 if len(lines) else lines,
        blanks=blanks,
    )
