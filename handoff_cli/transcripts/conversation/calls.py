"""What is done within a turn that is text: commands, tools in the notations of exports, edits, lists of to-dos."""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

import re

from handoff_cli.transcripts.conversation.lines import LOOK_AHEAD, indent_of
from handoff_cli.transcripts.conversation.output import Output, code_on, failed_at_start, outcome_of
from handoff_cli.transcripts.conversation.speakers import ASSISTANT, EXPORTED, HEADING, TOOL, USER
from handoff_cli.transcripts.conversation.survey import AIDER, PROMPT, SCREENS, TERMINAL
from handoff_cli.transcripts.conversation.talk import input_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.transcripts.conversation.talk import Placed, Talk

_FENCE = re.compile(r"\s{0,12}(?:> ?)?(`{3,}|~{3,})\s*([\w+#.-]*)[^`]*$")
_RUN = re.compile(r"(\s{0,12}(?:> )?)[$❯➜] +((?!\d[\d.,]*(?:\s|$))[\w./~\"'({\[!:-].*)$")
_SYMBOLS = r"(?:[^\w\s#*_<>\[\](){}`$|:;\"'.,/\\+=~!?%&-]{1,8}\s*)"
_LEAD = rf"(?:[>#\s-]{{0,8}}){_SYMBOLS}?(?:<summary>\s*)?{_SYMBOLS}?(?:\*\*|__|\[|`|<)?{_SYMBOLS}?"
_SAYS_TOOL = re.compile(
    rf"{_LEAD}(?:using (?:the )?tool|uses? tool|tool[ _]?use|tool[ _]?call(?:ed)?|calling(?: tool)?|called tool"
    rf"|call(?: tool)?|function call|invoking(?: tool)?"
    r"|running tool|tool|action)(?:\*\*)?\s{0,2}[:=(]?\s{0,2}(?:name=)?[*`\"_]{0,3}([A-Za-z][\w.:/-]{0,80})[*`\"_]{0,3}(.*)$",
    re.IGNORECASE,
)
_KNOWN_TOOL = re.compile(
    rf"{_LEAD}(Bash|Shell|Read|Write|Edit|MultiEdit|Update|NotebookEdit|TodoWrite|Grep|Glob|Task|TaskCreate"
    rf"|TaskUpdate|WebFetch|WebSearch|exec_command"
    r"|run_shell_command|read_file|write_file|replace|apply_patch|update_plan|write_todos|execute_command"
    r"|write_to_file|replace_in_file|edit_file|run_command"
    r"|shell_command|str_replace_editor|str_replace_based_edit_tool|TodoRead|ExitPlanMode"
    r"|AskUserQuestion)(?P<after>(?:\*\*|`|\])?\s{0,2}(?::|\(|`|\*\*|\]|\{|→|—|-|\|).*|(?:\*\*|`|\]))$"
)
_RESULT = re.compile(
    rf"{_LEAD}(?:tool |command |function )?(result|output|response|stdout|stderr|returned|tool_result|error"
    rf"|observation)s?(?: (?:of|from|for) [\w.:`-]{{1,60}})?"
    r"(?: ?\([^()]{1,60}\))?(?:\*\*|__|\]|</summary>|:|`|>)+\s{0,3}(.*)$",
    re.IGNORECASE,
)
_INPUT = re.compile(
    rf"{_LEAD}(?:input|arguments?|args|parameters?|params|action input)(?:\*\*|__|\]|</summary>|:)+\s{{0,3}}(.*)$",
    re.IGNORECASE,
)
_FIELD = re.compile(
    rf"{_LEAD}(command|cmd|file[ _]?path|path|file|pattern|description|subject|editing|writing to|reading|edited"
    rf"|running)(?:\*\*|`)?(?::|\s(?=`))\s{{0,3}}(?:\*\*)?\s?(.*)$",
    re.IGNORECASE,
)
_FIELDS = {"cmd": "command", "running": "command"}
_DID = re.compile(
    rf"(?:[>*-] )?{_SYMBOLS}?(?:\*\*)?(Edited|Updated|Modified|Created|Wrote|Wrote to|Added|Deleted|Removed|Read"
    rf"|Applied edit to|Saved|Patched|Rewrote|Renamed"
    r"|Editing|Writing|Reading|Creating)(?: file| to)?:?(?:\*\*)?:? (.{1,2000})$"
)
_ACTIONS = {
    **dict.fromkeys(("Created", "Creating", "Wrote", "Wrote to", "Writing"), "Write"),
    **dict.fromkeys(("Read", "Reading"), "Read"),
    **dict.fromkeys(("Deleted", "Removed"), "Delete"),
}
_PATH = re.compile(
    r"`?(?P<path>(?:[\w@~.+-]*[/\\])*[\w@.+\[\]-]*\.[A-Za-z][\w]{0,12}|(?:[\w@~.+-]+[/\\])+[\w@.+-]+|Makefile|Dockerfile|Justfile)`?(?: ?\([^()]*\))?[.,]?"
)
_BOX = re.compile(r"\s*(?:(?:[-*+]|\d{1,3}[.)]) +)?(?:\[([ xX~✓✔>•-]?)\]|([☐◻□⬜☒☑✅✔◼🔄⏳]))\ufe0f? +(\S.*)$")
_BOX_STATUS = {
    **dict.fromkeys(("x", "X", "✓", "✔", "☒", "☑", "✅"), "completed"),
    **dict.fromkeys(("~", "-", ">", "•", "◼", "🔄", "⏳"), "in_progress"),
}
_TODO_LINE = re.compile(
    r"\s*(?:[-*#>] ?)*(?:\*\*)?(?:TODO|To-?do|TO DO)s?(?: list)?(?:\*\*)?(?:\([^)]*\))?:(?:\*\*)?\s*(.*)$"
)
_COMMITTED = re.compile(
    r"(?:[>*-] )?(?:Committed(?: as)?|Commit(?:ted)?:?"
    r"|Created commit)\s+`?([0-9a-f]{7,40})`?:?\s+[\"“`]?(.{3,300}?)[\"”`]?\.?$"
)
_STRUCTURE = re.compile(
    r"\s*(?:</?details[^>]*>|</?think>|</?thinking>|</?tool[-_]use[^>]*>|<summary>.{0,200}</summary>|-{3,}"
    r"|\*\*\[\d{4}-\d\d-\d\d[T ][\d:]+\]\*\*|Copy(?: code)?"
    r"|<!--.{0,200}-->)\s*$"
)
_THOUGHT = re.compile(
    r"(?:\s*<details><summary>|\s*<summary>|\s*[_*]*)?\W{0,4}(?:Internal Reasoning|Thought Process|Thinking"
    r"|Reasoning|Thoughts?)\b[^a-z]{0,4}(?:\(.{0,40}\))?[_*:.…]*(?:</summary>)?\s*$"
)
_HEREDOC = re.compile(r"<<-?\s*\\?['\"]?(\w+)['\"]?")
_MOST_LINES = 60
_EXIT = re.compile(r"[\s\[(>*`]*(?:exit|exited|process|command|error|status|rc|return|\W{1,3}\s*exit)", re.IGNORECASE)


