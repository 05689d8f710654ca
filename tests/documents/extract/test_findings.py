"""What the agent concluded is taken, in its words: causes and figures before talk, late before early, each once."""

from __future__ import annotations

from handoff_cli.core.transcript import Lookup, Message
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.findings import account_of, goal_of, telling_sentence
from tests.documents.sessions import ran, told


def thought(text, position):
    return Message("assistant", text, position)


def found(**fields):
    return [it.text for it in extract(told(("user", "why?"), **fields)).findings]


def test_conclusions_are_findings_and_talk_is_none():
    text = (
        "Let me look at the file. Hmm, maybe it is slow. The root cause is `load_rows`, which reads 412,000 rows twice."
    )
    assert found(reasonings=(thought(text, 15),)) == ["The root cause is `load_rows`, which reads 412,000 rows twice."]


def test_they_come_from_thoughts_words_sub_agents_and_commits():
    story = extract(
        told(
            ("user", "why?"),
            ("assistant", "The problem is that `open_lock` swallows the error of the file system."),
            reasonings=(thought("It turns out that `close_lock` is never called on exit.", 25),),
            lookups=(
                Lookup("agent", "Find callers", 26, "The reason is that `main_loop` has no handler for signals."),
            ),
            commands=(
                ran(
                    'git commit -m "Hold the lock\n\nThe fix is to call `close_lock` in a finally block."', position=27
                ),
            ),
        )
    )
    assert {it.source for it in story.findings} == {"said", "thought", "sub-agent: Find callers"}
    assert len(story.findings) == 4


def test_what_says_the_same_is_told_once_and_what_was_taken_back_not_at_all():
    early = "The issue is that orphaned sessions of the old commit are condensed with the new ones."
    again = "So the issue is that orphaned sessions of the old commit get condensed with the new ones."
    late = "So the issue is NOT that orphaned sessions of the old commit are condensed with new ones."
    assert len(found(reasonings=(thought(early, 15), thought(again, 16)))) == 1
    assert found(reasonings=(thought(early, 15), thought(late, 16))) == [late]


def test_what_the_agent_thought_after_the_request_is_kept_by_thought_the_latest_first():
    before = thought("The cause is `old_thing` in the parser of rows.", 5)
    one = thought("Something else. The cause is `read_rows` in the loader of files.", 25)
    two = thought("The fix is to call `close_rows` at the end of the loop.", 26)
    story = extract(told(("user", "why?"), ("user", "and now?"), reasonings=(before, one, two)))
    assert [[it.text for it in thought] for thought in story.thoughts] == [
        ["The fix is to call `close_rows` at the end of the loop."],
        ["The cause is `read_rows` in the loader of files."],
    ]


def test_what_was_dropped_is_told_apart():
    story = extract(told(("user", "x"), ("assistant", "Threads won't work here: psycopg connections can't be shared.")))
    assert [it.text for it in story.ruled_out] == ["Threads won't work here: psycopg connections can't be shared."]


ACCOUNT = """Analysis:
Let me think about it.

Summary:
1. Primary Request and Intent:
   Make the nightly import fast, without threads.

2. Errors and fixes:
   - **Lock swallowed**: `main_loop` caught the error of `open_lock`; fixed by raising it.

3. All user messages:
   - "make it fast as soon as you can please"

4. Pending Tasks:
   - Let `LockHeld` through in `main_loop` and add a test.
"""


def test_an_account_of_a_compaction_gives_the_goal_and_its_points_pending_ones_first():
    assert goal_of(ACCOUNT) == "Make the nightly import fast, without threads."
    points = account_of(ACCOUNT)
    assert points[0] == "Let `LockHeld` through in `main_loop` and add a test."
    assert points[1].startswith("Lock swallowed: `main_loop` caught")
    assert not any("Analysis" in it or "think about it" in it for it in points)


def test_the_most_telling_sentence():
    text = "Good.\n\nI looked at all of it. The root cause is one INSERT for each row. Shall I go on?"
    assert telling_sentence(text) == "The root cause is one INSERT for each row."
    assert telling_sentence("Ok.") == ""


def test_a_short_list_stays_with_the_line_that_announces_it():
    text = "I looked at it. The cause is in three steps of `read_rows`:\n- it opens\n- it reads twice\n- it closes\n"
    assert found(reasonings=(thought(text, 15),)) == [
        "The cause is in three steps of `read_rows`: it opens; it reads twice; it closes",
    ]
