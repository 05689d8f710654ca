"""Files are said in few words that can be read back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.transcript import FileTouch
from handoff_cli.documents.facts import ChangedFile, Story
from handoff_cli.documents.paths import common_folder, files_of, lines_of
from handoff_cli.documents.reading import files_in
from handoff_cli.documents.render import render

NAME = st.text("abcdefgh_.-", min_size=1, max_size=6).filter(lambda name: name.strip("."))
PATH = st.lists(NAME, min_size=1, max_size=4).map("/".join)


def touched(*paths, action="modified", count=1):
    return tuple(FileTouch(path, action, count) for path in paths)


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


def test_the_folder_of_most_files_is_left_off():
    files = files_of(touched("/h/p/src/a.py", "/h/p/src/b.py", "/h/p/src/c/d.py", "/tmp/x"), (), None)
    assert common_folder(files) == "/h/p/src/"
    assert lines_of(files, "/h/p/src/", lambda _: True)[0] == ["a.py", "b.py", "c/d.py", "/tmp/x"]


def test_less_room_gives_folders_with_names_and_then_counts():
    files = files_of([*touched("s/a.py", "s/b.py", count=3), *touched(*(f"t/{n}.py" for n in range(9)))], (), None)
    named, missing = lines_of(files, "", lambda lines: len(lines) < 3)
    assert (named, missing) == (["s/: a.py ×3, b.py ×3", f"t/: {', '.join(f'{n}.py' for n in range(9))}"], 0)
    counted, missing = lines_of(files, "", lambda lines: len("".join(lines)) < 50)
    assert counted[0] == "s/: a.py ×3, b.py ×3"
    assert missing > 0
    assert f"{missing} more" in counted[1]


def test_what_happened_to_a_file_is_named_unless_it_is_a_plain_edit():
    touches = (*touched("a", action="created"), *touched("b", action="deleted"), *touched("c", count=2), *touched("d"))
    lines, _ = lines_of(files_of(touches, (), None), "", lambda _: True)
    assert sorted(lines) == ["a created", "b deleted", "c ×2", "d"]


@given(st.lists(PATH, min_size=1, max_size=12, unique=True), st.sampled_from(["", "/home/me/repo/"]))
def test_files_listed_in_a_document_are_read_back(facts, paths, root):
    story = Story(files=touched(*(root + path for path in paths)))
    listed = {path for _, path in files_in(render(facts.replace(git=None, story=story)))}
    assert listed == {file.path for file in files_of(story.files, (), None)}
