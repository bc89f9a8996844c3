"""Stands for ``pip`` where examples run: nothing is installed, but what is asked of this package must exist."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def main(arguments: list[str]) -> int | str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for wanted in (argument for argument in arguments[1:] if not argument.startswith("-")):
        found = re.fullmatch(r"(\.|[\w-]+)(?:\[([\w,-]+)\])?", wanted)
        if not found:
            return f"pip: {wanted} is no requirement"
        ours = found[1] in (".", project["name"])
        unknown = {*(found[2] or "").split(",")} - {"", *project["optional-dependencies"]} if ours else set()
        if unknown:
            return f"pip: {project['name']} has no extra {', '.join(unknown)}"
    return 0 if arguments[:1] == ["install"] else "pip: install, and nothing else"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
