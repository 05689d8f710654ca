"""Copies of the screen of Amazon Q's command line: who speaks behind a prompt, and what each call did."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import REFUSED
from handoff_cli.transcripts.conversation.copies.vertical_dots import in_turns, is_in
from tests.growth import assert_linear

ASKS = "Allow this action? Use 't' to trust (always allow) this tool for the session. [y/n/t]:"
SCREEN = f"""\
🤖 You are chatting with claude-3.7-sonnet

> load the rows, never drop any
{{agent}}I'll run it first.


🛠️  Using tool: execute_bash
 ⋮
 ● I will run the following shell command:
cd shop && \\
make load
 ⋮
 ↳ Purpose: Load them


{ASKS}

> t
3 of 4 rows
no route

 ⋮
 ● Execution failed after 1.2s:
Command exited with status 2

{{agent}}The route is missing.


🛠️  Using tool: fs_write (trusted)
 ⋮
 ● Path: shop/route.py

+    1: ROUTE = 7
 ⋮
 ↳ Purpose: Add it

Creating: shop/route.py

 ⋮
 ● Completed in 0.0s

🛠️  Using tool: fs_write (trusted)
 ⋮
 ● Path: shop/load.py

-   4     : rows = []
-   4: rows = []
+   4: rows = read()
 ⋮
 ● Completed in 0.0s

> now the tax, in percent
{{agent}}The tax is in the config.


🛠️  Using tool: execute_bash
 ⋮
 ● I will run the following shell command: rm -r shop/old
 ⋮
 ↳ Purpose: Clean up


{ASKS}

> {{answer}}
"""


@pytest.mark.parametrize("agent", ["", "> "])
def test_who_speaks_behind_a_prompt_and_what_each_call_did(read, agent):
    """The agent's words may begin as the person's do, right after these or after a call."""
    found = read(
        SCREEN.format(agent=agent, answer="n, keep it").replace("> now the tax", f"{agent}Both done.\n\n> now the tax")
    )
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "load the rows, never drop any"),
        ("assistant", "I'll run it first."),
        ("assistant", "The route is missing."),
        ("assistant", "Both done."),
        ("user", "now the tax, in percent"),
        ("assistant", "The tax is in the config."),
        ("user", "n, keep it"),
    ]
    load, remove = found.commands
    assert (load.text, load.outcome, load.exit_code) == ("cd shop && \\\nmake load", "failed", 1)
    assert "no route" in (load.error or "")
    assert (remove.text, remove.error) == ("rm -r shop/old", REFUSED)
    assert [(it.path, it.old, it.new) for it in found.edits] == [
        ("shop/route.py", "", "ROUTE = 7"),
        ("shop/load.py", "rows = []", "rows = read()"),
    ]


def test_a_plain_no_says_nothing_and_a_call_that_still_asks_has_no_result(read):
    refused = read(SCREEN.format(agent="", answer="n"))
    assert refused.messages[-1].text == "The tax is in the config."
    assert refused.commands[-1].error == REFUSED
    waits = read(SCREEN.format(agent="", answer="n").rpartition("> n")[0])
    assert (waits.commands[-1].text, waits.commands[-1].outcome) == ("rm -r shop/old", None)


def test_dots_or_a_tool_alone_are_no_such_screen():
    assert is_in(["🛠️  Using tool: fs_read", " ⋮"])
    assert not is_in(["Using tool: fs_read", "and so on"])
    assert not is_in(["more below", "⋮"])


def test_a_quotation_within_what_the_agent_says_is_none_of_the_persons(read):
    """It stands right below other words, or below some that lead in to it; a prompt that names a profile is no quotation."""
    text = "> load it\n> I'll look at it.\n> Note: the loader is old.\n\n🛠️  Using tool: fs_read\n ⋮\n ● Path: load.py\n ⋮\n ● Completed in 0.1s\n\n"
    after = "> All fine. From the manual:\n\n> the loader must be run twice\n> and then once\n\nSo I'll do that.\n\n"
    found = [(it.role, it.text) for it in read(f"{text}{after}> do so\n").messages]
    assert found == [
        ("user", "load it"),
        ("assistant", "I'll look at it.\n> Note: the loader is old."),
        (
            "assistant",
            "All fine. From the manual:\n\n> the loader must be run twice\n> and then once\n\nSo I'll do that.",
        ),
        ("user", "do so"),
    ]
    profile = read(f"{text}> All fine. What is next:\n[rows] 12% > the tax\n").messages
    assert [(it.role, it.text) for it in profile][-1] == ("user", "the tax")


def test_what_a_command_prints_is_told_whole_where_it_looks_like_the_head_of_a_file(read):
    run = (
        "🛠️  Using tool: execute_bash\n ⋮\n ● I will run the following shell command: make\n ⋮\n ↳ Purpose: Make it\n\n"
    )
    printed = "Updating: crates.io index\nPath: /usr/bin\nno route\n"
    text = f"> make it\n\n{run}{printed}\n ⋮\n ● Execution failed after 1.2s:\n"
    assert printed.strip() in (read(text).commands[0].error or "")


@pytest.mark.parametrize("line", ["> quoted\n", "\n"])
def test_a_call_with_many_lines_is_read_line_by_line(line):
    call = "🛠️  Using tool: execute_bash\n ⋮\n ● I will run the following shell command: make\n ⋮\n ↳ Purpose: x\n"
    assert_linear(
        lambda size: [*in_turns([(0, it, False) for it in (call + line * (size // len(line)) + "x").split("\n")])],
        60_000,
    )
