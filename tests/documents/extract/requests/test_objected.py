"""What was made that the latest request objects to."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit
from handoff_cli.documents.extract.requests.objected import objected_to
from tests.documents.sessions import told


def test_an_objection_names_the_largest_change_it_is_about():
    made = (
        Edit("docs/plan.md", 15, "modified", "", "## Edge cases\n" + "one more case\n" * 30),
        Edit("src/a.py", 16, "modified", "a = 1", "a = 2"),
    )
    said = (("user", "write the plan"), ("assistant", "Done."), ("user", "that is overcomplicated, keep it simple"))
    asked = told(*said).messages[-1].position
    before = tuple(it.replace(position=asked - 2 + at) for at, it in enumerate(made))
    assert "plan.md: + Edge cases" in objected_to(told(*said, edits=before), asked)
    since = Edit("docs/plan.md", asked + 5, "modified", "one more case", "")
    assert objected_to(told(*said, edits=(*before, since)), asked) == ""
    parts = "\n".join(f"**{n}. Rows of kind {n} (rare)**\n\none more case" for n in range(1, 5))
    numbered = (before[0].replace(new=f"## Edge cases\n{parts}"),)
    told_of = objected_to(told(*said, edits=numbered), asked)
    assert told_of.endswith(", 4 parts: Rows of kind 1; Rows of kind 2; Rows of kind 3; Rows of kind 4")
    cut = f"## Edge cases\n{parts.partition('**3')[0]}… [900 characters] …\n**9. Rows of no kind**\nlast"
    assert "at least 9 parts: Rows of kind 1; Rows of kind 2; Rows of no kind; …" in objected_to(
        told(*said, edits=(before[0].replace(new=cut),)), asked
    )
    agreed = (*said[:2], ("user", "good, now the tests"))
    assert objected_to(told(*agreed, edits=before), asked) == ""


@pytest.mark.parametrize(
    ("words", "so"),
    [
        ("look how the other reader does edge cases, don't overcomplicate", True),
        ("keep it simple with these cases at the edge", True),
        ("now the second reader, don't overcomplicate it", False),
        ("the cases at the edge are fine, now the tests", False),
    ],
)
def test_a_warning_of_too_much_objects_to_what_it_speaks_of(words, so):
    made = Edit("docs/plan.md", 12, "modified", "", "## Edge cases\n" + "one more case\n" * 30)
    said = (("user", "write the plan"), ("assistant", "Done."), ("user", words))
    asked = told(*said).messages[-1].position
    assert bool(objected_to(told(*said, edits=(made.replace(position=asked - 1),)), asked)) is so


def test_an_objection_that_names_something_is_to_the_change_that_has_it_of_several():
    """To none where none does; words without any are to the largest."""

    def objected(words):
        said = (("user", "mend the leak"), ("assistant", "Done."), ("user", words))
        asked = told(*said).messages[-1].position
        made = (
            Edit("src/store.py", asked - 2, "modified", "a = 1", "store = open_store()\nstore.close()\n"),
            Edit("setup.cfg", asked - 1, "modified", "warnings = all", "warnings = filtered"),
        )
        return objected_to(told(*said, edits=made), asked)

    assert objected("No, why are warnings filtered if they are mended?").startswith("setup.cfg")
    assert objected("No, why is the lamp of the cellar dark?") == ""
    assert objected("No, that is wrong.").startswith("store.py")
