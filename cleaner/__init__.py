"""Takes the text of a web page and leaves the body of the article, word for word, with an account of all that went.

>>> import cleaner
>>> cleaner.clean("Share on Facebook\\n\\nThe bridge was opened in May, and the whole valley came to see it.", lang="en")
'The bridge was opened in May, and the whole valley came to see it.'
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cleaner.document import Document, Kind, Span

if TYPE_CHECKING:
    from cleaner.pipeline import Cleaner
    from cleaner.rules import PackError

__all__ = ["Cleaner", "Document", "Kind", "PackError", "Span", "clean", "clean_html", "explain", "explain_html"]
__version__ = "0.1.0"

_LAZY = {"Cleaner": "cleaner.pipeline", "PackError": "cleaner.rules"}
_MODULES = ("arrow", "integrations")


def __getattr__(name: str) -> Any:
    """Loads the heavier names at their first use, so that importing the library costs next to nothing."""
    from importlib import import_module

    if name in _MODULES:
        return import_module(f"cleaner.{name}")
    if name not in _LAZY:
        raise AttributeError(f"module 'cleaner' has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)


@lru_cache(maxsize=1)
def _default() -> Cleaner:
    from cleaner.pipeline import Cleaner

    return Cleaner()


def clean(text: str, lang: str | None = None, url: str | None = None) -> str:
    """The body of a page's text, and nothing else of it.

    Args:
        text: the page's text, any string.
        lang: its language, as data sets write it (``it``, ``ita``, ``ita_Latn``, ``pt-BR``); detected where None.
        url: its address, for the rules of its site.

    Returns:
        The body, in the source's own characters; the very text where there is nothing to remove.

    Raises:
        TypeError: where an argument is not a string.

    Examples:
        >>> clean("Home > News\\n\\nThe mill has reopened after nine years, and bread is sold there again.", lang="en")
        'The mill has reopened after nine years, and bread is sold there again.'
    """
    return _default().clean(text, lang, url)


def explain(text: str, lang: str | None = None, url: str | None = None) -> Document:
    """The body of a page's text with its title, author and date, and a span for everything kept or removed.

    Takes and raises what ``clean`` does.

    Examples:
        >>> document = explain("All rights reserved", lang="en")
        >>> [(str(span.kind), span.rule) for span in document.spans]
        [('copyright', 'common.copyright.bare')]
    """
    return _default().explain(text, lang, url)


def clean_html(html: str | bytes, lang: str | None = None, url: str | None = None) -> str:
    """The body of an HTML page, or the main text of one that is no article: a thread's posts, a product's description.

    Args:
        html: the page, as text or as the bytes that came, in any encoding; read up to ``Cleaner(max_html=...)``.
        lang: its language; else detected, else, where there is too little text to tell, what the page says of itself.
        url: its address, for the rules of its site.

    Raises:
        TypeError: where ``html`` is neither string nor bytes, or another argument no string.

    Examples:
        >>> page = "<html><body><nav>Home</nav><p>%s</p><footer>All rights reserved</footer></body></html>"
        >>> clean_html(page % "The mill has reopened after nine years, and bread is sold there again.", lang="en")
        'The mill has reopened after nine years, and bread is sold there again.'
    """
    return _default().clean_html(html, lang, url)


def explain_html(html: str | bytes, lang: str | None = None, url: str | None = None) -> Document:
    """The body of an HTML page with its account; ``source`` is all its visible text, a block a line, and ``page_kind`` what it is.

    Takes and raises what ``clean_html`` does.
    """
    return _default().explain_html(html, lang, url)
