"""What a bare ``key`` is: of nothing, or of a word without a sign between, it opens something by what is near it."""

from __future__ import annotations

WEAK_LEADS = frozenset((
    *("public", "cache", "primary", "foreign", "partition", "sort", "row", "hash", "unique", "composite", "dedupe"),
    *("object", "s3", "i18n", "translation", "lookup", "index", "map", "dict", "group", "storage", "query", "hot"),
    "host",
))  # fmt: skip
_INNOCENT_LEADS_JOINED = (
    *WEAK_LEADS, "ssh", "gpg", "pgp", "rsa", "idempotency", "routing", "dedup", "item", "node", "sub", "registry",
    "field", "column", "short", "hot",
)  # fmt: skip
"""Before ``key``, without a sign between."""
_LEAST_LEAD, _USING, _OF_APIS, _ASKED = 4, "using", ("api", "credential", "oauth"), 160
GIVES, KINDS_OF_KEYS = frozenset(("=", ":", ":=", "=>")), {"used": "weak", "lone": "lone", "joined": "joined"}
"""Behind the first a key of nothing is one that opens something, near the others it may be, where it is given."""


def kind_of_key(folded: str, start: int, lead: str) -> str:
    """Return what a key of nothing, or of a ``lead`` without a sign between, is by what is near it."""
    if lead.endswith(_INNOCENT_LEADS_JOINED):
        return "none"
    near = folded[max(start - _ASKED, 0) : start]
    if _USING in near[: len(near) - len(lead)].split()[-2:]:
        return "used"
    if any(word in near for word in _OF_APIS):
        return "lone"
    return "joined" if lead.isalpha() and len(lead) >= _LEAST_LEAD else "none"
