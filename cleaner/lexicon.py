"""What the words of a line say: how far each word, and each pair of them, speaks for body or for chrome.

Rules know the phrases that chrome is made of. A lexicon, fitted to labelled pages, knows what else in a line's wording gives it away:
many words, each a little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.lines import Flags, Integers, codes_of, distinct
from cleaner.words import Bits, Terms, numbers_of, pairs_of

# For each line what its terms say, in parts of ``trees.UNIT`` log-odds of body, and how many of them are known: a row each.
Said = npt.NDArray[np.int64]

# Of a term's number so many bits lead to the place where it would stand; some four terms share one at most.
_SLOT = 18


@dataclass(frozen=True)
class Lexicon:
    """Terms, in order of their numbers, and what each adds to the log-odds of body.

    ``slot`` says for each value of a number's first bits where the terms that begin so begin, and ``most`` how many do so at most.
    """

    term: Bits
    odds: Integers
    bias: int
    slot: npt.NDArray[np.int32]
    most: int

    @classmethod
    def of(cls, term: Bits, odds: Integers, bias: int) -> Lexicon:
        """A lexicon of some terms, in any order."""
        order = np.argsort(term)
        term, odds = term[order], odds[order]
        slot = _slot(term).searchsorted(np.arange((1 << _SLOT) + 1))
        return cls(term, odds, bias, slot.astype(np.int32), int(np.diff(slot).max()))

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Lexicon:
        """A lexicon from its form in a weights file; raises ``KeyError`` or ``ValueError`` where that is broken."""
        return cls.of(
            numbers_of_terms(list(data["terms"])), np.array(list(data["terms"].values()), np.int64), int(data["bias"])
        )

    def said(self, terms: Terms, lines: int) -> Said:
        """What the terms of each line add up to, each counted once, and how many of them are known."""
        place, found = self._find(terms.term)
        place, line = np.divmod(distinct(place[found] * max(lines, 1) + terms.line[found]), max(lines, 1))
        # whole numbers in double precision: the sums are exact, whatever the order of addition
        odds = np.bincount(line, self.odds[place], lines).astype(np.int64)
        return np.array((odds + self.bias, np.bincount(line, minlength=lines)))

    def _find(self, number: Bits) -> tuple[Integers, Flags]:
        """Where in the lexicon a term of each number is, and whether there is one."""
        if not len(self.term):
            return np.zeros(len(number), np.int64), np.zeros(len(number), bool)
        place = self.slot.take(_slot(number)).astype(np.int64)
        for _ in range(self.most - 1):
            place += self.term.take(place, mode="clip") < number
        return place, self.term.take(place, mode="clip") == number


def _slot(number: Bits) -> Integers:
    return (number >> np.uint64(64 - _SLOT)).astype(np.int64)


def numbers_of_terms(written: Sequence[str]) -> Bits:
    """The numbers of terms as a weights file writes them: ``word``, ``two words``, ``^ word`` at a line's beginning, ``word $`` at its end.

    Raises:
        ValueError: where one is neither a word nor a pair of them.
    """
    many = np.array([term.count(" ") for term in written], np.int64)
    codes = codes_of("".join(f"{term} " for term in written))
    ends = np.flatnonzero(codes == 0x20)
    begins = np.concatenate((np.zeros(1, np.int64), ends + 1))[: len(ends)]
    if len(many) and (many.max() > 1 or (ends == begins).any()):
        raise ValueError("a term is one word or two")
    words = numbers_of(codes, begins, ends)
    first = np.cumsum(many + 1) - many - 1
    numbers: Bits = words[first]
    pairs = np.flatnonzero(many)
    numbers[pairs] = pairs_of(words[first[pairs]], words[first[pairs] + 1])
    return numbers
