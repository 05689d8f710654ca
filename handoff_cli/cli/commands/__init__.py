"""One file per command: options and help; the work is done by ``tracker``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoff_cli.cli.commands import (
    calibrate,
    config,
    count,
    handoff,
    init,
    log,
    models,
    reset,
    sessions,
    simulate,
    status,
    sync,
    track,
)

if TYPE_CHECKING:
    import typer


_IN_ORDER = (
    *(track, sync, status, log, handoff, reset, sessions),
    *(count, models, simulate, calibrate, config, init),
)


def register(app: typer.Typer) -> None:
    """Add every command to ``app``, in the order ``--help`` lists them."""
    for module in _IN_ORDER:
        module.register(app)
