"""What does a site repeat? Its lines are counted by distinct page in one SQL query, and those of its template become a site pack."""

from __future__ import annotations

import os
import re
import tempfile
import warnings
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.corpus.formats import walk
from cleaner.corpus.read import Columns, Piece, read
from cleaner.features import PROSE
from cleaner.repeats import WHOLE, facts, site_of
from cleaner.sitepack import PAGES, SUSPECT, Repeat, site_pack

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

# How DuckDB reads files by their suffix: JSON lines and their compression, or Parquet.
READERS = {
    (".jsonl", ".ndjson"): "none",
    (".jsonl.gz", ".ndjson.gz"): "gzip",
    (".jsonl.zst", ".ndjson.zst"): "zstd",
    (".parquet",): "",
}
# Rows that are read at a time, and pages whose facts are made at a time.
ROWS, BATCH = 2048, 256
# A page is evidence where at least one in so many characters of its long lines stands in lines that few other pages have.
OWN = 10
# Megabytes that DuckDB needs for each thread: two of its buffers for JSON, and some to count with.
LEAST_MEMORY = 100
# The width of a line that serves as a counterexample.
COUNTEREXAMPLE = 300

# Standard SQL, the same text on DuckDB and on Spark; ``lines`` holds facts (``cleaner.repeats.SCHEMA``).
# said       what each page says, each line once: identical pages are one
# carried    which lines are a page's own: at most half of the site's pages have them
# articles   a page's article goes by its longest own line, if that is as long as running text: an article that was fetched twice has one name. Pages that
#            have next to nothing of their own (errors, lists, copies that make up most of what there is) are no evidence and drop out
# glued      pieces before and after lines that are a page's own: what is in a repeated line is no piece of it
# counted    what articles share, and where on them it stands; repeated: what enough of them share
# named      how those are written; sentences: for each site a line of running text that is a page's own
STEPS = {
    "said": f"""
        SELECT site, page, form, max(width) AS width, max(times) AS times, max(prose) AS prose,
            max(head) AS head, max(foot) AS foot, max(inside) AS inside
        FROM lines WHERE part = {WHOLE} GROUP BY site, page, form
    """,
    "crawled": """
        SELECT site, count(*) AS pages FROM (SELECT DISTINCT site, page FROM said) AS every GROUP BY site
    """,
    "carried": """
        SELECT said.site, said.form, CASE WHEN count(*) = 1 OR 2 * count(*) <= max(crawled.pages) THEN 1 ELSE 0 END AS own
        FROM said JOIN crawled ON crawled.site = said.site GROUP BY said.site, said.form
    """,
    "long": f"""
        SELECT said.site, said.page, said.form, said.width, carried.own
        FROM said JOIN carried ON carried.site = said.site AND carried.form = said.form WHERE said.width >= {PROSE}
    """,
    "longest": """
        SELECT site, page, max(own * width) AS width, sum(own * width) AS own, sum(width) AS whole FROM long GROUP BY site, page
    """,
    "articles": f"""
        SELECT long.site, long.page, max(long.form) AS article
        FROM long JOIN longest ON longest.site = long.site AND longest.page = long.page
        WHERE long.own = 1 AND long.width = longest.width AND {OWN} * longest.own >= longest.whole
        GROUP BY long.site, long.page
    """,
    "glued": f"""
        SELECT lines.site, lines.page, lines.part, lines.form, sum(lines.times) AS times, max(lines.prose) AS prose,
            max(lines.head) AS head, max(lines.foot) AS foot, max(lines.inside) AS inside
        FROM lines JOIN carried ON carried.site = lines.site AND carried.form = lines.line
        WHERE lines.part <> {WHOLE} AND carried.own = 1 GROUP BY lines.site, lines.page, lines.part, lines.form
    """,
    "held": f"""
        SELECT site, page, {WHOLE} AS part, form, times, prose, head, foot, inside FROM said
        UNION ALL SELECT site, page, part, form, times, prose, head, foot, inside FROM glued
    """,
    "sites": """
        SELECT site, count(DISTINCT article) AS pages FROM articles GROUP BY site
    """,
    "shared": """
        SELECT held.site, held.part, held.form, articles.article, max(held.times) AS times, max(held.prose) AS prose,
            max(held.head) AS head, max(held.foot) AS foot, max(held.inside) AS inside
        FROM held JOIN articles ON articles.site = held.site AND articles.page = held.page
        GROUP BY held.site, held.part, held.form, articles.article
    """,
    "counted": f"""
        SELECT site, part, form, count(*) AS pages, sum(times) AS times, sum(prose) AS prose,
            sum(head) AS head, sum(foot) AS foot, sum(inside) AS inside
        FROM shared GROUP BY site, part, form HAVING count(*) >= {PAGES}
    """,
    "repeated": f"""
        SELECT counted.site, counted.part, counted.form, counted.pages, sites.pages AS of_pages, counted.times, counted.prose,
            counted.head, counted.foot, counted.inside
        FROM counted JOIN sites ON sites.site = counted.site WHERE counted.pages >= {SUSPECT} * sites.pages
    """,
    "named": """
        SELECT lines.site, lines.part, lines.form, min(lines.written) AS written
        FROM lines JOIN repeated ON repeated.site = lines.site AND repeated.part = lines.part AND repeated.form = lines.form
        GROUP BY lines.site, lines.part, lines.form
    """,
    "chosen": f"""
        SELECT said.site, min(said.form) AS form FROM said JOIN carried ON carried.site = said.site AND carried.form = said.form
        WHERE carried.own = 1 AND said.prose = 1 AND said.width <= {COUNTEREXAMPLE} GROUP BY said.site
    """,
    "sentences": f"""
        SELECT lines.site, min(lines.written) AS written
        FROM lines JOIN chosen ON chosen.site = lines.site AND chosen.form = lines.form
        WHERE lines.part = {WHOLE} GROUP BY lines.site
    """,
}
RESULT = """
    SELECT repeated.site AS site, repeated.of_pages AS of_pages, sentences.written AS sentence, repeated.part AS part,
        repeated.pages AS pages, repeated.times AS times, repeated.prose AS prose, repeated.head AS head, repeated.foot AS foot,
        repeated.inside AS inside, named.written AS written
    FROM repeated
    JOIN named ON named.site = repeated.site AND named.part = repeated.part AND named.form = repeated.form
    LEFT JOIN sentences ON sentences.site = repeated.site
    ORDER BY site, part, pages DESC, written
"""
QUERY = "WITH " + ", ".join(f"{name} AS ({step})" for name, step in STEPS.items()) + RESULT


