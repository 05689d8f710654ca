"""make: a file of targets, included by the project's Makefile."""

from __future__ import annotations

import os

from handoff_cli.agents.settings import command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.agents.settings import Scope, Target

_HEAD = "# Written by handoff install make; handoff uninstall make removes it."
_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")


def targets(scope: Scope) -> list[Target]:
    """Return the file of targets, and the Makefile that is to include it where the project has one."""
    from handoff_cli.agents.settings import Target

    found = [Target(os.path.join(scope.root, "handoff.mk"), "file", _text())]
    names = [name for name in _MAKEFILES if os.path.isfile(os.path.join(scope.root, name))]
    if names:
        found.append(Target(os.path.join(scope.root, names[0]), "text", "-include handoff.mk", optional=True))
    return found


def _text() -> str:
    run = " ".join(word.replace("$", "$$") for word in map(command.quoted, command.argv()))
    return (
        f"{_HEAD}\n"
        f"HANDOFF ?= {run}\n\n"
        ".PHONY: handoff handoff-status handoff-check\n\n"
        "handoff: ## Write the handoff document now\n\t@$(HANDOFF) handoff\n\n"
        "handoff-status: ## Show how full the context window is\n\t@$(HANDOFF) status\n\n"
        "handoff-check: ## Fail when the context window is past a threshold (10 warning, 11 critical, 12 over)\n"
        "\t@$(HANDOFF) status --exit-code\n"
    )
