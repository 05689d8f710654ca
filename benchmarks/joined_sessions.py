"""Join real Claude Code transcripts into longer ones, to see what a handoff loses when a session says more than fits.

Usage: python -m benchmarks.joined_sessions FOLDER_OF_TRANSCRIPTS FOLDER, then python -m benchmarks.recall FOLDER

Two, three, four ... of the longest transcripts become one session each: rows in their order, chained by their parents,
without compactions, on a day each.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.raw_facts import is_compaction, row_of

LONGEST = 8


def joined(paths: list[Path]) -> list[dict[str, Any]]:
    """Return the rows of the transcripts ``paths`` as those of one session."""
    rows: list[dict[str, Any]] = []
    last = None
    for day, path in enumerate(paths, 1):
        known: set[str] = set()
        for row in filter(None, map(row_of, path.read_bytes().splitlines())):
            if is_compaction(row) or row.get("isCompactSummary"):
                continue
            if "sessionId" in row:
                row["sessionId"] = "joined"
            if "timestamp" in row:
                row["timestamp"] = f"2026-01-{day:02}{row['timestamp'][10:]}"
            if row.get("uuid"):
                row["parentUuid"] = row.get("parentUuid") if row.get("parentUuid") in known else last
                known.add(row["uuid"])
                last = last if row.get("isSidechain") else row["uuid"]
            rows.append(row)
    return rows


def main() -> None:
    """Write the joined transcripts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, metavar="FOLDER_OF_TRANSCRIPTS")
    parser.add_argument("target", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    options.target.mkdir(parents=True, exist_ok=True)
    longest = sorted(options.source.glob("*.jsonl"), key=lambda path: (-path.stat().st_size, path.name))[:LONGEST]
    for many in range(2, len(longest) + 1):
        lines = [json.dumps(row) + "\n" for row in joined(longest[:many])]
        (options.target / f"joined-{many}.jsonl").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
