"""Sub-agents in a conversation: their prompts stand like turns of the user's, below the call that started them."""

from __future__ import annotations

from collections import deque

from handoff_cli.core.tool_names import SUB_AGENTS
from handoff_cli.transcripts.values import as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.transcripts.conversation.reading.lines import Cursor
    from handoff_cli.transcripts.conversation.reading.talk import Waiting

_MOST_STARTED = 20
_COMPARED_CHARS = 2_000
_TELLING_CHARS = 40
"""What follows in a turn that begins with so long a prompt belongs to it; of a shorter one it may be the user's."""

_TURN_ENDS = ("---", "#", "_**", "**[")


class Delegated:
    """Knows the prompts of sub-agents that were ``started``, and which of these ``work``: what is said is theirs."""

    def __init__(self) -> None:
        self._started: deque[tuple[Waiting, str]] = deque(maxlen=_MOST_STARTED)
        self.work: deque[Waiting] = deque()

    def called(self, call: Waiting, given: Any) -> None:
        """Take in a call, which may start a sub-agent."""
        prompt = as_dict(given).get("prompt") if call.name.lower() in SUB_AGENTS else None
        if isinstance(prompt, str) and (bare := _bare(prompt)):
            self._started.append((call, bare))

    def begins(self, cursor: Cursor, first: str) -> Waiting | None:
        """Return the call whose prompt the next turn is: ``first``, the rest of a line that was read, and what follows.

        From here on its sub-agent works.
        """
        if not self._started:
            return None
        text = _bare(first)
        for ahead in range(_COMPARED_CHARS):
            if len(text) >= _COMPARED_CHARS or (line := cursor.peek(ahead)) is None:
                break
            text += _bare(line)
        for it in self._started:
            call, prompt = it
            if _is_same(text, prompt):
                self._started.remove(it)
                self.work.append(call)
                return call
        return None

    def end(self) -> list[Waiting]:
        """Return the calls whose sub-agents worked, as all of them have ended; none that was started can begin."""
        ended = [*self.work]
        self._started.clear()
        self.work.clear()
        return ended


def _bare(text: str) -> str:
    return "".join(text.split())


def _is_same(text: str, prompt: str) -> bool:
    """Return whether a ``text`` begins with a ``prompt``, of which a copy may have cut off the end."""
    if len(prompt) < _TELLING_CHARS:
        return text == prompt or text.startswith(tuple(f"{prompt}{end}" for end in _TURN_ENDS))
    return text.startswith(
        prompt[:_COMPARED_CHARS].rstrip("….") if prompt.endswith(("…", "...")) else prompt[:_COMPARED_CHARS]
    )
