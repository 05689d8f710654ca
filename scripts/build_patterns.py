"""Write the tables in ``handoff_cli/core``: what ``re`` compiles the patterns of the hot commands to.

``python scripts/build_patterns.py [--check]``, with any Python of ``core.patterns.ENGINES``: all make the same code.
The patterns are those that the modules below ask ``core.patterns.compiled`` for, when they are loaded or set to work.
"""

from __future__ import annotations

import _sre
import importlib
import marshal
import pkgutil
import sys
from pathlib import Path
from re import _compiler, _parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

from handoff_cli.core import patterns

if TYPE_CHECKING:
    from collections.abc import Callable

    Key = tuple[Any, int]

MODULES = (
    *("core.text", "core.jsonc", "models.lookup", "tokens.encode", "cli.lines", "transcripts.source"),
    *("transcripts.tail", "agents.claude_code", "agents.claude_code_log", "agents.readers"),
    *("redaction", "redaction.values"),
    *("redaction.names", "redaction.commands", "redaction.shapes", "redaction.published", "redaction.search"),
)
"""Those that a hot command may load."""
OF_DOCUMENTS = ("handoff_cli.core.code", "handoff_cli.transcripts", "handoff_cli.documents", "handoff_cli.agents")
"""What is loaded where a document is written, with all below it."""
HELD = 2
"""The tables that ``--check`` looks at; the third saves time where a document is written, and may lag behind."""

TEXTS = (
    "User: why does `get_token_status(project)` in state/ledger.py read the key twice? The password = input() stays.",
    'Assistant: see https://example.org/docs/tokens#keys: "the session\'s key" is looked up again, 80% of the time.',
    "if not check_password(row['login'], key='k'): raise ImportError(f\"wrong password for {row['id']}\\n\")",
    "token: str | None = None  # auth=basic, api_key = os.environ['API_KEY']; secret := 'changeme'",
    "$ git commit -m 'Sign in with the private key' && docker login -u me && curl -H 'Authorization: Bearer x' host",
    "Cookie: theme=dark; Set-Cookie: a=b; passphrase {{ vault.pass }}, user=me password=short, pwd: ****",
    "fefb3a6c8c9d7e1f00b1d2c3a4958677 AKIAIOSFODNN7EXAMPLE Zm9vYmFyYmF6cXV4cXV1eA==",
    "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    '\x1b[31mFAILED\x1b[0m tests/test_rows.py::test_wrong_password &quot;key&quot; \\u0041 token=\\"x1y2z3\\"',
    "密码是 hunter2, das Kennwort lautet geheim1, пароль: qwerty12",
)
"""Such as people track. What is searched in others and not in these is compiled when it is needed."""


def asked_for() -> tuple[list[Key], ...]:
    """Return what is asked for in any run, by a search for secrets, by documents, and by published rules."""
    found: dict[Key, None] = {}
    usual = patterns.compiled, patterns.lazily, patterns.caseless

    def noted(pattern: Any, flags: int = 0) -> Any:
        found[pattern, int(flags)] = None
        return usual[0](pattern, flags)

    patterns.compiled = patterns.lazily = patterns.caseless = noted
    for name in [name for name in sys.modules if name.startswith("handoff_cli.") and name != patterns.__name__]:
        del sys.modules[name]
    for name in MODULES:
        importlib.import_module(f"handoff_cli.{name}")
    from handoff_cli import redaction

    always = _asked_in_any_run(found)
    _search(noted)
    searched = [key for key in found if key not in always]
    for name in OF_DOCUMENTS:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{name}."):
            importlib.import_module(module.name)
    redaction.worth_searching(())
    patterns.compiled, patterns.lazily, patterns.caseless = usual
    documents = [key for key in found if key not in always and key not in searched]
    return always, searched, documents, _published(found)


def _published(known: dict[Key, None]) -> list[Key]:
    from handoff_cli.redaction.published import pattern_of
    from handoff_cli.redaction.published_rules import RULES

    rules = dict.fromkeys((pattern_of(number), 0) for number in range(len(RULES)))
    return [key for key in rules if key not in known]


def _asked_in_any_run(found: dict[Key, None]) -> list[Key]:
    from handoff_cli.core.jsonc import without_comments_and_commas
    from handoff_cli.core.text import visible
    from handoff_cli.tokens.encode import PATTERNS, Splitter

    for text in ("plain", "数据"):
        for name in PATTERNS:
            Splitter(name).pieces(text)
        visible(f"<x>{text}\x1b")
    without_comments_and_commas("{} // a comment")
    return list(found)


def _search(noted: Callable[[Any], Any]) -> None:
    from handoff_cli.redaction import commands, names, redact, search, shapes, values

    for text in ("\n".join(TEXTS), *TEXTS):
        redact(text)
    rules = [row[2] for row in (*commands.PROGRAMS, *shapes.RULES)] + [*shapes.HINTS.values()]
    # ruff: noqa: SLF001 - these are ours
    words = (values._OF_AWS, values._MIXED)
    hiding = (search._WRAP, search._USUAL_ESCAPE, search._ANY_ESCAPE, search._ANY_INVISIBLE)
    grouped = (f"({pattern})" for pattern in hiding)
    for pattern in (*rules, *words, *grouped, *shapes.BODY_CLASSES.values(), *names._SEPARATOR_OF.values()):
        noted(pattern)


def code_of(pattern: Any, flags: int) -> tuple[Any, ...]:
    """Return what ``re`` gives to its engine for ``pattern``: code, flags, groups, groups by name, names by group."""
    parsed = _parser.parse(pattern, flags)
    code = _compiler._code(parsed, flags)  # there is no other way to it
    by_name = parsed.state.groupdict
    by_group = [None] * parsed.state.groups
    for name, group in by_name.items():
        by_group[group] = name
    words = b"".join(word.to_bytes(_sre.CODESIZE, "little") for word in code)
    return words, flags | parsed.state.flags, parsed.state.groups - 1, dict(by_name), tuple(by_group)


def tables() -> list[bytes]:
    """Return the tables as they should be."""
    return [marshal.dumps({key: code_of(*key) for key in keys}, 4) for keys in asked_for()]


def main() -> int:
    """Write the tables, or with ``--check`` say whether they are as they should be."""
    if patterns.engine is None or patterns.engine.MAGIC not in patterns.ENGINES:
        print("this Python's patterns are of another kind; nothing to do")
        return 0
    stale = 0
    held = HELD if "--check" in sys.argv[1:] else None
    for path, wanted in list(zip(map(Path, patterns.TABLES), tables(), strict=True))[:held]:
        if path.is_file() and marshal.loads(path.read_bytes()) == marshal.loads(wanted):
            continue
        stale = 1
        if "--check" in sys.argv[1:]:
            print(f"{path} is not what its modules ask for; run: python scripts/build_patterns.py")
        else:
            path.write_bytes(wanted)
            print(f"wrote {path}, {len(wanted):,} bytes")
    return stale if "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
