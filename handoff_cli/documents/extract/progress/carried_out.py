"""Whether what the agent announced is made by now: by the edits since, and at the lines that its words name."""

from __future__ import annotations

from handoff_cli.core import tool_names
from handoff_cli.core.code import defined_by
from handoff_cli.core.paths import MARKDOWN, name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.commands.checks import is_check, kinds_of
from handoff_cli.documents.extract.commands.command_lines import only_looks
from handoff_cli.documents.extract.files.changes import COMMENT
from handoff_cli.documents.extract.files.texts import parts_of_file, same_file
from handoff_cli.documents.extract.language.announced import is_step
from handoff_cli.documents.extract.language.objections import stems
from handoff_cli.documents.extract.language.prose import unfenced
from handoff_cli.documents.extract.language.words import clipped, identifiers, sentences
from handoff_cli.documents.extract.requests.pasted_logs import typed_words
from handoff_cli.documents.extract.runs.underway import acts_done, acts_in, is_quiet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Edit, Message, Transcript
    from handoff_cli.documents.extract.files.texts import Printed


def is_carried_out(words: str, position: int, transcript: Transcript) -> bool:
    """Return whether edits made the one change that ``words``, told at ``position``, announce, or its commands ran.

    Of changes in several places, nobody can say; a look is over once an edit followed it, what was to be verified
    once a check ended after the edit, and a commit, push or pull request once its command went through.
    """
    edits = [it for it in transcript.edits if it.position >= position and it.outcome != "failed"]
    steps = [it for it in sentences(words) if is_step(it)]
    pending = any(it.position >= position and it.outcome is None for it in transcript.tool_calls)
    if not steps or pending or "check" in acts_in(words):
        return False
    if all(map(_HANDS_OVER.search, steps)):
        return not any(map(_GOES_ON.search, steps)) and _acts_of(steps) <= acts_done(transcript, position)
    return bool(edits) and all(
        is_look(it) or _is_made(it, edits) or _is_verified(it, edits, transcript) for it in steps
    )


def _acts_of(steps: Sequence[str]) -> set[str]:
    """Return which of commit, push and pull request ``steps`` that hand the work over name."""
    told = " ".join(steps)
    return {act for act, named in _NAMES_ACT.items() if named.search(told)}


def _is_verified(step: str, edits: Sequence[Edit], transcript: Transcript) -> bool:
    """Return whether ``step`` announces to verify something, and a check that may show it ended after the ``edits``."""
    since = edits[-1].position
    return bool(_VERIFIES.match(step)) and any(
        it.position > since and it.outcome and is_check(it.text) and _shows(it.text, step) for it in transcript.commands
    )


def _shows(check: str, step: str) -> bool:
    """Return whether a ``check`` may show what ``step`` wants to see: by tests, or what it names, nowhere else."""
    kinds, low = kinds_of(check), step.lower()
    of_kind = "test" in kinds or any(it.rstrip("s") in low for it in (*kinds, *("compil",) * ("build" in kinds)))
    return of_kind and not _ELSEWHERE.search(step) and all(it.lower() in check.lower() for it in _PROPER.findall(step))


def is_look(step: str) -> bool:
    """Return whether ``step`` announces only to look at something: one call does it. Words before it are none."""
    first = next((it for it in sentences(step) if is_step(it)), step)
    return bool(_LOOKS.match(first))


def after_look(step: str, position: int, transcript: Transcript) -> str:
    """Return what a ``step`` announced at ``position`` goes on with, once calls since took the look it begins with.

    "I'm reading the other eight, then I'll write it": eight reads later it is to write. Else the step as it is.
    """
    found = _LOOK_THEN.search(step)
    if found is None or _DOES_MORE.search(found[1]) or _DEPENDS.search(found[1]):
        return step
    since = {it.position: it for it in transcript.commands if it.position > position}
    calls = [it for it in transcript.tool_calls if it.position > position and it.outcome == "ok" and not is_quiet(it)]
    looks = [
        (it.position in since and only_looks(since[it.position].text)) or it.name.lower() in tool_names.READERS
        for it in calls
    ]
    number = next((_NUMBERS.get(it) or int(it) for it in _NUMBER.findall(found[1].lower())), _UNTOLD)
    return step[found.start(2) :] if all(looks) and len(looks) >= number else step


