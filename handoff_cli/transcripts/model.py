"""What readers yield. The values live in ``core``, because handoff documents are made from them too."""

from __future__ import annotations

from handoff_cli.core.transcript import (
    AFTER_COMPACTION,
    Answer,
    Command,
    Commit,
    Compaction,
    ContextUsage,
    FileTouch,
    Message,
    Todo,
    ToolCall,
    Transcript,
)

__all__ = [
    "AFTER_COMPACTION",
    "Answer",
    "Command",
    "Commit",
    "Compaction",
    "ContextUsage",
    "FileTouch",
    "Message",
    "Todo",
    "ToolCall",
    "Transcript",
]
