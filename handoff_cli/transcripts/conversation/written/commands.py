"""Commands that stand after a prompt, whole, with the output that follows."""

from __future__ import annotations

import re
from itertools import takewhile

from handoff_cli.core.patterns import compiled
from handoff_cli.core.text import indent_of
from handoff_cli.transcripts.conversation.marks.asked import prompt_in, starts_agent
from handoff_cli.transcripts.conversation.marks.sentences import is_said
from handoff_cli.transcripts.conversation.marks.speakers import USER
from handoff_cli.transcripts.conversation.marks.voices import EXPORTS, SCREENS, TERMINAL
from handoff_cli.transcripts.conversation.reading.chat_program import chat_below
from handoff_cli.transcripts.conversation.reading.fences import FENCE, closing, fence_text
from handoff_cli.transcripts.conversation.reading.lines import LOOK_AHEAD
from handoff_cli.transcripts.conversation.reading.rows import begins_talk
from handoff_cli.transcripts.conversation.reading.survey import SHELL_PROMPT
from handoff_cli.transcripts.conversation.reading.work import OF_OUTPUT, Output
from handoff_cli.transcripts.conversation.written.notations import RUN, ends_output, goes_on, heads_prompt
from handoff_cli.transcripts.outcomes import code_on, is_reading, outcome_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_HEREDOC = compiled(r"<<-?\s*\\?['\"]?(\w+)['\"]?")
_SENT_AWAY = compiled(r"(?<![<>\d-])>{1,2}(?!&)\s*[\w~./$\"']|&>|\s&\s*$")
"""Where the output of a command goes elsewhere, or it runs on: that nothing is shown tells nothing then."""

_DOES_NOTHING = compiled(r"(?:exit|logout|clear|reset|history)(?: \d+)?\s*|echo \"?\$(?:\?|status|LASTEXITCODE)\"?\s*")
_MOVES = compiled(r"(?:cd|ls|pwd|pushd|popd)(?:\s|$)")
_STATED = compiled(r"#+ *((?:goal|rules?|task|constraint|must|ziel|regel)s?: *\S.*)$", re.IGNORECASE)
"""What the user says of the work, in a comment typed at a prompt."""

_MOST_LINES = 60


def command_in(talk: Talk, text: str) -> list[Placed] | None:
    """Read a command after a prompt, with its output; None where the line has none."""
    found = RUN.match(text)
    indent, run = (len(found[1]), found[2]) if found else (0, None)
    forms = talk.forms()
    if run is None and forms & TERMINAL and (after := SHELL_PROMPT.match(text)):
        run = (after[1] or "").strip()
    if run == "" or (run is None and heads_prompt(talk, text)):
        return talk.drop()
    if run is None or (talk.role == USER and not talk.fence_ends and forms & SCREENS and not forms & TERMINAL):
        return None
    talk.cursor.take()
    if run[:1] == "#" or ((forms & TERMINAL or not talk.survey.has_speakers) and _DOES_NOTHING.fullmatch(run)):
        return _commented(talk, run) if run[:1] == "#" else _aside(talk, run)
    number = talk.cursor.number
    run = whole(talk, run)
    is_typed = not indent and not talk.fence_ends
    asked = _asked(talk, run, forms, text[: text.find(run)]) if is_typed else None
    if asked is not None:
        return asked
    ends = talk.states or (is_typed and talk.survey.asks and not forms & talk.survey.dialogues)
    said = talk.leave() if ends else []
    shows_talk = forms == TERMINAL and is_reading(run) and begins_talk(talk, 0)
    output = "" if shows_talk else output_below(talk, indent, run)
    if talk.role == USER and not (forms & TERMINAL) and not talk.fence_ends and not output:
        return talk.say(text)
    talk.prints = talk.prints or bool(output)
    is_shown = _is_shown(talk)
    asks = is_shown and not talk.has_spoken
    events = [*said, *_ended(talk, run, output, number)]
    if is_shown:
        _pass_prompt(talk)
    if asks:  # who shows only what was run and printed asks about that
        events += [event for line in (text, *output.split("\n")[:_MOST_LINES]) for event in talk.say(line)]
    return events


def _ended(talk: Talk, run: str, output: str, number: int) -> list[Placed]:
    """Return that a command was run and how it ended, of one that a person who chats ran with the end of their turn."""
    failed, code = outcome_of(run, output) if talk.prints else (None, None)
    if talk.is_typed or _is_shown(talk):
        talk.typed(run, output, failed, code, number)
        return []
    is_last = talk.cursor.peek() is None and not _MOVES.match(run)
    if not output and talk.prints and not is_last and (is_reading(run) or not _SENT_AWAY.search(run)):
        failed = False  # where others print, what says nothing went well
    return [*talk.call("Bash", {"command": run}, number), *talk.answer(output, failed, code, last=True)]