_LOOK_THEN = caseless(
    r"(?:^|[.!:;] )(?:now |next )?i(?:['\u2019](?:m|ll)| am| will) ([^.!?;:]{0,80}\b(?:read|check|review|inspect|look"
    r"|search|open|scan|view)(?:s|ing)?\b(?:[^.!?;:]|\.\w){0,160}?),? (?:and )?then (i(?:['\u2019]ll| will) .+)$"
)
_DOES_MORE = caseless(
    r"\b(?:add|build|chang|commit|edit|fix|implement|mak|push|re-?runn?|runn?|test|updat|writ)(?:e|ing)?\b"
)
_DEPENDS = lazily(r"\b(?:whether|if)\b")
_NUMBER = lazily(r"\b(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,2})\b")
_NUMBERS = {it: at for at, it in enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 2)}
_UNTOLD = 2
"""So many calls take a look of which no number is told."""


def _is_made(step: str, edits: Sequence[Edit]) -> bool:
    """Return whether ``edits`` made the change of one place that ``step`` tells of, by its files, names or words."""
    begun = _EDITS.match(step)
    if begun is None or _SEVERAL.search(step) or len(edits) < (2 if _BOTH.search(step) else 1):
        return False
    files = {it.lower() for it in _FILES.findall(step)}
    if not files <= {name_of(it.path).lower() for it in edits}:
        return False
    made = "\n".join(f"{it.path}\n{it.where or ''}\n{it.old[:_CHARS]}\n{it.new[:_CHARS]}" for it in edits)
    edited = {name_of(it.path).partition(".")[0] for it in edits}
    within = {it[2] for it in _WITHIN_FILE.finditer(step) if it[1] in edited}
    if names := {it for it in identifiers(step) if it.lower() not in files and it.partition("(")[0] not in within}:
        return all(it.partition("(")[0] in made for it in names)
    wanted = stems(_FILES.sub("", step[begun.end() :])) - _POINTING
    low = made.lower()
    return sum(it in low for it in wanted) >= min(len(wanted), 1 if files or within else 2)


_WITHIN_FILE = lazily(r"\b(\w{2,60})(?:\.\w{1,10})?['\u2019]s `?([A-Za-z_]\w*)")
"""A file and what is to be changed in it: "Cart's `total()`"; the edit need not show the name again."""


_POINTING = frozenset(("here", "there", "too", "well"))
_LEAD = (
    r"(?:(?:and|so|now|then|next|first|finally|good|great|perfect)\b[,!.]? )*"
    r"(?:let me|i['\u2019]?ll|i will|i need to|i should|i have to|we need to|now i|now) (?:also |now |just |first )*"
)
_EDITS = caseless(
    rf"{_LEAD}(?:need to )?(?:add|adapt|adjust|change|correct|delete|drop|edit|fix|implement|insert|make|modify|move"
    r"|pass|put|remove|rename|replace|rewrite|simplify|update|write)\b"
)
_HANDS_OVER = caseless(
    rf"(?:^|[.!?:;] ){_LEAD}(?:commit|push|amend|squash|(?:make|create|open|do|put|add)\b[^.;:`]{{0,40}}"
    r"\b(?:commit|pr|mr|pull request))\b(?! (?:message|hash|log|history|id|count|hook|template)s?\b)"
)
"""How a step begins that commits, pushes or opens a pull request; what is made of a commit's message is none."""
_GOES_ON = caseless(
    r"(?:,|\band\b|\bthen\b) (?!(?:then |and |also |finally |i'?ll )*(?:commit|push|amend|squash|open|create|make|raise"
    r"|put|let|report|tell|we|that|it|this|the|a)\b)(?!\w+(?:ing|ed)\b)[a-z]+\b|\b(?:another|each|both|two|three|several)\b"
)
"""What such a step goes on with that no commit, push or pull request does, or that it takes several."""

