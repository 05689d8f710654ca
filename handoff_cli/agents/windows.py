"""The context window in force, and how much of it an agent lets a session use before it compacts by itself.

What is particular to an agent stands in its file: ``WINDOWS``, rows of ``(beginnings of model ids, window, source)``
for where the window it gives a model is not the model's own, ``unknown`` meaning a model that nobody knows;
``USABLE``, a table of ``UsableRule``; ``window(model_id, model, environ)`` and
``usable(version, window, model_id, model, environ)`` where settings or variables of the agent's own change what the
tables say; ``LARGER_WINDOW``, the window a session must have
that holds more than the one it was thought to have.
"""

from __future__ import annotations

from handoff_cli.constants import DEFAULT_CONTEXT_WINDOW
from handoff_cli.core.record import Record
from handoff_cli.core.usage import Thresholds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from handoff_cli.core.session import Session, WindowFacts
    from handoff_cli.core.settings import Settings
    from handoff_cli.models.lookup import ModelInfo

    Told = Session | WindowFacts

LEAST_SHARE = 0.5
"""A reserve meant for a large window must not eat a small one."""


class UsableWindow(Record):
    """``tokens`` of the window that can be used, the ``source`` of the figure and the ``rule`` it is reached by."""

    tokens: int
    source: str
    rule: str


class UsableRule(Record):
    """A line of an agent's table: which part of the window remains, for which versions and windows.

    ``source`` is where that is known from. ``since`` and ``until`` are versions, ``smallest`` and ``largest`` windows
    in tokens, all inclusive, None for any; ``models`` are beginnings of model ids, apart by blanks, empty for any.
    What remains is ``share`` (0..1) of the window less ``reserve`` tokens.
    """

    source: str
    since: str | None = None
    until: str | None = None
    smallest: int | None = None
    largest: int | None = None
    models: str = ""
    share: float = 1.0
    reserve: int = 0


class Window(Record):
    """The context window in force: ``thresholds``, and where its size and the usable part of it came from.

    ``source`` is a setting's origin (option, environment variable or file), ``reported by`` an agent, an agent's own
    variable or table, ``model table`` or ``default``; ``usable_source`` likewise, or the rule of the agent.
    """

    thresholds: Thresholds
    source: str
    usable_source: str


def window_in_force(
    settings: Settings, session: Told | None, model: ModelInfo | None, environ: Mapping[str, str]
) -> Window:
    """Return the window by the order: what somebody set, what the agent reports, what the tables know, 128,000 tokens.

    Args:
        settings: Options, environment and files put together.
        session: Tells the agent, its version, the window it reported and how much the context holds.
        model: What the table knows of the model; None for an unknown one.
        environ: The environment, for the agents' own variables.

    The usable window is never larger than the context window.
    """
    agent = _module_of(session.agent) if session else None
    window, source = _context_window(settings, session, agent, model, environ)
    usable, usable_source = _usable(settings, session, agent, model, environ, window, source)
    thresholds = Thresholds(window, min(usable, window), settings.warning_threshold, settings.critical_threshold)
    return Window(thresholds, source, usable_source)


def by_rules(
    rules: tuple[UsableRule, ...], version: str | None, window: int, model: ModelInfo | None = None
) -> UsableWindow | None:
    """Return the usable part of ``window`` by the first of ``rules`` that fits, None where none does."""
    return next((_applied(rule, window) for rule in rules if _fits(rule, version, window, model)), None)


def whole_number(text: str | None, least: int, most: int) -> int | None:
    """Return ``text`` as a whole number from ``least`` to ``most``, None where it is none."""
    if text is None or not text.isascii() or not text.isdecimal() or len(text) > len(str(most)):
        return None
    return int(text) if least <= int(text) <= most else None


def _module_of(name: str | None) -> Any:
    """Return the file of the agent the ledger calls ``name``, None for one that is not registered (any more)."""
    if name is None:
        return None
    from handoff_cli.agents import AGENTS

    return next((agent.load() for agent in AGENTS if agent.name == name), None)


