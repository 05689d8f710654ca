"""Calls and results in the notations of logs and exports: all say the same."""

from __future__ import annotations

import pytest

RUN, EDIT = "pytest -q tests", '{"file_path": "src/cart.py", "old_string": "a", "new_string": "b"}'
FAILED = "F...\n\n1 failed, 3 passed in 0.2s"
FRAME = "{user}the total is wrong; never use floats\n\n{agent}Looking.\n\n{calls}\n\n{agent}Next: round it.\n"
NAMES = [("User: ", "Assistant: "), ("## User\n\n", "## Assistant\n\n"), ("[user] ", "[assistant] ")]
NOTATIONS = {
    "in brackets": f"[Tool: Bash] {RUN}\n[Tool error] {FAILED}\n\n[Tool: Edit] {EDIT}\n[Tool result] done",
    "with attributes": (
        f'[tool_call name=Bash id=call_1] {{"command": "{RUN}"}}\n[tool_result id=call_1 error] {FAILED}\n\n'
        f"[tool_call name=Edit id=call_2] {EDIT}\n[tool_result id=call_2] done"
    ),
    "as blocks": (
        f'**Tool: Bash**\n```json\n{{"command": "{RUN}"}}\n```\n\n**Error:**\n```\n{FAILED}\n```\n\n'
        f"**Tool: Edit**\n```json\n{EDIT}\n```\n\n**Result:**\n```\ndone\n```"
    ),
    "folded": (
        f"<details>\n<summary>🔧 Bash</summary>\n\n```json\n"
        f'{{"command": "{RUN}"}}\n```\n\n**Output:**\n\n```\n{FAILED}\n```\n'
        f"</details>\n\n<details>\n<summary>🔧 Edit</summary>\n\n```json\n{EDIT}\n```\n\n**Output:**\n\n```\ndone\n```\n</details>"
    ),
    "under headings": (
        f'### Tool: Bash\n\n**Input**\n\n```json\n{{"command": "{RUN}"}}\n```\n\n**Output** (error)\n\n```\n{FAILED}\n```\n\n'
        f"### Tool: Edit\n\n**Input**\n\n```json\n{EDIT}\n```\n\n**Output**\n\n```\ndone\n```"
    ),
    "with labels": (
        f'Tool call: Bash\nArguments: {{"command": "{RUN}"}}\nTool result: {FAILED}\n\n'
        f"Tool call: Edit\nArguments: {EDIT}\nTool result: done"
    ),
    "with ids of calls": (
        f'**Tool Use:** `Bash`\n\n```json\n{{"cmd": "{RUN}", "cwd": "/p"}}\n```\n\n'
        '**Tool Result:** `toolu_vrtx_01Ab`\n\n```\n{"output": "F...\\n\\n1 failed, 3 passed in 0.2s", "exitCode": 1}\n```\n\n'
        '**Tool Use:** `edit_file`\n\n```json\n{"path": "src/cart.py", "old_str": "[... old_str omitted in markdown version ...]"}\n'
        "```\n\n**Tool Result:** `toolu_vrtx_02Ab`\n\n```\ndone\n```"
    ),
    "named in JSON": (
        f'Tool call:\n```json\n{{"name": "Bash", "arguments": {{"command": "{RUN}"}}}}\n```\n\nTool result:\n```\n{FAILED}\n```\n\n'
        f'Tool call:\n\n```json\n{{"name": "Edit", "arguments": {EDIT}}}\n```\n\nTool result: done'
    ),
    "as actions": (
        f'Action: Bash\nAction Input: {{"command": "{RUN}"}}\nObservation: {FAILED}\n\n'
        f"Action: Edit\nAction Input: {EDIT}\nObservation: done"
    ),
    "with arrows": f"→ Bash: {RUN}\n← {FAILED}\n\n→ Edit: src/cart.py\n← done",
    "with signs": f'⚙️ Bash {{"command": "{RUN}"}}\n❌ {FAILED}\n\n⚙️ Edit {EDIT}\n✅ done',
    "in capitals": f'TOOL_CALL Bash: {{"command": "{RUN}"}}\nTOOL_RESULT: {FAILED}\n\nTOOL_CALL Edit: {EDIT}\nTOOL_RESULT: done',
    "as calls in Python": f"Bash(command='{RUN}', timeout=5)\n=> {FAILED}\n\nEdit(file_path='src/cart.py', old_string='a')\n=> done",
    "in sentences": f'Called Bash with {{"command": "{RUN}"}}\nReturned: {FAILED}\n\nCalled Edit with {EDIT}\nReturned: done',
    "as fields": (
        f"tool_use: Bash\n  command: {RUN}\ntool_result: (error)\n  {FAILED}\n\n"
        "tool_use: Edit\n  file_path: src/cart.py\n  old_string: a\ntool_result:\n  done"
    ),
    "set in": "[Bash] " + RUN + "\n    F...\n\n    1 failed, 3 passed in 0.2s\n\n[Edit] src/cart.py\n    done",
    "quoted": f"> **Bash** `{RUN}`\n>\n> F...\n>\n> 1 failed, 3 passed in 0.2s\n\n> **Edit** `src/cart.py`\n>\n> done",
    "as tags": (
        f'<tool_use name="Bash">\n{{"command": "{RUN}"}}\n</tool_use>\n<tool_result is_error="true">\n{FAILED}\n</tool_result>\n\n'
        f'<tool_use name="Edit">\n{EDIT}\n</tool_use>\n<tool_result>\ndone\n</tool_result>'
    ),
    "ran": f"Ran `{RUN}`\n\n```\n{FAILED}\n```\n\nEdited `src/cart.py`",
    "as two blocks": f"```bash\n{RUN}\n```\n\n```\n{FAILED}\n```\n\nEdited src/cart.py",
    "after a prompt": f"$ {RUN}\n{FAILED}\n\nEdited src/cart.py",
}


