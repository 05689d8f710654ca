"""What sub-agents and pages told that the work goes by: facts with their place, and how the tasks of sub-agents ended.

A fact counts where the agent named its file or its names later, in its words, its edits or what it read. Work that is
handed to sub-agents leaves no edits in the log: their reports tell what was done.
"""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.facts import Finding, Report
from handoff_cli.documents.extract.language.findings import (
    LEAST_WORTH,
    blames,
    is_talk,
    subject_of,
    tells_the_same,
    worth_of,
)
from handoff_cli.documents.extract.language.lists import without_conditions
from handoff_cli.documents.extract.language.prose import prose_of
from handoff_cli.documents.extract.language.shortened import brief
from handoff_cli.documents.extract.language.words import (
    EMOJI,
    SENTENCE_END,
    as_one_line,
    clipped,
    identifiers,
    plain,
    sentences,
)
from handoff_cli.documents.extract.runs.running import is_receipt
from handoff_cli.documents.extract.told.shared import RECOMMENDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Transcript

_LOOKUPS, _MOST, _CHARS, _LEAST_CHARS = 8, 24, 200, 24
_DEMANDED = 3.0
"""What a demand of the last answer, such as a review makes, has ahead."""

_NAMED, _PLACED, _NAMES, _LATE, _UNHEARD, _LEAST = 2.0, 2.0, 0.5, 0.4, 2.0, 0.5
"""What a fact has ahead whose file was named later, that has a line, for each name that was named later, of the last
answer; and the least that is told."""

_PLACE = lazily(r"`?/?((?:[\w.+-]+/)*[\w+-]+\.[A-Za-z]\w{0,9}\b)(?:`?:|#L|`?,? \(?lines? )?(\d+(?:[-\u2013]\d+)?)?`?")
_LINES = lazily(r"(?:lines? )?(\d+(?:[-\u2013]\d+)?)$")
_DENIES = caseless(r"\b(?:no|not|none|never|nothing|without|missing|unused|currently)\b")
_DEMANDS = caseless(
    r"(?:remove|drop|delete|collapse|replace|rename|simplify|cut|merge|split|move|keep|use|add|fix|avoid|stop"
    r"|do ?n[o']t|inline|extract|make|change|must|should|critical|blocker|high)\b"
)
_CELL = lazily(r"(?:(?<!\s)\s+)?\|\s*")


def learnt(transcript: Transcript, spoken: Sequence[str]) -> tuple[Finding, ...]:
    """Return the facts of the last answers that ``spoken`` texts, edits and reads came back to, in their order.

    What sub-agents reported since the agent spoke or did anything counts all: nobody was told of it yet.
    """
    asked = [it for it in transcript.lookups if it.kind in ("agent", "fetch") and it.answer]
    asked = [it for it in asked if not is_receipt(it.answer)][-_LOOKUPS:]
    if not asked:
        return ()
    first = asked[0].position
    later = [edit.new[:_EDIT_CHARS] for edit in transcript.edits if edit.position > first]
    later += [it.asked for it in transcript.lookups if it.kind == "read" and it.position > first]
    text = "\n".join((*spoken, *later))
    names = set(identifiers(text))
    rated: list[tuple[float, Finding]] = []
    told: set[str] = set()
    met, heard = _demands_met(transcript), _went_on(transcript)
    for age, lookup in enumerate(reversed(asked)):
        source = f"sub-agent: {lookup.asked}" if lookup.kind == "agent" else f"page: {lookup.asked}"
        for place, (path, fact) in enumerate(_facts(lookup.answer)):
            key = fact[:_LEAST_CHARS].lower()
            demanded = bool(_DEMANDS.match(fact))
            over = (demanded and lookup.position < met) or (lookup.position < heard and RECOMMENDS.match(fact))
            if key in told or over:
                continue
            told.add(key)
            named = path and path.partition(":")[0].rpartition("/")[2] in text
            worth = _NAMED * bool(named) + _PLACED * (":" in path) + max(0.0, worth_of(fact)) / 2 - _LATE * (age > 0)
            worth += _DEMANDED * (not age and demanded) + _UNHEARD * (
                lookup.kind == "agent" and lookup.position > heard
            )
            worth += _NAMES * min(3, len(names.intersection(identifiers(fact)))) + bool(_DENIES.search(fact))
            if worth >= _LEAST:
                shown = f"{path}: {fact}" if path else fact
                rated.append((worth, Finding(clipped(shown, _CHARS), source, lookup.position, worth, place)))
    best = sorted(rated, key=lambda it: -it[0])[:_MOST]
    return tuple(sorted((it for _, it in best), key=lambda it: (it.position, it.place)))


