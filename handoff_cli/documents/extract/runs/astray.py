"""Calls that failed for what is around them: the folder that a command ran in, a tool that cannot be started here."""

from __future__ import annotations

from itertools import pairwise
from posixpath import join, normpath

from handoff_cli.core import tool_names
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.record import Record
from handoff_cli.core.transcript import GAVE
from handoff_cli.documents.extract.commands.command_lines import masked, without_folder
from handoff_cli.documents.extract.failed import ASTRAY, Attempt
from handoff_cli.documents.extract.language.words import as_one_line
from handoff_cli.documents.extract.runs.attempts import program_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Command, ToolCall, Transcript


class SetAside(Record):
    """The transcript as it is ``now`` without such calls, and what is to be known of them.

    ``dead_tools`` do not run here; ``folder`` is where commands run, told where paths from elsewhere failed
    and it is not where the session began; ``astray`` are the commands with such paths.
    """

    now: Transcript
    dead_tools: tuple[str, ...] = ()
    folder: str = ""
    astray: tuple[Attempt, ...] = ()


def set_aside(transcript: Transcript) -> SetAside:
    """Return ``transcript`` without the calls that failed for what is around them, and that were got past."""
    unstarted = tuple(_unstarted(transcript.tool_calls))
    astray = tuple(_astray(transcript))
    gone = {it.position for it in unstarted} | {it.position for it in astray}
    if not gone:
        return SetAside(transcript)
    now = transcript.replace(
        tool_calls=tuple(it for it in transcript.tool_calls if it.position not in gone),
        commands=tuple(it for it in transcript.commands if it.position not in gone),
    )
    folder = _folder_kept(transcript.commands) if len(astray) >= _OFTEN else ""
    elsewhere = folder if folder != transcript.folder else ""  # where the session began, the next one does too
    tools = tuple(dict.fromkeys(it.name for it in unstarted))
    lost = {as_one_line(it.text): it.position for it in astray}
    attempts = (Attempt(text, minor=True, reason=ASTRAY, position=position) for text, position in lost.items())
    return SetAside(now, tools, elsewhere, tuple(attempts))


_OFTEN = 2


def _unstarted(calls: Sequence[ToolCall]) -> Iterator[ToolCall]:
    """Yield the calls of tools to read and search that could not be started, and that ran at no time since."""
    ran: set[str] = set()
    for call in reversed(calls):
        if call.outcome != "failed":
            ran.add(call.name)
        elif call.name not in ran and call.name.lower() in _OF_HARNESS and _NOT_STARTED.search(call.error or ""):
            yield call


_OF_HARNESS = tool_names.READERS | tool_names.SEARCHERS
_NOT_STARTED = caseless(
    r"\b(?:enoent|eacces|enoexec)\b[^\n]{0,80} (?:posix_)?spawn "
    r"|(?:^|\s)(?:posix_)?spawn [^\n]{0,200}\b(?:enoent|eacces|enoexec)\b"
)


def _astray(transcript: Transcript) -> Iterator[Command]:
    """Yield the commands that did not find a path that is there from another folder; their program ran since.

    Of one that would go where it is already, nothing is left to do once any other ran.
    """
    lost = {
        it.position: it for it in transcript.commands if it.outcome == "failed" and _NOT_FOUND.search(it.error or "")
    }
    if not lost:
        return
    made = {it.path: it.position for it in reversed(transcript.edits) if it.action == "created"}
    known = {f"{it.path}/": made.get(it.path, -1) for it in transcript.files}
    ran = {_program(it): it.position for it in transcript.commands if it.outcome and it.position not in lost}
    for command in lost.values():
        paths = set(_missing(command))
        there = any(f"/{path}/" in file for path in paths for file, since in known.items() if since < command.position)
        arrived = any(command.folder.endswith(f"/{path}") for path in paths)
        last = max(ran.values(), default=-1) if arrived else ran.get(_program(command), -1)
        if there and last > command.position and not _came_to_pass(command, transcript.commands):
            yield command


def _came_to_pass(command: Command, commands: Sequence[Command]) -> bool:
    """Return whether the same passed later from the same folder: what it did not find was made since."""
    return any(
        it.position > command.position and it.outcome == "ok" and (it.text, it.folder) == (command.text, command.folder)
        for it in commands
    )


def _missing(command: Command) -> Iterator[str]:
    """Yield the relative paths of a command that its error says are not there."""
    said = " ".join(line for line in (command.error or "").split("\n") if _NOT_FOUND.search(line))
    named = [it.strip("'\"`:,").rstrip("/") for it in said.replace(": ", " ").split()]
    for word in command.text.split():
        path = word.strip("'\";").removeprefix("./").rstrip("/")
        if path and path[0] not in _NOT_RELATIVE and any(f"/{it}".endswith(f"/{path}") for it in named):
            yield path


_NOT_RELATIVE = "/~$-"
_NOT_FOUND = caseless(r"no such file or directory|directory not found")


def _program(command: Command) -> str:
    return program_of(as_one_line(without_folder(command.text)))


def _folder_kept(commands: Sequence[Command]) -> str:
    """Return the folder that the next command runs in, empty where none was seen to stay from one to the next."""
    kept = any(
        it.folder.startswith("/") and _ends_in(it) == after.folder != it.folder for it, after in pairwise(commands)
    )
    return _ends_in(commands[-1]) if kept else ""


def _ends_in(command: Command) -> str:
    """Return the folder that a command leaves the shell in, by where it ran and went; empty where that is not known."""
    bare = masked(command.text)
    goes = _GOES.findall(bare) if command.outcome in GAVE else []
    return normpath(join(command.folder, *goes)) if command.folder and not _SOMEWHERE.search(bare) else ""


_GOES = lazily(r"(?:^|&&|;)\s*cd\s+([\w.@+/][\w./@+-]*)")
_SOMEWHERE = lazily(r"\b(?:pushd|popd)\b|\bcd(?:\s+[^\w.@+/]|\s*(?:$|;|&&))|\([^()\n]{0,200}\bcd\s")
"""Ways to another folder that are not followed: back, home, by a variable, by a quoted name, within a subshell."""
