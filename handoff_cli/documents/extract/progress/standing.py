"""Where the work stands: what was done last, what became of the latest request, and so what comes next."""

from __future__ import annotations

from handoff_cli.core import tool_names
from handoff_cli.core.answers import is_cut_off, is_refused
from handoff_cli.core.light import Counts
from handoff_cli.core.paths import AT_LINE, is_left_behind, name_of, named_apart
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.commands.checks import is_rejected, untrimmed
from handoff_cli.documents.extract.commands.command_lines import besides_files, lines_of, without_folder
from handoff_cli.documents.extract.commands.messages import title_of
from handoff_cli.documents.extract.commands.outputs import telling_lines
from handoff_cli.documents.extract.commands.results import URL, printed_line, result_in
from handoff_cli.documents.extract.commands.told_commands import COUNTS, told_command
from handoff_cli.documents.extract.files.changes import altered, change_line
from handoff_cli.documents.extract.files.edits import digest
from handoff_cli.documents.extract.language.agreements import is_bare
from handoff_cli.documents.extract.language.announced import breaks_off, ends_amid
from handoff_cli.documents.extract.language.words import ASKING, as_one_line, clipped, prepare, whole
from handoff_cli.documents.extract.progress.file_reads import file_read, name_read, of_old, read_apart, tells_itself
from handoff_cli.documents.extract.progress.gathered import IMPORT, NO_RESULT, READ, gathered
from handoff_cli.documents.extract.runs.attempts import EXIT, says_no
from handoff_cli.documents.extract.runs.failures import short_name
from handoff_cli.documents.extract.runs.measured import counted_before
from handoff_cli.documents.extract.runs.stumbles import REFUSED_IT, made_again, why_failed
from handoff_cli.documents.extract.runs.underway import acts_done, acts_in, asked_of, is_quiet, list_kept_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from handoff_cli.core.transcript import Command, Edit, Lookup, ToolCall, Transcript
    from handoff_cli.documents.extract.commands.checks import Run

MAX_EVENTS = 8
EVENT_CHARS = 220
FAILED = ": FAILED"
"""What follows the command of a check that failed."""
_COMMAND_CHARS, _RESULT_CHARS, _WHY_CHARS, _BEFORE_CHARS, _FAILED_CHARS, _RESULT_SHOWN = 110, 110, 80, 60, 120, 50
_ASKED_CHARS = 45


