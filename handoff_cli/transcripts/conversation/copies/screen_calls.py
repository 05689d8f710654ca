"""What a line of an agent's screen tells that a tool was given, and the tags of that with what came of it below.

A sign, a verb and what it was done to (``✓ Read src/app.ts``, ``EXECUTE  (make, timeout: 60s)``), or a command behind
``$``: no screen of one program, most have it so. A sign before other words is a call where a corner hangs below it.
"""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

from handoff_cli.core.patterns import caseless, compiled
from handoff_cli.core.record import Record
from handoff_cli.core.text import indent_of
from handoff_cli.core.transcript import REFUSED
from handoff_cli.transcripts.tagged import in_tags
from handoff_cli.transcripts.values import without_empty_ends

SIGNS = "✓✔✗✘×✖●○◉◌◯⬢⛬∿⚙→▸▶⏵⏺◆•☑❌✅⏳🔧🛠🤖🚀⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
"""What stands before what was done, and before the agent's words."""

_FAILED = "✗✘×✖❌"
_RUNS = ("bash", "shell", "execute", "exec", "terminal", "run", "running", "ran")
_READS, _WRITES = ("read", "view", "readfile", "reading", "open", "opened"), ("write", "create", "wrote", "created")
_EDITS = ("edit", "update", "edited", "updated", "multiedit", "multi-edit", "editing", "patch", "writing", "replace")
_SEEKS = ("grep", "glob", "search", "grepped", "searched", "find", "list", "listed", "ls", "fetch", "fetched")
_TELLS = ("Running", "Ran")
_PLANS = ("plan", "todo", "todos", "todowrite")
_VERBS = (*_RUNS, *_READS, *_WRITES, *_EDITS, *_SEEKS, *_PLANS)
CALL = compiled(
    rf" {{0,5}}(?:(?P<sign>[{SIGNS}])\ufe0f? {{1,2}}(?:Used |Using )?(?=[A-Z]|(?<=[🔧🛠⚙] )[a-z])"
    r"|(?=[A-Z]{3,12}(?: ?\(| {2,4}\S)))"
    r"(?P<verb>[A-Za-z]+(?:-[A-Z][a-z]+|_[a-z]+)*)"
    r"(?: \(\w{2,10}\))?(?::? {1,4}\(?|\()(?P<given>\S.*)$"
)
_RUN = compiled(r" {0,5}\$ (?P<given>\S.*)$")
_SIGNED = compiled(rf" {{0,5}}(?P<sign>[{SIGNS}])\ufe0f? {{1,2}}(?P<given>\S.*)$")
CORNER = compiled(r"\s{0,12}[└↳↪⎿╰] {0,3}(?P<shown>.*)$")
COUNTED = compiled(r" (?:\(\+\d+(?: ?-\d+)?\)|\+\d+(?: -\d+)?)$")
"""How many lines were changed, behind a path."""

_TOOK = compiled(r" {1,4}\d[\d.]*(?:ms|s|m\d*s?)(?: in \S{1,200}| in current dir)?$|, (?:timeout|impact): .{1,60}$")
"""What a screen adds to a command: how long it took and where, or what it may do."""

_PATH = compiled(r"[^\s,;:!?()]*[./][^\s,;:!?()]*$|[\w-]+$")
_PLACE = compiled(r"(?:,? lines? \d[\d-]*|,? all lines| \(.{0,60}\)|:\d[\d-]*|, .{1,200})$")
_QUOTED = compiled(r"\(?[\"'`/*.]|\S+[*/]|\w[\w.-]* in \S")
_ROW = compiled(r"[│┃ ]{0,20}(?:\d{1,6} {1,8}){0,2}(?:(?P<sign>[+-])(?![+-]{2}) ?(?P<line>.*)$|(?<=\d )[^│]*│?$)")
_NUMBERED = compiled(r"[│┃ ]{0,20}\d{1,6} {1,3}(?P<line>\S.*|$)")
_REFUSED = caseless(
    r"\W{0,3}(?:the )?(?:user )?(?:rejected|declined|denied|cancell?ed|refused)"
    r"(?: by (?:the )?user| this| the| to |[.:]|$)"
)
_FEEDBACK = caseless(r"\b(?:user )?(?:feedback|reason|said)[:：] *")
_TODO = compiled(r"\s*(?P<box>[○◌◯☐□◻✓✔☑☒◉◐■→•●]|\[[ xX~-]\]) (?P<text>\S.*)$")
_DONE, _AT_WORK = "✓✔☑☒x", "◌◉◐■→~"


