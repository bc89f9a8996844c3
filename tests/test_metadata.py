"""Dates as lines write them."""

from __future__ import annotations

import pytest

from cleaner.metadata import date_of
from cleaner.pipeline import matcher_for


@pytest.mark.parametrize(
    ("lang", "line", "date"),
    [
        ("en", "May 3, 2019", "2019-05-03"),
        ("en", "2019 3 May", "2019-05-03"),
        ("en", "3 May 19", "2019-05-03"),
        ("en", "05/03/2019", "2019-05-03"),
        ("it", "03/05/2019", "2019-05-03"),
        # the minutes of a time are no year
        ("en", "By Jane Example | 09:44, Thursday, 14 April 2011", "2011-04-14"),
        ("mk", "07:52 - 16 март, 2022", "2022-03-16"),
        # in Welsh, Tuesday and March are one word
        ("cy", "Diweddarwyd: Dydd Mawrth, 12 Mawrth 2019", "2019-03-12"),
        ("en", "Thursday at ten", None),
    ],
)
def test_date_of(lang: str, line: str, date: str | None) -> None:
    assert date_of(line, matcher_for(lang)) == date
