"""``init``, ``config``, ``doctor``, ``help``, ``version``: the folder, its settings, what is wrong, what there is."""

from __future__ import annotations

import os
import sys

from handoff_cli.constants import VERSION
from handoff_cli.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.cli.options import AllProjectsOfUser, CommandName, Json, Key, Value
    from handoff_cli.cli.reader import Common
    from handoff_cli.usecases.settings import SettingStatus

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
    from handoff_cli.usecases.settings import doubts, set_setting, set_user_setting

    place = common.place()
    found = set_user_setting(place, key, value) if user else set_setting(place, key, value)
    code = _tell(common, found, as_json=json)
    common.console().warnings(doubts(place, key))
    return code


def config_unset(common: Common, key: Key, *, user: AllProjectsOfUser = False, json: Json = False) -> int:
    """Remove a setting from the file, so that its default holds again.

    Example:  handoff config unset model
    """
    from handoff_cli.usecases.settings import set_user_setting, unset_setting

    place = common.place()
    return _tell(common, set_user_setting(place, key, None) if user else unset_setting(place, key), as_json=json)


def config_path(common: Common, *, user: AllProjectsOfUser = False, json: Json = False) -> int:
    """Print the path of the file that holds the settings.

    Example:  cat $(handoff config path)
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

    Example:  EDITOR=nano handoff config edit
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


def _tell(common: Common, setting: SettingStatus, *, as_json: bool) -> int:
    """Say what a setting is now."""
    console = common.console()
    if as_json:
        console.json(_as_json(setting))
    else:
        console.text(f"{setting.key} = {_shown(setting.value)}  ({setting.origin})")
    return 0


def _shown(value: Any) -> str:
    return "unset" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _as_json(setting: SettingStatus) -> dict[str, Any]:
    return {"value": setting.value, "origin": setting.origin, "meaning": setting.meaning}