def take(talk: Talk) -> list[Placed] | None:
    """Read what the next line begins, if something is done there; None where it is plain text."""
    text = talk.cursor.peek() or ""
    bare = text.lstrip()
    if not bare:
        return None
    first = bare[0]
    if first in "`~>" and (fence := _FENCE.match(text)):
        return _fenced(talk, fence[1], fence[2])
    if (command := command_in(talk, text)) is not None:
        return command
    if first == "<" or first in "-*C" or (first in "_*T" and "hin" in bare[:12]):
        if _THOUGHT.match(text) and len(text) < 80:  # noqa: PLR2004
            return _thought(talk)
        if _STRUCTURE.match(text) and not _SAYS_TOOL.match(text) and not _RESULT.match(text):
            talk.cursor.take()
            return talk.say("" if first != "-" else text)
    if talk.role == USER and not talk.waiting and talk.survey.has_speakers:
        return None
    return _tool(talk, text) or _done(talk, text)


def _tool(talk: Talk, text: str) -> list[Placed] | None:
    """Read a call or its result in one of the notations of exports."""
    if len(text) > 4000 and "{" not in text:  # noqa: PLR2004 (no notation is as long)
        return None
    known = _KNOWN_TOOL.match(text)
    said = None if known else _SAYS_TOOL.match(text)
    if known or (said and _is_notation(talk, said[1], said[2], text)):
        found = known or said
        talk.cursor.take()
        name, after = (known[1], known["after"]) if known else (found[1], found[2])  # type: ignore[index]
        return _called(talk, name, after)
    result = _RESULT.match(text) if talk.waiting else None
    if result and (result[2] or not text.endswith(".")):
        talk.cursor.take()
        return resulted(talk, result[2], failed=True if result[1].lower() == "error" else None)
    return None


