"""Copies of terminals in which folder and branch stand above what was typed, words and commands alike."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.conversation.copies.prompt_heads import in_turns, is_in
from tests.growth import assert_linear

SCREEN = """\
Welcome to the terminal
~/shop git:(main)
the loader drops the last row of each file, please find out why

I'll look at what it reads.

ssh box1 'tail -n 2 /var/log/load.log'
10:01 ERROR one row is missing
10:02 INFO done

retrying 1 of 3
retrying 2 of 3

It stops a row too early, at the end of the file.

shop/load.py
-rows[:-1]
+rows
shop/tax.py
+TAX = 3
Accepted

~/shop git:(main) ±2
tried it myself, and saw this:

load.int: /srv: device is busy
so leave the lock alone

loader --check /srv -v only tells what it would do, it loads no rows at all.

~/shop git:(main) ±2
make test ROWS=./all
1 failed

~/shop git:(main) ±2
Ask anything e.g. Create unit tests for my loader
"""


def test_sentences_below_folder_and_branch_are_the_persons(said):
    """What they announce with a colon goes on in the next paragraph; what stands there unsent is nobody's."""
    assert said(SCREEN) == [
        ("user", "the loader drops the last row of each file, please find out why"),
        ("assistant", "I'll look at what it reads."),
        ("assistant", "It stops a row too early, at the end of the file."),
        (
            "user",
            "tried it myself, and saw this:\n\nload.int: /srv: device is busy\nso leave the lock alone",
        ),
        ("assistant", "loader --check /srv -v only tells what it would do, it loads no rows at all."),
    ]


def test_paragraphs_that_begin_with_a_command_or_a_path_and_changes(read):
    """The output of a command goes on in paragraphs that only a program prints."""
    found = read(SCREEN)
    assert [it.text for it in found.commands] == ["ssh box1 'tail -n 2 /var/log/load.log'", "make test ROWS=./all"]
    assert "retrying 2 of 3" in (found.commands[0].output or "")
    assert [(it.path, it.old, it.new) for it in found.edits] == [
        ("shop/load.py", "rows[:-1]", "rows"),
        ("shop/tax.py", "", "TAX = 3"),
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "fix the src/cart.py crash",
        'find the "Save" button and make it blue please',
        "git push is broken for me, why? look at .git/config",
        "Message queue retries forever, please add a limit of five",
        "Type a limit into shop/tax.py instead of a number that is read",
    ],
)
def test_what_somebody_says_is_no_command_and_does_not_end_the_copy(read, said, asked):
    """Though it begins as a program does, or as what stands where nothing is typed."""
    screen = SCREEN.partition("\n")[2].replace("make test ROWS=./all\n1 failed", asked)
    talk = f"The rows must stay as they all are.\n\n{screen}\nThat is all of it.\n"
    assert ("user", asked) in said(talk)
    assert said(talk.replace("Ask anything e.g. Create unit tests for my loader", asked))[-2:] == [
        ("user", asked),
        ("assistant", "That is all of it."),
    ]
    assert asked not in [it.text for it in read(talk).commands]
    assert "The rows must stay as they all are." in "".join(words for _, words in said(talk))


@pytest.mark.parametrize("run", ["git commit -m 'mend the loader so that it reads the last row'", "ls"])
def test_a_program_that_is_typed_is_run(read, run):
    """What is quoted may be said."""
    assert run in [it.text for it in read(SCREEN.replace("make test ROWS=./all", run)).commands]


def test_a_title_that_looks_like_a_prompt_is_nobodys(said):
    head = "~/shop git:(main)\n"
    assert said(head + SCREEN.replace("Welcome to the terminal\n", "")) == said(SCREEN)


@pytest.mark.parametrize("state", ["(main) \ue0a0 +2", "\ue0a0 feature/rows \u2718 1", "main \u2261 (0.12s)", ""])
def test_what_a_prompt_says_besides_the_folder_differs(state):
    head = f"~/shop  {state}".rstrip()
    asked = "the loader drops the last row of each file", "and now the tax of it, please mend that"
    assert is_in([*f"{head}\n{asked[0]}\n\nOK.\n\n{head}\n{asked[1]}\n\nOK.\n\n{head}\nls\n".split("\n")])


@pytest.mark.parametrize(
    "text",
    [
        "~/shop main\nls -l\n\n~/shop main\nmake test\n\n~/shop main\ngit status\n",
        "The files:\n\n/srv/a/b.py\nthis one holds all the rows of the shop\n\n/srv/a/c.py\nand this one all the taxes of it\n",
        "~/shop\n❯ ls\n\n~/shop\n❯ make\n\n~/shop\n❯ exit\n",
    ],
)
def test_a_shell_that_is_given_commands_alone_and_a_list_of_files_are_no_such_copy(text):
    assert not is_in(text.split("\n"))


def test_no_long_copy_takes_long():
    lines = SCREEN.splitlines()
    assert_linear(lambda count: [*in_turns([(at, text, not at) for at, text in enumerate(lines * count)])], 100)
