"""What of the facts a document shows, in the shape a template prints it."""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.core.session import KINDS
from handoff_cli.core.text import name, shorten
from handoff_cli.documents.budget import COMMAND_CHARS
from handoff_cli.documents.escape import code, prose
from handoff_cli.documents.facts import Story
from handoff_cli.documents.paths import FileFact, common_folder, files_of, fullest, listings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from handoff_cli.core.session import Note
    from handoff_cli.core.todos import OpenTodo
    from handoff_cli.documents.facts import CheckpointFact, Facts, GitFacts, Request
    from handoff_cli.documents.paths import Listing

_BOXES = {"completed": "[x]", "in_progress": "[~]"}


class Files(Record):
    """The files as lines of text: changed by tools (paths below ``base``), uncommitted besides, only read.

    ``counted`` tells that the lines say how often each was changed. ``left_out`` counts the changed ones and the read
    ones that the lines do not name.
    """

    base: str = ""
    counted: bool = True
    changed: tuple[str, ...] = ()
    uncommitted: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    left_out: tuple[int, int] = (0, 0)


def changed_files(facts: Facts, fits: Callable[[Listing], bool]) -> Files:
    """Return the files of ``facts`` that are not as they were, in the fullest form that ``fits``."""
    touched = _touched(facts)
    changed = tuple(file for file in touched if file.changes)
    besides = _besides(facts.git, {file.path for file in touched})
    base = common_folder(changed)
    first, more = (fullest(listings(files, folder), fits) for files, folder in ((changed, base), (besides, "")))
    counted = first.form in {"path", "counted"}
    return Files(base, counted, first.lines, more.lines, (), (first.unnamed + more.unnamed, 0))


def with_read_files(files: Files, facts: Facts, fits: Callable[[list[str]], bool]) -> Files:
    """Return ``files`` with as many of those only read as ``fits``, the most read first."""
    read = [file for file in _touched(facts) if not file.changes]
    read.sort(key=lambda file: -sum(count for _, count in file.actions))
    lines: list[str] = []
    many = 0
    for many in (len(read), 24, 12, 6, 3, 0):
        lines = [", ".join(name(file.path.removeprefix(files.base)) for file in read[:many])] if many else []
        if fits(lines):
            break
    return files.replace(read=tuple(lines), left_out=(files.left_out[0], max(0, len(read) - many)))


class View(Record):
    """A story cut to what fits, its files in the form that fits, and what was left out."""

    story: Story
    files: Files
    notes: tuple[Note, ...] = ()
    carried: tuple[OpenTodo, ...] = ()
    checkpoints: tuple[CheckpointFact, ...] = ()
    left_out: tuple[str, ...] = ()

    @classmethod
    def of(cls, facts: Facts) -> View:
        """Return all of ``facts``."""
        files = with_read_files(changed_files(facts, lambda _: True), facts, lambda _: True)
        return cls(facts.story or Story(), files, facts.notes, facts.todos.earlier, facts.checkpoints)

    def names(self) -> dict[str, Any]:
        """Return the names a template can use for it."""
        story = self.story
        noted = {kind: [note for note in self.notes if note.about == kind] for kind in KINDS}
        return {
            "goal": noted["goal"][-1].to_dict() if noted["goal"] else None,
            "noted": noted,
            "carried": "\n".join(map(carried_line, self.carried)),
            "requests": _requests(story.requests),
            "todos": "\n".join(f"{_box(todo.status)} {_line(todo.text)}" for todo in story.todos),
            "commits": "\n".join(f"{commit.hash} {_line(commit.subject)}" for commit in story.commits),
            "last_words": story.last_words,
            "answers": [answer.to_dict() for answer in story.answers],
            "decisions": story.decisions,
            "failing": [{**it.to_dict(), "command": shorten(it.command, COMMAND_CHARS)} for it in story.failing],
            "files": self._file_names(),
            "checks": [_check(check.to_dict()) for check in story.checks],
            "question": story.question,
            "variables": story.variables,
            "left_out": self.left_out,
        }

    def _file_names(self) -> dict[str, Any]:
        lists = ("changed", "uncommitted", "read")
        known = {"base": self.files.base, "counted": self.files.counted}
        return {**known, **{name: "\n".join(getattr(self.files, name)) for name in lists}}


def note_line(note: Note) -> str:
    """Return a note as one line of Markdown with its id and place."""
    place = f" ({code(note.ref)})" if note.ref else ""
    return f"{prose(note.text)}{place} [noted, {note.id}]"


def carried_line(todo: OpenTodo) -> str:
    """Return a to-do of an earlier handoff on one line: the number that closes it, its state, text and age."""
    return f"t{todo.number} {_box(todo.status)} {_line(todo.text)} (since {todo.since})"


def _box(status: str) -> str:
    return _BOXES.get(status, "[ ]")


def request_text(request: Request) -> str:
    """Return a request as it was said, with how much of it is missing and how often it was said."""
    missing = f" … [+{request.left_out:,} chars]" if request.left_out else ""
    return f"{request.text}{missing}{_times(request)}"


def _brief_text(request: Request) -> str:
    return f"{request.text}{'…' if request.left_out else ''}{_times(request)}"


def _times(request: Request) -> str:
    return f" [{request.times} times]" if request.times > 1 else ""


def _requests(requests: tuple[Request, ...]) -> dict[str, Any]:
    """Return the first, the latest, and between them rules and others as lines with their numbers."""
    first = requests[0] if requests else None
    latest = requests[-1] if len(requests) > 1 else None
    lines = [(request.rule, f"{request.number}: {_line(_brief_text(request))}") for request in requests[1:-1]]
    return {
        "first": first,
        "between": "\n".join(line for rule, line in lines if not rule),
        "rules": "\n".join(line for rule, line in lines if rule),
        "latest": latest,
    }


def _check(check: dict[str, Any]) -> dict[str, Any]:
    outcome = {"ok": "passed", "failed": "failed, see above"}.get(check["outcome"] or "", "outcome not recorded")
    if check["outcome"] == "ok" and check["piped"]:
        outcome = "exit 0 of a pipe"
    return {**check, "command": shorten(check["command"], COMMAND_CHARS), "outcome": outcome}


def _touched(facts: Facts) -> tuple[FileFact, ...]:
    story = facts.story or Story()
    return files_of(story.files, facts.git.changed if facts.git else (), facts.project_folder)


def _besides(git: GitFacts | None, known: set[str]) -> tuple[FileFact, ...]:
    """Return what git calls changed and no tool touched."""
    return tuple(
        FileFact(it.path, ((_what(it.change, it.lines_added, it.lines_removed, it.origin), 1),))
        for it in (git.changed if git else ())
        if it.path not in known
    )


def _what(change: str, added: int | None, removed: int | None, origin: str | None) -> str:
    source = f" from {name(origin)}" if origin else ""
    return f"{change}{source}" if added is None else f"{change}{source} +{added} −{removed}"  # noqa: RUF001


def _line(text: str) -> str:
    return " ".join(text.split())
