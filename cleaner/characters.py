"""What a character is, and its folded form, as tables over the Basic Multilingual Plane.

A page is handled as an array of code points; one look-up in each table classes and folds all of it.
Characters past the plane (emoji, rare ideographs) are classed as symbols and folded to U+FFFD.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

# Classes, exclusive of one another, so that one histogram counts them all.
CLASSES = 18
(
    SYMBOL,
    SPACE,
    LOWER,
    UPPER,
    LETTER,  # without case: Arabic, Hebrew, the Indic scripts, Thai
    HANGUL,  # a syllable each, in words that spaces set apart
    WIDE,  # ideographs and kana, in words that nothing sets apart
    RUNNING,  # letters in words that nothing sets apart: Thai, Lao, Burmese, Khmer
    DIGIT,
    FINAL,
    COMMA,
    QUOTE,
    BRACKET,
    RULE,
    NEWLINE,
    NOTHING,
    MARK,
    SIGN,
) = range(CLASSES)

LINE_ENDS = "\n\r\x0b\x0c\x85\u2028\u2029"
_GROUPS = {
    NEWLINE: LINE_ENDS,
    NOTHING: "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufe0e\ufe0f\ufeff",
    # sentence enders of all scripts: Latin, CJK, Devanagari, Urdu, Arabic, Armenian, Ethiopic, Khmer, Burmese, Tibetan
    FINAL: ".!?…‥。！？．｡।॥۔؟։።፧៕།‼⁇⁈⁉",
    COMMA: ",;:،؛、，；：､׃",
    QUOTE: "\"'`´‘’‚‛“”„‟«»‹›「」『』〝〞＂＇《》〈〉″′",
    BRACKET: "()[]{}（）［］｛｝【】〔〕〖〗",
    RULE: "|¦/\\•·‣◦●○■□▪▫◆◇►▶▷◄◀→←↑↓⇒>＞<＜–—―‐‑-_=*#~+＋｜／・★☆♦♥✓✔✉☰×✕❯❮▸▾▲△▼▽§¶†⋅∙",
    SIGN: "©®™@&$€£¥%§№℗＠＆％",
}
# One form for letters and punctuation that sites use for one another, beside case, width and accents.
_SAME = {
    "’‘‚‛`´ʼ＇ʹ′": "'",
    "“”„‟〝〞＂″«»‹›": '"',
    "–—―‐‑−－": "-",
    "ıİ": "i",
    "ς": "σ",
    "ß": "s",
    "ø": "o",
    "đ": "d",
    "ł": "l",
    "أإآٱ": "ا",
    "یى": "ي",
    "ک": "ك",
    "ۀةہە": "ه",
    # Malayalam's final consonants have a letter of their own since Unicode 5.1, and were a consonant and a virama before
    "ൺ": "ണ",
    "ൻ": "ന",
    "ർ": "ര",
    "ൽ": "ല",
    "ൾ": "ള",
    "ൿ": "ക",
    "：": ":",
    "｜": "|",
    "・": "·",
}
_ACCENTS = (
    (0x300, 0x370),
    (0x591, 0x5C8),
    (0x610, 0x61B),
    (0x640, 0x641),  # tatweel, which stretches Arabic words
    (0x64B, 0x660),
    (0x670, 0x671),
    (0x6D6, 0x6DD),
    (0x93C, 0x93D),
    (0x9BC, 0x9BD),
    (0xA3C, 0xA3D),
    (0xABC, 0xABD),
    (0xD4D, 0xD4E),
)
# Ideographs, Hangul syllables, private use: neither case nor accents, so the slow path is not taken for them.
_PLAIN = ((0x3400, 0xA000), (0xAC00, 0xD7A4), (0xE000, 0xF900))
_RUNNING = ((0xE00, 0xF00), (0x1000, 0x10A0), (0x1780, 0x1800))
_KANA = ((0x3041, 0x3100), (0xFF66, 0xFFA0))
_CLASS_OF_CATEGORY = {
    "Ll": LOWER,
    "Lu": UPPER,
    "Lt": UPPER,
    "Nd": DIGIT,
    "Pf": QUOTE,
    "Pi": QUOTE,
    "Ps": BRACKET,
    "Pe": BRACKET,
}


_SAME_OF = {character: to for characters, to in _SAME.items() for character in characters}
_ACCENT_CODES = frozenset(code for low, high in _ACCENTS for code in range(low, high))


def fold_character(character: str) -> str:
    """One character's folded form: lower case, no accent, narrow, ASCII digits; itself where there is none."""
    if character in _SAME_OF:
        return _SAME_OF[character]
    if character.isdigit():
        return str(unicodedata.digit(character))
    narrow = unicodedata.normalize("NFKC", character)
    lowered = (narrow if len(narrow) == 1 else character).lower()
    base = "".join(c for c in unicodedata.normalize("NFD", lowered) if ord(c) not in _ACCENT_CODES)
    folded = next((form for form in (base, lowered) if len(form) == 1 and form <= "\uffff"), character)
    return _SAME_OF.get(folded, folded)


