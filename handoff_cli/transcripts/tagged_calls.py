"""Calls that models write as tags, as Cline, Roo and Kilo had them before: their names, and what they are given."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.tagged import elements
from handoff_cli.transcripts.values import as_str, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CALLS = frozenset(
    """
    execute_command read_file write_to_file replace_in_file apply_diff insert_content search_and_replace search_files
    list_files list_code_definition_names browser_action use_mcp_tool access_mcp_resource new_task switch_mode
    fetch_instructions codebase_search run_command edit_file create_file delete_file update_todo_list
    """.split()  # noqa: SIM905 (a list of words is read as one)
)
SAYS = {"attempt_completion": "result", "ask_followup_question": "question", "plan_mode_respond": "response"}
"""Tools that only speak, and what of them is said."""

_GIVEN = compiled(r"<([a-z]\w{0,40})>")
_PARAMETER = compiled(r"<((?:\w{1,20}:)?parameter) name=\"([^\"<>]{1,60})\">")


def given_in(inner: str) -> dict[str, Any]:
    """Return the parameters of a call; those that stand for each of its files, of one file as its own."""
    tags = (*elements(inner, _PARAMETER), *elements(inner, _GIVEN))
    given = {tag[tag.lastindex or 0]: value_of(text.strip("\n")) for tag, text in tags}
    files = [given_in(text) for tag, text in elements(as_str(given.get("args")) or "", _GIVEN) if tag[1] == "file"]
    return files[0] if len(files) == 1 else {"files": files} if files else given


def value_of(text: str) -> Any:
    """Return what a parameter says: a list or an object is written as JSON."""
    value = decode(text) if text[:1] in ("[", "{") else None
    return value if isinstance(value, list | dict) else text
