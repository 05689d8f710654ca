"""Sessions in a fleet's database: sending their states, ledger lines and documents; finding and reading them.

What comes back was written by others: it is bounded and inert before anybody sees it.
"""

from __future__ import annotations

import json
from functools import lru_cache

from handoff_cli.constants import MAX_STORED_CHARS
from handoff_cli.core.record import Record
from handoff_cli.core.text import is_identifier, printable, shorten, utc_iso
from handoff_cli.errors import InputError
from handoff_cli.redaction import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from handoff_cli.fleet.database import FleetDatabase

MOST_SESSIONS = 10_000
"""So many are listed, those seen last."""

_CHANNEL = "handoff_fleet"
_MAX_TEXT = 300
_MAX_READ = 10_000
_REMEMBERED = 4_096
_MAX_WORD = 30
_MAX_TREND = 100
_MOST = 1 << 62

_STATE = (
    *("sequence", "started_at", "updated_at", "total_tokens", "usable_tokens", "tokens_per_turn", "turns_left"),
    *("checkpoints", "compactions", "share", "machine", "session", "machine_name", "project", "state", "agent"),
    *("model", "method", "level", "title", "continues", "previous", "trend"),
)
"""The columns of a session that its sender fills."""

_ENTRY = {
    "sequence": "bigint",
    "time": "timestamptz",
    "tokens": "bigint",
    "low": "bigint",
    "high": "bigint",
    "checksum": "integer",
    "kind": "text",
    "method": "text",
    "level": "text",
    "model": "text",
    "source": "text",
    "text": "text",
    "more": "jsonb",
}
"""The columns of a ledger's line that its sender fills, with their types."""

_PUT_SESSION = (
    f"insert into handoff.session ({', '.join(_STATE)}) values ({', '.join(['%s'] * len(_STATE))}) "  # noqa: S608
    "on conflict (machine, session) do update set "
    + ", ".join(f"{name} = excluded.{name}" for name in _STATE if name not in ("machine", "session"))
    + " where excluded.sequence >= session.sequence returning id"
)
_PUT_ENTRIES = (
    f"insert into handoff.entry (session_id, {', '.join(_ENTRY)}) select %s, it.* from unnest("  # noqa: S608
    + ", ".join(f"%s::{kind}[]" for kind in _ENTRY.values())
    + ") it on conflict do nothing"
)
_PUT_DOCUMENT = (
    "insert into handoff.document (session_id, text) values (%s, %s) "
    "on conflict (session_id) do update set text = excluded.text, received_at = now()"
)


class FleetSession(Record):
    """A session as the fleet's database has it.

    ``machine_id`` and ``session`` are its key, ``owner`` the role that sent it, ``state`` whether it is ``running``,
    ``archived`` or ``gone``. ``trend`` are the tokens at the ends of the last turns. ``started_at`` and ``updated_at``
    (UTC, ISO 8601) are by the machine's clock, ``seen_at`` by the server's, and so are ``seen_seconds`` and
    ``document_seconds``: how long ago it and its document came (None: there is none). ``key`` is the row's number.
    """

    machine_id: str
    machine: str
    session: str
    owner: str
    project: str
    state: str
    agent: str | None
    model: str | None
    total_tokens: int
    method: str
    usable_tokens: int
    usable_percentage: float
    level: str
    tokens_per_turn: int | None
    turns_left: int | None
    trend: tuple[int, ...]
    checkpoint_count: int
    compaction_count: int
    started_at: str
    updated_at: str
    seen_at: str
    seen_seconds: int
    document_seconds: int | None
    title: str
    previous_session: str | None
    continues: str | None
    sequence: int
    key: int

    @property
    def name(self) -> str:
        """What the session is asked for by."""
        return f"{self.machine}/{self.session}"

    def told(self) -> dict[str, Any]:
        """Return what ``--json`` prints of it."""
        told = {"name": self.name, **self.to_dict(), "trend": list(self.trend)}
        del told["key"]
        return told


def fleet_id(database: FleetDatabase) -> str:
    """Return which database this is; errors as ``FleetDatabase.asked``."""
    with database.transaction() as connection:
        found = connection.execute("select id::text from handoff.fleet").fetchone()
    return str(found[0]) if found else ""


def put(
    database: FleetDatabase, state: Mapping[str, Any], entries: Sequence[Mapping[str, Any]], document: str | None
) -> None:
    """Put the ``state`` of a session, lines of its ledger and its document into the database, all or none.

    Lines that are there already stay as they are; a state older than the one there changes nothing.

    Args:
        database: An open one.
        state: Values of the columns of ``handoff.session`` that a sender fills.
        entries: Values of the columns of ``handoff.entry``, by name; what is missing is null.
        document: The text of its handoff; None leaves the one there.

    Raises:
        AwayError: the database went away; nothing of it counts.
        InputError: it refuses.
    """
    with database.transaction() as connection:
        found = connection.execute(_PUT_SESSION, [state[name] for name in _STATE]).fetchone()
        if found is None:
            key = (state["machine"], state["session"])
            found = connection.execute(
                "select id from handoff.session where machine = %s and session = %s", key
            ).fetchone()
        if found is None:
            raise InputError(f"{database.url} shows no session of its own to us", "ask whoever gave out its roles")
        if entries:
            columns = [[entry.get(name) for entry in entries] for name in _ENTRY]
            connection.execute(_PUT_ENTRIES, [found[0], *columns])
        if document is not None:
            connection.execute(_PUT_DOCUMENT, (found[0], document))
            connection.execute("update handoff.session set document_at = now() where id = %s", (found[0],))


