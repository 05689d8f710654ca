"""Aider: ``.aider.chat.history.md``, appended to by all sessions: each begins with ``# aider chat started at``.

The person's lines begin with ``#### ``, the tool's with ``> ``, the rest is the model's. Usage is there only as
rounded text (``> Tokens: 2.7k sent, 107 received.``), hence estimated. Checked with aider-chat 0.86.
"""

from __future__ import annotations

from handoff_cli.core.patterns import DOTALL, compiled
from handoff_cli.core.tool_names import UNDO_OF_AIDER
from handoff_cli.core.transcript import REFUSED
from handoff_cli.transcripts.aider_edits import Edits
from handoff_cli.transcripts.events import Called, CutOff, Returned, Said, Seen, Started, Turned, Used
from handoff_cli.transcripts.tools import told_commit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "aider"

RULE = "tokens sent with the last message, as aider rounds them"
_START = "# aider chat started at "
_TOKENS = compiled(r"Tokens: ([\d.,]{1,20})([kM]?) sent")
_VERSION = compiled(r"Aider v(\S{1,40})")
_MODEL = compiled(r"(?:Main model|Model): (\S{1,100})")
_APPLIED = compiled(r"Applied edit to (.{1,500})")
_DECLINED = compiled(
    r"(?:Apply edits? to|Allow edits to|(?:Create|Allow creation of) new) (?:file )?(.{1,500}?)\? (?:.*: ?)?[nN]o?\s*$"
)
_SKIPPED = compiled(r"Skipping edits to (.{1,500})")
_UNWRITTEN = compiled(r"Unable to write file (.{1,500}?) after \d{1,3} attempts: (.{1,1000})")
_GIT_FAILED = compiled(r"Unable to [a-z]{3,12}\b.{0,800}: Cmd\('git'\) failed due to: exit code\((\d{1,5})\)")
_CMDLINE = "cmdline: "
_COMMAND = compiled(r"(?:/([a-z-]{2,20})(?:\s|$)|! ?)(.*)", DOTALL)
_ASKS = compiled(
    r"Add [\d.]+k? (?:tokens|lines?) of command output"
    r"|Added \d+ lines? of output|Add (?:the |command )?output to the chat|You can use /undo"
)
_CONFIRMS = compiled(r"\? \(Y\)es/\(N\)o.{0,80}\[\w{1,10}\]: ?\S{0,10}\s*$")
_ADDED = compiled(r"Add (?:this |these )?files? to the chat\?.{0,80}[ :]\s?[yYaA]\w{0,3}\s*$")
_RUN = compiled(r"Running:? (.{1,2000})")
_OF_LINT = ("## Running: ", "## See relevant line", "# Fix any errors below", "Attempt to fix ")
_LINTED, _MENDS = (
    compiled(r"## Running: (.{1,2000})"),
    compiled(r"Attempt to fix \w{2,20} errors\?.{0,40}: ?[yY](?:es)?$"),
)
"""How the tool tells of the linter that it ran after an edit, and asks whether what that found is to be mended."""

_THOUGHT = compiled(
    r"<(think(?:ing)?(?:-content-\w{1,64})?)>(.{1,40000}?)</\1>"
    r"|-*\n?► \*\*(THINKING)\*\*\n(.{1,40000}?)-*\n► \*\*ANSWER\*\*",
    DOTALL,
)
"""What a model thinks to itself, in tags or below a head."""

_COMMITTED = compiled(r"Commit ([0-9a-f]{7,40}) (.{1,300})")
_UNMATCHED = "The LLM did not conform to the edit format"
_UNDONE = compiled(r"(?:Now at|HEAD is): {1,2}([0-9a-f]{7,40}) (.{1,300})")
"""How the tool says where the history ends once ``/undo`` took the last commit out of it, and its changes."""

_OWN = compiled(
    r"(?:Tokens: [\d.,]+[kM]? sent|Running:? |Appl(?:ied|y) edits? to |Allow edits to "
    r"|Unable to (?:write file|add|commit) |Create new file |Allow creation of new file |Skipping edits to "
    r"|Commit [0-9a-f]{7}|Now at: |HEAD is: |Add(?:ed)? \S{1,200} (?:to the chat|tokens|lines? of )|Did not apply edit"
    r"|The LLM did not conform|Only \d+ reflections allowed|Attempt to fix |Retrying in |litellm\.|Model: |Main model"
    r"|Aider v|Add (?:the )?(?:command )?output to the chat)"
)
"""How what the tool says of itself begins: other lines with its mark may be what the model quotes."""

