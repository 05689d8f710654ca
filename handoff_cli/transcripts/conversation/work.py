"""What the lines of a turn tell of work done: files, commits, to-dos, whether a command failed, and with which code."""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

import re
from collections import deque
from shlex import quote as quoted

from handoff_cli.core.patterns import compiled
from handoff_cli.core.record import Record
from handoff_cli.transcripts.conversation.lines import LOOK_AHEAD
from handoff_cli.transcripts.conversation.speakers import SYMBOLS, USER
from handoff_cli.transcripts.conversation.survey import AIDER
from handoff_cli.transcripts.tools import MENTION, NOTED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.transcripts.conversation.talk import Placed, Talk


EDGE_LINES = 200
"""So many lines are kept of the beginning of an output, and as many of its end."""

_CODE = compiled(
    r"(?:[Ee]xit(?:ed)?(?: with)?(?: non-zero)?(?: (?:exit )?(?:status|code))?|exit_code|[Rr]eturn(?:ed)?(?: code)?"
    r"|EXIT(?: CODE)?|status|rc)"
    r"\s*[:=]?\s*\(?(-?\d{1,5})\)?(?![\w.:/-])"
)
_CODE_LINE = compiled(
    r"\W{0,6}(?:(?:error|command|process|bash|shell|tool|task)\W{0,3})?(?:(?:failed|finished|completed|executed|done"
    r"|returned|terminated|ended)\W{1,3})?"
    r"(?:with\s+)?(?:non-zero\s+)?(?:exit(?:ed)?|return|status|rc)\b[\w\s]{0,20}[:=]?\s*\(?(-?\d{1,5})\b[^\n]{0,40}",
    re.IGNORECASE,
)
_REFUSED = compiled(
    r"(?:\W*(?:interrupted(?: by user)?\b|user rejected|rejected by user|denied by user|\[?request interrupted"
    r"|tool use rejected"
    r"|the user (?:doesn't|does not) want to)|no \(tell )",
    re.IGNORECASE,
)
_FAILED_FIRST = compiled(
    r"\W{0,4}(?:Error\b|ERROR\b|Failed\b|FAILED\b|Cancelled|File (?:must be|has not been) read"
    r"|String to replace not found|Permission denied"
    r"|Command failed|Traceback|<tool_use_error>|File does not exist|InputValidationError|❌)"
)
_FAILED_WORDS = compiled(
    r"^\s{0,8}(?:E  +\w|(?:---\s)?FAIL(?:ED|URE|URES)?\b(?!.{0,40}\b0\b)|Traceback \(most recent call last\)"
    r"|[\w./-]{0,60}:? ?(?:fatal )?error(?:\[\w+\])?: "
    r"|(?:[\w.]{1,80})?(?:Error|Exception): |fatal: |npm ERR!|npm error|make(?:\[\d+\])?: \*\*\* |panic: |ERROR\b"
    r"|error TS\d+|Segmentation fault"
    r"|\S{1,60}: (?:line \d+: )?\S{1,60}: (?:command not found|No such file or directory|Permission denied)"
    r"|\S{1,60}: (?:command )?not found|\S{1,40}: \[(?:emerg|crit|error)\]"
    r"|.{0,60}\b[1-9]\d* (?:failed|failures?|errors?|fail|failing)\b"
    r"|.{0,60}\b(?:Failures|Errors): [1-9]|error: |Build failed|Tests? failed|✗ |✖ |× )",
    re.MULTILINE,
)
_PASSED_WORDS = compiled(
    r"^\s{0,8}(?:ok\s+\S|PASS(?:ED)?\b|OK\b|.{0,60}\b\d+ passed\b|.{0,30}\bAll checks passed|Success"
    r"|.{0,40}\b0 (?:errors|failures|failed)\b"
    r"|test result: ok|\[[\w/.-]{1,60} (?:\([\w-]{1,20}\) )?[0-9a-f]{7,40}\]|Done in |Finished |BUILD SUCCESS)",
    re.MULTILINE,
)
_READING = compiled(
    r"\s*(?:sudo\s+)?(?:cat|head|tail|less|more|grep|rg|ag|find|ls|sed|awk|git (?:diff|log|show|blame|grep)|echo"
    r"|printf|jq|tree|wc|history)\b"
)
_DID = compiled(
    rf"(?:[>*-] )?{SYMBOLS}?(?:\*\*?|_)?(Edited|Updated|Modified|Created|Wrote|Wrote to|Added|Deleted|Removed|Read"
    rf"|Viewed|Applied edit to|Saved|Patched|Rewrote|Renamed"
    r"|Made changes to|Changed|Editing|Writing|Reading|Creating"
    r"|Geändert|Bearbeitet|Erstellt|Modifié|Créé|Editado|Creado)"
    r"(?: file| to)?(?:\*\*)?:? (.{1,2000})$"
)
_ACTIONS = {
    **dict.fromkeys(("Created", "Creating", "Erstellt", "Créé", "Creado", "Wrote", "Wrote to", "Writing"), "Write"),
    **dict.fromkeys(("Read", "Reading", "Viewed"), "Read"),
    **dict.fromkeys(("Deleted", "Removed"), "Delete"),
}
_PATH = compiled(
    r"`?(?P<path>(?:[\w@~.+-]*[/\\])*[\w@.+\[\]-]*\.[A-Za-z][\w]{0,12}"
    r"|(?:[\w@~.+-]+[/\\])+[\w@.+-]+|Makefile|Dockerfile|Justfile)`?(?: ?\([^()]*\))?[.,]?"
)
_LINK = compiled(r"\[[^\[\]]{1,200}\]\((?:file://)?([^()\s]{1,400})\)")
_EXPLAINED = compiled(r"(?<=[\w`]):? [—–-] .*$|(?<=[\w`]): .*$")
BOX = compiled(
    r"\s*(?:(?:[-*+]|\d{1,3}[.)]) +)?(?:\[([ xX~✓✔>•-]?|pending|todo|in[ _-]progress|completed|done)\]"
    r"|([☐◻□⬜☒☑✅✔◼🔄⏳]))\ufe0f? +(\S.*)$"
)
_BOX_STATUS = {
    **dict.fromkeys(("x", "X", "✓", "✔", "☒", "☑", "✅", "completed", "done"), "completed"),
    **dict.fromkeys(("~", "-", ">", "•", "◼", "🔄", "⏳", "in progress", "in_progress", "in-progress"), "in_progress"),
}
_TODO_LINE = compiled(
    r"\s*(?:[-*#>] ?)*(?:\*\*)?(?:TODO|To-?do|TO DO)s?(?: list)?(?:\*\*)?(?:\([^)]*\))?:(?:\*\*)?\s*(.*)$"
)
_MOST_KNOWN = 5_000
_COMMITTED = compiled(
    r"(?:[>*-] )?(?:Committed(?: as)?|Commit(?:ted)?:?"
    r"|Created commit)\s+`?([0-9a-f]{7,40})`?:?\s+[\"“`]?(.{3,300}?)[\"”`]?\.?$"
)
_EXIT = compiled(r"[\s\[(>*`]*(?:exit|exited|process|command|error|status|rc|return|\W{1,3}\s*exit)", re.IGNORECASE)
_NAMED_PATH = compiled(
    r"(?<![\w/.:@-])((?:~|\.{1,2})?(?:[\w.@+-]{0,60}/){0,12}[\w@+-][\w.@+-]{0,80}\.[A-Za-z]\w{0,7})(?=$|[\s:;,.)\]}'\"`?!])(?::(\d{1,6}))?"
)
_SUFFIXES = frozenset(
    """
    c cc cfg cpp cs css csv go h hpp html ini ipynb java js json jsx kt lock lua md mjs mk php pl proto py pyi
    rb rs rst sass scala scss sh sql svelte swift tf toml ts tsx txt vue xml yaml yml zig
    """.split()  # noqa: SIM905 (a list of words is read as one)
)
_PROGRAM = (
    r"(?:\./|(?:bash|sh|python3?|pytest|npm|npx|yarn|pnpm|node|deno|bun|go|cargo|make|just|mvn|gradle|dotnet|ruby|rake"
    r"|bundle|rspec|php|composer|vendor/bin/\w+|docker|kubectl|terraform|git|ruff|mypy|eslint|tsc|jest|vitest|tox|nox|uv"
    r"|poetry|cmake|ctest|swift|flutter|mix|sbt|psql|nginx|curl)(?=[ `]))"
)
_RAN = compiled(
    r"\b(?:[Rr]an:?|[Rr]unning|[Ee]xecuted|[Tt]ried) `([^`\n]{2,400})`([^\n]{0,400})"
    rf"|`({_PROGRAM}[^`\n]{{0,400}})`([^\n]{{1,400}})"
)
_TO_COME = compiled(r"^[^.;]{0,40}\b(?:should|will|must|would|until|if|when|to see|soll|muss|wird)\b", re.IGNORECASE)
_FAILS = compiled(
    r"\b(?:fail(?:s|ed|ure|ures|ing)?|\w*error|\w*exception|exit(?:s|ed)?(?: code)? [1-9]|crash(?:es|ed)?"
    r"|refused|denied|not found|timed out|fehlgeschlagen|scheitert)\b",
    re.IGNORECASE,
)
_PASSES = compiled(r"\b(?:pass(?:es|ed)?|succeed(?:s|ed)|green|works|ok)\b", re.IGNORECASE)


