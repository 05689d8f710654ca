"""Plain text: whatever it is, it can be counted."""

from __future__ import annotations


def test_text_is_counted_whole_and_nobody_said_it(read, texts):
    """The pieces join to the text."""
    content = "".join(f"line {n} of the log é\n" for n in range(30_000))
    assert (read(content).format, read(content).messages) == ("text", ())
    assert "".join(text for _, text in texts(content)) == content


def test_json_of_no_known_shape_is_text(read):
    """Better counted than refused."""
    assert read({"answer": 42}).format == "text"
