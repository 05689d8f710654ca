"""Rewrite the generated parts of README and docs, or, with --check, fail where they differ from what is true.

docs/commands.md and the man page, docs/handoff.1, are made from the commands, docs/pictures from what they print. A
generated part of another page stands between ``<!-- example: PART -->`` and ``<!-- /example -->`` and holds that part
of the example handoff, between ``<!-- heart -->`` and ``<!-- /heart -->`` and holds what the demo's document tells, or
between ``<!-- bench: NAME -->`` and ``<!-- /bench -->`` and holds that table of what the benchmarks found, whose plots
are the files in ``docs/plots``.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = re.compile(r"(<!-- example: (?P<part>[^\n]*?) -->\n).*?(<!-- /example -->)", re.DOTALL)

HEART = re.compile(r"(<!-- heart -->\n).*?(<!-- /heart -->)", re.DOTALL)

BENCH = re.compile(r"(<!-- bench: (?P<name>[^\n]*?) -->\n).*?(<!-- /bench -->)", re.DOTALL)


def generated(text: str) -> str:
    """Return ``text`` with every generated part made anew."""
    if EXAMPLE.search(text):
        example = _document_example().parts()
        text = EXAMPLE.sub(lambda part: f"{part[1]}````markdown\n{example[part['part']]}````\n{part[3]}", text)
    if HEART.search(text):
        heart = _module("make_example", ROOT / "scripts").heart()
        text = HEART.sub(lambda part: f"{part[1]}```text\n{heart}\n```\n{part[2]}", text)
    if BENCH.search(text):
        tables = _benchmarks().tables()
        text = BENCH.sub(lambda part: f"{part[1]}\n{tables[part['name']]}\n{part[3]}", text)
    return text


def files() -> dict[Path, str]:
    """Return what every file that is generated, wholly or in part, has to hold."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    found = {path: generated(path.read_text(encoding="utf-8")) for path in pages}
    pages_of_commands = _module("command_pages", ROOT / "scripts")
    found[ROOT / "docs" / "commands.md"] = pages_of_commands.commands_page()
    found[ROOT / "docs" / "handoff.1"] = pages_of_commands.man_page()
    pictures = _module("pictures", ROOT / "scripts").pictures()
    found |= {ROOT / "docs" / "pictures" / name: picture for name, picture in pictures.items()}
    return found | {ROOT / "docs" / "plots" / name: plot for name, plot in _benchmarks().plots().items()}


def _document_example() -> ModuleType:
    return _module("document_example", ROOT / "scripts")


def _benchmarks() -> ModuleType:
    return _module("benchmarks.document", ROOT)


def _module(name: str, folder: Path) -> ModuleType:
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.pop(0)


def main() -> int:
    """Rewrite, or check with ``--check``; returns the exit code."""
    os.environ.update({"COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1"})
    check = "--check" in sys.argv[1:]
    stale = {path: text for path, text in files().items() if _read(path) != text}
    for path, text in stale.items():
        print(f"{path.relative_to(ROOT)}: {'is stale; run: make docs' if check else 'rewritten'}")
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main())
