"""What is shown to somebody who asks: help in groups at 80 columns, the version, JSON for programs."""

import inspect
import json
import os
import re
import shlex
import subprocess

import pytest

from handoff_cli.cli.commands import COMMANDS, GROUPS, function_of
from handoff_cli.cli.reader import common, signature_of
from tests.scripts.test_make_example import ROOT


@pytest.fixture
def columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERMINAL_WIDTH", "80")


def test_the_help_lists_every_command_in_its_group_on_one_row(handoff, columns):
    out = handoff("--help")[1]
    assert max(map(len, out.splitlines())) <= 80
    for heading, modules in GROUPS.items():
        listed = out.partition(f"\n{heading}:\n")[2].partition("\n\n")[0].splitlines()
        paths = [path for paths in modules.values() for path in paths if " " not in path]
        assert [line.split()[0] for line in listed] == paths
        for line, path in zip(listed, paths, strict=True):
            assert line.split(maxsplit=1)[1] == function_of(path).__doc__.splitlines()[0]


@pytest.mark.parametrize("path", ["", *COMMANDS])
def test_help_shows_whole_examples_and_no_types_of_python(handoff, columns, path):
    code, out, err = handoff(*path.split(), "--help")
    assert (code, err) == (0, "")
    assert not re.search(r"<\w+(\[\w+\])?>", out)
    assert "..." not in out.partition("\n\n")[2], "nothing is cut"
    assert max(map(len, out.splitlines())) <= 80


def example_of(path):
    function = function_of(path) if path else common
    return inspect.cleandoc(function.__doc__).rpartition("\n\n")[2].partition(":  ")[2]


