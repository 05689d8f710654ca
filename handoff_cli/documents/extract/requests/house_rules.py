"""The rules of the project that the agent read in it: those of a CONTRIBUTING, an AGENTS.md, a style guide."""

from __future__ import annotations

from handoff_cli.core.paths import is_guide, name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.files.texts import lines_read, read_by, same_file
from handoff_cli.documents.extract.language.words import SENTENCE_END, clipped, plain
from handoff_cli.documents.extract.requests.binding import binds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from handoff_cli.core.transcript import Edit, Transcript


_SHORT, _LEAST_CHARS, _RULE_CHARS, _MOST, _FEW, _ADDED_CHARS = 12, 8, 150, 8, 4, 320
"""A guide of so many items is told whole; so long is a rule at least, and told at most; so many are;
so few lines are put into one, each told in so many characters."""


class Guide(Record):
    """What the file at ``path``, read last at ``position``, asks of whoever works in its project.

    ``pointed_to`` tells that the user named the file, ``added`` that these rules were put into it in the session.
    Without a path the user put them into the agent's memory.
    """

    path: str
    position: int
    rules: tuple[str, ...]
    pointed_to: bool = False
    added: bool = False


def guides_read(transcript: Transcript) -> tuple[Guide, ...]:
    """Return what the guides ask that were read, each as it was read last, the first read first; then what was added.

    What the session put into one is a lesson of it. Before these stand the rules for the agent's memory.
    """
    found: dict[str, Guide] = {}
    asked = "\n".join(it.text for it in transcript.messages if it.role == "user")
    edits = [it for it in transcript.edits if is_guide(it.path)]
    last = {place: (position, text) for position, place, text in _texts(transcript)}
    for place, (position, text) in last.items():
        path = next((path for path, _, _ in lines_read(place, text)), place)
        gone = _taken_out(edits, path, position)
        if rules := rules_of([line for _, _, line in lines_read(place, text) if line.strip() not in gone]):
            found[path] = Guide(path, position, rules, name_of(path) in asked)
    return (*_remembered(transcript), *found.values(), *_added(transcript))


def _remembered(transcript: Transcript) -> Iterator[Guide]:
    """Yield what the user put into the agent's memory, in one: behind a sharp only what binds, it may be a title."""
    put = [it for it in transcript.orders if it.text.startswith(MEMORY) and "\n" not in it.text]
    told = [(it.position, *it.text.partition(" ")[::2]) for it in put]
    rules = {rule: position for position, sign, rule in told if sign != "#" or binds(rule)}
    if rules:
        yield Guide("", max(rules.values()), tuple(rules), pointed_to=True)


MEMORY = ("/memory ", "# ")
"""How orders begin that the user put into the agent's memory: in one line."""


def _taken_out(edits: Sequence[Edit], path: str, read_at: int) -> set[str]:
    """Return the lines that ``edits`` of the guide at ``path`` took out after it was read, and left out."""
    gone = set[str]()
    for edit in edits:
        if edit.position > read_at and same_file(edit.path, path):
            before, after = ({*map(str.strip, text.split("\n"))} for text in (edit.old, edit.new))
            gone = (gone | (before - after)) - after
    return gone


def _added(transcript: Transcript) -> Iterator[Guide]:
    """Yield what edits put into guides that were there: the few items, not what makes a guide anew."""
    for edit in transcript.edits:
        if edit.action == "modified" and is_guide(edit.path):
            before = set(edit.old.split("\n"))
            lines = [it for it in edit.new.split("\n") if it not in before]
            rules = rules_of(lines, _ADDED_CHARS) if len(lines) <= _FEW else ()
            if rules := tuple(it for it in rules if binds(it) or not _TELLS_OF.search(it)):
                yield Guide(edit.path, edit.position, rules, added=True)


def _texts(transcript: Transcript) -> Iterator[tuple[int, str, str]]:
    """Yield where guides were read, their places and what was shown of them, in order."""
    texts = [
        (it.position, it.asked, it.answer)
        for it in transcript.lookups
        if it.kind == "read" and it.answer and is_guide(it.asked)
    ]
    for command in transcript.commands:
        if command.output and command.outcome != "failed" and any(map(command.text.__contains__, _ENDINGS)):
            place = read_by(command.text)
            texts += [(command.position, place, command.output)] * is_guide(place)
    yield from sorted(texts)


