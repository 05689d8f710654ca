"""What is known of the text of files at the end: what was read or written, with every later edit applied to it."""

from __future__ import annotations

from handoff_cli.core.light import Counts, lru_cache
from handoff_cli.core.paths import MARKDOWN
from handoff_cli.core.patterns import lazily
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.commands.results import unescaped
from handoff_cli.documents.extract.files.hand import is_foreign
from handoff_cli.documents.extract.files.looped import printed_by_loop

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Edit, Transcript

MOST_TEXTS = 12
_LONG_LINE, _LONG_PARAGRAPH, _LINES_OF_A_TEXT = 400, 2_000, 1_500
_MOST_EDITS = 40
"""So many edits of a file are applied to what was read of it, the latest."""


class Printed(Record):
    """What was read or found at ``position``: lines by number (0: not known) with the ``path`` each stands in.

    ``found`` tells that a search had them: nobody has read the file for that.
    """

    position: int
    lines: tuple[tuple[str, int, str], ...]
    found: bool = False


class FilePart(Record):
    """Lines of a file as they stand at the end, of which the first has the number ``first`` (0: not known).

    ``whole`` tells that it is all of the file, ``exact`` that every later edit is in it; ``position`` is where the
    lines come from.
    """

    path: str
    position: int
    lines: tuple[str, ...]
    first: int = 0
    whole: bool = False
    exact: bool = True


def same_file(one: str, other: str) -> bool:
    """Return whether two paths may be of one file: the same, or one the end of the other."""
    if one == other:
        return True
    one, other = _plain(one), _plain(other)
    return one == other or one.endswith(f"/{other}") or other.endswith(f"/{one}")


@lru_cache(maxsize=4_096)
def _plain(path: str) -> str:
    return path.replace("\\", "/").removeprefix("./")


def parts_of_file(path: str, transcript: Transcript, printed: Sequence[Printed]) -> list[FilePart]:
    """Return what is known of the file at ``path``, what tells most of its end first.

    That is the whole, then lines whose place is known, then the latest.
    """
    edits = [it for it in transcript.edits if it.outcome != "failed" and same_file(it.path, path)]
    if edits and edits[-1].action == "deleted":
        return []
    found = [
        FilePart(path, it.position, tuple(it.text.split("\n")), 1, whole=True)
        for it in transcript.texts
        if same_file(it.path, path)
    ]
    written = found[0].position if found else -1
    for text in printed:
        if text.position > written:
            runs = list(runs_in(path, text))
            found = [_read_again(it, runs) if it.whole else it for it in found] + runs
    if written < 0:
        found += [
            FilePart(path, it.position, tuple(it.new.split("\n")), whole=_is_whole(it))
            for it in edits[-_MOST_EDITS:]
            if it.new
        ]
    at_the_end = [_edited(it, [edit for edit in edits[-_MOST_EDITS:] if edit.position > it.position]) for it in found]
    known = [it for it in at_the_end if it.lines]
    return sorted(known, key=lambda it: (not it.exact, not it.whole, not it.first, -it.position))


def _is_whole(edit: Edit) -> bool:
    """Return whether ``edit`` has all of its file: of what git shows as put in, nothing stood there before either."""
    return edit.action != PATCHED and not edit.old and not CUT.search(edit.new)


PATCHED = "patched"
"""What an edit did that git shows."""


CUT = lazily(r"(?m)^… \[\d+ characters\] …$")


def _read_again(part: FilePart, runs: Sequence[FilePart]) -> FilePart:
    """Return the text of a file as it was read again later: a formatter may have changed lines since it was written."""
    lines, position = list(part.lines), part.position
    for run in runs:
        there = lines[run.first - 1 : run.first - 1 + len(run.lines)]
        same = sum(one == two for one, two in zip(there, run.lines, strict=False))
        if len(there) == len(run.lines) and same * 2 >= len(there):
            lines[run.first - 1 : run.first - 1 + len(run.lines)] = run.lines
            position = max(position, run.position) if same < len(there) else position
    return part.replace(lines=tuple(lines), position=position)


def runs_in(path: str, text: Printed) -> Iterator[FilePart]:
    """Yield the runs of lines of the file at ``path`` in what was printed."""
    run: list[str] = []
    first = after = 0
    last, same = "", False
    for where, number, line in (*text.lines, ("", 0, "")):
        if where != last:
            last, same = where, same_file(where, path)
        if run and (not number or number != after):
            yield FilePart(path, text.position, tuple(run), first)
            run = []
        if number and same:
            first = first if run else number
            run.append(line)
            after = number + 1


