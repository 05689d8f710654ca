"""What a command changes by the means of the shell is an edit like any other."""

from __future__ import annotations

from posixpath import normpath

import pytest

from handoff_cli.transcripts.by_shell import changes_before_failing, changes_by_shell, made_by_generator
from tests.growth import assert_linear


@pytest.mark.parametrize(
    ("command", "changed"),
    [
        ("sed -i '' 's/old/new/g' a.py b.py", ["a.py", "b.py"]),
        (
            "cd src && for f in a/claude.go gemini.go; do sed -i 's/old/new/' \"$f\"; done",
            ["src/a/claude.go", "src/gemini.go"],
        ),
        ("for it in a.go b.go\ndo\n  sed -i '' 's/old/new/g' ${it}\n  # old.Name to new.Name\ndone", ["a.go", "b.go"]),
        ("sed -i 's/old/new/' a.py # comment here too", ["a.py"]),
        ("sed -i 's/old/new/' $(git ls-files src)", []),
        ("for f in src/*.go; do sed -i 's/old/new/' $f; done", []),
        ("for f in $(git ls-files); do sed -i 's/old/new/' $f; done", []),
        ("for f in a.go; do sed -i 's/old/new/' $other; done", []),
    ],
)
def test_words_replaced_in_files_that_are_named_are_edits_of_each(command, changed):
    """Those of a loop too; which files a pattern or another command gives is not in sight."""
    assert list(changes_by_shell(command)) == [(path, "modified", "old", "new") for path in changed]


@pytest.mark.parametrize(
    ("command", "changes"),
    [
        ("perl -pi -e 's/old/new/g' a.py b.py", [("a.py", "old", "new"), ("b.py", "old", "new")]),
        ("perl -i.bak -pe 's|a/b|c/d|' x.go", [("x.go", "a/b", "c/d")]),
        (
            r"perl -0pi -e 's/(load\(path\);)/$1\n  close\(\);/; s/\{ one \}/{ one, two }/' src/a.ts && make",
            [("src/a.ts", "load(path);", "load(path);\n  close();"), ("src/a.ts", "{ one }", "{ one, two }")],
        ),
        (r"perl -i -pe 's/\brow(\d+)/line$1/' a.c", [("a.c", "", "")]),
        ("perl -pe 's/a/b/' a.py", []),
        ("perl -ne 'print if /x/' a.py", []),
    ],
)
def test_what_perl_replaces_in_place_is_an_edit_and_of_a_pattern_the_file_alone(command, changes):
    assert [(path, old, new) for path, _, old, new in changes_by_shell(command)] == changes


@pytest.mark.parametrize(
    ("command", "written"),
    [
        ("python3 - <<'P'\nt = open('a.md').read()\nopen('a.md', 'w').write(t)\nP\ncat a.md", ["a.md"]),
        (
            "cd /p && python - <<'P'\np = 'a.py'\nopen(p, 'w').write(x)\np = 'b.py'\nopen(p,'w').write(x)\nP",
            ["/p/a.py", "/p/b.py"],
        ),
        ("python -c \"from pathlib import Path; q = Path('a.md'); q.write_text('x')\"", ["a.md"]),
        (
            "uv run .venv/bin/python -u - 1 <<'P'\nopen('a.md', 'w').write(t)\nP\npython -c 'open(\"b.md\",\"wb\").write(t)'",
            ["a.md", "b.md"],
        ),
        ("node -e \"require('fs').writeFileSync('package.json', write(p))\"", ["package.json"]),
        ("python3 - <<'P'\nprint(open('a.md').read(), 'write')\nP", []),
        ("cat > make.py <<'P'\nopen('a.md', 'w').write(t)\nP", ["make.py"]),
        ("python - <<'P'\nPath('a.md').write_text(t)\nPath('b.md').write_text(t)\nP\nls", ["a.md", "b.md"]),
    ],
)
def test_of_a_script_on_the_command_line_the_files_are_in_sight_that_it_writes(command, written):
    """One that is only put into a file has written nothing yet."""
    assert [path for path, *_ in changes_by_shell(command)] == written


