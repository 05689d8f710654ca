"""What a command writes into a commit or a pull request, however it is given."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.commands.messages import account_of, commit_message, title_of
from tests.growth import assert_linear


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


@pytest.mark.parametrize(
    ("command", "account"),
    [
        ('docker build -t "shop:1.2" . && git commit -m "Fix import"', ("", "Fix import")),
        ('git commit -m "Fix import" && git tag -a v1 -m "Release 1.0"', ("", "Fix import")),
        ('git commit -m "Fix import" && git checkout -b "feature/x"', ("", "Fix import")),
        ('git commit -m "Fix import" && python -m "pytest"', ("", "Fix import")),
        ("git commit -m 'Fix import'\ncat > notes <<EOF\nother\nEOF", ("", "Fix import")),
        ("git commit -m 'Fix import; and more' -m 'a && b'", ("", "Fix import; and more\n\na && b")),
        ("git commit -m 'Use gh pr create --title \"x\" now'", ("", 'Use gh pr create --title "x" now')),
        ("git commit -m 'Fix' && git push && gh pr create \\\n  -t 'Rows' \\\n  -b 'Text'", ("Rows", "Text")),
        ("gh issue create -t 'Rows' -b 'Text' && git commit -m 'Fix'", ("", "Fix")),
        ("git commit -F - <<EOF\nFix import\n\nOf prices\nEOF\ngit push", ("", "Fix import\n\nOf prices")),
        ("gh issue create -t 'Rows' -b 'Text'", None),
        ("git add . && echo commit", None),
    ],
)
def test_of_a_line_of_several_commands_only_the_words_of_the_one_that_makes_it_are_told(command, account):
    assert account_of(command) == account


def test_a_release_has_a_title_and_the_tag_of_an_image_is_none():
    assert title_of('docker build -t "img:1" . && gh release create v1 -t "Release 1.0"') == "Release 1.0"
    assert title_of('docker build -t "img:1" . && gh release create v1') == ""


def test_a_message_goes_on_behind_a_line_that_ends_in_a_backslash():
    assert commit_message('git commit -m "Fix a \\\nand b"') == "Fix a and b"


def test_a_line_that_an_agent_signs_with_is_a_trailer_whatever_stands_before_it():
    assert commit_message("git commit -m 'Fix import\n\n    \U0001f916 Generated with an agent'") == "Fix import\n\n"


@pytest.mark.parametrize("piece", [" ", "=\n", "\n", "git ", "gh pr create ", "git commit -m 'a'; ", "\\\n"])
def test_a_message_is_read_in_time_that_grows_as_it_does(piece):
    assert_linear(lambda size: account_of(f"git commit -m '{piece * (size // len(piece))}x'"), 8_000)
    assert_linear(lambda size: account_of(f"git commit -m a {piece * (size // len(piece))}"), 8_000)
