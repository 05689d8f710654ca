"""What of the agent's messages is worth reading whole: paragraphs, lists and blocks of code, none cut in its middle.

Of a type or function that was shown several times the last form counts. Code that was written into a file is told by
the edits, and what the user turned down, the agent took back or nothing came back to is not told.
"""

from __future__ import annotations

from handoff_cli.core.paths import TEXTS
from handoff_cli.core.patterns import DOTALL, MULTILINE, caseless, lazily
from handoff_cli.core.text import indent_of
from handoff_cli.documents.extract.commands.messages import commit_message
from handoff_cli.documents.extract.facts import Finding
from handoff_cli.documents.extract.language.announced import goes_on, is_step
from handoff_cli.documents.extract.language.corrections import takes_back
from handoff_cli.documents.extract.language.findings import (
    blames,
    is_talk,
    subject_of,
    tells_the_same,
    tells_why,
    worth_of,
)
from handoff_cli.documents.extract.language.lists import phases
from handoff_cli.documents.extract.language.objections import objects
from handoff_cli.documents.extract.language.overtaken import is_to_do
from handoff_cli.documents.extract.language.units import GENERIC, units
from handoff_cli.documents.extract.language.words import (
    EMOJI,
    MARK,
    SENTENCE_END,
    as_one_line,
    bare,
    identifiers,
    plain,
    without_cheer,
)
from handoff_cli.documents.extract.told.as_it_stands import AsItStands
from handoff_cli.documents.extract.told.carried import LinesWritten
from handoff_cli.documents.extract.told.not_enough import NotEnough
from handoff_cli.documents.extract.told.outdated import up_to_edits, written_over
from handoff_cli.documents.extract.told.ruled_out import without_suppositions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Edit, Transcript
    from handoff_cli.documents.extract.facts import Turn

_MESSAGES, _MOST_BLOCKS, _MOST_OF_NOTES, _COMPARED = 30, 24, 80, 120
_LEAST_CHARS, _MOST_CHARS, _LEAST_OF_NOTES = 60, 900, 12
_CODE_LINES, _CODE_CHARS = 24, 1_200
_CODE_TURNS, _FRAGMENT_LINES = 3, 12
"""Code that was shown longer ago than so many turns is most often overtaken where files are edited; where none are, it
is the work, in fragments of so many lines too."""

_LATE, _DEFINES, _CONFIGURES, _LENGTH = 2.0, 6.0, 4.0, 400
"""What the last message has ahead of the oldest, a block of code that defines something or configures has, and the
characters that cost a paragraph one."""

FENCED = lazily(r"^[ \t]*(`{3,}|~{3,})([^\n]*)\n(.*?)(?:^[ \t]*\1[^\n]*$|\Z)", DOTALL | MULTILINE)
DEFINED = lazily(
    r"^[ \t]*(?:(?:export|public|private|protected|static|async|abstract|default|pub|final|data|override|inline) )*"
    r"(?:func(?: \([^)\n]*\))?|def|class|interface|type|struct|enum|trait|impl|fn|function|const|record|message"
    r"|CREATE TABLE) +([A-Za-z_]\w+)",
    MULTILINE,
)
_CONFIGURATION = caseless(r"(?:json5?|jsonc|ya?ml|toml|ini|sql|graphql|proto|hcl|dockerfile|nix)\b")
SHELL = caseless(r"(?:ba|z|fi)?sh\b|console|shell|powershell|mermaid")
_IS_CODE = caseless(r"(?!(?:plain)?te?xt\b|plain\b|output\b|logs?\b)\S")
"""The language of a block that is code of some kind: a drawing or what was printed is none."""

_DIFF = caseless(r"diff\b|patch\b")


