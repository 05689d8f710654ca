"""What the parts of a document tell of a transcript, and what they leave to others."""

from __future__ import annotations

from handoff_cli.documents.extract.facts import Attempt, LiveFailure, Story, Tried
from handoff_cli.documents.pieces import RULED_OUT
from handoff_cli.documents.story import pieces_of_story

HELD = Tried("lock.py", "hold", "flock", "lockf", "test_two: assert 0 == 3")


def ruled_out(**fields):
    return [piece.forms[-1] for piece in pieces_of_story(Story(**fields)) if piece.part == RULED_OUT]


def test_what_was_tried_and_replaced_stands_with_what_failed_on_it():
    (line,) = ruled_out(tried=(HELD,))
    assert line == "lock.py: hold: flock → test_two: assert 0 == 3 → lockf"


def test_what_still_fails_is_not_ruled_out():
    """It stands under what is open."""
    open_now = LiveFailure("test_two", "assert 0 == 3", "pytest", "test", 40)
    assert ruled_out(tried=(HELD,), failures=(open_now,)) == []


def test_a_command_that_failed_is_told_with_the_name_of_its_folder_and_without_what_shortens_its_output():
    run = Attempt("cd /srv/shop && make stock 2>&1 | tail -10", "no rule to make target")
    assert ruled_out(failing=(run,)) == ["in shop: make stock: no rule to make target"]
