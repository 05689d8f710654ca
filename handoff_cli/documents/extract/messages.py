"""What a command writes into the commit or the pull request it makes: the agent's account of what was done and why."""

from __future__ import annotations

from handoff_cli.core.patterns import MULTILINE, lazily
from handoff_cli.documents.extract.command_lines import never_ends


def commit_message(command: str) -> str:
    """Return the text of a commit, without its trailers, or of a pull request or issue; empty where none is made."""
    made = _MAKES.search(command) if "commit" in command or "create" in command else None
    if not made or never_ends(command):
        return ""
    behind = command[made.end() :]
    in_file = _IN_FILE.search(behind) is not None  # a here-document before it may have written that
    said = command if in_file else behind
    if start := _HERE_DOCUMENT.search(said):
        end = said.find(f"\n{start[1]}", start.end())
        text = said[start.end() : end if end >= 0 else len(said)]
    else:
        text = "\n\n".join(it[2] for it in _MESSAGE.finditer(said))
    return _WRAPPED.sub(" ", TRAILER.sub("", text))


def title_of(command: str) -> str:
    """Return the title of the pull request or issue that ``command`` makes; empty where it names none."""
    titled = _TITLED.search(command)
    return titled[2] if titled else ""


_MAKES = lazily(r"\b(?:git\s[^\n]{0,300}\bcommit|(?:gh|hub|glab)\s+(?:pr|mr|issue)\s+create)\b")
TRAILER = lazily(
    r"^[^\S\n]*(?:[A-Z][\w-]+-[Bb]y:|[A-Z]\w+-[A-Z][\w-]+: |\W*Generated with\b).*$|<<-?\s*'?\"?\w+'?\"?|^EOF$",
    MULTILINE,
)
"""A line of a commit that is for programs, or says who was at work."""

_HERE_DOCUMENT = lazily(r"<<-?\s*['\"]?(\w+)['\"]?\n")
_IN_FILE = lazily(r"\s(?:-\w*F|--(?:body-)?file)[ =](?!-)")
_MESSAGE = lazily(r"\s(?:-\w*m|-b|--message|--body|--description)[ =](['\"])(?!\$\()((?:\\.|(?!\1)[^\\])*)")
_TITLED = lazily(r"\s(?:--title|-t)[ =](['\"])(.+?)\1")
_WRAPPED = lazily(r"(?<=[\w,;)`])\n[ \t]*(?=[a-z(`])")
