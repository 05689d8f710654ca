"""What was at work when the user typed the latest request, and whose an edit is then."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from handoff_cli.core.transcript import Message
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.facts import Request
from handoff_cli.documents.parts.at_work import going_on
from handoff_cli.documents.parts.next_action import next_action
from handoff_cli.documents.parts.story import pieces_of_story
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


def test_what_the_agent_says_behind_an_edit_takes_up_what_comes_next():
    """It ends what it was at, then names what it turns to."""
    then = Message("assistant", "That holds. Let me find the voltage of the battery.", 70)
    story = at_work(then, path="/p/shop/power.py")
    assert (story.changed.made, story.changed.made_unclear) == ((), True)


@pytest.mark.parametrize("latest", [LATEST, "till.py is too long by now"])
def test_where_it_is_not_clear_whose_an_edit_is_nothing_is_said(latest):
    story = at_work(path="/p/shop/power.py" if latest is LATEST else "/p/shop/till.py", latest=latest)
    assert (story.changed.made, story.changed.made_amid, story.changed.made_unclear) == ((), (), True)
    assert "edited for it" not in going_on(story, "it stands below.").lower()


def test_once_the_turn_had_ended_or_nothing_waited_all_edits_are_for_the_latest():
    assert at_work(spoke_last=True).changed.made == ("till.py",)
    assert at_work(typed=0).changed.made == ("till.py",)


LAID_OUT = "## The barn\n\n### 1. The roof leaks\n### 2. The door hangs\n\nShall I mend both?"


def mending(latest="We don't need to paint the door", stops=(35,), yes="Yes. Step by step.", before=(), **fields):
    """A plan at 20, a yes to it at 30, the latest words at 40 and work at 30 to 60."""
    said = (
        Message("user", "Look at the barn", 10),
        Message("assistant", LAID_OUT, 20),
        *before,
        Message("user", yes, 30),
        Message("assistant", "Let me begin with the roof.", 33),
        Message("user", latest, 40, typed=38),
        Message("assistant", "Now the door.", 50),
    )
    calls = (call(34, "Read", "/p/roof.py"), call(60, "Edit", "/p/door.py"))
    edits = (edit(34, "b", "a", "/p/roof.py"), edit(60, "a", "b", "/p/door.py"))
    made = told(tool_calls=calls, edits=edits, stops=stops, **fields)
    return extract(made.replace(messages=said))


def test_words_that_only_limit_the_work_leave_the_yes_to_a_plan_as_the_request_at_work():
    story = mending()
    assert story.job is story.amid is not None
    assert (story.job.text, story.job.cut_short) == ("Yes. Step by step.", False)
    assert set(story.changed.made) == {"door.py", "roof.py"}
    assert "The door hangs" in (story.referent or "")
    shown = {it.block: it.forms[0] for it in pieces_of_story(story)}
    assert "The door hangs" in shown["The request at work answers these words of the agent's:"]
    step = _next(story)
    assert "Go on with the work at hand, keeping to the user's latest words: We don't need to paint the door." in step
    assert "Yes. Step by step." in step
    assert "Finish the user's latest request" not in step


def test_each_limit_of_the_request_at_work_stands_with_the_goal():
    story = mending("We use nails now", before=())
    more = Request(4, "We don't need to paint the door", position=39)
    story = story.replace(requests=(*story.requests[:-1], more, story.requests[-1]))
    shown = {it.block: it.forms[0] for it in pieces_of_story(story)}
    assert shown["What the user said of it since, besides:"].strip() == "We don't need to paint the door"


def test_a_bare_yes_is_the_request_at_work_and_means_the_plan_that_the_agent_points_back_to():
    ready = Message("assistant", "The helper says so too, see the plan above. Ready when you are.", 25)
    story = mending("No, why paint the door if it hangs?", yes="Yes", before=(ready,))
    assert story.job is not None
    assert (story.job.text, story.job.meant) == ("Yes", "The barn; The roof leaks; The door hangs")
    assert "The door hangs" in (story.referent or "")
    assert "answered on the way" not in _next(story)


def test_a_yes_is_no_request_at_work_where_nothing_was_edited_for_it_or_its_turn_had_ended():
    assert [it.text for it in mending("Now count the hens", yes="Yes").requests[1:]] == ["Yes", "Now count the hens"]
    ended = Message("assistant", "All done.", 36, ended=True)
    said = (Message("user", "Look", 10), Message("assistant", LAID_OUT, 20), Message("user", "Yes", 30), ended)
    calls, latest = (call(34, "Edit", "/p/roof.py"),), Message("user", "And now count the hens", 40)
    edits = (edit(34, "b", "a", "/p/roof.py"),)
    for its in ({"edits": edits, "messages": (*said, latest)}, {"messages": (*said[:-1], latest)}):
        assert "Yes" not in [it.text for it in extract(told(tool_calls=calls).replace(**its)).requests]


def _next(story):
    return next_action(SimpleNamespace(notes=(), story=story)).text


def test_a_limit_that_nothing_followed_yet_goes_on_with_the_yes_though_nothing_was_edited_for_it():
    said = (
        *(Message("user", "Look at the barn", 10), Message("assistant", LAID_OUT, 20), Message("user", "Yes", 30)),
        Message("user", "We don't need to paint the door", 40, typed=40),
    )
    story = extract(told(tool_calls=(call(35, "Read", "/p/roof.py"),)).replace(messages=said))
    assert (story.state, story.job and story.job.text) == ("nothing", "Yes")
    assert _next(story).startswith("Go on with the work at hand, keeping to the user's latest words: We don't need")
    asks = extract(told(tool_calls=(call(35, "Read", "/p/roof.py"),)).replace(messages=(*said[:-1], said[0])))
    assert asks.job is None
