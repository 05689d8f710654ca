"""What was changed for a while and still stands: lines, markers and files.

What a later edit or command took away again is done with, and so is what its own words call lasting.
"""

from __future__ import annotations

from handoff_cli.core.code import definitions_in, enclosing
from handoff_cli.core.light import bisect_right
from handoff_cli.core.paths import MARKDOWN, name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.verdicts import LONG
from handoff_cli.documents.extract.files.changes import SIDE_CHARS, tells
from handoff_cli.documents.extract.files.edits import alive
from handoff_cli.documents.extract.files.texts import parts_of_file
from handoff_cli.documents.extract.language.words import as_one_line, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Command, Edit, Message, Transcript
    from handoff_cli.documents.extract.files.changes import Altered
    from handoff_cli.documents.extract.files.texts import Printed

_MARKED = lazily(
    r"(?:console\.(?:log|debug|error|warn)|fmt\.(?:Print|Fprint)\w*|\be?print(?:ln!?|f)?\s*\(|logger?\.debug"
    r"|log\.Print\w*|var_dump|System\.(?:out|err)\.print\w*|NSLog)(?:[^\n]*\bDEBUG|[^\n]{0,40}[\"'`]\W{0,3}(?:dbg|DBG|xxx)\b)|\bdebugger;|breakpoint\(\)|pdb\.set_trace"
    r"|binding\.pry|\bdbg!\(|\b(?:it|test|describe|context|suite)\.only\(|\bfdescribe\(|\bTEMP(?:ORARY)?:"
    r"|(?:#|//|/\*|<!--|--) ?[^\n]*\b(?:TEMP(?:ORARY)?(?! TABLE)|XXX|HACK|DEBUG:)(?!\w)"
    r"|\b(?:[Rr]emove|REMOVE) (?:me|ME|again|before|BEFORE|this (?:again|before|when|once|after|line))\b"
    r"|\b[Rr]evert (?:this|before)\b|\b[Tt]ake (?:\w+ )?out again\b"
    r"|\b(?:DO NOT|[Dd]o not|[Dd]on't) (?:commit|merge|COMMIT|MERGE)(?: (?:this|me|it)\b|\W*$)"
)
"""What is meant for a while wherever it stands."""

_OF_MARKED = (
    *("DEBUG", "dbg", "DBG", "xxx", "TEMP", "XXX", "HACK", "debugger;", "breakpoint()", "pdb.set_trace", "binding.pry"),
    *("dbg!(", ".only(", "fdescribe(", "emove me", "emove this", "emove again", "emove before", "REMOVE "),
    *("evert this", "evert before", "out again", "ot commit", "n't commit", "NOT COMMIT", "ot merge", "n't merge"),
    "NOT MERGE",
)
"""One of these is in whatever ``_MARKED`` finds."""

_SKIPS = lazily(
    r"@pytest\.mark\.(?:skip|xfail)\b|\bpytest\.skip\(|@(?:unittest\.)?skip\b|@(?:Disabled|Ignore)\b|#\[ignore|\bt\.Skip(?:Now)?\("
    r"|\b(?:it|test|describe|context)\.(?:skip|todo)\(|\bx(?:it|describe|test)\("
)
_OF_SKIPS = ("skip", "Skip", "xfail", "@Disabled", "@Ignore", "#[ignore", ".todo(", "xit(", "xdescribe(", "xtest(")
_LASTING = caseless(
    r"skipif|platform|windows|win32|linux|macos|darwin|posix|requir|\bneeds?\b|support|available|installed|version|network"
    r"|docker|\bgpu\b|environ|testing\.short|\bslow\b|upstream|https?://|#\d|\bissue"
    r"|\b(?!(?:utf|iso|sha|rfc|cp|md)-)[a-z]{2,10}-\d{2,}\b"
)
"""Reasons for which a test is skipped for good."""

_PRINTS = lazily(
    r"console\.(?:log|debug|error)\(|fmt\.(?:Print|Fprint)\w*\(|\bprint(?:ln!?|f)?\s*\(|\be?println!\("
    r"|\blogger?\.(?:debug|info|warn)"
    r"|\blog\.Print\w*\(|var_dump\(|System\.(?:out|err)\.print|\bsleep\(|\bsleep \d"
    r"|[Ll]evel\W{1,12}\w{0,8}\.?(?:DEBUG|debug)\b"
)
"""What is meant for a while where the agent says so right before."""

_TO_SEE = caseless(
    r"\b(?:let me|i'?ll|i want to|to) (?:[\w'`]+ ){0,4}?(?:print|log|dump|trace|instrument)\b"
    r"|\bdebug(?:ging)? (?:print|output|log|line|statement)|\btemporar(?:y|ily)\b|\bfor now\b"
    r"|\b(?:out|off) again\b|\badd (?:\w+ ){0,2}(?:logging|prints?|logs)\b"
)
_FOR_A_WHILE = lazily(r"(?:^|[._-])(?:override|scratch|tmp|temp)(?=[._-])")
"""A word of the name of a file that stands beside the work."""


