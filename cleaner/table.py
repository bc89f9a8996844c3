"""Labelled pages as one table of lines, for fitting."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from cleaner.characters import LETTER, LOWER, NEWLINE, UPPER
from cleaner.context import features
from cleaner.document import Kind
from cleaner.features import PROSE, Matrix, nothing_said, seen
from cleaner.hits import Hits
from cleaner.labelled import BODY, CHROME, HEADLINE, Row, tokens
from cleaner.language import standard
from cleaner.lines import Flags, Integers, Page, split
from cleaner.match import Matcher
from cleaner.pipeline import matcher_for
from cleaner.rules import Effect
from cleaner.words import Stems, Terms, terms_of

GOLD, TWIN = "gold", "twin"
# Every so many pages have a twin, and as many others one with calls in its body: see ``_twin`` and ``_interrupted``.
TWINS = 3
# Characters of a line that may be a headline of another article.
HEADLINES = range(25, 95)


@dataclass(frozen=True)
class Table:
    """The lines of all pages: features, labels, tokens, and the page of each; and of each page its site, tier and weight."""

    matrix: Matrix
    label: npt.NDArray[np.int8]
    tokens: Integers
    starts: Integers
    site: Integers
    stems: tuple[Stems, ...]
    terms: tuple[Terms, ...]
    tier: npt.NDArray[np.str_]
    weight: npt.NDArray[np.float64]

    @property
    def page(self) -> Integers:
        """The page of each line."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    @property
    def tells_of_headlines(self) -> Flags:
        """The pages with a headline, and those without: where there is none but some line is undecided, that may be the headline."""
        pages = len(self.starts) - 1
        headlines = np.bincount(self.page[self.label == _LABELS.index(HEADLINE)], minlength=pages)
        undecided = np.bincount(self.page[self.label < 0], minlength=pages)
        tells: Flags = (headlines > 0) | (undecided == 0)
        return tells

    def spans(self) -> Iterable[tuple[int, int]]:
        """The first line of each page and the one after its last."""
        return zip(self.starts[:-1].tolist(), self.starts[1:].tolist(), strict=True)


@dataclass(frozen=True)
class _Part:
    """One page of a table."""

    matrix: Matrix
    labels: list[int]
    tokens: list[int]
    site: int
    stems: Stems
    terms: Terms
    tier: str
    weight: float


_LABELS = (BODY, CHROME, HEADLINE)


def tabulate(rows: Sequence[Row]) -> Table:
    """Rows to a table; beside each page stands its reference body alone, which must come back whole."""
    parts: list[_Part] = []
    bodies = set[str]()
    for row in rows:
        page, matcher = split(row.text), matcher_for(standard(row.lang) if row.lang else None)
        hits = matcher.match(page)
        variants = [(page, hits, row.labels, row.tier)]
        random = np.random.default_rng(zlib.crc32((row.id + row.tier).encode()))
        part = zlib.crc32(row.id.encode()) % TWINS
        if part == 0:
            variants.append((*_twin(page, hits, random), row.labels, TWIN))
        elif part == 1 and (interrupted := _interrupted(row, matcher, random)):
            variants.append((*interrupted, TWIN))
        if row.id not in bodies:
            bodies.add(row.id)
            body = split(row.gold)
            variants.append((body, matcher.match(body), (BODY,) * (row.gold.count("\n") + 1), GOLD))
        for page, hits, labels, tier in variants:
            looked = seen(page, hits, nothing_said(page), matcher)
            terms = terms_of(page) if tier != TWIN else _few(terms_of(page), random)
            # a page's lines end at more characters than the newline that labels go by
            newlines = np.cumsum((page.codes == 0x0A) & (page.classes == NEWLINE))
            at = newlines[page.first].tolist() if len(page) else []
            kinds = [_LABELS.index(labels[line]) if labels[line] in _LABELS else -1 for line in at]
            counts = [len(tokens(page.line(line))) for line in range(len(page))]
            site = zlib.crc32(row.domain.encode())
            parts.append(_Part(features(looked), kinds, counts, site, looked.stems, terms, tier, row.weight))
    return Table(
        matrix=np.concatenate([part.matrix for part in parts], axis=1),
        label=np.array([kind for part in parts for kind in part.labels], np.int8),
        tokens=np.array([count for part in parts for count in part.tokens], np.int64),
        starts=np.concatenate(([0], np.cumsum([part.matrix.shape[1] for part in parts]))),
        site=np.array([part.site for part in parts]),
        stems=tuple(part.stems for part in parts),
        terms=tuple(part.terms for part in parts),
        tier=np.array([part.tier for part in parts]),
        weight=np.array([part.weight for part in parts]),
    )


