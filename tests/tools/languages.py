"""Writes ``docs/languages.md``: the packs, and what becomes of each language's pages.

python tests/tools/languages.py          # writes the file
python tests/tools/languages.py --check  # fails where it is out of date
"""

from __future__ import annotations

import sys
from pathlib import Path

import cleaner
from cleaner.language import KNOWN, packs_for
from cleaner.rules import COMMON, built_in, names, with_parents

ROOT = Path(__file__).parents[2]
OUT = ROOT / "docs" / "languages.md"
HEAD = """# Languages

Made by `python tests/tools/languages.py`. *Rules* and *phrases* are those of the language's own pack; what it inherits comes on top, and the common pack
({common} rules) on all. *Words* are function words, words of site furniture and menu labels. *Pages* come back word for word with the language given; *detected*: the page goes to
its own pack, or to one that shares its rules, and loses no line of body.

| | language | rules | phrases | words | inherits | pages | detected |
|---|---|---|---|---|---|---|---|
"""


def family(tag: str | None) -> set[str]:
    return {pack.name for name in packs_for(tag) for pack in with_parents(name, {})} - {COMMON}


def row(code: str) -> str:
    pack = built_in(code)
    pages = sorted(page for page in (ROOT / "fixtures" / code).glob("*.txt") if not page.name.endswith(".body.txt"))
    whole = found = 0
    for page in pages:
        text, body = page.read_text(encoding="utf-8"), page.with_suffix(".body.txt").read_text(encoding="utf-8")
        whole += cleaner.clean(text, lang=code) == body
        document = cleaner.explain(text)
        kept = document.text.splitlines()
        found += bool(family(document.lang) & family(code)) and all(
            line in kept for line in body.splitlines() if line.strip()
        )
    phrases = sum(len(rule.phrases) for rule in pack.rules)
    words = len(pack.stop) + len(pack.chrome) + len(pack.menu)
    cells = (
        code,
        pack.title,
        len(pack.rules),
        phrases,
        words,
        " ".join(pack.inherits),
        f"{whole} of {len(pages)}",
        f"{found} of {len(pages)}",
    )
    return "| " + " | ".join(map(str, cells)) + " |\n"


def main() -> int:
    text = HEAD.format(common=len(built_in(COMMON).rules)) + "".join(map(row, sorted(KNOWN)))
    shared = [built_in(name) for name in names() if name not in KNOWN]
    text += "\nShared by several: " + "; ".join(f"`{pack.name}` ({len(pack.rules)} rules)" for pack in shared) + ".\n"
    if "--check" in sys.argv:
        return int(OUT.read_text(encoding="utf-8") != text)
    OUT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
