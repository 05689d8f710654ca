"""Fail when modules of handoff_cli import each other in a circle, imports inside functions included."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import grimp

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PACKAGE = "handoff_cli"


def main() -> int:
    """Print each circle on a line of its own and return 1 if there is one."""
    graph = grimp.build_graph(PACKAGE, exclude_type_checking_imports=True, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    circles = list(find_circles(imports))
    for circle in circles:
        sys.stderr.write(f"import cycle: {' <-> '.join(sorted(circle))}\n")
    return 1 if circles else 0


def find_circles(imports: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """Yield the groups of modules that reach each other through ``imports``, by Tarjan's algorithm."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    for root in sorted(imports):
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        path = [(root, iter(sorted(imports[root])))]
        while path:
            module, rest = path[-1]
            for imported in rest:
                if imported not in index:
                    index[imported] = low[imported] = len(index)
                    stack.append(imported)
                    path.append((imported, iter(sorted(imports.get(imported, ())))))
                    break
                if imported in stack:
                    low[module] = min(low[module], index[imported])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[module])
                if low[module] == index[module]:
                    at = stack.index(module)
                    circle, stack[at:] = stack[at:], []
                    if len(circle) > 1:
                        yield circle


if __name__ == "__main__":
    sys.exit(main())
