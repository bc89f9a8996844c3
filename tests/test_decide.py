"""The decision: the path, the guard, the forests, the stretch."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner
from cleaner.decide import SURE_ABOVE, WEIGHTS, WeightsError, headline_of, masthead, read_model
from cleaner.lines import Flags
from cleaner.path import OBEYED, STRAY, SURE, Costs, Evidence, best_path, extend, guard, without_strays
from cleaner.trees import Trees
from cleaner.verdicts import greatest_stretch

COSTS = Costs(begin=1, leave=3, resume=4, resume_section=9)


def score(states: tuple[str, ...], odds: list[int], section: list[bool]) -> int:
    """The worth of a path, by its definition; of one that is not allowed, less than any."""
    worth, before = 0, ""
    for state, odd, opened in zip(states, odds, section, strict=True):
        change = (before, state)
        if opened and state == "insert":
            return -(10**9)
        if change in {
            ("", "insert"),
            ("", "section"),
            ("head", "insert"),
            ("head", "section"),
            ("insert", "head"),
            ("section", "head"),
            ("body", "head"),
            ("section", "insert"),
        }:
            return -(10**9)
        if state == "section" and before != "section" and not opened:
            return -(10**9)
        worth -= {
            ("head", "body"): COSTS.begin,
            ("body", "insert"): COSTS.leave,
            ("body", "section"): COSTS.leave,
            ("insert", "body"): COSTS.resume,
            ("section", "body"): COSTS.resume_section,
        }.get(change, 0)
        worth += odd if state == "body" else 0
        before = state
    return worth


@given(st.lists(st.tuples(st.integers(-12, 12), st.booleans()), min_size=1, max_size=6))
def test_the_path_is_the_best_of_all(lines: list[tuple[int, bool]]) -> None:
    odds, section = [odd for odd, _ in lines], [opened for _, opened in lines]
    keep = best_path(np.array(odds), np.array(section), COSTS)
    best = max(
        score(states, odds, section)
        for states in itertools.product(("head", "body", "insert", "section"), repeat=len(odds))
    )
    found = max(
        score(states, odds, section)
        for states in itertools.product(("head", "body", "insert", "section"), repeat=len(odds))
        if [state == "body" for state in states] == keep.tolist()
    )
    assert found == best


def flags(signs: str) -> np.ndarray:
    return np.array([sign == "x" for sign in signs])


def test_short_lines_between_body_lines_stay() -> None:
    assert guard(flags("x..x"), flags("...."), flags("....")).all()
    assert guard(flags("x..x"), flags(".x.."), flags("....")).tolist() == flags("x.xx").tolist()
    assert guard(flags("x..x"), flags("...."), flags(".x..")).tolist() == flags("x..x").tolist()
    assert guard(flags("..x.."), flags("....."), flags(".....")).tolist() == flags("..x..").tolist()
    far = flags("x" + "." * 11 + "x")
    assert guard(far, flags("." * 13), flags("." * 13)).tolist() == far.tolist()


def test_body_goes_on_over_running_text() -> None:
    assert extend(flags("x....."), flags(".xx.x.")).tolist() == flags("xxx...").tolist()
    assert extend(flags("......"), flags("xxxxxx")).tolist() == flags("......").tolist()


def test_a_stretch_apart_from_the_text_has_to_be_sure() -> None:
    def left(before: int, gap: int, after: int, obeyed: int = 0) -> list[bool]:
        """Which of two stretches stay, of two lines each, the better one of the odds given, with lines between that go, some by rules."""
        odds = np.array([-9, before, *[-9] * gap, after, -9])
        by_rules = flags(".." + "x" * obeyed + "." * (gap - obeyed) + "..")
        return without_strays(flags("xx" + "." * gap + "xx"), odds, by_rules)[[0, -1]].tolist()

    assert left(2 * SURE, STRAY, SURE - 1) == [True, False]
    assert left(2 * SURE, STRAY, SURE) == [True, True]
    assert left(2 * SURE, STRAY - 1, SURE - 1) == [True, True]  # near
    assert left(SURE - 2, STRAY, SURE - 1) == [True, True]  # before the main text
    assert left(2 * SURE, STRAY // OBEYED, SURE - 1, obeyed=STRAY // OBEYED) == [True, False]
    assert left(2 * SURE, STRAY // OBEYED, SURE - 1, obeyed=STRAY // OBEYED - 1) == [True, True]
    assert without_strays(flags("...."), np.array([-9] * 4), flags("....")).tolist() == flags("....").tolist()
    assert without_strays(flags(""), np.array([], np.int64), flags("")).tolist() == []


def test_the_headline_is_the_likeliest_line_that_no_rule_takes() -> None:
    title = np.array([-900, -300, -400, -2000])
    keep, none = flags("...x"), flags("....")

    def found(keep: Flags, obeyed: Flags = none, prose: Flags = none, above: int = -350) -> int:
        return headline_of(title, keep, Evidence(obeyed, none, obeyed, prose, prose, none), none, above)

    assert found(keep) == 2  # right above the body
    assert found(keep, obeyed=flags("..x.")) == 1
    assert found(keep, above=500) == -1
    assert found(flags(".xxx"), above=-1000) == 0
    title[1] = 900
    assert found(flags(".xxx")) == 1
    assert found(flags(".xxx"), prose=flags(".x..")) == -1  # a sentence that was to stay
    assert found(flags("..xx"), prose=flags(".x..")) == 1
    title = np.array([-900, -300, -400, -2000])
    byline = flags("...x")
    evidence = Evidence(byline, none, byline, none, none, none)
    assert headline_of(title, none, evidence, byline, -350) == 1  # a standfirst stands below it
    title[1] = -401
    assert headline_of(title, none, evidence, byline, -350) == 2
    nothing = none[:0]
    assert headline_of(title[:0], nothing, Evidence(*[nothing] * 6), nothing, 0) == -1


def test_what_stays_above_the_headline_has_to_be_sure() -> None:
    odds = np.array([-9, SURE_ABOVE - 1, -9, 5 * SURE_ABOVE])
    assert masthead(2, flags(".x.x"), odds) == 2
    assert masthead(2, flags("...x"), odds) == 0  # nothing does
    assert masthead(-1, flags(".x.x"), odds) == 0  # there is none
    odds[1] += 1
    assert masthead(2, flags(".x.x"), odds) == 0


def test_other_stories_above_the_headline_go_and_it_is_said_why() -> None:
    body = """The old mill at Ottering has been sold to a cooperative of forty families, who mean to bake there from next spring.
