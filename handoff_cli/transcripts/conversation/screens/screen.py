"""What was copied off the screen of an agent: Claude Code here, ``other_screens`` and ``opencode`` beside it.

Seen in public pastes of Claude Code 1.0 to 2.1, Codex 0.46 to 0.150, Gemini CLI 0.1 to 0.20. A bullet begins what the
agent says or does, a corner what came of it; everything else hangs below by its indent, if the copy kept it.
"""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.core.text import indent_of
from handoff_cli.core.transcript import REFUSED
from handoff_cli.transcripts.conversation.marks.inputs import ON_FILES, input_of, plain_name
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER
from handoff_cli.transcripts.conversation.marks.voices import CLAUDE, CODEX, GEMINI, OPENCODE, SCREENS
from handoff_cli.transcripts.conversation.marks.wrapped import unwrapped
from handoff_cli.transcripts.conversation.reading.lines import unframed
from handoff_cli.transcripts.conversation.reading.panel_lines import BEGINS
from handoff_cli.transcripts.conversation.reading.survey import SHELL_PROMPT
from handoff_cli.transcripts.conversation.screens import compaction
from handoff_cli.transcripts.conversation.screens.opencode import opencode_did
from handoff_cli.transcripts.conversation.screens.other_screens import (
    APPROVED,
    BULLET,
    CODEX_DONE,
    CORNER,
    DENIED,
    EVENT,
    FOLDED,
    GEMINI_DONE,
    LEFT_OUT,
    MENU,
    RULER,
    STOPPED,
    TODO,
    TODO_BOXES,
    TYPED,
    begins,
    codex_did,
    gemini_did,
    is_item,
    todos_below,
    typed_on,
)
from handoff_cli.transcripts.conversation.screens.screen_diffs import NUMBERED
from handoff_cli.transcripts.conversation.screens.screen_results import decision, performed, stopped, stray
from handoff_cli.transcripts.events import Compacted, CutOff, Recapped, Turned, recap_of
from handoff_cli.transcripts.tools import is_own_command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_CLAUDE_CALL = compiled(
    r"((?:[A-Z][A-Za-z]{1,30}|mcp__[\w-]{1,80}|(?:Web|Kill|Bash) [A-Z]\w{1,12}"
    r"|[\w.:-]{1,60} - [\w.-]{1,60} ?\(MCP\))) ?\((.*)$"
)
_TODOS = compiled(r"(?:Updat(?:e|ed|ing) )?[Tt]odos?\b(?: list)?:?$|TodoWrite\b|Updated? (?:todo|task) list")
_ARGUMENT_END, _LIMIT = compiled(r"\)(?: (?:timeout|\d+[sm]|\(|in ).{0,40})?$"), compiled(r"(?<! ) +timeout: [\dms ]+$")
_THINKS = compiled(r"\s{0,2}[∴✻✽✶✢] ?(?:Thinking|Thought)\b[^.]{0,40}(?:…|\.\.\.|:)?\s*$")
_NOISE = compiled(
    r"\s*(?:[✻✽✶✢✳·*+∴✦⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏◐] ?[A-Z][\w' -]{2,40}(?:…|\.\.\.| for \d)|✻ |∴ Thought|Thought for \d|⏵⏵"
    r"|\? for shortcuts|⏸ |Tip: |※ |⧉ |Working \((?:\d{1,3}[hms] ?){1,3} • esc to"
    r"|Context left until|[\d.]+k? tokens|\(?ctrl\+|esc to |[Ss]hift\+[Tt]ab|Welcome to Claude"
    r"|.{0,12}[▐▛▝▘▜▌█░]{3,}|\s*[▘▝]{2}|[▐▛▝▘▜▌█▗▟▄▀]{2,4}(?:\s{3}|$)|\* {1,4}Type your message or @"
    r"|✔ Auto-accept|Using:? \d+ (?:.{0,20}file|[\w. ]{0,30}(?:files?|servers?)\b.{0,80}$)"
    r"|(?:Read|Searched|Listed|Ran|Found|Edited|Wrote|Called|Fetched|Updated|Recalled)\b.{0,80}\(ctrl\+\w to"
    r"|tokens used|/share to create a shareable link|To continue this session, run|Token usage:"
    r"|(?:Read|Searched for|Listed|Ran) \d+ (?:files?|patterns?|director|shell|bash|commands?)[^.]{0,60}$"
    r"|\d{1,3}% context left|gpt-[\w.-]+ \w+ ·"
    r"|╌{3}|╹?[▀▄]{8}|─ ?Worked for|Worked for \d|⚠ |ℹ |🔔|>_ OpenAI Codex|model:  |directory: |approval|● high ·|◯ "
    r"|[~/]\S{0,100}(?: \([^()]{1,60}\))?\s{3,}\S.{0,60}\s{3,}\S.{0,60}$"
    r"|Press up to edit|\[[\w.-]{1,30}\] \d+:\S+[*-])"
)
_RECAP = compiled(r"\s{0,3}※ recap: *(\S.*)")
_COMPACTED = compiled(
    r"[\s─━═✻•]*(?:Conversation|Context|History|Chat history) compa(?:cted|ressed)|[\s✻•]*Compacted(?: \(|$)"
)
_MOST_OF_A_PARAGRAPH, _MOST_OF_A_CALL, _LEAST_FULL = 12, 12, 72
_NOTES = compiled(r"(?:(?:NOTES?|Notes|TODOs?|To-?[Dd]os?)\b[^.]{0,60}|(?:DECISION|Decision|DECIDED|Decided)s?:.*)$")
"""What heads notes that a person put below a copy, in which all that the agent says is set in or has a bullet."""

