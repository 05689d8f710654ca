"""Which sentence concludes a thought, and what a thought holds in the end."""

from __future__ import annotations

from handoff_cli.core.transcript import Edit, Message, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.language.corrections import held_to
from handoff_cli.documents.extract.language.warned import warning_in
from handoff_cli.documents.extract.told.thoughts import (
    at_end,
    conclusion_of,
    doubts,
    held_at_last,
    settled,
    undoubted,
    without_denied_cycles,
)
from handoff_cli.documents.parts.story import pieces_of_story
from tests.documents.sessions import ran, told
from tests.growth import assert_linear


def test_the_sentence_that_concludes_a_thought():
    text = "Let me see. The rows are sorted because of the index. Maybe it should be dropped. Now I know."
    assert conclusion_of(text) == "The rows are sorted because of the index."
    assert conclusion_of("Let me see what is there.") == ""
    text = "They differ because one checks out. So they are not really duplicates of it. But let me look into `push`."
    assert conclusion_of(text) == "So they are not really duplicates of it."


def test_what_is_to_be_verified_first_is_no_conclusion():
    text = "The rows are sorted because of the index. So the closed sessions had work that was to be kept. Let me verify that."
    assert conclusion_of(text) == "The rows are sorted because of the index."
    assert conclusion_of(text.replace("Let me verify that.", "Let me read the rest.")).startswith("So the closed")


def test_of_a_thought_the_sentence_is_its_conclusion_that_takes_up_the_question():
    text = (
        'So to answer: "is the shadow branch undeleted when I create one of the same name?" I look. '
        "To answer: the shadow branch is created again under the same name. "
        "So the real bug is that `end_session` leaves its file behind."
    )
    assert conclusion_of(text, "is the shadow branch undeleted when I create one of the same name?").startswith(
        "To answer"
    )
    assert conclusion_of(text, "fix it").startswith("So the real bug")
    assert conclusion_of(text).startswith("So the real bug")


def test_an_answer_that_is_drawn_out_before_it_is_given_is_told_with_its_end():
    question = "is the shadow branch undeleted when I create one of the same name?"
    drawn_out = "So a commit deletes the shadow branch, and the next session creates one of the same name"
    thought = f"{drawn_out}. That costs little. The shadow branch is made anew. Now the docs."
    assert conclusion_of(thought, question) == f"{drawn_out}. The shadow branch is made anew."


def test_a_thought_is_told_without_talk_questions_and_what_it_dropped_on_the_way():
    thought = (
        "Let me look again. `check_id` guards paths. It makes sense to keep it in `paths`.\n\n"
        "But who calls it? Actually, wait. The store imports `paths` too.\n"
        "So the cleanest solution is:\n1. Move `check_id` to `store`\n2. Import it from there\n\nLet me move it now:"
    )
    assert settled(thought) == (
        "`check_id` guards paths.\n\nThe store imports `paths` too.\n"
        "So the cleanest solution is: Move `check_id` to `store`; Import it from there"
    )


def test_nothing_is_left_of_a_thought_that_only_announces():
    assert settled("Let me look at the next file. What is in it?") == ""


def test_a_thought_that_takes_something_back_in_its_end_is_told_to_doubt():
    held = "The hook reads the log, so the row is missing.\n\nIt is read twice."
    assert not doubts(held)
    assert doubts(f"{held}\n\nActually, wait. The log showed the row, so it was added.")
    assert not doubts(f"Wait, the hook is another.\n\n{held}\n\nSo the fix is one line.")
    assert not doubts(f"{held}\n\nBut wait, let me check if the name is taken.")
    assert doubts(f"{held}\n\nBut wait, let me think about the name.")


def test_of_the_two_sides_of_a_turn_that_which_is_taken_back_goes():
    turned = "The import is there. So that's fine. But wait, the store calls `rows()` too."
    assert held_to(turned) == "The import is there. But wait, the store calls `rows()` too."
    again = f"{turned} It would need a cycle.\n\nWait, let me re-read the file."
    assert held_to(again) == "The import is there. Wait, let me re-read the file."
    assert warning_in(again) == ""


def test_what_a_turn_only_looks_up_takes_nothing_back():
    for turn in ("But wait, let me check the name.", "Wait, let me review the file.", "Wait for the lock to be free."):
        thought = f"The import is there. That's correct. {turn}"
        assert held_to(thought) == thought
    thought = "The rows are sorted by the index.\n\nWait, let me re-read the file."
    assert held_to(thought) == thought


def test_ways_between_which_a_thought_goes_on_to_choose_are_no_part_of_what_it_holds():
    thought = "The name is taken, so I need to either:\n1. Use an alias\n2. Rename it\n\nThe loader has the alias."
    assert settled(thought).strip() == "The loader has the alias."
    assert "1. Use an alias" in settled(thought.partition("\n\n")[0])


