"""Edits are told as what is left of them: where, shortest old and new, the same in many places once."""

from __future__ import annotations

from handoff_cli.core.paths import is_test
from handoff_cli.core.transcript import Command, Edit, FileTouch
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.files.changes import altered, change_line, change_of, lines_of, new_sides
from handoff_cli.documents.extract.files.edits import digest, of_project, of_work, reverted, shown_by_git, standing
from handoff_cli.documents.extract.files.texts import FilePart
from handoff_cli.documents.extract.language.words import redacting
from handoff_cli.documents.extract.progress.work_at_hand import made_since
from tests.documents.sessions import edit, ran, told


def lines(*edits):
    return [[change_line(change) for change in file.changes] for file in digest(edits)]


def test_the_shortest_old_and_new_with_the_function():
    old, new = "def load():\n    rows = list(f)\n    return rows", "def load():\n    rows = iter(f)\n    return rows"
    assert lines(edit(1, old, new, where="load")) == [["load: rows = list(f) → rows = iter(f)"]]


def test_what_is_new_is_told_by_what_it_defines():
    new = "def a():\n    pass\n\n\ndef b():\n    pass\n\n\ndef c():\n    return 1"
    assert lines(edit(1, "def a():\n    pass", new)) == [["+ b, c (+4)"]]
    assert lines(edit(1, "", "# One\n\ntext\n\n## Two\n", path="/p/x.md", action="created")) == [["+ One, Two (+3)"]]


def test_what_opens_a_group_alone_tells_nothing_of_it():
    says = (
        "// tombstone is the value of an evicted counter. What comes late moves it a little, so all below is evicted.\n"
    )
    new = f'import (\n\t"math"\n\t"sync"\n)\n\n{says * 3}const (\n\ttombstone = math.MinInt64\n\tbelow = math.MinInt64 / 2\n)'
    ((line,),) = lines(edit(1, 'import "sync"', new, path="/p/counter.go"))
    assert line.startswith("+ tombstone = math.MinInt64")


def test_a_script_that_is_kept_beside_the_project_comes_after_what_it_was_written_for():
    script = edit(9, "", "def mend():\n    return 1\n", path="/tmp/mend.py", action="created")
    made = edit(1, "wait = 1", "wait = 2")
    assert [it.path for it in digest([made, script])] == ["/p/a.py", "/tmp/mend.py"]
    assert made_since(of_work([made, script]), 0) == ("a.py",)
    assert made_since(of_work([script]), 0) == ("mend.py (new)",)


def test_a_word_replaced_alike_in_several_places_is_told_once():
    found = lines(
        edit(1, "x = paths.find(a)", "x = files.find(a)", where="one"),
        edit(2, "y = paths.find(b)", "y = files.find(b)", path="/p/b.py", where="two"),
    )
    assert found == [["paths.find → files.find (in 2 places: a.py:one, b.py:two)"], []]


def test_a_word_that_was_replaced_beside_other_changes_counts_among_its_places():
    edits = [
        edit(1, "x = paths.find(a)", "x = files.find(a)"),
        edit(2, "y = paths.find(b)", "y = files.find(b)", path="/p/b.py"),
        edit(3, "z = paths.find(c)", "z = files.find(c)", path="/p/b.py"),
        edit(4, "log(paths.find, 'old')", "log(files.find, 'no page')", path="/p/c.py"),
        edit(5, "both(paths.find)", "both(paths.find, files.find)", path="/p/d.py"),
    ]
    (found,) = {(it.times, it.where) for file in digest(edits) for it in file.changes if it.times > 1}
    assert found == (4, ("a.py", "b.py", "c.py"))


def test_what_a_later_edit_took_away_is_no_change_any_more():
    assert lines(edit(1, "a = 1", "a = 2"), edit(2, "a = 2", "a = 3")) == [["a = 2 → a = 3"]]
    assert lines(edit(1, "", "first = 1"), edit(2, "", "whole = 2", action="created")) == [["+ whole = 2"]]


def test_the_file_edited_last_comes_first():
    files = digest([edit(1, "a", "b", "/p/one.py"), edit(2, "c", "d", "/p/two.py"), edit(3, "e", "f", "/p/one.py")])
    assert [(file.path, file.count) for file in files] == [("/p/one.py", 2), ("/p/two.py", 1)]


