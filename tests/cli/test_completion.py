import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest

from handoff_cli.cli import options
from handoff_cli.cli.commands import COMMANDS, function_of
from handoff_cli.cli.reader import COMMON, CONVERSIONS, signature_of
from handoff_cli.core.settings import SETTING_KEYS
from tests.scripts.test_make_example import ROOT


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("handoff st", {"status"}),
        ("handoff config get critical", {"critical_threshold"}),
        ("handoff config set ", set(SETTING_KEYS)),
        ("handoff track --model gpt-4o", {"gpt-4o"}),
        ("handoff track --encoding cl", {"cl100k_base"}),
        ("handoff track --format cla", {"claude-code"}),
        ("handoff --session b", {"beta"}),
    ],
)
def test_the_shell_completes_commands_settings_models_and_sessions(spawn, handoff, words, offered):
    handoff("-q", "--session", "beta", "track", "--tokens", "1")
    done = spawn(
        env={"_HANDOFF_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    )
    assert done.returncode == 0
    assert offered <= set(done.stdout.decode().split())


@pytest.fixture
def elsewhere(project, handoff):
    """A project beside this one, with a further session and an archived one; returns its folder and their names."""
    folder = project.parent / "else where"
    folder.mkdir()
    handoff("-q", "--dir", str(folder), "--session", "gamma", "track", "--tokens", "1")
    archived = []
    for common in (("--dir", str(folder)), ("--dir", str(folder), "--session", "gamma")):
        handoff(*common, "track", "--tokens", "1")
        archived.append(handoff(*common, "reset")[1].splitlines()[0].rpartition("/")[2])
    return archived


def completed(spawn, line, shell="bash"):
    closed = line + "'" * (line.count("'") % 2)
    env = {"COMP_WORDS": line, "COMP_CWORD": str(len(shlex.split(closed)) - (not line.endswith(" ")))}
    if shell != "bash":
        env = {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    done = spawn(env={**env, "_HANDOFF_COMPLETE": f"complete_{shell}"})
    assert (done.returncode, done.stderr) == (0, b"")
    return set(done.stdout.decode().split())


@pytest.mark.parametrize("shell", ["bash", "fish"])
@pytest.mark.parametrize(
    "line",
    [
        "handoff --dir '../else where' --session ",
        "handoff --dir '../else where' --session ga",
        "handoff -q --dir '../else where' --session ga",
        "handoff --dir ~/../else\\ where --session ga",
        "handoff --dir $OTHER --session ga",
    ],
)
def test_sessions_are_those_of_the_folder_given_on_the_line(spawn, handoff, elsewhere, shell, line, monkeypatch):
    handoff("-q", "--session", "here", "track", "--tokens", "1")
    monkeypatch.setenv("OTHER", "../else where")
    assert completed(spawn, line, shell) == {"gamma"}


def test_archives_are_those_of_the_folder_and_session_given_on_the_line(spawn, handoff, elsewhere):
    handoff("track", "--tokens", "1")
    here = handoff("reset")[1].splitlines()[0].rpartition("/")[2]
    own, gammas = elsewhere
    there = "--dir '../else where'"
    assert completed(spawn, "handoff sessions show ") == {here}
    assert completed(spawn, f"handoff {there} sessions show 2") == {own}
    assert completed(spawn, f"handoff sessions show {there} 2") == {own}
    assert completed(spawn, f"handoff {there} --session gamma sessions restore ") == {gammas}


def test_handoffs_to_compare_are_archived_ones_and_those_that_were_replaced(spawn, handoff, project):
    handoff("handoff", "--goal", "first")
    handoff("handoff", "--goal", "second")
    (replaced,) = (project / ".agent-handoffs" / "handoffs").iterdir()
    archived = handoff("reset")[1].splitlines()[0].rpartition("/")[2]
    assert (
        completed(spawn, "handoff diff ") == completed(spawn, f"handoff diff {archived} ") == {archived, replaced.stem}
    )
    assert handoff("diff", replaced.stem, archived)[0] == 0


def test_a_folder_that_is_not_there_offers_nothing_and_says_nothing(spawn, elsewhere):
    assert completed(spawn, "handoff --dir nowhere --session g") == set()
    assert completed(spawn, "handoff --session 'ga") == set()


def test_a_quote_that_is_still_open_does_no_harm_to_the_words_before(spawn, elsewhere):
    assert completed(spawn, "handoff --dir '../else where' --session 'ga") == {"gamma"}


def test_completion_in_a_broken_project_offers_nothing_and_says_nothing(spawn, project):
    (project / ".agent-handoffs").symlink_to(os.devnull)
    done = spawn(env={"_HANDOFF_COMPLETE": "complete_bash", "COMP_WORDS": "handoff --session b", "COMP_CWORD": "2"})
    assert (done.stdout.strip(), done.stderr) == (b"", b"")


def environment(line, shell):
    """What Typer's script for ``shell`` sets when the cursor is at the end of ``line``."""
    words = line.split(" ")
    if shell == "bash":
        return {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), "_HANDOFF_COMPLETE": "complete_bash"}
    if shell == "powershell":
        last = {"_TYPER_COMPLETE_WORD_TO_COMPLETE": words[-1]}
        return {"_TYPER_COMPLETE_ARGS": line, **last, "_HANDOFF_COMPLETE": "complete_powershell"}
    return {
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_HANDOFF_COMPLETE": f"complete_{shell}",
    }


@pytest.fixture
def offered(handoff, monkeypatch):
    def run(line, shell="bash"):
        for name, value in environment(line, shell).items():
            monkeypatch.setenv(name, value)
        code, out, err = handoff()
        assert (code, err) == (0, "")
        monkeypatch.delenv("_HANDOFF_COMPLETE")
        return out

    return run


def places():
    """Return where a value of a known kind may stand: the line up to it, and what is offered there."""
    for path in COMMANDS:
        signature = signature_of(function_of(path))
        needed = " ".join(["model"] * signature.required)
        for it in signature.options.values():
            yield f"handoff {path} {needed} {it.word} ", getattr(options, it.annotation)
        words = [it.annotation for it in signature.arguments] + [signature.rest] * bool(signature.rest)
        for number, annotation in enumerate(words):
            yield f"handoff {path} {'model ' * number}", getattr(options, annotation)
    for it in COMMON.options.values():
        yield f"handoff {it.word} ", getattr(options, it.annotation)
        yield f"handoff count {it.word} ", getattr(options, it.annotation)


def test_every_option_with_a_set_of_values_offers_them(offered, handoff):
    handoff("-q", "--session", "beta", "track", "--tokens", "1")
    handoff("-q", "note", "x")
    handoff("-q", "track", "--tokens", "1")
    handoff("-q", "reset")
    asked = {}
    for line, annotation in places():
        complete = getattr(annotation.__metadata__[0], "autocompletion", None)
        if complete is not None:
            asked[annotation] = {*offered(" ".join(line.split()) + " ").splitlines()}
            assert asked[annotation] == {*complete("")} != set(), line
    assert len(asked) >= 18


@pytest.mark.parametrize("name", sorted(CONVERSIONS))
def test_whatever_takes_one_of_a_few_words_offers_them(name):
    """Numbers and files aside: nothing is known of these, and numbers refuse every word."""
    complete = getattr(options, name).__metadata__[0].autocompletion
    with pytest.raises(ValueError) as refused:
        CONVERSIONS[name]("")
    takes_words = "not one of" in str(refused.value)
    assert bool(complete) == takes_words
    assert not takes_words or [CONVERSIONS[name](word) for word in complete("")] == complete("")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("handoff st", ["status", "statusline"]),
        ("handoff status --fail-at ", ["warning", "critical", "over"]),
        ("handoff status --color n", ["never"]),
        ("handoff note --done ", ["1"]),
        ("handoff config set command_shell ", ["true", "false"]),
        ("handoff config set context_window_limit ", ["128000"]),
        ("handoff config set encoding cl", ["cl100k_base"]),
        ("handoff status --sess", ["--session"]),
        ("handoff help ca", ["calibrate"]),
    ],
)
def test_each_shell_is_told_in_its_own_way(offered, handoff, shell, line, words):
    handoff("-q", "note", "x")
    out = offered(line, shell)
    assert all(word in out for word in words)
    assert "doctor" not in out


