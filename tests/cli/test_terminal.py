"""What a person sees: on a real terminal, a pseudo one, of a given width."""

from __future__ import annotations

import io
import os
import re
import struct
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import handoff_cli
from handoff_cli.cli import lines
from handoff_cli.cli.terminal import can_pick, pick, print_lines, print_markdown
from tests.scripts.test_make_example import ROOT

termios, fcntl = pytest.importorskip("termios"), pytest.importorskip("fcntl")
COLOR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def terminal(project):
    """Run a command line whose output and messages go to a terminal ``columns`` wide; returns what it showed."""

    def run(*argv, columns=40, stdin=b""):
        ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "PYTHONUTF8": "1"}
        command = [sys.executable, "-m", "handoff_cli", *argv]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=theirs, stderr=theirs, env=environ) as process:
            ended = threading.Thread(target=lambda: (process.wait(), os.write(theirs, _END)))
            ended.start()
            process.stdin.write(stdin)
            process.stdin.close()
            shown = _until_the_end(ours)
            ended.join()
        os.close(theirs)
        os.close(ours)
        assert process.returncode == 0
        return shown.replace("\r\n", "\n")

    return run


_END = b"\x1e"


def _until_the_end(terminal):
    """Return what a terminal shows up to the mark, written once the program has ended.

    Where the end were known by nobody having the terminal open, what was written right before it could be lost.
    """
    shown = b""
    while not shown.endswith(_END):
        shown += os.read(terminal, 1 << 16)
    return shown.removesuffix(_END).decode()


def rows(shown):
    return COLOR.sub("", shown).splitlines()


def too_long(shown, columns):
    """The rows that do not fit, but for those that are one word, such as a path: that stays whole."""
    return [row for row in rows(shown) if len(row) > columns and len(row.split()) > 1]


@pytest.mark.parametrize("columns", [40, 80])
def test_rows_fit_the_terminal_and_break_between_words(terminal, handoff, columns):
    handoff("config", "set", "context_window_limit", "1000")
    for text in ("one two three " * 20, "four five six " * 20):
        handoff("-q", "track", "-d", f"what this piece is about, at length: {text}", stdin=text)
    for argv in (["status"], ["log"], ["sessions"], ["models", "gpt-4"], ["config"], ["count", "--by-file"]):
        shown = terminal(*argv, columns=columns, stdin=b"x")
        assert too_long(shown, columns) == [], argv
        piped = {word for line in handoff(*argv, stdin="x")[1].splitlines() for word in line.split()}
        assert {word for row in rows(shown) for word in row.split() if word[0] != "[" and "…" not in word} <= piped, (
            argv
        )


def test_a_terminal_that_does_not_know_its_size_is_drawn_for_as_one_of_80_columns(terminal, handoff):
    handoff("-q", "track", stdin="hello")
    assert rows(terminal("status", columns=0)) == rows(terminal("status", columns=80))


def test_the_bar_stays_in_view_when_the_document_comes(terminal, handoff):
    handoff("config", "set", "context_window_limit", "100")
    shown = terminal("track", stdin=b"word " * 85, columns=40)
    seen = rows(shown)
    bar = next(number for number, row in enumerate(seen) if re.fullmatch(r"\[█+░*\] 86\.0%  warning", row))
    assert seen[bar + 1 : bar + 4] == [
        "86 of 100 tokens, 14 left",
        "(counted, o200k_base)",
        "handoff: warning threshold reached:",
    ]
    assert bar > next(number for number, row in enumerate(seen) if "Handoff:" in row)
    assert len(seen) - bar < 10
    assert "\x1b[33mhandoff: warning threshold reached:\x1b[0m" in shown


def test_a_pipe_gets_the_document_after_the_bar_and_no_color(handoff):
    handoff("config", "set", "context_window_limit", "100")
    code, out, err = handoff("track", stdin="word " * 85)
    assert code == 0
    assert out.index("] 8") < out.index("# Handoff:")
    assert "\x1b" not in out + err


def test_of_a_document_all_but_its_front_matter_is_shown():
    stream = io.StringIO()
    print_markdown(stream, 80, '---\r\nschema: "1"\r\n---\r\nthe story\r\n')
    print_markdown(stream, 80, "---\na rule above\n---\nand below\n")
    shown = stream.getvalue()
    assert "schema" not in shown
    assert all(words in shown for words in ("the story", "a rule above", "and below"))


def test_what_a_terminal_cannot_write_is_escaped():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="strict")
    print_lines(stream, 80, [[("na\xefve \u65e5", "bold")]])
    print_markdown(stream, 80, "# \u65e5")
    stream.flush()
    assert b"na\\xefve \\u65e5" in stream.buffer.getvalue()


def test_color_that_is_asked_for_is_drawn_whatever_the_environment_says(handoff, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b[32m" in handoff("--color", "always", "status")[1]


def test_wide_characters_take_two_cells():
    broken = lines.wrapped([("数据 " * 10, "")], 20)
    assert [sum(len(word) for word in line[0][0].split()) for line in broken] == [8, 8, 4]


PARTS = st.lists(st.tuples(st.text(alphabet="ab  .", max_size=30), st.sampled_from(["", "dim"])), max_size=4)


@given(PARTS, st.integers(20, 60))
def test_wrapping_loses_no_word_and_keeps_to_the_width(parts, width):
    text = "".join(part for part, _ in parts)
    broken = ["".join(part for part, _ in line) for line in lines.wrapped(parts, width, whole_words=True)]
    assert "".join(broken).replace(" ", "") == text.replace(" ", "")
    assert all(len(line.rstrip()) <= width or len(line.split()) == 1 for line in broken)


pytest.importorskip("termios")

_ROOT = str(Path(handoff_cli.__file__).parents[1])
_PICK = "from handoff_cli.cli.terminal import pick; print(pick('Which?', ['one', 'two', 'three']))"
UP, DOWN, FAR_DOWN = "\x1b[A", "\x1b[B", "\x1bOB"


def at_terminal(typed, program=("-c", _PICK), **environ):
    """Run Python at a terminal of its own, type each of ``typed`` as it waits; returns code, output, what was drawn."""
    ours, theirs = os.openpty()
    environ = {**os.environ, "PYTHONPATH": _ROOT, "TERM": "xterm", **environ}
    process = subprocess.Popen(
        [sys.executable, *program], stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, env=environ, text=True
    )
    drawn = ""
    try:
        for keys in typed:
            drawn += _until_it_waits(ours, process.pid)
            os.write(ours, keys.encode())
        out, _ = process.communicate(timeout=30)
        os.write(theirs, _END)
        drawn += _until_the_end(ours)
    finally:
        process.kill()
        os.close(theirs)
        os.close(ours)
    return process.returncode, out.strip(), drawn


def _until_it_waits(terminal, process):
    import select

    drawn = ""
    while select.select([terminal], [], [], (0.03 if _sleeps(process) else 0.3) if drawn else 20)[0]:
        drawn += os.read(terminal, 4096).decode()
    return drawn


def _sleeps(process):
    """Return whether the process is seen to wait; where that cannot be seen, a longer silence has to tell."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "S"
    except OSError:
        return False


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
    assert pick("Which?", ["one", "two"]) == 0
    assert not can_pick()
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
