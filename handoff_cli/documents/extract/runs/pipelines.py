"""What the project's pipeline (CI) said when it was looked at last, and what a report tells of a run that was read.

Of the pipeline these are the jobs that failed, and what their log tells.
"""

from __future__ import annotations

from handoff_cli.core.paths import MARKDOWN
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.commands.outputs import telling_lines
from handoff_cli.documents.extract.commands.reasons import LINE_BREAK
from handoff_cli.documents.extract.failed import Pipeline
from handoff_cli.documents.extract.files.texts import lines_read
from handoff_cli.documents.extract.language.words import as_one_line, clipped_within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Command, Transcript
    from handoff_cli.documents.extract.commands.checks import Run

_PROGRAMS, _MOST_READ, _WHY_CHARS, _MOST_JOBS = ("gh pr ", "gh run ", "glab ci ", "glab pipeline "), 20_000, 200, 6
_LOOKS = caseless(r"\bgh (?:pr checks|run (?:watch|view))\b|\bglab (?:ci|pipeline) (?:status|view|get|trace)\b")
_LOG = caseless(r"\bgh run view\b.*\s--log(?:-failed)?\b|\bglab (?:ci|pipeline) trace\b")
_PUSHES = lazily(
    r"\bgit (?:-C \S+ )?push\b|\bgh (?:run rerun|pr merge|workflow run)\b|\bglab (?:ci|pipeline) (?:run|retry)\b"
)
_RED_JOB = lazily(
    r"(?m)^(?P<checks>\S[^\t\n]{0,80}?)(?:\t| {2,40})fail(?:ure|ed)?(?:\t| {2,}|$)"
    r"|^X (?P<job>\S[^\n]{0,80}?) in (?:\d+[hms])+\b"
    r"|^\(failed\) \W{0,4}[\dhms .]{1,20}(?:\t| {2,40})\S{1,80}(?:\t| {2,40})(?P<lab>\S{1,80})"
)
"""How a tool names a job that failed: in a table of checks, in the view of a run, in the list of a pipeline."""

_ENDED = lazily(
    r"(?m)(?:\t|(?<! ) {2,40})(?:pass|fail|success|failed)(?:\t| {2}|$)"
    r"|^[X\u2713] |^\((?:success|failed)\)"
)
_STAMP = lazily(r"(?m)^(?:[^\t\n]{1,100}\t){2}\S{0,40}Z ?(?:##\[\w+\])?")
"""What stands before each line of a job's log: job, step and time."""


def pipeline(commands: Sequence[Command]) -> Pipeline | None:
    """Return what the pipeline said when it was looked at last, None where no job was red then, or nobody looked.

    A look that tells of no job that ended is none. The log of a job is the last that was read after it.
    """
    why, pushed = "", False
    for command in reversed(commands):
        if not any(it in command.text for it in _PROGRAMS) and not _PUSHES.search(command.text):
            continue
        printed = (command.output or command.error or "")[:_MOST_READ]
        if _LOG.search(command.text):
            why = why or telling_lines(_STAMP.sub("", printed), _WHY_CHARS).partition(LINE_BREAK)[0]
        elif _LOOKS.search(command.text) and _ENDED.search(printed):
            jobs = dict.fromkeys(next(filter(None, it.groups())).strip() for it in _RED_JOB.finditer(printed))
            named = tuple(jobs)[:_MOST_JOBS]
            return Pipeline(as_one_line(command.text), named, why, pushed, command.position) if jobs else None
        elif _PUSHES.search(command.text) and command.outcome != "failed":
            why, pushed = "", True
    return None


def report_read(transcript: Transcript, runs: Sequence[Run]) -> tuple[str, ...]:
    """Return the report of a run or the log that was read last, and what it says went wrong; empty where nothing did.

    Once tests passed, or code was edited, it may be so no more.
    """
    since = max((it.position for it in runs if it.kind == "test" and it.outcome == "ok"), default=-1)
    edited = (it.position for it in transcript.edits if not it.path.endswith(MARKDOWN))
    since = max((since, *edited))
    for read in reversed(transcript.lookups):
        if read.position > since and read.kind == "read" and read.answer and _REPORT.search(read.asked):
            lines = (line for _, _, line in lines_read(read.asked, read.answer) if not line.lstrip().startswith("<"))
            why = telling_lines("\n".join(lines), _REPORT_CHARS)
            return ("/".join(read.asked.split("/")[-_PARTS:]), clipped_within(why, _REPORT_CHARS)) if why else ()
    return ()


_REPORT_CHARS, _PARTS = 420, 2
_REPORT = caseless(
    r"(?:^|/)(?:[\w-]{0,40}reports?|test-results|logs?)/(?:.*/)?[^/.]{0,80}(?:\.[\w.-]{0,40}(?<=xml|txt|log|out))?(?::\d+)?$"
    r"|(?:^|/)(?:build|target|out|dist|tmp)/(?:.*/)?(?:[\w-]{0,40}reports?|test-results)/.*\.html$|\.(?:log|trx)(?::\d+)?$"
)
"""A file that a run left, by its name or its folder: no code and no text."""
