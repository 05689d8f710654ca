"""What the user said to leave as it is, by a name of it, is not open."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Message
from handoff_cli.documents.extract.checks import runs_of
from handoff_cli.documents.extract.failures import live_failures
from handoff_cli.documents.extract.waived import not_waived
from tests.documents.sessions import ran

LINT = "error: this function has too many lines\n  --> src/routes.rs:31:1\n"
TEST = "FAILED tests/test_cart.py::test_total - assert 1 == 2\nFAILED tests/test_cart.py::test_tax - x\n2 failed"


def left(said, position=9):
    runs = [ran("cargo clippy", "failed", 1, output=LINT), ran("pytest -q", "failed", 2, output=TEST)]
    found = not_waived(live_failures(runs_of(runs), []), [Message("user", said, position)])
    return [it.name.rpartition(":")[2] if "::" in it.name else "routes.rs" for it in found]


@pytest.mark.parametrize(
    ("said", "open_now"),
    [
        ("clippy's finding in routes.rs is old, ignore it. mend the tests", ["test_total", "test_tax"]),
        ("ignore the lint for now", ["test_total", "test_tax"]),
        ("test_tax is a known failure", ["test_total", "routes.rs"]),
        ("Never mind pytest.", ["routes.rs"]),
        ("don't ignore clippy", ["test_total", "test_tax", "routes.rs"]),
        ("ignore the warnings", ["test_total", "test_tax", "routes.rs"]),
        ("Ignore the old readme. Look at test_tax.", ["test_total", "test_tax", "routes.rs"]),
    ],
)
def test_only_what_the_sentence_names_is_left(said, open_now):
    assert left(said) == open_now


def test_what_was_said_before_it_failed_leaves_nothing():
    assert left("ignore clippy", position=0) == ["test_total", "test_tax", "routes.rs"]
