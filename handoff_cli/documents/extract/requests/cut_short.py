"""Which requests the user stopped before anything came of them."""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.documents.extract.commands.messages import commit_message

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Transcript
    from handoff_cli.documents.extract.facts import Request


def with_cut_short(requests: tuple[Request, ...], transcript: Transcript) -> tuple[Request, ...]:
    """Return ``requests`` with those marked that the user stopped with no edit and no answer, and let be since.

    Where the one that was stopped only answers the agent's question, so is the one that was asked about.
    """
    if not transcript.stops:
        return requests
    told = list(requests)
    for at, (request, after) in enumerate(pairwise(requests)):
        stop = next((it for it in transcript.stops if request.position < it <= after.position), None)
        if stop is None or after.bare or _came_of_it(request.position, stop, transcript):
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
