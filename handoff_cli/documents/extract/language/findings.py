"""How much a sentence of the agent's tells, and what an account of a compaction says: nothing is reworded.

Which sentences are taken is told by how they conclude ("the root cause is", "turns out", "the verdict"), by the names
and figures in them, and by what they are not: talk, plans and doubts.
"""

from __future__ import annotations

from handoff_cli.core.light import lru_cache
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.words import SENTENCE_END, identifiers, is_code_name

TYPE_CHECKING = False

SENTENCE_CHARS = 330
LEAST_CHARS = 30
LEAST_WORTH = 2.0
"""What a sentence is worth at least that is told at all."""

CAUSE = caseless(
    r"\b(?:root cause|(?:core (?:issue|problem)|the reason)(?=:)"
    r"|culprit|turns? out|turned out|(?:that'?s|th(?:at|is) is) why|correct myself|i was wrong"
    r"|(?:that|this) (?:is|was) the (?:(?:root|real|actual) )?(?:cause|bug|reason)"
    r"|(?:it|that|this)(?:'s| is) (?:now |thus )?proven|das ist (?:damit |jetzt |nun )?(?:be|er)wiesen"
    r"|(?:c'est|est) (?:donc )?prouv\xe9|(?:queda|est\xe1) (?:demostrado|probado)"
    r"|is what (?:broke|breaks|caus|destroy|kill|los|leak|slow|block|trigger|drop|delet|corrupt|hang|clos|ate)\w*"
    r"|cause of (?:the|this|that|both)|it came (?:by|from|with|through)|explains? (?:why|how)|because|due to"
    r"|(?:that|this|it|which) (?:fits|matches|explains) (?:the|your|both|all) (?:\w+ )?(?:stack|trace|crash|symptom"
    r"|hang|leak|failure|discrepanc)\w*|caused? by|stems? from|so it (?:falsely|wrongly|never)"
    r"|which (?:breaks|resets|loses|overwrites|discards|shadows|swallows|clobbers|wipes)"
    r"|first bad commit|erster? schlechter? commit"
    r"|(?:die|der) (?:ursache|grund|fehler) (?:ist|war|liegt)|das problem (?:ist|war|liegt)|liegt daran|weil|deshalb"
    r"|dadurch|wodurch|so ?dass|puisque|si bien que|\xe0 cause d[eu]|por lo que|debido a|por culpa de|ya que"
    r"|la cause|le probl[eè]me (?:est|[eé]tait|vient)|parce que|c['\u2019]est pourquoi"
    r"|la causa|el problema (?:es|era|est[aá])|porque|por eso|a causa|o problema é|perché|il problema è)\b"
    r"|原因(?:是|在于|は|が(?:分か|わか|判明)|を特定)|找到(?:了)?(?:根本)?(?:原因|问题)"
    r"|因为|由于|导致|问题在于|所以|ためです|потому что|причина|때문"
)
_FAULT = caseless(
    r"\b(?:the (?:real |actual |main |core |underlying )?(?:issue|problem|bug|cause|reason|difference|catch|key"
    r"|change(?! (?:is|was) (?:now |already |so )?(?:complete|done|small|simple|minimal|tiny|in|live|safe|ready"
    r"|merged|pushed|committed|applied|covered|tested|needed|only|just)\b))"
    r" (?:is|was|here|with|seems)|bugs? (?:is|are|was|on|in|where)"
    r"|found (?:it|(?:the|a|one|another) (?:(?:real|actual|true|root|likely|first|second|other|last) )?"
    r"(?:bug|issue|problem|cause|culprit|reason|leak|race))"
    r"|(?:ursache|grund|fehler|problem) (?:ist )?gefunden|(?:cause|bug|probl\xe8me|erreur) trouv\xe9e?"
    r"|trouv\xe9 (?:la (?:vraie )?cause|le (?:vrai )?(?:bug|probl\xe8me))|(?:causa|error|fallo|problema) encontrad[oa]"
    r"|(?:encontr\xe9|encontrei) (?:la|el|a|o) (?:causa|error|erro|fallo|problema)"
    r"|causa trovata|trovat[oa] (?:la causa|il (?:bug|problema))"
    r"|not the same (?:bug|cause|problem|error|failure)"
    r"|(?:two|three|four|[2-4]) (?:(?:\w+ )?(?:separate|different|distinct|independent|unrelated|real) )?"
    r"(?:causes|bugs|faults|reasons|defects|root causes)"
    r"|is (?:not|never) (?:set|called|reached|passed|updated|recorded)|false (?:positive|negative)|falsely"
    r"|(?:that|this)'?s the (?:cause|culprit|bug)|(?:is|are|was|were) missing|missing (?:the|a|an|from)"
    r"|no (?:`[^`]+`|\w+)(?: \w+){0,3} (?:exists?|found|is set|are set|setting|turned up)|(?:were|was|is|are) not found"
    r"|found (?:nothing|none|no \w+)|no (?:such|matches?)\b|none of (?:the|these|them)"
    r"|(?:fundamental|critical|serious|design) (?:flaws?|bugs?|issues?|errors?)|flawed"
    r"|deadlock\w*|the same flaw|(?:hid|hidden|hides|mask(?:ed|s)) (?:it|this|the)|race condition"
    r"|(?<!no )(?<!zero )regressions?|wrongly|incorrectly|silently|bypass\w*|mismatch\w*"
    r"|\.\w{1,10}:\d{1,6}\b[^.\n]{0,200}?\b(?:but|while|although|never|only|forgets?|twice)"
    r"|it(?:'s| is| was) (?:mostly|mainly|really|simply|clearly|indeed|all) (?:the|a|an|in))\b"
    r"|, so (?:an?|the|your|every|each|no|both|all|two|nothing|nobody|it|they|`[^`\n]{1,60}`)(?!\w)[^.;]{1,60}?"
    r"\b(?:crash(?:es|ed)|fail(?:s|ed)?|hits?|never|dies|died|breaks|broke|lost|loses?|leaks?|hangs?|went|survives?"
    r"|(?:is|are|was|were) (?:swallowed|dropped|skipped|ignored|lost|doubled|repeated|counted twice|overwritten)"
    r"|concurrently|still (?:shows?|has|have|uses?|holds?))\b"
    r"|(?:`|\(\)) (?:drops|loses|swallows|discards|strips|leaks|clobbers|means (?!that (?:we|you|i)\b))"
    r"|` (?:[a-z]+ ){0,5}(?:but )?never (?!(?:fails|happens|needs|changes|leaves)\b)\w+s\b"
)
_DECIDES = caseless(
    r"\b(?:decided|decision|going with|unless you (?:object|disagree|say otherwise)|i'?d recommend"
    r"|recommend(?:ed|ation)?|verdict"
    r"|an? (?:cleaner|simpler|better) (?:approach|solution|way|design|option) (?:is|would be)"
    r"|(?:must|has to|needs to) (?:not )?be(?! (?:stale|outdated|cached|wrong|due|something))"
    r"|should (?:not |only |never |also )?(?:be \w+(?:ed|en)|only|never|not)"
    r"|(?:instead of|rather than) [^.,;]{3,90}, (?:we|i|it|the)"
    r"|we(?:'ll| will) use|chose|i(?:'d| would) (?:take|go (?:for|with)|pick|choose|drop|prefer)"
    r"|i(?:'m| am) (?:treating|taking) [^.]{0,80}\bas\b|i(?:'m| am) assuming"
    r"|keep (?:it|them|the)|trade-?off|by design|intentional\w*|valid (?:point|concern)|legitimate|disagree|agree with"
    r"|complementary|neither|the (?:fix|solution|answer|cleanest|best|right) (?:\w+ )?(?:is|was|would)|so the fix"
    r"|out of scope|not (?:needed|necessary|worth|possible|significant)|no (?:\w+ )?evidence"
    r"|does(?:n'?t| not) (?:exist|work|handle|check|set|support|address|need|fit)|no longer fits?|exceeds"
    r"|is(?:n'?t| not) supported|too (?:small|big|large|long|short|slow|old|new|few|many) (?:for|to)"
    r"|has no (?:[\w-]+ ){1,3}(?:for|to))\b|撤回|改为|决定|建议|降为|решил|결정"
)
_DECIDED = caseless(
    r"\W*(?:i(?:'ve| have) )?(?:moved|renamed|replaced|extracted|split|merged|switched|converted|reverted|restored"
    r"|dropped|removed|added|changed) (?:`[^`\n]*`|[^.:`])*\b(?:from|to|into|with|by|instead)\b"
)
_TELLS = caseless(
    r"\b(?:instead of|rather than|no longer|now (?:only|always|never|handles?|returns?|uses?)|fixed|so that|already"
    r"|only (?:when|if|works)|therefore|otherwise|leads? to|results? in|would (?:break|fail|cause|need)|fails?|skips?"
    r"|confirm(?:s|ed)|found \**\d+|works? by|in order to|important|note that|means"
    r"|\d ?[a-z\xb5\xd7]{0,4} ?(?:\u2192|->) ?\d[\d.,]* ?(?:[num\xb5]?s|sec|min|[kmgt]i?b|x|tokens|rows|fps|req/s))\b"
)
_LABELLED = caseless(
    r"\W{0,4}(?:verdict|(?:the )?(?:root |real |actual |core )?cause|conclusion|decision|recommendation|assessment"
    r"|diagnosis|(?:key )?takeaway"
    r"|result|summary|(?:the )?fix|solution|impact|finding|lesson|key (?:insight|finding|point)"
    r"|(?:the )?(?:core |main |real |actual |root |critical |key )?(?:issue|problem|bug)"
    r"|trade-?off|answer|in short|tl;?dr|bottom line|short answer)s?\b[^:\n]{0,30}:"
    r"|\W{0,4}(?:how (?:it|this|that|(?:the )?\w+(?: [\w-]+){0,3}) works|wie (?:es|das|die \w+) funktioniert"
    r"|c\xf3mo funciona|comment \xe7a marche)(?: now)?\W{0,3}:"
)
_FIGURE = lazily(
    r"\d+(?:\.\d+)?\s?(?:ms|s\b|sec|min|%|x\b|\u00d7|MB|KB|GB|tokens|rows|files|tests|lines|times)|\b\d+/\d+\b"
)
_PLACE = lazily(r"(?<![\w/-])[\w/-]+\.\w{1,10}:\d+|`[^`\n]{3,80}`|\blines? \d+")
TALK = caseless(
    r"(?:\u6211[\u5c06\u4f1a]|let me|now,? (?:let|i)\b|i'?ll\b|i will\b|i need to\b|i should\b|i'?m (?:going|checking"
    r"|running|looking|reading|adding|now|using|writing|falling)|using `|next,? "
    r"|first,? (?:let|i(?! (?:tried|had|made|took|used|went|wrote)\b))\b"
    r"|perfect|great|brilliant|awesome|good\b(?!, so)|excellent|(?:my )?apologies\b|i apologi[sz]e"
    r"|waiting (?:for|on|until)\b(?=[^.]{0,90}\W*\Z)|ready (?:to (?:implement|go|start|begin|proceed)|when(?:ever)?)\b"
    r"|you(?:'?re| are) (?:absolutely )?right|sure\b|okay\b|ok\b|wait\b|hmm|oops|let'?s\b"
    r"|the user (?:wants?|wanted|is (?:asking|pointing|saying|suggesting|telling)|(?:has )?asked|said|says|mentioned"
    r"|suggests|thinks|means)|would you"
    r"|(?:the|that|this|your) \w+ looks? (?:fine|good|right|ok(?:ay)?|correct)\b"
    r"|now the \w+ (?:is|looks) (?:much |far |a lot )?(?:cleaner|better|simpler|easier|nicer)\b"
    r"|much (?:simpler|cleaner)\b"
    r"|now,? (?:update|add|create|fix|run|check|move)\b|do you want|shall i|summary(?! of [^:\n]{3,30}: )"
    r"|looking (?:at|for)\b(?![^.:]*\bi'd (?:say|recommend))(?!(?: [\w`.']+){1,5}: \S[^\n]{60})|here'?s"
    r"|here is|here are|all (?:tests|checks) pass|done\b(?!: \S.{20})|i (?:can )?see\b"
    r"(?! (?:the|an?|another) (?:\w+ )?(?:issue|problem|bug|error|cause|mistake) ?[:\u2013\u2014-] )|\[[ x]\]"
    r"|\d+ files? changed"
    r"|(?:draft )?(?:pr|pull request|commit) (?:is )?(?:created|opened|pushed|made)"
    r"|(?:\w+ ){0,2}\w+: (?:what|why|how|where|when) [^.?!;]*\Z)"  # an entry of a table of contents
)


