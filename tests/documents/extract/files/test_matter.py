"""Places in what was read that share words with what is spoken of."""

from __future__ import annotations

from handoff_cli.documents.extract.files.matter import opened_at, places_of, words_in
from handoff_cli.documents.extract.files.texts import FilePart

LINES = (
    *(f"total_{number} = add(rows)" for number in range(20)),
    "def tidy(repo):",
    "    # Branches deleted here stay in the log.",
    "    for branch in stale(repo):",
    "        deleteShadowBranch(repo, branch)",
    *(f"rows_{number} = read(total)" for number in range(20)),
)
PART = FilePart("src/tidy.py", 10, LINES, 1)


def test_words_are_known_by_their_stems_in_names_too() -> None:
    assert words_in("deleteShadowBranches") == words_in("deleting the shadow branch")


def test_the_place_that_shares_most_words_is_found_though_no_name_is_spoken_of() -> None:
    place, *_ = places_of(
        [(PART, range(len(LINES)))], [(3.0, "It should have deleted the shadow branch of the repo.")], {}
    )
    assert place.first <= 23 < place.end


def test_where_a_name_is_known_places_without_one_do_not_count() -> None:
    spoken = [(3.0, "It should have deleted the shadow branch: see `total_7`.")]
    places = list(places_of([(PART, range(len(LINES)))], spoken, {"total_7": 3.0}))
    assert [7 in it.lines for it in places] == [True]


def test_a_name_within_a_string_or_a_comment_is_none_of_the_code() -> None:
    part = FilePart("a.ts", 10, ("// OpenTool is old", "const title = 'OpenTool';", "openIt();"), 1)
    assert list(places_of([(part, range(3))], [(3.0, "What is OpenTool?")], {"OpenTool": 3.0})) == []


def test_of_texts_far_from_the_work_nothing_is_looked_for() -> None:
    assert list(places_of([(PART, range(len(LINES)))], [(0.6, "deleted the shadow branch of the repo")], {})) == []


def test_no_place_begins_with_what_is_logged_and_one_begins_with_the_comment_above_it() -> None:
    logged = (
        'log.Info(ctx, "branch of the repo tidied",',
        '    slog.String("shadow", "branch"),',
        '    slog.Int("deleted", result.Deleted),',
        ")",
        "",
    )
    part = FilePart("src/tidy.go", 10, (*logged, *(line.removeprefix("    ") for line in LINES[21:24])), 1)
    spoken = [(3.0, "It should have deleted the shadow branch of the repo.")]
    place, *_ = places_of([(part, range(len(part.lines)))], spoken, {})
    assert place.first >= len(logged)
    assert not set(place.lines).intersection(range(len(logged)))
    assert opened_at(part.lines, place.first, 0) == len(logged)
