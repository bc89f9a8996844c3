"""``BoilerplateCleaner``: the cleaner as a step of a scikit-learn pipeline."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.language import Detector
from cleaner.pipeline import Cleaner

try:
    from sklearn.base import BaseEstimator, TransformerMixin
    from sklearn.utils.validation import check_is_fitted
except ImportError:
    raise ImportError("BoilerplateCleaner needs scikit-learn: pip install 'boilerplate-cleaner[sklearn]'") from None


class BoilerplateCleaner(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Pages' texts to their bodies, in scikit-learn's way.

    It learns nothing from the texts: ``fit`` checks the settings and reads the packs. It can be cloned and pickled, and its settings searched over.

    Args:
        lang: the language of all texts, as data sets write it; detected for each where None.
        detector, keep, favor_recall, favor_precision, packs, model: as ``cleaner.Cleaner`` takes them.

    Examples:
        >>> from sklearn.feature_extraction.text import CountVectorizer
        >>> from sklearn.pipeline import make_pipeline
        >>> pages = ["Share on Facebook\\n\\nThe mill has reopened after nine years, and bread is sold there again."]
        >>> words = make_pipeline(BoilerplateCleaner(lang="en"), CountVectorizer())
        >>> _ = words.fit(pages)
        >>> "mill" in words[-1].vocabulary_, "facebook" in words[-1].vocabulary_
        (True, False)
    """

    def __init__(
        self,
        *,
        lang: str | None = None,
        detector: str | Detector = "langdetect",
        keep: Iterable[str] = (),
        favor_recall: bool = False,
        favor_precision: bool = False,
        packs: Iterable[str | Path] = (),
        model: str | Path | None = "default",
    ) -> None:
        self.lang = lang
        self.detector = detector
        self.keep = keep
        self.favor_recall = favor_recall
        self.favor_precision = favor_precision
        self.packs = packs
        self.model = model

    def fit(self, X: Any = None, y: Any = None) -> BoilerplateCleaner:  # noqa: N803
        """Checks the settings; neither ``X`` nor ``y`` is looked at.

        Raises:
            TypeError, ValueError, PackError: where a setting is not one, as ``cleaner.Cleaner`` does.
        """
        settings = self.get_params(deep=False)
        del settings["lang"]
        self.cleaner_ = Cleaner(**settings)
        return self

    def transform(self, X: Iterable[str]) -> npt.NDArray[np.object_]:  # noqa: N803
        """The bodies of texts, in order.

        Args:
            X: strings in one dimension: a list, an array, a column of a data frame.

        Returns:
            An array of strings, as long as ``X``.

        Raises:
            NotFittedError: before ``fit``.
            ValueError: where ``X`` is a single string or a table.
            TypeError: where something in ``X`` is no string, a missing value for one.
        """
        check_is_fitted(self)
        if isinstance(X, str):
            raise ValueError("X is many texts, such as a list of strings, not a single string")
        if getattr(X, "ndim", 1) != 1:
            raise ValueError(
                "X is texts in one dimension, not a table: take one column, and in a ColumnTransformer name it 'text', not ['text']"
            )
        bodies = [self.cleaner_.clean(_text(text, number), self.lang) for number, text in enumerate(X)]
        # made in two steps, so that NumPy never takes a list of texts for something else
        found = np.empty(len(bodies), object)
        found[:] = bodies
        return found

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn asks of an estimator: it takes strings, in one dimension."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.no_validation = True
        return tags


def _text(text: Any, number: int) -> str:
    if isinstance(text, str):
        return text
    raise TypeError(
        f"a text must be a string, not a number or a missing value: X[{number}] is {text!r}; fill or drop such rows first"
    )
