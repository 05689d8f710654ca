import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.agents.windows import window_in_force
from handoff_cli.core.session import Session
from handoff_cli.core.settings import merge_settings
from handoff_cli.core.usage import (
    LEVELS,
    METHODS,
    Thresholds,
    crossed,
    growth_per_step,
    level_of,
    mix,
    steps_left,
    weakest,
)
from handoff_cli.models.lookup import find_model

THRESHOLDS = Thresholds(context_window_limit=1000, usable_tokens=100, warning=0.8, critical=0.95)
NOTHING = merge_settings([])


@pytest.mark.parametrize(
    ("tokens", "level"),
    [(0, "ok"), (79, "ok"), (80, "warning"), (94, "warning"), (95, "critical"), (99, "critical"), (100, "over")],
)
def test_levels_begin_at_their_share_of_the_usable_window(tokens, level):
    assert level_of(tokens, THRESHOLDS) == level


@given(st.lists(st.integers(0, 50), max_size=40))
def test_while_usage_only_grows_each_level_is_crossed_at_most_once(pieces):
    total, level, seen = 0, "ok", []
    for piece in pieces:
        total += piece
        after = level_of(total, THRESHOLDS)
        if newly := crossed(level, after):
            seen.append(newly)
        level = after
    assert seen == sorted(set(seen), key=LEVELS.index)
    assert (level != "ok") == bool(seen)


def test_falling_below_is_no_crossing_and_rearms():
    assert crossed("warning", "ok") is None
    assert crossed("ok", "warning") == "warning"
    assert crossed("ok", "over") == "over"
    assert crossed("over", "over") is None


@given(st.lists(st.sampled_from(METHODS), min_size=1))
def test_a_sum_is_as_good_as_its_worst_part(methods):
    assert weakest(*methods) == max(methods, key=METHODS.index)


def session(agent=None, version=None, reported=None, peak=0):
    now = "2026-01-01T00:00:00Z"
    return Session("s", now, now, agent=agent, agent_version=version, reported_window=reported, peak_tokens=peak)


def window(settings=NOTHING, of=None, model=None, **environ):
    found = window_in_force(settings, of, find_model(model) if model else None, environ)
    limits = found.thresholds
    return limits.context_window_limit, found.source, limits.usable_tokens, found.usable_source


def test_what_is_set_goes_before_what_the_agent_reports_and_that_before_the_tables():
    """Option, environment, config, agent, table, default."""
    layers = [("file", {"context_window_limit": 5000})]
    assert window(merge_settings(layers), session("codex", reported=258_400), "gpt-5")[:2] == (5000, "file")
    layers.append(("HANDOFF_CONTEXT_WINDOW_LIMIT", {"context_window_limit": 6000}))
    layers.append(("--window", {"context_window_limit": 7000}))
    assert window(merge_settings(layers))[:2] == (7000, "--window")
    assert window(of=session("codex", reported=258_400), model="gpt-5")[:2] == (258_400, "reported by codex")
    assert window(model="gpt-5") == (400_000, "model table", 272_000, "the model's input limit")
    assert window() == (128_000, "default", 128_000, "the whole window")


def test_the_usable_window_is_the_agents_own_unless_it_is_set():
    """Thresholds are shares of what remains before the agent compacts."""
    assert window(of=session("claude", "2.1.20"), model="claude-opus-4-5")[2] == 155_000
    assert window(of=session("claude", "2.1.42"), model="claude-opus-4-5")[2] == 167_000
    chosen = merge_settings([("file", {"usable_tokens": 9999})])
    assert window(chosen, session("claude", "2.1.42"), "claude-opus-4-5")[2:] == (9999, "file")
    assert window(of=session("somebody"))[2:] == (128_000, "the whole window")


def test_the_usable_window_never_exceeds_the_context_window():
    settings = merge_settings([("file", {"context_window_limit": 1000, "usable_tokens": 9999})])
    assert window(settings)[2] == 1000


@pytest.mark.parametrize(
    ("agent", "model", "expected"),
    [
        ("claude", "claude-opus-4-6", 200_000),
        ("claude", "claude-sonnet-4-5-20250929", 200_000),
        ("claude", "claude-opus-4-6[1m]", 1_000_000),
        ("claude", "claude-opus-4-8", 1_000_000),
        ("claude", "claude-sonnet-5", 1_000_000),
        ("claude", None, 200_000),
        ("codex", "gpt-5.5", 272_000),
        ("codex", None, 272_000),
        ("copilot", "claude-opus-4-6", 144_000),
        ("gemini", None, 1_048_576),
        (None, "claude-opus-4-6", 1_000_000),
    ],
)
def test_an_agent_may_give_a_model_a_window_of_its_own(agent, model, expected):
    assert window(of=session(agent), model=model)[0] == expected


def test_a_context_larger_than_the_small_window_has_the_large_one():
    """Claude Code did not always write down which of the two a session has; a peak may be of the model before."""
    holding = session("claude", "2.1.42").replace(total_tokens=210_000)
    limit, source, usable, _ = window(of=holding, model="claude-sonnet-4-5")
    assert (limit, usable) == (1_000_000, 967_000)
    assert "210,000" in source
    assert window(of=session("claude", peak=210_000), model="claude-sonnet-4-5")[0] == 200_000
    assert window(of=session("codex").replace(total_tokens=300_000), model="gpt-5")[0] == 272_000