_LINE_END = "  "
"""How Aider ends what the tool says and each line of the person's: a heading of the model's does not end so."""

_SCALE = {"": 1, "k": 1_000, "M": 1_000_000}


def sniff(head: str) -> float:
    """The line each session begins with."""
    return 0.95 if _START in head else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of all sessions; each start forgets the ones before."""
    chat = History()
    for raw in source.lines():
        yield from chat.take(raw.decode("utf-8", "replace"))
    source.position += 1  # what the last line began with ends behind it
    yield from chat.end()


def role_of(line: str) -> str:
    """Return whose a line is: ``user``, ``assistant``, ``tool``, or ``start`` where a session begins."""
    if line.startswith(_START):
        return "start"
    if line.startswith("#### ") or line.rstrip() == "####":
        return "user"
    return "tool" if line.startswith("> ") or line.rstrip() == ">" else "assistant"


class History:
    """Takes in the lines of a history one by one and tells the events that they complete.

    Edits stand in the model's answer as blocks; the line that says that one was applied stands below.
    """

    def __init__(self) -> None:
        self._speaker = ""
        self._lines: list[str] = []
        self._agreed = ""
        self._run, self._output = "", None  # type: str, list[str] | None
        self._edits = Edits()
        self._code = ""
        self._is_gits = False  # whether the command that ran is git's that failed for the tool
        self._replied = self._tells = self._wraps = self._fenced = self._marks_ends = self._starts = False
        self._printing = self._ends_print = self._describes = self._apart = False
        self._asked = True
        self._turned_down = self._settled = self._spoke = False
        self._counts = False  # whether the tool tells below each reply what it took
        self._reply, self._handed = "", False  # the last one, and whether what stands below as typed is that plan

    def take(self, line: str) -> Iterator[Event]:
        """Take in a line."""
        yield from self._went_on()
        if self._prints(line):
            return
        if line.startswith("#### ") and _CONFIRMS.search(line):
            line = f"> {line[5:]}"  # the tool's question, which the answer stands behind
        role = role_of(line)
        if role == "assistant" and self._wraps and (line.strip() or self._describes):
            role = "tool"  # what the tool says on several lines has its mark before the first alone
            line = f"> {line}"
        elif self._speaker in ("assistant", "user") and self._marks_ends and not line.endswith(_LINE_END):
            quotes = role == "tool" and self._fenced
            role = "assistant" if role == "user" or quotes else role  # a heading of the model's, what a file quotes
        starts = self._starts
        self._follow(role, line)
        self._marks_ends = self._marks_ends or (role == "user" and line.endswith(_LINE_END))
        begins = role == "user" and (line[5:6] in ("/", "!") or (self._apart and line[5:6].strip() != ""))
        self._apart = role == "assistant" and not line.strip()
        begins = begins and not (self._handed and self._speaker == "user")
        if begins or (role != self._speaker and not (role == "assistant" and not line.strip())):
            yield from self._said()
            self._speaker = role
            if role in ("user", "start"):
                first = self._reply.partition("\n")[0]
                self._handed = self._edits.has_editor and first != "" and first == line[5:].strip()
            if role in ("user", "start") and not self._handed:
                self._replied = self._replied or self._settled  # the tool asks for words once it did what it was to
                self._turned_down = self._settled = False
                yield from self._turned()
        self._starts = role == "start" or (self._starts and role == "assistant")
        self._asked = role == "user" or (self._asked and not (starts and role == "tool"))
        if role == "start":
            yield Started(line.removeprefix(_START).strip())
        elif role == "tool":
            told = line[2:].rstrip()
            yield from self._linted(told) if told.startswith(_OF_LINT) else self._told(told)
            self._printing = self._marks_ends and self._output is not None and not line.endswith(_LINE_END)
        else:
            self._lines.append((line[5:] if role == "user" else line).rstrip())

    def _prints(self, line: str) -> bool:
        """Return whether a command prints ``line``: the tool puts its mark before the first of them alone.

        The last of them ends as what the tool says does; one that only looks like it goes on in the next line.
        """
        role = role_of(line)
        ends = self._ends_print and (role != "assistant" or not line.strip())
        self._printing = self._printing and not ends and not (role in ("user", "start") and line.endswith(_LINE_END))
        self._ends_print = self._printing and line.endswith(_LINE_END) and bool(line.strip())
        if self._printing and self._output is not None:
            self._output.append(line.rstrip())
        return self._printing

    def _went_on(self) -> Iterator[Event]:
        """Tell of the yes to mending what the linter found."""
        agreed, self._agreed = self._agreed, ""
        if agreed:
            self._spoke = False
            yield Said("user", agreed)

    def _follow(self, role: str, line: str) -> None:
        """Follow whether what the tool says goes on in the next line; a line that the model quotes does not."""
        if role == "assistant":
            self._fenced ^= line.startswith("```")
            self._tells = self._tells and not line.strip()
        elif role == "tool":
            own = None if self._fenced else _OWN.match(line[2:])
            self._tells = self._tells or own is not None
            self._describes = self._marks_ends and (
                self._describes or (own is not None and own[0].startswith("Commit"))
            )
        else:
            self._tells, self._fenced = role == "start", False
        self._wraps = role == "tool" and self._tells and not line.endswith(_LINE_END)
        self._describes = self._describes and self._wraps

    def end(self) -> Iterator[Event]:
        """Tell what the last lines complete."""
        yield from self._went_on()
        yield from self._said()
        yield from self._answered()
        for path in () if self._replied else [*self._edits.by_file]:
            yield self._edits.taken(path)  # of which no result is told: the text ends in the reply
        yield from self._turned()
        if self._turned_down:  # and nothing was said since
            yield Turned(stopped=True)
        if self._counts and self._speaker == "assistant":
            yield CutOff()

    def _turned(self) -> Iterator[Event]:
        """Tell that the turn is over, once the tool has told what a whole reply took."""
        if self._replied and self._spoke:  # else what was said last is of an earlier turn
            yield Turned(carried_out=True)
        self._replied = False
        self._edits.by_file.clear()

    def _told(self, line: str) -> Iterator[Event]:
        """Take in what the tool reports on a line: of itself, or of what a command prints."""
        if (settled := self._of_edits(line)) is not None:
            yield from settled
            return
        if _ADDED.match(line):
            self._edits.by_file.clear()  # the model is asked again before anything of its reply is applied
            self._spoke = False  # what it said so far is not its answer
        self._edits.told(line)
        if (run := self._git_failed(line)) is not None:
            yield from run
            return
        own = [*did(line.strip())]
        self._replied = self._replied or any(isinstance(it, Used) for it in own)
        self._counts = self._counts or self._replied
        if own or _ASKS.match(line):
            yield from self._answered()
        elif self._output is not None:
            self._output.append(line)
        for event in own:
            if isinstance(event, Called) and event.name == "shell" and not event.id:
                self._run, self._output = event.input["command"], []
            yield event

    def _git_failed(self, line: str) -> Iterator[Event] | None:
        """Tell of git's command that failed for the tool, which stands on the line below; None for any other."""
        if failed := _GIT_FAILED.match(line):
            self._code = failed[1]
            return self._answered()
        if not self._code or not line.startswith(_CMDLINE):
            return None
        self._run, self._output, self._code = line.removeprefix(_CMDLINE), [f"Exit code {self._code}"], ""
        self._is_gits = True
        return iter((Called("", "shell", {"command": self._run}),))

    def _of_edits(self, line: str) -> list[Event] | None:
        """Return what came of the edits that ``line`` tells of, None where it tells of none."""
        if applied := _APPLIED.match(line):
            self._turned_down = False
            return [*self._applied(applied[1].strip())]
        if declined := _DECLINED.match(line) or _SKIPPED.match(line):
            if (path := declined[1].strip()) not in self._edits.by_file:
                return []  # the question and what follows from it may both stand
            self._turned_down = True
            return [*self._applied(path, REFUSED)]
        if unwritten := _UNWRITTEN.match(line):
            path = next(
                (it for it in self._edits.by_file if unwritten[1].endswith(it)), ""
            )  # it is told from the root on
            return [*self._applied(path or unwritten[1], unwritten[2])]
        if line.startswith(_UNMATCHED):
            return [
                it for path in [*self._edits.by_file] for it in self._applied(path, "a SEARCH block is not in the file")
            ]
        return None

    def _linted(self, line: str) -> Iterator[Event]:
        """Tell of the linter that the tool ran after an edit, and that the person lets what it found be mended."""
        yield from self._answered()
        if ran := _LINTED.match(line):
            self._run, self._output = ran[1], []
            yield Called("", "shell", {"command": ran[1]})
        elif _MENDS.match(line):
            self._replied = True
            yield from self._turned()
            self._agreed = line  # it stands behind the end of the turn, with the next line

    def _applied(self, path: str, failed: str = "") -> Iterator[Event]:
        """Tell of the edits of a file that were applied, or why they were not."""
        self._settled = True
        yield self._edits.taken(path)
        yield Returned("", failed, bool(failed))

    def _answered(self) -> Iterator[Event]:
        """Tell how the command that was run ended, as far as what it printed is there."""
        if self._output is not None:
            from handoff_cli.transcripts.outcomes import outcome_of

            text = "\n".join(_quoted(self._output) if self._is_gits else self._output)
            yield Returned("", text, *outcome_of(self._run, text), ended=bool(text))
            self._output, self._is_gits = None, False

    def _said(self) -> Iterator[Event]:
        lines, self._lines = self._lines, []
        if self._speaker == "assistant" and self._output is not None and _is_block(lines):
            self._output += [line for line in lines if line and not line.startswith("```")]
            return
        if self._speaker == "assistant":
            lines = [*self._edits.without(lines, of_plan=self._handed)]
        text = "\n".join(lines).strip()
        if self._speaker == "assistant" and (thought := _THOUGHT.search(text)):
            yield Said("assistant", (thought[2] or thought[4]).strip(), visible=False, kind="reasoning")
            text = (text[: thought.start()] + text[thought.end() :]).strip()
        if self._speaker == "assistant" and self._edits.by_file and text.endswith(":"):
            text = f"{text[:-1]}."  # what it led in to was taken out
        if self._speaker == "user" and self._handed and text.split() == self._reply.split():
            return  # the plan of an architect, which the tool hands to the editor
        if not text or self._speaker not in ("user", "assistant") or not (self._asked or self._speaker == "user"):
            return  # what stands before the first request of a session, the tool printed
        yield from self._answered()
        text = text if self._speaker == "assistant" else _typed(text)
        if not text:
            return
        if self._speaker == "user" and (command := _COMMAND.match(text)):
            yield from self._commanded(command[1] or "run", command[2].strip())
        else:
            self._spoke = self._speaker == "assistant"
            self._reply = text if self._spoke else ""
            yield Said(self._speaker, text)

    def _commanded(self, command: str, words: str) -> Iterator[Event]:
        """Tell of what the user typed behind a slash: a shell command, a request, or something about Aider itself."""
        if command in ("run", "test", "git", "lint"):
            self._run, self._output = f"git {words}" if command == "git" else words or f"aider /{command}", []
            yield Called("", "shell", {"command": self._run})
        elif command in ("ask", "architect", "code", "chat-mode") and words:
            yield Said("user", words)
        else:
            yield Said("user", f"/{command} {words}".strip(), visible=False)


