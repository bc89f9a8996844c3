"""A run's summary made of documents, for the tests of the report: the format of ``summary.json``, version 1."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from cleaner import Document


def summary_of(documents: Sequence[tuple[str, Document]]) -> dict[str, Any]:
    """What ``cleaner corpus`` would say of these pages, named by their addresses."""
    pages = [_page(number, url, document) for number, (url, document) in enumerate(documents)]
    removed = [
        (url, d.lang, d.source[s.start : s.end], str(s.kind), s.rule if s.rule.count(".") > 1 else "no rule")
        for url, d in documents
        for s in d.spans
        if not s.kept
    ]
    seen = [(url, lang, text.strip()[:200], kind, rule) for url, lang, text, kind, rule in removed if text.strip()]
    by_kind, by_rule = defaultdict(list), defaultdict(list)
    for _, _, text, kind, rule in removed:
        by_kind[kind].append(text)
        by_rule[rule, kind].append(text)
    by_share = sorted(pages, key=lambda page: -page["share"])
    characters = sum(len(d.source) for _, d in documents)
    gone = sum(page["removed"] for page in pages)
    shares = Counter(min(int(page["share"] * 20), 19) for page in pages)
    return {
        "version": 1,
        "cleaner": "0.1.0",
        "settings": {
            "text": "text",
            "lang": None,
            "url": "url",
            "id": None,
            "keep_removed": False,
            "packs": [],
            "sites": [],
        },
        "files": 1,
        "skipped": {"files": 1, "names": ["README.md"], "records": 0},
        "rows": {
            "in": len(pages) + 1,
            "out": len(pages),
            "errors": 1,
            "changed": sum(page["removed"] > 0 for page in pages),
            "emptied": 0,
            "without_text": 0,
        },
        "characters": {"in": characters, "out": characters - gone, "removed": gone},
        "shares": [shares[step] for step in range(20)],
        "kinds": sorted(
            (
                {"kind": kind, "characters": sum(map(len, texts)), "spans": len(texts), "rows": 1}
                for kind, texts in by_kind.items()
            ),
            key=lambda kind: -kind["characters"],
        ),
        "languages": [
            {
                "lang": lang,
                "rows": sum(d.lang == lang for _, d in documents),
                "characters": sum(len(d.source) for _, d in documents if d.lang == lang),
                "removed": sum(len(text) for _, of, text, _, _ in removed if of == lang),
                "kinds": _sums((kind, len(text)) for _, of, text, kind, _ in removed if of == lang),
            }
            for lang in dict.fromkeys(d.lang for _, d in documents)
        ],
        "rules": sorted(
            (
                {
                    "rule": rule,
                    "kind": kind,
                    "characters": sum(map(len, texts)),
                    "spans": len(texts),
                    "lines": [
                        {"text": text, "count": count}
                        for text, count in Counter(text.strip() for text in texts if text.strip()).most_common(20)
                    ],
                }
                for (rule, kind), texts in by_rule.items()
            ),
            key=lambda rule: -rule["spans"],
        ),
        "sites": [
            {
                "site": url.split("/")[2],
                "rows": 1,
                "characters": len(d.source),
                "removed": len(d.source) - len(d.text),
                "lines": _lines([line for line in seen if line[0] == url])[:20],
            }
            for url, d in documents
        ],
        "lines": _lines(seen)[:200],
        "pages": {"most": by_share[:20], "least": by_share[::-1][:20], "sample": pages[:20]},
        "errors": [{"file": "a.jsonl", "line": len(pages) + 1, "offset": 7, "reason": "not JSON: <broken>"}],
    }


def _page(number: int, url: str, document: Document) -> dict[str, Any]:
    removed = len(document.source) - len(document.text)
    return {
        "file": "a.jsonl",
        "line": number + 1,
        "id": None,
        "url": url,
        "lang": document.lang,
        "title": document.title,
        "characters": len(document.source),
        "removed": removed,
        "share": removed / max(len(document.source), 1),
        "source": document.source,
        "cut": False,
        "spans": [[s.start, s.end, s.kept, str(s.kind), s.rule, s.score] for s in document.spans],
    }


def _lines(seen: Sequence[tuple[str, str | None, str, str, str]]) -> list[dict[str, Any]]:
    counts = Counter((text, kind, rule) for _, _, text, kind, rule in seen)
    return [
        {"text": text, "kind": kind, "rule": rule, "count": count} for (text, kind, rule), count in counts.most_common()
    ]


def _sums(pairs: Any) -> dict[str, int]:
    found = Counter[str]()
    for key, size in pairs:
        found[key] += size
    return dict(found)
