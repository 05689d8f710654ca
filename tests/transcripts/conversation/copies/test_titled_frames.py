"""Copies of screens on which each thing stands in a frame whose title says what it is."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.conversation.copies.titled_frames import in_turns, is_in
from tests.growth import assert_linear

RULE = "─" * 60


def _ruled(title, *lines):
    return "\n".join((f"─ {title} {RULE}", "", *lines, "", RULE, ""))


def _boxed(title, *lines):
    return "\n".join((f"┌──────| {title} |──────┐", *(f"│{it} │" for it in lines), "└────────────────────┘"))


def test_titles_name_who_speaks_and_which_output_is_of_which_call(read):
    text = "\n".join(
        (
            _ruled("Message from User", "load all rows", "", "Tokens: 0"),
            _ruled("Agent Action", "Thought: I'll look.", "", "$ make load"),
            _ruled("Observation", "Tool: terminal", "Result:", "no route", "", "❌ Exit code: 2"),
            _ruled(
                "Agent Action",
                "Action: FileEditorAction",
                "  command: str_replace",
                "  path: shop/route.py",
                "  old_str: 6",
                "  new_str: 7",
            ),
            _ruled("Message from Agent", "The route was wrong."),
            _ruled("Message from User", "never change routes"),
        )
    )
    found = read(text)
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "load all rows"),
        ("assistant", "I'll look."),
        ("assistant", "The route was wrong."),
        ("user", "never change routes"),
    ]
    assert [(it.text, it.outcome) for it in found.commands] == [("make load", "failed")]
    assert [(it.path, it.old, it.new) for it in found.edits] == [("shop/route.py", "6", "7")]


def test_frames_of_what_is_done_stand_among_what_is_typed_behind_a_prompt_and_said(read):
    text = "\n".join(
        (
            "> load all rows",
            "",
            "Agent running... (Press Ctrl-P to pause)",
            "",
            "I'll look at it.",
            "",
            _boxed("Command", "$ make load"),
            _boxed("Command Output", " 3 of 4 rows"),
            _boxed(
                "File Edit",
                " [Existing file /shop/load.py is edited with 1 changes.]",
                " -7|    rows[:-1]",
                " +7|    rows",
            ),
            "",
            "> and the tax",
            "",
            "Agent paused. (Press Ctrl-P to resume)",
        )
    )
    found = read(text)
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "load all rows"),
        ("assistant", "I'll look at it."),
        ("user", "and the tax"),
    ]
    assert [(it.text, it.outcome) for it in found.commands] == [("make load", "ended")]
    assert [(it.path, it.old.strip(), it.new.strip()) for it in found.edits] == [("/shop/load.py", "rows[:-1]", "rows")]


@pytest.mark.parametrize(
    "text",
    [
        f"─ Results {RULE}\n\n3 rows\n\n─ Output files {RULE}\n",
        f"> x\n\n─ Installation {RULE}\n\n─ Usage {RULE}\n",
        f"> x\n\n─ Response {RULE}\n",
    ],
)
def test_rules_with_titles_of_a_report_or_one_alone_are_no_such_screen(text):
    assert not is_in(text.split("\n"))


@pytest.mark.parametrize("line", [f"─ Command {RULE}\n", "│ $ x │\n", "> x\n\n", "─" * 60 + "\n", "x: y\n"])
def test_frames_are_read_line_by_line(line):
    head = f"─ Message from User {RULE}\nx\n"
    assert_linear(
        lambda size: [*in_turns([(0, it, False) for it in (head + line * (size // len(line))).split("\n")])], 20_000
    )


def test_a_row_of_blanks_takes_linear_time():
    """In a frame, before its bar or where there is none."""
    head = [(0, f"─ User {RULE}", True)]
    assert_linear(lambda size: [*in_turns([*head, (1, f"│{' ' * size}x", False)])], 20_000)
    told = [
        text for _, text, _ in in_turns([*head, (1, "│  two   ││", False), (2, "│ three", False), (3, RULE, False)])
    ]
    assert told[-2:] == [" two   │", "three"]
