"""What a program tells a model of its surroundings below each message: its to-do list, what terminals printed since.

Roo and Cline write it in ``<environment_details>``; the rest of that is of the editor, and nobody's.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.core.tool_names import NOTED
from handoff_cli.transcripts.outcomes import RUNS_ON, judged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_ROW = compiled(r"\| \d{1,3} \| (?P<content>\S.{0,500}?) \| (?P<status>Pending|In Progress|Completed) \|\s*$")
_HEADING = compiled(r"#{1,3} [A-Z]|={4}$")
_COMMAND = compiled(r"#{2,3} (?:(?:Original )?[Cc]ommand: )?`(?P<run>.{1,2000})`\s*$")
_OUTPUT = compiled(r"#{2,3} (?:New )?Output\s*$")
_ACTIVE = "# Actively Running Terminals"


def told_around(talk: Talk, inner: str) -> list[Placed]:
    """Return what such an element tells: a list that is another than before, and what the last command printed since.

    The list stands in it again and again.
    """
    lines = inner.split("\n")
    if not any(map(_HEADING.match, lines)):  # somebody shows what it looks like
        return talk.say("")
    todos = [found.groupdict() for line in lines if line[:2] == "| " and (found := _ROW.match(line))]
    events = talk.say("")
    if todos and (listed := str(todos)) != talk.reminded:
        talk.reminded = listed
        events += talk.did(NOTED, {"todos": todos})
    last = talk.last_run
    for run, output, runs_on in _printed(lines) if last else ():
        if last and run == last.run:
            shown, failed, code = judged(run, output)
            events += talk.answer_again(code, f"{RUNS_ON}.\n{shown}" if runs_on else shown, failed)
    return events


def _printed(lines: list[str]) -> Iterator[tuple[str, str, bool]]:
    """Yield each command that a terminal ran, what it printed, and whether it runs on."""
    run, active = "", False
    output: list[str] | None = None
    for line in (*lines, _END):
        if _HEADING.match(line):
            if run and output and (text := "\n".join(output).strip("\n")):
                yield run, text, active
            found = _COMMAND.match(line)
            output = [] if _OUTPUT.match(line) else None
            run = found["run"] if found else run if output is not None else ""
            active = active if line[:2] == "##" else line == _ACTIVE
        elif output is not None:
            output.append(line)


_END = "# End"
