"""What comes next: steps the agent announced or planned, and what events show done of them."""

from __future__ import annotations

from itertools import accumulate

from handoff_cli.core import tool_names
from handoff_cli.core.answers import is_blocked
from handoff_cli.core.paths import name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.transcript import Todo
from handoff_cli.documents.extract.commands.checks import is_rejected
from handoff_cli.documents.extract.commands.command_lines import only_looks
from handoff_cli.documents.extract.language.announced import is_step
from handoff_cli.documents.extract.language.lists import without_descriptions
from handoff_cli.documents.extract.language.words import as_one_line, clipped, identifiers, sentences
from handoff_cli.documents.extract.progress.carried_out import is_look
from handoff_cli.documents.extract.runs.underway import acts_done, acts_in, is_quiet, list_kept_at
from handoff_cli.documents.extract.told.listed_steps import FEWEST, FILE_NAMED, STEP_CHARS, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Edit, Message, Transcript


def about_to(told: Message) -> str:
    """Return what ``told``, the agent's latest words or thought, announces as its next step, empty if nothing.

    What it announced and then thought through is no step ahead: only its last sentences tell of one, or the last that
    is labelled as how to mend what was found.
    """
    all_said = [it.rstrip(" :") for it in sentences(told.text)]
    last = max(0, len(all_said) - _LAST_SENTENCES)
    said = [place for place in range(last, len(all_said)) if is_step(all_said[place])][-_STEPS_AHEAD:]
    said = said or [place for place, it in enumerate(all_said) if _MENDS.match(it)][-1:]
    little = said and sum(len(all_said[place]) for place in said) < _SAYS_LITTLE
    if little or (said and _POINTS_BACK.search(all_said[said[0]])):
        before = said[0] - 1  # "Let me find it.", "Let me see what that function does.": the sentence before says what
        said = sorted({before, *said}) if before >= 0 and len(all_said[before]) <= _SAYS_WHAT else said
    return clipped(" ".join(dict.fromkeys(_ended(all_said[place]) for place in said)), 300) if said else ""


_SAYS_LITTLE, _SAYS_WHAT = 40, 160
_POINTS_BACK = caseless(
    r"\b(?:that|this|these|those) (?:functions?|methods?|class(?:es)?|types?|files?|tests?|lines?|code|paths?|fields?"
    r"|cases?|calls?|errors?|values?|options?|commands?)\b(?![^.]*[`_])"
    r"|\b(?:verify|confirm|check|fix|handle|undo|revert|apply) (?:this|that|these|those)(?: and\b|[.,;:!]|$)"
)
"""What a step is about that only the sentence before names."""

_STEPS_AHEAD, _LAST_SENTENCES = 2, 4
MENDING = r"(?:so |and )?(?:the |my )?(?:fix|remedy|l\xf6sung|arreglo|soluci\xf3n|correctif)\s?:\s+"
_MENDS = caseless(rf"{MENDING}(?=[a-z`])")
"""How a sentence begins that tells how what was found is to be mended."""


def followed(told: Message, step: str, transcript: Transcript) -> bool:
    """Return whether a tool was called after ``told``, so that the ``step`` it announces is begun.

    What is only looked at before an edit, or a run, does not begin it; nor does a run what names files to be edited.
    """
    if (named := FILE_NAMED.findall(step)) and not (is_look(step) or acts_in(step)):
        edited = {name_of(it.path) for it in transcript.edits if it.position > told.position}
        return not edited.isdisjoint(named)
    looks = {it.position for it in transcript.commands if it.position >= told.position and only_looks(it.text)}
    return any(
        (is_look(step) and call.outcome == "ok") or not (call.name.lower() in _SEEING or call.position in looks)
        for call in transcript.tool_calls
        if call.position >= told.position and not is_quiet(call)
    )


_SEEING = tool_names.READERS | tool_names.SEARCHERS | tool_names.FETCHERS


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def remaining(transcript: Transcript, asked: int, ended: bool = False) -> tuple[str, ...]:
    """Return the steps that the agent announced since ``asked`` and that are not seen done, one to five.

    The latest list below a line that announces ("next steps:", "remaining:", "I'll"), where the to-do list was not
    written after it; else sentences of the last words or thought, where little was done after them. What an event
    shows done, and all before it, is. Where the agent ``ended`` its turn, only a list in its last words tells.
    """
    told = [it for it in (*transcript.messages, *transcript.reasonings) if it.position > asked]
    told = sorted((it for it in told if it.role != "user"), key=lambda it: it.position)
    since = max(list_kept_at(transcript), asked)
    through = None
    for message in reversed(told[-1 if ended else -_LOOKED_BACK :]):
        if message.position < since or (through and message.position < through - _SHORTLY):
            break
        steps = listed(message.text)[:_MOST]
        if steps and (
            (left := _left(steps, message.position, transcript)) or not any(_done(steps, message.position, transcript))
        ):
            return left
        through = message.position if steps else through  # what is done may be one step of a list shortly before
    if through:
        return ()
    edited = max((it.position for it in transcript.edits), default=0)
    calls = [it.position for it in transcript.tool_calls if not is_quiet(it)]
    thought_last = bool(told) and told[-1] not in transcript.messages
    for message in [] if ended else told[-2 if thought_last else -1 :][::-1]:
        said = [
            it
            for it in sentences(without_descriptions(message.text))
            if is_step(it) and len(it) >= _LEAST_STEP and it[-1] not in ":?"
        ]
        steps = [clipped(it, STEP_CHARS) for it in dict.fromkeys(said)][-_TOLD:]
        begun = sum(it > message.position for it in calls)
        if len(steps) >= FEWEST and message.position > edited and begun <= len(steps):
            return _left(steps, message.position, transcript)
    return ()


