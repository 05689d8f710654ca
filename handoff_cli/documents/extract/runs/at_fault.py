"""The lines of code that live failures name, as they stood when the check ran."""

from __future__ import annotations

from handoff_cli.core.paths import is_test
from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.files.texts import parts_of_file, same_file
from handoff_cli.documents.extract.language.words import as_one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Transcript
    from handoff_cli.documents.extract.failed import LiveFailure
    from handoff_cli.documents.extract.files.texts import Printed

_LOOKED_UP = 6
"""Of so many failures, those told first, the lines are looked for."""


def with_lines(
    failures: Sequence[LiveFailure], transcript: Transcript, printed: Sequence[Printed]
) -> tuple[LiveFailure, ...]:
    """Return ``failures``, the first of them with the line of code that each names, where its file was not edited.

    Where others were edited since, and the line is of no test, it ``stands``.
    """
    lines = Lines(transcript, printed)
    return tuple(lines.of(it) if at < _LOOKED_UP else it for at, it in enumerate(failures))


class Lines:
    """Finds lines of files as they stand at the end; what is known of a file is put together once."""

    def __init__(self, transcript: Transcript, printed: Sequence[Printed]) -> None:
        self._transcript, self._printed = transcript, printed
        self._known: dict[str, dict[int, str]] = {}

    def of(self, failure: LiveFailure) -> LiveFailure:
        """Return ``failure`` with the line at the first place that it names and is known, and whether that stands."""
        told = f"{failure.name} {failure.why}"
        for path, number in self._places(told):
            line = as_one_line(self._lines_of(path).get(number, ""))
            if failure.edited and (is_test(path) or self._was_edited(path, failure.position)):
                continue
            if len(line) >= _LEAST_CHARS:
                if (said := _PRINTS.search(line)) and said[1] in told:  # it is what printed the message
                    above = as_one_line(self._lines_of(path).get(number - 1, ""))
                    line = above if _TESTS.match(above) else ""
                return failure.replace(line="" if line in told else line, stands=failure.edited)
        return failure

    def _was_edited(self, path: str, position: int) -> bool:
        edits = self._transcript.edits
        return any(it.position > position and it.outcome != "failed" and same_file(it.path, path) for it in edits)

    def _places(self, told: str) -> Iterator[tuple[str, int]]:
        for found in _PLACE.finditer(told[:_TOLD_CHARS]):
            yield found[1], int(found[2] or found[3])

    def _lines_of(self, path: str) -> dict[int, str]:
        if path not in self._known:
            exact = [it for it in parts_of_file(path, self._transcript, self._printed) if it.exact and it.first]
            self._known[path] = {
                it.first + at: line for it in reversed(exact) for at, line in enumerate(it.lines) if line.strip()
            }
        return self._known[path]


_PRINTS = lazily(r"[\"'`]([^\"'`%{\\]{12,})")
_TESTS = lazily(r"(?:if|assert|unless|switch|case|expect)\b(?! err(?:or)? != nil)")
"""A line that prints a message, up to its first value, and one that tells when."""

_LEAST_CHARS, _TOLD_CHARS = 8, 1_000
_PLACE = lazily(r"(?<![\w./\\@+-])((?:[\w@+-]{0,80}[./\\]){1,40}[A-Za-z]\w{0,6})(?::(\d{1,6})\b|\((\d{1,6})[,)])")
