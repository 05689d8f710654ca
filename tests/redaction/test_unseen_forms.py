"""Forms of secrets, no two of a kind, that were kept from those who wrote the rules; and innocent lines with telling words.

What is missed here is not to be mended form by form: then it would be a measure of nothing. A secret counts as found when
less than 60 % of it is left. A secret that is divided, as by the end of a line, stands in its parts.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from handoff_cli.redaction import redact

ROWS = [json.loads(line) for line in (Path(__file__).parent / "forms_unseen.jsonl").read_text("ascii").splitlines()]
_MARK = re.compile(r"\[REDACTED:[^\]]*\]")


def longest_left(secret, text):
    for size in range(len(secret), 3, -1):
        if any(secret[at : at + size] in text for at in range(len(secret) - size + 1)):
            return size
    return 0


def is_found(row):
    left = _MARK.sub("", redact(row["text"]))
    return sum(longest_left(part, left) for part in row["secret"]) < 0.6 * sum(map(len, row["secret"]))


def test_most_forms_that_nobody_had_seen_are_found():
    told = [row for row in ROWS if row["secret"]]
    found = sum(map(is_found, told))
    assert len(told) > 500
    assert len({row["kind"] for row in told}) == len(told)
    assert all(part in row["text"] for row in told for part in row["secret"])
    assert found >= 0.9 * len(told), f"{found} of {len(told)}"


def test_nearly_no_innocent_line_is_changed():
    innocent = [row["text"] for row in ROWS if not row["secret"]]
    changed = [text for text in innocent if redact(text) != text]
    assert len(innocent) > 200
    assert len(changed) <= 0.005 * len(innocent), changed