def test_an_edit_that_was_turned_back_is_a_thing_tried():
    tried = (edit(1, "use(list)", "use(pool)"), edit(2, "use(pool)", "use(list)"))
    assert [change_line(it.changes[0]) for it in reverted(tried)] == ["use(list) → use(pool)"]
    assert reverted(tried[:1]) == ()


def test_without_edits_the_last_diff_of_git_tells_what_changed():
    output = "diff --git a/lock.py b/lock.py\n--- a/lock.py\n+++ b/lock.py\n@@ -1,3 +1,3 @@ def held():\n-    return 0\n+    return 3\n"
    (found,) = shown_by_git([Command("git diff HEAD", 4, output=output)])
    assert (found.path, found.old, found.new, found.where) == ("lock.py", "    return 0", "    return 3", "held")
    assert shown_by_git([Command("gh pr diff 3", 4, output=output)]) == []
    assert shown_by_git([Command("git diff 1234567..89abcde", 4, output=output)]) == []


def test_a_change_in_a_diff_lies_in_what_begins_above_it_not_in_what_its_hunk_begins_in():
    output = (
        "diff --git a/a.go b/a.go\n+++ b/a.go\n@@ -1,9 +1,9 @@ func Before() {\n }\n \n-func Load(a int) {\n"
        "+func Load(a, b int) {\n \tx := a\n func After() {\n-\treturn 1\n+\treturn 2\n"
    )
    found = shown_by_git([Command("git diff", 4, output=output)])
    assert [(it.where, it.new) for it in found] == [("Load", "func Load(a, b int) {"), ("After", "\treturn 2")]


def test_a_file_that_is_gone_is_not_told():
    made = edit(1, "", "x = 1", action="created")
    assert digest([made, Edit("/p/a.py", 2, "deleted")]) == ()


def test_of_a_diff_without_its_middle_no_hunk_is_put_into_another_file():
    output = (
        "diff --git a/a b/a\n+++ b/a.py\n@@ -1 +1 @@\n-x = 1\n+x = 2\n…\n@@ -9 +9 @@ def other():\n-y = 1\n+y = 2\n"
    )
    assert [it.path for it in shown_by_git([Command("git diff", 4, output=output)])] == []
    whole = output.replace("…", "@@ -5 +5 @@\n-z\n+w\n…")
    assert [(it.path, it.old) for it in shown_by_git([Command("git diff", 4, output=whole)])] == [("a.py", "x = 1")]


def test_a_secret_that_was_changed_is_redacted_though_it_stands_without_its_line():
    edits = [edit(n, "password = oldSecret99xYz", "password = newSecret88xYz", f"/p/{n}.py") for n in (1, 2)]
    with redacting():
        assert "Secret" not in str(lines(*edits)).replace("REDACTED", "")


def test_of_a_file_what_is_new_or_spoken_of_is_told_before_imports_and_small_changes():
    imports = edit(9, "import a", "import a\nimport b\nimport c", path="/p/rows.py")
    made = edit(1, "", "def close_all():\n" + "".join(f"    row_{it}.close()\n" for it in range(16)), "/p/rows.py")
    small = edit(8, "LIMIT = 3", "LIMIT = 4", path="/p/rows.py")
    assert lines(made, small, imports) == [["+ close_all (+17)", "LIMIT = 3 → LIMIT = 4"]]
    spoken = edit(7, "wait(open_lock)", "wait(open_lock, the_row=3)", path="/p/rows.py")
    found = digest([made, spoken, small], frozenset(("open_lock", "the_row")))
    assert [change_line(it)[:4] for it in found[0].changes] == ["wait", "+ cl", "LIMI"]


def test_what_came_after_the_latest_request_is_told_before_larger_changes_of_the_same_function():
    long = "\n".join(f"    step_{n}(row, table)" for n in range(14))
    edits = (
        edit(1, "    old(row)", long, where="load"),
        edit(5, "    return None", "    return Failed(row)", where="load"),
    )
    edits += (edit(200, "a", "b", "/p/b.py"),)
    assert change_line(digest(edits, asked=3)[1].changes[0]) == "load: return None → return Failed(row)"
    assert "Failed" not in change_line(digest(edits)[1].changes[0])


def test_what_moved_away_is_told_by_its_names_and_what_was_written_over_is_not():
    body = "def load():\n    a = 1\n    b = 2\n    return a + b"
    assert lines(edit(1, body, "")) == [["− load (−4)"]]
    assert lines(edit(1, "", body), edit(2, f"{body}\nx = 3", "x = 3")) == []


