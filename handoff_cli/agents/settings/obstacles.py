"""What keeps an agent's hooks from running although they are in its settings: switches, and trust that is missing."""

from __future__ import annotations

import os

from handoff_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

_MAX_BYTES = 1 << 22


class Around(Record):
    """Where an agent runs: the user's ``home``, the ``project``'s folder and the environment."""

    home: str
    project: str
    environ: Mapping[str, str]

    def root(self, variable: str, below_home: str) -> str:
        """Return the folder that ``variable`` names, else the one below home."""
        return self.environ.get(variable) or os.path.join(self.home, below_home)


class Obstacle(Record):
    """What was ``found``, as a line for a person, and the ``advice``; a ``certain`` one keeps hooks from running."""

    found: str
    advice: str
    certain: bool = True


class Switch(Record):
    """A setting that switches hooks off: the member at ``path`` (dotted), where it is ``value`` or a list with it."""

    path: str
    value: object
    advice: str = "take it out, or hooks stay silent"


def switched_off(files: Iterable[str], *switches: Switch) -> Iterator[Obstacle]:
    """Yield an obstacle for each of ``switches`` that is set in one of the settings ``files``, JSON or TOML."""
    for file in files:
        values = read_settings(file)
        for switch in switches:
            found = member(values, switch.path)
            if found is switch.value or (isinstance(found, list) and switch.value in found):
                said = str(switch.value).lower() if isinstance(switch.value, bool) else switch.value
                yield Obstacle(f"hooks are switched off: {switch.path} is {said} in {file}", switch.advice)


def member(values: Any, path: str) -> Any:
    """Return the member of ``values`` at the dotted ``path``, None where there is none."""
    for name in path.split("."):
        values = values.get(name) if isinstance(values, dict) else None
    return values


def read_settings(path: str) -> Any:
    """Return what the settings file ``path`` holds; None where it is not there or cannot be understood."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read(_MAX_BYTES)
        if path.endswith(".toml"):
            from tomllib import loads

            return loads(text)
        from json import loads as loads_json

        from handoff_cli.core.jsonc import without_comments_and_commas

        return loads_json(without_comments_and_commas(text))
    except (OSError, ValueError, RecursionError):
        return None


def machine_file(linux: str, mac: str, windows: str) -> str:
    """Return the path of a file an administrator may have laid down on this system."""
    import sys

    return {"darwin": mac, "win32": windows}.get(sys.platform, linux)
