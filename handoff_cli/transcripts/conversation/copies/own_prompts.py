"""Prompts that one program alone has: a picture or its name before the sign, behind which sentences are typed."""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

from collections import defaultdict

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.sentences import BEGINS_PROGRAM, is_said

_PROMPT = compiled(r"(?P<own> ?[^\s\w>❯›▸»│┃║─$#%(]?[^>❯›▸»│┃║─$#%:~/@<]{0,24}[>❯›▸»] )(?P<words>\S.*)$")
_SIGNS = ("> ", "❯ ", "› ", "▸ ", "» ")
OWN = "\x01"
_MARK = f"{OWN}❯ "
_LOOKED_AT, _WIDTH, _LEAST = 400, 30, 2


def marked(texts: list[str]) -> list[str]:
    """Return ``texts`` with a mark in the place of such a prompt, as they are where there is none."""
    own = _own_prompt(texts[:_LOOKED_AT])
    if not own:
        return texts
    alone = own.rstrip()
    return [_MARK + it[len(own) :] if it.startswith(own) else "" if it == alone else it for it in texts]


def _own_prompt(texts: list[str]) -> str:
    """Return what stands before what is typed, nothing where there is no such prompt.

    Several names are those of people who chat, and a name before lines that stand together is of whom these quote.
    """
    typed: dict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        if any(it in text[:_WIDTH] for it in _SIGNS) and (found := _PROMPT.match(text)) and _is_asked(found["words"]):
            typed[found["own"]].append(at)
    typed = {own: lines for own, lines in typed.items() if len(own.strip()) > 1}
    named = [own for own in typed if any(map(str.isalpha, own))]
    own = max(typed, key=lambda it: len(typed[it]), default="")
    if len(named) > 1 or not own or len(typed[own]) < _LEAST:
        return ""
    return (
        "" if own in named and any(texts[at + 1 :][:1] and texts[at + 1].startswith(own) for at in typed[own]) else own
    )


def _is_asked(words: str) -> bool:
    """Return whether what is typed is said, and no command, query or the like."""
    return is_said(words) and words[-1] != ";" and not BEGINS_PROGRAM.match(words)
