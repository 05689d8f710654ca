"""A conversation turn by turn."""

from __future__ import annotations

from handoff_cli.transcripts import conversation
from handoff_cli.transcripts.events import Called, Compacted, Returned, Said
from handoff_cli.transcripts.source import Source
from handoff_cli.transcripts.turns import Turn, turns
from tests.transcripts.conversation.test_logs import CHAT


def test_a_call_and_its_answer_are_one_turn():
    """In their order; what the agent thought is told apart, an answer that comes late stands alone."""
    events = [
        Said("user", "go"),
        Said("assistant", "hm", visible=False, kind="reasoning"),
        Called("1", "Bash", {"command": "ls"}),
        Returned("1", "a", failed=False),
        Called("2", "Read", {"file_path": "a.py"}),
        Called("3", "Bash", {"command": "make"}),
        Returned("3", "red", exit_code=2),
        Returned("2", "x = 1"),
        Compacted(),
    ]
    assert list(turns(events)) == [
        Turn("user", "go"),
        Turn("assistant", "hm", name="reasoning"),
        Turn("tool", "$ ls\na", name="Bash", failed=False),
        Turn("tool", '{"file_path":"a.py"}', name="Read"),
        Turn("tool", "$ make\nred", name="Bash", failed=True),
        Turn("tool", "x = 1", name="Read"),
        Turn("system", "The conversation was compacted here."),
    ]


def test_of_a_text():
    """Each turn of the log, none of its names left in the words."""
    found = list(turns(conversation.events(Source("text", CHAT.encode()))))
    assert [turn.role for turn in found] == [
        "user",
        *["assistant"] * 2,
        "tool",
        "user",
        "assistant",
        *["tool"] * 3,
        "user",
    ]
    assert "alice" not in "".join(turn.text for turn in found)