def names_place(sentence: str) -> bool:
    """Return whether a sentence names a file, a line or a piece of code."""
    return bool(_PLACE.search(sentence))


def is_talk(sentence: str) -> bool:
    """Return whether a sentence is talk between two people at work, and says nothing of the work."""
    return bool(TALK.match(_straight(sentence)))


def without_step(unit: str) -> str:
    """Return ``unit`` without the step it ends with ("Let me look at ..."); of few words before one nothing is left.

    They say what made the agent take that step, which is overtaken by what came of it.
    """
    *before, last = SENTENCE_END.split(unit)
    if not before or not _LETS.match(last):
        return unit
    told = " ".join(before)
    return told if len(told) >= FULL or blames(told) else ""


def is_looked_for(told: str, then: str) -> bool:
    """Return whether a sentence says what is not seen, and the one ``then`` goes on to look for it."""
    return len(told) < FULL and bool(_NOT_SEEN.match(told) and _LETS.match(then))


_NOT_SEEN = caseless(
    r"(?:hmm,? |so )?(?:i (?:do(?:n['\u2019]t| not)|can(?:['\u2019]t|not)) (?:yet )?(?:see|find)"
    r"|there(?:['\u2019]s| is| are) no)\b"
)
_LETS = caseless(r"(?:(?:now|so|first|but),? )*let me (?!know\b)|now,? i(?:['\u2019]ll| will)\b")


