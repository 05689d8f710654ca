"""What the agent supposed and found not to be so: a line for each, with what settled it.

A supposition stands in no story without what came of it, and a cause that the next sentence withdraws is none.
"""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.language.findings import CAUSE, LEANS, blames, is_talk
from handoff_cli.documents.extract.language.words import clipped, plain, sentences, words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Message, Transcript

_MOST, _MOST_CHARS, _SUPPOSED_CHARS, _MOST_READ = 5, 130, 60, 8_000
_HINTS = (
    *(
        "uled out",
        "n't it",
        "n\u2019t it",
        "not it",
        "ot that",
        "ot this",
        "n't the",
        "n\u2019t the",
        "not the",
        "'s not",
    ),
    *(
        "n't be the",
        "n't be it",
        "n't be that",
        "cannot be",
        "is out",
        "are out",
        "no effect",
        "no difference",
        "so no",
    ),
    *(
        "was wrong",
        "is wrong",
        "so it isn",
        "so this isn",
        "so that isn",
        "so it is not",
        "so this is not",
        "so that is not",
        "explains ",
    ),
    *("ame result", "ame error", "ame failure", "ame number", "No:", "No,", "Not ", "ot** ", "no help", "no use"),
)
"""One of these is in every text that settles something."""

_SETTLES = caseless(
    r"\b(?:is|are|was|were|be) ruled out\b|^(?:so )?ruled out\b"
    r"|\b(?:is|are|was|were)(?:n['\u2019]?t| not) (?:it|(?:the|that|our) (?:root |real |actual )?"
    r"(?:cause|problem|issue|culprit|reason|bug))\b"
    r"|(?:^|[:,;] |\bso )not (?:it|that|this)(?: either)?(?=[.,;:!]|$)"
    r"|^(?:so )?not the (?:root |real |actual )?(?:cause|culprit)\b"
    r"|\b(?:it|that|this)['\u2019]?(?:s| is) not (?:it|that|this)\b"
    r"|\bso (?:it|this|that)(?: is|['\u2019]s)?(?:n['\u2019]?t| not) (?:the|an?|about|in) "
    r"|\b(?:can['\u2019]?t|cannot|couldn['\u2019]?t) be"
    r" (?:it|that|the (?:\w+ )?(?:cause|problem|culprit|reason|issue))\b"
    r"|(?:\bso |[,;:] )[^.,;:]{2,60} (?:is|are) (?:also )?out(?=[.;!]|$)"
    r"|\b(?:is|are) out (?:too|as well|then)(?=[.:;!]|$)"
    r"|\bexplains? (?:only |just |at most )?(?:about )?\d[\d.]*\s?%"
    r"|\b(?:is|was|are|were) (?:of )?no (?:help|use)(?= (?:and|here|either|as|for)\b|[.,;:]|$)"
)
"""What settles a supposition by itself."""

_NOT_THIS = lazily(
    r"Not (?P<what>(?:the (?!only|same|best|first|last|case|point|end|right)|(?=[A-Z`]))[\w`][\w`./ -]{1,40}): "
    r"(?=.{40})|(?:It|This|That) was(?: not|n['\u2019]t) the (?!(?:only|same|best|first|last|case|point|end|right|root"
    r"|real|actual|cause|reason|culprit|problem|issue|bug|plan|goal|idea)\b)(?P<one>[\w`][\w`./ -]{2,50})(?:[.,:;]|$)"
)
"""How a sentence begins that says what was not the cause: "Not the cache: ...", "It was not the timeout."."""

_WAS_WRONG = caseless(
    r"\bi was (?:\w+ )?wrong (?:about|on|with|that) (?P<what>[^.:;,\n]{3,80})"
    r"|\bmy (?:(?:first|earlier|initial|last|previous) )?(?P<which>(?:[\w`./-]{2,30} ){0,2}?)"
    r"(?:guess|assumption|theory|diagnosis|hypothesis|explanation|suspicion)(?: (?P<of>[^.:;\n]{3,80}?))?"
    r" (?:was|is) wrong\b"
)
"""What takes back what was told before, and says what."""

SETTLED = caseless(
    r"\bfound (?:it\b|(?:the|your) (?:(?:root|real|actual) )?(?:cause|problem|issue|bug|culprit)\b)"
    r"|\bmy (?:[\w`./-]{2,30} ){0,3}?(?:guess|theory|hypothesis|suspicion|assumption) (?:was|is) wrong\b"
)
"""What the agent says that found out: what it supposed right before is overtaken."""

_ANSWERS = caseless(
    r"^no[:,] |\bso (?:no|nothing)\b|\b(?:no effect|(?:makes?|made) no difference)\b"
    r"|\bsame (?:result|error|failure|numbers?)\b[^.]{0,40}\bwithout\b"
)
"""What settles only what was supposed right before."""

