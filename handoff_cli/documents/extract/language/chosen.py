"""Which items of the agent's list a reply takes that begins with them: "2, but ...", "C it is", "both", "the last two".

A reply that only asks ("2?"), is undecided ("1 or 2") or turns an item down takes none.
"""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.words import SENTENCE_END, alike, clipped, plain, words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Sequence


def chosen_item(reply: str, text: str) -> str:
    """Return the item of the last list in ``text`` that ``reply`` begins by taking, on one line; empty if none.

    Of several that it takes each stands in short.
    """
    if named := _begun_name(reply.strip(), text):
        return named
    head = reply[:_REPLY_CHARS]
    together = _TOGETHER.match(head)
    begins = () if together else (0, *(it.end() for it in _SENTENCE.finditer(head)))
    at, begun = next(((at, it) for at in begins if (it := _TAKES.match(head[at:]))), (0, None))
    items = items_of(text, named=bool(begun and begun["option"])) if together or begun else {}
    if not items or sum(map(bool, map(_LISTED.match, reply.split("\n")))) > 1:
        return ""  # a reply that is a list answers each item
    if together:
        taken = _counted(together, list(items))
    elif begun and not (at and _NUMBERED_BEFORE.search(head[:at])):
        taken = _taken(begun, head[at:], list(items))
    else:
        taken = []
    if len(taken) != 1:
        return " / ".join(clipped(items[it], _OF_SEVERAL) for it in taken)
    item, own = items[taken[0]], _own_text(reply)
    quoted = own and any(own in plain(line) for line in text.split("\n"))
    return own if quoted else item if not own or alike(words_of(own), words_of(item), _OF_THE_SAME) else ""


_REPLY_CHARS, _OF_SEVERAL = 200, 100


def _begun_name(reply: str, text: str) -> str:
    """Return the one item of the last list that begins with ``reply``, a part of a name ("2-1" of "2-1-kiln.md")."""
    if len(reply) > _NAME_CHARS or not _NAME.fullmatch(reply):
        return ""
    after = len(reply)
    begun = [it for it in items_of(text, named=False).values() if it.startswith(reply) and not it[after:][:1].isalnum()]
    return begun[0] if len(begun) == 1 else ""


_NAME, _NAME_CHARS = lazily(r"\w+(?:[-./]\w+)+"), 60


def _counted(together: re.Match[str], keys: list[str]) -> list[str]:
    """Return the ``keys`` of the list that a reply takes together: "both", "all three", "the last two"."""
    said = together["count"] or together["both"] or together["some"]
    count = next((it for it, words in _COUNTS.items() if said in words), 0)
    if not together["which"]:
        return keys if len(keys) == (count or len(keys)) else []
    if count >= len(keys):
        return []
    return keys[-count:] if together["which"].startswith(_LAST) else keys[:count]


def _taken(begun: re.Match[str], reply: str, keys: list[str]) -> list[str]:
    """Return the ``keys`` of the list that ``reply`` takes, beginning with ``begun``; none where one is not in it."""
    taken, end = [_key(begun, keys)], begun.end()
    while more := _MORE.match(reply[end:]):
        last, end = _key(more, keys), end + more.end()
        if more["or"]:
            return []
        first = keys.index(taken[-1]) if more["to"] and {taken[-1], last} <= {*keys} else 0
        if more["to"] and last in keys[: first + 1]:
            return []  # no range: a name, a date
        taken += keys[first + 1 : keys.index(last) + 1] if more["to"] and last in keys else [last]
    if instead := _INSTEAD.match(reply[end:]):
        taken, end = [_key(instead, keys)], end + instead.end()
    turned = _ASKS.match(reply[end:]) or _NOT_ALONE.match(reply[end:])
    return [] if turned or not {*taken} <= {*keys} else list(dict.fromkeys(taken))


def _key(found: re.Match[str], keys: Sequence[str]) -> str:
    """Return which of ``keys`` is the item ``found`` in a reply, by its number, letter or place; empty if none."""
    named = found.groupdict()
    if number := named.get("item") or named.get("option"):
        return number.upper()
    place = next(at for word, at in _PLACES.items() if (named["place"] or named["alone"]).startswith(word))
    return keys[place] if place < len(keys) else ""