_EDIT_CHARS = 4_000


def _went_on(transcript: Transcript) -> int:
    """Return where the agent spoke, edited, ran or read something last: what was reported before that was heard."""
    said = [it.position for it in transcript.messages if it.role == "assistant"][-1:]
    did = [it.position for it in transcript.edits[-1:]] + [it.position for it in transcript.commands[-1:]]
    return max((*said, *did, *(it.position for it in transcript.lookups if it.kind != "agent")), default=-1)


def _demands_met(transcript: Transcript) -> int:
    """Return where the agent said last that it met all that was demanded, -1 where it did not."""
    said = (it for it in reversed(transcript.messages) if it.role == "assistant")
    return next((it.position for it in said if any(map(_says_all_met, sentences(it.text)))), -1)


def _says_all_met(sentence: str) -> bool:
    """Return whether a sentence says that all was met that reviewers or others demanded, not only the gravest of it."""
    found = _ALL_MET.search(sentence) or _MET_ALL.search(sentence)
    return found is not None and not _PARTLY.search(sentence)


_FEEDBACK = r"(?:feedback|findings|issues|comments|concerns|suggestions|recommendations|review (?:points|items))"
_MET = r"(?:addressed|incorporated|fixed|resolved|applied|implemented|handled|integrated|worked in)"
_ALL_MET = caseless(rf"\ball (?:of )?(?:[\w'\u2019-]+ ){{0,4}}{_FEEDBACK}\b[^.?!\n]{{0,40}}\b{_MET}\b")
_MET_ALL = caseless(rf"\b{_MET} all (?:of )?(?:[\w'\u2019-]+ ){{0,4}}{_FEEDBACK}\b")
_PARTLY = caseless(
    r"\b(?:critical|blocking|blockers?|high|major|important|minor|low|but|except|once|until|when|if|before|after|not|will"
    r"|would|should|must|need|needs|to be)\b|\?"
)


def _facts(answer: str) -> Iterator[tuple[str, str]]:
    """Yield ``(path:lines, fact)`` of the rows and items of an answer; the path is empty where a fact names none."""
    for line in without_conditions(prose_of(answer)).split("\n"):
        text = line.strip()
        if text.startswith("|"):
            fact = _of_row([it for it in _CELL.split(text.strip("| ")) if it])
            if fact:
                yield fact
            continue
        text = plain((text if text.isascii() else EMOJI.sub("", text)).strip())
        if len(text) < _LEAST_CHARS or text.endswith((":", "?")) or text.startswith("#") or is_talk(text):
            continue
        found = _PLACE.match(text)
        if found and len(text) - found.end() >= _LEAST_CHARS // 2:
            yield _at(found[1], found[2]), _behind(text[found.end() :])
        elif line.lstrip()[:1] in _MARKS:
            yield "", text


def _behind(text: str) -> str:
    """Return what is said behind a place, without the signs that part them; of brackets those that are a pair stay."""
    said = text.lstrip(_PARTS).removeprefix("()").lstrip(_PARTS).rstrip(" :")
    return said if said.count("(") == said.count(")") else said.strip(f"(){_PARTS}")


_PARTS = " -\u2013\u2014:`"


