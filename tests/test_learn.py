"""What sites repeat: invented sites, and the packs that ``cleaner learn`` writes for them."""

from __future__ import annotations

import gzip
import json
import os
import random
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner

from cleaner import Cleaner
from cleaner.check import check
from cleaner.cli import main
from cleaner.learn import QUERY, learn, write_packs
from cleaner.match import Matcher
from cleaner.repeats import SCHEMA, facts, facts_of, site_of
from cleaner.rules import Pack, read_pack, with_parents
from cleaner.sitepack import Repeat, site_pack

pytest.importorskip("duckdb")
import pyarrow as pa
import pyarrow.parquet as pq

Page = dict[str, object]
WORDS = (
    "bridge river council meeting harbour winter budget teacher station garden festival museum engine forest market village "
    "doctor library summer bakery island company football minister evening journey weather painter election farmer"
).split()


def sentence(seed: object, words: int = 22) -> str:
    chosen = random.Random(str(seed)).choices(WORDS, k=words)
    return f"{' '.join(chosen).capitalize()} {seed}.".replace("'", "")


def letters(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "abcdefghij"))


def article(number: int, paragraphs: int = 6) -> list[str]:
    return [sentence(f"story {letters(number)} part {letters(at)}") for at in range(paragraphs)]


MENU = ["Our harbour desk", "Letters to the mast", "Tide tables"]
FOOT = ["Harbour Courier is printed by nobody", "About these tides"]


def page(
    number: int, site: str = "courier.example.com", body: list[str] | None = None, extra: Iterable[str] = ()
) -> Page:
    lines = [*MENU, f"Headline of story {letters(number)}", *(body or article(number)), *extra, *FOOT]
    return {"text": "\n".join(lines), "url": f"https://www.{site}/{number}"}


def write(path: Path, pages: Iterable[Page]) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in pages), encoding="utf-8")
    return path


def taught(tmp_path: Path, pages: Iterable[Page], site: str = "example.com") -> Pack | None:
    """The pack of a site after learning from pages; it must pass the check that packs have."""
    learn(write(tmp_path / "pages.jsonl", pages), tmp_path / "sites", force=True)
    path = tmp_path / "sites" / f"{site}.toml"
    if not path.exists():
        return None
    pack = read_pack(path)
    assert not list(check(pack, Matcher([*with_parents("common", {}), pack])))
    return pack


def lines_of(pack: Pack | None, effect: str = "line") -> set[str]:
    return {phrase.words for rule in pack.rules if rule.effect == effect for phrase in rule.phrases} if pack else set()


def test_a_site_s_template_is_learned_and_used(tmp_path: Path) -> None:
    pack = taught(tmp_path, map(page, range(8)))
    assert lines_of(pack) == {*MENU, *FOOT}
    unseen = page(9)
    given = {"lang": "en", "url": str(unseen["url"])}
    document = Cleaner(sites=[tmp_path / "sites"]).explain(str(unseen["text"]), **given)
    assert not {*MENU, *FOOT} & set(document.text.split("\n"))
    assert all(paragraph in document.text for paragraph in article(9))
    assert "example.com.navigation.head" in {span.rule for span in document.spans}
    # a page of another site does not know these lines
    elsewhere = Cleaner(sites=[tmp_path / "sites"]).explain(
        str(unseen["text"]), lang="en", url="https://other.example.org/"
    )
    assert not any(span.rule.startswith("example.com") for span in elsewhere.spans)


def test_counts_stand_beside_the_lines(tmp_path: Path) -> None:
    taught(tmp_path, [page(number, extra=["Reader's corner"] * (number < 5)) for number in range(8)])
    text = (tmp_path / "sites" / "example.com.toml").read_text(encoding="utf-8")
    assert '"Tide tables",  # 8 of 8' in text
    assert '"Reader\'s corner",  # 5 of 8' in text


