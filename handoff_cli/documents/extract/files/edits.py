"""What was changed and how: per file and place the shortest old and new, what is the same in many places once.

An edit whose lines a later edit took away again is no change any more; one that was turned back is a thing tried. Of
edits that went on with each other only the first old and the last new are told.
"""

from __future__ import annotations

from handoff_cli.core.code import defined_by, definitions_in
from handoff_cli.core.light import Counts
from handoff_cli.core.paths import MARKDOWN, is_absolute, is_left_behind, is_scratch, is_test, name_of
from handoff_cli.core.patterns import lazily
from handoff_cli.core.transcript import Edit
from handoff_cli.documents.extract.facts import Change, FileChanges
from handoff_cli.documents.extract.files.changes import (
    TOKEN,
    Altered,
    added_name,
    altered,
    change_of,
    prepare_changes,
    tells,
)
from handoff_cli.documents.extract.files.texts import CUT, PATCHED, shows_changes
from handoff_cli.documents.extract.language.words import identifiers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Command, Transcript

_MOST_FILES = 40
MAX_CHANGES = 24
_LEAST_PATTERN, _LEAST_ADDED = 2, 3


def of_project(transcript: Transcript) -> tuple[Edit, ...]:
    """Return the edits but for those of what runs leave behind, and of files kept for a while beside the project.

    These are told apart where files of the project are known. Those of files that are as before go too.
    """
    back = set_back(transcript.edits)
    edits = tuple(it for it in transcript.edits if not (is_left_behind(it.path) or it.path in back))
    if _lies_in_scratch(edits):
        return tuple(_within(edits))
    if all(is_scratch(it.path) for it in transcript.files):
        return edits
    return tuple(it for it in edits if not is_scratch(it.path))


def without_edits(transcript: Transcript, gone: Sequence[Edit]) -> Transcript:
    """Return ``transcript`` without the edits that are ``gone``, and the touches and texts of files that they left."""
    lost, paths = Counts((it.path, it.action) for it in gone), {it.path for it in gone}
    left = (it.replace(count=it.count - lost[it.path, it.action]) for it in transcript.files)
    taken = set(map(id, gone))
    return transcript.replace(
        edits=tuple(it for it in transcript.edits if id(it) not in taken),
        files=tuple(it for it in left if it.count > 0),
        texts=tuple(it for it in transcript.texts if it.path not in paths),
    )


def _lies_in_scratch(edits: Sequence[Edit]) -> bool:
    """Return whether the project itself lies where files are kept for a while: in folders there, and none elsewhere."""
    paths = {it.path for it in edits}
    there = {it for it in paths if is_scratch(it)}
    folders = {it.rpartition("/")[0] for it in there}
    elsewhere = any(is_absolute(it) for it in paths - there)
    return len(there) >= _FEWEST_FILES and len(folders) >= _FEWEST_FOLDERS and not elsewhere


_FEWEST_FILES, _FEWEST_FOLDERS = 3, 2


def lie_beside(transcript: Transcript) -> bool:
    """Return whether all edits are of files kept for a while, and the agent began to work elsewhere."""
    home, edits = transcript.folder or "", transcript.edits
    return bool(edits and home) and not is_scratch(f"{home}/") and all(is_scratch(it.path) for it in edits)


def came_and_went(edits: Sequence[Edit]) -> set[str]:
    """Return the files that ``edits`` created and that were deleted in the end."""
    last = {it.path: it.action for it in edits}
    return {it.path for it in edits if it.action == "created" and last[it.path] == "deleted"}


def of_work(edits: Sequence[Edit]) -> Sequence[Edit]:
    """Return ``edits`` but for what runs leave behind, and scripts kept for a while where any are of the project.

    Those of files that are as before go too.
    """
    back = set_back(edits)
    edits = [it for it in edits if not (is_left_behind(it.path) or it.path in back)]
    if _lies_in_scratch(edits):
        return _within(edits)
    return [it for it in edits if not is_scratch(it.path)] or edits


def _within(edits: Sequence[Edit]) -> list[Edit]:
    """Return ``edits`` of a project that lies where files are kept for a while, without the scripts beside it."""
    return [it for it in edits if not (is_scratch(it.path) and _FOR_A_WHILE.search(it.path))]


_FOR_A_WHILE = lazily(r"^(?:/private)?/(?:var/)?tmp/[^/]+$|.[/\\](?:tmp|temp|scratch(?:pad)?)[/\\][^/\\]+$")
"""A file right in the folder of a system for such files, or in one of the kind that somebody made."""