"We have been waiting for this since the flood," said Ines Dahl, who speaks for them, when the papers were signed on Monday.
The town keeps the weir, and with it the right to close the sluice when the river rises."""
    others = """Ferries: a new boat for the islands at last, says the operator
Harvest: rain spoils the last hay in the valley"""
    page = f"{others}\nMill sold to forty families\nBy Ines Dahl\n{body}\nShare on Facebook\n© 2024 Evening Courier"
    found = Cleaner().explain(page, "en")
    assert (found.title, found.text) == ("Mill sold to forty families", body)
    said = {page[span.start : span.end].strip(): span.rule for span in found.spans}
    assert all(said[line].startswith("above the headline: ") for line in others.splitlines())
    assert others in Cleaner(favor_recall=True).clean(page, "en")


@given(st.lists(st.integers(-9, 9), max_size=12))
def test_the_greatest_stretch(gains: list[int]) -> None:
    low, high = greatest_stretch(np.array(gains, float))
    sums = [sum(gains[a:b]) for a in range(len(gains) + 1) for b in range(a, len(gains) + 1)]
    assert sum(gains[low:high]) == max(sums)


def test_a_forest_counts_answers_in_binary() -> None:
    data = {"depth": 2, "bias": 5, "trees": [{"questions": [["a", 1.0], ["b", 2.0]], "leaves": [0, 10, 20, 30]}]}
    forest = Trees.read(data, ["a", "b"])
    matrix = np.array([[0, 2, 0, 2], [0, 0, 3, 3]], np.float32)
    assert forest.judge(matrix).tolist() == [5, 15, 25, 35]
    assert forest.judge(matrix[:, :0]).tolist() == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"lines": 3}', "not json"])
def test_broken_weights_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "weights.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(WeightsError, match=r"weights\.json"):
        Cleaner(model=file).clean("A sentence of text.")
    with pytest.raises(WeightsError):
        read_model(file)


def test_the_weights_are_text_and_small() -> None:
    assert WEIGHTS.stat().st_size < 1_000_000
    assert WEIGHTS.read_text(encoding="utf-8").startswith("{")
