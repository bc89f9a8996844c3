"""A page's lines as numbers: what the tree says of each, what trafilatura takes it for, and what the text alone says.

That lines in like places of the tree belong together is the idea of wrapper induction (Kushmerick 2000); to ask several extractors
and learn whom to believe where is stacking (Wolpert 1992).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cleaner.blocks import AREAS, HEADING, OTHER_TAG, Blocks
from cleaner.candidates import bare, in_candidate
from cleaner.context import ROW
from cleaner.features import PROSE, Matrix
from cleaner.head import PUBLISHED, Head
from cleaner.lines import Integers
from cleaner.reading import Reading
from cleaner.trees import UNIT

Floats = npt.NDArray[np.float64]

# What the features of the text say, taken over as they are.
_TEXT = (
    "width words stop_density ends_sentence digits uppercase chrome_density repeated obeyed menu capitals commas finals place "
    "page_text_share page_text_mean page_lines page_sentences starts_rule dates section since_section until_tail since_tail "
    "short_run since_text until_text is_byline hint"
).split()
_TYPES = {
    "product": {"Product"},
    "thread": {"DiscussionForumPosting"},
    "question": {"QAPage"},
    "collection": {"CollectionPage"},
    "list": {"ItemList"},
    "og_article": {"og:article"},
    "published": {PUBLISHED},
    "og_product": {"og:product", "og:product.item"},
}
_LEVELS = 4
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w+")
_MONEY = re.compile(r"[$€£¥₹₩₽]\s?\d|\d\s?(?:[€£₽₹]|zł|kr\b)")
FAR = 300


@dataclass(frozen=True)
class Sight:
    """All that is known of an HTML page before its lines are judged.

    Attributes:
        blocks: its lines, those of ``reading.page``.
        head: what it says of itself.
        found: trafilatura's text.
        reading: the text's own reading of the same lines.
        shape: their log-odds of body by the same weights without the lexicon. The words of a list's teasers speak for chrome, as
            they do under an article: how much of an element is body is told without them.
    """

    blocks: Blocks
    head: Head
    found: str
    reading: Reading
    shape: Integers


class _Shares:
    """Sums over stretches, lists and boxes of a page, as shares of their characters."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self.chars = np.array([len(line) for line in blocks.lines], np.float64)
        self.lines = len(self.chars)
        self.total = max(float(self.chars.sum()), 1.0)
        self.group = np.unique(blocks.path, return_inverse=True)[1]
        self.order = np.arange(self.lines)
        self.sizes = self._in_boxes(np.ones(self.lines))
        self.boxes = self._around()
        self.box_chars = self._in_boxes(self.chars)
        self.group_chars = np.bincount(self.group, self.chars)

    def _in_boxes(self, values: Floats) -> Floats:
        """The sum of a column within each block element."""
        parent = self.blocks.parent
        sums = np.bincount(self.blocks.box, values, len(parent)).tolist()
        above = parent.tolist()
        for box in range(len(above) - 1, 0, -1):
            sums[above[box]] += sums[box]
        return np.array(sums)

    def _around(self) -> list[Integers]:
        """The elements that each line stands in, from the innermost outwards, without those that hold nothing more."""
        sizes, above = self.sizes.tolist(), self.blocks.parent.tolist()
        wider = [0] * len(above)
        for box in range(1, len(above)):
            up = above[box]
            wider[box] = up if sizes[up] > sizes[box] else wider[up]
        steps, levels = np.array(wider, np.int64), [self.blocks.box]
        for _ in range(_LEVELS - 1):
            levels.append(steps[levels[-1]])
        return levels

    def share(self, values: Floats) -> list[Floats]:
        """A column's share of the characters of the elements around each line."""
        shares = self._in_boxes(values) / np.maximum(self.box_chars, 1)
        return [shares[level] for level in self.boxes]

    def of_group(self, values: Floats) -> Floats:
        """A column's share of the characters of the lines in like places."""
        part: Floats = (np.bincount(self.group, values) / np.maximum(self.group_chars, 1))[self.group]
        return part

    def near(self, values: Floats, reach: int) -> Floats:
        """A column's share of the characters of the lines around each."""
        part: Floats = self.within(values, reach) / np.maximum(self.within(self.chars, reach), 1)
        return part

    def within(self, values: Floats, reach: int) -> Floats:
        """The sum of a column over the lines around each."""
        sums = np.concatenate(([0.0], np.cumsum(values)))
        last = np.minimum(self.order + reach + 1, self.lines)
        part: Floats = sums[last] - sums[np.maximum(self.order - reach, 0)]
        return part


def layout(sight: Sight) -> tuple[Matrix, tuple[str, ...]]:
    """A row for each feature, a column for each line of ``sight.blocks``, and the features' names."""
    blocks, reading = sight.blocks, sight.reading
    shares, lines = _Shares(blocks), len(blocks.lines)
    columns: dict[str, npt.NDArray[np.floating]] = {name: reading.matrix[ROW[name]] for name in _TEXT}
    odds, shape = (np.clip(found / UNIT, -12, 12) for found in (reading.decision.odds, sight.shape))
    titled = shares.order == reading.decision.title
    columns |= {
        "odds": shape,
        "odds_by_words": odds,
        "is_title": titled.astype(float),
        "after_title": np.where(titled.any(), np.cumsum(titled), -1).astype(float),
    }
    prose = ((columns["width"] >= PROSE) & (columns["ends_sentence"] > 0)) * shares.chars
    masses = {"link": blocks.linked.astype(float), "odds": (shape > 0) * shares.chars, "prose": prose}
    inside = in_candidate([bare(line).replace("|", "") for line in blocks.lines], sight.found)
    masses["found"] = inside * shares.chars
    columns |= _of_candidate(inside, shares)
    columns |= _of_places(blocks, shares, masses)
    columns |= _of_heads(sight.head, shares)
    columns |= _of_page(sight.head, shares, masses)
    matrix = np.empty((len(columns), lines), np.float32)
    for row, column in zip(matrix, columns.values(), strict=True):
        row[:] = column
    return matrix, tuple(columns)


