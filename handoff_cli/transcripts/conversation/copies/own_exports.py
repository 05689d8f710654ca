"""What agents themselves write of a session as Markdown, with all that was given to tools: as rows of messages.

``/chat share`` of Gemini CLI and ``goose session export`` (their sources, 2025 to 2026), ``/export md`` of Qwen Code
(first and later form), a thread of Zed's copied as Markdown. Each row is of a format that a reader of JSON knows.
"""

from __future__ import annotations

from html import unescape

from handoff_cli.core.jsonc import dumps
from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.copies import aider_requests, opencode_run
from handoff_cli.transcripts.conversation.copies.export_fences import FENCE, speaker_above, without_blocks
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER, mark_in
from handoff_cli.transcripts.values import as_dict, decode, without_empty_ends

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from handoff_cli.transcripts.conversation.copies.given import Given
    from handoff_cli.transcripts.conversation.marks.speakers import Mark

    Row = dict[str, Any]


_NEVER = compiled(r"(?!)")


class Export:
    """A form: the heads of its sections, and the rows of one; what it is known by.

    It is known by the ``title`` it begins with or, where it was cut, by lines that are ``sure``. The first section has
    no head, and was cut where a ``label`` of a call stands in it. Where another export begins with a line that
    ``starts`` one, this one ends.
    """

    def __init__(
        self,
        head: re.Pattern[str],
        rows: Callable[[str, list[str], int], list[Row]],
        *,
        title: re.Pattern[str] = _NEVER,
        sure: re.Pattern[str] = _NEVER,
        label: re.Pattern[str] = _NEVER,
        starts: re.Pattern[str] = _NEVER,
    ) -> None:
        self.head, self.rows, self.title, self.sure, self.label, self.starts = head, rows, title, sure, label, starts

    def is_head(self, text: str) -> bool:
        """Return whether a line is the title, or the head of a section."""
        return bool(self.head.match(text) or self.title.match(text))


def form_of(texts: list[str]) -> Export | None:
    """Return the form of the first export in ``texts``, None for any other text."""
    known = _known_in(texts)
    if not known:
        return None
    shown, _ = without_blocks(texts, lambda text: any(it.is_head(text) for it in known))
    begins = {it: next((at for at, text in enumerate(shown) if it.head.match(text)), -1) for it in _known_in(shown)}
    return min((it for it in begins if begins[it] >= 0), key=lambda it: begins[it], default=None)


def _known_in(texts: list[str]) -> list[Export]:
    first, text = next(filter(None, texts), ""), "\n".join(texts)
    return [it for it in _FORMS if it.title.match(first) or it.sure.search(text)]


def as_rows(lines: Iterable[Given], form: Export) -> Iterator[Given]:
    """Yield the messages of exports as rows of JSON, each with the number of the line that its section begins at.

    What stands around an export is text as it is. Two empty lines part the rows of one from those of the next, whose
    format is another.
    """
    given = [*lines]
    shown, around = without_blocks([line.rstrip() for _, line, _ in given], form.is_head)
    is_first = True
    for found, begins, ends in _stretches(shown, form, around):
        if found:
            yield from () if is_first else [(given[begins][0], "", True), (given[begins][0], "", False)]
            yield from _rows_in(found, given[begins:ends], shown[begins:ends])
            is_first = False
        else:
            yield from (given[at] for at in range(begins, ends) if at not in around)


def _stretches(shown: list[str], form: Export, around: list[int]) -> Iterator[tuple[Export | None, int, int]]:
    """Yield where each export begins and ends with its form, and what stands around them with none."""
    found: Export | None = form
    begins = _begins(shown, form)
    yield None, 0, begins
    speaks = speaker_above(shown[:begins], form.is_head)
    for at in range(begins + 1, len(shown)):
        text = shown[at]
        other = None if not text or (found and found.head.match(text)) else _started_by(text)
        is_over = found and not found.is_head(text) and (at in around or (not shown[at - 1] and _is_by(text, speaks)))
        if other or is_over:
            yield found, begins, at
            found, begins = other, at
    if begins < len(shown):
        yield found, begins, len(shown)


def _started_by(text: str) -> Export | None:
    return next((it for it in _FORMS if it.starts.match(text)), None)


