"""What a run did, in figures: counted by each task in bounded memory, put together in the order of the tasks."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from bisect import insort
from collections import Counter
from pathlib import Path
from typing import Any

from cleaner.address import host_of
from cleaner.corpus.read import Row
from cleaner.document import Document, Kind, removed_share

VERSION = 1
NO_RULE = "no rule"
_RULE = re.compile(r"[\w-]+(\.[\w-]+)+")
# What a task hands on: its most frequent removed lines, those by site, its sites; and what is kept of all tasks together.
_LINES, _SITE_LINES, _SITES = 1000, 2000, 500
_TOGETHER = 10
_PAGES = 20
_BINS = 20
# Characters of a line, and of a page, that are shown.
_LINE_SHOWN, _PAGE_SHOWN = 200, 5000
# How much of each list the summary has.
_RULES_LISTED, _SITES_LISTED, _LINES_LISTED, _OF_EACH = 500, 200, 200, 20


class Top:
    """Sums by key, of which only those with the largest are kept: exact while there are few, lower bounds where there are many.

    Equal sums are put in the order of a hash of their keys: what is rare everywhere is then either kept or dropped everywhere.

    Args:
        size: how many are handed on; eight times as many are held.
        by: which of a key's sums counts.

    >>> top = Top(2)
    >>> for word in "a b a c a b".split():
    ...     top.add((word,), 1)
    >>> top.best()
    [(('a',), [3]), (('b',), [2])]
    """

    def __init__(self, size: int, by: int = 0) -> None:
        self._size, self._by = size, by
        self._sums: dict[tuple[Any, ...], list[int]] = {}

    def add(self, key: tuple[Any, ...], *amounts: int) -> None:
        """Adds to a key's sums."""
        sums = self._sums.get(key)
        self._sums[key] = list(amounts) if sums is None else [a + b for a, b in zip(sums, amounts, strict=True)]
        if len(self._sums) > 8 * self._size:
            self._sums = dict(self.best(4 * self._size))

    def best(self, size: int | None = None) -> list[tuple[tuple[Any, ...], list[int]]]:
        """The keys with the largest sums, falling."""
        ordered = sorted(self._sums.items(), key=lambda item: (-item[1][self._by], _hash(item[0])))
        return ordered[: size or self._size]


class Pages:
    """The pages that come first by some order, as many as are shown."""

    def __init__(self) -> None:
        self.kept: list[tuple[list[Any], dict[str, Any]]] = []

    def add(self, key: list[Any], row: Row, page: Document) -> None:
        """Takes a page if it is among the first."""
        if len(self.kept) < _PAGES or key < self.kept[-1][0]:
            self.take(key, _shown(row, page))

    def take(self, key: list[Any], shown: dict[str, Any]) -> None:
        insort(self.kept, (key, shown), key=lambda item: item[0])
        del self.kept[_PAGES:]


