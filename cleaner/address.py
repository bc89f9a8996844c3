"""The host of an address."""

from __future__ import annotations

from urllib.parse import urlsplit


def host_of(url: str | None) -> str:
    """An address's host in lower case, without "www." and a last dot; "" where it has none.

    >>> host_of("https://www.News.example.it:80/a"), host_of("news.example.it/a"), host_of("http://["), host_of(None)
    ('news.example.it', 'news.example.it', '', '')
    """
    if not url:
        return ""
    try:
        host = urlsplit(url if "//" in url else "//" + url).hostname or ""
    except ValueError:  # an address that is none
        return ""
    return host.rstrip(".").removeprefix("www.")
