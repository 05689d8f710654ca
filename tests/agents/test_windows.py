"""How much of a window can be used, by agent, version and window."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.agents import names
from handoff_cli.agents.windows import window_in_force
from handoff_cli.core.session import Session
from handoff_cli.core.settings import Settings


def usable(agent, version, window):
    """Return the usable part of a ``window`` that ``agent`` reports, in tokens, and by which rule."""
    told = Session(id="a", started_at="2026-01-01T00:00:00Z", updated_at="2026-01-01T00:00:00Z").replace(
        agent=agent, agent_version=version, reported_window=window
    )
    found = window_in_force(Settings(), told, None, {})
    return found.thresholds.usable_tokens, found.usable_source


@pytest.mark.parametrize(
    ("agent", "version", "window", "expected"),
    [
        ("claude", "2.0.64", 200_000, 155_000),
        ("claude", "2.1.20", 200_000, 155_000),
        ("claude", "2.1.22", 200_000, 155_000),
        ("claude", "2.1.25", 200_000, 167_000),
        ("claude", "2.1.240", 200_000, 167_000),
        ("claude", None, 200_000, 167_000),
        ("claude", "next", 200_000, 167_000),
        ("claude", "2.1.240", 1_000_000, 967_000),
        ("codex", "0.125.0", 272_000, 244_800),
        ("codex", "0.128.0-alpha.1", 258_400, 244_800),
        ("codex", "0.171.0", 475_000, 450_000),
        ("gemini", None, 1_048_576, 524_288),
        ("cline", None, 200_000, 160_000),
        ("cline", None, 128_000, 98_000),
        ("cline", None, 64_000, 37_000),
        ("cline", None, 100_000, 80_000),
        ("cline", None, 1_000_000, 960_000),
        ("opencode", None, 200_000, 168_000),
        ("copilot", None, 128_000, 121_600),
        (None, None, 128_000, 128_000),
        ("nobody", "1", 128_000, 128_000),
        ("opencode", None, 60_000, 30_000),
    ],
)
def test_measured_and_documented_figures(agent, version, window, expected):
    """Each known agent's own point of compaction."""
    assert usable(agent, version, window)[0] == expected


@given(
    agent=st.sampled_from(names()) | st.none() | st.text(),
    version=st.none() | st.text(max_size=20) | st.from_regex(r"\d{1,3}(\.\d{1,3}){0,3}[-a-z]{0,5}"),
    window=st.integers(1, 1 << 40),
)
def test_any_agent_version_and_window_leave_something_to_use(agent, version, window):
    """Never nothing, never more than there is, and always with its rule."""
    tokens, rule = usable(agent, version, window)
    assert window // 2 <= tokens <= window
    assert rule
