"""What agents write of a session as Markdown, with all that tools were given and answered."""

from __future__ import annotations

import json

import pytest

from tests.growth import assert_linear

FAILED = "F.\nFAILED tests/test_lamp.py::test_dim - assert 9 == 5\n1 failed, 1 passed in 0.02s"
EDIT = {"old_string": "level = 9\n", "new_string": "level = 5\n"}


def fenced(value, language="json"):
    return f"```{language}\n{value if isinstance(value, str) else json.dumps(value, indent=2)}\n```"


def gemini(role, *parts):
    head = "## USER \U0001f9d1\u200d\U0001f4bb" if role == "user" else "## MODEL \u2728"
    return f"{head}\n\n{''.join(parts)}"


def gemini_call(name, **given):
    return f"**Tool Command**:\n{fenced({'name': name, 'args': given})}"


def gemini_answer(name, output):
    return f"**Tool Response**:\n{fenced({'name': name, 'response': {'output': output}})}"


GEMINI = "\n\n---\n\n".join(
    [
        gemini("user", "This is the Gemini CLI. We are setting up the context for our chat.\nToday is Tuesday."),
        gemini("user", "Dim the lamp. Never touch the switch."),
        gemini(
            "model",
            "I dim it.",
            gemini_call("replace", file_path="/p/lamp.py", **EDIT),
            gemini_call("run_shell_command", command="pytest -q"),
        ),
        gemini(
            "user",
            gemini_answer("replace", "Successfully modified file: /p/lamp.py (1 replacements)."),
            gemini_answer("run_shell_command", f"Output: {FAILED}\nExit Code: 1\nProcess Group PGID: 7"),
        ),
        gemini("model", "It still shines."),
    ]
)
GOOSE = f"""\
# Session Export: Lamp

*Total messages: 6*

---

### User:
Dim the lamp. Never touch the switch.

---

### Assistant:
I dim it.

#### Tool Call: `text_editor` (namespace: `developer`)
**Arguments:**
*   **path**: `/p/lamp.py`
*   **command**: `str_replace`
*   **old_str**:\x20
    ```
level = 9
on = True
    ```
*   **new_str**: `level = 5`

---

#### Tool Response:
The file /p/lamp.py has been edited.

---

### Assistant:
#### Tool Call: `shell` (namespace: `developer`)
**Arguments:**
*   **command**:
    ```sh
    pytest -q
    ```
*   **timeout**:\x20
    60

---

#### Tool Response:
{FAILED}

---

### Assistant:
It still shines.

---
"""
ZED = f"""\
## User

Dim the lamp. Never touch the switch.

## Assistant

I dim it.
**Tool Use**: edit_file (ID: toolu_1)
{fenced({"path": "/p/lamp.py", "mode": "edit"})}
**Tool Use**: terminal (ID: toolu_2)
{fenced({"command": "pytest -q", "cd": "p"})}
**Tool Result**: edit_file (ID: toolu_1)

Edited p/lamp.py

**Debug Output**:

{fenced({"input_path": "/p/lamp.py", "old_text": "level = 9", "new_text": "level = 5"})}

**Tool Result**: terminal (ID: toolu_2)

**ERROR:**
{fenced(FAILED, "")}

## Assistant

It still shines.
"""
QWEN = f"""\
# Chat Session Export

- **Session ID**: `8f-12`
- **Start Time**: 2026-06-09T10:13:20.000Z

- **Working Directory**: `/p`
- **Git Branch**: `main`

---

## User

Dim the lamp. Never touch the switch.


## Assistant

I dim it.


### Tool: Edit: lamp.py: level = 9... =&gt; level = 5...
**Status**: completed

**Input:**
{fenced({"file_path": "/p/lamp.py", **EDIT})}

**Affected Files:**
- `/p/lamp.py`

**Output:**

*Diff for `lamp.py`:*
{fenced("level = 5", "diff")}


### Tool: Shell: pytest -q (Run the tests)
**Status**: completed

**Input:**
{fenced({"command": "pytest -q", "description": "Run the tests"})}

**Output:**
{fenced(f"Command: pytest -q{chr(10)}Directory: (root){chr(10)}Output: {FAILED}{chr(10)}## User{chr(10)}Exit Code: 1", "")}


## Assistant

It still shines.
"""
OLDER = f"""\
# Chat Session Export
**Session ID**: 8f-12
---
## User
Dim the lamp. Never touch the switch.

## Assistant
I dim it.

## Tool Call
**Tool**: Edit: /p/lamp.py: level = 9... => level = 5...
**Status**: completed
```
Diff for: lamp.py
level = 5

```

## Tool Call
**Tool**: Shell: pytest -q (Run the tests)
**Status**: completed
```
Command: pytest -q
Directory: (root)
Output: {FAILED}
Exit Code: 1
```

## Assistant
It still shines.
"""


