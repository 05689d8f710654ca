"""What a user's words do to what was told before: turn it down, say that it is not so, or let it stand."""

from __future__ import annotations

from handoff_cli.core.light import lru_cache
from handoff_cli.core.patterns import caseless
from handoff_cli.documents.extract.language.denials import denies
from handoff_cli.documents.extract.language.findings import blames, subject_of
from handoff_cli.documents.extract.language.words import ASKING, is_code_name, sentences

ASKS_BACK = caseless(
    r"\?\W*$|^(?:(?:(?:an?|one) )?(?:(?:side|quick|short|small|other|another|one more|last) )?question\b"
    r"|(?:(?:and|but|so|ah|oh|ok|hm+|wait|also|btw),? )*"
    r"(?:what|why|how|where|which|who|is|are|does|do we|did|can we|could we)\b)"
)
"""How words begin or end that ask back."""

ORDERS = caseless(
    r"\b(?:can|could|would|will) (?:we|you) (?:please |just |also |maybe |now )*(?!(?:check|tell|explain|see|help|look"
    r"|do me|give|describe|say|show|summari\w*|analy\w*|review|verify|confirm|understand|find|remind|think|be|have|get"
    r"|list|compare|like|want|investigate|figure)\b)[a-z]+"
)
"""A question that asks for work to be done: "can we just do this automatically?"."""

MADE = caseless(
    r"\W*(?:i(?:'|\u2019)?ve\b|i have\b|(?:added|created|updated|integrated|moved|implemented|changed)\b"
    r"|(?:the )?(?:key points?|solution|fix|plan|design|approach|(?:best|right|cleanest) (?:approach|solution|way))\b)"
)
"""How a sentence begins that tells what the agent has made, or would make."""

PROPOSES = caseless(
    r"\b(?:i'?d (?:recommend|suggest|prefer|keep|go|take|pick|choose)|i (?:prefer|lean to(?:wards?)?)"
    r"|recommend(?:ation|ed)?"
    r"|(?:seems?|looks?|is) (?:the )?(?:cleanest|best)|(?:we|i|you) could"
    r"|would be (?:cleaner|better|nicer)|want me to|option [1-9a-c])\b"
)
_SAYS_NO = caseless(
    r"\W*(?:no\b(?! (?:objections?|problem|worries|issues?|complaints?|rush|hurry|doubt|idea)\b)|nope|wrong"
    r"|(?:don['\u2019]?t|do not)(?! (?:go (?:over|above|beyond|past|below|under)|exceed|forget"
    r"|worry|(?:use|take|spend|need) (?:more|longer))\b)|stop|revert|undo|not\b)"
    r"|(?!(?:would|could|should|can|is|are|does|do|did|why|what|how)\b)(?:\S+\s+){0,2}(?:not|isn['\u2019]?t|wrong|bad)\b"
)
_SAYS_RIGHT = caseless(
    r"\W*(?:(?:you(?:['\u2019]re| are)|that(?:['\u2019]s| is)) )?"
    r"(?:right|exactly|correct|agreed|indeed|true|richtig|genau|stimmt)\b[,.:;!]+ "
)
"""How words begin that agree: what they forbid then is no objection."""
_REJECTS = caseless(
    r"\b(?:bad idea|(?<!without )(?<!not )(?<!n['\u2019]t )(?:over-?complicat\w*|over-?engineer\w*|redundant)"
    r"|not what i|too (?:complex|complicated)|i['\u2019]?d (?:rather|prefer\w*))\b"
)
_REPORTS = caseless(
    r"\bstill (?:not|fail\w*|broken|wrong|the same|happens|get\w*|see\w*)\b"
    r"|(?<!he )(?<!we )(?<!they )\b(?:does|did|do)(?:n['\u2019]?t| not) (?:work|help|fix)\b|\bnot working\b"
)
"""What tells that something does not work: what was made is at fault, not what was proposed."""

_ANSWER_CHARS = 200


@lru_cache(maxsize=256)
def objects(words: str) -> bool:
    """Return whether a user's ``words`` turn down what the agent did or proposed."""
    begin = words[:_ANSWER_CHARS]
    no = _SAYS_NO.match(begin) and not _SAYS_RIGHT.match(begin)
    return bool(no or _REJECTS.search(begin)) or reports(words) or undid(words)


def undid(words: str) -> bool:
    """Return whether a user's ``words`` tell that they took back themselves all that the agent had changed."""
    begin = words[:_ANSWER_CHARS]
    if not (any(map(begin.lower().__contains__, _UNDOES)) and _UNDID.search(begin)):
        return False
    told = (it for it in sentences(begin) if not (it.endswith(ASKING) or _NOT_UNDONE.search(it)))
    return any(_UNDID.search(it) for it in told)


