"""Calls that failed: what they said, which were made again in another form, and the one the work stands at.

Of commands only what is learnt by them is told here: what does not work in this place, and what was run instead.
"""

from __future__ import annotations

from handoff_cli.core import tool_names
from handoff_cli.core.answers import is_blocked, is_cut_off
from handoff_cli.core.light import lru_cache
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.transcript import GAVE, REFUSED
from handoff_cli.core.verdicts import is_nothing
from handoff_cli.documents.extract.commands.checks import is_check, is_rejected, was_wrong
from handoff_cli.documents.extract.commands.command_lines import only_looks, without_folder, without_settings
from handoff_cli.documents.extract.commands.outputs import failures_in, telling_lines
from handoff_cli.documents.extract.commands.patterned import IN_PLACE
from handoff_cli.documents.extract.commands.results import unescaped
from handoff_cli.documents.extract.failed import Attempt, Escalated, Lesson
from handoff_cli.documents.extract.language.words import alike, as_one_line, clipped, sentences, whole, words_of
from handoff_cli.documents.extract.runs.attempts import NOT_THERE, program_of
from handoff_cli.documents.extract.runs.underway import asked_of, is_quiet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Command, ToolCall, Transcript

_WHY_CHARS, _ASKED_CHARS = 160, 140
REFUSED_IT = "the user refused it"
_TAGS = lazily(r"</?[a-z_]{3,40}>")


def why_failed(call: ToolCall) -> str:
    """Return in a line what a failed call said, empty where it said nothing."""
    error = _TAGS.sub("", call.error or "").strip()
    if error.startswith(REFUSED):
        return REFUSED_IT
    if is_cut_off(error):
        return "the user interrupted it"
    if "\n" in error and (sought := _SOUGHT.match(whole(error))):  # words of an error in it are code's
        more = sought[3].count("\n")
        return clipped(f"{sought[1]}: {sought[2]}{f' and {more} lines more' * bool(more)}", _WHY_CHARS)
    return clipped(telling_lines(error, _WHY_CHARS), _WHY_CHARS) if error else ""


_SOUGHT = lazily(r"(String to replace not found in file)\.?[^\S\n]*\n\s*String:\s*(\S[^\n]*)((?:\n.*)*)")
"""What an edit says that found nothing to replace, with what it sought."""


def made_again(calls: Sequence[ToolCall]) -> frozenset[int]:
    """Return the places of failed calls that were made again, of the same tool and for nearly the same thing."""
    later: dict[str, list[set[str]]] = {}
    found: set[int] = set()
    for call in reversed(calls):
        asked = words_of(asked_of(call.summary)) if call.outcome == "failed" or call.name in later else set()
        if call.outcome == "failed" and any(alike(asked, it, _NEARLY) for it in later.get(call.name, ())):
            found.add(call.position)
        later.setdefault(call.name, []).append(asked or words_of(asked_of(call.summary)))
    return frozenset(found)


_NEARLY = 4
"""Fifths of their words that two calls for nearly the same thing share."""


def stumbled(transcript: Transcript) -> str:
    """Return the last call and what it said, where it failed and no call followed; empty where work went on.

    A command whose output ends in an error that nothing caught failed whatever its exit code, as where it was piped on.
    Where an error before it listed names, those that are like what was called come with it.
    """
    calls = [it for it in transcript.tool_calls if not is_quiet(it)]
    last = calls[-1] if calls else None
    if last is None or (last.error or "").startswith(REFUSED):
        return ""
    command = next((it for it in reversed(transcript.commands) if it.position == last.position), None)
    raised = _RAISED.search((command.output or "")[-_END_CHARS:]) if command and last.outcome == "ok" else None
    if last.outcome != "failed" and not raised:
        return ""
    if command:
        text = without_folder(as_one_line(command.text))
        if is_check(command.text) or only_looks(command.text) or is_rejected(command):
            return ""
        why = clipped(raised[1] if raised else telling_lines(command.error or "", _WHY_CHARS), _WHY_CHARS)
        return f"{clipped(text, _ASKED_CHARS)}: {why}" if why else ""
    why = why_failed(last)
    if not why or is_cut_off(last.error or ""):
        return ""
    asked = next((it.text for it in reversed(transcript.messages) if it.role == "user"), "")
    names = _known_like(f"{last.summary} {asked}", [it for it in calls if it.name == last.name])
    known = f" (known by an earlier error: {', '.join(names)})" if names else ""
    return f"{f'{last.name} {asked_of(last.summary)}'.rstrip()}: {why}{known}"


