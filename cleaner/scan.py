"""Finding many literals on a page at once: phrases by one automaton, single words by one table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

import ahocorasick_rs
import numpy as np
import numpy.typing as npt

from cleaner.characters import is_word, tables
from cleaner.lines import Flags, Integers, distinct
from cleaner.words import FIRST, GOLDEN, Bits, fours_of

# Another, of a 64-bit mix (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_HEAD = 8


class Scanner:
    """One automaton for many literals, over a page's folded codes in one byte each, or in two (UTF-16) where that cannot be.

    In one byte, a letter that begins a word has a code of its own. So no literal is found inside a word from its
    second letter on, and of chance hits half never arise.
    """

    def __init__(self, literals: Sequence[str], numbers: Integers, narrow: bool = True) -> None:
        self._numbers = numbers
        codes = distinct(np.frombuffer("".join(literals).encode("utf-16-le", "replace"), "<u2"))
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
        self._low, self._high = np.concatenate((FIRST[[0, 0]], low)), np.concatenate((FIRST[[0, 0]], high))
        self._number = np.concatenate(([0, 0], np.arange(1, len(lengths) + 1)))
        self._entry = np.zeros(1 << self._SLOTS, np.int16 if len(lengths) < 32_000 else np.int32)
        self._entry[slots] = self._number[2:] + 1
        self._entry[slots[lengths > _HEAD]] = self._ASK
        self._entry[np.bincount(slots, minlength=len(self._entry)) > 1] = self._ASK

    def _heads(self, codes: npt.NDArray[np.uint16], begins: Integers, lengths: Integers) -> tuple[Bits, Bits, Integers]:
        """For each word its first 4 characters, the next 4, and its slot."""
        fours = fours_of(codes)
        low = fours[begins] & FIRST[np.minimum(lengths, 4)]
        high = fours[begins + 4] & FIRST[np.clip(lengths - 4, 0, 4)]
        return low, high, ((low * GOLDEN + high * _MIX) >> np.uint64(64 - self._SLOTS)).astype(np.int64)

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
