"""Whether a sentence announces what its speaker does next, in any of several languages."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.words import clipped, sentences


def announced(words: str | None) -> str:
    """Return the last sentence in which the agent said what it would do, empty where it did not."""
    said = sentences(words or "")
    told = [it for it in said if _WILL.match(it)]
    if not told and said and (found := _DOING.search(said[-1])):
        return clipped(found[1], 200)
    return clipped(told[-1], 200) if told else ""


_DOING = lazily(r"[,;][\"\u201d]?\s+(I['\u2019]m \w+ing\b.*)")
"""An announcement that a reason comes before."""


def goes_on(sentence: str) -> bool:
    """Return whether the last sentence of an agent's words says that it goes on, or stands in the middle of a step."""
    return bool(_GOES_ON.search(sentence) or _AT_IT.match(sentence) or _says_then(sentence) or _says_abroad(sentence))


def ends_amid(words: str, *, works: bool) -> bool:
    """Return whether an agent's words end with a step it goes on with, or with what explains or supposes why.

    ``works`` tells that it calls tools: one that only talks tells its user what to do next.
    """
    said = sentences(words[-_ENDS:]) or [words[-_ENDS:]]
    if _sets_to(said[-1], works=works):
        return True
    for it in reversed(said[-_EXPLAINED:]):
        if _sets_to(it, works=works) if works else _LOOKS_INTO.match(it) or _says_abroad(it):
            return True
        if _CLOSES.search(it) or not (works or _GUESSES_AT.search(it)):
            return False
    return False


def _sets_to(sentence: str, *, works: bool) -> bool:
    """Return whether a sentence says what the agent goes on with; of one that works, also in an order to itself."""
    if _LEAVES.match(sentence):
        return False
    return goes_on(sentence) or (works and bool(_STEPS.match(sentence)) and not _CLOSES.search(sentence))


_EXPLAINED, _ENDS = 4, 2_000
STEP_VERBS = (
    "(?:adapt|add|adjust|apply|build|bump|call|change|check|clean|commit|compare|confirm|convert|copy|correct|create|cut"
    "|debug|delete|deploy|document|drop|edit|ensure|extend|extract|find|fix|handle|implement|inspect|install|keep|look"
    "|make|merge|migrate|move|open|patch|port|push|put|read|rebase|refactor|remove|rename|replace|rerun|restore|revert"
    "|review|rewrite|run|search|set|simplify|sort|split|start|switch|take|test|trace|try|tune|turn|update|use|validate"
    "|verify|wire|wrap|write)"
)
_NOW = (
    rf"now,? (?:also |just )?{STEP_VERBS}\b(?!\(| (?:time|coverage|order|to)\b"
    r"|[^.]{0,80}\b(?:is|are|was|were|takes?|took|gives?|has)\b)"
)
"""An order to oneself; "now build takes 4 s" is none."""
_STEPS = caseless(
    rf"\W*(?:(?:so|and|but|then|right|ok|okay|good|great|perfect|yes|agreed|next|first|finally),? )*"
    rf"(?:{_NOW}|i (?:now|also|first) {STEP_VERBS}\b|i (?:check|look)\W*$"
    r"|(?:a )?(?:quick|easy|simple|small) fix\W*$|retrying(?: \w+)?\W*$"
    rf"|(?:i|we) (?:need|have) to (?:{STEP_VERBS}|rethink)\b|there['\u2019]s another .{{0,40}}\bi need to\b)"
)
"""How a sentence begins that sets out to a step in the present: "now add", "I move", "we need to change"."""

_LEAVES = caseless(
    r"\W*(?:i['\u2019]?ll|i will|let['\u2019]?s|let me) (?:(?:just|first|also|quickly|briefly) )?"
    r"(?:leave|wait|stop|be|hold|know|not|keep|explain|sum(?:mari[sz]e)?|recap|clarify|outline|answer|show you|walk"
    r"|break|give you|tell)\b"
)
_CLOSES = caseless(r"\?\W*$|\byou\b|\byour\b|\b(?:done|finished|all set|is ready|successfully)\b|\bcompleted?\b|\u2705")
"""How an agent waits, or begins to explain; and what stands in sentences that end a turn."""

_GUESSES_AT = caseless(
    r"\b(?:might|may|could|maybe|perhaps|probably|possibly|likely|seems?|i suspect|wom\xf6glich|vielleicht|k\xf6nnte"
    r"|vermutlich|podr\xeda|quiz\xe1s?|tal vez|poderia|talvez|pourrait|peut-\xeatre)\b|\u53ef\u80fd"
    r"|\u5e94\u8be5\u662f|\u304b\u3082|\u0432\u043e\u0437\u043c\u043e\u0436\u043d\u043e"
)
_LOOKS_INTO = caseless(
    r"(?:so |but |now,? |next,? |first,? )*(?:let me|let['\u2019]s|i['\u2019]?ll|i will|i need to|i['\u2019]m going to)"
    r" (?:\w+ ){0,2}?(?:check|debug|dig|examine|figure|find|inspect|investigate|look|read|run|see|test|trace|try"
    r"|verify)\b"
)
"""A guess, and the announcement that one may stand behind: to look into what is guessed at."""