def temporary(transcript: Transcript, printed: Sequence[Printed] = ()) -> tuple[tuple[str, str], ...]:
    """Return ``(path, line)`` of what was put in for a while and still is there, the line after its function.

    Code that was put into a comment, line by line, is one of them; so is a line that only prints, where the agent
    announced it right before, and a file that is named so.
    """
    found: dict[tuple[str, str], None] = {}
    code = [it for it in transcript.edits if not it.path.endswith(MARKDOWN)]
    announced = _Announced((*transcript.messages, *transcript.reasonings))
    marked = {it.path for it in code if _signs(it, announced) or _is_beside(it) or _COMMENTED.search(it.new)}
    commands = (
        [it for it in transcript.commands if it.outcome != "failed" and _UNDOES.search(it.text)] if marked else []
    )
    for piece in alive([it for it in code if it.path in marked]):
        if any(_takes_out(it, piece.edit) for it in commands):
            continue
        if _is_beside(piece.edit):
            found.setdefault((piece.edit.path, "the whole file, it was created"))
            continue
        before = {line.strip() for line in piece.old if tells(line)}
        signs = _signs(piece.edit, announced)
        for line in piece.new if signs or before else ():
            if len(line) > LONG:  # written by a program: nobody marks a line of it
                continue
            off = _COMMENTED.match(line)
            is_off = off and off[1].strip() in before and not _is_set_anew(off[1], piece)
            if is_off or _is_temporary(line, piece, signs):
                where = _function_of(line, piece, transcript, printed)
                text = whole(as_one_line(line))[:SIDE_CHARS]
                found.setdefault((piece.edit.path, f"{where}: {text}" if where else text))
    return tuple(found)


_COMMENTED = lazily(r"(?m)^[^\S\n]*(?://|#|--|;|%)[ \t]?([^\n]{8,})$")


def _is_set_anew(line: str, piece: Altered) -> bool:
    """Return whether settings name another value beside the ``line`` that was put into a comment: it is the old one."""
    name = _SETTING.match(line) if piece.edit.path.endswith(_OF_SETTINGS) else None
    return name is not None and any(it.lstrip().startswith(name[0]) for it in piece.new)


_SETTING = lazily(r"[\w.-]+(?=\s*[=:])")
_OF_SETTINGS = (".conf", ".cnf", ".cfg", ".ini", ".properties", ".env", ".toml", ".yaml", ".yml")


def _is_beside(edit: Edit) -> bool:
    """Return whether ``edit`` made a file that is named as one that stands beside the work for a while."""
    return edit.action == "created" and bool(_FOR_A_WHILE.search(name_of(edit.path)))


def _signs(edit: Edit, announced: _Announced) -> list[re.Pattern[str]]:
    """Return the patterns by which a line of ``edit`` may be known to be meant for a while."""
    pairs = ((_MARKED, _OF_MARKED), (_SKIPS, _OF_SKIPS))
    signs = [sign for sign, marks in pairs if _has_one(edit.new, marks)]
    prints = edit.action != "created" and announced.before(edit.position) and _PRINTS.search(edit.new)
    return [*signs, _PRINTS] if prints else signs


def _has_one(text: str, marks: Sequence[str]) -> bool:
    for mark in marks:  # noqa: SIM110 - twice as fast as any()
        if mark in text:
            return True
    return False


def _is_temporary(line: str, piece: Altered, signs: Sequence[re.Pattern[str]]) -> bool:
    """Return whether a ``line`` that an edit put in has one of the ``signs``; a skip may have a lasting reason."""
    found = next((it for it in signs if it.search(line)), None)
    if found is _SKIPS:
        return not (_LASTING.search(line) or definitions_in("\n".join(piece.new)))  # a test that is new says why
    return found is not None


_UNDOES = lazily(r"\bgit (?:checkout(?! -b)|restore|reset --hard)\b|\bsed -i[^;|&]*/d\b|\brm\b")
_ALL = lazily(r"\bgit (?:(?:checkout|restore) (?:-- )?\.(?:\s|$)|reset --hard)")


def _takes_out(command: Command, edit: Edit) -> bool:
    """Return whether a ``command`` took out again what an ``edit`` before it brought."""
    named = name_of(edit.path) in command.text or bool(_ALL.search(command.text))
    return named and command.position > edit.position


def _function_of(line: str, piece: Altered, transcript: Transcript, printed: Sequence[Printed]) -> str:
    """Return the name of the function that a ``line`` stands in, or above as its marker; empty where it is unknown."""
    parts = ("\n".join(it.lines) for it in parts_of_file(piece.edit.path, transcript, printed))
    for text in (piece.edit.new, *parts) if _MARKER.match(line) or not piece.edit.where else ():
        at = text.find(line)
        if at >= 0 and (name := enclosing(text, at)):
            return name
    return piece.edit.where or ""


_MARKER = lazily(r"\s*(?:@|#\[)")


class _Announced:
    """Tells whether what the agent said last before a place announces a look that is meant for a while."""

    def __init__(self, said: Sequence[Message]) -> None:
        self._said = sorted((it for it in said if it.role != "user"), key=lambda it: it.position)
        self._places = [it.position for it in self._said]
        self._known: dict[int, bool] = {}

    def before(self, position: int) -> bool:
        """Return whether the last words before ``position`` announce it."""
        at = bisect_right(self._places, position) - 1
        if at >= 0 and at not in self._known:
            self._known[at] = bool(_TO_SEE.search(self._said[at].text[-_ANNOUNCED_CHARS:]))
        return at >= 0 and self._known[at]


_ANNOUNCED_CHARS = 600
