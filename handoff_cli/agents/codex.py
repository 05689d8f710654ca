"""OpenAI Codex CLI: hooks laid out as Claude Code's (developers.openai.com/codex/hooks), usage and windows.

``~/.codex/sessions/YYYY/MM/DD/rollout-*.jsonl``; what else is in a rollout is read by ``codex_log``.
"""

from __future__ import annotations

import os

from handoff_cli.agents.hooks import Event as HookEvent
from handoff_cli.agents.hooks import Reply, claude_shaped, claude_shaped_answer
from handoff_cli.agents.windows import UsableRule
from handoff_cli.core.patterns import lazily
from handoff_cli.transcripts.values import as_dict, as_str, time_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.agents.settings import Around, Obstacle, Scope, Target
    from handoff_cli.transcripts.events import Compacted, Used

AGENT = "codex"

RULE = "total tokens of the last token count"
GUESS_RULE = "Codex's own guess after a compaction"
_GUESSED_SHARE = 1.5
"""Codex guesses by bytes and without its tools: 6,858 where the next request held 9,100 (measured with 0.171)."""

TELLING = (b"token_count", b"token_usage_record", b"compacted")


OPENING = ("codex", "{prompt}")  # codex --help: [PROMPT], to start the session
_MEASURED = "measured with 14 models in 0.171"
WINDOWS = (
    ("gpt-5 unknown", 272_000, "openai/codex, models.json"),
    ("gpt-6", 258_400, _MEASURED),
    ("gpt-6.1-sol gpt-6.1-terra gpt-6.2-sol", 475_000, _MEASURED),
)
USABLE = (
    UsableRule("openai/codex#40095", smallest=272_000, largest=272_000, share=0.9),
    UsableRule("openai/codex#40095; " + _MEASURED, share=18 / 19),
)
"""Codex reports 95 % of a model's window and compacts at 90 % of it; older versions reported all of it, 272,000."""

ADVICE = "Codex runs new hooks only after you trust them: type /hooks in it"

KINDS = {
    "SessionStart": "start",
    "UserPromptSubmit": "prompt",
    "PostToolUse": "tool",
    "Stop": "stop",
    "PreCompact": "compacting",
    "PostCompact": "compacted",
}
LISTENING = ("SessionStart", "UserPromptSubmit", "PostToolUse")

_SUBAGENT = lazily(rb'"source"\s*:\s*\{\s*"sub_?agent"|"thread_source"\s*:\s*"sub')
_UUID_CHARS = 36


def logs(search: Search) -> Iterator[Log]:
    """Yield the rollouts of all projects, in folders by day and in the archive."""
    from handoff_cli.agents.search import files, folders, made

    root = search.root("CODEX_HOME", ".codex")
    days = [
        day
        for year in folders(os.path.join(root, "sessions"), newest_name_first=True)
        for month in folders(year, newest_name_first=True)
        for day in folders(month, newest_name_first=True)
    ]
    for day in [*days, os.path.join(root, "archived_sessions")]:
        for log in made("codex", "codex", files(day, r"rollout-.+\.jsonl")):
            yield log.replace(session=log.session[-_UUID_CHARS:])


def folder_of(log: Log) -> str | None:
    """Return where the session was begun, None for a subagent's, which writes a rollout of its own."""
    from handoff_cli.agents.search import cwd_in, head_of

    head = head_of(log.path)
    return None if _is_subagents(head) else cwd_in(head)


def is_subagents(path: str) -> bool:
    """Return whether the rollout at ``path`` is a subagent's."""
    from handoff_cli.agents.search import head_of

    return _is_subagents(head_of(path))


def _is_subagents(head: bytes) -> bool:
    return _SUBAGENT.search(head.partition(b"\n")[0]) is not None


def event_of(payload: Mapping[str, Any], _name: str, _environ: Mapping[str, str]) -> HookEvent | None:
    """Return what the hook's input says, None where it is nothing for us."""
    return claude_shaped(payload, KINDS, None)


def answer(event: HookEvent, reply: Reply) -> str:
    """Return the hook's output. Codex wants JSON after a turn, and refuses members it does not know."""
    return claude_shaped_answer(event, reply, LISTENING) or ("{}" if event.kind == "stop" else "")


