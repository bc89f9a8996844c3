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
        ("en", "⬇\ufe0f Reading time: 5 min"),
        ("en", "Unknown said..."),
        ("en", "Unknown said…"),
        ("en", "Read next: Harvest is early this year, says minister"),
        ("en", "Sign up for our newsletter, and never miss a story."),
        ("it", "Leggi anche: «Il raccolto è buono», dice il ministro"),
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
        ("en", "Subscribe to our newsletter, the salesman kept saying, and I will throw in the hose."),
        ("en", "“Sign up for our newsletter!” Ruth shouted across the yard."),
        ("de", "Abonnieren Sie unseren Newsletter, riet der Händler jedem Kunden."),
        ("fr", "« Inscrivez-vous à la newsletter », dit-elle en partant."),
        ("ru", "Подпишитесь на наш канал, — повторял продавец каждому покупателю."),
        ("zh-cn", "你必须登录后才能发表评论，书店老板这样说。"),
    ],
)
def test_what_somebody_says_and_numbered_headings_are_text(lang: str, line: str) -> None:
    assert not gone(line, lang)


@pytest.mark.parametrize(
    "line",
    [
        '"comments": [',
        "'share': true,",
        "share: {",
        ".menu {",
        "login();",
        "comments = []",
        'email = ""',
        "#comments {",
    ],
)
def test_what_a_program_says_is_text(line: str) -> None:
    assert not gone(line, "en")


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("el", "Δημοσίευση: 3 ΙΑΝΟΥΑΡΙΟΥ 2022"),
        ("es", "Sabado 3 de mayo de 2022, 10:15"),
        ("fr", "Mis à jour le 12 AOUT 2022 à 10:15"),
        ("it", "Venerdi' 3 maggio 2022, 10:15"),
        ("pl", "Dodano: 12 pazdziernika 2022"),
        ("tr", "Yayınlanma: 12 Agustos 2022 10:15"),
    ],
)
def test_months_and_days_are_known_without_their_accents(lang: str, line: str) -> None:
    assert gone(line, lang)


@pytest.mark.parametrize(
    ("lang", "asked", "answer"),
    [("en", "What should I do first?", "Subscribe."), ("it", "Posso?", "Avanti."), ("zh", "然后呢？", "下一页。")],
)
def test_a_short_answer_to_a_question_is_text(lang: str, asked: str, answer: str) -> None:
    assert answer in cleaner.clean(BEFORE + asked + "\n" + answer + AFTER, lang=lang)
    assert gone(answer[:-1], lang)


@pytest.mark.parametrize(("lang", "step"), [("en", "Log in."), ("de", "Weiterlesen."), ("hi", "मुझे याद रखें।")])
def test_a_short_sentence_between_two_sentences_is_text(lang: str, step: str) -> None:
    text = {
        "de": "Das Boot fuhr um sechs, und niemand sagte ein Wort.",
        "en": "The ferry left at six, and nobody said a word.",
        "hi": "नाव छह बजे निकली और किसी ने कुछ नहीं कहा।",
    }[lang]
    assert step in cleaner.clean("\n".join((text, step, text)), lang=lang)
    assert step[:-1] not in cleaner.clean("\n".join((text, step[:-1], text)), lang=lang).splitlines()


@pytest.mark.parametrize(
    ("lang", "line"),
    [("pt", "Publicado em 6 de março de 1931"), ("en", "Updated 6 March 1924"), ("ru", "Обновлено 6 марта 1924")],
)
def test_what_is_of_before_the_web_is_no_dateline(lang: str, line: str) -> None:
    assert not gone(line, lang)
    assert gone(line.replace("19", "20", 1), lang)


def test_malayalam_of_old_and_new_spelling_are_one() -> None:
    from cleaner.characters import fold

    assert fold("കൂടുതല്\u200d വാര്\u200dത്തകള്\u200d") == fold("കൂടുതൽ വാർത്തകൾ")
