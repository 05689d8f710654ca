"""Files of any size are read in bounded memory."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.agents.readers import read_transcript
from handoff_cli.transcripts import source
from handoff_cli.transcripts.events import Called, Rewound, Said, Seen
from handoff_cli.transcripts.source import (
    BLOCK_BYTES,
    Source,
    in_order,
    lines_backwards,
    plain,
    standing_rows,
    together,
)
from tests.transcripts import rows as r

LIMIT = 120 << 20
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
    """Write 40 MB of rows, one of them an image of 20 MB, another 10 MB of text."""
    text = "word and \u2603 more \n" * 500
    for number in range(2_000):
        stream.write(r.jsonl(r.claude_user(text), r.claude_response(1_000 + number, [{"type": "text", "text": text}])))
    stream.write(r.jsonl(r.claude_user([{"type": "image", "source": {"data": "QUJD" * (5 << 20)}}])))
    stream.write(r.jsonl(r.claude_user("tall tale " * (1 << 20))))
    stream.write(r.jsonl(r.claude_response(77_777)))


def document(stream):
    """Write 40 MB as one line."""
    message = json.dumps({"role": "user", "content": "word and \u2603 more \n" * 500})
    stream.write('{"messages": [' + message)
    for _ in range(3_400):
        stream.write(", " + message)
    stream.write('], "usage": {"prompt_tokens": 77777}}')


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize(("write", "format_"), [(log, "claude_code"), (document, "openai_chat")])
def test_memory_is_bounded(tmp_path, write, format_):
    """Transcript, texts and tail of a large file stay under 120 MiB together with the interpreter."""
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
        ("document", json.dumps([{"role": "user", "content": "x" * 200}] * 6_000)),
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


@given(st.lists(st.tuples(st.sampled_from([b"A", b"b+", b" ", b'"', b"x y"]), st.integers(1, 20_000)), max_size=6))
def test_long_encoded_runs_go_as_the_pattern_alone_would_have_it(parts):
    data = b"".join(unit * count for unit, count in parts)
    assert source.without_encoded_runs(data) == source._ENCODED_RUN.sub(b"", data)


def test_a_row_past_all_bounds_costs_no_search_for_images_and_is_passed_over(tmp_path, monkeypatch):
    """40 MB of words in one row: read once, in bounded memory; the pattern for images would take half a second."""

    class Dear:
        def sub(self, *_):
            raise AssertionError("nothing in it looks like an image")

    row = b'{"type":"user","text":"' + b"lorem ipsum " * 3_500_000 + b'"}'
    (tmp_path / "log.jsonl").write_bytes(b'{"a":1}\n' + row + b'\n{"b":2}\n')
    monkeypatch.setattr(source, "_ENCODED_RUN", Dear())
    read = Source(str(tmp_path / "log.jsonl"))
    assert list(read.rows()) == [{"a": 1}, {"b": 2}]
    assert read.oversized == 1
    with open(tmp_path / "log.jsonl", "rb") as stream:
        lines = [line for _, line in lines_backwards(stream, 0, os.path.getsize(tmp_path / "log.jsonl"))]
    assert [line for line in lines if line] == [b'{"b":2}', b'{"a":1}']


def standing(*rows):
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    return [row.get("n") for row in standing_rows(Source("log", data), "id", "up")]


def tree_row(name, up, n=None):
    return {"id": name, "up": up, "n": n or name}


def test_dead_branches_are_left_out():
    assert standing(tree_row("a", None), tree_row("b", "a"), tree_row("c", "b"), tree_row("d", "a")) == ["a", "d"]


def test_a_row_written_again_stands_where_it_was_written_last():
    assert standing(tree_row("a", None), tree_row("b", "a", "half"), tree_row("b", "a", "whole")) == ["a", "whole"]


def test_a_header_always_stands_and_a_parent_in_no_row_is_the_row_before():
    assert standing({"id": "h", "n": "h"}, tree_row("a", "h"), tree_row("b", "gone"), tree_row("c", "c")) == [
        "h",
        "a",
        "b",
        "c",
    ]


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.none() | st.sampled_from("abcdefx")), min_size=1, max_size=12))
def test_any_tree_ends_and_holds_its_last_row(pairs):
    """Loops among the parents included."""
    rows = [tree_row(name, up, number + 1) for number, (name, up) in enumerate(pairs)]
    found = standing(*rows)
    assert found[-1] == len(rows)
    assert found == sorted(found)
    assert len({rows[n - 1]["id"] for n in found}) == len(found)


READ_BY_NAME = {"documents", "tokens", "core", "models", "cli", "git", "fleet"}
"""Rooms that open files of our own, or those a person names, as ``<(a pipe)``, and no others."""


def test_what_stands_in_one_row_has_places_in_its_order_and_a_rewind_takes_back_whole_rows():
    """The reader goes on from its own rows."""
    said, called = Said("assistant", "I run it"), Called("1", "Bash", {})
    rows = [[Seen(), said, called], [said, called, called], [Rewound(1)], [said]]
    source = Source("-", b"")

    def events():
        for row, told in enumerate(rows, 1):
            source.position = row
            for event in told:
                assert source.position == row
                yield event

    placed = [(type(it).__name__, source.position) for it in in_order(source, events()) if not isinstance(it, Rewound)]
    assert placed == [("Seen", 1), ("Said", 1), ("Called", 2), ("Said", 3), ("Called", 4), ("Called", 5), ("Said", 6)]
    assert [it.position for it in in_order(source, events()) if isinstance(it, Rewound)] == [2]


def test_events_of_some_rows_come_together_each_with_its_position_and_the_reader_goes_on_from_its_own():
    """No more rows are held than a block has bytes; where nothing counts what was read, each event comes alone."""
    source, row = Source("-", b""), BLOCK_BYTES // 4

    def events(size):
        for number in range(1, 10):
            source.position = number
            source.taken += size
            yield Said("assistant", "I run it")
            assert source.position == number

    def positions_of(batch):
        places = [position for position, _ in batch]
        source.position = 0  # as whoever takes them in leaves it
        return places

    assert [*map(positions_of, together(source, events(row)))] == [[1, 2, 3, 4], [5, 6, 7, 8], [9]]
    assert [*map(positions_of, together(source, events(0)))] == [*([number] for number in range(1, 10)), []]


def test_every_file_of_an_agent_or_a_project_is_opened_by_one_door():
    """Each would be another place where a pipe or a device, laid or linked there, is waited for."""
    package = Path(source.__file__).parent.parent
    unguarded = [
        f"{file.relative_to(package)}:{node.lineno}"
        for file in sorted(package.rglob("*.py"))
        if file.relative_to(package).parts[0] not in READ_BY_NAME
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open"
        if not any(keyword.arg == "opener" for keyword in node.keywords)
    ]
    assert [it.rpartition(":")[0] for it in unguarded] == [
        "agents/make.py",  # a file that is there, as was looked before
        "state/named.py",  # it and what follows are files that people name
        "usecases/pieces.py",
        "usecases/processes.py",  # the system's own
        "usecases/templates.py",
        "usecases/track.py",
    ]


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_file_is_refused_at_once(tmp_path, kind):
    path = tmp_path / kind
    {"pipe": os.mkfifo, "device": lambda it: os.symlink("/dev/zero", it), "folder": os.mkdir}[kind](path)
    with pytest.raises(OSError, match="regular file|Is a directory"):
        plain(str(path), os.O_RDONLY)


def test_a_line_that_goes_on_past_a_part_is_not_read_to_its_end(tmp_path):
    """As the first line of a file of gigabytes would be, of which only the folder is asked."""
    log = tmp_path / "long.jsonl"
    log.write_bytes(b"{}\n")
    os.truncate(log, 1 << 40)
    assert list(Source(str(log), part=(0, 1 << 21)).lines()) == [b"{}"]
