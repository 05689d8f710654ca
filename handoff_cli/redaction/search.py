r"""Finding secrets and putting ``[REDACTED:kind]`` in their place, whatever hides them; the package's door is in front.

Own code, since a library does not fit the budget of a verb that runs on every prompt: the measured comparison, the
kinds and the limits are in ``docs/redaction.md``. Every pattern is compiled the first time a cheap literal gate says
that it may match, and every loop moves on by what it has read, so the time is linear in the text.
"""

from __future__ import annotations

import sys

from handoff_cli.core.patterns import compiled
from handoff_cli.core.text import is_setting, may_escape
from handoff_cli.redaction import gates, layers
from handoff_cli.redaction.layers import WORD_CHARS, Layer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Span = tuple[int, int, str]
    Find = Callable[[Layer], list[Span]]
    Step = Callable[[Layer, str], str]

_NAMES, _COMMANDS, _SHAPES, _TOKENS, _LINES = 1, 2, 4, 8, 16
_ALL = 31

_MAX_PASSES = 3
_SHORT_TEXT = 1 << 13
_INVISIBLE_SIGNS = frozenset(
    map(
        chr,
        (0xAD, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF, *range(0xFE00, 0xFE10), 0xFF1A, 0xFF1D, 0x3000),
    )
)
_LONGEST_WORD, _LONGEST_CHAIN = 300, 2000
_GOES_ON = r"\n(?:(?<=[\w+/=.~-]\n)|(?<=[\w+/=.~-]\r\n))[ \t>|#*/]{0,16}(?!https?://)([\w+/=.~-]{1,300})"
_REPLACED, _FAR = "[redacted:", 1 << 11
"""What a finder makes of a place depends on nothing farther off: where nothing was replaced, it finds nothing again."""
_AGAIN, _LEAST_AGAIN = 1 << 10, 16
"""So near what stands again is the same secret, and so long is what stands nowhere by chance."""
_DENSE, _BEGUN = 2, 8
"""A step that judges the first part of what a whole search may is worth a look at whether its text is a dump; one that
judges the second, at whether it begins as one.
"""


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
    is_long = len(text) > _SHORT_TEXT
    if len(text) > layers.LONG_TEXT:
        _learn_words()

    def search(part: str) -> str:
        return _searched(part, kinds_in, may_be_token, lambda find, view, text: find(view, text))

    if len(text) < layers.LEAST_CHARS:
        text = search(text)
    else:
        layers.allow(layers.most_in(len(text)))
        try:
            text = _searched(
                text, kinds_in, may_be_token, lambda find, view, text: _without_dumps(find, view, text, search)
            )
        finally:
            layers.allow_all()
    if is_long:
        _forget_values()
    return text


def _forget_values() -> None:
    """Keep few of what was judged, where any was: else what judges it is not loaded."""
    if (values := sys.modules.get("handoff_cli.redaction.values")) is not None:
        values.forget_values()
    if (tellers := sys.modules.get("handoff_cli.redaction.tellers")) is not None:
        tellers.forget_lines()


def _searched(
    text: str,
    kinds_in: Callable[[str], int],
    may_be_token: Callable[[str], bool],
    take: Callable[[Step, Layer, str], str],
) -> str:
    """Return ``text`` after all steps, each by ``take``, and again near what they replaced until none changes it."""
    view = view_of(text)
    steps = _steps_for(kinds_in(view.text), may_be_token)
    unchanged = 0
    for number, step in enumerate(steps * _MAX_PASSES, 1):
        changed = take(step, view, text)
        if changed is text or changed == text:
            unchanged += 1
            if unchanged == len(steps):
                break
        else:
            text, known, view, unchanged = changed, view, view_of(changed), 0
            view.follow(known)
        if len(text) > _SHORT_TEXT and (number == len(steps) or (number > len(steps) and not unchanged)):
            view = view.near(view.index.places(_REPLACED), _FAR)
    return text


def _without_dumps(step: Step, view: Layer, text: str, search: Callable[[str], str]) -> str:
    """Return ``step(view, text)``; where that judges more than it may, without the stretches in which it would."""
    allowed, most = layers.allowed(), layers.most_in(len(text))
    few = min(allowed, most / _DENSE)
    granted = min(few, most / _BEGUN)

    def find(part: str) -> str:
        return step(view_of(part), part)

    def more() -> float:
        """Return what may be judged beyond what was granted: nothing where the text begins as a dump."""
        nonlocal granted
        from handoff_cli.redaction import dumps

        before, granted = granted, granted if dumps.begins_full(text, find) else few
        return granted - before

    try:
        changed = _within(granted, step, view, text, more)
    except layers.ExhaustedError:
        layers.allow_all()
    else:
        layers.allow(allowed - granted + layers.allowed())
        return changed
    from handoff_cli.redaction import dumps, shapes

    whole = view_of(text)
    bare = _step(shapes.private_keys)(whole, text)  # of which one may be longer than all that is withheld
    full = dumps.full_stretches(bare, find)
    if few < allowed and sum(layers.most_in(end - start) for start, end in full) < allowed:
        try:
            return _within(allowed, step, view, text)
        except layers.ExhaustedError:
            layers.allow_all()
    if full or bare != text:
        text = dumps.without_dumps(bare, full, search)
        whole = view_of(text)
    text = step(whole, text)
    layers.allow(layers.most_in(len(text)))
    return text


def _within(places: float, step: Step, view: Layer, text: str, more: Callable[[], float] = lambda: 0) -> str:
    layers.allow(places, more=more)
    return step(view, text)


