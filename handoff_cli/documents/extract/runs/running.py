"""What was started to run beside the work and of which no end is seen: servers, long runs, sub-agents."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.tool_names import SUB_AGENTS
from handoff_cli.documents.extract.commands.command_lines import line_of, masked, steps_in
from handoff_cli.documents.extract.facts import BackgroundRun
from handoff_cli.documents.extract.language.words import as_one_line, clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.core.transcript import Command, Transcript


SUB_AGENT = "sub-agent "
"""How a line begins that tells of one that runs."""


def running(transcript: Transcript) -> tuple[BackgroundRun, ...]:
    """Return the commands that run in the background as far as the log tells, the latest first."""
    stopped = " ".join(it.summary for it in transcript.tool_calls if it.name in _STOPPERS)
    found: dict[str, BackgroundRun] = {}
    for command in (it for it in reversed(transcript.commands) if it.outcome is None and it.output):
        begun = _RUNS_ON.search(as_one_line((command.output or "")[:_SAID_CHARS]))
        if begun and not (begun[1] and begun[1] in stopped):
            line = line_of(command)
            seen = _seen(command, begun[1] or "", transcript) or _printed_since(command.output or "")
            found.setdefault(line, BackgroundRun(line, begun[1] or "", seen))
        if len(found) == _MOST:
            break
    return (*found.values(), *list(_agents_at_work(transcript))[:_MOST])


def is_receipt(answer: str) -> bool:
    """Return whether an ``answer`` only says that a sub-agent was started: what it found comes later."""
    return bool(_RECEIPT.match(answer))


def _agents_at_work(transcript: Transcript) -> Iterator[BackgroundRun]:
    """Yield the sub-agents that were started and neither answered nor were spoken of as done, the latest first."""
    asked = [it for it in transcript.lookups if it.kind == "agent" and it.answer]
    ended = {it.asked: it.position for it in asked if not is_receipt(it.answer)}
    stopped = [it for it in transcript.tool_calls if it.outcome == "failed" and it.name.lower() in SUB_AGENTS]
    said = [it for it in transcript.messages if it.role == "assistant"]
    for it in reversed(asked):
        name = found[1] if (found := _NAME.search(it.answer)) else ""
        told = (line for then in said if then.position > it.position for line in then.text.split("\n"))
        over = ended.get(it.asked, -1) > it.position or any(
            call.position > it.position and it.asked in call.summary for call in stopped
        )
        over = over or any(_names(name, line) and _ENDED.search(line) for line in told)
        if is_receipt(it.answer) and not over:
            yield BackgroundRun(f"{SUB_AGENT}{name}{': ' * bool(name)}{it.asked}")


def _names(agent: str, line: str) -> bool:
    """Return whether a ``line`` names an ``agent``, or what all the words of its name begin with."""
    parts = [it[:_STEM].lower() for it in _PART.findall(agent)]
    return bool(parts) and all(it in line.lower() for it in parts)


_PART, _STEM = lazily(r"[^\W_]{2,}"), 6
_RECEIPT = caseless(
    r"\W*(?:spawned successfully|(?:async |background )?(?:sub-?)?agent (?:launched|started|spawned)\b)"
)
_NAME = lazily(r"(?m)^name: *([\w.-]{2,60})$")
_ENDED = caseless(r"\b(?:done|finish(?:es|ed)|complet(?:es|ed?)|report(?:s|ed)|returned|is back|found)\b")


def _seen(started: Command, task: str, transcript: Transcript) -> str:
    """Return the last line that the last look at what ``started`` writes to showed, empty where none was seen."""
    files = [it.strip("'\"") for it in _WRITES_TO.findall(started.text)] + [f"/{task}.output"] * bool(task)
    for command in reversed(transcript.commands):
        if command.position <= started.position:
            break
        if command.output and any(it in command.text for it in files):
            return clipped(_line_of(command.text, command.output, files), _SEEN_CHARS)
    return ""


def _printed_since(output: str) -> str:
    """Return the last line that a command printed below the one that says it runs on in a terminal."""
    first, _, printed = output.strip().partition("\n")
    lines = [it.strip() for it in printed.split("\n") if it.strip()]
    return clipped(lines[-1], _SEEN_CHARS) if lines and _IN_TERMINAL.search(first) else ""


_IN_TERMINAL = lazily(r"running in terminal")


def _line_of(look: str, output: str, files: list[str]) -> str:
    """Return the last line of ``output`` that is of one of ``files``, empty where another step may have printed it."""
    bare = masked(look)
    steps = [look[begins:ends] for begins, ends in steps_in(bare)]
    looks = [it for step in steps if _PRINTS.search(step) for it in _PATH.findall(step) or [step]]
    lines = [it.strip() for it in output.split("\n") if it.strip()]
    if len(looks) == len(lines):
        return next((line for step, line in zip(looks, lines, strict=True) if any(it in step for it in files)), "")
    return lines[-1] if lines and len(looks) == 1 else ""


_PATH = lazily(r"(?<=\s)[\w.~*-]*/[^\s;|&<>]+")
_PRINTS = lazily(r"\b(?:tail|head|cat|grep|rg|awk|sed|wc|jq|less)\b")
_STOPPERS = frozenset(("KillShell", "KillBash", "TaskStop"))
_RUNS_ON = caseless(r"\brunning (?:in (?:the )?background|in terminal|with session id)\b(?: with id:? ([\w-]{1,40}))?")
"""What an agent's shell says of a command that goes on beside the work, with what it is called there."""

_WRITES_TO = lazily(r"(?:(?<![<>&\d])>>?\s*|\btee\s+(?:-a\s+)?)([^\s|;&<>()]{4,200})")
_MOST, _SAID_CHARS, _SEEN_CHARS = 4, 600, 120
