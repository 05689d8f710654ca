"""Copies of the screens of Codex, Gemini CLI and opencode."""

from __future__ import annotations

import pytest

from handoff_cli.core.answers import is_cut_off
from handoff_cli.core.transcript import REFUSED
from handoff_cli.documents.extract import extract
from tests.growth import assert_linear

CODEX = """\
╭──────────────────────────────────────╮
│ >_ OpenAI Codex (v0.50.0)            │
│ model:     gpt-5-codex               │
╰──────────────────────────────────────╯

› restore the cache test and find out why it fails on the
  second run

• I'll read the test first, then run it twice in one
  process.

• Explored
  └ Read cache.py, test_cache.py
    Search lru in src

• Ran python -m pytest tests/test_cache.py -q \\
  │ -p no:randomly
  └ F.
    … +4 lines (ctrl + t to view transcript)
    1 failed, 1 passed in 0.31s

• Edited src/cache.py (+1 -1)
    12      def clear(self):
    13 -        self.items = {}
    13 +        self.items.clear()
    ⋮
    31      return self

• Updated Plan
  └ ✔ Read the test
    □ Clear the shared map in place and keep a
      reference

• The map was replaced, so the second run saw the old one.

─ Worked for 2m 10s ─────────────────────
"""

GEMINI = """\
╭────────────────────────────────╮
│  > add a lint step to the build │
╰────────────────────────────────╯

✦ I'll run the linter once over all files before I
  add it to the build.
╭──────────────────────────────────────────────────╮
│ ✔  Shell npm run lint (Run the linter once)       │
│                                                  │
│    ok, 0 errors                                  │
╰──────────────────────────────────────────────────╯
╭──────────────────────────────────────────────────╮
│ x  Shell npm run build (Build)                    │
│                                                  │
│    error TS2304: Cannot find name 'Foo'.          │
╰──────────────────────────────────────────────────╯
╭──────────────────────────────────────────────────╮
│ ✔  WriteFile Writing to scripts/lint.sh           │
│                                                  │
│    1 #!/bin/sh                                   │
╰──────────────────────────────────────────────────╯
✦ Added.
"""

OPENCODE = """\
┃  fix the flaky date test
┃

   I'll run it a few times.

   $ bun test date
   1 fail

   → Read src/date.ts
   ← Edit src/date.ts

   ▣  Build · claude-sonnet · 12s
"""

EXEC = """\
OpenAI Codex v0.50.0 (research preview)
--------
workdir: /home/x/proj
model: gpt-5-codex
--------
user
make the date parser accept offsets

thinking
**Looking at the parser**
codex
I'll look at the tests first.
exec
bash -lc 'python -m pytest -q' in /home/x/proj exited 1 in 340ms:
FAILED tests/test_date.py::test_offset - ValueError
1 failed in 0.2s

codex
The pattern lacks the offset.
tokens used
1,234
"""


def test_codex_exec(read):
    """What it logs where no screen is: names on lines of their own, commands with how they ended."""
    found = read(EXEC)
    assert [(it.role, it.text.split("\n")[0]) for it in found.messages] == [
        ("user", "make the date parser accept offsets"),
        ("assistant", "I'll look at the tests first."),
        ("assistant", "The pattern lacks the offset."),
    ]
    assert [it.text for it in found.reasonings] == ["**Looking at the parser**"]
    assert [(it.text, it.exit_code) for it in found.commands] == [("python -m pytest -q", 1)]


def test_codex(read):
    """Commands with continued lines and output, reads, edits with lines, the plan."""
    found = read(CODEX)
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "restore the cache test and find out why it fails on the second run"),
        ("assistant", "I'll read the test first, then run it twice in one process."),
        ("assistant", "The map was replaced, so the second run saw the old one."),
    ]
    assert [(it.outcome, it.text.split()[:3]) for it in found.commands] == [("failed", ["python", "-m", "pytest"])]
    assert "-p no:randomly" in found.commands[0].text
    assert {(it.path, it.action) for it in found.files} == {
        ("cache.py", "read"),
        ("test_cache.py", "read"),
        ("src/cache.py", "modified"),
    }
    assert [(it.text, it.status) for it in found.todos] == [
        ("Read the test", "completed"),
        ("Clear the shared map in place and keep a reference", "pending"),
    ]


