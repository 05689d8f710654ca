"""Copies of an agent's screen of whatever program: who speaks, by prompts, bars or boxes, and what each call did."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.conversation.copies.agent_screen import in_turns, is_in
from handoff_cli.transcripts.conversation.copies.own_prompts import marked
from handoff_cli.transcripts.conversation.copies.screen_calls import call_in, edited_in
from handoff_cli.transcripts.conversation.copies.screen_feet import foot_of
from tests.growth import assert_linear

ON_CORNERS = """\
╭──────────────────────────────────────────────╮
│ Welcome to the agent 1.2.3                   │
╰──────────────────────────────────────────────╯

● Logged in as kim

> the loader drops the last row,
  please fix it

● I'll look at the loader and at what calls it.

● Read shop/load.py
  └ 40 lines read

✗ Run the tests
  $ make test
  └ FAIL one row is missing
    1 failed

✓ Edit shop/load.py (+1 -1)
  │   7     - rows[:-1]
  │       7 + rows

● I could drop the test of empty files, it is slow.

✗ Edit shop/test_load.py (+0 -4)
  └ The user rejected this tool call. User feedback: never drop tests

● Understood, the test of empty files stays.

> now the tax
  in percent

◉ Edit shop/tax.py
 ~/shop (main)                            model-7
 ────────────────────────────────────────────────
 > Type here
 ────────────────────────────────────────────────
 ctrl+c Exit
"""


def test_calls_by_sign_and_verb_results_on_corners_and_the_persons_words_on_refusing(read):
    found = read(ON_CORNERS)
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "the loader drops the last row,\nplease fix it"),
        ("assistant", "I'll look at the loader and at what calls it."),
        ("assistant", "I could drop the test of empty files, it is slow."),
        ("user", "never drop tests"),
        ("assistant", "Understood, the test of empty files stays."),
        ("user", "now the tax\nin percent"),
    ]
    assert [(it.text, it.outcome) for it in found.commands] == [("make test", "failed")]
    assert [(it.path, it.old, it.new) for it in found.edits if it.new] == [("shop/load.py", "rows[:-1]", "rows")]
    assert [it.path for it in found.declined] == ["shop/test_load.py"]


def test_verbs_in_capitals_with_what_they_are_given_in_brackets_and_a_plan(read):
    text = (
        "> lade alle Zeilen\n\n⛬  Ich sehe mir zuerst den Lader an, dann den Test.\n\n"
        "   READ  (shop/load.py)\n   ↳ Read 40 lines.\n\n"
        "   EXECUTE  (make test\n   ROWS=all, timeout: 60s, impact: low)\n   ↳ Command failed (exit code: 2)\n     no rows\n\n"
        "   PLAN  Updated: 2 total\n   ✓ Lader\n   ○ Steuer\n\n⛬  Die Zeilen fehlen, weil der Lader die letzte auslässt.\n"
    )
    found = read(text)
    assert [(it.text, it.outcome) for it in found.commands] == [("make test ROWS=all", "failed")]
    assert [(it.text, it.status) for it in found.todos] == [("Lader", "completed"), ("Steuer", "pending")]
    assert [it.role for it in found.messages] == ["user", "assistant", "assistant"]


@pytest.mark.parametrize(
    ("typed", "typed_next"),
    [
        ("  │ load all rows\n  │ of the shop\n", "  │ and the tax\n"),
        (
            " ┌──────────────────┐\n │ load all rows    │\n │ of the shop      │\n └──────────────────┘\n",
            " ┌──────────────────┐\n │ and the tax      │\n └──────────────────┘\n",
        ),
    ],
)
def test_what_stands_behind_a_bar_or_in_a_box_is_the_persons(read, typed, typed_next):
    """The agent's words have no sign there; a box with a path and counts is a change."""
    text = (
        f'{typed}\n  I\'ll look at it.\n\n  ✓ Read shop/load.py\n  ✓ Grep "rows"\n\n  $ make test 3.1s in .\n    1 failed\n\n'
        " ┌──────────────────┐\n │ shop/load.py +1 -1 │\n │  7 - rows[:-1]   │\n │  7 + rows        │\n"
        f" └──────────────────┘\n\n  Both are done.\n\n{typed_next}"
    )
    found = read(text)
    assert [(it.role, " ".join(it.text.split())) for it in found.messages] == [
        ("user", "load all rows of the shop"),
        ("assistant", "I'll look at it."),
        ("assistant", "Both are done."),
        ("user", "and the tax"),
    ]
    assert [it.text for it in found.commands] == ["make test"]
    assert [(it.path, it.old, it.new) for it in found.edits] == [("shop/load.py", "rows[:-1]", "rows")]


def test_of_the_last_call_on_a_screen_nothing_may_have_come_yet(read):
    text = "> load it\n\n✓ Read shop/load.py\n✓ Read shop/tax.py\n\n● Bash make load\n  Waiting for tool response...\n"
    assert [(it.text, it.outcome) for it in read(text).commands] == [("make load", None)]


