"""What an export tells of a call in words: a file, what was looked for; and what it folds away below them."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.inputs import plain_name
from handoff_cli.transcripts.conversation.reading.fences import FENCE, OF_SHELL
from handoff_cli.transcripts.conversation.reading.lines import LOOK_AHEAD
from handoff_cli.transcripts.conversation.reading.work import Output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.reading.talk import Talk

_DESCRIBED = compiled(
    r"\s*(?:<details>\s*)?<summary>(?P<folded>[^<>]{3,800})</summary>\s*$"
    r"|(?P<plain>(?:Read|View|Edit|Write|Create|Delete)(?:ed)? file: \S.{0,400})$"
)
_OPENS = compiled(r"\s*(?:<details>\s*)?$")
_SOUGHT = compiled(r"[\"`]([^\"`]{1,400})[\"`]")
_SEARCHES = ("grep", "glob", "search", "grep_search", "codebase_search", "search_files", "file_search")
_NEAR_LINES = 5
RUN = "Run command: "
"""What stands before a command in a description."""


def tool_of(did: str) -> str:
    """Return the tool that a verb at the head of a description tells of, empty where none is known."""
    return _TOOLS.get(did.lower().removesuffix("d").removesuffix("e"), "")


_TOOLS = {"edit": "Edit", "updat": "Edit", "read": "Read", "view": "Read", "writ": "Write", "creat": "Write"} | {
    "delet": "Delete"
}


def told_by(name: str, about: str) -> dict[str, str]:
    """Return the input that the description of a call tells: a file behind a colon, what is looked for in quotes."""
    did, _, rest = about.partition(": ")
    if rest and did.endswith(" file"):
        return {"file_path": rest.strip("`\"' ")}
    quoted = _SOUGHT.search(about) if plain_name(name) in _SEARCHES else None
    return {"pattern": quoted[1]} if quoted else {}


def below(talk: Talk) -> tuple[str, bool]:
    """Read a description that stands below the name of a tool, and return it and whether it folds away what follows."""
    lines = [talk.cursor.peek(ahead) or "" for ahead in range(_NEAR_LINES)]
    ahead = next((it for it, line in enumerate(lines) if not _OPENS.match(line)), 0)
    found = _DESCRIBED.match(lines[ahead])
    if not found:
        return "", False
    talk.cursor.skip(ahead + 1)
    return (found["folded"] or found["plain"]).strip().removeprefix(RUN), found["folded"] is not None


def prints_at_once(talk: Talk, run: str) -> bool:
    """Return whether the block below a command that a description tells is what it printed, not the command again."""
    ahead = next((it for it in range(_NEAR_LINES) if talk.cursor.peek(it)), 0)
    fence = FENCE.match(talk.cursor.peek(ahead) or "")
    if not fence or fence[2] in OF_SHELL:
        return False
    again = (talk.cursor.peek(ahead + 1) or "").strip().removeprefix("$ ")
    return not (again and run.startswith(again))


def unfolded(talk: Talk) -> int:
    """Return how many lines stand before what folds them away ends, 0 where it does not."""
    if talk.cursor.index < talk.unclosed.get("details", 0):
        return 0
    fenced, before = False, ""
    for ahead in range(LOOK_AHEAD):
        text = talk.cursor.peek(ahead)
        if text is None or talk.mark(text):
            break
        is_fence = FENCE.match(text) is not None
        fenced = fenced or (is_fence and not before)
        if "</details>" in text and not (fenced and before[-3:] not in ("```", "~~~")):
            return ahead
        before = text or before
    talk.unclosed["details"] = talk.cursor.index + ahead
    return 0


def summary_on(talk: Talk, first: str) -> str:
    """Return what a summary says that begins with ``first``: one that tells of a command may have lines below."""
    if "</summary>" in first:
        return first
    for ahead in range(_SUMMARY_LINES):
        text = talk.cursor.peek(ahead)
        if text is None or "<details" in text or (text and talk.mark(text)):
            break
        if "</summary>" in text:
            return "\n".join([first, *(talk.cursor.take() for _ in range(ahead + 1))])
    return first


_SUMMARY_LINES = 60


def shown_in(text: str) -> str:
    """Return what a fold shows, where it holds one block of which the marks are its first line and its last."""
    lines = text.strip("\n").split("\n")
    fence = FENCE.match(lines[0])
    return "\n".join(lines[1:-1]) if fence and lines[-1] == fence[1] else text


def folded_text(talk: Talk) -> str:
    """Read what is folded away, and return it."""
    output = Output()
    for _ in range(unfolded(talk)):
        output.add(talk.cursor.take())
    return output.text()
