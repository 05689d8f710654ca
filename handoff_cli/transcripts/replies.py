"""What the user answered to the questions of a tool, as each agent writes it into the answer of the call."""

from __future__ import annotations

from handoff_cli.core.patterns import MULTILINE, caseless, lazily
from handoff_cli.transcripts import by_question
from handoff_cli.transcripts.values import as_dict, as_list, as_str, object_of, text_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_CHARS = 16_000
_PAIR = lazily(r'"([^"]+)"="([^"]*)"')
_CHOSE = caseless(r"\s*user (?:selected|responded|answered): (?=\S)")
_UNDER = lazily(r"^\*\*([^*\n]{1,200})\*\*: (\S.*)$", MULTILINE)


def replies(given: dict[str, Any], answer: str) -> Iterator[tuple[str, str]]:
    """Yield the user's ``answer`` to each question that a call was ``given``, with what the option chosen stands for.

    It is told by the question or its number, id or title in JSON (Kimi Code, Gemini CLI, Codex), in pairs (Grok Build,
    OpenCode), below the titles (Qwen Code), or alone where one thing was asked (Copilot CLI).
    """
    questions = list(map(as_dict, as_list(given.get("questions")))) or [given]
    told = _told(answer[:_CHARS])
    alone = _CHOSE.match(answer)
    for number, question in enumerate(questions):
        asked = as_str(question.get("question"))
        keys = (asked, as_str(question.get("id")), str(number), as_str(question.get("header")))
        reply = next((told[it] for it in keys if told.get(it)), "")
        if not reply and alone and len(questions) == 1:
            reply = answer[alone.end() : _CHARS].strip()
        yield from by_question.replies([question], [reply])


def _told(answer: str) -> dict[str, str]:
    """Return what an ``answer`` names replies by."""
    found = as_dict(object_of(answer).get("answers"))
    if found:
        return {key: text_in(as_dict(it).get("answers")) or text_in(it) for key, it in found.items()}
    return dict([*_PAIR.findall(answer), *_UNDER.findall(answer)])
