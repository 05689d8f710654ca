"""What was done to a file before it was moved is told under the name that it has now."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, FileText, FileTouch, Lookup
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.files.relocated import _found_in, copies, files_moved, moves, relocated, relocations
from handoff_cli.documents.extract.files.texts import printed_in
from tests.documents.sessions import ran, told
from tests.growth import assert_linear


def edit(path, position=10, action="modified"):
    return Edit(path, position, action, "a = 1", "a = 2", outcome="ok")


def paths(*edits, runs):
    return [it.path for it in relocated(told(edits=edits, commands=runs)).edits]


@pytest.mark.parametrize(
    ("command", "before", "after"),
    [
        ("git mv src/lock.py src/hold.py", "/p/src/lock.py", "/p/src/hold.py"),
        ("cd src && mv lock.py hold.py", "/p/src/lock.py", "/p/src/hold.py"),
        ("mkdir -p lib && git mv -k src/lock.py src/free.py lib/", "/p/src/free.py", "/p/lib/free.py"),
        ("git mv src/lock.py lib", "src/lock.py", "lib/lock.py"),
        ("git mv src/core lib/core", "/p/src/core/lock.py", "/p/lib/core/lock.py"),
        ("mv /p/src/lock.py /q/lock.py", "/p/src/lock.py", "/q/lock.py"),
        ("git mv src/core lib/", "/p/src/core/lock.py", "/p/lib/core/lock.py"),
        ("git mv src/lock.py src/free.py lib", "/p/src/free.py", "/p/lib/free.py"),
        ("cd src && mv /p/src/lock.py /q/lock.py", "/p/src/lock.py", "/q/lock.py"),
        ("git mv src/lock.py src/hold > log", "/p/src/lock.py", "/p/src/hold/lock.py"),
        ("git mv src/core 2", "/p/src/core/lock.py", "/p/2/lock.py"),
        ("mv  > log", "/p/src/lock.py", "/p/src/lock.py"),
        ("mv src/lock.py", "/p/src/lock.py", "/p/src/lock.py"),
        ("mv src/lock.py $DIR", "/p/src/lock.py", "/p/src/lock.py"),
        ("mv lock.py hold.py", "/p/src/lock.py", "/p/src/lock.py"),
        ("mv src/*.py lib/", "/p/src/lock.py", "/p/src/lock.py"),
        ("git mv src/lock.py src/hold.py", "/p/other/src/lock.py", "/p/other/src/lock.py"),
    ],
)
def test_the_name_now(command, before, after):
    """A bare name is that of a file in the folder that has all others; what a pattern stands for nobody sees."""
    others = edit("/p/main.py"), edit("/p/src/queue.py"), edit("/p/src/lock.py")
    assert paths(edit(before), *others, runs=(ran(command, position=20),))[:2] == [after, "/p/main.py"]


def test_a_name_is_that_of_a_file_where_the_command_ran():
    """As far as paths tell: above all files, or where one that has its folders lies; scratch files tell nothing."""
    bare, web = (ran(f"mv {it}lock.py {it}hold.py", position=20) for it in ("", "web/src/"))
    apart = edit("/p/a/lock.py"), edit("/p/b/queue.py")
    assert paths(*apart, runs=(bare,)) == ["/p/a/lock.py", "/p/b/queue.py"]
    lock = edit("/p/web/src/lock.py")
    for other in ("/p/web/api/queue.py", "/x.py", "/tmp/x.py", "x.py"):
        assert paths(lock, edit(other), runs=(web,)) == ["/p/web/src/hold.py", other]
    assert paths(edit("/p/lock.py"), edit("/tmp/x.py"), runs=(bare,))[0] == "/p/hold.py"


@pytest.mark.parametrize(("known", "told_of"), [("a.py", 1), ("b.py", 1), ("c.py", 0)])
def test_a_move_that_git_did_not_make_is_told_of_a_file_at_hand(known, told_of):
    files = (FileTouch(f"/p/src/{known}", "modified", 1),)
    assert len(files_moved(told(commands=(ran("mv src/a.py src/b.py"),), files=files))) == told_of


def test_what_was_done_since_stands_under_its_own_name():
    there, back = ran("git mv src/lock.py lib/lock.py", position=20), ran("git mv lib/lock.py src/lock.py", position=40)
    edits = edit("/p/src/lock.py"), edit("/p/lib/lock.py", 30), edit("/p/src/lock.py", 50)
    assert paths(*edits, runs=(there, back)) == ["/p/src/lock.py"] * 3
    assert paths(*edits[:2], runs=(there,)) == ["/p/lib/lock.py"] * 2
    assert paths(edits[0], runs=(ran(there.text, "failed", 20),)) == ["/p/src/lock.py"]


def test_files_and_texts_go_with_it():
    move = ran("git mv src/lock.py lib/lock.py", position=20)
    touches = FileTouch("/p/src/lock.py", "modified", 1), FileTouch("/p/lib/lock.py", "modified", 2)
    found = relocated(
        told(
            edits=(edit("/p/src/lock.py"), edit("/p/lib/lock.py", 30)),
            files=touches,
            texts=(FileText("/p/src/lock.py", 10, "a = 2"),),
            lookups=(Lookup("read", "/p/src/lock.py:7", 9, "a"), Lookup("read", "/p/src/queue.py", 9, "b")),
            commands=(move,),
        )
    )
    assert [it.asked for it in found.lookups] == ["/p/lib/lock.py:7", "/p/src/queue.py"]
    assert found.files == (FileTouch("/p/lib/lock.py", "modified", 3),)
    assert [it.path for it in found.texts] == ["/p/lib/lock.py"]


def test_what_moved_for_good_is_told_by_folders():
    """What came back did not move; of several moves the first and the last name tell."""
    runs = (
        ran("git mv app/models/a.rb app/models/b.rb packs/app/", position=20),
        ran("git mv app/jobs packs/jobs", position=21),
        ran("git mv lib/x.rb lib/y.rb", position=22),
        ran("git mv lib/y.rb lib/z.rb", position=23),
        ran("git mv lib/k.rb lib/l.rb && git mv lib/l.rb lib/k.rb", position=24),
        ran("mv /home/u/notes.txt /home/u/old.txt", position=25),
    )
    found = files_moved(told(commands=runs))
    assert [(it.path, it.to, it.names) for it in found] == [
        ("lib/x.rb", "lib/z.rb", ()),
        ("app", "packs", ("jobs",)),
        ("app/models", "packs/app", ("a.rb", "b.rb")),
    ]
    assert [it.kind for it in extract(told(("user", "go"), commands=runs)).changed.moves] == ["file"] * 3


def test_a_redirection_a_dot_and_a_text_that_is_written_are_no_goals():
    for text in ("git mv src/a.py src/b.py 2>/dev/null || true", "git mv src/a.py src/b.py # rename"):
        (moved,) = relocations([ran(text)])
        assert (moved.old, moved.new) == ("src/a.py", "src/b.py")
    assert (
        relocations([ran("mv src/a.py ."), ran("cat > run.sh <<'E'\nmv a.py b.py\nE"), ran("mv -t lib a.py b.py")])
        == ()
    )
    assert relocations([ran("git mv README.md README")])[0].new == "README"


@pytest.mark.parametrize("line", ["mv a b; ", "mv ", "mv -f ", "git -C a mv ", "\nmv a b"])
def test_a_long_command_costs_no_more_than_its_length(line):
    assert_linear(lambda size: relocations([ran(f"mv a b; {line * size}")]), 1_000)


LOAD = "def load_rows(path):\n    return open(path).read()\n"


def change(path, old, new, position):
    return Edit(path, position, "modified", old, new)


def moves_of(*edits, texts=()):
    return [(it.kind, it.names, it.path, it.to) for it in moves(edits, texts)]


def test_what_left_one_file_and_came_to_another_was_moved() -> None:
    out, into = change("a.py", LOAD, "", 10), change("b.py", "", LOAD, 20)
    assert moves_of(out, into) == [("moved", ("load_rows",), "a.py", "b.py")]
    assert moves_of(into, out) == [("moved", ("load_rows",), "a.py", "b.py")]


def test_what_was_made_here_and_moved_on_stands_where_it_is_now() -> None:
    edits = (change("a.py", "", LOAD, 10), change("b.py", "", LOAD, 20), change("a.py", LOAD, "", 30))
    assert moves_of(*edits) == [("moved", ("load_rows",), "a.py", "b.py")]


def test_another_name_for_the_same_body_is_a_new_name() -> None:
    edit = change("a.py", LOAD, LOAD.replace("load_rows", "rows_of"), 10)
    assert moves_of(edit) == [("renamed", ("load_rows",), "a.py", "rows_of")]


def test_what_went_is_removed_but_not_what_came_only_to_go() -> None:
    assert moves_of(change("a.py", LOAD, "", 10)) == [("removed", ("load_rows",), "a.py", "")]
    assert moves_of(change("a.py", "", LOAD, 10), change("a.py", LOAD, "", 20)) == []


def test_what_others_took_the_place_of_is_told_by_the_edit_alone() -> None:
    other = "def rows_from(path):\n    return read(path)\n\n\ndef as_rows(text):\n    return text.split()\n"
    assert moves_of(change("a.py", LOAD, other, 10)) == []


def test_what_a_file_still_has_was_not_taken_out() -> None:
    assert moves_of(change("a.py", LOAD, "", 10), texts=(FileText("a.py", 10, LOAD),)) == []


HOLD = "def hold_lock(path):\n    with open(path) as file:\n        lock(file)\n        wait()\n    return file\n"
FREE = "def free_lock(file):\n    unlock(file)\n"


def copied(*edits, read=HOLD + FREE):
    looks = (Lookup("read", "/p/src/lock.py:1", 12, read),)
    transcript = told(("user", "move it"), edits=edits, lookups=looks)
    return copies(transcript, printed_in(transcript), 15)


def put(new, position=20, old="", path="/p/src/hold.py"):
    return Edit(path, position, "modified", old, new, outcome="ok")


def test_what_was_put_into_a_file_while_another_has_it_yet_is_copied():
    (move,) = copied(put(HOLD.replace("path", "name") + FREE))
    assert (move.kind, move.names) == ("copied", ("hold_lock", "free_lock"))
    assert (move.path, move.to) == ("/p/src/lock.py", "/p/src/hold.py")


@pytest.mark.parametrize(
    ("edits", "read"),
    [
        ((put(HOLD), put("", 30, HOLD, "/p/src/lock.py")), HOLD + FREE),
        ((put(HOLD, 10),), HOLD + FREE),
        ((put(HOLD, old=HOLD.replace("wait()", "pass")),), HOLD + FREE),
        ((put("def hold_lock(name):\n    now()\n    then()\n    here()\n    return 1\n"),), HOLD),
        ((put(HOLD, path="/p/tests/test_hold.py"),), HOLD),
        ((put(FREE),), FREE),
        ((put(HOLD.replace("hold_lock", "__init__")),), HOLD.replace("hold_lock", "__init__")),
    ],
)
def test_what_went_from_the_other_file_was_there_before_or_has_only_the_name_is_not(edits, read):
    assert copied(*edits, read=read) == ()


def test_lines_that_have_a_name_are_counted_on_from_one_to_the_next():
    text = "\nhold_lock\nx\n a hold_lock hold_lock\n\nhold_lock"
    found = [(1, "hold_lock"), (3, " a hold_lock hold_lock"), (5, "hold_lock")]
    assert [*_found_in(text, ["hold_lock"])] == found
    assert [*_found_in("hold_lock", ["no", "hold_lock"])] == [(0, "hold_lock")]
    assert_linear(lambda size: [*_found_in("parse_it()\n" * size, ["parse_it"])], 8_000)


def test_another_of_a_kind_in_the_same_namespace_is_no_copy():
    """What it is in is named alike, and its parts end alike."""
    one = "module Tasks\n  class {0}\n    def collected\n      {1}\n    end\n\n    def process(it)\n      {1}(it)\n    end\n  end\nend\n"
    path = "/p/src/{}.rb"
    looks = (Lookup("read", f"{path.format('prices')}:1", 12, one.format("Prices", "prices")),)
    edits = (put(one.format("Totals", "totals"), path=path.format("totals")),)
    transcript = told(("user", "add it"), edits=edits, lookups=looks)
    assert copies(transcript, printed_in(transcript), 15) == ()
