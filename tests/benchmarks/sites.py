"""What packs learned from half of a site's pages do on its other half; docs/learning-a-site.md has the figures.

    python tests/benchmarks/sites.py DATA.jsonl.gz                      # sites with ten pages or more
    python tests/benchmarks/sites.py DATA.jsonl.gz --weights 0.json …   # file k, fitted without the sites of group k
    python tests/benchmarks/sites.py DATA.jsonl.gz --worst 20           # the lines that are most often wrong

Each half is used on the other, tier by tier. Pages are labelled as for ``cleaner evaluate``, and need ``url`` beside ``domain``. A site's group is
``zlib.crc32(domain) % number of weights files``, so that its pages are cleaned with weights that have not seen it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import sha1
from pathlib import Path

from cleaner import Cleaner
from cleaner.evaluate import Verdict, figures, judge, kept_tokens
from cleaner.labelled import BODY, CHROME, Row, read_rows, tokens
from cleaner.learn import learn

SIDES = ("without", "with")


def large_sites(data: str, source: str, least: int) -> list[tuple[Row, str]]:
    """The pages of sites that have so many, with their addresses."""
    with gzip.open(data, "rt", encoding="utf-8") if data.endswith(".gz") else open(data, encoding="utf-8") as file:
        urls = [json.loads(line).get("url") or "" for line in file]
    rows = [(row, url) for row, url in zip(read_rows(data), urls, strict=True) if source in ("", row.source)]
    pages = defaultdict(set)
    for row, _ in rows:
        pages[row.domain].add(row.id)
    return [(row, url) for row, url in rows if len(pages[row.domain]) >= least]


def halves(rows: list[tuple[Row, str]]) -> dict[str, int]:
    """For each page the half of its site that it belongs to: pages take turns, in the order of their ids' digests."""
    half: dict[str, int] = {}
    for domain in {row.domain for row, _ in rows}:
        ids = {row.id for row, _ in rows if row.domain == domain}
        half |= {id: at % 2 for at, id in enumerate(sorted(ids, key=lambda id: sha1(id.encode()).hexdigest()))}
    return half


def outputs(rows: list[tuple[Row, str]], weights: list[str]) -> Iterator[tuple[Row, dict[str, str]]]:
    """Each page, and what is left of it without and with the pack that the other half of its site taught."""
    half = halves(rows)
    for tier in dict.fromkeys(row.tier for row, _ in rows):
        for learned in (0, 1):
            with tempfile.TemporaryDirectory() as folder:
                pages = Path(folder) / "pages.jsonl"
                taught = [(row, url) for row, url in rows if row.tier == tier and half[row.id] == learned]
                pages.write_text("".join(json.dumps({"text": row.text, "url": url}) + "\n" for row, url in taught))
                learn(pages, Path(folder) / "sites")
                cleaners = {
                    model: (Cleaner(model=model), Cleaner(model=model, sites=[Path(folder) / "sites"]))
                    for model in weights or ["default"]
                }
                for row, url in rows:
                    if row.tier == tier and half[row.id] != learned:
                        model = weights[zlib.crc32(row.domain.encode()) % len(weights)] if weights else "default"
                        texts = [cleaner.clean(row.text, row.lang, url) for cleaner in cleaners[model]]
                        yield row, dict(zip(SIDES, texts, strict=True))


def wrong(row: Row, output: str) -> Iterator[tuple[str, str, float]]:
    """A page's wrong lines, each with its share of the page's body."""
    lines = row.text.split("\n")
    body = sum(len(tokens(line)) for line, label in zip(lines, row.labels, strict=True) if label == BODY) or 1
    for line, label, kept in zip(lines, row.labels, kept_tokens(lines, output), strict=True):
        if label == CHROME and kept:
            yield "chrome kept", line.strip()[:120], kept / body
        if label == BODY and kept < len(tokens(line)):
            yield "body lost", line.strip()[:120], (len(tokens(line)) - kept) / body


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("--weights", nargs="*", default=[])
    parser.add_argument("--source", default="", help="only pages of this source")
    parser.add_argument("--least", type=int, default=10, help="pages that a site must have")
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("--by-site", action="store_true")
    options = parser.parse_args()
    rows = large_sites(options.data, options.source, options.least)
    print(f"{len({row.domain for row, _ in rows})} sites, {len(rows)} texts")
    verdicts: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    errors: Counter[tuple[str, str, str]] = Counter()
    for row, texts in outputs(rows, options.weights):
        for side, text in texts.items():
            verdict = judge(row, text)
            for group in (row.tier, f"{row.tier} {row.domain}")[: 1 + options.by_site]:
                verdicts[group, side].append(verdict)
        for what, line, share in wrong(row, texts["with"]) if options.worst else ():
            errors[what, row.domain, line] += share
    for (group, side), found in verdicts.items():
        f = figures(found)
        print(
            f"{group:30s} {side:8s} {f['docs']:4.0f} pages  removed {f['removed']:.3f}  lost {f['lost']:.4f}  F1 {f['f1']:.4f}  hurt {f['hurt']:.3f}"
        )
    for (what, domain, line), share in errors.most_common(options.worst):
        print(f"  {what} {share:.2f} of a body: {domain} {line!r}")


if __name__ == "__main__":
    main()