def _begins(shown: list[str], form: Export) -> int:
    """Return where an export begins: at its title, at its first head, or with what was cut of the first section."""
    head = next((at for at, text in enumerate(shown) if form.head.match(text)), len(shown))
    title = next((at for at in range(head) if form.title.match(shown[at])), None)
    if title is not None and head < len(shown):
        return title
    found = form.head.match(shown[head]) if head < len(shown) else None
    is_note = (not found or found[1] in _ASKS) and not any(map(form.label.search, shown[:head]))
    return head if is_note or speaker_above(shown[:head], form.is_head) else 0


_ASKS = ("User", "USER", "TO LLM")
"""Heads that a conversation begins with: what somebody wrote above one is no rest of a section."""


def _is_by(text: str, speaks: Mark | None) -> bool:
    """Return whether a line names who speaks as the one above the export does."""
    mark = mark_in(text) if speaks and text else None
    if not mark or not speaks or not (mark.role in (USER, ASSISTANT) if speaks.role else mark.name == speaks.name):
        return False
    return (mark.way, mark.style, mark.chat) == (speaks.way, speaks.style, speaks.chat)


def _rows_in(form: Export, lines: list[Given], shown: list[str]) -> Iterator[Given]:
    head, (at, _, begins) = "", lines[0]
    section: list[str] = []
    for (number, line, begins_piece), text in zip(lines, shown, strict=True):
        found = form.head.match(text)
        if found and not (found[1] == "System" and head == "Assistant" and not any(section)):
            told = [*_told(form, head, section, at, begins)]
            yield from told
            begins = begins_piece or (begins and not told)
            head, at = found[1], number
            section = [it for it in found.groups()[1:] if it is not None]
        else:
            section.append(line.rstrip())
    yield from _told(form, head, section, at, begins)


def _told(form: Export, head: str, section: list[str], at: int, begins: bool) -> Iterator[Given]:
    for row in form.rows(head, section, at):
        yield at, dumps(row, compact=True, any_letter=True), begins
        begins = False


def _gemini(head: str, section: list[str], _: int) -> list[Row]:
    """Return a message as Gemini CLI keeps it; calls and answers stand right behind what was said, on its line even."""
    parts: list[Row] = []
    text, at = "\n".join(_ruled_off(section)), 0
    if not head and not _GEMINI_PART.search(text):
        return []
    labels = [*_GEMINI_PART.finditer(text)]
    below = [it.start() for it in labels[1:]]
    for label, until in zip(labels, [*below, len(text)], strict=False):
        ends = text.find(_GEMINI_ENDS, label.end(), until)
        value = decode(text[label.end() : ends + 2]) if ends >= 0 else None
        if isinstance(value, dict):
            parts += [{"text": text[at : label.start()].strip()}, {f"function{_GEMINI_PARTS[label[1]]}": value}]
            at = ends + len(_GEMINI_ENDS)
    role = head.lower() or "model"
    return [{"role": role, "parts": [it for it in (*parts, {"text": text[at:].strip()}) if it.get("text", it)]}]


_GEMINI_PART, _GEMINI_ENDS = compiled(r"\*\*Tool (Command|Response)\*\*:\n```json\n"), "\n}\n```"
_GEMINI_PARTS = {"Command": "Call", "Response": "Response"}


def _goose(head: str, section: list[str], at: int) -> list[Row]:
    """Return a message, and what its tools answered, with the number of a call made of where it stands."""
    blocks: list[Row] = []
    numbers: list[str] = []
    for label, lines in _parts(section, _GOOSE_PART) if head or any(map(_GOOSE_PART.match, section)) else ():
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
    fence = FENCE.match(lines[0]) if len(lines) > 1 else None
    return "\n".join(lines[1:-1] if fence and lines[-1] == fence[0] else lines)


