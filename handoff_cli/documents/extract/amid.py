"""Which request was still at work when the latest one came."""

from __future__ import annotations

from handoff_cli.documents.extract.underway import is_quiet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Transcript
    from handoff_cli.documents.extract.facts import Request


def came_amid(requests: Sequence[Request], transcript: Transcript) -> Request | None:
    """Return the request at which the agent was still at work when the latest came, None where it had answered.

    Where several people speak, one may answer the other. An agent that ends its turn says something after its last
    call: one that said nothing was stopped, or the words were queued.
    """
    if not requests[1:] or requests[-1].refuses or requests[-1].question or requests[-1].by:
        return None
    latest, asked = requests[-1].position, max((it.position for it in requests[:-1]), default=0)
    before = [it for it in transcript.messages if it.role != "user" and it.position < latest]
    if before and before[-1].ended:
        return None
    said = before[-1].position if before else -1
    calls = (it.position for it in transcript.tool_calls if asked < it.position < latest and not is_quiet(it))
    return requests[-2] if said < max(calls, default=asked) else None
