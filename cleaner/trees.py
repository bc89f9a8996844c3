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
    """A forest: for each level of its trees the questions (feature, border) of all of them, and their leaves one after the other."""

    feature: npt.NDArray[np.intp]
    border: npt.NDArray[np.float32]
    leaves: npt.NDArray[np.int32]
    bias: int

    @classmethod
    def read(cls, data: Mapping[str, Any], names: Sequence[str]) -> Trees:
        """A forest from its form in a weights file; raises ``KeyError`` or ``ValueError`` where that is broken."""
        place = {name: number for number, name in enumerate(names)}
        trees, depth = data["trees"], int(data["depth"])
        questions = [question for tree in trees for question in tree["questions"]]
        leaves = np.array([tree["leaves"] for tree in trees], np.int32).reshape(len(trees), 2**depth)
        shape = (len(trees), depth)
        if len(questions) != depth * len(trees) or depth > 8:
            raise ValueError(f"a tree has not {depth} questions, or more than 8")
        return cls(
            feature=np.array([place[name] for name, _ in questions], np.intp).reshape(shape).T.copy(),
            border=np.array([border for _, border in questions], np.float32).reshape(shape).T[:, :, None].copy(),
            leaves=leaves.ravel(),
            bias=int(data["bias"]),
        )

    def judge(self, matrix: Matrix) -> npt.NDArray[np.int64]:
        """The forest's log-odds for each line, in parts of ``UNIT``."""
        lines = matrix.shape[1]
        blocks = [self._judge(matrix[:, at : at + BLOCK]) for at in range(0, lines, BLOCK)]
        return np.concatenate(blocks) if blocks else np.zeros(0, np.int64)

    def _judge(self, matrix: Matrix) -> npt.NDArray[np.int64]:
        depth, trees = self.feature.shape
        leaf = np.zeros((trees, matrix.shape[1]), np.uint8)
        # level by level, so that what is at work fits the processor's cache: four times as fast as all at once
        for level in range(depth):
            answers = matrix.take(self.feature[level], axis=0) > self.border[level]
            leaf |= answers.view(np.uint8) << np.uint8(level)
        places = leaf + (np.arange(trees) << depth)[:, None]
        odds: npt.NDArray[np.int64] = self.leaves.take(places).sum(axis=0, dtype=np.int64)
        return odds + self.bias
