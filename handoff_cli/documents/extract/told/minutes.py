"""What notes in which nobody speaks put down under a name: goal, rules, causes, what is decided, open, comes next."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.prose import unfenced
from handoff_cli.documents.extract.language.words import as_one_line, clipped, plain
from handoff_cli.documents.extract.requests.choices import told_by_agent
from handoff_cli.documents.extract.requests.lasting import lasting
from handoff_cli.documents.extract.story import Minutes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.core.transcript import Transcript
    from handoff_cli.documents.extract.story import Story


def with_minutes(story: Story, transcript: Transcript) -> Story:
    """Return ``story`` with what the lines of a text without speakers put down under a name, or turn down."""
    minutes, ends = minutes_of(transcript), story.dead_ends
    noted = [it for it in rejected_in(transcript) if not any(told in it for told in minutes.noted_attempts)]
    others = (it for it in ends.ruled_out if not any(it in other for other in (*noted, *minutes.noted_attempts)))
    return story.replace(minutes=minutes, dead_ends=ends.replace(ruled_out=(*noted, *others)))


def minutes_of(transcript: Transcript) -> Minutes:
    """Return what the lines of a text without speakers put down under a name; nothing of one that has speakers.

    A name stands before its matter (``Decision: …``), or above a list or a paragraph, as a heading does. Of what comes
    next the last line counts, of all else each once.
    """
    if transcript.speakers:
        return Minutes()
    found: dict[str, dict[str, None]] = {
        kind: {} for kind in ("aim", "ruled", "caused", "decided", "tried", "open", "next")
    }
    for message in told_by_agent(transcript):
        lines = [it.removeprefix("> ") for it in message.text.split("\n")]
        _read(lines, found)
        known = [*found["ruled"]][-_COMPARED:]
        found["ruled"] |= dict.fromkeys(it for it in _bans_in(lines) if not any(map(it.__contains__, known)))
    return Minutes(
        noted_goal=next(iter(found["aim"]), "") or _reason_for(transcript),
        begins=_beginning_of(transcript),
        noted_causes=tuple(found["caused"])[-_MOST:],
        noted_rules=_first_and_last(found["ruled"]),
        noted_attempts=tuple(found["tried"])[-_MOST:],
        noted_decisions=tuple(found["decided"])[-_MOST:],
        noted_questions=tuple(found["open"])[-_MOST:],
        noted_next=next(reversed(found["next"]), ""),
    )


def _bans_in(lines: list[str]) -> Iterator[str]:
    """Yield what sentences of paragraphs, and of items that no line announces, demand for good.

    What is set in, or a heading, is read by itself.
    """
    paragraph: list[str] = []
    last, announced = -1, False
    for at, line in (*unfenced(lines), (len(lines) + 1, "")):
        item = _ITEM.match(line)
        if paragraph and (item or at != last + 1):
            rules = (as_one_line(plain(it)) for it in lasting("\n".join(paragraph)))
            yield from (clipped(it, _MOST_CHARS) for it in rules if len(it) >= _LEAST_CHARS)
            paragraph = []
        announced = bool(item and at == last + 1 and announced) or line.rstrip()[-1:] == ":"
        last = at
        if not ((item and announced) or line.startswith(_SET_IN) or line[:1] == "#" or _IS_LOG.match(line)):
            paragraph.append(line[item.end() :] if item else line)


def _first_and_last(rules: dict[str, None]) -> tuple[str, ...]:
    """Return the rules that were laid down first and last, where they are many."""
    told = tuple(rules)
    return told if len(told) <= _MOST else (*told[: _MOST // 2], *told[-_MOST // 2 :])


def _beginning_of(transcript: Transcript) -> str:
    """Return the first paragraph that says something of a text that is too long to stand in its end."""
    is_long = sum(len(it.text) for it in transcript.messages) > _SHORT_CHARS
    first = transcript.messages[0].text if is_long else ""
    words = _FRONT_MATTER.sub("", _QUOTED.sub("", first).strip())
    paragraphs = (as_one_line(plain(it)) for it in _EMPTY_LINES.split(words))
    return next((clipped(it, _BEGINNING_CHARS) for it in paragraphs if _SAYS.search(it[:_BEGINNING_CHARS])), "")


_QUOTED, _EMPTY_LINES = lazily(r"(?m)^> "), lazily(r"\n[ \t]*(?:\n[ \t]*)+")
_FRONT_MATTER = lazily(r"\A(?:---\n)?(?:\w[\w-]{0,40}:[^\n]{0,400}\n){1,60}---(?:\n|\Z)")
_SAYS = lazily(r"(?:[^\W\d_][\w'\u2019-]{0,30},? ){6}")
_BEGINNING_CHARS, _LEAST_CHARS, _SHORT_CHARS = 420, 16, 3_000
_COMPARED = 60
"""A paragraph says something that has some words in a row; a rule is compared with so many of those before it."""


def _reason_for(transcript: Transcript) -> str:
    """Return why the work is done, as the first lines say; empty where they do not."""
    first = transcript.messages[0].text.split("\n", _FIRST_LINES)[:_FIRST_LINES] if transcript.messages else []
    return next((clipped(plain(it)[why.end() :], _MOST_CHARS) for it in first if (why := _WHY.match(plain(it)))), "")


_FIRST_LINES = 6
_WHY = caseless(
    r"(?:why(?: this| i(?:'m| am) (?:on|doing) this)?|background|context|warum|wozu|anlass|hintergrund|kontext|pourquoi"
    r"|contexte|por qu\xe9(?: esto| estoy con esto)?|contexto|motivo|perch\xe9|contesto):\s+(?=\S)"
)


def _read(lines: list[str], found: dict[str, dict[str, None]]) -> None:
    above, is_heading = "", False
    for at, line in unfenced(lines):
        found["ruled"] |= dict.fromkeys(_rules_below(lines, at))
        item = _ITEM.match(line)
        words = plain(line[item.end() :] if item else line)
        is_word = words[:1].islower() and line[0] not in "#*" and not (item and " " in words.partition(":")[0])
        is_key = line.startswith(_SET_IN) or is_word
        name = None if is_key else _NAME.match(words[:_NAMED_CHARS])
        if not name and (speaker := _SPEAKER.match(words)):
            words = words[speaker.end() :]
            name = _NAME.match(words[:_NAMED_CHARS])
        kind = next((kind for kind in found if name and name[kind]), "")
        if not name and not item and (later := _LATER.search(words)):
            found["next"][clipped(later[0].lstrip(".!; ").removeprefix("TODO "), _MOST_CHARS)] = None
        if asked := _ASKS.search(words):
            found["open"][clipped(asked[1], _MOST_CHARS)] = None
        if name and (told := words[name.end() :].strip()):
            if _IS_DATA.match(told):
                continue
            found[kind][clipped(_whole(told, lines, at), _MOST_CHARS)] = None
            above = ""
        elif name and not item:
            above, is_heading = kind, line[0] in "#*" or line.rstrip()[-1:] in ":\uff1a"
        elif above and (item or (is_heading and line[0] != "#")):
            found[above][clipped(_whole(words, lines, at, is_paragraph=not item), _MOST_CHARS)] = None
            above, is_heading = above if item else "", False
        elif not line[0].isspace():
            above = ""


def _rules_below(lines: list[str], at: int) -> list[str]:
    """Return the items of the list below line ``at``, if this heads rules, or what somebody told and one forbids."""
    heads = lines[at][-1] == ":" and _HEADS_RULES.search(lines[at])
    if not heads and (lines[at][-1] != ":" or not _TOLD.search(lines[at])):
        return []
    found: list[str] = []
    for below in range(at + 1, min(len(lines), at + 1 + _MOST_ITEMS)):
        if not (item := _ITEM.match(lines[below])):
            break
        found.append(clipped(_whole(plain(lines[below][item.end() :]), lines, below), _MOST_CHARS))
    return found if heads or any(_FORBIDS.match(it) or lasting(it) for it in found) else []


_TOLD = caseless(
    r"\b(?:told|said|asked|wants?|dij(?:o|eron)|pid(?:i\xf3|ieron)|quieren?|sagten?|gesagt|verlangt"
    r"|(?:a|ont) (?:dit|demand\xe9)|ha(?:nno)? (?:detto|chiesto)|disse(?:ram)?|pedi(?:u|ram))\b"
)
_HEADS_RULES = caseless(
    r"[.!?] (?:the |my |our |die |les |las |le )*(?:rules|constraints|regeln|r\xe8gles|reglas|regole)\b"
    r"(?![^:]*\b(?:old|former|previous|their|his|her|alten?)\b)[^.!?:]{0,40}:$"
)
_FORBIDS = caseless(
    r"(?:please )?(?:never|do(?:n'?t| not)|no \w+[aei]r\b|nunca|jam[a\xe1]s|nie(?:mals)?\b|nicht\b|kein\w*\b"
    r"|ne (?:pas|jamais|rien)\b|non \w+[aei]re\b|n\xe3o \w+[aei]r\b)"
)
"""What heads a list of what somebody told, and how an item of it begins that forbids: then all of them are rules."""


_SET_IN = ("    ", "\t")
_IS_DATA = caseless(r"(?:\w+://\S*|null|none|nil|true|false|~|[-+\d.,]+|[\[{].*),?\s*$")
"""What stands behind a name in data that were pasted: an address, a number, a list."""


def _whole(told: str, lines: list[str], at: int, *, is_paragraph: bool = False) -> str:
    """Return what is ``told`` on line ``at`` with the lines that it was broken into, up to its end."""
    for line in lines[at + 1 : at + _WRAPPED]:
        ends = told[-1:] in ".?!" or not line.lstrip()[:1].islower()
        if not line.strip() or _ITEM.match(line) or _IS_KEY.match(line) or (ends and not is_paragraph):
            break
        told = f"{told} {line.strip()}"
    return told


_LATER = lazily(r"(?:^|[.!;] )TODO (?:after|at|before|on|once|when|tomorrow|tonight|later)\b[^\n]{2,300}$")
"""What is put down among other words for a later time, with that time."""

_ASKS = lazily(
    r"(?:^|[.!;] )((?:QUESTION|FRAGE|PREGUNTA|DOMANDA|PERGUNTA|ASK)(?: [\w.-]+){1,4}: ?[^\n?]{3,300}\?"
    r"(?!\s*(?:[-=]>|\u2192|(?i:answer|antwort|respuesta|r\xe9ponse|risposta|resposta|yes|ja|nein|s\xed|oui|non"
    r"|no(?! (?:reply|answer|response|word)\b))\b))"
    r"[^\n]{0,200})"
)
"""A question among other words, by its word in capitals and whom it is for; one with its answer is none."""

_IS_KEY = lazily(r"\s*(?:```|~~~|[\"']?[\w-]+[\"']?:(?:\s|$))")


def rejected_in(transcript: Transcript) -> tuple[str, ...]:
    """Return the lines of a text without speakers that say what was tried in vain or turned down, in their order.

    One that begins with the verdict stands with the line before it.
    """
    found: dict[str, None] = {}
    for message in () if transcript.speakers else transcript.messages:
        before = ""
        lines = message.text.split("\n")
        for at, line in unfenced(lines):
            if line.startswith(_SET_IN) or _IS_LOG.match(line):
                continue  # what was printed is nobody's verdict
            if verdict := _REJECTED.search(line[:_READ]):
                told = _whole(plain(line), lines, at)
                found[clipped(f"{before} {told}".strip() if verdict.start() < _FIRST else told, _MOST_CHARS)] = None
            before = plain(line)
    return tuple(found)[-_MOST_REJECTED:]


_REJECTED = caseless(
    r"(?:(?:(?<![\s\S])|(?<=[.;,\u2014\u2013*-] )|(?<=[^\W\d]: )|(?<=[(*_])|(?<=\bwe ))"
    r"(?:rejected|discarded|dropped|reverted|verworfen|abgelehnt|rejet\xe9e?|descartad[oa]|revertido)"
    r"(?=\s*$|[,.;!)*_]|:(?!\s*\d)|\s[\u2014\u2013-]\s| (?:because|since|as|for|weil)\b)|\bwe rejected\b"
    r"|(?:(?<![\s\S])|(?<=[.;,!?)\u2014\u2013-] ))(?:(?:i|we) (?:said no\b|do(?:n'?t| not) want (?:that|this|it)\b)"
    r"|dij(?:e|imos) que no\b|no (?:quiero|queremos)(?=[,.;]| eso\b)|quedamos en que no\b"
    r"|(?:ich )?hab(?:e|en) (?:ich |wir )?nein gesagt|(?:das )?w(?:ill ich|ollen wir) nicht(?=[,.;]|$)"
    r"|j'ai dit (?:que )?non\b|ho detto (?:di |che )?no\b)"
    r"|(?<!be )(?<!not )\bruled out|(?<!not a )\bbad idea|\b(?:too expensive|made (?:it|things) worse"
    r"|did(?:n'?t| not) help|do(?:n'?t| not) try (?:that|this|it) again|hat nicht geholfen))"
    r"(?![\w-])"
)
_IS_LOG = caseless(
    r"\W*(?:\d{4}-\d\d-\d\d[t ]\d|\d\d:\d\d:\d\d|(?:info|warn(?:ing)?|error|debug|trace|fatal)\b)|[!>$] "
)
_READ, _FIRST, _MOST_REJECTED = 600, 4, 6

_MOST, _MOST_CHARS, _NAMED_CHARS, _WRAPPED, _MOST_ITEMS = 12, 300, 40, 4, 60
_SPEAKER = lazily(
    r"(?:\[?\d[\d:.,APM ]{3,12}\]? ?(?:[-\u2013] )?)?[A-Z][\w.'-]{1,20}(?: [A-Z][\w.'-]{1,20}){0,2}: (?=\S)"
)
"""Who speaks, as a record of a meeting has it; what is decided is said by somebody."""

_ITEM = lazily(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX~-]?\]\s+)?")
_NAME = caseless(
    r"(?:(?P<decided>(?:decisions?(?: (?:made|taken))?|decided|(?:we )?agreed"
    r"|(?:(?:so|then|ok(?:ay)?),? )*(?:we(?:'ve)? decided|let'?s decide|it'?s decided|decided)|entscheidung(?:en)?"
    r"|entschieden|beschl(?:uss|\xfcsse|ossen)|d\xe9cisions?|d\xe9cid\xe9|decisi\xf3n(?:es)?|decisioni?|decis\xe3o"
    r"|\u51b3\u5b9a|\u6c7a\u5b9a(?:\u4e8b\u9805)?|\u0440\u0435\u0448\u0435\u043d\u0438\u0435)(?: #?\d{1,3})?)"
    r"|(?P<aim>(?:the |our )?(?:goals?|aim|objective|purpose)|ziel|objectif|objetivo|obiettivo|\u76ee\u6807"
    r"|\u76ee\u6a19|\u0446\u0435\u043b\u044c)"
    r"|(?P<caused>(?:(?:the )?(?:root|real|actual|first|second|other) )?causes?(?: (?:of|for) [^:\n]{1,30})?"
    r"|(?:(?:die )?(?:eigentliche|erste|zweite) )?ursache(?: [^\s:]{1,25}){0,3}"
    r"|(?:la )?(?:(?:premi\xe8re|seconde|vraie) )?cause(?: (?:du|de|des) [^:\n]{1,30})?"
    r"|(?:la )?(?:(?:primera|segunda|otra|prima|seconda) )?causa(?: [^\s:]{1,20}){0,3})"
    r"|(?P<ruled>(?:(?:team|house|our|the|ground) )?(?:rules?|constraints?)(?: (?:of|for|from|we|i)\b[^:\n]{1,30})?"
    r"|(?:team)?regeln?(?: (?:des|der|vom|f\xfcr) [^:\n]{1,30})?|vorgaben?"
    r"|r\xe8gles?(?: (?:de|du|pour) [^:\n]{1,30})?|contraintes?"
    r"|re(?:glas?|gras?|gole?|gola)(?: (?:de|do|da|del|para|per) [^:\n]{1,30})?)"
    r"|(?P<tried>(?:(?:already|also|what (?:we|i)(?:'ve)?) )?tried(?: so far| already| in vain)?|attempts?"
    r"|failed (?:attempts?|approaches)|what did(?:n't| not) work|dead ends?|(?:schon )?(?:versucht|probiert"
    r"|ausprobiert)|(?:d\xe9j\xe0 )?essay\xe9|(?:ya )?probado)"
    r"|(?P<open>(?:open |unanswered |outstanding )?questions?(?: open)?|open (?:points?|issues?)|still open|unclear"
    r"|offene? (?:fragen?|punkte?)|noch offen|fragen?|questions? ouvertes?|preguntas?(?: abiertas?)?"
    r"|(?:not (?:known|decided|clear)|unknown|undecided) yet|(?:still|as yet) (?:unknown|undecided|unclear)"
    r"|(?:noch )?(?:unklar|ungekl\xe4rt)|(?:sin (?:saber|decidir)|por (?:saber|decidir))(?: todav\xeda| a\xfan)?"
    r"|(?:pas encore|\xe0) (?:d\xe9cider?|d\xe9cid\xe9)|da decidere"
    r"|\u672a\u89e3\u51b3\u95ee\u9898|\u672a\u6c7a\u4e8b\u9805|\u043e\u0442\u043a\u0440\u044b\u0442\u044b\u0435"
    r" \u0432\u043e\u043f\u0440\u043e\u0441\u044b)"
    r"|(?P<next>next(?: (?:step|action|up))?|n\xe4chster schritt|als n\xe4chstes|prochaine \xe9tape|pr\xf3ximo paso"
    r"|first thing(?: tomorrow)?|tomorrow(?: morning)?,? first(?: thing)?|(?:ma\xf1ana,? )?lo primero(?: ma\xf1ana)?"
    r"|morgen (?:zuerst|als erstes)|demain,? (?:en premier|d'abord)|domani,? (?:per prima cosa|prima)"
    r"|\u4e0b\u4e00\u6b65|\u6b21\u306b))\s?(?:[:\uff1a]\s*|$)"
)
"""A name that heads a decision, an open question or what comes next, in some languages."""
