import json
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

import handoff_cli
from handoff_cli.__main__ import main
from handoff_cli.cli.hot import VALUE_OPTIONS, hoist_globals, run_hot
from handoff_cli.errors import UsageError
from tests.transcripts import rows as r

HEAVY = {
    "typer", "click", "rich", "pydantic", "pydantic_core", "tiktoken", "regex", "jinja2", "typing", "dataclasses", "pathlib",
    "inspect", "logging", "asyncio", "subprocess", "tempfile", "shutil", "datetime", "importlib.metadata", "decimal",
    "threading", "contextlib", "urllib", "socket", "hashlib", "random", "requests", "handoff_cli.state.schema",
    "handoff_cli.documents.render", "handoff_cli.transcripts", "handoff_cli.cli.colored", "handoff_cli.state.foreign",
    "handoff_cli.state.listing", "struct", "encodings.utf_8_sig",
}  # fmt: skip
NOT_AGAIN = {
    "handoff_cli.core.jsonc_edit", "handoff_cli.redaction.search", "handoff_cli.state.ledger_lines",
    "handoff_cli.state.replay", "handoff_cli.tokens.stream",
}  # fmt: skip
"""What a session may need when it begins, and plain text in a state as it was left does not."""

MOST_MODULES = 88
"""Each costs a tenth of a millisecond; budgets of bytes would punish whoever writes docstrings."""


def modules_loaded(argv, stdin, project):
    root = str(Path(handoff_cli.__file__).parents[1])
    code = (
        "import sys; before = set(sys.modules); from handoff_cli.__main__ import main; "
        f"code = main({argv!r}); sys.stderr.write(repr((code, sorted(set(sys.modules) - before))))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        input=stdin,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": root},
        check=False,
        timeout=60,
    )
    exit_code, modules = eval(done.stderr)
    assert exit_code == 0
    return set(modules)


@pytest.mark.parametrize(
    "argv",
    [
        ["track"],
        ["--quiet", "track", "-d", "text"],
        ["track", "--json"],
        ["status"],
        ["status", "--json"],
        ["status", "--line"],
        ["count"],
        ["--version"],
    ],
)
@pytest.mark.parametrize("text", ["hello world", "große 数据 🚀"])
def test_hot_verbs_load_nothing_heavy(project, handoff, argv, text):
    handoff("-q", "track", stdin="before")
    loaded = modules_loaded(argv, text.encode(), project)
    assert not {name for name in loaded if name in HEAVY or name.partition(".")[0] in HEAVY}
    assert not loaded & NOT_AGAIN
    assert len(loaded) <= MOST_MODULES


def claude_rows():
    return r.jsonl(r.claude_response(10_000)), r.jsonl(r.claude_response(11_000, id_="msg_2"))


def codex_rows():
    start = r.jsonl(r.codex("session_meta", cli_version="0.125.0"), r.codex("turn_context", model="gpt-5.5"))
    return start + r.jsonl(r.codex_tokens(10_000)), r.jsonl(r.codex_tokens(11_000))


def gemini_rows():
    start = r.jsonl(r.gemini_start(), r.gemini_message("a", 10_000, model="gemini-2.5-pro"))
    return start, r.jsonl(r.gemini_message("b", 11_000, model="gemini-2.5-pro"))


@pytest.mark.parametrize("rows", [claude_rows, codex_rows, gemini_rows])
def test_a_sync_loads_nothing_heavy(project, handoff, rows):
    """Hooks run it after every tool call: decoding rows is all it may cost."""
    before, after = rows()
    (project / "t.jsonl").write_text(before)
    assert handoff("sync", "--transcript", "t.jsonl")[0] == 0
    with (project / "t.jsonl").open("a") as file:
        file.write(after)
    loaded = modules_loaded(["sync", "--transcript", "t.jsonl"], b"", project)
    heavy = HEAVY - {"handoff_cli.transcripts"} | {"handoff_cli.tokens", "handoff_cli.transcripts.collector", "sqlite3"}
    assert not {name for name in loaded if name in heavy or name.partition(".")[0] in heavy}
    assert len(loaded) <= MOST_MODULES
    assert json.loads(handoff("status", "--json")[1])["total_tokens"] == 11_000


COMMAND_LINES = [
    ["track"],
    ["track", "-"],
    ["track", "a.txt", "b.txt"],
    ["track", "-d", "words", "a.txt"],
    ["track", "-d=words", "a.txt"],
    ["track", "--description=words", "--model", "gpt-4", "a.txt"],
    ["track", "--encoding", "cl100k_base", "--", "a.txt"],
    ["track", "--tokens", "12", "--json"],
    ["track", "--tokens=12", "-d", "x"],
    ["track", "--tee"],
    ["track", "--dry-run", "--strict", "a.txt"],
    ["track", "--json", "absent.txt"],
    ["track", "--format", "text", "a.txt"],
    ["-q", "track", "a.txt"],
    ["track", "a.txt", "--quiet"],
    ["--color", "never", "status"],
    ["--color=always", "status"],
    ["count", "a.txt", "b.txt", "--by-file"],
    ["count", "--json", "--model=gpt-4"],
    ["count", "--safe", "--model", "claude-opus-4-5", "a.txt"],
    ["status", "--json"],
    ["status", "--line", "--exit-code"],
    ["status", "--line", "--json"],
    ["sync"],
    ["sync", "--agent", "nobody"],
    ["sync", "--transcript", "absent.txt", "--json"],
    ["sync", "--transcript=a.txt", "--model", "claude-opus-4-5", "--format", "codex"],
    ["sync", "surplus"],
    ["--window", "5000", "status"],
    ["status", "--window", "x"],
    ["--session", "b", "track", "a.txt"],
    ["--session", "../b", "status"],
    ["--dir", "absent", "status"],
    ["track", "--bogus"],
    ["track", "--tokens", "x"],
    ["track", "-d"],
    ["--color", "purple", "status"],
    ["status", "surplus"],
    ["--version"],
]


