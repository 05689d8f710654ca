"""What stands around a word for a password that calls another word one: what ``sentences`` looks for, and a quick look.

Most texts that speak of passwords tell none, and what finds those that are told takes long to load.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled

USED = r"(?i)\b(?:use|used|using|with|try|tried|enter|entered|type|typed|mit|con|avec|com|hard-?coded|default|known|leaked|temporary|initial)[ ](?:(?:the|this|my|his|her|its|your|our|same|dem|la|el|le|il|o|a)[ ]){0,2}(?:[a-z]{2,10}[ ])?\Z"
_USER = r"[\"'`]?[A-Za-z][\w.+-]{1,31}(?:@[\w.-]{3,64})?[\"'`]?"
AFTER_USER = (
    rf"(?i)(?:\b(?:user(?:name)?|login|log[ ]in|logged[ ]in|account|as|user[ ]id|benutzer|nutzer|usuario|usu\u00e1rio|utente|utilisateur|identifiant|u\u017cytkownik|u|id|ssid|wi-?fi(?:[ ]name)?|network|netz|e-?mail|\u043b\u043e\u0433\u0438\u043d|\u7528\u6237\u540d?)[ :=]{{1,3}}"
    rf"(?:as[ ]|with[ ]|user[ ]|is[ ])?{_USER}|\b[\w.-]{{2,32}}@[\w-]+(?:\.[\w-]+)*)[,;]?[ ]{{0,3}}(?:[/|][ ])?(?:and[ ]|with[ ]|und[ ]|y[ ]|et[ ]|e[ ]|mit[ ]|con[ ]|\#[ ]){{0,2}}(?:the[ ]|dem[ ]|la[ ]|its[ ])?\(?\Z"
)
ASKS = r"(?i)(?:^|[\s>:])(?:what|which|was|wie|quelle?|cu[a\u00e1]l|qual|jakie|\u043a\u0430\u043a\u043e\u0439|(?:can|could|would)[ ]you|send|give|tell|share|need|remember|know|have|got|forgot)\b[^\n]{0,60}\Z"
USED_AS = r"[ ](?:as|for|als)[ ](?:(?:the|its|your|my|his|her|a|our|their|new|root|admin|temporary|initial)[ ]){0,3}\Z"
PROMPTED, IS_THE = (
    r"(?:asked|prompted|it[ ]asks)[^.\n]{0,20}\Z",
    r"[ ](?:is|was)[ ](?:the|my|our|their|his|her)[ ](?:\w+[ ]){0,2}\Z",
)
CALLED_BEHIND = rf"(?i){USED_AS}|{PROMPTED}|{IS_THE}"
"""What leads to a word for a password that calls one so: how one is used, whose it is, who asks for it, what it is called."""
_STATES = (
    r"(?i)[ ](?:(?:for|of|to|on|in|at|f\u00fcr|zum|zur|vom|von|der|des|de|del|du|do|da|para|pour|di|per|od|na|van|voor|till|til)(?:[ ][\w.@'\u2019/&-]{1,24}){1,5}?"
    r"|[^\W\d_]{4,20}(?=[ ]?:)|d['\u2019][^\W\d_]{3,12}|\([^()\n]{1,40}\))?"
    r"(?:[ \t]{0,2}(?:[:=\u2192\u2013\u2014]|-[> ])|[ ]?(?:is|was|will|should|has|ist|lautet|war|est|es|era|\u00e9|\u00e8|from|to|into|auf|a)\b)"
    r"|[ ](?:please[ ])?(?:i[ ])?(?:enter|type|use|answer|say|put|gave|tried)|[ ][ \t:]*\r?\n|[ ][\w.@' -]{0,41}\?"
)
"""What is behind a word for a password that goes on to say one, to ask for it or to be answered."""
_FOLLOWED = (
    r"(?i)[ ][\"'`]{0,3}(?:\S{0,50}(?:[(\u3002]|[)\]][.,])|\S{5,56}(?:\s*\Z|[ \t]*\r?\n|(?<=[.!,;)\]])\s"
    r"|[ ]{1,3}(?:[(#/\u2013\u2014-]|(?:and|but|so|by|btw|on|for|until|if|when|now|please|thanks|at|in|und|y|et|e)\b)))"
)
"""The same, where a user's name or ``with the`` stands before: a word that ends a clause."""
_LEADS, _MOST_BEFORE, _LINE = (
    ("as ", "for ", "als ", "when ", "if ", "once ", "where ", "is ", "was "),
    160,
    r"[ ][\w.@' -]{0,41}[\"'`]?[ \t]*\r?\n",
)


def may_be_said(text: str, start: int, end: int) -> bool:
    """Return whether what is around a word for a password, from ``start`` to the blank at ``end``, may call another one."""
    if compiled(_STATES).match(text, end):
        return True
    before = text[max(start - _MOST_BEFORE, 0) : start].rpartition("\n")[2]
    if compiled(_FOLLOWED).match(text, end) and (compiled(USED).search(before) or compiled(AFTER_USER).search(before)):
        return True
    if any(lead in before for lead in _LEADS) and compiled(CALLED_BEHIND).search(before):
        return True
    return compiled(_LINE).match(text, end) is not None and compiled(ASKS).search(before) is not None
