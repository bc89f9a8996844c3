"""datatrove: a step between its readers and its writers. Needs the extra ``[corpus]``."""

from typing import Any

from cleaner import Cleaner, _default
from cleaner.corpus.write import free_name
from cleaner.decide import MISSING
from cleaner.document import removed_share

try:
    from datatrove.pipeline.base import PipelineStep
except ImportError:
    raise ImportError("pipelines need the package datatrove: pip install 'boilerplate-cleaner[corpus]'") from None


class Clean(PipelineStep):  # type: ignore[misc]
    """Leaves the body of each document's text.

    The metadata gain ``lang``, ``title``, ``author``, ``date``, ``removed`` (spans as dicts) and ``removed_share``; a key that is there
    stays, and the new one is called ``cleaner_date`` or the like. A document that fails keeps its text, and ``error`` says why. The
    stats count documents changed, unchanged and failed, and characters removed by kind. Arguments: settings other than the library's
    own; the metadata's keys for language and address; whether texts are HTML, as from datatrove's ``WarcReader``.

    >>> from datatrove.data import Document
    >>> page = Document("Share on Facebook\\n\\nThe mill has reopened after nine years.", "1", metadata={"of": "en"})
    >>> [document.text for document in Clean(lang="of").run([page])]
    ['The mill has reopened after nine years.']
    """

    name, type = "🧽 Clean", "✂️ - FORMAT"

    def __init__(self, cleaner: Cleaner | None = None, lang: str = "", url: str = "", html: bool = False) -> None:
        super().__init__()
        self.cleaner, self.lang, self.url, self.html = cleaner, lang, url, html

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Any:
        for document in data or ():
            with self.track_time():
                self.clean(document)
            yield document

    def clean(self, document: Any) -> Any:
        try:
            page = self.explain(document)
        except MISSING:
            raise
        except Exception as error:
            self.say(document, {"error": f"{type(error).__name__}: {error}"})
            return self.stat_update("failed")
        new = {name: getattr(page, name) for name in ("lang", "title", "author", "date")}
        new["removed"] = [span.to_dict() for span in page.spans if not span.kept]
        new["removed_share"] = removed_share(page)
        self.say(document, new)
        document.text = page.text
        for span in new["removed"]:
            self.stat_update(f"removed_{span['kind']}", value=span["end"] - span["start"], unit="span")
        return self.stat_update("unchanged" if page.text == page.source else "changed")

    def say(self, document: Any, new: dict[str, Any]) -> None:
        document.metadata |= {free_name(name, document.metadata): value for name, value in new.items()}

    def explain(self, document: Any) -> Any:
        known, cleaner = document.metadata, self.cleaner or _default()
        explain = cleaner.explain_html if self.html else cleaner.explain
        return explain(document.text, known.get(self.lang), known.get(self.url))
