"""The input of a call from what a person sees of it: JSON, names with values, or the words themselves."""

from __future__ import annotations

from html import unescape

from handoff_cli.core.patterns import compiled
from handoff_cli.core.tool_names import SHELLS
from handoff_cli.transcripts.values import as_dict, as_str, decode, object_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MOST_CHARS = 1 << 16
_KEYS = (
    "command|cmd|file_path|filePath|path|absolute_path|notebook_path|target_file|pattern|description|subject|taskId"
    "|status|query|url|prompt|content|old_string|new_string|old_str|new_str|todos|plan|input|glob|regex|timeout|offset"
    "|limit|replace_all|subagent_type|edits|output_mode|instruction"
)
_PAIR = compiled(
    rf"({_KEYS}|\w{{1,40}}(?=[=:] ?[\"'\[{{\d]))\s?[=:]\s?(?:\"((?:\\.|[^\"\\])*)(?:\"|…?$)|'((?:\\.|[^'\\])*)(?:'|…?$)"
    r"|(\[.*\]|\{.*\})|([^,]+))(?:,\s{0,4}|\s*$)"
)
_TICKED_PAIR = compiled(rf"({_KEYS}) `([^`]{{1,2000}})`")
_TICKED = compiled(rf"(?:(?:{_KEYS}) `[^`]{{1,2000}}` ?){{1,6}}")
_NAMED = compiled(rf"(?:{_KEYS})\s?[=:]\s?\S")
_NAMED_RUN = compiled(r"(?:command|cmd)\s?[=:]\s?[\"']")
_MEMBER = compiled(r'"(command|file_path|path|subject|taskId|status|pattern|description)"\s*:\s*"((?:\\.|[^"\\])*)"?')
_LEFT_OUT = compiled(r"\[\.{3} \w{1,40} omitted in .{1,60}\]")
"""What an export has in the place of a long value."""

_DESCRIBES = compiled(r"[A-Z][a-z]+(?: [a-z]+(?:-[a-z]+)*){1,3}(?: (?!-)[^\s$|&;<>=*`\"']{1,80}){1,20}")
"""What says in a sentence what a command is for, which an export may show in its place: no program begins large."""

NAMES = {
    "update": "Edit",
    "edit file": "Edit",
    "create": "Write",
    "writefile": "Write",
    "readfile": "Read",
    "view": "Read",
    "shell": "Bash",
    "run": "Bash",
    "terminal": "Bash",
    "run_terminal_cmd": "Bash",
    "update todos": "TodoWrite",
    "web search": "WebSearch",
    "fetch": "WebFetch",
    "writetodos": "TodoWrite",
    **dict.fromkeys(("ask_question", "ask_questions", "askquestion", "askquestions"), "AskUserQuestion"),
    **dict.fromkeys(("ask_user_question", "ask_user_questions", "vscode_askquestions"), "AskUserQuestion"),
}
"""What tools are called on screens and in exports, and what the agents' logs call them."""

ON_FILES = frozenset(
    (
        *("edit", "write", "read", "multiedit", "notebookedit", "read_file", "write_file", "replace", "edit_file"),
        *("write_to_file", "replace_in_file", "create_file", "str_replace_editor"),
    )
)
OWN_NAMES = (
    *("Bash", "Shell", "Read", "Write", "Edit", "MultiEdit", "Update", "NotebookEdit", "TodoWrite", "TodoRead"),
    *("Grep", "Glob", "LS", "Task", "TaskCreate", "TaskUpdate", "Agent", "Skill", "WebFetch", "WebSearch"),
    *("BashOutput", "KillShell", "ExitPlanMode", "AskUserQuestion", "exec_command", "run_shell_command"),
    *("read_file", "write_file", "replace", "apply_patch", "update_plan", "write_todos", "execute_command"),
    *("write_to_file", "replace_in_file", "edit_file", "create_file", "run_command", "shell_command"),
    *("run_terminal_cmd", "str_replace_editor", "str_replace_based_edit_tool", "list_dir", "list_files"),
    *("grep_search", "codebase_search", "search_files"),
)
"""Names of tools that are known for such where they stand before an input."""