@pytest.mark.parametrize("names", NAMES, ids=[it[0].strip() for it in NAMES])
@pytest.mark.parametrize("notation", NOTATIONS)
def test_a_call_is_read_in_every_notation(read, notation, names):
    """The command with its outcome, the file, and what is said before and after, none of it mixed up."""
    found = read(FRAME.format(user=names[0], agent=names[1], calls=NOTATIONS[notation]))
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "the total is wrong; never use floats"),
        ("assistant", "Looking."),
        ("assistant", "Next: round it."),
    ]
    assert [(it.text, it.outcome) for it in found.commands] == [(RUN, "failed")]
    assert [(it.path, it.action) for it in found.files] == [("src/cart.py", "modified")]


@pytest.mark.parametrize("line", ['run = "make all', "run = cat > a.py <<'EOF'", "run = `make all"])
def test_a_command_over_several_lines(read, line):
    """It ends where its quotation or its document does."""
    first = line.removeprefix("run = ")
    texts = {
        '"': f'[Tool: Bash] echo {first}\nthe rest"\n',
        "'": f"[Tool: Bash] {first}\nx = 1\nEOF\n",
        "`": f"Ran {first}\nmake test`\n",
    }
    found = read(f"User: go\n\nAssistant: Now.\n\n{texts[next(it for it in first if it in texts)]}\nAssistant: Done.\n")
    assert found.commands[0].text.count("\n") == (2 if "EOF" in first else 1)
    assert [it.text for it in found.messages] == ["go", "Now.", "Done."]


@pytest.mark.parametrize(
    "prose",
    [
        "Read: the docs say that it is so",
        "Update: the fix works now",
        "- Shell: zsh 5.9",
        "Tool result pages are slow",
        "Using tool names in prose is fine.",
        "Call Read on it and see.",
        "Action: write the minutes",
        "Write: tests for the parser",
    ],
)
def test_prose_about_tools_calls_none(read, prose):
    """A sentence with a name of a tool in it is a sentence."""
    found = read(f"User: go\n\nAssistant: Hm.\n{prose}\nThat is all.\n\nUser: ok\n")
    assert not found.commands
    assert not found.files
    assert found.messages[1].text == f"Hm.\n{prose}\nThat is all."


DIFF = "```diff\n--- a/src/cart.py\n+++ b/src/cart.py\n@@ -1 +1 @@\n-total = 0.0\n+total = Decimal(0)\n```"