def blocks_of(transcript: Transcript, turns: tuple[Turn, ...]) -> tuple[Finding, ...]:
    """Return what of the agent's last messages stands whole, the latest first; ``source`` is ``code`` or ``said``."""
    edited, stands = max((it.position for it in transcript.edits), default=-1), AsItStands(transcript)
    said = [(it.position, stands.of(it)) for it in transcript.messages if it.role == "assistant"]
    ran = ((it.position, commit_message(it.text)) for it in transcript.commands if it.outcome != "failed")
    said += [(at, message.partition("\n")[2].strip()) for at, message in ran]  # its subject stands with the commits
    latest = sorted((it for it in said if len(it[1]) >= _LEAST_CHARS), key=lambda it: -it[0])[:_MESSAGES]
    starts = [turn.position for turn in turns]
    ends = (*starts[1:], None)
    left_out = [(turn.position, until) for turn, until in zip(turns, ends, strict=False) if turn.refused or turn.idle]
    left_out += written_over(starts, transcript.edits)
    edited_later = [*up_to_edits(starts, transcript.edits)]
    since = starts[-_CODE_TURNS] if transcript.edits and len(starts) >= _CODE_TURNS else -1
    found: list[Finding] = []
    defined: set[str] = set()
    known: list[frozenset[str]] = []
    acted = transcript.tool_calls[-1].position if transcript.tool_calls else -1
    asked, words = next(((it.position, it.text) for it in reversed(transcript.messages) if it.role == "user"), (-1, ""))
    objection = words[:_OBJECTION_CHARS] if objects(words) else ""
    banned, written, short = [*_banned(transcript)], LinesWritten(transcript.edits), NotEnough(transcript)
    for age, (position, text) in enumerate(latest):
        if any(start < position and (until is None or position <= until) for start, until in left_out):
            continue
        late = _LATE * (1 - age / max(1, len(latest) - 1))
        for worth, shown, names in _worded(text, fragments=not transcript.edits, notes=not transcript.speakers):
            if names is not None:
                block = shown
                if position < since or names & defined or _is_written(block, transcript.edits):
                    continue
                later = [it for it in transcript.edits if it.position > position]
                if _is_overtaken(block, later, objection if position < asked else ""):
                    continue
                defined |= names
                found.append(Finding(block, "code", position, worth + late))
                continue
            block = without_suppositions(shown) if age else shown
            block = _without_steps(block) if position < acted else block
            block = _without_named(block, [name for place, name in banned if place > position]) if banned else block
            subject = subject_of(block)
            hopes = position < asked and (_OFFERS.match(block) or _HOPES.search(block.partition("\n")[0]))
            is_over = hopes or written.has(block) or short.overtakes(position, block)
            if is_over or (block is not shown and not _tells(block)):
                continue
            if position < edited and _is_over(block, any(start < position < end for start, end in edited_later)):
                continue
            if not any(tells_the_same(subject, other) for other in known[-_COMPARED:]):
                known.append(subject)
                found.append(Finding(block, "said", position, worth + late))
    corrections = takes_back(latest)
    held = [it for it in found if it.source == "code" or not corrections(it.position, subject_of(it.text))]
    most = _MOST_BLOCKS if transcript.speakers else _MOST_OF_NOTES
    least = sorted((it.worth for it in held), reverse=True)[:most][-1:]
    return tuple(it for it in held if it.worth >= least[0])


_OFFERS = caseless(
    r"\W*(?:(?:if (?:you(?:['\u2019]d| would)? (?:want|like|prefer|wish)|you['\u2019]re (?:interested|ready))"
    r"|(?:do you )?want me to|si (?:quieres?|quer\xe9s|desea[ns]?|lo deseas?)"
    r"|wenn (?:du|sie) (?:m\xf6chte(?:st|n)|willst|wollen)|si (?:tu veux|vous (?:voulez|souhaitez))"
    r"|se (?:vuoi|vuole|volete|quiser|desejar|preferir)"
    r"|\u0435\u0441\u043b\u0438 \u0445\u043e\u0442\u0438\u0442\u0435)\b"
    r"|\u5982\u679c(?:\u4f60|\u60a8)(?:\u60f3|\u9700\u8981|\u613f\u610f))"
)
"""How an agent begins to offer what it could do next, in some languages."""

_HOPES = caseless(
    r"\bshould (?:now )?(?:fix|work|help|resolve|solve|be (?:fixed|resolved|gone))\b"
    r"|\A\W*(?:please )?try (?:running|it|again)\b"
)
"""Words of what was hoped of a change, or left to the user to try: what they said since tells it."""


