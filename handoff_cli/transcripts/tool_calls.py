"""A tool call, followed until it is answered."""

from __future__ import annotations

from itertools import islice
from posixpath import normpath

from handoff_cli.core import tool_names
from handoff_cli.core.answers import is_blocked, is_cut_off, is_held_back, is_refused
from handoff_cli.core.paths import is_absolute
from handoff_cli.core.patterns import MULTILINE, lazily
from handoff_cli.core.transcript import ENDED, REFUSED, Command, Edit, Todo, ToolCall
from handoff_cli.transcripts import tools
from handoff_cli.transcripts.by_code import tests_run
from handoff_cli.transcripts.by_shell import changes_before_failing, made_by_generator
from handoff_cli.transcripts.events import WRITTEN
from handoff_cli.transcripts.texts import lines_only_in, place_of, shown_by
from handoff_cli.transcripts.values import as_str, cut, encodable, head_of, tail_of, without_colours, without_middle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Reversible, Sequence
    from typing import Any

    from handoff_cli.transcripts.events import Called, Returned
    from handoff_cli.transcripts.texts import Texts

_SHELL = "shell"
_ERROR_CHARS, _TOOL_ERROR_CHARS, _REFUSAL_CHARS = 500, 2_000, 200
NAME_CHARS = 200
_OUTPUT_CHARS, _FILE_CHARS, _EDIT_CHARS, _DIFF_CHARS = (1_500, 5_000), (8_000, 4_000), (4_000, 1_500), 20_000
"""What is kept of the beginning and end of an output, a file that a command printed, an edit's text; and of a diff."""

_LATELY, _FEW = 200, 8
"""Among so many touches a file is looked for that a command names, and of one command so many."""

_LAST, _LAST_CHARS = lazily(r"(?:[.!?:]\s|\n|\A)\s*([^\n.!?]{12,160})[.!?]?\Z"), 400
"""The last sentence of what a sub-agent is told: most often what it is to bring back."""

_FAILING = lazily(
    r"^.*(?:\bFAIL(?:ED|URE)?\b|\berror\b|Error:|✗|✕|✘|×|●|not ok|panicked|Traceback|^[^\S\n]+\d+\) |BUILD FAIL).*$",  # noqa: RUF001
    MULTILINE,
)
_FAILING_LINES = 60

_PLAIN = lazily(r"[\w ,:;=<>@#%&!~\"'/-]+")
_NOTHING = lazily(r"\s*(?:No (?:matches|files|results)(?: were)? found|Found 0 )")
"""Words of a pattern that stand for themselves."""


def _ends_in(command: str) -> str:
    """Return the folder that a ``command`` ends in, empty where it goes to none, or back to where it began.

    What goes to one in brackets comes back.
    """
    folder, at = "", command.find("cd ")
    while at >= 0 and len(folder) <= _PATH_CHARS:
        before = command[max(0, at - _BEFORE_CHARS) : at].rstrip(" \t")
        if (not before or before[-1] in ";&|\n") and (found := _FOLDER.match(command, at + 3)):
            to = found[1].strip("'\"").rstrip("/")
            folder = to if not folder or is_absolute(to) or to[:1] in _ELSEWHERE else normpath(f"{folder}/{to}")
        at = command.find("cd ", at + 3)
    return "" if folder == "." or len(folder) > _PATH_CHARS else folder


_ELSEWHERE = ("", "~", "$", "-")
_INTO = lazily(r"(?:\.\./)*[^/.~$-][^/]*")
_BEFORE_CHARS, _PATH_CHARS, _FOLDER = 80, 1_000, lazily(r"[ \t]*([^\s;&|)]+)")


