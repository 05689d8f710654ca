"""Chats that programs hold at a prompt in a terminal: ``llm chat``, ``ollama run``, ``aichat`` and their like.

What stands behind the prompt is the user's, what is printed below it the agent's, up to the prompt of the shell.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER
from handoff_cli.transcripts.conversation.reading.lines import LOOK_AHEAD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_HOLDS = compiled(
    r"(?:\S{1,80}/)?(?:uvx )?(?:llm chat|ollama run [\w.:/-]{1,80}|aichat|sgpt (?:--?\w\S* )*--repl \S+|lms chat"
    r"|gh models run [\w./-]{1,80}|mlx_lm\.chat|tgpt (?:-i|--interactive|-m|--multiline))(?: -.{1,2000})?$"
)
_SAID = compiled(r"(>{1,3})(?: (.*))?$")
_LEAVES = compiled(r"[/.!]?(?:exit|quit|bye|q)(?:\(\))?$")
_HINT = "Send a message (/? for help)"
_SEVERAL = {"!multi": "!end", '"""': '"""'}
"""Words that begin a message of several lines, and those that end it."""


def holds_chat(run: str) -> bool:
    """Return whether a command starts a program that chats at a prompt of its own."""
    return _HOLDS.match(run) is not None


def chat_below(talk: Talk, run: str, shell: str) -> list[Placed] | None:
    """Read the chat that ``run``, typed at the prompt ``shell``, held; None where nobody speaks below."""
    sign = _sign_below(talk, shell) if holds_chat(run) else ""
    if not sign:
        return None
    while not (talk.cursor.peek() or "").startswith(sign):
        talk.cursor.take()  # the program's own words
    events: list[Placed] = talk.leave()
    while (text := talk.cursor.peek()) is not None and not text.startswith(shell):
        said = _SAID.match(talk.cursor.take())
        if not said or said[1] != sign:
            events += talk.say(text)
        elif _LEAVES.match(words := (said[2] or "").strip()):
            break
        elif words and words != _HINT:
            events += [*talk.turn(USER), *_message(talk, words), *talk.turn(ASSISTANT)]
    return [*events, *talk.leave()]


def _sign_below(talk: Talk, shell: str) -> str:
    """Return the sign before what the user says below the program's own words; empty text where there is none."""
    for ahead in range(LOOK_AHEAD - 1):
        text = talk.cursor.peek(ahead)
        if text is None or text.startswith(shell):
            break
        if said := _SAID.match(text):
            return said[1]
    return ""


def _message(talk: Talk, first: str) -> list[Placed]:
    """Return what the user says, on one line or on several between the words for it."""
    begins = next((it for it in _SEVERAL if first.startswith(it)), "")
    if not begins:
        return talk.say(first)
    events = talk.say(first.removeprefix(begins).lstrip())
    while (text := talk.cursor.peek()) is not None:
        talk.cursor.take()
        events += talk.say(text.removesuffix(_SEVERAL[begins]).removeprefix("... "))
        if text.endswith(_SEVERAL[begins]):
            break
    return events
