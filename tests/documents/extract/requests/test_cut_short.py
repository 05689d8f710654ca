"""A request at which the user stopped the agent before anything came of it was not done."""

from __future__ import annotations

from handoff_cli.core.transcript import Answer, Message
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.facts import Request
from handoff_cli.documents.extract.requests.cut_short import with_cut_short
from handoff_cli.documents.parts.story import pieces_of_story
from tests.documents.sessions import call, edit, ran, told

ASKED = (Request(1, "empty the barn", position=10), Request(2, "count the hens", position=50))
HALF = ("assistant", "The barn is a shed behind the mill, with four doors in its walls.")


def session(stop=45, **fields):
    said = (("user", "empty the barn"), HALF, ("user", "count the hens"), ("assistant", "There are nine hens."))
    messages = tuple(it.replace(position=at) for it, at in zip(told(*said).messages, (10, 20, 50, 60), strict=True))
    fields.setdefault("tool_calls", (call(30),))
    return told(stops=(stop,)).replace(messages=messages, **fields)


def cut(transcript, requests=ASKED):
    return [it.cut_short for it in with_cut_short(requests, transcript)]


def test_a_request_that_was_stopped_without_an_edit_or_an_answer_was_cut_short():
    assert cut(session()) == [True, False]
    assert cut(session(edits=(edit(35, "a", "b"),))) == [False, False]
    assert cut(session(commands=(ran("git commit -m 'Empty it'", position=35),))) == [False, False]
    assert cut(session(tool_calls=(call(15),))) == [False, False]
    assert cut(session(stop=55)) == [False, False]
    assert cut(session().replace(stops=())) == [False, False]


def test_where_the_work_is_only_to_go_on_nothing_was_cut_short():
    assert cut(session(), (ASKED[0], ASKED[1].replace(bare=True))) == [False, False]


def test_words_that_only_narrow_the_work_or_send_it_again_cut_nothing_short():
    narrowed = ASKED[1].replace(text="we don't need to sweep it")
    assert cut(session(), (ASKED[0], narrowed)) == [False, False]
    assert cut(session(), (ASKED[0].replace(before=(48,)), ASKED[1])) == [False, False]


def test_with_an_answer_to_the_agents_question_what_that_was_about_was_cut_short():
    answer = Request(2, "no, the other barn", position=25, question="Shall I empty it?")
    assert cut(session(), (ASKED[0], answer, ASKED[1].replace(number=3))) == [True, True, False]


def test_the_story_says_that_it_was_stopped_and_tells_no_half_answer_as_what_came_of_it():
    asked = Message("user", "sweep the yard", 5)
    whole, cut_off = ("The barn is a shed behind the mill" in _story(session(stop=at), asked) for at in (0, 45))
    assert (whole, cut_off) == (True, False)
    assert "2: empty the barn (interrupted: no file was edited for it)" in _story(session(), asked)


def test_what_was_edited_before_the_agent_asked_back_is_not_told_of_what_was_cut_short():
    question = Answer("Shall I empty it?", "no, the other barn", 25)
    answer = Message("user", "no, the other barn", 25)
    asked, half, count, nine = session().messages
    fields = {"answers": (question,), "edits": (edit(15, "a", "b", "/p/doors.md"), edit(65, "a", "b", "/p/hens.md"))}
    transcript = session(tool_calls=(call(15, "Edit"), call(30))).replace(messages=(asked, half, answer, count, nine))
    told_of = _story(transcript.replace(**fields), Message("user", "sweep the yard", 5))
    assert "2: empty the barn (interrupted: no file was edited for it)" in told_of
    assert "doors.md" not in told_of
    assert "doors.md" in _story(transcript.replace(stops=(), **fields), Message("user", "sweep the yard", 5))


def _story(transcript, first):
    last = Message("user", "feed the ducks", 70), Message("assistant", "They are fed.", 80, ended=True)
    story = extract(transcript.replace(messages=(first, *transcript.messages, *last)))
    return "\n".join(form for it in pieces_of_story(story) if "story" in it.block.lower() for form in it.forms)