_MARKS = tuple("-*+\u2022123456789")


def _of_row(cells: list[str]) -> tuple[str, str] | None:
    """Return the fact of a table's row that begins with a file: what is said of it, with its lines."""
    found = _PLACE.fullmatch(cells[0]) if len(cells) > 1 else None
    if not found:
        return None
    lines = next((it for it in map(_LINES.match, reversed(cells[1:])) if it), None)
    said = [it for it in cells[1:] if not _LINES.match(it)]
    return (_at(found[1], found[2] or (lines[1] if lines else None)), "; ".join(said)) if said else None


def _at(path: str, lines: str | None) -> str:
    return f"{path}:{lines}" if lines else path


MAX_REPORTS = 12
_TASK_CHARS, _VERDICT_CHARS, _DEMAND_CHARS, _MOST_DEMANDS, _LEAST_LINE, _MOST_LINES = 90, 200, 260, 8, 12, 400


def reports(transcript: Transcript, since: int) -> tuple[Report, ...]:
    """Return the last reports of sub-agents in order, those after ``since`` being of the request at work.

    Only the last of these tells what it demands. What an earlier compaction's account tells of is left out.
    """
    account = transcript.summaries[-1].position if transcript.summaries else -1
    told = [it for it in transcript.lookups if it.kind == "agent" and it.answer and it.position > account]
    told = [it for it in told if not is_receipt(it.answer)]
    found = []
    for it in told[-MAX_REPORTS:]:
        late = it.position > since
        found.append(_report(it.asked, it.answer, last=late and it is told[-1]).replace(late=late))
    return tuple(it for it in found if it.verdict or it.proof or it.demands)


def _report(task: str, answer: str, *, last: bool) -> Report:
    lines = [(heading, _DEEP.sub(r"\1", text)) for heading, text in _lines_of(answer)]
    demands = _demands(lines) if last else ()
    told = [it for it in lines if "|" not in it[1] and not _says_little(*it)]  # a row of a table tells no end
    verdict = _verdict([text for _, text in told], demands)
    did = [brief(text, _DID_CHARS) for _, text in lines if _DID.match(text) and text[-1:] not in ":,"]
    if not demands and (listed := _answers(answer, verdict)):
        verdict, *did = listed
    return Report(
        clipped(as_one_line(task), _TASK_CHARS),
        verdict,
        _proof(answer),
        demands,
        tuple(it for it in did if it[:_LEAST_CHARS] not in verdict)[:_MOST_DID],
        tuple(dict.fromkeys(it for _, text in lines for it in _FILE.findall(text)))[:_MOST_FILES],
    )


def _says_little(heading: str, text: str) -> bool:
    """Return whether a line only heads a part, names files or says that there is a report."""
    if heading == text and not (_STATUS.match(text) or _SHORT_VERDICT.fullmatch(text) or _ENDED_WELL.search(text)):
        return True
    words = [it for it in _BRACKETED.sub("", text).split() if "/" not in it and _WORD.search(it)]
    return bool(_IS_REPORT.match(text)) or (len(words) < _FEWEST_WORDS and "/" in text)


_ENDED_WELL = caseless(r"\b(?:approved|rejected|compliant|ready|pass(?:es|ed)?|fail(?:s|ed)?|complete[d]?|blocked)\b")
_IS_REPORT = caseless(
    r"(?:perfect|great|excellent|ok(?:ay)?|now|based on|here(?:['\u2019]s| is| are)|let me|below"
    r"|i(?:['\u2019]ve| have)? (?:now |just |successfully )?(?:analy[sz]ed|examined|reviewed|searched|explored|provided"
    r"|gathered|compiled|conducted|completed (?:an?|the|my) (?:\w+ ){0,2}(?:analysis|review|search|audit|report)))\b"
)
"""How a line begins that says that something was looked at, or stands below."""

