"""The lines of pages as facts that can be counted: what each says in normal form, and where on the page it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import regex

from cleaner.address import host_of
from cleaner.characters import fold_all
from cleaner.context import shifted, since, until
from cleaner.features import PROSE, closings
from cleaner.lines import Page, split
from cleaner.rules import PACKS, _toml

if TYPE_CHECKING:
    import pyarrow as pa

# What a row of facts is about: a whole line; what stands before or after its text, behind a sign; or after it without even a space.
WHOLE, BEFORE, AFTER, JOINED = range(4)
# Glued pieces are looked for within so many characters of a line's ends, so many at each end.
GLUED_WITHIN, GLUED_EACH = 40, 3
# Text that a line must have beside a piece.
TEXT_BESIDE = 3
# A line is kept as written up to so many characters: one more than a phrase may have, so that it is seen to be cut.
WRITTEN = 501
# Running text within so many lines on either side: the line stands inside the body, or inside a list of teasers.
INSIDE = 3

_SITE = re.compile(r"[^\W_][\w-]*(?:\.[\w-]+)+")
_UNSAID = regex.compile(r"(?:[^\p{L}\p{M}\p{Nd}]|\p{Nd}+(?![\p{L}\p{M}\p{Nd}]))*+")
_NUMBER = re.compile(r"\d(?:[\d.,:/-]*\d)?")
_WORD = re.compile(r"[^\W\d_]{3,}")
_SIGN = re.compile(r"[^\W\d_]")
_HEAD = regex.compile(r"[:：|»›>】\])]|\s[-–—](?=\s)|(?<=^\p{Nd}+)(?=\p{Lu}\p{Ll})")
_TAIL = regex.compile(r"[|«‹<【\[(©]|(?<=\s)[-–—]\s|(?<=[.!?。！？…][\"”»’)]?\s?)(?=[\p{L}©(\[])")
_JOINED = regex.compile(r"(?<=\p{Ll})(?=\p{Lu}\p{Ll})")


def site_of(url: str | None) -> str | None:
    """The site that an address is on: the domain that was registered, by the public suffix list; None where it has none.

    >>> site_of("https://news.example.co.uk/a"), site_of("http://192.0.2.1/a"), site_of("nowhere")
    ('example.co.uk', None, None)
    """
    return _registered(host_of(url))


@lru_cache(maxsize=1 << 16)
def _registered(host: str) -> str | None:
    from tld import get_fld

    site = get_fld(f"http://{host}/", fail_silently=True) if _SITE.fullmatch(host) else None
    return site if site and len(site) <= 200 and _SITE.fullmatch(site) else None


def said(line: str) -> str:
    """A line without what a phrase does not look at: signs and numbers at its ends.

    >>> said("» Comments (12):"), said("0Come"), said("12 / 2024")
    ('Comments', '0Come', '')
    """
    start = _UNSAID.match(line).end()
    end = len(line) - _UNSAID.match(line[::-1]).end()
    return line[start:end]


@cache
def calendar_names() -> frozenset[str]:
    """The names of months and days in all the languages that there are packs for, in folded form."""
    files = [_toml(path) for path in sorted((PACKS / "calendar").glob("*.toml"))]
    names = chain.from_iterable(chain(chain.from_iterable(file["months"]), file["weekdays"]) for file in files)
    return frozenset(name for name in fold_all(list(names)) if _WORD.fullmatch(name))


def form_of(folded: str) -> str:
    """The normal form of a line in folded form: numbers are ``#``, and beside them months and days ``@``; empty where it says nothing else.

    >>> form_of("» 12 comments since 3 may 2024, 14:30"), form_of("3 may 2024")
    ('comments since', '')
    >>> form_of("comments (12) since may"), form_of("page 2 of 12 pages")
    ('comments (#) since', 'page # of # pages')
    """
    form = folded
    if any(map(str.isdigit, form)):
        form = _NUMBER.sub("#", form)
        form = _WORD.sub(lambda word: "@" if word[0] in calendar_names() else word[0], form)
    form = said(form)
    return form if _SIGN.search(form) else ""


def pieces_of(line: str) -> Iterator[tuple[int, str]]:
    """What may be glued before or after a line's text, each with its part: ``BEFORE``, ``AFTER`` or ``JOINED``.

    >>> list(pieces_of("Photo: The bridge is open again. Read more"))
    [(1, 'Photo:'), (2, 'Read more')]
    """
    if len(line) <= TEXT_BESIDE:
        return
    before = (hit.end() for hit in _HEAD.finditer(line, 0, GLUED_WITHIN))
    for end, _ in zip((end for end in before if len(line) - end >= TEXT_BESIDE), range(GLUED_EACH), strict=False):
        yield BEFORE, line[:end]
    for part, sign in ((AFTER, _TAIL), (JOINED, _JOINED)):
        starts = [hit.start() for hit in sign.finditer(line, max(TEXT_BESIDE, len(line) - GLUED_WITHIN))]
        for start in starts[-GLUED_EACH:]:
            yield part, line[start:]


def _key(form: str, part: int) -> int:
    return int.from_bytes(
        blake2b(form.encode("utf-8", "replace"), digest_size=8, key=b"%d" % part).digest(), "big", signed=True
    )


def _folded_lines(page: Page) -> list[str]:
    folded = page.folded
    text = str(folded.codes.astype("<u2").tobytes(), "utf-16-le", "replace")
    low, high = np.searchsorted(folded.where, np.stack((page.first, page.last))).tolist()
    return [text[begin:end] for begin, end in zip(low, high, strict=True)]


Fact = tuple[Any, ...]


def facts_of(site: str, text: str) -> list[Fact]:
    """One fact for each line or piece that a page says, however often; see ``SCHEMA`` for what is in it."""
    page = split(text)
    if not len(page):
        return []
    width = np.minimum(page.width, 1 << 20)
    prose = (width >= PROSE) & closings(page)[0]
    number, texts = np.arange(len(page)), np.flatnonzero(prose)
    head = number < texts[0] if len(texts) else number >= 0
    foot = number > texts[-1] if len(texts) else number < 0
    # running text beside other running text; anything else between some before it and some after it
    before, after = since(prose), until(prose)
    inside = (before <= INSIDE) & (after <= INSIDE)
    above, below = shifted(before, [-1])[0], shifted(after, [1])[0]
    beside = (above < INSIDE) & (number > 0) | (below < INSIDE) & (number < len(page) - 1)
    inside = np.where(prose, beside, inside)
    places = list(zip(*(column.tolist() for column in (width, prose, head, foot, inside)), strict=True))
    found: dict[tuple[int, int, int], list[Any]] = {}
    written = list(map(page.line, range(len(page))))
    pieces = [(at, part, piece) for at, line in enumerate(written) for part, piece in pieces_of(line)]
    piece_forms = forms_of_pieces([piece for _, _, piece in pieces])
    forms = list(map(form_of, _folded_lines(page)))
    keys = [_key(form, WHOLE) for form in forms]
    facts = [(at, WHOLE, form, line[:WRITTEN]) for at, (form, line) in enumerate(zip(forms, written, strict=True))]
    facts += [(at, part, form, piece) for (at, part, piece), form in zip(pieces, piece_forms, strict=True)]
    for at, part, form, line in facts:
        if not form or not forms[at]:
            continue
        key = keys[at] if part == WHOLE else _key(form, part)
        # a piece is glued to text where the line is long; it ends no sentence itself
        wide, running, *flags = places[at]
        beside_text = running if part == WHOLE else wide >= PROSE
        fact = found.setdefault(
            (part, key, keys[at]), [part, key, keys[at], wide, 0, *map(int, (beside_text, *flags)), line]
        )
        fact[4] += 1
        fact[-1] = min(fact[-1], line)
    own = _key(" ".join(str(key) for part, key, _ in sorted(found) if part == WHOLE), WHOLE)
    return [(site, own, *fact) for fact in found.values()]


def forms_of_pieces(pieces: list[str]) -> list[str]:
    """The normal forms of glued pieces: signs count, as they are what holds them; a number alone is a piece too."""
    return [_NUMBER.sub("#", folded) for folded in fold_all(pieces)]


# A fact's columns, with their types in SQL. ``site`` and ``page`` say where; ``part`` is WHOLE, BEFORE, AFTER or JOINED; ``form`` a hash of the normal form,
# ``line`` that of the whole line; ``width`` the whole line's characters (ideographs count twice); ``times`` how many lines of the page say it. The flags: ``prose`` for running text (pieces: for long lines),
# ``head`` before the page's first running text, ``foot`` after its last, ``inside`` between the two and close to some on both sides. ``written``: the line itself.
SCHEMA = {
    "site": "string",
    "page": "bigint",
    "part": "bigint",
    "form": "bigint",
    "line": "bigint",
    "width": "bigint",
    "times": "bigint",
    "prose": "bigint",
    "head": "bigint",
    "foot": "bigint",
    "inside": "bigint",
    "written": "string",
}


def facts(pages: pa.RecordBatch) -> pa.RecordBatch:
    """The facts of a batch of pages, columns ``text`` and ``url``; pages without either, and those of no site, have none."""
    import pyarrow as pa

    columns = zip(pages["text"].to_pylist(), pages["url"].to_pylist(), strict=True)
    rows = [fact for text, url in columns if text and (site := site_of(url)) for fact in facts_of(site, text)]
    types = {"string": pa.string(), "bigint": pa.int64()}
    names = pa.schema([(name, types[kind]) for name, kind in SCHEMA.items()])
    values = zip(*rows, strict=True) if rows else [()] * len(SCHEMA)
    arrays = [pa.array(column, field.type) for column, field in zip(values, names, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=names)
