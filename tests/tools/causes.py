"""What goes wrong most often? For each tier, the pages that fall short by the mistake that costs each of them most.

    python tests/tools/causes.py DATA.jsonl.gz [--weights 0.json 1.json …]

With several weights the sites are parted into as many groups, as ``cleaner evaluate --folds`` does, and group n is judged by the n-th: give weights that
were fitted on the other groups, so that no page was seen.
"""

from __future__ import annotations

import argparse
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator

from cleaner import Cleaner, Document, Kind
from cleaner.labelled import BODY, CHROME, Row, read_rows, tokens

# A page falls short below this F1; it is hurt where it loses more than this part of its body, as in `cleaner evaluate`.
SHORT, HURT = 0.98, 0.02
PROSE = 80
STOPS = '.!?…"”»。！？'


def mistakes(row: Row, document: Document) -> Iterator[tuple[str, int]]:
    """Each line that is wrong: what kind of mistake it is, and its tokens."""
    lines, at = row.text.split("\n"), 0
    kept = {at: span for span in document.spans for at in range(span.start, span.end)}
    for number, (line, label) in enumerate(zip(lines, row.labels, strict=True)):
        span, at = kept.get(at + len(line) // 2), at + len(line) + 1
        if span is None or label not in (BODY, CHROME) or span.kept == (label == BODY):
            continue
        prose = len(line) >= PROSE and line.rstrip()[-1:] in STOPS
        around = row.labels[max(number - 1, 0) : number] + row.labels[number + 1 : number + 2]
        if label == CHROME:
            where = "in a list" if CHROME in around else "between body lines"
            what = (
                "running text"
                if prose
                else "a long line without a stop"
                if len(line) >= PROSE
                else f"a short line {where}"
            )
            yield f"kept: {what}", len(tokens(line))
        elif span.kind == Kind.TITLE:
            yield "lost: taken for the headline", len(tokens(line))
        elif " " not in span.rule:
            yield (
                f"lost: {'byline or date' if span.kind in (Kind.BYLINE, Kind.DATELINE) else 'another line'}, by a rule",
                len(tokens(line)),
            )
        else:
            yield f"lost: {'running text' if prose else 'a short line'}, by its shape", len(tokens(line))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("--weights", nargs="+", default=["default"])
    options = parser.parse_args()
    cleaners = [Cleaner(model=weights) for weights in options.weights]
    pages: Counter[str] = Counter()
    short: defaultdict[str, Counter[str]] = defaultdict(Counter)
    hurt: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in read_rows(options.data):
        cleaner = cleaners[zlib.crc32(row.domain.encode()) % len(cleaners)]
        wrong: Counter[str] = Counter()
        for what, cost in mistakes(row, cleaner.explain(row.text, row.lang)):
            wrong[what] += cost
        body = sum(
            len(tokens(line)) for line, label in zip(row.text.split("\n"), row.labels, strict=True) if label == BODY
        )
        losses = Counter({what: cost for what, cost in wrong.items() if what.startswith("lost")})
        lost = losses.total()
        left = wrong.total() - lost
        pages[row.tier] += 1
        if 2 * (body - lost) < SHORT * (2 * body - lost + left):
            short[row.tier][wrong.most_common(1)[0][0]] += 1
        if lost > HURT * body:
            hurt[row.tier][losses.most_common(1)[0][0]] += 1
    for tier, number in pages.items():
        for name, causes in (("short of F1 0.98", short[tier]), ("hurt", hurt[tier])):
            print(f"{tier}: {causes.total()} of {number} pages {name}")
            for what, count in causes.most_common():
                print(f"  {count:5d}  {what}")


if __name__ == "__main__":
    main()
