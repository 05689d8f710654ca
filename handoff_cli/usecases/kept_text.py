"""The conversation a handoff is made from: the log that is named or known, else the text that was tracked and kept."""

from __future__ import annotations

from contextlib import contextmanager

from handoff_cli.agents.readers import read_pieces, read_transcript
from handoff_cli.errors import InputError, UsageError
from handoff_cli.state.kept import kept_pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.core.session import Session
    from handoff_cli.core.transcript import Transcript
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
    elif not transcript.speakers:
        yield f"nobody is named as a speaker in {name}: its files, commands, to-dos and last lines were taken"
