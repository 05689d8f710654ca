"""Which requests the user took back with the next words, before anything was edited for them."""

from __future__ import annotations

from handoff_cli.core.light import bisect_left
from handoff_cli.core.patterns import caseless
from handoff_cli.documents.extract.agreements import SHORT_CHARS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Edit
    from handoff_cli.documents.extract.facts import Request


def with_withdrawn(requests: tuple[Request, ...], edits: Sequence[Edit]) -> tuple[Request, ...]:
    """Return ``requests`` with those marked that the next words took back before anything was edited for them."""
    if not any(len(it.text) <= SHORT_CHARS and _WITHDRAWS.match(it.text) for it in requests[1:]):
        return requests
    edited = sorted(it.position for it in edits)
    told: list[Request] = []
    for request in requests:
        before = told[-1] if told and len(request.text) <= SHORT_CHARS and _WITHDRAWS.match(request.text) else None
        if before and bisect_left(edited, request.position) == bisect_left(edited, before.position):
            told[-1] = before.replace(withdrawn=request.text)
            if request is not requests[-1]:
                continue
        told.append(request)
    return tuple(told)


_WITHDRAWS = caseless(
    r"\W*(?:(?:oh|ok(?:ay)?|ah|hm+|no|nah|well|actually|alright|fine|then|sorry|ach|nee|nein|gut)\b[\s,.!]*){0,4}"
    r"(?:(?:(?:just |please )?(?:leave (?:it|that)(?: then)?(?=,? ?forget)|forget (?:about )?(?:it|that)|never ?mind"
    r"|nvm|scrap (?:it|that)|drop (?:it|that|the idea)|leave (?:it|that) then|let'?s not (?:do (?:it|that)))"
    r"|vergiss es|lass es (?:sein|doch)|laisse tomber|oublie(?: \xe7a)?|olv[i\xed]dalo|d[e\xe9]jalo|lascia perdere"
    r"|deixa pra l[a\xe1]"
    r"|\u7b97\u4e86|\u4e0d\u7528\u4e86)(?: (?:that|then|thanks|for now|it))?[\s,.!\u3002]*){1,3}\Z"
)
"""Words that only take back what was asked before."""
