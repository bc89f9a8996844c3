"""Any HTML: a result or an empty one, never an exception; and one page costs what its length says."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest

import cleaner
from cleaner import Cleaner

LINES = [
    f"The bridge over the river was opened in May {year}, and the whole valley came to see it."
    for year in range(1950, 1960)
]
BODY = "".join(f"<p>{line}</p>" for line in LINES)
PAGES = {
    "nested elements": "<html><body>" + "<div>" * 100_000 + BODY,
    "nested tables": "<html><body>" + "<table><tr><td>" * 30_000 + BODY,
    "unclosed inline elements": "<html><body>" + "<b><i>" * 50_000 + BODY,
    "NULs": "<html><body>" + BODY.replace("e", "e\0"),
    "an unclosed comment": "<html><body>" + BODY + "<!-- " + BODY * 100,
    "an unclosed attribute": "<html><body>" + BODY + '<div class="' + "x" * 500_000,
    "thousands of attributes": "<html><body><div " + " ".join(f"a{i}=1" for i in range(50_000)) + ">" + BODY,
    "a class of many words": '<html><body><div class="' + "comment " * 200_000 + '">' + BODY,
    "a base that is none": '<html><head><base href="http://[::1"></head><body>' + BODY,
    "processing instructions": '<?xml version="1.0" encoding="utf-16"?><?php echo 1 ?><html><body>' + BODY,
    "deep JSON": "<html><body>" + BODY + '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
    "lone surrogates": "<html><body>" + BODY + "<p>\ud800\udfff</p>",
    "entities": "<html><body>" + BODY + "<p>" + "&amp;&lt;&#0;&#x110000;&bogus;" * 1000,
    "a language that is none": '<html lang="../../x">' + BODY,
    "empty": "",
    "spaces": " \n",
    "no markup": "just words",
    "a doctype alone": "<!DOCTYPE html>",
    "an early end": "<html><body><header>Valley Post</header></body></html>" + BODY + "</body></html>",
    "a text for readers without scripts": "<html><body><div id=app></div><noscript><div>"
    + BODY
    + "</div></noscript></body></html>",
    "many texts for readers without scripts": "<html><body>" + ("<noscript>" + BODY + "</noscript>") * 300 + BODY * 400,
    "a frameset": '<html><frameset><frame src="x"></frameset></html>',
    "a title alone": "<html><head><title>x</title></head></html>",
    "nothing visible": "<html><body>" + "<p>\u200b</p>" * 500,
    "a script": "<script>" + "x" * 1_000_000,
    "a feed": f'<?xml version="1.0"?><rss><channel><item><description>{BODY}</description></item></channel></rss>',
}
# What a page of these tests says that keeps its body.
READ = [
    "NULs",
    "an unclosed comment",
    "an unclosed attribute",
    "thousands of attributes",
    "a base that is none",
    "deep JSON",
    "lone surrogates",
    "an early end",
    "a text for readers without scripts",
]


@pytest.mark.parametrize("html", PAGES.values(), ids=list(PAGES))
def test_any_page_has_an_account(html: str) -> None:
    for given in (html, html.encode("utf-8", "surrogatepass")):
        document = cleaner.explain_html(given)
        pieces = [(document.source[span.start : span.end], span.kept) for span in document.spans]
        assert "".join(piece for piece, _ in pieces) == document.source
        assert "".join(piece for piece, kept in pieces if kept) == document.text


@pytest.mark.parametrize("name", READ)
def test_a_broken_page_keeps_its_body(name: str) -> None:
    assert [line for line in cleaner.clean_html(PAGES[name], lang="en").split("\n") if line in LINES] == LINES


def test_a_page_is_read_up_to_a_limit() -> None:
    html = "<html><body>" + BODY
    limit = html.index(LINES[4])
    short = Cleaner(max_html=limit)
    for given in (html, html.encode()):
        text = short.explain_html(given, lang="en").source
        assert LINES[3] in text
        assert LINES[4] not in text
    for wrong in (0, -1, "1", 2.5):
        with pytest.raises(ValueError, match="max_html"):
            Cleaner(max_html=wrong)  # type: ignore[arg-type]


def test_the_other_arguments_are_checked() -> None:
    with pytest.raises(TypeError, match="lang must be"):
        cleaner.clean_html("<p>", lang=3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="url must be"):
        cleaner.explain_html("<p>", url=b"x")  # type: ignore[arg-type]


# Pages of a length, each of what took time with the square of it.
GROWING: dict[str, tuple[int, Callable[[int], str]]] = {
    "an article": (300_000, lambda n: "<html><body>" + "".join(f"<p>{at} {LINES[at % 10]}" for at in range(n // 100))),
    "long names of elements": (1_900, lambda n: BODY + ("<" + "a" * n) * 20),
    "elements within a line": (20_000, lambda n: "<html><body><p>" + "<b>on</b><i>to</i>" * (n // 16)),
}


def seconds(page: str | bytes) -> float:
    start = process_time()
    cleaner.clean_html(page, "en")
    return process_time() - start


@pytest.mark.parametrize("name", GROWING)
def test_time_grows_in_line_with_the_length(name: str) -> None:
    length, make = GROWING[name]
    short, long = make(length), make(10 * length)
    seconds(short)
    assert any(seconds(long) <= 20 * seconds(short) for _ in range(5))


def test_an_old_encoding_costs_little_beside_an_image_in_the_page() -> None:
    page = f"<html><head><meta charset=windows-1252></head><body><p>É</p>{BODY}<img src='{'a' * 100_000}'>"
    old, new = page.encode("cp1252"), page.replace("windows-1252", "utf-8").encode()
    seconds(old)
    assert any(seconds(old) <= 20 * seconds(new) for _ in range(5))
