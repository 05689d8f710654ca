"""What was put off: by the user, for another ticket or time, and by the agent in its last turns."""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.failed import PutOff
from handoff_cli.documents.extract.language.findings import LEAST_CHARS, same, subject_of
from handoff_cli.documents.extract.language.prose import typed_lines
from handoff_cli.documents.extract.language.words import ASKING, as_one_line, clipped, plain, sentences
from handoff_cli.documents.extract.progress.undo import puts_back
from handoff_cli.documents.extract.requests.choices import told_as_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.core.transcript import Transcript
    from handoff_cli.documents.extract.facts import Request


def put_off_by_user(requests: tuple[Request, ...], transcript: Transcript) -> tuple[PutOff, ...]:
    """Return what ``requests`` but the latest put off, the latest first; few words with the question they answer."""
    asked = _questions(transcript)
    found: list[PutOff] = []
    for request in reversed(requests[:-1]):
        for told in _clauses_of(request.text):
            answers = len(told) < _SAYS_LITTLE
            question = asked.get(request.position, "") if answers else ""
            meant = f"that is: {request.meant}" if answers and request.meant else ""
            what = f"asked: {question}" if question else meant
            found.append(PutOff(request.number, told, clipped(what, _QUESTION_CHARS)))
    return tuple(found[:_MOST_BY_USER])


def _clauses_of(text: str) -> Iterator[str]:
    """Yield the sentences of a user's ``text`` that put something off; one that leans on the one before with that."""
    for line in typed_lines(text) or text.split("\n"):
        before = ""
        for clause in _CLAUSES.split(line):
            told = as_one_line(clause).strip(" -,;")
            if _LATER.search(told) and not told.endswith(ASKING):
                whole = f"{before} {told}" if before and _LEANS.match(told) else told
                if len(whole) <= _MOST_CHARS:
                    yield whole
            before = told


def _questions(transcript: Transcript) -> dict[int, str]:
    """Return the question or offer that the agent's last words before each message of the user's end with, by place."""
    found: dict[int, str] = {}
    question = ""
    for it in transcript.messages:
        if it.role == "user":
            found[it.position] = question
        else:
            last = sentences(it.text[-_END_CHARS:])[-1:]
            question = last[0] if last and (last[0].endswith(ASKING) or _IF_WANTED.search(last[0])) else ""
    return found


_LATER = caseless(
    r"\b(?:(?:own|separate|another|different|extra) (?:issue|ticket|pr\b|pull request|task|branch)"
    r"|not (?:now|here\b|in this|for now|yet\b)|(?:put|push) (?:\S+ ){0,3}off\b|postpone\w*|out of scope|at some point"
    r"|(?:do|fix|add|leave|that|it|for|but|much|maybe|and) later\b|later,|(?:for|in|is|thats?) v\d\b"
    r"|(?<!ed )(?<!began )some ?day\b(?! (?:in|last|around|this|between)\b)"
    r"|next (?:release|sprint|quarter|version)|erst sp\xe4ter|nicht jetzt|eigenes ticket|plus tard|m\xe1s tarde)"
    r"|, later\b|\bbut (?:only |just )?(?:at the (?:very )?end|(?:as (?:the )?)?last)(?=\W*$|[.,;:!])"
    r"|\b(?:do|for|leave|keep|that|it|this) (?:at )?the very end\b(?! of\b)"
)
_IF_WANTED = caseless(
    r"\b(?:tell me|let me know|say so|just say|shout),? if (?:you|that)\b|\bif you(?:'d| would)? (?:want|like)\W*\Z"
)
_LEANS = caseless(r"(?:but|and|or|later|not now)\b")
_CLAUSES = lazily(r"(?<=[.!?;])\s+")
_MOST_CHARS, _SAYS_LITTLE, _QUESTION_CHARS, _MOST_BY_USER, _END_CHARS = 220, 60, 110, 5, 600


