"""The foot of an agent's screen: the line to type on, what may be pressed, the state of things. Nobody said it."""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

from collections import deque

from handoff_cli.core.patterns import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.conversation.copies.given import Given

SHELL_PROMPT = r"[\w.-]{1,40}@[\w.-]{1,60}[: ][^\s$#%>]{0,120} ?[$#%] |PS [A-Z]:\\[^>]{0,120}> ?"
"""How a person's terminal begins a line."""

EDGE = compiled(r" {0,3}[╭┌┏╔╰└┗╚├]?(?:[─━═╌▄▀]{3,}|[─━═] ?\w).{0,200}$")
HINT = compiled(
    r"\b(?:[Cc]trl|CTRL|[Ss]hift|[Aa]lt|[Cc]md)[+-]\w|\b(?:esc|Esc|ESC)(?:ape)? to\b|\((?:[Pp]ress|PRESS) "
    r"|\? for (?:help|shortcuts)|/ for commands|\bENTER to\b|\besc interrupt\b"
)
"""What tells which key does what."""

SPINS = compiled(r" {0,3}[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏⣾⣽⣻⢿⡿⣟⣯⣷∿◐◓◑◒✻✽✶✢] ?\S.*(?:\.\.\.|…)")
"""What turns while the agent works."""

_WORKS = compiled(r"\([^()]{0,80}\besc to (?:cancel|interrupt)\b")
_PROMPT = compiled(r"[ │┃║]{0,6}[>❯›→](?: .*)?$")
_STATE = compiled(
    r"[ │]{0,4}\S.{0,80}? {3,}\S.{0,60}$|\s*:::$|\s*[~/]\S{0,100}(?: [·(].{1,60})?$|\s{0,4}\S.{0,40} · .{0,40}$"
    r"|\s{24,80}\S.{0,60}$"
)
_BOXED, _IN_BOX = compiled(r" {0,3}[│┃║]\s*[│┃║]$"), compiled(r" {0,3}[│┃║].*[│┃║]$")
_LINES = 16


def foot_of(texts: list[str]) -> int:
    """Return where the foot of a screen begins, the end of ``texts`` where none is shown.

    What was typed there was not sent: an edge, a hint or another part of the foot stands right beside it.
    """
    foot = at = len(texts)
    states = 0
    while at > max(0, len(texts) - _LINES):
        at -= 1
        text = texts[at]
        if not text:
            continue
        is_line = _PROMPT.match(text) or _BOXED.match(text)
        if SPINS.match(text) or _WORKS.search(text) or (_IN_BOX.match(text) and not is_line):
            break
        if is_line:
            beside = [it for it in (*texts[max(at - 1, 0) : at], *texts[at + 1 : at + 2]) if it]
            if not (HINT.search(text) or any(EDGE.match(it) or _STATE.match(it) or _BOXED.match(it) for it in beside)):
                break
            foot = at
        elif EDGE.match(text) or HINT.search(text):
            foot = at
        elif _STATE.match(text) and not states:
            states += 1
            foot = at if foot < len(texts) else foot
            continue
        elif not _STATE.match(text):
            break
        states = 0
    return foot


def without_foot(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield the lines of a screen but for its foot."""
    held: deque[Given] = deque()
    for line in lines:
        held.append(line)
        if len(held) > _LINES:
            yield held.popleft()
    yield from [*held][: foot_of([text.rstrip() for _, text, _ in held])]
