"""A name that two modules give a meaning of their own is found; options, doors of one name and private names are none."""

from __future__ import annotations

import importlib.util
from pathlib import Path

_SPEC = importlib.util.spec_from_file_location("check_names", Path(__file__).parents[2] / "scripts" / "check_names.py")
check_names = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(check_names)


def test_names_that_mean_two_things():
    found = check_names.meanings(
        {
            "core/text.py": "def printable(): ...\ndef _own(): ...\n",
            "a.py": "MAX_CHARS = 1\nLIMIT = 1\nclass Source: ...\nclass _Inner: ...\ndef track(): ...\ndef printable(): ...\n",
            "b.py": "MAX_CHARS = 2\nLIMIT = 2\nclass Source: ...\nclass _Inner: ...\ndef track(): ...\ndef _own(): ...\n",
            "c.py": "_FEWEST, _MOST = 1, 2\n_LONG, _FEWEST = 3, 4\n",
            "cli/options.py": "class Source: ...\n",
        }
    )
    assert dict(found) == {
        "MAX_CHARS": ["a.py", "b.py"],
        "Source": ["a.py", "b.py"],
        "printable()": ["a.py", "core/text.py"],
        "_FEWEST": ["c.py", "c.py"],
    }


def test_the_package_has_one_meaning_per_name():
    assert check_names.main() == 0
