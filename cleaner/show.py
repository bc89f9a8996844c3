"""What the command line shows on a terminal, and plainly in a pipe."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import isnan
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cleaner.check import check
from cleaner.colours import COLOURS
from cleaner.document import Document
from cleaner.evaluate import Report, figures
from cleaner.language import standard
from cleaner.lines import split_lines
from cleaner.match import Matcher
from cleaner.rules import built_in, names, read_pack, with_parents


def show(document: Document, name: str) -> None:
    """A page with what goes struck through in colour; in a pipe, a sign before each line: ``+`` stays, ``-`` goes."""
    console = Console(highlight=False, soft_wrap=True)
    found = {"language": document.lang, "title": document.title, "author": document.author, "date": document.date}
    console.print(Text(f"{name}: " + ", ".join(f"{key} {value}" for key, value in found.items() if value)), style="dim")
    for span in document.spans:
        for line in split_lines(document.source[span.start : span.end]):
            if not line.strip():
                continue
            if span.kept:
                console.print(Text(line if console.is_terminal else "+ " + line))
                continue
            colour = COLOURS.get(span.kind, "red")
            why = f"  [{span.kind}: {span.rule}]"
            if console.is_terminal:
                console.print(Text.assemble((line, f"strike {colour}"), (why, "dim")))
            else:
                console.print(Text("- " + line + why))


def list_packs() -> None:
    """A table of the library's packs."""
    table = Table("pack", "name", "rules", "phrases", "inherits", box=None)
    for name in names():
        pack = built_in(name)
        phrases = sum(len(rule.phrases) for rule in pack.rules)
        table.add_row(name, pack.title, str(len(pack.rules)), str(phrases), " ".join(pack.inherits))
    Console().print(table)


def list_rules(name: str) -> int:
    """A pack's rules, and everything that is wrong with them; returns how much that is."""
    own = {}
    if Path(name).suffix == ".toml":
        pack = read_pack(name)
        own[pack.name] = pack
    elif (tag := name if name in names() else standard(name)) in names():
        pack = built_in(tag)
    else:
        raise ValueError(f"there is no pack {name!r}: `cleaner packs` lists them, and a file's name ends in .toml")
    table = Table("rule", "effect", "phrases and patterns", box=None)
    for rule in pack.rules:
        said = [phrase.words for phrase in rule.phrases] + list(rule.patterns)
        shown = " · ".join(said[:4]) + (f" · … ({len(said)})" if len(said) > 4 else "")
        table.add_row(rule.id, str(rule.effect), Text(shown))  # a pattern's brackets are no markup
    Console().print(table)
    wrong = list(check(pack, Matcher(with_parents(pack.name, own))))
    for error in wrong:
        Console(stderr=True, soft_wrap=True, highlight=False).print(Text(str(error)), style="red")
    Console().print(
        f"{len(pack.rules)} rules, {sum(len(r.examples) + len(r.counterexamples) for r in pack.rules)} examples, {len(wrong)} wrong"
    )
    return len(wrong)


def _by_score(report: Report) -> Iterator[tuple[int, int, float]]:
    """For each tenth of the score: how many lines went at it, and the share of them that is chrome; empty tenths left out."""
    for cell in range(10):
        right, wrong = report.calibration[cell, True], report.calibration[cell, False]
        if right + wrong:
            yield cell, right + wrong, right / (right + wrong)


def show_report(report: Report, worst: int, as_json: bool) -> None:
    """The figures of an evaluation, tiers first."""
    groups = sorted(report.verdicts, key=lambda group: (not group.startswith("tier"), group))
    if as_json:
        found = {
            # JSON has no NaN, which is what is removed where there is no boilerplate
            group: {name: None if isnan(value) else value for name, value in figures(report.verdicts[group]).items()}
            for group in groups
        }
        print(
            json.dumps(
                found
                | {
                    "gold_loss": report.gold_loss,
                    "Mchars_per_s": report.speed,
                    "removed_by_score": [
                        {"from": cell / 10, "lines": lines, "chrome": share} for cell, lines, share in _by_score(report)
                    ],
                }
            )
        )
        return
    for group in groups:
        f = figures(report.verdicts[group])
        print(
            f"{group:24s} {f['docs']:5.0f} docs  removed {f['removed']:.3f}  lost {f['lost']:.4f}  F1 {f['f1']:.4f}  hurt {f['hurt']:.3f}"
        )
    print(f"gold loss {report.gold_loss:.5f}    speed {report.speed:.2f} million characters a second")
    for cell, count, share in _by_score(report):
        print(
            f"removed at score {cell / 10:.1f} to {cell / 10 + 0.1:.1f}: {count:6d} lines, {share:.3f} of them chrome"
        )
    for lost, name in report.worst[:worst]:
        print(f"  lost {lost:.3f}  {name}")
    for title, lines in (("body removed", report.wrongly_removed), ("chrome kept", report.wrongly_kept)):
        for (line, rule), count in lines.most_common(worst):
            print(f"  {title} {count} times: {line!r}" + (f" by {rule}" if rule else ""))
