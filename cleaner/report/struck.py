"""A page's source with the removed lines struck through, and why on hover and focus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cleaner.colours import COLOURS
from cleaner.document import Kind, Span
from cleaner.lines import split_lines
from cleaner.report.markup import Html, element, together
from cleaner.report.places import Places


@dataclass
class Struck:
    """Writes sources with what went struck through, and numbers the reasons, which must be unlike on a page."""

    places: Places | None
    reasons: int = field(default=0, init=False)

    def source(self, source: str, spans: Iterable[Span], lang: str | None) -> Html:
        """A source's lines; runs of blank ones are one gap."""
        lines: list[Html] = []
        blank = False
        for line in _lines(source, spans):
            if not any(text.strip() for _, text in line):
                blank = True
                continue
            lines.append(self._line(line, blank and bool(lines)))
            blank = False
        return element("div", *lines, class_="source", lang=lang)

    def _line(self, line: Sequence[tuple[Span, str]], after_gap: bool) -> Html:
        said = [(span, text) for span, text in line if text.strip()]
        gap = " gap" if after_gap else ""
        if len(said) == 1 and not said[0][0].kept:
            span, text = said[0]
            return self._gone("div", span, text.strip(), f"line{gap}")
        pieces = [
            text if span.kept else self._gone("span", span, text, "cut") if text.strip() else None
            for span, text in line
        ]
        return element("div", element("div", *pieces, dir="auto"), class_=f"line kept{gap}")

    def _gone(self, tag: str, span: Span, text: str, shape: str) -> Html:
        """A removed line, or a piece of one: its kind is a button, so that the reason can be had by keyboard and touch."""
        self.reasons += 1
        reason = f"why-{self.reasons}"
        return element(
            tag,
            element("button", str(span.kind), type="button", class_="kind", aria_describedby=reason),
            element("del", text, dir="auto"),
            element("span", self._why(span), class_="why", role="tooltip", id=reason),
            class_=f"gone {shape} {colour_of(span.kind)}",
            data_kind=str(span.kind),
        )

    def _why(self, span: Span) -> Html:
        place = self.places.find(span.rule) if self.places else None
        said = (
            [element("code", span.rule, class_="rule"), element("span", place, class_="place")]
            if place
            else [element("span", span.rule, class_="rule")]
        )
        return together([*said, element("span", f"score {span.score:.2f}", class_="score")])


def legend(lines: Counter[str]) -> Html:
    """The kinds that occur, with how many lines each has; unticking one hides them."""
    boxes = [
        element(
            "label",
            element("input", type="checkbox", checked=True, value=kind, autocomplete="off"),
            element("span", kind, class_="kind"),
            element("span", f"{count:,}", class_="count"),
            class_=colour_of(kind),
        )
        for kind, count in lines.most_common()
    ]
    switch = element("button", "Hide all", type="button", class_="all")
    return element("fieldset", element("legend", "Removed lines by kind"), *boxes, switch, class_="filter")


def kinds_of(source: str, spans: Iterable[Span]) -> Counter[str]:
    """How many removed lines and pieces of lines there are of each kind, blank ones aside."""
    return Counter(str(span.kind) for span in spans if not span.kept and source[span.start : span.end].strip())


def colour_of(kind: str) -> str:
    """The class that a kind's colour has in the style."""
    return COLOURS.get(Kind(kind), "plain") if kind in list(Kind) else "plain"


def paragraphs(text: str, lang: str | None) -> Html:
    """A text for reading: a paragraph a line, each in its own direction."""
    return element(
        "div",
        *[element("p", line, dir="auto") for line in split_lines(text) if line.strip()],
        class_="text",
        lang=lang,
    )


def _lines(source: str, spans: Iterable[Span]) -> Iterator[list[tuple[Span, str]]]:
    """The lines of a source, each as the pieces that spans cut it into."""
    line: list[tuple[Span, str]] = []
    for span in spans:
        first, *others = split_lines(source[span.start : span.end])
        line.append((span, first))
        for text in others:
            yield line
            line = [(span, text)]
    yield line