def _banned(transcript: Transcript) -> Iterator[tuple[int, str]]:
    """Yield the names of what the user said is never to be used, each with the place of those words."""
    for message in transcript.messages:
        if message.role == "user" and (found := _NEVER.search(message.text[:_OBJECTION_CHARS])):
            yield message.position, found[1].lower()


_NEVER = caseless(
    r"\b(?:never|nunca|jamais|nie(?:mals)?)(?: (?:use|run|call|try|start|usar?|uses|utiliser?|benutze\w*))? `?"
    r"([a-z]\w*[_-]\w[\w-]*)(?![\w-]|\S*[./])"
    r"(?! (?:without|unless|except|before|until|while|again|ohne|bevor|sin|sans))"
)
"""A ban of something by its name, with no condition behind it."""


def _without_named(block: str, banned: Sequence[str]) -> str:
    """Return a paragraph without the sentences that speak of what was ``banned`` since."""
    if not any(name in block.lower() for name in banned):
        return block
    told = (
        [it for it in SENTENCE_END.split(line) if not any(map(it.lower().count, banned))] for line in block.split("\n")
    )
    return "\n".join(" ".join(sentences) for sentences in told if sentences)


def _without_steps(block: str) -> str:
    """Return a paragraph of one line without the sentences that announce a step: calls followed, it is taken by now.

    Of a list that says how a step is to be gone about nothing is left but what was said before.
    """
    first, _, items = block.partition("\n")
    if items:
        *before, last = SENTENCE_END.split(first)
        return " ".join(before) if last.endswith(":") and (goes_on(last) or is_step(last)) else block
    told = SENTENCE_END.split(block)
    left = [it for it in told if not (goes_on(it) or is_step(it) or _RUNS.search(it))]
    return block if len(left) == len(told) else " ".join(left)


_RUNS = caseless(r"\b(?:is|are) (?:now |still )?(?:running|building|installing)(?: now)?\b")


def _is_over(block: str, edited_later: bool) -> bool:
    """Return whether a paragraph that edits followed tells what may be done by now, or how it was before a change."""
    return is_to_do(block.partition("\n")[0]) or (edited_later and not blames(block))


def _worded(text: str, *, fragments: bool, notes: bool) -> Iterator[tuple[float, str, set[str] | None]]:
    """Yield what of a message stands whole: how much it tells, its text, of code the names that it defines.

    ``fragments`` tells that code counts too that defines nothing, ``notes`` that all paragraphs count: nobody speaks
    there, and nothing else tells what they say.
    """
    at = 0
    shown: list[tuple[list[str], str, str, str]] = []
    for fenced in FENCED.finditer(text):
        paragraphs = list(_paragraphs(text[at : fenced.start()]))
        before = paragraphs.pop() if paragraphs and paragraphs[-1].endswith(":") else ""
        shown.append((paragraphs, fenced[2].strip(), fenced[3], before))
        at = fenced.end()
    for place, (paragraphs, language, code, before) in enumerate(shown):
        yield from ((_worth(it), it, None) for it in paragraphs if _tells(it, notes))
        is_code = _IS_CODE.match(language) is not None
        if not (WAS.match(before) and any(IS_NOW.match(it[3]) for it in shown[place + 1 : place + 2])):
            replaces = bool(IS_NOW.match(before)) and any(WAS.match(it[3]) for it in shown[:place][-1:])
            replaces = replaces and (is_code or not language)
            yield from _code(language, code, before, replaces=replaces, fragments=fragments and is_code)
        if not is_code and (plan := phases(code)):
            yield _DEFINES, f"{before}\n{plan}".strip(), None
    yield from ((_worth(it), it, None) for it in _paragraphs(text[at:]) if _tells(it, notes))


WAS = caseless(r"\W*(?:before|old|previous(?:ly)?|current(?:ly)?|instead of|was)\b")
IS_NOW = caseless(
    r"\W*(?:after|new|now|instead|proposed|simplified|becomes|with|corrected|revised|updated|improved|fixed|better)\b"
)
"""How the lines begin above code as it was, and above what it is to become."""


