"""Which names of code, and which files, texts speak of, and with how much weight."""

from __future__ import annotations

from handoff_cli.core.light import Counts
from handoff_cli.core.paths import name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.words import identifiers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def weights_of(spoken: Sequence[tuple[float, str]]) -> dict[str, float]:
    """Return the names of code that texts speak of, each with the weight of the weightiest text."""
    weights: dict[str, float] = {}
    for weight, text in spoken:
        for name in {*identifiers(text), *_CODED.findall(text)}:
            weights[name] = max(weights.get(name, 0.0), weight)
    return weights


def subjects_of(spoken: Sequence[tuple[float, str]]) -> dict[str, float]:
    """Return what names have ahead that several of the weighty texts speak of: they are what the work is about."""
    texts = dict.fromkeys(text for weight, text in spoken if weight > _LEAST)
    often = Counts(name for text in texts for name in {*identifiers(text), *_CODED.findall(text)})
    return {name: _SUBJECT * min(_MOST_TEXTS, count - 1) for name, count in often.items() if count > 1}


_SUBJECT, _MOST_TEXTS, _LEAST = 0.6, 3, 1.0
_CODED = lazily(r"`(?:\w+\.)*([A-Za-z_]\w{2,})(?:\(\))?`")


def weight_of_file(path: str, spoken: Sequence[tuple[float, str]]) -> float:
    """Return the weight of the weightiest text that names the file at ``path``."""
    name = name_of(path)
    return max((weight for weight, text in spoken if name in text), default=0.0)


def names_asked_of(request: str) -> set[str]:
    """Return the names in a short ``request`` that asks what something is: their definitions answer that."""
    asks = len(request) <= _QUESTION_CHARS and _ASKS_OF.match(request)
    return {*identifiers(request)} if asks else set()


_QUESTION_CHARS = 300
_ASKS_OF = caseless(
    r"\W*(?:(?:and|but|so|ok(?:ay)?|question|und|aber|et|y)\b\W*)?(?:what|where|how|explain|show|was|wo|wie|o\xf9"
    r"|comment|qu['\u2019]est|qu\xe9|d\xf3nde|c\xf3mo|cosa|dove|come)\b"
)
