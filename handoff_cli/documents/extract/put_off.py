"""What the agent put off or left alone on purpose, by its own words: work that nobody lists as open."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless
from handoff_cli.documents.extract.findings import LEAST_CHARS, same, subject_of
from handoff_cli.documents.extract.undo import puts_back
from handoff_cli.documents.extract.words import clipped, plain, sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Transcript


def put_off(transcript: Transcript) -> tuple[str, ...]:
    """Return the sentences of the agent's last turns that put something off, the latest first, each thing once."""
    asked = [it.position for it in transcript.messages if it.role == "user"]
    since = (asked[-_LAST_TURNS:] or [0])[0]
    said = [it for it in (*transcript.messages, *transcript.reasonings) if it.role != "user" and it.position > since]
    found: list[str] = []
    for message in sorted(said, key=lambda it: -it.position):
        if not _HINT.search(message.text):
            continue
        for sentence in reversed(sentences(message.text)):
            told = plain(sentence)
            if len(told) >= LEAST_CHARS and not told.endswith("?") and _PUTS_OFF.search(told) and not puts_back(told):
                subject = subject_of(told)
                if not any(same(subject, subject_of(other), _MUCH) for other in found):
                    found.append(clipped(told, _MOST_CHARS))
    return tuple(found[:_MOST])


_LAST_TURNS, _MOST, _MOST_CHARS, _MUCH = 3, 3, 220, 0.5
_HINT = caseless(r"follow-?up|separate|future|later|another|scope|postpon|defer|for now|untouched")
"""What every text has that the pattern below could match."""

_PUTS_OFF = caseless(
    r"\b(?:for|in|as|to) (?:a |an |the )?(?:separate|future|later|follow-?up|another)"
    r" (?:pr|pull request|change|commit|issue|ticket|pass|task|step)\b|\bin a follow-?up\b|\bout of scope\b"
    r"|\b(?:leave|leaving|left|keep|keeping) (?:it|this|that|them|these|those|\w+(?: \w+)?) (?:for later|untouched)\b"
    r"|\bfor later\b|\bpostpon(?:e|ed|ing)\b|\bdefer(?:red|ring)?\b(?! (?:func|wg|mu|close|cancel))"
    r"|\b(?:skip|skipping|ignore|ignoring|leave|leaving|keep|keeping|stick)\b[^.;:]{1,60}\bfor now\b"
)
