"""The work tree by the log: its branch, whether it is clean, and which edits no commit took.

A commit takes what was added and committed by name; git's own last word counts for more.
"""

from __future__ import annotations

from itertools import islice

from handoff_cli.core import tool_names
from handoff_cli.core.light import Counts
from handoff_cli.core.patterns import MULTILINE, caseless, lazily
from handoff_cli.core.record import Record
from handoff_cli.core.transcript import GAVE, FileTouch
from handoff_cli.documents.extract.commands.checks import is_rejected
from handoff_cli.documents.extract.commands.command_lines import masked
from handoff_cli.documents.extract.facts import LastCommit
from handoff_cli.documents.extract.files.edits import came_and_went, of_project, standing
from handoff_cli.documents.extract.progress.work_at_hand import made_since
from handoff_cli.documents.extract.runs.commits import branch_taken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from handoff_cli.core.transcript import Command, Edit, Transcript
    from handoff_cli.documents.extract.runs.commits import Committed

_GIT = r"(?:^|[;&|(\n])[ \t]*git(?: +-[cC] +\S+| +--no-pager)* +"
_STEP = lazily(rf"{_GIT}(?P<verb>add|rm|mv|commit)\b(?P<options>[^;&|\n)]*)")
_ALL = frozenset(("-A", "--all", ".", "./", ":/", "*", "-u", "--update", "-p", "--patch", "-i", "--interactive"))
_ALL_CHANGED = lazily(r"-[bqsvSn]*a[a-zA-Z]*|--all|--include|-i|--amend")
_WITH_VALUE = lazily(r"-[a-zA-Z]*[mFCct]|--(?:message|file|author|date|fixup|squash|trailer|reuse-message)")
_MOST_STEPS, _MOST_LISTED = 20, 200
_SHOWS = lazily(rf"{_GIT}status\b(?P<options>[^;&|\n)]*)(?P<cut>\s*\|(?!\|))?")
_SHORT = lazily(
    r"(?:^(?:[MADRCTU][ MADTU]|[ MADRC][MADTU]|\?\?)|\A[MADTU]) (\"?[^\n]+)$", MULTILINE
)  # the first line has lost its blank where an output is kept without what is around it
_LONG = lazily(r"^(?:\t| {2,8})(?:modified|new file|deleted|renamed|typechange|both \w+): {1,8}([^\n]+)$", MULTILINE)
_UNTRACKED = lazily(r"^(?:\t| {8})([\w./\"@+~-][^\n:]*)$", MULTILINE)
_CLEAN = "working tree clean"


class Loose(Record):
    """What is not committed: ``edits``, and ``others``, the paths that git listed besides and nothing edited."""

    edits: tuple[Edit, ...]
    others: tuple[str, ...] = ()


def not_committed(edits: Sequence[Edit], commands: Sequence[Command], commits: Iterable[int]) -> Loose:
    """Return which of ``edits`` no commit took, of those made by the commands at the places ``commits``.

    A commit takes what was added since the one before, or what it names; all where nothing tells. What ``git status``
    says then counts for more.
    """
    made, waiting = frozenset(commits), list(reversed(edits))
    left: list[Edit] = []
    added: list[str] = []
    others: tuple[str, ...] = ()
    for command in (it for it in commands if "git" in it.text):
        while waiting and waiting[-1].position <= command.position:
            left.append(waiting.pop())
        if command.position in made:
            names = _committed(command, added)
            left = [it for it in left if names and not _is_among(it.path, names)]
            others = tuple(it for it in others if names and not _is_among(it, names))
            added = []
        elif command.outcome != "failed":
            added += _added(command)
        listed = _listed(command)
        if listed is not None:
            left = [it for it in left if _is_among(it.path, listed)]
            root = _root((it.path for it in edits), listed)
            others = tuple(f"{root}{it}" for it in listed if not any(_is_among(edit.path, [it]) for edit in left))
    return Loose(tuple(standing([*left, *reversed(waiting)])), others)


