import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[2]


def load(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_example_folder_is_what_the_tool_makes(tmp_path):
    load("make_example").make(tmp_path / "made")
    assert contents(tmp_path / "made") == contents(ROOT / ".agent-handoffs.example")


def test_the_example_shows_a_session_past_its_threshold():
    document = (ROOT / ".agent-handoffs.example" / "CURRENT_SESSION.md").read_text()
    assert ": over" in document
    assert "pg_try_advisory_lock" in document
