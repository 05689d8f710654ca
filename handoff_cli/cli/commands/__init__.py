"""One file per command: options and help; the work is done by ``usecases``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoff_cli.cli.commands import (
    calibrate,
    config,
    count,
    doctor,
    handoff,
    hook,
    init,
    install,
    log,
    mcp,
    models,
    note,
    reset,
    review,
    sessions,
    simulate,
    status,
    statusline,
    sync,
    template,
    track,
    watch,
)

if TYPE_CHECKING:
    import typer


_IN_ORDER = (
    *(track, sync, status, log, note, handoff, review, reset, sessions),
    *(count, models, simulate, calibrate, config, template, init),
    *(install, hook, statusline, watch, mcp, doctor),
)


def register(app: typer.Typer) -> None:
    """Add every command to ``app``, in the order ``--help`` lists them."""
    for module in _IN_ORDER:
        module.register(app)
