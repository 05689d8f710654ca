"""A tool that is no shell ran tests where its answer counts them: the code it was given says which, or its name."""

from __future__ import annotations

import json

import pytest

from handoff_cli.documents.extract import extract
from tests.transcripts.conversation.conftest import read_pieces

RED = (
    "F..\n=== FAILURES ===\n____ test_zone ____\ntests/test_zone.py:4: AssertionError\nE   assert 1 == 2\n"
    "1 failed, 2 passed in 0.12s"
)


def messages(tool: str, given: dict[str, object], answer: str) -> str:
    """A conversation in which a file is written and then ``tool`` is called."""

    def call(number: int, name: str, arguments: dict[str, object]) -> dict[str, object]:
        function = {"name": name, "arguments": json.dumps(arguments)}
        return {"role": "assistant", "content": None, "tool_calls": [{"id": f"c{number}", "function": function}]}

    rows = [
        {"role": "user", "content": "Mend the zones."},
        call(1, "write_file", {"path": "zone.py", "content": "ZONES = 2\n"}),
        {"role": "tool", "tool_call_id": "c1", "content": "wrote 1 line"},
        call(2, tool, given),
        {"role": "tool", "tool_call_id": "c2", "content": answer},
        {"role": "assistant", "content": "I looked."},
    ]
    return json.dumps(rows, indent=2)


@pytest.mark.parametrize(
    ("tool", "given", "run"),
    [
        (
            "run_python",
            {"code": "import pytest; pytest.main(['-q', 'tests/test_zone.py'])"},
            "pytest -q tests/test_zone.py",
        ),
        ("execute_code", {"code": "import subprocess as s\nprint(s.run(['pytest', '-q'], text=True))"}, "pytest -q"),
        ("execute_code", {"code": 'import os; os.system("pytest -q tests")'}, "pytest -q tests"),
        ("run_cell", {"source": "%cd app\n!pytest -q tests"}, "pytest -q tests"),
        ("run_tests", {"path": "tests/test_zone.py"}, "run_tests tests/test_zone.py"),
        ("runTests", {"files": ["tests/test_zone.py"]}, "runTests tests/test_zone.py"),
        ("mcp__runner__run", {"target": "unit"}, "mcp__runner__run unit"),
    ],
)
def test_what_it_counts_is_a_check_of_what_was_edited(tool, given, run):
    found = extract(read_pieces("pieces", lambda: [(messages(tool, given, RED), True)]))
    assert [(it.command, it.outcome) for it in found.runs.checks] == [(run, "failed")]
    assert [(it.name, it.command) for it in found.runs.failures] == [("tests/test_zone.py::test_zone", run)]


def test_an_answer_that_counts_no_tests_is_no_check():
    """Whatever the code says: it may only read what was printed before."""
    rows = "week  churned\n18    2266"
    found = extract(
        read_pieces("pieces", lambda: [(messages("run_python", {"code": "pytest_runs.tail()"}, rows), True)])
    )
    assert found.runs.checks == ()