_NAMES_ACT = {
    "commit": caseless(r"\b(?:commit|amend|squash)"),
    "push": caseless(r"\bpush"),
    "pull request": caseless(r"\b(?:pr|mr|pull request)\b"),
}
_LOOKS = caseless(
    rf"{_LEAD}(?:analy[sz]e|check|examine|find|inspect|investigate|look|read|search|see|understand|view)\b"
)
_ELSEWHERE = caseless(
    r"\b(?:browser|by hand|manual(?:ly)?|screenshots?|screen|ui|page|dialogs?|buttons?|devices?|simulator|emulator"
    r"|staging|production)\b"
)
_PROPER = lazily(r"(?<=[\w,] )[A-Z][a-z]+\b(?!\(|\.\w)")
"""Where something is looked at that no check sees, and a name that is no code's, amid a sentence."""
_VERIFIES = caseless(rf"{_LEAD}(?:verify|confirm|double-check|make sure|test)\b")
_SEVERAL = caseless(
    r"\b(?:all|any|each|every|several|rest|remaining|others?|three|four|five|six"
    r"|(?<!phase )(?<!step )(?<!part )(?<!section )(?<!line )(?<!option )\d+ (?:\w+ )?\w+s|files|places|usages"
    r"|uses|callers|sites|tests|too many|and then|then)\b"
)
_BOTH = caseless(r"\b(?:both|two)\b")
_FILES = lazily(r"[\w-]+(?:\.[\w-]+)*\.[A-Za-z]\w{0,5}\b(?!\()")
_CHARS = 4_000


def edited_already(words: str, transcript: Transcript, printed: Sequence[Printed], asked: int) -> str:
    """Return ``file:line`` with its text for the line that ``words`` want changed and an edit since ``asked`` wrote.

    Empty where they name no line, or where that line is as it was before.
    """
    said = next((it for it in reversed(sentences(words)) if _LINE.search(it) and _WANTS.search(it)), "")
    named = _LINE.search(said)
    late = [it for it in transcript.edits if it.position > asked and it.outcome != "failed"]
    if named is None or not late:
        return ""
    path, number = late[-1].path, int(named[1])
    told = {it.lower() for it in _FILES.findall(said)}
    if told and name_of(path).lower() not in told:
        return ""
    wrote = [it for it in late if same_file(it.path, path)]
    before = {line.strip() for it in wrote for line in it.old.split("\n")}
    written = {line.strip() for it in wrote for line in it.new.split("\n")} - before
    for part in parts_of_file(path, transcript, printed):
        at = number - part.first
        if part.exact and part.first and 0 <= at < len(part.lines):
            line = part.lines[at].strip()
            return f"{name_of(path)}:{number} {clipped(line, _LINE_CHARS)}" if line in written else ""
    return ""


_LINE = caseless(r"\bline (\d{1,6})\b")
_WANTS = caseless(r"\b(?:needs? to|needs (?:updat|chang|fix)ing|(?:has|have) to|must|should|let me|i['\u2019]?ll)\b")
_LINE_CHARS = 100


def shown_since(step: str, position: int, printed: Sequence[Printed]) -> tuple[str, ...]:
    """Return where what was ``printed`` from ``position`` on defines all names of code in ``step``: name, file, line.

    Empty where one of them was not shown, or the step is about something else of them.
    """
    names = dict.fromkeys(it.partition("(")[0] for it in identifiers(step))
    if not names or _OF_USES.search(step):
        return ()
    found: dict[str, str] = {}
    for path, number, line in (it for text in printed if text.position >= position for it in text.lines):
        name = defined_by(line) if number else ""
        if name in names:
            found.setdefault(name, f"{name} ({name_of(path)}:{number})")
    return tuple(found[it] for it in names) if found.keys() == names.keys() else ()