def happened(transcript: Transcript, runs: Sequence[Run]) -> tuple[str, ...]:
    """Return the last tool events in order, one line each; what is the same in a row is told once."""
    late = transcript.tool_calls[-4 * MAX_EVENTS :]
    first = min((it.position for it in late), default=0)
    edits, commands, lookups = (
        _by_position(it for it in entries if it.position >= first)
        for entries in (transcript.edits, transcript.commands, transcript.lookups)
    )
    together = Counts(call.position for call in late)
    ended = {run.position: run for run in runs}
    lines: list[str] = []
    ended_last = max((it.position for it in transcript.tool_calls if it.outcome), default=0)
    said_last = max((it.position for it in transcript.messages if it.role == "assistant"), default=0)
    recorded = {it.name for it in transcript.tool_calls if it.outcome}
    again = made_again(late)
    ran = [it for its in commands.values() for it in its]
    red = (run for it in ran if (run := ended.get(it.position)) and run.outcome == "failed")
    prepare((*map(lines_of, ran), *(as_one_line(_what_failed(it)) for it in red)))
    names, places = (
        named_apart(it.path for its in edits.values() for it in its),
        _places_read(ran, lookups, transcript.folder),
    )
    known = _known(ran, transcript)
    for call in late:
        at = call.position
        by_user = call.name == tool_names.BY_USER
        if (is_quiet(call) and not by_user) or (at in again and at not in commands):
            continue
        alone = together[at] == 1
        edits_it = alone or tool_names.edits(call.name)
        changes = [it for it in edits.get(at, ()) if edits_it and (alone or it.path in call.summary)]
        command = next((it for it in commands.get(at, ()) if it.text.startswith(call.summary[:20])), None)
        looks = [it for it in lookups.get(at, ()) if alone or call.summary in it.asked or it.kind == "agent"]
        if changes:
            edits[at] = [it for it in edits[at] if it not in changes]
            line = "; ".join(_edited(its, names[path]) for path, its in _by_path(changes)[:3])
            if command and (more := besides_files(command.text)):
                command = command.replace(text=more)
                line = f"{clipped(line, _BEFORE_CHARS)}; {_ran(command, ended.get(at), places, known)}"
        elif command:
            line = f"{'the user ' * by_user}{_ran(command, ended.get(at), places, known)}"
        elif looks and looks[0].kind != "tool":
            line = _looked(looks[0], places) if looks[0].asked.strip() else ""
        elif call.name.lower() in tool_names.ASKERS and (told := _asked(call, transcript)):
            line = told
        else:
            why = why_failed(call) if call.outcome == "failed" else ""
            gave = next((result_in(it.answer, _RESULT_CHARS) for it in looks if it.kind == "tool"), "")
            failed = (
                f": failed{f': {why}' if why else ''}"
                if call.outcome == "failed"
                else f" \u2192 {gave}"
                if gave
                else ""
            )
            about = clipped(asked_of(call.summary), EVENT_CHARS - len(failed) - len(call.name))
            line = f"{f'{call.name} {about}'.rstrip() if about or failed else _bare(call.name)}{failed}"
        if not line:
            continue
        known_end = at < ended_last or call.outcome is not None or ((run := ended.get(at)) and run.outcome)
        # Else the form has no results of its kind.
        waits = not known_end and (at > said_last or call.name in recorded)
        line = clipped(line + NO_RESULT * waits, EVENT_CHARS)
        if line != (lines[-1] if lines else ""):
            lines.append(line)
    return tuple(gathered(lines)[-MAX_EVENTS:])


def _known(ran: Iterable[Command], transcript: Transcript) -> dict[int, str]:
    """Return what of commands is told by what was done around them, by their places."""
    old = {it.position: told for it in ran if (told := of_old(it, transcript))}
    return counted_before(transcript.commands, transcript.edits) | old


def _by_position(entries: Iterable[Any]) -> dict[int, list[Any]]:
    """Return what was done by its place: the calls of one row, or of one message, have the same."""
    found: dict[int, list[Any]] = {}
    for it in entries:
        found.setdefault(it.position, []).append(it)
    return found


def _places_read(ran: Iterable[Command], lookups: dict[int, list[Lookup]], home: str | None) -> dict[str, str]:
    """Return what tells apart the files of one name that tools or commands read."""
    asked = (it.asked for its in lookups.values() for it in its if it.kind == "read")
    return read_apart((*asked, *filter(None, map(file_read, ran))), home)


def _asked(call: ToolCall, transcript: Transcript) -> str:
    """Return what the agent asked the user by a tool and what the user chose, empty where no answer is known."""
    answered = next((it for it in reversed(transcript.answers) if it.question[:_ASKED_CHARS] in call.summary), None)
    return f"asked the user: {clipped(answered.question, 90)} → {clipped(answered.answer, 90)}" if answered else ""


def _bare(name: str) -> str:
    """Return how a call is told of which only the tool's ``name`` is known, empty where that tells nothing."""
    if tool_names.edits(name):
        return "edited a file that is not named"
    return name if tool_names.tells_of_work(name) and name.lower() not in tool_names.LOOKS else ""


_VERBS = {"search": "searched", "fetch": "fetched", "agent": "sub-agent:"}


def links(transcript: Transcript) -> tuple[str, ...]:
    """Return addresses of what was made elsewhere (pull requests, issues, releases), latest first, drafts as that."""
    found: dict[str, None] = {}
    readied = False
    for command in reversed(transcript.commands):
        readied = readied or (command.outcome != "failed" and bool(_READIES.search(command.text)))
        if command.outcome != "failed" and _MAKES.search(command.text):
            title = title_of(command.text)
            named = f' "{clipped(title, 100)}"' if title else ""
            named += " (draft)" * (not readied and bool(_DRAFT.search(command.text)))
            found.update(dict.fromkeys(f"{url}{named}" for url in URL.findall((command.output or "")[-2_000:])[:1]))
    return tuple(found)