@dataclass(frozen=True)
class Learned:
    """What ``learn`` did: pages read, those left out (no text, or an address of no site), and packs written and left as they were."""

    pages: int
    left_out: int
    written: tuple[Path, ...]
    kept: tuple[Path, ...]


def learn(
    paths: str | Path | Iterable[str | Path],
    out: str | Path,
    *,
    text: str = "text",
    url: str = "url",
    memory: int = 1000,
    force: bool = False,
) -> Learned:
    """Learns what sites repeat from their pages, and writes a pack for each site that repeats something.

    Args:
        paths: JSONL (also ``.gz`` and ``.zst``) or Parquet files, or folders of them.
        out: the folder for the packs, ``<site>.toml``; ``Cleaner(sites=[out])`` uses them.
        text, url: the columns of a page's text and its address.
        memory: megabytes that DuckDB may hold, at least 100; the rest goes to temporary files. Python and its libraries take some 200 beside it.
        force: write packs anew that ``out`` has; without it they are left as they are, since a person may have edited them.

    Raises:
        ImportError: without ``pip install 'boilerplate-cleaner[learn]'``.
        ValueError: where there is nothing to read, a file is of another kind, or all are broken or have no such columns.

    Warns:
        UserWarning: for a file among others that is broken or has no such columns, and for a folder that cannot be read.

    Examples:
        >>> import json, tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> story = "The {} is open again after two years of works, and everybody in the valley is invited to the feast."
        >>> texts = [f"Valley News\\n{story.format(what)}" for what in ("bridge", "mill", "school", "station")]
        >>> rows = [{"text": text, "url": "https://www.example.com/news"} for text in texts]
        >>> _ = (folder / "pages.jsonl").write_text("\\n".join(map(json.dumps, rows)))
        >>> [path.name for path in learn(folder / "pages.jsonl", folder / "sites").written]
        ['example.com.toml']
    """
    files = _files(paths)
    with tempfile.TemporaryDirectory(prefix="cleaner-learn-") as folder, _connected(folder, memory) as connection:
        lines = Path(folder) / "lines.parquet"
        pages, used = _write_facts(_batches(connection, files, text, url), lines)
        if pages and not used:
            raise ValueError(f"no page has both text (column {text!r}) and the address of a site (column {url!r})")
        connection.execute(f"CREATE VIEW lines AS SELECT * FROM read_parquet({_quoted(str(lines))})")
        written, kept = write_packs(_rows(connection), out, force)
    return Learned(pages, pages - used, tuple(written), tuple(kept))


