"""``handoff mcp``."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("mcp", epilog="Example:  claude mcp add handoff -- handoff mcp")(mcp)


def mcp(context: typer.Context) -> int:
    """Serve handoff's tools to an agent on standard input and output (needs the extra mcp)."""
    from handoff_cli.cli.mcp_server import serve

    serve(context.obj)
    return 0
