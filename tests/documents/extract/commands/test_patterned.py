"""Files that commands edit in place by a pattern of their names."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.commands.patterned import edited_by_pattern
from tests.documents.sessions import ran


@pytest.mark.parametrize(
    ("command", "patterns"),
    [
        ("sed -i '' 's/a.*b/c/g' web/tests/*.ts", ("web/tests/*.ts",)),
        ("cd web && sed -E -i 's/a/b/' src/**/*.tsx lib/*.ts && npm test", ("src/**/*.tsx", "lib/*.ts")),
        ('for f in app/*.go; do\n  if grep -q x "$f"; then\n    sed -i \'s/x/y/\' "$f"\n  fi\ndone', ("app/*.go",)),
        ("perl -pi -e 's/x/y/' *.md", ("*.md",)),
        ("sed -Ei 's/a/b/' *.c", ("*.c",)),
        ("sed --in-place 's/a/b/' \\\n  src/*.py", ("src/*.py",)),
        ("sed -e 's/a/b/' -i *.c", ("*.c",)),
        ("sed -i s/a*/b/ one.py", ()),
        ("sed -i 's/a.*b/c/' one.py", ()),
        ("sed -n '1,9p' src/*.py", ()),
        ("for f in app/*.go; do cat $f; done", ()),
        ("grep -rn 'sed -i' docs/*.md", ()),
    ],
)
def test_patterns_are_told_behind_what_edits_in_place_or_in_its_loop_and_nothing_else_is(command, patterns):
    assert edited_by_pattern([ran(command)]) == patterns


def test_the_latest_come_first_once_and_of_a_command_that_failed_none_does():
    one, two = ran("sed -i 's/x/y/' a/*.py"), ran("sed -i 's/x/y/' b/*.py")
    assert edited_by_pattern([one, two, one, ran("sed -i s/x/y/ c/*.py", "failed")]) == ("a/*.py", "b/*.py")
