"""What the work was put into, by its own words: points of the last pull request, else of the last commits."""

from __future__ import annotations

from handoff_cli.documents.extract.facts import Request
from handoff_cli.documents.extract.told.delivered import delivered, work_of
from tests.documents.sessions import ran, told

COMMIT = """git commit -m "$(cat <<'EOF'
{subject}

{body}

Co-Authored-By: An Agent <agent@example.org>
EOF
)"
"""
BODY = """The rows of a whole table stood in memory, so that an import of a
million rows was killed. They are read in blocks now.

Changes:
- Read `prices` in blocks of 1,000 rows
- Keep the order of the rows that came in"""
PULL = """gh pr create --title "Stream the rows" --body "$(cat <<'EOF'
## Summary
- **Memory**: an import of a million rows was killed, it holds 1,000 at a time now
## Test plan
- [x] Unit tests pass on all three systems
- ran the import of last week again by hand
EOF
)"
"""


def delivered_by(*commands):
    return delivered(told(("user", "go"), commands=tuple(ran(it, "ok", 20 + at) for at, it in enumerate(commands))))


def test_a_commit_is_told_by_the_paragraphs_and_items_of_its_body_wrapped_lines_joined():
    (commit,) = delivered_by(COMMIT.format(subject="Read in blocks", body=BODY))
    assert commit.subject == "Read in blocks"
    whole = "The rows of a whole table stood in memory, so that an import of a million rows was killed."
    assert commit.points == (
        f"{whole} They are read in blocks now.",
        "Read `prices` in blocks of 1,000 rows",
        "Keep the order of the rows that came in",
    )


def test_of_a_pull_request_how_it_was_tested_is_left_out_and_older_commits_are_in_it():
    (pull,) = delivered_by(COMMIT.format(subject="Read in blocks", body=BODY), PULL)
    assert pull.subject == "Stream the rows"
    assert pull.points == ("Memory: an import of a million rows was killed, it holds 1,000 at a time now",)


def test_the_work_is_told_by_a_pull_request_without_how_it_was_tested():
    work = work_of(told(("user", "go on"), commands=(ran(PULL, "ok", 20),)), (Request(1, "go on", bare=True),), None)
    assert work.split("\n") == [
        "Stream the rows",
        "## Summary",
        "- **Memory**: an import of a million rows was killed, it holds 1,000 at a time now",
    ]


def test_a_commit_without_a_body_and_one_that_failed_say_nothing():
    assert delivered_by("git commit -qm 'Read in blocks'") == ()
    failed = ran(COMMIT.format(subject="Read in blocks", body=BODY), "failed", 20)
    assert delivered(told(("user", "go"), commands=(failed,))) == ()


def test_here_documents_that_are_begun_again_and_again_tell_nothing():
    """For each of them all that follows would be looked through."""
    endless = ran("git commit " + "<<A\nx\n" * 20_000, "ok", 20)
    assert work_of(told(("user", "go on"), commands=(endless,)), (Request(1, "go on", bare=True),), None) == ""


def test_an_issue_is_nothing_delivered_trailers_are_no_points_and_a_word_like_test_heads_no_tests():
    assert delivered_by(f"gh issue create --title 'Rows' --body '{BODY}'") == ()
    body = "## Checkout flow\n- The basket of a whole table is kept\n\nSigned-off-by: Ada <ada@example.org> of here"
    (commit,) = delivered_by(COMMIT.format(subject="Keep the basket", body=body))
    assert commit.points == ("The basket of a whole table is kept",)


def test_a_commit_beside_the_build_of_an_image_is_told_by_its_own_subject():
    body = "The rows of a whole table are read in blocks"
    (commit,) = delivered_by(f'docker build -t "shop:1.2" . && git commit -m "Fix import" -m "{body}"')
    assert (commit.subject, commit.points) == ("Fix import", (body,))
