"""Every real transcript gives the figures that an independent reading of its format's rules gives."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from handoff_cli.agents.readers import iter_texts, read_transcript

# file: (format, tokens now, peak, responses, compactions as (line, trigger, before, after), malformed)
# The figures are those of a plain parser written for the purpose, not of this code. Rows of zeros, as in two trimmed
# files and where a request failed, are no figure; what a compaction leaves by its own record is an estimate (None).
EXPECTED = {
    "claude-code/agentsessions-schema-census.jsonl": (
        ("claude_code", None, 10, 1, [(21, "auto", 120000, 10), (51, "[trimmed for fixture]", 0, None)], 0)
    ),
    "claude-code/codemie-incremental-subagents-turn-1.jsonl": ("claude_code", 32061, 32061, 7, [], 0),
    "claude-code/codemie-incremental-subagents-turn-2.jsonl": ("claude_code", 51987, 51987, 11, [], 0),
    "claude-code/codemie-session-624a4a58.jsonl": (
        ("claude_code", 95152, 155741, 55, [(158, "auto", 155979, 36541)], 0)
    ),
    "claude-code/codemie-subagent-agent-a485154.jsonl": ("claude_code", None, None, 0, [], 0),
    "claude-code/entire-1compaction-b-2.1.42.jsonl": (
        ("claude_code", 82455, 167543, 93, [(394, "auto", 170485, 58159)], 0)
    ),
    "claude-code/entire-haiku45-2.1.4.jsonl": ("claude_code", 111694, 111694, 16, [], 0),
    "claude-code/entire-malformed-line-2.1.7-12.jsonl": ("claude_code", 71519, 72524, 58, [], 0),
    "claude-code/entire-manual-2.1.14.jsonl": (("claude_code", 79149, 153738, 40, [(71, "manual", 153739, 49386)], 0)),
    "claude-code/entire-micro-2.1.14.jsonl": ("claude_code", 60206, 154764, 49, [(155, "auto", 155068, 33441)], 0),
    "claude-code/entire-sonnet45-2.1.17.jsonl": ("claude_code", 91416, 155440, 288, [(822, "auto", 155472, 46611)], 0),
    "claude-code/entire-tiny-2.1.34.jsonl": ("claude_code", 26394, 26394, 2, [], 0),
    # the newest thing in the Codex census is a compaction; rows of one that nothing was reported between are one
    "codex/agentsessions-schema-census.jsonl": (
        ("codex", None, 16422, 1, [(19, None, None, 16422), (26, None, 16422, None)], 0)
    ),
    "codex/codemie-rollout-2026-05-11T11-26-55-019e1625-789d-76c0-80ab-3724b5ddb799.jsonl": (
        ("codex", 132006, 132006, 66, [], 0)
    ),
    "codex/codemie-rollout-2026-05-11T13-28-45-019e1695-0522-7c83-8b39-0dd379793f80.jsonl": (
        ("codex", None, None, 0, [], 0)
    ),
    "gemini/agentsessions-jsonl_v040.jsonl": ("gemini", 12069, 12069, 2, [], 0),
    "gemini/codemie-session-2026-01-16T11-01-file-ops-37b7abef.json": ("gemini", 11451, 11451, 9, [], 0),
    "gemini/entire-ab_2b9748b105_0.json": ("gemini", 14200, 14200, 10, [], 0),
    # the 120 tokens reported at shutdown no longer hold once the session is resumed and answers
    "other/copilot-cli-agentsessions-small.jsonl": ("copilot_cli", None, 120, 1, [], 0),
    "other/gemini-specstory-export.md": ("text", None, None, 0, [], 0),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_real_transcript_gives_the_expected_figures(samples, name):
    """Context now, peak, responses, compactions and malformed lines of each sample."""
    found = read_transcript(os.path.join(samples, name))
    now = found.usage.tokens if found.usage and found.usage.method == "exact" else None
    compactions = [(c.position, c.trigger, c.before, c.after) for c in found.compactions]
    assert (found.format, now, found.peak, found.responses, compactions, found.malformed) == EXPECTED[name]


@pytest.mark.parametrize("name", [name for name, row in EXPECTED.items() if row[0] != "text"])
def test_sync_and_track_give_the_same_figure(samples, name, handoff):
    """One set of readers serves both; where nothing was recorded, the figure says that it is an estimate."""
    path = os.path.join(samples, name)
    tokens = EXPECTED[name][1]
    if name.endswith("agent-a485154.jsonl"):
        assert handoff("sync", "--transcript", path)[0] == 0
        return
    synced = json.loads(handoff("sync", "--json", "--transcript", path)[1])
    tracked = json.loads(handoff("--session", "other", "track", "--no-keep", "--json", "--format", "auto", path)[1])
    if tokens:
        assert (synced["total_tokens"], synced["method"]) == (tokens, "exact")
        assert tracked["added_tokens"] == tokens
    else:
        assert synced["method"] == "estimated"


@pytest.mark.parametrize("name", [name for name in EXPECTED if "census" not in name])
def test_with_defaults_a_trip_comes_before_every_automatic_compaction(samples, name, handoff):
    """The warning is in time. The censuses are one row of each type, no sessions, so nothing in them is."""
    found = json.loads(handoff("simulate", "--json", os.path.join(samples, name))[1])
    assert found["automatic"] == sum(trigger == "auto" for _, trigger, _, _ in EXPECTED[name][4])
    assert found["missed"] == 0
    assert found["compactions"] == 0 or found["responses_of_lead"] >= 8


@pytest.mark.parametrize("name", [name for name, row in EXPECTED.items() if name.endswith(".jsonl") and row[1]])
def test_a_sample_that_grows_bit_by_bit_ends_at_its_figure(samples, name, handoff, project):
    """Cut anywhere, in the middle of lines and characters: no reading fails, the last one is right."""
    with open(os.path.join(samples, name), "rb") as file:
        data = file.read()
    path = project / "growing.jsonl"
    for part in (1, 3, 4, 5, 8, 9, 10):
        path.write_bytes(data[: len(data) * part // 10])
        code, out, err = handoff("sync", "--json", "--transcript", str(path), "--format", EXPECTED[name][0])
        assert code == 0, err
    status = json.loads(out)
    assert (status["total_tokens"], status["method"]) == (EXPECTED[name][1], "exact")


def test_every_sample_is_in_the_table(samples):
    """No sample is left out of the table."""
    folders = ("claude-code", "codex", "gemini", "other")
    files = {f"{folder}/{name}" for folder in folders for name in os.listdir(os.path.join(samples, folder))}
    assert files == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_text_for_counting_holds_every_visible_message_since_the_last_compaction(samples, name):
    """What a person said and is still in the context is counted word for word.

    Text that is no log is counted as it stands; as messages it is read without the wraps and fences of its form.
    """
    path = os.path.join(samples, name)
    found = read_transcript(path)
    since = found.compactions[-1].position if found.compactions else 0
    texts = {text for _, text in iter_texts(path)}
    if found.format == "text":
        assert "".join(texts) == Path(path).read_text(encoding="utf-8")
        return
    kept = [message.text for message in found.messages if message.position > since and "… [" not in message.text]
    # A command and the words typed after it stand apart in what is counted, an answer to a refused call within it.
    words = [text.partition(" ")[2] if text.startswith("/") else text for text in kept]
    assert all(any(said in text for text in texts) for said in words)
