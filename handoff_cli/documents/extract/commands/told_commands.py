"""A command line in few words: what filters its output goes first, then what only looks, its arguments last.

What chooses the tests of a check stays.
"""

from __future__ import annotations

from itertools import dropwhile

from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.commands.checks import SELECTED, TRIMMED, is_check, rerun
from handoff_cli.documents.extract.commands.command_lines import masked, only_looks, steps_in
from handoff_cli.documents.extract.language.words import as_one_line, clipped_within, start_of, whole

_FEWEST_CHARS = 24
"""Fewer characters of a step tell nothing of it."""


def told_command(text: str, size: int) -> str:
    """Return a command line in about ``size`` characters, on one line and redacted before anything is cut.

    Of a long one goes what filters the output, then the steps that only look; a mark stands for these. Checks go
    before all else that is done, and of a single step the middle is left out at last. What counts the output stays: a
    number is only known by it.
    """
    line = as_one_line(text)
    if len(line) <= size:
        return line
    text = whole(text)
    if found := COUNTS.search(text, max(0, len(text) - _COUNT_CHARS)):
        counts = f" {as_one_line(found[0])}"
        return f"{told_command(text[: found.start()], max(_FEWEST_CHARS, size - len(counts)))}{counts}"
    if "<<" in text and "\n" not in text:  # where a here-document ends is not seen on one line
        return clipped_within(text, size)
    bare = masked(text)
    if "<(" in bare:  # what stands in for a file has steps of its own
        return clipped_within(line, size)
    steps = [*dropwhile(_GOES.match, _steps(text, bare))]  # a folder gone to later tells what is behind it apart
    if len(line := "; ".join(steps)) <= size or len(steps) < _SEVERAL:
        return _clipped_step(line, size)
    kept: set[int] = set()
    left = size
    for at in sorted(range(len(steps)), key=lambda at: (not is_check(steps[at]), only_looks(steps[at]), at)):
        if not kept or len(steps[at]) + _JOINT <= left:
            kept.add(at)
            left -= len(steps[at]) + _JOINT
        elif left >= _FEWEST_CHARS + _JOINT and not only_looks(steps[at]):
            kept.add(at)
            steps[at] = _clipped_step(steps[at], left - _JOINT)
            left = 0
    told = "; ".join(
        f"{'… ' if at and at - 1 not in kept else ''}{_clipped_step(steps[at], size)}" for at in sorted(kept)
    )
    return told if len(steps) - 1 in kept else f"{told}; …"


def _steps(text: str, bare: str) -> list[str]:
    """Return the steps of a command line in a line each, with one that is run only where the one before fails."""
    places = [*steps_in(bare)]
    steps = [as_one_line(TRIMMED.sub(" ", text[slice(*at)])) for at in places]
    for at in range(1, len(steps)):
        if bare.startswith("||", places[at - 1][1]):
            steps[at - 1 : at + 1] = "", f"{steps[at - 1]} || {steps[at]}".removesuffix(" || true")
    return [*filter(None, steps)]


_SEVERAL, _JOINT, _QUIET = 2, 2, lazily(r"\s*2?>\s*/dev/null$")
_GOES = lazily(r"cd\s\S+$")


COUNTS, _COUNT_CHARS = (
    lazily(r"\|\s*(?:(?:e?grep|rg) (?:-\w+ )*-\w*c\w* (?:'[^'\n]*'|\"[^\"\n]*\"|[^|;&\n'\"])+|wc(?: -\w+)?\s*)$"),
    100,
)
"""The end of a command that counts what the rest of it printed."""


def _clipped_step(step: str, size: int) -> str:
    before, either, after = step.rpartition(" || ")
    if either and size < len(step) and len(after) * 2 < size:
        return f"{_clipped_step(_QUIET.sub('', before), size - len(after) - len(either))}{either}{after}"
    chooses = len(step) > size and SELECTED.search(step) and is_check(step)
    return told_check(step, size) if chooses else clipped_within(step, size)


