"""Transcripts written and read in a test."""

from __future__ import annotations

import json

import pytest

from handoff_cli.agents.readers import iter_texts, read_transcript


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
