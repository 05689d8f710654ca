"""Whether a value is a secret or only stands where one could: placeholders, references, code, words, labels.

Every function is linear in the length of its value. No figure here is a probability; the error of the whole is measured
over a made-up corpus (``docs/redaction.md``).
"""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction.placeholders import (
    changes_case,
    innocent,
    is_innocent,
    is_name_of_thing,
    is_random,
    is_userinfo,
    usable,
)

_MOST_JUDGED, _MOST_KEPT = 1 << 17, 1 << 10
_looked_at: dict[str, int] = {}
_judged: dict[tuple[str, str, bool], bool] = {}
_MIN_PASSWORD, _MIN_TOKEN, _MIN_WEAK, _MIN_RANDOM_WORD = 5, 10, 20, 16
_MIXED = r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d[A-Za-z]+\d)[A-Za-z0-9]+"
_OF_AWS = r"(?=.*[A-Z])(?=.*\d[A-Za-z]+\d)[A-Za-z0-9/+]{40}"
_MIN_CHOSEN = 8
_CHOSEN = r"(?=.*\d)[A-Za-z0-9!#$%&*+=?@^~_-]+"
LATIN = "".join(map(chr, (*range(0xC0, 0xD7), *range(0xD8, 0xF7), *range(0xF8, 0x180))))
"""Letters with marks, of western languages: between them stand two signs."""
_VERSIONED = (
    r"(?:react|angular|vue|svelte|nextjs|nuxt|vault|sops|bitwarden|keepass\w{0,4}|lastpass|1?password|okta|auth0|keycloak|spring|rails|laravel"
    r"|symfony|django|flask|fastapi|dotnet|kotlin|swift|scala|ruby|rust|perl|lua|bash|zsh|deno|npm|yarn|pnpm|gradle|maven|docker|podman|helm"
    r"|terraform|ansible|nginx|apache|haproxy|envoy|kafka|rabbitmq|elastic\w*|opensearch|grafana|prometheus|mongo\w*|maria\w*|oracle|sqlite"
    r"|cassandra|jenkins|git\w{0,3}|gitea|jira|exchange|outlook|office|sharepoint|iphone|ipad\w*|macos|edge|opera|webauthn|passkeys?|saml"
    r"|ldap|kerberos|electron|flutter|xcode|android|vscode|intellij|pycharm|postman|selenium|cypress|playwright|jest|pytest)[-_v]{0,2}\d{1,4}(?:\.\d{1,4})*[a-z]{0,2}"
)
"""A program and its version."""
WORD_SIGNS = LATIN + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&*?@^~_.\u00a7+-"
_CODE_SIGNS = ("=", "&&", "||", "++", "--", "**", "&#", "##", "@@", "..", "__", "%%", ".@", "?.", "??", "[redacted")
_SIGNS_INSIDE = frozenset("!#$%&*?@^\u00a7")
_DOUBTFUL = frozenset("#?*&%")
_LEAST_CHOSEN, _LEAST_LETTERS, _LONGEST_CHOSEN = 7, 3, 64
_LAST_SIGNS = "!$#%*?"
_CLASSES = b" " * 48 + b"0" * 10 + b" " * 7 + b"A" * 26 + b" " * 6 + b"a" * 26 + b" " * 133
_LOWER = (
    r"[a-z]{3,12}\d{2,4}[a-z]{3,12}\d*|[a-z]{4,14}\d{2,6}|[a-z]{3,12}(?:[-_][a-z]{3,12})*[-_]\d{1,4}|[A-Z][a-z]{6,14}\d|[A-Z][a-z]{4,12}[-_.]\d{1,4}"
    r"|[A-Z]?[a-z]{4,10}[0-9][a-z]{2,8}|(?=\S{9,24}\Z)(?![0-9a-f]+\Z)[a-z]*\d{1,4}[a-z]+\d{1,4}[a-z]{2,}\d{0,3}"
)
_NO_CHOICE = (
    r"(?i)[^a-z0-9]"
    r"|.*(?:@[\w-]+\.[a-z]|%[sdrif]\b|%[0-9a-f]{2}|\.[a-z]{1,4}#|#l\d+$|#\d+\.|![rsa]$|~\d+$|\*$|&[a-z]+;|\d!\d|[0-9a-f]{8}-[0-9a-f]{4}-|#(?:pass\w*|secret|token|key|value|user\w*)\d?$)"
    r"|.*[._-]v\d+$|.*-\d+(?:\.\d+)+$|.*\.\w$|\d{1,2}-[a-z]{3}-\d{2,4}$|(?-i:.*\.(?:tar|[a-z]{2,4}|[a-z]{1,3}\d)$)|.*(?:password|passwd|passphrase|secret|token|credentials?)\d?$"
    r"|(?:pass(?:word|wort|wd)?|pwd|secret|token|admin|root|example)[-_]?\d{0,4}$"
    r"|(?:return|case|typeof|void|delete|throw|else|await|yield)!|.*!important|\w\?|\d+&|.*\.[a-z]+[?&]|(?:.*[^a-z0-9])?[a-z]\.[a-z]\w"
    r"|\d{1,3}\^[a-z_]+$|[a-z_]+\^\d{1,3}$|0x[0-9a-f]+|.*(?:a-z|\D0-9(?![0-9a-z]))|.*[-_./]\$[a-z]+$|.*\$\d+\.|.*#\d{4}-\d\d|(?:non-)?pkcs#|.*[-_](?:md5|sha\d+)$|.*_t\*|.*\$\^|.*\w\[\d"
    r"|[a-z]{0,4}(?:u?int|string|vector|float|double|char|long|counter|gauge|bool|byte|bits?|fixed|decimal|complex)s?\d{1,4}(?:_t)?$"
    r"|(?-i:[A-Z]{1,3}\$[a-z_]+$)|(?-i:[A-Za-z]*[a-z][A-Z][A-Za-z]*[$@][A-Za-z]+$)|[\w.]*(?:map|list|set)\$"
    r"|[\w.]+\$(?:\w*(?:entry|handler|builder|config|type|factory|impl|proxy|lambda|node|listener|task|token|exception)$)"
    r"|(?-i:(?:[a-z0-9]+[-_.])+(?:creds?|credentials|project|name|example|sample|namespace|bucket|cluster)(?:[-_.][a-z0-9]+)*$)|(?:my)?project-"
    r"|(?-i:[a-z][\w.-]*@[a-z][a-z0-9.-]*$)|(?:root|admin|user|ubuntu|deploy|git|postgres)@"
)
_NO_CHOICE_PLAIN = (
    r"(?:password|passwd|passphrase|secret|token|credentials?)\d?\Z|\A(?:0x[0-9a-f]+"
    r"|(?:pass(?:word|wort|wd)?|pwd|secret|token|admin|root|example)\d{0,4}\Z"
    r"|[a-z]{0,4}(?:u?int|string|vector|float|double|char|long|counter|gauge|bool|byte|bits?|fixed|decimal|complex)s?\d{1,4}\Z)"
)
"""The same of a word of letters and digits alone, in lower case."""
_AS_IN_CODE = r".*(?:@\d|\d@[A-Za-z]|%\d|\d\*|\*\d+$|#\d+$|\$\d+$|\$\$)"
"""What a formula, a number of an issue or a shell's variable has, and hardly a password."""
_ISSUE = r"(?i)(?:issue|pull|bug|ticket|pr|gh|no|fix\w*|close[sd]?)s?\W"
_NUMBERED = (
    r"(?=.*[a-z])(?=.*[A-Z])[A-Za-z]{3,18}\d{2,6}|(?=.*[A-Z])(?=.*[a-z])(?![A-Z]\w*(?:[A-Z][a-z]{2,}){2}|\w*(?:[A-Z][a-z]{2,}){3})[A-Za-z0-9]*\d[A-Za-z]+\d[A-Za-z0-9]*"
    r"|(?=[a-z0-9-]*[A-Z])[A-Za-z]{1,3}[013457][a-z]{3,}(?:-?[A-Z]?[a-z]{3,}){0,2}\d{0,4}|(?=.*\d)(?=.*(?i:[b-df-hj-np-tv-xz]{4}))(?=.*(?:[a-z]+[A-Z]+){3})(?!.*[A-Z][a-z]{4})[A-Za-z0-9]+"
)
"""A word and its number; letters and digits in turn; digits for letters; what nobody can say."""
_JOINED = r"(?=.*\d)(?=.*[a-z])(?![a-z]\w*\.)(?![A-Z]?[a-z]+[_.-]\d{1,4}\Z)(?:[A-Z]?[a-z]+|\d{1,6}|[A-Z]?[a-z]+\d{1,6}|\d[a-z]{1,6})(?:[_.+-](?:[A-Z]?[a-z]+\d{0,6}|\d{1,6}|\d[a-z]{1,6}))+"
_TWO_WORDS, _MANY_SIGNS = r"[a-z]{4,12}![a-z]{4,12}", 3
_FOUR_BY_FOUR = r"[a-z]{4}(?:-[a-z]{4}){3}"
"""As Google and Apple make a password for one program."""
_DICEWARE = r"[a-z]{3,9}(?:-[a-z]{3,9}){3,9}"
_WORDS_JOINED = r"[A-Z]?[a-z]{3,}[_-][A-Z]?[a-z]{3,}"
_SPEAKS_OF = (
    r"pass|pwd|pw\b|psk|user|login|key|token|secret|cred|auth|name|field|label|valid|error|forgot|reset|confirm|enter|input|hash|type|test"
    r"|required|change|update|help|text|class|style|btn|icon|form|msg|api|the|your|current|none|null|value|default|config|service"
)
_CODE = r"[()\[\]{}]|->|::|=>|(?<=\w)(?:[!=]==?|&&)(?=[\w.!])|\A[a-z_]{4}[A-Za-z_]*=(?:\d{1,3}|[Tt]rue|[Ff]alse|[Nn]one|null)\Z"
_MIN_LONE, _MIN_MIXED, _MIN_JOINED = 16, 24, 32
_ID = r"(?i:[0-9a-f]*|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z]+\d*)"
_LEAST_NOISE, _LONGEST_NOISE, _LEAST_SPACED, _LEAST_SIGNS, _LEAST_CHANGES = 12, 256, 48, 4, 0.55
_OF_PATTERNS = ("(?", "a-z", "A-Z", "0-9", "://", "${", "{{")
_DOTTED_NAME = r"[A-Za-z_]\w*(?:\??\.[A-Za-z_]\w*)+"
_CAMEL = r"_*(?=[A-Za-z])(?=.*[A-Z][a-z]{2}.*[A-Z][a-z]{2}|.*[a-z]{4}[A-Z][a-z]{2}|.*[A-Z]{3}[A-Z][a-z]{3})[A-Za-z]+\d{0,5}[A-Za-z0-9]*"
_SNAKE = r"(?:[a-z]{2,}\d{0,4}[a-z]{0,2}_){2,}[a-z]{3,}|(?:[A-Z]{2,}\d{0,4}[A-Z]{0,2}_){2,}[A-Z]{3,}"
_HUMP = r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+"
_FEW_WORDS, _MOST_NUMBERS, _LEAST_IN_WORD = 2, 2, 3.3
_STRONG_SYMBOLS = frozenset("@#$%^&*+=!~?")


