"""What the screens of agents have in common, and what Codex and Gemini CLI show of what they did."""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

import re

from handoff_cli.core.patterns import compiled
from handoff_cli.core.text import indent_of
from handoff_cli.core.transcript import REFUSED
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER
from handoff_cli.transcripts.conversation.marks.voices import CLAUDE, CODEX, GEMINI, SCREENS
from handoff_cli.transcripts.conversation.marks.wrapped import unwrapped
from handoff_cli.transcripts.conversation.reading.lines import unframed
from handoff_cli.transcripts.conversation.reading.work import Output
from handoff_cli.transcripts.conversation.screens.screen_diffs import DIFF, changed_in
from handoff_cli.transcripts.events import Compacted
from handoff_cli.transcripts.outcomes import outcome_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk


BULLET = compiled(r" {0,2}(?!● \S.{0,200} › )([⏺●•✦◆]|◦(?= Running ))(?: (.*)|$)")
"""What an agent's words or calls begin with; of jest a failed test does so too, told by its suite."""

CORNER = compiled(r"\s{0,12}[⎿└╰] {0,3}(.*)$")
TYPED = {
    CLAUDE: compiled(r" ?[>❯](?: (.*)|$)"),
    CODEX: compiled(r" ?[›▌](?: (.*)|$)"),
    GEMINI: compiled(r" {0,2}>(?: (.*)|$)"),
}
MENU = compiled(
    r"\d\. |Try \"|Type your message|Press up to edit |Ask (?:Codex to do |me )?anything(?:\.{3}|…)?(?: \"|$)"
    r"|(?:Explain this codebase|Summarize recent commits|Implement \{feature\}"
    r"|Find and fix a bug in @filename|Write tests for @filename|Improve documentation in @filename"
    r"|Run /review on my current changes|Use /skills to list available skills)$"
)
"""What stands where the user types, before anything is typed."""

TODO_BOXES = {
    **dict.fromkeys("☐◻□⬜○", "pending"),
    **dict.fromkeys("☒✔✓☑✅", "completed"),
    **dict.fromkeys("◼■▣◉🔄⏳◐»", "in_progress"),
}
TODO = compiled(r"\s*(?:[-*├└│⎿] *)?([☐◻□⬜○☒✔✓☑✅◼■▣◉🔄⏳◐»]|\[[ xX✓•~-]\])\ufe0f? +(\S.*)$")
_BOXES = {
    "x": "completed",
    "X": "completed",
    "✓": "completed",
    "•": "in_progress",
    "~": "in_progress",
    "-": "in_progress",
}
FOLDED = compiled(
    r"\s*(?:(?:…|\.\.\.) ?(?:\+\d+ (?:more )?lines|first \d+ lines hidden|.{0,20}lines? (?:hidden|omitted))"
    r"|\(ctrl\+\w to expand\)$)"
)
HIDDEN = compiled(r"\s*((?:…|\.\.\.) ?\+\d+ (?:more )?lines?)\b")
"""What stands for the end of an output."""

RULER = compiled(r"\s*[─━═┈▔▁]{4,}")
CODEX_DONE = compiled(
    r"(Ran|You ran|Running|Edited|Added|Deleted|Explored|Exploring|Updated Plan|Context compacted|Called"
    r"|Viewed Image|(?:Waited for|Interacted with) background terminal(?= *$| [\u00b7\u2022]|: ?$)"
    r"|Searched(?=(?: [^\s.?!:]\S*){1,40}$)|Searching the web$)\b:? ?(.*)$"
)
GEMINI_DONE = compiled(
    r" {0,3}([✔✓x✗✖⊷?o-]) {1,2}(Shell|Edit|WriteFile|ReadFile|ReadManyFiles|ReadFolder|WriteTodos|SearchText"
    r"|FindFiles|GoogleSearch|WebFetch|TodoWrite|Grep|Glob|WebSearch|Task|ListFiles"
    r"|Save Memory|Replace|\w+ \(\w[\w -]* MCP Server\))(?: (.*)|$)"
)
_NEXT_IN_BOX = compiled(
    r" {0,3}[✔✓✗✖⊷] {2}(?:Shell|Edit|WriteFile|ReadFile|ReadFolder|SearchText|FindFiles|Replace) \S"
)
_ON_PATHS = ("Edit", "WriteFile", "ReadFile", "Replace")
_EDITS = ("Edited", "Added", "Deleted")
_COUNTED = compiled(r"(\S.*?) \((?:\+\d+(?: -\d+)?|-\d+)\)$")
_GEMINI_ASIDE = compiled(r" \((?:[^()]*(?:\)|…)?)$")
_GEMINI_PLACE = compiled(
    r" \[(?:in|current working directory) (?:[^\]]{0,400}\].*$|[^\]]{0,400}…$)| \[([a-z][a-z ]{0,24})…$"
)
_GEMINI_PLACES = ("in ", "current working directory ")
"""Where a command is run, and what for, behind it; a narrow screen cuts that off anywhere."""


