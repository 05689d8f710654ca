"""What the user turned down, with the words that came with it."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import REFUSED, Edit, FileText, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.language.objections import offer_in
from handoff_cli.documents.extract.requests.refused import refused, turned_down
from handoff_cli.documents.parts.next_action import next_action
from tests.documents.sessions import ran, told

SAID = (("user", "release it"), ("assistant", "I will."), ("user", "no, the branch\nis not ready"))
NO = f"{REFUSED}. The tool use was rejected."


def call(position, name, summary, outcome="failed", error=NO):
    return ToolCall(str(position), name, summary, position, None, outcome, error if outcome == "failed" else None)


def what(*calls, **fields):
    return [(it.what, it.words) for it in refused(told(*SAID, tool_calls=calls, **fields))]


def test_a_refused_command_stands_whole_with_what_the_user_said_next():
    bash = call(22, "Bash", "git push", error=None)
    run = ran("git push\n  origin main", "failed", 22, NO)
    assert what(bash, commands=(run,)) == [("git push origin main", "no, the branch is not ready")]


def test_a_refused_edit_tells_what_it_would_have_changed_and_a_refused_plan_that_it_was_one():
    edit = Edit("/p/a.py", 22, "modified", "wait = 5", "wait = 50", outcome="failed")
    assert what(call(22, "Edit", "/p/a.py"), declined=(edit,)) == [
        ("Edit a.py: wait = 5 → wait = 50", "no, the branch is not ready")
    ]
    assert what(call(22, "ExitPlanMode", '{"plan":"x"}')) == [("the plan it proposed", "no, the branch is not ready")]


@pytest.mark.parametrize(
    ("tool", "told"),
    [
        ("apply_patch", "Edit"),
        ("search_replace", "Edit"),
        ("create", "Write"),
        ("write_file", "Write"),
        ("eval", "eval"),
    ],
)
def test_a_refused_edit_is_told_alike_whatever_the_agent_calls_its_tool(tool, told):
    assert what(call(22, tool, "/p/a.py")) == [(f"{told} a.py", "no, the branch is not ready")]


def test_of_a_refused_edit_the_line_is_told_that_the_no_speaks_of():
    columns = "".join(
        f"ALTER TABLE payout ADD COLUMN column_number_{at} text NOT NULL DEFAULT '';\n" for at in range(9)
    )
    sql = f"SET lock_timeout = '1s';\n{columns}UPDATE payout SET key = 'x';\n"
    write = call(22, "Write", "/p/V42.sql")
    edit = Edit("/p/V42.sql", 22, "created", "", sql, outcome="failed")
    for words, line in (
        ("NO update in flyway!! that was the one rule", "+ UPDATE payout"),
        ("no!", "+ SET lock_timeout"),
    ):
        session = told(
            ("user", "go"), ("assistant", "I write it."), ("user", words), tool_calls=(write,), declined=(edit,)
        )
        (no,) = refused(session)
        assert line in no.what


def test_what_was_done_later_after_all_and_what_only_failed_are_none():
    later = ran("git push origin main", "ok", 35)
    runs = (ran("git push origin main", "failed", 22, NO), later)
    calls = (call(22, "Bash", "git push origin main", error=None), call(35, "Bash", "git push origin main", "ok"))
    assert what(*calls, commands=runs) == []
    assert what(call(22, "Read", "/p/a.py", error="File does not exist.")) == []


def test_words_that_neither_object_nor_speak_of_the_call_are_not_told_as_what_was_said_of_it():
    said = (*SAID[:2], ("user", "OH I think the check fails by this message"))
    calls = (call(22, "Bash", "git rebase", error=None),)
    runs = (ran("git rebase --autostash", "failed", 22, NO),)
    assert [it.words for it in refused(told(*said, tool_calls=calls, commands=runs))] == [""]
    about = (*SAID[:2], ("user", "the plain form is enough, without --autostash"))
    assert [it.words for it in refused(told(*about, tool_calls=calls, commands=runs))] == [about[2][1]]


def test_a_call_that_the_user_stopped_is_told_as_such():
    stopped = call(
        22, "Task", '{"description":"Look at the branch"}', error="[Request interrupted by user for tool use]"
    )
    (it,) = refused(told(*SAID, tool_calls=(stopped,)))
    assert (it.what, it.words, it.stopped) == ("Task Look at the branch", "no, the branch is not ready", True)


def test_words_that_speak_of_something_else_are_none_of_the_no_unless_they_came_with_it():
    said = (("user", "release it"), ("user", "the importer is slow today"))
    push = call(12, "Bash", "git push", error=None)
    for error, words in (
        (NO, ""),
        (f"{NO} To tell you how to proceed, the user said:\nthe importer", "the importer is slow today"),
    ):
        run = ran("git push", "failed", 12, error)
        assert [it.words for it in refused(told(*said, tool_calls=(push,), commands=(run,)))] == [words]


def test_words_that_only_object_turn_down_what_they_speak_of_in_any_message_of_the_turn():
    offer = "I recommend to keep the ids in `paths`, which knows nothing of session state."
    said = (("user", "should they move?"), ("assistant", offer), ("assistant", "It is one line for each package."))
    (no,) = turned_down(told(*said, ("user", "they are not paths, the ids are used for session state only")))
    assert (no.what, no.proposed) == (offer, True)
    assert turned_down(told(*said, ("user", "the build is not green since yesterday"))) == ()


def test_a_no_to_a_document_of_its_own_turns_down_none_of_what_it_says():
    said = (("user", "design the ids"), ("assistant", "I've written a complete design of the ids: `IDS-DESIGN.md`."))
    assert turned_down(told(*said, ("user", "don't create separate documents. put it into the plan of ids"))) == ()
    assert len(turned_down(told(*said, ("user", "don't keep the ids in documents, the design is too big")))) == 1


def test_what_the_agent_then_says_its_user_is_right_about_turns_its_offer_down():
    said = (("user", "track it"), ("assistant", "My plan is to write one row for each session into a new table."))
    words = "isn't that redundant? the ledger has it"
    for reply, expected in (
        ("You're absolutely right, I'll read the ledger.", [words]),
        ("It is not: keys differ.", []),
    ):
        assert [it.words for it in turned_down(told(*said, ("user", words), ("assistant", reply)))] == expected
    broken = "the second row still fails"
    assert turned_down(told(*said, ("user", broken), ("assistant", "You're right, let me look."))) == ()


def test_a_line_that_only_leads_to_a_list_is_no_offer():
    said = (("user", "track it"), ("assistant", "My plan for the sessions and their rows in short:"))
    assert turned_down(told(*said, ("user", "no, that's wrong"))) == ()


def test_what_the_user_was_asked_for_is_no_offer_and_a_report_without_a_no_turns_nothing_down():
    asks = "Built, the priority is lower now. Please flash the image and count the errors over 5,000 frames."
    said = (("user", "find it"), ("assistant", asks))
    report = "flashed. 5000 frames, 121 errors. no change at all."
    assert turned_down(told(*said, ("user", report), ("assistant", "Then it isn't that."))) == ()
    assert offer_in(asks, "flashed, 5000 frames and the same errors") == ""


def test_what_only_could_or_would_be_done_is_an_offer_too_and_reasons_are_a_no():
    for offer, words in (
        ("I could pull in `shared-state`, which does it with a channel.", "shared-state is 6 kB, over the limit."),
        ("We might mark the test as disabled and go on with Field.kt.", "Never disable tests."),
        ("I'll drop foreign documents in PHP with array_filter then.", "not in PHP, pagination breaks"),
        ("I suggest row level security with a setting for the tenant.", "that would be nice but not now"),
    ):
        found = turned_down(told(("user", "go"), ("assistant", f"It is slow. {offer}"), ("user", words)))
        assert [(it.what, it.words) for it in found] == [(offer, words)]


def test_a_look_that_was_stopped_to_say_something_else_turns_nothing_down():
    calls = (call(12, "Bash", "git log --all"),)
    looked = ran("git log --all", "failed", 12, NO)
    words = "OH I think the test fails due to this commit message"
    assert refused(told(("user", "why?"), ("user", words), tool_calls=calls, commands=(looked,))) == ()
    (no,) = refused(told(("user", "why?"), ("user", "no, don't look there"), tool_calls=calls, commands=(looked,)))
    assert no.what == "git log --all"


def test_a_proposal_that_the_next_words_turn_down_stands_with_them():
    offer = "The store is slow. I propose to keep the prices in SQLite, one table for each shop."
    for words, expected in (
        ("no, no database: people edit these by hand", [offer.split(". ")[1]]),
        ("don't use SQLite\n\nfoo", [offer.split(". ")[1]]),
        ("no problem, go on", []),
        ("why SQLite?", []),
        ("ok", []),
    ):
        found = turned_down(told(("user", "plan it"), ("assistant", offer), ("user", words)))
        assert [it.what for it in found] == expected, words
        assert all(it.proposed and it.words in " ".join(words.split()) for it in found)


def test_a_no_to_a_question_turns_down_what_it_asks_and_not_what_was_found():
    found = "Finance is right, and after the fixes we could show 300 more than the ledger, by design."
    for question, told_ in (("Should manual notes get into the import?", True), ("Want me to do that?", False)):
        story = extract(
            told(("user", "sum up"), ("assistant", f"{found} {question}"), ("user", "no. finish merge now"))
        )
        assert [it.what == question for it in story.dead_ends.refused] == [told_]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "- `LockTest` is red without my change too. I left it.\n- The lock ends at night. Shall it hold a day longer?",
            ["Shall it hold a day longer? (The lock ends at night.)"],
        ),
        (
            "Shall the lock hold a day longer?\n\n`LockTest` is red without my change.",
            ["Shall the lock hold a day longer?"],
        ),
        ("`LockTest` is red without my change. Shall I go on?", []),
        ("`LockTest` is red without my change. Hold it for a day or a week?", []),
        (
            "What was red? `LockTest` is, without my change of the lock.",
            ["`LockTest` is, without my change of the lock."],
        ),
        (
            "Shall it hold a day longer? I'd keep the lock of the `LockTest` for a week.",
            ["I'd keep the lock of the `LockTest` for a week."],
        ),
    ],
)
def test_a_no_turns_down_the_question_and_never_a_fact_told_beside_it(said, expected):
    words = "no. the lock test is known to be red, LockTest is Ann's"
    found = turned_down(told(("user", "sum up"), ("assistant", said), ("user", words)))
    assert [it.what for it in found] == expected


def test_words_that_forbid_something_turn_down_only_what_they_speak_of():
    said = (("user", "mend it"), ("assistant", "I'll fix the fixture, not the controller."))
    assert turned_down(told(*said, ("user", "don't run the backfill against prod, only write the task"))) == ()
    (no,) = turned_down(told(*said, ("user", "don't touch the fixture")))
    assert "fixture" in no.what


def test_a_no_turns_down_what_an_earlier_message_would_do_only_where_it_speaks_of_that():
    said = (("user", "why is it hot?"), ("assistant", "First I'll solder a larger resistor to the second input."))
    last = ("assistant", "The regulator is too small. I could also underclock the whole board to half its speed.")
    (no,) = turned_down(told(*said, last, ("user", "no underclocking, the radio needs it")))
    assert no.what == "I could also underclock the whole board to half its speed."
    found = ("assistant", "The regulator is too small by half, and it has no heat sink at all.")
    assert turned_down(told(*said, found, ("user", "no new parts please, we have hundreds of boards"))) == ()
    (no,) = turned_down(told(*said, found, ("user", "no, that resistor is what the norm asks for")))
    assert "resistor" in no.what


def test_what_was_made_and_taken_out_after_a_no_is_told_by_its_names_those_of_the_no_first():
    said = (("user", "track it"), ("assistant", "Done."), ("user", "lastRow is redundant, wholeCount says it"))
    no = told(*said).messages[-1].position
    old = "type State = { wholeCount: number }"
    new = "type State = { wholeCount: number, readAt: Date, lastRow: string }"
    made, back = Edit("state.ts", no - 5, "modified", old, new), Edit("state.ts", no + 5, "modified", new, old)
    again, gone = made.replace(position=no + 9), Edit("state.ts", no + 9, "deleted")
    names = ["Written and taken out again: lastRow, readAt"]
    for edits, text, expected in (
        ((made, back), old, names),
        ((made, back, gone), "", names),
        ((made,), new, []),
        ((made, back, again), new, []),
        ((made, back), f"{old}\nreturn [lastRow, readAt]", []),  # it was there before, out of what the edit shows
        ((made, back), "", []),
    ):
        texts = (FileText("state.ts", edits[-1].position, text),) if text else ()
        assert [it.what for it in turned_down(told(*said, edits=edits, texts=texts))] == expected
    named = (said[0], ("assistant", "Done.\n\n- **Solution**: One state for all rows of a file"), said[2])
    whole_text = (FileText("state.ts", no + 5, old),)
    (told_so,) = turned_down(told(*named, edits=(made, back), texts=whole_text))
    assert told_so.what == "One state for all rows of a file (taken out again: lastRow, readAt)"
    stale = (FileText("state.ts", no - 5, old), FileText("other.ts", no, old))
    assert turned_down(told(*said, edits=(made, back), texts=stale)) == ()


def test_what_a_later_no_took_out_is_not_told_of_an_earlier_one():
    said = (("user", "track it"), ("assistant", "Done."), ("user", "no, not in a file"), ("assistant", "Moved."))
    session = told(*said, ("user", "no notes, please"), ("assistant", "Gone."))
    first, second = (it.position for it in session.messages if it.text.startswith("no"))
    old, new = "type State = { }", "type State = { readAt: Date, lastRow: string }"
    made, back = Edit("state.ts", first - 5, "modified", old, new), Edit("state.ts", second + 5, "modified", new, old)
    assert not any("lastRow" in it.what for it in turned_down(session.replace(edits=(made, back))))


def test_a_no_that_names_code_turns_down_no_offer_that_names_none_of_it():
    offer = "My plan is `one_table` for all shops and their prices."
    said = (("user", "plan it"), ("assistant", offer))
    assert [it.what for it in turned_down(told(*said, ("user", "no, one_table is too big")))] == [offer]
    assert turned_down(told(*said, ("user", "no, load_rows is wrong"))) == ()
    assert turned_down(told(*said, ("user", "no! one table is too big. use load_rows"))), "what is wanted instead"


def test_a_no_to_what_was_made_turns_down_nothing_of_what_is_offered_in_its_place():
    made, asks = "It takes 0.4 s on main now.", "hall I move the work off main?"
    for end, turned in ((f"Acceptable, or s{asks}", made), (f"S{asks}", f"S{asks}")):
        talk = (("user", "mend it"), ("assistant", f"{made} {end}"))
        (no,) = turned_down(told(*talk, ("user", "don't. roll it back, the work off main is ours")))
        assert no.what == turned


def test_words_said_before_a_call_did_not_refuse_it_though_its_answer_has_them():
    run = ran("git push", "failed", 25, f"{REFUSED}. To tell you how to proceed, the user said:\nthis one I push")
    said = ("user", "hi"), ("assistant", "Hello."), ("user", "this one I push")
    story = extract(told(*said, commands=(run,), tool_calls=(call(25, "Bash", "git push", error=None),)))
    assert [it.refuses for it in story.requests] == ["", "git push"]


def test_words_that_came_with_a_no_belong_to_the_request_at_work(facts):
    """They are no new work: what the agent had said is left of the old one stands beside them."""
    words = "not yet, I push it myself"
    said = ("user", "Split the parser in two."), ("assistant", "Done. The docs are still to do."), ("user", words)
    run = ran("git push", "failed", 25, f"{REFUSED}. To tell you how to proceed, the user said:\n{words}")
    story = extract(told(*said, commands=(run,), tool_calls=(call(25, "Bash", "git push", error=None),)))
    assert (story.requests[-1].refuses, story.part_of) == ("git push", story.requests[0])
    assert next_action(facts.replace(story=story, notes=())).text == (
        f"Go on as the user said on refusing `git push`: {words}\n"
        "- The agent had said before it: Done. The docs are still to do."
    )
    other = extract(told(*said[:2], ("user", "And the lexer?"), commands=(run,)))
    assert (other.requests[-1].refuses, other.part_of) == ("", None)


def test_words_that_came_with_a_no_do_not_answer_what_the_agent_said_before_other_work():
    words = "no locks, tests included"
    said = ("user", "Make it safe."), ("assistant", "Noted, no locks in the store."), ("user", words)
    run = ran(
        "sed -i s/a/Lock/ store.py", "failed", 28, f"{REFUSED}. To tell you how to proceed, the user said:\n{words}"
    )
    refused = call(28, "Bash", run.text, error=None)
    for calls, answered in (((refused,), True), ((call(25, "Read", "a.py"), refused), False)):
        story = extract(told(*said, commands=(run,), tool_calls=calls))
        assert bool(story.requests[-1].refuses and story.referent) is answered


def test_a_no_that_came_with_a_call_turns_down_that_and_nothing_that_was_said_before():
    offer = "I'll drop the check of the status and keep the header of the rows."
    said = (("user", "mend it"), ("assistant", offer), ("user", "no. no new packages, drop nothing of the status"))
    push = call(25, "Bash", "pip install frozen", error=None)
    run = ran("pip install frozen", "failed", 25, NO)
    assert [it.what for it in turned_down(told(*said))] == [offer]
    assert turned_down(told(*said, tool_calls=(push,), commands=(run,))) == ()


def test_of_options_that_were_laid_out_the_one_recommended_is_what_a_no_turns_down():
    laid_out = (
        "# Analysis\n\n### The new way\n\n**User requirement**: No splitting, simpler, but one row at most\n\n"
        "### Option 1: Always read all (Recommended)\n\n**Approach**: Take the filter of the rows away\n\n"
        "### Option 2: Read what is new\n\n**Approach**: Keep the last row\n"
    )
    messages = (
        ("user", "look at it"),
        ("assistant", laid_out),
        ("user", "it's a bad idea, all rows are read each time"),
    )
    (no,) = turned_down(told(*messages))
    assert no.what == "Option 1: Always read all: Take the filter of the rows away"
    assert no.proposed
    by_number = turned_down(told(*messages[:2], ("user", "no, not option 2, that keeps a row")))
    assert not any("Always read all" in it.what for it in by_number)


def test_of_a_list_of_ways_a_no_turns_down_the_one_that_it_speaks_of():
    ways = "There are two ways out, and I would take one of them:\n- quantise the index of the tenants\n- a larger plan at the host"
    said = (
        ("user", "it needs too much"),
        ("assistant", ways),
        ("user", "No, to quantise the index is too risky for us"),
    )
    (no,) = turned_down(told(*said))
    assert no.what == "quantise the index of the tenants"


@pytest.mark.parametrize("no", ["Not 1. The key of the rows stays", "no, not option 1, the key of the rows stays"])
def test_a_no_that_names_an_item_by_its_label_turns_that_down_whatever_else_it_speaks_of(no):
    ways = "I see two ways:\n1. Drop the key of the rows\n2. Add a row with a mark for each\n\nI suggest the first."
    said = (("user", "rows are lost"), ("assistant", ways), ("user", f"{no}. Go with the mark for each row, but red"))
    (found,) = turned_down(told(*said, ("assistant", "Understood, the key stays.")))
    assert found.what == "Drop the key of the rows"


def test_a_no_to_a_question_of_how_something_is_turns_nothing_down():
    asks = "The node wakes up too often. Was the recorder part of the build that you measured last week?"
    assert turned_down(told(("user", "it needs 12 mA"), ("assistant", asks), ("user", "no! that was without it"))) == ()


def test_what_was_proposed_and_done_is_not_turned_down_and_of_options_the_clause_of_the_no_tells_which():
    steps = "I suggest three steps:\n- move the columns out of it\n- wrap the handler\n- memoize the row"
    done = (("user", "it is slow"), ("assistant", steps), ("user", "did that. down to 210 ms, still too slow"))
    assert turned_down(told(*done)) == ()
    ways = "I would add one of these options:\n- below a threshold of rows render all of them\n- intercept the shortcut of the browser"
    said = "Don't intercept the shortcut, that was rejected. Let's use the threshold of rows, but 500."
    (no,) = turned_down(told(("user", "rows are not found"), ("assistant", ways), ("user", said)))
    assert no.what == "intercept the shortcut of the browser"


def test_a_call_that_was_stopped_for_something_before_it_is_not_turned_down():
    bash = call(22, "Bash", "git push", error=None)
    run = ran("git push", "failed", 22, NO)
    for words, stopped in (("before that: rename the table", True), ("no, the branch is not ready", False)):
        (it,) = refused(told(*SAID[:2], ("user", words), tool_calls=(bash,), commands=(run,)))
        assert (it.what, it.stopped) == ("git push", stopped)
