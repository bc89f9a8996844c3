"""Bytes of pages in any encoding, declared or not, rightly or wrongly."""

from __future__ import annotations

import codecs

import pytest

import cleaner
from cleaner.decoding import decode

RUSSIAN = "Новый мост через реку открыли в мае, и весь посёлок пришёл посмотреть на первый автобус. Строительство шло девять лет."
TEXTS = {
    "cp1251": RUSSIAN,
    "koi8-r": RUSSIAN,
    "utf-8": RUSSIAN,
    "utf-16": RUSSIAN,
    "utf-16-le": RUSSIAN,
    "utf-16-be": RUSSIAN,
    "utf-32": RUSSIAN,
    "cp1253": "Η νέα γέφυρα άνοιξε τον Μάιο και όλο το χωριό ήρθε να δει το πρώτο λεωφορείο. Η κατασκευή κράτησε εννέα χρόνια.",
    "cp1252": "Die neue Brücke über den Fluss wurde im Mai eröffnet, und die Bürger kamen früh, um Größe und Schönheit zu sehen.",
    "cp1256": "افتتح الجسر الجديد على النهر في مايو، وجاء أهل القرية جميعا لرؤية الحافلة الأولى. استغرق البناء تسع سنوات.",
    "cp874": "สะพานใหม่ข้ามแม่น้ำเปิดในเดือนพฤษภาคม และชาวบ้านทั้งหมดมาดูรถเมล์คันแรก การก่อสร้างใช้เวลาเก้าปี",
    "gb18030": "新桥于五月开通,全村的人都来看第一辆公共汽车。建设历时九年,花费了很多钱。老人们说他们从未见过这样的景象。",
    "big5": "新橋於五月開通,全村的人都來看第一輛公共汽車。建設歷時九年,花費了很多錢。老人們說他們從未見過這樣的景象。",
    "euc-kr": "새 다리가 오월에 개통되어 온 마을 사람들이 첫 버스를 보러 왔다. 공사는 구 년이 걸렸고 많은 돈이 들었다.",
    "shift_jis": "新しい橋が五月に開通し、村中の人々が最初のバスを見に来た。工事は九年かかり、多くの費用がかかった。",
    "euc-jp": "新しい橋が五月に開通し、村中の人々が最初のバスを見に来た。工事は九年かかり、多くの費用がかかった。",
}


def page(text: str, declared: str) -> str:
    meta = f'<meta charset="{declared}">' if declared else ""
    return f"<!DOCTYPE html><html><head>{meta}<title>x</title></head><body><p>{text}</p><p>{text}</p></body></html>"


@pytest.mark.parametrize("declared", ["right", "", "utf-8", "none-such", "hex", "iso-8859-1"])
@pytest.mark.parametrize("encoding", list(TEXTS))
def test_declared_missing_or_wrong(encoding: str, declared: str) -> None:
    html = page(TEXTS[encoding], encoding if declared == "right" else declared)
    assert decode(html.encode(encoding)) == html.removeprefix("\ufeff")


@pytest.mark.parametrize(
    "head",
    [
        '<?xml version="1.0" encoding="windows-1253"?>',
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1253">',
        "<META CHARSET = 'windows-1253' >",
    ],
)
def test_every_form_of_declaration_is_read(head: str) -> None:
    """Of a word alone no encoding can be guessed."""
    html = f"{head}<p>Οδός</p>"
    assert decode(html.encode("cp1253")) == html


def test_a_declaration_means_what_browsers_take_it_for() -> None:
    assert decode('<meta charset="gb2312"><p>镕</p>'.encode("gbk")).endswith("<p>镕</p>")
    assert decode('<meta charset="iso-8859-1"><p>“so”</p>'.encode("cp1252")).endswith("<p>“so”</p>")


@pytest.mark.parametrize(
    ("encoding", "stated", "declared"),
    [
        ("cp1252", "ISO-8859-1", ""),  # as browsers have it
        ("cp1252", "iso-8859-1", "utf-8"),
        ("cp1253", "windows-1253", "iso-8859-1"),  # the server is believed before the page
        ("cp1253", "x-unknown", "windows-1253"),
        ("cp1253", "a\0b", "windows-1253"),
        ("cp1253", "idna", "windows-1253"),
        ("cp1253", "unicode_escape", "windows-1253"),
        ("utf-8", "iso-8859-1", ""),
        ("utf-16", "iso-8859-1", ""),
    ],
)
def test_what_the_server_stated(encoding: str, stated: str, declared: str) -> None:
    """Of a word alone no encoding can be guessed."""
    html = f'<meta charset="{declared}"><p>{"Οδός" if encoding == "cp1253" else "“Già”"}</p>'
    assert decode(html.encode(encoding), stated) == html


def test_the_server_is_not_believed_against_the_bytes() -> None:
    html = page(TEXTS["koi8-r"], "")
    assert decode(html.encode("koi8-r"), "iso-8859-1") == html


@pytest.mark.parametrize("declared", ["idna", "unicode_escape", "undefined", "punycode"])
def test_codecs_that_are_none_of_pages(declared: str) -> None:
    html = page(TEXTS["cp1252"], declared)
    assert decode(html.encode("cp1252")) == html


def test_utf_8_with_a_broken_byte_stays_utf_8() -> None:
    data = page(RUSSIAN, "").encode()
    at = data.index("автобус".encode())
    assert decode(data[: at + 1] + data[at + 2 :]).count("\ufffd") <= 2
    assert "через реку открыли" in decode(data[: at + 1] + data[at + 2 :])
    assert "через реку открыли" in decode(data[: at + 1])  # cut within a character


@pytest.mark.parametrize("data", [b"", b"\xff", b"\x00" * 50, bytes(range(256)) * 20, codecs.BOM_UTF16_LE + b"\x00"])
def test_any_bytes_make_a_text(data: bytes) -> None:
    assert isinstance(decode(data), str)
    assert isinstance(cleaner.clean_html(data), str)
