"""Arrow batches in, cleaned batches out: the one seam for the engines. Needs the extra ``[arrow]``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, TypeVar

from cleaner import _default
from cleaner.decide import MISSING
from cleaner.document import removed_share
from cleaner.pipeline import Cleaner

try:
    import pyarrow as pa
    import pyarrow.compute as pc
except ImportError:
    raise ImportError("Arrow batches need the package pyarrow: pip install 'boilerplate-cleaner[arrow]'") from None

Batch = TypeVar("Batch", pa.RecordBatch, pa.Table)

SPAN = pa.struct(
    {"start": pa.int64(), "end": pa.int64(), "kind": pa.string(), "rule": pa.string(), "score": pa.float64()}
)
# The columns that come new, in their order.
COLUMNS = {
    "lang": pa.string(),
    "title": pa.string(),
    "author": pa.string(),
    "date": pa.string(),
    "removed": pa.list_(SPAN),
    "removed_share": pa.float64(),
    "error": pa.string(),
}


@dataclass(frozen=True, slots=True)
class _Row:
    """What is known of a row; ``text`` is None where the text stays as it is."""

    text: str | None = None
    lang: str | None = None
    title: str | None = None
    author: str | None = None
    date: str | None = None
    removed: list[dict[str, Any]] | None = None
    removed_share: float | None = None
    error: str | None = None


def clean_batch(
    batch: Batch,
    text: str = "text",
    lang: str | None = None,
    url: str | None = None,
    prefix: str = "",
    cleaner: Cleaner | None = None,
) -> Batch:
    """A batch of pages with their text cleaned, and new columns that say what is known of each.

    Rows, their order, the other columns and the schema's metadata stay. The text column keeps its type: string, large_string,
    string_view, or a dictionary of one of these. The new columns, at the end:

    - ``lang``, ``title``, ``author``, ``date`` (string): as in ``Document``;
    - ``removed`` (list of struct): ``start`` and ``end`` (int64, code points of the text as it came), ``kind``, ``rule``
      (string), ``score`` (double) of each span that went, in order;
    - ``removed_share`` (double): characters removed by characters of the text as it came; 0 for an empty text;
    - ``error`` (string): why a row failed; null where it did not.

    Where the text is null, so are the new columns. A row that fails keeps its text; ``error`` says why, the other new columns
    are null. What is missing on the machine (an extra, a file of weights) is no row's fault and is raised.

    Args:
        batch: a RecordBatch or a Table; a Table keeps the chunks of its text.
        text: the column that holds the pages.
        lang: the column that holds their languages, if known; a page without one is detected. Where it has the very name of
            the new column, what it says stays, and its nulls are filled.
        url: the column that holds their addresses, for the rules of their sites.
        prefix: put before the new columns' names, where a batch has columns of these names already.
        cleaner: settings other than the library's own.

    Raises:
        KeyError: where there is no column of a name.
        ValueError: where there are several, or a new column has the name of one that is there.
        TypeError: where ``batch`` is neither RecordBatch nor Table, the column of texts holds none, or ``cleaner`` is not a Cleaner.

    Examples:
        >>> import pyarrow as pa
        >>> page = "Share on Facebook\\n\\nThe ferry sails again since Monday, and the island has fresh bread."
        >>> cleaned = clean_batch(pa.table({"text": [page, None], "lang": ["en", "en"]}), lang="lang")
        >>> cleaned["text"].to_pylist()
        ['The ferry sails again since Monday, and the island has fresh bread.', None]
        >>> [span["kind"] for span in cleaned["removed"][0].as_py()]
        ['share']
    """
    if not isinstance(batch, pa.RecordBatch | pa.Table):
        raise TypeError(f"batch must be a pyarrow RecordBatch or Table, not {type(batch).__name__}")
    if not isinstance(cleaner, Cleaner | None):
        raise TypeError(f"cleaner must be a Cleaner or None, not {type(cleaner).__name__}")
    at = _place(batch.schema, text)
    type_ = batch.schema.field(at).type
    if not _holds_text(type_):
        raise TypeError(f"the column {text!r} must hold strings, not {type_}")
    _check_free(batch.schema, prefix, lang)
    source = _as_text(batch.column(at))
    langs, urls = (
        repeat(pa.scalar(None)) if name is None else batch.column(_place(batch.schema, name)) for name in (lang, url)
    )
    rows = [_cleaned(cleaner or _default(), *scalars) for scalars in zip(source, langs, urls, strict=False)]
    if not pa.types.is_null(type_):
        batch = _with(batch, at, pc.coalesce(_array(rows, "text", pa.large_string()), source), type_)
    for name, new_type in COLUMNS.items():
        column = _array(rows, name, new_type)
        if (name, prefix + name) == ("lang", lang):
            batch = _filled(batch, prefix + name, column)
        else:
            batch = batch.append_column(pa.field(prefix + name, new_type), column)
    return batch


def _cleaned(cleaner: Cleaner, text: Any, lang: Any, url: Any) -> _Row:
    """A row's scalars to what is known of it; whatever goes wrong with the row becomes its ``error``."""
    try:
        source = text.as_py()
        if source is None:
            return _Row()
        document = cleaner.explain(source, lang.as_py(), url.as_py())
        removed = [span.to_dict() for span in document.spans if not span.kept]
        (document.lang or "").encode()  # a detector's tag may be any string, Arrow's are Unicode
    except MISSING:
        raise
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        return _Row(error=said.encode("utf-8", "replace").decode("utf-8"))
    return _Row(
        text=None if document.text == source else document.text,
        lang=document.lang,
        title=document.title,
        author=document.author,
        date=document.date,
        removed=removed,
        removed_share=removed_share(document),
    )