def test_gemini(read):
    """Boxes around the request and the tools; the sign tells what failed."""
    found = read(GEMINI)
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "add a lint step to the build"),
        ("assistant", "I'll run the linter once over all files before I add it to the build."),
        ("assistant", "Added."),
    ]
    assert [(it.text, it.outcome) for it in found.commands] == [("npm run lint", "ok"), ("npm run build", "failed")]
    assert [(it.path, it.action) for it in found.files] == [("scripts/lint.sh", "modified")]


ACCEPTED = """\
✦ I'll write both files, then run it.

  ✓  WriteFile  config.json → Accepted (+3, -0)

      1 {
      2   "url": "https://example.org"
      3 }

  ✓  Edit  index.js → Accepted (+1, -2)

      48   async function main() {
      51 -     console.log('
      52 - done');
      51 +     console.log('done');
      58     // on a narrow screen a line goes
          on below

  ✓  Edit  other.js → Rejected

✦ Now I'll run it again.
"""


def test_gemini_without_boxes_shows_what_was_changed_below_and_what_became_of_it_behind_the_name(read):
    found = read(ACCEPTED)
    assert [it.text for it in found.messages] == ["I'll write both files, then run it.", "Now I'll run it again."]
    assert [(it.path, it.action) for it in found.files] == [("config.json", "modified"), ("index.js", "modified")]
    assert [(it.path, it.old, it.new) for it in found.edits[1:]] == [
        ("index.js", "    console.log('\ndone');", "    console.log('done');")
    ]
    assert [it.path for it in found.declined] == ["other.js"]


@pytest.mark.parametrize("tag", ["", "text", "console"])
def test_a_screen_that_stands_in_a_fence_below_a_title_is_read_as_one(read, tag):
    title = "# Run 1\n\n- **Tool:** Gemini CLI\n\n---\n\n## All of it\n\n"
    found = read(f"{title}```{tag}\n{ACCEPTED}```\n")
    assert [it.path for it in found.edits] == ["config.json", "index.js"]
    assert [it.text for it in found.messages][1:] == ["I'll write both files, then run it.", "Now I'll run it again."]
    quoted = read(f"User: see what it printed:\n\n```{tag}\n{ACCEPTED}```\n\nAssistant: it wrote two files.\n")
    assert not quoted.edits


def test_opencode(read):
    """What the user typed stands behind a bar."""
    found = read(OPENCODE)
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "fix the flaky date test"),
        ("assistant", "I'll run it a few times."),
    ]
    assert [(it.text, it.outcome) for it in found.commands] == [("bun test date", "failed")]
    assert {(it.path, it.action) for it in found.files} == {("src/date.ts", "read"), ("src/date.ts", "modified")}


def test_opencode_shows_what_changed_and_what_was_printed_apart(events, read):
    """Below an empty line: the numbered lines of an edit, the output of a command."""
    text = """\
  ┃  mend the toggle
  ┃

  ← Edit src/theme.ts

     4 - body.className = saved
     4 + root.dataset.theme = saved

  $ npm run lint

  src/theme.ts
    9:3  error  'saved' is never used
  ✖ 1 problem (1 error, 0 warnings)

  ▣  Build · claude-sonnet-4-5 · 12.3s
"""
    edit = next(it.input for it in events(text) if getattr(it, "name", "") == "Edit")
    assert (edit["old_string"], edit["new_string"]) == ("body.className = saved", "root.dataset.theme = saved")
    found = read(text)
    assert [(it.text, it.outcome) for it in found.commands] == [("npm run lint", "failed")]
    assert [it.text for it in found.messages] == ["mend the toggle"]


