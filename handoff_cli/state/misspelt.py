"""What to say of a state file's keys that are no settings but look like one."""

from __future__ import annotations

from handoff_cli.core import jsonc
from handoff_cli.core.misspelt import misspelt_settings
from handoff_cli.core.text import printable
from handoff_cli.state import snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def misspelt_lines(path: str, keys: Iterable[str]) -> tuple[str, ...]:
    """Return a line for a person on each of ``keys``, those of the state file ``path``, that looks misspelt."""
    return tuple(
        f"{path}: there is no setting '{printable(key)}', did you mean {meant}? (a key of your own can begin with _)"
        for key, meant in misspelt_settings(keys).items()
    )


def misspelt_in(*folders: str) -> tuple[str, ...]:
    """Return such lines on the state files in ``folders``, also on those that handoff itself wrote last.

    Raises:
        StateError: as ``snapshot.load``.
    """
    files = [loaded for folder in dict.fromkeys(folders) if (loaded := snapshot.load(folder))]
    return tuple(line for it in files for line in misspelt_lines(it.path, _keys(it.text)))


def _keys(text: str) -> list[str]:
    return [member.key for member in jsonc.members(text)]
