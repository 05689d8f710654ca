"""What says that a word that looks chosen is a password: the sentence, a user beside it, an option, the line above.

Each teller gets the word's line, divided into what stands before it and behind, and answers for that alone. A word is
``sure`` where it looks like little else; others need more to be said.
"""

from __future__ import annotations

from handoff_cli.core.light import bisect_left
from handoff_cli.core.patterns import compiled
from handoff_cli.redaction.beside import USER, beside_user, in_place, names_a_user

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.redaction.layers import Layer

REACH = 160
"""That far a word is told about, in characters."""
_NEAR = 80
_ABOVE = 6
FARTHEST = REACH + (REACH + 1) * _ABOVE + 1
"""What speaks of secrets tells nothing of a word that is as many characters behind it."""
_RULE = " \t\r-=+|:"
"""Of a line of these alone nothing is said."""
_SHORT, _MOST_KNOWN, _MOST_TOLD = 24, 1 << 10, 1 << 14

CALLED = (
    "passw", "passphrase", "pass phrase", "pass-phrase", "passcode", "pass code", "^pass$", "^pass_", "_pass", "passe$",
    "pwd", "psk", "^pw$", "^pws$", "_pw$", "kennwort", "zugangs", "logindaten", "contrase", "^clave", "senha$",
    "wachtwoord", "^ww$", "parol", "heslo", "haslo", "salasana", "lozinka", "sifre", "kodeord", "adgangskode",
    "passord", "creds$", "cred$", "credential", "credenziali", "credenciales", "identifiants", "^mdp$", "wpa$", "wlan-",
    "pre-shared", "getpass",
)  # fmt: skip
"""What a password, or who has one with it, is called; ``^`` and ``$``: where no letter, digit or underscore may be."""
PEOPLE = (
    "login", "log in", "log-in", "logon", "log on", "logged in", "logged on", "logging in", "sign in", "sign-in",
    "signin", "signed in", "signing in", "auth$", "auth_", "authent", "authoriz", "user", "admin", "root", "account",
    "sudo", "cred", "identif", "usuario", "utente", "^ssh$", "^ftp$", "^sftp$", "^smtp", "passw", "zugang", "anmeld",
    "logindaten", "inlog", "^nas$", "vpn", "connect to", "connected to", "connecting to", "connecte", "nickserv",
    "u/p$", "^vault$", "unlock", "decrypt", "einlogg", "conecta", "acced", "acceso", "connexion", "zaloguj",
)  # fmt: skip
"""What speaks of somebody who logs in."""
_HOMES = ("/users/", "\\users\\")
"""Where people have their folders: a path there speaks of nobody who logs in."""
KEYS = ("^secret", "^key$", "api key", "api_key", "api-key", "apikey", "^token$")
_ABROAD = (
    r"(?i)acc\u00e8s|p\u0159ihl|\u0432\u043e\u0439\u0442\u0438|\u043b\u043e\u0433\u0438\u043d"
    r"|\u30ed\u30b0\u30a4\u30f3|\u767b\u5f55|\ub85c\uadf8\uc778|usu\u00e1rio"
)
"""The same where a text is not in ASCII."""
_OF_PASSWORDS = (
    r"(?i)\w{0,3}[_.-]?(?:hash|encrypt|encod|algo|len|min|max|polic|reset|count|file|path|field|type|scheme|manager)"
)
"""What makes of a name of a password the name of something about it."""
_NAMED_BEFORE = (
    r"(?i)\b(?:ssid|user(?:name)?|host(?:name)?|port|database|db|schema|server|cluster|domain|realm|bucket|role|group|table|column|field|file"
    r"|branch|version|algorithm|cipher|encoding)[ \t]*[:=]?[ \t]*[\"'`]?\Z"
)
_WIRELESS = ("wlan", "wifi", "wi-fi", "secret")
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
_CODE, _MOST_SIGNS, _LEAST_WORDS = "(){}[]=<>;|\\$+", 1, 3
_WORDS = r"(?<!\S)[A-Za-z][a-z']*(?=[ ,.:?!]|\Z)"


