"""Rewrite the generated parts of README and docs, or, with --check, fail where they differ from what is true.

A generated part stands between ``<!-- help: COMMAND -->`` and ``<!-- /help -->`` and holds the command's ``--help``, or
between ``<!-- example: PART -->`` and ``<!-- /example -->`` and holds that part of the example handoff.
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
PART = re.compile(r"(<!-- help: (?P<command>[^\n]*?) -->\n).*?(<!-- /help -->)", re.DOTALL)

EXAMPLE = re.compile(r"(<!-- example: (?P<part>[^\n]*?) -->\n).*?(<!-- /example -->)", re.DOTALL)


def help_of(command: str) -> str:
    """Return what ``handoff COMMAND --help`` prints at 80 columns."""
    from typer.testing import CliRunner

    from handoff_cli.cli.app import app

    result = CliRunner().invoke(app, [*command.split()[1:], "--help"], prog_name="handoff", catch_exceptions=False)
    return "\n".join(line.rstrip() for line in result.output.strip().splitlines())


def generated(text: str) -> str:
    """Return ``text`` with every generated part made anew."""
    if EXAMPLE.search(text):
        example = _document_example().parts()
        text = EXAMPLE.sub(lambda part: f"{part[1]}````markdown\n{example[part['part']]}````\n{part[3]}", text)
    return PART.sub(lambda part: f"{part[1]}```text\n{help_of(part['command'])}\n```\n{part[3]}", text)


def _document_example() -> ModuleType:
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        return importlib.import_module("document_example")
    finally:
        sys.path.pop(0)


def main() -> int:
    """Rewrite, or check with ``--check``; returns the exit code."""
    os.environ.update({"COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1"})
    check = "--check" in sys.argv[1:]
    stale = []
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = path.read_text(encoding="utf-8")
        new = generated(text)
        if new != text:
            stale.append(path.relative_to(ROOT))
            if not check:
                path.write_text(new, encoding="utf-8")
    for path in stale:
        print(f"{path}: {'is stale; run: make docs' if check else 'rewritten'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