TOOLS = frozenset((*(name.lower() for name in OWN_NAMES), *NAMES, *ON_FILES, "search", "delete_file"))
"""Names of tools in small letters."""

_ASKED = {
    **dict.fromkeys(("search", "grep", "glob"), "pattern"),
    **dict.fromkeys(("task", "agent", "explore", "plan"), "description"),
    "webfetch": "url",
    "websearch": "query",
}


def plain_name(name: str) -> str:
    """Return the name of a tool in small letters, as the agents' logs call it."""
    return NAMES.get(name.lower(), name).lower()


def input_of(name: str, words: str) -> Any:
    """Return the input of a call as the agents' own logs have it, from what a person sees of it."""
    words, tool = words.strip(), plain_name(name)
    if words.startswith("{") or is_ticked(words):
        return _object(words) if words[0] == "{" else dict(_TICKED_PAIR.findall(words))
    if (_NAMED_RUN if tool in SHELLS else _NAMED).match(words):
        return _named(words)
    if tool in SHELLS:
        return {"description" if _DESCRIBES.fullmatch(words) else "command": words}
    if tool in ON_FILES:
        return {"file_path": words.strip("`\"' ")}
    named = _named(words)
    if asked := _ASKED.get(tool):
        return named if asked in named else {asked: words.strip('"'), **named}
    return named or words


def is_ticked(words: str) -> bool:
    """Return whether ``words`` are names, each with its value in backticks: path `app` pattern `total`."""
    return _TICKED.fullmatch(words) is not None


def called_in(value: Any) -> tuple[str, Any] | None:
    """Return the tool and its input that an object tells of, maybe as a function; None for any other value."""
    call = as_dict(value)
    call = as_dict(call.get("function")) or call
    name = as_str(call.get("name")) or as_str(call.get("tool"))
    given: Any = next((call[key] for key in ("arguments", "input", "parameters", "args") if key in call), {})
    return (name, object_of(given) or given) if name else None


def from_html(value: Any) -> Any:
    """Return ``value`` with its texts as they were before they were put into a page.

    A text that holds a sign of its own for which a page has a name was not put into one.
    """
    if isinstance(value, str):
        return value if "&" not in value or "<" in value or _UNNAMED.search(value) else unescape(value)
    if isinstance(value, dict):
        return {key: from_html(it) for key, it in value.items()}
    return [from_html(it) for it in value] if isinstance(value, list) else value


_UNNAMED = compiled(r"&(?!(?:amp|lt|gt|quot|apos|#0?39|#x27|#96|#x60);)")


def _object(words: str) -> dict[str, Any]:
    """Return the JSON object that ``words`` are, of one that was cut off what its members tell."""
    value = decode(words)
    if isinstance(value, dict):
        value = {key: it for key, it in value.items() if not (isinstance(it, str) and _LEFT_OUT.fullmatch(it))}
        return {"command": value["cmd"], **value} if isinstance(value.get("cmd"), str) else value
    members = {key: _unescaped(text) for key, text in _MEMBER.findall(words[:_MOST_CHARS])}
    return members or {"text": words}


def _named(words: str) -> dict[str, Any]:
    """Return the names with values that ``words`` list, as in ``command="make", timeout=5``."""
    given: dict[str, Any] = {}
    for key, double, single, listed, bare in _PAIR.findall(words[:_MOST_CHARS]):
        value = decode(listed) if listed else None
        given[key] = value if isinstance(value, list | dict) else _unescaped(double or single) or listed or bare
    if "cmd" in given:
        given.setdefault("command", given["cmd"])
    return given


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    value = decode('"' + text.replace("\\'", "'").replace('\\"', '"').replace('"', '\\"') + '"')
    return value if isinstance(value, str) else text