_TAGGED = r"(?<!!)![A-Za-z]\w{1,20}[ ]\Z"
"""YAML's mark of what is no text: ``!GetAtt Db.Secret1``."""
_MARKS = " \t>|\u2502*`\"'-+#\u2022"
_SHOWN = (
    r"(?:[ \t>|\u2502*`\"'#\u2022+-]|Out\[\d+\]: |=> |(?:\(\w+ \*\) )?\$\d+ = (?:0x[0-9a-f]+ )?|0x[0-9a-f]+: "
    r"|\d{1,2}[.)] )*\Z"
)
_PROMPT = r"(?:\S{1,40}[@:]\S{0,60})?[$#>%][ \t]|>>>|In \[|PS |\(Pdb|\(gdb|irb|mysql>|\w{1,12}=[#>]"
_ASKS = r"(?i)pass|pw|secret|vault|keyring|cred|login|keyctl|openssl rand|gpg\b.{0,20}-d|--decrypt|\bsops\b|api_?key"
SPEAKING = (
    "passw", "cred", "login", "log-in", "signin", "sign in", "sign-in", "account", "zugang", "identifiants",
    "copy", "shown once", "only once", "be shown", "save it", "save this", "store it", "store this", "here is",
    "here's", "only time",
)  # fmt: skip
"""One of these, or what a password is called, is in a line that announces one."""
ASKED = (
    "pass", "pw", "secret", "vault", "keyring", "keyctl", "openssl rand", "gpg", "--decrypt", "sops", "api_key",
    "apikey", "token", "api-key",
)  # fmt: skip
"""One of these is in a command that shows one."""
_SHOWS = (
    r"(?=.*\b(?:api[ _-]?key|token|secret|recovery code)s?\b).*(?:\bcopy\b|shown (?:only )?once|won't be shown"
    r"|only time|not be shown|save (?:it|this)|store (?:it|this)|here(?:'s| is)\b)"
    r"|(?:cat|less|head|tail)[ ]\S{0,60}(?:token|api[_-]?key|secret)\S{0,24}[ \t]*\Z"
)
"""What announces a token on a line below, in lower case; and what each such line has of it."""
_SHOWN_BY = (
    "copy", "once", "won't be shown", "only time", "not be shown", "save it", "save this", "store it", "store this",
    "here is", "here's", "cat ", "less ", "head ", "tail ",
)  # fmt: skip
_ANNOUNCES = r"cred|log-?in|sign[ -]?in|account|zugang|logindaten|identifiants|passw"
_ROW = (
    r"[ \t>|\u2502*`\"'#\u2022+-]*(?:\d{1,2}[.)] )?(?:\w{1,12}[:=][ \t]?)?"
    rf"{USER}(?:[ \t]{{0,4}}[ /:|,;=\t][ \t]{{0,4}}|\Z)"
)


