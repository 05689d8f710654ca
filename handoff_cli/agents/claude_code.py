"""Claude Code (code.claude.com/docs: hooks, statusline, settings), and what its log says of the model.

``~/.claude/projects/<project>/<session>.jsonl``; what else is in it is read by ``claude_code_log``.
"""

from __future__ import annotations

import os

from handoff_cli.agents import find_agent
from handoff_cli.agents.windows import UsableRule, UsableWindow, by_rules, whole_number
from handoff_cli.constants import MAX_CONTEXT_WINDOW
from handoff_cli.core.patterns import lazily
from handoff_cli.transcripts.values import MAX_ROW_BYTES, as_dict, as_list, as_str, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from handoff_cli.agents.hooks import Event as HookEvent
    from handoff_cli.agents.hooks import Reply
    from handoff_cli.agents.search import Log, Search
    from handoff_cli.agents.settings import Around, Obstacle, Scope, Target
    from handoff_cli.models.lookup import ModelInfo
    from handoff_cli.transcripts.events import Compacted

AGENT = "claude"

_LARGE_BETA = "context-1m-"
_SMALL_WINDOW = 200_000
_UNSEEN_TOKENS = 10_000
"""Instructions and tools where no response tells: 9,891 were measured in 2.1.332 without any of the user's own."""

LARGER_WINDOW = 1_000_000
OPENING = ("claude", "{prompt}")  # claude --help: the prompt of an interactive session
WINDOWS = (
    ("claude-opus-4 claude-sonnet-4 claude-haiku-4 claude-4 claude-3 unknown", 200_000, "Claude Code, model-config"),
    ("claude-opus-4-7 claude-opus-4-8", 1_000_000, "Claude Code, model-config"),
)
"""Claude Code gives the 4.6 models 200,000 unless asked for ``[1m]``."""

_MEASURED = "measured: 78 automatic compactions in 274 sessions"
USABLE = (
    UsableRule("measured: Sonnet 5 [1m] in 2.1.332 compacts at 934k", models="claude-sonnet-5[1m]", reserve=66_000),
    UsableRule(_MEASURED + " (2.0.64 to 2.1.20)", until="2.1.24", reserve=45_000),
    UsableRule("documented for Sonnet 5: 967k", smallest=1_000_000, reserve=33_000),
    UsableRule(_MEASURED + " (2.1.25 to 2.1.42)", reserve=33_000),
)
"""The first line that fits counts. 2.1.21 to 2.1.24 were not measured: they get the smaller figure."""

_OUTPUT_RESERVE = 20_000
_HEADLESS = UsableRule("measured: Sonnet 4.5, headless, goes on past 179k", models="claude-sonnet-4-5", reserve=20_000)
_COMPACT_WINDOWS = (100_000, 1_000_000)
_MOST_SETTINGS_BYTES = 1 << 20
_SET = ("1", "true", "yes", "on")

_OTHER = lazily(r"[^A-Za-z0-9]")
_SLUG_CHARS = 200
_ANTHROPIC = lazily(r"https://([\w-]+\.)*anthropic\.com(?![\w.-])")
_MAIN_CHAIN = lazily(rb'"isSidechain"\s*:\s*false')
_LOOKED_AT_BYTES = 1 << 20

KINDS = {
    "SessionStart": "start",
    "UserPromptSubmit": "prompt",
    "PostToolUse": "tool",
    "PostToolUseFailure": "tool",
    "Stop": "stop",
    "PreCompact": "compacting",
    "PostCompact": "compacted",
    "SessionEnd": "end",
}
LISTENING = ("SessionStart", "UserPromptSubmit", "PostToolUse", "PostToolUseFailure")
"""Stop would read context too, but takes it as a reason to go on with the turn."""

_TIMEOUTS_SECONDS = {"PreCompact": 60, "SessionEnd": 2}
_TIMEOUT_SECONDS = 20


