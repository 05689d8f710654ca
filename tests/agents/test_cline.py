"""Cline and Roo: what the editor shows, and what was sent."""

from __future__ import annotations

import json

from handoff_cli.core.transcript import FileTouch


def shown(say, text, **fields):
    return {"ts": 1_700_000_000_000, "type": "say", "say": say, "text": text, **fields}


def request(tokens_in, reads):
    return json.dumps(
        {"request": "…", "tokensIn": tokens_in, "tokensOut": 5, "cacheReads": reads, "cacheWrites": 10, "cost": 0.1}
    )


def test_shown_messages_give_usage_words_files_and_commands(read):
    """The last request with figures counts; one under way has none yet."""
    rows = [
        shown("text", "fix it"),
        shown("api_req_started", request(100, 1_000)),
        shown("text", "I will"),
        shown("tool", json.dumps({"tool": "newFileCreated", "path": "a.py", "content": "x"})),
        {"ts": 1_700_000_001_000, "type": "ask", "ask": "command", "text": "make"},
        shown("user_feedback", "also this"),
        shown("api_req_started", request(50, 3_000)),
        shown("api_req_started", json.dumps({"request": "…"})),
        shown("completion_result", "done"),
    ]
    found = read(rows)
    assert (found.format, found.agent, found.usage.tokens, found.peak, found.turns) == (
        "cline",
        "cline",
        3_065,
        3_065,
        1,
    )
    said = [("user", "fix it"), ("assistant", "I will"), ("user", "also this"), ("assistant", "done")]
    assert [(m.role, m.text) for m in found.messages] == said
    assert found.files == (FileTouch("a.py", "created", 1),)
    assert [command.text for command in found.commands] == ["make"]
    assert found.start == "2023-11-14T22:13:20Z"


def test_condensing_is_a_compaction(read):
    """Roo records both sizes."""
    condensed = shown(
        "condense_context",
        None,
        contextCondense={"prevContextTokens": 90_000, "newContextTokens": 9_000, "summary": "short"},
    )
    found = read([shown("text", "go"), shown("api_req_started", request(1, 1)), condensed])
    assert [(c.before, c.after) for c in found.compactions] == [(90_000, 9_000)]
    assert found.usage.tokens == 9_000


def test_sent_messages_give_what_the_person_typed(read):
    """Out of the envelope the editor puts around it."""
    sent = [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "<task>\nfix it\n</task>"},
                {
                    "type": "text",
                    "text": "<environment_details>\n# Current Working Directory (/p)\n</environment_details>",
                },
            ],
        },
        {"role": "assistant", "content": [{"type": "text", "text": "I will"}]},
    ]
    found = read(sent)
    assert (found.format, [(m.role, m.text) for m in found.messages]) == (
        "cline",
        [("user", "fix it"), ("assistant", "I will")],
    )
