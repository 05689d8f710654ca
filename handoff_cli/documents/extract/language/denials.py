"""What a user's words tell of the fix that came before them: that it did not do, or that it does now."""

from __future__ import annotations

from handoff_cli.core.light import lru_cache
from handoff_cli.core.patterns import caseless, lazily

_BEGIN_CHARS, _END_CHARS = 240, 120


@lru_cache(maxsize=256)
def denies(words: str) -> str:
    """Return the sentence of a user's ``words`` that tells that what was tried did not do; empty where none does.

    A question whether it did, and what is only supposed, deny nothing.
    """
    if not _MAY_DENY.search(_ends_of(words)):
        return ""
    told = (it for it in _sentences(words) if _MAY_DENY.search(it))
    return next((it for it in told if _DENIES.search(it) and not (_SUPPOSES.search(it) or _SPEAKS_OF.search(it))), "")


_SPEAKS_OF = caseless(
    r"\b(?:great|perfect|fine|good|excellent|go (?:on|ahead)|keep|locally|hours|there too|also in|exists? in|as in"
    r"|so (?:raise|that|we|i|do|go))\b|\b(?:anything|difference|change)s? (?:in|to|for|about)\b"
    r"|^\W*(?:for|in|on|of) [^.]{1,60}\bnothing changes\b"
    r"|\bi tried (?:that|it|this|the same) (?:in|before|back|once|last|years?)\b|\bbut (?:try|give it a try|go)\b"
    r"|\bshould (?:appear|be|show|come|stay)\b|\bnicht (?:ohne|um)\b"
    r"|^\W*(?:write|add|explain|document|describe|port|create|when i|after \d|the (?:old|docs?|previous)"
    r"|now the same)\b"
    r"|没有?用\s+\S|解决(?:方案|办法)"
)
"""What a sentence that could deny speaks of where it praises, orders something else, or tells of another matter."""


def confirms(words: str) -> bool:
    """Return whether a user's ``words`` tell that it works now."""
    told = [it for it in _sentences(words) if not it.rstrip().endswith(("?", "\uff1f"))]
    sure = (it for it in told if not (_SUPPOSES.search(it) or _IN_PART.search(it)))
    return any(map(_CONFIRMS.search, sure)) and not (denies(words) or _FAILS.search(_ends_of(words)))


_IN_PART = caseless(
    r"\b(?:but|except|only|once|before|want|upstream|tests? that|where|designed|width|myself|at \d+|after|aber|pero|mas"
    r"|mais)\b|但|ただ"
)
"""What limits that it works: a part, a condition, what others did."""


def tells_of_failure(words: str) -> bool:
    """Return whether a user's ``words`` report that something fails, be it for the first time."""
    return bool(_FAILS.search(words)) or bool(denies(words))


def claims(sentence: str) -> bool:
    """Return whether a sentence of the agent's says that it is mended, works now, or that the cause was found."""
    return bool(_CLAIMS.search(sentence[:_CLAIM_CHARS].replace("\u2019", "'")))


_CLAIM_CHARS = 400


def says_changed(sentence: str) -> bool:
    """Return whether a sentence of the agent's says that it changed something; a copy need not tell the edit."""
    return bool(_CHANGED.search(sentence))


_CHANGED = caseless(
    r"(?:^|[,;:(] ?|\b(?:and|so|then) )(?:i|we)(?:['\u2019]ve| have)?(?: (?:now|just|also|first))* (?:added|adjusted"
    r"|changed|corrected|edited|extracted|fixed|mended|moved|patched|removed|renamed|replaced|rewrote|rewritten"
    r"|reworked|swapped|switched|updated|wrapped|wrote)\b"
)


def error_in(words: str) -> str:
    """Return the line of a user's ``words`` that has the message of an error, empty where none does."""
    lines = (it.strip(" \t>`") for it in words[:_ERROR_CHARS].split("\n"))
    found = next(filter(None, map(_ERROR.search, lines)), None)
    return found[0].strip() if found else ""


