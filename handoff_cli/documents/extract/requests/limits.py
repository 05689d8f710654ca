"""What limits the work whatever is at hand: what stays as it is, by which way, how much, how late, and by whose leave.

Such words may stand anywhere in a sentence: see ``lasting``.
"""

from __future__ import annotations

from handoff_cli.core.patterns import caseless

_DAY = (
    r"(?:\d|(?:next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)"
    r"\w*(?= \d|\W*$)|the (?:\d|next|release|freeze|launch)"
    r"|(?:dem |dem n\xe4chsten )?(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)"
    r"|(?:le )?(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|\d)"
    r"|(?:el )?(?:lunes|martes|mi\xe9rcoles|jueves|viernes|s\xe1bado|domingo|\d))"
)
_ACTS = (
    r"(?:deploy|releas|publish|ship|push|merg|roll(?:ed)? out|restart|delet|drop|unmount|migrat|apply|appli"
    r"|go to (?:prod|ops|main|live|\w+ment\b)|go live|use)"
)
_SEES = (
    r"(?<!'s )(?<!is )(?<!are )(?<!was )(?<!were )(?<!has )(?<!had )(?<!i have )(?<!see )(?<!saw )(?<!get )"
    r"(?<!gets )(?<!got )(?<!shows )(?<!returns )"
)
"""What may not stand before a "no", or an amount: words that tell what is so."""

UNTIL = caseless(
    rf"\b(?:not before|nicht vor|pas avant|no antes del?|n\xe3o antes d[eoa]|non prima d\w{{1,3}}) {_DAY}"
    rf"|\b(?:keep|leave) [^.,;:]{{1,40}} until {_DAY}"
    rf"|\b(?:must(?: not|n't)|do ?n[o']?t|never|nobody|no one|no) (?:be )?{_ACTS}[^.,;:?]{{0,60}} "
    r"(?:until|before|between) (?!(?:you|this|that)\b)\w"
    r"|\bbefore (?:you )?(?:call|say|declar|report)\w* (?:\w+ ){0,3}(?:done|finished|complete)\b"
    rf"|{_SEES}\bno (?!(?:errors?|problems?|luck|crash(?:es)?|hangs?|failures?)\b)[^.,;:?]{{2,40}} again"
    r"(?= please|\W*$)"
)
"""What holds up to a time that the words name, for whoever goes on."""