BOXES = """\
  ┃
  ┃  speed up the parser
  ┃

     + Thought: 6.2s

  ┃
  ┃  # Todos
  ┃
  ┃  [✓] Find the slow loop
  ┃  [•] Mend it
  ┃

  ┃
  ┃  ← Edit src/parse.ts
  ┃
  ┃    7    const rows = []
  ┃    8 -  rows.concat(row)
  ┃    8 +  rows.push(row)
  ┃

  ┃
  ┃  # Run the tests
  ┃
  ┃  $ bun test parse
  ┃
  ┃  2 pass
  ┃
  ┃  1 fail
  ┃

     One is red.

     ▣  Build · some-model · 2m 4s

  ┃
  ┃  why is it red?
  ┃
  ┃  Build · Some-Model Some Maker
  ╹▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀
"""


def test_a_file_that_gemini_edits_is_the_one_of_that_name_that_it_read(read):
    text = " > mend it\n\n  ✓  ReadFile  src/cart/total.ts\n  ✓  Edit  total.ts → Accepted (+1, -1)\n\n     4 - a\n     4 + b\n\n✦ Done.\n"
    assert {(it.path, it.action) for it in read(text).files} == {
        ("src/cart/total.ts", "read"),
        ("src/cart/total.ts", "modified"),
    }


def test_a_box_of_opencodes_is_a_tools_and_the_one_to_type_in_nobodys(read):
    """What is typed at the foot of the screen was not sent."""
    found = read(BOXES)
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "speed up the parser"),
        ("assistant", "One is red."),
    ]
    assert [(it.text, it.outcome) for it in found.commands] == [("bun test parse", "failed")]
    assert [(it.path, it.action) for it in found.files] == [("src/parse.ts", "modified")]
    assert [(it.text, it.status) for it in found.todos] == [
        ("Find the slow loop", "completed"),
        ("Mend it", "in_progress"),
    ]


def test_what_the_user_of_opencode_heads_is_the_users(said):
    text = "  ┃\n  ┃  # Wanted\n  ┃  a dark theme\n  ┃\n\n     Fine.\n\n     ▣  Build · some-model · 4s\n"
    assert said(text)[0] == ("user", "# Wanted\na dark theme")


STOPPED = """\
› sync the folder too


• Updated Plan
  └ ✔ Find where it is lost
    □ Sync the folder

✔ You approved codex to run make check this time

• Ran make check
  └ make: *** [check] Error 1

■ Conversation interrupted - tell the model what to do differently. Something went wrong? Hit `/feedback` to
  report the issue.

› leave the folder alone
"""


def test_signs_of_events_are_no_todos_and_nobodys_words(read):
    """In Codex a list stands only below its head; the same signs begin what the program says of itself."""
    found = read(STOPPED)
    assert [(it.text, it.status) for it in found.todos] == [
        ("Find where it is lost", "completed"),
        ("Sync the folder", "pending"),
    ]
    assert [it.role for it in found.messages] == ["user", "user"]


def test_what_ran_as_the_user_stopped_codex_was_stopped_by_the_user(read):
    found = read(
        "› ship it\n\n• Ran make check\n  └ ok\n\n• Running make deploy\n\n■ Conversation interrupted - tell it more\n"
    )
    check, deploy = found.commands
    assert (check.outcome == "failed", deploy.outcome) == (False, "failed")
    assert is_cut_off(deploy.error)
    assert "make deploy: failed: the user interrupted it" in extract(found).runs.happened[-1]
    assert not extract(found).runs.stumbled


