"""Words of site furniture that the text itself says: a numbered heading or step, a program's, what somebody says, who says it."""

from __future__ import annotations

import numpy as np
import regex

from cleaner.characters import BRACKET, COMMA, DIGIT, FINAL, QUOTE, RULE
from cleaner.lines import Flags, Integers, Page, among

_NUMBER = regex.compile(r"\W{0,3}\p{Nd}{1,3}[.)．、]\s*")
# What stands before and after words that somebody says: quotation marks, with a full stop on either side of the second; or a dash, and
# a full stop.
_SAID = (
    (regex.compile(r"[\"“”„‟«»‹›「『‘‚‛]$"), regex.compile(r"[.,!?…。！？،؟।]{0,3}[\"“”‟«»‹›」』’‘][.,!?…。]{0,3}$")),
    (regex.compile(r"^[–—―-]\s*$"), regex.compile(r"\s?[.!?]{1,2}$")),
    # and the name of a value in data: "comments": [
    (regex.compile(r"[\"']$"), regex.compile(r"[\"']\s?:")),
)
# What follows a word of a program, and with what signs that begins: comments = [], share: {, .menu {, close();
_CODE, _CODED = (
    regex.compile(r"\(\)|\s?(?:[:=]?\s?[{\[]$|=\s|;$)"),
    np.array([ord(sign) for sign in "{[=:;("], np.uint16),
)

# Signs that lead to words which the text itself says.
_OPENS = np.array([QUOTE, FINAL, COMMA, BRACKET])


def of_text(page: Page, line: Integers, start: Integers, end: Integers, chosen: Flags) -> Flags:
    """Which of the chosen hits (from ``start`` to ``end`` of the folded page, the first words of their lines) are such."""
    folded, text = page.folded, page.text
    end = end - (folded.classes[end - 1] == FINAL)  # a phrase's own question mark
    before = start - 1
    before -= folded.codes[before] == 0x20
    after = np.minimum(end, len(folded.classes) - 1)
    left, right = folded.classes[before], folded.classes[after]
    led = among(left, _OPENS) | ((left == RULE) & (right == FINAL))
    led &= folded.where[start] > page.first[line]
    after += (folded.codes[after] == 0x20) & (after < len(folded.classes) - 1)
    said = np.zeros(len(line), bool)
    for hit in np.flatnonzero(chosen & (led | among(folded.codes[after], _CODED))).tolist():
        lead = text[page.first[line[hit]] : folded.where[start[hit]]]
        rest = text[folded.where[end[hit] - 1] + 1 : page.last[line[hit]]]
        said[hit] = (
            _NUMBER.fullmatch(lead)
            or _CODE.match(rest)
            or any(opens.search(lead) and closes.match(rest) for opens, closes in _SAID)
        )
    return said


# How a question ends, and how its answer does, which is so short (characters, ideographs counted twice).
_ASKED, _CLOSED = (np.array([ord(sign) for sign in signs], np.uint16) for signs in ("?؟？", ".。।"))
_SHORT = 24
# How a name or a date does not end: questions, exclamations, and the full stops of scripts that write no initials with them.
_NO_NAME = np.array([ord(sign) for sign in "?!؟！？。।"], np.uint16)
# Years, and the first that a page can be of; those of Persia and of the Hijra are below 1500.
_YEAR, _FIRST_PAGE = regex.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)"), "1990"
# No line of a byline or a dateline is wider.
_DATED = 300


def answers(page: Page) -> Flags:
    """Which lines are short sentences right after a question: "Subscribe." is an interview's answer."""
    last, before = page.codes[page.last - 1], page.codes[np.maximum(page.last - 2, page.first)]
    answer: Flags = among(last, _CLOSED) & (before != 0x2E) & (page.width <= _SHORT)
    answer[1:] &= among(last[:-1], _ASKED)
    answer[:1] = False
    return answer


# A sentence has so many characters, at least, and a label so many at most.
_SENTENCE, _LABEL = 20, 50


def amid_sentences(page: Page, hit: Flags, stop: Integers) -> Flags:
    """Which lines are as short as a label, end in a full stop and stand between two sentences that no rule hits: "Log in." is a step.

    On the labelled pages' main and extracted text rules hit eleven such lines: seven of chrome, one of text, three undecided.

    Args:
        page: the lines.
        hit: those that rules hit.
        stop: how many function words each has.
    """
    last, before = page.codes[page.last - 1], page.codes[np.maximum(page.last - 2, page.first)]
    sentence = (page.classes[page.last - 1] == FINAL) & (page.width >= _SENTENCE) & (stop > 0) & ~hit
    amid: Flags = among(last, _CLOSED) & (before != 0x2E) & (page.width <= _LABEL)
    amid[1:] &= sentence[:-1]
    amid[:-1] &= sentence[1:]
    amid[:1] = amid[-1:] = False
    return amid


def no_byline(page: Page, line: Integers) -> Flags:
    """Which of some lines cannot be a byline or a dateline: "Author: Since when?" is an interview's, "Published in May 1931" a book's."""
    none = among(page.codes[page.last[line] - 1], _NO_NAME)
    for place in np.flatnonzero((page.histogram[line, DIGIT] >= 4) & (page.width[line] <= _DATED)).tolist():
        years = _YEAR.findall(page.text, int(page.first[line[place]]), int(page.last[line[place]]))
        none[place] |= bool(years) and max(years) < _FIRST_PAGE
    return none
