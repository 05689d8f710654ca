"""What came in the place of what the user had agreed to is told, once that was deleted."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, FileTouch
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.requests.instead import chosen_instead
from handoff_cli.documents.parts.at_work import with_answered
from handoff_cli.documents.parts.story import pieces_of_story
from tests.documents.sessions import told
from tests.growth import assert_linear

_WHY = "The loader calls it, so that makes a ring."
_CHOSEN = "The solution is to move the checks to a folder of their own:"
_GONE = FileTouch("/p/lock/checks.py", "deleted", 1)
_MADE = Edit("/p/checks/rows.py", 45, "created", "", "x = 1")


def session(text, files=(_GONE,), edits=(_MADE,)):
    asked = (("user", "where?"), ("assistant", "Move it to `lock/checks.py`. Want me to do it?"), ("user", "yes"))
    return told(*asked, ("assistant", text), files=files, edits=edits)


def test_what_the_agent_said_right_before_it_made_a_new_file_is_told_with_why():
    assert chosen_instead(session(f"I see. {_WHY} {_CHOSEN}"), 30) == (f"{_WHY} {_CHOSEN.rstrip(':')}",)


@pytest.mark.parametrize(
    ("text", "files", "edits"),
    [
        (_CHOSEN, (), (_MADE,)),
        (_CHOSEN, (_GONE,), (_MADE.replace(action="modified"),)),
        (_CHOSEN, (_GONE,), ()),
        ("Let me make the file.", (_GONE,), (_MADE,)),
    ],
)
def test_nothing_came_in_its_place_where_it_stands_or_nothing_new_was_made(text, files, edits):
    assert extract(session(text, files, edits)).task.instead == ()


def test_what_came_in_its_place_stands_once_beside_what_it_replaced():
    story = extract(session(_CHOSEN))
    pieces = [*pieces_of_story(story)]
    blocks = [it.block for it in pieces if any("The solution is" in form for form in it.forms)]
    assert [it for it in blocks if not it.startswith("The story")] == [
        "In its place, by the agent's words since [UNVERIFIED]:"
    ]
    assert with_answered("yes.", story) == "yes, to what was overtaken since; what came in its place stands below."


def test_what_was_chosen_is_found_in_time_that_grows_as_messages_and_edits_do():
    def chosen(size):
        edits = tuple(Edit("a.py", at * 10 + 5, "modified", "a", "b") for at in range(size))
        late = tuple(it.replace(position=it.position + size * 10) for it in edits)
        return chosen_instead(told(*[("assistant", "ok")] * size, edits=late), -1)

    assert_linear(chosen, 3_000)
