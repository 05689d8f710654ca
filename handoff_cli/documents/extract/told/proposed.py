"""The code of a message that the latest request agrees to: nothing else has it before it is written."""

from __future__ import annotations

from handoff_cli.documents.extract.files.excerpts import Excerpt
from handoff_cli.documents.extract.language.words import plain
from handoff_cli.documents.extract.told.blocks import DEFINED, FENCED, IS_NOW, SHELL, WAS


def proposed_code(text: str) -> tuple[str, ...]:
    """Return the blocks of code that ``text`` proposes, from few lines of each to as many as there is room for.

    The last two of them count, later ones go into what is proposed first. Commands and drawings are no code, and what
    stands beside its new form as it was before is not proposed.
    """
    shown: list[tuple[str, str, str]] = []
    at = 0
    for found in FENCED.finditer(text):
        before = plain(text[at : found.start()].rstrip().rpartition("\n")[2])
        shown.append((found[2].strip(), found[3].strip("\n"), before))
        at = found.end()
    blocks = [
        _excerpt(code)
        for place, (language, code, before) in enumerate(shown)
        if _is_code(language, code)
        and not (WAS.match(before) and any(IS_NOW.match(it[2]) for it in shown[place + 1 : place + 2]))
    ][-_MOST_BLOCKS:]
    shown_in = ("\n\n".join("\n".join(it.shown(most)) for it in blocks) for most in _LINES)
    return tuple(dict.fromkeys(filter(None, shown_in)))


def _is_code(language: str, code: str) -> bool:
    return bool(language or DEFINED.search(code)) and not SHELL.match(language) and "\n" in code


def _excerpt(code: str) -> Excerpt:
    lines = tuple(line.rstrip() for line in code.split("\n"))
    begin = next((at for at, line in enumerate(lines) if DEFINED.match(line)), -1)
    defined = 0 <= begin <= _COMMENT_LINES
    return Excerpt(lines, (0, max(begin, 0) if defined else 0, len(lines)), {}, {}, defined=defined)


_MOST_BLOCKS, _LINES, _COMMENT_LINES = 2, (8, 12, 20, 40), 6