def outcome(argv, project, handoff, door):
    for path in sorted(project.rglob("*"), reverse=True):
        if ".git" not in path.parts:
            path.rmdir() if path.is_dir() else path.unlink()
    (project / "a.txt").write_text("hello world")
    (project / "b.txt").write_text("hello again, world")
    with (
        mock.patch("time.time", return_value=1_768_464_000.0),
        mock.patch("os.urandom", bytes),
        mock.patch("handoff_cli.cli.hot.run_hot", door),
    ):
        result = handoff(*argv, stdin="piped text")
    files = {str(path.relative_to(project)): path.read_bytes() for path in project.rglob("*") if path.is_file()}
    return result, {name: data for name, data in files.items() if not name.endswith(".lock")}


@pytest.mark.parametrize("argv", COMMAND_LINES, ids=" ".join)
def test_both_doors_do_the_same(project, handoff, argv):
    """The fast door and Typer give the same bytes, the same exit code and the same files."""
    assert outcome(argv, project, handoff, run_hot) == outcome(argv, project, handoff, lambda _: None)


def test_the_fast_door_takes_the_ordinary_lines(project, handoff):
    """The equivalence above would be empty if everything fell through to Typer."""
    (project / "a.txt").write_text("hello")
    for argv in (
        ["track", "a.txt"],
        ["-q", "track", "-d", "x", "a.txt"],
        ["status"],
        ["status", "--json"],
        ["--version"],
    ):
        assert run_hot(argv) == 0


@given(st.lists(st.sampled_from(["--dir", "--quiet", "-q", "--color=never", "track", "x", "-d", "--", "--session"])))
def test_hoisting_loses_and_invents_nothing_and_is_done_once(words):
    try:
        hoisted = hoist_globals(words)
    except UsageError:
        assert words[-1] in ("--dir", "--session")
        return
    assert sorted(hoisted) == sorted(words)
    assert hoist_globals(hoisted) == hoisted


@pytest.mark.parametrize(
    ("words", "hoisted"),
    [
        (["track", "-q", "x"], ["-q", "track", "x"]),
        (["track", "-d", "-q", "x"], ["track", "-d", "-q", "x"]),
        (["track", "--description", "--session=b"], ["track", "--description", "--session=b"]),
        (["track", "--", "-q"], ["track", "--", "-q"]),
        (["handoff", "--next", "-q", "--dir", "d"], ["--dir", "d", "handoff", "--next", "-q"]),
    ],
)
def test_a_value_is_never_taken_for_a_global_option(words, hoisted):
    assert hoist_globals(words) == hoisted


def test_the_options_with_values_are_those_typer_has():
    from typer.main import get_command

    from handoff_cli.cli.app import app

    def parameters(command):
        yield from command.params
        for child in getattr(command, "commands", {}).values():
            yield from parameters(child)

    root = get_command(app)
    own = {
        name
        for child in root.commands.values()
        for it in parameters(child)
        if it.param_type_name == "option"
        for name in it.opts
        if not it.is_flag
    }
    flags = {
        name
        for child in root.commands.values()
        for it in parameters(child)
        if it.param_type_name == "option"
        for name in it.opts
        if it.is_flag
    }
    assert own == VALUE_OPTIONS
    assert not own & flags


@pytest.mark.parametrize("argv", [["track", "status", "--session"], ["reset", "--dir"], ["status", "--color"]])
def test_a_global_option_without_its_value_is_refused(handoff, argv):
    code, out, err = handoff(*argv, stdin="hello")
    assert (code, out) == (2, "")
    assert "needs a value" in err


def test_a_bug_ends_in_one_line_and_a_log_not_a_traceback(capsys, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("\x1b[31mboom")

    monkeypatch.setattr("handoff_cli.cli.status_verbs.status", broken)
    assert main(["status"]) == 70
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    log = Path(err.rsplit(" ", 1)[1].strip())
    assert "RuntimeError" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_the_json_of_track_is_the_new_status_and_what_was_added(handoff):
    result = json.loads(handoff("track", "--json", "-d", "x", stdin="hello world")[1])
    assert (result["total_tokens"], result["added_tokens"], result["recorded"], result["crossed"]) == (2, 2, True, None)
    assert result["added"][0]["source"] == "stdin"


def test_without_arguments_the_help_is_shown(handoff):
    code, out, err = handoff()
    assert (code, err) == (0, "")
    assert out.startswith("Usage: handoff [OPTIONS] COMMAND")
    code, out, err = handoff("-q")
    assert (code, out, err.count("\n")) == (2, "", 1)