def mark_gone(database: FleetDatabase, machine: str, session: str) -> None:
    """Note that the ledger of ``session`` is no longer on its machine; errors as ``put``."""
    with database.transaction() as connection:
        connection.execute(
            "update handoff.session set state = 'gone' where machine = %s and session = %s", (machine, session)
        )


_TOLD = (
    "machine, machine_name, session, owner, project, state, agent, model, total_tokens, method, usable_tokens, "
    "case when share between 0 and 1e9 then share else 0 end, "
    "level, tokens_per_turn, turns_left, trend, checkpoints, compactions, extract(epoch from started_at)::bigint, "
    "extract(epoch from updated_at)::bigint, extract(epoch from seen_at)::bigint, "
    "greatest(0, extract(epoch from now() - seen_at))::bigint, "
    "case when document_at is not null then greatest(0, extract(epoch from now() - document_at))::bigint end, "
    "title, previous, continues, sequence, id"
)


def list_sessions(database: FleetDatabase, since: str | None = None) -> list[FleetSession]:
    """Return the sessions we may see, the one seen last first: at most ``MOST_SESSIONS``.

    Args:
        database: An open one.
        since: Leave out those not seen since this time of the server's (UTC, ISO 8601).

    Raises:
        AwayError, InputError: as ``FleetDatabase.asked``.
    """
    query = f"select {_TOLD} from handoff.session where seen_at >= %s order by seen_at desc limit %s"  # noqa: S608
    with database.transaction() as connection:
        rows = connection.execute(query, (since or "-infinity", MOST_SESSIONS)).fetchall()
    return [_session_of(row) for row in rows]


def find_session(database: FleetDatabase, name: str) -> FleetSession:
    """Return the session that ``name`` means: a machine's name or id, a slash, and a session's id or its beginning.

    Raises:
        AwayError, InputError: as ``FleetDatabase.asked``; there is none, or more than one.
    """
    machine, _, session = name.partition("/")
    shown = printable(shorten(name, 80))
    if not (is_identifier(machine) and is_identifier(session)):
        raise InputError(f"{shown} can be no session", "MACHINE/SESSION, as handoff fleet status names them")
    query = (
        f"select {_TOLD} from handoff.session where %s in (machine, machine_name) "  # noqa: S608
        "and starts_with(session, %s) order by session = %s desc, seen_at desc limit 6"
    )
    with database.transaction() as connection:
        found = [_session_of(row) for row in connection.execute(query, (machine, session, session)).fetchall()]
    exact = [it for it in found if it.session == session] or found
    if not exact:
        raise InputError(f"the fleet's database has no session {shown}", "handoff fleet status lists them")
    if len(exact) > 1:
        several = ", ".join(f"{it.machine_id}/{it.session}" for it in exact[:5])
        raise InputError(f"{shown} means several sessions", f"name one of: {several}")
    return exact[0]


def read_document(database: FleetDatabase, session: FleetSession) -> str | None:
    """Return the handoff of ``session``, a stranger's text, None where it has none; as ``FleetDatabase.asked``."""
    with database.transaction() as connection:
        found = connection.execute("select text from handoff.document where session_id = %s", (session.key,)).fetchone()
    return str(found[0]) if found else None


def read_entries(database: FleetDatabase, session: FleetSession, last: int | None = None) -> list[dict[str, Any]]:
    """Return lines of the ledger of ``session`` in the order they were written: all, or the ``last`` of them.

    Raises:
        AwayError, InputError: as ``FleetDatabase.asked``.
    """
    query = (
        "select sequence, extract(epoch from time)::bigint, kind, tokens, method, level, model, source, text, "
        "case when jsonb_typeof(more->'compactions') = 'number' then (more->>'compactions')::numeric > 0 end "
        "from handoff.entry where session_id = %s order by sequence desc, received_at desc limit %s"
    )
    with database.transaction() as connection:
        rows = connection.execute(query, (session.key, last)).fetchall()
    return [_entry_of(row) for row in reversed(rows)]


class Counted(Record):
    """How many checkpoints and compactions there were of one ``machine``, ``agent`` and ``model``."""

    machine: str
    agent: str | None
    model: str | None
    checkpoints: int
    compactions: int


