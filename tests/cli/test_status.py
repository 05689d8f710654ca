import json
import os
from pathlib import Path

import pytest

from handoff_cli.usecases.status import get_status

KEYS = {
    "session_id", "session", "previous_session", "session_chosen", "model", "encoding", "total_tokens", "low_tokens", "high_tokens", "method",
    "context_window_limit", "context_window_source", "usable_tokens", "usage_percentage", "usable_percentage",
    "known", "warning_threshold", "critical_threshold", "level", "remaining_tokens", "tokens_per_turn", "turns_left", "checkpoint_count", "checkpoints",
    "kept_bytes", "kept_left_out", "made_of", "handoff_file", "folder", "started_at", "updated_at", "warnings", "usable_source", "agent", "agent_version",
    "transcript", "usage_rule", "peak_tokens", "compaction_count",
}  # fmt: skip


def test_where_nothing_was_measured_the_figures_are_unknown_and_no_zero(handoff):
    """A session with a note in it has measured nothing; nor has one since it was compacted."""
    handoff("note", "mind the gap")
    out = handoff("status")[1]
    assert "--%  unknown" in out
    assert "unknown, of 128,000 tokens (nothing was measured yet)" in out
    assert "0 of" not in out
    assert handoff("status", "--line")[1] == "--% --/128,000 unknown\n"
    assert json.loads(handoff("status", "--json")[1])["known"] is False
    handoff("track", "--tokens", "7")
    assert json.loads(handoff("status", "--json")[1])["known"] is True
    assert "7 of 128,000 tokens" in handoff("status")[1]


def test_an_untouched_project_has_a_status_and_stays_untouched(handoff, project):
    code, out, err = handoff("status")
    assert (code, err) == (0, "")
    assert "0 of 128,000 tokens, 128,000 left" in out
    assert "no checkpoints yet" in out
    assert os.listdir(project) == [".git"]


def test_json_has_the_documented_keys(handoff):
    documented = Path(__file__).parents[2] / "docs" / "status.md"
    handoff("track", stdin="hello world")
    status = json.loads(handoff("status", "--json")[1])
    assert set(status) == KEYS
    text = documented.read_text()
    assert all(f"`{key}`" in text for key in KEYS)


def test_shares_are_of_the_context_window_and_of_the_usable_window(handoff):
    handoff("config", "set", "context_window_limit", "1000")
    handoff("config", "set", "usable_tokens", "500")
    handoff("track", "--tokens", "250")
    status = json.loads(handoff("status", "--json")[1])
    assert (status["usage_percentage"], status["usable_percentage"]) == (0.25, 0.5)
    assert (status["remaining_tokens"], status["level"]) == (250, "ok")


@pytest.mark.parametrize(
    ("tokens", "code", "level"), [(79, 0, "ok"), (80, 10, "warning"), (95, 11, "critical"), (100, 12, "over")]
)
def test_the_exit_code_tells_the_level_when_asked(handoff, tokens, code, level):
    handoff("config", "set", "context_window_limit", "100")
    handoff("-q", "track", "--tokens", str(tokens))
    assert handoff("status", "--line") == (0, f"{tokens}.0% {tokens}/100 {level}\n", "")
    assert handoff("status", "--line", "--exit-code")[0] == code
    assert handoff("status", "--exit-code")[0] == code


