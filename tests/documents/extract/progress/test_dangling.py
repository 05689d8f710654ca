"""Names that were taken out of a file while it uses them yet."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, FileText
from handoff_cli.documents.extract.progress.dangling import dangling, left_in_use, standing_in_prose
from tests.documents.sessions import told

CODE = "import { DateTime } from 'luxon';\nconst KEY = 'views';\n\nfunction load() {\n  return get(KEY) ?? DateTime.now();\n}\n"


def found(*changes, code=CODE, path="/p/views.ts", since=0):
    text, edits = code, []
    for at, (old, new) in enumerate(changes, 20):
        edits.append(Edit(path, at, "modified", old, new, outcome="ok"))
    texts = (FileText(path, 10, text),)
    return dangling(told(("user", "go"), edits=tuple(edits), texts=texts), (), since)


def test_a_constant_an_import_and_a_function_that_an_edit_took_out_are_named_with_the_lines_that_use_them():
    broken = found(("const KEY = 'views';", "const OLD_KEY = 'views';"))
    assert broken
    assert (broken.names, broken.path, broken.users) == (("KEY",), "/p/views.ts", ())
    assert broken.own == ("5: return get(KEY) ?? DateTime.now();",)
    (name,) = found(("import { DateTime } from 'luxon';", "import { Period } from './period';")).names
    assert name == "DateTime"
    python = "def read():\n    return 1\n\n\ndef main():\n    return read()\n"
    assert found(("def read():", "def read_all():"), code=python, path="/p/a.py").own == ("6: return read()",)


@pytest.mark.parametrize(
    "changes",
    [
        (("const KEY = 'views';", "const OLD = 'views';"), ("get(KEY)", "get(OLD)")),
        (("const KEY = 'views';", "import { KEY } from './keys';"),),
        (("const KEY = 'views';", "const OLD = 'views';"), ("function load", "const KEY = OLD;\n\nfunction load")),
        (("return get(KEY)", "return get('KEY', KEY)"),),
        (("const KEY = 'views';", "const OLD = 'views';"), ("get(KEY)", ["get(other.KEY)", " KEY"][0])),
    ],
)
def test_what_is_defined_or_used_no_more_is_not(changes):
    assert found(*changes) is None


def test_what_only_a_docstring_names_is_not_used():
    python = 'def read():\n    return 1\n\n\ndef main():\n    """Do what read(path) did."""\n    return 2\n'
    assert found(("def read():", "def read_all():"), code=python, path="/p/a.py") is None


def test_a_file_that_is_not_known_whole_tells_nothing_nor_do_edits_that_a_check_saw():
    change = ("const KEY = 'views';", "const OLD_KEY = 'views';")
    assert found(change, since=30) is None
    assert found(change, path="/p/notes.md") is None
    edit = Edit("/p/views.ts", 20, "modified", *change, outcome="ok")
    assert dangling(told(("user", "go"), edits=(edit,)), (), 0) is None


def test_a_module_that_is_imported_on_a_line_of_its_own_is_there():
    code = "import time\nimport unicodedata\nfrom shop import rows\n\n\ndef now():\n    return time.time()\n"
    change = ("import time\nfrom shop", "import time\nimport unicodedata\nfrom shop")
    assert found(change, code=code, path="/p/now.py") is None
    taken = found(("import time\n", "import datetime\n"), code=code.replace("import time\n", ""), path="/p/now.py")
    assert taken
    assert taken.names == ("time",)


PLAN = "# Sync\n\n1. read `lastSyncedId`\n2. post it\n\n## State\n\nlastSyncedId and syncedCount\n\n## End\n\nwrite lastSyncedId\n"
MANY = " ".join(f"read_rows_{it}" for it in "abcdefghij")


def in_prose(*edits, path="docs/plan.md"):
    made = tuple(Edit(path, 20 + at, "modified", old, new) for at, (old, new) in enumerate(edits))
    return standing_in_prose(told(("user", "go"), edits=made, texts=(FileText(path, 30, PLAN),)), ())


def test_what_edits_took_out_of_a_text_at_several_places_and_stands_at_others_is_told_with_its_lines():
    first, second = ("load lastSyncedId", "load the last record"), ("keep lastSyncedId", "keep the record")
    left = in_prose(first, second)
    assert (left.names, left.path) == (("lastSyncedId",), "docs/plan.md")
    assert left.own == ("3: 1. read `lastSyncedId`", "8: lastSyncedId and syncedCount", "12: write lastSyncedId")


@pytest.mark.parametrize(
    ("edits", "path"),
    [
        ((("load lastSyncedId", "load it"),), "docs/plan.md"),
        ((("load lastSyncedId", "load it"), ("keep lastSyncedId", "keep lastSyncedId now")), "docs/plan.md"),
        (((f"load lastSyncedId {MANY}", "load it"), (f"keep lastSyncedId {MANY}", "keep it")), "docs/plan.md"),
        ((("load otherId", "load it"), ("keep otherId", "keep it")), "docs/plan.md"),
        ((("load lastSyncedId", "load it"), ("keep lastSyncedId", "keep it")), "src/plan.py"),
    ],
)
def test_what_was_taken_out_once_or_put_in_again_or_out_of_code_is_none_of_a_text(edits, path):
    assert in_prose(*edits, path=path) is None


README = "# Run\n\nUse it first.\nThe target `run_all_tests` stays.\n"
OF_TEXT = Edit("README.md", 22, "modified", "Use `run_all` first.\nThen `run_all`.", "Use it first.", outcome="ok")
AGAIN = OF_TEXT.replace(position=24, old="And `run_all` last.", new="")


def test_a_name_that_is_a_part_of_another_does_not_stand_in_a_text():
    texts = (FileText("README.md", 25, README),)
    session = told(("user", "drop it"), edits=(OF_TEXT, AGAIN), texts=texts)
    assert standing_in_prose(session, ()) is None
    own = (FileText("README.md", 25, f"{README}Or `run_all`.\n"),)
    assert standing_in_prose(session.replace(texts=own), ()).own == ("5: Or `run_all`.",)


def test_code_that_uses_what_was_taken_out_goes_before_a_text_that_does():
    texts = (FileText("/p/views.ts", 10, CODE), FileText("README.md", 25, f"{README}Or `run_all`.\n"))
    edit = Edit("/p/views.ts", 20, "modified", "const KEY = 'views';", "const OLD = 'views';", outcome="ok")
    session = told(("user", "drop it"), edits=(edit, OF_TEXT, AGAIN), texts=texts)
    assert left_in_use(session, (), ())[0].names == ("KEY",)
    assert left_in_use(session.replace(edits=(OF_TEXT, AGAIN)), (), ())[0].names == ("run_all",)
