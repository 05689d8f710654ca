"""Commands that only read a file: which one, how it is named, and whether what they printed tells more."""

from __future__ import annotations

from handoff_cli.core.paths import AT_LINE, name_of, with_folder
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.transcript import GAVE
from handoff_cli.documents.extract.commands.command_lines import only_looks, without_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoff_cli.core.transcript import Command, Transcript


def file_read(command: Command) -> str:
    """Return the path, and the line, from which a ``command`` that does nothing else printed it; empty for others."""
    found = _PRINTS_FILE.fullmatch(without_folder(command.text).strip()) if command.outcome in GAVE else None
    if found is None:
        return ""
    path = (found["path"] or found["quoted"]).replace("\\ ", " ")
    return f"{path}:{found['first']}" if int(found["first"] or 1) > 1 else path


_PRINTS_FILE = lazily(
    r"(?:cat|nl(?: -ba)?|head(?: -n? ?\d+)?|sed -n ['\"]?(?P<first>\d{1,7}),\d+p['\"]?) +"
    r"(?:(?P<path>(?:[\w./~@+-]|\\ )+\.\w+)|(['\"])(?P<quoted>[^'\"$*\n]+\.\w+)\3)"
)


def of_old(command: Command, transcript: Transcript) -> str:
    """Return what came of a ``command`` that printed a file of an older commit which is missing by now.

    That is how long it is, and that it was not written back; empty for other commands, and where it was.
    """
    found = _SHOWS_OLD.fullmatch(without_folder(command.text).strip()) if command.outcome in GAVE else None
    if found is None or not (lines := (command.output or "").strip().count("\n")):
        return ""
    path, at = found[1], command.position
    said = (it for call in transcript.tool_calls if call.position < at for it in (call.error or "").split("\n"))
    said_by_runs = (it for ran in transcript.commands if ran.position < at for it in (ran.output or "").split("\n"))
    missing = any(path in line and _MISSING.search(line) for lines in (said, said_by_runs) for line in lines)
    back = any(it.position > at and it.path.endswith(path) for it in transcript.edits) or any(
        it.position > at and name_of(path) in it.text and not only_looks(it.text) for it in transcript.commands
    )
    return f"{lines + 1} lines, not written back yet" if missing and not back else ""


_SHOWS_OLD = lazily(r"git (?:-C \S+ )?show ['\"]?[\w./~^@{}-]+:([\w./@+-]+\.\w+)['\"]?")
_MISSING = caseless(r"\benoent\b|no such file|not found|does not exist")


def name_read(place: str) -> str:
    """Return how the file at ``place``, and its line, is told: with its folder where many have one of that name."""
    return with_folder(place) if _IN_MANY.fullmatch(name_of(AT_LINE.sub("", place))) else name_of(place)


_IN_MANY = lazily(r"(?:__init__|index|lib|main|mod|package|page|README|route|SKILL)\.\w+")
"""What a file is called of which many folders have one."""


def read_apart(places: Iterable[str], home: str | None = None) -> dict[str, str]:
    """Return the names, with their folders, of those of ``places`` beside which another file of that name was read.

    A path that ends with another is one of the same file, as a command in its folder names it. What lies in another
    copy of ``home``, the folder that the work is in, has the name of that copy.
    """
    places = list(places)
    named: dict[str, dict[str, str]] = {}
    for place in places:
        end = f"/{AT_LINE.sub('', place).replace(chr(92), '/').removeprefix('./')}"
        named.setdefault(name_of(end), {})[place] = end
    found = {}
    for ends in named.values():
        longest = max(ends.values(), key=len)
        if not all(longest.endswith(it) for it in ends.values()):
            found.update({place: with_folder(place) for place in ends})
    return found | {it: f"{copy}/…/{name_of(it)}" for it in places if (copy := _copy_of(home or "", it))}


def _copy_of(home: str, path: str) -> str:
    """Return the name of the folder beside ``home`` that ``path`` is in, where one is called as the other and more."""
    above, _, own = home.rstrip("/").rpartition("/")
    beside, _, inner = path[len(above) + 1 :].partition("/") if above and path.startswith(f"{above}/") else ("", "", "")
    alike = own and inner and beside != own and (beside.startswith(own) or own.startswith(beside))
    return beside if alike else ""


def tells_itself(place: str, output: str) -> bool:
    """Return whether what was read at ``place`` is told by its words: what runs leave, an error, a line or two."""
    path = AT_LINE.sub("", place)
    few = 0 < sum(bool(it.strip()) for it in output.split("\n")) <= _FEW_PRINTED
    return few or path.endswith(_LEFT_BY_RUNS) or bool(_OF_SYSTEM.match(path) or _SAYS_ERROR.search(output))


_FEW_PRINTED, _LEFT_BY_RUNS = 2, (".log", ".txt", ".out", ".err")
_OF_SYSTEM = lazily(r"/(?:proc|sys|var/(?:lib|log|run))/|(?:/private)?/(?:var/)?tmp/[^/]+$")
_SAYS_ERROR = lazily(
    r"(?m)^[\[(]?(?:\d[\d:.,TZ -]{0,30}[\])]?[ \t]*[\[(]?)?(?:CRITICAL|ERROR|FATAL|FAILED)\b(?!\s*[=,)])"
)
"""A line that says that something failed; one of code sets a name to it."""
