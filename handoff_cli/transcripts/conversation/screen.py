"""What was copied off the screen of an agent: Claude Code, Codex, Gemini CLI, opencode.

Seen in public pastes of Claude Code 1.0 to 2.1, Codex 0.46 to 0.150, Gemini CLI 0.1 to 0.20. A bullet begins what the
agent says or does, a corner what came of it; everything else hangs below by its indent, if the copy kept it.
"""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

import re

from handoff_cli.transcripts.conversation.lines import indent_of, unframed
from handoff_cli.transcripts.conversation.output import Output, failed_at_start, is_refusal, outcome_of
from handoff_cli.transcripts.conversation.speakers import ASSISTANT, USER
from handoff_cli.transcripts.conversation.survey import CLAUDE, CODEX, GEMINI, OPENCODE, SCREENS
from handoff_cli.transcripts.conversation.talk import input_of, unwrapped
from handoff_cli.transcripts.events import Compacted
from handoff_cli.transcripts.tools import is_own_command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.transcripts.conversation.talk import Placed, Talk

_BULLET = re.compile(r" {0,2}([⏺●•✦◆])(?: (.*)|$)")
_CORNER = re.compile(r"\s{0,12}[⎿└╰] {0,3}(.*)$")
_CLAUDE_CALL = re.compile(
    r"((?:[A-Z][A-Za-z]{1,30}|mcp__[\w-]{1,80}|(?:Web|Kill|Bash) [A-Z]\w{1,12}"
    r"|[\w.:-]{1,60} - [\w.-]{1,60} ?\(MCP\))) ?\((.*)$"
)
_CODEX_DONE = re.compile(
    r"(Ran|You ran|Running|Edited|Added|Deleted|Explored|Exploring|Updated Plan|Context compacted|Called"
    r"|Viewed Image)\b:? ?(.*)$"
)
_GEMINI_DONE = re.compile(
    r" {0,3}([✔✓x✗✖⊷?o-]) {1,2}(Shell|Edit|WriteFile|ReadFile|ReadManyFiles|ReadFolder|WriteTodos|SearchText"
    r"|FindFiles|GoogleSearch|WebFetch"
    r"|Save Memory|Replace|\w+ \(\w[\w -]* MCP Server\))(?: (.*)|$)"
)
_OPENCODE_DONE = re.compile(r"\s{0,6}(?:[|┃▌] {1,3})?(?:([$→←✱⚙%]) {1,2})(?:(Read|Edit|Write|Grep|Glob|List) )?(.*)$")
_BAR = re.compile(r" {0,4}[┃▌▍] {0,3}(.*?)\s*[┃]?$")
_USER = {
    CLAUDE: re.compile(r" ?[>❯](?: (.*)|$)"),
    CODEX: re.compile(r" ?[›▌](?: (.*)|$)"),
    GEMINI: re.compile(r" {0,2}>(?: (.*)|$)"),
}
_MENU = re.compile(r"\d\. |Try \"|Type your message")
TODO_BOXES = {
    **dict.fromkeys("☐◻□⬜○", "pending"),
    **dict.fromkeys("☒✔✓☑✅", "completed"),
    **dict.fromkeys("◼■▣◉🔄⏳◐", "in_progress"),
}
_TODO = re.compile(r"\s*(?:[-*├└│⎿] *)?([☐◻□⬜○☒✔✓☑✅◼■▣◉🔄⏳◐]|\[[ xX✓•~-]\])\ufe0f? +(\S.*)$")
_DIFF = re.compile(r"\s{0,12}\d{1,7}\s?([ +-])\s?(.*)$")
_FOLDED = re.compile(
    r"\s*(?:…|\.\.\.) ?(?:\+\d+ (?:more )?lines|first \d+ lines hidden|.{0,20}lines? (?:hidden|omitted))"
)
_WROTE = re.compile(r"(?:Wrote|Created|Added) \d+ lines? to (\S+)|Updated (\S+) with |Wrote (\S+)|Created (\S+)$")
_RUNNING = re.compile(r"Running(?: in the background|…|\.\.\.)|Command running in background|Waiting…")
_ARGUMENT_END = re.compile(r"\)(?: (?:timeout|\d+[sm]|\(|in ).{0,40})?$")
_NOISE = re.compile(
    r"\s*(?:[✻✽✶✢✳·*+∴✦⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏◐] ?[A-Z][\w' -]{2,40}(?:…|\.\.\.| for \d)|✻ |∴ Thought|Thought for \d|⏵⏵"
    r"|\? for shortcuts|⏸ |Tip: |※ |⧉ "
    r"|Context left until|[\d.]+k? tokens|\(?ctrl\+|esc to |shift\+tab|Welcome to Claude|.{0,12}[▐▛▝▘▜▌█]{3,}"
    r"|✔ Auto-accept|Using \d+ .{0,20}file"
    r"|(?:Read|Searched|Listed|Ran|Found|Edited|Wrote|Called|Fetched|Updated|Recalled)\b.{0,80}\(ctrl\+\w to"
    r"|tokens used|To continue this session, run|Token usage:"
    r"|(?:Read|Searched for|Listed|Ran) \d+ (?:files?|patterns?|director|shell|bash|commands?)[^.]{0,60}$"
    r"|\d{1,3}% context left|gpt-[\w.-]+ \w+ ·"
    r"|╌{3}|─ ?Worked for|Worked for \d|⚠ |ℹ |🔔|>_ OpenAI Codex|model:  |directory: |approval|● high ·|◯ "
    r"|Press up to edit)"
)
_COMPACTED = re.compile(
    r"[\s─━═✻•]*(?:Conversation|Context|History|Chat history) compa(?:cted|ressed)|[\s✻•]*Compacted(?: \(|$)"
)
_RULER = re.compile(r"\s*[─━═┈▔▁]{4,}")
_ANSWERED = re.compile(r"User answered (?:Claude's|the) questions?")
_PAIR = re.compile(r"\s*· (.{1,500}?) → (.{1,500})")


