"""In which function an edit lies, by the lines that an answer shows."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.events import Returned
from handoff_cli.transcripts.texts import place_of

LINES = ["def add(a, b):", "    return a + b", "", "def main():", "    print(add(1, 2))"]


@pytest.mark.parametrize("form", ["{}: {}", "{:6}|{}", "{} | {}", "{:6}→{}", "{}\t{}"])
def test_lines_are_numbered_in_each_agents_way(form: str) -> None:
    """What is indented stays so."""
    shown = Returned("1", "\n".join(form.format(number, line) for number, line in enumerate(LINES, 1)))
    assert place_of("a.py", "a - b", "a + b", shown) == "add"
    assert place_of("a.py", "", "print(add(1, 2))", shown) == "main"


@pytest.mark.parametrize("form", ["{} {}", "{1}"])
def test_lines_without_numbers_tell_no_place(form: str) -> None:
    shown = Returned("1", "\n".join(form.format(number, line) for number, line in enumerate(LINES, 1)))
    assert place_of("a.py", "a - b", "a + b", shown) is None