def is_token(value: str, *, least: int = _MIN_TOKEN) -> bool:
    """Return whether ``value`` can be a generated token of ``least`` characters or more."""
    if len(value) < least or not value.isascii() or value.lstrip("+-").isdigit():
        return False
    if " " in value:
        return any(is_token(word, least=least) for word in value.split())
    return is_random(value) and not is_innocent(value) and not is_name_in_code(value)


def is_name_in_code(value: str) -> bool:
    """Return whether ``value`` is several words as in code, and few numbers: ``OAuth2TokenV1``, ``aes_set_key``."""
    if "_" in value and compiled(_SNAKE).fullmatch(value):
        return compiled(_SPEAKS_OF).search(value.lower()) is not None
    if len(value) > _LONGEST_CHOSEN or not compiled(_CAMEL).fullmatch(value):
        return False
    words = [word for word in compiled(_HUMP).findall(value) if word.isalpha()]
    numbers = len(compiled(r"\d+").findall(value))
    told = len(words) > _FEW_WORDS or compiled(_SPEAKS_OF).search(value.lower()) is not None
    return told and numbers <= _MOST_NUMBERS and sum(map(len, words)) >= _LEAST_IN_WORD * len(words)


def is_password(value: str, *, quoted: bool) -> bool:
    """Return whether ``value`` can be a password somebody chose; ``quoted`` values may be plain lower-case words.

    A capitalised word and anything with a blank is taken for a label (``"password": "Passwort"``).
    """
    value = value if value.isascii() else _in_ascii(value)
    if len(value) < _MIN_PASSWORD or is_innocent(value) or compiled(r"\s").search(value):
        return False
    if value.lstrip("+-").isdigit():
        return len(value) > _MIN_PASSWORD and value.isdigit()
    if any(symbol in value[:-1] for symbol in _STRONG_SYMBOLS) or is_random(value):
        return True
    if value.isalpha():
        return quoted and (value.islower() or _is_two_words(value))
    if compiled(_WORDS_JOINED).fullmatch(value):
        return quoted and not value.islower() and not compiled(_SPEAKS_OF).search(value.lower())
    names_itself = compiled(
        r"(?:pass|pwd|secret|token)[a-z]*\d{0,4}|(?:[a-z]+[_.-])+(?:pass|pwd|secret|token)[a-z]*\d{0,2}"
    ).fullmatch(value.lower())
    told = compiled(rf"[A-Za-z].*\d|\d.*[A-Za-z]|(?:{_DICEWARE})\Z").match(value)
    return bool(told) and not names_itself


