"""Where rules hit a page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cleaner.lines import Flags, Integers, renumbered

Shares = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Hits:
    """Where rules hit a page, one entry a hit, and how words are spread over its lines.

    ``start`` and ``end`` are places in the source. ``whole``: all the letters of the line lie inside the hit.
    ``stop``, ``chrome`` and ``menu`` count a line's function words, words of site furniture, and menu labels that
    are the whole line; ``tiled`` is the share of its letters that lie in phrases of line rules.
    """

    rule: Integers
    line: Integers
    start: Integers
    end: Integers
    whole: Flags
    stop: Integers
    chrome: Integers
    menu: Flags
    tiled: Shares

    @classmethod
    def none(cls) -> Hits:
        """The hits on a page without lines."""
        no, never = np.zeros(0, np.int64), np.zeros(0, bool)
        return cls(no, no, no, no, never, no, no, never, np.zeros(0))

    def only(self, lines: Integers, of: int) -> Hits:
        """The hits on some of a page's lines, of which there are ``of``."""
        stay, line = renumbered(self.line, lines, of)
        return Hits(
            rule=self.rule[stay],
            line=line,
            start=self.start[stay],
            end=self.end[stay],
            whole=self.whole[stay],
            stop=self.stop[lines],
            chrome=self.chrome[lines],
            menu=self.menu[lines],
            tiled=self.tiled[lines],
        )

    def beside(self, first: Hits, rules: int) -> Hits:
        """The first hits and these, of rules that are numbered behind the first ``rules``; words are counted by whose list has them."""
        return Hits(
            rule=np.concatenate((first.rule, self.rule + rules)),
            line=np.concatenate((first.line, self.line)),
            start=np.concatenate((first.start, self.start)),
            end=np.concatenate((first.end, self.end)),
            whole=np.concatenate((first.whole, self.whole)),
            stop=first.stop + self.stop,
            chrome=first.chrome + self.chrome,
            menu=first.menu | self.menu,
            tiled=np.maximum(first.tiled, self.tiled),
        )
