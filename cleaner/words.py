"""The words of a page's lines: stems, to compare lines by what they speak of, and terms, to look up what is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from cleaner.characters import HANGUL, RUNNING, WIDE
from cleaner.lines import Flags, Integers, Page, codes_of, distinct, renumbered

Bits = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Stems:
    """A page's words for comparing lines by what they speak of: the number of each stem and the line, each once a line.

    A stem is the first five letters of a word of at least four, which lets inflected forms meet; of at least three where vowels
    are not written; of Korean words, the first two syllables; where nothing sets words apart, two neighbouring ideographs or kana,
    or four letters.
    """

    stem: Integers
    line: Integers

    def only(self, lines: Integers, of: int) -> Stems:
        """The words of some of a page's lines, of which there are ``of``."""
        stay, number = renumbered(self.line, lines, of)
        return Stems(self.stem[stay], number)


SPEAKING = 4
# Shorter words that speak: those of Hebrew and Arabic letters, where vowels are not written, and of syllables of one character each.
_ABJADS = (0x0590, 0x08FF)
_OF_ABJADS, _OF_SYLLABLES = 3, 2
# An odd multiplier that spreads bits well: 2**64 over the golden ratio (Knuth, "The Art of Computer Programming", 6.4).
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


# The bits of the first so many of four characters.
FIRST = np.array([(1 << 16 * several) - 1 for several in range(5)], np.uint64)


def fours_of(codes: npt.NDArray[np.uint16]) -> Bits:
    """For each character, and for four places past the last, that one and the next three as one number."""
    padded = np.zeros(len(codes) + 8, np.dtype("<u2"))
    padded[: len(codes)] = codes
    fours: Bits = np.ndarray((len(codes) + 5,), np.dtype("<u8"), padded, 0, (2,))
    return fours


def stems_of(page: Page) -> Stems:
    """The words that a page's lines speak in; folded, so that case and accents make no difference."""
    folded = page.folded
    fours = fours_of(folded.codes)
    first, length = folded.codes[folded.begins], folded.ends - folded.begins
    abjad = (_ABJADS[0] <= first) & (first <= _ABJADS[1])
    syllables = folded.classes[folded.begins] == HANGUL
    long = length >= np.select([abjad, syllables], [_OF_ABJADS, _OF_SYLLABLES], SPEAKING)
    starts, length = folded.begins[long], np.where(syllables, _OF_SYLLABLES, length)[long]
    fifth = np.where(length > SPEAKING, folded.codes.take(starts + SPEAKING, mode="clip"), np.uint16(0))
    pairs = _side_by_side(folded.classes == WIDE, 2)
    quads = _side_by_side(folded.classes == RUNNING, SPEAKING)
    heads = fours[starts] & FIRST[np.minimum(length, SPEAKING)]
    stems = (heads * GOLDEN + fifth, fours[pairs] & FIRST[2], fours[quads])
    line = np.concatenate((folded.line[starts], folded.line[pairs], folded.line[quads]))
    number = np.unique(np.concatenate(stems), return_inverse=True)[1].astype(np.int64)
    lines = max(len(page), 1)
    return Stems(*np.divmod(distinct(number * lines + line), lines))


def _side_by_side(flags: Flags, several: int) -> Integers:
    """Where so many flagged characters stand side by side."""
    if not flags.any():
        return np.zeros(0, np.int64)
    together = np.convolve(flags, np.ones(several, np.int64))[several - 1 : len(flags)] == several
    return np.flatnonzero(together)


@dataclass(frozen=True)
class Terms:
    """The words of a page's lines and the pairs of neighbouring ones, as numbers that are theirs on every page, with the line of each.

    A line's beginning and its end are paired as words are. An ideograph or a kana is a word of its own; each digit counts as 0.
    """

    term: Bits
    line: Integers


# What stands for a line's beginning and end in a pair; neither is in a word.
BEGIN, END = "^", "$"
# Odd multipliers of 64-bit mixes (xxHash, Collet 2012): a pair is another in the other order.
_LEFT, _RIGHT = np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9)
# Letters; few pages have more.
_USUAL = 1 << 16


def _powers(several: int) -> tuple[Bits, Bits]:
    """Powers of ``GOLDEN``, from the first on, and those of its inverse, from the zeroth on."""
    inverse = np.uint64(pow(int(GOLDEN), -1, 1 << 64))
    back = np.full(several, inverse)
    back[:1] = 1
    return np.multiply.accumulate(np.full(several, GOLDEN)), np.multiply.accumulate(back)


@lru_cache(maxsize=1)
def _usual_powers() -> tuple[Bits, Bits]:
    return _powers(_USUAL)


def numbers_of(codes: npt.NDArray[np.uint16], begins: Integers, ends: Integers) -> Bits:
    """For each word a number that hardly another one has (Karp and Rabin 1987): its letters weighed by powers of a large one.

    All letters of the page are weighed by their places on it, and summed once; a word's part of the sum is scaled back to its beginning.
    """
    letters = without_digits(codes).astype(np.uint64)
    letters += np.uint64(1)
    powers, back = _usual_powers() if len(codes) <= _USUAL else _powers(len(codes))
    letters *= powers[: len(codes)]
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(letters, out=sums[1:])
    numbers: Bits = (sums.take(ends) - sums.take(begins)) * back.take(begins)
    return numbers


def without_digits(codes: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint16]:
    """Folded codes with 0 for each digit."""
    return np.where((codes >= 0x30) & (codes <= 0x39), np.uint16(0x30), codes)


def pairs_of(left: Bits, right: Bits) -> Bits:
    """For each pair of words a number, from those of the two."""
    return np.asarray(left * _LEFT ^ right * _RIGHT, np.uint64)


_BEGIN, _END = np.split(numbers_of(codes_of(BEGIN + END), np.arange(2), np.arange(2) + 1), 2)


def places_of(page: Page) -> tuple[Integers, Integers]:
    """Where the words of a page's folded form begin and end, ideographs and kana one by one."""
    folded = page.folded
    wide = np.flatnonzero(folded.classes == WIDE)
    if not len(wide):
        return folded.begins, folded.ends
    begins = np.concatenate((folded.begins, wide))
    order = np.argsort(begins, kind="stable")
    return begins[order], np.concatenate((folded.ends, wide + 1))[order]


def terms_of(page: Page) -> Terms:
    """The terms of a page's lines."""
    folded = page.folded
    begins, ends = places_of(page)
    word, line = numbers_of(folded.codes, begins, ends), folded.line.take(begins)
    new = np.ones(len(line) + 1, bool)
    new[1:-1] = line[1:] != line[:-1]
    before = np.concatenate((_BEGIN, word))
    before[new] = _BEGIN
    last = new[1:]
    return Terms(
        np.concatenate((word, pairs_of(before[:-1], word), pairs_of(word[last], _END))),
        np.concatenate((line, line, line[last])),
    )
