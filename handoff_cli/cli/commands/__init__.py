"""One file per command: options and help; the work is done by ``tracker``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoff_cli.cli.commands import (
    config,
    count,
    doctor,
    handoff,
    hook,
    init,
    install,
    log,
    mcp,
    note,
    reset,
    review,
    sessions,
    status,
    statusline,
    sync,
    template,
    track,
    watch,
)

if TYPE_CHECKING:
    import typer


def register(app: typer.Typer) -> None:
    """Add every command to ``app``, in the order ``--help`` lists them."""
    for module in (
        *(track, sync, status, log, note, handoff, review, reset, sessions, count, config, template, init),
        *(install, hook, statusline, watch, mcp, doctor),
    ):
        module.register(app)