@pytest.mark.parametrize(
    "line",
    [
        "I've changed `src/cart.py`:",
        "Ich habe `src/cart.py` geändert:",
        "J'ai modifié `src/cart.py` :",
        "De acuerdo, con decimales. He modificado src/cart.py:",
        "Agreed. I've updated `src/cart.py`:",
        "Ho modificato `src/cart.py`:",
        "我已经修改了 `src/cart.py`：",
        "已修改 src/tax.py 和 `src/cart.py`：",
        "`src/tax.py`、`src/cart.py` を修正しました：",
    ],
)
def test_a_change_that_somebody_says_they_made_is_an_edit_in_any_language_of_the_file_that_the_diff_names(read, line):
    (edit,) = [it for it in read(f"User: mend it\n\nAssistant: {line}\n\n{DIFF}\n\nUser: ok\n").edits if it.new]
    assert (edit.path, edit.old, edit.new) == ("src/cart.py", "total = 0.0", "total = Decimal(0)")


def test_a_sentence_that_names_a_file_and_shows_no_change_is_no_edit(read):
    words = "Die Datei `src/cart.py` wird nicht mehr gebraucht, sie ist veraltet."
    assert not read(f"User: und?\n\nAssistant: {words}\n\nUser: ok\n").edits


@pytest.mark.parametrize(
    "words",
    [
        "- Update `Cart` to also check for a `total` attribute (as others do), or to ask the shop.",
        "- Update `src/cart.ts`",
        "2. Read `cart.ts` to see where it is set.",
        "- Call `self.reload()` at the end of the `switch` method, but only where it is on.",
    ],
)
def test_what_a_list_proposes_is_no_call(read, words):
    found = read(f"User: why?\n\nAssistant: It is never set.\n\n{words}\n\nShall I?\n")
    assert {it.action for it in found.files} <= {"mentioned"}
    assert words.lstrip("-2. ") in found.messages[-1].text


@pytest.mark.parametrize("asks", ["User", "Question"])
def test_an_agent_that_says_what_it_thinks_before_each_act_speaks_from_its_first_thought_on(read, asks):
    found = read(
        f"{asks}: fix the rows, they are read twice\n\nThought: I look at the loader.\nAction: Bash\n"
        "Action Input: grep -n load_rows app.py\nObservation: 12: def load_rows():\n"
        "Thought: It is called in the loop.\nAction: Edit\nAction Input: app.py\nObservation: ok\n"
        f"Final Answer: I moved it out of the loop.\n\n{asks}: and the tests?\n"
    )
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "fix the rows, they are read twice"),
        ("assistant", "I look at the loader."),
        ("assistant", "It is called in the loop."),
        ("assistant", "I moved it out of the loop."),
        ("user", "and the tests?"),
    ]
    assert [it.text for it in found.commands] == ["grep -n load_rows app.py"]
    assert [it.path for it in found.files] == ["app.py"]


def test_where_nobody_asks_thoughts_are_no_user(read):
    found = read(
        "> Entering new chain...\nI look at it.\nAction: shell\nAction Input: ls\nObservation: app.py\n"
        "Thought: done\nFinal Answer: There is app.py.\n"
    )
    assert [(it.role, it.text) for it in found.messages][1:] == [
        ("assistant", "done"),
        ("assistant", "There is app.py."),
    ]
    assert [(it.text, it.output) for it in found.commands] == [("ls", "app.py")]


def test_thoughts_of_a_person_are_what_that_person_says(read):
    found = read(
        "User: the rows are read twice.\nThought: maybe the loop?\n\nAssistant: Yes.\n\nUser: ok\nThought: good\n"
    )
    assert [it.role for it in found.messages] == ["user", "assistant", "user"]