_LOOKED_BACK, _SHORTLY = 40, 30


def open_now(transcript: Transcript, asked: int) -> tuple[str, ...]:
    """Return the open entries of a to-do list that was kept since ``asked``."""
    kept = list_kept_at(transcript) > asked
    return tuple(it.text for it in transcript.todos if kept and it.status != "completed")


def remaining_before(transcript: Transcript, asked: int) -> tuple[str, ...]:
    """Return what the agent listed as left in the turns before the request at ``asked``, but for what is seen done.

    Only below words that say it is left ("remaining:", "still open:"), in one of the last turns: what it offers to do
    next is no work that was agreed to, and an older list was followed by another one.
    """
    starts = [it for it in transcript.asked_at if it < asked][-_TURNS_BEFORE:]
    since = max(starts[0] if starts else 0, 0)
    for message in reversed(transcript.messages):
        told = message.text if message.role != "user" and since <= message.position < asked else ""
        if steps := listed(told, left=True)[:_MOST_LEFT]:
            return _left(steps, message.position, transcript)
    return ()


_TURNS_BEFORE = 3


def _left(steps: Sequence[str], position: int, transcript: Transcript) -> tuple[str, ...]:
    """Return the ``steps`` told at ``position`` that events do not show done; agents take steps in their order.

    Steps that name nothing an event could show are old once an edit followed.
    """
    done = _done(steps, position, transcript)
    last = max((place for place, it in enumerate(done) if it), default=-1)
    later = sum(it.position > position for it in transcript.edits)
    if last < 0 and later >= _OLD_AFTER and not any(it is False for it in done):
        return ()
    left = tuple(
        _with_begun(step, position, transcript)
        for place, step in enumerate(steps)
        if not done[place]
        and (place > last or (done[place] is False and FILE_NAMED.search(step)) or _REPLACES.search(step))
    )
    return () if all(map(_KEEPS.match, left)) else left


_OLD_AFTER, _REPLACES = 1, lazily(r"\w`?(?:\(\))?`? (?:\u2192|->|=>) `?\w")
"""What is put in the place of what, by name: of that an edit shows the most."""

_KEEPS = caseless(r"\W*(?:keep|leave)\b")
"""How a step begins that says what is not to be changed: no edit shows it done, and alone it is none."""


def planned(transcript: Transcript) -> tuple[Todo, ...]:
    """Return the open entries of the to-do list, ``completed`` where runs, commits and the like since show it."""
    kept_at = list_kept_at(transcript)
    acts = acts_done(transcript, kept_at) if kept_at else set[str]()
    left = [(it.text, acts_in(it.text)) for it in transcript.todos if kept_at and it.status != "completed"]
    return tuple(Todo(text, "completed" if wanted and wanted <= acts else "pending") for text, wanted in left)


def _done(steps: Sequence[str], position: int, transcript: Transcript) -> list[bool | None]:
    """Return for each step whether an event after ``position`` shows it done, None where none could."""
    edits = [it for it in transcript.edits if it.position > position]
    files = {name_of(it.path).lower() for it in edits}
    written = "\n".join(f"{it.where or ''}\n{it.new[:_NEW_CHARS]}" for it in edits)
    names = set(identifiers(written)) | set(_WORD.findall(written))
    acts = acts_done(transcript, position)
    runs = [it for it in transcript.commands if it.position > position and len(it.text) >= _LEAST_COMMAND]
    ran = [(as_one_line(it.text[:_COMMAND_CHARS]), not (is_rejected(it) or is_blocked(it.error or ""))) for it in runs]
    parts = [{it[:_STEM] for it in _PARTS.findall(file) if len(it) >= _STEM} for file in files]
    shown = [_ran(step, ran) if _NAMES_COMMAND.search(step) else None for step in steps]
    there = {name_of(it.path).lower() for it in transcript.files}
    shown = [
        _shows(step, files, names, acts, there) if it is None else it for step, it in zip(steps, shown, strict=True)
    ]
    called = sum(it.position > position and bool(it.outcome) and not is_quiet(it) for it in transcript.tool_calls)
    looks = accumulate(map(is_look, steps))
    told = zip(steps, shown, looks, strict=True)
    shown = [True if not it and is_look(step) and number <= called else it for step, it, number in told]
    shown = [
        True if not it and _looked_at(step, position, transcript) else it for step, it in zip(steps, shown, strict=True)
    ]
    if _spoke_last(transcript):
        shown = [True if _TELLS.match(step) else it for step, it in zip(steps, shown, strict=True)]
    shown = [_of_file(step, parts) if it is None else it for step, it in zip(steps, shown, strict=True)]
    last = edits[-1] if edits else None
    return [None if it and last and _is_one_of(step, last) else it for step, it in zip(steps, shown, strict=True)]


