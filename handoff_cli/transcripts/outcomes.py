"""How a call ended, going by what it answered: a stated exit code, the words that tools begin and end with."""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

import re

from handoff_cli.core.answers import is_stopped
from handoff_cli.core.patterns import compiled
from handoff_cli.core.verdicts import is_nothing, is_silent, verdict
from handoff_cli.transcripts.values import as_dict, as_str, object_of, without_colours

_CODE = compiled(
    r"(?:[Ee]xit(?:ed)?(?: with)?(?: non-zero)?(?: (?:exit )?(?:status|code))?|exit_code|[Rr]eturn(?:ed)?(?: code)?"
    r"|EXIT(?: CODE)?|status|rc)"
    r"\s*[:=]?\s*\(?(-?\d{1,5})\)?(?![\w.:/-])"
)
_CODE_LINE = compiled(
    r"\W{0,6}(?:(?:error|command|process|bash|shell|tool|task)\W{0,3})?(?:(?:failed|finished|completed|executed|done"
    r"|returned|terminated|ended)\W{1,3})?"
    r"(?:with\s+)?(?:non-zero\s+)?(?:exit(?:ed)?|return|status|rc)\b(?:[^\W\d]|\s){0,20}[:=]?\s*\(?(-?\d{1,5})\b[^\n]{0,40}",
    re.IGNORECASE,
)
_CODE_ENDS = compiled(
    r"(?:(?:command|process|script|task)\b.{0,300}[.,;] (?:with )?exit (?:code|status):? ?"
    r"|\W{0,4}(?:(?:command|process|exit|task) )?(?:status|state|result)\b.{0,40}\(exit (?:code|status):? ?)"
    r"(-?\d{1,5})\)?\.?",
    re.IGNORECASE,
)
"""A line that tells of a command and ends with its code."""

_IN_COLUMN = compiled(r"\s*[Ee]xit [Cc]ode: {2,}")
_FAILED_FIRST = compiled(
    r"\W{0,4}(?:Error\b|ERROR\b|Failed\b|FAILED\b|Cancelled|File (?:must be|has not been) read"
    r"|String to replace not found|Permission denied"
    r"|Command failed|Traceback|<tool_use_error>|File does not exist|InputValidationError|❌)"
)
_FAILED_WORDS = compiled(
    r"^\s{0,8}(?:E  +\w|--- FAIL\b"
    r"|[\w./-]{0,60}:? ?(?:fatal )?error(?:\[\w+\])?: "
    r"|(?:[\w.]{1,80})?(?:Error|Exception): |fatal: |npm error|ERROR\b"
    r"|error TS\d+|\[?(?:ERR_[A-Z]\w{2,60}|ELIFECYCLE)\b|Segmentation fault|\*\* \((?:Mix|EXIT|[\w.]{0,60}Error)\) "
    r"|\S{1,60}: (?:line \d+: )?\S{1,60}: (?:\S{1,80}: )?"
    r"(?:command not found|No such file or directory|Permission denied)"
    r"|psql:\S{1,120}:\d{1,6}: (?:ERROR|FATAL|PANIC): |FATAL: |Error from server\b|Unable to connect to "
    r"|curl: \([1-9]\d?\) |ssh: (?:connect to host|Could not) |ORA-\d{5}: |SQLSTATE\[(?!00)"
    r"|\S{1,60}: (?:command )?not found|\S{1,40}: \[(?:emerg|crit|error)\]"
    r"|.{0,60}\b[1-9]\d* (?:failed|failures?|errors?|fail|failing)\b"
    r"|.{0,60}\b(?:Failures|Errors): [1-9]|error: |\+ FullyQualifiedErrorId {1,4}:"
    r"|Node\.js v\d{1,3}\.\d{1,3}\.\d{1,3}\s*$|Build failed|Tests? failed|✗ |✘ |✖ |× "
    r"|\S.{0,80}(?:\.{3,} |  )(?:FAIL|FAILED|ERROR)\b)",
    re.MULTILINE,
)
_PASSED_WORDS = compiled(
    r"^\s{0,8}(?:PASSED\b|.{0,30}\bAll checks passed|Success|.{0,40}\b0 (?:errors|failures|failed)\b"
    r"|\[[\w/.-]{1,60} (?:\([\w-]{1,20}\) )?[0-9a-f]{7,40}\]|Done in |Finished "
    r"|[○●◐ƒλ] +\((?:Static|SSG|ISR|Dynamic)\) +\w"
    r"|✓ \S{1,120} \(\d{1,5}(?: tests?)?\))",
    re.MULTILINE,
)
_READING = compiled(
    r"\s*(?:sudo\s+)?(?:cat|head|tail|less|more|grep|rg|ag|find|ls|sed|awk|git (?:diff|log|show|blame|grep)|echo"
    r"|printf|jq|tree|wc|history)\b"
)

RUNS_ON = "Command is still running in terminal"
"""How the answer of Roo and Cline begins to a command that goes on beside the work."""


def is_over(answer: str) -> bool:
    """Return whether a call is over by its ``answer``, which is whole."""
    return bool(answer) and not answer.startswith(RUNS_ON)


