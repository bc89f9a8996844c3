"""Text to lines with exact offsets, the folded copy of a page that rules are matched against, and the scan of it for literals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

import ahocorasick_rs
import numpy as np
import numpy.typing as npt

from cleaner.characters import (
    CLASSES,
    LOWER,
    MARK,
    NEWLINE,
    NOTHING,
    SPACE,
    WIDE,
    is_word,
    tables,
)

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_ZERO = np.zeros(1, np.int64)


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
    def folded(self) -> Folded:
        """The folded copy of the page."""
        codes = tables()[1].take(self.codes)
        space = codes == 0x20
        keep = (self.classes != NOTHING) & (self.classes != MARK)
        keep[1:] &= ~(space[1:] & space[:-1])
        where = np.flatnonzero(keep)
        classes = self.classes.take(where)
        letters = np.zeros(len(where) + 1, np.int64)
        np.cumsum(classes - np.uint8(LOWER) <= WIDE - LOWER, out=letters[1:])
        return Folded(
            codes=codes.take(where),
            where=where,
            line=self.line_of.take(where),
            word=is_word(classes),
            letters=letters,
        )


@dataclass(frozen=True)
class Words:
    """A page's words for comparing lines by what they speak of: the stem and the line of each.

    A stem is the first five letters of a word of at least four, which lets inflected forms meet; or two neighbouring ideographs or kana.
    """

    stems: npt.NDArray[np.uint64]
    line: Integers


SPEAKING = 4
# An odd multiplier that spreads bits well: 2**64 over the golden ratio (Knuth, "The Art of Computer Programming", 6.4).
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_Bits = npt.NDArray[np.uint64]
_HEAD = 8
_FIRST = np.array([0, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF], np.uint64)  # the first 0 to 4 characters


def words_of(page: Page) -> Words:
    """The words that a page's lines speak in; folded, so that case and accents make no difference."""
    folded = page.folded
    code = np.concatenate((folded.codes, np.zeros(SPEAKING + 1, np.uint16))).astype(np.uint64)
    starts = np.flatnonzero(folded.word & ~np.concatenate(([False], folded.word[:-1])))
    ends = np.flatnonzero(folded.word & ~np.concatenate((folded.word[1:], [False]))) + 1
    long = ends - starts >= SPEAKING
    starts, ends = starts[long], ends[long]
    stems = np.zeros(len(starts), np.uint64)
    for place in range(SPEAKING):
        stems |= code[starts + place] << np.uint64(16 * place)
    fifth = np.where(ends - starts > SPEAKING, code[starts + SPEAKING], np.uint64(0))
    wide = page.classes[folded.where] == WIDE
    pairs = np.flatnonzero(wide[:-1] & wide[1:])
    return Words(
        stems=np.concatenate((stems * _GOLDEN + fifth, (code[pairs] << np.uint64(16)) | code[pairs + 1])),
        line=np.concatenate((folded.line[starts], folded.line[pairs])),
    )


class Scanner:
    """One automaton for many literals, over a page's folded codes in one byte each, or in two (UTF-16) where that cannot be.

    In one byte, a letter that begins a word has a code of its own. So no literal is found inside a word from its
    second letter on, and of chance hits half never arise.
    """

    def __init__(self, literals: Sequence[str], numbers: Integers, narrow: bool = True) -> None:
        self._numbers = numbers
        codes = np.unique(np.frombuffer("".join(literals).encode("utf-16-le", "replace"), "<u2"))
        letter = wordly()[codes]
        others, letters = codes[~letter], codes[letter]
        # bytes: 0 for unknown characters, other known ones, letters (first unknown ones), letters inside a word
        self._letter, self._inside = np.uint8(min(len(others), 254) + 1), np.uint8(min(len(letters), 254) + 1)
        self._table: npt.NDArray[np.uint8] | None = None
        if narrow and len(others) + 2 * len(letters) + 2 < 256:
            self._table = np.where(wordly(), self._letter, np.uint8(0))
            self._table[others] = np.arange(1, len(others) + 1)
            self._table[letters] = np.arange(1, len(letters) + 1) + self._letter
            joined = np.frombuffer("\n".join(literals).encode("utf-16-le", "replace"), "<u2")
            encoded = self._encode(joined).split(b"\0")  # a line break is in no literal
        else:
            encoded = [literal.encode("utf-16-le", "replace") for literal in literals]
        implementation = ahocorasick_rs.Implementation.ContiguousNFA
        self._automaton = ahocorasick_rs.BytesAhoCorasick(encoded, implementation=implementation) if literals else None

    def _encode(self, codes: npt.NDArray[np.uint16]) -> bytes:
        if self._table is None:
            return codes.astype("<u2", copy=False).tobytes()
        coded = self._table.take(codes)
        letter = coded >= self._letter
        coded[1:] += (letter[1:] & letter[:-1]) * self._inside
        return coded.tobytes()

    def find(self, codes: npt.NDArray[np.uint16]) -> tuple[Integers, Integers, Integers]:
        """All places of all literals, but for those inside words that the bytes rule out: numbers, starts, ends."""
        raw = self._automaton.find_matches_as_indexes(self._encode(codes), overlapping=True) if self._automaton else []
        found = np.fromiter(chain.from_iterable(raw), np.int64, 3 * len(raw)).reshape(-1, 3)
        if self._table is None:  # two bytes a character: an odd place is between characters
            found = found[found[:, 1] % 2 == 0] // (1, 2, 2)
        return self._numbers[found[:, 0]], found[:, 1], found[:, 2]


