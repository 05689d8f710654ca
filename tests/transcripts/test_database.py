"""Databases of agents are read without a trace, and what cannot be read is one clear line."""

from __future__ import annotations

import os
import sqlite3

import pytest

from handoff_cli.errors import InputError
from handoff_cli.transcripts.database import Database


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "a b?#.db"
    connection = sqlite3.connect(made)
    connection.execute("CREATE TABLE t (n INTEGER, words TEXT)")
    connection.execute("INSERT INTO t VALUES (1, CAST(x'6869ff' AS TEXT))")
    connection.commit()
    connection.close()
    return str(made)


def test_rows_and_columns(path):
    """Whatever its path holds; text that is no UTF-8 is mended."""
    with Database(path) as database:
        assert database.rows("SELECT n, words FROM t WHERE n = ?", 1) == [(1, "hi\ufffd")]
        assert database.tables() == {"t": {"n", "words"}}


def test_nothing_is_written(path):
    """Not even by a question that asks for it."""
    with Database(path) as database, pytest.raises(InputError, match="readonly"):
        database.rows("INSERT INTO t VALUES (2, 'x')")


def test_a_log_of_changes_that_cannot_be_opened(tmp_path):
    """A copy of a database that was in use is read as it lies, and no file comes to be beside it."""
    used = tmp_path / "used.db"
    writer = sqlite3.connect(used)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE t (n INTEGER)")
    writer.execute("INSERT INTO t VALUES (7)")
    writer.commit()
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    folder = tmp_path / "kept"
    folder.mkdir()
    copy = folder / "copy.db"
    copy.write_bytes(used.read_bytes())
    writer.close()
    folder.chmod(0o500)
    try:
        with Database(str(copy)) as database:
            assert database.rows("SELECT n FROM t") == [(7,)]
    finally:
        folder.chmod(0o700)


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"\xff" * 200])
def test_what_is_no_database_is_one_clear_line(tmp_path, content):
    """Empty ones have no tables."""
    path = tmp_path / "x.db"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"x\.db") as refusal, Database(str(path)) as database:
        database.rows("SELECT n FROM t")
    assert "\n" not in refusal.value.message


def test_no_such_file(tmp_path):
    """Nor does one come to be."""
    for name in ("gone.db", "\0"):
        with pytest.raises(InputError, match="cannot be read"):
            Database(os.path.join(str(tmp_path), name))
    assert not (tmp_path / "gone.db").exists()


@pytest.mark.parametrize(
    "question",
    [
        "WITH RECURSIVE c(n, words) AS (SELECT 1, '' UNION ALL SELECT n + 1, '' FROM c) SELECT * FROM c",
        "SELECT 1 AS n, zeroblob(900000000) AS words",
    ],
)
def test_a_view_is_no_table(path, question):
    """A stranger's would count up for ever, or make what fills the memory."""
    connection = sqlite3.connect(path)
    connection.executescript(f"DROP TABLE t; CREATE VIEW t AS {question}")
    connection.close()
    with Database(path) as database, pytest.raises(InputError, match="prohibited|not authorized"):
        database.rows("SELECT n, words FROM t")


def test_a_value_made_up_on_reading_is_bounded(tmp_path):
    """A column may be a formula."""
    made = tmp_path / "made.db"
    connection = sqlite3.connect(made)
    connection.executescript("CREATE TABLE t (n, w AS (zeroblob(900000000))); INSERT INTO t VALUES (1)")
    connection.close()
    with Database(str(made)) as database, pytest.raises(InputError, match="too big"):
        database.rows("SELECT w FROM t")


def test_a_question_ends(path, monkeypatch):
    monkeypatch.setattr("handoff_cli.transcripts.database._QUESTION_SECONDS", -1.0)
    monkeypatch.setattr("handoff_cli.transcripts.database._STEPS_BETWEEN_LOOKS", 1)
    with Database(path) as database, pytest.raises(InputError, match="interrupted"):
        database.rows("SELECT n FROM t")


def test_rows_are_bounded(path, monkeypatch):
    monkeypatch.setattr("handoff_cli.transcripts.database._MOST_ROWS", 0)
    with Database(path) as database, pytest.raises(InputError, match="more than 0 rows"):
        database.rows("SELECT n FROM t")


@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
def test_a_pipe_is_not_waited_for(path, tmp_path, ending):
    """Neither in the place of a database nor beside it."""
    os.mkfifo(tmp_path / "pipe.db")
    os.mkfifo(f"{path}{ending}")
    for it in (path, str(tmp_path / "pipe.db")):
        with pytest.raises(InputError, match="cannot be read"):
            Database(it)
