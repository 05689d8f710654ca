"""Settings from environment variables: ``HANDOFF_`` and the setting's key in capitals."""

from __future__ import annotations

from handoff_cli.core.settings import SETTING_VARIABLES
from handoff_cli.core.text import printable
from handoff_cli.errors import StateError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def settings_from_environment(environ: Mapping[str, str]) -> list[tuple[str, dict[str, Any]]]:
    """Return a (variable's name, {key: value}) pair for each setting the environment sets; an empty one sets nothing.

    Raises:
        StateError: a value that the setting does not allow; names the variable, the value and what is allowed.
    """
    found = []
    for key, name in SETTING_VARIABLES.items():
        if text := environ.get(name):
            found.append((name, {key: parse_setting(key, text, name)}))
    return found


def parse_setting(key: str, text: str, name: str) -> Any:
    """Return ``text`` as a value of the setting ``key``; raises StateError, calling it ``name``, when it is not one."""
    from handoff_cli.state.schema import InvalidValueError, validate_settings

    try:
        return validate_settings({key: text}, from_text=True)[key]
    except InvalidValueError as error:
        allowed = error.problems[0].allowed
        raise StateError(f"{name} is '{printable(text)}', allowed: {allowed}", "mend the value or unset it") from None
