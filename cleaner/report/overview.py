"""A run's figures: what came in, what went, of which kind and language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleaner.report.markup import Html, element, together
from cleaner.report.plots import bar, histogram, of_step, percent, table
from cleaner.report.struck import colour_of

Summary = Mapping[str, Any]


def share(part: float, whole: float) -> float:
    """A part of a whole, from 0 to 1; of nothing it is 0.

    >>> share(1, 8), share(0, 0)
    (0.125, 0.0)
    """
    return part / whole if whole else 0.0


def tiles(summary: Summary) -> Html:
    """The run's sums."""
    rows, characters = summary["rows"], summary["characters"]
    said = [
        ("Rows in", rows["in"], None),
        ("Rows out", rows["out"], None),
        ("Errors", rows["errors"], share(rows["errors"], rows["in"])),
        ("Rows changed", rows["changed"], share(rows["changed"], rows["out"])),
        ("Rows emptied", rows["emptied"], share(rows["emptied"], rows["out"])),
        ("Characters in", characters["in"], None),
        ("Characters removed", characters["removed"], share(characters["removed"], characters["in"])),
        ("Characters out", characters["out"], None),
    ]
    return element(
        "dl",
        *[
            element(
                "div",
                element("dt", name),
                element("dd", f"{count:,}", None if beside is None else element("small", f" {percent(beside)}")),
            )
            for name, count, beside in said
        ],
        class_="tiles",
    )


def kinds(summary: Summary) -> Html:
    """How much of the run's characters went as each kind."""
    whole = summary["characters"]["in"]
    most = max((kind["characters"] for kind in summary["kinds"]), default=0) or 1
    rows = [
        (
            kind["kind"],
            kind["characters"],
            share(kind["characters"], whole),
            bar([(kind["characters"] / most, colour_of(kind["kind"]), kind["kind"])]),
            kind["spans"],
            kind["rows"],
        )
        for kind in summary["kinds"]
    ]
    return table(("Kind", "Characters", "Of all", "Compared", "Lines", "Rows"), rows, "Characters removed, by kind")


def languages(summary: Summary) -> Html:
    """How much of each language's characters went, and as what; the bar's whole width is all its characters."""
    rows = [
        (
            language["lang"] or "not known",
            language["rows"],
            language["characters"],
            share(language["removed"], language["characters"]),
            bar(
                (
                    share(part, language["characters"]),
                    colour_of(kind),
                    f"{kind} {percent(share(part, language['characters']))}",
                )
                for kind, part in sorted(language["kinds"].items(), key=lambda item: (colour_of(item[0]), -item[1]))
            ),
        )
        for language in summary["languages"]
    ]
    head = ("Language", "Rows", "Characters", "Removed", "As what")
    shown = table(head, rows, "Share of characters removed, by language")
    return together([shown, element("details", element("summary", "By language and kind"), _matrix(summary))])


def _matrix(summary: Summary) -> Html:
    names = [kind["kind"] for kind in summary["kinds"]]
    rows = [
        (
            language["lang"] or "not known",
            *(share(language["kinds"].get(name, 0), language["characters"]) for name in names),
        )
        for language in summary["languages"]
    ]
    return table(("Language", *names), rows, "Share of a language's characters removed, by kind")


def shares(summary: Summary) -> Html:
    """How many rows lost how much."""
    counts = summary["shares"]
    named = [(of_step(number, len(counts)), count) for number, count in enumerate(counts)]
    return together(
        [
            histogram(counts, "How many rows lost which share of their characters; the table below has the figures"),
            element(
                "details",
                element("summary", "The figures"),
                table(("Share removed", "Rows"), named, "Rows by share of their characters removed"),
            ),
        ]
    )


def settings(summary: Summary) -> Html:
    """What the run was told, and what it passed over."""
    skipped = summary["skipped"]
    told = {key: value for key, value in summary["settings"].items() if value not in (None, [], False)}
    rows = [(key, value if isinstance(value, str) else _words(value)) for key, value in told.items()]
    rows += [
        ("cleaner", str(summary["cleaner"])),
        ("files read", f"{summary['files']:,}"),
        ("files passed over", f"{skipped['files']:,}" + (f": {_words(skipped['names'])}" if skipped["names"] else "")),
        ("records passed over", f"{skipped['records']:,}"),
        ("rows without text", f"{summary['rows']['without_text']:,}"),
    ]
    return element(
        "details", element("summary", "How it was run"), table(("Setting", "Value"), rows, "Settings and files")
    )


def _words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "yes" if value is True else str(value)
