"""Gates in front of what a search loads only where a text may hold it: each asks quickly, and goes on behind it."""

from __future__ import annotations

from handoff_cli.core.patterns import Rows, compiled, stored

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from handoff_cli.redaction.layers import Layer

    Span = tuple[int, int, str]

_SHORT_TEXT, _LEAST_CHOSEN, _CHOSEN_SIGNS = 1 << 13, 7, "!#$%&*?@^\xa7"
_MANY, _LEAST_BEGINNING = 64, 3
"""So many beginnings of tokens are looked at before what finds tokens in parts is loaded; and none that is shorter."""

_MARKS, _ENDS_HEAD = ("\t", "|", "\u2502", "  "), "\t|;,\u2502\n\r"

_RULE = " \t\r\n|+:=-\u2502\u2500\u253c\u251c\u2524\u2550\u256a"

_AROUND_HEAD, _MOST_SIGNS, _WIDEST = "\"'`* ", 24, 400

_LONG, _AROUND_TOKEN, _NEAR = 16, "\"'`(.,;:!?)", 100

_TOLD = ("secret", "token", "cred", "key")

_ENDS_LINE = " \t\r>|\u2502*`\"'-+#\u2022"

_BARE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+/=-"

_LONGEST_CHOSEN = 64

_ASCII_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&*?@^~_.;+-"
_PASSWORD_SIGNS = _ASCII_SIGNS + "\xa7" + "".join(map(chr, range(0xC0, 0x180)))

_APART = dict.fromkeys({*range(128)}.difference(_ASCII_SIGNS.encode()), " ")

_CALLED = (
    "passw", "passphrase", "pwd", "psk", "_pass", "cred", "pass:", "passe", "contrase", "kennwort", "senha", "clave",
    "parol", "heslo", "haslo", "wachtwoord", "crypt", "load-key",
)  # fmt: skip

_PHRASED = r"[\"'`][a-z]{1,15}(?:[ ](?:[a-z]{1,15}|[0-9]{1,6}|&)){2,9}[\"'`]"

_BETWEEN_LITERALS = (
    '"\n', "'\n", '"\r', "'\r", '" +', "' +", '"+', "'+", '" "', "' '", '" .', "' .", '" &', "' &", '" \\',
    "\u2502", "\u2503", "\u2551",
)  # fmt: skip

_JOINT = r"(?<=[\w+/=.~-])(?:[\"'][ \t\r\n+.&~\\]{1,64}[bfruBFRU]{0,2}[\"'][\w+/=.~-]|[ ]?[\u2502\u2503\u2551][ \t]{0,4}\r?\n)"
"""What two literals, or the lines of a box, have between them."""

_DIVIDES = "\"'\u2502\u2503\u2551"
"""One of these is in each of ``_BETWEEN_LITERALS``."""

_IN_PARTS = r"(?<![A-Za-z0-9_+/])(?=[\w+/=.~-]{0,400}\d)[\w+/=.~-]{4,400}[ \"'`&<*^%|\\\n\r{;$,\u2502]"

_OPTIONS, _NEAR_LIST = ('"-', "'-"), 1 << 11
"""How an option in a list of arguments begins, and how far around it is looked at: no finder looks farther."""


STORED = "gates"
"""The name under which the tables have the rows of the words that are asked for here."""


def _rows_of_gates() -> tuple[str, bytes, str]:
    from handoff_cli.redaction.gate_words import rows_of_gates

    return rows_of_gates()


def rows() -> Rows:
    """Return the rows that lead from a word to the gate that asks for it."""
    if not _rows:
        _rows.append(Rows(*stored(STORED, _rows_of_gates)))
    return _rows[0]


_rows: list[Rows] = []


def _words_for(gate: str, view: Layer) -> list[str]:
    """Return the words in ``view`` that ``gate`` asks for."""
    index = view.index
    if index.of_gates is None:
        index.of_gates = {}
        for word, asked_by in index.led(rows()):
            index.of_gates.setdefault(asked_by, []).append(word)
    return index.of_gates.get(gate, [])


def told_by_literals(view: Layer) -> list[Span]:
    """Return what is divided between literals, or by the frame of a box."""
    text = view.text
    may_divide = any(sign in text for sign in _DIVIDES) and any(mark in text for mark in _BETWEEN_LITERALS)
    if not may_divide or not compiled(_JOINT).search(text):
        return []
    from handoff_cli.redaction.literals import divided_by_literals

    return divided_by_literals(view)


