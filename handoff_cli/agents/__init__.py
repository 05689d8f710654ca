"""The agents handoff works with: one line in ``AGENTS`` and one file each.

To add an agent, write ``agents/<module>.py`` and its line below. The file holds what is known of the agent, all of it
optional, each found by its name:

* its logs: ``logs(search)`` yields a ``search.Log`` for each one on disk, ``folder_of(log)`` tells the folder a log's
  session works in (None: it is no session of its own, as a subagent's log);
* its reader: ``AGENT`` (its name), ``sniff(head)``, ``events(source)``, and ``TELLING`` with ``usage_of(row)`` where a
  log can be read from its end (see ``readers``), ``USAGE_COMES_LATE`` where a response's usage is written behind what
  it says and calls; a long reader has a file of its own, named in the line;
* its windows: ``WINDOWS`` and ``USABLE``, tables of ``windows.py``, or ``usable(...)`` where a table does not do;
* its hooks: ``event_of(payload, name, environ)`` and ``answer(event, reply)`` (see ``hooks``), ``is_subagents(path)``
  where a subagent has a log and hooks of its own, and its settings: ``targets(scope)`` (see ``settings``), ``ADVICE``
  for the person who installed it;
* ``OPENING``: the command line that starts it with a first prompt, ``{prompt}`` or the handoff's ``{file}`` in it, and
  where that is written; ``OPENING_BY_INPUT`` where the prompt goes to its standard input.

Only the file that is needed is imported; what many need to know of all agents stands in the lines.
"""

from __future__ import annotations

import sys

from handoff_cli.core.record import Record
from handoff_cli.core.text import printable
from handoff_cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class Agent(Record):
    """What many need to know of an agent before its file is read.

    ``name`` is what the ledger, the documents and ``--agent`` call it, ``title`` what people do, ``module`` its
    file; ``aliases`` are other names it answers to. ``marks`` are texts of which one stands in the beginning of its
    logs: no mark, no log of its; what is behind a ``^`` is what they begin with, without blanks. ``reader`` is the
    module of its reader where that is another file. ``session_variable`` is the environment variable that holds the
    session's id in what the agent runs, ``presence_variable`` one that only says that the agent runs it,
    ``session_meta`` the member of ``_meta`` with its id where it calls a tool by MCP.
    ``hooks`` says that ``install`` and ``hook`` know it, ``searched`` that its logs are
    found by themselves.
    """

    name: str
    title: str
    module: str
    marks: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    reader: str = ""
    session_variable: str = ""
    presence_variable: str = ""
    session_meta: str = ""
    hooks: bool = False
    searched: bool = True

    @property
    def format(self) -> str:
        """The name of its reader as a format of input: that of its file."""
        return self.module

    def load(self) -> Any:
        """Return the agent's module."""
        return _module(self.module)

    def load_reader(self) -> Any:
        """Return the module that reads the agent's logs; only for an agent with ``marks``."""
        return _module(self.reader or self.module)


