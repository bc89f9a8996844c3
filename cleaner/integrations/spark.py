"""Spark: a data frame by way of ``mapInArrow``. Needs the extra ``[spark]``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from cleaner.arrow import clean_batch

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def clean(frame: DataFrame, **options: Any) -> DataFrame:
    """A data frame with its pages cleaned: ``frame.transform(clean, lang="lang")``.

    Args:
        frame: the pages, a row each.
        options: those of ``cleaner.arrow.clean_batch``; a ``cleaner`` travels to the executors.

    Raises:
        KeyError, ValueError: as ``clean_batch`` does, at once.
    """
    import pyarrow as pa
    from pyspark.sql.pandas.types import from_arrow_schema
    from pyspark.sql.types import StructType

    def cleaned(batches: Iterable[Any]) -> Iterator[Any]:
        return (clean_batch(batch, **options) for batch in batches)

    empty = pa.schema([(name, pa.string()) for name in frame.columns]).empty_table()
    new = list(clean_batch(empty, **options).schema)[len(frame.columns) :]
    return frame.mapInArrow(cleaned, StructType([*frame.schema, *from_arrow_schema(pa.schema(new))]))
