"""What stands around a page's lines, and where on the page they stand: features of neighbours, blocks and the whole page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.features import OWN, PROSE, Matrix, Seen

Column = npt.NDArray[np.float32]

FAR = 60  # lines; a distance is not looked at further than this


def shifted(rows: npt.NDArray[Any], by: Sequence[int]) -> npt.NDArray[Any]:
    """Rows moved, once for each of ``by``, so that each line has the values of the line so many further on; past the page's ends zero.

    >>> shifted(np.array([[1, 2, 3]]), (-1, 1)).tolist()
    [[[0, 1, 2]], [[2, 3, 0]]]
    """
    reach, lines = max(map(abs, by)), rows.shape[-1]
    padded = np.zeros((*rows.shape[:-1], lines + 2 * reach), rows.dtype)
    padded[..., reach : reach + lines] = rows
    moved: npt.NDArray[Any] = _stretches(padded, lines)[[reach + place for place in by]]
    return moved


def _stretches(rows: npt.NDArray[Any], length: int) -> npt.NDArray[Any]:
    """All stretches of so many columns, from the first on: no copies, so not to be written to."""
    shape = (rows.shape[-1] - length + 1, *rows.shape[:-1], length)
    return np.ndarray(shape, rows.dtype, rows, 0, (rows.itemsize, *rows.strides))


class Sums:
    """Sums of some rows over stretches of lines, from running sums: each costs one subtraction.

    Args:
        rows: one or several; whole numbers, so that sums in double precision are exact.
        reach: how many lines from a line its stretches go at most.
    """

    def __init__(self, rows: npt.NDArray[Any], reach: int) -> None:
        lines = rows.shape[-1]
        sums = np.zeros((*rows.shape[:-1], lines + 1 + 2 * reach))
        np.cumsum(rows, axis=-1, dtype=np.float64, out=sums[..., reach + 1 : reach + 1 + lines])
        sums[..., reach + 1 + lines :] = sums[..., [reach + lines]]
        self._reach, self._from = reach, _stretches(sums, lines)

    def over(self, stretches: Sequence[tuple[int, int]]) -> npt.NDArray[np.float64]:
        """For each stretch the rows' sums from so many lines before each line to so many after it; -1 leaves the line itself out."""
        low, high = zip(*stretches, strict=True)
        sums: npt.NDArray[np.float64] = self._from[[self._reach + 1 + after for after in high]]
        sums -= self._from[[self._reach - before for before in low]]
        return sums


