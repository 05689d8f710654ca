"""The commits by the log: those that git reported, and those that were made without a word of git's.

Of a quiet commit its own command line tells the subject, or the file that it takes the message from, where the command
surely ran; a log of git's tells the hash.
"""

from __future__ import annotations

from itertools import islice

from handoff_cli.core.light import bisect_right
from handoff_cli.core.paths import name_of
from handoff_cli.core.patterns import DOTALL, MULTILINE, lazily
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.commands.checks import is_rejected
from handoff_cli.documents.extract.commands.command_lines import masked, surely_ran
from handoff_cli.documents.extract.facts import Made
from handoff_cli.documents.extract.language.words import clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from re import Match

    from handoff_cli.core.transcript import Command, Edit, Lookup, Transcript
    from handoff_cli.documents.extract.facts import Request


class Committed(Record):
    """A commit, its ``hash`` empty where no output tells it, and the ``position`` of its command, -1: not known.

    ``sure`` tells that it was made by what its command returned, ``branch`` on which by git's own line.
    """

    hash: str
    subject: str
    position: int = -1
    sure: bool = True
    branch: str = ""


def commits_by_log(transcript: Transcript, undone: frozenset[tuple[int, str]] = frozenset()) -> tuple[Committed, ...]:
    """Return the commits of ``transcript`` in their order, each with where it was made as far as that is known.

    ``undone`` are quiet ones that git took back since: the positions of their commands, and their subjects.
    """
    messages = Messages(transcript.edits)
    known = {it.hash: it for it in transcript.commits}
    made_at: dict[str, int] = {}
    branches: dict[str, str] = {}
    on = ""
    seen: list[Committed] = []
    for command in transcript.commands:
        if "git" not in command.text or is_rejected(command):
            continue
        before, on = on, branch_taken(command) or ("" if _GOES.search(command.text) else on)
        if "commit" in command.text:
            reported = _REPORTED.findall(command.output or "")
            told = [it for _, it in reported]  # one that is not known was taken back since
            branches.update((it, branch) for branch, it in reported)
            new = [it for it in told if it in known and it not in made_at]
            made_at.update(dict.fromkeys(new, command.position))
            seen += [Committed(it, known[it].subject, command.position, branch=branches[it]) for it in new]
            quiet = () if told else quiet_commits(command, messages, seen)
            seen += [it.replace(branch=_at(command, before)) for it in quiet]
        _name(seen, command)
    amended = made_at.keys() - {it.hash for it in seen}
    of_git: list[Committed] = []
    for commit in transcript.commits:
        at = made_at.get(commit.hash, of_git[-1].position if of_git else -1)
        if commit.hash not in amended:
            of_git.append(Committed(commit.hash, commit.subject, at, branch=branches.get(commit.hash, "")))
    sure = [it for it in seen if (it.sure or it.hash) and it.hash not in known]
    sure = [it for it in sure if (it.position, it.subject) not in undone]
    made = sorted((*of_git, *sure), key=lambda it: it.position)
    return (*made, *_by_others(transcript, made))


def _by_others(transcript: Transcript, made: Sequence[Committed]) -> list[Committed]:
    """Return the commits that sub-agents made since those that are ``made``: as they report them, and as git lists.

    What the last log of git's lists above a commit that is known is newer, unless commits came in from elsewhere.
    """
    reports = [it for it in transcript.lookups if it.kind == "agent" and it.answer]
    since = made[-1].position if made else -1
    known = {it.hash[:_SHORT_HASH] for it in made if it.hash}
    found: dict[str, Committed] = {}
    for report in reports:
        if report.position > since:
            told = [(it[1], it[0]) for it in _NAMED.findall(report.answer)] + _HASHED.findall(report.answer)
            for commit, subject in told:
                if commit[:_SHORT_HASH] not in known:
                    found.setdefault(commit[:_SHORT_HASH], Committed(commit, _whole(subject), report.position))
    for listed in _listed(transcript, reports, since, known) if reports else ():
        found.pop(listed.hash[:_SHORT_HASH], None)
        found[listed.hash[:_SHORT_HASH]] = listed
    return list(found.values())


