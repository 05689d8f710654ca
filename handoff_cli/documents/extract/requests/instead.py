"""What the agent chose on the way to the latest request, where what it had made for it was deleted again."""

from __future__ import annotations

from handoff_cli.core.light import bisect_right
from handoff_cli.core.patterns import caseless
from handoff_cli.documents.extract.language.words import clipped, plain, sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Transcript


def chosen_instead(transcript: Transcript, asked: int) -> tuple[str, ...]:
    """Return what the agent said it would do right before it made a new file since ``asked``, with why."""
    positions = [it.position for it in transcript.edits]
    found: dict[str, None] = {}
    for message in transcript.messages:
        if message.role == "user" or message.position <= asked:
            continue
        then = bisect_right(positions, message.position)
        if then == len(positions) or transcript.edits[then].action != "created":
            continue
        told = sentences(message.text[-_MOST_READ:])
        place = next((at for at in range(len(told) - 1, -1, -1) if _CHOOSES.search(told[at])), None)
        if place is not None:
            why = f"{told[place - 1]} " if place and len(told[place - 1]) < _WHY_CHARS else ""
            found[clipped(plain(f"{why}{told[place]}").rstrip(":"), _CHARS)] = None
    return tuple(found)[-_MOST:]


_CHOOSES = caseless(
    r"\b(?:the (?:\w+ )?(?:solution|fix|way out|answer) is to"
    r"|(?:let me|i['\u2019]ll|i will|we can) (?:fix|solve|break|avoid|resolve) (?:this|that|it) by"
    r"|instead,? (?:i['\u2019]ll|i will|let me))\b"
)
_MOST, _MOST_READ, _CHARS, _WHY_CHARS = 2, 4_000, 220, 80
