"""What waits for the user's word: the question that the agent ended with, and the options that it laid out.

And which item of a list a reply takes that begins with its number, its letter or its place: "2, but ...", "C it is".
"""

from __future__ import annotations

from handoff_cli.core import tool_names
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.transcript import Message
from handoff_cli.documents.extract.announced import announced
from handoff_cli.documents.extract.underway import is_quiet
from handoff_cli.documents.extract.words import MARK, SENTENCE_END, alike, bare, clipped, plain, sentences, words_of

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
    ending = lines[-1].strip("*_")
    if OFFERS.search(ending) or _FOR_OTHERS.match(ending) or _FOR_EXAMPLE.match(ending):
        return None
    if listed := _listed(lines):
        return listed
    if ending.endswith("?"):
        return _asked_in(sentences(ending)) or ending
    said = sentences(ending) if not announced(ending) else []
    asked = next((place for place, it in enumerate(said) if it.endswith("?") and place + 1 + _AFTER >= len(said)), None)
    return None if asked is None else " ".join((_asked_in(said[: asked + 1]), *said[asked + 1 :]))


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
    at = next(
        (place for place in range(len(lines) - 1, -1, -1) if _WAYS.search(lines[place][-_LEAD_CHARS:])), len(lines)
    )
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
)
_LEAD_CHARS = 200
"""An announcement of a list stands at the end of its line."""

_LETTERED, _MOST = lazily(r"\W{0,4}(?:([A-Ha-h])\b[*]{0,2}[).:]|(\d{1,2})[).:])[*]{0,2}\s+(?=\S)"), 6


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
    r"|\bmy (?:pick|preference)\b"
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
    asks = lead.endswith((":", "?")) and all(it.endswith("?") for it in items)
    if len(items) < _LEAST or not (asks or (lead.endswith("?") and len(items) <= _FEW)):
        return ""
    return " ".join((lead, *(f"({number}) {it}" for number, it in enumerate(items, 1))))


_FEW = 6


def _asked_in(told: Sequence[str]) -> str:
    """Return the question that sentences end with: with what it points back to, and the questions right before it."""
    at = len(told) - 1
    while at > 0 and (told[at - 1].endswith("?") or _points_back(told[at])):
        at -= 1
    return " ".join(told[at:])


def _points_back(question: str) -> bool:
    return len(question) < _ASKS_LITTLE and not words_of(question).isdisjoint(("it", "this", "that", "these", "them"))


_ASKS_LITTLE = 70
_AFTER = 2
"""How many sentences may follow a question, such as why it is asked."""


_PLACE = r"first|second|third|fourth|last|latter|former|erste[nr]?s?|zweite[nr]?s?|dritte[nr]?s?"  # of a list, in words
_THEN = (
    r"(?=\W*$|[,.;:!\uff0c\u3002\u3001](?!\d)|\u65b9\u6848|\u5427"
    r"|\s+(?:please|but|and|bitte|aber|und|pero|y|mais|et|ma|mas|e)\b"
)
_TAKES = caseless(
    r"\W*(?:(?:yes|yep|ok(?:ay)?|sure|fine|good|great|ja|gut|oui|s[i\xed]|please|then"
    r"|let['\u2019]?s(?: do| go with| take)?|i['\u2019]?d (?:go with|take)|go (?:with|for)|do|take|use|nimm"
    r"|number|nr\.?|vale|de acuerdo|d['\u2019]accord|la|el|le|il)[,.!:]? +"
    r"|[\u597d\u9009\u9078\u7528\u8981\u5c31\u7b2c\u65b9\u6848\uff0c] *)*"
    rf"(?:\(?#?(?P<item>\d{{1,2}}(?!\d)|[a-h](?![a-z0-9]))\)?{_THEN}"
    r"|\s+(?:it is|reicht|passt|gen\xfcgt|will do|is enough|works|basta|suffit)\b"
    r"|\s+(?:(?:is|w\xe4re|ist) )?(?:ok|fine|good|gut)\b|\u3067|\u756a)"
    r"|(?:option|variante?|opci\xf3n|opzione|way) #?(?P<option>\d{1,2}(?!\d)|[a-h])\b"
    rf"|(?:the|die|das|den) (?P<place>{_PLACE})(?: one| option| way| variante| weg)?{_THEN})"
    rf"|(?P<named>{_PLACE}) (?:one|option|way|variante){_THEN}))"
)
"""How a reply begins that takes an item; a lone "a" is an article more often, and is none without a sign behind it."""