_SETTING = compiled(
    r"(?:Permissions|Approvals?|Approval policy|Sandbox|Model|Reasoning(?: effort| level)?|Personality|Theme)"
    r" (?:updated|changed|set|switched) to \S.{0,60}$"
)
"""What Codex says behind a bullet of a setting that the user changed."""

_LEAVE = compiled(r"1\. (?:Yes|Allow)\b")
"""How a menu begins with which the user is asked for leave."""


def take(talk: Talk) -> list[Placed] | None:
    """Read what the next line begins, if it stands on an agent's screen; None where it means nothing there."""
    forms = talk.forms() & SCREENS
    text = talk.cursor.peek() or ""
    talk.set_in = talk.set_in or (bool(forms) and text[:2] == "  ")
    if forms and (apart := _apart(talk, text, forms)) is not None:
        return apart
    if not forms or (text[:1].isalnum() and not text.startswith(("x ", "o ", "ℹ")) and "(ctrl+" not in text):
        return None
    bare = unframed(text)
    if talk.role == USER and (ended := _request_ended(talk, text, forms)) is not None:
        return ended
    if not bare.strip() or (talk.role is None and (bare != text or text[0] in "│┃║") and forms & (CLAUDE | CODEX)):
        return None if not text.strip() else _dropped(talk)
    events = _done(talk, bare, forms)
    if events is None:
        events = _written(talk, bare, forms)
    if events is not None or bare == text:
        return events
    talk.cursor.take()
    return talk.say(bare)


def _apart(talk: Talk, text: str, forms: int) -> list[Placed] | None:
    """Read a line of no turn on the screen: how a program greets or ends, or notes that the user put below."""
    if forms & CODEX and _ENDS.match(text):
        talk.cursor.take()
        return talk.leave()
    if talk.role is None and not talk.has_acted and _is_greeting(talk, text):
        return _dropped(talk)
    if forms & (CLAUDE | CODEX) and talk.set_in and _NOTES.match(text) and talk.role != USER and talk.ends_apart():
        return talk.turn(USER)
    return None


def _is_greeting(talk: Talk, text: str) -> bool:
    """Return whether a line is what a program greets with below its name: tips, what may be typed, news.

    It lasts up to the first line of the user's or of the agent's.
    """
    bare = unframed(text)
    if _BANNER.match(bare):
        talk.greets_to = talk.cursor.index + _GREETING_LINES
        return False  # it is dropped as all of its kind
    if talk.cursor.index >= talk.greets_to or not bare.strip() or bare[0] in _SAYS or SHELL_PROMPT.match(text):
        return False
    return bool(talk.mark(text) is None and typed_on(bare, talk.forms()) is None and GEMINI_DONE.match(bare) is None)


_BANNER = compiled(r"\s{0,80}(?:[▐▛▝▘▜▌█░]{3,}|[▐▛▝▘▜▌█▗▟▄▀]{2}\S{0,2}\s{3,}Gemini CLI v|>_ OpenAI C|✻ Welcome)")
_GREETING_LINES = 40
_SAYS = "⏺●•✦◆⎿└$%#!"
"""Signs before what is said or done, on screens and of shells."""


