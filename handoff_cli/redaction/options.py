"""Finding the passwords that programs take: ``commands``, by their words and by patterns compiled beforehand."""

from __future__ import annotations

from handoff_cli.core.patterns import GROUP, PART, ROW, Rows, compiled, compiled_as, stored
from handoff_cli.redaction.placeholders import is_userinfo

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from handoff_cli.redaction.layers import Layer

    Span = tuple[int, int, str]


def option_spans(view: Layer) -> list[Span]:
    """Return (start, end, kind) of every password that a command, a call or a line of a password file gives."""
    text, folded = view.text, view.folded
    spans: list[Span] = []
    rows, more = _programs()
    leading: dict[int, list[str]] = {}
    for word, numbers in view.index.led(rows):
        for number in map(int, numbers.split(",")):
            leading.setdefault(number, []).append(word)
    for number in sorted(leading):
        groups = [group.split(PART) for group in more[number].split(GROUP) if group]
        for start, end in view.index.near(leading[number], _BEFORE, _BEHIND):
            if all(any(folded.find(word, start, end) >= 0 for word in group) for group in groups):
                spans += _given(text, _pattern(number), start, end)
    return spans + _pgpass(text) if text.count(":") >= _PGPASS_FIELDS - 1 else spans


def words_that_lead() -> list[str]:
    """Return the words of all programs: one stands in each line that is looked at."""
    return _programs()[0].literals()


def _programs() -> tuple[Rows, list[str]]:
    """Return the words that lead to a program, and what else is near each."""
    if not _known:
        *rows, more = stored(PROGRAMS, _rows_of_programs)
        _known.append((Rows(*rows), more.split(ROW)))
    return _known[0]


_known: list[tuple[Rows, list[str]]] = []

PROGRAMS = "programs"
"""The name under which the tables have the words of all programs."""


def name_of(number: int) -> str:
    """Return the name under which the tables have the pattern of a program."""
    return f"program {number}"


def _rows_of_programs() -> tuple[str, bytes, str, str]:
    from handoff_cli.redaction.commands import rows_of_programs

    return rows_of_programs()


def _pattern(number: int) -> re.Pattern[str]:
    def text() -> str:
        from handoff_cli.redaction import commands

        return commands.PROGRAMS[number][2]

    return compiled_as(name_of(number), text)


def _given(text: str, pattern: re.Pattern[str], start: int, end: int) -> Iterator[Span]:
    for match in pattern.finditer(text, start, end):
        group = match.lastindex
        if group and is_userinfo(match[group]) and _is_given(match[group]) and not _says(match[group]):
            yield (*match.span(group), "password")


def _says(word: str) -> bool:
    """Return whether ``word`` is one of those that say something of a password."""
    if not word.isalpha():
        return False
    from handoff_cli.redaction.plain import is_said

    return is_said(word.lower())


def _pgpass(text: str) -> list[Span]:
    """Return the passwords of lines as PostgreSQL's ``.pgpass`` has them: host, port, database, user, password."""
    spans: list[Span] = []
    for line in compiled(_PGPASS_LINE).finditer(text):
        far = max(line.start() - _LONGEST_HOST, 0)
        begins = max(text.rfind("\n", far, line.start()) + 1, far)
        host, (port, password) = text[begins : line.start()], line.groups()
        known = port in {_PORT, "*"} or (not password.isalpha() and not host.isdigit())
        if port == _PORT and (led := compiled(_MARKED).match(host)):
            host = host[led.end() :]
        if known and compiled(_FIELD).fullmatch(host) and _is_given(password):
            spans.append((*line.span(2), "password"))
    return spans


_PGPASS_FIELDS = 5
_LONGEST_HOST = 257
_FIELD = r"[^\s\"'/:]{1,256}"
_PGPASS_LINE = rf"(?m):(\d{{1,5}}|\*):{_FIELD}:{_FIELD}:({_FIELD})(?:\r?$|\"[ \t]*[,}}\]])"
_PORT, _MARKED = "5432", r".*[\s\"'\u2192>]|[\w./-]{1,128}:\d{1,6}:|\d{1,6}:|[+-]"
"""The port of PostgreSQL, where the line is one whatever marks it."""
_BEFORE, _BEHIND = 200, 600
_NOT_GIVEN = (
    r"-.*|[\"'`]?[$@][\w{(./].*|%\w*%?|\[?[{<].*|\*+|%\(.*|%[sdr].{0,2}|\d{1,5}-\d{1,5}\.?"
    r"|[^\d!#$%&*@]*[A-Z][^\d!#$%&*@]* [^\d!#$%&*@]*"
)


def _is_given(value: str) -> bool:
    """Return whether ``value`` is no variable, option, prompt, range or title."""
    return value not in {"login", "password"} and not compiled(_NOT_GIVEN).fullmatch(value)