def test_lines_are_compared_without_case_numbers_and_dates(tmp_path: Path) -> None:
    months = ["3 May 2024", "12 June 2023", "1. March 2022", "Friday 7 July 2021", "30 April 2020"]
    pages = [
        page(
            n,
            extra=[
                f"Tide line last seen {month} at {n + 10}:15",
                "READ BY SAILORS" if n % 2 else "Read  by sailors (12)",
            ],
        )
        for n, month in enumerate(months)
    ]
    pack = taught(tmp_path, pages)
    assert lines_of(pack) >= {"READ BY SAILORS"}
    clean = Cleaner(sites=[tmp_path / "sites"])
    left = clean.clean(
        "\n".join([*article(9), "Tide line last seen 9 September 2025 at 8:05"]), "en", "https://example.com/x"
    )
    assert "Tide line" not in left


def test_one_article_fetched_many_times_is_no_repetition(tmp_path: Path) -> None:
    copies = [page(0) | {"text": f"{page(0)['text']}\nTeaser {sentence(n, 5)}"} for n in range(4)]
    pack = taught(tmp_path, [*copies, *map(page, range(1, 8))])
    assert lines_of(pack) == {*MENU, *FOOT}
    # identical pages count once, too
    pack = taught(tmp_path, [page(0)] * 30 + [page(number) for number in (1, 2)])
    text = (tmp_path / "sites" / "example.com.toml").read_text(encoding="utf-8")
    assert '"Tide tables",  # 3 of 3' in text


def test_copies_of_one_article_alone_teach_nothing(tmp_path: Path) -> None:
    copies = [page(0) | {"text": f"{page(0)['text']}\nTeaser {sentence(n, 5)}"} for n in range(6)]
    assert taught(tmp_path, copies) is None


def test_a_refrain_is_not_taken_out(tmp_path: Path) -> None:
    refrain = (
        "And the river went on past the mill and past the chapel, as it had done when our grandmothers were girls."
    )
    formula = "Everybody who is named in this report is held to be innocent until a court has found otherwise, and finally so."
    pages = [
        page(n, body=[*article(n)[:3], refrain * (n % 2), *article(n)[3:], formula * (n % 3 > 0)]) for n in range(9)
    ]
    pack = taught(tmp_path, pages)
    assert lines_of(pack) == {*MENU, *FOOT}
    body = [*article(20)[:3], refrain, *article(20)[3:], formula]
    left = Cleaner(sites=[tmp_path / "sites"]).clean("\n".join([*MENU, *body, *FOOT]), "en", "https://example.com/x")
    assert left == "\n".join(body)


def test_a_subheading_is_suspected_and_no_more(tmp_path: Path) -> None:
    pages = [page(n, body=[*article(n)[:3], "How to make it", *article(n)[3:]]) for n in range(8)]
    pack = taught(tmp_path, pages)
    assert lines_of(pack) == {*MENU, *FOOT}
    assert lines_of(pack, "hint") == {"How to make it"}


def test_a_headline_that_teasers_repeat_is_suspected_and_no_more(tmp_path: Path) -> None:
    pages = [page(n, extra=["Headline of story a"] if n else []) for n in range(8)]
    pack = taught(tmp_path, pages)
    assert "Headline of story a" not in lines_of(pack)
    assert "Headline of story a" in lines_of(pack, "hint")


def test_an_agency_line_goes_where_most_articles_have_it(tmp_path: Path) -> None:
    often = [
        page(n, body=[f"{sentence(n)} (Gull News Agency)" if n < 7 else sentence(n), *article(n)]) for n in range(8)
    ]
    pack = taught(tmp_path, often)
    assert "(Gull News Agency)" in lines_of(pack, "inline")
    rarely = [
        page(n, body=[f"{sentence(n)} (Gull News Agency)" if n < 3 else sentence(n), *article(n)]) for n in range(8)
    ]
    assert "(Gull News Agency)" not in lines_of(taught(tmp_path, rarely), "inline")


