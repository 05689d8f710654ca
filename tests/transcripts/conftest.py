"""Where the real transcripts lie, if this machine has them."""

from __future__ import annotations

import json
import os

import pytest

from handoff_cli.agents.readers import iter_texts, read_transcript


@pytest.fixture(scope="session")
def samples():
    folder = os.environ.get("HANDOFF_SAMPLES")
    if not folder or not os.path.isdir(folder):
        pytest.skip("HANDOFF_SAMPLES names no folder of real transcripts")
    return folder


@pytest.fixture
def read(tmp_path):
    """Read what is given as if it were a file: text as it is, anything else as JSON."""

    def reading(content, format=None, name="transcript"):  # noqa: A002
        return read_transcript(written(tmp_path, content, name), format)

    return reading


@pytest.fixture
def texts(tmp_path):
    """The texts to count of what is given."""
    return lambda content: list(iter_texts(written(tmp_path, content, "transcript")))


def written(folder, content, name):
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(path)
