"""How fast is it, beside its peers? One run, the same texts, in turn; ratios count, seconds depend on the machine.

    pip install '.[bench]'
    python tests/benchmarks/speed.py              # the fixtures, repeated
    python tests/benchmarks/speed.py DATA.jsonl.gz  # labelled pages

Peers: jusText on the same lines, trafilatura on the same lines as paragraphs, and datatrove's C4 line rules, where they are installed.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from html import escape
from itertools import islice
from pathlib import Path

from cleaner import Cleaner, language
from cleaner.context import features
from cleaner.decide import WEIGHTS, decide, read_model
from cleaner.features import seen
from cleaner.labelled import read_rows
from cleaner.lines import split
from cleaner.words import terms_of

FIXTURES = Path(__file__).parents[2] / "fixtures"
Text = tuple[str, str]


def texts(data: str | None, limit: int) -> list[Text]:
    if data:
        rows = sum(1 for _ in read_rows(data))
        return [(row.text, row.lang or "en") for row in islice(read_rows(data), 0, None, max(1, rows // limit))]
    pages = [page for page in sorted(FIXTURES.glob("*/*.txt")) if not page.name.endswith(".body.txt")]
    return [(page.read_text(encoding="utf-8"), page.parent.name) for page in pages] * (limit // len(pages) + 1)


def peers() -> dict[str, Callable[[str, str], object]]:
    found: dict[str, Callable[[str, str], object]] = {}
    given, detected, fast = Cleaner(), Cleaner(), Cleaner(detector="fasttext")
    found["cleaner, language given"] = lambda text, lang: given.clean(text, lang=lang)
    found["cleaner, langdetect"] = lambda text, lang: detected.clean(text)
    try:
        fast.clean("A sentence to load the model.")
        found["cleaner, fastText"] = lambda text, lang: fast.clean(text)
    except ImportError:
        pass
    try:
        import justext

        stop = justext.get_stoplist("English")
        found["jusText"] = lambda text, lang: justext.justext(_html(text), stop)
    except ImportError:
        pass
    import trafilatura

    found["trafilatura"] = lambda text, lang: trafilatura.extract(_html(text))
    try:
        from datatrove.data import Document
        from datatrove.pipeline.filters import C4QualityFilter

        c4 = C4QualityFilter(min_num_sentences=-1)  # its line rules alone; counting sentences would need a model
        found["datatrove C4 line rules"] = lambda text, lang: c4.filter(Document(text=text, id="0"))
    except ImportError:
        pass
    return found


def _html(text: str) -> str:
    return (
        "<html><body>"
        + "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
        + "</body></html>"
    )


def seconds(clean: Callable[[str, str], object], pages: list[Text]) -> float:
    begun = time.perf_counter()
    for text, lang in pages:
        clean(text, lang)
    return time.perf_counter() - begun


def steps(pages: list[Text]) -> dict[str, float]:
    """The share of each step of the first reading, the language given."""
    cleaner, model, spent = (
        Cleaner(),
        read_model(WEIGHTS),
        dict.fromkeys(("split", "match", "words", "lines", "context", "decide"), 0.0),
    )
    for text, lang in pages:
        matcher = cleaner._matcher(language.standard(lang), None)
        marks = [time.perf_counter()]

        def mark(marks: list[float] = marks) -> None:
            marks.append(time.perf_counter())

        page = split(text)
        mark()
        hits = matcher.match(page)
        mark()
        said = model.lexicon.said(terms_of(page), len(page))
        mark()
        looked = seen(page, hits, said, matcher)
        mark()
        matrix = features(looked)
        mark()
        decide(matrix, looked, model)
        mark()
        for name, begun, ended in zip(spent, marks[:-1], marks[1:], strict=True):
            spent[name] += ended - begun
    total = sum(spent.values())
    return {name: value / total for name, value in spent.items()}


def alone(pages: list[Text]) -> None:
    """What memory cleaning takes in a process that does nothing else, and what one more language costs."""
    before, cleaner = _peak(), Cleaner()
    seconds(cleaner.clean, pages)
    print(f"peak memory of cleaning {_peak():.0f} MB, {before:.0f} MB of it before the first page (the texts, NumPy)")
    known = {lang for _, lang in pages}
    own = {page.parent.name: page for page in FIXTURES.glob("*/*.txt") if not page.name.endswith(".body.txt")}
    first, megabytes = [], []
    for lang in sorted(set(own) - known):
        text, held = own[lang].read_text(encoding="utf-8"), _held()
        once, again = (seconds(cleaner.clean, [(text, lang)]) for _ in range(2))
        first.append(1000 * (once - again))
        megabytes.append(_held() - held)
    cost = f"{statistics.median(first):.0f} ms more for its first page than for its second, {statistics.median(megabytes):.1f} MB"
    print(f"one more language: {cost} (medians over {len(first)})")


def _peak() -> float:
    """The most memory that this process has had so far, in MB. (``getrusage`` counts that of the process that started it, too.)"""
    return _memory("VmHWM")


def _held() -> float:
    """The memory that this process has now, in MB."""
    return _memory("VmRSS")


def _memory(what: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")  # Linux
    return int(status.split(f"{what}:")[1].split()[0]) * 1024 / 1e6


def started(code: str) -> float:
    """The median time that a fresh interpreter takes for some code, less what it takes for none."""

    def once(what: str) -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", what], check=True, capture_output=True)
        return time.perf_counter() - begun

    return statistics.median(once(code) for _ in range(5)) - statistics.median(once("pass") for _ in range(5))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?")
    parser.add_argument("--limit", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--alone", action="store_true", help="no peers: what memory cleaning takes, and what one more language costs"
    )
    options = parser.parse_args()
    pages = texts(options.data, options.limit)
    if options.alone:
        alone(pages)
        return
    characters = sum(len(text) for text, _ in pages)
    print(f"{len(pages)} texts, {characters / 1e6:.2f} million characters")
    sides = peers()
    for clean in sides.values():
        seconds(clean, pages)  # everything loaded and compiled
    taken = {name: [] for name in sides}
    for _ in range(options.rounds):
        for name, clean in sides.items():
            taken[name].append(seconds(clean, pages))
    median = {name: statistics.median(times) for name, times in taken.items()}
    base = median.get("jusText")
    for name, time_taken in median.items():
        ratio = f"  {base / time_taken:6.2f} x jusText" if base else ""
        print(f"{name:26s} {characters / time_taken / 1e6:7.2f} million characters a second{ratio}")
    print("steps: " + ", ".join(f"{name} {share:.0%}" for name, share in steps(pages).items()))
    print(f"import cleaner {started('import cleaner'):.3f} s")
    print(
        f"first page, language given {started('import cleaner; cleaner.clean(' + repr(pages[0][0][:5000]) + ', lang=' + repr(pages[0][1]) + ')'):.3f} s"
    )
    print(
        f"first page, command line {started('import sys; from cleaner.cli import main; main([' + repr('clean') + ', ' + repr(str(FIXTURES / 'it' / 'antidiplomatico.txt')) + '])'):.3f} s"
    )
    subprocess.run([sys.executable, *sys.argv, "--alone"], check=True)


if __name__ == "__main__":
    main()
