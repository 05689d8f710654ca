"""What a small count loads, seen from outside: a process of its own."""

import subprocess
import sys

import pytest

HEAVY = {
    "argparse", "asyncio", "click", "collections.abc.typing", "concurrent.futures", "dataclasses", "datetime", "hashlib",
    "heapq", "importlib.metadata", "inspect", "jinja2", "json", "logging", "numpy", "pathlib", "pydantic", "random",
    "regex", "rich", "shutil", "splintr", "subprocess", "tempfile", "threading", "tiktoken", "toktok", "typer", "typing",
    "unicodedata", "handoff_cli.tokens.engine", "handoff_cli.tokens.messages",
}  # fmt: skip
COUNT = {
    "stream": """
from handoff_cli.tokens.stream import StreamCounter
counter = StreamCounter()
counter.feed('def f(x):  # a naïve 例\\n    return x\\n' * 60)
counter.settle()
""",
    "model": """
from handoff_cli.tokens.count import TextCounter
from handoff_cli.tokens.decode import StreamDecoder
counter = TextCounter('claude-opus-4-8[1m]')
counter.feed(StreamDecoder().decode(b'Hello, world. ' * 150, final=True))
counter.result()
""",
}


@pytest.mark.parametrize("case", COUNT)
def test_a_small_count_loads_nothing_heavy(case):
    """2 KB need the standard library's ``re`` and ``mmap``; nobody pays for what is not used."""
    code = f"import sys; before = set(sys.modules){COUNT[case]}print(*sorted(set(sys.modules) - before))"
    shown = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(shown.stdout.split())
    assert not loaded & HEAVY
    assert len(loaded) < 60
