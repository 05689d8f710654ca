"""What panels and pages of agents show of their work, as the lines with which other copies tell the same.

A panel asks for leave above a command (``Roo wants to execute this command``), or counts the lines of a file that was
edited below its name (``+3``, ``-1``); ``Worked for 4m 12s`` and the like are its own.
"""

# ruff: noqa: RUF001 (signs as they stand on pages)
from __future__ import annotations

from collections import deque
from itertools import islice

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.speakers import SAID, mark_in
from handoff_cli.transcripts.tagged import in_tags

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.conversation.copies.given import Given

_WANTS = compiled(
    r"[A-Z][\w-]{1,20}(?: [A-Z]\w{1,20})? (?:wants? to|is|has) (?P<does>execut|run|edit|creat|writ|read|view|delet)"
    r"\w{0,4}(?: (?:this|the following|these|a new|to this))? (?:command|files?)(?: \([^()]{1,40}\))?:?$"
)
_SEARCHES = compiled(
    r"[A-Z][\w-]{1,20}(?: [A-Z]\w{1,20})? (?:wants? to search|searched) this (?:directory|folder)"
    r" for (?P<pattern>\S.{0,200}?) ?:$"
)
_SEEKS = "<search_files>"
_DOES = {"edit": "Edited", "creat": "Created", "writ": "Created", "read": "Read", "view": "Read", "delet": "Deleted"}
_SAME = {"Opened": "Read", "Accepted edits to": "Edited"}
_VERB = compiled(
    r"(?P<did>Edited|Updated|Modified|Changed|Created|Added|Wrote|Deleted|Removed)(?: (?:\d{1,4} )?files?)?:?$"
)
_ON_FILE = compiled(
    r"(?P<did>Edited|Updated|Modified|Created|Wrote|Deleted|Opened|Viewed|Read|Accepted edits to) (?:file )?"
    r"(?P<path>\S{2,200}?)"
    r"(?: \+\d{1,6})?(?: [-−–]\d{1,6})?$"
)
_PROGRAM = (
    r"(?:\./|(?:bash|python3?|pytest|npm|npx|yarn|pnpm|node|deno|bun|go|cargo|make|just|mvn|gradle|dotnet|rake"
    r"|bundle|rspec|php|composer|docker|kubectl|terraform|git|gh|uv|poetry|cmake|ctest"
    r"|swift|mix|psql|curl|ruff|mypy|tox)(?= ))"
)
_RAN = compiled(rf"(?:Ran|Running|Executed|Executing|Terminal)(?: command)?(?:: (?!\d)|\s(?={_PROGRAM}))(?P<run>\S.*)$")
_COMMAND = compiled(r"(?:Command(?: (?:completed|failed|finished|executed|cancell?ed))?|Ran(?: terminal)? command):?$")
_STARTS = compiled(rf"(?:\$ )?{_PROGRAM}")
_CHECKED = compiled(
    rf"(?P<sign>[✅✔✓❌✗✘])\ufe0f? `?(?P<run>(?:[A-Z_]{{1,30}}=\S{{1,60}} )?{_PROGRAM}[^`]{{1,300}})`?$"
)
"""A check as a page lists it below its summary, with what came of it."""

_PATH = compiled(r"/?(?:[\w@~.+-]{1,80}/){0,20}[\w@.+\[\]-]{0,80}(?:\.[A-Za-z]\w{0,12}|file)$")
_COUNTED, _ADDED, _TAKEN = compiled(r"\+\d{1,6},? [-−–]\d{1,6}$"), compiled(r"\+\d{1,6}$"), compiled(r"[-−–]\d{1,6}$")
_PUSHED = compiled(r"Pushed \d{1,3} commits?\b.{0,80}$")
_COMMIT = compiled(r"[0-9a-f]{7,12} [A-Z\w].{3,200}$")
_OWN = compiled(
    r"(?:(?:Worked|Thought|Reasoned|Ran|Explored|Waited) for (?:(?:a few|several) \w+"
    r"|\d[\dhms .,]{0,12}(?:sec|min|second|minute|hour)?\w?)"
    r"|Ran \d{1,3} commands?|(?:Read|Viewed|Opened|Searched) \d{1,4} files?|\d{1,3} actions?|Show \d{1,4} more"
    r"|API Request(?: .{0,20})?|\$\d{1,4}\.\d{2,4}|Changes|Checkpoint(?: (?:made|created|\(|saved).{0,60})?|Compare"
    r"|Restore(?: checkpoint)?|Rollback to here|Preview(?: this version)?|Command Output|Files \(\d{1,4}\)|Completed"
    r"|Run Command|Task Completed|(?:Start New|Resume) Task|Auto-approve: .{1,80}|[45]\d\d \{\"type\":.{1,400}\})$"
)
_MAY_TELL = compiled(
    r"\S{2,300}$|[A-Z][a-z]{1,20}ed[ :]|Command |(?:Wrote|Read|Ran|Running|Executing|Terminal)[ :]|[✅✔✓❌✗✘]"
    r"|\S+ (?:\S+ )?(?:wants?|is|has) "
)
"""How each line begins that may tell of work: a look at most others ends here."""