@lru_cache(maxsize=1)
def wordly() -> Flags:
    """Which folded codes look like characters of words that spaces set apart."""
    return is_word(tables()[0])


def single_words(literals: Sequence[str]) -> Flags:
    """Which literals are one word, of nothing but such characters."""
    codes = np.frombuffer("\n".join([*literals, ""]).encode("utf-16-le", "replace"), "<u2")
    ends = np.flatnonzero(codes == 0x0A)  # each counts as a character before the next literal
    other = np.concatenate(([0], np.cumsum(~wordly()[codes])))
    return np.asarray(np.diff(other[ends], prepend=0) == np.arange(len(ends)).clip(max=1), bool)


class Vocabulary:
    """Words and their numbers, counted from 1, looked up for all the words of a page at once.

    A word's first 8 characters are compared as two numbers of 64 bits; longer words, and the few that share a slot of the table
    with another, are looked up one by one.
    """

    _SLOTS = 15  # bits: 64 KB
    _ASK = 1

    def __init__(self, words: Sequence[str]) -> None:
        self._numbers = {word.encode("utf-16-le", "replace"): number for number, word in enumerate(words, 1)}
        lengths = np.array([len(word) for word in self._numbers], np.int64) // 2
        codes = np.frombuffer(b"".join(self._numbers), np.dtype("<u2"))
        ends = np.cumsum(lengths)
        low, high, slots = self._heads(codes, ends - lengths, lengths)
        # entry 0 stands for an empty slot, 1 for one where a word must be looked up by itself
        self._low, self._high = np.concatenate((_FIRST[[0, 0]], low)), np.concatenate((_FIRST[[0, 0]], high))
        self._number = np.concatenate(([0, 0], np.arange(1, len(lengths) + 1)))
        self._entry = np.zeros(1 << self._SLOTS, np.int16 if len(lengths) < 32_000 else np.int32)
        self._entry[slots] = self._number[2:] + 1
        self._entry[slots[lengths > _HEAD]] = self._ASK
        self._entry[np.bincount(slots, minlength=len(self._entry)) > 1] = self._ASK

    def _heads(
        self, codes: npt.NDArray[np.uint16], begins: Integers, lengths: Integers
    ) -> tuple[_Bits, _Bits, Integers]:
        """For each word its first 4 characters, the next 4, and its slot."""
        padded = np.zeros(len(codes) + _HEAD, np.dtype("<u2"))
        padded[: len(codes)] = codes
        fours: _Bits = np.ndarray((len(codes) + 5,), np.dtype("<u8"), padded, 0, (2,))
        low = fours[begins] & _FIRST[np.minimum(lengths, 4)]
        high = fours[begins + 4] & _FIRST[np.clip(lengths - 4, 0, 4)]
        return low, high, ((low * _GOLDEN + high * _MIX) >> np.uint64(64 - self._SLOTS)).astype(np.int64)

    def numbers(self, codes: npt.NDArray[np.uint16], begins: Integers, ends: Integers) -> Integers:
        """The number of each word, 0 for unknown ones."""
        lengths = ends - begins
        low, high, slots = self._heads(codes, begins, lengths)
        entry = self._entry[slots]
        known = (self._low[entry] == low) & (self._high[entry] == high) & (lengths <= _HEAD)
        numbers: Integers = self._number[entry] * known
        for word in np.flatnonzero(entry == self._ASK).tolist():
            letters = codes[begins[word] : ends[word]].astype("<u2", copy=False).tobytes()
            numbers[word] = self._numbers.get(letters, 0)
        return numbers


def _codes(text: str) -> npt.NDArray[np.uint16]:
    """A text's code points, one for each character; those past the Basic Multilingual Plane as 0xFFFF."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.dtype("<u2"))
    if len(units) == len(text):  # the usual case, in a fifth of the time
        return units.astype(np.uint16, copy=False)
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.dtype("<u4"))
    return np.minimum(points, np.uint32(0xFFFF)).astype(np.uint16)


def split(text: str) -> Page:
    """A text's lines, with their exact places.

    >>> page = split("one\\n\\n  two ")
    >>> [page.line(i) for i in range(len(page))], page.blanks.tolist()
    (['one', 'two'], [0, 1])
    """
    classes_of = tables()[0]
    codes = _codes(text)
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
    ink = np.flatnonzero((classes != SPACE) & (classes != NEWLINE) & (classes != NOTHING))
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
