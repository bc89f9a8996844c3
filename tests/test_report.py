"""What the pages hold, without a browser: escaping, places of rules, the command. ``test_browser.py`` looks at them in one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from runs import summary_of

from cleaner import Cleaner, Document, Kind, Span, explain
from cleaner.cli import main
from cleaner.colours import COLOURS
from cleaner.lines import split, split_lines
from cleaner.report import explained_page, report_page
from cleaner.report.markup import asset, element
from cleaner.report.places import Places
from cleaner.rules import built_in
from cleaner.show import show

FIXTURES = Path(__file__).parents[1] / "fixtures"
PAGE = FIXTURES / "it" / "forno-collettivo.txt"


def account(*parts: tuple[str, Kind, str]) -> Document:
    """A document made by hand of stretches with their kinds and rules."""
    spans, at = list[Span](), 0
    for text, kind, rule in parts:
        spans.append(Span(at, at + len(text), kind is Kind.BODY, kind, rule, 0.5))
        at += len(text)
    kept = "".join(text for text, kind, _ in parts if kind is Kind.BODY)
    return Document("".join(text for text, _, _ in parts), kept, "en", _account=lambda: tuple(spans))


def struck(page: str) -> list[str]:
    return [unescape(text) for text in re.findall(r"<del[^>]*>(.*?)</del>", page, re.DOTALL)]


def test_every_kind_that_goes_has_a_colour_and_every_colour_a_style() -> None:
    assert set(COLOURS) == set(Kind) - {Kind.BODY, Kind.BLANK}
    style = asset("page.css")
    assert all(f".{colour} {{" in style for colour in COLOURS.values())


def test_every_removed_line_is_struck_through_and_no_other() -> None:
    document = explain(PAGE.read_text(encoding="utf-8"))
    removed = [document.source[s.start : s.end] for s in document.spans if not s.kept]
    lines = [line.strip() for text in removed for line in text.splitlines() if line.strip()]
    assert lines
    assert struck(explained_page([("page", document)])) == lines


def test_lines_end_where_the_library_ends_them(capsys: pytest.CaptureFixture[str]) -> None:
    ends = "\n \r\n \r \v \f \x85 \u2028 \u2029".split(" ")
    text = "".join(f"Line {number}\x1cgoes\x1don\x1ehere.{end}" for number, end in enumerate(ends))
    assert len(split(text)) == len(ends)
    document = account((text, Kind.SHARE, "x"), (text, Kind.BODY, ""))
    lines = split_lines(text)[:-1]
    assert lines == [f"Line {number}\x1cgoes\x1don\x1ehere." for number in range(len(ends))]
    page = explained_page([("page", document)])
    assert page.count("<del") == len(ends)
    show(document, "page")
    shown = capsys.readouterr().out.rstrip("\n").split("\n")[1:]
    assert shown == [f"- {line}  [share: x]" for line in lines] + [f"+ {line}" for line in lines]


def test_a_cut_stays_on_its_line() -> None:
    page = explained_page(
        [("page", account(("One.", Kind.BODY, ""), (" Tweet\n", Kind.SHARE, "x"), ("Two.", Kind.BODY, "")))]
    )
    line = re.search(r'<div class="line kept"><div dir="auto">One\.<span class="gone cut green"(.*?)</div></div>', page)
    assert line
    assert struck(line[1]) == [" Tweet"]


def test_text_is_escaped_wherever_it_comes_from() -> None:
    evil = "\"'><script>evil()</script><img src=x onerror=evil()>"
    page = explained_page([(evil, account((evil, Kind.BODY, ""), (evil, Kind.SHARE, evil)))])
    assert "evil()" in page
    assert "<script>evil" not in page
    assert "<img" not in page
    assert page.count("<script") == 2  # the bodies, and the page's own


def test_bodies_are_exact_in_the_page() -> None:
    body = "\x00\r\n</script>\u2028\ud800 é <!--<script>"
    page = explained_page([("page", account((body, Kind.BODY, "")))])
    held = re.search(r'<script type="application/json" id="texts">(.*?)</script>', page)
    assert held
    assert json.loads(held[1]) == [body]
    assert "<!--" not in held[1]
    page.encode()  # no lone surrogate is left outside


def test_attributes_are_escaped() -> None:
    assert element("a", "x", href='"><b>', title=None, hidden=False) == '<a href="&quot;&gt;&lt;b&gt;">x</a>'


def test_rules_are_found_in_their_files(tmp_path: Path) -> None:
    places = Places()
    found = places.find("it.related.on-fire")
    assert found
    file, _, number = found.partition(":")
    line = (Path(built_in("it").file).parents[2] / file).read_text(encoding="utf-8").splitlines()[int(number) - 1]
    assert line == "[related.on-fire]"
    own = tmp_path / "valley.example.toml"
    own.write_text(
        '[notice.ferry]\nphrases = ["Ferry times"]\nexamples = ["Ferry times"]\ncounterexamples = ["Ferry times change in May."]\n',
        encoding="utf-8",
    )
    cleaner = Cleaner(sites=[own])
    cleaner.explain("Ferry times", lang="en", url="https://valley.example/a")
    assert Places(cleaner.own_packs).find("valley.example.notice.ferry") == f"{own}:1"
    assert Places().find("valley.example.notice.ferry") is None


@pytest.mark.parametrize("rule", ["", "no.such.rule", "it.related.unheard-of", "short, no full stop", "..", "it"])
def test_what_is_no_rule_has_no_place(rule: str) -> None:
    assert Places().find(rule) is None


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_explain_writes_one_page_for_several_files(tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    assert run("explain", PAGE, FIXTURES / "ar" / "news-marina.txt", "--html", out) == (0, "", "")
    page = out.read_text(encoding="utf-8")
    assert page.count('<section id="page-') == 2
    assert '<a href="#page-1">' in page


def test_unreadable_files_do_not_stop_the_page(tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    code, _, err = run("explain", tmp_path / "missing.txt", PAGE, "--html", out)
    assert code == 1
    assert "missing.txt" in err
    assert "Tintori" in out.read_text(encoding="utf-8")


def test_explain_refuses_what_would_harm(tmp_path: Path) -> None:
    source = tmp_path / "page.txt"
    source.write_bytes(PAGE.read_bytes())
    for arguments in (["--html", source], ["--html", tmp_path / "out.html", "--json"]):
        code, _, err = run("explain", source, *arguments)
        assert code == 1
        assert err.startswith("Error: ")
        assert err.count("\n") == 1
    assert source.read_bytes() == PAGE.read_bytes()
    assert not (tmp_path / "out.html").exists()


def finished(folder: Path, summary: Any) -> Path:
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    return folder


def test_report_writes_a_page(tmp_path: Path) -> None:
    pages = [("https://forno.example/a", explain(PAGE.read_text(encoding="utf-8")))]
    out = tmp_path / "report.html"
    assert run("report", finished(tmp_path, summary_of(pages)), "-o", out) == (0, "", "")
    page = out.read_text(encoding="utf-8")
    assert {"forno.example", "it.tags.filed", "Contrassegnato con forno collettivo, lievito madre"} <= set(
        re.split("[<>]", page)
    )
    assert "cleaner/packs/it.toml:" in page
    assert "not JSON: &lt;broken&gt;" in page


def test_report_of_a_run_with_packs_of_its_own_names_no_places(tmp_path: Path) -> None:
    summary = summary_of([("https://forno.example/a", explain(PAGE.read_text(encoding="utf-8")))])
    summary["settings"]["packs"] = ["mine/it.toml"]
    page = report_page(finished(tmp_path, summary))
    assert "it.tags.filed" in page
    assert "cleaner/packs" not in page


def test_report_of_nothing(tmp_path: Path) -> None:
    assert "Corpus run" in report_page(finished(tmp_path, summary_of([])))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda summary: summary | {"version": 2}, "version 2"),
        (lambda summary: summary | {"kinds": None}, "damaged"),
        (lambda summary: {key: summary[key] for key in summary if key != "rows"}, "damaged: KeyError('rows')"),
        (lambda summary: [summary], "no summary"),
        (lambda summary: {}, "no summary"),
    ],
)
def test_a_report_says_what_is_wrong_with_a_summary(tmp_path: Path, change: Callable[[Any], Any], said: str) -> None:
    code, _, err = run("report", finished(tmp_path, change(summary_of([]))), "-o", tmp_path / "out.html")
    assert code == 1
    assert said in err
    assert not (tmp_path / "out.html").exists()


def test_a_run_that_has_not_finished_has_no_report(tmp_path: Path) -> None:
    code, _, err = run("report", tmp_path, "-o", tmp_path / "out.html")
    assert code == 1
    assert "no run of `cleaner corpus` has finished there" in err