def test_a_sentence_that_trails_off_or_points_back_warns_of_nothing():
    assert warning_in("`a.py` imports `b.py`. But that would make a cycle of `a.py` and `b.py`.") == ""
    assert warning_in("Importing `b.py` would make a cycle...") == ""


def test_the_last_sentence_that_says_what_would_go_wrong_is_a_warning():
    thought = "If `paths` imports `session`, we'd have a circular dependency. Let me check what `session` imports."
    assert warning_in(thought) == thought.partition(" Let")[0]
    assert warning_in("Would it break the cycle?") == ""
    assert warning_in("The rows are sorted because of the index.") == ""
    assert warning_in("If it is not held here, we get a deadlock with the loader.")
    assert warning_in("This would not be a circular import, without a cycle.") == ""


def test_the_thought_that_the_log_ends_with_counts_also_where_it_only_weighs():
    weighs = (
        "The nightly job stops at the first throw today. With a result we go on or stop. Nobody said which, and a"
        " refactoring keeps what it does: if it is not ok, throw the error again."
    )
    thought = Message("assistant", weighs, 50)
    session = told(("user", "go on"), reasonings=(Message("assistant", "The cause is the cache.", 20), thought))
    assert at_end(session, 10) == thought
    assert at_end(session.replace(tool_calls=(ToolCall("1", "Bash", "x", 60),)), 10) is None
    assert at_end(session.replace(messages=(*session.messages, Message("assistant", "Done.", 60))), 10) is None
    announces = thought.replace(text="Now let me look at the tests of the job. " * 5)
    assert at_end(session.replace(reasonings=(announces,)), 10) is None


def test_a_thought_about_a_failure_is_past_once_checks_passed():
    thought = Message("assistant", "The root cause of the error in line 9 is the import, since `rows` is gone.", 25)
    edit = Edit("rows.py", 30, "modified", "a", "b")
    said = (("user", "move the rows"), ("assistant", "I will."))
    for outcome, shown in (("ok", ""), ("failed", thought.text), (None, thought.text)):
        runs = (ran("pytest -q", outcome, 40, "1 failed" if outcome == "failed" else None),)
        told_of = extract(told(*said, reasonings=(thought,), edits=(edit,), commands=runs)).told
        assert told_of.thought == shown


def test_a_conclusion_stands_with_the_sentence_that_sees_it_in_another_way():
    concluded = "So the issue is that a session which was quit is not marked as ended."
    other = "This is actually correct behavior!"
    assert conclusion_of(f"{concluded} It stays on its branch. {other}") == f"{concluded} {other}"
    assert conclusion_of(f"{concluded} It stays on its branch.") == concluded


def test_what_a_short_thought_sees_that_is_wrong_is_told_and_of_a_long_one_what_would_go_wrong():
    seen = "There's a syntax error. Let me look at line 166."
    assert warning_in(seen) == "There's a syntax error."
    assert warning_in(f"{seen} {'The lock is held by the import alone. ' * 9}") == ""
    assert warning_in("Let me look at line 166.") == ""


def test_of_a_thought_that_is_taken_back_in_its_end_its_last_conclusion_stands_and_not_what_was_weighed_after_it():
    found = "The check only looks for a prefix.\n\nSo the tests pass because:\n\n- it finds the line anywhere"
    weighed = "The hook calls `parse` for each row."
    turn = "Actually, wait. The log shows the row was there. Let me look at what it does."
    assert undoubted(f"{found}\n\n{weighed}\n\n{turn}") == found
    assert undoubted(f"{found}\n\n{weighed}") == f"{found}\n\n{weighed}"
    assert undoubted(f"{weighed}\n\n{turn}") == f"{weighed}\n\n{turn}"


def test_what_a_thought_weighs_before_it_settles_on_less_is_dropped():
    weighed = "The check should be made in the caller. This way both paths have it. Option 1 is cleaner."
    settles = "The store is read once. For now, I'll check it in the loader."
    assert settled(f"{weighed}\n\n{settles}") == settles
    assert settled(weighed) == weighed
    turn = extract(
        told(
            ("user", "is the check right?"),
            reasonings=(Message("assistant", f"The real issue is that {weighed}\n\n{settles}", 20),),
        )
    ).told.turns[0]
    assert not any("in the caller" in it.text for it in turn.told)


def test_what_is_seen_in_a_place_that_a_thought_looks_at_is_no_talk():
    seen = "Looking at the ways to fail: where the folder is not there or not to be read, both should give a new name."
    assert settled(seen) == seen
    assert settled("Looking at the flow: it is short.") == ""


