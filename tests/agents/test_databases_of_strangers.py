"""What stands in an agent's database is anybody's: no value anywhere in it ends in a crash."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff_cli.agents.glance import glance
from handoff_cli.agents.search import Log
from tests.agents import made_up
from tests.agents.test_readers import JSON, read_anything, replaced

DATABASES = {
    "goose": (made_up.goose_database, ("sessions", "messages"), "20261101_2"),
    "cursor": (made_up.cursor_database, ("cursorDiskKV",), "chat-1"),
}
CELL = (
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    | st.binary(max_size=8)
)


@pytest.fixture(scope="module", params=DATABASES)
def original(request, tmp_path_factory):
    """The name of an agent and the path of its database."""
    path = tmp_path_factory.mktemp("databases") / request.param
    DATABASES[request.param][0](path)
    return request.param, path


def cells(connection, tables):
    """Return table, row and column of each cell."""
    for table in tables:
        columns = [name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))]
        for (row,) in connection.execute(f"SELECT rowid FROM {table}"):
            yield from ((table, row, column) for column in columns)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_value_in_any_cell_is_no_crash(original, tmp_path, data):
    """Of another type than it should be, or JSON with another value somewhere in it."""
    name, path = original
    changed = tmp_path / "fuzz.db"
    shutil.copy(path, changed)
    with closing(sqlite3.connect(changed)) as connection, connection:
        table, row, column = data.draw(st.sampled_from(list(cells(connection, DATABASES[name][1]))))
        (value,) = connection.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (row,)).fetchone()
        new = data.draw(CELL)
        if isinstance(value, str) and value.startswith(("{", "[")) and data.draw(st.booleans()):
            steps = data.draw(st.lists(st.integers(0, 9), min_size=1, max_size=6))
            new = json.dumps(replaced(json.loads(value), steps, data.draw(JSON))).encode("ascii", "replace").decode()
        try:
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (new, row))
        except sqlite3.IntegrityError:
            return
    for session in ("", f"#{DATABASES[name][2]}"):
        read_anything(tmp_path, changed.read_bytes(), name)
        glance(Log(name, name, f"{changed}{session}", 0.0, "s"))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damaged_pages_are_no_crash(original, tmp_path, data):
    """Cut anywhere, with bytes changed anywhere."""
    name, path = original
    raw = bytearray(path.read_bytes())
    for at in data.draw(st.lists(st.integers(0, len(raw) - 1), max_size=6)):
        raw[at] = data.draw(st.integers(0, 255))
    changed = bytes(raw[: data.draw(st.integers(0, len(raw)) | st.just(len(raw)))])
    read_anything(tmp_path, changed, data.draw(st.sampled_from([None, name])))