def take(talk: Talk) -> list[Placed] | None:
    """Read what the next line begins, if it stands on an agent's screen; None where it means nothing there."""
    forms = talk.forms() & SCREENS
    text = talk.cursor.peek() or ""
    if not forms or (text[:1].isalnum() and not text.startswith(("x ", "o "))):
        return None
    bare = unframed(text)
    if not bare.strip():
        return None if bare == text else _dropped(talk)
    bullet = _BULLET.match(bare)
    if bullet and (bullet[1] in "⏺●" or (bullet[1] == "•" and forms & CODEX) or (bullet[1] == "✦" and forms & GEMINI)):
        talk.cursor.take()
        return _bullet(talk, (bullet[2] or "").strip(), forms)
    if _COMPACTED.match(bare):
        talk.cursor.take()
        return [*talk.said(), talk.at(Compacted())]
    if corner := _CORNER.match(bare) if "⎿" in bare or (forms & CODEX and "└" in bare) else None:
        return _stray(talk, corner[1])
    if (words := _typed(bare, forms)) is not None:
        talk.cursor.take()
        return _request(talk, words)
    if forms & GEMINI and (done := _GEMINI_DONE.match(bare)):
        talk.cursor.take()
        return _gemini(talk, done[1], done[2], done[3] or "")
    if forms & OPENCODE and (events := _opencode(talk, text)) is not None:
        return events
    if _NOISE.match(bare) or _RULER.match(bare):
        return _dropped(talk)
    if forms & CLAUDE and bare.startswith("! ") and talk.role != ASSISTANT:
        talk.cursor.take()
        return [*talk.turn(USER), *_performed(talk, "Bash", {"command": bare[2:].strip()}, talk.cursor.number)]
    if (talk.role == ASSISTANT or talk.role is None) and _TODO.match(bare) and _is_list(talk):
        return [*talk.turn(ASSISTANT, wrapped=True), *_todos(talk)]
    if bare == text:
        return None
    talk.cursor.take()
    return talk.say(bare)


