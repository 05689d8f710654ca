"""What the screens of agents have in common: bullets, corners, lines of the user, boxes of to-dos, numbered diffs."""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

import re

from handoff_cli.transcripts.conversation.lines import indent_of, unframed
from handoff_cli.transcripts.conversation.survey import CLAUDE, CODEX, GEMINI, SCREENS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.talk import Placed, Talk

BULLET = re.compile(r" {0,2}([⏺●•✦◆])(?: (.*)|$)")
CORNER = re.compile(r"\s{0,12}[⎿└╰] {0,3}(.*)$")
_USER = {
    CLAUDE: re.compile(r" ?[>❯](?: (.*)|$)"),
    CODEX: re.compile(r" ?[›▌](?: (.*)|$)"),
    GEMINI: re.compile(r" {0,2}>(?: (.*)|$)"),
}
MENU = re.compile(r"\d\. |Try \"|Type your message")
TODO_BOXES = {
    **dict.fromkeys("☐◻□⬜○", "pending"),
    **dict.fromkeys("☒✔✓☑✅", "completed"),
    **dict.fromkeys("◼■▣◉🔄⏳◐", "in_progress"),
}
TODO = re.compile(r"\s*(?:[-*├└│⎿] *)?([☐◻□⬜○☒✔✓☑✅◼■▣◉🔄⏳◐]|\[[ xX✓•~-]\])\ufe0f? +(\S.*)$")
_BOXES = {
    "x": "completed",
    "X": "completed",
    "✓": "completed",
    "•": "in_progress",
    "~": "in_progress",
    "-": "in_progress",
}
DIFF = re.compile(r"\s{0,12}\d{1,7}\s?([ +-])\s?(.*)$")
FOLDED = re.compile(
    r"\s*(?:…|\.\.\.) ?(?:\+\d+ (?:more )?lines|first \d+ lines hidden|.{0,20}lines? (?:hidden|omitted))"
)
RULER = re.compile(r"\s*[─━═┈▔▁]{4,}")


def typed_on(bare: str, forms: int) -> str | None:
    """Return what the user typed on a line, None where it is no line of the user's."""
    for form, pattern in _USER.items():
        found = pattern.match(bare) if forms & form else None
        if found:
            words = (found[1] or "").strip()
            return None if MENU.match(words) and bare[:1] == " " else words
    return None


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


def changed_in(blocks: list[list[str]]) -> dict[str, str]:
    """Return the old and the new lines that the numbered lines of a result show, nothing where it shows none."""
    lines = [found for block in blocks for line in block if (found := DIFF.match(line))]
    old, new = ("\n".join(it[2] for it in lines if it[1] == sign) for sign in "-+")
    return {"old_string": old, "new_string": new} if old or new else {}


def listed(talk: Talk, todos: list[dict[str, str]], number: int | None = None) -> list[Placed]:
    """Return the events of a list of to-dos, nothing where it is empty."""
    if not todos:
        return []
    return [*talk.call("TodoWrite", {"todos": todos}, number), *talk.answer("", failed=False, last=True)]


def touched(talk: Talk, name: str, path: str, changed: dict[str, str], number: int) -> list[Placed]:
    """Return the events of a file that was read or changed, with the old and new lines where they are shown."""
    events = talk.call(name, {"file_path": path, **changed}, number)
    return [*events, *talk.answer("", failed=False, created=name == "Write", last=True)]


def todos_below(talk: Talk) -> list[Placed]:
    """Read the list of to-dos that follows."""
    lines: list[str] = []
    while (text := talk.cursor.peek()) is not None:
        bare = unframed(text)
        goes_on = bare.strip() and lines and indent_of(bare) > 1 and not begins(talk, text) and not RULER.match(bare)
        if not (TODO.match(bare) or (CORNER.match(bare) and len(lines) < 2) or goes_on):  # noqa: PLR2004
            break
        lines.append(talk.cursor.take())
    return listed(talk, todos_in([unframed(line) for line in lines]))
