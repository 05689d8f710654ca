"""``note``, ``notes``, ``reset`` and ``sessions``: what is put down for a next session, and how one begins."""

from __future__ import annotations

import sys

from handoff_cli.cli.commands import only_one_of
from handoff_cli.core.session import DEFAULT_KIND
from handoff_cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from handoff_cli.cli.console import Console
    from handoff_cli.cli.options import (
        AllProjects,
        ArchivedName,
        CarryNext,
        Discard,
        Done,
        Json,
        ListNotes,
        NoteKind,
        NotePlace,
        NoteText,
        OnRemotes,
        Yes,
    )
    from handoff_cli.cli.reader import Common
    from handoff_cli.core.record import Record
    from handoff_cli.core.session import Note
    from handoff_cli.state.store import Place

_MAX_NOTE_BYTES = 1 << 20


def note(
    common: Common,
    text: NoteText = None,
    *,
    kind: NoteKind = DEFAULT_KIND,
    ref: NotePlace = None,
    done: Done = None,
    list_: ListNotes = False,
    json: Json = False,
) -> int:
    """Put down a fact for the next session.

    It stays in the handoff until closed, over resets too.

    Example:  handoff note "Retries stay off: they hid the race" -k constraint
    """
    from handoff_cli.usecases.notes import add_note

    for name, given in (("a text", text), ("--kind", kind != DEFAULT_KIND), ("--ref", ref)):
        only_one_of({name: given, "--done": done, "--list": list_})
    if list_:
        return notes(common, json=json)
    place, console = common.session_place(), common.console()
    console.chosen(place)
    if done is not None:
        taken, said = _closed(place, done)
    else:
        taken = add_note(place, _text(text), kind, ref)
        said = f"noted: {_line(taken)}"
    if json:
        console.json(taken.to_dict())
    else:
        console.text(said)
    return 0


def notes(common: Common, *, json: Json = False) -> int:
    """List the open notes, oldest first.

    Example:  handoff notes --json
    """
    from handoff_cli.usecases.notes import open_notes

    place, console = common.session_place(), common.console()
    console.chosen(place)
    still_open = open_notes(place)
    if json:
        console.json([it.to_dict() for it in still_open])
        return 0
    for it in still_open:
        console.data(_line(it))
    if not still_open:
        console.message("no note is open")
    return 0


def reset(
    common: Common, *, discard: Discard = False, yes: Yes = False, carry_next: CarryNext = False, json: Json = False
) -> int:
    """Archive the session and begin a new one.

    Totals, ledger and handoff move to a folder below .agent-handoffs/archive/; settings stay, and notes stay open,
    but for the next step: that was for the session that ends. A session with nothing in it goes on.

    Example:  handoff reset
    """
    from handoff_cli.usecases.sessions import reset as reset_session

    if discard and not yes:
        raise UsageError(
            "--discard throws the session away", "add --yes if that is meant, or leave --discard out to archive it"
        )
    place, console = common.session_place(), common.console()
    console.chosen(place)
    result = reset_session(place, discard=discard, carry_next=carry_next)
    console.warnings(result.warnings)
    if json:
        console.json(result.to_dict())
        return 0
    if result.ended is None:
        console.message("nothing to reset: nothing was tracked or noted in this session, and it has no handoff")
        return 0
    console.text(f"session {result.ended} " + (f"archived in {result.archive}" if result.archive else "thrown away"))
    console.text(f"session {result.begun} begun")
    return 0


def sessions(
    common: Common, *, json: Json = False, all_projects: AllProjects = False, remote: OnRemotes = False
) -> int:
    """List sessions; show or restore an archived one.

    With --all-projects: the sessions of every agent on this machine, newest first, as the ends of their logs tell them.
    With --remote: what other machines sent to git remotes, as handoff pull last saw it.

    Example:  handoff sessions --all-projects
    """
    from handoff_cli.cli.views import session_lines
    from handoff_cli.usecases.sessions import list_sessions

    only_one_of({"--all-projects": all_projects, "--remote": remote})
    if all_projects:
        return _sessions_everywhere(common, json=json)
    if remote:
        return _sessions_on_remotes(common, json=json)
    rows = list_sessions(common.place())
    lines = (line for row in rows for line in session_lines(row))
    return _listed(common.console(), rows, lines, "no session yet: handoff track begins one", json=json)


