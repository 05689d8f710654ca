"""Why something failed is told in the agent's words between the red run and the edit that mended it."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, Lookup
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.commands.outputs import failures_in
from handoff_cli.documents.extract.facts import Turn
from handoff_cli.documents.parts.story import pieces_of_story
from tests.documents.sessions import ran, story_of, told

RED = "FAILED tests/test_lock.py::test_release_twice - KeyError: 'lock.owner'\n1 failed, 3 passed in 0.1s"
CAUSE = "The problem is that `release` deletes the owner of the lock before it looks whether one is left."


def session(*words):
    said = (("user", "mend it"), *(("assistant", it) for it in words))
    runs = (ran("pytest -q", "failed", 15, "1 failed", 1, RED), ran("pytest -q", position=90, output="4 passed"))
    edits = (Edit("/p/lock.py", 80, "modified", "del owner", "owners.pop('release', None)", "release", "ok"),)
    return extract(told(*said, commands=runs, edits=edits))


def test_the_sentence_that_tells_the_cause_of_what_failed_stands_with_it():
    story = session("I look.", "The mail is wrong because of the weather.", CAUSE, "Now the edit.")
    assert [it.cause for it in story.runs.repaired] == [CAUSE]
    lines = [form for piece in pieces_of_story(story) for form in piece.forms]
    assert any(f"KeyError: 'lock.owner' (the agent: {CAUSE.rstrip('.')}) → lock.py" in line for line in lines)


def test_a_cause_that_the_story_tells_of_an_earlier_turn_is_not_told_twice():
    story = session("I look.", CAUSE)
    story = story_of(story, turns=(*story.told.turns, Turn(95)))
    mended = [form for piece in pieces_of_story(story) for form in piece.forms if "lock.owner' \u2192" in form]
    assert mended
    assert not any("(the agent:" in form for form in mended)


def test_what_leads_up_to_a_cause_does_not_stand_in_its_place():
    leads = (
        "The comment of the `lock` test says that `release` takes one and all and that the owner stays as it was there."
    )
    cause = "But nobody holds the lock there, so `release` of the `owner` fails."
    assert [it.cause for it in session("I look.", f"{leads} {cause}").runs.repaired] == [cause]


def test_without_such_words_no_cause_is_told():
    assert [it.cause for it in session("I look.", "The lock has an owner.").runs.repaired] == [""]


def test_of_what_fails_still_the_agent_s_diagnosis_stands_with_it():
    runs = (ran("pytest -q", "failed", 15, "1 failed", 1, RED),)
    story = extract(told(("user", "mend it"), ("assistant", CAUSE), commands=runs))
    assert [it.cause for it in story.runs.failures] == [CAUSE]
    later = (*runs, ran("cargo test", "failed", 18, "1 failed", 1, "test lock::held ... FAILED"))
    story = told(("user", "mend it"), ("assistant", CAUSE), commands=later)
    of_another = extract(story).runs.failures
    assert [(it.name, it.cause) for it in of_another if it.command == "pytest -q"] == [
        ("tests/test_lock.py::test_release_twice", "")
    ]
    two = ran("pytest -q", "failed", 15, "2 failed", 1, f"FAILED tests/test_mail.py::test_sent - E\n{RED}")
    edits = (Edit("/p/lock.py", 30, "modified", "del owner", "owners.pop('release', None)", "release", "ok"),)
    session = told(("user", "mend it"), ("assistant", CAUSE), commands=(two,), edits=edits)
    causes = {it.name: it.cause for it in extract(session).runs.failures}
    assert causes == {"tests/test_mail.py::test_sent": "", "tests/test_lock.py::test_release_twice": CAUSE}
    plan = "The lock of `test_release_twice` is not there: the view needs the owner until it is released"
    for no_cause in (f"Understood: {CAUSE}", plan):
        agreed = extract(told(("user", "mend it"), ("assistant", no_cause), commands=runs))
        assert [it.cause for it in agreed.runs.failures] == [""]


def test_what_the_edit_took_out_belongs_to_what_a_cause_speaks_of():
    words = "The schema marks the owner optional; that is why it complains."
    edit = Edit("/p/lock.py", 80, "modified", "owner: optional(str)", "owner: str", None, "ok")
    runs = (ran("pytest -q", "failed", 15, "1 failed", 1, RED), ran("pytest -q", position=90, output="4 passed"))
    story = extract(told(("user", "mend it"), ("assistant", words), commands=runs, edits=(edit,)))
    assert [it.cause for it in story.runs.repaired] == [words]


POINTS = "The cause is `fill_cache()`, which keeps the connection of the first request."


@pytest.mark.parametrize(
    "after",
    [
        "`flush_all()` runs on the same connection later, and the pool refuses it.",
        "That's why each second start fails.",
    ],
)
def test_the_sentence_that_a_cause_points_on_to_stands_with_it(after):
    turn = extract(told(("user", "why?"), ("assistant", f"{POINTS} {after} Shall I mend it?"))).told.turns[-1]
    assert after in f"{turn.told[0].text} {turn.told[0].then}"


def test_what_follows_from_a_cause_may_begin_the_next_message():
    words = ("So since Monday every order was stored twice.", "I'll read the log.")
    turn = extract(told(("user", "why?"), ("assistant", POINTS), *(("assistant", it) for it in words))).told.turns[-1]
    assert [it.then for it in turn.told if it.text == POINTS] == [words[0]]


def test_a_cause_points_on_to_no_proposal_and_no_other_matter():
    for after in ("So I'd recommend to close it.", "The report is written to `out.csv` each night."):
        turn = extract(told(("user", "why?"), ("assistant", f"{POINTS} {after}"))).told.turns[-1]
        assert [it.then for it in turn.told[:1]] == [""]


def test_behind_what_a_sub_agent_reported_nothing_is_pointed_on_to():
    """The agent's own words after it are not the sub-agent's."""
    report = Lookup("agent", "Find callers", 15, POINTS)
    turn = extract(
        told(("user", "why?"), ("assistant", "So since Monday every order was stored twice."), lookups=(report,))
    ).told.turns[-1]
    assert [(it.text, it.then) for it in turn.told] == [(POINTS, "")]


def test_no_cause_of_a_failure_is_what_is_said_of_an_edit_of_another_matter():
    """The edit that shares words with the failure tells what a diagnosis of it would speak of."""
    runs = (ran("pytest -q", "failed", 15, "1 failed", 1, RED),)
    edits = (
        Edit("/p/lock.py", 30, "modified", "owner = None", "owner = self.owner", outcome="ok"),
        Edit("/p/pages.py", 40, "modified", "", 'if size < 1: raise ValueError("size")', outcome="ok"),
    )
    said = "`nightly` passes a size of 0, which fails with ValueError because the size must be one."
    story = extract(
        told(
            ("user", "mend it"),
            ("assistant", "I look."),
            ("assistant", "Hm."),
            ("assistant", "Ok."),
            ("assistant", said),
            commands=runs,
            edits=edits,
        )
    )
    assert [it.cause for it in story.runs.failures] == [""]


CUT = """================ FAILURES ================
_________ TestRows.test_wins[dec] _________
    def test_wins(rows):
