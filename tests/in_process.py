"""A command line run in this process as if in one of its own: starting Python takes longer than most commands."""

from __future__ import annotations

import io
import os
from contextlib import chdir, redirect_stderr, redirect_stdout
from typing import NamedTuple
from unittest import mock

from handoff_cli.__main__ import main


class Done(NamedTuple):
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def run(argv: tuple[str, ...], *, cwd: str | os.PathLike[str], env: dict[str, str], text: str = "") -> Done:
    """Run ``handoff argv`` in ``cwd`` with nothing but ``env`` set, given ``text`` to read."""
    stdin, out, err = (io.TextIOWrapper(io.BytesIO(data), encoding="utf-8") for data in (text.encode(), b"", b""))
    with (
        mock.patch.dict(os.environ, env, clear=True),
        mock.patch("sys.stdin", stdin),
        chdir(cwd),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = main(argv)
    said = []
    for stream in (out, err):
        stream.flush()
        said.append(stream.buffer.getvalue().decode())
    return Done(code, *said)