def write_packs(rows: Iterable[Sequence[Any]], out: str | Path, force: bool = False) -> tuple[list[Path], list[Path]]:
    """Writes packs from the rows of ``QUERY``, in its order, whichever engine counted; returns those written and those left as they were."""
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    written, kept = [], []
    for (site, of, sentence), group in groupby(rows, lambda row: (row[0], row[1], row[2])):
        pack = site_pack(site, of, sentence, (Repeat(*row[3:]) for row in group))
        path = folder / f"{site}.toml"
        if pack is None:
            continue
        if path.exists() and not force:
            kept.append(path)
            continue
        half = path.with_suffix(".part")  # a run that is stopped leaves no half of a pack
        half.write_text(pack, encoding="utf-8", newline="\n")
        half.replace(path)
        written.append(path)
    return written, kept


def _files(paths: str | Path | Iterable[str | Path]) -> list[Path]:
    """The files to read, in order.

    Raises:
        ValueError: where there are none, or one is of a kind that is not read.
    """
    places = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    known = tuple(suffix for suffixes in READERS for suffix in suffixes)
    found = {place for place in places if not place.is_dir()}
    for place in filter(Path.is_dir, places):
        inside, unread = walk(place)
        found |= {place / name for name in inside if name.lower().endswith(known)}
        for folder in unread:
            warnings.warn(f"a folder that cannot be read is left out: {place / folder}", stacklevel=3)
    files = sorted(found)
    for file in files:
        if not file.exists():
            raise FileNotFoundError(f"{file}: there is no such file")
        if not file.name.lower().endswith(known):
            raise ValueError(f"{file}: neither Parquet nor JSONL ({', '.join(known)})")
    if not files:
        raise ValueError(f"nothing to read in {', '.join(map(str, places)) or 'no paths'}")
    return files


