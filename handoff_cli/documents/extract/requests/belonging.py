"""Which request the latest belongs to, where this only agrees, chooses or says to go on, and what it answers."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless
from handoff_cli.documents.extract.language.agreements import AGREED, GO_AHEAD, SHORT_CHARS
from handoff_cli.documents.extract.language.chosen import chosen_item
from handoff_cli.documents.extract.language.picks import without_changed
from handoff_cli.documents.extract.language.words import ASKING, words_of
from handoff_cli.documents.extract.requests.narrowing import only_limits, says_limit
from handoff_cli.documents.extract.requests.referents import answered_by, gist, names_item
from handoff_cli.documents.extract.requests.requests import REFERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Edit, Transcript
    from handoff_cli.documents.extract.facts import Request


def part_of(requests: Sequence[Request], edits: Sequence[Edit] = (), done: int = -1) -> Request | None:
    """Return the request that the latest belongs to, where this only agrees, chooses or says to go on; else None.

    A question that was only answered, and words that only limit the work at hand, are not what is gone on with once
    ``edits`` were made. What was asked before ``done`` was committed, and the to-do list taken to another entry: a call
    that is refused then is of that one.
    """
    if not requests[1:] or not _leans(requests[-1]):
        return None
    until, begun = requests[-1].position, min((it.position for it in edits), default=requests[-1].position)
    for request in reversed(requests[:-1]):
        if begun < request.position and _is_aside(request, until, edits):
            continue
        if not _leans(request) or _orders_more(request):
            return None if requests[-1].refuses and request.position < done else request
        until = request.position
    return requests[0]


def _is_aside(request: Request, until: int, edits: Sequence[Edit]) -> bool:
    """Return whether ``request`` only limits, or only asks and no edit before ``until`` came of it."""
    asks = (_ASKS_ONLY.match(request.text) or ASKS_ASIDE.match(request.text)) and not any(
        request.position < it.position < until for it in edits
    )
    return bool(asks or says_limit(request.text))


def asked_at_work(requests: Sequence[Request]) -> int:
    """Return the place of the last of ``requests`` that is work of its own, 0 where none is."""
    return next((it.position for it in reversed(requests) if not only_limits(it)), 0)


_ASKS_ONLY = caseless(
    r"(?:(?:and|but|so|btw|hm+|wait|ok(?:ay)?|sorry|question|just asking)\b\W*)*"
    r"(?:why|how come|how (?:long|much|many|often|big|far|does|do)|what(?:'s| is| are| was| does| did| happens)|where"
    r"|when|who|is|are|was|were|isn'?t|aren'?t|doesn'?t|does|did|do(?:n'?t)? we(?! (?:want|need to))"
    r"|warum|wieso|weshalb|wo|wann|wer|was (?:ist|macht|bedeutet)|pourquoi|qu'est-ce|o\xf9|por qu\xe9|perch\xe9|por que"
    r"|qu\xe9 (?:es|hace)|d\xf3nde|cosa fa|\u4e3a\u4ec0\u4e48|\u306a\u305c)(?!\w)[^.!?\n]{0,200}[?\uff1f]\W*\Z"
)
"""A question for a reason or a fact, and nothing else: no order that has the form of one ("can you", "how about")."""

ASKS_ASIDE = caseless(
    r"(?:(?:ok(?:ay)?|wait|hm+|oh|btw|by the way|nice|great|good|cool|perfect|thanks?|super|gut|danke|merci|gracias)\b"
    r"\W*)*"
    r"(?:before (?:you|we) (?:go on|continue|proceed)"
    r"|(?:(?:(?:just )?(?:one|an?|another)|quick|short|small|side|unrelated) ){1,3}question"
    r"|bevor (?:du|wir) weiter\w*|kurze frage)\b[^?\uff1f]{1,200}[?\uff1f]"
)
"""A question that says itself that the work goes on after it, whatever it adds."""

_ASKS_HOW_FAR = caseless(
    r"(?:(?:so|and|ok(?:ay)?|hey|hi|well)\b\W*)*"
    r"(?:how(?:'s|\u2019s| is| are| far)\b[^.?!\n]{0,60}\b(?:doing|going|getting on|looking|progressing|along)"
    r"|(?:what(?:'s|\u2019s| is) the )?(?:status|progress)(?: update)?(?: (?:of|on) [^.,?!\n]{1,40}\?)?"
    r"|any (?:news|updates?|progress)(?: (?:of|on|from|with) [^.?!\n]{1,60})?"
    r"|(?:are|is) (?:they|you|it|the \w+(?: \w+)?) (?:done|finished|ready|still (?:running|working))(?: yet)?"
    r"|wie (?:weit|steht)[^.?!\n]{1,60})\W*\Z"
)
"""A question how far the work has come: what it is about is the request before."""


def _orders_more(request: Request) -> bool:
    """Return whether ``request`` agrees and then says in words of its own what to do next."""
    agreed = AGREED.match(request.text)
    more = request.text[agreed.end() :] if agreed else ""
    return len(words_of(more)) >= _OWN_WORDS and not (request.question or request.refuses or REFERS.search(more))


_OWN_WORDS = 6


def _leans(request: Request) -> bool:
    words = request.text.strip()
    short = len(words) <= SHORT_CHARS
    return bool(
        request.question
        or request.refuses
        or request.bare
        or _ASKS_HOW_FAR.match(words)
        or (short and (GO_AHEAD.match(words) or REFERS.search(words)))
    )


def gist_of_latest(transcript: Transcript, leans: bool) -> str:
    """Return what the latest request answers, where it ``leans`` on another, names an item or follows a question."""
    answered = answered_by(transcript)
    last = next((it.text for it in reversed(transcript.messages) if it.role == "user"), "").strip()
    if answered is None or _ASKS_HOW_FAR.match(last):
        return ""
    item = without_changed(chosen_item(last, answered.text), last)
    if len(last) > SHORT_CHARS or (item and not names_item(last)):  # else it may name several
        return item
    asked = answered.text.rstrip("*_ `\n").endswith(ASKING) and not last.endswith(ASKING)
    told = gist(answered.text, last) if leans or asked or names_item(last) else ""
    return without_changed(told or item, last)
