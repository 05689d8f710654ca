"""How a call ended, going by what it answered."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.outcomes import code_on


@pytest.mark.parametrize("code", [0, 1, 8, 10, 12, 127, 128, 130, 137, 255])
@pytest.mark.parametrize("line", ["Error: Exit code {}", "exited with code {}", "(exit code: {})", "exit status {}"])
def test_an_exit_code_is_read_whole(line, code):
    """Of several digits too: 130 is no success, 128 is not 8."""
    assert code_on(line.format(code)) == code
