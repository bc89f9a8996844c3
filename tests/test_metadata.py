"""Dates as lines write them, and what is no headline."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner import Cleaner
from cleaner.metadata import date_of
from cleaner.pipeline import matcher_for

SITE = """
[related.more]
effect = "line"
phrases = ["more from the valley"]
examples = ["More from the valley"]
counterexamples = ["More from the valley came than had been asked."]
"""


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
        # of two dates the first one
        ("en", "Published 3 May 2019, updated 2 January 2020", "2019-05-03"),
        ("en", "Updated 2 January 2020, published May 3, 2019", "2020-01-02"),
        ("en", "12 | May 13, 2019", "2019-05-13"),
        # a time and what is counted are no year
        ("en", "3 May 14:30", None),
        ("en", "May 3, 14:30", None),
        ("de", "3. Mai 14.30 Uhr", None),
        ("fr", "3 mai 10h30", None),
        ("en", "Posted on May 3 at 10:15", None),
        ("en", "3 May 12 comments", None),
        ("en", "3 May 2019 at 14:30, 12 comments", "2019-05-03"),
        ("en", "Posted: May 3, 19", "2019-05-03"),
        ("en", "November 2, 202111:15 am", "2021-11-02"),
        ("en", "Tue Jan 17 17:51:37 CET 2012", "2012-01-17"),
        # a rating and a page's number
        ("en", "4.8 / 5", None),
        ("en", "1 - 4 / 4", None),
        ("ko", "2019년 5월 3일", "2019-05-03"),
        ("zh-cn", "2019年5月3日 09:44", "2019-05-03"),
        ("ja", "2019/05/03", "2019-05-03"),
        ("hu", "2019. május 23. 08:41, csütörtök", "2019-05-23"),
        ("pl", "3 maja 2019 r.", "2019-05-03"),
        ("th", "3 พฤษภาคม 2562", "2019-05-03"),
    ],
)
def test_date_of(lang: str, line: str, date: str | None) -> None:
    assert date_of(line, matcher_for(lang)) == date


def test_english_dates_are_month_first_beside_other_packs(tmp_path: Path) -> None:
    site = tmp_path / "valley.example.toml"
    site.write_text(SITE, encoding="utf-8")
    text = "The old mill\n\nPublished: 03/04/2021\n\nThe mill by the river has been turning again since Monday morning."
    for cleaner in (Cleaner(), Cleaner(sites=[site]), Cleaner(packs=[site])):
        assert cleaner.explain(text, "en", "https://valley.example/a").date == "2021-03-04"


@pytest.mark.parametrize(
    "top",
    [
        "Here is how to make the crossing a bit more pleasant.\nBy Orla Penhallow",
        "Menu\nSearch\nSee the latest from the river with news and videos.",
        "「いちばん静かな渡し船」を訪ねた。\n",
    ],
)
def test_a_line_with_a_full_stop_is_no_headline(top: str) -> None:
    story = "The pilot has carried people over the river for thirty years, and he says that the fog was never as thick as then."
    page = f"{top}\n{story}\n{story.replace('thirty', 'twenty')}\n{story.replace('fog', 'rain')}\n© 2023 Harrow Ferry. All rights reserved."
    assert Cleaner().explain(page, lang="en").title is None
