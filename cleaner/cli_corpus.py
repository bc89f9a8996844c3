"""The command ``cleaner corpus``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.cli_options import plainly, settings

if TYPE_CHECKING:
    from cleaner.corpus import Settings


@click.command()
@click.argument("source", metavar="IN", type=click.Path(exists=True))
@click.argument("out", metavar="OUT", type=click.Path(file_okay=False))
@click.option("--text", default="text", show_default=True, metavar="COLUMN", help="The column with the pages.")
@click.option("--lang", metavar="COLUMN", help="The column with their languages; detected where there is none.")
@click.option("--url", metavar="COLUMN", help="The column with their addresses, for the rules of their sites.")
@click.option("--id", metavar="COLUMN", help="The column with what names a page in reports.")
@click.option(
    "--learn",
    "learned",
    type=click.Path(file_okay=False),
    metavar="SITES",
    help="First learn what sites repeat into this folder of packs, then use them; needs --url.",
)
@click.option("--keep-removed", is_flag=True, help="Write what is taken out beside what stays.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes.")
@click.option(
    "--engine",
    type=click.Choice(["local", "ray", "slurm"]),
    default="local",
    show_default=True,
    help="Which of datatrove's executors runs the tasks.",
)
@click.option(
    "--engine-option",
    "engine_options",
    multiple=True,
    metavar="NAME=VALUE",
    help="An argument for that executor, such as partition=cpu; may be repeated.",
)
@settings
@plainly
def corpus(
    source: str,
    out: str,
    text: str,
    lang: str | None,
    url: str | None,
    id: str | None,
    learned: str | None,
    keep_removed: bool,
    workers: int,
    engine: str,
    engine_options: tuple[str, ...],
    **chosen: Any,
) -> None:
    """Cleans a file or a folder of files; goes on where a run stopped.

    They are Parquet, JSONL, CSV, text, HTML, WARC or WET. OUT/data has the cleaned rows, OUT/errors.jsonl what could not be read,
    OUT/summary.json the figures.

    \b
    cleaner corpus pages/ cleaned/ --url url --workers 8
    """
    from cleaner.corpus import Columns, Settings, clean_corpus

    recall, precision = chosen.pop("recall"), chosen.pop("precision")
    settings = Settings(
        Columns(text, lang, url, id), keep_removed, favor_recall=recall, favor_precision=precision, **chosen
    )
    if learned:
        _learn(source, out, settings, learned)
        settings = replace(settings, sites=(*settings.sites, learned))
    summary = clean_corpus(
        source,
        out,
        settings,
        workers=workers,
        engine=engine,
        engine_options=dict(_engine_option(option) for option in engine_options),
        progress=True,
    )
    if summary is None:
        click.echo("the tasks are queued; when they are done, the same command finishes the run", err=True)
        return
    rows, characters = summary["rows"], summary["characters"]
    click.echo(
        f"{rows['in']:,} rows in, {rows['out']:,} out, {rows['errors']:,} errors; "
        f"{characters['removed'] / max(characters['in'], 1):.1%} of {characters['in']:,} characters removed",
        err=True,
    )
    if passed := summary["skipped"]["files"]:
        click.echo(f"{passed:,} files of no known format passed over", err=True)


def _learn(source: str, out: str, settings: Settings, sites: str) -> None:
    """Learns from the pages to be cleaned; not again where a run goes on, which began with what was learned."""
    from cleaner.corpus.plan import Plan
    from cleaner.corpus.run import check
    from cleaner.corpus.write import Output
    from cleaner.learn import learn

    text, url = settings.columns.text, settings.columns.url
    if not url:
        raise ValueError("--learn counts by site: name the column with the addresses, --url COLUMN")
    if Path(sites).resolve().is_relative_to(Path(out).resolve()):
        raise ValueError(f"{sites} lies in {out}, which is for the run alone: learn into a folder beside it")
    if Plan(Output(Path(out).absolute()).run).exists:
        return
    check(source, out, settings)
    found = learn(source, sites, text=text, url=url)
    click.echo(f"{len(found.written):,} site packs learned from {found.pages - found.left_out:,} pages", err=True)
    if found.kept:
        click.echo(f"{len(found.kept):,} site packs that {sites} has were kept as they are", err=True)


def _engine_option(option: str) -> tuple[str, str | int]:
    name, equals, value = option.partition("=")
    if not equals:
        raise ValueError(f"an engine's option is NAME=VALUE, not {option!r}")
    return name, int(value) if value.isdecimal() else value
