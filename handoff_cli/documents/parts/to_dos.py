"""The to-do list as it stands: what of it is open, and what edits, commits and requests say of each."""

from __future__ import annotations

from handoff_cli.core.paths import is_test, name_of
from handoff_cli.core.patterns import lazily
from handoff_cli.core.text import name
from handoff_cli.documents.extract.language.words import as_one_line, clipped
from handoff_cli.documents.parts.pieces import MUST, SOON, STANDING, Piece, box, file_name, quoted
from handoff_cli.documents.parts.wording import whose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.extract.story import Story


def todos_told(story: Story) -> Iterator[Piece]:
    """Yield the open to-dos, also of a list older than the latest request, and on a line those that are done."""
    label = f"{whose(story)} to-do list{_age(story)}:"
    done = [as_one_line(it.text) for it in story.left.todos if it.status == "completed"]
    still = [it for it in story.left.todos if it.status != "completed"]
    if done:
        order = 0.3 if still else SOON if story.state == "progress" and not story.left.stale_todos else 30.0
        forms = ((order, clipped(f"[x] {'; '.join(done)}", _DONE_CHARS)), (order + 30, f"[x] {'; '.join(done)}"))
        yield quoted(STANDING, label, *forms, kind="finished to-do")
    over = {it.text for it in story.left.planned if it.status == "completed"} if story.left.stale_todos else set()
    always = _OLD_SHOWN if story.left.stale_todos else _SHOWN
    committed, commits = _committed_files(story), dict(story.left.committed_todos)
    edited = dict(story.left.edited_todos)
    since, left = dict(story.left.asked_todos), dict(story.left.left_todos)
    for index, todo in enumerate(still):
        lead = todo.text.lower().partition(":")[0].split()[:_LEAD_WORDS]
        files = [committed[it] for it in lead if it in committed and len(lead) < _LEAD_WORDS]
        listed = [committed.get(it, "") for it in _named_after_colon(todo.text)]
        files = files or listed * all(listed)
        hint = f" (likely done: {file_name(files[0])} was committed)" if files and todo is not still[-1] else ""
        hint = f" (likely done: commit {commits[todo.text]})" if todo.text in commits else hint
        hint = f" (to be left, by request {left[todo.text]})" if todo.text in left else hint
        hint = hint or (f" (asked for since, by request {since[todo.text]})" if todo.text in since else "")
        hint = hint or (f" (edited for it since: {name(edited[todo.text])})" if todo.text in edited else "")
        hint = hint or _edited_for(story, todo.text) * (todo.status == "pending")
        line = f"{box(todo.status)} {as_one_line(todo.text)}{hint}"
        order = MUST if index < always and todo.text not in over else 1.0 + index
        yield quoted(STANDING, label, (order, clipped(line, 120)), (max(order, 0) + 6, line), kind="to-do")


def _age(story: Story) -> str:
    """Return before what the list was written: the latest request, and commits where entries of it are open."""
    since = story.left.commits_since if any(it.status != "completed" for it in story.left.todos) else ()
    commits = [f"commit {since[0]}" if len(since) == 1 else f"{len(since)} commits"] if since else []
    before = ["the latest request"] * story.left.stale_todos + commits
    return f", written before {' and '.join(before)}" if before else ""


def _named_after_colon(todo: str) -> list[str]:
    """Return the words that a to-do lists behind its colon, where these are several and nothing else."""
    listed = [it.strip().lower() for it in todo.partition(":")[2].split(",")]
    return listed if len(listed) > 1 and all(map(_WORDS.fullmatch, listed)) else []


def _edited_for(story: Story, todo: str) -> str:
    """Return which files that no commit took a to-do names, as an aside: it was begun."""
    last, words = story.changed.last_commit, set(_WORDS.findall(todo.lower()))
    loose = [file_name(it.path) for it in last.late] if last else []
    named = [it for it in loose if (stem := it.partition(".")[0].lower()) in words and len(stem) >= _STEM_CHARS]
    return f" (edited, not committed: {name(', '.join(dict.fromkeys(named)))})" if named else ""


_WORDS, _STEM_CHARS = lazily(r"[\w-]+"), 5


def _committed_files(story: Story) -> dict[str, str]:
    """Return the changed files that were committed and not edited since, by the name of each without its ending."""
    last = story.changed.last_commit
    loose = {it.path for it in last.late} if last else set[str]()
    changed = [it.path for it in story.changed.files if it.action in ("created", "modified")] if last else []
    return {name_of(it).partition(".")[0].lower(): it for it in changed if it not in loose and not is_test(it)}


_DONE_CHARS, _SHOWN, _OLD_SHOWN, _LEAD_WORDS = 160, 8, 6, 3