def _committed(command: Command, added: list[str]) -> list[str]:
    """Return the paths that the commit of ``command`` took, of those ``added`` before and in it; none: all of them."""
    names = [*added]
    for verb, options in _steps(command):
        if verb != "commit":
            names += _paths(options)
        elif any(map(_ALL_CHANGED.fullmatch, options)):
            return []
        elif own := _paths(options):
            return own
    return [] if _ALL.intersection(names) else names


def _added(command: Command) -> list[str]:
    return [path for verb, options in _steps(command) if verb != "commit" for path in _paths(options)]


def _steps(command: Command) -> Iterator[tuple[str, list[str]]]:
    """Yield what ``command`` has git do with the work tree: the verb, and the words after it without their quotes."""
    bare = masked(command.text)
    for step in islice(_STEP.finditer(bare), _MOST_STEPS):
        words = (command.text[it.start() : it.end()] for it in _WORD.finditer(bare, *step.span("options")))
        yield step["verb"], [_SIGNS.sub("", it) for it in words]


_WORD, _SIGNS = lazily(r"(?:\\.|\S)+"), lazily(r"[\"']|\\(?=[ \"'])")
"""A word of a masked command line, and what only quotes."""


def _paths(options: Iterable[str]) -> list[str]:
    """Return the paths among the ``options`` of a command of git's, and what stands for all of them."""
    found: list[str] = []
    words = iter(options)
    for word in words:
        if word == "--":
            found += words
        elif word in _ALL:
            found.append(word)
        elif word.startswith("-"):
            if _WITH_VALUE.fullmatch(word):
                next(words, "")
        elif not word.startswith((">", "<", "$", "2>")):
            found.append(word)
    return found


def _listed(command: Command) -> list[str] | None:
    """Return the paths that ``git status`` listed, None where it did not surely list all of them."""
    found = list(islice(_SHOWS.finditer(masked(command.text)), _MOST_STEPS)) if command.output else []
    if not found or any(it["cut"] or _paths(it["options"].replace("-b", "").split()) for it in found):
        return None
    output = command.output or ""
    if _CLEAN in output:
        return []
    paths = _SHORT.findall(output) or [*_LONG.findall(output), *_below_untracked(output)]
    named = [it.rpartition(" -> ")[2].strip('" ').rstrip("/") for it in paths[:_MOST_LISTED]]
    return named or None


def _root(paths: Iterable[str], listed: Sequence[str]) -> str:
    """Return the folder that ``listed`` paths are relative to, by the edited ``paths``; empty where none tells it."""
    ends = [f"/{it}" for it in listed if "/" in it]
    return next((path[: 1 - len(end)] for path in paths for end in ends if path.endswith(end)), "")


def _below_untracked(output: str) -> list[str]:
    _, head, below = output.partition("Untracked files:")
    return _UNTRACKED.findall(below) if head else []


def _is_among(path: str, names: Iterable[str]) -> bool:
    """Return whether ``path`` is one of ``names``, which may be shorter, folders, or have wildcards."""
    whole = f"/{path}".replace("\\", "/").replace("//", "/")
    for it in names:
        name = it.removeprefix("./").rstrip("/")
        if whole.endswith(f"/{name}") or f"/{name}/" in whole or ("*" in name and _is_like(whole, name)):
            return True
        parts = name.split("/")  # told from another folder: ``../src/a.py``
        if parts[0] == ".." and whole.endswith("/" + "/".join(it for it in parts if it != "..")):
            return True
    return False


def _is_like(path: str, pattern: str) -> bool:
    from fnmatch import fnmatchcase  # it loads what few documents need

    return fnmatchcase(path, f"*/{pattern}")


def branch_of(transcript: Transcript) -> str:
    """Return the branch the work is on by the log and by git's last word here; empty where these differ.

    A branch that was taken after the log told its own for the first time is the one.
    """
    said, printed = transcript.branch or "", ""
    said = "" if said == _NO_BRANCH else said
    for command in reversed(transcript.commands):
        here = command.outcome in GAVE and "git" in command.text and not _ELSEWHERE.search(command.text)
        if here and (taken := branch_taken(command)):
            said = taken if command.position > transcript.branch_at else said
            break
        if here and not printed and (found := _ON_BRANCH.search(command.output or "")):
            printed = found[1] or found[2] or found[3]
            if printed == said or not said:
                break
    return said if printed in ("", said) else "" if said else printed