def test_a_cancelled_request_of_gemini_is_no_answer(read):
    box = "╭────────────────╮\n│  > write it    │\n╰────────────────╯\n"
    done = " ╭──────────────────────╮\n │ ✓  WriteFile Writing to a.yaml │\n │  1  - op: add │\n ╰──────────────────────╯\n"
    found = read(f"{box}\n✦ I will write it.\n\n{done}\nℹ Request cancelled.\n")
    assert [it.text for it in found.messages] == ["write it", "I will write it."]


def test_a_line_that_turns_on_the_screen_tells_that_the_agent_was_at_work(read):
    gemini = f"{GEMINI}\n✦ The page is missing. The layout is that of the list.\n\n"
    codex = f"{CODEX.partition('• Updated Plan')[0]}• The page is missing. The layout is that of the list.\n\n"
    for words, turns, speaks in (
        (gemini, "⠏ Je réfléchis… (esc to cancel, 12s)\n", "✦"),
        (codex, "• Working (52s • esc to interrupt)\n", "•"),
    ):
        assert extract(read(words)).state == "answered"
        works = read(f"{words}{turns}")
        assert works.messages[-1].text == "The page is missing. The layout is that of the list."
        assert extract(works).state == "progress"
        assert extract(read(f"{words}{turns}\n{speaks} The page is there now.\n")).state == "answered"


def test_a_line_that_turns_and_goes_on_in_blanks_costs_no_more_than_its_length(read):
    begins = CODEX.partition("• Updated Plan")[0]
    assert_linear(lambda size: read(f"{begins}• Working (5s • esc to interrupt){' ' * size}x\n"), 15_000)


def test_a_call_of_gemini_with_the_sign_of_those_cancelled_was_refused(read):
    call = "╭──────────────────────╮\n│ -  Shell make load (Load it) │\n│                      │\n╰──────────────────────╯\n"
    run = read(f"{GEMINI}\n{call}\nℹ Request cancelled.\n").commands[-1]
    assert (run.text, run.outcome) == ("make load", "failed")
    assert run.error.startswith(REFUSED)


@pytest.mark.parametrize(
    ("chosen", "below", "refused"),
    [("1. Allow once", "ℹ Request cancelled.\n", True), ("4. No (esc)", "", True), ("1. Allow once", "", False)],
)
def test_a_box_of_gemini_that_asked_for_leave_and_got_none_was_refused(read, chosen, below, refused):
    box = f"╭─────────────────╮\n│ ?  Shell make load │\n│                    │\n│ Allow it?          │\n│ ● {chosen}    │\n╰─────────────────╯\n"
    run = read(f"{GEMINI}\n{box}{below}").commands[-1]
    assert (run.text, (run.error or "").startswith(REFUSED)) == ("make load", refused)


def test_what_gemini_thinks_below_what_was_typed_is_not_the_users(said):
    """It is set in less than the lines typed; a paragraph of those is as deep as they are."""
    typed = " > mend the total\n   in the cart\n\n   no new packages\n\n"
    text = f"{typed}  Tracing the total:\n  I will look.\n\n  ✓  ReadFile  total.ts\n✦ It rounds twice.\n"
    assert said(text)[:2] == [
        ("user", "mend the total\nin the cart\n\nno new packages"),
        ("assistant", "Tracing the total:\nI will look."),
    ]


def test_what_stands_around_the_words_on_geminis_screen_is_nobodys(said):
    logo = " ▝▜▄     Gemini CLI v0.46.0\n   ▝▜▄\n  ▗▟▀    Signed in with Google /auth\n ▝▀      Plan: Free\n\n"
    foot = (
        f"\n Shift+Tab to accept edits     1 MCP server\n{'▀' * 40}\n *   Type your message or @path/to/file\n{'▄' * 40}\n"
        " ~/cart (main*)          no sandbox          gemini-3-pro          61% context left\n"
    )
    told = " > mend the total\n\n✦ It rounds twice.\n"
    assert said(logo + told + foot) == said(told)


