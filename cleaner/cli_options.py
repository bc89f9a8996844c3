"""What commands share: options, and how errors are said."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from cleaner.document import Kind

Command = Callable[..., Any]


def languages(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """The languages with a pack that begin with what was typed, for the shell."""
    from cleaner.language import KNOWN

    return sorted(language for language in KNOWN if language.startswith(typed))


def settings(command: Command) -> Command:
    """The options that are a cleaner's settings."""
    shared = (
        click.option(
            "--detector",
            type=click.Choice(["langdetect", "fasttext"]),
            default="langdetect",
            show_default=True,
            help="Who names the language.",
        ),
        click.option(
            "--keep",
            multiple=True,
            metavar="KIND",
            type=click.Choice([str(kind) for kind in Kind]),
            help="A kind to leave in the text, such as title; may be repeated.",
        ),
        click.option("--recall", is_flag=True, help="In doubt keep more."),
        click.option("--precision", is_flag=True, help="In doubt remove more."),
        click.option(
            "--pack", "packs", multiple=True, type=click.Path(exists=True), help="A rule pack, or a folder of them."
        ),
        click.option(
            "--site", "sites", multiple=True, type=click.Path(exists=True), help="A site pack, or a folder of them."
        ),
    )
    for option in shared[::-1]:
        command = option(command)
    return command


def options(command: Command) -> Command:
    """The options that cleaning and explaining share."""
    command = click.option("--json", "as_json", is_flag=True, help="One JSON object a page, with every span.")(command)
    command = click.option("--url", help="The page's address, for the rules of its site.")(settings(command))
    said = "The pages' language (it, ita, pt-BR, …); detected where it is not given."
    return click.option("--lang", shell_complete=languages, help=said)(command)


def plainly(command: Command) -> Command:
    """Errors of use and of data as one line on standard error."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except BrokenPipeError:  # whoever reads has read enough: click ends quietly
            raise
        except (ValueError, TypeError, ImportError, OSError, EOFError) as error:
            raise click.ClickException(" ".join(str(error).split())) from None

    return run
