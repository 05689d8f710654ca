"""Every option and argument of every command, described once; functions in ``commands`` name them as annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from handoff_cli.agents import TOOLS, names, with_hooks
from handoff_cli.constants import NOTE_KINDS, VERSION

if TYPE_CHECKING:
    from collections.abc import Callable


def _offer(what: str) -> Callable[[str], list[str]]:
    """Return a completion by the values of the kind ``what``; ``completion`` is dear to import."""

    def complete(incomplete: str) -> list[str]:
        from handoff_cli.cli.completion import beginning

        return beginning(what, incomplete)

    return complete


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"handoff {VERSION}")
        raise typer.Exit


# Common to all commands.
Directory = Annotated[
    str | None,
    typer.Option(
        metavar="DIR",
        help="Where the search for .agent-handoffs begins; default: here. [env: HANDOFF_DIR]",
    ),
]
Session = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="A further session of the project. [env: HANDOFF_SESSION]",
        autocompletion=_offer("sessions"),
    ),
]
Quiet = Annotated[bool, typer.Option(help="No bars and messages; only data, warnings and errors.")]
Color = Annotated[
    str,
    typer.Option(metavar="WHEN", help="auto (honours NO_COLOR), always or never.", autocompletion=_offer("colors")),
]
Window = Annotated[int | None, typer.Option(metavar="TOKENS", help="Context window for this call, whatever is set.")]
Version = Annotated[bool, typer.Option(callback=_show_version, is_eager=True, help="Show the version and exit.")]

# What is counted, and how.
Files = Annotated[str, typer.Argument(metavar="FILES", help="Files to count; '-' or none: standard input.")]
Model = Annotated[
    str | None,
    typer.Option(metavar="ID", help="Model whose tokens are meant.", autocompletion=_offer("models")),
]
Encoding = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="tiktoken encoding to count with.", autocompletion=_offer("encodings")),
]
TextFormat = Annotated[
    str,
    typer.Option(
        metavar="FORMAT",
        help="text; auto: transcripts and chat messages are told by their content; or a format's name.",
        autocompletion=_offer("formats"),
    ),
]
Role = Annotated[
    str | None,
    typer.Option(
        metavar="ROLE", help="Count each input as a chat message of this role.", autocompletion=_offer("roles")
    ),
]
Safe = Annotated[bool, typer.Option(help="Take the upper end of an estimate.")]
Exact = Annotated[bool, typer.Option(help="Use the model's own tokenizer where a package with it is installed.")]
Strict = Annotated[bool, typer.Option(help="Refuse bytes that are not text.")]
ByFile = Annotated[bool, typer.Option(help="Print a line for each file, then the total.")]
Description = Annotated[str | None, typer.Option(metavar="TEXT", help="What this piece is; default: its first line.")]
Tokens = Annotated[int | None, typer.Option(metavar="N", help="Record N tokens instead of reading text.")]
Tee = Annotated[bool, typer.Option(help="Pass the input through to standard output.")]
DryRun = Annotated[bool, typer.Option(help="Show what would be; change nothing.")]
CarryNext = Annotated[bool, typer.Option(help="Let the next step that was noted go over too.")]
Again = Annotated[bool, typer.Option(help="Count the whole of a text that was counted before.")]
NoKeep = Annotated[bool, typer.Option(help="Keep the count, not the text.")]
Follow = Annotated[str | None, typer.Option(metavar="FILE", help="Go on as FILE grows, until Ctrl-C.")]

# How it is told.
Json = Annotated[bool, typer.Option(help="Print JSON.")]
JsonLines = Annotated[bool, typer.Option(help="Print JSON Lines.")]
NewStatusJson = Annotated[bool, typer.Option(help="Print the new status as JSON.")]
FactsJson = Annotated[bool, typer.Option(help="Print the facts as JSON; write no file.")]
OneLine = Annotated[bool, typer.Option(help="Print one plain line, for prompts and status bars.")]
LevelCode = Annotated[bool, typer.Option(help="End with 0 at ok, 10 at warning, 11 at critical, 12 over.")]
FailAt = Annotated[
    str | None,
    typer.Option(metavar="LEVEL", help="End with 1 at warning, critical or over.", autocompletion=_offer("levels")),
]
CheckpointNumbers = Annotated[str, typer.Argument(metavar="N", help="Only these checkpoints, by number.")]
ShowText = Annotated[bool, typer.Option(help="Show the text that was kept; without N the last one.")]
KeptFormat = Annotated[
    str, typer.Option(metavar="FORMAT", help="markdown or jsonl.", autocompletion=_offer("kept_formats"))
]
RequireSession = Annotated[bool, typer.Option(help="End with 1 where nothing was tracked or read yet.")]
CommandName = Annotated[str, typer.Argument(metavar="COMMAND", help="Default: all.", autocompletion=_offer("commands"))]
Since = Annotated[
    str | None, typer.Option(metavar="WHEN", help="Only from then on: 2h, 3d, 2026-11-23, 2026-11-23T05:42 (UTC).")
]
AllSessions = Annotated[bool, typer.Option(help="Archived sessions too, in order of time.")]

# Transcripts and agents.
Agent = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Only this agent's transcripts.", autocompletion=_offer("agents")),
]
Transcript = Annotated[str | None, typer.Option(metavar="FILE", help="The transcript; default: the project's newest.")]
TranscriptFormat = Annotated[
    str | None,
    typer.Option(metavar="FORMAT", help="Its format; default: told by its content.", autocompletion=_offer("formats")),
]
ModelInUse = Annotated[
    str | None,
    typer.Option(metavar="ID", help="Model in use; default: as written.", autocompletion=_offer("models")),
]
TranscriptToMeasure = Annotated[
    str | None, typer.Option(metavar="FILE", help="An agent's log; default: the session's.")
]
Top = Annotated[int, typer.Option(metavar="N", help="Rows of each table.")]
ReportFile = Annotated[str, typer.Option(metavar="FILE", help="Where to write the page.")]
OpenPage = Annotated[bool, typer.Option(help="Show it in the browser.")]
Transcripts = Annotated[str, typer.Argument(metavar="TRANSCRIPT", help="Default: the project's own.")]
Threshold = Annotated[float | None, typer.Option(metavar="SHARE", help="0.01 to 1; default: the warning threshold.")]
Interval = Annotated[float, typer.Option(metavar="SECONDS", help="Look at least this often.")]
Once = Annotated[bool, typer.Option(help="Look once and end.")]
AgentOrTool = Annotated[
    str,
    typer.Argument(
        metavar="AGENT",
        help=", ".join(names((*with_hooks(), *TOOLS))) + ".",
        autocompletion=_offer("installable"),
    ),
]
ForProject = Annotated[bool, typer.Option(help="For this project: what git and make get anyhow.")]
AllProjectsOfUser = Annotated[bool, typer.Option(help="Your own settings, for all projects.")]
ForUser = Annotated[bool, typer.Option(help="For you everywhere: what agents get unless told otherwise.")]
Mcp = Annotated[bool, typer.Option(help="The MCP server as well.")]
Anything = Annotated[
    str,
    typer.Argument(metavar="AGENT EVENT", help="The agent that calls, or git; the event, where input names none."),
]
StatusTemplate = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT", help="Fields: {bar} {percent} {tokens} {usable} {window} {left} {level} {model} {session}."
    ),
]
ModelPattern = Annotated[
    str | None,
    typer.Argument(metavar="PATTERN", help="Part of an id, or a whole one.", autocompletion=_offer("models")),
]

AgentToStart = Annotated[
    str | None,
    typer.Argument(
        metavar="AGENT",
        help="The agent to go on in; default: picked at the terminal.",
        autocompletion=_offer("agents"),
    ),
]
FromSession = Annotated[
    str | None,
    typer.Option(
        metavar="SESSION",
        help="Whose work: an agent, a session's id, or a log. Default: what ran last.",
        autocompletion=_offer("agents"),
    ),
]
ShowCommand = Annotated[bool, typer.Option(help="Write the handoff, print the command; start nothing.")]
InAgent = Annotated[
    str | None,
    typer.Option(metavar="AGENT", help="Go on in this agent.", autocompletion=_offer("agents")),
]

# Sessions and notes.
AllProjects = Annotated[bool, typer.Option(help="Every agent's sessions on this machine.")]
ArchivedName = Annotated[
    str | None,
    typer.Argument(metavar="NAME", help="Its name; default: the one archived last.", autocompletion=_offer("archives")),
]
Discard = Annotated[bool, typer.Option(help="Throw the session away instead of archiving it.")]
Yes = Annotated[bool, typer.Option(help="Confirm --discard.")]
NoteText = Annotated[str | None, typer.Argument(metavar="TEXT", help="What to note; '-' or none: from a pipe.")]
NoteKind = Annotated[
    str, typer.Option(metavar="KIND", help=f"{', '.join(NOTE_KINDS)}.", autocompletion=_offer("note kinds"))
]
NotePlace = Annotated[str | None, typer.Option(metavar="FILE:LINE", help="The place in the code it speaks of.")]
Done = Annotated[
    str | None,
    typer.Option(
        metavar="ID",
        help="Close the note with that number, or a carried to-do (t3).",
        autocompletion=_offer("open notes"),
    ),
]
ListNotes = Annotated[bool, typer.Option(help="List the open notes.")]

# The document.
ToStdout = Annotated[bool, typer.Option(help="Print the document; write no file.")]
Output = Annotated[str | None, typer.Option(metavar="FILE", help="Write it to FILE instead.")]
FactsFrom = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="A log or conversation to take facts from; - reads standard input."),
]
Budget = Annotated[int, typer.Option(metavar="TOKENS", help="Size of the document; 0 leaves nothing out.")]
ComingTask = Annotated[str | None, typer.Option(metavar="TASK", help="The next task: what concerns it comes first.")]
Goal = Annotated[str | None, typer.Option(metavar="TEXT", help="What the work is for; a note.")]
NextAction = Annotated[str | None, typer.Option(metavar="TEXT", help="The one next action; a note.")]
Template = Annotated[str | None, typer.Option(metavar="FILE", help="Jinja2 template to render.")]
SummarizeWith = Annotated[
    str | None, typer.Option(metavar="CMD", help="Command that reads the facts and writes a summary.")
]
NoRedact = Annotated[bool, typer.Option(help="Leave secrets in; the front matter says so.")]
Handoff = Annotated[str | None, typer.Argument(metavar="FILE", help="A handoff. Default: the newest one.")]
WarningsToo = Annotated[bool, typer.Option(help="Exit with 1 on warnings too.")]
Older = Annotated[
    str | None,
    typer.Argument(
        metavar="A",
        help="A file, an archived session, or a kept handoff; default: the one before the newest.",
        autocompletion=_offer("handoffs"),
    ),
]
Newer = Annotated[
    str | None, typer.Argument(metavar="B", help="Another one; default: the newest.", autocompletion=_offer("handoffs"))
]
ShippedTemplate = Annotated[bool, typer.Option(help="Print the shipped template.")]
TemplateFile = Annotated[
    str | None, typer.Option(metavar="FILE", help="Render FILE with every kind of fact; say what fails.")
]
ToResume = Annotated[
    str | None,
    typer.Argument(
        metavar="NAME",
        help="A file, an archived session, a kept handoff, or MACHINE/SESSION; default: the newest one.",
        autocompletion=_offer("handoffs"),
    ),
]

# The git remote.
OnRemotes = Annotated[bool, typer.Option(help="What git remotes had when handoff pull last asked.")]
GitRemote = Annotated[
    str | None, typer.Argument(metavar="REMOTE", help="A git remote's name; default: the branch's, else origin.")
]
NoText = Annotated[bool, typer.Option(help="Leave the kept text of piped sessions out.")]
Prune = Annotated[
    str | None, typer.Option(metavar="AGE", help="Remove this machine's sessions of that age from the remote: 30d.")
]
InBackground = Annotated[bool, typer.Option(hidden=True, help="Nobody waits: a failure goes to the hooks' log.")]
FleetName = Annotated[
    str, typer.Argument(metavar="MACHINE/SESSION", help="A session, as handoff fleet status names it.")
]
PrintSql = Annotated[bool, typer.Option(help="Print the SQL instead, for whoever may run it.")]
WatchChanges = Annotated[bool, typer.Option(help="Show it again whenever something changes.")]
WholeFleet = Annotated[bool, typer.Option(help="The sessions in the fleet's database.")]
MachineName = Annotated[str | None, typer.Argument(metavar="NAME", help="Its new name.")]

# Settings.
Key = Annotated[str, typer.Argument(metavar="KEY", help="The setting.", autocompletion=_offer("settings"))]
Value = Annotated[str, typer.Argument(metavar="VALUE", help="Its new value.", autocompletion=_offer("setting values"))]
