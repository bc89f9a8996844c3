"""Arrow batches: every type of text, every shape of batch, and rows that fail."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import cleaner
from cleaner import Cleaner
from cleaner.arrow import COLUMNS, clean_batch

FIXTURES = Path(__file__).parents[1] / "fixtures"
ITALIAN = (FIXTURES / "it" / "antidiplomatico.txt").read_text(encoding="utf-8")
BODY = (FIXTURES / "it" / "antidiplomatico.body.txt").read_text(encoding="utf-8")
PLAIN = "Il mulino ha riaperto dopo nove anni, e il pane si vende di nuovo in piazza ogni mattina."
PAGES = [ITALIAN, None, PLAIN, "", "Home > Notizie\n\n" + PLAIN]

TEXTS = {
    "string": pa.string(),
    "large_string": pa.large_string(),
    "string_view": pa.string_view(),
    "dictionary": pa.dictionary(pa.int8(), pa.string()),
    "ordered dictionary": pa.dictionary(pa.uint8(), pa.large_string(), ordered=True),
    "dictionary of views": pa.dictionary(pa.int32(), pa.string_view()),
}


def batch_of(*texts: str | None, type_: Any = None, **columns: Any) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"text": pa.array(texts, pa.string()).cast(type_ or pa.string()), **columns})


def italian(**settings: Any) -> Cleaner:
    return Cleaner(detector=lambda text: "it", **settings)


@pytest.mark.parametrize("type_", TEXTS.values(), ids=TEXTS)
def test_text_of_every_type_is_cleaned_and_keeps_it(type_: Any) -> None:
    batch = batch_of(*PAGES, type_=type_)
    cleaned = clean_batch(batch, cleaner=italian())
    assert type(cleaned) is pa.RecordBatch
    assert cleaned.schema.field("text") == batch.schema.field("text")
    assert cleaned["text"].to_pylist() == [BODY, None, PLAIN, "", PLAIN]
    cleaned.validate(full=True)


@pytest.mark.parametrize("type_", TEXTS.values(), ids=TEXTS)
def test_tables_of_several_chunks_and_slices(type_: Any) -> None:
    table = pa.Table.from_batches([batch_of(*PAGES, type_=type_), batch_of(PLAIN, ITALIAN, None, type_=type_)])
    cleaned = clean_batch(table.slice(2, 5), cleaner=italian())
    assert type(cleaned) is pa.Table
    assert cleaned["text"].type == type_
    assert cleaned["text"].to_pylist() == [PLAIN, "", PLAIN, PLAIN, BODY]
    assert cleaned["removed_share"].to_pylist()[-1] == pytest.approx(1 - len(BODY) / len(ITALIAN))
    cleaned.validate(full=True)
    part = clean_batch(batch_of(*PAGES, type_=type_).slice(3), cleaner=italian())
    assert part["text"].to_pylist() == ["", PLAIN]


def test_the_new_columns_say_what_explain_says() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((FIXTURES / "it").glob("*.txt"))]
    rows = clean_batch(batch_of(*texts, lang_=["it"] * len(texts)), lang="lang_").to_pylist()
    assert len(rows) == len(texts) > 5
    for text, row in zip(texts, rows, strict=True):
        document = cleaner.explain(text, lang="it")
        removed = [span.to_dict() for span in document.spans if not span.kept]
        assert row["text"] == document.text
        assert {name: row[name] for name in ("lang", "title", "author", "date")} == {
            name: getattr(document, name) for name in ("lang", "title", "author", "date")
        }
        assert [span | {"kept": False} for span in row["removed"]] == removed
        gone = sum(span["end"] - span["start"] for span in removed)
        assert row["removed_share"] == pytest.approx(gone / len(text))
        assert row["error"] is None


def test_columns_and_their_types() -> None:
    cleaned = clean_batch(batch_of(PLAIN, id=[7]), cleaner=italian())
    assert cleaned.schema.names == ["text", "id", *COLUMNS]
    assert [cleaned.schema.field(name).type for name in COLUMNS] == list(COLUMNS.values())
    assert cleaned["id"].to_pylist() == [7]


def test_nulls_stay_null() -> None:
    (row,) = clean_batch(batch_of(None)).to_pylist()
    assert row == dict.fromkeys(["text", *COLUMNS])
    nothing = pa.table({"text": pa.nulls(3)})
    assert clean_batch(nothing)["text"].equals(nothing["text"])


def test_a_text_of_nothing_loses_nothing() -> None:
    (row,) = clean_batch(batch_of("")).to_pylist()
    assert (row["text"], row["removed"], row["removed_share"], row["error"]) == ("", [], 0.0, None)


@pytest.mark.parametrize("type_", TEXTS.values(), ids=TEXTS)
def test_no_rows(type_: Any) -> None:
    schema = pa.schema([pa.field("text", type_)])
    for batch in (schema.empty_table(), pa.table({"text": pa.chunked_array([], type_)}), batch_of(type_=type_)):
        cleaned = clean_batch(batch)
        assert type(cleaned) is type(batch)
        assert cleaned.num_rows == 0
        assert cleaned.schema.names == ["text", *COLUMNS]
        assert cleaned.schema.field("text").type == type_


def test_metadata_and_nullability_stay() -> None:
    field = pa.field("text", pa.string(), nullable=False, metadata={"from": "crawl"})
    schema = pa.schema([pa.field("id", pa.int64(), metadata={"of": "site"}), field], metadata={"made": "in May"})
    table = pa.table([[1], [ITALIAN]], schema=schema)
    for batch in (table, table.to_batches()[0]):
        cleaned = clean_batch(batch)
        assert cleaned.schema.metadata == {b"made": b"in May"}
        assert [cleaned.schema.field(at).equals(schema.field(at), check_metadata=True) for at in (0, 1)] == [True, True]
        assert cleaned["text"].to_pylist() == [BODY]


def test_the_languages_and_addresses_of_columns(tmp_path: Path) -> None:
    (tmp_path / "esempio.it.toml").write_text(
        'name = "esempio.it"\n[related.bottega]\neffect = "line"\nphrases = ["La bottega del lunedì"]\n'
        'examples = ["La bottega del lunedì"]\ncounterexamples = ["La bottega del lunedì era chiusa."]\n',
        encoding="utf-8",
    )
    page = f"{PLAIN}\n\nLa bottega del lunedì\n\n{PLAIN}"
    batch = batch_of(page, page, page, of=["it", None, "it"], at=["https://esempio.it/a", "https://esempio.it/b", None])

    def refuses(text: str) -> str:
        raise LookupError("asked")

    rows = clean_batch(batch, lang="of", url="at", cleaner=Cleaner(sites=[tmp_path], detector=refuses)).to_pylist()
    assert [span["rule"] for span in rows[0]["removed"]] == ["esempio.it.related.bottega"]
    assert rows[1]["error"] == "LookupError: asked"
    assert "esempio.it.related.bottega" not in str(rows[2]["removed"])


def test_a_row_that_fails_keeps_its_text_and_says_why() -> None:
    def detector(text: str) -> str:
        if "mulino" in text:
            raise RuntimeError("no mills \ud800")
        return "it"

    batch = batch_of(ITALIAN, "Home > Notizie\n\n" + PLAIN, None)
    good, bad, null = clean_batch(batch, cleaner=Cleaner(detector=detector)).to_pylist()
    assert (good["text"], good["error"]) == (BODY, None)
    assert bad == dict.fromkeys(COLUMNS) | {"text": batch["text"][1].as_py(), "error": "RuntimeError: no mills ?"}
    assert null["error"] is None


@pytest.mark.parametrize("tag", [7, "\ud800"])
def test_a_detector_that_names_no_language(tag: Any) -> None:
    (row,) = clean_batch(batch_of(ITALIAN), cleaner=Cleaner(detector=lambda text: tag)).to_pylist()
    assert row["text"] == ITALIAN
    assert row["error"]


def test_languages_that_are_no_strings() -> None:
    numbered = pa.table({"text": [ITALIAN, ITALIAN], "lang": [5, None]})
    first, second = clean_batch(numbered, lang="lang").to_pylist()
    assert (first["text"], first["lang"]) == (ITALIAN, 5)
    assert first["error"] == "TypeError: lang must be a str or None, not int"
    assert (second["text"], second["error"]) == (BODY, None)


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string(), pa.string_view()], ids=str)
def test_bytes_that_are_not_utf8_stay(type_: Any) -> None:
    broken = pa.array([b"a", b"caff\xe8", ITALIAN.encode()]).cast(
        pa.binary_view() if "view" in str(type_) else "binary"
    )
    buffers = broken.cast(pa.large_binary()).buffers()
    text = pa.Array.from_buffers(pa.large_string(), 3, buffers).cast(type_)
    cleaned = clean_batch(pa.record_batch({"text": text}))
    assert cleaned["text"].cast(pa.large_string()).view(pa.large_binary()).to_pylist()[1:] == [
        b"caff\xe8",
        BODY.encode(),
    ]
    assert cleaned["error"].to_pylist()[1].startswith("UnicodeDecodeError")


def test_what_is_missing_is_no_fault_of_a_row(tmp_path: Path) -> None:
    def needs_an_extra(text: str) -> str:
        raise ImportError("pip install 'boilerplate-cleaner[fast]'")

    with pytest.raises(ImportError, match="fast"):
        clean_batch(batch_of(PLAIN), cleaner=Cleaner(detector=needs_an_extra))
    with pytest.raises(ValueError, match="weights"):
        clean_batch(batch_of(PLAIN), cleaner=Cleaner(model=tmp_path / "none"))


def test_columns_that_are_not_there() -> None:
    batch = batch_of(PLAIN, id=[1])
    for names in ({"text": "page"}, {"lang": "page"}, {"url": "page"}):
        with pytest.raises(KeyError, match="no column 'page' among 'text', 'id'"):
            clean_batch(batch, **names)
    twice = pa.RecordBatch.from_arrays([pa.array([PLAIN]), pa.array([PLAIN])], ["text", "text"])
    with pytest.raises(ValueError, match="2 columns named 'text'"):
        clean_batch(twice)


def test_wrong_types() -> None:
    for batch in ({"text": [PLAIN]}, [PLAIN], None):
        with pytest.raises(TypeError, match="RecordBatch or Table"):
            clean_batch(batch)
    for column in (pa.array([b"a"]), pa.array([1]), pa.array([["a"]]), pa.array([1]).dictionary_encode()):
        with pytest.raises(TypeError, match="'text' must hold strings"):
            clean_batch(pa.table({"text": column}))
    with pytest.raises(TypeError, match="Cleaner"):
        clean_batch(batch_of(PLAIN), cleaner="it")  # type: ignore[arg-type]


def test_no_column_is_overwritten() -> None:
    batch = batch_of(ITALIAN, date=["2024-05-01"], title=["In the feed"])
    with pytest.raises(ValueError, match=r"'title', 'date' already.*prefix"):
        clean_batch(batch)
    with pytest.raises(ValueError, match="'title'"):
        clean_batch(batch.drop_columns(["date"]), lang="title")
    (row,) = clean_batch(batch, prefix="cleaner_").to_pylist()
    assert (row["date"], row["title"]) == ("2024-05-01", "In the feed")
    assert (row["cleaner_date"], row["text"]) == ("2022-01-21", BODY)


@pytest.mark.parametrize("type_", [*TEXTS.values(), pa.null()], ids=[*TEXTS, "null"])
def test_the_languages_own_column_is_filled(type_: Any) -> None:
    given = [None, None, None] if type_ == pa.null() else ["ita_Latn", None, None]
    batch = batch_of(ITALIAN, ITALIAN, None, lang=pa.array(given).cast(type_))
    for whole in (batch, pa.Table.from_batches([batch])):
        cleaned = clean_batch(whole, lang="lang")
        assert cleaned.schema.names == ["text", "lang", *[name for name in COLUMNS if name != "lang"]]
        assert cleaned["lang"].to_pylist() == [given[0] or "it", "it", None]
        assert cleaned["lang"].type == (pa.string() if type_ == pa.null() else type_)
    beside = clean_batch(batch, lang="lang", prefix="x_")
    assert beside["lang"].equals(batch["lang"])
    assert beside["x_lang"].to_pylist() == ["it", "it", None]


def test_settings() -> None:
    (row,) = clean_batch(batch_of(ITALIAN), cleaner=Cleaner(keep={"title"})).to_pylist()
    assert row["text"] == Cleaner(keep={"title"}).clean(ITALIAN) != BODY


def test_without_the_extra() -> None:
    script = "import sys; sys.modules['pyarrow'] = None\nimport cleaner\ncleaner.clean('a', 'it')\nimport {}"
    for module in (
        "cleaner.arrow",
        "cleaner.integrations.datasets",
        "cleaner.integrations.ray",
        "cleaner.integrations.spark",
    ):
        run = subprocess.run([sys.executable, "-c", script.format(module)], capture_output=True, text=True, check=False)
        assert run.stderr.endswith("pip install 'boilerplate-cleaner[arrow]'\n")


def test_nothing_is_loaded_before_it_is_used() -> None:
    script = "import sys, cleaner, cleaner.integrations\nassert not {'pyarrow', 'datasets', 'ray', 'pyspark'} & set(sys.modules)\n"
    use = "cleaner.arrow.clean_batch; cleaner.integrations.ray.Clean; cleaner.integrations.datasets.clean"
    subprocess.run([sys.executable, "-c", script + use], check=True)
    with pytest.raises(AttributeError, match="nothing"):
        cleaner.integrations.nothing  # noqa: B018
