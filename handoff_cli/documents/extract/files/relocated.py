"""Files that commands moved or renamed: what was done to them before is told under the names they have now."""

from __future__ import annotations

from itertools import takewhile

from handoff_cli.core.code import defined_by, definitions_in
from handoff_cli.core.paths import AT_LINE, MARKDOWN, is_scratch, is_test
from handoff_cli.core.patterns import lazily
from handoff_cli.core.record import Record
from handoff_cli.core.transcript import FileTouch
from handoff_cli.documents.extract.commands.command_lines import gone_to, moves_files
from handoff_cli.documents.extract.facts import Move
from handoff_cli.documents.extract.files.changes import altered
from handoff_cli.documents.extract.files.texts import parts_of_file, same_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from handoff_cli.core.transcript import Command, Edit, FileText, Lookup, Transcript
    from handoff_cli.documents.extract.files.texts import Printed


_MV = lazily(
    r"(?:^|[;&|(\n][ \t]*)(?:sudo )?(?P<by_git>git (?:-C \S{1,200} )?)?mv\s+(?:-(?!t\b)\w{1,8}\s+){0,4}"
    r"(?P<words>[^\n;&|<>()]{1,8000})"
)
_MOST_MOVES, _MOST_TOLD = 120, 12


class Relocation(Record):
    """A file or folder that a command at ``position`` moved from the path ``old`` to ``new``; ``by_git`` if git did.

    ``home`` is the folder that it was run in, empty where that is not known.
    """

    position: int
    old: str
    new: str
    by_git: bool = False
    home: str = ""


def relocations(commands: Sequence[Command]) -> tuple[Relocation, ...]:
    """Return what ``commands`` moved in plain sight, in order; not what a variable or a pattern stands for."""
    found = [it for command in commands if moves_files((command,)) for it in _moved_by(command)]
    return tuple(found[-_MOST_MOVES:])


def _moved_by(command: Command) -> Iterator[Relocation]:
    if command.outcome == "failed" or "<<" in command.text:  # of a text that is written nothing was run
        return
    folder = f"{there.rstrip('/')}/" if (there := gone_to(command.text)) else ""
    for found in _MV.finditer(command.text):
        told = found["words"].partition(" #")[0]
        words = [it.strip(_QUOTES).removeprefix("./") for it in told.split()]
        if command.text[found.end() : found.end() + 1] in _REDIRECTS and words[-1:] and words[-1].isdigit():
            del words[-1]  # of ``2>/dev/null``
        if not words or any(mark in told for mark in "$*`{?'\"") or not _PLAIN.isdisjoint(words):
            continue
        *sources, goal = (it if it.startswith(("/", "~")) else folder + it for it in words)
        for old in sources:
            name = old.rstrip("/").rpartition("/")[2]
            last = goal.rpartition("/")[2]
            suffixed = "." in name and "." not in last and name.rpartition(".")[0] != last
            into = len(sources) > 1 or goal.endswith("/") or suffixed
            new = f"{goal.rstrip('/')}/{name}" if into else goal
            yield Relocation(command.position, old.rstrip("/"), new.rstrip("/"), bool(found["by_git"]))


_QUOTES, _REDIRECTS = "'\"", ("<", ">")
_PLAIN = frozenset((".", "..", "-t", "../"))
"""Words of a move by which it is not told what went where."""


def relocated(transcript: Transcript) -> Transcript:
    """Return ``transcript`` with what was done to a file, and read of it, under the name that it has at the end."""
    moves = relocations(transcript.commands)
    if not moves:
        return transcript
    first: dict[str, int] = {}
    for edit in transcript.edits:
        first.setdefault(edit.path, edit.position)
    moves = _at_home(moves, dict.fromkeys((*first, *(it.path for it in transcript.files))))
    counts: dict[tuple[str, str], int] = {}
    for it in transcript.files:
        key = (_name_now(it.path, first.get(it.path, -1), moves), it.action)
        counts[key] = counts.get(key, 0) + it.count
    texts = {_name_now(it.path, it.position, moves): it for it in transcript.texts}
    return transcript.replace(
        edits=tuple(it.replace(path=_name_now(it.path, it.position, moves)) for it in transcript.edits),
        files=tuple(FileTouch(*key, count) for key, count in counts.items()),
        texts=tuple(it.replace(path=path) for path, it in texts.items()),
        lookups=tuple(_read_now(it, moves) if it.kind == "read" else it for it in transcript.lookups),
    )


def _read_now(read: Lookup, moves: Sequence[Relocation]) -> Lookup:
    place = AT_LINE.search(read.asked)
    path = read.asked[: place.start()] if place else read.asked
    return read.replace(asked=_name_now(path, read.position, moves) + (place[0] if place else ""))