def _dropped(talk: Talk) -> list[Placed]:
    talk.cursor.take()
    return talk.say("")


def _typed(bare: str, forms: int) -> str | None:
    """Return what the user typed on a line, None where it is no line of the user's."""
    for form, pattern in _USER.items():
        found = pattern.match(bare) if forms & form else None
        if found:
            words = (found[1] or "").strip()
            return None if _MENU.match(words) and bare[:1] == " " else words
    return None


def _request(talk: Talk, words: str) -> list[Placed]:
    if not words or (_MENU.match(words) and words.startswith(("Try", "Type"))):
        return talk.turn(USER, wrapped=True)
    events = talk.turn(USER, wrapped=True, hidden=is_own_command(words))
    talk.waiting.clear()
    return [*events, *talk.say(words)]


def _bullet(talk: Talk, words: str, forms: int) -> list[Placed]:
    """Read what a bullet begins: a call, a list of to-dos, or what the agent says."""
    events = talk.turn(ASSISTANT, wrapped=True)
    if re.match(r"(?:Update(?:d)? )?[Tt]odos?\b(?: list)?:?$|TodoWrite\b|Updated? (?:todo|task) list", words):
        return [*events, *_todos(talk)]
    if forms & CODEX and (done := _CODEX_DONE.match(words)):
        return [*events, *_codex(talk, done[1], done[2])]
    if _ANSWERED.match(words):
        return [*events, *_answers(talk)]
    call = _CLAUDE_CALL.match(words)
    if not call or forms & (CLAUDE | OPENCODE) == 0:
        if _NOISE.match(words):
            return events
        return [*events, *talk.say(words)]
    number = talk.cursor.number
    given = input_of(call[1], _arguments(talk, call[2], indent_of_call=6))
    return [*events, *_performed(talk, call[1], given, number)]


def _arguments(talk: Talk, first: str, indent_of_call: int) -> str:
    """Return what stands in the brackets of a call, which may go on over lines until its result begins."""
    lines = [" " * indent_of_call + first]
    ahead = _until_result(talk) if not _closes(talk, first) else 0
    for _ in range(ahead):
        lines.append(talk.cursor.take())
    while lines and not lines[-1].strip():
        lines.pop()
    text = _ARGUMENT_END.sub("", unwrapped(lines, talk.width).rstrip())
    return text.strip()


def _closes(talk: Talk, words: str) -> bool:
    after = talk.cursor.peek()
    return bool(_ARGUMENT_END.search(words)) and (not after or _CORNER.match(after) is not None or indent_of(after) < 3)  # noqa: PLR2004


def _until_result(talk: Talk) -> int:
    """Return how many lines of arguments follow: those before the result, or to the first empty line if none comes."""
    empty = None
    for ahead in range(200):
        text = talk.cursor.peek(ahead)
        if text is None or _BULLET.match(text) or _USER[CLAUDE].match(text):
            return ahead if empty is None else empty
        if "⎿" in text and _CORNER.match(text):
            return ahead
        if not text and empty is None:
            empty = ahead
    return empty or 0


def _block(talk: Talk, first: str) -> list[str]:
    """Return the lines of a result: ``first`` and what hangs below it."""
    output = Output()
    output.add("     " + first)
    while (text := talk.cursor.peek()) is not None:
        if not text.strip():
            after = talk.cursor.peek(1)
            if not after or indent_of(after) < 4 or _CORNER.match(after) or _begins(talk, after):  # noqa: PLR2004
                break
        elif (
            ("⎿" in text and _CORNER.match(text)) or _begins(talk, text) or (indent_of(text) < 2 and _RULER.match(text))
        ):
            break
        talk.cursor.take()
        if not _FOLDED.match(text):
            output.add(text)
    return output.text().split("\n")


