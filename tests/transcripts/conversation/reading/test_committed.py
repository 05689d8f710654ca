"""Commits that the agent's words tell of."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.conversation.reading.committed import committed_within

TALK = "User: mend the sum\n\nAssistant: {}\n\nUser: thanks\n\nAssistant: Gladly.\n"


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Done, commit 1a2b3c4.", "Done"),
        ("Done on branch fix/sum, commit 1a2b3c4: the sum is whole. Green.", "the sum is whole"),
        ("The sum is whole (commit 1a2b3c4). I go on:", "The sum is whole"),
        ("Correct, fixed in 1a2b3c4: the sum is whole.", "the sum is whole"),
        ("The failure was in my test, corrected in 1a2b3c4. Green.", "The failure was in my test"),
        ("Done in 1a2b3c4. I tried the table first.", "Done"),
        ("Umgesetzt, Commit 1a2b3c4: sum() in total.py", "sum() in total.py"),
    ],
)
def test_a_sentence_that_ends_with_a_commit_or_says_what_it_holds_tells_of_one(read, text, subject):
    """The sentence itself stays said."""
    assert committed_within(text) == ("1a2b3c4", subject)
    found = read(TALK.format(text))
    assert [it.hash for it in found.commits] == ["1a2b3c4"]
    assert any(text.rstrip(":") in it.text for it in found.messages)


@pytest.mark.parametrize(
    "text",
    [
        "I looked at sums (branch main, commit 1a2b3c4) and the log",
        "On main, commit 1a2b3c4 broke the build",
        "Since commit 1a2b3c4 it fails",
        "The first bad one is commit 1a2b3c4.",
        "We commit, defaced: no",
        "It was fixed in 1a2b3c4, long ago",
    ],
)
def test_a_commit_that_is_only_looked_at_is_not_made(read, text):
    assert committed_within(text) is None
    assert not read(TALK.format(text)).commits


def test_words_tell_of_no_commit_beside_calls_that_show_them(read):
    shown = (
        "I do.\n\n$ git commit -m 'Mend the sum'\n[main 1a2b3c4] Mend the sum\n 1 file changed\n\nDone, commit 1a2b3c4."
    )
    assert [it.text for it in read(TALK.format(shown)).commands] == ["git commit -m 'Mend the sum'"]


def test_a_commit_above_a_list_is_known_by_its_first_item(read):
    (commit,) = read(TALK.format("Commit 1a2b3c4:\n• GET /sums\n• a test")).commits
    assert (commit.hash, commit.subject) == ("1a2b3c4", "GET /sums")