def test_a_new_file_of_codex_is_named_without_what_was_counted(read):
    found = read("› add it\n\n• I'll add it.\n\n• Added src/late.py (+12)\n    1 +import re\n\n• Done.\n")
    assert [it.path for it in found.files] == ["src/late.py"]


def test_a_command_that_the_user_of_codex_did_not_let_run_was_refused(read):
    asked = "✗ You canceled the request to run git stash\n  --include-untracked\n\n■ Conversation interrupted\n\n› no stash\n"
    found = read(f"{CODEX}\n{asked}")
    last = found.commands[-1]
    assert (last.text, last.outcome) == ("git stash --include-untracked", "failed")
    assert last.error.startswith(REFUSED)


def test_the_head_of_opencodes_screen_is_no_request(said):
    head = "  ┃  # fix the login\n  ┃  47,201  12% ($0.21)                 /share to create a shareable link\n\n"
    told = "┃  The login fails.\n\n   I'll look.\n\n   ← Edit login.ts\n\n   ▣ Build · some-model · 1m 2s\n\n┃  run it again\n"
    assert [it for it in said(head + told) if it[0] == "user"] == [
        ("user", "The login fails."),
        ("user", "run it again"),
    ]


def test_the_line_to_type_on_is_no_request(said):
    """Whatever it suggests, and where an older screen has a bar before it."""
    for typed in ("› Write tests for the parser", "▌ Ask Codex to do anything"):
        text = f"{CODEX}\n{typed}\n\n  gpt-5-codex medium · 41% context left · ~/src/demo\n"
        assert said(text) == said(CODEX)


def test_each_tool_in_one_box_is_a_step(read):
    rows = [
        "\u256d" + "\u2500" * 58 + "\u256e",
        "\u2502 \u2713  ReadFile src/rows.py" + " " * 34 + "\u2502",
        "\u2502" + " " * 58 + "\u2502",
        "\u2502 \u2713  ReadFile src/columns.py" + " " * 31 + "\u2502",
        "\u2502" + " " * 58 + "\u2502",
        "\u2570" + "\u2500" * 58 + "\u256f",
    ]
    text = "\n".join([" > read both", "", *rows, "\u2726 Read.", ""])
    assert [it.path for it in read(text).files] == ["src/rows.py", "src/columns.py"]


def test_what_the_program_of_codex_says_below_a_request_is_not_the_users(said):
    """A warning, a command of its own with its box, and an agent's line that lost its beginning are none of it."""
    box = "╭──────────╮\n│ Visit it │\n│ Model: a │\n╰──────────╯"
    text = f"{CODEX}\n› which file is it?\n\n\nBELOW\n\n• It is cache.py.\n"
    for below in ("⚠ Heads up, little is left.", f"/status\n\n{box}", "     It was cache.py, for the lock."):
        assert [it for role, it in said(text.replace("BELOW", below)) if role == "user"][-1] == "which file is it?"
    pasted = f"{CODEX}\n› which file is it?\n\n      def clear(self):\n\n\n• It is cache.py.\n"
    assert "def clear" in [it for role, it in said(pasted) if role == "user"][-1]


ASKED = """\
› look around

• I'll look.

• Running git checkout -b cart

◦ Running npm test

• Searching the web

• Searched how to round money in SQL

✔ You approved codex to run git checkout -b cart this time

• Ran git checkout -b cart
  └ Switched to a new branch 'cart'

• Permissions updated to Full Access

• Updated Plan
  └ The tests are slow, so I look at the code first, which tells as much of what is
    to be done.
    ✔ Make a branch
    □ Read the cart
  I'm on the branch now. The cart comes next.
"""


def test_what_codex_runs_is_one_step_before_and_after_leave_was_given(read):
    found = read(ASKED)
    assert [(it.text, it.output) for it in found.commands] == [
        ("git checkout -b cart", "Switched to a new branch 'cart'"),
        ("npm test", None),
    ]