def both_sides(reaches: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """For each reach the stretch before a line and the one after it."""
    return tuple(stretch for reach in reaches for stretch in ((reach, -1), (-1, reach)))


def since(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    """How many lines back the last flagged line is (0 on one), at most ``FAR``."""
    places = np.arange(flags.shape[-1], dtype=np.int32)
    last = np.maximum.accumulate(np.where(flags, places, -FAR), axis=-1)
    return np.minimum(places - last, FAR)


def until(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    """How many lines on the next flagged line is (0 on one), at most ``FAR``."""
    return since(flags[..., ::-1])[..., ::-1]


def mass_since(flags: npt.NDArray[np.bool_], before: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How much mass lies between the last flagged line and each line, the latter left out; all before it where none is flagged.

    ``before`` is the mass before each line.
    """
    return before - np.maximum.accumulate(np.where(flags, before, 0), axis=-1)


def runs(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    """For flagged lines the length of the run of flagged lines that they stand in, else 0; at most ``FAR``."""
    return np.where(flags, np.minimum(since(~flags) + until(~flags) - 1, FAR), 0)


_NEAR = ("width", "stop_density", "ends_sentence", "chrome_density", "obeyed", "capitals")
_NEAR_AT = (-2, -1, 1, 2)
_BESIDE = ("menu", "hint", "indent", "repeated", "digits", "is_byline", "section")
_BESIDE_AT = (-1, 1)
_MASSES = ("text", "suspect", "width")
_REACHES = (3, 8, 20)
_SINCE = ("text", "section", "related", "social", "tail", "head", "byline", "legal")
_UNTIL = ("text", "tail", "head", "byline", "legal")
_MASS_SINCE = ("section", "social", "tail", "obeyed")
_MARKS = (*_SINCE, "obeyed")
_RUNS = ("short", "indented", "suspect", "rule", "digit", "dated")
_PLACE = ("dated_near", "text_share_before", "place", "line", "from_end")
_PAGE = ("lines", "text_lines", "text_share", "text_mean", "suspects", "indented", "stop", "sentences")
NAMES = (
    *OWN,
    "repeated",
    *(f"{name}{by:+d}" for by in _NEAR_AT for name in _NEAR),
    *(f"{name}{by:+d}" for by in _BESIDE_AT for name in _BESIDE),
    *(f"{name}_{side}{reach}" for reach in _REACHES for side in ("before", "after") for name in _MASSES),
    *(f"since_{name}" for name in _SINCE),
    *(f"until_{name}" for name in _UNTIL),
    *(f"text_since_{name}" for name in _MASS_SINCE),
    *(f"{name}_run" for name in _RUNS),
    *_PLACE,
    *(f"page_{name}" for name in _PAGE),
)
ROW = {name: number for number, name in enumerate(NAMES)}
_NEAR_ROWS, _BESIDE_ROWS = [ROW[name] for name in _NEAR], [ROW[name] for name in _BESIDE]
_UNTIL_ROWS, _MASS_ROWS = ([_MARKS.index(name) for name in names] for names in (_UNTIL, _MASS_SINCE))
_STRETCHES = (*both_sides(_REACHES), (4, 4))


def features(seen: Seen) -> Matrix:
    """All features of a page's lines: a row for each of ``NAMES``, a column for each line."""
    lines = len(seen.page)
    own = np.concatenate((seen.own, np.bincount(seen.same)[seen.same][None]), dtype=np.float32)
    row = {name: own[ROW[name]] for name in (*OWN, "repeated")}
    obeyed, section = row["obeyed"] > 0, row["section"] > 0
    prose = (row["width"] >= PROSE) & (row["finals"] > 0)
    firm = prose & (row["stop_density"] > 0) & ~obeyed
    text = np.where(firm, row["width"], 0)
    suspect = row["obeyed"] + row["menu"] > 0
    dated = row["clocks"] + row["dates"] > 0
    indented = row["indent"] > 0
    sums = Sums(np.array((text, suspect, row["width"], dated)), max(_REACHES)).over(_STRETCHES)
    before = np.cumsum(text, dtype=np.float64) - text
    mark = {
        "text": firm,
        "section": section,
        "related": section & (row["is_related"] > 0),
        "social": section & (row["is_social"] > 0),
        "tail": row["tail"] > 0,
        "head": row["head"] > 0,
        "byline": row["is_byline"] > 0,
        "legal": row["is_legal"] > 0,
        "obeyed": obeyed,
    }
    marks = np.array([mark[name] for name in _MARKS])
    shapes = (row["width"] < PROSE / 2, indented, suspect, row["starts_rule"] > 0, row["starts_digit"] > 0, dated)
    places = np.arange(lines)
    # whole numbers in double precision: the sums are exact, whatever the order of addition
    total = max(float(text.sum(dtype=np.float64)), 1.0)
    texts, several = int(firm.sum()), max(lines, 1)
    place = (
        sums[-1, 3],
        before / total,
        places / several,
        np.minimum(places, 500),
        np.minimum(lines - 1 - places, 500),
    )
    page = (
        lines,
        texts,
        total / max(float(row["width"].sum(dtype=np.float64)), 1.0),
        total / max(texts, 1),
        int(suspect.sum()) / several,
        int(indented.sum()) / several,
        float(row["stop"].sum(dtype=np.float64)) / max(float(row["words"].sum(dtype=np.float64)), 1.0),
        int((row["ends_sentence"] > 0).sum()) / several,
    )
    blocks = (
        own,
        *shifted(own[_NEAR_ROWS], _NEAR_AT),
        *shifted(own[_BESIDE_ROWS], _BESIDE_AT),
        *sums[:-1, : len(_MASSES)],
        since(marks[: len(_SINCE)]),
        until(marks[_UNTIL_ROWS]),
        mass_since(marks[_MASS_ROWS], before),
        runs(np.array(shapes)),
        np.array(place),
        np.repeat(np.array(page)[:, None], lines, axis=1),
    )
    return np.concatenate(blocks, dtype=np.float32)


def evidence(column: Column) -> str:
    """A line's most telling features, in words."""
    value = dict(zip(NAMES, column.tolist(), strict=True))
    said = ["long" if value["width"] >= 2 * PROSE else "short" if value["width"] < PROSE else "of middling length"]
    if not value["ends_sentence"]:
        said.append("no full stop")
    if value["repeated"] > 1:
        said.append(f"stands {value['repeated']:.0f} times on the page")
    if value["since_section"] < FAR:
        section = "comments or calls" if value["since_social"] == value["since_section"] else "teasers"
        said.append(f"{value['since_section']:.0f} lines into a section of {section}")
    if 4 <= value["short_run"] < FAR:
        said.append(f"inside a list of {value['short_run']:.0f} such lines")
    if value["until_text"] >= FAR and value["since_text"] < FAR:
        said.append(f"{value['since_text']:.0f} lines after the last running text")
    elif value["since_text"] >= FAR and value["until_text"] > 0:
        said.append("before the first running text")
    if value["chrome_density"] > 0.15:
        said.append("words of site furniture")
    return ", ".join(said)