STOPPED = compiled(
    r"\s*[ℹ■⎿└✗✖⚠⏹]\ufe0f? {0,3}(?:Request cancell?ed|Conversation interrupted|Interrupted\b|Operation cancell?ed"
    r"|User cancell?ed)|\s*Interrupted(?: by user)? · What should (?:Claude|Codex|I) do (?:instead|differently)\?"
)
"""What says that the user stopped the agent."""

EVENT = compiled(
    r"\s?(?:■ |ℹ |[✔✓✗✘] You (?:approved|cancell?ed|did not approve|denied|rejected)\b)"
    r"|\s{0,4}Interrupted(?: by user)? · What should "
)
"""What an agent's program says of itself, below which nothing hangs."""

DENIED = compiled(r"\s?[✗✘] You (?:cancell?ed the request|did not approve codex|denied codex) to run (.{1,2000})$")
"""How Codex says that the user did not let a command run."""

APPROVED = compiled(r"\s?[✔✓] You approved codex to (?:always )?run (.{1,2000}?)(\.{3})? (?:this time|every time .*)$")
"""How it says that the user let one run, which was to run outside of the sandbox; the end of a long one is left out."""


LEFT_OUT = "\u2026"


def typed_on(bare: str, forms: int) -> str | None:
    """Return what the user typed on a line, None where it is no line of the user's."""
    for form, pattern in TYPED.items():
        found = pattern.match(bare) if forms & form else None
        if found:
            words = (found[1] or "").strip()
            return None if MENU.match(words) and bare[:1] == " " else words
    return None


def is_item(talk: Talk, bare: str) -> bool:
    """Return whether a bullet stands in what the user typed to Codex: set in below it, where the agent's are not.

    Who says it is told by what was typed above it, which is set in as deep, or by no empty line between.
    """
    if talk.role != USER or not talk.forms() & CODEX or indent_of(bare) < _TYPED_AT:
        return False
    typed = talk.unsaid[1:_TYPED_LINES]
    return bool(talk.unsaid) and (
        bool(talk.unsaid[-1].strip()) or any(it and indent_of(it) == _TYPED_AT for it in typed)
    )


_TYPED_AT, _TYPED_LINES = 2, 40


def begins(talk: Talk, text: str) -> bool:
    """Return whether a line begins something of its own: a bullet, what the user typed, a named speaker."""
    bare = unframed(text)
    return (
        (BULLET.match(bare) is not None and bare[:1] != "•")
        or (bare[:1] == "•" and bool(talk.forms() & CODEX))
        or (indent_of(bare) < 2 and typed_on(bare, talk.forms() & SCREENS) is not None)  # noqa: PLR2004
        or (bool(bare) and not bare[0].isspace() and talk.mark(bare) is not None)
    )


def todos_in(lines: list[str]) -> list[dict[str, str]]:
    """Return the to-dos that ``lines`` list, if they do; a long one goes on over several lines."""
    todos: list[dict[str, str]] = []
    for line in lines:
        found = TODO.match(line)
        if found:
            todos.append(
                {
                    "content": found[2].strip(),
                    "status": TODO_BOXES.get(found[1][0]) or _BOXES.get(found[1][1:2], "pending"),
                }
            )
        elif todos and line.strip() and not FOLDED.match(line):
            todos[-1]["content"] += f" {line.strip()}"
        elif not todos and line.strip() and line is not lines[0]:
            return []
    return todos


def listed(talk: Talk, todos: list[dict[str, str]], number: int | None = None) -> list[Placed]:
    """Return the events of a list of to-dos, nothing where it is empty."""
    return talk.did("TodoWrite", {"todos": todos}, number) if todos else []


