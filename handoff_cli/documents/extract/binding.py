"""Which of the user's words bind beyond the request they stand in: orders, limits, decisions."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily

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
    said = line.replace(_CURLY, "'").lower()
    if _BEGINS.match(said):
        return True
    if PLAIN_QUESTION.search(said):
        return bool(_ORDER.search(said))
    if _EMPHASIZES.search(line) and not line.isupper():
        return True
    if not _orders(said):
        return False
    told = (it for it in _STOP.split(said) if not (it.endswith("?") or _REPORTS_ERROR.search(it)))
    return any(map(_orders, told))


def _orders(said: str) -> bool:
    if _RULE.search(said) or _RULE_ABROAD.search(said):
        return True
    may = any(it in said for it in _MAY_HOLD_ON)
    return may and bool(_HOLDS_ON.search(said) or _KEEPS.search(said))


_MAY_HOLD_ON = (" ever", "stay", "keep ", "nie ", "jetzt", "sofort", "bleib", "d\xe9sormais", "\xe0 partir", "de ahora")
"""One of these is in whatever holds on by itself, or is to be kept, and has no other word of a rule."""


_EMPHASIZES = lazily(
    r"(?<![Ii] )(?<![Ww]e )(?<![Ii]t )(?<!hey )(?<!is )(?<!are )(?<!was )(?<!were )(?<!does )(?<!did )(?<!has )"
    r"(?<!have )(?<!can )(?<!['\u2019]s )\b(?:NEVER|ONLY|ALWAYS(?! the same\b)|NIE(?:MALS)?|NICHT|JAMAIS|NUNCA"
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


def lasting(words: str) -> tuple[str, ...]:
    """Return the sentences of ``words`` that hold for all that follows.

    What is put off, or ends with the task it limits ("review only", "commit, without the lockfile"), is none of them:
    unless it says by itself that it holds on ("never", "no ... ever").
    """
    told = [it for it in _SENTENCES.split(words.replace(_CURLY, "'")) if it]
    one_task = bool(_ONE_TASK.search(words) or _ACT.match(words))
    found = []
    for place, (said, after) in enumerate(zip(told, (*told[1:], ""), strict=True)):
        lower = said.lower()
        if said.endswith("?") or _REPORTS_ERROR.search(lower) or _COMPLAINS.search(lower):
            continue
        once = one_task or _ONCE.search(said) or _PUTS_OFF.match(after)
        refuses = not place and _BEGINS.match(lower) and not _STATES.match(lower)
        rule = refuses or any(it.search(lower) for it in (_LASTS, _KEEPS, _LASTS_ABROAD))
        if _HOLDS_ON.search(lower) or ((rule or is_firm(said)) and not once):
            found.append(said)
    return tuple(found)


def is_firm(sentence: str) -> bool:
    """Return whether ``sentence`` says by itself that it holds on, or is told with emphasis."""
    return bool(_HOLDS_ON.search(sentence.lower()) or (_EMPHASIZES.search(sentence) and not sentence.isupper()))


_SENTENCES = lazily(r"(?<=[.?!])\s+|\n\s*")
_COMPLAINS = lazily(
    r"\b(?:that'?s (?:the|a) bug|fix (?:that|this|it)|(?:when|after|if) i \w+|after \w+ing|on my \w+)\b"
)
"""What a sentence has that tells what goes wrong, not how it is to be."""

_ONE_TASK = caseless(
    r"\b(?:quick (?:one|question|thing|check)|one[- ]off|review only|only (?:a )?review|read[- ]only (?:review|look)"
    r"|kurze frage|nur (?:ein |eine )?review|zwischendurch|petite question|pregunta r[aá]pida)\b"
)
"""What is asked for amid other work, or only looked at: what limits it ends with it."""

_ACT = caseless(
    r"\W*(?:(?:ok(?:ay)?|yes|good|great|fine|thanks|now|then|and|please|pls|gut|ja|jetzt|bitte)[\s.,!:;]+){0,4}"
    r"(?:git )?(?:commit|push|merge|release|deploy|ship|stage)(?:te?)?\b"
    r"(?! (?:messages?|notes?|scripts?|branch(?:es)?)\b)"
)
"""How an order to commit or publish begins: what it leaves out, the next may have."""

_ONCE = caseless(
    r"\b(?:for now|for the moment|for today|this (?:time|once|diff|commit|pr)|later|some ?day"
    r"|(?:not|n't|no \w+) (?:now|yet)"
    r"|yet\W*$|until|before you|sp[aä]ter|irgendwann|(?:nicht|noch) (?:jetzt|kein\w*|nicht)|erst(?:mal| einmal)|vorerst"
    r"|diesmal|cette fois|pour l'instant|plus tard|por ahora|esta vez|m[aá]s tarde)\b"
)
"""What a sentence has that holds up to some time, or for one task."""

_PUTS_OFF = caseless(
    r"\W*(?:(?:but|that|we|i|let's|do|it|das|dazu|machen|wir|aber|\w+'ll) ){0,4}"
    r"(?:later|not now|sp[aä]ter|irgendwann|plus tard|m[aá]s tarde)\b"
)
"""How a sentence begins that puts off what the one before it says."""

_STATES = lazily(r"no,? (?:then|it'?s|that'?s|there|i|we|wait|problem|worries|idea|need|one|body)\b")
_HOLDS_ON = lazily(
    r"\b(?:(?<!is )(?<!are )(?<!was )(?<!were )never(?! (?:mind|seen?|had|got|ends?|\w+(?:s|ed))\b)|from now on"
    r"|no\b(?! (?:one|body|idea|clue))[^.!?;:]{1,60}\bever(?=\W*$|[.,;!)])|(?:must|has to|have to|should) stay"
    r"|stays? (?:exactly )?(?:as (?:it|they|is)|unchanged|untouched)"
    r"|(?:ab|von) (?:jetzt|sofort) an?|niemals|nie (?:wieder|ohne|auf|direkt)"
    r"|bleib(?:t|en) (?:so|bei|unver\w+|wie (?:er|sie|es|bisher|gehabt))"
    r"|d\xe9sormais|\xe0 partir de maintenant|de ahora en adelante)\b"
)
"""What says by itself that it holds on."""

_KEEPS = lazily(r"(?:^|[.,;:] |\band |\bbut |\bplease )keep (?:the|our|all|using|every|existing)\b")
_LASTS_ABROAD = lazily(
    r"\b(?:nicht (?:mit|ohne|so|in|die|das|den|d?ran|anfassen|ver\xe4ndern)|(?:bitte|aber|und) (?:nicht|kein\w*)"
    r"|kein\w* (?:neue\w*|weitere\w*)|verge(?:ss|\xdf)t? nicht|vergi(?:ss|\xdf) nicht|(?<!wie )immer(?! noch| wieder)"
    r"|m(?:uss|ü(?:ss|ß)en)\b[^.!?;]{0,60}\bbleiben|d(?:arf|ürfen) (?:aber )?(?:nicht|kein\w*|nie|nur|h[oö]chstens)"
    r"|n['\u2019](?:utilise|oublie|ajoute|change)\w*|ne \w+ jamais|jamais|(?<!pas )toujours(?! pas)|doi(?:t|vent)"
    r"|au lieu d|(?:no|nunca) (?:uses|cambies|toques|olvides|quiero|a[nñ]adas)|nunca|siempre|debe[ns]?"
    r"|en (?:lugar|vez) de)\b|(?:^|[.,;:!] |\b(?:et|mais) )ne \w+ (?:pas|plus)\b"
)
_LASTS = lazily(
    r"\b(?:(?<!i )(?<!we )do ?n[o']t"
    r"(?! (?:have|know|see|think|understand|work|exist|remember|get|seem|even|we|you|they|i)\b)|always"
    r"|must(?! (?:be (?:out of|a|an|some|because)|have)\b)|should(?:n't| not| only| always| never)"
    r"|(?<!i )(?<!the )(?<!there's )(?<!is )(?<!are )(?<!was )(?<!were )only(?! (?:one|two|a|few)\b)|instead of|prefer"
    r"|avoid|make sure|in mind|(?<!i )(?<!n't )(?<!to )remember|without|rather than|bad idea|overcomplicate"
    r"|backwards?[- ]compatib\w+|crucial"
    r"|no (?:new |schema |breaking |api |need |more |extra )?"
    r"(?:changes?|dep(?:endenc(?:y|ie))?s?|librar(?:y|ies)|packages?|for|to|async|locks?|mocks?))\b"
)
"""Words of rules that hold on."""
