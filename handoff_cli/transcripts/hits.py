"""What a search found, as ``rg -n`` prints it: each agent's tool has its own form."""

from __future__ import annotations

from handoff_cli.core.patterns import MULTILINE, lazily
from handoff_cli.transcripts.values import as_dict, as_list, as_str, object_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_NUMBERED = lazily(r"(>)?\s{0,8}(?:Line )?(\d{1,7}): ?(.*)")
_BELOW_FILES = lazily(r"^(?:> |\s{0,8})(?:Line )?\d{1,7}:", MULTILINE)
_COUNT = lazily(
    r"\A(?:Found \d+ (?:result|match)[^\n]*|Search results for pattern [^\n]*)\n(?:Searched \d+ files\.\n)?\n*"
)
"""How many there are, and of what: a line above."""

_FILE = lazily(r"((?:[\w.@+~-]*/)+[\w.@+-]+|[\w@+-][\w.@+-]*\.\w{1,10})(:\d{1,7}:\d{1,7}|:)?\s*")
_PATHS, _NUMBERS, _TEXTS = ("File", "path", "file"), ("LineNumber", "line"), ("LineContent", "content", "text")


def as_printed(answer: str) -> str:
    """Return the ``answer`` of a search as lines of path, number and text, as it is where it is in no known form.

    Numbers and texts stand below the path of their file (OpenCode, Cursor), or of each place with lines around it
    (Cline); or they are rows of JSON (Antigravity) or an object of several (Hermes).
    """
    answer = _COUNT.sub("", answer)
    if answer.lstrip()[:1] == "{":
        return "\n".join(_of_rows(answer)) or answer
    return "\n".join(_below_files(answer)) if _BELOW_FILES.search(answer) else answer


def _below_files(answer: str) -> Iterator[str]:
    path, among = "", False
    for line in answer.split("\n"):
        if path and (found := _NUMBERED.match(line)):
            is_hit = not among or bool(found[1])
            yield f"{path}:{found[2]}:{found[3]}" if is_hit else f"{path}-{found[2]}-{found[3]}"
        elif found := _FILE.fullmatch(line):
            path, among = found[1], len(found[2] or "") > 1
        else:
            yield line


def _of_rows(answer: str) -> Iterator[str]:
    fields = object_of(answer)
    rows = as_list(fields.get("matches")) or ([fields] if fields else [object_of(line) for line in answer.split("\n")])
    yield from filter(None, map(_row, map(as_dict, rows)))
    yield from (it for it in as_list(fields.get("files")) if isinstance(it, str))


def _row(row: dict[str, Any]) -> str:
    path, text = (next((as_str(row[key]) for key in keys if as_str(row.get(key))), "") for keys in (_PATHS, _TEXTS))
    number = next((row[key] for key in _NUMBERS if isinstance(row.get(key), int)), None)
    return path if number is None else f"{path}:{number}:{text}" if path else ""
