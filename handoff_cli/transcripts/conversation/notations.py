"""Fenced blocks, and calls of tools with their results in the notations of exports.

A block may have lost the mark that opens or closes it, or quote text with marks of its own. A call is a name, its input
as JSON or in fields, and a result below.
"""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

import re

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.lines import LOOK_AHEAD
from handoff_cli.transcripts.conversation.speakers import ASSISTANT, EXPORTED, SYMBOLS, USER
from handoff_cli.transcripts.conversation.survey import SCREENS, SHELL_PROMPT, TERMINAL
from handoff_cli.transcripts.conversation.talk import input_of
from handoff_cli.transcripts.conversation.work import BOX, Output, failed_at_start, is_path, outcome_of, paths_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.transcripts.conversation.talk import Placed, Talk

FENCE = compiled(r"\s{0,12}(?:> ?)?(`{3,}|~{3,})\s*([\w+#.-]*)[^`]*$")
STRUCTURE = compiled(
    r"\s*(?:</?details[^>]*>|</?think>|</?thinking>|</?tool[-_]use[^>]*>|<summary>.{0,200}</summary>|-{3,}"
    r"|\*\*\[\d{4}-\d\d-\d\d[T ][\d:]+\]\*\*|Copy(?: code)?"
    r"|exec|tokens used(?:: [\d,]+)?|Thought for \d.{0,20}|Script (?:started|done) on .{0,200}"
    r"|# \d{4}-\d\d-\d\dT\S{5,12}\s+conversation: .{1,80}|Model: \*\*[^*]{1,80}\*\*(?: .{0,40})?"
    r"|(?:ChatGPT|Claude|Gemini|Copilot|Grok)\b[^.]{0,30}\b(?:mistakes|inaccurate|Fehler|erreurs|errores|errori|erros)\b.{0,80}"
    r"|\*(?:Edited relevant file|(?:Grep|Search|List|Check|Analyz|Explor)(?:p?ed)?\b.{0,200})\*"
    r"|\d{1,2}[./]\d{1,2}[./]\d{2,4},? \d{1,2}:\d\d(?::\d\d)?(?: [APap]\.?[Mm]\.?)? - [^:]{1,200}"
    r"|<Media omitted>|(?:image|video|audio|sticker|GIF) omitted|\(edited\)|:[a-z0-9_+-]{2,30}: \d{1,3}"
    r"|<!--.{0,200}-->)\s*$"
)
RUN = compiled(r"(\s{0,12}(?:> )?)[$❯➜] +((?!\d[\d.,]*(?:\s|$))[\w./~\"'({\[!:-].*)$")
_FOLD = r"(?:<details[^>]{0,40}>\s*)?(?:<summary>\s*)?"
_LEAD = rf"(?:[>#\s-]{{0,8}}){SYMBOLS}?{_FOLD}{SYMBOLS}?(?:\*\*|__|\[|`|<)?{SYMBOLS}?"
SAYS_TOOL = compiled(
    rf"{_LEAD}(?:using (?:the )?tool|uses? tool|tool[ _]?use|tool[ _]?call(?:ed)?|calling(?: tool)?|called tool"
    rf"|call(?: tool)?|function call|invoking(?: tool)?"
    r"|running tool|tool|action)(?:\*\*)?"
    r"\s{0,2}[:=(]?\s{0,2}(?:name=)?[*`\"_]{0,3}([A-Za-z][\w.:/-]{0,80})[*`\"_]{0,3}(.*)$",
    re.IGNORECASE,
)
KNOWN_TOOL = compiled(
    rf"{_LEAD}(Bash|Shell|Read|Write|Edit|MultiEdit|Update|NotebookEdit|TodoWrite|Grep|Glob|Task|TaskCreate"
    rf"|TaskUpdate|WebFetch|WebSearch|exec_command"
    r"|run_shell_command|read_file|write_file|replace|apply_patch|update_plan|write_todos|execute_command"
    r"|write_to_file|replace_in_file|edit_file|run_command"
    r"|shell_command|str_replace_editor|str_replace_based_edit_tool|TodoRead|ExitPlanMode"
    r"|AskUserQuestion)(?P<after>(?:\*\*|`|\])?\s{0,2}(?::|\(|`|\*\*|\]|\{|→|—|-|\|).*|(?:\*\*|`|\]))$"
)
RESULT = compiled(
    rf"{_LEAD}(?:tool |command |function )?(result|output|response|stdout|stderr|returned|tool_result|error"
    rf"|observation)s?(?: (?:of|from|for) [\w.:`-]{{1,60}})?"
    r"(?: ?\([^()]{1,60}\))?(?:\*\*|__|\]|</summary>|:|`|>)+\s{0,3}(.*)$",
    re.IGNORECASE,
)
_ANNOUNCED = compiled(
    rf"{_LEAD}\*?(?:(?:ran|run|running|executed|executing)(?: (?:the )?(?:terminal |shell )?command)?|command"
    r"|(?:user )?accepted the command)(?:\*\*|__)?:?(?:\*\*|__)? ?(?:`([^`]{2,2000})`[*_ ]*$"
    r"|(?<=command: )(\S.{1,2000})$)",
    re.IGNORECASE,
)
_STATUS = compiled(r"(?:\*\*)?Status:(?:\*\*)? \w[\w ]{0,30}$")
_INPUT = compiled(
    rf"{_LEAD}(?:input|arguments?|args|parameters?|params|action input)(?:\*\*|__|\]|</summary>|:)+\s{{0,3}}(.*)$",
    re.IGNORECASE,
)
_FIELD = compiled(
    rf"{_LEAD}(command|cmd|file[ _]?path|path|file|pattern|description|subject|editing|writing to|reading|edited"
    rf"|running)(?:\*\*|`)?(?::|\s(?=`))\s{{0,3}}(?:\*\*)?\s?(.*)$",
    re.IGNORECASE,
)
_FOLDS = compiled(r"\s*</?(?:details|summary)[^>]*>\s*")
_NEAR_LINES = 6
_FIELDS = {"cmd": "command", "running": "command"}