>       assert rows["a"] == b"com"
E       AssertionError: assert b'dec' == b'com'
E         At index 0 diff: b'd' != b'c'

tests/test_rows.py:101: AssertionError
_______ ERROR at setup of test_slow _______
E       fixture 'clock' not found

tests/test_rows.py:7
FAILED tests/test_rows.py::TestRows::test_wins[dec] - Asser...
ERROR tests/test_rows.py::test_slow
FAILED tests/test_rows.py::test_other - ValueError: no rows
"""


def test_why_a_test_of_pytest_failed_is_its_error_where_the_summary_is_cut():
    found = {it.name: it.why for it in failures_in(CUT)}
    assert found == {
        "tests/test_rows.py::TestRows::test_wins[dec]": "tests/test_rows.py:101: AssertionError: assert b'dec' == b'com'",
        "tests/test_rows.py::test_slow": "fixture 'clock' not found",
        "tests/test_rows.py::test_other": "ValueError: no rows",
    }


def test_what_one_test_of_rust_said_ends_where_the_next_panics():
    output = (
        "test one ... FAILED\ntest two ... FAILED\n"
        "thread 'one' (81447) panicked at tests/scrub.rs:43:30:\ncalled `Result::unwrap()` on an `Err` value: Bad\n"
        "thread 'two' (81450) panicked at tests/scrub.rs:53:27:\nexplicit panic\n"
        "test result: FAILED. 2 passed; 2 failed; 0 ignored\n"
    )
    assert {it.name: it.why for it in failures_in(output)} == {
        "one": "tests/scrub.rs:43:30: called `Result::unwrap()` on an `Err` value: Bad",
        "two": "tests/scrub.rs:53:27: explicit panic",
    }


EXAMPLES = """F.

