"""Which of the user's sentences hold for all that follows: rules of the work, not its next step nor what was seen.

A clause is a rule by how it begins: an order or a ban in the imperative ("never push", "no new packages"), what may or
must be of things in general ("tests must not ..."), what the user's side does ("we never mock ..."). The same words
amid a sentence more often tell what happens ("the worker never wakes up", "200 instead of 500") and are none.
"""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.commands.runners import named_in
from handoff_cli.documents.extract.requests.conventions import is_convention
from handoff_cli.documents.extract.requests.lasting_abroad import EAST, GERMAN, IN_LANGUAGE, INFINITIVE, ROMANCE
from handoff_cli.documents.extract.requests.limits import LIMITS, UNTIL

CURLY = "\u2019"


def lasting(words: str) -> tuple[str, ...]:
    """Return the sentences of ``words`` that hold for all that follows.

    What is put off, or ends with the task it limits ("review only", "commit, without the lockfile"), is none of them:
    unless it says by itself that it holds on ("never", "no ... ever").
    """
    headed = _HEADED.search(words)
    if headed and headed.end() - headed.start() <= _HEADED_CHARS:  # all below such a heading is one
        others = f"{words[: headed.start()].rstrip()}\n{words[headed.end() :].lstrip()}".strip()
        return (words[headed.start() : headed.end()].strip(), *lasting(others))
    told = [it for it in _SENTENCES.split(words.replace(CURLY, "'")) if it]
    found = []
    for place, said in enumerate(told):
        lower = said.lower()
        clauses = _clauses(lower)
        holds_on = _holds_on(lower, clauses) or bool(named_in(said))
        rule = holds_on or _stresses(said) or _is_rule(lower, clauses) or (not place and _CORRECTS.match(lower))
        if not rule or lower.endswith("?") or _ASKS.match(lower) or REPORTS_ERROR.search(lower):
            continue
        once = not holds_on and (
            _ONE_TASK.search(_ASIDE.sub("", words))
            or _ACT.match(words)
            or _ONCE.search(lower)
            or _PUTS_OFF.match("".join(told[place + 1 :][:1]))
        )
        if not (once or _COMPLAINS.search(lower) or _TELLS_OF.search(lower)):
            found.append(said)
    found += [
        f"{of} {it}"
        for of, it in pairwise(told)
        if (_LEAVES_IT.match(it) and _OWNED.search(of)) or (_BINDS_IT.match(it) and not of.endswith("?"))
    ]
    return tuple(found)


_HEADED, _HEADED_CHARS = (
    caseless(
        r"(?:(?:\A|(?<=[.!?;,:\n])|(?<=[.!?;,:\n] ))(?:some |the |my |our |a few |house |ground |basic"
        r" |die |ein paar |unsere |les |nos |quelques |las |unas |nuestras |as |le )*"
        r"(?:rules|conventions|constraints|conditions|regeln|vorgaben|bedingungen|r\xe8gles|contraintes|reglas"
        r"|condiciones|restricciones|regras|condi\xe7\xf5es|regole|condizioni|vincoli)"
        r"(?: (?:for|from|of|here|today|btw|again|as always|daf\xfcr|dabei|hier|f\xfcr|ici|pour|aqu\xed|para|per|qui)\b"
        r"[^:.\n]{0,80})?"
        r"|\bfor (?:the (?:whole|rest of the) (?:session|day)|everything)"
        r"[^:.\n]{0,30})\s*:[ \t]*(?:(?=[^\n]{20})\S[^\n]*|(?=\n[^\S\n]*(?:[-*+\u2022]|\d{1,2}[.)]) [^\n]{12}))"
        r"(?:\n[^\S\n]*(?:[-*+\u2022]|\d{1,2}[.)])[^\n]*)*"
    ),
    600,
)
"""A paragraph that is headed as rules, with the items below it."""

