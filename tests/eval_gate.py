"""Fails where a figure on a fixed sample of labelled pages is below its floor.

    python tests/eval_gate.py DATA           # compares with tests/floors.json
    python tests/eval_gate.py DATA --raise   # writes higher floors; never lower ones

The floors hold for the weights in the package, which have seen these pages: they catch what breaks, and are no measure of quality.
That is ``cleaner evaluate DATA --folds 5`` (docs/accuracy.md).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cleaner import Cleaner
from cleaner.evaluate import evaluate, figures
from cleaner.labelled import read_rows

FLOORS = Path(__file__).parent / "floors.json"
SAMPLE = 5  # every fifth page
SLACK = 0.001  # floors are written this much below what was reached


def measured(data: str) -> dict[str, float]:
    report = evaluate(list(read_rows(data))[::SAMPLE], Cleaner().explain)
    found = {}
    for tier in ("page", "dclm", "fineweb"):
        means = figures(report.verdicts[f"tier {tier}"])
        found[f"{tier} f1"] = means["f1"]
        found[f"{tier} kept body"] = 1 - means["lost"]
        found[f"{tier} unhurt"] = 1 - means["hurt"]
    return found | {"gold kept": 1 - report.gold_loss}


def main() -> int:
    floors: dict[str, float] = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    found = measured(sys.argv[1])
    if "--raise" in sys.argv:
        higher = {key: max(floors.get(key, 0.0), round(value - SLACK, 4)) for key, value in found.items()}
        FLOORS.write_text(json.dumps(higher, indent=2) + "\n", encoding="utf-8")
        return 0
    low = {key: (found[key], floor) for key, floor in floors.items() if found[key] < floor}
    for key, value in found.items():
        print(f"{key:20s} {value:.4f}  floor {floors.get(key, 0):.4f}{'  TOO LOW' if key in low else ''}")
    return int(bool(low))


if __name__ == "__main__":
    sys.exit(main())