_RAISED, _END_CHARS = lazily(r"\n[ \t][^\n]{0,200}\n((?:\w+\.){0,9}\w*(?:Error|Exception): [^\n]{1,400})\s*$"), 1_000
"""The last line of a trace that a program ended with, behind a line of code."""


def _known_like(called: str, calls: Sequence[ToolCall]) -> list[str]:
    """Return names that an error listed as those there are and that share most words with what was ``called``."""
    words = set(_PARTS.findall(called.lower()))
    listed: dict[str, int] = {}
    for call in calls[-_LOOKED_AT:]:
        for found in _AVAILABLE.findall(as_one_line(call.error or "")):
            for name in found.split(","):
                if _NAME.fullmatch(name.strip()):
                    listed[name.strip()] = _shared(words, name)
    best = max(listed.values(), default=0)
    return [name for name, shared in listed.items() if shared and shared >= best][:_MOST_NAMES]


def _shared(words: set[str], name: str) -> int:
    parts = _PARTS.findall(name.lower())
    return sum(any(it.startswith(part) or part.startswith(it) for it in words) for part in parts)


_PARTS = lazily(r"[a-z]{3,}")
_AVAILABLE = lazily(r"\b[Aa]vailable [\w ]{3,30}: ([^.;]+)")
_NAME = lazily(r"[\w:@/-]{3,80}")
_LOOKED_AT, _MOST_NAMES = 200, 4


def all_lessons(transcript: Transcript) -> tuple[Lesson, ...]:
    """Return what does not work in this place: of commands, of other calls, for want of rights, by a policy."""
    calls, commands = transcript.tool_calls, transcript.commands
    return (*lessons(commands), *lessons_of_calls(calls), *let_in(transcript), *refusals(calls, commands))


def lessons(commands: Sequence[Command]) -> tuple[Lesson, ...]:
    """Return which commands were wrong themselves and what was run instead that worked, the latest first.

    Of a program one is told. What the project's checks found wrong is no lesson of this kind, nor is what worked later
    as it was.
    """
    found: dict[str, Lesson] = {}
    worked: set[str] = set()
    for place in range(len(commands) - 1, -1, -1):
        failed = commands[place]
        text = as_one_line(without_folder(failed.text))
        if failed.outcome in GAVE:
            worked.add(text)
        if failed.outcome != "failed" or not failed.error or is_rejected(failed) or text in worked:
            continue
        why = _misuse(failed.error)
        program = without_settings(text).partition(" ")[0] if why else ""
        if not why or program in found or (is_check(text) and not was_wrong(failed.error)):
            continue
        if (only_looks(failed.text) and "o such file" in why) or NOT_THERE.search(failed.error):
            continue  # what it sought is not there
        if failures_in(why):
            continue  # what was made with it does not build
        instead = next((it for it in commands[place + 1 : place + _SOON] if _replaces(it, failed)), None)
        if instead:
            found[program] = Lesson(text, clipped(_SAID_BY.sub("", why), _WHY_CHARS), as_one_line(instead.text))
    return tuple(found.values())[:_MOST_LESSONS]


def lessons_of_calls(calls: Sequence[ToolCall]) -> tuple[Lesson, ...]:
    """Return what tools that are no shell did not take and what they took instead, the latest first, of each tool one.

    Told is the argument that was another one in the call that worked: the name of an agent, of a page, of a field.
    """
    found: dict[str, Lesson] = {}
    for place in range(len(calls) - 1, -1, -1):
        failed = calls[place]
        if failed.outcome != "failed" or failed.name in found or not failed.summary.startswith("{"):
            continue
        why = why_failed(failed)
        if not _NOT_TAKEN.search(why):
            continue
        asked = dict(_ARGUMENT.findall(failed.summary))
        for later in calls[place + 1 : place + _SOON_CALLED]:
            if later.name != failed.name or later.outcome != "ok":
                continue
            given = dict(_ARGUMENT.findall(later.summary))
            changed = [key for key, value in given.items() if value != asked.get(key, "")]
            if len(changed) == 1 and len(given) > 1 and asked:
                key = changed[0]
                was, now = (clipped(unescaped(it.get(key, "")), _ASKED_CHARS) for it in (asked, given))
                found[failed.name] = Lesson(f"{failed.name} {was or f'without {key}'}", why, now)
                break
    return tuple(found.values())[:_MOST_LESSONS]


