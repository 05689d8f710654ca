"""What a program of Codex's code mode does and asks for, as the calls of tools that it stands for."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily
from handoff_cli.transcripts.values import as_dict, as_list, as_str

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_MOST_CHARS = 100_000
"""So much of a program is searched."""

_LEAVE = "require_escalated"
_JUSTIFIED = lazily(r"""(?s)\bjustification["']?\s*:\s*(["'`])((?:[^\\]|\\.)*?)\1""")
_PLANNED = lazily(
    r"""(?s)\bstep["']?\s*:\s*(["'`])((?:[^\\]|\\.)*?)\1\s*,\s*["']?status["']?\s*:\s*(["'`])(\w{1,20})\3"""
)
_ESCAPED = lazily(r"\\(.)")


def plan_in(program: str) -> list[dict[str, str]]:
    """Return the to-dos that a program hands to ``update_plan``."""
    _, found, rest = program[:_MOST_CHARS].partition("update_plan")
    steps = _PLANNED.findall(rest) if found else []
    return [{"step": _ESCAPED.sub(r"\1", step), "status": status} for _, step, _, status in steps]


def leave_in(program: str, command: Any) -> dict[str, str]:
    """Return the arguments by which a program asks to run ``command`` outside of the sandbox."""
    if _LEAVE not in program:
        return {}
    program = program[:_MOST_CHARS]
    words = as_list(command)[-1:] or [command]
    first = as_str(words[0]).split("\n")[0]
    at = max(program.find(f"{quote}{first}") for quote in "\"'`")
    call = program[at : program.find("})", at)] if at >= 0 else ""
    if _LEAVE not in call:
        return {}
    why = _JUSTIFIED.search(call)
    return {"sandbox_permissions": _LEAVE, "justification": _ESCAPED.sub(r"\1", why[2]) if why else ""}


def _patch_in(item: dict[str, Any]) -> tuple[str, Any]:
    """Return the changes of files in the form of ``apply_patch``, as the older mode has them."""
    lines = ["*** Begin Patch"]
    for path, change in as_dict(item.get("changes")).items():
        fields = as_dict(change)
        kind = fields.get("type")
        if kind == "update":
            moved = as_str(fields.get("move_path"))
            lines += [f"*** Update File: {path}", *([f"*** Move to: {moved}"] if moved else [])]
            lines += as_str(fields.get("unified_diff")).splitlines()
        elif kind == "delete":
            lines.append(f"*** Delete File: {path}")
        else:
            lines.append(f"*** Add File: {path}")
            lines += [f"+{line}" for line in as_str(fields.get("content")).splitlines()]
    return "apply_patch", {"input": "\n".join((*lines, "*** End Patch"))}


CALLS: dict[str, Callable[[dict[str, Any]], tuple[str, Any]]] = {
    "CommandExecution": lambda item: ("exec_command", {"command": item.get("command")}),
    "FileChange": _patch_in,
    "McpToolCall": lambda item: (f"{as_str(item.get('server'))}.{as_str(item.get('tool'))}", item.get("arguments")),
}
"""What an item of each type did, as ``(tool, arguments)``."""
