"""Copilot CLI's list of to-dos, which it keeps in a table of the session's: what its SQL writes there.

Checked on the words of the tool in 1.0.102: ``todos(id, title, description, status)``, of which the status is
``pending``, ``in_progress``, ``done`` or ``blocked``.
"""

from __future__ import annotations

from handoff_cli.core.patterns import DOTALL, IGNORECASE, lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_CHARS = 50_000
_INSERTS = lazily(r"\s*INSERT\s+(?:OR\s+\w+\s+)?INTO\s+todos\s*\(([^()]*)\)\s*VALUES", IGNORECASE)
_UPDATES = lazily(r"\s*UPDATE\s+todos\s+SET\b(.*?)\bWHERE\b", IGNORECASE | DOTALL)
_DELETES = lazily(r"\s*DELETE\s+FROM\s+todos\s+WHERE\b", IGNORECASE)
_FUNCTION = lazily(r"\b\w{1,40}\([^()]*\)")
_ROW = lazily(r"\(([^()]*)\)")
_CHOSEN = lazily(r"\bid\s*(?:=|IN\b)[\s(]*(\?[\d?,\s]*)", IGNORECASE)
_CHANGED = lazily(r"\b(status|title)\s*=\s*\?(\d+)", IGNORECASE)
_TEXT = lazily(r"\?(\d+)")

_GONE = {"status": "deleted"}


def written_in(query: str) -> Iterator[dict[str, str]]:
    """Yield the to-dos that SQL writes, as entries that change the list: ``id``, ``content`` and ``status``."""
    texts, statements = _taken_apart(query[:_MOST_CHARS])
    for statement in statements:
        if inserts := _INSERTS.match(statement):
            columns = [it.strip().lower() for it in inserts[1].split(",")]
            for row in _ROW.findall(_FUNCTION.sub("", statement[inserts.end() :])):
                values = [texts[int(it[1])] if (it := _TEXT.search(value)) else "" for value in row.split(",")]
                yield _entry(dict(zip(columns, values, strict=False)))
            continue
        updates = _UPDATES.match(statement)
        chooses = updates or _DELETES.match(statement)
        which = _CHOSEN.search(statement, chooses.end()) if chooses else None
        changed = {name.lower(): texts[int(at)] for name, at in _CHANGED.findall(updates[1])} if updates else _GONE
        for at in _TEXT.findall(which[1]) if which else ():
            yield _entry({**changed, "id": texts[int(at)]})


def _taken_apart(query: str) -> tuple[list[str], list[str]]:
    """Return the texts in quotes, and the statements with the number of each in its place; two quotes are one in it."""
    texts: list[str] = []
    rest: list[str] = []
    code, *quoted = query.split("'")
    rest.append(code.replace("?", " "))
    for text, code in zip(quoted[::2], [*quoted[1::2], ""], strict=False):
        if texts and not rest[-1]:
            texts[-1] += f"'{text}"
            rest[-1] = code.replace("?", " ")
        else:
            texts.append(text)
            rest += [f" ?{len(texts) - 1} ", code.replace("?", " ")]
    return texts, "".join(rest).split(";")


def _entry(fields: dict[str, str]) -> dict[str, str]:
    told = {"id": fields.get("id"), "content": fields.get("title"), "status": fields.get("status")}
    return {name: text for name, text in told.items() if text}
