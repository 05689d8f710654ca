"""Things to do that stand in notes in which nobody speaks."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.conversation.reading import todos


@pytest.mark.parametrize("heading", ["TODO", "## Next steps", "Action items (May)", "Offene Aufgaben:"])
def test_a_list_below_a_heading_of_things_to_do_is_one_where_nobody_speaks(read, heading):
    text = f"Notes of Monday.\n\n{heading}\n\n- mend the fence\n- call Ana\n\nThe gate is open.\n"
    assert [it.text for it in read(text).todos] == ["mend the fence", "call Ana"]
    assert (
        not read(f"User: plan\n\nAssistant: so:\n\n{heading}\n\n- mend the fence\n\nUser: yes\n").todos
        or ":" in heading
    )


@pytest.mark.parametrize(
    "text",
    [
        "# gatekit\n\nA build tool.\n\n## Tasks\n\n- clean: removes out/\n- build: compiles\n",
        "## Items\n- sword\n- shield\n",
        "## Actions\n- actions/checkout@v4\n",
        "Aufgaben:\n\n1. Berechne die Summe.\n",
        "## Follow-ups (done)\n\n- mend the fence\n",
        "## Nächste Schritte (alle erledigt)\n\n- call Ana\n",
        "Notes.\n\n## Tasks\n\n| Item | Effect |\n| --- | --- |\n| clean | removes out/ |\n",
        "## Next steps\n\n| Gate | Height |\n| --- | --- |\n| north | 2 m |\n",
        "## Next steps\n\n| north | 2 m |\n| south | 3 m |\n",
    ],
)
def test_what_may_be_no_list_of_things_to_do_stays_text(read, text):
    found = read(text)
    assert not found.todos
    assert text.strip().rpartition("\n")[2] in found.messages[-1].text


def test_an_item_that_is_struck_out_or_says_so_is_done(read):
    text = "Next steps\n\n- ~~mend the fence~~\n- call Ana (done)\n- Bo anrufen – erledigt\n- done is better\n"
    assert [(it.text, it.status) for it in read(text).todos] == [
        ("mend the fence", "completed"),
        ("call Ana", "completed"),
        ("Bo anrufen", "completed"),
        ("done is better", "pending"),
    ]


@pytest.mark.parametrize(
    ("table", "todos"),
    [
        ("| Was | Wer |\n| --- | --- |\n| mend the fence | Ana |\n| call Bo | |", ["mend the fence (Ana)", "call Bo"]),
        ("| Owner | Task | Due |\n|---|:-:|--:|\n| Ana | mend the fence | Friday |", ["mend the fence (Ana, Friday)"]),
        ("| # | Task | By |\n|---|---|---|\n| 1 | mend the fence | Ana |", ["mend the fence (Ana)"]),
        ("| Who | Task |\n|---|---|\n| | grep a\\|b |\n| Ana | |", ["grep a|b"]),
        (
            "| Task | Due | Status |\n|---|---|---|\n| a | | done |\n| b | | in progress |\n| c | May | open |\n| d | | blocked |",
            ["a +", "b ~", "c (May)", "d (blocked)"],
        ),
    ],
)
def test_a_table_of_things_to_do_is_read_by_the_names_of_its_columns(read, table, todos):
    marks = {"completed": " +", "in_progress": " ~", "pending": ""}
    for heading in ("## Open tasks", "Aufgaben"):
        found = read(f"Minutes\n\n{heading}\n\n{table}\n\nEnd.\n").todos
        assert [it.text + marks[it.status] for it in found] == todos


@pytest.mark.parametrize(
    "text",
    [
        "🔄 Which gate?\n\nThe north one.\n\n✅ Simple\n✅ Cheap\n",
        "☐ paint it\n☑ oil it\n\nOr:\n\n✅ Simple\n❌ Dear\n",
    ],
)
def test_headings_with_a_picture_and_what_weighs_for_and_against_are_no_things_to_do(read, text):
    todos = read(f"User: plan\n\nAssistant: so:\n\n{text}\nUser: thanks\n").todos
    assert [it.text for it in todos] == (["paint it", "oil it"] if "☐" in text else [])


def test_a_list_that_only_looks_back_is_looked_through_once_however_long_it_is(events, monkeypatch):
    looked, boxed = list[int](), todos.boxed
    monkeypatch.setattr(todos, "boxed", lambda talk: looked.append(1) or boxed(talk))
    events("User: go\nAssistant: so\n" + "- [x] mend the fence\n" * 2_000)
    assert len(looked) < 10


@pytest.mark.parametrize("behind", [3, 395, 405, 900])
def test_what_is_open_behind_many_things_that_are_done_makes_a_list_of_them(read, behind):
    done = "".join(f"- [x] part {number}\n" for number in range(behind))
    found = read(f"User: go\n\nAssistant: so\n{done}- [ ] call Ana\n").todos
    assert found[-1].text == "call Ana"
    assert {it.status for it in found[:-1]} == {"completed"}


@pytest.mark.parametrize(
    ("line", "is_done"),
    [
        ("Fence done: it holds.", True),
        ("The fence is done.", True),
        ("- fence of the garden fertig", True),
        ("The fence is not done.", False),
        ("Fence half done", False),
        ("Is the fence done?", False),
        ("Garden done.", False),
        ("Nothing done.", False),
    ],
)
def test_a_line_of_notes_that_says_so_ticks_the_one_todo_it_names(read, line, is_done):
    found = read(f"Notes\n\nTODO: mend the fence of the garden\nTODO: water the garden\n\nIt rains.\n{line}\n")
    fence, garden = found.todos
    assert (fence.status == "completed", garden.status) == (is_done, "pending")
    assert line in found.messages[-1].text


@pytest.mark.parametrize("title", ["## Todo List", "**Agent task list:**"])
def test_a_list_below_its_title_in_an_export_is_the_agents_and_replaces_the_one_before(read, title):
    """What it lists in its words then is none, and the sign of how urgent an item is no word of it."""
    first = f"{title}\n\n- [-] 🔥 mend the fence\n- [ ] call Ana\n"
    second = f"{title}\n- [x] 🔥 mend the fence\n- [⚡] water the garden\n"
    text = f"_**User**_\n\ngo\n\n---\n\n_**Agent**_\n\n{first}\n---\n\nI look.\n\n---\n\n{second}\n---\n\nSo far:\n\n1. ✅ fence\n"
    found = read(text)
    assert [(it.text, it.status) for it in found.todos] == [
        ("mend the fence", "completed"),
        ("water the garden", "in_progress"),
    ]
    assert [it.text for it in found.messages] == ["go", "I look.", "So far:\n\n1. ✅ fence"]


def test_a_heading_with_a_picture_is_one_also_below_a_list_unless_it_is_of_that_list(read):
    text = "User: go\n\nAssistant: So:\n\n- [ ] oil it\n- [ ] paint it\n\nUser: and?\n\nAssistant: Look:\n\n✅ **{}**\n\nUser: fine\n"
    found = read(text.format("All is done!"))
    assert [it.status for it in found.todos] == ["pending", "pending"]
    assert "All is done!" in found.messages[3].text
    listed = read(text.replace("**{}**", "oil it"))
    assert [it.status for it in listed.todos if it.text == "oil it"] == ["completed"]
