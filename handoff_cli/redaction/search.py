r"""Finding secrets and putting ``[REDACTED:kind]`` in their place, whatever hides them; the package's door is in front.

Own code, since a library does not fit the budget of a verb that runs on every prompt: the measured comparison, the
kinds and the limits are in ``docs/redaction.md``. Every pattern is compiled the first time a cheap literal gate says
that it may match, and every loop moves on by what it has read, so the time is linear in the text.

Colours, escapes and wraps hide a secret from any pattern. A ``Layer`` holds the text without them (``\x1b[32m`` is
gone; ``\u0022``, ``%22`` and ``&quot;`` are a quote) and knows where each of its characters stands in the original, so
what is found in the one can be replaced in the other.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

    Span = tuple[int, int, str]
    Find = Callable[[str, str], list[Span]]

_NAMES, _COMMANDS, _SHAPES, _TOKENS = 1, 2, 4, 8
_ALL = 15

_MAX_PASSES = 4
_MOST_SNIPPETS, _SNIPPET_CHARS = 100, 700
_LONGEST_PLAIN_WORD = 11
_WORD = r"[\w+/=.~-]{1,300}"
_RUNS_ON = r"[\w+/=.~-]\r?\n[ \t>|#*/]{0,16}[\w+/=.~-]"

_ESCAPES = (
    # colours and other sequences of a terminal, raw or written out; a link's address stays
    (
        ("\x1b", "^[", *(f"\\{sign}" for sign in "xXu03e")),
        r"(?:\x1b|\\{1,4}(?:[xX]1[bB]|u001[bB]|0?33|e)|\^\[)(?:\[[0-9;:?]{0,32}[@-~]|\][0-9]{1,3};[^;\x07\x1b\\\s]{0,32};?|\\)?",
    ),
    (("\x9b",), r"\x9b[0-9;:?]{0,32}[@-~]"),
    (("\\\n", "\\\r"), r"[ \t]?\\{1,8}\r?\n[ \t]{0,80}"),
    (
        tuple(f"\\{sign}" for sign in "\"'`/=nrtux"),
        r"\\{1,8}(?:[\"'`/=]|[nrt]|u00[0-7][0-9a-fA-F]|x[2-7][0-9a-fA-F])",
    ),
    (tuple(f"%{digit}" for digit in "234567"), r"%(?:25)?[2-7][0-9a-fA-F]"),
    (
        ("&quot;", "&apos;", "&amp;", "&lt;", "&gt;", "&equals;", "&colon;", "&nbsp;", "&#"),
        r"&(?:quot|apos|amp|lt|gt|equals|colon|nbsp|#0?(?:34|39|61|58|60|62)|#[xX](?:22|27|3[aAcCdDeE]));",
    ),
)
"""Literals, one of which is in each match of a pattern, and the pattern."""
_ENTITIES = {"quot": '"', "apos": "'", "amp": "&", "lt": "<", "gt": ">", "equals": "=", "colon": ":", "nbsp": " "}
_INVISIBLE = "\xad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff" + "".join(
    map(chr, range(0xFE00, 0xFE10))
)
_ANY_ESCAPE = "|".join(pattern for _, pattern in _ESCAPES)
_ANY_INVISIBLE = f"[{_INVISIBLE}]"
_WRAP = r"(?<=[\w+/=.~-])(?:\r?\n|\r)(?:[ \t]{0,12}(?:[>|+#*]|//)?[ \t]{0,4})(?=[\w+/=.~-])"


def replace_secrets(text: str, kinds_in: Callable[[str], int] = lambda _text: _ALL) -> str:
    """Return ``text`` with its secrets replaced, as ``redact`` promises; ``text`` itself without one.

    Args:
        text: Any text.
        kinds_in: The kinds of secrets that a text without colours and escapes may hold, as the door tells them.
    """
    view = view_of(text)
    steps = _steps_for(kinds_in(view.text))
    for _ in range(_MAX_PASSES):
        before = text
        for find in steps:
            changed = find(view, text)
            if changed is not text:
                text, view = changed, view_of(changed)
        if text == before:
            return before
    return text


def _steps_for(kinds: int) -> list[Callable[[Layer, str], str]]:
    """Return what to look for, in order: what divides a token goes first, and what ends nowhere known last."""
    steps = [_step(find) for find in _finders_for(kinds)]
    if not kinds & _TOKENS:
        return steps
    return [
        lambda view, text: _unwrapped(view, text, exact=True),
        *steps,
        lambda view, text: _unwrapped(view, text, exact=False),
    ]


def _step(find: Find) -> Callable[[Layer, str], str]:
    def replaced(view: Layer, text: str) -> str:
        spans = find(view.text, view.folded)
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
        from handoff_cli.redaction.commands import option_spans

        yield option_spans
    if kinds & _NAMES:
        from handoff_cli.redaction.names import assignments

        yield assignments
    if kinds & _TOKENS:
        from handoff_cli.redaction.published import published_spans

        yield published_spans


def _unwrapped(view: Layer, text: str, *, exact: bool) -> str:
    """Replace tokens that a line end divides, where a known beginning of a token runs up to one.

    Those of one length (``exact``) go first: of the others, what is left of the line end may be whole.
    """
    if "\n" not in view.text:
        return text
    places = _running_on(view)
    if not places:
        return text
    from handoff_cli.redaction import published, shapes

    if len(places) > _MOST_SNIPPETS:
        places = [(0, len(view.text))]
    forms = ("exact",) if exact else published.TOKENS
    spans: list[Span] = []
    for start, end in places:
        whole = joined(Layer(view.text[start:end]))
        found = published.published_spans(whole.text, whole.folded, forms)
        if not exact:
            found = shapes.prefixed(whole.text) + shapes.web_tokens(whole.text) + found
        for first, last, kind in found:
            begin, stop = whole.span(first, last)
            if kind == "jwt":
                stop = begin + len(_without_next_line(view.text[start + begin : start + stop]))
            if "\n" in view.text[start + begin : start + stop]:
                spans.append((start + begin, start + stop, kind))
    return view.replaced(spans) if spans else text


def _without_next_line(token: str) -> str:
    """Return ``token`` without a plain word that only began the line after it."""
    before, _, last = token.rpartition("\n")
    word = last.strip(" \t>|+#*/")
    return (
        before.rstrip("\r")
        if before and len(word) <= _LONGEST_PLAIN_WORD and word.isalpha() and word[1:].islower()
        else token
    )


def _running_on(view: Layer) -> list[tuple[int, int]]:
    """Return where a known beginning of a token stands in a word that runs up to a line end, with what follows it."""
    from handoff_cli.redaction.published import token_starts
    from handoff_cli.redaction.shapes import prefix_starts

    text = view.text
    word, runs_on = compiled(_WORD), compiled(_RUNS_ON)
    places: list[tuple[int, int]] = []
    done = 0
    for at in sorted({*prefix_starts(text), *token_starts(view.folded)}):
        if at < done:
            continue
        found = word.match(text, at)
        done = found.end() if found else at + 1
        if runs_on.match(text, done - 1):
            places.append((max(at - 1, 0), at + _SNIPPET_CHARS))
    return places


class Layer:
    """``text`` is what patterns are to be tried on; ``replaced`` gives the original with parts of it replaced."""

    def __init__(self, text: str, parent: Layer | None = None) -> None:
        self.text = text
        self._parent = parent
        self._folded: str | None = None
        self._at: list[int] = []  # where in ``text`` something was left out, and where the parent goes on there
        self._goes_on: list[int] = []
        self._stood_for: set[int] = set()  # those places of ``_at`` before which an escape stands for a character

    def without(self, pattern: re.Pattern[str]) -> Layer:
        """Return the view in which every match of ``pattern`` is what it stands for, or nothing."""
        pieces: list[str] = []
        at, goes_on, stood_for = [], [], set()
        done = length = 0
        for match in pattern.finditer(self.text):
            start, end = match.span()
            shown = _meaning(match[0])
            pieces += self.text[done:start], shown
            length += start - done + len(shown)
            at.append(length)
            if shown:
                stood_for.add(length)
            goes_on.append(end)
            done = end
        if not pieces:
            return self
        view = Layer("".join((*pieces, self.text[done:])), self)
        view._at, view._goes_on, view._stood_for = at, goes_on, stood_for
        return view

    @property
    def folded(self) -> str:
        """``text`` in ASCII lower case, one character for one: ``str.lower`` may change the length."""
        if self._folded is None:
            self._folded = self.text.encode("ascii", "replace").lower().decode("ascii")
        return self._folded

    @property
    def original(self) -> str:
        """The text that was there first."""
        return self._parent.original if self._parent else self.text

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the original the characters from ``start`` to ``end`` of ``text`` stand."""
        if self._parent is None:
            return start, end
        last = self._before(end) if end in self._stood_for else self._before(end - 1) + 1
        return self._parent.span(self._before(start), max(last, self._before(start)))

    def span_before(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the view this one was made from the characters from ``start`` to ``end`` stand."""
        return self._before(start), self._before(end - 1) + 1

    def _before(self, at: int) -> int:
        from bisect import bisect_right

        place = bisect_right(self._at, at) - 1
        return at if place < 0 else self._goes_on[place] + at - self._at[place]

    def replaced(self, spans: list[tuple[int, int, str]]) -> str:
        """Return the original with each (start, end, kind) of ``text`` replaced; line ends inside of one stay."""
        pieces: list[str] = []
        original, done = self.original, 0
        for view_start, view_end, kind in sorted(spans, key=lambda span: span[0]):
            start, end = self.span(view_start, view_end)
            if start < done:
                continue
            lines = "" if kind == "private-key" else "\n" * original.count("\n", start, end)
            pieces += original[done:start], f"[REDACTED:{kind}]", lines
            done = end
        return "".join((*pieces, original[done:]))


def view_of(text: str) -> Layer:
    """Return ``text`` without colours, escapes and invisible characters."""
    view = Layer(text)
    if not text.isascii() and any(sign in text for sign in _INVISIBLE):
        view = view.without(compiled(_ANY_INVISIBLE))
    if escapes := [pattern for literals, pattern in _ESCAPES if any(literal in text for literal in literals)]:
        view = view.without(compiled(escapes[0] if len(escapes) == 1 else _ANY_ESCAPE))
    return view


def joined(view: Layer) -> Layer:
    """Return ``view`` without the line ends that may have been put into a token."""
    return view.without(compiled(_WRAP))


def _meaning(escape: str) -> str:
    """Return the character that ``escape`` stands for; nothing for a colour, an invisible sign or a divided line."""
    if escape[0] == "%":
        return chr(int(escape[-2:], 16))
    if escape[0] == "&":
        return _of_entity(escape[1:-1])
    if escape[0] in " \t":
        return " "
    return _of_backslash(escape.lstrip("\\")) if escape[0] == "\\" else ""


def _of_entity(name: str) -> str:
    if name[0] != "#":
        return _ENTITIES[name]
    return chr(int(name[2:], 16)) if name[1] in "xX" else chr(int(name[1:]))  # noqa: FURB166 (no 0x before it)


def _of_backslash(rest: str) -> str:
    head = rest[:1]
    if head in {"", "\r"} or rest.startswith("\n") or rest[:3].lower() in {"x1b", "033"} or rest[:5].lower() == "u001b":
        return ""
    if head in "ux":
        return chr(int(rest[-2:], 16))
    return {"n": "\n", "r": "\n", "t": "\t", "e": "", "0": "", "3": "", "X": ""}.get(head, head)
