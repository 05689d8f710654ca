"""``handoff``, ``check``, ``resume``, ``diff``, ``template``, ``push``, ``pull``, ``machine``: what is left."""

from __future__ import annotations

from handoff_cli.cli.commands import only_one_of
from handoff_cli.constants import DEFAULT_BUDGET
from handoff_cli.core.text import visible
from handoff_cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.cli.console import Console
    from handoff_cli.cli.options import (
        Budget,
        ComingTask,
        FactsFrom,
        FactsJson,
        GitRemote,
        Goal,
        Handoff,
        InAgent,
        InBackground,
        Json,
        MachineName,
        Newer,
        NextAction,
        NoRedact,
        NoText,
        Older,
        Output,
        Prune,
        ShippedTemplate,
        ShowCommand,
        SummarizeWith,
        Template,
        TemplateFile,
        ToResume,
        ToStdout,
        TranscriptFormat,
        WarningsToo,
    )
    from handoff_cli.cli.reader import Common
    from handoff_cli.usecases.gather import Options
    from handoff_cli.usecases.review import Resumed


def handoff(
    common: Common,
    *,
    stdout: ToStdout = False,
    output: Output = None,
    transcript: FactsFrom = None,
    format: TranscriptFormat = None,  # noqa: A002 (the option's name)
    budget: Budget = DEFAULT_BUDGET,
    for_: ComingTask = None,
    goal: Goal = None,
    next_: NextAction = None,
    template: Template = None,
    summarize_with: SummarizeWith = None,
    no_redact: NoRedact = False,
    json: FactsJson = False,
) -> int:
    """Write the handoff document now; what you wrote into it is kept.

    Example:  handoff handoff --next "run the failing test again"
    """
    if output and (stdout or json):
        raise UsageError(f"{'--stdout' if stdout else '--json'} writes no file", "leave it or --output out")
    if format:
        from handoff_cli.agents.readers import check_format

        check_format(format)
        if transcript is None:
            raise UsageError("--format is that of a file to read", "name one with --transcript")
    place, console = common.session_place(), common.console()
    console.chosen(place)
    options: Options = {
        "goal": goal,
        "next_action": next_,
        "template_file": template,
        "transcript": transcript,
        "format": format,
        "budget": budget,
        "coming": for_,
        "redact": not no_redact,
        "summarize_with": summarize_with,
    }
    if not (stdout or output or json):
        from handoff_cli.usecases.record import write_handoff

        written = write_handoff(place, reason="manual", **options)
        console.warnings(written.warnings)
        console.text(f"handoff written to {written.path}")
        return 0
    from handoff_cli.state.named import save_named
    from handoff_cli.usecases.handoff import compose_handoff

    composed = compose_handoff(place, reason="manual", **options)
    console.warnings(composed.warnings)
    if json:
        console.json(composed.values)
    elif stdout:
        console.document(composed.text)
    elif output:
        save_named(output, composed.text.encode("utf-8", "surrogateescape"))
        console.text(f"handoff written to {output}")
    return 0


def check(common: Common, file: Handoff = None, *, strict: WarningsToo = False, json: Json = False) -> int:
    """Look for what is wrong with a handoff.

    Exit codes: 0 fit to be handed over, 1 there is an error; with --strict, a warning is one too.

    Example:  handoff check || handoff handoff
    """
    from handoff_cli.usecases.review import check as check_handoff

    console = common.console()
    path, findings = check_handoff(common.place(), file)
    if json:
        console.json({"file": path, "findings": [finding.to_dict() for finding in findings]})
    else:
        for it in findings:
            console.data(f"{path}:{it.line}: {it.level}: {it.message} [{it.rule}]; {it.mend}")
        if not findings:
            console.text(f"{path}: nothing to mend")
    return int(any(strict or finding.level == "error" for finding in findings))


def resume(
    common: Common,
    name: ToResume = None,
    *,
    json: Json = False,
    in_: InAgent = None,
    print_: ShowCommand = False,
) -> int:
    """Print what changed since the handoff, then the handoff.

    It is what a new session reads first. MACHINE/SESSION names one that a git remote has (handoff sessions --remote).
    With --in, the agent named goes on, as by: handoff continue AGENT; --print goes with it.

    Example:  handoff resume
    """
    if in_ is not None:
        from handoff_cli.cli.commands.agent import go_on

        return go_on(common, in_, name, only_print=print_, json=json)
    if print_:
        raise UsageError("--print is of the command that starts an agent", "name one with --in")
    from handoff_cli.usecases.review import resume as resume_handoff

    console = common.console()
    resumed = resume_handoff(place := common.place(), name)
    if resumed is None:
        if json:
            console.json(None)
        console.message(f"there is no handoff in {place.folder} yet: handoff handoff writes one")
        return 0
    return show_resumed(console, resumed, as_json=json)


