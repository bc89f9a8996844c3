"""Pages of an invented site, and corpora made of them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import cleaner
from cleaner.corpus import Columns, Settings, clean_corpus
from cleaner.corpus.formats import opened

ALL = Settings(Columns("text", "lang", "url", "id"))


def page(number: int) -> str:
    return (
        f"Home > News > Item {number}\n\nShare on Facebook\n\n"
        f"Lamp number {number} on the old pier was lit again last night, and the whole village came down to see it.\n\n"
        f"The keeper, who has waited {number} years for the day, said that the glass had come from Genoa.\n\n"
        "© 2019 Valley Post. All rights reserved."
    )


def html(number: int) -> str:
    paragraphs = "".join(f"<p>{line}</p>" for line in page(number).split("\n\n")[2:4] * 3)
    return f"<!DOCTYPE html><html lang='en'><head><title>Lamp {number}</title></head><body><nav>Home</nav><article>{paragraphs}</article></body></html>"


def rows(count: int, first: int = 0) -> list[dict[str, Any]]:
    return [
        {"id": str(n), "text": page(n), "lang": "en", "url": f"https://www.valley.example/{n}", "more": {"n": n}}
        for n in range(first, first + count)
    ]


def lines(of: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in of).encode()


def bodies(of: list[dict[str, Any]]) -> list[str]:
    return [cleaner.clean(row["text"], row["lang"], row["url"]) for row in of]


def run(source: Path, out: Path, settings: Settings = ALL, **options: Any) -> dict[str, Any]:
    summary = clean_corpus(source, out, settings, **options)
    assert summary is not None
    counts = summary["rows"]
    assert counts["in"] == counts["out"] + counts["errors"]
    assert counts["errors"] == len(errors(out))
    return summary


def errors(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "errors.jsonl").read_text(encoding="utf-8").splitlines()]


def json_rows(path: Path) -> list[dict[str, Any]]:
    with opened(path) as file:
        return [json.loads(line) for line in file]


def tree(out: Path) -> dict[str, bytes]:
    """All that a run leaves for people, by name."""
    files = (path for path in out.rglob("*") if path.is_file() and "run" not in path.relative_to(out).parts)
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


def archive(records: list[tuple[str, str, bytes]], packed: bool = True) -> bytes:
    """A web archive as crawlers write it: a record about itself, and then the records, each compressed by itself."""
    made = [_record("warcinfo", None, "application/warc-fields", b"software: by hand\r\n")]
    for number, (kind, type_, payload) in enumerate(records):
        http = f"HTTP/1.1 200 OK\r\nContent-Type: {type_}\r\n\r\n".encode() if kind == "response" else b""
        made.append(_record(kind, f"https://valley.example/{number}", type_, http + payload))
    return b"".join(map(gzip.compress, made) if packed else made)


def _record(kind: str, url: str | None, type_: str, payload: bytes) -> bytes:
    head = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:{url}>",
        "WARC-Date": "2024-05-01T00:00:00Z",
        "Content-Type": "application/http; msgtype=response" if kind == "response" else type_,
        "Content-Length": str(len(payload)),
    } | ({"WARC-Target-URI": url} if url else {})
    said = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"WARC/1.0\r\n{said}\r\n".encode() + payload + b"\r\n\r\n"
