"""How much of the context window an agent lets a session use before it compacts by itself."""

from __future__ import annotations

from handoff_cli.core.record import Record


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