def _begins(talk: Talk, text: str) -> bool:
    """Return whether a line begins something of its own: a bullet, what the user typed, a named speaker."""
    bare = unframed(text)
    return (
        (_BULLET.match(bare) is not None and bare[:1] != "•")
        or (bare[:1] == "•" and bool(talk.forms() & CODEX))
        or (indent_of(bare) < 2 and _typed(bare, talk.forms() & SCREENS) is not None)  # noqa: PLR2004
        or (bool(bare) and not bare[0].isspace() and talk.mark(bare) is not None)
    )


def _performed(talk: Talk, name: str, given: Any, number: int) -> list[Placed]:
    """Return the events of a call of Claude Code's that began on line ``number``, with the results below it."""
    blocks = []
    while (text := talk.cursor.peek()) is not None and (corner := _CORNER.match(text) if "⎿" in text else None):
        talk.cursor.take()
        blocks.append(_block(talk, corner[1]))
    if isinstance(given, dict) and "file_path" in given:
        given = {**given, **_changed(blocks)}
    events = talk.call(name, given, number)
    for lines in blocks:
        todos = _todos_in(lines)
        if todos:
            events += [*talk.call("TodoWrite", {"todos": todos}), *talk.answer("", failed=False, last=True)]
        else:
            events += _result(talk, "\n".join(lines), isinstance(given, dict) and "command" in given)
    return events


def _result(talk: Talk, text: str, is_command: bool) -> list[Placed]:
    failed, code = failed_at_start(text)
    if not failed and is_command:
        return [] if _RUNNING.match(text) else talk.answer(text, failed=False, code=0, last=True)
    return talk.answer(text, failed, code, created=text.startswith(("Wrote ", "Created ")), last=True)


def _changed(blocks: list[list[str]]) -> dict[str, str]:
    """Return the old and the new lines that the numbered lines of a result show, nothing where it shows none."""
    lines = [found for block in blocks for line in block if (found := _DIFF.match(line))]
    old, new = ("\n".join(it[2] for it in lines if it[1] == sign) for sign in "-+")
    return {"old_string": old, "new_string": new} if old or new else {}


def _stray(talk: Talk, first: str) -> list[Placed]:
    """Read a result whose call was cut off: what it says was written, was."""
    talk.cursor.take()
    number = talk.cursor.number
    lines = _block(talk, first)
    todos = _todos_in(lines)
    if todos:
        return [*talk.call("TodoWrite", {"todos": todos}), *talk.answer("", failed=False, last=True)]
    wrote = _WROTE.match(lines[0])
    if wrote:
        given = {"file_path": next(filter(None, wrote.groups())), **_changed([lines])}
        return [*talk.call("Edit", given, number), *talk.answer(lines[0], failed=False, last=True)]
    if talk.waiting and is_refusal(lines[0]):
        return talk.answer("\n".join(lines), failed=True, last=True)
    return []


def _todos(talk: Talk) -> list[Placed]:
    """Read the list of to-dos that follows."""
    lines = []
    while (text := talk.cursor.peek()) is not None:
        bare = unframed(text)
        goes_on = bare.strip() and lines and indent_of(bare) > 1 and not _begins(talk, text) and not _RULER.match(bare)
        if not (_TODO.match(bare) or (_CORNER.match(bare) and len(lines) < 2) or goes_on):  # noqa: PLR2004
            break
        lines.append(talk.cursor.take())
    todos = _todos_in([unframed(line) for line in lines])
    if not todos:
        return []
    return [*talk.call("TodoWrite", {"todos": todos}), *talk.answer("", failed=False, last=True)]


def _todos_in(lines: list[str]) -> list[dict[str, str]]:
    """Return the to-dos that ``lines`` list, if they do; a long one goes on over several lines."""
    todos: list[dict[str, str]] = []
    for line in lines:
        found = _TODO.match(line)
        if found:
            todos.append(
                {
                    "content": found[2].strip(),
                    "status": TODO_BOXES.get(found[1][0]) or _BOXES.get(found[1][1:2], "pending"),
                }
            )
        elif todos and line.strip() and not _FOLDED.match(line):
            todos[-1]["content"] += f" {line.strip()}"
        elif not todos and line.strip() and line is not lines[0]:
            return []
    return todos