def show_resumed(console: Console, resumed: Resumed, *, as_json: bool) -> int:
    """Print what drifted since the handoff ``resumed`` was written, then it; return the exit code."""
    from handoff_cli.documents.review import drift_lines

    if as_json:
        drift = resumed.drift
        commits = [commit.to_dict() for commit in drift.commits]
        console.json({"file": resumed.path, "drift": {**drift.to_dict(), "commits": commits}, "document": resumed.text})
        return 0
    console.data(f"Drift since {resumed.path} was written:")
    for line in drift_lines(resumed.drift):
        console.data(f"- {line}")
    console.data("")
    console.document(visible(resumed.text))
    return 0


def diff(common: Common, older: Older = None, newer: Newer = None, *, json: Json = False) -> int:
    """Compare two handoffs, section by section.

    What B says that A does not, and the other way round; of the newest and the one before it unless others are named.

    Example:  handoff diff
    """
    from handoff_cli.usecases.review import difference

    console = common.console()
    found = difference(common.place(), older, newer)
    if found is None:
        if json:
            console.json([])
        console.message("there are no two handoffs to compare yet; name files, or archived sessions")
        return 0
    before, after, differences = found
    if json:
        console.json([it.to_dict() for it in differences])
        return 0
    if older is None or newer is None:
        console.message(f"what {after} says that {before} does not (+), and the other way round (-)")
    for it in differences:
        console.data(f"## {it.section}")
        for sign, lines in (("-", it.removed), ("+", it.added)):
            for line in lines:
                console.data(f"{sign} {line}")
    if not differences:
        console.message("they say the same")
    return 0


def template(
    common: Common, *, default: ShippedTemplate = False, check: TemplateFile = None, json: Json = False
) -> int:
    """Show, print or check the template that handoffs are made with.

    One of your own goes into .agent-handoffs/SESSION_HANDOFF_TEMPLATE.md.

    Example:  handoff template --default > template.md
    """
    from handoff_cli.usecases.templates import check_template, shipped_template, template_in_force

    console = common.console()
    only_one_of({"--default": default, "--check": check, "--json": json})
    if json:
        console.json({"template": template_in_force(common.place())})
    elif default:
        console.document(shipped_template())
    elif check:
        check_template(check)
        console.text(f"{check}: renders")
    else:
        console.data(template_in_force(common.place()) or "the shipped one: handoff template --default prints it")
    return 0


def push(
    common: Common,
    remote: GitRemote = None,
    *,
    no_text: NoText = False,
    prune: Prune = None,
    background: InBackground = False,
    json: Json = False,
) -> int:
    """Send the project's sessions to its git remote.

    Documents, ledgers and kept text go as commits on references of their own, refs/handoff/MACHINE/SESSION; no branch,
    index, work tree or hook is touched. Only what is new is sent. handoff pull on another machine fetches it.

    Example:  handoff push origin || echo "not sent"
    """
    from handoff_cli.core.text import counted
    from handoff_cli.errors import HandoffError
    from handoff_cli.usecases.push import push as push_sessions

    console, place = common.console(), common.place()
    try:
        sent = push_sessions(place, remote, with_text=not no_text, prune=prune)
    except HandoffError as error:
        if not background:
            raise
        from handoff_cli.usecases.hook_memory import log_problem

        log_problem(place.project, f"on_handoff: {error.message}")
        return error.exit_code
    if json:
        console.json(sent.to_dict())
        return 0
    removed = f", removed {len(sent.removed)}" if sent.removed else ""
    console.message(f"sent {counted(len(sent.pushed), 'session')} to {sent.remote}{removed}")
    console.warnings(sent.warnings)
    return 0


def pull(common: Common, remote: GitRemote = None, *, json: Json = False) -> int:
    """Fetch what other machines sent to the git remote.

    Then: handoff sessions --remote, handoff resume MACHINE/SESSION.

    Example:  handoff pull origin || echo "nothing fetched"
    """
    from handoff_cli.core.text import counted
    from handoff_cli.usecases.remote import pull as pull_sessions

    name, number = pull_sessions(common.place(), remote)
    console = common.console()
    if json:
        console.json({"remote": name, "sessions": number})
    else:
        console.message(f"{name} has {counted(number, 'session')} of other machines")
    return 0


def machine(common: Common, name: MachineName = None, *, json: Json = False) -> int:
    """Show this machine's name and id, or give it a name.

    The id stays: it stands in the names of references that only this machine writes.

    Example:  handoff machine laptop
    """
    from handoff_cli.usecases.remote import rename_machine, this_machine

    environ = common.place().environ
    named = rename_machine(environ, name) if name is not None else this_machine(environ)
    console = common.console()
    if json:
        console.json(named.to_dict())
    else:
        console.data(f"{named.name}  {named.id}")
    return 0
