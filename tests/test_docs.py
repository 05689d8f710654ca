"""The documentation says what is true: help blocks are the commands' own, examples run and print what they show."""

import os
import re
import subprocess
import sys

import pytest

from handoff_cli.cli.app import root
from handoff_cli.core.settings import SETTING_KEYS
from tests.scripts.test_make_example import ROOT, load

README = (ROOT / "README.md").read_text()
CONVERSATION = (ROOT / "scripts" / "demo" / "conversation.txt").read_text()


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def commands():
    def walk(command, path):
        yield path, command
        for name, child in getattr(command, "commands", {}).items():
            yield from walk(child, f"{path} {name}")

    return list(walk(root(), "handoff"))


@pytest.fixture
def shell(project, tmp_path):
    """Run a shell script with ``handoff`` on the PATH, in the project, where the files README speaks of lie."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    script = bin_folder / "handoff"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m handoff_cli "$@"\n')
    script.chmod(0o755)
    (project / "notes.md").write_text(CONVERSATION * 60)
    (project / "conversation.txt").write_text(CONVERSATION)
    environ = {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}

    def run(text):
        return subprocess.run(
            ["sh", "-ec", text], capture_output=True, text=True, env=environ, timeout=60, check=False, cwd=project
        )

    return run


def test_generated_help_is_up_to_date(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["update_docs.py", "--check"])
    for name in ("COLUMNS", "TERM", "NO_COLOR"):  # the script sets them for the help it draws
        monkeypatch.setenv(name, "80" if name == "COLUMNS" else "1")
    assert load("update_docs").main() == 0


def test_the_example_of_the_handoff_document_is_shown_whole_and_explained():
    page = (ROOT / "docs" / "handoff-document.md").read_text()
    shown = re.findall(r"<!-- example: (.*?) -->\n````markdown\n(.*?)````\n", page, re.DOTALL)
    assert dict(shown) == load("document_example").parts()
    assert [name for name, _ in shown] == list(load("document_example").parts())


@pytest.mark.parametrize(("path", "command"), commands())
def test_every_command_is_documented_and_has_a_runnable_example(path, command):
    assert f"# `{path}`" in (ROOT / "docs" / "commands.md").read_text()
    assert command.help
    assert re.search(r"(Example|Start with): .*handoff", command.epilog or "")


def test_every_setting_is_documented():
    text = (ROOT / "docs" / "files.md").read_text()
    assert all(f"| `{key}` |" in text for key in SETTING_KEYS)


def test_the_daily_commands_of_the_readme_run(shell):
    daily = next(block for block in blocks("sh") if "handoff track" in block)
    done = shell(daily)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_scripts_of_the_readme_run(shell):
    scripts = next(block for block in blocks("sh") if "--fail-at" in block)
    done = shell(f"handoff -q track notes.md\n{scripts}")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("44.5% ok\n")
    assert shell(f"handoff -q reset\n{scripts}").returncode == 1


def test_the_readme_is_short_and_its_pictures_are_there():
    assert len(README.splitlines()) < 120
    for picture in re.findall(r"!\[[^]]+\]\(([^)]+)\)", README):
        svg = (ROOT / picture).read_text()
        assert svg.startswith("<svg")
        assert "url(" not in svg.replace("url(#", "")


@pytest.mark.parametrize("block", blocks("console"))
def test_console_examples_print_what_the_readme_shows(shell, block):
    command, _, shown = block.partition("\n")
    done = shell(command.removeprefix("$ "))
    assert (done.returncode, done.stdout) == (0, shown)


@pytest.mark.parametrize("block", blocks("python"))
def test_python_examples_run_and_print_something(block, project, capsys):
    exec(compile(block, "README.md", "exec"), {})
    assert "8 of 128,000 tokens, ok" in capsys.readouterr().out
    assert (project / ".agent-handoffs" / "token_usage.json").exists()


def test_every_module_that_finds_something_for_a_document_has_its_place_in_the_design():
    page = (ROOT / "docs" / "design.md").read_text()
    modules = (ROOT / "handoff_cli" / "documents" / "extract").glob("*.py")
    assert not [it.stem for it in modules if f"`{it.stem}`" not in page]


def test_links_lead_somewhere():
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_tests_that_a_page_names_are_there():
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md"]:
        for path in re.findall(r"`(?:tests|benchmarks|scripts|handoff_cli)/[\w/.]+\.py`", page.read_text()):
            assert (ROOT / path.strip("`")).is_file(), f"{page.name}: {path}"


def test_the_version_is_the_same_everywhere():
    from handoff_cli import __version__

    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text()


TOP_LEVEL = {
    *(
        "pyproject.toml",
        "README.md",
        "handoff_cli",
        "tests",
        "templates",
        ".agent-handoffs.example",
        "docs",
        "benchmarks",
    ),
    *("scripts", "plugin", ".claude-plugin", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "LICENSES", "Makefile"),
    *("noxfile.py", ".ci", ".gitignore", ".pre-commit-config.yaml", ".pre-commit-hooks.yaml"),
}


def test_nothing_strays_to_the_top_of_the_repository():
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert {name.partition("/")[0] for name in filter(None, tracked.split("\0"))} <= TOP_LEVEL


def test_the_repository_names_no_place_it_was_made_in():
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    here = str(ROOT).encode()
    for name in filter(None, tracked.split("\0")):
        path = ROOT / name
        if path.is_file():
            assert here not in path.read_bytes(), name