def _context_window(
    settings: Settings,
    session: Told | None,
    agent: Any,
    model: ModelInfo | None,
    environ: Mapping[str, str],
) -> tuple[int, str]:
    if settings.context_window_limit is not None:
        return settings.context_window_limit, settings.origins["context_window_limit"]
    if session and session.reported_window:
        return session.reported_window, f"reported by {session.agent or 'the agent'}"
    if agent is None or session is None:
        return _by_model(model)
    window, source = _given_by(agent, session.model, model, environ) or _by_model(model)
    if window < session.total_tokens <= (larger := getattr(agent, "LARGER_WINDOW", 0)):
        # Claude Code did not always write down which of a model's two windows a session has; only one holds this.
        return larger, f"the context holds {session.total_tokens:,} tokens"
    return window, source


def _by_model(model: ModelInfo | None) -> tuple[int, str]:
    return (model.window, "model table") if model else (DEFAULT_CONTEXT_WINDOW, "default")


def _given_by(
    agent: Any, seen: str | None, model: ModelInfo | None, environ: Mapping[str, str]
) -> tuple[int, str] | None:
    """Return the window the agent gives the model and where that is written, None where it is the model's own.

    ``seen`` is the id the session has, for a model that no table knows.
    """
    own: tuple[int, str] | None = None
    if hasattr(agent, "window"):
        own = agent.window(model.model if model else seen, model, environ)
    if own or (model and model.written_in_id):
        return own
    name = "unknown"
    if model:
        from handoff_cli.models.lookup import bare_name

        name = bare_name(model.model)
    found = [
        (len(beginning), window, source)
        for beginnings, window, source in getattr(agent, "WINDOWS", ())
        for beginning in beginnings.split()
        if name.startswith(beginning)
    ]
    return max(found)[1:] if found else None


def _usable(
    settings: Settings,
    session: Told | None,
    agent: Any,
    model: ModelInfo | None,
    environ: Mapping[str, str],
    window: int,
    source: str,
) -> tuple[int, str]:
    if settings.usable_tokens is not None:
        return settings.usable_tokens, settings.origins["usable_tokens"]
    seen = session.model if session else None
    if session and (found := _usable_in(agent, session.agent_version, window, seen, model, environ)):
        return found.tokens, f"{found.rule} ({found.source})"
    if model and source == "model table" and model.input_limit < window:
        return model.input_limit, "the model's input limit"
    return window, "the whole window"


def _usable_in(
    agent: Any, version: str | None, window: int, seen: str | None, model: ModelInfo | None, environ: Mapping[str, str]
) -> UsableWindow | None:
    if hasattr(agent, "usable"):
        found: UsableWindow | None = agent.usable(version, window, model.model if model else seen, model, environ)
        return found
    return by_rules(getattr(agent, "USABLE", ()), version, window, model)


def _fits(rule: UsableRule, version: str | None, window: int, model: ModelInfo | None) -> bool:
    known = _numbers(version)
    if not known:
        in_versions = rule.until is None
    else:
        in_versions = _numbers(rule.since) <= known and (rule.until is None or known <= _numbers(rule.until))
    above = rule.smallest is None or window >= rule.smallest
    of_model = not rule.models or (model is not None and model.model.startswith(tuple(rule.models.split())))
    return in_versions and above and of_model and (rule.largest is None or window <= rule.largest)


def _applied(rule: UsableRule, window: int) -> UsableWindow:
    tokens = round(window * rule.share) - rule.reserve
    least = round(window * LEAST_SHARE)
    if tokens < least:
        return UsableWindow(least, rule.source, f"half the window: less than that would remain of {window:,} tokens")
    part = f"window - {rule.reserve:,} tokens" if rule.reserve else f"{rule.share:.3g} of the window"
    return UsableWindow(tokens, rule.source, part)


def _numbers(version: str | None) -> tuple[int, ...]:
    """Return the leading numbers of a version: ``2.1.20-beta`` is (2, 1, 20), what begins otherwise ()."""
    numbers: list[int] = []
    for part in (version or "").split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits or len(digits) > 9:  # noqa: PLR2004 (no version has a number of a thousand millions)
            break
        numbers.append(int(digits))
        if digits != part:
            break
    return tuple(numbers)