_ASIDE = lazily(r"\([^()\n]{0,80}\)")
_LEAVES_IT = caseless(
    r"(?:so |please |pls )?(?:(?:do ?n[o']?t|never) (?:touch|edit|change|modify) (?:it|that|them|those|anything there)"
    r"|(?:leave|keep) (?:it|that|them) alone|hands off)\W*$"
)
_BINDS_IT = caseless(
    r"(?:(?:das|dies) (?:ist|bleibt) (?:pflicht|vorgabe|vorschrift|gesetz|ein muss|nicht verhandelbar)"
    r"|(?:that|this)(?:['\u2019]s| is) (?:mandatory|a must|the law|not negotiable|non-negotiable)"
    r"|c['\u2019]est obligatoire|es obligatorio|\xe8 obbligatorio|\xe9 obrigat\xf3rio)\b"
)
"""What says that what stands before it binds."""

_OWNED = caseless(
    r"(?:\bis|\bare|'s) (?:(?:not )?(?:ours|theirs|his|hers)\b|\w+'s\b(?! \w+ing)|(?:owned|maintained|managed) by\b"
    r"|generated\b|vendored\b)|\bbelongs? to\b|\bowns? (?:it|that|this|them)\b"
)
"""What leaves a thing to others, behind a sentence that says whose it is."""

_TELLS_OF = caseless(
    r"\b(?:is|are|was|were|it's|they're|gets?|goes?|comes?|stays?|hangs?|stops?) (?!to\b)[^.;:]{0,60}"
    r"\b(?:and|but|then) (?:it |they |that )?never\b"
)
"""What happens and never does: a report, no order."""


def is_firm(sentence: str) -> bool:
    """Return whether ``sentence`` says by itself that it holds on, or is told with emphasis."""
    lower = sentence.lower()
    return _holds_on(lower, _clauses(lower)) or _stresses(sentence)


def _holds_on(lower: str, clauses: list[str]) -> bool:
    holds = _HOLDS_ON.search(lower) or _HOLDS_ON_AT_ONCE.match(lower) or UNTIL.search(lower)
    return bool(holds) or any(map(_FIRM.match, clauses))


def _stresses(sentence: str) -> bool:
    stressed = EMPHASIZES.search(sentence) or _CRIES_ONLY.search(sentence)
    return bool(stressed) and not (sentence.isupper() or _SEEN.search(sentence))


def _is_rule(lower: str, clauses: list[str]) -> bool:
    forms = [form for form, words in _FORMS if any(map(lower.__contains__, words))]
    forms += (_ORDERS, _OURS) if lower.isascii() else (_ORDERS, _OURS, EAST)
    return bool(_BESIDE.search(lower) or LIMITS.search(lower) or is_convention(lower)) or any(
        form.match(clause) for clause in clauses for form in forms
    )


def _clauses(lower: str) -> list[str]:
    """Return the clauses of a sentence, each without the words that only lead to what it says, and without code spans.

    What an aside stands amid is one clause too.
    """
    bare = lower.replace("`", "")
    whole = _ASIDE.sub("", bare).replace("  ", " ") if "(" in bare else bare
    told = [*_CLAUSE.split(bare), *(_CLAUSE.split(whole) if whole != bare else ())]
    return [it[_LEADS.match(it).end() :] for it in told]  # type: ignore[union-attr]  # may be empty


_SENTENCES = lazily(r"(?<=[.?!\u3002\uff01\uff1f])\s*(?<=[\s\u3002\uff01\uff1f])|\n\s*")
_CLAUSE = lazily(
    r"[,;:(!\u2014\u2013\uff0c\u3001\uff1b\uff1a]\s*|\s-+\s|\s(?:and|but|so|und|aber|et|mais|y|pero|e|ma|mas)\s"
)
_LEADS = lazily(
    r"\W*(?:(?:please|pls|plz|ok(?:ay)?|btw|fyi|also|just|really|again|then|and|but|so|yes|ja|bitte|auch|dann|und"
    r"|aber|aussi|et|stp|svp|por favor|tambi\xe9n|y|per favore|anche|tamb\xe9m|e|remember|in (?:the|our|all) \w+"
    r"|for the \w+|whatever you do|also|ojo)\b[\s,:]*)*"
)
"""How a clause begins before it says something."""

