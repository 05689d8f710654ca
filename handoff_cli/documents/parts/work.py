"""The part that tells what was made: moves, edits by file, documents, and the code that the work is about."""

from __future__ import annotations

from itertools import takewhile

from handoff_cli.core.paths import MARKDOWN, is_test, with_folder
from handoff_cli.core.patterns import lazily
from handoff_cli.core.text import name
from handoff_cli.documents.extract.files.changes import change_line
from handoff_cli.documents.extract.language.shortened import outline
from handoff_cli.documents.extract.language.words import ASKING, as_one_line, clipped
from handoff_cli.documents.files import FileFact, common_folder, short_path
from handoff_cli.documents.parts.asked import prose_ordered
from handoff_cli.documents.parts.at_work import ASKS
from handoff_cli.documents.parts.pieces import EDITS, MUST, SOON, Piece, file_name, quoted
from handoff_cli.documents.parts.wording import by_items

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.extract.facts import Change, CodePiece, FileChanges
    from handoff_cli.documents.extract.story import Story


def made(story: Story) -> Iterator[Piece]:
    """Yield what was moved, replaced and changed by file, and the code that the work is about."""
    label = "Changed:"
    moved, replaced = list(_moved(story)), list(_replaced(story))
    handed_over = not story.changed.acted and any(it.late for it in story.told.reports)  # what was edited is older
    surely = 0 if handed_over else max(0, _EDITED - len(moved) - bool(replaced))
    for index, line in enumerate(moved):
        order = _EDITED_NEXT if index < _MOVES else 0.1 + index / 2
        yield quoted(EDITS, label, (order, clipped(line, _MOVE_CHARS)), kind="move of code")
    for index, line in enumerate(replaced):
        order = _EDITED_NEXT if not index else 0.2 + index / 2
        yield quoted(EDITS, label, (order, clipped(line, 150)), (order + 1.0, line), kind="replaced name")
    yield from _documents(story)
    prose = {it.path for it in story.changed.documents}
    whole = {it.path for it in story.changed.documents if it.whole}
    plan = story.left.at_plan.file if story.left.at_plan else None
    edits = [it for it in story.changed.edits if it.path != plan]
    late = story.changed.last_commit.late if story.changed.last_commit else ()
    loose = {it.path for it in late}
    in_commit = {it.path for it in late if it.action != "created"}  # it was new before that commit
    worth = [
        max((it.worth for it in file.changes), default=0.0)
        + _LOOSE * (file.path in loose)
        - 9.0 * (file.path in prose)
        - _TESTS * is_test(file.path)
        for file in edits
    ]
    ranks = {place: rank for rank, place in enumerate(sorted(range(len(worth)), key=lambda it: (-worth[it], it)))}
    known, gone = _Signatures(story.changed.code), {it.path for it in story.changed.files if it.action == "deleted"}
    names = [file_name(file.path) for file in edits]
    for place, file in enumerate(edits):
        told = file.path in whole or (file.created and file.path in prose)
        own = file.replace(changes=tuple(it for it in file.changes if not (told or _is_told(story, file.path, it))))
        if own.changes and own.path not in gone:
            rank = ranks[place]
            own = own.replace(created=own.created and own.path not in in_commit)
            lines = [clipped(known.line(own.path, change), 260) for change in own.changes]
            head = _within(own.path) if names.count(names[place]) > 1 else file_name(own.path)
            brief = by_items(_changes(head, own, lines[:1]), 140 if rank or story.changed.moves else 220)
            sure = rank < surely and file.path not in prose
            first = (0.3 + rank / 4 if not sure else _EDITED_NEXT + rank / 1_000 if rank else MUST, brief)
            steps = [(order + rank, _changes(head, own, lines[:most])) for order, most in _GROWN]
            yield quoted(EDITS, label, first, *steps, kind="edited file")
    yield from _code(story)
    yield from _read(story)


