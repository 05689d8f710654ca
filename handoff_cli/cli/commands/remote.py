"""``push``, ``pull`` and ``machine``: sessions on the project's git remote."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.cli.options import GitRemote, InBackground, Json, MachineName, NoText, Prune
    from handoff_cli.cli.reader import Common


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

    Example:  handoff push origin
    """
    from handoff_cli.cli.lines import counted
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

    Example:  handoff pull origin
    """
    from handoff_cli.cli.lines import counted
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