@pytest.mark.parametrize("text", [GEMINI, GOOSE, ZED, QWEN, OLDER], ids=["gemini", "goose", "zed", "qwen", "older"])
def test_an_export_gives_what_was_said_edited_and_run(read, text):
    """Nothing that the export writes itself is anybody's word."""
    found = read(text)
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "Dim the lamp. Never touch the switch."),
        ("assistant", "I dim it."),
        ("assistant", "It still shines."),
    ]
    assert [(it.path, it.action) for it in found.files] == [("/p/lamp.py", "modified")]
    assert [(it.text, it.outcome) for it in found.commands] == [("pytest -q", "failed")]
    assert "test_dim - assert 9 == 5" in found.commands[0].output


@pytest.mark.parametrize("text", [GEMINI, GOOSE, ZED, QWEN], ids=["gemini", "goose", "zed", "qwen"])
def test_of_an_edit_both_sides_are_told(read, text):
    edit = read(text).edits[0]
    assert (edit.old.split("\n")[0], edit.new.strip()) == ("level = 9", "level = 5")


def test_what_an_export_says_of_the_session_is_known(read):
    found = read(QWEN)
    assert (found.agent, found.session_ids, found.folder, found.branch) == (None, ("8f-12",), "/p", "main")


def test_a_tool_without_the_name_of_a_server_has_none(read):
    """Goose then calls it one of ``Tool``."""
    found = read(GOOSE.replace("namespace: `developer`", "namespace: `Tool`"))
    assert [it.text for it in found.commands] == ["pytest -q"]


def test_thoughts_are_not_said(read):
    found = read(GOOSE.replace("I dim it.", "**Thinking:**\n> It is\n> too bright.\n\nI dim it."))
    assert [it.text for it in found.reasonings] == ["It is\ntoo bright."]
    assert [it.text for it in found.messages][1:] == ["I dim it.", "It still shines."]


def test_the_title_of_such_an_export_amid_another_text_makes_none(said):
    """Only what begins with it is one."""
    text = "## User\n\nGo.\n\n## Assistant\n\n# Chat Session Export\n\nis its title.\n\n### Tool: none\n\nof it.\n"
    assert said(text)[1][1].endswith("### Tool: none\n\nof it.")


@pytest.mark.parametrize("text", [GEMINI, GOOSE, ZED, QWEN, OLDER], ids=["gemini", "goose", "zed", "qwen", "older"])
def test_of_an_export_that_was_cut_the_rest_is_read(read, text):
    """What stands before its first head is of a message that nobody knows the beginning of."""
    found = read(text[text.index("Never touch") :])
    assert [(it.role, it.text) for it in found.messages] == [
        ("assistant", "I dim it."),
        ("assistant", "It still shines."),
    ]
    assert [it.text for it in found.commands] == ["pytest -q"]


@pytest.mark.parametrize("text", [GEMINI, ZED], ids=["gemini", "zed"])
def test_what_somebody_says_above_an_export_is_said(said, text):
    assert said(f"User: Go on from this, please.\n\n{text}")[:2] == [
        ("user", "Go on from this, please."),
        ("user", "Dim the lamp. Never touch the switch."),
    ]


def test_an_export_of_another_tool_with_a_status_is_not_taken_for_qwens(read):
    text = "## User\n\nDim it.\n\n## Assistant\n\nDone.\n\n**Status**: completed\n\n## User\n\nThanks.\n"
    assert [it.text for it in read(text).messages] == ["Dim it.", "Done.\n\n**Status**: completed", "Thanks."]


def test_an_export_that_somebody_quotes_in_a_block_is_what_they_say(said):
    answers = "Assistant: I changed parser.py.\n\nUser: Now add a test.\n\nAssistant: Added."
    found = said(f"User: Why does our parser fail on this?\n```\n{gemini('model', 'Hello.')}\n```\n\n{answers}")
    assert [role for role, _ in found] == ["user", "assistant", "user", "assistant"]
    assert found[0][1].endswith("Hello.\n```")


