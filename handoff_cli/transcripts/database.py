"""SQLite databases of agents, read beside them: nothing is written, and no lock outlives one short question.

A database may be a stranger's, and its schema a program: what is no stored row is refused, and no question takes
longer, or more memory, than the bounds below.
"""

from __future__ import annotations

from handoff_cli.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Self

_TIMEOUT_SECONDS = 1.0
_QUESTION_SECONDS = 10.0
_STEPS_BETWEEN_LOOKS = 1_000_000
_MOST_ROWS = 1_000_000
_LONGEST_VALUE = 1 << 28
_SQLITE = "SQLite format 3"


class Database:
    """A database opened to be read; where even that would need a file beside it to be made, as it lies on disk.

    Raises:
        InputError: It cannot be opened or is none.
    """

    def __init__(self, path: str) -> None:
        import os
        from urllib.parse import quote

        self.path = path
        uri = f"file:{quote(os.path.abspath(path))}?mode=ro"
        # SQLite takes a path up to its first NUL character, which would be another file, and waits for a pipe's writer.
        beside = [f"{path}{ending}" for ending in ("-journal", "-wal", "-shm") if os.path.lexists(f"{path}{ending}")]
        plain = all(map(os.path.isfile, [path, *beside]))
        connection = (_connected(uri) or _connected(f"{uri}&immutable=1")) if plain else None
        if connection is None:
            raise InputError(f"{path} is a database that cannot be read", "check who may read it, and try again")
        self._connection = connection

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows that answer ``question``, all at once, so that no lock is held while they are looked at.

        Raises:
            InputError: The database is another's, or damaged.
        """
        import sqlite3
        from time import monotonic

        try:
            end = monotonic() + _QUESTION_SECONDS
            self._connection.set_progress_handler(lambda: monotonic() > end, _STEPS_BETWEEN_LOOKS)
            found: list[tuple[Any, ...]] = self._connection.execute(question, values).fetchmany(_MOST_ROWS + 1)
        except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
            raise InputError(f"{self.path} cannot be read as a database of this agent: {error}") from None
        if len(found) > _MOST_ROWS:
            raise InputError(f"{self.path} answers with more than {_MOST_ROWS:,} rows, which no agent's database does")
        return found

    def tables(self) -> dict[str, set[str]]:
        """Return the columns of each table."""
        names = [name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: {row[0] for row in self.rows("SELECT name FROM pragma_table_info(?)", name)} for name in names}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()


def is_database(head: str) -> bool:
    """Tell whether a file that begins with ``head`` is a SQLite database."""
    return head.startswith(_SQLITE)


def _not_through_a_view(_action: int, _name: str | None, _column: str | None, _in: str | None, view: str | None) -> int:
    """Tell SQLite what may be read: tables, which are finite; a view may count up for ever."""
    return 1 if view else 0  # SQLITE_DENY, SQLITE_OK


def _connected(uri: str) -> Any:
    """Return a connection by which the schema can be read, None where it cannot."""
    import sqlite3

    try:
        connection = sqlite3.connect(uri, uri=True, timeout=_TIMEOUT_SECONDS)
    except sqlite3.Error:
        return None
    try:
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        connection.set_authorizer(_not_through_a_view)
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    except (sqlite3.Error, UnicodeDecodeError):  # what SQLite says of a damaged schema is not always UTF-8
        connection.close()
        return None
    return connection
