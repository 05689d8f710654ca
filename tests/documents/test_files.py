"""Files are said in few words that can be read back."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.transcript import FileTouch
from handoff_cli.documents.facts import ChangedFile
from handoff_cli.documents.files import changed_listing, common_folder, files_of, listings
from handoff_cli.documents.review import files_in
from tests.documents.sessions import render, story_of

NAME = st.text("abcdefgh_.-", min_size=1, max_size=6).filter(lambda name: name.strip("."))
ODD_NAME = st.one_of(
    NAME,
    st.text("ab ,:`\"'()×+−[]{}\n\té", min_size=1, max_size=8),
    st.sampled_from(["x created", "x (uncommitted)", "it ×3", "trail.py ", "Others by folder: z", "3 more", "```.py"]),
)
PATH = st.lists(NAME, min_size=1, max_size=4).map("/".join)


def touched(*paths, action="modified", count=1):
    return tuple(FileTouch(path, action, count) for path in paths)


def test_a_file_that_came_and_went_is_told_in_that_order_and_one_for_a_while_is_left_out():
    """What git still says of it is told."""
    touches = (
        *touched("a", "b", "/tmp/c", action="created"),
        *touched("a", "/tmp/c", "d", action="deleted"),
        *touched("d", action="created"),
    )
    listed = [it.lines for it in listings(files_of(touches, (), None), "") if it.form in ("path", "named")]
    assert listed[0] == ("a created then deleted", "d deleted then created", "b created")
    assert listed[1][0].removeprefix("./: ") == "a created then deleted, d deleted then created, b created"
    kept = files_of(touches, [ChangedFile("/tmp/c", "??")], None)
    assert "/tmp/c" in [it.path for it in kept]


def test_the_most_changed_files_come_first_and_those_only_read_last():
    touches = (
        FileTouch("r", "read", 9),
        FileTouch("a", "modified", 1),
        FileTouch("b", "modified", 3),
        FileTouch("b", "read", 1),
    )
    assert [file.path for file in files_of(touches, (), None)] == ["b", "a", "r"]


def test_paths_become_relative_to_the_project_and_git_s_word_stands_beside_them():
    changed = (ChangedFile("src/a.py", "modified", lines_added=1, lines_removed=2),)
    here = files_of(touched("/home/me/p/src/a.py"), changed, "/home/me/p")
    elsewhere = files_of(touched("/old/place/src/a.py", "/old/place/b.py"), changed, "/home/me/p")
    assert [(file.path, file.git) for file in here] == [("src/a.py", "(uncommitted +1 −2)")]
    assert [file.path for file in elsewhere] == ["src/a.py", "b.py"]


def forms(files, base=""):
    return {it.form: list(it.lines) for it in listings(files, base)}


def test_the_folder_of_most_files_is_left_off():
    files = files_of(touched("/h/p/src/a.py", "/h/p/src/b.py", "/h/p/src/c/d.py", "/tmp/x"), (), None)
    assert common_folder(files) == "/h/p/src/"
    assert forms(files, "/h/p/src/")["path"] == ["a.py", "b.py", "c/d.py", "/tmp/x"]


def test_less_room_gives_folders_with_names_then_names_alone_and_then_numbers():
    files = files_of([*touched("s/a.py", "s/b.py", count=3), *touched(*(f"t/{n}.py" for n in range(9)))], (), None)
    all_of_t = f"t/: {', '.join(f'{n}.py' for n in range(9))}"
    assert forms(files)["by folder"] == ["s/: a.py, b.py", all_of_t]
    assert forms(files)["named"] == ["s/: a.py, b.py", all_of_t]
    *_, least = listings(files, "")
    assert (least.lines, least.unnamed) == (("s/: a.py, b.py", "t/: 0.py, 1.py, 2.py, 6 more"), 6)


def test_each_form_names_no_more_than_the_one_before():
    files = files_of(touched(*(f"part{n % 5}/module_{n}.py" for n in range(80)), count=2), (), None)
    sizes = [len("\n".join(it.lines)) for it in listings(files, "")]
    assert sizes == sorted(sizes, reverse=True)
    assert [it.unnamed for it in listings(files, "")] == sorted(it.unnamed for it in listings(files, ""))


def test_the_ways_to_list_files_grow():
    files = files_of(touched(*(f"s/{n}.py" for n in range(9)), count=3), (), None)
    forms = changed_listing(files, "")
    assert [it.unnamed for it in forms] == sorted((it.unnamed for it in forms), reverse=True)
    assert forms[-1].text.count("\n") == 8


def test_a_file_that_a_shell_command_names_from_its_folder_is_the_same_file():
    files = files_of(touched("/home/me/p/src/a.py", "src/a.py", "b.py"), (), None)
    assert [(file.path, file.changes) for file in files] == [("/home/me/p/src/a.py", 2), ("b.py", 1)]


def test_relative_paths_lie_below_the_root_that_others_of_them_give_away():
    paths = ["/home/x/cart/src/pay/a.go", "src/pay/a.go", "src/web/b.go"]
    files = files_of([FileTouch(path, "modified", 1) for path in paths], (), None)
    assert [it.path for it in files] == ["/home/x/cart/src/pay/a.go", "/home/x/cart/src/web/b.go"]
    two_roots = [*paths, "/tmp/old/src/web/c.go", "src/web/c.go"]
    files = files_of([FileTouch(path, "modified", 1) for path in two_roots], (), None)
    assert "src/web/b.go" in [it.path for it in files]


def test_folders_stand_below_those_they_share_a_beginning_with():
    paths = ("/h/me/srv/app/a.py", "/h/me/srv/app/core/b.py", "/h/me/srv/app/core/c.py", "/h/me/plans/d.md")
    assert forms(files_of(touched(*paths), (), None))["named"] == [
        "/h/me/srv/app/: a.py",
        " core/: b.py, c.py",
        "/h/me/plans/: d.md",
    ]


def test_what_happened_to_a_file_is_named_unless_it_is_a_plain_edit():
    touches = (*touched("a", action="created"), *touched("b", action="deleted"), *touched("c", count=2), *touched("d"))
    listed = forms(files_of(touches, (), None))
    assert sorted(listed["path"]) == ["a created", "b deleted", "c", "d"]
    assert sorted(listed["named"][0].removeprefix("./: ").split(", ")) == ["a created", "b deleted", "c", "d"]


def read_back(listing, base):
    below = f", below `{base}`" if base else ""
    block = "\n".join(("````", *listing.lines, "````"))
    return [path for _, path in files_in(f"## Files\n\nChanged{below} [from transcript]:\n\n{block}\n")]


@pytest.mark.parametrize(
    "label", ["Not committed", "Edited since that commit", "Edited, and no check was run, not committed"]
)
def test_files_not_committed_are_read_back_from_the_state(label):
    text = f"## State\n\nMade, latest first:\n\n```\n1a2b3c4 b.py: c\n```\n\n{label}, below `/p/src/`:\n\n```\nui/: a.py ×2\n```\n"
    assert [path for _, path in files_in(text)] == ["/p/src/ui/a.py"]


def test_files_are_listed_below_the_folder_above_where_it_holds_all_of_them():
    """So is one beside the folder of most; one that lies further off stands with its whole path."""
    most = ("/p/shop/sql/1.sql", "/p/shop/sql/2.sql")
    for other, base in (
        ("/p/shop/docs/run.md", "/p/shop/"),
        ("/p/docs/run.md", "/p/shop/sql/"),
        ("/q", "/p/shop/sql/"),
    ):
        assert common_folder(files_of(touched(*most, other), (), None)) == base


def test_files_are_listed_below_the_project_that_holds_all_of_them_however_far_apart():
    """A folder that holds most would leave the others with whole paths beside its own."""
    most = [f"/home/me/shop/api/src/tools/{name}.py" for name in "abcdef"]
    files = files_of(touched(*most, "/home/me/shop/web/main.py"), (), None)
    assert common_folder(files) == "/home/me/shop/"
    assert common_folder(files_of(touched(*most, "/home/me/other.py"), (), None)) == "/home/me/shop/api/src/tools/"


@given(st.lists(PATH, min_size=1, max_size=12, unique=True), st.sampled_from(["", "/home/me/repo/"]), st.data())
def test_every_form_is_read_back(paths, root, data):
    files = files_of(touched(*(root + path for path in paths), *data.draw(OUTSIDERS)), (), None)
    base = common_folder(files)
    listing = data.draw(st.sampled_from([it for it in listings(files, base) if not it.unnamed]))
    assert sorted(read_back(listing, base)) == sorted(file.path for file in files)


OUTSIDERS = st.sampled_from(
    [(), ("/etc/outside.conf",), ("C:/Users/me/a.py", "C:/Users/me/b.py"), ("README", "docs/x.md")]
)


@given(
    st.lists(st.tuples(st.sampled_from(["", "src/", "src/a b/"]), ODD_NAME), min_size=1, max_size=6, unique=True),
    st.data(),
)
def test_names_that_look_like_something_else_are_read_back(pairs, data):
    files = files_of(touched(*(folder + name for folder, name in pairs), count=2), (), None)
    listing = data.draw(st.sampled_from([it for it in listings(files, "") if not it.unnamed]))
    assert sorted(read_back(listing, "")) == sorted(file.path for file in files)


@pytest.mark.parametrize("name", ["\x1b[2J", "\u202egnp", "\U000e0041", "\ud800", "a\u2028b"])
def test_no_name_draws_or_hides_and_all_are_read_back(name):
    files = files_of(touched(f"src/{name}", "src/b"), (), None)
    for listing in listings(files, ""):
        assert all(line.isascii() and line.isprintable() for line in listing.lines)
        assert sorted(read_back(listing, "")) == sorted(("src/b", f"src/{name}"))


def test_a_path_of_more_folders_than_calls_can_be_nested_is_listed():
    deep = "/".join("a" * 3_000)
    assert forms(files_of(touched(f"{deep}/x.py", "b/c.py"), (), None))["named"] == [f"{deep}/: x.py", "b/: c.py"]


def test_a_folder_without_a_name_in_it_is_not_listed():
    files = files_of(
        (*touched("top.py", count=9), *touched(*(f"some/long/folder/{n}/x.py" for n in range(8)))), (), None
    )
    for listing in listings(files, ""):
        for line, following in pairwise((*listing.lines, "end")):
            assert following.startswith(" ") or not line.endswith("/")


def test_files_outside_the_folder_of_most_are_not_listed_below_it():
    files = files_of(touched("src/a.py", "src/b.py", "src/c.py", "README.md"), (), None)
    assert common_folder(files) == ""
    absolute = files_of(touched("src/a.py", "src/b.py", "src/c.py", "src/d.py", "/etc/x", "C:/y"), (), None)
    assert common_folder(absolute) == "src/"


@given(st.lists(PATH, min_size=1, max_size=12, unique=True), st.sampled_from(["", "/home/me/repo/"]))
def test_files_listed_in_a_document_are_read_back(facts, paths, root):
    story = story_of(files=touched(*(root + path for path in paths)))
    listed = {path for _, path in files_in(render(facts.replace(git=None, story=story)))}
    assert listed == {file.path for file in files_of(story.changed.files, (), None)}


def test_a_path_below_the_folder_at_hand_is_that_of_the_same_file_told_whole():
    files = files_of(touched("./api/rates.py", "/srv/shop/api/rates.py"), (), None)
    assert [(it.path, it.changes) for it in files] == [("/srv/shop/api/rates.py", 2)]
