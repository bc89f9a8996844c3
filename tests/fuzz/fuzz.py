"""Looks for inputs that break what holds for any input: python tests/fuzz/fuzz.py text|html|packs|tags [SECONDS] [libFuzzer options].

Needs atheris (``pip install atheris``; Linux). An input that breaks something is written to ``crash-…``; run it again with
``python tests/fuzz/fuzz.py text 0 crash-…``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["cleaner", "targets", "tomllib", "langcodes"]):
    sys.path.insert(0, str(Path(__file__).parent))
    from targets import TARGETS

    import cleaner.pipeline  # noqa: F401

SEEDS = Path(__file__).parent / "seeds"


def main() -> None:
    """Runs one target until the time is up or something breaks."""
    name, seconds, *options = [*sys.argv[1:], "0"][: max(2, len(sys.argv) - 1)]
    with tempfile.TemporaryDirectory() as corpus:
        folders = [] if any(not option.startswith("-") for option in options) else [corpus, str(SEEDS / name)]
        limits = [
            f"-max_total_time={seconds}",
            "-max_len=4096",
            "-timeout=20",
            "-rss_limit_mb=2000",
            "-print_final_stats=1",
        ]
        atheris.Setup([sys.argv[0], *limits, *options, *folders], TARGETS[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main()
