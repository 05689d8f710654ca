"""What was done about a fault stands with it where the agent said so in the same breath and edits followed."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit
from handoff_cli.documents.extract.told.turns import turns_of
from tests.documents.sessions import told

FAULT = "The lock is lost because `modify` writes the whole column anew, which resets it to the default."


EDITS = (Edit("/p/a.sql", 25, "modified", "a", "b"),)


def first(message, *after, edits=EDITS):
    """Return what is told first of a turn in which the agent said ``message``."""
    return turns_of(told(("user", "mend it"), ("assistant", message), *after, edits=edits))[0].told[0].text


@pytest.mark.parametrize(
    "remedy", ["I'll use `set not null` instead.", "So I\u2019m moving it into its own step.", "Quito el bloqueo."]
)
def test_a_fault_stands_with_what_the_agent_did_about_it(remedy):
    assert first(f"{FAULT} {remedy} To rerun it I need the key.") == f"{FAULT} {remedy}"


@pytest.mark.parametrize("further", ["I'll look at the log of the store.", "The store has a log.", "I'm not sure yet."])
def test_what_only_looks_on_is_no_remedy(further):
    assert first(f"{FAULT} {further}") == FAULT


def test_nothing_is_told_of_a_remedy_that_no_edit_followed_or_the_user_objected_to():
    message = f"{FAULT} I'll use `set not null` instead."
    assert first(message, edits=()) == FAULT
    assert first(message, ("user", "no, that's wrong")) == FAULT