DOUBTS = caseless(
    r"(?:actually|i think|maybe|perhaps|whether\b|ob\b|but\b|then\b|so if|if\b|could\b|should\b|what if|or\b|either"
    r"|alternatively|update|move|add|remove|create|check|use\b|run\b|yes,|no,|i(?:'m| am) (?:not sure|wondering)"
    r"|it (?:might|could|may)|probably"
    r"|\W*(?:options?(?!: [a-z])|arguments?|alternatives?|pros|cons|i can|we can|i could)\b)"
)
"""How sentences begin that weigh or plan rather than conclude."""

WARNS = caseless(
    r"\b(?:circular|cycl\w+|deadlock\w*|would (?:break|lose|fail|loop|cause|hang|overwrite)|not allowed|race condition"
    r"|conflicts? with)\b"
)
"""Words of what would go wrong."""

_HEDGES = caseless(
    r"\b(?:must be(?: in)? `[^`]*` or `|possible (?:scenarios?|causes?|reasons?|explanations?)"
    r"|might|may be|could (?:be|come|stem|have been)|maybe|perhaps|probably|likely|seems? to|i think|i suspect"
    r"|now [^.:;]{0,60}should (?:be|work|pass|build|compile)|should now)\b"
)

FULL, _SCANT, _AMPLE, _LONGEST = 90, 50, 110, 1.5
_CODE_SPAN, _LEAST_WORDS = lazily(r"`[^`]*`|\([^)]*\)"), 20
_MOST_JUDGED_CHARS = 1_500
"""What is longer is no sentence: nothing in it outweighs its length, and a search in it costs the square of that."""


