"""What patterns see of a line: as it stands, and with one space for each run of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from cleaner.lines import Page
from cleaner.prefilter import caseless

# Of a line that is longer than two of these only its first and its last characters, so many, are looked at.
WINDOW = 300
# What patterns see: a text, its caseless form, and for each of its characters and its end the place in the source.
Window = tuple[str, str, Sequence[int]]
_RUN, _WORD = regex.compile(r"\s\s"), regex.compile(r"\S+")
# A line's opening: signs, and the letter or digit after them.
_LEAD = regex.compile(r"\W*+.?", regex.DOTALL)


def windows_of(page: Page, line: int) -> tuple[str, list[Window]]:
    """What patterns see of a line: a piece stands at the head or the foot of a long one, so two stretches of it.

    Before it how the line opens; nothing where there are two, as they open differently.
    """
    first, last = int(page.first[line]), int(page.last[line])
    text = page.text[first:last]
    if last - first <= 2 * WINDOW:
        windows = list(_as_written_and_squeezed(text, first))
        return _LEAD.match(windows[-1][0])[0], windows
    ends = ((text[:WINDOW], first), (text[-WINDOW:], last - WINDOW))
    return "", [window for stretch in ends for window in _as_written_and_squeezed(*stretch)]


def _as_written_and_squeezed(text: str, begin: int) -> Iterator[Window]:
    """A stretch as it stands, and where it has runs of spaces also with one for each, as phrases are matched."""
    yield text, caseless(text), range(begin, begin + len(text) + 1)
    if _RUN.search(text):
        words = list(_WORD.finditer(text))
        places = [place for word in words for place in (*range(*word.span()), word.end())]
        text = " ".join(word[0] for word in words)
        yield text, caseless(text), [begin + place for place in places]
