"""The input of a call where it stands below the name of the tool: JSON, a block, fields line by line, in backticks."""

from __future__ import annotations

import re

from handoff_cli.core.patterns import compiled
from handoff_cli.core.text import indent_of
from handoff_cli.core.tool_names import LISTS, SHELLS, edits
from handoff_cli.transcripts.conversation.marks.inputs import input_of, is_ticked, plain_name
from handoff_cli.transcripts.conversation.reading.fences import FENCE, OF_SHELL, fence_text
from handoff_cli.transcripts.conversation.reading.lines import LOOK_AHEAD
from handoff_cli.transcripts.conversation.reading.todos import TITLE, boxed
from handoff_cli.transcripts.conversation.reading.work import OF_OUTPUT, is_path
from handoff_cli.transcripts.conversation.written.notations import INPUT, LEAD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.transcripts.conversation.reading.talk import Talk

STATUS = compiled(r"(?:\*\*)?Status:(?:\*\*)? \w[\w ]{0,30}$")
_FIELD = compiled(
    rf"{LEAD}(command|cmd|file[ _]?path|path|file|pattern|description|subject|editing|writing to|reading|edited"
    rf"|running)(?:\*\*|`)?(?::|\s(?=`))\s{{0,3}}(?:\*\*)?\s?(.*)$",
    re.IGNORECASE,
)
_MEMBER = compiled(r"(\s{2,12})([a-z]\w{0,40}): ?(.*)$")
INLINE = compiled(r" ?`([^`]{1,2000})`$")
_FIELDS = {"cmd": "command", "running": "command"}
_KEPT_FIELDS = ("command", "pattern", "description", "subject")


def given_below(talk: Talk, name: str) -> Any:
    """Return the input that stands below the name of a tool: JSON, a fenced block, or fields line by line."""
    talk.cursor.skip_empty()
    if STATUS.match(talk.cursor.peek() or ""):
        talk.cursor.take()
        talk.cursor.skip_empty()
    if plain_name(name) in LISTS and TITLE.match(talk.cursor.peek() or ""):
        talk.cursor.take()
        talk.cursor.skip_empty()
    if plain_name(name) in LISTS and (todos := boxed(talk)):
        talk.cursor.skip(len(todos))
        return {"todos": todos}
    text = talk.cursor.peek() or ""
    if plain_name(name) in SHELLS and _described(talk):
        text = talk.cursor.peek() or ""
    inline = INLINE.match(text)
    if inline or is_ticked(text.strip()) or ("file" in name.lower() and is_path(text)):
        talk.cursor.take()
        return input_of(name, inline[1] if inline else text)
    if (begins := INPUT.match(text)) and not FENCE.match(text):
        talk.cursor.take()
        if begins[1]:
            return input_of(name, _json(talk, begins[1]) if begins[1][0] == "{" else begins[1].strip("`"))
        talk.cursor.skip_empty()
        text = talk.cursor.peek() or ""
    if text.lstrip().startswith("{"):
        return input_of(name, _json(talk, talk.cursor.take()))
    if (fence := FENCE.match(text)) and (fence[2] not in OF_OUTPUT[1:] or plain_name(name) in SHELLS):
        return _in_block(name, fence_text(talk, fence[1]), fence[2])
    return _members(talk) or _fields(talk)


def _described(talk: Talk) -> bool:
    """Pass over a line that describes a command which stands below it; return whether there is one."""
    text = talk.cursor.peek() or ""
    ahead = 1 if talk.cursor.peek(1) else 2
    below = talk.cursor.peek(ahead) or ""
    fence = FENCE.match(below)
    if (
        not text.lstrip()[:1].isalpha()
        or not (INLINE.match(below) or (fence and fence[2] in OF_SHELL))
        or talk.mark(text)
    ):
        return False
    talk.cursor.skip(ahead)
    return True


def _in_block(name: str, block: str, language: str) -> Any:
    """Return the input that a fenced block holds: JSON, a command, or what changed in a file."""
    if language == "diff" and (path := re.search(r"^\+\+\+ (?:b/)?(\S+)", block, re.MULTILINE)):
        old, new = (
            "\n".join(it[1:] for it in block.split("\n") if it[:1] == sign and it[:3] != sign * 3) for sign in "-+"
        )
        return {"file_path": path[1], "old_string": old, "new_string": new}
    if edits(plain_name(name)) and block.lstrip()[:1] != "{" and not is_path(block):
        return {"content": block}
    return input_of(name, block.strip().removeprefix("$ "))


def _fields(talk: Talk) -> dict[str, str]:
    """Read fields of a call in the words that exports have for them."""
    fields: dict[str, str] = {}
    while (text := talk.cursor.peek() or "") and (field := _FIELD.match(text)) and not (talk.mark(text)):
        talk.cursor.take()
        key = field[1].lower().replace(" ", "_")
        key = _FIELDS.get(key, "file_path" if key not in _KEPT_FIELDS else key)
        fields.setdefault(key, field[2].strip().strip("`"))
    return fields


def _members(talk: Talk) -> dict[str, Any]:
    """Read fields that are set in, with the values that go on below them."""
    fields: dict[str, Any] = {}
    first = _MEMBER.match(talk.cursor.peek() or "")
    while first and (text := talk.cursor.peek()) is not None:
        found = _MEMBER.match(text)
        if found and len(found[1]) == len(first[1]):
            key, lines = found[2], [found[3]]
        elif text.strip() and indent_of(text) > len(first[1]):
            lines.append(text[len(first[1]) + 2 :])
        else:
            break
        talk.cursor.take()
        value = "\n".join(lines[1:] if lines[0] in ("|", ">", "|-") else lines).strip()
        fields[key] = _value(value)
    return {("command" if key == "cmd" else key): value for key, value in fields.items()}


def _value(text: str) -> Any:
    """Return a value as it is written in YAML, as far as calls have need of it."""
    if text[:1] not in ("[", "{", '"'):
        return text.removeprefix("'").removesuffix("'") if text[:1] == "'" else text
    value = input_of("", f'{{"it": {text}}}')
    return value.get("it", text)


def _json(talk: Talk, first: str) -> str:
    """Return a JSON object that begins with ``first`` and ends where its brackets close."""
    lines, depth = [first], _depth(first)
    while depth > 0 and len(lines) < LOOK_AHEAD and (text := talk.cursor.peek()) is not None:
        if not text and lines[-1] == "}":
            break
        if text and not text[0].isspace() and text[0] not in '{}[]"' and talk.mark(text):
            break
        lines.append(talk.cursor.take())
        depth += _depth(text)
    return "\n".join(lines)


def _depth(line: str) -> int:
    bare = re.sub(r'"(?:\\.|[^"\\])*"', "", line)
    return sum(map(bare.count, "{[")) - sum(map(bare.count, "}]"))
