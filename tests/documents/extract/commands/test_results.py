"""What a tool gave is told in a line: of JSON the values that say something, of text its first lines."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.transcript import Command, ToolCall
from handoff_cli.documents.extract.commands.results import lines_in, printed_at_end, printed_line, result_in
from tests.documents.sessions import ran, told


def test_of_json_names_and_values_are_told_empty_ones_too():
    assert result_in('{"tabs": [{"title": "Shop", "open": true}], "userTabs": []}', 200) == (
        "title: Shop, open: true, userTabs: []"
    )


def test_the_text_that_a_protocol_wraps_is_what_counts():
    inner = json.dumps({"status": "open", "body": 'Say "no" to it'})
    wrapped = json.dumps([{"type": "text", "text": inner}])
    assert result_in(wrapped, 200) == 'status: open, body: Say "no" to it'
    assert result_in(json.dumps({"content": [{"type": "text", "text": "Two rows"}]}), 200) == "Two rows"


def test_where_room_lacks_what_only_points_to_something_goes_first():
    rows = {"node_id": "x" * 90, "html_url": "https://shop.example/1", "state": "failed", "created_at": "2026-01-02"}
    assert result_in(json.dumps(rows), 40) == "state: failed"


def test_a_plain_result_is_told_by_its_lines():
    assert result_in("\n one\n\n  two\n", 50) == "one | two"


@given(st.text(max_size=300), st.integers(5, 80))
def test_any_result_gives_one_line_within_its_size(answer, size):
    told = result_in(answer, size)
    assert len(told) <= size
    assert "\n" not in told


def test_objects_stand_on_a_line_and_labels_with_the_same_below_together():
    same = '{\n  "base": "803390c7da6f78ad75be1ae764125b34ba88284b",\n  "count": 0\n}'
    printed = f'=== a.json ===\n{same}\n=== b.json ===\n{{\n  "base": "x"\n}}\n=== c.json ===\n{same}'
    assert lines_in(printed) == ["a.json, c.json: base: 803390c7da…, count: 0", "b.json: base: x"]


def test_of_long_identifiers_the_beginning_stands_and_other_lines_as_they_are():
    assert lines_in("0eb220a6-6207-443b-9ea3-2bd8edbbff4d.json\n\n  one\n== two") == [
        "0eb220a6….json",
        "one",
        "== two",
    ]


def test_a_command_whose_end_a_screen_hid_is_not_told_by_what_it_printed_before():
    shown = "[run] first\nreading"
    assert printed_line(Command("make count", 1, output=f"{shown}\n… +63 lines"), 60) == ""
    assert printed_line(Command("make count", 1, output=shown), 60) == "[run] first | reading"
    silent = "(Bash completed with no output)"
    assert printed_line(Command("argocd app set shop --sync-policy none", 1, output=silent), 60) == ""


def test_of_a_few_objects_with_the_same_names_it_is_told_in_what_they_differ():
    rows = [{"amount": "10.00", "currency": "EUR", "note": "x", "made": f"09:1{at}"} for at in range(2)]
    one, other = map(json.dumps, rows)
    assert printed_line(ran("./dump.sh", output=f"{one}\n{other}"), 60) == "2 alike but for made: 09:10 | 09:11"
    assert "alike" not in printed_line(ran("./dump.sh", output=f"{one}\n{one}"), 60)
    assert "alike" not in printed_line(ran("./dump.sh", output=one), 60)


def test_of_a_long_output_at_the_end_the_first_line_stands_and_the_last_ones():
    output = (
        "old segment: TypeError\n"
        + "".join(f"row {n} of the file is read and it is right\n" for n in range(40))
        + "40 rows"
    )
    run, call = (
        ran("python3 look.py", "ok", 40, output=output),
        ToolCall("1", "Bash", "python3 look.py", 40, outcome="ok"),
    )
    shown = printed_at_end(told(("user", "look"), commands=(run,), tool_calls=(call,)), ()).split("\n")
    assert shown[:2] == ["old segment: TypeError", "…"]
    assert shown[-1] == "40 rows"
    assert sum(map(len, shown)) < 500


def test_above_what_was_printed_stands_a_command_that_the_list_of_steps_has_no_room_for():
    """What its loop goes over and its query asks for are the names of what was printed."""
    query = "--query 'Groups[].[Name,Min,Max]' --output text"
    for text, above in (
        (f"cd /srv && for p in red green; do cloud groups show --name $p --region north-1 {query}; done", True),
        ("./sizes.sh", False),
        ("./load.sh <<EOF\n" + "rows of a text\n" * 12 + "EOF", False),
    ):
        run = ran(text, "ok", 40, output="red 2 24\ngreen 2 12")
        call = ToolCall("1", "Bash", text, 40, outcome="ok")
        first, *rest = printed_at_end(told(("user", "look"), commands=(run,), tool_calls=(call,)), ()).split("\n")
        assert (first == f"$ {text.removeprefix('cd /srv && ')}") == above
        assert rest[-1] == "green 2 12"


@pytest.mark.parametrize(
    ("text", "lines", "shown"),
    [
        ("grep -n 'heat\\|glow' kiln.conf | head; echo ===", 3, True),
        ("rg -n heat", 40, False),
        ("cat kiln.conf", 3, False),
    ],
)
def test_of_what_only_looks_the_few_lines_that_a_search_found_last_are_told(text, lines, shown):
    run = ran(text, "ok", 40, output="\n".join(f"{n}:heat = {n}" for n in range(lines)))
    call = ToolCall("1", "Bash", text, 40, outcome="ok")
    found = printed_at_end(told(("user", "look"), commands=(run,), tool_calls=(call,)), ())
    assert ("2:heat = 2" in found) is shown


def test_what_all_records_have_alike_is_told_once_before_what_differs():
    def row(name, base="80339", count=0):
        return f'=== {name} ===\n{{\n  "id": "{name}-1",\n  "base": "{base}",\n  "count": {count}\n}}'

    same = "\n".join(map(row, ("a", "b", "c")))
    assert lines_in(same) == ["all 3: base: 80339, count: 0", "a: id: a-1", "b: id: b-1", "c: id: c-1"]
    one_alike = "\n".join(row(name, base=name) for name in ("a", "b", "c"))
    assert lines_in(one_alike)[0] == "a: id: a-1, base: a, count: 0"
    assert lines_in("\n".join(map(row, ("a", "b"))))[0] == "a: id: a-1, base: 80339, count: 0"


def test_of_a_quiet_chain_that_ends_with_the_log_the_latest_commit_is_told():
    """Among other lines, and where the log is turned round, the last one tells."""
    log = "41ce7d8 Make the runner safe for all that comes back in\nd3b90aa Drop the effects of an earlier life"
    commits = "git add -A && git commit -qm x && git log --oneline -2"
    assert printed_line(ran(commits, output=log), 40).startswith("41ce7d8 Make the runner safe")
    assert printed_line(ran(commits.replace("-2", "-2 --reverse"), output=log), 40).startswith("d3b90aa")
    assert printed_line(ran(f"{commits}; make size", output=f"{log}\n12 kB"), 40) == "12 kB"


def test_of_a_list_that_has_the_most_first_the_first_lines_stand():
    output = "".join(f"{90 - at} tests/test_part_{at}.py::test_that_a_pool_is_closed\n" for at in range(30))
    text = "pytest -q | grep '::' | sort | uniq -c | sort -rn"
    run, call = ran(text, "ok", 40, output=output), ToolCall("1", "Bash", text, 40, outcome="ok")
    shown = printed_at_end(told(("user", "look"), commands=(run,), tool_calls=(call,)), ()).split("\n")
    assert [it.split()[0] for it in shown[:3]] == ["90", "89", "88"]
    assert shown[-1] == "…"


def _gave(command: str, output: str) -> str:
    return printed_line(ran(command, output=output), 60)


def test_what_a_listing_says_where_there_is_nothing_is_no_name_in_it():
    command = 'ls fixtures/ 2>/dev/null || echo "No such folder"'
    assert _gave(command, "No such folder") == "No such folder"
    assert _gave(command, "a.json\nb.json\n") == "a.json, b.json"


def test_one_line_of_a_text_that_was_looked_at_is_not_told_for_it():
    text = f"name: importer\nhome: https://shop.example/importer\nnote: {'x' * 90}\n"
    assert _gave("git show main~2:config/importer.yaml", text) == ""
    assert _gave("gh pr create --fill", "https://shop.example/pull/7\n") == "https://shop.example/pull/7"


def test_that_nothing_is_to_be_committed_is_told_of_all_that_a_status_says():
    clean = "On branch main\nYour branch is up to date.\n\nnothing to commit, working tree clean"
    assert printed_line(ran("git status", output=clean), 60) == "nothing to commit, working tree clean"


def test_an_output_that_was_too_large_is_told_as_that():
    shown = "<persisted-output>\nOutput too large (388.7KB). Full output saved to: /tmp/x.txt\n\nPreview:\n{}"
    assert _gave("grep -i plan notes.jsonl", shown) == "more than could be shown (388.7KB)"


def test_a_log_of_commits_is_told_by_the_first_and_how_many_more():
    one = (
        "commit 81aee64c9d9db087f78b3881aee64c9d9db08aaa\nAuthor: A <a@b.example>\nDate:   Mon\n\n    {}\n\n    More\n"
    )
    assert _gave("git log --diff-filter=D -- x", one.format("Drop x")) == "81aee64c9 Drop x"
    both = one.format("Drop x") + "\n" + one.format("Add x")
    assert _gave("git log -- x", both) == "81aee64c9 Drop x and 1 more"
