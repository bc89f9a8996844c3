"""The way of a page: split, route, match, features, decide, assemble. Nothing else happens here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from cleaner import language
from cleaner.characters import fold, fold_all
from cleaner.context import features
from cleaner.decide import WEIGHTS, Dial, Model, decide, read_model
from cleaner.document import Document, Kind
from cleaner.features import Seen, look
from cleaner.lines import Page, split
from cleaner.match import Beside, Matcher
from cleaner.own import Sites, own_packs
from cleaner.reading import Reading, cuts_of
from cleaner.recent import Recent
from cleaner.rules import COMMON, PACKS, Pack, with_parents

SITES = PACKS / "sites"
# A page is read again at most so many times; nearly all settle at the second reading.
PASSES = 10
# Compiled rules of a user's packs and of sites that are kept: some 100 KB for a site.
MATCHERS = 256


@lru_cache(maxsize=256)
def _built_in_matcher(names: tuple[str, ...]) -> Matcher:
    return Matcher(_family(names, {}))


def matcher_for(tag: str | None) -> Matcher:
    """The library's own matcher for a standard tag, compiled once in a process."""
    return _built_in_matcher(language.packs_for(tag))


def _family(names: Sequence[str], own: dict[str, Pack]) -> list[Pack]:
    """Packs and all that they inherit, each once, the common pack first."""
    return list({pack.file: pack for name in names or [COMMON] for pack in with_parents(name, own)}.values())


