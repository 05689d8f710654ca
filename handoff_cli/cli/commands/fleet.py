"""``fleet``: sessions of all machines, through a PostgreSQL database."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.cli.console import Console
    from handoff_cli.cli.options import FleetName, InBackground, Json, Once, PrintSql, Since, WatchChanges
    from handoff_cli.cli.reader import Common
    from handoff_cli.state.store import Place


def fleet(common: Common, *, json: Json = False) -> int:
    """Share sessions through a PostgreSQL database: teams, fleets.

    Set it once: handoff config set --user fleet_url postgresql://USER@HOST/DATABASE (passwords belong into ~/.pgpass).
    Without a further word: fleet status. Needs the extra fleet.

    Example:  handoff fleet || handoff sessions
    """
    return fleet_status(common, json=json)


def fleet_init(common: Common, *, print_: PrintSql = False, json: Json = False) -> int:
    """Make the tables and roles in the database, or update them.

    What is there already stays. Run it again once a year: it makes the partitions of the months to come.

    Example:  handoff fleet init --print > fleet.sql
    """
    console = common.console()
    if print_:
        from handoff_cli.fleet.database import schema_sql

        console.document(schema_sql())
        return 0
    from handoff_cli.usecases.fleet import init

    made = init(common.place())
    if json:
        console.json(made.to_dict())
    elif made.before == made.version:
        console.message(f"{made.url}: schema {made.version} is there already")
    else:
        console.message(f"{made.url}: made schema {made.version}" + (f" of {made.before}" if made.before else ""))
    if made.roles_problem:
        advice = "who may, runs: handoff fleet init"
        console.warnings([f"the roles handoff_writer and handoff_reader were not made: {made.roles_problem}; {advice}"])
    return 0


def fleet_sync(common: Common, *, background: InBackground = False, json: Json = False) -> int:
    """Send what the database does not have yet of this project.

    Checkpoints, notes and usage of every session, archived ones too, and the handoffs, without secrets. Sent twice, a
    thing counts once. Hooks do this at the end of each turn, and so does a running handoff watch.

    Example:  handoff fleet sync || echo "not sent"
    """
    from handoff_cli.core.text import counted
    from handoff_cli.errors import HandoffError
    from handoff_cli.usecases.outbox import deliver, failures

    console, place = common.console(), common.place()
    try:
        sent = deliver(place)
    except HandoffError as error:
        if not background:
            raise
        if failures(place) <= 1:
            # One line for all the times it is tried again.
            from handoff_cli.usecases.hook_memory import log_problem

            log_problem(place.project, f"fleet_url: {error.message}; what is unsent is kept and tried again")
        return error.exit_code
    console.warnings(sent.warnings)
    if json:
        console.json(sent.to_dict())
    else:
        console.message(f"sent {counted(sent.entries, 'change')} of {counted(sent.sessions, 'session')} to {sent.url}")
    return 0


def fleet_status(common: Common, *, since: Since = None, watch: WatchChanges = False, json: Json = False) -> int:
    """List all sessions of all machines, the one seen last first.

    Who sent it, where, agent, model, share of the usable window, trend, when it was last seen by the server's clock,
    and how old its handoff is. With --watch: again whenever something changes, until Ctrl-C.

    Example:  handoff fleet status --since 2h || handoff sessions
    """
    import time

    from handoff_cli.usecases.fleet import status
    from handoff_cli.usecases.log import parse_since

    console, place = common.console(), common.place()
    after = parse_since(since, time.time()) if since else None
    if watch:
        return _watch(console, place, after, as_json=json)
    rows = status(place, after)
    if json:
        console.json([row.told() for row in rows])
        return 0
    console.fleet(rows)
    if not rows:
        console.message("no session: handoff fleet sync sends those of a project")
    return 0


def _watch(console: Console, place: Place, since: str | None, *, as_json: bool) -> int:
    """Show the fleet whenever something changes; where nobody looks, a line for each session that has moved."""
    from handoff_cli.usecases.fleet import watch

    known: dict[int, object] = {}
    seen = watch(place, since, lambda line: console.warnings([line]))
    try:
        if console.shows_live() and not as_json:
            with console.live() as live:
                for rows in seen:
                    console.fleet(rows, live)
        for rows in seen:
            moved = [row for row in rows if known.get(row.key) != (row.sequence, row.state)]
            known = {row.key: (row.sequence, row.state) for row in rows}
            for row in moved if as_json else ():
                console.json_line(row.told())
            if moved and not as_json:
                console.fleet(moved)
            console.flush()
    except KeyboardInterrupt:
        return 0
    return 0


def fleet_show(common: Common, session: FleetName, *, json: Json = False) -> int:
    """Show one session of the fleet and the end of its ledger.

    Example:  handoff fleet show laptop/20261123-517305728 || handoff sessions
    """
    from handoff_cli.cli.views import fleet_detail_lines
    from handoff_cli.usecases.fleet import show

    console = common.console()
    found, entries = show(common.place(), session)
    if json:
        console.json({**found.told(), "entries": entries})
        return 0
    for line in fleet_detail_lines(found, entries):
        console.data(line)
    return 0


def fleet_resume(common: Common, session: FleetName, *, json: Json = False) -> int:
    """Print what changed here since a session's handoff, then it.

    The handoff is laid beside our own, and the next session names it as the one it goes on from.

    Example:  handoff fleet resume laptop/20261123-517305728 || handoff resume
    """
    from handoff_cli.cli.commands.document import show_resumed
    from handoff_cli.usecases.fleet import resume

    return show_resumed(common.console(), resume(common.place(), session), as_json=json)


def fleet_metrics(common: Common, *, once: Once = False) -> int:
    """Send the fleet's figures as OpenTelemetry metrics.

    Gauges for each session seen within a day, counters by machine, agent and model; where to and how often is said by
    OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_METRIC_EXPORT_INTERVAL and their like. Until Ctrl-C; needs the extra otel.

    Example:  handoff fleet metrics --once || echo "no figures sent"
    """
    from handoff_cli.fleet.metrics import Exporter
    from handoff_cli.usecases.fleet import metrics

    place, console = common.place(), common.console()
    exporter = Exporter(lambda: metrics(place), lambda line: console.warnings([line]))
    if once:
        exporter.send()
        console.message("sent the fleet's metrics")
        return 0
    console.message("sending the fleet's metrics; Ctrl-C ends it")
    try:
        exporter.run()
    except KeyboardInterrupt:
        return 0
    return 0