def obstacles(around: Around) -> Iterator[Obstacle]:
    """Yield what keeps hooks from running (developers.openai.com/codex/hooks)."""
    from handoff_cli.agents.settings import Obstacle, Switch, member, read_settings, switched_off

    home = around.root("CODEX_HOME", ".codex")
    config = os.path.join(home, "config.toml")
    off = [Switch(f"features.{name}", False) for name in ("hooks", "codex_hooks")]
    yield from switched_off((config, os.path.join(around.project, ".codex", "config.toml")), *off)
    admin = "ask whoever manages this machine to allow them"
    managed = Switch("allow_managed_hooks_only", True, admin)
    yield from switched_off(("/etc/codex/requirements.toml",), managed, Switch("features.hooks", False, admin))
    state = member(read_settings(config), "hooks.state")
    known = [value for key, value in state.items() if "hooks.json" in key] if isinstance(state, dict) else []
    if not any(isinstance(value, dict) and value.get("trusted_hash") for value in known):
        yield Obstacle("Codex has noted no trust in the hooks of a hooks.json yet", ADVICE, certain=False)


def targets(scope: Scope) -> list[Target]:
    """Return the settings to change. The command stays the same from run to run: Codex asks to trust each new one."""
    from handoff_cli.agents.settings import SettingsEntry, Target, argv, command_line

    home = scope.environ.get("CODEX_HOME") if scope.user else None
    folder = home or os.path.join(scope.root, ".codex")
    handler = {"type": "command", "command": command_line("hook", "codex"), "timeout": 30}
    entries = tuple(SettingsEntry(("hooks", name), {"hooks": [handler]}) for name in KINDS)
    found = [Target(os.path.join(folder, "hooks.json"), "json", entries)]
    if scope.mcp:
        program, *arguments = argv("mcp")
        table = (("mcp_servers", "handoff"), {"command": program, "args": arguments})
        found.append(Target(os.path.join(folder, "config.toml"), "toml", table))
    return found


def sniff(head: str) -> float:
    """Rows with a payload under Codex's own types."""
    if not head.startswith("{") or '"payload"' not in head:
        return 0.0
    types = ("session_meta", "response_item", "event_msg", "turn_context", "compacted", "world_state")
    return 0.95 if any(f'"{name}"' in head for name in types) else 0.0


def model_of(row: dict[str, Any]) -> str:
    """Return the model a row names, empty where it names none."""
    return as_str(as_dict(row.get("payload")).get("model")) if row.get("type") == "turn_context" else ""


def usage_of(row: dict[str, Any]) -> Used | Compacted | None:
    """Return what a row says of the context: its usage, that it was compacted, or None.

    ``total_token_usage`` adds up the whole session and is no size; ``info`` is null on rows about rate limits only.
    A count whose parts are all zero is Codex's own guess.
    """
    from handoff_cli.transcripts.events import Compacted, Used  # not where only the window is asked for

    payload, time = as_dict(row.get("payload")), time_of(row.get("timestamp"))
    if row.get("type") == "token_usage_record":
        tokens = tokens_of(as_dict(payload.get("usage")).get("total_tokens"))
        key = as_str(payload.get("response_id")) or None
        return Used(tokens, RULE, key, None, time) if tokens else None
    kind = payload.get("type") if row.get("type") == "event_msg" else None
    if row.get("type") == "compacted" or kind == "context_compacted":
        return Compacted(time=time)
    if kind != "token_count":
        return None
    info = as_dict(payload.get("info"))
    last, window = as_dict(info.get("last_token_usage")), tokens_of(info.get("model_context_window"))
    tokens = tokens_of(last.get("total_tokens"))
    if not tokens:
        return None
    if last.get("input_tokens") == 0 and not last.get("output_tokens"):
        return Used(
            tokens=tokens,
            rule=GUESS_RULE,
            window=window,
            time=time,
            method="estimated",
            responded=False,
            low=tokens,
            high=round(tokens * _GUESSED_SHARE),
        )
    total = tokens_of(as_dict(info.get("total_token_usage")).get("total_tokens"))
    return Used(tokens, RULE, total, window, time)
