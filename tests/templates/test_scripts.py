"""The files that ``handoff init`` lays down work on the project that holds them, through the installed package."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

TEMPLATES = os.path.join(os.path.dirname(__file__), "..", "..", "templates")

RECORDER = """
import json, sys
def _record(name):
    return lambda *args, **kwargs: {"name": name, "args": args, "kwargs": kwargs}
track_tokens, get_token_status, manual_handoff_update = map(_record, ("track", "status", "handoff"))
"""
RECORDER_MAIN = """
import json, sys
def main(argv):
    print(json.dumps({"argv": argv, "stdin": sys.stdin.read()}))
    return 11
"""
IMPORT = """
import json, sys
sys.path.insert(0, ".agent-handoffs")
from token_tracker import get_token_status, manual_handoff_update, track_tokens
print(json.dumps([track_tokens("text", "what", model="m"), get_token_status(), manual_handoff_update(goal="g")]))
"""


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project" / ".agent-handoffs"
    folder.mkdir(parents=True)
    for name in ("token_tracker.py", "monitor_tokens.py"):
        shutil.copy(os.path.join(TEMPLATES, name), folder)
    return folder.parent


@pytest.fixture
def recorder(tmp_path):
    """A folder with a package of the same name that records how it is called."""
    package = tmp_path / "packages" / "handoff_cli"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(RECORDER)
    (package / "__main__.py").write_text(RECORDER_MAIN)
    return package.parent


def python(project, *arguments, path=None, stdin=""):
    """Run Python without site packages, so that only ``path`` decides what is installed."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    if path:
        environment["PYTHONPATH"] = str(path)
    command = [sys.executable, "-S", "-B", *arguments]
    return subprocess.run(
        command, cwd=project, env=environment, input=stdin, capture_output=True, text=True, check=False
    )


def test_the_import_form_binds_each_function_to_the_project(project, recorder):
    done = python(project, "-c", IMPORT, path=recorder)
    directory = str(project)
    assert json.loads(done.stdout) == [
        {"name": "track", "args": ["text", "what"], "kwargs": {"directory": directory, "model": "m"}},
        {"name": "status", "args": [], "kwargs": {"directory": directory}},
        {"name": "handoff", "args": [], "kwargs": {"directory": directory, "goal": "g"}},
    ]


def test_the_import_form_says_how_to_install_what_is_missing(project):
    done = python(project, "-c", IMPORT)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "ImportError: token_tracker needs the package agent-handoffs: pip install agent-handoffs"
    )


@pytest.mark.parametrize(
    ("arguments", "argv"), [([], ["status"]), (["track", "-d", "a b"], ["track", "-d", "a b"])], ids=["none", "track"]
)
def test_the_script_is_the_command_on_the_project_from_wherever_it_is_run(project, recorder, tmp_path, arguments, argv):
    script = str(project / ".agent-handoffs" / "monitor_tokens.py")
    done = python(tmp_path, script, *arguments, path=recorder, stdin="piped")
    assert done.returncode == 11
    assert json.loads(done.stdout) == {"argv": ["--dir", str(project), *argv], "stdin": "piped"}


def test_the_script_says_how_to_install_what_is_missing(project):
    done = python(project, ".agent-handoffs/monitor_tokens.py")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "monitor_tokens needs the package agent-handoffs: pip install agent-handoffs\n"


@pytest.mark.parametrize("script", [["-c", IMPORT], [".agent-handoffs/monitor_tokens.py"]], ids=["import", "script"])
def test_a_dependency_that_is_missing_is_not_called_a_missing_package(project, recorder, script):
    for name in ("__init__.py", "__main__.py"):
        (recorder / "handoff_cli" / name).write_text("import a_dependency")
    done = python(project, *script, path=recorder)
    assert done.stderr.splitlines()[-1] == "ModuleNotFoundError: No module named 'a_dependency'"
