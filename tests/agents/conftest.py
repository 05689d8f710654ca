"""What tests of readers share, whether of agents or of message formats."""

from tests.transcripts.conftest import read, texts

__all__ = ["read", "texts"]
