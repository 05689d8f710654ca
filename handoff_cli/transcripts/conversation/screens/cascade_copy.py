"""What an export of Windsurf's or Antigravity's chat says of what was done: which files were viewed, no results.

It heads no turn of the agent's before it: what was done right after a request stands below the user's words.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER
from handoff_cli.transcripts.conversation.marks.voices import HEADED
from handoff_cli.transcripts.conversation.reading.preface import is_title
from handoff_cli.transcripts.conversation.written.announced_runs import announced
from handoff_cli.transcripts.conversation.written.files import edited_unnamed
from handoff_cli.transcripts.values import unquoted_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_ON_FILE = compiled(
    r"\*(?P<did>Viewed|Edited|Created|Deleted) \[[^\[\]]{0,200}\]\(file://(?P<path>[^()\s#]{1,500})(?:#[^()\s]{0,40})?\)"
    r" ?\*\s*$"
)
_RESOURCE = compiled(r"\*Read resource from file://(?P<path>[^()\s#]{1,500}) ?\*\s*$")
_TOOLS = {"Viewed": "Read", "Created": "Write", "Deleted": "Delete"}
_RUN = compiled(r"\*User (?:accepted|rejected) the command `[^`\n]{2,2000}`\*\s*$")
_EDITED = "*Edited relevant file*"
_ASIDE = compiled(
    r"\*(?:Listed directory \[[^\[\]]{0,200}\]\([^()\s]{0,500}\) ?|Searched (?:filesystem|web|codebase)"
    r"|Grep(?:ped|-searched| searched) codebase|Read (?:terminal|URL content from \S{1,500}) ?"
    r"|(?:Checked|Sent input to) (?:command status|terminal)|User cancell?ed the command .{1,2000})\*\s*$"
)


def take(talk: Talk, text: str) -> list[Placed] | None:
    """Read a line that the export's program wrote, by whomever the words above it are; None for any other."""
    if text[0] != "*" or not text.rstrip().endswith("*") or (talk.role == USER and not talk.forms() & HEADED):
        return None
    if _RUN.match(text):
        events = [*_agents(talk), *(announced(talk, text) or ())]
        return [*events, *talk.answer("", None, last=True)]  # it never shows what came of one
    if found := _ON_FILE.match(text) or _RESOURCE.match(text):
        talk.cursor.take()
        name = _TOOLS.get(found.groupdict().get("did", "Viewed"), "Edit")
        path = unquoted_path(found["path"])
        events = _agents(talk)
        if name == "Read":
            talk.viewed[path] = talk.turns
        return [*events, *talk.did(name, {"file_path": path})]
    if text.rstrip() == _EDITED:
        talk.cursor.take()
        return [*_agents(talk), *edited_unnamed(talk)]
    if _ASIDE.match(text):
        talk.cursor.take()
        return _agents(talk)
    return None


def _agents(talk: Talk) -> list[Placed]:
    """Begin a turn of the agent's; what the export says of itself above the first one is nobody's."""
    begin = talk.begun if talk.role is None and is_title(talk.unsaid) else talk.turn
    return begin(ASSISTANT, None)
