"""How full the window is, as plain data: for ``status``, and for a status line, which an agent may feed itself.

Never loads a tokenizer.
"""

from __future__ import annotations

import os

from handoff_cli.agents.windows import Window, window_in_force
from handoff_cli.constants import AGENT_FILE, DEFAULT_ENCODING, HANDOFF_FILE, HOOK_MEMORY_FILE
from handoff_cli.core.record import Record
from handoff_cli.core.session import COMPACTED, WindowFacts
from handoff_cli.core.settings import is_model_id
from handoff_cli.core.text import printable, shorten
from handoff_cli.core.usage import growth_per_step, level_of, share, steps_left
from handoff_cli.errors import StateError, UsageError
from handoff_cli.state import store
from handoff_cli.state.kept import KeptSize, kept_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypedDict

    from handoff_cli.core.session import Session
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

    class TokenStatus(TypedDict):
        """The keys of ``handoff status --json``; docs/status.md says what each means."""

        session_id: str | None
        session: str | None
        session_chosen: str | None
        known: bool
        previous_session: str | None
        model: str | None
        encoding: str
        total_tokens: int
        low_tokens: int
        high_tokens: int
        method: str
        made_of: dict[str, int]
        context_window_limit: int
        context_window_source: str
        usable_tokens: int
        usable_source: str
        usage_percentage: float
        usable_percentage: float
        warning_threshold: float
        critical_threshold: float
        level: str
        remaining_tokens: int
        tokens_per_turn: int | None
        turns_left: int | None
        agent: str | None
        agent_version: str | None
        transcript: str | None
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
        updated_at: str | None
        warnings: list[str]


_PARTS_OF_PROMPT = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")


def get_status(place: Place) -> TokenStatus:
    """Return the status of the session at ``place``; an untouched one is empty, and nothing is written.

    Raises:
        StateError: state that cannot be read or understood.
    """
    return describe(place, store.read(place))


def may_lag(place: Place) -> bool:
    """Return whether a log may say more of the session than is known: ``sync.status_now`` reads it then.

    Where hooks bring the session up to date, its agent may have written on since the last of them.
    """
    if place.log or not os.path.isfile(os.path.join(place.folder, HOOK_MEMORY_FILE)):
        return bool(place.log)
    session = store.read(place).session
    return session is not None and is_behind(session)


def is_behind(session: Session) -> bool:
    """Return whether the log of ``session`` has changed since it was read last, as far as its file tells."""
    known = session.tail
    if not known or session.transcript is None:
        return False
    try:
        now = os.stat(session.transcript)
    except (OSError, ValueError):  # a database of many sessions is asked by its hooks alone
        return False
    return (now.st_size, now.st_mtime_ns) != (known.get("size"), known.get("modified_ns"))


def _is_known(session: Session | None) -> bool:
    """Return whether anything was measured, and no compaction has made it out of date since.

    A log in which nothing was said yet holds nothing to estimate by, though the window holds the agent's instructions.
    """
    if session is None or session.usage_rule == COMPACTED:
        return False
    measured = session.usage_rule is not None and (session.total_tokens > 0 or session.method != "estimated")
    return measured or session.checkpoint_count > 0


def describe(place: Place, view: View) -> TokenStatus:
    """Return ``view`` as a status: shares are 0..1 (above 1 when over), tokens whole, times UTC in ISO 8601."""
    session = view.session
    model = model_in_force(view.settings, session)
    thresholds = (window := window_of(view.settings, session, model, place.environ)).thresholds
    total = session.total_tokens if session else 0
    growth = growth_per_step([turn.tokens for turn in session.turns]) if session else None
    handoff = os.path.join(place.folder, HANDOFF_FILE)
    kept = _kept(place, session)
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
        "high_tokens": session.high_tokens if session else 0,
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
        "kept_bytes": kept.stored,
        "kept_left_out": kept.left_out,
        "handoff_file": handoff if os.path.isfile(handoff) else None,
        "folder": place.folder,
        "started_at": session.started_at if session else None,
        "updated_at": session.updated_at if session else None,
        "warnings": [*view.warnings],
    }


