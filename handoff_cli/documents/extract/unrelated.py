"""What fails without the work at hand, by the agent's words: a test that is red on the main branch as well."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless
from handoff_cli.documents.extract.let_be import test_of
from handoff_cli.documents.extract.words import clipped, plain, sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Message, Transcript
    from handoff_cli.documents.extract.failed import LiveFailure


def unrelated(failures: Sequence[LiveFailure], transcript: Transcript) -> tuple[LiveFailure, ...]:
    """Return ``failures`` with the agent's words by which a test is red without this work, the latest.

    Its account of an earlier compaction tells it too. Where the user speaks of the test, or orders to mend what is red,
    only that counts.
    """
    said = [it for it in (*transcript.messages, *transcript.reasonings) if it.role != "user"]
    told = [it for it in (*said, *transcript.summaries) if _NOT_OURS.search(it.text)] if failures else []
    words = _words(sorted(told, key=lambda it: -it.position))
    if not words:
        return tuple(failures)
    asked = [it for it in transcript.messages if it.role == "user"]
    orders = max((it.position for it in asked if _FIXES_ALL.search(it.text[:_ORDER_CHARS])), default=-1)
    spoken_of = "\n".join(it.text for it in asked)
    return tuple(
        it if it.left or it.touched else _left(it, [text for at, text in words if at > orders], spoken_of)
        for it in failures
    )


def _words(told: Sequence[Message]) -> list[tuple[int, str]]:
    """Return the sentences that say of something that it is none of this work, with where they were said."""
    each = ((it.position, plain(text)) for it in told for text in sentences(it.text))
    return [(at, text) for at, text in each if _NOT_OURS.search(text) and not _DOUBTS.search(text)][:_MOST]


def _left(failure: LiveFailure, words: Sequence[str], spoken_of: str) -> LiveFailure:
    test = test_of(failure)
    found = next((it for it in words if test in it), "") if test else ""
    if not found or test in spoken_of:
        return failure
    return failure.replace(left=clipped(found, _WORDS_CHARS), unrelated=True)


_ORDER_CHARS, _WORDS_CHARS, _MOST = 1_000, 200, 60
_FIXES_ALL = caseless(
    r"(?<!not )(?<!n't )(?<!n\u2019t )\b(?:fix|mend|repair|solve)\b[^.;,\n]{0,60}?"
    r"\b(?:tests?|failures?|failing|red|both|all|too|also|as well)\b"
)
_NOT_OURS = caseless(
    r"\b(?:fail(?:s|ed|ing|ure)?|red|broken) (?:\w+ ){0,3}?(?:on|in) (?:origin/)?(?:main|master|trunk|upstream)\b"
    r"|\b(?:fail(?:s|ed|ing)?|red) (?:\w+ ){0,3}?without (?:my|our|the|these|this|any) (?:\w+ )?"
    r"(?:changes?|edits?|patch|commits?)\b"
    r"|(?<!not )\bpre-?exist(?:s|ed|ing)\b|\bunrelated\b"
    r"|\bnot (?:ours|mine|(?:related to|caused by|from) (?:my|our|this|these))\b"
)
_DOUBTS = caseless(
    r"\?\W*$|\b(?:check|see|verify|know|find out|confirm) (?:if|whether)\b|\b(?:maybe|perhaps|might|could|probably)\b"
)
