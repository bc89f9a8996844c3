"""How often is the language right, and how long does it take?

    python tests/routing.py DATA.jsonl.gz [langdetect|fasttext]

Counts the pages whose language the reference states (sources ``daniel``, ``fundus`` and ``hand``): right is a pack of that language.
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from cleaner.labelled import read_rows
from cleaner.language import DETECTORS, detect, packs_for, standard
from cleaner.lines import split

STATED = ("daniel", "fundus", "hand")


def main() -> None:
    detector = DETECTORS[sys.argv[2] if len(sys.argv) > 2 else "langdetect"]
    detect(split("A first sentence, which loads what is needed, is not counted."), detector)
    right, all_, spent = Counter[str](), Counter[str](), 0.0
    for row in read_rows(sys.argv[1]):
        if row.source not in STATED or not row.lang:
            continue
        page = split(row.text)
        begun = time.perf_counter()
        found = detect(page, detector)
        spent += time.perf_counter() - begun
        all_[row.tier] += 1
        right[row.tier] += bool(set(packs_for(found)) & set(packs_for(standard(row.lang))))
    for tier, count in all_.items():
        print(f"{tier:10s} {count:5d} pages  {right[tier] / count:.4f} right")
    print(
        f"all        {all_.total():5d} pages  {right.total() / all_.total():.4f} right, {1000 * spent / all_.total():.2f} ms a page"
    )


if __name__ == "__main__":
    main()
