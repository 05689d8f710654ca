"""Whether a sentence announces what its speaker does next, in any of several languages."""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.patterns import MULTILINE, caseless, lazily
from handoff_cli.documents.extract.language.words import ASKING, MARK, clipped, sentences


def announced(words: str | None) -> str:
    """Return the last sentence in which the agent said what it would do, empty where it did not.

    A label alone stands with the sentence below it.
    """
    said = sentences(words or "")
    with_next = pairwise((*said, ""))
    told = [f"{it} {then}".strip() if it.endswith(":") else it for it, then in with_next if _WILL.match(it)]
    if not told and said and (found := _DOING.search(said[-1])):
        return clipped(found[1], 200)
    return clipped(told[-1], 200) if told else ""


_DOING = lazily(
    r"[,;][\"\u201d]?\s+((?:(?:and|so|now),? )*I['\u2019]m (?:now )?"
    r"(?!guess|assum|wonder|think|wait|look(?:ing)? forward|miss|be|see|ask|us|hop|suggest|propos)\w+ing\b.*)"
)
"""An announcement that a reason comes before."""


def goes_on(sentence: str) -> bool:
    """Return whether the last sentence of an agent's words says that it goes on, or stands in the middle of a step."""
    return bool(_GOES_ON.search(sentence) or _AT_IT.match(sentence) or _says_then(sentence) or _says_abroad(sentence))


def ends_amid(words: str, *, works: bool) -> bool:
    """Return whether an agent's words end with a step it goes on with, or with what explains or supposes why.

    ``works`` tells that it calls tools: one that only talks tells its user what to do next.
    """
    said = sentences(words[-_ENDS:]) or [words[-_ENDS:]]
    last = said[-1]
    if _sets_to(last, works=works) or (works and _sets_out(last) and not (_CLOSES.search(last) or _LEAVES.match(last))):
        return True
    lately = said[-_EXPLAINED:]
    if any(map(_TURNS_BACK.match, lately)) and not any(map(_ENDS_TURN.search, lately)):
        return True
    for it in reversed(lately):
        if works and _AFTERWARDS.match(it):
            continue
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


def _sets_out(last: str) -> bool:
    """Return whether the last sentence of an agent's that works has the form of a step; amid others it may be none."""
    forms = _SETS_OUT.match(last) or _AT_ONCE.search(last) or _SETS_OUT_ABROAD.match(last)
    return bool(forms or _COME_NEXT.fullmatch(last))


_EXPLAINED, _ENDS = 4, 2_000
_TURNS_BACK = caseless(
    r"\W*(?:wait|hold on|hmm+|no|actually)\b\W{1,4}(?:let me(?! know\b)|i(?:['\u2019]ll| should| need to| have to)\b)"
)
"""How an agent interrupts itself: what stands above, also where it laid out ways to go, is not its last word."""

_ENDS_TURN = caseless(r"\?\W*$|\b(?:done|finished|fixed|all set|is ready|successfully)\b|\u2705")


def breaks_off(words: str) -> bool:
    """Return whether an agent's words stop in the middle: of a block of code, of a code span, of a sentence or a list.

    A last line without a full stop is none where others of its kind have none either, or where it may be a greeting.
    """
    lines = [it.strip() for it in words[-_ENDS:].split("\n") if it.strip()]
    last = lines[-1] if lines else ""
    in_span = last.count("`") % 2 and "``" not in last and not _ENDS_NOTHING.match(last)
    if len(_FENCE.findall(words)) % 2 or _HANGS.search(last) or in_span:
        return True
    if _ENDS_NOTHING.match(last) or not _ENDS_IN_WORD.search(last):
        return False
    if len(last) < _GREETING and len(sentences(last)) == 1 and not MARK.match(last):
        return False
    like = [it for it in lines[:-1] if bool(MARK.match(it)) == bool(MARK.match(last)) and not _ENDS_NOTHING.match(it)]
    whole = len(like[-_LOOKED_AT:]) + len(sentences(last)) - 1
    least = _LIKE if len(words) < _LONG else 1
    return whole >= least and all(map(_ENDED.search, like[-_LOOKED_AT:]))


