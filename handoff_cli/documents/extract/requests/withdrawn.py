"""Which requests the user took back: with the next words, before anything was edited, or ruing the own idea later."""

from __future__ import annotations

from handoff_cli.core.light import bisect_left
from handoff_cli.core.patterns import IGNORECASE, caseless, lazily
from handoff_cli.documents.extract.language.agreements import SHORT_CHARS
from handoff_cli.documents.extract.language.findings import subject_of
from handoff_cli.documents.extract.language.words import sentences
from handoff_cli.documents.extract.requests.lasting import lasting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Edit, Message
    from handoff_cli.documents.extract.facts import Request


def with_withdrawn(requests: tuple[Request, ...], edits: Sequence[Edit]) -> tuple[Request, ...]:
    """Return ``requests`` with those marked that were taken back: of one whose idea is rued no rule is left."""
    requests = _partly_rued(_with_rued(requests))
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


def called_off(messages: Sequence[Message], since: int) -> frozenset[str]:
    """Return what the user said after position ``since`` shall be forgotten, in small letters: "forget Pennant"."""
    said = (it.text for it in messages if it.role == "user" and it.position > since and len(it.text) <= _TYPED_CHARS)
    return frozenset(found[1].lower() for text in said for found in _CALLS_OFF.finditer(text))


_TYPED_CHARS = 2_000
_CALLS_OFF = lazily(
    r"(?:^|[.,;:!?\n-] ?)(?:(?:and|ok|okay|no|then|so|please|just|also|und) )*"
    r"(?:forget|scrap|ditch|vergiss|vergesst|olvida|oublie[rz]?) (?:about )?(?:the |das |die |den |el |la |le )?"
    r"(?!(?:it|that|this|what|about|to|das|dass|es|lo|all|everything|whether|alles|todo|tout)\b)(\w[\w.-]{2,}\w)"
    r"(?=\W*(?:$|[.,;:!?\n]|(?:for now|then|again|please|and|und|y|et)\b))",
    IGNORECASE,
)


def _with_rued(requests: tuple[Request, ...]) -> tuple[Request, ...]:
    """Return ``requests`` with the one marked that the next words call an idea of the user's own that was bad."""
    told: list[Request] = []
    for request in requests:
        rues = _RUES.match(request.text) if told else None
        if rues and not told[-1].bare and told[-1].number > 1:
            told[-1] = told[-1].replace(withdrawn=request.text[: rues.end()].strip(" .!"), rule=False)
        told.append(request)
    return tuple(told)


def _partly_rued(requests: tuple[Request, ...]) -> tuple[Request, ...]:
    """Return ``requests``, one that binds with the number of one soon after that takes back what a rule of it says."""
    told = list(requests)
    for at, request in enumerate(requests):
        low = request.text.lower()
        said = sentences(request.text) if any(it in low for it in _OF_RUING) else []
        about = frozenset[str]().union(*(_subject(it) for it in said if _RUES_PARTLY.search(it)))
        for before in range(at - 1, max(0, at - _SOON) - 1, -1) if about else ():
            if requests[before].rule and any(about & _subject(it) for it in lasting(requests[before].text)):
                told[before] = told[before].replace(rued=request.number)
                break
    return tuple(told)


def _subject(text: str) -> frozenset[str]:
    return frozenset(it[:_STEM].lower() for it in subject_of(text))


_SOON, _STEM, _OF_RUING = 3, 5, ("after all", "i was wrong", "doch nicht", "doch kein")
_RUES_PARTLY = caseless(
    r"\b(?:do ?n['\u2019]?t|do not|not|never|no|keep|leave|without)\b[^.!?\n]{1,60}\bafter all\b"
    r"|\b(?:i was wrong|doch (?:nicht|kein\w*))\b"
)
"""Words that call off what was wanted before, and say in the same sentence what."""

_RUES = caseless(
    r"\W*(?:(?:oh|ok(?:ay)?|ah|hm+|no|well|actually|alright|sorry|right|true|fine|yes|y|yeah|damn|ach|ja|gut)\b[\s,.!]*){0,4}"
    r"(?:(?:(?:that|this|it) was |was )?(?:a |an |really |very )*(?:bad|stupid|dumb|silly|terrible|poor|wrong) "
    r"(?:idea|call|suggestion|advice|choice) (?:of mine|from me|by me|on my (?:side|part))"
    r"|my (?:idea|suggestion|advice|request) (?:was|is) (?:a )?(?:really |very |plain |just )?"
    r"(?:bad|stupid|dumb|silly|wrong|nonsense|rubbish|mistake)(?: one| idea)?"
    r"|i take (?:that|it|this) back|scratch (?:that|my (?:last|idea))|forget what i (?:said|asked|wrote|wanted)"
    r"|(?:my (?:bad|mistake|fault)|i was wrong)[^.!?\n]{0,40}\b(?:take|get) (?:it|that|this) (?:back )?out"
    r"|bl\xf6de idee von mir|meine idee war (?:bl\xf6d|schlecht|quatsch)|mala idea m\xeda"
    r"|mauvaise id\xe9e de ma part)\b"
    r"(?:[^.!?\n]{0,40}\b(?:take|get|rip|back) (?:it|that|this)? ?(?:back )?out\b"
    r"|[^.!?\n]{0,24}\b(?:revert|undo|drop|remove) (?:it|that|this)\b)?"
)
"""How words begin that call what was asked before a bad idea of one's own."""

_WITHDRAWS = caseless(
    r"\W*(?:(?:oh|ok(?:ay)?|ah|hm+|no|nah|well|actually|alright|fine|then|sorry|ach|nee|nein|gut)\b[\s,.!]*){0,4}"
    r"(?:(?:(?:just |please )?(?:leave (?:it|that)(?: then)?(?=,? ?forget)|forget (?:about )?(?:it|that)|never ?mind"
    r"|nvm|scrap (?:it|that)|drop (?:it|that|the idea)|leave (?:it|that) then|let'?s not (?:do (?:it|that)))"
    r"|vergiss es|lass es (?:sein|doch)|laisse tomber|oublie(?: \xe7a)?|olv[i\xed]dalo|d[e\xe9]jalo|lascia perdere"
    r"|deixa pra l[a\xe1]"
    r"|\u7b97\u4e86|\u4e0d\u7528\u4e86)(?: (?:that|then|thanks|for now|it))?[\s,.!\u3002]*){1,3}\Z"
)
"""Words that only take back what was asked before."""
