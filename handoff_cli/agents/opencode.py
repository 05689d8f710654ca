"""opencode: a plugin of a few lines that calls ``handoff hook`` (opencode.ai/docs/plugins), and its store.

The store is ``opencode*.db`` (SQLite: session, message, part), of all projects, or the older files below ``storage``.
A message holds the tokens of its response, ``input`` without what came from the cache; what opencode itself holds
against the window before it compacts is input + output + cache read + cache write (its ``overflow.ts``).
"""

from __future__ import annotations

import json
import os
import re

from handoff_cli.agents.hooks import Event as HookEvent
from handoff_cli.agents.hooks import Reply, count_of, text_of
from handoff_cli.agents.windows import UsableRule
from handoff_cli.errors import InputError
from handoff_cli.transcripts.events import Called, Compacted, Returned, Said, Seen, Turned, Used
from handoff_cli.transcripts.values import (
    MAX_ROW_BYTES,
    as_dict,
    as_str,
    decode,
    sum_tokens,
    text_in,
    time_of,
    tokens_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from handoff_cli.agents.search import Log, Search
    from handoff_cli.agents.settings import Scope, Target
    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "opencode"

OPENING = ("opencode", "--prompt", "{prompt}")  # opencode.ai/docs/cli
USABLE = (UsableRule("sst/opencode, overflow.ts, with 32k of output", reserve=52_000),)

KINDS = {
    "session.created": "start",
    "chat.message": "prompt",
    "message.updated": "tool",
    "session.idle": "stop",
    "session.compacting": "compacting",
    "session.compacted": "compacted",
}
LISTENING = tuple(KINDS)
"""What is said at any of them is in the system prompt of the next request."""

RULE = "input + output + cache read + cache write of the last response"
_SQLITE = "SQLite format 3"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,200}")
"""What may be a file's name and nothing more."""
_MAX_FILES = 100_000


def logs(search: Search) -> Iterator[Log]:
    """Yield the sessions of all projects: those of the databases, and the older ones, a file each."""
    from handoff_cli.agents.search import files, folders, made

    root = search.environ.get("OPENCODE_DATA_DIR") or search.data_root("opencode")
    for path, _ in files(root, r"opencode.*\.db"):
        yield from sessions_in(path, AGENT, "opencode")
    for folder in folders(os.path.join(root, "storage", "session")):
        yield from made("opencode", "opencode", files(folder, r"ses_.+\.json"))


def sessions_in(database: str, agent: str, format_: str) -> Iterator[Log]:
    """Yield the sessions of a ``database`` of opencode's kind, those of subagents left out."""
    from handoff_cli.agents.search import Log, rows_of

    question = "SELECT id, directory, time_updated FROM session WHERE parent_id IS NULL"
    for id_, directory, updated in rows_of(database, question):
        modified = updated / 1000 if isinstance(updated, int) else 0.0
        yield Log(agent, format_, f"{database}#{id_}", modified, as_str(id_), as_str(directory))


def folder_of(log: Log) -> str:
    """Return where a session of the older store was begun."""
    from handoff_cli.agents.search import cwd_in, head_of

    return cwd_in(head_of(log.path))


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


def targets(scope: Scope) -> list[Target]:
    """Return the plugin's file, and opencode's settings where the MCP server is wanted."""
    from handoff_cli.agents.settings import Target, command
    from handoff_cli.agents.settings.json import Entry

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
    from handoff_cli.agents.settings import command

    return _PLUGIN.replace("COMMAND", json.dumps(command.argv("hook", "opencode")))


