"""What the user asked for: every request once, what became of it, what binds, and what a short reply answers."""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.light import bisect_left, bisect_right, lru_cache
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.tool_names import PLANNERS
from handoff_cli.documents.extract.facts import Request
from handoff_cli.documents.extract.language.agreements import AGREED, GO_AHEAD, is_bare
from handoff_cli.documents.extract.language.chosen import chosen_item
from handoff_cli.documents.extract.language.objections import offer_in
from handoff_cli.documents.extract.language.picks import Picked, as_taken, picked, takes_back
from handoff_cli.documents.extract.language.words import ASKING, as_one_line, clipped, sentences, words_of
from handoff_cli.documents.extract.requests.accounts import gist_of_command, goal_of
from handoff_cli.documents.extract.requests.agreed_list import plan_before
from handoff_cli.documents.extract.requests.binding import PLAIN_QUESTION, binds
from handoff_cli.documents.extract.requests.cut_short import with_cut_short
from handoff_cli.documents.extract.requests.lasting import lasting
from handoff_cli.documents.extract.requests.narrowing import narrows, protests, says_limit
from handoff_cli.documents.extract.requests.referents import gist

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Message, Transcript

MAX_RULE_CHARS = 1_000
_MANY_SHOWN = 128


def requests_of(transcript: Transcript) -> tuple[Request, ...]:
    """Return the user's words in order, repeated ones once, without plain go-aheads before the last."""
    called = sorted(it.position for it in transcript.tool_calls)
    said = [
        it
        for it, after in zip(transcript.messages, (*transcript.messages[1:], None), strict=False)
        if it.role == "user" and not (_NO_REQUEST.match(it.text) or (after and _is_no_request(it, after, called)))
    ]
    last = said[-1].position if said else 0
    at_work = _agreed_to(said, transcript)
    compacted = transcript.summaries[-1].position if transcript.summaries else -1
    questions = {it.position: clipped(it.question, _MEANT_CHARS) for it in transcript.answers if it.position}
    told = {it.position: before.text for before, it in pairwise(transcript.messages) if before.role == "assistant"}
    spoken, found = _spoken_before(transcript), dict[str, Request]()
    picks: dict[str, Picked] = {}
    for number, message in enumerate(said, 1):
        words = message.text.strip()
        key = as_one_line(_SENT_AGAIN.sub("", words))
        before = found.get(key)
        if message.position == last:
            found.pop(key, None)
        elif before:
            found[key] = before.replace(times=before.times + 1, before=(*before.before, message.position))
            continue
        elif number > 1 and GO_AHEAD.match(key) and message is not at_work:
            continue
        question = questions.get(message.position) or _chosen_from(told.get(message.position, ""), words)
        may_bind = number > 1 and message.position != last and len(words) <= MAX_RULE_CHARS
        before_it = spoken.get(message.position, ())
        taken = picked(words, before_it)
        for other in [it for it, its in picks.items() if it in found and takes_back(words, taken, its)]:
            found[other] = found[other].replace(overruled=number)
        if taken.labels:
            picks[key] = taken
        plan = clipped(plan_before(before_it), _PLAN_CHARS) if AGREED.match(words) else ""
        meant = plan or _meant(before_it, words, taken.text) if message.position != last and not question else ""
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
            calls_for=gist_of_command(transcript, message) if words[:1] == "/" else "",
        )
    return with_cut_short(tuple(found.values()), transcript)


class _Unjudged(Request):
    """A request whose words are looked at for a rule when that is asked for: of many only the latest are ever shown."""

    @property  # type: ignore[misc]
    def rule(self) -> bool:
        """Whether it may be a rule, as it was made, and binds."""
        return self.__dict__["rule"] and _binds(self.text)


@lru_cache(_MANY_SHOWN)
def _binds(text: str) -> bool:
    return binds(as_one_line(text)) or ("\n" in text and bool(lasting(text)))


