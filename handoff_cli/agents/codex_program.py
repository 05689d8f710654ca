"""What a program of Codex's code mode does and asks for, as the calls of tools that it stands for."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily
from handoff_cli.transcripts.events import Called, Returned
from handoff_cli.transcripts.values import as_dict, as_list, as_str

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event

_MOST_CHARS = 100_000
"""So much of a program is searched."""

_LEAVE = "require_escalated"
_JUSTIFIED = lazily(r"""(?s)\bjustification["']?\s*:\s*(["'`])((?:[^\\]|\\.)*?)\1""")
_PLANNED = lazily(
    r"""(?s)\bstep["']?\s*:\s*(["'`])((?:[^\\]|\\.)*?)\1\s*,\s*["']?status["']?\s*:\s*(["'`])(\w{1,20})\3"""
)
_ESCAPED = lazily(r"\\(.)")


class Programs:
    """Follows the program that was called last: where the log does not tell what it did, it was, or is, at that."""

    def __init__(self) -> None:
        self.source = self._call = ""

    def called(self, call: str, source: str) -> None:
        """Take in the ``call`` of a program."""
        self.source, self._call = source, call

    def did(self) -> None:
        """Take in that the log tells what it did."""
        self._call = ""

    def answered(self, call: str, text: str) -> Iterator[Event]:
        """Yield the command that the user stopped, where the answer to ``call`` says that."""
        if call == self._call:
            yield from self.rest(text) if text.startswith(_ABORTED) else ()
            self.did()

    def rest(self, stopped: str = "") -> Iterator[Event]:
        """Yield the command that it is at, or was when it was ``stopped``; of several nobody knows."""
        commands = _COMMAND.findall(self.source[:_MOST_CHARS]) if self._call else []
        if len(commands) == 1:
            id_ = f"{self._call}-run"
            yield Called(id_, "exec_command", {"cmd": _ESCAPED.sub(_unescaped, commands[0][1])}, nested=True)
            yield from (Returned(id_, stopped, repeated=True),) if stopped else ()


_ABORTED = "aborted by user"
_COMMAND = lazily(r"""(?s)\bcmd["']?\s*:\s*(["'`])((?:[^\\]|\\.)*?)\1""")


def _unescaped(found: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t"}.get(found[1], found[1])


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