class Tellers:
    """Answers for the words of one text whether what is around them says that they are passwords."""

    def __init__(self, view: Layer) -> None:
        self._view = view
        self._text = view.text
        self._foreign = bool(view.rare)
        self._called = _places(view, CALLED)
        self._people = [it for it in _places(view, PEOPLE) if not view.folded.startswith(_HOMES, max(it[0] - 1, 0))]
        self._keys = _places(view, KEYS)
        self._begun: dict[str, str] = {}
        self._said: dict[tuple[int, int], tuple[bool, ...]] = {}
        self._wireless = view.index.hold_any(_WIRELESS)
        self._wide = self._foreign, self._wireless
        self._speaking: list[int] | None = None
        self._passed = 0
        """Where something speaks of secrets, and how many of these places are above the line asked for last."""

    def tell(self, first: int, last: int, *, sure: bool) -> bool:
        """Return whether what is around the word from ``first`` to ``last`` says that it is a password."""
        text, (start, end) = self._text, self._line(first, last)
        before, behind = text[start:first], text[last:end]
        # A letter beside the line, where that is cut, may be of a word in it.
        key = text[start - 1 : first] if start else before, text[last : end + 1], sure, self._wide
        told = _told.get(key)
        if told is None:
            if len(_told) >= _MOST_TOLD:
                _told.clear()
            tagged = compiled(_TAGGED).search(before[-_SHORT:])
            told = _told[key] = not tagged and self._is_told(before, behind, (start, first, last, end), sure=sure)
        return told or self._is_below(start, before, behind, sure=sure)

    def is_below(self, first: int, last: int) -> bool:
        """Return whether the word stands alone on a line below one that announces a password."""
        start, end = self._line(first, last)
        return self._is_below(start, self._text[start:first], self._text[last:end], sure=True)

    def _line(self, first: int, last: int) -> tuple[int, int]:
        text = self._text
        end = _line_end(text, last)
        return max(text.rfind("\n", max(first - REACH, 0), first) + 1, first - REACH, 0), end - (text[end - 1] == "\r")

    def _is_told(self, before: str, behind: str, line: tuple[int, int, int, int], *, sure: bool) -> bool:
        start, first, last, end = line
        called = _last_end(self._called, start, first)
        follows = first_start(self._called, last, min(end, last + _NEAR))
        between = self._text[called:first] if called >= 0 else ""
        people = self._is_near(self._people, line) or (
            self._foreign and compiled(_ABROAD).search(before + behind) is not None
        )
        if called >= 0 and _said_before(between, before, behind, sure=sure):
            return True
        if follows >= 0 and _said_behind(before, self._text[last:follows], sure=sure):
            return True
        if in_place(before, behind, called=called >= 0 and len(between) < _NEAR):
            return True
        if beside_user(before, behind, called=called >= 0, people=people, sure=sure):
            return True
        if not sure:
            return False
        speaks = called >= 0 or follows >= 0 or people or self._is_near(self._keys, line)
        wireless = called < 0 and self._wireless and _of_wireless(before)
        return (speaks and not names_a_user(before, behind)) or wireless

    @staticmethod
    def _is_near(places: list[tuple[int, int]], line: tuple[int, int, int, int]) -> bool:
        """Return whether one of ``places`` is in the line before or behind the word, which tells nothing of itself."""
        start, first, last, end = line
        return bool(places) and (first_start(places, start, first) >= 0 or first_start(places, last, end) >= 0)

    def _is_below(self, start: int, before: str, behind: str, *, sure: bool) -> bool:
        """Return whether the word stands alone on its line, or beside a user, and what is above announces it."""
        if not start or behind.strip(_MARKS) or not self._is_spoken_above(start):
            return False
        if before not in self._begun:
            if len(self._begun) == _MOST_KNOWN:
                self._begun.clear()
            self._begun[before] = _begins(before)
        alone, row = self._begun[before] == "alone", sure and self._begun[before] == "row"
        if not alone and not row:
            return False
        seen = 0
        for number, place in enumerate(self._lines_above(start)):
            if not (said := self._said_in(place)):
                continue
            seen += 1
            if (alone and seen == 1 and said[number > 0]) or (sure and (row or seen > 1) and said[2]):
                return True
            if not said[3]:
                break
        return False

    def _is_spoken_above(self, start: int) -> bool:
        """Return whether one of the lines that tell of the one that begins at ``start`` may announce a password."""
        places, passed = self.speaking, self._passed
        if passed and places[passed - 1] >= start:
            passed = 0
        while passed < len(places) and places[passed] < start:
            passed += 1
        self._passed = passed
        last = places[passed - 1] if passed else start - (REACH + 1) * _ABOVE
        return start - last < (REACH + 1) * _ABOVE and self._text.count("\n", last, start) <= _ABOVE

    @property
    def speaking(self) -> list[int]:
        """Where, in order, what a line has stands that announces a password: called one, or asked for."""
        if self._speaking is None:
            self._speaking = self._places_speaking()
        return self._speaking

    def _places_speaking(self) -> list[int]:
        text, index = self._text, self._view.index
        spoken = {place for word in index.among(SPEAKING) for place in index.places(word)}
        asked, done = [], 0
        for at in sorted(place for word in index.among(ASKED) for place in index.places(word)):
            if at >= done:
                begins = max(text.rfind("\n", max(at - REACH, 0), at) + 1, at - REACH, 0)
                done = _line_end(text, at)
                cut = begins and text[begins - 1] != "\n"
                if cut or compiled(_PROMPT).match(text, begins):
                    asked.append(at)
        return sorted(spoken.union(asked, (place for place, _ in self._called)))

    def _said_in(self, place: tuple[int, int]) -> tuple[bool, ...]:
        """Return of a line whether it announces a password right below, and one apart; speaks of one; is a row itself.

        Nothing of an empty one. Each line is above several, so what is found is kept.
        """
        said = self._said.get(place)
        if said is None:
            if len(self._said) == _MOST_KNOWN:
                self._said.clear()
            line = self._text[slice(*place)]
            called = first_start(self._called, *place) >= 0
            near = _announces(line, called=called)
            row = len(line) <= _NEAR and compiled(_ROW).match(line) is not None
            speaks = "(" not in line and compiled(_ANNOUNCES).search(line.lower()) is not None
            said = self._said[place] = (near, near or called, speaks, row) if line.strip(_RULE) else ()
        return said

    def _lines_above(self, start: int) -> Iterator[tuple[int, int]]:
        """Yield where the lines above the one that begins at ``start`` begin and end, the nearest first."""
        for _ in range(_ABOVE if start else 0):
            end = start - 1
            start = max(self._text.rfind("\n", max(end - REACH, 0), end) + 1, end - REACH, 0)
            yield start, end
            if not start or self._text[start - 1] != "\n":
                break


