"""Words of site furniture that the text itself says: a numbered heading or step, what somebody says, who says it."""

from __future__ import annotations

import numpy as np
import regex

from cleaner.characters import BRACKET, COMMA, FINAL, QUOTE, RULE
from cleaner.lines import Flags, Integers, Page

_NUMBER = regex.compile(r"\W{0,3}\p{Nd}{1,3}[.)．、]\s*")
# What stands before and after words that somebody says: quotation marks, with a full stop on either side of the second; or a dash, and
# a full stop.
_SAID = (
    (regex.compile(r"[\"“”„‟«»‹›「『‘‚‛]$"), regex.compile(r"[.,!?…。！？،؟।]{0,3}[\"“”‟«»‹›」』’‘][.,!?…。]{0,3}$")),
    (regex.compile(r"^[–—―-]\s*$"), regex.compile(r"\s?[.!?]{1,2}$")),
)


def of_text(page: Page, line: Integers, start: Integers, end: Integers, chosen: Flags) -> Flags:
    """Which of the chosen hits (from ``start`` to ``end`` of the folded page, the first words of their lines) are such."""
    folded, text = page.folded, page.text
    end = end - (folded.classes[end - 1] == FINAL)  # a phrase's own question mark
    before = start - 1
    before -= folded.codes[before] == 0x20
    left, right = folded.classes[before], folded.classes[np.minimum(end, len(folded.classes) - 1)]
    led = np.isin(left, (QUOTE, FINAL, COMMA, BRACKET)) | ((left == RULE) & (right == FINAL))
    led &= folded.where[start] > page.first[line]
    said = np.zeros(len(line), bool)
    for hit in np.flatnonzero(chosen & led).tolist():
        lead = text[page.first[line[hit]] : folded.where[start[hit]]]
        rest = text[folded.where[end[hit] - 1] + 1 : page.last[line[hit]]]
        said[hit] = _NUMBER.fullmatch(lead) or any(opens.search(lead) and closes.match(rest) for opens, closes in _SAID)
    return said


# How a name or a date does not end: questions, exclamations, and the full stops of scripts that write no initials with them.
_NO_NAME = np.array([ord(sign) for sign in "?!؟！？。।"], np.uint16)


def speaks(page: Page) -> Flags:
    """Which lines end as no byline and no dateline does: "Author: Since when?" is an interview's."""
    return np.isin(page.codes[page.last - 1], _NO_NAME)