_ASKS = lazily(
    r"\W*(?:(?:and|but|so|question:) )?(?:is|are|was|were|does|did|do (?:we|you|i|they)|has|have (?:you|we)|what|why"
    r"|how"
    r"|where|who|which|can|could|would|should (?:i|we|it|this)|warum|wieso|wie|was|pourquoi|por qu\xe9|perch\xe9)\b"
    r"|\W*(?:\u4e3a\u4ec0\u4e48|\u600e\u4e48|\u4e3a\u4f55)"
)
"""How a question begins that may have lost its mark."""

REPORTS_ERROR = lazily(r"\b\w*(?:error|exception)\b(?:\[\w+\])?: ")
"""A sentence that quotes an error: what it says must be is no order."""

_COMPLAINS = lazily(
    r"\b(?:that'?s (?:the|a) bug|fix (?:that|this|it)|(?:when|after|if) i \w+|after \w+ing|on my \w+"
    r"|(?<!')\b(?!(?:we|i|to|never|not) )\w+ say\b(?! so)|says|said|complains|claims|fails? with"
    r"|(?:sagt|meldet|behauptet)(?: er| sie| es)?\b"
    r"|(?:but|aber|pero|mais) (?:(?:it|they|he|she|this|that|now|still|instead|then) ){0,2}"
    r"(?:is|are|was|were|does|(?<!but )do|did|has|gets?|got|returns?|shows?|fails?|gives?|stays?|goes|comes?|keeps?"
    r"|throws?|ist"
    r"|sind|wird|tut|macht|pasa|da|sale|es|est|renvoie)(?:n't)?\b"
    r"|(?:should|shouldn't|soll|sollte)\b[^.;]{1,80}, (?:(?:it|they|es|sie) \w+|\w+ (?:es|sie|er) aber)\b"
    r"|ist (?:es|sie|er|das) aber|still (?:does|do|is|are|did)|(?:does|do|is|are) though)\b|, \w+ (?:\w+ )?aber\b"
    r"|\bbut \w+[^s\W]s\W*$"
)
"""What a sentence has that tells what goes wrong, or what somebody or some program said, not how it is to be."""

EMPHASIZES = lazily(
    r"(?<![Ii] )(?<![Ww]e )(?<![Ii]t )(?<!hey )(?<!is )(?<!are )(?<!was )(?<!were )(?<!does )(?<!did )(?<!has )"
    r"(?<!have )(?<!can )(?<!['\u2019]s )\b(?:NEVER|ONLY|ALWAYS(?! the same\b)"
    r"|NO(?= [a-z])(?! (?:idea|luck|errors?|output|difference|effect|response|data|results?|problems?|worr\w+|way|one"
    r"|longer|matter|need|more|changes? (?:in|to|at all))\b)|NIE(?:MALS)?|NICHT|JAMAIS|NUNCA"
    r"|NOT(?! (?:NULL|IN|EXISTS|LIKE|BETWEEN|FOUND)\b))\b"
)
"""What is written in capitals where no other word is: it limits, unless it tells what is so or was seen."""

_CRIES_ONLY = lazily(r"(?<!['\u2019]s )(?<!is )(?<!are )(?<!was )\bonly\s*!{1,3}$")
"""How a sentence ends that limits something with a cry."""

_SEEN = lazily(
    r"\b(?:NEVER|ALWAYS|ONLY|NIE|NUNCA|JAMAIS)\b (?:\w+[^s\W]s|\w+ed|when|if|after|auf$)\b|\bALWAYS (?:the|a)\b"
)
"""What stands in capitals and tells what happens."""

