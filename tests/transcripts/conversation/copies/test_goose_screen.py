"""Copies of goose's screen: who speaks behind a prompt, and what each call did below the rule that names its tool."""

from __future__ import annotations

from handoff_cli.transcripts.conversation.copies.goose_screen import in_turns, is_in
from tests.growth import assert_linear

RULE = "─── {} | developer ──────────────────────────"
SCREEN = f"""\
starting session | provider: anthropic model: claude-3-5-sonnet-latest
    working directory: /p/shop

goose is running! Enter your instructions, or try asking what goose can do.

( O)> make `make load` pass, leave vendor/ alone
I'll run it first.
{RULE.format("shell")}
command: make load


3 of 4 rows

error: no route
Loaded : 3 (75.00%)

The route is missing. I'll add it:

{RULE.format("text_editor")}
path: shop/route.py
command: str_replace
old_str: ROUTE = None
new_str: ROUTE = 7
LIMIT = 3


{RULE.format("text_editor")}
path: shop/load.py
command: view


### shop/load.py
```python
rows = []
```

( O)> now the tax
{RULE.format("shell")}
command: make tax
"""


def test_who_speaks_behind_a_prompt_and_what_each_call_did(read):
    """What a call prints ends where a sentence begins below an empty line."""
    found = read(SCREEN)
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "make `make load` pass, leave vendor/ alone"),
        ("assistant", "I'll run it first."),
        ("assistant", "The route is missing. I'll add it:"),
        ("user", "now the tax"),
    ]
    load, tax = found.commands
    assert (load.text, load.outcome) == ("make load", "failed")
    assert (load.error or "").endswith("Loaded : 3 (75.00%)")
    assert (tax.text, tax.error) == ("make tax", None)
    assert [(it.path, it.old, it.new) for it in found.edits] == [
        ("shop/route.py", "ROUTE = None", "ROUTE = 7\nLIMIT = 3")
    ]
    assert [(it.kind, it.asked) for it in found.lookups] == [("read", "shop/load.py")]


def test_a_rule_or_a_prompt_alone_is_no_such_screen():
    assert is_in([RULE.format("shell"), "( O)> go"])
    assert not is_in([RULE.format("shell"), "go"])
    assert not is_in(["── notes | today ──", "( O)> go"])


WRITE = f"( O)> write it\n{RULE.format('text_editor')}\npath: a.py\ncommand: write\nfile_text: {{}}"
CODE = "import os\n\ndef load():\n    return os.environ\ntry:\n    load()\npath: b.py\n\n\n# Never drop a row.\n\nReads all of them."


def test_what_an_edit_writes_goes_on_over_empty_lines(read):
    """It ends at the next rule or prompt, where its file is shown, or where a sentence begins below two empty lines."""
    for below in ("", "\n\n( O)> now the tax\n", "\n\n\n### a.py\n```python\nimport os\n```\n"):
        assert [(it.path, it.new) for it in read(WRITE.format(CODE) + below).edits] == [("a.py", CODE)]
    said = read(WRITE.format(CODE.partition("\n\n\n")[0]) + "\n\n\nThe loader is there now.\n")
    assert [it.new for it in said.edits] == [CODE.partition("\n\n\n")[0]]
    assert said.messages[-1].text == "The loader is there now."


RUN = f"( O)> load\n{RULE.format('shell')}\ncommand: make load\n\n\n"


def test_a_cry_below_what_a_call_prints_is_said_again(read):
    found = read(f"{RUN}ok\n\nDone!\n\n- moved the loader\n- kept the old name\n")
    assert found.messages[-1].text == "Done!\n\n- moved the loader\n- kept the old name"


def test_a_sentence_above_more_of_what_is_printed_is_no_word_of_the_agents(read):
    found = read(f"{RUN}error: no route\n\nBuild ended with some errors.\n1 warning\n")
    assert [it.role for it in found.messages] == ["user"]
    assert "1 warning" in (found.commands[0].error or "")


def test_a_call_with_many_empty_lines_is_read_line_by_line():
    text = RUN + "{}x"
    assert_linear(
        lambda size: [*in_turns([(0, it, False) for it in text.format("\n" * size).split("\n")])],
        100_000,
    )


def test_how_full_the_window_is_and_that_the_model_was_not_reached_nobody_says(read):
    """What a call printed ends above them; a request that met an error was not answered."""
    context = "Context: ●○○○○○○○○○ 14% (28417/200000 tokens)\n"
    text = (
        f"{context}( O)> load the rows\n{RULE.format('shell')}\ncommand: make load\n\n3 rows\n\n{context}"
        "( O)> now the tax\n  ☁  Ran into this error: Rate limit exceeded.\n\n"
        f"Please retry if you think this is a transient or recoverable error.\n\n{context}( O)> \n"
    )
    found = read(text)
    assert [(it.role, it.text) for it in found.messages] == [("user", "load the rows"), ("user", "now the tax")]
    assert "Context" not in (found.commands[0].output or "")


def test_words_below_an_output_may_begin_with_a_name_or_a_figure(read):
    said = [
        "`tax_rate` is on the shop, not on the row. I'd set",
        "load_rows is called twice when the first page of rows is empty.",
        "1.9 GB in 71 s, no row of them goes through the app.",
    ]
    printed = "rows loaded: 3 of 4 [75 %]\n\n4 rows, 1 of them (25 %) at 10.0.0.7:5432 is left."
    for words in said:
        text = f"( O)> load\n{RULE.format('shell')}\ncommand: make load\n\n{printed}\n\n{words}\n\n( O)> go on\n"
        assert [it.text for it in read(text).messages if it.role == "assistant"] == [words]
