"""``handoff hook``."""

from __future__ import annotations

from typing import Annotated

import typer

from handoff_cli.cli import agent_verbs


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(
        "hook",
        epilog="Example:  handoff hook claude-code < event.json",
        context_settings={"ignore_unknown_options": True},
    )(hook)


def hook(
    agent: Annotated[str, typer.Argument(metavar="AGENT", help="The agent that calls, or git.")],
    event: Annotated[
        list[str] | None, typer.Argument(metavar="EVENT", help="The event, where the input does not name it.")
    ] = None,
) -> int:
    """Deal with one event of an agent, read from standard input; agents call this, see handoff install.

    Always ends with code 0 and prints nothing but what the agent's protocol has for an answer. Failures go to a log
    that handoff doctor shows.
    """
    return agent_verbs.hook([agent, *(event or ())])
