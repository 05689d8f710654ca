"""What the agent tried for the work at hand and found not to do it, by its own words: it need not be tried again."""

from __future__ import annotations

from handoff_cli.core.light import bisect_right
from handoff_cli.core.paths import name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.verdicts import is_nothing
from handoff_cli.documents.extract.commands.checks import is_check
from handoff_cli.documents.extract.commands.command_lines import without_folder
from handoff_cli.documents.extract.files.edits import without_edits
from handoff_cli.documents.extract.language.words import as_one_line, clipped, identifiers, plain, sentences
from handoff_cli.documents.extract.told.given_up import given_up
from handoff_cli.documents.extract.told.not_enough import NotEnough, not_enough

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Command, Edit, Message, Transcript

_MOST, _CHARS, _MOST_READ, _COMMAND_CHARS = 3, 180, 4_000, 110
_FELL_SHORT = caseless(
    r"(?:\W*(?:ah|hmm|ok(?:ay)?|oh|but|so|now|looks like|it seems|(?:the )?(?:issue|problem) (?:now )?is)[,:]?\s+"
    r"(?:that )?){0,3}(?:the|that|this|my) (?:[\w.`'-]+ ){0,3}?"
    r"(?:sed|awk|perl|reg(?:ex(?:es|p)?|ular expression)|script|replacement|substitution|edits?|patch|fix|workaround"
    r"|attempt|approach|pattern|codemod)(?: (?:commands?|scripts?|edits?|approach))?"
    r" (?:did(?:n['\u2019]t| not)|failed to|was(?:n['\u2019]t| not) enough|missed)\b"
    r"(?! (?:change|touch|break|introduce|affect|need|run|cause)\b)"
)
"""How a sentence begins that says that a way to do something did not do it."""


def fell_short(transcript: Transcript, asked: int) -> tuple[str, ...]:
    """Return sentences after ``asked`` that tell that something the agent tried did not do, the latest first.

    First stand commands that ended well and did nothing, each with such a sentence, last what was tried and taken back.
    """
    found = dict.fromkeys(not_enough(transcript, asked)[:_MOST])
    for message in reversed(transcript.messages):
        if message.position <= asked or len(found) >= _MOST:
            break
        if message.role != "user":
            told = (clipped(plain(it), _CHARS) for it in sentences(message.text[:_MOST_READ]) if _FELL_SHORT.match(it))
            found.update(dict.fromkeys(told))
    silent = _without_effect(transcript, asked)
    short = (*silent, *(it for it in found if not any(it in line for line in silent)))[:_MOST]
    return (*short, *(it for it in given_up(transcript) if it not in short))


def is_short(transcript: Transcript, told: Message | None) -> bool:
    """Return whether what a message ``told`` was mended, and not enough by the agent's words since."""
    return told is not None and NotEnough(transcript).is_short(told.position)


def _without_effect(transcript: Transcript, asked: int) -> tuple[str, ...]:
    """Return commands after ``asked`` that ended well without a word and, as the agent said since, did not do it.

    The latest stands first, each with the sentence that names its program and says so.
    """
    void: dict[frozenset[str], tuple[Command, str]] = {}
    for it, so, _ in _void(transcript, asked):
        void.setdefault(_called(it.text), (it, so))
    told = [*void.values()][:_MOST]
    return tuple(f"{clipped(as_one_line(it.text), _COMMAND_CHARS)}: {clipped(plain(so), _CHARS)}" for it, so in told)


def _void(transcript: Transcript, asked: int) -> list[tuple[Command, str, bool]]:
    """Return the commands after ``asked`` that had no effect by the agent's words, the latest first, with these.

    Of several of a program those are meant that have most of what the sentence names, then of what stands around it:
    it is sure where one alone has that, or ran as the only one since the agent spoke; else the latest is a guess.
    """
    silent = [
        it
        for it in transcript.commands
        if it.position > asked and it.outcome == "ok" and is_nothing(it.output or "") and not is_check(it.text)
    ][-_LATEST:]
    if not silent:
        return []
    called = [(it, _called(it.text)) for it in reversed(silent)]
    found: list[tuple[Command, str, bool]] = []
    since = [
        it
        for it in (*transcript.messages, *transcript.reasonings)
        if it.role != "user" and it.position > silent[0].position
    ]
    spoke = sorted(it.position for it in since)
    for said in sorted(since, key=lambda it: -it.position)[:_LATEST]:
        told = [it for it in sentences(said.text[:_MOST_READ]) if _NO_EFFECT.search(it)]
        spans = _SPAN.findall(said.text[:_MOST_READ]) if told else []
        for sentence in told:
            words, names = set(_WORD.findall(sentence.lower())), identifiers(sentence)
            like = [it for it, by in called if it.position < said.position and by and by <= words]
            if not like:
                continue
            has = [tuple(sum(one in it.text for one in ones) for ones in (names, spans)) for it in like]
            best = [it for it, much in zip(like, has, strict=True) if much == max(has)]
            places = {bisect_right(spoke, it.position) for it in best[:2]}
            sure = len(best) == 1 or (len(places) > 1 and not _EARLIER.search(sentence))
            found.append((best[0], sentence, sure))
    return found


_EARLIER = caseless(r"\b(?:first|second|other|earlier|before|previous|one of)\b")
_SPAN = lazily(r"`([^`\n]{2,80})`")


def edits_in_place(transcript: Transcript) -> bool:
    """Return whether a program that edits in place ran, of which only a later look tells whether it did."""
    return any(("sed " in it.text and " -i" in it.text) or "perl -" in it.text for it in transcript.commands)


def with_effect(transcript: Transcript) -> Transcript:
    """Return ``transcript`` without the edits by commands that surely had no effect: the same tried again may have."""
    void = [it for it, _, sure in _void(transcript, -1) if sure]
    gone = [edit for edit in transcript.edits if any(_makes(it, edit) for it in void)]
    return without_edits(transcript, gone) if gone else transcript


def _makes(command: Command, edit: Edit) -> bool:
    """Return whether a ``command`` makes an ``edit``: of calls made at once several have its position."""
    return command.position == edit.position and name_of(edit.path) in command.text and edit.new in command.text


def _called(command: str) -> frozenset[str]:
    """Return the words by which one speaks of a command: its program, with what it is told to do (``git add``)."""
    words = without_folder(command).split(None, 2)[:2]
    return frozenset((*words[:1], *(it for it in words[1:] if it.isalpha())))


_LATEST = 50
"""So many commands are set against so many messages."""


_NO_EFFECT = caseless(
    r"^(?!if\b|when\b|in case\b)[^?]*\b"
    r"(?:did(?:n['\u2019]?t| not) (?:seem to )?(?:have |take |make )?(?:\w+ )?"
    r"(?:work|apply|effect|match|replace|change|do anything|go through)\w*|had no effect|changed nothing"
    r"|(?:was|were)(?:n['\u2019]?t| not) applied)\b[^?]*$"
)
_WORD = lazily(r"[a-z][\w.-]*")
