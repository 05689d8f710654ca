"""What was taken back: by git's reset, revert and restore, new files with their folder, by the user's own hand."""

from __future__ import annotations

from handoff_cli.core.paths import is_scratch, name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.record import Record
from handoff_cli.core.tool_names import UNDO_OF_AIDER
from handoff_cli.core.transcript import Message
from handoff_cli.documents.extract.commands.checks import is_check
from handoff_cli.documents.extract.commands.command_lines import BEGINS_STEP, DIFF_OF, REMOVES, UNDOES, masked
from handoff_cli.documents.extract.facts import TakenBack
from handoff_cli.documents.extract.failed import Tried
from handoff_cli.documents.extract.files.edits import digest, without_edits
from handoff_cli.documents.extract.language.objections import objects, stems, undid
from handoff_cli.documents.extract.language.words import as_one_line, clipped, sentences
from handoff_cli.documents.extract.runs.commits import Messages, quiet_commits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Command, Edit, Transcript

_MOST_TOLD, _WHY_CHARS = 4, 200
_UNCHANGED = "git shows no change of it"
_BETWEEN = " \n;&|("
_UNDOING = frozenset(("reset", "revert", "checkout", "restore"))
_STASHES = lazily(
    BEGINS_STEP + r"(?:sudo )?git (?:-C \S+ )?stash\b(?:[ ]+(push|save|pop|apply|drop|clear|list|show|branch|create"
    r"|store)\b)?([^;&|\n)]*)"
)
_OF_PATHS = lazily(r"\bUpdated \d+ paths? from\b")
_MADE = lazily(r"(?m)^(?:Output: )?\[[^\[\]\n]{0,300} ([0-9a-f]{7,40})\] (.+)$")
_HEAD_AT = lazily(r"HEAD is now at ([0-9a-f]{7,40})\b")
_BEFORE_HEAD = lazily(r"(?:HEAD|@)(?:~(\d{1,3})|(\^+)|~)?$")
_HASH = lazily(r"[0-9a-f]{7,40}$")
_KEEPS, _KEPT = (
    lazily(r"\bgit (?:\S+ )*?(?:add|commit|stash|pull|merge|rebase|checkout|switch|reset|apply)\b"),
    caseless(
        r"\b(?:i|we)(?:['\u2019]ve| have)? (?:\w+ )?(?:committed|merged|pushed|staged)\b"
        r"|\b(?:commit|merge|push|stage) (?:it|this|that|them|the|all|everything|your|my)\b"
    ),
)
_TAKES_BACK = caseless(
    r"\b(?:revert\w*|und(?:o\w*|id)|roll(?:ing|ed)? (?:\w+ )?back|reset\w*|take (?:it|that|them|this) back|back out"
    r"|broke\w*|breaks|wrong|worse|instead|restor\w*|side[ -]effects?|does(?:n't| not) work|discard\w*)\b"
)

_TOOK_BACK = caseless(
    r"\b(?:(?:took|taken|rolled|put|is|are) (?:(?:it|that|this|them|all) )?back|reverted|undid|undone"
    r"|backed (?:it )?out|(?:is|are|took (?:it|that|them)) out again|zur\xfcckgenommen"
    r"|r\xfcckg\xe4ngig|revertid[oa]|annul\xe9e?)\b"
)


def taken_back(transcript: Transcript) -> TakenBack:
    """Return ``transcript`` without the commits and edits that git, ``rm -r`` or the user took back."""
    by_user = [it for it in transcript.messages if it.role == "user" and undid(it.text)]
    history = _History(transcript)
    events: tuple[Command | Message, ...] = (*transcript.commands, *by_user)
    for event in sorted(events, key=lambda it: it.position):
        history.hear(event) if isinstance(event, Message) else history.see(event)
    if not history.gone:
        return TakenBack(transcript)
    commits = [commit for it in history.gone for commit in it.commits]
    return TakenBack(
        _without(transcript, history),
        tuple(_told(transcript, history)),
        history.gone[-1].position,
        frozenset((it.position, it.subject) for it in commits if not it.hash),
    )


class _Made(Record):
    """A commit of the session, and where it was made; ``hash`` is empty where git said nothing of it."""

    hash: str
    position: int
    subject: str = ""


class _Gone(Record):
    """What one step of a command took back, or the user by these words."""

    position: int
    by: str
    commits: tuple[_Made, ...]
    edits: tuple[Edit, ...]


