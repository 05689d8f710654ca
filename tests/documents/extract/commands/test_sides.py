"""Where what was expected and what came differ, in an error that prints both at length."""

from __future__ import annotations

from handoff_cli.documents.extract.commands.outputs import failures_in
from handoff_cli.documents.extract.commands.sides import sides_apart
from handoff_cli.documents.extract.language.words import redacting

SIDE = """     %s:
    TableInfo {
        name = 'queue',
        columns = {
            Column { name = 'state', type = 'TEXT' },
        }
        indices = {
            Index { name = '%s', unique = 'false', columns = { state, due } }
        }
    }
"""
ERROR = f"""MigrationTest > migrate3To4 FAILED
    java.lang.IllegalStateException: Migration didn't properly handle: queue(de.shop.store.Queued).
{SIDE % ("Expected", "index_queue_state_due")}{SIDE % ("Found", "idx_queue_due")}\
        at androidx.room.testing.MigrationTestHelper.runMigrationsAndValidate(MigrationTestHelper.kt:161)
        at de.shop.MigrationTest.migrate3To4(MigrationTest.kt:41)
"""


def test_of_two_long_sides_the_first_difference_is_told():
    (failure,) = failures_in(ERROR)
    assert failure.why.endswith("| expected 'index_queue_state_due' | found 'idx_queue_due'")
    assert "didn't properly handle" in failure.why


def test_nothing_is_told_of_sides_that_are_alike_or_not_both_there():
    lines = ERROR.split("\n")[2:]
    assert sides_apart([it.replace("idx_queue_due", "index_queue_state_due") for it in lines]) == ""
    assert sides_apart(lines[:6]) == ""
    assert sides_apart(["    at de.shop.A.b(A.kt:1)", *lines]) == ""


def test_a_secret_that_only_its_name_tells_is_none_of_what_differs():
    """The name is what both sides share: without it nobody would know the rest for a password."""
    secrets = ("Xk7pQ2mWz9Lr4TbV", "Hy8nRd3JfV6sGqPw")
    error = "".join(f"{side}:\n  password = '{it}'\n" for side, it in zip(("Expected", "Found"), secrets, strict=True))
    assert all(it in sides_apart(error.split("\n")) for it in secrets)
    with redacting():
        assert sides_apart(error.split("\n")) == ""
