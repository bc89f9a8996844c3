"""The way of a page: split, route, match, features, decide, assemble. Nothing else happens here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from cleaner import language
from cleaner.assemble import Cut, Piece, account, joined, kept_pieces
from cleaner.check import check
from cleaner.decide import WEIGHTS, Decision, Dial, Model, decide, model_at
from cleaner.document import Document, Kind, Span
from cleaner.features import Matrix, evidence, features
from cleaner.lines import Flags, Integers, Page, split, words_of
from cleaner.match import Hits, Matcher
from cleaner.metadata import author_of, date_of, speaks_of_author
from cleaner.rules import PACKS, Effect, Pack, read_pack, with_parents
from cleaner.trees import UNIT

SITES = PACKS / "sites"
# A page is read again at most so many times; nearly all settle at the second reading.
PASSES = 5
_METADATA = (Kind.BYLINE, Kind.DATELINE)
# How strongly an effect gives a removed line its kind: the first one present names it.
_NAMING = (Effect.LINE, Effect.SECTION, Effect.TAIL, Effect.HEAD, Effect.INLINE, Effect.HINT)


@lru_cache(maxsize=256)
def _built_in_matcher(names: tuple[str, ...]) -> Matcher:
    return Matcher(_family(names, {}))


def matcher_for(tag: str | None) -> Matcher:
    """The library's own matcher for a standard tag, compiled once in a process."""
    return _built_in_matcher(language.packs_for(tag))


def _family(names: Sequence[str], own: dict[str, Pack]) -> list[Pack]:
    """Packs and all that they inherit, each once, the common pack first."""
    found = {pack.name: pack for name in (*names, "common") for pack in with_parents(name, own)}
    return [found.pop("common"), *found.values()]


@dataclass(frozen=True)
class _Reading:
    """Everything that is known of a page once it has been decided on.

    ``later`` holds for lines that went only when what was left was read again: that reading, and the line's number in it.
    """

    page: Page
    matcher: Matcher
    hits: Hits
    matrix: Matrix
    names: tuple[str, ...]
    decision: Decision
    cuts: tuple[Cut, ...]
    kept_kinds: frozenset[str]
    later: dict[int, tuple[_Reading, int]] = field(default_factory=dict)

    @cached_property
    def rule_of(self) -> Integers:
        """The rule that names each line, or -1: whole hits before partial ones, stronger effects before weaker."""
        rules = np.full(len(self.page), -1, np.int64)
        effect = self.matcher.effects[self.hits.rule]
        for wanted in reversed(_NAMING):
            of = effect == Matcher.EFFECTS.index(wanted)
            for whole in (False, True):
                chosen = np.flatnonzero(of & (self.hits.whole == whole))[::-1]
                rules[self.hits.line[chosen]] = self.hits.rule[chosen]
        return rules

    def reason(self, line: int) -> tuple[Kind, str]:
        """The kind of a removed line, and the rule or else the evidence."""
        if line in self.later:
            reading, number = self.later[line]
            return reading.reason(number)
        if line == self.decision.title:
            return Kind.TITLE, "headline: " + evidence(self.names, self.matrix[:, line])
        number = int(self.rule_of[line])
        if number >= 0:
            rule = self.matcher.rules[number]
            return rule.kind, rule.id
        return self.kind_around(line), evidence(self.names, self.matrix[:, line])

    def kind_around(self, line: int) -> Kind:
        """The kind of a line that no rule names: that of the section that it stands in, else by its place."""
        section = self.names.index("section")
        back = line
        while back >= 0 and not self.decision.keep[back]:
            if self.matrix[section, back] > 0 and self.rule_of[back] >= 0:
                return self.matcher.rules[int(self.rule_of[back])].kind
            back -= 1
        return Kind.NAVIGATION if self.matrix[self.names.index("short_run"), line] > 0 else Kind.RELATED

    def score(self, line: int) -> float:
        """How likely a line is chrome."""
        if line in self.later:
            reading, number = self.later[line]
            return reading.score(number)
        return round(1 / (1 + float(np.exp(np.clip(self.decision.odds[line] / UNIT, -30, 30)))), 4)

    @cached_property
    def keep(self) -> Flags:
        """The lines that stay: the body, and lines of the kinds to keep."""
        keep = self.decision.keep.copy()
        keep[list(self.later)] = False
        if self.kept_kinds:
            keep[[line for line in np.flatnonzero(~keep).tolist() if self.reason(line)[0] in self.kept_kinds]] = True
        return keep

    def without(self, again: _Reading) -> _Reading:
        """This reading, less what a reading of the text that it leaves takes out."""
        lines = np.flatnonzero(self.keep).tolist()
        gone = {lines[number]: (again, number) for number in np.flatnonzero(~again.keep).tolist()}
        lengths = [piece.end - piece.start for piece in self.pieces]
        ends = np.cumsum(lengths)

        def place(at: int) -> int:
            piece = int(np.searchsorted(ends, at, side="right"))
            return self.pieces[piece].end - int(ends[piece]) + at

        cuts = [replace(cut, start=place(cut.start), end=place(cut.end - 1) + 1) for cut in again.cuts]
        old = [cut for cut in self.cuts if not any(new.start <= cut.start and cut.end <= new.end for new in cuts)]
        merged = tuple(sorted([*old, *cuts], key=lambda cut: cut.start))
        return replace(self, cuts=merged, later=self.later | gone)

    @cached_property
    def pieces(self) -> list[Piece]:
        return kept_pieces(self.page, self.keep, self.cuts)

    def text(self) -> str:
        return joined(self.page, self.pieces)

    def spans(self) -> tuple[Span, ...]:
        return account(self.page, self.pieces, self.cuts, self.score, self.reason)

    def title(self) -> str | None:
        """The headline: the line that was taken for it, at the first reading or a later one."""
        if self.decision.title >= 0:
            return self.page.line(self.decision.title)
        of_later = (line for line, (reading, number) in self.later.items() if number == reading.decision.title)
        line = next(of_later, None)
        return None if line is None else self.page.line(line)

    def author_and_date(self) -> tuple[str | None, str | None]:
        """From the first lines that rules know as byline or dateline, those nearest to the headline first."""
        kinds = [Matcher.KINDS.index(kind) for kind in _METADATA]
        wanted = np.flatnonzero(np.isin(self.matcher.kinds[self.hits.rule], kinds)).tolist()
        near = max(self.decision.title, 0)
        wanted.sort(key=lambda hit: (abs(int(self.hits.line[hit]) - near), int(self.hits.rule[hit])))
        author = date = None
        for hit in wanted:
            number, line = int(self.hits.rule[hit]), int(self.hits.line[hit])
            rule, written = self.matcher.rules[number], self.page.line(line)
            if not speaks_of_author(rule) or (self.decision.keep[line] and line not in self.later):
                continue
            author = author or author_of(
                written, rule, self.matcher, number, int(self.hits.end[hit] - self.page.first[line])
            )
            date = date or date_of(written, self.matcher)
        return author, date


