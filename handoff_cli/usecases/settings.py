"""Reading and changing settings."""

from __future__ import annotations

import os

from handoff_cli.constants import DEFAULT_ENCODING, STATE_FILE
from handoff_cli.core.record import Record
from handoff_cli.core.settings import SETTINGS, InvalidValueError, read_setting, setting_meant, settings_in
from handoff_cli.core.text import printable
from handoff_cli.errors import UsageError
from handoff_cli.state import store
from handoff_cli.usecases.commands import COMMAND_KEYS, trust_command
from handoff_cli.usecases.status import known_model, model_in_force, window_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.state.store import Place, View

    Value = int | float | str | list[str] | None


class SettingStatus(Record):
    """A setting in force: its ``value`` (None: unset, no default), its ``origin`` and what it means.

    ``origin`` is the path of a state file, the name of an environment variable, ``model table``, what an agent
    reported, or ``default``.
    """

    key: str
    value: Value
    origin: str
    meaning: str


def list_settings(place: Place) -> list[SettingStatus]:
    """Return every setting with its value in force; raises StateError when a file or variable cannot be understood."""
    view = store.read(place)
    settings, derived = view.settings, _derived(place, view)
    found = []
    for key, field in SETTINGS.items():
        value, origin = derived.get(key, (field.default, "default"))
        if key in settings.origins:
            value, origin = getattr(settings, key), settings.origins[key]
        found.append(SettingStatus(key, value, origin, field.meaning))
    return found


def _derived(place: Place, view: View) -> dict[str, tuple[Value, str]]:
    """Return value and origin of the settings that follow from the model and the session where nobody set them."""
    model = model_in_force(view.settings, view.session)
    window = window_of(view.settings, view.session, model, place.environ)
    thresholds = window.thresholds
    derived: dict[str, tuple[Value, str]] = {
        "context_window_limit": (thresholds.context_window_limit, window.source),
        "usable_tokens": (thresholds.usable_tokens, window.usable_source),
        "warning_threshold": (thresholds.warning, "default"),
        "critical_threshold": (thresholds.critical, "default"),
        "encoding": (DEFAULT_ENCODING, "default"),
    }
    if known := known_model(model):
        derived["encoding"] = (known.encoding, "model table")
    return derived


def misspelt_keys(place: Place) -> tuple[str, ...]:
    """Return a line for a person on each key in the state files of ``place`` that looks like a misspelt setting.

    Raises:
        StateError: a file cannot be understood.
    """
    from handoff_cli.state.snapshot import misspelt_in

    return misspelt_in(place.project, place.folder)


def get_setting(place: Place, key: str) -> SettingStatus:
    """Return one setting as ``list_settings`` does; raises UsageError for a key that does not exist."""
    _check_key(key)
    return next(setting for setting in list_settings(place) if setting.key == key)


def set_setting(place: Place, key: str, text: str) -> SettingStatus:
    """Set ``key`` to what ``text`` says, in the state file of the session at ``place``.

    Raises:
        UsageError: no such key, or a value it does not allow; nothing was written.
        StateError: the state cannot be read or written.
    """
    _check_key(key)
    try:
        value = read_setting(key, text)
        with store.opened(place) as session_store:
            settings_in({**session_store.own_settings, key: value})
            session_store.set_setting(key, value)
        trust_command(place.folder, key, value)
    except InvalidValueError as error:
        raise UsageError(f"{key} cannot be '{printable(text)}'", f"allowed: {error.allowed}") from None
    return get_setting(place, key)


def unset_setting(place: Place, key: str) -> SettingStatus:
    """Remove ``key`` from the state file of the session at ``place``; fine when it is not there."""
    _check_key(key)
    with store.opened(place) as session_store:
        if key in session_store.own_settings:
            session_store.set_setting(key, None)
    return get_setting(place, key)


def trust_edited_commands(place: Place) -> None:
    """Let the commands in the state file run from now on: the person has just looked at it. Errors as list_settings."""
    settings = store.read(place).settings
    for key in sorted(set(COMMAND_KEYS.values())):
        if settings.origins.get(key) == settings_path(place):
            trust_command(place.folder, key, getattr(settings, key))


def settings_path(place: Place) -> str:
    """Return the path of the state file that ``set_setting`` writes, whether it exists or not."""
    return os.path.join(place.folder, STATE_FILE)


def _check_key(key: str) -> None:
    if key not in SETTINGS:
        meant = setting_meant(key)
        hint = f"did you mean {meant}?" if meant else f"settings: {', '.join(SETTINGS)}"
        raise UsageError(f"there is no setting '{printable(key)}'", hint)