_BEGINS = r"(?:^|[,;:(] ?|\b(?:and|but|so|please|again) )"
_SETS = (
    rf"(?:{_BEGINS}(?!(?:accepts|costs|gets|gives|has|holds|is|needs|returns|shows|takes|uses|was) )[a-z-]+ "
    rf"|{_SEES}(?<![^s\W]s )(?<!took )(?<!about )\b)"
)
"""What stands before an amount that is set: no word that ends as "returns" does, unless the clause begins by it."""
LIMITS = caseless(
    r"\bno (?:new |other |more )?(?:dep(?:s|endenc\w+)|libs?|librar\w+|gems?|crates?|third[- ]party)\b"
    r"|\bonly (?:(?:go(?:es)?|ships?) (?:out |live )?)?(?:via|through|thru|over)\b"
    r"|\b(?:via|through) (?:an? |the |our )?[\w./ -]{1,30}, (?:not|never) (?:via|through|with|by|from|directly)\b"
    r"|\b(?:please|pls) no (?!(?:rush|hurry|worr|need|idea|problem|stress|panic|offen[cs]e|longer"
    r"|more (?:questions|of))\w*\b)\w"
    r"|\bno [^,.;:?]{2,60} in (?:(?:the )?(?:commit|branch)|this (?:repo|project|codebase|package))"
    r"|\b(?:nothing|nobody|no one) (?:under|in|below|from|outside) \S+ (?:gets?|is|may|must|leaves?|goes)\b"
    r"|\w: never\b|\b(?:do(?:es)? ?n[o']?t|must not|may not|never) leaves? (?:the|our|this)\b"
    r"|\bno (?:commits?|push(?:es)?|writes?|deploys?|merges?) (?:to|into|on) \w"
    r"|, (?:do ?n[o']?t|never) (?:touch|change|edit) (?:them|those"
    r"|the (?:data|db|database|schema|tables?|rows|prod\w*))\b"
    r"|\bno (?!(?:errors?|warnings?|changes?|tests?|data|rows?|results?|hits?|output|info|trace|sign|such)\b)"
    r"[a-z][\w.-]* in (?:the|any|our) [\w.-]+\W*$"
    # to be as it is
    r"|\bleave (?:[^.;:]|[.](?=\w)){1,60} (?:alone|as (?:it is|they are|is))\b"
    r"|\bkeep (?!(?:it|that|this|them|going|up|on|in|me|us|your)\b)(?:[\w.-]+ ){1,5}(?:for|as)"
    r" (?!(?:now|long|soon|well|a (?:moment|while))\b)\w"
    r"|\b(?:is|are) (?:sacred|immutable|off[- ]limits|not negotiable|non-negotiable|read[- ]only for you)\b"
    r"|\b(?:stays?|remains?) (?:authoritative|mandatory|private|frozen|compatible|in charge)\b"
    r"|\b(?!(?:it|this|that|memory|cpu|load|lag|latency|usage|rss|counte?r?|status|value|number|progress|page|badge"
    r"|bar|still) )\w+ (?:stays?|remains?) (?:at |on )?v?\d"
    r"(?![\w.]* (?:after|when|while|if|even|although)\b)[\w.]*(?! ?%)(?=\W| |$)"
    r"|\b(?:msrv|minsdk|min(?:imum)? version) (?:is|=) v?\d"
    # how much, at most
    rf"|{_SETS}(?:(?:not?) more than \d|at most \d|\d[^.,;:]{{0,24}} (?:at (?:the )?most|max(?:imum)?\b(?! is)))"
    r"|\bonce per \w+ at most"
    r"|\b(?:limit|budget|cap|maximum|max\.?)(?: (?:for|of|on) (?:the )?[\w -]{1,24})?(?: is|:)"
    r" (?:at |not more than )?\d(?!\S* (?:in the (?:code|config\w*)|now|today|currently)\b)"
    r"|\bh\xf6chstens \d|\bnicht (?:mehr|l\xe4nger) als \d|\bmaximal \d"
    r"|\b(?:m\xe1ximo (?:de )?|como mucho |no m\xe1s de |no m\xe1ximo |au (?:plus|maximum) |pas plus de |maximum )\d"
    r"|\b(?:al massimo|non pi\xf9 di) \d"
    # by whose leave, and what is ruled out by whom
    r"|\bonly with [\w.]{2,20}(?:['\u2019]s)? (?:ok(?:ay)?|approval|permission|consent|sign-?off)(?=\s*(?:[.,;:!?)]|$))"
    r"|\b(?:nobody|no one) (?!(?:could|had|knows|noticed|has|is|was|\w+ed)\b)\w+ [^.;:?]{2,60}"
    r" without (?:asking|telling|my|our)\b"
    r"|\b(?:only|nur) (?:by|durch|von) (?:me|us|mich|uns|mir)\b|\bwon't accept anything else\b"
    r"|(?<!\bit )(?<!this )(?<!that )(?<!server )(?<!app )(?<!api )(?<!page )(?<!browser )\bforbids?\b"
    r"(?![^.;]{0,40}\b40\d\b)"
    r"|\byou (?:never|always) (?!\w+ed\b|(?:crash|fail|finish|hang|freeze|break|stop|listen|did|said|told|wrote|made"
    r"|saw|got|were|had|answer|forget|reply)\b)"
    r"\w+(?=\W*$)"
    # not without, not with
    rf"|{_SEES}\b(?:no|kein\w*|ning[u\xfa]na?|aucune?|nessun\w?|nenhuma?) (?!one\b|way\b"
    r"|[^.,;]{0,40} (?:can|could|kann|k\xf6nnen|konnte\w*|puede|peut|pu\xf2|pode)\b)[\w`. /-]{2,40} (?:without|ohne|sin"
    r"|sans|senza|sem) (?!(?:it|this|that|them|error|fehler)\b)\w"
    r"|\bbitte (?:kein\w* (?!(?:sorge|hektik|panik|eile|umst[a\xe4]nde)\b)|ohne )[\w`-]"
    r"|(?:^|[.,;:] )not with(?:out)? [`-]"
    # no ...ing
    rf"|{_BEGINS}no (?!(?:warn|str|sett|mean|mapp|end|th|k|spr|tim|padd|head|bind|logg|train|pars|miss|someth|hear|br"
    r"|build)ing)\w{3,}ing"
    r"(?![^.,;]{0,40} (?:happens?|occurs?|appears?|starts?|shows?|works?|was)\b)"
    r"(?=\W*$| (?:of|in|on|at|to|before|until|without|anywhere|either|please|here|again|the|any|from)\b)"
    rf"|{_BEGINS}no (?:[\w`/-]+ ){{1,4}}(?:anywhere|on this branch|please)\b|(?:^|[,;:(] ?)no `[^`]{{2,40}}`(?=\W*$|,)"
    r"|\bno changes? (?:in|under) \S*[/.]"
    r"|\b(?:everything|all of it) (?:goes|lives|stays|runs) (?:through|via|in|on|behind|under) (?:[\w-]+ ){1,4}always\b"
)
"""What limits the work: nothing new to depend on, one way in, what stays where it is, so much and no more."""