_NOT_YET = caseless(
    r"\b(?:once|until|unless|if|whether)\b[^;\n]{0,120}\bruled out|\b(?:not(?: yet)?|be) ruled out|\?$|^(?:if|unless)\b"
)
_SUPPOSES = caseless(
    r"\b(?:(?:hypothes[ie]s|suspicions?|suspects?|candidates?|theor(?:y|ies))(?: \d+)?"
    r"|(?:first|second|third|next|my|best|another|other) (?:guess|idea|thought))(?: would be| is| are|:|,)?(?: that\b)?"
    r"|\bi(?:['\u2019]d)? (?:guess|suspect|suppose)\b(?: that\b)?"
)
"""What says of itself that it is a supposition."""

_DOUBTS = caseless(r"\b(?:maybe|perhaps|might|may be|could (?:it |this |that )?be|possibly|next:)")
_LIMITS = caseless(r"\W*(?:though|although|but|however|actually|still)\b")
"""How a sentence begins that limits the one before, and supposes nothing by itself."""

_LEAD = caseless(r"\W*(?:maybe|perhaps|possibly|next:|could (?:it|this|that) be)\W*")
_AFTER = caseless(r",? (?:so|but|and) (?:let me|i['\u2019]?ll)\b.*$|, (?:i\.e|e\.g)\..*$|, i\.e$")


class _Supposed(Record):
    """A supposition and the number of the message it was made in."""

    text: str
    message: int


class _Settled(Record):
    """What was found not to be so: the line that tells it, the words it is about, and its message."""

    text: str
    about: frozenset[str]
    message: int


def supposes(sentence: str) -> bool:
    """Return whether a sentence says of itself that it only supposes something."""
    return bool(_SUPPOSES.search(sentence)) and not _SETTLES.search(sentence)


def without_suppositions(block: str) -> str:
    """Return a paragraph up to the first sentence that supposes something: what follows it is about that."""
    if not _SUPPOSES.search(block):
        return block
    for sentence in sentences(block):
        if supposes(sentence) and (at := block.find(sentence[:_FOUND_BY])) >= 0:
            return _BARE_MARK.sub("", block[:at].rstrip())
    return block


_FOUND_BY, _BARE_MARK = 20, lazily(r"\n\s*(?:[-*+\u2022]|\d{1,3}[.)])\Z")


def ruled_out(transcript: Transcript) -> tuple[str, ...]:
    """Return what the agent found not to be so, by its own words, the latest first, with what settled it.

    The last words of turns come before any other. What it blamed later all the same is left out, and of what was
    thought and then said the thought.
    """
    said = sorted((*transcript.messages, *transcript.reasonings), key=lambda it: it.position)
    reasonings = set(map(id, transcript.reasonings))
    thoughts = {number for number, it in enumerate(said) if id(it) in reasonings}
    last = _last_of_turns(transcript)
    told: list[_Settled] = []
    found = [*_settled(said)][::-1]
    for it in sorted(found, key=lambda it: said[it.message].position not in last):
        if len(told) == _MOST:
            break
        again = any(it.text == other.text or _is_said_next(it, other, thoughts) for other in told)
        if not (again or _blamed(it, said)):
            told.append(it)
    return tuple(it.text for it in told)


def _last_of_turns(transcript: Transcript) -> set[int]:
    """Return the places of the agent's messages that a request follows, or nothing."""
    after = (*transcript.messages[1:], None)
    pairs = zip(transcript.messages, after, strict=True) if transcript.messages else ()
    return {it.position for it, then in pairs if it.role != "user" and (then is None or then.role == "user")}


def _is_said_next(it: _Settled, other: _Settled, thoughts: set[int]) -> bool:
    """Return whether the message right after a thought says what that settled."""
    return it.message in thoughts and other.message == it.message + 1 and bool(it.about & other.about)


def _settled(said: Sequence[Message]) -> Iterator[_Settled]:
    """Yield what each message settles, in order; only those are read that may settle something, and those before."""
    supposed, begin = None, 0
    every = "\n".join(it.text for it in said)
    hints = [it for it in _HINTS if it in every]
    for number, message in enumerate(said):
        if message.role == "user":
            supposed = _asked(message, number) or supposed
            continue
        told = _told(message) if any(it in message.text for it in hints) else []
        if not any(form.search(it) for it in told for form in (_SETTLES, _ANSWERS, _WAS_WRONG, _NOT_THIS)):
            continue
        for before in range(max(begin, number - _FAR, supposed.message if supposed else 0), number):
            supposed = (_supposed_in(_told(said[before]), before) if said[before].role != "user" else None) or supposed
        done = _NEVER
        for at, sentence in enumerate(told):
            near = supposed if supposed and number - supposed.message <= _FAR else None
            settled = _settles(told, at, near, number)
            if settled and done != at - 1:
                yield settled
                supposed = None
            if settled:
                done = at
            elif not (supposed and supposed.message == number) or supposes(sentence):
                supposed = _supposed_in(told[at : at + 2], number, most=1) or supposed
        begin = number + 1


