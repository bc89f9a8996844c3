"""Shallow text features of a page's lines: what can be seen without reading.

After Kohlschütter, Fankhauser and Nejdl, "Boilerplate Detection Using Shallow Text Features" (WSDM 2010): lengths, densities
and the same of the neighbours; beside them what the rules say, and where on the page a line stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.characters import (
    BRACKET,
    COMMA,
    DIGIT,
    FINAL,
    HANGUL,
    LOWER,
    NEWLINE,
    NOTHING,
    QUOTE,
    RULE,
    RUNNING,
    SIGN,
    SPACE,
    SYMBOL,
    UPPER,
    WIDE,
)
from cleaner.document import Kind
from cleaner.lines import Integers, Page
from cleaner.match import Hits, Matcher
from cleaner.rules import Effect

Column = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float32]

FAR = 60  # lines; a distance is not looked at further than this
PROSE = 80  # characters (ideographs count twice): a line of running text has at least so many, and a sentence's end
# Two ideographs or syllables say about as much as a word of five letters and its space.
WIDE_AS = 2
# A Thai word has some five letters, vowel signs counted.
RUNNING_AS = 5
_OBEYED = (Effect.LINE, Effect.SECTION, Effect.HEAD, Effect.TAIL)
_GROUPS: tuple[tuple[Kind, ...], ...] = (
    (Kind.NAVIGATION, Kind.PAGINATION, Kind.TAGS, Kind.COUNTER),
    (Kind.RELATED,),
    (Kind.SHARE, Kind.NEWSLETTER, Kind.PAYWALL, Kind.COMMENTS, Kind.AUTHOR_BIO),
    (Kind.COPYRIGHT, Kind.LEGAL, Kind.COOKIE, Kind.NOTICE, Kind.ADVERTISING),
    (Kind.BYLINE, Kind.DATELINE, Kind.TITLE),
    (Kind.CREDIT, Kind.CAPTION),
)
_GROUP = np.array(
    [next((number for number, kinds in enumerate(_GROUPS) if kind in kinds), len(_GROUPS)) for kind in Kind]
)
GROUP_NAMES = ("navigation", "related", "social", "legal", "byline", "credit")


def shifted(column: npt.NDArray[Any], by: int) -> npt.NDArray[Any]:
    """A column moved so that each line has the value of the line ``by`` further on; past the page's ends zero."""
    moved = np.zeros_like(column)
    if by >= len(column) or -by >= len(column):
        return moved
    if by > 0:
        moved[:-by] = column[by:]
    else:
        moved[-by:] = column[:by]
    return moved


def window(column: Column, before: int, after: int) -> Column:
    """The sum over the lines from ``before`` lines before each to ``after`` lines after it."""
    sums = np.concatenate((np.zeros(1), np.cumsum(column, dtype=np.float64)))
    places = np.arange(len(column))
    high = np.minimum(places + after + 1, len(column))
    low = np.maximum(places - before, 0)
    return (sums[high] - sums[low]).astype(np.float32)


def since(flags: npt.NDArray[np.bool_]) -> Column:
    """How many lines back the last flagged line is (0 on one), at most ``FAR``."""
    places = np.arange(len(flags))
    last = np.maximum.accumulate(np.where(flags, places, -FAR))
    return np.minimum(places - last, FAR).astype(np.float32)


def until(flags: npt.NDArray[np.bool_]) -> Column:
    """How many lines on the next flagged line is (0 on one), at most ``FAR``."""
    return since(flags[::-1])[::-1]


def mass_since(flags: npt.NDArray[np.bool_], mass: Column) -> Column:
    """How much mass lies between the last flagged line and each line, the latter left out; all before it where none is flagged."""
    sums = np.concatenate((np.zeros(1), np.cumsum(mass, dtype=np.float64)))[:-1]
    return (sums - np.maximum.accumulate(np.where(flags, sums, 0))).astype(np.float32)


