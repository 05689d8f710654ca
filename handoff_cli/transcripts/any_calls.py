"""Calls of tools and their results in JSON of any shape: objects that name a tool and what it was given, or answered.

A result may stand in the object of its call, or in one of its own with the call's number, or only with the tool's name.
"""

from __future__ import annotations

import re

from handoff_cli.core import tool_names
from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.events import Called, Returned, Said
from handoff_cli.transcripts.values import as_dict, as_list, as_str, compact_json, decode, object_of, text_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event

_NAMES = ("toolname", "functionname", "name", "tool", "function", "action", "observation")
_INPUTS = (
    "arguments",
    "args",
    "input",
    "toolinput",
    "actioninput",
    "parameters",
    "params",
    "toolargs",
    "kwargs",
    "rawinput",
)
_RESULTS = (
    "output",
    "rawoutput",
    "result",
    "tooloutput",
    "toolreturn",
    "toolresult",
    "response",
    "stdout",
    "content",
    "observation",
)
_OF_FILES = tool_names.READERS | tool_names.WRITERS | tool_names.CREATORS | tool_names.CHANGERS | tool_names.DELETERS
_PATHS = ("path", "filepath", "file", "filename")
_OWN = tuple(it for it in _RESULTS if it != "content")
_IDS = ("toolcallid", "toolcallrequestid", "calltoolid", "callid", "tooluseid", "invocationid", "cause", "id")
_HOLDS = ("content", "parts", "contentparts", "blocks")
_OF_TOOLS = ("call", "use", "result", "return", "response", "output", "invocation", "error", "start", "end", "message")
_BESIDE = frozenset((*_NAMES, *_IDS, "type", "kind", "role", "status", "time", "timestamp", "index", *_OWN))
_CODES = ("exitcode", "returncode", "exit")
_SCHEMAS = {"inputschema", "parameters", "schema"}
_OF_SCHEMA = frozenset(("shape", "$ref", "type", "properties", "required", "schema"))
"""Members that describe what may be given: with nothing beside that tells of a call, nothing was."""

_OF_CALLS = frozenset((*_IDS, *_NAMES, "type", "kind", "role")) - {"name"}
_SAYS = frozenset(("message", "finish", "think", "say", "system", "text", "user", "assistant", "agent", "human", "ai"))
"""Actions that only say something, and names that are no tool's."""

_BY_NAME = "\0"
"""What the number of a result begins with that only names its tool."""

_BY_SHELL = _BY_NAME + "shell"
_BY_CODE = _BY_NAME + "\0"
"""The number of what a console showed: it is of the last code that was run."""

_RUN_BY = {
    **dict.fromkeys((*tool_names.SHELLS, "sh", "zsh", "cmd", "bat"), ""),
    **{it: it for it in ("python", "python3", "node", "ruby", "perl", "php", "lua", "osascript")},
    "javascript": "node",
    "r": "Rscript",
    "applescript": "osascript",
}
"""By language of code that a computer runs: the program that does, none where it is a shell's own."""


def plain(key: str) -> str:
    """Return a key of an object in small letters, as one word: ``toolname`` of ``tool_name`` and of ``toolName``."""
    return key.replace("_", "").replace("-", "").lower()


def done_in(fields: dict[str, Any], role: str | None, time: str | None) -> list[Event]:
    """Return the call, its result, or both, that an object tells of; nothing for any other."""
    keys = {plain(key): value for key, value in fields.items()}
    function = as_dict(keys.get("function"))
    keys |= {plain(key): value for key, value in (function or as_dict(keys.get("state"))).items()}
    if "description" in keys and _SCHEMAS & keys.keys():
        return []  # a tool that can be called
    run = as_str(keys.get("command")) or as_str(keys.get("cmd"))
    name, id_ = _name_in(keys), _first(keys, _IDS)
    id_ = id_ if isinstance(id_, str | int) and (keys.keys() & {*_IDS[:-1]} or name) else ""
    given = _given(keys)
    has_number = id_ != "" and bool(keys.keys() & {*_IDS[:-1]})
    if given and (name or (has_number and isinstance(given, dict))):
        shown = _own_result(keys, str(id_) or f"{_BY_NAME}{name}", time)
        if not shown and not has_number and _first(keys, _INPUTS) == "":
            shown = [Returned(str(id_) or f"{_BY_NAME}{name}", "", None, None, time)]  # a log that shows no answers
        return [Called(str(id_), name or "tool", given, time), *shown]
    if run and role != "user" and keys.keys() & {*_OWN, *_CODES}:
        return [Called(str(id_), "shell", {"command": run}, time), *_own_result(keys, str(id_) or _BY_SHELL, time)]
    if any(isinstance(it, dict) and ({*map(plain, it)} & {*_IDS[:-1]}) for it in as_list(_first(keys, _HOLDS))):
        return []  # it holds answers
    typed = as_str(keys.get("type"))
    if has_number or role == "tool" or (name and typed.startswith(("tool", "function"))):
        return _own_result(keys, str(id_) if has_number else f"{_BY_NAME}{name}", time, (*_RESULTS, "text", "value"))
    return _code_in(keys, role, time)