def is_result(text: str) -> bool:
    """Return whether a line begins the result of a call."""
    return _RESULT.match(text) is not None


def notation(talk: Talk, text: str) -> list[Placed] | None:
    """Read a call that begins with ``text``, the rest of a line that was read; None where it is no call."""
    known = _KNOWN_TOOL.match(text)
    if known:
        return _called(talk, known[1], known["after"])
    other = re.match(r"([A-Za-z_][\w.-]{1,60})\s*([({].*)$", text)
    return _called(talk, other[1], other[2]) if other else None


def _is_notation(talk: Talk, name: str, after: str, text: str) -> bool:
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
        and (_INPUT.match(follows) is not None or bool(_FENCE.match(follows)))
    )


def _called(talk: Talk, name: str, after: str) -> list[Placed]:
    """Read the input of a call and, where it follows at once, its result."""
    number = talk.cursor.number
    after = re.sub(r"\((?:ID|id): ?[^)]*\)", "", after).replace("</summary>", "").strip().strip("*").strip()
    after = after[1:].strip() if after[:1] in (":", "→", "—", "|", "]") else after
    if after.startswith("(") and after.endswith(")"):
        after = after[1:-1]
    given = input_of(name, after.strip("`")) if after.strip("`*_:() ") else _given(talk, name)
    events = talk.call(name, given, number)
    return [*events, *_answer_below(talk)]


def _given(talk: Talk, name: str) -> Any:
    """Return the input that stands below the name of a tool: JSON, a fenced block, or fields line by line."""
    _skip_empty(talk)
    text = talk.cursor.peek() or ""
    fields: dict[str, str] = {}
    if (begins := _INPUT.match(text)) and not _FENCE.match(text):
        talk.cursor.take()
        if begins[1].startswith("{"):
            return input_of(name, _json(talk, begins[1]))
        if begins[1]:
            return input_of(name, begins[1].strip("`"))
        _skip_empty(talk)
        text = talk.cursor.peek() or ""
    if text.lstrip().startswith("{"):
        return input_of(name, _json(talk, talk.cursor.take()))
    if fence := _FENCE.match(text):
        return input_of(name, _fence_text(talk, fence[1]).strip().removeprefix("$ "))
    while (text := talk.cursor.peek()) is not None and (field := _FIELD.match(text)) and not (talk.mark(text)):
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
        ahead < 6
        and (text := talk.cursor.peek(ahead)) is not None
        and (not text or re.fullmatch(r"\s*</?(?:details|summary)[^>]*>\s*", text))
    ):
        ahead += 1
    text = talk.cursor.peek(ahead) or ""
    result = _RESULT.match(text)
    if not result and not (_FENCE.match(text) and talk.waiting):
        return []
    for _ in range(ahead):
        talk.cursor.take()
    if not result:
        return resulted(talk, "", last=True)
    talk.cursor.take()
    return resulted(talk, result[2], failed=True if result[1].lower() == "error" else None, last=True)


def resulted(talk: Talk, first: str, *, failed: bool | None = None, last: bool = False) -> list[Placed]:
    """Read a result: ``first``, the rest of its line, a fenced block below, or lines up to an empty one."""
    while (
        (text := talk.cursor.peek()) is not None
        and not first
        and (not text or re.fullmatch(r"\s*</?(?:details|summary)[^>]*>\s*", text))
    ):
        talk.cursor.take()
    text = talk.cursor.peek() or ""
    fence = _FENCE.match(text)
    if fence and not first.strip("`* "):
        output = _fence_text(talk, fence[1])
    else:
        lines = Output()
        lines.add(first.replace("</summary>", ""))
        while (text := talk.cursor.peek()) is not None and text.strip() and not _ends_output(talk, text):
            lines.add(talk.cursor.take())
        output = lines.text()
    if not talk.waiting:
        return []
    run = talk.waiting[-1 if last else 0].run
    told, code = outcome_of(run, output) if run else (failed_at_start(output)[0] or None, None)
    if failed is None:
        failed = told
    if failed is None and run:
        failed = False
    return talk.answer(output, failed, code, last=last)


