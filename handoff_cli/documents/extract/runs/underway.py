"""What is under way: calls without a result yet, the request at work; and acts, such as a push, ordered or done."""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core import tool_names
from handoff_cli.core.code import defined_by
from handoff_cli.core.light import lru_cache
from handoff_cli.core.paths import name_of
from handoff_cli.core.patterns import IGNORECASE, caseless, lazily
from handoff_cli.documents.extract.commands.checks import is_check
from handoff_cli.documents.extract.commands.command_lines import line_of, only_looks
from handoff_cli.documents.extract.facts import Pending
from handoff_cli.documents.extract.files.texts import same_file
from handoff_cli.documents.extract.language.words import as_one_line, clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Command, ToolCall, Transcript
    from handoff_cli.documents.extract.files.texts import Printed


_POLLS = lazily(r"write_stdin\b.*\"chars\":\s*\"\"")
"""Codex's look at a program that still runs."""

_KEEP_LISTS = tool_names.LISTS | {tool_names.NOTED, tool_names.ASKED_LIST}


def is_quiet(call: ToolCall) -> bool:
    """Return whether a call only keeps a list, asks to leave a mode, or looks at what runs."""
    quiet = _quiet(call.name)
    return bool(_POLLS.match(f"{call.name} {call.summary}")) if quiet is None else quiet


@lru_cache(1_000)
def _quiet(name: str) -> bool | None:
    """Return whether calls of the tool ``name`` are quiet, None where that depends on what they ask."""
    return tool_names.is_quiet(name) or (None if name.startswith("write_stdin") else False)


def without_programs(transcript: Transcript) -> Transcript:
    """Return ``transcript`` without programs that called tools: these come right after and tell what was done."""
    calls = transcript.tool_calls
    apart = {it.position for it, after in pairwise(calls) if it.name == tool_names.PROGRAM != after.name}
    return transcript.replace(tool_calls=tuple(it for it in calls if it.position not in apart)) if apart else transcript


def list_kept_at(transcript: Transcript) -> int:
    """Return where the to-do list was written last, 0 where that is not known."""
    lists = {name for name in {it.name for it in transcript.tool_calls} if name.lower() in _KEEP_LISTS}
    return max((it.position for it in transcript.tool_calls if it.name in lists), default=0) if lists else 0


def under_way(transcript: Transcript, asked: int, judged: frozenset[int] = frozenset()) -> tuple[Pending, ...]:
    """Return the calls since ``asked`` of which no result is recorded, the latest first: what was cut off, or runs on.

    A log that records no results at all tells of none, nor of a command where it showed what came of none before
    ``asked``. A call before the agent's last words was answered before these, unless it is a command or a sub-agent,
    which may run on. ``judged`` are the positions of checks of which the output told the end.
    """
    calls = [it for it in transcript.tool_calls if not is_quiet(it)]
    asking = next((it for it in reversed(transcript.tool_calls) if it.position > asked), None)
    if len(calls) > 1 and not any(it.outcome for it in calls):
        return ()
    words = max((it.position for it in transcript.messages if it.role == "assistant"), default=0)
    commands = {it.position: it for it in transcript.commands if it.outcome is None}
    before = [it for it in transcript.commands if it.position <= asked]
    unseen = len(before) > 1 and not any(it.outcome or it.output for it in before)
    found: dict[str, Pending] = {}
    if asking and asking.outcome is None and asking.name.lower() in tool_names.PLANNERS:
        found["plan"] = Pending("plan", "")
    for call in reversed(calls[-_RECENT:]):
        told = call.position in judged and is_check(call.summary)
        if call.outcome is not None or call.position <= asked or told:
            continue
        command = commands.get(call.position)
        if command and not command.text.startswith(call.summary[:20]):
            command = None
        if command and unseen:
            continue
        agent = call.name.lower() in tool_names.SUB_AGENTS
        if call.position >= words or command or agent:
            pending = _pending(call, command, agent)
            found.setdefault(f"{pending.kind} {pending.text}", pending)
    return tuple(found.values())


_RECENT = 6
_ASKED = lazily(r"\"(?:question|description|prompt|message)\":\s*\"((?:\\.|[^\"\\])+)")


def asked_of(summary: str) -> str:
    """Return what a call asked for, without the names of its arguments and the folders of a path."""
    if not summary.startswith("{"):
        return clipped(_SHORT_PATH.sub(lambda found: found[1], summary), _CALL_CHARS)
    told = _TELLS_WHAT.search(summary)
    said = [told[1]] if told else _VALUES.findall(summary)
    return clipped(" ".join(it.replace('\\"', '"') for it in said) or summary.removeprefix("{}"), _CALL_CHARS)


_TELLS_WHAT = lazily(r"\"(?:query|title|description|question|url|pattern)\":\s*\"((?:\\.|[^\"\\])+)")
_VALUES = lazily(r"\":\s*\"((?:\\.|[^\"\\])+)")
_SHORT_PATH = lazily(r"^(?:/|[A-Za-z]:[\\/])\S*[\\/]([^\s\\/]+)$")


