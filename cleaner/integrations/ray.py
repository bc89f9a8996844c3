"""Ray Data: a class for ``map_batches``. Needs the extra ``[ray]``."""

from __future__ import annotations

from typing import Any

from cleaner.arrow import Batch, clean_batch


class Clean:
    """Cleans batches of pages: each actor makes one of these, which holds the settings and the compiled rules.

    ``pages.map_batches(Clean, fn_constructor_kwargs={"lang": "lang"}, batch_format="pyarrow", concurrency=4)``

    Args:
        options: those of ``cleaner.arrow.clean_batch``.

    >>> import pyarrow as pa
    >>> clean = Clean(text="page", lang="of")
    >>> clean(pa.table({"page": ["Subscribe\\n\\nThe oldest oak of the county fell in the storm."], "of": ["en"]}))["page"][0].as_py()
    'The oldest oak of the county fell in the storm.'
    """

    def __init__(self, **options: Any) -> None:
        self.options = options

    def __call__(self, batch: Batch) -> Batch:
        """A batch of the format "pyarrow", cleaned."""
        return clean_batch(batch, **self.options)
