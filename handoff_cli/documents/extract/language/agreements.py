"""Words that only agree or say to go on, in some ten languages: they mean what they answer."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless
from handoff_cli.documents.extract.language.words import as_one_line

SHORT_CHARS = 100
"""A request up to here may mean what it says only together with what it answers."""

_AGREES = (
    r"yes|yep|yeah|y|ok(?:ay)?|sure|go(?: ahead| on| for it)?|continue|carry on|keep going|proceed|please|pls"
    r"|do (?:it|that|so)|thanks?(?: you)?|thx|great|perfect|good(?: to know)?|cool|nice|sounds good|lgtm|next|let'?s go"
    r"|lol|rofl|(?:ha){2,4}|hehe|right|correct|done|got it|understood|alright|makes sense|agreed"
    r"|(?:(?:it'?s|is|i|i'?ve|all|now|just) )?(?:pushed|merged|applied|deployed|built|restarted|installed|uploaded)"
    r"|(?:fine|exactly|super|passt(?: so)?|bien|si)(?![ -]\w)"
    r"|ja|gut|genau|weiter|mach(?:e|t)? (?:bitte |so )?weiter|leg los|mach(?:e|t)? das|bitte|danke"
    r"|oui|d'accord|vas-y|allez-y|parfait|merci"
    r"|s\xed|vale|dale|claro|sigue|contin\xfaa|adelante|hazlo|perfecto|gracias"
    r"|sim|segue|pode (?:seguir|continuar)|beleza|obrigad[oa]|s\xec|va bene|vai|continua|procedi|perfetto|grazie"
    r"|\u7ee7\u7eed|\u597d\u7684?|\u53ef\u4ee5|\u884c|\u55ef|\u662f\u7684|\u6ca1\u95ee\u9898|\u8c22\u8c22"
    r"|\u306f\u3044|\u7d9a\u3051\u3066(?:\u304f\u3060\u3055\u3044)?|\u304a\u9858\u3044\u3057\u307e\u3059"
)
_STOPS = r"[\s.,!:)\u3002\uff0c\uff01]"
GO_AHEAD = caseless(rf"(?:(?:{_AGREES}){_STOPS}*)+\Z")
AGREED = caseless(rf"\W*(?:{_AGREES})\b{_STOPS}*")


def is_bare(words: str) -> bool:
    """Return whether ``words`` only say to go on, or to commit, push or merge what is there: no goal by themselves."""
    return len(words) <= SHORT_CHARS and bool(_BARE.match(as_one_line(words)))


_BARE = caseless(
    rf"(?:(?:{_AGREES}|now|then|and|also|can you"
    r"|could you|let'?s|resume|(?:git )?(?:commit|push|merge|rebase|ship|release|deploy|stage)"
    r"|(?:(?:open|create|make|draft|raise|submit) )?(?:a |the )?(?:draft )?(?:pr|mr|pull request|merge request)"
    r"|i (?:have|need|'ve got) to (?:leave|go)(?: now)?|i(?:'m| am) off(?: now)?"
    r"|(?:hasta (?:ma\xf1ana|luego|pronto)|agur|adi[o\xf3]s|chao|corto la grabaci[o\xf3]n|eso es"
    r"|tsch\xfc(?:ss|\xdf)|bis (?:morgen|dann)|gute nacht|\xe0 (?:demain|bient\xf4t)|au revoir|ciao|a domani|bye"
    r"|see you(?: tomorrow)?|good ?night)"
    r"|(?:tomorrow )?(?:someone|somebody|a colleague)(?: else)? (?:goes on|continues|takes over|will go on)"
    r"|all|it|this|that|everything|(?:the|these|my) changes|to (?:main|master|origin)|the branch)[\s.,!:)&+]*)+\??\Z"
)
