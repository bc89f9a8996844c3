"""Where the body ends."""

from __future__ import annotations

import numpy as np
import pytest

import cleaner
from cleaner.context import NAMES, ROW
from cleaner.ending import ENDING, SHORTEST, SURE, TOUCHED, end_of, endings
from cleaner.fit_ending import NEVER, NO_ENDING
from cleaner.path import SACRED, Evidence
from cleaner.trees import UNIT, Trees
from cleaner.verdicts import VERDICTS

ARTICLE = """The old swing bridge across the harbour carried its first cars on Friday morning, nine months after a freighter struck its eastern pier.
Engineers replaced the bearing on which the bridge turns and forty metres of the railing, at a cost of 2.3 million.
"We tested it through three spring tides before we let anybody across," said the harbour master, Jon Abel, who watched from the quay.
Shopkeepers on the eastern bank had complained that the detour through the tunnel cost them a third of their customers.
The freighter's owner has agreed to pay most of the repairs; the rest comes from the port's insurance."""
MORE = """Ferry fares to rise in June
Passengers on the island line will pay ten per cent more from June, the operator said.
Swimmers warned of jellyfish
Three beaches put up yellow flags on Sunday after a swarm drifted in.
Library finds a lost map
A chart of the bay, drawn in 1790, turned up behind a shelf.
Council votes on bins
Collections move to every second week if the plan passes on Tuesday."""
PAGE = f"Home\nNews\nHarbour bridge reopens\nBy Mara Lind\n{ARTICLE}\nShare on Facebook\n© 2024 Harbour Post\n{MORE}\n"


def test_the_next_stories_go_and_it_is_said_why() -> None:
    found = cleaner.explain(PAGE, "en")
    assert found.text == ARTICLE
    said = {PAGE[span.start : span.end].strip(): span.rule for span in found.spans if not span.kept}
    assert sum(rule.startswith("after the body's end: ") for line, rule in said.items() if line in MORE) >= 4
    assert not any("body's end" in rule for line, rule in said.items() if line not in MORE)


def test_where_nothing_may_be_lost_no_end_is_looked_for() -> None:
    text = cleaner.Cleaner(favor_recall=True).clean(PAGE, "en")
    assert all(line in text for line in MORE.splitlines() if line.endswith("."))


@pytest.mark.parametrize("lang", ["de", "el", "en", "ja", "th"])
def test_a_text_of_which_nothing_goes_has_no_end(lang: str) -> None:
    assert cleaner.clean(ARTICLE + "\n" + MORE, lang).endswith("passes on Tuesday.")


def test_features_of_a_place() -> None:
    matrix = np.zeros((len(NAMES), 6), np.float32)
    matrix[ROW["width"]] = [90, 90, 20, 90, 30, 90]
    matrix[ROW["digits"]] = [0, 0, 9, 0, 0.5, 0]
    none = np.zeros(6, bool)
    keep = ~none
    keep[2] = False
    sentence = np.array([1, 1, 0, 1, 0, 1], bool)
    evidence = Evidence(~keep, none, ~keep, sentence, sentence, none)
    odds = np.array([5, 6, -9, 3, -1, 1]) * UNIT
    rows = endings(matrix, np.zeros((len(VERDICTS), 6), np.float32), odds, keep, evidence)
    assert rows.shape == (len(ENDING), 5)
    place = dict(zip(ENDING, rows[:, 2].tolist(), strict=True))  # before the fourth line
    assert (place["lines_before"], place["lines_after"]) == (2, 3)
    assert (place["mass_before"], place["mass_after"]) == (200, 240)
    assert (place["best_odds_before"], place["best_odds_after"], place["odds"]) == (6, 3, 3)
    assert (place["odds-1"], place["odds+1"], place["odds+3"]) == (26, 19, 0)
    assert (place["gone_between"], place["gone_since_likely"], place["gone_before"], place["gone_after"]) == (
        1,
        1,
        1,
        0,
    )
    assert (place["lines_over1_after"], place["lines_over3_after"]) == (1, 0)
    assert place["prose_before"] == 1
    assert place["prose_after"] == pytest.approx(200 / 240)
    assert place["digits_after"] == pytest.approx(0.5 * 40 / 240)
    assert dict(zip(ENDING, rows[:, 0].tolist(), strict=True))["odds_before"] == 0


def rows_of(places: int, **values: float) -> np.ndarray:
    """Features of places that nothing but their odds speaks about."""
    rows = np.zeros((len(ENDING), places), np.float32)
    rows[ENDING.index("lines_after")] = np.arange(places, 0, -1)
    rows[ENDING.index("mass_before")] = SHORTEST * np.arange(places)
    for name, value in values.items():
        rows[ENDING.index(name)] = value
    return rows


def test_an_end_is_the_first_place_that_is_sure_enough() -> None:
    over, not_one = np.array([900, 100, 500, 800, 900]), np.zeros(5, bool)
    plain = rows_of(5)
    assert end_of(over, plain, not_one, TOUCHED, 400) == 2
    assert end_of(over, plain, not_one, TOUCHED, 500) == 3
    assert end_of(over, plain, not_one, TOUCHED, 900) == -1
    assert end_of(over, plain, not_one, TOUCHED - 1, 400) == -1  # a text of which nothing else goes
    assert end_of(over, rows_of(5, best_odds_after=SURE / UNIT), not_one, TOUCHED, 400) == -1
    assert end_of(over, rows_of(5, prose_after=1), not_one, TOUCHED, 800 - SACRED) == -1  # one line alone
    assert end_of(over, rows_of(5, prose_after=1), not_one, TOUCHED, 799 - SACRED) == 3
    assert end_of(over, plain, not_one | (np.arange(5) == 2), TOUCHED, 400) == 3  # right before a sentence
    assert end_of(over, rows_of(5, gone_between=1), ~not_one, TOUCHED, 400) == 2
    assert end_of(over, rows_of(5, mass_before=SHORTEST - 1), not_one, TOUCHED, 400) == -1  # too little text before it
    assert end_of(over[:0], plain[:, :0], not_one[:0], TOUCHED, 400) == -1


def test_pages_on_which_nothing_stays_after_the_body_have_a_forest_too() -> None:
    assert Trees.read(NO_ENDING, ENDING).judge(rows_of(3)).tolist() == [-NEVER] * 3
