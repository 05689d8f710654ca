"""Lines that tell what was done to files, with the change that a block below shows."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, compiled
from handoff_cli.transcripts.conversation.reading.fences import FENCE, OF_SHELL, fence_text
from handoff_cli.transcripts.conversation.reading.lines import LOOK_AHEAD
from handoff_cli.transcripts.conversation.reading.work import OF_OUTPUT, noticed, paths_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any

    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_CHUNK = compiled(r"(?:(?:\*\*)?Chunk \d{1,4}(?:\*\*)?|Lines added: .{1,60}|undefined|(?:\*\*)?Status:.{0,40})?")
_NEAR_LINES = 6


def on_files(talk: Talk, text: str) -> list[Placed] | None:
    """Read a line that says which files were edited, written, read or deleted; what it says besides is said."""
    told = paths_in(text)
    if told is None:
        return None
    talk.cursor.take()
    name, paths, besides = told
    shown: dict[str, dict[str, Any]] = {}
    if name == "Edit":
        shown = _changes_below(talk, paths)
    elif name == "Write" and len(paths) == 1:
        shown = {paths[0]: content_below(talk)}
    events: list[Placed] = []
    for path in paths:
        events += talk.report(name, {"file_path": path, **shown.get(path, {})})
    if any(shown.values()) and name == "Edit":
        events += _others_below(talk)
    return [*events, *talk.say(text)] if besides else events


def _others_below(talk: Talk) -> list[Placed]:
    """Read the files below an edit that are only named, each above its diff: they were edited with it."""
    events: list[Placed] = []
    while not talk.cursor.peek() and (named := _ONLY_NAMED.fullmatch(talk.cursor.peek(1) or "")):
        if "```diff" not in (talk.cursor.peek(2), talk.cursor.peek(2) or talk.cursor.peek(3)):
            break
        talk.cursor.take()
        talk.cursor.take()
        events += talk.report("Edit", {"file_path": named[1], **changed_below(talk)})
    return events


_ONLY_NAMED = compiled(r"(?:(?:and|und|et|y|e) )?(?:in )?(?:\*\*)?`([^`\s]{1,200}\.\w{1,8})`(?:\*\*)?:")


def _changes_below(talk: Talk, paths: list[str]) -> dict[str, dict[str, Any]]:
    """Read a diff that stands below edits of ``paths``, and return its sides by path; of several it names its own."""
    if len(paths) == 1:
        return {paths[0]: changed_below(talk)}
    diff = _diff_below(talk)
    found: dict[str, dict[str, Any]] = {}
    for part in _HEADER.split(diff)[1:]:
        told = part.partition("\n")[0].strip().removeprefix("b/")
        path = next((it for it in paths if told == it or told.endswith(f"/{it}")), "")
        found[path] = sides(part.partition("\n")[2])
    return found


_HEADER = compiled(r"(?m)^\+\+\+ ")


def changed_below(talk: Talk, folds: bool = False) -> dict[str, Any]:
    """Read the diffs that stand below an edit, and return the old and the new lines of each.

    ``folds``: they are folded away, and may have a description above them.
    """
    parts: list[dict[str, str]] = []
    while diff := _diff_below(talk, folds):
        parts.append(sides(diff))
    return {"edits": parts} if len(parts) > 1 else parts[0] if parts else {}


def edited_by(talk: Talk) -> dict[str, str]:
    """Return which file the answer to an edit names, and how it shows that now; nothing is read."""
    ahead = next((it for it in range(_NEAR_LINES) if _EDITED.match(talk.cursor.peek(it) or "")), 0)
    if not (edited := _EDITED.match(talk.cursor.peek(ahead) or "")):
        return {}
    rows: list[re.Match[str]] = []
    while len(rows) < LOOK_AHEAD and (row := _NUMBERED.match(talk.cursor.peek(ahead + 1 + len(rows)) or "")):
        rows.append(row)
    first = _AROUND if rows and rows[0][1] != "1" else 0
    new = "\n".join(row[2] for row in rows[first : len(rows) - _AROUND])
    return {"file_path": edited[1] or edited[2], **({"new_string": new} if new else {})}


_EDITED = compiled(
    r"The file (\S.{0,400}?) has been (?:updated|edited|modified)\b|File created successfully at: (\S.{0,400})$"
)
_NUMBERED = compiled(r"\s*(\d{1,6})[\u2192\t](.*)$")
_AROUND = 4
"""Lines that Claude Code shows around what it edited."""


def _diff_below(talk: Talk, folds: bool = False) -> str:
    """Read a diff that stands below the line at hand, and return it; empty where none does."""
    ahead = next((it for it in range(_NEAR_LINES + 2 * folds) if FENCE.match(talk.cursor.peek(it) or "")), 0)
    fence = FENCE.match(talk.cursor.peek(ahead) or "")
    above = [talk.cursor.peek(it) or "" for it in range(ahead)]
    told = folds and not any("</details>" in it or talk.mark(it) for it in above if it)
    if not fence or fence[2] != "diff" or not (told or all(map(_CHUNK.fullmatch, above))):
        return ""
    talk.cursor.skip(ahead)
    return fence_text(talk, fence[1])


def sides(diff: str) -> dict[str, str]:
    """Return the old and the new lines of a diff."""
    lines = [it for it in diff.split("\n") if it[:3] not in ("---", "+++")]
    old, new = ("\n".join(it[1:] for it in lines if it[:1] == sign) for sign in "-+")
    return {"old_string": old, "new_string": new}


def edited_alone(talk: Talk, mark: str) -> list[Placed]:
    """Read a diff with which a turn of the agent's begins in an export that sets each step under a head of its own.

    The file is the one that the agent named last; where none was, or several were, the diff is said too.
    """
    number, said, diff = talk.cursor.next_number, talk.said(), fence_text(talk, mark)
    path = named[1] if (named := _SIDE.search(diff)) else named_in(talk.told_last) or talk.folders.declaring(diff)
    given = {"file_path": path, **sides(diff)} if path else {"description": f"{UNNAMED}{_briefly(sides(diff))}"}
    events = talk.did("Edit", given, number)
    shown = () if path else ("```diff", *diff.split("\n"), "```", "")
    return [*said, *events, *(event for line in shown for event in talk.say(line))]


def is_set_apart(talk: Talk, below: int) -> bool:
    """Return whether two empty lines stand above a block of what Cursor says, and below it, ``below`` lines ahead.

    So its export sets what an edit wrote, of which it names no file; one parts a block from the words it belongs to.
    """
    if talk.name.casefold() != "cursor" or [*talk.unsaid[-2:]] != ["", ""]:
        return False
    return talk.cursor.peek(below) == talk.cursor.peek(below + 1) == ""


def written_alone(talk: Talk, mark: str) -> list[Placed]:
    """Read a block with what an edit wrote, of the file that the words above it name; where none is, it is said too."""
    number, said, shown = talk.cursor.next_number, talk.said(), talk.cursor.peek() or ""
    code, path = fence_text(talk, mark), _edited_in(talk.told_last)
    if path:
        return [*said, *talk.report("Edit", {"file_path": path, "old_string": "", "new_string": code})]
    about = f"{UNNAMED}{_briefly({'old_string': '', 'new_string': code})}"
    events = [*said, *talk.did("Edit", {"description": about}, number)]
    return [*events, *(event for line in (shown, *code.split("\n"), mark) for event in talk.say(line))]


def _briefly(changed: dict[str, str]) -> str:
    """Return the first line of each side of a change that has words, empty where neither has any."""
    both = (filter(_HAS_WORDS.search, changed[it].split("\n")) for it in ("old_string", "new_string"))
    old, new = (next(lines, "").strip()[:_BRIEF_CHARS] for lines in both)
    return f": {old} → {new}" if old and new else f": + {new}" if new else f": - {old}" if old else ""


_HAS_WORDS = compiled(r"\w")
_BRIEF_CHARS = 60


def edited_unnamed(talk: Talk) -> list[Placed]:
    """Return an edit of a file that the copy does not name: the one that the sentence above it does, or was viewed.

    Of more edits below the same words it is known of the first alone.
    """
    said = talk.said()
    upon = talk.told_last
    sentence = _SENTENCES.split(upon.rpartition("\n\n")[2])[-1]
    viewed = [path for path, turn in talk.viewed.items() if turn == talk.turns]
    path = named_in(sentence) or (viewed[0] if len(viewed) == 1 else "") if upon != talk.edited_upon else ""
    path = "" if named_in(sentence) and _LETS_BE.search(sentence) else path
    talk.edited_upon = upon
    talk.viewed.clear()
    given = {"file_path": talk.folders.whole(path)} if path else {"description": UNNAMED}
    return [*said, *talk.did("Edit", given)]


_SENTENCES = compiled(r"(?<=[.!?])\s+")


def _edited_in(text: str) -> str:
    """Return the file that the last paragraph of ``text`` names as one to be edited, empty where it does not."""
    last = text.rpartition("\n\n")[2]
    return named_in(last) if _EDITS.search(last) and not _LETS_BE.search(last) else ""


_EDITS = caseless(
    r"\b(?:edit|updat|add|chang|creat|fix|modif|implement|replac|remov|refactor|writ|extend|simplif|improv|insert|mov|"
    r"adjust|correct|clean|delet|enhanc|integrat|wir|register|set|put|apply|use(?!r)|mend)(?:e|es|ed|ing|ting|s|ify|y)?\b"
)
_LETS_BE = caseless(r"\b(?:not|never|nothing|untouched|leave|left|unchanged|works|does|reads|looks?)\b|n['\u2019]t\b")


def named_in(text: str) -> str:
    """Return the file that the last paragraph of ``text`` names, empty where that names none or several."""
    last = text.rpartition("\n\n")[2]
    files = {*(it.file for it in noticed(last.split("\n"), 0) if it.file), *_WITHOUT_ENDING.findall(last)}
    return files.pop() if len(files) == 1 else ""


_WITHOUT_ENDING = compiled(
    r"(?<![\w./\\-])(?:\.[a-z]{2,12}ignore|\.gitattributes|\.env|Dockerfile|Makefile|Justfile)(?![\w./\\-])"
)


UNNAMED = "of a file that the copy does not name"
_SIDE = compiled(r"(?m)^\+\+\+ (?:b/)?(?!/dev/null)(\S+)")


def content_below(talk: Talk) -> dict[str, str]:
    """Read a block of code that stands right below a file that was written, and return it as what the file holds."""
    ahead = 0 if talk.cursor.peek() else 1
    fence = FENCE.match(talk.cursor.peek(ahead) or "")
    if not fence or fence[2] in (*OF_SHELL, *OF_OUTPUT, "diff"):
        return {}
    talk.cursor.skip(ahead)
    return {"content": fence_text(talk, fence[1])}
