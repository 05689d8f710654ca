"""Whose an edit is where the user typed a request while the agent was at work at another."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Message
from handoff_cli.documents.extract import extract
from handoff_cli.documents.parts.at_work import going_on
from tests.documents.sessions import call, edit, told

AT_WORK = "The till fails in src/shop/till.py, line 66, mend it"
LATEST = "And the lamp stays dark, the voltage of the battery is deleted somewhere. Fix that as well."


def at_work(*after, typed=35, path="/p/shop/till.py", new="b", latest=LATEST, spoke_last=False):
    """A request at 10, words at 20 and a call at 30 (or words alone), the latest heard at 40, an edit at 60."""
    said = (
        Message("user", AT_WORK, 10),
        Message("assistant", "Let me look at that.", 38 if spoke_last else 20),
        Message("user", latest, 40, typed=typed),
        *after,
    )
    calls = (call(30, "Read", "/p/shop/till.py"), call(60, "Edit", path))
    return extract(told(tool_calls=calls, edits=(edit(60, "a", new, path),)).replace(messages=said))


def test_an_edit_belongs_to_the_request_that_names_its_file():
    story = at_work()
    assert (story.changed.made, story.changed.made_amid, story.changed.acted) == ((), ("till.py",), False)
    told_of = going_on(story, "it stands below.")
    assert "Nothing was edited for it yet (`till.py`: for the request before it)." in told_of
    assert "Edited for it" not in told_of
    story = at_work(latest="And lamp.py fails as well", path="/p/shop/lamp.py")
    assert (story.changed.made, story.changed.made_amid) == (("lamp.py",), ())


def test_an_edit_of_a_file_that_neither_names_belongs_to_the_one_whose_words_the_agent_takes_up():
    heard = Message("assistant", "The voltage of the battery is set to nothing there.", 50)
    assert at_work(heard, path="/p/shop/power.py").changed.made == ("power.py",)
    assert at_work(path="/p/shop/power.py", new="battery.voltage = 3").changed.made == ("power.py",)


@pytest.mark.parametrize("latest", [LATEST, "till.py is too long by now"])
def test_where_it_is_not_clear_whose_an_edit_is_nothing_is_said(latest):
    story = at_work(path="/p/shop/power.py" if latest is LATEST else "/p/shop/till.py", latest=latest)
    assert (story.changed.made, story.changed.made_amid, story.changed.made_unclear) == ((), (), True)
    assert "edited for it" not in going_on(story, "it stands below.").lower()


def test_once_the_turn_had_ended_or_nothing_waited_all_edits_are_for_the_latest():
    assert at_work(spoke_last=True).changed.made == ("till.py",)
    assert at_work(typed=0).changed.made == ("till.py",)
