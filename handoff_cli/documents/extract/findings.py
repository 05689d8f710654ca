"""What was found out: sentences that conclude, out of reasonings, answers, sub-agents and earlier summaries.

No sentence is made here. Which are taken is told by how they conclude ("the root cause is", "turns out"), by the
names and figures in them, and by how late they stand; of sentences that say the same, one.
"""

from __future__ import annotations

import re

from handoff_cli.documents.extract.words import IDENTIFIER, alike, clipped, plain, prose_of, sentences, words_of
from handoff_cli.documents.facts import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handoff_cli.core.transcript import Transcript

MAX_FINDINGS = 40
MAX_RULED_OUT = 12
FINDING_CHARS = 320
_LEAST_CHARS = 30
_LATE = 6.0
"""What the latest sentence has ahead of the first."""

_LAST, _STRETCH = 2.5, 0.08
"""What the last stretch has ahead besides, and after which share of the session that is half."""

_CONCLUDES = re.compile(
    r"\b(?:root cause|culprit|turns? out|turned out|the (?:real |actual |main |core )?(?:issue|problem|bug"
    r"|cause|reason|fix|key|trick"
    r"|solution|difference|catch|answer) (?:is|was|here|seems)|i (?:found|see (?:that|the)|identified|confirmed"
    r"|discovered)|found (?:it|the|that)"
    r"|confirm(?:s|ed) (?:that|it)|that'?s why|this is why|explains? why|which means|this means|that means"
    r"|so the|therefore|hence"
    r"|the fix|fixed by|solution:|because|instead of|rather than|is missing|was missing|never (?:called|set"
    r"|updated|reached)|no longer"
    r"|already (?:has|have|handles?|does|exists?)|does(?:n'?t| not) (?:exist|work|handle|check|set|support)"
    r"|only (?:when|if|works)|must be"
    r"|needs? to be|should be|decided|going with|we(?:'ll| will) use|chose|trade-?off|important(?:ly)?"
    r"|note that|by design|intentional)\b|^\W{0,4}(?:decision|conclusion|finding|lesson)s?:",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\b(?:root cause|culprit|turns? out|turned out|that'?s why|this is why|explains? why|the (?:real "
    r"|actual )?(?:issue|problem|bug|cause"
    r"|reason|fix|difference|answer) (?:is|was)|found (?:it|the (?:bug|issue|problem|cause))|decided|going with)\b"
    r"|^\W{0,4}(?:decision|conclusion|finding|lesson)s?:",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"\d+(?:\.\d+)?\s?(?:ms|s\b|sec|min|%|x\b|\u00d7|MB|KB|GB|tokens|rows|files|tests|lines|times)|\b\d+/\d+\b"
)
_PLACE = re.compile(r"[\w/-]+\.\w{1,5}:\d+|`[^`\n]{3,80}`|\blines? \d+")
_TALK = re.compile(
    r"(?:let me|now,? (?:let|i)\b|i'?ll\b|i will\b|i need to\b|i should\b|i'?m going|next,? |first,? (?:let"
    r"|i)\b|perfect|great|good\b(?!, so)|excellent"
    r"|you'?re (?:absolutely )?right|sure\b|okay\b|ok\b|wait\b|hmm|let'?s\b|the user (?:wants|wanted|is asking"
    r"|is pointing"
    r"|is saying|asked|has asked|said|mentioned)|would you|now,? (?:update|add|create|fix|run|check|move)\b"
    r"|do you want|shall i|looking (?:at|for)|summary|here'?s|here is|here are|all (?:tests|checks) pass|done\b"
    r"|i can see|i see\b)",
    re.IGNORECASE,
)
_DROPPED = re.compile(
    r"\b(?:(?:did|does|do|would|will|could)(?:n'?t| not) (?:work|help|fix|compile|apply)|won'?t work"
    r"|not an option|(?:too|overly|over-?)\s?(?:complex|complicated|slow|risky"
    r"|invasive|engineered)|reverted|roll(?:ed|ing) back|abandon|gave up|rejected|ruled out|instead of"
    r"|rather than|broke (?:the|existing|other)"
    r"|backfired|wrong approach|dead end|not possible|isn'?t possible|can'?t be used|no need (?:for|to)"
    r"|would break|circular|import cycle"
    r"|first (?:attempt|try|approach|fix))\b",
    re.IGNORECASE,
)


def last_thoughts(transcript: Transcript) -> tuple[tuple[Finding, ...], ...]:
    """Return what the last thoughts after the latest request say, the latest first: sentences, the most telling first.

    The ``position`` of a sentence is its place in the thought. The last sentences of a thought tell where it led.
    """
    last = max((it.position for it in transcript.messages if it.role == "user"), default=0)
    late = [it.text for it in transcript.reasonings if it.position > last][-_THOUGHTS:]
    found: list[tuple[Finding, ...]] = []
    for text in reversed(late):
        told = [Finding(clipped(it, FINDING_CHARS), "thought", n) for n, it in enumerate(sentences(text))]
        worth = {
            it: _worth(it) + 1.5 * (it.position >= len(told) - _ENDING) + it.position / len(told)
            for it in told
            if len(it.text) >= _LEAST_CHARS and not it.text.endswith("...") and (_worth(it) or not _TALK.match(it.text))
        }
        best = sorted((it for it in worth if worth[it] >= _TELLING), key=lambda it: -worth[it])
        if best:
            found.append(tuple(best))
    return tuple(found)


def conclusion_of(thought: str) -> str:
    """Return the sentence of ``thought`` that concludes it, the last that does; empty where none does."""
    told = [it for it in sentences(thought) if len(it) >= _LEAST_CHARS and not it.endswith(("?", ":", "..."))]
    strong = [it for it in told if _STRONG.search(it) or _CONCLUDES.search(it)]
    sure = [it for it in strong if not (_DOUBTS.match(it) or _TALK.match(it))]
    return clipped(sure[-1], FINDING_CHARS) if sure else ""


_TELLING = 1.5
_THOUGHTS, _ENDING = 4, 3


def findings_of(transcript: Transcript) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return what was found out, and what was tried and dropped or not wanted: sentences, worth most first each."""
    told = list(_told(transcript))
    return _best(told, _worth, MAX_FINDINGS), _best(told, _dropped_worth, MAX_RULED_OUT)


def _best(told: list[tuple[Finding, float]], worth_of: Callable[[Finding], float], most: int) -> tuple[Finding, ...]:
    first, last = (told[0][0].position, told[-1][0].position) if told else (0, 0)
    span = max(1, last - first)
    scored = []
    for order, (finding, depth) in enumerate(told):
        worth = worth_of(finding)
        if worth > 0:
            # A thought ends with what it found: its beginning is a question.
            worth += 2.5 * depth - 1.0 if finding.source == "thought" else 1.8
            age = (last - finding.position) / span
            late = _LATE * (1 - age) + _LAST * 0.5 ** (age / _STRETCH)
            scored.append((worth + late, order, finding))
    scored.sort(key=lambda it: (-it[0], -it[1]))
    chosen: list[Finding] = []
    known: list[set[str]] = []
    corrections = [(it.position, words_of(it.text)) for it, _ in told if _CORRECTS.search(it.text)]
    for _, _, finding in scored[: most * 6]:
        words = words_of(finding.text)
        corrected = any(later > finding.position and alike(words, other, 2) for later, other in corrections)
        if not corrected and not any(alike(words, other) for other in known):
            chosen.append(finding)
            known.append(words)
        if len(chosen) == most:
            break
    return tuple(chosen)


_CORRECTS = re.compile(
    r"\bNOT\b|^(?:no|wait|actually|hmm)\b.*\b(?:not|isn't|wasn't|doesn't)\b|\bthe (?:real|actual) (?:issue"
    r"|problem|cause|reason|bug)\b"
    r"|\bnot the (?:issue|problem|cause)\b|\bi was wrong\b|^(?:the user is|you(?:\'re| are)) (?:absolutely )?right\b"
    r"|\bwrong approach\b|\bno need for\b|\b(?:don't|doesn't) need\b",
)
"""Sentences that take back what was said before on the same words."""


def _told(transcript: Transcript) -> Iterator[tuple[Finding, float]]:
    """Yield the sentences of all sources in their order, each with how deep in its text it stands (0..1)."""
    sources = [
        *((it.position, it.text, "thought") for it in transcript.reasonings),
        *((it.position, it.text, "said") for it in transcript.messages[-60:] if it.role == "assistant"),
        *((it.position, _message(it.text), "said") for it in transcript.commands if _MESSAGE_OF.search(it.text)),
        *((it.position, it.answer, f"sub-agent: {it.asked}") for it in transcript.lookups if it.kind == "agent"),
    ]
    for position, text, source in sorted(sources, key=lambda it: it[0]):
        told = sentences(text)
        for place, sentence in enumerate(told, 1):
            if len(sentence) >= _LEAST_CHARS and not sentence.endswith(("?", ":", "...")):
                yield Finding(clipped(sentence, FINDING_CHARS), source, position), place / len(told)


_MESSAGE_OF = re.compile(r"\b(?:git\s[^\n]*\bcommit|gh\s+(?:pr|issue)\s+create)\b")
_TRAILER = re.compile(
    r"^(?:[A-Z][\w-]+-[Bb]y|Co-Authored-By|Entire-\w+|\W*Generated with)\b.*$|<<-?\s*'?\"?\w+'?\"?|^EOF$", re.MULTILINE
)


def _message(command: str) -> str:
    """Return what the agent wrote into a commit or a pull request: its own account of what was done and why."""
    start = re.search(r"<<-?\s*['\"]?\w+['\"]?\n|\s(?:-m|--message|--body)[ =]['\"]", command)
    return _WRAPPED.sub(" ", _TRAILER.sub("", command[start.end() :])) if start else ""


_WRAPPED = re.compile(r"(?<=[\w,;)`])\n[ \t]*(?=[a-z(`])")


def _account(summary: str) -> str:
    """Return an agent's account of a compaction without the analysis it thinks aloud in before."""
    before, mark, account = summary.partition("\nSummary:")
    return account if mark else before


def _worth(finding: Finding) -> float:
    text = finding.text
    worth = 2.5 * bool(_CONCLUDES.search(text)) + 2.0 * bool(_STRONG.search(text)) - 3.5 * bool(_DOUBTS.match(text))
    names = len(set(IDENTIFIER.findall(text)))
    worth += 0.7 * min(3, names) + 0.6 * min(2, len(_PLACE.findall(text)))
    worth += 1.0 * bool(_FIGURE.search(text))
    worth -= (
        4.0 * bool(_TALK.match(text)) + 5.0 * bool(_LABEL.match(text)) + 2.0 * (not names and bool(_VAGUE.match(text)))
    )
    return worth if worth >= 2.0 else 0.0  # noqa: PLR2004 (one name alone is no finding)


_VAGUE = re.compile(r"(?:it|this|that|they|these|those|there|he|she|which|the user)\b", re.IGNORECASE)
_LABEL = re.compile(r"[A-Z][\w /-]{2,40}: (?:how|what|why|the|a)\b[^.]{0,60}$", re.IGNORECASE)
_DOUBTS = re.compile(
    r"(?:actually|i think|maybe|perhaps|but\b|then\b|so if|if\b|could\b|should\b|what if|or\b|either"
    r"|alternatively|update|move|add|remove|create"
    r"|check|use\b|run\b|yes,|no,|i(?:'m| am) (?:not sure|wondering)|it (?:might|could|may)|probably)",
    re.IGNORECASE,
)
"""How sentences begin that weigh or plan rather than conclude."""


def telling_sentence(text: str) -> str:
    """Return the sentence of ``text`` that tells most of what came out, empty where none tells anything."""
    best, most = "", 0.0
    told = [it for it in sentences(text) if len(it) >= _LEAST_CHARS and not it.endswith((":", "?"))]
    for place, sentence in enumerate(told):
        worth = _worth(Finding(sentence, "said")) + 1.0 * (place == 0 or place == len(told) - 1)
        if worth > most:
            best, most = sentence, worth
    return best or next((it for it in told if not _TALK.match(it)), "")


def _dropped_worth(finding: Finding) -> float:
    if not _DROPPED.search(finding.text) or _TALK.match(finding.text):
        return 0.0
    return 1.5 + 0.7 * min(3, len(set(IDENTIFIER.findall(finding.text))))


def account_of(summary: str) -> tuple[str, ...]:
    """Return the points of an agent's account of a compaction, those that tell of the state first."""
    points: list[tuple[float, str]] = []
    section = ""
    for line in prose_of(_account(summary)).split("\n"):
        bare = line.strip()
        if heading := _SECTION.match(bare):
            section = heading[1].lower()
            bare = bare[heading.end() :].strip(" :*")
        text = plain(bare)
        if len(text) < _LEAST_CHARS or _BOILERPLATE_OF.search(text):
            continue
        worth = next((worth for name, worth in _SECTIONS.items() if name in section), 1.0)
        points.append((worth + 0.4 * min(4, len(set(IDENTIFIER.findall(text)))), clipped(text, FINDING_CHARS)))
    points.sort(key=lambda it: -it[0])
    return tuple(dict.fromkeys(text for _, text in points))[:_POINTS]


_SECTION = re.compile(r"(?:#{1,4}\s*)?(?:\*\*)?\d{1,2}\.\s*(?:\*\*)?([A-Z][A-Za-z /&,]+?)(?:\*\*)?:(?:\*\*)?")
_SECTIONS = {
    "pending": 5.0,
    "current work": 4.5,
    "next step": 4.5,
    "error": 3.5,
    "problem": 3.0,
    "decision": 3.5,
    "primary": 0.5,
    "file": 2.5,
    "concept": 2.0,
    "user message": 0.0,
}
_BOILERPLATE_OF = re.compile(
    r"continue the conversation from where|read the full transcript|without asking the user", re.IGNORECASE
)
_POINTS = 24


def goal_of(summary: str) -> str:
    """Return what an agent's account of a compaction says the work is for: its first section, else its beginning."""
    account = _account(summary)
    found = re.search(
        r"^[#*\s\d.]*(?:primary request|goal|objective|intent|task)[^\n]*\n(.+?)(?=^[#*\s]*\d+\. |^#|\Z)",
        account,
        re.DOTALL | re.MULTILINE | re.IGNORECASE,
    )
    return "\n".join(line.strip() for line in (found[1] if found else account).strip().split("\n") if line.strip())
