"""What the user answered to an agent's questions, where a log has questions and replies apart."""

from __future__ import annotations

from handoff_cli.core.text import shorten
from handoff_cli.transcripts.values import as_dict, as_list, as_str, text_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

Replies = tuple[tuple[str, str], ...]


def replies(questions: Any, told: Iterable[Any]) -> Replies:
    """Return what was ``told`` to each of the ``questions``, in their order: several options of one stand in a list.

    An option that was chosen comes with what the agent said of it.
    """
    pairs = zip(map(as_dict, as_list(questions)), told, strict=False)
    return tuple(
        (asked, reply)
        for it, answer in pairs
        if (asked := as_str(it.get("question"))) and (reply := _reply(it, answer))
    )


def explained(given: dict[str, Any], answers: Iterable[tuple[str, str]]) -> Replies:
    """Return ``answers`` to the questions that a call was ``given``, an option with what the agent said of it."""
    asked = {as_str(it.get("question")): it for it in map(as_dict, as_list(given.get("questions")))}
    return tuple((question, _reply(asked.get(question, {}), answer)) for question, answer in answers)


def _reply(question: dict[str, Any], answer: Any) -> str:
    chosen = [as_str(it) for it in answer] if isinstance(answer, list) else [text_in(answer)]
    said = {
        as_str(it.get("label")): as_str(it.get("description")) for it in map(as_dict, as_list(question.get("options")))
    }
    return ", ".join(f"{it} ({shorten(said[it], _SAID_CHARS)})" if said.get(it) else it for it in chosen if it)


_SAID_CHARS = 160
