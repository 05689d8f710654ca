"""Passwords that are plain words, called so by a sentence, a label, a user's name before them, or as an answer.

Any word could stand there, so those that sentences say of a password (``is required``, ``is hashed``) are known by
their endings and by lists, and a sentence that asks or supposes (``if the password is ...``) tells none.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction.abroad import ABROAD
from handoff_cli.redaction.calling import AFTER_USER, ASKS, IS_THE, PROMPTED, USED, USED_AS
from handoff_cli.redaction.layers import passed
from handoff_cli.redaction.placeholders import is_name_of_thing
from handoff_cli.redaction.plain import may_be, may_be_words
from handoff_cli.redaction.said import CHOSEN_NOUNS, COMMON_WORDS, NO_USERS, SAID_ABROAD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.redaction.layers import Layer

    Span = tuple[int, int, str]

_ENDINGS = (
    r".{2,}(?:ed|ly|able|ible|ive|ous|less|ful|ing|ment|tion|sion|ness|ity|ance|ence|ent|ant|ary|ory|ical|ized|ised|ic"
    r"|al|ism|ist|ize|ise|ify|ption|tures?|ings|ments|tions|sions|ents|ants|ists|ators?|wise|like)"
)
"""How what sentences say of a password ends."""
_ENDINGS_ABROAD = (
    r".{2,}(?:lich|isch|bar|los|ung|ungen|heit|keit|ado|ada|ido|ida|ato|ata|ito|uto|uta|ci\u00f3n|\u00e7\u00e3o|zione|mente|bles?|vel|bile"
    r"|t\u00f3ri[oa]|toria|ment|tion|eux|euse|\u00e9e?s?|owane?|one|iony|ony|na|ne|ny|n\u00e9|ern|ieren)|(?:ge|ver|be|ent|zer|er|ver).{2,}t"
)

_IN_CODE = r"[a-z][A-Z]|[A-Z]{2}[a-z]|^[A-Z]?[a-z]+[_.]|[a-z][.][a-z]|^(?:non|auto|pre|re|un|self|user|case|well|per|multi|one|two|in|on|off|up|not|so)-|pw$|-(?:only|based|like|style|time|free|safe)$"
"""Of names in code, and of adjectives."""
_FOREIGN = "|".join(ABROAD)
_NOUN = (
    r"(?i)(?:(?<!\w)(?:pass[ -]?(?:word|phrase|code)|(?<!/)passwd|pwd|pw|(?P<short>pass)|secret[ ]word)(?![^\W\d]|[_.-]\w)"
    rf"|(?<![^\W\d_])(?P<abroad>(?:{_FOREIGN})(?:et|en|em|om|u)?(?![A-Za-z0-9_])))|(?P<joined>(?<=-)passwort(?!\w)|(?:\u5bc6\u7801|\u5bc6\u78bc|\u53e3\u4ee4|\u30d1\u30b9\u30ef\u30fc\u30c9|\ube44\ubc00\ubc88\ud638|\uc554\ud638))"
)
_STEMS = (
    "password", "passphrase", "passcode", "pass phrase", "passwd", "pwd", "pw", "pass", "secret word", *ABROAD,
)  # fmt: skip
_ASCII_STEMS = tuple(word for word in _STEMS if word.isascii())
_BEYOND_ASCII = tuple(word for word in _STEMS if not word.isascii())
_W = r"[A-Za-z\u00c0-\u024f][A-Za-z0-9_\u00c0-\u024f!#$%&*@^+~.-]{3,46}[A-Za-z0-9_\u00c0-\u024f!#$%&*^~]"
_OPEN, _CLOSE = r"[\"'`*(\[\u201c\u201e\u00ab]{0,3}", r"[\"'`*\u201d\u201c\u00bb]{0,3}"
_QUOTED = r"[\"'`*\u201c\u201e\u00ab]{0,3}"
_ENDS = r"(?=[ \t]*(?:\r?\n|\Z)|[.!](?:\s|\Z)|\u3002|[ ]?(?:\u3067\u3059|\uc785\ub2c8\ub2e4)|[ ]?\(|[ ]{1,3}(?:\#|//|--|[-\u2013\u2014][ ])"
_END = rf"{_ENDS})"
_END_OF_CLAUSE = rf"{_ENDS}|[,;][ ]|[)\]](?:[\s.,]|\Z)|[ ](?:and|but|so|by[ ]the[ ]way|btw|on|for|until|if|when|now|please|thanks|at|in|und|y|et|e)\b)"
_OF = (
    r"(?:[ ]?\([^()\n]{1,40}\)|[ ](?:for|of|to|on|in|at|f\u00fcr|zum|zur|vom|von|der|des|de|del|du|do|da|para|pour|di|per|od|na|\u043e\u0442|\u0434\u043b\u044f|\u043a|van|voor|till|til)"
    r"(?:[ ][\w.@'\u2019/&-]{1,24}){1,5}?|[ ][^\W\d_]{4,20}(?=[ ]?:)|[ ]d['\u2019][^\W\d_]{3,12})?"
)
_VERB = (
    r"(?:[ ](?:is|was|will[ ]be|should[ ]be|has[ ]been[ ](?:re)?(?:set|changed)[ ]to|(?:is|was)[ ](?:re)?(?:set|changed)[ ]to|ist|lautet|war|est|es|era|\u00e9|\u00e8)"
    r"(?:[ ](?:now|still|just|simply|currently|again|also|jetzt|ahora))?:?[ ]{1,2}|(?<!passwd)'s[ ])"
)
_VERB_ABROAD = rf"(?:{_VERB}|[ ](?:jest|to|\u00e4r|er|on|je|w\u00e4re|\u044d\u0442\u043e|\u0431\u044b\u043b)[ ]{{1,2}}|[ ]?(?:\u306f|\u662f|\u4e3a|\u70ba|\ub294|\uc740)[ ]?)"
_SIGN = r"[ \t]{0,2}(?P<sign>[:=]{1,2}|->|=>|\u2192|[-\u2013\u2014](?=[ ]))\*{0,2}[ \t]{0,4}"
_STATES = rf"(?i){_QUOTED}{_OF}{_VERB}{_QUOTED}(?P<word>{_W}){_CLOSE}{_END_OF_CLAUSE}"
_STATES_ABROAD = rf"(?i){_QUOTED}(?:{_OF}|(?:[ ][^\W\d_]{{2,16}}){{1,2}}?){_VERB_ABROAD}{_QUOTED}(?P<word>{_W}){_CLOSE}{_END_OF_CLAUSE}"
_LABELS = rf"(?i){_CLOSE}(?P<of>{_OF}){_SIGN}{_QUOTED}(?P<word>{_W})(?P<close>{_CLOSE}){_END_OF_CLAUSE}"
_GIVES_QUOTED = r"[\"'][ ]{0,4}(?::|=>?)[ ]{0,4}([\"'])(?P<word>[^\"'\n]{5,48})\1"
_BELOW = rf"[ \t]*:?[ \t]*\r?\n[ \t]*(?P<word>{_W})[ \t]*(?:\r?\n|\Z)"
_USER_ABOVE = r"(?i)(?:^|\n)[ \t]*(?:user(?:[ ]?name)?|login|e-?mail(?:[ ]address)?|account)[ \t]*:?[ \t]*\r?\n[ \t]*[\w.@+-]{2,64}[ \t]*\r?\n[ \t]*\Z"
_TURNS = rf"(?i){_OF}(?:[ ]from[ ]{_QUOTED}(?P<old>{_W}){_CLOSE})?[ ](?:to|into|auf|a)[ ]{_QUOTED}(?P<word>{_W}){_CLOSE}{_END_OF_CLAUSE}"
_FOLLOWS = rf"(?i)(?:[ ]|[ ]?[:=][ ]?)[\"'`]{{0,3}}(?P<word>{_W}){_CLOSE}{_END_OF_CLAUSE}"
_ASKED_FOR = rf"(?i){_CLOSE},?[ ](?:please[ ])?(?:i[ ])?(?:enter(?:ed)?|typed?|used?|answer(?:ed)?|say|put|gave|tried)[ ](?:in[ ]|with[ ])?{_QUOTED}(?P<word>{_W}){_CLOSE}{_END_OF_CLAUSE}"
_SUPPOSES = (
    r"(?i)\b(?:if|when|whether|unless|while|because|since|ensures?|ensure[ ]that|checks?|checking|asserts?|verify|verifies|validates?|as[ ]long[ ]as|whose|where"
    r"|no|until|requires?|say|says|means|reads?|how|why|your[ ]current|falls?[ ]back|wenn|falls|ob|dass|weil|si|se|quando|cuando|quand|je\u015bli|\u0435\u0441\u043b\u0438)\b(?:[^.:;!?]{0,40})\Z"
)
_TURNING = r"(?i)\b(?:set|sets|setting|reset|change|changed|changes|rotated?|updated?|switched|bumped|cambi\w*|ge\u00e4ndert|setze)\b[^.;:\n]{0,30}\Z"
_AS = (
    rf"(?i)\b(?:use|used|using|enter|entered|type|typed|with|try|put|pick|picked|chose|set|took|gave)[ ]{_QUOTED}(?P<word>{_W}){_CLOSE}{USED_AS}"
    rf"|\b(?:type|enter|use|say|answer)[ ]{_QUOTED}(?P<typed>{_W}){_CLOSE}[ ](?:when|if|once|where)[ ](?:you(?:'re|[ ]are)[ ])?{PROMPTED}"
    rf"|(?:^|[.:][ ])[\"'`](?P<named>{_W})[\"'`]{IS_THE}"
)
_LED_LABEL = r"(?:[ \t>|*+#;/-]|\d{1,3}[.)][ ]|[\[({][^\[\](){}\n]{1,24}[\])}][ ]|<[\w.@-]{1,24}>[ ])*(?:\*{0,2}[\w\u00c0-\uffff'.&-]{1,20}[ -]?){0,4}\*{0,2}"
_LED_QUESTION = rf"{_LED_LABEL}(?:\w{{1,20}}:[ ])?"
_ASKED = r"(?![ ](?:polic|rules?|reset|hash|manage|length|format|strength|field|file|require|change))(?:[ ][\w.@' -]{1,40})?[ ]?(?P<mark>\??)[\"'`]?[ \t]*\r?\n(?:[ \t>]*\r?\n)?"
_ANSWER = (
    rf"(?i)[ \t>]*(?:\[[^\]\n]{{1,24}}\][ ]?|\(?\d\d:\d\d(?::\d\d)?\)?[ ])?(?P<who><[\w.@ -]{{1,24}}>[ ]|\*{{0,2}}[\w.@ -]{{1,24}}:\*{{0,2}}[ ])?(?P<lead>(?:(?:sure|yeah|yes|yep|ok|okay|it'?s|its|try|it[ ]is|it[ ]was|i[ ]think|use|the[ ]password[ ]is|that's|here:?)[,:]?[ ]){{0,3}})"
    rf"{_QUOTED}(?P<word>{_W}){_CLOSE}[.!]?[ \t]*(?:\r?\n|\Z)"
)
_LEADS = (
    "cred", "login", "log in", "logged in", "logging in", "sign in", "signed in", "user/pass", "username/pass", "user:pass", "username:pass",
    "user / pass", "username / pass", "zugangsdaten", "anmeldedaten", "logindaten", "identifiants", "inloggegevens",
)  # fmt: skip
_PAIR = (
    rf"(?i)(?<![\w.-])(?:(?P<sure>creds?|credentials?|zugangsdaten|anmeldedaten|logindaten|identifiants|inloggegevens|user(?:name)?[ ]?[/:][ ]?(?:pass(?:word|wd)?|pw|pwd)|login/pass(?:word)?|default[ ]login)|log(?:ged|ging)?[ ]?in|sign(?:ed)?[ ]in|login)"
    rf"(?:[ ](?:to|for|on|of)[ ][\w./-]{{2,24}}(?:[ ][\w./-]{{2,16}})?)?(?:[ ](?:are|is|as|with|using|by|was|were)|[ ]user|[ ]default)?[ ]?(?::|->|=)?[ ]{{1,3}}"
    rf"(?:user[ ])?[\"'`]?(?P<user>[a-z][\w.-]{{1,20}}(?:@[\w.-]{{3,64}})?)[\"'`]?(?P<sep>[ ]/[ ]|[/:]|[ ]:[ ]|[ ](?:and|with)[ ](?:password[ ])?)[\"'`]?(?P<word>{_W})[\"'`]?{_END_OF_CLAUSE}"
)
_KEY = r"(?:key|psk|code|schl\u00fcssel|cl\u00e9|clave)"
_WIRELESS = (
    rf"(?im)\b(?:(?:ssid|wi-?fi|wlan|network(?:[ ]name)?)(?:[ ]?[:=][ ]?[\"']?[\w.-]{{2,32}}[\"']?(?:[ ]/[ ]|(?:[ ]*\r?\n[ \t]*|,?[ ]{{1,4}})(?:[-*][ ])?(?:\w{{2,8}}[ -])?{_KEY}[ ]?[:=][ ]?)"
    rf"|[ -]{_KEY}[ ]?[:=][ ]?)|{_KEY}[ ](?:d\w{{1,3}}[ ])?(?:wi-?fi|wlan)[ ]?[:=][ ]?)[\"']?(?P<word>{_W})[\"']?{_END}"
)
_WORDS_SET = r"(?P<word>[A-Za-z][a-z]{3,14}(?:[ ][a-z]{4,14}){1,2})[ \t]*(?=\r?\n|\Z)"
_SETS_WORDS = rf"[ ]?=[ ]{_WORDS_SET}"
_SECTION, _SETTING = (
    r"(?m)^[ \t]*\[[\w .:/\"-]{1,60}\][ \t]*\r?$",
    r"(?m)^[\w.-]{2,40}[ ]?=[ ]?[\w.:/@-]{1,80}[ \t]*\r?$",
)
_SIGNS, _GOES_ON = frozenset(" :=(-,\u2192"), frozenset(" \"'`*(=:->\u2192\u201c\u201e\u00ab")
_LEADS_ON = r"\b(?:as|for|als|when|if|once|where|is|was)[ ]"
_MASTERS = frozenset(("admin", "root", "administrator", "sysadmin", "superuser"))
_DECLARES = r"(?i)[ \t]*(?:const|let|var|my|local|export|set|val|final|static|private|public|protected|string|char|auto|def|int|return|self|type|if|while|and|or|not|else|assert|global|readonly|declare)\b"
_BEFORE, _BEHIND, _FAR, _MOST_KNOWN = 100, 200, 48, 1 << 9


def told_by_sentences(view: Layer) -> Iterator[Span]:
    """Yield (start, end, kind) of every plain word that is called a password."""
    text = view.text
    known: dict[tuple[int, str], list[tuple[int, int]]] = {}
    done = 0
    for at in _places(view):
        if at < done:
            continue
        noun = compiled(_NOUN).match(text, at)
        if not noun:
            continue
        done = noun.end()
        low = max(at - _BEFORE, 0)
        near = text[low : done + _BEHIND]
        key = at - low, near
        if key not in known:
            if len(known) == _MOST_KNOWN:
                known.clear()
            if passed():
                continue
            told = _Place(
                near, at - low, done - low, abroad=bool(noun["abroad"] or noun["joined"]), short=bool(noun["short"])
            )
            known[key] = list(told.words())
        for start, end in known[key]:
            yield low + start, low + end, "password"
    yield from ((start, end, "password") for start, end in _pairs(view))


def _places(view: Layer) -> list[int]:
    places = {at for word in view.index.among(_ASCII_STEMS) for at in view.index.places(word)}
    return sorted(places | view.begun_beyond_ascii(_BEYOND_ASCII))


class _Place:
    """A word for a password and what is around it."""

    def __init__(self, text: str, at: int, end: int, *, abroad: bool, short: bool) -> None:
        self._text, self._at, self._end, self._abroad, self._short = text, at, end, abroad, short
        self._begins = text.rfind("\n", 0, at) + 1
        self._before = text[self._begins : at]

    def words(self) -> Iterator[tuple[int, int]]:
        """Yield where the words stand that are called passwords: what follows tells which way to look."""
        behind, before = self._text[self._end : self._end + _FAR].lstrip("\"'`*"), self._before
        sign, following = behind[:1], behind[1:2]
        if following.isalpha() or following in _GOES_ON or (self._abroad and sign.isalpha()):
            if sign in _SIGNS:
                yield from self._labelled()
                yield from self._following()
            if sign == " " or not sign.isascii() or behind[:2] == "s ":
                yield from self._stated()
                yield from self._turned_into()
            if self._abroad:
                yield from self._given_quoted()
            if sign == "=" or following == "=":
                yield from self._set()
        line, ends, _ = behind.partition("\n")
        if ends and not line.strip(" \t:\r"):
            yield from self._below()
        if ends and (line.rstrip()[-1:] == "?" or (before.strip() and not any(map(str.isdigit, line)))):
            yield from self._answered()
        if before[-1:].isspace() and before.strip() and compiled(_LEADS_ON).search(before):
            yield from self._called_behind()

    def _stated(self) -> Iterator[tuple[int, int]]:
        """``the password is WORD``."""
        stated = compiled(_STATES_ABROAD) if self._abroad else compiled(_STATES)
        found = stated.match(self._text, self._end)
        if found and self._is_one(found["word"]) and not compiled(_SUPPOSES).search(self._before):
            yield found.span("word")

    def _labelled(self) -> Iterator[tuple[int, int]]:
        """``Password (for root): WORD``, ``password -> WORD``, ``(password: WORD)``."""
        found = compiled(_LABELS).match(self._text, self._end)
        if not found or not self._is_one(found["word"]):
            return
        if self._short and (found["of"] or self._text.startswith("PASS", self._at)):
            return  # what a test says
        opened, behind = self._before[-1:], self._text[found.end("close") :][:1]
        sign = found["sign"]
        if opened in {"(", "["} or behind in {")", "]"}:
            alone = self._before[-2:-1] in {"", " "}
            if alone and opened + behind in {"()", "[]"} and sign == ":":
                yield found.span("word")
        elif compiled(AFTER_USER).search(self._before) or (
            compiled(_LED_LABEL).fullmatch(self._before)
            and (
                self._abroad
                or found["of"]
                or sign not in {":", "="}
                or behind == " "
                or "*" in self._before
                or self._is_spoken()
            )
        ):
            yield found.span("word")

    def _is_spoken(self) -> bool:
        """Return whether words stand before the name, and none that declares a variable: ``admin password = ...``."""
        words = self._before.strip(" \t#/;*->")
        return words.replace(" ", "").isalpha() and not compiled(_DECLARES).match(words)

    def _given_quoted(self) -> Iterator[tuple[int, int]]:
        """``"senha": "WORD"``: of names in English ``names`` knows."""
        given = compiled(_GIVES_QUOTED).match(self._text, self._end) if self._abroad else None
        if given and may_be(given["word"], quoted=True) and given["word"].lower() not in SAID_ABROAD:
            yield given.span("word")

    def _below(self) -> Iterator[tuple[int, int]]:
        """What a page shows: ``Login``, a name, ``Password``, ``WORD``, each on its line."""
        below = compiled(_BELOW).match(self._text, self._end)
        if below and self._is_one(below["word"]) and compiled(_USER_ABOVE).search(self._text, 0, self._at):
            yield below.span("word")

    def _turned_into(self) -> Iterator[tuple[int, int]]:
        """``change the password from WORD to WORD``."""
        found = compiled(_TURNS).match(self._text, self._end)
        if found and not self._short and self._is_one(found["word"]) and compiled(_TURNING).search(self._before):
            yield found.span("word")
            if found["old"] and self._is_one(found["old"]):
                yield found.span("old")

    def _following(self) -> Iterator[tuple[int, int]]:
        """``user kim, password WORD``, ``try the password WORD``, ``when asked for a password type WORD``."""
        found = compiled(_FOLLOWS).match(self._text, self._end)
        if found and self._is_one(found["word"]):
            if compiled(AFTER_USER).search(self._before) or compiled(USED).search(self._before):
                yield found.span("word")
            return
        found = compiled(_ASKED_FOR).match(self._text, self._end)
        if found and self._is_one(found["word"]):
            yield found.span("word")

    def _answered(self) -> Iterator[tuple[int, int]]:
        """``what's the password?`` and a word alone on the next line."""
        asked = compiled(_ASKED).match(self._text, self._end)
        if not asked:
            return
        question = compiled(ASKS).search(self._before)
        if not question and not (asked["mark"] and compiled(_LED_QUESTION).fullmatch(self._before)):
            return
        answer = compiled(_ANSWER).match(self._text, asked.end())
        if answer and self._is_one(answer["word"]) and (asked["mark"] or (answer["who"] and answer["lead"])):
            yield answer.span("word")

    def _called_behind(self) -> Iterator[tuple[int, int]]:
        """``use WORD as the password``."""
        if "_" in self._text[self._end : self._end + 1]:
            return
        found = compiled(_AS).search(self._before)
        for name in ("word", "typed", "named"):
            if found and found[name] and self._is_one(found[name]):
                start, end = found.span(name)
                yield self._begins + start, self._begins + end

    def _set(self) -> Iterator[tuple[int, int]]:
        """``password = correct horse`` among settings."""
        found = compiled(_SETS_WORDS).match(self._text, self._end)
        if (
            not found
            or self._before.strip("#; abcdefghijklmnopqrstuvwxyz_.-")
            or not may_be_words(found["word"].lower())
        ):
            return
        around = self._text[: self._begins] + self._text[found.end() :]
        if compiled(_SECTION).search(around) or compiled(_SETTING).search(around):
            yield found.span("word")

    def _is_one(self, word: str) -> bool:
        return is_plain_choice(word, abroad=self._abroad)