def closing(talk: Talk, mark: str) -> int | None:
    """Return how many lines ahead a fenced block ends; None where the mark itself is the end of one cut off before."""
    begins = FENCE.match(talk.cursor.peek() or "")
    opened = bool(begins and begins[2])
    depth, before = 1, ""
    for ahead in range(1, LOOK_AHEAD):
        text = talk.cursor.peek(ahead)
        if text is None:
            return ahead - 1 if opened else None
        step = _step(text, mark)
        if step > 0 and not opened and depth == 1:
            return None
        depth += step
        if not depth:
            return ahead
        if not step and _speaks(talk, text, before, depth):
            return ahead - 1 if opened or depth > 1 else None
        before = text or before
    return None


def fence_text(talk: Talk, mark: str) -> str:
    """Read a fenced block whole and return its text, the first and the last lines of a long one."""
    talk.cursor.take()
    output, depth, before = Output(), 1, ""
    while (text := talk.cursor.peek()) is not None:
        step = _step(text, mark)
        depth += step
        if not step and _speaks(talk, text, before, depth):
            break
        talk.cursor.take()
        if not depth:
            break
        output.add(text)
        before = text or before
    return output.text()


def _step(text: str, mark: str) -> int:
    """Return 1 where a line opens a block within a block that ``mark`` opened, -1 where it closes one, else 0."""
    found = FENCE.match(text) if text.lstrip("> ")[:3] in ("```", "~~~") else None
    if not found or len(found[1]) < len(mark) or found[1][0] != mark[0]:
        return 0
    return 1 if found[2] else -1


def _speaks(talk: Talk, text: str, before: str, depth: int) -> bool:
    """Return whether a line within a block names a speaker all the same: the block was left open, or one within it.

    In a whole block it is quoted. ``before`` is the last line that was not empty, ``depth`` how many blocks are open.
    """
    if text[:1] not in "#_*" or not text or not (name := talk.mark(text)):
        return False
    if name.way == EXPORTED:
        return True
    return depth > 1 or STRUCTURE.match(before) is not None


