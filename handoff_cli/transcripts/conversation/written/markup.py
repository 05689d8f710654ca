"""Calls and results written as tags: ``<execute_command>``, ``<invoke name="Bash">``, ``<tool_call>{…}</tool_call>``.

So write agents whose models call tools in text (Cline, Roo), exports of them, and dumps of what a model was given.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.inputs import called_in, input_of
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER
from handoff_cli.transcripts.conversation.reading.lines import LOOK_AHEAD
from handoff_cli.transcripts.conversation.reading.work import Output
from handoff_cli.transcripts.conversation.written import surroundings
from handoff_cli.transcripts.tagged_calls import CALLS, SAYS, given_in, value_of
from handoff_cli.transcripts.values import as_dict, as_str, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any

    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_TAG = compiled(r"\s{0,8}<(/?)([a-z][\w:.-]{0,60})((?: [^<>]{0,200})?)>(.*)$")
_JSON_CALLS = frozenset(("tool_call", "function_call", "tool_use", "tool-call", "tool", "call", "action"))
_RESULTS = frozenset(("tool_response", "tool_result", "function_result", "function_results", "tool_output", "result"))
_THOUGHTS = frozenset(("think", "thinking"))
_FOLDS = compiled(r"^\s*<details>(?:\s*<summary>[^<>]{0,200}</summary>)?|</details>\s*$")
"""What folds a thought away."""

_OF_USER = frozenset(("task", "feedback", "user_message", "user_query", "answer"))
_WRAPS = _OF_USER.union(("function_calls", "tool_calls", "message", "turn", "msg"))
_NOTICES = frozenset(("system_notification", "system-notification", "task-notification"))
"""What the program tells the agent of itself; what it then asks for in the user's place, nobody typed."""

_SURROUNDINGS = "environment_details"
_ASIDE = _NOTICES.union(
    (_SURROUNDINGS, "system-reminder", "additional_data", "attached_files", "user_info", "timestamp")
)
_AUTOMATED = ("[ERROR] You did not use a tool in your previous response", "[TASK RESUMPTION] ")
"""How a turn of the user's begins that the program wrote: what the user says in it stands in a tag."""

_NAMED = compiled(r" name=\"([^\"<>]{1,80})\"")
_IS_ERROR = compiled(r" (?:is_)?error=\"?true|status=\"(?:error|failed)\"")
_RESULT = "] Result:"
_RESULT_LINE = compiled(
    r"\[([a-z]\w{1,60})(?: for '(.{0,300}?)'(?:\. [A-Z][^\]]{0,400})?| .{0,900}?)?\] Result:\s*(.*)$"
)
"""What a tool was called on stands behind its name, and behind that what the model is told of the tool."""

_NAMED_RESULT = compiled(r"\[(?:Unknown )?(Tool|[a-z]\w{1,60})(?: \((?P<bad>Error)\))?\]()()$")
_BAD = ("<error>", "Error: ", "Error\n")
_CALL_LINE = compiled(r"\[Tool Use: ([a-z]\w{1,60})\]$")
_FIELD = compiled(
    r"(Path|Diff|Content|Command|Cwd|Args|Files|Regex|File_pattern|Recursive|Question|Follow_up|Result|Todos|Query|Mode"
    r"|Message|Search|Replace|Old_string|New_string|File_path|Line|Response|Mode_slug|Reason|Server_name|Tool_name"
    r"|Arguments|Uri|Action|Url|Task_progress|Requires_approval|Line_count): ?(.*)$"
)
"""How an export names a tool that was called through an interface: what it was given, and answered, stands below."""