_MOVE_CHARS = 140
_LOOSE, _TESTS = 4.0, 1.5
"""What edits of a file that was edited since the last commit have ahead, and how much less those of tests count."""


def _read(story: Story) -> Iterator[Piece]:
    """Yield what was read for the latest request, a line for each file: soon where it asks what several are for."""
    files = [it for it in story.changed.read if not is_test(it.path)] or list(story.changed.read)
    to_prose = bool(prose_ordered(story))  # for which no name of code is needed
    asks = to_prose or bool(ASKS.search(as_one_line(story.latest)))
    many = len(files) >= _READ_MANY and sum(bool(it.says) for it in files) * 2 >= len(files)
    order = _READ_AT if asks and many else _READ_LATER
    named = [it for it in files if it.text]
    shown = named if len({file_name(it.path) for it in named}) == len(named) else []  # else it is not known which
    for it in shown:
        steps = [(order, outline(it.text, size)) for order, size in ((SOON, 500), (0.5, 1_200), (2.0, 2_400))]
        yield quoted(EDITS, f"{with_folder(it.path)}, which the latest request names, as it was read:", *steps)
    for age, it in reversed([*enumerate(reversed([it for it in files if it not in shown]))]):
        head, names = name(with_folder(it.path)), it.names * (not (to_prose and it.says))
        forms = (
            (at + age / 20, f"{head}: {'; '.join(filter(None, (it.says, ', '.join(names[:most]))))}")
            for at, most in ((order, _READ_NAMES), (max(order, _READ_LATER) + 0.5, len(it.names)))
        )
        yield quoted(EDITS, "Read for it, and what it defines:", *forms, kind="file read")


_READ_AT, _READ_LATER, _READ_NAMES, _READ_MANY = -0.8, 1.2, 5, 3


def _documents(story: Story) -> Iterator[Piece]:
    label = "Documents written (`…`: lines left out):"
    spoken = "\n".join((story.referent or "", story.latest))
    for index, it in enumerate(it for it in story.changed.documents if it.key or it.text):
        size = f"{it.lines} lines" if it.lines else ""
        known = "as before a script wrote it" if it.old else "whole" if it.whole else ""
        state = "deleted, to be put elsewhere: what it said" if it.deleted else "new" if it.created else ""
        notes = ", ".join(filter(None, (state, size, known)))
        head = f"{short_path(it.path)} ({notes})" if notes else short_path(it.path)
        first = not index and (it.late or bool(story.objected_to))
        named = not index and file_name(it.path) in spoken
        order, fuller = (
            (MUST, SOON if it.deleted else 0.5) if first else (_NAMED_NOW if named else 0.5 + index, 3.0 + index)
        )
        if story.left.at_plan and it.path == story.left.at_plan.file:  # its open steps stand in the next action
            order, fuller = _LATER + index, _LATER + index + 3
        yield quoted(EDITS, label, (order, f"{head}\n{it.key}"), (fuller, f"{head}\n{it.text}"), kind="document")


_NAMED_NOW, _LATER = SOON - 0.05, 3.0
"""The order of a document that the latest request names, or what it answers."""


def _is_told(story: Story, path: str, change: Change) -> bool:
    """Return whether what was moved and replaced tells ``change``: it was made in many places, or took all away."""
    gone = {it for move in story.changed.moves if move.path == path and move.kind != "copied" for it in move.names}
    brought = {it for move in story.changed.moves if move.to == path and is_test(path) for it in move.names}
    old, new = set(change.old.split(", ")), set(_made(change))
    return change.times > 1 or (old <= gone if not change.new else not change.old and bool(new) and new <= brought)