_DRAFT = lazily(r"\s--draft(?=\s|$)|\bgh pr create [^'\"|;&]{0,200}-d(?=\s|$)")
_READIES = lazily(r"\bpr ready\b|\bmr update\b[^\n;&|]{0,100} --ready\b")
_MAKES = lazily(
    r"\b(?:gh|hub|glab)\s+(?:pr|mr|issue|release|gist)\s+create\b|\b(?:npm|twine|cargo|vercel|netlify|fly)\s+(?:publish|upload|deploy)\b"
)


def _by_path(edits: Iterable[Edit]) -> list[tuple[str, list[Edit]]]:
    found: dict[str, list[Edit]] = {}
    for it in edits:
        found.setdefault(it.path, []).append(it)
    return [*found.items()]


def _edited(edits: Sequence[Edit], name: str) -> str:
    """Return what ``edits`` of a file, those of one call, did to it: of several the change that tells most."""
    if edits[-1].action in ("created", "deleted"):
        return f"{'wrote' if edits[-1].action == 'created' else 'deleted'} {name}"
    changes = [change_line(change) for file in digest(edits) for change in file.changes[:1]]
    lines = [line.strip() for it in map(altered, edits) for line in (*it.old, *it.new)]
    imports = IMPORT * (_only_import(lines, name))
    return f"edited {name}{f': {changes[0]}{imports}' if changes else ''}"


def _only_import(lines: Sequence[str], name: str) -> bool:
    """Return whether all ``lines`` import: in Go a quoted word alone does, elsewhere beside one that does for sure."""
    sure = [bool(_IMPORTS.match(it)) for it in lines]
    listed = any(sure) or name.endswith(".go")
    return bool(lines) and all(it or (listed and _LISTED.match(line)) for it, line in zip(sure, lines, strict=True))


_IMPORTS = lazily(
    r"(?:import\b|from\s.*\simport\b|use\s+[\w:]+|using\s+[\w.]+;|#include\b|require(?: (?!\()|\(['\"])"
    r"|(?:const|let|var)\b.*=\s*require\()"
)
_LISTED = lazily(r"(?:\w+ )?\"[\w./-]+\"$|[()]$")


def _ran(command: Command, run: Run | None, places: dict[str, str], known: dict[int, str]) -> str:
    place = file_read(command)
    if place and not tells_itself(place, command.output or ""):
        return f"{READ}{places.get(place) or name_read(place)}"
    # Redacted whole: a secret without its middle would not be known.
    text = whole(lines_of(command))
    result = _result(command, run, known.get(command.position, ""))
    # Nothing hangs on how the output of a check was cut, but for a number that was made of it.
    cut = run and not COUNTS.search(text)
    shown = untrimmed(as_one_line(text)) if cut else as_one_line(text)
    shorter = not (result.startswith(FAILED) or command.position in known)
    size = _COMMAND_CHARS - min(len(result), _RESULT_SHOWN) * shorter
    return f"ran {shown if len(shown) <= size else told_command(text, size)}{result}"


def _result(command: Command, run: Run | None, known: str) -> str:
    output = command.output or ""
    if run and run.outcome == "failed":
        what = _what_failed(run)
        return f"{FAILED}{': ' + what if what else ''}"
    if run and run.outcome == "ok":
        return ": passed"
    if not output.strip() and command.outcome and _LOOKS_FOR.match(without_folder(command.text)):
        return " → found nothing"
    answer = EXIT.sub("", output).strip() if command.outcome == "failed" and says_no(command) else ""
    if command.outcome == "failed" and not answer:
        said_no = "the user interrupted it" if is_cut_off(command.error or "") else REFUSED_IT
        why = said_no if is_rejected(command) else telling_lines(command.error or output, _WHY_CHARS)
        return f": failed{f': {clipped(why, _WHY_CHARS)}' if why else ''}"
    of_commit = _TOLD_COMMIT.match(output)  # its subject stands among the commits
    shown = command.replace(output=answer or output)
    told = known or (of_commit[1] if of_commit else printed_line(shown, _TOGETHER_CHARS))
    return f" → {told}" if told else ""


