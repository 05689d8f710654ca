"""What the commits since a to-do list was written tell of its entries, which nobody ticked."""

from __future__ import annotations

from handoff_cli.core.code import definitions_in
from handoff_cli.documents.extract.language.findings import subject_of
from handoff_cli.documents.extract.language.objections import stems
from handoff_cli.documents.extract.language.words import identifiers
from handoff_cli.documents.extract.runs.underway import list_kept_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Transcript
    from handoff_cli.documents.extract.runs.commits import Committed


def committed_todos(transcript: Transcript, commits: Sequence[Committed]) -> tuple[tuple[str, str], ...]:
    """Return the open to-dos with the hash of the last commit whose subject has their words: nobody ticked them.

    That are all of them, or half where the commit was made after the list was written. Or that commit has a definition
    that no other entry names.
    """
    kept_at = list_kept_at(transcript)
    told = [(it, stems(it.subject), it.position > kept_at) for it in commits if kept_at and it.hash]
    found = []
    for todo in (it for it in transcript.todos if told and it.status != "completed"):
        about = stems(todo.text)
        shares = ((it, len(about & words) * (2 if late else 1)) for it, words, late in reversed(told))
        of = next((it for it, share in shares if share >= len(about)), None) if about else None
        if of and (len(about) > 1 or subject_of(todo.text) & subject_of(of.subject)):  # of one word all of it
            found.append((todo.text, of.hash))
        elif told and (made := _commit_that_has(todo.text, transcript, commits, kept_at)):
            found.append((todo.text, made))
    return tuple(found)


def _commit_that_has(todo: str, transcript: Transcript, commits: Sequence[Committed], kept_at: int) -> str:
    """Return the hash of the commit since the list with what a ``todo`` alone names, defined by edits; empty: none."""
    names = set(identifiers(todo)) - {
        name for it in transcript.todos if it.text != todo for name in identifiers(it.text)
    }
    made = [it for it in transcript.edits if it.position > kept_at] if names else []
    at = [
        next((it.position for it in made if name in it.new and name in definitions_in(it.new)), None) for name in names
    ]
    last = max((it for it in at if it is not None), default=None) if None not in at else None
    return next((it.hash for it in commits if last is not None and it.position > last and it.hash), "")


def commits_since_list(transcript: Transcript, commits: Sequence[Committed]) -> tuple[str, ...]:
    """Return the hashes of the ``commits`` made since the to-do list was written: nothing of them is ticked in it."""
    kept_at = list_kept_at(transcript) if transcript.todos and commits else 0
    return tuple(it.hash for it in commits if kept_at and it.hash and it.position > kept_at)


def taken_on_at(transcript: Transcript, commits: Sequence[Committed]) -> int:
    """Return where the last commit was made before the list was written with another entry in progress, -1: nowhere."""
    on = {it.status for it in transcript.todos} >= {"completed", "in_progress"}
    kept_at = list_kept_at(transcript) if on and commits else 0
    return max((it.position for it in commits if it.position < kept_at), default=-1)
