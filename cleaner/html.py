"""The way of an HTML page: decode, parse, lines, what trafilatura and the text say of them, choose."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner import language
from cleaner.blocks import HEADING, Blocks, of_lines, read_blocks
from cleaner.candidates import bare, candidate, is_of_page
from cleaner.characters import fold
from cleaner.choice import HTML_WEIGHTS, choose, read_html_model, repeats
from cleaner.context import ROW
from cleaner.decide import Dial
from cleaner.decoding import decode
from cleaner.document import Document
from cleaner.features import Matrix, nothing_said
from cleaner.head import PUBLISHED, Head, read_head, read_stated
from cleaner.layout import Sight, layout
from cleaner.lines import Flags, Page, split
from cleaner.path import SENTENCE
from cleaner.pipeline import Cleaner, str_or_none
from cleaner.reading import Reading

if TYPE_CHECKING:
    from cleaner.language import Detector

# A page with less text than this says too little to tell its language by.
_FEW = 200
_MANY = ("collection", "forum", "listing", "product")
# A page of fewer lines is a fragment, or was made by hand: the labelled ones have some 250, and say little of it. What the text's own
# reading keeps of its running text, lines of so many characters, stays; half as many lines that say nothing of themselves are an article.
_SHORT, _SENTENCE = 30, 60
# libxml2 compares each attribute of an element with all before it: an element with more than this is read without them.
_ATTRIBUTES = 2000
_LONG_TAG = re.compile(r"(<[A-Za-z][\w-]*+)[^<>]{20000,}")
_ATTRIBUTE = re.compile(r"""\s[^\s"'=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"']+))?""")
# Browsers show what comes after these as if it came before; libxml2 gives up the page there.
_LAST_TAGS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
# characters; less than this for readers without scripts is a notice, an image or a counter
_FOR_READERS = 500
# A title in the head often has the site's name behind it, or before.
_BARS = (" | ", " - ", " – ", " — ", " · ", " :: ", " « ", " » ")


@dataclass(frozen=True)
class HtmlReading:
    """A page that has been decided on: its tree (None where it has none), language and kind, the types that it names, and the reading
    of its lines."""

    tree: Any
    lang: str | None
    kind: str | None
    says: frozenset[str]
    reading: Reading


def clean_html(cleaner: Cleaner, html: str | bytes, lang: str | None = None, url: str | None = None) -> str:
    """What ``Cleaner.clean_html`` does: ``explain_html`` without what only the account needs."""
    return read_html(cleaner, html, lang, url).reading.text()


def explain_html(cleaner: Cleaner, html: str | bytes, lang: str | None = None, url: str | None = None) -> Document:
    """What ``Cleaner.explain_html`` does.

    The page's own lines say title, author and date where they do; else its metadata, for author and date not on pages of many things:
    there they are a shop's, a template's or the first post's.
    """
    page = read_html(cleaner, html, lang, url)
    reading, stated = page.reading, read_stated(page.tree, url)
    author, date = reading.author_and_date()
    if page.kind in _MANY and PUBLISHED not in page.says:
        stated = replace(stated, author=None, date=None)
    return Document(
        reading.page.text,
        reading.text(),
        page.lang,
        reading.title() or stated.title,
        author or stated.author,
        date or stated.date,
        reading.spans,
        page_kind=page.kind,
    )


def read_html(cleaner: Cleaner, html: str | bytes, lang: str | None, url: str | None) -> HtmlReading:
    """Reads a page and decides on its lines."""
    if not isinstance(html, str | bytes):
        raise TypeError(f"html must be a str or bytes, not {type(html).__name__}")
    str_or_none(lang=lang, url=url)
    tree = parse(html[: cleaner.max_html])
    tag, sight, of_page = look_at(cleaner, tree, lang, url)
    reading = sight.reading
    if not len(reading.page):
        return HtmlReading(tree, tag, None, sight.head.types, reading)
    matrix, names = layout(sight)
    model = read_html_model(HTML_WEIGHTS if cleaner.html_model == "default" else Path(cleaner.html_model), names)
    silent = len(reading.page) < _SHORT // 2 and not sight.head.types
    judged, kind = model.judge(matrix)
    kind = "article" if silent else kind
    obeyed = reading.matrix[ROW["obeyed"]] > 0
    odds, keep = reading.decision.odds, ~obeyed
    if of_page and cleaner.model is None:
        keep = keep & reading.decision.keep & (matrix[names.index("found")] > 0)
    elif of_page:
        prose = _is_prose(reading)
        odds, keep = judged, choose(judged, kind, prose, cleaner.dial)
        if len(odds) < _SHORT:
            keep |= reading.decision.keep & prose
            keep = keep if keep.any() else reading.decision.keep
        keep = keep & ~obeyed
        keep &= ~repeats(sight.blocks, keep)
    title = _title_line(sight)
    if title >= 0:
        keep[title] = False
    decision = replace(reading.decision, keep=keep, odds=odds, title=title)
    return HtmlReading(tree, tag, kind, sight.head.types, replace(reading, decision=decision))


def _is_prose(reading: Reading) -> Flags:
    """The lines of running text that end a sentence."""
    prose: Flags = (reading.matrix[ROW["width"]] >= _SENTENCE) & (reading.matrix[ROW["ends_sentence"]] > 0)
    return prose


def parse(html: str | bytes) -> Any:
    """The tree of a page; None where it has none."""
    from trafilatura import load_html

    text = html if isinstance(html, str) else decode(html)
    if not text.strip():
        return None
    text = _LAST_TAGS.sub("", _LONG_TAG.sub(_shortened, text.replace("\0", "")))
    try:
        # a fragment is not taken for a page, a page in an element is
        tree = load_html(text if "<html" in text[:2000].lower() else f"<html><body>{text}</body></html>")
    except Exception:  # whatever the page holds: no tree
        return None
    if tree is not None:
        _show_to_readers_without_scripts(tree)
    return tree


def _show_to_readers_without_scripts(tree: Any) -> None:
    """Shows what a page has for readers without scripts where that is more than all else that it shows: forums write their posts so."""
    length = {found: sum(map(len, found.itertext())) for found in tree.xpath("//noscript[not(ancestor::noscript)]")}
    longest = max(length, key=length.__getitem__, default=None)
    if longest is None or length[longest] < _FOR_READERS:
        return
    shown = _characters(tree)
    longest.tag = "div"
    if _characters(tree) < 2 * shown + _FOR_READERS:
        longest.tag = "noscript"


def _characters(tree: Any) -> int:
    return sum(map(len, read_blocks(tree).lines))


def _shortened(tag: re.Match[str]) -> str:
    attributes = sum(1 for _ in _ATTRIBUTE.finditer(tag[0]))
    return tag[0] if attributes <= _ATTRIBUTES else tag[1]


def look_at(cleaner: Cleaner, tree: Any, lang: str | None, url: str | None) -> tuple[str | None, Sight, bool]:
    """A page's language, all that is to be seen of it, and whether its text stands in its tree, not in its data."""
    blocks = of_lines([]) if tree is None else read_blocks(tree)
    found = "" if tree is None else candidate(tree, url)
    of_page = is_of_page(found, [bare(line).replace("|", "") for line in blocks.lines])
    if not of_page:
        blocks = of_lines(found.split("\n"))
    page, blocks = _page_of(blocks)
    tag = language.standard(lang) if lang else _language(page, tree, cleaner._detector())
    matcher = cleaner._matcher(tag, url)
    seen = cleaner._look(page, matcher)
    seen.own[ROW["section"], _inserts(blocks, seen.own)] = 0
    reading, model = cleaner._once(seen, matcher), cleaner._model()
    silent = replace(reading.seen, said=nothing_said(page))
    judged = model.judge(reading.matrix, silent, Dial.DEFAULT) if model else None
    shape = judged.odds + judged.added if judged else reading.decision.odds
    head = Head("", "", frozenset()) if tree is None else read_head(tree)
    return tag, Sight(blocks, head, found, reading, shape), of_page


# A box of teasers among paragraphs has no more lines.
_BOX = 12


def _inserts(blocks: Blocks, own: Matrix) -> list[int]:
    """The headings of sections that end where the element ends that they stand in: sentences stand beside it, before and after."""
    headings = np.flatnonzero(own[ROW["section"]] > 0).tolist()
    if not headings:
        return []
    is_sentence = (own[ROW["width"]] >= SENTENCE) & (own[ROW["ends_sentence"]] > 0) & (own[ROW["stop"]] > 0)
    text = np.flatnonzero(is_sentence & (own[ROW["obeyed"]] == 0))
    first, last = blocks.stretches()

    def is_insert(heading: int) -> bool:
        box = int(blocks.box[heading])
        while box and last[box] - first[box] < _BOX:
            outer = int(blocks.parent[box])
            before, box_ends, ends = np.searchsorted(text, (first[box], last[box] + 1, last[outer] + 1))
            begins = int(np.searchsorted(text, first[outer]))
            if last[box] > heading and begins < before and box_ends < ends:
                return True
            box = outer
        return False

    return [heading for heading in headings if is_insert(heading)]


def _page_of(blocks: Blocks) -> tuple[Page, Blocks]:
    """The text of the lines, and those of them that can be seen."""
    page = split("\n".join(blocks.lines))
    if not len(page):
        return split(""), of_lines([])
    begins = np.cumsum([0] + [len(line) + 1 for line in blocks.lines])
    return page, blocks.only(np.searchsorted(begins, page.first, side="right") - 1)


def _language(page: Page, tree: Any, detector: Detector) -> str | None:
    """The language of the text; that which the page states where there is too little text to tell it, as many templates lie."""
    found = language.detect(page, detector)
    if found and len(page.text) >= _FEW:
        return found
    stated = None if tree is None else tree.get("lang")
    if not stated or (found and language.script_of(page.text) != _script(language.standard(stated))):
        return found
    return language.standard(stated)


def _script(tag: str) -> str | None:
    return next((script for script, tags in language.LANGUAGES.items() if tag in tags), None)


def _title_line(sight: Sight) -> int:
    """The heading that says what the page's title says; else the line that the text's own reading takes for the headline."""
    titles = set[str]()
    for title in sight.head.title.split("\n"):
        parts = [title] + [
            part for bar in _BARS if bar in title for part in (title.split(bar)[0], title.rsplit(bar, 1)[0])
        ]
        titles.update(fold(part).strip() for part in parts)
    titles.discard("")
    tags = sight.blocks.tag
    heading = np.flatnonzero((tags >= HEADING["h1"]) & (tags <= HEADING["h3"]))
    said = (line for line in heading.tolist() if fold(sight.blocks.lines[line]).strip() in titles)
    return next(said, sight.reading.decision.title)
