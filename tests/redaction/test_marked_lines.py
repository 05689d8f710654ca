"""A name and its value on the next line belong together whatever stands before each line."""

from __future__ import annotations

import pytest

from handoff_cli.redaction import redact

TOKEN = "uMk2onzG7k9Jx4vQ7h3d5k" + "8WqLt2"
MARKS = [
    "+ ", "- ", "2026-11-29T22:30:01.123Z ", "2026-11-29 22:30:01,123 ", "src/app/values.yaml:{}:", "values.yaml-{}-", "{:>6}\t", "{:>6}\u2192", "{}:",
]  # fmt: skip
FORMS = [
    "- name: API_TOKEN\n  value: {}", "hmac_secret: |-\n  {}", "API Token:\n  {}", "<key>APIToken</key>\n<string>{}</string>", "Client Secret\n{}",
]  # fmt: skip


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("form", FORMS)
def test_a_value_below_its_name_goes_behind_what_marks_each_line(form, mark):
    lines = form.format(TOKEN).split("\n")
    assert TOKEN not in redact("\n".join(mark.format(41 + number) + line for number, line in enumerate(lines)))


@pytest.mark.parametrize("text", [
    "2026-11-29T22:30:01.123Z wrong token\n2026-11-29T22:30:02.123Z retry1", "+ password:\n+ str", "41:token:\n42:  required2", "a.py:3:secret\na.py:4:import os2",
])  # fmt: skip
def test_what_only_follows_a_name_on_marked_lines_stays(text):
    assert redact(text) == text


@pytest.mark.parametrize(
    "mark", ["+ ", "-", "{:>6}\t", "{:>6}\u2192", "a/b.conf:{}:", '{{"content": "', "db1(config)# "]
)
@pytest.mark.parametrize("line", ["enable secret 0 {}", "db.internal:5432:*:app:{}"])
def test_a_line_of_a_file_is_one_whatever_marks_it(mark, line):
    end = '"}' if '"' in mark else ""
    assert "pe39Tundra_r9" not in redact(mark.format(7) + line.format("pe39Tundra_r9") + end)


@pytest.mark.parametrize(
    "line", ["see db.internal:5432:1:2:3:4", 'level=info msg="a:5432:b:c"', "listening on 0.0.0.0:5432"]
)
def test_a_line_that_only_looks_like_it_stays(line):
    assert redact(line) == line