def logs(search: Search) -> Iterator[Log]:
    """Yield the logs in ``projects/<folder, every sign a dash>/``; several folders may share such a name."""
    from handoff_cli.agents.search import files, folders, made

    roots = [search.root("CLAUDE_CONFIG_DIR", ".claude")]
    if not search.environ.get("CLAUDE_CONFIG_DIR"):
        roots.append(os.path.join(search.home, ".config", "claude"))
    slugs = {_slug(name) for name in (*search.names, *search.above)}
    below = tuple(f"{_slug(name)}-" for name in search.names)
    renamed = _slug(search.environ.get("CLAUDE_CODE_PROJECT_DIR_NAME", ""))
    for root in roots:
        for folder in folders(os.path.join(root, "projects")):
            name = os.path.basename(folder)
            likely = name == renamed or any(_is_slug(name, slug) for slug in slugs)
            if likely or not slugs or name.startswith(below):
                found = files(folder, r"(?!agent-).+\.jsonl")
                yield from made("claude", "claude_code", found, likely=likely)


def folder_of(log: Log) -> str | None:
    """Return where the session was begun, None for a file that holds none: a title alone, or a subagent's rows."""
    from handoff_cli.agents.search import cwd_in
    from handoff_cli.transcripts.source import Source

    read, said = 0, False
    for line in Source(log.path, part=(0, 2 * MAX_ROW_BYTES)).lines():
        if _MAIN_CHAIN.search(line):
            said = True
            if folder := cwd_in(line):
                return folder
        elif not isinstance(decode(line), dict):
            said = True  # the first row may be half written yet
        if (read := read + len(line)) > _LOOKED_AT_BYTES:
            return ""
    return "" if said else None


def _slug(path: str) -> str:
    """Return the name of a folder's logs: of every sign a dash, of one outside of the basic plane two."""
    return _OTHER.sub(lambda sign: "-" if sign[0] < "\U00010000" else "--", path)


def _is_slug(name: str, slug: str) -> bool:
    """A name of more than 200 characters is cut there and told apart by a hash."""
    return name == slug or (len(slug) > _SLUG_CHARS and name.startswith(slug[:_SLUG_CHARS] + "-"))


def window(_id: str | None, model: ModelInfo | None, environ: Mapping[str, str]) -> tuple[int, str] | None:
    """Return the window that a variable of Claude Code's sets, and the variable."""
    largest = whole_number(environ.get("CLAUDE_CODE_MAX_CONTEXT_TOKENS"), 1, MAX_CONTEXT_WINDOW)
    if largest:
        return largest, "CLAUDE_CODE_MAX_CONTEXT_TOKENS"
    if model and model.window > _SMALL_WINDOW and _is_set(environ, "CLAUDE_CODE_DISABLE_1M_CONTEXT"):
        return _SMALL_WINDOW, "CLAUDE_CODE_DISABLE_1M_CONTEXT"
    server = environ.get("ANTHROPIC_BASE_URL", "")
    if server and not _ANTHROPIC.match(server) and model and not model.written_in_id:
        # Measured with 2.1.332: of a server that is not Anthropic's it expects no more.
        return min(model.window or _SMALL_WINDOW, _SMALL_WINDOW), "ANTHROPIC_BASE_URL"
    return None


def usable(
    version: str | None, window: int, _id: str | None, model: ModelInfo | None, environ: Mapping[str, str]
) -> UsableWindow | None:
    """Return the usable part of ``window`` as the table has it and Claude Code's own variables change it.

    ``CLAUDE_CODE_AUTO_COMPACT_WINDOW`` takes the place of a larger window, and so does ``autoCompactWindow`` of the
    user's settings, for all models or for one (what ``/autocompact`` writes, 2.1.311). A share,
    ``CLAUDE_AUTOCOMPACT_PCT_OVERRIDE``, is of that less 20,000 tokens and can only lower the point
    (anthropics/claude-code#31806); with ``DISABLE_AUTO_COMPACT`` all of the window can be used.
    """
    if _is_set(environ, "DISABLE_AUTO_COMPACT") or _is_set(environ, "DISABLE_COMPACT"):
        return UsableWindow(window, "DISABLE_AUTO_COMPACT", "the whole window")
    name = "CLAUDE_CODE_AUTO_COMPACT_WINDOW"
    asked_for = whole_number(environ.get(name), *_COMPACT_WINDOWS)
    if asked_for is None:
        name, asked_for = _set_by_user(model, environ)
    counted = min(window, asked_for or window)
    headless = (_HEADLESS,) if environ.get("CLAUDE_CODE_ENTRYPOINT", "").startswith("sdk") else ()
    found = by_rules((*headless, *USABLE), version, counted, model)
    if found and counted < window:
        found = found.replace(source=f"{name}={counted}")
    name = "CLAUDE_AUTOCOMPACT_PCT_OVERRIDE"
    percent = whole_number(environ.get(name), 1, 100)
    asked = (counted - _OUTPUT_RESERVE) * percent // 100 if percent else 0
    if found and 0 < asked < found.tokens:
        return UsableWindow(asked, name, f"{percent} % of the window less 20,000 tokens")
    return found


