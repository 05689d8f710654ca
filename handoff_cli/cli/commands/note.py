"""``handoff note`` and ``handoff notes``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from handoff_cli.cli.options import Json
from handoff_cli.core.session import DEFAULT_KIND
from handoff_cli.errors import UsageError

if TYPE_CHECKING:
    from handoff_cli.cli.console import Console
    from handoff_cli.core.record import Record
    from handoff_cli.core.session import Note
    from handoff_cli.state.store import Place

Kind = Literal["goal", "decision", "failed", "constraint", "next", "question", "done"]


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    app.command("note", epilog='Example:  handoff note "Retries stay off: they hid the race" --kind constraint')(note)
    app.command("notes", epilog="Example:  handoff notes --json | jq '.[].text'")(notes)


def note(
    context: typer.Context,
    text: Annotated[
        str | None, typer.Argument(metavar="[TEXT]", help="What to note; '-' or none: from a pipe.")
    ] = None,
    kind: Annotated[Kind, typer.Option("--kind", "-k", help="What the note is about.")] = DEFAULT_KIND,  # type: ignore[assignment]
    ref: Annotated[
        str | None, typer.Option("--ref", metavar="FILE:LINE", help="The place in the code it speaks of.")
    ] = None,
    done: Annotated[
        str | None,
        typer.Option("--done", metavar="ID", help="Close the note with that number, or a carried to-do (t3)."),
    ] = None,
    as_list: Annotated[bool, typer.Option("--list", help="List the open notes.")] = False,
    as_json: Json = False,
) -> int:
    """Put down a fact for the next session; it stays in the handoff until closed, over resets too."""
    from handoff_cli.usecases.notes import add_note

    place, console = context.obj.place(), context.obj.console()
    if (text is not None) + (done is not None) + as_list > 1:
        raise UsageError("a text, --done and --list exclude each other", "give one of them")
    if as_list:
        return _list(place, console, as_json=as_json)
    if done is not None:
        taken, said = _closed(place, done)
    else:
        taken = add_note(place, _text(text), kind, ref)
        said = f"noted: {_line(taken)}"
    if as_json:
        console.json(taken.to_dict())
    else:
        console.text(said)
    return 0


def _closed(place: Place, done: str) -> tuple[Record, str]:
    """Close what ``done`` names; return it, and the line that says so."""
    from handoff_cli.usecases.notes import close_note
    from handoff_cli.usecases.todos import close_todo

    carried = done.startswith("t")
    number = done.removeprefix("t")
    if not (number.isascii() and number.isdecimal()):
        raise UsageError(
            f"--done {done} is not the number of a note", "handoff notes lists them; a carried to-do is t3"
        )
    if carried:
        todo = close_todo(place, int(number))
        return todo, f"closed: {done} {todo.text}"
    note = close_note(place, int(number))
    return note, f"closed: {_line(note)}"


def notes(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
) -> int:
    """List the open notes, oldest first."""
    return _list(context.obj.place(), context.obj.console(), as_json=as_json)


def _list(place: Place, console: Console, *, as_json: bool) -> int:
    from handoff_cli.usecases.notes import open_notes

    found = open_notes(place)
    if as_json:
        console.json([note.to_dict() for note in found])
    else:
        for it in found:
            console.data(_line(it))
        if not found:
            console.message("no note is open")
    return 0


def _line(note: Note) -> str:
    place = f" ({note.ref})" if note.ref else ""
    return f"{note.id} {note.about}: {note.text}{place}"


def _text(text: str | None) -> str:
    if text not in (None, "-"):
        return text or ""
    if sys.stdin is None or (text is None and sys.stdin.isatty()):
        raise UsageError("there is nothing to note", 'try: handoff note "what the next session must know"')
    return sys.stdin.buffer.read(1 << 20).decode("utf-8", "replace")