def _moved(story: Story) -> Iterator[str]:
    """Yield what was moved, renamed and removed, a line for each file it went from; tests last."""
    moved: dict[str, list[str]] = {}
    for move in sorted(story.changed.moves, key=lambda it: is_test(it.path)):
        names = name(", ".join(move.names))
        if move.kind == "copied":
            moved.setdefault(f"copied {_within(move.path)}", []).append(f" → {_within(move.to)}, in both now: {names}")
        elif move.kind == "moved":
            moved.setdefault(f"moved {_within(move.path)}", []).append(f" → {_within(move.to)}: {names}")
        elif move.kind == "file":
            moved.setdefault(f"moved {name(move.path)} → {name(move.to)}", []).append(f": {names}" if names else "")
        elif move.kind == "renamed":
            moved.setdefault(f"renamed in {_within(move.path)}:", []).append(f" {names} → {name(move.to)}")
        elif not is_test(move.path):
            moved.setdefault(f"removed from {_within(move.path)}:", []).append(f" {names}")
    says = {it.new: it.says for file in story.changed.edits for it in file.changes if it.says}
    for line in (f"{head}{';'.join(parts)}" for head, parts in moved.items()):
        said = says.get(line.rpartition(": ")[2], "")
        yield f"{line} ({said})" if said and len(line) + len(said) < _MOVE_CHARS else line


def _within(path: str) -> str:
    """Return a file's name with its folder: of what was moved the folder tells most."""
    return name(with_folder(path))


def _replaced(story: Story) -> Iterator[str]:
    """Yield what was replaced, or put in, alike in several places: names that only got another qualifier together."""
    groups: dict[tuple[str, str, bool], list[Change]] = {}
    for file in story.changed.edits:
        for change in file.changes:
            if change.times > 1:
                (before, _, one), (after, _, two) = change.old.rpartition("."), change.new.rpartition(".")
                alike = bool(one) and one == two
                key = (before, after, True) if alike else (change.old, change.new, False)
                groups.setdefault(key, []).append(change)
    for changes in groups.values():
        what = f"{changes[0].old} → {changes[0].new}" if changes[0].old else f"+ {changes[0].new}"
        if len(changes) > 1:
            what += f" (alike: {', '.join(it.old.rpartition('.')[2] for it in changes[1:])})"
        places = list(dict.fromkeys(place for it in changes for place in it.where))
        if changes[0].old:
            files = list(dict.fromkeys(place.partition(":")[0] for place in places))
            count = f": {changes[0].times} places" * (len(changes) == 1)  # each of several stands where others do
            yield f"replaced {what}{count} in {', '.join(files)}"
        else:
            yield f"{what} in {len(places)} places: {', '.join(places)}"


class _Signatures:
    """Finds the signature of what a change defined; of what is shown as code the name will do."""

    def __init__(self, code: tuple[CodePiece, ...]) -> None:
        self._known = {(it.path, it.name): it for it in code if it.signature and it.made}
        self._shown = {(it.path, it.name) for it in code[:_CODE_SURE]}

    def line(self, path: str, change: Change) -> str:
        """Return ``change`` as a line, with the signatures of what it defined."""
        made = () if change.old or is_test(path) else _made(change)
        told = [self._told(path, it) for it in made]
        if made and not told[0] and change.says and (path, made[0]) not in self._shown:
            told[0] = clipped(f"{made[0]}: {change.says}", _SIGNATURE_CHARS)
        if not any(told):
            return change_line(change)
        names = [it for it, signature in zip(made, told, strict=True) if not signature]
        parts = [*(f"+ {it}" for it in told if it)][:_MOST_SIGNATURES]
        names += [it for it, signature in zip(made, told, strict=True) if signature][_MOST_SIGNATURES:]
        return "; ".join((*parts, *([f"+ {', '.join(names)}"] if names else [])))

    def _told(self, path: str, defined: str) -> str:
        piece = self._known.get((path, defined))
        if piece is None or (path, defined) in self._shown:
            return ""
        says = piece.says.removeprefix(f"{defined} ")
        return clipped(f"{piece.signature}: {says}" if says else piece.signature, _SIGNATURE_CHARS)


_MOST_SIGNATURES, _SIGNATURE_CHARS, _CODE_SURE = 2, 110, 1