def _code(
    language: str, text: str, before: str, *, replaces: bool = False, fragments: bool = False
) -> Iterator[tuple[float, str, set[str] | None]]:
    """Yield a block of code below the line that announces it; of a long one the parts that define something.

    Where ``fragments`` count, a short one is told that defines nothing.
    """
    if SHELL.match(language):
        return
    lines = [line.rstrip() for line in text.strip("\n").split("\n")]
    if _DIFF.match(language):
        if _fits(lines) and any(map(_added, lines)):
            yield _DEFINES, "\n".join(lines), set()
        return
    parts = [lines] if _fits(lines) else [part for part in _top_level(lines) if _fits(part)]
    for part in parts:
        code = "\n".join(part)
        names = set(DEFINED.findall(code))
        sets = replaces or _CONFIGURATION.match(language) or (fragments and len(part) <= _FRAGMENT_LINES)
        sets = sets or sum(_BRANCH.match(line) is not None for line in part) >= _LEAST_BRANCHES
        worth = _DEFINES if names else _CONFIGURES if sets else 0.0
        if worth and len(part) > 1:
            lead = f"{before.rpartition(chr(10))[2]}\n" if before and not is_talk(before) else ""
            yield worth, f"{lead}{code}", names


_BRANCH, _LEAST_BRANCHES = lazily(r"(?:[│|] *| {2,4})*(?:[├└]─|[|`+]--)"), 3
"""How the lines of a tree begin that shows which files there are to be."""


def _added(line: str) -> str:
    """Return what a line of a diff adds, empty where it adds nothing."""
    return line[1:].strip() if line[:1] == "+" and line[:3] != "+++" else ""


def _fits(lines: list[str]) -> bool:
    return len(lines) <= _CODE_LINES and sum(map(len, lines)) <= _CODE_CHARS


def _top_level(lines: list[str]) -> list[list[str]]:
    """Return the parts of a block of code that an empty line divides, before a line that is not indented."""
    parts: list[list[str]] = [[]]
    for place, line in enumerate(lines):
        if place and not lines[place - 1] and line and not line[0].isspace() and line[0] not in ")}]":
            parts.append([])
        parts[-1].append(line)
    return [part[:-1] if part and not part[-1] else part for part in parts]


def _is_written(code: str, edits: tuple[Edit, ...]) -> bool:
    """Return whether what ``code`` defines, or a diff adds, was written into a file of code by an edit."""
    lines = code.split("\n")
    heads = [*filter(None, map(_added, lines))] or [line.strip() for line in lines if DEFINED.match(line)]
    written = [it.new for it in edits if not it.path.endswith(TEXTS)]
    return bool(heads) and all(any(head in text for text in written) for head in heads)


def _is_overtaken(code: str, edits: list[Edit], objection: str) -> bool:
    """Return whether one of ``edits`` changed something at a line of ``code``, or the user's ``objection`` names it."""
    lines = {line.strip() for line in code.split("\n") if len(line.strip()) > _LONG_LINE}
    if not set(identifiers(objection)).isdisjoint(identifiers(code)):
        return True
    return any(line in edit.old for edit in edits if edit.old != edit.new for line in lines)


