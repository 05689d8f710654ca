"""What waits for the user's word: the question that the agent ended with, and the options that it laid out."""

from __future__ import annotations

from handoff_cli.core import tool_names
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.transcript import Message
from handoff_cli.documents.extract.language.announced import announced
from handoff_cli.documents.extract.language.on_the_way import without_way
from handoff_cli.documents.extract.language.words import ASKING, MARK, bare, clipped, plain, sentences, words_of
from handoff_cli.documents.extract.runs.underway import is_quiet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Answer, Transcript


def open_question(transcript: Transcript) -> str | None:
    """Return the question the agent ended with, if nobody has answered it; of a list of questions all, as one."""
    last = _last_message(transcript)
    if last is None:
        return None
    lines = [line.strip() for line in last.text.strip().split("\n") if line.strip()]
    if decisions := _to_decide(lines):
        return decisions
    ending = lines[-1].strip("*_")
    if OFFERS.search(ending) or _FOR_OTHERS.match(ending) or _FOR_EXAMPLE.match(ending):
        return None
    if listed := _listed(lines):
        return listed
    if ending.endswith(ASKING):
        return _asked_in(sentences(ending)) or ending
    said = sentences(ending) if not announced(ending) else []
    asked = next(
        (
            at
            for at, it in enumerate(said)
            if (it.endswith(ASKING) or _asks_within(it)) and at + 1 + _AFTER >= len(said)
        ),
        None,
    )
    return None if asked is None else " ".join((_asked_in(said[: asked + 1]), *said[asked + 1 :]))


def _asks_within(sentence: str) -> bool:
    """Return whether a question ends in the midst of ``sentence``, and not in code or words that it quotes."""
    return "? " in sentence and _ASKED.search(_QUOTED.sub("it", sentence)) is not None


_QUOTED, _ASKED = lazily(r"`[^`]*`|\"[^\"]*\""), lazily(r"[^\W_][)*_]{0,3}\? ")


def options(transcript: Transcript) -> tuple[str, ...]:
    """Return the options among which the agent's last message lets the user choose, and what it recommends, last.

    Empty where it lays out fewer than two, or work went on after it.
    """
    last = _last_message(transcript)
    lines = [line.strip() for line in last.text.split("\n") if line.strip()] if last else []
    found: dict[str, str] = {}
    for line in lines:
        if option := _OPTION.match(plain(line)):
            found.setdefault(option[1].upper(), clipped(plain(line), _OPTION_CHARS))
    laid_out = tuple(found.values()) if len(found) >= _LEAST else _laid_out(lines)
    told = _recommended(lines) if len(laid_out) >= _LEAST else ""
    return (*laid_out, *([clipped(told, _RECOMMENDED_CHARS)] if told else [])) if len(laid_out) >= _LEAST else ()