@pytest.mark.parametrize(
    "text",
    [
        "$ npm test\n\n> shop@1.0.0 test\n> vitest\n\n$ make\n\n> done\n",
        "> load it\n\n● Read(shop/load.py)\n  ⎿  Read 40 lines\n\n● Read(shop/tax.py)\n  ⎿  Read 2 lines\n",
        "> load it\n\n✓ All rows are loaded.\n✓ Run the tests before you commit, please.\n",
        "✓ Read shop/load.py\n✓ Read shop/tax.py\n",
    ],
)
def test_a_shells_log_a_screen_of_its_own_form_a_list_and_calls_alone_are_no_such_screen(text):
    assert not is_in(text.split("\n"))


@pytest.mark.parametrize(
    "line",
    [
        "● Read the tests first, then the loader.",
        "✓ Run the migration before the loader",
        "READ THE LOADER",
        "● Fixed it",
    ],
)
def test_a_sentence_behind_a_sign_is_no_call(line):
    found = call_in(line)
    assert found is None or found.kind == "run"
    assert found is None or not line.startswith("●")


def test_what_was_typed_and_sent_is_no_part_of_the_foot():
    assert foot_of(["● Done.", "", "> and the tax", "", "(Press Ctrl-P to resume)"]) == 4
    assert foot_of(["● Done.", "", "> and the tax", "", "⠋ Thinking... (esc to cancel)", "", "? for help"]) == 6
    assert foot_of(["● Done.", "", "────", "> and the tax", "────", "? for help"]) == 2


