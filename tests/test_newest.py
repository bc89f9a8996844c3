"""Lists by the clock, newest first."""

from __future__ import annotations

import numpy as np
import pytest

import cleaner
from cleaner.lines import split
from cleaner.newest import FEWEST, newest_first

BODY = """The old mill at Ottering has been sold to a cooperative of forty families, who mean to bake there from next spring.
"We have been waiting for this since the flood," said Ines Dahl, who speaks for them, when the papers were signed on Monday.
The town keeps the weir, and with it the right to close the sluice when the river rises."""
NEWS = """20:58 Ferry company adds two boats
17:04 Council votes on the harbour wall
14:42 Fewer visitors in the tower
12:01 School choir sings in the rain
11:56 Storm warning for the coast"""


def listed(*lines: str) -> list[bool]:
    page = split("\n".join(lines))
    return newest_first(page, np.arange(len(page))).tolist()


@pytest.mark.parametrize(
    ("clocks", "wanted"),
    [
        ("20:58 17:04 14:42 12:01 11:56", True),
        ("0:20 23:45 22:10 21:00 20:05", True),  # over midnight
        ("20:58 17:04 14:42 12:01", False),  # too few
        ("9:00 10:30 11:15 12:30 14:00", False),  # a timetable
        ("9:00 9:00 9:00 9:00 9:00", False),
        ("20:58 9:00 17:04 10:00 12:01", False),  # in no order
    ],
)
def test_times_fall_in_a_list_of_the_latest_news(clocks: str, wanted: bool) -> None:
    lines = [f"{clock} Something happened" for clock in clocks.split()]
    assert listed(*lines) == [wanted] * len(lines)
    assert listed("A line before", *lines, "A line after") == [False, *[wanted] * len(lines), False]


def test_a_line_between_breaks_a_list() -> None:
    lines = NEWS.splitlines()
    assert len(lines) == FEWEST
    assert not any(listed(*lines[:2], "Sport", *lines[2:]))
    assert listed() == []


def test_a_list_of_the_latest_news_goes_and_a_timetable_stays() -> None:
    assert cleaner.clean(f"{BODY}\n{NEWS}", "en") == BODY
    found = cleaner.explain(f"{BODY}\n{NEWS}", "en")
    assert {span.rule for span in found.spans if not span.kept} == {"common.related.newest-first"}
    timetable = "\n".join(NEWS.splitlines()[::-1])
    assert cleaner.clean(f"{BODY}\nThe day in Ottering:\n{timetable}\n{BODY}", "en").count(timetable) == 1
