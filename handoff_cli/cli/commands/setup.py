"""``init``, ``config``, ``doctor``, ``help``, ``version``: the folder, its settings, what is wrong, what there is.

And ``models``, ``simulate``, ``calibrate``: what is known of models, and what transcripts teach for the settings.
"""

from __future__ import annotations

import os
import sys

from handoff_cli.constants import VERSION
from handoff_cli.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.cli.console import Console
    from handoff_cli.cli.options import (
        Agent,
        AllProjectsOfUser,
        CommandName,
        Json,
        Key,
        ModelPattern,
        Threshold,
        Transcripts,
        Value,
    )
    from handoff_cli.cli.reader import Common
    from handoff_cli.state.store import Place
    from handoff_cli.transcripts.growth import Trip
    from handoff_cli.usecases.models import Simulation
    from handoff_cli.usecases.settings import Changed, SettingStatus


_MARKS = {"ok": " ", "note": "-", "problem": "!"}


def init(common: Common, *, json: Json = False) -> int:
    """Lay down .agent-handoffs/: state, guide and script forms.

    Nothing is overwritten. handoff track needs no init.

    Example:  handoff init
    """
    from handoff_cli.usecases.install import init as lay_down

    result, console = lay_down(common.place()), common.console()
    if json:
        console.json(result.to_dict())
        return 0
    console.text(f"{result.folder}: " + (f"made {', '.join(result.made)}" if result.made else "nothing to do"))
    if result.made and result.kept:
        console.text(f"kept as they were: {', '.join(result.kept)}")
    return 0


def config(common: Common, *, json: Json = False) -> int:
    """Read and change settings: list, get, set, unset, path, edit.

    Example:  handoff config set warning_threshold 0.75
    """
    return config_list(common, json=json)


def config_list(common: Common, *, json: Json = False) -> int:
    """List every setting: value, where it comes from, what it means.

    Example:  handoff config list --json
    """
    from handoff_cli.usecases.settings import list_settings, misspelt_keys

    place, console = common.place(), common.console()
    settings = list_settings(place)
    console.warnings(misspelt_keys(place))
    if json:
        console.json({setting.key: _as_json(setting) for setting in settings})
        return 0
    for setting in settings:
        console.data(f"{setting.key} = {_shown(setting.value)}  ({setting.origin})")
        console.text(f"    {setting.meaning}")
    return 0


def config_get(common: Common, key: Key, *, json: Json = False) -> int:
    """Print one setting's value.

    Example:  handoff config get warning_threshold
    """
    from handoff_cli.usecases.settings import get_setting

    setting, console = get_setting(common.place(), key), common.console()
    if json:
        console.json(_as_json(setting))
    else:
        console.data(_shown(setting.value))
    return 0


def config_set(common: Common, key: Key, value: Value, *, user: AllProjectsOfUser = False, json: Json = False) -> int:
    """Change a setting; the rest of the file, comments too, stays as it is.

    A share may be written 0.75, 75% or 75, a number of tokens 200000, 200k or 1M. Options go before variables
    (HANDOFF_ and the key in capitals), these before the session's file, the project's, and that of --user.

    Example:  handoff config set context_window_limit 200k
    """
    from handoff_cli.usecases.settings import set_setting, set_user_setting, told_of_model

    place = common.place()
    changed = set_user_setting(place, key, value) if user else set_setting(place, key, value)
    _tell(common, changed, as_json=json)
    if key == "model" and not changed.is_covered:
        warnings, told = told_of_model(place)
        common.console().warnings(warnings)
        common.console().message(told)
    return 0


def config_unset(common: Common, key: Key, *, user: AllProjectsOfUser = False, json: Json = False) -> int:
    """Remove a setting from the file, so that its default holds again.

    Example:  handoff config unset model
    """
    from handoff_cli.usecases.settings import set_user_setting, unset_setting

    place = common.place()
    _tell(common, set_user_setting(place, key, None) if user else unset_setting(place, key), as_json=json)
    return 0


def config_path(common: Common, *, user: AllProjectsOfUser = False, json: Json = False) -> int:
    """Print the path of the file that holds the settings.

    Example:  handoff config path --user
    """
    from handoff_cli.usecases.settings import settings_path

    path, console = settings_path(common.place(), user=user), common.console()
    if json:
        console.json({"path": path})
    else:
        console.data(path)
    return 0


def config_edit(common: Common, *, user: AllProjectsOfUser = False) -> int:
    """Open the file in $VISUAL, else $EDITOR, else vi (on Windows notepad), then check it.

    Example:  EDITOR=cat handoff config edit
    """
    import shlex
    import subprocess

    from handoff_cli.usecases.install import init as lay_down
    from handoff_cli.usecases.settings import make_user_settings, misspelt_keys, settings_path, trust_edited_commands

    place = common.place()
    file = settings_path(place, user=user)
    if user:
        make_user_settings(place)
    elif not os.path.exists(file):
        lay_down(place)
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor and (sys.stdin is None or not sys.stdin.isatty()):
        raise InputError("no editor is set, and there is no terminal", f"set EDITOR, or edit {file} with any editor")
    editor = editor or ("notepad" if sys.platform == "win32" else "vi")
    try:
        code = subprocess.run([*shlex.split(editor), file], check=False).returncode
    except (OSError, ValueError) as error:
        raise InputError(f"cannot run the editor {editor!r}: {error}", "set EDITOR to a command that exists") from None
    if code:
        raise InputError(f"the editor ended with exit code {code}", "the file is as the editor left it")
    trust_edited_commands(place, file)
    common.console().warnings(misspelt_keys(place))
    return 0


