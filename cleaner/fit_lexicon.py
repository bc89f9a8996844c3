"""Fits a lexicon to labelled pages: which words and pairs of words speak for body, and which for chrome. Needs the extra ``[fit]``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.lexicon import Lexicon
from cleaner.lines import Flags, Page, split
from cleaner.table import Table
from cleaner.trees import UNIT
from cleaner.words import BEGIN, END, places_of, terms_of, without_digits

# A term that fewer sites have is theirs, not their language's.
SITES = 4
# Of all terms those that weigh on most lines, as many as make a file of some half a megabyte; all of them bring no more on sites not seen.
TERMS = 30_000
# What weights cost: the inverse of the variance that they are expected to have. 1, 10 and 25 tried by four folds over sites.
COST = 10.0


class Lexicographer:
    """The terms of all lines of a table, for fitting lexicons to some of them.

    Raises:
        ImportError: naming the extra, where SciPy or scikit-learn is missing.
    """

    def __init__(self, table: Table) -> None:
        try:
            from scipy.sparse import csr_matrix
        except ImportError:
            raise _missing() from None
        every = np.concatenate([terms.term for terms in table.terms])
        pages = zip(table.terms, table.starts[:-1].tolist(), strict=True)
        line = np.concatenate([terms.line + start for terms, start in pages])
        term, place = np.unique(every, return_inverse=True)
        sites = np.unique(table.site, return_inverse=True)[1]
        of_site = np.unique(place * (len(sites) + 1) + sites[table.page[line]])
        enough = np.bincount(of_site // (len(sites) + 1), minlength=len(term)) >= SITES
        stay = enough[place]
        column = (np.cumsum(enough) - 1)[place[stay]]
        self._term = term[enough]
        self._lines = csr_matrix(
            (np.ones(len(column), np.float32), (line[stay], column)), (len(table.label), len(self._term))
        )
        self._lines.data[:] = 1  # a term counts once on a line

    def fit(self, wanted: Flags, weight: npt.NDArray[np.float64]) -> Lexicon:
        """A lexicon that tells wanted lines from others, by logistic regression."""
        used = weight > 0
        if not len(self._term) or not used.any():
            return Lexicon.of(self._term[:0], np.zeros(0, np.int64), 0)
        try:
            from sklearn.linear_model import LogisticRegression
        except ImportError:
            raise _missing() from None
        lines = self._lines[used]
        model = LogisticRegression(C=1 / COST, tol=1e-3, max_iter=200)
        model.fit(lines, wanted[used], sample_weight=weight[used] / weight[used].mean())
        odds = np.rint(model.coef_[0] * UNIT).astype(np.int64)
        weighs = np.abs(odds) * np.sqrt(lines.getnnz(axis=0))
        most = np.sort(np.argsort(-weighs, kind="stable")[:TERMS])
        most = most[odds[most] != 0]
        return Lexicon.of(self._term[most], odds[most], round(float(model.intercept_[0]) * UNIT))


def _missing() -> ImportError:
    return ImportError("fitting needs SciPy and scikit-learn: pip install 'boilerplate-cleaner[fit]'")


def written(lexicon: Lexicon, texts: Iterable[str]) -> dict[str, Any]:
    """A lexicon in the form of the weights file: its terms are looked up in the texts that it was fitted to."""
    spelled: dict[int, str] = {}
    odds = dict(zip(lexicon.term.tolist(), lexicon.odds.tolist(), strict=True))
    for text in texts:
        page = split(text)
        number = terms_of(page).term
        place = np.minimum(lexicon.term.searchsorted(number), max(len(lexicon.term) - 1, 0))
        known = np.flatnonzero(lexicon.term[place] == number) if len(lexicon.term) else place[:0]
        new = [at for at in known.tolist() if int(number[at]) not in spelled]
        if new:
            terms = spellings(page)
            spelled |= {int(number[at]): terms[at] for at in new}
    return {"bias": lexicon.bias, "terms": dict(sorted((spelled[number], odds[number]) for number in spelled))}


def spellings(page: Page) -> list[str]:
    """A page's terms, in the order of ``terms_of``."""
    folded = page.folded
    letters = without_digits(folded.codes).astype("<u2")
    begins, ends = places_of(page)
    words = [
        letters[begin:end].tobytes().decode("utf-16-le", "replace")
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
    ]
    line = folded.line.take(begins).tolist()
    before = [BEGIN if at == 0 or line[at] != line[at - 1] else words[at - 1] for at in range(len(words))]
    last = [at for at in range(len(words)) if at + 1 == len(words) or line[at] != line[at + 1]]
    pairs = [f"{left} {word}" for left, word in zip(before, words, strict=True)]
    return words + pairs + [f"{words[at]} {END}" for at in last]
