"""What the agent told is told no more where its code is gone, or it said itself that it was no cure."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.told.turns import turns_of
from tests.documents.sessions import ran, told


def outcomes(*said, **fields):
    """What stands of ``said``, the agent's words of three turns, at 20, 40 and 60."""
    talk = [it for number, text in enumerate(said) for it in (("user", f"request {number}"), ("assistant", text))]
    return [it.text for turn in turns_of(told(*talk, **fields)) for it in turn.told]


def edit(position, old, new):
    return Edit("/p/rows.py", position, "modified", old, new, None, "ok")


NOW = "Now if the load fails, it calls `open_afresh` to make a new table instead of the old one."


def test_what_code_does_that_a_later_edit_took_out_is_not_told():
    made = edit(15, "load()", "open_afresh()")
    assert NOW in outcomes(NOW, "The page is read by another thread now.", edits=(made,))
    gone = edit(35, "open_afresh()", "restore_old()")
    assert NOW not in outcomes(NOW, "The page is read by another thread now.", edits=(made, gone))
    again = edit(36, "restore_old()", "open_afresh()")
    assert NOW in outcomes(NOW, "The page is read by another thread now.", edits=(made, gone, again))


def test_a_cause_stands_though_the_code_it_names_is_gone():
    cause = "The root cause was `open_afresh`: it drops the rows of the table."
    edits = (edit(15, "load()", "open_afresh()"), edit(35, "open_afresh()", "restore_old()"))
    assert cause in outcomes(cause, "The page is read by another thread now.", edits=edits)


FIX = "The fix is to turn `value` into text before `load_rows` reads it from the page."
NO_CURE = "The loader writes dicts since the last release. The conversion I just added is a band-aid for that."


@pytest.mark.parametrize(
    ("later", "stands"),
    [
        (NO_CURE, False),
        ("The conversion I just added is not a band-aid.", True),
        ("The conversion of rows is a band-aid.", True),
    ],
)
def test_a_fix_that_the_agent_called_no_cure_later_is_not_told(later, stands):
    made = edit(15, "value", "str(value)")
    assert (FIX in outcomes(FIX, later, edits=(made,))) is stands


def test_a_fix_of_a_file_is_not_told_that_needed_no_edit_by_the_agents_words():
    fix = "The fix is to set `rows.py` back to what the backup has instead of this."
    assert fix in outcomes(fix, "The page is read by another thread now.")
    assert fix not in outcomes(fix, "1. `rows.py` - all is well there (my earlier edit was unnecessary).")


LACKS = "None of the packages of the workspace are installed in this environment."


@pytest.mark.parametrize(
    ("line", "outcome", "stands"),
    [
        ("uv sync --all-packages", "ok", False),
        ("npm install", "failed", True),
        ("pip list", "ok", True),
    ],
)
def test_what_was_not_installed_is_told_until_it_is(line, outcome, stands):
    said = "The page of the shop is read by another thread now, instead of this one."
    assert (LACKS in outcomes(LACKS, said, commands=(ran(line, outcome, 25),))) is stands
    why = "It fails because the packages are not installed by a plain sync of the root."
    assert why in outcomes(why, said, commands=(ran(line, outcome, 25),))


MADE = "I've updated the loader to use the page of the shop that their handbook tells of."


def test_what_was_made_in_a_turn_is_not_told_once_all_its_edits_were_written_over():
    def story(*edits):
        talk = [
            it for text in (MADE, "The page is read anew now.") for it in (("user", "load it"), ("assistant", text))
        ]
        return [it.text for turn in extract(told(*talk, edits=edits)).told.turns for it in turn.told]

    made = edit(15, "load_plain_page_of_shop()", "load_page_by_the_handbook()")
    assert MADE in story(made)
    assert MADE not in story(made, edit(35, "load_page_by_the_handbook()", "load_binary_page()"))
