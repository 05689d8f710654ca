"""Gathering what a handoff is made from: the session, git and notes, and the conversation, side by side.

The conversation is the log that is named or known, else the text that was tracked and kept.
"""

from __future__ import annotations

import os
import time

from handoff_cli.agents.readers import read_transcript
from handoff_cli.constants import HANDOFF_FILE
from handoff_cli.core.session import UNANSWERED, Note, WindowFacts, with_note
from handoff_cli.core.text import shell_word, utc_iso
from handoff_cli.core.usage import level_of, mix, share
from handoff_cli.documents.extract import extract, words_of
from handoff_cli.documents.facts import CheckpointFact, Facts, UsageFacts, redacted
from handoff_cli.documents.git import start_gathering
from handoff_cli.errors import InputError, UsageError
from handoff_cli.state import store
from handoff_cli.usecases.notes import open_todos
from handoff_cli.usecases.status import describe, may_lag, window_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypedDict

    from handoff_cli.core.session import Session
    from handoff_cli.core.settings import Settings
    from handoff_cli.core.transcript import Transcript
    from handoff_cli.documents.extract.story import Story
    from handoff_cli.state.store import Place, View
    from handoff_cli.usecases.status import TokenStatus

    class Options(TypedDict, total=False):
        """What a handoff is to be made from and how; what is left out has its default.

        ``goal`` and ``next_action`` become notes; ``template_file`` is a Jinja2 template (default: the folder's own,
        else the shipped one); ``transcript`` is the path of a conversation, ``-`` for standard input, of ``format``
        (default: told by its content); without one the session's own log or kept text is taken. ``budget`` is tokens
        (default 2,000; 0: everything); ``coming`` is the next task, by which facts are ranked; ``redact`` False leaves
        secrets in; ``summarize_with`` is a command that writes a summary; ``remember`` lets the next one go on
        from what this one reads of the kept text, whose caller holds the document's lock. ``words_only`` takes of a
        conversation what was said, nothing else; ``unread`` takes nothing of it.
        """

        goal: str | None
        next_action: str | None
        template_file: str | None
        transcript: str | None
        format: str | None
        budget: int
        coming: str | None
        redact: bool
        summarize_with: str | None
        remember: bool
        words_only: bool
        unread: bool


STANDARD_INPUT = "-"


def gather(place: Place, view: View, reason: str, options: Options) -> tuple[Facts, tuple[str, ...]]:
    """Return the facts of the session at ``place``, seen as ``view``, and warnings about what could not be had.

    Raises:
        StateError: the to-dos of earlier sessions cannot be read.
        InputError: the transcript that was asked for cannot be read; one of the session's own is a warning.
    """
    path = options.get("transcript")
    if path == STANDARD_INPUT:
        return _from_standard_input(lambda file: _gathered(place, view, reason, options, file))
    return _gathered(place, view, reason, options, path)


def _gathered(
    place: Place, view: View, reason: str, options: Options, path: str | None
) -> tuple[Facts, tuple[str, ...]]:
    project = os.path.dirname(place.project)
    if path is None and may_lag(place):
        from handoff_cli.usecases.news import with_news

        view = with_news(place, view)
    status = describe(place, view)
    git = start_gathering(project)  # it works while the transcript is read
    try:
        transcript, warnings = transcript_of(place, view.session, path, options)
    finally:
        repository = git()
    now = utc_iso(time.time())
    notes = view.session.notes if view.session else ()
    for about, text in (("goal", options.get("goal")), ("next", options.get("next_action"))):
        if text:
            notes = with_note(notes, Note(0, now, about, text))
    facts = Facts(
        project=_name_of(project, transcript),
        project_folder=project,
        session=_session_id(status, transcript),
        previous=status["previous_session"],
        reason=reason,
        created=now,
        usage=_usage(status, view, transcript, now, place, path),
        notes=notes,
        todos=open_todos(place, transcript, now[: len("2026-01-01")]),
        story=_story(transcript, options) if transcript else None,
        checkpoints=tuple(
            CheckpointFact(*(item[name] for name in CheckpointFact._fields))  # type: ignore[literal-required]
            for item in status["checkpoints"]
        ),
        git=repository,
        coming=options.get("coming"),
        document=os.path.relpath(os.path.join(place.folder, HANDOFF_FILE), project),
        everything=_everything(options.get("transcript")),
        redacted=options.get("redact", True),
    )
    return redacted(facts) if facts.redacted else facts, warnings


