"""opencode: a plugin of a few lines that calls ``handoff hook`` (opencode.ai/docs/plugins)."""

from __future__ import annotations

import json
import os

from handoff_cli.agents import command
from handoff_cli.agents.events import Event, Reply, count_of, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from handoff_cli.agents.targets import Scope, Target

NAME = "opencode"
TITLE = "opencode"
FORMAT = None

KINDS = {
    "session.created": "start",
    "chat.message": "prompt",
    "message.updated": "tool",
    "session.idle": "stop",
    "session.compacting": "compacting",
    "session.compacted": "compacted",
    "session.deleted": "end",
}


def event_of(payload: Mapping[str, Any], _name: str, _environ: Mapping[str, str]) -> Event | None:
    """Return what the plugin says, None where it is nothing for us. The tokens are those of the last response."""
    name = text_of(payload, "event")
    if name not in KINDS:
        return None
    return Event(
        kind=KINDS[name],
        name=name,
        session=text_of(payload, "session_id"),
        project=text_of(payload, "cwd") or None,
        source="startup" if name == "session.created" else "",
        model=text_of(payload, "model") or None,
        tokens=count_of(payload, "tokens"),
    )


def answer(_event: Event, reply: Reply) -> str:
    """Return the output our plugin reads: the context it adds to the next request."""
    return json.dumps({"context": reply.context}) if reply.context else ""


def targets(scope: Scope) -> list[Target]:
    """Return the plugin's file, and opencode's settings where the MCP server is wanted."""
    from handoff_cli.agents.settings_json import Entry
    from handoff_cli.agents.targets import Target

    base = scope.environ.get("XDG_CONFIG_HOME") or os.path.join(scope.root, ".config")
    folder = os.path.join(base, "opencode") if scope.user else os.path.join(scope.root, ".opencode")
    found = [Target(os.path.join(folder, "plugins", "handoff.js"), "file", plugin())]
    if scope.mcp:
        server = {"type": "local", "command": command.argv("mcp"), "enabled": True}
        path = os.path.join(folder if scope.user else scope.root, "opencode.json")
        found.append(Target(path, "json", (Entry(("mcp", "handoff"), server, "member"),)))
    return found


def plugin() -> str:
    """Return the plugin's source. Its first line tells it from a stranger's file of that name."""
    return _PLUGIN.replace("COMMAND", json.dumps(command.argv("hook", "opencode")))


_PLUGIN = """\
// Written by handoff install opencode; handoff uninstall opencode removes it.
import { spawn } from "node:child_process"

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

export const HandoffPlugin = async ({ directory }) => {
  const subagents = new Set()
  const contexts = new Map()
  const tell = async (event, session, more = {}) => {
    if (!session || subagents.has(session)) return
    const context = await run({ event, session_id: session, cwd: directory, ...more })
    if (context) contexts.set(session, context)
  }
  return {
    event: async ({ event }) => {
      const facts = event.properties ?? {}
      const info = facts.info ?? {}
      if (event.type === "session.created") {
        if (info.parentID) subagents.add(info.id)
        await tell(event.type, info.id)
      } else if (event.type === "message.updated") {
        const tokens = info.role === "assistant" && info.time?.completed && !info.summary ? info.tokens : undefined
        if (!tokens) return
        const used = tokens.input + tokens.output + (tokens.cache?.read ?? 0) + (tokens.cache?.write ?? 0)
        await tell(event.type, info.sessionID, { tokens: used, model: info.modelID })
      } else if (event.type === "session.idle" || event.type === "session.compacted") {
        await tell(event.type, facts.sessionID)
      } else if (event.type === "session.deleted") {
        await tell(event.type, info.id)
      }
    },
    "chat.message": async (input) => {
      await tell("chat.message", input.sessionID)
    },
    "experimental.session.compacting": async (input, output) => {
      await tell("session.compacting", input.sessionID)
      const context = contexts.get(input.sessionID)
      if (context) output.context.push(context)
    },
    "experimental.chat.system.transform": async (input, output) => {
      const context = contexts.get(input.sessionID)
      if (context) output.system.push(context)
    },
  }
}
"""
