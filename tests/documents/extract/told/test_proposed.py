"""The code of a message that a request agrees to, in as many lines as there is room for."""

from __future__ import annotations

from handoff_cli.documents.extract.told.proposed import proposed_code

BODY = "\n".join(f"    step_{number} = take({number})" for number in range(40))
LONG = f"```python\n# Returns the latest.\ndef latest(names):\n{BODY}\n    return sorted(names)[-1]\n```"
SHORT = "```python\nfor old in names[:-1]:\n    remove(old)\n```"


def test_a_long_block_stands_in_a_few_lines_and_grows_and_a_short_one_stands_whole():
    few, *more = proposed_code(f"An easy fix:\n\n{LONG}\n\nAnd to clean up:\n{SHORT}\n\nShall I?")
    assert few.startswith("# Returns the latest.\ndef latest(names):")
    assert "return sorted(names)[-1]" in few
    assert few.endswith("for old in names[:-1]:\n    remove(old)")
    assert len(few) < len(more[0]) < len(more[-1])
    assert few.count("\n") < 12


def test_commands_drawings_and_code_as_it_was_are_not_proposed():
    text = (
        "Run\n```bash\nmake\nmake test\n```\nIt lies so:\n```\na\n└── b\n```\n"
        "Before:\n```js\nconst a = 1;\nuse(a);\n```\nAfter:\n```js\nconst a = 2;\nuse(a);\n```\n"
    )
    assert proposed_code(text) == ("const a = 2;\nuse(a);",)
    assert proposed_code("No code, only `words`.") == ()