def _learn_words() -> None:
    """Let a long text be looked at once for all that is asked for in it."""
    if _learnt:
        return
    from handoff_cli.redaction import lines, long_index, names, options, prefixes, published, shapes, tellers

    told = [word.strip("^$") for word in (*tellers.CALLED, *tellers.PEOPLE, *tellers.KEYS)]
    words = [*told, *tellers.SPEAKING, *tellers.ASKED, *lines.LINE_WORDS, *lines.CONTEXT_WORDS]
    words += *options.words_that_lead(), *names.OF_LISTS, *shapes.SESSION_COOKIE_GATES
    for rows in (published.ROWS, shapes.ROWS, prefixes.ROWS, gates.rows()):
        words += rows.literals()
    long_index.learn(words)
    _learnt.append(True)


_learnt: list[bool] = []


def view_of(text: str) -> Layer:
    """Return ``text`` without colours, escapes and invisible characters."""
    view = Layer.of(text)
    if _INVISIBLE_SIGNS.isdisjoint(view.rare) and not may_escape(text):
        return view
    from handoff_cli.redaction.escapes import look_through

    return look_through(view)


def _steps_for(kinds: int, may_be_token: Callable[[str], bool]) -> list[Step]:
    """Return what to look for, in order: what divides a token goes first, and what ends nowhere known last."""
    steps = [_step(find) for find in _finders_for(kinds)]
    if not kinds & _TOKENS:
        return steps
    return [
        lambda view, text: _unwrapped(view, text, may_be_token, exact=True),
        _step(gates.told_by_literals),
        _step(gates.told_by_parts),
        *steps,
        lambda view, text: _unwrapped(view, text, may_be_token, exact=False),
    ]


def _step(find: Find) -> Step:
    def replaced(view: Layer, text: str) -> str:
        spans = find(view)
        if not spans:
            return text
        from handoff_cli.redaction.innocent import secrets_among

        spans = secrets_among(view.text, spans)
        return view.replaced(_with_more(view.text, spans)) if spans else text

    return replaced


def _with_more(text: str, spans: list[Span]) -> list[Span]:
    """Return ``spans`` with what the lines below have of each, and where it stands again; what finds it loads late."""
    if any(text[end : end + 1] in {"\n", "\r"} for _, end, _ in spans):
        from handoff_cli.redaction.rests import with_rests

        spans = with_rests(text, spans)
    if any(end - start >= _LEAST_AGAIN and _stands_again(text, start, end) for start, end, _ in spans):
        from handoff_cli.redaction.rests import with_others

        spans = with_others(text, spans)
    return spans


def _stands_again(text: str, start: int, end: int) -> bool:
    secret = text[start:end]
    return text.find(secret, end, end + _AGAIN) >= 0 or text.find(secret, max(start - _AGAIN, 0), start) >= 0


def _finders_for(kinds: int) -> Iterator[Find]:
    if kinds & (_SHAPES | _TOKENS):
        from handoff_cli.redaction import shapes

        yield shapes.private_keys
        yield shapes.shaped
        if kinds & _TOKENS:
            from handoff_cli.redaction.prefixes import prefixed

            yield prefixed
        if kinds & _SHAPES:
            yield shapes.cookies
    if kinds & _COMMANDS:
        from handoff_cli.redaction.options import option_spans

        yield option_spans
    if kinds & _NAMES:
        from handoff_cli.redaction.names import assignments

        yield assignments
        yield gates.told_abroad
    if kinds & (_NAMES | _COMMANDS):
        yield gates.told_by_sentences
    if kinds & (_NAMES | _LINES):
        yield lambda view: gates.told_by_tables(view, may_be_headed=bool(kinds & _NAMES))
    if kinds & (_NAMES | _COMMANDS | _LINES):
        yield gates.told_by_lines
        yield gates.told_by_arguments
    if kinds & _TOKENS:
        from handoff_cli.redaction.published import published_spans

        yield published_spans


def _unwrapped(view: Layer, text: str, may_be_token: Callable[[str], bool], *, exact: bool) -> str:
    """Replace the tokens that line ends divide; what finds them is loaded where a divided word may be one."""
    if view.divided is None:
        found = [*_divided_words(view.text)] if "\n" in view.text else []
        tokens = {*filter(may_be_token, {word for *_, word in found})}
        view.divided = [it for it in found if it[2] in tokens]
        view.snippets = []
        if tokens:
            from handoff_cli.redaction.prefixes import snippets_in

            view.snippets = snippets_in(view)
    if not view.snippets:
        return text
    from handoff_cli.redaction.wraps import wrapped_tokens

    spans = wrapped_tokens(view, exact=exact)
    return view.replaced(_with_more(view.text, spans)) if spans else text


def _divided_words(text: str) -> Iterator[tuple[list[tuple[int, int]], int, str]]:
    """Yield of each word that goes on behind line ends: its parts but the last, where it ends, and the word itself."""
    parts: list[tuple[int, int]] = []
    end = begins = 0
    word = ""
    for wrap in compiled(_GOES_ON).finditer(text):
        at, following = wrap.start(), wrap[1]
        if "=" in following and is_setting(following):
            continue
        if text[at - 1] == "\r":
            at -= 1
        if at != end or len(word) > _LONGEST_CHAIN:
            if word:
                yield parts, end, word
            before = text[at - _LONGEST_WORD : at] if at > _LONGEST_WORD else text[:at]
            begins = at - len(before) + len(before.rstrip(WORD_CHARS))
            parts, word = [], text[begins:at]
        parts.append((begins, at))
        end = wrap.end()
        begins = end - len(following)
        word += following
    if word:
        yield parts, end, word