AGENTS = (
    Agent(
        "claude",
        "Claude Code",
        "claude_code",
        marks=('"sessionId"', '"isSidechain"', '"parentUuid"', '"leafUuid"', '"summary"', '"file-history-snapshot"'),
        aliases=("claude-code",),
        reader="claude_code_log",
        session_variable="CLAUDE_CODE_SESSION_ID",
        hooks=True,
    ),
    Agent(
        "codex",
        "Codex",
        "codex",
        marks=('"payload"',),
        reader="codex_log",
        session_variable="CODEX_SESSION_ID",
        session_meta="x-codex-turn-metadata",
        hooks=True,
    ),
    Agent(
        "gemini",
        "Gemini CLI",
        "gemini",
        marks=('"projectHash"', '"$set"', '"$rewindTo"'),
        presence_variable="GEMINI_CLI",
        hooks=True,
    ),
    Agent(
        "cursor",
        "Cursor",
        "cursor",
        marks=('^{"role"', "cursorDiskKV"),
        aliases=("cursor-agent",),
        reader="cursor_log",
        presence_variable="CURSOR_AGENT",
        hooks=True,
    ),
    Agent(
        "copilot",
        "GitHub Copilot CLI",
        "copilot_cli",
        marks=(
            '"session.start"',
            '"user.message"',
            '"assistant.message"',
            '"assistant.turn_start"',
            '"session.resume"',
        ),
        aliases=("copilot-cli",),
        session_variable="COPILOT_AGENT_SESSION_ID",
        hooks=True,
    ),
    Agent(
        "opencode",
        "opencode",
        "opencode",
        marks=("SQLite format 3", '"time"', '"sessionID"'),
        reader="opencode_log",
        session_variable="OPENCODE_SESSION_ID",
        presence_variable="OPENCODE",
        hooks=True,
    ),
    Agent("kilo", "Kilo Code", "kilo"),
    Agent("cline", "Cline", "cline", marks=("^[", '"messages"'), aliases=("roo",)),
    Agent(
        "qwen",
        "Qwen Code",
        "qwen",
        marks=('"parts"', '"systemPayload"'),
        aliases=("qwen-code",),
        session_variable="QWEN_CODE_SESSION_ID",
        presence_variable="QWEN_CODE",
    ),
    Agent("pi", "pi", "pi", marks=('"session"',), presence_variable="PI_CODING_AGENT"),
    Agent("openclaw", "OpenClaw", "openclaw"),
    Agent("antigravity", "Antigravity CLI", "antigravity", marks=('"step_index"',), aliases=("agy",)),
    Agent("grok", "Grok Build", "grok", marks=('"prompt_index"', '"model_id"', '"synthetic_reason"')),
    Agent("kimi", "Kimi Code", "kimi", marks=('"protocol_version"', '"context.append_'), aliases=("kimi-code",)),
    Agent("amp", "Amp", "amp", marks=('"T-',), session_variable="AMP_CURRENT_THREAD_ID"),
    Agent(
        "droid",
        "Factory Droid",
        "droid",
        marks=('"session_start"', '"toolName"', '"finalText"', '"toolCallId"'),
        aliases=("factory",),
    ),
    Agent(
        "goose",
        "Goose",
        "goose",
        marks=("SQLite format 3", '"working_dir"', '"toolRequest"'),
        presence_variable="GOOSE_TERMINAL",
    ),
    Agent("continue", "Continue", "continue_dev", marks=('"workspaceDirectory"',), aliases=("cn",)),
    Agent("vscode-chat", "VS Code Copilot Chat", "vscode_chat", marks=('"requests"',), aliases=("copilot-chat",)),
    Agent("aider", "aider", "aider", marks=("# aider chat started at ",)),
)
"""In the order in which equally sure readers are taken."""

TOOLS = (Agent("git", "git", "git"), Agent("make", "make", "make"))
"""What ``install`` knows beside agents."""


def names(agents: tuple[Agent, ...] = AGENTS) -> tuple[str, ...]:
    """Return the names of ``agents``."""
    return tuple(agent.name for agent in agents)


def with_hooks() -> tuple[Agent, ...]:
    """Return the agents that ``install`` and ``hook`` know."""
    return tuple(agent for agent in AGENTS if agent.hooks)


def find_agent(name: str, among: tuple[Agent, ...] = AGENTS) -> Agent:
    """Return the agent called ``name``, by its name or an alias, with ``-`` or ``_``, in any case.

    Raises:
        UsageError: none ``among`` these is called so; lists their names.
    """
    wanted = name.lower().replace("_", "-")
    for agent in among:
        if wanted in (agent.name, *agent.aliases):
            return agent
    raise UsageError(f"there is no agent '{printable(name)}'", f"known: {', '.join(names(among))}")


def installable(name: str) -> Agent:
    """Return the agent or tool that ``install`` calls ``name``; raises UsageError when there is none."""
    return find_agent(name, (*with_hooks(), *TOOLS))


def calling_sessions(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variable by the id of each session this process runs in: several where one agent started another."""
    variables = (agent.session_variable for agent in AGENTS if agent.session_variable)
    return {session: variable for variable in variables if (session := environ.get(variable))}


def told_with_call(meta: Mapping[str, Any]) -> dict[str, str]:
    """Return the session that an agent tells in ``meta``, sent with a call by MCP, as its variable would tell it."""
    found = {}
    for agent in AGENTS:
        told = meta.get(agent.session_meta) if agent.session_meta else None
        session = told.get("session_id") if isinstance(told, dict) else None
        if isinstance(session, str) and session:
            found[agent.session_variable] = session
    return found


def calling_agents(environ: Mapping[str, str]) -> tuple[Agent, ...]:
    """Return the agents that this process runs in without being told in which of their sessions."""
    return tuple(
        agent
        for agent in AGENTS
        if agent.presence_variable
        and environ.get(agent.presence_variable)
        and not (agent.session_variable and environ.get(agent.session_variable))
    )


def _module(name: str) -> Any:
    __import__(f"{__name__}.{name}")  # importlib is one more to load
    return sys.modules[f"{__name__}.{name}"]