class ShownCall(Record):
    """A call: what ``kind`` of tool was ``given`` what, how deep it is set in, whether its sign says that it failed.

    ``at_work`` tells that its words say that it still goes on.
    """

    kind: str
    given: str
    indent: int
    failed: bool = False
    at_work: bool = False


def call_in(text: str, below: str = "") -> ShownCall | None:
    """Return the call that a line tells of, ``below`` it the next; None for any other line."""
    indent = indent_of(text)
    if run := _RUN.match(text):
        return ShownCall(kind="run", given=_TOOK.sub("", run["given"]), indent=indent)
    signed = _SIGNED.match(text)
    failed = signed is not None and signed["sign"] in _FAILED
    if signed and _RUN.match(below) and indent_of(below) > indent:
        return ShownCall(kind="named", given=signed["given"], indent=indent, failed=failed)
    if found := CALL.match(text):
        kind, given = _kind(found["verb"]), found["given"]
        if "(" in text[found.end("verb") : found.start("given")]:
            given = given.removesuffix(")")
        is_told = found["verb"] in _TELLS and indent_of(below) <= indent  # a sentence may begin so
        if kind and not is_told and _fits(kind, given):
            given = _TOOK.sub("", given) if kind == "run" else given
            at_work = found["verb"].endswith("ing") or " Using " in text[: found.start("verb")]
            return ShownCall(kind=kind, given=given, indent=indent, failed=failed, at_work=at_work)
    if signed and CORNER.match(below):
        return ShownCall(kind="other", given=signed["given"], indent=indent, failed=failed)
    return None


def bracketed_in(text: str) -> ShownCall | None:
    """Return the call of which a line has the verb in brackets (``[run] make test``); None for any other line."""
    found = _BRACKETED.match(text)
    kind = _kind(found["verb"]) if found else ""
    return (
        ShownCall(kind=kind, given=found["given"], indent=0) if found and kind and _fits(kind, found["given"]) else None
    )


def ended_in(body: list[str]) -> tuple[list[str], bool]:
    """Return what stands below such a call without how it ended, and whether it failed."""
    ends = [_ENDED.match(it) for it in body]
    failed = any(it and it["code"] not in (None, "0") for it in ends)
    return [it for it, end in zip(body, ends, strict=True) if not end], failed


_BRACKETED = compiled(r"\[(?P<verb>[a-z]{2,12})\] (?P<given>\S.*)$")
_ENDED = compiled(r"\[(?:exit(?: code)?:? (?P<code>\d{1,3})|ok|done)\]$")


def edited_in(text: str) -> list[str]:
    """Return the files that a line lists as written, each with a tick behind it: one or several behind bars."""
    if text[-1:] not in _TICKS:
        return []
    parts = [_TICKED.match(it) for it in text.split(" | ")]
    return [it["path"] for it in parts if it] if all(parts) else []


_TICKS = tuple("✅✓✔")
_TICKED = compiled(r"\s*(?P<path>[\w@~.+-]{0,60}[./][^\s:]{1,200})(?: {1,2}[^✅✓✔:.]{1,30})? [✅✓✔]$")


def _kind(verb: str) -> str:
    """Return of what kind a tool is, by its name or the first word of it that says so (``StrReplaceFile``)."""
    words = (verb.lower(), *(it.lower() for it in _PART.findall(verb)), *verb.split("_"))
    kinds = (("run", _RUNS), ("read", _READS), ("write", _WRITES), ("edit", _EDITS), ("seek", _SEEKS), ("plan", _PLANS))
    return next((kind for word in words for kind, verbs in kinds if word in verbs), "")