class FollowedCall:
    """A tool call that may still be answered, more than once where a command runs on in the background.

    It runs in ``folder``, empty where the session began (``home``, where that is known), as the calls ``before`` left
    it, and itself ``ends_in`` one.
    """

    def __init__(self, event: Called, position: int, before: Sequence[Any] = (), home: str = "") -> None:
        self.id = encodable(as_str(event.id)[:NAME_CHARS])
        name = event.like or event.name
        asked = tools.Asked(name, event.input)
        self.name = encodable(asked.name[:NAME_CHARS])
        self.position = position
        self.time = event.time
        self.command = None if asked.run is None else encodable(cut(asked.run, tools.COMMAND_CHARS))
        self.touches = [(encodable(path), action) for path, action in asked.touches]
        self.edits = asked.edits
        last = before[-1] if before else None
        began_in: str = last.ends_in if isinstance(last, FollowedCall) else ""
        self.below = event.folder.rstrip("/") if event.folder.startswith("/") else ""
        self.told_in = as_str(asked.fields.get("workdir")).rstrip("/") or self.below
        self.folder, self.home = self.told_in or began_in, "" if self.told_in else home.rstrip("/")
        shown = shown_by(asked.run) if asked.run else ""
        self.shows = normpath(f"{self.below}/{shown}") if shown and self.below and not is_absolute(shown) else shown
        self.ends_in: str = (asked.run and _ends_in(asked.run)) or began_in
        self.lookup = asked.lookup()
        self.given = asked.fields if self.lookup and self.lookup[0] == "tool" else None
        kind, asked_for = self.lookup or ("", "")
        self.summary = encodable(asked_for if kind == "read" else asked.summary())
        told = as_str(asked.fields.get("prompt")) if kind == "agent" else ""
        self.to_bring = f"{asked_for}: {end[1]}" if (end := _LAST.search(told[-_LAST_CHARS:].rstrip())) else ""
        self.questions = asked.fields if asked.tool in tool_names.ASKERS else None
        self.plan = asked.plan()
        self.outside = asked.outside()
        self.task: Todo | None = None
        self.outcome: str | None = None
        self.made_first = False
        self.exit_code: int | None = None
        self.error: str | None = None
        self.output: str | None = None

    def answer(
        self, event: Returned, lack: Callable[[str, str], bool], touched: Reversible[tuple[int, str, str]] = ()
    ) -> None:
        """Take in an answer; what words a file is known to ``lack``, no command has replaced there.

        A command names files from where it runs: those ``touched`` before are called by their whole paths.
        """
        if is_held_back(event.text):
            return
        code = event.exit_code
        self._take_for_shell(event.text)
        if self.command:
            self._settle_edits(event, lack, touched)
        failed = event.failed or (code != 0 if code is not None else event.failed)
        untold = event.failed is None and code is None
        blocked = untold or (not self.command and (event.failed or "polic" in event.text[:_TOOL_ERROR_CHARS]))
        blocked = blocked and len(event.text) <= _TOOL_ERROR_CHARS and is_blocked(printed(event.text))
        refused = not (event.failed is False and code is None) and is_refused(event.text[:_REFUSAL_CHARS].lstrip())
        cut_off = untold and is_cut_off(event.text[:_REFUSAL_CHARS].lstrip())
        failed = blocked or refused or cut_off or failed  # some tools say in a plain result that they did nothing
        self.made_first = self.made_first and not (blocked or refused)
        gave = (event.text or event.ended) and not event.text.lstrip().startswith(_AS_ERRORS_DO)
        if failed is None and not self.command and gave:
            failed = False
        self.exit_code = self.exit_code if code is None else code
        if failed is not None:
            self.outcome = "failed" if failed else "ok"
        elif event.ended:
            self.outcome = ENDED
        if not event.text or not (failed or self.command):
            return
        said = printed(event.text)
        if refused and not said.startswith(REFUSED):
            said = f"{REFUSED}. {said}"
        if failed:
            error = cut(said, _ERROR_CHARS if self.command else _TOOL_ERROR_CHARS)
            self.error = error if said.isascii() else encodable(error)
        if self.command and (said or event.text.strip()):
            sizes = _FILE_CHARS if _PRINTS_FILE.match(self.command) else _OUTPUT_CHARS
            output = _shortened(said, *sizes)
            self.output = output if said.isascii() else encodable(output)

    def _take_for_shell(self, answer: str) -> None:
        """Take a tool that is none of those known for a shell where its ``answer`` counts the tests it ran."""
        if self.given and (run := tests_run(self.name, self.given, answer)):
            self.command = encodable(cut(run, tools.COMMAND_CHARS))
            self.name, self.summary, self.lookup, self.given = _SHELL, cut(self.command, NAME_CHARS), None, None

    def replies(self, event: Returned) -> Iterable[tuple[str, str]]:
        """Return the user's answers by the questions that the call asked, if any."""
        if not self.questions:
            return event.answers
        from handoff_cli.transcripts.by_question import explained
        from handoff_cli.transcripts.replies import replies

        if event.answers:
            return explained(self.questions, event.answers)

        return replies(self.questions, event.text)

    def sharing(self, last: FollowedCall | None) -> FollowedCall | None:
        """Return who printed last, this call or ``last``; what both printed is held once, however often it comes."""
        if not self.output:
            return last
        if last and self.output == last.output:
            self.output = last.output
            self.error = last.error if self.error == last.error else self.error
        return self

    @property
    def changed(self) -> bool:
        """Whether what it changes was changed: it did not fail, or did so in a step after that."""
        return self.outcome != "failed" or self.made_first

    def _settle_edits(
        self, event: Returned, lack: Callable[[str, str], bool], touched: Reversible[tuple[int, str, str]]
    ) -> None:
        """Name the files of its edits, and leave out those that were not made.

        Of a command that failed those were made that come before, if it made any, and what a generator says it made.
        """
        failed = bool(event.failed or event.exit_code)
        if self.edits and failed and not is_cut_off(event.text.lstrip()):
            first = changes_before_failing(self.command or "", event.text)
            if made := [it for it in self.edits if it in first]:
                paths = {encodable(it[0]) for it in made}
                self.edits, self.made_first = made, True
                self.touches = [it for it in self.touches if it[0] in paths]
        if generated := made_by_generator(self.command or "", event.text):
            self._add_made(generated, failed=failed)
        if self.edits:
            self._name_whole(touched)
            self._leave_out_idle(lack)

    def _add_made(self, made: dict[str, str], *, failed: bool) -> None:
        """Take in the files that a generator ``made``: of a command that failed it was a step before that."""
        kept = [] if failed and not self.made_first else self.edits
        self.edits = [*kept, *((path, action, "", "") for path, action in made.items())]
        self.touches = [*(self.touches if kept else []), *made.items()]
        self.made_first = self.made_first or failed

    def _name_whole(self, touched: Reversible[tuple[int, str, str]]) -> None:
        """Name each file by its whole path, where that is known."""
        below = self.below or (self.home if self._is_at_home(touched) else "")
        whole = {} if below else self._known_whole(touched)
        if place := below or (self.told_in if is_absolute(self.told_in) else ""):
            short = {it for it, *_ in self.edits if not (is_absolute(it) or it.startswith(("~", "-", "$")))}
            whole |= {it: normpath(f"{place}/{it}") for it in short if below or it.startswith("../")}
        if whole:
            self.edits = [(whole.get(path, path), action, old, new) for path, action, old, new in self.edits]
            self.touches = [(whole.get(path, path), action) for path, action in self.touches]

    def _is_at_home(self, touched: Reversible[tuple[int, str, str]]) -> bool:
        """Return whether this runs where the session began, and tools name files by whole paths.

        Where it writes below a folder that a call before went into, it does not run there: many shells begin anew.
        """
        into = _INTO.match(self.folder)
        runs = self.home and (not self.folder or (into and all(it[0].startswith(f"{into[0]}/") for it in self.edits)))
        return any(is_absolute(path) for _, path, _ in islice(reversed(touched), _LATELY) if runs)

    def _known_whole(self, touched: Reversible[tuple[int, str, str]]) -> dict[str, str]:
        """Return the file of those ``touched`` lately that ends in the path of one that is changed, where that is one.

        A bare name may be that of a file in any folder; where the command runs nobody knows before one was named, and
        a file that is written may be new.
        """
        known = {path for _, path, _ in islice(reversed(touched), _LATELY)}
        there_before = {path for path, action, old, new in self.edits if action != WRITTEN and (old or not new)}
        whole: dict[str, str] = {}
        for short in list(dict.fromkeys(it[0] for it in self.edits if "/" in it[0] and not is_absolute(it[0])))[:_FEW]:
            found = [it for it in known if it.endswith(f"/{short}")]
            is_here = found == [f"{self.folder}/{short}"] if self.folder else short in there_before
            whole |= {short: found[0]} if is_here and len(found) == 1 else {}
        return whole

    def _leave_out_idle(self, lack: Callable[[str, str], bool]) -> None:
        """Leave out a file of which ``sed`` was to replace words that it lacks: nothing else tells that it did not."""
        olds: dict[str, list[str]] = {}
        for path, action, old, _ in self.edits:
            olds.setdefault(path, []).append(old if action == "modified" else "")
        idle = {
            path
            for path, words in olds.items()
            if all(_PLAIN.fullmatch(it) and lack(encodable(path), it) for it in words)
        }
        self.edits = [it for it in self.edits if it[0] not in idle]
        self.touches = [it for it in self.touches if it[0] not in {*map(encodable, idle)}]

    def gone(self, event: Returned) -> Iterator[tuple[str, str]]:
        """Yield files with words that they lack since, as ``event`` tells: sought in vain, or replaced by a command."""
        kind, asked = self.lookup or ("", "")
        words, _, path = asked.rpartition(" in ")
        if kind == "search" and _PLAIN.fullmatch(words) and _NOTHING.match(event.text):
            yield encodable(path), encodable(words)
        for path, action, old, new in self.edits if self.command and self.changed else ():
            if action == "modified" and old not in new and _is_everywhere(self.command, old, new):
                yield encodable(path), encodable(old)

    def told(self) -> ToolCall:
        """Return the call as it stands; that of a sub-agent without an answer with what this is to bring back."""
        error = None if self.command or self.outcome != "failed" else self.error
        summary = encodable(self.to_bring) if self.to_bring and self.outcome is None else self.summary
        return ToolCall(self.id, self.name, summary, self.position, self.time, self.outcome, error)

    def run(self) -> Command | None:
        """Return the command it ran, None where it is of another tool."""
        if not self.command:
            return None
        ended = self.exit_code, self.outcome, self.error, self.output
        return Command(self.command, self.position, self.time, *ended, self.outside, encodable(self.folder))

    def edit(
        self, path: str, action: str, old: str, new: str, event: Returned | None, texts: Texts | None = None
    ) -> Edit:
        """Return one of its ``edits`` as ``event`` tells that it was made; without an answer what it was to be.

        Where it lies, the ``texts`` of files may tell that were read before.
        """
        before, after = (encodable(without_middle(text, *_EDIT_CHARS)) for text in (old, new))
        wanted = Edit(encodable(path), self.position, done(action, event), before, after)
        if event is None:
            return wanted
        added, removed = lines_only_in(new, old), lines_only_in(old, new)
        place = place_of(path, old, new, event) or (texts.place_of(encodable(path), old, new) if texts else None)
        return wanted.replace(
            where=place, outcome="ok" if self.made_first else self.outcome, added=added, removed=removed
        )

    def wanted(self) -> Iterator[Edit]:
        """Yield the edits it asked for, where nothing answered."""
        for path, action, old, new in self.edits if self.outcome is None else ():
            yield self.edit(path, action, old, new, None)