def _code_in(keys: dict[str, Any], role: str | None, time: str | None) -> list[Event]:
    """Return the code that an object says was run, or what it printed, as Open Interpreter keeps both.

    Code of a user's is shown, as is that of a page.
    """
    kind, language, content = (as_str(keys.get(it)) for it in ("type", "format", "content"))
    if kind == "console" and language == "output" and role != "user":
        return [Returned(_BY_CODE, content, None, None, time)]
    language = language.lower()
    if kind != "code" or role != "assistant" or language not in _RUN_BY or not content.strip():
        return []
    code, program = content.strip("\n"), _RUN_BY[language]
    run = f"{program} - <<'END'\n{code}\nEND" if program else code
    return [Called("", "shell", {"command": run}, time)]


def _given(keys: dict[str, Any]) -> Any:
    """Return what a call was given, empty where an object calls nothing: what holds messages is a request's."""
    given, typed = _first(keys, _INPUTS), as_str(keys.get("type"))
    fields = object_of(given)
    if fields:
        if fields.keys() <= _OF_SCHEMA and not keys.keys() & _OF_CALLS:
            return ""
        return "" if any(isinstance(it, list) and it and "role" in as_dict(it[0]) for it in fields.values()) else fields
    if given == "" and any(it in typed for it in ("call", "use", "invocation")):
        return {key: it for key, it in keys.items() if isinstance(it, str) and key not in _BESIDE}
    if given == "" and _name_in(keys).lower() in _OF_FILES and (path := as_str(_first(keys, _PATHS))):
        return {"path": path, **{key: it for key, it in keys.items() if isinstance(it, str) and key not in _BESIDE}}
    is_tool = typed or keys.keys() & {"tool", "toolname"} or _name_in(keys).lower() in tool_names.LOOKS
    return given if isinstance(given, str) and is_tool else ""


def _name_in(keys: dict[str, Any]) -> str:
    name = next((keys[it] for it in _NAMES if isinstance(keys.get(it), str)), "")
    typed = as_str(keys.get("type"))
    if not name and typed.startswith("tool-") and typed[len("tool-") :] not in _OF_TOOLS:
        name = typed[len("tool-") :]
    return "" if name.lower() in _SAYS else name


def _first(keys: dict[str, Any], names: Iterable[str]) -> Any:
    return next((keys[it] for it in names if keys.get(it) is not None), "")


def _own_result(keys: dict[str, Any], id_: str, time: str | None, names: tuple[str, ...] = _OWN) -> list[Event]:
    """Return the result that stands in an object, if one does."""
    found = _first(keys, (it for it in names if it != "content" or keys.get("content")))
    if found == "" and not any(it in keys for it in names):
        return []
    told = {plain(key): value for key, value in as_dict(_decoded(found)).items()}
    codes = (*(told.get(it) for it in _CODES), *(keys.get(it) for it in _CODES), _code_below(keys))
    code = next((int(it) for it in codes if type(it) is int or (isinstance(it, str) and _CODE.fullmatch(it))), None)
    failed = _failed_in(keys) if _failed_in(keys) is not None else _failed_in(told)
    return [Returned(id_, _text_of(found), bool(code) if failed is None and code is not None else failed, code, time)]


