"""Calls that an export tells in words alone, with what they gave folded away below: ``Edit file: app.py``.

So SpecStory wrote in 2025 what Cursor did, where the name of the tool does not stand before it.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.inputs import from_html
from handoff_cli.transcripts.conversation.marks.speakers import USER
from handoff_cli.transcripts.conversation.reading.fences import FENCE, fence_text
from handoff_cli.transcripts.conversation.reading.work import Output
from handoff_cli.transcripts.conversation.written.descriptions import folded_text, tool_of, unfolded
from handoff_cli.transcripts.conversation.written.files import changed_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_ON_FILE = compiled(
    r"\s*(?:<details>\s*)?<summary>(?P<did>[A-Z][a-z]+) file: (?P<path>[^<>\s][^<>]{0,400})</summary>\s*$"
)
_SEARCH = compiled(
    r"\s*(?:<details>\s*)?<summary>(?:(?P<kind>[A-Z][a-z]{1,20}) (?:search )?for \"(?P<words>.{1,400})\""
    r"|Searched (?P<where>[a-z]{1,20}) \"(?P<sought>.{1,400})\""
    r"|Listed (?:current directory|directory (?P<directory>\S{1,400})|(?P<folder>\S{1,400})))"
    r" \u2022 \*{0,2}\d+\*{0,2} \w{1,20}</summary>\s*$"
)
_ROW = compiled(r"\| (?:[^\w\s`|]{1,4} )?`([^`]{1,400})` \|$|\| Name \||\|-+\|")
"""A row of the table in which the names of a folder stand."""

_SEARCHES = {
    **dict.fromkeys(("codebase", "semantic"), ("codebase_search", "query")),
    "web": ("WebSearch", "query"),
    "file": ("Glob", "pattern"),
    "listed": ("list_dir", "path"),
}


def take(talk: Talk, text: str) -> list[Placed] | None:
    """Read a call that a summary tells of; None for any other line."""
    if talk.role == USER or text.lstrip()[:1] not in ("<", "#"):
        return None
    if text[0] == "#":
        return _rule(talk, found[1]) if (found := _RULE.match(text)) else None
    if found := _ON_FILE.match(text):
        tool = tool_of(found["did"])
        shows = tool != "Edit" or any(_SHOWS_EDIT.match(it) for it in map(talk.cursor.peek, range(1, _NEAR)) if it)
        return _did(talk, tool, found["path"]) if tool and shows else None
    if found := _SEARCH.match(text):
        kind = (found["kind"] or found["where"] or "listed").lower()
        return _searched(talk, kind, found["words"] or found["sought"] or found["directory"] or found["folder"])
    return None


def _rule(talk: Talk, name: str) -> list[Placed] | None:
    """Read a rule of the project that the agent asked for, of which the text stands in a block below its summary."""
    ahead = next((it for it in range(1, _NEAR) if FENCE.match(talk.cursor.peek(it) or "")), 0)
    fence = FENCE.match(talk.cursor.peek(ahead) or "")
    about = [it for it in map(talk.cursor.peek, range(1, ahead)) if it]
    if not fence or fence[2] != "markdown" or not all(it.startswith("**") for it in about):
        return None
    talk.cursor.take()
    number = talk.cursor.number
    head = "\n".join(talk.cursor.take() for _ in range(ahead - 1)).strip()
    events = talk.call("Read", {"file_path": f".cursor/rules/{name}.mdc"}, number)
    return [*events, *talk.answer(f"{head}\n\n{fence_text(talk, fence[1])}", failed=False, last=True)]


_RULE = compiled(r"### Rule: (\S{1,200})$")
_NEAR = 8
_SHOWS_EDIT = compiled(r"undefined$|\*\*Chunk \d|Lines added: |`{3,}")
"""A line near the beginning of what the export folds away of an edit."""


def _did(talk: Talk, tool: str, path: str) -> list[Placed]:
    """Read what was done to a file, with the diffs of an edit."""
    talk.cursor.take()
    number = talk.cursor.number
    changed = changed_below(talk, folds=True) if tool == "Edit" else {}
    output = folded_text(talk)
    events = talk.call(tool, {"file_path": path, **from_html(changed)}, number)
    shown = output if tool == "Read" else ""
    return [*events, *talk.answer(shown, failed=False, created=tool == "Write", last=True)]


def _searched(talk: Talk, kind: str, words: str | None) -> list[Placed]:
    """Read a search: what was looked for stands above what was found."""
    talk.cursor.take()
    number, output = talk.cursor.number, Output()
    for _ in range(unfolded(talk)):
        output.add(_ROW.sub(r"\1", talk.cursor.take()) if kind == "listed" else talk.cursor.take())
    name, asked = _SEARCHES.get(kind, ("Grep", "pattern"))
    events = talk.call(name, {asked: words or "."}, number)
    return [*events, *talk.answer(output.text(), failed=False, last=True)]