_ARGUMENT = lazily(r'"(\w{1,40})": ?"((?:\\.|[^"\\])+)"')
_NOT_TAKEN = caseless(
    r"not found|unknown|no such|invalid|unexpected|unrecogni[sz]ed|unsupported|missing|required|not exist"
)
_SOON_CALLED = 12


def let_in(transcript: Transcript) -> tuple[Lesson, ...]:
    """Return which files could not be written for want of rights until the user had said something, the latest first.

    Only what failed more than once is told, and was written since: the user's last words before stand with it.
    """
    found: dict[str, Lesson] = {}
    barred: dict[str, list[ToolCall]] = {}
    for call in transcript.tool_calls:
        if not tool_names.edits(call.name) or not call.summary:
            continue
        if call.outcome == "failed" and _NO_RIGHTS.search(call.error or ""):
            barred.setdefault(call.summary, []).append(call)
        elif call.outcome == "ok" and len(tries := barred.pop(call.summary, [])) > 1:
            since = (it for it in transcript.messages if tries[-1].position < it.position < call.position)
            words = next((it.text for it in reversed([*since]) if it.role == "user"), "")
            if words:
                what = f"{call.name} {call.summary} (\u00d7{len(tries)})"
                found[call.summary] = Lesson(
                    what, why_failed(tries[-1]), f"by the user: {clipped(as_one_line(words), 120)}"
                )
    return tuple(reversed(found.values()))[:_MOST_LESSONS]


_NO_RIGHTS = caseless(r"\b(?:permission denied|eacces|operation not permitted|read-only file system)\b")


def in_vain(transcript: Transcript) -> tuple[Attempt, ...]:
    """Return what was done several times alike and came to nothing, the latest first: ``failed`` tells how often.

    They are calls of tools that are no shell and failed each time, and commands that edit a file in place, which
    nobody runs again that did what was wanted. Calls that were made together are one try.
    """
    found: dict[tuple[str, str], Attempt] = {}
    later: dict[tuple[str, str], ToolCall] = {}
    commands = {it.position: it for it in transcript.commands}
    went: set[tuple[str, str]] = set()
    for call in reversed(transcript.tool_calls[-_CALLS_LOOKED_AT:]):
        run = commands.get(call.position)
        key = ("", as_one_line(run.text)) if run else (call.name, asked_of(call.summary))
        if not key[1] or (run and not _edited_in_place(run)):
            continue
        if not run and call.outcome != "failed":
            went.add(key)
        elif key not in went and not _together(call, later.get(key)):
            known = found.get(key) or Attempt(" ".join(filter(None, key)), None if run else why_failed(call), failed=0)
            found[key] = known.replace(failed=known.failed + 1)
        later[key] = call
    return tuple(it for it in found.values() if it.failed >= OFTEN)[:_MOST_LESSONS]


def _together(call: ToolCall, later: ToolCall | None) -> bool:
    """Return whether two calls stand side by side and began within a second: the first had not ended yet."""
    if later is None or later.position - call.position > 1 or not (call.time and later.time):
        return False
    began = [_CLOCK.search(it.time) for it in (call, later) if it.time]
    seconds = [int(it[1]) * 3_600 + int(it[2]) * 60 + int(it[3]) for it in began if it]
    return len(seconds) > 1 and seconds[1] - seconds[0] in (0, 1)


def _edited_in_place(run: Command) -> bool:
    """Return whether a command edited a file in place, or meant to: it ended well and printed nothing."""
    silent = run.outcome != "failed" and is_nothing(run.output or "")
    return silent and IN_PLACE.match(without_folder(run.text)) is not None


_CLOCK = lazily(r"T(\d\d):(\d\d):(\d\d)")
OFTEN, _CALLS_LOOKED_AT = 3, 400