def _asked(message: Message, number: int) -> _Supposed | None:
    """Return what the user wants to be ruled out, by the words before where these only point at it."""
    told = _told(message) if "rule" in message.text else []
    at = next((at for at, it in enumerate(told) if _RULE_OUT.search(it)), None)
    if at is None:
        return None
    points = _IT.search(told[at])
    return _Supposed((told[at][: points.start()] if points else told[at]) or told[max(0, at - 1)], number)


_RULE_OUT = caseless(r"\brule\b.{1,60}\bout\b|\brule out\b")
_IT = caseless(r"\W{0,3}(?:\b(?:can|could|please|you|we|i) ){0,3}\brule (?:it|that|this|them) out\b")


def _told(message: Message) -> list[str]:
    return list(map(plain, sentences(message.text[:_MOST_READ])))


def _supposed_in(told: list[str], number: int, most: int | None = None) -> _Supposed | None:
    """Return the last supposition of the first sentences of a message, rather one that says that it is one."""
    found = None
    for at, sentence in enumerate(told[:most]):
        doubts = _DOUBTS.search(sentence) and not (found or is_talk(sentence) or _LIMITS.match(sentence))
        if _OF_THAT.search(sentence):  # what it says so of stands before
            found = _Supposed(told[at - 1], number) if at else found
        elif supposes(sentence) or doubts:
            found = _Supposed(_what(sentence) or "".join(told[at + 1 : at + 2]), number)
    return found


_OF_THAT = caseless(
    r"\b(?:it|that|this)(?: is|['\u2019]s) (?:\w+ ){0,2}an? (?:\w+ )?(?:hypothesis|guess|theory)\b(?=[.,;!]|$)"
)


_FAR, _NEVER = 3, -2
"""A supposition is settled within so many messages, or not by words that do not name it."""


def _by_name(sentence: str, after: str, number: int) -> _Settled | None:
    """Return what ``sentence`` takes back, or says not to have been, by its name; with what comes ``after``."""
    wrong, found = _WAS_WRONG.search(sentence), _NOT_THIS.match(sentence)
    parts = (wrong["what"], wrong["of"], wrong["which"]) if wrong else (found["what"], found["one"]) if found else ()
    what = next(filter(None, parts), "")
    if not what:
        return None
    reason = f" {after}" if found and found["one"] and after and not is_talk(after) else ""
    return _Settled(clipped(f"{sentence}{reason}", _MOST_CHARS), _stems(what), number)


def _settles(told: list[str], at: int, supposed: _Supposed | None, number: int) -> _Settled | None:
    """Return what the sentence ``at`` settles, None where it settles nothing or does not tell what."""
    sentence = told[at]
    before, after = told[at - 1] if at else "", told[at + 1] if at + 1 < len(told) else ""
    if named_first := _by_name(sentence, after, number):
        return named_first
    surely = bool(_SETTLES.search(sentence))
    between = supposed and not surely and supposed.message < number - 1 and _THAT.match(sentence)  # it speaks of that
    if between or not (surely or (supposed and _ANSWERS.search(sentence))) or _NOT_YET.search(sentence):
        return None
    about = _stems(supposed.text) if supposed else frozenset()
    shared = about & _stems(sentence)
    named = _NAMES.search(sentence)
    barely = supposed and _BARELY.match(sentence)  # what was is told before
    if surely and (shared or named) and not (barely or _POINTS.match(sentence)):
        leans = LEANS.match(sentence) and 0 < len(before) < _BARE
        follows = sentence.startswith("So ") and len(sentence) < _BARE and len(before) < _MOST_CHARS
        lead = f"{before} " if leans or (follows and before and not is_talk(before)) else ""
        return _Settled(
            clipped(f"{lead}{sentence}", max(_MOST_CHARS, len(lead) + _BARE)),
            shared or _stems(named[0] if named else ""),
            number,
        )
    if _POINTS.match(sentence) and not shared:
        before = f"{told[at - 2]} {before}" if at > 1 and _SPEAKS_OF.match(before) else before
        return None if not before or is_talk(before) else _Settled(_line(before, sentence), _stems(before), number)
    evidence = sentence if len(sentence) >= _BARE or shared else after
    other = before.endswith("?") and not about & _stems(before)  # it answers that question
    if not supposed or other or not evidence or supposes(evidence) or is_talk(evidence):
        return None
    answers = surely or shared or _NO.match(sentence)
    return _Settled(_line(supposed.text, evidence), about, number) if answers else None


