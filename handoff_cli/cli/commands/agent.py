"""``install``, ``agents``, ``continue``, ``watch``, ``hook``, ``statusline``, ``mcp``: us and the agents."""

from __future__ import annotations

import os
import sys

from handoff_cli.cli.commands import only_one_of
from handoff_cli.errors import InputError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from handoff_cli.cli.console import Console
    from handoff_cli.cli.options import (
        Agent,
        AgentOrTool,
        AgentToStart,
        AllProjects,
        Anything,
        DryRun,
        ForProject,
        ForUser,
        FromSession,
        Interval,
        Json,
        JsonLines,
        Mcp,
        Once,
        ShowCommand,
        StatusTemplate,
    )
    from handoff_cli.cli.reader import Common
    from handoff_cli.state.store import Place
    from handoff_cli.usecases.install import FileChange
    from handoff_cli.usecases.watch import Moved, Watch, WatchEverywhere

_MAX_INPUT_BYTES = 1 << 26
_INPUT_SECONDS = 5.0
"""An agent writes an event at once; one that then forgets to close the pipe is not to wait for us for ever."""


def install(
    common: Common,
    agent: AgentOrTool,
    *,
    project: ForProject = False,
    user: ForUser = False,
    mcp: Mcp = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> int:
    """Put handoff into an agent's settings: hooks, status line.

    Other entries, order and comments stay; a backup lies beside. A second install changes nothing.

    Example:  handoff install claude-code --dry-run
    """
    from handoff_cli.agents import TOOLS, installable
    from handoff_cli.usecases.install import install as install_into
    from handoff_cli.usecases.install import is_on_path, obstacles, scope_of

    if mcp and installable(agent) in TOOLS:
        raise UsageError(f"{agent} has no use for an MCP server", "leave --mcp out")
    scope = scope_of(agent, user=_for_user(agent, project=project, user=user), mcp=mcp)
    changes = install_into(agent, scope, dry_run=dry_run)
    _report(common, changes, lambda _: "installed", dry_run=dry_run, as_json=json)
    for it in obstacles(agent):
        if it.certain:
            common.console().warnings([f"{it.found}; {it.advice}"])
    if not is_on_path():
        common.console().message("handoff is not on PATH, and agents call it by name: handoff doctor says more")
    advice = getattr(installable(agent).load(), "ADVICE", None)
    if advice and any(change.changes for change in changes):
        common.console().message(advice)
    return 0


def uninstall(
    common: Common,
    agent: AgentOrTool,
    *,
    project: ForProject = False,
    user: ForUser = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> int:
    """Take handoff out of an agent's settings.

    What stood there before comes back.

    Example:  handoff uninstall claude-code
    """
    from handoff_cli.usecases.install import scope_of
    from handoff_cli.usecases.install import uninstall as uninstall_from

    scope = scope_of(agent, user=_for_user(agent, project=project, user=user), mcp=True)
    changes = uninstall_from(agent, scope, dry_run=dry_run)
    _report(common, changes, lambda it: "removed" if it.after is None else "restored", dry_run=dry_run, as_json=json)
    return 0


def agents(common: Common, *, json: Json = False) -> int:
    """List the agents on this machine, their logs and newest session.

    With how many sessions each has of all projects, and whether handoff is in its settings.

    Example:  handoff agents --json
    """
    from handoff_cli.cli.views import agent_lines
    from handoff_cli.usecases.everywhere import list_agents

    place, console = common.place(), common.console()
    rows = list_agents(os.path.dirname(place.project), place.environ)
    if json:
        console.json(rows)
        return 0
    for line in agent_lines(rows):
        console.data(line)
    absent = [row["agent"] for row in rows if not row["here"]]
    if absent:
        console.message(f"not on this machine: {', '.join(absent)}")
    return 0


def continue_(
    common: Common,
    agent: AgentToStart = None,
    *,
    from_: FromSession = None,
    print_: ShowCommand = False,
    json: Json = False,
) -> int:
    """Go on in another agent: write the handoff, start it there.

    The handoff is that of the agent's session that ran last in this project, or of the one named. The other agent is
    started in the project's folder with a first prompt that names the document. Without AGENT, one is picked from those
    installed. With --json nothing is started either.

    Example:  handoff continue codex --print || handoff agents
    """
    return go_on(common, agent, from_, only_print=print_, json=json)


def go_on(
    common: Common, agent: str | None, source: str | None = None, *, only_print: bool = False, json: bool = False
) -> int:
    """Write the handoff of the session ``source`` and start ``agent`` on it, or print how; return its exit code."""
    from handoff_cli.usecases.go_on import prepare, run, shown

    place, console = common.place(), common.console()
    chosen = agent or _picked(place)
    if chosen is None:
        console.message("nothing was chosen")
        return 1
    start = prepare(place, chosen, source, to_run=not (only_print or json))
    console.warnings(start.warnings)
    if json:
        console.json(start.to_dict())
        return 0
    if only_print:
        console.data(shown(start))
    else:
        console.message(f"{start.document} is the handoff of {start.source}; {start.agent} goes on")
    if start.by_hand:
        console.message(f"{start.agent} takes no first prompt from outside, tell it: {start.prompt}")
    return 0 if only_print else run(start, place.environ)


def _picked(place: Place) -> str | None:
    """Return the agent picked from those installed, None where none is."""
    from handoff_cli.cli.terminal import can_pick, pick
    from handoff_cli.usecases.go_on import installed, startable

    here = [agent for agent in startable() if installed(agent, place.environ)]
    if not here:
        raise InputError("no agent that can be started is installed", "handoff agents tells what is on this machine")
    if not can_pick():
        raise UsageError(
            "no agent is named, and no terminal asks for one", f"name one: {', '.join(agent.name for agent in here)}"
        )
    index = pick("Go on in which agent?", [agent.title for agent in here])
    return None if index is None else here[index].name


def watch(
    common: Common,
    *,
    agent: Agent = None,
    interval: Interval = 5.0,
    once: Once = False,
    all_projects: AllProjects = False,
    json: JsonLines = False,
) -> int:
    """Show the project's sessions as they fill, live; ends on Ctrl-C.

    Agents' transcripts are followed as they grow, also of agents without hooks, and what is tracked; when a threshold
    is reached, the handoff is written and the terminal rings. Piped, each change is a plain line; --once shows one
    frame. With --all-projects: every agent's sessions on this machine, as their logs tell them; nothing is recorded.

    Example:  handoff watch --once
    """
    from handoff_cli.usecases.watch import Watch, WatchEverywhere

    console, place = common.console(), common.place()
    follower = WatchEverywhere(place.environ, agent) if all_projects else Watch(place, agent)
    try:
        if json:
            _follow_in_lines(console, follower, interval, as_json=True, once=once)
        elif once:
            _tell(console, follower.look())
            console.board(follower.rows(), follower.where())
        elif console.shows_live():
            with console.live() as live:
                for _ in follower.changes(interval):
                    _tell(console, follower.look())
                    follower.send()
                    console.board(follower.rows(), follower.where(), live)
        else:
            console.message(f"watching {follower.where()}; Ctrl-C ends it")
            _follow_in_lines(console, follower, interval)
    except KeyboardInterrupt:
        return 0
    return 0


def _follow_in_lines(
    console: Console, follower: Watch | WatchEverywhere, interval: float, *, as_json: bool = False, once: bool = False
) -> None:
    """Print a line for each session that has changed, as long as somebody lets it."""
    from handoff_cli.cli.lines import status_in_a_line

    shown: dict[str, str] = {}
    for _ in follower.changes(interval):
        _tell(console, follower.look())
        follower.send()
        for row in follower.rows():
            line = status_in_a_line(row.status) if row.status else row.problem
            if shown.get(row.name) == line:
                continue
            shown[row.name] = line
            if as_json:
                console.json_line({"name": row.name, "problem": row.problem or None, "status": row.status})
            else:
                console.data(f"{row.name}: {line}")
        console.flush()
        if once:
            return


def _tell(console: Console, moved: Sequence[Moved]) -> None:
    for seen in moved:
        console.reached(seen)
        if seen.crossed:
            console.bell()


def hook(common: Common, *words: Anything) -> int:  # noqa: ARG001 - an event says itself where it is from
    """Deal with one event of an agent, read from standard input.

    Agents call this, see handoff install. Always ends with code 0 and prints nothing but what the agent's protocol has
    for an answer. Failures go to a log that handoff doctor shows.

    Example:  echo '{"session_id": "a"}' | handoff hook claude-code SessionStart
    """
    try:
        answer = _hook(words)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is not the agent's business
        from handoff_cli.usecases.hook_memory import log_problem

        log_problem(" ".join(("hook", *words)), f"{type(error).__name__}: {error}")
        return 0
    if answer:
        # The bytes leave in one write, whatever the locale says of encodings.
        sys.stdout.buffer.write(answer.encode())
    return 0


def statusline(common: Common, *, format_: StatusTemplate = None) -> int:
    """Print one line for a status bar, in agents that have one.

    Of Claude Code's own figures when it pipes them in, else of the session. Bar and percentage are of the usable
    window, as in handoff status. Always ends with code 0, and prints nothing where there is nothing to show.

    Example:  handoff statusline --format "{percent} {level}"
    """
    from handoff_cli.cli.lines import STATUS_TEMPLATE

    try:
        from handoff_cli.usecases.status_line import of_agent, of_session

        piped = sys.stdin is not None and not sys.stdin.isatty()
        payload = _read_object()
        line = of_agent(payload, os.environ) if payload else of_session(common.session_place())
        if line is not None:
            common.console().status_line(line, format_ or STATUS_TEMPLATE, piped=piped and bool(payload))
    except Exception as error:  # noqa: BLE001 - a status bar is no place for errors
        from handoff_cli.usecases.hook_memory import log_problem

        log_problem("statusline", f"{type(error).__name__}: {error}")
    return 0


def mcp(common: Common) -> int:
    """Serve handoff's tools to an agent on standard input and output.

    handoff install AGENT --mcp enters it into an agent's settings; in others' the command is: handoff mcp

    Example:  echo '{"jsonrpc": "2.0", "id": 1, "method": "ping"}' | handoff mcp
    """
    from handoff_cli.cli.mcp_server import serve

    serve(common)
    return 0


def _for_user(agent: str, *, project: bool, user: bool) -> bool:
    from handoff_cli.agents import TOOLS, installable

    only_one_of({"--project": project, "--user": user})
    return user or (installable(agent) not in TOOLS and not project)


def _report(
    common: Common, changes: list[FileChange], done: Callable[[FileChange], str], *, dry_run: bool, as_json: bool
) -> None:
    console = common.console()
    if as_json:
        told = [(it, f"{'would be ' * dry_run}{done(it)}" if it.changes else "nothing to do") for it in changes]
        console.json([{"path": it.path, "done": what, "notes": it.notes, "diff": it.diff()} for it, what in told])
        return
    for change in changes:
        if not change.changes:
            console.text(f"{change.path}: nothing to do")
        elif dry_run:
            console.document(change.diff())
        else:
            console.text(f"{change.path}: {done(change)}")
        console.warnings(f"{change.path}: {note}" for note in change.notes)


def _hook(words: Sequence[str]) -> str:
    from handoff_cli.agents import find_agent, with_hooks

    name, *rest = words or [""]
    if name == "git":
        from handoff_cli.usecases.git_hook import run_git_hook

        run_git_hook(rest)
        return ""
    if name == "plugin":
        payload = _payload()
        agent = find_agent("codex" if _is_from_codex(payload) else "claude")
    else:
        agent = find_agent(name, with_hooks())
        payload = _payload()
    from handoff_cli.usecases.hook import run_hook

    return run_hook(agent, payload, rest[0] if rest else "", os.environ)


def _is_from_codex(payload: Mapping[str, Any]) -> bool:
    """Return whether Codex calls, which runs the same plugin and speaks the same protocol as Claude Code.

    Its transcripts are called rollouts, and before the first one it names none.
    """
    transcript = payload.get("transcript_path")
    return not isinstance(transcript, str) or os.path.basename(transcript).startswith("rollout-")


def _payload() -> Mapping[str, Any]:
    payload = _read_object()
    if payload is None:
        raise InputError("standard input holds no event", "agents call this; people want handoff status")
    return payload


def _read_object() -> dict[str, Any] | None:
    """Return the JSON object on standard input, None where there is none; ValueError for anything else."""
    from handoff_cli.cli.console import read_input

    data = b"" if sys.stdin is None or sys.stdin.isatty() else read_input(_MAX_INPUT_BYTES, _INPUT_SECONDS)
    if not data.strip():
        return None
    from handoff_cli.core.jsonc import loads

    value = loads(data)
    if not isinstance(value, dict):
        raise ValueError("standard input is no JSON object")  # noqa: TRY004 - it is the text that is wrong
    return value