def _zed(head: str, section: list[str], _: int) -> list[Row]:
    """Return a message with its calls, and what they answered; what an edit changed stands in what is told besides."""
    blocks: list[Row] = []
    calls: dict[str, Row] = {}
    for label, lines in _parts(section, _ZED_PART) if head or any(map(_ZED_PART.match, section)) else ():
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
    for label, about, lines in _qwen_parts(section[1:]):
        call |= {_QWEN_TOLD[label]: about} if label in _QWEN_TOLD else {}
        block = _block_in(lines, to_last=label != "Input")
        if block is None:
            continue
        if label == "Input":
            call.setdefault("rawInput", as_dict(decode(block)))
        else:
            edited = {"type": "diff", "path": about, "newText": block}
            call["content"].append(edited if label == "Diff for" else {"content": {"text": block}})
    return call


def _qwen_parts(lines: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each label of a call with what stands on its line, and the lines below it."""
    label, about, part, fence = "", "", list[str](), ""
    for line in lines:
        found = None if fence and without_empty_ends(part)[-1:] != [fence] else _QWEN_LABEL.match(line)
        if found:
            yield label, about, part
            label, about, part, fence = found[1], unescape(found[2] or ""), [], ""
            continue
        part.append(line)
        if (mark := FENCE.match(line)) and (not fence or line == fence):
            fence = "" if fence else mark[0]
    yield label, about, part


def _block_in(lines: list[str], *, to_last: bool) -> str | None:
    """Return what is in the first block, to the first or the last line that may end it; None where there is none."""
    begins = next((at for at, it in enumerate(lines) if FENCE.match(it)), None)
    if begins is None:
        return None
    mark = FENCE.match(lines[begins])
    ends = [at for at in range(begins + 1, len(lines)) if mark and lines[at] == mark[0]] or [len(lines)]
    return "\n".join(lines[begins + 1 : ends[-1 if to_last else 0]])


_QWEN_FIELD = compiled(r"(?:- )?\*\*([A-Z][A-Za-z ]{2,30})\*\*: `?([^`]{1,400})`?$")
_QWEN_FIELDS = {"Session ID": "sessionId", "Working Directory": "cwd", "Git Branch": "gitBranch", "Model": "model"}
_QWEN_LABEL = compiled(
    r"\*{1,2}(Tool|Status|Input|Output|Diff for|Affected Files)(?::?\*\*:?)? ?`?([^`*]*)`?(?::\*?)?$"
)
_QWEN_TOLD = {"Tool": "title", "Status": "status"}
_FORMS = (
    Export(
        compiled(r"(?:## (?=(?:User|Assistant|Tool Call)$)|### (?=System$|Tool: ))(\w+(?: Call|:)?)(?: (.+))?$"),
        _qwen,
        title=compiled(r"# Chat Session Export$"),
        starts=compiled(r"# Chat Session Export$"),
        sure=compiled(r"^(?:### Tool: |\*\*Tool\*\*: ).{1,2000}\n\*\*Status\*\*: (?:completed|failed|pending)$", 8),
    ),
    Export(
        compiled(r"## (USER|MODEL) (?:\u2728|\U0001f9d1\S{0,3})$"),
        _gemini,
        sure=compiled(r"^## MODEL \u2728$", 8),
        label=compiled(r"\*\*Tool (?:Command|Response)\*\*:$"),
        starts=compiled(r"## (?:USER|MODEL) (?:\u2728|\U0001f9d1\S{0,3})$"),
    ),
    Export(
        compiled(r"### (User|Assistant):$"),
        _goose,
        title=compiled(r"# Session Export: "),
        sure=compiled(r"^#### Tool (?:Call: `[\w.-]{1,120}` \(namespace: `|Response:$)", 8),
        label=_GOOSE_PART,
        starts=compiled(r"# Session Export: "),
    ),
    Export(
        compiled(r"## (User|Assistant)$"),
        _zed,
        sure=compiled(r"^\*\*Tool Use\*\*: [\w.:-]{1,120} \(ID: ", 8),
        label=_ZED_PART,
    ),
    Export(
        compiled(r"(TO LLM|LLM RESPONSE) \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"),
        aider_requests.rows_of,
        sure=compiled(r"^(?:TO LLM|LLM RESPONSE) \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\n(?:-{7}|ASSISTANT )", 8),
    ),
    Export(opencode_run.HEAD, opencode_run.rows_of, title=opencode_run.HEAD),
)
"""The forms; ``8`` is ``re.MULTILINE``."""