def take(talk: Talk) -> list[Placed] | None:
    """Read what a tag on the next line begins; None where it begins nothing that is known."""
    text = talk.cursor.peek() or ""
    if (result := _result_in(text)) and (events := _answered(talk, result)) is not None:
        return events
    if text.startswith(_AUTOMATED) and _begins_turn(talk):
        _to_next_turn(talk, "")
        return _agents(talk)
    tag = _TAG.match(text) if text.lstrip()[:1] == "<" and not talk.fence_ends else None
    if tag is None:
        return _called_by_name(talk, text)
    if (
        tag[2] in _WRAPS
        or (tag[1] and tag[2] in ("user", "assistant", "human", "ai"))
        or (tag[1] and tag[2] in _THOUGHTS)
    ):
        return _unwrapped(talk, tag[2], tag[4])
    if tag[1] or not _is_known(talk, tag[2], tag[3]) or (inner := _inner(talk, tag[2])) is None:
        return None
    return _element(talk, tag[2], tag[3], inner)


def _answered(talk: Talk, result: re.Match[str]) -> list[Placed] | None:
    """Read the result of a call; None where none waits, amid words.

    Below words of the user's that came with a refusal the program says once more that the call was refused.
    """
    told = f"{result[1]} {talk.turns}"
    again = talk.role == USER and not talk.awaits and talk.result_of == told
    if not (again or talk.awaits or _begins_turn(talk)):
        return None
    talk.cursor.take()
    talk.result_of = told
    called = [] if talk.awaits or again else _cut_off(talk, result[1], result[2])
    output = _to_next_turn(talk, result[3])
    failed = output.lstrip().startswith(_BAD) or result.groupdict().get("bad")
    return [] if again else [*called, *_answer(talk, output, failed=True if failed else None)]


def _begins_turn(talk: Talk) -> bool:
    """Return whether a turn of the user's begins with the next line."""
    return talk.role == USER and talk.is_silent()


def _cut_off(talk: Talk, name: str, on: str | None) -> list[Placed]:
    """Return the call of a tool ``on`` a file, or of a command, whose result alone is in the text."""
    key = "command" if name == "execute_command" else "path"
    return talk.call(name, {key: on} if on else {}) if name in CALLS else []


def _is_known(talk: Talk, name: str, attributes: str) -> bool:
    """Return whether elements of this name mean something here."""
    if name in _RESULTS:
        return talk.awaits
    if name.rpartition(":")[2] == "invoke" or name in ("tool", "call", "action"):
        return _NAMED.search(attributes) is not None
    return name in CALLS or name in SAYS or name in _JSON_CALLS or name in _THOUGHTS or name in _ASIDE


def _element(talk: Talk, name: str, attributes: str, inner: str) -> list[Placed]:
    """Return the events of an element that was read whole."""
    if name in _ASIDE:
        following = _TAG.match(talk.cursor.peek() or "") if name in _NOTICES else None
        if following and following[2] == "user_query":
            _inner(talk, "user_query")
        return surroundings.told_around(talk, inner) if name == _SURROUNDINGS else talk.say("")
    if name in _THOUGHTS:
        return [*_hidden(talk, _FOLDS.sub("", inner).strip("\n")), *talk.turn(ASSISTANT, wrapped=talk.wrapped)]
    if name in _RESULTS:
        return _answer(talk, inner, failed=True if _IS_ERROR.search(attributes) else None)
    return _called(talk, name, attributes, inner)


def is_result(text: str) -> bool:
    """Return whether a line begins the result of a call."""
    tag = _TAG.match(text) if text[:1] == "<" else None
    return _result_in(text) is not None or (tag is not None and tag[2] in _RESULTS)


def _result_in(text: str) -> re.Match[str] | None:
    """Return the name of the tool, what it was called on and the first line of its result, where a line begins one."""
    if text[:1] != "[":
        return None
    return _RESULT_LINE.match(text) if _RESULT in text else _NAMED_RESULT.match(text)


def _called_by_name(talk: Talk, text: str) -> list[Placed] | None:
    """Read a call whose fields stand below the name of the tool; None for any other line."""
    call = _CALL_LINE.match(text) if text[:1] == "[" else None
    if not call:
        return None
    number = talk.cursor.next_number
    talk.cursor.take()
    return _told(talk, call[1], _fields(talk), number)