_NO, _THAT = caseless(r"no[:,] "), caseless(r"(?:that|this) (?:\w+ ){1,2}")
_BARE = 40
_POINTS = caseless(r"(?:that|this|it|which)\b(?! is| was|'s)|(?:so )?not the ")
_BARELY, _SPEAKS_OF = caseless(r"(?:so )?ruled out\b"), caseless(r"(?:that|this|it)\b")
_NAMES = caseless(
    r"(?:^|[\s`])(?!it\b|that\b|this\b|which\b|there\b|so\b)[\w`'./()-]{2,}(?: either)? "
    r"(?:(?:is|are|was|were)(?:n['\u2019]?t| not) (?:it|the|that|our)\b"
    r"|(?:is|are|was|were) (?:(?:ruled )?out|(?:of )?no (?:help|use))\b|explains? )"
    r"|\bso (?:it|this|that)(?: is|['\u2019]s)?(?:n['\u2019]?t| not) (?:the|an?|about|in) [\w`]{3,}"
)


def _line(supposed: str, evidence: str) -> str:
    """Return a line of what was ``supposed`` and the ``evidence`` against it."""
    if len(evidence) > _MOST_CHARS - _SUPPOSED_CHARS:
        evidence = evidence.rpartition(", but ")[2]
    first = clipped(supposed.rstrip(".:"), max(_SUPPOSED_CHARS, _MOST_CHARS - len(evidence) - 3))
    return f"{first} \u2192 {clipped(evidence, _MOST_CHARS - len(first) - 3)}"


def _what(sentence: str) -> str:
    """Return what a ``sentence`` supposes, without the words that lead up to it; empty where the next one tells it."""
    lead = _SUPPOSES.search(sentence) or _LEAD.match(sentence)
    rest = sentence[lead.end() if lead else 0 :].strip(" .:")
    cut = _AFTER.search(rest)
    rest = rest[: cut.start()] if cut else rest
    return rest if len(rest) > _LEAST else ""


_LEAST = 3


def _stems(text: str) -> frozenset[str]:
    return frozenset(it[:_STEM] for it in words_of(text)) - _EVERYBODYS


_STEM = 5
_EVERYBODYS = frozenset(it[:_STEM] for it in (
    *("the", "and", "that", "this", "not", "isn", "for", "with", "from", "are", "was", "were", "cause", "either"),
    *("ruled", "out", "its", "but", "there", "only", "also", "has", "have", "which", "problem", "here", "can", "all"),
    *("doesn", "does", "might", "would", "could", "under", "into", "when", "then", "now", "one", "two", "use", "used"),
))  # fmt: skip


def _blamed(settled: _Settled, said: Sequence[Message]) -> bool:
    """Return whether a later sentence blames what was ruled out."""
    if not settled.about:
        return False
    for message in said[settled.message + 1 :]:
        for sentence in sentences(message.text[:_MOST_READ]) if CAUSE.search(message.text) else ():
            if blames(sentence) and not _SETTLES.search(sentence) and settled.about <= _stems(sentence):
                return True
    return False


def causes_taken_back(told: Sequence[str]) -> set[int]:
    """Return the places of the causes ``told`` of which the sentences right after say that they cannot be it."""
    places = [
        at
        for at, it in enumerate(told)
        if (it.startswith(_TURNS) or any(sign in it for sign in _AGAINST))
        and _WITHDRAWS.search(it if at else it.removeprefix("No"))  # a first "no" answers what was asked
    ]
    return {before for at in places for before in range(max(0, at - 2), at + 1) if blames(told[before])}


_TURNS = ("No,", "No:", "No.", "No wait", "No that", "No it", "Wait", "Hm", "But wait", "no,", "wait", "hmm")
_AGAINST = (
    *("that makes", "that would", "that can", "that doesn", "that fits", "n't be", "cannot be", "it can", "t fit"),
    *("t add up", "t explain", "t match", "so there", "So there", "this makes", "this would", "it makes", "it would"),
)
"""What a sentence begins with, or holds, that the pattern below could match."""

_WITHDRAWS = caseless(
    r"^(?:no\b(?:[,:.!\u2026]| (?:wait|that|it)\b)|(?:wait|hmm|but wait|hm)\b[,:.!\u2026 ])"
    r"|(?:\bbut|\bno,|\bwait,|\bhmm,|\u2026|\.\.\.) ?(?:but )?(?:that|this|it|then (?:it|that))(?:['\u2019]d| would)? "
    r"(?:makes?|can(?:['\u2019]t|not)|doesn['\u2019]t|fits?|be)\b"
    r"|\b(?:that|this|it) (?:can['\u2019]t|cannot) be\b|\bdoesn['\u2019]t (?:fit|add up|explain|match)\b"
    r"|\bso there (?:must|has to) be (?:something|another)\b"
)
