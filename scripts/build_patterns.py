"""Write the tables in ``handoff_cli/core``: what ``re`` compiles the patterns of the hot commands to.

``python scripts/build_patterns.py [--check]``, with any Python of ``core.patterns.ENGINES``: all make the same code.
The patterns are those that the modules below ask ``core.patterns.compiled`` for, when they are loaded or set to work.
"""

from __future__ import annotations

import _sre
import ast
import importlib
import marshal
import pkgutil
import sys
from contextlib import suppress
from functools import cache
from itertools import accumulate, groupby, pairwise
from pathlib import Path
from re import _compiler, _parser  # type: ignore[attr-defined]
from re import _constants as sre  # type: ignore[attr-defined]
from re._casefix import _EXTRA_CASES  # type: ignore[import-not-found]
from typing import TYPE_CHECKING, Any
from unittest import mock

from handoff_cli.core import patterns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    Key = tuple[Any, int]

MODULES = (
    *("core.text", "core.jsonc", "models.lookup", "tokens.encode", "cli.lines", "transcripts.source"),
    *("transcripts.tail", "agents.claude_code", "agents.claude_code_log", "agents.readers"),
    *("redaction", "redaction.values", "redaction.placeholders"),
    *(
        "redaction.names",
        "redaction.separators",
        "redaction.options",
        "redaction.shapes",
        "redaction.prefixes",
        "redaction.gates",
        "redaction.published",
        "redaction.search",
        "redaction.layers",
        "redaction.index",
        "redaction.lines",
        "redaction.tellers",
        "redaction.beside",
        "redaction.tables",
        "redaction.phrases",
        "redaction.plain",
        "redaction.lists",
        "redaction.literals",
        "redaction.abroad",
        "redaction.calling",
        "redaction.sentences",
    ),
)
"""Those that a hot command may load."""
OF_DOCUMENTS = ("handoff_cli.core.code", "handoff_cli.transcripts", "handoff_cli.documents", "handoff_cli.agents")
"""What is loaded where a document is written, with all below it."""
SLOTS_OF_A_KEY = 4
"""So many that what a table does not have is mostly looked for where nothing is."""
MAY_LAG = 2
"""The table that ``--check`` does not look at: it saves time where a document is written."""

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
    """Return what is asked for in any run; beyond that by a search for secrets; by documents; by published rules."""
    found: dict[Key, None] = {}
    patterns._tables[:] = [{}, *[b""] * 3]  # those that are there may be of another form
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
    from handoff_cli.redaction import gates, options, prefixes, published, shapes

    found[redaction.STORED, patterns.VALUES] = None
    always = len(_asked_in_any_run(found))
    _search(noted)
    of_rows = options.PROGRAMS, prefixes.STORED, published.STORED, shapes.STORED, gates.STORED
    values = dict.fromkeys((name, patterns.VALUES) for name in of_rows)
    found.update({**values, **_names_of(_programs()), **_names_of(_shapes())})
    searched = len(found)
    for name in OF_DOCUMENTS:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{name}."):
            importlib.import_module(module.name)
    patterns.compiled, patterns.lazily, patterns.caseless = usual
    documents = len(found)
    found.update(_names_of(_published_rules()))
    keys, ends = [*found], (0, always, searched, documents, len(found))
    return tuple(keys[first:last] for first, last in pairwise(ends))


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


def _search(noted: Callable[..., Any]) -> None:
    from handoff_cli import redaction
    from handoff_cli.redaction import escapes, prefixes, redact, separators, shape_rules, wraps

    for text in ("\n".join(TEXTS), *TEXTS):
        redact(text)
    for found in pkgutil.iter_modules(redaction.__path__):
        for pattern in _named_in(importlib.import_module(f"{redaction.__name__}.{found.name}")):
            noted(pattern)
    for pattern in prefixes.BODY_CLASSES.values():
        noted(pattern, prefixes.ASCII)
    # ruff: noqa: SLF001 - these are ours
    hiding = (wraps._WRAP, escapes._USUAL_ESCAPE, escapes._ANY_ESCAPE, escapes._ANY_INVISIBLE)
    grouped = (f"({pattern})" for pattern in hiding)
    for pattern in (*shape_rules.HINTS.values(), *grouped, *separators.SEPARATOR_OF.values()):
        noted(pattern)


def _named_in(module: ModuleType) -> Iterator[str]:
    """Yield the patterns that calls of ``compiled`` in ``module`` name, where that needs nothing but the module."""
    for call in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "compiled":
            given = call.args[0]
            for part in (given.body, given.orelse) if isinstance(given, ast.IfExp) else (given,):
                with suppress(NameError):
                    yield eval(compile(ast.Expression(part), "", "eval"), vars(module))


def _programs() -> dict[str, str]:
    from handoff_cli.redaction.commands import PROGRAMS
    from handoff_cli.redaction.options import name_of

    return {name_of(number): pattern for number, (*_, pattern) in enumerate(PROGRAMS)}


