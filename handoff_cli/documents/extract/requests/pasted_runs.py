"""A request that is nothing but what a command printed that the user ran: the command, and the error it ended in."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily
from handoff_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Command, Transcript
    from handoff_cli.documents.extract.facts import Request


class PastedRun(Record):
    """A run of ``command`` that the user pasted, with its ``errors``; ``gone``: its latest run printed none of them."""

    command: str
    errors: tuple[str, ...]
    gone: bool = False


def pasted_run(request: Request, transcript: Transcript) -> PastedRun | None:
    """Return the run that ``request`` is, None where anything was typed with it.

    It begins with a prompt or with a command that the session ran too, and ends in an error or a frame.
    """
    lines = [it for it in request.text.strip().split("\n") if it.strip()]
    if len(lines) < _LEAST_LINES or not (_ERROR.match(lines[-1]) or _FRAME.match(lines[-1])):
        return None
    typed = _PROMPT.sub("", lines[0].strip(), count=1)
    runs = [it for it in transcript.commands if it.text == typed or it.text.endswith(f"&& {typed}")]
    errors = [*dict.fromkeys(it.strip() for it in lines[1:] if _ERROR.match(it))]
    if not errors or not (runs or typed != lines[0].strip()):
        return None
    late = [it for it in runs if it.position > request.position]
    gone = bool(late) and _printed_none_of(late[-1], errors)
    return PastedRun(typed, (*errors[:1], *errors[1:][-1:]), gone)


def _printed_none_of(run: Command, errors: list[str]) -> bool:
    """Return whether ``run`` ended and printed none of ``errors``; of what is not known in all, nobody can say."""
    printed = run.output or run.error or ""
    return bool(run.outcome and printed) and "\u2026" not in printed and not any(it in printed for it in errors)


_LEAST_LINES = 4
_PROMPT = lazily(r"(?:[\w@.:~/ -]{0,60}[$%#]|[\u276f\u279c>]) +(?=\S)")
_ERROR = lazily(r"\s*(?:(?:[\w$]{1,60}\.){0,12}\w{0,60}(?:Error|Exception)|error|fatal|panic|FATAL|ERROR)\b[:\[ ]+\S")
_FRAME = lazily(r"\s*at \S[^\n]{0,300}:\d+\)?\s*$")
