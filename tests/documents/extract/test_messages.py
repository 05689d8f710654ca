"""What a command writes into a commit or a pull request, however it is given."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.messages import commit_message, title_of


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (
            "git commit -m 'Read in blocks' -m 'A table of a million rows was killed.'",
            "Read in blocks\n\nA table of a million rows was killed.",
        ),
        ('git commit -am "Say \\"no rows\\" once"', 'Say \\"no rows\\" once'),
        ("gh pr create -t 'Rows' -b 'They are streamed.'", "They are streamed."),
        ("glab mr create --title 'Rows' --description 'They are streamed.'", "They are streamed."),
        ('gh pr create --title Rows --body "$(cat notes.md)"', ""),
        ("git commit -m 'Read in blocks\n\nSigned-off-by: Ada <ada@example.org>'", "Read in blocks\n\n"),
        ("echo 'git is fine'; git status -b 'x'", ""),
    ],
)
def test_the_text_is_what_stands_behind_any_of_the_options_without_trailers(command, message):
    assert commit_message(command) == message


def test_a_title_is_known_by_its_long_and_its_short_option_and_a_commit_has_none():
    assert title_of("gh pr create --title 'Stream the rows' --body x") == "Stream the rows"
    assert title_of('hub pr create -t "Stream the rows"') == "Stream the rows"
    assert title_of("git commit -m 'Stream the rows'") == ""
