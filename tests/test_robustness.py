"""Any input: a result or an empty one, never an exception."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from fuzz import targets
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner import Cleaner

BODY = "The bridge was opened in May, and the whole valley came to see it before the rain set in."

# All code points, lone surrogates too, and those that mean something to HTML or to a line.
anything = st.text(st.characters(exclude_categories=[]), max_size=200)
marked = st.lists(
    st.sampled_from(["<", ">", "</", "/>", "<!--", "-->", "<![CDATA[", "]]>", "<?", "<!", "&", "&#", "&#x0;", "&lt;", '"', "'", "=", "\0", "\n"])
    | st.sampled_from("html head body base meta script style svg table tr td p div a article title template noscript iframe li br".split())
    | st.sampled_from([" href=", " charset=", "//[", "data:", BODY, "\ud800", "\ufeff"])
    | anything,
    max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(anything, st.none() | anything, st.none() | anything)
def test_any_text_with_any_tag_and_address(text: str, lang: str | None, url: str | None) -> None:
    targets.whole(cleaner.explain(text, lang=lang, url=url))


@settings(max_examples=100, deadline=None)
@given(anything, anything)
def test_any_tag_and_any_address_leave_a_body_alone(tag: str, url: str) -> None:
    assert cleaner.clean(BODY, lang=tag or None, url=url) == BODY


@settings(max_examples=60, deadline=None)
@given(anything)
def test_a_detector_that_says_anything(said: str) -> None:
    assert Cleaner(detector=lambda _: said).clean(BODY) == BODY


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=150, deadline=None)
@given(marked | marked.map(lambda page: page.encode("utf-8", "surrogatepass")) | st.binary(max_size=400), anything)
def test_any_html(page: str | bytes, url: str) -> None:
    targets.whole(cleaner.explain_html(page, url=url))


HTML: dict[str, Callable[[], str | bytes]] = {
    "nothing": lambda: "",
    "no bytes": lambda: b"",
    "a space": lambda: " ",
    "a bracket": lambda: "<",
    "a root": lambda: "<html></html>",
    "a comment that never ends": lambda: "<!-- " + BODY * 50,
    "a comment that ends oddly": lambda: f"<p>{BODY}</p><!--> <!---> <!-- - -- --!> <p>{BODY}</p>",
    "processing instructions": lambda: f"<?xml version='1.0' encoding='x'?><?php echo '<p>' ?><p>{BODY}</p><?never",
    "a declaration of an entity": lambda: f"<!DOCTYPE html [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><p>&b; {BODY}</p>",
    "a base that is none": lambda: f"<base href='//['><base href='javascript:x'><a href='x'>{BODY}</a>",
    "NULs alone": lambda: "\0" * 1000,
    "NULs between letters": lambda: "<p>" + "\0".join(BODY) + "</p>",
    "NULs in bytes": lambda: b"<p>" + "\0".join(BODY).encode(),
    "a surrogate": lambda: f"<p>\ud800{BODY}</p>",
    "references to what is no character": lambda: f"<p>&#0;&#xD800;&#x110000;&#99999999999;&nosuch; {BODY}</p>",
    "another encoding than stated": lambda: b"<meta charset='koi8-r'><p>" + BODY.encode("utf-16"),
    "an encoding that is none": lambda: b"<meta charset='no-such'><p>" + BODY.encode(),
    "encodings that disagree": lambda: b"\xef\xbb\xbf<?xml encoding='utf-16'?><meta charset='shift_jis'><p>" + BODY.encode(),
    "half a character": lambda: b"\xff\xfe\x00<p>" + BODY.encode("utf-16-le"),
    "all bytes": lambda: bytes(range(256)) * 100,
    "100,000 tags in each other": lambda: "<div>" * 100_000 + f"<p>{BODY}</p>",
    "100,000 tags in each other, closed": lambda: "<b>" * 100_000 + BODY + "</b>" * 100_000,
    "100,000 tags closed that were not open": lambda: "</div>" * 100_000 + f"<p>{BODY}</p>",
    "30,000 tables in each other": lambda: "<table><tr><td>" * 30_000 + BODY,
    "5,000 attributes": lambda: "<p" + "".join(f" a{number}=1" for number in range(5_000)) + f">{BODY}</p>",
    "an attribute of a megabyte": lambda: f"<p title='{'x' * 1_000_000}'>{BODY}</p>",
    "a million brackets": lambda: "<" * 1_000_000,
    "a million ampersands": lambda: "&" * 1_000_000,
    "a script of a megabyte": lambda: f"<script>{'if (a < b) {} ' * 70_000}</script><p>{BODY}</p>",
    "a word of a megabyte": lambda: f"<p>{'x' * 1_000_000}</p>",
}  # fmt: skip


@pytest.mark.parametrize("name", HTML)
@pytest.mark.filterwarnings("ignore")
def test_html_of_all_kinds(name: str) -> None:
    targets.whole(cleaner.explain_html(HTML[name]()))


def test_html_needs_bounded_memory() -> None:
    """All of these pages one after the other stay below what a page of some megabytes needs."""
    if not Path("/proc/self/status").exists():
        pytest.skip("this system does not say what a process's memory has peaked at")
    code = f"import {__name__} as pages; print(pages.read_all())"
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=env).stdout
    assert int(said.split()[-1]) < 700


def test_a_line_of_ten_megabytes() -> None:
    text = "word " * 2_000_000
    assert cleaner.clean(text, lang="en") == text


@pytest.mark.parametrize("name", targets.TARGETS)
def test_fuzzing_for_a_while(name: str, tmp_path: Path) -> None:
    """atheris looks for an input that breaks what holds for any; CONTRIBUTING.md says how to look for longer."""
    pytest.importorskip("atheris", reason="atheris has wheels for CPython 3.11 to 3.13 on Linux x86-64 alone")
    fuzz = Path(targets.__file__).with_name("run_atheris.py")
    fuzzing = [sys.executable, str(fuzz), name, "4", "-artifact_prefix=" + str(tmp_path) + "/"]
    # libFuzzer bounds the peak that a process remembers, which begins with that of its parent: a shell's, not that of all the tests
    run = subprocess.run(
        ["/bin/sh", "-c", '"$@"; exit $?', "sh", *fuzzing],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert run.returncode == 0, run.stderr.decode(errors="replace")[-3000:]


def read_all() -> int:
    """Reads all pages; the peak of this process in megabytes (not ``ru_maxrss``, which remembers the parent's)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for make in HTML.values():
            cleaner.explain_html(make())
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024