_PRINTED = compiled(
    r"(?:={3,}|-{3,} ?\w|\s{4,}\S|--- FAIL|FAIL|PASS|ok\s+\S+\s|E  |\S+\.\w{1,4}:\d+|at \S+ ?\(|\[\w+\]"
    r"|\d+ (?:passed|failed)|exit|Exit|error(?:\[\w+\])?:|warning:|Error:"
    r"|\S+ \d+ \S+ \d+|Traceback|\+{3} |@@ |diff --git|\(?[Ee]xit code|test result|Tests:|Ran \d+|FAILED|npm ERR)"
)
_SENTENCE = compiled(
    r"(?:[-*•] |\d{1,2}[.)] )?[\"'`*_(„»¿¡]{0,3}(?!(?:FAIL|PASS|OK|ERROR|WARN|Error)\b)[^\W\d_a-z]\w*"
    r"(?:['’.-]\w+){0,3}[`*:,.!?)]{0,3}(?:$| (?! )\S.*)|[\u3040-\ud7ff]"
)
_HEADING = compiled(r"[A-Z][\w '’:,()&-]{0,80}")
_WORD = compiled(r"(?<![\w/.:=-])[^\W\d_]{2,}(?![\w/:=(]|\.\w)")
_FEW_WORDS = 3
_PRINTED_SIGNS = ("  ", "\t", "│", "==", "--", "::")