_NO_BRANCH = "HEAD"
"""What an agent writes where no branch is known: none is checked out, or nothing was committed yet."""

_ON_BRANCH = lazily(r"(?m)^On branch (\S+)$|^Switched to (?:a new )?branch '([^']+)'|^\[([\w./-]+) [0-9a-f]{7,}\] ")
_ELSEWHERE = lazily(r"\bcd\s|\s-C\s")


def is_clean(transcript: Transcript) -> bool | None:
    """Return whether the work tree was clean by git's last word, None where it said none or edits followed."""
    edited = max((it.position for it in transcript.edits), default=-1)
    for command in reversed(transcript.commands):
        if command.position <= edited:
            return None
        if "git" not in command.text:
            continue
        if _COMMITS.search(command.text):
            return None
        if command.outcome in GAVE and _STATUS.search(command.text):
            return "working tree clean" in (command.output or "")
    return None


def listed_besides(transcript: Transcript) -> tuple[str, ...]:
    """Return the paths that git's last word here lists as not committed and that no edit of the log is of.

    They were changed before the log begins, by commands, by sub-agents or by others. Nothing is told once a command may
    have changed what is committed or taken something back; after a commit, ``last_commit`` tells.
    """
    for command in reversed(transcript.commands):
        if "git" in command.text:
            if _COMMITS.search(command.text):
                return ()
            here = command.outcome in GAVE and not _ELSEWHERE.search(command.text)
            if here and (listed := _listed(command)) is not None:
                root = _root((it.path for it in transcript.edits), listed).lstrip("/")
                known = {it: f"{root}{it}" for it in listed}
                return tuple(it for it in listed if not any(_is_among(e.path, [known[it]]) for e in transcript.edits))
    return ()


def loose_before(transcript: Transcript) -> str:
    """Return how many files git counted as changed and not committed before the first edit, and how many lines.

    Nothing is told once a command may have committed them or taken them back.
    """
    first = min((it.position for it in of_project(transcript)), default=_NEVER)
    told: tuple[str, str] | None = None
    for command in (it for it in transcript.commands if "git" in it.text):
        if _COMMITS.search(command.text):
            told = None
        elif command.position < first and command.outcome in GAVE and _COUNTS_ALL.match(command.text):
            counts = _COUNTED.findall(command.output or "")
            told = _loose(*counts[0]) if len(counts) == 1 else told
    return f"{told[0]} changed and not committed{' before the edits here' * (first < _NEVER)}{told[1]}" if told else ""


def _loose(files: str, added: str, removed: str) -> tuple[str, str]:
    were = "files were" if int(files) > 1 else "file was"
    lines = " ".join(f"{sign}{int(many):,}" for sign, many in (("+", added), ("\u2212", removed)) if many)
    return f"{files} {were}", f" ({lines})" * bool(lines)


_NEVER = float("inf")
_COUNTS_ALL = lazily(
    r"\s*git (?:--no-pager )?diff (?:HEAD )?--(?:short)?stat(?: HEAD)?\s*(?:2>\s?/dev/null\s*)?"
    r"(?:\|\s*(?:tail|cat)\b[^|;&]*)?$"
)
_COUNTED = lazily(
    r"^ ?(\d{1,5}) files? changed(?:, (\d{1,7}) insertions?\(\+\))?(?:, (\d{1,7}) deletions?\(-\))?$", MULTILINE
)

_COMMITS = lazily(
    r"\bgit\b[^\n;&|]{0,300}\b(?:commit|checkout|reset|stash|merge|rebase|pull|rm|mv|restore|clean|switch|revert"
    r"|cherry-pick|am|apply)\b"
)
_STATUS = lazily(r"\bgit status\s*(?:$|[;&|]|2>)")


