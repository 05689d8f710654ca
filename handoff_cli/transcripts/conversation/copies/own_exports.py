"""What agents themselves write of a session as Markdown, with all that was given to tools: as rows of messages.

``/chat share`` of Gemini CLI and ``goose session export`` (their sources, 2025 to 2026), ``/export md`` of Qwen Code
(first and later form), a thread of Zed's copied as Markdown. Each row is of a format that a reader of JSON knows.
"""

from __future__ import annotations

from html import unescape
from itertools import chain

from handoff_cli.core.jsonc import dumps
from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.copies import aider_requests, opencode_run
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER, mark_in
from handoff_cli.transcripts.values import as_dict, decode, without_empty_ends

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from handoff_cli.transcripts.conversation.copies.given import Given

    Row = dict[str, Any]


_NEVER = compiled(r"(?!)")


class Export:
    """A form: the heads of its sections, and the rows of one; what it is known by, and where no line is a head.

    It is known by the ``title`` it begins with or, where it was cut, by lines that are ``sure``. The first section has
    no head. In a block of one whose head begins as one that is ``fenced`` stands no head.
    """

    def __init__(
        self,
        head: re.Pattern[str],
        rows: Callable[[str, list[str], int], list[Row]],
        *,
        title: re.Pattern[str] = _NEVER,
        sure: re.Pattern[str] = _NEVER,
        fenced: tuple[str, ...] = (),
    ) -> None:
        self.head, self.rows, self.title, self.sure, self.fenced = head, rows, title, sure, fenced


def form_of(texts: list[str]) -> Export | None:
    """Return the form of an export that begins with ``texts``, None for any other text."""
    first, text = next(filter(None, texts), ""), "\n".join(texts)
    known = (it for it in _FORMS if it.title.match(first) or it.sure.search(text))
    return next((it for it in known if any(map(it.head.match, texts))), None)


def as_rows(lines: Iterable[Given], form: Export) -> Iterator[Given]:
    """Yield the messages of an export as rows of JSON, each with the number of the line that its section begins at."""
    head, at, begins, fence = "", 0, False, ""
    section: list[str] = []
    above, lines = _above(lines, form)
    yield from above
    for number, line, begins_piece in lines:
        text = line.rstrip()
        found = None if fence else form.head.match(text)
        if found:
            yield from _told(form, head, section, at, begins)
            head, at, begins = found[1], number, begins_piece
            section = [it for it in found.groups()[1:] if it is not None]
            continue
        section.append(text)
        at, begins = at or number, begins_piece if not at else begins
        if head.startswith(form.fenced) and (mark := _FENCE.match(text)):
            fence = "" if text == fence else fence or mark[0]
    yield from _told(form, head, section, at, begins)


def _above(lines: Iterable[Given], form: Export) -> tuple[list[Given], Iterator[Given]]:
    """Return what somebody who is named said above an export, and the lines from there on."""
    rest = iter(lines)
    above: list[Given] = []
    for line in rest:
        if form.head.match(line[1].rstrip()):
            rest = chain((line,), rest)
            break
        above.append(line)
    first = next((text.strip() for _, text, _ in above if text.strip()), "")
    is_named = not form.title.match(first) and mark_in(first) is not None
    return (above, rest) if is_named else ([], chain(above, rest))


_FENCE = compiled(r"`{3,}")


def _told(form: Export, head: str, section: list[str], at: int, begins: bool) -> Iterator[Given]:
    for row in form.rows(head, section, at) if at else ():
        yield at, dumps(row, compact=True, any_letter=True), begins
        begins = False


def _gemini(head: str, section: list[str], _: int) -> list[Row]:
    """Return a message as Gemini CLI keeps it; calls and answers stand right behind what was said, on its line even."""
    if not head:
        return []
    parts: list[Row] = []
    text, at = "\n".join(_ruled_off(section)), 0
    for label in _GEMINI_PART.finditer(text):
        ends = text.find(_GEMINI_ENDS, label.end())
        if ends < 0:
            break
        value = decode(text[label.end() : ends + 2]) if label.start() >= at else None
        if isinstance(value, dict):
            parts += [{"text": text[at : label.start()].strip()}, {f"function{_GEMINI_PARTS[label[1]]}": value}]
            at = ends + len(_GEMINI_ENDS)
    return [{"role": head.lower(), "parts": [it for it in (*parts, {"text": text[at:].strip()}) if it.get("text", it)]}]


_GEMINI_PART, _GEMINI_ENDS = compiled(r"\*\*Tool (Command|Response)\*\*:\n```json\n"), "\n}\n```"
_GEMINI_PARTS = {"Command": "Call", "Response": "Response"}


