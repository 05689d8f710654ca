"""Which machine this is: an id that stays, and a name one can set."""

from __future__ import annotations

import json
import os

from handoff_cli.core.record import Record
from handoff_cli.core.text import is_identifier
from handoff_cli.state.files import make_folder, read_bytes, replace_file
from handoff_cli.state.folder import user_settings_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = "machine.json"
_MAX_BYTES = 4096
_NAME_CHARS = 32


class Machine(Record):
    """A machine: its ``id``, fit for a reference's name, the ``name`` people know it by, and the file that says so."""

    id: str
    name: str
    path: str


def this_machine(environ: Mapping[str, str]) -> Machine:
    """Return this machine; the first call gives it an id, made of its host's name and 32 random bits.

    Raises:
        StateError: the file in the user's configuration folder cannot be read or written.
    """
    path = os.path.join(os.path.dirname(user_settings_path(environ)), _FILE)
    known = _known(path)
    if known is None:
        host = _host_name()
        known = {"id": f"{host}-{os.urandom(4).hex()}", "name": host}
        make_folder(os.path.dirname(path))
        replace_file(path, json.dumps(known).encode())
    return Machine(known["id"], known["name"], path)


def rename_machine(environ: Mapping[str, str], name: str) -> Machine:
    """Give this machine the ``name``; its id stays. Raises as ``this_machine``, and UsageError for what is no name."""
    from handoff_cli.errors import UsageError

    if not is_identifier(name) or len(name) > _NAME_CHARS:
        allowed = f"give up to {_NAME_CHARS} letters, digits, '.', '_' or '-', beginning with a letter or digit"
        raise UsageError(f"{name!r} can be no machine's name", allowed)
    machine = this_machine(environ).replace(name=name)
    replace_file(machine.path, json.dumps({"id": machine.id, "name": name}).encode())
    return machine


def _known(path: str) -> dict[str, str] | None:
    try:
        said = json.loads(read_bytes(path, _MAX_BYTES) or b"null")
    except ValueError:
        return None
    if not isinstance(said, dict) or not is_identifier(said.get("id")):
        return None
    name = said.get("name")
    return {"id": said["id"], "name": name if is_identifier(name) else said["id"]}


def _host_name() -> str:
    import socket

    plain = "".join(
        char if char.isascii() and char.isalnum() else "-" for char in socket.gethostname().partition(".")[0]
    )
    return plain.strip("-").lower()[:_NAME_CHARS].strip("-") or "machine"
