"""Which item of a list a reply takes that begins with its number, its letter or its place: "2, but ...", "C it is"."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.words import SENTENCE_END, alike, plain, words_of

_PLACE = r"first|second|third|fourth|last|latter|former|erste[nr]?s?|zweite[nr]?s?|dritte[nr]?s?"  # of a list, in words
_THEN = (
    r"(?=\W*$|[,.;:!\uff0c\u3002\u3001](?!\d)|\u65b9\u6848|\u5427"
    r"|\s+(?:please|but|and|bitte|aber|und|pero|y|mais|et|ma|mas|e)\b"
)
_TAKES = caseless(
    r"\W*(?:(?:yes|yep|ok(?:ay)?|sure|fine|good|great|ja|gut|oui|s[i\xed]|please|then"
    r"|let['\u2019]?s(?: do| go with| take)?|i['\u2019]?d (?:go with|take)|go (?:with|for)|do|take|use|nimm"
    r"|number|nr\.?|vale|de acuerdo|d['\u2019]accord|la|el|le|il)[,.!:]? +"
    r"|[\u597d\u9009\u9078\u7528\u8981\u5c31\u7b2c\u65b9\u6848\uff0c] *)*"
    rf"(?:\(?#?(?P<item>\d{{1,2}}(?!\d)|[a-h](?![a-z0-9]))\)?{_THEN}"
    r"|\s+(?:it is\b|(?:(?:is|w\xe4re|ist) )?(?:ok|fine|good|gut)\b)|\u3067|\u756a)"
    r"|(?:option|variante?|opci\xf3n|opzione|way) #?(?P<option>\d{1,2}(?!\d)|[a-h])\b"
    rf"|(?:the|die|das|den) (?P<place>{_PLACE})(?: one| option| way| variante| weg)?{_THEN})"
    rf"|(?P<named>{_PLACE}) (?:one|option|way|variante){_THEN}))"
)
"""How a reply begins that takes an item; a lone "a" is an article more often, and is none without a sign behind it."""

_LISTED = lazily(r"\s*(?:[-*+•]\s+|(?:\*\*|__)?\(?(\d{1,2}|[A-Ha-h])(?:[).:](?:\*\*|__)?|(?:\*\*|__)[).:]?)\s+)(?=\S)")
_PLACES = {
    **dict.fromkeys(("first", "former", "erste"), 0),
    **dict.fromkeys(("second", "latter", "zweite"), 1),
    **dict.fromkeys(("third", "dritte"), 2),
    "fourth": 3,
    "last": -1,
}
_INLINE, _APART = lazily(r"(?:(?<=[:;,.] )|(?<=\bor ))(?:\*\*)?\((\d|[a-h])\)(?:\*\*)? (?=\S)"), r"\n\1) "
"""Items that stand on one line: "(a) roll back; (b) delete the secret"."""

_SENTENCE, _REPLY_CHARS = lazily(r"[.!?]\s+"), 200
_OR, _LEAST = lazily(r"[,;]?(?: (?:or|oder|ou|o))?\s*$"), 2


_NOT_ALONE = caseless(
    r"[^\w.]{0,3}(?:(?:and|y|und|et|e|&)\s+)?#?\d{1,2}(?!\d)(?!\s*(?:%|(?:m?s|sec\w*|min\w*|files?|times|x)\b))"
    r"|\W{0,3}(?:no|not|nein|non|wrong|however)\b"
)
_NUMBERED_BEFORE = lazily(r"\d\W*$")
"""What stands behind the item that a reply begins with, or before it, where it takes several, or takes it not."""


def chosen_item(reply: str, text: str) -> str:
    """Return the item of the last list in ``text`` that ``reply`` begins by taking, on one line; empty if none."""
    begins = (0, *(it.end() for it in _SENTENCE.finditer(reply[:_REPLY_CHARS])))
    found = ((at, _TAKES.match(reply[at : at + _REPLY_CHARS])) for at in begins)
    at, taken = next(((at, it) for at, it in found if it), (0, None))
    if taken and (_NOT_ALONE.match(reply[at + taken.end() :]) or (at and _NUMBERED_BEFORE.search(reply[:at]))):
        return ""
    items = _last_list(text) if taken else {}
    if taken is None or not items or sum(map(bool, map(_LISTED.match, reply.split("\n")))) > 1:
        return ""  # a reply that is a list answers each item
    if number := taken["item"] or taken["option"]:
        item, own = items.get(number.upper(), ""), _own_text(reply)
        quoted = own and any(own in plain(line) for line in text.split("\n"))
        return own if quoted else item if not own or alike(words_of(own), words_of(item), _OF_THE_SAME) else ""
    named = (taken["place"] or taken["named"]).lower()
    place = next((at for word, at in _PLACES.items() if named.startswith(word)), 0)
    told = list(items.values())
    return told[place] if place < len(told) else ""


def _own_text(reply: str) -> str:
    """Return the text of the item that ``reply`` begins with, where it has one of some length, else empty.

    It may be quoted, of another list than the last; what stands on one line with all the user says is no quotation.
    """
    first, below, _ = reply.strip().partition("\n")
    listed = _LISTED.match(first) if below else None
    own = plain(first[listed.end() :]).strip() if listed else ""
    return own if len(own) >= _LEAST_QUOTED else ""


_LEAST_QUOTED, _OF_THE_SAME = 24, 2


def _last_list(text: str) -> dict[str, str]:
    """Return the items of the last list in ``text`` by their numbers or letters, which bullets get in their order.

    Empty lines may part items; lines that are set in, and bullets below a number, go on with one. What stands below an
    item does not end the list where the next number follows.
    """
    apart = _INLINE.sub(_APART, text[-_TEXT_CHARS:])
    on_a_line = apart.count("\n") > text.count("\n", -_TEXT_CHARS)
    lists: list[dict[str, str]] = [{}]
    numbered = False
    for line in apart.split("\n"):
        found, items = _LISTED.match(line), lists[-1]
        if found and (found[1] or not (items and numbered)):
            number = (found[1] or str(len(items) + 1)).upper()
            if found[1] and not items and lists[1:] and _follows(number, next(reversed(lists[-2]))):
                lists.pop()
                items = lists[-1]
            if number in items or (items and bool(found[1]) != numbered):
                lists.append({})
            numbered = bool(found[1])
            told = _OR.sub("", plain(line[found.end() :]))
            # Of items on one line, what follows the last is no part of it.
            lists[-1][number] = SENTENCE_END.split(told)[0] if on_a_line else told
        elif found or (items and line[:1] == " " and line.strip()):
            last = next(reversed(items))
            if len(items[last]) < _ITEM_CHARS:
                items[last] += f" {line.strip()}"
        elif items and line.strip():
            lists.append({})
    return next((it for it in reversed(lists) if len(it) >= _LEAST), {})


def _follows(number: str, before: str) -> bool:
    """Return whether an item's ``number``, or letter, is the next after the one ``before``."""
    both = number.isdigit() and before.isdigit()
    return int(number) == int(before) + 1 if both else len(number + before) == _LEAST and ord(number) == ord(before) + 1


_TEXT_CHARS, _ITEM_CHARS = 20_000, 400
