"""What was searched for, and what it found."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Command, Edit, Lookup, ToolCall
from handoff_cli.documents.extract.commands.results import told_by
from handoff_cli.documents.extract.files.texts import Printed
from handoff_cli.documents.extract.told.searches import fetched, searches
from tests.documents.sessions import ran, told


def searched(*, lookups=(), commands=(), edits=()):
    return searches(told(("user", "go"), lookups=lookups, commands=commands, edits=edits))


def grep(text, output, outcome="ok", position=20):
    return Command(text, position, outcome=outcome, output=output)


MANY = "\n".join(f"src/part{number}.py:{number}:load_rows()" for number in range(20))


@pytest.mark.parametrize(
    ("command", "output", "result"),
    [
        ("grep -rn load_rows src", "src/a.py:7:def load_rows():", "a.py:7: def load_rows():"),
        ("grep -rn load_rows src | head -20", "", "nothing in src"),
        (
            "grep -n load_rows src/a.py",
            "3:load_rows()\n9:load_rows()\n12:load_rows()",
            "a.py:3: load_rows()\na.py:9: load_rows()\na.py:12: load_rows()",
        ),
        ("grep -rl load_rows src", "src/a.py\nsrc/b.py", "2 files: a.py, b.py"),
        ("grep -rn load_rows src | wc -l", "12", ""),
    ],
)
def test_the_result_is_told_as_far_as_it_can_be_understood(command, output, result) -> None:
    assert searched(commands=(grep(command, output),)) == (("load_rows", result),)


def test_what_ends_as_a_search_that_found_nothing_says_so_and_a_wrong_path_does_not() -> None:
    gone = Command("rg -n load_rows src --hidden", 20, exit_code=1, outcome="failed", output="")
    assert searched(commands=(gone,)) == (("load_rows", "nothing in src"),)
    wrong = gone.replace(exit_code=2, error="rg: src: No such file or directory", output="rg: src: No such file")
    assert searched(commands=(wrong,)) == (("load_rows", ""),)


def test_what_was_sought_where_it_is_not_and_then_found_is_told_as_found() -> None:
    runs = (
        grep("grep -rn load_rows lib", "", position=10),
        grep("grep -rn 'load_rows\\|save' src", "src/a.py:7:load_rows()"),
    )
    assert [it[1] for it in searched(commands=runs)] == ["a.py:7: load_rows()"]
    assert [it[1] for it in searched(commands=runs[:1])] == ["nothing in lib"]


def test_what_looks_at_the_output_of_another_command_is_no_search() -> None:
    assert searched(commands=(grep("strings bin/shop | rg -i load_rows", "shop/src/rows.rs"),)) == ()
    assert searched(commands=(grep("find src | grep load_rows", "src/load_rows.py"),)) == (
        ("load_rows", "1 file: load_rows.py"),
    )


def test_of_many_files_the_number_and_the_first_names_are_told() -> None:
    ((_, result),) = searched(commands=(grep("grep -rn load_rows src", MANY),))
    assert result.startswith("20 files: part0.py, part1.py")
    assert result.endswith("and 10 more")


def test_of_files_that_are_called_alike_the_folder_tells_which_they_are() -> None:
    hits = "envs/red/main.tf:2: size = 4\nenvs/green/main.tf:2: size = 9"
    found = "red/main.tf:2: size = 4\ngreen/main.tf:2: size = 9"
    assert searched(commands=(grep("grep -rn size envs", hits),)) == ()  # so short a pattern is none
    assert searched(commands=(grep("grep -rn 'size =' envs", hits),)) == (("size =", found),)


def test_what_was_found_last_is_told_with_more_places_while_nothing_was_edited_since() -> None:
    hits = "\n".join(MANY.split("\n")[:9])
    run, call = grep("rg -n load_rows", hits), ToolCall("1", "Bash", "rg -n load_rows", 20)
    later = [ToolCall(str(at), "Bash", "ls", 20 + at) for at in range(1, 6)]
    for calls, edits, lines in (
        ((call,), (), 9),
        ((call,), (Edit("x.py", 30, "modified", "a", "b"),), 1),
        ((call, *later), (), 1),
    ):
        ((_, result),) = searches(told(("user", "go"), commands=(run,), tool_calls=calls, edits=edits))
        assert len(result.split("\n")) == lines


def test_a_search_by_a_tool_that_found_nothing_says_so() -> None:
    assert searched(lookups=(Lookup("search", "load_rows", 20, "No matches found"),)) == (("load_rows", "nothing"),)


def test_where_it_stood_before_its_file_was_edited_is_not_told() -> None:
    run = grep("grep -n load_rows src/a.py", "3:load_rows()\n9:load_rows()\n12:load_rows()")
    assert searched(commands=(run,), edits=(Edit("src/a.py", 30, "modified", "a", "b"),)) == (("load_rows", ""),)


def test_the_latest_search_stands_first_and_each_once() -> None:
    runs = (grep("rg -n first src", "", position=10), grep("rg -n second src", "", position=20))
    again = grep("rg -n first src", "src/a.py:1:first", position=30)
    assert [it[0] for it in searched(commands=(*runs, again))] == ["first", "second"]
    assert searched(commands=(*runs, again))[0][1] == "a.py:1: first"


REVIEW = '[{"path":"src/rows.py","line":12,"body":"This reads the file twice.\\r\\n\\r\\nKeep the \\"rows\\" of the first call, please, and close it."}]'


def test_what_somebody_wrote_is_told_with_the_place_it_is_about() -> None:
    run = Command("gh api repos/o/r/pulls/1/comments", 20, outcome="ok", output=REVIEW)
    ((command, text),) = fetched(told(("user", "look at the review"), commands=(run,)), 15)
    assert command == "$ gh api repos/o/r/pulls/1/comments"
    assert text.startswith('src/rows.py:12: This reads the file twice. Keep the "rows" of the first call')


def test_a_few_lines_that_were_fetched_are_told_and_what_has_no_result_to_read_is_not() -> None:
    runs = [
        Command("gh pr diff 3 --name-only", 20, outcome="ok", output="a.py\nb.py\nc.py\nShell cwd was reset to /x"),
        Command("git status", 21, outcome="ok", output="a\nb\nc"),
        Command("pytest -q", 22, outcome="ok", output="a\nb\nc"),
        Command("gh pr diff 3", 23, outcome="failed", output="a\nb\nc"),
        Command("gh pr diff 4", 24, outcome="ok", output="\n".join(map(str, range(99)))),
    ]
    transcript = told(("user", "go"), commands=tuple(runs))
    assert fetched(transcript, 15) == (("$ gh pr diff 3 --name-only", "a.py | b.py | c.py"),)
    assert fetched(transcript, 20) == ()


def test_what_another_tool_gave_for_the_request_is_told_without_the_names_of_its_arguments():
    gave = Lookup("tool", 'tabs_list {"title":"Look at the tabs"}', 20, '{"tabs": [], "title": "Shop"}')
    transcript = told(("user", "go"), lookups=(gave,))
    assert fetched(transcript, 15) == (("tabs_list Look at the tabs", "tabs: [], title: Shop"),)
    bare = told(("user", "go"), lookups=(Lookup("tool", "tabs_list {}", 20, "3 tabs"),))
    assert fetched(bare, 15) == (("tabs_list", "3 tabs"),)
    assert fetched(transcript, 20) == ()


def test_code_that_a_review_proposes_stands_below_its_words_as_it_is() -> None:
    text = "This reads the file twice, the rows of the first call will do.\\n```suggestion\\n\\tif rows:\\n\\t\\treturn rows\\n```"
    run = Command("gh api x", 20, outcome="ok", output=f'[{{"path":"src/rows.py","body":"{text}"}}]')
    ((_, told_of_it),) = fetched(told(("user", "go"), commands=(run,)), 15)
    assert told_of_it.endswith("will do.\nIt proposes:\n\tif rows:\n\t\treturn rows")
    assert told_by(run.output or "").startswith("rows.py: This reads")
    assert told_by('{"id": 3}') == ""


def test_what_was_sought_before_is_not_told_where_only_the_latest_request_counts() -> None:
    runs = (grep("rg -n first src", "", position=10), grep("rg -n second src", "", position=20))
    assert searches(told(("user", "go"), commands=runs), since=15) == (("second", "nothing in src"),)


def test_of_patches_that_were_read_it_is_told_what_each_changes_and_of_a_list_of_files_their_names():
    patch = "@@ -4,3 +4,4 @@ func Drain(queue Queue) error {\n \tlock()\n-\treturn run(queue)\n+\trows, err := load_rows(queue)\n+\treturn err"
    command = "gh api repos/shop/shop/pulls/7/files --jq '.[] | select(.filename == \"jobs/{}.go\") | .patch'"
    runs = [ran(command.format(name), position=20 + at, output=patch) for at, name in enumerate(("drain", "fill"))]
    names = "\n".join(f"jobs/part{at}.go" for at in range(6))
    runs.append(ran("gh api repos/shop/shop/pulls/7/files --jq '.[] | .filename'", position=30, output=names))
    gave = [it for _, it in fetched(told(("user", "compare to #7"), commands=tuple(runs)), 10)]
    assert gave == [
        "6 files: part0.go, part1.go, part2.go, part3.go, part4.go, part5.go",
        "patch of fill.go: +2 \u22121; in Drain; in its new lines load_rows",
        "patch of drain.go: +2 \u22121; in Drain; in its new lines load_rows",
    ]


def test_of_a_patch_its_flags_values_and_remarks_are_told_before_names_but_no_errors_and_imports():
    added = (
        '\t"bytes"',
        "\t// Runs it without a question",
        '\targs := []string{"--yes", "-m", mode}',
        '\tmode = "all_rows"',
    )
    more = ('\tt.Errorf("no --yes: %v", err)', "\treturn run(args)")
    patch = "\n".join(
        ("@@ -4,3 +4,9 @@ func Drain(queue Queue) error {", " \tlock()", *map("+{}".format, (*added, *more)))
    )
    runs = (ran("gh api pulls/7/files --jq '\"jobs/drain.go\"'", position=20, output=patch),)
    ((_, gave),) = fetched(told(("user", "how does it pass?"), commands=runs), 10)
    assert gave == f"patch of drain.go: +6 \u22120; in Drain; + {' | '.join(it.strip() for it in added[1:])}"


def test_what_a_patch_takes_away_is_counted_line_by_line_behind_its_head():
    patch = "diff --git a/q.sql b/q.sql\n--- a/q.sql\n+++ b/q.sql\n@@ -1,2 +0,0 @@\n--- old rows\n-select 1"
    session = told(("user", "compare"), commands=(ran("gh pr diff 7", position=20, output=patch),))
    assert [it for _, it in fetched(session, 10)] == ["patch of q.sql: +0 \u22122"]


@pytest.mark.parametrize("line", ["v1.{}.0", "0.041{}", "10.0.0.{}", "part{}.example"])
def test_versions_figures_and_addresses_are_no_files(line):
    output = "\n".join(line.format(at) for at in range(8))
    gave = fetched(told(("user", "look"), commands=(ran("./list --all", position=20, output=output),)), 10)
    assert not any("files" in it for _, it in gave)


def test_a_place_that_was_read_later_is_not_told_and_one_that_was_read_before_is() -> None:
    """Its lines are known; another search that found it again is no reading."""
    found = "src/a.py:3: load_rows()\nsrc/a.py:40: load_rows()\nsrc/b.py:3: load_rows()"
    looked = Lookup("search", "load_rows", 20, found)

    def told_with(position, lines, path="/p/src/a.py"):
        printed = Printed(position, tuple((path, number, "x") for number in lines))
        return searches(told(("user", "go"), lookups=(looked,)), printed=(printed,))[0][1].split("\n")

    assert told_with(30, range(1, 9)) == ["a.py:40: load_rows()", "b.py:3: load_rows()", "and 1 read since"]
    for unread in (told_with(12, range(1, 9)), told_with(30, (3, 9, 14, 20, 27, 40)), told_with(30, range(50, 60))):
        assert unread == ["a.py:3: load_rows()", "a.py:40: load_rows()", "b.py:3: load_rows()"]
    everywhere = Printed(30, tuple(("src/a.py", number, "x") for number in range(1, 50)))
    only = Lookup("search", "load_rows", 20, "src/a.py:3: load_rows()")
    assert searches(told(("user", "go"), lookups=(only,)), printed=(everywhere,)) == (("load_rows", ""),)


def test_files_that_were_read_since_count_among_those_a_search_found_and_what_was_cut_is_at_least_so_many() -> None:
    read = Printed(30, tuple(("src/part3.py", number, "x = 1") for number in range(1, 20)))
    hits = grep("grep -rn load_rows src", MANY)
    (before, after) = (searches(told(commands=(hits,)), printed=it) for it in ((), (read,)))
    assert before[0][1].startswith("20 files: part0.py, ")
    assert after[0][1].startswith("20 files: part0.py, part1.py, part2.py, part4.py")
    cut = grep("grep -rn load_rows src", f"{MANY}\n... (truncated)")
    assert searches(told(commands=(cut,)))[0][1].startswith("at least 20 files: ")