_NOT_UNDONE = caseless(
    r"^\W*(?:if|when|before|after|whether|did|do|does|what|why|how|should|would|could)\b"
    r"|\b(?:if|before|whether|when(?:ever)?) i\b|(?<!try )(?<!it )\bagain\b|\b(?:are|is|put|them|it) back\b"
    r"|\bby (?:accident|mistake)\b|\bonly\b"
)
"""A sentence that asks, or says that it stands again, or that a part of it was taken back."""

_UNDOES = ("undid", "undo", "revert", "rolled", "discard", "backed", "threw", "scrapped", "ich hab")
"""One of these is in whatever ``_UNDID`` finds."""

_UNDID = caseless(
    r"\bi(?:['\u2019]?ve| have)?(?: (?:just|already|now|manually))* (?:undid|undone|reverted|rolled back|discarded"
    r"|backed out|threw (?:away|out)|scrapped|had to (?:undo|revert|discard))(?: all)?(?: of)?"
    r" (?:(?:your|these|those|all|the last) (?:last |latest |own )?(?:changes?|edits?|work|attempts?|stuff|code)"
    r"|them|everything)\b(?! (?:in|to|of|from|on|at|for|but|except)\b)"
    r"|\bich habe? (?:all )?(?:deine|die|alle) (?:\xe4nderungen|edits)"
    r" (?:wieder )?(?:r\xfcckg\xe4ngig gemacht|verworfen|zur\xfcckgesetzt)"
)


def reports(words: str) -> bool:
    """Return whether a user's ``words`` tell that what the agent made does not work."""
    return bool(_REPORTS.search(words[:_ANSWER_CHARS]) or denies(words))


def followed_it(words: str) -> bool:
    """Return whether a user's ``words`` tell that what was told is good or done, though they may turn down a part."""
    return bool(_DID.search(words[:_ANSWER_CHARS])) and not reports(words)


_DID = caseless(
    r"^\W*(?:ok(?:ay)?|yes|yep|great|good|perfect|nice|done|works|thanks?|gut|super|danke)\b(?!.{0,30}\b(?:no|not|but|don['\u2019]?t)\b)"
    r"|(?:^|[.,;!:\n-] ?)(?:ok,? |and |but )?(?:i(?:['\u2019]ve)? |have |we )?(?:did|done|applied|ran|added|set|took)"
    r" (?:both|it|that|them|all|this|(?:the )?(?:first|second|others?|rest)|(?:steps? |option )?[1-9]\b)"
    r"|\b(?:beides|alles|das|den rest|habe?(?: es)?) (?:gemacht|erledigt|ge\xe4ndert)\b|\bc['\u2019]est fait\b"
    r"|\b(?:ya|ambas) (?:est\xe1|hech[oa]s?)\b"
)


def concedes(words: str) -> bool:
    """Return whether an agent's ``words`` begin by saying that its user was right, or that it was wrong itself."""
    return bool(_CONCEDES.match(words[:_ANSWER_CHARS].replace("\u2019", "'")))


_CONCEDES = caseless(
    r"\W*(?:(?:ah|oh|hmm|yes|yeah|ok|okay|no)\b\W*)*(?:"
    r"you(?:'re| are) (?:(?:absolutely|totally|completely|quite|entirely|so) )?(?:right|correct)\b(?! to\b)"
    r"|good catch|my (?:mistake|bad|apologies)\b|(?:i apologi[sz]e|apologies|sorry)\b"
    r"|i (?:misread|misunderstood|got (?:that|this|it) wrong|was wrong|stand corrected)\b"
    r"|(?:du hast|sie haben) (?:v[oö]llig |absolut )?recht\b|(?:tu as|vous avez) (?:tout à fait )?raison\b"
    r"|tienes (?:toda la )?raz[oó]n\b|[\u60a8\u4f60]\u8bf4\u5f97(?:\u5f88|\u975e\u5e38)?\u5bf9|\u4f60\u662f\u5bf9\u7684"
    r"|\u0442?\u0432?\u044b \u043f\u0440\u0430\u0432)"
)


def passes_over(words: str) -> bool:
    """Return whether a user's ``words`` begin by saying that what they were shown is not to their liking."""
    return bool(_NOT_TO_LIKING.match(words[:_ANSWER_CHARS].replace("\u2019", "'")))


_NOT_TO_LIKING = caseless(
    r"\W*(?:(?:no|nah|hm+)\b\W*)?(?:(?:i'm )?not (?:really |so )?"
    r"(?:feeling|into|keen on|a fan of|convinced (?:by|of))\b"
    r"|(?:not|none of) (?:that|this|these|those|them)(?: ones?)?(?=\s*(?:[.,;:!-]|$))"
    r"|i do(?:n't| not) (?:really )?like (?:it|that|this|these|those|any)\b)"
)