def digest(
    edits: Sequence[Edit], near: frozenset[str] = frozenset(), asked: int | None = None
) -> tuple[FileChanges, ...]:
    """Return what ``edits`` left changed, the file edited last first, and of a file what tells most first.

    Files that are kept for a while beside the project come last. What tells is what is new, large or late,
    what came after the latest request (``asked``), and what has the names of ``near``, of which the agent speaks.
    """
    left = alive(_net(edits, asked))
    prepare_changes(left)
    files: dict[str, list[Altered]] = {}
    for piece in reversed(left):
        files.setdefault(piece.edit.path, []).append(piece)
    spread = _spread(left)
    main = {it.edit.where for it in left if it.edit.where and it.added >= _MAIN}
    first, last = (left[0].edit.position, left[-1].edit.position) if left else (0, 0)
    shown: set[tuple[str, str]] = set()
    result = []
    for path, own in sorted(files.items(), key=lambda it: is_scratch(it[0]))[:_MOST_FILES]:
        created = next((it for it in own if it.edit.action == "created"), None)
        changes: dict[tuple[str, str], Change] = {}
        telling = [piece for piece in own if any(map(tells, (*piece.old, *piece.new)))]
        for piece in (one for it in telling or own for one in _apart(it)):
            age = (last - piece.edit.position) / max(1, last - first)
            change, defines = change_of(piece, path, near)
            now = asked is not None and piece.edit.position > asked
            worth = _worth(change, piece, near) + _NEW * defines + _NOW * now - _LATE * age
            change = change.replace(worth=worth - _FOLLOWS * _only_follows(piece, main))
            key = _swap(piece) or added_name(piece) or (change.old, change.new)
            if key in spread and not created:
                if key in shown:
                    continue
                shown.add(key)
                places = spread[key]
                named = tuple(dict.fromkeys(places))
                change = Change(named, *key, piece.added, piece.removed, len(places), change.worth)
            if known := changes.get(key):
                changes[key] = known.replace(where=tuple(dict.fromkeys((*known.where, *change.where))))
            elif len(changes) < MAX_CHANGES:
                changes[key] = change
        best = tuple(sorted(changes.values(), key=lambda it: -it.worth))
        result.append(FileChanges(path, created is not None, len(own), best))
    return tuple(result)


_LATE, _NOW, _LINES, _NEW, _NAMED_SO, _IS_DULL, _OF_A_TEST, _BESIDE = 2.0, 2.2, 0.35, 1.5, 0.7, 3.0, 1.5, 9.0
"""What a change of the last edit has ahead of one of the first, one since the latest request of those before, each
doubling of its lines, one that defines something, each name that the agent speaks of (three count); and what an import
or a comment, a test, and a script beside the project have less."""


_FOLLOWS, _MAIN, _FEW = 3.0, 6, 2
"""What a change of a few lines has less that only follows a larger one, and the lines of both."""


def _apart(piece: Altered) -> tuple[Altered, ...]:
    """Return ``piece`` in parts where it changed definitions and put others before them: else these alone were told."""
    edit = piece.edit
    fresh = definitions_in("\n".join(piece.new)) if edit.old and not edit.path.endswith(MARKDOWN) else ()
    for head in edit.old.split("\n") if fresh else ():
        stays = head.strip() and defined_by(head)
        if stays and edit.old.count(head) == edit.new.count(head) == 1:
            (before, _, old), (put, _, new) = edit.old.partition(head), edit.new.partition(head)
            if stays not in fresh and before.strip() != put.strip() and old.strip() != new.strip():
                own = edit.replace(old=old, new=new, where=stays, added=0, removed=0)
                first = edit.replace(old=before, new=put, added=0, removed=0)
                return altered(first), *map(altered, _by_definition(own, head))
    return (piece,)


def _by_definition(below: Edit, head: str) -> Iterator[Edit]:
    """Yield what changed ``below`` the line ``head``, cut where the next definition that stays begins.

    What is set in deeper is a part of the one before: a line of its end would else be told of what it encloses.
    """
    depth = len(head) - len(head.lstrip())
    for line in below.old.split("\n"):
        beside = line.strip() and len(line) - len(line.lstrip()) <= depth
        stays = defined_by(line) if beside else None
        if stays and below.old.count(line) == below.new.count(line) == 1:
            (old, _, left), (new, _, left_now) = below.old.partition(line), below.new.partition(line)
            if old.strip() != new.strip():
                yield below.replace(old=old, new=new)
            below = below.replace(old=left, new=left_now, where=stays)
    if below.old.strip() != below.new.strip():
        yield below


