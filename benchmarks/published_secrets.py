"""How many of a scanner's own published examples redaction finds: ``kingfisher-bin``'s, which are not kept here.

An example's secret is what its rule takes for one. It counts as found when it is no longer whole. It has a shape of its
own where the rule finds it without the text around it; then it is tried alone, else in its example. Rules that look for
public ids, user names and addresses are among them, so 100 % is not the goal.

Usage: python -m benchmarks.published_secrets [FOLDER_WITH_THE_WHEEL]
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

from handoff_cli.redaction import redact
from scripts.build_secret_rules import in_python, kingfisher_listing, wheels


def secret_in(pattern: re.Pattern[str], example: str) -> str | None:
    """Return what ``pattern`` takes for the secret in ``example``."""
    match = pattern.search(example)
    if match is None:
        return None
    named = next(
        (text for name, text in match.groupdict().items() if name.upper() in {"TOKEN", "SECRET"} and text), None
    )
    return named or next((text for text in match.groups() if text), None) or match.group()


def main() -> None:
    """Print the share found, of secrets with a shape of their own and of those told by a name."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else scratch)
        wheel = next(path for path in wheels(folder) if path.name.startswith("kingfisher_bin"))
        rules = [rule for rule in kingfisher_listing(wheel) if rule["visible"]]
    total: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for rule in rules:
        text, flags = in_python(rule["pattern"])
        pattern = re.compile(f"(?{flags}:{text})" if flags else text)
        for example in rule["examples"]:
            secret = secret_in(pattern, example)
            if secret is None:
                continue
            kind = "own shape" if pattern.search(secret) or pattern.search(f" {secret} ") else "by the name beside it"
            total[kind] += 1
            found[kind] += secret not in redact(secret if kind == "own shape" else example)
    for kind, count in total.items():
        print(f"{kind}: {found[kind] / count:.1%} of {count:,} examples of {len(rules):,} rules")


if __name__ == "__main__":
    main()
