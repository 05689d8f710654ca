"""Secrets are replaced by ``[REDACTED:kind]`` before any text is written.

The tables of what secrets look like cost more to load than the rest of a call, and most of what is tracked begins with
plain words. So this door first asks whether the text has anything that each secret needs; what finds secrets lies
behind it, in ``search``. Text that comes bit by bit goes through ``RedactedStream``.
"""

from __future__ import annotations

from itertools import pairwise

LEAST_UNNAMED_CHARS = 16
"""Without a telling word beside it a secret is known by its shape, and the shortest such is a word this long."""

_BLOCK_CHARS = 1 << 18
_OVERLAP_CHARS = 1 << 13
"""Both sides of a seam are looked at that far: more than any secret that is no key block."""

_KEY_BLOCK_CHARS = 1 << 18
_KEY_MARKS = ("PRIVATE KEY", "Private-Lines")
_MOST_HELD_CHARS = 1 << 20
_TRIES = 8

TELLING_WORDS = (
    "://", "pass", "pwd", "psw", "pw", "secret", "token", "credential", "key", "jwt", "_pat", "auth", "basic",
    "bearer", "private", "cookie", "sess", "machine", "login", "securestring", "identified", "connect", "pdo(",
    "value", "sign", "curl", "wget", "http", "xh ", "mysql", "maria", "docker", "podman", "helm", "buildah", "skopeo",
    "crane", "oc ", "nerdctl", "oras", "registry", "az ", "argocd", "-cli", "mongo", "cqlsh", "cypher-shell", "ldap",
    "sql", "bcp ", "mosquitto_", "ipmitool", "7z", "zip ", "expect", "psexec", "winexe", "plink", "pscp", "psftp",
    "winrm", "mapexec", "nxc", "smb", "rpcclient", "net ", "openssl", "gpg", "gh ", "glab", "vercel", "wrangler",
    "config:set", "env add", "from-literal", "vault", "npm ", "yarn ", "doctl", "pulumi", "cargo ", "rabbitmq",
    "sudo -", "-stdin", "kinit", "/p:", "/rp", "runas", "freerdp", "snmp", "community", "nmcli", "iwconfig",
    "enable ", "username ", "ftp", "impdp", "expdp", "default ", "getconnection(", "mnemonic", "phrase", "<<<",
    "rar ", "user=", "user =", "user  ", "user \t", "user\t", "usermod", "useradd", "mycli", "etcdctl", "cred",
    "twine", "poetry", "psk", "send ", "bundle config", "senha", "wachtwoord", "contrasena", "kennwort",
)  # fmt: skip
"""One of these, in any case, stands in a text whose secret may be shorter or broken by blanks."""

PASSWORD_ABROAD = ("contraseña", "пароль", "密码", "密碼", "パスワード", "비밀번호", "hasło", "lösenord")
"""More telling words, looked for in text beyond ASCII alone."""


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
    if not text.isascii() and any(word in folded for word in PASSWORD_ABROAD):
        return True
    if any(len(word) >= LEAST_UNNAMED_CHARS for word in text.split()):
        return True
    lines = text.split("\n") if "\n" in text else ()
    return any(_ends_and_begins(*pair) >= LEAST_UNNAMED_CHARS for pair in pairwise(lines))


def _ends_and_begins(line: str, following: str) -> int:
    """Return how long the last word of ``line`` and the first of the ``following`` are together: a token, divided."""
    last, first = line.rsplit(None, 1)[-1:], following.lstrip(" \t>|#*/").split(None, 1)[:1]
    return len("".join(last + first)) if last and first else 0


class RedactedStream:
    """Takes text bit by bit and gives it back redacted, as ``redact`` would the whole; memory stays flat.

    Text is given back up to a seam that no secret lies across: a line's end, else white space, else any place where
    redacting both sides apart or together gives the same. ``chars`` is what it still holds.
    """

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self.chars = 0

    def feed(self, text: str) -> str:
        """Take ``text`` and return what is safe to write by now, redacted; often nothing."""
        self._waiting.append(text)
        self.chars += len(text)
        if self.chars < _BLOCK_CHARS + _OVERLAP_CHARS:
            return ""
        return self.settle()

    def settle(self) -> str:
        """Return what is safe to write by now, however little that is, redacted; the rest is still held."""
        held = "".join(self._waiting)
        seam = max(0, _seam(held))
        self._waiting, self.chars = [held[seam:]], len(held) - seam
        return redact(held[:seam])

    def finish(self) -> str:
        """Return the rest, redacted."""
        held, self._waiting, self.chars = "".join(self._waiting), [], 0
        return redact(held)


def _seam(held: str) -> int:
    """Return the last good place to divide ``held``, 0 where more must be seen first."""
    at = len(held) - _OVERLAP_CHARS
    for _ in range(_TRIES):
        at = _line_end(held, at)
        if at <= 0:
            break
        if _divides(held, at):
            return at
        at -= _OVERLAP_CHARS
    # Nothing a person wrote is one secret that long.
    return 0 if len(held) < _MOST_HELD_CHARS else len(held) - _OVERLAP_CHARS


def _line_end(held: str, at: int) -> int:
    for mark in ("\n", " "):
        if (found := held.rfind(mark, max(0, at - _OVERLAP_CHARS), at)) >= 0:
            return found + 1
    return at


def _divides(held: str, at: int) -> bool:
    far = max(0, at - _KEY_BLOCK_CHARS)
    in_block = any(mark in held[far:at] for mark in _KEY_MARKS)
    before = held[far if in_block else max(0, at - _OVERLAP_CHARS) : at]
    after = held[at : at + (_KEY_BLOCK_CHARS if in_block else _OVERLAP_CHARS)]
    return not may_hold_secret(before + after) or redact(before + after) == redact(before) + redact(after)
