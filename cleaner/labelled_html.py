"""Labelled HTML pages: the format that ``cleaner fit --html`` reads, and the labels of a page's lines.

One JSON object a line (``.jsonl`` or ``.jsonl.gz``): ``html``, and ``gold``, the reference text. Optional: ``page_type`` (a kind of page), ``url``
(its site keeps pages together in folds), ``id`` (which stands for the site where there is no ``url``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from cleaner.labelled import read_lines, string_of

Floats = npt.NDArray[np.float64]

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w+")
# Words in a row that tell where a text is from.
_ROW = 4


@dataclass(frozen=True, slots=True)
class HtmlRow:
    """One labelled HTML page."""

    html: str
    gold: str
    page_type: str
    site: str


def read_html_rows(path: Path | str) -> Iterator[HtmlRow]:
    """The rows of a labelled file.

    Raises:
        DataError: with the file, the line and the reason, where something is not as it must be.
    """
    return read_lines(path, _row)


def _row(data: dict[str, Any], number: int) -> HtmlRow:
    html, gold, page_type, url = (string_of(data, name) for name in ("html", "gold", "page_type", "url"))
    if html is None or gold is None:
        raise ValueError(f"no {'html' if html is None else 'gold'!r}")
    try:
        site = _site(url or "")
    except ValueError as error:
        raise ValueError(f"'url' {url!r}: {error}") from None
    return HtmlRow(html, gold, page_type or "", site or str(data.get("id", number)))


def _site(url: str) -> str:
    """The domain that a site is registered under, near enough: two parts of the host, three where the second is short (co.uk)."""
    parts = (urlsplit(url).hostname or "").split(".")
    return ".".join(parts[-3:] if len(parts) > 2 and len(parts[-2]) <= 3 else parts[-2:])


def words(text: str) -> list[str]:
    """Words in lower case, ideographs and kana one by one: as the WCXB benchmark counts."""
    return _WORD.findall(text.lower())


def word_f1(text: str, gold: str) -> tuple[float, float, float]:
    """F1, precision and recall of a text's words against a reference's, as bags.

    Examples:
        >>> word_f1("the mill", "the old mill")
        (0.8, 1.0, 0.6666666666666666)
    """
    got, wanted = Counter(words(text)), Counter(words(gold))
    if not got or not wanted:
        return (1.0, 1.0, 1.0) if not got and not wanted else (0.0, 0.0, 0.0)
    same = (got & wanted).total()
    precision, recall = same / got.total(), same / wanted.total()
    return (2 * precision * recall / (precision + recall) if same else 0.0), precision, recall


def label(lines: Sequence[str], gold: str) -> tuple[Floats, Floats]:
    """For each line the share of its words that stand in the reference four in a row, and its number of words.

    A line of fewer words is taken as often as it stands in the reference, those first that have most of it around them.
    """
    wanted = words(gold)
    rows = {tuple(wanted[at : at + _ROW]) for at in range(len(wanted) - _ROW + 1)}
    said = [words(line) for line in lines]
    share, short = np.zeros(len(lines)), dict[str, list[int]]()
    for line, own in enumerate(said):
        if len(own) < _ROW:
            short.setdefault(" ".join(own), []).append(line)
            continue
        found = np.zeros(len(own), bool)
        for at in range(len(own) - _ROW + 1):
            if tuple(own[at : at + _ROW]) in rows:
                found[at : at + _ROW] = True
        share[line] = found.mean()
    around = np.convolve(np.pad(share, 5), np.ones(11) / 11, "valid")
    whole, few = f" {' '.join(wanted)} ", len(wanted) < 30
    for text, places in short.items():
        times = whole.count(f" {text} ") if text else 0
        for line in sorted(places, key=lambda line: -around[line])[:times]:
            share[line] = 1.0 if few or around[line] > 0 else 0.5 if times >= len(places) else 0.0
    return share, np.array([len(own) for own in said], np.float64)
