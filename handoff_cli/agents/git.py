"""git: hooks that note commits and tell when the handoff is of another branch; what was there before still runs."""

from __future__ import annotations

import os
import re

from handoff_cli.agents.settings import command_line, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.agents.settings import Scope, Target

ADVICE = (
    "from the next commit on: each is noted in handoff log and the document; switching branches and pushing tell when "
    "the handoff is of another branch"
)
HOOKS = ("post-commit", "post-checkout", "pre-push")
CHAINED = ".before-handoff"
"""A hook that is no shell script keeps its name with this behind it, and is run by the script that takes its place."""

_SHELL = re.compile(r"#!\s*\S*/(?:env\s+)?(?:ba|da|z|k)?sh\b")


def targets(scope: Scope) -> list[Target]:
    """Return the hooks to change; ``scope.root`` is the folder git runs hooks from."""
    from handoff_cli.agents.settings import Target

    committed = ".git" not in scope.root.split(os.sep)
    return [
        Target(
            path=os.path.join(scope.root, name),
            format="text",
            content=_lines(name, by_name=committed),
            head="#!/bin/sh\n",
            executable=True,
            after_first_line=True,
            shared=committed,
        )
        for name in HOOKS
    ]


def is_shell(text: str) -> bool:
    """Return whether a hook of this text is a shell script, into which lines can be put."""
    return _SHELL.match(text) is not None


def chain_head(moved: str) -> str:
    """Return the script that runs the hook ``moved``, which lies beside it, with what git gave."""
    return f'#!/bin/sh\nexec "$(dirname "$0")"/{quoted(moved)} "$@"\n'


def _lines(name: str, *, by_name: bool) -> str:
    """Return what the hook runs. What git pipes in is left for others, and no failure of ours stops git.

    Hooks that are committed serve other machines too: those call handoff ``by_name``, where there is one.
    """
    arguments = ' "$@"' if name == "post-checkout" else ""
    if by_name:
        return f"command -v handoff >/dev/null && handoff hook git {name}{arguments} </dev/null || :"
    return f"{command_line('hook', 'git', name)}{arguments} </dev/null || :"
