"""git: hooks that note commits and tell when the handoff is of another branch; what was there before still runs."""

from __future__ import annotations

import os
import re

from handoff_cli.agents.settings import command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.agents.settings import Scope, Target

HOOKS = ("post-commit", "post-checkout", "pre-push")
CHAINED = ".before-handoff"
"""A hook that is no shell script keeps its name with this behind it, and is run by the script that takes its place."""

_SHELL = re.compile(r"#!\s*\S*/(?:env\s+)?(?:ba|da|z|k)?sh\b")


def targets(scope: Scope) -> list[Target]:
    """Return the hooks to change; ``scope.root`` is the folder git runs hooks from."""
    from handoff_cli.agents.settings import Target

    return [
        Target(
            path=os.path.join(scope.root, name),
            format="text",
            content=_lines(name),
            head="#!/bin/sh\n",
            executable=True,
            after_first_line=True,
        )
        for name in HOOKS
    ]


def is_shell(text: str) -> bool:
    """Return whether a hook of this text is a shell script, into which lines can be put."""
    return _SHELL.match(text) is not None


def chain_head(moved: str) -> str:
    """Return the script that runs the hook ``moved``, which lies beside it, with what git gave."""
    return f'#!/bin/sh\nexec "$(dirname "$0")"/{command.quoted(moved)} "$@"\n'


def _lines(name: str) -> str:
    """Return what the hook runs. What git pipes in is left for others, and no failure of ours stops git."""
    arguments = ' "$@"' if name == "post-checkout" else ""
    return f"{command.shell('hook', 'git', name)}{arguments} </dev/null || :"
