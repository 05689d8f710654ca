"""Fail when one name means two things in handoff_cli: classes, bounds (``MAX_...``), the functions of ``core.text``."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parent.parent / "handoff_cli"
OPTIONS = "cli/options.py"
"""Its names are options of the command line: a ``Session`` there is the option that names one."""

TEXT = "core/text.py"


def main() -> int:
    """Print each name with the files that define it, and return 1 if there is one."""
    twice = dict(meanings({str(path.relative_to(ROOT)): path.read_text("utf-8") for path in ROOT.rglob("*.py")}))
    for name, files in twice.items():
        sys.stderr.write(f"{name} means several things: {', '.join(files)}\n")
    return 1 if twice else 0


def meanings(modules: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the names that several of ``modules``, source by path, define, with their paths."""
    defined: dict[str, list[str]] = defaultdict(list)
    words: set[str] = set()
    for path, source in sorted(modules.items()):
        for name, is_function in _names_in(ast.parse(source)):
            if path == TEXT and is_function:
                words.add(name)
            if path != OPTIONS:
                defined[f"{name}()" if is_function else name].append(path)
    for name, files in sorted(defined.items()):
        is_word = name.endswith("()") and name[:-2] in words
        if len(files) > 1 and (is_word or not name.endswith("()")):
            yield name, files


def _names_in(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """Yield the public names of a module that must be told apart, and whether each is a function."""
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, False
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node.name, True
        yield from ((it.id, False) for it in targets if isinstance(it, ast.Name) and it.id.startswith("MAX_"))


if __name__ == "__main__":
    sys.exit(main())