def _python(*lines):
    return "\n".join(("python3 - <<'P'", *lines, "P"))


@pytest.mark.parametrize(
    "command",
    [
        """cat > docs/python.md <<'EOF'\nopen("report.txt","w").write(x)\nEOF""",
        """cd python && cat > docs/gen.md <<'E'\nopen("a.txt", "w").write(x)\nE""",
        """cat > docs/gen.md <<'E'\npython3 - <<'P'\nopen("a.txt", "w").write(x)\nP\nE""",
        """git commit -m 'python -c open("a.py","w") write'""",
        """git commit -m 'mend; python -c "open(\\'a.py\\',\\'w\\').write(x)"'""",
        """python gen.py <<'E'\nopen("a.txt", "w").write(x)\nE""",
        """node -e 'fs.writeFileSync(`${p}.bak`, x)'""",
        """node -e 'p = "a.js"; fs.writeFileSync(p + ".bak", x)'""",
        """python -c "print(1)"; echo "open('a.txt', 'w').write(x)" """,
        _python("name='a.py'; open(name + '.bak','w').write(x)"),
        _python("f='in.json'", """open(f"out/{f}.json","w").write(x)"""),
        _python("name = 'out/%s.txt' % n", "open(name, 'w').write(x)"),
        _python("open('out/%s.txt' % n, 'w').write(x)", "open('out/{}.txt'.format(n), 'w').write(x)"),
        _python("z.open('member.txt','w').write(x)"),
        _python("# open('old.txt','w').write(x)"),
        _python("t = t.replace(\"with open('a.txt', 'w') as f\", 'write')"),
        _python('t = """', "open('a.txt', 'w').write(x)", '"""'),
        _python("p = 'a.txt'", "p += '.bak'", "open(p, 'w').write(x)"),
        _python("p = 'a.txt'", "for p in found:", "    open(p, 'w').write(x)"),
        _python("p = 'a.txt'", "def write(x, p):", "    open(p, 'w').write(x)"),
        _python("import os", "os.chdir('out')", "open('a.txt', 'w').write(x)"),
    ],
)
def test_what_only_looks_like_a_file_that_a_script_writes_is_none(command):
    """Text that is put somewhere runs nothing, and of a path that is put together nobody knows the whole."""
    assert all(path.endswith(".md") for path, *_ in changes_by_shell(command))


