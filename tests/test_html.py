"""HTML in front of the path."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import cleaner
from cleaner import Cleaner
from cleaner.blocks import read_blocks
from cleaner.cli import main
from cleaner.context import FAR, ROW
from cleaner.html import look_at, parse
from cleaner.labelled import DataError
from cleaner.labelled_html import read_html_rows, word_f1

FIXTURES = Path(__file__).parents[1] / "fixtures"

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


def lines_of(html: str) -> list[str]:
    return cleaner.explain_html(html).source.split("\n")


def test_a_line_is_a_block_and_a_plain_row_of_a_table() -> None:
    html = """<html><body><p>One <b>bold</b>
    line<br>and another</p><table><tr><th>River</th><th>km</th></tr><tr><td>Ourthe</td><td>165</td></tr></table>
    <table><tr><td><p>laid out</p></td><td><p>by a table</p></td></tr></table>
    <h2>Heading<a href="#h">¶</a></h2><pre>if x:\n    y</pre><script>no()</script><select><option>no</option></select>tail</body></html>"""
    assert lines_of(html) == [
        "One bold line",
        "and another",
        "River | km",
        "Ourthe | 165",
        "laid out",
        "by a table",
        "Heading",
        "if x:",
        "    y",
        "tail",
    ]


def test_a_body_that_stands_in_data_alone_is_read_from_there() -> None:
    body = " ".join(PARAGRAPHS)
    html = f"""<html><head><title>The bridge is open</title><script type="application/ld+json">
    {{"@type": "NewsArticle", "articleBody": "{body}"}}</script></head><body><div id="app">Loading</div></body></html>"""
    assert cleaner.clean_html(html) == body


def test_a_block_that_stands_twice_is_kept_once_and_a_refrain_as_often_as_it_is_sung() -> None:
    refrain = "And the river runs under the bridge that they built for us all."
    twice = f"<section><p>{PARAGRAPHS[0]}</p></section><section class='phone'><p>{PARAGRAPHS[0]}</p></section>"
    song = "".join(f"<p>{paragraph}</p><p>{refrain}</p>" for paragraph in PARAGRAPHS[1:])
    text = cleaner.clean_html(f"<html><body><article>{twice}<div>{song}</div></article></body></html>", lang="en")
    assert text.count(PARAGRAPHS[0]) == 1
    assert text.count(refrain) == 5


def test_the_language_that_a_page_states_counts_where_its_text_does_not_tell() -> None:
    italian = (
        "Il ponte sul fiume è stato aperto a maggio, e tutta la valle è venuta a vederlo prima della pioggia di giugno. "
        * 3
    )
    assert cleaner.explain_html(f'<html lang="en"><body><p>{italian}</p></body></html>').lang == "it"
    assert cleaner.explain_html('<html lang="nb"><body><p>Bro</p></body></html>').lang == "no"
    assert cleaner.explain_html('<html lang="en"><body><p>Мост открыт</p></body></html>').lang != "en"


@pytest.mark.parametrize(
    ("author", "expected"),
    [("Jane Example", "Jane Example"), ("https://post.example/jane", None), ("Valley Post", None)],
)
def test_an_author_that_is_none_is_not_believed(author: str, expected: str | None) -> None:
    html = PAGE.replace(
        'content="Jane Example"', f'content="{author}"><meta property="og:site_name" content="Valley Post"'
    )
    assert cleaner.explain_html(html).author == expected


def test_a_year_of_a_copyright_line_is_no_date() -> None:
    html = PAGE.replace('<meta property="article:published_time" content="2019-05-03T10:00:00Z">', "")
    assert cleaner.explain_html(html).date is None


def test_plain_text_has_no_kind_of_page() -> None:
    assert cleaner.explain("A sentence of the body.").page_kind is None


def test_the_dial_and_kinds_to_keep() -> None:
    texts = [
        cleaner.Cleaner(**settings).clean_html(PAGE)  # type: ignore[arg-type]
        for settings in ({"favor_precision": True}, {}, {"favor_recall": True}, {"keep": {"title", "copyright"}})
    ]
    kept = [set(text.split("\n")) for text in texts]
    assert kept[0] <= kept[1] <= kept[2]
    assert {"The bridge is open", "© 2019 Valley Post. All rights reserved."} <= kept[3]


def test_without_weights_rules_and_trafilatura_decide() -> None:
    text = cleaner.Cleaner(model=None).clean_html(PAGE)
    assert set(PARAGRAPHS) <= set(text.split("\n"))
    assert "All rights reserved" not in text


@pytest.mark.parametrize("weights", ['{"lines": {}}', '{"lines": {}, "kinds": {}}', "[]"])
def test_weights_of_another_version_are_refused(weights: str, tmp_path: Path) -> None:
    (tmp_path / "w.json").write_text(weights, encoding="utf-8")
    with pytest.raises(ValueError, match=r"w\.json: not a weights file"):
        cleaner.Cleaner(html_model=tmp_path / "w.json").clean_html(PAGE)


def labelled_fixtures() -> list[dict[str, str]]:
    """The HTML fixtures as labelled pages."""
    return [
        {
            "html": page.read_text(encoding="utf-8"),
            "gold": "\n".join(json.loads(facts)["body"]),
            "page_type": json.loads(facts)["kind"],
            "url": f"https://{page.stem}.example/",
        }
        for page in sorted((FIXTURES / "html").glob("*.html"))
        for facts in [page.with_suffix(".json").read_text(encoding="utf-8")]
    ]


def test_fitting_repeats_itself(tmp_path: Path) -> None:
    """The same pages make the same weights, which can be used; what was labelled body is found again."""
    from cleaner.fit_html import fit_html, tabulate_html, write_html

    data = tmp_path / "pages.jsonl"
    rows = labelled_fixtures()
    data.write_text("\n".join(json.dumps(row) for row in rows * 4), encoding="utf-8")
    read = list(read_html_rows(data))
    assert [row.site for row in read[: len(rows)]] == [f"{Path(row['url'][8:-1]).stem}.example" for row in rows]
    both = []
    for name in ("a.json", "b.json"):
        write_html(fit_html(tabulate_html(read, cleaner.Cleaner())), tmp_path / name)
        both.append((tmp_path / name).read_bytes())
    assert both[0] == both[1]
    fitted = cleaner.Cleaner(html_model=tmp_path / "a.json")
    assert all(word_f1(fitted.clean_html(row.html), row.gold)[0] > 0.6 for row in read)


@pytest.mark.parametrize("kind", ["", "article"])
def test_pages_of_one_kind_or_of_none_that_is_stated_can_be_fitted_to(kind: str, tmp_path: Path) -> None:
    from cleaner.fit_html import fit_html, tabulate_html, write_html

    data = tmp_path / "pages.jsonl"
    data.write_text(
        "\n".join(json.dumps({**row, "page_type": kind}) for row in labelled_fixtures() * 4), encoding="utf-8"
    )
    read = list(read_html_rows(data))
    write_html(fit_html(tabulate_html(read, cleaner.Cleaner())), tmp_path / "w.json")
    page = cleaner.Cleaner(html_model=tmp_path / "w.json").explain_html(read[0].html)
    assert page.page_kind == (kind or None)
    assert word_f1(page.text, read[0].gold)[0] > 0.6


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("[]", "a page is a JSON object"),
        ("{", "not JSON"),
        ('{"html": "<p>x"}', "no 'gold'"),
        ('{"gold": "x"}', "no 'html'"),
        ('{"html": 1, "gold": "x"}', "'html' is a string, not int"),
        ('{"html": "<p>x", "gold": "x", "page_type": ["forum"]}', "'page_type' is a string, not list"),
        ('{"html": "<p>x", "gold": "x", "url": "http://[x"}', r"'url' 'http://\[x'"),
    ],
)
def test_labelled_pages_that_are_broken_are_named(broken: str, said: str, tmp_path: Path) -> None:
    data = tmp_path / "pages.jsonl"
    data.write_text(f'{{"html": "<p>x", "gold": "x", "page_type": null, "url": null}}\n{broken}\n', encoding="utf-8")
    with pytest.raises(DataError, match=rf"pages\.jsonl, line 2: {said}"):
        list(read_html_rows(data))


def test_files_of_labelled_pages_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    page = json.dumps({"html": PAGE, "gold": "Über"}, ensure_ascii=False) + "\n"
    for name, data, said in (
        ("latin.jsonl", page.encode("latin-1"), "not UTF-8"),
        ("plain.jsonl.gz", page.encode(), "not a whole gzip file"),
        ("cut.jsonl.gz", gzip.compress(page.encode() * 50, mtime=0)[:-12], "not a whole gzip file"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(DataError, match=rf"{name}, after line \d+: {said}"):
            list(read_html_rows(tmp_path / name))


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ([], "no pages with text"),
        ([{"html": "<html></html>", "gold": ""}], "no pages with text"),
        ([{"html": PAGE, "gold": ""}] * 3, "0 of 36 lines are body"),
        ([{"html": f"<p>{PARAGRAPHS[0]}", "gold": PARAGRAPHS[0]}], "1 of 1 lines are body"),
        (
            [{"html": PAGE, "gold": "\n".join(PARAGRAPHS), "page_type": kind} for kind in ("article", "forum")],
            "1 of 2 pages are of the kind",
        ),
    ],
)
def test_what_is_missing_to_fit_to_is_said(pages: list[dict[str, str]], said: str, tmp_path: Path) -> None:
    data = tmp_path / "pages.jsonl"
    data.write_text("".join(json.dumps(page) + "\n" for page in pages), encoding="utf-8")
    run = CliRunner().invoke(main, ["fit", "--html", str(data), "-o", str(tmp_path / "w.json")])
    assert run.exit_code == 1
    assert f"Error: {said}" in run.stderr


def test_a_box_of_teasers_ends_where_its_element_ends() -> None:
    page = """<html lang="it"><head><title>Chiudono tre caselli</title></head><body><header><a href="/">Voce della Valle</a><nav><ul>
