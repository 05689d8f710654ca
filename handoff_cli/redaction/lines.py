"""Passwords told by the line they stand in: a sentence that speaks of one, a user's name before, the command above.

No grammar is asked for, in any language: near a word for a password, what looks chosen as one is taken for it, the more
readily the less it looks like a name in code.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction.layers import only_counts, passed
from handoff_cli.redaction.tellers import FARTHEST, Tellers, first_start
from handoff_cli.redaction.values import (
    DOUBTED,
    FAINT,
    NUMBERED,
    PLAIN,
    WORD_SIGNS,
    is_password,
    is_token,
    looks_chosen,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.redaction.layers import Layer

    Span = tuple[int, int, str]

PASSWORD_WORDS = (
    "passw", "passphrase", "passcode", "pwd", "psk", "passe", "kennwort", "zugangs", "contrase", "clave", "senha",
    "wachtwoord", "parol", "heslo", "haslo", "salasana", "lozinka", "sifre", "kodeord", "adgangskode", "passord",
    "_pass", "pass:", "pass=", "creds", "credential",
)  # fmt: skip
"""What a line that speaks of a password has, in lower case."""
LINE_WORDS = (
    *PASSWORD_WORDS, "pass", "pw", "secret", "cred", "login", "log in", "logged in", "sign in", "signed in", "auth",
    "user", "admin", "root", "account", "sudo", "identif", "key", "vault", "unlock", "ssh", "smtp", "@", " * ", " eap ",
    "identify", "/oper", "connect", "vpn", "ftp", "tochararray", " -p", " -w", " -k", " -u", " -a", " /p", " p:", " p=",
    '"p"', "u/p", "://", "inlog", "ww:", "zugang", "anmeld", "logg", "conect", "connec", "acced", "acceso", "entra",
    "zaloguj",
    "wlan", "wifi", "wi-fi",
)  # fmt: skip
"""What a line has that may tell a password."""
SECRET_WORDS = ("secret", "token", "cred", "key")
"""What a sentence has that speaks of a token."""
CONTEXT_WORDS = (
    "pass", "pwd", "psk", "pw", "secret", "token", "cred", "key", "login", "auth", "kennwort", "senha", "clave",
    "crypt",
)  # fmt: skip
"""What a text that speaks of secrets has; the door lets each of them in."""
USER_WORDS = (*CONTEXT_WORDS, "user", "admin", "root", "sudo", "account", "unlock")
"""What a line has that speaks of secrets, or of somebody who has a password."""

_SIGN_INSIDE = r"[!#$%&*?@^\u00a7](?<=[A-Za-z0-9].)(?=[A-Za-z0-9])"
_OPENS = " \t\n\r\"'`([{:=/|,;>*\u2502\u201e\u201c\u201d\u2018\u2019\u00ab\u00bb\u300c\uff1a\uff1d"
_OPENS += "\u2192\u21d2\u2014\u2013\u2026\u2022"  # arrows, dashes, dots
_RUN = (
    rf"[A-Za-z0-9\u00c0-\u017f](?<![^{_OPENS.replace('[', chr(92) + '[')}].)"
    r"[A-Za-z0-9\u00c0-\u017f!#$%&*?@^~_.\u00a7;+-]{6,63}"
)
_CLOSES = " \t\n\r\"'`)],:;|<>}*\u2502\u201c\u201d\u2019\u00bb\u300d"
_JOINS = ":/=,;"
_LONGEST, _LONGEST_ADDRESS, _LEAST_LEAD = 64, 256, 30
_LONGEST_KEY = 1000
_MAY_ASSIGN = frozenset(" \t=(:\"'")
_ASSIGNS = r"[ \t]{0,2}=(?!=)|\(|: |[\"'][ \t]?:[ \t]"
_REACH = 160
_LED, _ENDS_LEAD = " \t\"'`(", frozenset("ehnostwyEHNOSTWY:\u017f")
_ENDS_LINE = " \t\r\n>|\u2502*`\"'-+#\u2022"
"""What a lead ends with; what may stand behind a word that is alone on its line."""
_QUOTES, _CLOSING, _BLANKS = "\"'`(", "\"'`(.,;:!?)", frozenset(" \t")
_LEAST_TOKEN, _LONGEST_LEAD, _MANY, _PUBLIC = 16, 12, 64, ("public key:", "public key", "public key is")
_LEADS = (
    r"(?i)(?:\b(?:is|to|be|use|with|one|now|this|as|ist|es|est|key|token|secret|got)|(?<!page)(?<!sync)(?<!tion)(?:key|token|secret):?)"
    r"[ \t]{1,2}[\"'`(]{0,2}\Z"
)
_MADE = r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d[A-Za-z]+\d)[A-Za-z0-9_-]+"
_BARE = r"[A-Za-z0-9_+/-]+={0,2}"
_SAID = (
    r"(?i)passw[a-z]{0,16}(?:[ \t](?!\S*[=;(){}<>\[\]])[\w',:\u2019-]{1,24}){0,8}[:,]?[ \t]{1,2}"
    r"([\"'`])([^\s\"'`]{6,64})\1"
)
_PHRASED = r"([\"'`])([a-z]{1,15}(?:[ ](?:[a-z]{1,15}|[0-9]{1,6}|&)){2,9})\1"
_MESSAGE = (
    r"(?i)(?:error|exception|warn\w*|info|debug|log|print\w*|puts|raise|throw|assert\w*|\bit|test|describe|grep)"
    r"[ ]?\(?[ \t]*\Z"
)
"""What is called with a sentence."""
_SHORT = 24
_NUMBER_APART, _FEW_LINES = r" (?<=[a-z] )(?:\d{1,6}|&)[ \"'`]", 3
_NAME_IN_CODE = r"[a-z_]+(?:[._/-][a-z_]*\d*)+|[\w-]+(?:[./][\w-]+)+|[A-Z][A-Z0-9_]+"
_HANDED = (
    r"(?:echo|printf)[ \t]{1,4}(?:-\w{1,3}[ \t]{1,4}|[\"']?%s(?:\\n)?[\"']?[ \t]{1,4})?"
    r"(?:[\"']?([^\s\"'|]{8,64})[\"']?|[\"']([^\n\"'|]{8,64})[\"'])[ \t]{0,4}\|(?!\|)"
    r"|<<<[ \t]{0,4}(?:[\"']([^\n\"'|]{8,64})[\"']|[\"']?([^\s\"'|]{8,64}))"
)


def told_by_lines(view: Layer) -> Iterator[Span]:
    """Yield (start, end, kind) of every password that its line tells."""
    made: list[Tellers] = []
    for start, end in _with_signs(view):
        yield start, end, "password"
    for start, end in _beside_words(view, made):
        yield start, end, "password"
    if only_counts():
        return  # of all below nothing is counted
    for find in (_quoted, _phrases, _piped):
        for start, end in find(view):
            yield start, end, "password"
    for start, end in _tokens(view, made):
        yield start, end, "secret"


def _tellers_of(view: Layer, made: list[Tellers]) -> Tellers:
    """Return what answers for the lines of ``view``, ``made`` when it is asked for first."""
    if not made:
        made.append(Tellers(view))
    return made[0]


def _with_signs(view: Layer) -> Iterator[tuple[int, int]]:
    """Yield where words with signs in them stand, that are passwords and nothing else, or stand beside a user."""
    text, folded = view.text, view.folded
    speaks, done = view.index.hold_any(CONTEXT_WORDS), 0
    told: list[tuple[int, int]] = []
    if speaks:
        told = sorted((at, at + len(word)) for word in view.index.among(USER_WORDS) for at in view.index.places(word))
    for sign in compiled(_SIGN_INSIDE).finditer(text):
        if sign.start() < done:
            continue
        first, last = _run_around(text, sign.start())
        done = last + 1
        strong = looks_chosen(text[first:last]) if _stands_alone(text, first, last) else 0
        if strong and passed():
            continue
        if strong == PLAIN or (strong == DOUBTED and speaks and _in_line(folded, first, last, told)):
            yield first, last


def _run_around(text: str, at: int) -> tuple[int, int]:
    """Return where the word that a password could be, around ``at``, begins and ends."""
    before, behind = text[max(at - _LONGEST, 0) : at], text[at : at + _LONGEST]
    first = at - len(before) + len(before.rstrip(WORD_SIGNS))
    last = at + len(behind) - len(behind.lstrip(WORD_SIGNS))
    return first, first + len(text[first:last].rstrip(".,;?"))


def _stands_alone(text: str, first: int, last: int) -> bool:
    """Return whether what stands around a word makes it a value, not a name in code or a part of an address."""
    before, behind = text[first - 1 : first], text[last : last + 2]
    opened = not before or before in _OPENS
    closed = not behind or behind[0] in _CLOSES or (behind[0] in ".;?" and not behind[1:].isalnum())
    if not (opened and closed):
        return False
    word = (
        text[max(first - _LONGEST_ADDRESS, 0) : first].rpartition(" ")[2].rpartition("\n")[2]
        if before in _JOINS
        else ""
    )
    if "://" in word or word.startswith("arn:") or (before == "/" and len(word) > _LEAST_LEAD):
        return False
    if "@" in text[first:last] and (before.isspace() or before == "("):
        last_word = text[max(first - _LONGEST_KEY, 0) : first - 1].rsplit(None, 1)[-1:]
        if last_word and (last_word[0].startswith(("AAAA", "SHA256:", "MD5:")) or "/.ssh/" in last_word[0]):
            return False  # whose key it is
    code = (
        (before in {"/", ">", ":"} and text[max(first - 3, 0) : first].endswith(("://", "->", "::")))
        or behind in {"==", "!=", "=>", "::"}
        or text[last - 1 : last + 1] == "->"
    )
    return not code and not (behind[:1] in _MAY_ASSIGN and compiled(_ASSIGNS).match(text, last))


def _in_line(folded: str, first: int, last: int, told: list[tuple[int, int]]) -> bool:
    """Return whether one of the places ``told`` is in the line around a word, before it or behind."""
    start = folded.rfind("\n", max(first - _REACH, 0), first) + 1 or max(first - _REACH, 0)
    end = folded.find("\n", last, last + _REACH)
    end = end if end >= 0 else last + _REACH
    return first_start(told, start, first) >= 0 or first_start(told, last, end) >= 0


def _beside_words(view: Layer, made: list[Tellers]) -> Iterator[tuple[int, int]]:
    """Yield where words stand that look a little like names, and what is around them says that they are passwords."""
    text = view.text
    for start, end in view.index.near(LINE_WORDS, _REACH // 2, _REACH):
        for run in compiled(_RUN).finditer(text, start, end):
            first, last = run.start(), run.start() + len(run[0].rstrip(".,;?"))
            word = text[first:last]
            if word.isalpha() or not _stands_alone(text, first, last):
                continue
            strength = looks_chosen(word)
            if FAINT <= strength < PLAIN and not passed():
                tellers = _tellers_of(view, made)
                if tellers.tell(first, last, sure=strength > FAINT):
                    yield first, last


def _quoted(view: Layer) -> Iterator[tuple[int, int]]:
    """Yield where a word in quotes stands that a sentence calls a password."""
    text = view.text
    for start, end in view.index.near(PASSWORD_WORDS, 0, _REACH // 2):
        for said in compiled(_SAID).finditer(text, start, end):
            word = said[2]
            plain = word.isalpha() or word.isdigit() or compiled(_NAME_IN_CODE).fullmatch(word)
            if not plain and any(map(str.isdigit, word)) and is_password(word, quoted=True):
                yield said.span(2)


def _phrases(view: Layer) -> Iterator[tuple[int, int]]:
    """Yield where a pass phrase of lower case with a number stands in quotes, behind a word for a password."""
    text, done = view.text, 0
    for start, end in view.index.near(PASSWORD_WORDS, 0, _REACH // 2) if compiled(_NUMBER_APART).search(text) else ():
        for said in compiled(_PHRASED).finditer(text, start, end):
            if said.start() >= done and text.count("\n", start, said.start()) < _FEW_LINES:
                from handoff_cli.redaction.phrases import is_phrase

                done = said.end()
                message = compiled(_MESSAGE).search(text, max(said.start() - _SHORT, 0), said.start())
                if not message and is_phrase(said[2], plain=False):
                    yield said.span(2)


def _piped(view: Layer) -> Iterator[tuple[int, int]]:
    """Yield where what looks chosen is handed to a program: ``echo WORD | program``, ``program <<< WORD``."""
    if view.index.hold_any(CONTEXT_WORDS):
        for at in (*view.index.places("echo "), *view.index.places("printf "), *view.index.places("<<<")):
            given = compiled(_HANDED).match(view.text, at)
            if given and given.lastindex and _is_handed(given[given.lastindex]):
                yield given.span(given.lastindex)


def _is_handed(word: str) -> bool:
    if " " not in word:
        return looks_chosen(word) >= NUMBERED
    from handoff_cli.redaction.phrases import is_phrase

    return is_phrase(word, plain=False)


def _tokens(view: Layer, made: list[Tellers]) -> Iterator[tuple[int, int]]:
    """Yield where a generated token stands that a sentence calls one."""
    text, folded = view.text, view.folded
    for start, end in _words_told(view, made):
        word = text[start:end]
        first = end - len(word.lstrip(_QUOTES))
        last = start + len(word.rstrip(_CLOSING))
        lead = text[max(first - _LONGEST_LEAD, 0) : first] if text[start - 1 : start] in _BLANKS else ""
        if lead.rstrip(_LED)[-1:] in _ENDS_LEAD:
            led = compiled(_LEADS).search(text, first - len(lead), first)
            if (
                led
                and not folded[max(first - _SHORT, 0) : first].rstrip(_LED).endswith(_PUBLIC)
                and any(name in folded[max(first - _REACH // 2, 0) : first] for name in SECRET_WORDS)
            ):
                word = text[first:last]
                if compiled(_MADE).fullmatch(word) and is_token(word, least=_LEAST_TOKEN - 2):
                    yield first, last
                continue
        if text[last : last + 2].strip(_ENDS_LINE) and "\n" not in text[last : last + 2]:
            continue
        tellers = _tellers_of(view, made)
        below = tellers.is_below(first, last) and compiled(_BARE).fullmatch(text, first, last)
        if below and is_token(below[0]):
            yield first, last


def _words_told(view: Layer, made: list[Tellers]) -> list[tuple[int, int]]:
    """Return where words stand that may be tokens: of many, those that are not far behind what speaks of secrets."""
    words = [word for word in view.index.long_words() if _LEAST_TOKEN <= word[1] - word[0] <= _LONGEST]
    if len(words) < _MANY:
        return words
    speaking = sorted([*_tellers_of(view, made).speaking, *(at for it in SECRET_WORDS for at in view.index.places(it))])
    told, passed = list[tuple[int, int]](), 0
    for start, end in words:
        while passed < len(speaking) and speaking[passed] < end:
            passed += 1
        if passed and start - speaking[passed - 1] < FARTHEST:
            told.append((start, end))
    return told
