"""The text of labelled HTML pages as `cleaner evaluate` reads it: how does the cleaner do on text of pages that are no articles?

    python tests/tools/as_text.py PAGES.jsonl.gz pages.jsonl
    cleaner evaluate pages.jsonl

All lines that a page shows make a text of the tier "page", with the kind of page as the source; what trafilatura takes, at its setting for recall, makes
one of the tier "fineweb". docs/html.md says how PAGES is written.
"""

from __future__ import annotations

import argparse
import json
import logging

import trafilatura

from cleaner import explain_html
from cleaner.labelled_html import read_html_rows


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("pages")
    arguments.add_argument("texts")
    asked = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    with open(asked.texts, "w", encoding="utf-8") as file:
        for row in read_html_rows(asked.pages):
            for tier, text in (
                ("page", explain_html(row.html).source),
                ("fineweb", trafilatura.extract(row.html, favor_recall=True)),
            ):
                if text and row.gold.strip():
                    page = {"id": row.site, "domain": row.site, "source": row.page_type, "tier": tier}
                    print(json.dumps({**page, "lang": None, "text": text, "gold": row.gold}), file=file)


if __name__ == "__main__":
    main()
