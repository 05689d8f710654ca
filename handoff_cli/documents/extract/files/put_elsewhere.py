"""A document that is to stand elsewhere: its file was turned down, or is gone, and what it says is still to be used."""

from __future__ import annotations

from handoff_cli.core.paths import MARKDOWN, name_of
from handoff_cli.core.patterns import caseless, lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Transcript


def to_go_elsewhere(transcript: Transcript) -> str:
    """Return the document that was deleted last, to be put into another one; empty where that was done, or not said.

    The user says so, or wants no document of its own, and the agent says so: what it offers to add otherwise is none.
    It may be deleted for an earlier request: one that cut in since only says how it is to be put.
    """
    last = transcript.edits[-1] if transcript.edits else None
    if last is None or last.action != "deleted" or not last.path.endswith(MARKDOWN):
        return ""
    asked = max((it for it in transcript.asked_at if it < last.position), default=-1)
    said = "\n".join(it.text for it in transcript.messages if it.position >= asked and it.role == "user")
    if _OF_A_PLACE.search(said):
        said = "\n".join(it.text for it in transcript.messages if it.position >= asked)
    late = [it for it in transcript.edits if it.position > asked]
    if any(it.action != "deleted" for it in late):
        return ""
    deleted = {it.path for it in late}
    path = next((it.path for it in reversed(transcript.edits) if it.path in deleted and it.new), "")
    return path if path and _is_to_be_put(path, said) else ""


def _is_to_be_put(path: str, said: str) -> bool:
    """Return whether the document at ``path`` is what is to be put somewhere by what was ``said``, not thrown away."""
    names = {*_ITSELF, *_WORD.findall(name_of(path).rpartition(".")[0].lower())}
    for found in _ELSEWHERE.finditer(said):
        words = _WORD.findall(found["what"].lower())
        named = bool(names.intersection(words)) and words[0] not in _ANOTHER
        before = "\n".join(_SENTENCE_ENDS.split(said[: found.start()])[-2:])  # its own sentence and the one before
        if (named or _SAYS_IT.match(found["what"]) or _HAS_NONE.match(found[0])) and not _THROWN_AWAY.search(before):
            return True
    return False


_ELSEWHERE = lazily(
    r"(?i)\b(?:put|integrate|merge|move|fold|combine|fit|include|add)\b(?P<what>[^.!?]{0,60}?)"
    r"\b(?:in(?:to)?|to|existing|with)\b"
)
_SAYS_IT = caseless(
    r"\s*(?:(?:all of|all|just|only)\s+)?"
    r"(?:it\b|everything\b|(?:this|that|them|these|those)\b(?=\W*(?:$|(?:all|also|as|directly|instead|there)\b)))"
)
_HAS_NONE = caseless(r"(?:integrate|fold|combine)\s+(?:in(?:to)?|existing|with)\b")
_ITSELF = ("content", "contents", "design", "document", "doc", "section", "sections")
_ANOTHER = ("a", "an", "another", "more", "new", "some")
_WORD, _SENTENCE_ENDS = lazily(r"[^\W_]{1,60}"), lazily(r"[.!?]+\s|\n")
_THROWN_AWAY = caseless(
    r"\b(?:don['\u2019]?t|do not|no longer) need (?:it|this|that|the (?!separate|extra|additional|own)\w+)\b"
    r"|\b(?:obsolete|outdated|useless|throw\w*)\b|\b(?:is|are) no longer\b|\bdrop (?:it|this|that)\b"
)


def only_its_place(offer: str, words: str) -> bool:
    """Return whether ``offer`` tells of a document, and the user's ``words`` turn down only a place of its own."""
    if not (_DOCUMENT.search(offer) and _OF_A_PLACE.search(words)):
        return False
    clauses = [it for it in _CLAUSES.split(words) if " " in it.strip()]
    return all(_OF_A_PLACE.search(it) for it in clauses if _SAYS_NO.search(it))


_CLAUSES, _SAYS_NO = lazily(r"[.,;!?]\s|\band\b"), lazily(r"(?i)\b(?:no|not|don['\u2019]?t|never)\b")


_DOCUMENT = caseless(r"\.(?:md|mdx|rst|adoc|txt)\b|\b(?:documents?|docs?|design|spec)\b")
_OF_A_PLACE = caseless(
    r"\b(?:no|not|don['\u2019]?t|without)\b[^.!?]{0,30}\b(?:separate|additional|extra|new|another|own|more)"
    r" (?:\w+ )?(?:docs?|documents?|files?|pages?)\b"
    r"|\b(?:put|integrate|merge|move|fold)\b[^.!?]{0,40}\b(?:in(?:to)?|to)\b[^.!?]{0,30}\b(?:existing|same|docs?|readme"
    r"|document\w*|[\w-]+\.md)\b"
)