def counts(database: FleetDatabase) -> list[Counted]:
    """Return what was counted in all sessions we may see; errors as ``FleetDatabase.asked``."""
    query = (
        "select machine_name, agent, model, least(greatest(sum(checkpoints), 0), %(most)s)::bigint, "
        "least(greatest(sum(compactions), 0), %(most)s)::bigint "
        "from handoff.session group by 1, 2, 3"
    )
    with database.transaction() as connection:
        rows = connection.execute(query, {"most": _MOST}).fetchall()
    return [Counted(*(_text(value) for value in row)) for row in rows]


def changes(database: FleetDatabase, seconds: float, least: float) -> Iterator[None]:
    """Yield at once, then when something was put into the database, at most every ``least`` seconds.

    And every ``seconds`` anyway: behind a pool nobody hears anything.

    Raises:
        AwayError, InputError: as ``FleetDatabase.asked``.
    """
    import time

    with database.asked():
        database.connection.autocommit = True
        database.connection.execute(f"listen {_CHANNEL}")
        while True:
            began = time.monotonic()
            yield None
            # Where looking takes long, it is done less often: at most half of the time goes into it.
            time.sleep(max(least, time.monotonic() - began))
            for _ in database.connection.notifies(timeout=seconds, stop_after=1):
                pass


_MORE = ("agent", "agent_version", "window", "compactions", "turn", "rule", "crossed", "id", "about", "ref", "note")
"""What is sent of a ledger's line beside the columns; nothing else is."""


def row_of(entry: Mapping[str, Any], checksum: int) -> dict[str, Any]:
    """Return a ledger's ``entry`` as values of the columns of ``handoff.entry``, redacted.

    A kind that this version does not know may hold anything: what does not fit is left out.
    """
    text = entry.get("description", entry.get("text"))
    more = {key: sent for key in _MORE if (sent := _sent(entry.get(key))) is not None}
    is_estimate = entry.get("method") == "estimated"
    return {
        "sequence": entry["sequence"],
        "time": sent_time(entry["time"]),
        "checksum": checksum - (1 << 32) if checksum >= 1 << 31 else checksum,
        "kind": sent_text(entry["kind"], _MAX_WORD),
        "tokens": _number(entry.get("tokens")),
        "low": _number(entry.get("low")) if is_estimate else None,
        "high": _number(entry.get("high")) if is_estimate else None,
        "method": sent_text(entry.get("method"), _MAX_WORD),
        "level": sent_text(entry.get("level"), _MAX_WORD),
        "model": sent_text(entry.get("model"), _MAX_TEXT),
        "source": sent_text(entry.get("source"), MAX_STORED_CHARS),
        "text": sent_text(text, MAX_STORED_CHARS),
        "more": json.dumps(more) if more else None,
    }


def sent_text(value: Any, limit: int) -> str | None:
    """Return ``value`` as it may leave the machine: without secrets, NUL and lone surrogates, ``limit`` long."""
    if not isinstance(value, str):
        return None
    plain = _redacted(value) if len(value) <= _MAX_TEXT else redact(value)
    if not plain.isascii() or "\0" in plain:
        plain = plain.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    return shorten(plain, limit)


def _sent(value: Any) -> str | int | None:
    return sent_text(value, _MAX_TEXT) if isinstance(value, str) else _number(value)


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and abs(value) <= _MOST else None


@lru_cache(_REMEMBERED)
def sent_time(text: str) -> str:
    """Return a ledger's time, or 1970 where it has the form of one and is none: a server would refuse all of it."""
    from time import strptime

    try:
        strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return "1970-01-01T00:00:00Z"
    return text


def _session_of(row: Sequence[Any]) -> FleetSession:
    texts = {0, 1, 2, 3, 4, 5, 6, 7, 9, 12, 23, 24, 25}
    it = [_text(value) if number in texts else value for number, value in enumerate(row)]
    machine = it[0] or ""
    name = it[1] if it[1] and is_identifier(it[1]) else machine
    times = [utc_iso(it[number]) for number in (18, 19, 20)]
    trend = tuple(max(0, figure) for figure in it[15][:_MAX_TREND] if isinstance(figure, int))
    return FleetSession(*(machine, name, *it[2:15], trend, *it[16:18], *times, *it[21:]))


def _entry_of(row: Sequence[Any]) -> dict[str, Any]:
    keys = ("sequence", "time", "kind", "tokens", "method", "level", "model", "source", "text", "compactions")
    told = dict(zip(keys, (_text(value) for value in row), strict=True))
    return {**told, "time": utc_iso(row[1])}


def _text(value: Any) -> Any:
    """Return a stranger's text inert and bounded; what is no text as it is."""
    return _inert(value[:_MAX_READ]) if isinstance(value, str) else value


@lru_cache(_REMEMBERED)
def _inert(text: str) -> str:
    return text if is_identifier(text) else printable(shorten(redact(text), _MAX_TEXT))


_redacted = lru_cache(_REMEMBERED)(redact)
"""Models, methods and sources are the same on line after line."""
