"""The pictures of the README, drawn by rich from what the commands print: the bar as it fills, and a document's top."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path
from unittest import mock

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from handoff_cli.cli.terminal import print_markdown

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 72
_COLORED = {"TERM": "xterm-256color", "COLORTERM": ""}
_TOP_LINES = 26
_FORMAT = re.sub(r" *@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
"""A picture that asks no server for a font."""


def pictures() -> dict[str, str]:
    """Return the pictures by file name."""
    import document_example

    document = StringIO()
    with mock.patch.dict(os.environ, _COLORED):
        print_markdown(document, WIDTH, document_example.document())
    top = document.getvalue().strip("\n").split("\n")[:_TOP_LINES]
    return {
        "bar.svg": _picture("handoff track", _bar()),
        "document.svg": _picture("CURRENT_SESSION.md", "\n".join(top)),
    }


def _bar() -> str:
    """Return what three calls of ``track`` show of the bar: below the warning, above it, and over."""
    text = (ROOT / "scripts" / "demo" / "conversation.txt").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "project"
        (project / ".git").mkdir(parents=True)
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("HANDOFF_", "GIT_"))}
        environ |= {
            **_COLORED,
            "HOME": scratch,
            "COLUMNS": str(WIDTH),
            "PYTHONIOENCODING": "utf-8",
            "PYTHONPATH": str(ROOT),
        }
        shown = []
        for name, times in (("first half", 60), ("second half", 50), ("one more", 30)):
            command = [sys.executable, "-m", "handoff_cli", "--color", "always", "track", "-d", name]
            piece = f"{name}\n{text}" * times
            done = subprocess.run(
                command, input=piece.encode(), capture_output=True, check=True, cwd=project, env=environ, timeout=60
            )
            lines = done.stdout.decode().split("\n")[:3]
            shown += [f'$ cat {name.replace(" ", "-")}.txt | handoff track -d "{name}"', *lines, ""]
    return "\n".join(shown[:-1])


def _picture(title: str, ansi: str) -> str:
    # With a height too, neither the terminal nor TERM has a say in the size.
    size = {"width": WIDTH, "height": 50}
    console = Console(record=True, file=StringIO(), force_terminal=True, color_system="truecolor", **size)
    console.print(Text.from_ansi(ansi), soft_wrap=True)
    svg = console.export_svg(title=title, code_format=_FORMAT, unique_id="handoff")
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"
