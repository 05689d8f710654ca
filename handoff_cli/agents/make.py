"""make: a file of targets, included by the project's Makefile; both are committed and hold no path of a machine."""

from __future__ import annotations

import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.agents.settings import Scope, Target

_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
_INCLUDE = "-include handoff.mk"
_HEAD = """# Written by handoff install make; handoff uninstall make removes it.
HANDOFF ?= handoff
"""
_TARGETS = {
    "handoff": "handoff: ## Write the handoff document now\n\t@$(HANDOFF) handoff\n",
    "handoff-status": "handoff-status: ## Show how full the context window is\n\t@$(HANDOFF) status\n",
    "handoff-check": (
        "handoff-check: ## Fail when the context window is past a threshold (10 warning, 11 critical, 12 over)\n"
        "\t@$(HANDOFF) status --exit-code\n"
    ),
}


def targets(scope: Scope) -> list[Target]:
    """Return the file of targets, and the Makefile that is to include it where the project has one."""
    from handoff_cli.agents.settings import Target

    names = [name for name in _MAKEFILES if os.path.isfile(os.path.join(scope.root, name))]
    makefile = os.path.join(scope.root, names[0]) if names else None
    taken = _taken(makefile) if makefile else []
    notes = [f"{name} is a target of yours and was left to it" for name in taken]
    if makefile is None:
        notes.append(f"there is no Makefile here: in the one that is to have the targets, write  {_INCLUDE}")
    text = "\n".join([_HEAD, f".PHONY: {' '.join(_left(taken))}", *(_TARGETS[name] for name in _left(taken))])
    found = [Target(os.path.join(scope.root, "handoff.mk"), "file", text, shared=True, notes=tuple(notes))]
    if makefile is not None:
        found.append(Target(makefile, "text", _INCLUDE, optional=True, shared=True))
    return found


def _left(taken: list[str]) -> list[str]:
    return [name for name in _TARGETS if name not in taken]


def _taken(makefile: str) -> list[str]:
    """Return which of our targets the project's own Makefile has: theirs are never overridden."""
    with open(makefile, encoding="utf-8", errors="replace") as file:
        rules = re.findall(r"^([^\s#:=][^#:=]*):(?!=)", file.read(), re.MULTILINE)
    own = {name for rule in rules for name in rule.split()}
    return [name for name in _TARGETS if name in own]