def tool(talk: Talk, text: str) -> list[Placed] | None:
    """Read a call or its result in one of the notations of exports."""
    if len(text) > 4000 and "{" not in text:  # noqa: PLR2004 (no notation is as long)
        return None
    known = KNOWN_TOOL.match(text)
    said = None if known else SAYS_TOOL.match(text)
    if known or (said and is_notation(talk, said[1], said[2], text)):
        found = known or said
        talk.cursor.take()
        name, after = (known[1], known["after"]) if known else (found[1], found[2])  # type: ignore[index]
        return _called(talk, name, after)
    result = RESULT.match(text) if talk.waiting else None
    if result and (result[2] or not text.endswith(".")):
        talk.cursor.take()
        return resulted(talk, result[2], failed=True if result[1].lower() == "error" else None)
    return None


def announced(talk: Talk, text: str) -> list[Placed] | None:
    """Read a line that says which command was run, with its output where a block or a result follows."""
    may_be = (text[-1] in "`*_" or "ommand: " in text) and (talk.role != USER or not talk.survey.has_speakers)
    found = _ANNOUNCED.match(text) if may_be else None
    if not found:
        return None
    talk.cursor.take()
    events = talk.call("Bash", {"command": found[1] or found[2]}, talk.cursor.number)
    return [*events, *_answer_below(talk)]


def is_call(talk: Talk, text: str) -> bool:
    """Return whether a line begins a call in a notation that is nobody's prose."""
    said = SAYS_TOOL.match(text)
    return KNOWN_TOOL.match(text) is not None or (said is not None and is_notation(talk, said[1], said[2], text))


def is_result(text: str) -> bool:
    """Return whether a line begins the result of a call."""
    return RESULT.match(text) is not None


def notation(talk: Talk, text: str) -> list[Placed] | None:
    """Read a call that begins with ``text``, the rest of a line that was read; None where it is no call."""
    known = KNOWN_TOOL.match(text)
    if known:
        return _called(talk, known[1], known["after"])
    other = re.match(r"([A-Za-z_][\w.-]{1,60})\s*([({].*)$", text)
    return _called(talk, other[1], other[2]) if other else None


def is_notation(talk: Talk, name: str, after: str, text: str) -> bool:
    """Return whether a line that speaks of a tool calls it: it is marked as a call, or an input follows."""
    lower = text.lower()
    if "using tool" in lower or "tool use:" in lower or "tool_use" in lower or "tool call" in lower:
        return True
    if after.strip()[:1] in ("(", "{", "`"):
        return True
    follows = talk.cursor.peek(1) or talk.cursor.peek(2) or ""
    return (
        name[:1].isupper() is False
        and "tool" in lower
        and ":" in text
        and (_INPUT.match(follows) is not None or bool(FENCE.match(follows)))
    )


def _called(talk: Talk, name: str, after: str) -> list[Placed]:
    """Read the input of a call and, where it follows at once, its result."""
    number = talk.cursor.number
    after = re.sub(r"\((?:ID|id): ?[^)]*\)", "", after).replace("</summary>", "").strip().strip("*").strip()
    after = after[1:].strip() if after[:1] in (":", "→", "—", "|", "]") else after
    if after.startswith("(") and after.endswith(")"):
        after = after[1:-1]
    if not after and _holds_run(talk):
        return []
    given = input_of(name, after.strip("`")) if after.strip("`*_:() ") else _given(talk, name)
    events = talk.call(name, given, number)
    return [*events, *_answer_below(talk)]


def _holds_run(talk: Talk) -> bool:
    """Return whether a block below holds a command behind a prompt with its output: that is the call."""
    ahead = next((it for it in range(_NEAR_LINES) if FENCE.match(talk.cursor.peek(it) or "")), None)
    if ahead is None or not RUN.match(talk.cursor.peek(ahead + 1) or ""):
        return False
    passed = [talk.cursor.peek(it) or "" for it in range(ahead)]
    if not all(not it or _STATUS.match(it) for it in passed) or FENCE.match(talk.cursor.peek(ahead + 2) or "```"):
        return False
    for _ in passed:
        talk.cursor.take()
    return True