def test_why_a_plan_changed_is_no_to_do_and_what_follows_it_no_part_of_one(read):
    """Nor are the words of the agent's what its program says of a search or of a setting."""
    found = read(ASKED)
    assert [(it.text, it.status) for it in found.todos] == [
        ("Make a branch", "completed"),
        ("Read the cart", "pending"),
    ]
    said = [it.text for it in found.messages if it.role == "assistant"]
    assert said == ["I'll look.", "I'm on the branch now. The cart comes next."]


def test_output_that_lost_its_indent_is_no_word_of_the_agents(read):
    """As a program leaves it that formats Markdown."""
    text = "› look\n\n• Ran rg -n cart\n│ src docs\n└ src/cart.ts:3:let cart\n… +9 lines (ctrl + t to view transcript)\nsrc/row.ts:1:cart\n\n• Found.\n"
    found = read(text)
    (command,) = found.commands
    assert (command.text.split(), command.output) == (
        ["rg", "-n", "cart", "src", "docs"],
        "src/cart.ts:3:let cart\nsrc/row.ts:1:cart",
    )
    assert [it.text for it in found.messages] == ["look", "Found."]


def test_a_box_that_was_drawn_anew_while_it_grew_is_one_step(events):
    top, row = "\u256d" + "\u2500" * 40 + "\u256e\n", "\u2502 \u2713  WriteFile Writing to a.md" + " " * 12 + "\u2502\n"
    rest = "\u2502" + " " * 40 + "\u2502\n\u2502  1 # Rows" + " " * 30 + "\u2502\n\u2570" + "\u2500" * 40 + "\u256f\n"
    text = f" > write it\n\n\u2726 I write it.\n\n{(top + row) * 3}{rest}\u2726 Done.\n"
    assert [it.name for it in events(text) if hasattr(it, "input")] == ["Write"]


def test_that_codex_is_working_is_no_answer(read):
    asked = f"{CODEX}\n› skip that test\n\n• Working (1m 03s • esc to interrupt)\n\n› Summarize recent commits\n"
    last = read(asked).messages[-1]
    assert (last.role, last.text) == ("user", "skip that test")


def test_the_sign_for_lines_that_a_change_leaves_out_is_none_of_its_lines(read):
    """Codex sets it in between the hunks of a file."""
    (edit,) = read(CODEX).edits
    assert edit.new.strip() == "self.items.clear()"


def test_a_command_that_waits_for_the_users_leave_was_not_run(read):
    rows = "".join(f"│ {it.ljust(22)} │\n" for it in ("?  Shell make load \u2190", "", "Allow it?", "● 1. Allow once"))
    found = read(f" > load it\n\n✦ I'll do it.\n╭{'─' * 24}╮\n{rows}╰{'─' * 24}╯\n")
    assert [(it.text, it.outcome, it.output) for it in found.commands] == [("make load", None, None)]


def test_the_line_that_turns_is_no_call_where_screens_of_two_programs_stand_in_one_text(read):
    one = "> load all rows\n\n⏺ Bash(make load)\n  ⎿  3 rows\n\n⏺ Done.\n\n"
    other = "› now the tax\n\n• Ran make tax\n  └ 7 %\n\n• Working (8s • esc to interrupt)\n"
    assert [it.text for it in read(one + other).commands] == ["make load", "make tax"]


def test_a_box_lists_what_is_to_be_done_and_what_is_being_done(read):
    text = (
        "> load all rows\n\n╭──────────────────╮\n│ ✓  TodoWrite     │\n│                  │\n│    ● the loader  │\n"
        "│    ○ the tax     │\n╰──────────────────╯\n✦ I begin.\n"
    )
    assert [(it.text, it.status) for it in read(text).todos] == [("the loader", "in_progress"), ("the tax", "pending")]


