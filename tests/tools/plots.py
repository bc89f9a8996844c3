"""Draws the plots of the documentation from its own tables, so that the two cannot disagree.

python tests/tools/plots.py          # writes docs/plots/*.svg (needs matplotlib: pip install '.[docs]')
python tests/tools/plots.py --check  # fails where a plot does not show the figures of its table
"""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[2] / "docs"
OUT = DOCS / "plots"
TIERS = ("page", "dclm", "fineweb")
COLOURS = ("#3f51b5", "#00897b", "#ef6c00")
GREY = "#8a8a8a"  # legible on white and on dark

Table = list[list[str]]


def table(file: str, first: str) -> Table:
    """The rows of the first table of a file whose header begins with these cells."""
    lines = (DOCS / file).read_text(encoding="utf-8").splitlines()
    at = next((number for number, line in enumerate(lines) if line.startswith("| " + first)), None)
    if at is None:
        raise SystemExit(f"docs/{file} has no table that begins with | {first}")
    rows: Table = []
    for line in lines[at + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip().strip("*`") for cell in line.strip("|").split("|")])
    return rows


def numbers(cell: str) -> list[float]:
    """The figures of a cell such as ``.939 / .0110 / 1,204``."""
    return [float(part.replace(",", "")) for part in re.findall(r"\d*\.?\d[\d,]*(?:\.\d+)?", cell)]


def cleaners() -> dict[str, list[float]]:
    others = {name: [numbers(cell)[0] for cell in cells] for name, *cells in table("accuracy.md", "cleaner | page")}
    ours = [numbers(row[2])[0] for row in table("accuracy.md", "tier | pages")]
    return others | {"this library": ours}


def languages() -> dict[str, list[float]]:
    return {f"{name} ({pages})": numbers(f1) for name, pages, f1, _ in table("accuracy.md", "language | pages")}


def dial() -> dict[str, list[list[float]]]:
    return {name: [numbers(cell)[:2] for cell in cells] for name, *cells in table("accuracy.md", "setting | page")}


def reliability() -> dict[str, list[float]]:
    return {
        score: [numbers(lines)[0], numbers(share)[0]] for score, lines, share in table("accuracy.md", "score | lines")
    }


def speed() -> dict[str, list[float]]:
    return {name: numbers(cells[0]) for name, *cells in table("performance.md", "| million characters")}


def draw_grouped(axes: Any, figures: dict[str, list[float]]) -> None:
    for place, (tier, colour) in enumerate(zip(TIERS, COLOURS, strict=True)):
        at = [row + (place - 1) * 0.27 for row in range(len(figures))]
        values = [cells[place] for cells in figures.values()]
        axes.barh(at, values, 0.25, color=colour, label=tier)
    axes.set_yticks(range(len(figures)), list(figures))
    axes.set(xlim=(0.5, 1), xlabel="F1 (the axis begins at 0.5)")
    axes.invert_yaxis()
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False, labelcolor=GREY)


def draw_dial(axes: Any, figures: dict[str, list[list[float]]]) -> None:
    for place, (tier, colour) in enumerate(zip(TIERS, COLOURS, strict=True)):
        points = [(lost, f1) for f1, lost in (cells[place] for cells in figures.values())]
        axes.plot(*zip(*points, strict=True), "o-", color=colour, label=tier)
    for name, cells in figures.items():
        f1, lost = cells[0]
        axes.annotate(name.split("=")[0], (lost, f1), (8, -6), textcoords="offset points", color=GREY)
    axes.set(xlabel="share of the body lost", ylabel="F1")
    axes.margins(x=0.2, y=0.1)
    axes.legend(loc="lower right", frameon=False, labelcolor=GREY)


def draw_reliability(axes: Any, figures: dict[str, list[float]]) -> None:
    middles = [sum(numbers(score)) / 2 for score in figures]
    axes.plot((0, 1), (0, 1), "--", color=GREY, label="as the score says")
    axes.plot(middles, [share for _, share in figures.values()], "o-", color=COLOURS[0], label="measured")
    for middle, (lines, share) in zip(middles, figures.values(), strict=True):
        axes.annotate(
            f"{lines:,.0f}", (middle, share), (0, 7), textcoords="offset points", color=GREY, ha="center", fontsize=8
        )
    axes.set(xlabel="score", ylabel="share of removed lines that are chrome", xlim=(0, 1), ylim=(0, 1.1))
    axes.legend(loc="lower right", frameon=False, labelcolor=GREY)


def draw_speed(axes: Any, figures: dict[str, list[float]]) -> None:
    values = [value for value, *_ in figures.values()]
    bars = axes.barh(
        list(figures), values, color=[COLOURS[0] if name.startswith("cleaner") else GREY for name in figures]
    )
    axes.bar_label(bars, fmt="%.2f", padding=3, color=GREY)
    axes.set(xlabel="million characters a second")
    axes.margins(x=0.12)
    axes.invert_yaxis()


PLOTS: dict[str, tuple[Callable[[], dict[str, Any]], Callable[[Any, Any], None]]] = {
    "cleaners": (cleaners, draw_grouped),
    "languages": (languages, draw_grouped),
    "dial": (dial, draw_dial),
    "reliability": (reliability, draw_reliability),
    "speed": (speed, draw_speed),
}


def draw(name: str, figures: dict[str, Any], paint: Callable[[Any, Any], None]) -> None:
    """Writes a plot; its figures stand in it as its description."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    # the same bytes at every run: fixed identifiers, no date; text as text, for search and for the size
    style = {
        "svg.hashsalt": "cleaner",
        "svg.fonttype": "none",
        "font.size": 10,
        "text.color": GREY,
        "axes.labelcolor": GREY,
    }
    style |= {
        "xtick.color": GREY,
        "ytick.color": GREY,
        "axes.edgecolor": GREY,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    with matplotlib.rc_context(style):
        figure, axes = pyplot.subplots(figsize=(7, 4), layout="constrained")
        paint(axes, figures)
        # no background, so that it stands on a dark page too
        written = {"Date": None, "Creator": None, "Description": json.dumps(figures)}
        figure.savefig(OUT / f"{name}.svg", transparent=True, metadata=written)
        pyplot.close(figure)


def shown(name: str) -> Any:
    """The figures that a plot shows; None where there is no such plot."""
    file = OUT / f"{name}.svg"
    found = (
        re.search(r"<dc:description>(.*?)</dc:description>", file.read_text(encoding="utf-8"))
        if file.exists()
        else None
    )
    return json.loads(html.unescape(found[1])) if found else None


def main() -> int:
    OUT.mkdir(exist_ok=True)
    stale = 0
    for name, (read, paint) in PLOTS.items():
        figures = read()
        if "--check" not in sys.argv:
            draw(name, figures, paint)
        elif shown(name) != figures:
            stale += 1
            print(f"docs/plots/{name}.svg does not show the figures of its table: python tests/tools/plots.py")
    return int(stale > 0)


if __name__ == "__main__":
    sys.exit(main())
