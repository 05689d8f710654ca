"""What the work began with, where no request shown tells what it is for."""

from __future__ import annotations

from handoff_cli.core.transcript import Edit
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.facts import Finding, Request, Turn
from handoff_cli.documents.parts.priorities import begun_with, mended_up_to, orders_of
from tests.documents.sessions import story_of, told


def test_the_work_begins_with_the_cause_that_was_found_just_before():
    said = (
        ("user", "why twice?"),
        ("assistant", "All rows are sent twice because `send_rows` is called by both hooks of the import."),
        ("user", "fix it"),
        ("assistant", "I've fixed the double send by calling `send_rows` from one hook only."),
        ("user", "thanks, what next?"),
    )
    edits = (Edit("rows.py", 35, "modified", "a = 1", "a = 2", outcome="ok"),)
    assert begun_with(extract(told(*said, edits=edits)).told.turns).split("\n") == [said[1][1], said[3][1]]


def test_the_work_begins_with_what_was_done_first_however_that_is_told():
    said = (
        ("user", "keep a history of the rows"),
        ("assistant", "Done: `load` writes each row to `shop.rows_hist` and closes the one before."),
        ("user", "not by the clock"),
        ("assistant", "Changed: `close_rows` takes the time of the row itself."),
        ("user", "next"),
    )
    edits = tuple(Edit("rows.py", at, "modified", "a = 1", "a = 2", outcome="ok") for at in (15, 35))
    assert begun_with(extract(told(*said, edits=edits)).told.turns) == said[1][1]


def test_a_table_whose_rows_are_called_by_letters_is_told_unless_its_rows_stand_elsewhere():
    """An "A" stands in any text."""
    rows = ("| A | 51 | the label is bought, then saving it runs into the deadline |", "| B | 12 | both copies run |")
    table = "\n".join(("Found it, all 63 orders:", "", "| | orders | what happens |", "|---|---|---|", *rows))
    said = (("user", "why twice? A and B say so"), ("assistant", table), ("user", "fix A and B"))
    story = extract(told(*said, ("assistant", "A: B first.")))
    (told_table,) = [it for it in orders_of(story) if it.source == "table"]
    assert "A: 51, the label is bought" in told_table.text
    again = extract(told(*said, ("assistant", told_table.text)))
    assert not [it for it in orders_of(again) if it.source == "table"]


def test_what_is_left_out_of_the_words_that_a_long_reply_came_after_is_told_in_the_story():
    """Of these the document shows what the reply takes up."""
    cause = "It is proven: the towers stand in the order in which the loader thread ends, and that decides the fight."
    more = "\n\n".join(
        f"The loader of level {it} takes its units from `level_{it}.gd` then, one by one." for it in range(20)
    )
    for reply, told_there in (
        ("yes", False),
        (f"hm, I have to ask the others first. {'count the levels meanwhile. ' * 5}", True),
    ):
        said = (
            ("user", "why?"),
            ("assistant", f"I printed it.\n\n{cause}\n\n{more}\n\nShall I sort them?"),
            ("user", reply),
        )
        assert any(cause in it.text for it in orders_of(extract(told(*said)))) is told_there


def test_what_names_the_code_that_the_latest_request_names_comes_before_what_is_as_old():
    """Later answers come first, but for one about what is asked now."""
    said = []
    for name in ("row_cursor", "mail_footer", "page_lock", "shop_index"):
        text = f"Yes. The file `{name}.go` has `{name}` and closes it when the last of the readers is done."
        said += [("user", f"where is {name} closed?"), ("assistant", text)]

    def first(latest):
        orders = orders_of(extract(told(*said, ("user", latest), ("assistant", "Let me look."))))
        told_of = {
            name: order for it, order in orders.items() for name in ("row_cursor", "mail_footer") if name in it.text
        }
        return min(told_of, key=lambda it: told_of[it])

    assert first("and now?") == "mail_footer"
    assert first("should shop.row_cursor be moved too?") == "row_cursor"


def test_causes_of_what_was_mended_some_turns_ago_come_after_what_was_decided_since():
    cause = "Each of the readers waits since `load_rows` is missing a lock."
    said = [("user", "why does it hang?"), ("assistant", cause), ("user", "mend it")]
    said += [("assistant", "I've fixed the hang: each reader closes the lock that it took.")]
    for name in ("row_cursor", "mail_footer", "page_lock", "shop_index", "user_table"):
        kept = (
            f"I'd recommend to keep `{name}` in `{name}.go` instead of the readers, since otherwise it must be locked."
        )
        said += [("user", f"where should {name} be?"), ("assistant", kept)]
    edits = (Edit("rows.py", 35, "modified", "a = 1", "a = 2", outcome="ok"),)

    def order(said, **fields):
        return next(at for it, at in orders_of(extract(told(*said, **fields))).items() if it.text == cause)

    assert mended_up_to(extract(told(*said, edits=edits))) == 40
    assert mended_up_to(extract(told(*said))) == -1  # nothing was edited
    assert mended_up_to(extract(told(*said[:8], edits=edits))) == -1  # it is the work at hand
    assert order(said) < order(said, edits=edits)


def test_of_two_causes_that_were_found_before_it_was_mended_the_later_one_comes_first():
    earlier = Finding("The bug is in `row_count`, for which the readers wait.", "said", 11, 6.0)
    later = Finding("The cause is `page_count`, which never grows.", "said", 21, 5.0)
    mends = Finding("I've fixed the hang: each reader takes a lock of its own.", "said", 31, 5.0)
    others = tuple(Turn(at, (Finding(f"Yes. That is `page_{at}`.", "said", at + 1, 4.0),)) for at in (40, 50, 60, 70))

    def first(done):
        turns = (Turn(10, (earlier,)), Turn(20, (later,)), Turn(30, (mends,), done=done), *others)
        asked = tuple(Request(n, "why?", position=turn.position) for n, turn in enumerate(turns, 1))
        orders = orders_of(story_of(turns=turns, requests=asked))
        return min((earlier, later), key=lambda it: orders[it])

    assert (first(""), first("edited rows.py")) == (earlier, later)
