"""The edits in what Aider's model answers: blocks of what to search and what to put there, or files told whole."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.events import Called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HELD = 4
"""So many lines may belong to the head of a block: the name of its file, its mark, and empty ones."""

_PATH = compiled(r"[^\s`*]{0,200}[./\\][^\s`*]{1,200}")

_FORMAT = compiled(
    r"(?:Main model|Models?|(Editor) model): .{1,200}? with (?:[^\w\s]+ )?(?:editor-)?([a-z-]{2,40}) edit format"
)

_FENCES = ("```", "<source>", "<code>", "<pre>", "<codeblock>", "<sourcecode>")
_FENCE_ENDS = ("```", "</source>", "</code>", "</pre>", "</codeblock>", "</sourcecode>")
"""How the blocks of edits begin and end: by tags where the file has back-ticks."""


class Edits:
    """Takes the edits out of answers and keeps them by their files; ``whole`` where the model tells all of a file.

    Beside an architect, whose answer is the plan, an editor carries that out in a format of its own.
    """

    def __init__(self) -> None:
        self.by_file: dict[str, list[tuple[str, str]]] = {}
        self.whole = self.has_editor = self._editors_whole = self._are_files = False

    def told(self, line: str) -> None:
        """Take in a line of the tool's, which may say in what format a model tells its edits."""
        if not (found := _FORMAT.match(line)):
            self.whole = self.whole and not line.startswith(("Main model:", "Model:", "Models:"))
            return
        if found[1] == "Editor":
            self.has_editor, self._editors_whole = True, found[2] == "whole"
        else:
            self.whole = found[2] == "whole"

    def taken(self, path: str) -> Called:
        """Return the event of the edits of a file, which are kept no longer."""
        edits = self.by_file.pop(path, [])
        if self._are_files and edits:
            return Called("", "write", {"path": path, "content": edits[-1][1]})
        sides = [{"old_string": old, "new_string": new} for old, new in edits]
        return Called("", "edit", {"path": path, "edits": sides})

    def without(self, lines: Sequence[str], *, of_plan: bool = False) -> Iterator[str]:
        """Yield the lines that are no edits, which it keeps; ``of_plan`` where they carry out an architect's."""
        self._are_files = self._editors_whole if of_plan else self.whole
        return self._without_files(lines) if self._are_files else self._without_blocks(lines)

    def _without_files(self, lines: Sequence[str]) -> Iterator[str]:
        """Yield the lines that are no file told whole: its name right above a fenced block."""
        at = 0
        while at < len(lines):
            name, below = _bare(lines[at]), lines[at + 1] if at + 1 < len(lines) else ""
            end = _end_of(below)
            if not end or not _PATH.fullmatch(name):
                yield lines[at]
                at += 1
                continue
            ends = next((it for it in range(at + 2, len(lines)) if lines[it].rstrip() == end), len(lines))
            self.by_file.setdefault(name, []).append(("", "\n".join(lines[at + 2 : ends])))
            at = ends + 1

    def _without_blocks(self, lines: Sequence[str]) -> Iterator[str]:
        """Yield the lines that are no blocks of edits, which it keeps."""
        path, held, part = "", [], ""  # type: ignore[var-annotated]
        sides: dict[str, list[str]] = {}
        for line in lines:
            if part:
                if line.startswith("=======") and part == "old":
                    part = "new"
                elif line.startswith((">>>>>>> REPLACE", ">>>>>>> UPDATED")):
                    self.by_file.setdefault(path, []).append(("\n".join(sides["old"]), "\n".join(sides["new"])))
                    part = ""
                else:
                    sides[part].append(line)
            elif line.startswith(("<<<<<<< SEARCH", "<<<<<<< ORIGINAL")):
                path, begins = _named_above(held, path)
                yield from held[:begins]
                part, sides, held = "old", {"old": [], "new": []}, []
            elif line.startswith(_FENCE_ENDS) and path and not held:
                path = ""
            else:
                if len(held) == _HELD:
                    yield held.pop(0)
                held.append(line)
        if part and path:  # the text ends in a block: what was to come in its place may be unknown
            begun = self.by_file.setdefault(path, [])
            begun += [("\n".join(sides["old"]), "\n".join(sides["new"]))] * (part == "new")
        yield from held


_MARK = 3


def _end_of(fence: str) -> str:
    """Return the line that ends the block which the line ``fence`` begins, empty where it begins none."""
    ticks = len(fence) - len(fence.lstrip("`"))
    tag = f"{fence.partition('>')[0]}>"
    return fence[:ticks] if ticks >= _MARK else f"</{tag[1:]}" if tag in _FENCES else ""


def _named_above(lines: Sequence[str], path: str) -> tuple[str, int]:
    """Return the file of a block by the ``lines`` above it, ``path`` where they name none, and where its head begins.

    Its name stands above the fence, or within it where the edit format is ``diff-fenced``. A program that formats
    Markdown sets the name apart from the fence: there a sentence may stand too.
    """
    filled = [at for at, line in enumerate(lines) if line.strip()]
    if not filled:
        return path, len(lines)
    last, before = filled[-1], filled[-2] if len(filled) > 1 else -1
    if lines[last].startswith(_FENCES):
        name = _bare(lines[before]) if before >= 0 else ""
        is_name = before >= 0 and (before == last - 1 or _PATH.fullmatch(name) is not None)
        return (name, before) if is_name else (path, last)
    within = before >= 0 and lines[before].startswith(_FENCES)
    return (_bare(lines[last]) if path or within else path), before if within else last


def _bare(line: str) -> str:
    """Return the name of a file without what models put around it."""
    return line.strip().rstrip(":").strip("#`* ")
