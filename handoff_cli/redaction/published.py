"""Finding the shapes of secrets that scanners publish: ``published_rules``, behind their keywords.

No rule is looked at unless one of its keywords is in the text, and then only near it. Whether a keyword is
there is asked of all at once: the text's runs of four characters are a set of integers, and so are the keywords'.
"""

from __future__ import annotations

from handoff_cli.core.patterns import Rows, compiled, compiled_as, stored

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from handoff_cli.redaction.index import Index
    from handoff_cli.redaction.layers import Layer

    Span = tuple[int, int, str]
    Hit = tuple[str, list[int]]

STORED = "keywords"
"""The name under which the tables have what ``keywords`` returns."""


def keywords() -> tuple[str, bytes, str, tuple[tuple[int, str], ...], frozenset[int]]:
    """Return what rows are made of that lead from literals to rules; each form's first rule; those of several words."""
    from handoff_cli.redaction.published_keywords import FORMS, KEYWORDS, OF_SEVERAL_WORDS
    from handoff_cli.redaction.rows import rows_of

    rows = (row.partition("\t") for row in KEYWORDS.split("\n")[1:-1])
    return (*rows_of((word, numbers) for word, _, numbers in rows), FORMS, OF_SEVERAL_WORDS)


_known: tuple[str, bytes, str, tuple[tuple[int, str], ...], frozenset[int]] = stored(STORED, keywords)
ROWS, FORMS, OF_SEVERAL_WORDS = Rows(*_known[:3]), *_known[3:]

_LEAST = 12
_NEAR, _NEAR_NAME = 700, 120
_TELLING = (
    r"(?i)key|token|secret|api|auth|pass|private|access|cred|cert|webhook|license|login|signing"
    r"|\bpat\b|sid\b|team\b|env\b"
)
_ASSIGNED = (
    r"(?s)[\w.\-\[\]()/ \t]{0,60}[\"'`*]{0,3}[ \t]{0,8}"
    r"(?:=>?|:=?|\||,|\(|>|\bis\b|\bto\b|[\"'`]|\s)[\s\"'`*=:>|(]{0,16}(?:(?:oauth|bearer|token|basic|(?:api|sso)?-?key)\s{1,4})?"
)
_INNOCENT = (
    r"(?i)@$|commit|sha\d|\brev\b|checksum|digest|integrity|\bhash\b|uses:|blob/|tree/|\bid\W*$"
    r"|(?:client|tenant|subscription|app(?:lication)?|project|object|directory|account|principal|resource|request).?id\W*$"
)


_WIDEST_LINE, _AROUND_LINE, _BASE64_LINE = 240, " \t\r\"',+\\", r"[A-Za-z0-9+/]{56,200}={0,2}"

TOKENS = ("exact", "prefix", "token")
"""Forms of rules that need nothing around the secret."""
BEGUN = ("exact", "prefix")
"""Those of secrets that begin with a keyword."""


def published_spans(view: Layer, forms: tuple[str, ...] = (*TOKENS, "named", "search")) -> list[Span]:
    """Return (start, end, kind) of every secret that a published rule of ``forms`` finds; they may overlap."""
    return [span for _, span in spans_by_form(view, forms)]


def spans_by_form(view: Layer, forms: tuple[str, ...]) -> Iterator[tuple[str, Span]]:
    """Yield the form of the rule, and (start, end, kind), of every secret that a rule of ``forms`` finds."""
    found: dict[int, list[str]] = {}
    for keyword, numbers in hits(view.index):
        for number in numbers:
            found.setdefault(number, []).append(keyword)
    for number, keywords in sorted(found.items()):
        form = _form_of(number)
        if form not in forms:
            continue
        if form in {"exact", "prefix"}:
            matches = _prefixed(view, keywords, number)
        elif form == "token":
            matches = _around(view, keywords, number)
        elif form == "named":
            matches = _named(view, keywords, number)
        else:
            matches = _around(view, keywords, number, bare=False)
        for start, end in matches:
            yield form, (start, end, _rule(number)[1])


def token_keywords(view: Layer, forms: tuple[str, ...] = TOKENS) -> Iterator[str]:
    """Yield the literals in ``view`` that a token of ``forms`` begins with or, but for ``BEGUN``, holds."""
    for keyword, numbers in hits(view.index):
        if any(_form_of(number) in forms for number in numbers):
            yield keyword


def token_literals(forms: tuple[str, ...]) -> list[str]:
    """Return all literals that ``token_keywords`` may find, some twice."""
    return [literal for literal, numbers in ROWS.all() if any(_form_of(int(it)) in forms for it in numbers.split(","))]


def _form_of(number: int) -> str:
    return next(form for first, form in reversed(FORMS) if number >= first)


def _rule(number: int) -> list[str]:
    """Return form, kind and pattern of a rule; loading all takes as long as a short text, which comes without."""
    if not _rules:
        from handoff_cli.redaction.published_rules import RULES

        _rules.extend(RULES.split("\n")[1:-1])
    return _rules[number].split("\t")


_rules: list[str] = []


def all_rules() -> list[list[str]]:
    """Return form, kind and pattern of every rule, in order."""
    _rule(0)
    return [_rule(number) for number in range(len(_rules))]


def hits(index: Index) -> list[Hit]:
    """Return the keywords that are in a text and the rules behind each."""
    if index.hits is None:
        found = index.led(ROWS)
        index.hits = [(keyword, [int(number) for number in numbers.split(",")]) for keyword, numbers in found]
    return index.hits


