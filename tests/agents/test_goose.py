"""Goose keeps all sessions in one database, and what a compaction hid from the agent stays in it."""

from __future__ import annotations

import sqlite3

import pytest

from handoff_cli.agents import goose
from handoff_cli.agents.readers import iter_texts, read_transcript
from handoff_cli.errors import InputError
from handoff_cli.transcripts.source import Source
from tests.agents.made_up import ASKED, goose_database


@pytest.fixture
def database(tmp_path):
    return goose_database(tmp_path / "sessions.db")


def test_the_session_meant_is_read(database):
    """Named behind a sign; else the one changed last that a person ran."""
    assert read_transcript(f"{database}#20261101_1").usage.tokens == 9_000
    assert read_transcript(database).session_ids == ("20261101_2",)
    assert goose.latest(Source(f"{database}#20261101_1"))["tokens"] == 9_000


def test_the_sum_of_all_responses_is_no_size(database):
    """``accumulated_total_tokens`` is 900,000."""
    assert read_transcript(database).usage.tokens == 15_065


def test_a_compaction_is_told_by_what_it_hides(tmp_path):
    """The person still sees it; the agent sees the summary, which nobody said."""
    path = goose_database(tmp_path / "sessions.db", compacted=True)
    found = read_transcript(path)
    assert len(found.compactions) == 1
    assert [message.text for message in found.messages] == [ASKED, "Mended."]
    assert [piece for _, piece in iter_texts(path)] == ["summary of it all", "Mended."]


def test_a_writer_is_never_kept_waiting(database):
    """Between two messages no lock is held, so that the agent can write."""
    events = goose.events(Source(database))
    next(events)
    writer = sqlite3.connect(database, timeout=0)
    writer.execute("UPDATE sessions SET total_tokens = 1")
    writer.commit()
    writer.close()
    assert list(events)


def test_older_tables_have_fewer_columns(tmp_path):
    """What is not there is not known."""
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE sessions (id TEXT, working_dir TEXT, updated_at TEXT)")
    connection.execute(
        "CREATE TABLE messages (id INTEGER, session_id TEXT, role TEXT, content_json TEXT, metadata_json TEXT, created_timestamp INTEGER)"
    )
    connection.execute("INSERT INTO sessions VALUES ('a', '/srv/app', '2026-11-01 10:00:00')")
    connection.execute(
        'INSERT INTO messages VALUES (1, \'a\', \'user\', \'[{"type": "text", "text": "hi"}]\', NULL, 1)'
    )
    connection.execute("INSERT INTO messages VALUES (2, 'a', 'user', 'torn', 'torn', 'x')")
    connection.commit()
    connection.close()
    found = read_transcript(str(path))
    assert ([message.text for message in found.messages], found.usage, found.malformed) == (["hi"], None, 1)


def test_a_database_cannot_come_by_pipe(database):
    """It is more than bytes in a row."""
    with open(database, "rb") as stream, pytest.raises(InputError, match="cannot come by pipe"):
        read_transcript("stdin", data=stream.read())