_ERROR_CHARS = 20_000
_ERROR = lazily(
    r"(?:(?<!\S)[\w.:/-]{1,60}:\d+(?::\d+)?:? )?(?:(?<!\S)Uncaught )?(?:\(in promise\) )?"
    r"(?<![\w.])(?:(?:[A-Za-z_][\w$]{0,40}\.){0,6}[A-Z]\w{0,60}(?:Error|Exception)|(?:fatal )?error(?:\[\w+\]"
    r"| [A-Z]+\d+)?"
    r"|ERROR|Error|panic|FATAL)(?:: |:$| \[)[^\n]{4,300}"
)
"""A line from where it names the error, with the place before it."""


def _sentences(words: str) -> list[str]:
    """Return the sentences at the beginning of a user's words, and in their last line."""
    return [it.strip() for it in _END.split(_ends_of(words)) if it.strip()]


def _ends_of(words: str) -> str:
    """Return the beginning of a user's words, and their last line: what is pasted is between."""
    begin, end = words[:_BEGIN_CHARS], words[_BEGIN_CHARS:].rstrip()[-_END_CHARS:].rpartition("\n")[2]
    return f"{begin}\n{end}".replace("\u2019", "'")


_END = lazily(r"(?<=[.!?]) |(?<=[\u3002\uff01\uff1f\uff1b])|\n")

_ERRORS = r"(?:errors?|exceptions?|issues?|problems?|crash(?:es)?|bugs?|results?|outputs?|failures?|messages?|thing)"
_STATES = (
    r"(?:work|run|load|show|pass|build|compile|start|connect|render|appear|respond|function|fix|help|open|display"
    r"|update"
    r"|happen|trigger|apply|play|sav|log in|login)\w*"
)
_MAY_DENY = caseless(
    r"still|same|nothing|(?:d(?:id|o|oes)|ha(?:s|ve))(?:n't| not)|(?:not|n't) (?:working|fixed|solved|resolved)"
    r"|no (?:change|difference|effect|luck|improvement|funcion|sirvi|se |ha |cambi|ayud)"
    r"|还|依[然旧]|仍|[一同]样|没|不起作用|不管用"
    r"|まだ|やはり|やっぱり|相変わらず|それでも|同じ|何も|変わ|直|効果|動|ダメ|だめ|解決"
    r"|ainda|continua|segue|mesm[oa]|n[a\xe3]o |nada|sigue|contin[u\xfa]a|todav|\ba[u\xfa]n |mism[oa]\b"
    r"|noch|weiterhin|nach wie vor|gleiche|selbe|nicht|toujours|m[e\xea]me |\b[c\xe7]a |\brien"
    r"|\u0432\u0441|\u043f\u0440\u0435\u0436\u043d|\u0434\u043e \u0441\u0438\u0445"
    r"|\u043e\u043f\u044f\u0442\u044c|\u0442\u0430 \u0436\u0435|\u043d\u0435 "
    r"|여전히|아직도|계속|같은|동일한|변한|변화|해결|소용"
)
"""A word of each of the forms below: a sentence without one is told so in a hundredth of the time."""