def _is_everywhere(command: str | None, old: str, new: str) -> bool:
    """Return whether a ``command`` replaces ``old`` in all lines of a file, and each time it stands in one.

    Several words seldom stand twice in a line.
    """
    each = "" if " " in old else "g"
    scripts = (f"{begins}s{it}{old}{it}{new}{it}{each}" for begins in "'\";" for it in "/|#,@")
    return any(it in command for it in scripts) if command and old else False


def done(action: str, event: Returned | None) -> str:
    """Return what an ``action`` of a call was, as ``event`` tells; without an answer what it was to be."""
    return ("created" if event is None or event.created else "modified") if action == WRITTEN else action


def printed(answer: str) -> str:
    """Return what a tool printed, without what agents write to themselves.

    They say above or below it how long it ran and how it ended, Claude Code below a sub-agent's report how to go on
    with it.
    """
    said = without_colours(
        _ABOVE.sub("", answer) if answer.startswith(("Chunk ID: ", "Wall time: ")) else answer
    ).strip()
    if said.startswith(_TOLD_ABOVE) and (above := _ENDED_ABOVE.match(said)):
        said = said[above.end() :]
    if said[-1:] in _TOLD_BELOW and (ended := _ENDED_BELOW.search(said, max(0, len(said) - _END_CHARS))):
        said = said[: ended.start()].rstrip()
    below = said.rfind("agentId: ")
    said = said[:below].rstrip() if below >= 0 and _BELOW.match(said, below) else said
    row = _ROW_OF_TEXT.fullmatch(said) if said.startswith("[{") else None
    return row[1] if row else said