def test_a_signature_below_a_new_comment_is_the_change():
    old, new = "open(path: str) -> None", "# seconds is how long it waits\nopen(path: str, seconds: int) -> None"
    assert "seconds: int" in lines(edit(1, old, new))[0][0]


def test_of_a_long_change_the_sentence_of_its_comment_is_told():
    new = (
        "    # Only files that are staged and that the agent wrote count,\n    # others say nothing of it.\n"
        "    staged = staged_files()\n    wrote = written(log)\n    both = staged & wrote\n"
        "    if not both:\n        return False\n    return True"
    )
    says = "+ # Only files that are staged and that the agent wrote count, others say nothing of it. (+8 −1)"
    assert lines(edit(1, "    return bool(written(log))", new, where="has_work")) == [[f"has_work: {says}"]]


def test_of_a_long_change_of_a_test_what_it_asserts_is_told():
    new = (
        "    # Only files that are staged and that the agent wrote count.\n    staged = staged_files()\n"
        "    wrote = written(log)\n    both = staged & wrote\n    one, *more = both\n    assert one == log\n    assert not more"
    )
    told = "has_work: assert bool(written(log)) → assert one == log (+7 −1)"
    old = "    assert bool(written(log))"
    assert lines(edit(1, old, new, "/p/test_a.py", "has_work")) == [[told]]


def test_lines_that_were_only_put_in_another_order_are_told_as_that():
    """What differs between the lines at one place would read as a new name."""
    pays, auth = 'resource "slo" "acme_pays" {\n  target = 99\n}', 'resource "slo" "acme_auth" {\n  target = 95\n}'
    told = lines(edit(1, f"{pays}\n\n{auth}", f"{auth}\n\n{pays}", path="/p/slo.tf"))
    assert told == [['resource "slo" "acme_pays" { → in another order, now first: resource "slo" "acme_auth" {']]


def test_tests_are_known_by_name_or_folder():
    assert all(map(is_test, ("a/tests/x.py", "x_test.go", "x.spec.ts", "test_x.py", "spec/a.rb")))
    assert not any(map(is_test, ("latest.py", "a/contest.py", "testing_ground.py")))


def test_a_few_new_lines_are_told_whole_where_they_are_short():
    block = "limits: {\n  auto: true,\n  share: 0.9,\n},"
    assert lines(edit(1, "a: 1,", f"a: 1,\n{block}", where="config")) == [
        ["config: + limits: { auto: true, share: 0.9, }, (+4)"]
    ]


def test_a_name_handed_on_through_many_places_is_told_once():
    found = lines(
        edit(1, "def load(rows):", "def load(rows, logPath):", where="load"),
        edit(2, "load(rows)", "load(rows, logPath)", path="/p/b.py", where="main"),
        edit(3, "", "    logPath: str", path="/p/c.py", where="State"),
        edit(4, "save(rows)", "save(rows, logPath)", path="/p/c.py", where="end"),
    )
    assert found == [["+ logPath (in 4 places: a.py:load, b.py:main, c.py:State, c.py:end)"], [], []]


def test_of_lines_that_could_tell_the_place_as_well_the_first_does():
    """Not the one that comes first in a set, which is another one in every run."""
    lines = [f"line {number}" for number in range(60)]
    lines[10], lines[50] = "alpha_one()", "gamma_two()"
    piece = altered(edit(5, "before", "gone\nalpha_one()\ngamma_two()\nmoved"))
    part = FilePart("/p/a.py", 9, tuple(lines))
    assert lines_of(piece, part) == {10}


def test_what_was_written_for_a_while_beside_the_project_is_none_of_it():
    """It is where nothing of another folder is known."""
    there, beside = Edit("/p/a.py", 1, "modified", "a", "b"), Edit("/tmp/try.py", 2, "created", "", "b")
    known = FileTouch("/p/a.py", "read", 1)
    assert of_project(told(edits=(there, beside), files=(known,))) == (there,)
    assert of_project(told(edits=(beside,), files=(known,))) == ()
    assert of_project(told(edits=(beside,), files=(FileTouch("/tmp/try.py", "created", 1),))) == (beside,)