@pytest.mark.parametrize("line", ["✓ Read a/b.py\n", "\n", "  │ x\n", "> x\n\n", "✓ Run x\n  $ make\n\n\n", "────\n"])
def test_a_screen_is_read_line_by_line(line):
    head = "> x\n\n✓ Read a/b.py\n✓ Read a/c.py\n"
    assert_linear(
        lambda size: [*in_turns([(0, it, False) for it in (head + line * (size // len(line))).split("\n")])], 20_000
    )


@pytest.mark.parametrize("lead", ["", "🔮 "])
def test_who_types_behind_a_prompt_is_known_by_how_it_is_answered_where_no_call_is_marked(read, lead):
    """A shell's sign beside it is no prompt of theirs; what a program runs hangs below."""
    text = (
        f"{lead}> load all rows\nof the shop\n\nI'll look at it.\n\n❯ make load\n3 rows\n\n🚀 Running make test\n  1 failed\n\n"
        f"Sorry, one fails.\n\n{lead}> never drop a row\n\nUnderstood, none is dropped.\n\n{lead}> go on\n"
    )
    found = read(text)
    assert [(it.role, " ".join(it.text.split())) for it in found.messages if it.role == "user"] == [
        ("user", "load all rows of the shop"),
        ("user", "never drop a row"),
        ("user", "go on"),
    ]
    assert [it.text for it in found.commands] == ["make load", "make test"]


@pytest.mark.parametrize(
    "text",
    [
        "> the loader drops rows\n> of the shop\n\nI'll look.\n\n> and the tax\n> too\n\nI'll do that.\n",
        "> a note\n\nThe loader reads rows.\n\n> another note\n\nThe tax is a figure.\n",
        "> shop@1.0.0 test\n\nDone. 3 passed\n",
    ],
)
def test_quotations_and_what_a_program_prints_are_nobodys_prompt(text):
    assert not is_in(text.split("\n"))


OF_A_REPL = """\
➜  shop git:(main) plandex
🚢 Starting the shell...

┌──────────────────────────┐
│ 🔮 v2.2.1  Plan: draft   │
└──────────────────────────┘

🔮 ❯ \\load shop
✅ Loaded 3 files into context

🔮 ❯ the loader drops the last row of each file

🧠 Sent prompt

  I'd read one row more.

  🏗  Building plan |
  shop/load.py  +34 🪙 612 ✅
  shop/tax.py ✅ | shop/test_tax.py ✅

  ✅ Done. 3 files have pending changes.

🔮 ❯ \\apply
✅ Applied changes, 3 files updated
Execute 1 command?
  make build && make test
(y)es | (n)o → y

🚀 Executing...
one row is missing

Details: the last one
❌ Command failed with exit code 1

🔮 ❯ now the tax please, but leave the tests alone
🚀 Executing...
  make tax
all well
✅ Command succeeded
[main 0fd21c8] Tax
🔮 ❯ !make lint
no errors
🔮 ❯ stop here for today, the tests come tomorrow

🔮 ❯ \\quit
👋 Bye
➜  shop git:(main) ✗ git status -s
 M shop/load.py
"""


def test_a_prompt_with_a_picture_is_no_shells_and_the_program_itself_is_told_commands(read):
    """What it answers to those, and says that it is at, is nobody's words; what stands behind ``!`` is run."""
    found = read(OF_A_REPL)
    assert [(it.role, it.text.strip()) for it in found.messages] == [
        ("user", "the loader drops the last row of each file"),
        ("assistant", "I'd read one row more."),
        ("assistant", "Done. 3 files have pending changes."),
        ("user", "now the tax please, but leave the tests alone"),
        ("user", "stop here for today, the tests come tomorrow"),
    ]


def test_a_run_that_goes_on_with_its_command_below_or_in_the_question_for_leave(read):
    """The line that says how it ended ends its output, else an empty one."""
    found = read(OF_A_REPL)
    assert [(it.text, it.outcome) for it in found.commands if not it.text.startswith("git")] == [
        ("make build && make test", "failed"),
        ("make tax", "ended"),
        ("make lint", "ended"),
    ]
    assert [it.subject for it in found.commits] == ["Tax"]


def test_paths_with_ticks_behind_them_are_files_that_were_written(read):
    assert [it.path for it in read(OF_A_REPL).edits] == ["shop/load.py", "shop/tax.py", "shop/test_tax.py"]
    assert edited_in("All files are done ✅") == []
    assert edited_in("  src/a.py ✅ | and more ✅") == []


def test_a_shell_whose_prompt_has_a_picture_is_no_agents_screen():
    assert not is_in(["🐧 ❯ git status", "clean", "", "🐧 ❯ make test", "1 failed"])


OF_A_NAME = """\
lena@dev:~/shop$ kodo
Kodo 2.4.0   Type :help for help

kodo> the loader drops the last row, and the scheme of the rows must stay
I'll look at the loader.

[run] make test
one row is missing
[exit 1]

[edit] shop/load.py
-rows[:-1]
+rows
[ok]

kodo> now the tax please, and ask Lena before you change it
Understood.

🔧 read_file shop/tax.py
🔧 shell: make tax
   all well
kodo> :quit
lena@dev:~/shop$ ls
"""


def test_a_program_that_has_its_name_before_the_sign_answers_right_below(read):
    """Calls stand with their verb in brackets, or behind a picture of a tool, what came of them below."""
    found = read(OF_A_NAME)
    assert [(it.role, it.text.strip()) for it in found.messages] == [
        ("user", "the loader drops the last row, and the scheme of the rows must stay"),
        ("assistant", "I'll look at the loader."),
        ("user", "now the tax please, and ask Lena before you change it"),
        ("assistant", "Understood."),
    ]
    assert [(it.text, it.outcome) for it in found.commands] == [
        ("make test", "failed"),
        ("make tax", "ended"),
        ("ls", None),
    ]
    assert [(it.path, it.old, it.new) for it in found.edits] == [("shop/load.py", "rows[:-1]", "rows")]


@pytest.mark.parametrize(
    "text",
    [
        (
            "kim> the loader drops the last row of it\n\nbob> I look at it now\n\nkim> and now the tax of the shop please\n\n"
            "bob> I will look at the tax too\n"
        ),
        (
            "KL> the loader drops the last row of it\nKL> and the tax of the shop is wrong too\n\nI know.\n\n"
            "KL> please mend the loader of the shop soon\n"
        ),
        "shop=> select name of all the rows from shop where tax is null;\n\nshop=> select all the rows from the shop again;\n",
        "🐧 ❯ git commit -am the loader reads all the rows\n\n🐧 ❯ make all the rows of the shop -B\n",
    ],
)
def test_people_who_chat_or_are_quoted_queries_and_commands_are_typed_behind_no_such_prompt(text):
    assert marked(text.split("\n")) == text.split("\n")


def test_what_leaves_the_agent_is_no_request(said):
    text = "> load it\n\n✓ Read shop/load.py\n✓ Read shop/tax.py\n\n● All of the rows are loaded.\n\n> /exit\n"
    assert said(text)[-1] == ("assistant", "All of the rows are loaded.")


def test_no_long_line_before_a_sign_takes_long():
    assert_linear(lambda count: marked([f"{'a b' * count}> c", f"{'. ' * count}❯ all the rows of the shop"]), 20_000)


def test_a_prompt_on_which_nothing_is_typed_is_nobodys_word(said):
    text = (
        "🦊 › add a dark mode to the settings page\n\n⏵ Running make types\n  2 errors\n\nIt follows the system.\n\n"
        "🦊 › the switch must be reachable by keyboard\n\nIt is now.\n\n🦊 ›\n"
    )
    assert said(text)[-1] == ("assistant", "It is now.")


def test_a_row_of_blanks_in_a_box_takes_linear_time():
    """It has no bar at its end."""
    screen = ["> ask", "", "✓ Read a.py", "✓ Read b.py", "╭────────────╮"]
    assert_linear(lambda size: is_in([*screen, f"│{' ' * size}x"]), 20_000)
