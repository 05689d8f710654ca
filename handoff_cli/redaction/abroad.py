"""What a password is called in other languages, and the word near it that is one.

Grammar differs, so any of the next words counts that nobody would take for a word; behind a colon also a plain one.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction.layers import passed
from handoff_cli.redaction.values import FAINT, NUMBERED, is_chosen, is_password, is_token, looks_chosen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.redaction.layers import Layer

    Span = tuple[int, int, str]

ABROAD = (
    "mot de passe", "mdp", "contraseña", "contrasena", "contrasenya", "clave", "senha", "palavra-passe",
    "palavra passe", "passwort", "kennwort", "zugangscode", "wachtwoord", "adgangskode", "kodeord", "lösenord",
    "passord", "salasana", "hasło", "hasła", "haslo", "heslo", "geslo", "lozinka", "jelszó", "parola", "parolă",
    "şifre", "sifre", "slaptažod", "parool", "mật khẩu", "kata sandi", "sandi", "비번", "كلمة السر", "jelszav", "lösen",
    "pasvorto", "пароль", "паролем", "пароля", "парола", "лозинка", "κωδικός", "密码", "密碼", "口令", "パスワード",
    "暗証番号", "비밀번호", "암호", "סיסמה", "كلمة المرور", "รหัสผ่าน", "पासवर्ड", "zaporka", "pasahitza", "cyfrinair",
    "pasfhocal", "nenosiri", "kata laluan", "wagwoord", "lykilorð", "fjalëkalim", "şifrə", "رمز عبور", "گذرواژه",
    "পাসওয়ার্ড", "கடவுச்சொல்", "პაროლი", "գաղտնաբառ", "құпия сөз",
)  # fmt: skip
"""What a password is called in other languages, in lower case."""
_ASCII_ABROAD = tuple(word for word in ABROAD if word.isascii())
_BEYOND_ASCII = tuple(word for word in ABROAD if not word.isascii())
_SPACED = "|".join(word for word in ABROAD if word[0] < "\u0590")
_UNSPACED = "|".join(word for word in ABROAD if word[0] >= "\u0590")
_ABROAD = rf"(?i)(?:(?<![^\W\d_])(?:{_SPACED})|{_UNSPACED})[^\W\d_]{{0,3}}(?!\w(?<=[A-Za-z0-9_]))"
_ABROAD_VALUE, _LEAST_VALUE = r"[!#-&*+./-9?-Z\\^_a-z~-]{5,128}", 5
_SIGNS = frozenset(":=\uff1a\uff1d")
_IS = r"(?i)(?:\b(?:est|es|é|è|ist|lautet|jest|är|er|on|to|это)|\u306f|\u662f|\u4e3a)[ \t]*\Z"
"""What says that the next word is the password."""
_ABROAD_CHARS, _ABROAD_WORDS = 120, 6
_BEHIND = " .,!\r\"'`)\u00bb\u201d\u201c\u2019"
KEYS_ABROAD = (
    "schlüssel", "clé api", "clé d'api", "clé secrète", "jeton", "llave", "clave api", "chiave", "chave", "sleutel",
    "klucz", "токен", "ключ", "密钥", "令牌", "トークン", "토큰",
)  # fmt: skip
"""What a key or a token is called in other languages, in lower case."""
_KEY_ABROAD = (
    r"[^\W\d_]{0,3}(?:[ \t](?!p[u\u00fa]b)[^\s\d:=]{1,10}){0,3}[ \t]?[:=]?[ \t]{0,2}[\"'`\u00ab]?[ ]?"
    r"(?<![A-Za-z0-9_+/-])([A-Za-z0-9_+/=-]{20,128})(?![\w+/-])"
)
_LEAST_KEY = 20


def passwords_abroad(view: Layer) -> list[Span]:
    """Return (start, end, kind) of every password that one of the words of other languages leads to.

    Grammar differs, so any of the next words counts that nobody would take for a word; behind a colon also a plain one.
    """
    text = view.text
    spans: list[Span] = []
    judged: dict[tuple[str, bool, bool], bool] = {}
    done = 0
    words = _words_abroad(view)
    for number, (begins, behind) in enumerate(words):
        if begins < done:
            continue
        following = words[number + 1][0] if number + 1 < len(words) else len(text)
        line_end = text.find("\n", behind, behind + _ABROAD_CHARS)
        limit = line_end if line_end >= 0 else behind + _ABROAD_CHARS
        if following < limit and not compiled(_ABROAD_VALUE).search(text, behind, following + _LEAST_VALUE - 1):
            continue  # no value begins before the next word
        signed, seen = False, behind
        for tried, value in enumerate(compiled(_ABROAD_VALUE).finditer(text, behind, limit)):
            if value.start() >= following:
                break  # the next of them is looked at for itself
            between = text[seen : value.start()]
            signed = signed or not _SIGNS.isdisjoint(between) or compiled(_IS).search(between) is not None
            seen = value.end()
            ends = not text[value.end() : limit].strip(_BEHIND)
            key = value[0], signed, ends
            if key not in judged:
                judged[key] = not passed() and _is_one(*key)
            if judged[key]:
                spans.append((*value.span(), "password"))
                done = value.end()
            if signed or tried == _ABROAD_WORDS or done >= value.end():
                break
    return spans


def tokens_abroad(view: Layer) -> list[Span]:
    """Return (start, end, kind) of every generated token beside a word for a key or a token in another language."""
    spans = []
    ascii_words = [(at, at + len(word)) for word in KEYS_ABROAD if word.isascii() for at in view.index.places(word)]
    for _, end in ascii_words + view.beyond_ascii([word for word in KEYS_ABROAD if not word.isascii()]):
        found = compiled(_KEY_ABROAD).match(view.text, end)
        if found and is_token(found[1], least=_LEAST_KEY):
            spans.append((*found.span(1), "secret"))
    return spans


def _is_one(value: str, signed: bool, ends: bool) -> bool:
    """Return whether ``value`` is a password, behind a ``signed`` word for one; ``ends``: nothing stands behind it."""
    chosen = is_chosen(value) or looks_chosen(value.rstrip(".,;:")) >= (FAINT if ends else NUMBERED)
    return chosen or (signed and is_password(value, quoted=False))


def _words_abroad(view: Layer) -> list[tuple[int, int]]:
    """Return where the words of ``view`` that may lead to a password begin and end, in order, none in another."""
    found: list[tuple[int, int]] = []
    for at in _places_abroad(view):
        word = compiled(_ABROAD).match(view.text, at) if not found or at >= found[-1][1] else None
        if word:
            found.append(word.span())
    return found


def _places_abroad(view: Layer) -> list[int]:
    """Return where in ``view`` one of ``ABROAD`` may stand."""
    places = {at for word in _ASCII_ABROAD for at in view.index.places(word)}
    return sorted(places | view.begun_beyond_ascii(_BEYOND_ASCII))
