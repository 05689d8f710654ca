"""Of a request with output pasted into it the words stand, of what was pasted what says what went wrong."""

from __future__ import annotations

from handoff_cli.documents.extract.language.shortened import outline
from handoff_cli.documents.extract.requests.pasted import request_in

LOG = "\n".join(
    (
        *(f"[00:14:22.318,{n}] <inf> os: r{n}/a{n}:  0x2000d96c" for n in range(10)),
        "[00:14:22.319] <err> os: fatal error: stack overflow",
        *(f"[00:14:23.318,{n}] <inf> os: r{n}/a{n}:  0x2000d96c" for n in range(10)),
    )
)
WORDS = (
    "The board resets. Its console:",
    "Find the cause. No edits anywhere, I want evidence first. Ask before a flash.",
)


def test_the_words_around_pasted_output_stand_whole_and_of_the_output_what_went_wrong():
    told = request_in(f"{WORDS[0]}\n\n{LOG}\n\n{WORDS[1]}", 300)
    assert told.split("\n") == [WORDS[0], "… [00:14:22.319] <err> os: fatal error: stack overflow …", WORDS[1]]


def test_of_a_trace_that_was_pasted_the_frame_of_the_project_stands():
    trace = "\n".join(
        (
            "Traceback (most recent call last):",
            '  File "/srv/shop/stock/rows.py", line 34, in load',
            "    return parse(row)",
            *('  File "/usr/lib/python3/site-packages/csvs/read.py", line 9, in parse\n    raise it' for _ in range(4)),
            "ValueError: could not convert string to float: 'n/a'",
        )
    )
    told = request_in(f"{WORDS[0]}\n\n{trace}\n\n{WORDS[1]}", 300)
    assert "ValueError: could not convert string to float" in told
    assert "at shop/stock/rows.py:34" in told
    assert "at " not in request_in(f"{WORDS[0]}\n\n{LOG}\n\n{WORDS[1]}", 300).split("\n")[1]


def test_words_that_lead_to_a_block_in_a_fence_are_the_users_own():
    told = request_in(f"{WORDS[0]}\n\n```\n{LOG}\n```\n\n{WORDS[1]}", 300)
    assert (told.split("\n")[0], told.split("\n")[-1]) == WORDS


def test_requests_without_a_block_that_was_pasted_are_told_by_their_outline():
    """Items may be the user's own, and words that alone are too long leave no room for the output."""
    listed = "Do these\n\n" + "\n".join(f"{n}. make the import of the day {n} safe to repeat" for n in range(1, 20))
    long = f"{'The board resets when it is warm. ' * 20}\n{LOG}\n{WORDS[1]}"
    for text in (listed, long, "short"):
        assert request_in(text, 300) == outline(text, 300)