def _fenced(talk: Talk, mark: str, info: str) -> list[Placed] | None:
    """Read a fenced block: commands with their output, else text in which nothing means anything."""
    closes = _closing(talk, mark)
    if closes is None:
        talk.cursor.take()
        return talk.say("")
    if any(
        _RUN.match(talk.cursor.peek(ahead) or "")
        or (info in ("console", "terminal", "") and PROMPT.match((talk.cursor.peek(ahead) or "").lstrip()))
        for ahead in range(1, closes)
    ):
        talk.cursor.take()
        events: list[Placed] = []
        talk.fence_ends = talk.cursor.number + closes
        while talk.cursor.next_number < talk.fence_ends:
            events += command_in(talk, talk.cursor.peek() or "") or talk.say(talk.cursor.take())
        talk.fence_ends = 0
        talk.cursor.take()
        return events
    events = []
    for _ in range(closes + 1):
        events += talk.say(talk.cursor.take())
    return events


def _closing(talk: Talk, mark: str) -> int | None:
    """Return how many lines ahead a fenced block ends; None where the mark itself is the end of one cut off before."""
    depth = 1
    bare_first = _FENCE.match(talk.cursor.peek() or "")
    opened = bool(bare_first and bare_first[2])
    for ahead in range(1, LOOK_AHEAD):
        text = talk.cursor.peek(ahead)
        if text is None:
            return ahead - 1 if opened else None
        found = _FENCE.match(text) if text.lstrip("> ")[:3] in ("```", "~~~") else None
        if found and found[2] and len(found[1]) >= len(mark):
            if not opened and depth == 1:
                return None
            depth += 1
        elif found and len(found[1]) >= len(mark) and found[1][0] == mark[0]:
            depth -= 1
            if not depth:
                return ahead
        elif (
            text[:1] in "#_*"
            and text
            and (name := talk.mark(text))
            and name.way in (EXPORTED, HEADING)
            and _is_apart(talk, ahead)
        ):
            return ahead - 1 if opened else None
    return None


def _is_apart(talk: Talk, ahead: int) -> bool:
    """Return whether a heading within a block stands as exports set turns apart: the block was left open."""
    before = [talk.cursor.peek(it) or "" for it in range(max(1, ahead - 4), ahead)]
    return any(_STRUCTURE.match(it) for it in before if it) or (
        (talk.mark(talk.cursor.peek(ahead) or "") or 0) and (talk.cursor.peek(ahead) or "").startswith("_**")
    )


def _fence_text(talk: Talk, mark: str) -> str:
    """Read a fenced block whole and return its text, the first and the last lines of a long one."""
    talk.cursor.take()
    output, depth = Output(), 1
    while (text := talk.cursor.peek()) is not None:
        found = _FENCE.match(text) if text.lstrip("> ")[:3] in ("```", "~~~") else None
        if found and len(found[1]) >= len(mark):
            depth += 1 if found[2] else -1
        elif (
            text[:2] in ("##", "_*")
            and (name := talk.mark(text))
            and name.way in (EXPORTED, HEADING)
            and not talk.cursor.peek(1)
        ):
            break
        talk.cursor.take()
        if not depth:
            break
        output.add(text)
    return output.text()


def command_in(talk: Talk, text: str) -> list[Placed] | None:
    """Read a command after a prompt, with its output; None where the line has none."""
    found = _RUN.match(text)
    indent, run = (len(found[1]), found[2]) if found else (0, None)
    forms = talk.forms()
    if run is None and forms & TERMINAL and (prompt := PROMPT.match(text)):
        run = (prompt[1] or "").strip()
        if not run:
            talk.cursor.take()
            return talk.say("")
    if run is None or (talk.role == USER and not talk.fence_ends and forms & SCREENS and not forms & TERMINAL):
        return None
    talk.cursor.take()
    number = talk.cursor.number
    run = _whole(talk, run)
    output = _output(talk, indent)
    if talk.role == USER and not (forms & TERMINAL) and not talk.fence_ends and not output:
        return talk.say(text)
    failed, code = outcome_of(run, output)
    waiting = len(talk.waiting)
    events = talk.call("Bash", {"command": run}, number)
    if not waiting:
        talk.waiting.clear()
    return [*events, *_answered(talk, output, failed, code)]


def _answered(talk: Talk, output: str, failed: bool | None, code: int | None) -> list[Placed]:
    call = talk.last_run
    if call is None:
        return []
    if call not in talk.waiting:
        talk.waiting.append(call)
    return talk.answer(output, failed, code, last=True)


def _whole(talk: Talk, first: str) -> str:
    """Return a command with the lines it goes on over: an open quotation, a document for its input, a backslash."""
    lines, open_ = [first], _Open(first)
    for ahead in range(_MOST_LINES):
        if not open_.goes_on:
            break
        text = talk.cursor.peek(ahead)
        if text is None or (text and talk.mark(text)):
            return first
        lines.append(text)
        open_.take(text)
    if open_.goes_on:
        return first
    for _ in lines[1:]:
        talk.cursor.take()
    return "\n".join(lines)


