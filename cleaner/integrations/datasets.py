"""Hugging Face ``datasets``: a function for ``map``. Needs the extra ``[datasets]``."""

from __future__ import annotations

from typing import Any

from cleaner.arrow import clean_batch


def clean(batch: Any, text: str = "text", lang: str | None = None, **options: Any) -> Any:
    """A batch of a data set, cleaned: for ``map(clean, batched=True)``.

    Works on a data set without a format, on one in the format "arrow" and on a streamed one.

    Args:
        batch: what ``map`` hands over.
        text, lang, options: those of ``cleaner.arrow.clean_batch``; ``map`` takes them as ``fn_kwargs``.

    Raises:
        TypeError: where the data set has another format.
        KeyError, ValueError: as ``clean_batch`` does.

    >>> from datasets import Dataset, disable_progress_bars
    >>> disable_progress_bars()
    >>> pages = Dataset.from_dict({"text": ["Log in\\n\\nThe harbour froze for the first time since 1987."], "of": ["en"]})
    >>> pages.map(clean, batched=True, fn_kwargs={"lang": "of"})["text"][0]
    'The harbour froze for the first time since 1987.'
    """
    import pyarrow as pa

    # handed back as the Arrow table that map has, for map guesses a list's type by its first batch, be it all nulls
    table = getattr(batch, "pa_table", batch)
    if isinstance(table, pa.Table):
        return clean_batch(table, text, lang, **options)
    if not isinstance(table, dict) or not all(isinstance(column, list) for column in table.values()):
        raise TypeError("the data set is in a format that is not text: use with_format(None) or with_format('arrow')")
    same = table.keys() - {text, lang}
    cleaned = clean_batch(pa.table(table), text, lang, **options)
    return {name: cleaned[name].to_pylist() for name in cleaned.column_names if name not in same}
