"""Every test runs in a scratch project, with a scratch home, without the caller's settings and without a network."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from hypothesis import settings

import handoff_cli
from handoff_cli.__main__ import main
from handoff_cli.state.store import Place
from tests.postgres import database, empty_database, own_database  # noqa: F401
from tests.scratch import Grounds, folder_in_memory

# The machine that runs this may be busy with something else.
settings.register_profile("unhurried", deadline=None, max_examples=40)
settings.register_profile("thorough", deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "unhurried"))

if "PYTEST_DEBUG_TEMPROOT" not in os.environ and (memory := folder_in_memory()):
    os.environ["PYTEST_DEBUG_TEMPROOT"] = memory  # before pytest asks for the first of its folders

gc.set_threshold(100_000)  # as the command does

sys.dont_write_bytecode = False  # else each of pytest's processes rewrites the assertions of all modules anew

Result = tuple[int, str, str]
FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def handoff_on_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command ``handoff`` in a folder of its own: the machine may have none on PATH, or another's."""
    path = tmp_path_factory.mktemp("bin") / "handoff"
    root = Path(handoff_cli.__file__).parents[1]
    path.write_text(f'#!/bin/sh\nPYTHONPATH="{root}" exec "{sys.executable}" -m handoff_cli "$@"\n')
    path.chmod(0o755)
    return path


OURS = ("HANDOFF_", "GIT_", "CLAUDE", "CODEX", "GEMINI", "COPILOT")
THEIRS = (
    *("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM", "EDITOR", "VISUAL", "TIKTOKEN_CACHE_DIR"),
    *("MAKEFLAGS", "MAKELEVEL", "MFLAGS"),  # the suite itself may run under make
    "PYTHONDONTWRITEBYTECODE",  # each process that a test starts would compile the package again
)


@pytest.fixture(scope="session", autouse=True)
def _nothing_set(handoff_on_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """Take away what the caller has set, but for the folder of samples; between the tests there is an empty home."""
    home = str(tmp_path_factory.mktemp("home"))
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # a run in the background; what is started would inherit it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in list(os.environ):
            if (name.startswith(OURS) and name != "HANDOFF_SAMPLES") or name in THEIRS:
                monkeypatch.delenv(name)
        path = f"{handoff_on_path.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        for name, value in {"PATH": path, "HOME": home, "USERPROFILE": home}.items():
            monkeypatch.setenv(name, value)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Generator[None]:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a test tried to reach the network")

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(socket.socket, "connect", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        yield


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Grounds:
    """Where tests work, one after the other."""
    return Grounds(tmp_path_factory.mktemp("grounds"))


@pytest.fixture
def tmp_path(grounds: Grounds, request: pytest.FixtureRequest) -> Generator[Path]:
    """Give a folder with nothing in it but the scratch project and the scratch home; a test that fails leaves it."""
    ground = grounds.take()
    yield ground.path
    if not request.node.stash.get(FAILED, False):
        grounds.give_back(ground)


@pytest.fixture(autouse=True)
def project(tmp_path: Path) -> Generator[Path]:
    """Be in an empty project folder, its own git root, with a home of its own and nothing set."""
    home, folder = str(tmp_path / "scratch" / "home"), tmp_path / "scratch" / "project"
    before, outside = dict(os.environ), os.getcwd()
    os.environ.update(HOME=home, USERPROFILE=home, TMPDIR=str(tmp_path))
    temporary, tempfile.tempdir = tempfile.tempdir, str(tmp_path)
    environ = dict(os.environ)
    os.chdir(folder)
    yield folder
    os.chdir(outside)
    tempfile.tempdir = temporary
    changed = {name for name, _ in {*os.environ.items()} ^ {*environ.items()}} - {"PYTEST_CURRENT_TEST"}
    for name in {*changed, "HOME", "USERPROFILE", "TMPDIR"}:
        if name in before:
            os.environ[name] = before[name]
        else:
            os.environ.pop(name, None)
    assert not changed, f"left behind in the environment: {changed}"


@pytest.fixture
def place(project: Path) -> Place:
    """The project's own session."""
    folder = str(project / ".agent-handoffs")
    return Place(folder, folder, {})


@pytest.fixture
def handoff(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command line in this process; returns exit code, standard output, standard error."""

    def run(*argv: str, stdin: str | bytes | None = None) -> Result:
        import io

        data = stdin.encode() if isinstance(stdin, str) else stdin or b""
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        capsys.readouterr()
        code = main(argv)
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def spawn(project: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run a command line in a process of its own, from the project folder."""
    root = str(Path(handoff_cli.__file__).parents[1])

    def run(*argv: str, stdin: bytes = b"", env: dict[str, str] | None = None, **options: object) -> object:
        environ = {**os.environ, "PYTHONPATH": root, **(env or {})}
        command = [sys.executable, "-m", "handoff_cli", *argv]
        return subprocess.run(
            command, input=stdin, capture_output=True, env=environ, timeout=60, check=False, **options
        )

    return run


def pytest_collection_finish() -> None:
    """Leave what collecting made out of all that follows: looking through it for garbage takes longer than most tests."""
    gc.collect()
    gc.freeze()


FIGURES: list[str] = []
"""What the long tests have to say: how many writers, kills and cases there were. Shown after the run."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a test's figures travel with its report: it may have run in another process. Note that it failed."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    report.user_properties += [("figure", line) for line in FIGURES]
    FIGURES.clear()
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures, whatever is captured."""
    reports = (report for found in terminalreporter.stats.values() for report in found)
    figures = [line for it in reports for name, line in getattr(it, "user_properties", ()) if name == "figure"]
    if figures:
        terminalreporter.section("figures")
        for line in figures:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def samples():
    folder = os.environ.get("HANDOFF_SAMPLES")
    if not folder or not os.path.isdir(folder):
        pytest.skip("HANDOFF_SAMPLES names no folder of real transcripts")
    return folder
