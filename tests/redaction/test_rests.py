"""What the lines below have of a secret goes with it; what only follows it stays."""

from __future__ import annotations

from random import Random
from string import ascii_letters, digits

import pytest

from handoff_cli.redaction import redact

CHANCE = Random(7)
LONG = "".join(CHANCE.choices(ascii_letters + digits, k=150))
HEAD = "hv" + "s."


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("form", ["token                {}", "export SERVICE_SECRET={}", "Authorization: Bearer {}", '"client_secret": "{}"', f"x {HEAD}{{}}"])  # fmt: skip
def test_what_a_terminal_wraps_goes_to_its_end(form, width):
    line = form.format(LONG)
    text = "\n".join(line[at : at + width] for at in range(0, len(line), width)) + "\nnext"
    out = redact(text)
    assert [at for at in range(len(LONG) - 11) if LONG[at : at + 12] in out] == []
    assert out.count("\n") == text.count("\n")
    assert out.endswith("\nnext")
    assert redact(out) == out


@pytest.mark.parametrize("below", ["3f2a9c1b7d Fix the build", "d94d3d2e-8f5b-4c7e-9e51-0b6a4dc1f2a7", "MODE2=fast", "build_id=v8k2Lm9Qw4R", "a1b2c3d4e5: done", "main2024", "done", "Next line2"])  # fmt: skip
def test_what_only_stands_below_a_secret_stays(below):
    assert redact(f"export SERVICE_SECRET={LONG[:40]}\n{below}").endswith(f"\n{below}")