def _in_ascii(value: str) -> str:
    """Return ``value`` with plain letters for Latin ones with marks; '' where there are others, or no digit is."""
    letters = {char: "e" if char.islower() else "E" for char in value if char > "\x7f" and char != "\xa7"}
    latin = all(char.isalpha() and char < "\u0250" for char in letters) and any(map(str.isdigit, value))
    return "".join(letters.get(char, char) for char in value) if latin else ""


def _is_two_words(value: str) -> bool:
    """Return whether ``value``, of letters, changes its case within, and says nothing about passwords."""
    return changes_case(value) > 0 and not value[1:].isupper() and not compiled(_SPEAKS_OF).search(value.lower())


def is_chosen(value: str) -> bool:
    """Return whether ``value`` is plainly a password, also where nothing but a word for one stands before it.

    It has letters and digits, and capitals, signs or digits where words and names of programs have none.
    """
    if len(value) < _MIN_CHOSEN or not compiled(_CHOSEN).fullmatch(value) or is_name_of_thing(value):
        return False
    mixed = any(map(str.isupper, value)) or any(symbol in value for symbol in _STRONG_SYMBOLS)
    odd = mixed or bool(compiled(r"[a-z]+\d{2,}[a-z]+\d*").fullmatch(value))
    return odd and any(map(str.islower, value)) and not is_innocent(value)


