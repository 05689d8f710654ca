"""What comparing two trees or files showed: nobody spoke of it yet, so the results themselves are what was found."""

from __future__ import annotations

from handoff_cli.core.code import defined_by
from handoff_cli.core.paths import is_left_behind, name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.record import Record
from handoff_cli.core.text import counted
from handoff_cli.core.transcript import GAVE
from handoff_cli.documents.extract.files.texts import CUT
from handoff_cli.documents.extract.language.words import as_one_line, clipped, tells_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Command, Transcript
    from handoff_cli.documents.extract.facts import Turn

_MOST, _LISTED, _LINE_CHARS, _CANDIDATES = 16, 10, 70, 40


class _Diff(Record):
    """A ``command`` that compares ``one`` with ``other``, and the lines it ``gave``; ``cut``: they are not all."""

    command: Command
    one: str
    other: str
    gave: tuple[str, ...]
    cut: bool = False
    sure: bool = True

    @property
    def sides(self) -> tuple[str, str]:
        """The two by the folders, or names, that tell them apart."""
        one, other, head, _ = _apart(self.one, self.other)
        above = head[-1] if head else "."
        return "/".join(one) or above, "/".join(other) or above

    @property
    def below(self) -> str:
        """The end that both paths have."""
        return "/".join(_apart(self.one, self.other)[3])


def compared(transcript: Transcript, asked: int, turns: Sequence[Turn] = ()) -> tuple[str, ...]:
    """Return in lines what was compared since the request at ``asked`` and all that ``turns`` tell was found.

    Files that differ and were not looked at come first, then each that was, the latest first. Of each two files it is
    how many lines only one of them has, and the first of these that tells something, with the side it is on. Where a
    file was edited since, nothing of it is told.
    """
    since = max((asked, *(it.position for turn in turns for it in turn.told if it.source != "code")))
    if any(it.position > since for it in transcript.edits):
        return ()
    found = [it for command in transcript.commands if command.position > since for it in _diffs(command)]
    trees = [it for it in found if any(_DIFFER.match(line) for line in it.gave)]
    files = {(it.one, it.other): it for it in found if it not in trees}
    told = [line for it in files.values() if (line := _told(it))]
    return (*_of_trees(trees, transcript), *reversed(told[-_MOST:]))


def _diffs(command: Command) -> Iterator[_Diff]:
    said = _DIFF.match(command.text)
    output = command.output
    if not said or output is None or not (command.outcome in GAVE or command.exit_code == 1):
        return
    lines = tuple(output.split("\n")) if output.strip() else ()
    most = int(said["most"] or _HEAD_LINES) if said["piped"] else 0
    cut = bool(CUT.search(output)) or bool(most and len(lines) >= most)
    sure = command.outcome == "ok" and not (said["piped"] and said["silent"])  # an error may have left no word
    yield _Diff(command, said["one"].rstrip("/"), said["other"].rstrip("/"), lines, cut, sure)


_HEAD_LINES = 10
_DIFF = lazily(
    r"\s*(?:cd \S+ (?:&&|;) )?diff(?: +-\S+)* +(?P<a>[\"']?)(?P<one>[\w./~$][\w./~@+$-]*)(?P=a)"
    r" +(?P<b>[\"']?)(?P<other>[\w./~$][\w./~@+$-]*)(?P=b)(?: +-\S+)*(?P<silent> *2>\S+)?"
    r"(?P<piped> *\| *(?:head|tail)(?: +-n?)? *(?P<most>\d{1,5})?)?\s*$"
)
_DIFFER = lazily(r"Files \S.* differ$|Only in \S.*: ")


def _apart(one: str, other: str) -> tuple[list[str], list[str], list[str], list[str]]:
    """Return the parts of two paths that differ, and those that both begin and end with."""
    parts, others = one.split("/"), other.split("/")
    head, tail = list[str](), list[str]()
    while parts and others and parts[-1] == others[-1]:
        tail.insert(0, parts.pop())
        others.pop()
    while parts and others and parts[0] == others[0]:
        head.append(parts.pop(0))
        others.pop(0)
    return parts, others, list(filter(None, head)), tail


def _told(diff: _Diff) -> str:
    """Return in a line what two files have that the other has not, empty where that is not known."""
    name = name_of(diff.below) or " and ".join(diff.sides)
    if not diff.gave:
        return f"{name}: identical in {' and '.join(diff.sides)}" * diff.sure
    signs = ("<", ">") if any(it.startswith(("<", ">")) for it in diff.gave) else ("-", "+")
    body = [it for it in diff.gave if not it.startswith(("--- ", "+++ ")) and it != "---"]
    lines = [[it[1:].strip() for it in body if it.startswith(sign)] for sign in signs]
    short = signs[0] == "<" and _counted_by_heads(diff.gave) != (len(lines[0]), len(lines[1]))
    least = "at least " * (diff.cut or short)
    parts = [
        f"only in {side} {least}{counted(len(own), 'line')}{_telling(own, others)}"
        for side, own, others in zip(diff.sides, lines, reversed(lines), strict=True)
        if own
    ]
    return f"{name}: {'; '.join(parts)}" if parts else ""