def test_glued_pieces_are_cut(tmp_path: Path) -> None:
    pages = [
        page(n, body=[f"{n % 3}{sentence(n)}", f"Photo: {sentence(n + 50)}", f"{sentence(n + 90)} Go ashore"])
        for n in range(8)
    ]
    taught(tmp_path, pages)
    first, photo, last = sentence(70), sentence(71), sentence(72)
    text = "\n".join([*MENU, *article(8), f"0{first}", f"Photo: {photo}", f"{last} Go ashore", *FOOT])
    document = Cleaner(sites=[tmp_path / "sites"]).explain(text, "en", "https://example.com/x")
    assert document.text == "\n".join([*article(8), first, photo, last])
    assert "".join(document.source[span.start : span.end] for span in document.spans) == text


def test_speakers_are_named_but_not_cut(tmp_path: Path) -> None:
    pages = [page(n, body=[f"Interviewer: {line}" for line in article(n)]) for n in range(8)]
    pack = taught(tmp_path, pages)
    assert not lines_of(pack, "inline")
    assert '# "Interviewer: …"  # 8 of 8' in (tmp_path / "sites" / "example.com.toml").read_text(encoding="utf-8")


def test_a_label_takes_what_it_labels(tmp_path: Path) -> None:
    pages = [page(n, extra=[f"Filed under: {WORDS[n]}"]) for n in range(8)]
    pack = taught(tmp_path, pages)
    assert "Filed under:" in lines_of(pack)


@pytest.mark.parametrize("number", [1, 2])
def test_few_pages_teach_nothing(tmp_path: Path, number: int) -> None:
    assert taught(tmp_path, map(page, range(number))) is None


def test_a_large_site_needs_a_share(tmp_path: Path) -> None:
    pages = [
        page(
            n,
            body=[sentence(f"large {n} {at}".translate(str.maketrans("0123456789", "abcdefghij"))) for at in range(4)],
        )
        for n in range(100)
    ]
    for n in range(4):
        pages[n]["text"] = f"{pages[n]['text']}\nSeen by four in a hundred"
    for n in range(10):
        pages[n]["text"] = f"{pages[n]['text']}\nSeen by ten in a hundred"
    pack = taught(tmp_path, pages)
    assert lines_of(pack) == {*MENU, *FOOT}
    assert lines_of(pack, "hint") == {"Seen by ten in a hundred"}


def test_sites_are_registered_domains() -> None:
    assert site_of("http://news.courier.example.co.uk/1?x=//y") == "example.co.uk"
    assert site_of("HTTP://USER:PW@Mail.Example.IT:8080/") == "example.it"
    for none in (
        None,
        "",
        "http://",
        "http://[::1",
        "localhost",
        "http://10.0.0.1/",
        "http://../../etc/passwd",
        "https://com/",
        "https://-.com",
    ):
        assert site_of(none) is None


HOSTILE = [
    'A "quoted" line with \\ and \\u0041 and \'\'\' and """',
    "[navigation.evil] effect = 'body' # not a comment",
    "Bells\x07 and\x1b[31m colour and \x7f\x9b here",
    "Right\u202eto left\u2066 override\u2069 and \ufeffmark",
    "{date} {number} {nonsense} (a+)+$ [unclosed",
    "Loading… please wait… {7}",
    "Tab\tseparated\ttable\tcells",
    "Ending in a backslash \\",
    "𝔄stral 😀 letters 𐍈 here",
    "Page 3 of (((( 12 pages ]] **",
    "long " * 400,
]


