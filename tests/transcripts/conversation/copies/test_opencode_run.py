"""What ``opencode run`` prints for people."""

from __future__ import annotations

RUN = """\
> build \u00b7 claude-sonnet-4-5

\u2731 Grep "level" 2 matches
\u2192 Read lamp.py [offset=1]

\u2190 Edit lamp.py
Index: /p/lamp.py
===================================================================
--- /p/lamp.py
+++ /p/lamp.py
@@ -1,2 +1,2 @@
-level = 9
+level = 5
 on = True

I dimmed it. Now the tests.

$ pytest -q
F.

>       assert lamp.level == 4
E       assert 5 == 4

FAILED tests/test_lamp.py::test_dim - assert 5 == 4
1 failed, 1 passed in 0.02s

`test_dim` still fails, as it wants 4.
"""


def test_what_is_done_stands_behind_signs_and_the_rest_is_said(read):
    """Neither who runs on what model nor a line that a runner marks is a request."""
    found = read(RUN)
    assert [(it.role, it.text) for it in found.messages] == [
        ("assistant", "I dimmed it. Now the tests."),
        ("assistant", "`test_dim` still fails, as it wants 4."),
    ]
    assert [(it.old, it.new) for it in found.edits] == [("level = 9\non = True", "level = 5\non = True")]
    assert [(it.text, it.outcome) for it in found.commands] == [("pytest -q", "failed")]
    assert found.commands[0].output.endswith("1 failed, 1 passed in 0.02s")


def test_what_only_answers_is_said(said):
    assert said("> plan \u00b7 gpt-5\n\nThe lamp is dim.\n") == [("assistant", "The lamp is dim.")]


def test_a_quotation_that_looks_so_amid_a_text_is_none(said):
    text = "User: what is\n> build \u00b7 gpt-5\nthere?\n\nAssistant: The agent and its model.\n"
    assert [role for role, _ in said(text)] == ["user", "assistant"]


def test_a_sign_without_a_tool_behind_it_begins_what_is_said(said):
    """A heading, a list and a tick; what tools print of themselves is nobody's word."""
    words = "\u2713 The lamp is dim.\n\n# Summary\n\n\u2022 Level 5\n\u2022 Tests\n\n% of power is 50."
    tools = '\u2731 Glob "*.py" 2 matches\n\u2022 Look at lamps Explore Agent\n\n# Todos\n'
    text = f"> build \u00b7 gpt-5\n\n{tools}\n\u2192 Read lamp.py\n\n{words}\n"
    assert said(text) == [("assistant", words)]


def test_a_name_and_a_plain_word_head_no_run(read):
    """A model has a number or a hyphen in its name; below a person's name talk may stand of any form."""
    talk = read("> mira \u00b7 workshop\n\nUser: dim the lamp\n\nAssistant: It is dim.\n\nUser: now the switch\n")
    assert [it.text for it in talk.messages if it.role == "user"] == ["dim the lamp", "now the switch"]
    mail = read("> ben \u00b7 garden\n\nHi Mira,\n\n$ make tea\n\nDo not spill it.\n")
    assert mail.messages[-1].text == "Do not spill it."
    assert mail.commands[0].output is None


def test_of_a_run_that_was_cut_off_the_last_lines_are_printed(read):
    """As they look so, or are indented; a list at the end is said."""
    head = "> build \u00b7 gpt-5\n\n"
    cut = read(
        f"{head}$ pytest -q\n..F\n\n=== FAILURES ===\n\nlamp.py:3 AssertionError\n\n1 failed, 4 passed in 0.2s\n"
    )
    assert cut.messages == ()
    assert [it.outcome for it in cut.commands] == ["failed"]
    assert read(f"{head}$ git log -1\ncommit abc\n\n    Dim it.\n\n$ git status\nclean\n").messages == ()
    assert [it.text for it in read(f"{head}$ ls\nlamp.py\n\n- `lamp.py`\n").messages] == ["- `lamp.py`"]
