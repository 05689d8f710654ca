"""Passwords told by the line they stand in: a sentence that speaks of one, a user's name before, a column of a table.

No grammar is asked for, in any language: near a word for a password, what looks chosen as one is taken for it, the more
readily the less it looks like a name in code. What a table's head calls a password is one in each row below.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction.values import (
    DOUBTED,
    FAINT,
    NUMBERED,
    PLAIN,
    WORD_SIGNS,
    is_masked,
    is_password,
    is_token,
    is_userinfo,
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
SECRET_WORDS = ("secret", "token", "cred", "key")
"""What a sentence has that speaks of a token."""
CONTEXT_WORDS = (
    "pass",
    "pwd",
    "psk",
    "pw",
    "secret",
    "token",
    "cred",
    "key",
    "login",
    "auth",
    "kennwort",
    "senha",
    "clave",
)
"""What a text that speaks of secrets has; the door lets each of them in."""
USER_WORDS = (*CONTEXT_WORDS, "user", "admin", "root", "sudo", "account", "unlock")
"""What a line has that speaks of secrets, or of somebody who has a password."""

_SIGN_INSIDE = r"[!#$%&*?@^\u00a7](?<=[A-Za-z0-9].)(?=[A-Za-z0-9])"
_OPENS = " \t\n\r\"'`([{:=/|,;>*\u2502\u201e\u201c\u201d\u2018\u2019\u00ab\u00bb\u300c\uff1a\uff1d"
_RUN = rf"[A-Za-z0-9](?<![^{_OPENS.replace('[', chr(92) + '[')}].)[A-Za-z0-9!#$%&*?@^~_.\u00a7;+-]{{6,63}}"
_CLOSES = " \t\n\r\"'`)],:;|<>}*\u2502\u201c\u201d\u2019\u00bb\u300d"
_JOINS = ":/=,;"
_LONGEST, _LONGEST_ADDRESS = 64, 256
_LINK = (
    r"(?i)[:\"'`\u2192\uff1a\u201c\u201e]|(?<!\))[ \t]->"
    r"|\b(?:is|was|to|as|be|with|enter|use|used|type|try|hai|ist|lautet|est|es|era|now|one|called|set|from|pw)\b"
    r"|passw\w*[ \t]?\(\Z|(?:passw\w*|passphrase|passcode|kennwort)[ \t]{1,2}\Z"
)
_TIGHT = (
    r"(?i)(?:\b(?:is|was|be|ist|lautet|war|est|es|era|use|enter|type|try|pw|hai|from|to)|[:=\u2192]|->|passw\w*)"
    r"[ \t]{1,2}[\"'`(]{0,2}\Z|passw\w*[ \t]?\(\Z"
)
_USED = r"(?i)\b(?:use|used|enter|type|typed|try|answer|with)[ \t]{1,2}[\"'`(]{0,2}\Z"
_BEHIND = (
    r"(?i)[\"'`\u201d\u201c*)]{0,2},?[ \t]{1,2}(?:\w{1,12}[ \t]){0,4}?(?:is|as|for|ist|es|est|war|was|that's)\b.{0,40}$"
)
_ASSIGNS = r"[ \t]{0,2}=(?!=)|\(|: "
_REACH = 160
_QUOTES = "\"'`("
_LEAST_TOKEN, _LONGEST_LEAD = 16, 12
_LEADS = (
    r"(?i)(?:\b(?:is|to|be|use|with|one|now|this|as|ist|es|est|key|token|secret|got)|(?:key|token|secret):?)"
    r"[ \t]{1,2}[\"'`(]{0,2}\Z"
)
_MADE = r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d[A-Za-z]+\d)[A-Za-z0-9_-]+"
_SAID = (
    r"(?i)passw[a-z]*(?:[ \t](?!\S*[=;(){}<>\[\]])[\w',:\u2019-]{1,24}){0,8}[:,]?[ \t]{1,2}([\"'`])([^\s\"'`]{6,64})\1"
)
_NAME_IN_CODE = r"[a-z_]+(?:[._/-][a-z_]*\d*)+|[\w-]+(?:[./][\w-]+)+|[A-Z][A-Z0-9_]+"
_HANDED = (
    r"(?:echo|printf)[ \t]{1,4}(?:-\w{1,3}[ \t]{1,4}|[\"']?%s(?:\\n)?[\"']?[ \t]{1,4})?"
    r"[\"']?([^\s\"'|]{8,64})[\"']?[ \t]{0,4}\|(?!\|)|<<<[ \t]{0,4}[\"']?([^\s\"'|]{8,64})"
)


def told_by_lines(view: Layer) -> Iterator[Span]:
    """Yield (start, end, kind) of every password that its line tells."""
    for find in (_with_signs, _spoken, _quoted, _piped, _in_columns, _inserted):
        for start, end in find(view):
            yield start, end, "password"
    for start, end in _tokens(view):
        yield start, end, "secret"


def _with_signs(view: Layer) -> Iterator[tuple[int, int]]:
    """Yield where words with signs in them stand, that are passwords and nothing else, or stand beside a user."""
    text, folded = view.text, view.folded
    speaks, done = view.index.hold_any(CONTEXT_WORDS), 0
    for sign in compiled(_SIGN_INSIDE).finditer(text):
        if sign.start() < done:
            continue
        first, last = _run_around(text, sign.start())
        done = last + 1
        strong = looks_chosen(text[first:last]) if _stands_alone(text, first, last) else 0
        if strong == PLAIN or (strong == DOUBTED and speaks and _in_line(folded, first, last, USER_WORDS)):
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
    if (
        before in _JOINS
        and "://" in text[max(first - _LONGEST_ADDRESS, 0) : first].rpartition(" ")[2].rpartition("\n")[2]
    ):
        return False
    opened = not before or before in _OPENS
    closed = not behind or behind[0] in _CLOSES or (behind[0] in ".;?" and not behind[1:].isalnum())
    code = text[max(first - 3, 0) : first].endswith(("://", "->", "::")) or behind in {"==", "!=", "=>", "::"}
    return opened and closed and not code and not compiled(_ASSIGNS).match(text, last)


def _in_line(folded: str, first: int, last: int, words: tuple[str, ...]) -> bool:
    start = folded.rfind("\n", max(first - _REACH, 0), first) + 1 or max(first - _REACH, 0)
    end = folded.find("\n", last, last + _REACH)
    line = folded[start : end if end >= 0 else last + _REACH]
    return any(word in line for word in words)


def _spoken(view: Layer) -> Iterator[tuple[int, int]]:
    """Yield where words stand that look a little like names, and a line that speaks of a password says it is one."""
    text = view.text
    spoken = sorted(at for word in PASSWORD_WORDS for at in view.index.places(word))
    at = 0
    for start, end in view.index.near(PASSWORD_WORDS, _REACH // 2, _REACH):
        for run in compiled(_RUN).finditer(text, start, end):
            first, last = run.start(), run.start() + len(run[0].rstrip(".,;?"))
            strength = looks_chosen(text[first:last])
            if strength in {FAINT, NUMBERED} and _stands_alone(text, first, last):
                while at < len(spoken) and spoken[at] < first:
                    at += 1
                if any(_is_told(text, first, last, near, strength) for near in spoken[max(at - 2, 0) : at + 1]):
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


def _piped(view: Layer) -> Iterator[tuple[int, int]]:
    """Yield where what looks chosen is handed to a program: ``echo WORD | program``, ``program <<< WORD``."""
    if view.index.hold_any(CONTEXT_WORDS):
        for at in (*view.index.places("echo "), *view.index.places("printf "), *view.index.places("<<<")):
            given = compiled(_HANDED).match(view.text, at)
            if given and given.lastindex and looks_chosen(given[given.lastindex]) >= NUMBERED:
                yield given.span(given.lastindex)


def _tokens(view: Layer) -> Iterator[tuple[int, int]]:
    """Yield where a generated token stands that a sentence calls one."""
    text, folded = view.text, view.folded
    for start, end in view.index.long_words():
        if not _LEAST_TOKEN <= end - start <= _LONGEST:
            continue
        word = text[start:end]
        first = start + len(word) - len(word.lstrip(_QUOTES))
        last = end - len(word) + len(word.rstrip(_QUOTES + ".,;:!?)"))
        led = compiled(_LEADS).search(text, max(first - _LONGEST_LEAD, 0), first)
        if led and any(name in folded[max(first - _REACH // 2, 0) : first] for name in SECRET_WORDS):
            word = text[first:last]
            if compiled(_MADE).fullmatch(word) and is_token(word, least=_LEAST_TOKEN - 2):
                yield first, last


def _is_told(text: str, first: int, last: int, spoken: int, strength: int) -> bool:
    """Return whether a sentence that speaks of a password at ``spoken`` says that it is what stands at ``first``."""
    lead = text[max(first - _LONGEST_LEAD, 0) : first]
    if last < spoken:
        between = text[last:spoken]
        if "\n" in between or ". " in between or len(between) > _REACH // 2:
            return False
        return bool(compiled(_USED).search(lead) or (strength > FAINT and compiled(_BEHIND).match(between)))
    between = text[spoken:first]
    if len(between) > _REACH // 2 or ". " in between or ("->" in between and ")" in between):
        return False
    if "\n" in between:
        above, _, marks = between.partition("\n")
        asked = above.rstrip(" \t|\u2502*").endswith((":", "?")) and not marks.strip(" \t|\u2502*>`\"'")
        return asked and not text[last : last + 40].partition("\n")[0].strip(" \t|\u2502*`\"'")
    return compiled(_LINK if strength > FAINT else _TIGHT).search(between) is not None


def _in_columns(view: Layer) -> Iterator[tuple[int, int]]:
    """Yield the cells of tables below a head that calls them passwords."""
    text, done = view.text, -1
    for at in sorted(at + len(word) for word in _HEADS for at in view.index.places(word)):
        if at < done or text[at : at + _MOST_SIGNS].lstrip("\"'`* ")[:1] not in _ENDS_HEAD:
            continue
        start = text.rfind("\n", max(at - _WIDEST, 0), at) + 1 or max(at - _WIDEST, 0)
        end = text.find("\n", at, at + _WIDEST)
        done = end if end >= 0 else at
        for mark in _MARKS if end >= 0 else ():
            cells = _cells(text, start, end, mark)
            heads = [text[first:last] for first, last in cells]
            columns = [number for number, head in enumerate(heads) if _is_head(head)]
            listed = mark in ",;" and (text[start].isspace() or not heads[-1])  # as in code, not in a file of rows
            named = sum(map(bool, heads)) > 1 and all(compiled(_HEAD).fullmatch(head) for head in heads)
            if columns and named and not listed:
                for row in _rows_below(text, end + 1, mark, len(cells)):
                    done = row[-1][1]
                    for first, last in (row[column] for column in columns):
                        if _is_kept_secret(text[first:last]) and not compiled(_OF_CODE).search(text[first:last]):
                            yield first, last
                break


def _rows_below(text: str, at: int, mark: str, count: int) -> Iterator[list[tuple[int, int]]]:
    """Yield where the cells of the rows stand that begin ``at``: as many as have ``count`` cells."""
    for _ in range(_MOST_ROWS):
        end = text.find("\n", at, at + _WIDEST)
        end = end if end >= 0 else min(len(text), at + _WIDEST)
        if text[at:end].strip(_RULE):
            cells = _cells(text, at, end, mark if mark != "||" else "|")
            if len(cells) != count:
                return
            yield cells
        elif end == at:
            return
        at = end + 1


def _inserted(view: Layer) -> Iterator[tuple[int, int]]:
    """Yield the values that SQL inserts into a column of passwords."""
    for at in view.index.places("insert"):
        told = compiled(_INSERT).match(view.text, at)
        columns = told[1].split(",") if told else []
        wanted = [number for number, column in enumerate(columns) if _is_head(column.strip(_AROUND + "[]"))]
        row = compiled(_ROW).match(view.text, told.end()) if told and wanted else None
        while row:
            values = [*compiled(_FIELD).finditer(view.text, *row.span(1))]
            for number in wanted if len(values) == len(columns) else ():
                if values[number][1] and _is_kept_secret(values[number][1]):
                    yield values[number].span(1)
            row = compiled(_ROW).match(view.text, row.end())


def _cells(text: str, start: int, end: int, mark: str) -> list[tuple[int, int]]:
    """Return where the cells of a line begin and end, without blanks and quotes around them."""
    cells = []
    at = start
    framed = mark in {"|", "||", "\u2502"}
    line = text[start:end].strip()
    if framed and line.startswith(mark) and line.endswith(mark) and len(line) > 2 * len(mark):
        at = text.index(mark, start) + len(mark)
        end = text.rindex(mark, start, end)
    parts = text[at:end].split(mark) if mark != "  " else compiled(r"[ \t]{2,}").split(text[at:end])
    for part in parts:
        first = text.index(part, at)
        at = first + len(part)
        value = part.strip(_AROUND)
        first += len(part) - len(part.lstrip(_AROUND))
        cells.append((first, first + len(value)))
    return cells


def _is_head(cell: str) -> bool:
    folded = cell.lower()
    return folded.endswith(_HEADS)


def _is_kept_secret(cell: str) -> bool:
    """Return whether a cell below such a head is more than a word, a sign or a gap."""
    if len(cell) < _LEAST_CELL or not is_userinfo(cell) or is_masked(cell) or " " in cell:
        return False
    return (not cell.isalpha() and not cell.isupper() and any(map(str.isalpha, cell))) or cell.isdigit()


_HEADS = (
    "password",
    "passwort",
    "passwd",
    "passphrase",
    "kennwort",
    "pwd",
    "secret",
    "token",
    "api key",
    "api_key",
    "apikey",
    "pass",
    "mot de passe",
    "contrase\u00f1a",
    "contrasena",
    "clave",
    "senha",
    "wachtwoord",
    "has\u0142o",
    "haslo",
    "heslo",
    "parola",
    "\u043f\u0430\u0440\u043e\u043b\u044c",
    "\u5bc6\u7801",
    "\u5bc6\u78bc",
    "\u30d1\u30b9\u30ef\u30fc\u30c9",
    "\ube44\ubc00\ubc88\ud638",
)
_INSERT = r"(?i)insert\s{1,8}(?:ignore[ \t]{1,4})?into\s{1,8}[\w.`\"\[\]]{1,80}\s{0,8}\(([^()]{1,400})\)\s{0,8}values?"
_ROW = r"[\s,]{0,8}\(((?:[^()'\"]|'[^'\n]{0,400}'|\"[^\"\n]{0,400}\"){1,2000})\)"
_FIELD = r"\s{0,8}(?:[NE]?['\"]([^'\"\n]{0,400})['\"]|[^,]{1,400}),?"
_HEAD = r"[^\W_][\w .#/-]{0,39}(?:\([\w ]{1,20}\))?|"
_OF_CODE = r"[(){}\[\]<>\"'`=\u2192]|:\Z|\A[#/]"
_MOST_SIGNS, _ENDS_HEAD = 24, "\t|;,\u2502\n\r"
_MARKS = ("\t", "||", "|", "\u2502", ";", ",", "  ")
_AROUND = " \t\r\"'`*|\u2502"
_RULE = " \t\r|+:=-\u2502\u2500\u253c\u251c\u2524\u2550\u256a"
_WIDEST, _LEAST_CELL, _MOST_ROWS = 400, 5, 400
