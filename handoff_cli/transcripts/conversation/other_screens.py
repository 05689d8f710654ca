"""What Codex, Gemini CLI and opencode show on their screens of what they did."""

from __future__ import annotations

import re

from handoff_cli.transcripts.conversation.lines import indent_of, unframed
from handoff_cli.transcripts.conversation.output import Output, outcome_of
from handoff_cli.transcripts.conversation.screen_parts import (
    FOLDED,
    begins,
    changed_in,
    listed,
    todos_below,
    todos_in,
    touched,
)
from handoff_cli.transcripts.conversation.speakers import ASSISTANT, USER
from handoff_cli.transcripts.conversation.talk import unwrapped
from handoff_cli.transcripts.events import Compacted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.transcripts.conversation.talk import Placed, Talk

CODEX_DONE = re.compile(
    r"(Ran|You ran|Running|Edited|Added|Deleted|Explored|Exploring|Updated Plan|Context compacted|Called"
    r"|Viewed Image)\b:? ?(.*)$"
)
GEMINI_DONE = re.compile(
    r" {0,3}([✔✓x✗✖⊷?o-]) {1,2}(Shell|Edit|WriteFile|ReadFile|ReadManyFiles|ReadFolder|WriteTodos|SearchText"
    r"|FindFiles|GoogleSearch|WebFetch"
    r"|Save Memory|Replace|\w+ \(\w[\w -]* MCP Server\))(?: (.*)|$)"
)
_OPENCODE_END = re.compile(r"\s{0,6}[▣■] {1,2}\w[\w -]* · ")
_OPENCODE_DONE = re.compile(r"\s{0,6}(?:[|┃▌] {1,3})?(?:([$→←✱⚙%]) {1,2})(?:(Read|Edit|Write|Grep|Glob|List) )?(.*)$")
_BAR = re.compile(r" {0,4}[┃▌▍] {0,3}(.*?)\s*[┃]?$")
_EDITS = ("Edited", "Added", "Deleted")
_COUNTED = re.compile(r"(\S.*?) \(\+\d+ -\d+\)$")
_GEMINI_ASIDE = re.compile(r" \((?:[^()]*(?:\)|…)?)$|(?: \[(?:in|current working directory) [^\]]*\]).*$")


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
        events = talk.call("Bash", {"command": run}, number)
        return events if did == "Running" else [*events, *talk.answer(output, failed, code, last=True)]
    if did == "Updated Plan":
        return listed(talk, todos_in(body), number)
    if did in ("Explored", "Exploring"):
        reads = [name for line in body if line.startswith("Read ") for name in line[5:].split(", ")]
        return [event for name in reads for event in touched(talk, "Read", name.strip(), {}, number)]
    return (
        _codex_edits(talk, {"Added": "Write", "Deleted": "Delete"}.get(did, "Edit"), words, body)
        if did in _EDITS
        else []
    )


def _codex_edits(talk: Talk, name: str, words: str, body: list[str]) -> list[Placed]:
    """Return the edits that Codex reports: of the file it names, or of those it lists below."""
    number = talk.cursor.number
    counted = _COUNTED.match(words)
    if not re.match(r"\d+ files?\b", words):
        return touched(talk, name, counted[1] if counted else words, changed_in([body]), number)
    paths = [found[1] for line in body if (found := _COUNTED.match(line.strip()))]
    return [event for path in paths for event in touched(talk, name, path, {}, number)]


def _tree(talk: Talk) -> tuple[list[str], list[str]]:
    """Return the lines that go on with a command of Codex's (``│``), and those that hang below it (``└``)."""
    head: list[str] = []
    output = Output()
    began = False
    while (text := talk.cursor.peek()) is not None:
        bare = text.strip()
        if not bare:
            after = talk.cursor.peek(1)
            if not after or indent_of(after) < 4 or begins(talk, after):  # noqa: PLR2004
                break
        elif (
            begins(talk, text)
            or not text.startswith("  ")
            or (bare[0] not in "│└" and not began and not text.startswith("    "))
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
    """Read a box of Gemini CLI's: the tool on its first line, what came of it below."""
    number = talk.cursor.number
    output, head, begun = Output(), words, False
    while (text := talk.cursor.peek()) is not None and text.lstrip()[:1] in ("│", "┃", "║"):
        bare = unframed(talk.cursor.take())
        begun = begun or not bare.strip() or tool != "Shell"
        if begun:
            output.add(bare)
        else:
            head += f" {bare.strip()}"
    events, body = talk.turn(ASSISTANT, wrapped=True), output.text()
    failed = {"✔": False, "✓": False, "x": True, "✗": True, "✖": True, "-": True}.get(sign)
    if tool == "WriteTodos":
        return [*events, *listed(talk, todos_in(body.split("\n")), number)]
    if tool == "Shell":
        run = _GEMINI_ASIDE.sub("", head).strip()
        told, code = outcome_of(run, body)
        return [
            *events,
            *talk.call("Bash", {"command": run}, number),
            *talk.answer(body, failed or told, code, last=True),
        ]
    path = head.removeprefix("Writing to ").partition(": ")[0].partition(" => ")[0].strip()
    name = {"WriteFile": "Write", "Replace": "Edit", "ReadFile": "Read"}.get(tool, tool)
    on_file = name in ("Edit", "Write", "Read")
    given: Any = {"file_path": path, **changed_in([body.split("\n")])} if on_file else {"text": head}
    return [*events, *talk.call(name, given, number), *talk.answer(body, failed, last=True)]


def opencode_did(talk: Talk, text: str) -> list[Placed] | None:
    """Read a line of opencode's: a tool by its sign, what the user typed behind a bar."""
    bar = _BAR.match(text)
    inner = bar[1] if bar else text
    done = _OPENCODE_DONE.match(inner)
    if done and (done[1] != "$" or bar or text.startswith("  ")) and (done[2] or done[1] == "$"):
        return _opencode_tool(talk, done[1], done[2], done[3], behind_bar=bar is not None)
    if not bar:
        if not _OPENCODE_END.match(text) and (not talk.behind_bar or not text.strip()):
            return None
        talk.cursor.take()
        events = talk.turn(ASSISTANT, wrapped=True)
        return events if _OPENCODE_END.match(text) else [*events, *talk.say(text)]
    talk.cursor.take()
    if inner.startswith("# ") and "odo" in inner[:12]:
        return [*talk.turn(ASSISTANT, wrapped=True), *todos_below(talk)]
    events = talk.turn(USER, wrapped=True) if talk.role != USER or not talk.behind_bar else []
    talk.behind_bar = True
    return [*events, *talk.say(inner)]


def _opencode_tool(talk: Talk, sign: str, tool: str | None, words: str, *, behind_bar: bool) -> list[Placed]:
    """Read a tool of opencode's by its sign, with the output below a command."""
    talk.cursor.take()
    number = talk.cursor.number
    events = talk.turn(ASSISTANT, wrapped=True)
    if sign != "$":
        path = re.sub(r" \[.*\]$", "", words).strip()
        on_file = tool in ("Read", "Edit", "Write")
        return [*events, *touched(talk, tool, path, {}, number)] if tool and on_file else events
    output = Output()
    while (line := talk.cursor.peek()) is not None and line.strip() and bool(_BAR.match(line)) == behind_bar:
        output.add(_BAR.sub(r"\1", talk.cursor.take()))
    failed, code = outcome_of(words, output.text())
    events += talk.call("Bash", {"command": words}, number)
    return [*events, *talk.answer(output.text(), failed, code, last=True)]