_LINES_SEEN, _LEAST_SIGNS = 6, 2


def is_in(texts: list[str]) -> bool:
    """Return whether a piece that begins so is a copy of a panel."""
    bare = [text.strip() for text in texts]
    signs = (_OWN.match(it) or _told(bare[at : at + _LINES_SEEN]) for at, it in enumerate(bare) if it)
    return len([*islice(filter(None, signs), _LEAST_SIGNS)]) == _LEAST_SIGNS


def told_plainly(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield ``lines`` with what a panel shows of work told plainly, and empty ones in the place of its own."""
    lines = iter(lines)
    ahead = deque(islice(lines, _LINES_SEEN))
    pushed = False
    while ahead:
        number, text, begins = ahead[0]
        bare = text.strip()
        told = _told([it[1].strip() for it in ahead]) if _MAY_TELL.match(bare) else None
        for _ in range(told[0] if told else 1):
            ahead.popleft()
        ahead.extend(islice(lines, _LINES_SEEN - len(ahead)))
        if told and (changes := _taken(ahead, lines, _CHANGE)):
            told = told[0], _changed(told[1][-1], [it[1] for it in changes])
        if told:
            yield from ((number, line, begins and not at) for at, line in enumerate(told[1]))
            if told[1][-1][:2] == "$ ":
                yield from _printed(ahead, lines)
            elif told[1][0] == _SEEKS:
                found = _taken(ahead, lines, _FOUND)
                yield from ((number, it, False) for it in in_tags("tool_result", [text for _, text, _ in found]))
            continue
        is_commit = pushed and _COMMIT.match(bare) is not None
        pushed = is_commit or _PUSHED.match(bare) is not None
        yield number, f"Committed {bare}" if is_commit else "" if _OWN.match(bare) else text, begins


def _taken(ahead: deque[Given], lines: Iterator[Given], like: re.Pattern[str]) -> list[Given]:
    """Take and return the next lines that look so."""
    taken: list[Given] = []
    while ahead and like.match(ahead[0][1]):
        taken.append(ahead.popleft())
        ahead.extend(islice(lines, 1))
    return taken


_CHANGE, _FOUND = compiled(r"[+-](?!\d{1,6}$)(?! \S)"), compiled(r"│|/?(?:[\w@~.+-]{1,80}/){1,20}[\w@.+\[\]-]{1,80}$")
"""A line that an edit put in or took out, and what a search found: an item of a list has one space."""


def _changed(told: str, changes: list[str]) -> list[str]:
    """Return an edit, which ``told`` tells plainly, as tags with the lines that it changed."""
    verb, _, path = told.partition(" ")
    if verb not in ("Edited", "Created"):
        return [told, *changes]
    tool, new = ("edit_file", "new_string") if verb == "Edited" else ("write_to_file", "content")
    sides = {sign: [it[1:] for it in changes if it[0] == sign] for sign in "-+"}
    old = in_tags("old_string", sides["-"]) if verb == "Edited" else []
    return in_tags(tool, [f"<path>{path}</path>", *old, *in_tags(new, sides["+"])])


def _printed(ahead: deque[Given], lines: Iterator[Given]) -> Iterator[Given]:
    """Yield in a block what a command printed: up to where somebody speaks or the panel shows something else."""
    output: list[Given] = []
    headed = False
    while ahead and len(output) < _MOST_PRINTED:
        if _ends([it[1].rstrip() for it in ahead], is_first=not output, headed=headed and not output):
            break
        line = ahead.popleft()
        ahead.extend(islice(lines, 1))
        headed = _HEADS_OUTPUT.match(line[1].strip()) is not None
        if not (headed or _OWN.match(line[1].strip())):
            output.append(line)
    if any(it[1].strip() for it in output) and not any(it[1].lstrip()[:3] == "```" for it in output):
        (first, _, _), (last, _, _) = output[0], output[-1]
        output = [(first, "```", False), *output, (last, "```", False)]
    yield from output or ((ahead[0][0], "", False),) if ahead else output


def _ends(texts: list[str], *, is_first: bool, headed: bool) -> bool:
    """Return whether an output is at its end before ``texts``: its own lines may stand above it.

    Below a line that says it ``headed``, a sentence is printed too.
    """
    filled = next((it for it in texts if it.strip()), "")
    bare = filled.strip()
    if not bare or (is_first and _OF_OUTPUT.match(bare)):
        return not bare
    at = texts.index(filled)
    return bool(
        filled[:2] in ("$ ", "> ")
        or _OWN.match(bare)
        or _told([it.strip() for it in texts[at:]])
        or (is_prose(filled) and not headed)
        or ((mark := mark_in(filled)) and (mark.role or mark.way == SAID))
    )


_MOST_PRINTED = 400
_HEADS_OUTPUT = compiled(r"(?:Command )?Output:?$|Completed$|Run Command$")
_OF_OUTPUT = compiled(rf"{_HEADS_OUTPUT.pattern}|Exit(?: code)?: \d{{1,3}}$")


def is_prose(text: str) -> bool:
    """Return whether a line is a sentence as people write it, or an item of a list."""
    words = text.removeprefix("- ").removeprefix("* ").removeprefix("• ").split()
    first = words[0].strip("\"'`(„") if words else ""
    if len(words) < _FEW_WORDS or first[:1] != first[:1].upper() or first.isupper() > (len(first) == 1) or "  " in text:
        return False
    plain = sum(word.strip(".,:;!?()\"'`„“”’").replace("-", "").replace("'", "").isalpha() for word in words)
    return text[-1] in ".!?" and plain >= len(words) * _PLAIN_SHARE


_FEW_WORDS, _PLAIN_SHARE = 4, 0.6


def _told(lines: list[str]) -> tuple[int, list[str]] | None:
    """Return how many of ``lines`` show what was done, and the lines that tell it plainly; None where they do not."""
    first, *below = lines
    if _MAY_TELL.match(first):
        return _wanted(first, below) or _run(first) or _edited(first, below)
    return None


def _wanted(first: str, below: list[str]) -> tuple[int, list[str]] | None:
    """Return the command or the file that stands below the line in which the agent asks for leave."""
    if below and _COMMAND.match(first) and _STARTS.match(below[0]):
        return 2, [f"$ {below[0].removeprefix('$ ')}"]
    if below and (seeks := _SEARCHES.match(first)):
        return 2, [_SEEKS, *in_tags("regex", [seeks["pattern"]]), "</search_files>"]
    wants = _WANTS.match(first)
    if not wants or not below or not below[0]:
        return None
    if wants["does"] in ("execut", "run"):
        return 2, [f"$ {below[0].removeprefix('$ ')}"]
    if not _PATH.match(below[0]):
        return None
    path = below[0] if _OF_SYSTEM.match(below[0]) else below[0].removeprefix("/")  # in the folder that is open
    return 2 + _counts(below[1:]), [f"{_DOES[wants['does']]} {path}"]


_OF_SYSTEM = compiled(r"/(?:home|Users|root|tmp|etc|var|usr|opt|mnt|srv|workspaces?|private|Volumes)/")


def _run(first: str) -> tuple[int, list[str]] | None:
    """Return the command that a line says was run; of one in a list of checks also how it ended."""
    if checked := _CHECKED.match(first):
        return 1, [f"$ {checked['run'].rstrip()}", "```", f"exit code {int(checked['sign'] in '❌✗✘')}", "```"]
    ran = _RAN.match(first)
    return (1, [f"$ {ran['run']}"]) if ran else None


def _edited(first: str, below: list[str]) -> tuple[int, list[str]] | None:
    """Return the file that a line says was edited, or whose lines are counted below its name."""
    if (did := _ON_FILE.match(first)) and _PATH.match(did["path"]):
        return 1 + _counts(below), [f"{_SAME.get(did['did'], did['did'])} {did['path']}"]
    verb = _VERB.match(first)
    path, *counts = below if verb and below else [first, *below]
    if _PATH.match(path) and (counted := _counts(counts)):
        return 1 + bool(verb) + counted, [f"{verb['did'] if verb else 'Edited'} {path}"]
    return None


def _counts(lines: list[str]) -> int:
    """Return how many of ``lines``, from the first on, count the lines that an edit put in and took out."""
    if lines and _COUNTED.match(lines[0]):
        return 1
    return sum(bool(pattern.match(it)) for pattern, it in zip((_ADDED, _TAKEN), lines[:2], strict=False))