def put_off_by_agent(transcript: Transcript) -> tuple[str, ...]:
    """Return the sentences of the agent's last turns that put something off, the latest first, each thing once.

    With it stands the sentence before that tells what is done for now, or what it is that it only calls so.
    """
    asked = transcript.asked_at
    since = (asked[-_LAST_TURNS:] or [0])[0]
    said = [it for it in (*transcript.messages, *transcript.reasonings) if it.role != "user" and it.position > since]
    found: list[str] = []
    for message in sorted(said, key=lambda it: -it.position):
        if not _HINT.search(message.text):
            continue
        offered = "\n".join(told_as_options(message.text))  # the user chose among these
        for before, sentence in reversed([*pairwise(("", *sentences(message.text)))]):
            told = plain(sentence)
            own = _OF_OTHERS.sub("it", told)
            if (
                len(told) >= LEAST_CHARS
                and not told.endswith(ASKING)
                and _PUTS_OFF.search(own)
                and not (told in offered or puts_back(told))
            ):
                subject = subject_of(told)
                if not any(same(subject, subject_of(other), _SAME) for other in found):
                    with_it = _FOR_NOW.match(before) or told.count(")") > told.count("(") or _ONLY_POINTS.match(told)
                    now = plain(before) if with_it and len(before) <= _PUT_OFF_CHARS else ""
                    found.append(f"{now} {clipped(told, _PUT_OFF_CHARS)}".strip())
    return tuple(found[:_MOST_PUT_OFF])


_OF_OTHERS = lazily(
    r"\"[^\"\n]{1,300}\"|\u201c[^\u201d\n]{1,300}\u201d|\u00ab[^\u00bb\n]{1,300}\u00bb|(?<![\w'])'[^'\n]{1,300}'(?!\w)"
    r"|`[^`\n]{1,300}`|^\W*(?:\d[\d:.,TZ-]{4,30}\W+)?(?:\d[\d:.,]+ ?)?\[?(?:TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR)\b.*"
)
"""What is quoted, code, and a line of a log: a program says it."""

_LAST_TURNS, _MOST_PUT_OFF, _PUT_OFF_CHARS, _SAME = 3, 3, 220, 0.5
_FOR_NOW = caseless(r"(?:so |but )?(?:for now|i'?ll (?:just|focus)|let me (?:just|focus)|let'?s (?:just|keep|focus))\b")
_ONLY_POINTS = caseless(
    r"(?:[\w ]{1,20}; )?(?:i(?:'ll| will)?|we(?:'ll| will)?|so i|let'?s) (?:leave|keep|put|defer|postpone)"
    r" (?:it|this|that|them) [^.,;]{0,30}[.!)]*\Z"
)
_HINT = caseless(r"follow-?up|separate|future|later|another|scope|postpon|defer|for now|untouched")
"""What every text has that the pattern below could match."""

_PUTS_OFF = caseless(
    r"\b(?:for|in|as|to) (?:a |an |the )?(?:separate|future|later|follow-?up|another)"
    r" (?:pr|pull request|change|commit|issue|ticket|pass|task|step)\b|\bin a follow-?up\b|\bout of scope\b"
    r"|\b(?:leave|leaving|left|keep|keeping) (?:it|this|that|them|these|those|\w+(?: \w+)?) (?:for later|untouched)\b"
    r"|\bfor later\b(?! (?!when|if|once|and|or|but|as|because|since|in|on|so|unless)[^\W\d_])"
    r"|\bpostpon(?:e|ed|ing)\b|\bdefer(?:ring)?\b(?! (?:func|wg|mu|close|cancel))"
    r"|\bdeferred\b(?= (?:until|till|for (?:now|later|an?|the)|since|because)\b|\W*$|[.,;:)]"
    r"| to (?:an? |the |another |some )?(?:later|future|next|separate|follow|v\d|phase|pr\b|issue|ticket|sprint))"
    r"|\b(?:skip|skipping|ignore|ignoring|leave|leaving|keep|keeping|stick)\b[^.;:]{1,60}\bfor now\b"
)
