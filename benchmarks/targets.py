"""The targets, in the order the documentation shows them; the benchmarks are measured against nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Target:
    """The most that one quantity of one row may be.

    ``quantity`` is ``ratio`` (of ``what`` to ``against``), ``milliseconds`` or ``mebibytes`` (both of ``what`` alone).
    """

    benchmark: str
    row: str
    what: str
    against: str
    most: float
    quantity: str = "ratio"

    def measured(self, row: dict[str, Any]) -> float:
        """Return the quantity out of a row of the benchmark's results."""
        return float(row["ratio"] if self.quantity == "ratio" else row["a"][self.quantity])

    def verdict(self, row: dict[str, Any]) -> str:
        """Return ``met``, or by how much the target is missed: as a factor from twice on, else in per cent."""
        excess = self.measured(row) / self.most
        if excess <= 1:
            return "met"
        return f"missed {excess:.1f}-fold" if excess >= _FOLD else f"missed by {100 * (excess - 1):.1f} %"


_FOLD = 2.0
_BARE = "bare Python"

TARGETS = (
    Target("commands", "track, 2 KB ASCII", "`track` of a 2 KB prompt", _BARE, 2.5),
    Target("commands", "track, 2 KB about code", "`track` of 2 KB about code", _BARE, 2.5),
    Target("commands", "track, 2 KB with hashes", "`track` of 2 KB with hashes and ids", _BARE, 2.5),
    Target("commands", "track, 2 KB with addresses", "`track` of 2 KB with web addresses", _BARE, 2.5),
    Target("commands", "track, 2 KB with settings", "`track` of a 2 KB `.env` file", _BARE, 2.5),
    Target("commands", "track, 2 KB with logs", "`track` of 2 KB of a server's log", _BARE, 2.5),
    Target("rivals", "track against ttok", "`track` of a 2 KB prompt", "ttok", 1 / 8),
    Target("commands", "track, 2 KB CJK and emoji", "`track` of 2 KB of CJK and emoji", _BARE, 4),
    Target("commands", "status --line", "`status --line`, 100 MB transcript", _BARE, 3),
    Target("commands", "status --json", "`status --json`, 100 MB transcript", _BARE, 3),
    Target("hooks", "statusline", "`statusline`, 100 MB transcript", _BARE, 3),
    Target("hooks", "hook, a new response each time", "`hook` after a tool call, 100 MB transcript", _BARE, 3),
    Target("hooks", "hook, a prompt", "`hook` on a prompt, 100 MB transcript", _BARE, 3),
    Target("rivals", "statusline against ccusage, reading", "`statusline`, 100 MB", "ccusage, reading them", 2),
    Target("rivals", "statusline against ccusage, repeating", "`statusline`", "ccusage, repeating itself", 2),
    Target("commands", "status, with the rich bar", "`status` with the rich bar", _BARE, 7),
    Target("commands", "--help", "`handoff --help`", _BARE, 8),
    Target("rivals", "crossing", "a crossing that writes the document from 4 MB", "", 600, "milliseconds"),
    Target("counting", "100 MB", "`count` of 100 MB of mixed text", "tiktoken, one thread", 1 / 1.7),
    Target("counting", "100 MB", "`count` of 100 MB, its peak of memory", "", 250, "mebibytes"),
    Target("counting", "one letter", "10 MB of one letter", "1 MB", 12),
    Target("counting", "one base64 line", "10 MB of base64 in one line", "1 MB", 12),
    Target("counting", "random letters", "10 MB of random letters, no space", "1 MB", 12),
    Target("counting", "one CJK run", "10 million CJK characters, no break", "1 million", 12),
    Target("counting", "one run of spaces", "10 MB of spaces", "1 MB", 12),
    Target("history", "100,000 checkpoints", "`track` behind 100,000 checkpoints", "an empty session", 1.2),
    Target("history", "100,000 past the threshold", "`track` past it behind 100,000 pieces", "behind 200", 1.2),
    Target("sync", "100 MB that grew", "`sync` on 100 MB that grew", "100 KB that grew", 1.2),
    Target("sync", "100 MB, first reading", "`sync` on 100 MB, read for the first time", "100 KB", 1.2),
)


def targets_of(benchmark: str, row: str) -> list[Target]:
    """Return the targets of one row of a benchmark."""
    return [target for target in TARGETS if (target.benchmark, target.row) == (benchmark, row)]
