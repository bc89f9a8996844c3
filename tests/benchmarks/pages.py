"""F1 of words on labelled HTML pages, by kind of page, beside trafilatura's default, and how long both take.

python tests/benchmarks/pages.py DATA               the weights of the package
python tests/benchmarks/pages.py DATA --folds 5     fitted anew for each of five groups of sites, measured on the sites not seen
docs/html.md says how DATA is written.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
import time
import zlib
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import trafilatura

from cleaner import Cleaner
from cleaner.labelled_html import HtmlRow, read_html_rows, word_f1

Figures = dict[str, dict[str, list[tuple[float, float, float]]]]


def measure(rows: list[HtmlRow], cleaner_of: Callable[[HtmlRow], Cleaner]) -> tuple[Figures, dict[str, float], float]:
    """Figures by kind of page and function, seconds by function, and the share of pages whose kind is told."""
    figures: Figures = defaultdict(lambda: defaultdict(list))
    seconds: dict[str, float] = defaultdict(float)
    told = []
    for row in rows:
        cleaner = cleaner_of(row)
        sides = {"cleaner": cleaner.clean_html, "trafilatura": lambda html: trafilatura.extract(html) or ""}
        for name, side in sides.items():
            begun = time.process_time()
            text = side(row.html)
            seconds[name] += time.process_time() - begun
            for group in ("all", row.page_type):
                figures[group][name].append(word_f1(text, row.gold))
        told.append(cleaner.explain_html(row.html).page_kind == row.page_type)
    return figures, seconds, float(np.mean(told))


def across_sites(rows: list[HtmlRow], folds: int, folder: Path) -> Callable[[HtmlRow], Cleaner]:
    """For each page a cleaner whose weights for HTML have not seen its site."""
    from cleaner.fit_html import fit_html, tabulate_html, write_html

    table = tabulate_html(rows, Cleaner())
    fold_of = np.array(table.site) % folds
    for fold in range(folds):
        write_html(fit_html(table, held=(fold_of == fold).tolist()), folder / f"{fold}.json")
    cleaners = [Cleaner(html_model=folder / f"{fold}.json") for fold in range(folds)]
    return lambda row: cleaners[zlib.crc32(row.site.encode()) % folds]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("data")
    arguments.add_argument("--folds", type=int, default=0, help="groups of sites to fit without, in turn")
    arguments.add_argument("--limit", type=int, default=0, help="some so many pages, evenly spread")
    asked = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    rows = list(read_html_rows(asked.data))
    with tempfile.TemporaryDirectory() as folder:
        package = Cleaner()
        cleaner_of = across_sites(rows, asked.folds, Path(folder)) if asked.folds else lambda _: package
        some = rows[:: max(1, len(rows) // asked.limit)] if asked.limit else rows
        figures, seconds, told = measure(some, cleaner_of)
    print(f"{'':14} pages  cleaner F1 / P / R       trafilatura {trafilatura.__version__}")
    for group in sorted(figures, key=lambda group: (group == "all", group)):
        sides = [" / ".join(f"{mean:.4f}" for mean in np.mean(values, axis=0)) for values in figures[group].values()]
        print(f"{group:14} {len(figures[group]['cleaner']):5}  {sides[0]}  {sides[1]}")
    print(f"kind of page told: {told:.3f}")
    print(f"seconds: {dict(seconds)}, ratio {seconds['cleaner'] / seconds['trafilatura']:.2f}")


if __name__ == "__main__":
    main()