def _set_by_user(model: ModelInfo | None, environ: Mapping[str, str]) -> tuple[str, int | None]:
    """Return the setting that moves the point of compaction, the model's own first, and its tokens if it is set."""
    from handoff_cli.models.lookup import bare_name
    from handoff_cli.transcripts.source import plain

    home = environ.get("CLAUDE_CONFIG_DIR") or os.path.join(os.path.expanduser("~"), ".claude")
    try:
        with open(os.path.join(home, "settings.json"), "rb", opener=plain) as file:
            settings = as_dict(decode(file.read(_MOST_SETTINGS_BYTES)))
    except OSError:
        return "", None
    by_model = as_dict(settings.get("modelSettings"))
    own = [by_model[name] for name in by_model if model and bare_name(name) == bare_name(model.model)]
    for name, found in (*(("modelSettings", it) for it in own), ("settings.json", settings)):
        tokens = as_dict(found).get("autoCompactWindow")
        if type(tokens) is int and _COMPACT_WINDOWS[0] <= tokens <= _COMPACT_WINDOWS[1]:
            return f"autoCompactWindow of {name}", tokens
    return "", None


def _is_set(environ: Mapping[str, str], name: str) -> bool:
    return environ.get(name, "").lower() in _SET


def event_of(payload: Mapping[str, Any], _name: str, environ: Mapping[str, str]) -> HookEvent | None:
    """Return what the hook's input says, None where it is nothing for us."""
    from handoff_cli.agents.hooks import claude_shaped

    # The working directory follows the agent's cd; the project stays.
    return claude_shaped(payload, KINDS, environ.get("CLAUDE_PROJECT_DIR"))


def answer(event: HookEvent, reply: Reply) -> str:
    """Return the hook's output: JSON, or nothing. What is said before a compaction or at the end is discarded."""
    if event.kind in ("compacting", "compacted", "end"):
        return ""
    from handoff_cli.agents.hooks import claude_shaped_answer

    return claude_shaped_answer(event, reply, LISTENING)


def targets(scope: Scope) -> list[Target]:
    """Return the settings to change: the user's own, or the project's local ones, which are not committed.

    The commands hold this machine's paths, so they have no place in the settings a team shares.
    """
    from handoff_cli.agents.settings import Target, mcp_entry

    if scope.user:
        folder = scope.environ.get("CLAUDE_CONFIG_DIR") or os.path.join(scope.root, ".claude")
        settings = os.path.join(folder, "settings.json")
    else:
        settings = os.path.join(scope.root, ".claude", "settings.local.json")
    found = [Target(settings, "json", tuple(_entries()))]
    if scope.mcp:
        name = ".claude.json" if scope.user else ".mcp.json"
        found.append(Target(os.path.join(scope.root, name), "json", (mcp_entry(),)))
    return found


def obstacles(around: Around) -> Iterator[Obstacle]:
    """Yield what keeps hooks from running (code.claude.com/docs: hooks, settings)."""
    from handoff_cli.agents.settings import Obstacle, Switch, machine_file, switched_off

    managed = machine_file(
        "/etc/claude-code/managed-settings.json",
        "/Library/Application Support/ClaudeCode/managed-settings.json",
        r"C:\Program Files\ClaudeCode\managed-settings.json",
    )
    own = os.path.join(around.root("CLAUDE_CONFIG_DIR", ".claude"), "settings.json")
    project = (os.path.join(around.project, ".claude", name) for name in ("settings.json", "settings.local.json"))
    yield from switched_off((own, *project, managed), Switch("disableAllHooks", True))
    admin = "ask whoever manages this machine to allow them"
    yield from switched_off((managed,), Switch("allowManagedHooksOnly", True, admin))
    yield from switched_off((managed,), *(Switch("strictPluginOnlyCustomization", it, admin) for it in (True, "hooks")))
    for name in ("CLAUDE_CODE_SIMPLE", "CLAUDE_CODE_SAFE_MODE"):
        if around.environ.get(name):
            yield Obstacle(f"hooks are switched off: {name} is set", "unset it, or hooks stay silent")