def _listed(transcript: Transcript, reports: Sequence[Lookup], since: int, known: set[str]) -> Iterator[Committed]:
    """Yield the commits that the last log after ``since`` and the first of ``reports`` lists as new, the oldest first.

    Where it lists none that is ``known``, they are those that a report names.
    """
    listing = None
    for command in reversed(transcript.commands):
        if command.position < max(reports[0].position, since):
            break
        if _BRINGS_IN.search(command.text):
            return
        if listing is None and _LISTS.search(command.text) and command.output:
            listing = command
    if listing is None:
        return
    entries = _LOGGED.findall(listing.output or "")
    at = next((at for at, (it, _) in enumerate(entries) if it[:_SHORT_HASH] in known), None)
    named = "\n".join(it.answer for it in reports)
    for commit, subject in reversed(entries[:at]):
        if at is not None or commit[:_SHORT_HASH] in named:
            yield Committed(commit, clipped(subject, _SUBJECT_CHARS), listing.position)


def _whole(subject: str) -> str:
    """Return a subject as it stands in a sentence without what ends this."""
    subject = subject.strip(" .*")
    return subject if "(" in subject else subject.rstrip(")")


_KIND = r"(?:feat|fix|docs|test|chore|refactor|perf|build|ci|deps|style|revert)(?:\([^)`\n]{1,40}\))?!?: "
_NAMED = lazily(rf"[Cc]ommit[^`\n]{{0,30}}`({_KIND}[^`\n]{{3,120}})`[^`\n]{{0,40}}`([0-9a-f]{{7,40}})`")
_HASHED = lazily(
    r"(?m)^[ \t>*+-]{0,8}(?:[Cc]ommit(?:ted)?[^`\n\w]{0,4})?`?([0-9a-f]{7,40})`?(?: [-\u2013\u2014:])?"
    rf" ?`?({_KIND}[^`\n]{{3,120}})"
)
"""Commits as reports name them: the subject and then the hash, or the other way round."""


_LISTS = lazily(
    r"\bgit\b[^\n;&|]{0,200}\blog\b(?![^\n;&|]{0,200}(?: -- |--all|--author|--grep|-S|origin/))[^\n;&|]{0,200}--oneline"
)
_BRINGS_IN = lazily(r"\bgit\b[^\n;&|]{0,80}\b(?:pull|merge|rebase|cherry-pick|checkout|switch|am)\b")
_SHORT_HASH = 7


def made_before(transcript: Transcript, made: Sequence[Committed]) -> tuple[Made, ...]:
    """Return the commits that the last log of a branch alone lists besides those that were ``made``: they came before.

    None where commits came in from elsewhere since.
    """
    own = {it.hash[:_SHORT_HASH] for it in made if it.hash}
    for command in reversed(transcript.commands):
        if _BRINGS_IN.search(command.text):
            break
        if _OF_BRANCH.search(command.text) and command.output:
            entries = _LOGGED.findall(command.output)
            listed = [Made(known, clipped(subject, _SUBJECT_CHARS)) for known, subject in entries]
            known = any(it.hash[:_SHORT_HASH] in own for it in listed)
            others = [it for it in listed if it.hash[:_SHORT_HASH] not in own]
            return tuple(others[:_MOST_BEFORE]) if known else ()
    return ()


_OF_BRANCH = lazily(
    r"\bgit\b[^\n;&|]{0,80}\blog\b(?:(?! -- )[^\n;&|]){0,120}\s(?!-)[\w./-]{1,80}\.\.(?!\.)(?:HEAD\b|\s|[\w./-]|$)"
)
_MOST_BEFORE = 3


def as_commits(made: Sequence[Committed]) -> tuple[Made, ...]:
    """Return ``made`` as commits, the latest first."""
    return tuple(Made(it.hash, it.subject, it.branch) for it in reversed(made))


_REPORTED = lazily(r"(?:\[(?!detached |as commit )([^\s\]]{1,200})[^\]\n]{0,20} )?\b([0-9a-f]{4,40})\]")


