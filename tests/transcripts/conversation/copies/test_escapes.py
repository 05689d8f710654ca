"""Text saved as Markdown in which each sign stands behind a backslash."""

from __future__ import annotations

ESCAPED = """\
Please try it now \\- it should be in the middle.

\\> the middle looks great

\u23fa Good\\! Two things are left:
 1\\. the button
 2\\. the \\[wide\\] table

\u23fa Update(src/panel.tsx)
 \u23bf Updated src/panel.tsx with 1 addition and 1 removal
 35 const shown \\= 1;
 36 \\- const \\[open\\] \\= useState(0);
 36 \\+ const \\[open, setOpen\\] \\= useState(0);
"""


def test_what_the_user_typed_and_the_lines_of_a_diff_are_read_without_the_backslashes(read):
    found = read(ESCAPED)
    assert [it.text for it in found.messages if it.role == "user"] == ["the middle looks great"]
    assert found.edits[0].old == "const [open] = useState(0);"
    assert found.edits[0].new == "const [open, setOpen] = useState(0);"


def test_backslashes_stay_where_few_lines_begin_with_one_and_in_fenced_blocks(said):
    text = "User: which of them?\n\n\\> is a \\[sign\\]\n\nAssistant: `\\d\\.`\n"
    assert "\\[sign\\]" in said(text)[0][1]
    fenced = "User: mend it\n\nAssistant: so:\n\n1\\. a\n2\\. b\n3\\. c\n\n```re\na\\.b\n```\n"
    assert "a\\.b" in said(fenced)[-1][1]
    assert "1. a" in said(fenced)[-1][1]


def test_backslashes_stay_where_most_lines_that_begin_with_a_sign_have_none(said):
    """Three lines may tell of expressions."""
    plain = "".join(f"- point {number}\n" for number in range(4))
    text = f"User: change \\[b\\]\n\nAssistant: these:\n\n\\- dash\n\\+ plus\n\\# hash\n\nand\n\n{plain}"
    assert said(text)[0][1] == "change \\[b\\]"


def test_escapes_that_lost_their_control_are_carried_out(read):
    """As a copy has them, or a program that shows controls; what a spinner drew goes too."""
    shown = (
        "{0}[1m>{0}[0m load all rows\n\n{0}[2K{0}[38;5;1m⏺{0}[39m I load them, {0}[1mall{0}[0m of them.\n\n"
        "{0}[32m⏺{0}[39m Bash(make load)\n  ⎿  3 rows{0}[K\n\n⏺ Done.\n"
    )
    for begins in ("", "^["):
        found = read(shown.format(begins))
        assert [(it.role, it.text) for it in found.messages] == [
            ("user", "load all rows"),
            ("assistant", "I load them, all of them."),
            ("assistant", "Done."),
        ]
        assert [it.text for it in found.commands] == ["make load"]


def test_escapes_that_a_program_writes_out_are_no_lost_ones(said):
    code = "\n".join(
        f"print('\\033[1m{word}\\033[0m', '\\x1b[0m', '\\e[39m')" for word in ("one", "two", "three", "four")
    )
    text = f"User: why is it bold?\n\nAssistant: by these:\n\n```py\n{code}\n```\n"
    assert code in said(text)[-1][1]
