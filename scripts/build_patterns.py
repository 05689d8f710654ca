"""Write ``handoff_cli/core/patterns.table``: what ``re`` compiles the patterns of the hot commands to.

The tables in ``handoff_cli/redaction`` have those of the search for secrets but for the published shapes.

``python scripts/build_patterns.py [--check]``, with any Python of ``core.patterns.ENGINES``: all make the same code.
The patterns are those that the modules below ask ``core.patterns.compiled`` for, when they are loaded or set to work.
"""

from __future__ import annotations

import _sre
import ast
import importlib
import marshal
import sys
from pathlib import Path
from re import _compiler, _parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

from handoff_cli.core import patterns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

MODULES = (
    "handoff_cli.core.text", "handoff_cli.core.jsonc", "handoff_cli.models.lookup", "handoff_cli.tokens.encode",
    "handoff_cli.cli.lines",
)  # fmt: skip
"""Those that a hot command may load."""


def asked_for() -> list[tuple[Any, int]]:
    """Return the patterns and flags that ``MODULES`` ask for, in order."""
    found: dict[tuple[Any, int], None] = {}
    usual = patterns.compiled

    def noted(pattern: Any, flags: int = 0) -> Any:
        found[pattern, int(flags)] = None
        return usual(pattern, flags)

    patterns.compiled = noted
    for name in MODULES:
        sys.modules.pop(name, None)
        importlib.import_module(name)
    from handoff_cli.core.jsonc import without_comments_and_commas
    from handoff_cli.core.text import visible
    from handoff_cli.tokens.encode import PATTERNS, Splitter

    for text in ("plain", "数据"):
        for name in PATTERNS:
            Splitter(name).pieces(text)
        visible(f"{text}\x1b<")
    without_comments_and_commas("{} // a comment")
    patterns.compiled = usual
    return list(found)


def asked_for_by_the_search() -> dict[Path, list[tuple[Any, int]]]:
    """Return by table the patterns and flags that the search for secrets asks for, as its modules say."""
    from handoff_cli.redaction import commands, names, search, shapes, values

    escapes = [*(pattern for _, pattern in search.ESCAPES), search.ANY_ESCAPE]
    tables = {
        search: [*escapes, *(pattern for _, pattern in names.SEPARATORS), *_named_in(search, names, values)],
        shapes: [*(rule[2] for rule in shapes.RULES), *shapes.BODY_CLASSES.values(), *_named_in(shapes)],
        commands: [*(pattern for *_, pattern in commands.PROGRAMS), *_named_in(commands)],
    }
    return {
        Path(module.__file__ or "").with_suffix(".table"): [(pattern, 0) for pattern in dict.fromkeys(found)]
        for module, found in tables.items()
    }


def _named_in(*modules: ModuleType) -> Iterator[str]:
    """Yield the patterns that ``modules`` give to ``compiled`` as they stand there, or by the name of a constant."""
    for module in modules:
        for node in ast.walk(ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "compiled":
                asked = node.args[0]
                if isinstance(asked, ast.Constant):
                    yield asked.value
                elif isinstance(asked, ast.Name) and asked.id.isupper():
                    yield vars(module)[asked.id]


def code_of(pattern: Any, flags: int) -> tuple[Any, ...]:
    """Return what ``re`` gives to its engine for ``pattern``: code, flags, groups, groups by name, names by group."""
    parsed = _parser.parse(pattern, flags)
    code = _compiler._code(parsed, flags)  # noqa: SLF001 - there is no other way to it
    by_name = parsed.state.groupdict
    by_group = [None] * parsed.state.groups
    for name, group in by_name.items():
        by_group[group] = name
    words = b"".join(word.to_bytes(_sre.CODESIZE, "little") for word in code)
    return words, flags | parsed.state.flags, parsed.state.groups - 1, dict(by_name), tuple(by_group)


def table(keys: list[tuple[Any, int]]) -> bytes:
    """Return the table of ``keys`` as it should be."""
    return marshal.dumps({key: code_of(*key) for key in keys}, 4)


def main() -> int:
    """Write the table, or with ``--check`` say whether it is as it should be."""
    if _sre.MAGIC not in patterns.ENGINES:
        print("this Python's patterns are of another kind; nothing to do")
        return 0
    for path, keys in {Path(patterns.TABLE): asked_for(), **asked_for_by_the_search()}.items():
        wanted = table(keys)
        if path.is_file() and marshal.loads(path.read_bytes()) == marshal.loads(wanted):
            continue
        if "--check" in sys.argv[1:]:
            print(f"{path} is not what its modules ask for; run: python scripts/build_patterns.py")
            return 1
        path.write_bytes(wanted)
        print(f"wrote {path}, {len(wanted):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
