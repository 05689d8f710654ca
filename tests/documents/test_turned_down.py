"""What did not do by the user's word stands under what failed, with the error that they report while it is open."""

from __future__ import annotations

from handoff_cli.documents.extract.failed import Refuted
from handoff_cli.documents.pieces import FAILURES, RULED_OUT
from handoff_cli.documents.story import pieces_of_story
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
