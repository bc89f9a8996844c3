"""What a site repeats, judged, and written as a site pack that a person can read and edit."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import regex

from cleaner.characters import fold
from cleaner.document import Kind
from cleaner.lines import split
from cleaner.match import Matcher
from cleaner.repeats import BEFORE, JOINED, WHOLE, WRITTEN, calendar_names, said
from cleaner.rules import DEFAULT_LIMIT, ELLIPSIS, MAX_BYTES, MAX_STRING, Effect, Pack, Phrase, Rule

# docs/learning-a-site.md has what other thresholds give on labelled pages.
# A repeat is on at least so many articles; fewer may be a series, or a correction and its article.
PAGES = 3
# The share of a site's articles that makes a line chrome; of running text, which may be a legal formula or a refrain; and a suspicion.
CHROME, RUNNING, SUSPECT = 0.2, 0.5, 0.05
# Running text may stand beside other running text on so many of its pages and yet be chrome.
BESIDE = 0.25
# A line that stands before the text on fewer than this share of its pages, and elsewhere on the others, may be a headline that teasers repeat.
HEADLINE = 0.25
# A glued piece is on at least this share of the articles, and on so many lines of each: speakers and verse numbers stand on more.
GLUED, GLUED_LINES = 0.5, 1.5
# Letters of a piece that says something.
SAYING = 3
# So many phrases or patterns a rule; the most frequent ones come first.
PHRASES, PATTERNS = 1000, 100
EXAMPLES = 3
# The greatest limit that a rule may have.
LONG = 1000
INVENTED = "A sentence of an article, such as this one, is what no rule of this site may hit."

_NUMBERS = regex.compile(r"\p{Nd}(?:[\p{Nd}.,:/-]*\p{Nd})?")
_NUMBER = r"\p{Nd}[\p{Nd}.,:/-]*"
_LETTERS = regex.compile(r"[\p{L}\p{M}][\p{L}\p{M}'’]*+")
_ESCAPED = regex.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


class Repeat(NamedTuple):
    """A line or a glued piece that several articles of a site have; a row of ``cleaner.learn.QUERY``.

    ``part`` is as in ``cleaner.repeats``. ``times`` counts the lines that have it; ``prose``, ``head``, ``foot`` and ``inside`` the articles on which it
    is running text, stands before the first or after the last of it, or between and close to it.
    """

    part: int
    pages: int
    times: int
    prose: int
    head: int
    foot: int
    inside: int
    written: str


@dataclass(frozen=True)
class Found:
    """What is to be a phrase or, where a phrase cannot say it, a pattern of a rule."""

    rule: str
    effect: Effect
    phrase: str
    pattern: str
    need: str
    limit: int
    example: str
    note: str
    used: bool = True


def place_of(repeat: Repeat) -> str:
    """Where on its pages a line stands: head, foot or middle."""
    if 2 * repeat.head > repeat.pages:
        return "head"
    return "foot" if 2 * repeat.foot > repeat.pages else "middle"


def effect_of(repeat: Repeat, of: int) -> Effect | None:
    """What a repeated line is to do, on a site of ``of`` articles: go, be suspected, or nothing.

    >>> menu = Repeat(part=0, pages=6, times=6, prose=0, head=6, foot=0, inside=0, written="Home")
    >>> effect_of(menu, of=10), effect_of(menu._replace(inside=6), of=10), effect_of(menu, of=1000)
    (<Effect.LINE: 'line'>, <Effect.HINT: 'hint'>, None)
    """
    share = repeat.pages / of
    if share < SUSPECT:
        return None
    running = 2 * repeat.prose > repeat.pages
    inside = repeat.inside > (BESIDE if running else 0.5) * repeat.pages
    headline = 0 < repeat.head < HEADLINE * repeat.pages
    sure = share >= (RUNNING if running else CHROME) and not inside and not headline
    return Effect.LINE if sure else Effect.HINT


def _of_line(repeat: Repeat, of: int) -> Found | None:
    effect, words = effect_of(repeat, of), said(repeat.written)
    if effect is None or not words:
        return None
    name = place_of(repeat) if effect is Effect.LINE else "perhaps"
    note = f"{repeat.pages} of {of}"
    if len(repeat.written) == WRITTEN:
        start = words[: MAX_STRING - 2].rsplit(" ", 1)[0].split(ELLIPSIS)[0].rstrip()
        if len(start) < MAX_STRING // 4:
            return None
        return Found(f"{name}-long", effect, f"{start} {ELLIPSIS}", "", "", LONG, repeat.written[:MAX_STRING], note)
    dated = bool(_NUMBERS.search(repeat.written))
    if not _NUMBERS.search(words) and ELLIPSIS not in words and not (dated and any(map(_in_calendar, words.split()))):
        return Found(name, effect, words, "", "", DEFAULT_LIMIT, repeat.written, note)
    pattern, need = _pattern(words, dated)
    return Found(f"{name}-numbered", effect, "", pattern, need, LONG, repeat.written, note) if need else None


def _in_calendar(word: str) -> bool:
    return fold(said(word)) in calendar_names()


def _pattern(words: str, dated: bool) -> tuple[str, str]:
    """A line as a pattern, its numbers, months and days open; and the literal that such a line must have, empty where there is none."""
    needs, pieces = [""], []
    for word in words.split():
        if dated and _in_calendar(word):
            pieces.append(r"[\p{L}\p{M}.,]+")
            continue
        pieces.append(_NUMBER.join(regex.escape(piece, special_only=True) for piece in _NUMBERS.split(word)))
        needs += _LETTERS.findall(word)
    return r"^[^\p{L}]*" + r"\s+".join(pieces) + r"[^\p{L}]*$", max(needs, key=len)


def _of_piece(repeat: Repeat, of: int) -> Found | None:
    """A rule for what is glued to lines: to long ones, and then it is cut; or to short ones alone, and then they are labels and what they label."""
    words = repeat.written.strip()
    if repeat.pages < GLUED * of or ELLIPSIS in words:
        return None
    note, used = f"{repeat.pages} of {of}", repeat.times <= GLUED_LINES * repeat.pages
    if repeat.part == BEFORE and not said(words) and words.isdigit():
        pattern = r"^\p{Nd}+(?=(?-i:\p{Lu}\p{Ll}))"
        return Found(
            "glued-numbers", Effect.INLINE, "", pattern, "{digit}", DEFAULT_LIMIT, f"{words}Example", note, used
        )
    if len(fold(said(words))) < SAYING or _NUMBERS.search(words):
        return None
    if not repeat.prose and repeat.part == BEFORE and 2 * repeat.inside <= repeat.pages:
        return Found("labels", Effect.LINE, f"{words} {ELLIPSIS}", "", "", DEFAULT_LIMIT, f"{words} {ELLIPSIS}", note)
    if 2 * repeat.prose <= repeat.pages:
        return None
    if repeat.part == JOINED:
        pattern, need = r"(?<=\p{Ll})(?-i:" + regex.escape(words, special_only=True) + ")$", words.split()[-1]
        return Found("glued-joined", Effect.INLINE, "", pattern, need, DEFAULT_LIMIT, f"Example{words}", note, used)
    phrase, example = (
        (f"{words} {ELLIPSIS}", f"{words} {INVENTED}")
        if repeat.part == BEFORE
        else (f"{ELLIPSIS} {words}", f"{INVENTED} {words}")
    )
    return Found("glued", Effect.INLINE, phrase, "", "", DEFAULT_LIMIT, example, note, used)


def _judged(repeats: Iterable[Repeat], of: int) -> Iterator[Found]:
    seen: set[tuple[str, str]] = set()
    pieces: list[Found] = []
    for repeat in repeats:
        found = _of_line(repeat, of) if repeat.part == WHOLE else _of_piece(repeat, of)
        if not found or (found.phrase, found.pattern) in seen:
            continue
        seen.add((found.phrase, found.pattern))
        if repeat.part == WHOLE:
            yield found
        # "Home » News »" says no more than "Home »" where both are on as many pages
        elif not any(_within(found, other) or _within(other, found) for other in pieces):
            pieces.append(found)
            yield found


def _within(found: Found, other: Found) -> bool:
    """Whether one piece is the beginning or the end of another."""
    words, part = other.phrase.strip(ELLIPSIS + " "), found.phrase.strip(ELLIPSIS + " ")
    return bool(words and part) and found.rule == other.rule and (words.startswith(part) or words.endswith(part))


def _rule(site: str, found: Found, number: int) -> Rule:
    phrases = (Phrase.parse(found.phrase),) if found.phrase else ()
    patterns, needs = ((found.pattern,), (found.need,)) if found.pattern else ((), ())
    return Rule(f"{site}.{number}", Kind.NAVIGATION, found.effect, phrases, patterns, needs, found.limit, False, (), ())


def _proven(site: str, found: Sequence[Found], sentence: str) -> list[Found]:
    """Those that hit what they were made from, and not the counterexample; pieces may be glued to that, too."""
    short = [each for each in found if max(len(each.phrase), len(each.pattern), len(each.example)) <= MAX_STRING]
    matcher = Matcher([Pack(site, site, rules=tuple(_rule(site, each, number) for number, each in enumerate(short)))])
    examples = split("\n".join([each.example for each in short] + [sentence]))
    if len(examples) != len(short) + 1:
        raise AssertionError("an example is one line")
    hits = matcher.match(examples)
    own = set(hits.rule[hits.rule == hits.line].tolist())
    wrong = {
        number for number in hits.rule[hits.line == len(short)].tolist() if short[number].effect is not Effect.INLINE
    }
    return [each for number, each in enumerate(short) if number in own - wrong]


def quoted(text: str) -> str:
    """A string as TOML has it, in quotes, with nothing in it that an editor would not show.

    >>> print(quoted('She said "no"\\t.'))
    "She said \\"no\\"\\t."
    """
    return str(_ESCAPED.sub(lambda hit: f"\\u{ord(hit[0]):04x}", json.dumps(text, ensure_ascii=False)))


def _listed(name: str, values: Iterable[tuple[str, str]]) -> str:
    return (
        f"{name} = [\n"
        + "".join(f"    {quoted(value)},{f'  # {note}' if note else ''}\n" for value, note in values)
        + "]\n"
    )


def _written(name: str, rules: Sequence[Found], sentence: str) -> str:
    first = rules[0]
    text = f'[navigation.{name}]\neffect = "{first.effect}"\n'
    if first.limit != DEFAULT_LIMIT:
        text += f"limit = {first.limit}\n"
    if first.phrase:
        text += _listed("phrases", ((each.phrase, each.note) for each in rules[:PHRASES]))
    else:
        text += _listed("patterns", ((each.pattern, each.note) for each in rules[:PATTERNS]))
        text += _listed("needs", ((need, "") for need in dict.fromkeys(each.need for each in rules[:PATTERNS])))
    text += _listed("examples", ((each.example, "") for each in rules[:EXAMPLES]))
    return text + _listed("counterexamples", [(INVENTED if first.effect is Effect.INLINE else sentence, "")])


_HEADER = """\
# What {site} repeats, learned from {of} of its articles; beside each line, how many of them have it.
# Written by "cleaner learn"; yours to edit: delete what is body, move lines to other rules and kinds (docs/writing-a-pack.md).
sites = [{quoted}]
"""


def site_pack(site: str, of: int, sentence: str | None, repeats: Iterable[Repeat]) -> str | None:
    """The text of a site's pack; None where it repeats nothing that a rule could say.

    Args:
        site: its domain.
        of: how many articles of it were looked at.
        sentence: a line of running text that one of them alone has; the rules' counterexample.
        repeats: what they repeat, the most frequent first.

    Example:
        >>> menu = Repeat(part=0, pages=6, times=6, prose=0, head=6, foot=0, inside=0, written="Home")
        >>> print(site_pack("example.com", 10, "The bridge is open again.", [menu]))  # doctest: +ELLIPSIS
        # What example.com repeats, learned from 10 of its articles; beside each line, how many of them have it.
        ...
    """
    sentence = sentence or INVENTED
    groups: dict[str, list[Found]] = defaultdict(list)
    unused = []
    for each in _proven(site, list(_judged(repeats, of)), sentence):
        if each.used:
            groups[each.rule].append(each)
        else:
            unused.append(each)
    if not groups and not unused:
        return None
    text = _HEADER.format(site=site, of=of, quoted=quoted(site))
    for name in sorted(groups):
        rule = "\n" + _written(name, groups[name], sentence)
        if len((text + rule).encode()) < MAX_BYTES:
            text += rule
    if unused:
        text += "\n# Not used, because several lines of a page have it, as with the names of speakers:\n"
        text += "".join(f"# {quoted(each.phrase or each.pattern)}  # {each.note}\n" for each in unused)
    return text
