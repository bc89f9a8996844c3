"""The bytes of a page as text: what encoding they are in, whatever the page says of itself."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]+)|<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.I
)
# A declaration stands among so many bytes; the Encoding Standard asks for the first 1024, pages are less careful.
_DECLARED_WITHIN = 8192
# What pages mean by these names (https://encoding.spec.whatwg.org/#names-and-labels): their supersets.
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
# What all encodings of pages have alike, and codecs for other things do not.
_ASCII = b"<p>\\u0041"
# Characters that show a wrong encoding: none of them stands in a page of any language in numbers.
_BROKEN = re.compile(r"[\x80-\x9f\ufffd\ue000-\uf8ff]")
# A page may have so many broken characters among those beyond ASCII, and still be of its encoding.
_BROKEN_AT_MOST = 0.05
# So many bytes of text beyond ASCII, and of what stands around it, are looked at where an encoding is guessed.
_SAMPLE = 20_000
_AROUND = 2000
_TAGS = re.compile(rb"[<>]")
# Fewer bytes beyond ASCII tell no encoding from another.
_TELLING = 20


def decode(data: bytes, stated: str | None = None) -> str:
    """The text of a page's bytes; what fits no encoding becomes U+FFFD.

    A byte order mark is believed first, then the bytes themselves where they are UTF-8, then what the server stated, then what the
    page declares, both unless the bytes speak against it, then the guess of charset-normalizer.

    Args:
        data: the page.
        stated: the charset that came with it, as in its HTTP header; one that nobody knows is none.

    Examples:
        >>> decode('<meta charset="windows-1251"><p>Мост открыт'.encode("cp1251"))
        '<meta charset="windows-1251"><p>Мост открыт'
        >>> decode("<p>“Già”".encode("cp1252"), "ISO-8859-1")
        '<p>“Già”'
    """
    if (marked := by_mark(data)) is not None:
        return marked
    if unmarked := _without_mark(data):
        return data.decode(unmarked, "replace")
    text = data.decode("utf-8", "replace")
    if not _is_broken(text):
        return text
    sample = _sample(data[:2_000_000])
    named = [encoding for encoding in (_meant(stated), _meant(_declared(data))) if encoding]
    for encoding in _guesses(sample, named):
        found = data.decode(encoding, "replace")
        if not _is_broken(found):
            return found
    return data.decode(named[0], "replace") if named else text


def by_mark(data: bytes) -> str | None:
    """The text of bytes that begin with a byte order mark, without it; None where they do not."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace").removeprefix("\ufeff")
    return None


def _sample(data: bytes) -> bytes:
    """The stretches between tags that have bytes beyond ASCII: of each what stands around the first of them."""
    found, length = [], 0
    for stretch in _TAGS.split(data):
        if stretch.isascii() or length >= _SAMPLE:
            continue
        at = next(place for place, byte in enumerate(stretch) if byte > 0x7F)
        found.append(stretch[max(at - _AROUND, 0) : at + _AROUND])
        length += len(found[-1])
    return b"\n".join(found)[:_SAMPLE]


def _without_mark(data: bytes) -> str | None:
    """UTF-16 by its zero bytes: markup is mostly ASCII."""
    start = data[:200]
    if len(start) < 8:
        return None
    even, odd = start[::2].count(0) / len(start[::2]), start[1::2].count(0) / len(start[1::2])
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.1 else None


def _is_broken(text: str) -> bool:
    broken = len(_BROKEN.findall(text))
    return broken > 0 and broken > _BROKEN_AT_MOST * sum(not character.isascii() for character in text)


def _declared(data: bytes) -> str | None:
    """The encoding that a page names."""
    found = _DECLARED.search(data[:_DECLARED_WITHIN])
    return (found[1] or found[2]).decode("ascii") if found else None


def _meant(charset: str | None) -> str | None:
    """What is meant by a charset's name, as Python calls it; None where that is no encoding that is still to be tried."""
    try:
        name = codecs.lookup(charset or "").name
        if name.startswith("utf") or _ASCII.decode(name, "replace") != _ASCII.decode("ascii"):
            return None  # those were tried; and a codec may be none of pages, such as unicode_escape
    except (LookupError, ValueError):  # or none of text; a name with a zero byte is a ValueError
        return None
    return _MEANT.get(name, name)


def _guesses(sample: bytes, named: list[str]) -> list[str]:
    """Encodings to try: those named first, but for one of which charset-normalizer finds that the sample makes no text in it."""
    from charset_normalizer import from_bytes

    found = [match.encoding for match in from_bytes(sample, steps=5, chunk_size=1024, enable_fallback=False)]
    guesses = [_MEANT.get(name, name) for name in found if not name.startswith("utf")]
    too_few = sum(byte > 0x7F for byte in sample) < _TELLING
    believed = [
        name
        for name in named
        if too_few or not guesses or from_bytes(sample, cp_isolation=[name], enable_fallback=False).best()
    ]
    return [*believed, *guesses, *named]
