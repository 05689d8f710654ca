"""Conversations as text, given whole or piece by piece, as the events and the transcript that come of them."""

from __future__ import annotations

import pytest

from handoff_cli.agents.readers import read_pieces
from handoff_cli.transcripts import conversation
from handoff_cli.transcripts.source import Source


@pytest.fixture(scope="session")
def read():
    """The transcript of texts given one after the other."""
    return lambda *pieces: read_pieces("pieces", lambda: [(piece, True) for piece in pieces])


@pytest.fixture(scope="session")
def events():
    """The events of a text."""
    return lambda text: list(conversation.events(Source("text", text if isinstance(text, bytes) else text.encode())))


@pytest.fixture(scope="session")
def said(read):
    """Who said what in texts given one after the other."""
    return lambda *pieces: [(it.role, it.text) for it in read(*pieces).messages]
