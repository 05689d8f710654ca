"""Whether a value only stands where a secret could: placeholders, references, names of algorithms, words.

Every function is linear in the length of its value.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled

_MIN_WEAK, _MIN_RANDOM_WORD, _HEX_DIGITS, _MOST_JUDGED = 20, 16, 32, 1 << 17
_NAMES_OF_THINGS = (
    r"(?:sha|pkcs|rfc|md5|aes|rsa|[hre]s256|es6|pbkdf|argon|b?s?crypt|base\d|utf|oauth|openid|http|ipv\d|ed25519|x509|x86|curve"
    r"|python|py3|windows|win\d|ubuntu|debian|java|php|sql|mysql|postgres|redis|node|web\d|i18n|l10n|a11y|k8s|log4j|hmac"
    r"|tls|ssl|iso|rfc|ntlm|h26|cve|issue|step|level|part|chapter|test|user|system|apache|fedora|centos|alpine|android|ios|mac"
    r"|s3|ec2|k8s|h2(?!\d)|x11|p2p|e2e|log4|scram|aarch64|powerpc|s4u\d|x?free86|x?chacha|salsa20|poly1305|siphash|imap4|pop3|perl5|emv\d|exchange20|office\d|aes\d|blake|xxh|murmur|pkcs|scsi|usb\d|wpa\d|unicode|arm\d|riscv|power\d|mips|sparc|kerberos|rfc|draft|chrome|firefox|safari|int\d|uint|float\d|page|section|figure|table|version|phase|stage|model|apollo)"
)
PLACEHOLDERS = (
    "...", "…", "***", "•••", "<", "[redacted", "placeholder", "changeme", "change_me", "change-me", "deadbeef",
    "xxxxxx",
)  # fmt: skip

_EXAMPLES = ("example", "examplekey")
"""What a value of letters and digits ends with that is no secret."""

# Short words count at the start of a piece only: in a long random value they turn up by chance.
PLACEHOLDER_WORD = (
    r"(?:^|[^a-z0-9])(?:x{4}|your|my[_-]|dummy|sample|replace|insert|todo|redacted|hidden|masked|foobar|notreal|fake)"
)

_PLACEHOLDER_WORDS = (
    "xxxx", "your", "dummy", "sample", "replace", "insert", "todo", "redacted", "hidden", "masked", "foobar", "notreal",
    "fake",
)  # fmt: skip
"""Those of letters alone, with which a value of letters and digits begins."""

INNOCENT_VALUES = frozenset((
    "password", "passwd", "passphrase", "pass", "secret", "token", "required", "optional", "string", "number",
    "boolean", "object", "undefined", "hidden", "visible", "enabled", "disabled", "default", "missing", "invalid",
    "unknown", "inherit", "integer", "bytes", "value", "input", "label", "field", "database", "username", "localhost",
    "forgot", "current", "confirm", "mandatory", "nullable", "varchar", "testing", "wrong", "expired", "yes/no",
    "false", "random", "name", "guest", "mypassword", "changeit", "filtered", "encrypted", "unset", "empty", "blank",
    "prompt", "none", "null", "true", "nil", "text", "fixme", "tbd", "not-set", "string?", "string!", "test_password",
    "n/a", "yes", "str", "ask", "compat", "systemd", "files", "masked", "redacted",
    "define", "undef", "1password", "1password7", "1password8", "keepass2", "keepassxc2", "bitwarden2",
))  # fmt: skip

REFERENCE_STARTS = (
    "${", "$(", "$env:", "{{", "{%", "<%", "%(", "#{", "@{", "!ref", "!sub", "!getatt", "!env", "!importvalue", "!join",
    "%env(", "@microsoft.", ".*", "(.*", "[^", "env:", "env(", "ref+", "op://", "vault:", "arn:", "s3:", "ssm:",
    "keyring:", "secretref:", "!secret", "vault/", "secrets/", "file:", "http://", "https://", "secrets.",
    "process.env", "os.environ", "./", "../", "~/", "sha1-", "sha256-", "sha384-", "sha512-", "sha1:", "sha256:",
    "sha512:", "md5:", "data:", "c:\\", "d:\\", "urn:", "projects/", "self.", "this.",
)  # fmt: skip

_WORD_FOR_ONE = r"(?:new|old|my|your|some|the|secret|access|current)[-_]?(?:password|passwd|pass|pwd|pw|secret|key|token)s?|pwd|pw|anonymous|public|private|user@host"
"""What is written where a password goes, to say so."""

_FORMAT = (
    r"utf|ucs|iso|ibm|koi|euc|latin|windows(?=-?125)|big5|gbk|gb2312|gb18030|us(?=-ascii)|ascii|shift(?=[-_]jis)|jis|sha|shake|md\d|ripemd"
    r"|blake\d[bs]?|hmac|aes|tripledes|des(?=-)|rsa|dsa|ecdsa|eddsa|ed(?=25519|448)|x(?=25519|448)|rc[245]|pbe|pbkdf|argon2i?d?|[bsy]crypt"
    r"|crypt|base(?=16|32|58|62|64|85)|b(?=32|64)|hex|[rhep]s(?=256|384|512)|tls|ssl|pkcs|ecdhe?|x?chacha|poly(?=1305)|salsa(?=20)|camellia"
    r"|goog[14]|aws4|nistp?|secp|prime|crc|xxh|siphash|ntlm|scram|gcm|cbc|ctr|ecb|ccm|ofb|cfb|oaep|pss|padding|sig|url|encryption|cp(?=\d{3})"
)

_ONE_FORMAT = rf"(?:{_FORMAT})\d{{0,5}}(?:[bvrki]\d?|le|be|enc|url|sum|cng)?"

_FORMATS = rf"(?=.{{2,40}}\Z){_ONE_FORMAT}(?:[-_/+. ](?:{_ONE_FORMAT}|\d{{1,5}}[a-z]{{0,2}}|with|and)|{_ONE_FORMAT})*"
"""Encodings, digests and ciphers, which stand where a call takes a password too."""

usable: dict[str, bool] = {}
innocent: dict[str, bool] = {}
"""What ``is_userinfo`` and ``is_innocent`` said of the values of one search."""

_SAYS_SO = rf"{PLACEHOLDER_WORD}|(?:^|[^a-z0-9])example(?:[^a-z0-9]|$)|example(?:key)?$"

_HOST = r"@?(?:localhost|[a-z][\w-]*(?:\.[\w-]+)+|\d{1,3}(?:\.\d{1,3}){3}):\d{2,5}(?:/\S*)?"

_CONSTANT = r"0x[0-9a-f]{1,16}[ul]{0,3}|[a-z]{1,2}\d{3,5}\.\d{1,4}"

_COLOUR = r"(?:(?:bold|italic|underline|noinherit)[ ]|[bf]g:[ ]?|border:)*#[0-9a-f]{3,8}(?:[ ](?:bold|italic|underline|bg:\S+))*"

_ALPHABETS = (
    "a-za-z", "a-z0-9", "0-9a-z", "0-9a-f", "abcdefghij", "abcdefghjk", "bcdfghjklm", "0123456789abc", "zyxwvutsrq",
)  # fmt: skip
"""Of what secrets are made of, not one."""

_REFERENCE = (
    r"\${1,2}[a-z_]\w*(?:-)?|![a-z]\w*!|@{1,2}[\w.-]+@{1,2}|#\w+#|__\w+__|%\w+%|(?:%[sdr]\W?)+"
    r"|:[a-z_]\w*|@[a-z_][\w./-]*|![a-z]+|!\$\w+|[a-z_]+(?:\$[a-z_]+){2,}|\*{1,2}:?[a-z][a-z:_-]*\*{0,2}|\\[a-z]\\?[+*?].*|pass:\$.*|(?:required|nullable|sometimes|string)\|.*|[a-z][a-z0-9+.-]{1,15}://.*"
    rf"|{_HOST}|{_CONSTANT}|{_COLOUR}"
)


def is_placeholder(value: str) -> bool:
    """Return whether ``value`` only shows where a secret goes (``sk-...``, ``<your-key>``, ``xxxx``) or is redacted."""
    folded = value.lower()
    signs = len(set(folded))
    few = signs <= 4 and signs <= max(2, len(folded) // 4)  # noqa: PLR2004
    counted_up = "abcdefgh" in folded if len(folded) < _MIN_WEAK else any(run in folded for run in _ALPHABETS)
    if few or counted_up:
        return True
    if folded.isalnum() and folded.isascii():  # most are, and of these it is told sooner
        shown = folded.startswith(_PLACEHOLDER_WORDS) or folded.endswith(_EXAMPLES)
        return shown or "placeholder" in folded or "changeme" in folded or "deadbeef" in folded or "xxxxxx" in folded
    return any(mark in folded for mark in PLACEHOLDERS) or compiled(_SAYS_SO).search(folded) is not None


def is_masked(value: str) -> bool:
    """Return whether ``value``, which has the shape of a token, plainly is none: few characters again and again."""
    folded = value.lower()
    signs = len(set(folded))
    few = signs <= 5 and signs <= max(3, len(folded) // 8)  # noqa: PLR2004
    if few or "xxxxxx" in folded or "placeholder" in folded:
        return True
    if folded.isalnum() and folded.isascii():  # as above
        return folded.startswith("your") or folded.endswith(_EXAMPLES)
    marked = any(mark in folded for mark in ("...", "…", "***", "<", "[redacted"))
    said = compiled(r"(?:^|[^a-z0-9])(?:example(?:[^a-z0-9]|$)|your)|example(?:key)?$").search
    return marked or said(folded) is not None


def is_random(value: str) -> bool:
    """Return whether ``value`` is more than words, short numbers and separators: the look of a generated token."""
    if value[-1:] == "=" and len(value) % 4 == 0 and compiled(r"[A-Za-z0-9+/]{22,}={1,2}").fullmatch(value):
        return True
    if len(value) >= _HEX_DIGITS and compiled(r"[0-9a-fA-F]+").fullmatch(value) and any(map(str.isdigit, value)):
        return True
    pieces = compiled(r"[A-Za-z0-9]+").findall(value)
    if all(compiled(r"[A-Za-z]+\d{0,3}|v?\d{1,8}").fullmatch(piece) for piece in pieces):
        return _is_random_word(pieces[0]) if len(pieces) == 1 else changes_case(value) > len(value) / 5.5
    return any(character.isdigit() for character in value)


def is_name_of_thing(value: str) -> bool:
    """Return whether ``value`` begins as the name of an algorithm, a program or a system does."""
    return compiled(_NAMES_OF_THINGS).match(value.lower()) is not None


def is_userinfo(value: str) -> bool:
    """Return whether ``value`` can be the password of ``user:password`` in a URL or a command."""
    if value not in usable:
        if len(usable) == _MOST_JUDGED:
            usable.clear()
        usable[value] = _is_userinfo(value)
    return usable[value]


def _is_userinfo(value: str) -> bool:
    folded = value.lower()
    word = folded.strip("'\"[]{}")
    if value[0] == "]" or (value[0] == "{" and value[-1] == "}"):
        return False  # what may be left out; a name in a formatted string
    if len(word) < 2 or word in INNOCENT_VALUES or is_innocent(value):  # noqa: PLR2004
        return False
    return word == folded or not is_placeholder(word)


def _is_random_word(word: str) -> bool:
    """Letters without separators: random ones change case too often, or have too few vowels or too long consonants."""
    consonants = compiled(r"[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]{6}").search(word)
    vowels = sum(letter in "aeiouyAEIOUY" for letter in word)
    unlike_words = consonants or changes_case(word) > len(word) / 5.5 or vowels < len(word) / 4.5
    return len(word) >= _MIN_RANDOM_WORD and bool(unlike_words)


def changes_case(value: str) -> int:
    """Return how often a capital follows another letter in ``value``."""
    return len(compiled(r"[a-z][A-Z]").findall(value))


def is_innocent(value: str) -> bool:
    """Return whether ``value`` says what goes there, or refers to it, or names a form of it."""
    found = innocent.get(value)
    if found is None:
        if len(innocent) == _MOST_JUDGED:
            innocent.clear()
        found = innocent[value] = _is_innocent(value)
    return found


def _is_innocent(value: str) -> bool:
    folded = value.lower()
    numbered = folded.isalnum() and not folded.isalpha()  # as no word for one is
    if (not numbered and compiled(_WORD_FOR_ONE).fullmatch(folded)) or compiled(_FORMATS).fullmatch(folded):
        return True
    return folded.strip("()") in INNOCENT_VALUES or is_placeholder(value) or _is_reference(folded)


def _is_reference(folded: str) -> bool:
    """A variable, a template expression, a path, a digest, a version: the secret, if any, is elsewhere."""
    if folded.isalnum() and folded.isascii():
        return folded.startswith("0x") and compiled(_REFERENCE).fullmatch(folded) is not None
    if folded.startswith(REFERENCE_STARTS) or compiled(_REFERENCE).fullmatch(folded):
        return True
    if compiled(r"[v=~^]*\d+(?:\.\d+){1,3}[a-z0-9.+-]{0,12}").fullmatch(folded):
        return True
    return folded.count("/") > 1 and folded.startswith("/") and not is_random(folded.replace("/", "-"))
