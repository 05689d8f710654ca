"""Settings after defaults, files and environment have been put together, and what follows from them."""

from __future__ import annotations

from handoff_cli.constants import (
    DEFAULT_COMMAND_TIMEOUT_SECONDS,
    DEFAULT_CRITICAL_THRESHOLD,
    DEFAULT_LOCK_TIMEOUT_SECONDS,
    DEFAULT_WARNING_THRESHOLD,
    ENCODINGS,
    ENV_SETTING_PREFIX,
    MAX_COMMAND_CHARS,
    MAX_COMMAND_TIMEOUT_SECONDS,
    MAX_CONTEXT_WINDOW,
    MAX_LOCK_TIMEOUT_SECONDS,
    MAX_MODEL_CHARS,
)
from handoff_cli.core.record import Record
from handoff_cli.errors import StateError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from handoff_cli.models.calibration import Calibration


class Settings(Record):
    """A session's settings; None means that nobody set the value and it follows from the model or a default.

    Windows are tokens, thresholds shares 0..1 of the usable window, time-outs seconds. ``on_warning`` and
    ``on_critical`` are commands: arguments, or one line. ``origins`` tells for each key that somebody did set where
    from: a file's path or an environment variable's name. ``calibrations`` are the user's own factors by model: learnt,
    not set.
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
    command_shell: bool = False
    command_timeout_seconds: float = DEFAULT_COMMAND_TIMEOUT_SECONDS
    origins: Mapping[str, str] = {}
    calibrations: Mapping[str, Calibration] = {}


SETTING_KEYS = tuple(name for name in Settings._fields if name not in ("origins", "calibrations"))
SETTING_VARIABLES = {key: ENV_SETTING_PREFIX + key.upper() for key in SETTING_KEYS}
"""The environment variable that sets each."""


def are_settings(values: Mapping[str, Any]) -> bool:
    """Return whether each of ``values``, settings by key as JSON holds them, has its type and lies in its range."""
    return all(_FITS[key](value) for key, value in values.items())


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
    return isinstance(value, str) and 0 < len(value) <= MAX_MODEL_CHARS and value.isprintable()


def _is_window(value: Any) -> bool:
    return type(value) is int and 0 < value <= MAX_CONTEXT_WINDOW


def _is_share(value: Any) -> bool:
    return type(value) in (int, float) and 0 < value <= 1


def _is_command(value: Any) -> bool:
    words = value if isinstance(value, list) else [value]
    texts = bool(words) and all(isinstance(word, str) and "\0" not in word for word in words)
    return texts and bool(words[0].strip()) and sum(map(len, words)) <= MAX_COMMAND_CHARS


_FITS: dict[str, Callable[[Any], bool]] = {
    "context_window_limit": _is_window,
    "usable_tokens": _is_window,
    "warning_threshold": _is_share,
    "critical_threshold": _is_share,
    "model": is_model_id,
    "encoding": ENCODINGS.__contains__,
    "on_warning": _is_command,
    "on_critical": _is_command,
    "command_shell": lambda value: isinstance(value, bool),
    "command_timeout_seconds": lambda value: type(value) in (int, float) and 0 < value <= MAX_COMMAND_TIMEOUT_SECONDS,
    "lock_timeout_seconds": lambda value: type(value) in (int, float) and 0 <= value <= MAX_LOCK_TIMEOUT_SECONDS,
}