def test_the_foot_of_a_screen_is_nobodys(said):
    """A line of state that a narrow screen broke, keys beside a bar that turns, a line to type on."""
    screen = "> load all rows\n\n⏺ Bash(make load)\n  ⎿  3 rows\n\n⏺ Loaded.\n\n"
    feet = (
        f"{'─' * 60}\n> \n{'─' * 60}\n  ⏵⏵ accept edits on              Context left until\n{' ' * 34}auto-compact: 11%\n",
        "❯ Ask me anything...\n\n⏸ auto-edit: off (shift + tab)\n",
        "  ⬝⬝⬝■■■  esc interrupt               tab agents  ctrl+p commands\n",
    )
    for foot in feet:
        assert said(screen + foot) == [("user", "load all rows"), ("assistant", "Loaded.")]


def test_what_an_agent_thinks_behind_a_bar_is_not_the_users(said):
    text = (
        "┃  load all rows\n\n┃  Thinking: I should read the loader.\n\n  I'll look at it.\n\n"
        "  → Read shop/load.py\n\n  ▣  Build · model-7 · 4.2s\n"
    )
    assert said(text) == [("user", "load all rows"), ("assistant", "I'll look at it.")]


def test_what_codex_says_as_it_ends_is_nobodys(said):
    ends = "Token usage: total=84,112 input=71,930 output=12,182\nTo continue this session, run codex resume 0199f0d2\n"
    stopped = "\u25a0 Conversation interrupted - tell the model what to do differently.\n\n"
    ran = "\u203a mend the sum\n\n\u2022 I look.\n\n\u2022 Ran make\n  \u2514 ok\n\n\u203a stop here, the rest tomorrow\n\n"
    for between in ("", stopped):
        assert said(f"{ran}{between}{ends}")[-1] == ("user", "stop here, the rest tomorrow")


@pytest.mark.parametrize("between", ["       ⋮\n", "\n"])
def test_each_of_several_files_that_codex_edited_has_its_own_changes(read, between):
    listed = (
        "• Edited 2 files (+2 -2)\n  └ src/cache.py (+1 -1)\n    12      def clear(self):\n"
        "    13 -        self.items = {}\n    13 +        self.items.clear()\n"
        f"{between}  └ src/limits.py (+1 -1)\n    4 -LIMIT = 10\n    4 +LIMIT = 20\n"
    )
    first, second = read(f"› clear it in place\n\n{listed}\n• Done.\n").edits
    assert (first.path, first.old, first.new) == (
        "src/cache.py",
        "        self.items = {}",
        "        self.items.clear()",
    )
    assert (second.path, second.old, second.new) == ("src/limits.py", "LIMIT = 10", "LIMIT = 20")


def test_what_says_that_the_user_stopped_the_agent_goes_on_where_the_screen_broke_it(said):
    stopped = "■ Conversation interrupted - tell the model what to do differently. Something went wrong? Hit\n`/feedback` to report the issue.\n"
    assert said(f"› run it\n\n• I run it.\n\n{stopped}\n\n› not now\n\n• Fine.\n") == [
        ("user", "run it"),
        ("assistant", "I run it."),
        ("user", "not now"),
        ("assistant", "Fine."),
    ]


def test_of_several_files_that_codex_edited_and_does_not_list_nothing_is_told(read):
    assert read("› mend it\n\n• Edited 2 files (+2 -2)\n\n• Done.\n").edits == ()


LISTED = """\
› We add a kiln page, with these fields • Name — of
  the kiln
  • Heat — in degrees

  • Since — when it was lit
  Write tests too

• I'll look at the pages first.

• Ran make check
  └ ok
"""


def test_a_list_within_what_is_typed_to_codex_is_the_users(said):
    """Its bullets are set in below the prompt, with empty lines above them or without; those of the agent are not."""
    (role, asked), (other, told) = said(f"{CODEX}\n{LISTED}")[-2:]
    assert role == "user"
    assert [it in asked for it in ("Heat", "Since", "Write tests too")] == [True] * 3
    assert (other, told) == ("assistant", "I'll look at the pages first.")
    bare = "› Two things:\n  • light it\n  • sweep it\n\n• I light it.\n"
    assert said(f"{CODEX}\n{bare}")[-2:] == [
        ("user", "Two things:\n• light it\n• sweep it"),
        ("assistant", "I light it."),
    ]