def _shapes() -> dict[str, str]:
    from handoff_cli.redaction.shape_rules import RULES, SIGNED_CLAIMS
    from handoff_cli.redaction.shapes import SIGNED, ascii_only, name_of

    rules = {name_of(number): ascii_only(pattern) for number, (_, _, pattern, _) in enumerate(RULES)}
    return {SIGNED: SIGNED_CLAIMS, **rules}


def _published_rules() -> dict[str, str]:
    """Return the patterns that only a search through published rules asks for."""
    from handoff_cli.redaction.published import all_rules, name_of, wrapped

    return {name_of(number): wrapped(pattern, form) for number, (form, _, pattern) in enumerate(all_rules())}


def _names_of(named: dict[str, str]) -> dict[Key, None]:
    return dict.fromkeys((name, patterns.NAMED) for name in named)


def entry_of(pattern: Any, flags: int) -> tuple[Any, ...]:
    """Return what a table holds of what is asked for: what the engine is given, and a pattern with a name; values."""
    from handoff_cli import redaction
    from handoff_cli.redaction import gates, options, prefixes, published, shapes
    from handoff_cli.redaction.beginnings import rows_of_prefixes
    from handoff_cli.redaction.commands import rows_of_programs
    from handoff_cli.redaction.gate_words import rows_of_gates
    from handoff_cli.redaction.shape_rules import rows_of_shapes
    from handoff_cli.redaction.telling import rows_of_telling

    if flags == patterns.VALUES:
        made = {
            redaction.STORED: rows_of_telling,
            options.PROGRAMS: rows_of_programs,
            prefixes.STORED: rows_of_prefixes,
            published.STORED: published.keywords,
            shapes.STORED: rows_of_shapes,
            gates.STORED: rows_of_gates,
        }
        return made[pattern]()
    if flags != patterns.NAMED:
        return code_of(pattern, flags)
    text = _named()[pattern]
    return (*code_of(text, 0), text)


@cache
def _named() -> dict[str, str]:
    return {**_programs(), **_shapes(), **_published_rules()}


def code_of(pattern: Any, flags: int) -> tuple[Any, ...]:
    """Return what ``re`` gives to its engine for ``pattern``: code, flags, groups, groups by name, names by group.

    The code also tells the signs that a match can begin with (``_signs_of_beginning``), and asks once for a border that
    several alternatives begin with (``_share_borders``).
    """
    parsed = _parser.parse(pattern, flags)
    _share_borders(parsed)
    with mock.patch.object(_compiler, "_get_charset_prefix", _signs_of_beginning):
        code = _compiler._code(parsed, flags)  # there is no other way to it
    by_name = parsed.state.groupdict
    by_group = [None] * parsed.state.groups
    for name, group in by_name.items():
        by_group[group] = name
    words = b"".join(word.to_bytes(_sre.CODESIZE, "little") for word in code)
    return words, flags | parsed.state.flags, parsed.state.groups - 1, dict(by_name), tuple(by_group)


def _share_borders(parsed: Any) -> None:
    """Let alternatives beside each other that begin with the same border or anchor be those of one that has it once.

    Where there is none, none of them is tried; where there is, the engine passes those that begin with another sign.
    ``re`` does so only where all alternatives begin alike.
    """
    for at, (kind, what) in enumerate(parsed.data):
        if kind is sre.BRANCH:
            for alternative in what[1]:
                _share_borders(alternative)
            runs = [list(run) for _, run in groupby(what[1], key=_border_of)]
            parsed.data[at] = kind, (what[0], [it for run in runs for it in _sharing(run)])
        elif kind is not sre.IN:
            for inner in what if isinstance(what, tuple) else (what,):
                if isinstance(inner, _parser.SubPattern):
                    _share_borders(inner)


def _border_of(parsed: Any) -> Any:
    return parsed.data[0] if len(parsed.data) and parsed.data[0][0] is sre.AT else None


def _sharing(alternatives: list[Any]) -> list[Any]:
    border = _border_of(alternatives[0])
    if border is None or len(alternatives) == 1:
        return alternatives
    rests = [_parser.SubPattern(it.state, it.data[1:]) for it in alternatives]
    return [_parser.SubPattern(rests[0].state, [border, (sre.BRANCH, (None, rests))])]


_usual_signs = _compiler._get_charset_prefix


def _signs_of_beginning(parsed: Any, flags: int) -> list[tuple[Any, Any]] | None:
    """Return the signs that a match of ``parsed`` can begin with, None where they are many.

    The engine passes all others at once, in half of the time that trying the pattern takes. ``re`` looks for them no
    farther than the first part of a pattern, and finds none behind a border of a word or in what is optional.
    """
    if found := _usual_signs(parsed, flags):
        return found  # type: ignore[no-any-return]
    signs, may_be_empty = _firsts(parsed)
    if may_be_empty or any(kind is sre.CATEGORY and of not in _FEW for kind, of in signs):
        return None
    if flags & patterns.IGNORECASE:
        signs = [it for sign in signs for it in _in_any_case(sign)]
    return list(dict.fromkeys(signs))