def _typed(text: str) -> str:
    """Return what a person typed: nothing for an empty line, once what Aider writes again without its command."""
    lines = [it.strip() for it in text.split("\n") if it.strip() not in ("", _EMPTY)]
    half, odd = divmod(len(lines), 2)
    first = lines[0].partition(" ")[2].strip() if lines and lines[0].startswith("/") else ""
    if half and not odd and [first, *lines[1:half]] == lines[half:]:
        return "\n".join(lines[:half])
    return "\n".join(it for it in text.split("\n") if it.strip() != _EMPTY).strip()


_EMPTY = "<blank>"


def _quoted(lines: list[str]) -> list[str]:
    """Return what git printed as the tool quotes it below the command, which may go on there."""
    at = next((at for at, it in enumerate(lines) if it.startswith(("stdout: '", "stderr: '"))), 0)
    if not at:
        return lines
    printed = "\n".join([lines[at].partition("'")[2], *lines[at + 1 :]]).rstrip()
    return [lines[0], printed.removesuffix("'")]


def _is_block(lines: list[str]) -> bool:
    """Return whether ``lines`` are a fenced block and nothing else."""
    filled = [line for line in lines if line]
    return len(filled) > 1 and filled[0].startswith("```") and filled[-1] == "```"


def did(line: str) -> Iterator[Event]:
    """Yield the events of what the tool reports on a line of its own."""
    tokens = _TOKENS.match(line)
    version, model = _VERSION.match(line), _MODEL.match(line)
    run, committed = _RUN.match(line), _COMMITTED.match(line)
    if tokens:
        sent = _number(tokens[1]) * _SCALE[tokens[2]]
        yield Used(round(sent), RULE, method="estimated")
    elif version or model:
        yield Seen(model=model[1] if model else None, version=version[1] if version else None)
    elif run:
        yield Called("", "shell", {"command": run[1]})
    elif committed:
        yield Called("commit", "shell", {"command": "git commit"})
        yield Returned("commit", told_commit(committed[1], committed[2]), failed=False, exit_code=0)
    elif undone := _UNDONE.match(line):
        yield Called("undo", "shell", {"command": UNDO_OF_AIDER})
        yield Returned("undo", f"HEAD is now at {undone[1]} {undone[2]}", failed=False, exit_code=0)


def _number(text: str) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return 0.0