def _code_below(keys: dict[str, Any]) -> Any:
    """Return the code that stands in what is told beside a result."""
    below = as_dict(keys.get("metadata")) or as_dict(as_dict(keys.get("extras")).get("metadata"))
    return next((value for key, value in below.items() if plain(key) in _CODES), None)


def _failed_in(keys: dict[str, Any]) -> bool | None:
    if isinstance(flag := keys.get("iserror", keys.get("error")), bool):
        return flag or None
    if isinstance(flag := keys.get("success"), bool):
        return not flag
    return True if keys.get("status") in ("error", "failed", "failure") else None


def _decoded(value: Any) -> Any:
    """Return what a text that is JSON holds; any other value as it is."""
    if not isinstance(value, str) or value[:1] not in ("{", "[") or value[-1:] not in ("}", "]"):
        return value
    found = decode(value)
    return found if isinstance(found, dict | list) else value


def _text_of(value: Any) -> str:
    """Return what a tool answered, as text: the texts in it, or all of it."""
    value = _decoded(value)
    if isinstance(value, dict):
        keys = {plain(key): it for key, it in value.items()}
        texts = [as_str(keys.get(it)).rstrip("\n") for it in ("stdout", "stderr", "output", "result", "value", "error")]
        return "\n".join(filter(None, texts)) or text_in(value) or compact_json(value)
    return text_in(value) or ("" if value in ("", [], None) else compact_json(value))


class Numbers:
    """Gives calls that have no number one of their own, and results the number of their call."""

    def __init__(self) -> None:
        self._waiting: dict[str, str] = {}
        self._made = 0

    def numbered(self, event: Event) -> list[Event]:
        """Return ``event`` with its number; what a command line showed by itself as its calls."""
        if isinstance(event, Called):
            self._made += 1
            event = event if event.id else event.replace(id=f"{_BY_NAME}{self._made}")
            self._waiting[event.id] = event.name
        elif isinstance(event, Returned) and (event.id in self._waiting or event.id[:1] == _BY_NAME):
            name = event.id.removeprefix(_BY_NAME)
            of_tool = (it for it, called in self._waiting.items() if called == name)
            waits_longest = next(of_tool, next(iter(self._waiting), ""))
            id_ = next(reversed(self._waiting), "") if event.id == _BY_CODE else waits_longest
            id_ = event.id if event.id in self._waiting else id_
            self._waiting.pop(id_, None)
            if event.id == _BY_CODE:
                self._waiting.clear()  # what more a console shows is of none before
            if not id_ and (runs := [*runs_in(event.text, event.time)]):
                return [it for run in runs for it in self.numbered(run)]
            event = event.replace(id=id_)
        return [event]

    def shown(self, event: Event) -> Iterator[Event]:
        """Yield ``event``; of what the agent said, the commands it shows in blocks, with what they printed, apart."""
        if not isinstance(event, Said) or event.role != "assistant" or "$ " not in event.text:
            yield event
            return
        if event.text[:2] == "$ " and "\n" in event.text.strip():
            yield from (it for run in runs_in(event.text, event.time) for it in self.numbered(run))
            return
        words, *rest = _BLOCK.split(event.text)
        for block, after in zip(rest[::2], rest[1::2], strict=True):
            if block[:2] == "$ " and "\n" in block.rstrip("`\n"):
                if words.strip():
                    yield event.replace(text=words)
                yield from (it for run in runs_in(block.rstrip("`"), event.time) for it in self.numbered(run))
                words = after
            else:
                words += f"```\n{block}{after}"
        if words.strip():
            yield event.replace(text=words)


def runs_in(text: str, time: str | None = None) -> Iterator[Event]:
    """Yield the commands behind a prompt in what a tool showed, each with what it printed."""
    parts = _PROMPT.split("\n" + text) if text[:2] in ("$ ", "% ") else ()
    for part in parts[1:]:
        run, _, printed = part.partition("\n")
        yield Called("", "shell", {"command": run.strip()}, time)
        yield Returned(_BY_SHELL, printed, None, None, time)


_CODE = compiled(r"[0-9]{1,9}")
_PROMPT = compiled(r"\n[$%] (?=\S)", re.MULTILINE)
_BLOCK = compiled(r"```(?:[a-z]{1,12})?\n(\$ [^`]{1,4000}```)")
