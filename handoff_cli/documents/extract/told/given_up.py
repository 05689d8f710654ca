"""What the agent tried and gave up, by its own words: it holds for the whole work, and need not be tried again."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.words import clipped, plain, sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.core.transcript import Transcript

MOST, _CHARS, _SHORTER, _INSTEAD, _MOST_READ, _SHORT = 3, 180, 150, 70, 4_000, 30
"""So many are told, of so many characters each, or less and what comes instead; so much of a message is read; words so
short tell no reason."""

_HINTS = (
    *("tried", "probiert", "versucht", "essay\xe9", "tent\xe9", "test\xe9", "rob\xe9", "robamos", "robado", "ntent"),
    *("entei", "estei", "rovato", "entato", "ack to ", " out again", "wieder raus", "wieder aus", "o quito", "a quito"),
    *("'enl\xe8ve", "'abandonne", "e retire", "iscarded.", "bandoned.", "ejected.", "ropped.", "erworfen", "escartad"),
    *("cart\xe9.", "bandonn\xe9.", "cartat", " does.", " can.", " will."),
)
"""One of these is in every text that tells of it."""

_TRIED = caseless(
    r"(?:\W*(?:ok(?:ay)?|yes|no|so|first|then|well|sure|ja|nein|also|zuerst|primero|d'abord|primeiro|prima)[,:.]?\s+)"
    r"{0,3}"
    r"(?:(?:i|we)(?:['\u2019]ve| have)?(?: just| also| first)? tried\b"
    r"|(?:ich|wir) hab(?:e|en)? [^.!?]{0,80}\b(?:aus)?(?:probiert|versucht)\b"
    r"|(?:j['\u2019]ai|nous avons|on a) (?:d['\u2019]abord |aussi )?(?:essay|test|tent)\xe9\b"
    r"|(?:(?:he|hemos) (?:probado|intentado)|prob\xe9|probamos|intent\xe9)\b"
    r"|(?:tentei|testei|experimentei)\b|(?:ho|abbiamo) (?:prima )?(?:provato|tentato)\b)"
)
"""How a sentence begins that tells what was tried."""

_TOOK_BACK = caseless(
    r"\b(?:i|we)(?:['\u2019]ve| have)?(?: just| then| now)? "
    r"(?:(?:put|took|taken|rolled|changed) (?:it|that|this|them) back"
    r"|(?:backed|took|taken) (?:it|that|this|them)(?: back)? out|(?:dropped|removed) (?:it|that|this|them) again"
    r"|(?:discarded|abandoned) (?:it|that|this|them)|gave (?:it|that|this) up"
    r"|(?:reverted|undid|undone) (?:it|that|this|them|the (?:change|edit)s?)\b)"
    r"|\bhab(?:e|en)? (?:ich |wir )?(?:(?:es|das|sie) )?(?:\w+ )?"
    r"(?:zur\xfcckgenommen|r\xfcckg\xe4ngig gemacht|verworfen|wieder (?:ausgebaut|entfernt|rausgenommen))"
    r"|\b(?:j['\u2019]ai|nous avons|on a) (?:donc )?(?:tout )?(?:abandonn|\xe9cart|annul)\xe9\b"
    r"|\bje l['\u2019]ai (?:retir|annul|enlev)\xe9\b"
    r"|\b(?:lo|la) (?:descart\xe9|quit\xe9|revert\xed|he (?:descartado|quitado|revertido))\b"
    r"|\b(?:descartei|desisti)\b|\bl['\u2019]ho (?:scartat|tolt)o\b"
    r"|\bas\xed que no es eso\b|\bso (?:that|it)(?:['\u2019]s| is) not it\b|\bdaran liegt es (?:also )?nicht\b"
)
"""What tells that something was taken back."""

_DISCARDED = caseless(
    r"(?:discarded|abandoned|rejected|(?P<data>dropped)|verworfen|descartad[oa]|\xe9cart\xe9|abandonn\xe9|scartat[oa])"
    r"\W*\Z"
)
"""A sentence that says no more than that what the one before it tells is no way to go; ``data`` is dropped as well."""

_TAKES_BACK = caseless(
    r"(?:so |therefore |also )?"
    r"(?:i(?:['\u2019]ll| will|['\u2019]m going to)? (?:take|back) (?:it|that|this|them)(?: back)? out\b"
    r"|(?:i go |(?:i['\u2019]m )?going )?back to (?P<to>[`\w][^,;:(]*)"
    r"|ich (?:nehme|baue|werfe) (?:es|das|sie|ihn) wieder (?:raus|heraus|aus)\b"
    r"|das (?:nehme|baue|werfe) ich wieder (?:raus|heraus|aus)\b"
    r"|(?:lo|la|los|las) quito\b|je l['\u2019]enl\xe8ve\b|je (?:le |la |l['\u2019])(?:abandonne|retire)\b)"
)
"""How a sentence begins by which what the one before it tells is given up; or the work goes on, back ``to`` it."""

_FORMER = caseless(r"(?:the |an? |my |our )?(?:old|older|former|previous|first|original|plain|simple)\b")
_WORDS = lazily(r"\w{4,40}")

_FALLS_SHORT = caseless(
    r"\b(?:not enough|(?:too|far too) (?:slow|big|large|much|many|expensive|fragile)|worse|slower|fails?|failed|breaks?"
    r"|broke|hangs?|hung|crash\w*|(?:does|did)(?:n['\u2019]t| not)|can(?:['\u2019]t|not)|no (?:gain|better)"
    r"|reicht nicht|zu (?:langsam|gro\xdf|teuer)|langsamer|schlechter|bricht|scheitert"
    r"|peor|m\xe1s lento|no (?:basta|funciona)|falla|rompe|demasiado|pire|plus lent|ne suffit pas|\xe9choue|casse)\b"
)
"""What tells that something did not do."""

_THING = r"`?[\w@./-]{2,40}`?(?: [\w.`-]{1,20}){0,2}"
_OTHER_DOES = caseless(
    rf"(?!(?:it|this|that|there|they|one) ){_THING} (?:does(?:n['\u2019]t| not)|can(?:['\u2019]t|not)|won['\u2019]t) "
    rf"[^;:?]{{4,80}}[;,] (?:but |while )?{_THING} (?:does|can|will)\W*\Z"
)
"""What sets one thing that does not against another that does."""

_WAS_RUN = caseless(r"(?:not|n['\u2019]t) (?:build|compile|install|link|load|run|start|work|pass)\b")
"""What shows only where somebody tries it."""


def given_up(transcript: Transcript) -> tuple[str, ...]:
    """Return sentences that tell what the agent tried and gave up before the user spoke again, the latest first."""
    said = transcript.messages
    if not any(word in it.text for it in said if it.role != "user" for word in _HINTS):
        return ()
    found: dict[str, None] = {}
    turn: list[str] = []
    for message in (*reversed(said), None):
        if message is None or message.role == "user":
            found.update(dict.fromkeys(_told(turn)))
            turn = []
        else:
            turn += reversed(sentences(message.text[:_MOST_READ]))
        if len(found) >= MOST:
            break
    return tuple(found)[:MOST]


def _told(turn: list[str]) -> Iterator[str]:
    """Yield what the sentences of a ``turn``, the last first, tell to have been given up, each with the reason."""
    taken_back = ""
    for sentence, before in zip(turn, (*turn[1:], ""), strict=False):
        if (bare := _DISCARDED.match(sentence)) and before:
            if not before.endswith("?") and (not bare["data"] or _FALLS_SHORT.search(before) or _TRIED.match(before)):
                yield _line(before)
        elif (back := _TAKES_BACK.match(sentence)) and _FALLS_SHORT.search(before) and _is_a_way(back["to"], before):
            yield f"{_line(before, _SHORTER)} \u2192 {_line(sentence, _INSTEAD)}"
        elif _OTHER_DOES.match(sentence) and (_WAS_RUN.search(sentence) or _any_tried(turn)):
            yield _line(sentence)
        elif not taken_back and (ends := _TOOK_BACK.search(sentence)):
            short = ends.start() <= _SHORT < len(before) and not _TRIED.match(before)
            taken_back = before if short else sentence
        if taken_back and _TRIED.match(sentence):
            yield _line(sentence).rstrip(": ") + _why(taken_back, sentence)
            taken_back = ""


def _is_a_way(to: str | None, before: str) -> bool:
    """Return whether what somebody goes back ``to`` stands in for what ``before`` tells of, and is no other work."""
    if not to or _FORMER.match(to) or _TRIED.match(before):
        return True
    return not set(_WORDS.findall(before.lower())).isdisjoint(_WORDS.findall(to.lower()))


def _any_tried(turn: list[str]) -> bool:
    return any(_TRIED.match(it) or _TOOK_BACK.search(it) for it in turn)


def _why(taken_back: str, tried: str) -> str:
    """Return what a sentence says before it tells that something was taken back, unless it tells of the try itself."""
    ends = _TOOK_BACK.search(taken_back)
    tells = taken_back != tried and (ends is None or ends.start() > _SHORT)
    return f" \u2192 {_line(taken_back)}" if tells else ""


def _line(sentence: str, most: int = _CHARS) -> str:
    return clipped(plain(sentence), most)
