import json
import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff_cli.agents import names, with_hooks
from handoff_cli.agents.git import HOOKS
from handoff_cli.agents.settings import Scope
from handoff_cli.errors import InputError, StateError, UsageError
from handoff_cli.usecases.install import BACKUP_SUFFIX, install, is_installed, scope_of, stale_commands, uninstall

EXISTING = {
    "claude": (".claude/settings.json", '{\n    // mine\n    "model": "opus",\n    "hooks": {"Stop": []},\n}\n'),
    "codex": (".codex/config.toml", 'model = "gpt-5" # fast\n\n[mcp_servers.x]\ncommand = "y"\n'),
    "gemini": (
        ".gemini/settings.json",
        '{"theme":"dark","hooks":{"AfterTool":[{"hooks":[{"type":"command","command":"z"}]}]}}',
    ),
    "cursor": (".cursor/hooks.json", '{"version": 1, "hooks": {}}'),
    "copilot": (".copilot/mcp-config.json", '{"mcpServers": {}}\n'),
    "opencode": (".config/opencode/opencode.json", "{ /* none */ }"),
}
# Rather strange, but all of it JSON that an agent reads.
objects = st.dictionaries(
    st.sampled_from(["model", "hooks", "statusLine", "env", "größe"]),
    st.none() | st.integers() | st.dictionaries(st.sampled_from(["Stop", "AfterTool"]), st.just([]), max_size=2),
    max_size=4,
)


def files(root):
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def scope(root, *, user=True, mcp=True):
    return Scope(user, str(root), {}, mcp)


@pytest.mark.parametrize("agent", names(with_hooks()))
@pytest.mark.parametrize("user", [True, False])
def test_uninstall_leaves_no_trace_where_there_was_nothing(tmp_path, agent, user):
    root = tmp_path / "home"
    root.mkdir()
    place = scope(root, user=user)
    assert all(change.changes for change in install(agent, place))
    assert is_installed(agent, place)
    uninstall(agent, place)
    assert list(root.iterdir()) == []


@pytest.mark.parametrize("agent", names(with_hooks()))
def test_uninstall_brings_back_the_bytes_that_were_there(tmp_path, agent):
    name, text = EXISTING[agent]
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    path.chmod(0o640)
    before = files(tmp_path)
    install(agent, scope(tmp_path))
    assert path.read_text() != text
    after = files(tmp_path)
    assert any(name.endswith(BACKUP_SUFFIX) for name in after)
    assert not any(change.changes for change in install(agent, scope(tmp_path)))
    assert files(tmp_path) == after
    assert path.stat().st_mode & 0o777 == 0o640
    uninstall(agent, scope(tmp_path))
    assert files(tmp_path) == before
    assert path.stat().st_mode & 0o777 == 0o640


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    objects, st.sampled_from([None, 2, 3, "\t"]), st.booleans(), st.sampled_from(["claude-code", "gemini", "cursor"])
)
def test_any_settings_come_back_byte_for_byte_or_are_refused_untouched(tmp_path, value, indent, crlf, agent):
    from shutil import rmtree

    root = tmp_path / "any"
    rmtree(root, ignore_errors=True)
    name = {"claude-code": ".claude/settings.json", "gemini": ".gemini/settings.json", "cursor": ".cursor/hooks.json"}[
        agent
    ]
    path = root / name
    path.parent.mkdir(parents=True)
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    path.write_bytes((text.replace("\n", "\r\n") if crlf else text).encode())
    before = files(root)
    try:
        install(agent, scope(root, mcp=False))
    except StateError:
        assert files(root) == before
        return
    uninstall(agent, scope(root, mcp=False))
    assert files(root) == before


@pytest.mark.parametrize("blank", ["", "\n", "\ufeff"])
def test_an_empty_file_sets_nothing_and_comes_back_empty(tmp_path, blank):
    path = tmp_path / ".gemini" / "settings.json"
    path.parent.mkdir()
    path.write_text(blank)
    install("gemini", scope(tmp_path))
    assert "handoff_cli hook gemini" in path.read_text()
    uninstall("gemini", scope(tmp_path))
    assert files(tmp_path) == {".gemini/settings.json": blank.encode()}