IN_JSON = """## Message 1 - User

the total is wrong

## Message 2 - Assistant

**Tool Call**:

```json
{
  "input": {
    "command": "pytest -q tests"
  },
  "name": "run_command"
}
```

## Message 3 - User

**Tool Result**:

```
**Recent Output**:
```

F... 1 failed

```

```

## Message 4 - Assistant

Tool calls:
```json
[{"function": {"name": "read_file", "arguments": "{\\"path\\": \\"src/cart.py\\"}"}},
 {"tool": "edit_file", "args": {"path": "src/cart.py", "old_string": "a", "new_string": "b"}}]
```

## Message 5 - User

**Tool Result**:
```
x = 1
```

**Tool Result**:
```
done
```

## Message 6 - User

good, now the tax:

```
7 %
```
"""


def test_a_call_that_only_its_json_names_is_one_and_its_result_is_nobodys_request(read):
    """Below a label stand the name and the input, maybe several; a result that held blocks goes on to the turn's end."""
    found = read(IN_JSON)
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "the total is wrong"),
        ("user", "good, now the tax:\n\n```\n7 %\n```"),
    ]
    assert [(it.text, it.outcome) for it in found.commands] == [("pytest -q tests", "failed")]
    assert [(it.path, it.action) for it in found.files] == [("src/cart.py", "read"), ("src/cart.py", "modified")]


def test_json_below_such_a_label_that_names_no_tool_is_told_as_it_stands(said):
    """So a document may speak of calls."""
    words = 'As here.\n\n**Tool call**:\n\n```json\n{"id": 7}\n```\n\nThat is all.'
    assert said(f"## User\n\nhow do they look?\n\n## Assistant\n\n{words}\n")[-1] == ("assistant", words)


def test_what_a_result_has_in_an_object_is_what_was_printed_and_how_it_ended(read):
    """Of a file that was read, what it holds; what the export left out of a call was not written."""
    call = "**Tool Use:** `{}`\n\n```json\n{}\n```\n\n## User\n\n**Tool Result:** `toolu_01Ab`\n\n```\n{}\n```\n\n## Assistant\n\n"
    ran = call.format("Bash", '{"cmd": "make load"}', '{"output": "loading\\nno route", "exitCode": 3}')
    seen = call.format("Read", '{"path": "a.py"}', '{"absolutePath": "/p/a.py", "content": "x = 1"}')
    found = read(f"## User\n\nload it\n\n## Assistant\n\n{ran}{seen}No route.\n\n## User\n\nwhy?\n")
    run = found.commands[0]
    assert (run.text, run.outcome, run.exit_code, run.error) == ("make load", "failed", 3, "loading\nno route")
    assert [(it.asked, it.answer) for it in found.lookups] == [("a.py", "x = 1")]
    assert [it.text for it in found.messages] == ["load it", "No route.", "why?"]


HEADED = """\
## User

Dim the lamp.

## Assistant

*Model: claude-sonnet-4-5 (anthropic)*

### Tool Call: `bash`

```json
{"command": "pytest -q"}
```

### Tool Result: `bash`

<details>
<summary>Output (2 lines)</summary>

```
FAILED test_lamp.py::test_dim - assert 9 == 5
1 failed
```

</details>

## Assistant

It still shines.
"""


@pytest.mark.parametrize(
    "fold", ["<details>\n<summary>Output (2 lines)</summary>\n\n", "", "<details>\n<summary>Output</summary>\n\n"]
)
@pytest.mark.parametrize("head", ["`bash`", "`bash` (error)", "`bash` (id=toolu_1)"])
def test_a_result_under_the_name_of_its_tool_is_the_block_below(read, fold, head):
    """Crush and other exports fold it away; a line about the model is nobody's word."""
    text = HEADED.replace("<details>\n<summary>Output (2 lines)</summary>\n\n", fold)
    found = read(text.replace("Result: `bash`", f"Result: {head}"))
    assert [(it.text, it.outcome) for it in found.commands] == [("pytest -q", "failed")]
    assert found.commands[0].output == "FAILED test_lamp.py::test_dim - assert 9 == 5\n1 failed"
    assert [it.text for it in found.messages] == ["Dim the lamp.", "It still shines."]


def test_a_result_that_is_a_word_in_quotes_is_that(read):
    """Where no block stands below."""
    begin = HEADED[: HEADED.index("<details>")].replace("Result: `bash`\n\n", "Result: `ok`\n\n")
    assert read(f"{begin}## Assistant\n\nDone.\n").commands[0].output == "`ok`"
