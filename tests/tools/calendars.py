"""Writes ``cleaner/packs/calendar/*.toml``: names of months and days, and relative times, from CLDR (through Babel).

python tests/tools/calendars.py          # writes the files
python tests/tools/calendars.py --check  # fails where one is out of date
"""

from __future__ import annotations

import re
import sys
from datetime import timedelta
from pathlib import Path

from babel import Locale, localedata
from babel.dates import format_timedelta

CALENDAR = Path(__file__).parents[2] / "cleaner" / "packs" / "calendar"
# The languages that langdetect knows, under the names that CLDR has for them.
LANGUAGES = {
    code: code
    for code in (
        "af ar bg bn ca cs cy da de el en es et fa fi fr gu he hi hr hu id it ja kn ko lt lv mk ml mr ne nl pa pl pt ro ru sk sl so "
        "sq sv sw ta te th tl tr uk ur vi"
    ).split()
} | {"no": "nb", "tl": "fil", "zh-cn": "zh_Hans", "zh-tw": "zh_Hant", "common": "en"}
UNITS = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2629800, "year": 31557600}
HEADER = "# Made from CLDR by tests/tools/calendars.py; do not edit.\n"


def names(locale: Locale, what: str) -> list[list[str]]:
    """The spellings of each month or day, the numeric ones left out."""
    tables = [
        getattr(locale, what)[form][width] for form in ("format", "stand-alone") for width in ("wide", "abbreviated")
    ]
    found = []
    for key in sorted(tables[0]):
        spellings = [spelling for table in tables for spelling in (str(table[key]), str(table[key]).rstrip("."))]
        found.append([name for name in dict.fromkeys(spellings) if not name.isdigit() and len(name) > 1])
    return found


def relative(locale: Locale) -> list[str]:
    found = []
    for unit, seconds in UNITS.items():
        for style in ("long", "short"):
            for number in (1, 2, 3, 5, 11, 21):
                past = timedelta(seconds=-seconds * number)
                try:
                    said = format_timedelta(
                        past, granularity=unit, threshold=99, add_direction=True, format=style, locale=locale
                    )
                except KeyError:  # CLDR has no short form in some locales
                    continue
                found.append(re.sub(r"\d+", "#", said))
    return list(dict.fromkeys(found))


def written(values: list[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"


def listed(values: list[str]) -> str:
    return "[\n" + "".join(f"    {value},\n" for value in values) + "]\n"


def main() -> int:
    stale = []
    for code, name in LANGUAGES.items():
        localedata._cache.clear()  # Babel resolves root's aliases in place: one locale's names would leak into the next's
        locale = Locale.parse(name)
        months = listed([written(spellings) for spellings in names(locale, "months")])
        weekdays = written([name for spellings in names(locale, "days") for name in spellings])
        text = f"{HEADER}months = {months}weekdays = {weekdays}\nago = {written(relative(locale))}\n"
        path = CALENDAR / f"{code}.toml"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(code)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if stale:
        print(("out of date: " if "--check" in sys.argv else "written: ") + " ".join(stale))
    return int(bool(stale) and "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
