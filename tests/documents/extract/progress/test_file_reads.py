"""Commands that only read a file are told by its name, unless what they printed tells more."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Lookup
from handoff_cli.documents.extract.progress.file_reads import read_apart
from handoff_cli.documents.extract.progress.standing import done_since, happened
from tests.documents.sessions import call, ran, told

ROWS = "x: 1\ny: 2\nz: 3"


def steps(*commands, **fields):
    runs = tuple(ran(text, position=11 + at, output=output) for at, (text, output) in enumerate(commands))
    calls = tuple(call(it.position, summary=it.text) for it in runs)
    return happened(told(("user", "go"), commands=runs, tool_calls=calls, **fields), ())


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("cat deploy.log", "one ok\ntwo ok\nthree ok"),
        ("cat /proc/meta.json", ROWS),
        ("cat /tmp/found.json", ROWS),
        ("cat src/a.py", "x = 1"),
        ("head -5 rows.json", "begun\n2026-01-02 10:00:01 ERROR disk full\nended"),
    ],
)
def test_what_a_print_of_a_file_says_stands_where_it_is_no_code_or_short_or_an_error(command, output):
    assert steps((command, output)) == (f"ran {command} → {output.replace(chr(10), ' | ')}",)


def test_code_that_only_names_an_error_is_read():
    assert steps(("cat src/a.py", "import b\nERROR = 3\nFAILED, FATAL = 1, 2\n")) == ("read a.py",)


def test_files_of_one_name_that_were_read_are_told_apart_by_their_folders():
    assert steps(("cat a/config.yml", ROWS), ("cat b/config.yml", ROWS)) == ("read a/config.yml, b/config.yml",)
    looked = (Lookup("read", "/p/a/config.yml", 11), Lookup("read", "/p/b/config.yml", 12))
    assert done_since(told(("user", "go"), lookups=looked), 10) == "read b/config.yml, a/config.yml"


def test_a_path_that_ends_with_another_is_of_the_same_file():
    assert read_apart(("/p/a/config.yml", "a/config.yml:40", "./config.yml", "config.yml")) == {}


@pytest.mark.parametrize(
    ("path", "told_as"),
    [
        ("/r/shop-old/src/cart.py", "shop-old/…/cart.py"),
        ("/r/shop/src/cart.py", None),
        ("/r/till/src/cart.py", None),
        ("/r/shop.py", None),
    ],
)
def test_a_file_of_another_copy_of_the_project_is_told_with_the_name_of_that_copy(path, told_as):
    assert read_apart([path], "/r/shop").get(path) == told_as
    read = told(("user", "go"), lookups=(Lookup("read", path, 20),), tool_calls=(call(20, "Read", path),))
    read = read.replace(folder="/r/shop")
    name = told_as or path.rpartition("/")[2]
    assert done_since(read, 10) == f"read {name}"
    assert happened(read, ()) == (f"read {name}",)