_DENIES = caseless(
    # English
    r"(?<!ould )(?<!will )(?<!can )(?<!may )(?<!might )(?<!must )(?<!that )(?<!which )\bstill (?:(?:the|that|this"
    r"|an?|exactly|gett?(?:ing|s)?"
    r"|see(?:ing)?|ha(?:ve|ving)|there's|there is|shows?|showing|throw(?:s|ing)?|giv(?:es|ing)|returns?|same) ){0,4}"
    r"(?:same\b|not (?:work|fix|solv|there|show|load)\w*|fail(?:s|ed|ing)?\b|broken\b|crash\w*|persist\w*|happen\w*"
    r"|occurs?\b|stuck\b|hang(?:s|ing)?\b|wrong\b|(?:errors?|exceptions?|issues?|problems?|bug)\b"
    r"(?! (?:handl|page|class|type|understand|codes?\b)\w*))"
    rf"|\bstill (?:doesn't|does not|don't|do not|didn't|isn't|is not|aren't|won't|can't"
    rf"|cannot) (?:seem to )?{_STATES}"
    r"|(?:^\W*|[,;(:] ?|\b(?:but|and|still|now|again|with) |(?<!n't )(?<!not )(?<!longer )\b(?:get|got|gets"
    r"|getting|see"
    r"|seeing|gives?|gave|throws?|shows?|it's|is) (?:me |us )?)(?:the |this |that )?(?:exact(?:ly)? "
    r"|very )*(?:the )?same"
    rf" {_ERRORS}\b(?! (?:handl|for\b|in\b|with\b|on\b|and\b|as (?!before|last))\w*)"
    r"|(?<!sure )(?<!that )(?<!if )(?<!like )(?<!so )(?<!as )\bnothing (?:has |have |really |actually )?"
    r"(?:changed|happen(?:ed|s)|improved|works|worked|helped|changes)\b(?! (?:in|to|for|on|between|else)\b)"
    r"|(?:^\W*|[,;] ?|\b(?:but|still|made|had|makes|has) )no (?:change|difference|effect|luck|improvement)s?\b"
    r"(?! (?:to|in|between|for|needed|required)\b)"
    r"|(?:^\W*(?:(?:nope|no|sorry|hmm|but|and|well)\b\W*){0,2}|\b(?:it|that|this|neither|both|(?:your"
    r"|the) (?:\w+ )?(?:fix"
    r"|change|patch|solution|suggestion|workaround|update|approach|command)s?) (?:still |also |really |just )?)"
    r"(?:did|does|has|have|(?<=these )do|(?<=those )do)(?:n't| not) (?:really |actually |even |seem to )?"
    r"(?:work|help|fix|solve|resolve|(?:make|change) (?:a |any)|changed? anything|do anything|fixed|solved|helped"
    r"|worked)"
    r"|(?:^\W*|\b(?:it|that|this|it's|that's) (?:is |was )?)(?:still )?(?:not|isn't|wasn't) (?:working|fixed"
    r"|solved|resolved)"
    # Chinese
    r"|还是(?:不(?:行|对|能|可以|成功|工作|起作用|显示)|没(?:有)?(?:用|效果|变|反应|解决|生效|成功)|报|出错|失败"
    r"|一样|同样"
    r"|有(?:问题|错|bug|这个)|老样子|这个?(?:错误|问题|报错)|卡(?!片)|那样)"
    r"|(?:依然|依旧|仍然|仍旧)(?:不(?:行|能|起)|无法|没|报|失败|有(?:问题|错)|存在|一样|出现|是(?:同样|一样|这))"
    r"|(?:一样|同样)(?:是|的)?(?:有问题|报错|错误|的错误|的问题|不行)|没(?:有)?(?:任何)?(?:用(?!到|过|上|户)|效果"
    r"|变化|生效)"
    r"|不起作用|不管用|(?:问题|错误)(?:还在|依旧|依然|仍|没有?(?:解决|变))|(?<!有)没有?解决"
    # Japanese
    r"|(?:まだ|やはり|やっぱり|相変わらず|それでも)[^\u3002\u3001\n]{0,24}?(?:エラー|動か|動き|動作し(?:ない"
    r"|ません)|失敗|だめ|ダメ|駄目"
    r"|直ら|直って|同じ|変わ[らっ])|同じ(?:エラー|問題|結果|症状|現象)(?:が|です|だ|の(?:まま|よう)|になり)"
    r"|何も(?:変わ|起き|起こ)|変わ(?:り|って(?:い)?)ません|直(?:りません|っていません|ってない|らない)|効果(?:が"
    r"|は)?(?:ない|ありません|なし)"
    r"|^\W*(?:うまく)?(?:動きません|動かない|動作しません|ダメでした|だめでした)|解決しません"
    # Portuguese
    r"|\b(?:ainda|continua(?:ndo)?|segue) (?:(?:d[a\xe1]|est[a\xe1]|t[a\xe1]|com|o|a|dando|aparece|recebo|assim"
    r"|mostrando) ){0,3}"
    r"(?:n[a\xe3]o (?:funciona|foi|deu|carrega|aparece|abre|resolv\w+|d[a\xe1]|consigo)|erros?\b|mesm[oa]\b"
    r"|problemas?\b|falha\w*"
    r"|quebrad[oa]|igual|sem funcionar)|\bmesm[oa] (?:erro|problema|coisa|resultado)\b(?! (?:em|no|na|de|do|da"
    r"|que)\b)"
    r"|\bn[a\xe3]o (?:funcionou|resolveu|adiantou|mudou|deu certo|ajudou|corrigiu)\b|\bnada (?:mudou|aconteceu"
    r"|adiantou)\b"
    # Spanish
    r"|\b(?:sigue[ns]?|contin[u\xfa]a|todav[i\xed]a|a[u\xfa]n) (?:(?:sin|con|dando|me|da|sale|saliendo|aparece"
    r"|apareciendo|hay|el|la"
    r"|estando) ){0,3}(?:no (?:funciona|se|carga|aparece|anda|va|arranca|compila)\b|funcionar\b|errore?s?\b"
    r"|mism[oa]\b"
    r"|problemas?\b|falla\w*|rot[oa]\b|igual\b)|\bmism[oa] (?:error|problema|resultado|cosa|fallo)\b(?! (?:en|de"
    r"|del|con|que)\b)"
    r"|\bno (?:funcion[o\xf3]|sirvi[o\xf3]|se (?:solucion|resolvi|arregl)[o\xf3]|ha (?:funcionado|cambiado"
    r"|servido)|cambi[o\xf3] nada|ayud[o\xf3])"
    r"(?!\w)|\bnada (?:cambi[o\xf3]|ha cambiado|pas[o\xf3])(?!\w)"
    # German
    r"|\b(?:immer ?noch|noch immer|weiterhin|nach wie vor) (?:(?:der|die|das|den|ein(?:e[nr]?)?|kommt|da|es) ){0,3}"
    r"(?:(?:gleiche|selbe)\w*|derselbe|dasselbe|denselben|fehler\w*|nicht\b|kaputt|fehl\w*|probleme?\b)"
    r"|\b(?:gleiche[nrs]?|selbe[nr]?|derselbe|dasselbe|denselben) (?:fehler|problem|ergebnis|meldung)\b"
    r"|\bhat (?:leider |auch |aber )*nicht(?:s)? (?:geholfen|geklappt|funktioniert|ge[a\xe4]ndert|gebracht)\b"
    r"|\bes hat sich nichts ge[a\xe4]ndert\b"
    r"|(?:^\W*|\b(?:das|es|so) )(?:geht|klappt|funktioniert|hilft) (?:leider |auch |so |noch |aber "
    r"|weiterhin )*nicht\b(?! (?:nur|mehr)\b)"
    # French
    r"|\btoujours (?:(?:la|le|les|une?|pas|en|cette|des) ){0,2}(?:m[e\xea]mes?\b|erreurs?\b|pas\b"
    r"|probl[e\xe8]mes?\b|cass\w+|plant\w+|[e\xe9]ch\w+)"
    r"|\bm[e\xea]me (?:erreur|probl[e\xe8]me|r[e\xe9]sultat|message|chose)\b(?! (?:pour|dans|avec|sur|que|de)\b)"
    r"|\b[c\xe7]a (?:ne |n'a )?(?:marche|fonctionne|change|aide|r[e\xe9]sout|r[e\xe8]gle"
    r"|toujours)? ?(?:toujours )?(?:pas|rien)"
    r"(?: (?:march[e\xe9]|fonctionn[e\xe9]|chang[e\xe9]|r[e\xe9]solu|aid[e\xe9]))?(?= *(?:$|[.,!:;]))"
    r"|\brien (?:n'a chang[e\xe9]|ne change)"
    # Russian
    r"|(?<!\w)(?:\u0432\u0441[\u0435\u0451] (?:\u0435\u0449[\u0435\u0451]|\u0440\u0430\u0432\u043d\u043e"
    r"|\u0442\u0430\u043a \u0436\u0435)|\u043f\u043e[- ]\u043f\u0440\u0435\u0436\u043d\u0435\u043c\u0443"
    r"|\u0434\u043e \u0441\u0438\u0445 \u043f\u043e\u0440"
    r"|\u043e\u043f\u044f\u0442\u044c) (?:\w+ ){0,2}?(?:\u043d\u0435 \w+|\u043e\u0448\u0438\u0431\u043a\w+"
    r"|\u0442\u0430 \u0436\u0435|\u0442\u043e\u0442 \u0436\u0435|\u0442\u043e \u0436\u0435"
    r"|\u043f\u0430\u0434\u0430\w+|\u0441\u043b\u043e\u043c\u0430\u043d\w*"
    r"|\u043f\u0440\u043e\u0431\u043b\u0435\u043c\w+|\u0432\u044b\u043b\u0435\u0442\u0430\w+)"
    r"|(?<!\w)\u0442\u0430 \u0436\u0435 (?:\u0441\u0430\u043c\u0430\u044f )?(?:\u043e\u0448\u0438\u0431\u043a"
    r"|\u043f\u0440\u043e\u0431\u043b\u0435\u043c)\w+"
    r"|(?<!\w)\u043d\u0438\u0447\u0435\u0433\u043e \u043d\u0435 (?:\u0438\u0437\u043c\u0435\u043d\u0438\u043b"
    r"|\u043f\u043e\u043c\u0435\u043d\u044f\u043b|\u043f\u0440\u043e\u0438\u0437\u043e\u0448\u043b"
    r"|\u043f\u043e\u043c\u043e\u0433\u043b)\w+"
    r"|(?<!\w)\u043d\u0435 (?:\u043f\u043e\u043c\u043e\u0433\u043b\u043e"
    r"|\u0441\u0440\u0430\u0431\u043e\u0442\u0430\u043b\u043e|\u0440\u0435\u0448\u0438\u043b\u043e"
    r"|\u0438\u0441\u043f\u0440\u0430\u0432\u0438\u043b\u043e"
    r"|\u0437\u0430\u0440\u0430\u0431\u043e\u0442\u0430\u043b\u043e)(?!\w)"
    # Korean
    r"|(?:여전히|아직도|계속)[^.\n]{0,24}?(?:오류|에러|안 ?[돼되됩나]|실패|같은|똑같|동일)|(?:같은|똑같은"
    r"|동일한) (?:오류|에러|문제|결과)(?!를|는 다)"
    r"|변한 ?게 ?없|변화가 ?없|해결(?:이|되지) ?(?:안|않)|소용 ?없"
)
"""How a sentence tells, in some languages, that what was tried before did not do."""

