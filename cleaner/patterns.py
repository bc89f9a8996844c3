"""A pack's patterns: their placeholders and their compiled form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import regex

from cleaner import prefilter
from cleaner.characters import fold
from cleaner.pieces import FLAGS, Piece, parse
from cleaner.rules import Calendar, PackError

_DIGITS = r"\p{Nd}"
_PLACEHOLDERS = {
    "number": rf"{_DIGITS}(?:[{_DIGITS}.,' ]{{0,14}}{_DIGITS})?(?:\s?[kKMmт]\b)?",
    "time": rf"{_DIGITS}{{1,2}}\s?[:.hH點点時时시]\s?{_DIGITS}{{2}}(?:[:.分]{_DIGITS}{{2}})?分?(?:\s?(?:[ap]\.?\s?m\.?|uhr|hrs?|h|ч|час(?:а|ов)|год)\b\.?)?",
    "year": rf"{_DIGITS}{{4}}",
    "name": r"(?-i:\p{Lu}[\p{L}\p{M}'’.-]*+(?:\s(?:(?:d[aeiou]s?|del|della|von|van|der|den|ter|el|al|bin|bint|ben|y|e|i|la|le|di|af|zu|dos)\s){0,3}(?:\p{Lu}[\p{L}\p{M}'’.-]*+|[dlDL]['’]\p{Lu}[\p{L}\p{M}-]*+)){0,4})",
}
# What stands between words that somebody says and who says them: "…, he said", "…" he said, "…, — he said".
_PLACEHOLDERS["pause"] = (
    r"(?:(?:[,;،؛][\"“”»«’']?|[?!…؟][\"“”»«’']?(?=\s(?-i:\P{Lu}))|(?<=[\p{L}\p{M}\p{N}.,!?…।۔])[\"“”»«])\s(?:[–—-]\s)?)"
)
_NUMERIC_DATE = rf"{_DIGITS}{{1,4}}\s?[./年년-]\s?{_DIGITS}{{1,2}}\s?[./月월-]\s?{_DIGITS}{{1,4}}[日일号號]?\.?|{_DIGITS}{{1,2}}(?:/{_DIGITS}{{1,2}}|\.{_DIGITS}{{1,2}}\.|[月월]\s?{_DIGITS}{{1,2}}[日일])"
_CONNECTED = r"[\s.,]*+(?:[\p{L}\p{M}'’]{1,3}+[\s.]++)?"
_NAMED_DATE = (
    rf"{_DIGITS}{{1,2}}(?:st|nd|rd|th|er|º|°|\.|-?го)?{_CONNECTED}\L<month>(?:{_CONNECTED}{_DIGITS}{{2,4}})?"
    rf"|\L<month>{_CONNECTED}{_DIGITS}{{1,2}}(?:st|nd|rd|th|º|\.)?(?:[\s,.]*+{_DIGITS}{{4}})?"
    rf"|{_DIGITS}{{4}}{_CONNECTED}\L<month>{_CONNECTED}{_DIGITS}{{1,2}}"
)
_PLACEHOLDERS["date"] = rf"(?:(?:\L<weekday>[\s,.]*+)?(?:{_NAMED_DATE}|{_NUMERIC_DATE})\s?(?:г\.|р\.|года|року)?)"
_PLACEHOLDERS["month"], _PLACEHOLDERS["weekday"] = r"\L<month>", r"\L<weekday>"


# Repetitions in repetitions multiply; no line has room for more.
MOST_REPEATED = 1_000


@dataclass(frozen=True, slots=True)
class Names:
    """The names of months and days and the relative times of some calendars, each once."""

    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    ago: tuple[str, ...]

    @classmethod
    def of(cls, calendars: Sequence[Calendar]) -> Names:
        """The names of all the calendars, with straight apostrophes too where CLDR has typographic ones."""
        return cls(
            _spellings(name for calendar in calendars for names in calendar.months for name in names),
            _spellings(name for calendar in calendars for name in calendar.weekdays),
            _spellings(time for calendar in calendars for time in calendar.ago),
        )


# Names in scripts whose accents are often left out.
_ACCENTED = regex.compile(r"(?!\p{ASCII}*$)[\p{Latin}\p{Greek}\p{ASCII}’]*")


def _spellings(names: Iterable[str]) -> tuple[str, ...]:
    """Names as they are written: as CLDR has them, with straight apostrophes, and without accents ("12 Subat", "MIERCOLES", "Lunedi' 3")."""
    written: dict[str, None] = {}
    for name in names:
        written |= dict.fromkeys((name, name.replace("’", "'")))
        if _ACCENTED.fullmatch(name):
            bare = fold(name)
            written |= dict.fromkeys((bare, f"{bare}'") if name[-1] in "àèìòù" else (bare,))
    return tuple(written)


class Pattern:
    """A pattern with its placeholders filled in, compiled at the first line that it may match: most never meet one.

    Attributes:
        may_open: see ``prefilter.opening``.

    Args:
        written: as the pack has it.
        names: what stands for the placeholders of months, days and relative times.
        rule: whose it is, for messages.

    Raises:
        PackError: where it has a placeholder that there is not, or knows no bound.
    """

    def __init__(self, written: str, names: Names, rule: str) -> None:
        self._written, self._names, self._rule = written, names, rule
        self._source = regex.sub(r"\{([a-z]+)\}", self._fill, written)
        lists = {"month": names.months or ("\x00",), "weekday": names.weekdays or ("\x00",)}
        self._lists = {name: words for name, words in lists.items() if rf"\L<{name}>" in self._source}
        try:
            pieces = parse(self._source)
        except ValueError as error:
            raise PackError("", rule, f"pattern {written!r}: {error}") from None
        if _repetitions(pieces) > MOST_REPEATED:
            raise PackError("", rule, f"pattern {written!r}: it repeats something more than {MOST_REPEATED:,} times")
        self.may_open = prefilter.opening(pieces, self._lists)
        self._literals = prefilter.literals(pieces, self._lists)

    def _fill(self, match: regex.Match[str]) -> str:
        if match[1] == "ago":
            return "(?:" + "|".join(map(_time, self._names.ago or ("\x00",))) + ")"
        if match[1] not in _PLACEHOLDERS:
            known = ", ".join(sorted((*_PLACEHOLDERS, "ago")))
            raise PackError("", self._rule, f"there is no placeholder {{{match[1]}}}; there are {known}")
        return f"(?:{_PLACEHOLDERS[match[1]]})"

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        """The pattern, compiled.

        Raises:
            PackError: where it is not one.
        """
        try:
            return regex.compile(self._source, FLAGS, cache_pattern=False, **self._lists)
        except regex.error as error:
            raise PackError("", self._rule, f"pattern {self._written!r}: {error}") from None

    def may_match(self, caseless: str) -> bool:
        """Whether a text, in its caseless form, has one of the literals without which the pattern does not match."""
        # a loop: "any" takes twice as long, and most patterns have one literal
        for literal in self._literals:
            if literal in caseless:
                return True
        return not self._literals


def _repetitions(branches: Sequence[Sequence[Piece]]) -> int:
    """How often the piece that is repeated most is repeated, counting that the groups around it are repeated, too."""
    return max((_counted(piece) for branch in branches for piece in branch), default=1)


def _counted(piece: Piece) -> int:
    times = max(1, *map(int, regex.findall(r"\d+", piece.repeated))) if piece.repeated[:1] == "{" else 1
    return times * _repetitions(piece.branches)


def _time(written: str) -> str:
    """A relative time as a pattern; "#" stands for its number."""
    return str(regex.escape(written, special_only=True)).replace(r"\#", "#").replace("#", _DIGITS + "{1,3}")
