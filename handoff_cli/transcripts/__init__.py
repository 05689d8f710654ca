"""Readers of agents' transcripts and message formats, one file per format."""
