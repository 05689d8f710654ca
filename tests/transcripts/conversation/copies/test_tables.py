"""Conversations in tables: the column of roles tells who speaks, in any language, with any separator."""

from __future__ import annotations

import csv
import io

import pytest

from handoff_cli.transcripts.conversation.copies.tables import table_in

TURNS = [
    ("user", "Sort the rows; keep the ids."),
    ("assistant", "They are sorted."),
    ("user", 'And "quoted",\nover two lines?'),
    ("assistant", "Yes; these too."),
]


def table(sign, names, rows):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=sign, lineterminator="\n")
    writer.writerows([names, *rows])
    return text.getvalue()


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("names", [("Zeit", "Absender", "Rolle", "Nachricht"), ("at", "author", "role", "content")])
def test_roles_go_before_names(said, sign, names):
    """Whoever is named beside them, whatever the columns are called."""
    rows = [("10:12", "mia" if role == "user" else "gpt-x", role, words) for role, words in TURNS]
    assert said(table(sign, names, rows)) == TURNS


def test_a_tool_in_a_column_of_roles_ran_what_stands_behind_the_prompt(read):
    """With what it printed, up to the next prompt."""
    ran = [
        ("user", "Run it."),
        ("tool", "$ make test\n1 failed, 2 passed\n$ git status\nclean"),
        ("assistant", "One fails."),
        ("user", "Mend it."),
    ]
    found = read(table(",", ("role", "text"), ran))
    assert [(it.text, it.outcome) for it in found.commands] == [("make test", "failed"), ("git status", "ended")]
    assert [it.role for it in found.messages] == ["user", "assistant", "user"]


def test_a_markdown_table_of_roles_below_a_title(said):
    """Its cells break lines and escape bars as Markdown does."""
    rows = "\n".join(f"| {at} | {role} | {words} |" for at, (role, words) in enumerate(TURNS))
    rows = rows.replace(",\nover", ",<br>over").replace("; keep", " \\| keep")
    told = said(f"# Chat\n\n| # | Role | Message |\n|---|---|---|\n{rows}\n\nThe end.\n")
    assert told[: len(TURNS)] == [("user", "Sort the rows | keep the ids."), *TURNS[1:]]


@pytest.mark.parametrize(
    ("head", "row", "more"),
    [
        (" id |   role    | content \n----+-----------+---------", "  1 | {:<9} | {}", "    |           | {}"),
        ("│ id │ role │ content │\n├────┼──────┼─────────┤", "│ 1 │ {} │ {} │", "│  │  │ {} │"),
    ],
    ids=["psql", "box"],
)
def test_tables_of_programs_that_ask_databases_go_on_in_rows_without_a_role(said, head, row, more):
    """A sign at the end of a line tells that; a bar behind the last column is text."""
    sign = " +" if row[0] == " " else ""
    turns = [*TURNS, ("assistant", "a | b"), ("user", "one\n\ntwo")]
    lines = [head]
    for role, words in turns:
        first, *rest = words.split("\n")
        lines += [row.format(role, first + sign * bool(rest)), *(more.format(it) for it in rest)]
    assert said("\n".join(lines)) == turns


def test_a_table_without_names_of_columns_and_one_below_a_hint_are_read(said):
    """Of the separator, as some programs want it."""
    rows = [(str(at), role, words) for at, (role, words) in enumerate(TURNS)]
    assert said(table(",", *rows[:1], rows[1:])) == TURNS
    assert said("sep=;\n" + table(";", ("Nr", "Rolle", "Text"), rows)) == TURNS


def test_ends_of_lines_that_were_escaped_are_ends_of_lines(said):
    """Where a program writes each record on one line."""
    rows = [(role, words.replace("\n", "\\n")) for role, words in TURNS]
    assert said(table("\t", ("role", "text"), rows)) == TURNS


@pytest.mark.parametrize(
    "text",
    [
        "| Role | May |\n|---|---|\n| user | read |\n| assistant | write |\n| admin | all |\n\nThe end.",
        "name,kind,size\nrows.csv,file,12\ndata,folder,0",
        "First, the rows are read.\nThen, they are sorted.",
    ],
    ids=["description", "other table", "prose"],
)
def test_other_tables_stay_as_they_are(text):
    """A table that describes roles has each of them once."""
    first, *_ = lines = text.split("\n")
    table = table_in(first)
    assert table is None or [it for line in lines for it in table.take(line)] + [*table.end()] == lines


def test_a_message_may_be_long(said):
    """Longer than the reader of such tables takes by itself; and a line that it does not take is split as it is."""
    words = "word " * 40_000
    long = [("user", words.strip()), *TURNS[1:]]
    assert [role for role, _ in said(table(",", ("role", "content"), long))] == [role for role, _ in TURNS]
    read = table_in("role,content")
    rows = [it for line in ("role,content", "user,a\rb, c", *["assistant,d", "user,e"] * 6) for it in read.take(line)]
    assert '"text":"a\\rb, c"' in rows[0].replace(": ", ":")
    assert csv.field_size_limit() == 1 << 17


PLAIN = [
    "id,name,email,role\n1,Ada,ada@example.org,user\n2,Bo,bo@example.org,agent\n3,Cy,cy@example.org,user",
    "login,type,contributions\nada,User,31\ndependabot,Bot,12\ngrace,User,7",
    " id | name | type\n----+------+------\n  1 | Ada  | user\n  2 | Bo   | bot\n  3 | Cy   | user",
    "| Step | Owner |\n|---|---|\n| Write the migration | AI |\n| Review the migration | Human |\n| Deploy it now | AI |",
    "Issue key,Reporter,Created by,Comment\nA-1,ada,ada,It crashes\nA-2,bob,bob,Very slow",
]


@pytest.mark.parametrize("text", PLAIN, ids=["accounts", "accounts of a forge", "psql", "plan", "issues"])
def test_tables_that_list_users_and_bots_hold_no_messages(said, text):
    """Cells of a word, a role behind what is to be done, a column that does not say so: nobody speaks."""
    assert "user" not in dict(said(text))


def test_messages_in_a_script_that_does_not_part_words(said):
    """They are as long as a sentence."""
    turns = [("user", "请修复计时器的错误"), ("assistant", "已经修复了舍入错误"), ("user", "再加上秒数显示吧")]
    assert said(table(",", ("角色", "内容"), turns)) == turns