def tells_why(sentence: str) -> bool:
    """Return whether a sentence tells of a cause, a decision or a verdict rather than that something is there."""
    return any(_cues(sentence))


@lru_cache(maxsize=1_024)
def _cues(sentence: str) -> tuple[bool, bool, bool, bool, bool]:
    """Return whether a sentence tells of a cause, a fault, a decision, of what is so now, or is labelled so."""
    text = _straight(sentence)
    cause, fault, decides, tells = (bool(it.search(text)) for it in (CAUSE, _FAULT, _DECIDES, _TELLS))
    return cause, fault, decides or bool(_DECIDED.match(text)), tells, bool(_LABELLED.match(text))


def _straight(sentence: str) -> str:
    """Return ``sentence`` with straight apostrophes, as the patterns have them."""
    return sentence.replace("\u2019", "'")


def blames(sentence: str) -> bool:
    """Return whether a sentence tells a cause or a fault."""
    return bool(CAUSE.search(sentence) or _FAULT.search(sentence) or _TROUBLE.match(sentence))


def complains(sentence: str) -> bool:
    """Return whether a sentence tells what a linter or a compiler finds: an edit since may have mended it."""
    return bool(_COMPLAINS.search(sentence))


_COMPLAINS = caseless(
    r"\b(?:(?:linters?|diagnostics?|compiler)\b[^.]{0,40}\b(?:complain|warn|error|sa(?:ys|id)|show|report|flag|want|find"
    r"|suggest)|(?:nolint|not used|un(?:used|defined)|still imported|typo|syntax error)\b)"
)
NAMES_ROOT = caseless(
    r"(?:\A|[.!] )\W*(?:so,? |found )?(?:the )?(?:root|real|actual|underlying) (?:cause|issue|problem|bug|reason)\b"
    r"|\ball (?:\w+ )?(?:bugs|problems|failures|errors) (?:stem|come) from\b"
)
"""How a sentence names the root of something."""

