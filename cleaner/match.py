"""One compiled matcher for a set of packs: a single scan for all literals, patterns only where a literal hit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from threading import Lock

import ahocorasick_rs
import numpy as np
import numpy.typing as npt
import regex

from cleaner.characters import DIGIT, WIDE, fold
from cleaner.document import Kind
from cleaner.lines import Flags, Integers, Page
from cleaner.rules import Effect, Pack, PackError, Phrase, Rule

# What a literal's place on the line must be.
WHOLE, START, END, ANYWHERE, NEED, STOP, CHROME, MENU = range(8)
WINDOW = 300
TILED = 0.9

_DIGITS = r"\p{Nd}"
_PLACEHOLDERS = {
    "number": rf"{_DIGITS}(?:[{_DIGITS}.,' ]{{0,14}}{_DIGITS})?(?:\s?[kKMmт]\b)?",
    "time": rf"{_DIGITS}{{1,2}}\s?[:.hH點点時时시]\s?{_DIGITS}{{2}}(?:[:.分]{_DIGITS}{{2}})?分?(?:\s?(?:[ap]\.?\s?m\.?|uhr|h|Uhr))?",
    "year": rf"{_DIGITS}{{4}}",
    "name": r"(?-i:\p{Lu}[\p{L}\p{M}'’.-]*+(?:\s(?:(?:d[aeiou]s?|del|della|von|van|der|den|ter|el|al|bin|bint|ben|y|e|i|la|le|di|af|zu|dos)\s)?(?:\p{Lu}[\p{L}\p{M}'’.-]*+|[dlDL]['’]\p{Lu}[\p{L}\p{M}-]*+)){0,4})",
}
_NUMERIC_DATE = rf"{_DIGITS}{{1,4}}\s?[./年년-]\s?{_DIGITS}{{1,2}}\s?[./月월-]\s?{_DIGITS}{{1,4}}[日일号號]?\.?|{_DIGITS}{{1,2}}(?:/{_DIGITS}{{1,2}}|\.{_DIGITS}{{1,2}}\.|[月월]\s?{_DIGITS}{{1,2}}[日일])"
_CONNECTED = r"[\s.,]*+(?:[\p{L}\p{M}'’]{1,3}+[\s.]++)?"
_NAMED_DATE = (
    rf"{_DIGITS}{{1,2}}(?:st|nd|rd|th|er|º|°|\.|-?го)?{_CONNECTED}\L<month>(?:{_CONNECTED}{_DIGITS}{{2,4}})?"
    rf"|\L<month>{_CONNECTED}{_DIGITS}{{1,2}}(?:st|nd|rd|th|º|\.)?(?:[\s,.]*+{_DIGITS}{{4}})?"
    rf"|{_DIGITS}{{4}}{_CONNECTED}\L<month>{_CONNECTED}{_DIGITS}{{1,2}}"
)
_PLACEHOLDERS["date"] = rf"(?:(?:\L<weekday>[\s,.]*+)?(?:{_NAMED_DATE}|{_NUMERIC_DATE})\s?(?:г\.|р\.|года|року)?)"
_PLACEHOLDERS["month"], _PLACEHOLDERS["weekday"], _PLACEHOLDERS["ago"] = r"\L<month>", r"\L<weekday>", r"(?:{ago})"


@dataclass(frozen=True)
class Hits:
    """Where rules hit a page, one entry a hit, and how words are spread over its lines.

    ``start`` and ``end`` are places in the source. ``whole``: all the letters of the line lie inside the hit.
    ``stop``, ``chrome`` and ``menu`` count a line's function words, words of site furniture, and menu labels that
    are the whole line; ``tiled`` is the share of its letters that lie in phrases of line rules.
    """

    rule: Integers
    line: Integers
    start: Integers
    end: Integers
    whole: Flags
    stop: Integers
    chrome: Integers
    menu: Flags
    tiled: npt.NDArray[np.float64]


class Matcher:
    """The rules of some packs, compiled. Safe to share between threads."""

    EFFECTS = tuple(Effect)
    KINDS = tuple(Kind)

    def __init__(self, packs: Sequence[Pack]) -> None:
        self.packs = tuple(packs)
        self.rules: tuple[Rule, ...] = tuple(rule for pack in packs for rule in pack.rules)
        calendars = [pack.calendar for pack in packs]
        self.months = _spellings(name for calendar in calendars for names in calendar.months for name in names)
        self.weekdays = _spellings(name for calendar in calendars for name in calendar.weekdays)
        self.ago = _spellings(time for calendar in calendars for time in calendar.ago)
        entries: dict[str, list[tuple[int, int]]] = defaultdict(list)
        on_digit = []
        self._spaced_stop, self._spaced_chrome = set[str](), set[str]()
        for number, rule in enumerate(self.rules):
            for phrase in rule.phrases:
                for literal in _variants(phrase.words):
                    entries[literal].append((number, _mode(phrase)))
            for need in rule.needs:
                if need == "{digit}":
                    on_digit.append(number)
                for literal in self._needed(rule, need):
                    entries[literal].append((number, NEED))
        for pack in packs:
            for words, mode, spaced in (
                (pack.stop, STOP, self._spaced_stop),
                (pack.chrome, CHROME, self._spaced_chrome),
            ):
                for literal in map(fold, words):
                    if pack.spaced and " " not in literal:
                        spaced.add(literal)
                    else:
                        entries[literal].append((-1, mode))
            for literal in map(fold, pack.menu):
                entries[literal].append((-1, MENU))
        entries.pop("", None)
        self._on_digit = tuple(on_digit)
        self._literals = list(entries)
        sizes = [len(found) for found in entries.values()]
        self._from = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        flat = [entry for found in entries.values() for entry in found]
        self._rule = np.array([rule for rule, _ in flat], np.int64)
        self._mode = np.array([mode for _, mode in flat], np.int64)
        self._limit = np.array([rule.limit for rule in self.rules] + [10**9], np.int64)
        self.effects = np.array([self.EFFECTS.index(rule.effect) for rule in self.rules], np.int64)
        self.kinds = np.array([self.KINDS.index(rule.kind) for rule in self.rules], np.int64)
        tiling = {Effect.LINE, Effect.SECTION}
        self._tiles = np.array([rule.effect in tiling for rule in self.rules] + [False], bool)
        self._scan = (
            ahocorasick_rs.BytesAhoCorasick(
                [literal.encode("utf-16-le", "replace") for literal in self._literals],
                implementation=ahocorasick_rs.Implementation.ContiguousNFA,
            )
            if entries
            else None
        )
        self._compiled: dict[int, tuple[regex.Pattern[str], ...]] = {}
        self._lock = Lock()

    def _needed(self, rule: Rule, need: str) -> list[str]:
        if need == "{digit}":
            return []
        words = {"{month}": self.months, "{weekday}": self.weekdays}.get(need, (need,))
        return [literal for word in words for literal in _variants(word)]

    def patterns(self, number: int) -> tuple[regex.Pattern[str], ...]:
        """A rule's compiled patterns; compiled at the first line that needs them.

        Raises:
            PackError: where a pattern is not one.
        """
        found = self._compiled.get(number)
        if found is None:
            with self._lock:
                rule = self.rules[number]
                found = self._compiled[number] = tuple(self._compile(rule, pattern) for pattern in rule.patterns)
        return found

    def _compile(self, rule: Rule, pattern: str) -> regex.Pattern[str]:
        def place(match: regex.Match[str]) -> str:
            name = match[1]
            if name == "ago":
                times = [
                    regex.escape(a, special_only=True).replace(r"\#", "#").replace("#", _DIGITS + "{1,3}")
                    for a in self.ago
                ]
                return "(?:" + "|".join(times or ["(?!)"]) + ")"
            if name not in _PLACEHOLDERS:
                raise PackError(
                    "", rule.id, f"there is no placeholder {{{name}}}; there are {', '.join(sorted(_PLACEHOLDERS))}"
                )
            return "(?:" + _PLACEHOLDERS[name] + ")"

        try:
            source = regex.sub(r"\{([a-z]+)\}", place, pattern)
            lists = {"month": self.months or ("\x00",), "weekday": self.weekdays or ("\x00",)}
            used = {name: words for name, words in lists.items() if rf"\L<{name}>" in source}
            return regex.compile(source, regex.IGNORECASE | regex.VERSION0, **used)
        except regex.error as error:
            raise PackError("", rule.id, f"pattern {pattern!r}: {error}") from None

    def match(self, page: Page) -> Hits:
        """All hits of the packs' rules on a page."""
        folded = page.folded
        raw = (
            self._scan.find_matches_as_indexes(folded.codes.astype("<u2").tobytes(), overlapping=True)
            if self._scan
            else []
        )
        found = np.fromiter(chain.from_iterable(raw), np.int64, 3 * len(raw)).reshape(-1, 3)
        found = found[found[:, 1] % 2 == 0]  # two bytes a character: an odd place is between characters
        literal, start, end = found[:, 0], found[:, 1] // 2, found[:, 2] // 2
        word = np.concatenate((folded.word, [False]))
        inside = (word[start - 1] & word[start] & (start > 0)) | (word[end - 1] & word[end])
        line = folded.line[start] if len(start) else start
        fine = ~inside & (line >= 0)
        literal, start, end, line = literal[fine], start[fine], end[fine], line[fine]
        # a literal may stand for several rules: one row for each
        sizes = self._from[literal + 1] - self._from[literal]
        row = np.repeat(np.arange(len(literal)), sizes)
        entry = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(self._from[literal], sizes)
        rule, mode = self._rule[entry], self._mode[entry]
        start, end, line = start[row], end[row], line[row]
        bounds = np.searchsorted(folded.where, np.stack((page.first, page.last)))
        at_start = folded.letters[start] == folded.letters[bounds[0][line]]
        at_end = folded.letters[end] == folded.letters[bounds[1][line]]
        whole = at_start & at_end
        width = page.histogram.sum(1) + page.histogram[:, WIDE]
        short = width[line] <= self._limit[rule]
        placed = (
            ((mode == WHOLE) & whole)
            | ((mode == START) & at_start & (short | ~self._is_line(rule)))
            | ((mode == END) & at_end & (short | ~self._is_line(rule)))
            | ((mode == ANYWHERE) & (short | ~self._is_line(rule)))
        )
        lines = len(page)
        stop, chrome = (np.bincount(line[mode == which], minlength=lines) for which in (STOP, CHROME))
        spread = self._words(page)
        menu = np.zeros(lines, bool)
        menu[line[(mode == MENU) & whole]] = True
        tile = (mode == WHOLE) & self._tiles[rule]
        full = self._covered(page, start, end, line, tile) >= TILED
        tiled = self._covered(page, start, end, line, tile | (mode == MENU))
        placed[_first(line, tile & full[line] & ~whole)] = True
        by_pattern = np.array(
            list(self._by_pattern(page, rule[mode == NEED], line[mode == NEED], width)), np.int64
        ).reshape(-1, 5)
        whole |= full[line]
        cut_from = np.where(at_start | full[line], page.first[line], folded.where[start] if len(start) else start)
        last = folded.where[end - 1] + 1 if len(end) else end
        cut_to = np.where(at_end | full[line], page.last[line], last)
        return Hits(
            rule=np.concatenate((rule[placed], by_pattern[:, 0])),
            line=np.concatenate((line[placed], by_pattern[:, 1])),
            start=np.concatenate((cut_from[placed], by_pattern[:, 2])),
            end=np.concatenate((cut_to[placed], by_pattern[:, 3])),
            whole=np.concatenate((whole[placed], by_pattern[:, 4] > 0)),
            stop=stop + spread[0],
            chrome=chrome + spread[1],
            menu=menu,
            tiled=tiled,
        )

    def _is_line(self, rule: Integers) -> Flags:
        """Rules whose open phrases hold only on short lines: all but those that cut a piece or speak for the body."""
        return np.array([r.effect not in (Effect.INLINE, Effect.BODY) for r in self.rules] + [False], bool)[rule]

    def _words(self, page: Page) -> npt.NDArray[np.int64]:
        """Function words and words of site furniture, counted by line, in languages that set words apart by spaces."""
        folded = page.folded
        text = np.where(folded.word, folded.codes, 0x20).astype("<u2").tobytes().decode("utf-16-le", "replace")
        words = text.split()
        begins = np.flatnonzero(folded.word & ~np.concatenate(([False], folded.word[:-1])))
        line = folded.line[begins]
        counts = [
            np.bincount(line[np.fromiter(map(known.__contains__, words), bool, len(words))], minlength=len(page))
            for known in (self._spaced_stop, self._spaced_chrome)
        ]
        return np.stack(counts)

    def _covered(
        self, page: Page, start: Integers, end: Integers, line: Integers, tiles: Flags
    ) -> npt.NDArray[np.float64]:
        """The share of each line's letters that lie inside some of the hits."""
        folded = page.folded
        change = np.zeros(len(folded.codes) + 1, np.int64)
        np.add.at(change, start[tiles], 1)
        np.add.at(change, end[tiles], -1)
        letter = np.diff(folded.letters).astype(bool)
        covered = letter & (np.cumsum(change[:-1]) > 0)
        of = folded.line[letter]
        total = np.bincount(of[of >= 0], minlength=len(page))
        part = folded.line[covered]
        return np.bincount(part[part >= 0], minlength=len(page)) / np.maximum(total, 1)

    def _by_pattern(
        self, page: Page, rule: Integers, line: Integers, width: Integers
    ) -> Iterator[tuple[int, int, int, int, bool]]:
        wanted = set(zip(rule.tolist(), line.tolist(), strict=True))
        digits = np.flatnonzero((page.histogram[:, DIGIT] > 0) & (width <= WINDOW)).tolist()
        wanted.update((number, at) for number in self._on_digit for at in digits)
        for number, at in sorted(wanted):
            rule_ = self.rules[number]
            first, last = int(page.first[at]), int(page.last[at])
            cuts = rule_.effect in (Effect.INLINE, Effect.BODY)
            if not cuts and width[at] > rule_.limit:
                continue
            # a piece stands at the head or the foot of a long line, so no pattern sees more than two windows of it
            windows = (
                [(first, last)] if last - first <= 2 * WINDOW else [(first, first + WINDOW), (last - WINDOW, last)]
            )
            for pattern, (begin, stop) in product(self.patterns(number), windows):
                if hit := pattern.search(page.text[begin:stop]):
                    start, end = begin + hit.start(), begin + hit.end()
                    yield number, at, start, end, start == first and end == last
                    break


def _first(line: Integers, wanted: Flags) -> Integers:
    """The places of the first wanted hit of each line."""
    places = np.flatnonzero(wanted)
    return places[np.unique(line[places], return_index=True)[1]]


def _spellings(names: Iterable[str]) -> tuple[str, ...]:
    """Names, each once, with straight apostrophes too where CLDR has typographic ones."""
    return tuple(dict.fromkeys(spelling for name in names for spelling in (name, name.replace("’", "'"))))


def _mode(phrase: Phrase) -> int:
    return (WHOLE, START, END, ANYWHERE)[phrase.open_end + 2 * phrase.open_start]


def _variants(words: str) -> set[str]:
    """The folded forms that a phrase may take on a page."""
    return {
        fold(words),
        fold(words.replace("ß", "ss")),
        fold(words.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")),
    }