def hook_group(name: str, line: str) -> dict[str, Any]:
    """Return the settings of the hook ``name``, which runs ``line``."""
    timeout = _TIMEOUTS_SECONDS.get(name, _TIMEOUT_SECONDS)
    return {"hooks": [{"type": "command", "command": line, "timeout": timeout}]}


def _entries() -> list[Any]:
    from handoff_cli.agents.settings import SettingsEntry, command_line

    found = [SettingsEntry(("hooks", name), hook_group(name, command_line("hook", "claude-code"))) for name in KINDS]
    line = {"type": "command", "command": command_line("statusline"), "padding": 0}
    return [*found, SettingsEntry(("statusLine",), line, "member")]


def sniff(head: str) -> float:
    """Rows that name their session and their parent row are Claude Code's."""
    if not head.startswith("{"):
        return 0.0
    found = sum(mark in head for mark in find_agent(AGENT).marks)
    return 0.95 if found > 1 and '"type"' in head and '"projectHash"' not in head else 0.0


class Models:
    """The models as they were asked for: the rows of responses leave out ``[1m]``, others have it.

    Up to 2.1.331 no row has it; then a context of more than 200,000 tokens tells.
    """

    def __init__(self) -> None:
        self._asked: dict[str, str] = {}

    def see(self, row: dict[str, Any]) -> None:
        """Take in what ``row`` tells of a model that is asked for."""
        if (asked := asked_for(row)) and (asked.endswith("]") or row.get("type") == "attachment"):
            self._asked[asked.partition("[")[0]] = asked

    def name(self, model: str, tokens: int = 0) -> str:
        """Return ``model``, which held ``tokens``, as it was asked for."""
        if tokens > _SMALL_WINDOW:
            self._asked[model] = with_window(self._asked.get(model, model), tokens)
        return self._asked.get(model, model)


def asked_for(row: dict[str, Any]) -> str | None:
    """Return the model that a row says is asked for, with its ``[1m]``; None for a row that does not say."""
    if row.get("type") == "attachment":
        attachment = as_dict(row.get("attachment"))
        identity = as_dict(attachment.get("identity")) if attachment.get("type") == "model" else {}
        return as_str(identity.get("modelId")) or None
    if row.get("type") != "api-request" or row.get("isSidechain") is True:
        return None
    params = as_dict(row.get("params"))
    model = as_str(params.get("model"))
    large = any(as_str(beta).startswith(_LARGE_BETA) for beta in as_list(params.get("betas")))
    return f"{model}[1m]" if model and large and "[" not in model else model or None


def with_window(model: str, tokens: int) -> str:
    """Return ``model`` with the larger of its windows where only that one holds ``tokens``."""
    larger = tokens > _SMALL_WINDOW and "[" not in model and model.startswith("claude-")
    return f"{model}[1m]" if larger else model


def with_rest(event: Compacted, first: int | None) -> Compacted:
    """Return ``event`` with what its tokens leave out: they are of the conversation alone (claude-code#87602).

    What the ``first`` response was sent is instructions, tools and a prompt; of a session that began large, half of
    what the compaction took away at most.
    """
    if event.after is None:
        return event
    if first is None or event.before is None:
        return event.replace(more=_UNSEEN_TOKENS)
    return event.replace(more=max(min(first, (event.before - event.after) // 2), 1))


def is_prompt(row: dict[str, Any]) -> bool:
    """Return whether ``row`` is what the user asked, and no answer of a tool."""
    if row.get("type") != "user" or row.get("isMeta") is True or "toolUseResult" in row:
        return False
    content = as_list(as_dict(row.get("message")).get("content"))
    return not any(as_dict(block).get("type") == "tool_result" for block in content)