def _of_candidate(inside: npt.NDArray[np.bool_], shares: _Shares) -> dict[str, Floats]:
    chars, own = inside * shares.chars, inside.astype(float)
    places = np.flatnonzero(inside)
    low, high = (places[0], places[-1]) if len(places) else (0, -1)
    return {
        "found": own,
        "page_found": np.full(shares.lines, chars.sum() / shares.total),
        "page_found_chars": np.full(shares.lines, np.log1p(chars.sum())),
        "found_around": ((shares.order >= low) & (shares.order <= high)).astype(float),
        "found_near": shares.near(chars, 10),
    }


def _of_places(blocks: Blocks, shares: _Shares, masses: dict[str, Floats]) -> dict[str, Floats]:
    """What stands in the same elements, and in like places of the tree."""
    columns = {
        "link": blocks.linked / np.maximum(shares.chars, 1),
        "depth": blocks.depth.astype(float),
        "group_lines": np.bincount(shares.group)[shares.group].astype(float),
        "group_chars": shares.group_chars[shares.group] / shares.total,
    }
    columns["group_mean"] = shares.group_chars[shares.group] / np.maximum(columns["group_lines"], 1)
    columns |= {f"tag{number}": (blocks.tag == number).astype(float) for number in range(OTHER_TAG + 1)}
    for number, area in enumerate(AREAS):
        columns[area] = ((blocks.areas >> number) & 1).astype(float)
    for name, mass in masses.items():
        columns[f"group_{name}"] = shares.of_group(mass)
        columns |= {f"box{level}_{name}": share for level, share in enumerate(shares.share(mass))}
    for level, boxes in enumerate(shares.boxes):
        columns[f"box{level}_chars"] = np.log1p(shares.box_chars[boxes])
        columns[f"box{level}_page"] = shares.box_chars[boxes] / shares.total
        columns[f"box{level}_lines"] = shares.sizes[boxes]
    return columns


def _of_heads(head: Head, shares: _Shares) -> dict[str, Floats]:
    """Where a line stands among the headings, and how far it says what the page's title and description say."""
    blocks, order = shares.blocks, shares.order
    title, about = set(_WORD.findall(head.title.lower())), set(_WORD.findall(head.description.lower()))
    words = [_WORD.findall(line.lower()) for line in blocks.lines]
    of_title = np.array([sum(word in title for word in line) / max(len(line), 1) for line in words])
    of_about = np.array([sum(word in about for word in line) / max(len(line), 1) for line in words])
    main = np.flatnonzero(blocks.tag == HEADING["h1"])
    begin = int(main[np.argmax(of_title[main])]) if len(main) else -1
    heading = (blocks.tag >= HEADING["h1"]) & (blocks.tag <= HEADING["h6"])
    last = np.maximum.accumulate(np.where(heading, order, -1))
    section = np.searchsorted(np.flatnonzero(heading), order, "right")
    chars, count = np.bincount(section, shares.chars), np.bincount(section)
    linked = np.bincount(section, blocks.linked)
    sums = np.concatenate(([0.0], np.cumsum(shares.chars)))[:-1]
    return {
        "says_title": of_title,
        "says_description": of_about,
        "from_h1": np.clip(order - begin, -100, FAR) if begin >= 0 else np.full(shares.lines, -150.0),
        "chars_from_h1": np.clip(sums - sums[begin], -3000, 20000) if begin >= 0 else np.full(shares.lines, -4000.0),
        "since_heading": np.where(last >= 0, np.minimum(order - last, 200), FAR).astype(float),
        "heading_level": np.where(last >= 0, blocks.tag[last], -1).astype(float),
        "section_mean": (chars / np.maximum(count, 1))[section],
        "section_lines": count[section].astype(float),
        "section_link": (linked / np.maximum(chars, 1))[section],
    }


def _of_page(head: Head, shares: _Shares, masses: dict[str, Floats]) -> dict[str, Floats]:
    """What is the same for all lines of the page; and prices, which are near each other."""
    money = np.array([bool(_MONEY.search(line)) for line in shares.blocks.lines], float)
    article = (shares.blocks.areas & (1 << AREAS.index("article"))) > 0
    whole = {
        "page_link": masses["link"].sum() / shares.total,
        "page_prose": masses["prose"].sum() / shares.total,
        "page_odds": masses["odds"].sum() / shares.total,
        "page_chars": np.log1p(shares.total),
        "page_group": np.bincount(shares.group).max() if shares.lines else 0,
        "page_in_article": (article * shares.chars).sum() / shares.total,
        "page_money": money.sum(),
        "says_article": any(
            name.endswith(("Article", "Posting")) and name != "DiscussionForumPosting" for name in head.types
        ),
    }
    whole |= {f"says_{name}": not head.types.isdisjoint(types) for name, types in _TYPES.items()}
    return {"money_near": shares.within(money, 6)} | {
        name: np.full(shares.lines, float(value)) for name, value in whole.items()
    }
