"""The kept text as a conversation: what all of it tells, and what was said and done in it, turn by turn.

A session's text may be long, and past a threshold every ``track`` writes the document anew. What the text before the
last tens of thousands of characters told is therefore remembered beside it, and only what follows is read.
"""

from __future__ import annotations

import os

from handoff_cli.agents.readers import events_of_text, read_pieces
from handoff_cli.constants import KEPT_FOLDER, VERSION
from handoff_cli.core.jsonc import dumps, loads
from handoff_cli.core.record import Record
from handoff_cli.core.tool_names import MENTION, NOTED
from handoff_cli.core.transcript import as_data, from_data
from handoff_cli.errors import HandoffError
from handoff_cli.state import store
from handoff_cli.state.files import read_bytes, replace_file
from handoff_cli.state.kept_reading import START, KeptTexts, Seam, kept_pieces
from handoff_cli.transcripts.events import Called, Returned, Said, Seen
from handoff_cli.transcripts.todo_list import TodoList

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.core.session import Session
    from handoff_cli.core.transcript import Transcript
    from handoff_cli.state.kept_reading import KeptPiece
    from handoff_cli.state.store import Place
    from handoff_cli.transcripts.events import Event

_NAME = "the kept text"
_TOLD_FILE = ".told"
_LEAST_CHARS, _MOST_CHARS = 1 << 15, 1 << 16
"""Of the end of the text so much is read in any case, and so much before the next part of it is remembered."""

_MAX_TOLD_BYTES = 1 << 26
_MOST_CALLS = 800
"""So many calls are remembered: what is told of earlier ones stands in files, edits, commits and to-dos."""


class Told(Record):
    """What the text up to a ``seam`` told; nothing (None) where no part is remembered, or none was understood."""

    seam: Seam = START
    transcript: Transcript | None = None


def kept_transcript(place: Place, session: Session, *, remember: bool = False) -> Transcript | None:
    """Return what the kept text of ``session`` tells, None where nothing is kept or understood.

    ``remember`` lets the next call go on from what this one has read; the caller holds the lock of the document.

    Raises:
        StateError: the ledger or the kept text cannot be read.
    """
    told = _remembered(place.folder, session)
    texts = KeptTexts(place.folder, told.seam)
    chars, seam = texts.seam_before(_LEAST_CHARS)
    if chars > _MOST_CHARS and seam != told.seam:
        earlier = read_pieces(_NAME, KeptTexts(place.folder, told.seam, seam), told.transcript)
        told = Told(seam, _shortened(earlier) if earlier else None)
        if remember:
            _remember(place.folder, session, told)
        texts = KeptTexts(place.folder, seam)
    found = read_pieces(_NAME, texts, told.transcript)
    return found.replace(session_ids=(session.id,)) if found else None


_MOST_TEXTS, _TEXT_CHARS = 4, 20_000
"""So many files are remembered whole, where they are no longer than this."""


def _shortened(transcript: Transcript) -> Transcript:
    calls = transcript.tool_calls[-_MOST_CALLS:]
    first = calls[0].position if calls else 0
    runs = tuple(run for run in transcript.commands if run.position >= first)
    texts = tuple(it for it in transcript.texts if len(it.text) <= _TEXT_CHARS)[-_MOST_TEXTS:]
    return transcript.replace(tool_calls=calls, commands=runs, texts=texts)


def _remembered(folder: str, session: Session) -> Told:
    """Return what is remembered of ``session``; nothing where there is no such thing, or another version's."""
    try:
        data = loads(read_bytes(os.path.join(folder, KEPT_FOLDER, _TOLD_FILE), _MAX_TOLD_BYTES) or b"{}")
        entry, at, within = data["seam"]
        transcript = from_data(data["told"]) if data["told"] is not None else None
        whole = type(entry) is type(at) is int and type(within) is bool and entry >= 0 <= at <= session.kept_end
    except (HandoffError, ValueError, KeyError, TypeError, RecursionError):
        return Told()
    ours = whole and (data.get("version"), data.get("session")) == (VERSION, session.id)
    return Told(Seam(entry, at, within), transcript) if ours else Told()