_TOLD_COMMIT = lazily(r"\[as commit ([0-9a-f]{7,40})\]")


def _what_failed(run: Run) -> str:
    """Return the names of what failed in ``run``, as many as have room, or why, empty where that is not known."""
    first, *more = [short_name(it.name) for it in run.failures if it.name] or [""]
    while more and len(first) + len(more[0]) < _FAILED_CHARS:
        first = f"{first}, {more.pop(0)}"
    told = f"{first} and {len(more)} more" if more else first
    return told or clipped(next((it.why for it in run.failures), ""), _FAILED_CHARS)


_LOOKS_FOR, _TOGETHER_CHARS = lazily(r"\s*(?:e?grep|rg|ag|find|fd|git grep)\b"), 60


def _looked(lookup: Lookup, places: dict[str, str]) -> str:
    lines = [line for line in lookup.answer.split("\n") if line.strip()] if lookup.kind == "search" else []
    if len(lines) > 1 and _COUNTED.match(lines[0]):
        paths = [it.replace("\\", "/").split("/") for it in lines[1 : _ENTRIES + 1]]
        deep = 1 if len({it[-1] for it in paths}) == len(paths) else 2  # folders tell files of one name apart
        lines = [f"{lines[0]}: {', '.join('/'.join(it[-deep:]) for it in paths)}"]
    more = f" and {len(lines) - 1} lines more" if len(lines) > 1 else ""
    found = f" → {clipped(lines[0], _FOUND_CHARS)}{more}" if lines else ""
    if lookup.kind == "read":
        return f"{READ}{places.get(lookup.asked) or lookup.asked.replace(chr(92), '/').rpartition('/')[2]}"
    of_page = lookup.kind != "fetch" or "://" in lookup.asked or ("." in lookup.asked and " " not in lookup.asked)
    verb = _VERBS[lookup.kind] if of_page else "searched the web for"
    return f"{verb} {clipped(lookup.asked, _COMMAND_CHARS)}{found}"


_COUNTED, _FOUND_CHARS, _ENTRIES = lazily(r"Found \d+ files?\b"), 80, 5


def state_of(transcript: Transcript) -> str:
    """Return what became of the latest request: ``nothing`` was done, it is in ``progress``, or it was ``answered``.

    Answered means that the agent ended its turn, or stopped with words that are whole and announce no more and no list
    unfinished; or that all was done which a request of a few words ordered: a commit, a push, a pull request.
    """
    said = transcript.messages
    asked = next((it for it in reversed(said) if it.role == "user"), None)
    last = asked.position if asked else 0
    after = [it for it in said if it.role == "assistant" and it.position > last]
    calls = [
        it
        for it in transcript.tool_calls
        if it.position > last and it.name.lower() not in (tool_names.HOOK, tool_names.BY_USER, tool_names.MENTION)
    ]
    if not after and not calls:
        return "nothing"
    spoke_last = bool(after) and (not calls or calls[-1].position <= after[-1].position)
    ended = spoke_last and after[-1].ended and not after[-1].cut
    promised = not calls and bool(after) and _PROMISES.match(after[-1].text) is not None
    if ended and not promised and not after[-1].text.rstrip().endswith(_LEADS_ON):
        return "answered"
    ordered = acts_in(asked.text) - {"check"} if asked and is_bare(asked.text) else None
    if ordered and ordered <= acts_done(transcript, last):
        return "answered"
    # A message that comes with calls announces these, in logs that have both in one place.
    if not after or after[-1].stopped or after[-1].cut or (calls and calls[-1].position >= after[-1].position):
        return "progress"
    words = after[-1].text.strip()
    kept_at = list_kept_at(transcript)
    unfinished = any(
        it.status == "in_progress" or (it.status == "pending" and kept_at > last and not words.endswith(ASKING))
        for it in transcript.todos
    )
    if (
        promised
        or any(it.position > after[-1].position for it in transcript.reasonings)
        or words.endswith(_LEADS_ON)
        or ends_amid(words, works=bool(transcript.tool_calls))
        or breaks_off(words)
        or (unfinished and (not kept_at or kept_at > last))
    ):
        return "progress"
    return "answered"