def test_what_a_thought_tells_of_the_code_is_left_out_once_files_were_edited():
    held = "There is a fallback too many, because the caller has one of its own."
    was = "So the function does:\n1. Read the folder\n2. Return an error\n\nThe caller just returns it."
    thought = Message("assistant", f"{was}\n\n{held}", 25)
    session = told(("user", "is it needed?"), ("assistant", "I look."), reasonings=(thought,))
    assert "Read the folder" in extract(session).told.thought
    edited = extract(session.replace(edits=(Edit("rows.py", 30, "modified", "a", "b"),))).told
    assert edited.thought == held


def test_a_thought_keeps_what_tells_that_its_list_is_no_finding_and_drops_what_points_to_nothing_told():
    assert settled("Now I need to:\n1. Remove `rows`\n2. Call `lines`").startswith("Now I need to:")
    listed = "Wait, that's the one I left. Looking at the diagnostics:\n1. Line 4 - rows is not there"
    assert settled(listed) == "Looking at the diagnostics:\n1. Line 4 - rows is not there"
    assert settled("Let me look at:\n1. the rows of it") == "1. the rows of it"


def test_what_a_linter_or_compiler_finds_is_past_once_files_were_edited():
    thought = Message("assistant", "The linter is complaining because the import is not there now.", 25)
    session = told(("user", "move the rows"), ("assistant", "I will."), reasonings=(thought,))
    assert extract(session).told.thought == thought.text
    edited = extract(session.replace(edits=(Edit("rows.py", 30, "modified", "a", "b"),)))
    assert (edited.told.thought, edited.step.reached, edited.told.turns[0].told) == ("", "", ())


def test_what_the_agent_did_itself_is_nothing_that_it_learnt():
    thought = "So the row at line 5 is missing because I already moved line 5."
    session = told(("user", "move the rows"), reasonings=(Message("assistant", thought, 25),))
    assert extract(session).step.reached == ""
    other = (Message("assistant", thought.replace("I already", "the loader"), 25),)
    assert extract(session.replace(reasonings=other)).step.reached


def test_few_words_of_which_the_next_thought_sees_that_they_are_not_so_are_no_outcome():
    said = ("user", "move the rows"), ("assistant", "The cause is another call in `load_rows` that is missing.")
    for thought, told_ in (("Wait, that's the one I just moved.", 0), ("Wait, let me see where that is.", 1)):
        turns = extract(told(*said, reasonings=(Message("assistant", thought, 25),))).told.turns
        assert len(turns[0].told) == told_


def test_the_fault_that_the_next_sentence_sees_in_something_else_is_dropped():
    turned = "The issue is that the name is taken. But actually, I think the issue is that the file is old."
    assert settled(turned) == "But actually, I think the issue is that the file is old."
    other = turned.replace("But actually, I think the issue", "But actually, the reason")
    assert settled(other) == other


def test_nothing_is_told_of_a_thought_that_was_only_a_step_once_files_were_edited():
    thought = Message(
        "assistant", "I should add a section on the lock, because it is missing. It should be the second.", 25
    )
    session = told(("user", "go on"), reasonings=(thought,))
    assert extract(session.replace(edits=(Edit("rows.md", 30, "modified", "a", "b"),))).told.thought == ""


def test_a_thought_does_not_tell_again_the_plan_that_was_asked_for():
    asked = "Add a parser for nested rows, write tests of the parser, and mend the fixtures of the store."
    plan = "The plan is:\n1. Add the parser for nested rows\n2. Write tests of the parser\n"
    own = "3. Take the lock before the loader starts, because both write"
    thought = Message("assistant", f"{plan}{own}", 25)
    assert extract(told(("user", asked), reasonings=(thought,))).told.thought == own
    assert plan.strip() in extract(told(("user", "go on"), reasonings=(thought,))).told.thought


def test_a_thought_long_before_the_end_is_not_called_the_last():
    thought = Message("assistant", "The rows are read twice because the store has no lock of its own.", 11)
    edits = (Edit("/p/rows.py", 30, "modified", "a", "b"),)
    for calls, label in ((2, "The agent's last thoughts"), (7, "The agent's thoughts 7 calls before the end")):
        made = tuple(ToolCall(str(at), "Bash", "ls", 30 + at) for at in range(calls))
        session = told(("user", "mend the store"), reasonings=(thought,), edits=edits, tool_calls=made)
        assert any(it.block.startswith(label) for it in pieces_of_story(extract(session)))


