"""What the user asked for: every request once, what became of it, what binds, and what a short reply answers."""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.light import bisect_left, bisect_right, lru_cache
from handoff_cli.core.patterns import IGNORECASE, caseless, lazily
from handoff_cli.documents.extract.accounts import goal_of
from handoff_cli.documents.extract.binding import PLAIN_QUESTION, binds
from handoff_cli.documents.extract.choices import OFFERS
from handoff_cli.documents.extract.chosen import chosen_item
from handoff_cli.documents.extract.facts import Request
from handoff_cli.documents.extract.findings import subject_of
from handoff_cli.documents.extract.objections import PROPOSES, offer_in, offers_work
from handoff_cli.documents.extract.prose import prose_of
from handoff_cli.documents.extract.words import (
    ASKING,
    as_one_line,
    bare,
    clipped,
    ends,
    identifiers,
    plain,
    sentences,
    words_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Message, Transcript
    from handoff_cli.documents.extract.still_open import StillOpen

MAX_RULE_CHARS = 1_000
_MANY_SHOWN = 128
SHORT_CHARS = 100
"""A request up to here may mean what it says only together with what it answers."""

_AGREES = (
    r"yes|yep|yeah|y|ok(?:ay)?|sure|go(?: ahead| on| for it)?|continue|carry on|keep going|proceed|please|pls"
    r"|do (?:it|that|so)|thanks?(?: you)?|thx|great|perfect|good(?: to know)?|cool|nice|sounds good|lgtm|next|let'?s go"
    r"|right|correct|done|got it|understood|alright|makes sense|agreed"
    r"|(?:fine|exactly|super|passt(?: so)?|bien|si)(?![ -]\w)"
    r"|ja|gut|genau|weiter|mach(?:e|t)? (?:bitte |so )?weiter|leg los|mach(?:e|t)? das|bitte|danke"
    r"|oui|d'accord|vas-y|allez-y|parfait|merci"
    r"|s\xed|vale|dale|claro|sigue|contin\xfaa|adelante|hazlo|perfecto|gracias"
    r"|sim|segue|pode (?:seguir|continuar)|beleza|obrigad[oa]|s\xec|va bene|vai|continua|procedi|perfetto|grazie"
    r"|\u7ee7\u7eed|\u597d\u7684?|\u53ef\u4ee5|\u884c|\u55ef|\u662f\u7684|\u6ca1\u95ee\u9898|\u8c22\u8c22"
    r"|\u306f\u3044|\u7d9a\u3051\u3066(?:\u304f\u3060\u3055\u3044)?|\u304a\u9858\u3044\u3057\u307e\u3059"
)
_STOPS = r"[\s.,!:)\u3002\uff0c\uff01]"
GO_AHEAD = caseless(rf"(?:(?:{_AGREES}){_STOPS}*)+\Z")
AGREED = caseless(rf"\W*(?:{_AGREES})\b{_STOPS}*")
_NUMBERS = lazily(r"(?<![\w.])#?(\d{1,2})(?![\w%]|\.\d)")
_LETTERS = lazily(r"\b(?:option|variant|approach|plan|choice)\s+([A-Za-z])\b", IGNORECASE)
_ITEM = lazily(
    r"^\W{0,6}(?:(?:option|step|phase|issue|problem|item|approach|task|fix|variant)\s+)?#?(\d{1,2}|[A-Z])(?=[.):\s*]+\S)",
    IGNORECASE,
)


def requests_of(transcript: Transcript) -> tuple[Request, ...]:
    """Return the user's words in order, repeated ones once, without plain go-aheads before the last."""
    called = sorted(it.position for it in transcript.tool_calls)
    said = [
        it
        for it, after in zip(transcript.messages, (*transcript.messages[1:], None), strict=False)
        if it.role == "user" and not (_NO_REQUEST.match(it.text) or (after and _is_for_program(it, after, called)))
    ]
    last = said[-1].position if said else 0
    compacted = transcript.summaries[-1].position if transcript.summaries else -1
    questions = {it.position: clipped(it.question, _MEANT_CHARS) for it in transcript.answers if it.position}
    told = {it.position: before.text for before, it in pairwise(transcript.messages) if before.role == "assistant"}
    spoken, found = _spoken_before(transcript), dict[str, Request]()
    for number, message in enumerate(said, 1):
        words = message.text.strip()
        key = as_one_line(words)
        before = found.get(key)
        if message.position == last:
            found.pop(key, None)
        elif before:
            found[key] = before.replace(times=before.times + 1, before=(*before.before, message.position))
            continue
        elif number > 1 and GO_AHEAD.match(key):
            continue
        question = questions.get(message.position) or _chosen_from(told.get(message.position, ""), words)
        may_bind = number > 1 and message.position != last and len(words) <= MAX_RULE_CHARS
        meant = _meant(spoken.get(message.position, ""), words) if message.position != last and not question else ""
        found[key] = _Unjudged(
            number,
            words,
            may_bind,
            before.times + 1 if before else 1,
            meant,
            is_bare(words),
            message.position,
            message.position < compacted,
            question,
            "",
            message.by,
            (*before.before, before.position) if before else (),
        )
    return tuple(found.values())


class _Unjudged(Request):
    """A request whose words are looked at for a rule when that is asked for: of many only the latest are ever shown."""

    @property  # type: ignore[misc]
    def rule(self) -> bool:
        """Whether it may be a rule, as it was made, and binds."""
        return self.__dict__["rule"] and _binds(self.text)


@lru_cache(_MANY_SHOWN)
def _binds(text: str) -> bool:
    return binds(as_one_line(text))


def names_item(words: str) -> bool:
    """Return whether a short reply may name an item by its number or letter."""
    return len(words) <= _REPLY_CHARS and bool(_NUMBERS.search(words) or _LETTERS.search(words))


def is_old(requests: Sequence[Request], transcript: Transcript, spoken: Sequence[str]) -> bool:
    """Return whether the first request tells nothing of the work at hand any more.

    It asked or looked for something, and other work followed: nothing that is ``spoken`` of now shares its words. Or it
    stands behind an earlier compaction, whose account tells what the work is for.
    """
    if len(requests) > 1 and transcript.summaries and transcript.summaries[0].position < requests[0].position:
        return bool(goal_of(transcript.summaries[-1].text))
    first = as_one_line(requests[0].text) if len(requests) > 1 else ""
    shows = bool(_SHOWS.match(first))
    if len(requests) < _MANY and not (shows and len(first) <= _FEW_CHARS):
        return False
    if not first or len(first) > _QUESTION_CHARS or any(it.position < requests[1].position for it in transcript.edits):
        return False
    if not (shows or PLAIN_QUESTION.search(first.lower())):
        return False
    words = {it for it in words_of(first) if len(it) >= _LONG_WORD}
    return len(words & words_of("\n".join(spoken))) < _SHARED


_MANY, _FEW_CHARS, _QUESTION_CHARS, _LONG_WORD = 3, 30, 400, 5
_SHOWS = caseless(r"(?:please |can you )?(?:show|list|print|tell|explain|describe|hi|hello|hey|help|test)\b")


def _is_for_program(words: Message, after: Message, called: Sequence[int]) -> bool:
    """Return whether ``words`` are a bare command to which nobody answered before what the user said ``after``.

    ``called`` are the positions of calls, in order.
    """
    answered = after.role != "user" or bisect_left(called, after.position) > bisect_right(called, words.position)
    return not answered and _COMMAND.fullmatch(words.text.strip()) is not None


_COMMAND = lazily(r"/[a-z][\w:-]{0,40}")
_NO_REQUEST = lazily(
    r"\s*(?:\[Request interrupted by user[^\]]*\]\s*\Z|<local-command-|<command-name>/(?:exit|clear|quit)\b)"
)
"""What a program wrote in the user's place."""


def _spoken_before(transcript: Transcript) -> dict[int, str]:
    """Return by the place of each of the user's messages what the agent said last before it."""
    spoken, found = "", dict[int, str]()
    for it in transcript.messages:
        if it.role == "user":
            found[it.position] = spoken
        else:
            spoken = it.text
    return found


def _meant(before: str, words: str) -> str:
    """Return in one line what a reply of few words refers to by number or by yes, empty where it does to nothing.

    ``before`` is what the agent said last before it.
    """
    if not before:
        return ""
    if item := chosen_item(words, before):
        return clipped(item, _MEANT_CHARS)
    taken = _TAKES_ITEM.search(words) if len(words) <= _LONG_REPLY_CHARS else None
    if not (_TAKES.match(words) or taken or (len(words) <= _REPLY_CHARS and REFERS.search(words))):
        return ""
    return clipped(gist(before, taken[0].strip(" .,;!") if taken else words), _MEANT_CHARS)


def _chosen_from(before: str, reply: str) -> str:
    """Return the question in the words ``before`` that a reply begins to answer with words of its own, else empty."""
    if not before[-_MARKED:].rstrip("*_ `\n").endswith(ASKING):
        return ""
    first = _CLAUSE_END.split(reply.strip(), maxsplit=1)[0].lower()
    question = (sentences(before.rstrip("*_ `\n")) or [""])[-1] if len(first) >= _LEAST_CHOICE else ""
    return clipped(question, _MEANT_CHARS) if first in question.lower() else ""


_CLAUSE_END = lazily(r"[.,;!?\n]")


REFERS = caseless(
    r"^(?:yes|yep|yeah|ok(?:ay)?|sure|do|go)\b|\b(?:option|variant|approach|choice|step)\b|^\W*#?\d{1,2}\b"
    r"|\b(?:would|will|did|does|is|can|should|use|do|try|take|about|like|prefer) #?\d{1,2}"
    r"(?=[\s,.?!]*$|,? (?:have|help|work|do|be|fix|solve|instead|then|and|or|first|too|please)\b)"
)
_TAKES = caseless(
    r"(?:(?:ok(?:ay)?|yes|sure|good|fine)[,.! ]+)+(?:then |please )?(?:do|go (?:for|with)|use|take) (?:it|that|so)\b"
)
"""How a reply begins that takes what was offered, and may go on."""

_TAKES_ITEM = caseless(
    r"(?:^|[.,;!] )(?:(?:so|then|please|and) )*(?:do|take|use|go (?:for|with)) (?:option |number )?#?\d{1,2}\W*$"
)
_REPLY_CHARS, _LONG_REPLY_CHARS, _MEANT_CHARS, _LEAST_CHOICE, _MARKED = 60, 240, 150, 4, 9


def is_bare(words: str) -> bool:
    """Return whether ``words`` only say to go on, or to commit, push or merge what is there: no goal by themselves."""
    return len(words) <= SHORT_CHARS and bool(_BARE.match(as_one_line(words)))


_BARE = caseless(
    rf"(?:(?:{_AGREES}|now|then|and|also|can you"
    r"|could you|let'?s|resume|(?:git )?(?:commit|push|merge|rebase|ship|release|deploy|stage)"
    r"|(?:(?:open|create|make|draft|raise|submit) )?(?:a |the )?(?:draft )?(?:pr|mr|pull request|merge request)"
    r"|all|it|this|that|everything|(?:the|these|my) changes|to (?:main|master|origin)|the branch)[\s.,!:)&+]*)+\??\Z"
)


def answered_by(transcript: Transcript) -> Message | None:
    """Return the message of the agent's that the latest request answers, None where there is none before it.

    What an earlier request came after is answered by that, if the agent worked on since.
    """
    asked = [it.position for it in transcript.messages if it.role == "user"]
    before = [it for it in transcript.messages if it.role == "assistant" and it.position < asked[-1]] if asked else []
    if not before:
        return None
    answers = next((it for it in asked if it > before[-1].position), asked[-1])
    worked_on = answers < asked[-1] and any(answers < it.position < asked[-1] for it in transcript.tool_calls)
    return None if worked_on else before[-1]


def referent(transcript: Transcript, still_open: StillOpen) -> str | None:
    """Return the message a latest request answers that is short, or longer where it ends in a question or a proposal.

    One that it only came after counts where both share a few long words, or it is short and they share one.
    """
    last = next((it.text.strip() for it in reversed(transcript.messages) if it.role == "user"), "")
    answered = answered_by(transcript)
    text = still_open.marked(answered.text.strip(), answered.position) if answered else ""
    if not text or not last or (len(last) > SHORT_CHARS and not (chosen_item(last, text) or _is_put(text, last))):
        return None
    shared = sum(len(it) >= _NEAR_WORD for it in words_of(last) & words_of(text))
    near = shared > 1 or (shared and len(text) <= ASIDE_CHARS)
    return ends(text, _MOST_CHARS) if near or refers(last, text) else None


def _is_put(text: str, reply: str) -> bool:
    """Return whether ``text`` ends by asking or proposing something, and ``reply`` is of a few sentences.

    What the reply takes up by its words was proposed, in whatever words.
    """
    end = sentences(text.rstrip("*_ `\n")[-_END_CHARS:])[-1:]
    if not end or len(reply) > _REPLY_CHARS:
        return False
    taken_up = sum(len(it) >= _NEAR_WORD for it in words_of(reply) & words_of(end[0]))
    return taken_up > 1 or end[0].endswith(ASKING) or bool(PROPOSES.search(end[0]))


_REPLY_CHARS, _END_CHARS = 400, 600
_MOST_CHARS, _NEAR_WORD, ASIDE_CHARS, TAKEN_UP = 16_000, 4, 450, 700


def refers(reply: str, text: str) -> bool:
    """Return whether ``reply`` says what it means only together with ``text``: it agrees, points, or names of it.

    So does one that says word for word what ``text`` offers, and an answer to a question.
    """
    if text.rstrip("*_ `\n").endswith(ASKING) or GO_AHEAD.match(reply) or is_bare(reply) or _POINTS.search(reply):
        return True
    if len(reply) >= _NEAR_WORD and (" " in reply or not reply.isascii()) and reply in text:
        return True
    wanted = {*_NUMBERS.findall(reply), *map(str.upper, _LETTERS.findall(reply))}
    items = {
        found[1].upper()
        for line in text.split("\n")
        if (found := _ITEM.match(plain(line)) or _ITEM.match(line.strip()))
    }
    shares = len(subject_of(reply) & subject_of(text)) >= _SHARED
    return bool(wanted & items) or shares or bool(chosen_item(reply, text))


_POINTS = caseless(
    r"^(?:yes|yep|yeah|ok(?:ay)?|sure|no|nope|both|neither|all|none|why|how come|and|but|so)\b"
    r"|\b(?:it|this|that|these|those|them|they|both|the same|first|second|third|last|option)\b"
    r"|^(?:please |can you |now |then )*(?:compare|again|also|instead|add|more|rather|try|use|make|explain)\b"
    r"|\b(?:too|as well)\W*$"
)
_SHARED = 2


def says_itself(reply: str, text: str) -> bool:
    """Return whether ``reply`` says in words of its own what it is about, and chooses or grants nothing of ``text``.

    Of what it came after only that matters which has these words.
    """
    grants = GO_AHEAD.match(reply) or AGREED.match(reply) or is_bare(reply) or names_item(reply)
    if grants or chosen_item(reply, text) or text.rstrip("*_ `\n").endswith(ASKING):
        return False
    return len(subject_of(reply)) >= _OWN_SUBJECT


_OWN_SUBJECT = 4


def gist(text: str, reply: str) -> str:
    """Return in one line what ``reply`` answers in ``text``: the items it names, else proposal and question."""
    wanted = {*_NUMBERS.findall(reply), *map(str.upper, _LETTERS.findall(reply))}
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    items: dict[str, str] = {}
    for line in lines:
        found = _ITEM.match(line)
        number = found[1].upper() if found else ""
        # Of several lists the last one counts, and one of options before any other.
        if number in wanted and (number not in items or _PROPOSES.search(line) or not _PROPOSES.search(items[number])):
            items[number] = plain(line)
    told = sentences(text)
    asked = [
        f"{before} {it}".strip() if len(it) <= _BARE_QUESTION else it
        for before, it in zip(["", *told], told, strict=False)
        if it.endswith(ASKING) and not OFFERS.search(it)
    ]
    if not items and _ACCEPTS.match(reply) and (not asked or offers_work(asked[-1])):
        return clipped(asked[-1] if asked else offer_in(text, reply), 160)
    if items or not asked:
        return " / ".join(clipped(it, 160) for it in list(items.values())[:3])
    before = text.rpartition(asked[-1])[0].split("\n")
    proposed = [plain(line) for line in before if _PROPOSES.search(line)]
    return " / ".join(clipped(it, 160) for it in (*proposed[-1:], asked[-1]))


_BARE_QUESTION = 16
"""About the characters of a question ("OK?") that says nothing without the sentence before it."""

_ACCEPTS = caseless(r"\W*(?:yes|yep|yeah|ok(?:ay)?|sure|fine|good|agreed|do (?:it|that|so))\b")

_PROPOSES = caseless(r"\b(?:recommend\w*|best|propos\w+|solution|suggest\w*|approach|option|the fix|the plan)\b")


def condensed(text: str, reply: str = "", size: int = 2_400) -> str:
    """Return what of ``text`` somebody who answers ``reply`` needs: items it names, questions, names; else its ends."""
    raw = [line.strip() for line in prose_of(text).split("\n") if bare(line)]
    lines = [bare(line) for line in raw]
    whole = "\n".join(lines)
    if len(whole) <= size:
        return whole
    wanted = {*_NUMBERS.findall(reply), *map(str.upper, _LETTERS.findall(reply))}
    names = set(identifiers(reply))
    below, about = _below(raw, wanted), subject_of(reply)
    worth = [
        _worth(raw, index, wanted, names) + 4.0 * (index in below) + min(_MOST_SHARED, len(about & subject_of(line)))
        for index, line in enumerate(lines)
    ]
    kept: set[int] = set()
    left = size
    for index in sorted(range(len(raw)), key=lambda index: (-worth[index], index)):
        if len(lines[index]) < left:
            kept.add(index)
            left -= len(lines[index]) + 3
    kept -= {index for index in kept if lines[index].endswith(":") and index + 1 not in kept}
    shown = [f"{'… ' if index and index - 1 not in kept else ''}{lines[index]}" for index in sorted(kept)]
    return "\n".join(shown) or ends(whole, size)


_MOST_SHARED = 4


def _below(lines: list[str], wanted: set[str]) -> set[int]:
    """Return the places of the lines that stand below a heading or a bold line which is a ``wanted`` item."""
    below: set[int] = set()
    inside = False
    for index, line in enumerate(lines):
        if line.startswith(("#", "**")):
            item = _ITEM.match(plain(line))
            inside = bool(item and item[1].upper() in wanted)
        elif inside:
            below.add(index)
    return below


def _worth(lines: list[str], index: int, wanted: set[str], names: set[str]) -> float:
    """Return how much a line of a message tells to somebody who reads the reply to it."""
    line = lines[index]
    item = _ITEM.match(plain(line)) or _ITEM.match(line)
    worth = 6.0 * bool(item and item[1].upper() in wanted)
    worth += 4.0 * line.rstrip("*_ ").endswith(ASKING)
    worth += 1.0 * bool(item) + 0.5 * line.lstrip().startswith(("#", "**"))
    worth += 2.0 * (index >= len(lines) - 3) + 1.5 * (index == 0)
    worth += 0.6 * min(3, len(identifiers(line))) + 2.0 * bool(names.intersection(identifiers(line)))
    return worth - 2.0 * line.lstrip().startswith("|--")
