"""What notes in which nobody speaks put down under a name: what was decided, what is open, what comes next."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.story import Minutes
from handoff_cli.documents.extract.words import clipped, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Transcript


def minutes_of(transcript: Transcript) -> Minutes:
    """Return what the lines of a text without speakers put down under a name; nothing of one that has speakers.

    A name stands before its matter (``Decision: …``), or above a list, as a heading does. Of what comes next the last
    line counts, of all else each once.
    """
    if transcript.speakers:
        return Minutes()
    found: dict[str, dict[str, None]] = {"decided": {}, "open": {}, "next": {}}
    for message in transcript.messages:
        _read(message.text.split("\n"), found)
    return Minutes(
        noted_decisions=tuple(found["decided"])[-_MOST:],
        noted_questions=tuple(found["open"])[-_MOST:],
        noted_next=next(reversed(found["next"]), ""),
    )


def _read(lines: list[str], found: dict[str, dict[str, None]]) -> None:
    above = ""
    for at, line in enumerate(lines):
        if not line.strip():
            continue
        item = _ITEM.match(line)
        words = plain(line[item.end() :] if item else line)
        name = _NAME.match(words[:_NAMED_CHARS])
        kind = next((kind for kind in found if name and name[kind]), "")
        if name and (told := words[name.end() :].strip()):
            found[kind][clipped(_whole(told, lines, at), _MOST_CHARS)] = None
            above = ""
        elif name and not item:
            above = kind
        elif item and above:
            found[above][clipped(_whole(words, lines, at), _MOST_CHARS)] = None
        elif not line[0].isspace():
            above = ""


def _whole(told: str, lines: list[str], at: int) -> str:
    """Return what is ``told`` on line ``at`` with the lines that it was broken into, up to its end."""
    for line in lines[at + 1 : at + _WRAPPED]:
        if told[-1:] in ".?!" or not line.strip() or _ITEM.match(line) or not line.lstrip()[:1].islower():
            break
        told = f"{told} {line.strip()}"
    return told


_MOST, _MOST_CHARS, _NAMED_CHARS, _WRAPPED = 12, 300, 40, 4
_ITEM = lazily(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX~-]?\]\s+)?")
_NAME = caseless(
    r"(?:(?P<decided>(?:decisions?(?: (?:made|taken))?|decided|(?:we )?agreed|we decided|entscheidung(?:en)?"
    r"|entschieden|beschl(?:uss|\xfcsse|ossen)|d\xe9cisions?|d\xe9cid\xe9|decisi\xf3n(?:es)?|decisioni?|decis\xe3o"
    r"|\u51b3\u5b9a|\u6c7a\u5b9a(?:\u4e8b\u9805)?|\u0440\u0435\u0448\u0435\u043d\u0438\u0435)(?: #?\d{1,3})?)"
    r"|(?P<open>(?:open |unanswered |outstanding )?questions?(?: open)?|open (?:points?|issues?)|still open|unclear"
    r"|offene? (?:fragen?|punkte?)|noch offen|fragen?|questions? ouvertes?|preguntas?(?: abiertas?)?"
    r"|\u672a\u89e3\u51b3\u95ee\u9898|\u672a\u6c7a\u4e8b\u9805|\u043e\u0442\u043a\u0440\u044b\u0442\u044b\u0435"
    r" \u0432\u043e\u043f\u0440\u043e\u0441\u044b)"
    r"|(?P<next>next(?: (?:step|action|up))?|n\xe4chster schritt|als n\xe4chstes|prochaine \xe9tape|pr\xf3ximo paso"
    r"|\u4e0b\u4e00\u6b65|\u6b21\u306b))\s?(?:[:\uff1a]\s*|$)"
)
"""A name that heads a decision, an open question or what comes next, in some languages."""
