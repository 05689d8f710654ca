"""How full the window is, as plain data. Never loads a tokenizer."""

from __future__ import annotations

import os

from handoff_cli.agents.windows import Window, window_in_force
from handoff_cli.constants import DEFAULT_ENCODING, HANDOFF_FILE, HOOK_MEMORY_FILE
from handoff_cli.core.session import COMPACTED, UNANSWERED, apply, next_entry
from handoff_cli.core.settings import is_model_id
from handoff_cli.core.text import printable, shorten
from handoff_cli.core.usage import crossed, growth_per_step, level_of, share, steps_left
from handoff_cli.errors import StateError, UsageError
from handoff_cli.state import store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypedDict

    from handoff_cli.core.session import Entry, Session, WindowFacts
    from handoff_cli.core.settings import Settings
    from handoff_cli.models.lookup import ModelInfo
    from handoff_cli.state.store import Place, View

    class CheckpointStatus(TypedDict):
        """One of the last checkpoints; ``tokens`` lies between ``low`` and ``high``, ``time`` is UTC."""

        sequence: int
        time: str
        description: str
        source: str
        tokens: int
        low: int
        high: int
        method: str

    class SessionFigures(TypedDict):
        """How full a session is, as far as its log alone tells: part of ``TokenStatus``."""

        session_id: str | None
        known: bool
        model: str | None
        total_tokens: int
        method: str
        context_window_limit: int
        usable_tokens: int
        usable_percentage: float
        warning_threshold: float
        critical_threshold: float
        level: str
        tokens_per_turn: int | None
        agent: str | None
        transcript: str | None
        updated_at: str | None

    class TokenStatus(SessionFigures):
        """The keys of ``handoff status --json``; docs/status.md says what each means."""

        session: str | None
        session_chosen: str | None
        previous_session: str | None
        encoding: str
        low_tokens: int
        high_tokens: int
        made_of: dict[str, int]
        context_window_source: str
        usable_source: str
        usage_percentage: float
        remaining_tokens: int
        turns_left: int | None
        agent_version: str | None
        usage_rule: str | None
        peak_tokens: int | None
        compaction_count: int
        checkpoint_count: int
        checkpoints: list[CheckpointStatus]
        kept_bytes: int
        kept_left_out: bool
        handoff_file: str | None
        folder: str
        started_at: str | None
        warnings: list[str]


def get_status(place: Place) -> TokenStatus:
    """Return the status of the session at ``place``; an untouched one is empty, and nothing is written.

    Raises:
        StateError: state that cannot be read or understood.
    """
    return describe(place, store.read(place))


def may_lag(place: Place) -> bool:
    """Return whether a log may say more of the session than is known: ``news.view_now`` reads it then.

    Where hooks bring the session up to date, its agent may have written on since the last of them, or have begun its
    log only then.
    """
    if place.log or not os.path.isfile(os.path.join(place.folder, HOOK_MEMORY_FILE)):
        return bool(place.log)
    session = store.read(place).session
    return session is None or is_behind(session)


def is_behind(session: Session) -> bool:
    """Return whether the log of ``session``, which hooks keep, has changed since it was read last, or never was read.

    Where the agent tells its figures with the events of its hooks, nothing is read in a log.
    """
    if session.transcript is None:
        return not session.checkpoint_count and session.usage_rule in (None, COMPACTED)
    known = session.tail or {}
    try:
        now = os.stat(session.transcript)
        if not known or (now.st_size, now.st_mtime_ns) == (known.get("size"), known.get("modified_ns")):
            return False
    except (OSError, ValueError):  # it is gone, or one session of a database
        pass
    from handoff_cli.transcripts.tail import TailState, is_gone, unchanged

    state = TailState.from_dict(known)
    return state is not None and not is_gone(state) and not unchanged(state, session.transcript)


def _is_known(session: Session | None) -> bool:
    """Return whether anything was measured, and no compaction has made it out of date since.

    A log without a response holds little to estimate by, though the window holds the agent's instructions.
    """
    if session is None or session.usage_rule == COMPACTED:
        return False
    return session.usage_rule not in (None, UNANSWERED) or session.checkpoint_count > 0


def _most(session: Session | None, window: int) -> int:
    """Return the most tokens there may be: before the first response nothing but the window is a bound."""
    high = session.high_tokens if session else 0
    return max(high, window) if session and session.usage_rule == UNANSWERED else high