def test_what_codex_waited_for_is_not_said(said):
    waited = "• Waited for background terminal · make kiln\n\n• Interacted with background terminal\n  └ y\n"
    assert said(f"{CODEX}\n› go on\n\n{waited}\n• It is lit.\n")[-2:] == [
        ("user", "go on"),
        ("assistant", "It is lit."),
    ]


def test_a_double_rule_in_a_box_of_gemini_stands_for_the_lines_left_out_between_two_places(read):
    rows = ("✓  Edit kiln.py: heat = 1 => heat = 2", "", "3 - heat = 1", "3 + heat = 2", "═" * 40, "31 - glow()")
    box = "\n".join(f"│ {it:<42} │" for it in rows)
    (edit,) = read(f"{GEMINI}\n╭{'─' * 44}╮\n{box}\n╰{'─' * 44}╯\n✦ It is hot.\n").edits[-1:]
    assert (edit.old, edit.new) == ("heat = 1\nglow()", "heat = 2")


def test_what_codex_was_let_run_ran_outside_of_the_sandbox(read):
    """The end of a long command is left out where it says so; another command that runs first had no leave."""
    tried = "• Ran kiln fire --heat 'two thousand'\n  └ kiln: cannot reach the store\n"
    leave = "✔ You approved codex to run kiln fire --heat 'two th... this time\n"
    found = read(
        f"{CODEX}\n› fire it\n\n{tried}\n{leave}\n• Ran pwd\n  └ /srv\n\n{tried}\n• Ran kiln fire\n  └ ok\n\n• Lit.\n"
    )
    assert [it.outside is not None for it in found.commands[-4:]] == [False, False, True, False]


@pytest.mark.parametrize("hidden", ["... first 82 lines hidden ...", ""])
def test_what_gemini_wrote_is_all_of_a_file_only_where_its_box_hides_nothing(read, hidden):
    rows = ("✓  WriteFile Writing to kiln.py", "", *filter(None, [hidden]), "83 + heat = 2", "84 + glow()")
    box = "\n".join(f"│ {it:<42} │" for it in rows)
    found = read(f"{GEMINI}\n╭{'─' * 44}╮\n{box}\n╰{'─' * 44}╯\n✦ It is hot.\n")
    assert found.edits[-1].new == "heat = 2\nglow()"
    assert ("kiln.py" in [it.path for it in found.texts]) is not bool(hidden)


def test_a_long_request_to_codex_costs_no_more_than_its_length(read):
    assert_linear(lambda size: read(f"{CODEX}\n› go on\n" + "\n    • heat\n" * size), 3_000)


def test_a_path_of_which_geminis_box_left_out_folders_is_the_one_that_was_named(read):
    box = "╭──────────────────────────────────╮\n│ ✓  ReadFile src\\...\\{}     │\n│                                  │\n╰──────────────────────────────────╯\n"
    text = (
        "> how warm is it?\n\n✦ I will read src/kiln/plates/warmth.py and src/kiln/fans/fan.py to see it.\n\n"
        f"{box.format('warmth.py')}{box.format('lid.py')}✦ It is warm. I will look at web/kiln/oven/fan.py and src/kiln/oven/lid.py too.\n\n"
        f"{box.format('fan.py')}{box.format('lid.py')}✦ It is warm.\n"
    )
    assert [it.summary for it in read(text).tool_calls if it.name == "Read"] == [
        *("src/kiln/plates/warmth.py", "src\\...\\lid.py", "src/kiln/fans/fan.py", "src/kiln/oven/lid.py"),
    ]