def _says_then(sentence: str) -> bool:
    """Return whether a sentence says behind a clause, or in the present, what the agent does next in any case."""
    return bool(_THEN.search(sentence) or _FIRST.search(sentence)) and not _IF_ASKED.search(sentence)


def _says_abroad(sentence: str) -> bool:
    """Return whether a sentence in another language says what the agent does next, whatever its user says to it."""
    low = sentence.lower()
    told = _ABROAD.search(sentence) or (any(it in low for it in _OF_PRESENT) and _PRESENT.search(sentence))
    return bool(told) and not _IF_ASKED_ABROAD.search(sentence)


_NOW_I = (
    r"now i(?!['\u2019](?:ve|d)\b| (?:have(?! to)|had|see|saw|know|understand|understood|can|get|got|think|believe)\b)"
)
_ACTS = (
    r"(?!(?:hab|hatt|hätt|konnt|könnt|wollt|musst|müsst|durft|wusst|dacht|wurd|würd|wär|seh|versteh|mein|glaub|denk|wart"
    r"|vermut|brauch|find)e\b|\w+(?:tet|ert)e\b)\w+e"
)
_AGIT = (
    r"j(?:e |['\u2019])(?!(?:[lmst]['\u2019])?(?:ai|avais|aurais|aimerais|attends|suis|étais|peux|vois|sais|comprends"
    r"|pense|crois|constate|(?:les|me|nous) (?:ai|suis))\b|n[e'\u2019])\w+"
)
"""What is done next, not what was done or is seen now: "now I", a verb beside "ich", "je" with its verb."""

_ABROAD = caseless(
    rf"\bich werde\b|\b(?:als nächstes|nun|jetzt|dann|danach) {_ACTS} ich\b|\bich {_ACTS} (?:jetzt|nun|dann|danach)\b"
    rf"|\b{_ACTS} ich (?:jetzt|nun|dann|danach)\b(?! \w+ (?:habe|hatte)\b)"
    rf"|\bje vais\b|\bje (?!pense|constate)\w+e (?:maintenant|ensuite)\b|\b(?:maintenant|ensuite|puis),? {_AGIT}"
    r"|\bvoy a\b|\bvamos a \w+[aei]r\b|\bprocedo a\b|\bahora (?:voy|vamos)\b|\b(?:agora )?vou \w+[aei]r\b"
    r"|\b(?:ora|adesso) (?!(?:[hsln]o|sono|(?:abb|s|poss|sapp|ved)iamo|solo|tutto|questo|quello|posso|vedo|capisco"
    r"|credo|penso|aspetto|attendo|\w+(?:[aon]no|[aiu]to))\b)\w+o\b"
    r"|(?:^|[.,;] )(?:теперь|сейчас|далее),? (?:я )?(?!вижу|понимаю|могу|жду|думаю)\w+[юу]\b"
    r"(?! (?:не )?(?:можно|нельзя|надо|нужно|видно|удалось)\b)"
    r"|(?:次に|これから(?!も)|まず(?![いく]|か))(?![^。]{0,80}(?:ました|でした|です)。?$)"
    r"|(?:이제|다음으로) [^.]{0,80}(?:겠|게요|려고|[을를] \S{0,12}(?<!습)니다)"
)
"""German, French, Spanish, Portuguese, Italian, Russian, Japanese, Korean."""

_PRESENT = caseless(
    r"(?:^|[.!:;] |, )ich (?:änder|bau|beheb|benenn|beginn|entfern|ergänz|ersetz|erstell|füg|führ|installier"
    r"|korrigier|leg|les|lösch|mach|pass|prüf|reparier|schau|schreib|setz|start|such|teil|test|verschieb|zieh)e\b"
    r"|(?:^|[.!:;] |, )j(?:e (?:corrige|crée|lance|modifie|regarde|remplace|supprime|teste|vérifie)|['\u2019]ajoute)\b"
    r"|(?:^|。)[^。はが]{0,60}を(?!お|ご)[^。はがお]{1,30}(?:[しりえけめてべみせち]|(?<!で)き|入れ)ます。?$"
)
"""In German, French and Japanese the present tells of it too."""

_OF_PRESENT = ("ich ", "je ", "j'", "j\u2019", "ます")

_IF_ASKED_ABROAD = caseless(
    r"\b(?:wenn (?:du|sie|ihr)|falls|sag(?:t|en sie)? |si (?:quieres|desea|tu|vous|lo )|dime|dis-moi|se (?:quiser|vuoi)"
    r"|если )\b"
)

