"""A corpus: every format comes back as it went in, what is broken is named, and the figures add up."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from click.testing import CliRunner
from corpora import ALL, archive, bodies, errors, html, json_rows, lines, page, rows, run

import cleaner
from cleaner.cli import main
from cleaner.corpus import Columns, Piece, Settings, clean_corpus, read
from cleaner.corpus.formats import opened, output_name


def parquet(table: Any) -> bytes:
    held = io.BytesIO()
    pq.write_table(table, held)
    return held.getvalue()


# Every format


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_json_lines(tmp_path: Path, suffix: str) -> None:
    given = rows(5)
    pack: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}
    source = tmp_path / "in" / "deep" / f"pages.jsonl{suffix}"
    source.parent.mkdir(parents=True)
    # several members or frames, as tools that compress in parallel write them
    source.write_bytes(pack[suffix](lines(given[:2])) + pack[suffix](lines(given[2:])))
    run(tmp_path / "in", tmp_path / "out")
    found = json_rows(tmp_path / "out" / "data" / "deep" / f"pages.jsonl{suffix}")
    assert [row["text"] for row in found] == bodies(given)
    assert [row["more"] for row in found] == [row["more"] for row in given]
    assert set(found[0]) == {*given[0], "cleaner_lang", "title", "author", "date", "removed_share"}
    assert found[0]["removed_share"] == pytest.approx(1 - len(found[0]["text"]) / len(given[0]["text"]))


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_csv(tmp_path: Path, suffix: str) -> None:
    given = rows(5)
    held = io.StringIO(newline="")
    writer = csv.writer(held)
    writer.writerow(["id", "text", "lang", "url", "note"])
    writer.writerows([row["id"], row["text"], "en", row["url"], 'with "quotes", commas\r\nand lines'] for row in given)
    source = tmp_path / f"pages.csv{suffix}"
    source.write_bytes(gzip.compress(held.getvalue().encode()) if suffix else held.getvalue().encode())
    run(source, tmp_path / "out")
    with opened(tmp_path / "out" / "data" / source.name) as file:
        found = list(csv.DictReader(io.StringIO(file.read().decode(), newline="")))
    assert [row["text"] for row in found] == bodies(given)
    assert {row["note"] for row in found} == {'with "quotes", commas\r\nand lines'}
    assert found[0]["cleaner_lang"] == "en"


@pytest.mark.parametrize(
    "type_", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]
)
def test_parquet(tmp_path: Path, type_: Any) -> None:
    given = rows(7)
    table = pa.table(
        {
            "id": range(7),
            "text": pa.array([row["text"] for row in given]).cast(type_),
            "url": [row["url"] for row in given],
            "lang": ["en"] * 7,
            "date": pa.array(range(7), pa.timestamp("ns")),
            "nested": [[{"a": n}] for n in range(7)],
        }
    ).replace_schema_metadata({"made": "by hand"})
    pq.write_table(table, tmp_path / "pages.parquet", compression="zstd", row_group_size=3)
    for name, size in (("whole", None), ("split", 100)):
        run(tmp_path / "pages.parquet", tmp_path / name, task_bytes=size)
        found = pq.read_table(tmp_path / name / "data" / "pages.parquet")
        assert found["text"].to_pylist() == bodies(given)
        assert found.drop_columns(["text", *found.column_names[6:]]).equals(table.drop_columns(["text"]))
        assert found.column_names[6:] == ["cleaner_lang", "title", "author", "cleaner_date", "removed_share"]
        assert found.schema.metadata == {b"made": b"by hand"}
        assert (
            pq.ParquetFile(tmp_path / name / "data" / "pages.parquet").metadata.row_group(0).column(0).compression
            == "ZSTD"
        )
        assert found.schema.field("text").type == (pa.string() if pa.types.is_dictionary(type_) else type_)


def test_folders_of_pages(tmp_path: Path) -> None:
    source = tmp_path / "in"
    (source / "a").mkdir(parents=True)
    (source / "a" / "one.txt").write_bytes(page(1).replace("\n", "\r\n").encode())
    (source / "two.html").write_text(html(2), encoding="utf-8")
    (source / "two.txt").write_text(page(3), encoding="utf-8")
    (source / "notes.docx").write_bytes(b"passed over")
    summary = run(source, tmp_path / "out", Settings(keep_removed=True))
    data = tmp_path / "out" / "data"
    assert (data / "a" / "one.txt").read_bytes().decode() == cleaner.clean(page(1).replace("\n", "\r\n"))
    assert (data / "two.html.txt").read_text(encoding="utf-8") == cleaner.clean_html(html(2))
    assert (data / "two.txt").read_text(encoding="utf-8") == cleaner.clean(page(3))
    assert sorted(path.name for path in data.rglob("*.*")) == ["one.txt", "two.html.txt", "two.txt"]
    assert summary["skipped"] == {"files": 1, "names": ["notes.docx"], "records": 0}


def test_archives(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    latin = html(2).replace("village", "Orléans").encode("latin-1")
    (source / "x.warc.gz").write_bytes(
        archive(
            [
                ("response", "text/html", html(1).encode()),
                ("response", "text/html; charset=iso-8859-1", latin),
                ("response", "image/png", b"\x89PNG"),
            ]
        )
    )
    (source / "x.warc.wet.gz").write_bytes(
        archive([("conversion", "text/plain", page(3).encode()), ("conversion", "text/plain", b"\xff\xfe broken \x80")])
    )
    summary = run(source, tmp_path / "out", Settings())
    of_warc = json_rows(tmp_path / "out" / "data" / "x.warc.jsonl.gz")
    of_wet = json_rows(tmp_path / "out" / "data" / "x.warc.wet.jsonl.gz")
    assert [row["text"] for row in of_warc] == [
        cleaner.clean_html(html(1), url="https://valley.example/0"),
        cleaner.clean_html(latin.decode("latin-1"), url="https://valley.example/1"),
    ]
    assert "Orléans" in of_warc[1]["text"]
    assert [row["text"] for row in of_wet] == [cleaner.clean(page(3))]
    assert set(of_wet[0]) == {"id", "url", "warc_date", "text", "lang", "title", "author", "date", "removed_share"}
    assert [(row["file"], row["record"]) for row in errors(tmp_path / "out")] == [("x.warc.wet.gz", 2)]
    assert summary["skipped"]["records"] == 3
    assert [site["site"] for site in summary["sites"]] == ["valley.example"]


def test_what_was_removed_is_the_rest(tmp_path: Path) -> None:
    given = rows(4)
    (tmp_path / "pages.jsonl").write_bytes(lines(given))
    run(tmp_path / "pages.jsonl", tmp_path / "out", Settings(ALL.columns, keep_removed=True), task_bytes=600)
    kept = json_rows(tmp_path / "out" / "data" / "pages.jsonl")
    gone = json_rows(tmp_path / "out" / "removed" / "pages.jsonl.jsonl")
    assert [row["id"] for row in gone] == [row["id"] for row in given]
    assert [row["line"] for row in gone] == [1, 2, 3, 4]
    for row, left, out in zip(given, kept, gone, strict=True):
        source, text = "", left["text"]
        for span in out["removed"]:
            size = span["start"] - len(source)
            source, text = source + text[:size] + span["text"], text[size:]
        assert source + text == row["text"]


def warc(records: list[tuple[str, str, bytes]]) -> bytes:
    """Records by their WARC headers, their HTTP headers and their payload."""
    made = []
    for head, http, payload in records:
        body = f"HTTP/1.1 200 OK\r\n{http}\r\n\r\n".encode("latin-1") + payload
        length = "" if "Content-Length" in head else f"\r\nContent-Length: {len(body)}"
        made.append(f"WARC/1.0\r\nWARC-Type: response\r\n{head}{length}\r\n\r\n".encode() + body + b"\r\n\r\n")
    return b"".join(made)


HERE = "WARC-Target-URI: https://valley.example/1\r\nContent-Type: application/http; msgtype=response"


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_a_malformed_record_costs_itself_alone(tmp_path: Path, suffix: str) -> None:
    good = (HERE, "Content-Type: text/html", html(1).encode())
    latin = html(2).replace("village", "Orléans").encode("cp1252")
    data = (
        warc(
            [
                good,
                (HERE, "Content-Type: text/html; charset=a\0b", latin),
                ("Content-Type: application/http", "Content-Type: text/html", html(3).encode()),  # no address
                (f"{HERE}\r\nContent-Length: many", "Content-Type: text/html", html(4).encode()),
                good,
                (f"{HERE}\r\nContent-Length: 40", "Content-Type: text/html", html(5).encode() + b"\r\n\r\nand more"),
                good,
            ]
        ).replace(b"Content-Length: many\r\n", b"")
        + b"no record\r\n\r\n"
        + warc([good])
    )
    pack: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}
    (tmp_path / f"x.warc{suffix}").write_bytes(pack[suffix](data))
    run(tmp_path / f"x.warc{suffix}", tmp_path / "out", Settings())
    found = json_rows(tmp_path / "out" / "data" / f"x.warc.jsonl{suffix}")
    assert [row["url"] for row in found].count(None) == 1
    assert [row["text"] for row in found].count(cleaner.clean_html(html(1))) == 4
    assert "Orléans" in found[1]["text"]
    assert found[2]["text"] == cleaner.clean_html(html(3))
    for error in errors(tmp_path / "out"):
        assert data[error["offset"] :].startswith((b"WARC/", b"<", b"no record", b"and more"))
    assert "Content-Length" in errors(tmp_path / "out")[0]["reason"]


def test_a_malformed_record_before_the_end_of_what_can_be_read(tmp_path: Path) -> None:
    bad = (f"{HERE}\r\nContent-Length: many", "Content-Type: text/html", os.urandom(50_000))
    good = (HERE, "Content-Type: text/html", html(1).encode())
    (tmp_path / "x.warc.gz").write_bytes(gzip.compress(warc([good, bad, good]))[:-5000])
    run(tmp_path / "x.warc.gz", tmp_path / "out", Settings())
    assert len(json_rows(tmp_path / "out" / "data" / "x.warc.jsonl.gz")) == 1
    found = errors(tmp_path / "out")
    assert ["Content-Length" in error["reason"] for error in found] == [True, False]
    assert [error["record"] for error in found] == [1, 2]
    assert found[1]["reason"].startswith("OSError: ")


@pytest.mark.parametrize("coding", ["gzip", "zstd", "br"])
def test_codings_of_archived_pages(tmp_path: Path, coding: str) -> None:
    if coding == "br":
        pack = pytest.importorskip("brotli").compress
    else:
        pack = {"gzip": gzip.compress, "zstd": zstandard.compress}[coding]
    sent = f"Content-Type: text/html\r\nContent-Encoding: {coding}"
    given = [
        (HERE, sent, pack(html(1).encode())),
        (HERE, sent, html(2).encode()),
    ]  # crawlers undo it and leave the header
    (tmp_path / "x.warc").write_bytes(warc([*given, (HERE, sent, pack(html(3).encode())[:-9])]))
    run(tmp_path / "x.warc", tmp_path / "out", Settings())
    found = json_rows(tmp_path / "out" / "data" / "x.warc.jsonl")
    assert [row["text"] for row in found[:2]] == [cleaner.clean_html(html(n)) for n in (1, 2)]
    assert len(errors(tmp_path / "out")) == (coding != "gzip")  # of gzip warcio gives what it has


def test_codings_that_nothing_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = "Content-Type: text/html\r\nContent-Encoding: "
    given = [(HERE, f"{sent}compress", b"\x1f\x9d\x90"), (HERE, f"{sent}utf-8", html(1).encode())]
    (tmp_path / "x.warc").write_bytes(warc(given))
    run(tmp_path / "x.warc", tmp_path / "out", Settings())
    (found,) = errors(tmp_path / "out")
    assert found["reason"] == "ValueError: nothing here reads its Content-Encoding 'compress'"
    monkeypatch.setitem(sys.modules, "brotli", None)
    (tmp_path / "y.warc").write_bytes(warc([(HERE, f"{sent}br", b"\x1b")]))
    with pytest.raises(ImportError, match="need the package brotli"):
        run(tmp_path / "y.warc", tmp_path / "br", Settings())


def test_no_page_of_html_fails_for_its_encoding(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_bytes(b"<p>\x81\x8d\x8f\xff\xfe \x00 caf\xe9")
    assert run(tmp_path / "x.html", tmp_path / "out", Settings())["rows"]["errors"] == 0


# What is broken


def test_broken_json_lines_are_named(tmp_path: Path) -> None:
    good = lines(rows(1)).rstrip()
    broken = [
        b'{"text": "cut off',
        b"[1, 2]",
        b'{"id": "7", "lang": "en"}',
        b'{"id": "8", "text": 8}',
        b'{"text": "\xff"}',
        b'{"text": "deep", "more": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"text": "x", "lang": ["en"]}',
    ]
    (tmp_path / "pages.jsonl").write_bytes(
        b"\n".join([b"\xef\xbb\xbf" + good, b"", *broken, b"  ", good + b"\r", good])
    )
    for name, size in (("whole", None), ("split", 50)):
        summary = run(tmp_path / "pages.jsonl", tmp_path / name, task_bytes=size)
        assert summary["rows"] == {"in": 10, "out": 3, "errors": 7, "changed": 3, "emptied": 0, "without_text": 0}
        found = errors(tmp_path / name)
        assert [row["line"] for row in found] == [3, 4, 5, 6, 7, 8, 9]
        whole = (tmp_path / "pages.jsonl").read_bytes()
        for row, raw in zip(found, broken, strict=True):
            assert whole[row["offset"] :].startswith(raw)
            assert row["reason"]
        assert summary["errors"] == found


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("pages.jsonl.gz", gzip.compress(lines(rows(40)), mtime=0)),
        ("pages.jsonl.zst", zstandard.compress(lines(rows(40)))),
        ("pages.warc.gz", archive([("conversion", "text/plain", page(n).encode()) for n in range(9)])),
        ("pages.warc", archive([("conversion", "text/plain", page(n).encode()) for n in range(9)], packed=False)),
        ("pages.parquet", b"PAR1 and then nothing of it"),
        ("pages.wet", b"some text that is no archive"),
        ("pages.txt.gz", gzip.compress(page(1).encode(), mtime=0)),
        ("pages.csv.gz", gzip.compress(b"text,lang,url,id\r\n" + b"some text,en,,1\r\n" * 9, mtime=0)),
    ],
)
def test_a_truncated_file_gives_what_it_has(tmp_path: Path, name: str, whole: bytes) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / name).write_bytes(whole[: len(whole) * 2 // 3])
    (source / "z.jsonl").write_bytes(lines(rows(2)))
    summary = run(source, tmp_path / "out", Settings())
    (found,) = errors(tmp_path / "out")
    assert found["file"] == name
    assert found["reason"]
    assert not found["reason"].startswith("_")
    assert summary["rows"]["errors"] == 1
    assert summary["rows"]["out"] >= 2 + (".warc" in name)


def damaged(whole: bytes) -> bytes:
    return whole[:12] + b"\xff" * 9 + whole[21:]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"id,text,pr\xe9nom\n1,fine,too\n"),
        ("a.csv", b'"id"x,text\n1,fine\n'),
        ("a.csv.gz", gzip.compress(b"id,text\n1,fine\n", mtime=0)[:12]),
        ("a.csv.gz", damaged(gzip.compress(b"id,text\n1,fine\n", mtime=0))),
        ("a.csv.zst", zstandard.compress(b"id,text\n1,fine\n")[:8]),
        ("a.csv.zst", damaged(zstandard.compress(b"id,text\n1,fine\n"))),
        ("a.parquet", b"PAR1 and then nothing of it"),
        ("a.parquet", parquet(pa.table({}))),
        (
            "zz.parquet",
            parquet(pa.table({"id": pa.array([], pa.string())})),
        ),  # of the first file it would be said at once
    ],
)
def test_a_file_that_cannot_be_begun_is_one_error_and_leaves_nothing(tmp_path: Path, name: str, data: bytes) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / name).write_bytes(data)
    (source / "z.jsonl").write_bytes(lines(rows(2)))
    summary = run(source, tmp_path / "out", Settings(keep_removed=True))
    assert [error["file"] for error in errors(tmp_path / "out")] == [name]
    assert summary["rows"]["out"] == 2
    for what in ("data", "removed"):
        assert [path.name[:7] for path in (tmp_path / "out" / what).iterdir()] == ["z.jsonl"]


def test_a_file_that_can_be_read_but_not_written_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("text\na page\n")
    monkeypatch.setattr("cleaner.corpus.write.csv_header", lambda path: 1 / 0)
    run(tmp_path / "a.csv", tmp_path / "out", Settings())
    (found,) = errors(tmp_path / "out")
    assert found == {"file": "a.csv", "line": 2, "reason": "ZeroDivisionError: division by zero"}
    (tmp_path / "a.csv").write_text("text\n")
    run(tmp_path / "a.csv", tmp_path / "none", Settings())
    assert errors(tmp_path / "none") == [{"file": "a.csv", "reason": "ZeroDivisionError: division by zero"}]


# Names of new columns

OURS = {"lang": "mine", "cleaner_lang": "mine too", "title": "mine"}


@pytest.mark.parametrize("size", [None, 1000])
def test_no_column_of_the_user_s_is_overwritten(tmp_path: Path, size: int | None) -> None:
    source = tmp_path / "in"
    source.mkdir()
    given = rows(9)
    for row in given:
        del row["lang"], row["more"]
    given[7].update(OURS)  # one row decides for its file
    (source / "a.jsonl").write_bytes(lines(given) + b"broken\n")
    (source / "b.jsonl.gz").write_bytes(gzip.compress(b"\xef\xbb\xbf" + lines(given[::-1])))
    (source / "c.csv").write_text('text,lang,cleaner_lang,title\n"a page",mine,mine too,mine\n')
    pq.write_table(pa.Table.from_pylist([row | OURS for row in given]), source / "d.parquet")
    run(source, tmp_path / "out", Settings(), task_bytes=size)
    data = tmp_path / "out" / "data"
    new = ["cleaner_cleaner_lang", "cleaner_title", "author", "date", "removed_share"]
    for name in ("a.jsonl", "b.jsonl.gz"):
        found = json_rows(data / name)
        assert len(found) == 9
        for row in found:
            assert list(row)[-5:] == new
            assert {name: row[name] for name in OURS if name in row} == (OURS if row["id"] == "7" else {})
            assert "lang" in row if row["id"] == "7" else "lang" not in row
    (of_csv,) = csv.DictReader((data / "c.csv").read_text().splitlines())
    assert list(of_csv) == ["text", *OURS, *new]
    assert {name: of_csv[name] for name in OURS} == OURS
    table = pq.read_table(data / "d.parquet")
    assert table.column_names == ["id", "text", "url", *OURS, *new]
    assert table["cleaner_lang"].to_pylist() == ["mine too"] * 9


def test_a_third_pass_over_what_was_written(tmp_path: Path) -> None:
    source = tmp_path / "0"
    source.mkdir()
    given = rows(2)
    (source / "a.jsonl").write_bytes(lines(given))
    (source / "b.csv").write_text('text\n"a page"\n')
    pq.write_table(pa.Table.from_pylist(given), source / "c.parquet")
    for n in range(3):
        run(source, tmp_path / f"out{n}", Settings())
        source = tmp_path / f"out{n}" / "data"
    table = pq.read_table(source / "c.parquet")
    names = ["date", "cleaner_date", "cleaner_cleaner_date"]
    assert set(names) < {*table.column_names} == {*json_rows(source / "a.jsonl")[0]}
    assert len(table.column_names) == len({*table.column_names})
    assert set(names) < {*(source / "b.csv").read_text().splitlines()[0].split(",")}


# Folders


def test_linked_folders_are_read_once(tmp_path: Path) -> None:
    source, other, out = tmp_path / "in", tmp_path / "other", tmp_path / "out"
    (source / "deep").mkdir(parents=True)
    other.mkdir()
    (other / "b.txt").write_text(page(1), encoding="utf-8")
    (source / "deep" / "a.txt").write_text(page(2), encoding="utf-8")
    (source / "link").symlink_to(other)
    (source / "twice").symlink_to(other)
    (other / "back").symlink_to(source)
    (other / "written").symlink_to(out)
    for _ in range(2):
        run(source, out, Settings())
        found = sorted(path.relative_to(out / "data").as_posix() for path in (out / "data").rglob("*.txt"))
        assert found == ["deep/a.txt", "link/b.txt"]


def test_a_folder_that_cannot_be_read_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "in"
    for name in ("a", "private.jsonl", "z"):
        (source / name).mkdir(parents=True)
        (source / name / "page.txt").write_text(page(1), encoding="utf-8")
    for name in ("scandir", "listdir"):  # whoever runs tests may be one who may read all
        monkeypatch.setattr(os, name, refusing(getattr(os, name), "private.jsonl"))
    summary = run(source, tmp_path / "out", Settings())
    (found,) = errors(tmp_path / "out")
    assert found["file"] == "private.jsonl/"
    assert "PermissionError" in found["reason"]
    assert summary["rows"]["out"] == 2
    monkeypatch.setattr(os, "scandir", refusing(os.scandir, "in"))
    with pytest.raises(PermissionError):
        clean_corpus(source, tmp_path / "none")


def refusing(listing: Callable[[Any], Any], name: str) -> Callable[[Any], Any]:
    def refuse(folder: Any) -> Any:
        if str(folder).endswith(f"/{name}"):
            raise PermissionError(13, "Permission denied", str(folder))
        return listing(folder)

    return refuse


def test_the_process_s_limit_of_csv_stays(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f'text\n"{"long " * 50_000}"\nshort\n')
    limit = csv.field_size_limit()
    found = read(tmp_path, Piece("a.csv"), Columns())
    assert len(next(found).text or "") == 250_000
    assert csv.field_size_limit() == limit
    run(tmp_path / "a.csv", tmp_path / "out", Settings())
    assert csv.field_size_limit() == limit


def test_broken_rows_of_csv_and_pages(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.csv").write_bytes(b'id,text\n1,fine\n2,too,many\n3\n4,"\xe9t\xe9"\n5,"two\nlines"\n6,fine\n7,"open')
    (source / "b.txt").write_bytes(b"caf\xe9")
    summary = run(source, tmp_path / "out", Settings(Columns(id="id")))
    found = [(row["file"], row.get("line")) for row in errors(tmp_path / "out")]
    assert found == [("a.csv", 3), ("a.csv", 4), ("a.csv", 5), ("a.csv", 9), ("b.txt", None)]
    assert summary["rows"]["out"] == 3
    (tmp_path / "twice.csv").write_text("text,text\na,b\n")
    with pytest.raises(ValueError, match="2 columns named 'text'"):
        run(tmp_path / "twice.csv", tmp_path / "twice", Settings())
    assert not (tmp_path / "out" / "data" / "b.txt").exists()


def test_a_broken_value_of_parquet(tmp_path: Path) -> None:
    broken = pa.Array.from_buffers(
        pa.string(), 3, [None, pa.py_buffer(b"\0\0\0\0\4\0\0\0\6\0\0\0\t\0\0\0"), pa.py_buffer(b"fine\xff\xfeyes")]
    )
    pq.write_table(pa.table({"text": broken, "n": [1, 2, 3]}), tmp_path / "pages.parquet")
    run(tmp_path / "pages.parquet", tmp_path / "out", Settings())
    assert pq.read_table(tmp_path / "out" / "data" / "pages.parquet")["n"].to_pylist() == [1, 3]
    assert [row["row"] for row in errors(tmp_path / "out")] == [1]


def test_what_other_tools_trip_over(tmp_path: Path) -> None:
    given = [
        b'{"text": "a lone \\ud800 surrogate, \\u0000 a zero, \\u2028 a separator", "n": 1}',
        b'{"text": null, "n": NaN, "big": 123456789012345678901234567890}',
        b'{"text": ""}',
        '{"text": "مرحبا بالعالم 🌍 e\u0301 \u202e"}'.encode(),
    ]
    (tmp_path / "pages.jsonl").write_bytes(b"\r\n".join(given))
    summary = run(tmp_path / "pages.jsonl", tmp_path / "out", Settings())
    found = json_rows(tmp_path / "out" / "data" / "pages.jsonl")
    texts = [json.loads(row)["text"] for row in given]
    assert [row["text"] for row in found] == [None if text is None else cleaner.clean(text) for text in texts]
    assert found[1]["big"] == 123456789012345678901234567890
    assert found[1]["n"] != found[1]["n"]
    assert found[1]["removed_share"] is None
    assert summary["rows"]["without_text"] == 1


def test_empty_inputs(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for name in ("a.jsonl", "b.csv", "c.txt", "d.html", "e.warc"):
        (source / name).touch()
    (source / "f.jsonl.gz").write_bytes(gzip.compress(b""))
    (source / "g.csv").write_text("text,n\n")
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), source / "h.parquet")
    summary = run(source, tmp_path / "out", Settings())
    assert summary["rows"]["in"] == 2  # the two pages
    assert summary["rows"]["errors"] == 0
    names = sorted(path.name for path in (tmp_path / "out" / "data").iterdir())
    assert names == sorted(output_name(path.name) for path in source.iterdir())
    assert (tmp_path / "out" / "data" / "g.csv").read_text().startswith("text,n,lang,title")
    assert pq.read_table(tmp_path / "out" / "data" / "h.parquet").column_names[:2] == ["text", "lang"]


# Runs that are refused


def test_a_run_goes_on_only_as_it_was_begun(tmp_path: Path) -> None:
    (tmp_path / "pages.jsonl").write_bytes(lines(rows(2)))
    first = run(tmp_path / "pages.jsonl", tmp_path / "out")
    assert run(tmp_path / "pages.jsonl", tmp_path / "out", workers=2) == first
    with pytest.raises(ValueError, match="favor_recall = False, not True"):
        run(tmp_path / "pages.jsonl", tmp_path / "out", Settings(ALL.columns, favor_recall=True))
    with pytest.raises(ValueError, match="id = 'id', not None"):
        run(tmp_path / "pages.jsonl", tmp_path / "out", Settings(Columns("text", "lang", "url")))
    (tmp_path / "pages.jsonl").write_bytes(lines(rows(3)))
    with pytest.raises(ValueError, match="files that have been changed"):
        run(tmp_path / "pages.jsonl", tmp_path / "out")


def test_refusals(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    with pytest.raises(ValueError, match="no file of a known format"):
        clean_corpus(source, tmp_path / "out")
    (source / "pages.jsonl").write_bytes(lines(rows(2)))
    pq.write_table(pa.table({"body": ["x"]}), tmp_path / "p.parquet")
    (tmp_path / "twins").mkdir()
    for name in ("page.html", "page.html.txt"):
        (tmp_path / "twins" / name).touch()
    with pytest.raises(ValueError, match="both be written to page"):
        clean_corpus(tmp_path / "twins", tmp_path / "out")
    for given, settings, said in (
        (source, Settings(Columns("body")), "no column 'body' among 'id', 'text'"),
        (source, Settings(Columns(url="address")), "no column 'address'"),
        (tmp_path / "p.parquet", Settings(), "no column 'text' among 'body'"),
    ):
        with pytest.raises(ValueError, match=said):
            clean_corpus(given, tmp_path / "out", settings)
    with pytest.raises(ValueError, match="lie in each other"):
        clean_corpus(source, source / "out")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    with pytest.raises(ValueError, match="is not empty"):
        clean_corpus(source, tmp_path / "full")
    with pytest.raises(ValueError, match="workers"):
        clean_corpus(source, tmp_path / "out", workers=0)
    with pytest.raises(ValueError, match="engine"):
        clean_corpus(source, tmp_path / "out", engine="abacus")
    with pytest.raises(FileNotFoundError):
        clean_corpus(tmp_path / "missing", tmp_path / "out")


# The figures


def test_the_summary_adds_up(tmp_path: Path) -> None:
    given = rows(30)
    given[3]["text"] = "Share on Facebook"
    given[4]["lang"] = None
    (tmp_path / "pages.jsonl").write_bytes(lines(given))
    summary = run(tmp_path / "pages.jsonl", tmp_path / "out", task_bytes=4000)
    pages = [cleaner.explain(row["text"], row["lang"], row["url"]) for row in given]
    gone = [span for page_ in pages for span in page_.spans if not span.kept]
    assert summary["rows"] == {"in": 30, "out": 30, "errors": 0, "changed": 30, "emptied": 1, "without_text": 0}
    sizes = [sum(len(getattr(page_, name)) for page_ in pages) for name in ("source", "text")]
    assert summary["characters"] == {"in": sizes[0], "out": sizes[1], "removed": sizes[0] - sizes[1]}
    assert sum(kind["characters"] for kind in summary["kinds"]) == sizes[0] - sizes[1]
    assert sum(kind["spans"] for kind in summary["kinds"]) == len(gone)
    assert sum(language["rows"] for language in summary["languages"]) == 30
    assert sum(summary["shares"]) == 30
    assert summary["shares"][-1] == 1
    (site,) = summary["sites"]
    assert (site["site"], site["rows"], site["removed"]) == ("valley.example", 30, sizes[0] - sizes[1])
    (share,) = [line for line in summary["lines"] if line["text"] == "Share on Facebook"]
    assert share["count"] == sum("Share on Facebook" in row["text"] for row in given)
    assert share["rule"] in {
        rule["rule"] for rule in summary["rules"] if {"text": share["text"], "count": share["count"]} in rule["lines"]
    }
    most = summary["pages"]["most"]
    assert (most[0]["line"], most[0]["share"], len(most)) == (4, 1.0, 20)
    for shown in [page_ for pages_ in summary["pages"].values() for page_ in pages_]:
        assert shown["spans"][0][0] == 0
        assert shown["spans"][-1][1] == len(shown["source"])
        assert all(a[1] == b[0] for a, b in zip(shown["spans"], shown["spans"][1:], strict=False))


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "pages.ndjson").write_bytes(lines(rows(3)) + b"broken\n")
    (tmp_path / "in" / "notes.md").touch()
    command = ["corpus", str(tmp_path / "in"), str(tmp_path / "out"), "--lang", "lang", "--keep", "copyright"]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0
    assert "4 rows in, 3 out, 1 errors" in done.stderr
    assert "1 files of no known format" in done.stderr
    found = json_rows(tmp_path / "out" / "data" / "pages.ndjson")
    assert [row["text"] for row in found] == [
        cleaner.Cleaner(keep={"copyright"}).clean(page(n), "en") for n in range(3)
    ]
    again = CliRunner().invoke(main, [*command, "--recall"])
    assert again.exit_code == 1
    assert again.stderr.splitlines() == [
        "Error: the run there was begun with favor_recall = False, not True: go on with that, or elsewhere"
    ]
    assert CliRunner().invoke(main, [*command, "--engine-option", "partition"]).exit_code == 1


def test_rows_can_be_read_without_a_run(tmp_path: Path) -> None:
    (tmp_path / "pages.jsonl").write_bytes(lines(rows(2)) + b"broken\n")
    found = list(read(tmp_path, Piece("pages.jsonl"), ALL.columns))
    assert [row.text for row in found] == [page(0), page(1), None]
    assert [row.url for row in found] == ["https://www.valley.example/0", "https://www.valley.example/1", None]
    assert found[2].error
