"""What a reply names by labels: the numbered questions and lettered options of what the agent said, in few words.

"1 yes, 2+3 later", "b+d", "take 2 back and do 1", "yes to both": each label stands for a text that the reader of the
reply alone does not have.
"""

from __future__ import annotations

from handoff_cli.core.patterns import IGNORECASE, caseless, lazily
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.language.words import (
    SENTENCE_END,
    as_one_line,
    clipped,
    plain,
    whole_sentences,
    words_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_REPLY_CHARS, _TEXT_CHARS = 260, 20_000
_ALONE, _OF_SEVERAL, _MOST = 150, 170, 4
"""The characters of one text, and of several together, and of how many."""


class Picked(Record):
    """What ``labels`` in a reply stand for (``text``, in few words), and the message ``of`` the agent with these."""

    text: str = ""
    labels: tuple[str, ...] = ()
    of: str = ""


def picked(reply: str, texts: Sequence[str]) -> Picked:
    """Return what the labels in ``reply`` stand for, by the first of ``texts`` that has them all; empty for none.

    ``texts`` are the agent's messages before the reply, the latest first: numbers are looked for in older ones only
    where the reply says to do or to take them.
    """
    if not texts:
        return Picked()
    head = as_one_line(reply)[:_REPLY_CHARS]
    together = _TOGETHER.search(head)
    labels, numbers = labels_in(head)
    older = all(it.isalpha() for it in labels) or bool(_DOES_NUMBER.search(head))
    for age, text in enumerate(texts):
        laid_out = options_in(text) if labels or together else {}
        wanted = [*labels, *(_others(laid_out, numbers, together["both"]) if together and not age else ())]
        taken = [it for it in wanted if it in laid_out]
        if taken and len(taken) == len(wanted) and (older or not age):
            return Picked(_told(taken, laid_out, head), tuple(taken), text)
        if laid_out:
            return Picked(_told(taken, laid_out, head), tuple(taken), text) if taken and not age else Picked()
    return Picked()


def takes_back(reply: str, now: Picked, before: Picked) -> bool:
    """Return whether ``reply`` picks anew, ``now``, among what it was picked from ``before``, and takes that back."""
    fresh = now.of == before.of and bool(now.of) and not set(now.labels) <= set(before.labels)
    return fresh and bool(_TAKES_BACK.search(reply[:_REPLY_CHARS]))


_TAKES_BACK = caseless(
    r"\b(?:take \w+ back|back out|reverts?|undo|throw\w*|no way|forget (?:it|that)|after all|instead|rather"
    r"|(?:so|then) [a-h1-9]\b)"
)


def _told(taken: Sequence[str], laid_out: dict[str, str], reply: str) -> str:
    if len(taken) == 1:
        return as_taken(laid_out[taken[0]], reply, _ALONE)
    size = _OF_SEVERAL // min(len(taken), _MOST)
    told = {it: laid_out[it] for it in taken[:_MOST]}
    return "; ".join(f"{label}: {whole_sentences(it, size) or clipped(it, size)}" for label, it in told.items())


def without_changed(text: str, reply: str) -> str:
    """Return ``text`` without the parts, but the first, of which ``reply`` says behind a "but" how they are to be."""
    but = _BUT.search(reply) if "; " in text else None
    if but is None or _ADDS.search(reply, but.end()):
        return text
    changed = {it for it in words_of(reply[but.end() :]) if len(it) >= _LEAST_CHARS} - _OF_ANYTHING
    first, *more = text.split("; ")
    return "; ".join((first, *(it for it in more if changed.isdisjoint(words_of(it)))))


_BUT = caseless(r"[\s,;](?:but|except|without|aber|nur|ohne|pero|sin|salvo|mais|sauf|sans)\s")
_ADDS = lazily(r"\b(?:also|as well|too|first|auch|zuerst|tambi\xe9n|aussi)\b")
_LEAST_CHARS = 5
_OF_ANYTHING = frozenset(
    ("update", "write", "tests", "check", "build", "change", "before", "after", "please", "there", "where", "other")
)
"""Words that tell nothing of which part is meant."""


def as_taken(item: str, reply: str, size: int) -> str:
    """Return an ``item`` as ``reply`` takes it: whole parts of it in about ``size``, but for those it wants otherwise.

    Half of a part may say what was meant to be otherwise.
    """
    text = without_changed(item, reply)
    if len(text) <= size:
        return text
    ends = [it.start() for it in _PART_ENDS.finditer(text[: size + 1])]
    return text[: ends[-1]] if ends and ends[-1] * 4 > size else clipped(text, size)


_PART_ENDS = lazily(r"[;.](?= )|, (?=\w+ \w+ )")


def labels_in(reply: str) -> tuple[list[str], set[str]]:
    """Return the labels that ``reply`` names, in its order, small letters: of a number with a letter the letter.

    And the numbers among them and before letters.
    """
    found: dict[str, None] = {}
    numbers: set[str] = set()
    begins = bool(_BEGINS.match(reply))
    for it in _NAMED.finditer(reply):
        label = (it["nested"] or it["label"]).lower()
        if label.isdigit() and it["word"] is not None and not begins:
            continue  # "3 files more" names no item where the reply does not begin with one
        if begins and found and reply.endswith(": ", 0, it.start()):
            continue  # "2, but with Retry-After: 1" names one
        numbers.add(it["label"])
        found[label] = None
        found.update(dict.fromkeys(map(str.lower, _LABEL.findall(it["more"] or ""))))
    return list(found), {it for it in (*found, *numbers) if it.isdigit()}


_BEGINS = caseless(r"(?:(?:yes|ok|y|no|and|so)[,.]? )?#?(?:\d{1,2}|[a-h])(?=[\s.,;:+&/)!?])")
_DISMISSED = (
    r"(?! (?:only|just|merely) (?!(?:for|if|in|as|this|us|its|plus)\b)\w+[^\Wsu]s\b \w| (?:nobody|no one)\b"
    r"| is (?:overkill|out|dead|too|no\b|not\b)| would (?:not|block|break|cost|fail|lose|mean)\b"
    r"| would (?:be|take|need) too\b| (?:blocks|breaks|costs|fails|loses)\b"
    r"| komm(?:t|en) (?:\w+ )?nicht in frage| scheide[tn] aus| f\xe4llt (?:weg|raus|flach|aus)| geht nicht"
    r"| ist (?:raus|tot|zu|kein|keine|nicht)\b| est (?:exclue?|hors|trop|impossible)"
    r"| (?:queda|est\xe1) descartad"
    r"| (?:ca|do|does|is|wo|would|wouldn)n?['\u2019]t\b)"
)
_NAMED = lazily(
    r"(?:^|(?<=[.,;:!?)] )|(?<=\bdo )|(?<=\btake )|(?<=\bthen )|(?<=\bso )|(?<=\bthrow )|(?<=\bdrop )"
    r"|(?<=\buse )|(?<=\bgo with )|(?<=\boption )|(?<=\byes )|(?<=\bok ))"
    r"#?(?P<label>\d{1,2}|[a-h])(?: (?P<nested>[a-h])(?=[\s.,;:!?)]|$))?"
    rf"{_DISMISSED}(?P<more>(?:\s?(?:[+&/]|and|und|et|y|,)\s?(?:\d{{1,2}}|[a-h])\b{_DISMISSED})*)"
    r"(?:(?=[.,;:!?)](?!\d)|$)|(?P<word>(?=\s+(?:\D|$)))(?<![\Wa]a)(?<!^a))",
    IGNORECASE,
)
_LABEL = lazily(r"\b(?:\d{1,2}|[A-Ha-h])\b")
_TOGETHER = caseless(
    r"(?:^|[.,;!] )(?:(?:yes|y|ok|sure|no|go)[, ]+)?(?:(?:to|for) )?(?:(?P<both>both)|all(?: of them)?)(?: others?)?"
    r"(?=[.,;:!?]|$)"
)
_DOES_NUMBER = caseless(r"\b(?:do|take|option|go with) #?\d")


def _others(laid_out: dict[str, str], named: set[str], both: str | None) -> list[str]:
    """Return the labels of the items, by numbers where these have any, but for those ``named``; of ``both`` two."""
    labels = [it for it in laid_out if it.isdigit()] or list(laid_out)
    left = [it for it in labels if it not in named]
    return left if not both or len(left) == _TWO else []


_TWO = 2


def options_in(text: str) -> dict[str, str]:
    """Return the items of ``text`` by their labels, small letters: those that begin a line, and letters within one.

    Of several lists the last has its labels.
    """
    found: dict[str, str] = {}
    for line in text[-_TEXT_CHARS:].split("\n"):
        if begun := _ITEM.match(line):
            found[begun[1].lower()] = _OR.sub("", plain(_INSIDE.split(line[begun.end() :])[0])).strip() or plain(line)
        inside = [it for it in _INSIDE.finditer(line) if not (begun and it.start() < begun.end())]
        ends = [*(it.start() for it in inside[1:]), len(line)]
        for it, end in zip(inside, ends, strict=False):
            told = SENTENCE_END.split(line[it.end() : end])[0]
            found[(it[1] or it[2]).lower()] = _OR.sub("", plain(told).strip()).strip(" ,;:.")
    return {label: told for label, told in found.items() if told}


_ITEM = lazily(
    r"\s{0,6}(?:[-*+\u2022]\s+)?(?:\*\*|__)?\(?(\d{1,2}|[A-Ha-h])(?:[).:]{1,2}(?:\*\*|__)?|(?:\*\*|__)[).:]?)\s+(?=\S)"
)
_INSIDE = lazily(r"(?<=[\s:;,(])(?:\*\*\(?([A-Ha-h])\)?\*\*|\(([A-Ha-h])\))\s*[).:]?\s+(?=\S)")
_OR = lazily(r"[,;]?\s*(?:\bor|\boder|\bou|\bo|,)?\s*$")