def code_on(line: str) -> int | None:
    """Return the exit code that a line of its own states, None where it is no such line.

    In a description of other things a code stands in a column.
    """
    if _IN_COLUMN.match(line):
        return None
    if "ex" not in line.lower() and "code" not in line and "status" not in line:
        return None
    found = _CODE_LINE.fullmatch(line.strip()) or _CODE_ENDS.fullmatch(line.strip())
    return int(found[1]) if found else None


def outcome_of(run: str, output: str) -> tuple[bool | None, int | None]:
    """Return whether the command ``run`` failed, going by its ``output``, and its exit code; None where it is not told.

    A stated exit code decides; else what the check says in the end, or the words of other programs, unless the command
    only shows a text. Where nothing is printed, all is well by programs that else say nothing.
    """
    output = without_colours(output)
    if is_stopped(output):
        return True, None
    if is_nothing(output):
        return (False if is_silent(run) else None), None
    only_shows = _only_shows(run)
    stated = None if only_shows and _LOGGED.match(output[:300]) else _stated_in(output)
    if stated or only_shows:
        return stated or (None, None)
    ending = output[-4000:] if len(output) > 8000 else output  # noqa: PLR2004 (a summary stands at the end)
    said = verdict(ending)
    if said == "failed" or _FAILED_WORDS.search(ending):
        code = _CODE.search(ending, len(ending) - 1000) if "exit status" in ending[-1000:] else None
        return True, int(code[1]) if code and int(code[1]) else None
    if said or _PASSED_WORDS.search(ending):
        return False, None
    return (True if _FOUND.match(output) and is_silent(run) else None), None


def printed_in(answer: str) -> tuple[str, int | None]:
    """Return what a command printed and its exit code (None: not told), where the answer has both in an object."""
    fields = object_of(answer)
    told = {**as_dict(fields.get("metadata")), **fields}
    code = next((told[key] for key in _CODES if type(told.get(key)) is int), None)
    texts = [as_str(fields.get(key)).rstrip("\n") for key in _OUTPUTS if key in fields]
    if code is None or not texts:
        return answer, None
    return "\n".join(filter(None, texts)), code


_CODES, _OUTPUTS = ("exit_code", "exitCode", "returncode", "return_code"), ("output", "stdout", "stderr", "error")


def judged(run: str, answer: str) -> tuple[str, bool | None, int | None]:
    """Return what a call showed by its ``answer``, whether it failed, and its code; ``run`` is empty for no command.

    An object may have all of that, or what was read.
    """
    if not run:
        return as_str(object_of(answer).get("content")) or answer, failed_at_start(answer)[0] or None, None
    printed, code = printed_in(answer)
    return (printed, code != 0, code) if code is not None else (answer, *outcome_of(run, answer))


_FOUND = compiled(
    r"\s{0,8}(?:[\w./@-]{1,200}/)?[\w.@-]{1,80}\.\w{1,8}:\d{1,6}(?::\d{1,5})?:? (?!(?:warning|note|info)\b)\S",
    re.IGNORECASE,
)
"""What a program finds that prints nothing where all is well; a compiler may warn, and end well."""


def _stated_in(output: str) -> tuple[bool, int | None] | None:
    """Return whether a command failed, and its exit code, where its ``output`` begins or ends with saying that."""
    first = output[:300]
    for line in (*first.splitlines()[:2], *reversed(output[-1000:].splitlines()[-3:])):
        code = code_on(line)
        if code is not None:
            return code != 0, code
    if not _FAILED_FIRST.match(first):
        return None
    stated = _CODE.search(first)
    return True, int(stated[1]) if stated else None


def is_reading(run: str) -> bool:
    """Return whether a command only shows a text."""
    return _READING.match(run) is not None and "|" not in run and "&&" not in run


def _only_shows(run: str) -> bool:
    """Return whether all steps of a command show a text, a log, or a server's answer: whose words these are."""
    bare = run if "ssh " in run else _QUOTED.sub("''", run)
    steps = [it for it in _STEPS.split(bare) if not _WENT.match(it)]
    return bool(steps) and all(map(_SHOWS.match, steps))


_STEPS, _WENT = compiled(r"\s*(?:&&|\|\|?|;|\n)\s*"), compiled(r"(?:cd\s|sleep\s|true\b|$)")
_QUOTED = compiled(r"'[^']*'|\"[^\"]*\"")
_SHOWS = compiled(
    rf"(?:ssh (?:-\S+ )*\S+ ['\"]?)?(?:(?:sudo|docker exec(?: -\S+)* \S+) )?(?:{_READING.pattern}"
    r"|(?:sort|uniq|cut|tr|nl|column|curl|wget|journalctl|dmesg|tac|zcat|Get-Content|type)\b"
    r"|(?:docker(?:[ -]compose)?|podman|kubectl|oc|heroku|fly|vercel|pm2|gh run)\b[^;&|]{0,80}?"
    r" (?:logs?|describe|--log\S*)(?!\S))"
)
_LOGGED = compiled(r"\W{0,4}(?:ERROR|FAILED|Failed|Traceback|\u274c)(?!: )")
"""How a line of a log may begin that else would tell that the call itself failed."""


def failed_at_start(output: str) -> tuple[bool, int | None]:
    """Return whether an answer begins as screens begin one that failed, and the exit code there."""
    head = output[:300].lstrip()
    code = code_on(head.partition("\n")[0])
    if code is not None:
        return code != 0, code
    return bool(_FAILED_FIRST.match(head)) or is_stopped(head), None