_BRACKETED, _WORD, _FEWEST_WORDS = lazily(r"`[^`]{0,200}`|\([^()]{0,200}\)"), lazily(r"[^\W\d]{2,}"), 2


def _answers(answer: str, verdict: str) -> list[str]:
    """Return the words that lead to a list and its items, where of all of it the ``verdict`` has one item alone.

    The others are as much of the answer. One word that only heads them stands with the first.
    """
    for items in _lists_in(answer):
        lead = plain(answer[: items[0].start()].rstrip().rpartition("\n")[2]) if 1 < len(items) <= _MOST_DID else ""
        told = [plain(it[1]) for it in items] if lead.endswith(":") and len(verdict) >= _LEAST_LINE else []
        if any(verdict[:_LEAST_CHARS] in it for it in told):
            first, *others = (brief(it.rstrip("."), _DID_CHARS) for it in told)
            return [lead.rstrip(":"), first, *others] if " " in lead else [f"{lead} {first}", *others]
    return []


def _lists_in(answer: str) -> Iterator[list[re.Match[str]]]:
    """Yield the items of each list of an ``answer``: nothing stands between those of one."""
    held: list[re.Match[str]] = []
    for item in _ITEM.finditer(answer):
        if held and answer[held[-1].end() : item.start()].strip():
            yield held
            held = []
        held.append(item)
    yield from [held] * bool(held)


_ITEM = lazily(r"(?m)^ {0,3}(?:\d{1,2}[.)]|[-*]) +(\S.*)$")
_DEEP = lazily(r"(?<![\w.])/(?:[\w.@-]+/){3,20}?((?:[\w.@-]+/){0,2}[\w.@-]+\.\w{1,8})\b")
"""A path from the root on: its last parts say what is meant."""

_DID_CHARS, _MOST_DID, _MOST_FILES = 100, 4, 24
_DID = caseless(
    r"(?:(?:issue|fix|step|task|bug)s? [^\n]{0,60}?: )?(?:add|creat|remov|delet|replac|chang|updat|fix|implement"
    r"|convert"
    r"|refactor|mov|renam|introduc|switch|wir|extract|dropp|simplifi|rewr|wrapp|mov|register|configur|guard)\w*(?:ed|ote|uilt)\b"
    r"|`[\w./-]+\.\w{1,10}`[^.]{0,40}(?: [-\u2013\u2014] |: )"
    r"|(?:wrong|incorrect|missing|stale|broken|invalid|duplicate|unused) [^.:]{3,60} [-\u2013\u2014] "
)
"""How a line begins that says what was changed, of a file what is so in it now, or what was found to be wrong."""

_FILE = lazily(
    r"(?<![\w/.-])/?((?:[\w.-]+/)*[\w-]+\.(?:py|pyi|tsx?|jsx?|mjs|vue|svelte|astro|gleam|exs?|dart|go|rs|java|kt|rb|php|cs|swift|c|cc|cpp|h|hpp"
    r"|html?|s?css|sql|md|toml|ya?ml|json|sh|tf|proto|graphql|ini|cfg|txt|lock))(?![\w/-]|\.\w)"
)


def _lines_of(answer: str) -> Iterator[tuple[str, str]]:
    """Yield the lines of an answer that say something, each with the heading it stands under."""
    heading = ""
    for line in without_conditions(prose_of(answer)).split("\n")[:_MOST_LINES]:
        text = plain((line if line.isascii() else EMOJI.sub("", line)).strip()).strip("* ")
        if line.startswith("#"):
            heading = text
        if len(text) >= _LEAST_LINE or _SHORT_VERDICT.fullmatch(text):
            yield heading, text