_SUPPOSES = caseless(
    r"^\W*(?:is|are|does|do|did|has|have|will|would|should|could|can|if|whether|unless|verify|check|even if"
    r"|what if|in case"
    r"|make sure|ensure|until|tell me if|let me know if|wenn|falls|ob|si|se|caso|\u043a\u0430\u043a"
    r"|\u0435\u0441\u043b\u0438)\b"
    r"|\b(?:if|whether|unless|in case|make sure|ensure|until|when|so that) (?:that )?(?:it|this|that|they|we|you"
    r"|the \w+)"
    r"(?:'s| is| are)? (?:still|does|did|do|has|same|not)"
    r"|如果|要是|是否|假如|会不会|是不是|吗[\uff1f?]?$|もし|場合|ないように|かどうか|(?:か|かな)[\uff1f?]?$|만약"
)
"""What asks, or only supposes."""

_CONFIRMS = caseless(
    r"\b(?:(?:it|that|this|everything|all|which|they) )?(?:works?|working|fixed|solved|resolved|gone) (?:now"
    r"|again|fine|great|perfectly|as expected)\b"
    r"|\b(?:it|that|this|which) (?:worked|fixed|solved|helped|did (?:it|the trick))\b(?! (?:before|until"
    r"|yesterday|last)\b)"
    r"|^\W*(?:(?:ok(?:ay)?|yes|great|perfect|nice|cool|thanks?(?: you)?|super)\W+)*(?:works|worked|fixed|solved"
    r"|resolved)\b"
    r"|\b(?:now|finally) (?:it )?works?\b|\bit(?:'s| is) (?:now )?(?:working|fixed|gone|solved)\b"
    r"|\b(?:problem|issue|error|bug) (?:is |has been )?(?:now )?(?:solved|fixed|gone|resolved)\b"
    r"|(?:可以|好|成功|解决|正常|没问题|没事)了|搞定|能(?:用|跑|启动)了|動(?:きました|いた|くようになり)"
    r"|直りました|解決しました|うまくいき"
    r"|\b(?:funcionou|deu certo|resolvido|resolveu)\b|\bagora (?:est[a\xe1] )?funciona(?:ndo)?\b"
    r"|\b(?:ya|ahora(?: s[i\xed])?) (?:funciona|va|anda)\b|\bfuncion[o\xf3](?!\w)|\b(?:solucionado|resuelto)\b"
    r"|\b(?:funktioniert|geht|klappt|l[a\xe4]uft) (?:jetzt|nun|wieder)\b|\b(?:jetzt|nun) (?:funktioniert|geht"
    r"|klappt|l[a\xe4]uft)\b"
    r"|\bhat (?:geklappt|funktioniert|geholfen)\b|\b[c\xe7]a (?:marche|fonctionne)\b(?! pas)|\bc'est (?:bon"
    r"|r[e\xe9]gl[e\xe9]|r[e\xe9]solu)\b"
    r"|(?<!\w)(?:\u0437\u0430\u0440\u0430\u0431\u043e\u0442\u0430\u043b\w*"
    r"|\u0442\u0435\u043f\u0435\u0440\u044c \u0440\u0430\u0431\u043e\u0442\u0430\u0435\u0442"
    r"|\u043f\u043e\u043c\u043e\u0433\u043b\u043e|\u0440\u0435\u0448\u0435\u043d\u043e)(?!\w)|(?:잘"
    r"|이제) ?(?:됩니다|돼요|되네요|작동)|해결(?:됐|되었|했)"
)
"""How a sentence tells, in some languages, that it works now."""

