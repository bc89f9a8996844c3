"""What a run is asked to do: the settings that it keeps from its beginning to its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from cleaner.corpus.read import Columns
from cleaner.pipeline import Cleaner


@dataclass(frozen=True)
class Settings:
    """What a run does, whoever runs it: a run that stopped goes on under the same settings alone.

    Attributes:
        columns: the names of the columns with the text, and where there are such, with the language, the address and the id.
        keep_removed: whether what is taken out is written beside what stays.
        detector, keep, favor_recall, favor_precision, packs, sites: as in ``Cleaner``.
    """

    columns: Columns = field(default_factory=Columns)
    keep_removed: bool = False
    detector: str = "langdetect"
    keep: Iterable[str] = ()
    favor_recall: bool = False
    favor_precision: bool = False
    packs: Iterable[str | Path] = ()
    sites: Iterable[str | Path] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "keep", tuple(map(str, self.keep)))
        for name in ("packs", "sites"):  # sites/ is sites
            object.__setattr__(self, name, tuple(str(Path(place)) for place in getattr(self, name)))

    def cleaner(self) -> Cleaner:
        """The cleaner of these settings: one a process, so that rules are compiled once."""
        return _cleaner(self)

    def to_dict(self) -> dict[str, Any]:
        """The settings as a flat dict that JSON can hold."""
        flat = asdict(self)
        columns: dict[str, Any] = flat.pop("columns")
        return columns | {name: list(value) if isinstance(value, tuple) else value for name, value in flat.items()}


@lru_cache(maxsize=4)
def _cleaner(settings: Settings) -> Cleaner:
    return Cleaner(
        detector=settings.detector,
        keep=settings.keep,
        favor_recall=settings.favor_recall,
        favor_precision=settings.favor_precision,
        packs=settings.packs,
        sites=settings.sites,
    )