def told_check(text: str, size: int) -> str:
    """Return a check in about ``size`` characters, its beginning to the letter: of a long one what chooses tests stays.

    Of many tests that are chosen the first stay, and of the path of a file its name.
    """
    line = beyond_folder(as_one_line(text), size)
    if len(line) > size and _FAR.search(line):
        line, size = _FAR.sub("…/", line), size + _NAME_CHARS
    chosen = SELECTED.search(line)
    if len(line) <= size or chosen is None:
        node = _NODE.search(line, size) if "::" in line[size:] else None
        return f"{start_of(whole(line), size)}{node[0]}" if node else start_of(whole(line), size)
    before, names = line[: chosen.start()], chosen[1] or chosen[2]
    before = before if len(before) <= size + _BEFORE_CHARS else start_of(before, size)
    option, _, quote = chosen[0].partition(names)
    more = "…" * (chosen.end() < len(line))
    return f"{before}{option}{_first(names, size - len(before) - len(option))}{quote}{more}"


def rerun_alone(text: str) -> str:
    """Return a command as it is to be run again: of several in one line not those that only look, or write a file.

    What else stands before a check may be what it needs; what stands behind the last is none of it. A line in which one
    command holds another is left whole, and so is one that is cut.
    """
    again = rerun(text)
    bare = masked(again)
    if _HOLDS.search(bare):
        return again
    ends = [it.end() for it in _LISTS.finditer(bare)]
    lists = [again[start:end].strip("; \n") for start, end in zip([0, *ends], [*ends, len(again)], strict=True)]
    last = max((at for at, it in enumerate(lists) if is_check(it)), default=-1)
    kept = [it for it in lists[: last + 1] if is_check(it) or not (only_looks(it) or _WRITES.match(masked(it)))]
    return "; ".join(kept) or again


_LISTS, _HOLDS = lazily(r"(?:;|(?<!\\)\n)+"), lazily(r"<<|[(){}]|(?:^|[;&|\n]\s*)(?:for|while|until|if|case)\s|;;")
_WRITES = lazily(r"(?:echo|printf|cat)\b[^|]*>(?!&)|(?:echo|mkdir|touch)\b|git (?:add|commit|status|diff|log)\b")


def told_apart(text: str) -> str:
    """Return a command by how it begins and by its end, which tells it apart from others that begin so.

    The name of a test that it chooses is whole there. Of a line of several the paths of files are short, that each
    stands in it: one of them alone may be the one that did nothing wrong.
    """
    line = TRIMMED.sub(" ", text).strip()
    line = _FAR.sub("…/", line) if " && " in line and len(line) > _BEGIN_CHARS + _END_CHARS else line
    cut = max(0, len(line) - _END_CHARS)
    chosen = SELECTED.search(line) if cut else None
    within = chosen is not None and chosen.start() < cut < chosen.end()
    at = max(line.rfind(it, 0, cut) for it in " |'\"") + 1 if within else cut
    return start_of(line, _BEGIN_CHARS, len(line) - at)


_BEGIN_CHARS, _END_CHARS = 44, 24


def beyond_folder(line: str, size: int) -> str:
    """Return a command ``line`` that is too long for ``size`` with the path short that it first goes to."""
    goes = _GOES_FAR.match(line) if len(line) > size else None
    return f"{goes[1]}cd …/{goes[2]}{line[goes.end() :]}" if goes and goes.end() * 2 > size else line


_FAR = lazily(r"(?<=\s)(?:[\w.@+-]+/){2,8}(?=[\w.@+-]{1,80}\.\w{1,10}(?:\s|$|::))")
_NAME_CHARS = 20
_GOES_FAR = lazily(r"((?:\$ )?)cd (?:/[^/\s'\"]+){2,}/([^/\s'\"]+)(?= && )")
_BEFORE_CHARS, _NODE = 12, lazily(r"::[\w:]+")


def _first(names: str, size: int) -> str:
    """Return those of ``names``, joined by ``|``, that fit ``size``, with a mark for the others; none is cut."""
    first, *more = names.split("|")
    while more and len(first) + len(more[0]) < size:
        first = f"{first}|{more.pop(0)}"
    return f"{first}|…" if more else first