def in_shell(project, tmp_path, *command):
    """Run ``command`` with ``handoff`` on the PATH; returns its output."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    script = tmp_path / "bin" / "handoff"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m handoff_cli "$@"\n')
    script.chmod(0o755)
    path = f"{script.parent}:{os.environ['PATH']}"
    environ = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(project.parent / "home")}
    return subprocess.run(command, capture_output=True, text=True, env=environ, timeout=60, check=True).stdout.split()


def test_bash_itself_completes(project, tmp_path):
    script = """
        eval "$(_HANDOFF_COMPLETE=source_bash handoff)"
        COMP_WORDS=(handoff status --fail-at c) COMP_CWORD=3
        _handoff_completion handoff
        echo "${COMPREPLY[@]}"
    """
    assert in_shell(project, tmp_path, "bash", "-c", script) == ["critical"]


def test_fish_itself_completes(project, tmp_path):
    script = "_HANDOFF_COMPLETE=source_fish handoff | source; complete -C 'handoff status --fail-at c'"
    assert in_shell(project, tmp_path, "fish", "-c", script) == ["critical"]


def test_zsh_itself_takes_the_script(project, tmp_path):
    script = """
        autoload -U compinit; compinit -u
        eval "$(_HANDOFF_COMPLETE=source_zsh handoff)"
        echo $_comps[handoff]
    """
    assert in_shell(project, tmp_path, "zsh", "-fc", script) == ["_handoff_completion"]


def test_the_script_for_powershell_asks_in_the_way_that_is_answered(handoff, monkeypatch):
    """PowerShell is on few machines that run this, so its script is held to what it must consist of."""
    monkeypatch.setenv("_HANDOFF_COMPLETE", "source_powershell")
    code, script, err = handoff()
    assert (code, err) == (0, "")
    assert re.search(r"Register-ArgumentCompleter -Native -CommandName handoff -ScriptBlock \$(\w+)", script)
    assert script.count("{") == script.count("}") > 0
    assert script.count("(") == script.count(")") > 0
    # It sets what an answer is made of, and clears all of it: the next command is none to complete.
    assert set(re.findall(r"\$Env:(\w+) = ", script)) == environment("handoff ", "powershell").keys()
    assert {*re.findall(r"\$Env:(\w+) = [^\n]+\n", script)} == {*re.findall(r'\$Env:(\w+) = ""\n', script)}


@pytest.mark.parametrize("line", ["handoff ", "handoff status --", "handoff status --fail-at ", "handoff config set "])
def test_what_powershell_is_told_has_a_word_and_a_tip_on_each_row(offered, handoff, line):
    """A tip without a character is an error there."""
    handoff("-q", "track", "--tokens", "1")
    rows = offered(line, "powershell").splitlines()
    assert rows
    for row in rows:
        word, tip = row.split(":::")
        assert word == word.strip() != ""
        assert tip != ""
