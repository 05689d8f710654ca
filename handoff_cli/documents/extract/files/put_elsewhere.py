"""A document that is to stand elsewhere: its file was turned down, or is gone, and what it says is still to be used."""

from __future__ import annotations

from handoff_cli.core.paths import MARKDOWN
from handoff_cli.core.patterns import caseless

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Transcript


def to_go_elsewhere(transcript: Transcript) -> str:
    """Return the document that was deleted last, to be put into another one; empty where that was done, or not said.

    It may be deleted for an earlier request: one that cut in since only says how it is to be put.
    """
    last = transcript.edits[-1] if transcript.edits else None
    if last is None or last.action != "deleted" or not last.path.endswith(MARKDOWN):
        return ""
    asked = max((it for it in transcript.asked_at if it < last.position), default=-1)
    said = "\n".join(it.text for it in transcript.messages if it.position >= asked)
    late = [it for it in transcript.edits if it.position > asked]
    if not _ELSEWHERE.search(said) or any(it.action != "deleted" for it in late):
        return ""
    deleted = {it.path for it in late}
    return next((it.path for it in reversed(transcript.edits) if it.path in deleted and it.new), "")


_ELSEWHERE = caseless(
    r"\b(?:put|integrate|merge|move|fold|combine|fit|include|add)\b[^.!?]{0,60}\b(?:in(?:to)?|existing|with)\b"
)


def only_its_place(offer: str, words: str) -> bool:
    """Return whether ``offer`` tells of a document, and the user's ``words`` turn down that it is one of its own."""
    return bool(_DOCUMENT.search(offer) and _OF_A_PLACE.search(words))


_DOCUMENT = caseless(r"\.(?:md|mdx|rst|adoc|txt)\b|\b(?:documents?|docs?|design|spec)\b")
_OF_A_PLACE = caseless(
    r"\b(?:no|not|don['\u2019]?t|without)\b[^.!?]{0,30}\b(?:separate|additional|extra|new|another|own|more)"
    r" (?:\w+ )?(?:docs?|documents?|files?|pages?)\b"
    r"|\b(?:put|integrate|merge|move|fold)\b[^.!?]{0,40}\b(?:in(?:to)?|to)\b[^.!?]{0,30}\b(?:existing|same|docs?|readme"
    r"|document\w*|[\w-]+\.md)\b"
)
