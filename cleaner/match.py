"""One compiled matcher for a set of packs: one scan for all phrases, one look-up for all words, patterns only where a literal hit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain, product, repeat

import numpy as np
import regex

from cleaner.characters import DIGIT, fold_all
from cleaner.document import Kind
from cleaner.hits import Hits, Shares
from cleaner.lines import Flags, Folded, Integers, Page, distinct
from cleaner.newest import newest_first
from cleaner.patterns import Names, Pattern
from cleaner.rules import Effect, Pack, Phrase, Rule
from cleaner.scan import Scanner, Vocabulary, single_words, wordly
from cleaner.spoken import amid_sentences, answers, no_byline, of_text
from cleaner.windows import WINDOW, Windows

# What a literal's place on the line must be.
WHOLE, START, END, ANYWHERE, NEED, STOP, CHROME, MENU = range(8)
LEAD = 8
NO_LIMIT = 10**9
TILED = 0.9
# Effects of rules that hold on lines of any length.
FREE = (Effect.INLINE, Effect.BODY, Effect.SAID)
# What somebody says in a teaser is no more than that: "Read also: …".
_LABEL = regex.compile(r"[^:：,;.!?…。，]{1,40}[:：]")
# What names a person or a day.
_NAMES = (Kind.BYLINE, Kind.DATELINE)


class Matcher:
    """The rules of some packs, compiled. Safe to share between threads.

    Args:
        packs: whose rules they are.
        calendars: packs whose names of months and days the rules may mean, too.
    """

    EFFECTS = tuple(Effect)
    KINDS = tuple(Kind)

    def __init__(self, packs: Sequence[Pack], calendars: Sequence[Pack] = ()) -> None:
        self.packs = tuple(packs)
        self.rules: tuple[Rule, ...] = tuple(rule for pack in packs for rule in pack.rules)
        self._calendar = Names.of([pack.calendar for pack in (*calendars, *packs)])
        self.effects = np.array([self.EFFECTS.index(rule.effect) for rule in self.rules], np.int64)
        self.kinds = np.array([self.KINDS.index(rule.kind) for rule in self.rules], np.int64)
        self._patterns: dict[int, tuple[Pattern, ...]] = {}
        self._possible = lru_cache(maxsize=1 << 14)(self._possible_patterns)
        self._prepare_rules()
        self._prepare_literals()

    def _prepare_rules(self) -> None:
        """What ``match`` asks of rules, as arrays; the last entry of each stands for literals without a rule."""
        cuts = np.array([rule.effect in FREE for rule in self.rules] + [True], bool)
        limit = np.array([rule.limit for rule in self.rules] + [0], np.int64)
        # open phrases and patterns hold only on short lines, but for those that cut a piece or speak for the body
        self._limit = np.where(cuts, NO_LIMIT, limit)
        self._tiles = np.array([rule.effect in (Effect.LINE, Effect.SECTION) for rule in self.rules] + [False], bool)
        named = [rule.kind in _NAMES and rule.effect is not Effect.INLINE for rule in self.rules]
        self._names = np.array([*named, False], bool)
        self._falling = np.array([rule.falling for rule in self.rules], bool)
        self._said = np.array([at for at, rule in enumerate(self.rules) if rule.effect is Effect.SAID], np.int64)
        # rules whose words somebody may say; a list by the clock is not said
        self._sayable = ~cuts[:-1] & ~self._falling
        self._on_digit = np.array([at for at, rule in enumerate(self.rules) if "{digit}" in rule.needs], np.int64)

    def _prepare_literals(self) -> None:
        """The literals of rules and word lists, and the scanner of those that are not single words."""
        entries, stop, chrome = self._entries()
        self._literals = list(entries)
        sizes = [len(found) for found in entries.values()]
        self._sizes = np.array(sizes, np.int64)
        self._from = np.cumsum(self._sizes) - self._sizes
        self._rule, self._mode = np.array(list(chain.from_iterable(entries.values())), np.int64).reshape(-1, 2).T.copy()
        self._length = np.array([len(literal) for literal in self._literals], np.int64)
        self._entry_limit = np.where(self._mode == WHOLE, NO_LIMIT, self._limit[self._rule])
        self._entry_tiles = (self._mode == WHOLE) & self._tiles[self._rule]
        number = {literal: at for at, literal in enumerate(self._literals)}
        single = {self._literals[at] for at in np.flatnonzero(single_words(self._literals))}
        words = sorted(single | stop | chrome)
        # number 0 is any other word
        self._words = Vocabulary(words)
        self._word_literal = np.array([-1] + [number[word] if word in single else -1 for word in words], np.int64)
        self._word_stop = np.array([False] + [word in stop for word in words], bool)
        self._word_chrome = np.array([False] + [word in chrome for word in words], bool)
        phrases = [literal for literal in self._literals if literal not in single]
        self._phrases = Scanner(phrases, np.array([number[literal] for literal in phrases], np.int64))

    def _entries(self) -> tuple[dict[str, list[tuple[int, int]]], set[str], set[str]]:
        """For each literal its rules (or -1) and modes; and function words and words of site furniture, set apart by spaces."""
        sought = [(phrase.words, at, _mode(phrase)) for at, rule in enumerate(self.rules) for phrase in rule.phrases]
        needed = {"{digit}": (), "{month}": self._calendar.months, "{weekday}": self._calendar.weekdays}
        sought += [
            (word, at, NEED)
            for at, rule in enumerate(self.rules)
            for need in rule.needs
            for word in needed.get(need, (need,))
        ]
        listed = [
            (word, mode, pack.spaced and mode != MENU)
            for pack in self.packs
            for mode, words in ((STOP, pack.stop), (CHROME, pack.chrome), (MENU, pack.menu))
            for word in words
        ]
        variants = {words: _variants(words) for words, _, _ in sought}
        written = list(dict.fromkeys(chain(chain.from_iterable(variants.values()), (word for word, _, _ in listed))))
        folded = dict(zip(written, fold_all(written), strict=True))
        entries: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for words, rule, mode in sought:
            for literal in {folded[variant]: None for variant in variants[words]}:
                entries[literal].append((rule, mode))
        spaced: dict[int, set[str]] = {STOP: set(), CHROME: set()}
        for word, mode, apart in listed:
            if apart and " " not in folded[word]:
                spaced[mode].add(folded[word])
            else:
                entries[folded[word]].append((-1, mode))
        entries.pop("", None)
        return entries, spaced[STOP], spaced[CHROME]

    @cached_property
    def _everything(self) -> Scanner:
        """A scanner of all literals, for pages where a word's characters do not tell that it is one; see ``_find``."""
        return Scanner(self._literals, np.arange(len(self._literals)), narrow=False)

    def patterns(self, number: int) -> tuple[regex.Pattern[str], ...]:
        """A rule's patterns, compiled.

        Raises:
            PackError: where a pattern is not one.
        """
        return tuple(pattern.compiled for pattern in self._filled(number))

    def _filled(self, number: int) -> tuple[Pattern, ...]:
        found = self._patterns.get(number)
        if found is None:
            rule = self.rules[number]
            found = tuple(Pattern(pattern, self._calendar, rule.id) for pattern in rule.patterns)
            self._patterns[number] = found
        return found

    def match(self, page: Page) -> Hits:
        """All hits of the packs' rules on a page."""
        folded, lines = page.folded, len(page)
        words = self._words.numbers(folded.codes, folded.begins, folded.ends)
        literal, start, end = self._find(folded, words)
        # a literal may stand for several rules: one row for each
        sizes = self._sizes[literal]
        row = np.repeat(np.arange(len(literal)), sizes)
        entry = np.arange(len(row)) + np.repeat(self._from[literal] - np.cumsum(sizes) + sizes, sizes)
        start, end = start[row], end[row]
        rule, mode, line = self._rule[entry], self._mode[entry], folded.line[start]
        before = folded.letters[folded.where.searchsorted(page.first)]
        after = folded.letters[folded.where.searchsorted(page.last)]
        head, foot = folded.letters[start], folded.letters[end]
        at_start, at_end = head == before[line], foot == after[line]
        whole = at_start & at_end
        answering = answers(page)
        said = of_text(page, line, start, end, at_start & (mode != NEED)) | answering[line]
        width = page.width
        placed = (mode <= ANYWHERE) & (width[line] <= self._entry_limit[entry])
        placed &= (at_start | (mode >= END)) & (at_end | (mode == START) | (mode == ANYWHERE)) & ~said
        tile, label = self._entry_tiles[entry] & ~said, (mode == MENU) & ~said
        letters = np.maximum(after - before, 1)
        tiled = _covered(head, foot, line, tile, letters)
        full = (tiled >= TILED)[line]
        said_whole = np.zeros(lines, bool)
        said_whole[line[placed & whole]] = True
        placed[_first(line, tile & full & ~said_whole[line])] = True
        menu = np.zeros(lines, bool)
        if label.any():
            menu[line[label & whole]] = True
            tiled = _covered(head, foot, line, tile | label, letters)
        need = mode == NEED
        seen = Windows(page)
        by_pattern = self._by_pattern(page, seen, *self._with_digits(page, rule[need], line[need]))
        by_pattern = by_pattern[:, ~answering[by_pattern[1]]]
        spoken = folded.line[folded.begins]
        stop, chrome = (
            np.bincount(np.concatenate((spoken[known[words]], line[mode == which])), minlength=lines)
            for known, which in ((self._word_stop, STOP), (self._word_chrome, CHROME))
        )
        hit = np.flatnonzero(placed)
        rule, line, full = rule[hit], line[hit], full[hit]
        cut_from = np.where(at_start[hit] | full, page.first[line], folded.where[start[hit]])
        cut_to = np.where(at_end[hit] | full, page.last[line], folded.where[end[hit] - 1] + 1)
        found = np.concatenate((np.array((rule, line, cut_from, cut_to, whole[hit] | full)), by_pattern), axis=1)
        # a phrase that is the whole line leaves no room for who says it
        sayable = self._sayable[found[0]]
        sayable[: len(hit)] &= mode[hit] != WHOLE
        rule, line, start, end, whole = self._furniture(page, seen, found, sayable, stop)
        return Hits(
            rule=rule,
            line=line,
            start=start,
            end=end,
            whole=whole > 0,
            stop=stop,
            chrome=chrome,
            menu=menu,
            tiled=tiled,
        )

    def _furniture(self, page: Page, seen: Windows, found: Integers, sayable: Flags, stop: Integers) -> Integers:
        """Hits without those that only look like furniture: steps, words that somebody says, answers for bylines, times that rise.

        How a line tells that somebody says its words stands in the place of the hits that are ``sayable``.
        """
        hit = np.zeros(len(page), bool)
        hit[found[1, self._sayable[found[0]]]] = True
        stays = ~(amid_sentences(page, hit, stop)[found[1]] & self._sayable[found[0]])
        found, sayable = found[:, stays], sayable[stays]
        lines = distinct(found[1, sayable])
        told = self._by_pattern(page, seen, np.repeat(self._said, len(lines)), np.tile(lines, len(self._said)))
        if told.size:
            told = told[:, [_LABEL.match(page.line(at)) is None for at in told[1]]]
            found = np.concatenate((found[:, ~(sayable & np.isin(found[1], told[1]))], told), axis=1)
        named = np.flatnonzero(self._names[found[0]])
        found = np.delete(found, named[no_byline(page, found[1, named])], axis=1)
        listed = np.flatnonzero(self._falling[found[0]])
        return np.delete(found, listed[~newest_first(page, found[1, listed])], axis=1)

    def _find(self, folded: Folded, words: Integers) -> tuple[Integers, Integers, Integers]:
        """Literals on a page, none of them a part of a longer word, by their ends and then their starts.

        ``words`` are the numbers of the page's words.
        """
        # Signs such as "²" fold to what looks like a word's character without being one. Where there are any, words
        # do not end where their folded forms seem to, and all literals are scanned for.
        plain = not (wordly().take(folded.codes) & ~folded.word).any()
        literal, start, end = (self._phrases if plain else self._everything).find(folded.codes)
        word = np.concatenate((folded.word, [False]))
        fine = ~((word[start - 1] & word[start] & (start > 0)) | (word[end - 1] & word[end]))
        literal, start, end = literal[fine], start[fine], end[fine]
        if plain:
            single = self._word_literal[words]
            known = np.flatnonzero(single >= 0)
            single, begin = single[known], folded.begins[known]
            literal, start = np.concatenate((literal, single)), np.concatenate((start, begin))
            end = np.concatenate((end, begin + self._length[single]))
            order = np.argsort((end << 32) + start)
            literal, start, end = literal[order], start[order], end[order]
        return literal, start, end

    def _with_digits(self, page: Page, rule: Integers, line: Integers) -> tuple[Integers, Integers]:
        """Rules and the lines that their patterns are tried on; a rule that needs a digit is tried on all that have one."""
        digits = np.flatnonzero((page.histogram[:, DIGIT] > 0) & (page.width <= WINDOW))
        every = np.repeat(self._on_digit, len(digits))
        return np.concatenate((rule, every)), np.concatenate((line, np.tile(digits, len(self._on_digit))))

    def _by_pattern(self, page: Page, seen: Windows, rule: Integers, line: Integers) -> Integers:
        """Where patterns of rules match on lines, a column each: rule, line, where it begins and ends, whether that is the line."""
        return np.array(list(self._searched(page, seen, rule, line)), np.int64).reshape(-1, 5).T

    def _searched(
        self, page: Page, seen: Windows, rule: Integers, line: Integers
    ) -> Iterator[tuple[int, int, int, int, bool]]:
        wanted = distinct((rule * len(page) + line)[page.width[line] <= self._limit[rule]])
        for number, at in map(divmod, wanted.tolist(), repeat(len(page))):
            lead, windows = seen[at]
            tried = self._possible(number, lead)
            if not tried:
                continue
            for pattern, (text, plain, where) in product(tried, windows):
                if pattern.may_match(plain) and (hit := pattern.compiled.search(text)):
                    start, end = where[hit.start()], where[hit.end()]
                    yield number, at, start, end, start == page.first[at] and end == page.last[at]
                    break

    def _possible_patterns(self, number: int, lead: str) -> tuple[Pattern, ...]:
        """Those of a rule's patterns that can match where a line begins with ``lead``: that far they are, two in three fail."""
        patterns = self._filled(number)
        if not 0 < len(lead) <= LEAD:
            return patterns
        return tuple(pattern for pattern in patterns if pattern.may_open is None or pattern.may_open(lead))


