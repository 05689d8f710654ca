"""A call that failed and shows what the agent means to report is what was found."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.facts import Request
from handoff_cli.documents.extract.failed import LiveFailure
from handoff_cli.documents.parts.next_action import next_action
from handoff_cli.documents.parts.to_report import to_report
from tests.documents.sessions import story_of

FAILED = "python check.py: AssertionError: the export ends 2024-03-02, the window needs 2024-03-31"


@pytest.mark.parametrize(
    ("thought", "finds"),
    [
        ("The export ends 2024-03-02, so the window is cut. Don't change the window silently, then report.", True),
        ("The export ends 2024-03-02, so the window is cut. That is the user's decision.", True),
        ("The export ends 2024-03-02, so the window is cut. Let me read more rows.", False),
        ("The export ends 2024-03-02. Let me fix the window 2024-03-31, then report.", False),
        ("The tests are slow. I'll report that at the end.", False),
        ("", False),
    ],
)
def test_what_failed_as_the_agent_means_to_report_is_to_be_told(facts, thought, finds):
    told = to_report(story_of(stumbled=FAILED, thought=thought, state="progress"))
    assert told.startswith("Tell the user what the last call found, and ask how to go on: python check.py") is finds
    assert not to_report(story_of(thought=thought, state="progress"))
    red = LiveFailure("test_window", "the export ends 2024-03-02, the window needs 2024-03-31", "pytest", "test", 9)
    found = story_of(failures=(red,), thought=thought, requests=(Request(1, "check the window"),), state="progress")
    assert ("how to go on: pytest: test_window" in to_report(found)) is finds
    assert not to_report(story_of(found, failures=(red.replace(edited=True),)))
    told = next_action(facts.replace(story=found)).text
    assert told.startswith("Tell the user what" if finds else "Fix `test_window`")
