"""The conversation a handoff is made from: the log that is named or known, else the text that was tracked and kept."""

from __future__ import annotations

import json
from contextlib import contextmanager

from handoff_cli.agents.readers import events_of_text, read_pieces, read_transcript
from handoff_cli.core.record import Record
from handoff_cli.errors import InputError, UsageError
from handoff_cli.state import store
from handoff_cli.state.kept import kept_pieces
from handoff_cli.transcripts.events import Called, Returned, Said, Seen
from handoff_cli.transcripts.tools import MENTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.core.session import Session
    from handoff_cli.core.transcript import Transcript
    from handoff_cli.state.kept import KeptPiece
    from handoff_cli.state.store import Place
    from handoff_cli.usecases.gather import Options

STANDARD_INPUT = "-"


def told(
    place: Place, session: Session | None, path: str | None, options: Options
) -> tuple[Transcript | None, tuple[str, ...]]:
    """Return what is told of the session at ``place``, and warnings about what of it was not understood.

    The file at ``path``, which ``options`` name, goes first; without one the agent's log the session is tied to, whose
    loss must not cost the document; without that the kept text.

    Raises:
        InputError: the file at ``path`` cannot be read, or there is no such format.
    """
    if path is not None:
        format_ = options.get("format")
        transcript = read_transcript(path, None if format_ == "auto" else format_)
        return transcript, tuple(_doubts(transcript, options.get("transcript") or path))
    if session is None:
        return None, ()
    warnings: tuple[str, ...] = ()
    if session.transcript:
        try:
            return read_transcript(session.transcript), ()
        except InputError as error:
            warnings = (f"the session's transcript was not read: {error.message}",)
    return kept_transcript(place, session), warnings


def kept_transcript(place: Place, session: Session) -> Transcript | None:
    """Return what the kept text of ``session`` tells, None where nothing is kept or understood."""

    def texts() -> Iterator[str]:
        return (part for piece in kept_pieces(place.folder) for part in piece.parts)

    found = read_pieces("the kept text", texts)
    return found.replace(session_ids=(session.id,)) if found else None


class Turn(Record):
    """A turn of the kept text: who spoke (``role``) and what, a call of a ``tool``, or what one answered.

    ``role`` is ``user``, ``assistant``, ``system``, ``tool`` for an answer, ``text`` where nobody is named. ``failed``
    is None where that is not known.
    """

    role: str
    text: str
    tool: str | None = None
    failed: bool | None = None


def kept_turns(place: Place) -> Iterator[Turn]:
    """Yield what was said and done in the kept text of the session at ``place``, oldest first.

    What was left out is said where it was, in the turn it was in.

    Raises:
        StateError: the ledger or the kept text cannot be read.
    """
    store.settle(place)

    def texts() -> Iterator[str]:
        return (shown(piece) for piece in kept_pieces(place.folder))

    spoken, role, named = "", "", True
    mentioned: set[str] = set()
    for event, _ in events_of_text("the kept text", texts):
        if isinstance(event, Called) and event.name == MENTION:
            mentioned.add(event.id)
        if isinstance(event, Called | Returned) and event.id in mentioned:
            continue
        if isinstance(event, Seen) and event.speakers is not None:
            named = event.speakers
        if isinstance(event, Said) and (speaker := event.role if named else "text") == role:
            spoken += f"\n{event.text}"
        elif isinstance(event, Said):
            yield from _turn(role, spoken)
            spoken, role = event.text, speaker
        elif isinstance(event, Called | Returned):
            yield from _turn(role, spoken)
            spoken, role = "", ""
            yield _done(event)
    yield from _turn(role, spoken)


def shown(piece: KeptPiece) -> str:
    """Return a kept text as people read it: what was left out is said where it was, and the last line ends."""
    gap = f"\n[{piece.left_out:,} characters were not kept]\n" if piece.left_out else ""
    text = gap.join(piece.parts) if len(piece.parts) > 1 else f"{piece.text}{gap}"
    return text if text.endswith("\n") else f"{text}\n"


def _turn(role: str, text: str) -> Iterator[Turn]:
    if text.strip():
        yield Turn(role, text.strip("\n"))


def _done(event: Called | Returned) -> Turn:
    if isinstance(event, Returned):
        return Turn("tool", event.text, failed=event.failed)
    given = event.input
    if isinstance(given, dict) and len(given) == 1:
        (given,) = given.values()
    return Turn("assistant", given if isinstance(given, str) else json.dumps(given), tool=event.name)


@contextmanager
def as_file(path: str | None) -> Iterator[str | None]:
    """Give ``path``; for ``-`` that of a file with what comes in by standard input, which is gone afterwards."""
    if path != STANDARD_INPUT:
        yield path
        return
    import os
    import shutil
    import sys
    import tempfile

    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("--transcript - reads standard input, which is the keyboard", "pipe a conversation in")
    with tempfile.NamedTemporaryFile(prefix="handoff-", delete=False) as file:
        try:
            shutil.copyfileobj(sys.stdin.buffer, file)
            file.close()
            yield file.name
        except InputError as error:
            raise InputError(error.message.replace(file.name, "standard input"), error.hint) from None
        finally:
            os.unlink(file.name)


def _doubts(transcript: Transcript, name: str) -> Iterator[str]:
    """Yield what a person should know of how little was understood."""
    name = "standard input" if name == STANDARD_INPUT else name
    if not (transcript.messages or transcript.tool_calls or transcript.todos):
        yield f"nothing of a conversation was understood in {name}: the handoff holds none of it"
    yield from (f"{name}: {it}" for it in transcript.warnings if it.endswith("passed over"))
    if (transcript.messages or transcript.tool_calls) and not transcript.speakers:
        yield f"nobody is named as a speaker in {name}: its files, commands, to-dos and last lines were taken"
