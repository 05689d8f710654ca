"""The context window in force, and how much of it an agent lets a session use before it compacts by itself."""

from __future__ import annotations

from handoff_cli.constants import DEFAULT_CONTEXT_WINDOW, MAX_CONTEXT_WINDOW
from handoff_cli.core.record import Record
from handoff_cli.core.usage import Thresholds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoff_cli.core.session import Session
    from handoff_cli.core.settings import Settings
    from handoff_cli.models.lookup import ModelInfo

LARGE_WINDOW = 1_000_000
_CLAUDE = "claude"

WRITTEN_IN_ID = "the model id"
"""The source of a window that stands in the id itself, as in ``[1m]``: it goes before what an agent usually gives."""


class UsableWindow(Record):
    """``tokens`` of the window that can be used, the ``source`` of the figure and the ``rule`` it is reached by."""

    tokens: int
    source: str
    rule: str


class UsableRule(Record):
    """A line of the table: which part of the window remains, for which agent, versions and windows.

    ``since`` and ``until`` are versions, ``smallest`` and ``largest`` windows in tokens, all inclusive, None for any.
    What remains is ``share`` (0..1) of the window less ``reserve`` tokens.
    """

    agent: str
    source: str
    since: str | None = None
    until: str | None = None
    smallest: int | None = None
    largest: int | None = None
    share: float = 1.0
    reserve: int = 0


_MEASURED = "measured: 78 automatic compactions in 274 sessions"
_CLINE = "cline/cline, context-window-utils.ts"
_CODEX = "openai/codex#40095"
LEAST_SHARE = 0.5
"""A reserve meant for a large window must not eat a small one."""

USABLE_RULES = (
    UsableRule("claude", _MEASURED + " (2.0.64 to 2.1.20)", until="2.1.24", reserve=45_000),
    UsableRule("claude", "documented for Sonnet 5: 967k", smallest=1_000_000, reserve=33_000),
    UsableRule("claude", _MEASURED + " (2.1.25 to 2.1.42)", reserve=33_000),
    UsableRule("codex", _CODEX, smallest=258_400, largest=258_400, reserve=13_600),
    UsableRule("codex", _CODEX, share=0.9),
    UsableRule("gemini", "google-gemini/gemini-cli, DEFAULT_COMPRESSION_TOKEN_THRESHOLD", share=0.5),
    UsableRule("cline", _CLINE, smallest=64_000, largest=64_000, reserve=27_000),
    UsableRule("cline", _CLINE, smallest=128_000, largest=128_000, reserve=30_000),
    UsableRule("cline", _CLINE, smallest=200_000, reserve=40_000),
    UsableRule("cline", _CLINE, share=0.8),
    UsableRule("opencode", "sst/opencode, overflow.ts, with 32k of output", reserve=52_000),
    UsableRule("pi", "pi's source: the reserve before it compacts", reserve=16_384),
    UsableRule("goose", "goose's source: compacts at 80 %", share=0.8),
    UsableRule("copilot", "github/copilot-cli#1761", share=0.95),
)
"""The first line that fits counts. Claude Code 2.1.21 to 2.1.24 was not measured: it gets the smaller figure."""


AGENT_WINDOWS = (
    ("claude", "claude-opus-4 claude-sonnet-4 claude-haiku-4 claude-4 claude-3", 200_000, "Claude Code, model-config"),
    ("claude", "claude-opus-4-7 claude-opus-4-8", 1_000_000, "Claude Code, model-config"),
    ("copilot", "claude-opus-4-6 claude-opus-4-7", 144_000, "litellm, github_copilot"),
    ("copilot", "gpt-5", 272_000, "litellm, github_copilot"),
    ("codex", "gpt-5", 272_000, "openai/codex, models.json"),
    ("claude", "unknown", 200_000, "Claude Code, model-config"),
    ("codex", "unknown", 272_000, "openai/codex, models.json"),
    ("gemini", "unknown", 1_048_576, "google-gemini/gemini-cli, tokenLimits.ts"),
)
"""Agent, beginnings of model ids, the window it gives them, source: where it is not the model's own, or the model is
unknown. Claude Code gives the 4.6 models 200,000 unless asked for ``[1m]``, which its transcripts do not show."""

_CLAUDE_OUTPUT_RESERVE = 20_000
_CLAUDE_WINDOWS = (100_000, 1_000_000)
_CLAUDE_SMALL = 200_000
_SET = ("1", "true", "yes", "on")


