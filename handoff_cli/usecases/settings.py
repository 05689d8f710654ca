"""Reading and changing settings, and which commands among them were set on this machine.

``config set`` and ``config edit`` note the checksum of a command in the user's own folder: only such a one runs.
"""

from __future__ import annotations

import json
import os

from handoff_cli.constants import DEFAULT_ENCODING, STATE_FILE
from handoff_cli.core.json_edits import with_member, without_member
from handoff_cli.core.record import Record
from handoff_cli.core.settings import (
    OWN_SETTINGS,
    SETTINGS,
    InvalidValueError,
    read_setting,
    setting_meant,
    settings_in,
)
from handoff_cli.core.text import printable
from handoff_cli.errors import UsageError
from handoff_cli.state import snapshot, store
from handoff_cli.state.files import create_file, make_folder, read_bytes, replace_file
from handoff_cli.state.folder import FolderLock, user_settings_path
from handoff_cli.usecases.status import known_model, model_in_force, window_of, window_warnings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoff_cli.core.settings import Settings
    from handoff_cli.state.store import Place, View

    Value = int | float | str | list[str] | None


TRUSTED_KEYS = frozenset(("on_warning", "on_critical", "on_handoff"))
"""The settings that let something happen by themselves: a project of a stranger's may not set them."""

_TRUSTED_FILE = "trusted-commands"
_MAX_TRUSTED_BYTES = 1 << 20


class SettingStatus(Record):
    """A setting in force: its ``value`` (None: unset, no default), its ``origin`` and what it means.

    ``origin`` is the path of a file (the session's, the project's or the user's own), the name of an environment
    variable, ``model table``, what an agent reported, or ``default``.
    """

    key: str
    value: Value
    origin: str
    meaning: str


class Changed(Record):
    """A setting that was changed: the ``value`` now in the file at ``path`` (None: it was taken out).

    ``in_force`` is the setting as it then holds where it was changed: another file or a variable may go before.
    """

    value: Value
    path: str
    in_force: SettingStatus

    @property
    def is_covered(self) -> bool:
        """Whether something else goes before what was written."""
        return self.value is not None and self.in_force.origin != self.path


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


def set_setting(place: Place, key: str, text: str) -> Changed:
    """Set ``key`` to what ``text`` says, in the state file of the session at ``place``.

    Raises:
        UsageError: no such key, or a value it does not allow; nothing was written.
        StateError: the state cannot be read or written.
    """
    _check_key_of_project(key, f"handoff config set --user {key} VALUE")
    try:
        value = read_setting(key, text)
        with store.opened(place) as session_store:
            settings_in({**session_store.own_settings, key: value})
            _check_command(key, value, session_store.settings)
            session_store.set_setting(key, value)
        trust_command(place, place.folder, key, value)
    except InvalidValueError as error:
        raise UsageError(f"{key} cannot be '{printable(str(error.value))}'", f"allowed: {error.allowed}") from None
    return Changed(value, settings_path(place), get_setting(place, key))


def _check_command(key: str, value: object, settings: Settings) -> None:
    """Raise UsageError for a command in one line that cannot be split into words as it will be when it is to run."""
    if key not in ("on_warning", "on_critical") or not isinstance(value, str) or settings.command_shell:
        return
    import shlex

    try:
        shlex.split(value)
    except ValueError as error:
        raise UsageError(
            f"{key} cannot be '{printable(value)}': {str(error).lower()}", "close it, or give a list of arguments"
        ) from None


def set_user_setting(place: Place, key: str, text: str | None) -> Changed:
    """Set ``key`` for all projects to what ``text`` says, in the user's own file; None removes it there.

    A value of the project's own goes before it. Errors as ``set_setting``.
    """
    _check_key(key)
    path = user_settings_path(place.environ)
    try:
        value = None if text is None else read_setting(key, text)
        make_folder(os.path.dirname(path))
        with FolderLock(os.path.dirname(path), store.read(place).settings.lock_timeout_seconds):
            loaded = snapshot.load_file(path)
            settings_in({**(loaded.settings if loaded else {}), key: value})
            _check_command(key, value, store.read(place).settings)
            before = loaded.text if loaded else snapshot.EMPTY
            after = without_member(before, key) if value is None else with_member(before, key, value)
            replace_file(path, after.encode())
        if value is not None:
            trust_command(place, os.path.dirname(path), key, value)
    except InvalidValueError as error:
        raise UsageError(f"{key} cannot be '{printable(str(error.value))}'", f"allowed: {error.allowed}") from None
    return Changed(value, path, get_setting(place, key))