_PART = compiled(r"[A-Z][a-z]+")


def _fits(kind: str, given: str) -> bool:
    """Return whether what stands behind a verb is what such a tool is given, and no sentence that begins so."""
    if kind in ("read", "write", "edit"):
        return _PATH.match(path_in(given)) is not None
    return kind in ("run", "plan") or _QUOTED.match(given) is not None


def path_in(given: str) -> str:
    """Return the path of what a tool of files is given, without what the screen says besides."""
    path = COUNTED.sub("", given.removeprefix("to ").strip())
    return _PLACE.sub("", path).strip("`\"'")


def as_tags(call: ShownCall, body: list[str], *, is_last: bool) -> tuple[list[str], str | None]:
    """Return the lines of a call as tags, and what the user said on refusing it, None where they let it be made.

    Below the ``last`` of a screen nothing may have come of it yet.
    """
    shown = [it["shown"] if (it := CORNER.match(line)) else line for line in body]
    first = " ".join(it.strip() for it in shown[:_MOST_TOLD])
    if _REFUSED.match(first):
        feedback = _FEEDBACK.search(first)
        words = first[feedback.end() :] if feedback else ""
        return [*_tags(call, shown), *in_tags("tool_result", [REFUSED])], words
    result = _result(call, shown)
    if (not body and (is_last or call.at_work)) or _WAITS.match(first):
        return _tags(call, shown), None  # nothing came of it yet
    answer = (
        ['<tool_result is_error="true">', *result, "</tool_result>"] if call.failed else in_tags("tool_result", result)
    )
    return [*_tags(call, shown), *answer], None


_MOST_TOLD = 6
_WAITS = compiled(r"\W{0,3}(?:Waiting|Running|Loading|Executing)\b.{0,40}(?:\.\.\.|…)$")


def _tags(call: ShownCall, shown: list[str]) -> list[str]:
    """Return a call as the tags of a tool that is known."""
    if call.kind == "plan":
        return in_tags("update_todo_list", in_tags("todos", _todos(shown)))
    if call.kind in ("read", "write", "edit"):
        return _on_file(call, shown)
    if call.kind == "other":
        return ['<invoke name="tool">', *in_tags("description", [call.given]), "</invoke>"]
    tool, given = ("execute_command", "command") if call.kind == "run" else ("search_files", "regex")
    return in_tags(tool, in_tags(given, [call.given]))


def _on_file(call: ShownCall, shown: list[str]) -> list[str]:
    """Return a call of a tool of files as tags, with the lines that were changed where the screen shows them."""
    path = f"<path>{path_in(call.given)}</path>"
    rows = [it for line in shown if (it := _ROW.match(line.rstrip("│ ")))]
    sides = {sign: [it["line"] or "" for it in rows if it["sign"] == sign] for sign in "-+"}
    if call.kind == "read":
        return in_tags("read_file", [path])
    if call.kind == "write" and not sides["-"]:
        content = sides["+"] or [it["line"] for line in shown if (it := _NUMBERED.match(line))]
        return in_tags("write_to_file", [path, *(in_tags("content", content) if content else ())])
    changed = [*in_tags("old_string", sides["-"]), *in_tags("new_string", sides["+"])] if rows else []
    return in_tags("edit_file", [path, *changed])


def _todos(shown: list[str]) -> list[str]:
    found = [it for line in shown if (it := _TODO.match(line))]
    boxes = (it["box"].strip("[]") or " " for it in found)
    signs = ("x" if box in _DONE else "-" if box in _AT_WORK else " " for box in boxes)
    return [f"[{sign}] {it['text']}" for sign, it in zip(signs, found, strict=True)]


def _result(call: ShownCall, shown: list[str]) -> list[str]:
    """Return what a call printed; of a change that is in the call already."""
    if call.kind in ("edit", "write") and not call.failed:
        shown = [it for it in shown if not _ROW.match(it)]
    depth = min((indent_of(it) for it in shown[1:] if it.strip()), default=0)
    return without_empty_ends([it.strip() if not at else it[depth:] for at, it in enumerate(shown)])