def todos_below(talk: Talk) -> list[Placed]:
    """Read the list of to-dos that follows."""
    lines: list[str] = []
    while (text := talk.cursor.peek()) is not None:
        bare = unframed(text)
        goes_on = bare.strip() and lines and indent_of(bare) > 1 and not begins(talk, text) and not RULER.match(bare)
        if len(lines) > 1 and CORNER.match(bare):  # another result of the call
            break
        if not (TODO.match(bare) or CORNER.match(bare) or goes_on):
            break
        lines.append(talk.cursor.take())
    return listed(talk, todos_in([unframed(line) for line in lines]))


def codex_did(talk: Talk, did: str, words: str) -> list[Placed]:
    """Read what Codex did, and what hangs below it."""
    number = talk.cursor.number
    if did == "Context compacted":
        return [talk.at(Compacted())]
    head, body = _tree(talk)
    if did in ("Ran", "You ran", "Running"):
        run = unwrapped([f"      {words}", *(f"      {line}" for line in head)], talk.width).strip()
        output = "\n".join(body)
        failed, code = outcome_of(run, output)
        runs = next((it for it in talk.waiting if it.run == run), None)  # a copy shows it while it runs too
        events = [] if runs else talk.call("Bash", {"command": run, **_leave(talk, run)}, number)
        if runs:
            talk.waiting.remove(runs)
            talk.waiting.append(runs)
        return events if did == "Running" else [*events, *talk.answer(output, failed, code, last=True)]
    if did == "Updated Plan":
        first = next((at for at, line in enumerate(body) if TODO.match(line)), 0)
        return listed(talk, todos_in(body[first:]), number)  # why it changed stands above
    if did == "Searched":
        return talk.did("WebSearch", {"query": words}, number)
    if did in ("Explored", "Exploring"):
        reads = [name for line in body if line.startswith("Read ") for name in line[5:].split(", ")]
        return [event for name in reads for event in talk.did("Read", {"file_path": name.strip()}, number)]
    return (
        _codex_edits(talk, {"Added": "Write", "Deleted": "Delete"}.get(did, "Edit"), words, body)
        if did in _EDITS
        else []
    )


def _leave(talk: Talk, run: str) -> dict[str, str]:
    """Return with which leave a command ran, if the user was asked for it."""
    approved = talk.approved.removesuffix(LEFT_OUT)
    if not approved or not (run == approved or (approved != talk.approved and run.startswith(approved))):
        return {}
    talk.approved = ""
    return {"sandbox_permissions": "require_escalated"}


def _codex_edits(talk: Talk, name: str, words: str, body: list[str]) -> list[Placed]:
    """Return the edits that Codex reports: of the file it names, or of those it lists below."""
    number = talk.cursor.number
    counted = _COUNTED.match(words)
    if not re.match(r"\d+ files?\b", words):
        return talk.did(name, {"file_path": counted[1] if counted else words, **changed_in([body], apart="")}, number)
    heads = [(at, found[1]) for at, line in enumerate(body) if (found := _COUNTED.match(line.strip()))]
    ends = [*(at for at, _ in heads[1:]), len(body)]
    files = [(path, body[at + 1 : end]) for (at, path), end in zip(heads, ends, strict=False)]
    return [
        event
        for path, lines in files
        for event in talk.did(name, {"file_path": path, **changed_in([lines], apart="")}, number)
    ]


def _tree(talk: Talk) -> tuple[list[str], list[str]]:
    """Return the lines that go on with a command of Codex's (``│``), and those that hang below it (``└``)."""
    head: list[str] = []
    output = Output()
    began, set_in = False, (talk.cursor.peek() or " ")[0] not in "│└"  # a program may have taken the indent away
    while (text := talk.cursor.peek()) is not None:
        bare = text.strip()
        if not bare:
            after = talk.cursor.peek(1)
            next_file = (after or "").lstrip()[:1] == "└" and _COUNTED.match((after or "").strip(" └"))
            if not (next_file or (after and indent_of(after) >= 4 and not begins(talk, after))):  # noqa: PLR2004
                break
        elif (
            begins(talk, text)
            or RULER.match(text)
            or (set_in and not text.startswith("  "))
            or (bare[0] not in "│└" and not text.startswith("    ") and (set_in or not (head or began)))
        ):
            break
        talk.cursor.take()
        if bare[:1] == "│" and not began:
            head.append(bare[1:].strip())
        elif not FOLDED.match(text):
            began = True
            output.add(text.replace("└", " ", 1) if bare[:1] == "└" else text)
    return head, output.text().split("\n")