_OF_USES = caseless(r"\b(?:call(?:s|ed|ers?|ing)?|us(?:es?|ed|ages?|ing)|where|who|tests?|references?|compar\w+)\b")


def lines_shown(step: str, looks: bool, position: int, printed: Sequence[Printed]) -> tuple[str, ...]:
    """Return the lines of what was ``printed`` from ``position`` on that a ``step`` is about, as it looks or puts."""
    return uses_shown(step, position, printed) if looks else sections_shown(step, position, printed)


def sections_shown(step: str, position: int, printed: Sequence[Printed]) -> tuple[str, ...]:
    """Return the outermost headings that were ``printed`` from ``position`` on, where a ``step`` puts text by one."""
    late = [it for text in printed if text.position >= position for it in text.lines] if _PUTS_BY.search(step) else []
    lines = [it for it in late if it[1] and it[0].endswith(MARKDOWN)]
    lines = [it for it in lines if it[0] == lines[-1][0]]
    heads = [lines[at] for at, line in unfenced([line for _, _, line in lines]) if line.startswith("#")]
    levels = sorted(_level(line) for _, _, line in heads)
    outermost = levels[levels[0] == 1 and len(levels) > 1] if levels else 0  # one above all others is the title
    told = (
        f"{name_of(path)}:{number}: {clipped(line, _LINE_CHARS)}"
        for path, number, line in heads
        if _level(line) == outermost
    )
    return tuple(told)[:_MOST_USES]


def _level(heading: str) -> int:
    return len(heading) - len(heading.lstrip("#"))


_PUTS_BY = caseless(
    r"\b(?:add|append|insert|integrate|move|place|put)\b[^\n]{0,160}"
    r"\b(?:above|after|before|below|between|following|under|at the (?:end|start|top|bottom))\b"
)


def uses_shown(step: str, position: int, printed: Sequence[Printed]) -> tuple[str, ...]:
    """Return the lines of what was ``printed`` from ``position`` on that use the names of code a ``step`` asks about.

    They call or set one; each stands behind its file and number, a few of every name, in their order.
    """
    names = dict.fromkeys(it.partition("(")[0] for it in identifiers(step))
    late = [it for text in printed if names and text.position >= position for it in text.lines]
    found: dict[str, dict[tuple[str, int], str]] = {it: {} for it in names} if _ASKS_FOR_USES.search(step) else {}
    for path, number, line in late if found else ():
        for name, lines in found.items():
            if number and name in line and _uses(line, name) and len(lines) < _USES_OF_ONE:
                lines[path, number] = line.strip()
    uses = {place: line for lines in found.values() for place, line in lines.items()}
    told = [f"{name_of(path)}:{number}: {clipped(line, _LINE_CHARS)}" for (path, number), line in sorted(uses.items())]
    return tuple(told[:_MOST_USES])


def _uses(line: str, name: str) -> bool:
    """Return whether ``line`` calls ``name`` or sets it, and neither defines nor only speaks of it."""
    if COMMENT.match(line) or defined_by(line) == name:
        return False
    before, found, after = line.partition(name)
    apart = not (before[-1:].isalnum() or before.endswith("_"))
    return bool(found) and apart and bool(_CALLED_OR_SET.match(after))


_ASKS_FOR_USES = caseless(r"\b(?:where|how|who|what calls|callers?|calls|usages?|uses)\b")
_CALLED_OR_SET = lazily(r" ?\(|(?:, ?\w+)* ?(?::|\+|-)?=(?!=)")
_USES_OF_ONE, _MOST_USES = 3, 5