_TELLS_OF = caseless(r"\b(?:was|were|(?:has|have) been|wurden?|fue(?:ron)?|a \xe9t\xe9|ont \xe9t\xe9)\b")
"""What a line has that tells of the past, and asks for nothing."""

_ENDINGS = (".md", "rules")
"""What a command has in it that prints a guide."""


def rules_of(lines: Sequence[str], size: int = _RULE_CHARS) -> tuple[str, ...]:
    """Return the lines that bind of a guide: of a short one all items of its lists, of a long one what orders.

    Where these are many, those come before others that are stressed by capitals.
    """
    told = [*_items(_for_all(lines))]
    if len(told) > _SHORT:
        told = [it for it in told if binds(it)]
    told = [_without_lead(it) for it in told if not _LEADS_TO.search(it)]
    told = [it for it in told if len(it) >= _LEAST_CHARS]
    if len(told) > _MOST:
        told.sort(key=lambda it: _STRESSED.search(it) is None)
    return tuple(clipped(it, size) for it in told[:_MOST])


def _for_all(lines: Sequence[str]) -> Iterator[str]:
    """Yield ``lines`` without the sections whose first words say that they hold where the agent runs elsewhere."""
    left_out, fenced = 0, False
    for at, line in enumerate(lines):
        fenced ^= line.lstrip().startswith("```")
        level = 0 if fenced else len(line) - len(line.lstrip("#"))
        if level and (not left_out or level <= left_out):
            first = next((it.strip() for it in lines[at + 1 :] if it.strip()), "")
            left_out = level if _ELSEWHERE.match(first) else 0
        if not left_out:
            yield line


_ELSEWHERE = caseless(
    r"(?:when|if|while) (?:you(?:['\u2019]re| are) )?(?:running|executing|working|started) (?:in(?:side)?|within|under)"
    r" (?:an? |the )?[^.,;]{0,40}\b(?:sandbox|container|vm|ci|runner|docker|pipeline)\b"
)


def _without_lead(rule: str) -> str:
    """Return ``rule`` from the sentence on that says by itself what it is about; all where none does."""
    told = SENTENCE_END.split(rule)
    first = next((at for at, it in enumerate(told) if not _POINTS_BACK.match(it)), 0)
    return " ".join(told[first:])


_LEADS_TO = caseless(
    r"\b(?:(?:this|these|the (?:following|exact)) (?:exact )?"
    r"(?:sequence|steps|order|workflow|process|procedure|checklist)|as follows)\b"
)
"""What points at steps that stand below a rule, and not in it."""
_POINTS_BACK = caseless(r"(?:this|that|it|these|they) [a-z]+s? (?!be\b)")


def _items(lines: Iterable[str]) -> Iterator[str]:
    """Yield the items of lists, and the paragraphs that bind, each in one line."""
    item: list[str] = []
    listed = False
    for line in (*_prose(lines), ""):
        begins = _ITEM.match(line)
        if begins or not line:
            told = plain(" ".join(item))
            if told and not told.endswith(":") and (listed or binds(told)):
                yield told
            item, listed = [], bool(begins)
        if line:
            item.append(line[begins.end() :] if begins else line)


def _prose(lines: Iterable[str]) -> Iterator[str]:
    """Yield ``lines`` without the white space around them, nothing for those of headings, tables and code."""
    fenced = False
    for line in map(str.strip, lines):
        fenced ^= line.startswith("```")
        yield "" if fenced or _NO_PROSE.match(line) else line


_STRESSED = lazily(r"\b(?:NEVER|ALWAYS|ONLY|MUST|NOT|FORBIDDEN|REQUIRED|MANDATORY|CRITICAL|IMPORTANT)\b")
_ITEM = lazily(r"(?:[-*+]|\d{1,2}[.)]) +(?:\[[ x]\] +)?(?=\S)")
_NO_PROSE = lazily(r"#|\||```|<!--|!?\[[^\]]*\]\([^)]*\)$|---+$|===+$")