class Output:
    """Lines of an output of any length: the first and the last are kept."""

    def __init__(self) -> None:
        self._first: list[str] = []
        self._last: deque[str] = deque(maxlen=EDGE_LINES)

    def add(self, line: str) -> None:
        """Take in a line."""
        (self._first if len(self._first) < EDGE_LINES else self._last).append(line)

    def __bool__(self) -> bool:
        """Whether there is any line."""
        return bool(self._first)

    def text(self) -> str:
        """Return the text without the indent that all lines have, and without empty lines around it."""
        lines = [*self._first, *self._last]
        indent = min((len(it) - len(it.lstrip()) for it in lines if it.strip()), default=0)
        return "\n".join(it[indent:] for it in lines).strip("\n")


def is_printed(text: str) -> bool:
    """Return whether a line looks like what a program printed, not like what somebody wrote."""
    return _PRINTED.match(text) is not None or not is_sentence(text)


def is_sentence(text: str) -> bool:
    """Return whether a line reads like prose: it begins large or as a list does, and most of it is plain words."""
    if text.startswith("**"):
        return True
    if text[:1] in "#>" and (bare := text.lstrip("#> ")) != text:
        return is_sentence(bare) or (text[0] == "#" and _HEADING.fullmatch(bare) is not None)
    if not _SENTENCE.match(text) or any(sign in text.strip() for sign in _PRINTED_SIGNS):
        return False
    words = _WORD.findall(text)
    return len(words) * 2 > text.count(" ") and (len(words) >= _FEW_WORDS or text.rstrip("*_`")[-1:] in ".!?:")