class Cleaner:
    """Settings once, then the library's functions as methods.

    A cleaner can be pickled, and used from several threads at once.

    Args:
        detector: who names the language where none is given: ``"langdetect"``, ``"fasttext"`` (needs
            ``pip install 'boilerplate-cleaner[fast]'``) or a callable that takes text and returns a tag or None.
        keep: kinds to leave in the text, such as ``{"title"}``.
        favor_recall: in doubt keep more; as in trafilatura.
        favor_precision: in doubt remove more; not together with ``favor_recall``.
        packs: paths of packs, or of folders of packs. One that is called after a language (``it``) is used for pages in it, instead
            of the library's own unless it inherits that; any other (``house``) for all pages.
        sites: paths of site packs, or of folders of them, used for pages whose ``url`` is theirs (``clean_many`` knows none). In
            a folder a pack is called after its site; a broken one is left out with a warning.
        model: ``"default"`` for the fitted weights, the path of others, or None: rules alone decide.
        html_model: the same for HTML pages: ``"default"``, or the path of weights from ``cleaner fit --html``.
        max_html: how much of an HTML page is read, in characters or, of bytes, in bytes; the rest is cut off. Reading a page takes
            some forty times its size in memory.

    Raises:
        TypeError, ValueError: where a setting is not one.
        PackError: where a pack that is named is broken, with its file, the rule and the reason.

    Examples:
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
        html_model: str | Path = "default",
        max_html: int = 10_000_000,
    ) -> None:
        if not callable(detector) and not isinstance(detector, str):
            raise TypeError(f"detector is a name or a callable, not {type(detector).__name__}")
        if not callable(detector) and detector not in language.DETECTORS:
            raise ValueError(
                f"detector is {' or '.join(map(repr, language.DETECTORS))} or a callable, not {detector!r}"
            )
        if favor_recall and favor_precision:
            raise ValueError("favor_recall and favor_precision exclude each other")
        self.detector = detector
        self.keep = frozenset(_kind(kind) for kind in _listed("keep", keep))
        self.dial = Dial.RECALL if favor_recall else Dial.PRECISION if favor_precision else Dial.DEFAULT
        self._packs = own_packs(_listed("packs", packs))
        self._sites = Sites(_listed("sites", sites), SITES)
        if not isinstance(model, str | Path | None):
            raise TypeError(f'model is "default", a path or None, not {type(model).__name__}')
        if not isinstance(html_model, str | Path):
            raise TypeError(f'html_model is "default" or a path, not {type(html_model).__name__}')
        self.model = model
        if not isinstance(max_html, int) or max_html < 1:
            raise ValueError(f"max_html is a number of characters or bytes, not {max_html!r}")
        self.html_model = html_model
        self.max_html = max_html
        self._matchers = Recent[Matcher](MATCHERS)

    def __getstate__(self) -> dict[str, Any]:
        # a set would make other bytes in every process
        return self.__dict__ | {"keep": sorted(self.keep)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, keep=frozenset(state["keep"]))

    @property
    def own_packs(self) -> tuple[Pack, ...]:
        """The packs used beside the library's language packs: those given, and those of the sites seen so far."""
        return (*self._packs.values(), *self._sites.packs)

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
        from cleaner.html import clean_html

        return clean_html(self, html, lang, url)

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

        Raises:
            TypeError: at once where ``texts`` is a single one; at its turn where one of them is no string.
            ValueError: at once where ``workers`` is not a number from 1.
        """
        from cleaner.many import clean_many

        return clean_many(self, texts, lang, workers, progress)

    def _read(self, text: str, lang: str | None, url: str | None) -> tuple[str | None, Reading]:
        if not isinstance(text, str):
            raise TypeError(f"text must be a str, not {type(text).__name__}")
        str_or_none(lang=lang, url=url)
        page = split(text)
        tag = language.standard(lang) if lang else language.detect(page, self._detector())
        matcher = self._matcher(tag, url)
        look_at = partial(self._look, matcher=matcher)
        reading = self._once(look_at(page), matcher)
        # what is left is read again until nothing more goes: so cleaning a cleaned page changes nothing
        for _ in range(PASSES - 1):
            left = reading.left(look_at)
            if left is None:
                break
            again = self._once(left, matcher, reading)
            if again.keep.all() and not again.cuts:
                break
            reading = reading.without(again)
        return tag, reading

    def _look(self, page: Page, matcher: Matcher) -> Seen:
        model = self._model()
        return look(page, matcher, model.lexicon if model else None)

    def _once(self, seen: Seen, matcher: Matcher, before: Reading | None = None) -> Reading:
        """One reading, of a page or of what a reading ``before`` left.

        Where the headline has gone already, only a line that says the same is one: any other is a subheading. And the body's end is looked
        for on the whole page: what is left of it tells less.
        """
        matrix = features(seen)
        gone = before.title() if before else None
        headline = None if gone is None else _line_that_says(seen.page, gone)
        decision = decide(matrix, seen, self._model(), self.dial, headline, ends=before is None)
        return Reading(seen, matcher, matrix, decision, cuts_of(seen.page, matcher, seen.hits, self.keep), self.keep)

    def _detector(self) -> language.Detector:
        return self.detector if callable(self.detector) else language.DETECTORS[self.detector]

    def _model(self) -> Model | None:
        if self.model is None:
            return None
        return read_model(WEIGHTS if self.model == "default" else Path(self.model))

    def _matcher(self, tag: str | None, url: str | None) -> Matcher:
        names = language.packs_for(tag)
        if tag and tag in self._packs:
            names = (tag,)
        site = self._sites.find(url) if url else None
        if site:
            return self._matchers.get((names, site), lambda: self._beside(names, site))
        return self._of_languages(names)

    def _of_languages(self, names: tuple[str, ...]) -> Matcher:
        if not self._packs:
            return _built_in_matcher(names)
        names = (*names, *(name for name in self._packs if name not in names and not language.is_tag(name)))
        return self._matchers.get(names, lambda: Matcher(_family(names, self._packs)))

    def _beside(self, names: tuple[str, ...], site: Path) -> Matcher:
        first, pack = self._of_languages(names), self._sites.pack(site)
        known = {pack.file for pack in first.packs}
        return Beside(first, [pack for pack in with_parents(pack.name, {pack.name: pack}) if pack.file not in known])


# A headline often stands there twice: above the article, and in the page's title, among so many lines.
_TITLE_WITHIN = 30


def _line_that_says(page: Page, title: str) -> int:
    """The line that has a title's words and no others; -1 where none of the first lines does."""
    wanted = fold(title)
    first = fold_all([page.line(line) for line in range(min(len(page), _TITLE_WITHIN))])
    return first.index(wanted) if wanted in first else -1


def str_or_none(**values: Any) -> None:
    """Raises ``TypeError`` for a value that is neither."""
    for name, value in values.items():
        if value is not None and not isinstance(value, str):
            raise TypeError(f"{name} must be a str or None, not {type(value).__name__}")


def refuse_one(name: str, values: Any, wanted: str) -> None:
    """Raises ``TypeError`` for one string, bytes or path where several are ``wanted``: it would be taken letter by letter."""
    if isinstance(values, str | bytes | Path):
        raise TypeError(f"{name} is {wanted}, not a single {type(values).__name__}")


def _listed(name: str, values: Iterable[Any]) -> list[Any]:
    refuse_one(name, values, "a list or a set")
    return list(values)


def _kind(name: str) -> str:
    try:
        return str(Kind(name))
    except ValueError:
        raise ValueError(f"keep: {name!r} is no kind; there are {', '.join(Kind)}") from None