def _name_of(project: str, transcript: Transcript | None) -> str:
    """Return the name of the folder the work is in: that of a transcript from elsewhere, else the ``project``.

    A worktree among others ("shop/.worktrees/3") is told by its repository's name, with the branch or its own.
    """
    folder = ((transcript and transcript.folder) or "").replace("\\", "/").rstrip("/")
    here = f"{folder}/".startswith(f"{project}/") or f"{project}/".startswith(f"{folder}/")
    *above, own = (project.replace(os.sep, "/") if here else folder).split("/")
    if not above or not _is_of_worktrees(above):
        return own
    repository = next((it for it in reversed(above) if not it.startswith(".")), "")
    return f"{repository} ({(transcript and transcript.branch) or own})" if repository else own


def _is_of_worktrees(above: list[str]) -> bool:
    """Take the last folder of ``above`` off and return whether a tool keeps worktrees in it, by its name or place."""
    last = above.pop()
    return last == ".worktrees" or (last == "worktrees" and bool(above) and above[-1].startswith("."))


def _story(transcript: Transcript, options: Options) -> Story:
    return (words_of if options.get("words_only") else extract)(transcript, options.get("redact", True))


def _session_id(status: TokenStatus, transcript: Transcript | None) -> str:
    from_transcript = transcript.session_ids[-1] if transcript and transcript.session_ids else None
    return status["session_id"] or from_transcript or "not started"


def _everything(transcript: str | None) -> str:
    named = f" --transcript {shell_word(transcript)}" if transcript else ""
    return f"handoff handoff --budget 0 --stdout{named}"


def _usage(
    status: TokenStatus, view: View, transcript: Transcript | None, now: str, place: Place, path: str | None
) -> UsageFacts:
    total = status["total_tokens"]
    band = status["high_tokens"] - status["low_tokens"]
    usage = UsageFacts(
        tokens=total,
        context_window_limit=status["context_window_limit"],
        usable_tokens=status["usable_tokens"],
        usage_share=status["usage_percentage"],
        usable_share=status["usable_percentage"],
        level=status["level"],
        method=status["method"],
        encoding=status["encoding"],
        warning_threshold=status["warning_threshold"],
        critical_threshold=status["critical_threshold"],
        checkpoint_count=status["checkpoint_count"],
        started_at=status["started_at"] or now,
        updated_at=status["updated_at"] or now,
        model=status["model"],
        error_share=_error_share(status["method"], total, band),
        kept_left_out=status["kept_left_out"],
        made_of=mix(status["made_of"]),
        known=status["known"],
        most_tokens=0 if status["usage_rule"] == UNANSWERED else status["high_tokens"],
    )
    if transcript is None or usage.checkpoint_count or status["usage_rule"]:
        return usage
    if path and not transcript.usage:
        return _reported(_estimated(usage, place, view.settings, path), view.settings, transcript, place.environ)
    return _reported(usage, view.settings, transcript, place.environ)


def _estimated(usage: UsageFacts, place: Place, settings: Settings, path: str) -> UsageFacts:
    """Return ``usage`` with our own count of the text in the transcript at ``path``, which records no usage."""
    from handoff_cli.usecases.reading import SyncRequest, read_news

    try:
        _, reading = read_news(place, store.View(settings, None), SyncRequest(transcript=path))
    except InputError:
        return usage
    if reading is None:
        return usage
    share_of_band = _error_share(reading.method, reading.tokens, reading.high - reading.low)
    found = {"tokens": reading.tokens, "method": reading.method, "encoding": reading.encoding}
    known = reading.rule != UNANSWERED
    return usage.replace(**found, error_share=share_of_band, known=known, most_tokens=reading.high if known else 0)


