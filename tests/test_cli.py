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


@pytest.mark.parametrize(
    "arguments", [["clean", "--keep", "titel"], ["clean", "--recall", "--precision"], ["packs", "atlantis"]]
)
def test_errors_are_one_line(arguments: list[str]) -> None:
    code, out, err = run(*arguments, stdin="text")
    assert code != 0
    assert not out
    assert err.startswith("Error: ")
    assert err.count("\n") == 1


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


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    file = tmp_path / "noise"
    file.write_bytes(bytes(range(256)) * 50)
    assert run("clean", str(file))[0] == 0


def test_help_fits_a_screen() -> None:
    code, out, _ = run("--help")
    assert code == 0
    assert len(out.splitlines()) <= 30
