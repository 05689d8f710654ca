"""Where the user stopped the agent: at the end of the log, or to say what they say last."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Transcript


def is_stopped(transcript: Transcript) -> bool:
    """Return whether the log ends with the user having stopped the agent amid its work."""
    last = max((it[-1].position for it in (transcript.messages, transcript.tool_calls) if it), default=0)
    return transcript.stopped_at > 0 and transcript.stopped_at >= last


def stopped_for(transcript: Transcript, asked: int) -> bool:
    """Return whether the user stopped the agent right before the request at ``asked``: nothing came between."""
    if not 0 < transcript.stopped_at <= asked:
        return False
    done = (transcript.messages, transcript.tool_calls)
    return not any(transcript.stopped_at < it.position < asked for each in done for it in each)
