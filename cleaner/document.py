"""The values that the library hands out: kinds, spans and documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a stretch of a page is, in a person's words.

    A kind is a string, so it prints, compares and serialises as one.

    Examples:
        >>> Kind.COPYRIGHT == "copyright"
        True
    """

    BODY = "body"
    TITLE = "title"
    BYLINE = "byline"
    DATELINE = "dateline"
    NAVIGATION = "navigation"
    RELATED = "related"
    SHARE = "share"
    NEWSLETTER = "newsletter"
    PAYWALL = "paywall"
    COMMENTS = "comments"
    COPYRIGHT = "copyright"
    LEGAL = "legal"
    COOKIE = "cookie"
    ADVERTISING = "advertising"
    CREDIT = "credit"
    CAPTION = "caption"
    TAGS = "tags"
    PAGINATION = "pagination"
    AUTHOR_BIO = "author-bio"
    COUNTER = "counter"
    NOTICE = "notice"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the source, kept or removed.

    Attributes:
        start: index of the first code point in ``Document.source``.
        end: index after the last code point.
        kept: whether the stretch is part of ``Document.text``.
        kind: what it is.
        rule: what decided: a rule's id such as ``it.related.on-fire``, or, where no rule hit, the
            strongest evidence in words; empty for kept text.
        score: how sure the decision is that the stretch is what it was taken for, from 0 to 1.
    """

    start: int
    end: int
    kept: bool
    kind: Kind
    rule: str
    score: float

    def to_dict(self) -> dict[str, Any]:
        """The span as a dict that JSON can hold.

        Examples:
            >>> Span(0, 4, True, Kind.BODY, "", 0.5).to_dict()["kind"]
            'body'
        """
        return {
            "start": self.start,
            "end": self.end,
            "kept": self.kept,
            "kind": str(self.kind),
            "rule": self.rule,
            "score": self.score,
        }


@dataclass(frozen=True, slots=True)
class Document:
    """A cleaned page: the body, and an account of everything that was taken out.

    ``spans``, kept and removed, in order, are the source again; the kept ones, joined, are ``text``. ``page_kind`` says what an
    HTML page is: ``article``, ``documentation``, ``service``, ``forum`` (threads and questions), ``product``, ``collection`` (a shop's shelf),
    ``listing``; it is None for plain text.

    Examples:
        >>> import cleaner
        >>> document = cleaner.explain("A first sentence of the body stands here.", lang="en")
        >>> "".join(document.source[s.start:s.end] for s in document.spans) == document.source
        True
    """

    source: str
    text: str
    lang: str | None = None
    title: str | None = None
    author: str | None = None
    date: str | None = None
    page_kind: str | None = field(default=None, kw_only=True)
    _account: Callable[[], tuple[Span, ...]] = field(default=tuple, repr=False, compare=False)
    _spans: list[tuple[Span, ...]] = field(default_factory=list, repr=False, compare=False)

    @property
    def spans(self) -> tuple[Span, ...]:
        """The account, made on the first look: most callers want the text alone. Until then all that is known of the page is held for
        it, some sixty times the size of the text."""
        if not self._spans:
            self._spans.append(self._account())
            object.__setattr__(self, "_account", tuple)  # which holds all that is known of the page
        return self._spans[0]

    def __reduce__(self) -> tuple[Any, ...]:
        stated = (self.source, self.text, self.lang, self.title, self.author, self.date, self.page_kind)
        return _with_spans, (*stated, self.spans)

    def __str__(self) -> str:
        return self.text

    def to_dict(self) -> dict[str, Any]:
        """The whole document as a dict that JSON can hold."""
        return {
            "source": self.source,
            "text": self.text,
            "lang": self.lang,
            "title": self.title,
            "author": self.author,
            "date": self.date,
            "page_kind": self.page_kind,
            "spans": [span.to_dict() for span in self.spans],
        }


def removed_share(page: Document) -> float:
    """The characters that went, by the characters of the source; 0 for an empty one.

    Examples:
        >>> removed_share(Document("Share. The mill.", "The mill."))
        0.4375
    """
    return (len(page.source) - len(page.text)) / len(page.source) if page.source else 0.0


def _with_spans(
    source: str,
    text: str,
    lang: str | None,
    title: str | None,
    author: str | None,
    date: str | None,
    page_kind: str | None,
    spans: tuple[Span, ...],
) -> Document:
    """A document whose account is made: what is pickled of one."""
    return Document(source, text, lang, title, author, date, page_kind=page_kind, _spans=[spans])