def wrapped(pattern: str, form: str) -> str:
    """Return the ``pattern`` of a rule of ``form`` as it is looked for: of all but ``search`` a whole word."""
    if form == "search":
        return f"(?a:{pattern})"
    joints = "_/+-" if form == "named" else ""  # signs of one word
    return f"(?a:(?<![A-Za-z0-9{joints}])(?:{pattern})(?![A-Za-z0-9{joints}]))"


def name_of(number: int) -> str:
    """Return the name under which the tables have the pattern of a rule."""
    return f"rule {number}"


def _pattern(number: int) -> re.Pattern[str]:
    return compiled_as(name_of(number), lambda: wrapped(_rule(number)[2], _form_of(number)))


def _prefixed(view: Layer, keywords: list[str], number: int) -> Iterator[tuple[int, int]]:
    text = view.text
    whole = None
    for keyword in keywords:
        end = 0
        for at in _begins(view.index, keyword):
            if at < end:
                continue
            whole = whole or _pattern(number)
            match = whole.match(text, at)
            if not match:
                continue
            end = match.end()
            if (_is_secret(match[0], keyword) or _is_exact(match[0], keyword, number)) and "(" not in match[0]:
                yield match.span()


def _begins(index: Index, keyword: str) -> list[int]:
    """Return where ``keyword`` begins a word that may be long enough for a secret: asked once for all of its rules."""
    found = index.begins.get(keyword)
    if found is None:
        text, one = index.text, " " in keyword
        found = index.begins[keyword] = [
            at
            for at in index.places(keyword)
            if not (at and (text[at - 1].isalnum() or text[at - 1] == "_"))
            and len(text) - at >= _LEAST
            and (one or len(text[at : at + _LEAST].split()) == 1)
        ]
    return found


def _around(view: Layer, keywords: list[str], number: int, *, bare: bool = True) -> Iterator[tuple[int, int]]:
    text = view.text
    whole = None
    for start, end in view.index.near(keywords, _NEAR, _NEAR, in_tokens=bare and number not in OF_SEVERAL_WORDS):
        if bare and not view.index.has_token(start, end):
            continue
        whole = whole or _pattern(number)
        for match in whole.finditer(text, start, end):
            group = 0 if bare else 1
            value = match[group]
            if value and _is_secret(value, "") and not (bare and is_in_block(text, *match.span())):
                yield match.span(group)


def is_in_block(text: str, start: int, end: int) -> bool:
    """Return whether a shape without a beginning of its own is a line among others of base64, as of a picture."""
    far = max(start - _WIDEST_LINE, 0)
    begins = max(text.rfind("\n", far, start) + 1, far)
    ends = text.find("\n", end, end + _WIDEST_LINE)
    behind = text[ends + 1 : ends + _WIDEST_LINE].partition("\n")[0].strip(_AROUND_LINE) if ends >= 0 else ""
    first = text[begins:start].lstrip(_AROUND_LINE) and text[begins:end].partition("\n")[0].strip(_AROUND_LINE)
    return is_below_base64(text, begins) or any(compiled(_BASE64_LINE).fullmatch(line) for line in (behind, first))


def is_below_base64(text: str, begins: int) -> bool:
    """Return whether above the line that ``begins`` is one of base64, as of a picture."""
    above = text[max(begins - _WIDEST_LINE, 0) : max(begins - 1, 0)].rpartition("\n")[2].strip(_AROUND_LINE)
    return compiled(_BASE64_LINE).fullmatch(above) is not None


def _named(view: Layer, names: list[str], number: int) -> Iterator[tuple[int, int]]:
    text, folded = view.text, view.folded
    whole = None
    for start, end in view.index.near(names, 0, _NEAR_NAME):
        if not view.index.has_token(start, end):
            continue
        whole = whole or _pattern(number)
        for match in whole.finditer(text, start, end):
            between = folded[max(start - 1, match.start() - _NEAR_NAME, 0) : match.start()]
            divided = any(map(str.isspace, match[0]))
            if not divided and _is_assigned(between, names) and _is_secret(match[0], "") and not match[0].isalpha():
                yield match.span()


def _is_assigned(between: str, names: list[str]) -> bool:
    """Return whether a text that ends where a value begins gives the value to one of ``names``."""
    at = max(between.rfind(name) for name in names)
    if at < 0 or (at and between[at - 1].isalpha()):
        return False
    name = next(name for name in names if between.startswith(name, at))
    rest = between[at + len(name) :]
    if compiled(_INNOCENT).search(rest) or not compiled(_ASSIGNED).fullmatch(rest):
        return False
    signs = any(sign in rest for sign in "=:|>")
    told = compiled(_TELLING).search(between, at) is not None
    return told or (signs and "\n" not in rest and not rest[:1].isalpha())


def _is_exact(value: str, keyword: str, number: int) -> bool:
    """Return whether ``value`` has the length that its beginning calls for, and is no word: that suffices."""
    from handoff_cli.redaction.placeholders import is_masked

    rest = value[len(keyword) :]
    mixed = any(map(str.isdigit, rest)) or not (rest.islower() or rest.isupper())
    return _form_of(number) == "exact" and mixed and not is_masked(rest) and "." not in rest


def _is_secret(value: str, keyword: str) -> bool:
    """Return whether ``value`` looks generated, whatever the keyword it begins with; of several words one must."""
    from handoff_cli.redaction.placeholders import is_masked, is_random

    rest = value[len(keyword) :]
    return not is_masked(rest) and any(map(is_random, rest.split()))