def last_commit(transcript: Transcript, made: Sequence[Committed]) -> LastCommit | None:
    """Return the last commit ``made`` by the log: its branch, whether it was pushed, and what was edited since."""
    if not made or made[-1].position < 0:
        return None
    last = made[-1]
    own = (it.output or "" for it in transcript.commands if it.position == last.position)
    branch = next(filter(None, map(_COMMITTED.search, own)), None)
    pushes = [it for it in transcript.commands if it.position >= last.position and _pushed(it)]
    told = any(
        _IS_PUSHED.match(it.text) for it in transcript.messages if it.role == "user" and it.position > last.position
    )
    there = told or any(_on_remote(it) for it in transcript.commands if it.position > last.position)
    went = next((it for push in reversed(pushes) if (it := _GIT_PUSHED.search(push.output or ""))), None)
    edits = of_project(transcript)
    gone = came_and_went(edits)
    loose = not_committed(edits, transcript.commands, [it.position for it in made])
    late = [it for it in loose.edits if it.path not in gone]
    done = Counts((it.path, it.action) for it in reversed(late))
    done.update_with((it, "modified") for it in loose.others)
    touched = tuple(FileTouch(path, action, count) for (path, action), count in done.items())
    since = made_since(late, -1)
    target = went["target"] if went and went["target"] != went["source"] != "HEAD" else ""
    named = {it.position for it in transcript.edits}
    blind = any(
        it.outcome == "ok" and it.position > last.position and it.position not in named and tool_names.edits(it.name)
        for it in transcript.tool_calls
    )
    return LastCommit(last.hash, branch[1] if branch else "", bool(pushes) or there, since, target, touched, blind)


def _on_remote(command: Command) -> bool:
    """Return whether git said that a remote has a commit, or that the branch is no commit ahead."""
    return "git" in command.text and _ON_REMOTE.search(f"{command.text}\n{command.output or ''}") is not None


def _pushed(command: Command) -> bool:
    """Return whether a command pushed, by what came of it: one that was refused, or that git turned down, did not."""
    output = command.output or ""
    if "-> " in output and _GIT_PUSHED.search(output) and not _NOT_PUSHED.search(output):
        return not _TRIES.search(command.text)
    if "push" not in command.text and "create" not in command.text:
        return False
    ran = command.outcome != "failed" and not is_rejected(command)
    return ran and bool(_PUSHES.search(masked(command.text))) and not _NOT_PUSHED.search(command.output or "")


_IS_PUSHED = caseless(r"\W*(?:(?:ok|done|good|yes|it'?s|is|i'?ve|i|now|all)[\s,.!]+){0,3}pushed\b(?!.{0,40}\?)")
"""How a user's words begin that say that the commits were pushed."""

_COMMITTED = lazily(r"^\[([^\s\]]+)(?: \([^)]*\))? [0-9a-f]{7,}\]", MULTILINE)
_PUSHES = lazily(r"\bgit\b[^\n;&|]{0,300}(?<!stash )\bpush\b(?!.*--dry-run)|\bgh\s+pr\s+create\b")
_GIT_PUSHED = lazily(
    r"^[ \t]*To (?:\w+://|[\w.-]+@[\w.-]+:|[\w.-]+:|[./~])\S*\n[ \t]*(?:\+?[ \t]*[0-9a-f]{7,40}\.{2,3}[0-9a-f]{7,40}"
    r"|\* \[new branch\])[ \t]+(?P<source>\S+)[ \t]+-> (?P<target>\S+)",
    MULTILINE,
)
"""What git prints of a push, whatever the command line was: a copy may have cut it."""

_ON_REMOTE = lazily(
    r"\bgit branch\b[^\n;&|]{0,80}(?:-r|--remotes?)\b[^\n;&|]{0,80}--contains\b[\s\S]{0,400}?\n\s*\w+/\S"
    r"|^Your branch is up to date with '\w+/|^## \S+\.\.\.\w+/[^\s\[]+$",
    MULTILINE,
)
_TRIES = lazily(r"\bpush\b[^\n;&|]{0,300} (?:--dry-run|-n)\b")
_NOT_PUSHED = lazily(r"^(?:fatal: |error: (?:failed to push|src refspec)|\s?! \[(?:remote )?rejected\])", MULTILINE)
"""What git says where a push did not go, whatever the command line returned."""
