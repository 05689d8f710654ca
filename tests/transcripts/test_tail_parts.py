"""Where the context begins in a log, and what was added to it."""

from __future__ import annotations

import pytest

from handoff_cli.agents.readers import iter_texts, reader_of
from handoff_cli.transcripts.tail import compaction_before, compactions_between, texts_between, version_of
from tests.transcripts import rows as r

CLAUDE = [
    r.claude_user("one"),
    r.claude_response(10),
    r.claude_compact(),
    r.claude_user("two"),
    r.claude_response(5, id_="b"),
    r.claude_compact(),
    r.claude_user("three"),
]
CODEX = [
    r.codex("session_meta", cli_version="0.125.0"),
    r.codex_tokens(10),
    r.codex("compacted", message="summary one"),
    r.codex("event_msg", type="context_compacted"),
    r.codex_tokens(5),
    r.codex("compacted", message="summary two"),
    r.codex("event_msg", type="context_compacted"),
    r.codex("event_msg", type="user_message", message="three"),
]


@pytest.fixture(params=[("claude_code", CLAUDE), ("codex", CODEX)], ids=["claude", "codex"])
def log(request, tmp_path):
    format_, rows = request.param
    reader = reader_of(format_)
    path = tmp_path / "t.jsonl"
    path.write_text(r.jsonl(*rows))
    offsets = [0]
    for row in rows:
        offsets.append(offsets[-1] + len(r.jsonl(row)))
    return str(path), reader, offsets


def test_the_context_begins_at_the_last_compaction(log):
    """Of the two rows Codex writes, at the first, which holds the summary."""
    path, reader, offsets = log
    assert compaction_before(path, reader, offsets[-1]) == offsets[5]
    assert compaction_before(path, reader, offsets[5]) == offsets[2]
    assert compaction_before(path, reader, offsets[2]) == 0


def test_compactions_are_counted_once_each(log):
    path, reader, offsets = log
    assert compactions_between(path, reader, 0, offsets[-1]) == 2
    assert compactions_between(path, reader, offsets[4], offsets[-1]) == 1
    assert compactions_between(path, reader, offsets[-1], offsets[-1]) == 0


def test_texts_from_there_are_those_of_the_context(log):
    path, reader, offsets = log
    begin = compaction_before(path, reader, offsets[-1])
    pieces = list(texts_between(path, reader, begin, offsets[-1]))
    assert pieces[0] is None
    assert pieces[1:] == list(iter_texts(path))


def test_a_line_that_has_not_ended_is_not_read(log):
    path, reader, offsets = log
    assert list(texts_between(path, reader, offsets[-2], offsets[-1] - 1)) == []


def test_the_version_is_in_the_first_rows(log):
    path, reader, _ = log
    with open(path, "rb") as stream:
        assert version_of(stream) == ("0.125.0" if reader.AGENT == "codex" else "2.1.42")
