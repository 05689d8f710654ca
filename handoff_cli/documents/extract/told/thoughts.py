"""What a reasoning of the agent's holds in the end: what it concludes, without what it weighed on the way."""

from __future__ import annotations

from itertools import pairwise, takewhile

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.corrections import held_to, overruled
from handoff_cli.documents.extract.language.findings import (
    DOUBTS,
    LEAST_CHARS,
    SENTENCE_CHARS,
    WARNS,
    is_talk,
    subject_of,
    tells_why,
)
from handoff_cli.documents.extract.language.warned import DENIED
from handoff_cli.documents.extract.language.words import (
    ASKING,
    MARK,
    SENTENCE_END,
    clipped,
    identifiers,
    plain,
    sentences,
    unglued,
    without_cheer,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from re import Match

    from handoff_cli.core.transcript import Message, Transcript
    from handoff_cli.documents.extract.commands.checks import Run
    from handoff_cli.documents.extract.facts import Request


def settled(thought: str) -> str:
    """Return ``thought`` without talk, questions, and what it would do until a later sentence decided.

    Empty where nothing else is in it. Its lines stand as they do there.
    """
    lines: list[list[str]] = []
    every = _WAYS.sub("", held_to(unglued(thought))).split("\n")
    for line, after in zip(every, (*every[1:], ""), strict=True):
        mark = MARK.match(line)
        head = mark[0] if mark else ""
        said = _held(line[len(head) :].strip())
        left = [it for it in said if it and not _says_nothing(it)]
        if left and not any(lines) and len(left[0]) < len(line) and _ON_WHAT_WAS_SEEN.match(left[0]):
            del left[0]  # to what is not told
        if not left and line.endswith(":") and MARK.match(after) and _HEADS.search(said[-1]):
            left = said[-1:]
        lines.append([f"{head}{' '.join(left[:1])}", *left[1:]] if left else [])
    told = [it for line in lines for it in line]
    last = max((at for at, it in enumerate(told) if _DECIDES.match(it)), default=-1)
    dropped = {it for it in told[: max(0, last)] if _WEIGHS.search(it)}
    dropped |= {told[at] for at in overruled(told)}
    dropped |= {it for it, after in pairwise(told) if (turn := _TURNS_TO.match(after)) and turn[1] in it.lower()}
    held = _joined([" ".join(it for it in line if it not in dropped) for line in lines]).strip("\n")
    against = None if thought.startswith(held[:_BEGINS]) else _AGAINST.match(held)
    return f"{held[against.end()].upper()}{held[against.end() + 1 :]}" if against else held


_AGAINST = caseless(r"(?:but|however),? (?=[a-z\xdf-\xff]+ \S)")
"""How a sentence begins that is against one before it, which may be cut."""
_BEGINS = 12


def _held(line: str) -> list[str]:
    """Return the sentences of a ``line`` without how they begin to correct; none that is corrected by the next one."""
    every = [without_cheer(it) for it in SENTENCE_END.split(line)]
    held = [it for it, then in pairwise((*every, "")) if not (_IS_FINE.match(it) and _CORRECTS.match(then))]
    return [_behind(_STARTS.match, it) for it in held]


def _says_nothing(sentence: str) -> bool:
    return is_talk(sentence) or sentence.endswith(("?", "...", "\u2026")) or bool(_ASIDE.match(sentence))


_HEADS = caseless(r"\b(?:i (?:also |still )?(?:need to|should|must|have to)|diagnostics|errors|failures)\b|^let me:")
"""What a line has that tells that the list below it is no finding."""

_WAYS = lazily(
    r"(?i)(?:\A|(?<=\n))(?! *(?:[-*+\u2022]|\d{1,3}[.)]) )[^\n]*\beither: *\n+"
    r"(?: *(?:[-*+\u2022]|\d{1,3}[.)]) [^\n]*\n+)+"
    r"(?! *(?:[-*+\u2022]|\d{1,3}[.)]) )(?=\S)"
)
"""Ways between which a thought goes on to choose."""


def held_at_last(
    thought: Message, thoughts: Sequence[Message], edited: int, asked: Sequence[Request]
) -> tuple[str, int]:
    """Return what a ``thought`` holds in the end, and what later ones, after the last edit at ``edited``, conclude.

    With the place of the last that is told of. The plan of what was ``asked`` is not told again.
    """
    since = [it for it in thoughts if it.position > max(thought.position, edited)][-_LAST_THOUGHTS:]
    said = [(one.position, it) for one in since for it in _said(one)]
    held = undoubted(thought.text)
    told = settled(held) or (held if edited <= thought.position else "")  # only what was to be done
    if edited > thought.position:
        told = _without(_AS_IT_WAS.match, told) or told
    told = _without_plan(told, subject_of(asked[-1].text[:_ASKED_CHARS])) if asked else told
    until, _ = said[-1] if said else (thought.position, "")
    return "\n".join((told, *(it for _, it in said[-_MOST_SAID:]))).strip("\n"), until


def _without_plan(thought: str, asked: frozenset[str]) -> str:
    """Return ``thought`` without items of lists that say in other words what was ``asked``, and what announces them."""
    kept: list[str] = []
    dropped = False
    for line in thought.split("\n"):
        words = subject_of(line) if MARK.match(line) else frozenset[str]()
        if len(words) >= _LEAST_WORDS and len(words & asked) >= _RESTATED * len(words):
            if not dropped and kept and kept[-1].endswith(":"):
                kept.pop()
            dropped = True
        else:
            kept.append(line)
            dropped = False
    return "\n".join(kept)


_ASKED_CHARS, _LEAST_WORDS, _RESTATED = 8_000, 3, 0.75


def _without(leaves_out: Callable[[str], Match[str] | None], thought: str) -> str:
    """Return ``thought`` without the sentences that ``leaves_out`` finds, each with the list it announces."""
    kept: list[str] = []
    listed = False
    for line in thought.split("\n"):
        mark = MARK.match(line)
        head = mark[0] if mark else ""
        told = SENTENCE_END.split(line[len(head) :])
        left = [it for it in told if not leaves_out(it)]
        if (listed and mark) or (line and not left):
            listed = listed or line.endswith(":")
            continue
        listed = len(left) < len(told) and line.endswith(":") and bool(leaves_out(told[-1]))
        kept.append(head + " ".join(left))
    return "\n".join(kept).strip("\n")


_AS_IT_WAS = caseless(
    r"(?:(?:so|and|then|but|here),? )*(?:(?:in )?(?:the|this|our) (?:(?:current|existing|old) )?"
    r"(?:function|method|caller|code|handler|class|loop|implementation)(?:['\u2019]s|,)?"
    r" (?:\w+ )?(?:does|returns?|calls?|checks?|already|handles?|falls?|uses?|sets?|we['\u2019]re|just|only|always"
    r"|never)\b"
    r"|(?:currently|right now)\b|(?:the )?(?:current|existing|old) (?:code|function|implementation|logic)\b)"
    r"|(?:(?:so|now),? )?(?:let me|i['\u2019]ll|i (?:need|have) to):\W*$"
)
"""How a sentence begins that tells what the code does, or heads what is to be done: an edit since may have changed
that, and what is left of a list is told as such."""


def without_denied_cycles(thought: str) -> str:
    """Return ``thought`` without sentences that say there is no cycle, where a check found one."""
    return _without(DENIED.search, thought)


def undoubted(thought: str) -> str:
    """Return a ``thought`` that takes something back in its end up to its last conclusion: what follows is doubted."""
    if not doubts(thought):
        return thought
    paragraphs = thought.strip().split("\n\n")
    concludes = [at for at, it in enumerate(paragraphs[:-1]) if _SUMS_UP.match(it.strip())]
    if not concludes:
        return thought
    listed = paragraphs[concludes[-1]].rstrip().endswith(":")
    return "\n\n".join(paragraphs[: concludes[-1] + 1 + listed])


def _said(thought: Message) -> Iterator[str]:
    """Yield the sentences of a short ``thought`` that conclude something of code, or warn."""
    for sentence in sentences(thought.text):
        told = _behind(_SEEN.match, without_cheer(sentence))
        if told.endswith((*ASKING, ":")) or len(told) < _LEAST_SAID or is_talk(_behind(_SEES_IT.match, told)):
            continue
        concludes = _CONCLUDES.search(told) and (identifiers(told) or "`" in told)
        if concludes or WARNS.search(told) or tells_why(told):
            yield clipped(told, _CONCLUDED_CHARS)


_CONCLUDES = caseless(
    r"\b(?:it (?:seems|looks like|turns out)|(?:now )?i (?:now )?(?:see|understand)|so\b|found (?:it|the)"
    r"|(?:just|only) calls|does(?:n['\u2019]?t| not)|is(?:n['\u2019]?t| not)|never|always|only|because|since"
    r"|which means|this means|the (?:issue|problem|bug|cause|reason))\b"
)
_LAST_THOUGHTS, _MOST_SAID, _LEAST_SAID = 5, 4, 30


def _behind(lead: Callable[[str], Match[str] | None], sentence: str) -> str:
    """Return a ``sentence`` without what ``lead`` finds at its beginning."""
    return sentence[found.end() :] if (found := lead(sentence)) else sentence


_SEEN = caseless(r"(?:now )?i (?:can )?(?:now )?see(?: the (?:\w+ )?(?:flow|problem|issue|picture))?: ?")
_SEES_IT = caseless(r"(?:now )?i (?:can )?(?:now )?see (?:that )?(?=\w+(?: \W{0,2}|\W{1,2})\w+ )")
"""How a sentence begins of what the agent looked at, where it says more than that it sees."""

_CONCLUDED_CHARS = 200


def _joined(lines: list[str]) -> str:
    """Return ``lines`` with a short list behind the line that draws a conclusion by it."""
    joined: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        if line.endswith(":") and (tells_why(line) or _SUMS_UP.match(line)):
            below = [*takewhile(lambda it: not it or MARK.match(it), lines[place:])]
            items = [plain(it).rstrip(".;") for it in below if it]
            if items and len(line) + sum(map(len, items)) < SENTENCE_CHARS:  # else none: half a list misleads
                line = f"{line} {'; '.join(items)}"
                place += len(below)
        joined.append(line)
    return "\n".join(joined)


_IS_FINE = caseless(
    r"(?:so |ok(?:ay)?,? )?(?:that|this|it)(?:['\u2019]s| is| should be| looks) (?:all )?"
    r"(?:fine|ok(?:ay)?|good|right|correct)\b.{0,40}$"
)
_CORRECTS = caseless(r"(?:but |no,? )?(?:wait|hold on|hmm+|actually)\b")
"""A sentence that finds nothing wrong, and how the next one begins that does."""

_ON_WHAT_WAS_SEEN = caseless(
    r"(?:that|this|it)(?:['\u2019]s| is| was) (?:the (?:same|one|other)"
    r"|fine|good|right|correct|expected|odd|strange)\b.{0,40}$"
)
"""A short sentence that says something of what was seen just before it."""

_STARTS = caseless(
    r"(?:(?:actually|wait|hmm+|oh|ah+|ok(?:ay)?|right|hold on|no wait|but wait|now i see)\b[,.!]*\s+)+(?=\S+\s+\S)"
)
"""How a sentence begins that corrects the one before."""

_ASIDE = caseless(
    r"(?:(?:actually|wait|hmm+|oh|ah+|right|good|ok(?:ay)?|now i see|i see|let me think)\b[^.]{0,12}"
    r"|(?:the )?\w+ question (?:remains|is)\b.*)[.!]?$"
)
_DECIDES = caseless(
    r"(?:so,? )?(?:the (?:cleanest|simplest|best|right|proper|easiest|real) (?:\w+ )?"
    r"(?:solution|fix|approach|way|option)|i(?:'ll| will| should| need to)\b|we (?:should|need to|must)"
    r"|the (?:fix|solution|answer) is|so the (?:fix|solution|test)|therefore\b|in short\b)"
)
_TURNS_TO = caseless(
    r"but (?:actually|in fact|really),? (?:i (?:think|realize|believe) )?the (issue|problem|cause|bug|error|reason)\b"
)
"""How a sentence begins that sees the fault in something else than the one before."""
_WEIGHS = caseless(
    r"\b(?:(?:it )?(?:would|might|could|may) (?:be|make)|makes? (?:more )?sense to|(?:might|could|may) (?:as well|just)"
    r"|maybe|perhaps|alternatively|or i could|one option|another option)\b"
)


def is_doubted(thought: str) -> bool:
    """Return whether a ``thought`` takes back in its end what else it would hold."""
    return doubts(undoubted(thought))


def doubts(thought: str) -> bool:
    """Return whether ``thought`` takes back in its last paragraphs what it held before, and ends without more."""
    return bool(_TURNS.search("\n".join(thought.strip().split("\n\n")[-_LAST_PARTS:])))


_TURNS = caseless(
    r"(?:^|\n|[.!?] +)(?:actually,? wait|(?:but )?wait[,.](?! let me (?:check|see|look at|verify|confirm|find)\b)"
    r"|hmm,? (?:but|wait|actually))"
)
_LAST_PARTS = 2


def conclusion_of(thought: str, question: str = "") -> str:
    """Return the sentence of ``thought`` that concludes it, with one that takes it back; empty where none does.

    Of a ``question`` it is the last that takes up most of its words, with the last of those after it that take up some:
    an answer is drawn out before it is given. Else it is the last that draws a conclusion.
    """
    every = sentences(held_to(thought))
    unsure = {it for it, after in pairwise(every) if _VERIFIES.match(after)}
    told = [it for it in every if len(it) >= LEAST_CHARS and not it.endswith(("?", ":", "..."))]
    sure = [it for it in told if not (DOUBTS.match(it) or is_talk(it) or it in unsure)]
    wanted = subject_of(question)
    answers = [(len(wanted & subject_of(it)), at, it) for at, it in enumerate(sure) if "?" not in it]
    shared, _, best = max(answers, default=(0, 0, ""))
    if shared < _ANSWERS_WORDS:
        best = next((it for it in reversed(sure) if tells_why(it) or _SUMS_UP.match(it)), "")
    later = every[every.index(best) + 1 :] if best else []
    given = next((it for it in reversed(later) if it in sure and len(wanted & subject_of(it)) >= _GIVES_WORDS), "")
    if given and shared >= _ANSWERS_WORDS:
        best = f"{clipped(best, SENTENCE_CHARS).rstrip('.')}. {given}"
    against = next((it for it in later if _TAKES_BACK.match(it) and it.endswith((".", "!"))), "")
    return clipped(
        f"{clipped(best, 2 * SENTENCE_CHARS if given else SENTENCE_CHARS)} {against}".rstrip(), 2 * SENTENCE_CHARS
    )


_TAKES_BACK = caseless(r"(?:but |so |hmm,? )?(?:this|that|it)(?:['\u2019]s| is| was) (?:actually|in fact)\b")
"""How a sentence begins that sees what was concluded before it in another way."""


_VERIFIES = caseless(
    r"(?:but |so |and |now |first,? )?(?:let me|let's|i(?:'ll| will| need to| should| want to)) (?:\w+ ){0,2}"
    r"(?:verify|confirm|double-check|make sure|check (?:if|whether|that))\b|(?:actually,? )?wait\b"
)
"""How the sentence begins after one that is only supposed."""


def at_end(transcript: Transcript, after: int) -> Message | None:
    """Return the thought after place ``after`` with which the log ends, None where a call or words follow it.

    It says what comes next, so it counts also where it weighs more than it explains; one that only announces does not.
    """
    thought = next((it for it in reversed(transcript.reasonings) if it.position > after), None)
    if thought is None or len(settled(thought.text)) < _LEAST_AT_END:
        return None
    since = [it.position for it in transcript.tool_calls[-1:]] + [it.position for it in transcript.messages[-1:]]
    return None if max(since, default=0) > thought.position else thought


_LEAST_AT_END = 120


def is_overcome(thought: Message, runs: Sequence[Run]) -> bool:
    """Return whether ``thought`` is about what failed, and every check since passed: what it weighs is over."""
    since = [it for it in runs if it.position > thought.position and it.outcome]
    return bool(since and _FAILS.search(thought.text)) and all(it.outcome == "ok" for it in since)


_FAILS = caseless(
    r"\b(?:errors?|diagnostics?|fail(?:s|ed|ing|ures?)?|undefined|(?:does|did)(?:n['\u2019]?t| not) compile)\b"
)


_ANSWERS_WORDS, _GIVES_WORDS = 3, 2
"""So many words of a question in a sentence make this its answer, and so many go on with it."""


_SUMS_UP = caseless(
    r"(?:so (?!if\b|let\b|i (?:need|should|will)\b|now\b)|therefore|thus|hence|in short|overall"
    r"|the answer is|conclusion)\b"
)
"""How a sentence begins that draws the sum of a thought."""