_LAST = ("last", "letzt", "dern", "\xfalt", "ult")
_PLACES = {
    **dict.fromkeys(("first", "1st", "former", "erst", "prem", "prim"), 0),
    **dict.fromkeys(("second", "2nd", "latter", "zweit", "deux", "segund"), 1),
    **dict.fromkeys(("third", "3rd", "dritt", "trois", "terc", "terz"), 2),
    **dict.fromkeys(("fourth", "4th", "viert"), 3),
    **dict.fromkeys(_LAST, -1),
}
_BOTH = (
    *("both", "beide", "beides", "les deux", "tous les deux", "los dos", "las dos", "ambos", "ambas", "entrambi"),
    *("entrambe", "os dois", "\u4e24\u4e2a\u90fd", "\u4e21\u65b9"),
)
_COUNTS = {
    2: (*_BOTH, "2", "two", "zwei", "beiden", "deux", "dos", "due"),
    3: ("3", "three", "drei", "trois", "tres", "tre", "tr\xeas"),
    4: ("4", "four", "vier", "quatre", "cuatro", "quattro", "quatro"),
    5: ("5", "five", "f\xfcnf", "cinq", "cinco", "cinque"),
}
_COUNT = "|".join(it for words in _COUNTS.values() for it in words if it not in _BOTH)
_LEADS = (
    r"\W*(?:(?:yes|yep|ok(?:ay)?|sure|fine|good|great|ja|gut|oui|s[i\xed]|please|then"
    r"|let['\u2019]?s(?: do| go with| go| take)?|i(?:['\u2019]?d)? (?:go (?:with|for)|take|say|think|guess|want)"
    r"|go (?:with|for)|go|do|take|use|nimm|ich nehme|je prends|prefiero|lieber|eher|plut\xf4t|mejor"
    r"|number|nummer|num\xe9ro|n\xfamero|nr\.?|vale|de acuerdo|d['\u2019]accord|la|el|le|il)[,.!:]? +"
    r"|[\u597d\u9009\u9078\u7528\u8981\u5c31\u7b2c\u65b9\u6848\uff0c] *)*"
)
_PLACE = (
    r"(?:first|second|third|fourth|last|latter|former|1st|2nd|3rd|4th|erste[nrs]?|zweite[nrs]?|dritte[nrs]?"
    r"|vierte[nrs]?"
    r"|letzte[nrs]?|premi(?:er|\xe8re)|deuxi\xe8me|troisi\xe8me|derni(?:er|\xe8re)|primer[oa]|segund[oa]|tercer[oa]"
    r"|\xfaltim[oa]|ultim[oa]|prim[oa]|second[oa]|terz[oa]|primeir[oa]|terceir[oa])"
)
_ITEM = r"\(?#?(?P<item>\d{1,2}(?!\d)|[a-h](?![a-z0-9]))\)?"
_THE = r"(?:the|die|das|den|der|la|el|le|il|lo|a|o)"
_KIND = r"(?: (?:one|option|way|variante?|weg))"
_THEN = (
    r"(?=\W*$|[.;:!?\uff0c\u3002\u3001](?!\d)|,(?!\d)|,\d{1,2}(?!\d)|\s*[&+/]|\s?-\s?\d|\s-+\s|\u65b9\u6848|\u5427"
    r"|[\u548c\u3068]"
    r"|\s+(?:please|pls|thanks|yes|yep|ja|oui|but|and|or|then|bitte"
    r"|aber|und|oder|pero|y|mais|et|ou|o|ma|mas|e|i (?:guess|think)"
    r"|for now|obviously|clearly|of course|ofc|definitely|for sure|nat\xfcrlich|klar|claro|obviamente|bien s\xfbr"
    r"|as (?:you|suggested|recommended|proposed)|(?:first|now)(?=\W*$))(?!\w))"
)
_TAKES = caseless(
    rf"{_LEADS}(?:{_ITEM}(?:{_THEN}"
    r"|\s+(?:it is|reicht|passt|gen\xfcgt|will do|is enough|works|basta|suffit|(?:sounds|looks) (?:good|fine|right"
    r"|best))\b"
    r"|\s+(?:(?:is|w\xe4re|ist) )?(?:ok|fine|good|gut)\b|\u3067|\u756a)"
    r"|(?:option|variante?|opci\xf3n|opzione|way) #?(?P<option>\d{1,2}(?!\d)|[a-h])\b"
    rf"|(?:(?:{_THE} )?(?P<place>{_PLACE})(?:{_KIND}{_THEN}|(?=\W*$|,? (?:and|und|et|y|&) (?:{_THE} )?{_PLACE}\b))"
    rf"|{_THE} (?P<alone>{_PLACE}){_THEN}))"
)
"""How a reply begins that takes an item; a lone "a" is an article more often, and is none without a sign behind it."""

