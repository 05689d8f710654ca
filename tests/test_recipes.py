"""The recipes of docs/install.md are run as they stand there: prompts, status bars, git, make, CI."""

import os
import re
import shutil
import subprocess
import time
import tomllib

import pytest
import yaml

from tests.scripts.test_make_example import ROOT

PAGE = (ROOT / "docs" / "install.md").read_text()


def recipe(language, holding):
    return next(block for block in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL) if holding in block)


@pytest.fixture
def run(project):
    """Run a program that must be there, with ``handoff`` on its PATH, in a git repository; returns what it printed."""
    identity = {
        f"GIT_{who}_{what}": f"a{at}" for who in ("AUTHOR", "COMMITTER") for what, at in (("NAME", ""), ("EMAIL", "@b"))
    }
    environ = {**os.environ, **identity, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    (project / ".git").rmdir()
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=project, check=True)

    def run(*command, code=0, cwd=project):
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} is not installed")
        done = subprocess.run(command, capture_output=True, text=True, env=environ, timeout=60, check=False, cwd=cwd)
        assert done.returncode == code, done.stderr
        return done.stdout

    return run


BASH = f"PS1='$ '\n{recipe('bash', 'PS1')}\nprintf '%s|' \"${{PS1@P}}\""
ZSH = f"PROMPT='$ '\n{recipe('zsh', 'PROMPT')}\nprint -nP $PROMPT; print -n '|'"
FISH = f"{recipe('fish', 'fish_right_prompt')}\nfish_right_prompt; printf '|'"


@pytest.mark.parametrize(
    ("shell", "script", "empty", "full"),
    [
        (("bash", "-c"), BASH, "$ |", "50.0% ok $ |"),
        (("zsh", "-fc"), ZSH, "$ |", "50.0% ok $ |"),
        (("fish", "-c"), FISH, "|", "50.0% ok\n|"),
    ],
    ids=["bash", "zsh", "fish"],
)
def test_prompts_show_the_session_and_nothing_where_there_is_none(run, handoff, shell, script, empty, full):
    assert run(*shell, script) == empty
    handoff("-q", "track", "--tokens", "64000")
    assert run(*shell, script) == full


_TRIES = 100


def test_the_status_bar_of_tmux_shows_the_session_of_the_pane(run, handoff, project, tmp_path):
    handoff("-q", "track", "--tokens", "64000")
    (tmp_path / "tmux.conf").write_text(recipe("tmux", "status-right"))
    tmux = ("tmux", "-S", str(tmp_path / "socket"), "-f", str(tmp_path / "tmux.conf"))
    run(*tmux, "new-session", "-d", "-x", "80", "-y", "24", "-c", str(project), "sleep 20")
    try:
        bar = run(*tmux, "show-options", "-gv", "status-right").strip()
        for _ in range(_TRIES):  # the pane's process goes to its folder a moment after the session is there
            # tmux answers at once with what the last run of the command printed; here the shell waits for it instead.
            command = run(*tmux, "display-message", "-p", bar.removeprefix("#(").removesuffix(")")).strip()
            if str(project) in command:
                break
            time.sleep(0.05)
    finally:
        run(*tmux, "kill-server")
    assert run("sh", "-c", command, cwd=tmp_path) == "50.0% ok\n"


def test_starship_runs_the_command_when_there_is_a_session(run, handoff):
    custom = tomllib.loads(recipe("toml", "custom.handoff"))["custom"]["handoff"]
    run("sh", "-c", custom["when"], code=1)
    handoff("-q", "track", "--tokens", "64000")
    run("sh", "-c", custom["when"])
    assert run("sh", "-c", custom["command"]) == "[██████████░░░░░░▏░░░] 50.0%\n"


def test_the_hook_of_pre_commit_is_there_and_checks_the_document(run, handoff):
    config = yaml.safe_load(recipe("yaml", "pre-commit-config"))
    (wanted,) = (hook["id"] for hook in config["repos"][0]["hooks"])
    entries = {it["id"]: it["entry"] for it in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    run("sh", "-c", entries[wanted], code=1)
    handoff("-q", "track", stdin="hello")
    handoff("-q", "handoff", "--next", "run pytest tests/test_a.py", "--goal", "make the import faster")
    run("sh", "-c", entries[wanted])


def test_ci_checks_the_committed_document_in_a_fresh_checkout(run, handoff, project, tmp_path):
    handoff("-q", "track", stdin="hello")
    handoff("-q", "handoff", "--next", "run pytest tests/test_a.py", "--goal", "make the import faster")
    assert run("git", "status", "--short") == ""
    run("sh", "-ec", recipe("sh", "git commit"))
    run("git", "clone", "-q", str(project), str(tmp_path / "checkout"))
    steps = yaml.safe_load(recipe("yaml", "workflows"))["jobs"]["handoff"]["steps"]
    check = next(step["run"] for step in steps if "handoff check" in step.get("run", ""))
    run("sh", "-ec", check.replace(" --strict", ""), cwd=tmp_path / "checkout")
    (tmp_path / "checkout" / ".agent-handoffs" / "CURRENT_SESSION.md").write_text("nothing")
    run("sh", "-ec", check, cwd=tmp_path / "checkout", code=1)


def test_commits_are_noted_once_the_hooks_are_installed(run, handoff):
    run("handoff", "install", "git")
    run("git", "commit", "-q", "--allow-empty", "-m", "first of all")
    assert "first of all" in handoff("log")[1]


def test_the_targets_of_make_run(run, handoff, project):
    (project / "Makefile").write_text("all:\n")
    run("handoff", "install", "make")
    handoff("-q", "track", "--tokens", "64000")
    assert "50.0%  ok" in run("make", "handoff-status")
    run("make", "handoff-check")
    run("make", "handoff")
    assert (project / ".agent-handoffs" / "CURRENT_SESSION.md").exists()


def test_the_notifications_are_settings_that_are_taken(run, handoff):
    lines = re.findall(r"^handoff config set on_warning .*$", PAGE, re.MULTILINE)
    assert [line.rpartition("# ")[2] for line in lines] == ["Linux", "macOS", "Windows"]
    for line in lines:
        run("sh", "-ec", line)
        assert handoff("config", "get", "on_warning")[1].strip() not in ("", "unset")