def _counted_by_heads(lines: Sequence[str]) -> tuple[int, int]:
    """Return how many lines each side has by the heads of the parts that differ: a result may have lost its middle."""
    found = [it for line in lines if (it := _HEAD.match(line))]
    one, other = (
        sum(int(it[last] or it[first]) - int(it[first]) + 1 for it in found if it["does"] != none)
        for first, last, none in ((1, 2, "a"), (4, 5, "d"))
    )
    return one, other


_HEAD = lazily(r"(\d{1,7})(?:,(\d{1,7}))?(?P<does>[acd])(\d{1,7})(?:,(\d{1,7}))?$")


def _telling(lines: list[str], others: list[str]) -> str:
    """Return of ``lines`` that only one side has the first that tells: a definition, else what sets a name."""
    known = set(others)
    own = [it for it in lines if it not in known and len(it) >= _LEAST_CHARS][:_CANDIDATES]
    ranked = [it for it in own if defined_by(it)] + [it for it in own if _SETS.match(it)] + own
    best = next((it for it in ranked if not tells_secret(it)), "")
    return f" (`{clipped(as_one_line(best), _LINE_CHARS)}`)" if best else ""


_LEAST_CHARS = 4
_SETS = lazily(
    r"(?:import|from|use|using|require|#include)\b|(?:const|let|var|export) "
    r"|[\w.$-]{1,80}(?: ?: ?[^=\n]{1,60})? ?=(?!=)|[\"']?[\w.$-]{1,80}[\"']?: \S"
)


def _of_trees(trees: Sequence[_Diff], transcript: Transcript) -> Iterator[str]:
    """Yield which files differ that nothing looked at yet, and what is in one of two trees only."""
    unseen, only, cut = dict[str, None](), dict[str, dict[str, None]](), False
    for tree in trees:
        cut = cut or tree.cut or not all(map(_DIFFER.match, tree.gave))
        for line in tree.gave:
            if line.startswith("Files ") and line.endswith(" differ"):
                path = line[len("Files ") : -len(" differ")].partition(" and ")[0]
                below = _below(path, tree.one, tree.below)
                if below and not _is_noise(below) and not _is_seen(below, tree.command.position, transcript):
                    unseen[_short(below)] = None
            elif line.startswith("Only in "):
                folder, _, name = line[len("Only in ") :].rpartition(": ")
                for root, side in zip((tree.one, tree.other), tree.sides, strict=True):
                    below = _below(f"{folder}/{name}", root, tree.below)
                    if below and not _is_noise(below):
                        only.setdefault(side, {})[_short(below)] = None
    for label, names in (("differ, not looked at yet", unseen), *((f"only in {it}", only[it]) for it in only)):
        if names:
            more = f" and {len(names) - _LISTED} more" * (len(names) > _LISTED)
            yield f"{label}{' (at least)' * cut}: {', '.join(list(names)[:_LISTED])}{more}"


def _below(path: str, root: str, tail: str) -> str:
    """Return where ``path`` is below ``root``, with the ``tail`` of that; empty where it is not below it."""
    inner = path[len(root) :].lstrip("/") if path.startswith(f"{root}/") else ""
    return "/".join(filter(None, (tail, inner))) if inner else ""


def _short(path: str) -> str:
    return "/".join(path.split("/")[-2:])


def _is_noise(path: str) -> bool:
    """Return whether ``path`` is a cache, a lock file, what a build made, or hidden."""
    return is_left_behind(path) or bool(_NOISE.search(path))


_NOISE = caseless(
    r"(?:^|/)(?:\.(?!github)[^/]*|__pycache__|node_modules|build|dist|target|coverage)(?:/|$)"
    r"|[.-]lock(?:b|\.json|\.ya?ml)?$|\.egg-info(?:/|$)"
)


def _is_seen(below: str, position: int, transcript: Transcript) -> bool:
    """Return whether the file ``below`` a tree was read or given to a command after ``position``."""
    commands = [it.text for it in transcript.commands if it.position > position]
    looped = [it for it in commands if "for " in it or "{" in it]
    read = [it.asked for it in transcript.lookups if it.kind == "read" and it.position > position]
    name = name_of(below)
    return any(below in it for it in (*commands, *read)) or any(name in it for it in looped)
