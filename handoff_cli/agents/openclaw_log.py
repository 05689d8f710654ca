"""What OpenClaw writes into pi's log around the words of people, and into the answers of its own tools.

A message comes with a stamp of its time, or with who wrote it and where, as JSON; what its own runtime says comes as a
message of the user's too, a sub-agent's report among it. Sources: logs that people published of 2026.2 to 2026.8;
openclaw/openclaw, ``subagent-announce.ts``.
"""

from __future__ import annotations

from handoff_cli.core import tool_names
from handoff_cli.core.patterns import DOTALL, lazily
from handoff_cli.transcripts.tools import exit_code_at_end
from handoff_cli.transcripts.values import as_dict, as_str, object_of, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_BEGINS = ("Conversation info (untrusted", "Sender (untrusted", "[", "<<<BEGIN_OPENCLAW", "System: ")
_ABOUT = lazily(r"\s*[A-Z][\w ]{1,60} \(untrusted[^)\n]{0,60}\):\n```json\n.*?\n```\s*", DOTALL)
_STAMP = lazily(r"\s*\[(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{4}-\d\d-\d\d \d\d:\d\d[^\]\n]{0,20}\] ")
_TOLD = lazily(r"\s*System: [^\n]*\n+")
_INTERNAL = lazily(r"\s*<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>.*?<<<END_OPENCLAW_INTERNAL_CONTEXT>>>\s*", DOTALL)
_BY_RUNTIME = ("[System Message]", "[Queued announce messages", "<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>")
_REPORT = lazily(
    r'\[System Message\] (?:\[sessionId: [^\]\n]{1,80}\] )?A subagent task "([^\n]{1,400}?)" just ([^\n]{1,400})\.\n'
    r"(?:\[[^\n]{1,200}\]\n)?\nResult:\n(.*?)\n\nStats: ",
    DOTALL,
)
_OUTER = lazily(
    r"\A(?:SECURITY NOTICE: .*?)?<<<EXTERNAL_UNTRUSTED_CONTENT[^>\n]{0,80}>>>\n(?:Source: [^\n]{0,80}\n)?---\n"
    r"|\n<<<END_EXTERNAL_UNTRUSTED_CONTENT[^>\n]{0,80}>>>\s*\Z",
    DOTALL,
)


def typed(text: str) -> str | None:
    """Return what of a message a person typed, empty where nobody did; None where nothing stands around it."""
    if not text.lstrip().startswith(_BEGINS):
        return None
    at = told = 0
    for around in (_TOLD, _INTERNAL, _ABOUT, _STAMP):
        while found := around.match(text, at):
            at = found.end()
        told = at if around is _TOLD else told
    if at and text.startswith(_BY_RUNTIME, at):
        return ""
    return text[at:] if at > told or (at and text.lstrip().startswith("System: [")) else None


def report_in(text: str) -> tuple[str, str, bool] | None:
    """Return ``(label, report, failed)`` of the sub-agent whose end a message tells, None where it tells none."""
    at = text[:_HEAD_CHARS].find(_BY_RUNTIME[0])
    found = _REPORT.match(text, at) if at >= 0 else None
    return (found[1], found[3], "success" not in found[2]) if found else None


_HEAD_CHARS = 200


def spawned(answer: str) -> bool:
    """Return whether an ``answer`` says that a sub-agent was begun, which reports later."""
    return '"childSessionKey"' in answer and object_of(answer).get("status") == "accepted"


_PRINT = tool_names.READERS | tool_names.SHELLS


def shown(answer: str, details: Any, tool: str) -> tuple[str, bool | None, int | None]:
    """Return the text of an ``answer``, whether the call failed, and its exit code, as far as OpenClaw's form tells.

    What a file holds and what a command prints is in no such form, but for an error that names the ``tool``.
    """
    code = tokens_of(as_dict(details).get("exitCode"))
    if not answer.startswith("{"):
        return answer, bool(code) if code is not None else None, code
    fields = object_of(answer)
    if tool in _PRINT and not fields.get("tool"):
        return answer, bool(code) if code is not None else None, code
    if fields.get("status") == "error" and (error := as_str(fields.get("error"))):
        return error, True, exit_code_at_end(error)
    text = as_str(fields.get("text")) or as_str(fields.get("content"))
    return (_OUTER.sub("", text) if "EXTERNAL_UNTRUSTED_CONTENT" in text else text) or answer, None, code
