"""Commands that asked a server and were told of an error: they ended well, what they were for did not."""

from __future__ import annotations

from handoff_cli.core.verdicts import answer_of_server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Command, Transcript


def with_servers_answers(transcript: Transcript) -> Transcript:
    """Return ``transcript``, its commands as failed that passed and printed a server's error."""
    found = [_judged(it) for it in transcript.commands]
    changed = any(one is not other for one, other in zip(found, transcript.commands, strict=True))
    return transcript.replace(commands=tuple(found)) if changed else transcript


def _judged(command: Command) -> Command:
    if command.outcome not in ("ok", "ended") or not command.output:
        return command
    if answer_of_server(command.text, command.output) != "failed":
        return command
    return command.replace(outcome="failed", error=command.output)
