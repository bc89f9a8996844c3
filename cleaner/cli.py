"""The command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner import __version__
from cleaner.cli_corpus import corpus
from cleaner.cli_options import languages, options, plainly
from cleaner.files import documents, printable

if TYPE_CHECKING:
    from cleaner.document import Document
    from cleaner.pipeline import Cleaner


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="cleaner")
def main() -> None:
    """Leaves only the body of the article of a web page's text.

    \b
    cleaner clean page.txt           the body of a page, text or HTML
    cleaner clean *.html --json      bodies and all that went, as JSON lines
    curl -s URL | cleaner clean -    a page from a pipe
    cleaner explain page.txt         what goes, struck through, and why
    cleaner packs it                 the Italian rules, checked
    """


main.add_command(corpus)


def _cleaner(
    detector: str, keep: tuple[str, ...], recall: bool, precision: bool, packs: tuple[str, ...], sites: tuple[str, ...]
) -> Cleaner:
    from cleaner.pipeline import Cleaner

    return Cleaner(
        detector=detector, keep=keep, favor_recall=recall, favor_precision=precision, packs=packs, sites=sites
    )


@main.command()
@click.argument("files", nargs=-1, metavar="[FILE… | -]")
@options
@plainly
def clean(files: tuple[str, ...], lang: str | None, url: str | None, as_json: bool, **settings: Any) -> None:
    """Prints the bodies of pages.

    They are text or HTML; - reads standard input.

    \b
    cleaner clean page.html --lang it --keep title > body.txt
    """
    failed = False
    for name, document in documents(files or ("-",), _cleaner(**settings), lang, url):
        failed |= document is None
        if document is not None:
            click.echo(
                json.dumps({"file": name} | document.to_dict(), ensure_ascii=False)
                if as_json
                else printable(document.text)
            )
    sys.exit(int(failed))


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@options
@click.option("--html", type=click.Path(dir_okay=False), metavar="FILE", help="Write one page for the browser instead.")
@plainly
def explain(
    files: tuple[str, ...], lang: str | None, url: str | None, as_json: bool, html: str | None, **settings: Any
) -> None:
    """Shows what goes from pages, and why.

    What goes is struck through, with the kind and the rule of each line. In a pipe, a sign stands before each line: + stays, - goes.

    \b
    cleaner explain page.txt | grep '^-'
    cleaner explain page.txt --html page.html
    """
    from cleaner.show import show

    cleaner = _cleaner(**settings)
    if html:
        sys.exit(_explain_in(html, files, as_json, documents(files, cleaner, lang, url), cleaner))
    failed = False
    for name, document in documents(files, cleaner, lang, url):
        failed |= document is None
        if document is not None and as_json:
            click.echo(json.dumps({"file": name} | document.to_dict(), ensure_ascii=False))
        elif document is not None:
            show(document, name)
    sys.exit(int(failed))


def _explain_in(
    html: str,
    files: tuple[str, ...],
    as_json: bool,
    found: Iterable[tuple[str, Document | None]],
    cleaner: Cleaner,
) -> int:
    """Writes all documents into one HTML page; returns 1 where a file could not be read."""
    from cleaner.report import explained_page

    if as_json:
        raise ValueError("--html and --json exclude each other")
    if Path(html).resolve() in [Path(name).resolve() for name in files]:
        raise ValueError(f"{html} is one of the pages to explain: write to another file")
    every = list(found)
    read = [(name, document) for name, document in every if document is not None]
    if read:
        Path(html).write_bytes(explained_page(read, cleaner.own_packs).encode())
    return int(len(read) < len(every))


@main.command()
@click.argument("folder", metavar="OUT", type=click.Path(exists=True, file_okay=False))
@click.option("-o", "--out", required=True, type=click.Path(dir_okay=False), help="The HTML page to write.")
@plainly
def report(folder: str, out: str) -> None:
    """Writes a page on what a corpus run did.

    \b
    cleaner report OUT -o report.html
    """
    from cleaner.report import report_page

    Path(out).write_bytes(report_page(folder).encode())


@main.command()
@click.argument("names", nargs=-1, metavar="[LANG | FILE]…", shell_complete=languages)
@plainly
def packs(names: tuple[str, ...]) -> None:
    """Lists packs or their rules, and checks them.

    A name that ends in .toml is a file of your own.

    \b
    cleaner packs it my-pack.toml
    """
    from cleaner.show import list_packs, list_rules

    if not names:
        list_packs()
        return
    sys.exit(sum(list_rules(name) for name in names) > 0)


_DATA = click.argument("data", type=click.Path(exists=True, dir_okay=False))


@main.command()
@_DATA
@click.option("--tier", help="Only pages of this tier.")
@click.option("--lang", help="Only pages in these languages (it,es).")
@click.option("--source", help="Only pages from this source.")
@click.option("--limit", type=int, default=0, help="Some so many pages, evenly spread.")
@click.option("--worst", type=int, default=0, help="List so many of the worst pages and of the lines most often wrong.")
@click.option(
    "--folds",
    type=click.IntRange(min=2),
    help="Fit anew for each of so many groups of sites, and measure on the sites not seen.",
)
@click.option("--recall", is_flag=True, help="In doubt keep more.")
@click.option("--precision", is_flag=True, help="In doubt remove more.")
@click.option("--rules-only", is_flag=True, help="Without weights: what the rules alone do.")
@click.option("--weights", type=click.Path(exists=True), help="Other weights than the library's own.")
@click.option("--json", "as_json", is_flag=True, help="The figures as one JSON object.")
@plainly
def evaluate(
    data: str,
    tier: str | None,
    lang: str | None,
    source: str | None,
    limit: int,
    worst: int,
    folds: int | None,
    as_json: bool,
    **settings: Any,
) -> None:
    """Measures on labelled pages.

    The figures: removed, lost, F1, hurt, gold loss. docs/accuracy.md says what they are and how the pages are written.

    \b
    cleaner evaluate pages.jsonl --worst 20
    """
    from cleaner.evaluate import choose
    from cleaner.evaluate import evaluate as measure
    from cleaner.pipeline import Cleaner
    from cleaner.show import show_report

    weights = {"--folds": folds, "--weights": settings["weights"], "--rules-only": settings["rules_only"]}
    if len(asked := [option for option, value in weights.items() if value]) > 1:
        raise ValueError(f"{' and '.join(asked)} exclude each other")
    model = None if settings["rules_only"] else settings["weights"] or "default"
    dial = {"favor_recall": settings["recall"], "favor_precision": settings["precision"]}
    cleaner = Cleaner(model=model, **dial)  # wrong settings are said now, not after minutes of fitting
    rows = choose(data, tier, lang, source)
    if limit:
        rows = rows[:: max(1, len(rows) // limit)]
    if folds:
        from cleaner.fit import across_folds

        report = across_folds(rows, folds, dial, _say)
    else:
        report = measure(_watched(rows), cleaner.explain)
    show_report(report, worst, as_json)


@main.command()
@_DATA
@click.option("-o", "--out", required=True, type=click.Path(dir_okay=False), help="The weights file to write.")
@click.option("--html", is_flag=True, help="The pages are HTML (docs/html.md).")
@plainly
def fit(data: str, out: str, html: bool) -> None:
    """Fits weights to labelled pages.

    Use them with Cleaner(model="weights.json"), those of HTML pages with Cleaner(html_model="html.json").

    \b
    cleaner fit pages.jsonl -o weights.json
    cleaner fit html-pages.jsonl --html -o html.json
    """
    if not (folder := Path(out).absolute().parent).is_dir():  # said now, not after minutes of fitting
        raise ValueError(f"{out}: there is no folder {folder}")
    if html:
        _fit_html(data, out)
    else:
        from cleaner.fit import fit as fit_weights
        from cleaner.fit import write
        from cleaner.labelled import read_rows

        write(fit_weights(list(read_rows(data)), _say), out)
    _say(f"written: {out}")


def _fit_html(data: str, out: str) -> None:
    from cleaner.fit_html import fit_html, tabulate_html, write_html
    from cleaner.labelled_html import read_html_rows
    from cleaner.pipeline import Cleaner

    write_html(fit_html(tabulate_html(read_html_rows(data), Cleaner()), _say), out)


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="IN…", type=click.Path())
@click.option("-o", "--out", required=True, type=click.Path(file_okay=False), help="The folder for the packs.")
@click.option("--text", default="text", show_default=True, help="The column of a page's text.")
@click.option("--url", default="url", show_default=True, help="The column of its address.")
@click.option("--memory", default=1000, show_default=True, help="Megabytes to count in; the rest goes to disk.")
@click.option("--force", is_flag=True, help="Write packs anew that OUT has.")
@plainly
def learn(paths: tuple[str, ...], out: str, text: str, url: str, memory: int, force: bool) -> None:
    """Learns what sites repeat, as packs for --site.

    IN is JSONL (also .gz and .zst) or Parquet, or folders of them. Packs that OUT has are left as they are.

    \b
    cleaner learn pages.jsonl.gz -o sites/
    cleaner learn crawl/ -o sites/ --text body --memory 4000
    """
    from cleaner.learn import learn as learn_sites

    learned = learn_sites(paths, out, text=text, url=url, memory=memory, force=force)
    _say(f"{learned.pages} pages, {learned.left_out} left out for want of text or of a site")
    _say(f"{len(learned.written)} packs written to {out}")
    if learned.kept:
        _say(f"{len(learned.kept)} packs left as they were (--force writes them anew): {_some(learned.kept)}")


def _some(paths: tuple[Path, ...], at_most: int = 10) -> str:
    return ", ".join(path.name for path in paths[:at_most]) + (", …" if len(paths) > at_most else "")


def _watched(rows: list[Any]) -> Iterable[Any]:
    from rich.console import Console
    from rich.progress import track

    return track(rows, "cleaning", console=Console(stderr=True), transient=True)


def _say(what: str) -> None:
    click.echo(what, err=True)