_GOES_ON = caseless(
    r"(?:(?:^|[.!?:\n]\s*)(?:now,? )?(?:next(?: steps?| up)?(?: is| are)?:|not done yet:|on it\b(?=\W*(?:$|[.,!:]))"
    rf"|(?:let me(?! know\b)|i['\u2019]?ll|i will|next,? i|now let|{_NOW_I}|let['\u2019]s)\b)"
    r"|(?:^|[.!?:\n,;][\"\u201d]?\s*)(?:now,? )?i['\u2019]m (?:going to|now|\w+ing)\b)[^\n]*$"
)
_AT_IT = caseless(
    r"\W*(?:(?:now|next|then|currently|also|right|ok(?:ay)?|sure|agreed|understood|got it)\b,? )?(?:(?:re-?)?(?:add"
    r"|apply|build|check|collect|commit|compar|continu|convert|creat|debug|delegat|deploy|dispatch|explor|extend|extract|fetch"
    r"|fix|gather|generat|implement|inspect|install|investigat|launch|list|load|look|mak|migrat|mov|pick|port|proceed"
    r"|pull|push|query|read|refactor|remov|renam|replac|resum|review|rewrit|runn|scann|search|sett|spawn|start|switch"
    r"|test|tighten|trac|try|updat|verify|wir|writ)"
    r"ing)\b(?!(?:(?!\b(?:so|that|which|to|when|where|because|for)\b)[^.]){0,80}\b(?:is|are|was|were|has|had|can|could|may"
    r"|might|will|would|should|must|takes?|took|gives?|gave|makes?|made|shows?|helps?|needs?|works?|breaks?|means?|lets?"
    r"|(?:fix|pass|solv|caus|fail|chang|remov|reveal|confirm|requir)(?:e[ds]|s)?|(?:does|did)(?:n['\u2019]?t)?)\b)"
    r"|\W*(?:now|next|then)\b,? (?:the|for|on to|comes?|to|it['\u2019]s|up)\b"
    r"(?!.*\b(?:is|are|was|were|works?|has|have|can)\b)"
    r"|\W*(?:\u8ba9\u6211|\u8b93\u6211|\u6211\u6765|\u6211\u4f86|\u63a5\u4e0b[\u6765\u4f86]|\u6b63\u5728"
    r"|\u73b0\u5728(?:\u6211(?![\u4eec\u7684\u5df2\u53ef\u80fd\u6709\u660e\u77e5\u770b])|\u5f00\u59cb)"
    r"|\u6211(?:\u4f1a|\u5c06|\u8981|\u53bb|\u5148(?!\u524d))|(?:\u9996|\u5148)?\u5148(?:\u67e5\u770b|\u68c0\u67e5|\u770b\u770b|\u786e\u8ba4|\u8bfb\u53d6)"
    r"|\u7ee7\u7eed(?:\u68c0\u67e5|\u4fee\u6539|\u5b9e\u73b0|\u5904\u7406))"
)
"""How a sentence begins that tells what the agent is doing, or what comes next: "fixing …", "now the …"; "let me",
"next", "I will", "now I" in Chinese."""

_THEN = caseless(
    r"[,;] (?:then )?i(?:['\u2019]ll| will)\b(?! (?:be|wait|need you|leave|let you)\b)"
    r"|[\u3002\uff0c]\s*(?:\u8ba9\u6211|\u8b93\u6211|\u6211\u6765|\u63a5\u4e0b\u6765|\u6211(?:\u4f1a|\u5c06|\u5148))"
)
_FIRST = caseless(
    r"(?:^|[.,:;] )(?:so |now |then )?i (?:adapt|add|change|check|fix|look|make|move|put|read|rename|revert|run|start"
    r"|take|test|try|update|write) [^.?!\n]{2,120} (?:first|next|now)\W*$"
)
_IF_ASKED = caseless(
    r"\b(?:if|once|when|whenever|unless|as soon as) (?:you|that|this|it['\u2019]s|wanted|ok|so|not)\b|\blet me know\b"
)


def is_step(sentence: str) -> bool:
    """Return whether a sentence tells a step that the agent takes next."""
    tells = _STEP_TOLD.match(sentence) or _says_then(sentence) or _says_abroad(sentence)
    return bool(tells) and not MUSES.search(sentence)


_STEP_TOLD = caseless(
    r"(?:(?:and |so |now,? |then,? |next,? |after (?:that|this),? |finally,? |first,? )*"
    r"(?:let me|i['\u2019]?ll|i will|i need to|i should|i have to|we need to|we should)"
    rf"|then\b|next\b|finally,? (?:let|i|we|run|update)|after (?:that|this)\b|{_NOW}"
    r"|(?:quick|easy|simple|small) fix\W*$|retrying\W*$)",
)
MUSES = caseless(r"\b(?:re-?consider|re-?think|think|reason|probably|maybe|assume|imagine)\b")

_WILL = caseless(
    r"(?:now,? |so,? |then,? )?(?:next(?: steps?| up)?(?: is| are)?:"
    rf"|(?:next,? )?(?:let me|i['\u2019]?ll|i will|i need to|i should|{_NOW_I}|i['\u2019]m (?:going to|now|\w+ing))\b"
    rf"|als n[aä]chstes\b|n[aä]chster schritt\b|(?:jetzt|dann) (?:muss|will|{_ACTS}) ich\b"
    r"|ich (?:werde|muss) (?:jetzt|nun)\b"
    rf"|(?:ensuite|maintenant),? {_AGIT}|je vais\b|prochaine [eé]tape\b"
    r"|a continuaci[oó]n\b|(?:ahora )?voy a\b|(?:el )?(?:pr[oó]ximo|siguiente) paso\b)",
)
