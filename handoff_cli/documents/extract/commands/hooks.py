"""The checks that hooks of git ran before a commit: it was made, so they passed."""

from __future__ import annotations

from handoff_cli.core.patterns import MULTILINE, lazily
from handoff_cli.documents.extract.commands.command_lines import way_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Command


def checks_of_hooks(command: Command) -> list[Command]:
    """Return the tasks of npm that the hooks of a commit ran, as commands that passed; none where it was not made.

    Of several packages those of the first count: what it runs in others is its own doing.
    """
    output = command.output or ""
    made = _MADE.search(output) if "commit" in command.text and "--no-verify" not in command.text else None
    if not made or not _COMMITS.search(command.text):
        return []
    tasks: dict[str, None] = {}
    package = ""
    for found in _TASK.finditer(output, 0, made.start()):
        package = package or found["package"]
        if found["package"] == package:
            tasks[found["task"]] = None
    way = way_in(command.text)
    return [command.replace(text=f"{way}npm run {it}", outcome="ok", exit_code=0, output="") for it in tasks]


_COMMITS = lazily(r"\bgit (?:-[cC] \S+ )*commit\b")
_MADE = lazily(r"^\[[\w./#@-]+(?: \([\w -]+\))? [0-9a-f]{7,40}\] ", MULTILINE)
"""What git says of a commit that it made."""

_TASK = lazily(r"^> (?P<package>@?[\w./-]+)@\S+ (?P<task>[\w:.-]+)(?: \S+)?$", MULTILINE)
"""How npm and pnpm head a task with the name and the version of its package."""
