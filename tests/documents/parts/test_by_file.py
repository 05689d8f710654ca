"""What compilers found, by file."""

from __future__ import annotations

from handoff_cli.documents.extract.failed import LiveFailure
from handoff_cli.documents.parts.by_file import files_of, lines_by_file, named_by_file

TYPE = "Property 'id' does not exist on type 'Result<{ id: string; bay: string; 7 more }, Wrong>'."


def found(*places):
    return [LiveFailure(name, why, "tsc", "types", 9) for name, why in places]


ERRORS = found(
    ("src/cli/load.ts(17,30)", TYPE),
    ("src/cli/load.ts(17,47)", TYPE.replace("'id'", "'at'")),
    ("src/jobs/free.ts(12,3)", TYPE),
    ("a/lock.go:4:2", '"acme.io/shop/cli/internal/lock" imported and not used'),
    ("a/lock.go:9:1", "undefined: Hold"),
)


def test_each_file_stands_with_its_places_and_what_is_wrong_there_once():
    assert [*lines_by_file(files_of(ERRORS), 5, 110)] == [
        "  src/cli/load.ts, 2 (at 17): Property 'id' does not exist on type 'Result<{…}, Wrong>'.",
        "  src/jobs/free.ts:12: the same",
        '  a/lock.go, 2 (at 4, 9): "…/lock" imported and not used; undefined: Hold',
    ]
    assert [*lines_by_file(files_of(ERRORS), 1, 110)][1:] == ["  and 3 more in 2 other files"]


def test_a_step_names_the_files_with_most_places_first():
    assert named_by_file(files_of(ERRORS)) == "the 5 errors in `load.ts` (2), `lock.go` (2), `free.ts` (1)"


def test_a_few_places_and_what_names_none_stand_one_by_one():
    assert files_of(ERRORS[:3]) == {}
    assert files_of([*ERRORS, *found(("test_a", "1 == 2"))]) == {}