def told_of_model(place: Place) -> tuple[tuple[str, ...], str]:
    """Return warnings on the model in force at ``place``, and a line on what its window and its tokens are by."""
    from handoff_cli.tokens.count import Scale

    view = store.read(place)
    model = model_in_force(view.settings, view.session)
    window = window_of(view.settings, view.session, model, place.environ)
    scale = Scale(model, view.settings.encoding, calibrations=view.settings.calibrations)
    counting = scale.count(1).note or f"tokens counted in {scale.encoding}"
    tokens = f"window {window.thresholds.context_window_limit:,} tokens by {window.source}"
    return window_warnings(place, view), f"{tokens}; {counting}"


def unset_setting(place: Place, key: str) -> Changed:
    """Remove ``key`` from the state file of the session at ``place``; fine when it is not there.

    Errors as ``set_setting``.
    """
    _check_key_of_project(key, f"handoff config unset --user {key}")
    with store.opened(place) as session_store:
        if key in session_store.own_settings:
            session_store.set_setting(key, None)
    return Changed(None, settings_path(place), get_setting(place, key))


def trust_edited_commands(place: Place, path: str) -> None:
    """Let the commands in the file at ``path`` run from now on: the person has just looked at it.

    Errors as ``list_settings``.
    """
    settings = store.read(place).settings
    for key in sorted(TRUSTED_KEYS):
        if settings.origins.get(key) == path:
            trust_command(place, os.path.dirname(path), key, getattr(settings, key))


def trust_command(place: Place, folder: str, key: str, value: object) -> None:
    """Let the command ``value`` of the setting ``key`` in the session folder ``folder`` run from now on.

    Raises:
        StateError: the user's list of commands cannot be read or written.
    """
    if key not in TRUSTED_KEYS or value is None:
        return
    path = _trusted_path(place.environ)
    trusted = (read_bytes(path, _MAX_TRUSTED_BYTES) or b"").decode("ascii", "replace").splitlines()
    digest = _digest(os.path.realpath(folder), key, value)
    if digest not in trusted:
        make_folder(os.path.dirname(path))
        replace_file(path, "".join(f"{line}\n" for line in (*trusted, digest)).encode())


def is_trusted(origin: str, key: str, value: object, environ: Mapping[str, str]) -> bool:
    """Return whether the ``value`` of the setting ``key``, which comes from ``origin``, was set on this machine."""
    if os.sep not in origin:
        return True  # a variable of the environment
    listed = (read_bytes(_trusted_path(environ), _MAX_TRUSTED_BYTES) or b"").decode("ascii", "replace").splitlines()
    return _digest(os.path.realpath(os.path.dirname(origin)), key, value) in listed


def _trusted_path(environ: Mapping[str, str]) -> str:
    return os.path.join(os.path.dirname(user_settings_path(environ)), _TRUSTED_FILE)


def _digest(folder: str, key: str, value: object) -> str:
    from hashlib import sha256

    return sha256(json.dumps([folder, key, value]).encode()).hexdigest()


def settings_path(place: Place, *, user: bool = False) -> str:
    """Return the path of the file that ``set_setting`` (``user``: ``set_user_setting``) writes, there or not."""
    return user_settings_path(place.environ) if user else os.path.join(place.folder, STATE_FILE)


def make_user_settings(place: Place) -> None:
    """Lay down an empty file of the user's own settings where there is none."""
    path = user_settings_path(place.environ)
    make_folder(os.path.dirname(path))
    create_file(path, snapshot.EMPTY.encode())


def _check_key_of_project(key: str, instead: str) -> None:
    """Raise UsageError for a ``key`` that does not exist, or that no file of a project's sets."""
    _check_key(key)
    if key in OWN_SETTINGS:
        raise UsageError(f"{key} is set for all your projects", instead)


def _check_key(key: str) -> None:
    if key not in SETTINGS:
        meant = setting_meant(key)
        hint = f"did you mean {meant}?" if meant else f"settings: {', '.join(SETTINGS)}"
        raise UsageError(f"there is no setting '{printable(key)}'", hint)