def run(flags: npt.NDArray[np.bool_]) -> Column:
    """For flagged lines the length of the run of flagged lines that they stand in, else 0; at most ``FAR``."""
    return np.where(flags, np.minimum(since(~flags) + until(~flags) - 1, FAR), 0).astype(np.float32)


def _of_lines(page: Page, hits: Hits) -> dict[str, Column]:
    """What a line shows by itself."""
    counts = page.histogram
    ink = counts.sum(1) - counts[:, SPACE] - counts[:, NOTHING] - counts[:, NEWLINE]
    letters = counts[:, LOWER : RUNNING + 1].sum(1)
    width = counts.sum(1) + (WIDE_AS - 1) * (counts[:, WIDE] + counts[:, HANGUL])
    folded = page.folded
    begins = np.flatnonzero(folded.word & ~np.concatenate(([False], folded.word[:-1])))
    words = (
        np.bincount(folded.line[begins], minlength=len(page))
        + counts[:, WIDE] // WIDE_AS
        + counts[:, RUNNING] // RUNNING_AS
    )
    # Thai sets sentences apart by spaces, and ends none with a stop
    running = counts[:, RUNNING] > letters // 2
    finals = counts[:, FINAL] + np.where(running & (width >= PROSE), counts[:, SPACE] + 1, 0)
    capital = begins[page.classes[folded.where[begins]] == UPPER]
    capitals = np.bincount(folded.line[capital], minlength=len(page))
    first, last = page.classes[page.first], page.classes[page.last - 1]
    before_last = page.classes[np.maximum(page.last - 2, page.first)]
    closing = (last == QUOTE) | (last == BRACKET)
    ends = np.where(closing, before_last, last)
    final_run = (ends == FINAL) & (page.classes[np.maximum(page.last - 3, page.first)] == FINAL)
    ellipsis = (page.codes[page.last - 1] == 0x2026) | (final_run & (before_last == FINAL))
    colon = page.codes[page.last - 1] == 0x3A
    digit = page.classes == DIGIT
    between = digit[:-2] & digit[2:] if len(digit) > 2 else np.zeros(0, bool)
    middle = page.codes[1:-1]
    line_of = page.line_of[1:-1]

    def joined_by(*signs: str) -> Integers:
        found = line_of[between & np.isin(middle, [ord(sign) for sign in signs])]
        return np.bincount(found, minlength=len(page))

    clocks, dates = joined_by(":"), joined_by(".", "/", "-")
    starts_clock = np.zeros(len(page), bool)
    starts_clock[clocks > 0] = digit[page.first[clocks > 0]]
    columns = {
        "width": width,
        "words": words,
        "word_length": (letters - counts[:, WIDE] - counts[:, RUNNING]) / np.maximum(words, 1),
        "digits": counts[:, DIGIT] / np.maximum(ink, 1),
        "digit_count": counts[:, DIGIT],
        "uppercase": counts[:, UPPER] / np.maximum(counts[:, UPPER] + counts[:, LOWER], 1),
        "capitals": capitals / np.maximum(words, 1),
        "rules": counts[:, RULE],
        "commas": counts[:, COMMA],
        "finals": finals,
        "quotes": counts[:, QUOTE],
        "brackets": counts[:, BRACKET],
        "signs": counts[:, SIGN],
        "symbols": counts[:, SYMBOL],
        "spaces": counts[:, SPACE] / np.maximum(words, 1),
        "ends_sentence": ((ends == FINAL) | (running & (width >= PROSE))) & ~ellipsis,
        "ends_ellipsis": ellipsis,
        "ends_colon": colon,
        "starts_lower": first == LOWER,
        "starts_digit": first == DIGIT,
        "starts_rule": first == RULE,
        "starts_bar": page.codes[page.first] == 0x7C,
        "starts_quote": first == QUOTE,
        "ends_digit": last == DIGIT,
        "clocks": clocks,
        "dates": dates,
        "starts_clock": starts_clock,
        "indent": page.first - page.start,
        "blanks": page.blanks,
        "stop": hits.stop,
        "stop_density": hits.stop / np.maximum(words, 1),
        "chrome": hits.chrome,
        "chrome_density": hits.chrome / np.maximum(words, 1),
        "menu": hits.menu,
        "tiled": hits.tiled,
        "repeated": _repeated(page),
    }
    return {name: np.asarray(column, np.float32) for name, column in columns.items()}


