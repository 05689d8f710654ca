"""Telling each thing once: of what was chosen for a document, what goes since it stands elsewhere in it.

Which pieces are chosen, and in which of their forms, is up to ``fit``.
"""

from __future__ import annotations

from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.language.words import SENTENCE_END, plain
from handoff_cli.documents.parts.pieces import (
    CODE_AGREED,
    GOAL,
    LAST_WORDS,
    LEARNT,
    NEXT,
    OUTCOMES,
    TELLER,
    THOUGHT,
    Piece,
)
from handoff_cli.documents.parts.unfinished import LEAD
from handoff_cli.documents.parts.wording import capitalized


def told_once(chosen: list[tuple[Piece, str]]) -> list[tuple[Piece, str]]:
    """Return ``chosen`` pieces with each thing told once, and in as few lines as it takes.

    Last words and lines of the last thought go that the next action tells, and sentences that stand in the last words,
    with a request, or in a message shown whole but for each turn's first. Requests that stand elsewhere go where
    nothing is told below them, and nobody is named of whom nothing is told. Between messages is an empty line.
    """
    last = "\n".join(form for piece, form in chosen if piece.kind == LAST_WORDS)
    asked = "\n".join(form for piece, form in chosen if piece.kind == "request")
    chosen = [it for it in chosen if it[0].kind != "finding" or _end_of(it[1]) not in asked]
    if last:
        chosen = [it for it in chosen if it[0].kind != "finding" or _end_of(it[1]) not in last]
    answered = "\n".join(form for piece, form in chosen if piece.part == GOAL and piece.kind != CODE_AGREED)
    chosen = [it for it in chosen if it[0].kind != CODE_AGREED or not _stands_in(it[1], answered)]
    step = "\n".join(form for piece, form in chosen if piece.part == NEXT).replace("`", "")
    chosen = [it for it in chosen if it[0].kind != LAST_WORDS or not _is_all_told(it[1], step)]
    chosen = [(piece, _without_told(form, step) if piece.kind == THOUGHT else form) for piece, form in chosen]
    whole = "\n".join(form for piece, form in chosen if piece.kind == "message")
    commits = [form.partition(" ") for piece, form in chosen if piece.kind == "commit"]
    chosen = [(piece, _with_hash(form, commits) if piece.kind == "finding" else form) for piece, form in chosen]
    chosen = [it for it in chosen if it[0].kind != "finding" or not it[1].startswith("  = ") or it[1][4:] not in step]
    kept: list[tuple[Piece, str]] = []
    for (before, _), (piece, form), (after, _) in zip([_NONE, *chosen], chosen, [*chosen[1:], _NONE], strict=False):
        if piece.kind == "request" and form.endswith(_ABOVE) and after.kind not in OUTCOMES:
            continue
        if piece.kind == TELLER and after.kind != LEARNT:
            continue
        if piece.kind == "message" and before.kind == "message" and before.block == piece.block:
            kept.append((piece, f"\n{form}"))
        elif piece.kind != "finding" or before.kind != "finding" or _end_of(form) not in whole:
            kept.append((piece, form))
    return kept


def _stands_in(code: str, text: str) -> bool:
    """Return whether every line of ``code`` stands in ``text``."""
    known = {line.strip() for line in text.split("\n")}
    return all(line.strip() in known for line in code.split("\n") if line.strip())


def _with_hash(form: str, commits: list[tuple[str, str, str]]) -> str:
    """Return what came of a request by the hash alone where it only repeats the subject of one of the ``commits``."""
    told = _bare(form.removeprefix(_ARROW))
    return next((f"  = {it}" for it, _, line in commits if _is_named(told, it, line)), form)


def _is_named(told: str, commit: str, line: str) -> bool:
    """Return whether what is ``told`` says no more than that a ``commit`` was made."""
    said = _SAYS_COMMITTED.fullmatch(told)
    return len(commit) >= _HASH_CHARS and bool(line.startswith(told) or (said and said[1] == commit))


_ARROW, _HASH_CHARS = "  → ", 7
_SAYS_COMMITTED = lazily(
    r"(?:[Ii]t(?:'s| is) )?[Cc]ommitted(?: as)? ([0-9a-f]{7,40})"
    r"(?:,? (?:not pushed|no push|(?:and )?pushed|nothing pushed))?"
)


def _without_told(thought: str, step: str) -> str:
    """Return the lines of a ``thought`` but for those that the next ``step`` tells whole; all where it tells all."""
    left: list[str] = []
    for line in thought.split("\n"):
        if not _is_told(_bare(line), step):
            left.append(line)
        elif _WORD.search(
            rest := " ".join(it for it in SENTENCE_END.split(line)[:-1] if not _is_told(_bare(it), step))
        ):
            left.append(rest)  # more than the number of an item
        elif left and left[-1].endswith(":"):  # what it announces is told there
            before = " ".join(SENTENCE_END.split(left.pop())[:-1])
            left += [before] * bool(before)
    return "\n".join(left) or thought


def _is_all_told(words: str, step: str) -> bool:
    """Return whether the next ``step`` tells every sentence of ``words`` but for cries."""
    said = [it for line in words.split("\n") for it in SENTENCE_END.split(line)]
    said = [it for it in said if not (it.endswith("!") and len(it) < _CRY_CHARS)]
    steps = [_bare(LEAD.sub("", it)) for it in said]  # which may begin with a capital there
    return bool(steps) and all(_is_told(it, step) or _is_told(capitalized(it), step) for it in steps)


_CRY_CHARS = 30


def _bare(line: str) -> str:
    return plain(line).replace("`", "").rstrip(".")


def _is_told(line: str, step: str) -> bool:
    return len(line) >= _WHOLE_CHARS and line[-_KNOWN_CHARS:] in step


def _end_of(form: str) -> str:
    return form.removeprefix(_ARROW)[-_KNOWN_CHARS:]


_NONE, _ABOVE = (Piece("", "", (), ()), ""), "above)"
_KNOWN_CHARS, _WHOLE_CHARS = 45, 20
"""Characters by whose likeness a sentence is known again, and how many a whole one, or an item, has at least."""
_WORD = lazily(r"\w{3,}")
