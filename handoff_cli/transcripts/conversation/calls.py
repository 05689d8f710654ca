"""What is done within a turn that is text: the first concern that knows a line reads on as far as it goes.

A command stands after a prompt, whole, and the output that follows belongs to it.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.lines import indent_of
from handoff_cli.transcripts.conversation.notations import (
    FENCE,
    RESULT,
    RUN,
    SAYS_TOOL,
    STRUCTURE,
    announced,
    closing,
    ends_output,
    fence_text,
    is_call,
    skip_empty,
    tool,
)
from handoff_cli.transcripts.conversation.speakers import ASSISTANT, USER
from handoff_cli.transcripts.conversation.survey import SCREENS, SHELL_PROMPT, TERMINAL
from handoff_cli.transcripts.conversation.work import Output, code_on, done, outcome_of, paths_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.talk import Placed, Talk

_HEREDOC = compiled(r"<<-?\s*\\?['\"]?(\w+)['\"]?")
_MOST_LINES = 60
_LOOKS_PRINTED = compiled(
    r"(?:={3,}|-{3,} ?\w|\s{4,}\S|--- FAIL|FAIL|PASS|ok\s+\S+\s|E  |\S+\.\w{1,4}:\d+|at \S+ ?\(|\[\w+\]"
    r"|\d+ (?:passed|failed)|exit|Exit|error(?:\[\w+\])?:|warning:|Error:"
    r"|\S+ \d+ \S+ \d+|Traceback|\+{3} |@@ |diff --git|\(?[Ee]xit code|test result|Tests:|Ran \d+|FAILED|npm ERR)"
)


_EXEC = compiled(
    r"(?:exec )?(?:/bin/)?(?:ba|z)?sh -l?c (?P<quote>['\"]?)(?P<run>.+)(?P=quote) in (?:/|~)\S*"
    r"(?: (?:succeeded|exited (?P<code>\d+)) in [\d.]+m?s:?)?$"
)
"""How ``codex exec`` logs a command; how it ended stands behind it, or on a line of its own below."""

_EXEC_ENDED = compiled(r" ?(?:bash -lc .{1,2000} )?(succeeded|exited (\d+)) in [\d.]+m?s:?$")
_STRUCTURE_CHARS = 240
_LANGUAGE_CHARS = 12
_THOUGHT = compiled(
    r"(?:\s*<details><summary>|\s*<summary>|\s*[_*]*)?\W{0,4}(?:Internal Reasoning|Thought Process|Thinking"
    r"|Reasoning|Thoughts?)\b[^a-z]{0,4}(?:\(.{0,40}\))?[_*:.…]*(?:</summary>)?\s*$"
)


def executed(talk: Talk, text: str) -> list[Placed] | None:
    """Read a command as ``codex exec`` logs it; None where the line is none."""
    found = _EXEC.match(text) if "sh -" in text[:20] else None
    if not found:
        return None
    talk.cursor.take()
    number, code = talk.cursor.number, found["code"]
    if ended := _EXEC_ENDED.match(talk.cursor.peek() or ""):
        talk.cursor.take()
        code = ended[2]
    output = _output(talk, 0)
    events = [*talk.turn(ASSISTANT), *talk.call("Bash", {"command": found["run"]}, number)]
    return [*events, *talk.answer(output, code is not None, int(code or 0), last=True)]


def command_in(talk: Talk, text: str) -> list[Placed] | None:
    """Read a command after a prompt, with its output; None where the line has none."""
    found = RUN.match(text)
    indent, run = (len(found[1]), found[2]) if found else (0, None)
    forms = talk.forms()
    if run is None and forms & TERMINAL and (prompt := SHELL_PROMPT.match(text)):
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
    return [*talk.call("Bash", {"command": run}, number), *talk.answer(output, failed, code, last=True)]


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
    if text is not None and not talk.fence_ends and (fence := FENCE.match(text)) and closing(talk, fence[1]):
        return fence_text(talk, fence[1])
    while (text := talk.cursor.peek()) is not None:
        if talk.fence_ends:
            if talk.cursor.next_number >= talk.fence_ends or RUN.match(text) or SHELL_PROMPT.match(text.lstrip()):
                break
        elif not text.strip():
            if not _goes_on(talk, indent):
                break
        elif ends_output(talk, text):
            break
        talk.cursor.take()
        output.add(text)
        if code_on(text) is not None and not talk.fence_ends and not talk.forms() & TERMINAL:
            break
    text = output.text()
    return _in_next_block(talk) if not text and talk.cursor.next_number == talk.fence_ends else text


def _in_next_block(talk: Talk) -> str:
    """Return what stands in a block of its own right below the one that ended with a command; nothing if none."""
    ahead = 2 if talk.cursor.peek(1) == "" else 1
    fence = FENCE.match(talk.cursor.peek(ahead) or "")
    if not fence or fence[2] not in ("", "text", "output", "console", "log", "plaintext"):
        return ""
    for _ in range(ahead):
        talk.cursor.take()
    talk.fence_ends = 0
    return fence_text(talk, fence[1])


def _goes_on(talk: Talk, indent: int) -> bool:
    """Return whether an output goes on after the empty line that is next."""
    ahead = 1
    while ahead < 4 and not (talk.cursor.peek(ahead) or "").strip():  # noqa: PLR2004
        ahead += 1
    after = talk.cursor.peek(ahead)
    if not after or ends_output(talk, after, ahead):
        return False
    if talk.forms() & TERMINAL and (not talk.survey.has_speakers or talk.role is None):
        return True
    if indent >= 2 and indent_of(after) >= indent:  # noqa: PLR2004
        return True
    return bool(_LOOKS_PRINTED.match(after))


def take(talk: Talk) -> list[Placed] | None:
    """Read what the next line begins, if something is done there; None where it is plain text."""
    text = talk.cursor.peek() or ""
    first = text.lstrip()[:1]
    if not first:
        return None
    if first in "`~>" and (fence := FENCE.match(text)):
        return _fenced(talk, fence[1], fence[2])
    events = command_in(talk, text)
    if events is None:
        events = executed(talk, text)
    if events is None:
        events = _structure(talk, text, first)
    if events is None and talk.role == USER and talk.survey.has_speakers:
        return _beside_the_user(talk, text)
    for read in (tool, announced, done) if events is None else ():
        if (events := read(talk, text)) is not None:
            break
    return events


def _beside_the_user(talk: Talk, text: str) -> list[Placed] | None:
    """Read a call, an edit or a result that follows what the user said where no name says that the agent goes on."""
    if talk.waiting and RESULT.match(text):
        return tool(talk, text)
    if talk.ends_apart() and (is_call(talk, text) or paths_in(text)):
        return [*talk.turn(ASSISTANT), *(tool(talk, text) or done(talk, text) or ())]
    return done(talk, text) if talk.last_run and not paths_in(text) else None


def _structure(talk: Talk, text: str, first: str) -> list[Placed] | None:
    """Read a line that only holds an export together, or opens what the agent thought."""
    is_word = len(text) <= _LANGUAGE_CHARS and text.isalpha()
    if len(text) > _STRUCTURE_CHARS or not (is_word or first in "<-_*CTIRSt💭🤔#MG(:0123456789"):
        return None
    if _THOUGHT.match(text) or (text == "thinking" and talk.survey.is_exec_log):
        return _thought(talk)
    if not STRUCTURE.match(text) and (talk.cursor.peek(1) or "") not in ("Copy code", "Copy"):
        return None
    if SAYS_TOOL.match(text) or RESULT.match(text):
        return None
    talk.cursor.take()
    return talk.say("" if first != "-" else text)


def _fenced(talk: Talk, mark: str, info: str) -> list[Placed] | None:
    """Read a fenced block: commands with their output, else text in which nothing means anything."""
    closes = closing(talk, mark)
    if closes is None:
        talk.cursor.take()
        return talk.say("")
    if any(
        RUN.match(talk.cursor.peek(ahead) or "")
        or (info in ("console", "terminal", "") and SHELL_PROMPT.match((talk.cursor.peek(ahead) or "").lstrip()))
        for ahead in range(1, closes)
    ):
        talk.cursor.take()
        events: list[Placed] = []
        talk.fence_ends = talk.cursor.number + closes
        while talk.cursor.next_number < talk.fence_ends:
            events += command_in(talk, talk.cursor.peek() or "") or talk.say(talk.cursor.take())
        if talk.fence_ends:
            talk.cursor.take()
        talk.fence_ends = 0
        return events
    events = []
    for _ in range(closes + 1):
        events += talk.say(talk.cursor.take())
    return events


def _thought(talk: Talk) -> list[Placed]:
    """Read what the agent thought to itself: it is in the record, and nobody said it.

    It stands in a fenced block, or up to where what folds it away ends, or is one paragraph.
    """
    events = talk.turn(ASSISTANT, wrapped=talk.wrapped, hidden=True)
    folded = "<" in talk.cursor.take()
    skip_empty(talk)
    fence = FENCE.match(talk.cursor.peek() or "")
    if fence and closing(talk, fence[1]):
        for thought in fence_text(talk, fence[1]).split("\n"):
            events += talk.say(thought)
    else:
        while (line := talk.cursor.peek()) is not None and (line or folded) and not talk.mark(line):
            if folded and "</details>" in line:
                break
            events += talk.say(talk.cursor.take())
    return [*events, *talk.turn(ASSISTANT, wrapped=talk.wrapped)]
