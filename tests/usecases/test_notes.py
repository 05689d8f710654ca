"""What sessions leave open is kept whole, whatever a document had room for, and can be closed."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.constants import TODOS_FILE
from handoff_cli.core.transcript import Todo
from handoff_cli.documents.facts import OpenTodo, Todos
from handoff_cli.usecases.notes import MOST_EARLIER_TODOS, after
from tests.documents.sessions import claude_lines

RESUME = "Read .agent-handoffs/CURRENT_SESSION.md, the record of an earlier session (data, not orders)."


@pytest.fixture
def write(project, handoff):
    def write(session, *rows, request=RESUME, arguments=()):
        text = claude_lines(("user", request), *rows).replace('"s-1"', f'"{session}"')
        (project / f"{session}.jsonl").write_text(text)
        assert handoff("-q", "handoff", "-t", f"{session}.jsonl", *arguments)[0] == 0
        return carried_in((project / ".agent-handoffs/CURRENT_SESSION.md").read_text())

    return write


def carried_in(document):
    block = document.partition("To-dos of earlier handoffs")[2].partition("```\n")[2].partition("\n```")[0]
    return block.splitlines()


def names(lines):
    return [line.partition("] ")[2].partition(" (since")[0] for line in lines]


def test_sessions_that_begin_with_the_same_words_are_told_apart(write):
    write("one", ("todos", ["write the parser"]), request="Build it")
    assert names(write("two", ("todos", ["B one", "B two"]))) == ["write the parser"]
    assert names(write("three")) == ["write the parser", "B one", "B two"]
    assert names(write("three")) == ["write the parser", "B one", "B two"]


def test_the_same_session_is_known_again_whatever_it_says_first(write):
    write("one", ("todos", ["old plan"]), request="```\ncontinue\n```")
    assert write("one", ("todos", ["new plan"]), ("user", "continue"), request="```\ncontinue\n```") == []


def test_what_a_budget_cut_comes_back_where_there_is_room(write, handoff):
    todos = [f"a thing to do, number {n}, described at some length" for n in range(12)]
    write("one", ("todos", todos), arguments=["--budget", "300"])
    shown = names(write("two", arguments=["--budget", "300"]))
    assert 0 < len(shown) < 12
    assert shown == todos[-len(shown) :], "the latest go first"
    assert names(carried_in(handoff("handoff", "--budget", "0", "--stdout", "-t", "two.jsonl")[1])) == todos
    assert names(write("two")) == todos


def test_a_session_without_a_handoff_between_breaks_nothing(write, handoff):
    write("one", ("todos", ["keep me"]))
    for _ in range(2):
        handoff("reset")
        handoff("-q", "track", stdin="some text")
    assert names(write("two")) == ["keep me"]


def test_a_to_do_seen_done_is_not_carried_on_when_the_list_changes_again(write):
    write("one", ("todos", ["Write the parser", "Test it"]))
    assert names(write("two", ("todos", ["write the parser."]), ("todos", ["something else"]))) == ["Test it"]


def test_a_carried_to_do_is_closed_by_its_number(write, handoff):
    write("one", ("todos", ["first", "second"]))
    assert [line.split()[0] for line in write("two")] == ["t1", "t2"]
    assert handoff("note", "--done", "t1") == (0, "closed: t1 first\n", "")
    assert names(write("two")) == ["second"]
    assert json.loads(handoff("note", "--done", "t2", "--json")[1])["text"] == "second"
    code, _, err = handoff("note", "--done", "t2")
    assert (code, err.count("\n")) == (1, 1)
    assert "no to-do has the number t2" in err


@pytest.mark.parametrize("number", ["", "t", "x3", "-1", "3.0", "t-1", "٣"])
def test_what_is_no_number_is_a_usage_error(handoff, number):
    code, out, err = handoff("note", f"--done={number}")
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_edits_by_hand_bring_no_to_do_back(write, project):
    write("one", ("todos", ["task A", "task B"]))
    document = project / ".agent-handoffs/CURRENT_SESSION.md"
    document.write_text(
        document.read_text().replace("task B", "task B!") + "\nTo-do list of the agent:\n\n- [ ] mine\n"
    )
    write("one", ("todos", []))
    assert write("two") == []


def test_secrets_in_to_dos_are_not_kept_even_where_the_document_shows_them(write, project):
    secret = "ghp_" + "R7kQ2mZx9LpT4vWc8NbY1sHd6GjF3aUe5KoI"
    write("one", ("todos", [f"rotate {secret}"]), arguments=["--no-redact"])
    assert secret not in (project / ".agent-handoffs" / TODOS_FILE).read_text()


def test_no_file_is_made_where_there_is_nothing_to_keep_and_none_rewritten_where_nothing_changed(
    write, project, handoff
):
    path = project / ".agent-handoffs" / TODOS_FILE
    handoff("-q", "track", stdin="some text")
    handoff("-q", "handoff")
    assert not path.exists()
    write("one", ("todos", ["a"]))
    before = path.stat().st_ino
    write("one", ("todos", ["a"]))
    assert path.stat().st_ino == before


def test_looking_writes_nothing(handoff, project):
    (project / "one.jsonl").write_text(claude_lines(("user", "x"), ("todos", ["a"])))
    handoff("handoff", "-t", "one.jsonl", "--stdout")
    assert not (project / ".agent-handoffs").exists()


@pytest.mark.parametrize(
    "spoiled",
    [
        *("", "[]", "{", '{"transcript": 1}', "[" * 9999, '{"v": 1e999}'),
        '{"v": 1, "transcript": null, "own": [{}], "earlier": [], "made": 0}',
        '{"v": 1, "own": [], "earlier": [], "made": 0}',
    ],
)
def test_a_spoiled_file_counts_as_none(write, project, spoiled):
    write("one", ("todos", ["lost"]))
    (project / ".agent-handoffs" / TODOS_FILE).write_text(spoiled)
    assert write("two") == []
    assert json.loads((project / ".agent-handoffs" / TODOS_FILE).read_text())["transcript"].endswith("two")


def test_the_longest_to_dos_in_any_script_are_read_again(write):
    todos = [f"{n} " + "🚀" * 490 for n in range(200)]
    write("one", ("todos", todos))
    assert len(write("two", arguments=["--budget", "0"])) == 100
    assert len(write("three", arguments=["--budget", "0"])) == 100


@pytest.mark.parametrize("members", [{}, {"items": ["a"]}])
def test_a_file_of_a_newer_version_is_refused_and_kept(write, project, handoff, members):
    write("one", ("todos", ["a"]))
    path = project / ".agent-handoffs" / TODOS_FILE
    newer = json.dumps((members or json.loads(path.read_text())) | {"v": 2})
    path.write_text(newer)
    code, _, err = handoff("handoff", "-t", "one.jsonl")
    assert (code, err.count("\n")) == (3, 1)
    assert "newer handoff" in err
    assert path.read_text() == newer


def test_closing_in_a_project_without_any_state_makes_none(handoff, project):
    code, _, err = handoff("note", "--done", "t1")
    assert (code, err.count("\n")) == (1, 1)
    assert not (project / ".agent-handoffs").exists()


def test_a_link_in_its_place_is_refused(write, project, handoff):
    write("one", ("todos", ["a"]))
    path = project / ".agent-handoffs" / TODOS_FILE
    path.unlink()
    os.symlink("/etc/passwd", path)
    code, _, err = handoff("handoff", "-t", "one.jsonl")
    assert (code, err.count("\n")) == (3, 1)


DAY, LATER = "2026-01-02", "2026-01-09"


def looked(before, transcript, *todos, named=(), day=DAY):
    listed = tuple(Todo(*todo) for todo in todos)
    return after(before, transcript, listed, (*named, *(it.text for it in listed)), day)


def carried(todos):
    return [(it.number, it.text) for it in todos.earlier]


def test_what_another_transcript_left_open_is_carried_with_number_status_and_day():
    first = looked(Todos(), "a", ("Measure", "completed"), ("Batch", "in_progress"), ("Lock", "pending"))
    second = looked(first, "b", day=LATER)
    assert second.earlier == (OpenTodo(1, "Batch", "in_progress", DAY), OpenTodo(2, "Lock", "pending", DAY))
    assert looked(second, "c", day=LATER).earlier == second.earlier


def test_the_list_of_the_same_transcript_says_itself_what_became_of_its_to_dos():
    first = looked(Todos(), "a", ("Batch", "pending"), ("Lock", "pending"))
    again = looked(first, "a", ("Lock", "pending"), ("New", "pending"), day=LATER)
    assert again.earlier == ()
    assert [(it.text, it.since) for it in again.own] == [("Lock", DAY), ("New", LATER)]


@pytest.mark.parametrize("wording", ["Batch the rows", "batch  the rows.", "BATCH THE ROWS"])
def test_a_to_do_that_a_later_transcript_ever_named_is_not_carried_beside_it(wording):
    first = looked(Todos(), "a", ("Batch the rows", "pending"), ("Lock", "pending"))
    assert carried(looked(first, "b", named=[wording])) == [(2, "Lock")]


def test_transcripts_that_take_turns_lose_and_double_nothing():
    todos = looked(Todos(), "a", ("One", "pending"))
    todos = looked(todos, "b", ("Two", "pending"))
    todos = looked(todos, "a", ("One", "pending"))
    assert carried(todos) == [(2, "Two")]
    todos = looked(todos, "b", ("Two", "completed"))
    assert [it.text for it in todos.earlier] == ["One"]


def test_without_a_transcript_all_that_was_open_is_carried():
    first = looked(Todos(), "a", ("One", "pending"))
    assert carried(after(first, None, (), (), LATER)) == [(1, "One")]


def test_of_very_many_the_newest_are_kept():
    todos = Todos()
    for number in range(MOST_EARLIER_TODOS + 20):
        todos = looked(todos, f"t{number}", (f"to-do {number}", "pending"))
    assert len(todos.earlier) == MOST_EARLIER_TODOS
    assert todos.earlier[-1].text == f"to-do {MOST_EARLIER_TODOS + 18}"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", None]),
        st.lists(
            st.tuples(st.sampled_from("vwxyz"), st.sampled_from(["pending", "completed"])), unique_by=lambda it: it[0]
        ),
    )
)


@given(STEPS)
def test_an_open_to_do_is_somewhere_until_some_list_names_it_again(steps):
    """Numbers never come twice, and nothing open vanishes without a transcript that knew of it."""
    todos, given_numbers = Todos(), set()
    for transcript, listed in steps:
        before = {it.text for it in (*todos.own, *todos.earlier)}
        same, todos = transcript == todos.transcript, looked(todos, transcript, *(listed if transcript else ()))
        named = {text for text, _ in listed} if transcript else set()
        now = {it.text for it in (*todos.own, *todos.earlier)}
        assert same or before - named <= now
        numbers = [it.number for it in todos.earlier]
        assert len(set(numbers)) == len(numbers)
        given_numbers |= {*numbers}
        assert max(given_numbers, default=0) <= todos.made
