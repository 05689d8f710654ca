"""What says that a word that looks chosen is a password: the sentence, a user beside it, an option, the line above.

Each teller gets the word's line, divided into what stands before it and behind, and answers for that alone. A word is
``sure`` where it looks like little else; others need more to be said.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled

REACH = 160
"""That far a word is told about, in characters."""
_NEAR = 80
_ABOVE = 6

_CALLED = (
    r"(?i)passw|pass[ -]?phrase|pass ?code|\bpass\b|(?<!com)(?<!by)(?<!sur)pass(?=[:=_])|_pass|passe\b|pwd|psk"
    r"|\bpw(?:'?s)?\b|_pw\b|kennwort"
    r"|zugangs|logindaten|contrase|\bclave|senha\b|wachtwoord|\bww\b|parol|heslo|haslo|salasana|lozinka|sifre|kodeord"
    r"|adgangskode|passord|creds?\b|credential|credenziali|credenciales|identifiants|\bmdp\b|wpa\b|wlan-|pre-shared|getpass"
)
"""What a password, or who has one with it, is called."""
_OF_PASSWORDS = (
    r"(?i)\w{0,3}[_.-]?(?:hash|encrypt|encod|algo|len|min|max|polic|reset|count|file|path|field|type|scheme|manager)"
)
"""What makes of a name of a password the name of something about it."""
_OF_WIRELESS = r"(?i)\bw(?:lan|i-?fi)\b|wlan-schl|\bsecret\b"
"""What is told a password for, or a secret, if nothing else is said."""
_OPENED = r"[ \t]{1,2}[\"'`(*]{0,3}\Z"
_LINK = (
    r"(?i)[:\"'`\u2192\uff1a\u201c\u201e]|(?<!\))[ \t]->"
    r"|\b(?:is|was|to|as|be|with|enter|use|used|type|try|hai|ist|lautet|est|es|era|now|one|called|set|from|pw|answer|and"
    r"|auf)\b|passw\w*[ \t]?\(\Z|(?:passw\w*|passphrase|passcode|kennwort)[ \t]{1,2}\Z"
)
_TIGHT = (
    r"(?i)(?:\b(?:is|was|be|ist|lautet|war|est|es|era|use|enter|type|try|hai|from|to|auf|now|answer|je|este|som|on|er)"
    rf"|[:=\u2192]|->)[ \t]{{0,2}}(?:</?\w{{1,8}}>[ \t]{{0,2}}){{0,4}}[\"'`(*]{{0,3}}\Z"
    rf"|\A\w{{0,8}}(?:'s)?{_OPENED}|\A\w{{0,4}}[ \t]?\(\Z"
)
_USED = rf"(?i)\b(?:use|used|using|enter|type|typed|try|answer|with|nutze|nimm|utilise|usa|gebruik){_OPENED}"
_AS = r"[\"'`\u201d\u201c]{0,2}[ \t](?:as|for|is|ist|als|comme|como|come|som)[ \t](?:[\w']{1,12}[ \t]){0,3}\Z"
_BEHIND = (
    r"(?i)[\"'`\u201d\u201c*)]{0,2}(?:,|[ \t]?[\u2014\u2013-])?[ \t]{1,2}(?:[\w']{1,12}[ \t]){0,4}?"
    r"(?:is|as|for|ist|es|est|war|was|that's|it's|als|comme|como|come|som|at)\b.{0,40}\Z"
)
_CODE = "(){}[]=<>;|\\$+"
_MOST_SIGNS, _LEAST_WORDS = 1, 3
_WORDS = r"(?<!\S)[A-Za-z][a-z']*(?=[ ,.:?!]|\Z)"

_USER = r"[A-Za-z][\w.+-]{0,31}(?:@[\w.-]{3,64})?"
_SOMEBODY = (
    r"(?i)log-?in|log(?:ged|ging)?[ ](?:in|on)\b|sign(?:ed|ing)?[ -]?in|auth|user|admin|root|account|sudo|cred|identif"
    r"|usuario|usu\w{1,2}rio|utente|\bssh\b|\bs?ftp\b|\bsmtp|passw|zugang|anmeld|logindaten|inlogg|\bnas\b|vpn"
    r"|connect(?:ing|ed)?[ ]to|nickserv|u/p\b|\bvault\b|unlock|decrypt|inlog|einlogg|conecta|acced|acceso"
    r"|acc\u00e8s|connexion"
    r"|zaloguj|p\u0159ihl|\u0432\u043e\u0439\u0442\u0438|\u043b\u043e\u0433\u0438\u043d|\u30ed\u30b0\u30a4\u30f3|\u767b\u5f55|\ub85c\uadf8\uc778"
)
"""What speaks of somebody who logs in."""
_WHERE = r"\d{1,3}(?:\.\d{1,3}){3}|://|@[\w-]+\.[a-z]|\.internal\b|\.local\b|\.lan\b"
_NO_USER = frozenset((
    "user", "username", "login", "password", "passwd", "pass", "pw", "pwd", "secret", "token", "key", "auth", "http",
    "https", "type", "name", "class", "version", "value", "the", "a", "an", "id", "host", "path", "file", "url",
    "email",
))  # fmt: skip
_AFTER_USER = (
    r"(?:\A|[\s\"'`(\[{:=,|])[\"'`*]{0,2}(?:[A-Z]{2,16}[/\\])?([A-Za-z][\w.-]{0,23}(?:@[\w.-]{3,64})?)[\"'`*]{0,2}"
    r"[ \t]{0,2}[/:|,;%][ \t]{0,2}[\"'`*(]{0,2}\Z"
)
_ADDRESSED = (
    r"[ \t]{0,8}(?:\w{2,6}://\S{3,120}?|\d{1,3}(?:\.\d{1,3}){3})[,;|: \t]{1,4}(?:\d{2,5}[,;|: \t])?"
    rf"{_USER}[,;|: \t]\Z"
)
"""An address and who logs in there."""
_AND = r"(?i)\b(?:with|and|then|using|is|mit|und|con|y|com|avec|et|en|met|e)[ \t]{1,2}[\"'`(]{0,2}\Z"
_WITH_USER = (
    r"(?i)(?:\bcreds?|\bcredentials|credenziali|credenciales|identifiants|\w*zugangsdaten|logindaten|\bidentify|/oper)"
    rf"[:=]?[ \t]{{1,4}}(?:[\"']?{_USER}[\"']?[ \t]{{1,4}})?[\"'`]?\Z|(?i:\b(?:admin|root))[ \t]{{1,4}}\Z"
    r"|(?:\blog-?[io]n|\bauth plain|add-?user(?:\.sh)?|user-?add|create-?admin|create-?user|upwd|user:\w+"
    r"|basicauth[ ]/\S*|auth-user-pass)[:=]?[ \t]{1,4}"
    rf"[\"']?(?!as\b|to\b|with\b|into\b|on\b|in\b){_USER}[\"']?[ \t]{{1,4}}[\"'`]?\Z"
)
_CREDS_OF = (
    rf"(?i)\bcred(?:s|entials)[:=]?[ \t]{{1,4}}[\"']?{_USER}[\"']?[ \t]{{1,4}}[\"']?\Z"
    r"|^(?:root|admin)[ \t]?[:/][ \t]?\Z"
)
_GIVES = r"[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?"
_KEYED = (
    rf"(?i)(?<![a-z])(?:u|usr|user\w{{0,8}}|login|email|mail|id|account){_GIVES}{_USER}[\"']?[ \t,;/|&]{{1,4}}[\"']?"
    rf"(?:p|w|pw|pass|auth|phrase|word|code|key|ww|pin|cred\w{{0,8}}){_GIVES}\Z"
    rf"|(?<![a-z])(?:user|login|auth|cred|account)\w{{0,12}}(?:{_GIVES}|[ \t][\"']?){_USER}[:/%]\Z"
)
_CLOSED = r"[\"'`*)\]}]{0,4}(?:[ \t]*\Z|[,;.:)|][ \t\"'(\[{].*|[,;|].*|[ \t].*)"

_OPTION = r"(?:\A|\s)(?:-{1,2}|/)(?:p|P|w|W|pw|k)(?:[ \t=]{1,2})?[\"']?\Z"
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

_OF_KEYS = r"(?i)\bsecret|\bkey\b|api.?key|\btoken\b"
_NAMES_A_USER = (
    r"(?i)(?:user(?:s|name|_?id)?|log-?in|adduser|useradd(?:[ ]-\w)*|\bas|\bid|name|\brole|\bgroup|\bto|\binto|\bwith"
    r"|\bstart|users?/|did:key:)"
    r"[\"']?[ \t]{0,4}[:=]?[ \t]{0,4}[\"'(`]{0,2}\Z|\w=\Z|SHA256:\Z|ssh-\w{2,12}[ ]\Z|values[ ]?\((?:\d+,[ ]?)?[\"']\Z"
)
"""What makes of the next word a user's name, an id, what a variable is given."""
_MARKS = " \t>|\u2502*`\"'-+#\u2022"
_SHOWN = (
    r"(?:[ \t>|\u2502*`\"'#\u2022+-]|Out\[\d+\]: |=> |(?:\(\w+ \*\) )?\$\d+ = (?:0x[0-9a-f]+ )?|0x[0-9a-f]+: "
    r"|\d{1,2}[.)] )*\Z"
)
_PROMPT = r"(?:\S{1,40}[@:]\S{0,60})?[$#>%][ \t]|>>>|In \[|PS |\(Pdb|\(gdb|irb|mysql>|\w{1,12}=[#>]"
_ASKS = r"(?i)pass|pw|secret|vault|keyring|cred|login|keyctl|openssl rand|gpg\b.{0,20}-d|--decrypt|\bsops\b|api_?key"
_ANNOUNCES = r"(?i)cred|log-?in|sign[ -]?in|account|zugang|logindaten|identifiants|passw"
_ROW = (
    r"[ \t>|\u2502*`\"'#\u2022+-]*(?:\d{1,2}[.)] )?(?:\w{1,12}[:=][ \t]?)?"
    rf"{_USER}(?:[ \t]{{0,4}}[ /:|,;=\t][ \t]{{0,4}}|\Z)"
)