class Cleaner:
    """Settings once, then the library's functions as methods.

    A cleaner can be pickled, and used from several threads at once.

    Args:
        detector: who names the language where none is given: ``"langdetect"``, ``"fasttext"`` (needs
            ``pip install 'boilerplate-cleaner[fast]'``) or a callable that takes text and returns a tag or None.
        keep: kinds to leave in the text, such as ``{"title"}``.
        favor_recall: in doubt keep more; as in trafilatura.
        favor_precision: in doubt remove more; not together with ``favor_recall``.
        packs: paths of packs, or of folders of packs, that stand beside or before the library's own of the same name.
        sites: paths of site packs, or of folders of them, used for pages whose ``url`` is theirs.
        model: ``"default"`` for the fitted weights, the path of others, or None: rules alone decide.

    Raises:
        TypeError, ValueError: where a setting is not one.
        PackError: where a pack is broken, with its file, the rule and the reason.

    Example:
        >>> cleaner = Cleaner(keep={"title"})
        >>> cleaner.clean("All rights reserved", lang="en")
        ''
    """

    def __init__(
        self,
        *,
        detector: str | language.Detector = "langdetect",
        keep: Iterable[str] = (),
        favor_recall: bool = False,
        favor_precision: bool = False,
        packs: Iterable[str | Path] = (),
        sites: Iterable[str | Path] = (),
        model: str | Path | None = "default",
    ) -> None:
        if not callable(detector) and detector not in language.DETECTORS:
            raise ValueError(
                f"detector is {' or '.join(map(repr, language.DETECTORS))} or a callable, not {detector!r}"
            )
        if favor_recall and favor_precision:
            raise ValueError("favor_recall and favor_precision exclude each other")
        self.detector = detector
        self.keep = frozenset(str(Kind(kind)) for kind in _listed("keep", keep))
        self.dial = Dial.RECALL if favor_recall else Dial.PRECISION if favor_precision else Dial.DEFAULT
        own = [read_pack(file) for place in _listed("packs", packs) for file in _files(place)]
        self._packs = {pack.name: pack for pack in own}
        for pack in own:
            if wrong := next(check(pack, _family([pack.name], self._packs)), None):
                raise wrong
        self._site_folders = [SITES] + [Path(place) for place in _listed("sites", sites) if Path(place).is_dir()]
        site_packs = [read_pack(place) for place in _listed("sites", sites) if not Path(place).is_dir()]
        self._sites = {site.lower(): pack for pack in site_packs for site in pack.sites or (pack.name,)}
        self.model = model
        self._matchers: dict[tuple[str, ...], Matcher] = {}

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_matchers": {}}  # compiled again where it is unpickled

    def clean(self, text: str, lang: str | None = None, url: str | None = None) -> str:
        """The body of a page's text; see ``cleaner.clean``."""
        return self._read(text, lang, url)[1].text()

    def explain(self, text: str, lang: str | None = None, url: str | None = None) -> Document:
        """The body and the account of what went; see ``cleaner.explain``."""
        tag, reading = self._read(text, lang, url)
        author, date = reading.author_and_date()
        return Document(text, reading.text(), tag, reading.title(), author, date, reading.spans)

    def clean_html(self, html: str | bytes, lang: str | None = None, url: str | None = None) -> str:
        """The body of an HTML page; see ``cleaner.clean_html``."""
        return self.explain_html(html, lang, url).text

    def explain_html(self, html: str | bytes, lang: str | None = None, url: str | None = None) -> Document:
        """The body of an HTML page and the account; see ``cleaner.explain_html``."""
        from cleaner.html import explain_html

        return explain_html(self, html, lang, url)

    def clean_many(
        self, texts: Iterable[str], lang: str | None = None, workers: int = 1, progress: bool = False
    ) -> Iterator[str]:
        """The bodies of many texts, in order.

        Args:
            texts: the pages; read as they are needed.
            lang: the language of all of them, if known.
            workers: processes to use.
            progress: whether to show a bar on standard error.
        """
        from cleaner.many import clean_many

        return clean_many(self, texts, lang, workers, progress)

    def _read(self, text: str, lang: str | None, url: str | None) -> tuple[str | None, _Reading]:
        for name, value, optional in (("text", text, False), ("lang", lang, True), ("url", url, True)):
            if not isinstance(value, str) and not (optional and value is None):
                raise TypeError(f"{name} must be a str{' or None' if optional else ''}, not {type(value).__name__}")
        page = split(text)
        tag = language.standard(lang) if lang else language.detect(page, self._detector())
        matcher = self._matcher(tag, url)
        reading = self._once(page, matcher)
        # what is left is read again until nothing more goes: so cleaning a cleaned page changes nothing
        for _ in range(PASSES - 1):
            left = reading.text()
            if left == text or not left:
                break
            again = self._once(split(left), matcher)
            if again.keep.all() and not again.cuts:
                break
            reading = reading.without(again)
        return tag, reading

    def _once(self, page: Page, matcher: Matcher) -> _Reading:
        hits = matcher.match(page)
        matrix, names = features(page, hits, matcher)
        decision = decide(matrix, names, words_of(page), self._model(names), self.dial)
        return _Reading(page, matcher, hits, matrix, names, decision, _cuts(page, matcher, hits, self.keep), self.keep)

    def _detector(self) -> language.Detector:
        return self.detector if callable(self.detector) else language.DETECTORS[self.detector]

    def _model(self, names: tuple[str, ...]) -> Model | None:
        if self.model is None:
            return None
        return model_at(WEIGHTS if self.model == "default" else Path(self.model), names)

    def _matcher(self, tag: str | None, url: str | None) -> Matcher:
        names = language.packs_for(tag)
        if tag and tag in self._packs:
            names = (tag,)
        site = self._site(url) if url else None
        if not self._packs and not site:
            return _built_in_matcher(names)
        key = (*names, site.name if site else "")
        if key not in self._matchers:
            extra = [name for name in self._packs if name not in names and name not in language.KNOWN]
            family = _family([*names, *extra], self._packs)
            self._matchers[key] = Matcher([*family, site] if site else family)
        return self._matchers[key]

    def _site(self, url: str) -> Pack | None:
        """The pack of the site that an address is on: that of its host, or of the nearest domain above it."""
        try:
            host = (urlsplit(url if "//" in url else "//" + url).hostname or "").removeprefix("www.")
        except ValueError:  # an address that is none
            return None
        parts = host.split(".")
        for domain in (".".join(parts[at:]) for at in range(len(parts) - 1)):
            if domain in self._sites:
                return self._sites[domain]
            for folder in self._site_folders:
                if (folder / f"{domain}.toml").is_file():
                    self._sites[domain] = read_pack(folder / f"{domain}.toml")
                    return self._sites[domain]
        return None


