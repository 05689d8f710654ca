import os
import shlex

import pytest

from handoff_cli.core.settings import SETTING_KEYS


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


def test_a_folder_that_is_not_there_offers_nothing_and_says_nothing(spawn, elsewhere):
    assert completed(spawn, "handoff --dir nowhere --session g") == set()
    assert completed(spawn, "handoff --session 'ga") == set()


def test_a_quote_that_is_still_open_does_no_harm_to_the_words_before(spawn, elsewhere):
    assert completed(spawn, "handoff --dir '../else where' --session 'ga") == {"gamma"}


def test_completion_in_a_broken_project_offers_nothing_and_says_nothing(spawn, project):
    (project / ".agent-handoffs").symlink_to(os.devnull)
    done = spawn(env={"_HANDOFF_COMPLETE": "complete_bash", "COMP_WORDS": "handoff --session b", "COMP_CWORD": "2"})
    assert (done.stdout.strip(), done.stderr) == (b"", b"")
