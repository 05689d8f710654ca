"""What an agent said on the way to its answer, where an export put all that it said in a turn into one message."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless
from handoff_cli.documents.extract.language.findings import tells_why

_DONE = caseless(
    r"\W{0,4}(?:(?:all )?done|ready|listo|hecho|fertig|erledigt|fait|c['\u2019]est fait|termin\xe9|fatto|pronto|feito"
    r"|gotowe|klaar|\u0433\u043e\u0442\u043e\u0432\u043e|\u5b8c\u6210\u4e86?|\u5b8c\u4e86(?:\u3057\u307e\u3057\u305f)?)"
    r"(?:\*\*)?(?:[.!:,](?:\*\*)?(?:\s|$)|[\u3002\uff01\uff1a\uff0c])"
)
"""How a paragraph begins that says that the work is done, in some languages."""

_STEP_CHARS, _MARKS = 400, ("#", "-", "*", "|", "`", ">", "1")


def without_way(text: str) -> str:
    """Return ``text`` from the paragraph on that says that the work is done.

    What stands above it is left out where it is sentences of one line each, which say what was under way; of them a
    cause or a decision stays.
    """
    paragraphs = text.split("\n\n")
    at = next((at for at, it in enumerate(paragraphs) if _DONE.match(it)), 0)
    if not at or not all(map(_is_step, paragraphs[:at])):
        return text
    return "\n\n".join([*filter(tells_why, paragraphs[:at]), *paragraphs[at:]])


def _is_step(paragraph: str) -> bool:
    """Return whether a paragraph is a line of words, and no heading, item or code."""
    return "\n" not in paragraph and len(paragraph) <= _STEP_CHARS and not paragraph.startswith(_MARKS)
