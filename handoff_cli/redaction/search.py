r"""Finding secrets and putting ``[REDACTED:kind]`` in their place, whatever hides them; the package's door is in front.

Own code, since a library does not fit the budget of a verb that runs on every prompt: the measured comparison, the
kinds and the limits are in ``docs/redaction.md``. Every pattern is compiled the first time a cheap literal gate says
that it may match, and every loop moves on by what it has read, so the time is linear in the text.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction.layers import Layer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Span = tuple[int, int, str]
    Find = Callable[[Layer], list[Span]]

_NAMES, _COMMANDS, _SHAPES, _TOKENS, _LINES = 1, 2, 4, 8, 16
_ALL = 31

_MAX_PASSES = 3
_SHORT_TEXT, _LONG_TEXT, _LEAST_CHOSEN, _CHOSEN_SIGNS = 1 << 13, 1 << 16, 7, "!#$%&*?@^\xa7"
_STEMS_ABROAD = (
    "mot de passe", "mdp", "contrase", "clave", "senha", "palavra", "passwort", "kennwort", "zugangs", "wachtwoord",
    "passord", "adgangskode", "kodeord", "salasana", "haslo", "heslo", "geslo", "lozinka", "parol", "sifre", "parool",
    "sandi", "pasvorto", "jelsz", "zaporka", "pasahitza", "cyfrinair", "pasfhocal", "nenosiri", "kata laluan",
    "wagwoord", "jeton", "llave", "chiave", "chave", "sleutel", "klucz",
)  # fmt: skip
_ESCAPE_SIGNS = (
    "\\", "%2", "%3", "%4", "%5", "%6", "%7", "\x1b", "^[", "\x9b", "&quot;", "&apos;", "&amp;", "&lt;", "&gt;",
    "&equals;", "&colon;", "&nbsp;", "&#",
)  # fmt: skip
_INVISIBLE_SIGNS = frozenset(
    map(
        chr,
        (0xAD, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF, *range(0xFE00, 0xFE10), 0xFF1A, 0xFF1D, 0x3000),
    )
)
_LISTS = ("passwords", "passwds", "credentials", "creds", "logins", "secrets", "users", "accounts")
_MARKS, _ENDS_HEAD = ("\t", "|", "\u2502", "  "), "\t|;,\u2502\n\r"
_RULE = " \t\r\n|+:=-\u2502\u2500\u253c\u251c\u2524\u2550\u256a"
_AROUND_HEAD, _MOST_SIGNS, _WIDEST = "\"'`* ", 24, 400
_LONG, _AROUND_TOKEN, _NEAR = 16, "\"'`(.,;:!?)", 100
_TOLD = ("secret", "token", "cred", "key")
_ENDS_LINE = " \t\r>|\u2502*`\"'-+#\u2022"
_BARE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+/=-"
_LONGEST_CHOSEN = 64
_PASSWORD_SIGNS = frozenset(
    "".join(map(chr, range(0xC0, 0x180)))
    + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&*?@^~_.\xa7;+-"
)
_CALLED = (
    "passw", "passphrase", "pwd", "psk", "_pass", "cred", "pass:", "passe", "contrase", "kennwort", "senha", "clave",
    "parol", "heslo", "haslo", "wachtwoord", "crypt", "load-key",
)  # fmt: skip
_PHRASED = r"[\"'`][a-z]{1,15}(?:[ ](?:[a-z]{1,15}|[0-9]{1,6}|&)){2,9}[\"'`]"
_WORD_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+/=.~-"
_LONGEST_WORD, _LONGEST_CHAIN, _BEHIND_CHAIN, _SNIPPET_CHARS = 300, 2000, 80, 700
_GOES_ON = r"\n(?:(?<=[\w+/=.~-]\n)|(?<=[\w+/=.~-]\r\n))[ \t>|#*/]{0,16}([\w+/=.~-]{1,300})"
_BETWEEN_LITERALS = (
    '"\n', "'\n", '"\r', "'\r", '" +', "' +", '"+', "'+", '" "', "' '", '" .', "' .", '" &', "' &", '" \\',
    "\u2502", "\u2503", "\u2551",
)  # fmt: skip
_JOINT = (
    r"[\w+/=.~-](?:[\"'][ \t\r\n+.&~\\]{1,64}[bfruBFRU]{0,2}[\"'][\w+/=.~-]|[ ]?[\u2502\u2503\u2551][ \t]{0,4}\r?\n)"
)
"""What two literals, or the lines of a box, have between them."""
_IN_PARTS = r"(?<![A-Za-z0-9_+/])(?=[\w+/=.~-]{0,400}\d)[\w+/=.~-]{4,400}[ \"'`&<*^%|\\\n\r{;$,\u2502]"
_MANY, _LEAST_BEGINNING = 64, 3
"""So many beginnings of tokens are in nearly any part of a text that is one word, or many, behind the other."""
_OPTIONS, _NEAR_LIST = ('"-', "'-"), 1 << 11
"""How an option in a list of arguments begins, and how far around it is looked at: no finder looks farther."""


def replace_secrets(
    text: str,
    kinds_in: Callable[[str], int] = lambda _text: _ALL,
    may_be_token: Callable[[str], bool] = lambda _word: True,
) -> str:
    """Return ``text`` with its secrets replaced, as ``redact`` promises; ``text`` itself without one.

    Args:
        text: Any text.
        kinds_in: The kinds of secrets that a text without colours and escapes may hold, as the door tells them.
        may_be_token: Whether any part of a word may be a generated token, as the door tells it.
    """
    if len(text) > _LONG_TEXT:
        _learn_words()
    view = view_of(text)
    steps = _steps_for(kinds_in(view.text), may_be_token)
    unchanged = 0
    for find in steps * _MAX_PASSES:
        changed = find(view, text)
        if changed is text or changed == text:
            unchanged += 1
            if unchanged == len(steps):
                break
        else:
            text, known, view, unchanged = changed, view, view_of(changed), 0
            view.follow(known)
    if len(text) > _SHORT_TEXT:
        from handoff_cli.redaction.values import forget_values

        forget_values()
    return text


def _learn_words() -> None:
    """Let a long text be looked at once for all that is asked for in it."""
    if _learnt:
        return
    from handoff_cli.redaction import layers, lines, names, options, published_keywords, shapes, tellers

    layers.learn_runs(published_keywords.BEGINNINGS)
    told = (word.strip("^$") for word in (*tellers.CALLED, *tellers.PEOPLE, *tellers.KEYS))
    layers.learn(
        (*told, *tellers.SPEAKING, *tellers.ASKED, *lines.LINE_WORDS, *names.HEADS, *options.words_that_lead())
    )
    layers.learn(
        (*published_keywords.SHORT.split(","), *shapes.GATES_FOLDED, *shapes.PREFIXES_FOLDED, *_STEMS_ABROAD, *_LISTS)
    )
    _learnt.append(True)


_learnt: list[bool] = []


def view_of(text: str) -> Layer:
    """Return ``text`` without colours, escapes and invisible characters."""
    view = Layer.of(text)
    if _INVISIBLE_SIGNS.isdisjoint(view.rare) and not any(sign in text for sign in _ESCAPE_SIGNS):
        return view
    from handoff_cli.redaction.escapes import look_through

    return look_through(view)


def _steps_for(kinds: int, may_be_token: Callable[[str], bool]) -> list[Callable[[Layer, str], str]]:
    """Return what to look for, in order: what divides a token goes first, and what ends nowhere known last."""
    steps = [_step(find) for find in _finders_for(kinds)]
    if not kinds & _TOKENS:
        return steps
    return [
        lambda view, text: _unwrapped(view, text, may_be_token, exact=True),
        _step(_told_by_literals),
        _step(_told_by_parts),
        *steps,
        lambda view, text: _unwrapped(view, text, may_be_token, exact=False),
    ]


def _step(find: Find) -> Callable[[Layer, str], str]:
    def replaced(view: Layer, text: str) -> str:
        spans = find(view)
        if not spans:
            return text
        from handoff_cli.redaction.innocent import secrets_among

        spans = secrets_among(view.text, spans)
        return view.replaced(spans) if spans else text

    return replaced


def _finders_for(kinds: int) -> Iterator[Find]:
    if kinds & (_SHAPES | _TOKENS):
        from handoff_cli.redaction import shapes

        yield shapes.private_keys
        yield shapes.shaped
        if kinds & _TOKENS:
            yield shapes.prefixed
        if kinds & _SHAPES:
            yield shapes.cookies
    if kinds & _COMMANDS:
        from handoff_cli.redaction.options import option_spans

        yield option_spans
    if kinds & _NAMES:
        from handoff_cli.redaction.names import assignments

        yield assignments
        yield _told_abroad
    if kinds & (_NAMES | _COMMANDS):
        yield _told_by_sentences
    if kinds & (_NAMES | _LINES):
        yield lambda view: _told_by_tables(view, may_be_headed=bool(kinds & _NAMES))
    if kinds & (_NAMES | _COMMANDS | _LINES):
        yield _told_by_lines
        yield _told_by_arguments
    if kinds & _TOKENS:
        from handoff_cli.redaction.published import published_spans

        yield published_spans


def _told_by_literals(view: Layer) -> list[Span]:
    """Return what is divided between literals, or by the frame of a box."""
    if not any(mark in view.text for mark in _BETWEEN_LITERALS) or not compiled(_JOINT).search(view.text):
        return []
    from handoff_cli.redaction.literals import divided_by_literals

    return divided_by_literals(view)


def _told_by_parts(view: Layer) -> list[Span]:
    """Return what has a known beginning, and goes on behind a quote, a tag, a mark of a line."""
    from handoff_cli.redaction.published import BEGUN, token_keywords
    from handoff_cli.redaction.shapes import prefixes_in

    known = ["eyj", *token_keywords(view, BEGUN), *(prefix.lower() for prefix, *_ in prefixes_in(view))]
    places = {at for literal in known if len(literal) >= _LEAST_BEGINNING for at in view.index.places(literal)}
    begun = sorted(places)
    if len(begun) < _MANY and not any(compiled(_IN_PARTS).match(view.text, at) for at in begun):
        return []
    from handoff_cli.redaction.literals import tokens_in_parts

    return tokens_in_parts(view, begun)


def _told_abroad(view: Layer) -> list[Span]:
    # Dashes, arrows and frames are in no word; a letter beyond ASCII may be in one.
    if not any(map(str.isalpha, view.rare)) and not view.index.hold_any(_STEMS_ABROAD):
        return []
    from handoff_cli.redaction.abroad import passwords_abroad, tokens_abroad

    return passwords_abroad(view) + tokens_abroad(view)


_STEMS = (
    "pass",
    "pwd",
    "pw",
    "cred",
    "login",
    "log in",
    "logged in",
    "logging in",
    "sign in",
    "signed in",
    "ssid",
    "wifi",
    "wi-fi",
    "wlan",
    "secret word",
)
_SPEAKS = (
    r"(?i)(?<!\w)(?:pass[ -]?(?:word|phrase|code)|passwd|passwort|pwd|pw|secret word)['\"`*]{0,3}(?:[ :?),\n]|\Z|->)"
    r"|\bpass['\"`*]{0,3}(?::[ ]|[ ](?:is|was)[ ]\S{5,}(?:\n|\Z)|[ ]=[ ]|\?| [\"'`]?[a-z]{5,}[\"'`]?[.!]?(?:\n|\Z))"
    r"|(?:\bcreds?|\bcredentials?|\blog(?:ged|ging)?[ ]?in|\bsign(?:ed)?[ ]in|\buser(?:name)?[ ]?[/:][ ]?(?:pass(?:word|wd)?|pwd?))\b[^\n]{0,50}?"
    r"\w[\"'`]?(?:[ ]?[/:][ ]?|[ ](?:and|with)[ ](?:password[ ])?)[\"'`]?[A-Za-z\u00c0-\u024f]"
    r"|\b(?:ssid|wi-?fi|wlan|network)\b[^\n]{0,40}(?:[:=/][ ]|\n)"
)
"""What a text has that calls a plain word a password; of those in English."""


def _told_by_sentences(view: Layer) -> list[Span]:
    if len(view.text) < _SHORT_TEXT and not (
        (view.index.hold_any(_STEMS) and compiled(_SPEAKS).search(view.text))
        or view.index.hold_any(_STEMS_ABROAD)
        or any(map(str.isalpha, view.rare))
    ):
        return []
    from handoff_cli.redaction.sentences import told_by_sentences

    return list(told_by_sentences(view))


def _told_by_arguments(view: Layer) -> list[Span]:
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

    found = [span for find in (option_spans, assignments, _told_by_lines) for span in find(command)]
    spans = [(*command.outer(start, end), kind) for start, end, kind in found]
    return spans if near is view else [(*near.outer(start, end), kind) for start, end, kind in spans]


def _places_of(mark: str, text: str) -> Iterator[int]:
    at = text.find(mark)
    while at >= 0:
        yield at
        at = text.find(mark, at + 1)


def _told_by_tables(view: Layer, *, may_be_headed: bool) -> list[Span]:
    headed = may_be_headed and (view.index.hold("<th") or ("\n" in view.text and _is_headed(view)))
    if not headed and not view.index.hold_any(("insert", "from stdin", "replace into")):
        listed = view.index.hold_any(_LISTS)
        if not listed or (len(view.text) < _SHORT_TEXT and not _may_be_told_by_lines(view)):
            return []
    from handoff_cli.redaction.tables import told_by_tables

    return [(start, end, "password") for start, end in told_by_tables(view)]


def _is_headed(view: Layer) -> bool:
    """Return whether what a table calls passwords ends a cell in a line of several, above one of as many."""
    from handoff_cli.redaction.names import HEADS

    text = view.text
    there = [(at, at + len(word)) for word in view.index.among(HEADS) for at in view.index.places(word)]
    for at, behind in there + view.beyond_ascii(HEADS):
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


def _told_by_lines(view: Layer) -> list[Span]:
    if len(view.text) < _SHORT_TEXT and not _may_be_told_by_lines(view):
        return []
    from handoff_cli.redaction.lines import told_by_lines

    return list(told_by_lines(view))


def _may_be_told_by_lines(view: Layer) -> bool:
    """Return whether a line of ``view`` may tell a password: where it may not, what finds them is not loaded."""
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
    parts = "".join(sign if sign in _PASSWORD_SIGNS else " " for sign in word).split()
    return [*parts, *(piece for part in parts for piece in part.replace("*", " ").replace(";", " ").split())]


def _unwrapped(view: Layer, text: str, may_be_token: Callable[[str], bool], *, exact: bool) -> str:
    """Replace the tokens that line ends divide; what finds them is loaded where a divided word may be one."""
    if view.divided is None:
        found = [*_divided_words(view.text)] if "\n" in view.text else []
        tokens = {*filter(may_be_token, {word for *_, word in found})}
        view.divided = [it for it in found if it[2] in tokens]
        view.snippets = _snippets(view) if view.divided else []
    if not view.snippets:
        return text
    from handoff_cli.redaction.wraps import wrapped_tokens

    spans = wrapped_tokens(view, exact=exact)
    return view.replaced(spans) if spans else text


def _snippets(view: Layer) -> list[tuple[int, int]]:
    """Return where a token may begin in a word that goes on behind a line end, with what follows it."""
    from handoff_cli.redaction.published import token_keywords
    from handoff_cli.redaction.shapes import prefixes_in

    divided = view.divided or []
    words = Layer(" ".join(word for *_, word in divided))
    known = ["eyj", *token_keywords(words), *(prefix.lower() for prefix, *_ in prefixes_in(words))]
    if len(known) > _MANY and len(words.text) * 2 > len(view.text):
        return [(0, len(view.text))]
    begun = sorted({at for literal in known for at in words.index.places(literal)})
    places: list[tuple[int, int]] = []
    chars = number = first = 0
    for parts, end, word in divided:
        last, done = -1, 0
        while number < len(begun) and begun[number] < first + len(word):
            last = begun[number] - first
            number += 1
        first += len(word) + 1
        for start, stop in parts:
            if done > last:
                break
            before = view.text[max(start - _LONGEST_WORD, 0) : start].split(" ")[-1].split("\n")[-1]
            behind = min(end + _BEHIND_CHAIN, stop + _SNIPPET_CHARS, len(view.text))
            places.append((max(start - len(before) - 1, 0), behind))
            chars += behind - places[-1][0]
            done += stop - start
        if chars > 2 * len(view.text) + _SNIPPET_CHARS:
            return [(0, len(view.text))]  # where each line holds a beginning, all is looked at once
    return places


def _is_setting(part: str) -> bool:
    """Return whether what begins a line gives a value to a name, so that it goes on with no token."""
    name, _, value = part.partition("=")
    return name.isupper() and name.replace("_", "").isalnum() and ("_" in name or value.strip("=") != "")


def _divided_words(text: str) -> Iterator[tuple[list[tuple[int, int]], int, str]]:
    """Yield of each word that goes on behind line ends: its parts but the last, where it ends, and the word itself."""
    parts: list[tuple[int, int]] = []
    end = begins = 0
    word = ""
    for wrap in compiled(_GOES_ON).finditer(text):
        if "=" in wrap[1] and _is_setting(wrap[1]):
            continue
        at = wrap.start() - 1 if text[wrap.start() - 1] == "\r" else wrap.start()
        if at != end or len(word) > _LONGEST_CHAIN:
            if word:
                yield parts, end, word
            before = text[max(at - _LONGEST_WORD, 0) : at]
            begins = at - len(before) + len(before.rstrip(_WORD_CHARS))
            parts, word = [], text[begins:at]
        parts.append((begins, at))
        begins, end = wrap.span(1)
        word += wrap[1]
    if word:
        yield parts, end, word