def disputes(words: str) -> bool:
    """Return whether a user's ``words`` say that what the agent told is not so."""
    turned_down = objects(words) and not (ASKS_BACK.search(words.strip()) or _GOES_AHEAD.search(words))
    return turned_down or bool(_DISPUTES.search(words.replace("\u2019", "'")))


def is_not_it(words: str) -> bool:
    """Return whether a user's ``words`` begin by saying that what was found is not the cause, or have it taken back."""
    return bool(_IS_NOT_IT.search(words[:_ANSWER_CHARS].replace("\u2019", "'")))


_IS_NOT_IT = caseless(
    r"(?:^\W*|[.,;:!] |\b(?:so|but|entonces|aber|mais) )(?:no\b\W+|nein\b\W+|non\b\W+)?(?:"
    r"(?:that|it|this)(?: can(?:'?t|not) be| was(?:n't| not)| is(?:n't| not)|'s not)"
    r" (?:it|the (?:cause|finding|problem|bug|reason|issue))(?=\W*$|[.,;:!])"
    r"|(?<![,;] )not the (?:cause|finding|problem|bug|reason|issue)(?=\W*$|[.,;:!])"
    r"|das (?:kann|ist|war) es nicht\b|das ist nicht (?:die ursache|der grund|das problem)\b"
    r"|(?:genau )?das macht es (?:kaputt|schlimmer)\b|that(?:'s| is) what breaks it\b"
    r"|ce n'est pas (?:\xe7a|la cause|le probl\xe8me)\b|no (?:es|era) (?:eso|la causa|el problema)\b)"
    r"|^\W*(?:no|nein|non|nope)\b[.,!:].{0,150}"
    r"\b(?:put (?:it|that) back|(?:undo|revert) (?:it|that)|annule|revi\xe9rtelo)\b"
)

_GOES_AHEAD = caseless(
    r"(?<!n['\u2019]t )(?<!not )\b(?:ok(?:ay)?,? go|go (?:ahead|on|for it)|do it|proceed|carry on"
    r"|mach (?:das|es|weiter)|vas-y|adelante|dale)\W*$"
)
"""How words end that let the agent go on: what they say no to before is an answer, or a part."""

_DISPUTES = caseless(
    r"\bi(?:'m| am) (?:(?:quite|pretty|very|fairly|rather) )?(?:sure|certain)\b|\bare you (?:really )?sure\b"
    r"|\b(?:that|this|it)(?:'s| is| was)(?: just)? (?:not (?:true|right|correct|so|the case|what)|wrong|false)\b"
    r"|\b(?:that|this|it) can(?:'t|not) be\b|\bi (?:don't|do not) (?:think|believe|agree)\b|\bi (?:doubt|disagree)\b"
    r"|\bshould(?:n't| not)? have (?:been |\w+ed\b)|\bactually,? (?:it|that|this|i|we|they)\b"
    r"|\bhow could (?:it|that|this|they)\b|\bmakes? no sense\b|\bdoes(?:n't| not) make sense\b"
    r"|\b(?:bist du|sind sie) sicher\b|\bstimmt nicht\b|\b(?:tu es|vous [eê]tes) s[uû]r\b|\bce n'est pas vrai\b"
    r"|\b(?:est[aá]s|est[aá]) segur[oa]\b|\bno es (?:cierto|verdad|as[ií])\b"
    r"|\u4e0d\u5bf9(?:\u5427|[,\uff0c\u3002!\uff01]|\Z)|\u4e0d\u662f\u8fd9\u6837|\u9519\u4e86|\u4f60\u786e\u5b9a"
    r"|\u9055\u3044\u307e\u3059|\u9055\u3046(?:\u3068\u601d|\u3002)|\ud2c0\ub838"
    r"|\u043d\u0435 ?\u0432\u0435\u0440\u043d\u043e|\u044d\u0442\u043e \u043d\u0435 \u0442\u0430\u043a"
)


TAKES_BACK = caseless(
    r"\A\W*(?:(?:no|hm+|nope),? )?(?:(?:it|that|this) )?still (?:does|do|is|are|fails?|happens?|broken|red|crash\w*"
    r"|flicker\w*|not|the same)\b"
    r"|\b(?:take (?:that|it|this) (?:back|out)|(?:revert|undo) (?:that|it|this)|forget it,? revert)\b"
)
"""What a user's words have that say that what was made did not do, or is to be taken back."""


def denied(words: str, sentence: str, everywhere: frozenset[str]) -> bool:
    """Return whether a user's ``words`` that dispute something are about what ``sentence`` tells.

    Words that stand ``everywhere`` in the session (by ``stems``) don't tell what it is about. Who only turns something
    down ("bad idea") says nothing against a cause that was found.
    """
    if blames(sentence) and not _DISPUTES.search(words.replace("\u2019", "'")):
        return False
    names = set(filter(is_code_name, subject_of(words)))
    if len(names) >= _NAMED and names <= subject_of(sentence):
        return True
    if not (proposes(sentence) or _DISPUTES.search(words.replace("\u2019", "'"))):
        return False  # who says no may give the same fact as the reason
    return len((stems(words) & stems(sentence)) - everywhere) >= _DENIED