def _agreed_to(said: Sequence[Message], transcript: Transcript) -> Message | None:
    """Return the last of the messages ``said`` but one where it only agreed and the latest came amid its work."""
    if len(said) < _WITH_FIRST or said[-1].by or GO_AHEAD.match(as_one_line(said[-1].text)):
        return None
    heard, latest = said[-2], said[-1].typed or said[-1].position
    limits = says_limit(said[-1].text) or narrows(said[-1].text) or protests(said[-1].text)
    made = transcript.tool_calls if limits else transcript.edits
    worked = any(heard.position < it.position < latest for it in made)
    ended = any(heard.position < it.position < latest and it.ended for it in transcript.messages)
    return heard if worked and not ended and _TAKES_UP.match(heard.text.strip()) else None


_WITH_FIRST = 3
_TAKES_UP = caseless(r"(?:yes|yep|yeah|y|sure|ok(?:ay)?|do (?:it|that|so)|go(?: ahead| for it)?|ja|oui|s\xed|sim)\b")
_SENT_AGAIN = lazily(r"\A[\u276f\u203a]\s+")
"""The sign of the prompt before words that were taken from the screen."""


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


_MANY, _FEW_CHARS, _QUESTION_CHARS, _LONG_WORD, _SHARED = 3, 30, 400, 5, 2
_SHOWS = caseless(r"(?:please |can you )?(?:show|list|print|tell|explain|describe|hi|hello|hey|help|test)\b")


def _is_no_request(words: Message, after: Message, called: Sequence[int]) -> bool:
    """Return whether ``words`` are a bare command, or begin what the user said ``after``, and nobody answered between.

    ``called`` are the positions of calls, in order.
    """
    answered = after.role != "user" or bisect_left(called, after.position) > bisect_right(called, words.position)
    said = words.text.strip()
    sent_again = len(said) >= _LONG_BEGINNING and len(said) < len(after.text.strip()) and after.text.startswith(said)
    return not answered and (sent_again or _COMMAND.fullmatch(said) is not None)


_LONG_BEGINNING = 20
_COMMAND = lazily(r"/[a-z][\w:-]{0,40}")
_NO_REQUEST = lazily(
    r"\s*(?:\[Request interrupted by user[^\]]*\]\s*\Z|<local-command-|<command-name>/(?:exit|clear|quit)\b)"
)
"""What a program wrote in the user's place."""


def _spoken_before(transcript: Transcript) -> dict[int, tuple[str, ...]]:
    """Return by the place of each of the user's messages what the agent said before it, the latest of it first.

    Of several people each answers what the others said. The last plan that it laid before the user is among these.
    """
    spoken, found = list[str](), dict[int, tuple[str, ...]]()
    plans = [it.position for it in transcript.tool_calls if it.name.lower() in PLANNERS] if transcript.plan else []
    for it in transcript.messages:
        if plans and plans[-1] < it.position:
            spoken.append(transcript.plan or "")
            plans = []
        if it.role == "user":
            found[it.position] = tuple(spoken[: -_LOOKED_BACK - 1 : -1])
        if it.role != "user" or it.by:
            spoken.append(it.text)
    return found


_LOOKED_BACK = 5


def _meant(spoken: Sequence[str], words: str, labelled: str) -> str:
    """Return in one line what a reply of few words refers to by number or by yes, empty where it does to nothing.

    ``spoken`` is what the agent said before it, the latest of it first, ``labelled`` what its labels stand for.
    """
    if not spoken:
        return ""
    before = spoken[0]
    if (item := chosen_item(words, before)) and not _SEVERAL.match(labelled):
        return as_taken(item, words, _MEANT_CHARS)
    if labelled:
        return labelled
    both = _TAKES_BOTH.search(words)
    if both and _PARTS.search(offer := offer_in(before, both[0])):
        return clipped(offer.rstrip("."), _MEANT_CHARS)
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
_SEVERAL = lazily(r"(?:\d{1,2}|[a-h]): .*; (?:\d{1,2}|[a-h]): ")


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
_TAKES_BOTH = caseless(r"(?:^|[.,;!] )(?:\w+,? )?(?:do|make|set|take|apply|use) both\b")
_PARTS = caseless(r"\b(?:and|und|y|et)\b")
"""Words that take two things at once of what was offered without labels, and what stands between these."""

_REPLY_CHARS, _LONG_REPLY_CHARS, _MEANT_CHARS, _LEAST_CHOICE, _MARKED, _PLAN_CHARS = 60, 240, 150, 4, 9, 260
