"""opencode: a plugin of a few lines that calls ``handoff hook`` (opencode.ai/docs/plugins).

Its store is read by ``opencode_log``.
"""

from __future__ import annotations

import json
import os

from handoff_cli.agents.hooks import Event as HookEvent
from handoff_cli.agents.hooks import Reply, count_of, text_of
from handoff_cli.agents.windows import UsableRule, UsableWindow, by_rules
from handoff_cli.transcripts.values import as_dict, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.agents.settings import Around, Obstacle, Scope, Target
    from handoff_cli.models.lookup import ModelInfo

OPENING = ("opencode", "--prompt", "{prompt}")  # opencode.ai/docs/cli
_SOURCE = "sst/opencode, overflow.ts"
_MOST_SETTINGS_CHARS = 1 << 20
_BUFFER, _MOST_OUTPUT = 20_000, 32_000
_SET = ("1", "true")
USABLE = (UsableRule(f"{_SOURCE}, with 32k of output", reserve=_MOST_OUTPUT),)
"""Of a model whose limits nobody configured."""

KINDS = {
    "session.created": "start",
    "chat.message": "prompt",
    "message.updated": "tool",
    "session.idle": "stop",
    "session.compacting": "compacting",
    "session.compacted": "compacted",
}
LISTENING = tuple(name for name in KINDS if name != "session.idle")
"""What is said at any of them is in the system prompt of the next request; after the turn nobody waits for it."""


def logs(search: Search) -> Iterator[Log]:
    """Yield the sessions of all projects: those of the databases, and the older ones, a file each."""
    from handoff_cli.agents.opencode_log import sessions_in
    from handoff_cli.agents.search import files, folders, made

    root = search.environ.get("OPENCODE_DATA_DIR") or search.data_root("opencode")
    named = search.environ.get("OPENCODE_DB")
    paths = [path for path, _ in files(root, r"opencode.*\.db")]
    for path in dict.fromkeys([*paths, *([os.path.join(root, named)] if named else [])]):
        yield from sessions_in(path, "opencode", "opencode")
    for folder in folders(os.path.join(root, "storage", "session")):
        yield from made("opencode", "opencode", files(folder, r"ses_.+\.json"))


def folder_of(log: Log) -> str:
    """Return where a session of the older store was begun."""
    from handoff_cli.agents.search import cwd_in, head_of

    return cwd_in(head_of(log.path))


def window(model_id: str | None, _model: ModelInfo | None, environ: Mapping[str, str]) -> tuple[int, str] | None:
    """Return the window that opencode's settings give a model, as of a provider of the user's own."""
    tokens = tokens_of(_limits(model_id, environ).get("context"))
    return (tokens, "opencode.json") if tokens else None


