"""Exports of ChatGPT and Claude, of llm (the newest conversation, the last call's context), LangChain and ShareGPT."""

from __future__ import annotations

import pytest

from tests.transcripts import rows as r


def node(number, parent, role, text, kind="text"):
    content = {"content_type": kind, "parts": [text]} if kind == "text" else {"content_type": kind, "text": text}
    message = {"id": number, "author": {"role": role}, "content": content, "create_time": 1_770_000_000 + len(number)}
    return {"id": number, "parent": parent, "message": message}


TREE = {
    "title": "Dates",
    "conversation_id": "c-1",
    "update_time": 1_770_000_900.5,
    "current_node": "d",
    "mapping": {
        "root": {"id": "root", "parent": None, "message": None},
        "a": node("a", "root", "user", "Which tz library should I use?"),
        "b": node("b", "a", "assistant", "Take zoneinfo."),
        "x": node("x", "a", "assistant", "Take pytz."),
        "c": node("c", "b", "user", "And on Windows?"),
        "d": node("d", "c", "assistant", "Add tzdata."),
    },
}
CLAUDE = {
    "uuid": "u-1",
    "name": "Build",
    "updated_at": "2026-02-01T10:00:00Z",
    "chat_messages": [
        {"sender": "human", "text": "Shorten the build.", "content": [{"type": "text", "text": "Shorten the build."}]},
        {
            "sender": "assistant",
            "text": "",
            "content": [
                {"type": "thinking", "thinking": "The cache is cold."},
                {"type": "tool_use", "id": "t", "name": "bash", "input": {"command": "make -j4"}},
                {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "ok"}]},
                {"type": "text", "text": "It takes 40 s now."},
            ],
        },
    ],
}


def test_the_branch_that_was_shown_last(read):
    """Of ChatGPT's tree; an answer that was made anew is not in it."""
    found = read(TREE)
    assert (found.format, found.session_ids) == ("chat_exports", ("c-1",))
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "Which tz library should I use?"),
        ("assistant", "Take zoneinfo."),
        ("user", "And on Windows?"),
        ("assistant", "Add tzdata."),
    ]


def test_of_all_conversations_the_one_that_changed_last(read):
    """An export holds a whole account."""
    old = {**TREE, "conversation_id": "c-0", "update_time": 1_700_000_000, "current_node": "a"}
    assert read([old, TREE, old]).session_ids == ("c-1",)


def test_claude(read):
    """Words, thoughts and calls; alone or among others."""
    for given in (CLAUDE, [{**CLAUDE, "uuid": "old", "updated_at": "2025-01-01"}, CLAUDE]):
        found = read(given)
        assert [(it.role, it.text) for it in found.messages] == [
            ("user", "Shorten the build."),
            ("assistant", "It takes 40 s now."),
        ]
        assert [it.text for it in found.commands] == ["make -j4"]


def test_a_tree_that_turns_in_a_circle_ends(read):
    """Nobody exports one; somebody may pipe one."""
    round_ = {**TREE, "mapping": {**TREE["mapping"], "a": node("a", "d", "user", "Hello")}}
    assert len(read(round_).messages) == 4


def call(conversation, prompt, tokens, time):
    return {
        "id": prompt,
        "model": "gpt-5",
        "prompt": prompt,
        "system": None,
        "response": f"re {prompt}",
        "conversation_id": conversation,
        "datetime_utc": time,
        "input_tokens": tokens,
        "output_tokens": 9,
    }


def test_context_is_the_last_calls_and_nothing_is_summed(read):
    """Another conversation in between does not count."""
    found = read(
        [
            call("a", "one", 8, "2026-01-01T00:00"),
            call("b", "two", 500, "2026-01-02T00:00"),
            call("a", "three", 20, "2026-01-03T00:00"),
        ]
    )
    assert (found.format, found.usage.tokens, found.peak, found.turns, found.model) == ("llm_logs", 20, 20, 2, "gpt-5")
    assert [m.text for m in found.messages] == ["one", "re one", "three", "re three"]


def test_calls_without_tokens_have_no_usage(read):
    """Some models report none."""
    assert read([call("a", "one", None, "2026-01-01T00:00")]).usage is None


AI = {
    "content": "looking",
    "tool_calls": [{"name": "bash", "args": {"command": "ls"}, "id": "1"}],
    "usage_metadata": {"input_tokens": 40, "output_tokens": 3, "total_tokens": 43},
    "response_metadata": {"model_name": "gpt-5"},
}
LANGCHAIN = [
    ("system", {"content": "be good"}),
    ("human", {"content": "hi"}),
    ("ai", AI),
    ("tool", {"content": "denied", "tool_call_id": "1", "status": "error"}),
]
CLASSES = {"system": "SystemMessage", "human": "HumanMessage", "ai": "AIMessage", "tool": "ToolMessage"}
TYPED = [{"type": kind, "data": data} for kind, data in LANGCHAIN]
DUMPED = [
    {"lc": 1, "type": "constructor", "id": ["langchain", "schema", "messages", CLASSES[kind]], "kwargs": data}
    for kind, data in LANGCHAIN
]


@pytest.mark.parametrize("content", [TYPED, DUMPED, {"messages": TYPED}, r.jsonl(*TYPED), r.jsonl(*DUMPED)])
def test_each_form_of_langchain_gives_the_same(read, content):
    """Words, usage, model, tools and their outcome."""
    found = read(content)
    assert (found.format, found.model, found.usage.tokens, found.usage.method) == ("langchain", "gpt-5", 40, "exact")
    assert [(m.role, m.text) for m in found.messages] == [("user", "hi"), ("assistant", "looking")]
    assert [(c.text, c.outcome, c.error) for c in found.commands] == [("ls", "failed", "denied")]


TURNS = [
    {"from": "human", "value": "hi"},
    {"from": "function_call", "value": '{"name": "shell", "arguments": {"command": "ls"}}'},
    {"from": "observation", "value": "a.py"},
    {"from": "gpt", "value": "one file"},
]


@pytest.mark.parametrize("as_lines", [False, True])
def test_last_conversation_of_sharegpt_is_the_context(read, texts, as_lines):
    """With its system prompt; the warning tells of the others."""
    rows = [{"conversations": [{"from": "human", "value": "older"}]}, {"conversations": TURNS, "system": "be good"}]
    content = r.jsonl(*rows) if as_lines else rows
    found = read(content)
    assert found.format == "sharegpt"
    assert [(m.role, m.text) for m in found.messages] == [("user", "hi"), ("assistant", "one file")]
    assert [command.text for command in found.commands] == ["ls"]
    assert found.warnings == ("2 sessions in one file: the last is read",)
    assert [text for _, text in texts(content)] == ["be good", "hi", "shell", '{"command":"ls"}', "a.py", "one file"]


def test_a_single_conversation_of_sharegpt(read):
    """An object instead of a list."""
    assert [m.text for m in read({"conversations": TURNS}).messages] == ["hi", "one file"]