_ONE_TASK = caseless(
    r"\b(?:quick (?:one|question|thing|check|fix)|one[- ]off|(?:review|check|look|read|plan|analysis|explain"
    r"|question) only"
    r"|(?:only|just) (?:a )?(?:review|look|check|read|explain|plan|analy[sz]e|tell|show|list|describe|answer)"
    r"|read[- ]only (?:review|look)|read (?:it|this|that),"
    r"|kurze frage|nur (?:ein |eine )?(?:review|frage|an?schauen|angucken|gucken|lesen|pr\xfcfen)|zwischendurch"
    r"|(?:petite|juste une) question|pregunta r[aá]pida|solo (?:mira|revisa|lee))\b|[,.] just \w"
    r"|\u53ea(?:\u5ba1\u67e5|\u770b|\u8bfb|\u5206\u6790)"
)
"""What is asked for amid other work, or only looked at: what limits it ends with it."""

_ACT = caseless(
    r"\W*(?:(?:ok(?:ay)?|yes|good|great|fine|thanks|now|then|and|please|pls|gut|ja|jetzt|bitte)[\s.,!:;]+){0,4}"
    r"(?:git )?(?:commit|push|merge|release|deploy|ship|stage)(?:te?)?\b"
    r"(?! (?:messages?|msgs?|notes?|scripts?|branch(?:es)?)\b)"
)
"""How an order to commit or publish begins: what it leaves out, the next may have."""

_ONCE = lazily(
    r"\b(?:for (?:now|the moment)|today|while|right now|this (?:time|once|diff|commit|pr|run)|later|some ?day|again"
    r"|tonight|(?:not|n't|dont|no \w+) (?:now|yet)|(?:yet|now|already)(?=\W*$)|until|before you|(?:for|in) (?:another"
    r"|a later) (?:ticket|issue|pr|commit|session)"
    r"|sp[aä]ter|irgendwann|(?:nicht|noch) (?:jetzt|kein\w*|nicht|nochmal)|erst(?:mal| einmal)|vorerst|diesmal|heute"
    r"|cette fois|pour (?:l'instant|le moment)|plus tard|encore|(?<!de )maintenant|por ahora|esta vez|m[aá]s tarde"
    r"|todav[ií]a|a[uú]n|ahora no|por enquanto|agora n\xe3o|ainda|per ora|ancora)\b|\u5148|\u73b0\u5728\u4e0d"
    r"|\u4e0d\u8981\u73b0\u5728|\u6682\u65f6|\u4eca\u306f|\u307e\u3060"
)
"""What a sentence has that holds up to some time, or for one task."""

_PUTS_OFF = caseless(
    r"\W*(?:(?:but|that|we|i|let's|do|it|das|dazu|machen|wir|aber|\w+'ll) ){0,4}"
    r"(?:later|not now|sp[aä]ter|irgendwann|plus tard|m[aá]s tarde)\b"
)
"""How a sentence begins that puts off what the one before it says."""

_CORRECTS = lazily(
    r"(?:no|nein|non)\b[,.:;!]? (?:thanks, |please |just |danke, )?(?:use|keep|leave|take|put|add|set|write|call|make"
    r"|name|store|return|go with|only (?:for|in|on)|it (?:must|has to|needs)|we (?:use|keep|want|need|have to)|i want"
    r"|nimm|verwende|benutze?|nutze?|lass|behalte?|mach|utilise|garde|prends|laisse|mets|usa|deja|pon|guarda)\b"
    r"|(?:so |ok |then )?(?:decisions?|decided?|we decided|entscheidung|entschieden|d\xe9cision|decisi\xf3n)\s?:"
)
"""How a request begins that corrects what was done or proposed, or states a decision."""

_NO_RULE = (
    r"(?!(?:mind|again|before|seen?|had|got|gets?|saw|was|were|did|knew|heard|ran|came|went|fails?|worked"
    r"|wrote|took|made|gave|found|told|thought|said|kept|built|sent|felt|held|met|paid|spoke|knew|began|broke|chose)\b"
    r"|\w+(?:[^s\W]s|ed)\b)"
)
"""What may not follow "never": words that tell what happened or happens."""