_TROUBLE = caseless(
    r"\W*(?:(?:[\w ]{0,20}\b)?(?:problem|issue|bug|impact|error|cause)s?\b[\w ]{0,20}:|found[.!:] (?=.{20}))"
)


@lru_cache(maxsize=1_024)
def worth_of(sentence: str) -> float:
    """Return how much a sentence tells: of causes most, then of decisions and verdicts, then of what is so now.

    Below ``LEAST_WORTH`` it is not worth telling by itself.
    """
    if len(sentence) > _MOST_JUDGED_CHARS:
        return -len(sentence) / _AMPLE
    cause, fault, decides, tells, labelled = _cues(sentence)
    sentence = _straight(sentence)
    names, places, figure = set(identifiers(sentence)), _PLACE.findall(sentence), bool(_FIGURE.search(sentence))
    worth = min(3.6 * cause + 2.6 * fault + (2.2 * decides + 1.2 * tells), 5.0) + 2.0 * labelled
    worth += 0.35 * min(3, len(names)) + 0.35 * min(2, len(places))
    worth += 0.5 * figure + 0.6 * (len(sentence) > FULL) - 0.6 * (len(sentence) < _SCANT)
    worth -= min(_LONGEST, max(0.0, (len(sentence) - FULL) / _AMPLE))
    worth -= 2.5 * (sentence.startswith("`") and len(_CODE_SPAN.sub("", sentence)) < _LEAST_WORDS)
    worth -= 2.0 * (len(sentence) < _SCANT and not (places or names or figure))
    worth -= 1.5 * bool(_HEDGES.search(sentence)) + 1.2 * bool(LEANS.match(sentence))
    worth -= 2.0 * (bool(_ASIDE.match(sentence)) and not (cause or fault))
    worth -= 4.0 * bool(_RUNS_BESIDE.search(sentence))
    return worth - 4.0 * bool(TALK.match(sentence)) - 3.0 * bool(DOUBTS.match(sentence))