_LISTED = lazily(
    r"\s*(?:(?:[-*+•]\s+(?=\W{0,3}[A-H][).:*_]))?(?:\*\*|__)?\(?(\d{1,2}|[A-Ha-h])"
    r"(?:[).:](?:\*\*|__)?|(?:\*\*|__)[).:]?)\s+|[-*+•]\s+)(?=\S)"
)
_PLACES = {
    **dict.fromkeys(("first", "former", "erste"), 0),
    **dict.fromkeys(("second", "latter", "zweite"), 1),
    **dict.fromkeys(("third", "dritte"), 2),
    "fourth": 3,
    "last": -1,
}
_INLINE, _APART = lazily(r"(?:(?<=[:;,.] )|(?<=\bor ))(?:\*\*)?\(?((?<=\()[\da-h]|[A-H])\)(?:\*\*)? (?=\S)"), r"\n\1) "
"""Items that stand on one line: "(a) roll back; (b) delete the secret"."""

_SENTENCE, _REPLY_CHARS = lazily(r"[.!?]\s+"), 200
_OR = lazily(r"[,;]?(?: (?:or|oder|ou|o))?\s*$")


_NOT_ALONE = caseless(
    r"[^\w.]{0,3}(?:(?:and|y|und|et|e|&)\s+)?#?\d{1,2}(?!\d)(?!\s*(?:%|(?:m?s|sec\w*|min\w*|files?|times|x)\b))"
    r"|\W{0,3}(?:no|not|nein|non|wrong|however)\b"
)
_NUMBERED_BEFORE = lazily(r"\d\W*$")
"""What stands behind the item that a reply begins with, or before it, where it takes several, or takes it not."""


def chosen_item(reply: str, text: str) -> str:
    """Return the item of the last list in ``text`` that ``reply`` begins by taking, on one line; empty if none."""
    begins = (0, *(it.end() for it in _SENTENCE.finditer(reply[:_REPLY_CHARS])))
    found = ((at, _TAKES.match(reply[at : at + _REPLY_CHARS])) for at in begins)
    at, taken = next(((at, it) for at, it in found if it), (0, None))
    if taken and (_NOT_ALONE.match(reply[at + taken.end() :]) or (at and _NUMBERED_BEFORE.search(reply[:at]))):
        return ""
    items = _last_list(text) if taken else {}
    if taken is None or not items or sum(map(bool, map(_LISTED.match, reply.split("\n")))) > 1:
        return ""  # a reply that is a list answers each item
    if number := taken["item"] or taken["option"]:
        item, own = items.get(number.upper(), ""), _own_text(reply)
        quoted = own and any(own in plain(line) for line in text.split("\n"))
        return own if quoted else item if not own or alike(words_of(own), words_of(item), _OF_THE_SAME) else ""
    named = (taken["place"] or taken["named"]).lower()
    place = next((at for word, at in _PLACES.items() if named.startswith(word)), 0)
    told = list(items.values())
    return told[place] if place < len(told) else ""


def _own_text(reply: str) -> str:
    """Return the text of the item that ``reply`` begins with, where it has one of some length, else empty.

    It may be quoted, of another list than the last; what stands on one line with all the user says is no quotation.
    """
    first, below, _ = reply.strip().partition("\n")
    listed = _LISTED.match(first) if below else None
    own = plain(first[listed.end() :]).strip() if listed else ""
    return own if len(own) >= _LEAST_QUOTED else ""


_LEAST_QUOTED, _OF_THE_SAME = 24, 2


def _last_list(text: str) -> dict[str, str]:
    """Return the items of the last list in ``text`` by their numbers or letters, which bullets get in their order.

    Empty lines may part items; lines that are set in, and bullets below a number, go on with one. What stands below an
    item does not end the list where the next number follows.
    """
    apart = _INLINE.sub(_APART, text[-_TEXT_CHARS:])
    on_a_line = apart.count("\n") > text.count("\n", -_TEXT_CHARS)
    lists: list[dict[str, str]] = [{}]
    numbered = False
    for line in apart.split("\n"):
        found, items = _LISTED.match(line), lists[-1]
        if found and (found[1] or not (items and numbered)):
            number = (found[1] or str(len(items) + 1)).upper()
            if found[1] and not items and lists[1:] and _follows(number, next(reversed(lists[-2]))):
                lists.pop()
                items = lists[-1]
            if number in items or (items and bool(found[1]) != numbered):
                lists.append({})
            numbered = bool(found[1])
            told = _OR.sub("", plain(line[found.end() :]))
            # Of items on one line, what follows the last is no part of it.
            lists[-1][number] = SENTENCE_END.split(told)[0] if on_a_line else told
        elif found or (items and line[:1] == " " and line.strip()):
            last = next(reversed(items))
            if len(items[last]) < _ITEM_CHARS:
                items[last] += f" {line.strip()}"
        elif items and line.strip():
            lists.append({})
    return next((it for it in reversed(lists) if len(it) >= _LEAST), {})


def _follows(number: str, before: str) -> bool:
    """Return whether an item's ``number``, or letter, is the next after the one ``before``."""
    both = number.isdigit() and before.isdigit()
    return int(number) == int(before) + 1 if both else len(number + before) == _LEAST and ord(number) == ord(before) + 1


_TEXT_CHARS, _ITEM_CHARS = 20_000, 400


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