def _fields(talk: Talk) -> dict[str, str]:
    """Read what a tool was given, field by field, each over as many lines as it has."""
    given: dict[str, list[str]] = {}
    last: list[str] = []
    while (text := talk.cursor.peek()) is not None and text != "---" and not talk.mark(text):
        if _CALL_LINE.match(text):
            break
        talk.cursor.take()
        if field := _FIELD.match(text):
            last = given.setdefault(field[1].lower(), [])
            text = field[2]
        last.append(text)
    return {key: value_of("\n".join(lines).strip("\n")) for key, lines in given.items()}


def _unwrapped(talk: Talk, name: str, rest: str) -> list[Placed]:
    """Read a line whose tag only wraps what is said; what else stands on the line is."""
    talk.cursor.take()
    rest = rest.strip().removesuffix(f"</{name}>").rstrip()
    return talk.say(rest)


def _inner(talk: Talk, name: str) -> str | None:
    """Read to where the element closes and return what is in it; None, with nothing read, where it does not."""
    end, begins = f"</{name}>", talk.cursor.index
    if begins < talk.unclosed.get(name, 0):
        return None
    for ahead in range(LOOK_AHEAD):
        text = talk.cursor.peek(ahead)
        if text is None or (ahead and text and talk.mark(text)):
            break
        if end in text:
            lines = [talk.cursor.take() for _ in range(ahead + 1)]
            return "\n".join(lines).partition(">")[2].rpartition(end)[0].strip("\n")
    talk.unclosed[name] = begins + ahead  # none that begins before it closes, or only beyond what is looked at
    return None


def _hidden(talk: Talk, thought: str) -> list[Placed]:
    events = talk.turn(ASSISTANT, wrapped=talk.wrapped, hidden=True)
    for line in thought.split("\n"):
        events += talk.say(line)
    return events


def _called(talk: Talk, name: str, attributes: str, inner: str) -> list[Placed]:
    """Return the events of a call that stands in a tag."""
    number = talk.cursor.number
    named = _NAMED.search(attributes)
    if named and inner.lstrip()[:1] == "{":
        return _call(talk, named[1], input_of(named[1], inner), number)
    if name in _JSON_CALLS and not named:
        called = called_in(decode(inner.strip()))
        return _call(talk, *called, number) if called else talk.say("")
    name = named[1] if named else name
    return _told(talk, name, given_in(inner) or input_of(name, inner), number)


def _told(talk: Talk, name: str, given: Any, number: int) -> list[Placed]:
    """Return the events of a call; a tool that only speaks is what the agent says."""
    if name in SAYS:
        said = as_str(as_dict(given).get(SAYS[name]))
        return [event for line in said.split("\n") for event in talk.say(line)]
    return _call(talk, name, given, number)


def _call(talk: Talk, name: str, given: Any, number: int) -> list[Placed]:
    events = talk.turn(ASSISTANT) if talk.role == USER else []
    return [*events, *talk.call(name, given, number)]


def _to_next_turn(talk: Talk, first: str) -> str:
    """Read a result up to where somebody speaks, another result begins, or what the program adds of itself."""
    output = Output()
    output.add(first)
    while (text := talk.cursor.peek()) is not None:
        tag = _TAG.match(text) if text[:1] == "<" else None
        if talk.mark(text) or _result_in(text) or (tag and tag[2] in (*_ASIDE, *_WRAPS)) or text == "---":
            break
        output.add(talk.cursor.take())
    return output.text()


def _answer(talk: Talk, output: str, *, failed: bool | None = None) -> list[Placed]:
    """Return the answer to a call that waits; it stands in a turn of the user's, who did not say it."""
    return [*talk.answer_in_turn(output, failed), *_agents(talk)]


def _agents(talk: Talk) -> list[Placed]:
    """Return that the agent goes on in a turn of the user's who said nothing, and says nothing next."""
    below = _TAG.match(talk.cursor.peek() or "")
    silent = talk.role == USER and talk.is_silent() and not (below and below[2] in _OF_USER)
    return talk.turn(ASSISTANT) if silent else []
