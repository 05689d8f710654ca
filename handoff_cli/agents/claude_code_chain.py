"""What a row of Claude Code's log is in the light of those before it: words that waited, a way back taken."""

from __future__ import annotations

from handoff_cli.agents.claude_code import is_prompt
from handoff_cli.agents.claude_code_messages import is_shown
from handoff_cli.transcripts.values import as_dict, as_str, text_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.transcripts.events import Used

_ABSORBED = "absorbed_mid_turn"


class Queue:
    """What the user typed while the agent worked: seen by it in the middle of a turn, and then never a ``user`` row.

    Up to 2.1.42 the log has only ``queue-operation`` rows for it: ``enqueue`` with the words, then ``dequeue`` (a
    ``user`` row follows), ``popAll`` (taken back) or ``remove`` (seen, and it may not say which: what a program put
    there waits for the turn's end). Later versions also write an attachment ``queued_command``, where prompts of a
    machine have another ``commandMode`` or ``origin``.
    """

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self._typed_at: dict[str, int] = {}
        self._unpaired: dict[str, list[str]] = {"attachment": [], "queue-operation": []}

    def said_in(self, row: dict[str, Any], position: int = 0) -> str:
        """Return the user's words that reached the agent with ``row``, empty where it is another kind of row."""
        if row.get("type") == "queue-operation":
            return self._once(self._operated(row, position), "queue-operation", "attachment")
        attachment = as_dict(row.get("attachment"))
        by_person = as_dict(attachment.get("origin")).get("kind", "human") == "human"
        if attachment.get("type") != "queued_command" or attachment.get("commandMode", "prompt") != "prompt":
            return ""
        return self._once(text_in(attachment.get("prompt")), "attachment", "queue-operation") if by_person else ""

    def typed_at(self, words: str) -> int:
        """Return the position at which ``words`` that just reached the agent were typed, 0 where they did not wait."""
        return self._typed_at.pop(words.strip(), 0)

    def left_since(self, prompt: int) -> tuple[str, int]:
        """Return what the user typed since the ``prompt`` that has not reached the agent yet, and where they did."""
        left = [(self._typed_at.get(it.strip(), 0), it) for it in self._waiting if is_shown(it)]
        late = [(at, words.strip()) for at, words in left if at > prompt]
        return "\n".join(words for _, words in late), max((at for at, _ in late), default=0)

    def _operated(self, row: dict[str, Any], position: int) -> str:
        operation, words = as_str(row.get("operation")), as_str(row.get("content"))
        if operation == "enqueue":
            self._waiting.append(words)
            self._typed_at[words.strip()] = position
        elif operation == "popAll":
            self._waiting.clear()
        elif operation in {"dequeue", "remove"}:
            by_person = [at for at, it in enumerate(self._waiting) if operation == "remove" and is_shown(it)]
            place = self._waiting.index(words) if words in self._waiting else next(iter(by_person), 0)
            taken = self._waiting.pop(place) if self._waiting else ""
            if operation == "remove" and row.get("reason", _ABSORBED) == _ABSORBED:
                return words or taken
        return ""

    def _once(self, words: str, record: str, other: str) -> str:
        """Return ``words`` unless the other record of the same message brought them before."""
        words = words.strip()
        if words in self._unpaired[other]:
            self._unpaired[other].remove(words)
            return ""
        if words:
            self._unpaired[record].append(words)
        return words


class Branch:
    """Follows the parents of rows: after going back (rewind), a prompt descends from an earlier row than the last."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[str, int, Used | None]] = {}
        self._prompt = ""
        self.rooted = False

    def left_at(
        self, row: dict[str, Any], position: int, own: Used | None, used: Used | None
    ) -> tuple[int, Used | None] | None:
        """Return the position after which all was taken back by ``row``, and what was used there; None: it goes on.

        ``own`` is the usage in ``row``, ``used`` the figure in force. A prompt without a parent takes all back, but in
        a log whose rows have none (``rooted`` is for the caller to say).
        """
        name, parent = as_str(row.get("uuid")), as_str(row.get("parentUuid"))
        if not name:
            return None
        if row.get("subtype") == "compact_boundary":
            self._rows.clear()
        otherwise = None if self.rooted and not parent else used
        there = own or self._rows.get(parent, ("", 0, otherwise))[2]
        before = self._rows.get(self._prompt)
        self._rows[name] = (parent, position, there)
        if not is_prompt(row):
            return None
        self._prompt = name
        back_to = self._back_to(parent, before[1]) if before else None
        if before and back_to is None and _figure(there) != _figure(used):
            back_to = before[1]
        return None if back_to is None else (back_to, there)

    def hold(self, used: Used | None) -> None:
        """Take in that ``used`` is the figure in force at the last prompt, which took back."""
        self._rows[self._prompt] = (*self._rows[self._prompt][:2], used)

    def _back_to(self, parent: str, prompt: int) -> int | None:
        """Return the position that ``parent`` leads back to, past the last prompt's; None where it leads to that."""
        position = self._rows[self._prompt][1]
        while parent in self._rows and prompt < self._rows[parent][1] < position:  # a row may name itself, in a copy
            parent, position, _ = self._rows[parent]
        if not parent:
            return 0 if self.rooted else None
        found = self._rows[parent][1] if parent in self._rows else prompt
        return found if found < prompt else None


def _figure(used: Used | None) -> tuple[Any, int] | None:
    return (used.key, used.tokens) if used else None
