"""The documentation's site: built strictly, every page in the navigation, the API in it, nothing fetched from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("material")
pytest.importorskip("mkdocstrings_handlers.python")

DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "-q",
        "-f",
        str(DOCS / "mkdocs" / "mkdocs.yml"),
        "-d",
        str(out),
    ]
    environment = os.environ | {
        "NO_MKDOCS_2_WARNING": "1"
    }  # Material's own notice on MkDocs 2, no warning of the build
    built = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert not built.returncode, built.stdout + built.stderr
    return out


def test_every_page_is_there_and_can_be_reached(site: Path) -> None:
    front = (site / "index.html").read_text(encoding="utf-8")
    for page in DOCS.glob("*.md"):
        assert (site / f"{page.stem}.html").is_file()
        assert f'href="{page.stem}.html"' in front or page.stem == "index"


def test_the_api_comes_from_the_docstrings(site: Path) -> None:
    api = (site / "api.html").read_text(encoding="utf-8")
    for name in (
        "clean",
        "explain",
        "clean_html",
        "explain_html",
        "Cleaner.clean_many",
        "Document.spans",
        "Span",
        "PackError",
    ):
        assert f'id="cleaner.{name}"' in api
    assert "its language, as data sets write it" in api
    assert not re.search(r"<blockquote>", api), "an example that is not under 'Examples:' is shown as a quotation"


def test_the_changelog_is_there(site: Path) -> None:
    assert "0.1.0" in (site / "changelog.html").read_text(encoding="utf-8")


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    """Links may lead away; scripts, styles, fonts and pictures are the site's own."""
    loads = re.compile(r"""<(?:script|img|iframe|link|source)\b[^>]*?(?:src|href)=["']?((?:https?:)?//[^"'> ]+)""")
    imports = re.compile(r"""(?:@import|url\()\s*["']?((?:https?:)?//[^"') ]+)""")
    for page in site.rglob("*.html"):
        assert not loads.findall(page.read_text(encoding="utf-8")), page.name
    for style in site.rglob("*.css"):
        assert not imports.findall(style.read_text(encoding="utf-8")), style.name
