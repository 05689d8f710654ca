"""Points in time as programs write them beside a name."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.conversation.marks.times import is_when, moment, without_times


@pytest.mark.parametrize(
    "text",
    [
        *("9:02 AM", "13 November 2025 at 09:05", "22h ago", "2d", "Nov 17, 2025", "9:02 AM Nov 17", "vor 3 Tagen"),
        *("il y a 2 jours", "hace 2 días", "17.11.2025 19:42", "Mon, Nov 17, 9:02 AM (2 days ago)", "yesterday"),
        *("Heute um 14:03 Uhr", "just now", "lun. 17 nov. 2025 à 09:02", "17/Nov/25 9:02 AM", "2025-11-17T09:02:00Z"),
    ],
)
def test_a_time_is_known_in_several_languages(text):
    assert is_when(text)


@pytest.mark.parametrize(
    "text", ["12", "May", "Sun", "3 days", "v1.2.3", "build 12:30", "12.5 h of work", "on the day", ""]
)
def test_a_number_a_name_or_a_sentence_is_no_time(text):
    assert not is_when(text)


@pytest.mark.parametrize(
    "text",
    [
        *("Montag, 17. November 2025 09:02", "lundi 17 novembre 2025 09:02", "Monday, November 17, 2025 9:02 AM"),
        *("17.11.2025 um 09:02", "2025-11-17 09:02", "17 de noviembre de 2025, 9:02"),
    ],
)
def test_a_day_with_its_year_is_told_in_any_order(text):
    assert f"{moment(text):%Y-%m-%d %H:%M}" == "2025-11-17 09:02"


def test_what_names_no_day_with_its_year_is_no_moment():
    assert [moment(it) for it in ("17.11. 09:02", "yesterday", "99. November 2025")] == [None] * 3


def test_lines_that_differ_in_times_only_are_the_same_without_them():
    assert without_times("Comment 3 by Ada, 2 days ago") == without_times("Comment 12 by Ada, 1 day ago")
    assert without_times("Ada on Nov 17, 9:02 AM") == without_times("Ada on Dec 1, 11:40 PM")
