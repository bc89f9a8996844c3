"""A task as datatrove runs it: rows are read, cleaned by the adapter that its own pipelines use, and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import IO, Any

from datatrove.data import Document
from datatrove.pipeline.base import PipelineStep

from cleaner.corpus.plan import Plan
from cleaner.corpus.read import Piece, Row, read, said
from cleaner.corpus.settings import Settings
from cleaner.corpus.tally import Tally
from cleaner.corpus.write import Output, PieceWriter, error_of, json_line
from cleaner.decide import MISSING
from cleaner.integrations.datatrove import Clean


class Read(PipelineStep):  # type: ignore[misc]
    """The rows of a task's pieces as datatrove's documents; ``metadata`` holds the row and the number of its piece."""

    name, type = "📖 Rows", "📖 - READER"

    def __init__(self, source: Path, output: Output, settings: Settings) -> None:
        super().__init__()
        self.source, self.output, self.settings = source, output, settings

    def run(self, data: Any = None, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        for number, piece in enumerate(Plan(self.output.run).task(rank)):
            for row in read(self.source, piece, self.settings.columns):
                yield Document(row.text, row.id, metadata={"row": row, "piece": number})


class CleanRows(Clean):
    """The adapter, told by rows: which are HTML, and which have no text to clean."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings

    def clean(self, document: Any) -> None:
        row: Row = document.metadata["row"]
        if row.text is not None and not row.error:
            super().clean(document)
            row.error = document.metadata.get("error")

    def explain(self, document: Any) -> Any:
        row, cleaner = document.metadata["row"], self.settings.cleaner()
        explain = cleaner.explain_html if row.html else cleaner.explain
        row.page = explain(row.text, row.lang, row.url)
        return row.page


class Write(PipelineStep):  # type: ignore[misc]
    """Writes each piece's rows, the errors and the figures of the task; each file appears when it is whole."""

    name, type = "💽 Rows", "💽 - WRITER"

    def __init__(self, source: Path, output: Output, settings: Settings) -> None:
        super().__init__()
        self.source, self.output, self.settings = source, output, settings

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        tally = Tally()
        groups = groupby(data, key=lambda document: document.metadata["piece"])
        at, group = next(groups, (-1, iter(())))
        with self.output.writing(self.output.of_task("errors", rank)) as errors:
            for number, piece in enumerate(Plan(self.output.run).task(rank)):
                try:
                    yield from self._piece(piece, group if number == at else (), tally, errors)
                except MISSING:
                    raise
                except Exception as error:
                    raise ChildProcessError(
                        f"task {rank} failed on {piece.file}: {said(error)}; the same command goes on from there"
                    ) from error
                if number == at:
                    at, group = next(groups, (-1, iter(())))
        with self.output.writing(self.output.of_task("tallies", rank)) as file:
            tally.save(file)

    def _piece(
        self, piece: Piece, documents: Iterable[Document], tally: Tally, errors: IO[bytes]
    ) -> Iterator[Document]:
        settings, failed = self.settings, False
        with PieceWriter(self.output, self.source, piece, settings.columns.text, settings.keep_removed) as writer:
            for document in documents:
                row: Row = document.metadata["row"]
                if not row.error and not row.skip:
                    writer.write(row)
                failed |= row.error is not None
                self._count(row, tally, errors)
                yield document
            if writer.error and not failed:
                self._count(Row({"file": piece.file}, error=writer.error), tally, errors)

    def _count(self, row: Row, tally: Tally, errors: IO[bytes]) -> None:
        tally.add(row)
        if row.error:
            self.stat_update("errors")
            errors.write(json_line(error_of(row)))
        elif not row.skip:
            self.stat_update("rows")