@pytest.mark.parametrize(
    ("settings_file", "model", "usable"),
    [
        ({"autoCompactWindow": 300_000}, "claude-opus-4-8", 267_000),
        (
            {"autoCompactWindow": 200_000, "modelSettings": {"claude-opus-4-8": {"autoCompactWindow": 300_000}}},
            "claude-opus-4-8",
            267_000,
        ),
        ({"modelSettings": {"claude-opus-4-8[1m]": {"autoCompactWindow": 300_000}}}, "claude-opus-4-8", 267_000),
        ({"modelSettings": {"claude-sonnet-5": {"autoCompactWindow": 300_000}}}, "claude-opus-4-8", 967_000),
        ({"autoCompactWindow": 99}, "claude-opus-4-8", 967_000),
        ({"autoCompactWindow": "300000"}, "claude-opus-4-8", 967_000),
        ({"autoCompactWindow": 300_000}, "claude-haiku-4-5", 167_000),
        ([], "claude-sonnet-5[1m]", 934_000),
    ],
)
def test_the_users_settings_of_claude_code_move_the_usable_window(tmp_path, settings_file, model, usable):
    (tmp_path / "settings.json").write_text(json.dumps(settings_file))
    environ = {"CLAUDE_CONFIG_DIR": str(tmp_path)}
    assert window(of=session("claude"), model=model, **environ)[2] == usable


@pytest.mark.parametrize(
    ("server", "model", "expected"),
    [
        ("https://gateway.example/v1", "claude-opus-4-8", 200_000),
        ("https://gateway.example/v1", "claude-opus-4-8[1m]", 1_000_000),
        ("https://api.anthropic.com", "claude-opus-4-8", 1_000_000),
        ("https://api.anthropic.com.example", "claude-opus-4-8", 200_000),
    ],
)
def test_another_server_than_anthropics_gives_the_small_window(server, model, expected):
    assert window(of=session("claude"), model=model, ANTHROPIC_BASE_URL=server)[0] == expected


@pytest.mark.parametrize(
    ("environ", "model", "expected"),
    [
        ({"CLAUDE_CODE_AUTO_COMPACT_WINDOW": "400000"}, "claude-sonnet-5", (1_000_000, 367_000)),
        ({"CLAUDE_CODE_AUTO_COMPACT_WINDOW": "400000"}, "claude-opus-4-5", (200_000, 167_000)),
        ({"CLAUDE_CODE_AUTO_COMPACT_WINDOW": "99999"}, "claude-sonnet-5", (1_000_000, 967_000)),
        ({"CLAUDE_CODE_AUTO_COMPACT_WINDOW": "much"}, "claude-sonnet-5", (1_000_000, 967_000)),
        ({"CLAUDE_AUTOCOMPACT_PCT_OVERRIDE": "50"}, "claude-opus-4-5", (200_000, 90_000)),
        ({"CLAUDE_AUTOCOMPACT_PCT_OVERRIDE": "95"}, "claude-opus-4-5", (200_000, 167_000)),
        ({"CLAUDE_AUTOCOMPACT_PCT_OVERRIDE": "0"}, "claude-opus-4-5", (200_000, 167_000)),
        ({"DISABLE_AUTO_COMPACT": "1"}, "claude-opus-4-5", (200_000, 200_000)),
        ({"CLAUDE_CODE_ENTRYPOINT": "sdk-cli"}, "claude-sonnet-4-5", (200_000, 180_000)),
        ({"CLAUDE_CODE_ENTRYPOINT": "cli"}, "claude-sonnet-4-5", (200_000, 167_000)),
        ({"CLAUDE_CODE_DISABLE_1M_CONTEXT": "1"}, "claude-sonnet-5", (200_000, 167_000)),
        ({"CLAUDE_CODE_DISABLE_1M_CONTEXT": "0"}, "claude-sonnet-5", (1_000_000, 967_000)),
        ({"CLAUDE_CODE_MAX_CONTEXT_TOKENS": "300000"}, "claude-opus-4-5", (300_000, 267_000)),
    ],
)
def test_claude_codes_own_variables_count(environ, model, expected):
    limit, _, usable, source = window(of=session("claude", "2.1.240"), model=model, **environ)
    assert (limit, usable) == expected
    assert source
    assert window(model="gpt-5", **environ) == window(model="gpt-5")


@pytest.mark.parametrize(
    ("figures", "growth"),
    [
        ([], None),
        ([100], None),
        ([100, 200], None),
        ([100, 200, 300], 100.0),
        ([100, 200, 300, 900], 100.0),
        ([100, 200, 50, 150, 260], 100.0),
        ([100, None, 50, 150, 270], 110.0),
        ([0, *range(0, 12_000, 1_000), *range(12_000, 12_130, 10)], 10.0),
    ],
)
def test_a_turn_adds_what_the_last_did_by_the_median(figures, growth):
    assert growth_per_step(figures) == growth


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.floats(1, 10**5))
def test_as_many_turns_are_left_as_fit(tokens, line, growth):
    left = steps_left(tokens, line, growth)
    assert left is not None
    assert left == 0 or tokens + left * growth <= line * (1 + 1e-9)
    assert tokens + (left + 1) * growth >= min(line, tokens + growth) * (1 - 1e-9)
    assert steps_left(tokens, line, None) is None


def test_a_mix_is_told_by_its_methods_and_one_method_is_none():
    assert mix({"counted": 2_222, "exact": 0, "reported": 500}) == "2,222 counted + 500 reported"
    assert mix({"counted": 2_222, "exact": 0}) == mix({}) == ""