_LINK = (
    r"\s*(?:(?P<to>-)|(?P<or>/|,? ?\b(?:or|oder|ou|o)\b)|[,&+.]* ?\b(?:and|und|y|et|e|then|plus|sowie)\b"
    r"|[,&+\u548c\u3068\u3001])"
    rf"\s*(?:{_THE} |option |number |nr\.? ?)?"
)
_ENDS = (
    r"(?=\W*$|[,.;:!)?](?!\d)|,\d|\s*[&+/\u548c\u3068]"
    r"|\s+(?:please|pls|but|and|or|then|bitte|aber|und|oder|pero|y|mais|et|too|yes|yep|ja|oui)\b)"
)
_MORE = caseless(rf"{_LINK}(?:{_ITEM}|(?P<place>{_PLACE}){_KIND}?){_ENDS}")
"""What stands behind an item where the reply takes one more, or is undecided."""
_INSTEAD = caseless(
    r"[\s,.;\u2026-]*(?:(?:no|nope|wait|actually|sorry|hm+|or|rather|i mean|make (?:it|that)|lieber|doch|eher|quatsch"
    rf"|nein|perd\xf3n|mejor|plut\xf4t|non|pardon)\b[\s,.;\u2026-]*)+(?:{_THE} )?(?:{_ITEM}"
    rf"|(?P<place>{_PLACE}){_KIND}?){_ENDS}"
)
"""What stands behind an item where the reply takes another after all."""
_ASKS = caseless(
    r"\W{0,3}\?|[\s,]*(?:right|really|sure|ok|again|oder|or|verdad|no)\s*\?"
    r"|\W*(?:what|why|how|does|do|is|are|would|which|was|wie|warum|pourquoi|por qu\xe9)\b[^.!?\n]*\?\s*$"
)
_NOT_ALONE = caseless(
    r"[^\w.]{0,3}(?:(?:and|y|und|et|e|&)\s+)?#?\d{1,2}(?!\d)(?!\s*(?:%|(?:m?s|sec\w*|min\w*|files?|times|x)\b))"
    r"|[.,]\d|\W{0,3}(?:no|not|nein|non|wrong|however)\b"
)
_NUMBERED_BEFORE = lazily(r"\d\W*$")
"""What stands behind the item that a reply begins with, or before it, where it takes several, or takes it not."""

_TOGETHER = caseless(
    rf"{_LEADS}(?:(?P<both>{'|'.join(_BOTH)})|(?:all|alle|tou(?:s|tes)|tod[oa]s|tutt[ie]|\u5168\u90e8"
    rf"|\u5168\u90fd)(?: (?P<count>{_COUNT})\b)?"
    rf"|(?:{_THE} |les |los |las )?(?P<which>first|last|ersten?|letzten?|premi\w+|derni\w+|primer[oa]s"
    rf"|\xfaltim[oa]s) (?P<some>{_COUNT})\b(?!,? then))"
    r"(?: of (?:them|those|these))?(?:\u8981)?"
    r"(?=\W*$|[,.;!](?!\d)|\s+(?:please|pls|bitte|but(?! (?:\d|[a-h]\b|the\b|for\b))|aber|pero|mais"
    r"|and (?:then )?(?:add|commit|push|then))\b)"
    r"(?!\W*\?)"
)
"""How a reply begins that takes all items, or the first or last of them."""

_LISTED = lazily(
    r"\s*(?:(?:[-*+•]\s+(?=\W{0,3}[A-Ha-h][).:*_]))?(?:\*\*|__)?\(?(\d{1,2}|[A-Ha-h])"
    r"(?:[).:](?:\*\*|__)?|(?:\*\*|__)[).:]?)\s+|[-*+•]\s+)(?=\S)"
)
_INLINE, _APART = lazily(r"(?:(?<=[:;,.] )|(?<=\bor ))(?:\*\*)?\(?((?<=\()[\da-h]|[A-H])\)(?:\*\*)? (?=\S)"), r"\n\1) "
"""Items that stand on one line: "(a) roll back; (b) delete the secret"."""

_SENTENCE, _OR = lazily(r"[.!?]\s+"), lazily(r"[,;]?(?: (?:or|oder|ou|o))?\s*$")


def _own_text(reply: str) -> str:
    """Return the text of the item that ``reply`` begins with, where it has one of some length, else empty.

    It may be quoted, of another list than the last; what stands on one line with all the user says is no quotation.
    """
    first, below, _ = reply.strip().partition("\n")
    listed = _LISTED.match(first) if below else None
    own = plain(first[listed.end() :]).strip() if listed else ""
    return own if len(own) >= _LEAST_QUOTED else ""


_LEAST_QUOTED, _OF_THE_SAME = 24, 2


def items_of(text: str, *, named: bool) -> dict[str, str]:
    """Return the items a reply may take: the last list, or what is headed "Option 2: ..." where a reply names it so.

    Lists without numbers below such heads only tell of each option. A row of a table with a number is an item.
    """
    text = _ROW.sub(_AS_ITEM, text[-_TEXT_CHARS:])
    lines = text[-_TEXT_CHARS:].split("\n")
    headed = {it[1].upper(): told[it.start(2) :] for told in map(plain, lines) if (it := _HEADED.match(told))}
    bulleted = not any(found[1] for found in map(_LISTED.match, lines) if found)
    return headed if len(headed) >= _LEAST and (named or bulleted) else _last_list(text)


_ROW, _AS_ITEM = lazily(r"(?m)^\|[ *]*#?(\d{1,2}|[A-H])[ *]*\| *([^\n]*[^\s|]) *\|?[ \t]*$"), r"\1. \2"
_HEADED = caseless(
    r"(?:#+ )?(?:option|variante?|approach|ansatz|alternative|opci[o\xf3]n|opzione|\u65b9\u6848) ?"
    r"(\d{1,2}|[a-h])\b ?(?:[:.)\u2013\u2014\uff1a-]|\(recommended\):?) ?(\S.*)"
)


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


_TEXT_CHARS, _ITEM_CHARS, _LEAST = 20_000, 400, 2