def _given(talk: Talk, name: str) -> Any:
    """Return the input that stands below the name of a tool: JSON, a fenced block, or fields line by line."""
    skip_empty(talk)
    if _STATUS.match(talk.cursor.peek() or ""):
        talk.cursor.take()
        skip_empty(talk)
    text = talk.cursor.peek() or ""
    fields: dict[str, str] = {}
    if "file" in name.lower() and is_path(text):
        return input_of(name, talk.cursor.take())
    if (begins := _INPUT.match(text)) and not FENCE.match(text):
        talk.cursor.take()
        if begins[1].startswith("{"):
            return input_of(name, _json(talk, begins[1]))
        if begins[1]:
            return input_of(name, begins[1].strip("`"))
        skip_empty(talk)
        text = talk.cursor.peek() or ""
    if text.lstrip().startswith("{"):
        return input_of(name, _json(talk, talk.cursor.take()))
    if fence := FENCE.match(text):
        return input_of(name, fence_text(talk, fence[1]).strip().removeprefix("$ "))
    while (text := talk.cursor.peek() or "") and (field := _FIELD.match(text)) and not (talk.mark(text)):
        talk.cursor.take()
        key = field[1].lower().replace(" ", "_")
        key = _FIELDS.get(key, "file_path" if key not in ("command", "pattern", "description", "subject") else key)
        fields.setdefault(key, field[2].strip().strip("`"))
    return fields


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


def _answer_below(talk: Talk) -> list[Placed]:
    """Return the answer to the call just made, if it follows: named as a result, or a fenced block."""
    ahead = 0
    while (
        ahead < _NEAR_LINES and (text := talk.cursor.peek(ahead)) is not None and (not text or _FOLDS.fullmatch(text))
    ):
        ahead += 1
    text = talk.cursor.peek(ahead) or ""
    result = RESULT.match(text)
    if not result and not (FENCE.match(text) and talk.waiting):
        return []
    for _ in range(ahead):
        talk.cursor.take()
    if not result:
        return resulted(talk, "", last=True)
    talk.cursor.take()
    return resulted(talk, result[2], failed=True if result[1].lower() == "error" else None, last=True)


def resulted(talk: Talk, first: str, *, failed: bool | None = None, last: bool = False) -> list[Placed]:
    """Read a result: ``first``, the rest of its line, a fenced block below, or lines up to an empty one."""
    while (text := talk.cursor.peek()) is not None and not first and (not text or _FOLDS.fullmatch(text)):
        talk.cursor.take()
    text = talk.cursor.peek() or ""
    fence = FENCE.match(text)
    if fence and not first.strip("`* "):
        output = fence_text(talk, fence[1])
    else:
        lines = Output()
        lines.add(first.replace("</summary>", ""))
        while (text := talk.cursor.peek()) is not None and text.strip() and not ends_output(talk, text):
            lines.add(talk.cursor.take())
        output = lines.text()
    if not talk.waiting:
        return []
    run = talk.waiting[-1 if last else 0].run
    told, code = outcome_of(run, output) if run else (failed_at_start(output)[0] or None, None)
    if failed is None:
        failed = told
    if failed is None and (run or told is None):
        failed = False
    return talk.answer(output, failed, code, last=last)


def skip_empty(talk: Talk) -> None:
    """Pass over empty lines."""
    while talk.cursor.peek() == "":
        talk.cursor.take()


def ends_output(talk: Talk, text: str, ahead: int = 0) -> bool:
    """Return whether a line is no output any more: somebody speaks, or something else is done."""
    return (
        RUN.match(text) is not None
        or bool(talk.forms() & TERMINAL and SHELL_PROMPT.match(text))
        or (
            text[:1] not in " \t"
            and (
                talk.mark(text, ahead=bool(ahead)) is not None
                or KNOWN_TOOL.match(text) is not None
                or bool(paths_in(text))
            )
        )
        or (text[:3] in ("```", "~~~", "---") and text.strip() in ("```", "---", "~~~"))
        or bool(talk.forms() & SCREENS and text.lstrip()[:1] in ("⏺", "●", "⎿", "›", "✦"))
        or (talk.role == ASSISTANT and BOX.match(text) is not None)
        or ("ool" in text[:40] and SAYS_TOOL.match(text) is not None and is_notation(talk, "", "", text))
    )
