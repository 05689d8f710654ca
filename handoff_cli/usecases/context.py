"""What fills the window of a session, and what in it could go."""

from __future__ import annotations

import os
from functools import partial

from handoff_cli.agents.readers import events_of_text, format_name, opened
from handoff_cli.constants import LEDGER_FILE
from handoff_cli.core.session import WindowFacts
from handoff_cli.core.usage import mix
from handoff_cli.documents.facts import redacted
from handoff_cli.state.kept_reading import kept_piece
from handoff_cli.state.ledger import read_lines
from handoff_cli.tokens.count import count_tokens
from handoff_cli.transcripts.filling import Measuring
from handoff_cli.usecases.news import view_now
from handoff_cli.usecases.status import describe, window_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from handoff_cli.core.session import Session
    from handoff_cli.state.store import Place
    from handoff_cli.transcripts.filling import Context

LARGE_SHARE = 0.10
"""A single result above this share of the usable window is pointed out."""

_SMALL_SHARE = 0.005
_STANDING_SHARE = 0.25
_MOST_LINES = 5


def context_of(
    place: Place,
    transcript: str | None = None,
    format_: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Context, int] | None:
    """Return what fills the window of ``transcript`` (None: that of the session at ``place``), and its usable tokens.

    A session that was tracked is divided by piece, and within each by what its kept text says. The names of files and
    commands come without the secrets in them. None where the session
    has neither a transcript nor anything tracked.

    Raises:
        InputError: the transcript cannot be read.
        UsageError: there is no such format.
        StateError: state that cannot be read.
    """
    if format_:
        format_name(format_)
    view = view_now(place)
    path = transcript or (view.session.transcript if view.session else None)
    if path is None and view.session and view.session.checkpoint_count:
        return redacted(_of_pieces(place, view.session)), describe(place, view)["usable_tokens"]
    if path is None:
        return None
    context = redacted(measure_context(path, format_, progress))
    facts = WindowFacts(context.agent, None, context.window, context.model, context.peak())
    own = view.session if view.session and view.session.transcript == path else facts
    model = view.settings.model or context.model
    return context, window_of(view.settings, own, model, place.environ).thresholds.usable_tokens


def measure_context(
    path: str,
    format: str | None = None,  # noqa: A002 (the option's name)
    progress: Callable[[int, int], None] | None = None,
) -> Context:
    """Return what fills the window of the transcript at ``path``.

    Args:
        path: The agent's log.
        format: One of the readers' names; None: the content decides.
        progress: Called now and then with the bytes read and the bytes there are.

    Raises:
        InputError: it cannot be read, or nothing in it is understood.
    """
    source, reader, name = opened(path, format, progress=progress)
    measuring = Measuring(path, name, reader.AGENT, lambda text, model: count_tokens(text, model).tokens)
    understood = False
    for event in reader.events(source):
        understood = True
        measuring.see(event, source.position)
    if not understood:
        raise source.not_understood(name)
    return measuring.result()


def _of_pieces(place: Place, session: Session) -> Context:
    """Return what was tracked of ``session``: each checkpoint's tokens, divided among what its kept text says."""
    measuring = Measuring(place.folder, "text", None, lambda text, model: count_tokens(text, model).tokens)
    measuring.model = session.model
    for line in read_lines(os.path.join(place.folder, LEDGER_FILE)):
        entry = line.entry
        if entry is None or entry["session"] != session.id or entry["kind"] != "checkpoint":
            continue
        piece = f"{entry['sequence']} {entry['description'] or entry['source']}"
        texts = [(text, True) for text in kept_piece(place.folder, entry).parts] if "kept" in entry else []
        events = events_of_text(piece, partial(iter, texts)) if texts else ()
        measuring.take_piece(piece, entry["tokens"], entry["time"], events)
    rule = "tracked, and divided by what the kept text says"
    return measuring.result().replace(
        total_tokens=session.total_tokens, method=session.method, made_of=mix(session.made_of), rule=rule
    )


def advice(context: Context, usable_tokens: int) -> tuple[str, ...]:
    """Return a line for each thing to look at first: read more than once, very large, or always there.

    Args:
        context: What fills the window.
        usable_tokens: The usable window, which shares are of.
    """
    return (*_read_again(context, usable_tokens), *_large(context, usable_tokens), *_standing(context, usable_tokens))


def _read_again(context: Context, usable_tokens: int) -> Iterable[str]:
    reads: dict[str, list[int]] = {}
    for part in context.parts:
        if part.read and part.file:
            reads.setdefault(part.file, []).append(part.tokens)
    again = {file: sum(tokens) - max(tokens) for file, tokens in reads.items() if len(tokens) > 1}
    for file in sorted(again, key=lambda file: -again[file])[:_MOST_LINES]:
        if again[file] >= usable_tokens * _SMALL_SHARE:
            yield f"{file} was read {len(reads[file])} times: about {again[file]:,} tokens could go"


def _large(context: Context, usable_tokens: int) -> Iterable[str]:
    for part in context.largest(_MOST_LINES):
        if part.kind == "results" and part.tokens >= usable_tokens * LARGE_SHARE:
            share = part.tokens / usable_tokens
            yield f"one result takes {share:.0%} of the usable window: {part.label} (turn {part.turn})"


def _standing(context: Context, usable_tokens: int) -> Iterable[str]:
    for row in context.by("kind"):
        if row.name == "system" and row.tokens >= usable_tokens * _STANDING_SHARE:
            share = row.tokens / usable_tokens
            yield f"prompt, tools and reminders take {share:.0%} of the usable window: see memory files and MCP servers"
    for row in context.by("server"):
        if row.tokens >= usable_tokens * LARGE_SHARE:
            yield f"the MCP server {row.name} takes {row.tokens / usable_tokens:.0%} of the usable window"
