"""Names that an edit took out of a file, be it a text, while lines of it, as they stand at the end, use them yet."""

from __future__ import annotations

from handoff_cli.core.code import definitions_in
from handoff_cli.core.light import Counts
from handoff_cli.core.paths import MARKDOWN
from handoff_cli.core.patterns import MULTILINE, lazily
from handoff_cli.documents.extract.facts import Broken
from handoff_cli.documents.extract.files.changes import COMMENT
from handoff_cli.documents.extract.files.texts import parts_of_file
from handoff_cli.documents.extract.language.words import clipped, names_in
from handoff_cli.documents.extract.progress.reshaped import reshaped
from handoff_cli.documents.extract.runs.checked import PROSE, last_passed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Edit, Transcript
    from handoff_cli.documents.extract.commands.checks import Run
    from handoff_cli.documents.extract.facts import Reshaped
    from handoff_cli.documents.extract.files.texts import Printed

_VARIABLE = lazily(
    r"^(?:export +|pub +)?(?:const|let|var|val|static)\s+(?:mut +)?([A-Za-z_]\w*)\s*(?::[^=\n]{1,80})?=(?!=)"
    r"|^([A-Z][A-Z0-9_]{2,})\s*(?::[^=\n]{1,80})?=(?!=)",
    MULTILINE,
)
_IMPORT = lazily(
    r"^import\s+(?:type\s+)?(?:(\w+)\s*,?\s*)?(?:\{([^}\n]{1,300})\}\s*)?from\b"
    r"|^from\s+\S+\s+import\s+([\w, ]{1,300})$",
    MULTILINE,
)
_MODULES = lazily(r"^import\s+([\w., ]{1,300})$", MULTILINE)
_LEAST, _FILES, _EDITS, _USES, _USE_CHARS, _PLACES, _REWRITTEN = 3, 4, 12, 3, 110, 2, 8


def left_in_use(
    transcript: Transcript, runs: Sequence[Run], printed: Sequence[Printed]
) -> tuple[Broken | None, Reshaped | None]:
    """Return what edits since the last check that passed took out, and reshaped, and code uses as before."""
    passed = last_passed(runs)
    late = any(it.position > passed for it in transcript.edits)
    broken = dangling(transcript, printed, passed) if late else None
    changed = reshaped(transcript, printed, passed) if late else None
    return broken or (None if changed else standing_in_prose(transcript, printed)), changed


def dangling(transcript: Transcript, printed: Sequence[Printed], since: int) -> Broken | None:
    """Return what edits after ``since`` took out of a file that uses it yet, of the file edited last; else None.

    Only files that are known whole as they stand tell that a name is not defined any more.
    """
    late = [it for it in transcript.edits if it.position > since and it.old and it.outcome != "failed"]
    late = [it for it in late if not PROSE.search(it.path)]
    for path in list(dict.fromkeys(it.path for it in reversed(late)))[:_FILES]:
        taken = _taken_out([it for it in late if it.path == path][-_EDITS:])
        parts = parts_of_file(path, transcript, printed) if taken else []
        whole = next((it for it in parts if it.whole and it.exact), None)
        if whole is None:
            continue
        defined = _named("\n".join(whole.lines))
        for name in taken - defined:
            found = [(at, line) for at, line in enumerate(whole.lines, 1) if _uses(line, name)]
            uses = tuple(f"{at}: {clipped(line.strip(), _USE_CHARS)}" for at, line in found[:_USES])
            if uses and not any(name in _named(it.new) for it in transcript.edits if it.path != path):
                return Broken((name,), path, (), uses)
    return None


def standing_in_prose(transcript: Transcript, printed: Sequence[Printed]) -> Broken | None:
    """Return what edits since the latest request took out of a text at several places, and it has yet at others.

    One that takes out very many names writes a section anew: what others have of them is meant.
    """
    asked = max(transcript.asked_at, default=0)
    late = [it for it in transcript.edits if it.position > asked and it.old and it.path.endswith(MARKDOWN)]
    for path in list(dict.fromkeys(it.path for it in reversed(late)))[:_FILES]:
        own = [it for it in late if it.path == path][-_EDITS:]
        put = {name for it in own for name in names_in(it.new)}
        out = [[name for name in names_in(it.old) if name not in put] for it in own]
        gone = Counts(name for names in out if len(names) <= _REWRITTEN for name in names)
        if max(gone.values(), default=0) < _PLACES:
            continue
        parts = [it for it in parts_of_file(path, transcript, printed) if it.exact and it.first]
        lines = sorted({(it.first + at, line.strip()) for it in parts for at, line in enumerate(it.lines)})
        found = [(at, line, names) for at, line in lines if (names := [it for it in gone if _has(line, it)])]
        told = dict.fromkeys(name for _, _, names in found for name in names)
        if any(gone[it] >= _PLACES for it in told):
            uses = tuple(f"{at}: {clipped(line, _USE_CHARS)}" for at, line, _ in found[:_USES])
            return Broken(tuple(told), path, (), uses)
    return None


def _has(line: str, name: str) -> bool:
    """Return whether a ``line`` of a text has ``name``, not as a part of another."""
    return name in line and name in names_in(line)


def _taken_out(edits: Sequence[Edit]) -> set[str]:
    """Return the names that ``edits`` of a file took out and no later one put back."""
    taken: set[str] = set()
    for edit in edits:
        old, new = _named(edit.old), _named(edit.new)
        taken = {it for it in (taken | old) - new if len(it) >= _LEAST}
    return taken


def _named(text: str) -> set[str]:
    """Return the names that ``text`` defines or imports."""
    found = set(definitions_in(text))
    found.update(one or other for one, other in _VARIABLE.findall(text))
    for default, several, names in _IMPORT.findall(text):
        found.update(
            it.rpartition(" as ")[2].removeprefix("type ").strip() for it in f"{several},{names},{default}".split(",")
        )
    for modules in _MODULES.findall(text):
        found.update(it.rpartition(" as ")[2].partition(".")[0].strip() for it in modules.split(","))
    return found - {""}


def _uses(line: str, name: str) -> bool:
    """Return whether a ``line`` of code has ``name`` as a word of its own, or of this class, not of another thing's."""
    at = -1 if COMMENT.match(line) else line.find(name)
    while at >= 0:
        before, after = line[max(0, at - 1) : at], line[at + len(name) : at + len(name) + 1]
        own = before not in _QUALIFIES or line[:at].endswith(("this.", "self."))
        if own and not any(it.isalnum() or it == "_" for it in (before, after)):
            return True
        at = line.find(name, at + 1)
    return False


_QUALIFIES = (".", "'", '"', "`", "$", "-", "/")
"""What before a name makes it one of another thing's, or a word in a text."""