def _twin(page: Page, hits: Hits, random: np.random.Generator) -> tuple[Page, Hits]:
    """The page as it would be in a language that has no capitals, or fewer function words, or a poorer pack; see ``_few``.

    Most labelled pages are in a few languages; without these the weights would take their habits for the world's.
    """
    if random.random() < 2 / 3:
        page = replace(
            page,
            classes=np.where((page.classes == UPPER) | (page.classes == LOWER), LETTER, page.classes).astype(np.uint8),
        )
    stay = random.random(len(hits.rule)) < random.uniform(0.5, 1)
    few = random.uniform(0.2, 1, 2)
    return page, replace(
        hits,
        rule=hits.rule[stay],
        line=hits.line[stay],
        start=hits.start[stay],
        end=hits.end[stay],
        whole=hits.whole[stay],
        stop=random.binomial(hits.stop, few[0]),
        chrome=random.binomial(hits.chrome, few[1]),
        menu=hits.menu & (random.random(len(hits.menu)) < few[1]),
    )


def calls_of(matcher: Matcher) -> list[str]:
    """What a language's sites say above the headlines of other articles."""
    return [
        phrase.words
        for rule in matcher.rules
        if rule.kind == Kind.RELATED and rule.effect == Effect.SECTION
        for phrase in rule.phrases
        if not phrase.open_start and not phrase.open_end
    ]


def _interrupted(row: Row, matcher: Matcher, random: np.random.Generator) -> tuple[Page, Hits, tuple[str, ...]] | None:
    """A page with a call and a headline or more between two lines of its body, and its labels; None where there is no room.

    Many sites write so, few of the labelled ones. Without such pages a call passes for the article's end, and short lines behind it for teasers.
    """
    lines = list(zip(row.text.split("\n"), row.labels, strict=True))
    calls = calls_of(matcher)
    chrome = [line.strip() for line, label in lines if label == CHROME]
    headlines = [line for line in chrome if len(line) in HEADLINES and line[-1] not in ".!?…:;,"]
    body = [number for number, label in enumerate(row.labels) if label == BODY]
    places = [(above, below) for above, below in pairwise(body) if not any(row.labels[above + 1 : below])]
    if len(places) < 4 or not calls or not headlines:
        return None
    short = [place for place in places if len(lines[place[1]][0]) < PROSE]
    some = short if short and random.random() < 0.5 else places
    above, below = some[random.integers(len(some))]
    call, number = calls[random.integers(len(calls))], 1 + random.binomial(2, 0.25)
    said = [call + ":" * random.integers(2), *random.permutation(headlines)[:number].tolist()]
    if random.random() < 0.2:
        said = [f"{call}: {said[1]}"]
    blank = [("", "")] if below > above + 1 else []
    put = [pair for line in said for pair in (*blank, (line, CHROME))]
    text, labels = zip(*lines[: above + 1], *put, *lines[above + 1 :], strict=True)
    page = split("\n".join(text))
    return page, matcher.match(page), labels


def _few(terms: Terms, random: np.random.Generator) -> Terms:
    """The terms of a page as they would be in a language of which the lexicon knows fewer, or none."""
    known = np.unique(terms.term)
    stay = (random.random(len(known)) < random.uniform(0, 1))[known.searchsorted(terms.term)]
    return Terms(terms.term[stay], terms.line[stay])
