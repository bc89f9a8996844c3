"""What a character is, and its folded form, as tables over the Basic Multilingual Plane.

A page is handled as an array of code points; one look-up in each table classes and folds all of it.
Characters past the plane (emoji, rare ideographs) are classed as symbols and folded to U+FFFD.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
import numpy.typing as npt

# Classes, exclusive of one another, so that one histogram counts them all.
SYMBOL, SPACE, LOWER, UPPER, LETTER, WIDE, DIGIT, FINAL, COMMA, QUOTE, BRACKET, RULE, NEWLINE, NOTHING, MARK, SIGN = (
    range(16)
)
CLASSES = 16

_GROUPS = {
    NEWLINE: "\n\r\x0b\x0c\x85\u2028\u2029",
    NOTHING: "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufe0e\ufe0f\ufeff",
    # sentence enders of all scripts: Latin, CJK, Devanagari, Urdu, Arabic, Armenian, Ethiopic, Khmer, Burmese, Tibetan
    FINAL: ".!?…‥。！？．｡।॥۔؟։።፧។៕။།‼⁇⁈⁉·;".replace("·", "").replace(";", ""),
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
    "：": ":",
    "｜": "|",
    "・": "·",
}
_ACCENTS = (
    (0x300, 0x370),
    (0x591, 0x5C8),
    (0x610, 0x61B),
    (0x64B, 0x660),
    (0x670, 0x671),
    (0x6D6, 0x6DD),
    (0x93C, 0x93D),
    (0x9BC, 0x9BD),
    (0xA3C, 0xA3D),
    (0xABC, 0xABD),
)
# Ideographs, Hangul syllables, private use: neither case nor accents, so the slow path is not taken for them.
_PLAIN = ((0x3400, 0xA000), (0xAC00, 0xD7A4), (0xE000, 0xF900))
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


def fold_character(character: str) -> str:
    """One character's folded form: lower case, no accent, narrow, ASCII digits; itself where there is none."""
    if character in _SAME_OF:
        return _SAME_OF[character]
    if character.isdigit():
        return str(unicodedata.digit(character))
    narrow = unicodedata.normalize("NFKC", character)
    lowered = (narrow if len(narrow) == 1 else character).lower()
    base = "".join(c for c in unicodedata.normalize("NFD", lowered) if not is_accent(ord(c)))
    folded = next((form for form in (base, lowered) if len(form) == 1 and form <= "\uffff"), character)
    return _SAME_OF.get(folded, folded)


def is_accent(code: int) -> bool:
    """Whether a combining character only accents its base (Latin, Greek, Cyrillic, Hebrew points, Arabic vowels, Indic nuktas)."""
    return any(low <= code < high for low, high in _ACCENTS)


def _class(character: str) -> int:
    for group, members in _GROUPS.items():
        if character in members:
            return group
    code = ord(character)
    if is_accent(code):
        return MARK
    category = unicodedata.category(character)
    if category in _CLASS_OF_CATEGORY:
        return _CLASS_OF_CATEGORY[category]
    if 0x3041 <= code < 0x3100 or 0xFF66 <= code < 0xFFA0:
        return WIDE
    if category[0] in "LM" or category == "Nl":
        return LETTER
    if category == "Zs" or character.isspace():
        return SPACE
    if category in ("Cc", "Cf", "Cs"):
        return NOTHING
    return SYMBOL


@lru_cache(maxsize=1)
def tables() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint16]]:
    """The class and the folded form of each of the plane's 65,536 code points; made once, in some 30 ms."""
    classes = np.full(0x10000, WIDE, np.uint8)
    folded = np.arange(0x10000, dtype=np.uint16)
    plain = np.zeros(0x10000, bool)
    for low, high in _PLAIN:
        plain[low:high] = True
    classes[0xE000:0xF900] = SYMBOL
    for code in np.flatnonzero(~plain).tolist():
        character = chr(code)
        classes[code] = _class(character)
        if not 0xD800 <= code < 0xE000:
            folded[code] = ord(fold_character(character))
    folded[(classes == SPACE) | (classes == NOTHING)] = 0x20
    folded[classes == NEWLINE] = 0x0A
    folded[0xD800:0xE000] = 0xFFFD
    return classes, folded


def is_word(classes: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Where the characters of words that spaces set apart stand: letters and digits, ideographs and kana left out."""
    return np.asarray(_WORD[classes], bool)


_WORD = np.zeros(CLASSES, bool)
_WORD[[LOWER, UPPER, LETTER, DIGIT, MARK]] = True


def fold(text: str) -> str:
    """A string in its folded form, spaces run together: what phrases and pages are compared in.

    >>> fold("Σχόλια  ΑΝΑΓΝΩΣΤΏΝ")
    'σχολια αναγνωστων'
    """
    classes, folded = tables()
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = np.minimum(codes, 0xFFFF).astype(np.uint16)
    kept = (classes[codes] != NOTHING) & (classes[codes] != MARK)
    return " ".join(folded[codes[kept]].astype("<u2").tobytes().decode("utf-16-le", "replace").split())
