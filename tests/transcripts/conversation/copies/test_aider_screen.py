"""Copies of Aider's screen: who speaks below a rule, what the tool says, and which edits the answer holds."""

from __future__ import annotations

from handoff_cli.transcripts.conversation.copies.aider_screen import in_turns, is_in
from tests.growth import assert_linear

RULE = "─" * 60
SCREEN = f"""\
$ aider --model sonnet --auto-test
{RULE}
Aider v0.86.1
Main model: anthropic/claude-sonnet-4-20250514 with diff edit format
Repo-map: using 4096 tokens, auto refresh
{RULE}
Readonly: RULES.md
shop/tax.py
> /add shop/tax.py

Added shop/tax.py to the chat
{RULE}
Readonly: RULES.md
shop/tax.py
> The tax of an order is one cent off. Round it half even, ne
ver up.

The problem is in tax() of shop/tax.py, which rounds every
line:

 1 it rounds too early;
 • and up.

shop/tax.py

<<<<<<< SEARCH
    return round_up(line)
=======
    return line
>>>>>>> REPLACE


Tokens: 9.8k sent, 612 received. Cost: $0.04 message, $0.04 session.
Applied edit to shop/tax.py
Commit 4be0c17 fix: round once
You can use /undo to undo and discard each aider commit.
Running pytest -q tests/shop
.F..
> assert tax == 3
1 failed, 3 passed in 2.84s
Attempt to fix test errors? (Y)es/(N)o [Yes]: y

I'd expect 2 there.

Tokens: 11k sent, 20 received. Cost: $0.04 message, $0.08 session.
{RULE}
Readonly: RULES.md
shop/tax.py
> /undo

Removed: 4be0c17 fix: round once
Now at:  1111111 start
{RULE}
shop/tax.py
> ask> why?

It rounds twice. I need the order for that.

shop/order.py
Add file to the chat? (Y)es/(N)o/(D)on't ask again [Yes]: y

Tokens: 1k sent, 2 received.
{RULE}
shop/order.py shop/tax.py
> ^C again to exit
"""


def test_who_speaks_on_the_screen(read):
    """Neither the files of the chat nor what the tool asks is anybody's words; a line broken amid a word is whole."""
    assert [(it.role, it.text) for it in read(SCREEN.replace("> ask> why", "ask> why")).messages] == [
        ("user", "The tax of an order is one cent off. Round it half even, never up."),
        (
            "assistant",
            "The problem is in tax() of shop/tax.py, which rounds every line:\n\n1. it rounds too early;\n- and up.",
        ),
        ("user", "Attempt to fix test errors? (Y)es/(N)o [Yes]: y"),
        ("assistant", "I'd expect 2 there."),
        ("user", "why?"),
        ("assistant", "It rounds twice. I need the order for that."),
    ]


def test_what_the_tool_did_on_the_screen(read):
    """The edits of the answer, the commit, the tests with what they printed, and what was undone."""
    found = read(SCREEN)
    assert [it.path for it in found.files] == ["shop/tax.py"]
    assert [(it.text, it.outcome) for it in found.commands] == [
        ("git commit", "ok"),
        ("pytest -q tests/shop", "failed"),
        ("aider /undo", "ok"),
    ]
    assert found.commits[0].hash == "4be0c17"


def test_an_edit_that_was_cut_off_and_a_line_that_the_model_draws_end_no_words(read):
    """What is typed after them is the person's."""
    cut = "It rounds twice.\n\n────────\n\nshop/tax.py\n<<<<<<< SEARCH\nx = 1\n=======\nx = 2\n^C again to exit"
    text = SCREEN.replace(
        "It rounds twice. I need the order for that.", f"{cut}\n{RULE}\na.py\n> stop, use floats\n\nI will."
    )
    told = [(it.role, it.text) for it in read(text).messages]
    assert ("user", "stop, use floats") in told
    assert any(role == "assistant" and said.startswith("It rounds twice.") for role, said in told)


def test_the_screen_without_rules(read):
    """A dumb terminal draws none: somebody types below what the tool says."""
    lines = (
        it for it in SCREEN.splitlines() if it != RULE and not it.startswith(("Readonly", "> assert", "shop/tax.py"))
    )
    asked = [it.text for it in read("\n".join(lines)).messages if it.role == "user"]
    assert asked[0].startswith("The tax of an order is one cent off.")


def test_a_history_and_quotations_are_no_copy():
    """What stands in the history has its marks; a quotation alone is somebody's words."""
    assert not is_in(["#### add a flag", "> Tokens: 2.7k sent, 107 received.", "> Applied edit to cli.py"])
    assert not is_in(["> add a flag", "Done, it takes --json."])
    assert is_in(SCREEN.splitlines())


def test_a_long_screen_takes_no_more_per_line():
    """Of words and of edits."""

    def lines(count):
        return [(at, text, False) for at, text in enumerate(SCREEN.splitlines() * count)]

    assert_linear(lambda count: list(in_turns(lines(count))), 200)


def test_the_tool_answers_a_command_right_below_it_and_the_editor_goes_on_upon_a_yes(read):
    """A command that fills its line goes on instead."""
    text = f"""\
{RULE}
Aider v0.86.1
{RULE}
architect> /add shop/tax.py
Added shop/tax.py to the chat
{RULE}
shop/tax.py
architect> The tax is one cent off

It rounds too early.

Tokens: 9.8k sent, 612 received. Cost: $0.04 message, $0.04 session.
Edit the files? (Y)es/(N)o [Yes]: y

shop/tax.py
<<<<<<< SEARCH
    return up(line)
=======
    return line
>>>>>>> REPLACE

Tokens: 1k sent, 20 received. Cost: $0.01 message, $0.05 session.
Applied edit to shop/tax.py
{RULE}
shop/tax.py
architect> /test pytest -q tests/shop
1 failed, 3 passed in 2.84s
Add 0.1k tokens of command output to the chat? (Y)es/(N)o [Yes]: y
{RULE}
shop/tax.py
architect> never round up

^C again to exit
"""
    found = read(text)
    assert [(it.role, it.text) for it in found.messages if it.role == "user"] == [
        ("user", "The tax is one cent off"),
        ("user", "never round up"),
    ]
    assert [(it.path, it.old.strip(), it.new.strip()) for it in found.edits] == [
        ("shop/tax.py", "return up(line)", "return line")
    ]
    assert [(it.text, it.outcome) for it in found.commands] == [("pytest -q tests/shop", "failed")]


def test_the_files_of_the_chat_may_stand_before_what_is_typed(said):
    """A path with the sign of a prompt behind it below a rule is nobody's words; a quotation is typed by nobody."""
    text = (
        f"{RULE}\nAider v0.86.1\nMain model: x\n{RULE}\nshop/tax.py shop/a-b.py> The tax is one cent off.\n\nIt rounds.\n\n"
        f"Tokens: 9.8k sent, 6 received.\n{RULE}\nshop/tax.py ask> why?\n\nTwice, and\nshop> so.\n\n"
        "Tokens: 9k sent, 6 received.\n"
    )
    assert said(text) == [
        ("user", "The tax is one cent off."),
        ("assistant", "It rounds."),
        ("user", "why?"),
        ("assistant", "Twice, and\nshop> so."),
    ]


def test_no_long_line_of_paths_takes_long():
    assert_linear(lambda count: [*in_turns([(1, f"{'a/b.c ' * count}!", True)])], 20_000)
