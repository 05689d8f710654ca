"""What served as a check of edits where no test or linter ran."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit
from handoff_cli.documents.extract.exercised import exercised
from tests.documents.sessions import ran

EDITS = (Edit("/p/main.tf", 10, "modified", "a", "b"), Edit("/p/app.py", 20, "modified", "a", "b"))
FILES = ("/p/app.py", "/p/main.tf")


@pytest.mark.parametrize(
    ("command", "serves"),
    [
        ("terraform -chdir=stage plan -out=x", True),
        ("kubectl --context stage diff -f app.yaml", True),
        ("ansible-playbook site.yml --check", True),
        ("cd /p && time python src/train.py --seed 17", True),
        ("psql shop -c 'select 1'", True),
        ("git stash -q && python src/train.py", False),
        ("python -c 'print(1)'", False),
        ("cat main.py", False),
        ("pytest -q", False),
        ("git push", False),
    ],
)
def test_a_script_a_dry_run_or_a_query_serves_as_a_check(command, serves):
    found = exercised((ran(command, position=30),), EDITS, FILES)
    assert [it.startswith("run since: ") for it in found] == [True] * serves


def test_it_says_what_was_printed_and_of_which_edits_it_tells():
    found = exercised(
        (
            ran(
                "terraform plan",
                position=15,
                output="# a\n\nPlan: 3 to add, 0 to destroy.\n\nSaved to: x\n" + "y\n" * 9,
            ),
        ),
        EDITS,
        FILES,
    )
    assert found == ("run since the edit of main.tf: terraform plan \u2192 Plan: 3 to add, 0 to destroy.",)
    assert exercised((ran("terraform plan", position=5),), EDITS, FILES) == ()
    assert exercised((ran("terraform plan", "failed", position=15),), EDITS, FILES) == ()
    assert exercised((ran("terraform plan", position=15),), EDITS, ()) == ()
