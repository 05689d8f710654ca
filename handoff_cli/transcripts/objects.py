"""What the answer of a call tells that is an object in JSON, as the tools of some agents and services give it."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless
from handoff_cli.transcripts.hits import as_printed
from handoff_cli.transcripts.values import as_dict, as_list, as_str, object_of, text_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_REPORTS = ("summary", "result", "response", "output", "text", "report")
_SHOWN = ("content", "text")
_KEYS = {"agent": _REPORTS, "read": _SHOWN, "fetch": (*_SHOWN, "description")}
_DATA = caseless(r"\.(?:json\w?|ipynb|webmanifest|lock)(?::\d+)?$")
_ENVELOPE = ("total_lines", "file_size", "similar_files", "is_binary")
"""Members that stand beside what was read."""


def is_data(kind: str, asked: str, answer: str) -> bool:
    """Return whether an ``answer`` is what a file holds that is JSON itself, and no object of the tool's own."""
    if kind != "read" or not _DATA.search(asked) or answer[:1] != "{":
        return False
    return object_of(answer).keys().isdisjoint(_ENVELOPE)


def told_in(kind: str, answer: str) -> str:
    """Return what an ``answer`` tells, or several in one: a sub-agent's report, what was read, found or fetched.

    ``kind`` is what the call looked up (of ``Lookup``).
    """
    if kind == "search":
        return as_printed(answer)
    keys = _KEYS.get(kind, ())
    fields = object_of(answer) if keys else {}
    several = as_list(fields.get("results")) or as_list(as_dict(fields.get("data")).get("web"))
    results = [as_dict(it) for it in several] or [fields]
    told = (next((as_str(it[key]) for key in keys if as_str(it.get(key))), "") for it in results)
    return "\n\n".join(filter(None, told)) or answer


def error_in(answer: str) -> str:
    """Return the error of a call that says that it failed, or was blocked; empty where none does."""
    fields = object_of(answer) if '"error"' in answer[:_HEAD_CHARS] and answer[:1] == "{" else {}
    failed = fields.get("success") is False or fields.get("status") in ("error", "blocked")
    return as_str(fields.get("error")) if failed else ""


_HEAD_CHARS = 400


def replies_in(answer: str) -> tuple[tuple[str, str], ...]:
    """Return what the user replied, by the questions, where an ``answer`` has both (Hermes)."""
    fields: dict[str, Any] = object_of(answer) if '"user_response"' in answer else {}
    several = [as_dict(it) for it in as_list(fields.get("responses"))] or [fields]
    pairs = ((as_str(it.get("question")), text_in(it.get("user_response"))) for it in several)
    return tuple((question, reply) for question, reply in pairs if question and reply)
