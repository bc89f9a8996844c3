"""The rule packs: reading, checking, inheriting.

A pack is one TOML file a language; ``docs/writing-a-pack.md`` is its reference. Nothing here knows what a page is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from cleaner.document import Kind

PACKS = Path(str(resources.files("cleaner") / "packs"))
COMMON = "common"
ELLIPSIS = "…"
# A pack is data from anyone: these bounds keep a hostile one from taking the process with it.
MAX_BYTES = 2_000_000
MAX_RULES = 2_000
MAX_STRINGS = 5_000
MAX_STRING = 500
# Reading a dotted key takes Python the square of its parts; a pack's have two.
MAX_DEPTH = 30
_KEY = r"""(?:[\w-]++|"(?:\\.|[^"\\\n])*+"|'[^'\n]*+')[ \t]*+"""
_DEEP_KEY = re.compile(rf"(?:^|[\[{{,])[ \t]*+{_KEY}(?:\.[ \t]*+{_KEY}){{{MAX_DEPTH}}}", re.MULTILINE)
MAX_NAME = 100
MAX_REASON = 300
DEFAULT_LIMIT = 120


class PackError(ValueError):
    """A pack that cannot be used: the file, the rule where one is to blame, and the reason."""

    def __init__(self, file: str, rule: str, reason: str) -> None:
        self.file, self.rule, self.reason = file, rule, reason
        super().__init__(f"{file}: {rule + ': ' if rule else ''}{reason}")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.file, self.rule, self.reason)


class Effect(StrEnum):
    """What a rule does to the line that it hits."""

    LINE = "line"
    INLINE = "inline"
    SECTION = "section"
    HEAD = "head"
    TAIL = "tail"
    HINT = "hint"
    BODY = "body"
    SAID = "said"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that a rule looks for, and whether other words may stand before or after them on the line."""

    words: str
    open_start: bool
    open_end: bool

    @classmethod
    def parse(cls, written: str) -> Phrase:
        """Reads a phrase as a pack has it.

        >>> Phrase.parse("Leggi anche …")
        Phrase(words='Leggi anche', open_start=False, open_end=True)
        """
        words = written.strip()
        start, end = words.startswith(ELLIPSIS), words.endswith(ELLIPSIS)
        return cls(words.strip(ELLIPSIS + " "), start, end)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a pack."""

    id: str
    kind: Kind
    effect: Effect
    phrases: tuple[Phrase, ...]
    patterns: tuple[str, ...]
    needs: tuple[str, ...]
    limit: int
    falling: bool
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A language's names of months (the spellings of each of the twelve) and days, and its relative times with "#" for the number."""

    months: tuple[tuple[str, ...], ...] = ()
    weekdays: tuple[str, ...] = ()
    ago: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """A language's rules and words, or a site's."""

    name: str
    file: str
    title: str = ""
    inherits: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    spaced: bool = True
    stop: tuple[str, ...] = ()
    chrome: tuple[str, ...] = ()
    menu: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    calendar: Calendar = field(default_factory=Calendar)


_TOP = {"language", "name", "inherits", "sites", "spaced", "words"}
_WORDS = {"stop", "chrome", "menu"}
_RULE = {"effect", "phrases", "patterns", "needs", "limit", "falling", "examples", "counterexamples"}


def shorten(text: str, most: int = 60) -> str:
    """What a pack says, as far as a message has room for it."""
    return text if len(text) <= most else text[: most - 1] + ELLIPSIS