def test_what_the_user_changed_meanwhile_stays(tmp_path):
    path = tmp_path / ".claude" / "settings.json"
    path.parent.mkdir()
    path.write_text('{"model": "opus"}')
    install("claude-code", scope(tmp_path, mcp=False))
    path.write_text(path.read_text().replace('"model": "opus"', '"model": "sonnet",\n  "env": {"A": "1"}'))
    uninstall("claude-code", scope(tmp_path, mcp=False))
    assert json.loads(path.read_text()) == {"model": "sonnet", "env": {"A": "1"}}
    assert os.listdir(path.parent) == ["settings.json"]


def test_an_upgrade_keeps_the_first_backup(tmp_path, monkeypatch):
    path = tmp_path / ".claude" / "settings.json"
    path.parent.mkdir()
    path.write_text('{ "model":"opus" }')
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", "/old/python")
        install("claude-code", scope(tmp_path, mcp=False))
    assert stale_commands("claude-code", scope(tmp_path)) == ["/old/python"]
    install("claude-code", scope(tmp_path, mcp=False))
    assert "/old/python" not in path.read_text()
    assert stale_commands("claude-code", scope(tmp_path)) == []
    assert len(os.listdir(path.parent)) == 2
    uninstall("claude-code", scope(tmp_path, mcp=False))
    assert path.read_text() == '{ "model":"opus" }'


@pytest.mark.parametrize("bad", ["{", "[]", '{"hooks": []}', '{"hooks": {"AfterTool": 1}}', "\udcff"])
def test_settings_that_cannot_be_understood_are_refused_and_left(tmp_path, bad):
    path = tmp_path / ".gemini" / "settings.json"
    path.parent.mkdir()
    path.write_bytes(bad.encode("utf-8", "surrogateescape"))
    before = files(tmp_path)
    with pytest.raises(StateError) as error:
        install("gemini", scope(tmp_path))
    assert str(path) in error.value.message
    assert "\n" not in error.value.message
    assert files(tmp_path) == before


def test_when_one_of_two_files_is_bad_neither_is_changed(tmp_path):
    (tmp_path / ".cursor").mkdir()
    (tmp_path / ".cursor" / "mcp.json").write_text("{")
    before = files(tmp_path)
    with pytest.raises(StateError):
        install("cursor", scope(tmp_path))
    assert files(tmp_path) == before


@pytest.mark.parametrize("bad", ["", "{", '{"a": NaN}'])
def test_a_bad_file_that_never_names_us_keeps_nothing_of_ours_in_the_others(tmp_path, bad):
    """The hooks were installed without the MCP server, whose settings are a file of their own."""
    install("cursor", scope(tmp_path, mcp=False))
    (tmp_path / ".cursor" / "mcp.json").write_text(bad)
    uninstall("cursor", scope(tmp_path))
    assert files(tmp_path) == {".cursor/mcp.json": bad.encode()}
    (tmp_path / ".cursor" / "mcp.json").write_text('{"mcpServers": {"args": ["-m", "handoff_cli"]}')
    with pytest.raises(StateError):
        uninstall("cursor", scope(tmp_path))


def test_a_file_of_ours_does_not_take_the_place_of_a_strangers(tmp_path):
    path = tmp_path / ".config" / "opencode" / "plugins" / "handoff.js"
    path.parent.mkdir(parents=True)
    path.write_text("// somebody's\n")
    with pytest.raises(StateError):
        install("opencode", scope(tmp_path, mcp=False))
    assert not any(change.changes for change in uninstall("opencode", scope(tmp_path, mcp=False)))
    assert path.read_text() == "// somebody's\n"


def test_settings_that_are_a_link_are_written_where_it_leads(tmp_path):
    real = tmp_path / "dotfiles" / "claude.json"
    real.parent.mkdir()
    real.write_text("{}")
    (tmp_path / ".claude").mkdir()
    (tmp_path / ".claude" / "settings.json").symlink_to(real)
    install("claude-code", scope(tmp_path, mcp=False))
    assert (tmp_path / ".claude" / "settings.json").is_symlink()
    assert "hook claude-code" in real.read_text()
    uninstall("claude-code", scope(tmp_path, mcp=False))
    assert real.read_text() == "{}"


