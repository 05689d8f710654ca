"""Which of the user's words bind beyond the request they stand in: orders, limits, decisions."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.requests.lasting import CURLY, EMPHASIZES, REPORTS_ERROR, lasting

_RULE = lazily(
    r"\b(?:(?<!i )(?<!we )do ?n[o']t"
    r"(?! (?:have|know|see|think|understand|work|exist|remember|get|seem|even|we|you|they|i)\b)"
    r"|(?:i|we) do ?n[o']t (?:want|like|need|prefer)|never|(?<!they )(?<!it )(?<!i )always"
    r"|must(?! (?:be (?:out of|a|an|some|because)|have)\b)"
    r"|(?<![-/])should(?:n'?t)?(?!-)|(?<!i )(?<!the )(?<!there's )only(?! (?:one|two|a|few)\b)|(?:is|that's|are) wrong"
    r"|instead|rather|prefer|without|avoid|stop|nope|actually|so that|backwards?[- ]compatib\w+|i (?:want|prefer|need)"
    r"|we (?:do ?n[o']t|can(?:no|')t|need)|make sure|(?<!i'll )(?<!i will )(?:revert|undo)|not what|bad idea|no need"
    r"|overcomplicate|in mind|remember|from now on"
    r"|no (?:new |schema |breaking |api |more |extra )?"
    r"(?:changes?|dep(?:endenc(?:y|ie))?s?|librar(?:y|ies)|packages?))\b"
)
_RULE_ABROAD = lazily(
    r"\b(?:nicht (?:mit|ohne|so|in|die|das|den|mehr)|(?:bitte|aber|und) (?:nicht|kein\w*)"
    r"|kein\w* (?:neue\w*|weitere\w*)|verge(?:ss|ß)t? nicht|niemals|immer|stattdessen|nimm|verwende|benutze"
    r"|m(?:uss|ü(?:ss|ß)en)|d(?:arf|ürfen)|soll(?:en|te)?"
    r"|n['\u2019](?:utilise|oublie|ajoute|change)\w*|ne \w+ (?:pas|jamais|plus)|jamais|toujours|il faut|doi(?:t|vent)"
    r"|plut[oô]t|au lieu d|(?:no|nunca) (?:uses|cambies|toques|olvides|quiero|a[nñ]adas)|nunca|siempre"
    r"|en (?:lugar|vez) de|debe[ns]?|(?:hay|tiene[ns]?) que|mejor)\b"
)
"""The same in German, French and Spanish."""
_BEGINS = lazily(
    r"(?:no|nein|non)\b"
    r"|(?:so |ok |then )?(?:decisions?|decided|we decided|entscheidung|entschieden|d\xe9cision|decisi\xf3n)\s?:"
)
"""How words begin that bind: apart from what may stand anywhere, which is found in half of the time so."""


def binds(line: str) -> bool:
    """Return whether a request says no, states a decision, or has a sentence that orders or forbids."""
    said = line.replace(CURLY, "'").lower()
    if _BEGINS.match(said):
        return True
    if PLAIN_QUESTION.search(said):
        return bool(_ORDER.search(said))
    if EMPHASIZES.search(line) and not line.isupper():
        return True
    told = (it for it in _STOP.split(said) if not (it.endswith("?") or REPORTS_ERROR.search(it)))
    return (_orders(said) and any(map(_orders, told))) or bool(lasting(line))


def _orders(said: str) -> bool:
    return bool(_RULE.search(said) or _RULE_ABROAD.search(said))


PLAIN_QUESTION = lazily(
    r"\?\W*$|^(?:question: |and |but |so )?(?:is|are|does|do we|what|why|how|where|who|which|can you)\b"
)
_STOP = lazily(r"(?<=[.?!])\s+")
_ORDER = lazily(
    r"\b(?:(?<!that )(?<!they )(?<!which )do ?n[o']t|never|must(?:n't)?|make sure|revert|undo|instead|rather|wrong"
    r"|prefer|avoid)\b"
)
"""What binds even in a question."""
