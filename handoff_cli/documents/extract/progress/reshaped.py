"""A function whose parameters or results changed, and the calls of it that are known and were not changed since."""

from __future__ import annotations

from handoff_cli.core.blocks import signature_end
from handoff_cli.core.code import defined_by
from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.facts import Reshaped
from handoff_cli.documents.extract.files.changes import COMMENT
from handoff_cli.documents.extract.files.texts import parts_of_file, same_file
from handoff_cli.documents.extract.language.words import clipped
from handoff_cli.documents.extract.runs.checked import PROSE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Edit, Transcript
    from handoff_cli.documents.extract.files.texts import Printed

_EDITS, _LONG_NAME, _MOST_CALLS, _FILES, _ANY, _TAKES_CHARS = 40, 5, 8, 12, 99, 90
_BRACKETS = "()[]{}"
"""Those that open before those that close, in pairs."""
_Shape = tuple[int, int, int]
"""How many parameters have to and may be given, and how many results come back where a language counts them."""


def reshaped(transcript: Transcript, printed: Sequence[Printed], passed: int) -> Reshaped | None:
    """Return the function that edits after ``passed`` changed last so that calls of it have to change, else None."""
    late = [it for it in transcript.edits if it.position > passed and it.outcome != "failed"]
    late = [it for it in late if not PROSE.search(it.path)][-_EDITS:]
    first: dict[str, tuple[_Shape, str]] = {}
    last: dict[str, tuple[_Shape, str, Edit]] = {}
    for edit in late:
        before = _shapes(edit.old) if edit.old else {}
        for name, (shape, takes) in _shapes(edit.new).items() if before else ():
            if name in before:
                first.setdefault(name, before[name])
                last.pop(name, None)
                last[name] = (shape, takes, edit)
    for name, (shape, takes, edit) in reversed(last.items()):
        old, took = first[name]
        if shape != old:
            calls = _calls_left(name, (old, shape), edit, transcript, printed)
            if calls:
                return Reshaped(name, edit.path, calls, took, takes)
    return None


def _shapes(text: str) -> dict[str, tuple[_Shape, str]]:
    """Return the shape of each function that ``text`` defines once, by name, with its parameters and results."""
    lines, found, twice = text.split("\n"), dict[str, tuple[_Shape, str]](), set[str]()
    for at, line in enumerate(lines):
        name = defined_by(line) if "(" in line and not _TYPE.match(line) else None
        if name and len(name) >= _LONG_NAME and not name.startswith("__") and f"{name}(" in line:
            twice |= {name} & found.keys()
            signature = " ".join(it.strip() for it in lines[at : signature_end(lines, at)])
            takes = signature[signature.index(f"{name}(") + len(name) :]
            for end in _ENDS:
                takes = takes.rstrip().removesuffix(end)
            found[name] = _shape(signature, name), clipped(takes.rstrip(), _TAKES_CHARS)
    return {name: shape for name, shape in found.items() if name not in twice}


_ENDS = ("{", "=>", "=", ":")
"""What a signature ends with before its body, from its end on."""

_TYPE = lazily(r"\s*(?:\w+\s+){0,4}(?:class|struct|enum|interface|trait|record|object|union|type)\s")
"""A line that defines no function: what stands in brackets behind its name is what it comes from."""


def _shape(signature: str, name: str) -> _Shape:
    given, end = _items(signature, signature.index(f"{name}(") + len(name) + 1, _BRACKETS + "<>")
    given = [it for it in given if it and it not in _NOT_GIVEN]
    needed = sum(not _OPTIONAL.search(it) for it in given)
    most = _ANY if any(map(_SPREAD.search, given)) else len(given)
    results = _RESULTS.match(signature, end + 1) if _GO.match(signature) else None
    if not results:
        return needed, most, 0
    many = len(_items(signature, results.end())[0]) if results[0].endswith("(") else bool(results["one"])
    return needed, most, int(many)


