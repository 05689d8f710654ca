"""Edits that the agent reports in words: of several files below a line that counts them, or in a sentence."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT
from handoff_cli.transcripts.conversation.marks.voices import SCREENS
from handoff_cli.transcripts.conversation.reading.fences import FENCE, OF_SHELL, fence_text
from handoff_cli.transcripts.conversation.reading.work import OF_OUTPUT, names_file
from handoff_cli.transcripts.conversation.written.files import changed_below, content_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_LEAD = r"(?:(?:Done|OK|Okay|Sure|Right|Great|Agreed|Fixed|Good|Yes)\b[,.!:;\u2014\u2013 -]{1,3})?"
_SEVERAL = compiled(
    rf"{_LEAD}(?:and )?(?:I(?:['\u2019]ve| have)? )?(?:also |now |just )?(?:[Ee]dited|[Uu]pdated|[Cc]hanged|[Mm]odified"
    r"|[Cc]reated|[Aa]dded|[Tt]ouched|Edits to|(?:[Mm]ade )?(?:the )?[Cc]hanges (?:in|to)) "
    r"(?:\d{1,2}|two|three|four|five|six|several|these|both|the following)(?: new| other)? files?\b[^:]{0,60}:$"
)
_MADE = r"(?:new|created|added|neu|nouveau|nuevo)"
_ITEM = compiled(
    r"(?:[-*+•] |\d{1,2}[.)] |#{2,6} )?(?:\*\*)?`?(?P<path>[\w@~./\\+\[\]-]{1,200})`?(?:\*\*)?"
    rf"(?: ?\((?:(?P<made>{_MADE})|(?P<gone>deleted|removed))?[^()]{{0,60}}\))?"
    r"(?:(?:\*\*)?(?::| [\u2014\u2013-])(?: (?P<besides>.*))?)?$"
)
_SENTENCE = compiled(
    rf"{_LEAD}I(?:['\u2019]ve| have)? (?:also |now |just )?"
    r"(?P<did>edited|updated|changed|modified|rewrote|created|wrote|added|deleted|removed) (?:the file |a new file )?"
    r"(?P<paths>`[^`\s]{1,200}`(?:(?:, and |, | and )`[^`\s]{1,200}`){0,9})(?P<after>.*)$"
)
_FIELD = compiled(
    r"(?:[-*+] )?(?:\*\*)?(?:[Ff]iles? )?"
    r"(?P<did>(?:[Ee]dit|[Uu]pdat|[Cc]hang|[Mm]odifi|[Cc]reat|[Aa]dd|[Dd]elet|[Rr]emov)ed)"
    r"(?: [Ff]iles?)?(?::\*\*|\*\*:|:) (?P<paths>`[^`\s]{1,200}`(?:,? (?:and )?`[^`\s]{1,200}`){0,30})(?P<after>\.?)$"
)
"""A field of an account that lists files."""

_OF_ANOTHER = compiled(r",? (?:to|in|into|from|on|under|as)\b")
"""What follows where something of that name was put into, or taken out of, another file."""

_DONE_BY = {"created": "Write", "wrote": "Write", "added": "Write", "deleted": "Delete", "removed": "Delete"}
_MOST = 40


def several(talk: Talk, text: str) -> list[Placed] | None:
    """Read the files below a line that counts them, each with the change or the text that stands below it."""
    if text[-1:] != ":" or "file" not in text or not _may_tell(talk) or not _SEVERAL.match(text.rpartition(". ")[2]):
        return None
    ahead, item = _next_item(talk, 1)
    if item is None:
        return None
    events = talk.say(talk.cursor.take())
    for _ in range(_MOST):
        ahead, item = _next_item(talk, 0)
        if item is None:
            break
        talk.cursor.skip(ahead)
        line = talk.cursor.take()
        name = "Delete" if item["gone"] else "Write" if item["made"] else "Edit"
        given: dict[str, Any] = {"file_path": item["path"].replace("\\", "/")}
        given |= content_below(talk) if item["made"] else changed_below(talk)
        events += [*talk.report(name, given), *(talk.say(line) if item["besides"] else ())]
    return events


def linked(talk: Talk, text: str) -> list[Placed] | None:
    """Read a heading that links to a file, with what is to stand there in a block below: the editor puts it in.

    So GitHub Copilot wrote its edits in VS Code; of what stays as it is a comment stands there.
    """
    found = _LINKED.match(text) if text[:1] == "#" and talk.role == ASSISTANT else None
    ahead = next((it for it in range(1, _NEAR) if FENCE.match(talk.cursor.peek(it) or "")), 0) if found else 0
    above = [talk.cursor.peek(it) or "" for it in range(1, ahead)]
    fence = FENCE.match(talk.cursor.peek(ahead) or "")
    if not found or not fence or fence[2] in (*OF_SHELL, *OF_OUTPUT) or any(it[:1] == "#" for it in above):
        return None
    if len(fence[1]) < _LONG_FENCE:  # it is only shown
        return None
    talk.cursor.take()
    words = [*talk.held(), *(talk.cursor.take() for _ in above)]  # the agent goes on below
    parts = [""]
    for line in fence_text(talk, fence[1]).split("\n"):
        parts = [*parts, ""] if _STAYS.match(line) else [*parts[:-1], f"{parts[-1]}{line}\n"]
    changes = [{"old_string": "", "new_string": it.rstrip("\n")} for it in parts if it.strip()]
    events = talk.report("Edit", {"file_path": found["path"], "edits": changes})
    return [*events, *(event for line in words for event in talk.say(line))]


_LONG_FENCE = 4
"""So many back-ticks the editor sets around what it is to put in, and nobody else."""
_LINKED = compiled(r"#{2,4} \[[^\]\n]{1,200}\]\(file://(?P<path>/[^()\s]{1,400})\)$")
_STAYS = compiled(r"\W{0,12}\.\.\.\s?existing code\s?\.\.\.\W{0,8}$")
_NEAR = 8


def in_sentence(talk: Talk, text: str) -> list[Placed] | None:
    """Read a sentence, or a field, in which the agent says which files it edited, where no call shows any edit."""
    if "`" not in text or talk.has_edited or not _may_tell(talk):
        return None
    field = _FIELD.match(text)
    told = field or _SENTENCE.match(text)
    if not told or (told["did"] in _DONE_BY and told["did"] != "created" and _OF_ANOTHER.match(told["after"])):
        return None
    paths = told["paths"].split("`")[1::2]
    if not all(names_file(it) or "/" in talk.folders.whole(it) for it in paths):
        return None
    talk.cursor.take()
    name = _DONE_BY.get(told["did"].lower(), "Edit")
    words = talk.held() if field else [text]  # an account stands below what was done
    events = [event for path in paths for event in talk.report(name, {"file_path": path})]
    return [*events, *(event for line in words for event in talk.say(line))]


def _may_tell(talk: Talk) -> bool:
    return talk.role == ASSISTANT and not talk.forms() & SCREENS


def _next_item(talk: Talk, ahead: int) -> tuple[int, Any]:
    """Return how many lines ahead a file is named, and the match; None where something else comes before."""
    while talk.cursor.peek(ahead) == "":
        ahead += 1
    text = talk.cursor.peek(ahead) or ""
    item = _ITEM.match(text) if text and not FENCE.match(text) and not talk.mark(text, ahead=True) else None
    return ahead, item if item and names_file(item["path"]) else None