def _with_begun(step: str, position: int, transcript: Transcript) -> str:
    """Return ``step`` with the files that edits at some of its many places have changed, the latest first."""
    late = [it for it in transcript.edits if it.position > position and it.outcome != "failed"]
    if not late or not _is_one_of(step, late[-1]):
        return step
    files = dict.fromkeys(name_of(it.path) for it in reversed(late) if _is_one_of(step, it))
    return f"{step} (begun in {', '.join([*files][:_MOST_BEGUN])})"


_MOST_BEGUN = 2


def _is_one_of(step: str, last: Edit) -> bool:
    """Return whether ``step`` is done in many places, and the ``last`` edit was made at one of them."""
    if not _EVERYWHERE.search(step) or FILE_NAMED.search(step):
        return False
    parts = {it[:_STEM] for it in _PARTS.findall(name_of(last.path).lower()) if len(it) >= _STEM}
    named = {*identifiers(step)}.intersection(identifiers(last.new[:_NEW_CHARS]))
    return bool(named) or _of_file(step, [parts]) is True


_EVERYWHERE = caseless(r"\b(?:all|every|each|everywhere|remaining|other) (?:the )?(?:\w+ )?\w+s\b|\beverywhere\b")


def _looked_at(step: str, position: int, transcript: Transcript) -> bool:
    """Return whether ``step`` asks how or why something is, and what came after ``position`` has the code it names."""
    names = {*identifiers(step), *_QUOTED.findall(step)} if _ASKS.match(step) else set[str]()
    if not names:
        return False
    seen = (f"{it.text}\n{(it.output or '')[:_NEW_CHARS]}" for it in transcript.commands if it.position > position)
    read = (f"{it.asked}\n{it.answer[:_NEW_CHARS]}" for it in transcript.lookups if it.position > position)
    return any(name in text for text in (*seen, *read) for name in names)


_ASKS = caseless(r"\W*(?:how|why|whether|what|where|if)\b")


def _ran(step: str, called: Sequence[tuple[str, bool]]) -> bool | None:
    """Return whether a command that ``step`` gives was let run, None where none of those ``called`` stands in it."""
    let_run = [ran for text, ran in called if text in step]
    return any(let_run) if let_run else None


def _spoke_last(transcript: Transcript) -> bool:
    """Return whether the last thing in a session is what the agent said."""
    last = transcript.messages[-1] if transcript.messages else None
    called = max((it.position for it in transcript.tool_calls), default=-1)
    return last is not None and last.role != "user" and last.position > called


_LEAST_COMMAND, _COMMAND_CHARS = 6, 60
_NAMES_COMMAND = caseless(r"\b(?:run|execute|command)\b")
_TELLS = caseless(r"\W*(?:then |finally,? |last,? )?(?:reply|respond|answer|report back|report to me|tell me)\b")
"""How a step begins that the agent's last words are."""


def _of_file(step: str, parts: list[set[str]]) -> bool | None:
    """Return whether ``step`` tells in words of a file by its name's ``parts``: "the hook handlers"."""
    said = {it[:_STEM] for it in _PARTS.findall(step.lower()) if len(it) >= _STEM}
    return True if any(len(said & it) >= FEWEST for it in parts) else None


_STEM = 4
_PARTS = lazily(r"[a-z]+")


def _shows(step: str, files: set[str], names: set[str], acts: set[str], there: set[str]) -> bool | None:
    """Return whether ``files`` edited, ``names`` written and ``acts`` done show ``step`` done.

    What is moved may have come into another file than it names, where that one is not among those ``there``.
    """
    if _KEEPS.match(step):
        return None
    if named := {it.lower() for it in FILE_NAMED.findall(step)}:
        known = named & there if _MOVES.match(step) else set[str]()
        return (known or named) <= files
    if wanted := acts_in(step):
        return wanted <= acts
    said = {it.partition("(")[0] for it in (*identifiers(step), *_QUOTED.findall(step))}
    return bool(said & names) if said else None


_MOVES = caseless(r"\W*(?:move|remove|extract|take|cut|split|merge)\b")
_NEW_CHARS = 4_000
_WORD = lazily(r"\b[A-Za-z_]\w{4,}\b")
_QUOTED = lazily(r"`([A-Za-z_]\w{3,})(?:\(\))?`")

_LEAST_STEP, _MOST, _MOST_LEFT, _TOLD = 24, 5, 8, 3