@pytest.mark.parametrize(("agent", "path"), [("claude", ".claude/settings.local.json"), ("make", "handoff.mk")])
@pytest.mark.parametrize("linked", ["file", "folder"])
def test_a_project_s_settings_that_lead_out_of_it_are_left_alone(project, tmp_path, handoff, agent, path, linked):
    """A clone can bring links; a person's own settings may well be links."""
    outside = tmp_path / "outside"
    outside.mkdir()
    link = project / path
    if linked == "file" or link.parent == project:
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(outside / link.name)
    else:
        link.parent.symlink_to(outside)
    code, _, err = handoff("install", agent, "--project")
    assert (code, err.count("\n")) == (3, 1)
    assert "lead out of it" in err
    assert not list(outside.iterdir())


def test_a_dry_run_changes_nothing_and_shows_the_difference(handoff, tmp_path, project):
    home = project.parent / "home"
    code, out, _ = handoff("install", "claude-code", "--dry-run")
    assert (code, files(home)) == (0, {})
    assert "+++ " in out
    assert "hook claude-code" in out


def test_the_commands_install_for_the_user_and_for_the_project(handoff, project):
    home = project.parent / "home"
    assert handoff("install", "claude-code")[0] == 0
    assert handoff("install", "claude-code", "--project")[0] == 0
    assert (home / ".claude" / "settings.json").exists()
    assert (project / ".claude" / "settings.local.json").exists()
    assert handoff("uninstall", "claude-code")[0] == 0
    assert handoff("uninstall", "claude-code", "--project")[0] == 0
    assert files(home) == {}
    assert not (project / ".claude").exists()


def test_a_name_nobody_knows_and_a_scope_that_makes_no_sense_are_usage_errors(handoff):
    assert handoff("install", "clippy")[0] == 2
    with pytest.raises(UsageError):
        scope_of("git", user=True)
    assert handoff("install", "git", "--mcp") == (
        2,
        "",
        "handoff: git has no use for an MCP server; leave --mcp out\n",
    )


def test_what_uninstall_says_tells_a_file_that_stays_from_one_that_is_gone(handoff, project):
    home = project.parent / "home"
    (home / ".claude").mkdir(parents=True)
    (home / ".claude" / "settings.json").write_text('{"model": "opus"}')
    for agent in ("claude-code", "gemini"):
        handoff("install", agent)
    assert f"{home}/.claude/settings.json: restored\n" in handoff("uninstall", "claude-code")[1]
    assert handoff("uninstall", "gemini")[1] == f"{home}/.gemini/settings.json: removed\n"


@pytest.fixture
def repository(project):
    (project / ".git").rmdir()
    git(project, "init", "-q", "-b", "main")
    git(project, "config", "user.email", "a@example.org")
    git(project, "config", "user.name", "a")
    return project


def git(folder, *arguments, **options):
    environ = {**os.environ, "PYTHONPATH": os.path.dirname(os.path.dirname(os.path.dirname(__file__)))}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=True, env=environ, **options
    )
    return done.stdout + done.stderr


def commit(folder, name="a"):
    (folder / name).write_text(name)
    git(folder, "add", name)
    return git(folder, "commit", "-qm", f"add {name}")


def test_git_hooks_note_commits_and_run_what_was_there(repository, handoff, spawn):
    hooks = repository / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    old = "#!/bin/sh\necho old-hook >> ran\n"
    (hooks / "post-commit").write_text(old)
    (hooks / "post-commit").chmod(0o755)
    before = files(hooks)
    code, _, err = handoff("install", "git")
    assert (code, err.count("\n")) == (0, 1)
    assert "from the next commit on" in err
    commit(repository)
    commit(repository, "b")
    assert (repository / "ran").read_text() == "old-hook\n" * 2
    assert [word in handoff("log")[1] for word in ("add a", "add b")] == [True, True]
    assert git(repository, "status", "--short") == "?? ran\n", "nothing untracked is left behind"
    handoff("handoff")
    said = git(repository, "checkout", "-q", "-b", "other")
    assert "was written on branch main; this is other" in said
    assert handoff("uninstall", "git")[0] == 0
    assert files(hooks) == before
    assert (hooks / "post-commit").stat().st_mode & 0o777 == 0o755