_RUNS_BESIDE = caseless(
    r"\b(?:run(?:s|ning)?|start(?:s|ed|ing)?|kick(?:s|ed|ing)? (?:it |that )?off|going) (?:it |that |this |now )?"
    r"(?:in the background|meanwhile)\b(?! (?:thread|worker|task|job|process|queue|service))"
)
"""What only says that something runs beside the work: it is over once more is said."""


_ASIDE = caseless(
    r"\W{0,4}(?:(?:please |also )?note(?: that|:)|(?:as a )?side note|by the way|btw\b|incidentally"
    r"|one (?:more|other) thing|hinweis:|\xfcbrigens\b|nebenbei\b|(?:zu )?beachte\b|\xe0 noter\b|notez que\b|au fait\b"
    r"|nota:|por cierto\b|ten en cuenta\b)"
)
"""How a sentence begins that tells something beside what came of the work."""


LEANS = caseless(
    r"(?:it|it's|this|that|these|those|they|so|which|hence|therefore|thus|the (?:old|latter|former)|but|and|however"
    r"|instead(?! of)|otherwise|then|also|both|because"
    r"|es[oa]|esto|ello|pero|adem\xe1s|se (?:arregla|quita|soluciona|resuelve|evita)|hay que \w+[aei]r(?:l[aeo]s?|se)"
    r"|das (?:ist|war|hei\xdft|liegt|kommt|passt|geht|bedeutet)|dies|daher|deshalb|damit|aber|sondern|cela|\xe7a|donc"
    r"|il (?:faut|suffit de) l[ae]s? \w+|isso|por\xe9m|questo|per\xf2)\b"
)
"""How a sentence begins that says little without the one before it."""


@lru_cache(maxsize=1_024)
def subject_of(text: str) -> frozenset[str]:
    """Return the words of ``text`` that say what it is about: names of code, and words that are not everybody's."""
    words = text.translate(_BETWEEN_WORDS).split() if text.isascii() else _WORD.findall(text)
    return frozenset(map(_SUBJECTS.__getitem__, words)) - {""}


class _Subjects(dict[str, str]):
    """Tells of each word how a subject has it, empty where it says nothing: most stand in a session many times."""

    def __missing__(self, found: str) -> str:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        word, subject = found.lstrip("0123456789.-"), ""
        if len(word) > 2:  # noqa: PLR2004 - as ``_WORD`` has it
            word = word.strip(".-")
            subject = word if word.islower() or is_code_name(word) else word.lower()
        self[found] = subject = "" if subject in _DULL else subject
        return subject


_MOST_KNOWN = 1 << 14
_SUBJECTS = _Subjects()


def same(one: frozenset[str], other: frozenset[str], share: float) -> bool:
    """Return whether two subjects have ``share`` of the smaller in common, and a name of code where both have any."""
    if one.isdisjoint(other) or len(one & other) < share * min(len(one), len(other)):
        return False
    names, others = set(filter(is_code_name, one)), set(filter(is_code_name, other))
    return not names or not others or bool(names & others)


def tells_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two sentences of these subjects say the same: of few words, nearly all are to be the same."""
    return same(one, other, 0.6 if min(len(one), len(other)) > _FEW_WORDS else 0.8)


_FEW_WORDS = 5
_WORD = lazily(r"[A-Za-z_][\w.-]{2,}")
_BETWEEN_WORDS = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) in "_.-")}
_DULL = frozenset((
    *("the", "and", "for", "that", "this", "with", "from", "are", "was", "were", "has", "have", "had", "not"),
    *("but", "you", "your", "its", "it's", "can", "will", "would", "should", "could", "which", "when", "where"),
    *("what", "how", "all", "any", "now", "new", "one", "two", "also", "into", "than", "then", "there", "their"),
    *("they", "them", "being", "been", "does", "did", "only"),
    *("just", "need", "needs", "use", "uses", "used", "using"),
    *("make", "makes", "made", "same", "other", "more", "most", "some", "such", "each", "code", "file", "files"),
    "line",
))  # fmt: skip