def _only_follows(piece: Altered, main: set[str]) -> bool:
    """Return whether a few lines only call otherwise what was changed itself: a function of ``main``."""
    few = 0 < len(piece.new) <= _FEW and len(piece.old) <= _FEW and piece.edit.where not in main
    called = main.intersection(identifiers("\n".join(piece.new))) if few and main else ()
    return any(any(it in line for line in piece.old) for it in called)


def _net(edits: Sequence[Edit], asked: int | None) -> list[Edit]:
    """Return ``edits`` with those as one that went on with each other, on the same side of a request at ``asked``.

    One by which the same is replaced in several places is told with these. Of two that cancel each other none is left.
    """
    spread = _spread(alive(edits))
    told: list[Edit] = []
    for edit in edits:
        last = len(told)
        places = () if _swap(altered(edit)) in spread else range(last - 1, max(0, last - _LOOKED_BACK) - 1, -1)
        joined = ((at, _joined(told[at], edit)) for at in places if _goes_on(told[at], edit, asked))
        at, net = next(joined, (last, edit))
        cancelled = at < last and net.old.strip() == net.new.strip()
        told[at:] = [*told[at + 1 :], *([] if cancelled else [net])]
    return told


def standing(edits: Sequence[Edit]) -> list[Edit]:
    """Return ``edits`` but for those of files in which all that was changed was changed back."""
    paths = {it.path for it in _net([it for it in edits if it.outcome != "failed"], None)}
    return [it for it in edits if it.path in paths or it.outcome == "failed"]


_LOOKED_BACK, _LEAST_CHARS = 12, 12


def _goes_on(one: Edit, later: Edit, asked: int | None) -> bool:
    """Return whether ``later`` replaced what ``one`` put in, or a part of it."""
    if not (one.path == later.path and one.action == later.action == "modified"):
        return False
    if asked is not None and one.position <= asked < later.position:
        return False
    if _lie_apart(one, later):
        return False
    inner, outer = sorted((one.new, later.old), key=len)
    if len(inner) < _LEAST_CHARS or outer.count(inner) != 1:
        return False
    return not any(CUT.search(it) for it in (one.old, outer, later.new))


def _lie_apart(one: Edit, later: Edit) -> bool:
    """Return whether the edits are of two places, and neither brought or replaced what the other lies in."""
    if not (one.where and later.where) or one.where == later.where:
        return False
    return later.where not in one.new and one.where not in later.old


def _joined(one: Edit, later: Edit) -> Edit:
    """Return both edits as one, with what stood before the first and what the later left."""
    again = min(one.added, later.removed)
    counts = {"added": one.added + later.added - again, "removed": one.removed + later.removed - again}
    if one.new in later.old:
        return later.replace(old=later.old.replace(one.new, one.old), **counts)
    return later.replace(old=one.old, new=one.new.replace(later.old, later.new), where=one.where, **counts)


def _worth(change: Change, piece: Altered, near: frozenset[str]) -> float:
    """Return how much a change tells: by its lines (the logarithm of their number) and names that are spoken of."""
    lines = (*piece.old, *piece.new)
    names = set(identifiers("\n".join(lines)[:_COMPARED])) | set(change.where)
    worth = _LINES * min(5, (change.added + change.removed).bit_length()) + _NEW * (
        not change.where and bool(change.new)
    )
    worth += _NAMED_SO * min(3, len(names & near)) - _OF_A_TEST * is_test(piece.edit.path)
    worth -= _BESIDE * is_scratch(piece.edit.path)
    return worth - _IS_DULL * (not any(map(tells, lines)))


_COMPARED = 4_000


def reverted(edits: Sequence[Edit]) -> tuple[FileChanges, ...]:
    """Return the changes that a later edit of the same file turned back, the latest first."""
    found = []
    for index, edit in enumerate(edits):
        back = any(
            later.path == edit.path and edit.old.strip() and (later.old, later.new) == (edit.new, edit.old)
            for later in edits[index + 1 :]
        )
        if back:
            piece = altered(edit)
            if any(map(tells, (*piece.old, *piece.new))):
                found.append(FileChanges(edit.path, False, 1, (change_of(piece, edit.path)[0],)))
    return tuple(reversed(found))


