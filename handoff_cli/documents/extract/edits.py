"""What was changed and how: per file and place the shortest old and new, what is the same in many places once.

An edit whose lines a later edit took away again is no change any more; one that was turned back is a thing tried.
"""

from __future__ import annotations

from functools import lru_cache

from handoff_cli.core.code import definitions_in
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.record import Record
from handoff_cli.core.transcript import Edit
from handoff_cli.documents.extract.facts import Change, FileChanges
from handoff_cli.documents.extract.words import as_one_line, identifiers, tells_secret, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Command

SIDE_CHARS = 110
_MOST_FILES = 40
MAX_CHANGES = 24
_LEAST_PATTERN = 2
_MARKDOWN = (".md", ".mdx", ".markdown")
_TOKEN = lazily(r"\w+(?:\.\w+)*|\s+|[^\w\s]")
_TEMPORARY = lazily(
    r"(?:console\.(?:log|debug|error)|fmt\.(?:Print|Fprint)\w*|\bprint(?:ln!?|f)?\s*\(|logger?\.debug|log\.Print\w*|dbg!|var_dump"
    r"|System\.(?:out|err)\.print\w*|NSLog|debugger\b|breakpoint\(\)|pdb\.set_trace)[^\n]*\bDEBUG|\bDEBUG:|\bTEMP(?:ORARY)?\b"
    r"|\b(?:XXX|HACK)\b|\bdebugger;|breakpoint\(\)|pdb\.set_trace|\.only\(|\bt\.Skip\(|@pytest\.mark\.skip|\bxit\(|\bfdescribe\(",
)


class _Piece(Record):
    """An edit without what is the same before and after: its lines ``old`` and ``new``, and how many there are."""

    edit: Edit
    old: tuple[str, ...]
    new: tuple[str, ...]
    added: int = 0
    removed: int = 0


def digest(edits: Sequence[Edit], near: frozenset[str] = frozenset()) -> tuple[FileChanges, ...]:
    """Return what ``edits`` left changed, the file edited last first, and of a file what tells most first.

    That is what is new, large or late, and what has the names of ``near``, of which the agent speaks.
    """
    gone = {edit.path: edit.position for edit in edits if edit.action == "deleted"}
    there = [edit for edit in edits if edit.position > gone.get(edit.path, -1)]
    alive = _alive([piece for piece in map(_piece, there) if piece.old or piece.new])
    files: dict[str, list[_Piece]] = {}
    for piece in reversed(alive):
        files.setdefault(piece.edit.path, []).append(piece)
    spread = _spread(alive)
    first, last = (alive[0].edit.position, alive[-1].edit.position) if alive else (0, 0)
    shown: set[tuple[str, str]] = set()
    result = []
    for path, own in list(files.items())[:_MOST_FILES]:
        created = next((it for it in own if it.edit.action == "created"), None)
        changes: dict[tuple[str, str], Change] = {}
        telling = [piece for piece in own if any(map(_tells, (*piece.old, *piece.new)))]
        for piece in telling or own:
            age = (last - piece.edit.position) / max(1, last - first)
            change, defines = _change(piece, path, near)
            change = change.replace(worth=_worth(change, piece, near) + _NEW * defines - _LATE * age)
            key = _swap(piece) or (change.old, change.new)
            if key in spread and not created:
                if key in shown:
                    continue
                shown.add(key)
                places = spread[key]
                change = Change(tuple(places), *key, piece.added, piece.removed, len(places), change.worth)
            if known := changes.get(key):
                changes[key] = known.replace(where=tuple(dict.fromkeys((*known.where, *change.where))))
            elif len(changes) < MAX_CHANGES:
                changes[key] = change
        best = tuple(sorted(changes.values(), key=lambda it: -it.worth))
        result.append(FileChanges(path, created is not None, len(own), best))
    return tuple(result)


_LATE, _LINES, _NEW, _NAMED_SO, _IS_DULL, _OF_A_TEST = 2.0, 0.35, 1.5, 0.7, 3.0, 1.5
"""What a change of the last edit has ahead of one of the first, each doubling of its lines, one that defines something,
each name that the agent speaks of (three count); and what an import or a comment, and a test have less."""

_TESTS = caseless(r"(?:^|[/\\])(?:tests?|specs?|__tests__)[/\\]|[._-](?:test|spec)s?\.\w+$|(?:^|[/\\])test_\w+\.\w+$")


