"""A request with traces or log lines pasted into it: what the user typed, and of these what says what went wrong."""

from __future__ import annotations

from handoff_cli.core.light import lru_cache
from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.commands.frames import place_in
from handoff_cli.documents.extract.language.prose import typed_lines
from handoff_cli.documents.extract.language.words import clipped, clipped_within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


@lru_cache(maxsize=256)
def without_frames(text: str) -> str:
    """Return ``text`` without the frames of traces and the log lines in it that tell of no trouble.

    Of a trace the line that says what was raised stands, with the last place of the project; what is told again but for
    its figures stands once, and words that were typed before or behind a line stand with it. A text without any is
    returned as it is.
    """
    lines = _HOLE.sub("", text).split("\n") if _HOLE_SIGN in text else text.split("\n")
    if not any(map(_SIGN.search, lines)):
        return text
    told: dict[str, str] = {}
    calm = not any(_RAISED.match(it) or _warns(it) for it in lines)  # then what was logged is what it is about
    for line in _told_of(lines, calm):
        logged = _LOG.search(line)
        told.setdefault(_FIGURES.sub("0", line[logged.start("log") :] if logged else line), line)
    return "\n".join(told.values())


def in_few(told: str, size: int) -> str:
    """Return what ``without_frames`` told in about ``size`` characters: both ends of a line, more of what was typed."""
    lines = told.split("\n")
    lines = [*lines[: _MOST_LINES - 1], lines[-1]] if len(lines) > _MOST_LINES else lines
    left, cut = size, list[str]()
    for at, line in enumerate(lines):
        own = not (_LOG.search(line) or _RAISED.match(line))
        room = max(left // (len(lines) - at), _OWN_CHARS if own else _LEAST_CHARS)
        cut.append(clipped_within(line, room))
        left -= len(cut[-1])
    return "\n".join(cut)


_MOST_LINES, _LEAST_CHARS, _OWN_CHARS = 5, 130, 200


def typed_words(text: str) -> str:
    """Return what was typed of a request, without log lines that stand behind or before words on one line."""
    lines = ((it, _LOG.search(it)) for it in typed_lines(text, listed=True) if not _RAISED.match(it))
    told = (f"{it[: log.start('log')]} {_typed_behind(it[log.start('log') :])}" if log else it for it, log in lines)
    return "\n".join(told)


def _warns(line: str) -> bool:
    log = _LOG.search(line)
    return log is not None and bool(_TROUBLE.search(log["log"]) or _REFUSED.search(line, log.start("log")))


def _told_of(lines: list[str], calm: bool) -> Iterator[str]:
    """Yield what is to be told of ``lines``: what was typed, errors with their place, log lines that warn.

    Where all are ``calm`` that is how the first begins.
    """
    frames: list[str] = []
    for line in filter(str.strip, lines):
        if _HEAD.match(line):
            continue
        if _FRAME.match(line) or (frames and line[0] in " \t"):
            frames.append(line)
            continue
        place, frames = place_in(frames), []
        if calm and (log := _LOG.search(line)) and not _ACCESSED.search(line):
            yield f"{clipped(line, log.start('log') + _BEGINS)} {_typed_behind(line[log.start('log') :])}".rstrip()
            calm = False
        else:
            yield from _of_line(line, place)
    if place := place_in(frames):  # the runtimes that print them below what was raised
        yield f"at {place}"


def _of_line(line: str, place: str) -> Iterator[str]:
    """Yield what is told of a ``line`` outside of a trace, and the ``place`` of the one that it ends."""
    log = _LOG.search(line)
    if log is None:
        told = clipped_within(line.strip(), _LINE_CHARS)
        yield f"{told} (at {place})" if place and place not in told else told
        return
    before, logged = line[: log.start("log")].strip(' "\u201c'), line[log.start("log") :].strip()
    if _warns(line):
        yield f"{before} {clipped_within(logged, _LINE_CHARS)}".strip()
        return
    behind = _typed_behind(logged)
    yield from filter(None, (before, behind))


def _typed_behind(logged: str) -> str:
    """Return the words that were typed behind a pasted line, empty where none were."""
    parts = _BEHIND.split(logged)
    first = next((at for at in range(1, len(parts)) if _PERSON.search(parts[at])), len(parts))
    return " ".join(parts[first:])


_HOLE_SIGN = "characters] \u2026"
_HOLE = lazily(r"(?m)^[^\n]*\n\u2026 \[[\d,]+ (?:more )?characters\] \u2026\n[^\n]*$")
_LINE_CHARS = 300
_LEVELS = "TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL"
_LOG = lazily(
    rf"(?:^|(?<=[\s\"\u201c]))(?P<log>(?:(?:\d{{4}}[-/]\d\d[-/]\d\d[ T])?\d\d:\d\d:\d\d[\d.,Z]{{0,8}} [\s|\[-]{{0,4}}"
    rf"(?:{_LEVELS})\b|(?:{_LEVELS}):(?:[\w.]+:\S|\s{{2,}}\S)))"
)
_BEGINS = 100
_TROUBLE = lazily(r"WARN|ERROR|CRIT|FATAL")
_REFUSED = lazily(r"\" [45]\d\d\b")
"""What an access log tells of a request that was turned down."""

_ACCESSED = lazily(r"\" [23]\d\d\b")
_RAISED = lazily(r"(?:[\w$]{1,60}\.){0,12}\w{0,60}(?:Error|Exception)\b: \S")
_HEAD = lazily(
    r"\s*`{3}|Traceback \(most recent call last\):|During handling of the above|The above exception was|\s*[~^]+\s*$"
    rf"|\s*\.\.\.<\d+ lines>|\[(?!{_LEVELS})[A-Za-z]{{1,20}}: "
)
_FRAME = lazily(r"\s*(?:File \"[^\"\n]{1,300}\", line \d|at \S[^\n]{0,300}:\d+\)?\s*$)")
_SIGN = lazily(
    r"^\s*File \"[^\"\n]{1,300}\", line \d|^\s{2,}at \S[^\n]{0,300}:\d+\)?\s*$"
    rf"|(?:^|[\s\"\u201c])(?:{_LEVELS}):(?:[\w.]+:|\s{{2,}})\S|\d\d:\d\d:\d\d\S{{0,8}} [\s|\[-]{{0,4}}(?:{_LEVELS})\b"
)
"""What a line has by which it is known that a trace or a log was pasted."""

_FIGURES = lazily(r"\b(?=\w*\d)[\w-]{3,}\b")
_BEHIND = lazily(r"(?<=[.!?\"\u201d])\s+")
_PERSON = lazily(r"\b(?:I|[Ww]e|[Yy]ou|[Cc]an|[Pp]lease|[Ww]hy|[Hh]ow)\b|\?$")
