import os

import pytest

from handoff_cli.errors import InputError, StateError
from handoff_cli.state.folder import check_folders, find_folder, new_session_id, passed_over, prepare_folder
from handoff_cli.tokens.encode import cold_counter


def test_the_git_root_holds_the_folder(project):
    deep = project / "src" / "deep"
    deep.mkdir(parents=True)
    assert find_folder(str(deep)) == str(project / ".agent-handoffs")


def test_the_nearest_folder_wins_over_the_git_root(project):
    nearer = project / "src" / ".agent-handoffs"
    nearer.mkdir(parents=True)
    assert find_folder(str(project / "src")) == str(nearer)


def test_outside_git_it_is_the_working_directory(tmp_path):
    lone = tmp_path / "lone"
    lone.mkdir()
    assert find_folder(str(lone)) == str(lone / ".agent-handoffs")


@pytest.mark.parametrize("inside", [".agent-handoffs", ".agent-handoffs/archive/x", ".agent-handoffs/sessions/a"])
def test_it_is_never_nested_in_itself(project, inside):
    (project / inside).mkdir(parents=True)
    folder = str(project / ".agent-handoffs")
    assert find_folder(str(project / inside)) == folder
    assert find_folder("/", explicit=str(project / inside)) == folder


def test_an_explicit_folder_is_the_project_or_the_folder_itself(project):
    assert find_folder("/", explicit=str(project)) == str(project / ".agent-handoffs")
    (project / "elsewhere").mkdir()
    (project / "elsewhere" / "token_usage.json").write_text("{}")
    assert find_folder("/", explicit=str(project / "elsewhere")) == str(project / "elsewhere")


def test_an_explicit_folder_must_exist(project):
    (project / "file").write_text("")
    for path in ("absent", "file"):
        with pytest.raises(InputError, match=path):
            find_folder("/", explicit=str(project / path))


def test_links_and_files_in_its_place_are_refused(project):
    folder = project / ".agent-handoffs"
    folder.symlink_to("/tmp")
    with pytest.raises(StateError, match="symbolic link"):
        check_folders(str(folder), str(folder))
    folder.unlink()
    folder.write_text("")
    with pytest.raises(StateError, match="a file"):
        check_folders(str(folder), str(folder))


def test_another_users_folder_is_refused(project, monkeypatch):
    folder = project / ".agent-handoffs"
    folder.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: os.stat(folder).st_uid + 1)
    with pytest.raises(StateError, match="another user"):
        check_folders(str(folder), str(folder))


def test_a_new_folder_keeps_itself_out_of_git_and_an_emptied_ignore_file_stays_empty(project):
    folder = project / ".agent-handoffs"
    prepare_folder(str(folder), str(folder))
    assert "*" in (folder / ".gitignore").read_text().splitlines()
    (folder / ".lock").touch()
    (folder / ".gitignore").unlink()
    prepare_folder(str(folder), str(folder))
    assert not (folder / ".gitignore").exists()


def test_a_named_folder_is_where_the_search_begins_as_the_working_directory_is(project):
    deep = project / "src" / "deep"
    deep.mkdir(parents=True)
    assert find_folder("/", explicit=str(deep)) == find_folder(str(deep)) == str(project / ".agent-handoffs")


@pytest.fixture
def home(project):
    """The user's home with a folder of its own, and a project below it that is in no git."""
    home = project.parent / "home"
    (home / "work").mkdir()
    (home / ".agent-handoffs").mkdir()
    return home


def test_the_folder_in_the_home_is_not_taken_for_what_lies_below(home):
    own = str(home / "work" / ".agent-handoffs")
    assert find_folder(str(home / "work")) == find_folder("/", explicit=str(home / "work")) == own
    assert passed_over(own) == str(home / ".agent-handoffs")
    (home / ".git").mkdir()
    assert find_folder(str(home / "work")) == own


def test_the_folder_in_the_home_serves_the_home_itself(home):
    assert find_folder(str(home)) == str(home / ".agent-handoffs")
    assert passed_over(str(home / ".agent-handoffs")) is None


def test_a_folder_that_init_made_in_the_home_is_meant_for_all(home, handoff):
    handoff("--dir", str(home), "init")
    assert find_folder(str(home / "work")) == str(home / ".agent-handoffs")


def test_nothing_is_said_of_the_home_by_what_has_a_folder_or_a_git_root(home, project):
    assert passed_over(str(project / ".agent-handoffs")) is None
    (home / "work" / ".git").mkdir()
    assert passed_over(str(home / "work" / ".agent-handoffs")) is None


def test_session_ids_cost_a_document_the_same_tokens():
    """Else what fits its budget would depend on them."""
    count = cold_counter("o200k_base").count
    ids = {new_session_id(1_767_225_600.0) for _ in range(50)}
    assert len(ids) == 50
    assert len({count(f'session: "{it}"\n') for it in ids}) == 1
