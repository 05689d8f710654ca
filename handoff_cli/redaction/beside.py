"""What stands beside a word that looks chosen: a user's name before it, an option, a setting's name, a call."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled

USER = r"[A-Za-z][\w.+-]{0,31}(?:@[\w.-]{3,64})?"
"""What a user is called."""
_NEAR, _SHORT, _USER_REACH = 80, 24, 60


_WHERE = r"\d{1,3}(?:\.\d{1,3}){3}|://|@[\w-]+\.[a-z]|\.internal\b|\.local\b|\.lan\b"

_NO_USER = frozenset((
    "user", "username", "login", "password", "passwd", "pass", "pw", "pwd", "secret", "token", "key", "auth", "http",
    "https", "type", "name", "class", "version", "value", "the", "a", "an", "id", "host", "path", "file", "url",
    "email", "sha1", "sha256", "sha384", "sha512", "md5",
))  # fmt: skip

_AFTER_USER = (
    r"(?:\A|[\s\"'`(\[{:=,|])[\"'`*]{0,2}(?:[A-Z]{2,16}[/\\])?([A-Za-z][\w.-]{0,23}(?:@[\w.-]{3,64})?)[\"'`*]{0,2}"
    r"[ \t]{0,2}[/:|,;%][ \t]{0,2}[\"'`*(]{0,2}\Z"
)

_ADDRESSED = (
    r"[ \t]{0,8}(?:\w{2,6}://\S{3,120}?|\d{1,3}(?:\.\d{1,3}){3})[,;|: \t]{1,4}(?:\d{2,5}[,;|: \t])?"
    rf"{USER}[,;|: \t]\Z"
)
"""An address and who logs in there."""

_AND = r"(?i)\b(?:with|and|then|using|is|mit|und|con|y|com|avec|et|en|met|e)[ \t]{1,2}[\"'`(]{0,2}\Z"

_WITH_USER = (
    r"(?:\bcreds?|\bcredentials|credenziali|credenciales|identifiants|\w*zugangsdaten|logindaten|\bidentify|/oper)"
    rf"[:=]?[ \t]{{1,4}}(?:[\"']?{USER}[\"']?[ \t]{{1,4}})?[\"'`]?\Z|\b(?:admin|root)[ \t]{{1,4}}\Z"
    r"|(?:\blog-?[io]n|\bauth plain|add-?user(?:\.sh)?|user-?add|create-?admin|create-?user|upwd|user:\w+"
    r"|basicauth[ ]/\S*|auth-user-pass)[:=]?[ \t]{1,4}"
    rf"[\"']?(?!as\b|to\b|with\b|into\b|on\b|in\b){USER}[\"']?[ \t]{{1,4}}[\"'`]?\Z"
)

_CREDS_OF = (
    rf"(?i)\bcred(?:s|entials)[:=]?[ \t]{{1,4}}[\"']?{USER}[\"']?[ \t]{{1,4}}[\"']?\Z"
    r"|^(?:root|admin)[ \t]?[:/][ \t]?\Z"
)

_GIVES = r"[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?"

_KEYED = (
    rf"(?i)(?<![a-z])(?:u|usr|user\w{{0,8}}|login|email|mail|id|account){_GIVES}{USER}[\"']?[ \t,;/|&]{{1,4}}[\"']?"
    rf"(?:p|w|pw|pass|auth|phrase|word|code|key|ww|pin|cred\w{{0,8}}){_GIVES}\Z"
    rf"|(?<![a-z])(?:user|login|auth|cred|account)\w{{0,12}}(?:{_GIVES}|[ \t][\"']?){USER}[:/%]\Z"
    rf"|[ \t](?:(?-i:-[uUA])|--(?:user|auth|creds|userpwd|login|basic(?:-auth)?))[ \t=]{{0,4}}[\"']?{USER}:\Z"
)

_CLOSED = r"[\"'`*)\]}]{0,4}(?:[ \t]*\Z|[,;.:)|][ \t\"'(\[{].*|[,;|].*|[ \t].*)"

_OPTION = r"(?:\A|\s)(?:-{1,2}|/)(?:p|P|w|W|pw|k)(?:[ \t=:]{1,2})?[\"']?\Z"

_OPTION_OF = r"(?i)(?:\s|\A)-[uUlD][ \t=]?|--?user|\blogin|user|key|pass|sign|vault|auth|\bpfx|\bp12"

_NAMED = (
    r"(?i)(?:passw\w{0,24}|pwd|passphrase|(?<![a-z])pass|(?<![a-z])pw|cred(?:s|entials)?)(?![a-z])"
    r"(?:(?!passw)[^;\n#]){0,60}?\Z"
)

_DIRECTIVE = (
    r"(?i)\A[ \t]{0,40}(?:\w[\w.-]{0,40}[ \t])?[\w.-]{0,40}"
    r"(?:passw\w{0,12}|pass|pw|psk|secret|pre-shared-key(?:[ \t]ascii-text)?|isakmp[ ]key)"
    r"[ \t]{1,8}(?:\d[ \t]{1,4})?[\"']?\Z"
)

_DIRECTED = r"[\"']?[ \t]*(?:\Z|[;#]|address\b|[rR][ow]\b)"

_PUT = r"(?:\becho|\bprintf|\byes)[ \t]{1,4}(?:-\w[ \t]{1,4})?[\"']?\Z"

_PUT_IN = r"(?i)[\"']?[ \t]{0,4}(?:>{1,2}|\||\))[^\n]{0,60}?(?:pass|pw|secret|cred|token|login|\bsu\b)|[\"']?\)"

_KEYWORD = r"(?:\s|\A):?[ \t](?:EAP|PSK|XAUTH)[ \t]{1,4}[\"']?\Z"

_TO_CHARS = r"\"\.(?:toCharArray|getBytes)\("

_STARRED = r"[ \t]{0,4}[\"']?[\w.@\\-]{1,64}[\"']?[ \t]{1,8}(?:\*|[\w.-]{1,64})[ \t]{1,8}[\"']?\Z"

_STAR = r"[\"']?[ \t]{1,8}\*[ \t]*\Z"
"""A line of ``chap-secrets``: who, with whom, the secret, from where."""

_NAMES_A_USER = (
    r"(?:user(?:s|name|_?id)?|log-?in|adduser|useradd(?:[ ]-\w)*|\bas|(?<![a-z])id|name|\bssid|\brole|\bgroup"
    r"|public[ _-]keys?|[ ]-g|--group|\bto|\binto"
    r"|\bwith|\bstart|users?/|did:key:)"
    r"[\"']?[ \t]{0,4}[:=]?[ \t]{0,4}[\"'(`]{0,2}\Z|\w=\Z|ssh-\w{2,12}[ ]\Z|values[ ]?\((?:\d+,[ ]?)?[\"']\Z"
    r"|sha\d{1,3}:\S{0,44}\Z|^\s*(?:from\s\S+\s)?import\s.*\Z"
)
"""What makes of the next word a user's name, an id, what a variable is given."""

