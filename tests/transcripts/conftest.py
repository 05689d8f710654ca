"""Where the real transcripts lie, if this machine has them."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session")
def samples():
    folder = os.environ.get("HANDOFF_SAMPLES")
    if not folder or not os.path.isdir(folder):
        pytest.skip("HANDOFF_SAMPLES names no folder of real transcripts")
    return folder
