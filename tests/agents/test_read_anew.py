"""Which files are read anew, as JSON of any shape or as text: those of which a format's reader missed something."""

from __future__ import annotations

import json

import pytest

from handoff_cli.agents import readers
from tests.transcripts import rows as r
from tests.transcripts.test_exports import call

RUN = json.dumps({"name": "bash", "arguments": {"command": "rm -rf old"}})
OLD = [{"from": "human", "value": "Old?"}, {"from": "function_call", "value": RUN}, {"from": "gpt", "value": "Old."}]
NEW = [{"from": "human", "value": "New?"}, {"from": "gpt", "value": "New."}]
OLD_CALL = {"tool_calls": [{"name": "bash", "arguments": json.dumps({"command": "rm -rf old"}), "tool_call_id": "x"}]}
META = {"additional_kwargs": {"files": [{"name": "deploy", "arguments": {"command": "rm -rf x"}}]}}


def said(found):
    return [it.text for it in found.messages]


@pytest.mark.parametrize(
    ("content", "format_", "texts"),
    [
        (json.dumps([{"conversations": OLD}, {"conversations": NEW}]), "sharegpt", ["New?", "New."]),
        (r.jsonl({"conversations": OLD}, {"conversations": NEW}), "sharegpt", ["New?", "New."]),
        (
            json.dumps([call("a", "Old?", 8, "2026-01-01T00:00") | OLD_CALL, call("b", "New?", 8, "2026-01-02T00:00")]),
            "llm_logs",
            None,
        ),
        (
            json.dumps([{"type": "human", "data": {"content": "Mend it."} | META}, {"type": "ai", "data": {"content": "Done."}}]),
            "langchain",
            ["Mend it.", "Done."],
        ),
    ],
    ids=["sharegpt", "rows", "llm", "langchain"],
)  # fmt: skip
def test_a_format_that_chose_a_conversation_is_not_read_anew_for_calls_of_others(read, content, format_, texts):
    found = read(content)
    assert (found.format, found.commands) == (format_, ())
    assert "Old?" not in said(found)
    assert texts is None or said(found) == texts


def test_messages_are_not_read_anew_where_that_tells_more_words_and_not_only_calls(read):
    other = {"history": [{"role": "user", "content": "Old?"}, {"speaker": "tool", "command": "make", "stdout": "no"}]}
    rows = [{"role": "user", "content": "New?", "earlier": other}, {"role": "assistant", "content": "New."}]
    found = read(json.dumps(rows))
    assert (found.format, said(found), found.commands) == ("openai_chat", ["New?", "New."], ())


def test_a_chat_without_a_sign_of_a_call_is_read_once(read, monkeypatch):
    read_as = []
    kept = readers.reader_of
    monkeypatch.setattr(readers, "reader_of", lambda name: read_as.append(name) or kept(name))
    chat = [{"role": "user", "content": "Is it fine?"}, {"role": "assistant", "content": "It is."}]
    assert read(json.dumps(chat)).format == "openai_chat"
    told, read_as[:] = read_as.count("any_json"), []
    read(json.dumps([*chat, {"role": "assistant", "content": "Yes.", "usedTools": []}]))
    assert read_as.count("any_json") == told + 1


@pytest.mark.parametrize(("role", "text"), [("role", "text"), ("who", "said")])
def test_rows_with_words_below_them_are_both_read(read, role, text):
    rows = r.jsonl({role: "user", text: "Mend the parser."}, {role: "assistant", text: "I mended it."})
    found = read(f"{rows}\nNext: docs.\n")
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "Mend the parser."),
        ("assistant", "I mended it."),
        ("assistant", "Next: docs."),
    ]
