"""What the agent told in a turn is told no more once an edit may have done it."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, FileTouch, Message
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.facts import Finding, Turn
from handoff_cli.documents.extract.language.overtaken import (
    is_disputed,
    is_to_do,
    with_present_signatures,
    without_last_steps,
)
from tests.documents.sessions import told

_WARNED = "If `load_rows` imports `open_store`, we get a circular dependency, because the store imports it."
_EDIT = Edit("rows.py", 40, "modified", "a", "b")


def outcomes(*thoughts, edits=(_EDIT,)):
    said = tuple(Message("assistant", text, 20 + number) for number, text in enumerate(thoughts))
    return [it.text for it in extract(told(("user", "move it"), reasonings=said, edits=edits)).told.turns[0].told]


@pytest.mark.parametrize(
    "way_round",
    [
        "So the cleanest solution is to move `load_rows` beside `open_store`.",
        "Then `load_rows` doesn't need to know `open_store` at all.",
    ],
)
def test_a_warning_is_past_once_a_way_round_it_was_found_and_edited(way_round):
    assert _WARNED not in outcomes(_WARNED, way_round)
    assert _WARNED in outcomes(_WARNED, way_round, edits=())


@pytest.mark.parametrize("other", ["So the cleanest solution is to move `save_rows`.", "Both names are taken now."])
def test_a_warning_stands_that_nothing_answers(other):
    assert _WARNED in outcomes(_WARNED, other)
    assert _WARNED in outcomes("So the cleanest solution is to move `load_rows` to `open_store`.", _WARNED)


def test_what_is_to_be_done_is_told_apart_from_what_is_so():
    assert is_to_do("The caller also needs to be changed.")
    assert is_to_do("Every caller must be changed to the new name.")
    assert is_to_do("This should be a part of the second phase.")
    assert not is_to_do("The rows are sorted by the index.")


_CAUSE = "The cause is that the rows are read twice because the store has no lock."
_MERIT = "Only the changes are sent instead of all rows, so that nothing is sent twice."


@pytest.mark.parametrize(("gone", "stays"), [(("/p/DESIGN.md",), False), ((), True), (("/p/other.md",), True)])
def test_of_a_turn_all_whose_files_were_deleted_only_causes_stand(gone, stays):
    said = (("user", "why?"), ("assistant", f"{_CAUSE}\n\n{_MERIT}"), ("user", "and what is next?"))
    files = tuple(FileTouch(it, "deleted", 1) for it in gone)
    edits = (Edit("/p/DESIGN.md", 15, "created", "", "# Rows"),)
    first = [it.text for it in extract(told(*said, edits=edits, files=files)).told.turns[0].told]
    assert any(it.startswith("The cause") for it in first)
    assert (_MERIT in first) is stays


def test_of_what_the_user_turns_down_causes_stand_and_no_merits():
    causes = f"{_CAUSE} The problem is that nobody waits for the writer of the rows."
    merits = "The endpoint already leaves out rows that it has, so that nothing is sent twice."
    for answer, stays in (("it's a bad idea, since all is sent each time", False), ("how many rows are these?", True)):
        said = (("user", "look at the sync"), ("assistant", f"{causes}\n\n{merits}"), ("user", answer))
        first = [it.text for it in extract(told(*said)).told.turns[0].told]
        assert any(it.startswith("The cause") for it in first)
        assert (merits in first) is stays


def test_a_signature_that_was_quoted_is_told_as_the_last_edit_left_it():
    quotes = "The decision is to find it by its name: `func Find(name string) (Row, error)`."
    old, new = "func Find(name string) (Row, error) {\n}", "func Find(name string) Row {\n}"
    changed = Edit("rows.go", 30, "modified", old, new)
    copied = changed.replace(old="")
    for edits, now in (
        ((changed,), "string) Row`"),
        ((copied,), "string) (Row, error)`"),
        ((), "string) (Row, error)`"),
    ):
        session = told(("user", "how is it found?"), ("assistant", quotes), ("user", "go on"), edits=edits)
        assert next(it.text for it in extract(session).told.turns[0].told).endswith((now, f"{now}."))


def test_what_is_said_to_work_is_no_outcome_where_the_user_says_that_it_fails():
    works = "The log shows that the save succeeded, because the row is written: `rows.db`."
    for said, answer, stays in (
        ("The log shows the save succeeded: the decision is to keep it.", "hm, the test is still failing", False),
        ("The log shows the save succeeded: the decision is to keep it.", "how many rows are there?", True),
        (works, "hm, the test is still failing", True),
    ):
        first = extract(told(("user", "is it saved?"), ("assistant", said), ("user", answer))).told.turns[0].told
        assert (said in [it.text for it in first]) is stays


def test_words_of_an_old_signature_keep_it():
    edits = (
        Edit("load.go", 30, "modified", "func Load(path string) {", "func Load(ctx Ctx, path string) {", outcome="ok"),
    )
    for said in (
        "The cause: `func Load(path string)` took no context, so nobody could cancel it.",
        "`func Load(path string)` becomes `func Load(ctx Ctx, path string)` with this.",
    ):
        (turn,) = with_present_signatures((Turn(10, (Finding(said, "said", 12, 3.0),)),), edits)
        assert turn.told[0].text == said


@pytest.mark.parametrize(
    ("answer", "disputes"),
    [
        ("hm, it is still failing", True),
        ("the import does not work here", True),
        ("Great, nothing is broken any more. Now the docs, please.", False),
        ("Login is fine. The export is broken though", False),
        ("Is anything else still failing?", False),
    ],
)
def test_what_works_is_disputed_by_words_of_the_same_thing_alone(answer, disputes):
    works = Finding("The import of prices now works with the new token.", "said", 12, 3.0)
    assert is_disputed(works, answer) is disputes


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Half of it was cut. I\u2019m now reading it in full and then I\u2019ll write it.", "Half of it was cut."),
        ("The lock is held. Now I'm adding a test. I am running it.", "The lock is held."),
        ("The lock is held. I'm treating the file as the lock.", ""),
        ("I'm adding a test. The lock is held.", ""),
        ("I'm adding a test.", ""),
        ("The lock is held. I'm keeping the limit at 4 because the printer jams above it.", ""),
        ("The lock is held. I'm leaving cart.py alone.", ""),
        ("The lock is held. I'm adding no timeout since the queue has its own.", ""),
        ("The lock is held. I'm adding a test as well.", "The lock is held."),
        ("The lock is held. Let me move it to `lock.py`.", ""),
    ],
)
def test_what_the_agent_was_at_goes_from_the_end_of_what_it_said_before(said, left):
    """What it took something for and what it decided hold on, and what is all of it stays."""
    assert without_last_steps(said) == (left or said)


@pytest.mark.parametrize(
    ("said", "answer", "disputed"),
    [
        ("The warnings are a known issue of the library.", "Yeah but we fixed all of this once before", True),
        ("This isn't a code regression, the file is lost.", "ok but it used to work", True),
        ("The warnings are a known issue of the library.", "ok, but can you hide them?", False),
        ("The warnings come from the loader of rows.", "Yeah but we fixed all of this once before", False),
        ("The rows are in a Docker volume of their own.", "No, the rows are local here", True),
        ("The pages are in a Docker volume of their own.", "No, the rows are local here", False),
        ("The rows are in a Docker volume of their own.", "No, are the rows local here?", False),
    ],
)
def test_what_the_user_knows_to_be_otherwise_is_disputed(said, answer, disputed):
    assert is_disputed(Finding(said, "said", 3, 3.0), answer) is disputed


def test_what_is_needed_is_to_be_done():
    assert is_to_do("Need to restore it first, then create it anew.")