def _pairs(view: Layer) -> Iterator[tuple[int, int]]:
    """Yield the words behind a user's name where both are told: ``creds: kim/WORD``."""
    text = view.text
    for start, end in view.index.near(_LEADS, 24, _BEFORE):
        for pair in compiled(_PAIR).finditer(text, start, end):
            spaced = pair["sep"].strip() != pair["sep"]
            user = pair["user"].lower()
            if user in NO_USERS or not (pair["sure"] or spaced or pair["sep"] == ":" or user in _MASTERS):
                continue
            if is_plain_choice(pair["word"], abroad=False) and not pair["user"].lower().startswith(("pass", "pw")):
                yield pair.span("word")
    if view.index.hold_any(("ssid", "wifi", "wi-fi", "wlan", "network")):
        for start, end in view.index.near(("ssid", "wifi", "wi-fi", "wlan", "network"), 1, _BEFORE):
            for told in compiled(_WIRELESS).finditer(text, start, end):
                if is_plain_choice(told["word"], abroad=False):
                    yield told.span("word")


def is_plain_choice(word: str, *, abroad: bool) -> bool:
    """Return whether ``word`` can be a password where a sentence says that it is one; ``abroad``: in any language."""
    if not may_be(word, quoted=False) or compiled(_IN_CODE).search(word):
        return False
    folded = word.lower().rstrip("!.?*")
    if not folded.isalpha():
        return not is_name_of_thing(folded) and folded not in COMMON_WORDS
    if folded in SAID_ABROAD or (abroad and compiled(_ENDINGS_ABROAD).fullmatch(folded)):
        return False
    if folded in COMMON_WORDS or not (word[1:].islower() or any(map(str.islower, word))):
        return False
    return folded in CHOSEN_NOUNS or not compiled(_ENDINGS).fullmatch(folded)