def sniff(head: str) -> float:
    """A database, or a session or message of the older storage."""
    if head.startswith(_SQLITE):
        return 0.9
    old = head.startswith("{") and ('"ses_' in head or '"sessionID"' in head or '"projectID"' in head)
    return 0.8 if old and '"time"' in head else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of the session last written to in the database, or of the session the file belongs to."""
    messages = _database(source) if source.head().startswith(_SQLITE) else _storage(source)
    for source.position, (message, parts) in enumerate(messages, 1):
        yield from _message(message, parts)


def _database(source: Source) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    import sqlite3
    from urllib.parse import quote

    if source.data is not None:
        raise InputError(f"{source.path} is a database, which cannot come by pipe", "name the file")
    uri = f"file:{quote(os.path.abspath(source.path))}?mode=ro"
    try:
        connection = sqlite3.connect(uri, uri=True, timeout=1.0)
        try:
            connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
            yield from _newest_session(connection, source)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise InputError(f"{source.path} is no database of opencode: {error}") from None


def _newest_session(connection: Any, source: Source) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    newest = connection.execute("SELECT session_id FROM message ORDER BY time_created DESC, id DESC LIMIT 1").fetchone()
    if newest is None:
        return
    rows = connection.execute(
        "SELECT id, data FROM message WHERE session_id = ? AND length(data) <= ? ORDER BY time_created, id",
        (newest[0], MAX_ROW_BYTES),
    )
    for id_, data in rows:
        parts = connection.execute(
            "SELECT data FROM part WHERE message_id = ? AND length(data) <= ? ORDER BY id", (id_, MAX_ROW_BYTES)
        )
        message = _object(data, source)
        message.setdefault("sessionID", newest[0])
        yield message, [_object(part, source) for (part,) in parts]


def _object(data: Any, source: Source) -> dict[str, Any]:
    value = decode(data) if isinstance(data, str | bytes) else None
    source.malformed += not isinstance(value, dict)
    return as_dict(value)


def _storage(source: Source) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Read a session's messages beside its file: in ``storage/message/<session>/``, ``storage/part/<message>/``."""
    row = _file(source, source.path)
    id_ = as_str(row.get("sessionID")) or as_str(row.get("id"))
    if source.data is not None or not _ID.fullmatch(id_):
        raise InputError(f"{source.path} is no session of opencode: it has no id", "name storage/session/…/<id>.json")
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(source.path))))
    messages = os.path.join(root, "message", id_)
    for name in _names(messages):
        message = _file(source, os.path.join(messages, name))
        folder = os.path.join(root, "part", name.removesuffix(".json"))
        yield message, [_file(source, os.path.join(folder, part)) for part in _names(folder)]


def _names(folder: str) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if name.endswith(".json"))[-_MAX_FILES:]
    except OSError:
        return []


def _file(source: Source, path: str) -> dict[str, Any]:
    try:
        if source.data is None and os.path.getsize(path) <= MAX_ROW_BYTES:
            with open(path, "rb") as stream:
                return _object(stream.read(), source)
    except OSError:
        return {}
    return {}


def _message(message: dict[str, Any], parts: list[dict[str, Any]]) -> Iterator[Event]:
    time = time_of(as_dict(message.get("time")).get("created"))
    role = as_str(message.get("role"))
    model = as_str(message.get("modelID")) or as_str(as_dict(message.get("model")).get("modelID"))
    if role:
        yield Seen(model, as_str(message.get("version")), as_str(message.get("sessionID")), None, time)
    summary = message.get("summary") is True
    if summary:
        yield Compacted(time=time)
    for part in parts:
        yield from _part(part, role, time, visible=not summary)
    tokens = as_dict(message.get("tokens"))
    used = sum_tokens(tokens, ("input", "output"))
    cached = sum_tokens(tokens.get("cache"), ("read", "write"))
    if role == "assistant" and not summary and (used or cached):
        yield Used((used or 0) + (cached or 0), RULE, None, None, time)
    if role == "assistant" and message.get("finish") == "stop":
        yield Turned(time)


def _part(part: dict[str, Any], role: str, time: str | None, *, visible: bool) -> Iterator[Event]:
    kind = part.get("type")
    if kind == "text" and role in ("user", "assistant"):
        yield Said(role, as_str(part.get("text")), time, visible=visible and part.get("synthetic") is not True)
    elif kind == "reasoning":
        yield Said("assistant", as_str(part.get("text")), time, visible=False)
    elif kind == "tool":
        id_, state = as_str(part.get("callID")), as_dict(part.get("state"))
        yield Called(id_, as_str(part.get("tool")), state.get("input"), time)
        if state.get("status") in ("completed", "error"):
            metadata = as_dict(state.get("metadata"))
            code = tokens_of(metadata.get("exit"))
            text = text_in(state.get("output")) or as_str(state.get("error"))
            created = metadata.get("exists") is False
            yield Returned(id_, text, state["status"] == "error", code, time, created)


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
  const limits = new Map()
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
  const said = async (session) => {
    await queues.get(session)
    return contexts.get(session) ?? []
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
        const sum = tokens.input + tokens.output + (tokens.cache?.read ?? 0) + (tokens.cache?.write ?? 0)
        const window = limits.get(info.sessionID)?.context
        await tell(event.type, info.sessionID, { tokens: tokens.total ?? sum, window, model: info.modelID })
      } else if (event.type === "session.compacted") {
        contexts.delete(facts.sessionID)
        await tell(event.type, facts.sessionID)
      } else if (event.type === "session.idle") {
        await tell(event.type, facts.sessionID)
      }
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