Failures:

  1) Sharing a document creates a link
     Got 2 failures:

     1.1) Failure/Error: expect(page).to have_text("revoke")
            expected to find text "revoke" in "Oma Revoke".

            [Screenshot Image]: tmp/capybara/failures_1.png
          # ./spec/system/share_spec.rb:17:in `block (2 levels) in <top (required)>'

     1.2) Failure/Error: format.turbo_stream { render }

          ActionView::MissingTemplate:
            Missing partial _share with {:locale=>[:de, :en], :formats=>[:html]}. Searched in:
          # ./app/controllers/shares_controller.rb:22:in `destroy'

  2) Token is found
     Failure/Error: expect(find).to eq(1)
     # ./spec/models/token_spec.rb:4

Finished in 10.02 seconds (files took 4.3 seconds to load)
2 examples, 2 failures
"""


def test_of_examples_of_rspec_is_told_where_and_how_each_failed_without_the_list_at_its_end():
    """A pipe may have cut that off."""
    assert {it.name: it.why for it in failures_in(EXAMPLES)} == {
        "Sharing a document creates a link": (
            "app/controllers/shares_controller.rb:22: ActionView::MissingTemplate: Missing partial _share | "
            'spec/system/share_spec.rb:17: expected to find text "revoke" in "Oma Revoke".'
        ),
        "Token is found": "spec/models/token_spec.rb:4: expect(find).to eq(1)",
    }
    listed = f"{EXAMPLES}\nFailed examples:\n\nrspec ./spec/models/token_spec.rb:4 # Token is found\n"
    (found,) = failures_in(listed)
    assert (found.name, found.why) == (
        "./spec/models/token_spec.rb:4",
        "Token is found: spec/models/token_spec.rb:4: expect(find).to eq(1)",
    )


def test_both_sides_of_an_assertion_of_xunit_stand_with_it():
    output = (
        "  Failed Shop.Tests.ImportTests.Adds_nothing_twice [212 ms]\n  Error Message:\n"
        "   Assert.Equal() Failure: Values differ\nExpected: 0\nActual:   24\n  Stack Trace:\n     at Shop.Tests\n"
    )
    (found,) = failures_in(output)
    assert found.why == "Assert.Equal() Failure: Values differ | Expected: 0 | Actual: 24"


def test_what_stands_below_the_head_of_a_message_is_the_reason_whatever_its_words():
    output = (
        "  Failed Shop.Tests.ImportTests.Same_model [1 s]\n  Error Message:\n   The model has changes: Rows (dropped)\n"
        "Failed!  - Failed:     1, Passed:     2, Skipped:     0, Total:     3\n"
    )
    assert [it.why for it in failures_in(output)] == ["The model has changes: Rows (dropped)"]


def test_what_a_test_of_rust_said_stands_below_its_name_also_without_the_thread():
    """It may have panicked, or returned an error."""
    output = (
        "test past_the_end ... FAILED\ntest gap ... FAILED\n\n"
        "---- past_the_end stdout ----\nthread panicked at src/spool.rs:171:22: attempt to subtract with overflow\n"
        "---- gap stdout ----\nError: Os { code: 2, kind: NotFound }\n"
        "test result: FAILED. 2 passed; 2 failed; 0 ignored\n"
    )
    assert {it.name: it.why for it in failures_in(output)} == {
        "past_the_end": "src/spool.rs:171:22: attempt to subtract with overflow",
        "gap": "Error: Os { code: 2, kind: NotFound }",
    }
