"""Secrets are replaced by ``[REDACTED:kind]`` before any text is written.

The tables of what secrets look like cost more to load than the rest of a call, and most of what is tracked begins with
plain words. So this door first asks whether the text has anything that each secret needs; what finds secrets lies
behind it, in ``core.secret_redaction``.
"""

from __future__ import annotations

LEAST_UNNAMED_CHARS = 20
"""Without a telling word beside it a secret is known by its shape, and the shortest such is a word this long."""

TELLING_WORDS = (
    "://", "pass", "pwd", "secret", "token", "credential", "key", "jwt", "_pat", "auth", "basic", "bearer", "private",
    "cookie", "sess", "curl", "wget", "machine",
)  # fmt: skip
"""One of these, in any case, stands in a text whose secret may be shorter or broken by blanks."""


def redact(text: str) -> str:
    """Return ``text`` with its secrets replaced by ``[REDACTED:kind]``; ``text`` itself where there is none.

    Passwords in URLs lose only the password. The number of lines is kept except inside a private key block. Redacting
    twice changes nothing. Limits (what is missed, what is taken for a secret): ``docs/redaction.md``.
    """
    if not may_hold_secret(text):
        return text
    from handoff_cli.redaction.search import replace_secrets

    return replace_secrets(text)


def may_hold_secret(text: str) -> bool:
    """Return whether ``text`` is worth searching: False only where ``replace_secrets`` would change nothing."""
    folded = text.lower()
    if any(word in folded for word in TELLING_WORDS):
        return True
    return any(len(word) >= LEAST_UNNAMED_CHARS for word in text.split())
