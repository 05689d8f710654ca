"""File names, environment variables, defaults and limits: each written down once."""

from __future__ import annotations

VERSION = "0.1.0"
SCHEMA_VERSION = 2
LEDGER_VERSION = 1
DOCUMENT_VERSION = 1

FOLDER_NAME = ".agent-handoffs"
STATE_FILE = "token_usage.json"
STATE_MEMBER = "state"
VERSION_MEMBER = "schema_version"
LEDGER_FILE = "checkpoints.jsonl"
HANDOFF_FILE = "CURRENT_SESSION.md"
GUIDE_FILE = "USAGE_GUIDE.md"
TEMPLATE_FILE = "SESSION_HANDOFF_TEMPLATE.md"
GIT_IGNORE_FILE = ".gitignore"
LOCK_FILE = ".lock"
JOURNAL_FILE = ".reset"
HANDOFF_LOCK_FILE = ".handoff.lock"
HOOK_MEMORY_FILE = "hook.json"
TODOS_FILE = "todos.json"
AGENT_FILE = "agent.json"
PIECES_FILE = ".pieces"
KEPT_FOLDER = "conversation"
REMOTE_FOLDER = "remote"
PUSH_LOCK_FILE = ".push.lock"
FLEET_FILE = "fleet.json"
FLEET_LOCK_FILE = ".fleet.lock"
USER_FOLDER = "agent-handoffs"
USER_SETTINGS_FILE = "settings.json"
ARCHIVE_FOLDER = "archive"
WORKTREES_FOLDER = "worktrees"
SESSIONS_FOLDER = "sessions"
OLD_HANDOFFS_FOLDER = "handoffs"

ENV_DIR = "HANDOFF_DIR"
ENV_SESSION = "HANDOFF_SESSION"
ENV_SETTING_PREFIX = "HANDOFF_"

NOTE_KINDS = ("goal", "decision", "failed", "constraint", "next", "question", "done")

DEFAULT_ENCODING = "o200k_base"
ENCODINGS = ("o200k_base", "cl100k_base", "o200k_harmony", "p50k_base", "p50k_edit", "r50k_base", "gpt2")
DEFAULT_CONTEXT_WINDOW = 128_000
DEFAULT_WARNING_THRESHOLD = 0.80
DEFAULT_CRITICAL_THRESHOLD = 0.95
DEFAULT_LOCK_TIMEOUT_SECONDS = 10.0
MAX_LOCK_TIMEOUT_SECONDS = 3600
DEFAULT_COMMAND_TIMEOUT_SECONDS = 10.0
MAX_COMMAND_TIMEOUT_SECONDS = 60
MAX_COMMAND_CHARS = 4000
DEFAULT_KEPT_BYTES = 32 << 20
MIN_KEPT_BYTES = 1 << 16
MAX_KEPT_BYTES = 1 << 36

DEFAULT_BUDGET = 2_000
DOCUMENT_CHARS = 10_000
"""What agents pass on of a hook's output; a larger budget gets more in proportion."""
STALE_AFTER_DAYS = 7
"""An older handoff tells of work that has moved on; it can still be read with ``handoff resume``."""

RECENT_CHECKPOINTS = 5
RECENT_TURNS = 13
MAX_DESCRIPTION_CHARS = 500
MAX_SOURCE_CHARS = 300
MAX_STORED_CHARS = 10_000
MAX_MODEL_CHARS = 200
MAX_SESSION_NAME_CHARS = 64
MAX_STATE_BYTES = 1 << 20
MAX_TAIL_BYTES = 1 << 30
MAX_CHANGE_ENTRIES = 1 << 20
MAX_HANDOFF_BYTES = 1 << 24
MAX_CONTEXT_WINDOW = 1_000_000_000
MAX_TOKENS = 1 << 53