_ABOVE = lazily(
    r"\A(?:(?:Chunk ID|Wall time|Original token count|Total output lines): .*\n|Process .*\n|\n)*Output:\n?"
)
_TOLD_ABOVE, _TOLD_BELOW = ("Error", "[Command", "The command", "Command "), ">].)0123456789"
_ENDED_ABOVE = lazily(
    r"\A(?:(?:Error executing tool \w+: )?Error \(exit code \d+\): |Error: Command failed \(exit code: \d+\)\n"
    r"|\[Command exited with code \d+\]\n+(?:\[std(?:out|err)\]\n)?"
    r"|(?:The command (?:completed successfully|(?:failed with exit code:|exited with code) \d+)\.?\n"
    r"|Command executed[^\n]{0,400}\n|Command failed with exit code \d+\.\n)"
    r"(?:Exit [Cc]ode: [^\n]{0,80}\n)?\s{0,8}Output:(?:\n\t{0,8}|\Z)"
    r"|Command executed\.\Z)"
)
"""As Continue, Droid, Cline, Antigravity and Roo tell above what a command printed how it ended."""

_ENDED_BELOW = lazily(
    r"(?:<shellId: [^>\n]{1,80}>|\[Process exited with code \d+\]"
    r"|\(?Command (?:exited with code|failed with exit code:) \d+\.?\)?"
    r"|<(?:shell|bash)_metadata>[^<]{1,400}</(?:shell|bash)_metadata>)\Z"
)
"""As Copilot CLI, Droid, pi, OpenClaw, Kimi Code and OpenCode tell it below."""

