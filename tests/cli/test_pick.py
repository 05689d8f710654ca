"""Choosing an agent at a terminal: what is drawn, the keys, and numbers where keys cannot be read singly."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

import handoff_cli
from handoff_cli.cli import pick as picking

pytest.importorskip("termios")

_ROOT = str(Path(handoff_cli.__file__).parents[1])
_PICK = "from handoff_cli.cli.pick import pick; print(pick('Which?', ['one', 'two', 'three']))"
UP, DOWN, FAR_DOWN = "\x1b[A", "\x1b[B", "\x1bOB"


def at_terminal(typed, program=("-c", _PICK), **environ):
    """Run Python at a terminal of its own, type each of ``typed`` as it waits; returns code, output, what was drawn."""
    ours, theirs = os.openpty()
    environ = {**os.environ, "PYTHONPATH": _ROOT, "TERM": "xterm", **environ}
    process = subprocess.Popen(
        [sys.executable, *program], stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, env=environ, text=True
    )
    os.close(theirs)
    drawn = ""
    try:
        for keys in typed:
            drawn += _until_it_waits(ours)
            os.write(ours, keys.encode())
        out, _ = process.communicate(timeout=30)
        drawn += _rest(ours)
    finally:
        process.kill()
        os.close(ours)
    return process.returncode, out.strip(), drawn


def _until_it_waits(terminal):
    import select

    drawn = ""
    while select.select([terminal], [], [], 0.3 if drawn else 20)[0]:
        drawn += os.read(terminal, 4096).decode()
    return drawn


def _rest(terminal):
    try:
        return os.read(terminal, 4096).decode()
    except OSError:
        return ""


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        (["\r"], "0"),
        ([DOWN, "\r"], "1"),
        ([DOWN, FAR_DOWN, UP, "\r"], "1"),
        ([UP, "\r"], "2"),
        (["j", "j", "k", "\n"], "1"),
        (["3"], "2"),
        (["9", "x", "\r"], "0"),
        (["q"], "None"),
        (["\x1b"], "None"),
    ],
)
def test_keys(typed, chosen):
    """Past the last line comes the first; what means nothing does nothing; q and Escape leave."""
    assert at_terminal(typed)[:2] == (0, chosen)


def test_the_line_under_the_mark_is_redrawn_in_place():
    drawn = at_terminal([DOWN, "\r"])[2]
    first, second = drawn.split("\x1b[3A")
    assert "> one" in first
    assert "> two" in second
    assert "> one" not in second
    assert "Which?" in first


def test_an_interrupt_is_one():
    code, _, drawn = at_terminal(["\x03"])
    assert code != 0
    assert "KeyboardInterrupt" in drawn


@pytest.mark.parametrize(("typed", "chosen"), [("2\n", "1"), ("0\n", "None"), ("4\n", "None"), ("one\n", "None")])
def test_numbers_where_the_terminal_is_a_dumb_one(typed, chosen):
    code, out, drawn = at_terminal([typed], TERM="dumb")
    assert (code, out) == (0, chosen)
    assert "  2  two" in drawn
    assert "\x1b" not in drawn


def test_numbers_where_input_is_no_terminal(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO("1\n"))
    assert picking.pick("Which?", ["one", "two"]) == 0
    assert not picking.can_pick()
    assert "Which? [1-2]" in capsys.readouterr().err


def test_an_agent_is_picked_and_started(tmp_path, project):
    """Of those that are installed; the session goes on in it."""
    for name in ("codex", "gemini"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\necho {name}\n")
        program.chmod(0o755)
    path = f"{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin"
    subprocess.run(
        [sys.executable, "-m", "handoff_cli", "track"],
        input=b"words",
        env={**os.environ, "PYTHONPATH": _ROOT},
        check=True,
    )
    code, out, drawn = at_terminal([DOWN, "\r"], ("-m", "handoff_cli", "continue"), PATH=path)
    assert (code, out) == (0, "gemini")
    assert "> Codex" in drawn
    assert "gemini goes on" in drawn
    code, out, drawn = at_terminal(["q"], ("-m", "handoff_cli", "continue"), PATH=path)
    assert (code, out) == (1, "")
    assert "nothing was chosen" in drawn
    code, _, drawn = at_terminal(["\x03"], ("-m", "handoff_cli", "continue"), PATH=path)
    assert code == 130
    assert "Traceback" not in drawn
