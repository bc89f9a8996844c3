"""Looks for inputs that break what holds for any input: python tests/fuzz/run_atheris.py text|html|packs|tags SECONDS [libFuzzer options].

Needs atheris (``pip install atheris``). An input that breaks something is written to ``crash-…``; run it again with
``python tests/fuzz/run_atheris.py text 0 crash-…``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
# A line that takes so long, or a process that grows so large, counts as broken; longer inputs find nothing more.
LIMITS = ["-timeout=20", "-rss_limit_mb=3000", "-max_len=4096", "-print_final_stats=1"]


def main() -> None:
    """Runs one target until the time is up or something breaks."""
    import atheris

    sys.path.insert(0, str(HERE))
    with atheris.instrument_imports(include=["cleaner", "targets", "tomllib", "langcodes"]):
        import targets

        import cleaner.pipeline  # noqa: F401
    name, seconds, *options = sys.argv[1:]
    again = any(not option.startswith("-") for option in options)
    with tempfile.TemporaryDirectory() as found:
        folders = [] if again else [found, str(HERE / "seeds" / name)]
        atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", *LIMITS, *options, *folders], targets.TARGETS[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main()