def stems(text: str) -> frozenset[str]:
    """Return how the words begin that say what ``text`` is about."""
    return frozenset(it[:STEM_CHARS].lower() for it in subject_of(text))


STEM_CHARS, _DENIED, _NAMED = 6, 3, 2


def proposes(sentence: str) -> bool:
    """Return whether a sentence tells what the agent would do or has made, which its user can turn down."""
    return not blames(sentence) and bool(PROPOSES.search(sentence) or MADE.match(sentence))


def offer_in(text: str, words: str) -> str:
    """Return the sentence of ``text`` in which the agent offers what the user's ``words`` answer, empty for none.

    That is the one that proposes and shares most with them, else the first; of those that only tell what could or will
    be done the last.
    """
    told = [
        it
        for it in sentences(text)
        if len(it) >= (_FEW_CHARS if _MAY_DO.search(it) else _LEAST_CHARS)
        and not (it.endswith(":") or _NO_OFFER.match(it))
    ]
    offers = [it for it in told if _OFFERS.search(it)] or [it for it in reversed(told) if _MAY_DO.search(it)]
    wanted = stems(words)
    offered = max(offers, key=lambda it: len(stems(it) & wanted), default="")
    named = max(told, key=lambda it: len(stems(it) & wanted), default="")
    is_last = bool(offers) and offered == told[-1]  # what ends a message is what is answered
    is_named = len(stems(named) & wanted) >= _NAMED and not (stems(offered) & wanted or is_last)
    return named if is_named else "" if _AGAINST.search(offered) else offered


def offers(sentence: str) -> bool:
    """Return whether a ``sentence`` tells what the agent would or could do."""
    return bool(_OFFERS.search(sentence) or _MAY_DO.search(sentence))


_NO_OFFER = caseless(
    r"\W*(?:bad|problems?|cons?|issues?|flaws?|drawbacks?|downsides?|risks?|nachteile?)\s?:|\s*(?:❌|✗|🔴)"
    r"|\W*(?:please|bitte|por favor) (?!note\b)"
)
"""How a sentence begins that tells what is wrong with something, or asks the user for a look: it proposes nothing."""

_AGAINST = caseless(
    r"\bi(?:['\u2019]?d| would) (?:advise|recommend|decide|argue) against\b|\bi would(?:n['\u2019]t| not)\b"
)


_LEAST_CHARS, _FEW_CHARS = 40, 24
_OFFERS = caseless(
    r"\b(?:i(?:['\u2019]?d| would| will|['\u2019]?ll)? (?:propose|suggest|recommend|keep|go (?:with|for)|use|add)\b"
    r"|(?:my |the )?(?:proposal|recommendation|suggestion|plan|approach|solution|design)\b|option [1-9a-d]\b"
    r"|(?:quick|proper|simplest|easiest|clean|cleanest|right|minimal|smallest|real|safe|safest) (?:fix|way|option)\b"
    r"|\bthe fix (?:is|would be) to\b|(?:workaround|alternative)\b"
    r"|(?:we|you) (?:could|should)\b|(?:best|cleanest|simplest) (?:is|way|option|solution)\b|want me to\b"
    r"|should i\b)"
)
_MAY_DO = caseless(
    r"\b(?:i (?:could|can|might|will|would)|i['\u2019]?(?:ll|d)|(?:we|you|one) (?:might|can)|one (?:option|way)\b)"
    r"(?! (?:also )?(?:be|have|need|look|check|read|see|start|begin|first|now)\b)"
    r"|\b(?:ich (?:w\xfcrde|k\xf6nnte|schlage)|je (?:propose|pourrais)|(?:yo )?(?:propongo|podr\xeda))\b"
    r"|^\W*(?:then|instead|alternatively|otherwise),? (?!(?:i|we|it|the|this|that|there|let|please)\b)[a-z]+ "
)
"""How a sentence tells what could or will be done, and how one begins that orders it."""


def offers_work(question: str) -> bool:
    """Return whether a question of the agent's offers to do something and says what: a yes to it asks for just that."""
    says_what = question.count(" ") >= _LEAST_WORDS and not _SAID_BEFORE.search(question)
    return says_what and bool(_WORK_OFFERED.search(question))


_SAID_BEFORE = caseless(r"\b(?:this|that|these|those|it|them)\b(?! (?:way|time|week))")
_LEAST_WORDS = 5
_WORK_OFFERED = caseless(r"(?:^|[.:,;] )(?:(?:do you |would you )?(?:want|like) me to|shall i|should i|may i|can i)\b")
