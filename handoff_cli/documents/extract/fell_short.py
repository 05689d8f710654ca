"""What the agent tried for the work at hand and found not to do it, by its own words: it need not be tried again."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.verdicts import is_nothing
from handoff_cli.documents.extract.checks import is_check, without_folder
from handoff_cli.documents.extract.words import as_one_line, clipped, identifiers, plain, sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Transcript

_MOST, _CHARS, _MOST_READ, _COMMAND_CHARS = 3, 180, 4_000, 110
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
    """Return sentences after ``asked`` that tell that something the agent tried did not do, the latest first.

    First stand commands that ended well and did nothing, each with such a sentence.
    """
    found: dict[str, None] = {}
    for message in reversed(transcript.messages):
        if message.position <= asked or len(found) >= _MOST:
            break
        if message.role != "user":
            told = (clipped(plain(it), _CHARS) for it in sentences(message.text[:_MOST_READ]) if _FELL_SHORT.match(it))
            found.update(dict.fromkeys(told))
    silent = _without_effect(transcript, asked)
    return (*silent, *(it for it in found if not any(it in line for line in silent)))[:_MOST]


def _without_effect(transcript: Transcript, asked: int) -> tuple[str, ...]:
    """Return commands after ``asked`` that ended well without a word and, as the agent said since, did not do it.

    The latest stands first, each with the sentence that names its program and says so.
    """
    silent = [
        it
        for it in transcript.commands
        if it.position > asked and it.outcome == "ok" and is_nothing(it.output or "") and not is_check(it.text)
    ]
    if not silent:
        return ()
    found: dict[str, None] = {}
    for said in sorted((*transcript.messages, *transcript.reasonings), key=lambda it: -it.position):
        if said.position <= silent[0].position or len(found) >= _MOST:
            break
        told = [it for it in sentences(said.text[:_MOST_READ]) if _NO_EFFECT.search(it)] if said.role != "user" else []
        for sentence in told:
            words, names = set(_WORD.findall(sentence.lower())), identifiers(sentence)
            before = [it for it in reversed(silent) if it.position < said.position]
            like = [it for it in before if words.intersection(without_folder(it.text).split(None, 1)[:1])]
            meant = max(like, key=lambda it: sum(name in it.text for name in names), default=None)
            if meant:
                found[f"{clipped(as_one_line(meant.text), _COMMAND_CHARS)}: {clipped(plain(sentence), _CHARS)}"] = None
    return tuple(found)[:_MOST]


_NO_EFFECT = caseless(
    r"^(?!if\b|when\b|in case\b)[^?]*\b"
    r"(?:(?:did|does)(?:n['\u2019]?t| not) (?:seem to )?(?:have |take |make )?(?:\w+ )?"
    r"(?:work|apply|effect|match|replace|change|do anything|go through)\w*|(?:had|has) no effect|changed nothing"
    r"|(?:was|were)(?:n['\u2019]?t| not) applied)\b[^?]*$"
)
_WORD = lazily(r"[a-z][\w.-]*")
