"""How full the window is, in a line: for a status bar, which an agent may feed itself."""

from __future__ import annotations

import os

from handoff_cli.constants import AGENT_FILE
from handoff_cli.core.record import Record
from handoff_cli.core.session import WindowFacts
from handoff_cli.core.usage import PROMPT_PARTS, level_of, share
from handoff_cli.state import store
from handoff_cli.usecases.status import describe, may_lag, window_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from handoff_cli.state.store import Place


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
    view = store.read(place)
    if may_lag(place):
        from handoff_cli.usecases.news import with_news

        view = with_news(place, view)
    status = describe(place, view)
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
    counts = [usage.get(name, 0) for name in PROMPT_PARTS]
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