def _error_share(method: str, tokens: int, band: int) -> float | None:
    return band / (2 * tokens) if method == "estimated" and tokens and band else None


def _reported(usage: UsageFacts, settings: Settings, transcript: Transcript, environ: Mapping[str, str]) -> UsageFacts:
    """Return ``usage`` in the window that ``transcript`` tells, with the figures it reports where it reports any."""
    model = settings.model or transcript.model
    used = transcript.usage
    tokens = used.tokens if used else usage.tokens
    version = transcript.versions[-1] if transcript.versions else None
    window = (used.window if used else None) or transcript.window
    facts = WindowFacts(transcript.agent, version, window, transcript.model, tokens)
    limits = window_of(settings, facts, model, environ).thresholds
    return usage.replace(
        tokens=tokens,
        context_window_limit=limits.context_window_limit,
        usable_tokens=limits.usable_tokens,
        usage_share=share(tokens, limits.context_window_limit),
        usable_share=share(tokens, limits.usable_tokens),
        level=level_of(tokens, limits),
        method=used.method if used else usage.method,
        model=model,
        known=usage.known or used is not None,
    )


def transcript_of(
    place: Place, session: Session | None, path: str | None, options: Options
) -> tuple[Transcript | None, tuple[str, ...]]:
    """Return what is told of the session at ``place``, and warnings about what of it was not understood.

    The file at ``path``, which ``options`` name, goes first; without one the agent's log the session is tied to, whose
    loss must not cost the document; without that the kept text.

    Raises:
        InputError: the file at ``path`` cannot be read, or there is no such format.
    """
    if options.get("unread"):
        return None, ()
    if path is not None:
        format_ = options.get("format")
        transcript = read_transcript(path, None if format_ == "auto" else format_)
        return transcript, tuple(_doubts(transcript, options.get("transcript") or path))
    if session is None:
        return None, ()
    from handoff_cli.usecases.conversation import kept_transcript
    from handoff_cli.usecases.news import log_now

    warnings: tuple[str, ...] = ()
    if log := log_now(place, session):
        try:
            return read_transcript(log), ()
        except InputError as error:
            warnings = (f"the session's transcript was not read: {error.message}",)
    return kept_transcript(place, session, remember=options.get("remember", False)), warnings


def _from_standard_input(use: Callable[[str], tuple[Facts, tuple[str, ...]]]) -> tuple[Facts, tuple[str, ...]]:
    """Return what ``use`` makes of the path of a file with all of standard input, which is gone afterwards.

    One of no great size can be read once more: who catches a bug makes what can be made of the words.
    """
    import io
    import shutil
    import sys
    import tempfile

    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("--transcript - reads standard input, which is the keyboard", "pipe a conversation in")
    with tempfile.NamedTemporaryFile(prefix="handoff-", delete=False) as file:
        try:
            shutil.copyfileobj(sys.stdin.buffer, file)
            if file.tell() <= _READ_AGAIN_BYTES:
                file.seek(0)
                sys.stdin = io.TextIOWrapper(io.BytesIO(file.read()))
            file.close()
            return use(file.name)
        except InputError as error:
            raise InputError(error.message.replace(file.name, "standard input"), error.hint) from None
        finally:
            os.unlink(file.name)


_READ_AGAIN_BYTES = 64 << 20


def _doubts(transcript: Transcript, name: str) -> Iterator[str]:
    """Yield what a person should know of how little was understood."""
    name = "standard input" if name == STANDARD_INPUT else name
    if not (transcript.messages or transcript.tool_calls or transcript.todos):
        yield f"nothing of a conversation was understood in {name}: the handoff holds none of it"
    yield from (f"{name}: {it}" for it in transcript.warnings if it.endswith("passed over"))
    if (transcript.messages or transcript.tool_calls) and not transcript.speakers:
        yield f"nobody is named as a speaker in {name}: its files, commands, to-dos and last lines were taken"