@lru_cache(maxsize=1_024)
def is_test(path: str) -> bool:
    """Return whether the file at ``path`` holds tests, by its name or folder."""
    return bool(_TESTS.search(path))


def _worth(change: Change, piece: _Piece, near: frozenset[str]) -> float:
    """Return how much a change tells: by its lines (the logarithm of their number) and names that are spoken of."""
    lines = (*piece.old, *piece.new)
    names = set(identifiers("\n".join(lines)[:_COMPARED])) | set(change.where)
    worth = _LINES * min(5, (change.added + change.removed).bit_length()) + _NEW * (
        not change.where and bool(change.new)
    )
    worth += _NAMED_SO * min(3, len(names & near)) - _OF_A_TEST * is_test(piece.edit.path)
    return worth - _IS_DULL * (not any(map(_tells, lines)))


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
            piece = _piece(edit)
            if any(map(_tells, (*piece.old, *piece.new))):
                found.append(FileChanges(edit.path, False, 1, (_change(piece, edit.path)[0],)))
    return tuple(reversed(found))


def temporary(edits: Sequence[Edit]) -> tuple[tuple[str, str], ...]:
    """Return ``(path, line)`` of lines that look as if they were put in for a while and are still there."""
    found: dict[tuple[str, str], None] = {}
    marked = {it.path for it in edits if not it.path.endswith(_MARKDOWN) and _may_be_temporary(it.new)}
    pieces = [_piece(it) for it in edits if it.path in marked]
    for piece in _alive([it for it in pieces if it.old or it.new]):
        for line in piece.new:
            if _may_be_temporary(line) and _TEMPORARY.search(line):
                found.setdefault((piece.edit.path, whole(as_one_line(line))[:SIDE_CHARS]))
    return tuple(found)


def _may_be_temporary(text: str) -> bool:
    return any(mark in text for mark in _OF_TEMPORARY)


_OF_TEMPORARY = (
    *("DEBUG", "TEMP", "XXX", "HACK", "debugger;", "breakpoint()", "pdb.set_trace", ".only(", "t.Skip("),
    *("@pytest.mark.skip", "xit(", "fdescribe("),
)
"""One of these is in whatever ``_TEMPORARY`` finds."""


def shown_by_git(commands: Sequence[Command]) -> list[Edit]:
    """Return the changes that ``git diff`` and ``git show`` printed, for a session that goes on with earlier work."""
    found: dict[tuple[str, str, str], Edit] = {}
    for command in commands:
        if _DIFF.search(command.text) and command.output and "\n@@ " in command.output:
            for edit in _hunks(command.output, command.position):
                found[edit.path, edit.old, edit.new] = edit
    return list(found.values())


_DIFF = lazily(r"\bgit\b[^|;&]*\b(?:diff|show)\b")


def _hunks(output: str, position: int) -> Iterator[Edit]:
    path, where = "", None
    old: list[str] = []
    new: list[str] = []
    for line in (*output.split("\n"), "diff --git"):
        if line.startswith(("diff --git", "@@ ")):
            if path and (old or new):
                yield Edit(path, position, "modified", "\n".join(old), "\n".join(new), where, "ok")
            old, new = [], []
            named = definitions_in(line.rpartition("@@ ")[2]) if line.startswith("@@ ") else []
            where = named[0] if named else None
        elif line == "…":  # here the middle of a long output is left out: of what follows, the file is not known
            path, old, new = "", [], []
        elif line.startswith("+++ "):
            path = line[4:].strip().removeprefix("b/")
        elif line.startswith("-") and not line.startswith("---"):
            old.append(line[1:])
        elif line.startswith("+"):
            new.append(line[1:])


def change_line(change: Change) -> str:
    """Return a change as one line: where, the old and the new; of one made in many places, these last."""
    where = ", ".join(change.where[:_WHERE]) + (
        f" and {len(change.where) - _WHERE} more" * (len(change.where) > _WHERE)
    )
    if change.old and change.new:
        body = f"{change.old} → {change.new}"
    elif change.new:
        body = f"+ {change.new}"
    else:
        body = f"− {change.old}"  # noqa: RUF001
    if change.times > 1:
        return f"{body} (in {change.times} places: {where})"
    if max(change.added, change.removed) > 1:
        body = f"{body} ({_size(change)})"
    return f"{where}: {body}" if where else body


