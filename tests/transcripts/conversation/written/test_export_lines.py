"""What exports write of themselves: tools without their input, diffs without a file, questions of the program."""

from __future__ import annotations

import pytest

from tests.growth import assert_linear

STEPS = """_**User**_

Paint it.

---

_**Assistant**_

I look around.

_****_

<details>
            <summary>Listed current directory • **2** results</summary>

| Name |
|-------|
| 📄 `paint.py` |
| 📁 `docs` |

</details>

_****_

Read file: undefined

_****_

I add the colour to `paint.py`.

_****_

```diff
  import os
+ import colour
```

_****_

Now the rest of it.

_****_

```diff
+ colour.blue()
```

_****_

Painted.
"""


def test_steps_under_heads_of_their_own(read):
    """A folder that was listed is looked up, a diff is an edit, of the file that the words above it name."""
    found = read(STEPS)
    assert [(it.kind, it.answer) for it in found.lookups if it.asked.startswith("list_dir")] == [
        ("tool", "paint.py\ndocs")
    ]
    assert [(it.path, it.new) for it in found.edits] == [("paint.py", " import colour")]
    assert [it.name for it in found.tool_calls].count("Edit") == 2
    assert found.messages[1].text == "I look around."
    assert found.messages[-1].text == "Painted."
    assert not any("undefined" in it.text or "Name" in it.text for it in found.messages)
    assert "colour.blue()" in found.messages[-2].text  # nobody knows of which file


def test_a_diff_within_an_answer_is_no_edit(read):
    """It may be proposed."""
    found = read("_**User**_\n\nHow?\n\n_**Assistant**_\n\nLike so:\n\n```diff\n+ blue()\n```\n")
    assert not found.tool_calls


def test_tools_that_are_only_named(read):
    """They deal with files or run commands that nobody knows; what only looks tells nothing."""
    text = "_**User**_\n\nGo.\n\n_**Agent**_\n\n_Tools used: Grep, Edit_\n\n_**Agent**_\n\n_Tool used: `Bash`_\n"
    found = read(text)
    assert [(it.name, it.outcome) for it in found.tool_calls] == [("Edit", "ok"), ("Bash", "ok")]
    assert not found.edits
    assert [it.text for it in found.messages] == ["Go."]


@pytest.mark.parametrize("line", ["_Tools used: Wood, Edit_", "Tools used: Edit", "_Tools used: Edit_ and glue"])
def test_other_lines_name_no_tools(read, line):
    """What is no tool is somebody's word, and so is a line that is not set apart."""
    found = read(f"_**User**_\n\nGo.\n\n_**Agent**_\n\n{line}\n")
    assert not found.tool_calls
    assert found.messages[-1].text == line


def test_what_the_program_asks_and_adds_is_not_said(said):
    """A selection in the editor and a request for permission stand in the user's turn; a title stands before it."""
    text = (
        "# Paint it\nthen:\n\nRead (2026-01-02 03:04Z)\n\n**Project:** shed\n\n---\n\n"
        "_**User: ann (2026-01-02 03:04Z)**_\n\n_[Code selection from IDE]_\n\nPaint it.\n\n"
        "#### Permission Request - 2026-01-02 03:05Z\n\n**Tool:** `Edit`\n\n---\n\n_**Agent**_\n\nDone.\n"
    )
    assert said(text) == [("user", "Paint it."), ("assistant", "Done.")]


def test_a_time_is_no_file(read):
    """A heading of a session ends with when it began."""
    assert not read("Read (2026-01-02 03:04Z)\n\nuser: hi\nassistant: hello\n").files


def test_a_long_list_of_tools_takes_no_longer_than_it_is(events):
    """A list that does not end as one is looked at once, not in each way in which its words can be parted."""
    assert_linear(lambda size: events(f"_**User**_\n\nGo.\n\n_**Agent**_\n\n_Tools used: {'a' * size}!\n"), 200)


TOLD = """_**User: Ann (2026-01-02 03:04Z)**_

_Opened file: `c:\\shop\\PLAN.md`_

where is the total set

_**Agent (model x)**_

Bash: Find where the total is set

---

_**Agent (model x)**_

Bash: npm test

---

_**Agent (model x)**_

In [cart.test.ts:6](src/unit/cart.test.ts#L6-L9).
"""


def test_what_a_command_is_for_is_no_command_and_what_stands_open_no_word(read):
    found = read(TOLD)
    assert [it.text for it in found.commands] == ["npm test"]
    assert [it.text for it in found.messages if it.role == "user"] == ["where is the total set"]


def test_a_file_is_named_to_its_last_ending(read):
    named = [it.path for it in read(TOLD).files if it.action == "mentioned"]
    assert "src/unit/cart.test.ts" in named
    assert "src/unit/cart.test" not in named


def test_a_title_of_a_thought_and_where_the_talk_is_from_are_nobodys_words(said):
    """They are all of a turn; a bold line that words stand below leads up to these."""
    text = (
        "_**Agent (2026-01-02 03:04Z)**_\n\nResumed from a Codex CLI session via SpecStory.\n\n---\n\n"
        "_**User**_\n\nPaint it.\n\n---\n\n_**Agent**_\n\n**Planning the coat of paint**\n\n"
        "_**Agent**_\n\n**Painting the shed**\n\nIt is blue.\n\n_**Agent**_\n\n**Checking the far wall**\n"
    )
    assert said(text) == [("user", "Paint it."), ("assistant", "**Painting the shed**\n\nIt is blue.")]
    other = "_**User**_\n\nPaint it.\n\n_**Agent**_\n\n**Done.**\n\n_**Agent**_\n\n**The wall is blue**\n"
    assert said(other)[1:] == [("assistant", "**Done.**"), ("assistant", "**The wall is blue**")]


def test_a_bold_line_that_the_user_answers_was_said_and_so_was_one_with_words_below_a_rule(said):
    """And what was converted need not be a talk."""
    text = (
        "## Assistant\n\nConverted from the session lamp to a fixed one\n\n## User\n\nNow the wall.\n\n"
        "## Assistant\n\n**Painting the far wall**\n\n---\n\nIt is blue.\n\n## User\n\nAnd?\n\n"
        "## Assistant\n\n**Painting the shed**\n\n## User\n\nThanks.\n"
    )
    assert [text for role, text in said(text) if role == "assistant"] == [
        "Converted from the session lamp to a fixed one",
        "**Painting the far wall**\n\n---\n\nIt is blue.",
        "**Painting the shed**",
    ]