def _edited(part: FilePart, edits: Sequence[Edit]) -> FilePart:
    """Return ``part`` with ``edits`` made in it; lines that one of them may have changed are not exact any more."""
    if not edits:
        return part
    text, first, exact = "".join(f"{line}\n" for line in part.lines), part.first, part.exact
    for edit in edits:
        old, new = _below_its_place(text, edit)
        if not old:  # written whole: what was read before is no more; else it was put in somewhere
            if edit.action == "created":
                return part.replace(lines=())
            first, exact = 0, exact and bool(new)  # of a script it is known that it wrote, not what
            continue
        if text.count(old) == 1:
            text = text.replace(old, new)
        elif any(line in text for line in _own_lines(old, new)):
            exact = False
        elif old.count("\n") != new.count("\n"):
            first = 0
    return part.replace(lines=tuple(text.removesuffix("\n").split("\n")), first=first, exact=exact)


def _below_its_place(text: str, edit: Edit) -> tuple[str, str]:
    """Return what an edit takes out and puts in; a patch begins with the line that it lies somewhere below."""
    place, _, old = edit.old.partition("\n")
    if not old or edit.old in text or not edit.new.startswith(f"{place}\n") or text.find(old, text.find(place)) < 0:
        return edit.old, edit.new
    return old, edit.new[len(place) + 1 :]


def _own_lines(old: str, new: str) -> list[str]:
    """Return the lines that an edit took away and that are long enough to be known again."""
    kept = set(new.split("\n"))
    return [line for line in old.split("\n") if line not in kept and len(line.strip()) > _SHORT]


_SHORT = 12


def printed_in(transcript: Transcript) -> list[Printed]:
    """Return what was read and found last, in the order of the places."""
    asked = [
        (it.position, it.asked if it.kind == "read" else "", it.answer, it.kind == "read")
        for it in transcript.lookups
        if it.answer and it.kind in ("read", "search") and not is_foreign(it.asked)
    ]
    for command in transcript.commands[-_COMMANDS:]:
        if command.output and command.outcome != "failed" and not is_foreign(command.text):
            if found := _PRINTS.search(command.text):
                searched = _GREPS.search(command.text, 0, found.start())
                hits, output = _hits_before(command.output) if searched else ("", command.output)
                asked.append((command.position, "", hits, False))
                asked.append((command.position, _place(found), output, True))
            elif _GREPS.search(command.text):
                asked.append((command.position, "", command.output, False))
            else:
                of_loop = printed_by_loop(command.text, command.output)
                asked += ((command.position, path, text, True) for path, text in of_loop)
    texts = list(_diffed(transcript))
    for position, place, text, is_file in sorted(asked, key=lambda it: it[0])[-2 * MOST_TEXTS :]:
        lines = tuple(lines_read(place, text) if is_file else _found(text))[:_LINES_OF_A_TEXT]
        if lines:
            texts.append(Printed(position, lines, not is_file))
    texts.sort(key=lambda it: it.position)
    return [_numbered(it, texts) for it in texts]


def _hits_before(output: str) -> tuple[str, str]:
    """Return what a search printed, and below it a file: the first is of other files."""
    lines = output.split("\n")
    until = next((at for at, line in enumerate(lines) if not _HIT.match(line)), len(lines))
    return "\n".join(lines[:until]), "\n".join(lines[until:])


def _diffed(transcript: Transcript) -> Iterator[Printed]:
    """Yield what diffs of the tree as it stands, and the code that comments of a review are about, tell of files."""
    for command in transcript.commands[-_COMMANDS:]:
        output = command.output or ""
        lines: tuple[tuple[str, int, str], ...] = ()
        if "\n@@ -" in output and _OF_THE_TREE.search(command.text):
            from handoff_cli.documents.extract.files.diffs import hunks

            lines = tuple((it.path, number, line) for it in hunks(output) for number, line in it.after())
        elif _REVIEWED in output and command.outcome != "failed":
            lines = tuple(_reviewed(output))
        if lines:
            yield Printed(command.position, lines[:_LINES_OF_A_TEXT])


def _reviewed(output: str) -> Iterator[tuple[str, int, str]]:
    """Yield path, number and text of the lines that comments of a review are about, but for outdated ones."""
    for comment in output.split(_REVIEWED)[1:]:
        diff, path = _JSON_TEXT.match(comment), _JSON_PATH.search(comment)
        if diff and path and '"line":null' not in comment[:_COMMENT_CHARS].replace(" ", ""):
            from handoff_cli.documents.extract.files.diffs import hunks

            header = f"+++ b/{path[1]}\n"
            for it in hunks(header + unescaped(diff[1])):
                yield from ((it.path, number, line) for number, line in it.after())