def is_told(text: str, first: int, last: int, *, sure: bool) -> bool:
    """Return whether what is around the word from ``first`` to ``last`` says that it is a password."""
    start = max(text.rfind("\n", max(first - REACH, 0), first) + 1, first - REACH, 0)
    end = text.find("\n", last, last + REACH)
    before, behind = text[start:first], text[last : end if end >= 0 else last + REACH].rstrip("\r")
    return (
        _said_before(before, behind, sure=sure)
        or _said_behind(before, behind, sure=sure)
        or _beside_user(before, behind, sure=sure)
        or _in_place(before, behind)
        or _below(text, start, before, behind, sure=sure)
        or (sure and _in_a_line_of_secrets(before, behind))
    )


def _in_a_line_of_secrets(before: str, behind: str) -> bool:
    """Return whether the line speaks of secrets or of somebody who has one, and the word is no user's name or id."""
    if compiled(_NAMES_A_USER).search(before) or behind[:1] in {".", "("}:
        return False
    line = before + " " + behind
    return any(compiled(words).search(line) for words in (_SOMEBODY, _CALLED, _OF_KEYS))


def is_below(text: str, first: int, last: int) -> bool:
    """Return whether the word from ``first`` to ``last`` stands alone on a line below one that announces a password."""
    start = max(text.rfind("\n", max(first - REACH, 0), first) + 1, first - REACH, 0)
    end = text.find("\n", last, last + REACH)
    return _below(
        text, start, text[start:first], text[last : end if end >= 0 else last + REACH].rstrip("\r"), sure=True
    )


