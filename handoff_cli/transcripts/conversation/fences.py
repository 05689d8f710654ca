"""Fenced blocks: where one ends, also when its mark was cut off or what it quotes holds marks of its own."""

from __future__ import annotations

import re

from handoff_cli.transcripts.conversation.lines import LOOK_AHEAD
from handoff_cli.transcripts.conversation.output import Output
from handoff_cli.transcripts.conversation.speakers import EXPORTED, HEADING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.talk import Talk

FENCE = re.compile(r"\s{0,12}(?:> ?)?(`{3,}|~{3,})\s*([\w+#.-]*)[^`]*$")
STRUCTURE = re.compile(
    r"\s*(?:</?details[^>]*>|</?think>|</?thinking>|</?tool[-_]use[^>]*>|<summary>.{0,200}</summary>|-{3,}"
    r"|\*\*\[\d{4}-\d\d-\d\d[T ][\d:]+\]\*\*|Copy(?: code)?|Thought for \d.{0,20}|Script (?:started|done) on .{0,200}"
    r"|<!--.{0,200}-->)\s*$"
)


def closing(talk: Talk, mark: str) -> int | None:
    """Return how many lines ahead a fenced block ends; None where the mark itself is the end of one cut off before."""
    depth = 1
    bare_first = FENCE.match(talk.cursor.peek() or "")
    opened = bool(bare_first and bare_first[2])
    for ahead in range(1, LOOK_AHEAD):
        text = talk.cursor.peek(ahead)
        if text is None:
            return ahead - 1 if opened else None
        found = FENCE.match(text) if text.lstrip("> ")[:3] in ("```", "~~~") else None
        if found and found[2] and len(found[1]) >= len(mark):
            if not opened and depth == 1:
                return None
            depth += 1
        elif found and len(found[1]) >= len(mark) and found[1][0] == mark[0]:
            depth -= 1
            if not depth:
                return ahead
        elif (
            text[:1] in "#_*"
            and text
            and (name := talk.mark(text))
            and name.way in (EXPORTED, HEADING)
            and _is_apart(talk, ahead)
        ):
            return ahead - 1 if opened else None
    return None


def _is_apart(talk: Talk, ahead: int) -> bool:
    """Return whether a heading within a block stands as exports set turns apart: the block was left open."""
    before = [talk.cursor.peek(it) or "" for it in range(max(1, ahead - 4), ahead)]
    return any(STRUCTURE.match(it) for it in before if it) or (talk.cursor.peek(ahead) or "").startswith("_**")


def fence_text(talk: Talk, mark: str) -> str:
    """Read a fenced block whole and return its text, the first and the last lines of a long one."""
    talk.cursor.take()
    output, depth = Output(), 1
    while (text := talk.cursor.peek()) is not None:
        found = FENCE.match(text) if text.lstrip("> ")[:3] in ("```", "~~~") else None
        if found and len(found[1]) >= len(mark):
            depth += 1 if found[2] else -1
        elif (
            text[:2] in ("##", "_*")
            and (name := talk.mark(text))
            and name.way in (EXPORTED, HEADING)
            and not talk.cursor.peek(1)
        ):
            break
        talk.cursor.take()
        if not depth:
            break
        output.add(text)
    return output.text()