class Messages:
    """Finds the messages of commits that stand in files which the session wrote."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = edits
        self._written: dict[str, tuple[list[int], list[str]]] | None = None

    def in_file(self, path: str, position: int) -> str:
        """Return what was written last into the file ``path`` up to ``position``, empty where that is not known."""
        if self._written is None:
            self._written = {}
            for it in self._edits:
                positions, texts = self._written.setdefault(name_of(it.path), ([], []))
                positions.append(it.position)
                texts.append("" if it.old else it.new)  # only of a file that was written whole it is the message
        positions, texts = self._written.get(name_of(path), ([], []))
        at = bisect_right(positions, position)
        return texts[at - 1] if at else ""


def quiet_commits(command: Command, messages: Messages, before: list[Committed]) -> list[Committed]:
    """Return the commits that ``command`` made, or may have; one that amends takes one ``before`` out of its list."""
    made: list[Committed] = []
    bare = masked(command.text)
    for found in islice(_COMMIT.finditer(bare), _MOST_STEPS):
        options = command.text[found.start("options") : found.end("options")]
        subject = _subject(options, messages, command.position)
        ran = surely_ran(bare, found.span(), command) or _ran_silently(bare, found, command)
        ran = ran or (_SHOWS.match(bare, found.end()) is not None and _hash_at_end(command) != "")
        sure = ran or bool(_COUNTED.search(command.output or ""))
        if "--amend" in options and before and sure:
            subject = subject or before[-1].subject
            before.pop()
        if subject and "--dry-run" not in options:
            made.append(Committed("", subject, command.position, sure))
    return made


def _ran_silently(bare: str, commit: Match[str], command: Command) -> bool:
    """Return whether a ``commit`` that says nothing went well though more follows it: of one that does not, git tells.

    So it does of the ``git add`` before it; what else comes before it may have kept it from running.
    """
    output = command.output if command.output is not None else command.error
    if output is None or not _SILENT.search(commit["options"]):
        return False
    if command.outcome == "ok":
        refused = _TURNED_DOWN.search(output) is not None
    else:
        refused = not (_GOES_ON.match(bare, commit.end()) and _WENT_ON.search(output))
    if refused:
        return False
    before = _ALONE.split(bare[: commit.start("commit")])[-1]
    return all(_STAGES.match(it) for it in before.split("&&")) and not _HIDES.match(bare, commit.end())


_SILENT, _ALONE, _HIDES = lazily(r"(?:^|\s)(?:-\w*q|--quiet\b)"), lazily(r"[;\n]"), lazily(r"\s*(?:\||&(?!&)|[)}])")
_STAGES = lazily(
    r"\s*(?:(?:git (?:-C \S+ )?(?:add|rm|mv)|cd)\b[^|&(]*|(?:\w+=\S* +)*(?:git(?: +-[cC] +\S+| +--\S+)* +)?)$"
)
_GOES_ON = lazily(r"\s*&&[^\0]{0,400}?\bgit\b[^\n;&|]{0,80}\b(?:push|merge|rebase|pull|cherry-pick)\b")
_WENT_ON = lazily(r"^(?:CONFLICT \(|Auto-merging | ! \[\w[^\]\n]*\] |Automatic merge failed)", MULTILINE)
"""What comes after a commit, and what git prints of it where it failed: the commit was made."""

_TURNED_DOWN = lazily(
    r"^(?:fatal: |error: |hint: |nothing (?:added )?to commit|no changes added to commit|Aborting commit|\S*cd: )",
    MULTILINE,
)
"""What git prints of a commit that it did not make, or of files that it did not add, and a shell of a folder."""

_MOST_STEPS = 40
"""So many of a command line are looked at: what comes behind each is read to its end."""

_GIT = r"(?:^|[;&|(\n])[ \t]*(?:\w+=\S* +)*git(?: +-[cC] +\S+| +--\S+)* +"
_COMMIT = lazily(rf"{_GIT}(?P<commit>commit)\b(?P<options>[^;&|\n)]*)")
_COUNTED = lazily(r"^ ?\d+ files? changed", MULTILINE)


def _subject(options: str, messages: Messages, position: int) -> str:
    """Return the first line of a commit's message as its options tell it, empty where they do not."""
    if found := _MESSAGE.search(options):
        message = _HERE_DOCUMENT.sub("", next((it for it in found.groups() if it), ""), count=1)
    elif found := _IN_FILE.search(options):
        file = found[1].strip("'\"")
        message = found[2] or ("" if file == "-" else messages.in_file(file, position) or f"(its message is in {file})")
    else:
        return ""
    return clipped(next(filter(None, (it.strip() for it in message.split("\n"))), ""), _SUBJECT_CHARS)


