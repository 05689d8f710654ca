"""What the agent tried for the work at hand and found not to do it, by its own words: it need not be tried again."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless
from handoff_cli.documents.extract.words import clipped, plain, sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Transcript

_MOST, _CHARS, _MOST_READ = 3, 180, 4_000
_FELL_SHORT = caseless(
    r"(?:\W*(?:ah|hmm|ok(?:ay)?|oh|but|so|now|looks like|it seems|(?:the )?(?:issue|problem) (?:now )?is)[,:]?\s+"
    r"(?:that )?){0,3}(?:the|that|this|my) (?:[\w.`'-]+ ){0,3}?"
    r"(?:sed|awk|perl|reg(?:ex(?:es|p)?|ular expression)|script|replacement|substitution|edits?|patch|fix|workaround"
    r"|attempt|approach|pattern|codemod)(?: (?:commands?|scripts?|edits?|approach))?"
    r" (?:did(?:n['\u2019]t| not)|failed to|was(?:n['\u2019]t| not) enough|missed)\b"
    r"(?! (?:change|touch|break|introduce|affect|need|run|cause)\b)"
)
"""How a sentence begins that says that a way to do something did not do it."""


def fell_short(transcript: Transcript, asked: int) -> tuple[str, ...]:
    """Return sentences after ``asked`` that tell that something the agent tried did not do, the latest first."""
    found: dict[str, None] = {}
    for message in reversed(transcript.messages):
        if message.position <= asked or len(found) >= _MOST:
            break
        if message.role != "user":
            told = (clipped(plain(it), _CHARS) for it in sentences(message.text[:_MOST_READ]) if _FELL_SHORT.match(it))
            found.update(dict.fromkeys(told))
    return tuple(found)[:_MOST]