def _class_of_category(category: str) -> int:
    """The class of a category's characters, but for those that ``_GROUPS``, accents and kana name one by one."""
    if category in _CLASS_OF_CATEGORY:
        return _CLASS_OF_CATEGORY[category]
    if category[0] in "LM" or category == "Nl":
        return LETTER
    if category == "Zs":
        return SPACE
    return NOTHING if category in ("Cc", "Cf", "Cs") else SYMBOL


def _classes(codes: npt.NDArray[np.intp], characters: str) -> npt.NDArray[np.uint8]:
    """The class of each of the plane's code points; ``codes`` are those that are not the same throughout a block."""
    classes = np.full(0x10000, WIDE, np.uint8)
    classes[0xAC00:0xD7A4] = HANGUL
    classes[0xE000:0xF900] = SYMBOL
    categories = list(map(unicodedata.category, characters))
    of = {category: _class_of_category(category) for category in set(categories)}
    classes[codes] = np.fromiter(map(of.__getitem__, categories), np.uint8, len(codes))
    # from here on the stronger reason comes later: control characters that space, kana, accents, single characters
    spaces = codes[np.fromiter(map(str.isspace, characters), bool, len(codes))]
    classes[spaces] = SPACE
    for low, high in _KANA:
        classes[low:high] = WIDE
    for low, high in _RUNNING:
        classes[low:high][classes[low:high] == LETTER] = RUNNING
    for low, high in _ACCENTS:
        classes[low:high] = MARK
    for group, members in reversed(_GROUPS.items()):
        classes[[ord(member) for member in members]] = group
    return classes


@lru_cache(maxsize=1)
def tables() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint16]]:
    """The class and the folded form of each of the plane's 65,536 code points; made once, in some 15 ms."""
    plain = np.zeros(0x10000, bool)
    for low, high in _PLAIN:
        plain[low:high] = True
    codes = np.flatnonzero(~plain)
    characters = codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    classes = _classes(codes, characters)
    folded = np.arange(0x10000, dtype=np.uint16)
    # a character without case, decomposition or value as a digit folds to itself: so do three quarters of them
    changes = [
        character
        for character, parts, lowered, digit in zip(
            characters,
            map(unicodedata.decomposition, characters),
            map(str.lower, characters),
            map(str.isdigit, characters),
            strict=True,
        )
        if parts or digit or lowered != character
    ]
    for character in (*changes, *_SAME_OF):
        folded[ord(character)] = ord(fold_character(character))
    folded[(classes == SPACE) | (classes == NOTHING)] = 0x20
    folded[classes == NEWLINE] = 0x0A
    folded[0xD800:0xE000] = 0xFFFD
    return classes, folded


def is_word(classes: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Where the characters of words that spaces set apart stand: letters and digits, ideographs and kana left out."""
    # comparisons of bytes run some ten times faster than a look-up; classes below LOWER wrap round to large numbers
    letter_or_digit = (classes - np.uint8(LOWER) <= DIGIT - LOWER) & (classes != WIDE) & (classes != RUNNING)
    return np.asarray(letter_or_digit | (classes == MARK), bool)


def fold(text: str) -> str:
    """A string in its folded form, spaces run together: what phrases and pages are compared in.

    >>> fold("Σχόλια  ΑΝΑΓΝΩΣΤΏΝ")
    'σχολια αναγνωστων'
    """
    return " ".join(_folded(text).split())


def fold_all(texts: Sequence[str]) -> list[str]:
    """Many strings in their folded form, at once: for a few words each, 10 times as fast as one by one."""
    lines = _folded("\n".join(texts)).split("\n")
    if len(lines) != len(texts):  # line breaks inside the strings, or no strings
        return [fold(text) for text in texts]
    return [" ".join(line.split()) for line in lines]


def _folded(text: str) -> str:
    classes, folded = tables()
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = np.minimum(codes, 0xFFFF).astype(np.uint16)
    of = classes[codes]
    kept = codes[(of != NOTHING) & (of != MARK)]
    return str(folded[kept].astype("<u2").tobytes(), "utf-16-le", "replace")
