"""What the user said of items and designs that the agent laid out: left alone, for later, taken, or not taken."""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.failed import Verdict
from handoff_cli.documents.extract.language.chosen import items_of
from handoff_cli.documents.extract.language.words import ASKING, as_one_line, clipped, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Message


def verdicts(messages: Sequence[Message]) -> tuple[Verdict, ...]:
    """Return the user's words on items that the agent laid out, each with its item, the latest first."""
    late = messages[-_LOOKED_AT:]
    found: dict[str, Verdict] = {}
    for before, reply in pairwise(late):
        if reply.role == "user" != before.role and len(reply.text) <= _REPLY_CHARS:
            for it in _set_aside(reply.text, before.text):
                found[it.what] = it
    for place, reply in enumerate(late):
        if reply.role == "user" and (letter := _letter_in(reply.text)):
            designs = next(filter(None, (_designs_in(it.text, letter) for it in reversed(late[:place]))), {})
            words = clipped(as_one_line(reply.text), _WORDS_CHARS)
            for key, text in designs.items():
                found.pop(text, None)
                found[text] = Verdict(text, words, "taken" if key == letter else "not taken")
    return tuple(reversed(found.values()))[:_MOST]


def _set_aside(reply: str, before: str) -> Iterator[Verdict]:
    """Yield the items of the list in ``before`` that ``reply`` leaves alone or puts off, with the clause that does."""
    clauses = [it.strip() for it in _CLAUSES.split(reply) if it.strip()]
    if not any(form.match(it) for it in clauses for form in (_LATER, _LEFT)):
        return
    items, carried = items_of(before, named=False), ""
    for clause in clauses:
        if _NUMBERS_ALONE.fullmatch(clause):
            carried += f"{clause}, "
            continue
        said, carried = carried + clause, ""
        for how, form in (("later", _LATER), ("left alone", _LEFT)):
            found = None if said.endswith(ASKING) else form.match(said)
            keys = [it.upper() for it in _NUMBER.findall(found["items"] or found["named"])] if found else []
            if keys and all(it in items for it in keys):
                yield from (
                    Verdict(f"{it}. {clipped(items[it].replace(' | ', ': '), _ITEM_CHARS)}", said.rstrip(" ."), how)
                    for it in keys
                )
                break


def _letter_in(reply: str) -> str:
    """Return the letter by which ``reply`` begins to take a design ("ok now B."), empty where it takes none so."""
    found = _PICKS.match(reply[:_REPLY_CHARS].strip())
    return found[1] if found else ""


def _designs_in(text: str, letter: str) -> dict[str, str]:
    """Return the paragraphs of ``text`` that begin with letters from A on, where ``letter`` is one of several."""
    found: dict[str, str] = {}
    last = ""
    for line in text[-_TEXT_CHARS:].split("\n"):
        begun = _LETTERED.match(line)
        if begun and ord(begun[1]) == (ord(last) + 1 if last else ord("A")):
            last = begun[1]
            found[last] = plain(line)
        elif last and line[:1] == " " and line.strip():
            found[last] += f" {line.strip()}"
    told = {it: clipped(text, _DESIGN_CHARS) for it, text in found.items()}
    return told if letter in told and len(told) > 1 else {}


_LOOKED_AT, _MOST, _REPLY_CHARS, _TEXT_CHARS = 80, 8, 600, 12_000
_WORDS_CHARS, _ITEM_CHARS, _DESIGN_CHARS = 60, 110, 420

_NUMBER = lazily(r"\d{1,2}|\b[A-Ha-h]\b")
_ONE = r"(?:#?\d{1,2}|[a-h])\b"
_ITEMS = rf"{_ONE}(?:(?:\s*[,&/+]\s*(?:and |und |y |et |e )?|\s+(?:and|und|y|et|e)\s+){_ONE})*"
_NUMBERS_ALONE = caseless(_ITEMS)
_CLAUSES = lazily(
    r"(?<=[.;!\n\u3002\uff1b])\s*(?=\S)|,\s+(?=#?\d{1,2}\b)|,\s+(?=(?:skip|ignore|leave|forget|drop)\b)"
    r"|\s+(?:but|aber|pero|mais|mas)\s+|\uff0c"
)
_BETWEEN = (
    r"(?:[\s:,\u2013\u2014-]|\b(?:is|are|was|can|maybe|perhaps|i|we|you|please|that|it|also|too|both|just|rather"
    r"|ist|sind|vielleicht|bitte|bleib\w*|es|son|est|sont|c'est|me|mir|tal vez|peut-\xeatre|on|le|la|les|lo|los|\xe9"
    r"|s\xe3o)\b)*"
)
_BEFORE = r"(?:(?:and|then|also|und|y|et|for|number|nr\.?)\s+)*"
_LATER = caseless(
    rf"{_BEFORE}(?P<items>{_ITEMS}){_BETWEEN}(?:later|another time|some ?day|next (?:week|sprint|time|release)"
    r"|not (?:now|yet)|can wait|sp\xe4ter|irgendwann|nicht jetzt|m\xe1s (?:tarde|adelante)|despu\xe9s|luego|plus tard"
    r"|mais tarde|pi\xf9 tardi|depois|\u4ee5\u540e|\u4e4b\u540e\u518d)"
    rf"|(?:later|sp\xe4ter|put off|postpone)(?: then)?:? (?P<named>{_ITEMS})(?=\W*$)"
)
_LEFT = caseless(
    rf"{_BEFORE}(?P<items>{_ITEMS}){_BETWEEN}(?:(?:do ?n[o'\u2019]?t|do not) (?:care|touch|do|fix|need|bother|matter)"
    r"|by design|leave (?:it|them|that|those|as|alone)|skip\b|ignore\b|no need|not needed|wo?n['\u2019]?t ?fix"
    r"|intended|on purpose|egal|absicht\w*|so gewollt|lass(?:en|t)?\b|weglassen|da igual|d\xe9ja\w*|a prop\xf3sito"
    r"|no hace falta|laisse\w*|expr\xe8s|n\xe3o importa|deixa\w*|lascia\w*|\u4e0d\u7528|\u4e0d\u7ba1"
    rf"|\u65e0\u6240\u8c13)|(?:skip|ignore|forget|drop|leave(?: out)?|not) (?P<named>{_ITEMS})"
    r"(?: (?:alone|out|as (?:it|they) (?:is|are)))?(?=\W*$)"
)
"""What a clause says of items that it names: that they are for later, or are not to be touched."""

_PICKS = lazily(
    r"(?i:(?:(?:ok(?:ay)?|yes|no|hm+|actually|rather|so|then|now|and|let['\u2019]?s|please|good|great|fine|gut|ja|jetzt|dann|we|i['\u2019]?d"
    r"|i|go with|go for|go|do|take|use|start|implement|build|pick|choose|nimm|nehmen wir|mach|vamos con|prenons|option"
    r"|variante?|plan|design|approach)\b[ ,.]*){0,6})([A-H])"
    r"(?=\W*$|[.,;:!)](?:\s|$)|\s(?i:please|pls|then|it is|bitte|first)\b)(?!\W*\?)"
)
_LETTERED = lazily(
    r"\s{0,3}(?:[-*\u2022]\s+|#{1,4}\s+)?(?:\*\*|__)?\(?(?:[Oo]ption |[Vv]ariante? |[Dd]esign |[Pp]lan )?([A-H])"
    r"(?:[.):]|\*\*|\s[\u2013\u2014-])\s*(?=\S)"
)