_WHERE = 6


def _size(change: Change) -> str:
    parts = [f"+{change.added}"] * bool(change.added) + [f"−{change.removed}"] * bool(change.removed)  # noqa: RUF001
    return " ".join(parts)


def _piece(edit: Edit) -> _Piece:
    """Return ``edit`` without the lines that both sides begin and end with; blank lines do not count."""
    # A word cut out of its line would not be known as a secret any more.
    texts = (whole(text) if tells_secret(text) else text for text in (edit.old, edit.new))
    old, new = ([line for line in text.split("\n") if line.strip()] for text in texts)
    while old and new and old[0].strip() == new[0].strip():
        del old[0], new[0]
    while old and new and old[-1].strip() == new[-1].strip():
        del old[-1], new[-1]
    before, after = {line.strip() for line in old}, {line.strip() for line in new}
    gone = tuple(line for line in old if line.strip() not in after)
    come = tuple(line for line in new if line.strip() not in before)
    counts = (edit.added, edit.removed) if edit.added or edit.removed else (len(come), len(gone))
    return _Piece(edit, gone, come, *counts) if gone or come else _Piece(edit, tuple(old), tuple(new), *counts)


def _alive(pieces: list[_Piece]) -> list[_Piece]:
    """Return the ``pieces`` whose new lines no later edit of the same file took away."""
    alive: list[_Piece] = []
    undone: dict[str, tuple[set[str], set[str]]] = {}
    for piece in reversed(pieces):
        gone, come = undone.setdefault(piece.edit.path, (set(), set()))
        new, old = ({line.strip() for line in lines} for lines in (piece.new, piece.old))
        overwritten = _WHOLE_FILE in gone
        left = len(new - gone) if new else len(old - come)
        if not overwritten and left and left * _LEAST_LEFT >= len(new):
            alive.append(piece)
        gone |= old
        come |= new
        gone -= new
        if piece.edit.action == "created":
            gone.add(_WHOLE_FILE)
    return alive[::-1]


_LEAST_LEFT = 4
"""An edit of whose lines less than a quarter are left is told by the later ones."""

_WHOLE_FILE = "\n"
"""Stands for every line of a file that was written anew later."""


def _change(piece: _Piece, path: str, near: frozenset[str] = frozenset()) -> tuple[Change, bool]:
    """Return ``piece`` as a change, and whether it defines something."""
    old, new = piece.old, piece.new
    where = (piece.edit.where,) if piece.edit.where else ()
    counts = piece.added, piece.removed
    markdown = path.endswith(_MARKDOWN)
    defined = definitions_in("\n".join(new), markdown)
    gone = definitions_in("\n".join(old), markdown)
    fresh = [name for name in defined if name not in gone]
    if fresh and len(new) > 1:
        dropped = [name for name in gone if name not in defined]
        # What is new says where it is better than what stands around it.
        return Change((), _names(dropped), _names(fresh), *counts), True
    if gone and not new and len(old) > 1:
        return Change((), _names(gone), "", *counts), False
    if len(old) == len(new) == 1:
        return Change(where, *_narrowed(old[0], new[0]), 1, 1), False
    fresh_lines, gone_lines = _unlike(new, old)
    if any(map(_tells, fresh_lines)):
        gone_lines = tuple(filter(_tells, gone_lines))
    elif pair := _small_change(old, new):
        return Change(where, *_narrowed(*pair), *counts), False
    if old and fresh_lines and not gone_lines:
        return Change(where, "", _telling(fresh_lines, near), *counts), False
    told = _telling(gone_lines or old, near), _telling(fresh_lines or new, near)
    return Change(where, *told, *counts), False


_FEW_LINES = 6
_COMMENT = lazily(r"//|#|/?\*|\"\"\"|--")


def _small_change(old: Sequence[str], new: Sequence[str]) -> tuple[str, str] | None:
    """Return the first line that tells something with what it was before, where it is like a line of ``old``."""
    telling = [it for it in new[:_COMPARED_LINES] if _tells(it)]
    return next(((one, it) for it in telling for one in old[:_COMPARED_LINES] if not _unlike((it,), (one,))[0]), None)


def _tells(line: str) -> bool:
    return not _DULL.match(line.strip())


