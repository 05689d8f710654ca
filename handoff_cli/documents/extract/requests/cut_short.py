"""Which requests the user stopped before anything came of them."""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.documents.extract.commands.messages import commit_message
from handoff_cli.documents.extract.requests.narrowing import only_limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Transcript
    from handoff_cli.documents.extract.facts import Request


def with_cut_short(requests: tuple[Request, ...], transcript: Transcript) -> tuple[Request, ...]:
    """Return ``requests`` with those marked that the user stopped with no edit and no answer, and let be since.

    What was said then may only limit the work. Where the one that was stopped only answers the agent's question, so
    is the one that was asked about.
    """
    if not transcript.stops:
        return requests
    told = list(requests)
    for at, (request, after) in enumerate(pairwise(requests)):
        sent = max(request.position, *(it for it in request.before if it < after.position), 0)
        stop = next((it for it in transcript.stops if sent < it <= after.position), None)
        if stop is None or after.bare or only_limits(after) or _came_of_it(sent, stop, transcript):
            continue
        told[at] = told[at].replace(cut_short=True)
        if request.question and at:
            told[at - 1] = told[at - 1].replace(cut_short=True)
    return tuple(told)


def _came_of_it(asked: int, stop: int, transcript: Transcript) -> bool:
    """Return whether a file was edited between, a commit made, or the agent had spoken last."""
    said = max((it.position for it in transcript.messages if it.role != "user" and it.position < stop), default=-1)
    called = max((it.position for it in transcript.tool_calls if it.position < stop), default=-1)
    committed = (it.position for it in transcript.commands if it.outcome != "failed" and commit_message(it.text))
    made = (*committed, *(it.position for it in transcript.edits))
    return said > max(called, asked) or any(asked < it < stop for it in made)
