"""Files of any size are read in bounded memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from handoff_cli.agents.readers import read_transcript
from tests.transcripts import rows as r

LIMIT = 150 << 20
MEASURE = """
import re, sys
from handoff_cli.agents.readers import iter_texts, read_transcript
from handoff_cli.agents.readers import latest_usage
found = read_transcript(sys.argv[1])
for _ in iter_texts(sys.argv[1]): pass
latest_usage(sys.argv[1])
peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1])
print(found.format, found.usage.tokens, peak * 1024)
"""


def log(stream):
    """Write 60 MB of rows, one of them an image of 20 MB, another 10 MB of text."""
    text = "word and \u2603 more \n" * 500
    for number in range(3_000):
        stream.write(r.jsonl(r.claude_user(text), r.claude_response(1_000 + number, [{"type": "text", "text": text}])))
    stream.write(r.jsonl(r.claude_user([{"type": "image", "source": {"data": "QUJD" * (5 << 20)}}])))
    stream.write(r.jsonl(r.claude_user("tall tale " * (1 << 20))))
    stream.write(r.jsonl(r.claude_response(77_777)))


def document(stream):
    """Write 60 MB as one line."""
    message = json.dumps({"role": "user", "content": "word and \u2603 more \n" * 500})
    stream.write('{"messages": [' + message)
    for _ in range(5_000):
        stream.write(", " + message)
    stream.write('], "usage": {"prompt_tokens": 77777}}')


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize(("write", "format_"), [(log, "claude_code"), (document, "openai_chat")])
def test_memory_is_bounded(tmp_path, write, format_):
    """Transcript, texts and tail of a large file stay under 150 MiB together with the interpreter."""
    path = tmp_path / "large"
    with open(path, "w") as stream:
        write(stream)
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    found, tokens, peak = run.stdout.split()
    assert (found, tokens) == (format_, "77777")
    assert int(peak) < LIMIT


def test_progress_is_reported(tmp_path):
    """Rising, up to the size of the file, for logs and documents."""
    for name, content in (
        ("log", r.jsonl(r.claude_user("x")) * 2_000),
        ("document", json.dumps([{"role": "user", "content": "x"}] * 40_000)),
    ):
        path = tmp_path / name
        path.write_text(content)
        reports = []
        read_transcript(str(path), progress=lambda *report, reports=reports: reports.append(report))
        assert reports == sorted(reports)
        assert len(reports) > 3
        assert {total for _, total in reports} == {len(content)}


def test_a_long_run_of_letters_in_a_small_document_is_text(texts):
    """Only large documents are searched for images."""
    assert texts([{"role": "user", "content": "x" * 20_000}]) == [("user", "x" * 20_000)]


def test_oversized_rows_are_told_of(read):
    """A row past 8 MiB that is no image is skipped with a warning."""
    found = read(r.jsonl(r.claude_user("tall tale " * (1 << 20)), r.claude_response(99)))
    assert (found.usage.tokens, found.warnings) == (99, ("1 rows of more than 8 MiB skipped",))


def test_long_sessions_keep_their_beginning_and_their_end(read):
    """The first requests and the last; what was left out is said."""
    found = read(r.jsonl(*[r.claude_user(f"request {number}") for number in range(1_000)]))
    texts = [message.text for message in found.messages]
    assert (texts[0], texts[49], texts[50], texts[-1], len(texts)) == (
        "request 0",
        "request 49",
        "request 750",
        "request 999",
        300,
    )
    assert found.warnings == ("700 older messages left out",)
