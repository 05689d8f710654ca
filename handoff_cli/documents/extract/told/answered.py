"""Which words of a turn answer what the user asked in it: a verdict, in the message that gives it at once."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.objections import ASKS_BACK, ORDERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_OPENS = (
    r"\A\W*(?:(?:yes|no|nope|true|correct|indeed|ja|nein|stimmt|richtig|s\xed|cierto|exacto|correcto|oui|sim)\b[,.:;]"
    r"|you remember(?:ed)? (?:right|correct|well)|(?:ruled out|excluded|confirmed|descartad[oa]|confirmad[oa]"
    r"|ausgeschlossen|best\xe4tigt|\xe9cart\xe9|confirm\xe9)\b|not (?:ours|our (?:fault|doing|side)|us)\b"
    r"|no (?:es|son|fue|viene) (?:nuestr[oa]|cosa|culpa|por|de|eso|as\xed)|(?:das|es) (?:ist|liegt) nicht (?:an )?uns"
    r"|ce n['\u2019]est pas (?:de )?(?:nous|notre|\xe7a))"
)
VERDICT = caseless(
    r"(?:\A\W*|[.!] )(?:(?:so,?|and) )*(?:(?:yes|no|nope|correct|exactly|neither|both|unfortunately|nein|s\xed|oui"
    r"|sim)\b[,.:!;]|(?:yes|no) (?:option|it|that|this|the)\b"
    r"|(?:result|answer|verdict|short answer|bottom line|in short|conclusion)\b\W{1,4}\w)"
    r"|\bi['\u2019]d say\b|\bmy (?:recommendation|verdict|answer) is\b|" + _OPENS
)
SUMS_UP = caseless(r"\A\W*(?:(?:my |final |overall )?verdict|bottom line|in short|conclusion)\b\W{1,4}\w")
"""How a verdict is told apart that was not asked for in a question."""

_ANSWERS = caseless(rf"{_OPENS}|(?:\A|[.!?:] |\n)so,? (?:yes|no)\b[,.:]")
_QUESTION = lazily(r"\w[\"'`)\u00bb]*\?(?=[\s\"')]|\Z)")
_TYPED_CHARS, _LEAST_CHARS = 2_000, 40


def answering(asked: str, texts: Sequence[tuple[int, str, str]]) -> int:
    """Return the place among the ``texts`` of a turn of the message that answers at once what was ``asked``, or -1.

    What was said after it is of the work that went on.
    """
    if not (ASKS_BACK.search(asked) or _QUESTION.search(asked[:_TYPED_CHARS])):
        return -1
    said = (at for at, (_, text, source) in enumerate(texts) if source == "said" and len(text) > _LEAST_CHARS)
    return next((at for at in said if _ANSWERS.search(texts[at][1])), -1)


def is_question(asked: str, direct: int, *, worked: bool) -> bool:
    """Return whether what was ``asked`` is a question, by its form, or since a message answers it ``direct`` (not -1).

    Where files were edited for it, what came of that answers one that may have asked for work.
    """
    if ASKS_BACK.search(asked):
        return not (worked and ORDERS.search(asked))
    return direct >= 0 and not worked