@pytest.mark.parametrize("columns", [40, 200])
def test_examples_stand_on_one_line_to_be_copied(handoff, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    for path in ("", *COMMANDS):
        out = handoff(*path.split(), "--help")[1]
        assert out.splitlines()[-1].endswith(f":  {example_of(path)}"), path
        assert len(out.splitlines()[-1]) <= 80, path


def test_a_help_fits_a_narrow_terminal_but_for_its_example(handoff, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    for path in ("", *COMMANDS):
        *told, _ = handoff(*path.split(), "--help")[1].splitlines()
        assert [line for line in told if len(line) > 40 and line.count(" ", len(line) - len(line.lstrip()))] == [], path


@pytest.mark.parametrize("path", ["", *COMMANDS])
def test_examples_run_as_printed_before_anything_was_done(handoff, spawn_shell, path):
    """In an empty folder, without any agent, remote, database or file: none fails, and says little."""
    example = example_of(path)
    words = shlex.split(example)
    code, out, err = spawn_shell(example) if re.search("[|&<>=]", example) else handoff(*words[1:])
    assert code == 0, err
    assert "handoff " in example
    assert out or err or path in ("template", "hook", "statusline", "fleet init")
    assert len(err.splitlines()) <= 2, err
    assert "Traceback" not in err


@pytest.fixture
def spawn_shell(project):
    def run(line):
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, env=environ, timeout=60, check=False)
        return done.returncode, done.stdout, done.stderr

    return run


def test_usage_names_arguments_plainly(handoff):
    assert handoff("config", "set", "--help")[1].splitlines()[0] == "Usage: handoff config set [OPTIONS] KEY VALUE"
    assert handoff("note", "--help")[1].splitlines()[0] == "Usage: handoff note [OPTIONS] [TEXT]"


@pytest.mark.parametrize("path", ["track", "config", "config set"])
def test_help_of_a_command_is_what_its_option_shows(handoff, path):
    assert handoff("help", *path.split()) == handoff(*path.split(), "--help")


def test_help_alone_is_that_of_all_and_of_nothing_is_refused(handoff):
    assert handoff("help") == handoff("--help")
    code, out, err = handoff("help", "trak")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "track" in err


def test_the_version_is_shown_by_command_and_option(handoff):
    assert handoff("version") == handoff("--version") == handoff("-q", "--version")
    assert json.loads(handoff("version", "--json")[1])["handoff"] in handoff("version")[1]


@pytest.mark.parametrize("path", ["status", "check", "doctor"])
def test_exit_codes_are_told_where_a_script_uses_them(handoff, path):
    assert "Exit codes: 0" in handoff(path, "--help")[1]


SPEAK_FOR_THEMSELVES = {"help", "hook", "statusline", "mcp", "config edit", "fleet metrics"}
"""Commands that report nothing of their own, or speak a protocol."""


@pytest.mark.parametrize("path", [path for path in COMMANDS if path not in SPEAK_FOR_THEMSELVES])
def test_what_reports_reports_in_json_too(path):
    assert "--json" in signature_of(function_of(path)).options


PAGES = "".join(
    (ROOT / "docs" / name).read_text() for name in ("json.md", "status.md", "context.md", "handoff-json.md")
)
REPORTS = [
    ["init"],
    ["status"],
    ["count"],
    ["track", "--dry-run"],
    ["notes"],
    ["note", "keep it"],
    ["config"],
    ["config", "list"],
    ["config", "get", "model"],
    ["config", "set", "warning_threshold", "0.7"],
    ["config", "unset", "warning_threshold"],
    ["config", "path"],
    ["sessions"],
    ["sessions", "--all-projects"],
    ["agents"],
    ["continue", "codex"],
    ["template"],
    ["models", "gpt-4o"],
    ["install", "make"],
    ["uninstall", "make", "--dry-run"],
    ["check"],
    ["resume"],
    ["doctor"],
    ["context"],
    ["diff"],
    ["handoff"],
    ["machine"],
    ["simulate"],
    ["calibrate"],
    ["version"],
    ["reset"],
    ["sessions", "show"],
    ["sessions", "restore"],
]
LINES = [["log"], ["log", "--text"], ["transcript"], ["watch", "--once"]]
"""What is reported in JSON Lines."""


def test_json_is_json_and_nothing_else_on_the_output(handoff):
    handoff("track", stdin="hello world")
    handoff("note", "first")
    handoff("-q", "handoff")
    for argv in REPORTS:
        code, out, _ = handoff(*argv, "--json", stdin="hello")
        assert code in (0, 1), argv
        value = json.loads(out)
        row = value[0] if isinstance(value, list) and value else value
        keys = row["model"] if argv in (["config"], ["config", "list"]) else row
        assert not {key for key in keys if f"`{key}`" not in PAGES}, argv


@pytest.mark.parametrize("argv", LINES, ids=" ".join)
def test_what_comes_in_lines_is_an_object_a_line(handoff, argv):
    handoff("track", stdin="User: hello\nAssistant: world\n")
    code, out, _ = handoff(*argv, "--json")
    assert code == 0
    rows = [json.loads(line) for line in out.splitlines()]
    assert rows
    known = {"level", "model", "encoding", "low", "high", "method", "session", "crossed", "schema_version", "v"}
    if argv != ["log"]:  # what belongs to the kind of an entry is in docs/files.md
        assert not {key for row in rows for key in row if f"`{key}`" not in PAGES} - known


def test_every_report_in_json_is_documented():
    assert not [path for path in COMMANDS if path not in SPEAK_FOR_THEMSELVES and f"`{path}`" not in PAGES]


def test_the_guide_that_init_lays_down_fits_80_columns_and_its_lines_run(handoff, spawn_shell, project):
    handoff("init")
    guide = (project / ".agent-handoffs" / "USAGE_GUIDE.md").read_text()
    assert max(map(len, guide.splitlines())) <= 80
    (project / "FILE").write_text("User: what a file says")
    block = guide.partition("```sh\n")[2].partition("```")[0]
    lines = [line for line in block.splitlines() if line.startswith("handoff ")]
    assert len(lines) > 5
    code, _, err = spawn_shell("\n".join(["set -e", *lines]))
    assert (code, "no note" in err) == (0, False), err
