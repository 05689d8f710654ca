"""opencode's older store: a file for each session, message and part, below ``storage``."""

from __future__ import annotations

import os
import re

from handoff_cli.errors import InputError
from handoff_cli.transcripts.source import plain
from handoff_cli.transcripts.values import MAX_ROW_BYTES, as_dict, as_str, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.source import Source

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,200}")
"""What may be a file's name and nothing more."""
_MAX_FILES = 100_000


def object_in(data: Any, source: Source | None = None) -> dict[str, Any]:
    """Return the object that ``data`` is in JSON, empty where it is none, which ``source`` counts."""
    value = decode(data) if isinstance(data, str | bytes) else None
    if source is not None:
        source.malformed += not isinstance(value, dict)
    return as_dict(value)


def messages_in(source: Source) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Read a session's messages beside its file: in ``storage/message/<session>/``, ``storage/part/<message>/``."""
    row = _file(source, source.path)
    id_ = as_str(row.get("sessionID")) or as_str(row.get("id"))
    if source.data is not None or not _ID.fullmatch(id_):
        raise InputError(f"{source.path} is no session of opencode: it has no id", "name storage/session/…/<id>.json")
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(source.path))))
    messages = os.path.join(root, "message", id_)
    revert = as_dict(row.get("revert"))
    for name in _names(messages):
        if name == f"{revert.get('messageID')}.json":
            return
        message = _file(source, os.path.join(messages, name))
        folder = os.path.join(root, "part", name.removesuffix(".json"))
        yield message, [_file(source, os.path.join(folder, part)) for part in _names(folder)]


def _names(folder: str) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if name.endswith(".json"))[-_MAX_FILES:]
    except OSError:
        return []


def _file(source: Source, path: str) -> dict[str, Any]:
    try:
        if source.data is None and os.path.getsize(path) <= MAX_ROW_BYTES:
            with open(path, "rb", opener=plain) as stream:
                return object_in(stream.read(), source)
    except OSError:
        return {}
    return {}
