"""Text to lines with exact offsets, and the folded copy of a page that rules are matched against."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from cleaner.characters import (
    CLASSES,
    LETTER,
    LOWER,
    MARK,
    NEWLINE,
    NOTHING,
    SPACE,
    UPPER,
    WIDE,
    is_word,
    tables,
)

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Folded:
    """A page in folded form, without invisible characters and with each run of spaces as one.

    ``codes`` are UTF-16 units (a character each), ``where`` their places in the source, ``line`` the line of each
    (-1 outside lines), ``word`` whether each belongs to a word that spaces set apart, and ``letters`` how many
    letters stand before each place (one entry more than ``codes``).
    """

    codes: npt.NDArray[np.uint16]
    where: Integers
    line: Integers
    word: Flags
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
        lines = np.full(len(self.codes) + 1, 0, np.int64)
        lines[self.first] = np.arange(len(self)) + 1
        lines[self.last] -= np.arange(len(self)) + 1
        # a line ends before the next begins, so the running sum is the number of the line, or 0
        return np.cumsum(lines[:-1]) - 1

    @cached_property
    def histogram(self) -> Integers:
        """How many characters of each class each line has: one row a line, one column a class."""
        inside = self.line_of >= 0
        cells = self.line_of[inside] * CLASSES + self.classes[inside]
        return np.bincount(cells, minlength=len(self) * CLASSES).reshape(len(self), CLASSES)

    @cached_property
    def folded(self) -> Folded:
        """The folded copy of the page."""
        codes = tables()[1][self.codes]
        space = codes == 0x20
        keep = (self.classes != NOTHING) & (self.classes != MARK)
        keep[1:] &= ~(space[1:] & space[:-1])
        where = np.flatnonzero(keep)
        classes = self.classes[where]
        letter = (classes == LOWER) | (classes == UPPER) | (classes == LETTER) | (classes == WIDE)
        return Folded(
            codes=codes[where],
            where=where,
            line=self.line_of[where],
            word=is_word(classes),
            letters=np.concatenate(([0], np.cumsum(letter))),
        )


@dataclass(frozen=True)
class Words:
    """A page's words for comparing lines by what they speak of: a hash and the line of each.

    Words of at least ``SPEAKING`` letters, and each pair of neighbouring ideographs or kana.
    """

    hashes: npt.NDArray[np.uint64]
    line: Integers


SPEAKING = 4
# Multipliers of Knuth's (golden ratio) and of a 64-bit mix (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
_GOLDEN, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)


def words_of(page: Page) -> Words:
    """The words that a page's lines speak in; folded, so that case and accents make no difference."""
    folded = page.folded
    code = folded.codes.astype(np.uint64)
    starts = np.flatnonzero(folded.word & ~np.concatenate(([False], folded.word[:-1])))
    ends = np.flatnonzero(folded.word & ~np.concatenate((folded.word[1:], [False]))) + 1
    long = ends - starts >= SPEAKING
    starts, ends = starts[long], ends[long]
    spread = (code + np.uint64(1)) * _MIX
    spread = (spread ^ (spread >> np.uint64(29))) * _GOLDEN
    # a word's hash: its characters' values, each turned by its place in the word, summed
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(spread, dtype=np.uint64)))
    placed = np.concatenate(
        (np.zeros(1, np.uint64), np.cumsum(spread * np.arange(len(code), dtype=np.uint64), dtype=np.uint64))
    )
    whole = sums[ends] - sums[starts]
    ordered = placed[ends] - placed[starts] - whole * starts.astype(np.uint64)
    wide = page.classes[folded.where] == WIDE
    pairs = np.flatnonzero(wide[:-1] & wide[1:])
    return Words(
        hashes=np.concatenate((whole * _MIX + ordered, (code[pairs] << np.uint64(16)) | code[pairs + 1])),
        line=np.concatenate((folded.line[starts], folded.line[pairs])),
    )


def split(text: str) -> Page:
    """A text's lines, with their exact places.

    >>> page = split("one\\n\\n  two ")
    >>> [page.line(i) for i in range(len(page))], page.blanks.tolist()
    (['one', 'two'], [0, 1])
    """
    classes_of = tables()[0]
    codes = np.minimum(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), 0xFFFF).astype(np.uint16)
    classes = classes_of[codes]
    breaks = np.flatnonzero(classes == NEWLINE)
    if len(breaks) and "\r\n" in text:
        after = np.append(codes, 0)[breaks + 1]
        pair = (codes[breaks] == 0x0D) & (
            after == 0x0A
        )  # CR LF is one terminator: its CR ends the line, its LF the terminator
        own = np.concatenate(([True], ~pair[:-1]))
        ends = breaks[own]
        starts = np.concatenate(([0], (breaks + 1 + pair)[own]))
    else:
        ends = breaks
        starts = np.concatenate(([0], breaks + 1))
    ends = np.append(ends, len(codes))
    ink = np.flatnonzero((classes != SPACE) & (classes != NEWLINE) & (classes != NOTHING))
    low, high = np.searchsorted(ink, starts), np.searchsorted(ink, ends)
    lines = np.flatnonzero(high > low)
    return Page(
        text=text,
        codes=codes,
        classes=classes,
        start=starts[lines],
        end=ends[lines],
        first=ink[low[lines]] if len(lines) else lines,
        last=ink[high[lines] - 1] + 1 if len(lines) else lines,
        blanks=np.diff(lines, prepend=-1) - 1,
    )
