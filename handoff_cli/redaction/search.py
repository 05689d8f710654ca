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
from handoff_cli.redaction.values import Index

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

    Span = tuple[int, int, str]
    Find = Callable[["Layer"], list[Span]]

_NAMES, _COMMANDS, _SHAPES, _TOKENS = 1, 2, 4, 8
_ALL = 15

_MAX_PASSES = 4
_LONGEST_PLAIN_WORD = 11
_WORD_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+/=.~-"
_LONGEST_WORD, _LONGEST_CHAIN, _BEHIND_CHAIN = 300, 2000, 80
_SNIPPET_CHARS = 700
_GOES_ON = r"\n(?:(?<=[\w+/=.~-]\n)|(?<=[\w+/=.~-]\r\n))[ \t>|#*/]{0,16}([\w+/=.~-]{1,300})"
_APART = " \n\n"

_SEQUENCE = r"(?:\[[0-9;:?]{0,32}[@-~]|\][0-9]{1,3};[^;\x07\x1b\\\s]{0,32};?|\\)?"
_ESCAPE_SIGNS = ("\\", "%", "&", "\x1b", "^[", "\x9b")
_ESCAPES = (
    # colours and other sequences of a terminal, raw or written out; a link's address stays
    rf"\x1b{_SEQUENCE}|\\\\{{0,3}}(?:[xX]1[bB]|u001[bB]|0?33|e){_SEQUENCE}|\^\[{_SEQUENCE}",
    r"\x9b[0-9;:?]{0,32}[@-~]",
    r"\\\\{0,7}(?:[\"'`/=]|[nrt]|u00[0-7][0-9a-fA-F]|x[2-7][0-9a-fA-F])",
    r"%(?:25)?[2-7][0-9a-fA-F]",
    r"&(?:quot|apos|amp|lt|gt|equals|colon|nbsp|#0?(?:34|39|61|58|60|62)|#[xX](?:22|27|3[aAcCdDeE]));",
)
"""What stands for something else; each branch begins with one of the signs, so the rest of a text is passed quickly."""
_DIVIDED_LINE = "|".join(rf"{blank}\\{{0,7}}\r?\n[ \t]{{0,80}}" for blank in (r" \\", r"\t\\", r"\\"))
_ENTITIES = {"quot": '"', "apos": "'", "amp": "&", "lt": "<", "gt": ">", "equals": "=", "colon": ":", "nbsp": " "}
_INVISIBLE = "\xad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff" + "".join(
    map(chr, range(0xFE00, 0xFE10))
)
_USUAL_ESCAPE = "|".join(_ESCAPES)
_ANY_ESCAPE = f"{_DIVIDED_LINE}|{_USUAL_ESCAPE}"
"""Also a line that a backslash divides, which may have a blank before it: looked for only where there is one."""
_ANY_INVISIBLE = f"[{_INVISIBLE}]"
_INVISIBLE_SIGNS = frozenset(_INVISIBLE)
_ASCII = "[\x00-\x7f]+"
_WRAP = r"(?<=[\w+/=.~-])(?:\r?\n|\r)(?:[ \t]{0,12}(?:[>|+#*]|//)?[ \t]{0,4})(?=[\w+/=.~-])"


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
    view = view_of(text)
    steps = _steps_for(kinds_in(view.text), may_be_token)
    for _ in range(_MAX_PASSES):
        before = text
        for find in steps:
            changed = find(view, text)
            if changed is not text:
                text, view = changed, view_of(changed)
        if text == before:
            return before
    return text


def _steps_for(kinds: int, may_be_token: Callable[[str], bool]) -> list[Callable[[Layer, str], str]]:
    """Return what to look for, in order: what divides a token goes first, and what ends nowhere known last."""
    steps = [_step(find) for find in _finders_for(kinds)]
    if not kinds & _TOKENS:
        return steps
    return [
        lambda view, text: _unwrapped(view, text, may_be_token, exact=True),
        *steps,
        lambda view, text: _unwrapped(view, text, may_be_token, exact=False),
    ]


def _step(find: Find) -> Callable[[Layer, str], str]:
    def replaced(view: Layer, text: str) -> str:
        spans = find(view)
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


def _unwrapped(view: Layer, text: str, may_be_token: Callable[[str], bool], *, exact: bool) -> str:
    """Replace tokens that a line end divides, where a known beginning of a token runs up to one.

    Those of one length (``exact``) go first: of the others, what is left of the line end may be whole.
    """
    if view.divided is None:
        view.divided = _divided_tokens(view, may_be_token) if "\n" in view.text else []
    if not (snippets := view.divided):
        return text
    from bisect import bisect_right

    from handoff_cli.redaction import published, shapes

    # All at once: asking for keywords costs more than reading a few of them.
    starts, length = [], 0
    for start, end in snippets:
        starts.append(length)
        length += end - start + len(_APART)
    whole = joined(Layer(_APART.join(view.text[start:end] for start, end in snippets)))
    found = published.published_spans(whole, ("exact",) if exact else published.TOKENS)
    if not exact:
        found = shapes.prefixed(whole) + shapes.web_tokens(whole.text) + found
    spans: list[Span] = []
    for first, last, kind in found:
        begin, stop = whole.span(first, last)
        at = bisect_right(starts, begin) - 1
        shift = snippets[at][0] - starts[at]
        if kind == "jwt":
            stop = begin + len(_without_next_line(view.text[begin + shift : stop + shift]))
        if "\n" in view.text[begin + shift : stop + shift]:
            spans.append((begin + shift, stop + shift, kind))
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


