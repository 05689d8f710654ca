"""Input that is no plain text: told by its content, counted by its own rule, named as the user knows it."""

import io
import json

import pytest

from handoff_cli.errors import InputError
from handoff_cli.usecases.pieces import CountRequest, FileSource, TextSource, count_pieces
from tests.transcripts import rows as r

MESSAGES = json.dumps([{"role": "user", "content": "hello"}, {"role": "assistant", "content": "hello to you"}])


def counted(source, format_="auto", model=None):
    pieces, notes = count_pieces([source], CountRequest(format=format_), model, None)
    return pieces, notes


def test_chat_messages_are_told_by_their_content_and_cost_more_than_their_text(project):
    (project / "chat.json").write_text(MESSAGES)
    (piece,), notes = counted(FileSource("chat.json"))
    texts = sum(counted(TextSource("text", text), "text")[0][0].count.tokens for text in ("hello", "hello to you"))
    assert piece.count.tokens > texts
    assert (piece.source, piece.description, piece.usage) == ("chat.json", "hello", None)
    assert piece.took == "read as openai-chat"
    assert notes == ()


def test_a_pipe_is_read_like_the_file(project):
    (project / "chat.json").write_text(MESSAGES)
    of_file = counted(FileSource("chat.json"))[0][0]
    piped = counted(FileSource("stdin", io.BytesIO(MESSAGES.encode())))[0][0]
    assert piped.count == of_file.count
    assert piped.source == "stdin"


def test_a_transcript_gives_the_context_its_agent_reports_and_where_it_is(project):
    (project / "log.jsonl").write_text(r.jsonl(r.claude_user("ship it"), r.claude_response(12_345)))
    (piece,), _ = counted(FileSource("log.jsonl"))
    assert (piece.count.tokens, piece.count.method, piece.count.model) == (12_345, "exact", "claude-opus-4-6")
    assert (piece.usage["agent"], piece.usage["source"]) == ("claude", str(project / "log.jsonl"))
    (piped,), _ = counted(FileSource("stdin", io.BytesIO((project / "log.jsonl").read_bytes())))
    assert piped.usage["piped"] is True


def test_what_only_begins_like_a_format_is_text_and_that_is_said_of_the_name_the_user_knows():
    broken = '{"role": "user", "content": "hi"} and then prose'
    (piece,), notes = counted(FileSource("stdin", io.BytesIO(broken.encode())))
    assert piece.count == counted(TextSource("text", broken), "text")[0][0].count
    assert piece.took == "counted as plain text"
    assert notes[0].startswith("stdin: ")
    with pytest.raises(InputError, match="^(?!.*handoff-).*stdin"):
        counted(FileSource("stdin", io.BytesIO(broken.encode())), "openai-chat")


def test_what_is_compressed_is_refused_with_the_way_out():
    with pytest.raises(InputError, match="compressed by gzip") as refused:
        counted(FileSource("stdin", io.BytesIO(b"\x1f\x8b\x08\x00" + bytes(20))))
    assert "gzip -d" in refused.value.hint


def test_a_file_that_is_a_pipe_is_gone_through_once(project):
    """Readers go over their input more than once; what streams is put into a file of ours, which does not stay."""
    import os
    import tempfile

    before = set(os.listdir(tempfile.gettempdir()))
    counted(FileSource("stdin", io.BytesIO(MESSAGES.encode())))
    assert {name for name in set(os.listdir(tempfile.gettempdir())) - before if name.startswith("handoff-")} == set()