def _said_before(before: str, behind: str, *, sure: bool) -> bool:
    """Return whether a sentence that spoke of a password leads to the word."""
    called = _last(_CALLED, before)
    if called is None:
        spoken = _last(_OF_WIRELESS, before) if sure else None
        return spoken is not None and compiled(_TIGHT).search(before[spoken:]) is not None
    between = before[called:]
    if compiled(_OF_PASSWORDS).match(between):
        return False
    if len(between) > _NEAR or ". " in between or ("->" in between and ")" in between):
        return False
    if not sure:
        return compiled(_TIGHT).search(between) is not None
    return compiled(_LINK).search(between) is not None or _is_prose(before, behind)


def _said_behind(before: str, behind: str, *, sure: bool) -> bool:
    """Return whether what follows the word calls it a password."""
    called = compiled(_CALLED).search(behind, 0, _NEAR)
    if not called:
        return False
    between = behind[: called.start()]
    if ". " in between:
        return False
    if compiled(_USED).search(before) or compiled(_AS).match(between):
        return True
    return (sure or not before.strip()) and compiled(_BEHIND).match(between) is not None


def _is_prose(before: str, behind: str) -> bool:
    line = before + behind
    signs = sum(map(line.count, _CODE))
    return signs <= _MOST_SIGNS and len(compiled(_WORDS).findall(line)) >= _LEAST_WORDS


