import subprocess
import sys
import traceback

import pytest

import handoff_cli
from handoff_cli import HandoffError, count_tokens, get_token_status, manual_handoff_update, track_tokens


def test_the_three_functions_share_the_commands_state(handoff, project):
    status = track_tokens("hello world", "greeting")
    assert (status["added_tokens"], status["total_tokens"], status["crossed"]) == (2, 2, None)
    assert get_token_status()["usage_percentage"] == 2 / 128_000
    assert "greeting" in handoff("status")[1]
    path = manual_handoff_update("the parser stays", goal="g", next_action="n")
    assert path == str(project / ".agent-handoffs" / "CURRENT_SESSION.md")
    with open(path) as document:
        assert "the parser stays" in document.read()


def test_a_crossing_is_reported_once_and_writes_the_document(handoff, project):
    handoff("config", "set", "context_window_limit", "12")
    assert [track_tokens("one " * 4)["crossed"] for _ in range(4)] == [None, "warning", "over", None]
    assert (project / ".agent-handoffs" / "CURRENT_SESSION.md").exists()


def test_another_project_and_session_can_be_meant(project, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    track_tokens("hello", directory=str(other), session="s", model="gpt-4")
    status = get_token_status(directory=str(other), session="s")
    assert (status["total_tokens"], status["encoding"], status["session"]) == (1, "cl100k_base", "s")
    assert get_token_status()["total_tokens"] == 0


def test_empty_text_adds_nothing():
    assert track_tokens("")["added_tokens"] == 0
    assert get_token_status()["checkpoint_count"] == 0


def test_text_with_lone_surrogates_is_counted():
    assert track_tokens("a\udcffb")["added_tokens"] == count_tokens("a\ufffdb").tokens


def test_errors_are_handoff_errors(tmp_path):
    with pytest.raises(HandoffError, match="there is no folder"):
        get_token_status(directory=str(tmp_path / "absent"))


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, handoff_cli; print([n for n in ('typer', 'json', 're', 'pydantic') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True,
                          env={"PYTHONPATH": handoff_cli.__path__[0] + "/.."})  # fmt: skip
    assert done.stdout == "[]\n"


def test_what_is_offered_is_there_and_nothing_else():
    assert all(getattr(handoff_cli, name) for name in handoff_cli.__all__)
    assert set(handoff_cli.__all__) <= set(dir(handoff_cli))
    with pytest.raises(AttributeError):
        handoff_cli.nonsense  # noqa: B018


def test_ctrl_c_is_no_handoff_error(monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("handoff_cli.usecases.track.count_pieces", interrupted)
    with pytest.raises(KeyboardInterrupt):
        track_tokens("hello")


def test_what_is_no_text_is_a_type_error():
    for wrong in (None, b"hello", 5):
        with pytest.raises(TypeError, match="text"):
            track_tokens(wrong)


def test_a_path_object_names_a_project(project):
    assert get_token_status(directory=project)["total_tokens"] == 0


def test_an_error_that_nobody_catches_tells_in_its_traceback_what_to_do(tmp_path):
    with pytest.raises(HandoffError) as refused:
        track_tokens("x", directory=str(tmp_path / "absent"))
    assert "".join(traceback.format_exception(refused.value)).endswith(
        "\nname an existing project folder with --dir or HANDOFF_DIR\n"
    )