def _divided_tokens(view: Layer, may_be_token: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Return where a token may begin in a word that goes on behind a line end, with what follows it."""
    from handoff_cli.redaction.published import token_keywords
    from handoff_cli.redaction.shapes import prefixes_in

    divided = [found for found in _divided_words(view.text) if may_be_token(found[2])]
    if not divided:
        return []
    words = Layer(" ".join(word for *_, word in divided))
    known = ["eyj", *token_keywords(words), *(prefix.lower() for prefix, *_ in prefixes_in(words))]
    places: list[tuple[int, int]] = []
    chars = 0
    for parts, end, word in divided:
        folded, done = word.lower(), 0
        last = max(folded.rfind(literal) for literal in known)
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


def _divided_words(text: str) -> Iterator[tuple[list[tuple[int, int]], int, str]]:
    """Yield of each word that goes on behind line ends: its parts but the last, where it ends, and the word itself."""
    parts: list[tuple[int, int]] = []
    end = begins = 0
    word = ""
    for wrap in compiled(_GOES_ON).finditer(text):
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


class Layer:
    """``text`` is what patterns are to be tried on; ``replaced`` gives the original with parts of it replaced."""

    def __init__(self, text: str, parent: Layer | None = None, pieces: tuple[list[str], ...] = ()) -> None:
        self.text = text
        self.divided: list[tuple[int, int]] | None = None
        self._parent = parent
        self._pieces = pieces  # what stayed, what was left out behind each, what that stands for
        self._folded: str | None = None
        self._rare: str | None = None
        self._index: Index | None = None
        self._places: tuple[list[int], list[int], set[int]] | None = None

    def without(self, pattern: re.Pattern[str]) -> Layer:
        """Return the view in which every match of ``pattern``, one group, is what it stands for, or nothing."""
        pieces = pattern.split(self.text)
        if len(pieces) == 1:
            return self
        escapes = pieces[1::2]
        meanings = {escape: _meaning(escape) for escape in set(escapes)}
        shown = pieces[1::2] = list(map(meanings.__getitem__, escapes))
        return Layer("".join(pieces), self, (pieces[::2], escapes, shown))

    @property
    def folded(self) -> str:
        """``text`` in ASCII lower case, one character for one: ``str.lower`` may change the length."""
        if self._folded is None:
            self._folded = self.text.encode("ascii", "replace").lower().decode("ascii")
        return self._folded

    @property
    def rare(self) -> str:
        """The characters of ``text`` that are not of ASCII."""
        if self._rare is None:
            self._rare = "" if self.text.isascii() else compiled(_ASCII).sub("", self.text)
        return self._rare

    @property
    def index(self) -> Index:
        """What stands where in ``folded``."""
        if self._index is None:
            self._index = Index(self.folded)
        return self._index

    @property
    def original(self) -> str:
        """The text that was there first."""
        return self._parent.original if self._parent else self.text

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the original the characters from ``start`` to ``end`` of ``text`` stand."""
        if self._parent is None:
            return start, end
        last = self._before(end) if end in self._marks()[2] else self._before(end - 1) + 1
        return self._parent.span(self._before(start), max(last, self._before(start)))

    def _before(self, at: int) -> int:
        from bisect import bisect_right

        left_out, goes_on, _ = self._marks()
        place = bisect_right(left_out, at) - 1
        return at if place < 0 else goes_on[place] + at - left_out[place]

    def _marks(self) -> tuple[list[int], list[int], set[int]]:
        """Return where something was left out, where the parent goes on, and before which of them an escape stands."""
        if self._places is None:
            left_out: list[int] = []
            goes_on: list[int] = []
            stood_for: set[int] = set()
            at = parent_at = 0
            for kept, escape, shown in zip(*self._pieces, strict=False):
                at += len(kept) + len(shown)
                parent_at += len(kept) + len(escape)
                left_out.append(at)
                goes_on.append(parent_at)
                if shown:
                    stood_for.add(at)
            self._places = left_out, goes_on, stood_for
        return self._places

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
    if not _INVISIBLE_SIGNS.isdisjoint(view.rare):
        view = view.without(compiled(f"({_ANY_INVISIBLE})"))
    if any(sign in text for sign in _ESCAPE_SIGNS):
        divided = "\\\n" in text or "\\\r" in text
        view = view.without(compiled(f"({_ANY_ESCAPE if divided else _USUAL_ESCAPE})"))
    return view


def joined(view: Layer) -> Layer:
    """Return ``view`` without the line ends that may have been put into a token."""
    return view.without(compiled(f"({_WRAP})"))


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
