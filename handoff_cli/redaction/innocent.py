"""What only looks like a secret by where it stands: a part of a picture or a certificate, a hash, an id."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled

_TOLD_AROUND = ("secret", "password")
_PUBLISHABLE = ("pk_live_", "pk_test_")
_MEDIA = ("data:image/", "data:font/", "data:audio/", "data:video/")
_BEGIN, _OPEN_BLOCKS = (
    "-----BEGIN ",
    ("CERTIFICATE", "PUBLIC KEY", "RSA PUBLIC KEY", "SSH2 PUBLIC KEY", "PGP PUBLIC KEY"),
)
_FAR, _WIDEST = 1 << 14, 400
_ENDS_LINE = " \t\r>|\u2502*`\"'-+#\u2022"
_UUID_CHARS, _FEWEST_WORDS, _GRAPH = 36, 3, " \t\r*|\\/^+-"
_HASH_CHARS = frozenset((*range(7, 13), _UUID_CHARS, 40, 64))
_HASH = r"[0-9a-f]+|[0-9A-F]+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_LED_BY_HASH = r"[ \t*|\\/^+-]{0,16}[0-9a-f]{7,64}(?:[ \t]|\Z)"
_PROMPT = r"(?:\S{1,40}[@:]\S{0,60})?[$#>%][ \t]|>>>|In \[|PS |\w{1,12}=[#>]"
_NAMES_SECRET = ("pass", "pw", "psk", "secret", "token", "key", "cred")
_NEAR, _LONGEST_NAME, _GIVES = 120, 48, ":=\"'`(["
_NAME_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"
_NAMES_HASH = (
    r"commit|tree|parent|object|[Mm]erge|From|index|pick|fixup|squash|[Rr]everts?|reset|branch|tag"
    r"|(?i:(?:[\w.-]*[-_.])?(?:u?u?id|guid|oid|sha\d{0,3}|hash|rev|revision|digest|checksum|etag|commit|span|trace))"
    r"|[a-z]\w*(?:Id|ID|Uuid|UUID|Hash|Sha)"
)
"""What names a hash or an id right before it."""


def secrets_among(text: str, spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return those of ``spans``, (start, end, kind), that are secrets also by what is around them."""
    if any(sign in text for sign in (*_PUBLISHABLE, "data:", _BEGIN)):
        spans = [span for span in spans if not _is_public(text, span[0])]
    return [
        span
        for span in spans
        if span[2] not in _TOLD_AROUND or not (_is_hash(text, *span[:2]) or _is_numbered(text, *span[:2]))
    ]


def _is_public(text: str, at: int) -> bool:
    """Return whether what stands ``at`` is a part of a picture or a font in an address, or of a certificate."""
    if text.startswith(_PUBLISHABLE, at):
        return True
    address = text.rfind("data:", max(at - _FAR, 0), at)
    if address >= 0 and text.startswith(_MEDIA, address) and len(text[address:at].split(None, 1)) == 1:
        return not any(quote in text[address:at] for quote in "\"'")
    begin = text.rfind(_BEGIN, max(at - _FAR, 0), at)
    return begin >= 0 and text.startswith(_OPEN_BLOCKS, begin + len(_BEGIN)) and text.find("-----END", begin, at) < 0


def _is_numbered(text: str, start: int, end: int) -> bool:
    """Return whether a word is a name of a secret of several parts, and its number, whose name stands before it."""
    word = text[start:end].lstrip("+-")
    base = word.rstrip("0123456789")
    if base == word or not ("_" in base or (not base.islower() and not base[1:].islower())):
        return False
    told = any(name in base.lower() for name in _NAMES_SECRET)
    return told and base in text[max(start - _NEAR, 0) : start]


def _is_hash(text: str, start: int, end: int) -> bool:
    """Return whether a word is the hash of a commit or of a file, or an id, and only the line above speaks of secrets.

    It is named so, it leads a line as git shows it, or it stands alone below a sentence.
    """
    length = end - start
    if length not in _HASH_CHARS or not compiled(_HASH).fullmatch(text, start, end):
        return False
    far = max(start - _WIDEST, 0)
    begins = max(text.rfind("\n", far, start) + 1, far)
    before, behind = text[begins:start], text[end : end + _WIDEST].partition("\n")[0]
    if named := _name_before(before):
        return "secret" not in named.lower()
    if before.strip(_GRAPH) or length == _UUID_CHARS:
        return False
    above = text[max(begins - 1 - _WIDEST, 0) : max(begins - 1, 0)].split("\n")[-2:]
    below = text[end : end + _WIDEST].split("\n")[2:3]
    listed = any(compiled(_HASH).fullmatch(line.strip(_GRAPH)) for line in above[:-1] + below)
    return _is_none_asked_for(above[-1], listed=listed or bool(behind.strip()))


def _name_before(before: str) -> str:
    """Return what names a hash that follows ``before``, with others between them or without; '' where nothing does."""
    words = before[-_NEAR:].replace("..", " ").split()[-3:]
    while words and compiled(_HASH).fullmatch(words[-1]):
        words.pop()
    last = words[-1].rstrip(_GIVES)[-_LONGEST_NAME:] if words else ""
    name = last[len(last.rstrip(_NAME_CHARS)) :]
    return name if compiled(_NAMES_HASH).fullmatch(name) else ""


def _is_none_asked_for(above: str, *, listed: bool) -> bool:
    """Return whether a line announces no secret below it, where hashes or what they are of may be ``listed``."""
    if compiled(_LED_BY_HASH).match(above):
        return True
    if above.rstrip(_ENDS_LINE + "*").endswith((":", "=", "?", "\uff1a")):
        return False
    if compiled(_PROMPT).match(above):
        return "git " in above
    return listed or len(above.split()) >= _FEWEST_WORDS
