"""Where a phrase stands decides whether it is one."""

from __future__ import annotations

import pytest

import cleaner

BEFORE = "The ferry left at six, and for an hour nobody on the pier said a word about the money or the letter.\n"
AFTER = "\nThen the lights went out along the whole of the shore, and the dogs began to bark in all the gardens."


def gone(line: str, lang: str) -> bool:
    return line not in cleaner.clean(BEFORE + line + AFTER, lang=lang)


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "Subscribe!"),
        ("en", "12 Comments"),
        ("en", "» Related articles"),
        ("en", "« Previous post | Next post »"),
        ("en", "(888) 555-0100 | Contact us"),
        ("en", "— Advertisement —"),
        ("pl", "• Więcej"),
        ("en", "Home \u00a0\u00a0»\u00a0\u00a0 Ferry News"),
        ("en", "See also:\u00a0\u00a0How to Tie Up a Ferry in the Rain"),
        ("ar", "التعليقات"),
        ("ar", "التعليقـــات"),
    ],
)
def test_phrases_go_with_what_sites_put_around_them(lang: str, line: str) -> None:
    assert gone(line, lang)


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "“Subscribe!”"),
        ("en", "“Comments?”"),
        ("de", "»Antworten!«"),
        ("ja", "「同意する」"),
        ("pl", "– Więcej!"),
        ("en", "– Did you make this recipe?"),
        ("es", "—Comentarios."),
        ("en", "1. Comments"),
        ("en", "2) Privacy policy"),
        ("en", "3. Subscribe to our newsletter and wait for the first letter"),
        ("fa", "۱. ثبت نام"),
        ("it", "Autore: da quando?"),
        ("gu", "રિપોર્ટર: તમે ક્યારે આવ્યા?"),
    ],
)
def test_what_somebody_says_and_numbered_headings_are_text(lang: str, line: str) -> None:
    assert not gone(line, lang)


def test_malayalam_of_old_and_new_spelling_are_one() -> None:
    from cleaner.characters import fold

    assert fold("കൂടുതല്\u200d വാര്\u200dത്തകള്\u200d") == fold("കൂടുതൽ വാർത്തകൾ")