<li><a href="/1">Home</a></li><li><a href="/2">Sport</a></li><li><a href="/3">Meteo</a></li></ul></nav></header><main><article>
<h1>Chiudono tre caselli</h1><p class="byline">di Carla Esempio 14 maggio 2024</p><div class="entry-content">
<p>Da lunedì e per tre settimane restano chiusi di notte tre caselli della valle, per i lavori alle gallerie che la società rimanda dal 2019.</p>
<p>I sindaci avevano chiesto di aspettare la fine della vendemmia, ma la società ha risposto che le imprese sono pronte e che non si può rinviare ancora.</p>
<aside class="related"><h4>Leggi anche</h4><ul><li><a href="/t">Treni, corse raddoppiate la domenica</a></li></ul></aside>
<ul><li>Rovara nord</li><li>Mezzano</li><li>Valle alta</li></ul><p>Il servizio di navette partirà a giugno.</p></div></article></main>
<footer><p>© 2024 Voce della Valle</p></footer></body></html>"""
    box = page[page.index("<aside") : page.index("</aside>") + len("</aside>")]
    bare = "<h4>Leggi anche</h4><p><a href='/t'>Treni, corse raddoppiate la domenica</a></p>"
    for teasers, reach in ((box, FAR), (bare, 2)):
        tree = parse(page.replace(box, teasers))
        sight = look_at(Cleaner(), tree, "it", None)[1]
        after = sight.blocks.lines.index("Rovara nord")
        assert sight.reading.matrix[ROW["since_section"], after] == reach


def test_links_of_preformatted_text_are_counted_line_by_line() -> None:
    blocks = read_blocks(parse("<pre>one\ntwo <a href='/'>three</a>\nfour</pre>"))
    assert (blocks.lines, blocks.linked.tolist()) == (["one", "two three", "four"], [0, 5, 0])
