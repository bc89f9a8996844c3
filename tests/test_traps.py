"""Pages of our own whose text has the shape of furniture: lists of works, price lists, timelines, glossaries of buttons, privacy policies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import cleaner

TRAPS = sorted((Path(__file__).parent / "traps").glob("*.txt"))
# Shares of lines: of the body's that go, and of the furniture's that stay.
MOST_LOST, MOST_LEFT = 0.093, 0.02


def pages(file: Path) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """What stands above each page's body, the body, and what stands below: the same furniture for all pages of a language."""
    blocks = [block.splitlines() for block in file.read_text(encoding="utf-8").split("== ")[1:]]
    (_, *above), (_, *below) = blocks[:2]
    for headline, *body in blocks[2:]:
        yield [line.replace("{headline}", headline) for line in above], body, below


def test_text_that_looks_like_furniture_stays_and_furniture_goes() -> None:
    lost = left = of_body = of_furniture = 0
    for file in TRAPS:
        for above, body, below in pages(file):
            kept = Counter(cleaner.clean("\n".join((*above, *body, *below)), lang=file.stem).splitlines())
            lost += (Counter(body) - kept).total()
            left += (kept - Counter(body)).total()
            of_body, of_furniture = of_body + len(body), of_furniture + len(above) + len(below)
    assert of_body > 1_700
    assert lost / of_body < MOST_LOST, f"{lost} of {of_body} lines of text went"
    assert left / of_furniture < MOST_LEFT, f"{left} of {of_furniture} lines of furniture stayed"


def test_each_file_of_traps_is_of_a_language() -> None:
    assert len(TRAPS) == 10
    assert all(len(list(pages(file))) >= 12 for file in TRAPS)
