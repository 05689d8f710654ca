"""Members and tools that are named by words of other languages."""

from __future__ import annotations

from handoff_cli.transcripts.any_words import in_english


def test_members_are_named_by_english_words_at_any_depth_that_is_spoken_in():
    """What lies deeper than anybody speaks stays as it is, and nothing overflows."""
    deep: list[object] = []
    for _ in range(50_000):
        deep = [deep]
    found = in_english({"nachrichten": [{"inhalt": "Ja.", "x": deep}]})
    [turn] = found["nachrichten"]
    assert turn["text"] == "Ja."
    while turn["x"]:
        (turn["x"],) = turn["x"]
