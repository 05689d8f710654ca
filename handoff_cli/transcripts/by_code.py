"""Tests that a tool of another kind than a shell ran: by the code it was given, or by its own name."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily
from handoff_cli.core.verdicts import counts_tests
from handoff_cli.transcripts.values import as_str, cut

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MOST_CHARS = 400
_STRINGS = lazily(r"\"((?:\\.|[^\"\\\n]){1,300})\"|'((?:\\.|[^'\\\n]){1,300})'")
_MAIN = lazily(r"\b(pytest|unittest|nose2?|doctest)\.main\(\s*(?:\[([^\]]{0,300})\])?")
_STARTED = lazily(
    r"\b(?:run|call|check_call|check_output|Popen|spawnSync|execFileSync)\(\s*\[([^\]]{1,300})\]"
    r"|\b(?:run|call|check_call|check_output|Popen|system|getoutput|execSync)\(\s*(\"[^\"\n]{1,300}\"|'[^'\n]{1,300}')"
    r"|(?:^|\n)\s*!\s*(\S[^\n]{0,300})"
)


def tests_run(tool: str, fields: dict[str, Any], answer: str) -> str:
    """Return the command line of the tests that a call ran, as its ``answer`` counts them; empty where it counts none.

    That is what the code it was given starts, else the name of the ``tool`` with what it was given.
    """
    if not counts_tests(answer):
        return ""
    texts = [it for value in fields.values() for it in (value if isinstance(value, list) else [value])]
    texts = [it for it in texts if as_str(it).strip()]
    code = "\n".join(texts)[:_MOST_CHARS]
    if main := _MAIN.search(code):
        return " ".join((main[1], *_words(main[2] or "")))
    if started := _STARTED.search(code):
        return started[3] or " ".join(_words(started[1] or started[2]))
    return cut(" ".join((tool, *" ".join(texts).split())), _MOST_CHARS)


def _words(listed: str) -> list[str]:
    return [it[1] or it[2] for it in _STRINGS.finditer(listed)]
