"""Long stretches of data within a text: thousands of lines with none amid them that could begin a turn or a paragraph.

A dump, a table or a list of that length is read at both of its ends; lines that tell a failure are read wherever they
stand. Only the reading passes the others over; what is kept and what is counted stay as they were given.
"""

from __future__ import annotations

from collections import deque

from handoff_cli.core.patterns import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.conversation.marks.again import Line
    from handoff_cli.transcripts.source import Source

FIRST_LINES, LAST_LINES = 800, 1_600
"""More than any function, message or report has without an empty line: of longer stretches so many are read."""

_FAILURE_LINES = 12
"""A failure stands in so many lines from the one that tells it."""

_MAY_BEGIN = compiled(
    rb"\s*(?:-? ?\*\*)?(?:\[(?!REDACTED:)|[^\w\s\"'(),./;|&?+\[-]|[A-Z][\w .'()@-]{0,40}[:(]|- \w+: "
    rb"|[a-z][\w.-]{0,20}: \S+ \S|\d+[.)] |\d\d?:\d\d"
    rb"|(?:[Uu]ser|USER|[Hh]uman|[Yy]ou|[Mm]e|[Aa]ssistant|[Aa]gent|[Aa]i|AI|[Bb]ot|[Mm]odel|[Ss]ystem|[Tt]ool)\b)"
)
"""A line that may begin something: with a sign of a screen or of markup, a name and its colon, a role, a clock.

Before one word alone a small name may be a setting's.
"""

_WITHHELD = b"[REDACTED:"
_FAILURE = compiled(rb"(?:FAIL|ERROR|[Ee]rror|[Ff]ail|panic|[Ee]xception|Traceback|not ok|\xe2\x9c[\x95-\x98])")


def without_middles(source: Source, lines: Iterable[Line]) -> Iterator[Line]:
    """Yield ``lines`` of ``source`` without those amid its stretches of data, which count as passed over."""
    run, withheld = 0, False
    held: deque[Line] = deque()
    for line in lines:
        raw = line[1]
        withheld = _WITHHELD in raw if raw else withheld  # the lines of what was withheld are blank
        if line[2] or not (raw or withheld) or _MAY_BEGIN.match(raw):
            run = 0
            if held:
                yield from held
                held.clear()
            yield line
        elif run < FIRST_LINES:
            run += 1
            yield line
        elif _FAILURE.search(raw):
            yield from held
            held.clear()
            run = FIRST_LINES - _FAILURE_LINES
            yield line
        else:
            held.append(line)
            if len(held) > LAST_LINES:
                held.popleft()
                source.passed_over += 1
    yield from held