def looks_chosen(word: str) -> int:
    """Return how much ``word`` looks chosen as a password: ``PLAIN`` to ``FAINT``, 0 not at all."""
    if word not in _looked_at:
        if len(_looked_at) == _MOST_JUDGED:
            _looked_at.clear()
        _looked_at[word] = _looks_chosen(word)
    return _looked_at[word]


def forget_values() -> None:
    """Keep few of the values that were judged: a search may judge many more, in each of its passes again."""
    for known in (_looked_at, usable, innocent, _judged):
        if len(known) > _MOST_KEPT:
            known.clear()


def _looks_chosen(word: str) -> int:
    if not _LEAST_CHOSEN <= len(word) <= _LONGEST_CHOSEN or word.strip(WORD_SIGNS):
        return 0
    word = word if word.isascii() else _in_ascii(word)
    looks = word.encode().translate(_CLASSES)
    lower, upper, digit = b"a" in looks, b"A" in looks, b"0" in looks
    plain = word.isalnum()
    signs = frozenset() if plain else _SIGNS_INSIDE.intersection(word[1:-1])
    # Most words end here: what follows costs more.
    told = digit or "!" in word or (upper and not signs <= _DOUBTFUL)
    if not lower or not told or looks.count(b"a") + looks.count(b"A") < _LEAST_LETTERS:
        return 0
    named = _as_a_name(word) if digit and not (signs and len(word) > _LEAST_CHOSEN) else 0
    many = len(signs) >= _MANY_SIGNS and upper and digit  # no name in code has as many
    if not (signs or named) or _is_coded(word, plain=plain, many=many) or not is_userinfo(word):
        return 0
    if signs and not many and compiled(_AS_IN_CODE).match(word):
        return NUMBERED if upper and digit and not compiled(_ISSUE).match(word) else 0
    if signs and len(word) > _LEAST_CHOSEN:
        odd = not signs <= _DOUBTFUL
        strength = (PLAIN if upper and odd else DOUBTED) if digit else DOUBTED if upper and odd else 0
        return strength or int(compiled(_TWO_WORDS).fullmatch(word) is not None)
    return 0 if is_name_of_thing(word) else named


