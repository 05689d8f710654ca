"""What was put in for a while is told with its function, until something takes it out again."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Command, Edit, FileText, Message, Transcript
from handoff_cli.documents.extract.files.temporary import temporary
from tests.documents.sessions import edit


def left(*edits, said="", **fields):
    messages = (Message("assistant", said, 0),) if said else ()
    return temporary(Transcript("claude_code", edits=edits, messages=messages, **fields))


def test_lines_meant_for_a_while_are_named_while_they_stand():
    debug = edit(1, "x = 1", "x = 1\nprint('DEBUG:', x)")
    assert left(debug) == (("/p/a.py", "print('DEBUG:', x)"),)
    assert left(debug, edit(2, "print('DEBUG:', x)", "")) == ()


def test_code_that_was_put_into_a_comment_is_perhaps_meant_for_a_while():
    off = edit(1, "    check_prices(rows)", "    # check_prices(rows)")
    assert left(off) == (("/p/a.py", "# check_prices(rows)"),)
    assert left(edit(1, "    check(rows)", "    # Rows were checked by the caller")) == ()
    assert left(off, edit(2, "    # check_prices(rows)", "    check_prices(rows)")) == ()


def test_a_value_that_settings_keep_in_a_comment_beside_the_new_one_is_an_old_one():
    kept = ("max_wal = 64 GB", "#max_wal = 64 GB\nmax_wal = 32 GB")
    assert left(edit(1, *kept, "/p/db.conf")) == ()
    assert left(edit(1, kept[0], "#max_wal = 64 GB", "/p/db.conf")) == (("/p/db.conf", "#max_wal = 64 GB"),)
    assert left(edit(1, *kept)) == (("/p/a.py", "#max_wal = 64 GB"),)


def test_a_marker_is_told_with_the_test_below_it():
    skip = edit(1, "def test_parses():", "@pytest.mark.skip(reason='later')\ndef test_parses():", "/p/test_a.py")
    assert left(skip) == (("/p/test_a.py", "test_parses: @pytest.mark.skip(reason='later')"),)


@pytest.mark.parametrize(
    "marker",
    [
        "@pytest.mark.skipif(sys.platform == 'win32', reason='posix only')",
        "@pytest.mark.skip(reason='needs docker')",
        "@pytest.mark.xfail(reason='see #412')",
        "@pytest.mark.xfail(reason='REV-311: a missing rate gives null', strict=True)",
    ],
)
def test_a_marker_that_gives_a_lasting_reason_is_not_for_a_while(marker):
    assert left(edit(1, "def test_parses():", f"{marker}\ndef test_parses():", "/p/test_a.py")) == ()


def test_a_test_that_was_written_with_its_marker_is_not_for_a_while():
    new = "def test_old():\n    pass\n\n@pytest.mark.skip\ndef test_new():\n    pass"
    assert left(edit(1, "def test_old():\n    pass", new, "/p/test_a.py")) == ()


@pytest.mark.parametrize("line", ["console.log(rows)", 'println!("{:?}", rows)', "time.sleep(5)", "dbg!(rows)"])
def test_a_line_that_prints_or_waits_is_for_a_while_where_the_agent_announced_it(line):
    made = edit(1, "rows = read()", f"rows = read()\n{line}", "/p/a.ts")
    assert left(made, said="Odd. Let me print the rows that come in.") == (("/p/a.ts", line),)


def test_a_line_that_prints_is_part_of_the_program_where_nobody_says_otherwise():
    assert left(edit(1, "rows = read()", "rows = read()\nprint(rows)"), said="Next comes the report.") == ()


def test_the_function_comes_from_the_text_of_the_file_where_the_edit_does_not_tell_it():
    text = "def read():\n    rows = []\n    print('DEBUG', rows)\n    return rows\n"
    made = edit(3, "    rows = []", "    rows = []\n    print('DEBUG', rows)")
    found = left(made, texts=(FileText("/p/a.py", 3, text),))
    assert found == (("/p/a.py", "read: print('DEBUG', rows)"),)


@pytest.mark.parametrize("command", ["git checkout -- a.py", "git restore .", "sed -i '/DEBUG/d' src/a.py"])
def test_a_command_that_takes_the_line_out_again_ends_it(command):
    debug = edit(1, "x = 1", "x = 1\nprint('DEBUG:', x)")
    assert left(debug, commands=(Command(command, 2, outcome="ok"),)) == ()
    assert left(debug, commands=(Command("git checkout -b fix", 2, outcome="ok"),)) != ()


def test_a_file_beside_the_work_is_for_a_while_until_it_is_deleted():
    path = "/p/compose.override.yml"
    made = edit(1, "", "services: {}", path, action="created")
    assert left(made) == ((path, "the whole file, it was created"),)
    assert left(made, Edit(path, 2, "deleted")) == ()


@pytest.mark.parametrize(
    "line",
    [
        "if DEBUG:",
        "rows = rows.only('id')",
        "db.run('CREATE TEMPORARY TABLE rows (id int)')",
        "folder = os.environ['TEMP']",
        "key = 'sk-XXX'",
        "# Remove it from the list, and don't merge equal rows",
        "logger.debug('read %d rows', len(rows))",
    ],
)
def test_what_only_has_such_a_word_is_not_for_a_while(line):
    assert left(edit(1, "x = 1", f"x = 1\n{line}")) == ()


@pytest.mark.parametrize(
    "line",
    [
        "it.only('parses', () => {",
        "retries = 0 # TEMP",
        "// HACK the clock",
        "return 1 # take out again",
        "x = 2 # remove me",
        "x = 2 # do not commit",
        "debugger;",
        'eprintln!("[dbg] {} rows", rows.len());',
        "print(f'dbg {rows}')",
    ],
)
def test_what_says_so_itself_is_for_a_while(line):
    assert left(edit(1, "x = 1", f"x = 1\n{line}")) == (("/p/a.py", line),)


def test_a_line_that_a_program_wrote_is_not_looked_through():
    """It would be read to its end from each of its signs, for hours."""
    assert left(edit(1, "x", f"{'// ' * 300_000}XXX")) == ()
    assert left(edit(1, "x", f"{chr(10) * 300_000}// XXX")) == (("/p/a.py", "// XXX"),)