def test_where_a_check_found_a_cycle_no_thought_says_that_there_is_none():
    thought = "The store imports the loader. That is fine, no cycle.\n\n- It would avoid a cycle.\nThe names are taken."
    assert without_denied_cycles(thought) == "The store imports the loader.\n\nThe names are taken."


def test_a_thought_that_turns_again_and_again_costs_no_more_than_its_length() -> None:
    def thought(size):
        turns = "So that's fine. But wait, let me re-read it. I need to either:\n1. Keep it\n" * (size // 80)
        return settled(turns)

    assert_linear(thought, 20_000)


def test_a_thought_without_a_blank_costs_no_more_than_its_length() -> None:
    def thought(size):
        said = (("user", "why?"), ("assistant", "I look."))
        return extract(told(*said, reasonings=(Message("assistant", f"I see {'a' * size}.", 30),)))

    assert_linear(thought, 20_000)


def test_a_short_sentence_at_the_beginning_that_only_points_back_is_left_out():
    told = "The list names another one at line 9."
    assert settled(f"Wait, that's the one I just moved. {told}") == told
    for first in ("This is a race in the lock.", "It reads twice."):
        assert settled(f"{first} {told}") == f"{first} {told}"


def test_what_was_found_fine_and_corrected_at_once_is_left_out_and_so_are_ways_of_which_none_was_chosen():
    cause = "the lock is read by the pool too."
    seen = "It is imported at line 14."
    assert settled(f"{seen} So that's fine. But wait, {cause}") == f"{seen} {cause}"
    assert settled(f"So that's fine. And {cause}") == f"So that's fine. And {cause}"
    ways = "1. Use another name for it\n2. Check whether it is there"
    assert settled(f"I need to either:\n{ways}\n\nThe lock is held twice.") == "The lock is held twice."
    assert "Use another name" in settled(f"The plan has two steps:\n{ways}")


def test_a_cause_is_no_way_that_was_weighed_nor_what_only_an_edit_of_the_agents_own_did():
    cause = "`Pool.close` frees the handle twice because two callers could hold it at once."
    assert cause in settled(f"{cause}\n\nSo I'll keep the old signature of it.")
    late = "The test fails because the default that I just changed is read before the config is loaded."
    session = told(("user", "move the rows"), reasonings=(Message("assistant", late, 25),))
    assert extract(session).step.reached == late


def test_to_read_more_takes_nothing_back():
    cause = "the cause of the crash is that `load` runs twice on every start."
    assert cause in settled(f"Look at `a.py`.\n\nWait, {cause} Wait, let me read the caller of it.")


def test_a_thought_that_only_names_a_linter_beside_a_cause_outlasts_an_edit():
    race = "The race is in `Pool.get`: two callers take the same item because the check is outside of it. The linter is blind to it."
    said = told(("user", "why?"), reasonings=(Message("assistant", race, 15),))
    edited = said.replace(edits=(Edit("README.md", 18, "modified", "a", "b"),))
    assert race.split(". ", maxsplit=1)[0] in extract(edited).told.thought


def test_a_warning_that_points_back_stands_where_it_names_code():
    assert warning_in("This would deadlock if two writers hold `lock_all` at once, so the order matters.")


def test_ways_are_found_in_no_more_than_the_length_of_a_thought():
    assert_linear(lambda size: settled("- either:\n" * (size // 10)), 20_000)


def test_a_list_is_joined_with_the_line_that_concludes_by_it_as_a_whole_or_not_at_all():
    head = "So the package has all that it needs, and the lock can go there:"
    short = f"{head}\n- `rows`\n- `lines`\n\nIt is read."
    assert settled(short).split("\n")[0] == f"{head} `rows`; `lines`"
    items = [f"{n}. the part of it with the number {n}, {'which is long enough ' * 6}" for n in (1, 2, 3)]
    assert settled("\n".join((head, *items))).split("\n")[:2] == [head, items[0].strip()]


def test_a_list_that_heads_what_is_to_be_done_goes_once_an_edit_followed():
    def thought(edited):
        said = Message(
            "assistant", "The lock is held twice.\n\nLet me:\n1. Add `hold` to rows\n2. Remove it from lines", 20
        )
        return held_at_last(said, (said,), edited, ())[0]

    assert thought(10).endswith("Let me:\n1. Add `hold` to rows\n2. Remove it from lines")
    assert thought(30) == "The lock is held twice."


def test_a_thought_whose_beginning_is_cut_does_not_begin_against_that():
    assert settled("Let me look at the comment. But the overlap is checked in the caller.") == (
        "The overlap is checked in the caller."
    )
    assert settled("Let me look. But `rows` is read.") == "But `rows` is read."
    whole = "The overlap is checked in the caller. But the comment wants it inside."
    assert settled(whole) == whole
