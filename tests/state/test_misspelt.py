"""A setting that is spelt wrongly has no effect; handoff says so wherever it reads what a person wrote."""

import json
import sys

import pytest

TEXT = '{\n  "contex_window_limit": 5000, // ours\n  "team": "blue"\n}\n'


@pytest.fixture
def state(project):
    path = project / ".agent-handoffs" / "token_usage.json"
    path.parent.mkdir(mode=0o700)
    path.write_text(TEXT)
    return path


def warning(path):
    return (
        f"{path}: there is no setting 'contex_window_limit', did you mean context_window_limit? "
        f"(a key of your own can begin with _)"
    )


@pytest.mark.parametrize("argv", [("status",), ("status", "--line"), ("-q", "track"), ("config",), ("config", "list")])
def test_a_misspelt_key_is_named_with_its_file_and_the_key_that_is_meant(handoff, state, argv):
    code, _, err = handoff(*argv, stdin="hello")
    assert (code, err) == (0, f"handoff: warning: {warning(state)}\n")


@pytest.mark.parametrize("argv", [("status", "--json"), ("track", "--json")])
def test_in_json_it_is_among_the_warnings(handoff, state, argv):
    assert json.loads(handoff(*argv, stdin="hello")[1])["warnings"] == [warning(state)]


def test_a_file_that_handoff_wrote_since_is_taken_as_it_is_but_config_and_doctor_still_tell(handoff, state):
    handoff("track", stdin="hello")
    assert handoff("status")[2] == ""
    for argv in (("config", "list"), ("config", "list", "--json")):
        assert handoff(*argv)[2] == f"handoff: warning: {warning(state)}\n"
    code, out, _ = handoff("doctor")
    assert code == 1
    assert out.count(f"! project: settings: {warning(state)}\n") == 1


def test_before_that_doctor_tells_it_once_too(handoff, state):
    code, out, _ = handoff("doctor")
    assert (code, out.count("contex_window_limit")) == (1, 1)


def test_it_stays_in_the_file_byte_for_byte(handoff, state):
    handoff("track", stdin="hello")
    assert '"contex_window_limit": 5000, // ours\n  "team": "blue"' in state.read_text()


def test_a_further_session_is_told_of_the_projects_file_too(handoff, state):
    assert handoff("--session", "b", "status")[2] == f"handoff: warning: {warning(state)}\n"


def test_an_editor_that_leaves_one_behind_is_told_at_once(handoff, state, monkeypatch):
    monkeypatch.setenv("EDITOR", f"{sys.executable} -c pass")
    assert handoff("config", "edit") == (0, "", f"handoff: warning: {warning(state)}\n")


def test_a_key_of_ones_own_is_not_asked_about(handoff, state):
    state.write_text('{"team": "blue", "_model": "later", "tags": ["a"]}')
    for argv in (("status",), ("config", "list"), ("track",)):
        assert handoff(*argv, stdin="hello")[2] == ""
    assert handoff("doctor")[0] == 0


def test_a_key_cannot_draw_on_the_terminal(handoff, state):
    state.write_text('{"mo\\u001b[31mdel": 1, "mode\\nl": 2}')
    err = handoff("status")[2]
    assert "\x1b" not in err
    assert all(line.startswith("handoff: warning: ") for line in err.splitlines())