def gemini_did(talk: Talk, sign: str, tool: str, words: str) -> list[Placed]:
    """Read a box of Gemini CLI's: the tool on its first line, what came of it below, up to the next tool in the box."""
    number, below = talk.cursor.number, unframed(talk.cursor.peek(1) or "")
    if (talk.cursor.peek() or "").lstrip()[:1] == "╭" and below.strip() == f"{sign}  {tool} {words}".strip():
        return talk.said()  # a box that was drawn anew while it grew
    output, head, begun = Output(), words, False
    while (text := talk.cursor.peek()) is not None and text.lstrip()[:1] in ("│", "┃", "║"):
        bare = unframed(text)
        if _NEXT_IN_BOX.match(bare):
            break
        talk.cursor.take()
        begun = begun or not bare.strip() or tool not in ("Shell", *_ON_PATHS)
        if begun:
            output.add(bare)
        else:
            head += bare.strip() if tool in _ON_PATHS and " => " not in head else f" {bare.strip()}"
    if accepted := _GEMINI_ACCEPTED.search(head):  # since 0.20 there is no box around it
        head = head[: accepted.start()]
        for text in _shown_below(talk):
            output.add(text)
    head = head.removesuffix(" \u2190")  # the box that is chosen
    events, body = talk.turn(ASSISTANT, wrapped=True), output.text()
    if (accepted and accepted[1] == "Rejected") or _is_refused(talk, sign, body):
        body, sign = REFUSED, "x"
    failed = {"✔": False, "✓": False, "x": True, "✗": True, "✖": True, "-": True}.get(sign)
    if tool in ("WriteTodos", "TodoWrite"):
        return [*events, *listed(talk, todos_in(body.replace("●", "◐").split("\n")), number)]
    if tool == "Shell":
        run = _command_in(head)
        told, code = outcome_of(run, body)
        call = talk.call("Bash", {"command": run}, number)
        waits = sign == "?" and _ASKS_LEAVE.search(body) is not None
        return [*events, *call, *(() if waits else talk.answer(body, failed or told, code, last=True))]
    path = head.removeprefix("Writing to ").partition(": ")[0].partition(" => ")[0].strip()
    name = {"WriteFile": "Write", "Replace": "Edit", "ReadFile": "Read"}.get(tool, tool)
    name = "Edit" if name == "Write" and any(map(FOLDED.match, body.split("\n"))) else name  # not all of it is shown
    on_file = name in ("Edit", "Write", "Read")
    changed = {} if accepted and name == "Write" else changed_in([body.split("\n")])  # all of a file, without signs
    given: Any = {"file_path": talk.folders.whole(path, talk.told_last), **changed} if on_file else {"text": head}
    return [*events, *talk.call(name, given, number), *talk.answer(body, failed, last=True)]


def _is_refused(talk: Talk, sign: str, body: str) -> bool:
    """Return whether a tool was cancelled, or asked for leave and got none: the user chose no, or stopped the agent."""
    if sign != "?":
        return sign == "-" and not body.strip()
    below = next((text for ahead in (1, 2) if (text := (talk.cursor.peek(ahead) or "").strip())), "")
    return _CHOSE_NO.search(body) is not None or STOPPED.match(below) is not None


_CHOSE_NO, _ASKS_LEAVE = compiled(r"●\s+\d\.\s+No\b"), compiled(r"●\s+\d\.\s+(?!No\b)\S")


def _command_in(head: str) -> str:
    """Return the command of a box's head, without where and what for it is run."""
    place = _GEMINI_PLACE.search(head)
    if place and (not place[1] or any(it.startswith(place[1]) for it in _GEMINI_PLACES)):
        return head[: place.start()].strip()
    return _GEMINI_ASIDE.sub("", head).strip()


def _shown_below(talk: Talk) -> Iterator[str]:
    """Yield the numbered lines below a change that no box is around, with what a narrow screen broke of them."""
    blank = not (talk.cursor.peek() or "").strip()
    if not DIFF.match(talk.cursor.peek(int(blank)) or ""):
        return
    while (text := talk.cursor.peek()) is not None and (indent_of(text) >= _SET_IN or (blank and not text.strip())):
        blank = False
        yield talk.cursor.take()


_GEMINI_ACCEPTED, _SET_IN = compiled(r" → (Accepted|Rejected)\b[^→]{0,40}$"), 4