class Beside(Matcher):
    """A site's rules behind those of a language: matched apart, so that a site costs what its own rules do."""

    def __init__(self, first: Matcher, packs: Sequence[Pack]) -> None:
        self._first, self._second = first, Matcher(packs, calendars=first.packs)
        self.packs = first.packs + self._second.packs
        self.rules = first.rules + self._second.rules
        self.effects = np.concatenate((first.effects, self._second.effects))
        self.kinds = np.concatenate((first.kinds, self._second.kinds))

    def patterns(self, number: int) -> tuple[regex.Pattern[str], ...]:
        own = number - len(self._first.rules)
        return self._first.patterns(number) if own < 0 else self._second.patterns(own)

    def match(self, page: Page) -> Hits:
        return self._second.match(page).beside(self._first.match(page), len(self._first.rules))


def _covered(head: Integers, foot: Integers, line: Integers, chosen: Flags, letters: Integers) -> Shares:
    """The share of each line's letters that lie inside some of the chosen hits, from letter ``head`` to letter ``foot``."""
    hits = np.flatnonzero(chosen)
    hits = hits[np.argsort(head[hits], kind="stable")]
    begin, end = head[hits], np.maximum.accumulate(foot[hits])
    begin[1:] = np.maximum(begin[1:], end[:-1])  # what an earlier hit covers counts once
    return np.bincount(line[hits], np.maximum(end - begin, 0), len(letters)) / letters


def _first(line: Integers, wanted: Flags) -> Integers:
    """The places of the first wanted hit of each line."""
    places = np.flatnonzero(wanted)
    return places[np.unique(line[places], return_index=True)[1]]


def _mode(phrase: Phrase) -> int:
    return (WHOLE, START, END, ANYWHERE)[phrase.open_end + 2 * phrase.open_start]


def _variants(words: str) -> tuple[str, ...]:
    """The forms that a phrase may take on a page, beside those that folding makes one."""
    umlauts = words.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return tuple(dict.fromkeys((words, words.replace("ß", "ss"), umlauts, words.replace("...", "…"))))