def doctor(common: Common, *, json: Json = False) -> int:
    """Look for what is wrong with the installation and the state.

    Versions, what is installed where, the project's state and locks, and the last failures of hooks.

    Exit codes: 0 nothing is wrong, 1 something is.

    Example:  handoff doctor --json
    """
    from handoff_cli.usecases.doctor import examine

    findings, console = examine(common.place()), common.console()
    if json:
        console.json([finding.to_dict() for finding in findings])
    else:
        for finding in findings:
            advice = f"; {finding.advice}" if finding.advice and finding.verdict == "problem" else ""
            console.data(f"{_MARKS[finding.verdict]} {finding.area}: {finding.name}: {finding.found}{advice}")
    return 1 if any(finding.verdict == "problem" for finding in findings) else 0


def help_(common: Common, *command: CommandName) -> int:  # noqa: ARG001 - as every command is called
    """Show the help of a command, as --help does.

    Example:  handoff help track
    """
    from handoff_cli.cli.app import run_typer
    from handoff_cli.cli.reader import take_apart

    return run_typer(take_apart([*command, "--help"]))


def version(common: Common, *, json: Json = False) -> int:
    """Show the version, of Python and of the system too with --json.

    Example:  handoff version --json
    """
    if not json:
        common.console().data(f"handoff {VERSION}")
        return 0
    import platform

    console = common.console()
    console.json({"handoff": VERSION, "python": platform.python_version(), "system": platform.platform()})
    return 0


def _tell(common: Common, changed: Changed, *, as_json: bool) -> None:
    """Say what was written where, or what holds where a setting was taken out, and what goes before it."""
    console, setting = common.console(), changed.in_force
    if as_json:
        console.json({**_as_json(setting), "written": changed.value, "file": changed.path})
    elif changed.value is None:
        console.text(f"{setting.key} = {_shown(setting.value)}  ({setting.origin})")
    else:
        console.text(f"{setting.key} = {_shown(changed.value)}  ({changed.path})")
    if changed.is_covered:
        console.message(f"here {setting.origin} goes before it: {setting.key} is {_shown(setting.value)}")


def _shown(value: Any) -> str:
    return "unset" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _as_json(setting: SettingStatus) -> dict[str, Any]:
    return {"value": setting.value, "origin": setting.origin, "meaning": setting.meaning}


def models(common: Common, pattern: ModelPattern = None, *, json: Json = False) -> int:
    """List models: window, input limit, encoding, factor, source, date.

    A factor says how many tokens of the model one of the encoding stands for; 'own' means that no scaling is needed.

    Example:  handoff models claude
    """
    from handoff_cli.cli.views import model_lines
    from handoff_cli.usecases.models import list_models

    rows, console = list_models(pattern), common.console()
    if json:
        console.json([row.to_dict() for row in rows])
        return 0
    for line in model_lines(rows):
        console.row(line)
    return 0


def simulate(common: Common, *transcripts: Transcripts, threshold: Threshold = None, json: Json = False) -> int:
    """Replay transcripts: would the threshold have tripped in time?

    For each compaction: where the threshold would have tripped, and how many responses and turns were left to write the
    handoff in; or that it was missed. Thresholds are shares of what can be used before the agent compacts.

    Example:  handoff simulate --threshold 0.7
    """
    from handoff_cli.cli.views import simulation_lines, simulation_summary
    from handoff_cli.usecases.models import simulate as replay_all
    from handoff_cli.usecases.models import summary

    console, place = common.console(), common.place()
    with console.progress(transcripts) as progress:
        simulations = replay_all(place, transcripts, threshold, progress.at)
    total = summary(simulations)
    if not simulations:
        _tell_of_none(console, place)
    if json:
        console.json({"transcripts": [_simulation_json(it) for it in simulations], **total.to_dict()})
        return 0
    for simulation in simulations:
        for line in simulation_lines(simulation):
            console.data(line)
    if simulations:
        console.data(simulation_summary(total))
    return 0


def calibrate(common: Common, *transcripts: Transcripts, agent: Agent = None, json: Json = False) -> int:
    """Learn from your transcripts how a model counts your text.

    For models without a public tokenizer, what each response added to the usage is compared with our count of the text.
    The factor is kept in the project's settings with its band and sample size; estimates use it from then on.

    Example:  handoff calibrate --agent claude
    """
    from handoff_cli.cli.views import learned_line
    from handoff_cli.core.text import counted
    from handoff_cli.usecases.models import calibrate as learn

    console = common.console()
    place = common.place()
    with console.progress(transcripts) as progress:
        result = learn(place, transcripts, agent, progress.at)
    if json:
        own = [it.calibration.to_dict() if it.calibration else None for it in result.learned]
        learned = [{**it.to_dict(), "calibration": one} for it, one in zip(result.learned, own, strict=True)]
        console.json({**result.to_dict(), "learned": learned})
    else:
        for it in result.learned:
            console.data(learned_line(it))
    console.warnings(f"skipped: {it}" for it in result.skipped)
    if not result.transcripts and not result.skipped:
        _tell_of_none(console, place)
        return 0
    kept = f"the factors are kept in {result.stored}" if result.stored else "nothing was learnt"
    why = "" if result.learned else ": no response in them tells the usage of a model without a public tokenizer"
    console.message(f"read {counted(len(result.transcripts), 'transcript')}; {kept}{why}")
    return 0


def _tell_of_none(console: Console, place: Place) -> None:
    project = os.path.dirname(place.project)
    console.message(f"no agent has left a transcript of {project} yet; name some")


def _simulation_json(simulation: Simulation) -> dict[str, object]:
    return {**simulation.to_dict(), "trips": [_trip_json(trip) for trip in simulation.trips]}


def _trip_json(trip: Trip) -> dict[str, object]:
    told = {name: value for name, value in trip.to_dict().items() if name != "figures"}
    return {**told, "compaction": trip.compaction.to_dict(), "missed": trip.missed()}
