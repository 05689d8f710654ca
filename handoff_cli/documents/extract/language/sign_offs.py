"""What an agent was told to end every message with: a line that says nothing of the work."""

from __future__ import annotations

from handoff_cli.core.light import Counts
from handoff_cli.core.patterns import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Transcript

_FRAMED = lazily(r"([=~#\u2500\u2014\u2013\u2605\u2606\u2665\u2728\u00b7-]{1,40}) ?\w[^?\uff1f\n]{0,80}\1")
"""A line between two of the same signs: no question, and none of Markdown's marks for what is stressed."""


def without_sign_offs(transcript: Transcript) -> Transcript:
    """Return ``transcript`` without the framed line that several messages of the agent end with."""
    last = [_last_line(it.text) if it.role == "assistant" else "" for it in transcript.messages]
    counts = Counts(it for it in last if it)
    if not any(counts[it] > 1 for it in counts):
        return transcript
    messages = (
        message.replace(text=message.text.rstrip().removesuffix(line).rstrip()) if counts[line] > 1 else message
        for message, line in zip(transcript.messages, last, strict=True)
    )
    return transcript.replace(messages=tuple(messages))


def _last_line(text: str) -> str:
    """Return the last line of ``text`` where it is framed and other lines stand above it, else nothing."""
    before, _, line = text[-_LOOKED_AT:].rstrip().rpartition("\n")
    return line if before.strip() and _FRAMED.fullmatch(line) else ""


_LOOKED_AT = 400