def _at_home(moves: Sequence[Relocation], known: Iterable[str]) -> tuple[Relocation, ...]:
    """Return ``moves`` with the folder that each was run in, as far as ``known`` paths tell: the highest that fits.

    A name without a folder is that of a file where the others were, or above all files: many have such names.
    """
    paths = [it.replace("\\", "/") for it in known if it.startswith("/") and not is_scratch(it)]
    shared = [list(it) for it in map(set, zip(*(it.split("/")[:-1] for it in paths), strict=False))]
    root = "/".join(it[0] for it in takewhile(lambda it: len(it) == 1, shared))
    own = [_home_of(it.old, paths) if "/" in it.old else None for it in moves]
    usual = max(filter(None, own), key=own.count, default=root)
    return tuple(it.replace(home=usual if home is None else home) for it, home in zip(moves, own, strict=True))


def _home_of(old: str, paths: Sequence[str]) -> str | None:
    """Return the shortest folder below which one of ``paths`` begins with ``old``, None where none does."""
    found = (it[: len(it) - len(old) - 1] if it.endswith(f"/{old}") else it.partition(f"/{old}/")[0] for it in paths)
    return min((home for home, it in zip(found, paths, strict=True) if home != it), key=len, default=None)


def _name_now(path: str, position: int, moves: Iterable[Relocation]) -> str:
    """Return the path that a file has in the end which had ``path`` at ``position``."""
    for it in moves:
        if it.position > position:
            path = _after(path, it)
    return path


def _after(path: str, move: Relocation) -> str:
    """Return ``path`` after a ``move``: of the file itself, or of a folder that it lies in."""
    whole = path.replace("\\", "/")
    for head in ("", f"{move.home}/") if move.home else ("",):
        old = head + move.old
        if whole == old or whole.startswith(f"{old}/"):
            return ("" if move.new.startswith("/") else head) + move.new + whole[len(old) :]
    return path


def files_moved(transcript: Transcript) -> tuple[Move, ...]:
    """Return from which folder to which files went for good, the latest first; of others than git's those at hand."""
    moves = relocations(transcript.commands)
    known = {it.path.rpartition("/")[2] for it in transcript.files} if moves else set()
    found: dict[tuple[str, str], list[str]] = {}
    goals: set[str] = set()
    for place, it in enumerate(moves):
        began = it.old not in goals  # else the first of its moves tells where it came from
        goals.add(it.new)
        now = it.old
        for later in moves[place:]:
            now = _after(now, later)
        (old, was), (new, name) = _parted(it.old), _parted(now)
        if began and now != it.old and (it.by_git or was in known or name in known):
            key = (old, new) if was == name else (it.old, now)
            found.setdefault(key, []).extend([name] if was == name and old else [])
    told = [Move("file", tuple(names), old, new) for (old, new), names in found.items()]
    return tuple(reversed(told))[:_MOST_TOLD]


