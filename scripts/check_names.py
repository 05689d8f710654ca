"""Fail when one name means two things in handoff_cli: classes, bounds (``MAX_...``), the functions of ``core.text``.

Nor is one bound twice in a module: the second meaning takes the place of the first.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter, defaultdict
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
    """Yield the names that ``modules``, source by path, define several times, with the paths."""
    defined: dict[str, list[str]] = defaultdict(list)
    words: set[str] = set()
    for path, source in sorted(modules.items()):
        tree = ast.parse(source)
        bound = Counter(it.id for node in tree.body if isinstance(node, ast.Assign) for it in _bound_by(node))
        yield from ((name, [path] * times) for name, times in bound.items() if times > 1 and name != "_")
        for name, is_function in _names_in(tree):
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
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, False
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node.name, True
        elif isinstance(node, ast.Assign):
            yield from ((it.id, False) for it in _bound_by(node) if it.id.startswith("MAX_"))


def _bound_by(node: ast.Assign) -> Iterator[ast.Name]:
    every = (it for target in node.targets for it in ast.walk(target) if isinstance(it, ast.Name))
    return (it for it in every if isinstance(it.ctx, ast.Store))


if __name__ == "__main__":
    sys.exit(main())