def _verdict(lines: Sequence[str], demands: Sequence[str]) -> str:
    """Return the sentence that tells how it ended, else that of the last which tells most, of a long one why."""
    said = [it for line in lines for it in SENTENCE_END.split(line) if not it.endswith((":", "?"))]
    ends = [it for it in said if _VERDICT.search(it) and not _STATUS.match(it)][:_SENTENCES]
    known = " ".join(brief(it, _VERDICT_CHARS // len(ends)) for it in ends)
    known = known or next((it for form in (_STATUS, _MARKED) for it in said if form.match(it)), "")
    if not known and not demands:
        short = len(said) <= _LAST_SAID
        ends = [it for it in said[-_LAST_SAID:] if not is_talk(it) and (short or _concludes(it))]
        known = max(ends, key=worth_of, default="")
    return brief(known, _VERDICT_CHARS) if len(known) >= _LEAST_LINE or _SHORT_VERDICT.fullmatch(known) else ""


def _concludes(sentence: str) -> bool:
    """Return whether a ``sentence`` at the end of a long report tells what was found, not an entry of its lists."""
    return blames(sentence) and worth_of(sentence) >= LEAST_WORTH and not _ENTRY.match(sentence)


_ENTRY = caseless(r"(?:(?:line|file|issue|recommendation|suggestion|fix|cost|impact|step|status)s?\b|`)")
_LAST_SAID, _SENTENCES = 8, 2
_MARKED = caseless(
    r"(?:critical|important|(?:primary|main|key|root|core) (?:issue|problem|finding|cause))\b[^:.]{0,20}: \S.{9}"
)
"""How a sentence begins that the report itself marks as what counts."""
_SHORT_VERDICT = caseless(r"(?:approved|rejected|pass(?:ed)?|failed|done|compliant|blocked|lgtm|ship(?: it)?|hold)\W*")
_STATUS = caseless(r"(?:status|result|verdict|overall|outcome|conclusion)\b\W{1,4}\w")
_VERDICT = caseless(
    r"\b(?:approved|compliant|lgtm|ship it|rejected|not (?:yet )?ready|ready (?:to|for) (?:merge|review|ship)"
    r"|(?:no|zero) (?:\w+ ){0,2}(?:issues?|problems?|blockers?|findings?|concerns?|regressions?|violations?)\b"
    r"|all (?:\w+ ){0,3}(?:checks?|tests?|issues?|tasks?|steps?|requirements?|goals?|items?|criteria)\b"
    r"(?! complete\.)[^.]{0,60}"
    r"\b(?:pass(?:es|ed)?|fixed|completed?|done|met|implemented|verified|resolved|addressed)"
    r"|(?:task|work|implementation|fix|migration|refactor\w*)(?: \w+)? is (?:now )?(?:complete|done|finished|clean)"
    r"|(?:\w+ ){1,2}(?:issues?|problems?|bugs?|blockers?|concerns?|gaps?|findings?) (?:\w+ ){0,2}"
    r"(?:require|need|must|remain|found|to fix|block)\w*"
    r"|(?:one|two|three|four|five|\d+) (?:\w+ ){0,2}(?:issues?|problems?|bugs?|blockers?|concerns?|gaps?|findings?)\b"
    r"|(?:is|was) (?:the )?(?:root cause|culprit)|root cause"
    r"|the (?:core|real|actual|underlying|main) (?:issue|problem|bug|cause)(?= is|:))\b"
)
"""How a report says how its task ended."""


def _proof(answer: str) -> str:
    """Return what it names as proof: the last count of tests that passed where none failed later, and its commits."""
    counts = list(_PASSED.finditer(answer))[-1:]
    parts = [as_one_line(it[0]) for it in counts if not _FAILED.search(answer, it.end())]
    commits = list(dict.fromkeys(filter(None, (hash_ for it in _COMMIT.findall(answer) for hash_ in it))))
    parts += [f"commit {', '.join(commits[-_COMMITS:])}"] * bool(commits)
    return ", ".join(parts)


_COUNT = r"(?:\d{1,3}(?:,\d{3}){1,2}|\d{1,7})"
_PASSED = lazily(
    rf"(?<![\w,./])(?:{_COUNT} (?:out )?of )?{_COUNT}(?:/{_COUNT})? "
    r"(?:(?:[a-z]{1,20} )?(?:test|spec|check|case)s? )?pass(?:ed|ing)?\b"
)
_FAILED = lazily(r"\b[1-9]\d{0,6} (?:tests? )?fail(?:ed|ing|ures?)?\b")
_COMMIT = lazily(
    r"(?m)\b[Cc]ommitted\b[^\n]{0,120}?`([0-9a-f]{7,40})`|\(commit:? `([0-9a-f]{7,40})`\)"
    r"|^[ \t>*+-]{0,8}[Cc]ommits?\b[^`\n\w]{0,6}`([0-9a-f]{7,40})`"
    r"|^[ \t>*+`-]{0,8}([0-9a-f]{7,10})`? (?:feat|fix|docs|test|chore|refactor)\b"
)
_COMMITS = 3


def _demands(lines: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return what a report asks to be changed: labelled so, or an item under a heading of such; the gravest first."""
    found: dict[str, tuple[int, str, frozenset[str]]] = {}
    under = ""
    for heading, text in lines:
        label = _LABEL.match(text)
        listed = _TROUBLES.search(heading) and heading != text and _NUMBERED.match(text)
        if not (label or listed) or _DID.match(text) or _ONLY_AT.search(text):  # what was changed is demanded no more
            continue
        told = text if label else f"{heading}: {_NUMBERED.sub('', text)}"
        if _IS_FIX.match(text) and under:
            grave, before, about = found[under]
            found[under] = (grave, f"{before.rstrip('.')}. {clipped(text, _DEMAND_CHARS - 60)}", about)
            continue
        weight = next((at for at, it in enumerate(_GRAVE) if it.search(told)), len(_GRAVE))
        if weight == len(_GRAVE) or len(told) < _LEAST_LINE * 2:
            under = ""
            continue
        under = text[:_KEY].lower()
        about = subject_of(_SEVERITY.sub("", text))
        for key in [key for key, (_, _, known) in found.items() if tells_the_same(known, about)]:
            del found[key]  # a report sums up at its end
        found[under] = (weight, clipped(told, _DEMAND_CHARS), about)
    ranked = sorted(found.values(), key=lambda it: it[0])
    return tuple(told for _, told, _ in ranked[:_MOST_DEMANDS])


_KEY = 40
_ONLY_AT = caseless(r":[*\s]{0,4}(?:at )?lines? \d[\d\s,and-]{0,30}$")
"""How a label ends behind which only a place stands."""

_SEVERITY = lazily(r"^[^:.]{0,40}[:.] ")
_NUMBERED = lazily(r"#?\d{1,2}[.):] *")
_TROUBLES = caseless(
    r"\b(?:issues?|problems?|findings?|concerns?|risks?|blockers?|bugs?|gaps?|recommend\w+|suggest\w+|fix(?:es)?)\b"
)
_LABEL = caseless(
    r"(?:#?\d{1,2}[.)] *)?\[?(?:finding|issue|problem|bug|risk|concern|blocker|critical|important|high|medium|minor|low"
    r"|nit|p[0-3]|should[- ]?fix|must[- ]?fix|fix|recommend(?:ation|ed)?|suggestion|gap|warning)s?\b"
    r"[^:\n]{0,60}\]?[:\u2014]"
)
_IS_FIX = caseless(r"(?:fix|recommend(?:ation|ed)?|suggestion)\b[^:\n]{0,20}:")
_GRAVE = (
    caseless(r"\b(?:critical|blocker|blocking|block merge|must[- ]?fix|p0|severe)\b"),
    caseless(r"\b(?:should[- ]?fix|important|high|major|p1|required)\b"),
    caseless(r"\b(?:issue|problem|bug|risk|concern|medium|gap|recommend\w*|p2|warning)s?\b"),
    caseless(r"\b(?:minor|low|nit|suggest\w*|nice to|p3|fix)\b"),
)
"""How grave what is asked for is called, the gravest first."""
