"""Passwords that are plain words: not their look tells them, but the form of the line that gives one to a name.

In a setting, an option or an address what stands without quotes is a value; in code it is another name. Where a line
could be both, what stands around it decides. Words that say something of a password are never one.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction.placeholders import is_userinfo
from handoff_cli.redaction.said import CODE_WORDS, SENTENCE_WORDS

_NEAR_LINES = 5
_BEFORE, _BEHIND = 200, 360
_LEAST, _LONGEST, _MOST_WORDS, _MOST_KNOWN = 5, 48, 4, 1 << 10
_NAME_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."

_TELLS = (
    r"pass(?:w|$|[_.-]|phrase|code|key|er|ing|ed|es)|(?:^|[_.-])pass|pwd|passe\b|kennwort|contrase|senha|wachtwoord"
    r"|heslo|has[l\u0142]o|parol|salasana|lozinka|adgangsk|kodeord|l\xf6senord|passord|jelsz|sifre|\u015fifre|geslo"
    r"|secret|token|cred(?:$|s$|ential)|api_?key|_key|key_|username|login|field|label|placeholder|getenv|environ|example|sample"
    r"|invalid|required|forgot|(?:input|field|widget|type|string|validator|provider|manager|service|handler|component|control)$|_id$|^id_|_name$|_input|input_|_value$|_file$|_path$|_text$|_hash$|(?:^|_)pw(?:_|$)|psk"
)
"""Of a value that says what it is."""
_ROOTS = frozenset((
    "self", "this", "cls", "that", "config", "conf", "cfg", "settings", "env", "os", "process", "sys", "req", "request",
    "res", "response", "data", "args", "argv", "opts", "options", "params", "param", "obj", "object", "user", "users",
    "ctx", "context", "props", "state", "form", "creds", "credentials", "secrets", "secret", "var", "vars", "local",
    "module", "each", "values", "value", "input", "body", "payload", "event", "e", "i", "o", "u", "r", "c", "p", "s",
    "app", "session", "account", "client", "server", "item", "row", "record", "entity", "model", "dto", "auth", "login",
    "db", "database", "string", "strings", "str", "messages", "i18n", "lang", "locale", "labels", "label", "errors",
    "error", "field", "fields", "t", "rules", "yup", "z", "joi", "types", "type", "proptypes", "sequelize", "schema",
    "models", "mongoose", "forms", "widgets", "validators", "faker", "fake", "factory", "test", "tests", "fixtures",
    "console", "window", "document", "event", "target", "current", "ref", "inputs", "passport", "crypto", "bcrypt",
    "profile", "member", "person", "customer", "admin", "owner", "author", "info", "opt", "arg", "cmd", "cli",
))  # fmt: skip
"""What code has something of: ``config.db``."""
_ENDINGS = frozenset((
    "py", "js", "ts", "tsx", "jsx", "vue", "rb", "go", "rs", "php", "java", "kt", "cs", "cpp", "sh", "sql", "txt", "md",
    "rst", "json", "yml", "yaml", "toml", "xml", "ini", "conf", "cfg", "env", "log", "pem", "key", "crt", "html", "css",
    "png", "jpg", "svg", "gz", "zip", "com", "org", "net", "io", "dev", "length", "value", "text", "name", "trim",
    "strip", "get", "to_s", "valid", "required", "min", "max", "is", "fields", "types", "kdbx", "lock", "tf", "exe",
    "so", "dll", "jar", "db", "bak", "tmp", "sock", "pid", "service", "local", "internal", "md5", "sha1", "sha256",
))  # fmt: skip
"""What ends the name of a file, a host or an attribute."""
_DOTTED, _CAMEL = r"[A-Za-z_$][\w$-]*(?:\.[A-Za-z_$][\w$-]*)+", r"[a-z][A-Z]"
_WORD = r"[A-Za-z\u00c0-\u024f0-9](?:[\w.+~!#%*^@$-]*[A-Za-z0-9\u00c0-\u024f_!#%*^$])?"
_WORD_OF_SEVERAL = r"[A-Za-z\u00c0-\u024f]{2,14}\d{0,4}[!.?]?"
_ABOUT = (
    r"(?:(?i:^|[_.-])|(?<=[a-z])(?=[A-Z]))(?i:show|hide|use|ask|remember|save|require|allow|has|is|need|no|check|change|reset|forgot|verify"
    r"|wrong|invalid|bad|empty|missing|old|repeat|confirm|retype|again|hint|prompt|enter|generate|generates|generated|validate|update|get|min|max"
    r"|hash|hashed|encrypt|encrypted|random|weak|strong|input|new|without|request|test|error|err|encoded|salted|raw|what|which|not"
    r"|file|path|dir|url|type|name|field|command|label|title|class)(?:[_.-]|(?=[A-Z])|$)"
)
"""In a name, what makes of it one that only speaks of a password."""
_MARKS = r"[ \t]*(?:\d{1,5}[:\t |]{1,3})?[ \t]*(?:(?:[-*>+|]|--|REM|rem|\#+|//|;|<!--|/\*)[ \t]+){0,2}(?:export[ \t]+|set[ \t]+|declare[ \t]+|\$[ \t]|local[ \t]+)?[\"']?"
_SETTER = (
    r"(?i)[ \t]*(?:\$[ \t])?(?:RUN[ \t]|sudo[ \t])?(?:#define|setx|env|arg|setenv|export|fastcgi_param|uwsgi_param|php_(?:admin_)?value|set[ \t]-\w{1,3}"
    r"|(?:git|npm|yarn|pip|composer|poetry|pulumi|heroku|bundle|gcloud|aws)[ \t][^\n]{0,80}|defaults[ \t]write[ \t]\S+)[ \t]+"
)
_ASSIGNS = frozenset(("=", ":", "=>", ":=", "<-", "==", "===", "?=", "||"))
_COMMENTS = frozenset("#/;*<-")
_ROOTS_OF_SETTINGS = frozenset(("db", "database", "app", "server", "client", "auth", "account"))
_DIRECTIVES = frozenset(("bindpw", "wpa-psk", "wpa_passphrase", "rootbindpw", "auth_pass", "requirepass"))
_DIRECTED = (
    r"(?i)[ \t]*(?:user(?:name)?|login|host|account|machine|port|server|uri|binddn|base|ssl|tls|from|auth|ssid|wpa-ssid"
    r"|identity|address|iface|default|logfile|remote|protocol|interface|set|proxy)\b[ \t]+[\"']?[\w.@:/-]+[\"']?[ \t]*\r?"
)
_LABELLED = _MARKS + r"(?:\*{0,2}[A-Za-z\u00c0-\u024f][\w'-]{0,20}[ \t-]){0,3}\*{0,2}"
_AT_END = r"[\"'`]{0,2}[ \t]*(?:\r?\Z|[ \t]#.*|[ \t]//.*|-->.*|\*/.*|<br.*)"
_TYPED = r"(?i)(?:<[A-Za-z][\w:.-]*(?:[ \t][^<>]*)?\Z)"
_OPEN_CALL = r"[\w\]>]\([^()\"'`]*\Z"
_OF_CONNECTION = r"(?i)(?:^|[;,&? \t\"'`(\[{:/.]|\?)(?:server|host(?:name)?|data source|addr(?:ess)?|uid|user(?:name| id)?|database|dbname|db|dsn|driver|provider|port|initial catalog|account|login|email|name|bucket|endpoint|url|sslmode)[ ]?[=:]"
_SECTION = r"(?m)^[ \t]*\[[\w .:/\"-]{1,60}\][ \t]*\r?$"
_SETTING = r"(?m)^[ \t]*[\w.-]{2,60}[ \t]*=[ \t]*(?:/\S+|[\w-]+(?:\.[\w-]+)*:\d+|[\w.-]+@[\w.-]+|\d{1,3}(?:\.\d{1,3}){3}|[\w-]+\.[\w-]+\.\w+|true|false|yes|no|on|off|\d+)[ \t]*\r?$"
_CODE_LINE = r"(?m)[;{(\[,:]\r?$|^[ \t]*(?:def|class|if|for|return|import|from|const|let|var|func|fn|public|private|try|elif|else)\b|\w\(|=>|->|^[ \t]*[})\]]"
_PLACES_OF_OPTION = r"(?:^|[ \t\"'`(])(?:\$[ \t])?[\w./~-]{1,60}[ \t]"
_USAGE = r"(?i)\busage\b|\[-|\[options|<[\w-]+>|\.\.\.|--\w[\w-]*[ ,|]{1,3}-\w\b|-\w, --"
_TYPE_OF_OPTION = frozenset((
    "string", "text", "str", "file", "path", "stringarray", "password", "pass", "pwd", "secret", "value", "strings",
    "is", "option", "flag", "the", "a", "an", "and", "or", "to", "for", "if", "in", "on", "as", "was", "it", "argument",
))  # fmt: skip
_HANDS = (
    r"(?i)(?:\b(?:put|set\w{0,24}|define|setenv|putenv|set_var|add\w{0,16}|append|insert|header|param|with\w{0,20}"
    r"|config\w{0,10}|property|environment|env|update|store|save|hset|write)\([ \t]{0,4}[\"'\w. ,:$@-]{0,60})\Z"
)
_GO_STRUCT = r"(?:map\[(?:[\w.-]{1,40}:\S{0,60} )*|[{ ][A-Z]\w{0,40}:\S{1,60} |[&{])\Z"
_OF_LOCALE = r"[A-Z\u00c0-\u00de\u0400-\u042f].*"


def is_given(text: str, at: int, name_end: int, start: int, end: int, *, quoted: bool) -> bool:
    """Return whether the value from ``start`` to ``end`` is a password by the form of its line.

    Args:
        text: Any text.
        at: Where a word for a password stands in the name.
        name_end: Where the name ends.
        start: Where what is given to it begins, behind a quote where there is one.
        end: Where that ends.
        quoted: Whether it stands in quotes.
    """
    # No more is looked at than what ``names`` takes for the same place: what is there again and again is asked once.
    low = max(at - _BEFORE, 0)
    near = ("\0" if low else "") + text[low + bool(low) : at + _BEHIND]
    line = _Line(near, at - low, name_end - low, start - low, end - low)
    if not may_be(line.value, quoted=quoted) or line.only_speaks() or _is_said_again(line.name, line.value):
        return False
    return line.gives_quoted() if quoted and "|" not in line.between else line.gives_bare()


class _Line:
    """A line that names a password, and what is given to it there."""

    def __init__(self, text: str, at: int, name_end: int, start: int, end: int) -> None:
        first = len(text[:at].rstrip(_NAME_CHARACTERS))
        self._begins = max(text.rfind("\n", 0, first) + 1, 0)
        stop = text.find("\n", end)
        self._stop = stop if stop >= 0 else len(text)
        self._text = text
        self.before, self.name = text[self._begins : first], text[first:name_end]
        self.between, self.value = text[name_end:start], text[start:end]
        self.behind = text[end : self._stop]
        self._sign = self.between.strip(" \t\"'`\\")

    def only_speaks(self) -> bool:
        """Return whether the name is of something about a password; in an address it may be of a new one."""
        return self.before[-1:] not in {"?", "&"} and compiled(_ABOUT).search(self.name) is not None

    def gives_quoted(self) -> bool:
        """Return whether the name is given what stands in quotes."""
        sign, between = self._sign, self.between
        if "value" in sign.lower() or sign in {"]=", "] =", "] =>"} or (sign[:1] in {"=", ":"} and sign.endswith("(")):
            return True
        if sign.startswith(","):
            return "." in self.name[:-1] or compiled(_HANDS).search(self.before) is not None
        if sign.startswith("("):
            return self.before.endswith(".") or "." in self.name[:-1]
        if sign[:1] == ">" or sign[:2] == "</":
            return not compiled(_OF_LOCALE).fullmatch(self.value) or "_" in self.name
        return sign in _ASSIGNS or (not sign and between[:1] in {" ", "\t"} and (self._is_bare() or self._is_set()))

    def gives_bare(self) -> bool:
        """Return whether the name is given what stands without quotes."""
        sign, behind = self._sign, self.behind
        if "value" in self.between.lower():
            return self._ends() or behind[:1] in {",", "}"}
        if "|" in self.between:
            return behind.strip(" \t`\r*") in {"", "|"} and self._is_row()
        if "\n" in self.between:
            return (
                sign[:1] == ":" and not behind.strip() and self.value.islower() and self._is_last() and self._is_led()
            )
        if sign == "] =>":
            return behind.strip()[:1] in {"", ")", "["}
        if ">" in sign and behind[:2] == "</":
            return not self.value.istitle() or "_" in self.name or "." in self.name
        return self._is_assigned() if sign else self._is_handed()

    def _is_assigned(self) -> bool:
        sign = self._sign
        if sign == "=":
            return self._is_tight() if self.between.strip("\\\"'") == "=" else self._ends() and self._is_setting()
        if sign in {":", ":**"} and self.between[-1:] in {" ", "\t"}:
            return self._is_led() and self._ends() and not self._is_in_code()
        return (
            sign == ":" and self.behind[:1] in {" ", "]", "}"} and compiled(_GO_STRUCT).search(self.before) is not None
        )

    def _is_handed(self) -> bool:
        if self.name.startswith("-"):
            return self._is_of_option()
        line_ends = compiled(_AT_END).fullmatch(self.behind.lstrip(";")) is not None
        return line_ends and (self._is_set() or (self._is_bare() and self._is_directive()))

    def _is_bare(self) -> bool:
        """Return whether nothing but marks stands before the name."""
        return compiled(_MARKS).fullmatch(self.before) is not None

    def _is_led(self) -> bool:
        """Return whether a few words at most stand before the name: ``Default admin password: ...``."""
        return compiled(_LABELLED).fullmatch(self.before) is not None

    def _is_row(self) -> bool:
        opens = self.before.lstrip()[:1]
        return not opens or (opens == "|" and not self.value.istitle())

    def _is_set(self) -> bool:
        """Return whether what stands before the name sets a variable to what follows it: ``ENV``, ``#define``."""
        return not self.value.isdigit() and compiled(_SETTER).fullmatch(self.before) is not None

    def _ends(self) -> bool:
        return compiled(_AT_END).fullmatch(self.behind) is not None

    def _is_last(self) -> bool:
        return not self._text[self._stop + 1 :].partition("\n")[0].strip()

    def _is_directive(self) -> bool:
        """Return whether the lines around one that reads ``password value`` are such as tell a program where to log in."""
        around = self._text[: self._begins] + self._text[self._stop :]
        return self.name.lower() in _DIRECTIVES or _tell_of_login(around.split("\n"))

    def _is_tight(self) -> bool:
        """Return whether ``name=value`` stands where settings, options and addresses do, not where a call is given it."""
        before, behind = self.before, self.behind
        if before[-1:] in {"$", "@", ">", "!", "%", "<"} or behind[:1] in {"(", "[", "{", "."} or behind[:2] == "->":
            return False
        roots = self.name.lower().lstrip("-").split(".")
        if len(roots) > 1 and roots[0] in _ROOTS and roots[0] not in _ROOTS_OF_SETTINGS:
            return False
        quoted = before.count('"') % 2 == 1 or before.count("'") % 2 == 1
        if not quoted and compiled(_TYPED).search(before):
            return False
        if behind[:1] == ";":
            return quoted or self.name.isupper() or compiled(_OF_CONNECTION).search(before) is not None
        if not quoted and self._is_argument():
            return False
        indented = before[:1] in {" ", "\t"} and not before.strip()
        return not (indented and self._text[self._stop :].lstrip()[:1] in {")", "}", "]"})

    def _is_argument(self) -> bool:
        """Return whether a call is given another name: ``connect(user=user, password=password)``."""
        before, behind = self.before, self.behind
        if behind[:1] == "," and not behind[1:].strip() and not before.strip():
            return True
        if not compiled(_OPEN_CALL).search(before) or not (
            behind[:1] == ")" or (behind[:1] == "," and behind[1:2] in {" ", ""})
        ):
            return False
        arguments = before.rpartition("(")[2]
        return " " not in arguments or "," in arguments

    def _is_setting(self) -> bool:
        """Return whether a line ``name = value`` without quotes is a comment, or one of a file of settings."""
        name, value = self.name, self.value
        if self.before.lstrip()[:1] in _COMMENTS and value.isalnum():
            return self._is_led()
        above, below = self._text[: self._begins], self._text[self._stop :]
        near = "\n".join((*above.split("\n")[-_NEAR_LINES:], *below.split("\n")[:_NEAR_LINES]))
        if not self._is_bare() or compiled(_CODE_LINE).search(near):
            return False
        if compiled(_SECTION).search(above) or compiled(_SETTING).search(near):
            return True
        return any(sign in name for sign in "_.-") and value.isalnum() and (value.islower() or value.istitle())

    def _is_in_code(self) -> bool:
        """Return whether the lines beside one that reads ``name: value`` open or close a block of code."""
        above, below = self._text[: self._begins].rstrip(), self._text[self._stop :].lstrip()
        return above[-1:] in {"{", "(", ",", "[", ";"} or below[:1] in {"}", ")", "]"}

    def _is_of_option(self) -> bool:
        """Return whether a command is given the value behind an option, and no manual speaks of it."""
        goes_on = self._text[: self._begins].rstrip().endswith("\\")
        if self.value.lower() in _TYPE_OF_OPTION or compiled(_USAGE).search(self.before + self.behind):
            return False
        if self.behind.startswith("  ") and self.behind.strip():
            return False  # --password string   what it is for
        leads = not self.before.strip() and self.behind.startswith((" --", " -"))
        return goes_on or leads or compiled(_PLACES_OF_OPTION).search(self.before) is not None


