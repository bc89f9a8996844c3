"""HTML that cannot be broken by what it holds: elements escape their text, and a page runs no script but its own."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from importlib import resources
from typing import Any

_VOID = {"input", "meta", "br"}
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Html(str):
    """A string that is markup already."""

    __slots__ = ()


def visible(text: str) -> str:
    """Text that a browser shows as it is: control characters as their pictures, lone surrogates as U+FFFD.

    >>> visible("a\\x00b")
    'a␀b'
    """
    return _INVISIBLE.sub(lambda found: chr(0x2400 + ord(found[0])) if found[0] < " " else "\ufffd", text)


def element(tag: str, *children: str | None, **attributes: str | int | bool | None) -> Html:
    """An element; strings among its children are escaped, other elements stand as they are, None is left out.

    Attributes are written ``class_`` and ``aria_label``; True gives the bare attribute, None and False give nothing.

    >>> element("p", "1 < 2 ", element("b", "&"), class_="sum", hidden=True)
    '<p class="sum" hidden>1 &lt; 2 <b>&amp;</b></p>'
    """
    named = "".join(
        f" {name.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(visible(str(value)))}"')
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    return Html(f"<{tag}{named}>" + ("" if tag in _VOID else f"{together(children)}</{tag}>"))


def together(parts: Iterable[str | None]) -> Html:
    """Elements and strings, one after the other."""
    return Html(
        "".join(
            part if isinstance(part, Html) else escape(visible(part), quote=False) for part in parts if part is not None
        )
    )


def data(name: str, value: Any) -> Html:
    """A value for the page's script, under a name: exact, lone surrogates included, and nothing in it ends the element.

    >>> data("texts", ["</script>"])
    '<script type="application/json" id="texts">["\\\\u003c/script>"]</script>'
    """
    written = json.dumps(value).replace("<", "\\u003c")
    return Html(f'<script type="application/json" id="{name}">{written}</script>')


def page(title: str, *content: Html) -> str:
    """A whole page, its style and script inline.

    Its content security policy names both by their hashes and allows nothing else: no script that text smuggles in
    would run, and nothing is fetched.
    """
    style, script = asset("page.css"), asset("page.js")
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    head = element(
        "head",
        element("meta", charset="utf-8"),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        Html(f"<style>{style}</style>"),
    )
    body = element("body", *content, Html(f"<script>{script}</script>"))
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n"


def asset(name: str) -> str:
    """A file of this folder."""
    return (resources.files(__package__) / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
