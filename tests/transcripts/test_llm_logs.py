"""``llm logs --json``: the newest conversation, the last call's context."""

from __future__ import annotations


def call(conversation, prompt, tokens, time):
    return {
        "id": prompt,
        "model": "gpt-5",
        "prompt": prompt,
        "system": None,
        "response": f"re {prompt}",
        "conversation_id": conversation,
        "datetime_utc": time,
        "input_tokens": tokens,
        "output_tokens": 9,
    }


def test_context_is_the_last_calls_and_nothing_is_summed(read):
    """Another conversation in between does not count."""
    found = read(
        [
            call("a", "one", 8, "2026-01-01T00:00"),
            call("b", "two", 500, "2026-01-02T00:00"),
            call("a", "three", 20, "2026-01-03T00:00"),
        ]
    )
    assert (found.format, found.usage.tokens, found.peak, found.turns, found.model) == ("llm_logs", 20, 20, 2, "gpt-5")
    assert [m.text for m in found.messages] == ["one", "re one", "three", "re three"]


def test_calls_without_tokens_have_no_usage(read):
    """Some models report none."""
    assert read([call("a", "one", None, "2026-01-01T00:00")]).usage is None