def _request_ended(talk: Talk, text: str, forms: int) -> list[Placed] | None:
    """Return what the user said if the line ``text`` is surely not typed in it, None where it may be.

    Claude Code's may be the agent's without a bullet. Of Codex a warning, a box or a command of the program's own is
    nobody's; what is set in deep, two empty lines below what was typed, is the agent's with its beginning lost. Of
    Gemini CLI what is set in less than the lines typed is what the agent thinks.
    """
    bare = unframed(text)
    if forms & CODEX and talk.set_in and _PROGRAMS.match(text):
        talk.cursor.take()
        return talk.leave()
    thinks = forms == GEMINI and indent_of(bare) == _TYPED_AT and any(map(_TYPED_ON.match, talk.unsaid[1:]))
    apart = forms & CODEX and text[:1] == " " and indent_of(text) > _TYPED_AT and [*talk.unsaid[-2:]] == ["", ""]
    if (
        apart
        or (thinks and talk.ends_apart())
        or (forms & CLAUDE and bare.strip() and talk.ends_apart() and _begins_unmarked(talk, bare.strip()))
    ):
        talk.cursor.take()
        return [*talk.turn(ASSISTANT, wrapped=True), *talk.say(bare)]
    return None


_ENDS = compiled(r"Token usage: total=[\d,.]+|To continue this session, run codex ")
"""What Codex says as it ends."""

_TYPED_AT, _TYPED_ON = 2, compiled(r" {3}\S")
_PROGRAMS = compiled(r"⚠ |╭─{3,}╮?$|/[a-z][a-z-]{1,20}$")


def _done(talk: Talk, bare: str, forms: int) -> list[Placed] | None:
    """Read a line that a sign marks as what the agent did or says, or as what came of it."""
    if (words := _marked(talk, bare, forms)) is not None:
        talk.cursor.take()
        return _bullet(talk, words, forms)
    if EVENT.match(bare) or bare.startswith("※"):
        return _recapped(talk, recap[1]) if (recap := _RECAP.match(bare)) else _happened(talk, bare)
    if _COMPACTED.match(bare):
        talk.cursor.take()
        return [*talk.said(), talk.at(Compacted())] if talk.compacts() else talk.said()
    if corner := CORNER.match(bare) if "⎿" in bare or (forms & CODEX and "└" in bare) else None:
        return stray(talk, corner[1])
    if forms & GEMINI and (done := GEMINI_DONE.match(bare)) and typed_on(bare, forms) is None:
        talk.cursor.take()
        return gemini_did(talk, done[1], done[2], done[3] or "")
    return opencode_did(talk, talk.cursor.peek() or "") if forms & OPENCODE else None


def _marked(talk: Talk, bare: str, forms: int) -> str | None:
    """Return what stands behind a bullet of the agent's, or a call that has lost its own; None for other lines."""
    if _turns(bare) or is_item(talk, bare):
        return None
    bullet = BULLET.match(bare)
    if bullet and (bullet[1] in "⏺●" or (bullet[1] in "•◦" and forms & CODEX) or (bullet[1] == "✦" and forms & GEMINI)):
        return (bullet[2] or "").strip()
    words = bare.strip() if forms & CLAUDE and bare[:2] == "  " else ""
    return words if (_CLAUDE_CALL.match(words) or _TODOS.match(words)) and _answered_below(talk) else None


def _written(talk: Talk, bare: str, forms: int) -> list[Placed] | None:
    """Read a line that is the user's, one of a list of to-dos, or nothing but decoration."""
    if (words := typed_on(bare, forms)) is not None:
        talk.cursor.take()
        return _passed_over(talk) if _LEAVE.match(words) and _is_menu(talk) else _request(talk, words)
    if _THINKS.match(bare):
        talk.cursor.take()
        return talk.turn(ASSISTANT, wrapped=True, hidden=True)
    changed = forms & CLAUDE and NUMBERED.match(bare) and _goes_on_numbered(talk)
    if changed or _turns(bare) or _NOISE.match(bare) or RULER.match(bare) or FOLDED.match(bare):
        return _change_dropped(talk) if changed else _dropped(talk)
    if forms & CLAUDE and bare.startswith("! ") and talk.role != ASSISTANT:
        talk.cursor.take()
        return [*talk.turn(USER), *performed(talk, "Bash", {"command": bare[2:].strip()}, talk.cursor.number)]
    if talk.role in (ASSISTANT, None) and forms != CODEX and TODO.match(bare) and _is_list(talk):
        return [*talk.turn(ASSISTANT, wrapped=True), *todos_below(talk)]
    return None


