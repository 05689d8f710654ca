"""Names in hand are those somebody works with, not those that a program printed."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, FileText, FileTouch, Lookup, Message
from handoff_cli.documents.extract.files.hand import NamesInHand
from handoff_cli.documents.extract.files.texts import printed_in
from handoff_cli.documents.parts.pieces import hand_lines
from handoff_cli.redaction import redact
from tests.documents.sessions import ran, told


def in_hand(**fields):
    return NamesInHand(told(("user", "x"), **fields)).told()


def names(**fields):
    return [name for _, name in in_hand(**fields)]


def test_names_that_only_an_output_holds_come_last():
    noise = "\n".join(f"noiseName{n} noiseName{n} noiseName{n}" for n in range(20))
    printed = ran("rg -n x", position=40, output=noise)
    held = names(
        commands=(printed,),
        reasonings=(Message("assistant", "`usedName` is what counts.", 30),),
        lookups=(Lookup("search", "soughtName", 20),),
    )
    assert set(held[:2]) == {"usedName", "soughtName"}


def test_of_names_that_only_an_output_holds_those_that_nothing_calls_are_none():
    """What somebody worked with is one though nothing calls it."""
    printed = ran(
        "cat -n src/rows.py", position=40, output="1\tdef load_rows(path):\n2\t    row_count = old_rows(path)"
    )
    assert set(names(commands=(printed,))) == {"load_rows:1", "old_rows"}
    sought = Lookup("search", "row_count", 20)
    assert "row_count" in names(commands=(printed,), lookups=(sought,))
    table = ran("cat -n src/rows.sql", position=40, output="1\tcreate table shop_rows (\n2\t    row_count integer")
    assert {"shop_rows", "row_count"} <= set(names(commands=(table,)))


def test_names_out_of_other_peoples_code_are_none():
    printed = ran("grep -rn x node_modules/lib", position=40, output="theirName theirName")
    sought = Lookup("search", "ourName", 20, "node_modules/lib/a.js: theirOther")
    assert not {"theirName", "theirOther"} & set(names(commands=(printed,), lookups=(sought,)))
    assert "ourName" in names(commands=(printed,), lookups=(sought,))


def test_a_name_has_the_file_it_was_edited_in():
    edit = Edit("src/rows.py", 20, "modified", "old_rows", "new_rows")
    assert set(in_hand(edits=(edit,))) == {("src/rows.py", "new_rows")}


def test_a_name_does_not_stand_by_a_file_that_was_deleted():
    edit = Edit("src/rows.py", 20, "created", None, "new_rows")
    files = (FileTouch("src/rows.py", "deleted", 2),)
    assert in_hand(edits=(edit,), files=files) == (("", "new_rows"),)


def test_a_name_has_the_file_a_search_or_a_print_found_it_in_and_the_line_of_its_definition():
    found = "src/lock.py:12:def hold_lock(path):\nsrc/lock.py-13-    free_lock(path)\nsrc/main.py:40:    hold_lock(p)"
    sought = Lookup("search", "hold_lock", 20, found)
    shown = ran("cat -n src/queue.py | head", position=30, output="     7\tdef take_next():\n     8\t    hold_lock()")
    changed = ran("git diff", position=40, output="+++ b/src/jobs.py\n+    run_jobs()\n")
    said = {"reasonings": (Message("assistant", "hold_lock, free_lock, take_next and run_jobs are to be used.", 50),)}
    held = {
        name.partition(":")[0]: (path, name)
        for path, name in in_hand(lookups=(sought,), commands=(shown, changed), **said)
    }
    assert held["hold_lock"] == ("src/lock.py", "hold_lock:12")
    assert held["free_lock"] == ("src/lock.py", "free_lock")
    assert held["take_next"] == ("src/queue.py", "take_next:7")
    assert held["run_jobs"] == ("src/jobs.py", "run_jobs")


def test_names_of_no_file_are_told_only_where_there_are_hardly_others():
    said = tuple(Message("assistant", f"`farName{n}` is called.", 30) for n in range(20))
    assert len(in_hand(reasonings=said)) == 8
    edit = Edit("src/a.py", 40, "modified", "", "\n".join(f"def own_name_{n}(): pass" for n in range(9)))
    held = in_hand(reasonings=said, edits=(edit,))
    assert {path for path, _ in held} == {"src/a.py"}


def test_names_that_stand_in_no_code_and_no_command_are_not_in_hand():
    """Nobody has worked with what was only said or printed."""
    said = ("assistant", "`isOpen` is on, state READY_TO_SERVE, see `hold_lock`.")
    runs = (ran("grep -rn hold_lock src", position=20, output="READY_TO_SERVE_TOO"),)
    assert NamesInHand(told(said, commands=runs)).told() == (("", "hold_lock"),)


def test_names_of_one_file_stand_on_a_line():
    hand = (("src/a.py", "one_name:3"), ("src/a.py", "two_name"), ("", "far_name"), ("src/a.py", "three_name"))
    assert hand_lines(hand, 9) == "a.py: one_name:3, two_name, three_name\nNames besides: far_name"
    assert hand_lines(hand, 1) == "a.py: one_name:3"
    assert hand_lines((), 9) == ""


def test_names_of_a_file_that_is_gone_and_many_that_were_only_printed_are_not_told():
    gone = (Edit("old.py", 20, "created", "", "gone_name = 1"), Edit("old.py", 30, "deleted"))
    assert names(edits=gone) == []
    noise = "\n".join(f"noiseName{n}(rows)" for n in range(60))
    assert len(names(commands=(ran("grep -n x lib.py", position=40, output=noise),))) == 16


def test_a_name_that_is_used_in_several_ways_comes_before_one_that_is_used_in_one():
    edit = Edit("src/rows.py", 30, "modified", "", "once_named = both_named")
    assert names(edits=(edit,), lookups=(Lookup("search", "both_named", 20),))[0] == "both_named"


def test_the_first_name_of_a_file_stands_before_others_of_its_worth():
    many = Edit("src/rows.py", 30, "modified", "", " ".join(f"rows_{n}" for n in range(9)))
    one = Edit("src/lock.py", 29, "modified", "", "lock_name")
    assert "lock_name" in names(edits=(one, many))[:4]


def test_behind_what_was_left_out_of_a_diff_names_have_no_file():
    shown = "+++ b/src/jobs.py\n+def run_jobs():\n…\n+def free_lock():\n+++ b/src/lock.py\n+def hold_lock():"
    changed = ran("git diff", position=40, output=shown)
    said = {"reasonings": (Message("assistant", "hold_lock, free_lock and run_jobs are to be used.", 50),)}
    held = {name: path for path, name in in_hand(commands=(changed,), **said)}
    assert held == {"run_jobs": "src/jobs.py", "free_lock": "", "hold_lock": "src/lock.py"}


def test_names_that_were_only_read_belong_to_the_file_they_were_read_in():
    said = ("assistant", "load_rows calls read_prices")
    read = Lookup("read", "src/rows.py:40", 20, "40\tdef load_rows():\n41\t    return read_prices()\n42\t")
    transcript = told(("user", "go"), said, lookups=(read,))
    held = NamesInHand(transcript).told(printed_in(transcript))
    assert set(held) == {("src/rows.py", "load_rows:40"), ("src/rows.py", "read_prices")}


def test_a_name_that_edits_took_out_everywhere_is_not_in_hand_and_one_that_moved_is():
    def edit(path, old, new, position):
        return Edit(path, position, "modified", old, new)

    edits = (
        edit("src/a.py", "", "old_name = 1\nmoved_name = 2\nkept_name = 3", 20),
        edit("src/b.py", "", "moved_name = 2", 21),
        edit("src/a.py", "old_name = 1\nmoved_name = 2\nkept_name = 3", "kept_name = 3", 22),
    )
    held = {name.partition(":")[0] for _, name in in_hand(edits=edits)}
    assert held == {"moved_name", "kept_name"}


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("if pw == 'Qw3rT9yUpLk2JhGf':", "Qw3rT9yUpLk2JhGf"),
        ("login(user, 'Teal_Sedge60')", "Teal_Sedge60"),
        ("pw = 'moss_Pebble'", "moss_Pebble"),
    ],
)
def test_a_password_is_no_name_whatever_word_tells_it(line, secret):
    assert "[REDACTED" in redact(line)
    edit = Edit("src/app.py", 20, "modified", "", f"def load_rows(user):\n    {line}\n        pass")
    held = {name for _, name in in_hand(edits=(edit,))}
    assert secret not in held
    assert "load_rows" in held


def test_a_name_that_a_file_written_anew_has_no_more_is_not_in_hand():
    first = Edit("plan.md", 20, "created", "", "oldName and keptName")
    again = Edit("plan.md", 30, "created", "", "… [9000 characters] …\nkeptName")
    for text, expected in (("keptName", {"keptName"}), ("keptName, oldName", {"keptName", "oldName"})):
        texts = (FileText("plan.md", 30, text),)
        assert set(names(edits=(first, again), texts=texts)) == expected


def test_a_name_has_no_line_that_an_edit_after_the_print_may_have_moved():
    shown = ran("cat -n src/queue.py | head", position=30, output="     7\tdef take_next():\n     8\t    hold_lock()")
    said = {"reasonings": (Message("assistant", "take_next is slow.", 50),), "commands": (shown,)}
    edit = Edit("/p/src/queue.py", 20, "modified", "a = 1", "take_next()")
    assert "take_next:7" in names(edits=(edit,), **said)
    assert "take_next" in names(edits=(edit.replace(position=40),), **said)


def test_a_key_or_a_value_of_data_is_no_name_in_hand_and_one_that_code_has_bare_or_somebody_sought_is():
    data = Edit(
        "test_rows.py", 20, "modified", "", 'row = {"old_path": "rename_file", "row_kind": \'new_kind\', "kept": 1}'
    )
    assert names(edits=(data,)) == []
    code = Edit("rows.py", 30, "modified", "", "old_path = row.old_path\nread(row_kind, old_path)")
    sought = Lookup("search", "rename_file", 40)
    assert set(names(edits=(data, code), lookups=(sought,))) == {"old_path", "row_kind", "rename_file"}
    longer = Edit("rows.py", 30, "modified", "", 'read(old_path, {"old_path_full": 1, "old_path_short": old_path})')
    assert "old_path" in names(edits=(longer,))


def test_what_was_only_put_into_the_history_is_not_in_hand():
    put = ran("git add src/old_rows.py && git commit -m 'Take far_rows out'", position=20)
    assert names(commands=(put, ran("pytest -k near_rows && git add -A", position=30))) == ["near_rows"]


def test_the_name_of_a_file_stands_by_no_other_file():
    text = '#include "bulk_xfer.h"\nbulk_xfer(1);\nfree_chunk(2);'
    files = (FileTouch("src/bulk_xfer.c", "read", 1), FileTouch("src/dfu.c", "modified", 1))
    other = Edit("src/dfu.c", 20, "modified", "x", text)
    assert set(in_hand(edits=(other,), files=files)) == {("src/dfu.c", "free_chunk")}
    own = Edit("src/bulk_xfer.c", 20, "modified", "x", text)
    assert ("src/bulk_xfer.c", "bulk_xfer") in in_hand(edits=(own,), files=files)


def test_what_was_spoken_and_written_down_names_nothing_in_hand():
    words = "2\n00:00:04.000 --> 00:00:07.000\nWe put the CodeMap into the SalesDesk.\n"
    spoken = ran("sed -n '1,40p' talks/sync.vtt", position=20, output=words)
    assert names(commands=(spoken, ran("cat rows.py", position=30, output="near_rows(open_rows())"))) == [
        "near_rows",
        "open_rows",
    ]


def test_a_name_that_a_plan_speaks_of_does_not_stand_by_the_file_of_the_plan():
    edits = (Edit("/p/plans/it.md", 20, "created", "", "Let `holdRows` count.", None, "ok"),)
    assert in_hand(edits=edits) == (("/p/plans/it.md", "holdRows"),)
    assert in_hand(edits=edits, plan_file="/p/plans/it.md") == ()


def test_where_code_was_seen_a_name_that_none_of_it_sets_is_a_librarys_and_is_not_in_hand():
    code = "def sweep_pools(pool_size):\n    idle_pools = read_pools()\n    raise ValueError(pool_size, maxTimeout)\n"
    edit = Edit("src/pools.py", 12, "modified", "pass", code)
    assert "maxTimeout" in names(edits=(edit,))  # nothing else was seen
    rest = "".join(f"def close_pool_{at}():\n    pass\n" for at in "abcdefgh")
    read = Edit("src/rest.py", 11, "created", "", rest)
    held = names(edits=(read, edit))
    assert {"sweep_pools", "idle_pools"} <= {*held}
    assert not {"ValueError", "maxTimeout", "read_pools"} & {*held}
