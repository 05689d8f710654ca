"""The last steps in fewer lines: what was done again once, neighbours that begin alike as one."""

from __future__ import annotations

from handoff_cli.core.paths import named_apart
from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.files.changes import new_sides
from handoff_cli.documents.extract.language.words import clipped


def gathered(lines: list[str]) -> list[str]:
    """Return ``lines`` with neighbours that begin alike as one: what they share, and the rest of each."""
    groups: list[list[str]] = []
    for line in lines:
        if groups and _same_call(groups[-1][-1], line):
            # It was made again: how it ended last; and how before, where it waits for its end.
            groups[-1][-1] = f"{groups[-1][-1]}; again{NO_RESULT}" if line.endswith(NO_RESULT) else line
        elif groups and len(groups[-1]) < _TOGETHER and _differ_little(groups[-1][0], line):
            groups[-1].append(line)
        elif groups and _file_edited(line) and _file_edited(groups[-1][-1]) == _file_edited(line):
            groups[-1] = [_edited_again(groups[-1][-1], line)]
        else:
            groups.append([line])
    told: list[str] = []
    for group in groups:
        if group[0].startswith(READ) and told and told[-1].startswith(READ) and len(told[-1]) < _READ_CHARS:
            told[-1] = _also_read(told[-1], group[0].removeprefix(READ))
        else:
            told += [_together(group)] if len(group) > 1 and not _end_apart(group) else group
    return told


def _also_read(line: str, place: str) -> str:
    """Return a ``line`` of what was read with one ``place`` more; of the file that it ends with the line is enough."""
    places = line.removeprefix(READ).split(", ")
    name, _, number = place.rpartition(":")
    last = next(it.partition(":")[0] for it in reversed(places) if it[:1] != ":")
    told = f":{number}" if name == last else place
    return line if told in places or place == last else f"{line}, {told}"


def _file_edited(line: str) -> str:
    """Return how a line begins that tells how a file was edited, and of nothing besides; else empty."""
    found = _EDITED.match(line)
    return found[0] if found and "; ran " not in line else ""


def _edited_again(one: str, other: str) -> str:
    """Return the line of a file that was edited twice in a row; what it imports tells least."""
    head = _file_edited(one)
    changes = [it for line in (one, other) if (it := line[len(head) :]) and not it.endswith(IMPORT)]
    told = "; ".join(dict.fromkeys(changes))
    return f"{head}{told}" if told else other


_EDITED = lazily(r"edited [^:]+: ")
IMPORT = " (import)"
"""How a line ends that tells of an edit of imports alone: what uses them is another."""


def _end_apart(group: list[str]) -> bool:
    """Return whether lines tell of commands that ended in different ways: then each stands by itself."""
    return len({(bool(_FAILED_LINE.search(line)), line.endswith(PASSED)) for line in group}) > 1


_FAILED_LINE = lazily(r": (?:failed|FAILED)\b")


def _same_call(one: str, other: str) -> bool:
    """Return whether two lines tell of the same command with other results."""
    return one.startswith("ran ") and RESULT.sub("", one) == RESULT.sub("", other)


PASSED, NO_RESULT = ": passed", " (no result recorded)"
RESULT = lazily(r"(?:: (?:failed\b.*|passed|FAILED\b.*)| \(no result recorded\)| \u2192 .*)+$")
"""How a line ends that tells of a command."""

READ, _READ_CHARS = "read ", 140


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts begin with in common."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _differ_little(one: str, other: str) -> bool:
    """Return whether two lines begin alike, and are not of commands that run something else behind a beginning."""
    shared = _alike(one, other)
    if shared <= _SHARED or one.startswith(READ):
        return False
    start = _start(one, shared)
    rests = [RESULT.sub("", line[len(start) :]) for line in (one, other)]
    return not (_STEP_ENDS.search(start) or any(map(_STEP.search, rests)))


def _start(line: str, shared: int) -> str:
    """Return the whole words among the first ``shared`` characters of a line."""
    return line[: line.rfind(" ", 0, shared) + 1] or line[:shared]


_STEP = lazily(r"&&|\|\||;")
_STEP_ENDS = lazily(r"(?:&&|\|\||;)\s*(?:\w+=\S*\s+)*$")
"""What parts the steps of a command line, also of one that stands in quotes: ssh has a whole one there."""


def _together(group: list[str]) -> str:
    start = _start(group[0], min(_alike(group[0], line) for line in group[1:]))
    rests = [line[len(start) :] for line in group]
    if max(map(len, rests)) > _REST_CHARS and not start.startswith("edited "):
        rests = [RESULT.sub("", it) for it in rests]
    files = [file for it in rests if (file := _named_in(it))]
    names = named_apart(files)
    rests = [it if len(it) <= _REST_CHARS else new_sides(it) for it in rests]
    each = (names.get(_named_in(it)) or clipped(it, _REST_CHARS) for it in rests)
    told = ", ".join(names.values()) if len(files) > 1 else "; ".join(each)
    passed = PASSED if all(it.endswith(PASSED) for it in group) and not told.endswith(PASSED) else ""
    return f"{clipped(_closed(start), 80)} (×{len(group)}): {told}{passed}"  # noqa: RUF001


def _closed(start: str) -> str:
    """Return the beginning of command lines without the quote that is open at its end."""
    opened = next((mark for mark in "'\"" if start.count(mark) % 2), "")
    before = start[: start.rfind(opened)].rstrip() if opened else start.rstrip()
    return f"{before} …" if opened and len(before) > _LEAST_START else start


_SHARED, _TOGETHER, _REST_CHARS, _LEAST_START = 45, 4, 50, 12


def _named_in(rest: str) -> str:
    """Return the path of the one file that the end of a command names, empty where it names none or several."""
    files = _FILES.findall(rest)
    return files[0] if len(files) == 1 else ""


_FILES = lazily(r"(?<![\w./=-])(?<!=[\"'])[\w./-]*[\w-]+\.[A-Za-z]\w{0,5}\b(?=[\"'\s):]|$)")