def _beside_user(before: str, behind: str, *, sure: bool) -> bool:
    """Return whether a user's name stands before the word, as where both are told."""
    if not compiled(_CLOSED).fullmatch(behind):
        return False
    if compiled(_KEYED).search(before) or compiled(_CREDS_OF).search(before):
        return True
    somebody = compiled(_SOMEBODY).search(before) or compiled(_SOMEBODY).search(behind)
    if sure and (compiled(_WITH_USER).search(before) or compiled(_ADDRESSED).match(before)):
        return True
    if sure and somebody and compiled(_AND).search(before):
        return True
    user = compiled(_AFTER_USER).search(before, max(len(before) - _NEAR, 0))
    if not user or user[1].lower() in _NO_USER:
        return False
    listed = before[-4:].strip(" \t\"'`*(")[-1:] in ",;|"
    known = compiled(_SOMEBODY).search(before) if listed else somebody or compiled(_WHERE).search(before)
    return known is not None and (sure or compiled(_CALLED).search(before) is not None or "@" in user[1])


def _in_place(before: str, behind: str) -> bool:
    """Return whether a command's option, a setting's name or a call says it."""
    if compiled(_OPTION).search(before) and compiled(_OPTION_OF).search(before + behind):
        return True
    if compiled(_DIRECTIVE).match(before) and compiled(_DIRECTED).match(behind):
        return True
    if compiled(_PUT).search(before) and compiled(_PUT_IN).match(behind):
        return True
    if compiled(_KEYWORD).search(before) or compiled(_TO_CHARS).match(behind):
        return True
    if compiled(_STARRED).match(before) and compiled(_STAR).match(behind):
        return True
    return before[-1:] in {'"', "'"} and behind[:1] == before[-1:] and compiled(_NAMED).search(before) is not None


def _below(text: str, start: int, before: str, behind: str, *, sure: bool) -> bool:
    """Return whether the word stands alone on its line, or beside a user, and what is above announces it."""
    alone = compiled(_SHOWN).match(before) is not None and not behind.strip(_MARKS)
    row = not alone and sure and compiled(_ROW).fullmatch(before) is not None and not behind.strip(_MARKS)
    if not alone and not row:
        return False
    seen = 0
    for number, line in enumerate(_lines_above(text, start)):
        if not line.strip():
            continue
        seen += 1
        called = compiled(_CALLED).search(line) is not None
        if seen == 1 and alone:
            asked = line.rstrip(_MARKS).endswith((":", "?", "\uff1a"))
            if called and (asked or len(line) < _NEAR // 2 or number):
                return True
            if compiled(_PROMPT).match(line) and compiled(_ASKS).search(line):
                return True
        if sure and compiled(_ANNOUNCES).search(line) and (row or seen > 1) and "(" not in line:
            return True
        if not compiled(_ROW).match(line) or len(line) > _NEAR:
            return False
    return False


def _lines_above(text: str, start: int) -> list[str]:
    """Return the lines above the one that begins at ``start``, the nearest first."""
    above = text[max(start - 2 * REACH, 0) : max(start - 1, 0)].split("\n")
    return above[::-1][:_ABOVE] if start else []


def _last(pattern: str, text: str) -> int | None:
    """Return where the last match of ``pattern`` in ``text`` ends."""
    end = None
    for found in compiled(pattern).finditer(text):
        end = found.end()
    return end