_FIRM = lazily(
    rf"(?:never {_NO_RULE}\w|(?:you |we )?(?:should|must|may) never \w|i never want (?!to\b)|always (?:ask|run|use"
    rf"|write|show|check|test|read)\b"
    r"|no (?!one\b)[\w-]+(?: [\w-]+){0,3} without (?:(?:asking|telling|checking with) (?:me|us)"
    r"|(?:my|our) (?:ok(?:ay)?|go|approval|word))\b"
    r"|keine?n? [\w-]+(?: [\w-]+){0,2} ohne (?:r\xfcckfrage|mein\w* (?:ok(?:ay)?|freigabe|zustimmung))"
    r"|(?:nobody|no one) (?:runs|touches|pushes|merges|deploys|edits|changes|restarts|deletes|applies|upgrades|ships"
    r"|uploads|releases|publishes)"
    r" [^,.;:]{0,60}\b(?:today|tonight|this week|un?till?|before(?! (?:they|it|me)\b)|without"
    r"|by hand|(?:on|in|to) (?:prod|main))\b"
    r"|(?:i want you to )?ask (?:me |us )?(?:first )?before|do ?n[o']?t ever |write \w+ first$"
    rf"|nie(?:mals)? {INFINITIVE}|nie ohne \w+\W*$|niemals (?!(?:\w+ )?(?:\w+)?ge\w)|jamais (?:de )?(?:force|push"
    rf"|merge"
    rf"|commit|mock|print|rebase|any|\w+er\b)|nunca (?:\w+[ae]s|fa\xe7a|commites?|use|mexa|toque|altere|apague)\b"
    rf"|mai \w+[aei]re\b)"
)
_HOLDS_ON_AT_ONCE = lazily(
    r"\W*(?:(?:please )?use [\w./-]+(?: for [\w ./-]{1,30}?)?(?: please| pls)?,? (?:never|not) [\w-]+\W*$"
    r"|(?:\w+ ){0,2}(?:rules?|regel|r\xe8gle|regla|regra|regola)"
    r"(?: (?:for|of|on|f\xfcr|pour|para|per) [\w ]{1,30})?: \w"
    r"|(?:\w+ ){0,3}no\b(?! (?:one|body|idea|clue|row))[^.!?;:]{1,60}(?<!for )\bever(?=\W*$|[.,;!)]))"
)
_HOLDS_ON = lazily(
    r"\b(?:(?:do ?n[o']?t|never) (?:(?:propose|suggest|bring up|raise|mention) (?:it|that|this)\b"
    r"|bring (?:it|that|this) up)|from now on|(?:must|has to|have to|should) stay|at all times|gehst du (?:nicht|nie)"
    r"|(?:ab|von) (?:jetzt|sofort) an?|ab (?:jetzt|sofort)"
    r"|bleib(?:t|en) (?:so|bei|unver\w+|unangetastet|wie (?:er|sie|es|bisher|gehabt))"
    r"|stays? (?:exactly )?(?:as (?:(?:it|they) (?:is|are|was|were)|is)|unchanged|untouched)\b"
    r"(?! (?:after|when|on|if)\b)|is (?:crucial|essential|off[- ]limits)(?=\W*$|,)"
    r"|d\xe9sormais|\xe0 partir de maintenant|de ahora en adelante|a partir de ahora|de agora em diante|d'ora in poi"
    r"|em hip\xf3tese alguma|interdi(?:t|ction) de|(?:(?:ist|sind|bleib(?:t|en)) (?:tabu|verboten)"
    r"|(?:est|sont) interdite?s?|(?:est\xe1|queda) prohibid[oa]|\xe8 vietato)(?![^.;]{0,40}\b40\d\b))\b"
    r"|\u4ee5\u540e(?!\u518d)|\u4eca\u540e|\u4ece\u73b0\u5728(?:\u5f00\u59cb|\u8d77)|\u6c38\u8fdc\u4e0d\u8981"
)
"""What says by itself that it holds on: how a clause begins, or what stands anywhere."""

