"""Which lines an account of a compaction begins and ends with, and whether the names on lines between are quoted."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.reading.panel_lines import COMPACTED
from handoff_cli.transcripts.tools import is_own_command
from handoff_cli.transcripts.values import ACCOUNT

LAST_WORDS = compiled(
    r"\s{0,4}(?:(?:Please )?[Cc]ontinue (?:the conversation )?(?:from )?where (?:we|it|you) (?:was |were )?left"
    r"|(?:Please )?[Cc]ontinue with the last task|If you need specific details from before compaction|\S+\.jsonl$)"
)
"""What the program writes below an account."""

_LEAD_CHARS = 80


def is_notice(text: str) -> bool:
    """Return whether a line is a command about the agent itself, or says that the conversation was compacted."""
    return is_own_command(text) or COMPACTED.match(text) is not None


class Accounts:
    """Follows, line by line, whether a text is within an account, which quotes names before a colon."""

    def __init__(self) -> None:
        self.is_within = False

    def take(self, text: str, *, has_sign: bool) -> None:
        """Take in a line; ``has_sign`` tells that it is a sign of a screen or of a panel."""
        if ACCOUNT[0] in text[: len(ACCOUNT[0]) + _LEAD_CHARS]:
            self.is_within = True
        elif self.is_within:
            self.is_within = not (has_sign or is_notice(text) or LAST_WORDS.match(text))
