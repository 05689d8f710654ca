"""What the agent leaves for later is told: nothing else lists it as open."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Message, Transcript
from handoff_cli.documents.extract.put_off import put_off


def told(*texts, asked=("fix the overlap check",)):
    users = [Message("user", text, 2 * place) for place, text in enumerate(asked)]
    said = [Message("assistant", text, 2 * place + 1) for place, text in enumerate(texts)]
    return put_off(Transcript("claude_code", messages=tuple(sorted([*users, *said], key=lambda it: it.position))))


@pytest.mark.parametrize(
    "text",
    [
        "The shadow branch case can be addressed in a follow-up if needed.",
        "I'll leave the parsing of commits for a separate change.",
        "Renaming the package is out of scope here.",
        "Let's keep it in `strategy` for now, since callers import it already.",
        "The migration of old rows is deferred until the schema holds.",
    ],
)
def test_what_is_left_for_later_is_told(text):
    assert told(f"Done with the check. {text}") == (text,)


@pytest.mark.parametrize(
    "text",
    [
        "I'll make this a separate commit since it is a different bug.",
        "Another session exists in the same repository, so it warns.",
        "Shall we leave the parsing for a separate change?",
        "Add a deferred func that closes the file.",
        "Each call creates a separate commit on the branch.",
    ],
)
def test_what_only_sounds_so_is_not(text):
    assert told(text) == ()


def test_the_latest_comes_first_and_each_thing_once():
    first, second = (
        "Renaming the package is out of scope here.",
        "The shadow branch case can wait for a follow-up pull request.",
    )
    again = "The shadow branch case is for a follow-up pull request."
    assert told(first, second, again, asked=("a", "b", "c")) == (again, first)


def test_what_was_put_off_some_requests_ago_is_not_told_any_more():
    assert told("Renaming is out of scope here for good reason.", asked=("a", "b", "c", "d")) == ()
