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
# The sign that makes an emoji of the sign before it is a letter's mark to patterns, and no sign.
_EMOJI, _NOTHING = "\ufe0f", "\u200b"
# A line's opening: signs, and the letter or digit after them.
_LEAD = regex.compile(r"\W*+.?", regex.DOTALL)


class Windows(dict[int, tuple[str, list[Window]]]):
    """For each line that is asked for how it opens, and what patterns see of it; each is looked at once.

    A piece stands at the head or the foot of a long line, so of such a line two stretches are seen; they open differently, so there is
    no opening.
    """

    def __init__(self, page: Page) -> None:
        self._page = page

    def __missing__(self, line: int) -> tuple[str, list[Window]]:
        first, last = int(self._page.first[line]), int(self._page.last[line])
        text = self._page.text[first:last].replace(_EMOJI, _NOTHING)
        if last - first <= 2 * WINDOW:
            windows = list(_as_written_and_squeezed(text, first))
            opening = _LEAD.match(windows[-1][0])[0]
        else:
            stretches = ((text[:WINDOW], first), (text[-WINDOW:], last - WINDOW))
            opening, windows = "", [window for stretch in stretches for window in _as_written_and_squeezed(*stretch)]
        self[line] = opening, windows
        return self[line]


def _as_written_and_squeezed(text: str, begin: int) -> Iterator[Window]:
    """A stretch as it stands, and where it has runs of spaces also with one for each, as phrases are matched."""
    yield text, caseless(text), range(begin, begin + len(text) + 1)
    if _RUN.search(text):
        words = list(_WORD.finditer(text))
        places = [place for word in words for place in (*range(*word.span()), word.end())]
        text = " ".join(word[0] for word in words)
        yield text, caseless(text), [begin + place for place in places]