def _is_coded(word: str, *, plain: bool, many: bool) -> bool:
    """Return whether ``word`` is what code and programs write; ``plain``: of letters and digits, ``many``: of signs."""
    folded = word.lower()
    if len(set(folded)) <= max(3, min(5, len(folded) // 8)) or compiled(_VERSIONED).fullmatch(folded):
        return True
    if plain:
        return compiled(_NO_CHOICE_PLAIN).search(folded) is not None
    return any(sign in word for sign in _CODE_SIGNS) or (not many and compiled(_NO_CHOICE).match(word) is not None)


def _as_a_name(word: str) -> int:
    base = word.rstrip(_LAST_SIGNS)
    if len(base) < _LEAST_CHOSEN and base == word:
        return 0
    if not base.islower() and (compiled(_NUMBERED).fullmatch(base) or compiled(_JOINED).fullmatch(base)):
        return NUMBERED  # each of these has a capital, or is no name
    return FAINT if len(word) > _LEAST_CHOSEN and compiled(_LOWER).fullmatch(base) else 0


FAINT, NUMBERED, DOUBTED, PLAIN = 1, 2, 3, 4
"""A word with a number; a name in code or a password; a password or other code; a password and nothing else."""


def is_secret(value: str, name: str, *, quoted: bool) -> bool:
    """Return whether ``value``, assigned to something of the kind ``name``, is a secret.

    Args:
        value: What is assigned, without its quotes.
        name: ``password``, ``pass`` (short for it, and for much else), ``apart`` (a password on the next line),
            ``lone`` (a key of nothing, where something near speaks of an API, ``joined``: of something, as one word;
            no hash or id),
            ``noise`` (a salt: only what ``is_noise``), ``token``, ``weak`` (a bare ``..._KEY``, where only long random values count), ``cell`` (beside the name in
            a table: also a shorter one, of letters and digits), ``prose`` or ``spoken`` (a token or a password that
            merely follows the name).
        quoted: Whether the value stood in quotes; outside of them code is more likely than a secret.
    """
    key = (value, name, quoted)
    if key not in _judged:
        if len(_judged) == _MOST_JUDGED:
            _judged.clear()
        _judged[key] = _is_secret(*key)
    return _judged[key]


def is_noise(value: str, *, least: int = _MIN_WEAK) -> bool:
    """Return whether ``value`` is of letters, digits and signs in turn, as no text and hardly any code is.

    What shows where a secret goes, or refers to one, has the same signs: ``<...>``, ``{...}``.
    """
    if not least <= len(value) <= _LONGEST_NOISE or not value.isascii() or any(mark in value for mark in _OF_PATTERNS):
        return False
    looks = value.encode().translate(_CLASSES)
    if not (b"a" in looks and b"A" in looks and b"0" in looks) or (" " in value and len(value) < _LEAST_SPACED):
        return False
    signs = {char for char in value if not char.isalnum()}
    changes = sum(one != other for one, other in pairwise(looks))
    return len(signs) >= _LEAST_SIGNS and changes >= _LEAST_CHANGES * (len(value) - 1)


def _is_secret(value: str, name: str, quoted: bool) -> bool:
    noise = quoted and is_noise(value, least=_LEAST_NOISE if name == "password" else _MIN_WEAK)
    return noise or (name != "noise" and _is_assigned(value, name, quoted))


def _is_assigned(value: str, name: str, quoted: bool) -> bool:
    if not quoted and (value.startswith("--") or _is_code(value)):
        return False
    if name in {"password", "pass", "apart"}:
        return _is_password(value, name, quoted)
    if name in {"lone", "joined"}:
        least = _MIN_LONE if name == "lone" else _MIN_MIXED if compiled(_MIXED).fullmatch(value) else _MIN_JOINED
        return is_token(value, least=least) and not compiled(_ID).fullmatch(value)
    return _is_generated(value, name, quoted)


def _is_generated(value: str, name: str, quoted: bool) -> bool:
    if name == "spoken" and (is_chosen(value) or _is_for_a_program(value, name)):
        return True
    if name in {"prose", "spoken"} and not value.isalnum() and not compiled(_OF_AWS).fullmatch(value):
        return False
    if name in {"lone", "joined"}:
        least = _MIN_LONE if name == "lone" else _MIN_MIXED if compiled(_MIXED).fullmatch(value) else _MIN_JOINED
        return is_token(value, least=least) and not compiled(_ID).fullmatch(value)
    if name == "token" and quoted and looks_chosen(value) >= NUMBERED:
        return not compiled(_SPEAKS_OF).search(value.lower()) or is_token(value, least=_MIN_TOKEN)
    least = _MIN_RANDOM_WORD if name == "cell" and compiled(_MIXED).fullmatch(value) else _MIN_WEAK
    return is_token(value, least=_MIN_TOKEN if name == "token" else least)


def _is_password(value: str, name: str, quoted: bool) -> bool:
    if " " in value:
        from handoff_cli.redaction.phrases import is_phrase

        return quoted and name != "apart" and is_phrase(value)
    strong = any(symbol in value[:-1] for symbol in _STRONG_SYMBOLS) or is_random(value) or is_chosen(value)
    strong = strong or (name in {"pass", "apart"} and looks_chosen(value) > 0)
    allowed = quoted or strong or name == "password"
    return allowed and (is_password(value, quoted=quoted and name != "apart") or _is_for_a_program(value, name))


def _is_for_a_program(value: str, name: str) -> bool:
    return name != "apart" and compiled(_FOUR_BY_FOUR).fullmatch(value) is not None


def is_basic_auth(value: str) -> bool:
    """Return whether ``value`` is base64 for ``user:password``, printable throughout."""
    from binascii import Error, a2b_base64

    try:
        decoded = a2b_base64(value + "=" * (-len(value) % 4)).decode("utf-8")
    except (Error, ValueError):
        return False
    return ":" in decoded and decoded.isprintable()


def _is_code(value: str) -> bool:
    """Unquoted: a call, an index, a dotted name, a shell or template expression."""
    return bool(compiled(_CODE).search(value) or compiled(_DOTTED_NAME).fullmatch(value))
