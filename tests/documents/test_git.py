"""What git says about a repository, in every state one can be in, without letting it run anything."""

from __future__ import annotations

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import pytest

from handoff_cli import git
from handoff_cli.documents.facts import ChangedFile
from handoff_cli.documents.git import commits_since, gather_git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="these claims are about git")


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path, monkeypatch):
    configuration = tmp_path / "gitconfig"
    configuration.write_text('[user]\nname=A\nemail=a@b\n[init]\ndefaultBranch=main\n[protocol "file"]\nallow=always\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(configuration))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))


def run(folder, *arguments):
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path):
    """A repository with one commit of ``a`` and ``b``."""
    folder = tmp_path / "project"
    folder.mkdir()
    run(folder, "init")
    (folder / "a").write_text("one\ntwo\n")
    (folder / "b").write_text("some lines that make\na rename easy to see\n")
    run(folder, "add", ".")
    run(folder, "commit", "-m", "First | `subject`\n\nbody")
    return folder


def changes(facts):
    return {file.path: file.change for file in facts.changed}


def test_branch_head_and_commits(repository):
    facts = gather_git(str(repository))
    assert facts.branch == "main"
    assert facts.head == run(repository, "rev-parse", "--short", "HEAD")
    assert [commit.subject for commit in facts.commits] == ["First | `subject`"]
    assert (facts.upstream, facts.ahead, facts.behind, facts.stashes) == (None, None, None, 0)
    assert facts.changed == facts.unread == ()


def test_only_the_last_five_commits_newest_first(repository):
    for number in range(6):
        run(repository, "commit", "--allow-empty", "-m", f"commit {number}")
    assert [commit.subject for commit in gather_git(str(repository)).commits] == [
        f"commit {n}" for n in (5, 4, 3, 2, 1)
    ]


def test_every_kind_of_change_with_its_lines(repository):
    (repository / "a").write_text("one\n2\n3\n")
    run(repository, "mv", "b", "c")
    (repository / "new").write_text("x\n")
    run(repository, "add", "new")
    (repository / "loose").write_text("x\n")
    (repository / "binary").write_bytes(b"\0\1")
    run(repository, "add", "binary")
    assert gather_git(str(repository)).changed == (
        ChangedFile("a", "modified", staged=False, lines_added=2, lines_removed=1),
        ChangedFile("binary", "added", staged=True),
        ChangedFile("c", "renamed", staged=True, origin="b", lines_added=0, lines_removed=0),
        ChangedFile("new", "added", staged=True, lines_added=1, lines_removed=0),
        ChangedFile("loose", "untracked"),
    )


def test_a_deleted_file_and_one_that_became_a_link(repository):
    (repository / "a").unlink()
    (repository / "b").unlink()
    (repository / "b").symlink_to("elsewhere")
    assert changes(gather_git(str(repository))) == {"a": "deleted", "b": "retyped"}


def test_a_conflict(repository):
    run(repository, "checkout", "-b", "other")
    (repository / "a").write_text("theirs\n")
    run(repository, "commit", "-am", "theirs")
    run(repository, "checkout", "main")
    (repository / "a").write_text("ours\n")
    run(repository, "commit", "-am", "ours")
    subprocess.run(["git", "merge", "other"], cwd=repository, check=False, capture_output=True)
    assert changes(gather_git(str(repository))) == {"a": "conflicted"}


@pytest.mark.parametrize(
    "name", ["new\nline", 'quo"te', "-dash", "# branch.head evil", "tab\there", "漢字 name", "a b"]
)
def test_strange_file_names_are_whole(repository, name):
    (repository / name).write_text("x")
    run(repository, "add", "--", name)
    assert gather_git(str(repository)).changed == (ChangedFile(name, "added", True, lines_added=1, lines_removed=0),)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_not_utf8_is_shown_by_its_bytes(repository):
    with open(os.fsencode(repository) + b"/\xff", "w") as file:
        file.write("x")
    assert changes(gather_git(str(repository))) == {"\\xff": "untracked"}


def test_handoffs_own_folder_is_never_listed(repository):
    for folder in (".agent-handoffs", "sub/.agent-handoffs"):
        (repository / folder).mkdir(parents=True)
        (repository / folder / "token_usage.json").write_text("{}")
    run(repository, "add", "sub")
    assert gather_git(str(repository)).changed == ()


def test_ahead_behind_and_upstream(repository, tmp_path):
    run(tmp_path, "clone", str(repository), "clone")
    clone = tmp_path / "clone"
    run(repository, "commit", "--allow-empty", "-m", "theirs")
    run(clone, "fetch")
    run(clone, "commit", "--allow-empty", "-m", "ours 1")
    run(clone, "commit", "--allow-empty", "-m", "ours 2")
    facts = gather_git(str(clone))
    assert (facts.upstream, facts.ahead, facts.behind) == ("origin/main", 2, 1)


def test_stashes_are_counted(repository):
    (repository / "a").write_text("x")
    run(repository, "stash")
    assert gather_git(str(repository)).stashes == 1