class _History:
    """Follows which commits of the session HEAD has, command by command, and what was taken back."""

    def __init__(self, transcript: Transcript) -> None:
        self.edits = list(transcript.edits)
        self.messages = Messages(transcript.edits)
        self.stack: list[_Made] = []
        self.gone: list[_Gone] = []
        self.asked = transcript.asked_at
        said = (it for it in transcript.messages if it.role == "user" and _KEPT.search(it.text))
        self.kept = max((it.position for it in said), default=-1)
        """Where git was last told to take edits, or the user spoke of that: it may not show them as changes since."""
        self.away: list[tuple[int, int, tuple[str, ...]]] = []
        """Stashes: of edits after a commit, up to its own place, in these paths (none: in all)."""

    def see(self, command: Command) -> None:
        """Take in a command."""
        if command.outcome == "failed" and not _failed_later(command):
            return
        if "rm " in command.text:
            for removed in REMOVES.finditer(command.text):
                lost = self._removed(removed[1].split(), command.position)
                self._lose(command.position, removed[0].strip(_BETWEEN), [], lost)
        if command.text == UNDO_OF_AIDER:
            head = _HEAD_AT.search(command.output or "")
            known = head is not None and any(_is_same(it.hash, head[1]) for it in self.stack)
            target = head[1] if head and known else "HEAD~1"  # commits may have gone outside meanwhile
            self._lose(command.position, command.text, *self._reset(["--hard", target], command))
        elif "git " in command.text:
            self._see_git(command)

    def _see_git(self, command: Command) -> None:
        """Take in a command of git's: what it took back, put away or committed."""
        before = len(self.stack)
        if command.outcome == "ok" and (shown := DIFF_OF.fullmatch(command.text.strip())):
            if not (command.output or "").strip():
                self._lose(command.position, _UNCHANGED, [], self._unchanged(shown[1], command))
            return
        self.kept = command.position if _KEEPS.search(command.text) else self.kept
        stashes = _STASHES.finditer(masked(command.text)) if "stash" in command.text else ()
        for found in sorted((*UNDOES.finditer(command.text), *stashes), key=lambda it: it.start()):
            if found[1] not in _UNDOING:
                self._stash(found[1] or "push", found[2].split(), command.position)
                continue
            commits, edits = self._undone(found[1], found[2].split(), command, command.text[: found.start()])
            left = [it for it in edits if not self._is_away(it)]
            self._lose(command.position, found[0].strip(_BETWEEN), commits, left)
        if len(self.stack) >= before:
            made = [_Made(it[0], command.position, it[1]) for it in _MADE.findall(command.output or "")]
            if not made and "commit" in command.text:
                quiet = quiet_commits(command, self.messages, [])
                made = [_Made("", it.position, it.subject) for it in quiet if it.sure]
            if made and "--amend" in command.text:
                del self.stack[-1:]
            self.stack += made

    def _unchanged(self, paths: str, command: Command) -> list[Edit]:
        """Return the edits of files that git shows to be as they were, since it, or the user, may have kept any."""
        there = [it for it in self.edits if it.action == "modified" and _is_among(it.path, paths.split())]
        return [it for it in there if self.kept < it.position < command.position]

    def _stash(self, verb: str, words: Sequence[str], position: int) -> None:
        """Take in what puts edits away, where nothing that is undone in the tree reaches them, or takes them back."""
        if verb in ("push", "save"):
            named = [it for at, it in enumerate(words) if it[0] != "-" and words[at - 1] not in ("-m", "--message")]
            paths = () if verb == "save" else tuple(it for it in named if "\0" not in it)
            self.away.append((self.stack[-1].position if self.stack else -1, position, paths))
        elif verb == "clear":
            self.away.clear()
        elif verb in ("pop", "drop") and self.away:
            self.away.pop()

    def _is_away(self, edit: Edit) -> bool:
        return any(
            since < edit.position < until and (not paths or _is_among(edit.path, [*paths, *(f"{it}/" for it in paths)]))
            for since, until, paths in self.away
        )

    def hear(self, words: Message) -> None:
        """Take in words of the user's by which they undid what was edited in the last turn that edited anything."""
        last = max((it.position for it in self.edits if it.position < words.position), default=-1)
        since = max((it for it in self.asked if it < last), default=-1)
        self._lose(words.position, words.text, [], [it for it in self.edits if since < it.position <= last])

    def _lose(self, position: int, by: str, commits: Sequence[_Made], edits: Sequence[Edit]) -> None:
        """Leave out what a step of a command, or the user, took back."""
        if commits or edits:
            self.stack = [it for it in self.stack if it not in commits]
            lost = set(map(id, edits))
            self.edits = [it for it in self.edits if id(it) not in lost]
            self.gone.append(_Gone(position, by, tuple(commits), tuple(edits)))

    def _removed(self, words: Sequence[str], position: int) -> list[Edit]:
        """Return the edits of the files that the session made in folders that are removed at ``position``."""
        folders = [it.strip("'\"").rstrip("/") + "/" for it in words if it[0] != "-"]
        before = [it for it in self.edits if it.position < position]
        made = {it.path for it in before if it.action == "created" or is_scratch(it.path)}
        lost = {it for it in made if _is_among(it, folders)}
        return [it for it in before if it.path in lost]

    def _undone(self, verb: str, words: Sequence[str], command: Command, before: str) -> tuple[list[_Made], list[Edit]]:
        """Return the commits and the edits that a command of git's takes back."""
        output = command.output or ""
        if verb == "reset":
            return self._reset(words, command) if "HEAD is now at" in output or "--hard" not in words else ([], [])
        if verb == "revert":
            return self._reverted(words) if _MADE.search(output) else ([], [])
        return ([], self._restored(verb, words, command, before)) if command.outcome else ([], [])

    def _reset(self, words: Sequence[str], command: Command) -> tuple[list[_Made], list[Edit]]:
        kept = self._kept(next((it for it in words if it[0] != "-"), "HEAD"), command)
        if kept is None:
            return [], []
        since = self.stack[kept - 1].position if kept else -1
        last = self.stack[-1].position if self.stack else -1
        edits = [
            it
            for it in self.edits
            if since < it.position < command.position and not (it.action == "created" and it.position > last)
        ]
        return self.stack[kept:], edits if "--hard" in words else []

    def _kept(self, target: str, command: Command) -> int | None:
        """Return how many of the commits are left by going back to ``target``, None where that cannot be told."""
        if back := _BEFORE_HEAD.match(target):
            return max(0, len(self.stack) - (int(back[1] or 0) or len(back[2] or "") or int(target.endswith("~"))))
        at = _HEAD_AT.search(command.output or "")
        for hash_ in filter(None, (at and at[1], _HASH.match(target) and target)):
            place = next((place for place, it in enumerate(self.stack, 1) if _is_same(it.hash, hash_)), None)
            if place is not None:
                return place
        return 0 if _HASH.match(target) and all(it.hash for it in self.stack) else None

    def _reverted(self, words: Sequence[str]) -> tuple[list[_Made], list[Edit]]:
        commits, edits = [], []
        for target in (it for it in words if it[0] != "-"):
            back = _BEFORE_HEAD.match(target)
            place = len(self.stack) - 1 - (int(back[1] or 0) or len(back[2] or "")) if back else None
            if place is None:
                place = next((place for place, it in enumerate(self.stack) if _is_same(it.hash, target)), -1)
            if not 0 <= place < len(self.stack):
                continue
            since, until = self.stack[place - 1].position if place else -1, self.stack[place].position
            commits.append(self.stack[place])
            edits += [it for it in self.edits if since < it.position < until]
        return commits, edits

    def _restored(self, verb: str, words: Sequence[str], command: Command, before: str) -> list[Edit]:
        """Return the edits of the files that a command brings back to what a commit has, what it did ``before`` too."""
        if "--staged" in words and not {"--worktree", "-W"} & {*words}:
            return []
        source, paths = _source_and_paths(verb, words)
        printed = command.output or ""
        branch = "Switched to" in printed or {"-b", "-B", "-t", "--track", "--orphan"} & {*words}
        named = verb == "restore" or "--" in words or _OF_PATHS.search(printed)  # no name of a branch
        paths += [f"{it}/" for it in paths if it[-1:] != "/" and (named or ("/" in it and not branch))]
        kept = self._kept(source, command)
        since = self.stack[kept - 1].position if kept else -1
        there = [it for it in self.edits if it.action == "modified" and _is_among(it.path, paths)]
        own = [it for it in there if it.position == command.position and name_of(it.path) in before]
        return [it for it in there if since < it.position < command.position] + own