_LIKE, _LOOKED_AT, _LONG, _GREETING = 2, 6, 200, 36
_FENCE = lazily(r"^ {0,3}(?:[-*>] )?```", MULTILINE)
_ENDS_NOTHING = lazily(r"```|\||#|-{3,}|={3,}|<|\*\*[^*]+\*\*$|[\w./-]+$")
"""How a line begins that is no prose: of code, a table, a heading, a rule, a tag; or is one word or path."""
_HANGS = lazily(
    r"(?:[,(\[{\u2014\uff0c\u3001]|^(?:[-*+\u2022]|\d{1,2}[.)])"
    r"|\s(?:the|an|and|or|but|because|whether|their|our|your|than|und|oder|weil|dass|einen|einem|sowie|les|une|des"
    r"|que|dont|et|los|las|una|del|uma|che|della))$"
)
"""How a line ends that goes on: with a comma, an open bracket, a mark of a list without an item, a word of no end."""
_ENDS_IN_WORD = lazily(r"\s[\w'\u2019-]*[a-z\xdf-\xff]$")
_ENDED = lazily(r"[.!?:;)\u3002\uff01\uff1f\uff1a`*\"\u201d]$")
STEP_VERBS = (
    "(?:adapt|add|adjust|apply|build|bump|call|change|check|clean|commit|compare|confirm|convert|copy|correct|create"
    "|cut"
    "|debug|delete|deploy|document|drop|edit|ensure|extend|extract|find|fix|handle|implement|inspect|install|keep"
    "|look"
    "|make|merge|migrate|move|open|patch|port|push|put|read|rebase|refactor|remove|rename|replace|rerun|restore"
    "|revert"
    "|review|rewrite|run|search|set|simplify|sort|split|start|switch|take|test|trace|try|tune|turn|update|use"
    "|validate"
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

_SETS_OUT = caseless(
    rf"\W*(?:(?:so|and|but|then|ok(?:ay)?|good|great|right|now|hm+|understood|found it)\W+)*"
    rf"(?:(?:two|three|four|\d|one) (?:[\w-]+ ){{0,3}}to (?:fix|change|update): |fix(?: for [\w-]+)?: {STEP_VERBS}\b"
    r"|going (?:on|ahead|back) (?:with|to)\b(?!.*\b(?:is|are|was|works?|would|will|can|takes?)\b)"
    r"|doing (?:both|it|that|this|all)\W*$|(?:working on|looking into) (?:it|that|this|the [\w-]+)\W*$"
    r"|(?:hold|hang) on\W*(?:$|[,.])|(?:just )?(?:one|a) (?:moment|sec(?:ond)?)\W*$|give me a (?:sec\w*|moment"
    r"|minute)\b|(?:on|back|over) to (?:the|step|fix|check) ?[\w-]*(?: [\w-]+){0,2}\W*$"
    r"|i (?:change|correct|drop|fix|make|move|remove|rename|replace|revert|rewrite|take|update) (?!(?:no|nothing"
    r"|sure)\b)"
    rf"|time (?:to {STEP_VERBS}\b|for the [\w-]+\W*$)|(?:the )?(?!review|yours?\b)[\w-]+ next\W*$"
    rf"|step \d+(?:/| of )\d+\W|first,? (?:the|a) [\w-]+(?: [\w-]+)?\W*$|we['\u2019]ll (?:begin|{STEP_VERBS})\b"
    rf"|we (?:should|must) now {STEP_VERBS}\b|i want to (?:see|{STEP_VERBS}) (?:the|what|how|why|whether|if)\b"
    r"|(?:one|two|three|four|five|\d{1,2})(?: (?!(?:option|way|choice|question)s?\b)[\w-]+){0,2} (?:left|to go)"
    r"(?::|\W*$)"
    rf"|need to {STEP_VERBS}\b|(?:will|gonna|going to) (?:do\W*$|{STEP_VERBS}\b))"
)
"""How the last sentence of an agent that works sets out to something, also in the notes it takes for itself."""
_AT_ONCE = caseless(
    r", (?:looking into|checking|digging into|fixing|investigating|trying) (?:it|that|the [\w-]+(?: [\w-]+)?)\W*$"
)
_SETS_OUT_ABROAD = caseless(
    r"(?!.*\b(?:dir|du|dein\w*|ihnen|euch|wenn|ob|wissen|si|se|vous|nichts?)\b)\W*(?:\w+[,.!] )?(?:ich (?:sehe mir"
    r"|fange) "
    r"|als n\xe4chstes (?:die|der|das|den|noch) |jetzt (?:noch )?(?:die|der|das|den) [\w-]+\W*$|weiter (?:mit|geht)\b"
    r"|lass mich|schauen wir|sehen wir (?:uns|mal)|passons|voyons|regardons|commen\xe7ons|je commence|laissez?-moi"
    r"|il faut maintenant\b|(?:ensuite|maintenant),? (?:le|la|les) [\w-]+\W*$"
    r"|d\xe9jame|veamos|empiezo|empecemos|primero (?:reviso|miro|compruebo)|(?:reviso|compruebo|sigo con"
    r"|paso a(?! paso)) "
    r"|(?:ahora|a continuaci\xf3n),? (?:el|la|los|las) [\w-]+\W*$|deixe-me|vamos ver|agora (?:o|a|os|as) [\w-]+\W*$"
    r"|(?:controllo|verifico) (?:il|la|i|le|gli|lo|o|a|os|as) |come\xe7o |comincio |vediamo|passo (?:a|ai|al|alla"
    r"|alle) |(?:ora|adesso) (?:i|il|la|gli|le) [\w-]+\W*$"
    r"|(?:сначала )?(?:посмотрю|проверю|исправлю|обновлю|добавлю|запущу)\b|давай(?:те)? (?:посмотрим|проверим)"
    r"|(?:现在|先)(?:修改|运行|更新|添加|检查|实现|修复|处理|重构|删除|看一下|看看)(?![^。]*(?:了|成功|通过|正常|完成|已))"
    r"|(?:次は)?[^。おご]{0,40}(?:確認|修正|実行|追加|変更|更新|作成|調査)します。?$|먼저 [^.]{0,60}겠습니다\W*$)"
)

_LEAVES = caseless(
    r"\W*(?:i['\u2019]?ll|i will|let['\u2019]?s|let me) (?:(?:just|first|also|quickly|briefly) )?"
    r"(?:leave|wait|stop|be|hold|know|not|keep|explain|sum(?:mari[sz]e)?|recap|clarify|outline|answer|show you|walk"
    r"|break|give you|tell)\b"
)
_CLOSES = caseless(r"\?\W*$|\byou\b|\byour\b|\b(?:done|finished|all set|is ready|successfully)\b|\bcompleted?\b|\u2705")
"""How an agent waits, or begins to explain; and what stands in sentences that end a turn."""
_AFTERWARDS = caseless(
    r"(?:and |only )?(?:then|after that|afterwards|finally|once that is done),? (?:i |i['\u2019]ll )"
    r"|(?:danach|dann|anschlie\xdfend|zuletzt) \w+ ich\b"
)
"""How what comes after an announced step begins: it may tell the user of it, and the step is still to be taken."""

_GUESSES_AT = caseless(
    r"\b(?:might|may|could|maybe|perhaps|probably|possibly|likely|seems?|i suspect|wom\xf6glich|vielleicht|k\xf6nnte"
    r"|vermutlich|podr\xeda|quiz\xe1s?|tal vez|poderia|talvez|pourrait|peut-\xeatre)\b|\u53ef\u80fd"
    r"|\u5e94\u8be5\u662f|\u304b\u3082|\u0432\u043e\u0437\u043c\u043e\u0436\u043d\u043e"
)
_LOOKS_INTO = caseless(
    r"(?:so |but |now,? |next,? |first,? )*(?:let me|let['\u2019]s|i['\u2019]?ll|i will|i need to"
    r"|i['\u2019]m going to)"
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
    r"(?!(?:hab|hatt|hätt|konnt|könnt|wollt|musst|müsst|durft|wusst|dacht|wurd|würd|wär|seh|versteh|mein|glaub|denk"
    r"|wart|vermut|brauch|find)e\b|\w+(?:tet|ert)e\b)\w+e"
)
_AGIT = (
    r"j(?:e |['\u2019])(?!(?:[lmst]['\u2019])?(?:ai|avais|aurais|aimerais|attends|suis|étais|peux|vois|sais|comprends"
    r"|pense|crois|constate|(?:les|me|nous) (?:ai|suis))\b|n[e'\u2019])\w+"
)
"""What is done next, not what was done or is seen now: "now I", a verb beside "ich", "je" with its verb."""

_ABROAD = caseless(
    rf"\bich werde\b|\b(?:als nächstes|nun|jetzt|dann|danach) {_ACTS} ich\b|\bich {_ACTS} (?:jetzt|nun|dann|danach)\b"
    rf"|\b{_ACTS} ich (?:jetzt|nun|dann|danach)\b(?! \w+ (?:habe|hatte)\b)"
    rf"|\bje vais\b|\b{_AGIT}(?:['\u2019]\w+)? (?:maintenant|ensuite)\b|\b(?:maintenant|ensuite|puis),? {_AGIT}"
    r"|(?:^|[.!:;] |, | y | e )(?:(?:ahora|luego|despu\xe9s|agora|ora|adesso),? )?(?:"
    r"(?:lo|la|los|las|li|le|o|a|os|as) cambio\b"
    r"|(?:(?:lo|la|los|las|li|le) )?(?:a\xf1ado|agrego|corrijo|quito|elimino|muevo|actualizo|modifico|ejecuto|lanzo"
    r"|implemento|reescribo|sustituyo|reemplazo|aggiungo|correggo|sposto|aggiorno|eseguo|adiciono|removo|atualizo)\b)"
    r"|\bvoy a\b|\bvamos (?:a |primei?ro |agora |ent[aã]o )?\w+[aei]r\b"
    r"|\b(?:deix[ae](?:-me| eu)|d[eé]jame) (?:\w+ )?\w+[aei]r\b"
    r"|\bprocedo a\b|\bahora (?:voy|vamos)\b|\b(?:agora )?vou \w+[aei]r\b"
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
    r"\bich \w+ (?:\w+ )?(?:nichts?|kein\w*)\b|\b(?:wenn (?:du|sie|ihr)|falls|sag(?:t|en sie)? |si (?:quieres|desea"
    r"|tu|vous|lo )|dime|dis-moi|se (?:quiser|vuoi)|если )\b"
)

_GOES_ON = caseless(
    r"(?:(?:^|[.!?:\n]\s*)(?:now,? )?(?:next(?: steps?| up)?(?: is| are)?:|not done yet:|on it\b(?=\W*(?:$|[.,!:]))"
    rf"|(?:let me(?! know\b)|i['\u2019]?ll|i will|next,? i|now let|{_NOW_I}|let['\u2019]s)\b)"
    r"|(?:^|[.!?:\n,;][\"\u201d]?\s*)(?:now,? )?i(?:['\u2019]m| am) (?!waiting|hoping|assuming|leaving"
    r"|keeping)(?:going to|now|\w+ing)\b)[^\n]*$"
)
_AT_IT = caseless(
    r"\W*(?:(?:now|next|then|currently|also|right|ok(?:ay)?|sure|agreed|understood|got it)\b,? )?(?:(?:re-?)?(?:add"
    r"|apply|build|check|collect|commit|compar|continu|convert|creat|debug|delegat|deploy|dispatch|explor|extend"
    r"|extract|fetch"
    r"|fix|gather|generat|implement|inspect|install|investigat|launch|list|load|look|mak|migrat|mov|pick|port|proceed"
    r"|pull|push|query|read|refactor|remov|renam|replac|resum|review|rewrit|runn|scann|search|sett|spawn|start|switch"
    r"|test|tighten|trac|try|updat|verify|wir|writ)"
    r"ing)\b(?!(?:(?!\b(?:so|that|which|to|when|where|because|for)\b)[^.]){0,80}\b(?:is|are|was|were|has|had|can"
    r"|could|may"
    r"|might|will|would|should|must|takes?|took|gives?|gave|makes?|made|shows?|helps?|needs?|works?|breaks?|means?"
    r"|lets?"
    r"|(?:fix|pass|solv|caus|fail|chang|remov|reveal|confirm|requir)(?:e[ds]|s)?|(?:does|did)(?:n['\u2019]?t)?)\b)"
    r"|\W*(?:now|next|then)\b,? (?:the|for|on to|comes?|to|it['\u2019]s(?! (?:done|fixed|green|in|fine)\b)|up)\b"
    r"(?!.*\b(?:is|are|was|were|works?|has|have|can|pass(?:es)?|runs|returns?|uses?|exits|fails|takes?|gets?|goes|does"
    r"|holds?|stops?|starts|matches|agrees?|fits?|loads|waits|keeps|shows|says|makes|means|stays|reads|writes"
    r"|calls)\b)|\W*next (?:up )?(?:is|are|comes?) (?!.*\byou|(?:week|month|year|release|sprint)\b)"
    r"|\W*(?:(?:\u597d\u7684?|\u660e\u767d\u4e86?|\u6536\u5230|\u53ef\u4ee5|\u4e86\u89e3)\W{0,3})?(?:\u8ba9\u6211|\u8b93\u6211|\u6211\u6765|\u6211\u4f86|\u63a5\u4e0b[\u6765\u4f86]|\u6b63\u5728"
    r"|\u73b0\u5728(?:\u6211(?![\u4eec\u7684\u5df2\u53ef\u80fd\u6709\u660e\u77e5\u770b])|\u5f00\u59cb)"
    r"|\u6211(?:\u73b0\u5728(?!\u5df2|\u6709|\u77e5)|\u4f1a|\u5c06|\u8981|\u53bb|\u5148(?!\u524d))|(?:\u9996|\u5148)?\u5148(?:\u67e5\u770b|\u68c0\u67e5"
    r"|\u770b\u770b|\u786e\u8ba4|\u8bfb\u53d6)"
    r"|\u7ee7\u7eed(?:\u68c0\u67e5|\u4fee\u6539|\u5b9e\u73b0|\u5904\u7406))"
)
"""How a sentence begins that tells what the agent is doing, or what comes next: "fixing …", "now the …"; "let me",
"next", "I will", "now I" in Chinese."""

_THEN = caseless(
    r"(?:[,;]| [\u2013\u2014-]) (?:then )?i(?:['\u2019]ll| will)\b(?! (?:be|wait|need you|leave|let you)\b)"
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
    tells = _STEP_TOLD.match(sentence) or _DOING.search(sentence) or _says_then(sentence) or _says_abroad(sentence)
    return bool(tells and not MUSES.search(sentence)) or bool(_COME_NEXT.fullmatch(sentence))


_COME_NEXT = caseless(
    r"(?!.*\b(?:you|your|yours|if|what|who|whether)\b)(?:(?=.*(?:[`_/]|\.\w{1,5}\b.|\b(?:then|danach|dann)\b))"
    r"[^?!\n]{2,100} (?:(?:is|are|comes?|go(?:es)?) next|(?:kommt|kommen|ist|sind) als n\xe4chstes(?: dran)?)"
    r"(?:[,;]? (?:and )?(?:then|after that|danach|dann) [^?!\n]{2,80})?"
    r"|[^?!\n,;:]{2,60} (?:comes? next|(?:kommt|kommen) als n\xe4chstes)(?:[,;:] [^?!\n]{2,240})?)[.\s]*"
)
"""A sentence that says of something that it comes next; of files, names, or with what comes then, that it is next."""


_STEP_TOLD = caseless(
    r"(?:my )?(?:order of (?:work|steps|things)|plan of work)\b"
    r"|(?:(?:and|so|but) )?(?:what (?:makes me wonder|puzzles me) is\b"
    r"|(?:first )?i(?:['\u2019]d| would)? (?:want|like) to (?:understand|know|see|find out|check|verify|measure"
    r"|look)\b)"
    r"|(?!that |this |it |at |he |we |they |you |not |comes? |in |on )(?!.*\b(?:is|are|was|were|has|had|have|came"
    r"|went|did|does|runs?|goes|comes?|sorted|by)\b)[\w` /.-]{2,40} first(?:,? then)?\W*$|"
    r"(?:(?:and |so |now,? |then,? |next,? |after (?:that|this),? |finally,? |first,? )*"
    r"(?:let me|i['\u2019]?ll|i will|i need to|i should|i have to|we need to|we should)"
    r"|to [a-z][^.,;:!?\n]{2,60} (?:i['\u2019]?ll|i (?:will|need to|have to))\b"
    rf"|then\b|next\b|finally,? (?:let|i|we|run|update)|after (?:that|this)\b|{_NOW}"
    r"|(?:quick|easy|simple|small) fix\W*$|retrying\W*$)",
)
MUSES = caseless(r"\b(?:re-?consider|re-?think|think|reason|probably|maybe|assume|imagine)\b")

_WILL = caseless(
    r"(?:now,? |so,? |then,? )?(?:next(?: steps?| up)?(?: is| are)?:"
    rf"|(?:next,? )?(?:let me|i['\u2019]?ll|i will|i need to|i should|{_NOW_I}|i['\u2019]m (?:going to|now|\w+ing))\b"
    rf"|let['\u2019]s (?:(?:also|first|just|now) )?{STEP_VERBS}\b"
    rf"|als n[aä]chstes\b|n[aä]chster schritt\b|(?:jetzt|dann) (?:muss|will|{_ACTS}) ich\b"
    r"|ich (?:werde|muss) (?:jetzt|nun)\b"
    rf"|(?:ensuite|maintenant),? {_AGIT}|je vais\b|prochaine [eé]tape\b"
    r"|a continuaci[oó]n\b|(?:ahora )?voy a\b|(?:el )?(?:pr[oó]ximo|siguiente) paso\b)",
)


def is_users_move(latest: str) -> bool:
    """Return whether the user's ``latest`` words say only what they do themselves next: they ask and order nothing."""
    if len(latest) > _MOVE_CHARS or latest.rstrip().endswith(ASKING) or not _MOVES.search(latest):
        return False
    clauses = [it.strip() for it in _CLAUSE.split(latest) if it.strip()]
    return not any(_ORDERS.match(it) for it in clauses)


_MOVE_CHARS = 300
_CLAUSE = lazily(r"[.,;:!?\n]+\s|\s(?:and|but|so|und|aber|y|pero|et|mais)\s")
_MOVES = caseless(
    r"(?:(?<![\w'\u2019])(?:i|we)(?:['\u2019]?ll| will|(?:['\u2019]?m| am) (?:going to|gonna)|['\u2019]?ve got to"
    r"| have to| need to| must)|(?<!\w)let me|(?:^|[.,;!\n] )(?:will|gonna)) (?:\w+ )?(?:ask|call|check|clarify|confirm"
    r"|decide|discuss|find out|get back|let you know|look into|meet|ping|report back|sleep|speak|talk|tell|test|think"
    r"|try|verify|wait|apply|deploy|do|paste|post|reproduce|run|send|share)\b"
    r"|(?:^|[.,;!\n] )doing (?:\w+ ){1,4}?(?:tonight|tomorrow|today|later|now)\b"
    r"|\bich (?:frage?|kl\xe4re?|melde?|spreche?|rede?|schaue?|teste?|warte|bespreche)\b"
    r"|\b(?:frage?|kl\xe4re?|melde?|bespreche|teste?) ich\b"
    r"|\b(?:le|les|lo|la) (?:pregunto|preguntar\xe9|consulto|consultar\xe9|pruebo|probar\xe9)\b"
    r"|\bje (?:vais|lui|leur) (?:demande[r]?|en parle[r]?|teste[r]?|v\xe9rifier?|appelle|appeler)\b"
)
_ORDERS = caseless(
    rf"(?:(?:and|then|so|but|now|ok(?:ay)?|also|please|pls|just|meanwhile|until then|in the meantime|for now"
    rf"|first)[, ]+)*"
    rf"(?:{STEP_VERBS}|you|can you|could you|would you|let['\u2019]?s|go|do (?!n[o']t)|give|tell|show|explain|prepare"
    r"|draft|list|summari[sz]e|think|help|stop|continue|proceed|mach|schreib|bau|zeig|pr\xfcf|haz|escribe|fais|\xe9cris"
    r")\b"
)
"""What a user says they do themselves, and how a clause begins that orders something."""