def _is_shown(talk: Talk) -> bool:
    """Return whether a command stands in what the user said, as an export has it: they ran it, and go on below."""
    return talk.role == USER and bool(talk.forms() & EXPORTS)


def _commented(talk: Talk, comment: str) -> list[Placed]:
    """Read a comment that was typed at a prompt: the user says what is to be done, or anybody says something."""
    if not (stated := _STATED.match(comment)):
        events = talk.leave() if talk.states else []
        talk.cursor.put_back(comment if talk.survey.has_speakers else comment.lstrip("# "))
        return events
    events = [] if talk.states else talk.turn(USER)
    talk.states = True
    return [*events, *talk.say(stated[1])]


def _aside(talk: Talk, run: str) -> list[Placed]:
    """Read a command that does no work: it leaves the shell, clears its screen, or shows how the last one ended."""
    output = output_below(talk).strip()
    if "$" not in run or not output.isdecimal():
        return talk.say("")
    return talk.answer_again(int(output))


def _asked(talk: Talk, run: str, forms: int, shell: str) -> list[Placed] | None:
    """Read a command that asks an agent, chats with one, or starts one whose screen follows; None for any other."""
    if forms & SCREENS and (starts_agent(run) or _shows_prompt(talk, run)):
        return talk.leave()
    if not talk.survey.asks or forms & talk.survey.dialogues:
        return None
    prompt = prompt_in(run)
    return talk.ask(prompt) if prompt else chat_below(talk, run, shell)


def _shows_prompt(talk: Talk, run: str) -> bool:
    """Return whether a command that is a name alone starts a screen soon below which somebody types a sentence."""
    if not _NAME.fullmatch(run):
        return False
    below = takewhile(lambda it: it[:2] != "$ ", (talk.cursor.peek(ahead) or "" for ahead in range(_GREETING_LINES)))
    return any(it[:1] in _SIGNS and it[1:2] == " " and is_said(it[2:]) for it in below)


_NAME, _SIGNS, _GREETING_LINES = compiled(r"[a-z][\w-]{1,30}"), frozenset(">\u276f\u203a"), 12


def whole(talk: Talk, first: str) -> str:
    """Return a command with the lines it goes on over: an open quotation, a document for its input, a backslash.

    In a terminal each of them stands after a prompt of its own.
    """
    lines, open_ = [first], _Open(first)
    prompt = "> " if talk.forms() & TERMINAL and (talk.cursor.peek() or "")[:2] == "> " else ""
    for ahead in range(_MOST_LINES):
        if not open_.goes_on:
            break
        text = talk.cursor.peek(ahead)
        if text is None or (text and talk.mark(text)):
            return first
        lines.append(text.removeprefix(prompt))
        open_.take(lines[-1])
    if open_.goes_on:
        return first
    talk.cursor.skip(len(lines) - 1)
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


def output_below(talk: Talk, indent: int = 0, run: str = "") -> str:
    """Read the output that follows a command whose prompt stood at ``indent``."""
    output, is_summed = Output(), False
    sums_up = _SUMS_UP.match(run) is not None and not talk.forms() & TERMINAL
    text = talk.cursor.peek()
    if text is not None and not talk.fence_ends and (fence := FENCE.match(text)) and closing(talk, fence[1]):
        return fence_text(talk, fence[1])
    while (text := talk.cursor.peek()) is not None:
        if talk.fence_ends:
            if talk.cursor.index >= talk.fence_ends or RUN.match(text) or SHELL_PROMPT.match(text.lstrip()):
                break
        elif not text.strip():
            if not _goes_on(talk, indent, run):
                break
        elif (
            ends_output(talk, text)
            or (
                (is_summed or (output and talk.cursor.begins_piece))
                and is_said(text)
                and not (is_summed and _fails_below(talk))
            )
            or (output and talk.chats and is_said(text))
        ):
            break
        talk.cursor.take()
        ends = bool(output) and code_on(text) is not None and not talk.fence_ends and not talk.forms() & TERMINAL
        output.add(text)
        is_summed = sums_up and _SUM.match(text) is not None
        sums_up = sums_up and not is_summed  # a run has one sum
        if ends:
            break
    text = output.text()
    return _in_next_block(talk) if not text and talk.cursor.index == talk.fence_ends else text


