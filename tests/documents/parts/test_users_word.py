"""What did not do by the user's word stands under what failed, with the error that they report while it is open."""

from __future__ import annotations

from handoff_cli.documents.extract.facts import Request, Turn
from handoff_cli.documents.extract.failed import Refused, Refuted, Verdict
from handoff_cli.documents.parts.pieces import FAILURES, FINDINGS, GOAL, MUST, RULED_OUT, SOON
from handoff_cli.documents.parts.story import pieces_of_story
from tests.documents.sessions import story_of


def _told(part, *refuted):
    pieces = pieces_of_story(story_of(refuted=refuted))
    return [(it.block, it.forms[0]) for it in pieces if it.part == part]


_OPEN = Refuted("menu.js: open → show", "same error", "TypeError: menu is null", 20, live=True)


def test_an_error_that_the_user_reports_is_open_until_it_works():
    assert _told(FAILURES, _OPEN) == [("Reported by the user, not seen mended:", "TypeError: menu is null")]
    edited = _OPEN.replace(edited=True, error="")
    assert _told(FAILURES, edited) == [("Reported by the user, files were edited since:", "same error")]
    assert _told(FAILURES, _OPEN.replace(live=False)) == []


def test_what_did_not_do_stands_with_the_words_and_a_report_alone_refutes_nothing():
    label = "Tried, failed by the user's word:"
    assert _told(RULED_OUT, _OPEN) == [(label, "menu.js: open → show → “same error”")]
    assert _told(RULED_OUT, _OPEN.replace(what="")) == []


def test_a_design_that_the_request_at_work_takes_stands_with_that_and_what_was_left_alone_comes_later():
    taken, left = (
        Verdict("B. Two tables.", "ok now B. no new files", "taken"),
        Verdict("2. retries", "2 later", "later"),
    )
    for words, part, order in (("ok now B. no new files", GOAL, MUST), ("go on", FINDINGS, SOON)):
        story = story_of(requests=(Request(1, words),), verdicts=(taken, left))
        told = {it.part: it for it in pieces_of_story(story) if it.kind == "proposal"}
        assert (told[part].orders[0], told[part].forms[0]) == (
            order,
            "B. Two tables. → “ok now B. no new files”",
        )
        assert (told[RULED_OUT].orders[0], told[RULED_OUT].forms[0]) == (0.0, "2. retries → “2 later”")


def test_all_of_a_design_stands_soon_where_it_is_what_is_to_be_done():
    design = Verdict("B. Two tables." + " One more." * 40, "ok now B", "taken")
    for words, soon in (("ok now B", True), ("go on", False)):
        story = story_of(requests=(Request(1, words),), verdicts=(design,))
        (piece,) = (it for it in pieces_of_story(story) if it.kind == "proposal")
        assert (piece.orders[-1] < SOON) is soon
        assert design.what in piece.forms[-1]


def test_a_call_that_the_user_refused_stands_with_the_words_that_refused_it_where_the_story_has_them_whole():
    no = Refused("uv add httpx", "no new packages, at all")
    asked = (
        Request(1, "fetch it"),
        Request(2, "no new packages, at all", refuses="uv add httpx", position=9),
        Request(3, "go on", position=12),
    )
    for requests, beside in ((asked, False), ((asked[1].replace(number=1), asked[2]), True)):
        pieces = list(pieces_of_story(story_of(requests=requests, refused=(no,), turns=(Turn(0), Turn(9), Turn(12)))))
        assert any(it.block.startswith("Turned down by the user") for it in pieces) is beside
        lines = (it.forms[0] for it in pieces if it.kind == "request")
        assert any(it.endswith("(on refusing: uv add httpx)") for it in lines) is not beside