def _failed_later(command: Command) -> bool:
    """Return whether a command failed at a check behind the step by which git undid something."""
    undoes = UNDOES.search(command.text) if command.output else None
    return (
        undoes is not None and is_check(command.text[undoes.end() :]) and not _GITS_ERROR.search(command.output or "")
    )


_GITS_ERROR = lazily(r"(?m)^(?:error|fatal): ")


def _source_and_paths(verb: str, words: Sequence[str]) -> tuple[str, list[str]]:
    """Return the commit that files are taken from, and what names the files."""
    source = next((it.partition("=")[2] for it in words if it.startswith("--source=")), "HEAD")
    rest = [it.strip("'\"") for it in words if it == "--" or it[0] != "-"]
    if "--" not in rest:
        return source, rest
    at = rest.index("--")
    return (rest[0] if at and verb == "checkout" else source), rest[at + 1 :]


def _is_among(path: str, paths: Sequence[str]) -> bool:
    whole = "/" + path.replace("\\", "/")
    return any(
        it in (".", "*", ":/") or whole.endswith(f"/{it}") or (it[-1:] == "/" and f"/{it.lstrip('/')}" in whole)
        for it in (path.removeprefix("./") for path in paths)
    )


def _is_same(one: str, other: str) -> bool:
    return bool(one and other) and (one.startswith(other) or other.startswith(one))