def _listed(name: str, values: Iterable[Any]) -> list[Any]:
    if isinstance(values, str | bytes | Path):
        raise TypeError(f"{name} is a list or a set, not a single {type(values).__name__}")
    return list(values)


def _files(place: str | Path) -> list[Path]:
    return sorted(Path(place).glob("*.toml")) if Path(place).is_dir() else [Path(place)]


def _cuts(page: Page, matcher: Matcher, hits: Hits, keep: frozenset[str]) -> tuple[Cut, ...]:
    """The pieces of lines that inline rules cut, in order, none over another, with the spaces that they leave."""
    inline = np.flatnonzero((matcher.effects[hits.rule] == Matcher.EFFECTS.index(Effect.INLINE)) & ~hits.whole)
    if not len(inline):
        return ()
    text = page.text
    cuts: list[Cut] = []
    for hit in sorted(inline.tolist(), key=lambda hit: (int(hits.start[hit]), -int(hits.end[hit]))):
        rule, line = matcher.rules[int(hits.rule[hit])], int(hits.line[hit])
        start, end = int(hits.start[hit]), int(hits.end[hit])
        first, last = int(page.first[line]), int(page.last[line])
        if rule.kind in keep or (cuts and start < cuts[-1].end):
            continue
        if end == last:
            end = int(page.end[line])
            start = first + len(text[first:start].rstrip())
        else:
            end += len(text[end:last]) - len(text[end:last].lstrip())
        cuts.append(Cut(start, end, rule.kind, rule.id))
    return tuple(cuts)
