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
    """A forest: its questions (whether a feature is above a border), each once; and its trees.

    Attributes:
        feature: the row that each question is about.
        border: of each question, one below the other.
        asked: the numbers of the questions that each tree asks, a row for each level, the first level first.
        leaves: those of all trees, one tree after the other.
        bias: what is added.
    """

    feature: npt.NDArray[np.intp]
    border: npt.NDArray[np.float32]
    asked: npt.NDArray[np.intp]
    leaves: npt.NDArray[np.int32]
    bias: int

    @classmethod
    def read(cls, data: Mapping[str, Any], names: Sequence[str]) -> Trees:
        """A forest from its form in a weights file; raises ``KeyError`` or ``ValueError`` where that is broken."""
        place = {name: number for number, name in enumerate(names)}
        trees, depth = data["trees"], int(data["depth"])
        asked = [(place[name], float(border)) for tree in trees for name, border in tree["questions"]]
        leaves = np.array([tree["leaves"] for tree in trees], np.int32).reshape(len(trees), 2**depth)
        if len(asked) != depth * len(trees) or depth > 8:
            raise ValueError(f"a tree has not {depth} questions, or more than 8")
        number = {question: number for number, question in enumerate(sorted(set(asked)))}
        return cls(
            feature=np.array([feature for feature, _ in number], np.intp),
            border=np.array([border for _, border in number], np.float32)[:, None],
            asked=np.array([number[question] for question in asked], np.intp).reshape(len(trees), depth).T.copy(),
            leaves=leaves.ravel(),
            bias=int(data["bias"]),
        )

    def judge(self, matrix: Matrix) -> npt.NDArray[np.int64]:
        """The forest's log-odds for each line, in parts of ``UNIT``."""
        lines = matrix.shape[1]
        blocks = [self._judge(matrix[:, at : at + BLOCK]) for at in range(0, lines, BLOCK)]
        return np.concatenate(blocks) if blocks else np.zeros(0, np.int64)

    def _judge(self, matrix: Matrix) -> npt.NDArray[np.int64]:
        depth, trees = self.asked.shape
        answers = (matrix.take(self.feature, axis=0) > self.border).view(np.uint8)
        # level by level, so that what is at work fits the processor's cache; a question that several trees ask is answered once
        leaf = np.zeros((trees, matrix.shape[1]), np.uint8)
        for level in reversed(self.asked):
            leaf += leaf
            leaf += answers.take(level, axis=0)
        places = np.add(leaf, (np.arange(trees) << depth)[:, None], dtype=np.intp)
        odds: npt.NDArray[np.int64] = self.leaves.take(places).sum(axis=0, dtype=np.int64)
        return odds + self.bias
