"""Real logs of further agents give the figures that are known of them."""

from __future__ import annotations

import os

import pytest

from handoff_cli.agents.readers import read_transcript, sniff_format

# file: (format, tokens now, window, responses, compactions, model). The usage of those called gen is that of the
# scripted model which the agent talked to; in the others it is what their rows say.
EXPECTED = {
    "antigravity/as-cli_small.jsonl": ("antigravity", None, None, 0, 1, "gemini-3.5-flash"),
    "antigravity/as-cli_schema_drift.jsonl": ("antigravity", None, None, 0, 0, None),
    "cline/gen-cli-3.0.65.messages.json": ("cline", 15_021, None, 4, 0, "mock-model"),
    "continue/gen-1.5.47.json": ("continue_dev", 15_021, None, 4, 0, "mock-model"),
    "cursor/as-test-session.jsonl": ("cursor", None, None, 0, 0, None),
    "cursor/as-schema_drift.jsonl": ("cursor", None, None, 0, 0, "cursor-auto"),
    "droid/as-session_store_small.jsonl": ("droid", None, None, 0, 0, None),
    "droid/as-stream_json_large.jsonl": ("droid", None, None, 0, 0, "droid-model"),
    "grok/as-chat_history.jsonl": ("grok", None, None, 0, 0, "grok-4.5"),
    "kimi/as-assistant_tools.jsonl": ("kimi", None, 262_144, 22, 1, "kimi-k2.7-code"),
    "kimi/as-small.jsonl": ("kimi", 23_231, None, 1, 0, "kimi-k2.7-code"),
    "kimi/kc-sample-main_agents_main_wire.jsonl": ("kimi", 15, None, 1, 0, None),
    "kimi/kc-sample-compaction_agents_main_wire.jsonl": ("kimi", None, None, 0, 1, None),
    "openclaw/as-large.jsonl": ("pi", None, None, 0, 0, "openclaw-large"),
    "pi/gen-1.5.0.jsonl": ("pi", 15_065, None, 5, 0, "mock-model"),
    "pi/as-small.jsonl": ("pi", None, None, 1, 2, "pi-fixture-model"),
    "qwen/gen-0.24.4.jsonl": ("qwen", 15_021, 1_000_000, 6, 0, "qwen3-coder-plus"),
    "qwen/as-019f0000-0000-7000-8000-000000000004.jsonl": ("qwen", 12, None, 1, 0, "synthetic-active-model"),
}
ASKED = "Fix add in calc.py, run the tests"


@pytest.fixture
def folder(samples):
    return os.path.join(samples, "2026-11")


@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_log_gives_the_expected_figures(folder, name):
    """Context now, window, responses, compactions and model."""
    found = read_transcript(os.path.join(folder, name))
    figures = (found.usage and found.usage.tokens, found.window, found.responses, len(found.compactions), found.model)
    assert (found.format, *figures) == EXPECTED[name]
    assert found.malformed == 0


@pytest.mark.parametrize("name", [name for name in EXPECTED if "/gen-" in name])
def test_the_same_work_is_told_by_each_agent(folder, name):
    """The request, the file that was mended, the test that failed; nothing of what was put around them."""
    found = read_transcript(os.path.join(folder, name))
    [asked] = [message.text for message in found.messages if message.role == "user"]
    assert asked.startswith(ASKED)
    assert {file.path.rpartition("/")[2] for file in found.files} >= {"calc.py"}
    failed = [command for command in found.commands if command.outcome == "failed"]
    assert [(command.text, command.exit_code) for command in failed] == [("python3 test_calc.py", 1)]


@pytest.mark.parametrize("agent", ["antigravity", "cursor", "droid", "grok", "kimi", "pi", "qwen"])
def test_every_log_of_an_agent_is_told_for_its(folder, agent):
    """Subagents' and drifted ones too: no other reader is surer of them."""
    for name in os.listdir(os.path.join(folder, agent)):
        if name.endswith(".jsonl"):
            with open(os.path.join(folder, agent, name), "rb") as stream:
                assert sniff_format(stream.read(1 << 16)) == agent, name