def describe(place: Place, view: View) -> TokenStatus:
    """Return ``view`` as a status: shares are 0..1 (above 1 when over), tokens whole, times UTC in ISO 8601."""
    session = view.session
    model = model_in_force(view.settings, session)
    thresholds = (window := window_of(view.settings, session, model, place.environ)).thresholds
    total = session.total_tokens if session else 0
    growth = growth_per_step([turn.tokens for turn in session.turns]) if session else None
    handoff = os.path.join(place.folder, HANDOFF_FILE)
    kept_bytes, kept_left_out = _kept(place, session)
    return {
        "session_id": (session.id or None) if session else None,
        "session": os.path.basename(place.folder) if place.folder != place.project else None,
        "session_chosen": place.chosen or None,
        "known": _is_known(session),
        "previous_session": session.previous if session else None,
        "model": model,
        "encoding": session.encoding if session else _encoding(view.settings, model),
        "total_tokens": total,
        "low_tokens": session.low_tokens if session else 0,
        "high_tokens": _most(session, thresholds.context_window_limit),
        "method": session.method if session and (session.checkpoint_count or session.usage_rule) else "counted",
        "made_of": dict(session.made_of) if session else {},
        "context_window_limit": thresholds.context_window_limit,
        "context_window_source": window.source,
        "usable_tokens": thresholds.usable_tokens,
        "usable_source": window.usable_source,
        "usage_percentage": share(total, thresholds.context_window_limit),
        "usable_percentage": share(total, thresholds.usable_tokens),
        "warning_threshold": thresholds.warning,
        "critical_threshold": thresholds.critical,
        "level": level_of(total, thresholds),
        "remaining_tokens": max(0, thresholds.usable_tokens - total),
        "tokens_per_turn": round(growth) if growth else None,
        "turns_left": steps_left(total, thresholds.usable_tokens, growth),
        "agent": session.agent if session else None,
        "agent_version": session.agent_version if session else None,
        "transcript": session.transcript if session else None,
        "usage_rule": session.usage_rule if session else None,
        "peak_tokens": session.peak_tokens if session and session.transcript else None,
        "compaction_count": session.compaction_count if session else 0,
        "checkpoint_count": session.checkpoint_count if session else 0,
        "checkpoints": _checkpoints(session),
        "kept_bytes": kept_bytes,
        "kept_left_out": kept_left_out,
        "handoff_file": handoff if os.path.isfile(handoff) else None,
        "folder": place.folder,
        "started_at": session.started_at if session else None,
        "updated_at": session.updated_at if session else None,
        "warnings": [*view.warnings],
    }


def _kept(place: Place, session: Session | None) -> tuple[int, bool]:
    """Return how many bytes are kept of the text of ``session``, and whether some of it was left out."""
    if session is None or not session.kept_end:
        return 0, False
    from handoff_cli.state.kept import kept_size

    try:
        size = kept_size(place.folder, session.kept_end)
    except StateError:
        # A figure beside the others: what was recorded stands though the disk cannot be asked about it.
        return 0, False
    return size.stored, size.left_out


def model_in_force(settings: Settings, session: Session | None, asked: str | None = None) -> str | None:
    """Return the model meant: the one ``asked`` for, else what somebody set, else what the session was tracked with.

    Raises:
        UsageError: ``asked`` can be no model's id.
    """
    if asked is not None and not is_model_id(asked):
        raise UsageError(
            f"model '{printable(shorten(asked, 40))}' can be no model id", "give one line, up to 200 characters"
        )
    return asked or settings.model or (session.model if session else None)


def window_of(
    settings: Settings, session: Session | WindowFacts | None, model: str | None, environ: Mapping[str, str]
) -> Window:
    """Return the window in force for ``model`` (None: no model named), as ``window_in_force`` puts it together."""
    return window_in_force(settings, session, known_model(model), environ)


def with_level(entry: Entry, session: Session, settings: Settings, environ: Mapping[str, str]) -> Entry:
    """Return ``entry`` with the level that ``session`` is at after it, and the level it newly reaches, if any."""
    after = apply(session, next_entry(session, entry))
    thresholds = window_of(settings, after, model_in_force(settings, after), environ).thresholds
    level = level_of(after.total_tokens, thresholds)
    return {**entry, "level": level, "crossed": crossed(session.level, level)}


def window_warnings(place: Place, view: View) -> tuple[str, ...]:
    """Return a line for a person where the window of the model in force is not known; said when the model changes."""
    model = model_in_force(view.settings, view.session)
    window = window_of(view.settings, view.session, model, place.environ)
    if model is None or window.source != "default":
        return ()
    tokens = window.thresholds.context_window_limit
    advice = "handoff config set context_window_limit TOKENS"
    return (f"the context window of {model} is not known, {tokens:,} tokens are assumed; set it with: {advice}",)


def _encoding(settings: Settings, model: str | None) -> str:
    known = known_model(model)
    return settings.encoding or (known.encoding if known else DEFAULT_ENCODING)


def known_model(model: str | None) -> ModelInfo | None:
    """Return what the table knows of ``model``, None for no model or an unknown one."""
    if model is None:
        return None
    from handoff_cli.models.lookup import find_model

    return find_model(model)


def _checkpoints(session: Session | None) -> list[CheckpointStatus]:
    return [checkpoint.to_dict() for checkpoint in session.recent] if session else []  # type: ignore[misc]