def test_malicious_lines(tmp_path: Path) -> None:
    pages = [page(n, extra=HOSTILE) for n in range(6)]
    pack = taught(tmp_path, pages)
    assert pack
    assert pack.sites == ("example.com",)
    assert {rule.kind for rule in pack.rules} == {"navigation"}
    text = (tmp_path / "sites" / "example.com.toml").read_text(encoding="utf-8")
    assert text.isprintable() or all(c.isprintable() or c in "\n" for c in text)
    # each of them goes by its rule from another page of the site; the last one is wider than any rule may look at
    document = Cleaner(sites=[tmp_path / "sites"], model=None).explain(
        str(page(9, extra=HOSTILE)["text"]), "en", "https://example.com/"
    )
    rules = {document.source[span.start : span.end].strip(): span.rule for span in document.spans}
    assert all(rules[line.strip()].startswith("example.com.") for line in HOSTILE[:-1])


NASTY = [
    *"aábB1290  \t:：|»-–[](){}\"'\\.…!?。年月日的東京éüßİıﬁ²①٣ไทยกาहिन्दी한국\u200b\u200d\u202e\ufeff\x07\x85😀𝔄#@/*+^$",
    *("may", "May ", "12.5", "Photo: ", "Read more", "<b>", "{date}", "Loading… "),
]