_EDITED, _MOVES, _EDITED_NEXT, _GROWN = 3, 2, -0.86, ((0.7, 1), (3.0, 3), (9.0, 8), (20.0, 24))
"""So many changes, and moves of code, come right after what came of the requests; the orders of a file's forms."""


def _changes(path: str, file: FileChanges, lines: list[str]) -> str:
    """Return the first changes of a file, called ``path``, a line each, and where the others lie."""
    head = f"{path}{' (new)' if file.created else ''}"
    left = [it for it in file.changes[len(lines) :] if it.times == 1]
    made = list(dict.fromkeys(name for it in left if not it.where for name in _made(it)))[:_ALSO]
    shown = "\n".join(lines)
    places = dict.fromkeys(place for it in left for place in it.where)
    also = [it for it in places if it not in made and it not in shown]
    parts = [f"+ {name(', '.join(made))}"] * bool(made) + [f"also in {name(', '.join(also[:_ALSO]))}"] * bool(also)
    more = "; ".join(parts)
    if len(lines) == 1:
        return f"{head}: {lines[0]}{'; ' + more if more else ''}"
    return "\n".join((head, *(f"  {line}" for line in (*lines, *([more] if more else [])))))


def _made(change: Change) -> tuple[str, ...]:
    """Return the names of what ``change`` defined."""
    return tuple(change.new.split(", ")) if change.new and not _SENTENCE.search(change.new) else ()


_SENTENCE = lazily(r"[^\w, .$]|\w \w")
_ALSO = 8


def _code(story: Story) -> Iterator[Piece]:
    base = common_folder(FileFact(file.path, ()) for file in story.changed.files)
    told = _told_code(story)
    goes_on = next((at for at, it in enumerate(told) if at and _is_as_dear(told[0], it)), 0)
    goes_on = goes_on or next((at for at, it in enumerate(told) if at and _goes_on(told[0], it, at)), 0)
    suspect = next((it for it in told if it.suspect), None)
    at_work = next((at for at, it in enumerate(told) if it.made), None)
    answers = story.state == "progress" and not story.changed.acted and story.latest.rstrip().endswith(ASKING)
    only_read = story.state == "answered" and all(file.action == "read" for file in story.changed.files)
    for index, it in enumerate(told):
        order, fuller = _CODE_ORDERS[index] if index < len(_CODE_ORDERS) else (8.0 + index, 12.0 + index)
        if only_read and not it.made:
            order, fuller = _AFTER_ANSWERS + index, 12.0 + index
        elif not (index or it.made) and it.worth >= _POINTED_AT:
            order = _AT_ONCE
        elif it is suspect:
            order = _SUSPECT
        elif (goes_on and index in (0, goes_on)) or (not index and it.worth >= _SURE):
            order = _TO_ANSWER if answers else SOON
        whole = index == at_work and len(it.text) <= _WHOLE_FIRST and "…" not in it.text
        order = min(order, _CODE_ORDERS[1][0]) if whole else order
        place = _place(it, base, it.first, it.last)
        declared = _place(it, base, it.at or it.first)
        used = "".join(f"\n  used at {line}" for line in it.calls)
        whole_at_once = len(it.text) <= _WHOLE_CODE
        alone = it.signature and len(it.key) > _LONG_KEY and not is_test(it.path)  # that of a test says nothing
        about = "".join(f"{line}\n" for line in takewhile(_COMMENTS.match, it.key.split("\n"))) if alone else ""
        bare = ((order, f"{declared}\n{about}{it.signature}{used}"),) if alone else ()
        later = max(order, _LINES_OF_IT) if alone and order == _AT_ONCE else order
        short = () if whole_at_once else (*bare, (later, f"{place}\n{it.key}{used}"))
        fuller = order if whole else fuller
        forms = (*short, (order if whole_at_once else fuller, f"{place}\n{it.text}{used}"))
        yield quoted(EDITS, _CODE_MADE if it.made else _CODE_READ, *forms, kind="piece of code")


