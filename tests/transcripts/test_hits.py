"""What searches found, in the forms of each agent."""

from __future__ import annotations

import json

import pytest

from handoff_cli.transcripts.hits import as_printed
from tests.growth import assert_linear

ROWS = [{"File": "/p/a.py", "LineNumber": 4, "LineContent": "def a():"}, {"File": "/p/b.py", "LineNumber": 2}]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("Found 2 matches\n/p/a.py:\n  Line 4: def a():\n\n/p/b.py:\n  Line 2: b", "/p/a.py:4:def a():\n\n/p/b.py:2:b"),
        ("Found 2 matching lines\na.py\n4:def a():\n9:x: 1", "a.py:4:def a():\na.py:9:x: 1"),
        (
            "Found 1 result for pattern: a\nSearched 3 files.\n\nsrc/a.py:4:5\n  3: x\n> 4: def a():\n",
            "src/a.py-3-x\nsrc/a.py:4:def a():\n",
        ),
        ("\n".join(map(json.dumps, ROWS)), "/p/a.py:4:def a():\n/p/b.py:2:"),
        (json.dumps({"total_count": 1, "matches": [{"path": "a.py", "line": 4, "content": "a"}]}), "a.py:4:a"),
        (json.dumps({"total_count": 2, "files": ["a.py", "b.py"]}), "a.py\nb.py"),
        ('Search results for pattern "a":\n\na.py:4:a', "a.py:4:a"),
    ],
)
def test_hits_are_told_as_rg_prints_them(answer, told):
    assert as_printed(answer) == told


@pytest.mark.parametrize(
    "answer",
    [
        "a.py:4:def a():\na.py-5-    return 1",
        "Found 2 files\nsrc/a.py\nsrc/b.py",
        "No matches found",
        "4: this is no file\n5: nor this",
        '{"error": "no such folder"}',
        "",
    ],
)
def test_what_is_in_no_known_form_stays(answer):
    assert as_printed(answer) == answer


def test_hits_take_time_as_the_text_grows():
    for piece in ("a.py\n4:def a():\n", "a/" * 40 + "\n", "  Line 4: a\n", '{"File": "a"}\n'):
        assert_linear(lambda size, piece=piece: as_printed(piece * (size // len(piece))), 60_000)