def test_a_project_that_lies_where_files_are_kept_for_a_while_is_one_all_the_same():
    """As on a machine that only builds. A few scripts in one folder there are none."""
    names = ("repo/src/a.py", "repo/src/b.py", "repo/tests/test_a.py")
    inside = tuple(Edit(f"/tmp/{it}", at, "modified", "a", "b") for at, it in enumerate(names))
    notes, there = Edit("notes.md", 9, "modified", "a", "b"), Edit("/home/kim/p/a.py", 9, "modified", "a", "b")
    assert of_project(told(edits=(*inside, notes), files=(FileTouch("notes.md", "read", 1),)))[:3] == inside
    assert list(of_work((*inside, notes)))[:3] == list(inside)
    assert of_work((*inside, there)) == [there]
    scripts = tuple(Edit(f"/tmp/try{at}.py", at, "created", "", "b") for at in range(4))
    assert of_work((*scripts, notes)) == [notes]
    beside = tuple(Edit(it, 8, "created", "", "b") for it in ("/tmp/try.py", "/tmp/repo/../tmp/cost.py"))
    assert list(of_work((*inside, *beside))) == list(inside)
    assert of_project(told(edits=(*inside, *beside))) == inside


def test_a_file_all_of_whose_edits_were_taken_back_is_not_told_as_changed():
    there, back = edit(11, "size = 20", "size = 50"), edit(15, "size = 50", "size = 20")
    other, more = edit(16, "a = 1", "a = 2", path="/p/b.py"), edit(17, "width = 1", "width = 2")
    files = (FileTouch("/p/a.py", "modified", 2), FileTouch("/p/a.py", "read", 1), FileTouch("/p/b.py", "modified", 1))
    for edits, changed in (((there, back, other), ["/p/b.py"]), ((there, back, more, other), ["/p/a.py", "/p/b.py"])):
        story = extract(
            told(("user", "go"), ("assistant", "Both are done."), ("user", "more"), edits=edits, files=files)
        )
        assert [it.path for it in story.changed.files if it.action == "modified"] == changed
        assert sorted({it.path for it in of_work(edits)}) == changed
        assert sorted(story.runs.unchecked) == changed
        assert ("a.py" in "".join(it.done for it in story.told.turns)) == ("/p/a.py" in changed)


def test_a_log_that_was_deleted_is_no_edit_of_the_work_and_makes_no_check_older():
    log, made = Edit("run.log", 30, "deleted"), Edit("a.py", 12, "modified", "a", "b")
    assert made_since(of_work([made, log]), 0) == ("a.py",)
    assert made_since(of_work([log]), 0) == ()
    story = extract(told(("user", "go"), edits=(made, log), commands=(ran("pytest", output="3 passed in 1s"),)))
    assert (story.runs.unchecked, [it.edited for it in story.runs.checks]) == ((), [0])


def test_of_edits_that_went_on_with_each_other_the_first_old_and_the_last_new_are_told():
    first = edit(1, "    return None", "    return Failed(row, table)", where="load")
    assert lines(first, edit(2, "Failed(row, table)", "Refused(row, table)", where="load")) == [
        ["load: return None → return Refused(row, table)"]
    ]
    around = edit(2, "    a = 1\n    return Failed(row, table)", "    a = 1\n    return 7", where="load")
    assert lines(first, around) == [["load: return None → return 7"]]


def test_of_edits_that_cancel_each_other_nothing_is_told():
    waits = edit(1, "    close(port)", "    while busy(port):\n        pass\n    close(port)")
    taken_out = edit(5, "    while busy(port):\n        pass\n", "")
    assert digest([waits, taken_out]) == ()
    assert standing([waits, taken_out]) == []
    assert standing([waits]) == [waits]
    unknown = Edit("/p/a.py", 7, "modified")
    assert standing([waits, taken_out, unknown]) == [waits, taken_out, unknown]


def test_edits_on_both_sides_of_the_latest_request_or_of_other_lines_are_told_apart():
    first = edit(1, "    return None", "    return Failed(row, table)", where="load")
    late = edit(5, "Failed(row, table)", "Refused(row, table)", where="load")
    told_apart = [change_line(it) for it in digest([first, late], asked=3)[0].changes]
    assert told_apart[0] == "load: Failed(row, table) → Refused(row, table)"
    other = edit(2, "    a = first_row()", "    a = last_row()", where="load")
    assert len(lines(first, other)[0]) == 2
    elsewhere = edit(2, "Failed(row, table)", "Refused(row, table)", where="store")
    assert set(lines(first, elsewhere)[0]) == {
        "load: return None → return Failed(row, table)",
        "store: Failed(row, table) → Refused(row, table)",
    }
    brought = edit(1, "a = 1", "a = 1\n\ndef load(row):\n    return Failed(row, table)", where="begin")
    assert len(lines(brought, late)[0]) == 1