def _goose(head: str, section: list[str], at: int) -> list[Row]:
    """Return a message, and what its tools answered, with the number of a call made of where it stands."""
    blocks: list[Row] = []
    numbers: list[str] = []
    for label, lines in _parts(section, _GOOSE_PART) if head else ():
        if label is None:
            blocks.append({"type": "text", "text": "\n".join(lines)})
        elif label["thought"]:
            ends = next((at for at, it in enumerate(lines) if it[:1] != ">"), len(lines))
            blocks.append({"type": "thinking", "thinking": "\n".join(it.removeprefix("> ") for it in lines[:ends])})
            blocks.append({"type": "text", "text": "\n".join(lines[ends:]).strip()})
        elif label["name"]:
            numbers.append(f"{at}-{len(blocks)}")
            space = "" if label["space"] == "Tool" else f"{label['space']}__"
            call = {"type": "tool_use", "id": numbers[-1], "name": f"{space}{label['name']}", "input": _given(lines)}
            blocks.append(call)
        elif numbers:
            blocks.append({"type": "tool_result", "tool_use_id": numbers.pop(0), "content": _answer(lines)})
    return _messages(head, blocks)


_GOOSE_PART = compiled(
    r"#### Tool (?:Call: `(?P<name>[\w.-]{1,120})` \(namespace: `(?P<space>[\w.-]{1,120})`\)|Response:)$"
    r"|(?P<thought>\*\*Thinking:\*\*)$"
)


def _given(lines: list[str]) -> Row:
    """Return what a call was given: a value behind its name, or in a block below that."""
    given: Row = {}
    name, is_block = "", False
    for line in lines:
        found = None if is_block else _GOOSE_GIVEN.match(line)
        if found:
            name = found[1]
            given[name] = found[2] or ""
        elif name and line.strip()[:3] == "```" and line[:4] == "    ":
            is_block = not is_block
        elif name and (is_block or line.strip()):
            told = line if is_block and (given[name] or name != "command") else line.strip()
            given[name] = f"{given[name]}\n{told}" if given[name] else told
    return given


_GOOSE_GIVEN = compiled(r"\*   \*\*([\w.-]{1,80})\*\*:(?: `(.*)`)?$")


def _answer(lines: list[str]) -> str:
    """Return what a tool answered, without the block that holds all of it."""
    fenced = len(lines) > 1 and lines[0] in ("```json", "```xml") and lines[-1] == "```"
    return "\n".join(lines[1:-1] if fenced else lines)


def _zed(head: str, section: list[str], _: int) -> list[Row]:
    """Return a message with its calls, and what they answered; what an edit changed stands in what is told besides."""
    blocks: list[Row] = []
    calls: dict[str, Row] = {}
    for label, lines in _parts(section, _ZED_PART) if head else ():
        if label is None:
            blocks.append({"type": "text", "text": "\n".join(lines)})
            continue
        value, below = _json_block(lines)
        if label["call"]:
            calls[label["id"]] = value
            blocks.append({"type": "tool_use", "id": label["id"], "name": label["name"], "input": value})
            blocks.append({"type": "text", "text": "\n".join(below)})
        elif label["id"]:
            failed = lines[:1] == ["**ERROR:**"]
            answer = {"content": "\n".join(lines[failed:]), **({"is_error": True} if failed else {})}
            blocks.append({"type": "tool_result", "tool_use_id": label["id"], **answer})
        elif blocks and {"old_text", "new_text"} <= value.keys():
            given = calls.get(blocks[-1].get("tool_use_id", ""), {})
            given |= {"old_string": value["old_text"], "new_string": value["new_text"]}
    return _messages(head, blocks)


_ZED_PART = compiled(
    r"\*\*(?:Tool (?:(?P<call>Use)|Result)\*\*: (?P<name>[\w.:-]{1,120}) \(ID: (?P<id>[\w.:-]{1,120})\)"
    r"|Debug Output\*\*:)$"
)


def _json_block(lines: list[str]) -> tuple[Row, list[str]]:
    """Return the object in the block that lines begin with, and the lines below it."""
    ends = lines.index("```", 1) if lines[:1] == ["```json"] and "```" in lines[1:] else 0
    return as_dict(decode("\n".join(lines[1:ends]))), lines[ends + bool(ends) :]


def _messages(head: str, blocks: list[Row]) -> list[Row]:
    """Return the message of a section, where it says or does anything."""
    told = [it for it in blocks if it.get("text", it)]
    return [{"role": USER if head == "User" else ASSISTANT, "content": told}] if told else []


