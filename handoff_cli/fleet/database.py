"""The connection to a fleet's database: found, made, given up in time; and its schema, made and brought up to date.

psycopg is imported here alone, when there is a database to speak to.
"""

from __future__ import annotations

import os
from contextlib import contextmanager

from handoff_cli.core.fields import shown_url
from handoff_cli.core.text import printable, shorten
from handoff_cli.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Any, Self

    from psycopg import Connection

    from handoff_cli.core.settings import Settings

CONNECT_SECONDS = 5
WAIT_SECONDS = 30.0
"""How long one exchange may take before the database counts as away, whatever the network pretends."""

_OPTIONS = {
    "connect_timeout": str(CONNECT_SECONDS),
    "application_name": "handoff",
    "client_encoding": "UTF8",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
}
_SCHEMA = os.path.join(os.path.dirname(__file__), "schema")
_ROLES = "roles.sql"
_MIGRATING = 747028300
"""The advisory lock of those who make the schema."""
_MAX_WORDS = 300
_PLACES = "the password belongs into ~/.pgpass, a service file or PGPASSWORD"


class AwayError(InputError):
    """The database cannot be reached, or went away meanwhile: trying again later helps (exit 1)."""


class FleetDatabase:
    """An open connection to the database at ``url``, as a context manager.

    Raises:
        AwayError: on entering: it cannot be reached, or does not let us in.
        InputError: on entering: the extra ``fleet`` is not installed, or ``url`` is none that libpq takes.
    """

    def __init__(self, url: str, *, connect_seconds: int = CONNECT_SECONDS) -> None:
        self.url = shown_url(url)
        self._url = url
        self._connect_seconds = connect_seconds

    def __enter__(self) -> Self:
        psycopg = _psycopg()
        try:
            told = psycopg.conninfo.conninfo_to_dict(self._url)
        except psycopg.Error as error:
            raise InputError(
                f"fleet_url {self.url} cannot be understood: {_words(error)}", "it is a URL as libpq reads it"
            ) from None
        options = {**_OPTIONS, "connect_timeout": str(self._connect_seconds)}
        with self.asked():
            # A pool between us and the server may not keep what was prepared.
            self.connection: Connection[tuple[Any, ...]] = psycopg.connect(
                self._url, prepare_threshold=None, **{key: it for key, it in options.items() if key not in told}
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What was not committed is rolled back by the server; asking for it could take as long as any question.
        self.connection.close()

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Turn what the database refuses or cannot do, within the block, into an error with words for a person.

        Raises:
            AwayError: it cannot be reached any more.
            InputError: it has no tables of ours, those of a newer version, or refuses.
        """
        psycopg = _psycopg()
        try:
            yield
        except (psycopg.errors.InvalidSchemaName, psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
            raise InputError(f"{self.url} has no tables of this handoff's", "handoff fleet init makes them") from None
        except psycopg.errors.InsufficientPrivilege as error:
            raise InputError(f"{self.url} refuses: {_words(error)}", _advice(str(error))) from None
        except (psycopg.OperationalError, psycopg.InterfaceError, OSError, UnicodeError) as error:
            # The last is what looking up a host's name makes of one that can be none.
            advice = _PLACES if "password" in str(error) else "handoff doctor says more"
            raise AwayError(f"the fleet's database {self.url} cannot be reached: {_words(error)}", advice) from None
        except psycopg.Error as error:
            raise InputError(f"the fleet's database {self.url} refuses: {_words(error)}") from None

    @contextmanager
    def transaction(self) -> Iterator[Connection[tuple[Any, ...]]]:
        """Run the block as one transaction, which takes ``WAIT_SECONDS`` at most; errors as ``asked``."""
        with self.asked(), _Deadline(self.connection, WAIT_SECONDS), self.connection.transaction():
            yield self.connection


def database_of(settings: Settings, connect_seconds: int = CONNECT_SECONDS) -> FleetDatabase:
    """Return the database that ``settings`` name; raises InputError where they name none."""
    if settings.fleet_url is None:
        advice = "handoff config set --user fleet_url postgresql://USER@HOST/DATABASE, or HANDOFF_FLEET_URL"
        raise InputError("no fleet_url is set", advice)
    return FleetDatabase(settings.fleet_url, connect_seconds=connect_seconds)


class _Deadline:
    """Cuts the connection after some seconds: a network that swallows everything would be waited for forever."""

    def __init__(self, connection: Connection[tuple[Any, ...]], seconds: float) -> None:
        from threading import Timer

        self._descriptor = os.dup(connection.fileno())
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()
        os.close(self._descriptor)

    def _cut(self) -> None:
        from contextlib import suppress
        from socket import SHUT_RDWR, socket

        with suppress(OSError), socket(fileno=os.dup(self._descriptor)) as held:
            held.shutdown(SHUT_RDWR)


def schema_sql() -> str:
    """Return all SQL that ``init_schema`` runs on an empty database, for whoever has to run it by hand."""
    migrations = "\n".join(f"{_sql(f'{it}.sql')}\ninsert into handoff.migration values ({it});\n" for it in _versions())
    return f"begin;\n\n{migrations}\nselect handoff.make_partitions();\n\n{_sql(_ROLES)}\ncommit;\n"


def init_schema(database: FleetDatabase) -> tuple[int, int, str | None]:
    """Make the schema or bring it up to date, in one transaction; of two at once the second finds it made.

    Returns:
        The version that was there (0: none), the one that is there now, and what kept the roles from being made.

    Raises:
        AwayError, InputError: as ``FleetDatabase.asked``; a newer version made the schema.
    """
    import psycopg

    problem = None
    with database.transaction() as connection:
        connection.execute("select pg_advisory_xact_lock(%s)", (_MIGRATING,))
        before = _version_in(connection)
        if before > _versions()[-1]:
            raise newer_schema(database.url, before)
        for version in _versions()[before:]:
            connection.execute(_sql(f"{version}.sql"))
            connection.execute("insert into handoff.migration (version) values (%s)", (version,))
        connection.execute("select handoff.make_partitions()")
        if not connection.execute("select from pg_policies where schemaname = 'handoff' limit 1").rowcount:
            try:
                with connection.transaction():
                    connection.execute(_sql(_ROLES))
            except psycopg.errors.InsufficientPrivilege as error:
                problem = _words(error)
    return before, _versions()[-1], problem


def schema_version(database: FleetDatabase) -> int:
    """Return the version of the schema, 0 where there is none; errors as ``FleetDatabase.asked``."""
    with database.transaction() as connection:
        return _version_in(connection)


def newer_schema(url: str, found: int) -> InputError:
    """Return the refusal of a schema made by a version that knows more."""
    return InputError(
        f"{url} was made by a newer handoff (schema {found}, this one knows {_versions()[-1]})",
        "update agent-handoffs",
    )


def _psycopg() -> Any:
    try:
        import psycopg
    except ImportError:
        advice = "install the extra: pip install 'agent-handoffs[fleet]'"
        raise InputError("the fleet's database needs psycopg 3", advice) from None
    return psycopg


def _version_in(connection: Connection[tuple[Any, ...]]) -> int:
    found = connection.execute("select to_regclass('handoff.migration') is not null").fetchone()
    if not (found and found[0]):
        return 0
    newest = connection.execute("select coalesce(max(version), 0) from handoff.migration").fetchone()
    return int(newest[0]) if newest else 0


def _versions() -> list[int]:
    return sorted(int(name.removesuffix(".sql")) for name in os.listdir(_SCHEMA) if name[0].isdigit())


def _sql(name: str) -> str:
    with open(os.path.join(_SCHEMA, name), encoding="utf-8") as file:
        return file.read()


def _advice(said: str) -> str:
    """Return what to do where the database ``said`` that something is not permitted."""
    if "row-level security" in said:
        return "another role sent this session before: two machines have one id, or one machine two roles"
    if "for database" in said or "must be owner" in said:
        return "let its owner run: handoff fleet init --print | psql"
    return "its owner grants handoff_writer or handoff_reader to your role; docs/fleet.md says how"


def _words(error: Exception) -> str:
    """Return what the database or libpq says, on one line, bounded and without secrets."""
    from handoff_cli.redaction import redact

    said = " ".join(str(error).split()) or type(error).__name__
    return shorten(printable(redact(said)), _MAX_WORDS)