def test_an_unborn_branch(tmp_path):
    run(tmp_path, "init", "empty")
    (tmp_path / "empty" / "x").write_text("x")
    facts = gather_git(str(tmp_path / "empty"))
    assert (facts.branch, facts.head, facts.commits) == ("main", None, ())
    assert changes(facts) == {"x": "untracked"}


def test_a_detached_head(repository):
    run(repository, "checkout", "--detach")
    facts = gather_git(str(repository))
    assert facts.branch is None
    assert facts.head == run(repository, "rev-parse", "--short", "HEAD")


def test_a_linked_worktree_is_seen_as_itself(repository, tmp_path):
    run(repository, "worktree", "add", "-b", "side", str(tmp_path / "side"))
    (tmp_path / "side" / "a").write_text("x")
    assert gather_git(str(tmp_path / "side")).branch == "side"
    assert changes(gather_git(str(tmp_path / "side"))) == {"a": "modified"}
    assert gather_git(str(repository)).changed == ()


def test_a_submodule_is_a_path_outside_and_a_repository_inside(repository, tmp_path):
    run(tmp_path, "init", "outer")
    outer = tmp_path / "outer"
    run(outer, "submodule", "add", str(repository), "sub")
    run(outer, "commit", "-m", "with submodule")
    (outer / "sub" / "a").write_text("x")
    assert changes(gather_git(str(outer))) == {"sub": "modified"}
    assert changes(gather_git(str(outer / "sub"))) == {"a": "modified"}


def test_from_a_folder_below_the_root_the_whole_tree_is_told(repository):
    (repository / "sub").mkdir()
    (repository / "a").write_text("x")
    assert changes(gather_git(str(repository / "sub"))) == {"a": "modified"}


@pytest.mark.parametrize("where", ["plain", "missing", "bare.git", "project/.git"])
def test_where_there_is_no_work_tree_there_are_no_facts(repository, tmp_path, where):
    (tmp_path / "plain").mkdir()
    run(tmp_path, "init", "--bare", "bare.git")
    assert gather_git(str(tmp_path / where)) is None


def test_without_git_there_are_no_facts(repository, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert gather_git(str(repository)) is None


def test_a_hooks_environment_does_not_point_elsewhere(repository, tmp_path, monkeypatch):
    run(tmp_path, "init", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "no-index"))
    facts = gather_git(str(repository))
    assert facts.head
    assert facts.changed == ()


@pytest.fixture
def trap(tmp_path):
    """A program that leaves the file ``sprung`` behind when it runs."""
    program = tmp_path / "trap.sh"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\nexit 1\n")
    program.chmod(0o755)
    return program


def test_nothing_that_a_repository_configures_is_run(repository, tmp_path, trap, monkeypatch):
    """External diff, textconv, fsmonitor, hooks, pager and signature check would each leave a file behind."""
    keys = ("diff.external", "diff.trap.command", "diff.trap.textconv", "core.fsmonitor", "core.pager", "gpg.program")
    for key in keys:
        run(repository, "config", key, str(trap))
    run(repository, "config", "log.showSignature", "true")
    run(repository, "config", "core.hooksPath", str(tmp_path / "hooks"))
    (tmp_path / "hooks").mkdir()
    for hook in ("post-index-change", "fsmonitor-watchman"):
        shutil.copy(trap, tmp_path / "hooks" / hook)
    (repository / ".gitattributes").write_text("* diff=trap\n")
    (repository / "a").write_text("changed\n")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap))
    assert_not_sprung(repository, tmp_path)
    subprocess.run(["git", "diff"], cwd=repository, check=False, capture_output=True)
    assert (tmp_path / "sprung").exists(), "the trap itself must work"


def assert_not_sprung(repository, tmp_path):
    assert not (tmp_path / "sprung").exists()
    assert changes(gather_git(str(repository)))["a"] == "modified"
    assert git.run_git(str(repository), "rev-parse", "--git-path", "hooks", with_hooks_path=True)
    assert commits_since(str(repository), run(repository, "rev-parse", "HEAD")) == ()
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("where", [".gitattributes", ".git/info/attributes", "global"])
@pytest.mark.parametrize("kind", ["clean", "process"])
@pytest.mark.parametrize("name", ["trap", "a.B", "with=sign"])
def test_no_filter_is_run_wherever_it_is_configured(repository, tmp_path, trap, monkeypatch, where, kind, name):
    attributes = tmp_path / "attributes" if where == "global" else repository / where
    if where == "global":
        run(repository, "config", "--global", "core.attributesFile", str(attributes))
    attributes.parent.mkdir(exist_ok=True)
    attributes.write_text(f"a filter={name}\n")
    run(repository, "config", *(["--global"] if where == "global" else []), f"filter.{name}.{kind}", str(trap))
    (repository / "a").write_text("changed\n")
    facts = gather_git(str(repository))
    assert not (tmp_path / "sprung").exists()
    if name == "with=sign":
        assert "status" in facts.unread
    else:
        assert changes(facts)["a"] == "modified"
    subprocess.run(["git", "diff"], cwd=repository, check=False, capture_output=True)
    assert (tmp_path / "sprung").exists(), "the trap itself must work"