@pytest.mark.parametrize(
    "unit",
    [
        "for a in ",
        "for a in b; do ",
        "cat > f <<A\n",
        "cat <<A > f\n",
        "sed -i 's/a/b/' ",
        "perl -pi -e 's/a/b/' ",
        "perl -0 -pi ",
        "sed -i 's/a/",
        "sed -i '/a/d; ",
        "open(a, write",
        "python - <<A\nopen('a','w')\nA\n",
        'python -c "\\\\"',
    ],
)
def test_what_a_stranger_begins_again_and_again_and_never_ends_costs_no_more_than_its_length(unit):
    """Else one command of half a megabyte in a log would take minutes."""

    def changes(size):
        return list(changes_by_shell("sed -i << " + unit * (size // len(unit))))

    assert changes(20_000) == []
    assert_linear(changes, 20_000)


def test_a_large_here_document_is_still_in_sight():
    text = "line\n" * 100_000
    assert list(changes_by_shell(f"cat > a.txt <<'END'\n{text}END")) == [("a.txt", "written", "", text.rstrip("\n"))]


RED = "1 failed, 3 passed"


@pytest.mark.parametrize(
    ("command", "said", "changed"),
    [
        ("sed -i 's/a/b/' a.py && pytest", RED, ["a.py"]),
        ("cd src && rm -f a.log; mkdir -p out && sed -i 's/a/b/' a.py && pytest", RED, ["src/a.log", "src/a.py"]),
        ("cat > a.py <<'E'\nx = 1\nE\npytest", RED, ["a.py"]),
        ("pytest && rm a.py", RED, []),
        ("sed -i 's/a/b/' a.py && pytest && rm c.py", RED, ["a.py"]),
        ("sed -i 's/a/b/' a.py", RED, []),
        ("sed -i 's/a/b/' a.py && pytest", "sed: can't read a.py: No such file or directory", []),
        ("rm a.py && pytest", "rm: cannot remove 'a.py': No such file or directory", []),
        ("test -f a.py && rm a.py && pytest", "", []),
    ],
)
def test_where_a_later_step_failed_the_changes_of_the_first_ones_were_made(command, said, changed):
    """Where one of these tells that it failed, none is known to be."""
    assert sorted(it[0] for it in changes_before_failing(command, said)) == changed


def test_first_steps_are_found_in_linear_time():
    assert_linear(lambda size: changes_before_failing("rm a.py && " * (size // 11) + "x", RED), 20_000)
    assert_linear(lambda size: changes_before_failing("rm a.py && x", "sed" * (size // 3)), 60_000)


def test_a_here_document_with_many_empty_lines_that_nothing_ends_takes_as_long_as_it_is():
    assert_linear(lambda size: changes_by_shell("cat > a.py <<A\nb\n" + "\n" * size + "c"), 20_000)


@pytest.mark.parametrize(
    ("command", "said", "made"),
    [
        (
            "python manage.py makemigrations shop -n rate",
            "Migrations for 'shop':\n  src/shop/migrations/0009_rate.py\n    ~ Alter field rate on order",
            {"src/shop/migrations/0009_rate.py": "created"},
        ),
        (
            "bin/rails g model Order total:integer",
            "      invoke  active_record\n      create    db/migrate/2026_orders.rb\n      insert    config/routes.rb\n",
            {"db/migrate/2026_orders.rb": "created", "config/routes.rb": "modified"},
        ),
        (
            "npx ng generate component rate",
            "CREATE src/app/rate.ts (200 bytes)\nUPDATE src/app/app.ts (400 bytes)",
            {"src/app/rate.ts": "created", "src/app/app.ts": "modified"},
        ),
        (
            "flask db migrate -m rate",
            "  Generating /p/versions/1_rate.py ...  done",
            {"/p/versions/1_rate.py": "created"},
        ),
        (
            "php artisan make:model Rate -m",
            "   INFO  Model [app/Rate.php] created successfully.\n",
            {"app/Rate.php": "created"},
        ),
        ("mix ecto.gen.migration rate", "* creating priv/repo/2026_rate.exs", {"priv/repo/2026_rate.exs": "created"}),
        (
            "npx prisma migrate dev --name rate",
            "migrations/\n  └─ 20260101101010_rate/\n    └─ migration.sql",
            {"prisma/migrations/20260101101010_rate/migration.sql": "created"},
        ),
        ("ls shop/migrations", "  shop/migrations/0009_rate.py", {}),
        ("git log --stat", "create  db/migrate/2026_orders.rb", {}),
    ],
)
def test_what_a_generator_says_it_made_was_made(command, said, made):
    assert made_by_generator(command, said) == made


def test_what_a_generator_made_is_looked_for_in_linear_time():
    for unit in ("migrate ", "create  a", "  migrations/", "flask a b "):
        assert_linear(lambda size, it=unit: made_by_generator(it * (size // len(it)), it * (size // len(it))), 10_000)


@pytest.mark.parametrize(
    ("command", "paths"),
    [
        ("cd web && rm a.ts && cd ../api && rm b.py", ["web/a.ts", "web/../api/b.py"]),
        ("cd web\nrm a.ts; cd src; rm b.ts", ["web/a.ts", "web/src/b.ts"]),
        ("(cd web && rm a.ts); rm b.ts", ["web/a.ts", "b.ts"]),
        ('(cd web && make "f(x)" && rm a.ts)', ["web/a.ts"]),
        ("cd /p/web && rm a.ts", ["/p/web/a.ts"]),
        ("rm a.ts && cd web && make", ["a.ts"]),
        ("cat > a.md <<'E'\ncd web && x\nE\nrm b.ts", ["a.md", "b.ts"]),
    ],
)
def test_what_a_command_changes_lies_in_the_folder_that_it_went_to_before(command, paths):
    changed = [normpath(path) for path, *_ in changes_by_shell(command)]
    assert sorted(changed) == sorted(map(normpath, paths))


@pytest.mark.parametrize(
    "run",
    [
        lambda size: "cd a; " + "rm b.py\n" * (size // 8),
        lambda size: "cd a; " + "".join(f"rm b{n}.py\n" for n in range(size // 10)),
        lambda size: "(cd a; rm b.py); " * (size // 17),
        lambda size: "(cd a && " * 20 + "rm b.py; " * (size // 9),
        lambda size: "cd a && rm b.py; echo \"'(" * (size // 26),
        lambda size: "cd a && cat > x <<E\n" + "y\n" * (size // 2),
    ],
)
def test_folders_of_a_command_are_found_in_linear_time(run):
    assert_linear(lambda size: [*changes_by_shell(run(size))], 20_000)


def test_a_folder_in_quotes_is_one_and_brackets_within_a_shell_do_not_end_it():
    (change,) = changes_by_shell("(cd 'web app' && x=$(ls) && rm a.ts)")
    assert change[0] == "a.ts", "of a name with blanks nobody can tell"
    (change,) = changes_by_shell('cd "web" && rm a.ts')
    assert change[0] == "web/a.ts"
    (change,) = changes_by_shell("(cd web && x=$(ls) && rm a.ts)")
    assert change[0] == "web/a.ts"


def test_what_sed_does_by_several_commands_is_told_by_each_that_replaces_and_else_by_the_file():
    both = "sed -i 's/^a = 1$/X/; s/^b = 2/&\\na = b/' src/a.py && sed -i '/^X$/d' src/a.py && pytest"
    assert list(changes_by_shell(both)) == [
        ("src/a.py", "modified", "a = 1", ""),
        ("src/a.py", "modified", "b = 2", "b = 2\na = b"),
    ]  # the line that stood for another is gone
    bounds = "sed -i 's/\\bload\\b/core.load/g' c.py"
    assert list(changes_by_shell(bounds)) == [("c.py", "modified", "load", "core.load")]
    assert list(changes_by_shell("sed -i '1i import os' b.py")) == [("b.py", "modified", "", "")]
    assert list(changes_by_shell("sed -i '/^import a/d; s/old/new/' c.py d.py")) == [
        (path, "modified", "old", "new") for path in ("c.py", "d.py")
    ]


@pytest.mark.parametrize(
    ("script", "old", "new"),
    [
        (r"s/\\begin/\\end/", r"\begin", r"\end"),
        (r"s/C:\\bin/C:\\lib/", r"C:\bin", r"C:\lib"),
        (r"s/\<load\>/read/", "load", "read"),
    ],
)
def test_an_escaped_backslash_above_a_letter_is_no_bound_of_a_word(script, old, new):
    assert list(changes_by_shell(f"sed -i '{script}' a.tex")) == [("a.tex", "modified", old, new)]


def test_a_file_without_an_ending_is_one_where_a_program_edits_in_place():
    run = "sed -i 's/a/b/' app.ini && sed -i 's/c/d/; s/e/f/' Dockerfile && sed -i 's/g/h/' bin/run 2>/dev/null"
    assert [path for path, *_ in changes_by_shell(run)] == ["app.ini", "bin/run", "Dockerfile", "Dockerfile"]
    assert not list(changes_by_shell("sed -i 's/a/b/' 2>&1"))
