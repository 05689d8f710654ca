"""The front matter: machine-readable facts at the top of the handoff, one YAML key a line, values written as JSON.

JSON is YAML, so any YAML reader understands it and no value can break out of its line. The keys in ``OWNED`` are
replaced at every update; keys that people add are kept as they wrote them.
"""

from __future__ import annotations

from io import StringIO

from handoff_cli.constants import DOCUMENT_VERSION
from handoff_cli.core.jsonc import dumps, loads
from handoff_cli.core.patterns import lazily
from handoff_cli.core.text import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from handoff_cli.documents.facts import Facts, GitFacts, UsageFacts

OWNED = frozenset(
    (
        *("schema", "created", "session", "previous", "reason", "usage", "model", "encoding", "git", "redaction"),
        "doc_tokens",
    )
)

_CHARS_OF_A_TOKEN = 4
_BLOCK = lazily(r"\A---[ \t]*\r?\n((?:.*\n)*?)---[ \t]*(?:\r?\n|\Z)")
_KEY = lazily(r"([A-Za-z_][\w.-]*|\"[^\"\n]*\"|'[^'\n]*')[ \t]*:(?=\s|$)")
_CONTINUED = lazily(r"[ \t#-]|\r?$")


def front_matter(facts: Facts) -> str:
    """Return the front matter of ``facts`` with its fences; facts that are not known are left out.

    Shares are written as percentages with one decimal, tokens as whole numbers.
    """
    values = {
        "schema": DOCUMENT_VERSION,
        "created": facts.created,
        "session": facts.session,
        "previous": facts.previous,
        "reason": facts.reason,
        "usage": _usage(facts.usage),
        "model": facts.usage.model,
        "git": facts.git and _git(facts.git) if _is_of_session(facts) else None,
        "redaction": None if facts.redacted else "off",
    }
    lines = [f"{key}: {_json(value)}\n" for key, value in values.items() if value is not None]
    return f"---\n{''.join(lines)}---\n"


def with_size(text: str, count: Callable[[str], int]) -> tuple[str, int]:
    """Return the document ``text`` with its size in tokens as ``doc_tokens`` in its front matter, and that size.

    ``count`` returns the tokens of a text; those of a number depend on how many digits it has alone, so the text is
    counted once, with a figure of as many digits as are likely in place.
    """
    head, body = split_front_matter(text)
    opened = head.rstrip().removesuffix("---")
    if not opened:
        return text, count(text)
    size = len(text) // _CHARS_OF_A_TOKEN
    while True:
        digits = len(str(size))
        size = count(f"{opened}doc_tokens: {'1' * digits}\n---\n{body}")
        if len(str(size)) <= digits:
            return f"{opened}doc_tokens: {size}\n---\n{body}", size


def front_matter_values(text: str) -> dict[str, Any]:
    """Return the values of the front matter of ``text`` that ``front_matter`` wrote, by key."""
    found = {}
    for line in StringIO(split_front_matter(text)[0]):
        key, _, value = line.partition(":")
        if key in OWNED:
            try:
                found[key] = loads(value)
            except ValueError:
                continue
    return found


def split_front_matter(text: str) -> tuple[str, str]:
    """Return the front matter of ``text`` and the rest; the first is empty where there is none.

    A rule of dashes that opens ordinary text is not taken for front matter: every line in between must be a key, a
    comment, a blank, or the continuation of a key that stands above it.
    """
    found = _BLOCK.match(text)
    lines = list(StringIO(found[1])) if found else []
    first = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    if not found or (first and not _KEY.match(first)):
        return "", text
    if not all(_KEY.match(line) or _CONTINUED.match(line) for line in lines):
        return "", text
    return found[0], text[found.end() :]


def combine(own: str, kept_from: str) -> str:
    """Return the front matter ``own`` with the lines that people added to ``kept_from`` at its end.

    Both are front matter with fences, or empty; the result is ``kept_from`` itself where ``own`` is empty.
    """
    if not own or not kept_from:
        return own or kept_from
    head = own.rstrip().removesuffix("---")
    return f"{head}{_added_lines(kept_from)}---\n"


def written_for(text: str) -> tuple[str, int]:
    """Return which session the document ``text`` was written for and how many of its checkpoints it covers.

    ``("", 0)`` where its front matter does not say.
    """
    found = front_matter_values(text)
    session, usage = found.get("session"), found.get("usage")
    count = usage.get("checkpoints") if isinstance(usage, dict) else None
    return (session, count) if isinstance(session, str) and isinstance(count, int) else ("", 0)


def _added_lines(block: str) -> str:
    """Return the lines of ``block`` that do not belong to an owned key, as they are."""
    kept: list[str] = []
    owned = True  # what stands before the first key goes on with nothing
    for line in StringIO(block).readlines()[1:-1]:
        if key := _KEY.match(line):
            owned = key[1].strip("\"'") in OWNED
        elif line.startswith("#"):
            owned = False
        if not owned:
            kept.append(line)
    return "".join(kept)


def _usage(usage: UsageFacts) -> dict[str, Any]:
    return {
        "tokens": usage.tokens,
        "window": usage.context_window_limit,
        "usable": usage.usable_tokens,
        "usable_percent": round(usage.usable_share * 100, 1),
        "level": usage.level,
        "method": usage.method,
        "checkpoints": usage.checkpoint_count,
    }


def _is_of_session(facts: Facts) -> bool:
    """Return whether git can tell of the session: one without a commit, on another branch than the log's, cannot."""
    branch = facts.story.task.branch if facts.story else ""
    return facts.git is None or facts.git.head is not None or branch in ("", facts.git.branch)


def _git(git: GitFacts) -> dict[str, Any] | None:
    values = {
        "branch": git.branch,
        "head": git.head,
        "dirty": len(git.changed) if "status" not in git.unread else None,
        "ahead": git.ahead,
        "behind": git.behind,
    }
    return {key: value for key, value in values.items() if value is not None} or None


def _json(value: Any) -> str:
    """Return ``value`` as JSON on one line; text in it is made visible first, which YAML's readers insist on."""
    return dumps(_inert(value), any_letter=True)


def _inert(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _inert(item) for key, item in value.items()}
    return one_line(value) if isinstance(value, str) else value