@pytest.mark.parametrize("columns", ["20", "40", "80", "200", "nonsense"])
def test_the_bar_fits_the_display(handoff, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    handoff("-q", "track", "--tokens", "127999")
    bar = handoff("status")[1].splitlines()[1]
    assert len(bar) <= max(40, int(columns) if columns.isdecimal() else 80)
    assert "critical" in bar


@pytest.mark.parametrize(("tokens", "color"), [(10, "32"), (80, "33"), (96, "31"), (200, "31")])
def test_the_bar_is_green_yellow_red(handoff, tokens, color):
    handoff("config", "set", "context_window_limit", "100")
    handoff("-q", "track", "--tokens", str(tokens))
    assert f"{color}m" in handoff("--color", "always", "status")[1]


def test_no_color_unless_a_terminal_or_asked_for(handoff, monkeypatch):
    handoff("-q", "track", stdin="hello")
    assert "\x1b" not in handoff("status")[1]
    assert "\x1b" in handoff("--color", "always", "status")[1]
    monkeypatch.setattr("handoff_cli.cli.console.Console._is_terminal", lambda *_: True)
    assert "\x1b" in handoff("status")[1]
    assert "\x1b" not in handoff("--color", "never", "status")[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in handoff("status")[1]


def test_a_display_without_utf8_gets_an_ascii_bar(spawn):
    done = spawn("track", "-d", "über", stdin=b"hello", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert b"[-----" in done.stdout


@pytest.mark.parametrize("argv", [["status"], ["status", "--json"], ["--help"]])
def test_a_closed_pipe_is_no_failure(spawn, argv, project):
    import subprocess
    import sys

    root = str(Path(__file__).parents[2])
    command = f"{sys.executable} -m handoff_cli {' '.join(argv)} | head -c 0; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, env={**os.environ, "PYTHONPATH": root}, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_closed_standard_streams_are_no_failure(spawn):
    import subprocess
    import sys

    root = str(Path(__file__).parents[2])
    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        command = f"{sys.executable} -m handoff_cli status {closed}"
        done = subprocess.run(
            ["bash", "-c", command],
            capture_output=True,
            env={**os.environ, "PYTHONPATH": root},
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b""), closed


def test_status_never_loads_the_tokenizer(place, monkeypatch):
    import sys

    for name in [name for name in sys.modules if name.startswith("handoff_cli.tokens")]:
        monkeypatch.delitem(sys.modules, name)
    get_status(place)
    assert not [name for name in sys.modules if name.startswith("handoff_cli.tokens")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"session": {"id"', "line 1"),
        ('{"context_window_limit": "big"}', "context_window_limit is 'big'"),
        ('{"schema_version": 99}', "newer handoff"),
        ("[1, 2]", "expected an object"),
    ],
)
@pytest.mark.parametrize(
    "argv", [["status"], ["status", "--json"], ["track"], ["handoff"], ["reset"], ["config"], ["init"]]
)
def test_state_that_cannot_be_understood_ends_in_one_line_and_stays(handoff, content, says, argv):
    path = Path(".agent-handoffs/token_usage.json")
    path.parent.mkdir()
    path.write_text(content)
    code, out, err = handoff(*argv, stdin="hello")
    assert (code, out) == (3, "")
    assert err.count("\n") == 1
    assert says in err
    assert str(path) in err
    assert path.read_text() == content


@pytest.mark.parametrize("argv", [["status"], ["track"]])
def test_a_folder_in_the_states_place_is_named(handoff, argv):
    Path(".agent-handoffs/token_usage.json").mkdir(parents=True)
    code, _, err = handoff(*argv, stdin="hello")
    assert code == 3
    assert "is a folder, not a file" in err


def test_the_folder_is_found_from_below_and_from_inside(handoff, project, monkeypatch):
    handoff("-q", "track", stdin="hello world")
    (project / "src" / "deep").mkdir(parents=True)
    for where in ("src/deep", ".agent-handoffs"):
        monkeypatch.chdir(project / where)
        assert json.loads(handoff("status", "--json")[1])["total_tokens"] == 2
    monkeypatch.chdir(project.parent)
    assert json.loads(handoff("--dir", "project", "status", "--json")[1])["total_tokens"] == 2
    assert json.loads(handoff("status", "--json", "--dir=project/.agent-handoffs")[1])["total_tokens"] == 2
    monkeypatch.setenv("HANDOFF_DIR", str(project))
    assert json.loads(handoff("status", "--json")[1])["total_tokens"] == 2


def test_a_missing_dir_is_named(handoff):
    code, _, err = handoff("--dir", "absent", "status")
    assert code == 1
    assert "there is no folder" in err


def test_a_model_without_a_known_window_is_warned_of_and_a_set_window_is_not(handoff):
    said = "the context window of nobody-knows-1 is not known"
    told = handoff("config", "set", "model", "nobody-knows-1")[2]
    assert said in told
    assert "window 128,000 tokens by default; unknown model: counted in o200k_base" in told
    assert handoff("track", stdin="x")[2] == ""
    code, out, err = handoff("status")
    assert (code, err) == (0, "")
    assert "window by default" in out
    told = handoff("config", "set", "model", "gpt-4o")[2]
    assert told == "handoff: window 128,000 tokens by model table; tokens counted in o200k_base\n"
    handoff("config", "unset", "model")
    assert said.replace("-1", "-2") in handoff("track", "--model", "nobody-knows-2", stdin="x")[2]
    assert handoff("track", "--model", "nobody-knows-2", stdin="x")[2] == ""
    assert handoff("--window", "9000", "track", "--model", "nobody-knows-3", stdin="x")[2] == ""


def test_the_forecast_follows_what_was_tracked(handoff):
    for _ in range(3):
        assert handoff("-q", "track", "--tokens", "10000", "-d", "x")[0] == 0
    status = json.loads(handoff("status", "--json")[1])
    assert (status["tokens_per_turn"], status["turns_left"]) == (10_000, 9)
    assert "a turn adds about 10,000 tokens: ~9 turns left" in handoff("status")[1]


def test_nothing_is_foretold_before_two_growths_are_known(handoff):
    assert handoff("-q", "track", "--tokens", "10000")[0] == 0
    status = json.loads(handoff("status", "--json")[1])
    assert (status["tokens_per_turn"], status["turns_left"]) == (None, None)


@pytest.mark.parametrize(
    ("tokens", "fails_at"),
    [(10, set()), (80, {"warning"}), (95, {"warning", "critical"}), (100, {"warning", "critical", "over"})],
)
def test_a_script_fails_from_the_level_it_names(handoff, tokens, fails_at):
    handoff("config", "set", "context_window_limit", "100")
    handoff("track", "--tokens", str(tokens))
    for level in ("warning", "critical", "over"):
        assert handoff("status", "--line", "--fail-at", level)[0] == (level in fails_at)


def test_without_a_session_nothing_is_claimed_and_a_gate_can_insist(handoff):
    assert handoff("status", "--line") == (0, "no session here\n", "")
    assert handoff("status", "--line", "--fail-at", "warning")[0] == 0
    code, out, err = handoff("status", "--line", "--fail-at", "warning", "--require-session")
    assert (code, out, err.count("\n")) == (1, "no session here\n", 1)
    assert handoff("statusline", stdin="") == (0, "", "")
    handoff("track", "--tokens", "1")
    assert handoff("status", "--line", "--require-session")[0] == 0
    handoff("reset")
    assert handoff("status", "--line", "--require-session")[0] == 1


def test_a_level_that_is_none_and_two_answers_in_one_are_refused(handoff):
    assert handoff("status", "--fail-at", "ok")[0] == 2
    assert handoff("status", "--fail-at", "over", "--exit-code")[0] == 2


def test_a_folder_that_is_not_the_working_directorys_own_is_named(handoff, project, monkeypatch):
    (project / "src").mkdir()
    where = f"in {project / '.agent-handoffs'}\n"
    assert where not in handoff("track", stdin="hello")[1] + handoff("status")[1]
    monkeypatch.chdir(project / "src")
    assert where in handoff("track", stdin="hello")[1]
    assert where in handoff("status")[1]
    assert where not in handoff("status", "--line")[1]


def test_going_past_the_folder_of_the_home_is_said_once(handoff, project, monkeypatch):
    exists, ours = os.path.lexists, str(project.parent)
    # The search goes up to the root; what somebody left above the test's own folder must not end it.
    monkeypatch.setattr(os.path, "lexists", lambda path: str(path).startswith(ours) and exists(path))
    home = project.parent / "home"
    (home / "work").mkdir()
    handoff("--dir", str(home), "track", stdin="hello")
    monkeypatch.chdir(home / "work")
    assert f"{home / '.agent-handoffs'} is not taken" in handoff("track", stdin="hello")[2]
    assert handoff("track", stdin="hello")[2] == ""