def test_a_hook_in_another_language_is_moved_aside_and_still_runs(repository, handoff):
    hooks = repository / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    old = f"#!{sys.executable}\nimport sys; open('ran', 'w').write(' '.join(sys.argv[1:]))\n"
    (hooks / "post-checkout").write_text(old)
    (hooks / "post-checkout").chmod(0o755)
    before = files(hooks)
    commit(repository)
    assert handoff("install", "git")[0] == 0
    assert not any(change.changes for change in install("git", scope_of("git", user=False)))
    git(repository, "checkout", "-q", "-b", "other")
    assert (repository / "ran").read_text().endswith(" 1")
    assert handoff("uninstall", "git")[0] == 0
    assert files(hooks) == before


def test_git_hooks_go_where_core_hooks_path_says_and_serve_worktrees(repository, handoff, monkeypatch):
    git(repository, "config", "core.hooksPath", "tools/hooks")
    commit(repository)
    handoff("install", "git")
    hook = (repository / "tools" / "hooks" / "post-commit").read_text()
    assert sys.executable not in hook, "these hooks are committed"
    assert sorted(path.name for path in (repository / "tools" / "hooks").iterdir()) == sorted(HOOKS)
    git(repository, "config", "--unset", "core.hooksPath")
    git(repository, "worktree", "add", "-q", "../tree", "-b", "tree")
    monkeypatch.chdir(repository.parent / "tree")
    handoff("install", "git")
    assert (repository / ".git" / "hooks" / "post-commit").exists()
    handoff("init")
    commit(repository.parent / "tree", "c")
    assert "add c" in handoff("log")[1]


def test_a_hook_that_git_does_not_run_is_not_switched_on(repository, handoff):
    hooks = repository / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    (hooks / "pre-push").write_text("#!/bin/sh\nexit 1\n")
    (hooks / "pre-push").chmod(0o644)
    code, _, err = handoff("install", "git")
    assert code == 3
    assert "not executable" in err


def test_git_hooks_need_a_repository(project):
    with pytest.raises(InputError):
        scope_of("git", user=False)


def test_make_targets_are_included_and_leave_again(project, handoff):
    makefile = project / "Makefile"
    makefile.write_text("all:\n\t@echo all")
    assert handoff("install", "make")[0] == 0
    assert {path.name for path in project.iterdir()} == {".git", "Makefile", "handoff.mk"}
    assert sys.executable not in makefile.read_text() + (project / "handoff.mk").read_text()
    environ = {**os.environ, "PYTHONPATH": os.path.dirname(os.path.dirname(os.path.dirname(__file__)))}
    ours = f"HANDOFF={sys.executable} -m handoff_cli"

    def run(*words):
        command = ["make", *words, ours]
        return subprocess.run(command, capture_output=True, text=True, env=environ, check=False, cwd=project)

    assert run().stdout == "all\n"
    assert "tokens" in run("handoff-status").stdout
    assert run("handoff-check").returncode == 0
    assert handoff("uninstall", "make")[0] == 0
    assert makefile.read_text() == "all:\n\t@echo all"
    assert not (project / "handoff.mk").exists()


def test_targets_of_the_makefile_are_never_overridden(project, handoff):
    (project / "Makefile").write_text("all handoff-check: x\n\t@echo mine\nx:\nhandoff := 1\n")
    code, _, err = handoff("install", "make")
    assert (code, err.count("handoff-check is a target of yours")) == (0, 1)
    done = subprocess.run(["make", "handoff-check"], capture_output=True, text=True, check=True, cwd=project)
    assert (done.stdout, done.stderr) == ("mine\n", "")
    assert "handoff-status:" in (project / "handoff.mk").read_text()
    assert not any(change.changes for change in install("make", scope_of("make", user=False)))


def test_without_a_makefile_it_is_said_how_to_include_the_targets(project, handoff):
    code, _, err = handoff("install", "make")
    assert code == 0
    assert "-include handoff.mk" in err


