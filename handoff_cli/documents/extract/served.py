"""Commands that asked a server: told of an error they ended well, what they were for did not; some are checks."""

from __future__ import annotations

from handoff_cli.core.light import lru_cache
from handoff_cli.core.patterns import caseless
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


@lru_cache(maxsize=1_024)
def checked_at(command: str) -> str:
    """Return the address at which a command asks a server whether all is well, empty where it asks for nothing such."""
    found = _ASKS_WHETHER.search(command) if "/" in command else None
    return found[1] if found else ""


_ASKS_WHETHER = caseless(
    r"\b(?:curl|wget|xh|https?|invoke-(?:webrequest|restmethod))\s[^\n]{0,400}?"
    r"((?:https?://|localhost:|127\.0\.0\.1:)[^\s\"'<>|;&]{0,200}?/(?:self-?)?(?:tests?|health(?:z|-?checks?)?|livez?|readyz?"
    r"|(?:live|readi)ness|status|ping|checks?|validate))(?=[\s\"'?#;&|)]|$)"
)
"""An address whose path ends in the name of a check."""