def is_refusal(text: str) -> bool:
    """Return whether an answer says that the user stopped or did not allow the call."""
    return bool(_REFUSED.match(text))


def code_on(line: str) -> int | None:
    """Return the exit code that a line of its own states, None where it is no such line."""
    found = _CODE_LINE.fullmatch(line.strip()) if "ex" in line.lower() or "code" in line or "status" in line else None
    return int(found[1]) if found else None


def outcome_of(run: str, output: str) -> tuple[bool | None, int | None]:
    """Return whether the command ``run`` failed, going by its ``output``, and its exit code; None where it is not told.

    A stated exit code decides; else the words that tools end in, unless the command only shows a text.
    """
    first, last = output[:300], output[-1000:]
    for line in (*first.splitlines()[:2], *reversed(last.splitlines()[-3:])):
        code = code_on(line)
        if code is not None:
            return code != 0, code
    if _FAILED_FIRST.match(first):
        stated = _CODE.search(first)
        return True, int(stated[1]) if stated else None
    if is_reading(run):
        return None, None
    ending = output[-4000:] if len(output) > 8000 else output  # noqa: PLR2004 (a summary stands at the end)
    if _FAILED_WORDS.search(ending):
        stated = _CODE.search(last) if "exit status" in last else None
        return True, int(stated[1]) if stated and int(stated[1]) else None
    return (False, None) if _PASSED_WORDS.search(ending) else (None, None)


def is_reading(run: str) -> bool:
    """Return whether a command only shows a text."""
    return _READING.match(run) is not None and "|" not in run and "&&" not in run


def failed_at_start(output: str) -> tuple[bool, int | None]:
    """Return whether an answer begins as screens begin one that failed, and the exit code there."""
    head = output[:300].lstrip()
    code = code_on(head.partition("\n")[0])
    if code is not None:
        return code != 0, code
    return bool(_FAILED_FIRST.match(head)) or is_refusal(head), None


def done(talk: Talk, text: str) -> list[Placed] | None:
    """Read a line that tells of an edit, a commit, an exit code, or begins a list of to-dos."""
    if talk.last_run and _EXIT.match(text) and (code := code_on(text)) is not None:
        talk.cursor.take()
        return talk.answer_again(code)
    if (paths := paths_in(text)) is not None:
        talk.cursor.take()
        name, listed = paths
        events: list[Placed] = []
        for path in listed:
            events += talk.call(name, {"file_path": path})
            events += talk.answer("", failed=False, created=name == "Write", last=True)
        return events
    if text[:1] in "CI>*-" and (commit := _COMMITTED.match(text)):
        talk.cursor.take()
        run = {"command": f"git commit -m {quoted(commit[2])}"}
        return [
            *talk.call("Bash", run),
            *talk.answer(f"[main {commit[1]}] {commit[2]}", failed=False, code=0, last=True),
        ]
    if talk.role == USER:
        return None
    if (begins := _TODO_LINE.match(text)) and not talk.listed_by_tool:
        return _todo_lines(talk, begins[1])
    return _boxes(talk) if BOX.match(text) and not talk.forms() & AIDER else None


def is_path(text: str) -> bool:
    """Return whether a line is the path of a file and nothing else."""
    return _PATH.fullmatch(text.strip()) is not None


def paths_in(text: str) -> tuple[str, list[str]] | None:
    """Return the tool and the paths that a line tells of, None where it is a sentence."""
    did = _DID.match(text) if "." in text or "/" in text else None
    if not did:
        return None
    named = _EXPLAINED.sub("", _LINK.sub(r"\1", did[2].strip(" *_")))
    found = [_PATH.fullmatch(part.strip()) for part in re.split(r", (?=[\w`./~@]*[./])| and ", named)]
    paths = [it["path"].strip("`") for it in found if it and not it["path"].replace("/", "").isdigit()]
    return (_ACTIONS.get(did[1], "Edit"), paths) if paths and len(paths) == len(found) else None