def test_no_filter_of_a_submodule_is_run(repository, tmp_path, trap):
    run(tmp_path, "init", "outer")
    outer = tmp_path / "outer"
    run(outer, "submodule", "add", str(repository), "sub")
    run(outer, "commit", "-m", "with submodule")
    inside = run(outer / "sub", "rev-parse", "--absolute-git-dir")
    os.makedirs(f"{inside}/info", exist_ok=True)
    with open(f"{inside}/info/attributes", "w") as file:
        file.write("* filter=trap\n")
    run(outer / "sub", "config", "filter.trap.clean", str(trap))
    (outer / "sub" / "a").write_text("two\none\n")
    assert changes(gather_git(str(outer))) == {"sub": "modified"}
    assert not (tmp_path / "sprung").exists()
    subprocess.run(["git", "status"], cwd=outer, check=False, capture_output=True)
    assert (tmp_path / "sprung").exists(), "the trap itself must work"


def test_a_missing_object_is_not_fetched(repository, tmp_path, trap):
    """A partial clone fetches what it lacks by a command of the repository's own, as ``git diff`` shows."""
    blob = run(repository, "rev-parse", "HEAD:a")
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    for key, value in (
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", f"ext::{trap}"),
        ("protocol.ext.allow", "always"),
    ):
        run(repository, "config", key, value)
    (repository / "a").write_text("changed\n")
    assert changes(gather_git(str(repository)))["a"] == "modified"
    assert not (tmp_path / "sprung").exists()
    subprocess.run(["git", "diff"], cwd=repository, check=False, capture_output=True)
    assert (tmp_path / "sprung").exists(), "the trap itself must work"


def test_nothing_is_written_and_a_held_lock_does_not_matter(repository):
    os.utime(repository / "a", (1, 1))
    (repository / ".git" / "index.lock").touch()
    before = (repository / ".git" / "index").read_bytes()
    assert gather_git(str(repository)).changed == ()
    assert (repository / ".git" / "index").read_bytes() == before


def slow_git(tmp_path, monkeypatch, script):
    real = shutil.which("git")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").write_text(f'#!/bin/sh\ncase "$*" in {script} esac\nexec {real} "$@"\n')
    (tmp_path / "bin" / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(git, "COMMAND_SECONDS", 0.5)


@pytest.mark.skipif(os.name != "posix", reason="the slow git is a shell script")
def test_untracked_files_are_given_up_before_the_rest(repository, tmp_path, monkeypatch):
    (repository / "a").write_text("x")
    slow_git(tmp_path, monkeypatch, "*untracked-files=no*) ;; *' status '*) sleep 60;;")
    facts = gather_git(str(repository))
    assert facts.unread == ("untracked files",)
    assert (facts.branch, changes(facts)) == ("main", {"a": "modified"})


def is_group_alive(group):
    """Whether a process of ``group`` runs; where nobody reaps orphans, their zombies stay for ever."""
    for entry in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{entry}/stat") as file:
            state, _, of_group = file.read().rpartition(")")[2].split()[:3]
            if of_group == group and state != "Z":
                return True
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_git_that_hangs_is_killed_with_its_children_and_named(repository, tmp_path, monkeypatch):
    slow_git(tmp_path, monkeypatch, f"*) echo $$ >> {tmp_path}/pids; sleep 60; exit;;")
    begun = time.monotonic()
    facts = gather_git(str(repository))
    assert time.monotonic() - begun < 30
    assert facts.unread == ("status", "commits", "line counts")
    assert (facts.branch, facts.head, facts.changed) == (None, None, ())
    groups = (tmp_path / "pids").read_text().split()
    assert groups
    while any(map(is_group_alive, groups)):
        assert time.monotonic() - begun < 30
        time.sleep(0.01)


def _no_sessions(*_, **__):
    raise NotImplementedError("setsid parameter is not supported on this system")


@pytest.mark.parametrize("spawn", [None, _no_sessions])
def test_a_system_that_cannot_spawn_tells_the_same(repository, monkeypatch, spawn):
    (repository / "new.txt").write_text("x\n")
    told = gather_git(str(repository))
    if spawn:
        monkeypatch.setattr("os.posix_spawnp", spawn)
    else:
        monkeypatch.delattr("os.posix_spawnp")
    assert told
    assert gather_git(str(repository)) == told


def test_one_module_runs_git():
    package = pathlib.Path(git.__file__).parent
    runs = re.compile(r"""\[\s*["']git["']|\(\s*"git",\s*"--""")
    assert [path.name for path in package.rglob("*.py") if runs.search(path.read_text())] == ["git.py"]
    assert runs.search('run(["git", "log"])')
