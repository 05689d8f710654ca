"""Exports of ChatGPT and Claude."""

from __future__ import annotations


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
