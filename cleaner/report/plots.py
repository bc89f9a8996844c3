"""Plots as inline SVG. Each stands in or beside a table with the same figures, which is what a screen reader reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cleaner.report.markup import Html, element


def bar(parts: Iterable[tuple[float, str, str]]) -> Html:
    """A bar across its cell, of parts one after the other: how much of the cell (0 to 1), the colour's class, what it is."""
    drawn, at = list[Html](), 0.0
    for size, colour, name in parts:
        drawn.append(
            element(
                "rect",
                element("title", name),
                x=f"{at:.2%}",
                width=f"{size:.2%}",
                height="100%",
                class_=f"fill {colour}",
            )
        )
        at += size
    return element("svg", *drawn, class_="bar-line", aria_hidden="true")


_WIDTH, _HEIGHT, _HEAD, _FOOT = 600, 150, 18, 22


def histogram(counts: Sequence[int], label: str) -> Html:
    """Columns for the counts of equal steps from 0 to 100 %."""
    highest, step = max(counts), _WIDTH / len(counts)
    heights = [max(count / highest * _HEIGHT, 1.5) if count else 0 for count in counts]
    columns = [
        element(
            "rect",
            element("title", f"{of_step(number, len(counts))}: {count:,}"),
            x=f"{number * step + 1:.1f}",
            y=f"{_HEIGHT - heights[number]:.1f}",
            width=f"{step - 2:.1f}",
            height=f"{heights[number]:.1f}",
            class_="fill accent",
        )
        for number, count in enumerate(counts)
    ]
    floor = element("line", x1=0, x2=_WIDTH, y1=_HEIGHT, y2=_HEIGHT, class_="axis")
    marks = [
        element(
            "text", f"{part:.0%}", x=f"{part * _WIDTH:.0f}", y=_HEIGHT + _FOOT - 6, text_anchor=anchor, class_="mark"
        )
        for part, anchor in ((0, "start"), (0.25, "middle"), (0.5, "middle"), (0.75, "middle"), (1, "end"))
    ]
    marks.append(element("text", f"highest: {highest:,}", x=_WIDTH, y=-6, text_anchor="end", class_="mark"))
    box = f"0 {-_HEAD} {_WIDTH} {_HEAD + _HEIGHT + _FOOT}"
    return element("svg", *columns, floor, *marks, viewBox=box, class_="histogram", role="img", aria_label=label)


def of_step(number: int, steps: int) -> str:
    """A step's bounds in words.

    >>> of_step(1, 20)
    '5 to 10 %'
    """
    return f"{100 * number // steps} to {100 * (number + 1) // steps} %"


Cell = str | int | float | None


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]], caption: str, *, entries: bool = False) -> Html:
    """A table whose first column names its rows.

    Whole numbers are counts, others are shares of 1. ``entries`` are rows that the search looks through.
    """
    rows = list(rows)
    numbers = {column for row in rows for column, cell in enumerate(row) if isinstance(cell, int | float)}
    names = [
        element("th", name, scope="col", class_="number" if column in numbers else None)
        for column, name in enumerate(head)
    ]
    cells = [
        element("tr", *[_cell(column, cell) for column, cell in enumerate(row)], class_="entry" if entries else None)
        for row in rows
    ]
    whole = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *names)),
        element("tbody", *cells),
    )
    return element("div", whole, class_="wide")


def _cell(column: int, cell: Cell) -> Html:
    if isinstance(cell, int | float):
        return element("td", f"{cell:,}" if isinstance(cell, int) else percent(cell), class_="number")
    return element("td", cell) if column else element("th", cell, scope="row")


def percent(share: float) -> str:
    """A share of 1 in words.

    >>> percent(0.125)
    '12.5 %'
    """
    return f"{100 * share:.1f} %"
