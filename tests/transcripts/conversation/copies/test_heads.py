"""Turns below heads of which nobody knows the names, or which a decoration hides."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.conversation.copies.heads import Heads
from tests.growth import assert_linear

TURNS = (
    "the tea timer stops early",
    "The cause is the rounding.\n\n```\n$ pytest -q\n1 failed\n```",
    "ok, mend it",
    "Done.",
)


def talk(user: str, agent: str, sign: str = "") -> str:
    heads = (user, agent, user, agent)
    return "\n\n".join(
        "\n".join(f"{sign}{line}" for line in f"{head}\n\n{said}".split("\n"))
        for head, said in zip(heads, TURNS, strict=True)
    )


@pytest.mark.parametrize(
    ("user", "agent"),
    [
        ("## Richiesta 1", "## Risposta 1"),
        ("### 質問", "### 回答"),
        ("## Frage", "## Antwort"),
        ("### Mira (14:02)", "### Workshop-Agent (14:03)"),
        ("### Mira", "### The Workshop"),  # work stands below one of the two
        (">> User:", ">> Claude Sonnet 4.5:"),
        ("#### _User_", "#### _Assistant_"),
        ("### Prompt 1", "### Output 1"),
        ("*You — 10:02*", "*Augment — 10:04*"),
        ("**Mira:**", "**Workshop:**"),
        ("## 10:04 — Mira", "## 10:05 — Claude"),
        ("--------\nUSER\n--------", "--------\nASSISTANT\n--------"),
        ("Me", "Tealeaf"),
    ],
)
def test_two_names_by_turns_in_one_decoration(said, user, agent):
    """By what the names say, or by below which of them work is done."""
    found = said(talk(user, agent))
    assert [role for role, _ in found if role == "user"] == ["user", "user"]
    assert found[0] == ("user", TURNS[0])
    assert ("user", TURNS[2]) in found
    assert found[1][1] == "The cause is the rounding."


def test_what_all_turns_are_quoted_with_is_off(said):
    """Callouts of notes, and exports that quote whatever is said."""
    notes = talk("[!user]+ Me", "[!assistant]+ Claude", "> ")
    assert said(f"---\ntags: [chat]\n---\n# Tea\n\n{notes}")[:2] == [
        ("user", TURNS[0]),
        ("assistant", "The cause is the rounding."),
    ]
    quoted = talk("#### _User_", "#### _Assistant_").replace("\n", "\n> ").replace("> #### ", "#### ")
    assert said(quoted)[0] == ("user", TURNS[0])


def test_headings_of_a_text_are_nobodys_names(said):
    """Those of a changelog, of decisions, of an agent's reply."""
    log = "## 1.2\n\n### Added\n\n- a\n\n### Fixed\n\n```\nb\n```\n\n## 1.1\n\n### Added\n\n- c\n\n### Fixed\n\n- d\n"
    assert not [role for role, _ in said(log) if role == "user"]
    parts = "### Ursache\n\nx\n\n### Lösung\n\n```\ny\n```\n\n### Ursache\n\nz\n\n### Lösung\n\nw\n"
    assert not [role for role, _ in said(parts) if role == "user"]
    reply = "User: why?\n\nAssistant: so.\n\n## Frage\n\nx\n\n## Antwort\n\ny\n\nUser: ok\n"
    assert [role for role, _ in said(reply)] == ["user", "assistant", "user"]


@pytest.mark.parametrize(("user", "agent"), [("F", "A"), ("P", "R"), ("问", "答"), ("В", "О")])
def test_letters_before_what_is_said(said, user, agent):
    """Questions and answers in other languages: work stands below the answers."""
    first, second, third, last = TURNS
    text = f"{user}: {first}\n\n{agent}: {second}\n\n{user}: {third}\n\n{agent}: {last}\n"
    assert [it for it in said(text) if it[0] == "user"] == [("user", first), ("user", third)]


def test_letters_of_a_list_are_nobodys_names(said):
    """Nor are drives, and prompts of a root's shell."""
    assert "user" not in dict(said("C: the system\n\nD: data\n\nC: again\n\nD: more\n"))
    assert "user" not in dict(said("# cd backup\n$ ls\n# exit\n\n# cd backup\n\n# exit\n$ ls\n"))


def test_tags_that_name_who_speaks(said):
    """By their name, where no attribute is a role."""
    turn = '<turn speaker="{}">\n{}\n</turn>\n'
    text = "".join(turn.format(*it) for it in zip(("Mira", "Claude") * 2, TURNS, strict=True))
    assert [it for it in said(text) if it[0] == "user"] == [("user", TURNS[0]), ("user", TURNS[2])]


def test_heads_in_a_block_are_quoted():
    """What a fenced block shows of a conversation is none."""
    assert not Heads().are_in(["```", "## Frage", "x", "## Antwort", "y", "```"])


def test_a_later_piece_is_read_by_the_heads_of_the_first(said):
    """Though it has but one."""
    found = said(talk("## Frage", "## Antwort"), "## Frage\n\nand the kettle?\n")
    assert found[-1] == ("user", "and the kettle?")


def test_looking_for_heads_takes_time_by_their_length():
    """A line may be long, and have many signs."""
    for part in ("# a", "**a", "[a ", "- a.", "> [!a"):
        assert_linear(lambda size, part=part: Heads().are_in([part * (size // len(part))] * 3), 3_000)


INTERFACES = [
    (
        "# API\n\n## Rows\n\n### Request\n\n```\nGET /rows\n```\n\n### Response\n\n```\n[]\n```\n\n## Row\n\n"
        "### Request\n\nPOST /rows\n\n### Response\n\n```\n{}\n```\n"
    ),
    "# Queries\n\n## Query\n\nselect 1;\n\n## Output\n\n```\n1\n```\n",
    "# Fetch\n\n## Response\n\nSee below.\n\n## Request\n\nSee above.\n",
]


@pytest.mark.parametrize("text", INTERFACES, ids=["requests", "a query", "types"])
def test_an_interface_that_is_described_speaks_to_nobody(said, text):
    """Its requests are shown, or there is one."""
    assert "user" not in dict(said(text))


def test_requests_in_words_are_somebodys(said):
    """Though their headings are those of an interface."""
    assert said(talk("### Request", "### Response"))[0] == ("user", TURNS[0])


def test_a_name_alone_before_a_colon_takes_turns_with_one_that_is_known_and_labels_of_notes_do_not(said):
    turns = "You:\nthe sum is off\n\nKodo:\nI mend it.\n\nYou:\nkeep the name\n\nKodo:\nDone.\n\nYou:\nand the docs?\n"
    assert said(turns) == [
        *(("user", "the sum is off"), ("assistant", "I mend it."), ("user", "keep the name")),
        *(("assistant", "Done."), ("user", "and the docs?")),
    ]
    notes = "Problem:\nit hangs\n\nSolution:\nrestart\n\nProblem:\nit is slow\n\nSolution:\ncache\n"
    assert {role for role, _ in said(notes)} <= {"assistant"}
    causes = "You:\nit hangs\n\nCause:\nthe lock\n\nYou:\nmend it\n\nCause:\nthe retry\n\nYou:\nok\n"
    assert [role for role, _ in said(causes)] == ["user"] * 3
