"""A corpus from folder to folder: many files, many rows, several processes, and nothing lost. Needs the extra ``[corpus]``.

>>> import json, pathlib, tempfile
>>> folder = pathlib.Path(tempfile.mkdtemp())
>>> page = {"text": "Share on Facebook\\n\\nThe ferry sails again since Monday."}
>>> _ = (folder / "pages.jsonl").write_text(json.dumps(page), encoding="utf-8")
>>> clean_corpus(folder / "pages.jsonl", folder / "cleaned")["rows"]["out"]
1
>>> json.loads((folder / "cleaned" / "data" / "pages.jsonl").read_text(encoding="utf-8"))["text"]
'The ferry sails again since Monday.'
"""

from __future__ import annotations

from cleaner.corpus.read import Columns, Piece, Row, read
from cleaner.corpus.run import clean_corpus
from cleaner.corpus.settings import Settings

__all__ = ["Columns", "Piece", "Row", "Settings", "clean_corpus", "read"]
