"""Names in hand are those somebody works with, not those that a program printed."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, FileText, FileTouch, Lookup, Message
from handoff_cli.documents.extract.hand import NamesInHand, files_at_hand
from handoff_cli.documents.extract.texts import printed_in
from handoff_cli.documents.pieces import hand_lines
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
    noise = "\n".join(f"noiseName{n}" for n in range(60))
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


def test_the_sign_before_a_file_that_a_command_sends_is_no_part_of_its_name():
    """Before a package's it is."""
    runs = (ran("curl -d @rows.json http://a.b && cat @shop/cart.ts"),)
    assert set(files_at_hand(told(("user", "x"), commands=runs))) == {"rows.json", "@shop/cart.ts"}


def test_the_frames_of_a_stack_name_no_file_at_hand():
    """Nobody has dealt with it; a call that names a file has, and a route may begin with a plus."""
    output = (
        "at org.apache.catalina.ErrorReportValve.invoke(ErrorReportValve.java:93)\nRead(src/cart.py)\nsrc/+page.svelte"
    )
    assert set(files_at_hand(told(commands=(ran("tail -50 app.log", output=output),)))) == {
        "src/cart.py",
        "src/+page.svelte",
    }


def test_what_an_address_ends_with_or_somebody_goes_without_is_no_file_at_hand():
    """A command that copies the file has dealt with it."""
    runs = (ran("curl -fsSL https://a.b/x/install.sh | sh"), ran("cp ./setup.sh /tmp"))
    talk = told(("user", "a folder without docs/RULES.md"), commands=runs)
    assert files_at_hand(talk) == ("./setup.sh",)


def test_what_only_a_run_printed_or_words_name_without_a_folder_is_no_file_at_hand():
    talk = told(
        ("user", "x"),
        ("assistant", "`orders.ts` may be in local time; see `lib/clock.ts`."),
        commands=(
            ran("vitest run", output="ok late.test.ts"),
            ran("ls lib", output="zone.ts"),
            ran("prettier --write lib/*.min.css"),
            ran("cat ci.yml", output="run: ./deploy ${{ matrix.env }}"),
        ),
    )
    assert sorted(files_at_hand(talk)) == ["ci.yml", "lib/clock.ts", "zone.ts"]


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


def test_what_nobody_asked_for_is_at_hand_where_files_of_its_kind_were_asked_for():
    reads = tuple(Lookup("read", f"src/part_{n}.go", n) for n in range(11, 16))
    listed = ran("ls", output="src/other.go\nlib/random.rb\ncontent_hash.txt", position=20)
    assert "src/other.go" in files_at_hand(told(lookups=reads, commands=(listed,)))
    assert not {"lib/random.rb", "content_hash.txt"} & {*files_at_hand(told(lookups=reads, commands=(listed,)))}
    assert "lib/random.rb" in files_at_hand(told(lookups=reads[:3], commands=(listed,)))


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