def _goes_on(first: CodePiece, other: CodePiece, place: int) -> bool:
    """Return whether code that was only read, told at ``place``, is of the first piece's file and worth as much."""
    same = first.path == other.path and not (first.made or other.made)
    return same and (place == 1 or first.worth - other.worth < _AS_MUCH)


def _is_as_dear(first: CodePiece, other: CodePiece) -> bool:
    """Return whether a definition of another file that was only read is worth as much as the ``first`` piece."""
    read = bool(other.signature) and not (first.made or other.made) and first.path != other.path
    return read and first.worth - other.worth < _AS_MUCH


_AS_MUCH = 0.2
_COMMENTS = lazily(r"\s*(?://|#|/?\*|--)")
_WHOLE_CODE, _WHOLE_FIRST, _LONG_KEY = 450, 950, 500
"""Code of so many characters is told without gaps, what was edited and matters most even longer, if there is room; of
what is longer the signature stands where there is not."""

_CODE_MADE = "Code as it stands now (`…`: lines left out):"
_CODE_READ = "Code looked at for it (`…`: lines left out):"


def _told_code(story: Story) -> list[CodePiece]:
    """Return the pieces of code worth telling, but for those that a document tells, or the list of edits."""
    written = {line.strip() for it in story.changed.documents for line in it.text.split("\n")}
    told = []
    of_document = _is_of_a_document(story)
    for it in story.changed.code:
        if of_document and not (it.made or it.signature):
            continue
        lines = [line.strip() for line in it.key.split("\n") if len(line.strip()) > _SHORT_LINE]
        bare = it.made and len(lines) < (_FEWEST_LINES if it.last else _FEWEST_LINES + 1)  # its edits tell as much
        twice = bare or sum(line in written for line in lines) * 2 > len(lines)
        if it.worth >= (_LEAST_MADE if it.made else _LEAST_READ) and not twice:
            told.append(it)
    return told[:_CODE_SHOWN]


def _is_of_a_document(story: Story) -> bool:
    """Return whether the step ahead names a document and no other file: of code only what is named bears on it."""
    named = _FILES.findall(story.step.about)
    return bool(named) and all(it.endswith(MARKDOWN) for it in named)


_FILES = lazily(r"[\w.-]+\.[A-Za-z]\w{0,4}\b")
_SHORT_LINE, _FEWEST_LINES = 3, 2
_LEAST_MADE, _LEAST_READ, _CODE_SHOWN = 2.5, 1.5, 10
_SURE, _POINTED_AT, _AT_ONCE, _LINES_OF_IT, _SUSPECT, _TO_ANSWER = 4.0, 4.8, -0.95, -0.86, -0.898, -0.57
"""The worth of code that is told before parts get their shares, and of what the step ahead points at: that comes before
what was found for earlier requests; what a check that fails casts a doubt on, after the first of what was found; and
what was read for a question that is still to be answered, before documents."""

_AFTER_ANSWERS = 2.5
"""The order of code where all that the work did was to answer: the answers tell what was found in it."""

_CODE_ORDERS = ((0.05, 0.3), (0.25, 0.6), (0.7, 1.5), (1.2, 2.5))


def _place(it: CodePiece, base: str, first: int, last: int = 0) -> str:
    """Return where lines of a piece of code stand, below ``base``, and where it is not certain, by what it is known."""
    lines = f":{first}-{last}" if first and last > first else f":{first}" if first else ""
    known = "" if it.exact else " (by its last edit)" if it.made else " (as read; edited since)"
    known += " (a formatter ran since)" if it.formatted else ""
    path = it.path.replace("\\", "/").removeprefix(base)
    known += f" (in {name(it.name)})" if it.name and not it.signature else ""
    return f"{short_path(it.path) if it.made or len(path) > _PATH_CHARS else name(path)}{lines}{known}"


_PATH_CHARS = 90
