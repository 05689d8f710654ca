"""Which of the user's words bind beyond the request they stand in: orders, limits, decisions."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily

_CURLY = "\u2019"
_RULE = lazily(
    r"\b(?:(?<!i )(?<!we )do ?n[o']t"
    r"(?! (?:have|know|see|think|understand|work|exist|remember|get|seem|even|we|you|they|i)\b)"
    r"|(?:i|we) do ?n[o']t (?:want|like|need|prefer)|never|(?<!they )(?<!it )(?<!i )always"
    r"|must(?! (?:be (?:out of|a|an|some|because)|have)\b)"
    r"|(?<![-/])should(?:n'?t)?(?!-)|(?<!i )(?<!the )(?<!there's )only(?! (?:one|two|a|few)\b)|(?:is|that's|are) wrong"
    r"|instead|rather|prefer|without|avoid|stop|nope|actually|so that|backwards?[- ]compatib\w+|i (?:want|prefer|need)"
    r"|we (?:do ?n[o']t|can(?:no|')t|need)|make sure|(?<!i'll )(?<!i will )(?:revert|undo)|not what|bad idea|no need"
    r"|overcomplicate|in mind|remember|from now on"
    r"|no (?:new |schema |breaking |api )?(?:changes?|dependenc(?:y|ies)))\b"
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
    said = line.replace(_CURLY, "'").lower()
    if _BEGINS.match(said):
        return True
    if PLAIN_QUESTION.search(said):
        return bool(_ORDER.search(said))
    if _EMPHASIZES.search(line) and not line.isupper():
        return True
    if not (_RULE.search(said) or _RULE_ABROAD.search(said)):
        return False
    told = (it for it in _STOP.split(said) if not (it.endswith("?") or _REPORTS_ERROR.search(it)))
    return any(_RULE.search(it) or _RULE_ABROAD.search(it) for it in told)


_EMPHASIZES = lazily(
    r"(?<![Ii] )(?<![Ww]e )(?<![Ii]t )(?<!hey )(?<!is )(?<!are )(?<!was )(?<!were )(?<!does )(?<!did )(?<!has )"
    r"(?<!have )(?<!can )(?<!['\u2019]s )\b(?:NEVER|ONLY|ALWAYS(?! the same\b)"
    r"|NOT(?! (?:NULL|IN|EXISTS|LIKE|BETWEEN|FOUND)\b))\b"
)
"""What is written in capitals where no other word is: it limits, unless it tells what is so or was seen."""

PLAIN_QUESTION = lazily(
    r"\?\W*$|^(?:question: |and |but |so )?(?:is|are|does|do we|what|why|how|where|who|which|can you)\b"
)
_STOP = lazily(r"(?<=[.?!])\s+")
_REPORTS_ERROR = lazily(r"\b\w*(?:error|exception)\b(?:\[\w+\])?: ")
"""A sentence that quotes an error: what it says must be is no order."""

_ORDER = lazily(
    r"\b(?:(?<!that )(?<!they )(?<!which )do ?n[o']t|never|must(?:n't)?|make sure|revert|undo|instead|rather|wrong"
    r"|prefer|avoid)\b"
)
"""What binds even in a question."""


def lasts(words: str) -> bool:
    """Return whether what ``words`` order holds for all that follows, not only for the step they asked for."""
    said = words.replace(_CURLY, "'").lower()
    return bool(_BEGINS.match(said) or _LASTS.search(said) or _RULE_ABROAD.search(said))


_LASTS = lazily(
    r"\b(?:(?<!i )(?<!we )do ?n[o']t"
    r"(?! (?:have|know|see|think|understand|work|exist|remember|get|seem|even|we|you|they|i)\b)|never|always"
    r"|must(?! (?:be (?:out of|a|an|some|because)|have)\b)|should(?:n't| not| only| always| never)"
    r"|(?<!i )(?<!the )(?<!there's )only(?! (?:one|two|a|few)\b)|instead of|prefer|avoid|make sure|from now on|in mind"
    r"|remember|without|rather than|bad idea|overcomplicate|backwards?[- ]compatib\w+|crucial"
    r"|no (?:new |schema |breaking |api |need )?(?:changes?|dependenc(?:y|ies)|for|to|async|locks?|mocks?))\b"
)
"""Words of rules that hold on."""