def _remember(folder: str, session: Session, told: Told) -> None:
    seam = list(told.seam.to_dict().values())
    data = {
        "version": VERSION,
        "session": session.id,
        "seam": seam,
        "told": told.transcript and as_data(told.transcript),
    }
    try:
        replace_file(os.path.join(folder, KEPT_FOLDER, _TOLD_FILE), dumps(data, compact=True).encode("ascii"))
    except HandoffError:
        return  # the text tells all of it, only slower


class KeptTurn(Record):
    """A turn of the kept text: who spoke (``role``) and what, a call of a ``tool``, or what one answered.

    ``role`` is ``user``, ``assistant``, ``system``, ``tool`` for an answer, ``text`` where nobody is named. ``failed``
    is None where that is not known.
    """

    role: str
    text: str
    tool: str | None = None
    failed: bool | None = None


def kept_turns(place: Place) -> Iterator[KeptTurn]:
    """Yield what was said and done in the kept text of the session at ``place``, oldest first.

    What was left out is said where it was, in the turn it was in. Secrets are looked for again: the text may have been
    kept by a version that knew fewer.

    Raises:
        StateError: the ledger or the kept text cannot be read.
    """
    from handoff_cli.documents.facts import redacted

    store.settle(place)
    return map(redacted, _turns(place))


def _turns(place: Place) -> Iterator[KeptTurn]:
    def texts() -> Iterator[tuple[str, bool]]:
        return ((shown(piece), True) for piece in kept_pieces(place.folder))

    spoken, role, named = "", "", True
    listed: dict[str, None] = {}
    for event in _to_be_shown(event for event, _ in events_of_text("the kept text", texts)):
        if isinstance(event, Seen) and event.speakers is not None:
            named = event.speakers
        if isinstance(event, Said) and (speaker := event.role if named else "text") == role:
            spoken += f"\n{event.text}"
        elif isinstance(event, Said):
            yield from _turn(role, spoken)
            spoken, role = event.text, speaker
        elif isinstance(event, Called) and event.name == NOTED:
            new = [line for line in _todo_lines(event) if line not in listed]
            listed.update(dict.fromkeys(new))
            spoken, role = "\n".join((spoken, *new)), role or ("assistant" if named else "text")
        elif isinstance(event, Called | Returned):
            yield from _turn(role, spoken)
            spoken, role = "", ""
            yield _done(event)
    yield from _turn(role, spoken)


def _to_be_shown(events: Iterable[Event]) -> Iterator[Event]:
    """Yield ``events`` without what nobody did or said: files that are only mentioned, answers that say nothing."""
    no_calls: set[str] = set()
    for event in events:
        if isinstance(event, Called) and event.name in (MENTION, NOTED):
            no_calls.add(event.id)
        said_nothing = isinstance(event, Returned) and (
            event.id in no_calls or not (event.text.strip() or event.failed)
        )
        if not said_nothing and not (isinstance(event, Called) and event.name == MENTION):
            yield event


def shown(piece: KeptPiece) -> str:
    """Return a kept text as people read it: what was left out is said where it was, and the last line ends."""
    gap = f"\n[{piece.left_out:,} characters were not kept]\n" if piece.left_out else ""
    text = gap.join(piece.parts) if len(piece.parts) > 1 else f"{piece.text}{gap}"
    return text if text.endswith("\n") else f"{text}\n"


def _turn(role: str, text: str) -> Iterator[KeptTurn]:
    if text.strip():
        yield KeptTurn(role, text.strip("\n"))


def _todo_lines(event: Called) -> list[str]:
    """Return the list of to-dos that a call writes, as Markdown; nothing where it writes none."""
    todos = TodoList()
    todos.called(event.name, event.input)
    boxes = {"completed": "x", "in_progress": "~"}
    return [f"- [{boxes.get(todo.status, ' ')}] {todo.text}" for todo in todos.items()]


def _done(event: Called | Returned) -> KeptTurn:
    if isinstance(event, Returned):
        return KeptTurn("tool", event.text, failed=event.failed)
    if lines := _todo_lines(event):
        return KeptTurn("assistant", "\n".join(lines), tool=event.name)
    given = event.input
    if isinstance(given, dict) and len(given) == 1:
        (given,) = given.values()
    return KeptTurn("assistant", given if isinstance(given, str) else dumps(given), tool=event.name)