_OPERATOR = r"[ \t]{1,2}(?:&&|\|\||\?[ ]|[!=]==?[ ])"


def beside_user(before: str, behind: str, *, called: bool, people: bool, sure: bool) -> bool:
    """Return whether a user's name stands before the word, as where both are told."""
    if not compiled(_CLOSED).match(behind):
        return False
    near, sign = before[-_NEAR:], before.rstrip(" \t\"'`*(")[-1:]
    if sign and sign in ":=/%" and compiled(_KEYED).search(near):
        return True
    if (called or len(before) < _SHORT) and compiled(_CREDS_OF).search(near):
        return True
    if sure and (_with_somebody(near, people=people) or compiled(_ADDRESSED).match(before)):
        return True
    user = compiled(_AFTER_USER).search(near[-_USER_REACH:]) if sign and sign in "/:|,;%" else None
    if not user or user[1].lower() in _NO_USER:
        return False
    known = people or (sign not in ",;|" and compiled(_WHERE).search(before) is not None)
    return known and (sure or called or "@" in user[1])


def _with_somebody(near: str, *, people: bool) -> bool:
    return people and bool(compiled(_AND).search(near[-_SHORT:]) or compiled(_WITH_USER).search(near.lower()))


def in_place(before: str, behind: str, *, called: bool) -> bool:
    """Return whether a command's option, a setting's name or a call says it."""
    near = before[-_SHORT:]
    if (" -" in near or " /" in near or near[:1] in {"-", "/"}) and compiled(_OPTION).search(near):
        return compiled(_OPTION_OF).search(before + behind) is not None
    if compiled(_KEYWORD).search(near) or (behind[:2] == '".' and compiled(_TO_CHARS).match(behind)):
        return True
    if compiled(_PUT).search(near) and compiled(_PUT_IN).match(behind):
        return True
    if "*" in behind and compiled(_STARRED).match(before) and compiled(_STAR).match(behind):
        return True
    if len(before) < _NEAR and compiled(_DIRECTIVE).match(before) and compiled(_DIRECTED).match(behind):
        return True
    quoted = called and before[-1:] in {'"', "'"} and behind[:1] == before[-1:]
    return quoted and compiled(_NAMED).search(before[-_NEAR - _SHORT :]) is not None


def names_a_user(before: str, behind: str) -> bool:
    """Return whether the word is somebody's name, an id, or what a variable is given."""
    return (
        behind[:1] in {".", "("}
        or compiled(_OPERATOR).match(behind) is not None
        or compiled(_NAMES_A_USER).search(before[-_USER_REACH:].lower()) is not None
    )