_THINGS = (
    r"(?:mock\w*|any|emojis?|class(?:es)?|comments?|async|locks?|threads?|globals?|global state|magic \w+|todos?"
    r"|force[- ]push\w*|abbreviations?|dep(?:endenc(?:y|ie))?s?|librar(?:y|ies)|libs?|packages?|frameworks?|orm"
    r"|regex(?:es)?"
    r"|lambdas?|decorators?|inheritance|singletons?|macros?|unsafe|sleeps?|floats?|prints?|eval|auto[- ]?format\w*"
    r"|telemetry|sudo|shims?|fallbacks?|abstractions?|hacks?|triggers?|optionals?|module state|polling|debounc\w+"
    r"|toasts?|popups?|modals?|enums?|stored procedures?|cron ?jobs?|gems?|crates?|suspense)"
)
_ORDERS = lazily(
    r"(?:(?:do ?n[o']?t)(?! (?:you|we|they|i|it|have|know|see|think|understand|work|exist|remember|get|seem|even|need"
    r"|want|like|care|worry|bother|mind|hesitate|panic|spend|waste|wait|stop|start|hurry|forget(?! (?:that|we|it)\b)"
    r"|\w+ (?:that|this|these|those)(?! (?:by|with|via|in)\b))\b"
    r"| \w+ (?:it|them|anything(?: else)?(?: here| there)?)\W*$) \w"
    rf"|never {_NO_RULE}\w|always (?!(?:the|a|an|on|at|in|with|after|from|when|if|about|null|zero|empty|none|true"
    rf"|false|wrong|got|\w+[^s\W]s|\w+ed|\w+ing)\b)\w|always$"
    rf"|(?:[\w-]+ ){{1,4}}always {IN_LANGUAGE}|(?:english|german|french|spanish) only\b"
    r"|only (?:ever|touch|use(?! case)|depend|target|support|commit|write to|import|allow|accept)\b"
    r"|prefer (?!(?:\d|[a-d]|what|option|it|that|this|the (?:first|second|third|last|other))\b)"
    r"|avoid (?!(?:the|that|this|it)\b)|make sure (?:that )?(?:every|all (?!(?:is|was|of|works?|goes)\b)|no|nothing"
    r"|nobody|each|any|(?:you|we|it) (?:never|always))\b"
    r"|keep (?:(?:the|our|all|every) )*(?:old|existing|public|current|original|using|in mind)\b"
    r"|keep (?:[\w-]+ ){1,4}(?:as (?:it|they|is)|unchanged|stable|compatible|green|small|short|simple|under|below"
    r"|working)\b|bear in mind\b|remember (?:that|we|to)\b"
    r"|(?:must (?:be|stay|remain) |keep it |stay )?backwards?[- ]compatib\w+|it'?s? (?:is )?crucial (?:that|to)\b"
    r"|stop (?:adding|using|writing|putting|asking|making|creating|inventing|importing|apolog\w+|summar\w+"
    r"|reformatting|guessing|touching|pushing) \w|stop (?:apolog\w+|summar\w+)\W*$|stay away from"
    r"|hands off|finger weg\b|stick (?:to|with) (?!(?:it|that|this|option"
    r"|the (?:first|second|third|last|other|plan)|\d|[a-d])\b)"
    rf"|use (?:[\w@./-]+ for every\w*|(?!(?:the|it|that|this)\b)(?:[\w@./-]+ ){{1,3}}only\W*$)"
    rf"|(?:everything|all|alles|tout|todo|tutto|tudo) {IN_LANGUAGE}(?=\W*$| (?:please|por favor|bitte)\b)"
    rf"|(?:write|answer|reply|respond|comment|schreib|antworte)\w*\b(?! (?:it|this|that"
    rf"|das)\b)[^.]{{0,30}} {IN_LANGUAGE}(?=\W*$| (?:please|only|always)\b)|leave (?!(?:it"
    rf"|that|this|them)\b)[\w./ -]{{1,40}} alone\b"
    r"|no (?:new|extra|additional|external|third[- ]party|schema|api|breaking|public)"
    r" (?!(?:errors?|failures?|warnings?|messages?|issues?|problems?|bugs?|results?|rows?|output|data|info|questions?"
    r"|than)\b)[\w-]+(?: [\w-]+)?(?<!ed)(?<! found)"
    r"(?=\W*$| (?:please|pls|that|in|for|to|on|ever|at all|anywhere|or)\b)"
    rf"|no changes (?:to|outside)\b|no (?:[\w-]+ ){{1,3}}(?:please|pls|plz)\b|no (?:more )?{_THINGS}(?=\W*$"
    rf"| (?:please|that|in|for|to|on|ever|at|anywhere|or|of)\b))"
)
_BESIDE = lazily(r" only, (?<=\w only, )(?:and )?no \w")
"""What bans beside what is allowed."""
_OURS = lazily(
    r"(?:i|we) (?:do ?n[o']?t|never) want (?!(?:to(?! see (?!it|that|this))|it|that|this|them)\b)|i want no\b"
    r"|(?:i|we)(?: (?:would |strongly )?prefer|'d prefer) (?!(?:\d|[a-d]|what|option|it|that|this|to wait"
    r"|the (?:first|second|third|last|other))\b)"
    r"|we (?:do ?n[o']?t|never|always|only) (?:use|mock|commit|push|merge|edit|touch|change|log|store|import|add"
    r"|break|delete|deploy|squash|rebase|force|ship|publish|skip|rename|drop|hardcode|write|support|guess|assume"
    r"|trust|invent|poll|expose)\b"
    r"|we (?:have|want|need) to (?:support (?!(?:it|that|this)\b)|(?:stay|remain) (?:on|with|compatible"
    r"|backwards?)\b)|you (?:may not (?!(?:need|have|want|see|know|find|get|be|like)\b)|are not allowed to)\b"
    r"|we (?:can(?:no|')t|must(?:n't| not)|should(?:n't| not| never| always)) (?:break|change|rename|remove|touch"
    r"|edit)\b"
)
"""What the user's side wants, or does."""