def not_written(step: str, said: Message, transcript: Transcript) -> tuple[str, ...]:
    """Return the names of code in a ``step`` that was announced in ``said`` which no file that was seen has.

    Nothing where no edit since has another of its names: it was not begun then, or is about something else.
    """
    names = [it for it in dict.fromkeys(_QUOTED_NAME.findall(said.text[:_MOST_READ])) if it in step]
    since = "\n".join(it.new for it in transcript.edits if it.position > said.position and it.outcome != "failed")
    return _seen_nowhere(names, transcript, ()) if any(it in since for it in names) else ()


def not_edited(step: str, said: Message, transcript: Transcript) -> tuple[str, ...]:
    """Return the files that a ``step`` told in ``said`` wants edited and no edit since has.

    Nothing where no edit since has another of them: it was not begun then, or only looks at them.
    """
    named = [*dict.fromkeys(_FILES.findall(_REASON.split(step)[0]))] if _CHANGES.search(step) else []
    since = (it for it in transcript.edits if it.position > said.position and it.outcome != "failed")
    late = {name_of(it.path).lower() for it in since}
    return tuple(it for it in named if it.lower() not in late) if any(it.lower() in late for it in named) else ()


_REASON = lazily(r"\b(?:since|because|so that|as|like|from|in order|instead of|without)\b")
_CHANGES = caseless(
    rf"(?:^|[.!?:;] ){_LEAD}?(?:add|adapt|adjust|change|convert|edit|fix|migrate|replace|rewrite|update)\b"
)


def asked_not_written(transcript: Transcript, printed: Sequence[Printed], asked: int) -> tuple[str, ...]:
    """Return the names of code in the latest request, at position ``asked``, which no file that was seen has.

    Nothing where no file was edited since, or the request is long: then it may have pasted them.
    """
    request = next((it.text for it in reversed(transcript.messages) if it.role == "user"), "")
    edited = any(it.position > asked and it.outcome != "failed" for it in transcript.edits)
    if len(request) > _TYPED_CHARS or not edited:
        return ()
    names = [found[1] or found[0] for found in _ASKED_NAME.finditer(_ADDRESS.sub(" ", typed_words(request)))]
    return _seen_nowhere([*dict.fromkeys(names)], transcript, printed)


_TYPED_CHARS = 1_000
_ADDRESS = lazily(r"\b\w{2,10}://\S+|(?<![\w`])@\S+|\S*/\S*")
_ASKED_NAME = lazily(
    r"`([A-Za-z_]\w{2,60})`|(?<![\w.@`-])(?:[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"
    r"|[a-z][a-z0-9]+(?:[A-Z][a-z0-9]+)+|--[a-z][a-z0-9]+(?:-[a-z0-9]+)*)(?![\w-]|\.\w|:\w)"
)
"""How code is named in what a user types: in its quotes, with an underline or a capital within, as an option."""


def _seen_nowhere(names: Sequence[str], transcript: Transcript, printed: Sequence[Printed]) -> tuple[str, ...]:
    """Return those of ``names`` that stand in no edit and in nothing that was read or printed, at most three."""
    if not names:
        return ()
    seen = [it.new for it in transcript.edits] + [it.old for it in transcript.edits]
    seen += [f"{it.text}\n{it.output or it.error or ''}" for it in transcript.commands]
    seen += [it.answer for it in transcript.lookups]
    left = [it for it in names if not any(it in text for text in seen)]
    edited = {_core_of(name) for it in transcript.edits for name in identifiers(it.new)} if left else set()
    left = [it for it in left if _core_of(it) not in edited]
    return tuple(it for it in left if not any(it in line for one in printed for _, _, line in one.lines))[:_MOST_NAMES]


def _core_of(name: str) -> str:
    """Return ``name`` as people call it who do not look it up: one case, no underlines, an ID by any name."""
    return _ID_END.sub("id", name.replace("_", "").lower())


_ID_END = lazily(r"u+id$|guid$")
_QUOTED_NAME = lazily(r"`([A-Za-z_]\w{2,60})(?:\([^`\n]{0,80}\))?`")
_MOST_READ, _MOST_NAMES = 8_000, 3