_PROMISES = caseless(
    r"\W*(?:(?:ok(?:ay)?|sure|yes|right|alles klar|gut|ja)[.,!]? )?(?:will do|mach(?:e)? ich|wird (?:gemacht|erledigt)"
    r"|(?:i['\u2019]?ll|i will) (?:do (?:so|it|that|both)|get (?:to it|on it|right on it)))\b"
)
"""What an agent says of an order that it then has not begun."""

_LEADS_ON = (":", "\uff1a")
"""How words end that something is to follow: a colon, also that of Chinese and Japanese."""


def edited_since(edits: Sequence[Edit], position: int) -> tuple[str, ...]:
    """Return the names of the files edited after ``position``, the latest first, each once."""
    return tuple(named_apart(edit.path for edit in reversed(edits) if edit.position > position).values())


def done_since(transcript: Transcript, position: int) -> str:
    """Return in a line which files were edited after ``position``, else read, else what was run; empty if nothing.

    What a command deletes before it does something else is no edit to tell.
    """
    runs = {it.position: it for it in transcript.commands if it.position > position}
    edits = [it for it in transcript.edits if it.position > position and not is_left_behind(it.path)]
    edits = [it for it in edits if not (it.action == "deleted" and _does_more(runs.get(it.position)))]
    names = edited_since(edits, position)
    late = {it.path: it.action for it in edits}
    verb = "read" if not names else "edited" if any(it != "deleted" for it in late.values()) else "deleted"
    if not names:
        read = [(it.position, it.asked) for it in transcript.lookups if it.kind == "read" and it.position > position]
        read += [(at, place) for at, it in runs.items() if (place := file_read(it))]
        paths = [AT_LINE.sub("", it) for _, it in sorted(read, reverse=True)]
        apart = read_apart(paths, transcript.folder)
        names = tuple(dict.fromkeys(apart.get(it) or name_of(it) for it in paths))
    if not names:
        ran = next((it for it in reversed(transcript.commands) if it.position > position and it.outcome), None)
        refused = f": failed: {REFUSED_IT}" if ran and is_refused(ran.error or "") else ""
        told = printed_line(ran, _COUNT_CHARS) if ran and ran.outcome == "ok" else ""
        gave = f" → {told}" if told.isdecimal() else ""  # how many there are is all that was asked
        return f"ran {clipped(without_folder(as_one_line(ran.text)), _COMMAND_CHARS)}{refused or gave}" if ran else ""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{verb} {', '.join(names[:_SHOWN])}{more}"


_COUNT_CHARS = 20


def _does_more(command: Command | None) -> bool:
    return command is not None and bool(besides_files(command.text))


def place_at_hand(transcript: Transcript, asked: int) -> str:
    """Return the file that was edited last after ``asked``, if it is there yet; empty where another was read since."""
    gone = {it.path for it in transcript.files if it.action == "deleted"}
    late = [it for it in transcript.edits if it.position > asked and it.outcome != "failed"]
    done = [(it.position, name_of(it.path)) for it in late if it.action != "deleted" and it.path not in gone]
    at, name = max(((at, name) for at, name in done if not is_left_behind(name)), default=(0, ""))
    elsewhere = any(
        it.position > at and it.kind == "read" and name_of(AT_LINE.sub("", it.asked)) != name
        for it in transcript.lookups
    )
    return "" if elsewhere else name


_SHOWN = 3
