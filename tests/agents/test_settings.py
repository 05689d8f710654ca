import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import handoff_cli
from handoff_cli.agents import settings


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_a_shell_reads_a_quoted_word_as_one_word(word):
    assert shlex.split(settings.quoted(word)) == [word]


@pytest.mark.parametrize("path", ["/opt/my python/bin/python3", "/home/o'brien/venv/bin/python", "/a$b/`c`/python"])
def test_odd_interpreter_paths_are_run_and_recognised(path, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "executable", path)
    line = settings.command_line("hook", "claude-code")
    assert shlex.split(line) == [path, "-P", "-m", "handoff_cli", "hook", "claude-code"]
    assert settings.is_ours(line)
    assert settings.is_ours(settings.powershell_line("hook", "copilot", "preCompact"))


def test_the_line_runs_this_handoff():
    environ = {**os.environ, "PYTHONPATH": str(Path(handoff_cli.__file__).parents[1])}
    done = subprocess.run(
        ["sh", "-c", settings.command_line("--version")], capture_output=True, text=True, check=False, env=environ
    )
    assert done.stdout.startswith("handoff ")


def test_the_line_runs_nothing_of_the_folder_it_is_run_in(tmp_path):
    """A hook runs in whatever project the agent works in, and that may be a stranger's."""
    (tmp_path / "handoff_cli").mkdir()
    for name in ("handoff_cli/__init__.py", "handoff_cli/__main__.py", "os.py", "_json.py", "re.py"):
        (tmp_path / name).write_text("print('not ours')")
    environ = {**os.environ, "PYTHONPATH": str(Path(handoff_cli.__file__).parents[1])}
    done = subprocess.run(
        ["sh", "-c", settings.command_line("--version")],
        capture_output=True, text=True, check=False, env=environ, cwd=tmp_path,
    )  # fmt: skip
    assert (done.returncode, done.stdout.startswith("handoff ")) == (0, True)


@pytest.mark.parametrize(
    "line", ["handoff status", "python -m other hook", "echo handoff_cli hook", "x -m handoff_cli_other hook"]
)
def test_other_commands_are_not_ours(line):
    assert not settings.is_ours(line)


def test_interpreters_are_found_in_settings():
    text = '"command": "\'/a b/python\' -m handoff_cli hook x", "c": "/usr/bin/python3 -P -m handoff_cli statusline"'
    assert settings.interpreters(text) == ["/a b/python", "/usr/bin/python3"]
