"""Copies of goose's screen: who speaks behind a prompt, and what each call did below the rule that names its tool."""

from __future__ import annotations

from handoff_cli.transcripts.conversation.goose_screen import is_in

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
