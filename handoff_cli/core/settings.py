"""The settings: their table, how defaults, files and environment are put together, and slips of the pen."""

from __future__ import annotations

from handoff_cli.constants import (
    DEFAULT_COMMAND_TIMEOUT_SECONDS,
    DEFAULT_CONTEXT_WINDOW,
    DEFAULT_CRITICAL_THRESHOLD,
    DEFAULT_ENCODING,
    DEFAULT_KEPT_BYTES,
    DEFAULT_LOCK_TIMEOUT_SECONDS,
    DEFAULT_WARNING_THRESHOLD,
    ENCODINGS,
    ENV_SETTING_PREFIX,
    MAX_COMMAND_TIMEOUT_SECONDS,
    MAX_CONTEXT_WINDOW,
    MAX_KEPT_BYTES,
    MAX_LOCK_TIMEOUT_SECONDS,
    MAX_MODEL_CHARS,
    MIN_KEPT_BYTES,
)
from handoff_cli.core.fields import CommandText, DatabaseUrl, Flag, Number, OneOf, Share, Text, Whole
from handoff_cli.core.record import Record
from handoff_cli.core.text import printable, shorten
from handoff_cli.errors import StateError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from handoff_cli.core.fields import Field
    from handoff_cli.models.lookup import Calibration

MODEL_ID = Text(MAX_MODEL_CHARS, least=1, line=True)

SETTINGS: dict[str, Field] = {
    "context_window_limit": Whole(
        1,
        MAX_CONTEXT_WINDOW,
        meaning=f"Context window, tokens. Unset: the model's own, else {DEFAULT_CONTEXT_WINDOW:,}.",
    ),
    "usable_tokens": Whole(
        1,
        MAX_CONTEXT_WINDOW,
        meaning="Part of the window that fills before the agent compacts, tokens. Unset: as known of the agent.",
    ),
    "warning_threshold": Share(
        default=DEFAULT_WARNING_THRESHOLD,
        meaning=f"Share of the usable window at which the handoff is written. Unset: {DEFAULT_WARNING_THRESHOLD}.",
    ),
    "critical_threshold": Share(
        default=DEFAULT_CRITICAL_THRESHOLD,
        meaning=f"Share of the usable window that turns the bar red. Unset: {DEFAULT_CRITICAL_THRESHOLD}.",
    ),
    "model": Text(
        MAX_MODEL_CHARS,
        least=1,
        line=True,
        meaning="Model id; decides encoding and window where they are unset.",
    ),
    "encoding": OneOf(
        *ENCODINGS, meaning=f"tiktoken encoding to count with. Unset: the model's own, else {DEFAULT_ENCODING}."
    ),
    "lock_timeout_seconds": Number(
        0,
        MAX_LOCK_TIMEOUT_SECONDS,
        default=DEFAULT_LOCK_TIMEOUT_SECONDS,
        meaning=f"How long to wait for another writer, seconds. Unset: {DEFAULT_LOCK_TIMEOUT_SECONDS:g}.",
    ),
    "on_warning": CommandText(
        meaning="Command to run when the warning threshold is reached: a line, or a list of arguments."
    ),
    "on_critical": CommandText(meaning="Command to run when the critical threshold is reached. Unset: none."),
    "on_handoff": OneOf(
        "push",
        meaning="push: send sessions to the project's git remote whenever a handoff is written. Unset: nothing.",
    ),
    "command_shell": Flag(
        default=False,
        meaning="Whether a shell reads a command given as one line. Unset: no, it is only split into words.",
    ),
    "command_timeout_seconds": Number(
        0,
        MAX_COMMAND_TIMEOUT_SECONDS,
        above=True,
        default=DEFAULT_COMMAND_TIMEOUT_SECONDS,
        meaning=f"How long a command may run, seconds. Unset: {DEFAULT_COMMAND_TIMEOUT_SECONDS:g}.",
    ),
    "keep_text": Flag(default=True, meaning="Whether tracked text is kept, redacted, for the handoff. Unset: yes."),
    "keep_text_bytes": Whole(
        MIN_KEPT_BYTES,
        MAX_KEPT_BYTES,
        default=DEFAULT_KEPT_BYTES,
        meaning=f"How much of it is kept a session, bytes as stored. Unset: {DEFAULT_KEPT_BYTES:,}.",
    ),
    "fleet_url": DatabaseUrl(meaning="PostgreSQL database of the fleet, for all projects. Unset: none."),
    "fleet_wait": Flag(
        default=False, meaning="Whether track waits until the fleet's database has what it recorded. Unset: no."
    ),
}
"""What people may set, by key, in the order it is listed."""

SETTING_KEYS = tuple(SETTINGS)
OWN_SETTINGS = ("fleet_url", "fleet_wait")
"""Settings that are the user's for all projects: a project, which may be a stranger's, has no say in them."""

SETTING_VARIABLES = {key: ENV_SETTING_PREFIX + key.upper() for key in SETTING_KEYS}
"""The environment variable that sets each."""


class Settings(Record):
    """A session's settings; None means that nobody set the value and it follows from the model or a default.

    Windows are tokens, thresholds shares 0..1 of the usable window, time-outs seconds. ``on_warning`` and
    ``on_critical`` are commands: arguments, or one line. ``keep_text_bytes`` are bytes as stored. ``origins`` tells for
    each key that somebody did set where from: a file's path or an environment variable's name. ``calibrations`` are the
    user's own factors by model: learnt, not set.
    """

    context_window_limit: int | None = None
    usable_tokens: int | None = None
    warning_threshold: float = DEFAULT_WARNING_THRESHOLD
    critical_threshold: float = DEFAULT_CRITICAL_THRESHOLD
    model: str | None = None
    encoding: str | None = None
    lock_timeout_seconds: float = DEFAULT_LOCK_TIMEOUT_SECONDS
    on_warning: str | list[str] | None = None
    on_critical: str | list[str] | None = None
    on_handoff: str | None = None
    command_shell: bool = False
    command_timeout_seconds: float = DEFAULT_COMMAND_TIMEOUT_SECONDS
    keep_text: bool = True
    keep_text_bytes: int = DEFAULT_KEPT_BYTES
    fleet_url: str | None = None
    fleet_wait: bool = False
    origins: Mapping[str, str] = {}
    calibrations: Mapping[str, Calibration] = {}