def _items(text: str, begins: int, brackets: str = _BRACKETS) -> tuple[list[str], int]:
    """Return what commas part from ``begins`` up to the one of ``brackets`` that closes, and where that stands."""
    depth, start, items = 0, begins, list[str]()
    for at in range(begins, len(text)):
        sign = text[at]
        if sign in brackets and not (sign == ">" and text[at - 1] in "=-"):
            depth += 1 if brackets.index(sign) % 2 == 0 else -1
        if depth < 0 or (sign == "," and not depth):
            items.append(text[start:at].strip())
            start = at + 1
        if depth < 0:
            return items, at
    return items, len(text)


_OPTIONAL = lazily(r"\?:|=(?!>)|^\*|\.\.\.")
_SPREAD = lazily(r"^\*|\.\.\.")
_NOT_GIVEN = ("self", "cls", "&self", "&mut self", "mut self", "this", "/")
_GO = lazily(r"\s*func\b")
_RESULTS = lazily(r"\s*(?:\(|(?P<one>[\w*\[\].]+)?)")


def _calls_left(
    name: str, shapes: tuple[_Shape, _Shape], edit: Edit, transcript: Transcript, printed: Sequence[Printed]
) -> tuple[str, ...]:
    """Return where lines that stand at the end, not written since ``edit``, call ``name`` in its old shape alone.

    Nothing where another file defines the name as well: which one is called is not known then.
    """
    calls: dict[str, None] = {}
    paths = dict.fromkeys(it.path for it in transcript.edits if f"{name}(" in it.new)
    paths.update(dict.fromkeys(it.path for it in transcript.texts if f"{name}(" in it.text))
    paths.update(dict.fromkeys(path for it in printed for path, _, line in it.lines if f"{name}(" in line))
    known: list[str] = []
    for path in paths:
        if len(known) < _FILES and not PROSE.search(path) and not any(same_file(path, it) for it in known):
            known.append(path)
            since = [it.new for it in transcript.edits if it.position >= edit.position and same_file(it.path, path)]
            written = {line.strip() for text in since for line in text.split("\n")}
            other = not same_file(path, edit.path)
            for part in parts_of_file(path, transcript, printed):
                for at, line in enumerate(part.lines) if part.exact else ():
                    if not _names(line, name):
                        continue
                    if not _defines(line, name):
                        if line.strip() not in written and _fits_old(_given_in(part.lines, at, name), *shapes):
                            calls[f"{path}:{part.first + at}" if part.first else path] = None
                    elif other:
                        return ()
    return tuple(calls)[:_MOST_CALLS]


def _fits_old(given: int, old: _Shape, new: _Shape) -> bool:
    """Return whether a call with so many arguments was right for the ``old`` shape and is not for the ``new`` one."""
    return old[0] <= given <= old[1] and (old[2] != new[2] or not new[0] <= given <= new[1])


def _names(line: str, name: str) -> bool:
    """Return whether ``name`` stands in a ``line`` of code before a bracket, not as the end of a longer one.

    What is called of another thing tells its own name only where that is no plain word (``file.close()``).
    """
    at = line.find(f"{name}(")
    before = line[at - 1 : at]
    own = at >= 0 and not (before.isalnum() or before in _PARTS) and not COMMENT.match(line)
    return own and (before != "." or not name.isalpha() or not name[1:].islower())


def _defines(line: str, name: str) -> bool:
    found = _DEFINES.match(line)
    return defined_by(line) == name or (found is not None and line.startswith(f"{name}(", found.end()))


def _given_in(lines: Sequence[str], at: int, name: str) -> int:
    """Return how many arguments the call of ``name`` at ``lines[at]`` gives, -1 where a list of them is spread."""
    text = _STRING.sub("0", " ".join(lines[at : signature_end(lines, at)]))
    begins = text.find(f"{name}(")
    given = _items(text, begins + len(name) + 1)[0] if begins >= 0 else ["*"]
    return -1 if any(map(_SPREAD.search, given)) else sum(map(bool, given))


_PARTS = ("_", "'", '"', "`")
"""What before a name makes it part of another, or a word in a text."""
_STRING = lazily(r"""'[^'\n\\]*'|"[^"\n\\]*"|`[^`\n\\]*`""")
_DEFINES = lazily(r"\s*(?:(?:export|default|public|private|static|async)\s+)*(?:def|func|fn|function)\s+")
