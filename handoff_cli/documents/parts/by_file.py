"""What compilers and linters found, told by file: how many places, which lines, and what is wrong at the first."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.commands.outputs import is_place
from handoff_cli.documents.extract.language.words import clipped
from handoff_cli.documents.markdown import code
from handoff_cli.documents.parts.pieces import file_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.documents.extract.failed import LiveFailure

LEAST_PLACES = 4
"""Fewer places are told one by one."""


def files_of(failures: Sequence[LiveFailure]) -> dict[str, list[LiveFailure]]:
    """Return ``failures`` by the file each names, empty where one names none, or where they are few."""
    if len(failures) < LEAST_PLACES or not all(is_place(it.name) for it in failures):
        return {}
    found: dict[str, list[LiveFailure]] = {}
    for it in failures:
        found.setdefault(_divided(it.name)[0], []).append(it)
    return found


def lines_by_file(files: dict[str, list[LiveFailure]], most: int, size: int) -> Iterator[str]:
    """Yield a line for each of the first ``most`` files, why in at most ``size`` characters, and how many are left."""
    before: list[str] = []
    for path, found in [*files.items()][:most]:
        numbers = [*dict.fromkeys(_divided(it.name)[1] for it in found)]
        at = ", ".join(filter(None, numbers[:_LINES]))
        where = f":{at}" if len(found) == 1 else f", {len(found)} (at {at}{', …' * (len(numbers) > _LINES)})"
        whys = {kind_of(it): _FOLDERS.sub('"…/', _TYPE.sub("{…}", it.why)) for it in reversed(found)}
        told = [*reversed(whys.values())][:_KINDS]
        why = "the same" if before == [*whys] else "; ".join(clipped(it, size // len(told)) for it in told if it)
        before = [*whys]
        yield f"  {path}{where}{why and f': {why}'}"
    if len(files) > most:
        yield f"  and {sum(len(it) for it in [*files.values()][most:])} more in {len(files) - most} other files"


def named_by_file(files: dict[str, list[LiveFailure]]) -> str:
    """Return how many places there are in which files, those with most first, as a step names them."""
    ranked = sorted(files, key=lambda it: -len(files[it]))
    named = ", ".join(f"{code(file_name(it))} ({len(files[it])})" for it in ranked[:_NAMED])
    more = f" and {len(ranked) - _NAMED} more files" if len(ranked) > _NAMED else ""
    return f"the {sum(map(len, files.values()))} errors in {named}{more}"


def kind_of(failure: LiveFailure) -> str:
    """Return why something failed without the names it gives: ``undefined``, ``imported and not used``."""
    return QUOTED.sub("", failure.why).partition(":")[0].strip(" .").lower()


QUOTED = lazily(r"\"[^\"]*\"|'[^']*'|`[^`]*`")


def _divided(place: str) -> tuple[str, str]:
    """Return the file of a ``place`` and the number of its line, empty where it has none."""
    found = _PLACE.fullmatch(place)
    return (found[1], found[2] or found[3]) if found else (place, "")


_PLACE = lazily(r"(.+?)(?::(\d+)(?::\d+)?|\((\d+)(?:,\d+)?\))")
_TYPE = lazily(r"\{[^{}\n]{24,}(?:\}|$)")
"""A type that a compiler writes out."""
_FOLDERS = lazily(r"\"(?:[\w.-]+/){3,12}(?=[\w.-]+\")")
"""The folders of a path in quotes."""

_LINES, _NAMED, _KINDS = 5, 4, 2