def _tell_of_login(lines: list[str]) -> bool:
    """Return whether one of ``lines`` tells a program where to log in: each is near many places, and looked at once."""
    if len(_directed) > _MOST_KNOWN:
        _directed.clear()
    for line in lines:
        if line not in _directed:
            _directed[line] = compiled(_DIRECTED).fullmatch(line) is not None
    return any(map(_directed.get, lines))


_directed: dict[str, bool] = {}


def may_be(value: str, *, quoted: bool) -> bool:
    """Return whether ``value`` may be a password for all that it says itself."""
    if not _LEAST <= len(value) <= _LONGEST or not is_userinfo(value):
        return False
    folded = value.lower()
    if " " in value:
        return quoted and may_be_words(folded)
    if not compiled(_WORD).fullmatch(value) or is_said(folded.strip("!.?")) or compiled(_TELLS).search(folded):
        return False
    if value.isupper() and not any(map(str.isdigit, value)):
        return False  # what is to be put there: --password SECRET
    if compiled(_DOTTED).fullmatch(value):
        pieces = folded.split(".")
        named = len(pieces) > 2 or pieces[0] in _ROOTS or pieces[-1] in _ENDINGS  # noqa: PLR2004 (a.b.c is a name)
        return not named and not compiled(_CAMEL).search(value) and "_" not in value and "$" not in value
    return True


def may_be_words(folded: str) -> bool:
    """Return whether ``folded``, in lower case, is two to four words that say nothing of a password."""
    from handoff_cli.redaction.phrases import SAYING

    words = folded.split(" ")
    if not 1 < len(words) <= _MOST_WORDS or compiled(_TELLS).search(folded):
        return False
    plain = [word.strip("!.?") for word in words]
    if not SENTENCE_WORDS.isdisjoint(plain) or not SAYING.isdisjoint(plain):
        return False
    in_code = sum(word in CODE_WORDS for word in plain)
    return in_code * 2 <= len(words) and all(compiled(_WORD_OF_SEVERAL).fullmatch(word) for word in words)


def is_said(word: str) -> bool:
    """Return whether ``word``, in lower case, says something of a password where one could stand."""
    return word in CODE_WORDS or word in SENTENCE_WORDS


def _is_said_again(name: str, value: str) -> bool:
    """Return whether ``value`` repeats a part of the ``name``: ``smtpPassword = smtp_pw``."""
    folded = value.lower()
    return any(part.lower() in folded for part in compiled(r"[A-Za-z]{5,}").findall(name))
