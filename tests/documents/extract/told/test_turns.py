"""The story in order: below each request what the agent told came of it, each thing once, the last word on it."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Answer, Edit, Lookup, Message, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.commands.messages import commit_message
from handoff_cli.documents.extract.language.overtaken import is_to_do
from handoff_cli.documents.extract.told.turns import MAX_TURNS, turns_of
from tests.documents.sessions import ran, told


def thought(text, position):
    return Message("assistant", text, position)


def found(*messages, **fields):
    """Return the sentences told by turn, worth most first."""
    return [[it.text for it in turn.told] for turn in turns_of(told(*(messages or (("user", "why?"),)), **fields))]


def test_conclusions_are_told_and_talk_is_not():
    text = (
        "Let me look at the file. Hmm, maybe it is slow. The root cause is `load_rows`, which reads 412,000 rows twice."
    )
    assert found(reasonings=(thought(text, 15),)) == [
        ["The root cause is `load_rows`, which reads 412,000 rows twice."]
    ]


def test_an_answer_that_goes_on_with_why_stands_without_that():
    text = "Unfortunately, no, the gate cannot open inwards \u2014 and here\u2019s why:\n\n- The hinge is outside.\n- It needs oil."
    assert found(("user", "can it open inwards?"), ("assistant", text))[0][0] == (
        "Unfortunately, no, the gate cannot open inwards."
    )


def test_they_come_from_thoughts_words_sub_agents_and_commits():
    turns = turns_of(
        told(
            ("user", "why?"),
            ("assistant", "The problem is that `open_lock` swallows the error of the file system."),
            reasonings=(thought("It turns out that `close_handle` is never called on exit.", 25),),
            lookups=(
                Lookup("agent", "Find callers", 26, "The reason is that `main_loop` has no handler for signals."),
            ),
            commands=(
                ran('git commit -m "Hold it\n\nThe fix is to call `close_all` in a finally block."', position=27),
            ),
        )
    )
    assert {it.source for it in turns[0].told} == {"said", "thought", "commit", "sub-agent: Find callers"}
    assert len(turns[0].told) == 4


def test_each_turn_has_its_own_and_the_last_message_of_an_ended_one_tells_most():
    said = (
        ("user", "why is it slow?"),
        ("assistant", "The index is missing on `row_id`, so it may be due to the index of the table."),
        ("assistant", "It was the cursor. The cause is `fetch_all`, which is called for each page."),
        ("user", "mend it"),
        ("assistant", "The fix is to call `fetch_all` before the loop over the pages."),
    )
    first, second = found(*said)
    assert first[0].startswith("It was the cursor.") or first[0].startswith("The cause is `fetch_all`")
    assert second == ["The fix is to call `fetch_all` before the loop over the pages."]


def test_the_first_sentence_of_a_turn_s_last_message_is_told_whatever_it_says():
    said = (
        ("user", "what is it?"),
        ("assistant", "A queue of rows with one reader and with many writers, kept in memory."),
        ("user", "ok then"),
    )
    assert found(*said)[0] == ["A queue of rows with one reader and with many writers, kept in memory."]


def test_a_proposal_the_user_has_answered_tells_less_than_what_is_so():
    proposal = "I'd recommend `paths_two`, because it has no imports and is near to all that use it."
    cause = "One cycle is left, because `paths` reads the files of `state_all`."
    asked = ("user", "where should it live?")
    answered = turns_of(told(asked, ("assistant", f"{proposal}\n\n{cause}"), ("user", "no")))[0]
    open_yet = turns_of(told(asked, ("assistant", f"{proposal}\n\n{cause}")))[0]
    assert [it.text[:7] for it in answered.told] == ["One cyc", "I'd rec"]
    assert [it.text[:7] for it in open_yet.told] == ["I'd rec", "One cyc"]


@pytest.mark.parametrize("answer", ["no, two files", "it's a bad idea, it grows", "don't overcomplicate it"])
def test_what_the_user_turned_down_tells_less_than_what_was_let_stand(answer):
    cause = "The reader is slow because it opens each file twice."
    said = (
        ("user", "make it fast"),
        ("assistant", f"The rows must be kept in one file per day instead of a folder.\n\n{cause}"),
    )
    turned_down, stood = (turns_of(told(*said, ("user", it)))[0].told for it in (answer, "go on with the next"))
    assert turned_down[0] == next(it for it in stood if it.text == cause)
    assert turned_down[1].worth < next(it for it in stood if it.text != cause).worth - 2


def test_in_a_long_session_what_all_turns_speak_of_goes_before_a_side_issue():
    topic = ("assistant", "The `row_cursor` of the import is open.")
    said = [it for number in range(5) for it in (("user", f"ask {number}"), topic)]
    said += [("user", "a"), ("assistant", "I looked. The cause is that `row_cursor` of the import is closed too late.")]
    said += [("user", "b"), ("assistant", "I looked. The cause is that `mail_footer` of the letter is printed twice.")]
    turns = turns_of(told(*said, ("user", "c")))
    topical, aside = (next(it for it in turn.told if "cause" in it.text) for turn in turns[5:7])
    assert topical.worth > aside.worth


def test_what_is_said_again_is_told_once_where_it_was_said_last():
    early = "The issue is that orphaned sessions of the old commit are condensed with the new ones."
    again = "So the issue is that orphaned sessions of the old commit get condensed with the new ones."
    assert found(("user", "a"), ("user", "b"), reasonings=(thought(early, 15), thought(again, 25))) == [[], [again]]


def test_a_list_of_places_is_not_told_by_a_later_sentence_that_names_none():
    places = "Found 2 bugs where orphaned sessions are condensed: old commits (`load.go:12`); new ones (`save.go:90`)"
    later = "Fixed both bugs where orphaned sessions are condensed: old commits; new ones"
    again = f"{later.replace(';', ' (`load.go:12`);')} (`save.go:90`)"
    for last, expected in ((later, [[places], [later]]), (again, [[], [again]])):
        assert found(("user", "a"), ("user", "b"), reasonings=(thought(places, 15), thought(last, 25))) == expected


def test_what_was_taken_back_later_is_not_told():
    early = "The issue is that orphaned sessions of the old commit are condensed with the new ones."
    late = "The issue is NOT that orphaned sessions of the old commit are condensed with new ones."
    assert found(reasonings=(thought(early, 15), thought(late, 16))) == [[late]]


def test_what_is_not_so_this_time_takes_no_earlier_cause_back():
    cause = "The draws drift because their number depends on the frame rate of the game."
    for later, stands in (
        ("Same drift of the draws, so it is not the frame rate this time.", True),
        ("The drift of the draws: it is not the frame rate, I was wrong.", False),
    ):
        said = (("user", "why?"), ("assistant", cause), ("user", "go on"), ("assistant", later), ("user", "ok"))
        assert (cause in found(*said)[0]) is stands


def test_what_takes_back_something_else_takes_nothing_away():
    early = "The bug is that `read_rows` opens the file of rows twice."
    late = "The bug is NOT that the file of rows is locked by `save_all` twice."
    assert found(reasonings=(thought(early, 15), thought(late, 16)))[0].count(early) == 1


def test_what_was_told_before_the_first_request_is_a_turn_of_its_own():
    said = (("assistant", "The cause is `old_thing` in the parser of rows."), ("user", "go on with it"))
    assert found(*said) == [["The cause is `old_thing` in the parser of rows."], []]


def test_words_at_the_place_of_a_request_were_said_before_it():
    said = told(("user", "why?"), ("user", "mend it"))
    late = Message("assistant", "The cause is `old_thing` in the parser of rows.", said.messages[-1].position)
    turns = turns_of(said.replace(messages=(*said.messages, late)))
    assert [len(turn.told) for turn in turns] == [1, 0]


def test_the_last_message_that_explains_and_the_thought_after_it_are_kept_whole():
    why = (
        "The guard was dropped, so empty sessions are condensed. The fix is to put `has_rows` back into `post_commit`."
    )
    after = "The test `test_always` was written for the old way, because the guard was missing. It must be changed."
    story = extract(
        told(
            ("user", "is it a bug?"),
            ("assistant", why),
            ("assistant", "Let me check what failed."),
            edits=(Edit("a.py", 32, "modified", "a", "b"),),
            reasonings=(
                thought("The cause is the guard. The fix is to put it back, because it was dropped.", 15),
                thought(after, 35),
            ),
        )
    )
    assert (story.told.explained, story.told.thought, story.told.overtaken) == (why, after, (True, False))


def test_what_was_explained_before_the_latest_request_is_no_last_explanation():
    said = (
        ("user", "why?"),
        ("assistant", "The root cause is x. The fix is y, because of z in the loop."),
        ("user", "now b"),
    )
    assert extract(told(*said)).told.explained == ""


def test_a_question_is_answered_by_the_first_sentence_of_the_answer():
    answer = (
        "Yes! The id of a session holds the day on which it was made.\n\n"
        "## Why\n\nThe reason is that the files of a day are to stand together."
    )
    asked, ordered = (
        turns_of(told(("user", text), ("assistant", answer), ("user", "ok")))[0].told[0].text
        for text in ("does the id hold the day?", "tell me of the id")
    )
    assert asked == "Yes! The id of a session holds the day on which it was made."
    assert ordered.startswith("The reason is")


def test_a_turn_of_which_nothing_concludes_has_its_first_sentence_all_the_same_but_no_mere_talk():
    plain, talk = (
        found(("user", "do it"), ("assistant", text), ("user", "ok"))[0]
        for text in (
            "Three files lie in the folder of the day, one beside the other.",
            "Let me look into the folder of the day first, before all else.",
        )
    )
    assert plain == ["Three files lie in the folder of the day, one beside the other."]
    assert talk == []


@pytest.mark.parametrize("answer", ["this one is still failing", "that doesn't work", "it still gets the old one"])
def test_what_the_user_says_does_not_hold_is_refused(answer):
    assert turns_of(told(("user", "mend it"), ("assistant", "I've fixed it."), ("user", answer)))[0].refused


def test_what_was_changed_is_told_though_its_code_has_colons_and_dots():
    changed = "Changed `port: 8080` to `port: 9090.0` in deploy/web.yaml (line 31)."
    rejected = "I also thought of the other port; rejected because the metrics read it."
    assert found(("user", "fix it"), ("assistant", f"{changed} {rejected}"), ("user", "ok"))[0] == [changed, rejected]


def test_a_question_about_what_others_failed_to_do_refuses_nothing():
    asked = "how do her tests pass if she didn't fix the cause we found?"
    assert not turns_of(told(("user", "compare them"), ("assistant", "Both are needed."), ("user", asked)))[0].refused


def test_a_verdict_that_is_called_so_comes_before_what_only_tells_a_cause():
    answer = (
        "Both touch `load_rows` and its tests.\n\n- **Cursor** (`row_cursor` opened twice): theirs doesn't handle it."
        "\n\n**Verdict:** the two changes are complementary, both are needed."
    )
    first = turns_of(told(("user", "compare them"), ("assistant", answer), ("user", "and then?")))[0].told[0].text
    assert first == "Verdict: the two changes are complementary, both are needed."


@pytest.mark.parametrize(
    "later",
    [
        "That's not it: `load_rows` of the table is fine, the cursor is closed.",
        "I assumed `load_rows` of the table was the cause of it.",
        "It turns out that `load_rows` of the table is not the cause.",
    ],
)
def test_what_is_taken_back_later_is_not_told(later):
    first = "The root cause is `load_rows`, which reads the table."
    said = found(("user", "why?"), reasonings=(thought(first, 12), thought(later, 14)))
    assert first not in said[0]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (
            "git commit -m \"$(cat <<'EOF'\nHold it\n\nBecause it leaks.\nEOF\n)\" && git push",
            "Hold it\n\nBecause it leaks.",
        ),
        ("git commit -am 'Hold it' && echo 'done'", "Hold it"),
        ('gh pr create --title x --body "Why\nnot" --draft', "Why not"),
        ("git commit --amend --no-edit", ""),
    ],
)
def test_what_was_written_into_a_commit_ends_where_the_message_does(command, message):
    assert commit_message(command).strip() == message


def test_a_text_that_a_command_writes_before_it_commits_is_no_message():
    writes = "cat >> test_a.py <<'PY'\ndef test_one():\n    assert one() == 1\nPY\npytest && git commit"
    assert commit_message(f"{writes} -qam 'test of one'") == "test of one"
    assert "assert one()" in commit_message(f"{writes} -F /tmp/message")


def test_what_is_told_of_a_turn_that_changed_files_is_worth_more():
    """The work stands on it; an answer to a question alone is sooner left out."""
    said = (
        ("user", "why is it slow?"),
        ("assistant", "The root cause is `load_rows`, which reads 412,000 rows twice."),
        ("user", "and now?"),
        ("assistant", "Nothing else."),
    )
    place = told(*said).messages[1].position
    asked, _ = turns_of(told(*said))
    built, _ = turns_of(told(*said, edits=(Edit("rows.py", place - 1, "modified", "a", "b"),)))
    assert built.told[0].worth > asked.told[0].worth


def test_of_an_answer_the_verdict_is_told_though_it_names_an_option():
    answer = (
        "Before the commit `state_of` had two old sessions and two new ones, because nothing removes them. "
        "The rows of `git log` are in order. Option 1 asks whether the commit is an ancestor. "
        "So yes, option 1 would have prevented this, because the old sessions hang on a commit that is gone."
    )
    told_first = found(("user", "would 1 have helped?"), ("assistant", answer), ("user", "go on"))[0][:2]
    assert any("So yes, option 1" in it for it in told_first)


def test_a_short_first_sentence_is_told_with_the_best_one_of_its_message():
    said = "The key is line 183: `state.count > 0`. The warning comes only when the other session has saved something."
    (turn,) = turns_of(told(("user", "why now?"), ("assistant", said)))
    assert turn.told[0].text == said


def test_the_root_of_a_problem_comes_before_the_opening_of_its_account():
    text = (
        "Now I understand what happened:\n\n1. You made `a1b2c3d` with two rows in it.\n\n## The Root Cause\n\n"
        "`git reset` leaves the state files. They are read again by `load_rows`."
    )
    first, *_ = found(("user", "how could that be?"), ("assistant", text), ("user", "ok"))
    assert first[0].startswith("The Root Cause: `git reset` leaves the state files.")


def test_what_a_question_was_thought_over_for_is_told_by_the_thought_that_concludes():
    thoughts = (
        thought("The problem is that `git reset` leaves the branch of the row.", 12),
        thought("The real bug is that `on_quit` never deletes the state file of the row.", 14),
    )
    (turn,) = extract(told(("user", "how could it still be there?"), reasonings=thoughts)).told.turns
    assert [it.text for it in turn.told] == ["The real bug is that `on_quit` never deletes the state file of the row."]


def test_what_was_put_into_a_commit_answers_no_question():
    commit = ran('git commit -m "Hold it\n\nTrailer lines: `add_row` no longer takes a subject for one."', position=15)
    said = (
        ("user", "why is it different for rows?"),
        ("assistant", "Rows have one line, because `add_row` writes them so from the very first on."),
    )
    (turn, _) = turns_of(told(*said, ("user", "ok"), commands=(commit.replace(position=25),)))
    assert turn.told[0].text == said[1][1]


def test_how_it_works_comes_before_a_type_that_the_message_shows_which_comes_next():
    shown = "What changed: one field is added to `State`:\n```ts\ninterface State {\n  wholeCount: number;\n}\n```\n"
    works = (
        "How it works: The importer already fills `wholeCount`; The reader only takes rows after that; It is kept once"
    )
    said = (("user", "do it"), ("assistant", f"{shown}\n{works}"), ("user", "go on"))
    first, second = found(*said)[0][:2]
    assert first.startswith("How it works: The importer already fills")
    assert second.endswith("`interface State { wholeCount: number; }`")


def test_a_question_that_work_followed_is_answered_by_what_was_said_before_the_first_edit():
    said = (
        ("user", "why is this different for the other agent?"),
        (
            "assistant",
            "It is not that agent's alone: the bug is in `add_trailer`, which both of them share. Let me test it.",
        ),
        ("assistant", "`add_trailer` looks for a blank line now, and all tests pass with it on every machine here."),
        ("user", "ok, compare it"),
    )
    edits = (Edit("trailer.go", 25, "modified", "a = 1", "a = 2", outcome="ok"),)
    first = extract(told(*said, edits=edits)).told.turns[0].told[0]
    assert first.text.startswith("It is not that agent's alone")


def test_a_question_is_answered_by_the_message_that_says_yes_or_no_at_once_though_work_goes_on():
    said = (
        ("user", "does `release/3` have the lock at all? if so, tell me"),
        ("assistant", "Yes: as a copy of `4ac8d20`, so the release hangs in the same place as well. On to the design."),
        ("assistant", "`Registry` holds the map and knows no callbacks, because `Fanout` calls all of them after it."),
        ("user", "ok, build it"),
    )
    assert found(*said)[0][0].startswith("Yes: as a copy of `4ac8d20`")
    cheer = (
        said[0],
        (
            "assistant",
            said[1][1].replace("Yes: as", "Yes! That is").replace("so the release hangs", "and stands there"),
        ),
        *said[2:],
    )
    assert found(*cheer)[0][0].startswith("`Registry` holds the map")


def test_what_the_agent_asked_with_a_tool_came_of_nothing():
    asked = Answer(
        "How is a refund kept? It decides whether the table of invoices needs a column for the type.", "x", 35
    )
    said = (
        ("user", "what do you propose for retries?"),
        ("assistant", "Each intent is stored before it is confirmed, so a second try can never charge twice."),
    )
    (told_first, *_) = extract(
        told(*said, answers=(asked,), tool_calls=(ToolCall("1", "AskUserQuestion", "x", 30),))
    ).told.turns
    assert [it.text for it in told_first.told] == [said[1][1]]


def test_what_the_agent_asked_with_a_tool_came_of_nothing_though_nothing_else_was_said():
    asked = Answer("The lock of two seconds cuts the index off and leaves it invalid. An exception for it?", "yes", 35)
    calls = (ToolCall("1", "AskUserQuestion", "x", 30),)
    turns = extract(told(("user", "go on with the index"), answers=(asked,), tool_calls=calls)).told.turns
    assert not any(it.told for it in turns)


@pytest.mark.parametrize("proposes", ["I'd take", "I lean to"])
def test_what_the_agent_would_take_is_worth_less_where_the_user_did_not_take_it(proposes):
    text = f"{proposes} two types with a slice that is copied on each write, so that no lock is needed at all."

    def worth(answer):
        said = (("user", "the hub hangs, look into it"), ("assistant", text), ("user", answer))
        return turns_of(told(*said))[0].told[0].worth

    assert worth("two types, but no copies") + 2 < worth("yes, do that")


def test_a_proposal_is_told_where_the_user_agreed_to_it():
    proposal = "I'd recommend an outbox table with polling, and no broker at all, since forty events a second are few."
    said = [("user", "how should the jobs send their events?"), ("assistant", f"All of them are small. {proposal}")]
    agreed = extract(told(*said, ("user", "agreed. write it down"), ("assistant", "Done."))).told.turns[0].told
    asked = extract(told(*said, ("user", "and who reads it?"), ("assistant", "Six do."))).told.turns[0].told
    worth = [max((it.worth for it in found if proposal in it.text), default=0.0) for found in (agreed, asked)]
    assert worth[0] > worth[1] + 2


def told_of(*messages, **fields):
    return [it.text for it in extract(told(*messages, **fields)).told.turns[0].told]


def test_what_only_leads_to_the_next_step_came_of_nothing():
    """ "The file does not exist. Let me ...": what came of that step tells; a cause before one stands without it."""
    asked = ("user", "run the import of the prices")
    assert told_of(asked, ("assistant", "The file does not exist. Let me check which files are there for it.")) == []
    cause = "The import fails because `load_rows` drops the last line of every file."
    assert told_of(asked, ("assistant", f"{cause} Let me fix it.")) == [cause]
    assert told_of(asked, ("assistant", "The line looks fine to me. The report must be stale.")) == []


def test_of_what_the_next_request_turns_down_the_verdict_is_told_and_no_message_of_a_commit():
    said = "Looking at its callers, I'd say no, keep it in `core`. All of them use `core.load_rows` since it reads no settings."
    first = told_of(("user", "should we move load_rows?"), ("assistant", said), ("user", "no, that's wrong, move it"))
    assert first[0].startswith("Looking at its callers, I'd say no")
    commit = ran('git commit -m "fix: load the last row, which was dropped because of the header"', position=15)
    assert told_of(("user", "commit it"), ("user", "no, it still fails"), commands=(commit,)) == []


def test_what_is_noted_beside_comes_after_what_was_made():
    made = "Whole at all times now: `save` writes a file beside it and renames that."
    aside = "Note that `load` may still fail in `retry` when two of them run at once, as before."
    assert found(("user", "the file was half there"), ("assistant", f"{made} {aside}"), ("user", "ok"))[0][0] == made


@pytest.mark.parametrize(
    ("later", "settled"),
    [
        ("Same pod and not restarted, so my memory theory is wrong.", True),
        ("Found it. The label is bought before it is saved.", True),
        ("The logs of that hour are gone, so nobody can tell any more.", False),
    ],
)
def test_what_was_supposed_in_the_turn_before_is_told_until_it_is_found_out(later, settled):
    first = "I suspect `values.yaml`, which limits the memory of a pod to 256 MB."
    turns = found(("user", "why twice?"), ("assistant", first), ("user", "here is a log"), ("assistant", later))
    assert (first not in turns[0]) is settled
    alone = found(("user", "why twice?"), ("assistant", first))
    assert alone[0] == [first]


def test_what_came_next_by_an_earlier_turn_goes_once_files_were_edited_since():
    said = "The store compiles and `LH_MODE` is in the config. Next: the switch of `Consumer`, then the tests of it."
    talk = (("user", "add the store"), ("assistant", said), ("user", "why 2 s?"), ("assistant", "Polling adds little."))
    edit = Edit("/p/consumer.go", 45, "modified", "a", "b", outcome="ok")
    (then, _) = found(*talk, edits=(edit,))
    assert not any("Next:" in it for it in then)
    (now, _) = found(*talk)
    assert any("Next:" in it for it in now), "nothing was done since"


def test_a_request_that_asks_for_work_is_answered_by_what_was_made_and_a_question_by_what_was_said_first():
    said = (
        ("user", "can we just keep the rows?"),
        ("assistant", "I found the code. In `load_rows` the rows of all pages are dropped at the end of each run."),
        ("assistant", "I made two changes: `load_rows` keeps the rows, and `save_rows` writes those that are new."),
        ("user", "thanks"),
    )
    edit = Edit("rows.py", 25, "modified", "drop()", "keep()")
    for words, first in (("can we just keep the rows?", "I made"), ("why are the rows gone?", "I found")):
        (turn, *_) = turns_of(told(("user", words), *said[1:], edits=(edit,)))
        assert turn.told[0].text.startswith(first), words


def test_an_answer_that_begins_with_there_is_none_takes_nothing_back():
    said = (
        ("user", "keep the rows"),
        ("assistant", "I made two changes: `load_rows` keeps the rows, and `save_rows` writes those that are new."),
        ("user", "is `load_rows` twice there now?"),
        ("assistant", "No duplication. `load_rows` keeps the rows and `save_rows` writes them, it does not load them."),
        ("user", "good"),
    )
    assert (
        turns_of(told(*said, edits=(Edit("rows.py", 15, "modified", "drop()", "keep()"),)))[0]
        .told[0]
        .text.startswith("I made")
    )


def test_of_turns_that_are_too_many_those_stay_whose_request_binds():
    texts = ["load the rows", "never push to main", *(f"do step {it}" for it in range(MAX_TURNS))]
    transcript = told(*(("user", it) for it in texts))
    asked = {it.position: it.text for it in transcript.messages}
    assert [asked[it.position] for it in turns_of(transcript)] == texts[1:]


def test_the_one_change_that_was_needed_is_to_do_and_several_are_a_plan_that_is_kept():
    assert is_to_do("The change needed is small: fetch the rows instead of asking for them.")
    assert not is_to_do("The changes needed are: add a lock; read the rows under it.")


@pytest.mark.parametrize(
    ("thought", "stands"),
    [
        ("Wait, that's a second problem: the index is missing.", True),
        ("Wait, that's not all of it.", True),
        ("Wait, that is wrong.", False),
        ("Wait, that isn't so.", False),
        ("Wait, that's the call I just moved.", False),
    ],
)
def test_a_thought_takes_the_words_before_it_back_only_where_it_says_that_they_are_not_so(thought, stands):
    said = ("user", "go"), ("assistant", "The migration must run before the deploy, because else orders are lost.")
    told_ = turns_of(told(*said, reasonings=(Message("assistant", thought, 25),)))[0].told
    assert any("migration" in it.text for it in told_) is stands


def test_a_commit_before_a_thought_that_sees_otherwise_stands():
    commit = ran("git commit -m 'Run the migration first' -m 'Orders were lost because the deploy came before it.'")
    thought = Message("assistant", "Wait, that is wrong.", 25)
    (turn,) = turns_of(told(("user", "go"), commands=(commit,), reasonings=(thought,)))
    assert any("Orders were lost" in it.text for it in turn.told)


def test_a_cry_before_what_the_agent_does_next_is_no_outcome_and_a_cause_before_it_is():
    def outcome(said):
        return [it.text for it in turns_of(told(("user", "mend it"), ("assistant", said), ("user", "and?")))[0].told]

    assert "Found it!" not in " ".join(outcome("Found it! Now I'll update the other handler as well."))
    cause = "The bug is on line 181 of `lock.py`, where the two dates are compared as text."
    assert outcome(f"{cause} Now I'll update the other handler as well.") == [cause]


def test_what_works_since_the_change_is_told_wherever_it_stands_in_the_last_message():
    before = (
        "Looked at backup.sh. It packs the live file. The shop writes points to it every minute (commit 3fa9c1e), so the "
        "file changes under it. I first tried `tar --quiet`: it ends, but the copy is malformed, so that is out."
    )
    now = "Now backup.sh runs `sqlite3 orders.db .backup` and packs that copy under the same name."
    (turn,) = turns_of(told(("user", "mend the backup"), ("assistant", f"{before} {now} That is all of it.")))
    assert any(it.text.startswith(now) for it in turn.told)
    (turn,) = turns_of(
        told(("user", "mend it"), ("assistant", f"{before} Now it is the turn of backup.sh to be read."))
    )
    assert not any(it.text.startswith("Now") for it in turn.told)


def test_what_a_sub_agent_recommends_is_no_outcome():
    said = "The root cause is that the page reads all rows twice.\n\nRecommendation: Build a map of rows because it is fast."
    lookups = (Lookup("agent", "Read the page", 15, said),)
    texts = [it.text for turn in turns_of(told(("user", "why is it slow?"), lookups=lookups)) for it in turn.told]
    assert any("twice" in it for it in texts)
    assert not any("Recommendation" in it for it in texts)
