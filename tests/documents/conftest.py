"""One set of facts that has something to say in every section."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Commit
from handoff_cli.documents.facts import ChangedFile, CheckpointFact, Facts, GitFacts, UsageFacts


@pytest.fixture(scope="session")
def facts() -> Facts:
    return Facts(
        project="demo",
        session="20261122-a1b2",
        reason="threshold",
        created="2026-11-22T07:41:14Z",
        previous="archive/20261121T183000Z-20261121-9f00",
        usage=UsageFacts(
            tokens=105_000,
            context_window_limit=128_000,
            usable_tokens=120_000,
            usage_share=105_000 / 128_000,
            usable_share=105_000 / 120_000,
            level="warning",
            method="counted",
            encoding="o200k_base",
            warning_threshold=0.8,
            critical_threshold=0.95,
            checkpoint_count=12,
            started_at="2026-11-22T05:00:00Z",
            updated_at="2026-11-22T07:41:14Z",
            model="gpt-4o",
        ),
        checkpoints=(
            CheckpointFact(11, "2026-11-22T07:30:00Z", "read the parser", "stdin", 3_000, "counted"),
            CheckpointFact(12, "2026-11-22T07:41:14Z", "test output", "log.txt", 1_000, "counted"),
        ),
        git=GitFacts(
            branch="feat/x",
            head="ab12cd3",
            upstream="origin/feat/x",
            ahead=2,
            behind=0,
            stashes=1,
            changed=(
                ChangedFile("src/a.py", "modified", lines_added=10, lines_removed=2),
                ChangedFile("b", "untracked"),
            ),
            commits=(Commit("ab12cd3", "Parse tables"), Commit("99aa00b", "Start")),
        ),
    )
