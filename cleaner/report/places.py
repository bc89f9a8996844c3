"""Where a rule is written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cleaner.rules import PACKS, Pack, built_in, names


class Places:
    """Finds the file and the line of rules.

    Args:
        own: packs that stand before the library's own.

    Example:
        >>> places = Places()
        >>> places.find("it.related.on-fire").partition(":")[0]
        'cleaner/packs/it.toml'
        >>> places.find("short, no full stop") is None
        True
    """

    def __init__(self, own: Iterable[Pack] = ()) -> None:
        self._places: dict[str, str] = {}
        self._unread = set(names())
        for pack in own:
            self._read(pack)

    def find(self, rule: str) -> str | None:
        """A rule's place as ``file:line``, the library's own files without their folder; None for evidence in words."""
        name = rule.rsplit(".", 2)[0]
        if rule not in self._places and name in self._unread:
            self._unread.remove(name)
            self._read(built_in(name))
        return self._places.get(rule)

    def _read(self, pack: Pack) -> None:
        file = Path(pack.file)
        shown = file.relative_to(PACKS.parents[1]).as_posix() if file.is_relative_to(PACKS) else pack.file
        lines = {line.strip(): number for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)}
        for rule in pack.rules:
            number = lines.get(f"[{rule.id.removeprefix(pack.name + '.')}]")
            self._places.setdefault(rule.id, f"{shown}:{number}" if number else shown)