def _kept(place: Place, session: Session | None) -> KeptSize:
    try:
        return kept_size(place.folder, session.kept_end if session else 0)
    except StateError:
        # A figure beside the others: what was recorded stands though the disk cannot be asked about it.
        return KeptSize(0, left_out=False)


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


class StatusLine(Record):
    """The figures of a status line.

    ``tokens`` is None where they are not known: before the first response, between a compaction and the next one.
    ``window`` and ``usable`` are tokens; ``usable_share`` is the share (0..1 and above) of the usable window that is
    filled, ``warning_threshold`` the share that warns; ``level`` is one of ``core.usage.LEVELS``.
    """

    tokens: int | None
    window: int
    usable: int
    warning_threshold: float
    level: str
    method: str
    model: str
    session: str

    @property
    def usable_share(self) -> float:
        """The filled share of the usable window."""
        return share(self.tokens or 0, self.usable)


def of_session(place: Place) -> StatusLine | None:
    """Return the status line of the session at ``place``, None where none has begun; StateError as ``get_status``."""
    status = get_status(place)
    if status["session_id"] is None:
        return None
    return StatusLine(
        tokens=status["total_tokens"] if status["known"] else None,
        window=status["context_window_limit"],
        usable=status["usable_tokens"],
        warning_threshold=status["warning_threshold"],
        level=status["level"],
        method=status["method"],
        model=status["model"] or "",
        session=status["session"] or status["session_id"] or "",
    )


def of_agent(payload: Mapping[str, Any], environ: Mapping[str, str]) -> StatusLine | None:
    """Return the status line of what Claude Code pipes in, and remember its window and model for the hooks.

    None where the input names no session or no window, as older versions' does not.

    Raises:
        StateError: settings that cannot be read, or a folder that cannot be written.
    """
    from handoff_cli.agents.hooks import count_of, text_of
    from handoff_cli.usecases.place import place_of

    told = _object(payload, "context_window")
    window, session_id = count_of(told, "context_window_size"), text_of(payload, "session_id")
    if window is None or not session_id:
        return None
    workspace, model = _object(payload, "workspace"), _object(payload, "model")
    project = text_of(workspace, "project_dir", "current_dir") or text_of(payload, "cwd") or None
    place = place_of(session_id, project, environ)
    model_id, version = text_of(model, "id"), text_of(payload, "version")
    _remember(place, {"window": window, "model": model_id, "version": version})
    tokens = _tokens(told)
    view = store.read(place)
    facts = WindowFacts("claude", version, window, model_id, tokens or 0)
    thresholds = window_of(view.settings, facts, model_id, environ).thresholds
    return StatusLine(
        tokens=tokens,
        window=thresholds.context_window_limit,
        usable=thresholds.usable_tokens,
        warning_threshold=thresholds.warning,
        level=level_of(tokens or 0, thresholds),
        method="exact",
        model=text_of(model, "display_name") or model_id,
        session=text_of(payload, "session_name") or session_id,
    )


def _tokens(told: Mapping[str, Any]) -> int | None:
    """Return the tokens in the window, by Claude Code's own formula; None where it does not know them now."""
    usage = told.get("current_usage")
    if not isinstance(usage, dict):
        return None
    counts = [usage.get(name, 0) for name in _PARTS_OF_PROMPT]
    known = all(type(count) is int and count >= 0 for count in counts)
    return (sum(counts) or None) if known else None  # no request is of no tokens: all zeros stand for none yet


def _remember(place: Place, told: dict[str, Any]) -> None:
    from handoff_cli.state.folder import check_folders, prepare_folder
    from handoff_cli.usecases.hook_memory import load_agent, save_agent

    check_folders(place.project, place.folder)
    if not os.path.isfile(os.path.join(place.folder, AGENT_FILE)):
        prepare_folder(place.project, place.folder)
    elif load_agent(place.folder) == told:
        return
    save_agent(place.folder, told)


def _object(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = payload.get(name)
    return value if isinstance(value, dict) else {}
