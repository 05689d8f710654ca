"""Files at hand are those somebody dealt with: read, edited, named in a command, matched by a search."""

from __future__ import annotations

from handoff_cli.core.paths import name_of
from handoff_cli.core.transcript import Lookup
from handoff_cli.documents.extract.files.files_met import files_at_hand
from tests.documents.sessions import ran, told


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


def test_what_nobody_asked_for_is_at_hand_where_files_of_its_kind_were_asked_for():
    reads = tuple(Lookup("read", f"src/part_{n}.go", n) for n in range(11, 16))
    listed = ran("ls", output="src/other.go\nlib/random.rb\ncontent_hash.txt", position=20)
    assert "src/other.go" in files_at_hand(told(lookups=reads, commands=(listed,)))
    assert not {"lib/random.rb", "content_hash.txt"} & {*files_at_hand(told(lookups=reads, commands=(listed,)))}
    assert "lib/random.rb" in files_at_hand(told(lookups=reads[:3], commands=(listed,)))


def test_files_that_a_search_found_or_the_history_names_are_not_at_hand():
    """Nobody has looked into them; of the first somebody read one."""
    found = (
        Lookup("search", "fetch in src", 11, "Found 3 files\nsrc/far.py\nsrc/read.py\nsrc/hit.py"),
        Lookup("search", "fetch in src", 12, "src/hit.py:3: fetch()"),
        Lookup("read", "src/read.py:1", 13),
    )
    runs = (
        ran("git add src/put.py", output="", position=14),
        ran("git diff --stat", output=" src/changed.py | 3 +-", position=15),
        ran("git diff src/seen.py", output="+++ b/src/seen.py\n+fetch()", position=16),
    )
    assert {*map(name_of, files_at_hand(told(lookups=found, commands=runs)))} == {"read.py", "seen.py"}


def test_what_prose_names_that_was_read_is_no_file_at_hand_and_the_end_of_a_pattern_is_none():
    """Of code that was read it is: a file that it brings in."""
    guide = ran("cat docs/guide.md", output="Write plans as YYYY-MM-DD-<topic>-design.md, see CLAUDE.md.")
    skill = ran("cat ~/.agent/skills/plans/SKILL.md", output="Ask before you write.")
    assert files_at_hand(told(("user", "x"), commands=(guide, skill))) == ("docs/guide.md",)
    code = ran("cat src/cart.ts", output="import { day } from './clock.ts'\n// <topic>-design.md")
    assert set(files_at_hand(told(("user", "x"), commands=(code,)))) == {"src/cart.ts", "./clock.ts"}


def test_what_a_long_list_names_is_not_at_hand_until_somebody_deals_with_it():
    listed = "\n".join(("next.config.js", "package.json", "rows.ts", *(f"part{n}.ts" for n in range(12))))
    for command in ("ls", "cd /p && ls -la src", "find . -name '*.ts'", "rg --files"):
        assert files_at_hand(told(("user", "x"), commands=(ran(command, output=listed),))) == (), command
    dealt = (ran("ls", output=listed), ran("sed -n 1,9p rows.ts", output="a"))
    assert files_at_hand(told(("user", "x"), commands=dealt)) == ("rows.ts",)


def test_a_file_of_a_package_that_a_pasted_traceback_names_is_not_at_hand():
    """One that somebody looked into is."""
    pasted = 'File "/p/.venv/lib/python3.12/site-packages/store/track.py", line 3\nFile "/p/src/main.py", line 9'
    talk = told(("user", pasted), lookups=(Lookup("read", "/p/node_modules/cart/index.js", 2),))
    assert {*map(name_of, files_at_hand(talk))} == {"main.py", "index.js"}