def _pending(call: ToolCall, command: Command | None, agent: bool) -> Pending:
    name = call.name.lower()
    if command is not None:
        text = line_of(command)
        said = as_one_line((command.output or "")[:_SAID_CHARS])
        kind = "check" if is_check(command.text) else "look" if only_looks(command.text) else "command"
        return Pending(kind, text, said if _RUNS_ON.search(said) else "")
    told = _ASKED.search(call.summary)
    said = told[1] if told else call.summary
    if agent:
        return Pending("agent", clipped(said, _CALL_CHARS))
    if name in tool_names.ASKERS:
        return Pending("question", clipped(said, _CALL_CHARS * 2))
    if tool_names.edits(name):
        return Pending("edit", name_of(call.summary) if _ONE_PATH.fullmatch(call.summary) else "")
    said = asked_of(call.summary) if call.summary.startswith("{") else call.summary
    return Pending("look", clipped(f"{call.name} {said}", _CALL_CHARS))


def with_name(pending: Pending, printed: Sequence[Printed]) -> Pending:
    """Return a read that waits with the file's name alone, and with what was seen to be defined where it begins."""
    found = _READ_AT.fullmatch(pending.text) if pending.kind == "look" else None
    if not found:
        return pending
    path, first = found[2], int(found[3])
    there = range(first, first + _HEAD_LINES)
    lines = (line for it in printed for where, number, line in it.lines if number in there and same_file(where, path))
    name = next((it for it in map(defined_by, lines) if it), "")
    told = f" ({name})" if name else ""
    return Pending("look", f"{found[1]} {name_of(path)}:{first}{told}")


_READ_AT, _HEAD_LINES = lazily(r"((?:[A-Z]\w*|read\w*|view)) (\S+):(\d{1,6})"), 12
_ONE_PATH = lazily(r"[^\n{}\"]{1,400}")
_RUNS_ON = caseless(r"\brunning (?:in (?:the )?background|with session id)\b")
"""What an agent's shell says of a command that goes on beside the work."""

_CALL_CHARS, _SAID_CHARS = 140, 600


def acts_in(words: str) -> set[str]:
    """Return which acts ``words`` order: ``check``, ``commit``, ``push``, ``pull request``."""
    lower, acts = words.lower(), set[str]()
    for name in _NAMES_OF_ACTS:  # ``any`` would take twice as long
        if name in lower:
            words = _NO_ORDER.sub(" ", words)
            lower = words.lower()
            found = {it.lower() for it in _ORDERED.findall(as_one_line(words))}
            acts = {act for act, names in _ACTS.items() if found.intersection(names)}
            break
    if ("pr" in lower or "mr" in lower or "request" in lower) and _PR.search(lower) and _ORDERED_PR.search(words):
        acts.add("pull request")
    return acts


_NO_LEAD = r"(?!(?:please|then|also|just|and|should|wait|stop)\b)"
_NO_ORDER = lazily(
    rf"\b(?:(?:before|until|unless|without|instead of|ohne|bevor)\b(?: {_NO_LEAD}\w+){{0,2}}?"
    rf"|(?:do(?:n['\u2019]?t| not)|never|nicht)\b(?!,? (?:forget|vergessen))(?: {_NO_LEAD}\w+){{0,2}}?"
    r"|(?:if|when|after|once|whenever) (?:you|i|we|it))"
    r" (?:git )?(?:re-?)?(?:commit|push|test|run|verify)\b",
    IGNORECASE,
)
"""Where a verb orders nothing: it says before what, or of what not to do, something is wanted."""

_LEAD_IN = (
    r"(?:^|[,;!&+]\s*|[.:]\s+|\b(?:and|then|also|now|please|to|let'?s|lets|me|i'?ll|will|should|you|finally|next|ok|okay|yes)\s+)"
    r"(?:git )?(?:re-?)?"
)
_ORDERED = lazily(
    rf"{_LEAD_IN}((?:run|verify|commit|push|test)\b)"
    r"(?!\s*(?:messages?|hash|history|logs?|for|is|was|of|id|ids|that|if|nothing|none|nichts|nada|rien)\b)",
    IGNORECASE,
)
_ORDERED_PR = caseless(
    rf"(?:{_LEAD_IN}|\b)((?:open|create|make|draft|raise|submit|do)\b.{{0,12}}\b(?:pr|pull request|mr|merge request)\b)"
    rf"|{_LEAD_IN}(?:pr|pull request)\s*\W*$",
)
_PR = lazily(r"\b(?:[pm]r|pull request|merge request)\b")
_ACTS = {"check": ("run", "verify", "test"), "commit": ("commit",), "push": ("push",)}
_NAMES_OF_ACTS = tuple(name for names in _ACTS.values() for name in names)
DOES = {
    "commit": lazily(r"\bgit\b[^\n;&|]{0,300}\bcommit\b"),
    "push": lazily(r"\bgit\b[^\n;&|]{0,300}(?<!stash )\bpush\b"),
    "pull request": lazily(r"\b(?:gh|hub|glab)\s+(?:pr|mr)\s+create\b|\baz\s+repos\s+pr\s+create\b"),
}
"""Acts by the commands that do them."""