class _Reader:
    """Takes typed values out of a parsed file, and says where one is wrong."""

    def __init__(self, file: str) -> None:
        self.file = file

    def fail(self, rule: str, reason: str) -> PackError:
        return PackError(self.file, shorten(rule, MAX_NAME * 3), shorten(reason, MAX_REASON))

    def name(self, name: Any) -> str:
        if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME:
            raise self.fail("", f"the name of a language or a rule is a string of 1 to {MAX_NAME} characters")
        return name

    def known(self, rule: str, table: Mapping[str, Any], keys: Iterable[str]) -> None:
        unknown = sorted(set(table) - set(keys))
        if unknown:
            raise self.fail(rule, f"unknown key {shorten(repr(unknown[0]))}; known are {', '.join(sorted(keys))}")

    def strings(self, rule: str, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
        values = table.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
            raise self.fail(rule, f"{key} must be a list of strings, none of them empty")
        if len(values) > MAX_STRINGS or any(len(value) > MAX_STRING for value in values):
            raise self.fail(rule, f"{key} has more than {MAX_STRINGS:,} strings or one over {MAX_STRING} characters")
        return tuple(values)

    def rule(self, pack: str, kind: str, name: str, table: Any) -> Rule:
        rule = f"{pack}.{kind}.{self.name(name)}"
        if not isinstance(table, dict):
            raise self.fail(rule, "a rule is a table: [kind.name]")
        self.known(rule, table, _RULE)
        effect = table.get("effect", "line")
        if not isinstance(effect, str) or effect not in list(Effect):
            written = repr(effect) if isinstance(effect, str) else "that is not a string"
            raise self.fail(rule, f"effect {shorten(written)} is none of {', '.join(Effect)}")
        patterns, needs = self.strings(rule, table, "patterns"), self.strings(rule, table, "needs")
        phrases = tuple(map(Phrase.parse, self.strings(rule, table, "phrases")))
        if not phrases and not patterns:
            raise self.fail(rule, "neither phrases nor patterns")
        if any(not phrase.words or ELLIPSIS in phrase.words for phrase in phrases):
            raise self.fail(rule, f"a phrase is words, with {ELLIPSIS} only at its start or end; else use patterns")
        if effect == Effect.SAID and (phrases or needs):
            raise self.fail(rule, "what somebody says is told by patterns alone, on lines that another rule hits")
        if patterns and not needs and effect != Effect.SAID:
            raise self.fail(rule, "patterns are tried only on lines with one of its 'needs', and there are none")
        limit = table.get("limit", DEFAULT_LIMIT)
        if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= 1000:
            raise self.fail(rule, "limit is a number of characters from 1 to 1000")
        falling = table.get("falling", False)
        if not isinstance(falling, bool):
            raise self.fail(rule, "falling is true or false")
        examples, counters = self.strings(rule, table, "examples"), self.strings(rule, table, "counterexamples")
        if not examples or not counters:
            raise self.fail(rule, "a rule needs examples and counterexamples")
        return Rule(rule, Kind(kind), Effect(effect), phrases, patterns, needs, limit, falling, examples, counters)

    def pack(self, name: str, data: Mapping[str, Any], calendar: Calendar) -> Pack:
        rules = []
        for kind, table in data.items():
            if kind in _TOP:
                continue
            if kind not in list(Kind) or not isinstance(table, dict):
                raise self.fail("", f"{shorten(repr(kind))} is neither a key of a pack nor a kind of rule")
            rules += [self.rule(name, kind, key, value) for key, value in table.items()]
        if len(rules) > MAX_RULES:
            raise self.fail("", f"more than {MAX_RULES:,} rules")
        words = data.get("words", {})
        if not isinstance(words, dict):
            raise self.fail("", "[words] is a table")
        self.known("words", words, _WORDS)
        title, spaced = data.get("name", name), data.get("spaced", True)
        if not isinstance(title, str) or not isinstance(spaced, bool):
            raise self.fail("", "name is a string and spaced is true or false")
        return Pack(
            name=name,
            file=self.file,
            title=title,
            inherits=self.strings("", data, "inherits"),
            sites=self.strings("", data, "sites"),
            spaced=spaced,
            stop=self.strings("words", words, "stop"),
            chrome=self.strings("words", words, "chrome"),
            menu=self.strings("words", words, "menu"),
            rules=tuple(rules),
            calendar=calendar,
        )


def _toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise PackError(str(path), "", error.strerror or str(error)) from None
    except ValueError as error:  # a path that is none
        raise PackError(repr(str(path)), "", str(error)) from None
    if len(data) > MAX_BYTES:
        raise PackError(str(path), "", f"larger than {MAX_BYTES:,} bytes")
    try:
        text = data.decode("utf-8")
        if _DEEP_KEY.search(text):
            raise PackError(str(path), "", f"a key of more than {MAX_DEPTH} parts")
        return tomllib.loads(text)
    except PackError:
        raise
    except (ValueError, RecursionError) as error:  # also numbers of more digits than Python reads
        raise PackError(str(path), "", f"not valid TOML: {error}") from None


_PLAIN = re.compile(r"[a-z-]+")


def read_pack(path: Path | str) -> Pack:
    """Reads a pack from a file; its ``language`` is its name, or the file's stem.

    Raises:
        PackError: with the file, the rule and the reason, where anything is wrong.
    """
    path = Path(path)
    data = _toml(path)
    reader = _Reader(str(path))
    name = reader.name(data.get("language", path.stem))
    # a calendar lies beside its pack; those of the languages that the library knows need not be copied
    calendar = path.parent / "calendar" / path.name
    if not calendar.is_file() and _PLAIN.fullmatch(name):
        calendar = PACKS / "calendar" / f"{name}.toml"
    dates = _toml(calendar) if calendar.is_file() else {}
    of = _Reader(str(calendar))
    named = dates.get("months", [])
    if not isinstance(named, list) or len(named) > MAX_STRINGS:
        raise of.fail("", "months is a list of lists")
    months = tuple(of.strings("", {"months": spellings}, "months") for spellings in named)
    return reader.pack(name, data, Calendar(months, of.strings("", dates, "weekdays"), of.strings("", dates, "ago")))


@cache
def built_in(name: str) -> Pack:
    """The library's own pack of a name, read once in a process."""
    return read_pack(PACKS / f"{name}.toml")


def names() -> list[str]:
    """The names of the library's own packs, families and the common pack among them."""
    return sorted(path.stem for path in PACKS.glob("*.toml"))


def with_parents(name: str, own: Mapping[str, Pack]) -> list[Pack]:
    """A pack and all that it inherits, each once: the common pack first, then the pack, then its parents.

    ``own`` holds the packs of a user by name; they stand before the library's own of the same name, and may inherit that.

    Raises:
        PackError: where a pack inherits one that does not exist.
    """
    known, found = set(names()), dict[str, Pack]()

    def visit(wanted: str, child: Pack | None) -> None:
        pack = own.get(wanted)
        if pack is None or pack is child:
            if wanted not in known:
                raise PackError(child.file if child else "", "", f"there is no pack {wanted!r}")
            pack = built_in(wanted)
        if pack.file in found:
            return
        found[pack.file] = pack  # before its parents: a circle of packs ends here
        for parent in pack.inherits:
            visit(parent, pack)

    visit(COMMON, None)
    visit(name, None)
    return list(found.values())