class Tally:
    """The figures of some rows.

    Args:
        together: whether the figures of all tasks are put together in it, and not those of one.
    """

    def __init__(self, together: bool = False) -> None:
        times = _TOGETHER if together else 1
        self.counts: Counter[str] = Counter()
        self.shares = [0] * _BINS
        # keys and sums: kind → characters, spans, rows; …
        self.tops = {
            "kinds": Top(len(Kind)),
            "languages": Top(_RULES_LISTED * times, 0),  # language → rows, characters, removed
            "language_kinds": Top(_RULES_LISTED * times, 0),  # language, kind → characters
            "rules": Top(_RULES_LISTED * times, 1),  # rule, kind → characters, spans
            "lines": Top(_LINES * times),  # text, kind, rule → count
            "sites": Top(_SITES * times, 2),  # site → rows, characters, removed
            "site_lines": Top(_SITE_LINES * times),  # site, text, kind, rule → count
        }
        self.pages = {"most": Pages(), "least": Pages(), "sample": Pages()}

    def add(self, row: Row) -> None:
        """Counts a row."""
        if row.skip:
            self.counts["skipped"] += 1
            return
        self.counts["in"] += 1
        self.counts["errors" if row.error else "out"] += 1
        if not row.error and row.page is None:
            self.counts["without_text"] += 1
        elif not row.error and row.page is not None:
            self._page(row, row.page)

    def _page(self, row: Row, page: Document) -> None:
        characters, left = len(page.source), len(page.text)
        removed, share = characters - left, removed_share(page)
        self.counts.update(characters=characters, removed=removed, changed=int(removed > 0))
        self.counts["emptied"] += characters > 0 and left == 0
        self.shares[min(int(share * _BINS), _BINS - 1)] += 1
        site = host_of(row.url)
        self.tops["languages"].add((page.lang,), 1, characters, removed)
        if site:
            self.tops["sites"].add((site,), 1, characters, removed)
        if removed:
            self._spans(page, site)
        drawn = _hash(tuple(row.place.items()))
        self.pages["most"].add([-share, -removed, drawn], row, page)
        self.pages["least"].add([share, -characters, drawn], row, page)
        if removed:
            self.pages["sample"].add([drawn], row, page)

    def _spans(self, page: Document, site: str) -> None:
        rows: dict[str, list[int]] = {}
        for span in page.spans:
            if span.kept:
                continue
            kind, length = str(span.kind), span.end - span.start
            sums = rows.setdefault(kind, [0, 0])
            sums[0] += length
            sums[1] += 1
            if span.kind == Kind.BLANK:
                continue
            rule = span.rule if _RULE.fullmatch(span.rule) else NO_RULE
            text = page.source[span.start : span.end].strip()[:_LINE_SHOWN]
            self.tops["rules"].add((rule, kind), length, 1)
            self.tops["lines"].add((text, kind, rule), 1)
            if site:
                self.tops["site_lines"].add((site, text, kind, rule), 1)
        for kind, (length, spans) in rows.items():
            self.tops["kinds"].add((kind,), length, spans, 1)
            self.tops["language_kinds"].add((page.lang, kind), length)

    def save(self, file: Any) -> None:
        """Writes what is handed on of a task, compressed."""
        held = {
            "counts": self.counts,
            "shares": self.shares,
            "tops": {name: top.best() for name, top in self.tops.items()},
            "pages": {name: pages.kept for name, pages in self.pages.items()},
        }
        file.write(gzip.compress(json.dumps(held).encode("ascii"), 1, mtime=0))

    def load(self, path: Path) -> None:
        """Adds what a task has handed on."""
        held = json.loads(gzip.decompress(path.read_bytes()))
        self.counts.update(held["counts"])
        self.shares = [a + b for a, b in zip(self.shares, held["shares"], strict=True)]
        for name, items in held["tops"].items():
            for key, sums in items:
                self.tops[name].add(tuple(key), *sums)
        for name, pages in held["pages"].items():
            for key, shown in pages:
                self.pages[name].take(key, shown)

    def summary(self) -> dict[str, Any]:
        """The figures as ``summary.json`` has them."""
        counts, best = self.counts, {name: top.best() for name, top in self.tops.items()}
        lines = [_line(key, count) for key, (count,) in best["lines"]]
        kinds_of: dict[str | None, dict[str, int]] = {}
        for (lang, kind), (characters,) in best["language_kinds"]:
            kinds_of.setdefault(lang, {})[kind] = characters
        of_rule: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for line in lines:
            of_rule.setdefault((line["rule"], line["kind"]), []).append({"text": line["text"], "count": line["count"]})
        of_site: dict[str, list[dict[str, Any]]] = {}
        for (site, *key), (count,) in best["site_lines"]:
            of_site.setdefault(site, []).append(_line(key, count))
        return {
            "rows": {name: counts[name] for name in ("in", "out", "errors", "changed", "emptied", "without_text")},
            "characters": {
                "in": counts["characters"],
                "out": counts["characters"] - counts["removed"],
                "removed": counts["removed"],
            },
            "shares": self.shares,
            "kinds": [
                {"kind": kind, "characters": characters, "spans": spans, "rows": rows}
                for (kind,), (characters, spans, rows) in best["kinds"]
            ],
            "languages": [
                {
                    "lang": lang,
                    "rows": rows,
                    "characters": characters,
                    "removed": removed,
                    "kinds": kinds_of.get(lang, {}),
                }
                for (lang,), (rows, characters, removed) in best["languages"]
            ],
            "rules": [
                {
                    "rule": rule,
                    "kind": kind,
                    "characters": characters,
                    "spans": spans,
                    "lines": of_rule.get((rule, kind), [])[:_OF_EACH],
                }
                for (rule, kind), (characters, spans) in best["rules"][:_RULES_LISTED]
            ],
            "sites": [
                {
                    "site": site,
                    "rows": rows,
                    "characters": characters,
                    "removed": removed,
                    "lines": of_site.get(site, [])[:_OF_EACH],
                }
                for (site,), (rows, characters, removed) in best["sites"][:_SITES_LISTED]
            ],
            "lines": lines[:_LINES_LISTED],
            "pages": {name: [shown for _, shown in pages.kept] for name, pages in self.pages.items()},
        }


def _line(key: Any, count: int) -> dict[str, Any]:
    text, kind, rule = key
    return {"text": text, "kind": kind, "rule": rule, "count": count}


def _shown(row: Row, page: Document) -> dict[str, Any]:
    """A page as a reader sees it: its first characters, with the spans that lie in them."""
    cut = min(len(page.source), _PAGE_SHOWN)
    spans = [
        [span.start, min(span.end, cut), span.kept, str(span.kind), span.rule, span.score]
        for span in page.spans
        if span.start < cut
    ]
    removed = len(page.source) - len(page.text)
    return row.place | {
        "id": row.id,
        "url": row.url,
        "lang": page.lang,
        "title": page.title,
        "characters": len(page.source),
        "removed": removed,
        "share": round(removed_share(page), 4),
        "source": page.source[:cut],
        "cut": cut < len(page.source),
        "spans": spans,
    }


def _hash(key: tuple[Any, ...]) -> str:
    return hashlib.blake2b(json.dumps(key).encode("ascii"), digest_size=8).hexdigest()