def acts_done(transcript: Transcript, position: int, begun: bool = False) -> set[str]:
    """Return which acts commands after ``position`` did; with ``begun`` also those of which no result is recorded."""
    ended = ("ok", None) if begun else ("ok",)
    done = [it.text for it in transcript.commands if it.position > position and it.outcome in ended]
    acts = {act for act, pattern in DOES.items() if any(pattern.search(it) for it in done)}
    ran = any(it.position > position and it.outcome and is_check(it.text) for it in transcript.commands)
    return acts | {"check"} if ran else acts


def owed(transcript: Transcript, asked: int) -> tuple[str, ...]:
    """Return what the latest request ordered, of commit, push and pull request, that no command since has done."""
    words = next((it.text for it in reversed(transcript.messages) if it.role == "user"), "")
    if len(words) > _ORDER_CHARS:
        return ()
    left = acts_in(_OWN_ACT.sub(" ", words)) - acts_done(transcript, asked, begun=True)
    return tuple(act for act in ("commit", "push", "pull request") if act in left)


_ORDER_CHARS = 1_000
_OWN_ACT = lazily(
    r"\b(?:i|we)(?:['\u2019]ll| will| might| may| could| can|['\u2019]m going to| am going to)"
    r"(?! (?:need|want|like|prefer|rather|expect|have) )(?: (?!you\b)[^\s.,;!?]+){1,8}"
    r"|\bich (?:werde|k\xf6nnte|kann|mach\w*|\xfcbernehm\w*)\b(?: [^\s.,;!?]+){1,8}",
    IGNORECASE,
)
"""What the user says they do, or may do, themselves: it is no order."""


def owed_before(transcript: Transcript, asked: int) -> tuple[str, ...]:
    """Return what the user ordered before the latest request, of push and pull request, and nothing since has done.

    A word of the user's since that lets it be ends that.
    """
    since = transcript.summaries[-1].position if transcript.summaries else -1
    orders = [it for it in transcript.messages if it.role == "user" and since < it.position < asked]
    for it in reversed([it for it in orders if len(it.text) <= _ORDER_CHARS]):
        ordered = acts_in(_OWN_ACT.sub(" ", it.text)) & {"push", "pull request"}
        since_then = (later.text[:_BEGIN_CHARS] for later in orders if later.position > it.position)
        if ordered and any(map(_LETS_BE.search, since_then)):
            return ()
        if ordered and (left := ordered - acts_done(transcript, it.position, begun=True)):
            return tuple(as_ordered(it.text, act) for act in ("push", "pull request") if act in left)
    return ()


def as_ordered(words: str, act: str) -> str:
    """Return the clause of the user's ``words`` that orders ``act``, as it says how; else the name of that act."""
    line = as_one_line(_OWN_ACT.sub(" ", words))
    opened = _ORDERED_PR.search(line) if act == "pull request" else None
    orders = [opened] if opened else [it for it in _ORDERED.finditer(line) if it[1].lower() == act]
    told = {_clause_at(line, it) for it in orders if it[1]}
    return told.pop() or act if len(told) == 1 else act


def _clause_at(line: str, found: re.Match[str]) -> str:
    """Return the clause of ``line`` in which an act was ``found``; empty where it is long, or goes on there."""
    end = _CLAUSE_ENDS.search(line, found.end())
    clause = line[found.start(1) : end.start() if end else len(line)].strip()
    goes_on = end is not None and _GOES_ON.match(line, end.start())
    quotes = clause.count('"') % 2 or len(_QUOTE.findall(clause)) % 2
    return clause if len(clause) <= _CLAUSE_CHARS and not (goes_on or quotes) else ""


_GOES_ON = lazily(r",? ?(?:and|und|y|et) (?:the|a|an|to|all|both|on|den|die|das|le|la|el|los)\b")
"""What goes on with what is to be pushed, or where."""

_QUOTE = lazily(r"(?<!\w)'|'(?!\w)")
_CLAUSE_ENDS = lazily(r"\s\(|[,;.!?)](?=\s|$)|\s(?:and|then|but|so|und|dann|aber|pero|et|puis|mais|[-\u2013\u2014])\s")
_CLAUSE_CHARS = 80


_LETS_BE = caseless(
    r"\b(?:no remote|skip (?:it|that|the (?:push|pr))|skip(?=[.,;!]|$)|never ?mind|forget (?:it|that|the (?:push|pr))"
    r"|(?:do ?n['\u2019]?t|no|nicht|kein(?:en)?|not) (?:need to )?push|push(?:e|en)? (?:is )?(?:not|nicht)"
    r"|kein remote|sin remoto|no hay remoto|pas de remote"
    r"|i(?:['\u2019]ve| have)? push(?:ed)?|pushing (?:is mine|i do))\b"
    r"|^\W*(?:(?:ok(?:ay)?|and|yes|it'?s)\W+)?pushed\b"
)
_BEGIN_CHARS = 120
"""Words near the beginning of what the user says by which an order is given up."""