def _repeated(page: Page) -> Integers:
    """How many lines of the page have the same words, in folded form."""
    folded = page.folded
    codes = folded.codes.astype("<u2").tobytes()
    low, high = np.searchsorted(folded.where, np.stack((page.first, page.last))).tolist()
    keys = [codes[2 * a : 2 * b] for a, b in zip(low, high, strict=True)]
    counts: dict[bytes, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return np.fromiter(map(counts.__getitem__, keys), np.int64, len(keys))


def _of_rules(page: Page, hits: Hits, matcher: Matcher) -> dict[str, Column]:
    """What the rules say of a line: by effect, and by group of kinds."""
    lines = len(page)

    def flagged(wanted: npt.NDArray[np.bool_]) -> Column:
        column = np.zeros(lines, np.float32)
        column[hits.line[wanted]] = 1
        return column

    effect, group = matcher.effects[hits.rule], _GROUP[matcher.kinds[hits.rule]]
    obeyed = np.isin(effect, [matcher.EFFECTS.index(e) for e in _OBEYED])
    obeyed |= hits.whole & (effect == matcher.EFFECTS.index(Effect.INLINE))  # a piece that is the whole line
    columns = {"obeyed": flagged(obeyed), "obeyed_whole": flagged(obeyed & hits.whole)}
    for name in (Effect.HEAD, Effect.TAIL, Effect.HINT, Effect.INLINE, Effect.BODY):
        columns[str(name)] = flagged(effect == matcher.EFFECTS.index(name))
    # "Read also: The bridge is open" and "12 comments" open no section: one is its own teaser, the other stands in mastheads
    heading = (effect == matcher.EFFECTS.index(Effect.SECTION)) & hits.whole & (page.histogram[hits.line, DIGIT] == 0)
    columns["section"] = flagged(heading)
    for number, group_name in enumerate(GROUP_NAMES):
        columns[f"is_{group_name}"] = flagged((group == number) & (effect != matcher.EFFECTS.index(Effect.INLINE)))
    return columns


_NEAR = ("width", "stop_density", "ends_sentence", "chrome_density", "obeyed", "capitals")


def _of_neighbours(page: Page, own: dict[str, Column]) -> dict[str, Column]:
    """What stands around a line, and where on the page it is."""
    columns: dict[str, Column] = {}
    for name in _NEAR:
        for by in (-2, -1, 1, 2):
            columns[f"{name}{by:+d}"] = shifted(own[name], by)
    for name in ("menu", "hint", "indent", "repeated", "digits", "is_byline", "section"):
        for by in (-1, 1):
            columns[f"{name}{by:+d}"] = shifted(own[name], by)
    width, lines = own["width"], len(page)
    prose = (width >= PROSE) & (own["finals"] > 0)
    firm = prose & (own["stop_density"] > 0) & (own["obeyed"] == 0)
    text = np.where(firm, width, 0).astype(np.float32)
    suspect = (own["obeyed"] + own["menu"] > 0).astype(np.float32)
    for reach in (3, 8, 20):
        for name, column in (("text", text), ("suspect", suspect), ("width", width)):
            columns[f"{name}_before{reach}"] = window(column, reach, -1)
            columns[f"{name}_after{reach}"] = window(column, -1, reach)
    # whole numbers in double precision: the sums are exact, whatever the order of addition
    total = max(float(text.sum(dtype=np.float64)), 1.0)
    texts, suspects, indented = int(firm.sum()), int((suspect > 0).sum()), int((own["indent"] > 0).sum())
    several = max(lines, 1)
    columns |= {
        "since_text": since(firm),
        "until_text": until(firm),
        "since_section": since(own["section"] > 0),
        "since_related": since((own["section"] > 0) & (own["is_related"] > 0)),
        "since_social": since((own["section"] > 0) & (own["is_social"] > 0)),
        "text_since_section": mass_since(own["section"] > 0, text),
        "text_since_social": mass_since((own["section"] > 0) & (own["is_social"] > 0), text),
        "text_since_tail": mass_since(own["tail"] > 0, text),
        "text_since_obeyed": mass_since(own["obeyed"] > 0, text),
        "since_tail": since(own["tail"] > 0),
        "until_tail": until(own["tail"] > 0),
        "until_head": until(own["head"] > 0),
        "since_head": since(own["head"] > 0),
        "since_byline": since(own["is_byline"] > 0),
        "until_byline": until(own["is_byline"] > 0),
        "since_legal": since(own["is_legal"] > 0),
        "until_legal": until(own["is_legal"] > 0),
        "short_run": run(width < PROSE / 2),
        "indented_run": run(own["indent"] > 0),
        "suspect_run": run(suspect > 0),
        "rule_run": run(own["starts_rule"] > 0),
        "digit_run": run(own["starts_digit"] > 0),
        "dated_run": run(own["clocks"] + own["dates"] > 0),
        "dated_near": window((own["clocks"] + own["dates"] > 0).astype(np.float32), 4, 4),
        "text_share_before": ((np.cumsum(text, dtype=np.float64) - text) / total).astype(np.float32),
        "place": (np.arange(lines) / several).astype(np.float32),
        "line": np.minimum(np.arange(lines), 500).astype(np.float32),
        "from_end": np.minimum(lines - 1 - np.arange(lines), 500).astype(np.float32),
    }
    whole = {
        "page_lines": lines,
        "page_text_lines": texts,
        "page_text_share": total / max(float(width.sum(dtype=np.float64)), 1.0),
        "page_text_mean": total / max(texts, 1),
        "page_suspects": suspects / several,
        "page_indented": indented / several,
        "page_stop": float(own["stop"].sum(dtype=np.float64)) / max(float(own["words"].sum(dtype=np.float64)), 1.0),
        "page_sentences": int((own["ends_sentence"] > 0).sum()) / several,
    }
    return columns | {name: np.full(lines, value, np.float32) for name, value in whole.items()}


def features(page: Page, hits: Hits, matcher: Matcher) -> tuple[Matrix, tuple[str, ...]]:
    """A row for each feature, a column for each line, and the features' names."""
    own = _of_lines(page, hits) | _of_rules(page, hits, matcher)
    rows = own | _of_neighbours(page, own)
    return np.stack(list(rows.values())), tuple(rows)


def evidence(names: Sequence[str], row: Column) -> str:
    """A line's most telling features, in words."""
    value = dict(zip(names, row.tolist(), strict=True))
    said = ["long" if value["width"] >= 2 * PROSE else "short" if value["width"] < PROSE else "of middling length"]
    if not value["ends_sentence"]:
        said.append("no full stop")
    if value["repeated"] > 1:
        said.append(f"stands {value['repeated']:.0f} times on the page")
    if value["since_section"] < FAR:
        section = "comments or calls" if value["since_social"] == value["since_section"] else "teasers"
        said.append(f"{value['since_section']:.0f} lines into a section of {section}")
    if value["short_run"] >= 4:
        said.append(f"inside a list of {value['short_run']:.0f} such lines")
    if value["until_text"] >= FAR and value["since_text"] < FAR:
        said.append(f"{value['since_text']:.0f} lines after the last running text")
    elif value["since_text"] >= FAR and value["until_text"] > 0:
        said.append("before the first running text")
    if value["chrome_density"] > 0.15:
        said.append("words of site furniture")
    return ", ".join(said)
