"""What Cursor's command line keeps of a chat beside its transcript: ``chats/<project>/<session>/store.db``.

The transcript has neither the answers of calls nor thoughts; the database has both, in messages (JSON) that its newest
root lists by their hashes. Calls have an id there alone: they are told apart by their names and arguments. Sources:
public readers of these databases.
"""

from __future__ import annotations

import os
from collections import deque

from handoff_cli.core.patterns import DOTALL, MULTILINE, lazily
from handoff_cli.errors import InputError
from handoff_cli.transcripts.by_question import replies
from handoff_cli.transcripts.database import Database
from handoff_cli.transcripts.events import Returned
from handoff_cli.transcripts.hits import as_printed
from handoff_cli.transcripts.values import (
    MAX_ROW_BYTES,
    as_dict,
    as_list,
    as_str,
    compact_json,
    decode,
    object_of,
    text_in,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Called

_AT_ONCE = 500
_LISTED = b"\n\x20"
"""How the hash of a message begins in a root: the first field, 32 bytes of it."""

_HASH_BYTES = 32
_WORKSPACE = lazily(r"^Workspace Path: (\S.*)$", MULTILINE)
_PRINTED = lazily(r"Exit code: (-?\d{1,10})\n+(?:Command output:\n+```\n(.*)\n?```(?:\n|\Z))?", DOTALL)
_AROUND = lazily(r"\A<workspace_result [^>\n]{0,4096}>\n|\n</workspace_result>\s*\Z")
_REPLY = lazily(r"^Question (\S+): (.+)$", MULTILINE)
_CHOSEN = "Selected option(s) "


class Stored:
    """A chat's database at ``path``; empty where it cannot be read, or there is none.

    ``about`` is what it says of the chat, ``folder`` where that works.
    """

    def __init__(self, path: str = "") -> None:
        self.about: dict[str, Any] = {}
        self.folder = ""
        self._answers: dict[str, deque[Returned]] = {}
        self._thoughts: dict[str, deque[str]] = {}
        if path and os.path.isfile(path):
            try:
                with Database(path) as database:
                    self._read(database)
            except (InputError, ValueError):
                return

    def answer(self, call: Called) -> Returned | None:
        """Return the answer to ``call``, None where there is none; of calls that are the same the next one's."""
        told = self._answers.get(_key(call.name, call.input))
        return told.popleft().replace(id=call.id) if told else None

    def thought(self, blocks: list[dict[str, Any]]) -> str:
        """Return what the agent thought before what it says or calls in ``blocks``."""
        thoughts = self._thoughts.get(_first_of(blocks))
        return thoughts.popleft() if thoughts else ""

    def _read(self, database: Database) -> None:
        rows = database.rows("SELECT value FROM meta WHERE key = '0'")
        self.about = as_dict(decode(bytes.fromhex(as_str(rows[0][0])))) if rows else {}
        called: dict[str, tuple[str, Any]] = {}
        for message in _messages(database, as_str(self.about.get("latestRootBlobId"))):
            blocks = [as_dict(block) for block in as_list(message.get("content"))]
            if message.get("role") == "assistant":
                called |= {as_str(it.get("toolCallId")): (as_str(it.get("toolName")), it.get("args")) for it in blocks}
                if thought := "\n\n".join(as_str(it.get("text")) for it in blocks if it.get("type") == "reasoning"):
                    self._thoughts.setdefault(_first_of(blocks), deque()).append(thought)
            elif message.get("role") == "tool":
                for block in blocks:
                    if call := called.get(as_str(block.get("toolCallId"))):
                        answer = _answer(block, _outcome(message), object_of(call[1]))
                        self._answers.setdefault(_key(*call), deque()).append(answer)
            elif not self.folder and (named := _WORKSPACE.search(text_in(message.get("content")))):
                self.folder = named[1].strip()


def _messages(database: Database, root: str) -> Iterator[dict[str, Any]]:
    """Yield the messages that the ``root`` lists, in order."""
    if not root or "blobs" not in database.tables():
        return
    rows = database.rows("SELECT data FROM blobs WHERE id = ? AND length(data) <= ?", root, MAX_ROW_BYTES)
    ids = list(_listed(rows[0][0])) if rows and isinstance(rows[0][0], bytes) else []
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        question = f"SELECT id, data FROM blobs WHERE id IN ({marks}) AND length(data) <= ?"  # noqa: S608
        found = dict(database.rows(question, *some, MAX_ROW_BYTES))
        for data in map(found.get, some):
            value = decode(data) if isinstance(data, str | bytes) else None
            yield as_dict(value)


def _listed(root: bytes) -> Iterator[str]:
    at = 0
    while root[at : at + len(_LISTED)] == _LISTED:
        at += len(_LISTED) + _HASH_BYTES
        yield root[at - _HASH_BYTES : at].hex()


def _key(name: str, arguments: Any) -> str:
    fields = object_of(arguments)
    return f"{name} {compact_json({key: fields[key] for key in sorted(fields)} if fields else arguments)}"


def _first_of(blocks: list[dict[str, Any]]) -> str:
    """Return by what a response is known: its first call, else what it says."""
    for block in blocks:
        if as_str(block.get("type")).replace("-", "_") in ("tool_use", "tool_call"):
            name = as_str(block.get("toolName")) or as_str(block.get("name"))
            return _key(name, block.get("args", block.get("input")))
    text = "\n".join(as_str(block.get("text")) for block in blocks if block.get("type") == "text")
    return text.removesuffix("[REDACTED]").strip()


def _outcome(message: dict[str, Any]) -> dict[str, Any]:
    cursor = as_dict(as_dict(message.get("providerOptions")).get("cursor"))
    return as_dict(cursor.get("highLevelToolCallResult"))


def _answer(block: dict[str, Any], outcome: dict[str, Any], asked: dict[str, Any]) -> Returned:
    """Return an answer as the text tells it and as Cursor's own record of the ``outcome`` does."""
    text = text_in(block.get("result")) or text_in(block.get("experimental_content"))
    rejected = as_dict(outcome.get("output")).get("rejected")
    if rejected is not None or text.startswith("Rejected: "):
        reason = as_str(as_dict(rejected).get("reason"))
        return Returned("", f"Rejected by the user.{f' feedback: {reason}' if reason else ''}", failed=True)
    failed = outcome.get("isError") is True
    if printed := _PRINTED.match(text):
        code = int(printed[1])
        return Returned("", (printed[2] or "").rstrip("\n"), bool(code), code)
    text = as_printed(_AROUND.sub("", text)) if block.get("toolName") == "Grep" else text
    return Returned("", text, failed, answers=_replies(text, asked))


def _replies(text: str, asked: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return what the user answered to the questions ``asked``, which the ``text`` tells by their ids."""
    told = dict(_REPLY.findall(text)) if "questions" in asked else {}
    questions = [as_dict(it) for it in as_list(asked.get("questions"))]
    answers = [_in_words(as_str(told.get(as_str(it.get("id")))), as_list(it.get("options"))) for it in questions]
    return replies([{"question": it.get("prompt")} for it in questions], answers)


def _in_words(told: str, options: list[Any]) -> str:
    """Return an answer with the labels of the options that it names by their ids."""
    if not told.startswith(_CHOSEN):
        return told
    chosen, _, typed = told.removeprefix(_CHOSEN).partition(", freeform: ")
    labels = {as_str(it.get("id")): as_str(it.get("label")) for it in map(as_dict, options)}
    return ", ".join(filter(None, (*(labels.get(it) or it for it in chosen.split(", ")), typed)))
