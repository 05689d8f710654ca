"""What the shell completes: sessions, settings, encodings, models."""

from __future__ import annotations

from handoff_cli.constants import ENCODINGS
from handoff_cli.core.model_table import MODELS
from handoff_cli.core.settings import SETTING_KEYS
from handoff_cli.errors import HandoffError
from handoff_cli.state.listing import archive_names, session_names
from handoff_cli.tracker.formats import FORMATS
from handoff_cli.tracker.found import AGENTS
from handoff_cli.tracker.place import locate


def complete_session(incomplete: str) -> list[str]:
    """Return the names of the project's further sessions that begin with ``incomplete``."""
    try:
        return _beginning(session_names(locate().project), incomplete)
    except HandoffError:
        return []


def complete_archived(incomplete: str) -> list[str]:
    """Return the names of the project's archived sessions that begin with ``incomplete``."""
    try:
        return _beginning(archive_names(locate().folder), incomplete)
    except HandoffError:
        return []


def complete_setting(incomplete: str) -> list[str]:
    """Return the settings that begin with ``incomplete``."""
    return _beginning(SETTING_KEYS, incomplete)


def complete_encoding(incomplete: str) -> list[str]:
    """Return the encodings that begin with ``incomplete``."""
    return _beginning(ENCODINGS, incomplete)


def complete_model(incomplete: str) -> list[str]:
    """Return the model ids of the table that begin with ``incomplete``."""
    return _beginning([name.rstrip("*") for row in MODELS for name in row[0].split()], incomplete)


def complete_format(incomplete: str) -> list[str]:
    """Return the input formats that begin with ``incomplete``."""
    return _beginning(FORMATS, incomplete)


def complete_agent(incomplete: str) -> list[str]:
    """Return the agents that begin with ``incomplete``."""
    return _beginning(AGENTS, incomplete)


def _beginning(words: list[str] | tuple[str, ...], incomplete: str) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]
