"""Boosted oblivious decision trees, evaluated for all lines of a page at once.

Oblivious trees ask the same question at each node of a level, so a line's leaf is the number that its answers spell in
binary (Prokhorenkova et al., "CatBoost: unbiased boosting with categorical features", NeurIPS 2018). Leaves are integers:
their sum is the same on every machine, in any order of addition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.features import Matrix

# Log-odds are counted in parts of one.
UNIT = 256
# Pages are judged so many lines at a time: memory stays bounded whatever the page.
BLOCK = 4096


@dataclass(frozen=True)
class Trees:
    """A forest: for each tree its questions (feature, border), and a leaf for each row of answers."""

    feature: npt.NDArray[np.intp]
    border: npt.NDArray[np.float32]
    leaves: npt.NDArray[np.int32]
    depth: int
    bias: int

    @classmethod
    def read(cls, data: Mapping[str, Any], names: Sequence[str]) -> Trees:
        """A forest from its form in a weights file; raises ``KeyError`` or ``ValueError`` where that is broken."""
        place = {name: number for number, name in enumerate(names)}
        trees, depth = data["trees"], int(data["depth"])
        questions = [question for tree in trees for question in tree["questions"]]
        leaves = np.array([tree["leaves"] for tree in trees], np.int32).reshape(len(trees), 2**depth)
        if len(questions) != depth * len(trees) or depth > 8:
            raise ValueError(f"a tree has not {depth} questions, or more than 8")
        return cls(
            feature=np.array([place[name] for name, _ in questions], np.intp),
            border=np.array([border for _, border in questions], np.float32)[:, None],
            leaves=leaves,
            depth=depth,
            bias=int(data["bias"]),
        )

    def judge(self, matrix: Matrix) -> npt.NDArray[np.int64]:
        """The forest's log-odds for each line, in parts of ``UNIT``."""
        lines = matrix.shape[1]
        blocks = [self._judge(matrix[:, at : at + BLOCK]) for at in range(0, lines, BLOCK)]
        return np.concatenate(blocks) if blocks else np.zeros(0, np.int64)

    def _judge(self, matrix: Matrix) -> npt.NDArray[np.int64]:
        answers = (matrix[self.feature] > self.border).reshape(len(self.leaves), self.depth, -1)
        leaf = np.packbits(answers, axis=1, bitorder="little")[:, 0].astype(np.intp)
        odds: npt.NDArray[np.int64] = np.take_along_axis(self.leaves, leaf, axis=1).sum(axis=0, dtype=np.int64)
        return odds + self.bias