def _unlike(new: Sequence[str], old: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines of ``new`` and those of ``old`` that no line of the other is like, but for a small change.

    Lines are alike that share more than three quarters of their tokens. A line's tokens are bits of a number: of long
    edits every line is compared with every other.
    """
    bits: dict[str, int] = {}

    def counted(line: str) -> tuple[int, int]:
        mask = 0
        for token in _TOKEN.findall(line.strip()):
            mask |= bits.setdefault(token, 1 << len(bits))
        return mask, mask.bit_count()

    come, gone = list(map(counted, new)), list(map(counted, old))
    return tuple(_without_like(new, come, gone)), tuple(_without_like(old, gone, come))


def _without_like(lines: Sequence[str], own: list[tuple[int, int]], others: list[tuple[int, int]]) -> Iterator[str]:
    for line, (mask, size) in zip(lines, own, strict=True):
        if not any(
            (mask & other).bit_count() * 4 > max(most, size) * 3
            for other, most in others
            if size * 4 > most * 3 and most * 4 > size * 3
        ):
            yield line


def _names(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


_NAMED = 8


def _telling(lines: tuple[str, ...], near: frozenset[str] = frozenset()) -> str:
    """Return a few short ``lines`` on one; else that with most names of ``near``, the first of these that tells.

    That is no comment, brace or import line if there is another.
    """
    together = as_one_line(" ".join(lines)) if len(lines) <= _FEW_LINES else ""
    if 0 < len(together) <= SIDE_CHARS and all(not _COMMENT.match(line.strip()) for line in lines):
        return together
    bare = [as_one_line(line) for line in lines]
    telling = [it for it in bare if not _DULL.match(it)] or bare
    best = max(telling[:_COMPARED_LINES], key=lambda it: min(2, len(near.intersection(identifiers(it)))), default="")
    return best if len(best) <= SIDE_CHARS else f"{whole(best)[:SIDE_CHARS]}…"


_COMPARED_LINES = 30
_DULL = lazily(r"(?://|#|/?\*|\"\"\"|--|[\W_]*$|import\b|from\b.*\bimport\b|using\b|package\b|\"[\w./-]+\"$)")


def _narrowed(old: str, new: str) -> tuple[str, str]:
    """Return what differs between two lines, with a word or two of what is around it; short lines whole."""
    one, two = as_one_line(old), as_one_line(new)
    if len(one) + len(two) <= SIDE_CHARS:
        return one, two
    one, two = whole(one), whole(two)
    a, b = _TOKEN.findall(one), _TOKEN.findall(two)
    first = 0
    while first < min(len(a), len(b)) and a[first] == b[first]:
        first += 1
    last = 0
    while last < min(len(a), len(b)) - first and a[-1 - last] == b[-1 - last]:
        last += 1
    first, last = max(0, first - _AROUND), max(0, last - _AROUND)
    before, after = (_marked("".join(it[first : len(it) - last]).strip(), first > 0, last > 0) for it in (a, b))
    return before, after


_AROUND = 4


def _marked(side: str, cut_before: bool, cut_after: bool) -> str:
    shown = side[:SIDE_CHARS]
    return f"{'…' * cut_before}{shown}{'…' * (cut_after or len(side) > SIDE_CHARS)}"


def _swap(piece: _Piece) -> tuple[str, str] | None:
    """Return the one word that was replaced by another, everywhere in the edit; None where more differs."""
    if len(piece.old) != len(piece.new) or not piece.old:
        return None
    swaps = set()
    for one, two in zip(piece.old, piece.new, strict=True):
        a, b = _TOKEN.findall(one), _TOKEN.findall(two)
        if len(a) != len(b):
            return None
        swaps |= {(x, y) for x, y in zip(a, b, strict=True) if x != y}
    return swaps.pop() if len(swaps) == 1 else None


def _spread(pieces: list[_Piece]) -> dict[tuple[str, str], list[str]]:
    """Return the words that were replaced alike in several places, with those places."""
    places: dict[tuple[str, str], list[str]] = {}
    for piece in pieces:
        if swap := _swap(piece):
            name = piece.edit.path.replace("\\", "/").rpartition("/")[2]
            places.setdefault(swap, []).append(f"{name}:{piece.edit.where}" if piece.edit.where else name)
    return {swap: list(dict.fromkeys(where)) for swap, where in places.items() if len(set(where)) >= _LEAST_PATTERN}
