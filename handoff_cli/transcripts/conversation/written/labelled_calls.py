"""Calls that a log tells in words behind a label for a tool, in any of several languages: ``[Tool] Run command: make``.

Below an edit stand the lines it took out and put in, below a new file what it holds, below a command what it printed.
"""

from __future__ import annotations

import re

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.written.commands import whole
from handoff_cli.transcripts.conversation.written.files import content_below, sides
from handoff_cli.transcripts.conversation.written.notations import labelled, result_in
from handoff_cli.transcripts.conversation.written.written_calls import answer_below, resulted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_RESULT = compiled(
    r"(?:ausgabe|ergebnis|salida|resultado|sortie|r\xe9sultat|sa\xedda|\u0432\u044b\u0432\u043e\u0434"
    r"|\u0440\u0435\u0437\u0443\u043b\u044c\u0442\u0430\u0442|\u51fa\u529b|\u8f93\u51fa|[\u7d50\u7ed3]\u679c"
    r"|\ucd9c\ub825|\uacb0\uacfc) ?[:\uff1a] ?(.*)$",
    re.IGNORECASE,
)
"""What other languages head the output of a call with."""


def take(talk: Talk, text: str) -> list[Placed] | None:
    """Read a call that is labelled so, with what stands below it; None for any other line."""
    told = labelled(text)
    if told is None:
        return None
    talk.cursor.take()
    number, (name, about) = talk.cursor.number, told
    if name == "Bash":
        events = talk.call(name, {"command": whole(talk, about)}, number)
    elif name == "Edit":
        events = talk.call(name, {"file_path": about, **sides("\n".join(_lines_below(talk, ("+", "-"))))}, number)
    elif name == "Write":
        content = content_below(talk) or {"content": "\n".join(_lines_below(talk))}
        events = talk.call(name, {"file_path": about, **content}, number)
    else:
        events = talk.call(name, {"file_path": about}, number)
    if result := _RESULT.match(talk.cursor.peek() or ""):
        talk.cursor.take()
        return [*events, *resulted(talk, result[1], last=True)]
    answer = answer_below(talk)
    if name != "Bash" and not answer:
        answer = talk.answer("", failed=False, created=name == "Write", last=True)
    return [*events, *answer]


def _lines_below(talk: Talk, signs: str | tuple[str, ...] = "") -> list[str]:
    """Read the lines right below, up to an empty one, a result, or one that begins with none of ``signs``."""
    lines = []
    while (text := talk.cursor.peek()) and text.startswith(signs) and not _begins_other(talk, text):
        lines.append(talk.cursor.take())
    return lines


def _begins_other(talk: Talk, text: str) -> bool:
    """Return whether a line is none of a call's: a result, another call, or somebody's turn."""
    return bool(_RESULT.match(text) or labelled(text) or result_in(text) or talk.mark(text))