_CLAIMS = caseless(
    r"\b(?:is|are|was|were|been|be|now) (?:now |all |fully |finally |properly )*(?:fixed|solved|resolved|working"
    r"|gone|repaired)\b"
    r"|\b(?:i|we)(?:'ve| have)? (?:now |just |finally |successfully )*(?:fixed|solved|resolved|repaired"
    r"|found (?:it\b|(?:the|your) (?:(?:root|real|actual) )*(?:cause|problem|issue|bug|culprit)\b))"
    r"|^\W*(?:fixed|solved|resolved|done|all set|found it|problem (?:solved|found|identified)|root cause (?:found"
    r"|identified))\b"
    r"|\b(?:should|will) (?:now |all )*(?:work|be (?:fixed|gone|resolved|fine)|(?:fix|solve|resolve|load|pass) )"
    r"|\bshould(?: now| be)*(?: work)?\W*$|\bworks (?:now|correctly|fine|perfectly|as expected)\b|\bsuccessfully\b"
    r"|(?:已经?|成功|都)(?:解决|修复|修好|搞定)|(?:解决|修复|修好)了|真相大白|找到了[^\u3002]{0,12}(?:原因|问题"
    r"|根源|关键)|启动成功|成功启动"
    r"|(?:应该|现在)就?(?:能|可以|会)?(?:正常|成功)|実際に動|(?:解決|修正)しました|直りました|動(?:く|作する)はず"
    r"|\b(?:resolvid[oa]|corrigid[oa]|consertad[oa]|problema (?:identificado|encontrado)|agora (?:deve"
    r"|vai) funcionar)\b"
    r"|\b(?:resuelto|solucionad[oa]|arreglad[oa]|corregid[oa]|ahora (?:deber[i\xed]a|va a) funcionar)\b"
    r"|\b(?:behoben|gel[o\xf6]st|repariert|sollte (?:jetzt|nun)|funktioniert (?:jetzt|nun))\b"
    r"|\b(?:corrig[e\xe9]e?|r[e\xe9]solue?|r[e\xe9]par[e\xe9]e?|devrait (?:maintenant )?(?:marcher|fonctionner))\b"
    r"|(?<!\w)(?:\u0438\u0441\u043f\u0440\u0430\u0432\u043b\u0435\u043d\w*"
    r"|\u0438\u0441\u043f\u0440\u0430\u0432\u0438\u043b\w*|\u0440\u0435\u0448\u0435\u043d\u0430"
    r"|\u043f\u043e\u0447\u0438\u043d\u0438\u043b\w*)"
    r"|(?<!\w)\u0442\u0435\u043f\u0435\u0440\u044c[^.]{0,9} \u0440\u0430\u0431\u043e\u0442\u0430\w+"
    r"|해결(?:했|됐|되었)|수정했|고쳤"
)
"""How a sentence claims, in some languages, that it is mended or found."""

