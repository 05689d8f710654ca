"""Of traces and logs in a request what was typed stands, and what went wrong."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.requests.pasted import request_in
from handoff_cli.documents.extract.requests.pasted_logs import in_few, typed_words, without_frames
from tests.growth import calls_in

TRACE = """Traceback (most recent call last):
  File "/srv/shop/till/rows.py", line 34, in load
    return parse(row)
           ^^^^^^^^^^
  File "/usr/lib/python3.12/site-packages/csvs/read.py", line 9, in parse
    raise CsvError(
    ...<7 lines>...
    )
csvs.errors.CsvError: no row 12"""


def test_of_a_trace_what_was_raised_stands_with_the_last_place_of_the_project_and_the_words_around_it():
    told = without_frames(
        f"Now I get: WARNING:till.rows:Load failed\n{TRACE}. It is so after a cleanup. I want it robust."
    )
    assert told.split("\n") == [
        "Now I get: WARNING:till.rows:Load failed",
        "csvs.errors.CsvError: no row 12. It is so after a cleanup. I want it robust. (at shop/till/rows.py:34)",
    ]


def test_of_a_chain_each_error_stands_once():
    chain = f"{TRACE}\n\nDuring handling of the above exception, another exception occurred:\n\n"
    again = TRACE.replace("row 12", "row 134")
    told = without_frames(f"{chain}{TRACE.replace('CsvError: no row 12', 'IoError: disk full')}\n{again}")
    assert [it.partition(" (at")[0] for it in told.split("\n")] == [
        "csvs.errors.CsvError: no row 12",
        "csvs.errors.IoError: disk full",
        "csvs.errors.CsvError: no row 134",
    ][: 3 if "row 134" in told else 2]


@pytest.mark.parametrize(
    ("logged", "told"),
    [
        ('I see: INFO:     10.0.0.1:53 - "GET /a HTTP/1.1" 200 OK\nERROR:till:no row', ["I see:", "ERROR:till:no row"]),
        ('INFO:     10.0.0.1:53 - "GET /a HTTP/1.1" 400 Bad', ['INFO: 10.0.0.1:53 - "GET /a HTTP/1.1" 400 Bad']),
        ("ERROR:till:no row 4711\nERROR:till:no row 4712", ["ERROR:till:no row 4711"]),
        ("ERROR:till:no row\nINFO:till:Closed the day. Can you see why?", ["ERROR:till:no row", "Can you see why?"]),
        ('I see "INFO:till:row 1\nINFO:till:row 2" in the console but not on disk', ['I see "INFO:till:row 1']),
    ],
)
def test_of_log_lines_those_that_tell_of_trouble_stand_else_the_first(logged, told):
    assert without_frames(logged).split("\n")[: len(told)] == told


def test_a_request_without_traces_and_logs_is_told_as_it_is():
    for text in ("Mend the till at rows.py:34: it fails.", "INFO: the till is new.\nPlease look.", "look\nat the till"):
        assert without_frames(text) == text


def test_in_few_characters_what_was_typed_comes_before_the_ends_of_what_was_pasted():
    told = in_few(f"The till fails as soon as I open it at noon:\nERROR:till:{'no row ' * 90}in it", 200)
    first, last = told.split("\n")
    assert first == "The till fails as soon as I open it at noon:"
    assert last.startswith("ERROR:till:no row")
    assert last.endswith("in it")
    assert len(told) < 300
    assert request_in(f"Look:\n{TRACE}", 100) == "Look:\ncsvs.errors.CsvError: no row 12 (at shop/till/rows.py:34)"


def test_words_in_log_lines_were_not_typed():
    logged = (
        "And also: INFO:till:SET_UP ok\n2026-01-05 10:20:30 WARNING till.rows: NO_SUCH_ROW in it\nadd a `retry_row`"
    )
    assert [it.strip() for it in typed_words(logged).split("\n")] == ["And also:", "add a `retry_row`"]


def test_the_time_grows_with_the_text():
    few, many = (calls_in(lambda size=size: without_frames(TRACE * size)) for size in (20, 80))
    assert many < few * 6