def _boxes(talk: Talk) -> list[Placed] | None:
    """Read a list with boxes; one that only looks back is text, and so is any where a tool keeps the list.

    In one turn, and where nobody is named, it adds to the lists before; else it takes their place.
    """
    todos: list[dict[str, str]] = []
    ahead = 0
    while (found := BOX.match(talk.cursor.peek(ahead) or "")) and ahead < LOOK_AHEAD - 1:
        box = found[1] if found[1] is not None else found[2]
        todos.append({"content": found[3].strip(), "status": _BOX_STATUS.get(box, "pending")})
        ahead += 1
    symbols_only = all(it["status"] == "completed" for it in todos)
    if talk.listed_by_tool or (symbols_only and not talk.listed):
        return None
    for _ in range(ahead):
        talk.cursor.take()
    adds = talk.turns == talk.boxed_in or not talk.survey.has_speakers
    talk.boxed_in = talk.turns
    return _noted(talk, todos if adds else [*talk.noted, *todos], "added" if adds else "todos")


def _noted(talk: Talk, todos: list[dict[str, str]], how: str) -> list[Placed]:
    """Return the events of to-dos that are added to the list, noted on lines of their own, or all of it."""
    talk.listed = True
    if len(talk.known_todos) < _MOST_KNOWN:
        talk.known_todos.update(it["content"] for it in todos)
    events = talk.call(NOTED, {how: todos})
    return [*events, *talk.answer("", failed=False, last=True)]


def _todo_lines(talk: Talk, first: str) -> list[Placed] | None:
    """Read a to-do that stands on a line of its own, or the list below such a line."""
    talk.cursor.take()
    if first:
        new = [{"content": first.strip(), "status": "pending"}]
    else:
        new = []
        while (
            (text := talk.cursor.peek()) is not None
            and (item := re.match(r"\s*(?:[-*+•]|\d{1,3}[.)]) +(.*)$", text))
            and not BOX.match(text)
        ):
            talk.cursor.take()
            new.append({"content": item[1].strip(), "status": "pending"})
        if not new:
            boxes = _boxes(talk) if BOX.match(talk.cursor.peek() or "") else None
            return boxes if boxes is not None else talk.say("TODO:")
    new = [it for it in new if it["content"] not in talk.known_todos]
    talk.noted.extend(new)
    return _noted(talk, new, "noted") if new else []


class Noticed(Record):
    """What somebody's words tell of: a command that was run and how it ended, or a file that they name."""

    line: int
    command: str = ""
    output: str = ""
    failed: bool | None = None
    code: int | None = None
    file: str = ""

    def events(self, talk: Talk) -> list[Placed]:
        """Return it as the events of a call."""
        name, given = ("Bash", {"command": self.command}) if self.command else (MENTION, {"file_path": self.file})
        return [
            *talk.call(name, given, self.line),
            *talk.answer(self.output, self.failed if self.command else False, self.code, last=True),
        ]


def noticed(lines: list[str], number: int) -> Iterator[Noticed]:
    """Yield what ``lines``, from line ``number`` on, say was run, and the files they name."""
    for at, line in enumerate(lines):
        for found in _RAN.finditer(line) if "`" in line else ():
            run, after = (found[1], found[2]) if found[1] else (found[3], found[4])
            if not found[1] and (_TO_COME.search(after) or not (_FAILS.search(after) or _PASSES.search(after))):
                continue
            output = after.strip(" .:,;") or _fence_below(lines, at)
            failed, code = outcome_of(run, output)
            if failed is None:
                failed = True if _FAILS.search(output) else False if _PASSES.search(output) else None
            yield Noticed(number + at, run, output, failed, code)
        for found in _NAMED_PATH.finditer(line):
            path = found[1]
            if path.rpartition(".")[2].lower() in _SUFFIXES or "/" in path:
                yield Noticed(number + at, file=path)


def _fence_below(lines: list[str], at: int) -> str:
    """Return the text of a fenced block that begins right below line ``at``, empty text where none does."""
    if len(lines) < at + 2 or not lines[at + 1].startswith("```"):
        return ""
    ends = next((end for end in range(at + 2, len(lines)) if lines[end].startswith("```")), len(lines))
    return "\n".join(lines[at + 2 : min(ends, at + 2 + EDGE_LINES)])