_BOXES = {
    "x": "completed",
    "X": "completed",
    "✓": "completed",
    "•": "in_progress",
    "~": "in_progress",
    "-": "in_progress",
}


def _is_list(talk: Talk) -> bool:
    """Return whether the boxes that follow are a list to be worked on: one of them is open, or there was one before."""
    for ahead in range(40):
        found = _TODO.match(unframed(talk.cursor.peek(ahead) or ""))
        if not found:
            return talk.listed and ahead > 1
        if TODO_BOXES.get(found[1][0]) != "completed" and found[1] not in ("[x]", "[X]", "[✓]"):
            return True
    return True


def _answers(talk: Talk) -> list[Placed]:
    """Read what the user answered to the agent's questions."""
    pairs = []
    while (text := talk.cursor.peek()) is not None and text.strip() and not _begins(talk, text):
        found = _PAIR.match(_CORNER.sub(r"\1", talk.cursor.take()))
        if found:
            pairs.append((found[1].strip(), found[2].strip()))
    return [*talk.call("AskUserQuestion", {}), *talk.answered(tuple(pairs))] if pairs else []


def _codex(talk: Talk, did: str, words: str) -> list[Placed]:
    """Read what Codex did, and what hangs below it."""
    number = talk.cursor.number
    if did == "Context compacted":
        return [talk.at(Compacted())]
    head, body = _tree(talk)
    if did in ("Ran", "You ran", "Running"):
        run = unwrapped([f"      {words}", *(f"      {line}" for line in head)], talk.width).strip()
        output = "\n".join(body)
        failed, code = outcome_of(run, output)
        events = talk.call("Bash", {"command": run}, number)
        return events if did == "Running" else [*events, *talk.answer(output, failed, code, last=True)]
    if did == "Updated Plan":
        todos = _todos_in(body)
        return (
            [*talk.call("TodoWrite", {"todos": todos}, number), *talk.answer("", failed=False, last=True)]
            if todos
            else []
        )
    if did in ("Explored", "Exploring"):
        reads = [name for line in body if line.startswith("Read ") for name in line[5:].split(", ")]
        return [event for name in reads for event in _touched(talk, "Read", name.strip(), {}, number)]
    name = {"Added": "Write", "Deleted": "Delete"}.get(did, "Edit")
    path, many = re.match(r"(.*?)(?: \(\+\d+ -\d+\))?$", words)[1], re.match(r"\d+ files?\b", words)  # type: ignore[index]
    if did == "Called" or not path:
        return []
    if not many:
        return _touched(talk, name, path, _changed([body]), number)
    paths = [found[1] for line in body if (found := re.match(r"(\S.*?) \(\+\d+ -\d+\)$", line.strip()))]
    return [event for it in paths for event in _touched(talk, name, it, {}, number)]


def _touched(talk: Talk, name: str, path: str, changed: dict[str, str], number: int) -> list[Placed]:
    events = talk.call(name, {"file_path": path, **changed}, number)
    return [*events, *talk.answer("", failed=False, created=name == "Write", last=True)]


def _tree(talk: Talk) -> tuple[list[str], list[str]]:
    """Return the lines that go on with a command of Codex's (``│``), and those that hang below it (``└``)."""
    head: list[str] = []
    output = Output()
    began = False
    while (text := talk.cursor.peek()) is not None:
        bare = text.strip()
        if not bare:
            after = talk.cursor.peek(1)
            if not after or indent_of(after) < 4 or _begins(talk, after):  # noqa: PLR2004
                break
        elif (
            _begins(talk, text)
            or indent_of(text) < 2
            or (bare[0] not in "│└" and not began and not text.startswith("    "))
        ):
            break
        talk.cursor.take()
        if bare[:1] == "│" and not began:
            head.append(bare[1:].strip())
        elif not _FOLDED.match(text):
            began = True
            output.add(text.replace("└", " ", 1) if bare[:1] == "└" else text)
    return head, output.text().split("\n")