def _parts(section: list[str], label: re.Pattern[str]) -> Iterator[tuple[re.Match[str] | None, list[str]]]:
    """Yield the parts of a section, each with the label it begins with, None for what stands above the first."""
    found, part = None, list[str]()
    for line in section:
        if begins := label.match(line):
            yield found, _ruled_off(part)
            found, part = begins, []
        else:
            part.append(line)
    yield found, _ruled_off(part)


def _ruled_off(lines: list[str]) -> list[str]:
    """Return lines without the rule below them and the empty ones around them."""
    lines = without_empty_ends(lines)
    return without_empty_ends(lines[:-1]) if lines[-1:] == ["---"] else lines


def _qwen(head: str, section: list[str], at: int) -> list[Row]:
    """Return what ``/export json`` has for the same section; above the first stands what it has of the session."""
    if not head:
        told = {found[1]: found[2] for it in section if (found := _QWEN_FIELD.match(it))}
        return [{"type": "session_metadata", **{name: told[it] for it, name in _QWEN_FIELDS.items() if it in told}}]
    if head in ("User", "Assistant"):
        said = {"role": head.lower(), "parts": [{"text": "\n".join(without_empty_ends(section))}]}
        return [{"type": head.lower(), "message": said}]
    if head == "System":
        return []
    titled = section if head == "Tool:" else ["", *section]  # what stands behind the head is the title
    return [{"type": "tool_call", "toolCall": {"toolCallId": str(at), **_qwen_call(titled)}}]


def _qwen_call(section: list[str]) -> Row:
    """Return a call: below its title, each behind a label, how it ended, and blocks with its input and its answers."""
    call: Row = {"title": unescape(section[0]), "content": []}
    label, about, fence, block = "", "", "", list[str]()
    for line in section[1:]:
        if fence and line != fence:
            block.append(line)
        elif fence and label == "Input":
            call["rawInput"] = as_dict(decode("\n".join(block)))
        elif fence:
            text = "\n".join(block)
            edited = {"type": "diff", "path": about, "newText": text}
            call["content"].append(edited if label == "Diff for" else {"content": {"text": text}})
        elif found := _QWEN_LABEL.match(line):
            label, about = found[1], unescape(found[2] or "")
            call |= {_QWEN_TOLD[label]: about} if label in _QWEN_TOLD else {}
        mark = None if fence else _FENCE.match(line)
        if mark or line == fence:
            fence, block = mark[0] if mark else "", []
    return call


_QWEN_FIELD = compiled(r"(?:- )?\*\*([A-Z][A-Za-z ]{2,30})\*\*: `?([^`]{1,400})`?$")
_QWEN_FIELDS = {"Session ID": "sessionId", "Working Directory": "cwd", "Git Branch": "gitBranch", "Model": "model"}
_QWEN_LABEL = compiled(r"\*{1,2}(Tool|Status|Input|Output|Diff for|Affected Files)(?::?\*\*:?)? ?`?([^`*]*)`?(?::\*)?$")
_QWEN_TOLD = {"Tool": "title", "Status": "status"}
_FORMS = (
    Export(
        compiled(r"(?:## (?=(?:User|Assistant|Tool Call)$)|### (?=System$|Tool: ))(\w+(?: Call|:)?)(?: (.+))?$"),
        _qwen,
        title=compiled(r"# Chat Session Export$"),
        sure=compiled(r"^(?:### Tool: |\*\*Tool\*\*: ).{1,2000}\n\*\*Status\*\*: (?:completed|failed|pending)$", 8),
        fenced=("Tool",),
    ),
    Export(compiled(r"## (USER|MODEL) (?:\u2728|\U0001f9d1\S{0,3})$"), _gemini, sure=compiled(r"^## MODEL \u2728$", 8)),
    Export(
        compiled(r"### (User|Assistant):$"),
        _goose,
        title=compiled(r"# Session Export: "),
        sure=compiled(r"^#### Tool Call: `[\w.-]{1,120}` \(namespace: `", 8),
    ),
    Export(compiled(r"## (User|Assistant)$"), _zed, sure=compiled(r"^\*\*Tool Use\*\*: [\w.:-]{1,120} \(ID: ", 8)),
    Export(
        compiled(r"(TO LLM|LLM RESPONSE) \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"),
        aider_requests.rows_of,
        sure=compiled(r"^(?:TO LLM|LLM RESPONSE) \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\n(?:-{7}|ASSISTANT )", 8),
    ),
    Export(opencode_run.HEAD, opencode_run.rows_of, title=opencode_run.HEAD),
)
"""The forms; ``8`` is ``re.MULTILINE``."""