class _Open:
    """Follows what is left open at the end of a shell command's lines."""

    def __init__(self, first: str) -> None:
        self.quote = self.until = ""
        self.goes_on = False
        self.take(first)

    def take(self, line: str) -> None:
        """Take in a line."""
        if self.until:
            if line.strip() == self.until:
                self.until = ""
            self.goes_on = bool(self.until or self.quote)
            return
        at = 0
        while at < len(line):
            char = line[at]
            if char == "\\" and self.quote != "'":
                at += 1
            elif self.quote:
                self.quote = "" if char == self.quote else self.quote
            elif char in "\"'" and (char == '"' or at == 0 or not line[at - 1].isalnum()):
                self.quote = char
            at += 1
        document = _HEREDOC.search(line)
        self.until = document[1] if document else ""
        self.goes_on = bool(self.until or self.quote) or (line.endswith("\\") and not line.endswith("\\\\"))


def _output(talk: Talk, indent: int) -> str:
    """Read the output that follows a command whose prompt stood at ``indent``."""
    output = Output()
    text = talk.cursor.peek()
    if text is not None and not talk.fence_ends and (fence := _FENCE.match(text)) and _closing(talk, fence[1]):
        return _fence_text(talk, fence[1])
    while (text := talk.cursor.peek()) is not None:
        if talk.fence_ends:
            if talk.cursor.next_number >= talk.fence_ends or _RUN.match(text) or PROMPT.match(text.lstrip()):
                break
        elif not text.strip():
            if not _goes_on(talk, indent):
                break
        elif _ends_output(talk, text):
            break
        talk.cursor.take()
        output.add(text)
        if code_on(text) is not None and not talk.fence_ends and not talk.forms() & TERMINAL:
            break
    return output.text()


def _goes_on(talk: Talk, indent: int) -> bool:
    """Return whether an output goes on after the empty line that is next."""
    ahead = 1
    while ahead < 4 and not (talk.cursor.peek(ahead) or "").strip():  # noqa: PLR2004
        ahead += 1
    after = talk.cursor.peek(ahead)
    if not after or _ends_output(talk, after, ahead):
        return False
    if talk.forms() & TERMINAL and (not talk.survey.has_speakers or talk.role is None):
        return True
    if indent >= 2 and indent_of(after) >= indent:  # noqa: PLR2004
        return True
    return bool(_LOOKS_PRINTED.match(after))


_LOOKS_PRINTED = re.compile(
    r"(?:={3,}|-{3,} ?\w|\s{4,}\S|--- FAIL|FAIL|PASS|ok\s+\S+\s|E  |\S+\.\w{1,4}:\d+|at \S+ ?\(|\[\w+\]"
    r"|\d+ (?:passed|failed)|exit|Exit|error(?:\[\w+\])?:|warning:|Error:"
    r"|\S+ \d+ \S+ \d+|Traceback|\+{3} |@@ |diff --git|\(?[Ee]xit code|test result|Tests:|Ran \d+|FAILED|npm ERR)"
)


def _ends_output(talk: Talk, text: str, ahead: int = 0) -> bool:
    """Return whether a line is no output any more: somebody speaks, or something else is done."""
    return (
        _RUN.match(text) is not None
        or bool(talk.forms() & TERMINAL and PROMPT.match(text))
        or (
            text[:1] not in " \t"
            and (
                talk.mark(text, ahead=bool(ahead)) is not None
                or _KNOWN_TOOL.match(text) is not None
                or bool(_paths(text))
            )
        )
        or (text[:3] in ("```", "~~~", "---") and text.strip() in ("```", "---", "~~~"))
        or bool(talk.forms() & SCREENS and text.lstrip()[:1] in ("⏺", "●", "⎿", "›", "✦"))
        or (talk.role == ASSISTANT and _BOX.match(text) is not None)
        or ("ool" in text[:40] and _SAYS_TOOL.match(text) is not None and _is_notation(talk, "", "", text))
    )


