"""What a command writes into the commit or the pull request it makes: the agent's account of what was done and why."""

from __future__ import annotations

from handoff_cli.core.patterns import MULTILINE, lazily
from handoff_cli.documents.extract.commands.command_lines import masked, never_ends, steps_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re


def account_of(command: str) -> tuple[str, str] | None:
    """Return title and text of the pull request that ``command`` makes, else of the commit, which has no title apart.

    None where it makes none of them.
    """
    made = _made(command, _MAKES)
    if made is None or made[0] == "issue":
        return None
    return _title_in(command, made) if made[0] else "", commit_message(command)


def commit_message(command: str) -> str:
    """Return the text of a commit, without its trailers, or of a pull request or issue; empty where none is made."""
    made = _made(command, _MAKES)
    if made is None or never_ends(command):
        return ""
    _, begins, ends = made
    behind = command[begins:ends]
    in_file = _IN_FILE.search(behind) is not None  # a here-document before it may have written that
    start = _HERE_DOCUMENT.search(command, 0 if in_file else begins)
    if start and (in_file or start.start() < ends):
        end = command.find(f"\n{start[1]}", start.end())
        text = command[start.end() : end if end >= 0 else len(command)]
    else:
        text = "\n\n".join(it[2].replace("\\\n", "") for it in _MESSAGE.finditer(behind))
    return _WRAPPED.sub(" ", TRAILER.sub("", text))


def title_of(command: str) -> str:
    """Return the title of the pull request, issue or release that ``command`` makes; empty where it names none."""
    made = _made(command, _CREATES)
    return _title_in(command, made) if made else ""


def _title_in(command: str, made: tuple[str | None, int, int]) -> str:
    titled = _TITLED.search(command, *made[1:])
    return titled[2] if titled else ""


def _made(command: str, makes: re.Pattern[str]) -> tuple[str | None, int, int] | None:
    """Return the kind of what ``makes`` tells that a command makes, and from where to where it is told how.

    That is up to where another command begins. A pull request tells more than the commit before it. What is quoted
    makes something only where nothing else does.
    """
    if not (("commit" in command or "create" in command) and makes.search(command)):
        return None
    bare = masked(command)
    found = [*makes.finditer(bare)] or [*makes.finditer(command)]
    made = min(found, key=lambda it: _FIRST.get(it["kind"], len(_FIRST)))
    ends = next(end for _, end in steps_in(_GOES_ON.sub("  ", bare)) if end >= made.end())
    return made["kind"], made.end(), ends


_FIRST: dict[str | None, int] = {"pr": 0, "mr": 0, None: 1}
"""Which kind tells most: a commit has none of those names."""
_GOES_ON = lazily(r"\\\n")
_CREATES = lazily(r"\b(?:gh|hub|glab)\s+(?P<kind>pr|mr|issue|release|gist)\s+create\b")
_MAKES = lazily(r"\b(?:git\s[^\n;&|]{0,300}\bcommit|(?:gh|hub|glab)\s+(?P<kind>pr|mr|issue)\s+create)\b")
TRAILER = lazily(
    r"^(?:[^\S\n]*(?:[A-Z][\w-]+-[Bb]y:|[A-Z]\w+-[A-Z][\w-]+: )|[^\w\n]{0,16}Generated with\b).*$"
    r"|<<-?\s*'?\"?\w+'?\"?|^EOF$",
    MULTILINE,
)
"""A line of a commit that is for programs, or says who was at work."""

_HERE_DOCUMENT = lazily(r"<<-?\s*['\"]?(\w+)['\"]?\n")
_IN_FILE = lazily(r"\s(?:-\w*F|--(?:body-)?file)[ =](?!-)")
_MESSAGE = lazily(r"\s(?:-\w*m|-b|--message|--body|--description)[ =](['\"])(?!\$\()((?:\\[\s\S]|(?!\1)[^\\])*)")
_TITLED = lazily(r"\s(?:--title|-t)[ =](['\"])(.+?)\1")
_WRAPPED = lazily(r"(?<=[\w,;)`])\n[ \t]*(?=[a-z(`])")