OFF = [
    ("claude", ".claude/settings.json", '\ufeff{"disableAllHooks": true, /* for now */}', "disableAllHooks is true"),
    ("claude", "project/.claude/settings.local.json", '{"disableAllHooks": true}', "disableAllHooks is true"),
    ("codex", ".codex/config.toml", "[features]\nhooks = false\n", "features.hooks is false"),
    ("codex", ".codex/config.toml", "[features]\ncodex_hooks = false\n", "features.codex_hooks is false"),
    ("gemini", ".gemini/settings.json", '{"hooksConfig": {"enabled": false}}', "hooksConfig.enabled is false"),
    (
        "gemini",
        ".gemini/settings.json",
        '{"hooksConfig": {"disabled": ["handoff"]}}',
        "hooksConfig.disabled is handoff",
    ),
    ("copilot", ".copilot/config.json", '{"disableAllHooks": true}', "disableAllHooks is true"),
]


@pytest.mark.parametrize(("agent", "file", "text", "said"), OFF)
def test_what_keeps_hooks_from_running_is_named_by_install_and_doctor(handoff, project, agent, file, text, said):
    path = project / file.removeprefix("project/") if file.startswith("project/") else project.parent / "home" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    code, _, err = handoff("install", agent)
    assert code == 0
    assert f"hooks are switched off: {said} in {path}" in err
    assert said in handoff("doctor")[1]


@pytest.mark.parametrize(
    "text", ['{"disableAllHooks": false}', '{"hooks": {"disableAllHooks": true}}', "no JSON", "[]"]
)
def test_settings_that_switch_nothing_off_are_no_obstacle(project, text):
    from handoff_cli.usecases.install import obstacles

    path = project / ".claude" / "settings.json"
    path.parent.mkdir()
    path.write_text(text)
    assert obstacles("claude") == []


def test_managed_settings_are_an_administrator_s(monkeypatch, tmp_path):
    from handoff_cli.agents import settings as module
    from handoff_cli.usecases.install import obstacles

    managed = tmp_path / "managed-settings.json"
    managed.write_text('{"allowManagedHooksOnly": true}')
    monkeypatch.setattr(module, "machine_file", lambda *_: str(managed))
    (found,) = obstacles("claude")
    assert "allowManagedHooksOnly is true" in found.found
    assert "manages this machine" in found.advice


def test_opencode_without_plugins_is_named():
    from handoff_cli.usecases.install import obstacles

    assert [it.certain for it in obstacles("opencode", {"OPENCODE_PURE": "1"})] == [True]
    assert [it.certain for it in obstacles("opencode", {"OPENCODE_DISABLE_PROJECT_CONFIG": "true"})] == [False]
    assert obstacles("opencode", {"OPENCODE_PURE": "0"}) == []


def test_codex_hooks_that_nobody_trusted_are_named_until_they_are(project):
    from handoff_cli.usecases.install import obstacles

    (found,) = obstacles("codex")
    assert (found.certain, "/hooks" in found.advice) == (False, True)
    config = project.parent / "home" / ".codex" / "config.toml"
    config.parent.mkdir()
    config.write_text('[hooks.state."/h/.codex/hooks.json:stop:0:0"]\ntrusted_hash = "sha256:1"\n')
    assert obstacles("codex") == []


def test_a_command_that_is_not_on_path_is_named(handoff, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "not on PATH" in handoff("install", "claude")[2]
    assert "put it on PATH" in handoff("doctor")[1]


def test_the_plugin_is_silent_without_handoff_and_says_once_how_to_install_it(tmp_path):
    import shutil
    import subprocess
    from pathlib import Path

    path = Path(__file__).parents[2] / "plugin" / "hooks" / "hooks.json"
    hooks = json.loads(path.read_text(encoding="utf-8"))["hooks"]
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "mkdir"):
        (tools / name).symlink_to(shutil.which(name))
    environ = {"PATH": str(tools), "HOME": str(tmp_path)}

    def fire(event):
        (group,) = hooks[event]
        line = group["hooks"][0]["command"]
        done = subprocess.run(["sh", "-c", line], env=environ, input=b"{}", capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        return done.stdout.decode()

    assert fire("PostToolUse") == ""
    assert "uv tool install agent-handoffs" in json.loads(fire("SessionStart"))["systemMessage"]
    assert [fire(event) for event in hooks] == [""] * len(hooks)
    (tools / "handoff").write_text("#!/bin/sh\necho called $*\n")
    (tools / "handoff").chmod(0o755)
    assert {fire(event) for event in hooks} == {"called hook plugin\n"}