def test_what_only_calls_otherwise_what_was_changed_comes_after_it():
    """A call of something else comes before: it is later."""
    main = edit(1, "    pass", "\n".join(f"    step_{n}(lock)" for n in range(8)), where="wait_for")
    call = edit(9, "    wait_for(lock)", "    wait_for(lock, 3)", where="run")
    other = edit(9, "    hold(lock)", "    hold(lock, 3)", where="run")
    assert [it.partition(":")[0] for it in lines(main, call)[0]] == ["wait_for", "run"]
    assert [it.partition(":")[0] for it in lines(main, other)[0]] == ["run", "wait_for"]


def test_of_a_long_change_what_it_asserts_or_does_is_told_where_its_comment_is_none_that_is_short():
    rest = "\n".join(f"    row{n} = {n}" for n in range(6))
    said = f"    // What is told here goes on {'and on ' * 20}\n    kind = plain\n{rest}\n    return rows(all)"
    assert lines(edit(1, "a = 1", said)) == [["a = 1 → return rows(all) (+9 −1)"]]
    test = f'    // It must fail where nothing is left.\n{rest}\n    t.Error("load should fail")'
    assert lines(edit(1, '    t.Errorf("%v", err)', test)) == [
        ['t.Errorf("%v", err) → t.Error("load should fail") (+8 −1)']
    ]


def test_where_there_is_no_room_for_both_sides_the_new_one_is_told():
    """Each change keeps its place; what has no old side, and code with a semicolon, stays."""
    line = "edited a.go: load: x := 1; y := 2 → z := 3; + close (+4); hold, free: wait(a) → wait(b)"
    assert new_sides(line) == "edited a.go: load: → z := 3; + close (+4); hold, free: → wait(b)"
    assert new_sides(new_sides(line)) == new_sides(line)
    assert new_sides("edited plan.md: Phase 4: Rows: old → new") == "edited plan.md: Phase 4: Rows: → new"


def test_an_edit_that_puts_definitions_before_one_and_changes_that_too_tells_both():
    head = "def test_sums():\n"
    rows = "".join(f"    assert total({n}) == {n}\n" for n in range(4))
    new = f"def test_empty():\n    assert total() == 0\n\n\n{head}{rows}    assert total(9) == 9\n"
    (told_of,) = lines(edit(1, head + rows, new))
    assert told_of == ["+ test_empty (+2)", "test_sums: + assert total(9) == 9"]


def test_a_definition_that_only_marks_where_others_were_put_is_not_told():
    new = "def empty():\n    return 0\n\n\ndef total(rows):\n"
    assert lines(edit(1, "def total(rows):\n", new)) == [["+ empty (+2)"]]


def test_below_definitions_that_were_put_in_each_change_is_told_of_the_definition_it_lies_in():
    alpha, beta = (
        "def alpha(x):\n    def twice():\n        return 2\n    return x\n\n\n",
        "def beta(x):\n    return x * 2\n",
    )
    fresh, changed = "def fresh():\n    return 0\n\n\n", beta.replace("2", "3")
    (told_of,) = lines(edit(1, alpha + beta, fresh + alpha + changed))
    assert told_of == ["+ fresh (+2)", "beta: return x * 2 → return x * 3"]
    (told_of,) = lines(edit(1, alpha + beta, fresh + alpha.replace("return x", "return -x") + changed))
    assert sorted(told_of) == ["+ fresh (+2)", "alpha: return x → return -x", "beta: return x * 2 → return x * 3"]


def test_lines_with_others_between_them_are_not_told_as_one():
    old = "rows(pool) {\n  pool\n  |> sorted(by_age)\n}"
    new = "rows(pool) {\n  pool\n  |> sorted(by_age)\n  |> paired(with_empty)\n}".replace("  pool\n", "  idle\n", 1)
    change, _ = change_of(altered(Edit("src/rows.gleam", 1, "modified", old, new)), "src/rows.gleam")
    assert change.new == "idle … |> paired(with_empty)"


def test_a_line_put_into_several_files_is_told_by_its_code_not_by_a_word_of_its_comment():
    edits = [
        Edit(f"docs/step_{at}.md", at, "modified", "push", "cargo login   # reads CARGO_TOKEN\npush") for at in range(4)
    ]
    told_all = "\n".join(change_line(change) for file in digest(edits) for change in file.changes)
    assert "cargo login" in told_all
    assert "+ CARGO_TOKEN" not in told_all
