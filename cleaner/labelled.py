"""Labelled pages: the format that ``cleaner evaluate`` and ``cleaner fit`` read.

One JSON object a line (``.jsonl`` or ``.jsonl.gz``): ``text``, and either ``labels``, one for each piece of ``text.split("\\n")`` (``C``
body, ``B`` boilerplate, ``T`` headline, ``M`` undecided, ``""`` blank), or ``gold``, the reference body, from which the labels are made. Optional:
``id``, ``lang``, ``domain`` (the site), ``source``, ``tier`` (where the text comes from), ``title``, ``weight`` (how much the page counts
where weights are fitted; 1).
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

_T = TypeVar("_T")

BODY, CHROME, HEADLINE, UNDECIDED, EMPTY = _LABELS = ("C", "B", "T", "M", "")
_FORM = "a page is a JSON object on a line, in UTF-8 (docs/accuracy.md; HTML: docs/html.md)"
# Words; single characters in Chinese, Japanese, Korean, Thai and Burmese.
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f\u1000-\u109f]|[^\W_]+")


class DataError(ValueError):
    """A labelled file that cannot be read: the file, the line and the reason."""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled page."""

    id: str
    text: str
    labels: tuple[str, ...]
    gold: str
    lang: str | None
    domain: str
    source: str
    tier: str
    weight: float = 1.0


def tokens(text: str) -> list[str]:
    """The words of a text, in compatibility form and lower case."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).lower())


def read_rows(path: Path | str) -> Iterator[Row]:
    """The rows of a labelled file.

    Raises:
        DataError: with the file, the line and the reason, where something is not as it must be.
    """
    return read_lines(path, _row)


def read_lines(path: Path | str, row_of: Callable[[dict[str, Any], int], _T]) -> Iterator[_T]:
    """The rows of a labelled file.

    Args:
        path: the file.
        row_of: makes a row of a line's object and its number; a ``ValueError`` says what is wrong with it.

    Raises:
        DataError: with the file, the line and the reason, where something is not as it must be.
    """
    with gzip.open(path, "rt", encoding="utf-8") if str(path).endswith(".gz") else open(path, encoding="utf-8") as file:
        number = 0
        try:
            for number, line in enumerate(file, 1):
                data = json.loads(line)
                if not isinstance(data, dict):
                    raise ValueError(_FORM)
                yield row_of(data, number)
        except (json.JSONDecodeError, RecursionError) as error:
            raise DataError(f"{path}, line {number}: not JSON: {error}; {_FORM}") from None
        except UnicodeDecodeError as error:
            raise DataError(f"{path}, after line {number}: not UTF-8: {error.reason}; {_FORM}") from None
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise DataError(f"{path}, after line {number}: not a whole gzip file: {error}") from None
        except ValueError as error:
            raise DataError(f"{path}, line {number}: {error}") from None


def string_of(data: dict[str, Any], name: str) -> str | None:
    """A string of a line's object; None where there is none.

    Raises:
        ValueError: where it is something else.
    """
    value = data.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{name!r} is a string, not {type(value).__name__}")
    return value


def _row(data: dict[str, Any], number: int) -> Row:
    text, gold, title, lang = (string_of(data, name) for name in ("text", "gold", "title", "lang"))
    labels = data.get("labels")
    if text is None:
        raise ValueError("no 'text'")
    if labels is None:
        if gold is None:
            raise ValueError("neither 'labels' nor 'gold'")
        labels = labels_from(text, gold, title or "")
    if not isinstance(labels, list) or any(label not in _LABELS for label in labels):
        raise ValueError(f"'labels' is a list of {', '.join(map(repr, _LABELS))}")
    lines = text.split("\n")
    if len(labels) != len(lines):
        raise ValueError(f"{len(labels)} labels for {len(lines)} lines")
    weight = data.get("weight", 1.0)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= 100:
        raise ValueError("'weight' is a number from 0 to 100")
    if gold is None:
        gold = "\n".join(line for line, label in zip(lines, labels, strict=True) if label == BODY)
    return Row(
        id=str(data.get("id", number)),
        text=text,
        labels=tuple(labels),
        gold=gold,
        lang=lang or None,
        domain=str(data.get("domain") or data.get("id", number)),
        source=str(data.get("source", "")),
        tier=str(data.get("tier", "")),
        weight=float(weight),
    )


def labels_from(text: str, gold: str, title: str = "") -> list[str]:
    """Labels for a page's lines from its reference body: a line is body if its words stand there in a row."""
    body = " " + " ".join(tokens(gold)) + " "
    whole = Counter(" ".join(tokens(line)) for line in gold.split("\n"))
    headline = tokens(title)
    labels = []
    for line in text.split("\n"):
        words = tokens(line)
        said = " ".join(words)
        if not words:
            labels.append(EMPTY if not line.strip() else UNDECIDED)
        elif words == headline:
            labels.append(HEADLINE)
        elif said in whole or (len(words) >= 4 and f" {said} " in body):
            labels.append(BODY)
        else:
            labels.append(CHROME)
    return labels
