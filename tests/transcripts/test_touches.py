"""Files with what was done to them."""

from __future__ import annotations

from handoff_cli.core.transcript import FileTouch
from handoff_cli.transcripts.touches import Touches


def test_touches_are_counted_and_taken_back():
    """Those of an earlier reading stay."""
    touches = Touches([FileTouch("a.py", "read", 2)])
    for position, (path, action) in enumerate([("a.py", "read"), ("b.py", "created"), ("b.py", "modified")], 1):
        touches.add(path, action, position)
    assert touches.told()[0] == FileTouch("a.py", "read", 3)
    touches.undo(1)
    assert touches.told() == (FileTouch("a.py", "read", 3),)
    touches.undo(0)
    assert touches.told() == (FileTouch("a.py", "read", 2),)
    assert not touches.lately