@pytest.mark.parametrize("text", [GEMINI, GOOSE, QWEN], ids=["gemini", "goose", "qwen"])
def test_behind_an_export_that_somebody_gave_the_conversation_goes_on(said, text):
    found = said(f"User: Go on from this, please.\n\n{text}\n\nAssistant: I will go on.\n\nUser: Now push it.\n")
    assert found[-3:] == [("assistant", "It still shines."), ("assistant", "I will go on."), ("user", "Now push it.")]
    assert not any("Export" in words for _, words in found)


@pytest.mark.parametrize(("text", "head"), [(GOOSE, "### User:"), (ZED, "## User"), (QWEN, "## User")])
def test_in_a_block_stands_no_head(said, text, head):
    block = f"```markdown\n# Lamp\n\n{head}\n\nWho dims it.\n```"
    found = said(text.replace("I dim it.", f"I write:\n\n{block}"))
    assert found[:2] == [("user", "Dim the lamp. Never touch the switch."), ("assistant", f"I write:\n\n{block}")]


def test_a_block_that_was_cut_takes_nothing_of_what_is_below_it(said):
    assert said(ZED.replace("I dim it.", "I dim it:\n\n```py\n"))[-1] == ("assistant", "It still shines.")


@pytest.mark.parametrize("text", [GEMINI[GEMINI.index("## USER", 9) :], GOOSE, ZED, QWEN])
def test_what_stands_above_an_export_without_a_name_is_kept(said, text):
    assert said(f"Use the red lamp, not the blue one.\nWait for Anna.\n\n{text}")[:2] == [
        ("assistant", "Use the red lamp, not the blue one.\nWait for Anna."),
        ("user", "Dim the lamp. Never touch the switch."),
    ]


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        (GEMINI, "**Tool Command**"),
        (GOOSE, "#### Tool Call: `shell`"),
        (ZED, "**Tool Use**: terminal"),
        (QWEN, "### Tool: Shell"),
        (OLDER, "## Tool Call\n**Tool**: Shell"),
    ],
)
def test_a_call_that_a_cut_export_begins_with_is_read(read, text, begins):
    found = read(text[text.index(begins) :])
    assert [(it.text, it.outcome) for it in found.commands] == [("pytest -q", "failed")]
    assert [it.text for it in found.messages] == ["It still shines."]


@pytest.mark.parametrize("second", [GEMINI, GOOSE, QWEN], ids=["gemini", "goose", "qwen"])
@pytest.mark.parametrize("first", [GEMINI, GOOSE, QWEN], ids=["gemini", "goose", "qwen"])
def test_of_exports_one_below_the_other_each_is_read(read, first, second):
    found = read(f"{first}\n\n{second.replace('pytest -q', 'make test').replace('It still shines.', 'It is dim.')}")
    assert [it.text for it in found.commands] == ["pytest -q", "make test"]
    assert [it.text for it in found.messages if it.role == "assistant"] == [
        *("I dim it.", "It still shines."),
        *("I dim it.", "It is dim."),
    ]


def test_a_section_on_the_system_in_an_answer_of_an_export_is_said(said):
    assert ("assistant", "### System\n\nPython 3.12.") in said(QWEN.replace("I dim it.", "### System\n\nPython 3.12."))


def test_a_block_in_what_a_tool_printed_ends_nothing(read):
    found = read(QWEN.replace("Output: F.\n", "Output: F.\n```js\nx\n```\n"))
    assert found.commands[0].output.startswith("F.\n```js\nx\n```\nFAILED")
    assert found.messages[-1].text == "It still shines."


def test_a_block_behind_a_label_of_another_kind_takes_no_input_away(read):
    found = read(QWEN.replace("**Affected Files:**\n", "**Notes**\n```\nNone.\n```\n\n**Affected Files:**\n"))
    assert (found.edits[0].old, found.edits[0].new) == (EDIT["old_string"], EDIT["new_string"])


def test_the_block_around_an_answer_and_the_one_around_an_export_are_no_part_of_it(read):
    text = GOOSE.replace(FAILED, f"```\n{FAILED}\n```")
    for given in (text, f"```markdown\n{text}```\n", f"Please continue:\n\n````\n{text}\n````\n"):
        found = read(given)
        assert (found.commands[0].output, found.messages[-1].text) == (FAILED, "It still shines.")


def test_blocks_without_an_end_take_no_more_than_their_length(read):
    assert_linear(lambda size: read(GOOSE + "```js\n" * size + "\n" * size), 2_000)


def test_labels_without_an_end_take_no_more_than_their_length(read):
    label = "**Tool Command**:\n```json\n{\n"
    assert_linear(lambda size: read(f"## MODEL \u2728\n\n{label * size}"), 2_000)
