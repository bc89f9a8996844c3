"""HTML in front of the path."""

from __future__ import annotations

import pytest

import cleaner

PARAGRAPHS = [
    f"Paragraph {n} tells at some length how the bridge over the river was built, by whom, and why it took nine years."
    for n in range(1, 7)
]
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>The bridge is open - Valley Post</title>
<meta property="og:title" content="The bridge is open"><meta name="author" content="Jane Example"><meta property="article:published_time" content="2019-05-03T10:00:00Z">
</head><body><nav><ul><li>Home</li><li>News</li></ul></nav><article><h1>The bridge is open</h1>{"".join(f"<p>{p}</p>" for p in PARAGRAPHS)}
<p>Related: Mill owner gives field to the village</p><p>Share on Facebook</p></article><footer>© 2019 Valley Post. All rights reserved.</footer></body></html>"""


def test_the_body_and_the_metadata() -> None:
    document = cleaner.explain_html(PAGE)
    assert [line for line in document.text.splitlines() if line.strip()] == PARAGRAPHS
    assert (document.title, document.author, document.date, document.lang) == (
        "The bridge is open",
        "Jane Example",
        "2019-05-03",
        "en",
    )
    assert cleaner.clean_html(PAGE) == document.text
    assert "".join(document.source[s.start : s.end] for s in document.spans if s.kept) == document.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_bytes(encoding: str) -> None:
    page = PAGE.replace("©", "&copy;").replace("Paragraph", "Absätze")
    assert "Absätze 3 tells" in cleaner.clean_html(page.encode(encoding))


def test_a_page_without_a_body_is_empty() -> None:
    document = cleaner.explain_html("<html><body></body></html>")
    assert (document.text, document.spans) == ("", ())


def test_wrong_types() -> None:
    for wrong in (None, 3, ["<p>"]):
        with pytest.raises(TypeError, match="html must be"):
            cleaner.clean_html(wrong)  # type: ignore[arg-type]