def takes_back(later: Edit, edit: Edit) -> bool:
    """Return whether ``later`` makes of what ``edit`` wrote what stood there before, alone or with lines around it."""
    if later.path != edit.path or not edit.new.strip() or not later.old.strip():
        return False
    if edit.new in later.old:
        return later.old.replace(edit.new, edit.old) == later.new
    return later.old in edit.new and edit.new.replace(later.old, later.new) == edit.old


def set_back(edits: Sequence[Edit]) -> set[str]:
    """Return the files that stand as before all their ``edits``: each was taken back by one after it."""
    open_now: dict[str, list[Edit]] = {}
    for edit in edits:
        before = open_now.setdefault(edit.path, [])
        if before and (edit.old, edit.new) == (before[-1].new, before[-1].old) and edit.old.strip():
            before.pop()
        else:
            before.append(edit)
    return {path for path, left in open_now.items() if not left}


def shown_by_git(commands: Sequence[Command]) -> list[Edit]:
    """Return the changes that ``git diff`` and ``git show`` printed, for a session that goes on with earlier work."""
    found: dict[tuple[str, str | None, str, str], Edit] = {}
    for command in commands:
        if command.output and shows_changes(command.text, command.output) and not _OF_OLD.search(command.text):
            from handoff_cli.documents.extract.files.diffs import hunks

            for hunk in hunks(command.output):
                for where, old, new in hunk.changes():
                    made = Edit(hunk.path, command.position, PATCHED, old, new, where, "ok")
                    found[hunk.path, where, old, new] = made
    return list(found.values())


_OF_OLD = lazily(r"\b[0-9a-f]{7,40}\.\.\.?[0-9a-f]{7,40}\b")
"""Two commits by their hashes, of which git shows how one came to be the other: that is no change at work."""


def alive(edits: Sequence[Edit]) -> list[Altered]:
    """Return what ``edits`` altered, in order, but for that whose new lines a later edit of the file took away."""
    removed = {edit.path: edit.position for edit in edits if edit.action == "deleted"}
    there = map(altered, (edit for edit in edits if edit.position > removed.get(edit.path, -1)))
    found: list[Altered] = []
    undone: dict[str, tuple[set[str], set[str]]] = {}
    for piece in reversed([it for it in there if it.old or it.new]):
        gone, come = undone.setdefault(piece.edit.path, (set(), set()))
        new, old = ({line.strip() for line in lines} for lines in (piece.new, piece.old))
        overwritten = _WHOLE_FILE in gone
        left = len(new - gone) if new else len(old - come)
        if not overwritten and left and left * _LEAST_LEFT >= len(new):
            found.append(piece)
        gone |= old
        come |= new
        gone -= new
        if piece.edit.action == "created":
            gone.add(_WHOLE_FILE)
    return found[::-1]


_LEAST_LEFT = 4
"""An edit of whose lines less than a quarter are left is told by the later ones."""

_WHOLE_FILE = "\n"
"""Stands for every line of a file that was written anew later."""


def _swap(piece: Altered) -> tuple[str, str] | None:
    """Return the one word that was replaced by another, everywhere in the edit; None where more differs."""
    if len(piece.old) != len(piece.new) or not piece.old:
        return None
    swaps = set()
    for one, two in zip(piece.old, piece.new, strict=True):
        a, b = TOKEN.findall(one), TOKEN.findall(two)
        if len(a) != len(b):
            return None
        swaps |= {(x, y) for x, y in zip(a, b, strict=True) if x != y}
    return swaps.pop() if len(swaps) == 1 else None


def _spread(pieces: list[Altered]) -> dict[tuple[str, str], list[str]]:
    """Return the words that were replaced alike, and names put, in several places, with the place of each time."""
    places: dict[tuple[str, str], list[str]] = {}
    for piece in pieces:
        if swap := _swap(piece) or added_name(piece):
            places.setdefault(swap, []).append(_place_of(piece))
    least = {swap: _LEAST_PATTERN if swap[0] else _LEAST_ADDED for swap in places}
    spread = {swap: where for swap, where in places.items() if len(set(where)) >= least[swap]}
    for piece in pieces if any(old for old, _ in spread) else ():
        old, new = (Counts(TOKEN.findall("\n".join(lines))) for lines in (piece.old, piece.new))
        for (one, other), where in spread.items():  # where more was changed beside it, it was replaced too
            if _swap(piece) != (one, other) and one.strip() and old[one] and not new[one] and new[other]:
                where.append(_place_of(piece))
    return spread


def _place_of(piece: Altered) -> str:
    name = name_of(piece.edit.path)
    return f"{name}:{piece.edit.where}" if piece.edit.where else name