def _gemini(talk: Talk, sign: str, tool: str, words: str) -> list[Placed]:
    """Read a box of Gemini CLI's: the tool on its first line, what came of it below."""
    number = talk.cursor.number
    output = Output()
    head = words
    while (text := talk.cursor.peek()) is not None and text[:2].strip()[:1] in ("│", "┃", "║"):
        bare = unframed(talk.cursor.take())
        if (
            not output.text()
            and bare.strip()
            and indent_of(bare) > 4
            and head is not None
            and "(" in bare + head
            and ")" not in head
            and tool == "Shell"
        ):
            head += f" {bare.strip()}"
            continue
        output.add(bare)
    events = talk.turn(ASSISTANT, wrapped=True)
    body = output.text()
    failed = {"✔": False, "✓": False, "x": True, "✗": True, "✖": True, "-": True}.get(sign)
    if tool == "WriteTodos":
        todos = _todos_in(body.split("\n"))
        return (
            [*events, *talk.call("TodoWrite", {"todos": todos}, number), *talk.answer("", failed=False, last=True)]
            if todos
            else events
        )
    if tool == "Shell":
        run = re.sub(r" \((?:[^()]*(?:\)|…)?)$|(?: \[(?:in|current working directory) [^\]]*\]).*$", "", head).strip()
        told, code = outcome_of(run, body)
        failed = failed or told
        return [*events, *talk.call("Bash", {"command": run}, number), *talk.answer(body, failed, code, last=True)]
    path = head.removeprefix("Writing to ").partition(": ")[0].partition(" => ")[0].strip()
    name = {"WriteFile": "Write", "Replace": "Edit"}.get(tool, tool)
    given: Any = (
        {"file_path": path, **_changed([body.split("\n")])} if name in ("Edit", "Write", "ReadFile") else {"text": head}
    )
    return [*events, *talk.call(name, given, number), *talk.answer(body, failed, last=True)]


def _opencode(talk: Talk, text: str) -> list[Placed] | None:
    """Read a line of opencode's: a tool by its sign, what the user typed behind a bar."""
    bar = _BAR.match(text)
    inner = bar[1] if bar else text
    done = _OPENCODE_DONE.match(inner)
    if done and (done[1] != "$" or bar or text.startswith("  ")) and (done[2] or done[1] == "$"):
        talk.cursor.take()
        number = talk.cursor.number
        events = talk.turn(ASSISTANT, wrapped=True)
        if done[1] != "$":
            path = re.sub(r" \[.*\]$", "", done[3]).strip()
            return (
                [*events, *_touched(talk, done[2], path, {}, number)]
                if done[2] in ("Read", "Edit", "Write")
                else events
            )
        output = Output()
        while (line := talk.cursor.peek()) is not None and line.strip() and bool(_BAR.match(line)) == bool(bar):
            output.add(_BAR.sub(r"\1", talk.cursor.take()))
        failed, code = outcome_of(done[3], output.text())
        return [
            *events,
            *talk.call("Bash", {"command": done[3]}, number),
            *talk.answer(output.text(), failed, code, last=True),
        ]
    if re.match(r"\s{0,6}[▣■] {1,2}\w[\w -]* · ", text):
        talk.cursor.take()
        return talk.turn(ASSISTANT, wrapped=True)
    if not bar:
        return None
    talk.cursor.take()
    if inner.startswith("# ") and "odo" in inner[:12]:
        return [*talk.turn(ASSISTANT, wrapped=True), *_todos(talk)]
    events = talk.turn(USER, wrapped=True) if talk.role != USER or not talk.behind_bar else []
    talk.behind_bar = True
    return [*events, *talk.say(inner)]