@pytest.mark.parametrize("seed", range(8))
def test_any_lines_make_a_pack_that_loads(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    lines = ["".join(chance.choices(NASTY, k=chance.choice((3, 10, 40, 120, 700)))) for _ in range(20)]
    found = facts_of("example.com", "\n".join(lines))
    repeats = [
        Repeat(fact[2], chance.randint(3, 10), chance.randint(3, 20), *chance.choices(range(11), k=4), fact[-1])
        for fact in found
    ]
    path = tmp_path / "example.com.toml"
    path.write_text(site_pack("example.com", 10, None, repeats) or "", encoding="utf-8")
    pack = read_pack(path)
    assert len(pack.rules) > 3
    assert not list(check(pack, Matcher([*with_parents("common", {}), pack])))


def test_broken_rows_are_left_out(tmp_path: Path) -> None:
    rows = [json.dumps(page(n)) for n in range(6)]
    broken = [
        "{not json",
        '"a string"',
        "[1, 2]",
        "{}",
        '{"text": null, "url": "https://example.com/"}',
        '{"text": 5, "url": {"a": 1}}',
        '{"text": "x", "url": "nowhere"}',
        "",
    ]
    path = tmp_path / "pages.jsonl"
    path.write_text("\n".join(rows[:3] + broken + rows[3:]) + "\n", encoding="utf-8")
    learned = learn(path, tmp_path / "sites")
    assert learned.pages - learned.left_out == len(rows)
    assert lines_of(read_pack(tmp_path / "sites" / "example.com.toml")) == {*MENU, *FOOT}


def test_the_same_bytes_whatever_the_order_and_the_format(tmp_path: Path) -> None:
    pages = [page(n, extra=[*HOSTILE, "Case" if n % 2 else "CASE"]) for n in range(6)] + [
        page(n, "gazette.example.org") for n in range(5)
    ]
    found = set()
    for seed in range(3):
        random.Random(seed).shuffle(pages)
        data = "".join(json.dumps(each) + "\n" for each in pages).encode()
        folder = tmp_path / str(seed)
        folder.mkdir()
        if seed == 0:
            (folder / "a [1]*.jsonl.gz").write_bytes(gzip.compress(data))
        elif seed == 1:
            (folder / "b.jsonl.zst").write_bytes(pa.compress(data, codec="zstd", asbytes=True))
        else:
            pq.write_table(pa.Table.from_pylist(pages), folder / "it's c.parquet")
        learned = learn([folder], tmp_path / f"sites{seed}")
        assert [path.name for path in learned.written] == ["example.com.toml", "example.org.toml"]
        found.add(tuple(path.read_bytes() for path in learned.written))
    assert len(found) == 1


def test_a_person_s_edits_stay(tmp_path: Path) -> None:
    pages, sites = write(tmp_path / "pages.jsonl", map(page, range(6))), tmp_path / "sites"
    (path,) = learn(pages, sites).written
    path.write_text("# mine\n", encoding="utf-8")
    again = learn(pages, sites)
    assert (again.written, again.kept) == ((), (path,))
    assert path.read_text(encoding="utf-8") == "# mine\n"
    assert learn(pages, sites, force=True).written == (path,)
    assert lines_of(read_pack(path)) == {*MENU, *FOOT}


def test_columns_by_name(tmp_path: Path) -> None:
    pages = [{'the "body"': each["text"], "it's": each["url"], "text": 1} for each in map(page, range(6))]
    pq.write_table(pa.Table.from_pylist(pages), tmp_path / "p.parquet")
    assert learn(tmp_path / "p.parquet", tmp_path / "a", text='the "body"', url="it's").written
    assert learn(write(tmp_path / "p.jsonl", pages), tmp_path / "b", text='the "body"', url="it's").written
    for file in ("p.parquet", "p.jsonl"):
        with pytest.raises(ValueError, match="body"):
            learn(tmp_path / file, tmp_path / "c", text="body", url="it's")


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", b"x"), ("b.parquet", b"not parquet"), ("c.jsonl.gz", b"not gzip"), ("d", None)]
)
def test_what_cannot_be_read_is_an_error(tmp_path: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises((ValueError, OSError)):
        learn(tmp_path / name, tmp_path / "sites")


@pytest.mark.parametrize("name", ["b.parquet", "c.jsonl.gz"])
def test_one_broken_file_among_others_is_left_out_as_a_whole(tmp_path: Path, name: str) -> None:
    source = tmp_path / "in"
    source.mkdir()
    write(source / "a.jsonl", map(page, range(6)))
    whole = b"".join(json.dumps(page(n, "gazette.example.org")).encode() + b"\n" for n in range(600))
    (source / name).write_bytes(gzip.compress(whole)[:-2000])
    with pytest.warns(UserWarning, match=name):
        learned = learn(source, tmp_path / "sites")
    assert [path.name for path in learned.written] == ["example.com.toml"]
    assert learned.pages == 6


def test_folders_with_the_names_of_files(tmp_path: Path) -> None:
    """As Spark writes them."""
    for name, numbers in (("p.parquet", range(3)), ("q.jsonl", range(3, 6))):
        (tmp_path / "in" / name).mkdir(parents=True)
        write(tmp_path / "in" / name / "part-0.json", map(page, numbers)).rename(
            tmp_path / "in" / name / "part-0.jsonl"
        )
    assert learn(tmp_path / "in", tmp_path / "sites").pages == 6
    assert learn(tmp_path / "in" / "q.jsonl", tmp_path / "more").pages == 3


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_a_byte_order_mark_costs_no_page(tmp_path: Path, suffix: str) -> None:
    data = b"\xef\xbb\xbf" + b"".join(json.dumps(page(n)).encode() + b"\n" for n in range(3)) + b"broken\n"
    pack = {"": bytes, ".gz": gzip.compress, ".zst": lambda data: pa.compress(data, codec="zstd", asbytes=True)}[suffix]
    (tmp_path / f"pages.jsonl{suffix}").write_bytes(pack(data))
    learned = learn(tmp_path / f"pages.jsonl{suffix}", tmp_path / "sites")
    assert (learned.pages, learned.left_out, len(learned.written)) == (4, 1, 1)


def test_a_name_that_is_not_utf_8(tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"p\xe9.jsonl")
    write(file, map(page, range(3)))
    with pytest.raises(ValueError, match=r"p\\udce9.jsonl': its name is not UTF-8: rename it"):
        learn(file, tmp_path / "sites")
    write(tmp_path / "a.jsonl", map(page, range(3)))
    with pytest.warns(UserWarning, match="not UTF-8"):
        assert learn(tmp_path, tmp_path / "sites").pages == 3


def test_the_command(tmp_path: Path) -> None:
    pages, sites = write(tmp_path / "pages.jsonl", map(page, range(6))), tmp_path / "sites"
    run = CliRunner().invoke(main, ["learn", str(pages), "-o", str(sites)])
    assert run.exit_code == 0
    assert "6 pages, 0 left out" in run.stderr
    assert "1 packs written" in run.stderr
    again = CliRunner().invoke(main, ["learn", str(pages), "-o", str(sites)])
    assert "left as they were (--force writes them anew): example.com.toml" in again.stderr
    assert CliRunner().invoke(main, ["packs", str(sites / "example.com.toml")]).exit_code == 0
    wrong = CliRunner().invoke(main, ["learn", str(pages), "-o", str(sites), "--memory", "5"])
    assert wrong.exit_code == 1
    assert "megabytes" in wrong.stderr


@pytest.mark.filterwarnings("ignore")  # what Spark says of its own libraries
def test_spark_counts_the_same(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    from pyspark.sql import SparkSession

    pages = [page(n, extra=HOSTILE) for n in range(6)] + [page(n, "gazette.example.org") for n in range(5)]
    learn(write(tmp_path / "pages.jsonl", pages), tmp_path / "duckdb")
    spark = SparkSession.builder.master("local[2]")
    # for a few pages: no compiled plans, one partition, none of the pages that a browser would show
    quick = {
        "ui.enabled": False,
        "sql.shuffle.partitions": 1,
        "sql.adaptive.enabled": False,
        "sql.codegen.wholeStage": False,
    }
    for name, value in quick.items():
        spark = spark.config(f"spark.{name}", value)
    spark = spark.getOrCreate()
    try:
        types = ", ".join(f"{name} {kind}" for name, kind in SCHEMA.items())
        read = spark.read.json(str(tmp_path / "pages.jsonl")).select("text", "url")
        read.mapInArrow(lambda batches: map(facts, batches), types).cache().createOrReplaceTempView("lines")
        write_packs(spark.sql(QUERY).collect(), tmp_path / "spark")
    finally:
        spark.stop()
    for path in (tmp_path / "duckdb").iterdir():
        assert (tmp_path / "spark" / path.name).read_bytes() == path.read_bytes()
    assert len(list((tmp_path / "spark").iterdir())) == 2


def test_packs_are_tables_of_toml(tmp_path: Path) -> None:
    taught(tmp_path, map(page, range(6)))
    data = tomllib.loads((tmp_path / "sites" / "example.com.toml").read_text(encoding="utf-8"))
    assert data["sites"] == ["example.com"]
    assert {effect for rule in data["navigation"].values() for effect in [rule["effect"]]} == {"line"}


MEASURED = """
import json, sys
from pathlib import Path
from cleaner.learn import learn
learned = learn(sys.argv[1], sys.argv[2], memory=int(sys.argv[3]))
# not ru_maxrss: a child's begins at its parent's
peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024
print(json.dumps([learned.pages, len(learned.written), peak]))
"""
# Megabytes that Python, NumPy, Arrow and DuckDB's own code take beside what DuckDB may hold.
BESIDE = 350


def test_memory_stays_below_the_limit(tmp_path: Path) -> None:
    """A short one, of 20 MB: the process must not hold what it reads. docs/learning-a-site.md has ten times the limit."""
    filler = [sentence(letters(n), 60) for n in range(400)]
    with (tmp_path / "pages.jsonl").open("w") as file:
        for number in range(2000):
            body = [
                *random.Random(number).sample(filler, 12),
                *(sentence(f"{letters(number)} part {letters(n)}") for n in range(12)),
            ]
            file.write(json.dumps(page(number, f"invented-town-{letters(number % 50)}.com", body)) + "\n")
    command = [sys.executable, "-c", MEASURED, str(tmp_path / "pages.jsonl"), str(tmp_path / "sites"), "100"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    pages, packs, peak = json.loads(run.stdout)
    assert (pages, packs) == (2000, 50)
    assert peak < 100 + BESIDE
