"""Conversations in tables, with a record for each message: CSV, TSV, any separator, Markdown.

The names of the columns may be in any language; who speaks is told by what stands in a column. Where that are roles, a
record is given on as a row of JSON, else as lines under its speaker's name.
"""

from __future__ import annotations

import csv

from handoff_cli.core.jsonc import dumps
from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, PAIRED, TOOL, USER, role_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST_CHARS = 1 << 20
_HEAD_CHARS = 400
_LOOKED_AT = 12
_ROLE_CHARS = 24
_COLUMNS = 12
_SPEAKERS = frozenset(("user", "human", "assistant", "system"))
_MINUTE = len("2026-01-31 12:30")
_NAMES = frozenset(("role", "sender", "author", "from", "speaker", "name", "username", "user", "who", "wer", "qui"))
_SURELY_TEXTS = frozenset(("message", "said", "text", "nachricht", "mensaje", "mensagem"))
_TEXTS = _SURELY_TEXTS | {"content", "body", "value", "comment"}
_SURELY_NAMES = frozenset(("speaker", "sender", "author", "who", "wer", "qui"))
_SAID_BY = ("comment by", "sent by", "written by", "said by", "posted by")
_TIMES = frozenset(("timestamp", "time", "date", "created_at", "datetime", "created"))
_ROLES = _NAMES | {"rolle", "rôle", "rol", "papel", "ruolo", "роль", "角色", "役割", "역할", "absender"}
_HEAD = compiled(r'[^\W\d]["\w .:#/()-]{0,30}')
"""The name of a column."""

_BREAK = compiled(r"<br ?/?>")
_BARS = (" | ", " │ ")
_HEADED = compiled(r"(?: +[^\W\d][\w ]{0,24}[|│]){1,12} +[^\W\d][\w ]{0,120}")
"""The names of the columns as programs print them that ask databases."""

_RULED = compiled(r"[|│├└]|(?: .{0,200}?[|│]){1}|[-─]{3,}[-─+┼]*$")
_CELL = compiled(r"(?<!\\)\||│")


def table_in(first: str, *, ruled: bool = False) -> Table | None:
    """Return what reads a table whose columns the line ``first`` names, None for any other line.

    Amid a text only one that is ``ruled`` is looked for.
    """
    if len(first) > _HEAD_CHARS or not first:
        return None
    bar = next((it for it in _BARS if it in first), "")
    if first[0] in "|│" or (bar and first[0] == " " and _HEADED.fullmatch(first)):
        return Table(bar.strip() or first[0], [it.strip().lower() for it in _cells(first)])
    if ruled:
        return None
    sign = max("\t;,", key=first.count)
    names = [it.strip().strip('"').lower() for it in first.split(sign)] if sign in first else []
    if {*names[:_COLUMNS]} & _SPEAKERS:  # a record: the columns have no names
        return Table(sign, [*map(str, range(_COLUMNS))], is_named=False)
    return Table(sign, names) if names and all(map(_HEAD.fullmatch, names)) else None


