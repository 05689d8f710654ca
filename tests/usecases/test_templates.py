"""Which template makes the document, and what is said of one that does not render."""

from pathlib import Path

import pytest

from handoff_cli.constants import MAX_HANDOFF_BYTES
from handoff_cli.errors import InputError, TemplateError
from handoff_cli.usecases.place import locate
from handoff_cli.usecases.templates import (
    bare_facts,
    check_template,
    full_facts,
    read_template,
    shipped_template,
    template_in_force,
)

NAME = "SESSION_HANDOFF_TEMPLATE.md"


def test_the_session_s_own_goes_before_the_project_s_and_that_before_the_shipped(place, project):
    side = locate(str(project), "side")
    assert read_template(side, None) == (None, NAME)
    Path(place.folder).mkdir()
    (Path(place.folder) / NAME).write_text("project")
    assert read_template(side, None) == ("project", f"{place.folder}/{NAME}")
    Path(side.folder).mkdir(parents=True)
    (Path(side.folder) / NAME).write_text("session")
    assert template_in_force(side) == f"{side.folder}/{NAME}"
    assert template_in_force(place) == f"{place.folder}/{NAME}"
    (project / "named").write_text("named")
    assert read_template(side, "named") == ("named", "named")


def test_the_shipped_one_renders_with_all_and_with_nothing(project):
    (project / "t").write_text(shipped_template())
    check_template("t")


@pytest.mark.parametrize(
    ("text", "said"),
    [("{% if %}", "line 1"), ("\n{{ nothing.there.at.all }}", "line 2"), ("{{ ''.__class__ }}", "line 1")],
)
def test_one_that_fails_says_where(project, text, said):
    (project / "t").write_text(text)
    with pytest.raises(TemplateError, match=said):
        check_template("t")


def test_one_that_cannot_be_read_is_named(project):
    (project / "binary").write_bytes(b"\xff\xfe\x00")
    with open(project / "endless", "wb") as file:
        file.truncate(MAX_HANDOFF_BYTES + 1)
    for name in ("absent", "binary", ".", "endless", "a\0b"):
        with pytest.raises(InputError, match=f"cannot read the template {name}"):
            check_template(name)


def test_the_facts_it_is_checked_with_have_something_in_every_field():
    """A field that nobody fills is one whose rendering nobody checks."""
    full, bare = full_facts(), bare_facts()
    empty = {name for name, value in full.story.to_dict().items() if not value}
    assert empty == {"nameless"}, "a text in which nobody speaks has no story"
    assert (bare.story, bare.git, bare.notes) == (None, None, ())
