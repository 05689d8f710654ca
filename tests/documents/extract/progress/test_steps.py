"""The steps ahead: what the agent announced or planned, and what events since show done of it."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, FileTouch, Message, Todo, ToolCall
from handoff_cli.documents.extract.progress.steps import about_to, followed, planned, remaining, remaining_before
from tests.documents.sessions import edited, ran, told


def steps_in(text, edits=()):
    return remaining(told(("user", "go"), ("assistant", text), edits=tuple(edits)), 10)


def test_the_steps_an_agent_announced_remain_in_its_last_words_or_its_last_thought():
    listed = (
        "Two things were wrong.\n\nNow I need to:\n1. Delete the old loader\n2. [x] Add a lock\n3. **Run** the tests"
    )
    assert steps_in(listed) == ("Delete the old loader", "Run the tests")
    thought = "The lock is missing. I should add the lock to the upload. Then run the tests of the upload again."
    assert steps_in(thought) == (
        "I should add the lock to the upload.",
        "Then run the tests of the upload again.",
    )


LISTED = "It builds.\n\n{head}\n1. `loader.py` `load` → `fetch()`\n2. call `evict()` from `flush`, also when `m.rows()` is empty"


def listed_before(head, later=(), edits=()):
    said = (("user", "go"), ("assistant", LISTED.format(head=head)), *later, ("user", "go on"))
    return remaining_before(told(*said, edits=tuple(edits)), 10 * len(said))


def test_what_the_agent_listed_as_left_before_the_latest_request_is_left_but_for_what_was_edited_since():
    first, second = "`loader.py` `load` → `fetch()`", "call `evict()` from `flush`, also when `m.rows()` is empty"
    for head in ("Remaining for this step:", "**Still to do**", "Left to do:", "Still open in this branch:", "## TODO"):
        assert listed_before(head) == (first, second), head
    assert listed_before("Remaining:", edits=(edited("/p/loader.py", 25),)) == (second,)


@pytest.mark.parametrize(
    "head", ["Left out:", "Open questions:", "Next I could do:", "What I changed:", "Left as it is:"]
)
def test_a_list_of_anything_else_is_not_what_is_left(head):
    assert listed_before(head) == ()


@pytest.mark.parametrize(
    "below",
    [
        "Nothing that I know of\nThe old till was sold in May",
        "None.\nThe till prints every night",
        "The old till was sold. Ann did it.\nShe said that it is broken",
    ],
)
def test_a_paragraph_that_says_nothing_is_left_or_holds_sentences_is_no_list_of_what_is_left(below):
    said = (("user", "go"), ("assistant", f"The till is faster.\n\nStill open:\n{below}"), ("user", "go on"))
    assert remaining_before(told(*said), 30) == ()


def test_a_list_of_more_than_three_requests_ago_is_old():
    later = [("user", "and?"), ("assistant", "Yes."), ("user", "why?"), ("assistant", "It is.")]
    assert len(listed_before("Remaining:", later)) == 2
    assert listed_before("Remaining:", [*later, ("user", "really?"), ("assistant", "It is.")]) == ()


def test_a_step_is_not_begun_by_looking_nor_one_that_names_a_file_by_a_run():
    say = Message("assistant", "Now the switch in application.yml.", 20)
    read = ToolCall("1", "Read", "a.kt", 30, outcome="ok")
    shell = ToolCall("2", "Bash", "grep -n lock a.kt", 40, outcome="ok")
    check = ToolCall("3", "Bash", "make test", 50, outcome="ok")
    looks, runs = ran("grep -n lock a.kt", position=40), ran("make test", position=50)

    def begun(step, *calls, **fields):
        return followed(say, step, told(("user", "go"), tool_calls=calls, **fields))

    assert not begun("Now I write the lock.", read, shell, commands=(looks,))
    assert begun("Now I write the lock.", read, check, commands=(runs,))
    assert begun("Let me look at the lock.", read)
    assert not begun("Now the switch in application.yml.", check, commands=(runs,))
    assert begun("Now the switch in application.yml.", edits=(edited("/p/application.yml", 50),))
    assert begun("Let me run test_app.py now.", check, commands=(runs,))


def test_a_look_is_begun_by_one_that_came_back_also_where_words_stand_before_it():
    def begun(step, outcome):
        say, read = Message("assistant", step, 20), ToolCall("1", "Read", "lock.go", 30, outcome=outcome)
        return followed(say, step, told(("user", "go"), tool_calls=(read,)))

    step = "There might be another name for it. Let me check the lock package."
    assert begun(step, "ok")
    assert not begun(step, None)
    assert not begun(step, "failed")
    assert not begun("The lock package is read. Let me add the name.", "ok")


def test_a_heading_announces_steps_as_a_colon_does_and_what_is_set_in_belongs_to_the_step_above():
    listed = (
        "The crash is a slice out of range.\n\n  Recommended next steps\n\n"
        "  - Guard the slices in draw.rs and\n    log what was wrong.\n      - Skip the layer then.\n"
        "  - Confirm that the buffers grow\n  - Re-test with large fonts\n\n  It narrows the crash to one frame."
    )
    assert steps_in(listed) == (
        "Guard the slices in draw.rs and log what was wrong.",
        "Confirm that the buffers grow",
        "Re-test with large fonts",
    )
    assert steps_in("What the next steps do\n\n- Guard the slices\n- Confirm the growth") == ()


def test_a_list_of_what_was_found_is_no_list_of_steps():
    found = "Let me sum up the steps it took:\n- the hook was invoked\n- the trailer was added\n- the session was saved"
    assert steps_in(found) == ()


def test_a_step_is_done_once_the_files_it_names_were_edited():
    said = "Next steps:\n- Update lock.py and queue.py\n- Update README.md\n- Run the tests"
    edits = [Edit(f"/p/{name}", 30, "modified", "a", "b") for name in ("lock.py", "README.md")]
    assert steps_in(said, edits) == ("Update lock.py and queue.py", "Run the tests")
    assert steps_in(said, [edit.replace(position=5) for edit in edits])[1] == "Update README.md"


def test_a_step_that_says_little_goes_with_the_sentence_before_it():
    said = Message("assistant", "It works. The helper that reads staged files is missing. Let me find it.", 20)
    assert about_to(said) == "The helper that reads staged files is missing. Let me find it."


def test_a_quick_fix_is_told_with_what_it_is_for():
    said = Message("assistant", "Four scenarios ran. The fifth crashed on a limit of 32 bytes. Quick fix.", 5)
    assert about_to(said) == "The fifth crashed on a limit of 32 bytes. Quick fix."


def test_how_what_was_found_is_to_be_mended_is_the_step_where_no_other_is_announced():
    found = "There it is: the default is made anew for each row, so no two rows are the same."
    why = "The field cannot go. Of a row that brings its own it is compared. That is right. And hashing all is out."
    thought = Message("assistant", f"{found} Fix: compare only what came in, sorted by name. {why}", 20)
    assert about_to(thought) == "Fix: compare only what came in, sorted by name."
    assert about_to(Message("assistant", f"{found} Fix: compare it. {why} Let me see the row first.", 20)) == (
        "And hashing all is out. Let me see the row first."
    )
    assert about_to(Message("assistant", f"{found} The fix was easy: it is out. {why}", 20)) == ""


def test_a_step_about_what_the_sentence_before_names_is_told_with_it():
    before = "The log shows the trailer, so addTrailer must have run."
    said = Message("assistant", f"{before} Let me look at what that function does with an empty message.", 20)
    assert about_to(said) == said.text
    bare = Message("assistant", f"{before} Let me verify this and take the check out.", 20)
    assert about_to(bare) == bare.text
    named = Message("assistant", f"{before} Let me look at what that function does in `hooks.go`.", 20)
    assert about_to(named) == "Let me look at what that function does in `hooks.go`."


def test_what_an_agent_thought_through_is_no_step_ahead():
    thought = "Let me read again what was asked. Two locks. One is a file. The other is a row. So the row is stale."
    assert about_to(Message("assistant", thought, 20)) == ""


def test_a_list_of_things_does_not_come_along_with_a_step_that_says_little():
    said = "I see that it has:\n- Line 3: lock, to be renamed to hold\n- Line 9: free, to be renamed too\n" + "x" * 200
    assert about_to(Message("assistant", f"{said}\nLet me do it.", 20)) == "Let me do it."


STEPS = "Next steps:\n- Add a lock to the upload\n- Call `hold_lock` from main\n- Run the tests\n- Commit"


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ({}, 4),
        ({"edits": (edited("/p/upload.py", 30, new="hold_lock()"),)}, 2),
        ({"commands": (ran("pytest -q", "failed", 30),)}, 1),
        ({"commands": (ran("git commit -m x", "ok", 30),)}, 0),
        ({"commands": (ran("git commit -m x", "ok", 10),)}, 4),
    ],
)
def test_a_step_that_an_event_shows_done_takes_those_before_it_along(fields, left):
    transcript = told(("user", "go"), ("assistant", STEPS), **fields)
    assert len(remaining(transcript, 10)) == left


def test_steps_that_no_event_could_show_are_old_once_something_was_edited():
    transcript = told(("user", "go"), ("assistant", "Next steps:\n- Look at the queue\n- Decide on a name for it"))
    assert len(remaining(transcript, 10)) == 2
    assert remaining(transcript.replace(edits=(edited("/p/a.py", 30),)), 10) == ()


def test_a_step_is_known_by_words_of_the_file_that_was_edited():
    transcript = told(
        ("user", "go"), ("assistant", "Next:\n- Update the hook handlers\n- Add the flag to the settings")
    )
    done = transcript.replace(edits=(edited("/p/hook_handlers.go", 30),))
    assert remaining(done, 10) == ("Add the flag to the settings",)


def test_a_list_of_steps_is_over_once_the_to_do_list_was_written():
    transcript = told(("user", "go"), ("assistant", STEPS), ("assistant", "I start with the lock."))
    kept = transcript.replace(tool_calls=(ToolCall("1", "TodoWrite", "", 25, None, "ok"),))
    assert len(remaining(transcript, 10)) == 4
    assert remaining(kept, 10) == ()


def test_an_open_to_do_is_ticked_by_what_happened_since_the_list_was_written():
    calls = (ToolCall("1", "update_plan", "", 15, None, "ok"),)
    todos = (Todo("Add a flag", "completed"), Todo("Run focused verification", "in_progress"))
    transcript = told(("user", "go"), tool_calls=calls, todos=todos, commands=(ran("pytest -q", "ok", 20),))
    assert planned(transcript) == (Todo("Run focused verification", "completed"),)
    assert planned(transcript.replace(commands=(ran("pytest -q", "ok", 10),)))[0].status == "pending"


@pytest.mark.parametrize(
    "said",
    [
        "Der Build geht. Jetzt baue ich den Test ein.",
        "Ich werde die Spalte umbenennen.",
        "Le build passe. Je rejoue maintenant la trace, puis j'ajoute le test.",
        "Ahora voy a ejecutar las pruebas.",
        "Vou rodar os testes.",
        "Adesso eseguo i test.",
        "Теперь запущу тесты.",
        "次にテストを実行します。",
        "이제 테스트를 실행합니다.",
        "Ich ändere `next()` und ergänze den Test.",
        "Je corrige le test.",
        "原因が分かりました。14行目を二行に分けます。",
    ],
)
def test_the_step_that_is_announced_in_another_language_is_the_one_ahead(said):
    assert about_to(Message("assistant", said, 1))


@pytest.mark.parametrize(
    "said",
    [
        *("Wenn du willst, baue ich dann den Test ein.", "Si quieres, voy a ejecutarlas.", "Fertig: alles grün."),
        *("Das habe ich geändert.", "この関数は値を返します。", "これで一覧を表示できます。", "ご確認をお願いします。"),
    ],
)
def test_what_waits_for_the_users_word_is_no_step_ahead_in_any_language(said):
    assert not about_to(Message("assistant", said, 1))


def test_a_look_that_was_announced_is_over_once_a_call_came_back():
    said = "I should write a clear account of it. I'll check if there's a docs folder first, else it goes to the root."
    session = told(("user", "go"), ("assistant", said))
    assert len(remaining(session, 10)) == 2
    assert remaining(session.replace(tool_calls=(ToolCall("1", "LS", "docs", 30, outcome="ok"),)), 10) == ()


def test_a_look_at_what_it_names_is_over_by_a_call_and_an_edit_of_that_is_not():
    read = (ToolCall("1", "Read", "queue.py", 30, outcome="ok"),)
    look = "Let me check what `hold_lock` is for in the queue. Let me look at what their branch does to this area."
    assert remaining(told(("user", "go"), ("assistant", look), tool_calls=read), 10) == (
        "Let me look at what their branch does to this area.",
    )
    add = "Let me add `hold_lock` to the worker of the queue. Let me add a timeout to the client of the queue."
    assert len(remaining(told(("user", "go"), ("assistant", add), tool_calls=read), 10)) == 2


def test_what_a_stream_glued_to_a_step_is_none_of_it():
    thought = (
        "I need to do this:\n1. Add `fetch_rows` to store.py\n2. Change `load` to use itI'll need an import for it."
    )
    left = remaining(told(("user", "go"), ("assistant", thought)), 10)
    assert left == ("Add `fetch_rows` to store.py", "Change `load` to use it")


def test_a_list_that_a_stream_glued_to_the_line_above_it_is_a_list_of_steps():
    thought = "Now I need to:1. Add `fetch_rows` to store.py\n2. Change `load` to use it\n3. Run the tests"
    assert steps_in(thought) == ("Add `fetch_rows` to store.py", "Change `load` to use it", "Run the tests")


def test_what_is_moved_is_done_where_it_came_into_another_file_than_was_said():
    said = "Now I need to:\n1. Move the tests from store_test.py to rows_test.py\n2. Write loader.py from store_test.py"
    edits = [edited("/p/store_test.py", 30), edited("/p/load_test.py", 31)]
    session = told(("user", "go"), ("assistant", said), edits=tuple(edits))
    there = tuple(FileTouch(it.path, "modified", 1) for it in edits)
    assert remaining(session.replace(files=there), 10) == ("Write loader.py from store_test.py",)
    there = (*there, FileTouch("/p/rows_test.py", "read", 1))
    assert len(remaining(session.replace(files=there), 10)) == 2


def test_a_step_in_many_places_is_not_done_while_it_is_at_one_of_them():
    said = "Now I need to:\n1. Update all callers in the hook handlers to use `load_rows`\n2. Delete store.py"
    one = edited("/p/hook_handlers_web.py", 30, "load()", "load_rows()")
    begun = "Update all callers in the hook handlers to use `load_rows` (begun in hook_handlers_web.py)"
    assert steps_in(said, (one,)) == (begun, "Delete store.py")
    assert steps_in(said, (one, edited("/p/other.py", 31))) == ("Delete store.py",)


def test_what_is_done_to_one_file_is_one_step_with_what_it_takes():
    thought = "Then I'll change `load` in store.py to:\n1. Fetch the rows\n2. Read the table again"
    (left,) = remaining(told(("user", "go"), ("assistant", thought)), 10)
    assert left == "Then I'll change `load` in store.py to: Fetch the rows; Read the table again"


@pytest.mark.parametrize(
    "head",
    ["Noted. Remaining on `fix/loader`:", "Noch offen:", "Vorher noch offen", "Pendientes:", "Reste \xe0 faire :"],
)
def test_below_words_that_say_it_is_left_any_item_is_a_step(head):
    """Whatever it begins with; a copied page may have lost the marks of the list, long lines are words."""
    left = ("Tests for equal keys", "The loader (see load.py)")
    assert steps_in(f"{head}\n\n1. {left[0]}\n2. {left[1]}") == left
    assert steps_in(f"{head}\n\n{left[0]}\n{left[1]}\n\nThat is all.") == left
    assert steps_in(f"{head}\n{left[0]}\n{left[1]}\n\nThat is all.") == left
    assert steps_in(f"{head}\n{left[0]} of rows and\npages that are read twice.") == ()
    assert steps_in(f"{head}\n\n{left[0]}\n{'it loads ' * 30}") == ()


def test_a_list_of_what_is_not_done_may_tell_what_nobody_wants():
    assert steps_in("Not done, as you said:\n- the loader\n- callers of it") == ()


@pytest.mark.parametrize(
    "head",
    [
        "I need to update the options parser:",
        "So that you could run it, I need to:",
        "The options file needs to be next:",
    ],
)
def test_a_list_of_steps_may_be_about_options_and_what_one_could(head):
    assert len(steps_in(f"It clashes. {head}\n1. Rename the import\n2. Move the loader")) == 2


@pytest.mark.parametrize(
    "head",
    [
        *("I need to either:", "Next I could:", "So we need to choose one of these:"),
        *("The remaining options are:", "Next steps, two options:", "What's left are these alternatives to it:"),
    ],
)
def test_a_list_of_ways_to_go_is_none_of_steps(head):
    assert steps_in(f"It clashes. {head}\n1. Rename the import\n2. Move the loader") == ()
    assert steps_in("Now I need to:\n1. Rename the import\n2. Or move the loader") == ()
    assert len(steps_in("Now I need to:\n1. Rename the import\n2. Move the loader")) == 2


def test_a_list_that_is_done_leads_back_to_the_one_that_it_was_a_part_of():
    plan = "Now I'll:\n1. Move the loader to loads.py\n2. Update all callers of the loader"
    part = "I need to:\n1. Add `fetch_all` to it\n2. Keep `limit_of` where it is"
    edits = (edited("/p/loads.py", 25, new="def fetch_all():"), edited("/p/loads.py", 35, new="def fetch_all(limit):"))
    session = told(("user", "go"), ("assistant", plan), ("assistant", part), edits=edits)
    assert remaining(session, 10) == ("Update all callers of the loader",)
    vague = told(("user", "go"), ("assistant", plan), ("assistant", "I need to:\n1. Add it\n2. Fix it"), edits=edits)
    assert remaining(vague, 10) == (), "of the later list nothing is seen done: nobody knows"


def test_what_is_to_be_kept_is_told_with_the_steps_ahead_and_is_no_step_alone():
    text = "Now I'll:\n1. Add `fetch_all`\n2. Update all callers of the loader\n3. Keep `limit_of` where it is"
    made = edited("/p/a.py", 25, new="def fetch_all(): limit_of()")
    assert steps_in(text, (made,)) == ("Update all callers of the loader", "Keep `limit_of` where it is")
    assert steps_in("Now I'll:\n1. Add `fetch_all`\n2. Keep `limit_of` where it is", (made,)) == ()


def test_what_is_put_in_the_place_of_another_by_name_is_left_though_a_later_step_is_done():
    text = "I need to:\n1. Change `paths.load_rows` → `rows.load_rows`\n2. Change `b`\n3. Change main.py"
    assert steps_in(text, (edited("/p/main.py", 25),)) == ("Change `paths.load_rows` → `rows.load_rows`",)


def test_a_list_long_before_one_that_is_done_is_old():
    plan = "Now I'll:\n1. Move the loader to loads.py\n2. Update all callers of the loader"
    part = "I need to:\n1. Add `fetch_all` to it\n2. Add `limit_of` to it"
    made = edited("/p/loads.py", 90, new="def fetch_all(): limit_of()")
    said = (Message("assistant", plan, 20), Message("assistant", part, 80))
    session = told(("user", "go"), edits=(made,))
    assert remaining(session.replace(messages=(*session.messages, *said)), 10) == ()
    near = (said[0], said[1].replace(position=45))
    assert remaining(session.replace(messages=(*session.messages, *near)), 10) == ("Update all callers of the loader",)