def told_by_parts(view: Layer) -> list[Span]:
    """Return what has a known beginning, and goes on behind a quote, a tag, a mark of a line."""
    from handoff_cli.redaction.prefixes import prefixes_in
    from handoff_cli.redaction.published import BEGUN, token_keywords

    known = ["eyj", *token_keywords(view, BEGUN), *(prefix.lower() for prefix, *_ in prefixes_in(view))]
    places = {at for literal in known if len(literal) >= _LEAST_BEGINNING for at in view.index.places(literal)}
    begun = sorted(places)
    if len(begun) < _MANY and not any(compiled(_IN_PARTS).match(view.text, at) for at in begun):
        return []
    from handoff_cli.redaction.literals import tokens_in_parts

    return tokens_in_parts(view, begun)


def told_abroad(view: Layer) -> list[Span]:
    """Return what words for a password or a key in other languages lead to."""
    # Dashes, arrows and frames are in no word; a letter beyond ASCII may be in one.
    if not any(map(str.isalpha, view.rare)) and not _words_for("abroad", view):
        return []
    from handoff_cli.redaction.abroad import passwords_abroad, tokens_abroad

    return passwords_abroad(view) + tokens_abroad(view)


_SPEAKS = (
    r"(?<!\w)(?:pass[ -]?(?:word|phrase|code)|passwd|passwort|pwd|pw|secret word)['\"`*]{0,3}(?:(?P<goes_on>[ ])|[:?),\n]|\Z|->)"
    r"|\bpass['\"`*]{0,3}(?::[ ]|[ ](?:is|was)[ ]\S{5,}(?:\n|\Z)|[ ]=[ ]|\?| [\"'`]?[a-z]{5,}[\"'`]?[.!]?(?:\n|\Z))"
    r"|(?:\bcreds?|\bcredentials?|\blog(?:ged|ging)?[ ]?in|\bsign(?:ed)?[ ]in|\buser(?:name)?[ ]?[/:][ ]?(?:pass(?:word|wd)?|pwd?))\b[^\n]{0,50}?"
    r"\w[\"'`]?(?:[ ]?[/:][ ]?|[ ](?:and|with)[ ](?:password[ ])?)[\"'`]?[a-z?]"
    r"|\b(?:ssid|wi-?fi|wlan|network)\b[^\n]{0,40}(?:[:=/][ ]|\n)"
)
"""What a text in lower case has that calls a plain word a password; of those in English."""


def told_by_sentences(view: Layer) -> list[Span]:
    """Return the plain words that a sentence, a label or an answer calls passwords."""
    abroad = _words_for("abroad", view) or any(map(str.isalpha, view.rare))
    if not abroad and not _words_for("sentences", view):
        return []
    is_short = len(view.text) < _SHORT_TEXT  # of others it takes less to look for it than for what may be it
    if (
        is_short
        and not abroad
        and not any(_may_be_said(view.text, it) for it in compiled(_SPEAKS).finditer(view.folded))
    ):
        return []
    from handoff_cli.redaction import sentences

    return list(sentences.told_by_sentences(view))


def _may_be_said(text: str, noun: re.Match[str]) -> bool:
    """Return whether ``sentences`` may find a password beside a word that calls it one."""
    if noun.start("goes_on") < 0:
        return True
    from handoff_cli.redaction.calling import may_be_said

    return may_be_said(text, noun.start(), noun.end() - 1)


def told_by_arguments(view: Layer) -> list[Span]:
    """Return what the command tells that a list of arguments in quotes makes."""
    places = sorted(at for mark in _OPTIONS for at in _places_of(mark, view.text))
    if not places:
        return []
    from handoff_cli.redaction.escapes import without_list

    near = view.near(places, _NEAR_LIST)
    command = without_list(near)
    if command is near:
        return []
    from handoff_cli.redaction.names import assignments
    from handoff_cli.redaction.options import option_spans

    found = [span for find in (option_spans, assignments, told_by_lines) for span in find(command)]
    spans = [(*command.outer(start, end), kind) for start, end, kind in found]
    return spans if near is view else [(*near.outer(start, end), kind) for start, end, kind in spans]


def _places_of(mark: str, text: str) -> Iterator[int]:
    at = text.find(mark)
    while at >= 0:
        yield at
        at = text.find(mark, at + 1)


def told_by_tables(view: Layer, *, may_be_headed: bool) -> list[Span]:
    """Return what stands in a column, a row or a list of passwords."""
    headed = may_be_headed and (view.index.hold("<th") or ("\n" in view.text and _is_headed(view)))
    if not headed and not _words_for("tables", view):
        listed = _words_for("lists", view)
        if not listed or (len(view.text) < _SHORT_TEXT and not _may_be_told_by_lines(view)):
            return []
    from handoff_cli.redaction import tables

    return [(start, end, "password") for start, end in tables.told_by_tables(view)]