_LONG_LINE, _OBJECTION_CHARS = 12, 2_000


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of ``text`` without code; a list stands with the line or heading that announces it."""
    held: list[str] = []
    heading = section = ""
    for chunk in _EMPTY_LINES.split(text):
        lines = [line for line in chunk.split("\n") if line.strip() and not _RULE.match(line)]
        while lines and (lines[0].lstrip().startswith("#") or _BOLD_LINE.match(lines[0].strip())):
            yield from _whole(held)
            held, heading = [], plain(lines.pop(0) if lines[0].isascii() else EMOJI.sub("", lines.pop(0))).rstrip(":")
        if not lines or lines[0].lstrip().startswith("|"):
            continue
        goes_on = bool(MARK.match(lines[0])) or lines[0][0].isspace() or (bool(held) and is_recap(held[-1]))
        if held and not (goes_on and (held[-1].endswith(":") or MARK.match(held[-1]) or held[-1][0].isspace())):
            yield from _whole(held)
            held = []
        if not held and goes_on and heading:
            held = [f"{heading}:"]
        heading, section = "", heading or section
        if section and not held and GENERIC.match(bare(lines[0])):
            lines[0] = f"{section}: {bare(lines[0])}"
        held += [bare(line) for line in lines]
    yield from _whole(held)
    if heading:
        yield f"{heading}:"


def is_recap(text: str) -> bool:
    """Return whether a line, or the first of a paragraph, announces what was agreed or is known so far."""
    return bool(_RECAPS.match(text))


_RECAPS = caseless(
    r"\W*(?:(?:great|good|ok(?:ay)?|perfect|so|then|alright|and),? )*(?:(?:the|our|your|my|here(?:'s| is)) )*"
    r"(?:(?:design|plan|decisions?|result|summary|scope|schedule|outline|setup|architecture) (?:so far|until now|now)"
    r"|(?:agreed |decided )?so far|to (?:summari[sz]e|sum up|recap)|recap|what we (?:have )?(?:decided|agreed)"
    r"|final (?:plan|design|decisions?)|zusammenfassung|stand bisher|bisher|en r\xe9sum\xe9|resumen)\b[^.!?\n]{0,40}:"
)

_EMPTY_LINES = lazily(r"\n[ \t]*(?:\n[ \t]*)+")
_RULE = lazily(r"\s*[-=*_]{3,}\s*$")
_BOLD_LINE = lazily(r"\*\*[^*\n]{2,80}\*\*:?$")


def _whole(lines: list[str]) -> Iterator[str]:
    """Yield a paragraph without what only cheers or announces; a list that is too long in several, of whole items."""
    lines = [line for line in lines if line.strip()]
    if lines:
        lines[0] = without_cheer(lines[0])
        *before, last = SENTENCE_END.split(lines[-1])
        if not MARK.match(lines[-1]) and before and is_talk(last):
            lines[-1] = " ".join(before)
    held, size = list[str](), 0
    for line in filter(None, lines):
        if held and size + len(line) > _MOST_CHARS and MARK.match(line):
            held, below = _cut(held, line)
            yield "\n".join(held)
            held, size = below, sum(map(len, below))
        held.append(line)
        size += len(line) + 1
    if held:
        yield "\n".join(held)


def _cut(lines: list[str], item: str) -> tuple[list[str], list[str]]:
    """Return ``lines`` up to the last before ``item`` at which no item of an item is parted from it, and the rest."""
    level = min(map(indent_of, filter(MARK.match, (*lines, item))))
    starts = [at for at in range(1, len(lines)) if MARK.match(lines[at]) and indent_of(lines[at]) <= level]
    at = starts[-1] if starts and indent_of(item) > level else len(lines)
    return lines[:at], lines[at:]


def _tells(block: str, notes: bool = False) -> bool:
    """Return whether a paragraph says something of the work and does not only announce; in ``notes`` all words do."""
    if notes and len(block) >= _LEAST_OF_NOTES:
        return True
    if not _LEAST_CHARS <= len(block) <= _MOST_CHARS or block.endswith(("?", ":")):
        return False
    if "\n" in block and is_recap(block):
        return True
    if is_talk(block) and all(map(is_talk, SENTENCE_END.split(block))):
        return False  # each sentence only announces a step
    names = len(_CODE_SPAN.findall(block)) + bool(MARK.search(block))
    return names >= _NAMES if is_talk(block) else any(map(tells_why, units(block))) or names >= 1


_CODE_SPAN, _NAMES = lazily(r"`[^`\n]{3,80}`"), 2


def _worth(block: str) -> float:
    told = sorted((it for it in map(worth_of, units(block)) if it > 0), reverse=True)
    told_so_far = _RECAP if "\n" in block and is_recap(block) else -2.0 * is_talk(block)
    return sum(told[:1]) + 0.4 * sum(told[1:4]) - len(as_one_line(block)) / _LENGTH + told_so_far


_RECAP = 4.0
"""What a paragraph has ahead that sums up what was agreed."""