def _fails_below(talk: Talk) -> bool:
    """Return whether what comes next, up to an empty line or somebody's name, tells of a failure as programs do."""
    lines: list[str] = []
    while (text := talk.cursor.peek(len(lines))) and not (lines and ends_output(talk, text, len(lines))):
        if len(lines) == _MOST_SAID:
            return True  # nobody says so much without a pause
        lines.append(text)
    return bool(outcome_of("", "\n".join(lines))[0])


_SUMS_UP = compiled(
    r"(?:[A-Z_]{1,40}=\S{0,80} )*(?:(?:uv|poetry|pipenv|pdm|hatch|rye) run )?(?:\S{0,80}python[\d.]{0,5} -m )?"
    r"(?:\S{0,80}/)?(?:pytest|py\.test|unittest)(?: [^;&|\n]*)?(?:2>&1)?(?: ?\| ?(?:tail|head|grep)\b[^;&|\n]*)?$"
)
"""A command that is one run of tests: it prints nothing of other programs after its sum."""

_SUM = compiled(
    r"(?:=+ )?(?:\d+ (?:passed|failed|skipped|deselected|errors?|warnings?|x\w+ed)(?:, | (?=in )))+in [\d.]+ ?m?s"
    r"|OK(?: \(.{1,40}\))?$|FAILED \(\w+=\d"
)
"""The line with which it sums up: what follows it may be said."""

_MOST_SAID = 20


def _in_next_block(talk: Talk) -> str:
    """Return what stands in a block of its own right below the one that ended with a command; nothing if none."""
    ahead = 2 if talk.cursor.peek(1) == "" else 1
    fence = FENCE.match(talk.cursor.peek(ahead) or "")
    if not fence or fence[2] not in OF_OUTPUT or RUN.match(talk.cursor.peek(ahead + 1) or ""):
        return ""
    talk.cursor.skip(ahead)
    talk.fence_ends = 0
    return fence_text(talk, fence[1])


def _goes_on(talk: Talk, indent: int, run: str) -> bool:
    """Return whether an output goes on after the empty line that is next."""
    ahead = 1
    while ahead < 4 and not (talk.cursor.peek(ahead) or "").strip():  # noqa: PLR2004
        ahead += 1
    after = talk.cursor.peek(ahead)
    if _is_shown(talk) and _prompts_below(talk):
        return True
    if not after or ends_output(talk, after, ahead) or indent_of(after) < indent - 2:
        return False
    if (talk.forms() & TERMINAL or talk.survey.asks) and (not talk.survey.has_speakers or talk.role is None):
        return True
    return (indent >= 2 and indent_of(after) >= indent) or goes_on(talk, is_text=not run or is_reading(run))  # noqa: PLR2004


def _pass_prompt(talk: Talk) -> None:
    """Pass over the prompt at which what was pasted ends: nothing was typed there."""
    ahead = next((it for it in range(_NEAR_LINES) if talk.cursor.peek(it)), 0)
    prompt = SHELL_PROMPT.match(talk.cursor.peek(ahead) or "")
    if prompt and not prompt[1]:
        talk.cursor.skip(ahead + 1)


_NEAR_LINES = 4


_SENTENCE = compiled(r"[A-Z\u00c0-\u00de][\w'\u2019-]*(?:[,:]? [\w'\u2019.`-]+){6,80}[.?!]$")
"""A paragraph with which the user goes on."""


def _prompts_below(talk: Talk) -> bool:
    """Return whether what the user pasted goes on to a prompt of the shell, with nothing or a command behind it."""
    index = talk.cursor.index
    if index < talk.unclosed.get("prompt", 0):  # what was found before is still ahead
        return True
    if index < talk.unclosed.get("no prompt", 0):
        return False
    for ahead in range(LOOK_AHEAD):
        text = talk.cursor.peek(ahead)
        told = text and not talk.cursor.peek(ahead - 1) and _SENTENCE.match(text)
        if text is None or told or (text and talk.mark(text, ahead=True)):
            break
        if text and SHELL_PROMPT.match(text):
            talk.unclosed["prompt"] = index + ahead
            return True
    talk.unclosed["no prompt"] = index + ahead
    return False


def without_prompts(run: str, output: str) -> str:
    """Return ``output`` without the prompts that stand in it and without ``run`` as it was typed there."""
    typed = "".join(run.split())
    kept: list[str] = []
    echo = ""
    for line in output.split("\n"):
        prompt = SHELL_PROMPT.match(line)
        said = "".join((prompt[1] or "" if prompt else line).split())
        echo = said if prompt else echo and echo + said
        if not (prompt or echo) or not typed.startswith(echo):
            kept.append(line)
            echo = ""
    return "\n".join(kept).strip("\n")
