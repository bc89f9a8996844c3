"""The pages in a real browser: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from runs import summary_of
from test_report import account

from cleaner import Document, Kind, explain
from cleaner.report import explained_page, report_page

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here (apt-get install chromium)")

FIXTURES = Path(__file__).parents[1] / "fixtures"
EVIL = (
    "</script><script>window.ran=1</script><img src=x onerror=window.ran=1><svg onload=window.ran=1>"
    "\"onfocus=window.ran=1 ' &lt;b&gt; {{7*7}} <!--<script>\ud800\x00\x1b\u202e"
)
# The contrast that WCAG 2.2 asks of text (success criterion 1.4.3, level AA).
ENOUGH = 4.5


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Opened:
    """A page from a file, and everything that it asked for, ran into or said."""

    def __init__(self, browser: Any, html: str, folder: Path, **settings: Any) -> None:
        file = folder / "page.html"
        file.write_bytes(html.encode())
        self.requests, self.troubles = list[str](), list[str]()
        self.context = browser.new_context(viewport={"width": 1280, "height": 800}, **settings)
        self.tab = self.context.new_page()
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.tab.on("console", lambda message: self.troubles.append(message.text))
        self.tab.goto(file.as_uri())


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Any]:
    pages = list[Opened]()

    def of(html: str, **settings: Any) -> Any:
        pages.append(Opened(browser, html, tmp_path, **settings))
        return pages[-1].tab

    yield of
    for page in pages:
        page.context.close()
        assert len(page.requests) == 1, "a page asks for nothing but itself"
        assert not page.troubles


@cache
def fixture(name: str) -> Document:
    return explain((FIXTURES / f"{name}.txt").read_text(encoding="utf-8"), lang=name.partition("/")[0])


def one(name: str) -> str:
    return explained_page([(name, fixture(name))])


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("run")
    names = ["it/forno-collettivo", "ar/news-marina", "it/antidiplomatico", "it/prose-recipe"]
    pages = [(f"https://{name.partition('/')[2]}.example/", fixture(name)) for name in names]
    pages.append(("javascript:window.ran=1//x/", account((EVIL, Kind.BODY, ""), (f"\n{EVIL}", Kind.SHARE, EVIL))))
    (folder / "summary.json").write_text(json.dumps(summary_of(pages)), encoding="utf-8")
    return report_page(folder)


def shown(tab: Any, selector: str) -> list[str]:
    return [found.inner_text() for found in tab.locator(selector).all() if found.is_visible()]


def test_the_legend_hides_and_shows_kinds(opened: Any) -> None:
    tab = opened(one("it/forno-collettivo"))
    before = shown(tab, ".gone > .kind")
    tab.get_by_label("navigation").uncheck()
    assert shown(tab, ".gone > .kind") == [kind for kind in before if kind != "navigation"] != before
    tab.get_by_role("button", name="Show all").click()
    assert shown(tab, ".gone > .kind") == before
    tab.get_by_role("button", name="Hide all").click()
    assert shown(tab, ".gone > .kind") == []
    assert "Alle quattro del mattino" in tab.locator(".source").inner_text()


def test_the_rule_is_told_on_hover_and_on_focus(opened: Any) -> None:
    tab = opened(one("it/forno-collettivo"))
    line = tab.locator(".gone", has_text="Leggi anche")
    why = line.locator(".why")
    assert not why.is_visible()
    line.locator("del").hover()
    assert why.is_visible()
    tab.mouse.move(0, 0)
    assert not why.is_visible()
    line.get_by_role("button").focus()
    assert why.is_visible()
    assert why.inner_text().startswith("it.related.read-also-line")
    assert "cleaner/packs/it.toml:" in why.inner_text()
    assert "score " in why.inner_text()
    assert line.get_by_role("button").get_attribute("aria-describedby") == why.get_attribute("id")
    tab.keyboard.press("Escape")
    assert not why.is_visible()


def test_everything_is_reached_by_keyboard(opened: Any) -> None:
    tab = opened(one("it/forno-collettivo"))
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Tab")
    tab.keyboard.press("Space")  # the first box of the legend
    assert not tab.get_by_label("navigation").is_checked()
    reached = set[str]()
    for _ in range(60):
        tab.keyboard.press("Tab")
        reached.add(tab.evaluate("document.activeElement.textContent.trim()"))
        if tab.evaluate("document.activeElement.matches('.gone button')"):
            assert tab.locator(".gone:focus-within > .why").is_visible()
    assert {"Copy body", "Show all", "related", "copyright"} <= reached
    assert "navigation" not in reached  # hidden lines are not stopped at


@pytest.mark.parametrize("name", ["it/forno-collettivo", "ar/news-marina"])
def test_copy_gives_the_body_to_the_letter(opened: Any, name: str) -> None:
    tab = opened(one(name), permissions=["clipboard-read", "clipboard-write"])
    tab.get_by_role("button", name="Copy body").press("Enter")
    tab.get_by_text("Body copied").wait_for()
    assert tab.evaluate("navigator.clipboard.readText()") == fixture(name).text


def test_copy_that_is_not_allowed_selects_the_body(opened: Any) -> None:
    tab = opened(one("it/forno-collettivo"))
    tab.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    tab.get_by_role("button", name="Copy body").click()
    tab.get_by_text("copy it by hand").wait_for()
    assert tab.evaluate("getSelection().toString()").startswith("Alle quattro del mattino")


def test_hostile_text_is_shown_and_not_run(opened: Any) -> None:
    hostile = account((f"{EVIL}\u2028", Kind.BODY, ""), (f"{EVIL}\r\n", Kind.SHARE, EVIL), (EVIL, Kind.BODY, ""))
    tab = opened(explained_page([(EVIL, hostile), (EVIL, hostile)]))
    tab.locator(".gone .kind").first.focus()
    assert tab.evaluate("window.ran") is None
    assert tab.locator("img, svg, b").count() == 0
    assert (
        "</script><script>window.ran=1</script><img src=x onerror=window.ran=1>"
        in tab.locator("del").first.inner_text()
    )
    assert "␀" in tab.locator("del").first.inner_text()
    held = tab.evaluate("JSON.stringify(JSON.parse(document.getElementById('texts').textContent))")
    assert json.loads(held) == [hostile.text] * 2


def test_the_policy_stops_a_script_that_got_in(browser: Any, tmp_path: Path) -> None:
    html = one("it/forno-collettivo").replace(
        "<main", "<script>window.ran=1</script><img src=x onerror=window.ran=1><main"
    )
    page = Opened(browser, html, tmp_path)
    assert page.tab.evaluate("window.ran") is None
    assert any("Content Security Policy" in said for said in page.troubles)
    page.context.close()


# Each element with text of its own: its colour against the nearest background that is not transparent.
_CONTRASTS = """(within) => {
  const known = new Map();
  const once = (make) => (key) => { const at = make.name + key; if (!known.has(at)) known.set(at, make(key)); return known.get(at); };
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = once(function rgb(colour) {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  });
  const light = (colour) => {
    const [r, g, b] = [...rgb(colour)].slice(0, 3).map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const worst = {};
  for (const element of document.querySelectorAll(within)) {
    if (![...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !element.checkVisibility()) continue;
    let behind = element;
    while (behind && rgb(getComputedStyle(behind).backgroundColor)[3] < 255) behind = behind.parentElement;
    const style = getComputedStyle(element), ink = element instanceof SVGElement ? style.fill : style.color;
    const [a, b] = [light(ink), behind ? light(getComputedStyle(behind).backgroundColor) : 1].sort((a, b) => b - a);
    const name = `${element.tagName} ${element.getAttribute("class")} in ${element.parentElement.className}`;
    worst[name] = Math.min(worst[name] ?? 99, (a + 0.05) / (b + 0.05));
  }
  return worst;
}"""


def coloured() -> str:
    """A page with a removed line and a cut of every kind."""
    parts = [
        part
        for kind in Kind
        if kind not in (Kind.BODY, Kind.BLANK)
        for part in (
            (f"{kind}\n", kind, "words"),
            ("Body", Kind.BODY, ""),
            (" cut", kind, "it.related.on-fire"),
            ("\n", Kind.BODY, ""),
        )
    ]
    return explained_page([("every kind", account(*parts)), ("nothing", account(("x", Kind.SHARE, "")))])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("which", ["explained", "report"])
def test_text_stands_out_in_both_schemes(opened: Any, report: str, which: str, scheme: str) -> None:
    tab = opened(coloured() if which == "explained" else report, color_scheme=scheme)
    assert tab.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is (scheme == "dark")
    tab.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    found = tab.evaluate(_CONTRASTS, "body *")
    for kind in tab.locator("#page-0 .gone > .kind").all():
        kind.focus()
        told = tab.evaluate(_CONTRASTS, ".gone:focus-within > .why *")
        assert told
        found |= {f"{kind.inner_text()} {name}": contrast for name, contrast in told.items()}
    assert len(found) > 10
    assert {name: contrast for name, contrast in found.items() if contrast < ENOUGH} == {}
    background = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (int(background[4:].split(",")[0]) < 128) is (scheme == "dark")


def test_right_to_left_lines_run_right_to_left(opened: Any) -> None:
    tab = opened(explained_page([("ar", fixture("ar/news-marina")), ("it", fixture("it/forno-collettivo"))]))
    way = "(e) => getComputedStyle(e).direction"
    for number, direction in ((0, "rtl"), (1, "ltr")):
        page = tab.locator(f"#page-{number}")
        for selector in ("del", ".kept > div", ".text p"):
            assert page.locator(selector).nth(3).evaluate(way) == direction
        # the kinds stay in their column, at the left
        assert page.locator(".gone > .kind").first.bounding_box()["x"] < page.locator("del").first.bounding_box()["x"]


@pytest.mark.parametrize("width", [320, 700, 1280])
def test_nothing_sticks_out(opened: Any, report: str, width: int) -> None:
    for html in (one("it/forno-collettivo"), one("ar/news-marina"), report):
        tab = opened(html)
        tab.set_viewport_size({"width": width, "height": 700})
        tab.evaluate("document.querySelectorAll('.listed > details').forEach((d) => (d.open = true))")
        tab.locator(".gone .kind").nth(2).focus()
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_print_has_the_reasons_and_no_controls(opened: Any) -> None:
    tab = opened(one("it/forno-collettivo"), color_scheme="dark")
    tab.emulate_media(media="print", color_scheme="dark")
    assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(27, 30, 36)"  # paper is white
    assert not tab.get_by_role("button", name="Copy body").is_visible()
    assert tab.locator(".why").first.is_visible()
    assert tab.locator(".body").evaluate("(e) => getComputedStyle(e).overflow") == "visible"
    assert tab.pdf().startswith(b"%PDF")


def test_a_report_is_searched(opened: Any, report: str) -> None:
    tab = opened(report)
    entries = tab.locator(".entry:visible").count()
    tab.get_by_role("searchbox").fill("LÌEVITO madre")
    tab.get_by_role("status").filter(has_text="found").wait_for()
    left = tab.locator(".entry:visible")
    assert 0 < left.count() < entries
    assert all("lievito madre" in text.lower() for text in left.all_inner_texts())
    tab.get_by_role("searchbox").fill("no such words")
    tab.get_by_text("Nothing found").wait_for()
    assert left.count() == 0
    tab.get_by_role("searchbox").fill("")
    tab.locator("#kinds").wait_for()
    assert left.count() == entries
    assert tab.locator("details[open]").count() == 0


def test_a_report_opens_its_pages_by_keyboard(opened: Any, report: str) -> None:
    tab = opened(report)
    summary = tab.locator("#sample summary", has_text="Il forno di via Tintori")
    summary.press("Enter")
    page = tab.locator("#sample .panel[open]")
    line = page.locator(".gone", has_text="Torna su")
    line.get_by_role("button").focus()
    assert line.locator(".why").is_visible()
    assert line.locator(".why").inner_text().startswith("it.navigation.top")
    tab.locator("#most").get_by_label("navigation").uncheck()
    assert not line.is_visible()


def test_a_report_of_hostile_pages_runs_nothing(opened: Any, report: str) -> None:
    tab = opened(report)
    tab.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    assert tab.evaluate("window.ran") is None
    assert tab.locator("img").count() == 0
    assert tab.locator("a[href^='javascript']").count() == 0
    assert "<img src=x onerror=window.ran=1>" in tab.locator("#lines").inner_text()


def test_a_report_says_its_figures_to_a_screen_reader(opened: Any, report: str) -> None:
    tab = opened(report)
    for section in ("kinds", "languages", "rules", "sites", "lines", "errors"):
        table = tab.locator(f"#{section} table").first
        assert table.locator("caption").inner_text()
        assert table.locator("thead th[scope=col]").count() == table.locator("tbody tr").first.locator("th, td").count()
    assert tab.get_by_role("img").first.get_attribute("aria-label")
    assert tab.locator("svg:not([aria-hidden]):not([role=img])").count() == 0
