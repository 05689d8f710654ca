"""The words that ``gates`` ask for before anything is loaded; this only where the tables have none of them."""

from __future__ import annotations

from handoff_cli.redaction.rows import rows_of

STEMS_ABROAD = (
    "mot de passe", "mdp", "contrase", "clave", "senha", "palavra", "passwort", "kennwort", "zugangs", "wachtwoord",
    "passord", "adgangskode", "kodeord", "salasana", "haslo", "heslo", "geslo", "lozinka", "parol", "sifre", "parool",
    "sandi", "pasvorto", "jelsz", "zaporka", "pasahitza", "cyfrinair", "pasfhocal", "nenosiri", "kata laluan",
    "wagwoord", "jeton", "llave", "chiave", "chave", "sleutel", "klucz",
)  # fmt: skip
"""One of these, or a letter beyond ASCII, is in a text that tells a password in another language."""
STEMS = (
    "pass", "pwd", "pw", "cred", "login", "log in", "logged in", "logging in", "sign in", "signed in", "ssid", "wifi",
    "wi-fi", "wlan", "secret word",
)  # fmt: skip
"""One of these is in a text that calls a plain word a password in English."""
LISTS = ("passwords", "passwds", "credentials", "creds", "logins", "secrets", "users", "accounts")
"""What a list of passwords or of who has them is called."""
HEADS = (
    "pw", "password", "passwort", "passwd", "passphrase", "kennwort", "pwd", "secret", "token", "api key", "api_key", "apikey", "pass",
    "mot de passe", "contraseña", "contrasena", "clave", "senha", "wachtwoord", "hasło", "haslo", "heslo", "parola", "пароль", "密码", "密碼", "パスワード",
    "비밀번호", "lösenord", "jelszó", "şifre", "salasana", "lozinka", "adgangskode", "κωδικός", "סיסמה", "كلمة المرور", "รหัสผ่าน", "mật khẩu", "пароля",
    "kata sandi", "parool", "口令", "暗証番号", "palavra-passe", "motdepasse",
)  # fmt: skip
"""What the head of a column of secrets ends with, in lower case."""
TABLES = ("insert", "from stdin", "replace into")
"""What begins rows of SQL."""


def rows_of_gates() -> tuple[str, bytes, str]:
    """Return what rows are made of that lead from each word in ASCII to the gate that asks for it."""
    gates = {"abroad": STEMS_ABROAD, "sentences": STEMS, "lists": LISTS, "heads": HEADS, "tables": TABLES}
    return rows_of((word, gate) for gate, words in gates.items() for word in words if word.isascii())