_MESSAGE = lazily(
    r"(?:^|\s)(?:-[a-zA-Z]*m|--message)[ =]?(?:\"(\$\(.*)\"|\"((?:\\.|[^\"\\])*)\"|'([^']*)'|(\S+))", DOTALL
)
_IN_FILE = lazily(r"(?:^|\s)(?:-[a-zA-Z]*F|--file)[ =]?(\S+)(?:\s*<<-?\s*['\"]?\w+['\"]?\n(.*))?", DOTALL)
"""A file that has the message, or a here-document."""

_HERE_DOCUMENT, _SUBJECT_CHARS = lazily(r"(?<!\s)\s*\$\(\s*cat\s*<<-?\s*['\"]?\w+['\"]?"), 200


def _name(made: list[Committed], command: Command) -> None:
    """Put the hashes into ``made`` that the output of ``command`` tells of them, of commits alike that of the last."""
    if not any(not it.hash for it in made) or not _LOGS.search(command.text):
        return
    output = command.output or ""
    for known, subject in _LOGGED.findall(output):
        for at in range(len(made) - 1, -1, -1):
            if not made[at].hash and made[at].subject == subject:
                made[at] = made[at].replace(hash=known)
                break
    alone = _hash_at_end(command) if _OF_LAST.search(command.text) else ""
    if alone and made[-1].sure and not made[-1].hash:
        made[-1] = made[-1].replace(hash=alone[:_HASH_CHARS])


def _hash_at_end(command: Command) -> str:
    """Return the hash that the last line ``command`` printed is, or begins with; empty text where it does not."""
    last = _HASH.match((command.output or "").rstrip().rpartition("\n")[2])
    return last[1] if last else ""


_SHOWS = lazily(r"\s*&&\s*git\b[^\n;&|]{0,80}\b(?:log|show|rev-parse)\b")
"""What shows a commit that was made, and does not run where it was not."""

_OF_LAST = lazily(r"\bgit\b[^\n;&|]{0,80}\b(?:rev-parse\b|log\b[^\n;&|]{0,40}=[\"']?(?:format:)?%[hH]\b)")
_LOGS = lazily(r"\bgit\b[^\n;&|]{0,80}\b(?:log|show|reflog|rev-parse)\b")
_LOGGED = lazily(r"^([0-9a-f]{7,40}) (?:\([^)\n]*\) )?(\S[^\n]{2,})$", MULTILINE)
_HASH, _HASH_CHARS = lazily(r"([0-9a-f]{7,40})(?: |$)"), 10


_GOES = lazily(r"\bgit\b[^\n;&|]{0,80}\b(?:checkout\b(?![^\n;&|]{0,200}(?: --(?: |$)|\.\w))|switch\b)")
"""What may leave the branch that is known; files that are checked out do not."""


def _at(command: Command, before: str) -> str:
    """Return the branch of the first commit that ``command`` makes, where the one ``before`` it was that."""
    return branch_taken(command.replace(text=command.text[: command.text.find("commit")])) or before


def branch_taken(command: Command) -> str:
    """Return the branch that ``command`` made or went to last, by its own line, empty where it did not surely."""
    if "git" not in command.text or command.outcome != "ok":
        return ""
    bare = masked(command.text)
    steps = islice(_TAKES.finditer(bare), _MOST_STEPS)
    taken = [it["branch"] for it in steps if surely_ran(bare, it.span(), command)]
    return taken[-1] if taken and "\0" not in taken[-1] else ""


_TAKES = lazily(
    rf"{_GIT}(?:checkout(?:\s+-q|\s+--quiet)*\s+-[bB]|switch(?:\s+(?!--detach|-d\b)-\S+)*"
    r"|worktree\s+add\b[^;&|\n]{0,300}?\s-[bB])\s+(?P<branch>\w[\w./-]*)"
)


def of_first(made: Sequence[Committed], requests: Sequence[Request]) -> Made | None:
    """Return the last commit made for the first of ``requests``: before another orders something; None without one."""
    if not requests:
        return None
    others = (it.position for it in requests[1:] if not (it.bare or it.meant or it.question))
    start, until = requests[0].position, next(others, None)
    own = [it for it in made if start < it.position and (until is None or it.position < until)]
    return Made(own[-1].hash, own[-1].subject, own[-1].branch) if own else None