def _place(schema: Any, name: str) -> int:
    """The number of the one column of a name."""
    places = schema.get_all_field_indices(name)
    if not places:
        raise KeyError(f"no column {name!r} among {', '.join(map(repr, schema.names))}")
    if len(places) > 1:
        raise ValueError(f"{len(places)} columns named {name!r}")
    return int(places[0])


def _check_free(schema: Any, prefix: str, lang: str | None) -> None:
    """Raises ValueError where a new column has the name of one that is there, unless it is the languages' own."""
    new = [prefix + name for name in COLUMNS if (name, prefix + name) != ("lang", lang)]
    if taken := [name for name in new if name in schema.names]:
        raise ValueError(
            f"there are columns named {', '.join(map(repr, taken))} already: "
            "rename them, or give the new ones a prefix, such as prefix='cleaner_'"
        )


def _holds_text(type_: Any) -> bool:
    held = type_.value_type if pa.types.is_dictionary(type_) else type_
    return any(
        is_one(held)
        for is_one in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_null)
    )


def _as_text(column: Any) -> Any:
    """A column of any of the string types as large_string, which all of Arrow's functions take."""
    if isinstance(column, pa.ChunkedArray):
        return pa.chunked_array([_as_text(chunk) for chunk in column.chunks], pa.large_string())
    if pa.types.is_dictionary(column.type):
        column = pa.DictionaryArray.from_arrays(column.indices, column.dictionary.cast(pa.large_string()))
    return column.cast(pa.large_string())


def _array(rows: Sequence[_Row], name: str, type_: Any) -> Any:
    return pa.array([getattr(row, name) for row in rows], type_)


def _with(batch: Batch, at: int, column: Any, type_: Any) -> Batch:
    """The batch with another column in a place, under the name and with the metadata of the old one."""
    return batch.set_column(at, batch.schema.field(at).with_type(type_), column.cast(type_))


def _filled(batch: Batch, lang: str, found: Any) -> Batch:
    """The batch with the nulls of its languages filled; a column that holds no text stays."""
    at = _place(batch.schema, lang)
    type_ = batch.schema.field(at).type
    if not _holds_text(type_):
        return batch
    filled = pc.coalesce(_as_text(batch.column(at)), found.cast(pa.large_string()))
    return _with(batch, at, filled, pa.string() if pa.types.is_null(type_) else type_)