_END_CHARS = 480
_BELOW = lazily(r"agentId: \w+ \((?:use|for) [^\n]*(?:\n\s*)?(?:<usage>[^<]{0,300}</usage>\s*)?\Z")

_AS_ERRORS_DO = ("Error", "error", "ERROR", "Failed", "failed", "MCP error", "Tool error", "tool call error")
_ROW_OF_TEXT = lazily(r'\[\{"type": ?"(?:input_)?text", ?"text": ?"([^"\\]{1,2000})"\}\]')
"""An answer of one text, as tools of the Model Context Protocol give it."""

_PRINTS_FILE = lazily(r"\s*(?:cd\s[^;&|]+(?:&&|;)\s*)?(?:nl\s|cat\s|sed\s+-n\s|git\s+(?:diff|show)\b)")


def _shortened(output: str, first: int, last: int) -> str:
    """Return what a command printed, a long one without its middle but for the lines in it that tell of failures."""
    if len(output) <= first + last:
        return output
    if "\n@@ " in output[:first]:
        from handoff_cli.transcripts.diffs import diff_within

        return cut(diff_within(output, _DIFF_CHARS), _DIFF_CHARS)
    telling: list[str] = []
    for found in _FAILING.finditer(output, first, len(output) - last):
        telling.append(cut(found[0].strip(), _ERROR_CHARS))
        if len(telling) == _FAILING_LINES:
            break
    return "\n".join((head_of(output, first), "…", *telling, "…", tail_of(output, last)))
