"""Secrets are replaced by ``[REDACTED:kind]`` before any text is written.

The tables of what secrets look like cost more to load than the rest of a call, and most of what is tracked begins with
plain words. So this door first asks whether the text has anything that each secret needs; what finds secrets lies
behind it, in ``search``.
"""

from __future__ import annotations

from itertools import pairwise

LEAST_UNNAMED_CHARS = 16
"""Without a telling word beside it a secret is known by its shape, and the shortest such is a word this long."""

TELLING_WORDS = (
    *(
        "://",
        "pass",
        "pwd",
        "psw",
        "pw",
        "secret",
        "token",
        "credential",
        "key",
        "jwt",
        "_pat",
        "auth",
        "basic",
        "bearer",
    ),
    *(
        "private",
        "cookie",
        "sess",
        "machine",
        "login",
        "securestring",
        "identified",
        "connect",
        "pdo(",
        "value",
        "sign",
    ),
    *("curl", "wget", "http", "xh ", "mysql", "maria", "docker", "podman", "helm", "buildah", "skopeo", "crane", "oc "),
    *("nerdctl", "oras", "registry", "az ", "argocd", "-cli", "mongo", "cqlsh", "cypher-shell", "ldap", "sql", "bcp "),
    *(
        "mosquitto_",
        "ipmitool",
        "7z",
        "zip ",
        "expect",
        "psexec",
        "winexe",
        "plink",
        "pscp",
        "psftp",
        "winrm",
        "mapexec",
    ),
    *(
        "nxc",
        "smb",
        "rpcclient",
        "net ",
        "openssl",
        "gpg",
        "gh ",
        "glab",
        "vercel",
        "wrangler",
        "config:set",
        "env add",
    ),
    *(
        "from-literal",
        "vault",
        "npm ",
        "yarn ",
        "doctl",
        "pulumi",
        "cargo ",
        "rabbitmq",
        "sudo -",
        "-stdin",
        "kinit",
        "/p:",
    ),
    *(
        "/rp",
        "runas",
        "freerdp",
        "snmp",
        "community",
        "nmcli",
        "iwconfig",
        "enable ",
        "username ",
        "ftp",
        "impdp",
        "expdp",
    ),
    *(
        "default ",
        "getconnection(",
        "mnemonic",
        "phrase",
        "<<<",
        "rar ",
        "user",
        "cred",
        "twine",
        "poetry",
        "psk",
        "send ",
    ),
)
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
    if any(len(word) >= LEAST_UNNAMED_CHARS for word in text.split()):
        return True
    lines = text.split("\n") if "\n" in text else ()
    return any(_ends_and_begins(*pair) >= LEAST_UNNAMED_CHARS for pair in pairwise(lines))


def _ends_and_begins(line: str, following: str) -> int:
    """Return how long the last word of ``line`` and the first of the ``following`` are together: a token, divided."""
    last, first = line.rsplit(None, 1)[-1:], following.lstrip(" \t>|#*/").split(None, 1)[:1]
    return len("".join(last + first)) if last and first else 0
