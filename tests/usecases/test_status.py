"""A status is a reading of what is there: nothing is written, shares follow from tokens, an agent's figures go first."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_cli.core.session import Session
from handoff_cli.core.settings import Settings
from handoff_cli.errors import UsageError
from handoff_cli.state.store import View
from handoff_cli.usecases.pieces import CountRequest, TextSource
from handoff_cli.usecases.status import describe, get_status, model_in_force, window_warnings
from handoff_cli.usecases.status_line import of_agent, of_session
from handoff_cli.usecases.track import track

ID = "5e551011-0000-4000-8000-00000000000d"


def test_a_project_without_a_session_has_an_empty_status_and_gets_no_folder(place, project):
    status = get_status(place)
    assert (status["session_id"], status["total_tokens"], status["level"]) == (None, 0, "ok")
    assert status["remaining_tokens"] == status["usable_tokens"] == status["context_window_limit"]
    assert os.listdir(project) == [".git"]
    assert of_session(place) is None


def test_asking_changes_nothing(place, project):
    track(place, [TextSource("text", "hello world")], CountRequest())
    files = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    first, second = get_status(place), get_status(place)
    assert first == second
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == files


TOKENS = st.integers(0, 10**7)


@given(TOKENS, st.integers(1, 10**7), st.floats(0.01, 1), st.floats(0, 1))
@settings(max_examples=50)
def test_shares_and_level_follow_from_tokens_and_settings(tokens, window, low, up):
    from handoff_cli.state.store import Place

    high = low + (1 - low) * up
    session = Session(id="a", started_at="", updated_at="", total_tokens=tokens)
    origins = {"context_window_limit": "--window"}
    settings = Settings(window, warning_threshold=low, critical_threshold=high, origins=origins)
    status = describe(Place("/nowhere", "/nowhere", {}), View(settings, session))
    share = tokens / window
    assert status["usable_percentage"] == status["usage_percentage"] == pytest.approx(share)
    assert status["remaining_tokens"] == max(0, window - tokens)
    over, critical, warning = share >= 1, share >= high, share >= low
    assert status["level"] == ("over" if over else "critical" if critical else "warning" if warning else "ok")


def test_the_model_asked_for_goes_before_the_one_set_and_that_before_the_session_s():
    session = Session(id="a", started_at="", updated_at="", model="gpt-4o")
    assert model_in_force(Settings(model="gpt-4"), session, "o3") == "o3"
    assert model_in_force(Settings(model="gpt-4"), session) == "gpt-4"
    assert model_in_force(Settings(), session) == "gpt-4o"
    with pytest.raises(UsageError, match="can be no model id"):
        model_in_force(Settings(), None, "a\nb")


def test_only_a_model_whose_window_nobody_knows_is_warned_of(place):
    def warned(**values):
        return window_warnings(place, View(Settings(**values), None))

    assert "nobody-1 is not known, 128,000 tokens" in warned(model="nobody-1")[0]
    set_ = Settings(model="nobody-1", context_window_limit=9_000, origins={"context_window_limit": "x"})
    assert window_warnings(place, View(set_, None)) == ()
    assert warned(model="gpt-4o") == warned() == ()


def piped(**window):
    return {
        "session_id": ID,
        "version": "2.1.42",
        "model": {"id": "claude-opus-4-6", "display_name": "Opus"},
        "context_window": {"context_window_size": 200_000, **window},
    }


def test_an_agent_s_own_figures_are_shown_and_its_window_is_remembered_for_hooks(project):
    usage = {"input_tokens": 5, "cache_creation_input_tokens": 1_000, "cache_read_input_tokens": 100_000}
    line = of_agent(piped(current_usage=usage), {})
    assert (line.tokens, line.window, line.model, line.method) == (101_005, 200_000, "Opus", "exact")
    assert 0 < line.usable <= line.window
    assert line.usable_share == pytest.approx(101_005 / line.usable)
    (kept,) = project.rglob("agent.json")
    assert '"window": 200000' in kept.read_text()


@pytest.mark.parametrize("usage", [None, {}, {"input_tokens": 0}, {"input_tokens": -1}, {"input_tokens": "5"}, [5]])
def test_what_is_no_figure_is_not_known_rather_than_nothing(usage):
    assert of_agent(piped(current_usage=usage), {}).tokens is None


@pytest.mark.parametrize(
    "payload", [{}, {"session_id": ID}, {**piped(), "session_id": ""}, {**piped(), "context_window": 5}]
)
def test_without_a_window_or_a_session_there_is_no_line(project, payload):
    assert of_agent(payload, {}) is None
    assert os.listdir(project) == [".git"]