def _laid_out(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the items of the last list that is announced as ways or options, with their numbers or letters."""
    leads = (at for at in range(len(lines) - 2, -1, -1) if _WAYS.search(lines[at][-_LEAD_CHARS:]))
    at = next((it for it in leads if not lines[it].endswith("?") or MARK.match(lines[it + 1])), len(lines))
    items: list[str] = []
    for line in lines[at + 1 :]:
        named = _LETTERED.match(plain(line)) or _LETTERED.match(line)
        if not (named or MARK.match(line)):
            break
        number = named[1] or named[2] if named else str(len(items) + 1)
        items.append(clipped(f"{number}: {named.string[named.end() :] if named else plain(line)}", _OPTION_CHARS))
    return tuple(items[:_MOST])


_WAYS = caseless(
    r"(?:\b(?:two|three|four|five|[2-5]|some|several|these|following|possible) (?:[\w-]+ )?"
    r"(?:ways|options|approaches|choices|possibilities|alternatives|variants)\b[^.]*|^\W*(?:options|alternatives|choices)\W*):\W*$"
    r"|\b(?:how|which|what) (?:[\w'\u2019-]+ ){0,3}(?:we|you|i)\b[^?\n]{0,80}\?\W*$"
)
_LEAD_CHARS = 200
"""An announcement of a list stands at the end of its line."""

_LETTERED, _MOST = lazily(r"\W{0,4}(?:([A-Ha-h])\b[*]{0,2}[).:]|(\d{1,2})[).:])[*]{0,2}\s+(?=\S)"), 6


def left_out(words: str, meant: str) -> tuple[str, ...]:
    """Return of the options that an agent's ``words`` lay out to choose from those that are not in what was ``meant``.

    Empty where nothing of them was meant.
    """
    told = told_as_options(words)
    left = tuple(it for it in told if it[:_ALIKE] not in meant)
    return left if len(left) < len(told) else ()


_ALIKE = 40


def told_as_options(words: str) -> list[str]:
    """Return the options that an agent's ``words`` lay out to choose from, without their numbers or letters."""
    return [it.partition(": ")[2] for it in _laid_out([line.strip() for line in words.split("\n") if line.strip()])]


def _recommended(lines: Sequence[str]) -> str:
    """Return what the agent recommends of what it laid out, empty where it says nothing of that."""
    at = next((place for place in range(len(lines) - 1, -1, -1) if _RECOMMENDS.match(lines[place])), None)
    if at is None:
        return next((bare(it) for line in reversed(lines) for it in sentences(line) if _WOULD_TAKE.search(it)), "")
    told = lines[at]
    if at + 1 < len(lines) and (told.startswith("#") or len(bare(told)) < _SAYS_LITTLE):
        told = f"Recommendation: {bare(lines[at + 1])}"  # it was a heading
    return bare(told).rstrip(":")


_WOULD_TAKE = caseless(
    r"\bi(?:['\u2019]d| would)(?: \w+)? (?:go (?:with|for)|take|pick|choose|prefer|lean|start with)\b"
    r"|\bi lean (?:to|towards)\b|\bmy (?:pick|preference)\b"
    r"|\b(?:recomiendo|yo har\xeda|ich (?:empfehle|w\xfcrde)|je (?:recommande|prendrais))\b"
)


_FOR_OTHERS = lazily(r"\W*(?:(?:TODO|[Tt]o ?do):? )?[Aa]sk (?!you\b)[\w .-]{1,40}:\s")
"""A reminder to ask somebody else."""
_FOR_EXAMPLE = caseless(
    r"\W*(?:for )?(?:example|instance|e\.g|hypothes[ie]s|beispiel|ejemplo|por ejemplo|exemple)\b[^?]{0,12}[:,.]"
)
"""A question that only shows what one may ask."""
OFFERS = caseless(r"\b(?:how (?:can|may) i (?:help|assist)|anything else|what can i (?:do|help))\b[^?]*\?\W*$")
"""A question that only offers help."""

_OPTION = caseless(r"\W*(?:option|variant|approach|alternative|choice)\s+(\d{1,2}|[a-h])\b\W*\w")
_RECOMMENDS = caseless(r"\W*(?:my |the )?recommend(?:ation|ed|s)?\b")
_LEAST, _OPTION_CHARS, _RECOMMENDED_CHARS, _SAYS_LITTLE = 2, 100, 180, 26


def _last_message(transcript: Transcript) -> Message | None:
    """Return the agent's last message, None where the user or work followed it."""
    last = transcript.messages[-1] if transcript.messages else None
    if last is None or last.role != "assistant" or not last.text.strip():
        return None
    later = any(call.position > last.position and not is_quiet(call) for call in transcript.tool_calls)
    return None if later else last


def _listed(lines: Sequence[str]) -> str:
    """Return the list of questions that ``lines`` end with, numbered as it is, behind what announces it; else empty."""
    first = len(lines)
    while first and MARK.match(lines[first - 1]):
        first -= 1
    items = [plain(it) for it in lines[first:]]
    lead = bare(lines[first - 1]) if first else ""
    asks = lead.endswith((":", "?")) and all(it.endswith(ASKING) for it in items)
    if lead.endswith(":") and _TO_ANSWER.search(lead) and any(mark in it for it in items for mark in ASKING):
        asks, items = True, [*map(_briefly_asked, items)]
    if len(items) < _LEAST or not (asks or (lead.endswith(ASKING) and len(items) <= _FEW)):
        return ""
    return " ".join((lead, *(f"({number}) {it}" for number, it in enumerate(items, 1))))


def _to_decide(lines: Sequence[str]) -> str:
    """Return what the agent says that it needs decided, by the letters of its headings: text stands below each."""
    at = next((at for at, it in enumerate(lines) if _NEEDS_YOU.search(it) and it.endswith(":")), len(lines))
    items = [plain(it) for it in lines[at + 1 :] if _UNDER_LETTER.match(plain(it))]
    if len(items) < _LEAST or not any(mark in it for it in lines[at:] for mark in ASKING):
        return ""
    lead = sentences(bare(lines[at]))[-1]
    return " ".join((lead, *(f"({it[0]}) {_briefly_asked(it[2:].strip())}" for it in items)))


_NEEDS_YOU = caseless(
    r"\b(?:need|brauche|necesito|attends|preciso|aspetto)\b[^:.]{0,40}\b(?:decisions?|answers?|entscheidung(?:en)?|antwort(?:en)?"
    r"|decision(?:es)?|respuestas?|d\xe9cisions?|r\xe9ponses?)\b|\bdecisions? (?:is|are) yours\b"
)
_UNDER_LETTER = lazily(r"[A-F][.):] ?\S")


def _briefly_asked(item: str) -> str:
    """Return what a long ``item`` among questions asks, without why; of one that only says what to decide its start."""
    asked = [it for it in sentences(item) if it.endswith(ASKING)]
    return " ".join(asked) if asked and len(item) > _BRIEF else clipped(item, _BRIEF)


_TO_ANSWER = caseless(
    r"\b(?:questions?|answers?|decisions?|decide|your call|fragen?|antwort(?:en)?|entscheidung(?:en)?|preguntas?"
    r"|respuestas?|decision(?:es)?|d\xe9cisions?|r\xe9ponses?|perguntas?|domande?|decisioni)\b"
)
"""What a line says that announces what the user is to answer, of which some is no question in form."""
_FEW, _BRIEF = 6, 150


def _asked_in(told: Sequence[str]) -> str:
    """Return the question that sentences end with: with what it points back to, and the questions right before it."""
    at = len(told) - 1
    while at > 0 and (told[at - 1].endswith(ASKING) or _points_back(told[at])):
        at -= 1
    return " ".join(told[at:])


def _points_back(question: str) -> bool:
    return len(question) < _ASKS_LITTLE and not words_of(question).isdisjoint(("it", "this", "that", "these", "them"))


_ASKS_LITTLE = 70
_AFTER = 2
"""How many sentences may follow a question, such as why it is asked."""


def told_by_agent(transcript: Transcript) -> list[Message]:
    """Return the agent's messages, but for the questions that it asked with a tool: they tell nothing that came of it.

    ``with_answers`` put these among the messages. Of a long text in which nobody speaks they are its beginning and end.
    """
    asked = {it.position for it in transcript.tool_calls if it.name.lower() in tool_names.ASKERS}
    said = (it for it in transcript.messages if it.role == "assistant" and it.position not in asked)
    told = [it if (text := without_way(it.text)) is it.text else it.replace(text=text) for it in said]
    return told if transcript.speakers or len(told) <= _FIRST + _LAST else [*told[:_FIRST], *told[-_LAST:]]


_FIRST, _LAST = 40, 120


def with_answers(transcript: Transcript) -> Transcript:
    """Return ``transcript`` with what the user answered to the agent's questions among the messages.

    An answer is a word of the user's like any other, and often the latest. Where several questions were asked at once,
    each line of it names its own.
    """
    asked: dict[int, list[Answer]] = {}
    for answer in transcript.answers:
        if answer.position:
            asked.setdefault(answer.position, []).append(answer)
    if not asked:
        return transcript
    askers = [it.position for it in transcript.tool_calls if it.name.lower() in tool_names.ASKERS]
    said = list(transcript.messages)
    for position, answers in asked.items():
        at = max((it for it in askers if it < position), default=position - 1)
        said.append(Message("assistant", "\n".join(it.question for it in answers), at))
        several = len(answers) > 1
        words = (f"{it.question} → {it.answer}" if several else it.answer for it in answers)
        said.append(Message("user", "\n".join(words), position))
    return transcript.replace(messages=tuple(sorted(said, key=lambda it: it.position)))
