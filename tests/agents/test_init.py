"""The registry: every agent answers to its names, has its parts, and costs nothing until it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from handoff_cli.agents import AGENTS, TOOLS, calling_sessions, find_agent, installable, with_hooks
from handoff_cli.agents.readers import READERS
from handoff_cli.errors import UsageError


@pytest.mark.parametrize("name", ["claude", "claude-code", "claude_code", "Claude-Code"])
def test_an_agent_answers_to_all_its_names(name):
    assert find_agent(name).name == "claude"
    assert installable(name) is find_agent(name)


def test_no_two_agents_share_a_name():
    called = [name for agent in (*AGENTS, *TOOLS) for name in (agent.name, *agent.aliases)]
    assert len(called) == len(set(called))


def test_an_unknown_name_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match="there is no agent 'hal'") as refusal:
        find_agent("hal")
    assert "claude, codex" in refusal.value.hint
    with pytest.raises(UsageError):
        installable("aider")


@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent.name)
def test_an_agent_has_the_parts_its_line_promises(agent):
    module = agent.load()
    if agent.searched:
        assert callable(module.logs)
    if agent.marks:
        assert agent.format in READERS
        assert agent.name == agent.load_reader().AGENT
    if agent in with_hooks():
        assert all(callable(getattr(module, part)) for part in ("event_of", "answer", "targets"))


def test_the_calling_sessions_are_told_by_the_environment():
    """One agent may have started another."""
    both = {"CODEX_SESSION_ID": "c-1", "CLAUDE_CODE_SESSION_ID": "s-1", "COPILOT_AGENT_SESSION_ID": ""}
    assert calling_sessions(both) == {"s-1": "CLAUDE_CODE_SESSION_ID", "c-1": "CODEX_SESSION_ID"}
    assert calling_sessions({}) == {}


def test_the_registry_imports_no_agent():
    code = (
        "import sys, handoff_cli.agents as a; print(*(m for m in sys.modules if m.startswith('handoff_cli.agents.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
