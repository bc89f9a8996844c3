"""What a page's markup says of the page: title, description, author and date, and what schema.org and Open Graph call it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_TYPE = re.compile(r'"@type"\s*:\s*(?:"([^"]{1,80})"|\[([^\]]{1,200})\])')
_NAME = re.compile(r"[A-Za-z]+")
_META = ("title", "description", "type")
# Open Graph's property of articles: templates of sites leave it out elsewhere.
PUBLISHED = "article:published_time"


@dataclass(frozen=True)
class Head:
    """What a page says of itself; empty where it says nothing.

    Attributes:
        title: the titles of ``<title>`` and Open Graph, a line each.
        description: the same of descriptions.
        types: the names of schema.org types, and of Open Graph's (``og:article``); and ``PUBLISHED``, where it says when.
    """

    title: str
    description: str
    types: frozenset[str]


def read_head(tree: Any) -> Head:
    """Looks for it in the whole tree: many pages have these elements in their body."""
    said: dict[str, list[str]] = {name: [] for name in (*_META, PUBLISHED)}
    for element in tree.iter("title", "meta"):
        if element.tag == "title":
            parent = element.getparent()
            if parent is not None and parent.tag in ("head", "html", "body"):  # not that of a drawing
                said["title"].append(element.text or "")
            continue
        name = (element.get("property") or element.get("name") or "").lower().removeprefix("og:")
        if name in said:
            said[name].append(element.get("content") or "")
    types = {f"og:{name.strip().lower()}" for name in said["type"]}
    types.update([PUBLISHED] if said[PUBLISHED] else [])
    for script in tree.iterfind('.//script[@type="application/ld+json"]'):
        for one, several in _TYPE.findall(script.text or ""):
            types.update(_NAME.findall(one.rpartition("/")[2] or several))
    for element in tree.iterfind(".//*[@itemtype]"):
        types.add((element.get("itemtype") or "").rstrip("/").rpartition("/")[2])
    return Head("\n".join(said["title"]), "\n".join(said["description"]), frozenset(types))


@dataclass(frozen=True)
class Stated:
    """Title, author and date by a page's metadata; None where it says none, or nothing that can be."""

    title: str | None = None
    author: str | None = None
    date: str | None = None


# A name has no address, no digits, and not so many words.
_NO_NAME = re.compile(r"https?:|www\.|@|\d")
_LONGEST_NAME = 8


def read_stated(tree: Any, url: str | None) -> Stated:
    """What trafilatura reads from the metadata, less authors that are none: addresses, the site's own name, the title.

    Its search for dates in the text is left out: it takes the year of a copyright line for a day in January.
    """
    from trafilatura.metadata import extract_metadata

    try:
        found = extract_metadata(tree, url, extensive=False)
    except Exception:  # whatever the page holds: it says nothing
        return Stated()
    author = found.author
    if author:
        none = {name.casefold() for name in (found.sitename, found.hostname, found.title) if name}
        named = [name.strip() for name in author.split(";")]
        named = [
            name
            for name in named
            if name and name.casefold() not in none and not _NO_NAME.search(name) and len(name.split()) <= _LONGEST_NAME
        ]
        author = "; ".join(named)
    return Stated(found.title or None, author or None, found.date or None)