_FAILS = caseless(
    r"\b(?:get(?:ting|s)?|got|ha(?:ve|d)|see(?:ing)?|there(?:['\u2019]s| is| are)|still|throws|says|tengo|hay|sale|da"
    r"|bekomme|habe|kommt|gibt|ai|tenho|deu)"
    r" (?:(?!(?:no|not|any|rid|past|around|over|at|you|kein\w*|ning\xfan|nenhum)\b)\w+ ){0,4}?"
    r"(?:\w*errors?(?! (?:handl|class|type|page)\w*)|\w*exception|erro|errore|fehler|erreurs?)\b"
    r"|\b(?:still |it |build |push |test |now )(?:fail(?:s|ed)?|crash(?:es|ed)?)\b"
    r"|\b(?:job|app|server|service|process|container|pod|page|script|worker|daemon|deploy\w*|import|export|upload|build"
    r"|tests?|suite|pipeline|migration|cron|run|it) (?:\w+ )?(?:died|crashed|hung|froze|aborted|fell over|blew up)\b"
    r"|\b(?:does|do|is|did)(?:n['\u2019]?t| not) work|\bno funciona\b|\bfunktioniert nicht\b"
    r"|\b(?:marche|fonctionne) pas\b|\bn[a\xe3]o funciona\b"
    r"|(?<!\u6ca1)(?<!\u6ca1\u6709)(?<!\u4e0d\u518d)(?:\u62a5\u9519|\u51fa\u9519)"
    r"|\u30a8\u30e9\u30fc(?!\u306f(?:\u3082\u3046|\u51fa\u306a|\u306a\u304f)|\u306a\u3057)"
    r"|\u043e\u0448\u0438\u0431\u043a(?!\u0438 (?:\u0431\u043e\u043b\u044c\u0448\u0435 )?\u043d\u0435\u0442)"
)
"""Words with which a user reports that something fails, in some languages."""