def usable(
    version: str | None, window: int, model_id: str | None, model: ModelInfo | None, environ: Mapping[str, str]
) -> UsableWindow | None:
    """Return what is left before opencode compacts: room for the answer, or of a limited input so much as is reserved.

    It compacts unless ``OPENCODE_DISABLE_AUTOCOMPACT`` is set or the settings say so (``compaction.auto``).
    """
    told = (as_dict(_settings(path).get("compaction")) for path in _settings_files(environ))
    compaction = next((it for it in told if it), {})
    if environ.get("OPENCODE_DISABLE_AUTOCOMPACT", "").lower() in _SET or compaction.get("auto") is False:
        return UsableWindow(window, f"{_SOURCE}, compaction is off", "the whole window")
    limits = _limits(model_id, environ)
    output = tokens_of(limits.get("output"))
    if output is None:
        return by_rules(USABLE, version, window, model)
    answer = min(output, _MOST_OUTPUT)
    if asked := tokens_of(limits.get("input")):
        reserved = tokens_of(compaction.get("reserved"))
        room = min(_BUFFER, answer) if reserved is None else reserved
        tokens, rule = asked - room, f"the model's input limit - {room:,} tokens"
    else:
        tokens, rule = window - max(min(_BUFFER, answer), answer), f"window - {answer:,} tokens"
    return UsableWindow(max(tokens, window // 2), f"{_SOURCE}, opencode.json", rule)


def _limits(model_id: str | None, environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the limits that the user's settings give a model, whoever provides it."""
    for path in _settings_files(environ):
        for provider in as_dict(_settings(path).get("provider")).values() if model_id else ():
            model = as_dict(as_dict(as_dict(provider).get("models")).get(model_id or ""))
            if limits := as_dict(model.get("limit")):
                return limits
    return {}


def _settings_files(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the settings in the order in which they go before each other: the project's, the one named, the user's."""
    base = environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    user = [os.path.join(base, "opencode", name) for name in ("opencode.json", "opencode.jsonc", "config.json")]
    return ("opencode.json", "opencode.jsonc", environ.get("OPENCODE_CONFIG", ""), *user)


def _settings(path: str) -> dict[str, Any]:
    from handoff_cli.core import jsonc
    from handoff_cli.transcripts.source import plain

    try:
        with open(path, encoding="utf-8-sig", opener=plain) as file:
            return {member.key: member.value for member in jsonc.members(file.read(_MOST_SETTINGS_CHARS))}
    except (OSError, ValueError):
        return {}


def event_of(payload: Mapping[str, Any], _name: str, _environ: Mapping[str, str]) -> HookEvent | None:
    """Return what the plugin says, None where it is nothing for us. The tokens are those of the last response."""
    name = text_of(payload, "event")
    if name not in KINDS:
        return None
    return HookEvent(
        kind=KINDS[name],
        name=name,
        session=text_of(payload, "session_id"),
        project=text_of(payload, "cwd") or None,
        source="startup" if name == "session.created" else "",
        model=text_of(payload, "model") or None,
        tokens=count_of(payload, "tokens"),
        window=count_of(payload, "window"),
    )


def answer(_event: HookEvent, reply: Reply) -> str:
    """Return the output our plugin reads: the context it adds to the next request."""
    return json.dumps({"context": reply.context}) if reply.context else ""


def obstacles(around: Around) -> Iterator[Obstacle]:
    """Yield what keeps the plugin from being loaded (sst/opencode, RuntimeFlags)."""
    from handoff_cli.agents.settings import Obstacle

    for name, certain in (("OPENCODE_PURE", True), ("OPENCODE_DISABLE_PROJECT_CONFIG", False)):
        if around.environ.get(name, "").lower() in _SET:
            whose = "plugins are" if certain else "the project's own plugins are"
            yield Obstacle(f"{whose} switched off: {name} is set", "unset it, or hooks stay silent", certain)


def targets(scope: Scope) -> list[Target]:
    """Return the plugin's file, and opencode's settings where the MCP server is wanted."""
    from handoff_cli.agents.settings import SettingsEntry, Target, argv

    base = scope.environ.get("XDG_CONFIG_HOME") or os.path.join(scope.root, ".config")
    folder = os.path.join(base, "opencode") if scope.user else os.path.join(scope.root, ".opencode")
    found = [Target(os.path.join(folder, "plugins", "handoff.js"), "file", plugin())]
    if scope.mcp:
        server = {"type": "local", "command": argv("mcp"), "enabled": True}
        path = os.path.join(folder if scope.user else scope.root, "opencode.json")
        found.append(Target(path, "json", (SettingsEntry(("mcp", "handoff"), server, "member"),)))
    return found


def plugin() -> str:
    """Return the plugin's source. Its first line tells it from a stranger's file of that name."""
    from handoff_cli.agents.settings import argv

    return _PLUGIN.replace("COMMAND", json.dumps(argv("hook", "opencode")))


_PLUGIN = """\
// Written by handoff install opencode; handoff uninstall opencode removes it.
import { spawn, spawnSync } from "node:child_process"

const command = COMMAND

const run = (facts) =>
  new Promise((done) => {
    const child = spawn(command[0], command.slice(1), { stdio: ["pipe", "pipe", "ignore"], timeout: 30000 })
    let out = ""
    child.on("error", () => done(""))
    child.stdout.on("data", (data) => (out += data))
    child.on("close", () => {
      try {
        done(JSON.parse(out).context ?? "")
      } catch {
        done("")
      }
    })
    child.stdin.on("error", () => {})
    child.stdin.end(JSON.stringify(facts))
  })

// At the end of a turn opencode may leave without waiting: what is to be written then is written before it can.
const runNow = (facts) => {
  const stdio = ["pipe", "ignore", "ignore"]
  spawnSync(command[0], command.slice(1), { input: JSON.stringify(facts), stdio, timeout: 10000 })
}

export const HandoffPlugin = async ({ directory }) => {
  const subagents = new Map()
  const contexts = new Map()
  const limits = new Map()
  const latest = new Map()
  const queues = new Map()
  const tell = (event, session, more = {}) => {
    if (!session || subagents.has(session)) return
    const told = async () => {
      const context = await run({ event, session_id: session, cwd: directory, ...more })
      if (context) contexts.set(session, [...(contexts.get(session) ?? []).slice(0, 1), context])
    }
    // One after the other, as they happened; the next request waits for the answers.
    const turn = (queues.get(session) ?? Promise.resolve()).then(told)
    queues.set(session, turn)
    return turn
  }
  const main = (session) => (subagents.has(session) ? main(subagents.get(session)) : session)
  const said = async (session) => {
    await queues.get(session)
    return contexts.get(session) ?? []
  }
  return {
    event: async ({ event }) => {
      const facts = event.properties ?? {}
      const info = facts.info ?? {}
      if (event.type === "session.created") {
        if (info.parentID) subagents.set(info.id, info.parentID)
        await tell(event.type, info.id)
      } else if (event.type === "message.updated") {
        const tokens = info.role === "assistant" && info.time?.completed && !info.summary ? info.tokens : undefined
        if (!tokens) return
        const sum = tokens.input + tokens.output + (tokens.cache?.read ?? 0) + (tokens.cache?.write ?? 0)
        const window = limits.get(info.sessionID)?.context
        latest.set(info.sessionID, { tokens: tokens.total ?? sum, window, model: info.modelID })
        await tell(event.type, info.sessionID, latest.get(info.sessionID))
      } else if (event.type === "session.compacted") {
        contexts.delete(facts.sessionID)
        latest.delete(facts.sessionID)
        await tell(event.type, facts.sessionID)
      } else if (event.type === "session.idle") {
        if (subagents.has(facts.sessionID)) return
        runNow({ event: event.type, session_id: facts.sessionID, cwd: directory, ...latest.get(facts.sessionID) })
      }
    },
    // What the agent runs means its session: opencode itself does not say which.
    "shell.env": async (input, output) => {
      if (input.sessionID) output.env.OPENCODE_SESSION_ID = main(input.sessionID)
    },
    "chat.params": async (input) => {
      limits.set(input.sessionID, input.model?.limit)
    },
    "chat.message": async (input) => {
      await tell("chat.message", input.sessionID)
    },
    "experimental.session.compacting": async (input, output) => {
      await tell("session.compacting", input.sessionID)
      output.context.push(...(await said(input.sessionID)))
    },
    "experimental.chat.system.transform": async (input, output) => {
      if (input.sessionID) output.system.push(...(await said(input.sessionID)))
    },
  }
}
"""