class InvalidValueError(ValueError):
    """A value of the member ``key`` that is not ``allowed``, which is in words."""

    def __init__(self, key: str, value: Any, allowed: str) -> None:
        super().__init__(f"{key} is {shorten(repr(value), 60)}, allowed: {allowed}")
        self.key = key
        self.value = value
        self.allowed = allowed


def read_setting(key: str, text: str) -> Any:
    """Return the value of the setting ``key`` that ``text`` means; raises InvalidValueError where it means none."""
    field = SETTINGS[key]
    value = field.read(text)
    if value is None or not field.fits(value):
        raise InvalidValueError(key, field.shown(text), field.allowed)
    return value


def settings_in(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the settings among ``values``, as JSON holds them, and those of them that were written in another form.

    A key that is no setting, or whose value is null, is left out. Other forms are those people write, such as
    ``"80%"``, ``80`` and ``"200k"``; both results have the value that is meant.

    Raises:
        InvalidValueError: a value that the setting does not allow, or thresholds that contradict each other.
    """
    found, reread = {}, {}
    for key, field in SETTINGS.items():
        if (value := values.get(key)) is None:
            continue
        if not field.fits(value):
            value = reread[key] = _meant(key, value)
        found[key] = value
    warning, critical = found.get("warning_threshold"), found.get("critical_threshold")
    if warning is not None and critical is not None and critical < warning:
        raise InvalidValueError("critical_threshold", critical, f"at least warning_threshold, {warning:g}")
    return found, reread


def _meant(key: str, value: Any) -> Any:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        try:
            return read_setting(key, value if isinstance(value, str) else repr(value))
        except InvalidValueError:
            pass
    raise InvalidValueError(key, SETTINGS[key].shown(value), SETTINGS[key].allowed)


def settings_of_environment(environ: Mapping[str, str]) -> list[tuple[str, dict[str, Any]]]:
    """Return a (variable's name, {key: value}) pair for each setting the environment sets; an empty one sets nothing.

    Raises:
        StateError: a value that the setting does not allow; names the variable, the value and what is allowed.
    """
    found = []
    for key, name in SETTING_VARIABLES.items():
        if text := environ.get(name):
            found.append((name, {key: read_named_setting(key, text, name)}))
    return found


def read_named_setting(key: str, text: str, name: str) -> Any:
    """Return what ``read_setting`` does; raises StateError, calling the source ``name``, where ``text`` means none."""
    try:
        return read_setting(key, text)
    except InvalidValueError as error:
        why = f"{name} is '{printable(str(error.value))}', allowed: {error.allowed}"
        raise StateError(why, "mend the value or unset it") from None


def merge_settings(layers: list[tuple[str, Mapping[str, Any]]]) -> Settings:
    """Return the settings of ``layers``, each (origin, values by key), later layers over earlier ones."""
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for origin, layer in layers:
        for key in SETTING_KEYS:
            if layer.get(key) is not None:
                values[key] = layer[key]
                origins[key] = origin
    return _with_thresholds_in_order(Settings(**values, origins=origins))


def _with_thresholds_in_order(settings: Settings) -> Settings:
    """Let a threshold that nobody set give way to one that somebody did; raises StateError where both were set."""
    warning, critical = settings.warning_threshold, settings.critical_threshold
    if warning <= critical:
        return settings
    origins = settings.origins
    if "critical_threshold" not in origins:
        return settings.replace(critical_threshold=warning)
    if "warning_threshold" not in origins:
        return settings.replace(warning_threshold=critical)
    raise StateError(
        f"warning_threshold {warning:g} ({origins['warning_threshold']}) is above "
        f"critical_threshold {critical:g} ({origins['critical_threshold']})",
        "lower the first or raise the second",
    )


def is_model_id(value: Any) -> bool:
    """Return whether ``value`` can be a model's id: printable text on one line, 1 to 200 characters."""
    return MODEL_ID.fits(value)


_LIKENESS = 0.8
"""The share of letters in common from which on a key is taken for a misspelt one; ``warn_threshold`` has 0.9."""
_MAX_KEY_CHARS = 2 * max(map(len, SETTING_KEYS))
_MAX_LOOKED_AT = 200
"""A file with more keys than that is not one that somebody wrote by hand."""


def setting_meant(key: str) -> str | None:
    """Return the setting that ``key`` is a misspelling of, None where it is one, or is plainly something else.

    Capitals, ``-`` and ``_`` make no difference. A key that does not begin with a letter, such as ``_note``, is its
    owner's.
    """
    if key in SETTINGS or not key[:1].isalpha() or len(key) > _MAX_KEY_CHARS:
        return None
    from difflib import get_close_matches

    settings = {_plain(name): name for name in SETTING_KEYS}
    near = get_close_matches(_plain(key), settings, 1, _LIKENESS)
    return settings[near[0]] if near else None


def misspelt_settings(keys: Iterable[str]) -> dict[str, str]:
    """Return those of ``keys`` that look misspelt, each with the setting that is likely meant."""
    unknown = [key for key in keys if key not in SETTINGS][:_MAX_LOOKED_AT]
    return {key: meant for key in unknown if (meant := setting_meant(key))}


def _plain(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "")
