"""What the agent wants of the user before it goes on, in any of several languages."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def invitation(said: Sequence[str]) -> str:
    """Return which of the last sentences that the agent ``said`` wants something of the user, empty where none does."""
    return next((it for it in reversed(said[-_LAST_SAID:]) if _INVITES.match(it) or _WANTS_WORD.search(it)), "")


_LAST_SAID = 3
_GIVE = (
    r"(?:paste|send|share|upload|attach|provide|tell me|give me|show me|confirm|choose|pick|reply|answer"
    r"|let me know (?:which|what|how|when|where|whether|once|the)|let me know(?= if (?:the|its?|that|this)\b"
    r"(?!(?: \w+)? (?:helps?|makes sense|sounds|looks|is (?:ok|okay|fine|what you|not what)|works for you)\b)))"
)
_THING = (
    r"(?:(?:the|your|an?|me|us|it|this|these|that|them|which|whether|if|what|how|when|where|with|one|all|any|some|both"
    r"|or|here|over)\b|[\d\"'`\u201c])"
)
"""How what is asked for begins: "Share buttons work" asks for nothing."""
_INVITES = caseless(
    rf"\W*(?:(?:so|then|now|next),? )?(?:please )?(?:{_GIVE} (?!the user\b)(?={_THING})"
    rf"|(?:if|once|when) (?:this|that|it|these|they|everything|all)(?: (?:of )?(?:this|that|it))?"
    rf" (?:looks?|sounds?|is|are|works?|seems?) (?:all )?(?:good|right|ok|okay|fine|great|correct)\b.{{0,80}}?"
    rf"\bi(?:['\u2019]ll| will| can| could)\b"
    rf"|say [\"'\u201c]|(?:once|when|after|if) you(?:['\u2019]ve| have|['\u2019]re| are| can)?\b.{{3,160}}?\b"
    rf"(?:{_GIVE}\b|i(?:['\u2019]ll| will| can| could)\b)|i(?:['\u2019]m| am)? (?:need|waiting for) (?:you|your)\b)"
    r"|\W*(?:bitte )?(?:sag|sagt|schick|gib|zeig|teil)e?(?:n sie)? mir\b"
    r"|\W*(?:por favor,? )?(?:(?:dime|env[i\xed]ame|p[a\xe1]same)\b|(?:av[i\xed]same|me (?:avis|dig|cont)[ae]"
    r"|(?:avis|dig|cont)[ae]-me|fammi sapere|dimmi) (?:si|se|qu[e\xe9]|c?[o\xf3]mo|come)\b(?! (?:quier|quis|necesit"
    r"|precis|prefier|tien|tem\b|tiver|hai\b|vuoi|hay\b)))|\W*(?:dis|dites|envoie|envoyez|donne|donnez)-moi\b"
    r"|\W*\u8bf7(?:\u63d0\u4f9b|\u544a\u8bc9|\u53d1|\u786e\u8ba4|\u9009\u62e9)"
)
"""How an agent says what it needs from the user, in some languages."""

_WANTS_WORD = caseless(
    r"[\w)`\"'],? (?:and|then|und|dann|y|e|et|ed) (?:then |please |bitte )?(?:let me know|tell me|report back"
    r"|sag(?:en sie|t)? mir|dime|d[i\xed]game|av[i\xed]same|me (?:avis|dig)[ae]|(?:avis|dig)[ae]-me|dis-moi|dites-moi"
    r"|dimmi|fammi sapere),? (?:if|whether|what|how|which|ob|was|wie|si|qu[e\xe9]|c[o\xf3]mo|se|come|ce que|comment)\b"
    r"(?! (?:you\b|there['\u2019]s|anything|du\b|sie (?:noch|mehr)|noch was|tu as|vous"
    r"|(?:quier|necesit|precis|tien|vuoi)))"
    r"|\u544a\u8bc9\u6211(?:\u662f\u5426|\u7ed3\u679c|\u8f93\u51fa|\u80fd\u5426|\u6709\u6ca1\u6709)"
    r"|(?:\u304b\u3069\u3046\u304b|\u7d50\u679c)\u3092?(?:\u6559\u3048\u3066|\u304a?\u77e5\u3089\u305b)"
    r"| \u0438 (?:\u0441\u043a\u0430\u0436|\u0441\u043e\u043e\u0431\u0449)\u0438(?:\u0442\u0435)?\b"
)
"""How a sentence ends that tells the user what to try, in some languages."""