def _goes_on_numbered(talk: Talk) -> bool:
    """Return whether the next lines are of a change, as its call shows them: a copy may have lost the call."""
    return all(NUMBERED.match(talk.cursor.peek(ahead) or "") for ahead in (1, 2))


def _change_dropped(talk: Talk) -> list[Placed]:
    while (text := talk.cursor.peek()) and (NUMBERED.match(text) or indent_of(text) >= _WRAPPED_AT):
        talk.cursor.take()
    return talk.say("")


_WRAPPED_AT = 8
"""How deep the rest of a line of a change is set in."""


def _is_menu(talk: Talk) -> bool:
    """Return whether the next line is the second of a menu."""
    return unframed(talk.cursor.peek() or "").lstrip().startswith("2. ")


def _passed_over(talk: Talk) -> list[Placed]:
    """Pass over the rest of a menu with which the user was asked for leave: nobody's words."""
    while (text := talk.cursor.peek()) and unframed(text).strip():
        talk.cursor.take()
    return talk.say("")


def _happened(talk: Talk, bare: str) -> list[Placed]:
    """Read what the agent's program says of itself, over lines that hang together: nobody's words, perhaps a stop.

    It may tell which command the user did not let run, or did.
    """
    before = talk.cursor.take()
    while (text := talk.cursor.peek()) and not begins(talk, text) and (indent_of(text) or len(before) >= _LEAST_FULL):
        bare += f" {(before := talk.cursor.take()).strip()}"
    if approved := APPROVED.match(bare):
        talk.approved = f"{approved[1]}{LEFT_OUT * bool(approved[2])}"
    if denied := DENIED.match(bare):
        return [*talk.call("Bash", {"command": denied[1]}), *talk.answer(REFUSED, failed=True, last=True)]
    return [*talk.said(), *stopped(talk)] if STOPPED.match(bare) else talk.said()


def _recapped(talk: Talk, told: str) -> list[Placed]:
    """Read what the agent wrote down for a person who was away, over lines that hang together: its turn had ended."""
    talk.cursor.take()
    while (text := talk.cursor.peek()) and text.strip() and not begins(talk, text):
        told += f" {unframed(talk.cursor.take()).strip()}"
    return [*talk.said(), *talk.settle(), talk.at(Turned()), talk.at(Recapped(recap_of(told)))]


def _dropped(talk: Talk) -> list[Placed]:
    return _nobodys(talk, talk.cursor.take())


def _nobodys(talk: Talk, text: str) -> list[Placed]:
    """Return what a line tells that nobody said: one that turns while the agent works, that it was not done."""
    works = _turns(text) and talk.role == ASSISTANT
    return [*talk.said(), talk.at(CutOff())] if works else talk.say("")


def _turns(bare: str) -> bool:
    """Return whether a line is the one that turns while the agent works."""
    return "esc to " in bare and _WORKS.search(bare.rstrip(" │")) is not None


_WORKS = compiled(r"\([^()]*\besc to (?:cancel|interrupt)\b[^()]*\)$")


def _request(talk: Talk, words: str) -> list[Placed]:
    if not words or (MENU.match(words) and not words[0].isdigit()) or _is_unsent(talk):
        return talk.turn(USER, wrapped=True) if indent_of(talk.cursor.peek() or "") else talk.leave()
    if words[0] in "TA" and compaction.begins_account(talk, words):
        return compaction.account(talk, words)
    if words[:1] == "!" and "⎿" in (talk.cursor.peek() or ""):
        return [*talk.turn(USER), *performed(talk, "Bash", {"command": words[1:].strip()}, talk.cursor.number)]
    events = talk.turn(USER, wrapped=True, hidden=is_own_command(words))
    settled = [] if talk.delegates(words) else talk.settle()
    return [*settled, *events, *talk.say(f"  {words}")]