def _without(transcript: Transcript, history: _History) -> Transcript:
    """Return ``transcript`` without what was taken back."""
    gone = [edit for it in history.gone for edit in it.edits]
    hashes = [commit.hash for it in history.gone for commit in it.commits]
    kept = {it.hash for it in history.stack}
    return without_edits(transcript, gone).replace(
        commits=tuple(
            it for it in transcript.commits if it.hash in kept or not any(_is_same(it.hash, hash_) for hash_ in hashes)
        ),
    )


def _told(transcript: Transcript, history: _History) -> Iterator[Tried]:
    """Yield what was taken back, the latest first: commits by their subjects, else edits by what they changed."""
    told = 0
    for it in (it for it in reversed(history.gone) if it.by != _UNCHANGED):  # nobody said that it was, or why
        why = (
            _why(transcript, it) or _told_after(transcript, it, history.gone) or clipped(as_one_line(it.by), _WHY_CHARS)
        )
        changes = () if it.commits else digest([edit for edit in it.edits if not is_scratch(edit.path)])
        for commit in reversed(it.commits):
            told += 1
            yield Tried(commit.hash or "commit", "", commit.subject, "", why)
        for file in changes:
            told += 1
            change = file.changes[0] if file.changes else None
            if change:
                yield Tried(file.path, ", ".join(change.where[:1]), change.new or change.old, "", why)
        if told >= _MOST_TOLD:
            return


def _why(transcript: Transcript, gone: _Gone) -> str:
    """Return why something was taken back, by what was said of that before; empty where nothing was."""
    if gone.by == UNDO_OF_AIDER:
        return ""  # what the agent said before told of what was to come
    made = max((*(it.position for it in gone.commits), *(it.position for it in gone.edits)), default=-1)
    said = [it for it in transcript.messages if made < it.position <= gone.position]
    for message in sorted(said, key=lambda it: (it.role != "user", -it.position)):
        user = message.role == "user"
        reason = next((it for it in sentences(message.text) if _TAKES_BACK.search(it)), "")
        if reason or (user and objects(message.text)):
            words = as_one_line(message.text) if user else reason
            return f"the {'user' if user else 'agent'}: {clipped(words, _WHY_CHARS)}"
    return ""


def _told_after(transcript: Transcript, gone: _Gone, every: Sequence[_Gone]) -> str:
    """Return what the agent said next of taking it back, empty where it took back something else too.

    What only the user can take back they explain in what they say next.
    """
    after = next((it for it in transcript.messages if it.position > gone.position), None)
    if after is None or after.role == "user":
        if after is None or gone.by != UNDO_OF_AIDER:
            return ""
        about = stems(" ".join(it.subject for it in gone.commits))
        tells = objects(after.text) or about & stems(after.text)
        return f"the user: {clipped(as_one_line(after.text), _WHY_CHARS)}" if tells else ""
    asked = max((it for it in transcript.asked_at if it < after.position), default=-1)
    alone = sum(asked < it.position < after.position for it in every) == 1
    reason = next(filter(_TOOK_BACK.search, sentences(after.text)), "") if alone else ""
    return f"the agent: {clipped(reason, _WHY_CHARS)}" if reason else ""
