"""Secrets in a list under one name: each entry, in brackets, one on a line, or behind commas."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction.plain import may_be
from handoff_cli.redaction.values import is_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.redaction.layers import Layer

    Span = tuple[int, int, str]

_OF_PASSWORDS = ("passwords", "passwds", "passphrases", "pwds", "password_list", "passwordlist")
_OF_TOKENS = (
    "secrets", "tokens", "credentials", "api_keys", "apikeys", "api-keys", "access_keys", "accesskeys", "secret_keys",
    "secretkeys", "signing_keys", "signingkeys", "private_keys", "auth_keys", "license_keys", "encryption_keys",
    "client_secret", "clientsecret", "service_keys", "master_keys", "ssh_keys", "webhook_keys", "token_list",
)  # fmt: skip
_HEAD = (
    r"[\"'\]]{0,2}[ \t]{0,4}(?::[ \t]{0,4}[\w\[\]<>., ]{1,40}?[ \t]?(?==))?(?:=>?|:=?)[ \t]{0,4}(?:new[ ])?"
    r"(?:\[\][a-z]{3,8}|vec!|array|@|%w|set|list|tuple|frozenset|listOf|arrayOf|List\.of|Set\.of)?[ \t]?\(?"
)
_OPENINGS = "[({"
_QUOTED = r"[\s,]{0,80}[bruf@]{0,2}(?:\"([^\"\n]{4,512})\"|'([^'\n]{4,512})')(?=\s{0,40}[,\])};]|\s{1,40}[\"'])"
_ON_A_LINE = (
    r"(?:[ \t]{0,8}#[^\n]{0,200})?\r?\n[ \t]{0,40}-[ \t]{1,4}"
    r"(?:\"([^\"\n]{4,512})\"|'([^'\n]{4,512})'|([^\s\"'#:]{4,512}))[ \t]{0,8}(?=\r?\n|\Z|#)"
)
_BARE = r"[\s,]{0,40}([^\s\"',()\[\]{}$#]{4,512})(?=[\s,\])])"
_BEHIND_COMMAS = r"[\"']?([\w+/=.~-]{12,256}(?:,[ ]?[\w+/=.~-]{12,256}){1,64})"
_MOST, _LEAST = 400, 16


def listed(view: Layer) -> Iterator[Span]:
    """Yield (start, end, kind) of every secret that is an entry of a list."""
    for names, kind in ((_OF_PASSWORDS, "password"), (_OF_TOKENS, "secret")):
        for name in view.index.among(names):
            for at in view.index.places(name):
                head = compiled(_HEAD).match(view.text, at + len(name))
                for start, end in _entries(view.text, head.end()) if head else ():
                    if _is_one(view.text[start:end], kind, quoted=view.text[start - 1] in {'"', "'"}):
                        yield start, end, kind


def _entries(text: str, at: int) -> Iterator[tuple[int, int]]:
    opening = text[at : at + 1]
    if opening and (opening in _OPENINGS or text[at - 1] == "("):
        at += opening in _OPENINGS
        pattern = _QUOTED if compiled(_QUOTED).match(text, at) else _BARE
    elif opening in {"\r", "\n", "#"}:
        pattern = _ON_A_LINE
    else:
        commas = compiled(_BEHIND_COMMAS).match(text, at)
        for part in commas[1].split(",") if commas else ():
            at = text.index(part, at)
            yield at + len(part) - len(part.lstrip()), at + len(part)
        return
    for _ in range(_MOST):
        entry = compiled(pattern).match(text, at)
        if not entry:
            return
        yield entry.span(entry.lastindex or 0)
        at = entry.end()


def _is_one(value: str, kind: str, *, quoted: bool) -> bool:
    if kind == "secret":
        return len(value) >= _LEAST and is_secret(value, "token", quoted=quoted)
    return is_secret(value, "password", quoted=quoted) or may_be(value, quoted=quoted)
