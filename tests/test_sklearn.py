"""The scikit-learn transformer: scikit-learn's own checks, and what a pipeline asks of it."""

from __future__ import annotations

import pickle
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import NotFittedError, SkipTestWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils.estimator_checks import check_estimator, parametrize_with_checks

import cleaner
from cleaner.integrations.sklearn import BoilerplateCleaner

FIXTURES = Path(__file__).parents[1] / "fixtures"
PAGES = [(FIXTURES / "it" / f"{name}.txt").read_text(encoding="utf-8") for name in ("antidiplomatico", "ponte-rovara")]
BODIES = [
    (FIXTURES / "it" / f"{name}.body.txt").read_text(encoding="utf-8") for name in ("antidiplomatico", "ponte-rovara")
]


class OnRows(BoilerplateCleaner):
    """The cleaner for scikit-learn's checks, which bring tables of numbers: each row is made a page, each body a number."""

    def transform(self, X: Any) -> Any:  # noqa: N803
        rows = np.asarray(X)
        if rows.ndim != 2:
            raise ValueError("Expected 2D array. Reshape your data")
        pages = [
            f"Share on Facebook\n\nThe ferry noted {list(row)} as it left the bay that morning.\n\n© 2020"
            for row in rows
        ]
        bodies = super().transform(pages)
        return np.array([[len(body), sum(map(ord, body))] for body in bodies], float).reshape(len(rows), 2)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.one_d_array = True, False  # else no check is run
        return tags


NO_COLUMNS = "texts have no columns, so their number cannot differ between fit and transform"
EXPECTED = {
    "check_transformer_general": NO_COLUMNS,
    "check_estimator_sparse_tag": "fit does not look at its input, sparse or not",
}


@parametrize_with_checks([OnRows(lang="en")], xfail_strict=True, expected_failed_checks=lambda _estimator: EXPECTED)
def test_scikit_learns_checks(estimator: Any, check: Any) -> None:
    check(estimator)


def test_scikit_learn_finds_nothing_in_the_transformer_itself() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkipTestWarning)  # for strings there are hardly any checks
        assert {found["status"] for found in check_estimator(BoilerplateCleaner())} == {"passed"}


@pytest.mark.parametrize("kind", [list, tuple, np.array, iter])
def test_bodies_come_back_in_order(kind: Any) -> None:
    bodies = BoilerplateCleaner().fit(PAGES).transform(kind(PAGES))
    assert bodies.dtype == object
    assert bodies.tolist() == BODIES


def test_columns_of_data_frames() -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    for column in (pandas.Series(PAGES, index=["a", "b"]), polars.Series(PAGES)):
        assert BoilerplateCleaner().fit_transform(column).tolist() == BODIES


def test_no_texts_give_no_bodies() -> None:
    assert BoilerplateCleaner().fit_transform([]).shape == (0,)


def test_settings_reach_the_cleaner() -> None:
    step = BoilerplateCleaner(lang="it", keep={"title"})
    assert step.fit_transform(PAGES).tolist() == list(cleaner.Cleaner(keep={"title"}).clean_many(PAGES, lang="it"))
    with pytest.raises(ValueError, match="'titel' is no kind"):
        clone(step).set_params(keep=["titel"]).fit(PAGES)


def test_clones_and_pickles() -> None:
    step = BoilerplateCleaner(favor_recall=True, keep=("title",))
    assert clone(step).get_params() == step.get_params()
    assert not hasattr(clone(step.fit(PAGES)), "cleaner_")
    again = pickle.loads(pickle.dumps(step))
    assert again.transform(PAGES).tolist() == step.transform(PAGES).tolist()


def test_a_step_of_a_pipeline_whose_settings_are_searched() -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame({"text": PAGES * 2, "other": [1, 2, 3, 4]})
    texts = make_pipeline(BoilerplateCleaner(lang="it"), TfidfVectorizer())
    model = Pipeline([("columns", ColumnTransformer([("text", texts, "text")])), ("model", LogisticRegression())])
    assert model.fit(table, [0, 1, 0, 1]).predict(table).tolist() == [0, 1, 0, 1]
    assert "copyright" not in model[0].named_transformers_["text"][-1].vocabulary_
    search = GridSearchCV(model, {"columns__text__boilerplatecleaner__favor_recall": [False, True]}, cv=2)
    assert search.fit(table, [0, 1, 1, 0]).best_params_


@pytest.mark.parametrize(
    ("texts", "error", "said"),
    [
        ("one text", ValueError, "not a single string"),
        (np.array([["a"], ["b"]]), ValueError, r"'text', not \['text'\]"),
        (["a", None], TypeError, r"X\[1\] is None; fill or drop"),
        (["a", float("nan")], TypeError, r"X\[1\] is nan; fill or drop"),
        ([b"a"], TypeError, r"X\[0\] is b'a'"),
    ],
)
def test_what_is_no_list_of_texts(texts: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        BoilerplateCleaner().fit().transform(texts)


def test_not_fitted() -> None:
    with pytest.raises(NotFittedError):
        BoilerplateCleaner().transform(PAGES)


def test_without_scikit_learn_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "cleaner.integrations.sklearn")
    monkeypatch.setitem(sys.modules, "sklearn.base", None)
    with pytest.raises(ImportError, match=r"pip install 'boilerplate-cleaner\[sklearn\]'"):
        import cleaner.integrations.sklearn  # noqa: F401