def _sessions_on_remotes(common: Common, *, json: bool) -> int:
    from handoff_cli.cli.views import remote_session_lines
    from handoff_cli.usecases.remote import remote_sessions

    rows = remote_sessions(common.place())
    told = [{**row.to_dict(), "name": row.name} for row in rows]
    lines = (line for row in rows for line in remote_session_lines(row))
    none = "no remote has a session that is known here; handoff pull asks for them"
    return _listed(common.console(), told, lines, none, json=json)


def _sessions_everywhere(common: Common, *, json: bool) -> int:
    import os

    from handoff_cli.cli.views import found_session_lines
    from handoff_cli.usecases.everywhere import list_everywhere

    rows = list_everywhere(os.environ)
    lines = found_session_lines(rows, os.path.expanduser("~"))
    return _listed(common.console(), rows, lines, "no agent has left a session on this machine", json=json)


def _listed(console: Console, rows: Sequence[Any], lines: Iterable[str], none: str, *, json: bool) -> int:
    """Print ``rows`` as JSON, or as ``lines``, and ``none`` where there are none."""
    if json:
        console.json(rows)
        return 0
    for line in lines:
        console.data(line)
    if not rows:
        console.message(none)
    return 0


def sessions_show(common: Common, name: ArchivedName = None, *, json: Json = False) -> int:
    """Show how full an archived session's window was, and its last checkpoints.

    Example:  handoff sessions show --json
    """
    from handoff_cli.usecases.sessions import newest_archived, show_session

    place, console = common.place(), common.console()
    if (meant := name or newest_archived(place)) is None:
        return _none_archived(console, json=json)
    status = show_session(place, meant)
    if json:
        console.json(status)
    else:
        console.status(status)
    return 0


def sessions_restore(common: Common, name: ArchivedName = None, *, json: Json = False) -> int:
    """Go on with an archived session; the running one is archived first.

    Settings stay. After handoff reset this takes it back.

    Example:  handoff sessions restore
    """
    from handoff_cli.usecases.sessions import newest_archived, restore_session

    place, console = common.place(), common.console()
    if (meant := name or newest_archived(place)) is None:
        return _none_archived(console, json=json)
    result = restore_session(place, meant)
    console.warnings(result.warnings)
    if json:
        console.json(result.to_dict())
        return 0
    if result.archive:
        console.text(f"session {result.ended} archived in {result.archive}")
    console.text(f"session {result.restored} goes on")
    return 0


def _none_archived(console: Console, *, json: bool) -> int:
    if json:
        console.json(None)
    console.message("no session was archived yet: handoff reset archives the one that runs")
    return 0


def _closed(place: Place, done: str) -> tuple[Record, str]:
    """Close what ``done`` names; return it, and the line that says so."""
    from handoff_cli.usecases.notes import close_note, close_todo

    carried = done.startswith("t")
    number = done.removeprefix("t")
    if not (number.isascii() and number.isdecimal()):
        raise UsageError(
            f"--done {done} is not the number of a note", "handoff notes lists them; a carried to-do is t3"
        )
    if carried:
        todo = close_todo(place, int(number))
        return todo, f"closed: {done} {todo.text}"
    closed = close_note(place, int(number))
    return closed, f"closed: {_line(closed)}"


def _line(it: Note) -> str:
    place = f" ({it.ref})" if it.ref else ""
    return f"{it.id} {it.about}: {it.text}{place}"


def _text(text: str | None) -> str:
    if text not in (None, "-"):
        return text or ""
    if sys.stdin is None or (text is None and sys.stdin.isatty()):
        raise UsageError("there is nothing to note", 'try: handoff note "what the next session must know"')
    return sys.stdin.buffer.read(_MAX_NOTE_BYTES).decode("utf-8", "replace")
