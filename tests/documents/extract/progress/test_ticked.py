"""An open to-do stands with the commit that has it, and a list with the commits since it was written."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Commit, Edit, FileTouch, Todo, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.parts.story import pieces_of_story
from tests.documents.sessions import ran, told


@pytest.mark.parametrize(
    ("todo", "subject", "known"),
    [
        ("2 instructors + categories", "refactor(web): instructors and categories from query", True),
        ("3 enrolments (mutations)", "refactor(web): enrolments from query", True),
        ("4 courses", "refactor(web): rooms from query", False),
        ("IdempotencyBackfillJob", "idempotency keys: table, claim, header", False),
        ("rooms", "rooms from query", True),
    ],
)
def test_an_open_to_do_stands_with_the_commit_that_speaks_of_it(todo, subject, known):
    """Nobody ticked it; of one word the commit has to have all of it, and half of several where it came later."""
    commit = ran("git commit -am x", "ok", 40, output=f"[fix 77d3aa1] {subject}\n 1 file changed")
    kept = ToolCall("1", "TodoWrite", "{}", 30, outcome="ok")
    messages = (("user", "go"), ("assistant", "Done."), ("user", "on"))
    made = {"commands": (commit,), "commits": (Commit("77d3aa1", subject),), "tool_calls": (kept,)}
    story = extract(told(*messages, **made, todos=(Todo(todo, "in_progress"),)))
    assert story.left.committed_todos == (((todo, "77d3aa1"),) if known else ())


@pytest.mark.parametrize(
    ("todo", "other", "known"),
    [
        ("the store: LockRow for each job", "docs", True),
        ("the store: LockRow for each job", "callers of LockRow", False),  # it names what several speak of
        ("the store: QueueRow for each job", "docs", False),
        ("the store: a row for each job", "docs", False),
    ],
)
def test_a_commit_that_has_what_an_entry_alone_names_ticks_it(todo, other, known):
    commit = ran("git commit -am x", "ok", 40, output="[fix 77d3aa1] no job runs twice\n 1 file changed")
    story = extract(
        told(
            *(("user", "go"), ("assistant", "Done."), ("user", "on")),
            commands=(commit,),
            commits=(Commit("77d3aa1", "no job runs twice"),),
            tool_calls=(ToolCall("1", "TodoWrite", "{}", 12, outcome="ok"),),
            edits=(Edit("/p/store.py", 35, "modified", "", "class LockRow:\n    job: str"),),
            todos=(Todo(todo, "in_progress"), Todo(other, "pending")),
        )
    )
    assert story.left.committed_todos == (((todo, "77d3aa1"),) if known else ())
    assert story.left.commits_since == ("77d3aa1",)
    told_so = {it.block for it in pieces_of_story(story) if it.kind == "to-do"}
    assert told_so == {"The agent's to-do list, written before the latest request and commit 77d3aa1:"}


@pytest.mark.parametrize(
    ("todo", "done"),
    [
        ("callers: lock, queue", True),
        ("callers: lock, retry", False),  # one of them was not committed
        ("callers: the lock waits, queue", False),
    ],
)
def test_an_entry_that_lists_files_of_which_all_were_committed_is_likely_done(todo, done):
    paths = ("/p/src/lock.py", "/p/src/queue.py")
    story = extract(
        told(
            *(("user", "go"), ("assistant", "Done."), ("user", "on")),
            commands=(ran("git commit -am x", "ok", 40, output="[fix 77d3aa1] no job runs twice\n 2 files changed"),),
            commits=(Commit("77d3aa1", "no job runs twice"),),
            tool_calls=(ToolCall("1", "TodoWrite", "{}", 12, outcome="ok"),),
            edits=tuple(Edit(path, 35, "modified", "a", "b") for path in paths),
            files=tuple(FileTouch(path, "modified", 1) for path in paths),
            todos=(Todo(todo, "in_progress"), Todo("docs", "pending")),
        )
    )
    lines = [piece.forms[-1] for piece in pieces_of_story(story) if piece.kind == "to-do"]
    assert ("likely done: lock.py was committed" in lines[0]) is done
