"""How far the work has come by events alone: what was made, what broke by it, what is left, what git holds of it."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Answer, Edit, FileText, Lookup, Todo, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.commands.checks import runs_of
from handoff_cli.documents.extract.files.texts import printed_in
from handoff_cli.documents.extract.progress.work_at_hand import (
    begun_todo_edited,
    begun_todo_told,
    broken,
    made_since,
    touched_by_git,
    untouched,
)
from tests.documents.sessions import edited, ran, told


def test_what_was_edited_for_the_work_is_told_the_latest_first_with_how():
    edits = (
        edited("/p/old.py", 5),
        edited("/p/lock.py", 15, action="created"),
        edited("/p/main.py", 16),
        edited("/p/main.py", 17),
        edited("/p/gone.py", 18, action="deleted"),
    )
    assert made_since(edits, 10) == ("gone.py (deleted)", "main.py (\u00d72)", "lock.py (new)")
    said = (("user", "refuse to run twice"), ("assistant", "Shall I?"))
    assert extract(told(*said, ("user", "yes"), edits=edits)).changed.made[-1] == "lock.py (new)"
    assert extract(told(*said, ("user", "now the export job"), edits=edits)).changed.made == ()


USES = "src/a.go:3: lock.HoldFile(x)\nsrc/b.go:9: lock.HoldFile(y)\nsrc/lock.go:1: func HoldFile"
TAKEN = edited("/p/src/lock.go", 20, "func HoldFile(path string) error {\n}\n", "")


def test_what_was_taken_out_and_is_still_used_cannot_work():
    def found(*edits, commands=()):
        transcript = told(
            ("user", "go"),
            edits=edits,
            lookups=(Lookup("search", r"lock\.HoldFile", 30, USES),),
            commands=commands,
        )
        return broken(transcript, runs_of(transcript.commands), printed_in(transcript))

    left = found(TAKEN)
    assert left
    assert (left.names, left.path, left.users) == (("HoldFile",), "/p/src/lock.go", ("src/a.go", "src/b.go"))
    assert found(TAKEN, edited("/p/src/lock.go", 25, "", "func HoldFile(path string) error {\n}\n")) is None
    half = found(TAKEN, edited("/p/src/a.go", 40, "lock.HoldFile(x)", "x.Hold()"))
    assert half
    assert half.users == ("src/b.go",)
    assert found(TAKEN, commands=(ran("go build ./...", "ok", 50),)) is None
    assert found(edited("/p/src/lock.go", 20, "x := 1", "")) is None
    through = edited("/p/src/store.go", 25, "func HoldFile(path string) error {\n}\n", "")
    left = found(TAKEN, edited("/p/src/lock.go", 21, "func FreeFile() {\n}\n", ""), through)
    assert left
    assert (left.names, left.path) == (("HoldFile",), "/p/src/lock.go"), "it came and went in another: they use `lock.`"


def test_lines_of_the_file_itself_that_call_what_was_taken_out_are_told_of_it():
    text = 'package lock\n\nfunc HoldFile(path string) error {\n}\n\nfunc Run() {\n\tHoldFile("x")\n\tstore.HoldFile("y")\n\tUnHoldFile("z")\n}'
    transcript = told(
        ("user", "go"),
        edits=(TAKEN,),
        lookups=(
            Lookup("read", "/p/src/lock.go:1", 15, text),
            Lookup("search", r"lock\.HoldFile", 30, USES),
        ),
    )
    left = broken(transcript, (), printed_in(transcript))
    assert left
    assert left.own == ('5: HoldFile("x")',)


def test_a_choice_in_a_dialog_leaves_what_was_made_for_its_request():
    answers = (Answer("Which name?", "lock.py", 25),)
    transcript = told(("user", "add a lock"), answers=answers, edits=(edited("/p/lock.py", 20), edited("/p/a.py", 30)))
    assert extract(transcript).changed.made == ("a.py", "lock.py")


LISTED = "These need to be updated:\n- src/lock.py\n- src/queue.py\n- `src/main.py`: two calls\n- src/old.py"


def test_files_that_were_listed_as_to_be_changed_and_not_edited_are_left():
    transcript = told(("user", "go"), ("assistant", LISTED), edits=(edited("/p/src/lock.py", 30),))
    assert untouched(transcript, 10) == ("src/queue.py", "src/main.py", "src/old.py")
    assert untouched(transcript.replace(edits=()), 10) == ()
    assert untouched(transcript.replace(commands=(ran("go build ./...", "ok", 40),)), 10) == ()


def test_files_in_which_was_found_what_was_replaced_elsewhere_are_left():
    found = "src/a.go:3: paths.SessionID(x)\nsrc/b.go:9: paths.SessionID(y)\n./src/c.go:1: paths.SessionID(z)\nNOTES.md:1: x"
    edits = [edited(f"/p/src/{name}.go", 30, "paths.SessionID(x)", "session.ID(x)") for name in "ab"]
    transcript = told(("user", "go"), lookups=(Lookup("search", r"paths\.SessionID", 20, found),), edits=tuple(edits))
    assert untouched(transcript, 10) == ("src/c.go",)
    other = [it.replace(old="unrelated paths", new="x") for it in edits]
    assert untouched(transcript.replace(edits=tuple(other)), 10) == ()
    for line, left in (("makeHeldLock(): paths.SessionID", ()), ("paths.SessionID(z)", ("src/c.go",))):
        search = Lookup("search", r"paths\.SessionID", 20, found.replace("paths.SessionID(z)", line))
        given = [it.replace(new="makeHeldLock(x)") for it in edits]
        assert untouched(transcript.replace(lookups=(search,), edits=tuple(given)), 10) == left
    by_command = transcript.replace(lookups=(), commands=(ran("grep -rn SessionID src", "ok", 20, output=found),))
    assert untouched(by_command, 10) == ("src/c.go",)


def test_files_that_still_have_a_name_which_is_taken_out_again_of_others_are_left():
    """What an earlier request brought into three files, and this one replaced in two, stands yet in the third."""
    brought = [edited(f"/p/src/{name}.ts", 15, '"@app/core/lock"', '"@app/lock"') for name in "abc"]
    back = [edited(f"/p/src/{name}.ts", 30, 'from "@app/lock"', 'from "@app/core/lock"') for name in "ab"]
    transcript = told(("user", "go"), ("user", "no, back"), edits=(*brought, *back))
    assert untouched(transcript, 20) == ("/p/src/c.ts",)
    assert untouched(transcript.replace(edits=(*brought, back[0])), 20) == ()
    home = edited("/p/src/c.ts", 15, "", "export function holdLock() {}")
    uses = [edited(f"/p/src/{name}.ts", 30, "holdLock()", "hold()") for name in "ab"]
    assert untouched(transcript.replace(edits=(home, *uses)), 20) == ()
    of_a_line = edited("/p/src/c.ts", 31, "lock('@app/lock')", "lock('@app/core/lock')")  # it may have had more of them
    put = [it.replace(new=f"{it.new} {it.new}") for it in brought]
    assert untouched(told(("user", "go"), edits=(*put, *back, of_a_line)), 20) == ()


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("I need to update 3 files.", ("src/a.go", "src/b.go", "src/lock.go")),
        ("Let me change these files one by one.", ("src/a.go", "src/b.go", "src/lock.go")),
        ("I need to update 7 files.", ()),
        ("So three files use it.", ()),
    ],
)
def test_what_a_search_found_and_the_agent_says_it_will_change_is_left(said, left):
    search = Lookup("search", r"lock\.HoldFile", 25, USES)
    fields = {"lookups": (search,), "commands": (ran("go build ./...", position=22),)}
    transcript = told(("user", "go"), ("assistant", "Looking."), ("assistant", said), **fields)
    assert untouched(transcript, 10) == left
    done = edited("/p/src/a.go", 26)
    assert untouched(transcript.replace(edits=(done,)), 10) != ("src/a.go", "src/b.go", "src/lock.go")


def test_files_left_to_change_name_code_before_tests():
    text = "Callers to update:\n- tests/test_a.py\n- tests/test_b.py\n- src/one.py\n- src/two.py\n- src/three.py\n"
    said = told(("user", "rename it"), ("assistant", text))
    at = said.messages[-1].position
    left = untouched(
        said.replace(edits=(Edit("src/three.py", at + 1, "modified", "a", "b"),)), said.messages[0].position
    )
    assert left == ("src/one.py", "src/two.py", "tests/test_a.py", "tests/test_b.py")


@pytest.mark.parametrize(
    ("asked", "old", "says"),
    [
        ("the field lockOwner is redundant", "x", ("lockOwner: lock.go:2, 4",)),
        ("```go\n\tlockOwner = read()\n```\nisn't this redundant?", "x", ()),
        ("rename lockOwner to holder", "lockOwner lockOwner", ("lockOwner: lock.go:2, 4",)),
        ("set lockOwner to 1", "x", ()),
    ],
)
def test_names_of_the_request_that_stand_yet_in_the_edited_file_are_told_with_their_lines(asked, old, says):
    text = "package lock\n// lockOwner holds it\nvar x = 1\nfunc f() { use(lockOwner) }"
    transcript = told(
        ("user", "go"),
        ("user", asked),
        texts=(FileText("/p/lock.go", 40, text),),
        edits=(edited("/p/lock.go", 30, old, "holder"),),
    )
    assert extract(transcript).changed.still_named == says


def test_a_push_that_the_user_gave_up_since_is_not_owed():
    said = (("user", "commit this and push"), ("assistant", "There is no remote."))
    for word, owed in (("no remote, right, skip. next one: the rows", ()), ("why are the rows doubled?", ("push",))):
        assert (
            extract(told(*said, ("user", word), ("assistant", "I look."), ("user", "go on"))).left.owed_before == owed
        )


@pytest.mark.parametrize(
    "word", ["pushed and CI is red again", "ok, I pushed it", "pushing i do myself. next: the rows"]
)
def test_a_push_that_the_user_did_is_not_owed(word):
    said = (("user", "commit this and push"), ("assistant", "I will."), ("user", word), ("assistant", "I look."))
    assert extract(told(*said, ("user", "go on"))).left.owed_before == ()


def test_the_name_of_a_task_orders_no_push():
    said = (("user", "commit. dont run db:push, the db is shared"), ("assistant", "Done."), ("user", "go on"))
    assert extract(told(*said)).left.owed_before == ()


def test_a_push_ordered_before_the_latest_request_is_owed_until_a_command_did_it():
    said = (("user", "commit this, push and open a draft PR"), ("assistant", "I will."), ("user", "why is it red?"))
    assert extract(told(*said)).left.owed_before == ("push", "open a draft PR")
    pushed = ran("git push -u origin fix", "ok", 15)
    assert extract(told(*said, commands=(pushed,))).left.owed_before == ("open a draft PR",)
    stashed = ran("git stash push -q a.py", "ok", 15)
    assert extract(told(*said, commands=(stashed,))).left.owed_before == ("push", "open a draft PR")
    refused = ran("git push -u origin fix", "failed", 15)
    assert extract(told(*said, commands=(refused,))).left.owed_before == ("push", "open a draft PR")


def test_a_to_do_may_be_done_where_edits_since_have_its_names_and_most_of_its_words():
    todos = (Todo("Add staged overlap check to hasNewContent", "in_progress"), Todo("Test it", "pending"))
    listed = (ToolCall("1", "TodoWrite", "", 12),)

    def is_edited(new, position=20):
        edits = (edited("/p/hooks.go", position, new=new),)
        return begun_todo_edited(told(("user", "go"), todos=todos, tool_calls=listed, edits=edits))

    made = "func hasNewContent(repo, state) bool {\n\treturn overlaps(staged(repo), files) // the overlap check\n}"
    assert is_edited(made)
    assert not is_edited(made, position=9)
    assert not is_edited(made.replace("hasNewContent", "other"))
    assert not is_edited("hasNewContent(repo, state)")


def test_a_to_do_of_a_file_may_be_done_where_the_file_of_the_next_was_edited_after_it():
    todos = (Todo("batcher.py", "in_progress"), Todo("spool.py: rows with origins", "pending"))
    listed = (ToolCall("1", "TodoWrite", "", 12),)
    for paths, went_on in (
        (("batcher.py", "spool.py"), True),
        (("spool.py", "batcher.py"), False),
        (("spool.py",), False),
    ):
        edits = tuple(edited(f"/p/{path}", 20 + place) for place, path in enumerate(paths))
        transcript = told(("user", "go"), todos=todos, tool_calls=listed, edits=edits)
        assert begun_todo_edited(transcript) == went_on


@pytest.mark.parametrize(
    ("said", "is_told"),
    [
        ("The `--dry-run` check passes. Left is the report.", True),
        ("`write_rows` is done; next the report.", True),
        ("Der Trockenlauf mit --dry-run l\xe4uft. Jetzt der Bericht.", True),
        ("The rows are written twice. The old format stays in place.", False),
        ("Once `--dry-run` passes, I'll write the report.", False),
        ("`--dry-run` does not pass yet.", False),
        ("Only the first half of `write_rows` is done.", False),
        ("The report passes.", False),
    ],
)
def test_a_to_do_may_be_done_where_the_agent_says_since_that_what_it_names_passes(said, is_told):
    todos = (Todo("--dry-run keeps write_rows from the table", "in_progress"), Todo("Report", "pending"))
    listed = (ToolCall("1", "TodoWrite", "", 15),)
    assert bool(begun_todo_told(told(("user", "go"), ("assistant", said), todos=todos, tool_calls=listed))) == is_told
    assert not begun_todo_told(told(("assistant", said), todos=todos, tool_calls=listed))


def test_files_of_work_that_went_before_are_known_by_gits_diff_and_by_what_a_commit_printed():
    printed = (
        "[fix 1a2b3c4] Hold it\n 2 files changed\n create mode 100644 tests/test_lock.py\n delete mode 100644 old.py\n"
    )
    transcript = told(("user", "commit this"), commands=(ran("git commit -m x", output=printed),))
    found = [(it.path, it.action) for it in touched_by_git(transcript, [edited("lock.py", 1)])]
    assert found == [("lock.py", "modified"), ("tests/test_lock.py", "created"), ("old.py", "deleted")]
    assert [it.path for it in extract(transcript).changed.files] == ["tests/test_lock.py", "old.py"]
    own = told(("user", "go"), edits=(edited("/p/a.py", 12),), commands=(ran("git commit -m x", output=printed),))
    assert extract(own).changed.files == ()


def test_a_name_that_is_part_of_a_longer_one_or_stands_everywhere_and_was_let_stand_is_nothing_left():
    lines = ["package lock", "x := getOrMakeLockOwner(rowId)", *(f"use(rowId, {n})" for n in range(9))]
    edit = edited("/p/lock.go", 30, "lockOwner(rowId)", "getOrMakeLockOwner(rowId)")
    texts = (FileText("/p/lock.go", 30, "\n".join(lines)),)
    said = (("user", "go"), ("user", "don't make LockOwner twice, rowId has it"))
    assert extract(told(*said, texts=texts, edits=(edit,))).changed.still_named == ()


@pytest.mark.parametrize(
    ("said", "is_told"),
    [
        ("Now let's mark this task as completed and move to the next one:", True),
        ("I'll tick it off as well.", True),
        ("Let me mark the current to-do as done.", True),
        ("Then we mark the row as read.", False),
        ("The valve is open.", False),
    ],
)
def test_the_first_open_to_do_may_be_done_where_the_agents_last_words_are_that_it_ticks_it(said, is_told):
    todos, listed = (Todo("Open the valve", "pending"),), (ToolCall("1", "TodoWrite", "", 15),)
    assert bool(begun_todo_told(told(("user", "go"), ("assistant", said), todos=todos, tool_calls=listed))) == is_told