def _is_headed(view: Layer) -> bool:
    """Return whether what a table calls passwords ends a cell in a line of several, above one of as many."""
    text = view.text
    there = [(at, at + len(word)) for word in _words_for("heads", view) for at in view.index.places(word)]
    if any(map(str.isalpha, view.rare)):
        from handoff_cli.redaction.gate_words import HEADS

        there += view.beyond_ascii(HEADS)
    for at, behind in there:
        goes_on = text[behind : behind + _MOST_SIGNS]
        if goes_on.lstrip(_AROUND_HEAD)[:1] not in _ENDS_HEAD and goes_on[:2] != "  ":
            continue
        end = text.find("\n", behind)
        far = max(at - _WIDEST, 0)
        line = text[max(text.rfind("\n", far, at) + 1, far) : end]
        if any(mark in line for mark in _MARKS):
            return True
        below = text[end : end + 2 * _WIDEST].lstrip(_RULE).partition("\n")[0] if "," in line or ";" in line else ""
        more = '"' in below  # a mark in quotes ends no cell
        if any(0 < line.count(it) == below.count(it) or (more and 0 < line.count(it) < below.count(it)) for it in ",;"):
            return True
    return False


def told_by_lines(view: Layer) -> list[Span]:
    """Return what looks chosen, where its line tells that it is a password."""
    if len(view.text) < _SHORT_TEXT and not _may_be_told_by_lines(view):
        return []
    from handoff_cli.redaction import lines

    return list(lines.told_by_lines(view))


def _may_be_told_by_lines(view: Layer) -> bool:
    """Return whether a line of ``view`` may tell a password: where it may not, what finds them is not loaded."""
    if view.tells is None:
        view.tells = _may_tell(view)
    return view.tells


def _may_tell(view: Layer) -> bool:
    words = [*dict.fromkeys(view.text.split())]
    odd = [word for word in words if _is_odd(word)]
    long = [word.strip(_AROUND_TOKEN) for word in words if len(word) >= _LONG and any(map(str.isdigit, word))]
    if any(_may_be_made(view, word) for word in long) or any(map(_may_look_chosen, odd)):
        return True
    return (view.index.hold("passw") and any(map(_is_quoted, words))) or _may_be_phrased(view, words)


def _may_be_phrased(view: Layer, words: list[str]) -> bool:
    """Return whether a pass phrase in quotes may be in ``view``: a number among its words, and one for a password."""
    number = any(word.strip("\"'`,;)").isdigit() or word == "&" for word in words)
    told = number and view.index.hold_any(_CALLED)
    return told and compiled(_PHRASED).search(view.text) is not None


def _is_odd(word: str) -> bool:
    """Return whether ``word`` may hold what looks chosen as a password: wider than ``values.looks_chosen``."""
    if len(word) < _LEAST_CHOSEN or word.isalpha() or word.isupper():
        return False
    return any(map(str.isdigit, word)) or any(sign in word[1:-1] for sign in _CHOSEN_SIGNS)


def _is_quoted(word: str) -> bool:
    """Return whether ``word`` may be a password because a sentence quotes it."""
    return any(word.count(quote) > 1 for quote in "\"'`") and any(map(str.isdigit, word))


def _may_be_made(view: Layer, word: str) -> bool:
    """Return whether ``word`` may be a token that a sentence calls one, or that ends the line below one that does."""
    if word.strip(_BARE):
        return False
    text, folded, at = view.text, view.folded, view.text.find(word)
    while at >= 0:
        behind = text[at + len(word) : at + len(word) + _MOST_SIGNS].partition("\n")[0]
        if not behind.strip(_ENDS_LINE) or any(told in folded[max(at - _NEAR, 0) : at] for told in _TOLD):
            from handoff_cli.redaction.values import is_token

            return is_token(word)
        at = text.find(word, at + len(word))
    return False


def _may_look_chosen(word: str) -> bool:
    from handoff_cli.redaction.values import looks_chosen

    parts = _parts_of(word)
    parts += [part[:_LONGEST_CHOSEN] for part in parts if len(part) > _LONGEST_CHOSEN]
    return any(looks_chosen(part.rstrip(".,;?")) for part in parts)


def _parts_of(word: str) -> list[str]:
    """Return what of ``word`` may be a password: what signs that are in none divide, or that may stand before one."""
    apart = word.translate(_APART) if word.isascii() else "".join(it if it in _PASSWORD_SIGNS else " " for it in word)
    parts = apart.split()
    return [*parts, *(piece for part in parts for piece in part.replace("*", " ").replace(";", " ").split())]
