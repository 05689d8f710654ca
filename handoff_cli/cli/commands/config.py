"""``handoff config``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from handoff_cli.cli.completion import complete_setting
from handoff_cli.cli.options import Json, refuse_before_command
from handoff_cli.errors import InputError

if TYPE_CHECKING:
    from handoff_cli.usecases.settings import SettingStatus

_Key = Annotated[str, typer.Argument(help="The setting.", autocompletion=complete_setting)]

_app = typer.Typer(rich_markup_mode=None, no_args_is_help=False)


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    app.add_typer(
        _app,
        name="config",
        help="Read and change settings: list, get, set, unset, path, edit.",
        epilog="Example:  handoff config set warning_threshold 0.75",
        invoke_without_command=True,
    )


@_app.callback()
def config(context: typer.Context, as_json: Json = False) -> int | None:
    """List the settings when no command is named."""
    if context.invoked_subcommand:
        refuse_before_command(context, "--json", given=as_json)
        return None
    return list_(context, as_json=as_json)


@_app.command("list", epilog="Example:  handoff config list --json")
def list_(context: typer.Context, as_json: Json = False) -> int:
    """List every setting: value, where it comes from, what it means."""
    from handoff_cli.usecases.settings import list_settings, misspelt_keys

    place, console = context.obj.place(), context.obj.console()
    settings = list_settings(place)
    console.warnings(misspelt_keys(place))
    if as_json:
        console.json({setting.key: _as_json(setting) for setting in settings})
        return 0
    for setting in settings:
        console.data(f"{setting.key} = {_shown(setting.value)}  ({setting.origin})")
        console.text(f"    {setting.meaning}")
    return 0


@_app.command("get", epilog="Example:  handoff config get warning_threshold")
def get(context: typer.Context, key: _Key, as_json: Json = False) -> int:
    """Print one setting's value."""
    from handoff_cli.usecases.settings import get_setting

    setting = get_setting(context.obj.place(), key)
    console = context.obj.console()
    if as_json:
        console.json(_as_json(setting))
    else:
        console.data(_shown(setting.value))
    return 0


@_app.command("set", epilog="Example:  handoff config set context_window_limit 200000")
def set_(context: typer.Context, key: _Key, value: Annotated[str, typer.Argument(help="Its new value.")]) -> int:
    """Change a setting; the rest of the file, comments too, stays as it is."""
    from handoff_cli.usecases.settings import set_setting

    setting = set_setting(context.obj.place(), key, value)
    context.obj.console().text(f"{key} = {_shown(setting.value)}  ({setting.origin})")
    return 0


@_app.command("unset", epilog="Example:  handoff config unset model")
def unset(context: typer.Context, key: _Key) -> int:
    """Remove a setting from the file, so that its default holds again."""
    from handoff_cli.usecases.settings import unset_setting

    setting = unset_setting(context.obj.place(), key)
    context.obj.console().text(f"{key} = {_shown(setting.value)}  ({setting.origin})")
    return 0


@_app.command("path", epilog="Example:  cat $(handoff config path)")
def path(context: typer.Context) -> int:
    """Print the path of the file that holds the settings."""
    from handoff_cli.usecases.settings import settings_path

    context.obj.console().data(settings_path(context.obj.place()))
    return 0


@_app.command("edit", epilog="Example:  EDITOR=nano handoff config edit")
def edit(context: typer.Context) -> int:
    """Open the file in $VISUAL or $EDITOR, then check it."""
    import shlex
    import subprocess

    from handoff_cli.usecases.init import init
    from handoff_cli.usecases.settings import misspelt_keys, settings_path, trust_edited_commands

    place = context.obj.place()
    file = settings_path(place)
    if not os.path.exists(file):
        init(place)
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        raise InputError("no editor is set", f"set EDITOR, or edit {file} with any editor")
    try:
        code = subprocess.run([*shlex.split(editor), file], check=False).returncode
    except (OSError, ValueError) as error:
        raise InputError(f"cannot run the editor {editor!r}: {error}", "set EDITOR to a command that exists") from None
    if code:
        raise InputError(f"the editor ended with exit code {code}", "the file is as the editor left it")
    trust_edited_commands(place)
    context.obj.console().warnings(misspelt_keys(place))
    return 0


def _shown(value: Any) -> str:
    return "unset" if value is None else str(value)


def _as_json(setting: SettingStatus) -> dict[str, Any]:
    return {"value": setting.value, "origin": setting.origin, "meaning": setting.meaning}