def _done(talk: Talk, text: str) -> list[Placed] | None:
    """Read a line that tells of an edit, a commit, an exit code, or begins a list of to-dos."""
    if talk.last_run and _EXIT.match(text) and (code := code_on(text)) is not None:
        talk.cursor.take()
        return talk.answer_again(code)
    if (paths := _paths(text)) is not None:
        talk.cursor.take()
        name, listed = paths
        events: list[Placed] = []
        for path in listed:
            events += talk.call(name, {"file_path": path})
            events += talk.answer("", failed=False, created=name == "Write", last=True)
        return events
    if text[:1] in "CI>*-" and (commit := _COMMITTED.match(text)):
        talk.cursor.take()
        run = {"command": "git commit"}
        return [
            *talk.call("Bash", run),
            *talk.answer(f"[main {commit[1]}] {commit[2]}", failed=False, code=0, last=True),
        ]
    if talk.role == USER:
        return None
    if (begins := _TODO_LINE.match(text)) and not talk.listed_by_tool:
        return _todo_lines(talk, begins[1])
    return _boxes(talk) if _BOX.match(text) and not talk.forms() & AIDER else None


def _paths(text: str) -> tuple[str, list[str]] | None:
    """Return the tool and the paths that a line tells of, None where it is a sentence."""
    did = _DID.match(text) if "." in text or "/" in text else None
    if not did:
        return None
    found = [_PATH.fullmatch(part.strip()) for part in re.split(r", (?=[\w`./~@]*[./])| and ", did[2].strip())]
    paths = [it["path"].strip("`") for it in found if it]
    return (_ACTIONS.get(did[1], "Edit"), paths) if paths and len(paths) == len(found) else None


def _boxes(talk: Talk) -> list[Placed] | None:
    """Read a list with boxes; one that only looks back is text, and so is any where a tool keeps the list."""
    todos: list[dict[str, str]] = []
    ahead = 0
    while (found := _BOX.match(talk.cursor.peek(ahead) or "")) and ahead < LOOK_AHEAD - 1:
        box = found[1] if found[1] is not None else found[2]
        todos.append({"content": found[3].strip(), "status": _BOX_STATUS.get(box, "pending")})
        ahead += 1
    symbols_only = all(it["status"] == "completed" for it in todos)
    if talk.listed_by_tool or (symbols_only and not talk.listed):
        return None
    for _ in range(ahead):
        talk.cursor.take()
    events = talk.call("TodoWrite", {"todos": todos})
    talk.noted, talk.listed_by_tool = todos, False
    return [*events, *talk.answer("", failed=False, last=True)]


def _todo_lines(talk: Talk, first: str) -> list[Placed] | None:
    """Read a to-do that stands on a line of its own, or the list below such a line."""
    talk.cursor.take()
    if first:
        new = [{"content": first.strip(), "status": "pending"}]
    else:
        new = []
        while (
            (text := talk.cursor.peek()) is not None
            and (item := re.match(r"\s*(?:[-*+•]|\d{1,3}[.)]) +(.*)$", text))
            and not _BOX.match(text)
        ):
            talk.cursor.take()
            new.append({"content": item[1].strip(), "status": "pending"})
        if not new:
            boxes = _boxes(talk) if _BOX.match(talk.cursor.peek() or "") else None
            return boxes if boxes is not None else talk.say("TODO:")
    talk.noted = [*talk.noted, *(it for it in new if it not in talk.noted)][-100:]
    events = talk.call("TodoWrite", {"todos": talk.noted})
    talk.listed_by_tool = False
    return [*events, *talk.answer("", failed=False, last=True)]


def _thought(talk: Talk) -> list[Placed]:
    """Read what the agent thought to itself: it is in the record, and nobody said it."""
    role = talk.role if talk.role != TOOL else ASSISTANT
    events = talk.turn(role or ASSISTANT, wrapped=talk.wrapped, hidden=True)
    talk.cursor.take()
    _skip_empty(talk)
    ends = "</details>"
    text = talk.cursor.peek() or ""
    fence = _FENCE.match(text)
    if fence and _closing(talk, fence[1]):
        for line in _fence_text(talk, fence[1]).split("\n"):
            events += talk.say(line)
    else:
        for ahead in range(LOOK_AHEAD):
            line = talk.cursor.peek(ahead)
            if line is None or talk.mark(line):
                break
            if ends in line:
                for _ in range(ahead):
                    events += talk.say(talk.cursor.take())
                break
        else:
            return events
        if ends not in (talk.cursor.peek() or ""):
            while (line := talk.cursor.peek()) and not talk.mark(line):
                events += talk.say(talk.cursor.take())
    return [*events, *talk.turn(role or ASSISTANT, wrapped=talk.wrapped)]


def _skip_empty(talk: Talk) -> None:
    while talk.cursor.peek() == "":
        talk.cursor.take()