_REVIEWED = '"diff_hunk"'
_COMMENT_CHARS = 20_000
_JSON_TEXT = lazily(r'\s*:\s*"((?:[^"\\]|\\.)*)"')
_JSON_PATH = lazily(r'"path"\s*:\s*"([^"\\]+)"')
_OF_THE_TREE = lazily(
    r"\bgit\b(?: -\S+(?: [^-\s]\S*)?)* (?:show(?: --?\S+)*(?: HEAD)?\s*(?:$|[|;&]|--)"
    r"|diff\b(?! -R)(?![^|;&]*\.\.(?!\.?(?:HEAD\b|[\s|;&]|$)))(?![^|;&]*\b[0-9a-f]{7,40} [0-9a-f]{7,40}\b))"
)
"""A diff whose new side is what stands in the tree or was committed last."""


def _numbered(text: Printed, others: Sequence[Printed]) -> Printed:
    """Return ``text`` with the numbers of lines below a gap, where a search told that of one of them."""
    lines = text.lines
    below = next((place for place, (_, number, _) in enumerate(lines) if not number), len(lines))
    path = lines[0][0]
    told = (it for other in others if other is not text for it in other.lines)
    known = {line: number for where, number, line in told if number and same_file(where, path)} if lines[below:] else {}
    once = Counts(line for _, _, line in lines)
    for place in range(below, len(lines)):
        line = lines[place][2]
        if once[line] == 1 and line.strip() and (number := known.get(line, 0)) > place:
            rest = ((path, number - place + other, lines[other][2]) for other in range(below, len(lines)))
            return text.replace(lines=(*lines[:below], *rest))
    return text


def read_by(command: str) -> str:
    """Return the place that a command prints, as that of a file that was read; empty where it prints none."""
    found = _PRINTS.search(command)
    return _place(found) if found else ""


def _place(found: re.Match[str]) -> str:
    return f"{found['file'] or found['quoted']}{':' * bool(found['first'])}{found['first'] or ''}"


_COMMANDS = 60
_PRINTS = lazily(
    r"(?:^|&&|;|\|\|)\s*(?:nl (?:-\w+ )*|cat (?:-\w+ )*|Get-Content (?:-(?:Raw|Path) )*"
    r"|sed -n ['\"]?(?P<first>\d+),\d+p['\"]? )"
    r"(?:(?P<quote>['\"])(?P<quoted>[^'\"\n$`]{1,400}\.\w+)(?P=quote)|(?P<file>[\w./\\~@+-]+\.\w+))\s*(?:$|\||\n|2>)"
)
_GREPS = lazily(r"(?:^|&&|;)\s*(?:rg|grep|git grep|ag)\b(?=[^|\n]*\s-\w*n)")


def lines_read(place: str, text: str) -> Iterator[tuple[str, int, str]]:
    """Yield path, number and text of the lines of a file that was read from ``place``."""
    path, colon, first = place.rpartition(":")
    if not (colon and first.isdigit()):
        path, first = place, "1"
    lines = text[_printed_from(text) :].removesuffix("\n").split("\n")
    numbered = sum(bool(_NUMBERED.match(line)) for line in lines[:_SAMPLE]) * 2 > len(lines[:_SAMPLE])
    number, most = int(first), _LONG_PARAGRAPH if path.endswith(MARKDOWN) else _LONG_LINE
    for line in lines:
        if numbered:
            found = _NUMBERED.match(line)
            if found and len(found[2]) < most:
                yield path, int(found[1]), found[2]
        elif line == "…" or ("truncated…" in line and _TRUNCATED.search(line)):
            number = 0
        else:
            if len(line) < most:
                yield path, number, line
            number += bool(number)


def _printed_from(text: str) -> int:
    """Return where what was printed begins, behind the lines in which an agent tells how a command ended."""
    mark = text.find("\nOutput:\n", 0, _HEADER_CHARS)
    return mark + len("\nOutput:\n") if mark >= 0 else 0


_TRUNCATED = lazily(r"…\d[\d,]* (?:char|token|line)\w* truncated…")
_HEADER_CHARS = 300
_SAMPLE = 20
_NUMBERED = lazily(r"\s{0,8}(\d{1,7})(?:\u2192|\t|: |\|| \| ?)(.*)")


def shows_changes(command: str, output: str) -> bool:
    """Return whether a command printed changes of the project's own files: a pull request may be of others."""
    return "git" in command and bool(_DIFFS.search(command)) and "\n@@ " in output


_DIFFS = lazily(r"\bgit\b[^|;&]{0,300}\b(?:diff|show)\b")


def _found(text: str) -> Iterator[tuple[str, int, str]]:
    """Yield path, number and text of the lines a search found."""
    for line in text.split("\n"):
        if len(line) < _LONG_LINE and (found := _HIT.match(line)):
            yield found[1], int(found[2]), found[3]


_HIT = lazily(r"([\w./~@+ -]{1,200}\.\w{1,10}):(\d{1,7})[:-](.*)")