def _in_any_case(sign: tuple[Any, Any]) -> Iterator[tuple[Any, Any]]:
    """Yield the signs that the engine takes for ``sign``, or for one of its range, where case is ignored."""
    kind, what = sign
    if kind is sre.CATEGORY:
        yield sign
        return
    for char in range(what[0], what[1] + 1) if kind is sre.RANGE else (what,):
        lower = _sre.unicode_tolower(char)
        for alike in (lower, *_EXTRA_CASES.get(lower, ())):
            yield from ((sre.LITERAL, it) for it in sorted((*_others_of_lower().get(alike, ()), alike)))


@cache
def _others_of_lower() -> dict[int, list[int]]:
    """Return the letters that are another one in lower case, by that: few of all that there are."""
    found: dict[int, list[int]] = {}
    for char in range(sys.maxunicode + 1):
        if (lower := _sre.unicode_tolower(char)) != char:
            found.setdefault(lower, []).append(char)
    return found


_FEW = (sre.CATEGORY_DIGIT, sre.CATEGORY_SPACE)
_NO_SIGNS = (sre.AT, sre.ASSERT, sre.ASSERT_NOT)
_ANYTHING = [(sre.CATEGORY, sre.CATEGORY_WORD)], True


def _firsts(items: Any) -> tuple[list[tuple[Any, Any]], bool]:
    """Return the signs that what ``items`` match can begin with, and whether that may be empty."""
    signs: list[tuple[Any, Any]] = []
    for kind, what in items:
        if kind in _NO_SIGNS:
            continue
        if kind is sre.LITERAL:
            return [*signs, (kind, what)], False
        if kind is sre.IN and what[0][0] is not sre.NEGATE:
            return [*signs, *what], False
        if kind is sre.BRANCH:
            each = [_firsts(branch) for branch in what[1]]
            more, may_be_empty = [it for own, _ in each for it in own], any(empty for _, empty in each)
        elif kind is sre.SUBPATTERN and not (what[1] or what[2]):
            more, may_be_empty = _firsts(what[3])
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            more, may_be_empty = _firsts(what[2])
            may_be_empty = may_be_empty or what[0] == 0
        elif kind is sre.ATOMIC_GROUP:
            more, may_be_empty = _firsts(what)
        else:
            return _ANYTHING
        signs += more
        if not may_be_empty:
            return signs, False
    return signs, True


def tables() -> list[bytes]:
    """Return the tables as they should be."""
    first, *others = asked_for()
    return [marshal.dumps({key: entry_of(*key) for key in first}, 4), *map(_by_slot, others)]


def _by_slot(keys: list[Key]) -> bytes:
    """Return the table of ``keys`` that ``core.patterns.entries_in`` reads: the places of its slots, and the slots."""
    slots: list[list[tuple[Key, tuple[Any, ...]]]] = [[] for _ in range(SLOTS_OF_A_KEY * len(keys))] or [[]]
    for key in keys:
        slots[patterns.slot_of(*key) % len(slots)].append((key, entry_of(*key)))
    packed = [marshal.dumps(slot, 4) if slot else b"" for slot in slots]
    places = accumulate(map(len, packed), initial=4 * (len(packed) + 1))
    return b"".join((*(place.to_bytes(4, "little") for place in places), *packed))


def entries(table: bytes) -> dict[Key, tuple[Any, ...]]:
    """Return what a table of either form holds: packed, the same may look different; nothing of one of another form."""
    try:
        found = marshal.loads(table)
    except (EOFError, ValueError, TypeError):
        found = None
    if isinstance(found, dict):
        return found
    places = int.from_bytes(table[:4], "little") // 4 - 1
    return dict(entry for slot in range(places) for entry in patterns.entries_in(table, slot))


def _are_alike(one: bytes, other: bytes, number: int) -> bool:
    """Return whether two tables hold the same, in as many slots, each where it is looked for: the first has none."""
    if entries(one) != entries(other):
        return False
    return number == 0 or (
        one[:4] == other[:4]
        and all(key in dict(patterns.entries_in(one, patterns.slot_of(*key))) for key in entries(one))
    )


def main() -> int:
    """Write the tables, or with ``--check`` say whether they are as they should be."""
    if patterns.engine is None or patterns.engine.MAGIC not in patterns.ENGINES:
        print("this Python's patterns are of another kind; nothing to do")
        return 0
    stale = 0
    lagging = MAY_LAG if "--check" in sys.argv[1:] else None
    for number, (path, wanted) in enumerate(zip(map(Path, patterns.TABLES), tables(), strict=True)):
        if number == lagging or (path.is_file() and _are_alike(path.read_bytes(), wanted, number)):
            continue
        stale = 1
        if "--check" in sys.argv[1:]:
            print(f"{path} is not what its modules ask for; run: python scripts/build_patterns.py")
        else:
            new = path.with_suffix(".new")
            new.write_bytes(wanted)
            new.replace(path)  # whoever has the old one open reads that to its end
            print(f"wrote {path}, {len(wanted):,} bytes")
    return stale if "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
