"""Usage, levels, thresholds and the window they are measured against: the rules, with no files or clock in them."""

from __future__ import annotations

from handoff_cli.constants import DEFAULT_CONTEXT_WINDOW
from handoff_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoff_cli.core.models import ModelInfo
    from handoff_cli.core.session import Session
    from handoff_cli.core.settings import Settings

METHODS = ("exact", "counted", "estimated")
"""How a token figure came about, best first: ``exact`` was reported by the agent's API, ``counted`` is the named
encoding's own count of the text we were given, ``estimated`` is another vocabulary's count times a measured factor."""

LEVELS = ("ok", "warning", "critical", "over")
"""Below the warning threshold, at or above it, at or above the critical one, at or above the whole usable window."""

LARGE_WINDOW = 1_000_000
_CLAUDE = "claude"


class Thresholds(Record):
    """Where the levels begin.

    ``warning`` and ``critical`` are shares 0..1 of ``usable_tokens``; ``context_window_limit`` and ``usable_tokens``
    are tokens (usable: the part of the window before the agent compacts by itself; the whole where no agent is known).
    """

    context_window_limit: int
    usable_tokens: int
    warning: float
    critical: float


def share(tokens: int, window: int) -> float:
    """Return ``tokens`` as a share of ``window`` tokens: 0.0 is empty, 1.0 is full, above 1.0 is over."""
    return tokens / window


def level_of(tokens: int, thresholds: Thresholds) -> str:
    """Return the level (one of ``LEVELS``) of a usage of ``tokens``; a share equal to a threshold has reached it."""
    used = share(tokens, thresholds.usable_tokens)
    if used >= 1:
        return "over"
    if used >= thresholds.critical:
        return "critical"
    return "warning" if used >= thresholds.warning else "ok"


def crossed(before: str, after: str) -> str | None:
    """Return the level newly reached on the way from level ``before`` to ``after``, None when none was.

    Falling below a threshold is not a crossing; it re-arms it.
    """
    return after if LEVELS.index(after) > LEVELS.index(before) else None


def weakest(*methods: str) -> str:
    """Return the least certain of ``methods``: a sum is only as good as its worst part."""
    return max(methods, key=METHODS.index)


class Window(Record):
    """The context window in force: ``thresholds``, and where its size and the usable part of it came from.

    ``source`` is a setting's origin (option, environment variable or file), ``reported by`` an agent, an agent's own
    variable or table, ``model table`` or ``default``; ``usable_source`` likewise, or the rule of the agent.
    """

    thresholds: Thresholds
    source: str
    usable_source: str


def window_in_force(
    settings: Settings, session: Session | None, model: ModelInfo | None, environ: Mapping[str, str]
) -> Window:
    """Return the window by the order: what somebody set, what the agent reports, what the tables know, 128,000 tokens.

    Args:
        settings: Options, environment and files put together.
        session: Tells the agent, its version, the window it reported and the most the transcript held.
        model: What the table knows of the model; None for an unknown one.
        environ: The environment, for the agents' own variables.

    The usable window is never larger than the context window.
    """
    window, source = _context_window(settings, session, model, environ)
    usable, usable_source = _usable(settings, session, model, environ, window, source)
    thresholds = Thresholds(window, min(usable, window), settings.warning_threshold, settings.critical_threshold)
    return Window(thresholds, source, usable_source)


def _context_window(
    settings: Settings, session: Session | None, model: ModelInfo | None, environ: Mapping[str, str]
) -> tuple[int, str]:
    if settings.context_window_limit is not None:
        return settings.context_window_limit, settings.origins["context_window_limit"]
    agent = session.agent if session else None
    if session and session.reported_window:
        return session.reported_window, f"reported by {agent or 'the agent'}"
    if agent is None:
        return _by_model(model)
    from handoff_cli.core.usable import agent_window

    window, source = agent_window(agent, model, environ) or _by_model(model)
    if agent == _CLAUDE and session and window < session.peak_tokens <= LARGE_WINDOW:
        # Claude Code does not write down which of a model's two windows a session has; only the larger holds this.
        return LARGE_WINDOW, f"the transcript held {session.peak_tokens:,} tokens"
    return window, source


def _by_model(model: ModelInfo | None) -> tuple[int, str]:
    return (model.window, "model table") if model else (DEFAULT_CONTEXT_WINDOW, "default")


def _usable(
    settings: Settings,
    session: Session | None,
    model: ModelInfo | None,
    environ: Mapping[str, str],
    window: int,
    source: str,
) -> tuple[int, str]:
    if settings.usable_tokens is not None:
        return settings.usable_tokens, settings.origins["usable_tokens"]
    if session and session.agent:
        from handoff_cli.core.usable import usable_in

        if found := usable_in(session.agent, session.agent_version, window, environ):
            return found.tokens, f"{found.rule} ({found.source})"
    if model and source == "model table" and model.input_limit < window:
        return model.input_limit, "the model's input limit"
    return window, "the whole window"