_told: dict[tuple[str, str, bool, tuple[bool, bool]], bool] = {}
"""What lines say of a word, by what is around it: each pass of a search asks again where nothing was replaced."""


def forget_lines() -> None:
    """Keep few of the lines that were asked, as ``values`` does of what was judged."""
    if len(_told) > _MOST_KNOWN:
        _told.clear()


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at, at + REACH)
    return end if end >= 0 else min(at + REACH, len(text))


def _places(view: Layer, words: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return (start, end) of each of ``words`` in ``view``, in order."""
    folded, places = view.folded, []
    plain = {word.strip("^$"): word for word in words}
    for bare in view.index.among(tuple(plain)):
        word = plain[bare]
        for at in view.index.places(bare):
            end = at + len(bare)
            led = word[0] == "^" and at > 0 and (folded[at - 1].isalnum() or folded[at - 1] == "_")
            goes_on = word[-1] == "$" and (folded[end : end + 1].isalnum() or folded[end : end + 1] == "_")
            if not led and not goes_on:
                places.append((at, end))
    return sorted(places)


def first_start(places: list[tuple[int, int]], start: int, end: int) -> int:
    """Return where the first of ``places`` between ``start`` and ``end`` begins, -1 where there is none."""
    number = bisect_left(places, (start,))
    return places[number][0] if number < len(places) and places[number][1] <= end else -1


def _last_end(places: list[tuple[int, int]], start: int, end: int) -> int:
    """Return where the last of ``places`` between ``start`` and ``end`` ends, -1 where there is none."""
    number = bisect_left(places, (end,)) - 1
    return places[number][1] if number >= 0 and places[number][0] >= start and places[number][1] <= end else -1


def _said_before(between: str, before: str, behind: str, *, sure: bool) -> bool:
    """Return whether a sentence that spoke of a password leads to the word, with what is ``between``."""
    if len(between) > _NEAR or ". " in between or ("->" in between and ")" in between):
        return False
    if compiled(_OF_PASSWORDS).match(between) or compiled(_NAMED_BEFORE).search(between):
        return False
    if not sure:
        return compiled(_TIGHT).search(between) is not None
    return compiled(_LINK).search(between) is not None or _is_prose(before, behind)


def _said_behind(before: str, between: str, *, sure: bool) -> bool:
    """Return whether what follows the word, beginning with ``between``, calls it a password."""
    if ". " in between:
        return False
    if compiled(_AS).match(between) or compiled(_USED).search(before[-_SHORT:]):
        return True
    return (sure or not before.strip()) and compiled(_BEHIND).match(between) is not None


def _is_prose(before: str, behind: str) -> bool:
    line = before + behind
    signs = sum(map(line.count, _CODE))
    return signs <= _MOST_SIGNS and len(compiled(_WORDS).findall(line)) >= _LEAST_WORDS


def _of_wireless(before: str) -> bool:
    """Return whether a network or a secret is said to have the word."""
    spoken = compiled(_OF_WIRELESS).search(before)
    return spoken is not None and compiled(_TIGHT).search(before[spoken.end() :]) is not None


def _begins(before: str) -> str:
    """Return what a line is that begins with ``before``, up to its last word: that word ``alone``, a ``row``, or ''."""
    if compiled(_SHOWN).match(before):
        return "alone"
    return "row" if compiled(_ROW).fullmatch(before) else ""


def _announces(line: str, *, called: bool) -> bool:
    """Return whether ``line`` asks for a password, or is a command that shows one."""
    asked = line.rstrip(_MARKS).endswith((":", "?", "\uff1a"))
    if called and (asked or len(line) < _NEAR // 2):
        return True
    folded = line.lower()
    if any(word in folded for word in _SHOWN_BY) and compiled(_SHOWS).search(folded):
        return True
    return compiled(_PROMPT).match(line) is not None and compiled(_ASKS).search(line) is not None