def _parted(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name


_MOST = 12


def all_moves(transcript: Transcript) -> tuple[Move, ...]:
    """Return the files that commands moved, then what edits moved, renamed and removed."""
    there = files_moved(transcript) if moves_files(transcript.commands) else ()
    return (*there, *moves(transcript.edits, transcript.texts))


def copies(transcript: Transcript, printed: Sequence[Printed], since: int) -> tuple[Move, ...]:
    """Return the definitions that edits after ``since`` put into a file while another has them yet.

    It is half a move where one was meant. Of one of them at least the code is the same: many things have one name. Only
    lines that are known as they stand at the end tell.
    """
    put: dict[str, str] = {}
    for edit in transcript.edits:
        if edit.position > since and edit.new and not (edit.path.endswith(MARKDOWN) or is_test(edit.path)):
            gone = set(definitions_in(edit.old))
            new = (it for it in definitions_in(edit.new) if it not in gone and len(it) >= _LONG and it[:2] != "__")
            put.update((it, edit.path) for it in new)
    names = list(put)[-_MOST_COPIED:]
    there: dict[tuple[str, str], None] = {}
    for path, line in _lines_with(names, transcript, printed) if names else ():
        if (name := defined_by(line)) in names and not _HOLDS_MANY.match(line):
            there[path, put[name]] = None
    found = []
    for path, to in list(there)[:_MOST]:
        if not (same_file(path, to) or is_test(path)):
            one, other = (_defined(it, names, transcript, printed) for it in (path, to))
            both = [it for it in names if put[it] == to and it in one and it in other]
            if any(_alike(one[it], other[it]) for it in both):
                found.append(Move("copied", tuple(both), path, to))
    return tuple(found)


_LONG, _MOST_COPIED, _BODY = 6, 12, 8
"""How long a name is that tells of itself, how many are looked for, and how many lines below each."""


def _lines_with(names: Sequence[str], transcript: Transcript, printed: Sequence[Printed]) -> Iterator[tuple[str, str]]:
    """Yield the lines that have one of ``names``, of files that were written, read or searched, with the path."""
    for whole in transcript.texts:
        yield from ((whole.path, line) for _, line in _found_in(whole.text, names))
    for text in printed:
        told = "\n".join(line for _, _, line in text.lines)
        yield from ((text.lines[number][0], line) for number, line in _found_in(told, names))


def _found_in(text: str, names: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines of ``text`` that have one of ``names``, each with its number from 0."""
    for name in names:
        at, number, counted = text.find(name), 0, 0
        while at >= 0:
            begin, end = text.rfind("\n", counted, at) + 1 or counted, text.find("\n", at)
            number, counted = number + text.count("\n", counted, begin), begin
            yield number, text[begin : end if end >= 0 else len(text)]
            at = text.find(name, end) if end >= 0 else -1


def _defined(
    path: str, names: Sequence[str], transcript: Transcript, printed: Sequence[Printed]
) -> dict[str, tuple[str, ...]]:
    """Return the lines below the definition of each of ``names`` that a file has at the end."""
    found: dict[str, tuple[str, ...]] = {}
    for part in parts_of_file(path, transcript, printed):
        for at, line in _found_in("\n".join(part.lines), names) if part.exact else ():
            if (name := defined_by(line) or "") in names and name not in found and not _HOLDS_MANY.match(line):
                below = part.lines[at + 1 : at + 1 + _BODY]
                found[name] = tuple(it.strip() for it in below if len(it.strip()) > _CLOSES)
    return found


_HOLDS_MANY, _CLOSES = lazily(r"\s*(?:pub )?(?:module|namespace|mod)\s"), 3
"""How a line begins that opens what many files put their own into; so short is one that only closes something."""


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether most lines of two bodies are the same, and there are some."""
    same = sum(it in other for it in one)
    return len(one) >= _BODY // 2 and same * 3 >= len(one) * 2


def moves(edits: Sequence[Edit], texts: Sequence[FileText] = ()) -> tuple[Move, ...]:
    """Return what ``edits`` moved, renamed and removed, the latest first; ``texts`` tell what still stands in files."""
    followed = _Followed()
    for edit in edits:
        if not edit.path.endswith(MARKDOWN):
            followed.follow(edit)
    still = {it.path: set(definitions_in(it.text)) for it in texts if it.path in followed.left}
    found: dict[tuple[str, str, str], tuple[int, list[str]]] = {}
    for name, places in followed.places.items():
        for path, (position, there) in places.items():
            became = None if there or name in still.get(path, ()) else followed.became(name, path)
            if became:
                at, names = found.get((*became, path), (0, []))
                found[*became, path] = max(at, position), [*names, name]
    latest = sorted(found.items(), key=lambda it: -it[1][0])
    return tuple(Move(kind, tuple(names), path, to) for (kind, to, path), (_, names) in latest[:_MOST])


class _Followed:
    """Follows definitions through edits: by name, in which files each came last or went last."""

    def __init__(self) -> None:
        self.places: dict[str, dict[str, tuple[int, bool]]] = {}
        self.left: set[str] = set()
        self._renamed: dict[tuple[str, str], str] = {}
        self._replaced: set[tuple[str, str]] = set()
        self._made: set[str] = set()

    def follow(self, edit: Edit) -> None:
        """Take in an edit."""
        before, after = definitions_in(edit.old), definitions_in(edit.new)
        gone, come = [it for it in before if it not in after], [it for it in after if it not in before]
        if len(gone) == len(come) == 1 and _same_body(edit):
            self._renamed[gone[0], edit.path] = come[0]
        self._made.update(it for it in come if it not in self.places)
        for names, there in ((gone, False), (come, True)):
            for name in names:
                if "." not in name:  # no definition has a name like that: the edit was a slip
                    self.places.setdefault(name, {})[edit.path] = edit.position, there
        if gone and come:  # others came in their place: the list of edits has both sides
            self._replaced.update((name, edit.path) for name in gone)
        if gone:
            self.left.add(edit.path)

    def became(self, name: str, path: str) -> tuple[str, str] | None:
        """Return what became of the definition that stood in ``path``, as kind and goal; None: it came and went."""
        here = [it for it, (_, there) in self.places[name].items() if there]
        if here:
            return "moved", here[-1]
        if (name, path) in self._renamed:
            return "renamed", self._renamed[name, path]
        return None if name in self._made or (name, path) in self._replaced else ("removed", "")


def _same_body(edit: Edit) -> bool:
    """Return whether most lines of an edit are the same before and after, but for a name."""
    piece = altered(edit)
    return len(piece.old) == len(piece.new) and len(piece.new) * 2 <= max(2, len(edit.new.split("\n")))