def _connected(folder: str, memory: int) -> duckdb.DuckDBPyConnection:
    try:
        import duckdb
        import pyarrow.parquet  # noqa: F401
        import tld  # noqa: F401
    except ImportError as error:
        raise ImportError(f"cleaner learn needs {error.name}: pip install 'boilerplate-cleaner[learn]'") from None
    if memory < LEAST_MEMORY:
        raise ValueError(f"memory is a number of megabytes, at least {LEAST_MEMORY}, not {memory}")
    threads = max(1, min(os.cpu_count() or 1, memory // LEAST_MEMORY))
    connection = duckdb.connect(
        Path(folder) / "counts.duckdb",
        config={
            "memory_limit": f"{memory}MB",
            "threads": threads,
            "temp_directory": folder,
            "preserve_insertion_order": False,
        },
    )
    return connection.execute("SET enable_progress_bar = false")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _batches(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Path], text: str, url: str
) -> Iterator[pa.RecordBatch]:
    """The pages of the files, columns ``text`` and ``url``; a row that is not one has nulls. A broken file is left out as a whole."""
    import duckdb

    broken = []
    for file in files:
        try:
            query = _query(file, text, url)
            # to its end, before the first of its pages counts
            connection.execute(f"SELECT count(text), count(url) FROM ({query})").fetchall()
        except (duckdb.Error, UnicodeError) as error:
            said = "its name is not UTF-8: rename it" if isinstance(error, UnicodeError) else str(error)
            broken.append(f"{str(file)!r}: {said}")
            continue
        if _is_marked(file):
            yield from _of_marked(file, text, url)
            continue
        for batch in connection.sql(query).to_arrow_reader(ROWS):
            for start in range(0, len(batch), BATCH):
                yield batch.slice(start, BATCH)
    if broken and len(broken) == len(files):
        raise ValueError(broken[0])
    for what in broken:
        warnings.warn(f"a file is left out: {what}", stacklevel=2)


def _compression(file: Path) -> str:
    """How DuckDB reads a file."""
    return next(how for suffixes, how in READERS.items() if file.name.lower().endswith(suffixes))


def _query(file: Path, text: str, url: str) -> str:
    str(file).encode("utf-8")  # what has no form there cannot be asked for
    names = [name.replace('"', '""') for name in (text, url)]
    columns = f"{{{_quoted(text)}: 'VARCHAR', {_quoted(url)}: 'VARCHAR'}}"
    # what DuckDB reads as a pattern is put in brackets: then it stands for itself
    path = _quoted(re.sub(r"([*?\[])", r"[\1]", str(file)))
    source = f"read_parquet({path})"
    if compression := _compression(file):
        source = f"read_json({path}, columns={columns}, format='newline_delimited', compression='{compression}', ignore_errors=true)"
    return f'SELECT "{names[0]}"::VARCHAR AS text, "{names[1]}"::VARCHAR AS url FROM {source}'


def _is_marked(file: Path) -> bool:
    """Whether a file of JSON lines begins with a byte order mark: DuckDB takes its first page for a broken one."""
    import pyarrow as pa

    compression = _compression(file)
    if not compression:
        return False
    with pa.input_stream(str(file), compression if compression != "none" else None) as stream:
        return bool(stream.read(len(BOM_UTF8)) == BOM_UTF8)


def _of_marked(file: Path, text: str, url: str) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    rows = read(file.parent, Piece(file.name), Columns(text, url=url))
    while some := list(islice(rows, BATCH)):
        columns = {"text": [row.text for row in some], "url": [row.url for row in some]}
        yield pa.RecordBatch.from_pydict(columns, pa.schema(dict.fromkeys(columns, pa.string())))


def _write_facts(pages: Iterable[pa.RecordBatch], path: Path) -> tuple[int, int]:
    """Writes the facts of pages to a Parquet file; returns how many pages there are, and how many have facts."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    count = used = 0
    with pq.ParquetWriter(path, facts(pa.RecordBatch.from_pydict({"text": [], "url": []})).schema) as writer:
        for batch in pages:
            found = facts(batch)
            count += len(batch)
            used += sum(
                bool(text and url and site_of(url))
                for text, url in zip(batch["text"].to_pylist(), batch["url"].to_pylist(), strict=True)
            )
            writer.write_batch(found)
    return count, used


def _rows(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    # the query's steps one by one, each in all the memory that there is; as one query they would have to share it
    for name, step in STEPS.items():
        connection.execute(f"CREATE TABLE {name} AS {step}")
    counted = connection.execute(RESULT)
    while rows := counted.fetchmany(ROWS):
        yield from rows