def escalated(commands: Sequence[Command]) -> tuple[Escalated, ...]:
    """Return what ran outside of the agent's sandbox, of each program the latest, tried in the sandbox before first."""
    found: dict[str, Escalated] = {}
    for place in range(len(commands) - 1, -1, -1):
        ran = commands[place]
        if ran.outside is None or is_rejected(ran):
            continue
        text = as_one_line(ran.text)
        program = program_of(text)
        known = found.get(program)
        if known and known.within:
            continue
        before = (it for it in reversed(commands[max(0, place - _SOON) : place]) if it.outside is None)
        within = next((it for it in before if it.outcome == "failed" and as_one_line(it.text) == text), None)
        said = (within.error or within.output or "no message") if within else ""
        why = clipped(telling_lines(said, _WHY_CHARS), _WHY_CHARS)
        if known is None or why:
            found[program] = Escalated(text, ran.outside, why, ran.outcome)
    return tuple(sorted(found.values(), key=lambda it: not it.within))[:_MOST_LESSONS]


def refusals(calls: Sequence[ToolCall], commands: Sequence[Command] = ()) -> tuple[Lesson, ...]:
    """Return which calls a policy turned down and none got through later, the latest first, each reason once."""
    found: dict[str, Lesson] = {}
    went: dict[str, list[ToolCall]] = {}
    runs = {it.position: it for it in commands if it.outcome == "failed"}
    for call in reversed(calls):
        if call.outcome != "failed":
            went.setdefault(call.name, []).append(call)
            continue
        run = runs.get(call.position)
        error = (run.error if run else call.error) or ""
        if not is_blocked(error):
            continue
        asked = words_of(asked_of(call.summary))
        if not any(alike(asked, words_of(asked_of(it.summary)), _NEARLY) for it in went.get(call.name, ())):
            orders = [it for it in sentences(error[:_ORDER_CHARS]) if _ORDERS.match(it)]
            reason = _without(orders, error)
            why = (
                clipped(telling_lines(reason, _WHY_CHARS), _WHY_CHARS)
                if run
                else why_failed(call.replace(error=reason))
            )
            what = as_one_line(run.text) if run else f"{call.name} {asked_of(call.summary)}".rstrip()
            found.setdefault(why, Lesson(what, why, "", " ".join(orders)))
    return tuple(found.values())[:_MOST_LESSONS]


def _without(parts: Sequence[str], text: str) -> str:
    """Return ``text`` without ``parts`` of it, unless nothing is left."""
    left = text
    for it in parts:
        left = left.replace(it, "").strip()
    return left or text


_ORDER_CHARS = 2_000
_ORDERS = caseless(
    r"(?!if you\b).*\b(?:must(?: not)?|(?<!\bi )(?<!\bwe )(?<!\bthey )(?:do not|don['\u2019]t)"
    r"|never|may not|are not (?:allowed|permitted) to|proceed only"
    r"|use only|stop and|ask the user|request user)\b"
)
"""How a refusal forbids a way round it, or demands what to do."""


@lru_cache(maxsize=256)
def _misuse(error: str) -> str:
    """Return the first line of an ``error`` that says that a command was wrong itself, empty where none does.

    How it is used tells less than what was wrong.
    """
    said = [it for it in error.split("\n") if _MISUSED.search(it)]
    return next((it for it in said if "usage:" not in it.lower()), said[0] if said else "")


def _replaces(later: Command, failed: Command) -> bool:
    """Return whether ``later`` did what ``failed`` could not: of the same program, for nearly the same thing.

    Or another program, where there is none of that name, with all else alike. What only looks around mends nothing
    that was to be done.
    """
    one, other = (without_settings(it.text) for it in (later, failed))
    if _NO_PROGRAM.search(failed.error or "") and one.partition(" ")[2] == other.partition(" ")[2] != "":
        return later.outcome in GAVE and one != other
    same = one.split(None, 1)[:1] == other.split(None, 1)[:1] and later.text != failed.text
    looks = only_looks(later.text) and not only_looks(failed.text)
    return later.outcome == "ok" and same and not looks and alike(words_of(one), words_of(other), _SOMEWHAT)


_SOMEWHAT, _SOON, _MOST_LESSONS = 2, 6, 3
_MISUSED = caseless(
    r"no such file|not found|accepts (?:at most|at least|\d+)|unknown \w+|unrecogni[sz]ed|\busage:|not permitted"
    r"|permission denied|missing script|(?:invalid|illegal|unexpected) (?:option|argument|flag)"
    r"|requires? (?:a |an |at least )"
)
"""What a shell or a tool says of a command that was wrong itself."""

_NO_PROGRAM = caseless(r"\bcommand not found\b|\bis not recognized as\b")
_SAID_BY = lazily(r"^\s*(?:\(eval\):\d*:?)?(?:\w+:\d+: )?")