_ALL = r"(?:all|every|each|any|no|both) (?!of (?:them|it|these|those)\b)(?:\S+ ){1,5}"
_PLURAL = r"(?!(?:the|these|those|this|its?|yes|logs|docs) )(?:[\w./-]+ ){0,2}[\w./-]+[^s\W]s "
"""How a clause begins that speaks of things in general: of all, or in the plural without an article."""
_MUST = lazily(
    rf"{_ALL}must(?! (?:have (?:been|\w+ed)|be (?:out|some|a|an|because|broken|wrong|stale|missing|lost|gone|old))\b)"
    rf"|{_PLURAL}must (?!(?:have|be(?! (?:in|at|under|below|unique|typed|tested|deterministic|reproducible|exact"
    rf"|stable|idempotent|optional|sorted)\b))\b)"
    rf"|(?:{_ALL}|{_PLURAL})(?:(?:should|may)(?:n't| not(?! (?:take|need|fail|happen|matter|cost)\b)| only| always"
    rf"| never)|ca(?:n't|nnot) be)\b"
    r"|(?!(?:i|you|this|that|they|there|something|it) )(?:\S+ ){1,5}must (?:(?:not|never|always|only) (?!have\b)"
    r"|(?:stay|remain|keep|work|support|run|exit|ignore|accept|reject|match)\b)"
    r"|(?:nothing|nobody|no one) (?:[\w./-]+ ){0,4}(?:may|must)\b"
    r"|you must (?:not|never|always)\b(?! have\b)|it must (?:not|never|always) (?!be\b)"
    r"|(?!(?:i|it|this|that|they|there) )(?:\S+ ){1,5}should (?:never|always)\b|must (?:not|never)\b (?!be\b)"
)
_FORMS = (
    (_MUST, ("must", "should", "may", "can")),
    (GERMAN, ("immer", "nie", "nicht", "kein", "bleiben", "darf", "d\xfcrf")),
    (
        ROMANCE,
        (
            *("pas", "jamais", "plus", "rien", "n'", "toujours", "faut", "doi"),
            *("siempre", "sempre", "no ", "sin ", "nunca", "debe", "tienen", "n\xe3o", "non ", "nada "),
        ),
    ),
)
"""Forms that take long, each with words of which one is in whatever has it."""