def agent_window(agent: str | None, model: ModelInfo | None, environ: Mapping[str, str]) -> tuple[int, str] | None:
    """Return the window ``agent`` gives ``model`` and where that is written, None where it is the model's own.

    Claude Code's ``CLAUDE_CODE_MAX_CONTEXT_TOKENS`` and ``CLAUDE_CODE_DISABLE_1M_CONTEXT`` count.
    """
    if agent == "claude":
        largest = whole_number(environ.get("CLAUDE_CODE_MAX_CONTEXT_TOKENS"), 1, MAX_CONTEXT_WINDOW)
        if largest:
            return largest, "CLAUDE_CODE_MAX_CONTEXT_TOKENS"
        if model and model.window > _CLAUDE_SMALL and _is_set(environ, "CLAUDE_CODE_DISABLE_1M_CONTEXT"):
            return _CLAUDE_SMALL, "CLAUDE_CODE_DISABLE_1M_CONTEXT"
    if model and model.source == WRITTEN_IN_ID:
        return None
    pattern = model.pattern if model else "unknown"
    found = [
        (len(beginning), window, source)
        for name, beginnings, window, source in AGENT_WINDOWS
        for beginning in beginnings.split()
        if name == agent and pattern.startswith(beginning)
    ]
    return max(found)[1:] if found else None


def usable_in(agent: str, version: str | None, window: int, environ: Mapping[str, str]) -> UsableWindow | None:
    """Return what ``usable_tokens`` does, as the agent's own variables change it; None for an agent nobody knows.

    Of Claude Code's, ``CLAUDE_CODE_AUTO_COMPACT_WINDOW`` takes the place of a larger window,
    ``CLAUDE_AUTOCOMPACT_PCT_OVERRIDE`` is a share of it less 20,000 tokens and can only lower the point
    (anthropics/claude-code#31806), and with ``DISABLE_AUTO_COMPACT`` all of the window can be used.
    """
    if all(rule.agent != agent for rule in USABLE_RULES):
        return None
    if agent != "claude":
        return usable_tokens(agent, version, window)
    if _is_set(environ, "DISABLE_AUTO_COMPACT") or _is_set(environ, "DISABLE_COMPACT"):
        return UsableWindow(window, "DISABLE_AUTO_COMPACT", "the whole window")
    name = "CLAUDE_CODE_AUTO_COMPACT_WINDOW"
    counted = whole_number(environ.get(name), *_CLAUDE_WINDOWS) or window
    found = usable_tokens(agent, version, min(window, counted))
    if counted < window:
        found = found.replace(source=f"{name}={counted}")
    name = "CLAUDE_AUTOCOMPACT_PCT_OVERRIDE"
    percent = whole_number(environ.get(name), 1, 100)
    asked = (min(window, counted) - _CLAUDE_OUTPUT_RESERVE) * percent // 100 if percent else found.tokens
    return (
        UsableWindow(asked, name, f"{percent} % of the window less 20,000 tokens")
        if 0 < asked < found.tokens
        else found
    )


def whole_number(text: str | None, least: int, most: int) -> int | None:
    """Return ``text`` as a whole number from ``least`` to ``most``, None where it is none."""
    if text is None or not text.isascii() or not text.isdecimal() or len(text) > len(str(most)):
        return None
    return int(text) if least <= int(text) <= most else None


def _is_set(environ: Mapping[str, str], name: str) -> bool:
    return environ.get(name, "").lower() in _SET


def usable_tokens(agent: str | None, version: str | None, window: int) -> UsableWindow:
    """Return the usable part of a ``window`` of tokens; the whole where nothing is known of the agent.

    Args:
        agent: ``claude``, ``codex``, ``gemini`` and so on; None if no agent is known.
        version: The agent's version; None or unreadable counts as the newest.
        window: The context window in tokens, as the agent reports it.
    """
    for rule in USABLE_RULES:
        if rule.agent == agent and _fits(rule, version, window):
            return _applied(rule, window)
    return UsableWindow(window, "no agent that compacts is known", "the whole window")


def _fits(rule: UsableRule, version: str | None, window: int) -> bool:
    known = _numbers(version)
    if not known:
        in_versions = rule.until is None
    else:
        in_versions = _numbers(rule.since) <= known and (rule.until is None or known <= _numbers(rule.until))
    above = rule.smallest is None or window >= rule.smallest
    return in_versions and above and (rule.largest is None or window <= rule.largest)


def _applied(rule: UsableRule, window: int) -> UsableWindow:
    tokens = round(window * rule.share) - rule.reserve
    least = round(window * LEAST_SHARE)
    if tokens < least:
        return UsableWindow(least, rule.source, f"half the window: less than that would remain of {window:,} tokens")
    part = f"window - {rule.reserve:,} tokens" if rule.reserve else f"{rule.share:.0%} of the window"
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
    if session and session.agent and (found := usable_in(session.agent, session.agent_version, window, environ)):
        return found.tokens, f"{found.rule} ({found.source})"
    if model and source == "model table" and model.input_limit < window:
        return model.input_limit, "the model's input limit"
    return window, "the whole window"