def _is_unsent(talk: Talk) -> bool:
    """Return whether the line just read is the one to type on: the line of state that stands below it comes next."""
    below = next((text for ahead in range(_TYPED_LINES) if (text := talk.cursor.peek(ahead))), "")
    return bool(talk.forms() & CODEX) and _BELOW_TYPED.match(below) is not None


_TYPED_LINES = 2
_BELOW_TYPED = compiled(
    r"\s{1,4}(?:gpt-[\w.-]+ .{0,40}· |\d{1,3}% context left|.{1,60} · \d{1,3}% (?:context )?left|\? for shortcuts)"
)


def _bullet(talk: Talk, words: str, forms: int) -> list[Placed]:
    """Read what a bullet begins: a call, a list of to-dos, or what the agent says."""
    events = talk.turn(ASSISTANT, wrapped=True)
    if _TODOS.match(words):
        return [*events, *todos_below(talk)]
    if forms & CODEX and (done := CODEX_DONE.match(words)):
        return [*events, *codex_did(talk, done[1], done[2])]
    if (decided := decision(talk, words)) is not None:
        return [*events, *decided]
    call = _CLAUDE_CALL.match(words)
    if not call or forms & (CLAUDE | OPENCODE) == 0:
        if _NOISE.match(words) or (forms & CODEX and _SETTING.match(words)):
            return [*events, *_nobodys(talk, words)]
        return [*events, *talk.say(f"  {words}")]
    number = talk.cursor.number
    on_file = plain_name(call[1]) in ON_FILES
    given = input_of(call[1], _arguments(talk, call[2], indent_of_call=6, is_path=on_file))
    return [*events, *performed(talk, call[1], given, number)]


def _arguments(talk: Talk, first: str, indent_of_call: int, *, is_path: bool) -> str:
    """Return what stands in the brackets of a call, which may go on over lines until its result begins."""
    lines = [" " * indent_of_call + _LIMIT.sub("", first)]
    ahead = _until_result(talk) if not _closes(talk, first) else 0
    lines += [it for it in (talk.cursor.take() for _ in range(ahead)) if not FOLDED.match(it)]
    while lines and not lines[-1].strip():
        lines.pop()
    whole = "".join(line.strip() for line in lines) if is_path else unwrapped(lines, talk.width)
    text = _ARGUMENT_END.sub("", whole.rstrip())
    return text.strip()


def _begins_unmarked(talk: Talk, words: str) -> bool:
    """Return whether the agent begins its work, in a copy that lost the bullets: a call follows its paragraph."""
    if not BEGINS.match(words):
        return False
    for ahead in range(1, _MOST_OF_A_PARAGRAPH):
        if not (talk.cursor.peek(ahead) or "").strip():
            call = (talk.cursor.peek(ahead + 1) or "").strip()
            return _CLAUDE_CALL.match(call) is not None and _answered_below(talk, ahead + 1)
    return False


def _answered_below(talk: Talk, line: int = 0) -> bool:
    """Return whether a result begins below a ``line`` ahead, before an empty one."""
    for ahead in range(line + 1, line + _MOST_OF_A_CALL):
        text = talk.cursor.peek(ahead)
        if not text or not text.strip():
            return False
        if "⎿" in text and CORNER.match(text):
            return True
    return False


def _closes(talk: Talk, words: str) -> bool:
    after = talk.cursor.peek()
    ends = not after or CORNER.match(after) is not None or indent_of(after) < 3 or NUMBERED.match(after) is not None  # noqa: PLR2004
    return ends and bool(_ARGUMENT_END.search(words))


def _until_result(talk: Talk) -> int:
    """Return how many lines of arguments follow: those before the result, or to the first empty line if none comes."""
    empty = None
    for ahead in range(200):
        text = talk.cursor.peek(ahead)
        if text is None or BULLET.match(text) or TYPED[CLAUDE].match(text):
            return ahead if empty is None else empty
        if "⎿" in text and CORNER.match(text):
            return ahead
        if not text and empty is None:
            empty = ahead
    return empty or 0


def _is_list(talk: Talk) -> bool:
    """Return whether the boxes that follow are a list to be worked on: one of them is open, or there was one before."""
    for ahead in range(40):
        found = TODO.match(unframed(talk.cursor.peek(ahead) or ""))
        if not found:
            return talk.listed and ahead > 1
        if TODO_BOXES.get(found[1][0]) != "completed" and found[1] not in ("[x]", "[X]", "[✓]"):
            return True
    return True