class Table:
    """Takes in the lines of a table below the names of its columns; gives all back as they are where it is none."""

    def __init__(self, sign: str, names: list[str], *, is_named: bool = True) -> None:
        self._sign, self._names, self._is_named = sign, names, is_named
        self._lines: list[str] = []
        self._held: list[str] | None = []
        """All lines, until it is known that it is a table of messages."""
        self._records: list[dict[str, str]] = []
        self._size = self._quotes = 0
        self._whose = ""
        self._has_people = self.is_over = False

    def goes_on(self, first: str) -> bool:
        """Return whether a piece that begins so goes on with the table: in a record, or with one of as many columns."""
        return not self.is_over and (bool(self._lines) or first.count(self._sign) >= len(self._names) - 1)

    def take(self, text: str) -> Iterator[str]:
        """Take in a line; yield the lines of the records that are complete."""
        is_ruled = self._sign in "|│"
        if self.is_over or (is_ruled and not _RULED.match(text)):
            yield from self.end()
            self.is_over = True
            yield text
            return
        if self._held is not None:
            self._held.append(text)
            if len(self._held) == 1 and self._is_named:  # the names of the columns
                return
        self._lines.append(text)
        self._size += len(text) + 1
        self._quotes += 0 if is_ruled else text.count('"')
        if self._quotes % 2 and self._size < _MOST_CHARS:
            return
        self._records += self._gone_on(self._read()) if is_ruled else self._read()
        if self._held is None or len(self._records) >= _LOOKED_AT:
            yield from self._told()

    def end(self) -> Iterable[str]:
        """Yield what was held, and what was not complete."""
        if self._held is not None or self._records:
            yield from self._told(is_end=True)
        yield from self._lines
        self._lines = []

    def _read(self) -> list[dict[str, str]]:
        record, self._lines = "\n".join(self._lines), []
        self._size = self._quotes = 0
        if self._sign in "|│":
            cells = [_BREAK.sub("\n", it.replace("\\|", "|")) for it in _cells(record, len(self._names))]
            is_rule = not record.strip("|│├┼┤└┴┘─:+- ") and ("-" in record or "─" in record)
            return [] if is_rule else [dict(zip(self._names, cells, strict=False))]
        most = csv.field_size_limit(len(record) + 1)
        try:
            rows = csv.reader(record.splitlines(keepends=True) if "\n" in record else [record], delimiter=self._sign)
            return [dict(zip(self._names, fields, strict=False)) for fields in rows if fields]
        except csv.Error:
            return [dict(zip(self._names, record.split(self._sign, len(self._names) - 1), strict=False))]
        finally:
            csv.field_size_limit(most)

    def _gone_on(self, records: list[dict[str, str]]) -> list[dict[str, str]]:
        """Return records with each cell trimmed; one that goes on with the last is put to that."""
        for fields in records:
            words = {name: it.rstrip().removesuffix("+").rstrip() for name, it in fields.items()}
            filled = [name for name, it in words.items() if it.strip()]
            if self._records and len(filled) <= 1 < len(words) and filled[:1] != [self._names[0]]:
                for name in filled or self._names[-1:]:
                    self._records[-1][name] = (
                        f"{self._records[-1].get(name, '')}\n{words.get(name, '').removeprefix(' ')}"
                    )
                return []
        return [{name: it.strip().removesuffix("+").rstrip() for name, it in fields.items()} for fields in records]

    def _told(self, *, is_end: bool = False) -> Iterator[str]:
        """Yield the lines of the records; of what is no table of messages the lines themselves."""
        if self._held is not None:
            self._whose = _column_of_roles(self._records, ruled=self._sign in "|│")
            if not self._whose and not self._is_known():
                yield from self._held
                self._held, self._lines, self.is_over = None, [], True
                return
            self._held = None
        held = self._records[-1:] if self._sign in "|│" and not is_end else []  # the next line may go on with it
        for fields in self._records[: len(self._records) - len(held)]:
            yield from self._row(fields) if self._whose else self._said(fields)
        self._records = held

    def _is_known(self) -> bool:
        """Return whether the names of the columns are those of messages, or of questions and their answers."""
        named = {*self._names}
        of_pairs = {PAIRED[it] for it in named if it in PAIRED} == {USER, ASSISTANT}
        if self._sign in "|│":  # any document has such tables
            return bool(named & _SURELY_NAMES and named & _SURELY_TEXTS)
        return (any(map(_is_of_names, named)) and bool(named & _TEXTS)) or of_pairs

    def _row(self, fields: dict[str, str]) -> Iterator[str]:
        """Yield a record as a row of JSON, with the role, the words and the time; a name tells no more than these."""
        others = {name: it for name, it in fields.items() if it and name != self._whose}
        words = next((others[it] for it in self._names if it in _TEXTS and it in others), "")
        words = words or max(others.values(), key=len, default="")
        time = next((others[it] for it in self._names if it in _TIMES and it in others), "")
        role = role_of(fields.get(self._whose, "")) or TOOL
        if "\n" not in words:
            words = words.replace("\\n", "\n")
        if words:
            yield dumps({"role": role, "time": time, "text": words}, compact=True, any_letter=True)

    def _said(self, fields: dict[str, str]) -> Iterator[str]:
        name = next((fields[it] for it in self._names if _is_of_names(it) and fields.get(it)), "")
        for column, whose in PAIRED.items():
            if fields.get(column):
                yield from (f"<|im_start|>{whose}", *fields[column].split("\n"), "")
        text = next((fields[it] for it in self._names if it in _TEXTS and fields.get(it)), "")
        if not text:
            return
        time = next((fields[it] for it in self._names if it in _TIMES and fields.get(it)), "")
        role, name = None if self._has_people else role_of(name), name.partition("#")[0]
        self._has_people = role is None
        time = time[:_MINUTE].replace("T", " ") if time[:2] == "20" else time
        first, *below = text.split("\n")
        if role or any(map(str.isdigit, time)):
            yield from (f"<|im_start|>{role}" if role else f"[{time}] {name}:", first)
        else:
            yield f"<{name}> {first}"
        yield from (*below, "")


def _is_of_names(column: str) -> bool:
    """Return whether a column says who wrote what stands in another, by its name or by how that ends."""
    return column in _NAMES or column.endswith((*_SAID_BY, " author", " user", " from"))


def _cells(line: str, most: int = 0) -> list[str]:
    """Return the cells of a line between bars; behind ``most`` of them a bar is text."""
    bare = line.rstrip().removeprefix("|").removeprefix("│").removesuffix("|").removesuffix("│")
    return _CELL.split(bare, max(most - 1, 0))


def _column_of_roles(records: list[dict[str, str]], *, ruled: bool) -> str:
    """Return the column that names both sides by role, and one of them often; empty where none does."""
    for column in records[0] if records else ():
        values = [it.get(column, "") for it in records]
        roles = [role_of(it) for it in values]
        often = max(roles.count(USER), roles.count(ASSISTANT))
        if {USER, ASSISTANT} <= {*roles} and often > 1 and max(map(len, values)) <= _ROLE_CHARS:
            return column if _are_messages(records, column, ruled=ruled) else ""
    return ""


def _are_messages(records: list[dict[str, str]], role: str, *, ruled: bool) -> bool:
    """Return whether a column beside that of a ``role`` has the name of one of messages, or words in half of its cells.

    Any document has tables of things to do and by whom: in one that is ``ruled`` the role is named so, and first.
    """
    columns = [*records[0]]
    if not _TEXTS.isdisjoint(columns):
        return True
    longest = [max((it for it in columns if it != role), key=lambda it: len(row.get(it, ""))) for row in records]
    words = max(longest, key=longest.count)
    says = sum(_says(row.get(name, "")) for row, name in zip(records, longest, strict=True)) * 2 >= len(records)
    return says and (not ruled or (role in _ROLES and columns.index(role) < columns.index(words)))


def _says(cell: str) -> bool:
    """Return whether a cell has some words, which some scripts do not part."""
    return len(cell.split(None, _FEW)) > _FEW or (len(cell) > 2 * _FEW and "\u3040" <= max(cell) <= "\ud7a3")


_FEW = 2
